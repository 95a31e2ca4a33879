//! Chinese: short phrases are candidates; sentences with a subject of their own, and remarks, are not.

use reme_types::{AnswerKind, Language};

use super::Sought;
use crate::{
    judge::Question,
    lexicon::is_empty_word,
    speech::clauses,
    text::{TITLES, bare, is_han, jieba, normalise},
};

/// Words for somebody.
const SOMEBODY: &str = "人家 大夫 医生 护士 司机 老师 保安 门卫 徒弟 师傅 大姐 大妈 大爷 阿姨 小伙子 姑娘 邻居 同事 同学 朋友 街坊 志愿者 保姆 护工 快递 警察 老板 售货员 服务员 亲戚 战友 物业 社工 老乡 家里人 姐妹 兄弟 队友 工友 舞伴 牌友 票友 棋友 老伙计 伙计 学生 客人 病友 自己 大哥 老太太 老头";
const PLACE_ENDINGS: &str = "里上下中旁边馆店场家园山楼院站路桥湖校市室房屋厅局所城镇村县港寺庙街巷口区台角柜箱盒桶缸袋包床屉厨窗门库吧处底后前外头面";

/// Whether any clause offers a candidate.
pub(super) fn offers(question: &Question<'_>, said: &str, sought: Sought) -> bool {
    let asked = bare(&normalise(question.text, Language::ZhCn));
    // Where the question puts the answers to choose from, its own words are candidates.
    let chosen = bare(said).trim_end_matches(['了', '吧', '呀', '啊', '的']).to_owned();
    let choice = crate::needle::offers_a_choice(&normalise(question.text, Language::ZhCn));
    if choice && chosen.chars().count() >= 2 && asked.contains(&chosen) {
        return true;
    }
    let asked = if choice { String::new() } else { asked };
    let is_question = said.trim_end().ends_with(['?', '？'])
        && ["吗", "呢", "啊", "怎么", "什么", "谁", "哪", "几", "没有", "不", "了"].iter().any(|w| said.contains(w));
    if is_question && sought != Sought::Word {
        return false;
    }
    let parts: Vec<&str> = clauses(said)
        .into_iter()
        .flat_map(|clause| clause.split('、'))
        .filter(|c| c.chars().any(char::is_alphanumeric))
        .collect();
    let lists = matches!(question.expected.kind, AnswerKind::List | AnswerKind::OrderedList);
    let whose = question.expected.kind == AnswerKind::List || sought == Sought::Person;
    // 跟小涛他们打的: with whom, where somebody is asked for.
    if whose
        && ["跟", "和", "同"].iter().any(|w| said.trim_start().starts_with(w))
        && names_somebody(&bare(said), "", 9)
    {
        return true;
    }
    // 啥也没揣: nothing, as an answer.
    let nothing = ["啥也没", "什么也没", "啥都没", "什么都没", "哪儿也没", "哪也没", "谁也没"];
    if sought != Sought::Figure
        && sought != Sought::Date
        && nothing.iter().any(|w| bare(said).starts_with(w))
        && bare(said).chars().count() <= 8
        && speech_is_no_lapse(said)
    {
        return true;
    }
    let reason = ["为什么", "怎么没", "怎么会", "干吗", "为啥"].iter().any(|w| asked.contains(w));
    if reason && parts.iter().any(|c| is_reason(c)) {
        return true;
    }
    // 老年大学一个学期一百块: something about what was asked about, and no reason.
    let beside = |c: &&str| {
        jieba().tag(&bare(c), false).first().is_some_and(|t| t.tag.starts_with('n') && asked.contains(t.word))
    };
    if reason && parts.iter().all(beside) {
        return false;
    }
    let short = |clause: &str| bare(clause).chars().count() <= 6 && !clause.contains(['了', '着', '得', '吗', '嘛']);
    // 小虎现在长高了，都到我肩膀了: talk of somebody the question names, clause after clause.
    let settles = |clause: &&str| ["是", "就是", "反正是"].iter().any(|w| bare(clause).starts_with(w));
    if parts.first().is_some_and(|first| is_talk_of_the_asked(first, &asked))
        && !parts.iter().skip(1).any(settles)
        && sought != Sought::Word
    {
        return false;
    }
    parts.iter().any(|clause| clause_offers(&asked, clause, sought, parts.len()))
        || (lists && parts.len() == 1 && said.contains(['跟', '和', '、', '与']) && short(said))
}

