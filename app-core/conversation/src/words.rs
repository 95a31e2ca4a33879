//! Answers in words: which telling words of the expected answer are in what was said, and by what likeness.

use reme_lexicon::{are_rivals, same_meaning, same_relation, singular, wordnet};
use reme_types::{AnswerKind, Language, MatchedBy};

use crate::{
    judge::Question,
    lexicon::is_empty_word,
    needle::{Needle, TITLES},
    numbers::{self, ordinal},
    quantities::by_ear,
    rhyme::do_rhyme,
    text::{self, bare, chinese_words, english_words, normalise, stem},
};

/// Letters, and sounds where one may differ, from which on a name is told when its words are heard as others. [design]
const LEAST_HEARD: usize = 6;

/// Letters from which on two may be wrong in what is no word. [design]
const LEAST_WILD: usize = 7;

/// How an utterance stands to one wording.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Held {
    /// Share of the wording's telling words found, 0–1.
    pub(crate) cover: f64,
    /// The weakest layer that was needed.
    pub(crate) by: MatchedBy,
    /// Where the first found word stands, for questions of order.
    pub(crate) at: Option<usize>,
}

/// A word found: share of it, layer, place.
pub(crate) type Hit = (f64, MatchedBy, usize);

/// What was said, cut once.
pub(crate) struct Utterance<'a> {
    pub(crate) said: String,
    pub(crate) words: Vec<String>,
    pub(crate) question: &'a Question<'a>,
}

impl<'a> Utterance<'a> {
    pub(crate) fn new(question: &'a Question<'a>, said: &str) -> Self {
        let words = match question.language {
            Language::En => english_words(said),
            Language::ZhCn => chinese_words(said),
        };
        Self { said: said.to_owned(), words, question }
    }

    pub(crate) fn find(&self, word: &str) -> Option<Hit> {
        match self.question.language {
            Language::En => self.find_english(word),
            Language::ZhCn => self.find_chinese(word),
        }
    }

    pub(crate) fn hold_against(&self, needle: &Needle) -> Held {
        let mut weakest = MatchedBy::Exact;
        let mut first = None;
        let mut found = 0.0;
        let mut i = 0;
        while i < needle.words.len() {
            // "fish shop" said as "fishmonger": two words at once.
            if self.question.language == Language::En
                && let Some([a, b]) = needle.words.get(i..i + 2)
                && let Some(at) = self.find_two(a, b)
            {
                found += 2.0;
                first = first.or(Some(at));
                weakest = weaker(weakest, MatchedBy::Words);
                i += 2;
                continue;
            }
            if let Some((share, by, at)) =
                self.find(&needle.words[i]).or_else(|| self.find_phrasal(&needle.words[i], &needle.wording))
            {
                found += share;
                first = first.or(Some(at));
                weakest = weaker(weakest, by);
            }
            i += 1;
        }
        let mut cover = if needle.words.is_empty() { 0.0 } else { found / needle.words.len() as f64 };
        if cover < 0.999
            && let Some(at) = self.heard_as_a_whole(needle)
        {
            (cover, first, weakest) = (1.0, first.or(Some(at)), MatchedBy::Phonetic);
        }
        let contained = bare(&self.said) == bare(&needle.wording);
        let by = match weakest {
            MatchedBy::Exact if contained && !needle.is_alias => MatchedBy::Exact,
            MatchedBy::Exact if needle.is_alias => MatchedBy::Alias,
            MatchedBy::Exact => MatchedBy::Normalised,
            other => other,
        };
        Held { cover, by, at: first }
    }

    /// "See der bluff" for Cedar Bluff: the whole wording heard as other words, run together.
    fn heard_as_a_whole(&self, needle: &Needle) -> Option<usize> {
        let whole = needle.words.concat();
        if self.question.language != Language::En || whole.len() < LEAST_HEARD || !whole.is_ascii() {
            return None;
        }
        let key = text::sound_key(&whole);
        // The more sounds agree, the less the letters need to.
        let least = |apart: usize, sounds: usize| match (apart, sounds) {
            (0, LEAST_HEARD..) => 0.3,
            (0, 4..) => 0.35,
            (_, LEAST_HEARD..) => 0.5,
            _ => 0.6,
        };
        let sounds_so = |heard: &str| {
            let other = text::sound_key(heard);
            let apart = strsim::osa_distance(&key, &other);
            heard.len().abs_diff(whole.len()) <= 3
                && text::likeness(heard, &whole) >= least(apart, key.len())
                && (apart == 0 || (apart == 1 && key.len() >= LEAST_HEARD))
        };
        // More words than the wording has: equal numbers are compared word by word.
        let from = needle.words.len().max(1) + usize::from(needle.words.len() < 2);
        (from..=from + 2).find_map(|n| {
            self.words.windows(n).position(|w| {
                // "An infection" is no ear infection: as many words, one of them its own.
                let own = n == needle.words.len()
                    && w.iter().any(|x| needle.words.contains(x) || is_empty_word(x, Language::En));
                !own && sounds_so(&w.concat())
                    && !w.iter().any(|x| self.is_known_otherwise(x) && x.len() > 3 && !needle.words.contains(x))
            })
        })
    }

