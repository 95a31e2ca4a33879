//! Answers of several parts: lists in any order or in order, and pairs ("Ann five, Bob nine").

use reme_types::{AnswerKind, Language, MatchedBy, Verdict};

use crate::{
    judge::{Judgement, Question, silence_or_other},
    needle::{Needle, telling_words},
    numbers, order, speech,
    text::{bare, english_words, normalise},
    then_and_now,
    words::{Held, Utterance},
};

/// Longest name before the verb of a pair, in characters. [design]
const MOST_OF_A_NAME: usize = 14;
/// What stands before a name and is none of it.
const TITLES: [&str; 8] = ["mr", "mrs", "ms", "miss", "dr", "mr.", "mrs.", "dr."];
/// Longest answer that may be nothing but a kind, in words. [design]
const BRIEF: usize = 5;

pub(crate) fn list(question: &Question<'_>, said: &str) -> Judgement {
    if let Some(judged) = then_and_now::judged(question, said).or_else(|| pairs(question, said)) {
        return judged;
    }
    let said = &with_all_of_them(question, said);
    let utterance = Utterance::new(question, said);
    let parts: Vec<Vec<Needle>> = wordings(question);
    let (mut places, mut touched) = (Vec::new(), Vec::new());
    let (mut whole, mut some, mut clean, mut by) = (0, 0, 0, MatchedBy::Normalised);
    let mut another = false;
    for wordings in &parts {
        let Some(held) = best(&utterance, wordings) else { continue };
        if held.cover >= 0.999 {
            whole += 1;
            places.push(held.at);
            touched.push(held.at);
            by = if matches!(held.by, MatchedBy::Exact) { by } else { held.by };
        } else if wordings.iter().any(|w| utterance.is_relation_of(&w.wording))
            || items(said).iter().any(|item| Utterance::new(question, item).fits_the_memory(&wordings[0]))
        {
            whole += 1;
            by = MatchedBy::Relation;
        } else if held.cover >= 0.4 {
            some += 1;
            touched.push(held.at);
            let replaced = utterance.puts_another_part(wordings);
            another |= replaced;
            clean += usize::from(!replaced);
        }
    }
    let all = parts.len();
    let ordered = question.expected.kind == AnswerKind::OrderedList;
    if whole == all || are_first_signs(question, said) {
        let in_order =
            order::is_told_in_words(question, said, &parts).unwrap_or_else(|| places.windows(2).all(|w| w[0] <= w[1]));
        let verdict = match (ordered && !in_order, has_intruder(question, said)) {
            (false, false) => Verdict::Correct,
            _ => Verdict::Partial,
        };
        return Judgement::new(verdict, by, 0.85);
    }
    // Every part is touched, each in other words, and nothing else is named: "Bell's for a tart" is the bakery.
    if whole + some == all
        && !another
        && whole * 2 >= all
        && all > 1
        && items(said).len() >= all
        && !has_intruder(question, said)
        && !is_loose(&utterance, &parts)
    {
        let in_order = touched.windows(2).all(|w| w[0] <= w[1]);
        let verdict = if ordered && !in_order { Verdict::Partial } else { Verdict::Correct };
        return Judgement::new(verdict, MatchedBy::Words, 0.6);
    }
    // An alias may be another wording of the whole.
    let aliases = question.expected.aliases.iter().map(|a| Needle::new(question, a, true));
    if aliases.filter(|a| a.words.len() >= all).any(|a| utterance.hold_against(&a).cover >= 0.999) {
        return Judgement::new(Verdict::Correct, MatchedBy::Alias, 0.85);
    }
    if whole + clean > 0 {
        return Judgement::new(Verdict::Partial, MatchedBy::Words, 0.8);
    }
    // "Ham sandwiches", where cheese and egg ones are expected: only the kind, beside another thing.
    if some > 0 {
        return Judgement::something_else();
    }
    let brief = utterance.words.len() <= BRIEF && !said.contains(['?', '？', '!', '！']);
    if brief && parts.iter().any(|wordings| utterance.names_only_the_kind(wordings)) {
        return Judgement::new(Verdict::Partial, MatchedBy::Words, 0.6);
    }
    silence_or_other(question, said)
}

