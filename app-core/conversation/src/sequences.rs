//! Answers said step by step or sign by sign: taking away again and again, digits to be repeated, spelling, saying backwards.

use reme_types::{Language, Verdict};

use crate::{
    judge::{Judgement, Question, silence_or_other},
    numbers,
    quantities::{by_number, number},
    speech,
    text::{self, english_words, normalise},
    turns,
};

pub(crate) fn steps(question: &Question<'_>, spoken: &str) -> Judgement {
    let wanted: Vec<f64> = question
        .expected
        .parts
        .iter()
        .filter_map(|p| numbers::values(&normalise(p, question.language)).first().copied())
        .collect();
    let mut given = numbers::values(spoken);
    let (Some(first), true) = (wanted.first().copied(), wanted.len() > 1) else { return number(question, spoken) };
    let change = wanted[1] - first;
    let start = first - change;
    // "Sixty take seven is fifty-three": the start and what is taken away are no steps.
    if given.first() == Some(&start) {
        given.remove(0);
    }
    let talks = ["take", "minus", "less", "减", "加", "plus", "is", "等于", "得"].iter().any(|w| spoken.contains(w));
    if talks && given.len() > wanted.len() {
        given.retain(|v| (v.abs() - change.abs()).abs() > 1e-9 || wanted.contains(v));
    }
    if given.is_empty() {
        return silence_or_other(question, spoken);
    }
    let before = std::iter::once(&start).chain(&given);
    let right = given
        .iter()
        .zip(before)
        .take(wanted.len())
        .filter(|(value, last)| (*value - *last - change).abs() < 1e-9)
        .count();
    match right {
        0 if given.len() < 2 && speech::phrase_intent(spoken).is_some() => Judgement::nothing_offered(),
        0 => Judgement::something_else(),
        n if n == wanted.len() && given.len() == wanted.len() => by_number(Verdict::Correct, 0.97),
        _ => by_number(Verdict::Partial, 0.95),
    }
}

/// "Nine, oh, four": an "oh" among digits is a zero; one that opens the answer is a sigh, unless a zero is expected there.
fn with_spoken_zeros(said: &str, opens: bool) -> String {
    let mut first = !opens;
    let words = said.split_inclusive(|c: char| !c.is_alphanumeric()).map(|piece| {
        let word = piece.trim_end_matches(|c: char| !c.is_alphanumeric());
        let is_zero = matches!(word, "oh" | "o" | "nought" | "naught") && !first;
        first &= word.is_empty();
        if is_zero { format!("zero{}", &piece[word.len()..]) } else { piece.to_owned() }
    });
    words.collect()
}

pub(crate) fn sequence(question: &Question<'_>, spoken: &str) -> Judgement {
    let wanted = normalise(&question.expected.parts.concat(), question.language);
    let digits = wanted.chars().filter(|c| c.is_alphanumeric()).all(|c| c.is_ascii_digit());
    let (said, _) = turns::settled(spoken);
    if digits {
        let spoken_as = [("拐", "七"), ("洞", "零"), ("勾", "九"), ("幺", "一")];
        let run = |text: &str| -> String {
            let text = spoken_as.iter().fold(text.to_owned(), |t, (said, digit)| t.replace(said, digit));
            numbers::values(&text).iter().map(|v| format!("{v}")).collect()
        };
        let given = run(&with_spoken_zeros(&said, wanted.starts_with('0')));
        return match given {
            given if given.is_empty() || (given.len() <= 1 && speech::phrase_intent(&said).is_some()) => {
                Judgement::nothing_offered()
            }
            given if given == run(&wanted) || given == text::bare(&wanted) => by_number(Verdict::Correct, 0.97),
            _ => Judgement::something_else(),
        };
    }
    // Letters or characters, in order: spelling, saying backwards.
    let letters: Vec<char> = text::bare(&wanted).chars().collect();
    let is_talk = speech::phrase_intent(&said).is_some()
        || crate::talk::is_talk(&said, question.language)
        || (said.trim_end().ends_with(['?', '？']) && text::bare(&said).chars().count() != letters.len());
    let given: Vec<char> = match question.language {
        Language::ZhCn => text::bare(&said).chars().collect(),
        Language::En => {
            let words = english_words(&said);
            let single: String = words.iter().filter(|w| w.chars().count() == 1).map(String::as_str).collect();
            if single.chars().count() > 1 { single } else { words.concat() }.chars().collect()
        }
    };
    let given_text: String = given.iter().collect();
    let wanted_text: String = letters.iter().collect();
    if given_text.contains(&wanted_text) {
        return by_number(Verdict::Correct, 0.95);
    }
    let right = letters.iter().zip(&given).take_while(|(a, b)| a == b).count();
    match (right > 0 && given.len() <= letters.len() + 2, is_talk) {
        (true, false) => by_number(Verdict::Partial, 0.9),
        (_, true) => Judgement::nothing_offered(),
        // As many letters or characters, or the word itself: an attempt.
        _ if letters.iter().filter(|c| given.contains(c)).count() * 2 >= letters.len() => Judgement::something_else(),
        _ => silence_or_other(question, &said),
    }
}