fn speech_is_no_lapse(said: &str) -> bool {
    crate::speech::phrase_intent(said).is_none() && !["记", "想", "听", "说", "剩"].iter().any(|w| said.contains(w))
}

/// Longest answer that may be a nickname nobody knows, in characters. [design]
const NICKNAME: usize = 4;

/// Somebody is asked for, and in several clauses, or a long one, nobody is named.
pub(super) fn names_nobody(question: &Question<'_>, said: &str) -> bool {
    let person = super::sought(question) == Sought::Person || crate::described::asks_for_person(question);
    let plain = bare(said);
    let length = plain.chars().count();
    let expected = question.expected.parts.iter().map(|p| bare(&normalise(p, Language::ZhCn)));
    let asked = bare(&normalise(question.text, Language::ZhCn));
    let told = |part: &str| names_somebody(&bare(part), &asked, bare(part).chars().count());
    person
        && length > NICKNAME
        && !plain.contains("我自己")
        && !expected.into_iter().any(|e| e.chars().any(|c| plain.contains(c) && !asked.contains(c)))
        && !clauses(said).iter().flat_map(|c| c.split('、')).any(told)
}

fn clause_offers(asked: &str, clause: &str, sought: Sought, clauses: usize) -> bool {
    let plain = bare(clause);
    let plain = [
        "好像是",
        "大概是",
        "应该是",
        "可能是",
        "我记得是",
        "我记得",
        "好像",
        "大概",
        "是",
        "哦",
        "嗯",
        "就是",
        "那就是",
        "那是",
    ]
    .iter()
    .fold(plain.as_str(), |t, lead| t.strip_prefix(lead).unwrap_or(t));
    let plain = plain.trim_end_matches(['吧', '呗', '啊', '呀', '嘛', '呢', '哦', '的', '了', '喽', '啦']);
    let length = plain.chars().count();
    let own = own_words(plain, asked);
    if length == 0 || own.is_empty() {
        return false;
    }
    if let Sought::Member(kind) = sought {
        let member = reme_lexicon::kinds_called(kind).iter().any(|k| k.members().any(|m| plain.contains(m)));
        return member || (tagged_nouns(plain) && length <= 4);
    }
    // 就是岁数大了, where it is asked what was the matter.
    let matter = ["怎么了", "怎么啦", "咋了", "什么毛病", "什么病"].iter().any(|w| asked.contains(w));
    if matter && clause.contains(['了', '坏']) && !plain.starts_with(['我', '那', '这', '咱', '花']) && length <= 8
    {
        return true;
    }
    if sought == Sought::Word {
        // 我爷爷老念叨这句: no saying speaks of me.
        let of_me = ["我", "咱", "俺"].iter().any(|w| plain.contains(w) && !asked.contains(w));
        let of_the_saying =
            ["这句", "那句", "这话", "这个", "会背", "念叨", "小时候"].iter().any(|w| plain.contains(w));
        return length <= 8 && !(of_me && of_the_saying);
    }
    let of_somebody = ["这丫头", "这孩子", "这小子", "那丫头", "那孩子", "这人", "那人"];
    if sought != Sought::Person && of_somebody.iter().any(|w| clause.contains(w)) {
        return false;
    }
    let oneself = plain.starts_with('我')
        && ![
            "我没",
            "我不",
            "我现在",
            "我如今",
            "我平时",
            "我从来",
            "我一直",
            "我忘",
            "我记",
            "我哪",
            "我想",
            "我也",
            "我都",
        ]
        .iter()
        .any(|w| plain.starts_with(w));
    let did_it_myself = ["我自己", "我一个", "就我", "我本人", "我跟", "我和"].iter().any(|w| plain.starts_with(w))
        || jieba().tag(plain, false).get(1).is_some_and(|t| t.tag.starts_with('v') && asked.contains(t.word));
    if sought == Sought::Person && oneself && length >= 3 && did_it_myself {
        return true;
    }
    if sought == Sought::Person && names_somebody(plain, asked, length) {
        return true;
    }
    // 小涛开车送的: somebody did what was asked about.
    let tags = jieba().tag(plain, false);
    let did_it = sought == Sought::Person
        && clause.contains('的')
        && tags.first().is_some_and(|t| t.tag.starts_with('n') && !asked.contains(t.word))
        && tags.iter().any(|t| t.tag.starts_with('v') && asked.contains(t.word));
    if did_it {
        return true;
    }
    if is_remark(clause, plain, asked, sought) {
        return false;
    }
    // 是小张教的, 坐船去的: what did it, or how it was done, put as an answer.
    let stresses = matches!(sought, Sought::Figure | Sought::Date)
        && bare(clause).trim_end_matches(['呀', '啊', '嘛', '呢', '吧']).ends_with('的')
        && tags.len() >= 3
        && !plain.contains("这么")
        && !plain.contains("问")
        && tags[1..].iter().any(|t| t.tag.starts_with('v'));
    if stresses {
        return true;
    }
    let is_verb = |tag: &str| tag.starts_with('v') && tag != "vn";
    let first_is_verb = tags.first().is_some_and(|t| is_verb(t.tag));
    let has_verb = tags.iter().any(|t| is_verb(t.tag) && !"是有在叫到去来".contains(t.word) && !asked.contains(t.word));
    let new_noun =
        tags.iter().any(|t| t.tag.starts_with(['n', 's', 'r', 'm', 'i', 'l', 'e', 'x']) && !asked.contains(t.word));
    let asked_verb = new_noun
        && tags.iter().any(|t| {
            is_verb(t.tag) && t.word.chars().all(is_han) && asked.contains(t.word) && !"是有在到去来".contains(t.word)
        });
    // 喂了一把绿豆: something was done, if not what was asked for.
    let of_the_asked = tags.first().is_some_and(|t| asked.contains(t.word));
    let done =
        first_is_verb && !of_the_asked && clause.contains('了') && tags.len() >= 2 && !clause.contains(['就', '呗']);
    let told = ["我", "他", "她", "我们", "我俩"].iter().any(|w| tags.first().is_some_and(|t| t.word == *w))
        && tags.get(1).is_some_and(|t| is_verb(t.tag))
        && tags.len() >= 3;
    // 过年嘛, 热闹: a time or a remark in one word.
    let idle = tags.iter().all(|t| t.tag == "t" || t.tag.starts_with('a') || t.tag == "z")
        || (clause.contains('嘛') && tags.iter().all(|t| !t.tag.starts_with('n')));
    // 甜的, 红的: what it is like stands for what it is.
    if clause.contains('的') && length <= 2 && sought == Sought::Thing {
        return true;
    }
    if idle
        && reme_lexicon::kinds_of(plain)
            .iter()
            .all(|k| k.is_called("festival") || k.is_called("season") || k.is_called("month"))
        && (reme_lexicon::kinds_of(plain).is_empty() || !asked.contains('吃'))
    {
        return false;
    }
    if ["他", "她", "它", "你", "您"].iter().any(|w| plain.starts_with(w)) && !told {
        return false;
    }
    match sought {
        Sought::Person => length <= 3 && !has_verb && clauses <= 2 && tags.iter().any(|t| t.tag.starts_with('n')),
        Sought::Place => {
            let ends = plain.chars().next_back().is_some_and(|c| PLACE_ENDINGS.contains(c));
            let named = tags.iter().any(|t| t.tag == "ns" || t.tag == "nt" || t.tag == "s") && !has_verb;
            let goes = ["在", "到", "去", "上", "从", "打"].iter().any(|w| plain.starts_with(w));
            goes || named || done || (ends && length <= 8) || (length <= 4 && !has_verb)
        }
        Sought::Figure | Sought::Date => done,
        _ => asked_verb || done || told || (!has_verb && length <= 12) || (first_is_verb && length <= 8) || length <= 4,
    }
}

