//! Vectors in a real store: kept, of one model, and gone with the text they were made of.

use std::{path::Path, sync::Arc};

use reme_store::{Store, StoreError, StoreKey};
use reme_types::{Clock, FixedClock, Language, Memory, MemoryId, MemoryKind, Patient, Sensitivity, Source};

fn clock() -> Arc<dyn Clock> {
    Arc::new(FixedClock { now: "2026-05-04T10:00:00Z".parse().expect("a time"), time_zone: jiff::tz::TimeZone::UTC })
}

fn made(folder: &Path) -> Store {
    let patient =
        Patient { name: "Hedda".into(), language: Language::En, time_zone: "Europe/Oslo".into(), born_on: None };
    Store::create(folder, &StoreKey::from_bytes([7; 32]), &patient, clock()).expect("made")
}

fn memory(store: &mut Store) -> Memory {
    let memory = Memory {
        id: MemoryId::from_uuid(store.new_uuid()),
        external_id: None,
        kind: MemoryKind::Episode,
        happened_at: None,
        recorded_at: "2026-05-02T18:00".parse().expect("a time"),
        text: "At the pier.".into(),
        people: vec![],
        place: None,
        tags: Default::default(),
        source: Source::Caregiver,
        sensitivity: Sensitivity::Ordinary,
        consent: None,
        media: vec![],
        deleted_at: None,
    };
    store.transact(|tx| tx.put_memory(&memory)).expect("kept");
    memory
}

#[test]
fn a_vector_is_kept_for_one_model_until_the_text_changes() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut store = made(dir.path());
    let kept = memory(&mut store);
    store.transact(|tx| tx.put_vector(kept.id, "model-a", &[1, 2, 3])).expect("kept");
    drop(store);
    let mut store = Store::open(dir.path(), &StoreKey::from_bytes([7; 32]), clock()).expect("opens");
    assert_eq!(store.vectors("model-a").expect("read"), [(kept.id, vec![1, 2, 3])]);
    assert_eq!(store.vectors("model-b").expect("read"), []);
    let tagged = Memory { tags: ["sea".to_owned()].into(), ..kept.clone() };
    store.transact(|tx| tx.put_memory(&tagged)).expect("kept");
    assert_eq!(store.vectors("model-a").expect("read").len(), 1);
    let told_anew = Memory { text: "At the harbour.".into(), ..tagged };
    store.transact(|tx| tx.put_memory(&told_anew)).expect("kept");
    assert_eq!(store.vectors("model-a").expect("read"), []);
}

#[test]
fn a_vector_leaves_no_change_to_send_and_needs_its_memory() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut store = made(dir.path());
    let kept = memory(&mut store);
    let before = store.changes_since(0).expect("read");
    assert!(before.iter().any(|c| c.collection == "memories" && c.row_id == kept.id.to_string()));
    let ((), changes) = store.transact(|tx| tx.put_vector(kept.id, "model-a", &[1])).expect("kept");
    assert!(changes.is_empty());
    assert_eq!(store.changes_since(0).expect("read"), before);
    let stranger = MemoryId::from_uuid(store.new_uuid());
    let refused = store.transact(|tx| tx.put_vector(stranger, "model-a", &[1]));
    assert!(matches!(refused, Err(StoreError::NotFound { .. })));
}
