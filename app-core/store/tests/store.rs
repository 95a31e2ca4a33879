//! The store as a shell uses it: real files, a real SQLCipher database.

use std::{collections::BTreeMap, fs, path::Path, sync::Arc};

use reme_store::{
    FileKeyStore, KeyStore, MemoryFilter, Session, SessionState, Store, StoreError, StoreKey, TranscriptLine,
};
use reme_types::{
    Clock, Cue, Domain, DoseLimit, FactId, FactKind, FactOrigin, FixedClock, GamePlan, InputMode, Language, MatchedBy,
    MediaRole, Memory, MemoryFact, MemoryId, MemoryKind, Outcome, Patient, Plan, Sensitivity, SessionId, Source, Trial,
    TrialId, Verdict,
};

fn clock() -> Arc<dyn Clock> {
    Arc::new(FixedClock { now: "2026-05-04T10:00:00Z".parse().expect("a time"), time_zone: jiff::tz::TimeZone::UTC })
}

fn patient() -> Patient {
    Patient { name: "Hedda".into(), language: Language::En, time_zone: "Europe/Oslo".into(), born_on: None }
}

fn made(folder: &Path) -> (Store, StoreKey) {
    let key = StoreKey::from_bytes([7; 32]);
    (Store::create(folder, &key, &patient(), clock()).expect("made"), key)
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
        tags: ["garden".to_owned()].into(),
        source: Source::Caregiver,
        sensitivity: Sensitivity::Ordinary,
        consent: None,
        media: vec![],
        deleted_at: None,
    }
}

fn plan() -> Plan {
    let games = vec![GamePlan { game: "life-recall".into(), min_level: 1, max_level: 3 }];
    Plan { version: 0, games, dose: DoseLimit::default(), starts_on: None, ends_on: None, set_by: "default".into() }
}

fn session(store: &mut Store) -> SessionId {
    let id = SessionId::from_uuid(store.new_uuid());
    let row = Session {
        id,
        state: SessionState::Running,
        plan: plan(),
        seed: u64::MAX - 3,
        template_versions: BTreeMap::from([("life-recall".into(), "1".into())]),
        started_at: "2026-05-04T10:00:00Z".parse().expect("a time"),
        ended_at: None,
        seconds: 0,
    };
    store.transact(|tx| tx.start_session(&row)).expect("begun");
    assert_eq!(store.sessions(true).expect("read"), [row]);
    id
}

fn trial(store: &mut Store, session_id: SessionId, seq: u32) -> Trial {
    Trial {
        id: TrialId::from_uuid(store.new_uuid()),
        session_id,
        seq,
        block: 0,
        game: "life-recall".into(),
        template_version: "1".into(),
        input: InputMode::Typed,
        at: "2026-05-04T10:01:00Z".parse().expect("a time"),
        outcome: Outcome {
            kind: "recall-fact".into(),
            domain: Domain::ALL[0],
            level: 1,
            practice: false,
            verdict: Verdict::Correct,
            score: 0.5,
            cue: Some(Cue::Meaning),
            rt_ms: Some(1200),
            matched_by: MatchedBy::Alias,
            confidence: 0.9,
            memory_id: None,
            fact_id: None,
            data: "{}".into(),
            scorer: 1,
        },
    }
}

