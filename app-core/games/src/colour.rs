//! Colour words: which colour is the word printed in? A Stroop series, tapped or typed.
//!
//! What it must never do: hurry. There is no limit on an answer; only its time is written down.

use std::collections::BTreeMap;

use reme_types::{ActKind, Intent, MatchedBy, Reading, Rng, SeededRng, Verdict};
use serde::{Deserialize, Serialize};

use crate::action::{ChoiceOption, InputKind, Prompt, ReadAs, Stimulus};
use crate::engine::{Input, Next};
use crate::state::Activity;
use crate::turn::Turn;

/// Messages, with the placeholders each may use.
pub(crate) const MESSAGES: &[(&str, &[&str])] = &[
    ("colour-red", &[]),
    ("colour-green", &[]),
    ("colour-blue", &[]),
    ("colour-black", &[]),
    ("neutral-1", &[]),
    ("neutral-2", &[]),
    ("neutral-3", &[]),
    ("neutral-4", &[]),
    ("colour-ask", &[]),
    ("colour-hint", &[]),
    ("colour-right", &["ink"]),
    ("colour-show", &["ink"]),
    ("colour-answer", &[]),
    ("ease", &[]),
];

/// Slug and CSS colour. Black stands in for the usual yellow: on white, yellow cannot reach the contrast of 4.5 : 1 that
/// large text needs (WCAG 1.4.6); these have 5.1 : 1 or more.
const INKS: [(&str, &str); 4] = [("red", "#c62828"), ("green", "#2e7d32"), ("blue", "#1565c0"), ("black", "#000000")];

/// How many neutral words the strings name.
const NEUTRALS: usize = 4;

/// How word and ink go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Condition {
    Congruent,
    Incongruent,
    Neutral,
}

impl Condition {
    const fn slug(self) -> &'static str {
        match self {
            Self::Congruent => "congruent",
            Self::Incongruent => "incongruent",
            Self::Neutral => "neutral",
        }
    }
}

/// One word in one colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Item {
    condition: Condition,
    /// Index into [`INKS`], or into the neutral words.
    word: usize,
    ink: usize,
}

/// A series, and where it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Series {
    items: Vec<Item>,
    at: usize,
    hinted: bool,
    waited: bool,
}

/// Begins a series; `None` where the level has no words. The item that ends a game on a success is a single easy one.
pub(crate) fn begin(turn: &mut Turn<'_>) -> Option<Series> {
    let items = if turn.state.closing {
        let ink = turn.state.rng.below(INKS.len());
        vec![Item { condition: Condition::Congruent, word: ink, ink }]
    } else {
        let count = |name: &str| usize::try_from(turn.value(name).clamp(0, 60)).unwrap_or(0);
        let counts = [
            (Condition::Congruent, count("congruent")),
            (Condition::Incongruent, count("incongruent")),
            (Condition::Neutral, count("neutral")),
        ];
        mix(&counts, &mut turn.state.rng)
    };
    if items.is_empty() {
        return None;
    }
    let series = Series { items, at: 0, hinted: false, waited: false };
    put(turn, &series, true);
    Some(series)
}

/// A series in an order by chance: an easy item first, and the same ink never twice in a row where that can be had.
fn mix(counts: &[(Condition, usize)], rng: &mut SeededRng) -> Vec<Item> {
    let mut conditions: Vec<Condition> =
        counts.iter().flat_map(|(condition, count)| std::iter::repeat_n(*condition, *count)).collect();
    rng.shuffle(&mut conditions);
    if let Some(easy) = conditions.iter().position(|condition| *condition != Condition::Incongruent) {
        conditions.swap(0, easy);
    }
    let mut last_ink = INKS.len();
    let mut items = Vec::with_capacity(conditions.len());
    for condition in conditions {
        let inks: Vec<usize> = (0..INKS.len()).filter(|ink| *ink != last_ink).collect();
        let ink = inks[rng.below(inks.len())];
        let word = match condition {
            Condition::Congruent => ink,
            Condition::Incongruent => (ink + 1 + rng.below(INKS.len() - 1)) % INKS.len(),
            Condition::Neutral => rng.below(NEUTRALS),
        };
        items.push(Item { condition, word, ink });
        last_ink = ink;
    }
    items
}

fn word_message(item: Item) -> String {
    match item.condition {
        Condition::Neutral => format!("neutral-{}", item.word + 1),
        _ => format!("colour-{}", INKS[item.word].0),
    }
}

fn put(turn: &mut Turn<'_>, series: &Series, with_question: bool) {
    let Some(item) = series.items.get(series.at).copied() else { return };
    if with_question {
        turn.say(ActKind::Ask, "colour-ask", []);
    }
    let fixation_ms = u32::try_from(turn.value("fixation_ms").clamp(0, 5_000)).unwrap_or(0);
    let text = turn.text(&word_message(item), &BTreeMap::new());
    turn.show(Stimulus::ColourWord { text, ink: INKS[item.ink].1.to_owned(), fixation_ms });
    ask(turn, item);
}

