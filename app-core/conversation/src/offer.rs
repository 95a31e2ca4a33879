//! Whether an utterance offers anything that could be what was asked, or is talk: refusal, remark, question back, filler.
//!
//! Where in the flow: asked only when nothing of the expected answer was found. "Something else" and "nothing at all" are told
//! apart here; a remark about the day is no wrong answer.

mod chinese;
mod english;
mod typed;

pub(crate) use typed::reconsidered;

use reme_types::{AnswerKind, Intent, Language};

use crate::{
    dates,
    judge::{Question, first_part},
    numbers, speech,
    text::{bare, chinese_words, english_words, normalise},
};

/// What a question asks for, as far as it tells a candidate from a remark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sought {
    Person,
    Place,
    Figure,
    Date,
    /// A word itself: opposites, rhymes, sayings. Any word is a candidate.
    Word,
    /// One of a closed set: a season, a month, a colour.
    Member(&'static str),
    Thing,
}

fn sought(question: &Question<'_>) -> Sought {
    let asked = normalise(question.text, question.language);
    let has = |words: &[&str]| words.iter().any(|w| asked.contains(w));
    match question.expected.kind {
        AnswerKind::Number | AnswerKind::Steps | AnswerKind::Sequence => return Sought::Figure,
        AnswerKind::Date => return Sought::Date,
        _ => {}
    }
    if has(&[
        "opposite",
        "rhyme",
        "finish the",
        "saying",
        "word that",
        "反义词",
        "歇后语",
        "成语",
        "下一句",
        "上一句",
        "下句",
        "上句",
        "半句",
        "近义词",
        "谜语",
    ]) || crate::vague::asks_for_saying(&asked)
    {
        return Sought::Word;
    }
    for (words, kind) in [(&["season", "季节"][..], "season"), (&["colour", "color", "颜色"], "colour")] {
        if has(words) {
            return Sought::Member(kind);
        }
    }
    let words = english_words(&asked);
    let word = |w: &str| words.iter().any(|x| x == w);
    let person = question.expected.kind == AnswerKind::Person
        || word("who")
        || word("whom")
        || has(&["叫什么名字", "谁", "哪位", "哪个人", "哪几个人", "哪四个人", "哪三个人", "哪两个人", "几个人一起"])
        || (words.first().is_some_and(|w| w == "which" || w == "what")
            && words.get(1).is_some_and(|w| {
                reme_lexicon::kinds_called("job").iter().any(|k| k.holds(w))
                    || !reme_lexicon::same_relation(w).is_empty()
            }));
    let parts = &question.expected.parts;
    let is_name = |part: &String| {
        let first = english_words(&part.to_lowercase()).into_iter().next().unwrap_or_default();
        part.starts_with(char::is_uppercase)
            && part.split(' ').count() <= 3
            && part.split(' ').all(|w| w.starts_with(char::is_uppercase))
            && (reme_lexicon::is_first_name(&first) || matches!(first.as_str(), "mr" | "mrs" | "miss" | "ms" | "dr"))
    };
    let names = question.language == Language::En && parts.len() > 1 && parts.iter().all(is_name);
    let called = question.language == Language::ZhCn
        && has(&["哪个", "哪几个"])
        && parts.iter().all(|p| crate::described::is_called(p));
    if (person || names || called) && !has(&["什么", " and what", "、吃", "what and"]) {
        return Sought::Person;
    }
    if question.expected.kind == AnswerKind::Place
        || word("where")
        || has(&[
            "哪儿",
            "哪里",
            "什么地方",
            "哪个城市",
            "what town",
            "which town",
            "what city",
            "which city",
            "name of the town",
        ])
    {
        return Sought::Place;
    }
    if has(&["how long", "how many", "how much", "how far", "how old", "多久", "多长时间", "多少", "多远"]) {
        return Sought::Figure;
    }
    let asks_when = asked.starts_with("when") || has(&["what time", "几点", " when did", " when was", " when were"]);
    if asks_when {
        return Sought::Date;
    }
    Sought::Thing
}

/// Signs of hesitation.
const FILLERS: &str = "嗯呃啊哦唉哎这那个么呢什嘛吧让我想";

