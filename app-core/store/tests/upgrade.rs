//! A store of every released schema opens, and nothing of it is missing.
//!
//! `fixtures/0001` was made with the `reme` command of schema 1: one patient, one memory with three details, a session that was
//! stopped and one that is half done. Its key stands below; it opens nothing else.

use std::{fs, path::Path, sync::Arc};

use reme_store::{MemoryFilter, SessionState, Store, StoreKey, SuggestionFilter};
use reme_types::{Clock, FixedClock};

const KEY: &str = "b7de0d64d193d8e2795f1d931fbaddd8f764b80ca8155ee586b1765055c3dd20";

fn clock() -> Arc<dyn Clock> {
    Arc::new(FixedClock { now: "2026-11-26T10:00:00Z".parse().expect("a time"), time_zone: jiff::tz::TimeZone::UTC })
}

/// Opened in a copy; the fixture itself is never written to.
fn opened(folder: &Path) -> Store {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/0001");
    for file in ["reme.db", "key.check"] {
        fs::copy(fixture.join(file), folder.join(file)).expect("copied");
    }
    Store::open(folder, &StoreKey::from_hex(KEY).expect("a key"), clock()).expect("opens")
}

#[test]
fn a_store_of_schema_1_keeps_every_row_and_all_its_changes_wait_to_be_sent() {
    let dir = tempfile::tempdir().expect("a folder");
    let store = opened(dir.path());
    assert_eq!(store.patient().expect("read").name, "Hedda");
    assert_eq!(store.memories(&MemoryFilter::default()).expect("read").len(), 1);
    assert_eq!((store.facts(None).expect("read").len(), store.people().expect("read").len()), (3, 1));
    let sessions = store.sessions(false).expect("read");
    let states: Vec<SessionState> = sessions.iter().map(|session| session.state).collect();
    assert_eq!(states, [SessionState::Running, SessionState::Stopped]);
    let trials = store.trials(None).expect("read");
    assert!(!trials.is_empty() && !store.events(sessions[0].id).expect("read").is_empty());
    assert!(!store.lines(sessions[1].id).expect("read").is_empty());

    let waiting = store.waiting(&["trials", "sessions"], usize::MAX).expect("read");
    let of = |collection: &str| waiting.iter().filter(|change| change.collection == collection).count();
    assert_eq!((of("trials"), of("sessions")), (trials.len(), 2), "of each row only the latest change");
    assert!(waiting.iter().all(|change| change.hlc.is_none() && !change.gone));
    assert!(store.ledger().expect("read").is_empty() && store.consents().expect("read").is_empty());
    // Schema 3: nothing was offered or seen yet.
    assert!(store.suggestions(&SuggestionFilter::default()).expect("read").is_empty());
    assert!(store.face_groups().expect("read").is_empty() && store.photo_marks().expect("read").is_empty());
    drop(store);
    Store::open(dir.path(), &StoreKey::from_hex(KEY).expect("a key"), clock()).expect("opens a second time");
}