fn ask(turn: &mut Turn<'_>, item: Item) {
    let swatches = turn.value("swatches") != 0;
    let choices = INKS
        .iter()
        .map(|(slug, css)| ChoiceOption {
            value: (*slug).to_owned(),
            label: turn.text(&format!("colour-{slug}"), &BTreeMap::new()),
            swatch: swatches.then(|| (*css).to_owned()),
        })
        .collect();
    let reads = ReadAs::Choice { expected: INKS[item.ink].0.to_owned(), fact_id: None };
    turn.ask(Prompt { input: InputKind::Choice, choices, can_hint: true, reads });
}

/// Takes one input of a series.
pub(crate) fn step(turn: &mut Turn<'_>, mut series: Series, input: &Input<'_>) -> Next {
    let Some(item) = series.items.get(series.at).copied() else { return Next::Done };
    let (reading, rt_ms) = match input {
        Input::Hint => {
            series.hinted = true;
            turn.say(ActKind::Cue, "colour-hint", []);
            put(turn, &series, false);
            return Next::Stay(Activity::Colour(series));
        }
        Input::Skip => {
            record(turn, &series, item, Verdict::NoAnswer, None, None);
            return go_on(turn, series);
        }
        Input::Answer { reading, rt_ms } => (*reading, *rt_ms),
    };
    let verdict = match &reading.choice {
        Some(choice) if choice == INKS[item.ink].0 => Verdict::Correct,
        Some(choice) if INKS.iter().any(|(slug, _)| slug == choice) => Verdict::Incorrect,
        _ => Verdict::NoAnswer,
    };
    // Something else was said, or nothing: the same word once more, then on to the next.
    let given_up = matches!(reading.intent, Intent::Forgot | Intent::No | Intent::NothingMore);
    if verdict == Verdict::NoAnswer && !series.waited && !given_up {
        series.waited = true;
        turn.say(ActKind::Encourage, "colour-answer", []);
        put(turn, &series, false);
        return Next::Stay(Activity::Colour(series));
    }
    record(turn, &series, item, verdict, Some(reading), rt_ms);
    if turn.is_practice() {
        let ink = turn.text(&format!("colour-{}", INKS[item.ink].0), &BTreeMap::new());
        let (kind, message) = match verdict {
            Verdict::Correct => (ActKind::Encourage, "colour-right"),
            _ => (ActKind::Tell, "colour-show"),
        };
        turn.say(kind, message, [("ink", ink.into())]);
    }
    go_on(turn, series)
}

fn go_on(turn: &mut Turn<'_>, mut series: Series) -> Next {
    series.at += 1;
    series.hinted = false;
    series.waited = false;
    let before = turn.value("incongruent");
    let mut spoke = false;
    if turn.ease() {
        // A level down has fewer words against their colour: as many fewer are still to come, with neutral ones instead.
        let fewer = usize::try_from((before - turn.value("incongruent")).max(2)).unwrap_or(2);
        let to_come = series.items.iter_mut().skip(series.at);
        for item in to_come.filter(|item| item.condition == Condition::Incongruent).take(fewer) {
            *item = Item { condition: Condition::Neutral, word: item.word % NEUTRALS, ink: item.ink };
        }
        turn.say(ActKind::Encourage, "ease", []);
        spoke = true;
    }
    if series.at >= series.items.len() || turn.is_over_time() {
        return Next::Done;
    }
    put(turn, &series, spoke);
    Next::Stay(Activity::Colour(series))
}

fn record(
    turn: &mut Turn<'_>,
    series: &Series,
    item: Item,
    verdict: Verdict,
    reading: Option<&Reading>,
    rt_ms: Option<u32>,
) {
    let word = match item.condition {
        Condition::Neutral => "neutral",
        _ => INKS[item.word].0,
    };
    let chosen = reading.and_then(|reading| reading.choice.as_deref());
    let chosen = INKS.iter().map(|(slug, _)| *slug).find(|slug| Some(*slug) == chosen).unwrap_or("none");
    let data = serde_json::json!({
        "condition": item.condition.slug(),
        "ink": INKS[item.ink].0,
        "word": word,
        "chosen": chosen,
        "fixation_ms": turn.value("fixation_ms"),
        "hinted": series.hinted,
    });
    let mut outcome = turn.outcome("colour-word", verdict, rt_ms, &data);
    if let Some(reading) = reading.filter(|_| chosen != "none") {
        outcome.matched_by = match reading.matched_by {
            MatchedBy::Nothing => MatchedBy::Choice,
            other => other,
        };
        outcome.confidence = reading.confidence;
    }
    turn.record(outcome);
}
