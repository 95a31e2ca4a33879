//! Answers in words: which telling words of the expected answer are in what was said, and by what likeness.

use reme_types::{AnswerKind, Intent, Language, MatchedBy};

use crate::{
    judge::{Question, means_person},
    lexicon::{self, is_empty_word},
    numbers, speech,
    text::{self, bare, chinese_words, english_words, is_han, normalise, stem},
};

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
        whole
            .chain(aliases)
            .map(|(wording, is_alias)| Self::new(question, wording, is_alias))
            .filter(|n| !n.words.is_empty())
            .collect()
    }

    pub(crate) fn new(question: &Question<'_>, wording: &str, is_alias: bool) -> Self {
        let wording = normalise(title_of(wording).unwrap_or(wording), question.language);
        let asked = normalise(question.text, question.language);
        let all = telling_words(&wording, question.language);
        // What the question already says proves nothing.
        let asked_words: Vec<String> = telling_words(&asked, question.language);
        let is_asked = |w: &String| match question.language {
            Language::En => asked_words.iter().any(|a| stem(a) == stem(w)),
            Language::ZhCn => asked.contains(w.as_str()),
        };
        let telling: Vec<String> = all.iter().filter(|w| !is_asked(w)).cloned().collect();
        let words = match (telling.is_empty(), all.is_empty()) {
            (false, _) => telling,
            (true, false) => all,
            (true, true) => vec![bare(&wording)].into_iter().filter(|w| !w.is_empty()).collect(),
        };
        Self { wording, words, is_alias }
    }
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
            if (2..=3).contains(&count) && name_like.chars().all(is_han) {
                vec![name_like]
            } else {
                chinese_words(normalised)
            }
        }
    };
    words
        .into_iter()
        .filter(|w| !is_empty_word(w, language))
        .map(|w| without_ending(&w, language))
        .filter(|w| !w.is_empty())
        .collect()
}

/// 馅儿 → 馅, 桶里 → 桶.
fn without_ending(word: &str, language: Language) -> String {
    if language == Language::En || word.chars().count() < 2 {
        return word.to_owned();
    }
    word.strip_suffix('儿').or_else(|| word.strip_suffix('里')).unwrap_or(word).to_owned()
}

/// How an utterance stands to one wording.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Held {
    /// Share of the wording's telling words found, 0–1.
    pub(crate) cover: f64,
    /// The weakest layer that was needed.
    pub(crate) by: MatchedBy,
    /// Where the first found word stands, for questions of order.
    pub(crate) at: Option<usize>,
}

/// What was said, cut once.
pub(crate) struct Utterance<'a> {
    said: String,
    words: Vec<String>,
    question: &'a Question<'a>,
}

impl<'a> Utterance<'a> {
    pub(crate) fn new(question: &'a Question<'a>, said: &str) -> Self {
        let words = match question.language {
            Language::En => english_words(said),
            Language::ZhCn => chinese_words(said),
        };
        Self { said: said.to_owned(), words, question }
    }

    pub(crate) fn hold_against(&self, needle: &Needle) -> Held {
        let mut weakest = MatchedBy::Exact;
        let mut first = None;
        let mut found = 0.0;
        for word in &needle.words {
            let hit = match self.question.language {
                Language::En => self.find_english(word),
                Language::ZhCn => self.find_chinese(word),
            };
            if let Some((share, by, at)) = hit {
                found += share;
                first = first.or(Some(at));
                weakest = weaker(weakest, by);
            }
        }
        let cover = if needle.words.is_empty() { 0.0 } else { found / needle.words.len() as f64 };
        let contained = bare(&self.said) == bare(&needle.wording);
        let by = match weakest {
            MatchedBy::Exact if contained && !needle.is_alias => MatchedBy::Exact,
            MatchedBy::Exact if needle.is_alias => MatchedBy::Alias,
            MatchedBy::Exact => MatchedBy::Normalised,
            other => other,
        };
        Held { cover, by, at: first }
    }