/// Nothing but the question again, where the answer is not made of its words.
pub(crate) fn repeats_the_question(question: &Question<'_>, said: &str) -> bool {
    let is_answer = || {
        let utterance = crate::words::Utterance::new(question, said);
        crate::needle::Needle::all(question).iter().any(|n| utterance.hold_against(n).cover >= 0.999)
    };
    // 一个打鼓一个打镲……各是谁: with its asking word it is the question, whatever else is in it.
    let asks = || match question.language {
        Language::En => {
            let asking = ["who", "whom", "whose", "where", "what", "when", "which", "why", "how"];
            english_words(said).iter().any(|w| asking.contains(&w.as_str()))
        }
        Language::ZhCn => ["谁", "哪", "什么", "多少", "怎么"].iter().any(|w| said.contains(w)),
    };
    is_echo(question, said) && (asks() || !is_answer())
}

/// Whether anything is offered that could be what was asked.
pub(crate) fn offers_something(question: &Question<'_>, said: &str) -> bool {
    let language = question.language;
    if crate::talk::is_talk(said, language) {
        return false;
    }
    let asks_back = speech::phrase_intent(said);
    if matches!(asks_back, Some(Intent::Repeat | Intent::Hint | Intent::Skip | Intent::Stop | Intent::Distress)) {
        return false;
    }
    let rest: String = match asks_back {
        // "I forget. The baker?": what is left of it may be a candidate, if it is short.
        Some(_) => speech::clauses(said).into_iter().filter(|c| speech::phrase_intent(c).is_none()).collect(),
        None => said.to_owned(),
    };
    let words = match language {
        Language::En => english_words(&rest),
        Language::ZhCn => chinese_words(&rest),
    };
    let sought = sought(question);
    // Where a word is asked for, common words are candidates too: 一个人 for an idiom.
    let says_a_word = match language {
        Language::En => words.len() == 1 && words[0].len() > 3,
        Language::ZhCn => {
            (2..=8).contains(&bare(&rest).chars().count()) && bare(&rest).chars().any(|c| !FILLERS.contains(c))
        }
    };
    if sought == Sought::Word && language == Language::ZhCn && asks_back.is_none() && says_a_word {
        return !is_echo(question, &rest);
    }
    let filler = speech::is_filler(&words, language) && !(sought == Sought::Word && says_a_word);
    if words.is_empty() || filler || is_echo(question, &rest) {
        return false;
    }
    // "I read it as a boy, and now his name won't come": what is told beside the lapse is no candidate.
    let tells_of_oneself = language == Language::En
        && words.first().is_some_and(|w| w == "i")
        && !words.get(1).is_some_and(|w| matches!(w.as_str(), "think" | "believe" | "suppose" | "guess"));
    if asks_back == Some(Intent::Forgot) && tells_of_oneself {
        return false;
    }
    if asks_back.is_some() && (words.len() > 6 || question.expected.kind == AnswerKind::IdeaUnits) {
        return false;
    }
    if !numbers::all(&without_idle_ones(&rest)).is_empty() && sought == Sought::Figure {
        return true;
    }
    // "Four men had to lift it": in a long answer a number that makes no date counts something else.
    let brief = words.len() <= 3 && bare(&rest).chars().filter(|c| crate::text::is_han(*c)).count() <= 4;
    let asks_time =
        ["what time", "几点", "which hour", "what hour"].iter().any(|w| normalise(question.text, language).contains(w));
    let counts = brief || question.expected.kind != AnswerKind::Date && !asks_time;
    if sought == Sought::Date
        && (counts && !numbers::all(&without_idle_ones(&rest)).is_empty()
            || dates::weekday(&rest).is_some()
            || !asks_for_weekday(question) && names_a_time(&rest))
    {
        return true;
    }
    if names_a_rival(question, &words) || (sought == Sought::Person && names_another_of_the_memory(question, &words)) {
        return true;
    }
    // What the memory says of another side of the event answers another question.
    if tells_of_the_memory(question, &rest) {
        return true;
    }
    match language {
        Language::En => english::offers(question, &rest, sought),
        Language::ZhCn => chinese::offers(question, &rest, sought),
    }
}

/// Telling words of the memory that make an answer one of it, if to another question. [design]
const OF_THE_MEMORY: usize = 2;

