//! What the notes of one kind have in common: the person, the phrase, the time of day. An answer to questions about habits.

use std::collections::{BTreeMap, BTreeSet};

use reme_types::Language;

use super::{Read, Said, text_of};
use crate::{
    Doc,
    lexicon::{EMPTY_EN, is_empty_chinese},
    words::{jieba, stem},
};

/// Longest run of words or characters that is looked for. [design]
const LONGEST: usize = 6;

/// The person most of the notes name and the question does not.
pub(super) fn name(read: &Read<'_>) -> Option<Said> {
    // The best note may be the exception, of a day on which nobody was there.
    name_among(read, &read.kind())
        .or_else(|| name_among(read, &read.best[..read.best.len().min(super::MOST_OF_A_KIND)]))
}

fn name_among(read: &Read<'_>, kind: &[&Doc]) -> Option<Said> {
    let mut counts: BTreeMap<&String, usize> = BTreeMap::new();
    for doc in kind {
        for name in doc.people.iter().filter(|n| !read.named.contains(n)) {
            *counts.entry(name).or_default() += usize::from(crate::people::was_there(doc, name, read.language));
        }
    }
    let most = counts.values().copied().max().filter(|n| *n > 0)?;
    // Of those named equally often, the one in the best note.
    let name = kind.iter().flat_map(|d| &d.people).find(|n| counts.get(n) == Some(&most))?;
    let docs: Vec<&Doc> = kind.iter().copied().filter(|d| d.people.contains(name)).collect();
    Some(Said::of(name.clone(), &docs))
}

/// The longest telling phrase that several notes hold and the question does not.
pub(super) fn phrase(read: &Read<'_>) -> Option<Said> {
    let kind = read.kind();
    if kind.len() < 2 {
        return None;
    }
    let tokens: Vec<Vec<String>> = kind.iter().map(|d| cut_words(text_of(d), read.language)).collect();
    let keys: Vec<Vec<String>> = tokens.iter().map(|t| t.iter().map(|w| key(w, read.language)).collect()).collect();
    let words: BTreeSet<String> =
        cut_words(read.question, read.language).iter().map(|w| key(w, read.language)).collect();
    // 龙头 is part of 水龙头.
    let asked = |word: &str| words.contains(word) || read.language == Language::ZhCn && read.question.contains(word);
    let mut runs: BTreeMap<Vec<&str>, BTreeSet<usize>> = BTreeMap::new();
    for (doc, keys) in keys.iter().enumerate() {
        for length in 1..=LONGEST {
            for run in keys.windows(length) {
                if run.iter().all(|k| !k.is_empty()) {
                    runs.entry(run.iter().map(String::as_str).collect()).or_default().insert(doc);
                }
            }
        }
    }
    let names: Vec<String> =
        kind.iter().flat_map(|doc| &doc.people).map(|name| key_of_name(name, read.language)).collect();
    let rest: Vec<String> = read.best.iter().skip(kind.len()).map(|d| d.text.to_lowercase()).collect();
    let value = |run: &[&str], docs: &BTreeSet<usize>| {
        let own = run.iter().filter(|k| !is_empty(k, read.language) && !asked(k));
        let telling = match read.language {
            Language::En => own.count(),
            // Two characters make a word.
            Language::ZhCn => {
                Some(own.map(|k| k.chars().count()).sum::<usize>()).filter(|n| *n > 1).map_or(0, |n| n.div_ceil(2))
            }
        };
        let edge = |k: &&str| is_empty(k, read.language) || asked(k);
        let loose = run.first().is_some_and(edge) || run.last().is_some_and(edge);
        let everywhere = rest.iter().filter(|t| run.iter().all(|k| t.contains(k))).count();
        let rare = 1.0 / (1.0 + everywhere as f64);
        // What more notes share weighs more; a longer phrase tells more, less and less so.
        let spread = (docs.len() as f64 - 1.0) / (kind.len() as f64 - 1.0);
        // A time of day, or somebody's name, is not what is asked for.
        let said = run.join(if read.language == Language::ZhCn { "" } else { " " });
        let is_time = match read.language {
            Language::En => run.iter().all(|k| super::phrases::is_time(k) || k.parse::<f64>().is_ok()),
            Language::ZhCn => {
                said.chars().all(|c| "半天点钟夜早晚上中下午里一二三四五六七八九十两几今昨明年月日号分刻".contains(c))
            }
        };
        let is_name = names.iter().any(|name| name.contains(&said));
        if telling == 0 || loose || is_time || is_name {
            0.0
        } else {
            spread * (1.0 + (telling as f64).ln()) * rare.max(0.2)
        }
    };
    let mut valued: Vec<(f64, &Vec<&str>, &BTreeSet<usize>)> = runs
        .iter()
        .filter(|(_, docs)| docs.len() >= 2)
        .map(|(run, docs)| (value(run, docs), run, docs))
        .filter(|(value, ..)| *value > 0.0)
        .collect();
    valued.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    let wording = |run: &[&str], docs: &BTreeSet<usize>| {
        let doc = *docs.first()?;
        let at = keys[doc].windows(run.len()).position(|w| w.iter().map(String::as_str).eq(run.iter().copied()))?;
        let joint = if read.language == Language::ZhCn { "" } else { " " };
        Some(around(&tokens[doc], at, run.len(), read.language).join(joint))
    };
    let (_, first, docs) = *valued.first()?;
    let said = wording(first, docs)?;
    let at = *docs.first()?;
    let said = if asks_for_an_act(&read.asked.lower) {
        // The thing alone does not say what was done with it, or how it was.
        clause_of(text_of(kind[at]), &said, read.language).unwrap_or(said)
    } else {
        said
    };
    Some(Said::of(said, &docs.iter().map(|d| kind[*d]).collect::<Vec<_>>()))
}

