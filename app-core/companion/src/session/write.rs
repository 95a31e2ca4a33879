//! What one input writes: lines, trials, a memory that made somebody sad, how the session stands.
//!
//! Where in the flow: inside the one transaction of an input. What it must never do: write a part of it alone.

use reme_store::{Session, SessionState, StoreError, TranscriptLine, Tx};
use reme_types::{InputMode, LineOrigin, Memory, Outcome, Sensitivity, Trial, TrialId};
use serde::Serialize;

use super::{
    journal::{MATERIAL, Material},
    replay::Shown,
    run::Run,
};

/// Where the lines of a session came from; the rate of replaced lines is (leak + ungrounded) / (model + leak + ungrounded).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct LineOrigins {
    /// Plain lines of the template.
    pub template: u32,
    /// The model's wording, past both checks.
    pub model: u32,
    /// Plain, because the model's wording leaked an answer.
    pub leak_replaced: u32,
    /// Plain, because the model's wording said more than is known.
    pub ungrounded_replaced: u32,
}

/// What is to be written for one input, words and all.
#[derive(Default)]
pub(super) struct Written {
    /// Lines in order, ReMe's with where their words came from.
    pub(super) lines: Vec<(Shown, Option<LineOrigin>)>,
    /// Trials in order, with their game.
    pub(super) trials: Vec<(Outcome, u16)>,
    /// Memories never to be asked about again.
    pub(super) saddened: Vec<Memory>,
}

/// Writes what came of an input; all of it stands or none.
pub(super) fn write(
    tx: &mut Tx<'_>,
    session: &Session,
    trials_before: u32,
    mode: InputMode,
    at: jiff::Timestamp,
    written: &Written,
    run: &Run,
) -> Result<(), StoreError> {
    for (line, origin) in &written.lines {
        let origin = origin.map(origin_word).map(str::to_owned);
        tx.append_line(session.id, &TranscriptLine { who: line.who.into(), text: line.text.clone(), origin })?;
    }
    for (seq, (outcome, block)) in (trials_before..).zip(&written.trials) {
        let entry = &run.score.blocks[usize::from(*block)];
        let id = TrialId::from_uuid(tx.new_uuid());
        tx.append_trial(&Trial {
            id,
            session_id: session.id,
            seq,
            block: *block,
            game: entry.game.clone(),
            template_version: entry.version.clone(),
            input: mode,
            at,
            outcome: outcome.clone(),
        })?;
    }
    for memory in &written.saddened {
        tx.put_memory(&Memory { sensitivity: Sensitivity::Sensitive, ..memory.clone() })?;
    }
    let seconds = u32::try_from(run.at_ms / 1_000).unwrap_or(u32::MAX);
    let state = run.ended.unwrap_or(SessionState::Running);
    if run.ended.is_some() {
        tx.put_setting(MATERIAL, &None::<Material>)?;
    }
    tx.set_session_state(session.id, state, run.ended.map(|_| at), seconds)
}

/// An entry or setting as it is written down.
pub(super) fn to_json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("our own entries have string keys and finite numbers")
}

const fn origin_word(origin: LineOrigin) -> &'static str {
    match origin {
        LineOrigin::Template => "template",
        LineOrigin::Model => "model",
        LineOrigin::LeakReplaced => "leak-replaced",
        LineOrigin::UngroundedReplaced => "ungrounded-replaced",
    }
}

/// The origin a transcript line names.
pub(super) fn origin_of(word: &str) -> Option<LineOrigin> {
    [LineOrigin::Template, LineOrigin::Model, LineOrigin::LeakReplaced, LineOrigin::UngroundedReplaced]
        .into_iter()
        .find(|origin| origin_word(*origin) == word)
}