/// What is told is in the memory, and neither in the question nor what was asked for: 得了二等奖, where the day is asked.
fn tells_of_the_memory(question: &Question<'_>, said: &str) -> bool {
    let Some(context) = question.context.filter(|_| question.expected.kind != AnswerKind::IdeaUnits) else {
        return false;
    };
    let language = question.language;
    let (context, asked) = (normalise(context, language), normalise(question.text, language));
    if said.contains(['?', '？']) {
        return false;
    }
    match language {
        Language::En => {
            let stems =
                |text: &str| -> Vec<String> { english_words(text).iter().map(|w| crate::text::stem(w)).collect() };
            let (context, asked) = (stems(&context), stems(&asked));
            let mut told: Vec<String> = english_words(said)
                .iter()
                .filter(|w| w.len() > 2 && !crate::lexicon::is_empty_word(w, language))
                .map(|w| crate::text::stem(w))
                .filter(|w| context.contains(w) && !asked.contains(w))
                .collect();
            told.sort_unstable();
            told.dedup();
            told.len() >= OF_THE_MEMORY
        }
        Language::ZhCn => {
            let told: Vec<String> = chinese_words(said)
                .into_iter()
                .filter(|w| w.chars().count() >= 2 && !crate::lexicon::is_empty_word(w, language))
                .filter(|w| context.contains(w.as_str()) && !asked.contains(w.as_str()))
                .collect();
            // 屋顶掀了: a noun of two signs, and the verb of one beside it.
            let verb = !told.is_empty()
                && crate::text::jieba().tag(said, false).iter().any(|t| {
                    let one = t.word.chars().count() == 1 && t.tag.starts_with('v');
                    one && !crate::lexicon::is_empty_word(t.word, language)
                        && context.contains(t.word)
                        && !asked.contains(t.word)
                });
            verb || told.iter().map(|w| w.chars().count()).sum::<usize>() > OF_THE_MEMORY
        }
    }
}

/// 福寿园, where 松鹤园 is expected and the memory names both: nothing but another thing of the memory.
pub(crate) fn is_another_of_the_memory(question: &Question<'_>, said: &str, needles: &[crate::needle::Needle]) -> bool {
    let (Some(context), Language::ZhCn) = (question.context, question.language) else { return false };
    let (context, asked) = (normalise(context, Language::ZhCn), bare(&normalise(question.text, Language::ZhCn)));
    let plain = bare(said);
    let core = plain
        .trim_start_matches(['是', '就', '在', '去', '叫'])
        .trim_end_matches(['吧', '呗', '啊', '呀', '嘛', '呢', '的', '了', '喽']);
    (2..=6).contains(&core.chars().count())
        && context.contains(core)
        && !asked.contains(core)
        && !needles.iter().any(|n| n.wording.contains(core) || core.contains(n.wording.as_str()))
        && !needles.iter().flat_map(|n| &n.words).any(|w| w.chars().count() >= 2 && core.contains(w.as_str()))
}

/// In a few words somebody or something the memory names beside what was expected: 店员小卡.
fn names_another_of_the_memory(question: &Question<'_>, said: &[String]) -> bool {
    let (Some(context), Language::ZhCn) = (question.context, question.language) else { return false };
    let (context, asked) = (normalise(context, question.language), normalise(question.text, question.language));
    let new: Vec<&String> = said.iter().filter(|w| w.chars().count() >= 2 && !asked.contains(w.as_str())).collect();
    let whole = said.concat();
    let whole =
        whole.trim_start_matches(['是', '就']).trim_end_matches(['吧', '呗', '啊', '呀', '嘛', '呢', '的', '了']);
    let is_whole = (2..=4).contains(&whole.chars().count()) && !asked.contains(whole) && context.contains(whole);
    is_whole
        || said.iter().map(|w| w.chars().count()).sum::<usize>() <= 6
            && new.iter().any(|w| context.contains(w.as_str()))
}

/// Another thing of the kind expected: 元宵节 where 除夕 is.
fn names_a_rival(question: &Question<'_>, said: &[String]) -> bool {
    let asked = normalise(question.text, question.language);
    let mut expected = question.expected.parts.iter().flat_map(|part| {
        let whole = normalise(part, question.language);
        let words = crate::needle::telling_words(&whole, question.language);
        std::iter::once(whole).chain(words).collect::<Vec<_>>()
    });
    let said: Vec<&String> = said.iter().filter(|w| !asked.contains(w.as_str())).collect();
    if question.language == Language::ZhCn && names_a_rival_within(question, &said) {
        return true;
    }
    said.len() <= 4 && expected.any(|e| said.iter().any(|w| reme_lexicon::are_rivals(&e, w)))
}

