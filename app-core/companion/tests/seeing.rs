//! What is seen in photos, from the look to the memory: suggested, accepted, dismissed, undone; faces named and forgotten.
//!
//! The looks are made by hand here; the networks themselves are tested in `reme-vision`.

use std::{path::Path, sync::Arc};

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use reme::{
    Companion, FileKeyStore, Household, NewMemory, PhotoToLook, StoreError, SuggestionQuery,
    dto::{FaceNameDto, MemoryDto, SuggestionDto, SuggestionEditDto},
    missing_in_words,
    vision::{
        Eyes, Look, ModelPaths, Picture, Region, Stop,
        faces::Face,
        likeness::Mark,
        text::Line,
        things::{Thing, Word},
    },
};
use reme_types::{FixedClock, Language, Patient};

fn household(folder: &Path) -> Household {
    let clock = FixedClock { now: "2026-05-04T10:00:00Z".parse().expect("a time"), time_zone: jiff::tz::TimeZone::UTC };
    Household::new(folder.join("patients"), Box::new(FileKeyStore::new(folder.join("keys"))), Arc::new(clock))
}

fn hedda(folder: &Path) -> Companion {
    let patient = Patient { name: "Hedda".into(), language: Language::En, time_zone: "UTC".into(), born_on: None };
    household(folder).add(&patient).expect("added")
}

fn no_models() -> Eyes {
    Eyes::open(&ModelPaths::in_folder(Path::new("nowhere")))
}

fn picture(n: u32) -> RgbImage {
    RgbImage::from_fn(64, 48, |x, y| {
        Rgb([((x / 8 + n) * 37 % 256) as u8, ((y / 8 + n * n) * 53 % 256) as u8, (n * 17) as u8])
    })
}

fn memory_with_photo(companion: &mut Companion, n: u32) -> MemoryDto {
    let mut png = std::io::Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(picture(n)).write_to(&mut png, ImageFormat::Png).expect("encodes");
    let new = NewMemory { text: format!("Number {n}."), photos: vec![png.into_inner()], ..NewMemory::default() };
    companion.add_memory(new).expect("kept").memory
}

/// Somebody's face: each has a direction of their own, with a little of chance by `n`.
fn face(person: usize, n: usize) -> Face {
    let mut identity = vec![0.0; 128];
    identity[person] = 0.6;
    identity[100 + n % 20] = 0.1;
    let region = Region { left: 0.1 + person as f32 * 0.3, top: 0.2, width: 0.2, height: 0.25 };
    Face { region, score: 0.9, quality: 0.8, identity: Some(identity) }
}

fn with_faces(people: &[usize], n: usize) -> Look {
    Look { faces: people.iter().map(|person| face(*person, n)).collect(), ..Look::default() }
}

fn keep(companion: &mut Companion, memory: &MemoryDto, look: &Look) -> Vec<SuggestionDto> {
    let photo: PhotoToLook = companion.photo_again(&memory.media[0]).expect("there");
    companion.keep_look(&photo, look, &no_models()).expect("kept")
}

fn open(companion: &Companion, kind: &str) -> Vec<SuggestionDto> {
    companion.suggestions(&SuggestionQuery { kind: Some(kind.into()), ..SuggestionQuery::default() }).expect("listed")
}

fn named(name: &str) -> FaceNameDto {
    FaceNameDto { name: name.into(), person: None, relation: "daughter".into(), consent: true }
}

const AS_IT_IS: SuggestionEditDto = SuggestionEditDto { text: None, draft: None, fact: None };

fn receipt() -> Look {
    let region = Region { left: 0.1, top: 0.1, width: 0.5, height: 0.05 };
    let line = |text: &str| Line { text: text.into(), confidence: 0.9, region };
    let thing =
        |en, zh, confidence| Thing { word: Word { en, zh }, general: Word { en: "food", zh: "食物" }, confidence };
    Look {
        lines: vec![line("Konditorei Fjord"), line("2 x Zimtschnecke")],
        things: vec![thing("bread", "面包", 0.8)],
        ..Look::default()
    }
}