/// A name of the question, then how it is or was with it, in no word of the question: 小虎现在可高了.
fn is_talk_of_the_asked(clause: &str, asked: &str) -> bool {
    const STATES: [&str; 16] =
        ["现在", "如今", "最", "可", "真", "老", "从小", "一直", "长", "都", "很", "太", "挺", "得", "着", "那时候"];
    let plain = bare(clause);
    let tags = jieba().tag(&plain, false);
    let Some((name, rest)) = tags.split_first() else { return false };
    name.word.chars().count() >= 2
        && asked.contains(name.word)
        && !name.tag.starts_with('v')
        && rest.len() >= 2
        && rest.first().is_some_and(|t| STATES.iter().any(|s| t.word.starts_with(s)))
        && !rest.iter().any(|t| t.tag.starts_with('v') && t.word != "是" && asked.contains(t.word))
}

/// Something that happened or was done, as a reason: 司机开早了.
fn is_reason(clause: &str) -> bool {
    let plain = bare(clause);
    let tags = jieba().tag(&plain, false);
    let praises = ["可", "真", "挺", "太", "好"].iter().any(|d| {
        ["美", "好看", "漂亮", "热闹", "好玩", "不错", "好吃", "舒服"]
            .iter()
            .any(|p| plain.contains(&format!("{d}{p}")))
    });
    crate::speech::phrase_intent(clause).is_none()
        && !praises
        && plain.chars().count() >= 3
        && tags.iter().any(|t| t.tag.starts_with('v') || t.tag.starts_with('a'))
        && (plain.contains(['了', '没', '不', '得']) || plain.starts_with('我') || plain.contains("因为"))
}

