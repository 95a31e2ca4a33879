//! Descriptions that only a sense of meaning settles: "that seat at the piano with the lid that opens" for the piano stool.
//!
//! Where in the flow: after the rules found no match, where the caller has a model that puts texts into vectors. What it must
//! never do: decide for names, numbers, dates, yes or no, lists and stories; accept a plain noun, a denial, or a choice left
//! open; accept a description that lies nearer to another thing.

use reme_types::{AnswerKind, Language, MatchedBy, Verdict};

use crate::{
    beside, clock, dates,
    judge::{Judgement, Question, asks_why, judge},
    needle, numbers, speech,
    text::{bare, english_words, normalise},
    then_and_now, turns,
};

/// Something that knows how near texts lie in meaning.
pub trait Meaning {
    /// How near `said` lies to each of `others`: 1 for the same meaning, about 0 for unrelated ones.
    fn likeness(&self, said: &str, others: &[&str]) -> Vec<f32>;
}

/// Least likeness to the expected thing, and by how much it must lead every other thing.
/// [measured on the public set and batches 1 to 7: 19 descriptions right, none falsely]
const LEAST_LIKENESS: f32 = 0.22;
const LEAST_LEAD: f32 = 0.02;
/// Shortest description: words in English, characters in Chinese; longest expected thing. [design]
const LEAST_WORDS: usize = 5;
const LEAST_SIGNS: usize = 7;
const LONGEST_THING: usize = 5;
const LONGEST_THING_SIGNS: usize = 8;
/// Members of each kind that stand for it among the other things, and of the kinds of the expected thing. [design]
const OF_EACH_KIND: usize = 3;
const OF_ITS_KIND: usize = 25;
/// Characters in a row that name the same thing in two Chinese texts: 碧云寺, 小菜场. [design]
const SAME_RUN: usize = 3;
/// The kinds of things come first in the list; the places of single countries after them do not help. [design]
const KINDS: usize = 70;

/// The judgement of [`judge`], with descriptions it could not settle held against a sense of meaning, where there is one.
pub fn judge_with(question: &Question<'_>, answer: &str, meaning: Option<&dyn Meaning>) -> Judgement {
    let judged = judge(question, answer);
    let Some(meaning) = meaning else { return judged };
    let open = match judged.verdict {
        Verdict::Correct => false,
        Verdict::Partial => judged.matched_by == MatchedBy::Words,
        _ => judged.matched_by == MatchedBy::Nothing,
    };
    let describes = open && is_thing(question) && is_description(answer, question.language);
    if describes && !names_another(question, answer) && fits(question, answer, meaning) {
        return Judgement::new(Verdict::Correct, MatchedBy::Model, 0.5);
    }
    let another = judged.verdict == Verdict::Incorrect && judged.matched_by == MatchedBy::Nothing;
    let may_be_talk = another && question.expected.kind != AnswerKind::IdeaUnits;
    if may_be_talk && beside::is_beside(question, answer, meaning) {
        return Judgement::nothing_offered();
    }
    judged
}

/// One thing is expected, and it is neither a name nor something done.
fn is_thing(question: &Question<'_>) -> bool {
    let language = question.language;
    let [expected] = &question.expected.parts[..] else { return false };
    let (plain, asked) = (normalise(expected, language), normalise(question.text, language));
    let kind = matches!(question.expected.kind, AnswerKind::Text | AnswerKind::Place);
    let measured = !numbers::values(&plain).is_empty() && !plain.starts_with('一')
        || !clock::all(&plain, language, false).is_empty()
        || !dates::all(&plain).is_empty()
        || dates::weekday(&plain).is_some();
    if !kind || measured || asks_why(question) || needle::offers_a_choice(&asked) || asked.contains("opposite") {
        return false;
    }
    match language {
        Language::En => {
            let words = english_words(&plain);
            let named = expected.chars().skip(1).any(char::is_uppercase)
                || expected.split(' ').count() == 1 && expected.starts_with(char::is_uppercase);
            let deed = words.first().is_some_and(|w| is_in("it she he i they we because my no yes before until", w));
            !named && !deed && words.len() <= LONGEST_THING && !plain.contains("such as") && !plain.starts_with("any ")
        }
        Language::ZhCn => {
            let no_thing = ["如", "任何", "了", "《", "没", "不"].iter().any(|w| plain.contains(w));
            let about_words = ["反义", "近义", "歇后语", "成语", "下一句", "季节", "城市", "叫什么"]
                .iter()
                .any(|w| asked.contains(w));
            !no_thing && !about_words && bare(&plain).chars().count() <= LONGEST_THING_SIGNS
        }
    }
}