fn key_of_name(name: &str, language: Language) -> String {
    name.split_whitespace().map(|word| key(word, language)).collect::<Vec<_>>().join(" ")
}

/// What somebody does, what helps, when or how it comes about; not what they give, eat or bring.
fn asks_for_an_act(lower: &str) -> bool {
    const ACTS: [&str; 19] = [
        " do ",
        " do?",
        " how ",
        "help",
        "calm",
        "when ",
        "kind of day",
        "sort of day",
        "sort of night",
        "sort of evening",
        "what happens",
        "expect",
        "happened",
        "look out for",
        "get wrong",
        "settle",
        "go wrong",
        "what makes",
        "most likely to make",
    ];
    const ACTS_ZH: [&str; 16] = [
        "做什么",
        "干什么",
        "干啥",
        "怎么",
        "办法",
        "什么情况",
        "什么时候",
        "什么样",
        "怎样",
        "忙什么",
        "靠什么",
        "做啥",
        "做点什么",
        "是怎么回事",
        "吗",
        "什么天",
    ];
    const THINGS_ZH: [&str; 5] = ["做什么吃", "做什么菜", "给她做什么", "给他做什么", "做什么好吃"];
    let padded = format!(" {lower}");
    ACTS.iter().any(|w| padded.contains(w))
        || ACTS_ZH.iter().any(|w| lower.contains(w)) && !THINGS_ZH.iter().any(|w| lower.contains(w))
}

/// Longest clause told for a phrase, in words or characters, and the shortest. [design]
const LONGEST_CLAUSE: [usize; 2] = [16, 24];
const SHORTEST_CLAUSE: [usize; 2] = [2, 3];

/// The clause of a text that holds a phrase; `None` where it is too long or too short to be told.
fn clause_of(text: &str, phrase: &str, language: Language) -> Option<String> {
    let clause = text
        .split(['.', ';', ':', '!', '?', ',', '。', '；', '：', '！', '？', '，'])
        .find(|clause| clause.contains(phrase))?
        .trim();
    let at = usize::from(language == Language::ZhCn);
    let length = if language == Language::ZhCn { clause.chars().count() } else { clause.split_whitespace().count() };
    (SHORTEST_CLAUSE[at]..=LONGEST_CLAUSE[at]).contains(&length).then(|| clause.to_owned())
}

/// Shortest place told, in words or characters.
const SHORTEST_SPOT: [usize; 2] = [1, 2];

