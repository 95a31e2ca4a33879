//! What holds now and what held before: "a van now, a taxi before", 原先在体育场，现在在广场.
//!
//! Where in the flow: asked before lists are read item by item, because both things may be named and exchanged. What it must
//! never do: call the two right where they are exchanged.

use reme_types::{Language, MatchedBy, Verdict};

use crate::{
    judge::{Judgement, Question},
    needle::Needle,
    speech,
    text::normalise,
    words::Utterance,
};

const NOW_EN: &str =
    "now|nowadays|these days|today|currently|at present|at the moment|ended up|lately|since then|now it's";
const BEFORE_EN: &str = "before|used to|formerly|previously|once|earlier|originally|in the old days|to begin with|first|at first|in those days|years ago|started off|started out|back then";
const NOW_ZH: &str = "现在|如今|眼下|这会儿|这会子|目前|现今|今儿个|当下|这阵子|而今";
const BEFORE_ZH: &str =
    "原先|以前|从前|先前|早先|原来|过去|起先|之前|起初|早前|早些时候|老早|当初|往日|头先|开头|那会儿|那阵子|先头";

/// The words for now, and those for before.
fn words_of(language: Language) -> (&'static str, &'static str) {
    match language {
        Language::En => (NOW_EN, BEFORE_EN),
        Language::ZhCn => (NOW_ZH, BEFORE_ZH),
    }
}

/// Whether one of the words stands in the text.
fn names(text: &str, list: &str, language: Language) -> bool {
    match language {
        Language::En => {
            let words = crate::text::english_words(text).join(" ");
            list.split('|').any(|w| format!(" {words} ").contains(&format!(" {w} ")))
        }
        Language::ZhCn => list.split('|').any(|w| text.contains(w)),
    }
}

/// Whether a question asks of both times.
pub(crate) fn asks_of_both(asked: &str, language: Language) -> bool {
    let (now, before) = words_of(language);
    names(asked, now, language) && names(asked, before, language)
}

/// Whether a question asks how something is by now: "which day do you go", "what colour has she painted it".
pub(crate) fn asks_how_it_is(asked: &str, language: Language) -> bool {
    let (now, before) = words_of(language);
    match language {
        Language::En => {
            let words = crate::text::english_words(asked);
            let present = words.iter().any(|w| matches!(w.as_str(), "do" | "does" | "is" | "are" | "has" | "have"));
            let past = words.iter().any(|w| matches!(w.as_str(), "did" | "was" | "were" | "had"));
            present && !past && !names(asked, before, language)
        }
        Language::ZhCn => {
            let past = ["了", "过", "那天", "那次", "当时", "去年", "月", "哪年"].iter().any(|w| asked.contains(w));
            (names(asked, now, language) || !past) && !names(asked, before, language)
        }
    }
}

/// Whether a text speaks of now.
pub(crate) fn speaks_of_now(text: &str, language: Language) -> bool {
    names(text, words_of(language).0, language)
}

/// "It used to be Thursday", "green's what it was before", 原先是星期四: how it was, and no longer is.
pub(crate) fn tells_what_was(clause: &str, language: Language) -> bool {
    const WAS_EN: [&str; 9] = [
        "used to be",
        "used to have",
        "used to go",
        "formerly",
        "originally",
        "was before",
        "were before",
        "before that",
        "in the old days",
    ];
    let was = match language {
        Language::En => {
            let words = crate::text::english_words(clause).join(" ");
            words.ends_with(" before") || WAS_EN.iter().any(|w| format!(" {words} ").contains(&format!(" {w} ")))
        }
        Language::ZhCn => {
            ["原先", "以前", "从前", "先前", "早先", "过去", "起先", "老早", "头先"].iter().any(|w| clause.contains(w))
        }
    };
    was && time_of(clause, language) != Some(true)
}

/// "It was Whitby" beside "but she's in Leeds now".
pub(crate) fn is_past_beside_now(clause: &str, others: &[&str], language: Language) -> bool {
    let words = crate::text::english_words(clause);
    language == Language::En
        && words.iter().any(|w| matches!(w.as_str(), "was" | "were" | "had"))
        && time_of(clause, language) != Some(true)
        && others.iter().any(|other| {
            let present = crate::text::english_words(other).iter().any(|w| matches!(w.as_str(), "now" | "nowadays"));
            *other != clause && present && time_of(other, language) == Some(true)
        })
}

/// `Some(true)` for now, `Some(false)` for before, `None` for neither or both.
fn time_of(text: &str, language: Language) -> Option<bool> {
    let (now, before) = words_of(language);
    match (names(text, now, language), names(text, before, language)) {
        (true, false) => Some(true),
        (false, true) => Some(false),
        _ => None,
    }
}

