//! What a question asks for: its level, the kind of answer, the time it speaks of, and whether one note or many answer it.

use jiff::civil::Date;
use reme_types::Language;

use crate::{
    Level,
    calendar::{Span, span_of},
};

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
}

fn has(text: &str, words: &[&str]) -> bool {
    let padded = format!(" {} ", text.replace(|c: char| c.is_ascii_punctuation() && c != '\'', " "));
    words.iter().any(|w| if w.is_ascii() { padded.contains(&format!(" {w} ")) } else { text.contains(w) })
}

impl Asked {
    pub(crate) fn read(text: &str, rule: Option<&str>, today: Date, _language: Language) -> Self {
        let lower = text.to_lowercase();
        let habit = [
            "likely",
            "most likely",
            "will probably",
            "probably",
            "usually",
            "tend to",
            "should we look",
            "look first",
            "should we expect",
            "expect of",
            "by herself",
            "by himself",
            "to calm down",
            "what should we",
            "多半",
            "先去哪",
            "一般",
            "通常",
            "最容易",
            "平时",
            "往往",
            "多半会",
            "大概会",
            "怎么让自己",
            "先找哪",
            "到哪儿找",
            "会怎么样",
            "容易",
        ];
        let combine = [
            "how many",
            "how often",
            "how long",
            "how old",
            "how much",
            "all told",
            "altogether",
            "in all",
            "which came first",
            "before or after",
            "last time",
            "the last",
            "most recently",
            "latest",
            "with whom",
            "which of",
            "list",
            "几次",
            "几回",
            "多少",
            "几天",
            "一共",
            "总共",
            "最后一次",
            "上一次",
            "上次",
            "哪几",
            "哪些",
            "先后",
            "更早",
            "多大",
            "多久",
            "几个人",
            "几岁",
            "隔了",
        ];
        let level = if rule.is_some() {
            Level::InterpretableRationale
        } else if has(&lower, &habit) {
            Level::HiddenRationale
        } else if has(&lower, &combine) {
            Level::ImplicitFact
        } else {
            Level::ExplicitFact
        };
        let wanted = if has(
            &lower,
            &["how many", "how often", "how much", "how old", "几次", "几回", "多少", "几天", "几个", "几岁", "多大"],
        ) {
            Wanted::HowMany
        } else if has(
            &lower,
            &[
                "when",
                "which day",
                "what day",
                "which days",
                "what date",
                "from which day",
                "哪天",
                "什么时候",
                "几号",
                "哪一天",
                "从哪天",
            ],
        ) {
            Wanted::When
        } else if has(&lower, &["where", "哪儿", "哪里", "什么地方"]) {
            Wanted::Where
        } else if has(&lower, &["who", "whom", "whose", "谁", "哪位"]) {
            Wanted::Who
        } else {
            Wanted::Words
        };
        let is_last = has(
            &lower,
            &["last time", "most recently", "latest", "the last", "最后一次", "上一次", "上次", "最近一次", "最近一回"],
        );
        let past = has(&lower, &["did", "was", "were", "had", "have", "last", "了", "过", "那天", "去年", "上次"]);
        let is_present =
            !past && has(&lower, &["do", "does", "is", "are", "has", "在", "是", "叫", "几岁", "住", "活动"]);
        Self { span: span_of(&lower, today), lower, level, wanted, is_last, is_present }
    }
}