#[test]
fn everything_comes_back_after_closing_and_opening() {
    let dir = tempfile::tempdir().expect("a folder");
    let (mut store, key) = made(dir.path());
    let mut kept = memory(&mut store, "Planted peas with Joan in the orchard.");
    let fact = MemoryFact {
        id: FactId::from_uuid(store.new_uuid()),
        memory_id: kept.id,
        kind: FactKind::Person,
        question: "Who helped you?".into(),
        answer: "Joan".into(),
        aliases: vec!["Joanie".into()],
        meaning_cue: None,
        origin: FactOrigin::Person,
        confirmed: true,
    };
    let ((), changes) = store
        .transact(|tx| {
            kept.people = vec![tx.person_called("Joan")?];
            kept.place = Some(tx.place_called("orchard")?);
            kept.media = vec![tx.add_media(b"photo bytes", "image/jpeg")?];
            let thumb = tx.add_media(b"thumb bytes", "image/jpeg")?;
            tx.link_rendition(&kept.media[0], MediaRole::Thumb, &thumb)?;
            tx.put_memory(&kept)?;
            tx.set_facts(kept.id, std::slice::from_ref(&fact))
        })
        .expect("kept");
    assert_eq!(changes.len(), store.unsent(100).expect("read").len() - 1, "the profile, and what changed now");
    let id = session(&mut store);
    let played = trial(&mut store, id, 0);
    let line = TranscriptLine { who: "reme".into(), text: "Hello".into(), origin: Some("template".into()) };
    store
        .transact(|tx| {
            assert_eq!(tx.append_event(id, played.at, "{}")?, 0);
            assert_eq!(tx.append_event(id, played.at, "{}")?, 1);
            tx.append_line(id, &line)?;
            tx.append_trial(&played)?;
            tx.set_setting_for_test()
        })
        .expect("kept");
    drop(store);
    let store = Store::open(dir.path(), &key, clock()).expect("opens");
    assert_eq!(store.patient().expect("read"), patient());
    assert_eq!(store.memory(kept.id).expect("read"), kept);
    assert_eq!(store.facts(Some(kept.id)).expect("read"), [fact]);
    assert_eq!(store.media(&kept.media[0]).expect("read"), (b"photo bytes".to_vec(), "image/jpeg".into()));
    let thumb = store.rendition(&kept.media[0], MediaRole::Thumb).expect("read").expect("linked");
    assert_eq!(store.media(&thumb).expect("read").0, b"thumb bytes");
    assert_eq!(store.trials(Some(id)).expect("read"), [played]);
    assert_eq!(store.lines(id).expect("read"), [line]);
    assert_eq!(store.events(id).expect("read").len(), 2);
    assert_eq!(store.person_called("joan").expect("read").map(|p| p.name), Some("Joan".into()));
}

trait SetForTest {
    fn set_setting_for_test(&mut self) -> Result<(), StoreError>;
}

impl SetForTest for reme_store::Tx<'_> {
    fn set_setting_for_test(&mut self) -> Result<(), StoreError> {
        self.put_setting("screen", &serde_json::json!({"text_px": 22}))
    }
}

#[test]
fn words_are_found_in_both_languages_and_any_two_han_neighbours() {
    let dir = tempfile::tempdir().expect("a folder");
    let (mut store, _) = made(dir.path());
    let english = memory(&mut store, "We were planting runner beans.");
    let chinese = memory(&mut store, "跟老葛在湖边钓鲫鱼。");
    store.transact(|tx| tx.put_memory(&english).and_then(|()| tx.put_memory(&chinese))).expect("kept");
    let found =
        |text: &str| store.search_words(text, 9).expect("searched").into_iter().map(|(id, _)| id).collect::<Vec<_>>();
    assert_eq!(found("plant bean"), [english.id]);
    assert_eq!(found("钓鱼"), Vec::<MemoryId>::new(), "the two are not neighbours");
    assert_eq!(found("钓鲫"), [chinese.id]);
    assert_eq!(found("湖边"), [chinese.id]);
    assert!(found("\" OR * (").is_empty());
}

#[test]
fn a_person_who_is_renamed_is_found_under_the_new_name() {
    let dir = tempfile::tempdir().expect("a folder");
    let (mut store, _) = made(dir.path());
    let mut kept = memory(&mut store, "Tea in the shed.");
    let ((), _) = store
        .transact(|tx| {
            kept.people = vec![tx.person_called("Ferdinand")?];
            tx.put_memory(&kept)
        })
        .expect("kept");
    let mut person = store.person_called("Ferdinand").expect("read").expect("there");
    person.name = "Leopold".into();
    store.transact(|tx| tx.put_person(&person)).expect("kept");
    assert_eq!(store.search_words("Leopold", 9).expect("searched").len(), 1);
    store.transact(|tx| tx.remove_person(person.id)).expect("removed");
    assert!(store.search_words("Leopold", 9).expect("searched").is_empty());
    assert!(store.memory(kept.id).expect("still there").people.is_empty());
}