    fn find_english(&self, word: &str) -> Option<(f64, MatchedBy, usize)> {
        if let Some(at) = self.words.iter().position(|w| w == word) {
            return Some((1.0, MatchedBy::Exact, at));
        }
        let word_stem = stem(word);
        if let Some(at) = self.words.iter().position(|w| stem(w) == word_stem) {
            return Some((1.0, MatchedBy::Normalised, at));
        }
        let relations = lexicon::same_relation(word);
        if let Some(at) = self.words.iter().position(|w| relations.contains(&w.as_str())) {
            return Some((1.0, MatchedBy::Relation, at));
        }
        if let Some(value) = numbers::english(word).first().map(|f| f.value)
            && let Some(number) = numbers::english(&self.said).into_iter().find(|f| f.value == value)
        {
            return Some((1.0, MatchedBy::Normalised, number.start));
        }
        if let Some(at) = self.words.iter().position(|w| text::is_slip(word, w)) {
            return Some((1.0, MatchedBy::Typo, at));
        }
        let key = text::sound_key(word);
        let sounds = |w: &str| key.len() >= 2 && text::sound_key(w) == key && text::likeness(w, word) >= 0.5;
        if word.len() >= 4
            && let Some(at) = self.words.iter().position(|w| sounds(w))
        {
            return Some((1.0, MatchedBy::Phonetic, at));
        }
        let joined = |w: &[String]| w.concat();
        let at = self
            .words
            .windows(2)
            .position(|w| joined(w) == word || (word.len() >= 6 && text::is_slip(word, &joined(w))))?;
        Some((1.0, MatchedBy::Typo, at))
    }

    fn find_chinese(&self, word: &str) -> Option<(f64, MatchedBy, usize)> {
        if let Some(at) = self.said.find(word) {
            return Some((1.0, MatchedBy::Exact, at));
        }
        let relations = lexicon::same_relation(word);
        if let Some(at) = relations.iter().find_map(|r| self.said.find(r)) {
            return Some((1.0, MatchedBy::Relation, at));
        }
        let length = word.chars().count();
        let plain = bare(&self.said);
        if length >= 2 && text::sounds_within(word, &plain) {
            return Some((1.0, MatchedBy::Phonetic, 0));
        }
        if let Some(wanted) = numbers::chinese(word).first()
            && let Some(given) = numbers::chinese(&self.said).iter().find(|n| n.value == wanted.value)
        {
            return Some((1.0, MatchedBy::Normalised, given.start));
        }
        // 一位大姐 for 马大姐: the kind without what tells which. Another character in that place is another thing.
        let tail: String = word.chars().skip(1).collect();
        let generic = |before: Option<char>| before.is_none_or(|c| "个位条只种家块的处座坐间辆把样这那".contains(c));
        if length >= 3 && plain.match_indices(&tail).any(|(at, _)| generic(plain[..at].chars().next_back())) {
            return Some((0.5, MatchedBy::Words, 0));
        }
        let shared = word.chars().filter(|c| plain.contains(*c)).count();
        (length >= 4 && shared * 3 >= length * 2).then_some((0.5, MatchedBy::Words, 0))
    }

    /// Telling words that the question does not already hold.
    fn own_words(&self) -> Vec<String> {
        let asked = normalise(self.question.text, self.question.language);
        let asked_words: Vec<String> = english_words(&asked).iter().map(|w| stem(w)).collect();
        let language = self.question.language;
        self.words
            .iter()
            .filter(|w| !is_empty_word(w, language))
            .filter(|w| match language {
                Language::En => !asked_words.contains(&stem(w)),
                Language::ZhCn => !asked.contains(w.as_str()),
            })
            .cloned()
            .collect()
    }

    /// Whether it describes, in words the context uses for it, the one thing or person expected.
    pub(crate) fn describes(&self, needles: &[Needle]) -> bool {
        let Some(context) = self.question.context else {
            return needles.iter().any(|n| self.is_relation_of(&n.wording));
        };
        let context = normalise(context, self.question.language);
        let own = self.own_words();
        if own.is_empty() {
            return false;
        }
        needles.iter().filter(|n| !n.is_alias).any(|needle| {
            if self.is_relation_of(&needle.wording) {
                return true;
            }
            let descriptions = match self.question.language {
                Language::ZhCn => chinese_descriptions(&context, &needle.wording),
                Language::En => english_descriptions(&context, &needle.words),
            };
            let known = |w: &String| match self.question.language {
                Language::ZhCn => descriptions.iter().any(|d| d.contains(w.as_str())),
                Language::En => descriptions.iter().any(|d| stem(d) == stem(w)),
            };
            own.iter().any(known) && own.iter().all(|w| known(w) || is_anybody(w))
        })
    }

