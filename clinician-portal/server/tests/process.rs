//! The program itself, killed in the middle of pushes again and again, and stopped politely.

mod common;

use std::{
    collections::BTreeSet,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::{Arc, mpsc},
};

use common::{TestClock, postgres};
use reme_sync::{DeviceStore, HttpPeer, pair, sync_once, testing::MemoryDevice};
use reme_sync_protocol::{
    AckOutcome, Collection, Cursor, Digest, Envelope, Hello, HelloAnswer, PairAnswer, PairRequest, PairingCode,
    PeerError, PlanReceipt, PullAnswer, PushAnswer, RowKey, RowsPage, SyncPeer, conformance::sample,
};
use reme_types::{Rng, SeededRng};

/// Rows a device writes before each sync, and how many go at a time.
const ROWS: u64 = 120;
const BATCH: usize = 10;

/// A running portal; killed when dropped.
struct Process {
    child: Child,
    address: String,
    codes: Vec<PairingCode>,
}

impl Process {
    fn start(database: &str, demo: bool) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_reme-portal"));
        command.args(["--bind", "127.0.0.1:0", "--database", database]).env("RUST_LOG", "warn");
        if demo {
            command.arg("--demo");
        }
        let mut child = command.stdout(Stdio::piped()).spawn().expect("starts");
        let mut codes = Vec::new();
        // Ends with the line that says where; the pipe is kept open by the child.
        for line in BufReader::new(child.stdout.take().expect("a pipe")).lines() {
            let line = line.expect("UTF-8");
            if let Some(address) = line.strip_prefix("ReMe portal: ") {
                return Self { address: address.into(), child, codes };
            }
            if line.contains("pairs a device with") {
                codes.push(line.rsplit(' ').next().expect("a code").parse().expect("a code"));
            }
        }
        panic!("the portal ended before it said where it is: {:?}", child.wait());
    }

    fn peer(&self, clock: &TestClock) -> HttpPeer {
        // The clock stands still and is wrong: the portal tells the time.
        let address = self.address.parse().expect("an address");
        HttpPeer::new(address, sample::device(1), sample::key(1), Arc::new(clock.clone()))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // May have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Notes what was acknowledged, and says so after each batch.
struct Watched {
    peer: HttpPeer,
    acknowledged: BTreeSet<RowKey>,
    batches: mpsc::Sender<()>,
}

impl SyncPeer for Watched {
    fn pair(&mut self, request: &PairRequest) -> Result<PairAnswer, PeerError> {
        self.peer.pair(request)
    }
    fn hello(&mut self, hello: &Hello) -> Result<HelloAnswer, PeerError> {
        self.peer.hello(hello)
    }
    fn push(&mut self, batch: &[Envelope]) -> Result<PushAnswer, PeerError> {
        let answer = self.peer.push(batch)?;
        for (ack, sent) in answer.acks.iter().zip(batch) {
            assert!(!matches!(ack.outcome, AckOutcome::Refused(_)), "{ack:?}");
            self.acknowledged.insert(sent.record.key());
        }
        // Nobody may be listening any more.
        let _ = self.batches.send(());
        Ok(answer)
    }
    fn pull(&mut self, from: Cursor) -> Result<PullAnswer, PeerError> {
        self.peer.pull(from)
    }
    fn plan_taken(&mut self, receipt: PlanReceipt) -> Result<(), PeerError> {
        self.peer.plan_taken(receipt)
    }
    fn digest(&mut self) -> Result<Digest, PeerError> {
        self.peer.digest()
    }
    fn rows(&mut self, after: Option<&RowKey>) -> Result<RowsPage, PeerError> {
        self.peer.rows(after)
    }
}

fn write_rows(device: &mut MemoryDevice, number: &mut u64) {
    for _ in 0..ROWS {
        *number += 1;
        let record = sample::record(1, *number, *number);
        device.write(record.id, record.key(), record.payload, record.hlc.wall_ms);
    }
}

fn paired_device(portal: &Process, clock: &TestClock) -> MemoryDevice {
    let mut device = MemoryDevice::new(sample::device(1), sample::consents());
    device.batch = BATCH;
    let code = portal.codes[0].clone();
    pair(&device, &mut portal.peer(clock), code, sample::key(1).public(), "test", "0.1.0").expect("pairs");
    device
}

/// All that the portal has of the device's trials.
fn at_portal(peer: &mut dyn SyncPeer) -> BTreeSet<RowKey> {
    let (mut found, mut after) = (BTreeSet::new(), None);
    loop {
        let page = peer.rows(after.as_ref()).expect("answers");
        for envelope in page.rows.into_iter().filter(|e| e.record.payload.is_some()) {
            assert!(found.insert(envelope.record.key()), "a row twice");
        }
        after = page.next;
        if after.is_none() {
            return found;
        }
    }
}

fn check(portal: &Process, clock: &TestClock, device: &mut MemoryDevice, acknowledged: &BTreeSet<RowKey>) {
    let mut peer = portal.peer(clock);
    device.batch = usize::MAX;
    sync_once(device, &mut peer, clock, "0.1.0").expect("in peace");
    device.batch = BATCH;
    let kept = at_portal(&mut peer);
    let lost: Vec<_> = acknowledged.difference(&kept).collect();
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
    assert_eq!(kept, device.rows.keys().cloned().collect::<BTreeSet<_>>(), "all there, and nothing twice");
    assert_eq!(device.digest(), Ok(peer.digest().expect("answers")));
    let trials = device.rows.keys().filter(|key| key.collection == Collection::Trials).count();
    assert!(trials >= ROWS as usize, "{trials}");
}

/// Starts a sync on a thread and kills the portal when so many batches were acknowledged; the thread keeps on until it fails.
fn sync_under_fire(
    portal: &mut Process,
    clock: &TestClock,
    mut device: MemoryDevice,
    batches: usize,
) -> (MemoryDevice, BTreeSet<RowKey>) {
    let (said, heard) = mpsc::channel();
    let mut watched = Watched { peer: portal.peer(clock), acknowledged: BTreeSet::new(), batches: said };
    let clock = clock.clone();
    let syncing = std::thread::spawn(move || {
        // It may also come to its end before the blow falls.
        let _ = sync_once(&mut device, &mut watched, &clock, "0.1.0");
        (device, watched.acknowledged)
    });
    for _ in 0..batches {
        if heard.recv().is_err() {
            break;
        }
    }
    portal.child.kill().expect("dies");
    syncing.join().expect("does not panic")
}

#[test]
fn killed_fifty_times_in_the_middle_of_pushes_nothing_acknowledged_is_lost() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let database = format!("sqlite:{}", folder.path().join("portal.db").display());
    let (clock, mut rng) = (TestClock::new(), SeededRng::new(50));
    let mut portal = Process::start(&database, true);
    let mut device = paired_device(&portal, &clock);
    let (mut number, mut acknowledged) = (0, BTreeSet::new());
    for _ in 0..50 {
        write_rows(&mut device, &mut number);
        let batches = rng.below(ROWS as usize / BATCH);
        let (after, told) = sync_under_fire(&mut portal, &clock, device, batches);
        device = after;
        acknowledged.extend(told);
        portal = Process::start(&database, false);
    }
    check(&portal, &clock, &mut device, &acknowledged);
}

