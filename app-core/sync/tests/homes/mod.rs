//! The devices under test: the one in memory and the one over the real store, with what happens to devices at home.

#![allow(dead_code, unreachable_pub, missing_docs, reason = "parts of several tests; each uses some")]

use std::{
    cell::RefCell,
    collections::BTreeMap,
    fs,
    path::Path,
    sync::{Arc, Mutex},
};

use jiff::{Timestamp, tz::TimeZone};
use reme_store::{SessionState, Store, StoreKey};
use reme_sync::{
    DeviceStore, StoreDevice,
    testing::{MemoryDevice, session_of, trial_of},
};
use reme_sync_protocol::{Collection, Payload, RowKey, conformance::sample};
use reme_types::{Clock, Consent, Language, Patient, RecordId};
use uuid::Uuid;

/// A device at somebody's home.
pub trait Home {
    type Device: DeviceStore;
    type Backup;
    /// An empty one with every consent given, known as this number.
    fn new(number: u64) -> Self;
    fn device(&mut self) -> &mut Self::Device;
    /// Writes a row as the app does.
    fn write(&mut self, key: &RowKey, payload: &Payload, now_ms: i64);
    /// Removes a row as the app does; `false` where the app never does.
    fn delete(&mut self, key: &RowKey, now_ms: i64) -> bool;
    fn live(&mut self) -> BTreeMap<RowKey, Payload>;
    /// Rows that wait to be sent.
    fn waiting(&mut self) -> usize;
    fn set_consent(&mut self, collection: Collection, given: bool, now_ms: i64);
    fn backup(&mut self) -> Self::Backup;
    fn restore(&mut self, backup: &Self::Backup);
    /// Version of the games it was told of.
    fn games(&mut self) -> Option<u32>;
    /// Sends at most so many rows at a time.
    fn in_batches_of(&mut self, rows: usize);
}

/// The one in memory.
pub struct MemoryHome {
    pub device: MemoryDevice,
}

thread_local! {
    /// Ids nobody has had: also a restored device never makes one twice, as real ids come from chance.
    static IDS: RefCell<u64> = const { RefCell::new(0) };
}

fn next_id() -> RecordId {
    let n = IDS.with_borrow_mut(|n| {
        *n += 1;
        *n
    });
    RecordId::from_uuid(Uuid::from_u128((7 << 76) | (2 << 62) | u128::from(n)))
}

fn unsigned(now_ms: i64) -> u64 {
    u64::try_from(now_ms).expect("after 1970")
}

impl Home for MemoryHome {
    type Device = MemoryDevice;
    type Backup = MemoryDevice;

    fn new(number: u64) -> Self {
        Self { device: MemoryDevice::new(sample::device(number), sample::consents()) }
    }
    fn device(&mut self) -> &mut MemoryDevice {
        &mut self.device
    }
    fn write(&mut self, key: &RowKey, payload: &Payload, now_ms: i64) {
        self.device.write(next_id(), key.clone(), Some(payload.clone()), unsigned(now_ms));
    }
    fn delete(&mut self, key: &RowKey, now_ms: i64) -> bool {
        self.device.write(next_id(), key.clone(), None, unsigned(now_ms));
        true
    }
    fn live(&mut self) -> BTreeMap<RowKey, Payload> {
        self.device.rows.clone()
    }
    fn waiting(&mut self) -> usize {
        self.device.waiting()
    }
    fn set_consent(&mut self, collection: Collection, given: bool, now_ms: i64) {
        let consent = self.device.consents.iter_mut().find(|consent| consent.scope == collection);
        consent.expect("there is one").withdrawn_ms = (!given).then_some(now_ms);
    }
    fn backup(&mut self) -> MemoryDevice {
        self.device.clone()
    }
    fn restore(&mut self, backup: &MemoryDevice) {
        self.device = backup.clone();
    }
    fn games(&mut self) -> Option<u32> {
        self.device.games
    }
    fn in_batches_of(&mut self, rows: usize) {
        self.device.batch = rows;
    }
}

