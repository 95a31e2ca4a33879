//! The telling words of a note: what stands after the verb asked about, before the noun asked for, where something was.

use reme_types::Language;

use super::{
    Read,
    sentences::{self, Sought, sentence},
    text_of,
};
use crate::{
    Doc,
    lexicon::EMPTY_EN,
    words::{is_plain, stem, terms},
};

const PREPOSITIONS: &str = "from by for at in on with into under near behind beside after before until till while because so but who which that to \
during since without inside outside over through across";
const LOCATIVE: &str =
    "in on at under behind beside by near to into inside over above below between opposite next outside with from";
const AUX: &str =
    "did do does is are was were am be been have has had can could will would shall should may might must";

/// What a photo says to the question: the line that shares most with it, or all of them where no line has the half of what they share.
/// `None` where the note itself shares as much.
pub(super) fn of_photo(doc: &Doc, read: &Read<'_>) -> Option<String> {
    let asked = terms(&read.asked.lower, read.language);
    let wanted: Vec<&str> = asked.iter().map(|(t, _)| t.as_str()).filter(|t| is_plain(t)).collect();
    let shared = |text: &str| terms(text, read.language).iter().filter(|(t, _)| wanted.contains(&t.as_str())).count();
    let whole = shared(&doc.photo_text);
    if whole <= shared(text_of(doc)) {
        return None;
    }
    let lines: Vec<&str> = doc.photo_text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    // Of several lines as good the first. Words set far apart are read as lines of their own.
    let best = lines.iter().rev().max_by_key(|line| shared(line))?;
    Some(if shared(best) * 2 >= whole { (*best).to_owned() } else { lines.join(" ") })
}

/// What a note answers to a question for a thing: a short form where that is sure, else its sentence.
pub(super) fn telling(doc: &Doc, read: &Read<'_>) -> String {
    short(doc, read).unwrap_or_else(|| sentences::whole(doc, read))
}

/// The same for a list, where whole sentences would be too long: the part of the sentence that shares most with the question.
pub(super) fn item(doc: &Doc, read: &Read<'_>) -> String {
    short(doc, read).unwrap_or_else(|| clause(sentence(doc, read), read).to_owned())
}

/// The short form, where one is sure: a title, a colour, a day, what stands after "because", the thing a verb or a noun of the question
/// leads to. `None` where the question asks two things, or in none of these ways.
fn short(doc: &Doc, read: &Read<'_>) -> Option<String> {
    const TITLED: [&str; 18] = [
        "called",
        "title",
        "name of the book",
        "which book",
        "what book",
        "which song",
        "什么名字",
        "叫什么",
        "哪本",
        "哪出",
        "什么书",
        "什么歌",
        "哪首",
        "哪部",
        "什么电影",
        "which film",
        "what film",
        "which play",
    ];
    const TITLED_TOO: [&str; 5] = ["which picture", "which hymn", "which tune", "what play", "what hymn"];
    let lower = &read.asked.lower;
    if TITLED.iter().chain(&TITLED_TOO).any(|w| lower.contains(w))
        && let Some(title) = quotation(text_of(doc))
    {
        return Some(title.to_owned());
    }
    let sentence = sentence(doc, read);
    let kinds = sentences::sought(lower);
    match kinds[..] {
        [Sought::Colour] => colour(sentence, read.language),
        [Sought::Weekday] => weekday(sentence, read.language),
        [Sought::Reason] => reason(sentence, read.language),
        [Sought::Any] => match read.language {
            // A note may begin with where it was: what was done there stands in another sentence.
            Language::En => english(sentence, read).or_else(|| {
                sentences::sentences(text_of(doc))
                    .into_iter()
                    .filter(|other| *other != sentence)
                    .find_map(|other| english(other, read))
            }),
            Language::ZhCn => chinese(sentence, lower).or_else(|| chinese(text_of(doc), lower)),
        },
        _ => None,
    }
}