    /// "my daughter", where the people or the context say who that is.
    pub(crate) fn is_relation_of(&self, name: &str) -> bool {
        let language = self.question.language;
        let by_people = self.question.people.iter().any(|p| {
            let names = std::iter::once(&p.name).chain(&p.aliases);
            names.map(|n| normalise(n, language)).any(|n| n == name) && means_person(&self.said, p, language)
        });
        let Some(context) = self.question.context.filter(|_| !by_people) else { return by_people };
        let context = normalise(context, language);
        let has = |word: &str| match language {
            Language::ZhCn => self.said.contains(word),
            Language::En => self.words.iter().any(|w| w == word),
        };
        lexicon::relation_words().into_iter().any(|relation| {
            let said = lexicon::same_relation(relation).iter().any(|w| has(w));
            said && match language {
                Language::ZhCn => context.contains(&format!("{relation}{name}")),
                Language::En => {
                    let words = english_words(&context);
                    let name_words = english_words(name);
                    words.windows(name_words.len() + 1).any(|w| w[0] == relation && w[1..] == name_words[..])
                }
            }
        })
    }

    /// Whether the words that every wording shares are all missing.
    pub(crate) fn misses_what_all_share(&self, needles: &[Needle]) -> bool {
        let Some((first, rest)) = needles.split_first().filter(|(_, rest)| !rest.is_empty()) else { return false };
        let shared: Vec<&String> = first.words.iter().filter(|w| rest.iter().all(|n| n.words.contains(w))).collect();
        let found = |w: &String| match self.question.language {
            Language::En => self.find_english(w).is_some(),
            Language::ZhCn => self.find_chinese(w).is_some(),
        };
        !shared.is_empty() && !shared.into_iter().any(found)
    }

    /// Chinese wordings that share one or two characters (窄 in 狭窄 and 窄小): those carry the sense.
    pub(crate) fn says_what_all_share(&self, needles: &[Needle]) -> bool {
        let Some((first, rest)) = needles.split_first().filter(|(_, rest)| !rest.is_empty()) else { return false };
        if self.question.language == Language::En || self.question.expected.kind != AnswerKind::Text {
            return false;
        }
        let shared: Vec<char> =
            bare(&first.wording).chars().filter(|c| rest.iter().all(|n| n.wording.contains(*c))).collect();
        (1..=2).contains(&shared.len()) && shared.iter().all(|c| self.said.contains(*c))
    }

    /// A family name with another first name before it.
    pub(crate) fn names_somebody_else(&self, question: &Question<'_>) -> bool {
        if question.language != Language::En || question.expected.kind != AnswerKind::Person {
            return false;
        }
        question.expected.parts.iter().any(|part| {
            let names = english_words(&normalise(part, question.language));
            let (Some(first), Some(last)) = (names.first(), names.last()) else { return false };
            let at = self.words.iter().position(|w| w == last).filter(|_| names.len() > 1);
            at.and_then(|at| self.words.get(at.checked_sub(1)?))
                .is_some_and(|before| before != first && !is_empty_word(before, Language::En))
        })
    }

    /// Only the kind of thing ("a bucket" for "the corn bucket"), nothing that tells which.
    pub(crate) fn names_only_the_kind(&self, needles: &[Needle]) -> bool {
        if self.question.language == Language::En {
            return false;
        }
        let plain = bare(&self.said);
        needles.iter().filter(|n| n.words.iter().any(|w| w.chars().count() >= 2)).any(|needle| {
            let wording = bare(&needle.wording);
            let Some(head) = wording.trim_end_matches(['里', '儿', '上', '中']).chars().next_back() else {
                return false;
            };
            let chars: Vec<char> = plain.chars().collect();
            let at = chars.iter().rposition(|c| *c == head);
            at.is_some_and(|at| {
                let before = if at == 0 { ' ' } else { chars[at - 1] };
                let generic = " 个大位条只种家一块的处座坐间辆把样".contains(before);
                generic && chars.len() <= 8 && wording.chars().count() > 1
            })
        })
    }

    /// Whether anything is offered that could be what was asked.
    pub(crate) fn offers_something(&self) -> bool {
        let language = self.question.language;
        if let Some(intent) = speech::phrase_intent(&self.said) {
            if matches!(intent, Intent::Repeat | Intent::Hint | Intent::Skip | Intent::Stop | Intent::Distress) {
                return false;
            }
            let rest: String =
                speech::clauses(&self.said).into_iter().filter(|c| speech::phrase_intent(c).is_none()).collect();
            let other = Utterance::new(self.question, &rest);
            let own = other.own_words();
            return (1..=3).contains(&own.len())
                && self.question.expected.kind != AnswerKind::IdeaUnits
                && other.looks_like_answer(&own);
        }
        let own = self.own_words();
        if own.is_empty() || speech::is_filler(&self.words, language) {
            return false;
        }
        if self.said.trim_end().ends_with(['?', '？'])
            && own.len() < 3
            && language == Language::ZhCn
            && self.said.contains('您')
        {
            return false;
        }
        self.looks_like_answer(&own)
    }