    /// Two neighbouring words of the wording as one word or phrase of the answer.
    fn find_two(&self, a: &str, b: &str) -> Option<usize> {
        let joined = format!("{a}{b}");
        if let Some(at) = self.words.iter().position(|w| *w == joined) {
            return Some(at);
        }
        let by_ear = |w: &String| {
            joined.len() >= 7
                && w.len() >= 6
                && (text::is_slip(&joined, w) || text::sound_key(w) == text::sound_key(&joined))
        };
        if let Some(at) = self.words.iter().position(by_ear) {
            return Some(at);
        }
        let both = self.find_english(a).is_some() && self.find_english(b).is_some();
        same_meaning(&format!("{a} {b}")).iter().filter(|_| !both).find_map(|phrase| self.phrase(phrase))
    }

    /// Where the owner by whose name the memory calls this place stands: "Joan's" for "Joan's café".
    fn owner_of(&self, word: &str) -> Option<usize> {
        let context = normalise(self.question.context?, Language::En);
        let tokens: Vec<&str> =
            context.split_whitespace().map(|w| w.trim_matches(|c: char| !c.is_alphanumeric() && c != '\'')).collect();
        tokens.windows(2).find_map(|pair| {
            let owner = pair[0].strip_suffix("'s").filter(|_| pair[1] == word)?;
            self.said.contains(&format!("{owner}'s")).then(|| self.words.iter().position(|w| w == owner)).flatten()
        })
    }

    /// "Packed up" for "broke down": a verb of the wording, with the small word after it.
    fn find_phrasal(&self, word: &str, wording: &str) -> Option<Hit> {
        const SMALL: [&str; 9] = ["down", "up", "out", "off", "away", "back", "over", "on", "in"];
        if self.question.language != Language::En {
            return None;
        }
        let words: Vec<&str> = wording.split_whitespace().collect();
        let pair = words.windows(2).find(|w| w[0] == word && SMALL.contains(&w[1]))?;
        let at = same_meaning(&pair.join(" ")).iter().find_map(|phrase| self.phrase(phrase))?;
        Some((1.0, MatchedBy::Words, at))
    }

    /// Where the words of a phrase stand side by side.
    fn phrase(&self, phrase: &str) -> Option<usize> {
        let wanted: Vec<String> = english_words(phrase).iter().map(|w| stem(w)).collect();
        let said: Vec<String> = self.words.iter().map(|w| stem(w)).collect();
        (!wanted.is_empty()).then(|| said.windows(wanted.len()).position(|w| w == wanted)).flatten()
    }

    /// Another word of the memory or the question is not a slip of the expected one.
    fn is_known_otherwise(&self, heard: &str) -> bool {
        let known = |text: &str| english_words(&normalise(text, Language::En)).iter().any(|w| w == heard);
        self.question.context.is_some_and(known) || known(self.question.text)
    }

