//! A device and the portal over real sockets, with a proxy between them that drops requests and answers, doubles them, and
//! holds some back until others have overtaken them. Nothing may be lost, nothing may be there twice.
//!
//! The seed decides the fate of every request; it is printed when a run fails.

mod clinic;

use std::{
    collections::BTreeSet,
    io::{BufRead, BufReader, Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{Arc, Mutex},
};

use clinic::Clinic;
use jiff::{Timestamp, tz::TimeZone};
use reme_sync::{DeviceStore, HttpPeer, SyncError, SyncReport, pair, sync_once, testing::MemoryDevice};
use reme_sync_protocol::{PairingCode, PeerError, SyncPeer, conformance::sample};
use reme_types::{FixedClock, Rng, SeededRng};

/// Rows written before each sync, syncs tried in bad weather, rows sent at a time.
const ROWS: u64 = 12;
const SYNCS: u64 = 60;
const BATCH: usize = 5;

/// What becomes of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    Through,
    RequestLost,
    AnswerLost,
    AnswerCut,
    Doubled,
    /// Kept back; it arrives after a later one, and nobody waits for its answer.
    Late,
}

/// What the proxy shares between its connections.
struct Weather {
    portal: String,
    rng: SeededRng,
    is_bad: bool,
    held: Vec<Vec<u8>>,
    seen: Vec<Fate>,
}

fn fate(weather: &mut Weather) -> Fate {
    if !weather.is_bad {
        return Fate::Through;
    }
    let fate = match weather.rng.below(100) {
        0..8 => Fate::RequestLost,
        8..18 => Fate::AnswerLost,
        18..24 => Fate::AnswerCut,
        24..36 => Fate::Doubled,
        36..42 => Fate::Late,
        _ => Fate::Through,
    };
    weather.seen.push(fate);
    fate
}

/// One request with its body, as it came; `None` at the end of a connection.
fn request(from: &mut BufReader<TcpStream>) -> Option<Vec<u8>> {
    let (mut all, mut length) = (Vec::new(), 0);
    loop {
        let mut line = Vec::new();
        if from.read_until(b'\n', &mut line).ok()? == 0 {
            return None;
        }
        let text = String::from_utf8_lossy(&line).to_ascii_lowercase();
        if let Some(value) = text.strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
        // The portal is to end each connection, so that an answer's end is seen.
        if text.trim().is_empty() {
            all.extend_from_slice(b"Connection: close\r\n\r\n");
            break;
        }
        if !text.starts_with("connection:") {
            all.extend_from_slice(&line);
        }
    }
    let mut body = vec![0; length];
    from.read_exact(&mut body).ok()?;
    all.extend_from_slice(&body);
    Some(all)
}

/// Hands a request on and returns the whole answer.
fn forward(portal: &str, request: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(portal).expect("the portal is there");
    stream.write_all(request).expect("taken");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("answered");
    answer
}

/// One connection of the device; each carries one request.
fn carry(stream: TcpStream, weather: &Mutex<Weather>) {
    let mut from = BufReader::new(stream.try_clone().expect("a socket"));
    let Some(request) = request(&mut from) else { return };
    let mut to = stream;
    // One request at a time, so that the seed decides the order of everything.
    let mut weather = weather.lock().expect("not poisoned");
    let fate = fate(&mut weather);
    let portal = weather.portal.clone();
    match fate {
        Fate::RequestLost => {}
        Fate::Late => weather.held.push(request),
        Fate::Through | Fate::Doubled | Fate::AnswerLost | Fate::AnswerCut => {
            let mut answer = forward(&portal, &request);
            if fate == Fate::Doubled {
                answer = forward(&portal, &request);
            }
            // What was held back arrives now, overtaken, in an order of its own.
            while !weather.held.is_empty() && weather.rng.below(2) == 0 {
                let count = weather.held.len();
                let at = weather.rng.below(count);
                let late = weather.held.swap_remove(at);
                forward(&portal, &late);
            }
            match fate {
                Fate::AnswerLost => {}
                Fate::AnswerCut => drop(to.write_all(&answer[..answer.len() / 2])),
                _ => drop(to.write_all(&answer)),
            }
        }
    }
    let _ = to.shutdown(Shutdown::Both); // the device may have gone
}

