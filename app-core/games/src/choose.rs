//! What to play: the games of a session, the level of a game, the memory to talk about.
//!
//! Where in the flow: before [`crate::Engine::start`]. The caller reads history from the trial log; nothing here keeps any.
//! What it must never do: leave the bounds of the plan, or pick a sensitive memory.

use jiff::civil::{Date, DateTime};
use reme_types::{Cue, Domain, MemoryId, Outcome, Plan, SeededRng, Sensitivity, Verdict, When};
use serde::Serialize;

use crate::template::Needs;

/// Success rate from which the next session is one level harder, and below which it is one easier.
/// The target is 80–85 % (TRAINING notes, "Difficulty"; Wilson 2019); the lower edge leaves room for a bad day [design].
const RAISE_AT: f64 = 0.85;
const LOWER_BELOW: f64 = 0.70;
/// Trials looked at for a level: the latest sessions at that level are put together until there are this many [design].
const ENOUGH_TRIALS: u16 = 6;
/// Sessions that count for how a domain is doing [design: two weeks at three a week].
const RECENT_SESSIONS: usize = 6;
/// A session takes two or three games, in no less than 10 minutes (issue 2, "Session and progress").
const MOST_GAMES: usize = 3;
const FEWEST_MINUTES: u16 = 10;
/// No game is begun with fewer minutes than this [design].
const LEAST_FOR_A_GAME: u16 = 3;
/// Hours in a day, for the age of memories of which only the day is known.
const HOURS_A_DAY: i64 = 24;

/// Whether a trial went well: answered right, and for laddered trials at rung 0–2.
pub fn is_success(outcome: &Outcome) -> bool {
    outcome.verdict == Verdict::Correct && outcome.cue.is_none_or(Cue::is_success)
}

/// One earlier sitting at one game.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PastGame {
    /// When.
    pub played_on: Date,
    /// Level it began at.
    pub level: u8,
    /// Counting trials that went well.
    pub successes: u16,
    /// Counting trials.
    pub trials: u16,
}

impl PastGame {
    /// From the trials of one sitting in their order; `None` when none of them counts.
    pub fn from_outcomes<'o>(played_on: Date, outcomes: impl IntoIterator<Item = &'o Outcome>) -> Option<Self> {
        let mut past: Option<Self> = None;
        for outcome in outcomes.into_iter().filter(|outcome| !outcome.practice) {
            let past = past.get_or_insert(Self { played_on, level: outcome.level, successes: 0, trials: 0 });
            past.trials = past.trials.saturating_add(1);
            past.successes = past.successes.saturating_add(u16::from(is_success(outcome)));
        }
        past
    }
}

/// The levels a plan allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct LevelBounds {
    /// Lowest.
    pub min: u8,
    /// Highest.
    pub max: u8,
}

/// Why a level was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LevelReason {
    /// Never played: the lowest level allowed.
    FirstTime,
    /// It went well: one harder.
    Raised,
    /// It was hard: one easier.
    Lowered,
    /// As last time.
    Kept,
    /// One harder would be right, and is above the plan's bounds.
    HeldAtMost,
    /// One easier would be right, and is below the plan's bounds.
    HeldAtLeast,
}

/// The level of the next sitting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct LevelChoice {
    /// The level to play.
    pub level: u8,
    /// The level the history alone asks for; differs from `level` where the bounds hold it back.
    pub wanted: u8,
    /// Why.
    pub reason: LevelReason,
}

/// The level of the next sitting, from the whole history (oldest first): one up or down at most, within the bounds.
///
/// ```
/// use reme_games::{LevelBounds, LevelReason, PastGame, next_level};
/// let past = PastGame { played_on: jiff::civil::date(2026, 5, 2), level: 2, successes: 8, trials: 8 };
/// let choice = next_level(&[past], LevelBounds { min: 1, max: 2 });
/// assert_eq!((choice.level, choice.wanted, choice.reason), (2, 3, LevelReason::HeldAtMost));
/// ```
pub fn next_level(history: &[PastGame], bounds: LevelBounds) -> LevelChoice {
    let (min, max) = (bounds.min.max(1), bounds.max.max(bounds.min).max(1));
    let Some(last) = history.iter().rev().find(|past| past.trials > 0) else {
        return LevelChoice { level: min, wanted: min, reason: LevelReason::FirstTime };
    };
    let (mut successes, mut trials) = (0u16, 0u16);
    for past in history.iter().rev().filter(|past| past.trials > 0).take_while(|past| past.level == last.level) {
        successes = successes.saturating_add(past.successes);
        trials = trials.saturating_add(past.trials);
        if trials >= ENOUGH_TRIALS {
            break;
        }
    }
    let wanted = level_after(last.level, successes, trials);
    let level = wanted.clamp(min, max);
    let reason = match wanted.cmp(&last.level) {
        _ if wanted > max => LevelReason::HeldAtMost,
        _ if wanted < min => LevelReason::HeldAtLeast,
        std::cmp::Ordering::Greater => LevelReason::Raised,
        std::cmp::Ordering::Less => LevelReason::Lowered,
        std::cmp::Ordering::Equal => LevelReason::Kept,
    };
    LevelChoice { level, wanted, reason }
}

