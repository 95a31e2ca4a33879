//! Rebuilds a session from what was written down of it: the same trial, the same lines.
//!
//! Where in the flow: before every read and every input; nothing of a session lives in memory alone. What it must never do:
//! phrase a line anew, or go on with a session whose games or memories are not what they were.

use std::collections::BTreeSet;

use jiff::Timestamp;
use reme_games::Library;
use reme_store::{MemoryFilter, Session, Store, TranscriptLine};
use reme_types::{MemoryId, PhotoCue, Trial};

use super::{
    journal::{self, BlockEntry, Entry, MATERIAL, Material},
    run::{Run, Score, Told},
};
use crate::ReMeError;

/// A line as it was said.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Shown {
    /// `reme` or `patient`.
    pub(crate) who: &'static str,
    /// The words.
    pub(crate) text: String,
    /// The photo beside it.
    pub(crate) photo: Option<PhotoCue>,
    /// In which game.
    pub(crate) block: usize,
}

/// A session that goes on.
#[derive(Debug, Clone)]
pub(crate) struct Standing {
    /// Its row.
    pub(crate) session: Session,
    /// Where it is.
    pub(crate) run: Run,
    /// Inputs taken.
    pub(crate) turn: u32,
    /// Lines so far.
    pub(crate) lines: Vec<Shown>,
    /// Trials so far.
    pub(crate) trials: u32,
    /// When the last input came.
    pub(crate) last_at: Timestamp,
}

/// A session that cannot go on, with the reason for whoever looks after the software.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Changed(pub(crate) &'static str);

/// The log of a session, entry by entry; `None` where it cannot be read.
pub(crate) fn entries(store: &Store, session: &Session) -> Result<Option<Vec<(Timestamp, Entry)>>, ReMeError> {
    let events = store.events(session.id)?;
    Ok(events.into_iter().map(|e| Some((e.at, serde_json::from_str(&e.payload).ok()?))).collect())
}

/// The games a session consists of, and its language.
pub(crate) fn begun(entries: &[(Timestamp, Entry)]) -> Option<(reme_types::Language, &[BlockEntry])> {
    match entries.first() {
        Some((_, Entry::Begun { language, blocks })) => Some((*language, blocks)),
        _ => None,
    }
}

/// The session as it stands.
pub(crate) fn rebuild(
    store: &Store,
    library: &Library,
    session: &Session,
) -> Result<Result<Standing, Changed>, ReMeError> {
    let Some(entries) = entries(store, session)? else { return Ok(Err(Changed("its log cannot be read"))) };
    let Some((language, blocks)) = begun(&entries) else { return Ok(Err(Changed("its log has no beginning"))) };
    let is_known =
        |entry: &BlockEntry| library.get(&entry.game).is_some_and(|bundle| bundle.template.version == entry.version);
    if !blocks.iter().all(is_known) {
        return Ok(Err(Changed("a game has changed")));
    }
    let material: Option<Material> = store.setting::<Option<Material>>(MATERIAL).ok().flatten().flatten();
    let Some(material) = material.filter(|m| m.session == session.id && fits(m, blocks)) else {
        return Ok(Err(Changed("its memories are not at hand")));
    };
    let score = Score {
        language,
        name: String::new(),
        games: library.clone(),
        blocks: blocks.to_vec(),
        memories: material.memories,
        people: material.people,
    };
    let played = play(score, &entries).ok_or(Changed("a game is missing"));
    let (run, slots, outcomes, turn) = match played {
        Ok(played) => played,
        Err(changed) => return Ok(Err(changed)),
    };
    let (stored, trials) = (store.lines(session.id)?, store.trials(Some(session.id))?);
    let Some(lines) = with_words(slots, stored).filter(|_| are_same(&outcomes, &trials)) else {
        return Ok(Err(Changed("it plays differently now")));
    };
    let filter = MemoryFilter { only_trainable: true, ..MemoryFilter::default() };
    let trainable: BTreeSet<MemoryId> = store.memories(&filter)?.into_iter().map(|m| m.id).collect();
    if !run.memories_to_come().all(|id| trainable.contains(&id)) {
        return Ok(Err(Changed("a memory may not be asked about any more")));
    }
    let last_at = entries.last().map_or(session.started_at, |(at, _)| *at);
    let trials = u32::try_from(trials.len()).unwrap_or(u32::MAX);
    Ok(Ok(Standing { session: session.clone(), run, turn, lines, trials, last_at }))
}

fn fits(material: &Material, blocks: &[BlockEntry]) -> bool {
    material.memories.len() == blocks.len()
        && material
            .memories
            .iter()
            .zip(blocks)
            .all(|(items, block)| items.iter().map(|m| m.id).eq(block.memories.iter().copied()))
}

type Played = (Run, Vec<Shown>, Vec<(String, reme_types::Verdict)>, u32);

/// Plays the log; the words of the lines are still missing.
fn play(score: Score, entries: &[(Timestamp, Entry)]) -> Option<Played> {
    let (mut run, told) = Run::begin(score).ok()?;
    let (mut slots, mut outcomes, mut turn) = (Vec::new(), Vec::new(), 0);
    take_in(told, &mut slots, &mut outcomes);
    for (_, entry) in &entries[1..] {
        let Entry::Taken { at_ms, said, events, .. } = entry else { continue };
        if *said {
            slots.push(Shown { who: "patient", text: String::new(), photo: None, block: run.block });
        }
        let events = journal::with_words(events.clone(), run.prompt());
        let told = run.take(*at_ms, &events).ok()?;
        take_in(told, &mut slots, &mut outcomes);
        turn += 1;
    }
    Some((run, slots, outcomes, turn))
}

fn take_in(told: Vec<Told>, slots: &mut Vec<Shown>, outcomes: &mut Vec<(String, reme_types::Verdict)>) {
    for one in told {
        match one {
            Told::Line { block, photo, .. } => slots.push(Shown { who: "reme", text: String::new(), photo, block }),
            Told::Trial { outcome, .. } => outcomes.push((outcome.kind, outcome.verdict)),
            Told::Distress(_) => {}
        }
    }
}

/// The lines with the words they were said in; `None` when the transcript has others.
fn with_words(slots: Vec<Shown>, stored: Vec<TranscriptLine>) -> Option<Vec<Shown>> {
    let same = slots.len() == stored.len() && slots.iter().zip(&stored).all(|(slot, line)| slot.who == line.who);
    same.then(|| slots.into_iter().zip(stored).map(|(slot, line)| Shown { text: line.text, ..slot }).collect())
}

fn are_same(outcomes: &[(String, reme_types::Verdict)], trials: &[Trial]) -> bool {
    outcomes.len() == trials.len()
        && outcomes
            .iter()
            .zip(trials)
            .all(|((kind, verdict), trial)| *kind == trial.outcome.kind && *verdict == trial.outcome.verdict)
}
