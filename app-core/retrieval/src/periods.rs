//! Long times: years, decades, ages, and times only the memories can date ("when I worked at the exchange", 上大学的时候).
//!
//! An age needs the day of birth, which comes with the question; a time of life needs a memory that names its years. Where neither
//! is there, no time is guessed.

use jiff::{ToSpan, civil::Date};
use reme_lexicon::TENS_EN;
use reme_types::Language;

use crate::{Doc, calendar::Span, rules::figures, words::terms};

fn years(from: i16, to: i16) -> Option<Span> {
    Some(Span { from: Date::new(from, 1, 1).ok()?, to: Date::new(to, 12, 31).ok()?, is_narrow: true })
}

/// Years and decades said as such: "in 1968", "from 1957 to 1962", "the sixties", 六十年代, 六八年.
pub(crate) fn of_the_calendar(lower: &str, today: Date) -> Option<Span> {
    decade(lower, today).or_else(|| named_years(lower, today))
}

fn decade(lower: &str, today: Date) -> Option<Span> {
    let of = |tens: i16| {
        // "The twenties" are this century's only when they have begun.
        let first = if tens < 10 && tens * 10 + 2000 <= today.year() && tens <= 2 { 2000 } else { 1900 } + tens * 10;
        years(first, first + 9)
    };
    for (index, word) in TENS_EN.iter().enumerate() {
        let plural = format!("{}ies", word.trim_end_matches('y'));
        let of_life = ["my ", "his ", "her ", "your "].iter().any(|w| lower.contains(&format!("{w}{plural}")));
        if lower.contains(&plural) && !of_life {
            return of(index as i16 + 2);
        }
    }
    for (value, start, end) in figures(lower) {
        let rest = &lower[end..];
        let is_decade =
            (rest.starts_with('s') && !rest[1..].starts_with(char::is_alphanumeric)) || rest.starts_with("年代");
        if !is_decade || value.rem_euclid(10.0) != 0.0 {
            continue;
        }
        return match value as i16 {
            1900.. => years(value as i16, value as i16 + 9),
            10..=90 if !lower[..start].ends_with("my ") => of(value as i16 / 10),
            _ => None,
        };
    }
    None
}

fn named_years(lower: &str, today: Date) -> Option<Span> {
    let mut found: Vec<(i16, usize, usize)> = Vec::new();
    for (value, start, end) in figures(lower) {
        let rest = lower[end..].trim_start();
        let is_year = value.fract() == 0.0 && (1900.0..=2100.0).contains(&value) && end - start == 4;
        let counts = ["pieces", "people", "steps", "块", "元", "步", "片", "人"].iter().any(|w| rest.starts_with(w));
        if is_year && !counts {
            found.push((value as i16, start, end));
        }
    }
    found.extend(han_years(lower, today));
    let (first, start, end) = *found.first()?;
    let (before, after) = (lower[..start].trim_end(), lower[end..].trim_start().trim_start_matches('年'));
    if let Some((second, ..)) = found.get(1).filter(|(second, ..)| *second > first) {
        return years(first, *second);
    }
    if before.ends_with("since") || ["以来", "以后", "之后", "起"].iter().any(|w| after.starts_with(w)) {
        return years(first, today.year());
    }
    if before.ends_with("after") {
        return years(first + 1, today.year());
    }
    if before.ends_with("before") || ["以前", "之前"].iter().any(|w| after.starts_with(w)) {
        return years(1850, first - 1);
    }
    years(first, first)
}

/// 一九六八年, 六八年, 98年: the digits one by one.
fn han_years(lower: &str, today: Date) -> Vec<(i16, usize, usize)> {
    let digit = |c: char| {
        "零一二三四五六七八九"
            .chars()
            .position(|d| d == c || (c == '〇' && d == '零'))
            .or(c.to_digit(10).map(|d| d as usize))
    };
    let mut out = Vec::new();
    for (end, _) in lower.match_indices('年') {
        let run: Vec<char> = lower[..end].chars().rev().take_while(|c| digit(*c).is_some()).collect();
        let rest = &lower[end + '年'.len_utf8()..];
        if !matches!(run.len(), 2 | 4) || ["前", "后", "代", "间", "来", "了", "多"].iter().any(|w| rest.starts_with(w))
        {
            continue;
        }
        let value = run.iter().rev().filter_map(|c| digit(*c)).fold(0, |sum, d| sum * 10 + d as i16);
        let value = match run.len() {
            4 => value,
            _ if value + 2000 <= today.year() && value < 30 => 2000 + value,
            _ => 1900 + value,
        };
        let is_ascii_year = run.len() == 4 && run.iter().all(char::is_ascii_digit);
        if (1900..=2100).contains(&value) && !is_ascii_year {
            out.push((value, end - run.iter().map(|c| c.len_utf8()).sum::<usize>(), end));
        }
    }
    out
}

