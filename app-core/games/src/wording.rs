//! Small words the engine must put together itself: when something was, lists of names, and whether
//! a piece of text would give a hidden answer away.

use reme_types::{Language, MONTHS_EN, MemoryItem, When};

/// A time as one says it: `2 May 2026, in the afternoon`, `2026年5月2日下午`.
pub(crate) fn when_label(when: When, language: Language) -> String {
    let month = |m: i8| MONTHS_EN.get(usize::try_from(m - 1).unwrap_or(0)).copied().unwrap_or("");
    let zh = language == Language::ZhCn;
    match when {
        When::Year(y) if zh => format!("{y}年"),
        When::Year(y) => y.to_string(),
        When::Month(y, m) if zh => format!("{y}年{m}月"),
        When::Month(y, m) => format!("{} {y}", month(m)),
        When::Day(d) if zh => format!("{}年{}月{}日", d.year(), d.month(), d.day()),
        When::Day(d) => format!("{} {} {}", d.day(), month(d.month()), d.year()),
        When::Minute(t) => {
            let day = when_label(When::Day(t.date()), language);
            let part = day_part(t.hour(), language);
            if zh { format!("{day}{part}") } else { format!("{day}, {part}") }
        }
    }
}

fn day_part(hour: i8, language: Language) -> &'static str {
    let (en, zh) = match hour {
        5..=10 => ("in the morning", "上午"),
        11..=13 => ("around noon", "中午"),
        14..=17 => ("in the afternoon", "下午"),
        18..=22 => ("in the evening", "晚上"),
        _ => ("at night", "夜里"),
    };
    if language == Language::ZhCn { zh } else { en }
}

/// `A`, `A and B`, `A, B and C`; `A、B和C`.
pub(crate) fn join(items: &[String], language: Language) -> String {
    let (comma, and) = if language == Language::ZhCn { ("、", "和") } else { (", ", " and ") };
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{}{and}{last}", first.join(comma)),
    }
}

/// Things that do not belong together as one answer does: as [`join`], but in Chinese with 、 throughout, since each may
/// hold a 和 of its own.
pub(crate) fn list(items: &[String], language: Language) -> String {
    if language == Language::ZhCn { items.join("、") } else { join(items, language) }
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3134f}')
}

