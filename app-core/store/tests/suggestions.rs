//! Suggestions and faces in a real store: offered once, decided on once, undone whole, and gone with whom they are about.

use std::{path::Path, sync::Arc};

use reme_store::{
    FaceRow, MemoryFilter, NewSuggestion, PhotoMark, PhotoText, Store, StoreError, StoreKey, SuggestionFilter,
    SuggestionKind, SuggestionState,
};
use reme_types::{
    Clock, Consent, ConsentId, FaceGroupId, FaceId, FixedClock, Language, MediaId, Memory, MemoryId, MemoryKind,
    Patient, PersonId, Sensitivity, Source,
};
use serde_json::json;

fn clock() -> Arc<dyn Clock> {
    Arc::new(FixedClock { now: "2026-05-04T10:00:00Z".parse().expect("a time"), time_zone: jiff::tz::TimeZone::UTC })
}

fn made(folder: &Path) -> Store {
    let patient =
        Patient { name: "Hedda".into(), language: Language::En, time_zone: "Europe/Oslo".into(), born_on: None };
    Store::create(folder, &StoreKey::from_bytes([7; 32]), &patient, clock()).expect("made")
}

fn opened(folder: &Path) -> Store {
    Store::open(folder, &StoreKey::from_bytes([7; 32]), clock()).expect("opens")
}

fn memory(store: &mut Store, media: &[&MediaId]) -> Memory {
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
        media: media.iter().map(|id| (*id).clone()).collect(),
        deleted_at: None,
    };
    store.transact(|tx| tx.put_memory(&memory)).expect("kept");
    memory
}

fn photo(store: &mut Store, bytes: &[u8]) -> MediaId {
    store.transact(|tx| tx.add_media(bytes, "image/png")).expect("kept").0
}

fn offer(about: &str) -> NewSuggestion {
    NewSuggestion {
        kind: SuggestionKind::Draft,
        about: about.into(),
        memory: None,
        media: None,
        person: None,
        payload: json!({"text": "A walk of 25 minutes."}),
        source: "sensing/1".into(),
        confidence: 0.75,
    }
}

fn face(store: &mut Store, group: FaceGroupId, media: &MediaId) -> FaceRow {
    FaceRow {
        id: FaceId::from_uuid(store.new_uuid()),
        group,
        media: media.clone(),
        region: [0.25, 0.5, 0.125, 0.25],
        quality: 0.5,
        source: "faces/1".into(),
        vector: vec![0.5, -0.25, 1e-7],
    }
}

fn consent(store: &mut Store, person: PersonId) -> ConsentId {
    let id = ConsentId::from_uuid(store.new_uuid());
    let given_at = clock().now();
    let consent = Consent { id, scope: format!("faces:{person}"), given_at, withdrawn_at: None };
    store.transact(|tx| tx.put_consent(&consent)).expect("kept");
    id
}

#[test]
fn a_suggestion_comes_back_as_it_was_put_and_the_same_is_never_offered_twice() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut store = made(dir.path());
    let (id, changes) = store.transact(|tx| tx.put_suggestion(&offer("draft:walk"))).expect("kept");
    let id = id.expect("new");
    assert_eq!((changes.len(), changes[0].collection), (1, "suggestions"));
    drop(store);
    let mut store = opened(dir.path());
    let kept = store.suggestion(id).expect("there");
    assert_eq!((kept.what, kept.state), (offer("draft:walk"), SuggestionState::Open));
    assert_eq!(store.count_open_suggestions().expect("read"), [(SuggestionKind::Draft, 1)]);
    store.transact(|tx| tx.dismiss_suggestion(id)).expect("dismissed");
    let (again, changes) = store.transact(|tx| tx.put_suggestion(&offer("draft:walk"))).expect("no error");
    assert!(again.is_none() && changes.is_empty(), "dismissed once, dismissed for good");
    assert!(store.count_open_suggestions().expect("read").is_empty());
}