/// A clock that is set.
pub struct SetClock(Mutex<Timestamp>);

impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().expect("not poisoned")
    }
    fn time_zone(&self) -> TimeZone {
        TimeZone::UTC
    }
}

type Own = StoreDevice<RefCell<Store>>;

/// The one over a real store in a folder of its own.
pub struct StoreHome {
    number: u64,
    folder: tempfile::TempDir,
    clock: Arc<SetClock>,
    device: Option<Batched>,
}

/// A [`StoreDevice`] that gives fewer rows at a time than it is asked for.
pub struct Batched {
    pub inner: Own,
    most: usize,
}

impl StoreHome {
    fn open(&mut self) {
        let key = StoreKey::from_bytes([7; 32]);
        let store = Store::open(self.folder.path(), &key, self.clock.clone()).expect("opens");
        let inner = StoreDevice::new(RefCell::new(store), sample::device(self.number));
        self.device = Some(Batched { inner, most: usize::MAX });
    }
    pub fn own(&mut self) -> &mut Own {
        &mut self.device.as_mut().expect("open").inner
    }
    pub fn with<T>(&mut self, work: impl FnOnce(&mut Store) -> T) -> T {
        let mut out = None;
        let reach = self.own().reach();
        let done = reme_sync::Reach::with(reach, |store| {
            out = Some(work(store));
            Ok(())
        });
        done.expect("at hand");
        out.expect("done")
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).expect("a folder").map(|entry| entry.expect("an entry")) {
        if entry.file_name() != "lock" && entry.path().is_file() {
            fs::copy(entry.path(), to.join(entry.file_name())).expect("copied");
        }
    }
}

impl Home for StoreHome {
    type Device = Batched;
    type Backup = tempfile::TempDir;

    fn new(number: u64) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let start = Timestamp::from_millisecond(sample::START_MS).expect("in range");
        let clock = Arc::new(SetClock(Mutex::new(start)));
        let patient = Patient { name: "Hedda".into(), language: Language::En, time_zone: "UTC".into(), born_on: None };
        let key = StoreKey::from_bytes([7; 32]);
        drop(Store::create(folder.path(), &key, &patient, clock.clone()).expect("made"));
        let mut home = Self { number, folder, clock, device: None };
        home.open();
        Collection::ALL.into_iter().for_each(|collection| home.set_consent(collection, true, sample::START_MS));
        home
    }
    fn device(&mut self) -> &mut Batched {
        self.device.as_mut().expect("open")
    }
    fn write(&mut self, key: &RowKey, payload: &Payload, now_ms: i64) {
        *self.clock.0.lock().expect("not poisoned") = Timestamp::from_millisecond(now_ms).expect("in range");
        let (row, json) = (key.row.clone(), serde_json::to_string(payload).expect("plain data"));
        self.with(|store| {
            let known = |id: &str| store.session(id.parse().expect("an id")).expect("read").is_some();
            let (is_begun, has_session) = match payload {
                Payload::Session(_) => (known(&row), true),
                Payload::Trial(trial) => (false, known(&trial.session_id.to_string())),
                _ => (false, true),
            };
            let done = store.transact(|tx| match payload {
                Payload::Trial(trial) => {
                    let trial = trial_of(&row, trial).expect("a trial");
                    if !has_session {
                        tx.adopt_session(&stand_in(&trial))?;
                    }
                    tx.append_trial(&trial)
                }
                Payload::Session(session) => {
                    let session = session_of(&row, session).expect("a session");
                    if !is_begun {
                        tx.start_session(&session)?;
                    }
                    tx.set_session_state(session.id, session.state, session.ended_at, session.seconds)
                }
                Payload::Adherence(_) => tx.note_row("adherence", &row, &json),
                Payload::DeviceFact(_) => tx.note_row("device-facts", &row, &json),
            });
            done.expect("kept");
        });
    }
    fn delete(&mut self, _: &RowKey, _: i64) -> bool {
        false // the trial log is only ever added to
    }
    fn live(&mut self) -> BTreeMap<RowKey, Payload> {
        self.own().live_rows().expect("read").into_iter().collect()
    }
    fn waiting(&mut self) -> usize {
        let slugs = Collection::ALL.map(Collection::slug);
        self.with(|store| store.waiting(&slugs, usize::MAX).expect("read").len())
    }
    fn set_consent(&mut self, collection: Collection, given: bool, now_ms: i64) {
        let at = |ms| Timestamp::from_millisecond(ms).expect("in range");
        let consent = Consent {
            id: sample::consent(collection).id,
            scope: collection.slug().into(),
            given_at: at(sample::START_MS),
            withdrawn_at: (!given).then(|| at(now_ms)),
        };
        self.with(|store| store.transact(|tx| tx.put_consent(&consent)).expect("kept"));
    }
    fn backup(&mut self) -> tempfile::TempDir {
        let to = tempfile::tempdir().expect("a folder");
        copy(self.folder.path(), to.path()); // nothing writes meanwhile
        to
    }
    fn restore(&mut self, backup: &tempfile::TempDir) {
        self.device = None;
        self.folder = tempfile::tempdir().expect("a folder");
        copy(backup.path(), self.folder.path());
        self.open();
    }
    fn games(&mut self) -> Option<u32> {
        self.with(|store| store.sync_value("games").expect("read"))
    }
    fn in_batches_of(&mut self, rows: usize) {
        self.device().most = rows;
    }
}

