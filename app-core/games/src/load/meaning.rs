//! What a template means, where its form says nothing: names that must be declared, ladders without gaps, practice first.

use std::collections::BTreeSet;

use serde_json::Value;

use super::located::{Located, field};
use super::{Faults, markup, suggest};
use crate::template::TrialKind;

/// Checks how the parts of a template fit together.
pub(super) fn check(located: &Located<'_>, folder: Option<&str>, faults: &mut Faults) {
    slug(located, folder, faults);
    blocks(located, faults);
    parameters(located, faults);
    levels(located, faults);
    cues(located, faults);
    outputs(located, faults);
    no_code(located, &located.value, "", faults);
}

/// The trial kinds in play.
pub(super) fn kinds(located: &Located<'_>) -> BTreeSet<&'static str> {
    kinds_where(located, |_| true).map(TrialKind::slug).collect()
}

/// The trial kinds of blocks that are practice, or are not.
pub(super) fn kinds_where<'l>(
    located: &'l Located<'_>,
    is_wanted: impl Fn(bool) -> bool + 'l,
) -> impl Iterator<Item = TrialKind> + 'l {
    located.items("/blocks").iter().filter_map(move |block| {
        let practice = block.get("practice").and_then(Value::as_bool).unwrap_or(false);
        let kind = block.get("trial").and_then(Value::as_str).and_then(TrialKind::from_slug);
        kind.filter(|_| is_wanted(practice))
    })
}

fn slug(located: &Located<'_>, folder: Option<&str>, faults: &mut Faults) {
    let (Some(id), Some(folder)) = (located.str("/id"), folder) else { return };
    if id != folder {
        let message = format!("the game is called `{id}`, its folder `{folder}`");
        faults.error(located.at("/id"), "id", message, format!("Write `id = \"{folder}\"`, or rename the folder."));
    }
}

fn blocks(located: &Located<'_>, faults: &mut Faults) {
    let blocks = located.items("/blocks");
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for (index, block) in blocks.iter().enumerate() {
        let pointer = format!("/blocks/{index}/id");
        if let Some(id) = block.get("id").and_then(Value::as_str).filter(|id| !seen.insert(id)) {
            let message = format!("a block called `{id}` is there already");
            faults.error(located.at(&pointer), &field(&pointer), message, "Give each block a name of its own.");
        }
    }
    let is_practice = |block: &Value| block.get("practice").and_then(Value::as_bool).unwrap_or(false);
    if let Some(first) = blocks.first() {
        if !is_practice(first) {
            let fix = "Put a block with `practice = true` before it.";
            faults.error(located.at("/blocks/0"), "blocks[0]", "the first block is no practice", fix);
        }
        if first.get("instruction").is_none() {
            let fix = "Add `instruction = …` with the id of a message that explains the task.";
            faults.error(
                located.at("/blocks/0"),
                "blocks[0].instruction",
                "the task is not explained before it begins",
                fix,
            );
        }
        if blocks.iter().all(is_practice) {
            let fix = "Add a block without `practice`.";
            faults.error(located.at("/blocks/0"), "blocks", "nothing but practice is played", fix);
        }
    }
    let needs = located.get("/needs/memories").and_then(Value::as_i64).unwrap_or(0);
    let talks = kinds_where(located, |practice| !practice).any(|kind| kind == TrialKind::RecallMemory);
    if talks && needs < 1 {
        let fix = "Add a [needs] table with `memories = 1`.";
        faults.error(located.at("/needs"), "needs.memories", "the game talks about memories and asks for none", fix);
    }
    if !talks && needs > 0 {
        let fix = "Take it out, or add a block with `trial = \"recall-memory\"`.";
        faults.error(located.at("/needs/memories"), "needs.memories", "no block talks about a memory", fix);
    }
    let (minutes, most) = (located.get("/minutes"), located.get("/stop/max_minutes"));
    if let (Some(minutes), Some(most)) = (minutes.and_then(Value::as_i64), most.and_then(Value::as_i64))
        && minutes > most
    {
        let message = format!("it usually takes {minutes} minutes and is stopped after {most}");
        faults.error(located.at("/stop/max_minutes"), "stop.max_minutes", message, "Allow at least the usual time.");
    }
}