/// What may not follow a number that is an age.
const NO_AGE: [&str; 16] = [
    "minute", "hour", "day", "week", "month", "mile", "metre", "meter", "pound", "kilo", "stone", "times", "o'clock",
    "past", "percent", "inch",
];

/// "When I was ten", 我十岁那年, "in my twenties", 小时候: the days on which somebody born then was that old.
pub(crate) fn of_a_life(lower: &str, born: Date) -> Option<Span> {
    let ages = |from: i64, to: i64| {
        let first = born.checked_add((from).years()).ok()?;
        let last = born.checked_add((to + 1).years()).ok()?.checked_sub(1.days()).ok()?;
        Some(Span { from: first, to: last, is_narrow: true })
    };
    for lead in ["when i was ", "when mum was ", "when dad was ", "at the age of ", "when i turned ", "i was aged "] {
        let Some(at) = lower.find(lead) else { continue };
        let rest = lower[at + lead.len()..].trim_start_matches("about ").trim_start_matches("only ");
        let Some((age, 0, end)) = figures(rest).first().copied() else { continue };
        let next = rest[end..].trim_start();
        if (1.0..120.0).contains(&age) && !NO_AGE.iter().any(|w| next.starts_with(w)) {
            return ages(age as i64, age as i64);
        }
    }
    for (index, word) in TENS_EN.iter().enumerate() {
        if lower.contains(&format!("my {}ies", word.trim_end_matches('y'))) {
            let tens = (index as i64 + 2) * 10;
            return ages(tens, tens + 9);
        }
    }
    if let Some(span) = chinese_age(lower, born, ages) {
        return Some(span);
    }
    const STAGES: [(&[&str], i64, i64); 2] = [
        (
            &[
                "as a child",
                "when i was a child",
                "when i was little",
                "when i was small",
                "when i was a boy",
                "when i was a girl",
                "小时候",
                "我小的时候",
            ],
            3,
            13,
        ),
        (&["as a teenager", "in my teens", "when i was a teenager", "十几岁的时候"], 13, 19),
    ];
    STAGES.iter().find(|(words, ..)| words.iter().any(|w| lower.contains(w))).and_then(|(_, from, to)| ages(*from, *to))
}

fn chinese_age(lower: &str, born: Date, ages: impl Fn(i64, i64) -> Option<Span>) -> Option<Span> {
    let at = lower.find('岁')?;
    let before = &lower[..at];
    let of_patient =
        ["我", "爸", "妈", "您", "他", "她"].iter().any(|w| before.contains(w)) || before.chars().count() <= 4;
    let rest = &lower[at + '岁'.len_utf8()..];
    let as_a_time =
        ["那", "的时候", "时", "上", "左右", "，", "就", "生日", "以后", "之前"].iter().any(|w| rest.starts_with(w));
    if !of_patient || !as_a_time {
        return None;
    }
    let bare = before.trim_end_matches(['多', '来', '几']);
    let (age, _, end) = figures(bare).last().copied()?;
    if end != bare.len() || !(1.0..120.0).contains(&age) {
        return None;
    }
    if bare.len() < before.len() {
        return ages(age as i64, age as i64 + 9);
    }
    // Counted the old way one is a year older: both years may be meant.
    let year = born.year() + age as i16;
    years(year - 1, year)
}

/// The part of a question that names a time of life.
fn clause(lower: &str) -> Option<&str> {
    const ENGLISH: [&str; 8] = [
        "when i was ",
        "when i worked",
        "when i lived",
        "when we lived",
        "while i was ",
        "while i worked",
        "during ",
        "in my time ",
    ];
    if let Some(at) = ENGLISH.iter().filter_map(|lead| lower.find(lead)).min() {
        return lower[at..].split([',', '?', '.', ';']).next();
    }
    let end = ["的时候", "那会儿", "期间", "那几年", "那些年", "那阵子"].iter().filter_map(|w| lower.find(w)).min()?;
    lower[..end].rsplit(['，', '。', '？', '；']).next()
}

