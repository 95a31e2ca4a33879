//! General words of the two languages: what means the same, what is a kind of what, who is whose, what is a name.
//!
//! Where in the flow: below `reme-conversation` (is "a bird" less exact than "a robin"?) and `reme-retrieval` (does
//! "bicycle" find a note on a bike?). What it must never do: hold words of one person's life, or words taken from an
//! evaluation set. Everything is data in `data/`, read once.
//!
//! ```
//! assert!(reme_lexicon::same_meaning("bike").contains(&"bicycle"));
//! assert!(reme_lexicon::kinds_of("robin").iter().any(|kind| kind.is_called("bird")));
//! assert!(reme_lexicon::same_relation("闺女").contains(&"女儿"));
//! ```

pub mod wordnet;

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

/// English number words from zero to nineteen, each at its number.
pub const UNITS_EN: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
/// English words of the tens from twenty to ninety, in order.
pub const TENS_EN: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

/// A kind of thing: what it is called in both languages, and what belongs to it. Lower case, English in the singular.
#[derive(Debug)]
pub struct Kind {
    names: Vec<&'static str>,
    members: HashSet<&'static str>,
}

impl Kind {
    /// Whether `name` is a name of this kind.
    pub fn is_called(&self, name: &str) -> bool {
        self.names.contains(&name)
    }

    /// Whether `word` (or, in English, its singular) belongs to it.
    pub fn holds(&self, word: &str) -> bool {
        self.members.contains(word) || self.members.contains(singular(word).as_str())
    }

    /// Its names, English first.
    pub fn names(&self) -> &[&'static str] {
        &self.names
    }

    /// Everything that belongs to it, in no order.
    pub fn members(&self) -> impl Iterator<Item = &'static str> {
        self.members.iter().copied()
    }
}

/// A relation word's group and how the relation is called from the other side.
#[derive(Debug)]
struct Relation {
    words: Vec<&'static str>,
    other_side: Vec<&'static str>,
}

fn entries(list: &'static str) -> Vec<&'static str> {
    list.split(',').map(str::trim).filter(|w| !w.is_empty()).collect()
}

fn lines(data: &'static str) -> impl Iterator<Item = &'static str> {
    data.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

static KINDS: LazyLock<Vec<Kind>> = LazyLock::new(|| {
    lines(include_str!("../data/kinds.txt"))
        .filter_map(|line| {
            let (names, members) = line.split_once(" : ")?;
            let (english, chinese) = names.split_once(" / ")?;
            let (en_members, zh_members) = members.split_once(';')?;
            let names = entries(english).into_iter().chain(entries(chinese)).collect();
            let members = entries(en_members).into_iter().chain(entries(zh_members)).collect();
            Some(Kind { names, members })
        })
        .collect()
});

static SYNONYMS: LazyLock<HashMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| {
    let mut by_word: HashMap<&'static str, Vec<&'static str>> = HashMap::new();
    let all = lines(include_str!("../data/synonyms.en.txt")).chain(lines(include_str!("../data/synonyms.zh.txt")));
    for group in all.map(entries) {
        for word in &group {
            by_word.entry(word).or_default().extend(group.iter().filter(|other| *other != word));
        }
    }
    by_word
});

static RELATIONS: LazyLock<Vec<Relation>> = LazyLock::new(|| {
    lines(include_str!("../data/relations.txt"))
        .filter_map(|line| line.split_once(';'))
        .map(|(words, other)| Relation { words: entries(words), other_side: entries(other) })
        .collect()
});

static NAMES: LazyLock<HashMap<&'static str, usize>> = LazyLock::new(|| {
    lines(include_str!("../data/names.en.txt"))
        .flat_map(str::split_whitespace)
        .enumerate()
        .flat_map(|(number, spellings)| spellings.split('=').map(move |name| (name, number)))
        .collect()
});

static SURNAMES: LazyLock<HashSet<char>> =
    LazyLock::new(|| lines(include_str!("../data/surnames.zh.txt")).flat_map(str::chars).collect());

/// Other words for the same in an answer; empty when none are known.
pub fn same_meaning(word: &str) -> &'static [&'static str] {
    SYNONYMS.get(word).map_or(&[], Vec::as_slice)
}

/// Every kind a word belongs to, the more exact first.
pub fn kinds_of(word: &str) -> Vec<&'static Kind> {
    KINDS.iter().filter(|kind| kind.holds(word)).collect()
}

/// Every kind that is called so.
pub fn kinds_called(name: &str) -> Vec<&'static Kind> {
    KINDS.iter().filter(|kind| kind.is_called(name)).collect()
}

/// All kinds, the more exact first.
pub fn kinds() -> &'static [Kind] {
    &KINDS
}