/// The session of a trial, silently.
fn stand_in(trial: &reme_types::Trial) -> reme_store::Session {
    reme_store::Session {
        id: trial.session_id,
        state: SessionState::Stopped,
        plan: reme_types::Plan {
            version: 0,
            games: vec![],
            dose: reme_types::DoseLimit::default(),
            starts_on: None,
            ends_on: None,
            set_by: "default".into(),
        },
        seed: 1,
        template_versions: BTreeMap::new(),
        started_at: trial.at,
        ended_at: None,
        seconds: 0,
    }
}

mod batched {
    use reme_sync::{DeviceStore, DeviceStoreError, Pending, Settled, Told};
    use reme_sync_protocol::{
        Collection, ConsentNote, Cursor, Digest, Envelope, GameList, Hlc, PlanMessage, TombstoneNote,
    };
    use reme_types::DeviceId;

    type Outcome<T> = Result<T, DeviceStoreError>;

    impl DeviceStore for super::Batched {
        fn device(&self) -> DeviceId {
            self.inner.device()
        }
        fn consents(&self) -> Outcome<Vec<ConsentNote>> {
            self.inner.consents()
        }
        fn pending(&self, collections: &[Collection], limit: usize) -> Outcome<Vec<Pending>> {
            self.inner.pending(collections, limit.min(self.most))
        }
        fn settle(&mut self, settled: &[Settled]) -> Outcome<()> {
            self.inner.settle(settled)
        }
        fn digest(&self) -> Outcome<Digest> {
            self.inner.digest()
        }
        fn observe(&mut self, highest: Hlc) -> Outcome<()> {
            self.inner.observe(highest)
        }
        fn requeue_all(&mut self) -> Outcome<()> {
            self.inner.requeue_all()
        }
        fn adopt(&mut self, rows: &[Envelope]) -> Outcome<()> {
            self.inner.adopt(rows)
        }
        fn remove(&mut self, gone: &[TombstoneNote], cursor: Cursor) -> Outcome<()> {
            self.inner.remove(gone, cursor)
        }
        fn cursor(&self) -> Outcome<Cursor> {
            self.inner.cursor()
        }
        fn plan_version(&self) -> Outcome<Option<(u32, i64, Told)>> {
            self.inner.plan_version()
        }
        fn put_plan(&mut self, plan: &PlanMessage, now_ms: i64) -> Outcome<()> {
            self.inner.put_plan(plan, now_ms)
        }
        fn plan_told(&mut self, version: u32) -> Outcome<()> {
            self.inner.plan_told(version)
        }
        fn put_games(&mut self, games: &GameList) -> Outcome<()> {
            self.inner.put_games(games)
        }
    }
}