/// Starts the proxy; the thread ends with the process.
fn proxy(weather: &Arc<Mutex<Weather>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("bound"));
    let weather = Arc::clone(weather);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            carry(stream, &weather);
        }
    });
    address
}

/// Says which seed it was when a run fails.
struct TellSeed(u64);

impl Drop for TellSeed {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the run with seed {} failed", self.0);
        }
    }
}

fn clock(ms: i64) -> FixedClock {
    FixedClock { now: Timestamp::from_millisecond(ms).expect("in range"), time_zone: TimeZone::UTC }
}

#[test]
fn nothing_is_lost_and_nothing_is_there_twice_through_a_bad_line() {
    let clinic = Clinic::start();
    let patient = clinic.patient("Frank Delaney");
    for seed in 1..=3u64 {
        let _tell = TellSeed(seed);
        let weather = Arc::new(Mutex::new(Weather {
            portal: clinic.address.trim_start_matches("http://").to_owned(),
            rng: SeededRng::new(seed),
            is_bad: true,
            held: Vec::new(),
            seen: Vec::new(),
        }));
        let address = proxy(&weather);
        // Its clock stands still and is wrong by months: the portal tells the time.
        let now = clock(sample::START_MS);
        let mut peer = HttpPeer::new(
            address.parse().expect("an address"),
            sample::device(seed),
            sample::key(seed),
            Arc::new(now.clone()),
        );
        let mut device = MemoryDevice::new(sample::device(seed), sample::consents());
        device.batch = BATCH;
        let code: PairingCode = clinic.code(&patient).parse().expect("a code");
        let paired = (0..200).any(|_| {
            match pair(&device, &mut peer, code.clone(), sample::key(seed).public(), "test", "0.1.0") {
                Ok(_) => true,
                Err(SyncError::Peer(PeerError::Unreachable | PeerError::BrokenAnswer)) => false,
                Err(other) => panic!("{other:?}"),
            }
        });
        assert!(paired);
        let mut number = 0;
        let mut completed = 0;
        for _ in 0..SYNCS {
            for _ in 0..ROWS {
                number += 1;
                let record = sample::record(seed, number, number);
                device.write(record.id, record.key(), record.payload, record.hlc.wall_ms);
            }
            let session = sample::session_record(seed, number / 60, number, "done");
            device.write(session.id, session.key(), session.payload, session.hlc.wall_ms);
            match sync_once(&mut device, &mut peer, &now, "0.1.0") {
                Ok(_) => completed += 1,
                Err(SyncError::Peer(PeerError::Unreachable | PeerError::BrokenAnswer) | SyncError::StillDifferent) => {}
                Err(other) => panic!("{other:?}"),
            }
        }
        let seen: BTreeSet<Fate> = weather.lock().expect("not poisoned").seen.iter().copied().collect();
        assert_eq!(seen.len(), 6, "every fate was met: {seen:?}; {completed} of {SYNCS} syncs came to their end");

        // The sky clears; what was held back is lost for good.
        {
            let mut weather = weather.lock().expect("not poisoned");
            weather.is_bad = false;
            weather.held.clear();
        }
        sync_once(&mut device, &mut peer, &now, "0.1.0").expect("in fine weather");
        assert_eq!(
            sync_once(&mut device, &mut peer, &now, "0.1.0"),
            Ok(SyncReport::default()),
            "nothing is left to say"
        );
        let (mut after, mut rows) = (None, Vec::new());
        loop {
            let page = peer.rows(after.as_ref()).expect("in fine weather");
            rows.extend(page.rows.into_iter().map(|envelope| (envelope.record.key(), envelope.record.payload)));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        let mine: Vec<_> = device.rows.clone().into_iter().map(|(key, payload)| (key, Some(payload))).collect();
        assert_eq!(rows.len(), mine.len(), "as many rows on both sides");
        assert!(rows == mine, "the same rows with the same content, each once");
        assert_eq!(device.digest().expect("memory"), peer.digest().expect("in fine weather"));
        assert_eq!(device.waiting(), 0);
    }
}
