//! Answers that are numbers: amounts, money, lengths of time, times of day, steps, digits and letters in order.

use reme_types::{Intent, Language, MatchedBy, Verdict};

use crate::{
    dates,
    judge::{Judgement, Question, first_part, silence_or_other, words},
    numbers::{self, Amount, amounts, lengths, minutes},
    spans, speech,
    text::{self, english_words, normalise},
    turns,
};

/// Share by which a rounded length of time ("about a week") may miss. [design]
const ROUNDED_TIME: f64 = 0.35;

pub(crate) fn by_number(verdict: Verdict, confidence: f64) -> Judgement {
    let by = if verdict == Verdict::Incorrect { MatchedBy::Nothing } else { MatchedBy::Normalised };
    Judgement::new(verdict, by, confidence)
}

/// 一分不多, "not a penny more": just so much.
fn without_idle_amounts(said: &str) -> String {
    [
        "一分不多",
        "一分不少",
        "一个不多",
        "一个不少",
        "一分钱不差",
        "一分不差",
        "一天不多",
        "一天不少",
        "一块不多",
        "一毛不差",
        "not a penny more",
        "not a penny less",
        "not one more",
        "not one less",
    ]
    .iter()
    .fold(said.to_owned(), |text, idle| text.replace(idle, ""))
}

/// 一人四个，还剩五个: what is left over is no share, unless it is asked for.
fn without_what_is_left(said: &str, asked: &str) -> String {
    const LEFT: [&str; 7] = ["剩", "余下", "多出", " left over", " to spare", " remaining", " remainder"];
    let tells_what_is_left = |clause: &str| LEFT.iter().any(|w| clause.contains(w));
    if tells_what_is_left(asked) || asked.contains(" left") {
        return said.to_owned();
    }
    let kept: String = speech::clauses(said).into_iter().filter(|clause| !tells_what_is_left(clause)).collect();
    if numbers::values(&kept).is_empty() { said.to_owned() } else { kept }
}

/// "Thirty-two pence": pence, and no pounds.
fn names_pence_alone(text: &str) -> bool {
    let words = numbers::number_words(text);
    let has = |list: &[&str]| words.iter().any(|w| list.contains(&w.as_str()));
    has(&["pence", "p", "penny", "pennies"]) && !has(&["pound", "pounds", "quid"]) && !text.contains('£')
}

