//! Answers that keep to the question and leave the very thing open ("somebody at the shop", 一家饭馆), and answers that turn a
//! ban round ("I may go on with salt").
//!
//! Where in the flow: asked after nothing of the expected answer was found (the open ones), or before it counts (the ban). It
//! must never call an answer right.

use reme_lexicon::{kinds_called, kinds_of};
use reme_types::{AnswerKind, Language};

use crate::{
    described::asks_for_person,
    judge::Question,
    needle::Needle,
    speech::{self, clauses},
    text::{bare, english_words, normalise},
    words::Utterance,
};

/// Longest English and Chinese answer that is only somebody or somewhere, in words and in characters. [design]
const LONGEST_WORDS: usize = 7;
const LONGEST_SIGNS: usize = 9;

fn has_any(text: &str, phrases: &[&str]) -> bool {
    phrases.iter().any(|p| text.contains(p))
}

/// Somebody, and not which body: "a relative", 店里的一个人. Somebody *else* is an answer of its own.
pub(crate) fn is_only_somebody(question: &Question<'_>, said: &str) -> bool {
    if !asks_for_person(question) || speech::phrase_intent(said).is_some() || said.contains(['?', '？']) {
        return false;
    }
    match question.language {
        Language::En => {
            const OPEN: [&str; 18] = [
                "a lady",
                "a workman",
                "a neighbour",
                "a neighbor",
                "a friend",
                "a fellow",
                "a chap",
                "a young",
                "an american",
                "some man",
                "somebody",
                "someone",
                "a person",
                "a relative",
                "a relation",
                "a man",
                "a woman",
                "one of the family",
            ];
            const VAGUE: &str = "building house estate block stairs ground kind nice tall short big little dark fair stout men women people ladies girls boys lads chaps downstairs upstairs street road corner floor door workman neighbour neighbor friend fellow american relative relation person family man woman lady chap shop place there old young member village town \
street church club office hospital next door neighbourhood";
            let words = english_words(said);
            let utterance = Utterance::new(question, said);
            let own = utterance.own_words();
            // "Somebody who works there": with no name and no kin.
            let opens = words.iter().find(|w| !matches!(w.as_str(), "it" | "was" | "oh" | "well" | "by" | "just"));
            let named = |w: &String| {
                reme_lexicon::is_first_name(w)
                    || !reme_lexicon::wordnet::is_word(w)
                    || !reme_lexicon::same_relation(w).is_empty()
            };
            if opens.is_some_and(|w| matches!(w.as_str(), "somebody" | "someone"))
                && words.iter().any(|w| matches!(w.as_str(), "who" | "that" | "there" | "from" | "with"))
                && !has_any(said, &["else", "other", " not ", "n't"])
                && words.len() <= LONGEST_WORDS
                && !own.iter().any(|w| named(w) && reme_lexicon::lemma(w) == w)
            {
                return true;
            }
            let telling: Vec<&String> = own.iter().filter(|w| !VAGUE.split_whitespace().any(|v| v == *w)).collect();
            (has_any(said, &OPEN) || is_somebody_unnamed(&words))
                && !has_any(said, &["else", "other", "different", " not ", "n't"])
                && words.len() <= LONGEST_WORDS
                && (!own.is_empty() && telling.is_empty()
                    || has_any(said, &[" from ", "somebody of", "someone of", "one of the"])
                        && !words.contains(&"the".to_owned())
                    || has_any(said, &["somebody from", "someone from", "one of the"]))
        }
        Language::ZhCn => {
            const SOMEBODY: [&str; 20] = [
                "小辈",
                "晚辈",
                "长辈",
                "朋友",
                "人",
                "亲戚",
                "老人",
                "老太太",
                "老头",
                "女的",
                "男的",
                "姑娘",
                "小伙子",
                "年轻人",
                "街坊",
                "邻居",
                "熟人",
                "同事",
                "老乡",
                "同学",
            ];
            let plain = bare(said);
            let core = plain.trim_end_matches(['吧', '呗', '啊', '呀', '嘛', '呢', '了']);
            let open = has_any(core, &["一个", "一位", "有个", "有位", "某个", "某位", "的人"]);
            open && core.chars().count() <= LONGEST_SIGNS
                && !has_any(core, &["别", "另", "其他", "不认", "没"])
                && SOMEBODY.iter().any(|s| core.ends_with(s))
        }
    }
}

