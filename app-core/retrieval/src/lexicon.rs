//! General words: those that carry nothing, and groups that stand for one concept in both languages, so that "missing" finds
//! "turned up in the drawer" and 找不着 finds a note tagged `lost-and-found`.

use reme_types::Language;

pub(crate) const EMPTY_EN: &str = "a an the of to in on at by for with from into and or but so as than then that this these those there here it its \
he she they him his her hers their them we us our i me my mine you your yours is am are was were be been being do does did done have has had will \
would shall should can could may might must not no yes what which who whom whose when where why how s t don't didn't all told please us many much \
any some one ever still also too very just about after before up out off get got go went";

pub(crate) const EMPTY_ZH: &str = "的 了 吗 呢 吧 啊 呀 嘛 是 在 到 去 来 和 跟 与 也 都 就 才 又 再 很 我 你 您 他 她 它 我们 你们 他们 这 那 这个 那个 哪 \
什么 谁 哪儿 哪里 几 多少 怎么 一 个 有 没 没有 不 会 能 可以 要 把 被 给 让 着 过 地 得 上 下 里 中 时候 那天 这天 多半 大概 应该 为什么 哪天 哪年 几次 几回 \
爸 爸爸 妈 妈妈 今年 去年 明天 今天 昨天 一共 总共 哪些 哪个 哪几 可能 一般 通常 先 还 次 回 时 后 前 起 从 最";

/// (concept, English stems' beginnings, Chinese words).
const CONCEPTS: &[(&str, &str, &str)] = &[
    (
        "lost",
        "lost missing mislaid vanish hunted nowhere turned-up found hunt lost-and-found disappear",
        "丢 找不着 找不到 不见 找了半天 找着 翻出来 摸出来 lost-and-found",
    ),
    (
        "health",
        "doctor dentist hospital clinic prescri medicine tablet pill appointment surgery ill cough fever health",
        "大夫 医院 看病 药 片 体检 感冒 咳嗽 health",
    ),
    ("appointment", "appointment clinic dentist hospital surgery", "预约 复诊 看牙 检查"),
    ("sleep", "sleep slept night awake insomnia", "睡 失眠 夜间 醒 一夜"),
    ("walk", "walk walked stroll steps", "散步 遛弯 走路"),
    ("phone", "rang ring phone telephone call called", "电话 打电话"),
    ("fog", "fog foggy mist", "雾"),
    (
        "weather",
        "weather forecast rain snow wind thunder storm sunny",
        "天气 降温 下雨 下雪 刮风 大风 变天 预报 weather wind",
    ),
    ("wind", "wind windy gale storm", "大风 刮风 级风 风力 wind"),
    ("gift", "gift gave give present thanks", "送 礼 带了 给了"),
    ("food", "eat ate lunch dinner supper soup tea cake bake baked breakfast meal food", "吃 饭 面 饺子 食 food"),
    ("birthday", "birthday turned born", "生日 寿 岁 birthday"),
    ("family", "family children grandchildren daughter son", "一家 家里人 family"),
    (
        "upset",
        "upset cried cry tears grief muddled calm sad cross state",
        "难过 堵得慌 哭 心慌 着急 急得 掉眼泪 定下神 气才顺 平静 镇定 冷静 grief",
    ),
    (
        "wayfinding",
        "lost-her-way wandered wrong-turn way lost wayfinding",
        "走错 迷路 坐过了站 走反 不认得路 没走错 wayfinding",
    ),
    ("transport", "bus train car ferry subway trip", "公交 地铁 坐车 火车 bus subway"),
    ("school", "school pupil reading class", "学校 放学 上学 school"),
    ("fire", "stove cooker hob burnt gas", "灶 火 烧干 熬糊 糊 炉 忘关火 stove"),
    ("mixup", "wrong-day mixed-up confus muddled names", "记错 才想起来 错日子 白跑 mix-up"),
    ("repair", "mend repair fixed dripping plumber", "修 装了 换了 repair"),
    ("win", "prize win won first award", "赢 得奖 第一 奖"),
    ("visit", "visit visitors visited came stay guest", "来家 做客 客人 住 visitors"),
    ("money", "paid cost pound price bill", "块 元 钱 价"),
    ("sing", "sang sing song opera concert", "唱 戏 opera"),
    ("play", "game chess cards play", "下棋 棋 牌 chess"),
    ("medicine", "tablet pill medicine prescription amoxicillin allergic allergy", "药 降压 过敏"),
    ("garden", "garden allotment plant sow dig beans", "种 浇 花园 菜地"),
    ("pets", "dog cat pigeon bird fish", "鸽 狗 猫 鸟 鱼 pigeons"),
    (
        "festival",
        "christmas easter halloween festival celebration wedding anniversary",
        "除夕 年夜饭 中秋 端午 清明 国庆 五一 春节 元宵 重阳 festival",
    ),
];

/// Concepts named in a lower-case text.
pub(crate) fn concepts_of(lower: &str, _language: Language) -> Vec<&'static str> {
    let words: Vec<&str> =
        lower.split(|c: char| !(c.is_alphanumeric() || c == '-')).filter(|w| !w.is_empty()).collect();
    CONCEPTS
        .iter()
        .filter(|(_, english, chinese)| {
            english.split_whitespace().any(|e| words.iter().any(|w| *w == e || (e.len() >= 5 && w.starts_with(e))))
                || chinese.split_whitespace().any(|z| if z.is_ascii() { words.contains(&z) } else { lower.contains(z) })
        })
        .map(|(concept, _, _)| *concept)
        .collect()
}