/// The years a memory gives to a time of life that the question names; `None` where none does.
pub(crate) fn told<'a>(lower: &str, docs: impl Iterator<Item = &'a Doc>, language: Language) -> Option<Span> {
    let clause = clause(lower)?;
    const IDLE: &str = "when while during time work live i we 我 时候 工作 住";
    let is_telling = |term: &str| !term.starts_with(['~', '=']) && !IDLE.split_whitespace().any(|w| w == term);
    let wanted: Vec<String> = terms(clause, language).into_iter().map(|(t, _)| t).filter(|t| is_telling(t)).collect();
    if wanted.is_empty() {
        return None;
    }
    let mut best: Option<(usize, Span)> = None;
    for doc in docs {
        let text = doc.text.to_lowercase();
        let named: Vec<i16> = figures(&text)
            .into_iter()
            .filter(|(value, start, end)| (1900.0..=2100.0).contains(value) && end - start == 4)
            .map(|(value, ..)| value as i16)
            .collect();
        let Some(from) = named.first().copied() else { continue };
        // A day of birth dates no time of life.
        if ["born", "生于", "年生", "出生", "日生"].iter().any(|w| text.contains(w)) {
            continue;
        }
        let to = named.get(1).copied().filter(|to| *to >= from).unwrap_or(from);
        let own: Vec<String> = terms(&text, language).into_iter().map(|(t, _)| t).collect();
        let shared = wanted.iter().filter(|w| own.contains(w)).count();
        if shared > best.map_or(0, |(count, _)| count) {
            best = years(from, to).map(|span| (shared, span));
        }
    }
    best.map(|(_, span)| span)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn years_and_decades_are_read_in_both_languages() {
        let today = date(2026, 10, 15);
        for (text, from, to) in [
            ("what did we do in 1968?", 1968, 1968),
            ("who worked there from 1957 to 1962?", 1957, 1962),
            ("what music did i like in the sixties?", 1960, 1969),
            ("in the 1970s we had a van", 1970, 1979),
            ("六十年代我在哪儿？", 1960, 1969),
            ("1957年到1962年我做什么？", 1957, 1962),
            ("六八年谁来过？", 1968, 1968),
            ("一九七六年唐山地震我们在哪儿", 1976, 1976),
            ("since 2020, how often?", 2020, 2026),
        ] {
            let span = of_the_calendar(text, today).map(|s| (s.from.year(), s.to.year()));
            assert_eq!(span, Some((from, to)), "{text}");
        }
        for text in ["三年前", "the jigsaw of 2000 pieces", "twenty pounds", "五年了", "how many?"] {
            assert_eq!(of_the_calendar(text, today), None, "{text}");
        }
    }

    #[test]
    fn ages_are_counted_from_the_day_of_birth() {
        let born = date(1944, 1, 19);
        for (text, from, to) in [
            ("where did we live when i was ten?", date(1954, 1, 19), date(1955, 1, 18)),
            ("what did i do in my twenties", date(1964, 1, 19), date(1974, 1, 18)),
            ("我十岁那年住在哪儿？", date(1953, 1, 1), date(1954, 12, 31)),
            ("我二十多岁的时候干什么？", date(1964, 1, 19), date(1974, 1, 18)),
            ("小时候谁带我？", date(1947, 1, 19), date(1958, 1, 18)),
        ] {
            assert_eq!(of_a_life(text, born).map(|s| (s.from, s.to)), Some((from, to)), "{text}");
        }
        for text in ["when i was ten minutes late", "她几岁？", "六十岁以上的人可以进吗？", "when i was at school"]
        {
            assert_eq!(of_a_life(text, born), None, "{text}");
        }
    }

    #[test]
    fn a_time_of_life_is_dated_only_by_a_memory() {
        let doc = |text: &str| Doc {
            id: "x".into(),
            kind: reme_types::MemoryKind::Fact,
            happened_at: None,
            recorded_at: "2026-01-01".parse().expect("a day"),
            text: text.into(),
            photo_text: String::new(),
            people: vec![],
            place: None,
            tags: vec![],
            sensitive: false,
        };
        let facts = [doc("Drove a milk lorry from 1962 to 1989."), doc("Born on 2 May 1941 in Dalby.")];
        let span = |text: &str| told(text, facts.iter(), Language::En).map(|s| (s.from.year(), s.to.year()));
        assert_eq!(span("whom did i meet when i was driving the milk lorry?"), Some((1962, 1989)));
        assert_eq!(span("what did we eat during the war?"), None);
        let facts = [doc("1960年到1964年在师范大学念书。")];
        let span =
            told("上大学的时候我跟谁住一间？", facts.iter(), Language::ZhCn).map(|s| (s.from.year(), s.to.year()));
        assert_eq!(span, Some((1960, 1964)));
    }
}