/// Whether two words are different members of one narrow kind (two birds, two colours): the one is never a slip of the other.
pub fn are_rivals(a: &str, b: &str) -> bool {
    a != b
        && !same_meaning(a).contains(&b)
        && (KINDS.iter().any(|kind| kind.holds(a) && kind.holds(b) && singular(a) != singular(b))
            || (is_first_name(a) && is_first_name(b) && !is_same_name(a, b)))
}

/// Every way to say the relation that `word` names, the plain one first; empty when it names none.
pub fn same_relation(word: &str) -> &'static [&'static str] {
    RELATIONS.iter().find(|relation| relation.words.contains(&word)).map_or(&[], |relation| &relation.words)
}

/// What the other one is to somebody who is their `word`: of a son, mother or father.
pub fn other_side(word: &str) -> &'static [&'static str] {
    RELATIONS.iter().find(|relation| relation.words.contains(&word)).map_or(&[], |relation| &relation.other_side)
}

/// All relation words, longest first, so that 外孙女 is found before 外孙.
pub fn relation_words() -> &'static [&'static str] {
    static WORDS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
        let mut words: Vec<&str> = RELATIONS.iter().flat_map(|relation| relation.words.iter().copied()).collect();
        words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
        words
    });
    &WORDS
}

/// Whether a lower-case English word is a first name in use.
pub fn is_first_name(word: &str) -> bool {
    NAMES.contains_key(word)
}

/// Whether two first names are spellings of one.
pub fn is_same_name(a: &str, b: &str) -> bool {
    a == b || matches!((NAMES.get(a), NAMES.get(b)), (Some(x), Some(y)) if x == y)
}

/// Whether a character is a common Chinese surname.
pub fn is_surname(c: char) -> bool {
    SURNAMES.contains(&c)
}

/// The plain form of an irregular English verb (`gave` → `give`); other words as they are.
pub fn lemma(word: &str) -> &str {
    static FORMS: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
        lines(include_str!("../data/verbs.en.txt"))
            .flat_map(str::split_whitespace)
            .filter_map(|entry| entry.split_once('='))
            .flat_map(|(plain, forms)| forms.split(',').map(move |form| (form, plain)))
            .collect()
    });
    FORMS.get(word).copied().unwrap_or(word)
}

/// The singular of an English noun, by its ending; other words as they are.
pub fn singular(word: &str) -> String {
    if !word.is_ascii() || word.len() < 4 {
        return word.to_owned();
    }
    const ODD: [(&str, &str); 12] = [
        ("mice", "mouse"),
        ("geese", "goose"),
        ("feet", "foot"),
        ("teeth", "tooth"),
        ("children", "child"),
        ("women", "woman"),
        ("oxen", "ox"),
        ("knives", "knife"),
        ("wolves", "wolf"),
        ("calves", "calf"),
        ("leaves", "leaf"),
        ("loaves", "loaf"),
    ];
    if let Some((_, one)) = ODD.iter().find(|(many, _)| *many == word) {
        return (*one).to_owned();
    }
    match word {
        w if w.ends_with("ies") && w.len() > 4 => format!("{}y", &w[..w.len() - 3]),
        w if ["shes", "ches", "xes", "sses", "toes", "goes"].iter().any(|e| w.ends_with(e)) => {
            w[..w.len() - 2].to_owned()
        }
        w if w.ends_with('s') && !w.ends_with("ss") && !w.ends_with("us") && !w.ends_with("is") => {
            w[..w.len() - 1].to_owned()
        }
        w => w.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plurals_lose_their_ending() {
        for (many, one) in [
            ("cherries", "cherry"),
            ("geese", "goose"),
            ("peaches", "peach"),
            ("glass", "glass"),
            ("tomatoes", "tomato"),
        ] {
            assert_eq!(singular(many), one);
        }
    }

    #[test]
    fn rivals_are_of_one_kind_and_not_the_same() {
        assert!(are_rivals("joan", "jane") && are_rivals("plum", "pear") && are_rivals("红", "绿"));
        assert!(
            !are_rivals("catherine", "kathryn")
                && !are_rivals("courgette", "zucchini")
                && !are_rivals("house", "horse")
        );
    }

    #[test]
    fn irregular_verbs_have_one_form() {
        assert_eq!((lemma("gave"), lemma("taken"), lemma("fence")), ("give", "take", "fence"));
    }

    #[test]
    fn every_line_of_the_data_is_read() {
        let count = |data: &'static str| lines(data).count();
        assert_eq!(KINDS.len(), count(include_str!("../data/kinds.txt")));
        assert_eq!(RELATIONS.len(), count(include_str!("../data/relations.txt")));
        assert!(KINDS.iter().all(|kind| kind.names.len() > 1 && !kind.members.is_empty()));
    }
}