pub(crate) fn number(question: &Question<'_>, said: &str) -> Judgement {
    let language = question.language;
    if crate::talk::is_talk(said, language) {
        return Judgement::nothing_offered();
    }
    let asked = normalise(question.text, language);
    let said = &without_what_is_left(&without_idle_amounts(said), &asked);
    let wanted_text = normalise(first_part(question.expected), language);
    let Some(wanted) = numbers::values(&wanted_text).first().copied() else {
        return words(question, said);
    };
    if is_year(wanted, &wanted_text, &asked) {
        return year(question, said, wanted);
    }
    let wanted_minutes = minutes(&wanted_text, language);
    let said_minutes = minutes(said, language);
    if language == Language::ZhCn
        && let (Some(wanted), Some(given)) = (numbers::fen(&wanted_text), numbers::fen(said))
        && !turns::is_open_choice(said)
        && !said.contains(['差', '缺', '少'])
    {
        let exact = amounts(said, language).iter().all(|a| matches!(a, Amount::Exact(_)));
        if (wanted - given).abs() < 1e-9 && exact {
            return by_number(Verdict::Correct, 0.95);
        }
        if (wanted - given).abs() > 1e-9 && exact && numbers::values(said).len() <= 2 {
            return Judgement::something_else();
        }
    }
    // 差四分一百: so many less than.
    if language == Language::ZhCn
        && let Some((_, rest)) = said.split_once('差')
        && let [less, whole] = numbers::values(rest)[..]
        && less < whole
    {
        let is_it = (whole - less - wanted).abs() < 1e-9;
        return if is_it { by_number(Verdict::Correct, 0.75) } else { Judgement::something_else() };
    }
    // "He was always a one for a joke" counts nothing.
    let mut given = match (wanted - 1.0).abs() < 1e-9 {
        true => numbers::values(said),
        false => numbers::values(&crate::offer::without_idle_ones(said)),
    };
    let says_between = ["between", "from ", " to ", "到", "至", "之间"].iter().any(|w| said.contains(w));
    let between = says_between && given.len() == 2;
    if wanted.fract() != 0.0 && given.len() == 2 && given[1] < 100.0 && !between {
        // "twelve sixty"
        given.push(given[0] + given[1] / 100.0);
    }
    let is_wanted = |v: &f64| (v - wanted).abs() < 1e-9;
    if language == Language::ZhCn
        && let [Amount::Range(low, high)] = amounts(said, language)[..]
        && high - low >= 9.0
    {
        // 四十来分钟, and forty it is: a hesitant tone.
        let hedged = ["来", "大概", "大约", "差不多", "约莫", "左右"].iter().any(|w| said.contains(w));
        return if hedged && given.iter().any(is_wanted) {
            by_number(Verdict::Correct, 0.7)
        } else if Amount::Range(low, high).holds(wanted) {
            by_number(Verdict::Partial, 0.75)
        } else {
            Judgement::something_else()
        };
    }
    let open = turns::is_open_choice(said) && given.iter().any(|v| !is_wanted(v));
    let settled_on =
        |given: &[f64]| given.len() < 4 || given.first().is_some_and(is_wanted) || given.last().is_some_and(is_wanted);
    let ranges: Vec<Amount> = amounts(said, language).into_iter().filter(|a| matches!(a, Amount::Range(..))).collect();
    let other_unit = wanted_minutes.zip(said_minutes).is_some_and(|(w, s)| given.len() == 1 && (w - s).abs() > 1e-9)
        || given.len() == 1
            && names_pence_alone(said)
            && wanted_text.contains(['£', 'p'])
            && !names_pence_alone(&wanted_text);
    let short_of = numbers::reckoned_pence(said).zip(numbers::pence(&wanted_text));
    if let Some((given, wanted)) = short_of {
        let is_it = (given - wanted).abs() < 1e-9;
        return if is_it { by_number(Verdict::Correct, 0.75) } else { Judgement::something_else() };
    }
    // 十五六天: fifteen or sixteen, one of them right.
    if language == Language::ZhCn
        && let Some((a, b)) = neighbours(said)
        && given.iter().any(is_wanted)
        && text::bare(said).chars().count() <= BRIEF_NUMBER
    {
        return if a == wanted || b == wanted { by_number(Verdict::Partial, 0.8) } else { Judgement::something_else() };
    }
    // Two units of time are added in minutes.
    let one_unit = lengths(said, language).len() < 2;
    if let Some(value) = numbers::reckoned(said, language).filter(|v| !open && (one_unit || is_wanted(v))) {
        let is_it = is_wanted(&value);
        return if is_it { by_number(Verdict::Correct, 0.75) } else { Judgement::something_else() };
    }
    if given.iter().any(is_wanted) && !other_unit {
        return match (open || between, ranges.is_empty()) {
            (true, _) => by_number(Verdict::Partial, 0.85),
            // "about forty", and forty it is: unsure in tone, right in content.
            _ if ranges.iter().all(|r| r.holds(wanted)) && settled_on(&given) => by_number(Verdict::Correct, 0.95),
            _ => by_number(Verdict::Partial, 0.55),
        };
    }
    if language == Language::En
        && let (Some(wanted), Some(given)) = (numbers::pence(&wanted_text), numbers::pence(said))
        && !open
    {
        return if wanted == given { by_number(Verdict::Correct, 0.9) } else { Judgement::something_else() };
    }
    if given.len() == 2 && open && given.iter().any(|v| *v < wanted) && given.iter().any(|v| *v > wanted) {
        return by_number(Verdict::Partial, 0.6);
    }
    if heard_in_two(said, wanted) {
        return Judgement::new(Verdict::Correct, MatchedBy::Phonetic, 0.7);
    }
    if let Some((a, b)) = neighbours(said) {
        return if a == wanted || b == wanted { by_number(Verdict::Partial, 0.8) } else { Judgement::something_else() };
    }
    if product(said, &given).is_some_and(|product| is_wanted(&product)) {
        return by_number(Verdict::Correct, 0.75);
    }
    if sum(said, &given).is_some_and(|sum| is_wanted(&sum)) && !says_between {
        return by_number(Verdict::Correct, 0.75);
    }
    if let Some(wanted) = wanted_minutes
        && let [a, b] = lengths(said, language)[..]
        && says_between
        && (a.min(b)..=a.max(b)).contains(&wanted)
    {
        return by_number(Verdict::Partial, 0.75);
    }
    if let (Some(wanted), Some(given)) = (wanted_minutes, said_minutes) {
        let rounded = [
            "about",
            "around",
            "roughly",
            "or so",
            "nearly",
            "almost",
            "more than",
            "over",
            "between",
            "来",
            "左右",
            "多",
            "大概",
            "差不多",
            "将近",
        ]
        .iter()
        .any(|w| said.contains(w));
        let unit_kept = given_unit_is(wanted, given);
        match (given - wanted).abs() / wanted.max(1.0) {
            miss if miss < 1e-9 => return by_number(Verdict::Correct, 0.9),
            miss if rounded && miss <= ROUNDED_TIME && !unit_kept => return by_number(Verdict::Partial, 0.7),
            _ => {}
        }
    }
    if ranges.iter().any(|r| r.holds(wanted)) && !other_unit {
        return by_number(Verdict::Partial, 0.75);
    }
    if given.is_empty() && said_minutes.is_none() {
        if heard_number(said, wanted) {
            return Judgement::new(Verdict::Correct, MatchedBy::Phonetic, 0.75);
        }
        return if ranges.is_empty() { silence_or_other(question, said) } else { Judgement::something_else() };
    }
    let (low, high) = (given.iter().copied().fold(f64::MAX, f64::min), given.iter().copied().fold(f64::MIN, f64::max));
    // "A good two dozen, twenty-five to thirty-five": the range stands last.
    let last_two = says_between && matches!(given[..], [.., a, b] if a <= wanted && wanted <= b);
    if last_two || between && low <= wanted && wanted <= high {
        return by_number(Verdict::Partial, 0.8);
    }
    // "There was a day I'd have known, but it's gone": a length of time alone is no number there.
    let forgot = given.is_empty() && speech::phrase_intent(said) == Some(Intent::Forgot);
    if forgot || matches!(speech::phrase_intent(said), Some(Intent::Repeat | Intent::Hint | Intent::Skip)) {
        return Judgement::nothing_offered();
    }
    Judgement::something_else()
}

