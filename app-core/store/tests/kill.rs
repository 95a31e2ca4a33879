//! SIGKILL at random points: the store opens, and nothing acknowledged is missing.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Command, Stdio},
    sync::Arc,
};

use reme_store::{Session, SessionState, Store, StoreKey};
use reme_types::{Clock, DoseLimit, FixedClock, Language, Patient, Plan, Rng, SeededRng, SessionId};

/// How often the writer is killed.
const KILLS: usize = 200;

fn clock() -> Arc<dyn Clock> {
    Arc::new(FixedClock { now: "2026-05-04T10:00:00Z".parse().expect("a time"), time_zone: jiff::tz::TimeZone::UTC })
}

/// The example cargo has built beside this test.
fn writer() -> PathBuf {
    let mut path = std::env::current_exe().expect("a test has a path");
    path.pop();
    path.pop();
    path.join("examples/append_until_killed")
}

#[test]
fn nothing_acknowledged_is_lost_when_the_process_is_killed() {
    let dir = tempfile::tempdir().expect("a folder");
    let key = StoreKey::from_bytes([7; 32]);
    let patient = Patient { name: "Hedda".into(), language: Language::En, time_zone: "UTC".into(), born_on: None };
    let mut store = Store::create(dir.path(), &key, &patient, clock()).expect("made");
    let id = SessionId::from_uuid(store.new_uuid());
    let plan = Plan {
        version: 1,
        games: vec![],
        dose: DoseLimit::default(),
        starts_on: None,
        ends_on: None,
        set_by: "default".into(),
    };
    let session = Session {
        id,
        state: SessionState::Running,
        plan,
        seed: 1,
        template_versions: BTreeMap::new(),
        started_at: "2026-05-04T10:00:00Z".parse().expect("a time"),
        ended_at: None,
        seconds: 0,
    };
    store.transact(|tx| tx.start_session(&session)).expect("begun");
    drop(store);
    let mut rng = SeededRng::new(20_260_504);
    let mut acknowledged = 0;
    for _ in 0..KILLS {
        let mut child = Command::new(writer())
            .arg(dir.path())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the example is built with the tests");
        let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        // The kill falls somewhere in the work on the next trials: the reader stops after a random number of them.
        for _ in 0..1 + rng.below(6) {
            let line = lines.next().expect("it writes until it is killed").expect("text");
            acknowledged = line.parse::<u32>().expect("a number") + 1;
        }
        for _ in 0..rng.below(20_000) {
            std::hint::spin_loop();
        }
        child.kill().expect("killed");
        child.wait().expect("gone");
        // What was printed before the kill reached the pipe counts as acknowledged too.
        for line in lines.map_while(Result::ok) {
            acknowledged = line.parse::<u32>().map_or(acknowledged, |seq| seq + 1);
        }
    }
    let store = Store::open(dir.path(), &key, clock()).expect("opens after every kill");
    let trials = store.trials(Some(id)).expect("read");
    assert!(trials.len() >= acknowledged as usize, "{} kept, {acknowledged} acknowledged", trials.len());
    assert!(trials.len() <= acknowledged as usize + 1, "at most the one that was on its way");
    assert_eq!(store.events(id).expect("read").len(), trials.len(), "all of an input or none");
    assert_eq!(store.lines(id).expect("read").len(), trials.len());
    assert!(trials.iter().enumerate().all(|(at, trial)| trial.seq as usize == at));
    assert!(acknowledged as usize >= KILLS);
}
