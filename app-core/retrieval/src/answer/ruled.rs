//! What follows from a written rule (level 3): the day on which a count is reached, the days it picks, a fee, yes or no.
//!
//! Only forms that can be worked out are; everything else is left to the plain answers.

use jiff::{ToSpan, Unit, civil::Date};
use reme_types::{Language, MemoryKind};

use super::{Read, Said, parts, text_of};
use crate::{
    Doc,
    compiled::{Times, times},
    question::Wanted,
    rules::{Threshold, figures},
};

/// The answer the rule leads to; `None` where its form is not known.
pub(super) fn answer(read: &Read<'_>, rule: &str) -> Option<Said> {
    let lower = rule.to_lowercase();
    yes_or_no(read, &lower).or_else(|| fee(read, &lower)).or_else(|| match read.asked.wanted {
        Wanted::When => reached(read, &lower).or_else(|| runs_for(read, &lower)).or_else(|| picked(read, &lower)),
        _ => picked(read, &lower),
    })
}

fn asks_yes_or_no(read: &Read<'_>) -> bool {
    let lower = read.asked.lower.trim();
    match read.language {
        Language::En => {
            ["may ", "can ", "must ", "should ", "is ", "does ", "do ", "has "].iter().any(|w| lower.starts_with(w))
        }
        Language::ZhCn => {
            let plain = lower.trim_end_matches(['？', '?']);
            (plain.ends_with('吗')
                || ["能不能", "可不可以", "该不该", "要不要", "是不是", "行不行", "成不成", "够不够"]
                    .iter()
                    .any(|w| plain.contains(w)))
                && !["什么", "哪", "几", "谁"].iter().any(|w| plain.contains(w))
        }
    }
}

/// May somebody? An age the rule asks for is worked out; a rule that forbids, with notes that meet it, says no.
fn yes_or_no(read: &Read<'_>, rule: &str) -> Option<Said> {
    if !asks_yes_or_no(read) {
        return None;
    }
    // 行不行 is answered with 行, 够不够格 with 够格.
    const FORMS: [(&[&str], &str, &str); 4] = [
        (&["够不够格", "够格"], "够格", "不够格"),
        (&["够不够"], "够", "不够"),
        (&["行不行", "行吗"], "行", "不行"),
        (&["可不可以", "可以"], "可以", "不可以"),
    ];
    let form = FORMS.iter().find(|(asked, ..)| asked.iter().any(|w| read.asked.lower.contains(w)));
    let say = |yes: bool| match (read.language, yes) {
        (Language::En, true) => "yes",
        (Language::En, false) => "no",
        (Language::ZhCn, yes) => form.map_or(if yes { "能" } else { "不能" }, |f| if yes { f.1 } else { f.2 }),
    };
    let docs: Vec<&Doc> = read.best.iter().take(2).copied().collect();
    let aged = ["aged", "years old", "of age", " and over", "or older", "周岁", "岁以上", "岁以下", "under the age"]
        .iter()
        .any(|w| rule.contains(w));
    let all = figures(rule);
    let is_age = |f: &&(f64, usize, usize)| {
        let (before, after) = (rule[..f.1].trim_end(), rule[f.2..].trim_start());
        ["周岁", "岁", "years old", "years of age"].iter().any(|u| after.starts_with(u))
            || before.ends_with("aged")
            || before.ends_with("age of")
    };
    if let Some((limit, ..)) = all.iter().find(is_age).or_else(|| all.first()).filter(|_| aged) {
        let below = ["under ", "younger than", "岁以下", "不满", "未满"].iter().any(|w| rule.contains(w));
        let forbids =
            ["may not", "must not", "nobody", "no one", "不许", "不能", "不得"].iter().any(|w| rule.contains(w));
        let tells_birth = |doc: &&&Doc| {
            doc.kind == MemoryKind::Fact
                && (doc.text.contains('生') || doc.text.contains("born") || doc.text.contains("birth"))
        };
        let (birth, doc) = read.best.iter().filter(tells_birth).find_map(|doc| {
            if read.named.is_empty() {
                // The patient's own fact names nobody.
                return doc.people.is_empty().then(|| whole_date(&doc.text)).flatten().map(|day| (day, *doc));
            }
            read.named.iter().find_map(|name| {
                let from = doc.text.find(name.as_str())?;
                whole_date(&doc.text[from..]).map(|day| (day, *doc))
            })
        })?;
        let age = birth.until((Unit::Year, read.today)).ok()?.get_years();
        let meets = if below { f64::from(age) < *limit } else { f64::from(age) >= *limit };
        // "And has worked there for thirty years": the second condition.
        let (served, also) = match years_served(read, rule) {
            Some((enough, doc)) => (enough, Some(doc)),
            None if asks_for_years(rule).is_some() => return None,
            None => (true, None),
        };
        let cited: Vec<&Doc> = std::iter::once(doc).chain(also).collect();
        return Some(Said::of(say((meets && served) != forbids), &cited));
    }
    const FORBIDS: [&str; 19] = [
        " not for ",
        "should not",
        "不宜",
        "忌",
        "不可",
        "不准",
        "nobody",
        "no one",
        "may not",
        "must not",
        "not allowed",
        "only if",
        "only when",
        "不许",
        "不能",
        "不得",
        "禁止",
        "才能",
        "才可以",
    ];
    FORBIDS.iter().any(|w| rule.contains(w)).then(|| Said::of(say(false), &docs))
}