/// Words in lower case; every Han character is a word of its own, so that a figure between them is found.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for c in text.to_lowercase().chars() {
        let alone = is_han(c);
        if alone || !c.is_alphanumeric() {
            words.push(String::new());
        }
        if c.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.push(c);
        }
        if alone {
            words.push(String::new());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Characters that alone say little: numerals and 几 stand inside a great many other words (一起, 两边, 十分).
const NUMERALS: &str = "一二三四五六七八九十两几零百千万";

/// Whether `text` holds `answer`: as whole words where words are spaced, anywhere in Han script. A single Chinese numeral
/// counts only where no other Han character touches it.
pub(crate) fn names(text: &str, answer: &str) -> bool {
    let answer = answer.trim();
    let mut of_answer = answer.chars();
    if let (Some(only), None) = (of_answer.next(), of_answer.next())
        && NUMERALS.contains(only)
    {
        let chars: Vec<char> = text.chars().collect();
        let touches = |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(|c| is_han(*c));
        return (0..chars.len()).any(|at| chars[at] == only && !touches(at.checked_sub(1)) && !touches(Some(at + 1)));
    }
    let (text, answer) = (words(text), words(answer));
    !answer.is_empty() && text.windows(answer.len()).any(|window| window == answer)
}

/// The first sound of an answer as one would give it for a start: its first character in Han script, its first letter, or the
/// two that make one sound. `None` where that would be the whole answer, or is a figure.
pub(crate) fn first_sound(answer: &str) -> Option<String> {
    const LEADING: [&str; 8] = ["a", "an", "the", "my", "our", "some", "his", "her"];
    const PAIRS: [&str; 7] = ["ch", "sh", "th", "ph", "wh", "qu", "kn"];
    let words = words(answer);
    let word = words.iter().find(|word| !LEADING.contains(&word.as_str())).or(words.first())?;
    let first = word.chars().next()?;
    if first.is_numeric() || NUMERALS.contains(first) {
        return None;
    }
    if is_han(first) {
        return (answer.chars().filter(|c| c.is_alphanumeric()).count() > 1).then(|| first.to_string());
    }
    if word.chars().count() < 3 && words.len() == 1 {
        return None;
    }
    let pair = PAIRS.iter().find(|pair| word.starts_with(**pair) && word.chars().count() > 3);
    Some(pair.map_or_else(
        || first.to_uppercase().collect(),
        |pair| {
            let mut letters = pair.chars();
            let head: String = letters.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
            head + letters.as_str()
        },
    ))
}

/// Whether `text` holds any of these answers.
pub(crate) fn names_any(text: &str, hidden: &[String]) -> bool {
    hidden.iter().any(|answer| names(text, answer))
}

/// Whether a label (a name, a place) gives a hidden answer away, whole or as a part of it.
pub(crate) fn overlaps_any(label: &str, hidden: &[String]) -> bool {
    hidden.iter().any(|answer| names(label, answer) || names(answer, label))
}

/// The note's sentences that give no hidden answer away: what a generated line may speak of.
pub(crate) fn safe_sentences(memory: &MemoryItem, hidden: &[String]) -> Vec<String> {
    memory
        .text
        .split_inclusive(['.', '!', '?', '。', '！', '？', '\n'])
        .map(str::trim)
        .filter(|sentence| !sentence.is_empty() && !names_any(sentence, hidden))
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{first_sound, join, list, names, overlaps_any, when_label};
    use reme_types::Language::{En, ZhCn};

    #[test]
    fn times_are_said_as_exactly_as_they_are_known() {
        for (when, en, zh) in [
            ("1968", "1968", "1968年"),
            ("1968-07", "July 1968", "1968年7月"),
            ("1968-07-02", "2 July 1968", "1968年7月2日"),
            ("1968-07-02T15:00", "2 July 1968, in the afternoon", "1968年7月2日下午"),
        ] {
            let when = when.parse().expect(when);
            assert_eq!((when_label(when, En).as_str(), when_label(when, ZhCn).as_str()), (en, zh));
        }
    }

    #[test]
    fn a_short_answer_is_not_found_inside_another_word() {
        assert!(!names("a maybe from me", "Mei"));
        assert!(names("It was Mei's cake", "mei"));
        assert!(names("和小梅一起", "小梅"));
        assert!(overlaps_any("Mei", &["Mei Lin".into()]));
        assert!(!overlaps_any("Tom", &["Mei Lin".into()]));
    }

    #[test]
    fn figures_and_numerals_are_found_where_they_stand_alone() {
        assert!(names("有3个人", "3"));
        assert!(!names("有13个人", "3"));
        assert!(!names("您和谁一起去的？", "一"));
        assert!(names("是：三。", "三"));
    }

    #[test]
    fn the_first_sound_starts_an_answer_and_is_never_all_of_it() {
        for (answer, start) in [
            ("the cat", Some("C")),
            ("cheese", Some("Ch")),
            ("a yellow kite", Some("Y")),
            ("ox", None),
            ("1968", None),
            ("风筝", Some("风")),
            ("猫", None),
            ("三只", None),
            ("", None),
        ] {
            assert_eq!(first_sound(answer).as_deref(), start, "{answer}");
        }
    }

    #[test]
    fn lists_read_naturally() {
        let items = ["tea".to_owned(), "cake".to_owned(), "jam".to_owned()];
        assert_eq!(join(&items, En), "tea, cake and jam");
        assert_eq!(join(&items, ZhCn), "tea、cake和jam");
        assert_eq!((list(&items, En).as_str(), list(&items, ZhCn).as_str()), ("tea, cake and jam", "tea、cake、jam"));
    }
}
