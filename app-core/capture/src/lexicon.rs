//! General word lists: numbers, months, everyday verbs with their questions, everyday labels.
//! What it must never hold: names or sentences of any person's life.

use reme_lexicon::{TENS_EN, UNITS_EN};
use reme_types::FactKind;

/// Monday first.
pub(crate) const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// `3`, `three`, `a`, up to twenty in words.
pub(crate) fn number_en(word: &str) -> Option<u32> {
    match word {
        "a" | "an" => Some(1),
        "a-dozen" | "dozen" => Some(12),
        _ => word.parse().ok().or_else(|| numbers_en().position(|n| n == word).and_then(|n| u32::try_from(n).ok())),
    }
}

/// The words from zero to twenty.
fn numbers_en() -> impl Iterator<Item = &'static str> {
    UNITS_EN.into_iter().chain(TENS_EN.into_iter().take(1))
}

/// The word for a number up to twenty.
pub(crate) fn number_word_en(number: u32) -> Option<&'static str> {
    numbers_en().nth(number as usize)
}

/// A number at the start of a Chinese text, in figures or characters up to 九百九十九, and how many
/// characters it takes.
pub(crate) fn number_zh(text: &str) -> Option<(u32, usize)> {
    let digits: String = text.chars().take_while(char::is_ascii_digit).take(6).collect();
    if !digits.is_empty() {
        return Some((digits.parse().ok()?, digits.len()));
    }
    let (mut total, mut last, mut used) = (0u32, None, 0usize);
    for c in text.chars() {
        match (digit_zh(c), c) {
            (Some(digit), _) if last.is_none() => last = Some(digit),
            (None, '十') => total += 10 * last.take().unwrap_or(1),
            (None, '百') => total += 100 * last.take()?,
            _ => break,
        }
        used += 1;
    }
    (used > 0).then_some((total + last.unwrap_or(0), used))
}

fn digit_zh(c: char) -> Option<u32> {
    match c {
        '两' | '俩' => Some(2),
        '仨' => Some(3),
        _ => "零一二三四五六七八九".chars().position(|d| d == c).and_then(|d| u32::try_from(d).ok()),
    }
}

/// Past form, base form, kind of its object, and a hint at the object (a hypernym).
pub(crate) struct VerbEn {
    pub(crate) past: &'static str,
    pub(crate) base: &'static str,
    pub(crate) kind: FactKind,
    pub(crate) cue: &'static str,
}

const fn verb(past: &'static str, base: &'static str, kind: FactKind, cue: &'static str) -> VerbEn {
    VerbEn { past, base, kind, cue }
}

/// Everyday verbs whose object is worth asking for.
pub(crate) const VERBS_EN: &[VerbEn] = &[
    verb("ate", "eat", FactKind::Food, "something to eat"),
    verb("tasted", "taste", FactKind::Food, "something to eat or drink"),
    verb("drank", "drink", FactKind::Food, "something to drink"),
    verb("baked", "bake", FactKind::Food, "something from the oven"),
    verb("cooked", "cook", FactKind::Food, "something for the table"),
    verb("fried", "fry", FactKind::Food, "something for the table"),
    verb("peeled", "peel", FactKind::Food, "something from the kitchen"),
    verb("made", "make", FactKind::Thing, "something done by hand"),
    verb("bought", "buy", FactKind::Thing, "something one can buy"),
    verb("sold", "sell", FactKind::Thing, "something one can sell"),
    verb("sang", "sing", FactKind::Activity, "something with a tune"),
    verb("played", "play", FactKind::Activity, "something to play"),
    verb("danced", "dance", FactKind::Activity, "something with steps"),
    verb("watched", "watch", FactKind::Activity, "something to look at"),
    verb("saw", "see", FactKind::Thing, "something to look at"),
    verb("spotted", "spot", FactKind::Thing, "something to look at"),
    verb("read", "read", FactKind::Thing, "something with words"),
    verb("wrote", "write", FactKind::Thing, "something with words"),
    verb("borrowed", "borrow", FactKind::Thing, "something that goes back"),
    verb("planted", "plant", FactKind::Thing, "something that grows"),
    verb("sowed", "sow", FactKind::Thing, "something that grows"),
    verb("picked", "pick", FactKind::Thing, "something that grows"),
    verb("found", "find", FactKind::Thing, "something that turned up"),
    verb("lost", "lose", FactKind::Thing, "something that was missed"),
    verb("won", "win", FactKind::Thing, "something for the winner"),
    verb("brought", "bring", FactKind::Thing, "something carried along"),
    verb("gave", "give", FactKind::Thing, "something given"),
    verb("received", "receive", FactKind::Thing, "something given"),
    verb("caught", "catch", FactKind::Animal, "something caught"),
    verb("fed", "feed", FactKind::Animal, "an animal"),
    verb("painted", "paint", FactKind::Thing, "something with colour"),
    verb("knitted", "knit", FactKind::Thing, "something made of wool"),
    verb("sewed", "sew", FactKind::Thing, "something made of cloth"),
    verb("built", "build", FactKind::Thing, "something put together"),
    verb("mended", "mend", FactKind::Thing, "something that was broken"),
    verb("repaired", "repair", FactKind::Thing, "something that was broken"),
    verb("wore", "wear", FactKind::Thing, "something to put on"),
    verb("visited", "visit", FactKind::Thing, "somebody or somewhere worth a visit"),
    verb("told", "tell", FactKind::Thing, "something told"),
];