/// The level these trials ask for: one up, one down, or the same; never below 1.
pub(crate) fn level_after(level: u8, successes: u16, trials: u16) -> u8 {
    if trials == 0 {
        return level.max(1);
    }
    let rate = f64::from(successes.min(trials)) / f64::from(trials);
    match rate {
        rate if rate >= RAISE_AT => level.saturating_add(1),
        rate if rate < LOWER_BELOW => level.saturating_sub(1).max(1),
        _ => level.max(1),
    }
}

/// A game that could be played today.
#[derive(Debug, Clone, PartialEq)]
pub struct AvailableGame {
    /// Its slug.
    pub game: String,
    /// Its domain.
    pub domain: Domain,
    /// Its highest level.
    pub top_level: u8,
    /// Minutes it usually takes.
    pub minutes: u16,
    /// Whether what it needs is there (a memory to talk about).
    pub is_ready: bool,
    /// Earlier sittings, oldest first.
    pub history: Vec<PastGame>,
}

impl AvailableGame {
    /// What of it stands in the template.
    pub fn new(bundle: &crate::Bundle, is_ready: bool, history: Vec<PastGame>) -> Self {
        Self {
            game: bundle.slug().to_owned(),
            domain: bundle.template.domain,
            top_level: bundle.template.top_level(),
            minutes: bundle.template.minutes,
            is_ready,
            history,
        }
    }
}

/// Why a game is in a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChosenFor {
    /// Its domain is the weakest of those prescribed, or was never tried.
    WeakestDomain,
    /// It trains a domain that the session does not have yet.
    Variety,
    /// The plan has nothing else.
    Plan,
}

/// One game of a session to come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BlockPlan {
    /// The game's slug.
    pub game: String,
    /// Its level.
    pub level: LevelChoice,
    /// Lowest level it may be eased to while it is played: [`crate::Setup::min_level`].
    pub min_level: u8,
    /// Time budget, minutes.
    pub minutes: u16,
    /// Why it was chosen.
    pub chosen_for: ChosenFor,
}

/// The games of the next session, in order: weakest prescribed domain first, then variety, what was played longest ago
/// before what was played lately. Empty when the plan has no game that is ready.
pub fn compose_session(plan: &Plan, games: &[AvailableGame]) -> Vec<BlockPlan> {
    struct Candidate<'g> {
        game: &'g AvailableGame,
        bounds: LevelBounds,
        strength: f64,
        last: Option<Date>,
        order: usize,
    }
    let rate_of = |domain: Domain| {
        let sittings = games.iter().filter(|game| game.domain == domain);
        let recent = sittings.flat_map(|game| game.history.iter().rev().take(RECENT_SESSIONS));
        let (successes, trials) =
            recent.fold((0u32, 0u32), |(s, t), past| (s + u32::from(past.successes), t + u32::from(past.trials)));
        // Never tried counts as weakest: nothing is known, so it is looked at first.
        if trials == 0 { -1.0 } else { f64::from(successes) / f64::from(trials) }
    };
    let mut left: Vec<Candidate<'_>> = Vec::new();
    for (order, prescribed) in plan.games.iter().enumerate() {
        let known = games.iter().find(|game| game.game == prescribed.game && game.is_ready);
        if let Some(game) = known.filter(|game| left.iter().all(|other| other.game.game != game.game)) {
            let max = prescribed.max_level.min(game.top_level);
            let bounds = LevelBounds { min: prescribed.min_level.min(max), max };
            let last = game.history.iter().map(|past| past.played_on).max();
            left.push(Candidate { game, bounds, strength: rate_of(game.domain), last, order });
        }
    }
    let budget = plan.dose.session_minutes.max(FEWEST_MINUTES).min(plan.dose.daily_cap_minutes.max(1));
    let most = usize::from(budget / LEAST_FOR_A_GAME).clamp(1, MOST_GAMES);
    let mut chosen: Vec<(Candidate<'_>, ChosenFor)> = Vec::new();
    while chosen.len() < most && !left.is_empty() {
        let is_new = |c: &Candidate<'_>| chosen.iter().all(|(other, _)| other.game.domain != c.game.domain);
        let key = |c: &Candidate<'_>| (!is_new(c), c.strength, c.last, c.order);
        let before = |a: &Candidate<'_>, b: &Candidate<'_>| {
            let (a, b) = (key(a), key(b));
            a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(&b.2)).then(a.3.cmp(&b.3))
        };
        let Some(at) = (0..left.len()).min_by(|a, b| before(&left[*a], &left[*b])) else { break };
        let chosen_for = match (chosen.is_empty(), is_new(&left[at])) {
            (true, _) => ChosenFor::WeakestDomain,
            (false, true) => ChosenFor::Variety,
            (false, false) => ChosenFor::Plan,
        };
        // A third game only where all three keep the time they usually take.
        let taken: u16 = chosen.iter().map(|(c, _)| c.game.minutes).sum();
        if chosen.len() == 2 && taken + left[at].game.minutes > budget {
            left.remove(at);
            continue;
        }
        chosen.push((left.remove(at), chosen_for));
    }
    let minutes = share(budget, &chosen.iter().map(|(c, _)| c.game.minutes).collect::<Vec<_>>());
    chosen
        .into_iter()
        .zip(minutes)
        .map(|((candidate, chosen_for), minutes)| BlockPlan {
            game: candidate.game.game.clone(),
            level: next_level(&candidate.game.history, candidate.bounds),
            min_level: candidate.bounds.min.max(1),
            minutes,
            chosen_for,
        })
        .collect()
}

