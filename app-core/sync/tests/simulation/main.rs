//! Fifty devices and a portal over six weeks of virtual time, in bad weather.
//!
//! Devices write, delete, are killed, go offline for weeks, lose their clock by a day, and are restored from old backups; the
//! clinic removes rows and changes plans; requests and answers are lost, doubled, late and out of order. Then the sky clears,
//! and everything must agree: nothing acknowledged lost, nothing twice, what was deleted stays deleted. A seed makes the whole
//! run; it is printed when a run fails. `--features full` runs two hundred.

#![allow(unreachable_pub, missing_docs, reason = "parts of one test")]

#[path = "../homes/mod.rs"]
mod homes;
mod network;

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
    sync::{Arc, Mutex},
};

use homes::{Home, MemoryHome, StoreHome};
use jiff::{Timestamp, tz::TimeZone};
use network::{Acknowledged, InFlight, RoughPeer, Weather};
use reme_sync::{Backoff, DeviceStore, SyncError, SyncReport, pair, sync_once};
use reme_sync_protocol::{
    Collection, Payload, PeerError, RowKey, SyncPeer,
    conformance::sample::{self, START_MS},
    in_process::{InProcessPeer, InProcessPortal},
};
use reme_types::{DeviceId, FixedClock, RecordId, Rng, SeededRng};
use uuid::Uuid;

/// A run: so many devices, over so many days.
#[derive(Debug, Clone, Copy)]
struct Size {
    devices: u64,
    days: i64,
}

const FIFTY: Size = Size { devices: 50, days: 42 };
/// Real stores, each with its own folder and every write on disk, are slower.
const FEW: Size = Size { devices: 4, days: 28 };
const HOUR_MS: i64 = 60 * 60 * 1000;
const DAY_MS: i64 = 24 * HOUR_MS;
const SEEDS: u64 = if cfg!(feature = "full") { 200 } else { 12 };
const STORE_SEEDS: u64 = if cfg!(feature = "full") { 20 } else { 2 };

/// Says which seed it was when a run fails.
struct TellSeed(u64);

impl Drop for TellSeed {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the run with seed {} failed", self.0);
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Write(u64),
    Sync(u64),
    Mischief(u64),
    Clinic,
}

struct World<H: Home> {
    size: Size,
    rng: Rc<RefCell<SeededRng>>,
    portal: Arc<Mutex<InProcessPortal>>,
    homes: BTreeMap<u64, H>,
    backups: BTreeMap<u64, H::Backup>,
    /// How far each device's clock is off, milliseconds.
    off_ms: BTreeMap<u64, i64>,
    offline_until: BTreeMap<u64, i64>,
    backoff: BTreeMap<u64, Backoff>,
    in_flight: InFlight,
    acknowledged: Acknowledged,
    /// Rows that were deleted and whose deletion the portal has.
    deleted: BTreeSet<(DeviceId, RowKey)>,
    events: BTreeMap<(i64, u64), Event>,
    numbers: u64,
    plans: u32,
}

impl<H: Home> World<H> {
    fn new(seed: u64, size: Size) -> Self {
        let mut portal = InProcessPortal::default();
        portal.set_now(START_MS);
        portal.set_games(sample::games());
        let mut world = Self {
            size,
            rng: Rc::new(RefCell::new(SeededRng::new(seed))),
            portal: Arc::new(Mutex::new(portal)),
            homes: BTreeMap::new(),
            backups: BTreeMap::new(),
            off_ms: BTreeMap::new(),
            offline_until: BTreeMap::new(),
            backoff: BTreeMap::new(),
            in_flight: InFlight::default(),
            acknowledged: Acknowledged::default(),
            deleted: BTreeSet::new(),
            events: BTreeMap::new(),
            numbers: 0,
            plans: 0,
        };
        for number in 1..=size.devices {
            world.homes.insert(number, H::new(number));
            world.pair(number);
            for event in [Event::Write(number), Event::Sync(number), Event::Mischief(number)] {
                let at = START_MS + world.below(DAY_MS);
                world.at(at, event);
            }
        }
        world.at(START_MS + HOUR_MS, Event::Clinic);
        world
    }

