//! General knowledge of English nouns and adjectives, out of WordNet 3.1: what is a kind of what, what means the same, and how a
//! thing is defined.
//!
//! Where in the flow: behind the hand-made lists, which know the everyday words better; asked where they are silent. What it
//! must never do: decide for a rare reading of a word; only the first readings count.
//!
//! The file is made by `examples/from_wordnet.rs`, a sense a line: `field lemma:rank,…|lines above|words of the definition`.

use std::{collections::HashMap, sync::LazyLock};

use crate::singular;

/// Readings of a word beyond this one are rare. [design]
const COMMON_RANK: u8 = 2;
/// The same for the word expected, whose reading the question settles. [design]
const EXPECTED_RANK: u8 = 3;
/// Steps upwards to a kind; further up everything is a thing. [design]
const MOST_STEPS: usize = 5;
/// Kinds that hold too much to tell anything.
const TOO_GENERAL: &str = "thing object entity whole unit matter substance stuff artifact artefact being organism way act action activity \
event state condition group part piece item one body person man woman creation abstraction cause agent property";

/// One reading of one or more words.
#[derive(Debug)]
struct Sense {
    field: u8,
    lemmas: Vec<&'static str>,
    above: Vec<u32>,
    words: &'static str,
}

#[derive(Debug)]
struct Net {
    senses: Vec<Sense>,
    by_lemma: HashMap<&'static str, Vec<(u32, u8)>>,
    below: HashMap<u32, Vec<u32>>,
}

static NET: LazyLock<Net> = LazyLock::new(|| {
    let lines = include_str!("../data/wordnet.en.txt").lines().filter(|line| !line.starts_with('#'));
    let mut net = Net { senses: Vec::new(), by_lemma: HashMap::new(), below: HashMap::new() };
    for (at, line) in lines.enumerate() {
        let at = at as u32;
        let mut parts = line[1..].split('|');
        let mut lemmas = Vec::new();
        for entry in parts.next().unwrap_or("").split(',').filter(|e| !e.is_empty()) {
            let (lemma, rank) = entry.split_once(':').map_or((entry, 1), |(l, r)| (l, r.parse().unwrap_or(9)));
            net.by_lemma.entry(lemma).or_default().push((at, rank));
            lemmas.push(lemma);
        }
        let above: Vec<u32> =
            parts.next().unwrap_or("").split_whitespace().filter_map(|line| line.parse().ok()).collect();
        for kind in &above {
            net.below.entry(*kind).or_default().push(at);
        }
        net.senses.push(Sense { field: line.as_bytes()[0], lemmas, above, words: parts.next().unwrap_or("") });
    }
    net
});

/// The readings of a word, nouns in the singular, up to a rank.
fn senses(word: &str, rank: u8) -> Vec<u32> {
    let of = |word: &str| -> Vec<u32> {
        NET.by_lemma
            .get(word)
            .map(|all| all.iter().filter(|(_, r)| *r <= rank).map(|(at, _)| *at).collect())
            .unwrap_or_default()
    };
    let found = of(word);
    if found.is_empty() { of(&singular(word)) } else { found }
}

fn sense(at: u32) -> &'static Sense {
    &NET.senses[at as usize]
}

/// Everything above a reading, nearest first, without itself.
fn ancestors(at: u32, steps: usize) -> Vec<u32> {
    let mut out: Vec<u32> = Vec::new();
    let mut level = vec![at];
    for _ in 0..steps {
        level = level.iter().flat_map(|a| sense(*a).above.iter().copied()).filter(|a| !out.contains(a)).collect();
        out.extend(&level);
    }
    out
}

/// Whether `kind` names a kind of thing that `word` belongs to: a lodge is a house, liquorice a candy.
pub fn is_kind_of(word: &str, kind: &str) -> bool {
    if TOO_GENERAL.split_whitespace().any(|g| g == kind || g == singular(kind)) {
        return false;
    }
    let kinds = senses(kind, COMMON_RANK);
    senses(word, EXPECTED_RANK)
        .into_iter()
        .filter(|at| sense(*at).field != b'j')
        .any(|at| ancestors(at, MOST_STEPS).iter().any(|above| kinds.contains(above)))
}

