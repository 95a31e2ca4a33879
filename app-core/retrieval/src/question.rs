//! What a question asks for: its level, the kind of answer, the time it speaks of, and whether one note or many answer it.

use jiff::civil::Date;

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
    /// A day of the week named as one that comes again, 0 = Monday.
    pub(crate) weekday: Option<i8>,
}

fn has(text: &str, words: &[&str]) -> bool {
    let padded = format!(" {} ", text.replace(|c: char| c.is_ascii_punctuation() && c != '\'', " "));
    words.iter().any(|w| if w.is_ascii() { padded.contains(&format!(" {w} ")) } else { text.contains(w) })
}

/// Words of a question about a habit: what is likely, what one usually does.
const HABIT: [&str; 73] = [
    "mostly",
    "as a rule",
    "worth looking",
    "worth trying",
    "does she like to",
    "does he like to",
    "do i like to",
    "什么情况下",
    "做什么能",
    "靠做什么",
    "the first place",
    "sort of days",
    "sort of day",
    "what happens when",
    "gone wrong",
    "likeliest",
    "能缓",
    "来平静",
    "自己做什么",
    "去哪里找",
    "去哪儿找",
    "到哪里找",
    "到哪儿去找",
    "才能静",
    "likely",
    "probably",
    "usually",
    "normally",
    "tend to",
    "tends to",
    "should we look",
    "should i look",
    "look first",
    "should we expect",
    "should i expect",
    "expect of",
    "by herself",
    "by himself",
    "to calm",
    "calm down",
    "calms",
    "what should we",
    "at what time of day",
    "on what kind of",
    "what kind of day",
    "in what kind of",
    "when is it that",
    "most often",
    "helps her",
    "helps him",
    "best way to",
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
    "用什么办法",
    "靠什么",
    "怎么静",
    "怎么缓",
    "爱上哪",
    "总爱",
    "先翻哪",
    "上哪儿找",
];
const COMBINE: [&str; 45] = [
    "what age",
    "多少岁",
    "几个晚上",
    "最近一次",
    "最近一回",
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
    "did i last",
    "was i last",
    "did we last",
    "to whom",
    "who all",
    "来过几",
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
];

fn level_of(lower: &str, rule: Option<&str>) -> Level {
    // "What does she do when …", "When does he …": the present tense of habits.
    let present = has(lower, &["does", "do i", "do we"])
        && !has(lower, &["did", "was", "were", "last", "yesterday", "how many", "how old", "how much"]);
    let habitual = (present
        && has(lower, &["what does", "what do"])
        && has(lower, &["when", "if", "after", "before", "himself", "herself"]))
        || (present && lower.starts_with("when does"))
        || (has(lower, &["will", "shall"]) && !has(lower, &["did", "was", "were", "last"]))
        || (lower.contains("还是") && lower.matches('好').count() >= 2)
        || (["的时候", "以后", "之后"].iter().any(|w| lower.contains(w))
            && ["怎么", "什么办法", "干什么", "会去", "先做"].iter().any(|w| lower.contains(w))
            && !lower.contains("那天"))
        || (["明天", "后天", "今晚"].iter().any(|w| lower.contains(w))
            && !lower.contains("好吗")
            && ["能", "会", "该"].iter().any(|w| lower.contains(w)))
        || (["找不着", "不见了", "丢了", "找不到", "没人接", "不在家"].iter().any(|w| lower.contains(w))
            && lower.contains('先'));
    match rule {
        Some(_) => Level::InterpretableRationale,
        None if has(lower, &HABIT) || habitual || asks_for_advice(lower) => Level::HiddenRationale,
        None if has(lower, &COMBINE) || lower.contains("还是") || counts(lower) || asks_which_of_several(lower) => {
            Level::ImplicitFact
        }
        None => Level::ExplicitFact,
    }
}

/// What is to be done, or where to look for what is gone: nothing but what went before can tell. Asked of now or of what is to come.
fn asks_for_advice(lower: &str) -> bool {
    const ASKING: [&str; 7] = ["what", "where", "who", "whom", "which", "when", "how"];
    const MODAL: [&str; 6] = ["should", "could", "shall", "might", "ought", "had better"];
    const PAST: [&str; 9] = ["did", "was", "were", "been", "last", "ago", "yesterday", "why", "how many"];
    let now = !has(lower, &PAST);
    let english = now
        && has(lower, &ASKING)
        && (has(lower, &MODAL) || lower.contains("had i better") || lower.contains("had we better"));
    // 下雨天他爱给谁打电话: what comes with a condition, told by no time.
    let condition = ["下雨天", "下雪天", "刮风天", "阴天", "大热天", "要是", "如果", "一到", "每逢"]
        .iter()
        .any(|w| lower.contains(w));
    let asks = ["什么", "哪", "谁", "怎么"].iter().any(|w| lower.contains(w));
    let past = ["了", "过", "那天", "那次", "那回"].iter().any(|w| lower.contains(w));
    let comes_with = condition && asks && !past && ["爱", "会", "要", "该", "喜欢"].iter().any(|w| lower.contains(w));
    english || asks_for_a_loss(lower) || comes_with
}

