//! Answers that choose or list: the better of two ways, whether something has come about by now, all titles or things of a kind.

use reme_types::{Language, MemoryKind};

use super::{Read, Said, parts, phrases, text_of};
use crate::{
    Doc, Level,
    question::Wanted,
    words::{is_plain, jieba, stem, terms},
};

/// Words of a thing gone wrong.
const TROUBLE_EN: &str = "lost wrong miss fell fall hurt upset cri stuck late forgot forget broke confus mistak stray";
const TROUBLE_ZH: [&str; 24] = [
    "出岔子",
    "两遍",
    "付成",
    "付错",
    "多付",
    "退了我",
    "退的钱",
    "要回来",
    "走错",
    "坐错",
    "迷路",
    "迷了",
    "丢了",
    "摔",
    "找不",
    "哭",
    "急得",
    "过了站",
    "坐过",
    "弄错",
    "没赶上",
    "烧坏",
    "不认得",
    "转了半个",
];
/// Notes looked at for each way. [design]
const LOOKED_AT: usize = 14;
/// Longest list told. [design]
const LONGEST_LIST: usize = 6;

/// "By bus or by underground?", 坐地铁好还是坐公交好: the way that went wrong least often.
pub(super) fn better(read: &Read<'_>) -> Option<Said> {
    if read.asked.level != Level::HiddenRationale {
        return None;
    }
    let lower = &read.asked.lower;
    let asks = ["better", "best", "safer", "rather", "good idea"].iter().any(|w| lower.contains(w))
        && lower.contains(" or ")
        || lower.contains("还是");
    let options = parts::alternatives(read.question).filter(|_| asks)?;
    let mut ways: Vec<(f64, String, Vec<&Doc>)> = Vec::new();
    for option in options {
        let option = ["让她", "让他", "让我", "叫她", "叫他"]
            .iter()
            .find_map(|w| option.strip_prefix(w))
            .unwrap_or(&option)
            .trim_end_matches('好')
            .to_owned();
        let own: Vec<String> = content(&option, read.language);
        let docs: Vec<&Doc> = read
            .best
            .iter()
            .copied()
            .take(LOOKED_AT)
            .filter(|d| d.kind == MemoryKind::Episode)
            .filter(|d| {
                let held: Vec<String> = content(text_of(d), read.language);
                own.iter().any(|w| held.contains(w))
            })
            .collect();
        let bad = docs.iter().filter(|d| is_trouble(text_of(d), read.language)).count();
        if !docs.is_empty() {
            ways.push((bad as f64 / docs.len() as f64, option, docs));
        }
    }
    let [a, b] = &ways[..] else { return None };
    let docs: Vec<&Doc> = a.2.iter().chain(&b.2).copied().collect();
    let chosen = if a.0 < b.0 { a } else { b };
    ((a.0 - b.0).abs() > f64::EPSILON).then(|| Said::of(chosen.1.clone(), &docs))
}

fn content(text: &str, language: Language) -> Vec<String> {
    terms(text, language).into_iter().map(|(t, _)| t).filter(|t| is_plain(t) && t.chars().count() > 1).collect()
}

fn is_trouble(text: &str, language: Language) -> bool {
    match language {
        Language::ZhCn => TROUBLE_ZH.iter().any(|w| text.contains(w) && !text.contains(&format!("没{w}"))),
        Language::En => {
            let lower = text.to_lowercase();
            let mut words = lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(stem);
            words.any(|w| TROUBLE_EN.split(' ').any(|t| w == t || w.starts_with(t) && t.len() > 4))
        }
    }
}