/// Whether two words share their first reading.
pub fn share_sense(a: &str, b: &str) -> bool {
    let of_b = senses(b, 1);
    a != b && !of_b.is_empty() && senses(a, 1).iter().any(|at| of_b.contains(at))
}

/// Whether two adjectives mean nearly the same: one reading, or readings of one cluster.
pub fn are_similar(a: &str, b: &str) -> bool {
    let of = |word: &str| -> Vec<u32> {
        senses(word, EXPECTED_RANK).into_iter().filter(|at| sense(*at).field == b'j').collect()
    };
    let (a, b) = (of(a), of(b));
    a.iter().any(|x| b.iter().any(|y| x == y || sense(*x).above.contains(y) || sense(*y).above.contains(x)))
}

/// Whether two words are different members of one narrow kind.
pub fn are_siblings(a: &str, b: &str) -> bool {
    let above = |word: &str| -> Vec<u32> {
        senses(word, COMMON_RANK)
            .into_iter()
            .filter(|at| sense(*at).field != b'j')
            .flat_map(|at| ancestors(at, 2))
            .collect()
    };
    let of_b = above(b);
    a != b && !share_sense(a, b) && above(a).iter().any(|kind| of_b.contains(kind))
}

/// Whether a word is a common English noun or adjective at all.
pub fn is_word(word: &str) -> bool {
    !senses(word, u8::MAX).is_empty()
}

/// Whether a word, in its first reading, is somebody.
pub fn is_person(word: &str) -> bool {
    senses(word, 1).iter().any(|at| sense(*at).field == b'l')
}

/// The letters of the fields of a noun's first reading (`c` made things, `g` food, `b` animals, `l` people, `i` places …).
pub fn fields_of(word: &str) -> String {
    senses(word, 1).iter().map(|at| sense(*at).field as char).filter(|f| *f != 'j').collect()
}

/// Whether one of a word's common readings is of one of these fields.
pub fn is_of_fields(word: &str, fields: &str) -> bool {
    senses(word, COMMON_RANK).iter().any(|at| fields.contains(sense(*at).field as char))
}

/// How a word is defined: the words of each of its first readings, with the names of the next kind above.
pub fn definitions(word: &str) -> Vec<Definition> {
    senses(word, EXPECTED_RANK).into_iter().filter(|at| !sense(*at).words.is_empty()).map(Definition).collect()
}

/// One reading's definition.
#[derive(Debug, Clone, Copy)]
pub struct Definition(u32);

impl Definition {
    /// The telling words, those of its names and of the kind above included.
    pub fn words(self) -> impl Iterator<Item = &'static str> {
        let own = sense(self.0);
        let kind = own.above.iter().flat_map(|at| sense(*at).lemmas.iter().flat_map(|l| l.split(' ')));
        own.words.split(' ').chain(own.lemmas.iter().flat_map(|l| l.split(' '))).chain(kind)
    }

    /// The definitions of the other members of its kind.
    pub fn siblings(self) -> impl Iterator<Item = Definition> {
        let above = &sense(self.0).above;
        let all = above.iter().filter_map(|kind| NET.below.get(kind)).flatten().copied();
        all.filter(move |at| *at != self.0 && !sense(*at).words.is_empty()).map(Definition)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_and_meanings_are_known() {
        assert!(is_kind_of("wardrobe", "furniture") && is_kind_of("terrier", "dog") && is_kind_of("plumber", "worker"));
        assert!(!is_kind_of("wardrobe", "thing") && !is_kind_of("dog", "terrier") && !is_kind_of("plum", "dog"));
        assert!(share_sense("couch", "sofa") && !share_sense("couch", "table"));
        assert!(are_siblings("plum", "cherry") && !are_siblings("plum", "violin"));
        assert!(are_similar("stingy", "miserly") && !are_similar("stingy", "generous"));
        assert!(is_person("plumber") && !is_person("pipe"));
    }

    #[test]
    fn a_definition_has_its_words() {
        assert!(definitions("teapot").iter().any(|d| d.words().any(|w| w == "tea")));
        assert!(definitions("zzzz").is_empty());
    }
}
