//! One wording of the expected answer, as the words that tell it from others.

use reme_types::{AnswerKind, Language};

use crate::{
    judge::Question,
    lexicon::is_empty_word,
    text::{self, bare, chinese_words, english_words, is_han, jieba, normalise, stem},
};

/// Titles tell nobody from anybody.
pub(crate) const TITLES: &str =
    "father sister brother nurse aunt auntie uncle professor sir lady captain reverend sergeant old young little big";

/// One wording of the expected answer, as telling words.
#[derive(Debug, Clone)]
pub(crate) struct Needle {
    /// Normalised wording.
    pub(crate) wording: String,
    /// Telling words; never empty unless the wording is.
    pub(crate) words: Vec<String>,
    /// Whether it is an alias rather than the answer itself.
    pub(crate) is_alias: bool,
}

impl Needle {
    /// The expected answer and every alias.
    pub(crate) fn all(question: &Question<'_>) -> Vec<Self> {
        let whole = question.expected.parts.iter().map(|p| (p, false));
        let aliases = question.expected.aliases.iter().map(|a| (a, true));
        let mut all: Vec<Self> = whole
            .chain(aliases)
            .map(|(wording, is_alias)| Self::new(question, wording, is_alias))
            .filter(|n| !n.words.is_empty())
            .collect();
        if question.expected.kind == AnswerKind::Person {
            let names: Vec<Self> =
                question.expected.parts.iter().filter_map(|p| Self::name_alone(question, p)).collect();
            all.extend(names);
            all.extend(question.expected.parts.iter().filter_map(|p| Self::given_name(question, p)));
        }
        all
    }

    /// The name without what stands before it: 小琴 of 女儿小琴, 小蒋 of 送水的小蒋, Dale of "her son Dale".
    pub(crate) fn name_alone(question: &Question<'_>, wording: &str) -> Option<Self> {
        let plain = normalise(wording, question.language);
        let name = match question.language {
            Language::ZhCn => {
                let related = reme_lexicon::relation_words()
                    .iter()
                    .filter(|r| r.chars().count() > 1)
                    .find_map(|r| plain.strip_prefix(r));
                let described =
                    plain.rsplit_once('的').map(|(_, name)| name).filter(|n| crate::described::is_called(n));
                related.or(described).filter(|n| (2..=4).contains(&n.chars().count()))?.to_owned()
            }
            Language::En => {
                let words = english_words(&plain);
                // "Father Doyle" is a title with a name, "her father Doyle" a relation.
                let at = words.iter().position(|w| !reme_lexicon::same_relation(w).is_empty())?;
                if at == 0 && wording.starts_with(char::is_uppercase) {
                    return None;
                }
                let name = words.get(at + 1..).filter(|n| (1..=2).contains(&n.len()))?;
                let own = name.iter().all(|w| reme_lexicon::is_first_name(w) || !reme_lexicon::wordnet::is_word(w));
                own.then(|| name.join(" "))?
            }
        };
        Some(Self::new(question, &name, true))
    }

    /// 秀丽 of 冯秀丽, as everybody at home says, where the memory knows nobody else of that name.
    fn given_name(question: &Question<'_>, wording: &str) -> Option<Self> {
        if question.language != Language::ZhCn {
            return None;
        }
        let plain = normalise(wording, question.language);
        let signs: Vec<char> = plain.chars().collect();
        let [surname, first, second] = signs[..] else { return None };
        let given: String = [first, second].iter().collect();
        let is_title = text::TITLES.split_whitespace().any(|t| given.ends_with(t))
            || reme_lexicon::relation_words().iter().any(|r| *r == given);
        let whole_name = reme_lexicon::is_surname(surname) && signs.iter().all(|c| is_han(*c)) && !is_title;
        let elsewhere = |told: &str| normalise(told, question.language).replace(&plain, "").contains(&given);
        let is_shared = elsewhere(question.text) || question.context.is_some_and(elsewhere);
        (whole_name && !is_shared).then(|| Self::new(question, &given, true))
    }

