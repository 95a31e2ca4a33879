//! A household as a shell uses it, on real files.

use std::{collections::HashMap, path::Path, sync::Arc};

use reme::{FileKeyStore, Household, NewMemory, ReMeError, StoreError, VoiceNote};
use reme_types::{FixedClock, Language, MediaRole, Patient};

fn household(folder: &Path) -> Household {
    let clock = FixedClock { now: "2026-05-04T10:00:00Z".parse().expect("a time"), time_zone: jiff::tz::TimeZone::UTC };
    Household::new(folder.join("patients"), Box::new(FileKeyStore::new(folder.join("keys"))), Arc::new(clock))
}

fn patient(name: &str, language: Language) -> Patient {
    Patient { name: name.into(), language, time_zone: "Europe/Oslo".into(), born_on: None }
}

fn photo() -> Vec<u8> {
    // A 1 × 1 PNG, written by hand from the specification (RFC 2083) with zlib's stored block.
    const PNG: &[u8] = &[
        0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0, 0, 1, 8,
        0, 0, 0, 0, 0x3a, 0x7e, 0x9b, 0x55, 0, 0, 0, 10, b'I', b'D', b'A', b'T', 0x78, 0x9c, 0x63, 0x60, 0, 0, 0, 2, 0,
        1, 0x48, 0xaf, 0xa4, 0x71, 0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xae, 0x42, 0x60, 0x82,
    ];
    PNG.to_vec()
}

#[test]
fn a_note_with_a_photo_is_kept_with_its_time_people_and_questions_and_found_again() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut companion = household(dir.path()).add(&patient("Hedda", Language::En)).expect("added");
    let new = NewMemory {
        text: "Yesterday Joan and I ate plum cake in the orchard.".into(),
        people: vec!["Joan".into()],
        place: Some("the orchard".into()),
        photos: vec![photo()],
        ..NewMemory::default()
    };
    let added = companion.add_memory(new).expect("kept").memory;
    assert_eq!((added.happened_at.as_deref(), added.media.len()), (Some("2026-05-03"), 1));
    assert!(
        added.facts.iter().any(|f| f.question == "What did you eat?" && f.answer == "plum cake"),
        "{:?}",
        added.facts
    );
    assert_eq!(companion.search("Who ate cake with me?", None, 3).expect("searched").memories[0].id, added.id);
}

#[test]
fn a_folder_of_photos_and_notes_comes_in_once_and_a_damaged_photo_costs_itself_only() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut companion = household(dir.path()).add(&patient("Hedda", Language::En)).expect("added");
    let files: HashMap<&str, Vec<u8>> = HashMap::from([
        ("pier.png", photo()),
        ("pier.txt", b"Yesterday we walked to the end of the pier.".to_vec()),
        ("alone.png", photo()),
        ("broken.jpg", Vec::new()),
        (".hidden", vec![1]),
    ]);
    let names: Vec<String> = files.keys().map(|name| (*name).to_owned()).collect();
    let read = |name: &str| files.get(name).cloned();
    let mut steps = Vec::new();
    let report = companion
        .import_folder(&names, &read, &mut |at| {
            steps.push((at.done, at.of));
            std::ops::ControlFlow::Continue(())
        })
        .expect("imported");
    assert_eq!((report.added, report.known, report.problems.len()), (2, 0, 1), "{:?}", report.problems);
    assert!(report.problems[0].starts_with("broken.jpg: "), "{:?}", report.problems);
    assert_eq!(steps.last(), Some(&(3, 3)));
    let pier = &companion.memories().expect("listed").into_iter().find(|m| !m.text.is_empty()).expect("the pier");
    assert_eq!((pier.media.len(), pier.happened_at.as_deref()), (1, Some("2026-05-03")));

    let again = companion.import_folder(&names, &read, &mut |_| std::ops::ControlFlow::Continue(())).expect("imported");
    assert_eq!((again.added, again.known), (0, 2));
}

#[test]
fn what_cannot_be_taken_is_told_and_nothing_is_kept() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut companion = household(dir.path()).add(&patient("Hedda", Language::En)).expect("added");
    let mut refused = |new: NewMemory| companion.add_memory(new).expect_err("refused").to_string();
    let note = || NewMemory { text: "A swim.".into(), ..NewMemory::default() };
    assert!(refused(NewMemory::default()).contains("`text` is empty"));
    assert!(refused(NewMemory { text: "a".repeat(1_000_000), ..note() }).contains("1000000 characters"));
    assert!(refused(NewMemory { photos: vec![vec![]], ..note() }).contains("0 bytes"));
    assert!(!refused(NewMemory { photos: vec![photo()[..40].to_vec()], ..note() }).is_empty());
    assert!(
        refused(NewMemory { happened_at: "2027-01-01".parse().ok(), ..note() })
            .contains("`happened_at` lies after today")
    );
    assert!(companion.memories().expect("read").is_empty());
}

