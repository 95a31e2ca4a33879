//! Puts a session together: the games of the plan at their levels, each with its seed, time and memories.
//!
//! Where in the flow: before [`super::run`]. What it must never do: leave the plan's bounds, choose by anything but the whole
//! trial log, or end a session on the game that cannot close with an easy item.

use std::collections::BTreeMap;

use jiff::Timestamp;
use reme_games::{
    AvailableGame, BlockPlan, Bundle, Library, MemoryCandidate, PastGame, Practice, compose_session, is_success,
    rank_memories,
};
use reme_store::Store;
use reme_types::{MemoryId, MemoryItem, Plan, Rng, SeededRng, SessionId, Trial, When};

use super::{dose::Now, journal::BlockEntry, prepare::LifeLog};
use crate::ReMeError;

/// Memories prepared beyond the chosen one, for "another one" and for levels with several [design].
const SPARE_MEMORIES: usize = 3;
/// The example before a conversation is left out where the last one was no longer ago than this, days [design]: it shows how a
/// conversation goes, and is not a rehearsal of the task.
const EXAMPLE_AGAIN_DAYS: i32 = 30;

/// The games to come, in the order they are played; empty when none is ready.
pub(crate) fn blocks(
    library: &Library,
    plan: &Plan,
    minutes: u16,
    trials: &[Trial],
    log: &LifeLog,
    now: &Now,
) -> Vec<BlockPlan> {
    let games: Vec<AvailableGame> = library
        .iter()
        .map(|bundle| {
            let needed = usize::from(bundle.template.needs.memories);
            let is_ready = needed == 0 || ranked(bundle, trials, log, now, 0).len() >= needed;
            AvailableGame::new(bundle, is_ready, history(bundle.slug(), trials, now))
        })
        .collect();
    let mut today = plan.clone();
    today.dose.session_minutes = minutes;
    let mut blocks = compose_session(&today, &games);
    // Sums and colours close on an easy item; a conversation cannot, so it is not the last.
    let talks = |block: &BlockPlan| library.get(&block.game).is_some_and(|b| b.template.needs.memories > 0);
    if blocks.last().is_some_and(talks)
        && let Some(block) = blocks.pop()
    {
        blocks.insert(0, block);
    }
    blocks
}

/// Everything a session needs to be played: its games, and the memories of each.
pub(crate) fn session(
    (store, library): (&Store, &Library),
    blocks: &[BlockPlan],
    trials: &[Trial],
    log: &LifeLog,
    now: &Now,
    seed: u64,
) -> Result<(Vec<BlockEntry>, Vec<Vec<MemoryItem>>), ReMeError> {
    let mut rng = SeededRng::new(seed);
    let (mut entries, mut material) = (Vec::new(), Vec::new());
    for block in blocks {
        let Some(bundle) = library.get(&block.game) else { continue };
        let seed = rng.next_u64();
        let mut items = Vec::new();
        if bundle.template.needs.memories > 0 {
            for id in ranked(bundle, trials, log, now, seed).into_iter().take(1 + SPARE_MEMORIES) {
                items.extend(log.item(store, id, &mut SeededRng::new(rng.next_u64()))?);
            }
        }
        let last = history(&block.game, trials, now).last().map(|past| past.played_on);
        let is_fresh = last.is_some_and(|day| (now.today() - day).get_days() <= EXAMPLE_AGAIN_DAYS);
        let practice = if is_fresh && !items.is_empty() { Practice::Leave } else { Practice::Play };
        entries.push(BlockEntry {
            game: block.game.clone(),
            version: bundle.template.version.clone(),
            level: block.level.level,
            min_level: block.min_level,
            minutes: block.minutes,
            seed,
            practice,
            memories: items.iter().map(|item| item.id).collect(),
        });
        material.push(items);
    }
    Ok((entries, material))
}

/// Earlier sittings at a game, oldest first.
fn history(game: &str, trials: &[Trial], now: &Now) -> Vec<PastGame> {
    let mut sittings: BTreeMap<(Timestamp, SessionId, u16), Vec<&Trial>> = BTreeMap::new();
    let mut begun: BTreeMap<(SessionId, u16), Timestamp> = BTreeMap::new();
    for trial in trials.iter().filter(|t| t.game == game) {
        let at = *begun.entry((trial.session_id, trial.block)).or_insert(trial.at);
        sittings.entry((at, trial.session_id, trial.block)).or_default().push(trial);
    }
    sittings
        .into_iter()
        .filter_map(|((at, ..), trials)| PastGame::from_outcomes(now.day_of(at), trials.iter().map(|t| &t.outcome)))
        .collect()
}

/// Memories this game may talk about, best first.
fn ranked(bundle: &Bundle, trials: &[Trial], log: &LifeLog, now: &Now, seed: u64) -> Vec<MemoryId> {
    let local = now.at.to_zoned_datetime(now.zone.clone()).datetime();
    let candidates: Vec<MemoryCandidate> = log
        .memories()
        .iter()
        .map(|memory| {
            let talked: Vec<&Trial> = trials.iter().filter(|t| t.outcome.memory_id == Some(memory.id)).collect();
            let last = talked.last().map(|trial| trial.session_id);
            let lately = talked.iter().filter(|trial| Some(trial.session_id) == last);
            MemoryCandidate {
                id: memory.id,
                happened_at: memory.happened_at,
                recorded_at: memory.recorded_at,
                facts: log.facts_of(memory.id).len(),
                sensitivity: memory.sensitivity,
                last_practised: talked.last().map(|t| t.at.to_zoned_datetime(now.zone.clone()).datetime()),
                went_well: lately.map(|trial| &trial.outcome).all(is_success),
            }
        })
        .collect();
    rank_memories(&candidates, &bundle.template.needs, local, seed)
}

/// What may be talked about now.
pub(crate) fn until(now: &Now) -> When {
    When::Minute(now.at.to_zoned_datetime(now.zone.clone()).datetime())
}
