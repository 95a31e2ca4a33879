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
        Self::start_with(database, demo, &[])
    }

    fn start_with(database: &str, demo: bool, more: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_reme-portal"));
        command.args(["--bind", "127.0.0.1:0", "--database", database]).env("RUST_LOG", "warn");
        if demo {
            command.arg("--demo");
        }
        command.args(more);
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

/// Sends a signal and waits for a clean end.
fn stop(portal: &mut Process, signal: &str) {
    let told = Command::new("kill").args([signal, &portal.child.id().to_string()]).status().expect("kill runs");
    assert!(told.success());
    let ended = portal.child.wait().expect("ends");
    assert!(ended.success(), "{signal}: {ended}");
}

#[test]
fn asked_to_stop_it_stops_in_order() {
    for signal in ["-TERM", "-INT"] {
        let folder = tempfile::TempDir::new().expect("a folder");
        let database = format!("sqlite:{}", folder.path().join("portal.db").display());
        let mut portal = Process::start(&database, true);
        let device = paired_device(&portal, &TestClock::new());
        assert_eq!(device.waiting(), 0);
        stop(&mut portal, signal);
    }
}

#[test]
fn a_second_start_of_the_demo_keeps_all_and_tells_scripts_what_they_need() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let database = format!("sqlite:{}", folder.path().join("portal.db").display());
    let (clock, told) = (TestClock::new(), folder.path().join("demo.json"));
    let read = || -> serde_json::Value {
        serde_json::from_str(&std::fs::read_to_string(&told).expect("was written")).expect("JSON")
    };
    let more = ["--demo-file", told.to_str().expect("UTF-8")];
    let mut portal = Process::start_with(&database, true, &more);
    let first = read();
    assert_eq!(first["address"], portal.address);
    assert_eq!(first["accounts"].as_array().map(Vec::len), Some(3));
    let names: Vec<&str> =
        first["patients"].as_array().expect("a list").iter().filter_map(|p| p["name"].as_str()).collect();
    assert_eq!(names, ["Frank Delaney", "顾秀芸"]);
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::MetadataExt::mode(&std::fs::metadata(&told).expect("is there"));
        assert_eq!(mode & 0o777, 0o600, "passwords and codes are its owner's only");
    }
    let mut device = paired_device(&portal, &clock);
    let mut number = 0;
    write_rows(&mut device, &mut number);
    check(&portal, &clock, &mut device, &BTreeSet::new());
    stop(&mut portal, "-INT");
    let again = Process::start_with(&database, true, &more);
    // What the device sent is there, the device is still paired, and the codes are new ones that hold.
    let sent = device.rows.keys().cloned().collect();
    check(&again, &clock, &mut device, &sent);
    assert_ne!(read()["patients"][0]["code"], first["patients"][0]["code"]);
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