/// Said at length and without denial, choice or vagueness.
fn is_description(answer: &str, language: Language) -> bool {
    let said = normalise(answer, language);
    if speech::phrase_intent(&said).is_some() || said.contains(['?', '？']) || turns::is_open_choice(&said) {
        return false;
    }
    // 以前是米黄的，现在是紫红的: of two times, and no description.
    if speech::clauses(&said).into_iter().any(|clause| then_and_now::tells_what_was(clause, language)) {
        return false;
    }
    match language {
        Language::En => {
            const SPOILT: &str =
                "not never no something some somewhere someplace any somebody someone but instead neither";
            const FORM: &str = "that which who where thing stuff what those for with one you they";
            let words = english_words(&said);
            words.len() >= LEAST_WORDS
                && words.iter().any(|w| is_in(FORM, w))
                && !words.iter().any(|w| is_in(SPOILT, w) || w.ends_with("n't"))
                && !["kind of", "sort of"].iter().any(|v| said.contains(v))
        }
        Language::ZhCn => {
            let spoilt = ["不", "没", "或", "什么", "哪", "一个", "一种", "一家", "谁", "吗", "带个", "字的"];
            bare(&said).chars().count() >= LEAST_SIGNS
                && said.contains(['的', '那'])
                && !spoilt.iter().any(|w| said.contains(w))
        }
    }
}

/// 在碧云寺，看松树那回, where the memory tells of 碧云寺 in another clause than of the expected thing: the place or thing of another event.
fn names_another(question: &Question<'_>, answer: &str) -> bool {
    let Some(context) = question.context.filter(|_| question.language == Language::ZhCn) else { return false };
    let plain = |text: &str| normalise(text, question.language);
    let expected: Vec<String> =
        question.expected.parts.iter().chain(&question.expected.aliases).map(|e| plain(e)).collect();
    let (said, asked, context) = (plain(answer), bare(&plain(question.text)), plain(context));
    let of_another: Vec<String> = speech::clauses(&context)
        .into_iter()
        .filter(|clause| !expected.iter().any(|e| clause.contains(e.as_str()) || shares_a_run(clause, e)))
        .map(bare)
        .collect();
    runs(&said)
        .filter(|run| !asked.contains(run) && !expected.iter().any(|e| e.contains(run)))
        .any(|run| of_another.iter().any(|clause| clause.contains(&run)))
}

/// Whether both texts hold the same [`SAME_RUN`] characters in a row.
fn shares_a_run(text: &str, other: &str) -> bool {
    runs(other).any(|run| text.contains(&run))
}

/// Every [`SAME_RUN`] characters in a row, without punctuation.
fn runs(text: &str) -> impl Iterator<Item = String> {
    let signs: Vec<char> = bare(text).chars().collect();
    (0..signs.len().saturating_sub(SAME_RUN - 1)).map(move |i| signs[i..i + SAME_RUN].iter().collect())
}

