//! Mental arithmetic: serial subtraction, each step judged against the answer before, and shopping sums.
//!
//! What it must never do: hold a slip against the steps that follow, or say a result before it was tried.

use reme_types::{ActKind, ArgValue, Intent, MatchedBy, Reading, Rng, Verdict};
use serde::{Deserialize, Serialize};

use crate::action::{InputKind, Prompt, ReadAs, Stimulus};
use crate::engine::{Input, Next};
use crate::state::Activity;
use crate::turn::Turn;
use crate::wording;

/// Messages of serial subtraction, with the placeholders each may use.
pub(crate) const SUBTRACT_MESSAGES: &[(&str, &[&str])] = &[
    ("subtract-first", &["from", "take"]),
    ("subtract-next", &["from", "take"]),
    ("subtract-from", &["from", "take"]),
    ("subtract-hint", &["from", "first", "rest"]),
    ("subtract-slowly", &["from", "take"]),
    ("subtract-tell", &["from", "take", "result"]),
    ("sum-right-1", &[]),
    ("sum-right-2", &[]),
    ("sum-right-3", &[]),
    ("sum-thanks", &[]),
    ("sum-number", &[]),
    ("ease", &[]),
];

/// Messages of shopping sums.
pub(crate) const SHOPPING_MESSAGES: &[(&str, &[&str])] = &[
    ("goods-1", &[]),
    ("goods-2", &[]),
    ("goods-3", &[]),
    ("goods-4", &[]),
    ("goods-5", &[]),
    ("goods-6", &[]),
    ("goods-7", &[]),
    ("goods-8", &[]),
    ("shopping-item", &["goods", "price"]),
    ("shopping-total", &["items"]),
    ("shopping-change", &["items", "note"]),
    ("shopping-hint-total", &["largest"]),
    ("shopping-hint-change", &["total", "note"]),
    ("shopping-tell-total", &["result"]),
    ("shopping-tell-change", &["total", "note", "result"]),
    ("sum-right-1", &[]),
    ("sum-right-2", &[]),
    ("sum-right-3", &[]),
    ("sum-number", &[]),
    ("ease", &[]),
];

/// How many goods the strings name.
const GOODS: usize = 8;

/// The notes one pays with, rising.
const NOTES: [i64; 4] = [10, 20, 50, 100];

/// A run of serial subtraction.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Subtract {
    from: i64,
    take: i64,
    /// Steps put so far, the open one included.
    step: i64,
    steps: i64,
    hinted: bool,
    waited: bool,
}

/// A shopping sum.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Shopping {
    /// Index of the goods, price.
    items: Vec<(usize, i64)>,
    /// The note paid with, where change is asked for.
    note: Option<i64>,
    hinted: bool,
    waited: bool,
}

/// What an answer to a sum comes to.
enum Answered {
    Right,
    Other(i64),
    /// No number, but something was said that deserves the question again.
    Aside,
    Nothing,
}

fn read(reading: &Reading, expected: i64) -> Answered {
    match (reading.number, reading.intent) {
        (Some(number), _) if (number - expected as f64).abs() < 1e-9 => Answered::Right,
        (Some(number), _) => Answered::Other(number.clamp(-1e6, 1e6).round() as i64),
        (None, Intent::Yes | Intent::OffTopic) => Answered::Aside,
        (None, Intent::Answer) if reading.verdict == Verdict::Incorrect => Answered::Aside,
        (None, _) => Answered::Nothing,
    }
}

/// A short yes, not the same each time.
fn say_right(turn: &mut Turn<'_>) {
    let message = ["sum-right-1", "sum-right-2", "sum-right-3"][usize::from(turn.state.steps_done % 3)];
    turn.say(ActKind::Encourage, message, []);
}

fn ask_number(turn: &mut Turn<'_>, expected: i64) {
    let reads = ReadAs::Number { expected: expected as f64 };
    turn.ask(Prompt { input: InputKind::Number, choices: Vec::new(), can_hint: true, reads });
}