fn parameters(located: &Located<'_>, faults: &mut Faults) {
    let declared: Vec<&str> = located.entries("/parameters").map(|(name, _)| name).collect();
    let mut used: BTreeSet<&str> = BTreeSet::new();
    for (index, block) in located.items("/blocks").iter().enumerate() {
        if let Some(kind) = block.get("trial").and_then(Value::as_str).and_then(TrialKind::from_slug) {
            used.extend(kind.parameters());
            for name in kind.parameters().iter().filter(|name| !declared.contains(name)) {
                let pointer = format!("/blocks/{index}/trial");
                let message = format!("`{}` reads the parameter `{name}`, which is not declared", kind.slug());
                let fix = format!("Add a [parameters.{name}] table.");
                faults.error(located.at(&pointer), &field(&pointer), message, fix);
            }
        }
        if let Some(name) = block.get("repeat").and_then(Value::as_str) {
            used.insert(name);
            if !declared.contains(&name) {
                let pointer = format!("/blocks/{index}/repeat");
                let message = format!("the parameter `{name}` is not declared");
                faults.error(located.at(&pointer), &field(&pointer), message, undeclared(name, &declared));
            }
        }
        settings(located, &format!("/blocks/{index}/set"), &declared, faults);
    }
    for index in 0..located.items("/levels").len() {
        settings(located, &format!("/levels/{index}/set"), &declared, faults);
    }
    for (name, parameter) in located.entries("/parameters") {
        let pointer = format!("/parameters/{name}");
        let number = |key: &str| parameter.get(key).and_then(Value::as_i64);
        if let (Some(min), Some(max)) = (number("min"), number("max")) {
            if min > max {
                let message = format!("the lowest value {min} is above the highest {max}");
                faults.error(
                    located.at(&format!("{pointer}/min")),
                    &field(&format!("{pointer}/min")),
                    message,
                    "Exchange the two.",
                );
            } else if let Some(default) = number("default").filter(|value| !(min..=max).contains(value)) {
                let at = format!("{pointer}/default");
                let message = format!("the default {default} lies outside {min} to {max}");
                faults.error(located.at(&at), &field(&at), message, "Choose a default between `min` and `max`.");
            }
            let is_flag = parameter.get("type").and_then(Value::as_str) == Some("flag");
            if is_flag && (min, max) != (0, 1) {
                let fix = "Write `min = 0` and `max = 1`.";
                faults.error(located.at(&pointer), &field(&pointer), "a flag is 0 or 1", fix);
            }
        }
        if !used.contains(name) {
            let fix = format!("Take [parameters.{name}] out, or use it as `repeat`.");
            faults.warn(located.key(&pointer), &field(&pointer), "nothing reads this parameter", fix);
        }
    }
}

fn undeclared(name: &str, declared: &[&str]) -> String {
    match super::nearest(name, declared.iter().copied()) {
        Some(near) => format!("Did you mean `{near}`?"),
        None => format!("Add a [parameters.{name}] table."),
    }
}

/// Values set by a block or a level.
fn settings(located: &Located<'_>, pointer: &str, declared: &[&str], faults: &mut Faults) {
    for (name, value) in located.entries(pointer) {
        let at = format!("{pointer}/{name}");
        if !declared.contains(&name) {
            let message = format!("the parameter `{name}` is not declared");
            faults.error(located.key(&at), &field(&at), message, undeclared(name, declared));
            continue;
        }
        let limit = |key: &str| located.get(&format!("/parameters/{name}/{key}")).and_then(Value::as_i64);
        if let (Some(value), Some(min), Some(max)) = (value.as_i64(), limit("min"), limit("max"))
            && min <= max
            && !(min..=max).contains(&value)
        {
            let message = format!("{value} lies outside {min} to {max}");
            faults.error(
                located.at(&at),
                &field(&at),
                message,
                format!("Choose a value the parameter `{name}` allows."),
            );
        }
    }
}