/// "The two bairns" for both whom the memory calls the children; 闺女两口子 for daughter and son-in-law.
fn with_all_of_them(question: &Question<'_>, said: &str) -> String {
    if question.language == Language::ZhCn {
        let couples = [
            ("闺女", "女婿"),
            ("女儿", "女婿"),
            ("姑娘", "女婿"),
            ("妮儿", "女婿"),
            ("儿子", "儿媳"),
            ("小子", "儿媳"),
        ];
        return couples.iter().fold(said.to_owned(), |text, (child, other)| {
            ["两口子", "两口儿", "小两口", "俩口子", "夫妻俩", "夫妇"]
                .iter()
                .fold(text, |t, both| t.replace(&format!("{child}{both}"), &format!("{child}、{other}")))
        });
    }
    const MANY: [(&str, &str); 4] = [
        (
            "children kids grandchildren",
            "children kids bairns weans grandchildren youngsters wee-ones little-ones grandbairns grandkids",
        ),
        ("sons boys grandsons nephews", "sons boys lads laddies grandsons nephews"),
        ("daughters girls granddaughters nieces", "daughters girls lasses lassies granddaughters nieces"),
        ("sisters brothers friends neighbours cousins", "sisters brothers friends neighbours cousins"),
    ];
    let is_in = |list: &str, word: &str| list.split_whitespace().any(|w| w == word);
    let context = question.context.map(|c| english_words(&normalise(c, Language::En))).unwrap_or_default();
    let said = said.replace("wee ones", "wee-ones").replace("little ones", "little-ones");
    let spoken: Vec<&str> = said.split(|c: char| !(c.is_alphanumeric() || c == '-' || c == '\'')).collect();
    for run in context.windows(4).filter(|w| w[2] == "and") {
        let Some((_, ways)) = MANY.iter().find(|(names, _)| is_in(names, &run[0])) else { continue };
        let own_word =
            |w: &&&str| is_in(ways, w) && (!is_in("sisters brothers friends neighbours cousins", w) || run[0] == **w);
        if let Some(word) = spoken.iter().find(own_word) {
            return said.replacen(word, &format!("{} and {}", run[1], run[3]), 1);
        }
    }
    said
}

/// The wordings of each part: its own, and that of each alias list of the same length at the same place.
fn wordings(question: &Question<'_>) -> Vec<Vec<Needle>> {
    let parts = &question.expected.parts;
    let same: Vec<String> = parts.iter().map(|p| bare(&normalise(p, question.language))).collect();
    // The same items in another order are no other wordings.
    let lists: Vec<Vec<String>> = question
        .expected
        .aliases
        .iter()
        .map(|a| items(&normalise(a, question.language)))
        .filter(|list| !list.iter().any(|item| same.contains(&bare(item))))
        .collect();
    parts
        .iter()
        .enumerate()
        .map(|(at, part)| {
            let same_place = lists.iter().filter(|l| l.len() == parts.len()).filter_map(|l| l.get(at));
            std::iter::once(Needle::new(question, part, false))
                .chain(same_place.map(|wording| Needle::new(question, wording, true)))
                .chain(Needle::name_alone(question, part))
                .chain(relation_alone(question, part))
                .collect()
        })
        .collect()
}

/// 女儿 of 女儿小琴, where no other part is a 女儿.
fn relation_alone(question: &Question<'_>, part: &str) -> Option<Needle> {
    if question.language == Language::En {
        return None;
    }
    let of = |p: &str| {
        reme_lexicon::relation_words().iter().find(|r| r.chars().count() > 1 && p.starts_with(**r) && p != **r)
    };
    let relation = of(&normalise(part, question.language))?;
    let others = question.expected.parts.iter().filter(|p| of(&normalise(p, question.language)) == Some(relation));
    (others.count() == 1).then(|| Needle::new(question, relation, true))
}

fn best(utterance: &Utterance<'_>, wordings: &[Needle]) -> Option<Held> {
    wordings.iter().map(|n| utterance.hold_against(n)).max_by(|a, b| a.cover.total_cmp(&b.cover))
}

