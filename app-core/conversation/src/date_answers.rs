//! Answers that are dates, whole or in parts, weekdays, and months.

use reme_types::{MatchedBy, Verdict};

use crate::{
    dates::{self, DateParts},
    judge::{Judgement, Question, first_part, silence_or_other},
    named_days, numbers, speech,
    text::normalise,
    turns,
};

pub(crate) fn date(question: &Question<'_>, said: &str) -> Judgement {
    let wanted_text = normalise(first_part(question.expected), question.language);
    if let Some(day) = dates::weekday(&wanted_text).filter(|_| dates::all(&wanted_text).is_empty()) {
        // Of each clause: what the one says of tomorrow does not move the day of the other.
        let shift = |clause: &str| -> u8 {
            let has = |words: &[&str]| words.iter().any(|w| clause.contains(w)) && !clause.contains("的头一天");
            // The farther ones first: 大后天 holds 后天.
            if has(&["大后天", "大后儿"]) || has(&["three days before"]) {
                4
            } else if has(&["大前天", "大前儿"]) || has(&["three days after"]) {
                3
            } else if has(&["后天", "后儿", "two days before", "day after tomorrow"]) {
                5
            } else if has(&["前天", "前儿", "two days after", "day before yesterday"]) {
                2
            } else if has(&["day before", "前一天", "头一天", "前头一天", "头天", "tomorrow", "明天", "明儿", "明日"])
            {
                6
            } else if has(&["day after", "后一天", "第二天", "后头一天", "yesterday", "昨天", "昨儿", "昨日"])
            {
                1
            } else {
                0
            }
        };
        let given: Vec<u8> = speech::clauses(said)
            .into_iter()
            .flat_map(|clause| dates::weekdays(clause).into_iter().map(move |d| (d + shift(clause)) % 7))
            .collect();
        return match (given.contains(&day), given.is_empty()) {
            (true, _) if turns::is_open_choice(said) && given.iter().any(|g| *g != day) => partial(),
            (true, _) if given.len() < 3 => Judgement::new(Verdict::Correct, MatchedBy::Normalised, 0.97),
            (true, _) => partial(),
            (false, false) => Judgement::something_else(),
            (false, true) => silence_or_other(question, said),
        };
    }
    let wanted = dates::all(&wanted_text).into_iter().next().unwrap_or_default();
    let mut given = dates::all(said);
    // "The second month", where a month is asked for.
    if given.is_empty() && wanted.day.is_none() && wanted.year.is_none() {
        let month = month_by_place(said);
        given.extend(month.map(|month| DateParts { year: None, month: Some(month), day: None }));
    }
    if let Some(year) = wanted.year {
        let named = named_days::all(said, year).into_iter();
        // 国庆节，二〇二六年的: the year is said beside the name.
        let said_year = given.iter().find(|d| d.month.is_none() && d.day.is_none()).and_then(|d| d.year);
        given.extend(named.map(|(month, day)| DateParts { year: said_year, month: Some(month), day: Some(day) }));
    }
    if lunar_day(said).is_some_and(|day| {
        question.context.is_some_and(|c| lunar_day(&normalise(c, question.language)).as_ref() == Some(&day))
    }) {
        return Judgement::new(Verdict::Correct, MatchedBy::Normalised, 0.8);
    }
    if near_a_named_day(said, wanted) {
        return partial();
    }
    if given.is_empty()
        && parts_are_asked(&normalise(question.text, question.language))
        && let [day, month, year] = numbers::values(said)[..]
        && (1.0..=31.0).contains(&day)
        && (1.0..=12.0).contains(&month)
        && year >= 0.0
    {
        given.push(DateParts { year: Some(year as i32), month: Some(month as u8), day: Some(day as u8) });
    }
    if given.is_empty() {
        if wanted.day.is_none() && names_month_bare(said, wanted) {
            return Judgement::new(Verdict::Correct, MatchedBy::Normalised, 0.8);
        }
        // 初九 of 九月初九.
        let day_alone =
            wanted_text.split_once('初').is_some_and(|(_, day)| !day.is_empty() && said.contains(&format!("初{day}")));
        return if day_alone || names_season_of(said, wanted) || names_decade_of(said, wanted) {
            partial()
        } else {
            silence_or_other(question, said)
        };
    }
    shift_months(said, &mut given);
    shift_days(said, &mut given);
    let is_open = turns::is_open_choice(said);
    if is_open {
        // "the eighth or the ninth of May": the month is said once.
        let month = given.iter().find_map(|d| d.month);
        given.iter_mut().filter(|d| d.month.is_none()).for_each(|d| d.month = month);
        let days = numbers::values(said).into_iter().filter(|v| (1.0..=31.0).contains(v) && v.fract() == 0.0);
        given.extend(days.map(|day| DateParts { year: None, month, day: Some(day as u8) }));
    }
    let parts_asked = parts_are_asked(&normalise(question.text, question.language));
    let judged: Vec<Verdict> = given.iter().map(|g| compare(wanted, *g, parts_asked)).collect();
    let best = if is_open && judged.len() > 1 {
        if judged.contains(&Verdict::Correct) { Verdict::Partial } else { Verdict::Incorrect }
    } else {
        judged.iter().copied().find(|v| *v == Verdict::Correct).or(judged.last().copied()).unwrap_or(Verdict::Incorrect)
    };
    Judgement::new(best, if best == Verdict::Incorrect { MatchedBy::Nothing } else { MatchedBy::Normalised }, 0.95)
}