    fn below(&self, bound: i64) -> i64 {
        self.rng.borrow_mut().below(bound as usize) as i64
    }

    fn chance(&self, of_a_hundred: i64) -> bool {
        self.below(100) < of_a_hundred
    }

    fn number(&mut self) -> u64 {
        self.numbers += 1;
        self.numbers
    }

    fn at(&mut self, ms: i64, event: Event) {
        let tie = self.number();
        self.events.insert((ms, tie), event);
    }

    /// An id nobody has had: also a restored device never makes one twice, as real ids come from chance.
    fn record_id(&mut self) -> RecordId {
        RecordId::from_uuid(Uuid::from_u128((7 << 76) | (2 << 62) | u128::from(self.number())))
    }

    fn peer(&self, number: u64, weather: Weather) -> RoughPeer {
        let device = sample::device(number);
        RoughPeer {
            peer: InProcessPeer::new(self.portal.clone(), device),
            portal: self.portal.clone(),
            device,
            rng: self.rng.clone(),
            weather,
            in_flight: self.in_flight.clone(),
            acknowledged: self.acknowledged.clone(),
            dead: false,
        }
    }

    /// The answer to a pairing may be lost as well; the same code is tried until it comes.
    fn pair(&mut self, number: u64) {
        let chance = self.rng.borrow_mut().next_u64().to_le_bytes();
        let code = self.portal.lock().expect("not poisoned").new_code(chance);
        for _ in 0..100 {
            let mut peer = self.peer(number, Weather::BAD);
            let device = self.homes.get_mut(&number).expect("a home").device();
            match pair(device, &mut peer, code.clone(), sample::key(number).public(), "simulated", "0.1.0") {
                Ok(_) => return,
                Err(SyncError::Peer(PeerError::Unreachable)) => {}
                Err(other) => panic!("{other}"),
            }
        }
        panic!("a hundred lost answers in a row");
    }

    fn sync(&mut self, number: u64, now_ms: i64, weather: Weather) -> Result<SyncReport, SyncError> {
        let mut peer = self.peer(number, weather);
        let now = now_ms + self.off_ms.get(&number).copied().unwrap_or(0);
        let clock = FixedClock { now: Timestamp::from_millisecond(now).expect("in range"), time_zone: TimeZone::UTC };
        let device = self.homes.get_mut(&number).expect("a home").device();
        sync_once(device, &mut peer, &clock, "0.1.0")
    }

    fn write(&mut self, number: u64, now_ms: i64) {
        let now = now_ms + self.off_ms.get(&number).copied().unwrap_or(0);
        for _ in 0..=self.below(6) {
            let (key, payload) = match self.below(10) {
                0..=5 => {
                    let n = self.number();
                    (RowKey { collection: Collection::Trials, row: sample::record(number, n, 0).row }, sample::trial(n))
                }
                6..=7 => {
                    let session = self.below(6) as u64;
                    let state = ["running", "done", "stopped"][self.below(3) as usize];
                    let record = sample::session_record(number, session, 0, state);
                    (record.key(), record.payload.expect("a session"))
                }
                n => {
                    let record = sample::one_of_each().remove(if n == 8 { 2 } else { 3 });
                    (record.key(), record.payload.expect("a day or a fact"))
                }
            };
            // A row that was deleted is never made again: ids are given once. Days and facts are not deleted here.
            let id = sample::device(number);
            if !self.deleted.contains(&(id, key.clone())) && !self.portal_deleted(id, &key) {
                self.homes.get_mut(&number).expect("a home").write(&key, &payload, now);
            }
        }
        if self.chance(15) {
            let live = self.homes.get_mut(&number).expect("a home").live();
            let keys: Vec<RowKey> = live.into_keys().filter(|k| k.collection == Collection::Trials).collect();
            if !keys.is_empty() {
                let key = &keys[self.below(keys.len() as i64) as usize];
                self.homes.get_mut(&number).expect("a home").delete(key, now);
            }
        }
    }

    fn portal_deleted(&self, device: DeviceId, key: &RowKey) -> bool {
        self.portal.lock().expect("not poisoned").stamps(device).get(key).is_some_and(|stamp| stamp.deleted)
    }

