//! What a question asks for: its level, the kind of answer, the time it speaks of, and whether one note or many answer it.

mod counted;
mod level;

use jiff::civil::Date;

use crate::{
    Level,
    calendar::{Span, span_of},
};

use counted::counted;
pub(crate) use counted::gives_number_of;
pub(crate) use level::asks_which_of_several;
use level::{asks_for_a_loss, asks_for_somebody_away, level_of, says_last};

/// What kind of answer is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    Who,
    Where,
    When,
    HowMany,
    Words,
}

/// A question as understood.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) lower: String,
    pub(crate) level: Level,
    pub(crate) wanted: Wanted,
    pub(crate) span: Option<Span>,
    /// Only the newest of what fits.
    pub(crate) is_last: bool,
    /// Speaks of how things are, not of what happened.
    pub(crate) is_present: bool,
    /// What is counted: "jars" in "how many jars of jam".
    pub(crate) counted: Option<String>,
    /// Asks for what went against a rule.
    pub(crate) breaks_rule: bool,
    /// Asks about the day or night before or after.
    pub(crate) wants_neighbours: bool,
    /// Asks about meeting or speaking with somebody.
    pub(crate) meets_people: bool,
    /// About nothing but the meeting.
    pub(crate) only_meeting: bool,
    /// Asks where to look for what is gone.
    pub(crate) is_loss: bool,
    /// Asks where somebody is who has not come.
    pub(crate) is_astray: bool,
    /// A day of the week named as one that comes again, 0 = Monday.
    pub(crate) weekday: Option<i8>,
}

fn has(text: &str, words: &[&str]) -> bool {
    let padded = format!(" {} ", text.replace(|c: char| c.is_ascii_punctuation() && c != '\'', " "));
    words.iter().any(|w| if w.is_ascii() { padded.contains(&format!(" {w} ")) } else { text.contains(w) })
}

impl Asked {
    pub(crate) fn read(text: &str, rule: Option<&str>, today: Date, born: Option<Date>) -> Self {
        let lower = text.to_lowercase();
        let level = level_of(&lower, rule);
        // 哪几天 asks which, 几天 how many.
        let counting = lower.replace("哪几", "");
        let wanted = if asks_who_by_which(&lower) {
            Wanted::Who
        } else if counted(&lower).is_some()
            || has(
                &counting,
                &[
                    "how many",
                    "how often",
                    "how much",
                    "how old",
                    "how long",
                    "what age",
                    "几个晚上",
                    "几晚",
                    "几次",
                    "几回",
                    "多少",
                    "几天",
                    "几个",
                    "几岁",
                    "多大",
                    "几只",
                    "几样",
                    "几种",
                ],
            )
        {
            Wanted::HowMany
        } else if has(
            &lower,
            &[
                "which day",
                "what day",
                "which days",
                "what date",
                "from which day",
                "which months",
                "what months",
                "哪几个月",
                "哪些月",
                "哪天",
                "什么时候",
                "哪几天",
                "哪些天",
                "几号",
                "哪一天",
                "从哪天",
                "什么日子",
                "什么日期",
            ],
        ) || asks_when(&lower)
        {
            Wanted::When
        } else if has(&lower, &["where", "哪儿", "哪里", "什么地方", "谁家", "whose house", "whose place"]) {
            Wanted::Where
        } else if has(
            &lower,
            &[
                "who",
                "whom",
                "whose",
                "谁",
                "哪位",
                "哪些人",
                "哪几个人",
                "which doctor",
                "which nurse",
                "which dentist",
                "which neighbour",
                "which friend",
                "which driver",
                "which teacher",
            ],
        ) {
            Wanted::Who
        } else {
            Wanted::Words
        };
        let is_last = says_last(&lower) || has(&lower, &["most recently", "latest"]);
        // 是哪一天到家的 tells of what is over, 是什么 of what is.
        let cleft = lower.trim_end_matches(['？', '?', '。']).ends_with('的')
            && ["是哪", "是什么时候", "是谁", "是几", "是怎么", "是在"].iter().any(|w| lower.contains(w));
        let past =
            cleft || has(&lower, &["did", "was", "were", "had", "have", "last", "了", "过", "那天", "去年", "上次"]);
        let is_present =
            !past && has(&lower, &["do", "does", "is", "are", "has", "在", "是", "叫", "几岁", "住", "活动"]);
        // "When did I last swim with Ann?" asks for a time when Ann was there, too.
        let together = is_last && (has(&lower, &["with"]) || lower.contains('跟'));
        let meets_people = together
            || has(
                &lower,
                &[
                    "see", "met", "meet", "saw", "visit", "spoke", "speak", "talk", "talked", "见", "说话", "聊",
                    "来看", "碰面",
                ],
            );
        Self {
            span: span_of(&lower, today, born),
            counted: counted(&lower),
            breaks_rule: !is_consequence(&lower, rule)
                && has(
                    &lower,
                    &[
                        "break",
                        "broke",
                        "broken",
                        "against the rule",
                        "violate",
                        "violated",
                        "should not have",
                        "shouldn't have",
                        "违反",
                        "不该",
                        "犯规",
                        "不符合",
                    ],
                ),
            wants_neighbours: [
                "night before",
                "day before",
                "evening before",
                "the day after",
                "that night",
                "night after",
                "当晚",
                "那天夜里",
                "那天晚上",
                "当天夜里",
                "next day",
                "头天",
                "前一天",
                "前一晚",
                "头一天",
                "第二天",
            ]
            .iter()
            .any(|w| lower.contains(w))
                && level == Level::HiddenRationale,
            is_loss: level == Level::HiddenRationale && asks_for_a_loss(&lower),
            is_astray: level == Level::HiddenRationale && asks_for_somebody_away(&lower),
            weekday: weekday(&lower),
            only_meeting: is_last && meets_people && content_words(&lower) <= 2,
            meets_people,
            lower,
            level,
            wanted,
            is_last,
            is_present,
        }
    }
}

