//! From an expected answer as somebody wrote it down to how it is to be compared.

use reme_types::{AnswerKind, Expected, Language};

use crate::{
    dates, numbers,
    text::{bare, english_words, is_han, normalise},
};

/// What is held against an answer: one string, or the idea units of a story.
///
/// `question` decides where the answer alone does not: order, sequences, steps.
pub fn expected_from(parts: &[String], aliases: &[String], question: &str, language: Language) -> Expected {
    if parts.len() != 1 {
        return Expected { kind: AnswerKind::IdeaUnits, parts: parts.to_vec(), aliases: aliases.to_vec() };
    }
    let (whole, inner) = without_brackets(&parts[0]);
    let mut aliases = aliases.to_vec();
    aliases.extend(inner);
    let answer = normalise(&whole, language);
    let asked = normalise(question, language);
    let has = |words: &[&str]| words.iter().any(|w| asked.contains(w));
    let figures: Vec<f64> = numbers::all(&answer).iter().map(|f| f.value).collect();
    let only_figures = answer.chars().all(|c| c.is_ascii_digit() || c.is_whitespace() || ",.;、，；".contains(c))
        && !figures.is_empty();
    if only_figures && figures.len() > 2 {
        let stepwise = has(&[
            "take away",
            "subtract",
            "minus",
            "count",
            "add ",
            "every step",
            "减",
            "加",
            "每次",
            "倒数",
            "数到",
            "步",
        ]);
        let parts = split(&answer, &[",", "、", "，", ";", "；", " "]);
        let kind = if stepwise { AnswerKind::Steps } else { AnswerKind::Sequence };
        return Expected { kind, parts, aliases };
    }
    let spelled = has(&["spell", "backward", "letters", "倒着", "反着", "倒过来", "倒序"]);
    if spelled {
        return Expected { kind: AnswerKind::Sequence, parts: vec![answer], aliases };
    }
    let open = ["any ", "such as", "任何", "任意", "如"].iter().any(|w| answer.contains(w));
    if open {
        return Expected { kind: AnswerKind::Text, parts: vec![whole], aliases };
    }
    if is_date(&answer, language) {
        return Expected { kind: AnswerKind::Date, parts: vec![whole], aliases };
    }
    if is_number(&answer, language) {
        return Expected { kind: AnswerKind::Number, parts: vec![whole], aliases };
    }
    let items = list_items(&whole, &aliases, language);
    if items.len() > 1 {
        let ordered =
            has(&["in order", "one after the other", "what order", "order", "按顺序", "先后", "依次", "顺序"]);
        let kind = if ordered { AnswerKind::OrderedList } else { AnswerKind::List };
        return Expected { kind, parts: items, aliases };
    }
    let kind =
        if has(&["谁", "哪位"]) || english_words(&asked).iter().any(|w| w == "who" || w == "whom" || w == "whose") {
            AnswerKind::Person
        } else if has(&["哪儿", "哪里", "什么地方"]) || english_words(&asked).iter().any(|w| w == "where") {
            AnswerKind::Place
        } else {
            AnswerKind::Text
        };
    Expected { kind, parts: vec![whole], aliases }
}

/// 照舅（照旧）: what stands in brackets is another wording.
fn without_brackets(text: &str) -> (String, Option<String>) {
    let open = text.find(['(', '（']);
    let close = text.rfind([')', '）']);
    match (open, close) {
        (Some(a), Some(b)) if a < b && a > 0 => {
            let inner = text[a..b].trim_start_matches(['(', '（']).trim().to_owned();
            (text[..a].trim().to_owned(), Some(inner).filter(|i| !i.is_empty()))
        }
        _ => (text.to_owned(), None),
    }
}

fn split(text: &str, separators: &[&str]) -> Vec<String> {
    let mut joined = text.to_owned();
    for separator in separators {
        joined = joined.replace(separator, "\n");
    }
    joined.lines().map(str::trim).filter(|p| !p.is_empty()).map(str::to_owned).collect()
}

fn is_date(answer: &str, language: Language) -> bool {
    let plain = bare(answer);
    let weekday_alone = dates::weekday(answer).is_some() && dates::all(answer).is_empty() && plain.chars().count() <= 9;
    let parts = dates::all(answer);
    let known = parts.len() == 1 && parts[0].month.is_some();
    let left: usize = match language {
        Language::En => answer
            .split(|c: char| !c.is_alphanumeric())
            .filter(|w| w.len() > 2 && w.chars().all(char::is_alphabetic))
            .count(),
        Language::ZhCn => {
            plain.chars().filter(|c| is_han(*c) && !"年月日号零〇一二三四五六七八九十".contains(*c)).count() + 1
        }
    };
    weekday_alone || (known && left <= 2)
}

fn is_number(answer: &str, language: Language) -> bool {
    let found = numbers::all(answer);
    if found.len() != 1 || found[0].start > 1 {
        return false;
    }
    match language {
        Language::En => {
            numbers::number_words(answer).iter().filter(|w| !matches!(w.as_str(), "," | ":" | ";" | "/")).count()
                <= found[0].end + 2
        }
        Language::ZhCn => found[0].start == 0 && answer.chars().count() <= found[0].end + 3,
    }
}

/// The items of a list; one entry when it is none.
fn list_items(whole: &str, aliases: &[String], language: Language) -> Vec<String> {
    let separators: &[&str] = match language {
        Language::En => &[", and ", " and ", ", ", "; "],
        Language::ZhCn => &["、", "；", "，", "和", "以及"],
    };
    let parts = split(whole, separators);
    let is_alias =
        parts.iter().any(|p| aliases.iter().any(|a| bare(&normalise(a, language)) == bare(&normalise(p, language))));
    let short = |p: &String| match language {
        Language::En => english_words(&p.to_lowercase()).len() <= 4,
        Language::ZhCn => p.chars().count() <= 12,
    };
    let title = whole.contains('《') && parts.len() == 2;
    if parts.len() > 1 && !is_alias && (parts.iter().all(short) || title) { parts } else { vec![whole.to_owned()] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_follows_from_answer_and_question() {
        for (answer, question, language, kind) in [
            ("4 March 1990", "When did you move?", Language::En, AnswerKind::Date),
            ("27", "How many?", Language::En, AnswerKind::Number),
            ("6 pounds 20", "How much change?", Language::En, AnswerKind::Number),
            ("9 3 5 1", "Say these digits after me: 9 3 5 1.", Language::En, AnswerKind::Sequence),
            ("45, 40, 35", "Take away 5 from 50, every step.", Language::En, AnswerKind::Steps),
            ("bread and soap", "Which two things?", Language::En, AnswerKind::List),
            ("Mr Lamb", "Who came?", Language::En, AnswerKind::Person),
            ("星期五", "今天星期几？", Language::ZhCn, AnswerKind::Date),
            ("15块", "多少钱？", Language::ZhCn, AnswerKind::Number),
            ("面包、肥皂", "买了什么？", Language::ZhCn, AnswerKind::List),
            ("王师傅", "谁来的？", Language::ZhCn, AnswerKind::Person),
        ] {
            let expected = expected_from(&[answer.to_owned()], &[], question, language);
            assert_eq!(expected.kind, kind, "{answer}");
        }
    }
}