/// Longest answer that is nothing but two neighbouring numbers, in characters. [design]
const BRIEF_NUMBER: usize = 7;

/// 六七条, 七八个: one or the other.
pub(crate) fn neighbours(said: &str) -> Option<(f64, f64)> {
    let chars: Vec<char> = said.chars().collect();
    let digit =
        |c: char| "一二三四五六七八九".chars().position(|d| d == c || (c == '两' && d == '二')).map(|n| n as f64 + 1.0);
    chars.windows(2).enumerate().find_map(|(at, pair)| {
        let (a, b) = (digit(pair[0])?, digit(pair[1])?);
        let alone = |c: Option<&char>| c.is_none_or(|c| digit(*c).is_none() && !"十百千零〇".contains(*c));
        let before = at.checked_sub(1).and_then(|i| chars.get(i));
        // 十五六 is fifteen or sixteen, 二十五六 twenty-five or twenty-six.
        let tens = match (before, at.checked_sub(2).and_then(|i| chars.get(i)).and_then(|c| digit(*c))) {
            (Some('十'), Some(tens)) => tens * 10.0,
            (Some('十'), None) => 10.0,
            _ => 0.0,
        };
        let stands = b == a + 1.0 && (alone(before) || tens > 0.0) && alone(chars.get(at + 2));
        stands.then_some((tens + a, tens + b))
    })
}

/// "three for her and three for us", "two girls and a boy": parts that make the whole.
fn sum(said: &str, given: &[f64]) -> Option<f64> {
    // "Eight, and one left over": what is left is no part of it.
    if [" left", " over", "spare", "remain", "剩", "余"].iter().any(|w| said.contains(w)) {
        return None;
    }
    let one_more =
        [" and a ", " and an ", " and one ", " and the ", " plus a ", " plus the "].iter().any(|w| said.contains(w))
            && given.len() == 1;
    if one_more && !said.contains("half") && !said.contains("bit") {
        return Some(given[0] + 1.0);
    }
    // 十副送人，六副自家贴: counted with one measure word.
    let counted = numbers::chinese(said);
    let signs: Vec<char> = said.chars().collect();
    let measures: Vec<Option<&char>> = counted.iter().map(|n| signs.get(n.end)).collect();
    let alike = given.len() == 2
        && matches!(measures[..], [Some(a), Some(b)] if a == b && text::is_han(*a) && !"点月日号年岁".contains(*a))
        && said.contains(['，', '、', ',']);
    (given.len() == 2
        && (alike
            || said.contains(" and ")
            || said.contains("加")
            || said.matches('个').count() == 2
            || said.matches('张').count() == 2))
        .then(|| given.iter().sum())
}

/// "Five boxes of six", "four times three", 四盒，每盒六个: so many, so many times.
fn product(said: &str, given: &[f64]) -> Option<f64> {
    let &[a, b] = given else { return None };
    let words = english_words(said);
    let is_number = |w: Option<&String>| w.is_some_and(|w| !numbers::values(w).is_empty());
    let lots = (1..words.len()).any(|i| {
        let follows = is_number(words.get(i + 1));
        follows && (words[i] == "of" && i >= 2 && is_number(words.get(i - 2)) || words[i] == "times")
    });
    let each = words.last().is_some_and(|w| w == "each") || words.iter().any(|w| w == "apiece");
    (lots || each || said.contains('每')).then_some(a * b)
}

