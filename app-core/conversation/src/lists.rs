//! Answers of several parts: lists, idea units of a story, and open questions of the form "name four …".

use std::collections::BTreeSet;

use reme_types::{AnswerKind, Language, MatchedBy, Verdict};

use crate::{
    judge::{Judgement, Question, silence_or_other},
    lexicon::{asked_count, is_empty_word, members_of_kind},
    numbers, speech,
    text::{self, bare, english_words, normalise, stem},
    words::{Needle, Utterance, telling_words},
};

/// Share of a unit's telling words that makes it told. [design]
const UNIT_COVER: f64 = 0.5;

pub(crate) fn list(question: &Question<'_>, said: &str) -> Judgement {
    if are_exchanged(question, said) {
        return Judgement::something_else();
    }
    let utterance = Utterance::new(question, said);
    let aliases: Vec<Needle> = question.expected.aliases.iter().map(|a| Needle::new(question, a, true)).collect();
    let mut places = Vec::new();
    let (mut whole, mut some, mut by) = (0, 0, MatchedBy::Normalised);
    for part in &question.expected.parts {
        let needle = Needle::new(question, part, false);
        let held = utterance.hold_against(&needle);
        let alias = aliases
            .iter()
            .filter(|a| text::likeness(&a.wording, &needle.wording) > 0.6)
            .map(|a| utterance.hold_against(a))
            .find(|h| h.cover >= 0.999);
        if held.cover >= 0.999 || alias.is_some() {
            whole += 1;
            places.push(alias.and_then(|a| a.at).or(held.at));
            by = if matches!(held.by, MatchedBy::Exact) { by } else { held.by };
        } else if utterance.is_relation_of(&needle.wording) {
            whole += 1;
            by = MatchedBy::Relation;
        } else if held.cover >= 0.4 {
            some += 1;
        }
    }
    let all = question.expected.parts.len();
    if whole == all {
        let ordered = question.expected.kind == AnswerKind::OrderedList;
        let in_order = places.windows(2).all(|w| w[0] <= w[1]);
        let verdict = match (ordered && !in_order, has_intruder(question, said)) {
            (false, false) => Verdict::Correct,
            _ => Verdict::Partial,
        };
        return Judgement::new(verdict, by, 0.85);
    }
    // An alias may be another wording of the whole.
    if aliases.iter().any(|a| utterance.hold_against(a).cover >= 0.999 && a.words.len() >= all) {
        return Judgement::new(Verdict::Correct, MatchedBy::Alias, 0.85);
    }
    if whole + some > 0 {
        return Judgement::new(Verdict::Partial, MatchedBy::Words, 0.8);
    }
    silence_or_other(question, said)
}

/// 甲唱《…》，乙唱《…》, or "Ann five, Bob nine": what belongs to one, said of the other.
fn are_exchanged(question: &Question<'_>, said: &str) -> bool {
    let pairs: Vec<(String, String)> =
        question.expected.parts.iter().filter_map(|part| belonging(part, question.language)).collect();
    let has = |clause: &str, own: &str| match own.parse::<f64>() {
        Ok(value) => numbers::all(clause).iter().any(|n| n.value == value),
        Err(_) => clause.contains(own),
    };
    pairs.len() > 1
        && speech::clauses(said).iter().any(|clause| {
            pairs.iter().any(|(subject, title)| {
                !subject.is_empty()
                    && clause.contains(subject.as_str())
                    && !has(clause, title)
                    && pairs.iter().any(|(_, other)| other != title && has(clause, other))
            })
        })
}

/// Whose it is and what: a title, or a number.
fn belonging(part: &str, language: Language) -> Option<(String, String)> {
    if let Some((subject, rest)) = part.split_once('《') {
        let mut subject: Vec<char> = subject.chars().collect();
        subject.pop();
        return Some((subject.into_iter().collect(), rest.split_once('》')?.0.to_owned()));
    }
    let part = normalise(part, language);
    let value = numbers::all(&part).first()?.value;
    let subject = telling_words(&part, language).into_iter().find(|w| numbers::all(w).is_empty())?;
    Some((subject, value.to_string()))
}