/// "Some kind lady": an open article, a word or two of what they are like, and a word for anybody.
fn is_somebody_unnamed(words: &[String]) -> bool {
    const ANYBODY: &str = "man woman lady gentleman chap fellow bloke girl boy lad lass person youngster neighbour neighbor friend relative relation stranger";
    let (Some(first), Some(last)) = (words.first(), words.last()) else { return false };
    (2..=4).contains(&words.len())
        && matches!(first.as_str(), "a" | "an" | "some")
        && ANYBODY.split_whitespace().any(|w| w == last)
        && words[1..words.len() - 1]
            .iter()
            .all(|w| reme_lexicon::wordnet::is_word(w) && !reme_lexicon::is_first_name(w))
}

/// A place to eat and not which, where the question is where one ate: "at a pub", 一家饭馆.
pub(crate) fn is_some_place_to_eat(question: &Question<'_>, said: &str) -> bool {
    let asked = normalise(question.text, question.language);
    match question.language {
        Language::En => {
            const PLACES: [&str; 10] =
                ["pub", "café", "cafe", "restaurant", "inn", "hotel", "tearoom", "tea room", "bistro", "eating place"];
            let words = english_words(said);
            let eats = has_any(&asked, &["eat", "ate", "supper", "dinner", "lunch", "meal", "dine"]);
            let open =
                words.windows(2).any(|w| matches!(w[0].as_str(), "a" | "an" | "some") && PLACES.contains(&&*w[1]));
            let own = Utterance::new(question, said).own_words();
            eats && asked.contains("where") && open && own.iter().all(|w| PLACES.contains(&w.as_str()))
        }
        Language::ZhCn => {
            let plain = bare(said);
            let place = ["饭馆", "饭店", "馆子", "餐馆", "饭馆子", "小馆子", "餐厅", "酒楼"];
            let core = plain.trim_end_matches(['吧', '呗', '啊', '呀', '嘛', '呢', '里']);
            asked.contains('吃')
                && has_any(core, &["一家", "一个", "哪家", "某家", "一间", "外头", "外面", "街上", "馆子"])
                && core.chars().count() <= LONGEST_SIGNS
                && (place.iter().any(|p| core.ends_with(p))
                    || (core.starts_with("一家") && core.ends_with(['馆', '店', '楼', '铺'])))
        }
    }
}

/// "Somewhere in Rutland", 郊区什么地方: a place and not which, where a place or its name is asked for.
pub(crate) fn is_only_somewhere(question: &Question<'_>, said: &str) -> bool {
    let asked = normalise(question.text, question.language);
    let place = question.expected.kind == AnswerKind::Place
        || has_any(
            &asked,
            &[
                "capital of",
                "which country",
                "what town",
                "which town",
                "what city",
                "name of the town",
                "name of the place",
                "哪个城市",
                "哪个县",
            ],
        );
    let vague = [
        "someplace",
        "some place",
        "somewhere in ",
        "somewhere near ",
        "somewhere by ",
        "somewhere round ",
        "some place in ",
        "什么地方",
        "某个地方",
    ];
    let anywhere =
        place && english_words(said).iter().any(|w| w == "somewhere") && !has_any(said, &[" not ", "n't", " else"]);
    anywhere && !said.contains('?') && speech::phrase_intent(said).is_none()
        || place && has_any(said, &vague) && !said.contains(['?', '？']) && speech::phrase_intent(said).is_none()
}

/// "Something for sewing", 一样穿的东西: a thing of which only the use or the stuff is told.
pub(crate) fn is_only_something(question: &Question<'_>, said: &str) -> bool {
    if question.expected.kind != AnswerKind::Text || said.contains(['?', '？']) || speech::phrase_intent(said).is_some()
    {
        return false;
    }
    match question.language {
        Language::En => {
            let words = english_words(said);
            let opens =
                words.iter().find(|w| !matches!(w.as_str(), "oh" | "well" | "it" | "was" | "just" | "i" | "think"));
            opens.is_some_and(|w| w == "something" || w == "summat")
                && !Utterance::new(question, said).own_words().is_empty()
                && !has_any(said, &["something else", "or other", " not ", "n't"])
                && words.len() <= LONGEST_WORDS + 2
        }
        Language::ZhCn => {
            let plain = bare(said);
            let core = plain.trim_end_matches(['吧', '呗', '啊', '呀', '嘛', '呢', '了']);
            let brief = core.ends_with("的东西") && core.chars().count() <= LONGEST_SIGNS;
            (brief || ["一样", "一种", "一个", "一件", "某样", "什么", "个"].iter().any(|w| core.starts_with(w)))
                && has_any(core, &["的东西", "的物事", "的玩意", "的物件"])
                && !has_any(core, &["别的东西", "什么东西", "不"])
                && core.chars().count() <= LONGEST_SIGNS + 4
        }
    }
}

