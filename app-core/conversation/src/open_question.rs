//! Questions with many right answers: "name four birds", "a word that rhymes with tree", 说一个成语.

use std::collections::BTreeSet;

use reme_lexicon::{Kind, kinds_of, singular};
use reme_types::{Language, MatchedBy, Verdict};

use crate::{
    judge::{Judgement, Question, silence_or_other},
    lexicon::{asked_count, is_empty_word, kinds_asked},
    lists::items,
    needle::telling_words,
    rhyme::do_rhyme,
    speech,
    text::{self, bare, english_words, normalise, stem},
};

/// Judges an open question; `None` when this is none.
pub(crate) fn open_question(question: &Question<'_>, said: &str) -> Option<Judgement> {
    let language = question.language;
    let expected = normalise(question.expected.parts.first()?, language);
    let asked = normalise(question.text, language);
    let is_open = [
        "any ",
        "such as",
        "for example",
        "for instance",
        "different",
        "e.g.",
        "任何",
        "任意",
        "比如",
        "例如",
        ",如",
        "不同的",
        "任一",
    ]
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
        && let Some(word) = quoted.clone().or_else(|| english_words(&asked).pop())
    {
        let hits: BTreeSet<String> = english_words(said)
            .into_iter()
            .filter(|w| !is_empty_word(w, language) || w.len() > 3 || english_words(said).len() == 1)
            .filter(|w| *w != word && do_rhyme(&word, w))
            .collect();
        return Some(counted(question, said, hits.len(), asked_count(&asked).unwrap_or(1)));
    }
    if asked.contains("成语") {
        let sign = quoted.as_deref().and_then(|q| q.chars().next());
        let first = ["第一个字", "开头", "打头", "起头"].iter().any(|w| asked.contains(w));
        let fits = |idiom: &String| sign.is_none_or(|c| if first { idiom.starts_with(c) } else { idiom.contains(c) });
        let hits: BTreeSet<String> = idioms(&bare(said)).into_iter().filter(fits).collect();
        return Some(counted(question, said, hits.len(), asked_count(&asked).unwrap_or(1)));
    }
    let spelt = spelt_beginning(&expected).or_else(|| spelt_beginning(&asked));
    let letter = quoted.as_deref().filter(|q| q.chars().count() <= 3).or(spelt.as_deref());
    if let Some(start) = letter.filter(|_| ["begin", "start", "开头"].iter().any(|w| asked.contains(w))) {
        let hits: BTreeSet<String> = telling_words(said, language)
            .into_iter()
            .filter(|w| w.starts_with(start) && w.chars().count() > start.chars().count())
            .map(|w| stem(&w))
            .collect();
        return Some(counted(question, said, hits.len(), asked_count(&asked).unwrap_or(1)));
    }
    let wanted = asked_count(&asked).or_else(|| asked_count(&expected)).unwrap_or(1);
    let examples: Vec<String> = telling_words(&expected, language)
        .into_iter()
        .filter(|e| match language {
            Language::En => !english_words(&asked).iter().any(|w| singular(w) == singular(e)),
            Language::ZhCn => !asked.contains(e.as_str()),
        })
        .collect();
    // "Four things you wear": the kind may stand in the answer alone, before its examples.
    let kinds = match kinds_asked(&asked) {
        kinds if kinds.is_empty() => kinds_asked(expected.split("such as").next().unwrap_or_default()),
        kinds => kinds,
    };
    if kinds.is_empty() && wanted == 1 {
        return Some(right(telling_words(said, language).iter().any(|w| examples.contains(w))));
    }
    let hits = match language {
        Language::En => english_members(said, &kinds, &examples, &asked),
        Language::ZhCn => chinese_members(said, &kinds, &examples, &asked),
    };
    Some(counted(question, said, hits, wanted))
}

fn counted(question: &Question<'_>, said: &str, hits: usize, wanted: usize) -> Judgement {
    match hits {
        0 => silence_or_other(question, said),
        n if n >= wanted => Judgement::new(Verdict::Correct, MatchedBy::Normalised, 0.8),
        _ => Judgement::new(Verdict::Partial, MatchedBy::Normalised, 0.8),
    }
}

