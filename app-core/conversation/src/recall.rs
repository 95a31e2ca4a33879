//! Free recall: one utterance held against every fact that is still open.
//!
//! Where in the flow: the life-recall game asks "what do you remember?"; whatever is said may touch several facts, one, or none.
//! What it must never do: call a fact wrong because nobody spoke of it, or drop what was told before a fresh start about
//! something else.

use reme_types::{FactItem, FactMatch, Language, PersonRef, Verdict};

use crate::{
    judge::{Question, by_kind},
    speech,
    text::normalise,
    turns,
};

/// The facts an utterance touches, best first: `Correct` and `Partial` where they were told, `Incorrect` only where the
/// right answer was named and expressly denied. Facts nobody spoke of are not in the list.
///
/// `context` is the text of the memory, `people` those who may be meant by "my daughter".
///
/// ```
/// use reme_conversation::read_recall;
/// use reme_types::{AnswerKind, Expected, FactId, FactItem, FactKind, Language, Verdict};
/// let id: FactId = "019a7c3e-0000-7000-8000-000000000001".parse().expect("an id");
/// let cake = FactItem {
///     id, kind: FactKind::Food, question: "What did you eat?".into(),
///     expected: Expected::text(AnswerKind::Text, "plum cake"), meaning_cue: None, distractors: vec![],
/// };
/// let told = read_recall("Well, there was plum cake, I know that.", &[cake], None, &[], Language::En);
/// assert_eq!((told.len(), told[0].fact_id, told[0].verdict), (1, id, Verdict::Correct));
/// ```
pub fn read_recall(
    utterance: &str,
    open: &[FactItem],
    context: Option<&str>,
    people: &[PersonRef],
    language: Language,
) -> Vec<FactMatch> {
    let (spoken, _) = speech::without_words_to_the_judge(&normalise(utterance, language));
    let standing = what_stands(&spoken);
    let (kept, denied) = turns::without_denials(&standing, language);
    let mut touched: Vec<FactMatch> = open
        .iter()
        .filter_map(|fact| {
            let question = Question { text: &fact.question, expected: &fact.expected, context, people, language };
            let told = |text: &str| {
                text.chars()
                    .any(char::is_alphanumeric)
                    .then(|| by_kind(&question, text))
                    .filter(|judged| judged.is_told())
            };
            let (verdict, judged) = match (told(&kept), told(&denied)) {
                (Some(judged), _) => (judged.verdict, judged),
                (None, Some(judged)) if judged.verdict == Verdict::Correct => (Verdict::Incorrect, judged),
                _ => return None,
            };
            Some(FactMatch {
                fact_id: fact.id,
                verdict,
                matched_by: judged.matched_by,
                confidence: judged.confidence,
                parts: Vec::new(),
            })
        })
        .collect();
    let worth = |m: &FactMatch| match m.verdict {
        Verdict::Correct => 0,
        Verdict::Partial => 1,
        _ => 2,
    };
    touched.sort_by(|a, b| worth(a).cmp(&worth(b)).then(b.confidence.total_cmp(&a.confidence)));
    touched
}

/// What was told, without the one clause each fresh start takes back.
fn what_stands(spoken: &str) -> String {
    let (settled, given_up) = turns::settled(spoken);
    if given_up.is_empty() {
        return settled;
    }
    let mut before = speech::clauses(&given_up);
    while before.last().is_some_and(|clause| !clause.chars().any(char::is_alphanumeric)) {
        before.pop();
    }
    before.pop();
    format!("{} {settled}", what_stands(&before.concat()))
}
