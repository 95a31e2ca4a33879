//! One input of a screen: a button, a tapped choice, or words.
//!
//! Where in the flow: before the engine. What it must never do: take an input that cannot be meant, or keep its words.

use reme_conversation::Meaning;
use reme_games::EventKind;
use reme_types::InputMode;

use super::{read, replay::Standing};
use crate::{Problem, ReMeError, dto::InputDto};

/// Longest answer taken, characters: far beyond what is said in one breath.
const MOST_CHARACTERS: usize = 4_000;

/// An input, understood.
pub(super) struct Taken {
    /// The patient's line of the conversation, if it was one.
    pub(super) line: Option<String>,
    /// What the engine is told, in order.
    pub(super) events: Vec<EventKind>,
    /// How it came in.
    pub(super) mode: InputMode,
}

/// What is meant by an input. `meaning` settles descriptions the rules cannot.
///
/// # Errors
/// [`ReMeError::Invalid`] names the field and the fix.
pub(super) fn understood(
    input: &InputDto,
    standing: &Standing,
    meaning: Option<&dyn Meaning>,
) -> Result<Taken, ReMeError> {
    let run = &standing.run;
    let button = |kind| Taken { line: None, events: vec![kind], mode: InputMode::Tapped };
    let invalid = |field, problem| Err(ReMeError::Invalid { field, problem });
    let Some(prompt) = run.prompt() else { return Ok(button(EventKind::Tick)) };
    let (people, language) = (&run.score.people, run.score.language);
    let asked = read::Asked { prompt, memory: run.memory(), people, language, meaning };
    match input.kind.as_str() {
        "hint" => Ok(button(EventKind::Hint)),
        "repeat" => Ok(button(EventKind::Repeat)),
        "skip" => Ok(button(EventKind::Skip)),
        "stop" => Ok(button(EventKind::Stop)),
        "tap" => match asked.tapped(&input.value, input.rt_ms) {
            Some(events) => {
                let choice = prompt.choices.iter().find(|choice| choice.value == input.value);
                Ok(Taken { line: choice.map(|choice| choice.label.clone()), events, mode: InputMode::Tapped })
            }
            None => invalid("value", Problem::NotShown),
        },
        // Nobody spoke: the engine nudges, kindly.
        "silence" => Ok(Taken { line: None, events: vec![EventKind::Tick], mode: InputMode::Spoken }),
        "text" | "spoken" => {
            let mode = if input.kind == "spoken" { InputMode::Spoken } else { InputMode::Typed };
            if input.value.chars().count() > MOST_CHARACTERS {
                return invalid("value", Problem::Length { most: MOST_CHARACTERS });
            }
            let text = input.value.trim();
            let said = read::Said { text, rt_ms: input.rt_ms, mode };
            let line = Some(text.to_owned()).filter(|text| !text.is_empty());
            Ok(Taken { line, events: asked.said(&said), mode })
        }
        _ => {
            invalid("kind", Problem::Choice { allowed: "text, spoken, tap, hint, repeat, skip, stop, silence".into() })
        }
    }
}