/// What number an everyday word stands for when a recogniser heard it so.
pub(crate) fn by_ear(word: &str) -> Option<f64> {
    const BY_EAR: [(&str, f64); 12] = [
        ("won", 1.0),
        ("too", 2.0),
        ("tu", 2.0),
        ("tree", 3.0),
        ("free", 3.0),
        ("fore", 4.0),
        ("for", 4.0),
        ("hive", 5.0),
        ("sicks", 6.0),
        ("ate", 8.0),
        ("nein", 9.0),
        ("tin", 10.0),
    ];
    BY_EAR.iter().find(|(heard, _)| *heard == word).map(|(_, n)| *n)
}

/// Both are whole numbers of the larger unit the smaller was given in: no change of unit, so no rounding.
fn given_unit_is(wanted: f64, given: f64) -> bool {
    const WEEK: f64 = 7.0 * 24.0 * 60.0;
    given.rem_euclid(WEEK) != 0.0 || wanted.rem_euclid(WEEK) == 0.0
}

fn is_year(wanted: f64, wanted_text: &str, asked: &str) -> bool {
    (1800.0..2200.0).contains(&wanted)
        && wanted.fract() == 0.0
        && (["year", "年", "when"].iter().any(|w| asked.contains(w)) || wanted_text.contains('年'))
        && !["how many", "多少", "how much"].iter().any(|w| asked.contains(w))
}

fn year(question: &Question<'_>, said: &str, wanted: f64) -> Judgement {
    let wanted = wanted as i32;
    let mut given = dates::years(said);
    let century = wanted - wanted % 100;
    if given.is_empty() || turns::is_open_choice(said) {
        // '68, 六八年, "twenty-five or twenty-six".
        let plain = said.replace(['\'', '\u{2019}'], " ");
        let short = numbers::values(&plain).into_iter().filter(|v| (0.0..100.0).contains(v) && v.fract() == 0.0);
        given.extend(short.map(|v| v as i32 + century));
    }
    if given.is_empty() {
        let decade = format!("{}s", wanted - wanted % 10);
        let short = format!("{}年代", wanted % 100 - wanted % 10);
        let decade_said = said.contains(&decade) || said.contains(&short);
        return if decade_said { by_number(Verdict::Partial, 0.7) } else { silence_or_other(question, said) };
    }
    let open = turns::is_open_choice(said);
    match given.contains(&wanted) {
        true if open && given.iter().any(|y| *y != wanted) => by_number(Verdict::Partial, 0.85),
        true => by_number(Verdict::Correct, 0.95),
        false => Judgement::something_else(),
    }
}

/// Longest answer in which a number is heard in other words. [design]
const MOST_HEARD: usize = 6;

/// Neighbouring words that sound like the English name of the number: "ate teen".
fn heard_number(said: &str, wanted: f64) -> bool {
    let words = english_words(said);
    let names = (0..=100_u32).filter(|n| f64::from(*n) == wanted).map(english_name);
    if words.len() <= 4 && words.first().and_then(|w| by_ear(w)) == Some(wanted) {
        return true;
    }
    // In a long answer some two words always sound like a number.
    if words.len() > MOST_HEARD {
        return false;
    }
    let spoken: Vec<String> =
        (1..=2).flat_map(|n| words.windows(n).map(|w| text::sound_key(&w.concat())).collect::<Vec<_>>()).collect();
    names.filter(|name| name.len() > 4).any(|name| spoken.contains(&text::sound_key(&name)))
}

/// Two neighbouring words that together are one letter off the English name of the number: "thirsty two".
fn heard_in_two(said: &str, wanted: f64) -> bool {
    let words = english_words(said);
    (21..=99_u32).filter(|n| f64::from(*n) == wanted && !n.is_multiple_of(10)).map(english_name).any(|name| {
        words.windows(2).any(|w| numbers::values(&w[0]).is_empty() && strsim::osa_distance(&name, &w.concat()) <= 1)
    })
}

fn english_name(n: u32) -> String {
    const ONES: &str = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen \
eighteen nineteen";
    const TENS: &str = "- - twenty thirty forty fifty sixty seventy eighty ninety";
    let word = |list: &'static str, at: u32| list.split_whitespace().nth(at as usize).unwrap_or("");
    match n {
        0..20 => word(ONES, n).to_owned(),
        100 => "hundred".to_owned(),
        _ => format!("{}{}", word(TENS, n / 10), if n.is_multiple_of(10) { "" } else { word(ONES, n % 10) }),
    }
}

