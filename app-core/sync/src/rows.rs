//! A row of the store as the payload that travels, and back.
//!
//! Where in the flow: below [`crate::StoreDevice`]. What it must never do: read a memory, a person or a word; only the trial log,
//! how sessions stand, and counts.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use reme_store::{OutboxChange, Session, SessionState, Store, StoreError};
use reme_sync_protocol::{AdherencePayload, Collection, DeviceFactPayload, Payload, SessionPayload, TrialPayload};
use reme_types::{Cue, DoseLimit, GamePlan, Outcome, Plan, SessionId, Trial, TrialId};

/// Names of the collections that may leave, for the store.
pub(crate) fn slugs(collections: &[Collection]) -> Vec<&'static str> {
    collections.iter().map(|collection| collection.slug()).collect()
}

/// What became of reading a row.
pub(crate) enum Content {
    /// This is what it holds, as it was first about to be sent.
    Kept(Payload),
    /// This is what it holds now; it is to be kept as this change's content.
    Fresh(Payload),
    /// It may not travel, or is not there.
    Unfit,
}

/// What a change stands for.
pub(crate) fn content(store: &Store, change: &OutboxChange, zone: &TimeZone) -> Result<Content, StoreError> {
    let noted = store.noted(&change.collection, Some(&change.row_id))?.pop();
    let before = noted.as_ref().and_then(|row| serde_json::from_str::<Payload>(&row.json).ok());
    if noted.is_some_and(|row| row.record_id == change.record_id) {
        return Ok(before.map_or(Content::Unfit, Content::Kept));
    }
    match change.collection.parse() {
        Ok(Collection::Trials) => {
            let id: Option<TrialId> = change.row_id.parse().ok();
            let trial = id.map(|id| store.trial(id)).transpose()?.flatten();
            let payload = trial.and_then(|trial| TrialPayload::from_trial(&trial).ok());
            // Trials never change, so they need no copy.
            Ok(payload.map_or(Content::Unfit, |trial| Content::Kept(Payload::Trial(trial))))
        }
        Ok(Collection::Sessions) => {
            let id: Option<SessionId> = change.row_id.parse().ok();
            let Some(session) = id.map(|id| store.session(id)).transpose()?.flatten() else {
                return Ok(Content::Unfit);
            };
            let payload = Payload::Session(session_payload(store, &session, before.as_ref(), zone)?);
            Ok(if payload.check().is_ok() { Content::Fresh(payload) } else { Content::Unfit })
        }
        _ => Ok(Content::Unfit),
    }
}

fn session_payload(
    store: &Store,
    session: &Session,
    before: Option<&Payload>,
    zone: &TimeZone,
) -> Result<SessionPayload, StoreError> {
    let mut games: Vec<String> = Vec::new();
    for trial in store.trials(Some(session.id))? {
        if !games.contains(&trial.game) {
            games.push(trial.game);
        }
    }
    let mut plan_version = store.clinic_plan_version(session.plan.version)?.unwrap_or(0);
    // A session that came back from the portal has no plan of its own here.
    if let (0, Some(Payload::Session(known))) = (session.plan.version, before) {
        plan_version = known.plan_version;
    }
    let state = match session.state {
        SessionState::Running => "running",
        SessionState::Done => "done",
        SessionState::Stopped => "stopped",
    };
    Ok(SessionPayload {
        state: state.into(),
        plan_version,
        started_ms: session.started_at.as_millisecond(),
        ended_ms: session.ended_at.map(|at| at.as_millisecond()),
        seconds: session.seconds,
        day: day_of(session.started_at, zone),
        games,
    })
}

pub(crate) fn day_of(at: Timestamp, zone: &TimeZone) -> Date {
    at.to_zoned_datetime(zone.clone()).date()
}

/// The patient's zone; the store has checked it when it was set.
pub(crate) fn zone(store: &Store) -> Result<TimeZone, StoreError> {
    Ok(TimeZone::get(&store.patient()?.time_zone).unwrap_or(TimeZone::UTC))
}