#[test]
fn it_is_decided_on_once_and_undone_with_what_it_changed() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut store = made(dir.path());
    let (id, _) = store.transact(|tx| tx.put_suggestion(&offer("draft:walk"))).expect("kept");
    let id = id.expect("new");
    store.transact(|tx| tx.accept_suggestion(id, &json!({"memory": "m1"}))).expect("accepted");
    let twice = store.transact(|tx| tx.dismiss_suggestion(id)).expect_err("refused");
    assert!(matches!(twice, StoreError::AlreadyResolved(other) if other == id), "{twice}");
    assert_eq!(twice.code(), "conflict");
    let (stood, _) = store.transact(|tx| tx.undo_suggestion(id)).expect("undone");
    assert_eq!((stood.state, stood.effect), (SuggestionState::Accepted, Some(json!({"memory": "m1"}))));
    let open = store.suggestion(id).expect("there");
    assert_eq!((open.state, open.effect, open.resolved_at), (SuggestionState::Open, None, None));
    let (stood, changes) = store.transact(|tx| tx.undo_suggestion(id)).expect("nothing to undo");
    assert!(stood.state == SuggestionState::Open && changes.is_empty());
    store.transact(|tx| tx.remove_suggestion(id)).expect("removed");
    assert_eq!(store.suggestion(id).expect_err("gone").code(), "not-found");
}

#[test]
fn what_cannot_be_a_suggestion_names_its_field() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut store = made(dir.path());
    let cases = [
        (NewSuggestion { confidence: 1.5, ..offer("a") }, "confidence"),
        (NewSuggestion { confidence: f64::NAN, ..offer("a") }, "confidence"),
        (offer(" "), "about"),
        (NewSuggestion { payload: json!("x".repeat(300_000)), ..offer("a") }, "payload"),
    ];
    for (bad, field) in cases {
        let error = store.transact(|tx| tx.put_suggestion(&bad)).expect_err(field);
        assert!(error.to_string().contains(field), "{error}");
    }
}

#[test]
fn those_of_a_memory_wait_in_the_bin_with_it_and_go_when_it_is_emptied() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut store = made(dir.path());
    let memory = memory(&mut store, &[]);
    let what = NewSuggestion { memory: Some(memory.id), kind: SuggestionKind::Fact, ..offer("fact:1") };
    store.transact(|tx| tx.put_suggestion(&what)).expect("kept");
    let open = |store: &Store| store.suggestions(&SuggestionFilter::default()).expect("read").len();
    assert_eq!(open(&store), 1);
    store.transact(|tx| tx.set_deleted(memory.id, Some(clock().now()))).expect("binned");
    assert_eq!((open(&store), store.count_open_suggestions().expect("read").len()), (0, 0));
    store.transact(|tx| tx.set_deleted(memory.id, None)).expect("taken out");
    assert_eq!(open(&store), 1);
    store.transact(|tx| tx.set_deleted(memory.id, Some(clock().now()))).expect("binned");
    store.transact(|tx| tx.empty_bin()).expect("emptied");
    store.transact(|tx| tx.put_suggestion(&NewSuggestion { memory: None, ..what })).expect("kept").0.expect("gone");
}

#[test]
fn a_group_is_named_only_with_a_consent_and_a_person_has_one_group() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut store = made(dir.path());
    let media = photo(&mut store, b"two faces");
    let (first, _) = store.transact(|tx| tx.add_face_group()).expect("made");
    let (second, _) = store.transact(|tx| tx.add_face_group()).expect("made");
    let rows = [face(&mut store, first, &media), face(&mut store, second, &media)];
    store.transact(|tx| rows.iter().try_for_each(|row| tx.put_face(row))).expect("kept");
    assert_eq!(store.faces(Some(first), None).expect("read"), [rows[0].clone()]);
    let (joan, _) = store.transact(|tx| tx.person_called("Joan")).expect("added");
    let nobody = ConsentId::from_uuid(store.new_uuid());
    assert!(store.transact(|tx| tx.name_face_group(first, joan, nobody)).is_err(), "no such consent");
    let consent = consent(&mut store, joan);
    store.transact(|tx| tx.name_face_group(first, joan, consent)).expect("named");
    let (holds, _) = store.transact(|tx| tx.name_face_group(second, joan, consent)).expect("joined");
    assert_eq!(holds, first);
    let groups = store.face_groups().expect("read");
    assert_eq!((groups.len(), groups[0].named), (1, Some((joan, consent))));
    assert_eq!(store.faces(Some(first), None).expect("read").len(), 2);
    let (ida, _) = store.transact(|tx| tx.person_called("Ida")).expect("added");
    assert!(store.transact(|tx| tx.name_face_group(first, ida, consent)).is_err(), "it is Joan's");
    let bad = FaceRow { vector: vec![f32::NAN], ..face(&mut store, first, &media) };
    assert!(store.transact(|tx| tx.put_face(&bad)).is_err());
}