/// Something half right stands beside "something", "another": not all was told.
fn is_loose(utterance: &Utterance<'_>, parts: &[Vec<Needle>]) -> bool {
    let vague = ["something", "somebody", "someone", "other", "another", "什么", "别的", "另外"];
    vague.iter().any(|w| utterance.said.contains(w))
        || parts.iter().any(|wordings| {
            wordings.iter().all(|n| n.words.len() == 1) && best(utterance, wordings).is_some_and(|h| h.cover < 0.999)
        })
}

/// 刘关张: the first characters of all parts in one breath.
fn are_first_signs(question: &Question<'_>, said: &str) -> bool {
    let signs: String = question.expected.parts.iter().filter_map(|p| p.chars().next()).collect();
    question.language == Language::ZhCn
        && question.expected.parts.len() > 2
        && question.expected.parts.iter().all(|p| p.chars().count() > 1)
        && bare(said).contains(&signs)
}

/// What belongs to what: `None` unless every part of the expected answer is a pair.
fn pairs(question: &Question<'_>, said: &str) -> Option<Judgement> {
    let language = question.language;
    let pairs: Vec<(String, String)> = match each(question) {
        Some(pairs) => pairs,
        None => question.expected.parts.iter().map(|part| belonging(part, question)).collect::<Option<_>>()?,
    };
    let distinct = |pick: fn(&(String, String)) -> &String| {
        pairs.iter().enumerate().all(|(i, p)| pairs[..i].iter().all(|q| pick(q) != pick(p)))
    };
    if pairs.len() < 2 || !distinct(|p| &p.0) || !distinct(|p| &p.1) {
        return None;
    }
    let asked_signs = bare(&normalise(question.text, language));
    let has = |piece: &str, own: &str| match own.parse::<f64>() {
        Ok(value) => numbers::values(piece).contains(&value),
        Err(_) => {
            let part = Utterance::new(question, piece);
            let words = telling_words(own, language);
            // 表 for 手表, where the other thing has neither of its signs.
            let signs: Vec<char> = own.chars().collect();
            let by_sign = language == Language::ZhCn
                && signs.len() == 2
                && pairs.iter().any(|p| p.1 == own)
                && signs.iter().any(|c| {
                    piece.contains(*c)
                        && !asked_signs.contains(*c)
                        && pairs.iter().filter(|p| p.0.contains(*c) || p.1.contains(*c)).count() == 1
                });
            by_sign
                || part.is_relation_of(own)
                || !words.is_empty() && words.iter().all(|w| part.find(w).is_some_and(|(share, ..)| share >= 0.999))
        }
    };
    let pieces = pieces(said);
    let named_anywhere = |subject: &str| pieces.iter().any(|p| has(p, subject));
    // 我唱…: the one nobody names is the patient, where the question speaks to the patient.
    let asked = normalise(question.text, language);
    let speaks_to = ["您", "你", "我"].iter().any(|w| asked.contains(w))
        || english_words(&asked).iter().any(|w| w == "you" || w == "i");
    let spoken_to = |subject: &String| matches!(subject.as_str(), "您" | "你" | "我" | "you" | "i");
    let patient = pairs
        .iter()
        .position(|(subject, _)| spoken_to(subject))
        // The one whom the question names is not the one it speaks to.
        .or_else(|| {
            let unnamed = |of: &dyn Fn(&str) -> bool| {
                pairs.iter().position(|(subject, _)| !named_anywhere(subject) && !of(subject))
            };
            unnamed(&|subject| has(&asked, subject)).or_else(|| unnamed(&|_| false))
        })
        .filter(|_| speaks_to);
    let the_other = match pairs.len() {
        2 => patient.map(|p| 1 - p),
        _ => None,
    };
    let (mut right, mut exchanged) = (0, 0);
    for piece in &pieces {
        let words = english_words(piece);
        let says = |han: &[&str], english: &[&str]| {
            han.iter().any(|w| piece.contains(w)) || words.iter().any(|w| english.contains(&w.as_str()))
        };
        let oneself = says(&["我", "您", "咱"], &["i", "my", "mine", "me", "i'd", "i've", "i'm"]);
        let another = says(&["他", "她"], &["he", "she", "him", "his", "her", "hers", "she'd", "he'd"]);
        let subjects: Vec<usize> = (0..pairs.len())
            .filter(|i| {
                has(piece, &pairs[*i].0)
                    || (oneself && patient == Some(*i))
                    || (another && !oneself && the_other == Some(*i))
            })
            .collect();
        let objects: Vec<usize> = (0..pairs.len()).filter(|i| has(piece, &pairs[*i].1)).collect();
        match (&subjects[..], &objects[..]) {
            ([s], [o]) if s == o => right += 1,
            ([_], [_]) => exchanged += 1,
            _ => {}
        }
    }
    match (right, exchanged) {
        (0, 0) => None,
        (0, _) => Some(Judgement::something_else()),
        (n, 0) if n == pairs.len() => Some(Judgement::new(Verdict::Correct, MatchedBy::Normalised, 0.9)),
        _ => Some(Judgement::new(Verdict::Partial, MatchedBy::Normalised, 0.85)),
    }
}