#[test]
fn read_words_and_things_are_suggestions_and_nothing_changes_before_they_are_accepted() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut companion = hedda(dir.path());
    let memory = memory_with_photo(&mut companion, 1);
    let offered = keep(&mut companion, &memory, &receipt());
    assert_eq!(offered.iter().map(|s| s.kind.as_str()).collect::<Vec<_>>(), ["text", "thing"]);
    assert_eq!((offered[0].source.as_str(), offered[1].source.as_str()), ("ocr", "tags"));
    assert!(offered.iter().all(|s| s.confidence > 0.5 && s.memory.as_deref() == Some(&memory.id)));
    assert_eq!(companion.memory_by_id(&memory.id).expect("read"), memory);
    assert_eq!(companion.count_suggestions().expect("counted").open, 2);

    let found = |companion: &Companion| {
        let query = reme::MemoryQuery { words: Some("Konditorei".into()), ..reme::MemoryQuery::default() };
        companion.list_memories(&query).expect("listed").len()
    };
    assert_eq!(found(&companion), 0);
    for suggestion in &offered {
        let accepted = companion.accept_suggestion(&suggestion.id, &AS_IT_IS).expect("accepted");
        assert_eq!(accepted.state, "accepted");
        let twice = companion.accept_suggestion(&suggestion.id, &AS_IT_IS).expect_err("refused");
        assert_eq!(twice.code(), "conflict");
    }
    let now = companion.memory_by_id(&memory.id).expect("read");
    assert_eq!(
        (now.tags.as_slice(), now.text.as_str(), found(&companion)),
        (&["bread".to_owned()][..], "Number 1.", 1)
    );
    for suggestion in &offered {
        assert_eq!(companion.reopen_suggestion(&suggestion.id).expect("undone").state, "open");
    }
    assert_eq!((companion.memory_by_id(&memory.id).expect("read"), found(&companion)), (memory, 0));
}

#[test]
fn what_was_dismissed_is_not_offered_by_the_next_look_and_what_is_open_is_replaced() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut companion = hedda(dir.path());
    let memory = memory_with_photo(&mut companion, 1);
    let offered = keep(&mut companion, &memory, &receipt());
    companion.dismiss_suggestion(&offered[1].id).expect("dismissed");
    let again = keep(&mut companion, &memory, &receipt());
    assert_eq!(again.iter().map(|s| s.kind.as_str()).collect::<Vec<_>>(), ["text"]);
    assert_eq!(open(&companion, "text").len(), 1);
    let ids: Vec<String> = again.iter().chain(&offered).map(|s| s.id.clone()).collect();
    assert_eq!(companion.dismiss_suggestions(&ids).expect("dismissed").dismissed, 1);
    assert!(keep(&mut companion, &memory, &receipt()).is_empty());
}

#[test]
fn the_carer_corrects_what_was_read_before_accepting_it() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut companion = hedda(dir.path());
    let memory = memory_with_photo(&mut companion, 1);
    let offered = keep(&mut companion, &memory, &receipt());
    let edit = SuggestionEditDto { text: Some("Bakery Holm".into()), ..AS_IT_IS };
    companion.accept_suggestion(&offered[0].id, &edit).expect("accepted");
    let query = |words: &str| reme::MemoryQuery { words: Some(words.into()), ..reme::MemoryQuery::default() };
    assert_eq!(companion.list_memories(&query("Holm")).expect("listed").len(), 1);
    assert!(companion.list_memories(&query("Konditorei")).expect("listed").is_empty());
}