fn show_sum(turn: &mut Turn<'_>, text: String) {
    if turn.value("show_sum") != 0 {
        turn.show(Stimulus::Sum { text });
    }
}

/// Begins a run from a new start; an easy one begins where no ten has to be crossed.
pub(crate) fn begin_subtract(turn: &mut Turn<'_>, easy: bool) -> Subtract {
    let take = turn.value("subtract").max(1);
    let (low, high) = (turn.value("start_min"), turn.value("start_max"));
    let mut starts: Vec<i64> = (low.min(high)..=high.max(low)).filter(|start| start % 10 != 0).collect();
    if easy {
        starts.retain(|start| start % 10 >= take);
    }
    let from = if starts.is_empty() { low.max(take) } else { starts[turn.state.rng.below(starts.len())] };
    // The item that ends a game on a success is one step, not a run.
    let steps = if turn.state.closing { 1 } else { turn.value("steps").max(1) };
    let run = Subtract { from, take, step: 1, steps, hinted: false, waited: false };
    put_step(turn, &run, "subtract-first");
    run
}

fn numbers<const N: usize>(pairs: [(&'static str, i64); N]) -> [(&'static str, ArgValue); N] {
    pairs.map(|(name, value)| (name, ArgValue::from(value)))
}

fn put_step(turn: &mut Turn<'_>, run: &Subtract, message: &str) {
    show_sum(turn, format!("{} − {}", run.from, run.take));
    turn.say_hiding(ActKind::Ask, message, numbers([("from", run.from), ("take", run.take)]), run.from - run.take);
    ask_number(turn, run.from - run.take);
}

/// Takes one input of a run of subtraction.
pub(crate) fn step_subtract(turn: &mut Turn<'_>, mut run: Subtract, input: &Input<'_>) -> Next {
    let right = run.from - run.take;
    let (reading, rt_ms) = match input {
        Input::Hint => return hint_subtract(turn, run),
        Input::Skip => {
            record_subtract(turn, &run, Verdict::NoAnswer, None, None);
            return go_on_from(turn, run, right, "subtract-from");
        }
        Input::Answer { reading, rt_ms } => (*reading, *rt_ms),
    };
    match read(reading, right) {
        Answered::Right => {
            record_subtract(turn, &run, Verdict::Correct, Some(reading), rt_ms);
            say_right(turn);
            go_on_from(turn, run, right, "subtract-next")
        }
        Answered::Other(answer) => {
            record_subtract(turn, &run, Verdict::Incorrect, Some(reading), rt_ms);
            if turn.is_practice() {
                tell_step(turn, &run);
            } else {
                turn.say(ActKind::Encourage, "sum-thanks", []);
            }
            // The next step starts from what was said, unless nothing can be taken from it any more.
            let usable = answer >= run.take && answer < run.from;
            go_on_from(turn, run, if usable { answer } else { right }, "subtract-from")
        }
        Answered::Aside if !run.waited => {
            run.waited = true;
            turn.say(ActKind::Encourage, "sum-number", []);
            put_step(turn, &run, "subtract-from");
            Next::Stay(Activity::Subtract(run))
        }
        _ if !run.hinted => hint_subtract(turn, run),
        _ => {
            record_subtract(turn, &run, Verdict::NoAnswer, Some(reading), rt_ms);
            tell_step(turn, &run);
            go_on_from(turn, run, right, "subtract-from")
        }
    }
}

fn tell_step(turn: &mut Turn<'_>, run: &Subtract) {
    let args = numbers([("from", run.from), ("take", run.take), ("result", run.from - run.take)]);
    turn.say(ActKind::Tell, "subtract-tell", args);
}

fn hint_subtract(turn: &mut Turn<'_>, mut run: Subtract) -> Next {
    let right = run.from - run.take;
    // Down to the ten first, then the rest; where no ten is in between, one by one.
    let first = run.from.rem_euclid(10);
    let rest = run.take - first;
    if run.hinted || first == 0 || rest <= 0 || [run.from, first, rest].contains(&right) {
        turn.say_hiding(ActKind::Cue, "subtract-slowly", numbers([("from", run.from), ("take", run.take)]), right);
    } else {
        let args = numbers([("from", run.from), ("first", first), ("rest", rest)]);
        turn.say_hiding(ActKind::Cue, "subtract-hint", args, right);
    }
    run.hinted = true;
    show_sum(turn, format!("{} − {}", run.from, run.take));
    ask_number(turn, right);
    Next::Stay(Activity::Subtract(run))
}

fn record_subtract(
    turn: &mut Turn<'_>,
    run: &Subtract,
    verdict: Verdict,
    reading: Option<&Reading>,
    rt_ms: Option<u32>,
) {
    let data = serde_json::json!({
        "subtract": run.take, "from": run.from, "step": run.step, "hinted": run.hinted,
    });
    record(turn, "subtract-step", verdict, reading, rt_ms, &data);
}

fn record(
    turn: &mut Turn<'_>,
    kind: &str,
    verdict: Verdict,
    reading: Option<&Reading>,
    rt_ms: Option<u32>,
    data: &serde_json::Value,
) {
    let mut outcome = turn.outcome(kind, verdict, rt_ms, data);
    outcome.matched_by = match (verdict, reading) {
        (Verdict::Correct, Some(reading)) if reading.matched_by == MatchedBy::Nothing => MatchedBy::Normalised,
        (Verdict::Correct, Some(reading)) => reading.matched_by,
        _ => MatchedBy::Nothing,
    };
    outcome.confidence = reading.map_or(1.0, |reading| reading.confidence);
    turn.record(outcome);
}

fn go_on_from(turn: &mut Turn<'_>, mut run: Subtract, from: i64, message: &str) -> Next {
    let mut message = message;
    if turn.ease() {
        run.take = turn.value("subtract").max(1);
        turn.say(ActKind::Encourage, "ease", []);
        message = "subtract-from";
    }
    if run.step >= run.steps || from < run.take || turn.is_over_time() {
        return Next::Done;
    }
    run = Subtract { from, step: run.step + 1, hinted: false, waited: false, ..run };
    put_step(turn, &run, message);
    Next::Stay(Activity::Subtract(run))
}

/// Begins a shopping sum; an easy one is two small prices to be added.
pub(crate) fn begin_shopping(turn: &mut Turn<'_>, easy: bool) -> Shopping {
    let (count, most) = if easy { (2, 5) } else { (turn.value("items").clamp(2, 4), turn.value("price_max").max(5)) };
    let mut goods: Vec<usize> = (1..=GOODS).collect();
    turn.state.rng.shuffle(&mut goods);
    goods.truncate(usize::try_from(count).unwrap_or(2));
    // From 2 up: a price of one would need another word in some languages, and teaches nothing.
    let span = usize::try_from(most - 1).unwrap_or(4);
    let mut price = || 2 + i64::try_from(turn.state.rng.below(span)).unwrap_or(0);
    let items: Vec<(usize, i64)> = goods.into_iter().map(|goods| (goods, price())).collect();
    let total: i64 = items.iter().map(|(_, price)| price).sum();
    let wants_change = !easy && turn.value("change") != 0;
    let note = wants_change.then(|| NOTES.into_iter().find(|note| *note > total).unwrap_or(200));
    let sum = Shopping { items, note, hinted: false, waited: false };
    put_sum(turn, &sum);
    sum
}

impl Shopping {
    fn total(&self) -> i64 {
        self.items.iter().map(|(_, price)| price).sum()
    }

    fn expected(&self) -> i64 {
        self.note.map_or(self.total(), |note| note - self.total())
    }

    fn list(&self, turn: &Turn<'_>) -> String {
        let named = |(goods, price): &(usize, i64)| {
            let goods = turn.text(&format!("goods-{goods}"), &Default::default());
            let args = [("goods".to_owned(), goods.into()), ("price".to_owned(), ArgValue::from(*price))].into();
            turn.text("shopping-item", &args)
        };
        wording::list(&self.items.iter().map(named).collect::<Vec<_>>(), turn.state.setup.language)
    }
}

fn put_sum(turn: &mut Turn<'_>, sum: &Shopping) {
    let prices: Vec<String> = sum.items.iter().map(|(_, price)| price.to_string()).collect();
    let items = ArgValue::from(sum.list(turn));
    match sum.note {
        None => {
            show_sum(turn, prices.join(" + "));
            turn.say(ActKind::Ask, "shopping-total", [("items", items)]);
        }
        Some(note) => {
            show_sum(turn, format!("{note} − ({})", prices.join(" + ")));
            turn.say(ActKind::Ask, "shopping-change", [("items", items), ("note", note.into())]);
        }
    }
    ask_number(turn, sum.expected());
}

/// Takes one input of a shopping sum.
pub(crate) fn step_shopping(turn: &mut Turn<'_>, mut sum: Shopping, input: &Input<'_>) -> Next {
    let (reading, rt_ms) = match input {
        Input::Hint => return hint_shopping(turn, sum),
        Input::Skip => {
            record_shopping(turn, &sum, Verdict::NoAnswer, None, None);
            return after_sum(turn);
        }
        Input::Answer { reading, rt_ms } => (*reading, *rt_ms),
    };
    match read(reading, sum.expected()) {
        Answered::Right => {
            record_shopping(turn, &sum, Verdict::Correct, Some(reading), rt_ms);
            say_right(turn);
            after_sum(turn)
        }
        Answered::Aside if !sum.waited => {
            sum.waited = true;
            turn.say(ActKind::Encourage, "sum-number", []);
            put_sum(turn, &sum);
            Next::Stay(Activity::Shopping(sum))
        }
        Answered::Nothing | Answered::Aside if !sum.hinted => hint_shopping(turn, sum),
        answered => {
            let offered = matches!(answered, Answered::Other(_));
            let verdict = if offered { Verdict::Incorrect } else { Verdict::NoAnswer };
            record_shopping(turn, &sum, verdict, Some(reading), rt_ms);
            let result = ("result", ArgValue::from(sum.expected()));
            match sum.note {
                None => turn.say(ActKind::Tell, "shopping-tell-total", [result]),
                Some(note) => {
                    let args = [("total", sum.total().into()), ("note", note.into()), result];
                    turn.say(ActKind::Tell, "shopping-tell-change", args);
                }
            }
            after_sum(turn)
        }
    }
}

fn hint_shopping(turn: &mut Turn<'_>, mut sum: Shopping) -> Next {
    sum.hinted = true;
    match sum.note {
        None => {
            let largest = sum.items.iter().map(|(_, price)| *price).max().unwrap_or(0);
            turn.say_hiding(ActKind::Cue, "shopping-hint-total", numbers([("largest", largest)]), sum.expected());
        }
        // Half of a note is its own change: then the total may not be said.
        Some(note) if sum.total() == sum.expected() => {
            let largest = sum.items.iter().map(|(_, price)| *price).max().unwrap_or(0);
            turn.say_hiding(ActKind::Cue, "shopping-hint-total", numbers([("largest", largest)]), note - sum.total());
        }
        Some(note) => {
            let args = numbers([("total", sum.total()), ("note", note)]);
            turn.say_hiding(ActKind::Cue, "shopping-hint-change", args, sum.expected());
        }
    }
    ask_number(turn, sum.expected());
    Next::Stay(Activity::Shopping(sum))
}

fn after_sum(turn: &mut Turn<'_>) -> Next {
    if turn.ease() {
        turn.say(ActKind::Encourage, "ease", []);
    }
    Next::Done
}

fn record_shopping(
    turn: &mut Turn<'_>,
    sum: &Shopping,
    verdict: Verdict,
    reading: Option<&Reading>,
    rt_ms: Option<u32>,
) {
    let data = serde_json::json!({
        "items": sum.items.len(), "total": sum.total(), "change": sum.note.is_some(), "hinted": sum.hinted,
    });
    record(turn, "shopping-sum", verdict, reading, rt_ms, &data);
}