fn tagged_nouns(plain: &str) -> bool {
    jieba().tag(plain, false).iter().all(|t| t.tag.starts_with('n'))
}

fn own_words(plain: &str, asked: &str) -> Vec<String> {
    crate::text::chinese_words(plain)
        .into_iter()
        .filter(|w| !is_empty_word(w, Language::ZhCn) && !asked.contains(w.as_str()))
        .collect()
}

/// 老葛, 葛师傅, 邻居, a relation, or a name the dictionary knows.
fn names_somebody(plain: &str, asked: &str, length: usize) -> bool {
    let chars: Vec<char> = plain.chars().collect();
    let surname_at = |i: usize| chars.get(i).is_some_and(|c| reme_lexicon::is_surname(*c));
    let nicknamed = chars
        .windows(2)
        .enumerate()
        .any(|(i, w)| "老小阿".contains(w[0]) && surname_at(i + 1) && (length <= 6 || i <= 1));
    let rest = |i: usize| -> String { chars[i..].iter().collect() };
    let titled =
        (0..chars.len()).any(|i| surname_at(i) && TITLES.split_whitespace().any(|t| rest(i + 1).starts_with(t)));
    let somebody = SOMEBODY.split_whitespace().any(|w| plain.contains(w) && !asked.contains(w));
    let related =
        reme_lexicon::relation_words().iter().any(|r| r.chars().count() > 1 && plain.contains(r) && !asked.contains(r));
    let named =
        (2..=4).contains(&length) && surname_at(0) && jieba().tag(plain, false).iter().any(|t| t.tag.starts_with("nr"))
            || jieba()
                .tag(plain, false)
                .iter()
                .any(|t| t.tag == "nr" && t.word.chars().count() >= 2 && !asked.contains(t.word));
    let bare_name = (2..=3).contains(&length) && (surname_at(0) || "老小阿".contains(chars[0]));
    let two_signs = jieba()
        .tag(plain, false)
        .windows(2)
        .any(|w| w.iter().all(|t| t.tag.starts_with("nr") && t.word.chars().count() == 1));
    nicknamed || two_signs || titled || somebody || related || named || bare_name
}