/// So many years of work, service or membership that a rule asks for.
fn asks_for_years(rule: &str) -> Option<f64> {
    figures(rule).into_iter().find_map(|(value, start, end)| {
        let (before, after) = (rule[..start].trim_end(), rule[end..].trim_start());
        let chinese = before.ends_with('满') && after.starts_with('年');
        let english = (before.ends_with("for") || before.ends_with("least")) && after.starts_with("years")
            || after.starts_with("years' ")
            || after.starts_with("years of service");
        (chinese || english).then_some(value)
    })
}

/// Whether a fact that names its years ("from 1957 to 1996") has as many as the rule asks for.
fn years_served<'a>(read: &'a Read<'_>, rule: &str) -> Option<(bool, &'a Doc)> {
    let wanted = asks_for_years(rule)?;
    read.best.iter().filter(|d| d.kind == MemoryKind::Fact).find_map(|doc| {
        let years: Vec<f64> = figures(&text_of(doc).to_lowercase())
            .into_iter()
            .map(|(value, ..)| value)
            .filter(|value| (1850.0..2200.0).contains(value))
            .collect();
        let [from, to] = years[..] else { return None };
        Some((to - from >= wanted, *doc))
    })
}

fn whole_date(text: &str) -> Option<Date> {
    super::ages::first_day(text)
}

/// The notes that the rule's threshold picks, else those of the kind; in the order of their days.
fn meeting<'a>(read: &'a Read<'_>, rule: &str) -> Vec<&'a Doc> {
    if let Some(threshold) = Threshold::read(rule, read.asked.breaks_rule) {
        let mut picked: Vec<&Doc> = read
            .best
            .iter()
            .copied()
            .filter(|d| d.kind == MemoryKind::Episode && threshold.picks(text_of(d)) == Some(true))
            .collect();
        if !picked.is_empty() {
            picked.sort_by_key(|d| d.happened_at.map(|h| h.first_moment()));
            return picked;
        }
    }
    read.events()
}

/// "If two … within 30 days", 满三次，从第三次起: the day of the last that fills the count.
fn reached(read: &Read<'_>, rule: &str) -> Option<Said> {
    let Times { least: wanted, within_days: window } = times(rule)?;
    let docs = meeting(read, rule);
    let dated: Vec<(Date, &Doc)> = docs.iter().filter_map(|d| Some((d.happened_at?.first_day(), *d))).collect();
    let filled = dated.windows(wanted).find(|run| {
        let (first, last) = (run[0].0, run[wanted - 1].0);
        window.is_none_or(|days| first.until((Unit::Day, last)).is_ok_and(|s| i64::from(s.get_days()) <= days))
    })?;
    let day = filled[wanted - 1].0;
    Some(Said::of(day.to_string(), &filled.iter().map(|(_, d)| *d).collect::<Vec<_>>()))
}