#[test]
fn the_bin_can_be_undone_until_it_is_emptied_and_sensitive_is_never_trained_on() {
    let dir = tempfile::tempdir().expect("a folder");
    let (mut store, _) = made(dir.path());
    let kept = memory(&mut store, "A swim.");
    let painful = Memory { sensitivity: Sensitivity::Sensitive, ..memory(&mut store, "A funeral.") };
    store.transact(|tx| tx.put_memory(&kept).and_then(|()| tx.put_memory(&painful))).expect("kept");
    let until = "2026-05-03".parse().expect("a day");
    assert_eq!(store.trainable(until).expect("read").iter().map(|m| m.id).collect::<Vec<_>>(), [kept.id]);
    store
        .transact(|tx| tx.set_deleted(kept.id, Some("2026-05-04T10:00:00Z".parse().expect("a time"))))
        .expect("binned");
    assert_eq!(store.memories(&MemoryFilter::default()).expect("read").len(), 1);
    assert!(store.search_words("swim", 9).expect("searched").is_empty());
    store.transact(|tx| tx.set_deleted(kept.id, None)).expect("restored");
    assert_eq!(store.search_words("swim", 9).expect("searched").len(), 1);
    store
        .transact(|tx| tx.set_deleted(kept.id, Some("2026-05-04T10:00:00Z".parse().expect("a time"))))
        .expect("binned");
    let (gone, _) = store.transact(|tx| tx.empty_bin()).expect("emptied");
    assert_eq!(gone, 1);
    assert!(matches!(store.memory(kept.id), Err(StoreError::NotFound { what: "memory", .. })));
}

#[test]
fn a_change_that_fails_half_way_leaves_nothing() {
    let dir = tempfile::tempdir().expect("a folder");
    let (mut store, _) = made(dir.path());
    let kept = memory(&mut store, "Half.");
    let failed = store.transact(|tx| {
        tx.put_memory(&kept)?;
        let nobody = MemoryId::from_uuid(tx.new_uuid());
        tx.set_deleted(nobody, None)
    });
    assert!(matches!(failed, Err(StoreError::NotFound { .. })));
    assert!(store.memories(&MemoryFilter::default()).expect("read").is_empty());
    assert_eq!(store.unsent(9).expect("read").len(), 1, "only the profile");
}

fn bytes_of(folder: &Path) -> Vec<u8> {
    fs::read(folder.join("reme.db")).expect("read")
}

#[test]
fn a_wrong_key_a_damaged_a_cut_and_an_empty_file_are_told_apart_and_left_as_they_are() {
    let dir = tempfile::tempdir().expect("a folder");
    let (mut store, key) = made(dir.path());
    for text in ["one", "two", "three"] {
        let kept = memory(&mut store, &text.repeat(2000));
        store.transact(|tx| tx.put_memory(&kept)).expect("kept");
    }
    assert!(matches!(Store::open(dir.path(), &key, clock()), Err(StoreError::InUse(_))));
    assert!(matches!(Store::create(dir.path(), &key, &patient(), clock()), Err(StoreError::Exists(_))));
    drop(store);
    let whole = bytes_of(dir.path());
    assert!(!whole.windows(6).any(|w| w == b"oneone"), "the file is encrypted");
    let refused = Store::open(dir.path(), &StoreKey::from_bytes([8; 32]), clock());
    assert!(matches!(refused, Err(StoreError::WrongKey(_))), "{refused:?}");
    assert_eq!(bytes_of(dir.path()), whole);
    let mut damaged = whole.clone();
    for byte in &mut damaged[4096 * 3..4096 * 3 + 64] {
        *byte ^= 0xff;
    }
    for (bad, name) in [
        (damaged, "damaged"),
        (whole[..whole.len() / 2 / 4096 * 4096].to_vec(), "cut"),
        (Vec::new(), "empty"),
        (b"hello".to_vec(), "text"),
    ] {
        fs::write(dir.path().join("reme.db"), &bad).expect("written");
        let refused = Store::open(dir.path(), &key, clock());
        assert!(matches!(refused, Err(StoreError::Damaged { .. })), "{name}: {refused:?}");
        assert_eq!(bytes_of(dir.path()), bad, "{name} is left as it is");
    }
    fs::write(dir.path().join("reme.db"), &whole).expect("written");
    assert_eq!(
        Store::open(dir.path(), &key, clock()).expect("opens").memories(&MemoryFilter::default()).expect("read").len(),
        3
    );
}

