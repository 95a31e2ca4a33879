//! A clinic to look at: made-up people, known passwords, training history that was simulated.
//!
//! The history goes the way real data go: through signed-off records into the ingest. It is marked as simulated by the device's
//! platform. Nothing here is reached unless `--demo` was given.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date};
use reme_sync_protocol::{
    AdherencePayload, Collection, ConsentNote, DeviceFactPayload, DeviceKey, DoseMessage, Envelope, GamePlanMessage,
    Hlc, PairRequest, PairingCode, Payload, PlanMessage, PlanReceipt, Record, SessionPayload, TrialPayload,
};
use reme_types::{
    ConsentId, DeviceId, Domain, FixedClock, InputMode, Language, MatchedBy, RecordId, Rng as _, SeededRng, SessionId,
    Verdict, new_uuid_v7,
};
use serde::Serialize;
use uuid::Uuid;

use crate::{
    access::Role,
    account::{password, totp},
    app::PasswordCost,
    catalog, chance,
    error::Fault,
    routes::games::shipped_entries,
    tables::{
        Db,
        accounts::{self, Founding},
        check_ins, devices, games, ingest,
        patients::{self, Patient},
        plans,
    },
};

/// Password of every demo account.
pub const PASSWORD: &str = "seven boats at the harbour";
/// Authenticator secret of every demo account, base32.
pub const TOTP_SECRET: &str = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";

const CLINIC: &str = "019a7c00-0000-7000-8000-000000000001";
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// What the simulated devices call themselves, on every page that names them.
const PLATFORM: &str = "demonstration (simulated)";
/// Days of history.
const DAYS: i64 = 42;

/// Role, id, name, email, language.
const ACCOUNTS: [(Role, &str, &str, &str, Language); 3] = [
    (Role::Clinician, "019a7c00-0000-7000-8000-000000000011", "Dr Ines Falk", "clinician@demo.example", Language::En),
    (Role::Carer, "019a7c00-0000-7000-8000-000000000012", "林小雨", "carer@demo.example", Language::ZhCn),
    (Role::Admin, "019a7c00-0000-7000-8000-000000000013", "Demo Admin", "admin@demo.example", Language::En),
];

/// Id, name, reference, language, zone, born: the two people of the companion's demo (`assets/demo`).
const PATIENTS: [(&str, &str, &str, Language, &str, &str); 2] = [
    ("019a7c00-0000-7000-8000-000000000021", "Frank Delaney", "D-1001", Language::En, "Pacific/Auckland", "1948-02-27"),
    ("019a7c00-0000-7000-8000-000000000022", "顾秀芸", "D-1002", Language::ZhCn, "Asia/Shanghai", "1951-05-12"),
];

/// A demo patient with a fresh pairing code.
#[derive(Debug, Serialize)]
pub struct DemoPatient {
    /// Id at the portal.
    pub id: &'static str,
    /// Name.
    pub name: &'static str,
    /// Language of the sessions: `en` or `zh-CN`.
    pub language: &'static str,
    /// Pairs one device, once.
    pub code: String,
    /// Until when the code holds, milliseconds since 1970.
    pub code_expires_ms: i64,
}

/// A demo account.
#[derive(Debug, Serialize)]
pub struct DemoAccount {
    /// `clinician`, `carer` or `admin`.
    pub role: &'static str,
    /// Email address to log in with.
    pub email: &'static str,
    /// Password.
    pub password: &'static str,
    /// Authenticator secret, base32.
    pub totp_secret: &'static str,
}

/// Every demo account.
pub fn accounts() -> [DemoAccount; 3] {
    ACCOUNTS.map(|(role, _, _, email, _)| DemoAccount {
        role: role.slug(),
        email,
        password: PASSWORD,
        totp_secret: TOTP_SECRET,
    })
}

/// Adds the demo clinic where it is missing, and gives each patient a fresh code for a real device.
///
/// # Errors
/// What the database says.
pub async fn seed(db: &Db, now: Timestamp, cost: PasswordCost) -> Result<Vec<DemoPatient>, Fault> {
    let now_ms = now.as_millisecond();
    let hash = password::hash(PASSWORD, cost).await?;
    for (role, id, name, email, language) in ACCOUNTS {
        let founding = Founding {
            clinic: CLINIC,
            clinic_name: "ReMe demo clinic",
            id,
            role,
            name,
            email,
            language,
            password_hash: &hash,
            totp_secret: TOTP_SECRET,
        };
        accounts::found(db, &founding, now_ms).await?;
    }
    if games::of_clinic(db, CLINIC).await?.is_none() {
        games::publish(db, (CLINIC, ACCOUNTS[0].1), 0, shipped_entries(), now_ms).await?;
    }
    let mut out = Vec::new();
    for (number, (id, name, reference, language, time_zone, born)) in PATIENTS.into_iter().enumerate() {
        let patient = Patient {
            id: id.into(),
            name: name.into(),
            reference: reference.into(),
            language: language.tag().into(),
            time_zone: time_zone.into(),
            born_on: Some(born.into()),
        };
        patients::insert(db, CLINIC, &patient, now_ms - DAYS * DAY_MS).await?;
        patients::link(db, CLINIC, id, ACCOUNTS[1].1).await?;
        plans::seed(db, (CLINIC, id, ACCOUNTS[0].1), &plan(language, now_ms - DAYS * DAY_MS)).await?;
        simulate(db, id, number as u64, now).await?;
        check_in(db, id, number, now_ms).await?;
        let code = PairingCode::from_chance(chance::bytes()?);
        let code_expires_ms = now_ms + 15 * 60_000;
        devices::demo_code(db, (CLINIC, id, ACCOUNTS[0].1), &chance::hash(code.letters()), code_expires_ms).await?;
        out.push(DemoPatient { id, name, language: language.tag(), code: code.to_string(), code_expires_ms });
    }
    Ok(out)
}

