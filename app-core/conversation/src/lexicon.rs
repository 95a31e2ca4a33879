//! General words of the two languages: what carries no answer, relations, and kinds of things for open questions.

use reme_types::Language;

/// English words that never carry an answer.
const EN_EMPTY: &str = "a an the of to in on at by for with from into onto out off up down and or but so as than then that this these those \
there here it its it's he she they them his her hers their we us our ours i me my mine you your yours is am are was were be been being do does \
did done have has had having will would shall should can could may might must not no yes well oh ah um er erm mm hmm ha just only also too very \
quite rather really some any one ones kind sort type what which who whom whose when where why how think believe suppose guess know sure maybe \
perhaps probably i'm i've i'd don't didn't can't couldn't that's there's what's let's think now about again all each every more most much many \
such like went go gone got get said say says tell told call called name named something somebody someone thing things used make made took take \
taken came come day time me mr mrs ms mister miss missus dr doctor please dear love";

/// Chinese words that never carry an answer.
const ZH_EMPTY: &str = "的 了 吗 呢 吧 啊 呀 嘛 哦 噢 嗯 呃 哎 唉 喔 哈 呗 咯 啦 么 是 在 到 去 来 跟 和 与 同 及 或 还 也 都 就 才 又 再 很 挺 太 \
真 好像 大概 可能 应该 也许 记得 觉得 想 说 叫 有 没 没有 不 不是 我 你 您 他 她 它 我们 咱 咱们 你们 他们 她们 这 那 这个 那个 哪 哪个 什么 谁 哪儿 \
哪里 几 多少 怎么 一 个 位 只 条 张 块 把 被 给 让 往 从 向 里 里头 上 下 中 里面 那儿 这儿 那里 这里 时候 那天 当时 后来 然后 最后 先 一个 一位 一种 \
那位 那种 这位 人 东西 事 天 儿 啥 吃 做 干 得 着 过 地 之 所 而 且 等 们 嘞 喽 啥样 一下 一点 一点儿 就是 还是 还有 里边 个儿 呐 搁 会 要 能 可以";

pub(crate) fn is_empty_word(word: &str, language: Language) -> bool {
    let list = match language {
        Language::En => EN_EMPTY,
        Language::ZhCn => ZH_EMPTY,
    };
    list.split_whitespace().any(|w| w == word)
}

/// Groups of words for one relation; the first is the plain one.
const RELATIONS: &[&[&str]] = &[
    &["daughter", "girl"],
    &["son", "boy", "lad"],
    &["husband", "hubby", "old man"],
    &["wife", "missus"],
    &["mother", "mum", "mom", "mam", "mummy"],
    &["father", "dad", "daddy"],
    &["grandson"],
    &["granddaughter"],
    &["sister", "sis"],
    &["brother"],
    &["partner"],
    &["neighbour", "neighbor", "next door"],
    &["friend", "pal", "mate"],
    &["nephew"],
    &["niece"],
    &["cousin"],
    &["aunt", "auntie"],
    &["uncle"],
    &["son-in-law"],
    &["daughter-in-law"],
    &["女儿", "闺女", "丫头"],
    &["儿子", "小子"],
    &["女婿", "姑爷"],
    &["儿媳", "儿媳妇", "媳妇"],
    &["老伴", "老伴儿", "爱人"],
    &["丈夫", "先生", "老头子"],
    &["妻子", "太太", "老婆"],
    &["外孙女"],
    &["外孙", "外孙子"],
    &["孙女"],
    &["孙子"],
    &["母亲", "妈妈", "妈", "娘"],
    &["父亲", "爸爸", "爸", "爹"],
    &["姐姐", "姐"],
    &["妹妹"],
    &["哥哥", "哥"],
    &["弟弟"],
    &["邻居", "街坊"],
    &["同事"],
    &["同学"],
    &["朋友"],
];

/// Every way to say the relation that `word` names; empty when it names none.
pub(crate) fn same_relation(word: &str) -> &'static [&'static str] {
    RELATIONS.iter().find(|group| group.contains(&word)).copied().unwrap_or(&[])
}