#[test]
fn the_trial_log_cannot_be_changed_and_a_doubled_trial_is_refused() {
    let dir = tempfile::tempdir().expect("a folder");
    let (mut store, _) = made(dir.path());
    let id = session(&mut store);
    let first = trial(&mut store, id, 0);
    store.transact(|tx| tx.append_trial(&first)).expect("kept");
    let again = Trial { id: TrialId::from_uuid(store.new_uuid()), ..first.clone() };
    assert!(store.transact(|tx| tx.append_trial(&again)).is_err(), "the same place in the session");
    store.transact(|tx| tx.set_session_state(id, SessionState::Done, Some(first.at), 60)).expect("kept");
    assert_eq!(store.trials(None).expect("read"), [first]);
    assert!(store.sessions(true).expect("read").is_empty());
}

#[test]
fn a_changed_media_file_is_noticed() {
    let dir = tempfile::tempdir().expect("a folder");
    let (mut store, _) = made(dir.path());
    let (id, _) = store.transact(|tx| tx.add_media(b"a photo", "image/jpeg")).expect("kept");
    let path = dir.path().join("media").join(&id.as_str()[..2]).join(id.as_str());
    let mut sealed = fs::read(&path).expect("read");
    assert!(!sealed.windows(7).any(|w| w == b"a photo"));
    *sealed.last_mut().expect("not empty") ^= 1;
    fs::write(&path, sealed).expect("written");
    assert!(matches!(store.media(&id), Err(StoreError::DamagedMedia(_))));
    // Adding it again from its source mends it.
    store.transact(|tx| tx.add_media(b"a photo", "image/jpeg")).expect("kept");
    assert_eq!(store.media(&id).expect("read").0, b"a photo");
}

#[test]
fn plans_count_up_and_erasing_leaves_nothing() {
    let dir = tempfile::tempdir().expect("a folder");
    let folder = dir.path().join("hedda");
    let (mut store, _) = made(&folder);
    assert_eq!(store.plan().expect("read"), None);
    store.transact(|tx| tx.set_plan(&plan())).expect("kept");
    let (version, _) = store.transact(|tx| tx.set_plan(&plan())).expect("kept");
    assert_eq!((version, store.plan().expect("read").map(|p| p.version)), (2, Some(2)));
    store.erase().expect("erased");
    assert!(!folder.exists());
}

#[test]
fn a_key_file_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().expect("a folder");
    let keys = FileKeyStore::new(dir.path());
    let key = StoreKey::random().expect("random");
    assert!(keys.load("p").expect("read").is_none());
    keys.save("p", &key).expect("kept");
    assert!(keys.load("p").expect("read") == Some(key));
    let path = dir.path().join("p.key");
    assert_eq!(fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o600);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("set");
    assert!(keys.load("p").expect_err("refused").to_string().contains("chmod 600"));
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("set");
    fs::write(&path, "no key").expect("written");
    assert!(keys.load("p").expect_err("refused").to_string().contains("64 hexadecimal"));
    keys.forget("p").expect("gone");
    keys.forget("p").expect("fine twice");
}