/// The place that several notes of the kind speak of: what follows 到, 在, 从, "in", "under" alike in them.
pub(super) fn spot(read: &Read<'_>) -> Option<Said> {
    let kind = read.kind();
    let mut spots: Vec<(Vec<String>, usize)> = Vec::new();
    for (at, doc) in kind.iter().enumerate() {
        spots.extend(spots_of(text_of(doc), read.language).into_iter().map(|spot| (spot, at)));
    }
    let asked: BTreeSet<String> = cut(read.question, read.language).iter().map(|w| key(w, read.language)).collect();
    let least = SHORTEST_SPOT[usize::from(read.language == Language::ZhCn)];
    let mut counts: BTreeMap<Vec<String>, BTreeSet<usize>> = BTreeMap::new();
    for (a, (one, doc)) in spots.iter().enumerate() {
        for (other, other_doc) in spots.iter().skip(a + 1).filter(|(_, d)| d != doc) {
            let same =
                one.iter().zip(other).take_while(|(x, y)| key(x, read.language) == key(y, read.language)).count();
            let shared: Vec<String> = one[..same].to_vec();
            let telling = shared.iter().any(|w| !is_empty(&key(w, read.language), read.language));
            let of_question = shared.iter().all(|w| asked.contains(&key(w, read.language)));
            if same >= least && telling && !of_question {
                counts.entry(shared).or_default().extend([*doc, *other_doc]);
            }
        }
    }
    let joint = if read.language == Language::ZhCn { "" } else { " " };
    // A place that notes of other things speak of as well is where the day begins, not where it leads.
    let others: Vec<String> = read.best.iter().skip(kind.len()).map(|doc| text_of(doc).to_lowercase()).collect();
    let worth = |spot: &[String], docs: &BTreeSet<usize>| {
        let said = spot.join(joint).to_lowercase();
        let elsewhere = others.iter().filter(|text| text.contains(&said)).count() as f64;
        let count = docs.len() as f64;
        count * count / (count + elsewhere)
    };
    let is_of_time = |spot: &[String]| {
        spot.iter()
            .all(|w| is_empty(&key(w, read.language), read.language) || super::phrases::is_time(&w.to_lowercase()))
    };
    let (spot, docs) = counts
        .iter()
        .filter(|(spot, _)| !is_of_time(spot))
        .max_by(|a, b| worth(a.0, a.1).total_cmp(&worth(b.0, b.1)).then(a.0.len().cmp(&b.0.len())))?;
    let mut said = spot.join(joint);
    if read.language == Language::En
        && let Some(lead) = docs.first().and_then(|doc| lead_of(text_of(kind[*doc]), &said))
    {
        said = format!("{lead} {said}");
    }
    Some(Said::of(said, &docs.iter().map(|d| kind[*d]).collect::<Vec<_>>()))
}

/// The place of most of the notes, where hardly any other note is of it: where somebody who has not come was found before.
pub(super) fn place(read: &Read<'_>) -> Option<Said> {
    let kind = read.kind();
    let lower = &read.asked.lower;
    let is_told =
        |place: &&String| !matches!(place.as_str(), "home" | "家" | "家里") && !lower.contains(&place.to_lowercase());
    let at = |place: &String, docs: &[&Doc]| docs.iter().filter(|doc| doc.place.as_ref() == Some(place)).count();
    let place =
        kind.iter().filter_map(|doc| doc.place.as_ref()).filter(is_told).max_by_key(|place| at(place, &kind))?.clone();
    let (here, all) = (at(&place, &kind), at(&place, &read.best));
    let docs: Vec<&Doc> = kind.into_iter().filter(|doc| doc.place.as_ref() == Some(&place)).collect();
    (here >= 2 && here * 2 > all).then(|| Said::of(place, &docs))
}

/// The word for a place before a spot in a text: "behind".
fn lead_of<'a>(text: &'a str, spot: &str) -> Option<&'a str> {
    let at = text.find(spot)?;
    let lead = text[..at].split_whitespace().next_back()?;
    matches!(lead, "in" | "under" | "behind" | "on" | "inside" | "at" | "by" | "to" | "into").then_some(lead)
}

/// What follows the words for a place in a text, each up to the end of its clause.
fn spots_of(text: &str, language: Language) -> Vec<Vec<String>> {
    let tokens = cut(text, language);
    let leads: &[&str] = match language {
        Language::En => &["in", "under", "behind", "on", "inside", "at", "into", "to", "by"],
        Language::ZhCn => &["在", "到", "从", "上", "去"],
    };
    let longest = if language == Language::En { 4 } else { 6 };
    let mut out = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        if leads.contains(&token.to_lowercase().as_str()) {
            let spot: Vec<String> =
                tokens[at + 1..].iter().take_while(|t| !t.is_empty()).take(longest).cloned().collect();
            if !spot.is_empty() {
                out.push(spot);
            }
        }
    }
    out
}