/// "Has the tortoise come back?", 墨环回来了没有: what the newest note about it says.
pub(super) fn come_about(read: &Read<'_>) -> Option<Said> {
    if read.rule.is_some() || read.asked.level == Level::HiddenRationale || read.asked.wanted != Wanted::Words {
        return None;
    }
    let newest = || read.kind().into_iter().max_by_key(|d| d.happened_at.map_or(d.recorded_at, |h| h).first_moment());
    match read.language {
        Language::ZhCn => {
            let plain = read.asked.lower.trim().trim_end_matches(['？', '?', '。']);
            let before = ["了没有", "了没", "了吗", "没有"].iter().find_map(|end| plain.strip_suffix(end))?;
            let verb = jieba().cut(before, false).last().map(|token| token.word.to_owned())?;
            let doc = newest()?;
            let text = text_of(doc);
            let not = ["没", "没有", "还没", "未"].iter().any(|no| text.contains(&format!("{no}{verb}")));
            let said = if not {
                format!("还没有{verb}")
            } else if ["还", "归还", "退"].contains(&verb.as_str())
                && text.contains('借')
                && !text.contains(&format!("{verb}了"))
            {
                // What was borrowed stays so until a note says otherwise; 看完就还 is a promise.
                format!("还没有{verb}")
            } else if text.contains(&verb) {
                format!("{verb}了")
            } else {
                return None;
            };
            Some(Said::of(said, &[doc]))
        }
        Language::En => {
            let lower = read.asked.lower.trim();
            if !(lower.starts_with("has ") || lower.starts_with("have ")) {
                return None;
            }
            let doc = newest()?;
            let told = super::sentences::sentence(doc, read).to_lowercase();
            let padded = format!(" {told} ");
            let has = |words: &[&str]| words.iter().any(|w| padded.contains(w));
            // Lent, lost or promised, it is not back until a note says otherwise.
            let not = has(&[
                " not ",
                "n't",
                " no ",
                "never",
                "missing",
                "still gone",
                " lent ",
                "borrowed",
                "promise",
                " will ",
                "means to",
                "wants to",
            ]);
            let verb = lower.trim_end_matches('?').split(' ').skip(2).any(|word| {
                word.len() > 3 && !super::sentences::stands_in(&doc.people.join(" ").to_lowercase(), word) && {
                    let asked = stem(word);
                    told.split(|c: char| !c.is_alphanumeric()).any(|own| stem(own) == asked)
                }
            });
            match (not, verb) {
                (true, _) => Some(Said::of("not yet", &[doc])),
                (false, true) => Some(Said::of("yes", &[doc])),
                (false, false) => None,
            }
        }
    }
}

/// "Which songs …", 哪几出戏: all titles in the notes of the kind, or what each of them says.
pub(super) fn all_of_them(read: &Read<'_>) -> Option<Said> {
    let lower = &read.asked.lower;
    if read.asked.level != Level::ImplicitFact || read.asked.is_last {
        return None;
    }
    let several = [
        "哪几",
        "哪些",
        "都有什么",
        "which of",
        "what are all",
        "which songs",
        "which books",
        "which films",
        "which dishes",
        "which places",
        "which games",
        "what kinds",
        "what sorts",
        "list ",
    ]
    .iter()
    .any(|w| lower.contains(w));
    // "Which of his hips was": one.
    let of_several =
        lower.split_once("which of").is_some_and(|(_, rest)| [" was ", " is "].iter().any(|w| rest.contains(w)));
    if of_several {
        return None;
    }
    if !(several || crate::question::asks_which_of_several(lower)) {
        return None;
    }
    let events = read.events();
    let joint = if read.language == Language::ZhCn { "；" } else { "; " };
    let mut titles: Vec<String> = Vec::new();
    let mut cited: Vec<&Doc> = Vec::new();
    for doc in &events {
        let own = phrases::quotations(text_of(doc));
        if !own.is_empty() {
            cited.push(doc);
        }
        for title in own {
            if !titles.iter().any(|t| t == title) {
                titles.push(title.to_owned());
            }
        }
    }
    if cited.len() >= 2 || (!titles.is_empty() && cited.len() == events.len()) {
        titles.truncate(LONGEST_LIST);
        return Some(Said::of(titles.join(joint), &cited));
    }
    let mut told: Vec<String> = Vec::new();
    for doc in &events {
        let one = phrases::item(doc, read);
        if !one.is_empty() && !told.contains(&one) {
            told.push(one);
        }
    }
    told.truncate(LONGEST_LIST);
    (told.len() >= 2).then(|| Said::of(told.join(joint), &events))
}