    fn find_english(&self, word: &str) -> Option<Hit> {
        if let Some(at) = self.words.iter().position(|w| w == word) {
            return Some((1.0, MatchedBy::Exact, at));
        }
        let word_stem = stem(word);
        if let Some(at) = self.words.iter().position(|w| stem(w) == word_stem || singular(w) == singular(word)) {
            return Some((1.0, MatchedBy::Normalised, at));
        }
        let relations = same_relation(word);
        if !relations.is_empty() && self.tells_in_two_steps(relations) {
            return Some((1.0, MatchedBy::Relation, 0));
        }
        if let Some(at) = self.words.iter().position(|w| relations.contains(&w.as_str())) {
            return Some((1.0, MatchedBy::Relation, at));
        }
        if let Some(value) = numbers::english(word).first().map(|f| f.value)
            && let Some(number) = numbers::english(&self.said).into_iter().find(|f| f.value == value)
        {
            return Some((1.0, MatchedBy::Normalised, number.start));
        }
        if let Some(value) = numbers::english(word).first().map(|f| f.value)
            && let Some(at) =
                self.words.iter().position(|w| by_ear(w) == Some(value) && !is_empty_word(w, Language::En))
        {
            return Some((1.0, MatchedBy::Phonetic, at));
        }
        let number_of =
            |w: &[String]| (w[0] == "number").then(|| numbers::english(&w[1]).first().map(|f| f.value)).flatten();
        if let Some((nth, _)) = ordinal(&[word])
            && let Some(at) = self
                .words
                .iter()
                .position(|w| ordinal(&[w]).is_some_and(|(n, _)| n == nth))
                .or_else(|| self.words.windows(2).position(|w| number_of(w) == Some(f64::from(nth))))
        {
            return Some((1.0, MatchedBy::Normalised, at));
        }
        let single = singular(word);
        let meanings = same_meaning(word).iter().chain(same_meaning(&single));
        // "Father Brendan" is no other word for the priest.
        let is_title = |at: usize| {
            TITLES.split_whitespace().any(|t| t == self.words[at])
                && self.words.get(at + 1).is_some_and(|next| !is_empty_word(next, Language::En))
        };
        if let Some(at) = meanings.into_iter().find_map(|m| self.phrase(m)).filter(|at| !is_title(*at)) {
            return Some((1.0, MatchedBy::Words, at));
        }
        let person = self.question.expected.kind == AnswerKind::Person;
        if let Some(at) = self.words.iter().position(|w| !person && wordnet::share_sense(word, w)) {
            return Some((1.0, MatchedBy::Words, at));
        }
        let are_rivals = |a: &str, b: &str| {
            are_rivals(a, b) || wordnet::are_siblings(a, b) || are_other_names(a, b) || are_other_compounds(a, b)
        };
        if let Some(at) = self.words.iter().position(|w| reme_lexicon::is_same_name(word, w)) {
            return Some((1.0, MatchedBy::Typo, at));
        }
        // Bert for Bertram: a name by its beginning.
        let is_name = |w: &str| reme_lexicon::is_first_name(w) || !wordnet::is_word(w);
        let short_for = |w: &String| {
            w.len() >= 3 && word.len() >= w.len() + 2 && word.starts_with(w.as_str()) && is_name(w) && is_name(word)
        };
        // "Marma something" leaves the rest open.
        let open = self.words.iter().any(|w| matches!(w.as_str(), "something" | "summat" | "somebody"));
        if person
            && !open
            && let Some(at) = self.words.iter().position(short_for)
        {
            return Some((1.0, MatchedBy::Normalised, at));
        }
        // What is no word at all may be further off: it makes no sense as an answer of its own.
        let is_wild = |w: &String| {
            word.len() >= LEAST_WILD
                && w.len() >= LEAST_WILD - 2
                && strsim::osa_distance(word, w) <= 2
                && w.starts_with(&word[..word.ceil_char_boundary(1)])
                && !wordnet::is_word(w)
                && reme_lexicon::lemma(w) == w
        };
        let slip =
            |w: &String| (text::is_slip(word, w) || is_wild(w)) && !are_rivals(word, w) && !self.is_known_otherwise(w);
        if let Some(at) = self.words.iter().position(slip) {
            return Some((1.0, MatchedBy::Typo, at));
        }
        // Pim for Pym: i and y for one another.
        // And "though" for thou: a silent gh.
        let one_letter = |w: &str| w.replace('y', "i").replace("gh", "");
        if word.len() >= 3
            && let Some(at) = self.words.iter().position(|w| {
                one_letter(w) == one_letter(word) && !is_empty_word(w, Language::En) && !self.is_known_otherwise(w)
            })
        {
            return Some((1.0, MatchedBy::Typo, at));
        }
        let key = text::sound_key(word);
        let sounds = |w: &String| {
            key.len() >= 2
                && (text::sound_key(w) == key || (word.len() >= 6 && text::loose_key(w) == text::loose_key(word)))
                && text::likeness(w, word) >= 0.4
                && !is_empty_word(w, Language::En)
                && !matches!(w.as_str(), "other" | "another" | "others" | "after" | "over")
                && !are_rivals(word, w)
                && !self.is_known_otherwise(w)
        };
        if word.len() >= 4
            && let Some(at) = self.words.iter().position(sounds)
        {
            return Some((1.0, MatchedBy::Phonetic, at));
        }
        if (2..=3).contains(&word.len())
            && let Some(at) = self.words.iter().position(|w| {
                text::sound_key(w) == key
                    && w.len() <= 5
                    && do_rhyme(w, word)
                    && !is_empty_word(w, Language::En)
                    && !are_rivals(word, w)
            })
        {
            return Some((1.0, MatchedBy::Phonetic, at));
        }
        let joined = |w: &[String]| w.concat();
        let near = |heard: &str| {
            // "A ring" is no earring.
            let only_the_end = self.words.iter().any(|w| {
                w.len() >= 3 && word.len() > w.len() + 1 && word.ends_with(w.as_str()) && heard == format!("a{w}")
            });
            heard == word
                || !only_the_end && (word.len() >= 6 && (text::is_slip(word, heard) || text::sound_key(heard) == key))
        };
        if let Some(at) = self.words.windows(2).position(|w| near(&joined(w))) {
            return Some((1.0, MatchedBy::Typo, at));
        }
        // "mew see um": a word heard in three pieces.
        let pieces = |w: &[String]| joined(w).len() <= word.len() + 4 && near(&joined(w));
        if let Some(at) = self.words.windows(3).position(pieces) {
            return Some((1.0, MatchedBy::Phonetic, at));
        }
        // "Bell's" for the bakery, where the memory says "Bell's bakery".
        if let Some(at) = self.owner_of(word) {
            return Some((1.0, MatchedBy::Relation, at));
        }
        // "the pot we make tea in" for the teapot.
        (2..word.len().saturating_sub(2)).find_map(|cut| {
            let (a, b) = (word.get(..cut)?, word.get(cut..)?);
            let has = |part: &str| self.words.iter().position(|w| stem(w) == stem(part));
            let (first, second) = (has(a)?, has(b)?);
            // "Up the stairs" for upstairs: the small word stands right before the other.
            let small = matches!(a, "up" | "down" | "out" | "in") && (first + 1..=first + 2).contains(&second);
            (small || !is_empty_word(a, Language::En)).then_some((1.0, MatchedBy::Words, first.min(second)))
        })
    }

