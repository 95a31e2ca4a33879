//! Midnight and time zones: what was played counts on the patient's own day.

use std::sync::Arc;

use reme_store::StoreKey;
use reme_types::{DoseLimit, FixedClock, Patient, SessionId};

use super::*;

fn now(at: &str, zone: &str) -> Now {
    Now { at: at.parse().expect("a time"), zone: TimeZone::get(zone).expect("a zone") }
}

fn plan(cap: u16) -> Plan {
    let dose = DoseLimit { sessions_per_week: 7, session_minutes: 30, daily_cap_minutes: cap };
    Plan { version: 1, games: vec![], dose, starts_on: None, ends_on: None, set_by: "carer".into() }
}

/// A store with one session that was played a minute at a time, from `first` to `last`.
fn played(first: &str, last: &str) -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().expect("a folder");
    let (first, last): (Timestamp, Timestamp) = (first.parse().expect("a time"), last.parse().expect("a time"));
    let clock = FixedClock { now: first, time_zone: TimeZone::UTC };
    let patient = Patient { name: "Hedda".into(), language: Language::En, time_zone: "UTC".into(), born_on: None };
    let key = StoreKey::from_bytes([7; 32]);
    let mut store = Store::create(&folder.path().join("s"), &key, &patient, Arc::new(clock)).expect("made");
    let id = SessionId::from_uuid(store.new_uuid());
    let session = Session {
        id,
        state: SessionState::Done,
        plan: plan(45),
        seed: 1,
        template_versions: std::collections::BTreeMap::new(),
        started_at: first,
        ended_at: Some(last),
        seconds: 0,
    };
    let minutes = u64::try_from(last.duration_since(first).as_mins()).expect("forward");
    store
        .transact(|tx| {
            tx.start_session(&session)?;
            for minute in 0..=minutes {
                let entry = Entry::Taken { at_ms: minute * 60_000, said: false, events: vec![], block: 0 };
                let at = first + jiff::SignedDuration::from_mins(i64::try_from(minute).unwrap_or(0));
                tx.append_event(id, at, &serde_json::to_string(&entry).expect("an entry"))?;
            }
            Ok(())
        })
        .expect("written");
    (folder, store)
}

fn allowed(store: &Store, cap: u16, now: &Now) -> Allowance {
    let sessions = store.sessions(false).expect("read");
    allowance(store, &plan(cap), &sessions, now).expect("read")
}

#[test]
fn a_session_across_midnight_counts_on_each_day_with_what_was_played_on_it() {
    // 15 minutes before midnight in Oslo, 15 after it; in London all of it is before midnight.
    let (_folder, store) = played("2026-05-04T21:45:00Z", "2026-05-04T22:15:00Z");
    for (at, zone, cap, allowed_now) in [
        ("2026-05-04T22:16:00Z", "Europe/Oslo", 45, Allowance::Minutes(29)),
        ("2026-05-04T22:16:00Z", "Europe/London", 45, Allowance::Minutes(15)),
        ("2026-05-04T22:16:00Z", "Europe/London", 39, Allowance::Blocked(Blocked::Cap { minutes: 30 })),
        ("2026-05-04T22:59:59Z", "Europe/London", 39, Allowance::Blocked(Blocked::Cap { minutes: 30 })),
        ("2026-05-04T23:00:00Z", "Europe/London", 39, Allowance::Minutes(30)),
        ("2026-05-05T21:59:59Z", "Europe/Oslo", 25, Allowance::Blocked(Blocked::Cap { minutes: 16 })),
        ("2026-05-05T22:00:00Z", "Europe/Oslo", 25, Allowance::Minutes(25)),
    ] {
        assert_eq!(allowed(&store, cap, &now(at, zone)), allowed_now, "{at} {zone} {cap}");
    }
}

#[test]
fn the_day_the_clocks_change_is_one_day() {
    // The night to 25 October 2026 has two o'clock twice in Oslo; 40 minutes were played in the first of them.
    let (_folder, store) = played("2026-10-25T00:10:00Z", "2026-10-25T00:50:00Z");
    for (at, expected) in [
        ("2026-10-25T01:10:00Z", Allowance::Blocked(Blocked::Cap { minutes: 40 })),
        ("2026-10-25T22:59:59Z", Allowance::Blocked(Blocked::Cap { minutes: 40 })),
        ("2026-10-25T23:00:00Z", Allowance::Minutes(30)),
    ] {
        assert_eq!(allowed(&store, 45, &now(at, "Europe/Oslo")), expected, "{at}");
    }
}

#[test]
fn the_plan_holds_on_its_first_and_its_last_day() {
    let (_folder, store) = played("2026-05-01T10:00:00Z", "2026-05-01T10:10:00Z");
    let first = Date::constant(2026, 5, 4);
    let last = Date::constant(2026, 5, 6);
    let plan = Plan { starts_on: Some(first), ends_on: Some(last), ..plan(45) };
    for (at, expected) in [
        ("2026-05-03T15:59:59Z", Allowance::Blocked(Blocked::NotYet(first))),
        ("2026-05-03T16:00:00Z", Allowance::Minutes(30)),
        ("2026-05-06T15:59:59Z", Allowance::Minutes(30)),
        ("2026-05-06T16:00:00Z", Allowance::Blocked(Blocked::Over(last))),
    ] {
        // Shanghai is eight hours ahead.
        let now = now(at, "Asia/Shanghai");
        assert_eq!(allowance(&store, &plan, &[], &now).expect("read"), expected, "{at}");
    }
}

#[test]
fn the_week_is_today_and_the_six_days_before() {
    let (_folder, store) = played("2026-05-04T21:45:00Z", "2026-05-04T22:15:00Z");
    let sessions = store.sessions(false).expect("read");
    // It ended on the 5th in Oslo and on the 4th in London.
    for (at, zone, done) in [
        ("2026-05-11T12:00:00Z", "Europe/Oslo", 1),
        ("2026-05-12T12:00:00Z", "Europe/Oslo", 0),
        ("2026-05-10T12:00:00Z", "Europe/London", 1),
        ("2026-05-11T12:00:00Z", "Europe/London", 0),
    ] {
        assert_eq!(done_this_week(&sessions, &now(at, zone)), done, "{at} {zone}");
    }
}