/// "What did Ann and Bob each bring": what all parts share is left out, the first of the rest is whose it is.
fn each(question: &Question<'_>) -> Option<Vec<(String, String)>> {
    let language = question.language;
    let asked = normalise(question.text, language);
    let asks = [" each ", "respectively", "各", "分别"].iter().any(|w| asked.contains(w));
    let parts: Vec<Vec<String>> = question
        .expected
        .parts
        .iter()
        .map(|p| match language {
            Language::En => telling_words(&normalise(p, language), language),
            Language::ZhCn => crate::text::chinese_words(&normalise(p, language)),
        })
        .collect();
    if !asks || parts.len() < 2 || question.expected.parts.iter().any(|p| p.contains('《')) {
        return None;
    }
    let between = if language == Language::En { " " } else { "" };
    let joined: Vec<String> = parts.iter().map(|p| p.join(between)).collect();
    // What all share and stands between whose and what: the verb.
    let links: Vec<String> = match language {
        Language::En => parts[0].iter().skip(1).map(|w| format!(" {w} ")).collect(),
        Language::ZhCn => joined[0].chars().skip(1).map(String::from).collect(),
    };
    let splits = |p: &String, link: &str| {
        p.split_once(link).is_some_and(|(a, b)| !a.is_empty() && !b.is_empty() && a.chars().count() <= MOST_OF_A_NAME)
    };
    let link = links.iter().find(|link| joined.iter().all(|p| splits(p, link)))?;
    let mut pairs = Vec::new();
    for part in &joined {
        let (subject, object) = part.split_once(link.as_str())?;
        let object = object.trim_start_matches(['到', '了', '的', '过', '得']);
        // 一盆兰花: how many is not what is asked.
        let counted = match (language, numbers::chinese(object).first()) {
            (Language::ZhCn, Some(n)) if n.start == 0 && !["几", "多少"].iter().any(|w| asked.contains(w)) => {
                n.end + 1
            }
            _ => 0,
        };
        let after: String = object.chars().skip(counted).collect();
        let object = if after.is_empty() { object } else { after.as_str() };
        if object.is_empty() || !numbers::values(object).is_empty() {
            return None;
        }
        pairs.push((subject.to_owned(), object.to_owned()));
    }
    // 肉粽, 枣粽, where the question names the 粽子: what tells them apart.
    let last = pairs[0].1.chars().next_back()?;
    if language == Language::ZhCn
        && pairs.iter().all(|(_, o)| o.ends_with(last) && o.chars().count() > 1)
        && asked.contains(last)
    {
        pairs.iter_mut().for_each(|(_, object)| {
            object.pop();
        });
    }
    Some(pairs)
}

