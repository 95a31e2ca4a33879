//! What only the inside can provoke: a full disk, a newer format, a hand in the trial log.

use std::{fs, path::Path, sync::Arc};

use proptest::prelude::*;
use reme_types::{Clock, FixedClock, Language, Memory, MemoryId, MemoryKind, Patient, Sensitivity, Source, When};

use super::Store;
use crate::{MAX_TEXT_BYTES, MemoryFilter, StoreError, StoreKey};

fn clock() -> Arc<dyn Clock> {
    Arc::new(FixedClock { now: "2026-05-04T10:00:00Z".parse().expect("a time"), time_zone: jiff::tz::TimeZone::UTC })
}

fn key() -> StoreKey {
    StoreKey::from_bytes([7; 32])
}

fn made(folder: &Path) -> Store {
    let patient =
        Patient { name: "Hedda".into(), language: Language::En, time_zone: "Europe/Oslo".into(), born_on: None };
    Store::create(folder, &key(), &patient, clock()).expect("made")
}

fn memory(store: &mut Store, text: &str) -> Memory {
    Memory {
        id: MemoryId::from_uuid(store.new_uuid()),
        external_id: None,
        kind: MemoryKind::Episode,
        happened_at: "2026-05-02".parse().ok(),
        recorded_at: "2026-05-02T18:00".parse().expect("a time"),
        text: text.into(),
        people: vec![],
        place: None,
        tags: Default::default(),
        source: Source::Patient,
        sensitivity: Sensitivity::Ordinary,
        consent: None,
        media: vec![],
        deleted_at: None,
    }
}

#[test]
fn a_full_disk_loses_nothing_and_keeps_no_half_of_a_change() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut store = made(dir.path());
    let first = memory(&mut store, "Before.");
    store.transact(|tx| tx.put_memory(&first)).expect("kept");
    let pages: i64 = store.db.query_row("PRAGMA page_count", [], |row| row.get(0)).expect("counted");
    let limit = |store: &Store, pages: i64| {
        let sql = format!("PRAGMA max_page_count = {pages}");
        assert_eq!(store.db.query_row(&sql, [], |row| row.get::<_, i64>(0)).expect("set"), pages);
    };
    limit(&store, pages);
    let large = memory(&mut store, &"word ".repeat(12_000));
    let refused = store.transact(|tx| tx.put_memory(&large));
    assert!(matches!(refused, Err(StoreError::DiskFull)), "{refused:?}");
    let (before, small) = (store.unsent(99).expect("read"), memory(&mut store, "Small."));
    let gone_on = store.transact(|tx| {
        assert!(tx.put_memory(&large).is_err());
        tx.put_memory(&small)
    });
    assert!(gone_on.is_ok() || store.unsent(99).expect("read") == before, "all or nothing");
    limit(&store, pages + 1000);
    store.transact(|tx| tx.put_memory(&large)).expect("there is room now");
    drop(store);
    let store = Store::open(dir.path(), &key(), clock()).expect("opens");
    assert_eq!(store.memory(first.id).expect("read"), first);
    assert_eq!(store.memory(large.id).expect("read"), large);
}

#[test]
fn a_store_of_a_newer_reme_is_refused_and_left_as_it_is() {
    let dir = tempfile::tempdir().expect("a folder");
    let store = made(dir.path());
    store.db.pragma_update(None, "user_version", 999).expect("set");
    drop(store);
    let before = fs::read(dir.path().join("reme.db")).expect("read");
    let refused = Store::open(dir.path(), &key(), clock()).expect_err("refused");
    assert!(matches!(refused, StoreError::Newer(_)), "{refused:?}");
    assert_eq!(refused.code(), "unsupported");
    assert_eq!(fs::read(dir.path().join("reme.db")).expect("read"), before);
}

#[test]
fn what_cannot_be_written_is_said_to_be_so() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut store = made(dir.path());
    let kept = memory(&mut store, "Kept.");
    store.transact(|tx| tx.put_memory(&kept)).expect("kept");
    store.db.pragma_update(None, "query_only", true).expect("set");
    let more = memory(&mut store, "More.");
    let refused = store.transact(|tx| tx.put_memory(&more));
    assert!(matches!(refused, Err(StoreError::ReadOnly(_))), "{refused:?}");
    assert_eq!(store.memories(&MemoryFilter::default()).expect("read"), [kept]);
}

#[test]
fn the_logs_refuse_every_hand_that_would_change_them() {
    let dir = tempfile::tempdir().expect("a folder");
    let store = made(dir.path());
    store
        .db
        .execute_batch(
            "INSERT INTO sessions VALUES ('s', 'running', '{}', 1, '{}', 't', NULL, 0);
             INSERT INTO session_events VALUES ('s', 0, 't', '{}');
             INSERT INTO trials VALUES ('t', 's', 0, 0, 'g', '1', 'typed', 't', 1, '{}');",
        )
        .expect("added");
    for sql in [
        "UPDATE trials SET outcome = '{}'",
        "DELETE FROM trials",
        "INSERT OR REPLACE INTO trials VALUES ('t', 's', 0, 9, 'g', '1', 'typed', 't', 1, '{}')",
        "UPDATE session_events SET payload = '[]'",
        "DELETE FROM session_events",
        "INSERT OR REPLACE INTO session_events VALUES ('s', 0, 't', '[]')",
    ] {
        let refused = store.db.execute(sql, []).expect_err(sql).to_string();
        assert!(refused.contains("append-only"), "{sql}: {refused}");
    }
}