/// The same for short answers cut wrong: 坐地|铁.
fn names_a_rival_within(question: &Question<'_>, said: &[&String]) -> bool {
    const SHORT_SIGNS: usize = 6;
    let said: String = said.iter().map(|w| w.as_str()).collect();
    let expected = question.expected.parts.iter().map(|p| bare(&normalise(p, question.language)));
    said.chars().count() <= SHORT_SIGNS
        && expected.flat_map(|e| reme_lexicon::kinds_of(&e).into_iter().map(move |k| (e.clone(), k))).any(
            |(e, kind)| {
                kind.members().any(|m| {
                    m.chars().count() >= 2 && said.contains(m) && !e.contains(m) && reme_lexicon::are_rivals(&e, m)
                })
            },
        )
}

/// 天天一个样, 一点儿, "one of those", "in one ear": a one that counts nothing.
pub(crate) fn without_idle_ones(said: &str) -> String {
    const IDLE: [&str; 41] = [
        "一大早",
        "一早",
        "一言",
        "twice",
        "once",
        "one of th",
        "in one ear",
        "this one",
        "that one",
        "the one",
        "no one",
        "one day",
        "one another",
        "one thing",
        "which one",
        "good one",
        "for one",
        "one bit",
        "一个样",
        "一样",
        "一点",
        "一下",
        "一直",
        "一定",
        "一团",
        "一片",
        "一阵",
        "一会",
        "一些",
        "一边",
        "一起",
        "一辈",
        "一般",
        "一旦",
        "一向",
        "一趟",
        "一回事",
        "一身",
        "一头雾",
        "一脸",
        "一时",
    ];
    let text = IDLE.iter().fold(said.to_owned(), |text, idle| text.replace(idle, ""));
    // "A hard one", "a one for a joke".
    const BEFORE: &str = "a each every any some another other good hard nice little big old new young bad funny odd queer tricky right wrong only \
last next first dear great easy tough long short kind real proper";
    let mut before = String::new();
    text.split(' ')
        .filter(|word| {
            let plain: String = word.chars().filter(|c| c.is_alphanumeric()).collect();
            let idle = plain == "one" && BEFORE.split_whitespace().any(|b| b == before);
            before = plain;
            !idle
        })
        .collect::<Vec<_>>()
        .join(" ")
}

fn asks_for_weekday(question: &Question<'_>) -> bool {
    let expected = normalise(first_part(question.expected), question.language);
    dates::weekday(&expected).is_some() && dates::all(&expected).is_empty()
}

fn names_a_time(said: &str) -> bool {
    const TIMES: &str = "yesterday today tomorrow spring summer autumn winter christmas easter morning evening last next weekend birthday ago \
昨天 今天 前天 春 夏 秋 冬 过年 中秋 国庆 早上 晚上 上礼拜 上周 上个月 去年 正月 腊月 除夕 端午 清明 月底 月初";
    TIMES.split_whitespace().any(|t| said.contains(t))
}

/// Nothing but words of the question.
fn is_echo(question: &Question<'_>, said: &str) -> bool {
    let asked = normalise(question.text, question.language);
    if crate::needle::offers_a_choice(&asked) && english_words(said).len() <= 4 && bare(said).chars().count() <= 12 {
        return false;
    }
    match question.language {
        Language::En => {
            let asked = english_words(&asked);
            let (known, all) = english_words(said).into_iter().fold((0, 0), |(known, all), w| {
                (
                    known
                        + usize::from(
                            asked.contains(&w)
                                || matches!(
                                    w.as_str(),
                                    "i" | "my"
                                        | "me"
                                        | "did"
                                        | "was"
                                        | "were"
                                        | "aye"
                                        | "well"
                                        | "oh"
                                        | "now"
                                        | "yes"
                                        | "um"
                                        | "er"
                                        | "och"
                                        | "let"
                                        | "see"
                                ),
                        ),
                    all + 1,
                )
            });
            all >= 3 && known == all
        }
        Language::ZhCn => {
            let asked = bare(&asked);
            let said: Vec<char> =
                bare(said).chars().filter(|c| !"来着呢啊嘛我您呃嗯啥子喃呀哦吧".contains(*c)).collect();
            let known = said.iter().filter(|c| asked.contains(**c)).count();
            let expected = bare(&normalise(first_part(question.expected), question.language));
            // A word to be said backwards is made of the question's own characters.
            let reversed =
                said.iter().collect::<String>() == expected || question.expected.kind == AnswerKind::Sequence;
            said.len() >= 4 && known == said.len() && !reversed && asked.contains(&said[..2].iter().collect::<String>())
        }
    }
}