/// Whose it is and what: a title, a number, "Ann on Monday".
fn belonging(part: &str, question: &Question<'_>) -> Option<(String, String)> {
    let language = question.language;
    let asked = normalise(question.text, language);
    if let Some(named) = named_in_the_question(part, &asked, language) {
        return Some(named);
    }
    if let Some((subject, rest)) = part.split_once('《') {
        let mut subject: Vec<char> = subject.chars().collect();
        subject.pop();
        let title = rest.split_once('》')?.0.to_owned();
        return (!subject.is_empty()).then(|| (subject.into_iter().collect(), title));
    }
    let part = normalise(part, language);
    if let Some(value) = numbers::values(&part).first() {
        let subject = subject_before(&part, language)?;
        return Some((subject, value.to_string()));
    }
    if language == Language::En {
        let links = [
            " on ",
            " in ",
            " at ",
            " for ",
            " with ",
            ": ",
            " had ",
            " got ",
            " played ",
            " sang ",
            " brought ",
            " was ",
        ];
        let two_who = english_words(&asked).iter().filter(|w| matches!(w.as_str(), "who" | "whom")).count() > 1;
        // "Mr Hall the fish", "Ann cooked": who, and what.
        let untitled =
            part.split_once(' ').filter(|(title, _)| TITLES.contains(title)).map_or(&*part, |(_, rest)| rest);
        let first = || untitled.split_once(" the ").or_else(|| untitled.split_once(' ')).filter(|_| two_who);
        let (left, right) = links.iter().find_map(|link| part.split_once(link)).or_else(first)?;
        return Some((left.trim().to_owned(), right.trim().to_owned()));
    }
    let links = ["吃", "喝", "唱", "买", "带", "送", "拿", "演", "是", "去", "在", "做", "拉", "包", "种", "坐"];
    let each = asked.matches('谁').count() > 1 || asked.contains('各') || asked.contains("分别");
    if each {
        let mut words = crate::text::chinese_words(&part).into_iter();
        let subject = words.next()?;
        let object: String = words.collect();
        return (!object.is_empty()).then_some((subject, object));
    }
    let (left, right) = links.iter().find_map(|link| part.split_once(link))?;
    (!left.is_empty() && !right.is_empty()).then(|| (left.to_owned(), right.to_owned()))
}

/// "Maureen the piano", where the question names Maureen; 桂芬唱歌, where it names 桂芬.
fn named_in_the_question(part: &str, asked: &str, language: Language) -> Option<(String, String)> {
    let part = normalise(part, language);
    if !numbers::values(&part).is_empty() || part.contains('《') {
        return None;
    }
    match language {
        Language::En => {
            let words = english_words(&part);
            let who = words.first().filter(|w| reme_lexicon::is_first_name(w) && english_words(asked).contains(w))?;
            let rest = words[1..].join(" ");
            (!rest.is_empty()).then(|| (who.clone(), rest))
        }
        Language::ZhCn => {
            let signs: Vec<char> = part.chars().collect();
            let longest =
                (2..signs.len().min(5)).rev().find(|n| asked.contains(&signs[..*n].iter().collect::<String>()))?;
            let (who, what) = signs.split_at(longest);
            (!what.is_empty()).then(|| (who.iter().collect(), what.iter().collect()))
        }
    }
}

/// 小华3本 → 小华; "Ann 5" → "ann".
fn subject_before(part: &str, language: Language) -> Option<String> {
    if language == Language::En {
        return telling_words(part, language).into_iter().find(|w| numbers::values(w).is_empty());
    }
    let first = numbers::all(part).first()?.start;
    let subject: String = part.chars().take(first).collect();
    let subject = subject
        .trim_end_matches(['有', '拿', '吃', '买', '是', '各', '了', '的', '得', '写', '唱', '钓', '喝'])
        .to_owned();
    (!subject.is_empty()).then_some(subject)
}

/// Clauses, parted further at "and", 和 and 跟 only where a clause holds several names.
fn pieces(said: &str) -> Vec<String> {
    speech::clauses(said)
        .into_iter()
        .flat_map(|clause| clause.split(" and ").map(str::to_owned).collect::<Vec<_>>())
        .filter(|p| p.chars().any(char::is_alphanumeric))
        .collect()
}

/// The items of a spoken list.
pub(crate) fn items(said: &str) -> Vec<String> {
    let said = said.replace(" and ", ",").replace(" then ", ",");
    let parted =
        ADDING.iter().fold(said, |text, word| text.replace(word, "，")).replace(['、', '；', ';', '和', '跟'], "，");
    parted
        .split([',', '，', '.', '。', '!', '！', ':', '：'])
        .map(str::trim)
        .filter(|i| i.chars().any(char::is_alphanumeric))
        .map(str::to_owned)
        .collect()
}

