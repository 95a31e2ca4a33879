//! Which sentence of a note answers: the one that shares most with the question and holds the kind of thing that is asked for.
//!
//! Where no short form is sure, this sentence is the answer, in the person's own words: a wrong piece told as a fact is worse than a
//! whole sentence that says a little more.

use reme_types::Language;

use super::{Read, text_of};
use crate::{
    Doc,
    lexicon::EMPTY_EN,
    rules::figures,
    words::{is_plain, terms},
};

/// What the name of somebody there counts beside another word of the question: every sentence may be about them. [design]
const NAME: f64 = 0.33;
/// Another word for the same, and a pair of characters or a concept, beside the word itself. [design]
const OTHER_WORD: f64 = 0.6;
const PART: f64 = 0.35;
/// What it counts that a sentence holds the kind of thing asked for, in words of usual rarity. [design]
const OF_THE_KIND: f64 = 0.6;
/// A sentence that tells this share of what the note shares with the question tells it alone. [design]
const ENOUGH: f64 = 0.34;
/// A sentence that holds less than this share of the question's words may only lead up to the answer: the next is told with it. [design]
const LEADS_UP: f64 = 0.5;
/// So does a sentence of so few words: "Village fete." [design]
const HEADING: usize = 4;

/// The kind of thing a question asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sought {
    Reason,
    Colour,
    Money,
    Number,
    Weekday,
    Clock,
    Person,
    Place,
    Any,
}

pub(super) const COLOURS: &str = "red green blue yellow white black grey gray brown pink purple orange crimson scarlet turquoise violet cream gold golden \
silver beige maroon navy ginger tabby striped spotted";
const COLOURS_ZH: [&str; 16] =
    ["色", "红", "黄", "蓝", "绿", "白", "黑", "灰", "紫", "粉", "棕", "青", "花的", "金", "银", "褐"];
const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const MONEY: [&str; 14] =
    ["£", "$", "€", " pound", " pence", " p ", " euro", " dollar", " cent", "块", "元", "毛钱", "角", "钱"];

/// What a question asks for, told by its words; several where it asks twice ("on which evening, and where").
pub(super) fn sought(lower: &str) -> Vec<Sought> {
    const SIGNS: [(Sought, &[&str]); 9] = [
        (Sought::Reason, &["why", "what for", "how come", "为什么", "为啥", "怎么没", "什么原因", "干吗", "怎么会"]),
        (
            Sought::Colour,
            &["what colour", "which colour", "what color", "which color", "什么颜色", "哪种颜色", "啥颜色"],
        ),
        (
            Sought::Weekday,
            &[
                "day of the week",
                "which weekday",
                "which evening",
                "what evening",
                "which night",
                "which morning",
                "which afternoon",
                "星期几",
                "礼拜几",
                "周几",
            ],
        ),
        (
            Sought::Clock,
            &[
                "what time",
                "at which hour",
                "when does",
                "when is",
                "when are",
                "几点",
                "什么钟点",
                "什么时候吃",
                "什么时间",
            ],
        ),
        (
            Sought::Money,
            &[
                "how much did",
                "how much does",
                "how much was",
                "what did it cost",
                "price",
                "cost",
                "多少钱",
                "几块",
                "多少块",
                "什么价",
            ],
        ),
        (
            Sought::Number,
            &[
                "how many",
                "how much",
                "what figure",
                "which number",
                "what number",
                "how far",
                "how tall",
                "how heavy",
                "how old",
                "how long",
                "多少",
                "几个",
                "几只",
                "几斤",
                "几号",
                "几张",
                "几条",
                "几岁",
                "多大",
                "多高",
                "多重",
                "多远",
                "吃几",
            ],
        ),
        (Sought::Person, &["who ", "whom ", "whose", "谁", "哪位", "哪个人"]),
        (
            Sought::Place,
            &[
                "where",
                "which village",
                "which town",
                "which room",
                "which street",
                "which shop",
                "which house",
                "which place",
                "which city",
                "what place",
                "哪儿",
                "哪里",
                "什么地方",
                "哪个地方",
                "哪家",
                "哪个村",
                "哪条街",
            ],
        ),
        (Sought::Any, &["what ", "which ", "how ", "什么", "哪", "怎么", "啥"]),
    ];
    let mut found: Vec<(usize, Sought)> = Vec::new();
    for (kind, words) in SIGNS {
        let at = words.iter().filter_map(|w| lower.find(w)).min();
        // "What colour" is no second question for a thing.
        let is_own = |at: &usize| kind != Sought::Any || found.iter().all(|(other, _)| other.abs_diff(*at) > 3);
        if let Some(at) = at.filter(is_own) {
            found.push((at, kind));
        }
    }
    if found.iter().any(|(_, kind)| *kind == Sought::Money) {
        found.retain(|(_, kind)| *kind != Sought::Number);
    }
    found.sort_by_key(|(at, _)| *at);
    found.into_iter().map(|(_, kind)| kind).collect()
}

