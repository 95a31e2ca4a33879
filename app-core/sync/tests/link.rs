//! The link between a patient's store and a clinic, against the portal in memory.

mod homes;

use std::{
    cell::{Cell, RefCell},
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering},
    },
};

use homes::{Home, StoreHome};
use jiff::{Timestamp, tz::TimeZone};
use reme_store::Store;
use reme_sync::{About, DeviceKeys, DeviceStoreError, Link, PortalAddress, SyncFault};
use reme_sync_protocol::{
    Collection, Cursor, DeviceKey, Digest, Envelope, Hello, HelloAnswer, PairAnswer, PairRequest, PairingCode,
    PeerError, PlanReceipt, PullAnswer, PushAnswer, RowKey, RowsPage, SyncPeer,
    conformance::sample::{self, START_MS},
    in_process::{InProcessPeer, InProcessPortal},
};
use reme_types::{Clock, DeviceId, SeededRng};

/// A key store in memory: the number of the key it holds.
#[derive(Default)]
struct Keys {
    held: Cell<Option<u64>>,
    made: Cell<u64>,
}

impl DeviceKeys for Keys {
    fn load(&self) -> Result<Option<DeviceKey>, DeviceStoreError> {
        Ok(self.held.get().map(sample::key))
    }
    fn renew(&self) -> Result<DeviceKey, DeviceStoreError> {
        self.made.set(self.made.get() + 1);
        self.held.set(Some(self.made.get()));
        Ok(sample::key(self.made.get()))
    }
    fn forget(&self) -> Result<(), DeviceStoreError> {
        self.held.set(None);
        Ok(())
    }
}

/// What the line does with the next request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Line {
    Good,
    Down,
    /// The request arrives, its answer does not.
    Mute,
}

/// The portal, over a line.
struct Wired(InProcessPeer, Line);

impl Wired {
    fn over<T>(&mut self, ask: impl FnOnce(&mut InProcessPeer) -> Result<T, PeerError>) -> Result<T, PeerError> {
        match self.1 {
            Line::Good => ask(&mut self.0),
            Line::Down => Err(PeerError::Unreachable),
            Line::Mute => ask(&mut self.0).and(Err(PeerError::Unreachable)),
        }
    }
}

impl SyncPeer for Wired {
    fn pair(&mut self, request: &PairRequest) -> Result<PairAnswer, PeerError> {
        self.over(|peer| peer.pair(request))
    }
    fn hello(&mut self, hello: &Hello) -> Result<HelloAnswer, PeerError> {
        self.over(|peer| peer.hello(hello))
    }
    fn push(&mut self, batch: &[Envelope]) -> Result<PushAnswer, PeerError> {
        self.over(|peer| peer.push(batch))
    }
    fn pull(&mut self, from: Cursor) -> Result<PullAnswer, PeerError> {
        self.over(|peer| peer.pull(from))
    }
    fn plan_taken(&mut self, receipt: PlanReceipt) -> Result<(), PeerError> {
        self.over(|peer| peer.plan_taken(receipt))
    }
    fn digest(&mut self) -> Result<Digest, PeerError> {
        self.over(InProcessPeer::digest)
    }
    fn rows(&mut self, after: Option<&RowKey>) -> Result<RowsPage, PeerError> {
        self.over(|peer| peer.rows(after))
    }
}

struct TestClock(AtomicI64);

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.0.load(Ordering::SeqCst)).expect("in range")
    }
    fn time_zone(&self) -> TimeZone {
        TimeZone::UTC
    }
}

/// Somebody's device and the portal.
struct World {
    home: StoreHome,
    portal: Arc<Mutex<InProcessPortal>>,
    keys: Keys,
    clock: TestClock,
    line: Line,
}

type OwnLink<'a> = Link<'a, &'a RefCell<Store>>;

impl World {
    fn new() -> Self {
        let mut world = Self {
            home: StoreHome::new(1),
            portal: Arc::default(),
            keys: Keys::default(),
            clock: TestClock(AtomicI64::new(START_MS)),
            line: Line::Good,
        };
        world.pass(0);
        world
    }

    fn pass(&mut self, ms: i64) {
        let now_ms = self.clock.0.fetch_add(ms, Ordering::SeqCst) + ms;
        self.portal.lock().expect("not poisoned").set_now(now_ms.max(START_MS));
    }

    fn code(&self, chance: u8) -> PairingCode {
        self.portal.lock().expect("not poisoned").new_code([chance; 8])
    }

