//! Records to test with: made from numbers, the same on every machine.

use std::collections::BTreeMap;

use reme_types::{ConsentId, DeviceId, Domain, InputMode, MatchedBy, RecordId, SessionId, Verdict};
use uuid::Uuid;

use crate::{
    AdherencePayload, Collection, ConsentNote, DeviceFactPayload, DeviceKey, DoseMessage, GameEntry, GameList,
    GamePlanMessage, Hlc, Payload, PlanMessage, Record, SessionPayload, TrialPayload,
};

/// A portal's clock at the beginning: 2026-11-24T12:00Z.
pub const START_MS: i64 = 1_795_521_600_000;

fn uuid(kind: u64, a: u64, b: u64) -> Uuid {
    // A UUIDv7's version and variant bits, so that a strict reader takes it.
    let high = (u128::from(kind) << 112) | (u128::from(a) << 80);
    Uuid::from_u128((high & !(0xf << 76)) | (7 << 76) | (2 << 62) | u128::from(b & ((1 << 62) - 1)))
}

/// Device number n.
pub fn device(number: u64) -> DeviceId {
    DeviceId::from_uuid(uuid(1, 0, number))
}

/// Its key.
pub fn key(number: u64) -> DeviceKey {
    let mut seed = [7; 32];
    seed[..8].copy_from_slice(&number.to_le_bytes());
    DeviceKey::from_seed(&seed)
}

/// Record number n of a device.
pub fn record_id(device: u64, number: u64) -> RecordId {
    RecordId::from_uuid(uuid(2, device & 0xffff_ffff, number))
}

/// The consent for a collection.
pub fn consent(scope: Collection) -> ConsentNote {
    let id = ConsentId::from_uuid(uuid(3, 0, scope as u64 + 1));
    ConsentNote { id, scope, given_ms: START_MS, withdrawn_ms: None }
}

/// A consent for every collection.
pub fn consents() -> Vec<ConsentNote> {
    Collection::ALL.map(consent).to_vec()
}

/// A trial.
pub fn trial(number: u64) -> Payload {
    Payload::Trial(TrialPayload {
        session_id: SessionId::from_uuid(uuid(5, 0, number / 10)),
        seq: u32::try_from(number % 10).unwrap_or(0),
        block: 0,
        game: "life-recall".into(),
        template_version: "1.0.0".into(),
        input: InputMode::Typed,
        at_ms: START_MS + number as i64 * 1_000,
        trial_kind: "recall-fact".into(),
        domain: Domain::Episodic,
        level: 2,
        practice: false,
        verdict: if number.is_multiple_of(3) { Verdict::Partial } else { Verdict::Correct },
        score: if number.is_multiple_of(3) { 0.5 } else { 1.0 },
        rung: Some((number % 8) as u8),
        rt_ms: Some(1_500),
        matched_by: MatchedBy::Exact,
        confidence: 1.0,
        memory_id: None,
        fact_id: None,
        data: BTreeMap::from([("condition".to_owned(), "direct".into()), ("n".to_owned(), 93.into())]),
        scorer: 1,
    })
}

/// Record `number` of a device, at place `time` in its time: a trial in a row of its own.
pub fn record(on_device: u64, number: u64, time: u64) -> Record {
    Record {
        id: record_id(on_device, number),
        device: device(on_device),
        hlc: Hlc { wall_ms: START_MS as u64 + time, counter: 0 },
        collection: Collection::Trials,
        row: uuid(4, on_device, number).to_string(),
        payload: Some(trial(number)),
    }
}

/// A change of session `session` of a device.
pub fn session_record(on_device: u64, session: u64, time: u64, state: &str) -> Record {
    Record {
        id: record_id(on_device, 1_000_000 + session * 1_000 + time),
        device: device(on_device),
        hlc: Hlc { wall_ms: START_MS as u64 + time, counter: 1 },
        collection: Collection::Sessions,
        row: uuid(5, on_device, session).to_string(),
        payload: Some(Payload::Session(SessionPayload {
            state: state.into(),
            plan_version: 1,
            started_ms: START_MS,
            ended_ms: (state != "running").then_some(START_MS + 600_000),
            seconds: 600,
            day: jiff::civil::Date::constant(2026, 11, 24),
            games: vec!["life-recall".into()],
        })),
    }
}

/// The removal of a row.
pub fn tombstone(of: &Record, time: u64) -> Record {
    let id = RecordId::from_uuid(uuid(6, time, of.id.as_uuid().as_u128() as u64));
    let hlc = Hlc { wall_ms: START_MS as u64 + time, counter: 2 };
    Record { id, hlc, payload: None, ..of.clone() }
}

/// The same record as if made on another device.
pub fn on_device(record: Record, number: u64) -> Record {
    Record { device: device(number), ..record }
}

/// A record of every collection, on device 1.
pub fn one_of_each() -> Vec<Record> {
    let day = jiff::civil::Date::constant(2026, 11, 24);
    let adherence = AdherencePayload { day, sessions_per_week: 3, begun: 1, done: 1, seconds: 600 };
    let fact = DeviceFactPayload { key: "app-version".into(), value: "0.1.0".into() };
    let plain = |n: u64, collection, row: &str, payload| Record {
        id: record_id(1, 2_000_000 + n),
        device: device(1),
        hlc: Hlc { wall_ms: START_MS as u64 + n, counter: 0 },
        collection,
        row: row.into(),
        payload: Some(payload),
    };
    vec![
        record(1, 1, 1),
        session_record(1, 1, 2, "done"),
        plain(3, Collection::Adherence, "2026-11-24", Payload::Adherence(adherence)),
        plain(4, Collection::DeviceFacts, "app-version", Payload::DeviceFact(fact)),
    ]
}

/// A plan.
pub fn plan(version: u32) -> PlanMessage {
    PlanMessage {
        version,
        games: vec![GamePlanMessage { game: "life-recall".into(), min_level: 1, max_level: 4 }],
        dose: DoseMessage { sessions_per_week: 3, session_minutes: 20, daily_cap_minutes: 45 },
        language: Some("en".into()),
        starts_on: None,
        ends_on: None,
        set_by: "Dr Example".into(),
        set_ms: START_MS,
    }
}

/// A list of games.
pub fn games() -> GameList {
    let game = |slug: &str| GameEntry { game: slug.into(), template_version: "1.0.0".into(), enabled: true };
    GameList { version: 1, games: vec![game("life-recall"), game("serial-subtraction")] }
}