/// Whether a piece of a note holds a thing of this kind.
pub(super) fn holds(kind: Sought, part: &str, doc: &Doc, read: &Read<'_>) -> bool {
    let lower = part.to_lowercase();
    let words = || lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
    let has = |list: &[&str]| list.iter().any(|w| lower.contains(w));
    match kind {
        Sought::Reason => {
            words().any(|w| matches!(w, "because" | "so" | "since" | "as" | "for"))
                || has(&["因为", "由于", "怕", "为了", "所以", "说是"])
        }
        Sought::Colour => words().any(|w| COLOURS.split_whitespace().any(|c| c == w)) || has(&COLOURS_ZH),
        Sought::Money => !figures(&lower).is_empty() && MONEY.iter().any(|w| format!("{lower} ").contains(w)),
        Sought::Number => {
            !figures(&lower).is_empty() || words().any(|w| matches!(w, "twice" | "once" | "dozen" | "half" | "couple"))
        }
        Sought::Weekday => WEEKDAYS.iter().any(|day| lower.contains(day)) || has(&["星期", "礼拜", "周"]),
        Sought::Clock => {
            has(&[
                "o'clock",
                "half past",
                "quarter",
                "morning",
                "evening",
                "afternoon",
                "bedtime",
                "breakfast",
                "noon",
                "点",
                "早",
                "晚",
                "饭后",
                "饭前",
                "睡前",
                "中午",
                "上午",
                "下午",
            ]) || lower.split_whitespace().any(|w| w.contains('.') && w.starts_with(|c: char| c.is_ascii_digit()))
        }
        Sought::Person => doc.people.iter().any(|name| stands_in(part, name)),
        Sought::Place => {
            doc.place.as_ref().is_some_and(|place| lower.contains(&place.to_lowercase()))
                || words().any(|w| {
                    matches!(w, "in" | "at" | "on" | "under" | "behind" | "beside" | "near" | "inside" | "from" | "to")
                })
                || has(&["在", "到", "去", "里", "上", "边", "门口"])
        }
        Sought::Any => {
            words().any(|w| !EMPTY_EN.split_whitespace().any(|e| e == w) && !read.asked.lower.contains(w))
                || !lower.is_ascii()
        }
    }
}

/// Whether a name, or a telling part of it, stands in a text.
pub(super) fn stands_in(text: &str, name: &str) -> bool {
    text.contains(name)
        || name.split(' ').any(|word| {
            word.len() > 2
                && !matches!(word, "Mrs" | "Miss" | "Aunt" | "Uncle")
                && word.is_ascii()
                && has_word(text, word)
        })
}

fn has_word(text: &str, word: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric()).any(|w| w == word)
}

/// What a text shares with the question, by rarity.
pub(super) fn shared(text: &str, doc: &Doc, read: &Read<'_>) -> f64 {
    let own: Vec<String> = terms(text, read.language).into_iter().map(|(term, _)| term).collect();
    let names: Vec<String> =
        doc.people.iter().flat_map(|name| terms(name, read.language)).map(|(term, _)| term).collect();
    read.rarity
        .iter()
        .map(|(term, rarity)| {
            let weight = if names.contains(term) {
                NAME
            } else if is_plain(term) {
                1.0
            } else {
                PART
            };
            if own.contains(term) {
                return weight * rarity;
            }
            let other = read.others.get(term).is_some_and(|others| others.iter().any(|other| own.contains(other)));
            if other { weight * OTHER_WORD * rarity } else { 0.0 }
        })
        .sum()
}