/// "The month after May", 五月的下一个月: the month meant is the neighbour of the one named.
fn shift_months(said: &str, given: &mut [DateParts]) {
    let has = |words: &[&str]| words.iter().any(|w| said.contains(w));
    let step = if has(&[
        "month after",
        "one after",
        "comes after",
        "下一个月",
        "下个月",
        "后一个月",
        "后头那个月",
        "后面那个月",
        "后头一个月",
    ]) {
        1
    } else if has(&[
        "month before",
        "one before",
        "comes before",
        "上一个月",
        "前一个月",
        "前头那个月",
        "前面那个月",
        "前头一个月",
    ]) {
        11
    } else {
        return;
    };
    for date in given.iter_mut().filter(|d| d.day.is_none()) {
        date.month = date.month.map(|m| (m - 1 + step) % 12 + 1);
    }
}

/// "The day after the thirteenth of April", 四月十三号的第二天.
fn shift_days(said: &str, given: &mut [DateParts]) {
    const LAST: [u8; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let has = |words: &[&str]| words.iter().any(|w| said.contains(w));
    let [DateParts { month: Some(month), day: Some(day), .. }] = given else { return };
    let last = |month: u8| LAST.get(usize::from(month).wrapping_sub(1)).copied().unwrap_or(31);
    if has(&["day after", "的第二天", "后一天"]) {
        (*month, *day) = if *day >= last(*month) { (*month % 12 + 1, 1) } else { (*month, *day + 1) };
    } else if has(&["the day before", "的头一天", "前一天", "的头天"]) {
        let before = (*month + 10) % 12 + 1;
        (*month, *day) = if *day == 1 { (before, last(before)) } else { (*month, *day - 1) };
    }
}

/// 腊月初十, 正月十五: a day of the moon's year, as it is written.
fn lunar_day(text: &str) -> Option<String> {
    let months = ["正月", "腊月", "冬月", "二月", "三月", "四月", "五月", "六月", "七月", "八月", "九月", "十月"];
    months.iter().find_map(|month| {
        let (_, rest) = text.split_once(month)?;
        let day: String = rest.chars().take_while(|c| "初一二三四五六七八九十廿".contains(*c)).collect();
        let lunar = day.starts_with('初') || day.starts_with('廿') || matches!(*month, "正月" | "腊月" | "冬月");
        (lunar && !day.is_empty()).then(|| format!("{month}{day}"))
    })
}

fn partial() -> Judgement {
    Judgement::new(Verdict::Partial, MatchedBy::Normalised, 0.75)
}

/// Up to so many days from a named day, "around" it is less exact, not wrong. [design]
const AROUND_DAYS: i16 = 7;

/// "The second month", 第二个月: by its place in the year.
fn month_by_place(said: &str) -> Option<u8> {
    let words = crate::text::english_words(said);
    let english =
        words.windows(2).find(|w| w[1] == "month").and_then(|w| numbers::ordinal(&[w[0].as_str()])).map(|(nth, _)| nth);
    let chinese = || {
        let (_, rest) = said.split_once('第')?;
        let nth = rest.chars().next().and_then(|c| "一二三四五六七八九十".chars().position(|d| d == c))?;
        rest.contains("个月").then_some(nth as u8 + 1)
    };
    english.or_else(chinese).filter(|m| (1..=12).contains(m))
}

/// "End of the seventies", 七几年: the ten years it lies in.
fn names_decade_of(said: &str, wanted: DateParts) -> bool {
    const TENS: [&str; 10] =
        ["", "", "twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties"];
    const SIGNS: &str = "零一二三四五六七八九";
    let Some(tens) = wanted.year.map(|y| (y.rem_euclid(100) / 10) as usize) else { return false };
    let sign = SIGNS.chars().nth(tens).unwrap_or('零');
    !TENS[tens].is_empty() && said.contains(TENS[tens])
        || said.contains(&format!("{tens}0s"))
        || ["几年", "十年代", "零年代"].iter().any(|w| said.contains(&format!("{sign}{w}")))
        || said.contains(&format!("{tens}几年"))
        || said.contains(&format!("{tens}0年代"))
}

/// "Around Christmas", 国庆前后, where the day lies near and is not the day itself.
fn near_a_named_day(said: &str, wanted: DateParts) -> bool {
    let around = ["around", "about", "near", "before", "after", "前后", "左右", "那阵", "前几天", "后几天"];
    let (Some(year), Some(month), Some(day)) = (wanted.year, wanted.month, wanted.day) else { return false };
    let place = |month: u8, day: u8| i16::from(month) * 31 + i16::from(day);
    dates::all(said).is_empty()
        && around.iter().any(|w| said.contains(w))
        && !["day before", "day after", "头一天", "前一天", "第二天", "后一天"].iter().any(|w| said.contains(w))
        && named_days::all(said, year)
            .into_iter()
            .any(|(m, d)| (1..=AROUND_DAYS).contains(&(place(m, d) - place(month, day)).abs()))
}

/// A month asked for and given as a number alone: 十月 asked, 十 said.
fn names_month_bare(said: &str, wanted: DateParts) -> bool {
    let given = numbers::values(said);
    wanted.month.is_some_and(|month| given == [f64::from(month)])
}

/// The season for the month: less exact, not wrong (northern half of the world).
fn names_season_of(said: &str, wanted: DateParts) -> bool {
    let Some(month) = wanted.month else { return false };
    const SEASONS: [(&[&str], [u8; 3]); 4] = [
        (&["spring", "春"], [3, 4, 5]),
        (&["summer", "夏"], [6, 7, 8]),
        (&["autumn", "秋"], [9, 10, 11]),
        (&["winter", "冬"], [12, 1, 2]),
    ];
    // The season's beginning falls before its first whole month.
    const BEGINNINGS: [(&[&str], [u8; 2]); 4] = [
        (&["start of spring", "开春", "入春"], [2, 3]),
        (&["start of summer", "入夏"], [5, 6]),
        (&["start of autumn", "入秋"], [8, 9]),
        (&["start of winter", "入冬"], [11, 12]),
    ];
    if BEGINNINGS.iter().any(|(names, months)| months.contains(&month) && names.iter().any(|n| said.contains(n))) {
        return true;
    }
    SEASONS.iter().any(|(names, months)| months.contains(&month) && names.iter().any(|n| said.contains(n)))
}

/// Day, month and year each asked for by name.
fn parts_are_asked(question: &str) -> bool {
    (question.contains("day") && question.contains("month") && question.contains("year"))
        || (question.contains('年')
            && question.contains('月')
            && ["日", "号", "哪天", "几天", "哪一天"].iter().any(|w| question.contains(w)))
}

fn compare(wanted: DateParts, given: DateParts, parts_asked: bool) -> Verdict {
    let year_is = |w: i32, g: i32| if g < 100 { w.rem_euclid(100) == g } else { w == g };
    let same = [
        wanted.year.map(|w| given.year.map(|g| year_is(w, g))),
        wanted.month.map(|w| given.month.map(|g| g == w)),
        wanted.day.map(|w| given.day.map(|g| g == w)),
    ];
    let asked: Vec<Option<bool>> = same.into_iter().flatten().collect();
    let right = asked.iter().filter(|s| **s == Some(true)).count();
    let wrong = asked.iter().filter(|s| **s == Some(false)).count();
    if parts_asked {
        return match right {
            0 => Verdict::Incorrect,
            n if n == asked.len() => Verdict::Correct,
            _ => Verdict::Partial,
        };
    }
    let year_left_out =
        wanted.year.is_some() && given.year.is_none() && (wanted.month.is_some() || wanted.day.is_some());
    let needed = asked.len() - usize::from(year_left_out);
    match (right, wrong) {
        (r, 0) if r == needed => Verdict::Correct,
        (r, 0) if r > 0 => Verdict::Partial,
        _ => Verdict::Incorrect,
    }
}