/// Minutes for each game: what it usually takes, less in proportion where that is too long together.
fn share(budget: u16, usual: &[u16]) -> Vec<u16> {
    let sum: u32 = usual.iter().map(|minutes| u32::from(*minutes)).sum();
    if sum <= u32::from(budget) {
        return usual.to_vec();
    }
    let scaled = |minutes: u16| u16::try_from(u32::from(minutes) * u32::from(budget) / sum).unwrap_or(minutes).max(1);
    usual.iter().map(|minutes| scaled(*minutes)).collect()
}

/// A memory that could be talked about.
#[derive(Debug, Clone, PartialEq)]
pub struct MemoryCandidate {
    /// Which.
    pub id: MemoryId,
    /// When it happened, where that is known.
    pub happened_at: Option<When>,
    /// When it was first told to ReMe; stands in where nobody knows when it happened.
    pub recorded_at: When,
    /// How many askable details it has.
    pub facts: usize,
    /// Whether it may be asked about; a memory marked in sadness is sensitive.
    pub sensitivity: Sensitivity,
    /// When it was last talked about in a game.
    pub last_practised: Option<DateTime>,
    /// Whether every detail went well then. What did not go well is not asked for again on the same day.
    pub went_well: bool,
}

/// The memory to talk about: old enough, with details enough, never sensitive, and of these the one not talked about for
/// longest; among those never talked about, one by chance. `None` when none fits.
pub fn pick_memory(candidates: &[MemoryCandidate], needs: &Needs, now: DateTime, seed: u64) -> Option<MemoryId> {
    rank_memories(candidates, needs, now, seed).into_iter().next()
}

/// All memories that fit, best first: for [`crate::Setup::memory`] and [`crate::Setup::more_memories`].
pub fn rank_memories(candidates: &[MemoryCandidate], needs: &Needs, now: DateTime, seed: u64) -> Vec<MemoryId> {
    let mut fitting: Vec<&MemoryCandidate> = candidates.iter().filter(|memory| fits(memory, needs, now)).collect();
    fitting.sort_by_key(|memory| memory.id);
    SeededRng::new(seed).shuffle(&mut fitting);
    fitting.sort_by_key(|memory| memory.last_practised);
    fitting.into_iter().map(|memory| memory.id).collect()
}

fn fits(memory: &MemoryCandidate, needs: &Needs, now: DateTime) -> bool {
    let failed_today = !memory.went_well && memory.last_practised.is_some_and(|at| at.date() == now.date());
    memory.sensitivity == Sensitivity::Ordinary
        && memory.facts >= usize::from(needs.min_facts)
        && age_hours(memory.happened_at.unwrap_or(memory.recorded_at), now) >= i64::from(needs.min_age_hours)
        && !failed_today
}

/// Hours since the last moment a time can mean; a day counts as over at its end.
fn age_hours(when: When, now: DateTime) -> i64 {
    let last = match when {
        When::Minute(at) => at,
        other => other.last_day().to_datetime(jiff::civil::Time::MAX),
    };
    let days = i64::from((now.date() - last.date()).get_days());
    days * HOURS_A_DAY + i64::from(now.hour()) - i64::from(last.hour()) - i64::from(now.minute() < last.minute())
}

#[cfg(test)]
#[path = "choose_tests.rs"]
mod tests;