#[test]
fn an_export_is_imported_as_it_was_and_twice_changes_nothing() {
    let dir = tempfile::tempdir().expect("a folder");
    let home = household(dir.path());
    let mut first = home.add(&patient("王芬", Language::ZhCn)).expect("added");
    let new = NewMemory {
        text: "昨天跟老葛在湖边钓了两条鲫鱼。🙂".into(),
        people: vec!["老葛".into()],
        photos: vec![photo()],
        sensitive: true,
        ..NewMemory::default()
    };
    first.add_memory(new).expect("kept");
    first.import_people("{\"name\":\"老葛\",\"relation\":\"邻居\",\"aliases\":[\"葛师傅\"]}\nbroken").expect("kept");
    let export: HashMap<String, Vec<u8>> = first.export().expect("exported").into_iter().collect();
    let text = |name: &str| String::from_utf8(export[name].clone()).expect("UTF-8");
    let mut second = home.add(&patient("Copy", Language::ZhCn)).expect("added");
    assert!(second.import_people(&text("people.jsonl")).expect("kept").is_empty());
    let file = |name: &str| export.get(name).cloned();
    let report = second.import(&text("memories.jsonl"), &file).expect("imported");
    assert_eq!((report.added, report.problems.as_slice()), (1, &[][..]));
    let again = second.import(&text("memories.jsonl"), &file).expect("imported");
    assert_eq!((again.added, again.known), (0, 1));
    let copied: HashMap<String, Vec<u8>> = second.export().expect("exported").into_iter().collect();
    // The media's names are keyed to the store, so they differ; the bytes do not.
    let bytes = |all: &HashMap<String, Vec<u8>>| {
        all.iter().filter(|(n, _)| n.starts_with("media/")).map(|(_, b)| b.clone()).collect::<Vec<_>>()
    };
    assert_eq!(bytes(&copied), bytes(&export));
    assert_eq!(copied["people.jsonl"], export["people.jsonl"]);
    let plain = |all: &HashMap<String, Vec<u8>>| {
        let mut line: serde_json::Value = serde_json::from_slice(&all["memories.jsonl"]).expect("one line");
        line["media"] = line["media"].as_array().map(Vec::len).into();
        line
    };
    assert_eq!(plain(&copied), plain(&export));
}

#[test]
fn who_is_meant_must_be_clear_and_erasing_needs_the_name() {
    let dir = tempfile::tempdir().expect("a folder");
    let home = household(dir.path());
    assert!(home.open(None).expect_err("nobody").to_string().contains("reme patient add"));
    drop(home.add(&patient("Ada", Language::En)).expect("added"));
    drop(home.add(&patient("Ada", Language::En)).expect("another of that name"));
    assert_eq!(home.slugs().expect("read"), ["ada", "ada-2"]);
    assert!(home.open(None).expect_err("two").to_string().contains("ada, ada-2"));
    assert!(matches!(
        home.add(&Patient { time_zone: "Moon".into(), ..patient("X", Language::En) }),
        Err(ReMeError::Invalid { field: "time_zone", .. })
    ));
    let open = home.open(Some("ada")).expect("opens");
    assert!(matches!(home.open(Some("ada")), Err(ReMeError::Store(StoreError::InUse(_)))));
    drop(open);
    assert!(matches!(home.erase(Some("ada"), "ada"), Err(ReMeError::Invalid { field: "confirm", .. })));
    home.erase(Some("ada"), "Ada").expect("erased");
    assert_eq!(home.slugs().expect("read"), ["ada-2"]);
    assert!(!dir.path().join("keys/ada.key").exists());
}

#[test]
fn a_spoken_note_keeps_its_recording_and_its_words_are_read_like_typed_ones() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut companion = household(dir.path()).add(&patient("Hedda", Language::En)).expect("added");
    let recording = b"RIFF\x24\0\0\0WAVEfmt and the rest".to_vec();
    let note = VoiceNote::new(recording.clone(), "Yesterday I ate plum cake in the orchard.").expect("a recording");
    let with_joan =
        NewMemory { people: vec!["Joan".into()], place: Some("the orchard".into()), ..NewMemory::default() };
    let added = companion.add_voice_note(&note, with_joan).expect("kept").memory;
    assert_eq!((added.happened_at.as_deref(), added.recordings.len()), (Some("2026-05-03"), 1));
    let kept = companion.photo(&added.recordings[0], MediaRole::Original).expect("the recording");
    assert_eq!(kept, (recording.clone(), "audio/wav".to_owned()));
    assert_eq!(companion.search("What did I eat in the orchard?", None, 3).expect("searched").memories[0].id, added.id);
    assert_eq!(companion.hot_words().expect("read"), ["Joan", "the orchard"]);

    let nothing_heard = VoiceNote::new(recording, " ").expect("a recording");
    assert!(companion.add_voice_note(&nothing_heard, NewMemory::default()).is_err());
    assert_eq!(companion.memories().expect("listed").len(), 1);
}