/// The sentence of a note that answers best.
pub(super) fn sentence<'a>(doc: &'a Doc, read: &Read<'_>) -> &'a str {
    best_of(&sentences(text_of(doc)), doc, read).unwrap_or_else(|| text_of(doc))
}

fn best_of<'a>(all: &[&'a str], doc: &Doc, read: &Read<'_>) -> Option<&'a str> {
    let kinds = sought(&read.asked.lower);
    let usual = read.rarity.values().sum::<f64>() / (read.rarity.len() as f64).max(1.0);
    let value = |part: &str| {
        let of_kind = kinds.iter().filter(|kind| holds(**kind, part, doc, read)).count() as f64;
        shared(part, doc, read) + OF_THE_KIND * usual * of_kind
    };
    // Of several as good the first.
    all.iter().rev().copied().max_by(|a, b| value(a).total_cmp(&value(b)))
}

/// What a note says to the question in its own words: its best sentence; with the one that shares most with the question where the best is
/// another, and with the next where the best says nothing but what was asked.
pub(super) fn whole(doc: &Doc, read: &Read<'_>) -> String {
    let all = sentences_whole(text_of(doc));
    let plain: Vec<&str> = all.iter().map(|part| part.trim_end_matches(['.', '。', ';', '；'])).collect();
    let Some(best) = best_of(&plain, doc, read).and_then(|best| plain.iter().position(|part| *part == best)) else {
        return text_of(doc).to_owned();
    };
    let kinds = sought(&read.asked.lower);
    let unmet = kinds.iter().any(|kind| !holds(*kind, plain[best], doc, read));
    let all_asked: f64 = read.rarity.iter().filter(|(term, _)| is_plain(term)).map(|(_, rarity)| rarity).sum();
    let length = if read.language == Language::ZhCn {
        plain[best].chars().count() / 2
    } else {
        plain[best].split_whitespace().count()
    };
    let leads_up = length <= HEADING || shared(plain[best], doc, read) < LEADS_UP * all_asked;
    let mut told = vec![best];
    let sharing =
        (0..plain.len()).rev().max_by(|a, b| shared(plain[*a], doc, read).total_cmp(&shared(plain[*b], doc, read)));
    if let Some(other) = sharing.filter(|other| *other != best && other.abs_diff(best) == 1) {
        // The question's own words stand beside: without them "She put it out" says nothing.
        if shared(plain[best], doc, read) < ENOUGH * shared(plain[other], doc, read) {
            told.push(other);
        }
    } else if (unmet || leads_up || !is_news(plain[best], read)) && best + 1 < plain.len() && told.len() == 1 {
        told.push(best + 1);
    }
    told.sort_unstable();
    let joint = if read.language == Language::ZhCn { "" } else { " " };
    let text = told.iter().map(|at| all[*at]).collect::<Vec<_>>().join(joint);
    text.trim_end_matches(['.', '。', ';', '；']).to_owned()
}

/// Whether a sentence says something that the question does not.
fn is_news(part: &str, read: &Read<'_>) -> bool {
    let asked: Vec<String> = terms(&read.asked.lower, read.language).into_iter().map(|(term, _)| term).collect();
    terms(part, read.language).iter().any(|(term, _)| is_plain(term) && !asked.contains(term))
}

/// The sentences of a text without their full stops.
pub(super) fn sentences(text: &str) -> Vec<&str> {
    sentences_whole(text)
        .into_iter()
        .map(|part| part.trim_end_matches(['.', '!', '?', '。', '！', '？', ';', '；']))
        .collect()
}

fn sentences_whole(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices() {
        let title = c == '.' && ["Mr", "Mrs", "Ms", "Dr", "St"].iter().any(|t| text[..at].ends_with(t));
        let decimal = c == '.' && text[at + 1..].starts_with(|c: char| c.is_ascii_digit());
        if matches!(c, '.' | '!' | '?' | '。' | '！' | '？' | ';' | '；') && !title && !decimal {
            let end = at + c.len_utf8();
            out.push(text[start..end].trim());
            start = end;
        }
    }
    out.push(text[start..].trim());
    out.retain(|s| s.chars().any(char::is_alphanumeric));
    out
}