/// All relation words, longest first, so that 外孙女 is found before 外孙.
pub(crate) fn relation_words() -> Vec<&'static str> {
    let mut words: Vec<&str> = RELATIONS.iter().flat_map(|group| group.iter().copied()).collect();
    words.sort_by_key(|w| std::cmp::Reverse(w.chars().count()));
    words
}

/// (words that name the kind in a question, members). For open questions such as "name four …".
const KINDS: &[(&str, &str)] = &[
    (
        "farm animal|farm animals|家畜|家禽|农场",
        "cow pig hen sheep horse goat duck goose chicken donkey turkey bull lamb calf cat dog cock rooster pony ram ox mule rabbit \
         牛 猪 羊 鸡 鸭 鹅 马 驴 骡 狗 兔 猫",
    ),
    (
        "animal|animals|动物",
        "cow pig hen sheep horse goat duck goose chicken donkey cat dog lion tiger bear wolf fox rabbit hare mouse rat elephant giraffe zebra \
         monkey ape deer badger hedgehog squirrel otter seal whale camel kangaroo snake frog toad turtle owl bird fish mole stoat bat 牛 猪 羊 鸡 \
         鸭 鹅 马 驴 狗 猫 兔 虎 狮 豹 狼 熊 猴 象 鹿 狐 鼠 蛇 龟 蛙 骆驼 长颈鹿 斑马 熊猫 松鼠 刺猬 鱼 鸟",
    ),
    (
        "bird|birds|鸟",
        "robin sparrow blackbird thrush wren crow rook magpie jay swan duck goose hen owl hawk eagle falcon gull pigeon dove swift swallow lark \
         starling finch tit heron kingfisher cuckoo woodpecker raven parrot penguin pheasant 麻雀 喜鹊 乌鸦 燕 鸽 鹰 鹤 鹦鹉 画眉 百灵 黄鹂 \
         天鹅 雁 猫头鹰 啄木鸟 布谷 八哥 鸡 鸭 鹅",
    ),
    (
        "fruit|fruits|水果|果子",
        "apple pear plum cherry orange lemon lime banana grape strawberry raspberry blackberry blueberry gooseberry currant peach apricot melon \
         pineapple mango kiwi fig grapefruit tangerine date damson 苹果 梨 桃 杏 李子 葡萄 西瓜 香蕉 橘 橙 柚 柿 枣 草莓 樱桃 荔枝 龙眼 桂圆 \
         菠萝 芒果 猕猴桃 哈密瓜 甜瓜 香瓜 山楂 石榴 柠檬 杨梅 枇杷 海棠 火龙果 榴莲 木瓜 椰子 桑葚",
    ),
    (
        "vegetable|vegetables|蔬菜|菜",
        "carrot potato cabbage onion leek pea bean broccoli cauliflower turnip swede parsnip lettuce spinach sprout beetroot celery radish tomato \
         cucumber courgette marrow pumpkin pepper garlic kale asparagus 白菜 萝卜 土豆 芹菜 菠菜 韭菜 黄瓜 茄子 西红柿 番茄 豆角 青椒 辣椒 南瓜 \
         冬瓜 丝瓜 苦瓜 洋葱 大葱 葱 蒜 姜 油菜 生菜 菜花 莲藕 藕 山药 香菜 茴香 芋头 红薯 卷心菜 圆白菜 茼蒿 空心菜 莴笋 木耳 蘑菇",
    ),
    (
        "flower|flowers|花",
        "rose tulip daffodil daisy lily poppy violet snowdrop crocus bluebell primrose carnation pansy iris sunflower lavender foxglove geranium \
         marigold dahlia orchid 玫瑰 牡丹 菊花 荷花 梅花 兰花 月季 茉莉 桂花 桃花 杏花 海棠 玉兰 迎春 杜鹃 百合 水仙 牵牛 向日葵 芍药 茶花 丁香 康乃馨",
    ),
    (
        "tree|trees|树",
        "oak ash elm beech birch willow pine fir larch yew maple sycamore chestnut alder hazel holly hawthorn poplar cedar lime apple pear plum \
         cherry rowan 松 柏 杨 柳 槐 榆 桐 枫 银杏 桃 梨 杏 枣 柿 桂 樟 椿 桑",
    ),
    (
        "colour|colours|color|colors|颜色",
        "red green blue yellow orange purple pink brown black white grey gray violet gold silver 红 绿 蓝 黄 橙 紫 粉 棕 黑 白 灰 金 银 青 褐",
    ),
    (
        "furniture|家具",
        "table chair bed sofa settee wardrobe cupboard desk stool bookcase dresser shelf armchair chest bench 桌 椅 床 沙发 柜 凳 书架 茶几 衣橱",
    ),
    (
        "clothes|clothing|garment|garments|衣服|衣物",
        "coat shirt skirt dress trousers sock shoe hat scarf glove jumper cardigan jacket blouse vest tie belt boot 上衣 裤 裙 袜 鞋 帽 围巾 \
         手套 毛衣 大衣 棉袄 衬衫 外套 背心 夹克",
    ),
    ("season|seasons|季节", "spring summer autumn fall winter 春 夏 秋 冬"),
    (
        "tool|tools|工具",
        "hammer saw screwdriver spanner drill pliers chisel plane file spade fork rake hoe axe trowel 锤 锯 钳 螺丝刀 改锥 扳手 斧 锹 镐 锄 钻 刨",
    ),
    (
        "drink|drinks|饮料",
        "tea coffee milk water juice beer wine lemonade cocoa cider squash whisky gin 茶 咖啡 牛奶 水 果汁 啤酒 酒 豆浆 可乐 汽水 酸奶",
    ),
    (
        "country|countries|国家",
        "england scotland wales ireland france spain italy germany norway sweden denmark finland poland portugal greece russia china japan india \
         america canada australia egypt turkey holland belgium austria switzerland 中国 美国 英国 法国 德国 日本 韩国 俄罗斯 印度 意大利 西班牙 \
         加拿大 澳大利亚 巴西 埃及 泰国 越南 朝鲜 新加坡",
    ),
    (
        "kitchen|厨房",
        "pot pan kettle knife fork spoon plate cup bowl oven fridge stove sink toaster whisk sieve ladle grater 锅 碗 瓢 盆 刀 勺 筷子 盘 铲 壶 \
         案板 灶 冰箱",
    ),
    (
        "instrument|instruments|乐器",
        "piano violin guitar flute drum trumpet cello harp organ clarinet oboe accordion recorder 钢琴 小提琴 二胡 笛子 鼓 吉他 古筝 琵琶 京胡 唢呐 箫 锣",
    ),
    (
        "vehicle|vehicles|交通工具",
        "car bus train bicycle bike tram lorry van boat ship plane aeroplane motorbike ferry taxi 汽车 公交车 火车 自行车 飞机 船 地铁 摩托车 电动车 出租车",
    ),
];

/// Members of the kind a question asks for, the most exact kind first.
pub(crate) fn members_of_kind(question: &str) -> Option<Vec<&'static str>> {
    let words: Vec<String> = crate::text::english_words(question);
    KINDS
        .iter()
        .find(|(names, _)| {
            names.split('|').any(|name| {
                let parts: Vec<&str> = name.split(' ').collect();
                if name.is_ascii() { words.windows(parts.len()).any(|w| w == parts) } else { question.contains(name) }
            })
        })
        .or_else(|| {
            // "animals that live on a farm"
            let farm = words.iter().any(|w| w == "farm") && words.iter().any(|w| w.starts_with("animal"));
            farm.then(|| &KINDS[0])
        })
        .map(|(_, members)| members.split_whitespace().collect())
}

/// Small numbers written in a question: "name four …", 说出四种….
pub(crate) fn asked_count(question: &str) -> Option<usize> {
    crate::numbers::all(question).iter().map(|f| f.value).find(|v| (1.0..=20.0).contains(v)).map(|v| v as usize)
}