    /// Backups, restores, clocks set wrong, weeks offline, consents taken back and given again.
    fn mischief(&mut self, number: u64, now_ms: i64) {
        let which = self.below(8);
        let home = self.homes.get_mut(&number).expect("a home");
        match which {
            0 | 1 => drop(self.backups.insert(number, home.backup())),
            2 => {
                if let Some(old) = self.backups.get(&number) {
                    home.restore(old);
                }
            }
            3 => drop(self.off_ms.insert(number, [-DAY_MS, 0, DAY_MS][self.below(3) as usize])),
            4 => drop(self.offline_until.insert(number, now_ms + self.below(21 * DAY_MS))),
            5 | 6 => {
                let (withdrawn, which) = (self.chance(50), self.below(4) as usize);
                let home = self.homes.get_mut(&number).expect("a home");
                home.set_consent(Collection::ALL[which], !withdrawn, now_ms);
            }
            _ => self.in_flight.borrow_mut().clear(), // the portal is restarted: what was on its way is lost
        }
    }

    /// The clinic removes a row and changes a plan now and then.
    fn clinic(&mut self) {
        let number = 1 + self.below(self.size.devices as i64) as u64;
        let (device, record) = (sample::device(number), self.record_id());
        let keys: Vec<RowKey> = self.portal.lock().expect("not poisoned").stamps(device).into_keys().collect();
        let trials: Vec<&RowKey> = keys.iter().filter(|k| k.collection == Collection::Trials).collect();
        if !trials.is_empty() {
            let key = trials[self.below(trials.len() as i64) as usize];
            let mut portal = self.portal.lock().expect("not poisoned");
            if !portal.stamps(device)[key].deleted {
                portal.remove_row(device, key, record).expect("it is there");
                drop(portal);
                self.deleted.insert((device, key.clone()));
            }
        }
        self.plans += 1;
        let plan = sample::plan(self.plans);
        self.portal.lock().expect("not poisoned").set_plan(device, plan);
    }

    fn run(&mut self) {
        let end = START_MS + self.size.days * DAY_MS;
        while let Some(((now_ms, _), event)) = self.events.pop_first() {
            if now_ms > end {
                break;
            }
            self.portal.lock().expect("not poisoned").set_now(now_ms);
            match event {
                Event::Write(number) => {
                    self.write(number, now_ms);
                    let next = now_ms + HOUR_MS + self.below(3 * DAY_MS);
                    self.at(next, event);
                }
                Event::Sync(number) => {
                    let wait_ms = self.attempt(number, now_ms);
                    self.at(now_ms + wait_ms, event);
                }
                Event::Mischief(number) => {
                    self.mischief(number, now_ms);
                    let next = now_ms + DAY_MS + self.below(6 * DAY_MS);
                    self.at(next, event);
                }
                Event::Clinic => {
                    self.clinic();
                    let next = now_ms + HOUR_MS + self.below(8 * HOUR_MS);
                    self.at(next, event);
                }
            }
        }
    }

    /// A sync in bad weather; returns when to try again.
    fn attempt(&mut self, number: u64, now_ms: i64) -> i64 {
        if self.offline_until.get(&number).is_some_and(|until| now_ms < *until) {
            return self.offline_until[&number] - now_ms + 1;
        }
        let outcome = self.sync(number, now_ms, Weather::BAD);
        let backoff = self.backoff.entry(number).or_default();
        match outcome {
            Ok(_) => {
                backoff.succeeded();
                DAY_MS
            }
            Err(SyncError::Peer(error)) => {
                assert!(Backoff::is_worth_retrying(&error), "{error}");
                let wait_s = backoff.failed(&error, &mut *self.rng.borrow_mut());
                // A lost request in such weather is an everyday matter; an hour at least keeps the run short.
                (wait_s as i64 * 1000).max(HOUR_MS)
            }
            // A late batch may arrive between the two comparisons; the next sync settles it.
            Err(SyncError::StillDifferent) => HOUR_MS,
            Err(other) => panic!("{other}"),
        }
    }