#[tokio::test]
async fn of_two_portals_on_one_postgresql_one_is_killed_under_load() {
    let database = postgres::fresh_database().await;
    let work = move || {
        let (clock, mut rng) = (TestClock::new(), SeededRng::new(2));
        let mut portals = [Process::start(&database, true), Process::start(&database, false)];
        let mut device = paired_device(&portals[0], &clock);
        let (mut number, mut acknowledged) = (0, BTreeSet::new());
        for round in 0..10 {
            write_rows(&mut device, &mut number);
            let batches = rng.below(ROWS as usize / BATCH);
            let (one, other) = (round % 2, 1 - round % 2);
            let (after, told) = sync_under_fire(&mut portals[one], &clock, device, batches);
            device = after;
            acknowledged.extend(told);
            // The other one has been there all along and takes over.
            check(&portals[other], &clock, &mut device, &acknowledged);
            portals[one] = Process::start(&database, false);
        }
    };
    tokio::task::spawn_blocking(work).await.expect("does not panic");
}

#[test]
fn asked_to_stop_it_stops_in_order() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let database = format!("sqlite:{}", folder.path().join("portal.db").display());
    let clock = TestClock::new();
    let mut portal = Process::start(&database, true);
    let device = paired_device(&portal, &clock);
    assert_eq!(device.waiting(), 0);
    let told = Command::new("kill").args(["-TERM", &portal.child.id().to_string()]).status().expect("kill runs");
    assert!(told.success());
    let ended = portal.child.wait().expect("ends");
    assert!(ended.success(), "{ended}");
}

#[test]
fn the_demo_is_not_shown_to_the_world() {
    let refused = Command::new(env!("CARGO_BIN_EXE_reme-portal"))
        .args(["--demo", "--bind", "0.0.0.0:0", "--database", "sqlite::memory:"])
        .output()
        .expect("runs");
    assert!(!refused.status.success());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("--demo has passwords that everybody knows"));
}
