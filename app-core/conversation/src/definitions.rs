//! Descriptions that general knowledge settles: "the little bed one rocks a baby in" for a cradle, "the one who mends pipes" for the
//! plumber; and words of one sense where opposites are asked for.
//!
//! Where in the flow: English only, asked after the words themselves did not fit. What it must never do: accept a description
//! that fits another thing of the same kind as well.

use reme_lexicon::same_relation;
use reme_lexicon::wordnet::{Definition, are_siblings, are_similar, definitions, is_kind_of, is_person, share_sense};
use reme_types::{AnswerKind, Language};

use crate::{
    exactness::is_generic,
    judge::Question,
    needle::Needle,
    numbers, speech,
    text::{english_words, normalise, stem},
    words::Utterance,
};

/// Words of a description that must be in the definition, and their least share. [design]
const LEAST_HITS: usize = 2;
const LEAST_SHARE: f64 = 0.4;
/// Longest description, in words. [design]
const LONGEST: usize = 22;
/// Other members of the kind that are compared. [design]
const MOST_RIVALS: usize = 80;
/// Verbs that tell nothing about who does it.
const LIGHT: &str = "play plays played work works worked run runs keep keeps do does make makes sell sells come comes came put puts see sees \
along sort comes round always used hold holds get gets";

/// Whether a word of a description stands for a word of a definition.
fn means(said: &str, defined: &str) -> bool {
    let (a, b) = (stem(said), stem(defined));
    let prefix = a.chars().zip(b.chars()).take_while(|(x, y)| x == y).count();
    a == b
        || (prefix >= 4 && a.len().abs_diff(b.len()) <= 3)
        || share_sense(said, defined)
        || are_similar(said, defined)
        || is_kind_of(defined, said)
}

fn hits(own: &[String], definition: Definition) -> usize {
    own.iter().filter(|w| definition.words().any(|d| means(w, d))).count()
}

/// Whether the utterance describes the thing expected, and no other of its kind as well.
pub(crate) fn fits_definition(utterance: &Utterance<'_>, needles: &[Needle]) -> bool {
    let question = utterance.question;
    let open = question.language == Language::En && question.expected.kind != AnswerKind::Person;
    if !open || utterance.words.len() > LONGEST || speech::phrase_intent(&utterance.said).is_some() {
        return false;
    }
    let own: Vec<String> =
        utterance.own_words().into_iter().filter(|w| !is_generic(w) && !is_in(LIGHT, w) && w.len() > 2).collect();
    if own.len() < LEAST_HITS {
        return false;
    }
    // A name is no thing to be described: "the White Swan" is no Black Swan.
    let is_name = question.expected.parts.iter().any(|p| p.split(' ').any(|w| w.starts_with(char::is_uppercase)));
    // A description says what, never how many.
    let is_counted =
        question.expected.parts.iter().any(|p| !numbers::values(&normalise(p, question.language)).is_empty());
    !is_name
        && !is_counted
        && needles.iter().filter(|n| n.words.len() <= 2).filter_map(|n| n.words.last()).any(|head| {
            definitions(head).into_iter().any(|definition| {
                let another = |w: &String| {
                    let defines = definition.words().any(|d| d == w);
                    are_siblings(w, head) && !is_kind_of(head, w) && !defines || stem(w) == stem(head)
                };
                let found = hits(&own, definition);
                !own.iter().any(another)
                    && found >= LEAST_HITS
                    && found as f64 >= LEAST_SHARE * own.len() as f64
                    && definition.siblings().take(MOST_RIVALS).all(|rival| hits(&own, rival) < found)
            })
        })
}

/// Whether a word fits what somebody does who is called so in the memory: "plays the organ" for the organist.
pub(crate) fn fits_trade(said: &str, descriptions: &[String]) -> bool {
    descriptions
        .iter()
        .filter(|d| is_person(d) && same_relation(d).is_empty() && same_relation(said).is_empty())
        .any(|trade| definitions(trade).into_iter().any(|d| d.words().any(|defined| means(said, defined))))
}

/// Whether a word tells nothing of who is meant.
pub(crate) fn is_light(word: &str) -> bool {
    is_in(LIGHT, word)
}

/// Whether a word of one sense with the expected one is said, where opposites or other words for the same are asked for.
pub(crate) fn has_the_sense(question: &Question<'_>, said: &str, needles: &[Needle]) -> bool {
    let asked = normalise(question.text, Language::En);
    let about_words = ["opposite", "another word for", "means the same", "word for"].iter().any(|w| asked.contains(w));
    if question.language != Language::En || !about_words {
        return false;
    }
    let words = english_words(said);
    let asked_words = english_words(&asked);
    let expected: Vec<&String> = needles.iter().flat_map(|n| &n.words).collect();
    let fits = |w: &String| expected.iter().any(|e| are_similar(w, e) || share_sense(w, e));
    let turned = |w: &String| asked_words.iter().any(|a| a == w || are_similar(a, w));
    words.len() <= 6 && words.iter().any(fits) && !words.iter().any(turned) && !words.iter().any(|w| w == "not")
}

fn is_in(list: &str, word: &str) -> bool {
    list.split_whitespace().any(|w| w == word)
}

#[cfg(test)]
mod tests {
    use reme_types::Verdict::{Correct, Incorrect, Partial};

    use super::*;
    use crate::{expected_from, judge};

    #[test]
    fn a_description_fits_one_thing_of_its_kind() {
        for (asked, expected, context, said, verdict) in [
            ("What did you find?", "a thimble", None, "A small cap one has on the finger to push the needle.", Correct),
            ("What did you find?", "a thimble", None, "A needle.", Incorrect),
            ("What did you eat?", "a trout", None, "Some fish.", Partial),
            ("Who came?", "Mr Lamb", Some("Mr Lamb, the plumber, came."), "The man who repairs pipes.", Correct),
            ("Who came?", "Mr Lamb", Some("Mr Lamb, the plumber, came."), "The man who bakes bread.", Incorrect),
            ("What is the opposite of 'generous'?", "stingy", None, "Miserly.", Correct),
            ("What is the opposite of 'generous'?", "stingy", None, "Kind.", Incorrect),
        ] {
            let expected = expected_from(&[expected.to_owned()], &[], asked, Language::En);
            let question = Question { text: asked, expected: &expected, context, people: &[], language: Language::En };
            assert_eq!(judge(&question, said).verdict, verdict, "{said}");
        }
    }
}