    /// The sky clears: all that is on its way arrives or is lost, every consent is given, everybody syncs.
    fn settle(&mut self) {
        for (device, batch) in self.in_flight.take() {
            let _ = InProcessPeer::new(self.portal.clone(), device).push(&batch);
        }
        let end = START_MS + (self.size.days + 1) * DAY_MS;
        self.portal.lock().expect("not poisoned").set_now(end);
        for number in 1..=self.size.devices {
            let home = self.homes.get_mut(&number).expect("a home");
            Collection::ALL.into_iter().for_each(|collection| home.set_consent(collection, true, end));
            self.sync(number, end, Weather::FINE).unwrap_or_else(|error| panic!("device {number}: {error}"));
            let again = self.sync(number, end, Weather::FINE).expect("in fine weather");
            let quiet = SyncReport::default();
            assert_eq!(again, quiet, "device {number}: a sync with nothing new does nothing");
        }
    }

    fn check(&mut self) {
        let mut at_portal: BTreeMap<(DeviceId, RowKey), Option<Payload>> = BTreeMap::new();
        for number in 1..=self.size.devices {
            let mut peer = self.peer(number, Weather::FINE);
            let home = self.homes.get_mut(&number).expect("a home");
            let (mut after, mut live) = (None, BTreeMap::new());
            loop {
                let page = peer.rows(after.as_ref()).expect("in fine weather");
                for envelope in page.rows {
                    let key = envelope.record.key();
                    if let Some(payload) = &envelope.record.payload {
                        live.insert(key.clone(), payload.clone());
                    }
                    let had = at_portal.insert((sample::device(number), key), envelope.record.payload);
                    assert!(had.is_none(), "a row twice");
                }
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
            let here = home.live();
            let keys: BTreeSet<&RowKey> = here.keys().chain(live.keys()).collect();
            let differing = keys.into_iter().find(|key| here.get(key) != live.get(key));
            // The whole of both would be thousands of lines.
            let both = differing.map(|key| (key, here.get(key), live.get(key)));
            assert_eq!(both, None, "device {number} and the portal hold the same, content and all");
            assert_eq!(home.waiting(), 0, "device {number} has nothing left to say");
            assert_eq!(home.games(), Some(1));
            let device = home.device();
            assert_eq!(device.digest(), Ok(peer.digest().expect("in fine weather")), "device {number}");
            let plan = peer.pull(device.cursor().expect("memory")).expect("in fine weather").plan;
            assert_eq!(
                device.plan_version().expect("read").map(|(version, ..)| version),
                plan.map(|plan| plan.version),
                "device {number}"
            );
        }
        for acknowledged in self.acknowledged.borrow().iter() {
            assert!(at_portal.contains_key(acknowledged), "acknowledged and lost: {acknowledged:?}");
        }
        for deleted in &self.deleted {
            assert_eq!(at_portal.get(deleted), Some(&None), "deleted and risen: {deleted:?}");
        }
    }
}

/// Runs the seeds; returns rows, acknowledged rows and rows the clinic removed.
fn run<H: Home>(seeds: u64, size: Size) -> (usize, usize, usize) {
    let (mut rows, mut acknowledged, mut deleted) = (0, 0, 0);
    for seed in 0..seeds {
        let _tell = TellSeed(seed);
        let mut world = World::<H>::new(seed, size);
        world.run();
        world.settle();
        world.check();
        rows += world.homes.values_mut().map(|home| home.live().len()).sum::<usize>();
        acknowledged += world.acknowledged.borrow().len();
        deleted += world.deleted.len();
    }
    eprintln!("{seeds} seeds of {size:?}: {rows} rows, {acknowledged} acknowledged, {deleted} removed by the clinic");
    (rows, acknowledged, deleted)
}

#[test]
fn everything_agrees_when_the_sky_clears() {
    let (rows, _, deleted) = run::<MemoryHome>(SEEDS, FIFTY);
    // A simulation in which nothing happens proves nothing.
    assert!(rows > 1_000 * SEEDS as usize && deleted > 50 * SEEDS as usize, "{rows} {deleted}");
}

#[test]
fn real_stores_agree_when_the_sky_clears() {
    let (rows, _, deleted) = run::<StoreHome>(STORE_SEEDS, FEW);
    assert!(rows > 50 * STORE_SEEDS as usize && deleted > 10 * STORE_SEEDS as usize, "{rows} {deleted}");
}