/// Two check-ins of the demo carer; known ids keep a second start from adding them again.
async fn check_in(db: &Db, patient: &str, number: usize, now_ms: i64) -> Result<(), Fault> {
    const FIRST: u128 = 0x019a_7c00_0000_7000_8000_0000_0000_0200;
    let given: [[&str; 5]; 2] = if number == 0 {
        [["as-usual", "good", "rested", "some", "no"], ["gladly", "good", "rested", "none", "no"]]
    } else {
        [["as-usual", "good", "tired", "some", "no"], ["reluctantly", "mixed", "very-tired", "much", "yes"]]
    };
    for (n, answers) in given.into_iter().enumerate() {
        let made_ms = now_ms - [21, 5][n] * DAY_MS;
        let day = Timestamp::from_millisecond(made_ms).unwrap_or_default().to_zoned_datetime(jiff::tz::TimeZone::UTC);
        let kept = check_ins::CheckIn {
            id: Uuid::from_u128(FIRST + (number * 2 + n) as u128).to_string(),
            day: day.date().to_string(),
            answers: answers.map(str::to_owned),
            remark: "(Demonstration: made up.)".into(),
            made_by: String::new(),
            made_ms,
        };
        check_ins::insert(db, (CLINIC, patient, ACCOUNTS[1].1), &kept).await?;
    }
    Ok(())
}

fn plan(language: Language, set_ms: i64) -> PlanMessage {
    let game = |shipped: &catalog::Shipped| GamePlanMessage {
        game: shipped.slug.into(),
        min_level: 1,
        max_level: shipped.levels.min(4),
    };
    PlanMessage {
        version: 1,
        games: catalog::shipped().iter().map(game).collect(),
        dose: DoseMessage { sessions_per_week: 3, session_minutes: 20, daily_cap_minutes: 45 },
        language: Some(language.tag().into()),
        starts_on: None,
        ends_on: None,
        set_by: ACCOUNTS[0].2.into(),
        set_ms,
    }
}

/// Records of a device that was never there.
struct Simulated {
    device: DeviceId,
    rng: SeededRng,
    consents: BTreeMap<Collection, ConsentNote>,
    batch: Vec<Envelope>,
}

impl Simulated {
    fn uuid(&mut self, at_ms: i64) -> Uuid {
        let now = Timestamp::from_millisecond(at_ms).unwrap_or_default();
        new_uuid_v7(&FixedClock { now, time_zone: jiff::tz::TimeZone::UTC }, &mut self.rng)
    }

    fn add(&mut self, at_ms: i64, collection: Collection, row: String, payload: Payload) {
        let id = RecordId::from_uuid(self.uuid(at_ms));
        let counter = u32::try_from(self.batch.len()).unwrap_or(u32::MAX);
        let hlc = Hlc { wall_ms: u64::try_from(at_ms).unwrap_or(0), counter };
        let record = Record { id, device: self.device, hlc, collection, row, payload: Some(payload) };
        let consent = self.consents[&collection].id;
        self.batch.push(Envelope { consent, record });
    }
}

