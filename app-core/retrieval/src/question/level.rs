//! How much has to be understood to answer: what one note says, what several do, what a rule or a habit tells.

use super::has;
use crate::Level;

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

const COMBINE: [&str; 47] = [
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
    "who has been",
    "who have been",
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

pub(super) fn level_of(lower: &str, rule: Option<&str>) -> Level {
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
        None if has(lower, &COMBINE)
            || says_last(lower)
            || lower.contains("还是")
            || counts(lower)
            || asks_which_of_several(lower) =>
        {
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
    // 头一顿我该烧什么: what is to be done.
    let to_do = lower.contains('该') && asks && !past && !lower.contains("不该") && !lower.contains("应该是");
    english || to_do || asks_for_a_loss(lower) || comes_with || asks_for_somebody_away(lower)
}

/// Something is gone now, and it is asked where to look.
pub(super) fn asks_for_a_loss(lower: &str) -> bool {
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
    // A game lost is nothing to look for.
    let of_a_game = ["lost at", "lost to", "lost by", "lost the game", "lost the match", "lost again at"]
        .iter()
        .any(|w| lower.contains(w));
    let english = !of_a_game
        && has(lower, &["where", "who", "look"])
        && !has(lower, &["did", "was", "were", "ago"])
        && has(lower, &GONE);
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

/// "The last time", "when did Ann last see", 最后一回, 上一趟: only the newest is meant. "Last Saturday" and "how long did it last" are not.
pub(super) fn says_last(lower: &str) -> bool {
    const TIMES: &str = "week weekend month year night summer winter spring autumn christmas easter monday tuesday wednesday thursday friday \
saturday sunday january february march april may june july august september october november december few two three";
    const BEFORE: [&str; 7] = ["did", "was", "were", "have", "has", "had", "the"];
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let english = !lower.contains("how long")
        && words.iter().enumerate().filter(|(_, word)| **word == "last").any(|(at, _)| {
            let is_time = words.get(at + 1).is_some_and(|next| TIMES.split_whitespace().any(|t| t == *next));
            !is_time && words[at.saturating_sub(4)..at].iter().any(|w| BEFORE.contains(w))
        });
    let chinese = ["最后", "最近", "上", "末"].iter().any(|lead| {
        lower.match_indices(lead).any(|(at, _)| {
            let rest = &lower[at + lead.len()..];
            rest.strip_prefix('一').unwrap_or(rest).starts_with(['次', '回', '趟', '遭', '遍'])
        })
    });
    english || chinese
}

/// Somebody has not come home or not arrived, and it is asked where they are.
pub(super) fn asks_for_somebody_away(lower: &str) -> bool {
    const NOT_THERE: [&str; 20] = [
        "not home",
        "not back",
        "not come",
        "not yet",
        "hasn't come",
        "hasn't arrived",
        "not arrived",
        "hasn't turned up",
        "not turned up",
        "not returned",
        "late home",
        "late back",
        "still out",
        "wandered off",
        "hasn't been seen",
        "not been seen",
        "gone off",
        "gone out",
        "slipped out",
        "isn't home",
    ];
    const NOT_THERE_ZH: [&str; 14] = [
        "没回",
        "没落屋",
        "没到家",
        "没归",
        "没进门",
        "没着家",
        "还没到",
        "人没到",
        "没见人",
        "不见人",
        "没影",
        "没进屋",
        "没到",
        "没上来",
    ];
    let where_to = ["where", "哪", "啥地方", "什么地方"].iter().any(|w| lower.contains(w));
    let past = has(lower, &["did", "was", "were", "ago", "yesterday"]) && !has(lower, &["did not come", "didn't come"]);
    where_to && !past && (has(lower, &NOT_THERE) || NOT_THERE_ZH.iter().any(|w| lower.contains(w)))
}