/// What is left of a part without its time, and without what the question says.
fn thing(question: &Question<'_>, part: &str) -> Option<Needle> {
    let language = question.language;
    let asked = normalise(question.text, language);
    let (now, before) = words_of(language);
    let rest = match language {
        Language::En => {
            let words = crate::text::english_words(part).join(" ");
            now.split('|').chain(before.split('|')).fold(format!(" {words} "), |t, w| t.replace(&format!(" {w} "), " "))
        }
        Language::ZhCn => {
            let rest = now.split('|').chain(before.split('|')).fold(part.to_owned(), |t, w| t.replace(w, ""));
            let rest = rest.trim_start_matches(['在', '是', '的', '就', '都']);
            let verb = rest.chars().next().filter(|c| asked.contains(*c) && rest.chars().count() > 2);
            verb.and_then(|v| rest.strip_prefix(v)).unwrap_or(rest).to_owned()
        }
    };
    let needle = Needle::new(question, rest.trim(), false);
    (!needle.words.is_empty()).then_some(needle)
}

/// Judges an answer of two times; `None` when the expected answer is none or nothing tells which is which.
pub(crate) fn judged(question: &Question<'_>, said: &str) -> Option<Judgement> {
    let language = question.language;
    let [first, second] = &question.expected.parts[..] else { return None };
    let (first, second) = (normalise(first, language), normalise(second, language));
    let (now, before) = match (time_of(&first, language)?, time_of(&second, language)?) {
        (true, false) => (thing(question, &first)?, thing(question, &second)?),
        (false, true) => (thing(question, &second)?, thing(question, &first)?),
        _ => return None,
    };
    let has = |piece: &str, needle: &Needle| Utterance::new(question, piece).hold_against(needle).cover >= 0.5;
    let (mut right, mut exchanged, mut last_time) = (0, 0, None);
    for piece in pieces(said, language) {
        let time = time_of(&piece, language).or_else(|| after_the_other(&piece, last_time, language));
        last_time = time.or(last_time);
        match (time, has(&piece, &now), has(&piece, &before)) {
            (Some(true), true, false) | (Some(false), false, true) => right += 1,
            (Some(true), false, true) | (Some(false), true, false) => exchanged += 1,
            _ => {}
        }
    }
    let both = has(said, &now) && has(said, &before);
    match (right, exchanged) {
        (0, 0) => None,
        (0, _) => Some(Judgement::something_else()),
        (_, 0) if both => Some(Judgement::new(Verdict::Correct, MatchedBy::Normalised, 0.9)),
        _ => Some(Judgement::new(Verdict::Partial, MatchedBy::Normalised, 0.85)),
    }
}

/// "First a taxi, then a van": what comes then is now.
fn after_the_other(piece: &str, last: Option<bool>, language: Language) -> Option<bool> {
    let follows = match language {
        Language::En => {
            let words = crate::text::english_words(piece);
            words.iter().take(2).any(|w| matches!(w.as_str(), "then" | "later" | "afterwards" | "after"))
        }
        Language::ZhCn => ["后来", "之后", "改", "换", "再"].iter().any(|w| piece.contains(w)),
    };
    (follows && last == Some(false)).then_some(true)
}

/// Clauses, in English parted at "and" and "but" too.
fn pieces(said: &str, language: Language) -> Vec<String> {
    speech::clauses(said)
        .into_iter()
        .flat_map(|clause| match language {
            Language::En => clause.replace(" but ", " and ").split(" and ").map(str::to_owned).collect::<Vec<_>>(),
            Language::ZhCn => vec![clause.to_owned()],
        })
        .filter(|piece| piece.chars().any(char::is_alphanumeric))
        .collect()
}

#[cfg(test)]
mod tests {
    use reme_types::Verdict::{Correct, Incorrect, Partial};

    use super::*;
    use crate::{expected_from, judge};

    #[test]
    fn what_is_now_and_what_was_before_may_not_be_exchanged() {
        let english = ("What do you grow there now, and what before?", "kale now, marrows before", Language::En);
        let chinese = ("棋社原先在哪儿，现在在哪儿？", "原先在茶馆，现在在工会", Language::ZhCn);
        for ((asked, expected, language), said, verdict) in [
            (english, "Kale now, and it used to be marrows.", Correct),
            (english, "First marrows, and then kale.", Correct),
            (english, "Marrows now, kale before.", Incorrect),
            (english, "It was kale before that. Marrows these days.", Incorrect),
            (english, "Kale, now.", Partial),
            (chinese, "如今在工会，早先在茶馆。", Correct),
            (chinese, "先前在工会，这会儿都上茶馆了。", Incorrect),
            (chinese, "现在在工会。", Partial),
        ] {
            let expected = expected_from(&[expected.to_owned()], &[], asked, language);
            let question = Question { text: asked, expected: &expected, context: None, people: &[], language };
            assert_eq!(judge(&question, said).verdict, verdict, "{said}");
        }
    }
}