/// Six weeks of a simulated patient, once: a known device id stands for "done".
async fn simulate(db: &Db, patient: &str, number: u64, now: Timestamp) -> Result<(), Fault> {
    let device = DeviceId::from_uuid(Uuid::from_u128(0x019a_7c00_0000_7000_8000_0000_0000_0100 + u128::from(number)));
    if devices::known(db, &device.to_string()).await?.is_some() {
        return Ok(());
    }
    let now_ms = now.as_millisecond();
    let start_ms = now_ms - DAYS * DAY_MS;
    let mut sim = Simulated { device, rng: SeededRng::new(41 + number), consents: BTreeMap::new(), batch: Vec::new() };
    for scope in Collection::ALL {
        let id = ConsentId::from_uuid(sim.uuid(start_ms));
        sim.consents.insert(scope, ConsentNote { id, scope, given_ms: start_ms, withdrawn_ms: None });
    }
    let code = PairingCode::from_chance(chance::bytes()?);
    let code_hash = chance::hash(code.letters());
    devices::demo_code(db, (CLINIC, patient, ACCOUNTS[0].1), &code_hash, now_ms + 60_000).await?;
    let request = PairRequest {
        code,
        device,
        // The secret half is thrown away: nobody can speak for this device.
        public_key: DeviceKey::from_seed(&chance::bytes()?).public(),
        platform: PLATFORM.into(),
        app_version: env!("CARGO_PKG_VERSION").into(),
        consents: sim.consents.values().copied().collect(),
    };
    devices::pair(db, &request, &code_hash, now_ms).await?;
    let version = DeviceFactPayload { key: "app-version".into(), value: env!("CARGO_PKG_VERSION").into() };
    sim.add(start_ms, Collection::DeviceFacts, "app-version".into(), Payload::DeviceFact(version));
    for day in 0..DAYS {
        // The first patient trains as planned; the second less and less.
        let trains =
            if number == 0 { day % 7 % 2 == 0 && day % 7 < 6 } else { day % 7 == 1 || (day < 21 && day % 7 == 4) };
        if trains {
            session(&mut sim, start_ms + day * DAY_MS + 9 * 60 * 60 * 1000, day, number);
        }
    }
    let known = devices::known(db, &device.to_string()).await?.ok_or(Fault::internal("the demo device is missing"))?;
    // The sessions followed the first plan: it had arrived.
    plans::taken(db, &known, &device.to_string(), PlanReceipt { version: 1, taken_ms: start_ms }, start_ms).await?;
    for part in sim.batch.chunks(400) {
        ingest::push(db, &known, device, part, now_ms).await?;
    }
    Ok(())
}

fn session(sim: &mut Simulated, started_ms: i64, day: i64, number: u64) {
    let id = SessionId::from_uuid(sim.uuid(started_ms));
    let local: Date =
        Timestamp::from_millisecond(started_ms).unwrap_or_default().to_zoned_datetime(jiff::tz::TimeZone::UTC).date();
    // Success drifts up for the first patient, down for the second.
    let ability = if number == 0 { 0.55 + 0.006 * day as f64 } else { 0.75 - 0.006 * day as f64 };
    let games: [(&str, &str, Domain, bool); 3] = [
        ("life-recall", "recall-fact", Domain::Episodic, true),
        ("mental-arithmetic", "serial-subtraction", Domain::Working, false),
        ("colour-words", "colour-word", Domain::Flexibility, false),
    ];
    let mut seq = 0;
    for (block, (game, kind, domain, laddered)) in games.into_iter().enumerate() {
        let version = catalog::find(game).map_or_else(|| "1.0.0".into(), |shipped| shipped.version.clone());
        for _ in 0..10 {
            let right = sim.rng.unit() < ability;
            let rung = laddered.then(|| if right { sim.rng.below(3) as u8 } else { 3 + sim.rng.below(5) as u8 });
            let at_ms = started_ms + i64::from(seq) * 30_000;
            let trial = TrialPayload {
                session_id: id,
                seq,
                block: block as u16,
                game: game.into(),
                template_version: version.clone(),
                input: InputMode::Typed,
                at_ms,
                trial_kind: kind.into(),
                domain,
                level: 2,
                practice: false,
                verdict: if right { Verdict::Correct } else { Verdict::Incorrect },
                score: match rung {
                    Some(rung) => 1.0 - f64::from(rung) / 8.0,
                    None => f64::from(u8::from(right)),
                },
                rung,
                rt_ms: Some(900 + sim.rng.below(2_600) as u32),
                matched_by: MatchedBy::Exact,
                confidence: 1.0,
                memory_id: None,
                fact_id: None,
                data: BTreeMap::new(),
                scorer: 1,
            };
            let row = sim.uuid(at_ms).to_string();
            sim.add(at_ms, Collection::Trials, row, Payload::Trial(trial));
            seq += 1;
        }
    }
    let seconds = seq * 30;
    let ended_ms = started_ms + i64::from(seconds) * 1000;
    let played = SessionPayload {
        state: "done".into(),
        plan_version: 1,
        started_ms,
        ended_ms: Some(ended_ms),
        seconds,
        day: local,
        games: games.map(|(game, ..)| game.to_owned()).to_vec(),
    };
    sim.add(ended_ms, Collection::Sessions, id.to_string(), Payload::Session(played));
    let done = AdherencePayload { day: local, sessions_per_week: 3, begun: 1, done: 1, seconds };
    sim.add(ended_ms, Collection::Adherence, local.to_string(), Payload::Adherence(done));
}

/// The code of this moment for every demo account.
///
/// # Errors
/// Our own faults only.
pub fn code_now(now: Timestamp) -> Result<String, Fault> {
    totp::code(TOTP_SECRET, now.as_millisecond())
}