/// "A week less two days", "two days short of a week", 一个礼拜差两天: one length taken from another.
fn less(said: &str, a: f64, b: f64) -> Option<f64> {
    const LESS: [&str; 8] = [" less ", " minus ", " bar ", " short of ", " shy of ", "差", "少", "缺"];
    let taken = LESS.iter().any(|w| said.contains(w)) && !said.contains("less than") && !said.contains("不少");
    (taken && (a - b).abs() > 1e-9).then_some((a - b).abs())
}

/// "The best part of a week", 小一个礼拜: somewhat less than what is named.
fn nearly(said: &str) -> bool {
    const NEARLY: [&str; 14] = [
        "best part of",
        "better part of",
        "nearly",
        "almost",
        "not quite",
        "getting on for",
        "just under",
        "close on",
        "小一",
        "小两",
        "小半",
        "将近",
        "不到",
        "快",
    ];
    NEARLY.iter().any(|w| said.contains(w))
}

/// An answer to "how long", in any units.
pub(crate) fn length(question: &Question<'_>, said: &str) -> Judgement {
    const NEAR: [&str; 16] = [
        "over",
        "more than",
        "about",
        "around",
        "nearly",
        "almost",
        "or so",
        "多",
        "来",
        "左右",
        "大概",
        "差不多",
        "将近",
        "不到",
        "and a bit",
        "and some",
    ];
    let language = question.language;
    let wanted = minutes(&normalise(first_part(question.expected), language), language);
    // 三四个钟头: one or the other.
    if let (Some(wanted), Language::ZhCn, Some((low, high))) = (wanted, language, neighbours(said)) {
        let unit = lengths(said, language).first().map(|length| length / high).unwrap_or_default();
        let holds = [low * unit, high * unit].iter().any(|length| (length - wanted).abs() < 1e-9);
        if unit > 0.0 && high < 10.0 {
            return if holds { by_number(Verdict::Partial, 0.8) } else { Judgement::something_else() };
        }
    }
    if let Some(wanted) = wanted {
        let told = match lengths(said, language)[..] {
            [] => spans::judged(question, said, wanted),
            [a, b] => less(said, a, b).map(|given| {
                let is_it = (given - wanted).abs() < 1e-9;
                if is_it { by_number(Verdict::Correct, 0.75) } else { Judgement::something_else() }
            }),
            [given] => {
                (nearly(said) && given * 0.5 <= wanted && wanted < given).then(|| by_number(Verdict::Partial, 0.7))
            }
            _ => None,
        };
        if let Some(judged) = told {
            return judged;
        }
    }
    let (Some(wanted), Some(given)) = (wanted, minutes(said, language)) else { return number(question, said) };
    let open = turns::is_open_choice(said) || ["between", "from ", "到", "之间"].iter().any(|w| said.contains(w));
    let near = NEAR.iter().any(|w| said.contains(w));
    if (given - wanted).abs() < 1e-9 && !open {
        return by_number(Verdict::Correct, 0.9);
    }
    // "Twenty years and two more": the unit is said once.
    let adds = said.contains(" more") && said.contains(" and ") || numbers::reckoned(said, language).is_some();
    if adds && numbers::values(said).len() == 2 {
        return number(question, said);
    }
    // "Between one and two hours": the unit is said once.
    if open
        && let ([low, high], [length]) = (&numbers::values(said)[..], &lengths(said, language)[..])
        && low < high
        && !turns::is_open_choice(said)
    {
        let unit = length / high;
        let holds = (low * unit..=high * unit).contains(&wanted);
        return if holds { by_number(Verdict::Partial, 0.75) } else { Judgement::something_else() };
    }
    // The same in several units ("three quarters of an hour, forty minutes") is for the reader of numbers.
    if open || lengths(said, language).iter().any(|l| (l - wanted).abs() < 1e-9) {
        return number(question, said);
    }
    match (given - wanted).abs() / wanted.max(1.0) {
        miss if near && miss <= ROUNDED_TIME => by_number(Verdict::Partial, 0.7),
        _ if near => number(question, said),
        _ => Judgement::something_else(),
    }
}

/// Whether a length of time is asked for and expected: "how long", "an hour and a quarter".
pub(crate) fn is_length(question: &Question<'_>) -> bool {
    let asked = normalise(question.text, question.language);
    let asks = ["how long", "多久", "多长时间"].iter().any(|w| asked.contains(w));
    asks && minutes(&normalise(first_part(question.expected), question.language), question.language).is_some()
}