#[test]
fn a_store_whose_making_was_cut_off_can_be_made_again() {
    let dir = tempfile::tempdir().expect("a folder");
    fs::write(dir.path().join("reme.db.new"), "half of a store").expect("written");
    fs::write(dir.path().join("key.check"), "another key's").expect("written");
    assert!(matches!(Store::open(dir.path(), &key(), clock()), Err(StoreError::Missing(_))));
    assert_eq!(made(dir.path()).patient().expect("read").name, "Hedda");
    assert!(!dir.path().join("reme.db.new").exists());
}

#[test]
fn a_photo_goes_with_its_memory_only_when_the_change_stands_and_nothing_else_shows_it() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut store = made(dir.path());
    let (mut binned, mut stays) = (memory(&mut store, "Binned."), memory(&mut store, "Stays."));
    binned.deleted_at = "2026-05-03T10:00:00Z".parse().ok();
    let ((alone, shared, on_a_form), _) = store
        .transact(|tx| {
            let alone = tx.add_media(b"alone", "image/png")?;
            let shared = tx.add_media(b"shared", "image/png")?;
            let on_a_form = tx.add_media(b"on a form", "image/png")?;
            binned.media = vec![alone.clone(), shared.clone()];
            stays.media = vec![shared.clone()];
            tx.put_memory(&binned)?;
            tx.put_memory(&stays)?;
            Ok((alone, shared, on_a_form))
        })
        .expect("kept");
    let failed = store.transact(|tx| {
        tx.empty_bin()?;
        tx.add_media(b"never committed", "image/png")?;
        Err::<(), _>(StoreError::DiskFull)
    });
    assert!(failed.is_err());
    assert_eq!(store.media(&alone).expect("the row came back, the file never went").0, b"alone");
    assert_eq!(store.sweep_media().expect("swept"), 1);
    store.transact(|tx| tx.empty_bin()).expect("emptied");
    assert!(matches!(store.media(&alone), Err(StoreError::NotFound { .. })));
    assert_eq!(store.media(&shared).expect("still shown").0, b"shared");
    assert_eq!(store.media(&on_a_form).expect("not yet attached").0, b"on a form");
    assert_eq!(store.sweep_media().expect("swept"), 0);
}

#[test]
fn what_cannot_be_kept_names_its_field() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut store = made(dir.path());
    let good = memory(&mut store, "Good.");
    let cases = [
        (Memory { text: "x".repeat(MAX_TEXT_BYTES + 1), ..good.clone() }, "text", "too-large"),
        (Memory { text: " \n".into(), ..good.clone() }, "text", "invalid"),
        (Memory { happened_at: Some(When::Month(2026, 13)), ..good.clone() }, "happened_at", "invalid"),
        (Memory { recorded_at: When::Year(-3), ..good }, "recorded_at", "invalid"),
    ];
    for (bad, field, code) in cases {
        let error = store.transact(|tx| tx.put_memory(&bad)).expect_err(field);
        assert_eq!(error.code(), code, "{error}");
        assert!(error.to_string().contains(field), "{error}");
    }
}

#[test]
fn the_outbox_keeps_the_order_of_writing() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut store = made(dir.path());
    let ((), changes) = store.transact(|tx| (0..20).try_for_each(|n: u32| tx.put_setting("n", &n))).expect("kept");
    let sent: Vec<String> = store.unsent(99).expect("read").into_iter().map(|row| row.0).skip(1).collect();
    assert_eq!(sent, changes.iter().map(|c| c.record_id.to_string()).collect::<Vec<_>>());
}

fn any_when() -> impl Strategy<Value = When> {
    (1i16..=9999, 1i8..=12, 1i8..=28, 0i8..24, 0i8..60, 0u8..4).prop_map(|(y, m, d, h, min, precision)| {
        let date = jiff::civil::Date::constant(y, m, d);
        match precision {
            0 => When::Year(y),
            1 => When::Month(y, m),
            2 => When::Day(date),
            _ => When::Minute(date.at(h, min, 0, 0)),
        }
    })
}

#[test]
fn every_memory_comes_back_as_it_was_put() {
    let dir = tempfile::tempdir().expect("a folder");
    let store = std::cell::RefCell::new(made(dir.path()));
    let tags = proptest::collection::btree_set("[a-z]{1,8}", 0..4);
    let fields =
        ("\\PC{1,60}|[一-龥]{1,20}|👩‍🦳 שלום", proptest::option::of(any_when()), any_when(), tags, any::<bool>());
    proptest!(ProptestConfig::with_cases(24), |((text, happened_at, recorded_at, tags, linked) in fields)| {
        prop_assume!(!text.trim().is_empty());
        let mut store = store.borrow_mut();
        let mut put = Memory { happened_at, recorded_at, tags, ..memory(&mut store, &text) };
        put.external_id = linked.then(|| put.id.to_string());
        store.transact(|tx| {
            if linked {
                (put.people, put.place) = (vec![tx.person_called(&text)?], Some(tx.place_called(&text)?));
            }
            tx.put_memory(&put)
        }).expect("kept");
        prop_assert_eq!(store.memory(put.id).expect("read"), put);
    });
}