/// The phrase with the article or the verb before it: "a jar of honey", "sorted the button tin".
fn around(tokens: &[String], at: usize, length: usize, language: Language) -> Vec<String> {
    let mut from = at;
    if language == Language::En
        && from > 0
        && matches!(tokens[from - 1].to_lowercase().as_str(), "a" | "an" | "the" | "her" | "his" | "my")
    {
        from -= 1;
    }
    tokens[from..at + length].to_vec()
}

/// "At what time of day": where most of the notes lie in it.
pub(super) fn part_of_day(read: &Read<'_>) -> Option<Said> {
    let lower = &read.asked.lower;
    if !["time of day", "part of the day", "什么钟点", "一天里", "什么时段", "几点钟"].iter().any(|w| lower.contains(w))
    {
        return None;
    }
    let kind = read.kind();
    let hours: Vec<i8> =
        kind.iter().filter_map(|d| d.happened_at).map(|h| h.first_moment().hour()).filter(|h| *h > 0).collect();
    let names = match read.language {
        Language::En => ["in the morning", "around noon", "in the afternoon", "in the evening", "at night"],
        Language::ZhCn => ["早上", "中午", "下午", "晚上", "夜里"],
    };
    let part = |hour: i8| match hour {
        5..=10 => 0,
        11..=13 => 1,
        14..=17 => 2,
        18..=21 => 3,
        _ => 4,
    };
    let best = (0..5).max_by_key(|p| hours.iter().filter(|h| part(**h) == *p).count())?;
    (!hours.is_empty()).then(|| Said::of(names[best], &kind))
}

/// "On which day of the week": the day most of the notes lie on, where more than half of them do.
pub(super) fn weekday(read: &Read<'_>) -> Option<Said> {
    const ASKED: [&str; 8] = [
        "day of the week",
        "which weekday",
        "days of the week",
        "星期几",
        "礼拜几",
        "周几",
        "一周里哪",
        "一个礼拜里哪",
    ];
    if !ASKED.iter().any(|w| read.asked.lower.contains(w)) {
        return None;
    }
    let kind = read.events();
    let day = |doc: &&&Doc| doc.happened_at.and_then(|h| h.day()).map(|d| d.weekday().to_monday_zero_offset());
    let days: Vec<i8> = kind.iter().filter_map(|doc| day(&doc)).collect();
    let best = (0..7).max_by_key(|d| days.iter().filter(|held| *held == d).count())?;
    let docs: Vec<&Doc> = kind.iter().filter(|doc| day(doc) == Some(best)).copied().collect();
    let names = match read.language {
        Language::En => ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
        Language::ZhCn => ["星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期天"],
    };
    (docs.len() >= 2 && docs.len() * 2 > days.len()).then(|| Said::of(names[best as usize], &docs))
}

/// Words with their punctuation off (English), or characters (Chinese); an empty entry where a clause ends.
fn cut(text: &str, language: Language) -> Vec<String> {
    match language {
        Language::ZhCn => {
            text.chars().map(|c| if c.is_alphanumeric() { c.to_string() } else { String::new() }).collect()
        }
        Language::En => text
            .split_whitespace()
            .flat_map(|word| {
                let plain = word.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
                let ends = word.ends_with([',', '.', ';', ':', '!', '?']);
                if ends { vec![plain, String::new()] } else { vec![plain] }
            })
            .collect(),
    }
}

/// The same, Chinese in words: a phrase begins and ends where a word does.
fn cut_words(text: &str, language: Language) -> Vec<String> {
    match language {
        Language::En => cut(text, language),
        Language::ZhCn => jieba()
            .cut(text, false)
            .into_iter()
            .map(
                |token| {
                    if token.word.chars().all(char::is_alphanumeric) { token.word.to_owned() } else { String::new() }
                },
            )
            .collect(),
    }
}

fn key(word: &str, language: Language) -> String {
    match language {
        Language::ZhCn => word.to_lowercase(),
        Language::En if word.is_empty() => String::new(),
        Language::En => stem(&word.to_lowercase()),
    }
}

fn is_empty(key: &str, language: Language) -> bool {
    match language {
        Language::ZhCn => is_empty_chinese(key) || "的了着过把一个只条又还就才也都在到去从上里".contains(key),
        Language::En => EMPTY_EN.split_whitespace().any(|w| w == key),
    }
}