/// Nearer to the expected thing than to any other.
fn fits(question: &Question<'_>, answer: &str, meaning: &dyn Meaning) -> bool {
    let expected = || question.expected.parts.iter().chain(&question.expected.aliases);
    let whole = expected().map(|e| normalise(e, question.language)).collect::<Vec<_>>().join(" ");
    let is_han = question.language == Language::ZhCn;
    let of_language = |m: &&'static str| m.is_ascii() != is_han;
    let kinds = reme_lexicon::kinds();
    let its_kinds =
        kinds.iter().filter(|k| k.members().any(|m| of_language(&m) && m.chars().count() > 1 && whole.contains(m)));
    let mut others: Vec<&str> = Vec::new();
    for (kind, most) in kinds.iter().take(KINDS).map(|k| (k, OF_EACH_KIND)).chain(its_kinds.map(|k| (k, OF_ITS_KIND))) {
        // In a fixed order, so that an answer is read the same every time.
        let mut members: Vec<&'static str> = kind.members().filter(of_language).collect();
        members.sort_unstable();
        let step = (members.len() / most).max(1);
        others.extend(members.into_iter().step_by(step).take(most).filter(|m| !whole.contains(m)));
    }
    let wanted: Vec<&str> = expected().map(String::as_str).collect();
    let nearest = |texts: &[&str]| meaning.likeness(answer, texts).into_iter().fold(f32::MIN, f32::max);
    let own = nearest(&wanted);
    own >= LEAST_LIKENESS && own >= nearest(&others) + LEAST_LEAD
}

fn is_in(list: &str, word: &str) -> bool {
    list.split_whitespace().any(|w| w == word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expected_from;

    /// Knows that a thimble is put on the finger, and nothing else.
    struct Sewing;

    impl Meaning for Sewing {
        fn likeness(&self, said: &str, others: &[&str]) -> Vec<f32> {
            let near = |other: &&str| other.contains("thimble") && said.contains("finger");
            others.iter().map(|other| if near(other) { 0.6 } else { 0.1 }).collect()
        }
    }

    #[test]
    fn a_description_is_settled_and_nothing_else_is() {
        for (expected, said, verdict) in [
            ("a thimble", "What you wear on your finger over the seam.", Verdict::Correct),
            ("a thimble", "Not what you wear on your finger.", Verdict::Incorrect),
            ("a thimble", "A finger ring.", Verdict::Incorrect),
            ("Thimble Hall", "What you wear on your finger over the seam.", Verdict::Incorrect),
            ("4 thimbles", "What you wear on your finger over the seam.", Verdict::NoAnswer),
        ] {
            let asked = "What did you find?";
            let expected = expected_from(&[expected.to_owned()], &[], asked, Language::En);
            let question =
                Question { text: asked, expected: &expected, context: None, people: &[], language: Language::En };
            let judged = judge_with(&question, said, Some(&Sewing));
            assert_eq!(judged.verdict == Verdict::Correct, verdict == Verdict::Correct, "{said} {judged:?}");
        }
    }

    /// Finds everything alike.
    struct Careless;

    impl Meaning for Careless {
        fn likeness(&self, said: &str, others: &[&str]) -> Vec<f32> {
            others.iter().map(|other| if said.contains('庙') || other.contains('寺') { 0.6 } else { 0.1 }).collect()
        }
    }

    #[test]
    fn the_place_of_another_event_is_no_description() {
        let asked = "十月里您在哪儿崴的脚？";
        let expected = expected_from(&["潭柘寺的台阶上".to_owned()], &[], asked, Language::ZhCn);
        let context = Some("10月11日，在潭柘寺下台阶时崴了左脚。9月去过碧云寺，平安无事。");
        let question = Question { text: asked, expected: &expected, context, people: &[], language: Language::ZhCn };
        let verdict = |said: &str| judge_with(&question, said, Some(&Careless)).verdict;
        assert_ne!(verdict("在碧云寺，看松树那回。"), Verdict::Correct);
        assert_eq!(verdict("山里头烧香的那处，往下走的时候。"), Verdict::Correct);
    }
}