    fn link<T>(&mut self, work: impl FnOnce(&OwnLink<'_>) -> T) -> T {
        let (portal, line) = (self.portal.clone(), self.line);
        let connect = move |_: &PortalAddress, device: DeviceId, _: DeviceKey| -> Box<dyn SyncPeer> {
            Box::new(Wired(InProcessPeer::new(portal.clone(), device), line))
        };
        let about = About { platform: "test".into(), app_version: "0.1.0".into(), facts: Vec::new() };
        work(&Link::new(self.home.own().reach(), &self.keys, &connect, &self.clock, about))
    }

    fn pair(&mut self, code: &PairingCode) -> Result<(), SyncFault> {
        let address: PortalAddress = "https://portal.example".parse().expect("an address");
        self.link(|link| link.pair(&address, code, &Collection::ALL)).map(drop)
    }

    fn sync(&mut self) -> Result<usize, SyncFault> {
        self.link(|link| link.sync(&mut SeededRng::new(1))).map(|report| report.sent)
    }

    fn is_due(&mut self) -> bool {
        self.link(|link| link.is_due()).expect("read")
    }

    fn device(&mut self) -> DeviceId {
        self.link(|link| link.status()).expect("read").paired.expect("paired").device
    }

    fn trial(&mut self, number: u64) {
        let record = sample::record(1, number, 0);
        let now_ms = self.clock.now().as_millisecond();
        self.home.write(&record.key(), record.payload.as_ref().expect("a trial"), now_ms);
    }
}

#[test]
fn an_answer_that_was_lost_is_asked_for_again_by_the_same_device() {
    let mut world = World::new();
    let code = world.code(3);
    world.line = Line::Mute;
    assert_eq!(world.pair(&code), Err(SyncFault::Unreachable));
    assert_eq!(world.link(|link| link.status()).expect("read").paired, None, "without an answer nobody is paired");
    assert_eq!(world.sync(), Err(SyncFault::NotPaired));
    world.line = Line::Good;
    world.pass(60_000);
    assert_eq!(world.pair(&code), Ok(()), "the code is used, by this device");
    assert_eq!(world.keys.made.get(), 1);
    let other = world.code(4);
    assert_eq!(world.pair(&other), Err(SyncFault::AlreadyPaired));
    assert!(world.sync().is_ok());
}

#[test]
fn a_sync_by_itself_is_due_after_a_pause_that_grows_with_failures() {
    let mut world = World::new();
    assert!(!world.is_due(), "nobody is paired");
    let code = world.code(3);
    world.pair(&code).expect("a fresh code");
    assert!(world.is_due(), "the first comes at once");
    world.sync().expect("in fine weather");
    assert!(!world.is_due());
    world.pass(361_000);
    assert!(world.is_due());
    world.line = Line::Down;
    let mut waits = Vec::new();
    for _ in 0..6 {
        assert_eq!(world.sync(), Err(SyncFault::Unreachable));
        let next_ms = world.link(|link| link.status()).expect("read").standing.next_ms;
        let wait_ms = next_ms - world.clock.now().as_millisecond();
        assert!(!world.is_due());
        world.pass(wait_ms);
        assert!(world.is_due());
        waits.push(wait_ms);
    }
    assert!(waits[5] > 8 * waits[0], "{waits:?}");
    // A clock that is set back by a month does not stop it for a month.
    world.clock.0.fetch_sub(30 * 24 * 60 * 60 * 1000, Ordering::SeqCst);
    assert!(world.is_due());
}

#[test]
fn a_clinic_that_ended_the_link_is_not_asked_again_and_a_new_code_sends_everything_there() {
    let mut world = World::new();
    let code = world.code(3);
    world.pair(&code).expect("a fresh code");
    (0..4).for_each(|number| world.trial(number));
    assert_eq!(world.sync(), Ok(4 + 1 + 2), "with their day and two facts about the device");
    let first = world.device();
    world.portal.lock().expect("not poisoned").unpair(first);
    assert_eq!(world.sync(), Err(SyncFault::Removed));
    world.pass(24 * 60 * 60 * 1000);
    assert!(!world.is_due() && !world.link(|link| link.may_sync()).expect("read"));
    let code = world.code(4);
    world.pair(&code).expect("a fresh code");
    assert_ne!(world.device(), first, "another device, as far as the clinic knows");
    assert_eq!(world.sync(), Ok(7), "everything once more");
    assert_eq!(world.sync(), Ok(0));
}

#[test]
fn a_key_that_is_gone_is_said_and_a_new_code_is_the_way_out() {
    let mut world = World::new();
    let code = world.code(3);
    world.pair(&code).expect("a fresh code");
    world.keys.forget().expect("in memory");
    assert_eq!(world.sync(), Err(SyncFault::KeyMissing));
    assert!(!world.link(|link| link.may_sync()).expect("read"));
    let code = world.code(4);
    world.pair(&code).expect("a fresh code");
    assert!(world.sync().is_ok());
}

#[test]
fn sharing_makes_one_consent_and_taking_it_back_ends_it() {
    let mut world = World::new();
    let code = world.code(3);
    world.pair(&code).expect("a fresh code");
    let consents = |world: &mut World| world.home.with(|store| store.consents().expect("read"));
    let given = consents(&mut world).len();
    for _ in 0..2 {
        world.link(|link| link.share(Collection::Trials, true)).expect("kept");
    }
    assert_eq!(consents(&mut world).len(), given, "it was in force already");
    for _ in 0..2 {
        world.link(|link| link.share(Collection::Trials, false)).expect("kept");
    }
    world.trial(1);
    world.sync().expect("in fine weather");
    let trials = |world: &mut World| {
        let status = world.link(|link| link.status()).expect("read");
        let share = status.shares.into_iter().find(|share| share.collection == Collection::Trials).expect("a kind");
        (share.shared, share.waiting)
    };
    assert_eq!(trials(&mut world), (false, 1), "it waits at home");
    world.link(|link| link.share(Collection::Trials, true)).expect("kept");
    assert_eq!((world.sync(), trials(&mut world)), (Ok(1), (true, 0)));
    let after = consents(&mut world);
    assert_eq!(after.len(), given + 1, "a consent that was taken back stays taken back; the new one is another");
}

#[test]
fn unpairing_forgets_key_and_address_and_keeps_every_row() {
    let mut world = World::new();
    let code = world.code(3);
    world.pair(&code).expect("a fresh code");
    (0..3).for_each(|number| world.trial(number));
    world.sync().expect("in fine weather");
    let before = world.home.live();
    world.link(|link| link.unpair()).expect("kept");
    assert_eq!(world.keys.held.get(), None);
    assert_eq!((world.link(|link| link.unpair()), world.is_due()), (Err(SyncFault::NotPaired), false));
    let status = world.link(|link| link.status()).expect("read");
    assert_eq!((status.paired, status.standing.synced_ms, status.plan), (None, None, None));
    assert_eq!(world.home.live(), before);
    assert_eq!(world.home.waiting(), before.len(), "for the next clinic");
}