/// The one colour a sentence names, with the word that shades it.
fn colour(sentence: &str, language: Language) -> Option<String> {
    if language == Language::ZhCn {
        let end = sentence.match_indices('色').map(|(at, _)| at).collect::<Vec<_>>();
        let [at] = end[..] else { return None };
        let shade: Vec<char> = sentence[..at]
            .chars()
            .rev()
            .take_while(|c| c.is_alphabetic() && !"是的成了着件条只把张一".contains(*c))
            .take(3)
            .collect();
        return (!shade.is_empty()).then(|| shade.into_iter().rev().chain(['色']).collect());
    }
    let said = tokens(sentence);
    let named: Vec<usize> = (0..said.len()).filter(|i| is_in(sentences::COLOURS, &said[*i].lower)).collect();
    let (first, last) = (*named.first()?, *named.last()?);
    let together = last - first < 3 && (first..=last).all(|i| named.contains(&i) || said[i].lower == "and");
    let shade = first.checked_sub(1).filter(|i| {
        let word = &said[*i];
        !word.ends && !is_in(EMPTY_EN, &word.lower) && !is_in(PREPOSITIONS, &word.lower) && word.lower.len() > 3
    });
    together.then(|| said[shade.unwrap_or(first)..=last].iter().map(|t| t.whole).collect::<Vec<_>>().join(" "))
}

/// The one day of the week a sentence names.
fn weekday(sentence: &str, language: Language) -> Option<String> {
    if language == Language::ZhCn {
        return None;
    }
    let said = tokens(sentence);
    let is_day = |t: &Token<'_>| {
        t.lower.trim_end_matches('s').ends_with("day") && t.lower.len() > 5 && t.whole.starts_with(char::is_uppercase)
    };
    let mut days = (0..said.len()).filter(|i| is_day(&said[*i]));
    let day = days.next().filter(|_| days.next().is_none())?;
    // "Thursday night".
    let part = said
        .get(day + 1)
        .filter(|t| is_in("morning afternoon evening night mornings afternoons evenings nights", &t.lower));
    Some(part.map_or(said[day].whole.to_owned(), |part| format!("{} {}", said[day].whole, part.whole)))
}

/// What stands after "because", 因为 to the end of the sentence.
fn reason(sentence: &str, language: Language) -> Option<String> {
    let leads: &[&str] = if language == Language::En { &["because ", "so that "] } else { &["因为", "由于"] };
    let at = leads.iter().find_map(|lead| sentence.find(lead))?;
    Some(sentence[at..].trim().to_owned())
}

/// The clause of a sentence that shares most with the question; a short sentence stays whole.
fn clause<'a>(sentence: &'a str, read: &Read<'_>) -> &'a str {
    let short = match read.language {
        Language::En => sentence.split_whitespace().count() <= 9,
        Language::ZhCn => sentence.chars().count() <= 14,
    };
    if short {
        return sentence;
    }
    let wanted: Vec<String> = terms(&read.asked.lower, read.language).into_iter().map(|(t, _)| t).collect();
    sentence
        .split([',', '，', ':', '：', '、'])
        .map(str::trim)
        .filter(|c| !c.is_empty())
        .max_by_key(|c| {
            let own = terms(c, read.language);
            let shared = own.iter().filter(|(t, _)| wanted.contains(t)).count();
            (shared, own.len())
        })
        .unwrap_or(sentence)
}

/// Every title in a text.
pub(super) fn quotations(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(title) = quotation(rest) {
        out.push(title);
        let end = rest.find(title).map_or(rest.len(), |at| at + title.len());
        rest = rest[end..].trim_start_matches(['》', '”', '’', '"', '\'']);
    }
    out
}

