//! Words that carry no answer, and what an open question asks for. What means the same and what is a kind of what: `reme-lexicon`.

use reme_types::Language;

/// English words that never carry an answer.
const EN_EMPTY: &str = "a an the of to in on at by for with from into onto out off up down and or but so as than then that this these those \
there here it its it's he she they them his her hers their we us our ours i me my mine you your yours is am are was were be been being do does \
did done have has had having will would shall should can could may might must not no yes well oh ah um er erm mm hmm ha just only also too very \
quite rather really some any one ones kind sort type what which who whom whose when where why how think believe suppose guess know sure maybe \
perhaps probably i'm i've i'd don't didn't can't couldn't that's there's what's let's think now about again all each every more most much many \
such like went go gone got get said say says tell told called name named something somebody someone thing things used make made took take \
taken came come day time me mr mrs ms mister miss missus dr doctor please dear love bless heart soul goodness indeed course remember recall definitely certainly really actually \
think thought because cause cos reason sorry afraid";

/// Chinese words that never carry an answer.
const ZH_EMPTY: &str = "的 了 吗 呢 吧 啊 呀 嘛 哦 噢 嗯 呃 哎 唉 喔 哈 呗 咯 啦 么 是 在 到 去 来 跟 和 与 同 及 或 还 也 都 就 才 又 再 很 挺 太 \
真 好像 大概 可能 应该 也许 记得 觉得 想 说 叫 有 没 没有 不 不是 我 你 您 他 她 它 我们 咱 咱们 俺 俺家 咱家 我家 俺们 你们 他们 她们 这 那 这个 那个 哪 哪个 什么 谁 哪儿 \
哪里 几 多少 怎么 一 个 位 只 条 张 块 把 被 给 让 往 从 向 里 里头 上 下 中 里面 那儿 这儿 那里 这里 时候 那天 当时 后来 然后 最后 先 一个 一位 一种 \
那位 那种 这位 人 东西 事 天 儿 啥 吃 做 干 得 着 过 地 之 所 而 且 等 们 嘞 喽 啥样 一下 一点 一点儿 就是 还是 还有 里边 个儿 呐 搁 会 要 能 可以 哎哟 哎呀 哟 唉哟 嗐 对 对了 那什么 来着 咧 哩 嘿 呦 咳 因为 由于";

pub(crate) fn is_empty_word(word: &str, language: Language) -> bool {
    let list = match language {
        Language::En => EN_EMPTY,
        Language::ZhCn => ZH_EMPTY,
    };
    list.split_whitespace().any(|w| w == word)
}

/// Kinds a question asks for, the most exact first: "name four farm animals", "animals that live on a farm".
pub(crate) fn kinds_asked(question: &str) -> Vec<&'static reme_lexicon::Kind> {
    let words: Vec<String> = crate::text::english_words(question);
    // "countries in Europe" is more exact than "countries".
    let exact: Vec<&reme_lexicon::Kind> = reme_lexicon::kinds()
        .iter()
        .filter(|kind| {
            kind.names().iter().any(|name| {
                let parts: Vec<&str> = name.split(' ').collect();
                parts.len() > 2 && words.windows(parts.len()).any(|w| w == parts)
            })
        })
        .collect();
    if !exact.is_empty() {
        return exact;
    }
    let named = |kind: &&reme_lexicon::Kind| {
        kind.names().iter().any(|name| {
            let parts: Vec<&str> = name.split(' ').collect();
            if name.is_ascii() {
                words.windows(parts.len()).any(|w| w == parts)
            } else if name.chars().count() > 1 {
                question.contains(name)
            } else {
                // 三种鸟: one character names a kind right after its measure word.
                ["种", "个", "样", "只", "条", "些"].iter().any(|m| question.contains(&format!("{m}{name}")))
            }
        })
    };
    let farm = words.iter().any(|w| w == "farm") && words.iter().any(|w| w.starts_with("animal"));
    reme_lexicon::kinds()
        .iter()
        .filter(|kind| named(kind) || (farm && kind.is_called("farm animal")))
        .filter(|kind| !farm || kind.is_called("farm animal"))
        .collect()
}

/// Small numbers written in a question: "name four …", 说出四种….
pub(crate) fn asked_count(question: &str) -> Option<usize> {
    crate::numbers::all(question).iter().map(|f| f.value).find(|v| (1.0..=20.0).contains(v)).map(|v| v as usize)
}