fn items(said: &str) -> Vec<String> {
    let parted = said.replace(" and ", ",").replace("还有", "，").replace(['、', '；', ';', '和', '跟'], "，");
    parted
        .split([',', '，', '.', '。'])
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
        let given = bare(said).chars().count();
        return given > parts.len() && given <= parts.len() + 2;
    }
    let items = items(said);
    if items.len() <= question.expected.parts.len() {
        return false;
    }
    let needles: Vec<Needle> = Needle::all(question);
    items.iter().any(|item| {
        let words = telling_words(item, question.language);
        let short = match question.language {
            Language::En => (1..=3).contains(&words.len()) && english_words(item).len() <= 4,
            Language::ZhCn => (2..=4).contains(&bare(item).chars().count()) && !words.is_empty(),
        };
        let utterance = Utterance::new(question, item);
        let asked = normalise(question.text, question.language);
        let known = needles.iter().any(|n| utterance.hold_against(n).cover > 0.0)
            || words.iter().all(|w| asked.contains(w.as_str()));
        let related =
            question.expected.parts.iter().any(|p| utterance.is_relation_of(&normalise(p, question.language)));
        short && !known && !related && speech::phrase_intent(item).is_none()
    })
}

pub(crate) fn idea_units(question: &Question<'_>, spoken: &str) -> Judgement {
    let utterance = Utterance::new(question, spoken);
    let blank = Question { text: "", ..question.clone() };
    let told = question
        .expected
        .parts
        .iter()
        .filter(|unit| utterance.hold_against(&Needle::new(&blank, unit, false)).cover >= UNIT_COVER)
        .count();
    match told {
        0 if speech::phrase_intent(spoken).is_some() => Judgement::nothing_offered(),
        0 => {
            let words = telling_words(spoken, question.language);
            if words.len() >= 4 { Judgement::something_else() } else { Judgement::nothing_offered() }
        }
        n if n == question.expected.parts.len() => Judgement::new(Verdict::Correct, MatchedBy::Words, 0.8),
        _ => Judgement::new(Verdict::Partial, MatchedBy::Words, 0.85),
    }
}

/// Questions with many right answers; `None` when this is none of them.
pub(crate) fn open_question(question: &Question<'_>, said: &str) -> Option<Judgement> {
    let language = question.language;
    let expected = normalise(question.expected.parts.first()?, language);
    let asked = normalise(question.text, language);
    let is_open = ["any ", "such as", "for example", "for instance", "任何", "任意", "比如", "例如", ",如"]
        .iter()
        .any(|w| expected.contains(w));
    if !is_open {
        return None;
    }
    let right = |ok: bool| {
        if ok { Judgement::new(Verdict::Correct, MatchedBy::Normalised, 0.8) } else { silence_or_other(question, said) }
    };
    let quoted = quoted(&asked);
    if asked.contains("rhyme")
        && let Some(word) = &quoted
    {
        let rhymes = english_words(said)
            .iter()
            .filter(|w| !is_empty_word(w, language) || w.len() > 3)
            .any(|w| w != word && do_rhyme(word, w));
        return Some(right(rhymes));
    }
    if asked.contains("成语") {
        let first = quoted.as_deref().and_then(|q| q.chars().next());
        let plain = bare(said);
        let starts = first.is_none_or(|c| plain.contains(c));
        let idiom = starts && idioms(&plain).iter().any(|i| first.is_none_or(|c| i.starts_with(c)));
        return Some(right(idiom));
    }
    if let Some(start) = quoted
        .as_deref()
        .filter(|q| q.chars().count() == 1 && ["begin", "start", "开头"].iter().any(|w| asked.contains(w)))
    {
        let hit =
            telling_words(said, language).iter().filter(|w| w.starts_with(start) && w.chars().count() > 1).count();
        return Some(right(hit >= asked_count(&asked).unwrap_or(1)));
    }
    let wanted = asked_count(&asked).or_else(|| asked_count(&expected)).unwrap_or(1);
    let examples: Vec<String> = telling_words(&expected, language);
    let known = members_of_kind(&asked).unwrap_or_default();
    let mut hits: BTreeSet<String> = BTreeSet::new();
    match language {
        Language::En => {
            for word in english_words(said) {
                let word_stem = stem(&word);
                if known.iter().any(|k| stem(k) == word_stem)
                    || (!is_empty_word(&word, language) && examples.iter().any(|e| stem(e) == word_stem))
                {
                    hits.insert(word_stem);
                }
            }
        }
        Language::ZhCn => {
            for item in items(said).iter().flat_map(|i| i.split_whitespace().map(bare).collect::<Vec<_>>()) {
                let member = known.iter().any(|k| !k.is_ascii() && item.contains(k))
                    || examples.iter().any(|e| item.contains(e.as_str()));
                if member {
                    hits.insert(item);
                }
            }
        }
    }
    Some(match hits.len() {
        0 => silence_or_other(question, said),
        n if n >= wanted => Judgement::new(Verdict::Correct, MatchedBy::Normalised, 0.8),
        _ => Judgement::new(Verdict::Partial, MatchedBy::Normalised, 0.8),
    })
}

