//! Numbers that are worked out from others: "eight short of forty", 比八十多五块, "twice sixteen", 一打还多俩.
//!
//! What it must never do: read a range ("over thirty") as a sum; two numbers and a word between them are needed.

use reme_types::Language;

use super::{Found, chinese, english, number_words};

/// The number that two others make; `None` where the words between them tell of no reckoning.
pub(crate) fn reckoned(said: &str, language: Language) -> Option<f64> {
    match language {
        Language::En => english_reckoned(said),
        Language::ZhCn => chinese_reckoned(said),
    }
}

/// "Ten pence short of two pounds", in pence.
pub(crate) fn reckoned_pence(said: &str) -> Option<f64> {
    let (less, whole) =
        [" short of ", " shy of ", " less than ", " off ", " under "].iter().find_map(|link| said.split_once(link))?;
    let (less, whole) = (super::pence(less)?, super::pence(whole)?);
    (less < whole).then_some(whole - less)
}

fn english_reckoned(said: &str) -> Option<f64> {
    let words = number_words(said);
    let found = english(said);
    let at = |i: usize| words.get(i).map_or("", String::as_str);
    // "Twice sixteen", "double twelve", "half of ninety".
    if let [.., Found { value, start, .. }] = &found[..] {
        let before = start.checked_sub(1).map_or("", at);
        let two_before = start.checked_sub(2).map_or("", at);
        match (two_before, before) {
            (_, "double") | (_, "twice") => return Some(value * 2.0),
            ("half", "of") => return Some(value / 2.0),
            _ => {}
        }
    }
    let (a, b) = match &found[..] {
        [a, b] => (a, b),
        // "One under a dozen" has a number that is no figure; a lone number reckons nothing.
        _ => return None,
    };
    let link: Vec<&str> = (a.end..b.start).map(at).collect();
    let has = |list: &[&str]| link.iter().any(|w| list.contains(w));
    // Nothing but units and the words of reckoning between them: "two more than a beetle: eight" reckons nothing.
    const BETWEEN: &str = "short shy of off under less fewer than more over above past on top a the pound pounds quid pence p dollars \
cents euros year years day days week weeks hour hours minute minutes mile miles minus bar";
    let joins = link.len() <= 4 && link.iter().all(|w| BETWEEN.split_whitespace().any(|b| b == *w));
    let less = has(&["short", "shy"])
        || has(&["less", "fewer"]) && has(&["than"])
        || link.last() == Some(&"off")
        || link.last() == Some(&"under");
    let more = has(&["more"]) && has(&["than"])
        || matches!(link.last(), Some(&"over" | &"above" | &"past"))
        || link.last() == Some(&"on") && has(&["top"]);
    match (joins && less, joins && more) {
        (true, _) if a.value < b.value => Some(b.value - a.value),
        (_, true) if a.value < b.value => Some(b.value + a.value),
        // "Forty less three".
        _ if link.len() <= 2 && matches!(link.last(), Some(&"less" | &"minus" | &"bar")) && a.value > b.value => {
            Some(a.value - b.value)
        }
        _ => None,
    }
}

fn chinese_reckoned(said: &str) -> Option<f64> {
    let chars: Vec<char> = said.chars().collect();
    let found = chinese(said);
    let text = |from: usize, to: usize| -> String { chars[from.min(to)..to].iter().collect() };
    // 两个十年还多两年: so many tens, and some more.
    if let [times, ten, rest @ ..] = &found[..]
        && times.value < 10.0
        && ten.value == 10.0
        && matches!(text(times.end, ten.start).as_str(), "个" | "张")
    {
        let more = match rest {
            [more] => more.value,
            [] => 0.0,
            _ => return None,
        };
        return Some(times.value * ten.value + more);
    }
    if let [one] = &found[..]
        && text(0, one.start).ends_with("两倍的")
    {
        return Some(one.value * 2.0);
    }
    let [a, b] = &found[..] else { return None };
    let (before, link) = (text(0, a.start), text(a.end, b.start));
    if link.chars().count() > 5
        || link.contains(['到', '至', '或', '，', '。']) && !link.contains("还多") && !link.contains("外加")
    {
        return None;
    }
    let more = ["还多", "外加", "再加", "另加", "加上", "多出"].iter().any(|w| link.contains(w))
        || before.ends_with('比') && link.ends_with('多');
    let less = ["少", "缺", "差"].iter().any(|w| link.ends_with(w)) && !link.contains("不少");
    match (more, less) {
        (true, _) => Some(a.value + b.value),
        (_, true) if a.value > b.value => Some(a.value - b.value),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_numbers_make_a_third() {
        for (text, language, value) in [
            ("eight pounds short of forty", Language::En, Some(32.0)),
            ("two shy of fifty", Language::En, Some(48.0)),
            ("two pounds over thirty", Language::En, Some(32.0)),
            ("twice sixteen", Language::En, Some(32.0)),
            ("over thirty", Language::En, None),
            ("thirty and four", Language::En, None),
            ("比八十多五块", Language::ZhCn, Some(85.0)),
            ("八十外加五块", Language::ZhCn, Some(85.0)),
            ("两个十年还多两年", Language::ZhCn, Some(22.0)),
            ("八十多块", Language::ZhCn, None),
            ("八十到九十", Language::ZhCn, None),
        ] {
            assert_eq!(reckoned(text, language), value, "{text}");
        }
    }
}
