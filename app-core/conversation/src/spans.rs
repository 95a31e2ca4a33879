//! Lengths told by their two ends: "from the Monday till the Thursday", 十二号到十七号, 七点黑的，十点才亮.
//!
//! Where in the flow: asked where a length of time is expected and none is said. What it must never do: take two days left open
//! ("the Friday or the Saturday") for two ends.

use reme_types::{Language, Verdict};

use crate::{
    clock, dates,
    judge::{Judgement, Question},
    numbers,
    quantities::by_number,
    text::{is_han, normalise},
    turns,
};

const DAY: f64 = 24.0 * 60.0;
/// Days that a month may have.
const MONTH_DAYS: [i32; 4] = [28, 29, 30, 31];

/// Judges the two ends against the minutes wanted; `None` where what was said names none.
pub(crate) fn judged(question: &Question<'_>, said: &str, wanted: f64) -> Option<Judgement> {
    let language = question.language;
    if turns::is_open_choice(said) || said.contains(['?', '？']) {
        return None;
    }
    let asked = normalise(question.text, language);
    let expected = normalise(question.expected.parts.first()?, language);
    let by_night = ["night", "晚", "夜", "宿"].iter().any(|w| asked.contains(w) || expected.contains(w));
    let whole_days = wanted >= DAY && (wanted % DAY).abs() < 1e-9;
    let days = (wanted / DAY).round() as i32;
    // The last day counts or does not, but no night follows it.
    let fits = |between: i32| between == days || !by_night && between + 1 == days;
    let verdict = |fits: bool| match fits {
        true => by_number(Verdict::Correct, 0.75),
        false => Judgement::something_else(),
    };
    let is_years = ["year", "年"].iter().any(|w| expected.contains(w));
    let is_months = !is_years && ["month", "个月"].iter().any(|w| expected.contains(w));
    if is_years {
        let written: Vec<i32> =
            numbers::values(said).into_iter().filter(|v| (1800.0..2200.0).contains(v)).map(|v| v as i32).collect();
        let years = if written.len() == 2 { written } else { dates::years(said) };
        let [from, to] = years[..] else { return None };
        let years = (wanted / (365.0 * DAY)).round() as i32;
        return Some(verdict(to - from == years));
    }
    if is_months {
        let months: Vec<u8> =
            dates::all(said).into_iter().filter(|d| d.day.is_none()).filter_map(|d| d.month).collect();
        let [from, to] = months[..] else { return None };
        let between = (i32::from(to) - i32::from(from)).rem_euclid(12);
        let wanted = (wanted / (30.0 * DAY)).round() as i32;
        return Some(verdict(between == wanted || between + 1 == wanted));
    }
    if !whole_days {
        // "From five to nine" is no five minutes to nine.
        if let (true, [from, to]) = (format!(" {said}").contains(" from "), &numbers::values(said)[..])
            && (1.0..=12.0).contains(from)
            && (1.0..=12.0).contains(to)
        {
            return Some(verdict(((to - from).rem_euclid(12.0) * 60.0 - wanted).abs() < 1e-9));
        }
        let times = clock::all(said, language, true);
        let [from, to] = times[..] else { return None };
        let between = (i32::from(to.minute) - i32::from(from.minute)).rem_euclid(12 * 60);
        return (wanted < 12.0 * 60.0).then(|| verdict((f64::from(between) - wanted).abs() < 1e-9));
    }
    if let [from, to] = dates::weekdays(said)[..] {
        let between = (i32::from(to) + 7 - i32::from(from)) % 7;
        let between = if between == 0 { 7 } else { between };
        let told = question.context.map(|c| dates::weekdays(&normalise(c, language))).unwrap_or_default();
        // More than a week goes by the days that the memory has.
        return match days {
            ..=8 => Some(verdict(fits(between))),
            _ if told.contains(&from) && told.contains(&to) => Some(verdict((days - between) % 7 == 0)),
            _ => None,
        };
    }
    let (from, to) = days_of_the_month(said, language)?;
    Some(verdict(fits(to - from) || from > to && MONTH_DAYS.iter().any(|month| fits(to + month - from))))
}

/// "From the eighth to the thirteenth", 十二号到十七号.
fn days_of_the_month(said: &str, language: Language) -> Option<(i32, i32)> {
    let days: Vec<i32> = match language {
        Language::En => {
            let words = numbers::number_words(said);
            let links = ["to", "till", "until", "while", "through", "back", "home"];
            if !words.iter().any(|w| links.contains(&w.as_str())) {
                return None;
            }
            let mut days = Vec::new();
            let mut at = 0;
            while at < words.len() {
                let rest: Vec<&str> = words[at..].iter().map(String::as_str).collect();
                let ordinal = numbers::ordinal(&rest);
                days.extend(ordinal.map(|(day, _)| i32::from(day)));
                at += ordinal.map_or(1, |(_, length)| length.max(1));
            }
            days
        }
        Language::ZhCn => {
            let signs: Vec<char> = said.chars().collect();
            numbers::chinese(said)
                .into_iter()
                .filter(|n| {
                    matches!(signs.get(n.end), Some('号' | '日')) || !signs.get(n.end).is_some_and(|c| is_han(*c))
                })
                .map(|n| n.value as i32)
                .collect()
        }
    };
    match days[..] {
        [from, to] if (1..=31).contains(&from) && (1..=31).contains(&to) => Some((from, to)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use reme_types::Verdict::{Correct, Incorrect};

    use super::*;
    use crate::{expected_from, judge};

    #[test]
    fn two_ends_make_a_length() {
        for (asked, expected, said, language, verdict) in [
            ("How long were you there?", "three nights", "From the Monday while the Thursday.", Language::En, Correct),
            (
                "How long were you there?",
                "five days",
                "Went on the Friday, came home the Wednesday.",
                Language::En,
                Correct,
            ),
            ("How long were you there?", "five days", "From the eighth to the thirteenth.", Language::En, Correct),
            ("How long were you there?", "five days", "From the Friday till the Sunday.", Language::En, Incorrect),
            (
                "How long did it last?",
                "3 hours",
                "It went off at seven and came on again at ten.",
                Language::En,
                Correct,
            ),
            ("How long did you work there?", "27 years", "From 1961 to 1988.", Language::En, Correct),
            ("您住了多久？", "5天", "礼拜五去的，礼拜三回来的。", Language::ZhCn, Correct),
            ("您住了多久？", "5天", "十二号到十七号。", Language::ZhCn, Correct),
            ("停电停了多久？", "3个小时", "七点黑掉，十点才亮。", Language::ZhCn, Correct),
            ("停电停了多久？", "3个小时", "七点黑掉，九点才亮。", Language::ZhCn, Incorrect),
        ] {
            let expected = expected_from(&[expected.to_owned()], &[], asked, language);
            let question = Question { text: asked, expected: &expected, context: None, people: &[], language };
            assert_eq!(judge(&question, said).verdict, verdict, "{said}");
        }
    }
}