/// A further item of the list that is none of the expected.
fn has_intruder(question: &Question<'_>, said: &str) -> bool {
    let parts = &question.expected.parts;
    if parts.iter().all(|p| p.chars().count() == 1) {
        // 甲乙丙丁戊 in one breath: every character is an item.
        if items(said).len() > 1 {
            return items(said).len() > parts.len();
        }
        let given = bare(said).chars().filter(|c| !"和跟与还有是的呗吧啊嘛".contains(*c)).count();
        return given > parts.len() && given <= parts.len() + 2;
    }
    let items = items(said);
    // Several may be said in one breath before the last is added.
    if items.len() <= parts.len() && !items.iter().any(|item| is_added(item, said, question.language)) {
        return false;
    }
    let needles: Vec<Needle> = wordings(question).into_iter().flatten().collect();
    let asked = normalise(question.text, question.language);
    items.iter().any(|item| {
        let words = telling_words(item, question.language);
        let added = is_added(item, said, question.language);
        let short = match question.language {
            Language::En => (1..=3).contains(&words.len()) && english_words(item).len() <= if added { 8 } else { 4 },
            Language::ZhCn => {
                (1..=if added { 9 } else { 4 }).contains(&bare(item).chars().count()) && !words.is_empty()
            }
        };
        // "Derek sat by the door": one more name, whatever is told of it, unless that is that he was not there.
        let spoken = english_words(item);
        let absent = item.contains("n't") || spoken.iter().any(|w| ABSENT.contains(&w.as_str()));
        let named = question.language == Language::En && spoken.first().is_some_and(|w| reme_lexicon::is_first_name(w));
        let utterance = Utterance::new(question, item);
        let known = needles.iter().any(|n| utterance.hold_against(n).cover > 0.0)
            || words.iter().all(|w| asked.contains(w.as_str()));
        let related = parts.iter().any(|p| utterance.is_relation_of(&normalise(p, question.language)));
        (short || named)
            && !absent
            && !known
            && !related
            && speech::phrase_intent(item).is_none()
            && is_thing(item, question.language)
    })
}

/// Words that put one more thing to a list in Chinese.
const ADDING: [&str; 11] = ["还有", "外带", "另外", "再就是", "再加上", "再加", "外加", "连同", "还带", "还捎", "以及"];

/// Whether an item is put to the others as one more: "plus a hat", "and a hat into the bargain", 外带一把壶.
fn is_added(item: &str, said: &str, language: Language) -> bool {
    match language {
        Language::En => {
            let spoken = english_words(item);
            let closes = ["as well", "into the bargain", "on top", "to boot", "besides", "too"];
            let tells = ["was", "were", "is", "are", "had", "i", "we", "he", "she", "they", "it"];
            (closes.iter().any(|w| item.contains(w)) || spoken.first().is_some_and(|w| w == "plus"))
                && !spoken.iter().any(|w| tells.contains(&w.as_str()))
        }
        Language::ZhCn => {
            let before = said.split_once(item).map_or("", |(before, _)| before);
            ADDING.iter().any(|w| before.ends_with(w) || item.starts_with(w))
        }
    }
}

/// What is said of somebody who was not there.
const ABSENT: [&str; 9] = ["not", "never", "missed", "ill", "poorly", "away", "absent", "without", "instead"];

/// An item that names something, not an aside ("let me see", 对了).
fn is_thing(item: &str, language: Language) -> bool {
    const ASIDES: &str = "what's his name|what's her name|let me see|let me think|of course|you know|that's it|all of them|his name|her name|bless her|\
bless him|对了|没错|就这|一共|都在|都来了|想想|我想想|没有了|没得了|没别的|没啦";
    let plain = item.trim();
    let aside = ASIDES.split('|').any(|a| plain.contains(a));
    !aside && (language == Language::En || bare(plain).chars().count() >= 2 || numbers::values(plain).is_empty())
}
