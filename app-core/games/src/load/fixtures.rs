//! The made-up memories of a template: one that practice talks about, one that simulated players talk about.

use reme_types::{Language, MemoryItem};
use serde_json::Value;

use super::located::Located;
use super::{ByLanguage, Faults, Place, meaning, read};
use crate::bundle::TemplateFiles;
use crate::recall;
use crate::template::TrialKind;

/// Checks the fixtures of both languages, and reads those that can be: examples for practice, memories for simulation.
pub(super) fn check(
    located: &Located<'_>,
    files: &TemplateFiles,
    faults: &mut Faults,
) -> (ByLanguage<MemoryItem>, ByLanguage<MemoryItem>) {
    let has = |practice: bool| {
        meaning::kinds_where(located, move |is_practice| is_practice == practice)
            .any(|kind| kind == TrialKind::RecallMemory)
    };
    let fewest =
        located.get("/needs/min_facts").and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok()).unwrap_or(1);
    let (mut examples, mut memories) = (ByLanguage::new(), ByLanguage::new());
    for language in Language::ALL {
        if has(true)
            && let Some(memory) = memory(files, &format!("fixtures/example.{language}.json"), 1, faults)
        {
            examples.insert(language, memory);
        }
        if has(false)
            && let Some(memory) = memory(files, &format!("fixtures/memory.{language}.json"), fewest.max(1), faults)
        {
            memories.insert(language, memory);
        }
    }
    (examples, memories)
}

fn memory(files: &TemplateFiles, path: &str, fewest: usize, faults: &mut Faults) -> Option<MemoryItem> {
    let text = read(files, path, faults)?;
    let memory: MemoryItem = match serde_json::from_str(text) {
        Ok(memory) => memory,
        Err(error) => {
            let line_start: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
            let at = line_start + error.column().saturating_sub(1);
            let reason = error.to_string();
            let reason = reason.split(" at line ").next().unwrap_or_default();
            let fix = "Compare it with the fixtures of life-recall.";
            faults.error(
                Place { file: path, text, at },
                "",
                format!("the made-up memory cannot be read: {reason}"),
                fix,
            );
            return None;
        }
    };
    let whole = |needle: &str| Place { file: path, text, at: text.find(needle).unwrap_or(0) };
    if memory.facts.len() < fewest {
        let message = format!("{} details are not enough", memory.facts.len());
        faults.error(whole("\"facts\""), "facts", message, format!("Give the made-up memory at least {fewest}."));
    }
    if memory.photo.is_some() {
        let fix = "Write `\"photo\": null`.";
        faults.error(whole("\"photo\""), "photo", "a made-up memory has no photo to show", fix);
    }
    let usable = recall::usable_facts(&memory);
    for (index, fact) in memory.facts.iter().enumerate().filter(|(index, _)| !usable.contains(index)) {
        let question = serde_json::to_string(&fact.question).unwrap_or_default();
        let message = "the question is empty, or gives this or another answer away";
        let fix = "Ask so that no answer of the same memory is named.";
        faults.error(whole(&question), &format!("facts[{index}].question"), message, fix);
    }
    Some(memory)
}