#[test]
fn a_group_is_named_once_and_the_person_is_recognised_in_later_photos() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut companion = hedda(dir.path());
    let memories: Vec<MemoryDto> = (0..3).map(|n| memory_with_photo(&mut companion, n)).collect();
    keep(&mut companion, &memories[0], &with_faces(&[0, 1], 0));
    keep(&mut companion, &memories[1], &with_faces(&[0], 1));
    let groups = companion.face_groups().expect("listed");
    assert_eq!(
        groups.iter().map(|g| (g.count, g.name.is_some(), g.consent)).collect::<Vec<_>>(),
        [(2, false, false), (1, false, false)]
    );
    let questions = open(&companion, "face-group");
    assert_eq!(questions.len(), 2);
    assert_eq!(companion.accept_suggestion(&questions[0].id, &AS_IT_IS).expect_err("refused").code(), "conflict");

    let without = companion.name_face_group(&groups[0].id, &FaceNameDto { consent: false, ..named("Ruth") });
    assert_eq!(without.expect_err("refused").field(), Some("consent"));
    assert!(companion.people().expect("listed").is_empty());
    let ruth = companion.name_face_group(&groups[0].id, &named("Ruth")).expect("named");
    assert_eq!((ruth.name.as_deref(), ruth.consent), (Some("Ruth"), true));
    // Named is not yet accepted: each photo is a suggestion.
    let offered = open(&companion, "person");
    assert_eq!((offered.len(), offered[0].text.as_str()), (2, "Ruth"));
    assert!(companion.memory_by_id(&memories[0].id).expect("read").people.is_empty());
    companion.accept_suggestion(&offered[0].id, &AS_IT_IS).expect("accepted");

    let later = keep(&mut companion, &memories[2], &with_faces(&[0], 2));
    assert_eq!((later.len(), later[0].kind.as_str(), later[0].person.clone()), (1, "person", ruth.person.clone()));
    assert!(later[0].confidence > 0.9, "{}", later[0].confidence);
    companion.accept_suggestion(&later[0].id, &AS_IT_IS).expect("accepted");
    assert_eq!(companion.memory_by_id(&memories[2].id).expect("read").people, ["Ruth"]);
    companion.reopen_suggestion(&later[0].id).expect("undone");
    assert!(companion.memory_by_id(&memories[2].id).expect("read").people.is_empty());
    companion.dismiss_suggestion(&later[0].id).expect("dismissed");
    assert_eq!(companion.face_groups().expect("listed")[0].count, 2, "that face is not Ruth's");
}

#[test]
fn a_stranger_and_a_forgotten_person_leave_no_face_behind() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut companion = hedda(dir.path());
    let memories: Vec<MemoryDto> = (0..2).map(|n| memory_with_photo(&mut companion, n)).collect();
    for (n, memory) in memories.iter().enumerate() {
        keep(&mut companion, memory, &with_faces(&[0, 1], n));
    }
    let groups = companion.face_groups().expect("listed");
    let ruth = companion.name_face_group(&groups[0].id, &named("Ruth")).expect("named");
    companion.dismiss_face_group(&groups[1].id).expect("dismissed");
    assert!(companion.dismiss_face_group(&ruth.id).is_err(), "a person is forgotten, not dismissed");
    assert_eq!(companion.face_groups().expect("listed").len(), 1);
    let offered = open(&companion, "person");
    companion.accept_suggestion(&offered[0].id, &AS_IT_IS).expect("accepted");
    assert_eq!(companion.forget_face(&ruth.person.clone().expect("named")).expect("forgotten"), 2);
    assert!(companion.face_groups().expect("listed").is_empty() && open(&companion, "person").is_empty());
    assert!(companion.store_mut().consents().expect("read").iter().all(|consent| consent.withdrawn_at.is_some()));
    let named_in = companion.memories().expect("listed").iter().filter(|m| m.people == ["Ruth"]).count();
    assert_eq!(named_in, 1, "the memory keeps the name");
}

#[test]
fn groups_are_joined_and_parted_by_hand() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut companion = hedda(dir.path());
    let memories: Vec<MemoryDto> = (0..3).map(|n| memory_with_photo(&mut companion, n)).collect();
    for (n, memory) in memories.iter().enumerate() {
        keep(&mut companion, memory, &with_faces(&[n], n));
    }
    let ids: Vec<String> = companion.face_groups().expect("listed").into_iter().map(|group| group.id).collect();
    let ruth = companion.name_face_group(&ids[0], &named("Ruth")).expect("named");
    let joined = companion.merge_face_groups(&ruth.id, &ids[1]).expect("joined");
    assert_eq!((joined.name.as_deref(), joined.count), (Some("Ruth"), 2), "the one with a name stays");
    let ida = companion.name_face_group(&ids[2], &named("Ida")).expect("named");
    assert_eq!(companion.merge_face_groups(&ida.id, &joined.id).expect_err("refused").code(), "conflict");
    let parted = companion.split_face_group(&joined.id, &[joined.faces[0].id.clone()]).expect("parted");
    assert_eq!(parted.iter().map(|group| group.count).collect::<Vec<_>>(), [1, 1]);
    assert!(companion.split_face_group(&joined.id, &[joined.faces[0].id.clone()]).is_err(), "it is not there any more");
}