fn quotation(text: &str) -> Option<&str> {
    for (open, close) in [('《', '》'), ('“', '”'), ('‘', '’'), ('"', '"'), ('\'', '\'')] {
        for (at, _) in text.match_indices(open) {
            // An apostrophe opens nothing; a Chinese mark follows a character.
            let before_is_letter = close != '》' && text[..at].ends_with(|c: char| c.is_alphanumeric() && c.is_ascii());
            let rest = &text[at + open.len_utf8()..];
            if let Some(end) = rest.find(close).filter(|end| *end > 2 && !before_is_letter) {
                return Some(&rest[..end]);
            }
        }
    }
    None
}

/// An English word as it stands, with its lower form and whether a clause ends after it.
struct Token<'a> {
    whole: &'a str,
    lower: String,
    ends: bool,
    colon: bool,
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    text.split_whitespace()
        .map(|word| Token {
            whole: word.trim_matches(|c: char| !c.is_alphanumeric() && c != '\''),
            lower: word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase(),
            ends: word.ends_with([',', '.', ';', ':', '!', '?']),
            colon: word.ends_with(':'),
        })
        .filter(|t| !t.lower.is_empty())
        .collect()
}

fn is_in(list: &str, word: &str) -> bool {
    list.split_whitespace().any(|w| w == word)
}

/// Nouns that say nothing of what is asked for.
const ANY_NOUN: &str = "thing things kind sort present presents gift food animal animals creatures name";
/// Longest phrase told for a whole answer, in words. [design]
const LONGEST_PHRASE: usize = 12;

fn english(sentence: &str, read: &Read<'_>) -> Option<String> {
    let said = tokens(sentence);
    let question = tokens(read.question);
    let which = question.iter().position(|t| t.lower == "which" || t.lower == "what")?;
    let noun = question.get(which + 1).filter(|t| !is_in(AUX, &t.lower)).map(|t| match t.lower.as_str() {
        "kind" | "sort" => question.get(which + 3).map_or(t.lower.clone(), |n| n.lower.clone()),
        // "which of Ann's teeth did": the last word before the auxiliary.
        "of" => question[which + 2..]
            .iter()
            .take_while(|n| !is_in(AUX, &n.lower))
            .last()
            .map_or(t.lower.clone(), |n| n.lower.clone()),
        other => other.to_owned(),
    });
    if let Some(noun) = &noun {
        if let Some(found) = before_noun(&said, noun) {
            return Some(found);
        }
        // A flavour, a room: nothing tells which words of the sentence are one.
        let leads_to_it = question.last().is_some_and(|t| is_in("to with at for from", &t.lower));
        if !is_in(ANY_NOUN, noun) && !leads_to_it {
            return None;
        }
    }
    let is_name = |t: &Token<'_>| t.whole.starts_with(char::is_uppercase) && t.whole != "I";
    let content: Vec<(usize, String)> = question
        .iter()
        .enumerate()
        .filter(|(at, t)| {
            *at > which
                && !is_name(t)
                && (t.lower == "get" || !is_in(EMPTY_EN, &t.lower))
                && Some(&t.lower) != noun.as_ref()
        })
        .map(|(at, t)| (at, stem(&t.lower)))
        .collect();
    // "What did Ann and I bake …": the first of its words that a phrase follows in the sentence is the verb.
    content
        .iter()
        .filter_map(|(asked_at, word)| {
            let at = said.iter().position(|t| stem(&t.lower) == *word && (!is_name(t) || said[0].lower == t.lower))?;
            // "Presented with" leads to what follows "with".
            let joined =
                question.get(asked_at + 1).filter(|next| said.get(at + 1).is_some_and(|own| own.lower == next.lower));
            after(&said, at + usize::from(joined.is_some_and(|next| is_in(PREPOSITIONS, &next.lower))))
        })
        .find(|phrase| {
            let own = tokens(phrase);
            let is_new =
                |t: &Token<'_>| !is_in(EMPTY_EN, &t.lower) && !content.iter().any(|(_, c)| *c == stem(&t.lower));
            let oneself = own.first().is_some_and(|t| t.lower.ends_with("self") || t.lower.ends_with("selves"));
            let is_of_time = own.iter().all(|t| is_time(&t.lower) || is_in(EMPTY_EN, &t.lower));
            own.len() <= LONGEST_PHRASE && own.iter().any(is_new) && !oneself && !is_of_time
        })
}