/// Something is gone now, and it is asked where to look.
fn asks_for_a_loss(lower: &str) -> bool {
    const GONE: [&str; 14] = [
        "missing",
        "astray",
        "mislaid",
        "vanished",
        "disappeared",
        "nowhere",
        "can't find",
        "cannot find",
        "can not find",
        "is lost",
        "are lost",
        "have lost",
        "has lost",
        "is gone",
    ];
    const NOT_FOUND: [&str; 12] = [
        "不见了",
        "找不着",
        "找不到",
        "没影",
        "摸不到",
        "摸不着",
        "不晓得放哪",
        "不知道放哪",
        "忘了放哪",
        "记不得放哪",
        "不知放哪",
        "不知道搁哪",
    ];
    let looks = ["先", "去哪", "上哪", "到哪", "往哪", "翻哪", "找哪"].iter().any(|w| lower.contains(w));
    let english =
        has(lower, &["where", "who", "look"]) && !has(lower, &["did", "was", "were", "ago"]) && has(lower, &GONE);
    english || NOT_FOUND.iter().any(|w| lower.contains(w)) && looks
}

/// "Which films have I seen": more than one, by the noun.
pub(crate) fn asks_which_of_several(lower: &str) -> bool {
    const PAST: [&str; 8] = ["did", "have", "has", "had", "was", "were", "do", "does"];
    let words: Vec<&str> =
        lower.split(|c: char| !(c.is_alphanumeric() || c == '\'')).filter(|w| !w.is_empty()).collect();
    words.windows(3).any(|w| {
        let is_plural =
            |word: &str| word.ends_with('s') && !word.ends_with("ss") && reme_lexicon::singular(word) != word;
        matches!(w[0], "which" | "what") && is_plural(w[1]) && PAST.contains(&w[2])
    })
}

/// 几 that counts, not that of 星期几 or 几号.
fn counts(lower: &str) -> bool {
    lower.match_indices('几').any(|(at, _)| {
        let before = &lower[..at];
        let after = &lower[at + '几'.len_utf8()..];
        !["星期", "礼拜", "周", "哪"].iter().any(|w| before.ends_with(w)) && !after.starts_with(['号', '点', '月'])
    })
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
        let is_last = has(
            &lower,
            &[
                "last time",
                "most recently",
                "latest",
                "the last",
                "did i last",
                "was i last",
                "did we last",
                "did she last",
                "did he last",
                "最后一次",
                "上一次",
                "上次",
                "最近一次",
                "最近一回",
            ],
        );
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
    const VERBS: [&str; 16] =
        ["给", "请", "送", "来", "陪", "帮", "教", "喊", "叫", "接", "打来", "打的", "写", "说", "带", "借"];
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

/// What stands after "how many"; in Chinese the measure word after 几 or 多少.
fn counted(lower: &str) -> Option<String> {
    if let Some(at) = lower.find("how many ") {
        const STOPS: &str = "did do does have has had was were are is can could will would should of in on at to from for with by i we he she they \
you the my me there that this left";
        // "Canary chicks have": the last of the nouns is the one counted.
        let noun = lower[at + "how many ".len()..]
            .split(|c: char| !c.is_alphanumeric())
            .skip_while(|w| matches!(*w, "of" | "different" | "more" | "this" | "new" | "the" | "my" | ""))
            .take_while(|w| !w.is_empty() && !STOPS.split_whitespace().any(|stop| stop == *w))
            .take(3)
            .last()?;
        let time = ["times", "days", "years", "weeks", "people", "months", "nights", "hours", "minutes"];
        return (!time.contains(&noun)).then(|| reme_lexicon::singular(noun));
    }
    let after = ["多少", "几"].iter().find_map(|w| {
        let at = lower.find(w)?;
        let which = *w == "几" && ["哪", "星期", "礼拜", "周"].iter().any(|b| lower[..at].ends_with(b));
        (!which).then(|| &lower[at + w.len()..])
    })?;
    after
        .chars()
        .next()
        .filter(|c| !"次回趟天岁钱年月日人个遍号点分钟小星礼".contains(*c) && c.is_alphanumeric())
        .map(|c| c.to_string())
}

/// Whether a note gives a number of these: "18 jars", 二十只.
pub(crate) fn gives_number_of(text: &str, noun: &str) -> bool {
    let lower = text.to_lowercase();
    if noun.is_ascii() {
        let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
        let number = |w: &str| {
            w.chars().all(|c| c.is_ascii_digit())
                || "two three four five six seven eight nine ten eleven twelve twenty thirty forty"
                    .split(' ')
                    .any(|n| n == w)
        };
        return words.iter().enumerate().any(|(at, w)| {
            reme_lexicon::singular(w) == noun && words[at.saturating_sub(3)..at].iter().any(|b| number(b))
        });
    }
    lower.match_indices(noun).any(|(at, _)| {
        lower[..at].chars().next_back().is_some_and(|c| c.is_ascii_digit() || "一二两三四五六七八九十百".contains(c))
    })
}