#[test]
fn nearly_the_same_photo_is_told_and_neither_is_removed() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut companion = hedda(dir.path());
    let (one, two) = (memory_with_photo(&mut companion, 1), memory_with_photo(&mut companion, 2));
    let look = Look { mark: Some(Mark::of(&Picture::of(picture(1)), &[])), ..Look::default() };
    assert!(keep(&mut companion, &one, &look).is_empty());
    let offered = keep(&mut companion, &two, &look);
    assert_eq!((offered[0].kind.as_str(), offered[0].other.as_deref()), ("same-photo", Some(one.media[0].as_str())));
    companion.accept_suggestion(&offered[0].id, &AS_IT_IS).expect("accepted");
    assert_eq!(companion.memories().expect("listed").len(), 2);
}

#[test]
fn looking_goes_photo_by_photo_and_on_where_it_stopped() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut companion = hedda(dir.path());
    (0..3).for_each(|n| drop(memory_with_photo(&mut companion, n)));
    let eyes = no_models();
    for left in [3, 2] {
        assert_eq!(companion.photos_to_look_at(&eyes).expect("counted"), left);
        let photo = companion.next_photo(&eyes).expect("read").expect("one is left");
        let look = photo.look(&eyes, Language::En, &|| std::time::Duration::ZERO, &(Arc::new(|| false) as Stop));
        companion.keep_look(&photo, &look, &eyes).expect("kept");
    }
    drop(companion);
    let mut companion = household(dir.path()).open(None).expect("opens");
    assert_eq!(companion.next_photo(&eyes).expect("read").map(|photo| photo.left), Some(1));
}

#[test]
fn a_draft_becomes_a_memory_once_and_an_undo_puts_it_into_the_bin() {
    use reme_types::SuggestionId;
    let dir = tempfile::tempdir().expect("a folder");
    let mut companion = hedda(dir.path());
    let draft = serde_json::json!({"kind": "episode", "happened_at": "2026-05-02T14:00", "text": "A walk to the park.",
        "people": [], "place": "the park", "tags": ["walk"], "source": "wearable", "sensitive": false, "media": [],
        "facts": null});
    let what = reme_store::NewSuggestion {
        kind: reme_store::SuggestionKind::Draft,
        about: "draft:wearable:2026-05-02T14:00".into(),
        memory: None,
        media: None,
        person: None,
        payload: serde_json::json!({"text": "A walk of 25 minutes", "draft": draft}),
        source: "wearable/1".into(),
        confidence: 0.8,
    };
    let (id, _) = companion.store_mut().transact(|tx| tx.put_suggestion(&what)).expect("kept");
    let id: SuggestionId = id.expect("new");
    let listed = open(&companion, "draft");
    assert_eq!(
        (listed[0].text.as_str(), listed[0].draft.as_ref().map(|d| d.tags.len())),
        ("A walk of 25 minutes", Some(1))
    );
    for _ in 0..2 {
        let accepted = companion.accept_suggestion(&id.to_string(), &AS_IT_IS).expect("accepted");
        let memories = companion.memories().expect("listed");
        assert_eq!((memories.len(), accepted.memory.as_deref()), (1, Some(memories[0].id.as_str())));
        assert_eq!((memories[0].place.as_deref(), memories[0].source.as_str()), (Some("the park"), "wearable"));
        companion.reopen_suggestion(&id.to_string()).expect("undone");
        assert!(companion.memories().expect("listed").is_empty());
    }
}

#[test]
fn what_is_missing_is_said_in_both_languages_and_unknown_ids_are_told() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut companion = hedda(dir.path());
    let [en, zh] = Language::ALL.map(|language| missing_in_words(&no_models(), language));
    assert_eq!((en.len(), zh.len()), (3, 3));
    assert!(
        en.iter()
            .zip(&zh)
            .all(|(en, zh)| en != zh && en.contains("reme model pull seeing") && zh.contains("reme model pull seeing"))
    );
    for error in [
        companion.accept_suggestion("x", &AS_IT_IS).expect_err("unknown"),
        companion.dismiss_face_group("x").expect_err("unknown"),
        companion.photo_again("x").map(drop).expect_err("unknown"),
        companion.forget_face("x").map(drop).expect_err("unknown"),
    ] {
        assert_eq!(error.code(), "not-found");
    }
    let bad = SuggestionQuery { state: Some("half".into()), ..SuggestionQuery::default() };
    assert_eq!(companion.suggestions(&bad).expect_err("refused").field(), Some("state"));
    assert!(matches!(companion.photo_again(&"0".repeat(64)), Err(reme::ReMeError::Store(StoreError::NotFound { .. }))));
}