    /// Telling words that the question does not already hold.
    pub(crate) fn own_words(&self) -> Vec<String> {
        let asked = normalise(self.question.text, self.question.language);
        let asked_words: Vec<String> = english_words(&asked).iter().map(|w| stem(w)).collect();
        let language = self.question.language;
        self.words
            .iter()
            .filter(|w| !is_empty_word(w, language))
            .filter(|w| match language {
                Language::En => !asked_words.contains(&stem(w)),
                Language::ZhCn => !asked.contains(w.as_str()),
            })
            .cloned()
            .collect()
    }
}

/// Below this likeness two names are two people. [design]
const NAMES_APART: f64 = 0.75;

/// Robin for Reuben: each is a first name of its own.
fn are_other_names(a: &str, b: &str) -> bool {
    let named = |w: &str| reme_lexicon::is_first_name(w) || !wordnet::is_word(w);
    named(a)
        && reme_lexicon::is_first_name(b)
        && !reme_lexicon::is_same_name(a, b)
        && text::likeness(a, b) < NAMES_APART
}

/// Birchfield for Larchfield: compounds of one end whose beginnings are words of their own and sound otherwise.
fn are_other_compounds(a: &str, b: &str) -> bool {
    const LEAST: usize = 4;
    (LEAST..a.len().saturating_sub(LEAST)).any(|cut| {
        let (Some(head), Some(tail)) = (a.get(..cut), a.get(cut..)) else { return false };
        b.strip_suffix(tail).is_some_and(|other| {
            other != head
                && other.len() >= LEAST
                && [other, tail].iter().all(|w| wordnet::is_word(w))
                && text::sound_key(head) != text::sound_key(other)
        })
    })
}

pub(crate) fn weaker(a: MatchedBy, b: MatchedBy) -> MatchedBy {
    let rank = |m: MatchedBy| match m {
        MatchedBy::Exact => 0,
        MatchedBy::Normalised => 1,
        MatchedBy::Alias => 2,
        MatchedBy::Relation => 3,
        MatchedBy::Typo => 4,
        MatchedBy::Phonetic => 5,
        _ => 6,
    };
    if rank(b) > rank(a) { b } else { a }
}