#[test]
fn forgetting_somebody_leaves_no_vector_no_suggestion_and_no_consent_but_every_memory() {
    for with_person in [false, true] {
        let dir = tempfile::tempdir().expect("a folder");
        let mut store = made(dir.path());
        let media = photo(&mut store, b"faces");
        let mut memory = memory(&mut store, &[&media]);
        let (joan, _) = store.transact(|tx| tx.person_called("Joan")).expect("added");
        memory.people = vec![joan];
        let (group, _) = store.transact(|tx| tx.add_face_group()).expect("made");
        let row = face(&mut store, group, &media);
        let consent = consent(&mut store, joan);
        let seen = NewSuggestion {
            kind: SuggestionKind::Person,
            person: Some(joan),
            memory: Some(memory.id),
            media: Some(media.clone()),
            ..offer("person:1")
        };
        store
            .transact(|tx| {
                tx.put_memory(&memory)?;
                tx.put_face(&row)?;
                tx.name_face_group(group, joan, consent)?;
                tx.put_suggestion(&seen)
            })
            .expect("kept");
        let gone =
            store.transact(|tx| if with_person { tx.remove_person(joan).map(|()| 1) } else { tx.forget_face_of(joan) });
        assert_eq!(gone.expect("forgotten").0, 1);
        assert!(store.face_groups().expect("read").is_empty() && store.faces(None, None).expect("read").is_empty());
        assert!(store.suggestions(&SuggestionFilter::default()).expect("read").is_empty());
        assert!(store.consents().expect("read").iter().all(|c| c.withdrawn_at.is_some()));
        let kept = store.memories(&MemoryFilter::default()).expect("read");
        assert_eq!((kept.len(), kept[0].people.contains(&joan)), (1, !with_person));
    }
}

#[test]
fn words_of_a_photo_are_found_and_are_not_in_the_note() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut store = made(dir.path());
    let media = photo(&mut store, b"a receipt");
    let memory = memory(&mut store, &[&media]);
    let text = |text: &str| PhotoText { memory: memory.id, media: media.clone(), text: text.into() };
    store.transact(|tx| tx.set_photo_text(&text("Konditorei Fjord\n上海小笼包"))).expect("kept");
    for words in ["konditorei", "小笼"] {
        assert_eq!(store.search_words(words, 9).expect("read").len(), 1, "{words}");
    }
    assert_eq!(store.memory(memory.id).expect("read").text, "At the pier.");
    store.transact(|tx| tx.put_memory(&memory)).expect("changed");
    assert_eq!(store.search_words("konditorei", 9).expect("read").len(), 1, "still there when the note is changed");
    store.transact(|tx| tx.set_photo_text(&text(""))).expect("removed");
    assert!(store.search_words("konditorei", 9).expect("read").is_empty());
    assert!(store.photo_texts(None).expect("read").is_empty());
}

#[test]
fn a_look_that_was_cut_off_goes_on_and_a_photo_is_known_again() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut store = made(dir.path());
    let (one, two) = (photo(&mut store, b"one"), photo(&mut store, b"two"));
    memory(&mut store, &[&one, &two]);
    let left = |store: &Store, source: &str| -> Vec<MediaId> {
        store.photos_not_looked_at(source).expect("read").into_iter().map(|(_, media)| media).collect()
    };
    assert_eq!(left(&store, "seeing/1"), [one.clone(), two.clone()]);
    store.transact(|tx| tx.mark_looked_at(&one, "seeing/1")).expect("kept");
    assert_eq!((left(&store, "seeing/1"), left(&store, "seeing/2").len()), (vec![two.clone()], 2));
    let mark = PhotoMark { media: two, hash: u64::MAX - 5, source: "seeing/1".into(), vector: vec![127, -3, 0] };
    store.transact(|tx| tx.put_photo_mark(&mark)).expect("kept");
    assert_eq!(store.photo_marks().expect("read"), [mark]);
}