/// Something lasts so many days: until which, or from which day it is over.
fn runs_for(read: &Read<'_>, rule: &str) -> Option<Said> {
    let asked = &read.asked.lower;
    let until = ["until", "till", "last day", "到哪天", "哪天为止", "到几号"].iter().any(|w| asked.contains(w));
    let from = ["from which", "first day", "earliest", "从哪天", "最早"].iter().any(|w| asked.contains(w));
    if !(until || from) {
        return None;
    }
    // 到第八天才能, "from the eighth day": that day itself, the first counted or not.
    let nth = figures(rule).into_iter().find_map(|(n, start, end)| {
        let rest = rule[end..].strip_prefix('天').filter(|_| rule[..start].ends_with('第'))?;
        let opens = ["才", "起", "以后", "之后", "可以"].iter().any(|w| rest.starts_with(w));
        (opens && n > 1.0).then_some(n as i64)
    });
    if let Some(nth) = nth.filter(|_| from) {
        let doc = *read.best.iter().find(|d| d.kind == MemoryKind::Episode)?;
        // What is over on the day of its note is counted from there, not from when it began.
        let start = doc.happened_at?.first_day();
        return Some(Said::of(start.checked_add((nth - 1).days()).ok()?.to_string(), &[doc]));
    }
    let days = figures(rule).into_iter().find_map(|(n, _, end)| {
        let rest = rule[end..].trim_start();
        let week = if rest.starts_with("week") || rest.starts_with("个礼拜") || rest.starts_with("周") {
            7.0
        } else {
            1.0
        };
        let unit = rest.starts_with("day") || rest.starts_with('天') || week > 1.0;
        unit.then_some((n * week) as i64)
    })?;
    // "Let Marigold in": the best note that has the name.
    let names = crate::words::capitalised(read.question);
    let mut episodes = read.best.iter().filter(|d| d.kind == MemoryKind::Episode);
    let is_meant = |d: &&&Doc| names.iter().all(|name| d.text.contains(name));
    let named = episodes.clone().take(4).find(|d| !names.is_empty() && is_meant(d));
    let doc = *named.or_else(|| episodes.next())?;
    let start = since(text_of(doc), doc.happened_at?.first_day());
    let counts_first = [
        "first of them",
        "is day one",
        "counts as the first",
        "is the first",
        "从当天",
        "当天算",
        "当天算起",
        "算第一天",
    ]
    .iter()
    .any(|w| rule.contains(w));
    let last = start.checked_add((days - i64::from(counts_first)).days()).ok()?;
    // "Due 180 days after", 满一百八十天: on that day, not on the next.
    let on_the_day = !counts_first && ["due", "after the", "满"].iter().any(|w| rule.contains(w));
    let day = if until || on_the_day { last } else { last.checked_add(1.day()).ok()? };
    Some(Said::of(day.to_string(), &[doc]))
}

/// "since Thursday", 从星期四起: the day before the note on which it began.
fn since(text: &str, noted: Date) -> Date {
    const DAYS: [(&str, &str); 7] = [
        ("since monday", "星期一"),
        ("since tuesday", "星期二"),
        ("since wednesday", "星期三"),
        ("since thursday", "星期四"),
        ("since friday", "星期五"),
        ("since saturday", "星期六"),
        ("since sunday", "星期天"),
    ];
    let lower = text.to_lowercase();
    if lower.contains("since yesterday") || lower.contains("昨天起") || lower.contains("昨天开始") {
        return noted.checked_sub(1.day()).unwrap_or(noted);
    }
    let begun = DAYS.iter().position(|(en, zh)| {
        lower.contains(en)
            || lower.contains(&format!("从{zh}"))
            || lower.contains(&format!("{zh}起"))
            || lower.contains(&format!("{zh}开始"))
    });
    let Some(day) = begun else { return noted };
    let back = (i64::from(noted.weekday().to_monday_zero_offset()) - day as i64).rem_euclid(7);
    noted.checked_sub(if back == 0 { 7 } else { back }.days()).unwrap_or(noted)
}