/// A Chinese verb, the kind of its object, and a hint.
pub(crate) struct VerbZh {
    pub(crate) verb: &'static str,
    pub(crate) kind: FactKind,
    pub(crate) cue: &'static str,
    /// Takes its object without 了 or 过.
    pub(crate) bare: bool,
}

const fn zh(verb: &'static str, kind: FactKind, cue: &'static str, bare: bool) -> VerbZh {
    VerbZh { verb, kind, cue, bare }
}

/// Everyday verbs whose object is worth asking for, longer ones first.
pub(crate) const VERBS_ZH: &[VerbZh] = &[
    zh("看见", FactKind::Thing, "一种看得见的东西", true),
    zh("看到", FactKind::Thing, "一种看得见的东西", true),
    zh("找到", FactKind::Thing, "一样找回来的东西", true),
    zh("吃", FactKind::Food, "一种吃的", true),
    zh("喝", FactKind::Food, "一种喝的", true),
    zh("包", FactKind::Food, "一种吃的", false),
    zh("炒", FactKind::Food, "一道菜", false),
    zh("炖", FactKind::Food, "一种吃的", false),
    zh("蒸", FactKind::Food, "一种吃的", false),
    zh("煮", FactKind::Food, "一种吃的", false),
    zh("烤", FactKind::Food, "一种吃的", false),
    zh("熬", FactKind::Food, "一种吃的", false),
    zh("沏", FactKind::Food, "一种喝的", false),
    zh("做", FactKind::Thing, "亲手做的东西", false),
    zh("买", FactKind::Thing, "一样买来的东西", true),
    zh("送", FactKind::Thing, "一样礼物", false),
    zh("带", FactKind::Thing, "一样随身的东西", false),
    zh("唱", FactKind::Activity, "一段有调子的", true),
    zh("听", FactKind::Activity, "一种听的", false),
    zh("看", FactKind::Activity, "一种看的", false),
    zh("种", FactKind::Thing, "一种会长的东西", false),
    zh("摘", FactKind::Thing, "一种长出来的东西", false),
    zh("钓", FactKind::Animal, "一种水里的动物", false),
    zh("喂", FactKind::Animal, "一种动物", false),
    zh("画", FactKind::Thing, "纸上的东西", false),
    zh("写", FactKind::Thing, "纸上的东西", false),
    zh("修", FactKind::Thing, "一样坏过的东西", false),
    zh("织", FactKind::Thing, "一样毛线做的东西", false),
    zh("捡", FactKind::Thing, "一样捡来的东西", false),
    zh("借", FactKind::Thing, "一样要还的东西", false),
    zh("丢", FactKind::Thing, "一样不见了的东西", false),
];

/// Everyday labels and the words that suggest them, English and Chinese.
pub(crate) const LABELS: &[(&str, &[&str])] = &[
    (
        "food",
        &[
            "ate",
            "lunch",
            "dinner",
            "supper",
            "breakfast",
            "baked",
            "cooked",
            "cake",
            "soup",
            "吃",
            "饭",
            "饺子",
            "面条",
            "炖",
            "炒",
        ],
    ),
    ("garden", &["garden", "planted", "seeds", "flowers", "roses", "种", "浇", "花盆", "菜地", "院子"]),
    ("music", &["sang", "song", "choir", "piano", "concert", "唱", "歌", "戏", "琴"]),
    ("walk", &["walk", "walked", "hike", "散步", "遛弯", "爬山"]),
    ("birthday", &["birthday", "生日", "寿"]),
    ("health", &["doctor", "dentist", "hospital", "clinic", "tablet", "medicine", "医院", "大夫", "药", "体检"]),
    ("shopping", &["bought", "market", "shop", "买", "市场", "超市"]),
    ("travel", &["train", "trip", "holiday", "journey", "火车", "旅游", "飞机"]),
    ("phone", &["rang", "phoned", "phone", "电话", "视频"]),
    ("games", &["chess", "cards", "bingo", "dominoes", "下棋", "打牌", "麻将"]),
    ("animals", &["dog", "cat", "birds", "horse", "猫", "狗", "鸟", "鱼"]),
    ("lost-and-found", &["lost", "missing", "hunted", "vanished", "找不着", "丢了", "不见了"]),
    ("festival", &["christmas", "easter", "halloween", "除夕", "春节", "中秋", "端午", "过年", "元宵"]),
];

/// Measure words that a counted noun may take.
pub(crate) const MEASURES_ZH: &str =
    "个只条头匹张把本块颗粒碗杯盘瓶壶盒袋包串根支枝朵棵件双套辆站层首段幅封斤两次回趟圈步盆锅";
