//! Answers that are times of day: "twenty to nine", 八点差一刻, or only the part of the day.

use reme_types::{Language, Verdict};

use crate::{
    clock, dates,
    judge::{Judgement, Question, first_part, silence_or_other},
    quantities::{self, by_number},
    text::{self, english_words, normalise},
    turns,
};

/// Longest answer in which a bare number is an hour, in words or characters. [design]
const BRIEF_HOUR: usize = 7;

/// An answer that is a time of day; `None` when the expected answer is none.
pub(crate) fn time_of_day(question: &Question<'_>, said: &str) -> Option<Judgement> {
    let language = question.language;
    let asked = normalise(question.text, language);
    let asks = ["what time", "when", "at which hour", "what hour", "几点", "什么时间", "什么时候", "何时"]
        .iter()
        .any(|w| asked.contains(w));
    let wanted_text = normalise(first_part(question.expected), language);
    if !asks || !dates::all(&wanted_text).is_empty() {
        return None;
    }
    let wanted = *clock::all(&wanted_text, language, false).first()?;
    // "We sat round one candle": in a long answer a bare number is no hour.
    let brief = match language {
        Language::En => english_words(said).len() <= BRIEF_HOUR,
        Language::ZhCn => text::bare(said).chars().count() <= BRIEF_HOUR,
    };
    let given = clock::all(said, language, brief);
    if given.is_empty() {
        let context = question.context.map(|c| normalise(c, language)).unwrap_or_default();
        // Nobody says "half past four" of the night without saying so.
        let by_the_hour = (60..420).contains(&(wanted.minute % 720)).then_some(AFTERNOON);
        // 后半夜, "in the small hours", where it was half past two of the night.
        if is_night(said) && (0..300).contains(&(wanted.minute % 720)) && wanted.afternoon != Some(true) {
            return Some(by_number(Verdict::Partial, 0.7));
        }
        let wanted = part_of_day(&wanted_text).or_else(|| part_of_day(&context)).or(by_the_hour);
        return Some(match (part_of_day(said), wanted) {
            (Some(given), Some(wanted)) if given == wanted => by_number(Verdict::Partial, 0.7),
            (Some(_), Some(_)) => Judgement::something_else(),
            _ => silence_or_other(question, said),
        });
    }
    let hour = f64::from(wanted.minute % 720) / 60.0;
    let between = ["between", "到", "之间", " to "].iter().any(|w| said.contains(w)) && given.len() == 2;
    let inside = between && {
        let (a, b) = (given[0].minute % 720, given[1].minute % 720);
        (a.min(b)..=a.max(b)).contains(&(wanted.minute % 720))
    };
    // 两三点钟: one hour or the next.
    if let Some((a, b)) = quantities::neighbours(said).filter(|_| language == Language::ZhCn && said.contains('点')) {
        let holds = (a..b + 1.0).contains(&hour);
        return Some(if holds { by_number(Verdict::Partial, 0.75) } else { Judgement::something_else() });
    }
    let open = turns::is_open_choice(said) && given.len() > 1;
    // "Before eight", 不到八点: in the hour before.
    let before = ["before ", "nearly ", "almost ", "not quite ", "不到", "快"].iter().any(|w| said.contains(w));
    let just_before = before
        && given.iter().any(|g| {
            let end = f64::from(g.minute % 720) / 60.0;
            g.is_vague && end - 1.0 <= hour && hour < end
        });
    let near = just_before
        || given.iter().any(|g| {
            g.is_vague && f64::from(g.minute % 720) / 60.0 <= hour && hour < f64::from(g.minute % 720) / 60.0 + 1.0
        });
    let spans = open && {
        let (a, b) = (given[0].minute % 720, given[1].minute % 720);
        (a.min(b)..=a.max(b)).contains(&(wanted.minute % 720))
    };
    Some(if given.iter().any(|g| g.is_same(wanted)) {
        if open || inside { by_number(Verdict::Partial, 0.85) } else { by_number(Verdict::Correct, 0.95) }
    } else if inside || near || (spans && given.iter().any(|g| g.is_vague)) {
        by_number(Verdict::Partial, 0.75)
    } else {
        Judgement::something_else()
    })
}

/// The hours after midnight.
fn is_night(text: &str) -> bool {
    const NIGHT: [&str; 10] = [
        "small hours",
        "dead of night",
        "middle of the night",
        "before dawn",
        "before daybreak",
        "后半夜",
        "半夜",
        "凌晨",
        "深夜",
        "天没亮",
    ];
    NIGHT.iter().any(|w| text.contains(w))
}

/// The afternoon among the parts of a day.
const AFTERNOON: usize = 2;

/// Morning, midday, afternoon or evening, where a text names one and no other.
fn part_of_day(text: &str) -> Option<usize> {
    const PARTS: [&[&str]; 4] = [
        &["morning", "breakfast", "早上", "上午", "清早", "早晨", "一早", "蒙蒙亮", "天刚亮", "刚亮"],
        &["noon", "midday", "lunchtime", "中午", "晌午"],
        &["afternoon", "下午"],
        &["evening", "tonight", "at night", "晚上", "夜里", "傍晚", "晚间", "bedtime", "before bed", "睡前", "睡觉前"],
    ];
    let mut named = (0..PARTS.len()).filter(|i| PARTS[*i].iter().any(|w| text.contains(w)));
    named.next().filter(|_| named.next().is_none())
}