/// "Lent for 21 days; every day beyond costs 20 pence": the days beyond times the price.
fn fee(read: &Read<'_>, rule: &str) -> Option<Said> {
    if read.asked.wanted != Wanted::HowMany {
        return None;
    }
    let all = figures(rule);
    let per_day = ["every day", "each day", "a day", "per day", "每天"].iter().any(|w| rule.contains(w));
    let price = all.iter().find(|(_, start, end)| {
        let rest = rule[*end..].trim_start();
        ["pence", "p ", "pound", "cent", "euro", "块", "元", "角", "毛", "分"].iter().any(|u| rest.starts_with(u))
            || rule[..*start].ends_with('£')
    })?;
    if !per_day {
        return None;
    }
    // 五角 is half a yuan.
    let tenth = rule[price.2..].trim_start().starts_with(['角', '毛']);
    let price_each = if tenth && read.asked.lower.contains("多少钱") { price.0 / 10.0 } else { price.0 };
    let lent = all.iter().find(|(_, _, end)| {
        let rest = rule[*end..].trim_start();
        rest.starts_with("days") || rest.starts_with('天')
    });
    let mut dated: Vec<&Doc> = read.best.iter().filter(|d| d.kind == MemoryKind::Episode).take(2).copied().collect();
    dated.sort_by_key(|d| d.happened_at.map(|h| h.first_moment()));
    if let (Some((lent, ..)), [a, b]) = (lent, &dated[..]) {
        let days = a.happened_at?.first_day().until((Unit::Day, b.happened_at?.first_day())).ok()?.get_days();
        // 借的当天算第一天, 还的那天也算一天: both ends are counted.
        let both_ends =
            ["当天算第一天", "当天算一天", "的那天也算", "头尾都算", "both days count", "counts as the first"]
                .iter()
                .any(|w| rule.contains(w));
        let over = f64::from(days + i32::from(both_ends)) - lent;
        return (over > 0.0).then(|| Said::of((over * price_each).to_string(), &dated));
    }
    // "Two days late", so many things.
    let first = *read.best.first()?;
    let text = text_of(first).to_lowercase();
    let said = figures(&text);
    let late = said.iter().find(|(_, _, end)| {
        let rest = text[*end..].trim_start();
        rest.starts_with("days late")
            || rest.starts_with("day late")
            || (rest.starts_with('天') && text.contains(['晚', '迟', '逾']))
    })?;
    let each = ["each", "every book", "每本", "每件", "每样"].iter().any(|w| rule.contains(w));
    let things = said.iter().find(|f| f.1 != late.1).map_or(1.0, |f| f.0);
    Some(Said::of((late.0 * price_each * if each { things } else { 1.0 }).to_string(), &[first]))
}

/// The days or notes the rule picks, where a list is asked for.
fn picked(read: &Read<'_>, rule: &str) -> Option<Said> {
    let asked = &read.asked.lower;
    // "Which evenings count": the days of those the rule's figure picks.
    let counts = Threshold::read(rule, read.asked.breaks_rule).is_some_and(|threshold| {
        read.best.iter().any(|d| d.kind == MemoryKind::Episode && threshold.picks(text_of(d)) == Some(true))
    });
    const OCCASIONS: [&str; 9] = [
        "which evenings",
        "which mornings",
        "which afternoons",
        "which nights",
        "哪几次",
        "哪几回",
        "哪几堂",
        "哪几趟",
        "哪几晚",
    ];
    let days = counts && OCCASIONS.iter().any(|w| asked.contains(w))
        || ["which days", "which day", "what days", "on which", "哪天", "哪几天", "哪些天", "几号"]
            .iter()
            .any(|w| asked.contains(w));
    if days {
        let mut docs = meeting(read, rule);
        let several = ["days", "mornings", "evenings", "afternoons", "nights", "哪几", "哪些天", "有哪"]
            .iter()
            .any(|w| asked.contains(w));
        if !several {
            // One day is asked for: that of the best note.
            docs.sort_by_key(|d| read.best.iter().position(|b| b.id == d.id));
            docs.truncate(1);
        }
        return Some(parts::days(&docs)).filter(|s| !s.text.is_empty());
    }
    None
}