/// A trial as it comes back from the portal; `None` when it is none.
pub(crate) fn trial(row: &str, payload: &TrialPayload) -> Option<Trial> {
    let cue = match payload.rung {
        Some(rung) => Some(Cue::from_rung(rung)?),
        None => None,
    };
    Some(Trial {
        id: row.parse().ok()?,
        session_id: payload.session_id,
        seq: payload.seq,
        block: payload.block,
        game: payload.game.clone(),
        template_version: payload.template_version.clone(),
        input: payload.input,
        at: Timestamp::from_millisecond(payload.at_ms).ok()?,
        outcome: Outcome {
            kind: payload.trial_kind.clone(),
            domain: payload.domain,
            level: payload.level,
            practice: payload.practice,
            verdict: payload.verdict,
            score: payload.score,
            cue,
            rt_ms: payload.rt_ms,
            matched_by: payload.matched_by,
            confidence: payload.confidence,
            memory_id: payload.memory_id,
            fact_id: payload.fact_id,
            data: serde_json::to_string(&payload.data).ok()?,
            scorer: payload.scorer,
        },
    })
}

/// A session as it comes back from the portal; `None` when it is none. Its plan is not known there.
pub(crate) fn session(row: &str, payload: &SessionPayload) -> Option<Session> {
    let state = match payload.state.as_str() {
        "running" => SessionState::Running,
        "done" => SessionState::Done,
        "stopped" => SessionState::Stopped,
        _ => return None,
    };
    let game = |game: &String| GamePlan { game: game.clone(), min_level: 1, max_level: 1 };
    let ended = payload.ended_ms.map(Timestamp::from_millisecond).transpose().ok()?;
    Some(Session {
        id: row.parse().ok()?,
        state,
        plan: Plan {
            version: 0,
            games: payload.games.iter().map(game).collect(),
            dose: DoseLimit::default(),
            starts_on: None,
            ends_on: None,
            set_by: "unknown".into(),
        },
        seed: 0,
        template_versions: BTreeMap::new(),
        started_at: Timestamp::from_millisecond(payload.started_ms).ok()?,
        ended_at: ended,
        seconds: payload.seconds,
    })
}

/// What is counted anew before a sync: days with sessions, and facts about the device. (collection, row, content)
pub(crate) fn counted(
    store: &Store,
    today: Date,
    zone: &TimeZone,
    facts: &[(&str, String)],
) -> Result<Vec<(&'static str, String, String)>, StoreError> {
    let mut days: BTreeMap<Date, AdherencePayload> = BTreeMap::new();
    for session in store.sessions(false)? {
        let day = day_of(session.started_at, zone);
        let planned = session.plan.dose.sessions_per_week;
        let entry = days.entry(day).or_insert(AdherencePayload {
            day,
            sessions_per_week: planned,
            begun: 0,
            done: 0,
            seconds: 0,
        });
        entry.begun = entry.begun.saturating_add(1);
        entry.done = entry.done.saturating_add(u16::from(session.state == SessionState::Done));
        entry.seconds = entry.seconds.saturating_add(session.seconds);
    }
    let in_force = store.plan()?.map_or_else(DoseLimit::default, |plan| plan.dose).sessions_per_week;
    let noted = store.noted(Collection::Adherence.slug(), None)?;
    for row in &noted {
        let Ok(Payload::Adherence(known)) = serde_json::from_str(&row.json) else { continue };
        if let Some(entry) = days.get_mut(&known.day) {
            // What was planned on a day that has passed is what was noted on it.
            entry.sessions_per_week = known.sessions_per_week;
            // After a backup was put back, this store may know less of the day than the portal does.
            if known.seconds > entry.seconds && known.begun >= entry.begun {
                *entry = known;
            }
        }
    }
    if let Some(entry) = days.get_mut(&today) {
        entry.sessions_per_week = in_force;
    }
    let days = days.into_values().map(|day| (Collection::Adherence, day.day.to_string(), Payload::Adherence(day)));
    let facts = facts.iter().map(|(key, value)| {
        let fact = DeviceFactPayload { key: (*key).into(), value: value.clone() };
        (Collection::DeviceFacts, (*key).into(), Payload::DeviceFact(fact))
    });
    let as_text = |(collection, row, payload): (Collection, String, Payload)| {
        let fits = payload.check().is_ok();
        let text = serde_json::to_string(&payload).ok().filter(|_| fits)?;
        Some((collection.slug(), row, text))
    };
    Ok(days.chain(facts).filter_map(as_text).collect())
}