/// 哪个 before a verb, or after one at the end, asks for a person (in the south-west); before a noun it asks which.
fn asks_who_by_which(lower: &str) -> bool {
    const VERBS: [&str; 30] = [
        "修", "换", "补", "装", "抬", "搬", "找", "捡", "捞", "领", "背", "治", "洗", "赢", "给", "请", "送", "来",
        "陪", "帮", "教", "喊", "叫", "接", "打来", "打的", "写", "说", "带", "借",
    ];
    const BEFORE: [&str; 10] = ["喊", "叫", "找", "跟", "给", "请", "问", "是", "托", "怪"];
    let plain = lower.trim_end_matches(['？', '?', '。', '呢', '啊', '嘛']);
    plain.match_indices("哪个").any(|(at, word)| {
        let after = &plain[at + word.len()..];
        VERBS.iter().any(|verb| after.starts_with(verb))
            || (after.is_empty() && BEFORE.iter().any(|verb| plain[..at].ends_with(verb)))
    })
}

/// 不该安排训练 asks for no breach where the rule itself says 不安排.
fn is_consequence(lower: &str, rule: Option<&str>) -> bool {
    let (Some((_, after)), Some(rule)) = (lower.split_once("不该"), rule) else { return false };
    let verb: String = after.chars().take(2).collect();
    verb.chars().count() == 2 && rule.contains(&format!("不{verb}"))
}

/// "When did …", "…, when was it?", but not "what does she do when …".
fn asks_when(lower: &str) -> bool {
    lower.match_indices("when").any(|(at, _)| {
        let before = lower[..at].trim_end();
        let next = lower[at + "when".len()..].trim_start().split(' ').next().unwrap_or("");
        let auxiliary = [
            "did", "do", "does", "was", "were", "is", "are", "will", "shall", "should", "have", "has", "could", "can",
            "must",
        ];
        (before.is_empty() || before.ends_with([',', '.', '?', ';']) || before.ends_with("and"))
            && auxiliary.contains(&next)
    })
}

/// Words besides names that tell what was done; a rough count.
fn content_words(lower: &str) -> usize {
    const FRAME: &str = "when did i last see was the time my me we meet met talk talked to speak spoke with visit on which day is it that he she";
    if lower.is_ascii() || lower.split_whitespace().count() > 3 {
        return lower
            .split(|c: char| !c.is_alphanumeric())
            .filter(|w| !w.is_empty() && !FRAME.split_whitespace().any(|f| f == *w))
            .count();
    }
    let rest = [
        "我",
        "爸",
        "妈",
        "最后一次",
        "上一次",
        "最近一次",
        "上次",
        "见到",
        "见着",
        "见",
        "跟",
        "和",
        "说话",
        "是哪天",
        "哪天",
        "什么时候",
        "？",
        "?",
        "是",
    ]
    .iter()
    .fold(lower.to_owned(), |text, w| text.replace(w, ""));
    rest.chars().count().div_ceil(2)
}

/// A day of the week that is not one date ("next Wednesday" is).
fn weekday(lower: &str) -> Option<i8> {
    const ENGLISH: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    if let Some((day, at)) =
        ENGLISH.iter().enumerate().find_map(|(day, name)| lower.find(name).map(|at| (day as i8, at)))
    {
        return (!lower[..at].ends_with("next ") && !lower[..at].ends_with("last ")).then_some(day);
    }
    ["星期", "礼拜", "周"].iter().find_map(|prefix| {
        let at = lower.find(prefix)?;
        let sign = lower[at + prefix.len()..].chars().next()?;
        let day = "一二三四五六日".chars().position(|c| c == sign || (c == '日' && sign == '天'))?;
        (!lower[..at].ends_with(['下', '上'])).then_some(day as i8)
    })
}