    pub(crate) fn new(question: &Question<'_>, wording: &str, is_alias: bool) -> Self {
        let wording = normalise(title_of(wording).unwrap_or(wording), question.language);
        let asked = normalise(question.text, question.language);
        let all = telling_words(&wording, question.language);
        // What the question already says proves nothing.
        let asked_words: Vec<String> = telling_words(&asked, question.language);
        let choice = offers_a_choice(&asked);
        let is_asked = |w: &String| match question.language {
            _ if choice => false,
            Language::En => asked_words.iter().any(|a| stem(a) == stem(w)),
            Language::ZhCn => asked.contains(w.as_str()),
        };
        let is_title = |w: &String| {
            question.expected.kind == AnswerKind::Person && TITLES.split_whitespace().any(|t| t == w) && all.len() > 1
        };
        let telling: Vec<String> = all.iter().filter(|w| !is_asked(w) && !is_title(w)).cloned().collect();
        let words = match (telling.is_empty(), all.is_empty()) {
            (false, _) => telling,
            (true, false) => all,
            (true, true) => vec![bare(&wording)].into_iter().filter(|w| !w.is_empty()).collect(),
        };
        Self { wording, words, is_alias }
    }
}

/// Whether the question puts the answers to choose from: what it says is a candidate then.
pub(crate) fn offers_a_choice(asked: &str) -> bool {
    let odd = [
        "odd one",
        "does not belong",
        "doesn't belong",
        "which of these",
        "不一样",
        "不同类",
        "不是一类",
        "不合群",
        "多余",
    ];
    (asked.contains(" or ") && !asked.contains("or so"))
        || asked.contains("还是")
        || odd.iter().any(|w| asked.contains(w)) && asked.contains([':', ',', '、'])
}

/// 某人唱《…》: the title is what is asked for; who is told by the order.
fn title_of(wording: &str) -> Option<&str> {
    let (_, rest) = wording.split_once('《')?;
    rest.split_once('》').map(|(title, _)| title).filter(|t| !t.is_empty())
}

/// Words that carry meaning.
pub(crate) fn telling_words(normalised: &str, language: Language) -> Vec<String> {
    let words = match language {
        Language::En => english_words(normalised),
        Language::ZhCn => {
            let name_like = bare(normalised);
            let count = name_like.chars().count();
            let parts = jieba().tag(&name_like, false);
            let done = parts.len() == 2
                && parts[0].word.chars().count() == 1
                && matches!(parts[0].word, "量" | "接" | "买" | "洗" | "送" | "看" | "浇" | "修" | "喂");
            if (2..=3).contains(&count) && name_like.chars().all(is_han) && !done {
                vec![name_like]
            } else {
                chinese_words(normalised)
            }
        }
    };
    let measured = words.iter().all(|w| is_empty_word(w, language) || is_measure(w));
    words
        .into_iter()
        .filter(|w| !is_empty_word(w, language) && (measured || !is_measure(w)))
        .map(|w| without_ending(&w, language))
        .filter(|w| !w.is_empty())
        .collect()
}

/// 一瓶, 两袋: a number with its measure word tells nothing beside the thing.
fn is_measure(word: &str) -> bool {
    let signs: Vec<char> = word.chars().collect();
    matches!(signs[..], [number, unit] if "一二两三四五六七八九十半几".contains(number) && "个只条张瓶袋盒副串把件双套本支根块碗杯壶锅包棵颗辆台顶床匹头口盆篮筐捆束朵枚幅座家间位箱罐听提篓份封篇首架艘幢栋株粒滴片".contains(unit))
}

/// 馅儿 → 馅, 桶里 → 桶.
fn without_ending(word: &str, language: Language) -> String {
    if language == Language::En || word.chars().count() < 2 {
        return word.to_owned();
    }
    word.strip_suffix('儿').or_else(|| word.strip_suffix('里')).unwrap_or(word).to_owned()
}