fn levels(located: &Located<'_>, faults: &mut Faults) {
    let mut expected = 1;
    for (index, rule) in located.items("/levels").iter().enumerate() {
        let Some(level) = rule.get("level").and_then(Value::as_i64) else { continue };
        if level != expected {
            let at = format!("/levels/{index}/level");
            let message = format!("level {level} stands where level {expected} should");
            let fix = format!("Write `level = {expected}`; levels count up from 1 without gaps.");
            faults.error(located.at(&at), &field(&at), message, fix);
        }
        // Go on from what is written, so that one gap is reported once.
        expected = level + 1;
    }
}

fn cues(located: &Located<'_>, faults: &mut Faults) {
    let talks = kinds(located).contains(TrialKind::RecallMemory.slug());
    let rungs: Vec<i64> = located.items("/cues/rungs").iter().filter_map(Value::as_i64).collect();
    if talks && rungs.last() != Some(&7) {
        let fix = "End the ladder with 7: whoever recalls nothing is told the answer, and may say it along.";
        faults.error(located.at("/cues/rungs"), "cues.rungs", "the ladder leaves the patient without the answer", fix);
    }
    if let Some(at) = rungs.windows(2).position(|pair| pair[0] >= pair[1]) {
        let pointer = format!("/cues/rungs/{}", at + 1);
        let message = format!("{} does not come after {}", rungs[at + 1], rungs[at]);
        faults.error(located.at(&pointer), &field(&pointer), message, "Write the rungs in rising order.");
    }
    if !talks && !rungs.is_empty() {
        faults.warn(located.key("/cues"), "cues.rungs", "no block uses a ladder of cues", "Take [cues] out.");
    }
}

fn outputs(located: &Located<'_>, faults: &mut Faults) {
    let kinds = kinds(located);
    let written: Vec<_> =
        TrialKind::ALL.into_iter().filter(|kind| kinds.contains(kind.slug())).flat_map(|kind| kind.outputs()).collect();
    for (name, kind) in &written {
        let pointer = format!("/outputs/{name}");
        let wanted = serde_json::to_value(kind).unwrap_or_default();
        match located.get(&format!("{pointer}/type")) {
            _ if located.get(&pointer).is_none() => {
                let message = format!("trials write `{name}`, which is not declared");
                let fix = format!("Add an [outputs.{name}] table with `type = {wanted}`.");
                faults.error(located.key("/outputs"), &field(&pointer), message, fix);
            }
            Some(given) if *given != wanted => {
                let at = format!("{pointer}/type");
                let message = format!("trials write `{name}` as {wanted}");
                faults.error(located.at(&at), &field(&at), message, format!("Write `type = {wanted}`."));
            }
            _ => {}
        }
    }
    for (name, _) in located.entries("/outputs") {
        if !written.is_empty() && !written.iter().any(|(known, _)| *known == name) {
            let pointer = format!("/outputs/{name}");
            let fix = suggest(name, written.iter().map(|(known, _)| *known));
            faults.error(located.key(&pointer), &field(&pointer), "no trial writes this", fix);
        }
    }
}

/// No markup and no code in any text of the template.
fn no_code(located: &Located<'_>, value: &Value, pointer: &str, faults: &mut Faults) {
    match value {
        Value::String(text) => {
            if let Some(what) = markup(text) {
                let message = format!("there is {what} in this text");
                faults.error(
                    located.at(pointer),
                    &field(pointer),
                    message,
                    "Write plain words; a template holds no code.",
                );
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                no_code(located, item, &format!("{pointer}/{index}"), faults);
            }
        }
        Value::Object(entries) => {
            for (name, item) in entries {
                no_code(located, item, &format!("{pointer}/{name}"), faults);
            }
        }
        _ => {}
    }
}