/// Different members named. An item the lexicon does not know at all counts where others fit: the lexicon is short, the world is
/// not.
fn english_members(said: &str, kinds: &[&Kind], examples: &[String], asked: &str) -> usize {
    let asked_words = english_words(asked);
    let is_member = |word: &str| {
        let word_singular = singular(word);
        let compound = |m: &str| {
            m.len() >= 3 && word_singular.len() > m.len() + 2 && word_singular.ends_with(m) && !m.contains(' ')
        };
        kinds.iter().any(|k| k.holds(word) || k.members().any(compound))
            || examples.iter().any(|e| stem(e) == stem(word))
    };
    let mut hits: BTreeSet<String> = BTreeSet::new();
    let mut unknown: BTreeSet<String> = BTreeSet::new();
    for item in items(said) {
        let words: Vec<String> = english_words(&item);
        let telling: Vec<&String> = words.iter().filter(|w| !is_empty_word(w, Language::En)).collect();
        let two = words.windows(2).map(|w| w.join(" ")).find(|two| kinds.iter().any(|k| k.holds(two)));
        let found: Vec<String> =
            two.map_or_else(|| telling.iter().filter(|w| is_member(w)).map(|w| singular(w)).collect(), |two| vec![two]);
        if found.is_empty() {
            let lone = (1..=2).contains(&telling.len())
                && telling.iter().all(|w| kinds_of(w).is_empty() && !asked_words.contains(w))
                && speech::phrase_intent(&item).is_none();
            if lone {
                unknown.insert(telling.iter().map(|w| w.as_str()).collect());
            }
        }
        hits.extend(found);
    }
    with_unknown(hits.len(), unknown.len())
}

fn chinese_members(said: &str, kinds: &[&Kind], examples: &[String], asked: &str) -> usize {
    let mut hits: BTreeSet<String> = BTreeSet::new();
    let mut unknown: BTreeSet<String> = BTreeSet::new();
    for item in items(said).iter().flat_map(|i| i.split_whitespace().map(bare).collect::<Vec<_>>()) {
        let core = item.trim_end_matches(['的', '了', '吧', '呗', '啊', '色']).to_owned();
        if core.is_empty() {
            continue;
        }
        let named = |m: &str| {
            !m.is_ascii() && (core.ends_with(m) || reme_lexicon::same_meaning(m).iter().any(|other| core == *other))
        };
        let member = kinds.iter().any(|k| k.members().any(named))
            || kinds.iter().any(|k| k.members().any(|m| !m.is_ascii() && m.chars().count() >= 2 && core.contains(m)))
            || examples.iter().any(|e| core.contains(e.as_str()));
        let of_other_kind = || {
            let exact = kinds_of(&core);
            !exact.is_empty() && !exact.iter().any(|k| kinds.iter().any(|asked| std::ptr::eq(*asked, *k)))
        };
        if member {
            hits.insert(core);
        } else if core.rsplit('的').next().is_some_and(|head| head.chars().count() <= 4)
            && !of_other_kind()
            && !asked.contains(&core)
            && speech::phrase_intent(&core).is_none()
        {
            unknown.insert(core);
        }
    }
    with_unknown(hits.len(), unknown.len())
}

fn with_unknown(hits: usize, unknown: usize) -> usize {
    if hits >= 2 && unknown < hits { hits + unknown } else { hits }
}

/// "A word that begins with st", "with S and T": the letters.
fn spelt_beginning(text: &str) -> Option<String> {
    let words = english_words(text);
    let at = words.windows(2).position(|w| {
        matches!(w[0].as_str(), "begins" | "beginning" | "begin" | "starts" | "starting" | "start") && w[1] == "with"
    })?;
    let letters: String = words[at + 2..]
        .iter()
        .filter(|w| *w != "the" && *w != "letter" && *w != "letters")
        .map_while(|w| match w.as_str() {
            "and" => Some(""),
            short if short.len() <= 2 => Some(short),
            _ => None,
        })
        .collect();
    (1..=3).contains(&letters.len()).then_some(letters)
}

fn quoted(text: &str) -> Option<String> {
    let marks = ['\'', '"', '“', '”', '「', '」', '‘', '’'];
    let mut parts = text.split(marks);
    parts.next()?;
    parts.next().filter(|q| !q.is_empty() && q.chars().count() < 20).map(str::to_owned)
}

/// Four-character runs the dictionary knows as set phrases, not as names or plain compounds.
fn idioms(plain: &str) -> Vec<String> {
    let chars: Vec<char> = plain.chars().collect();
    chars
        .windows(4)
        .map(|w| w.iter().collect::<String>())
        .filter(|run| {
            let tags = text::jieba().tag(run, false);
            // Set phrases are no compounds: their halves are seldom words.
            let (first, last): (String, String) = (run.chars().take(2).collect(), run.chars().skip(2).collect());
            let is_compound = text::jieba().has_word(&first) && text::jieba().has_word(&last);
            text::jieba().has_word(run) && !is_compound
                || matches!(tags.first(), Some(tag) if tags.len() == 1 && (tag.tag.starts_with(['i', 'l', 'z', 'a']) || matches!(tag.tag, "nr" | "nrt" | "v")))
        })
        .collect()
}
