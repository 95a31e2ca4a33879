//! A story told again: which of its idea units are in what was said.

use reme_types::{Language, MatchedBy, Verdict};

use crate::{
    judge::{Judgement, Question},
    needle::{Needle, telling_words},
    speech,
    text::{bare, english_words},
    words::Utterance,
};

/// Share of a unit's telling words that makes it told. [design]
const UNIT_COVER: f64 = 0.42;
/// Telling words of the whole story that make it this one, where no unit is told. [design]
const LEAST_WORDS: f64 = 2.0;
/// The same where several units share their words, so that one word proves little. [design]
const SHARED_WORD: f64 = 0.5;

pub(crate) fn idea_units(question: &Question<'_>, spoken: &str) -> Judgement {
    let utterance = Utterance::new(question, spoken);
    let blank = Question { text: "", ..question.clone() };
    let units: Vec<Needle> = question.expected.parts.iter().map(|unit| Needle::new(&blank, unit, false)).collect();
    let shares: Vec<f64> = units.iter().map(|unit| share_told(&utterance, unit, &units)).collect();
    let mut told = shares.iter().filter(|share| **share >= UNIT_COVER - 1e-9).count();
    // All but one told, that one touched, and the telling as long as the story: it was told in other words.
    let story = |text: &str| match question.language {
        Language::En => english_words(text).len(),
        Language::ZhCn => bare(text).chars().count(),
    };
    let whole: usize = question.expected.parts.iter().map(|p| story(p)).sum();
    if units.len() > 3 && told + 1 == units.len() && story(spoken) >= whole && shares.iter().all(|share| *share > 0.0) {
        told += 1;
    }
    // Bits of several units: of this story, if of no unit enough.
    let bits: f64 = shares.iter().zip(&units).map(|(share, unit)| share * unit.words.len() as f64).sum();
    match told {
        0 if bits >= LEAST_WORDS
            && speech::phrase_intent(spoken).is_none()
            && !spoken.contains(['?', '？'])
            && !is_about_oneself(spoken, question.language) =>
        {
            Judgement::new(Verdict::Partial, MatchedBy::Words, 0.6)
        }
        0 if speech::phrase_intent(spoken).is_some() => Judgement::nothing_offered(),
        0 => {
            let is_question = spoken.trim_end().ends_with(['?', '？']);
            let length = match question.language {
                Language::En => english_words(spoken).len(),
                Language::ZhCn => bare(spoken).chars().count() / 2,
            };
            let words = telling_words(spoken, question.language);
            if words.len() >= 3 && length >= 3 && !is_question && !is_about_oneself(spoken, question.language) {
                Judgement::something_else()
            } else {
                Judgement::nothing_offered()
            }
        }
        n if n == units.len() => Judgement::new(Verdict::Correct, MatchedBy::Words, 0.8),
        _ => Judgement::new(Verdict::Partial, MatchedBy::Words, 0.85),
    }
}

/// A remark on one's own life, not another story.
fn is_about_oneself(spoken: &str, language: Language) -> bool {
    match language {
        Language::En => {
            let words = english_words(spoken);
            let oneself = words.iter().any(|w| matches!(w.as_str(), "i" | "my" | "we" | "our"));
            oneself && !spoken.contains("once") && !spoken.contains("there was")
        }
        Language::ZhCn => {
            spoken.contains('我') && !["从前", "有个", "有一", "一个人"].iter().any(|w| spoken.contains(w))
        }
    }
}

/// The share of a unit's weight that was told; words that other units hold too weigh half.
fn share_told(utterance: &Utterance<'_>, unit: &Needle, units: &[Needle]) -> f64 {
    let (mut found, mut all) = (0.0, 0.0);
    for word in &unit.words {
        let holding = units.iter().filter(|u| u.words.contains(word)).count();
        let weight = if holding > 1 { SHARED_WORD } else { 1.0 };
        all += weight;
        if let Some((share, _, _)) = utterance.find(word) {
            found += weight * share;
        }
    }
    if all > 0.0 { found / all } else { 0.0 }
}