fn quoted(text: &str) -> Option<String> {
    let marks = ['\'', '"', '“', '”', '「', '」', '‘', '’'];
    let mut parts = text.split(marks);
    parts.next()?;
    parts.next().filter(|q| !q.is_empty() && q.chars().count() < 20).map(str::to_owned)
}

/// Four-character runs the dictionary knows as idioms.
fn idioms(plain: &str) -> Vec<String> {
    let chars: Vec<char> = plain.chars().collect();
    chars
        .windows(4)
        .map(|w| w.iter().collect::<String>())
        .filter(|run| {
            let tags = text::jieba().tag(run, false);
            matches!(tags.first(), Some(tag) if tags.len() == 1 && tag.tag.starts_with(['i', 'l']))
        })
        .collect()
}

/// Whether two English words end in the same sound, as far as spelling tells.
fn do_rhyme(a: &str, b: &str) -> bool {
    let (a, b) = (endings(a), endings(b));
    a.iter().any(|x| b.contains(x))
}

/// Possible sounds of the last syllable: (vowel sound, closing consonants).
fn endings(word: &str) -> Vec<(char, String)> {
    const VOWELS: &str = "aeiou";
    let silent_e = word.len() > 3 && word.ends_with('e') && !VOWELS.contains(&word[word.len() - 2..word.len() - 1]);
    let trunk = if silent_e { &word[..word.len() - 1] } else { word };
    let is_vowel = |i: usize, c: char| VOWELS.contains(c) || (c == 'y' && i > 0);
    let chars: Vec<char> = trunk.chars().collect();
    let Some(last) = (0..chars.len()).rev().find(|i| is_vowel(*i, chars[*i])) else { return Vec::new() };
    let first = (0..=last).rev().take_while(|i| is_vowel(*i, chars[*i])).last().unwrap_or(last);
    let group: String = chars[first..=last].iter().collect();
    let mut coda: String = chars[last + 1..].iter().collect();
    let syllables_before = chars[..first].iter().any(|c| VOWELS.contains(*c));
    let mut sounds: Vec<char> = match group.as_str() {
        "ee" | "ea" | "ie" | "ei" | "ey" | "eo" => vec!['E'],
        "ai" | "ay" => vec!['A'],
        "oa" | "oe" => vec!['O'],
        "oo" | "ue" | "ui" | "ew" => vec!['U'],
        "ou" => vec!['W', 'U'],
        "oi" | "oy" => vec!['Y'],
        "au" => vec!['C'],
        "igh" => vec!['I'],
        other => other.chars().last().into_iter().collect(),
    };
    if group == "ey" {
        sounds.push('A');
    }
    if group == "ie" && coda.is_empty() {
        sounds = vec!['I'];
    }
    if group == "ea" && !coda.is_empty() {
        sounds.push('e');
    }
    if group.len() == 1 && silent_e {
        sounds = vec![match group.as_str() {
            "a" => 'A',
            "e" => 'E',
            "i" | "y" => 'I',
            "o" => 'O',
            _ => 'U',
        }];
    } else if group.len() == 1 && coda.is_empty() {
        sounds = match group.as_str() {
            "e" => vec!['E'],
            "y" if syllables_before => vec!['E'],
            "y" | "i" => vec!['I'],
            "o" => vec!['O', 'U'],
            "a" => vec!['a'],
            _ => vec!['U'],
        };
    } else if group == "i" && coda.starts_with("gh") {
        sounds = vec!['I'];
        coda = coda.trim_start_matches("gh").to_owned();
    } else if (group == "o" || group == "a") && coda.starts_with('w') {
        sounds = if group == "o" { vec!['O', 'W'] } else { vec!['C'] };
        coda = coda.trim_start_matches('w').to_owned();
    }
    let coda = coda.replace("ck", "k").replace("ll", "l").replace("ss", "s").replace("se", "z");
    sounds.into_iter().map(|s| (s, coda.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rhymes_by_spelling() {
        for (a, b) in [
            ("tree", "key"),
            ("light", "bite"),
            ("boat", "note"),
            ("cow", "now"),
            ("cat", "hat"),
            ("rain", "lane"),
            ("sea", "me"),
        ] {
            assert!(do_rhyme(a, b), "{a} {b}");
        }
        for (a, b) in [("tree", "try"), ("cat", "cot"), ("light", "late"), ("bee", "honey bear")] {
            assert!(!do_rhyme(a, b), "{a} {b}");
        }
    }
}