/// "first prize" for "which prize", "leek and potato" for "what soup" where a colon follows.
fn before_noun(said: &[Token<'_>], noun: &str) -> Option<String> {
    let at = said.iter().position(|t| stem(&t.lower) == stem(noun))?;
    let breaks = |t: &Token<'_>| is_in(EMPTY_EN, &t.lower) || is_in(PREPOSITIONS, &t.lower);
    let mut from = at;
    while from > 0 && !breaks(&said[from - 1]) && !said[from - 1].ends && at - from < 4 {
        from -= 1;
    }
    if from < at {
        return Some(said[from..=at].iter().map(|t| t.whole).collect::<Vec<_>>().join(" "));
    }
    let colon = (at..said.len()).find(|i| said[*i].colon)?;
    let end = (colon + 1..said.len()).find(|i| said[*i].ends).unwrap_or(said.len().saturating_sub(1));
    (colon < end || colon + 1 < said.len())
        .then(|| said[colon + 1..=end.min(said.len() - 1)].iter().map(|t| t.whole).collect::<Vec<_>>().join(" "))
}

/// The phrase that follows a word, up to the end of the clause or the next preposition.
fn after(said: &[Token<'_>], at: usize) -> Option<String> {
    if said[at].ends {
        return None;
    }
    let mut from = at + 1;
    let is_object = |at: usize| {
        said.get(at).is_some_and(|t| {
            // "Gave her a jar": "her" before an article is whom it was given to.
            let her = t.lower == "her"
                && said.get(at + 1).is_some_and(|n| is_in("a an the some two three four five six", &n.lower));
            (her || is_in("me us him them it you out up off down away to of", &t.lower)) && !t.ends
        })
    };
    while is_object(from) {
        from += 1;
    }
    let mut end = from;
    while let Some(token) = said.get(end) {
        let next_clause =
            token.lower == "and" && said.get(end + 1).is_some_and(|n| is_in("i we he she they it then", &n.lower));
        if end > from && (is_in(PREPOSITIONS, &token.lower) || next_clause) {
            break;
        }
        end += 1;
        if token.ends {
            break;
        }
    }
    let words: Vec<&str> = said.get(from..end)?.iter().map(|t| t.whole).collect();
    let first_is_preposition =
        words.first().is_some_and(|w| is_in("at in on for with by after before", &w.to_lowercase()));
    (words.iter().any(|w| !is_in(EMPTY_EN, &w.to_lowercase())) && !first_is_preposition).then(|| words.join(" "))
}

/// What stands at the place of 什么 or 哪: after the verb before it, or before the noun after it.
fn chinese(sentence: &str, asked: &str) -> Option<String> {
    let ask = ["什么", "哪只", "哪种", "哪一种", "哪个", "哪道", "哪条", "哪样", "啥"];
    let (at, word) = ask.iter().filter_map(|w| asked.find(w).map(|at| (at, *w))).min_by_key(|f| f.0)?;
    let clean = |text: &str| {
        text.trim_start_matches(['了', '过', '的', '着', '到', '中', '好', '完', '给', '上'])
            .trim_end_matches(['的', '了', '呢', '吧'])
            .to_owned()
    };
    let stops = ['，', '。', '：', '；', '！', '？', ',', '、', '（', '('];
    // 什么馅的: what stands before 馅.
    let noun: String = asked[at + word.len()..].chars().take_while(|c| !"？?的，,呢啊".contains(*c)).collect();
    let nouns = [noun.clone(), noun.chars().take(1).collect()];
    for noun in nouns.iter().filter(|n| {
        !n.is_empty() && !["事", "东", "名", "地", "时", "样"].contains(&n.as_str()) && !n.starts_with(ACTS)
    }) {
        // Of 眼睛 alone the 眼 of 右眼, not that of 眼罩.
        let goes_on = |end: usize| {
            let mut from = 0;
            noun.chars().count() == 1
                && crate::words::jieba().cut(sentence, false).into_iter().any(|token| {
                    let start = from;
                    from += token.word.len();
                    start <= end && end + noun.len() < from
                })
        };
        if let Some(end) = sentence.find(noun.as_str()).filter(|end| nouns[0] == *noun || !goes_on(*end)) {
            let before: String = sentence[..end]
                .chars()
                .rev()
                .take_while(|c| !stops.contains(c) && !"是了的给在把吃做包买用喝看".contains(*c))
                .collect::<Vec<_>>()
                .into_iter()
                .rev()
                .collect();
            if (1..=8).contains(&before.chars().count()) {
                return Some(format!("{before}{noun}"));
            }
        }
    }
    // 送他什么: the person after the verb says nothing of where the thing stands.
    let before: String = asked[..at].chars().filter(|c| !"的了过着到是中".contains(*c)).collect();
    let before: Vec<char> = before.trim_end_matches(['我', '您', '你', '他', '她', '们']).chars().collect();
    let last: String = before.iter().rev().take(2).rev().collect();
    let mut verbs: Vec<String> = vec![last.clone()];
    verbs.extend(last.chars().map(String::from));
    // Any other verb of the question, the last first: "生日礼物是什么" has 送 before it.
    let tokens: Vec<&str> = crate::words::jieba().cut(asked, false).into_iter().map(|t| t.word).collect();
    verbs.extend(tokens.iter().rev().filter(|t| GIVING.contains(t)).map(|t| (*t).to_owned()));
    for verb in verbs {
        if verb.is_empty() || "我您你他她爸妈天月日".contains(verb.chars().next_back().unwrap_or('我')) {
            continue;
        }
        let Some(from) = sentence.find(&verb) else { continue };
        let rest = clean(&sentence[from + verb.len()..]);
        let rest = rest.trim_start_matches(['我', '您', '你', '他', '她', '们', '了']);
        let end = rest.find(stops).unwrap_or(rest.len());
        let phrase = clean(&rest[..end]);
        if (2..=14).contains(&phrase.chars().count()) && !asked.contains(&phrase) {
            return Some(phrase);
        }
    }
    None
}

/// 什么吃的 asks for something to eat, not for a 吃.
const ACTS: [char; 7] = ['吃', '喝', '看', '玩', '用', '穿', '耍'];

/// Verbs that a thing follows.
const GIVING: [&str; 14] = ["送", "送给", "给", "带", "带来", "买", "借", "做", "吃", "喝", "穿", "戴", "看", "收到"];

/// 星期几, 几点: the time words of the note, with the part of the day.
pub(super) fn time_words(doc: &Doc, read: &Read<'_>) -> Option<String> {
    const ASKED: [&str; 6] = ["星期几", "礼拜几", "周几", "几点", "什么钟点", "每周哪"];
    if !ASKED.iter().any(|w| read.asked.lower.contains(w)) {
        return None;
    }
    let text = text_of(doc);
    let chars: Vec<char> = text.chars().collect();
    let is_part = |c: char| "一二三四五六七八九十日天两半上下午早晚中夜里点刻钟零0123456789:：".contains(c);
    for lead in ["周", "星期", "礼拜", "早上", "上午", "中午", "下午", "晚上"] {
        for (at, _) in text.match_indices(lead) {
            let begin = text[..at].chars().count();
            let mut end = begin + lead.chars().count();
            while end < chars.len() && is_part(chars[end]) {
                end += 1;
            }
            let said: String = chars[begin..end].iter().collect();
            let is_day = said.chars().count() > lead.chars().count();
            if is_day && !["周末", "周年", "周围"].contains(&said.as_str()) {
                return Some(said);
            }
        }
    }
    None
}

/// Most words between what is asked about and the words for a place that is told of it. [design]
const NEAR: usize = 5;

/// Where in a note something was: "on the pier", 在苏州河边的长椅. `None` where no words for a place stand near what is asked about.
pub(super) fn spot(doc: &Doc, read: &Read<'_>) -> Option<String> {
    let sentence = sentence(doc, read);
    match read.language {
        Language::En => english_spot(sentence, &read.asked.lower),
        Language::ZhCn => {
            chinese_spot(sentence, &read.asked.lower).or_else(|| chinese_spot(text_of(doc), &read.asked.lower))
        }
    }
}

fn english_spot(sentence: &str, asked: &str) -> Option<String> {
    let said = tokens(sentence);
    let question: Vec<String> =
        tokens(asked).iter().filter(|t| !is_in(EMPTY_EN, &t.lower)).map(|t| stem(&t.lower)).collect();
    let hits: Vec<usize> = (0..said.len()).filter(|i| question.contains(&stem(&said[*i].lower))).collect();
    let mut best: Option<(usize, String)> = None;
    for at in (0..said.len()).filter(|i| is_in(LOCATIVE, &said[*i].lower)) {
        let mut end = at + 1;
        // "At the skin clinic froze two spots": what is asked about is no part of where.
        while end < said.len() && !is_in(PREPOSITIONS, &said[end].lower) && !(end > at + 2 && hits.contains(&end)) {
            end += 1;
            if said[end - 1].ends {
                break;
            }
        }
        let telling: Vec<&Token<'_>> = said[at + 1..end].iter().filter(|t| !is_in(EMPTY_EN, &t.lower)).collect();
        let idle = telling
            .iter()
            .all(|t| is_time(&t.lower) || question.contains(&stem(&t.lower)) || t.lower.parse::<f64>().is_ok());
        if telling.is_empty() || idle {
            continue;
        }
        let distance = hits.iter().map(|h| if *h < at { at - h } else { (h - at) * 2 }).min().unwrap_or(at);
        if best.as_ref().is_none_or(|(d, _)| distance < *d) {
            best = Some((distance, said[at..end].iter().map(|t| t.whole).collect::<Vec<_>>().join(" ")));
        }
    }
    best.filter(|(distance, _)| *distance <= NEAR).map(|(_, spot)| spot)
}

pub(super) fn is_time(word: &str) -> bool {
    is_in(
        "morning afternoon evening night noon today yesterday tomorrow week month year spring summer autumn winter monday tuesday wednesday \
thursday friday saturday sunday january february march april may june july august september october november december o'clock past half \
time once last hour minutes day days christmas easter",
        word,
    )
}

fn chinese_spot(sentence: &str, asked: &str) -> Option<String> {
    let stops = ['，', '。', '：', '；', '！', '？', ',', '（', '('];
    for clause in sentence.split(stops) {
        for lead in ["放在", "挂在", "落在", "掉在", "藏在", "搁在", "站在", "住在", "从", "在", "到", "去", "上"]
        {
            let Some(at) = clause.find(lead) else { continue };
            let rest: String = clause[at + lead.len()..].chars().take(14).collect();
            let ends = ["里", "上", "下", "边", "后面", "家", "馆", "店", "园", "院", "站", "桶", "柜", "口", "底下"];
            let end = ends.iter().filter_map(|e| rest.find(e).map(|i| i + e.len())).min();
            let spot: String = end.map_or(String::new(), |end| rest[..end].to_owned());
            let is_time =
                ["星期", "礼拜", "周", "早", "晚", "下午", "上午", "中午", "夜"].iter().any(|w| spot.starts_with(w));
            if spot.chars().count() >= 2 && !asked.contains(&spot) && !is_time {
                return Some(spot);
            }
        }
    }
    None
}