    fn looks_like_answer(&self, own: &[String]) -> bool {
        let language = self.question.language;
        let asked = normalise(self.question.text, language);
        match self.question.expected.kind {
            AnswerKind::Number | AnswerKind::Steps | AnswerKind::Sequence => {
                return !numbers::all(&self.said).is_empty();
            }
            AnswerKind::Date => {
                const TIMES: &str = "yesterday today tomorrow spring summer autumn winter christmas easter morning evening week month year weekend birthday 昨天 今天 前天 春 夏 秋 冬 过年 中秋 国庆 早上 晚上 上礼拜 上周 上个月 去年";
                return !numbers::all(&self.said).is_empty()
                    || crate::dates::weekday(&self.said).is_some()
                    || TIMES.split_whitespace().any(|t| self.said.contains(t));
            }
            _ => {}
        }
        match language {
            Language::En => {
                let starts = self.said.trim_start();
                let talk = [
                    "that ",
                    "this ",
                    "you ",
                    "i used ",
                    "i like ",
                    "i always ",
                    "the weather",
                    "is it ",
                    "are we ",
                    "what a ",
                    "why ",
                    "do you ",
                    "can we ",
                    "could ",
                    "people ",
                    "these ",
                ];
                let is_talk = talk.iter().any(|t| starts.starts_with(t));
                let who =
                    asked.contains("who") || asked.starts_with("which nurse") || asked.starts_with("which doctor");
                if is_talk && own.len() > 1 {
                    return false;
                }
                own.len() <= 5 || !who
            }
            Language::ZhCn => {
                let length = self.said.chars().filter(|c| c.is_alphanumeric()).count();
                let who = asked.contains('谁') || asked.contains("哪位");
                let limit = if who { 10 } else { 12 };
                length <= limit && !["您", "你"].iter().any(|y| self.said.starts_with(y))
            }
        }
    }
}

fn is_anybody(word: &str) -> bool {
    const ANYBODY: &str = "man woman lady gentleman chap fellow bloke girl boy lad person guy young old 年轻人 小伙子 小伙 老太太 老头 姑娘 先生 女士 师傅 大姐 大哥 大爷 大妈 同志 年轻 那位 这位";
    ANYBODY.split_whitespace().any(|w| w == word)
}

/// What stands before the name as its description: 看门的老吕 → 看门.
fn chinese_descriptions(context: &str, name: &str) -> Vec<String> {
    let breaks = ['，', '。', '、', '；', '：', '（', '）', ',', '.', '(', ')', '和', '跟', '与', '是'];
    context
        .match_indices(name)
        .filter_map(|(at, _)| {
            let before = &context[..at];
            let start = before.rfind(breaks).map_or(0, |i| i + before[i..].chars().next().map_or(0, char::len_utf8));
            let part = &before[start..];
            let denied = before[..start].ends_with("不是");
            (!denied && !part.is_empty()).then(|| part.to_owned())
        })
        .collect()
}

/// Words beside the name: "Mr Lamb, the baker," → baker; "Nurse Joy" → nurse.
fn english_descriptions(context: &str, name: &[String]) -> Vec<String> {
    let mut out = Vec::new();
    for sentence in speech::sentences(context) {
        let parts: Vec<&str> = sentence.split(',').collect();
        for (i, part) in parts.iter().enumerate() {
            let words = english_words(part);
            let Some(at) = words.iter().position(|w| name.contains(w)) else { continue };
            out.extend(words[at.saturating_sub(2)..at].iter().filter(|w| !is_empty_word(w, Language::En)).cloned());
            if let Some(next) = parts.get(i + 1).map(|p| p.trim_start()) {
                let apposition =
                    ["the ", "a ", "an ", "her ", "his ", "my ", "our ", "who "].iter().any(|d| next.starts_with(d));
                let last_is_name = words.last().is_some_and(|w| name.contains(w));
                if apposition && last_is_name {
                    out.extend(english_words(next).into_iter().filter(|w| !is_empty_word(w, Language::En)));
                }
            }
        }
    }
    out
}

fn weaker(a: MatchedBy, b: MatchedBy) -> MatchedBy {
    let rank = |m: MatchedBy| match m {
        MatchedBy::Exact => 0,
        MatchedBy::Normalised => 1,
        MatchedBy::Alias => 2,
        MatchedBy::Relation => 3,
        MatchedBy::Typo => 4,
        MatchedBy::Phonetic => 5,
        _ => 6,
    };
    if rank(b) > rank(a) { b } else { a }
}