/// "In the back room", where the memory says "behind the stove in the back room".
pub(crate) fn is_the_wider_place(question: &Question<'_>, said: &str) -> bool {
    let (Some(context), AnswerKind::Place, Language::En) =
        (question.context, question.expected.kind, question.language)
    else {
        return false;
    };
    let own = Utterance::new(question, said).own_words();
    let context = english_words(&normalise(context, Language::En));
    let last = question.expected.parts.first().and_then(|p| english_words(&normalise(p, Language::En)).pop());
    let after = last.and_then(|last| context.iter().position(|w| *w == last)).map(|at| &context[at + 1..]);
    let Some([link, rest @ ..]) = after else { return false };
    let wider = &rest[..rest.len().min(4)];
    matches!(link.as_str(), "in" | "at" | "on" | "of") && !own.is_empty() && own.iter().all(|w| wider.contains(w))
}

/// "Hill something" for Hill Lane School: one right word, and the rest left open.
pub(crate) fn leaves_the_rest(utterance: &Utterance<'_>, needles: &[Needle]) -> bool {
    let more = needles.iter().filter(|n| !n.is_alias).any(|n| n.words.iter().any(|w| utterance.find(w).is_none()));
    more && utterance.words.windows(2).any(|w| {
        matches!(w[1].as_str(), "something" | "summat" | "somebody")
            && needles.iter().any(|n| n.words.first() == Some(&w[0]))
    })
}

/// "Marma something" for Marmaduke: the beginning of a name, and the rest left open.
pub(crate) fn begins_the_name(utterance: &Utterance<'_>, needles: &[Needle]) -> bool {
    const BEGINNING: usize = 2;
    if utterance.question.language == Language::ZhCn {
        return begins_the_chinese_name(utterance, needles);
    }
    let begins = |w: &str| {
        w.len() >= BEGINNING
            && needles
                .iter()
                .any(|n| n.words.len() <= 2 && n.words.iter().any(|word| word.len() > w.len() && word.starts_with(w)))
    };
    // "It begins with an R".
    let letter = |w: &String| {
        needles.iter().any(|n| n.words.len() <= 2 && n.words.first().is_some_and(|word| word.starts_with(w.as_str())))
    };
    let initial = utterance.words.windows(4).any(|w| {
        matches!(w[0].as_str(), "begins" | "starts" | "began" | "started")
            && w[1] == "with"
            && w[3].len() == 1
            && letter(&w[3])
    });
    let called = ["name", "called"].iter().any(|w| utterance.question.text.to_lowercase().contains(w));
    initial && (called || asks_for_person(utterance.question))
        || utterance
            .words
            .windows(2)
            .any(|w| matches!(w[1].as_str(), "something" | "summat" | "somebody") && begins(&w[0]))
}

/// 浩什么来着 for 浩然, 松什么园 for 松鹤园: the first sign of a name, and the rest left open.
fn begins_the_chinese_name(utterance: &Utterance<'_>, needles: &[Needle]) -> bool {
    let asked = normalise(utterance.question.text, Language::ZhCn);
    let named = asks_for_person(utterance.question) || has_any(&asked, &["叫什么", "名字", "什么名"]);
    named
        && needles.iter().any(|n| {
            let length = n.wording.chars().count();
            let Some(first) = n.wording.chars().next() else { return false };
            let open = ["什么", "啥", "么子", "某"].iter().any(|w| utterance.said.contains(&format!("{first}{w}")));
            let surname = utterance.said.contains(&format!("姓{first}"))
                && has_any(&utterance.said, &["忘", "想不", "记不", "后头", "名字"]);
            (2..=5).contains(&length) && (open || surname)
        })
}

/// "Indoors somewhere", where a place within a building is expected.
pub(crate) fn is_somewhere_indoors(question: &Question<'_>, said: &str, needles: &[Needle]) -> bool {
    let own = Utterance::new(question, said).own_words();
    let within = ["building", "museum", "room", "furniture", "container"];
    question.expected.kind == AnswerKind::Place
        && !own.is_empty()
        && own.iter().all(|w| matches!(w.as_str(), "indoors" | "inside" | "屋里" | "屋里头" | "室内"))
        && needles
            .iter()
            .flat_map(|n| &n.words)
            .any(|w| kinds_of(w).iter().chain(&kinds_called(w)).any(|k| within.iter().any(|name| k.is_called(name))))
}