/// 可热闹了, 那天下大雨, 这孩子孝顺: a remark.
fn is_remark(clause: &str, plain: &str, asked: &str, sought: Sought) -> bool {
    const DEGREE: &str = "可 挺 太 特 怪 真 蛮 越 非常 特别 十分 多么 这么 那么 忒 有点 有些";
    const ENDINGS: &str = "着呢 得很 极了 坏了 死了 得慌 得要命 的很 团团转 一宿 好得很 得不得了 够呛 孝顺 懂事 一个样 的事了 的事儿了 的事情了";
    let tags = jieba().tag(plain, false);
    let adjective = |at: usize| {
        tags.get(at).is_some_and(|t| t.tag.starts_with('a') || t.tag == "z" || t.tag == "i" || t.tag == "l")
    };
    let graded = tags.iter().enumerate().any(|(i, t)| {
        DEGREE.split_whitespace().any(|d| d == t.word)
            && (adjective(i + 1)
                || (clause.contains(['了', '的', '啊', '呢'])
                    && tags.get(i + 1).is_some_and(|t| t.tag.starts_with('v') && t.word.chars().count() == 1)))
    });
    // 这孩子…, 那天…, 那收音机…: a subject of its own.
    let pointed = tags.len() >= 3
        && matches!(tags[0].word, "这" | "那" | "那天" | "这事" | "那会儿" | "如今" | "现在" | "那时候")
        || (tags.len() >= 2 && matches!(tags[0].word, "那天" | "那年" | "这事儿" | "这事"))
        || (tags.len() >= 3 && plain.starts_with("这") && tags[1].tag.starts_with('n'));
    let predicate = tags.len() >= 2
        && (tags[0].tag.starts_with('n') || tags[0].tag == "s")
        && (adjective(tags.len() - 1) || "多少大小高矮好坏".contains(tags[tags.len() - 1].word));
    let topic = tags.len() >= 3
        && tags[0].tag.starts_with('n')
        && asked.contains(tags[0].word)
        && tags[1..].iter().any(|t| t.tag.starts_with('v') || t.tag.starts_with('a'));
    let subject_verb = tags.len() >= 3
        && tags[0].tag.starts_with('n')
        && !asked.contains(tags[0].word)
        && clause.contains('了')
        && tags[1..].iter().any(|t| t.tag.starts_with('v') && !asked.contains(t.word));
    let of_oneself = ["我没", "我不", "我这", "我从来", "我就", "年纪", "咱", "人老", "老了", "岁数"]
        .iter()
        .any(|w| plain.starts_with(w));
    // 吓得我心口直跳, 那机器响得: how it was; 什么色儿都有; 热死个人; 鞋都湿了; 点心不沾.
    let how = tags.iter().enumerate().any(|(i, t)| {
        t.word == "得"
            && i > 0
            && (tags[i - 1].tag.starts_with('v') || tags[i - 1].tag.starts_with('a') || i + 1 == tags.len())
    }) || (tags.len() >= 2 && clause.contains("得我"));
    let of_all =
        ["都有", "都湿了", "死个人", "死人了", "差点", "差一点", "不沾", "什么都"].iter().any(|w| clause.contains(w))
            || (plain.contains('都') && clause.contains('了') && tags.len() >= 3 && tags[0].tag.starts_with('n'));
    let states =
        tags.len() >= 3 && tags[1].word == "是" && asked.contains(tags[0].word) && tags[0].tag.starts_with('n');
    let i_am = tags.len() == 3 && tags[0].word == "我" && tags[1].tag.starts_with('n') && tags[2].tag.starts_with('a');
    // 坐都坐不住, 到了也没逮着, 五年才聚一回, 打后窗户爬进来的: how it was, how often, which way.
    let signs: Vec<char> = plain.chars().collect();
    let not_able = signs.windows(4).any(|s| s[1] == '都' && s[0] == s[2] && s[3] == '不');
    let in_vain = ["也没逮", "也没找", "也没见", "也没抓", "也没捞", "才聚一", "才来一", "才见一", "才去一"]
        .iter()
        .any(|w| plain.contains(w));
    let way_in = (plain.starts_with('打') || plain.starts_with('从'))
        && ["进来", "出去", "过来", "进去", "出来"].iter().any(|w| plain.contains(w))
        && sought != Sought::Place;
    // 跟做梦似的, 能把死人说活, 可心里踏实, 都模糊了, 穷是穷.
    let compared = ["似", "似的", "一个样儿"].iter().any(|w| plain.ends_with(w)) && sought != Sought::Word;
    let able = ["能把", "会把", "肯把", "可心里", "可也", "可就是"].iter().any(|w| plain.starts_with(w));
    let conceded = signs.windows(3).any(|s| s[1] == '是' && s[0] == s[2]);
    let all_gone = plain.starts_with('都') && clause.contains('了') && sought != Sought::Person;
    if compared || able || conceded || all_gone || not_able || in_vain || way_in {
        return true;
    }
    // 人山人海: what it was like, in four signs.
    let idiom = matches!(tags[..], [ref only] if only.tag == "i") && !asked.contains("成语");
    how || of_all
        || idiom
        || states
        || i_am
        || ENDINGS.split_whitespace().any(|e| clause.contains(e))
        || graded
        || pointed
        || predicate
        || topic
        || subject_verb
        || of_oneself
}