/// What is banned is said to be allowed: "go on with salt and stop the sugar", where salt was to be stopped.
pub(crate) fn allows_what_is_banned(question: &Question<'_>, said: &str, needles: &[Needle]) -> bool {
    const BANS: [&str; 15] = [
        "stop ",
        "give up",
        "avoid",
        "leave off",
        "cut out",
        "not to ",
        "mustn't",
        "not allowed",
        "别再",
        "别吃",
        "不要",
        "不能",
        "忌",
        "戒",
        "不让",
    ];
    const ALLOWS: [&str; 15] = [
        " can ",
        " could ",
        " may ",
        "go on with",
        "keep on with",
        "carry on",
        "allowed",
        "is fine",
        "are fine",
        "all right",
        "能吃",
        "能喝",
        "可以",
        "接着",
        "不忌",
    ];
    const BARS: [&str; 9] = ["n't", " not ", " no ", "stop", "leave off", "give up", "不能", "不可以", "别"];
    let asked = normalise(question.text, question.language);
    if !has_any(&asked, &BANS) {
        return false;
    }
    clauses(said).into_iter().flat_map(|clause| clause.split(" but ")).any(|clause| {
        let padded = format!(" {} ", clause.trim());
        let part = Utterance::new(question, clause);
        has_any(&padded, &ALLOWS)
            && !has_any(&padded, &BARS)
            && needles.iter().any(|n| part.hold_against(n).cover >= 0.999)
    })
}

/// A Chinese saying with small words put in: every sign in its order, few more.
pub(crate) fn is_saying_with_more(question: &Question<'_>, said: &str) -> bool {
    /// Signs that may be put in. [design]
    const MORE: usize = 4;
    let asked = normalise(question.text, question.language);
    if question.language != Language::ZhCn || !asks_for_saying(&asked) {
        return false;
    }
    let plain = bare(said).replace('讲', "说");
    question.expected.parts.iter().chain(&question.expected.aliases).any(|wording| {
        let wanted = bare(&normalise(wording, question.language)).replace('讲', "说");
        let mut rest = plain.chars();
        wanted.chars().count() >= 4
            && plain.chars().count() <= wanted.chars().count() + MORE
            && wanted.chars().all(|c| rest.any(|r| r == c))
            && plain.matches(['不', '没']).count() == wanted.matches(['不', '没']).count()
    })
}

/// Whether the other half of a saying is asked for.
pub(crate) fn asks_for_saying(asked: &str) -> bool {
    has_any(
        asked,
        &[
            "接下句",
            "接上句",
            "下一句",
            "上一句",
            "下半句",
            "上半句",
            "后半句",
            "前半句",
            "歇后语",
            "俗话",
            "谚语",
            "老话",
        ],
    )
}

#[cfg(test)]
mod tests {
    use reme_types::Verdict;

    use super::*;
    use crate::{expected_from, judge};

    #[test]
    fn what_leaves_the_thing_open_is_partly_right_and_a_ban_turned_round_is_not() {
        use Verdict::{Correct, Incorrect, Partial};
        for (asked, expected, said, language, verdict) in [
            ("Who rang on Monday?", "the verger", "A relative.", Language::En, Partial),
            ("Who rang on Monday?", "the verger", "Someone else, the cook.", Language::En, Incorrect),
            ("Where did you have lunch?", "the Silver Otter", "In a restaurant.", Language::En, Partial),
            ("Where did you leave the key?", "the Silver Otter", "In a restaurant.", Language::En, Incorrect),
            (
                "What must you give up eating?",
                "salt",
                "I can have salt, it is sugar I must leave.",
                Language::En,
                Incorrect,
            ),
            ("What must you give up eating?", "salt", "I can't have salt.", Language::En, Correct),
            ("星期一谁打的电话？", "堂弟", "家里的一个亲戚。", Language::ZhCn, Partial),
            ("中午在哪儿吃的饭？", "德兴楼", "一家小馆子。", Language::ZhCn, Partial),
            ("大夫让您忌什么口？", "香烟", "香烟可以抽。", Language::ZhCn, Incorrect),
            ("请说下半句：路遥知马力，", "日久见人心", "日子久了就见人心。", Language::ZhCn, Correct),
        ] {
            let expected = expected_from(&[expected.to_owned()], &[], asked, language);
            let question = Question { text: asked, expected: &expected, context: None, people: &[], language };
            assert_eq!(judge(&question, said).verdict, verdict, "{said}");
        }
    }
}
