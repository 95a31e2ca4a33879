//! What a carer does on the screens, at the façade, on real files.

use std::{path::Path, sync::Arc};

use reme::{
    Companion, Conflict, FactFault, FileKeyStore, GameInfo, Household, KeyStore, MemoryQuery, Problem, ReMeError,
    ReadPhoto,
    dto::{FactDto, MemoryInputDto, PersonDto, PlanDto, SettingsDto},
};
use reme_store::{Session, SessionState, Store};
use reme_types::{
    Cue, Domain, FixedClock, InputMode, Language, MatchedBy, MediaRole, Outcome, Patient, SeededRng, SessionId, Trial,
    TrialId, Verdict,
};

fn clock() -> FixedClock {
    FixedClock { now: "2026-05-04T10:00:00Z".parse().expect("a time"), time_zone: jiff::tz::TimeZone::UTC }
}

fn household(folder: &Path) -> Household {
    let keys = FileKeyStore::new(folder.join("keys"));
    let game = |slug: &str, en: &str, zh: &str, levels| GameInfo {
        slug: slug.into(),
        title_en: en.into(),
        title_zh: zh.into(),
        levels,
    };
    Household::new(folder.join("patients"), Box::new(keys), Arc::new(clock()))
        .with_games(vec![game("chat", "A chat", "聊聊", 3), game("sums", "Sums", "算术", 6)])
}

fn hedda(folder: &Path) -> Companion {
    let patient =
        Patient { name: "Hedda".into(), language: Language::En, time_zone: "Europe/Oslo".into(), born_on: None };
    household(folder).add(&patient).expect("added")
}

fn form(text: &str) -> MemoryInputDto {
    MemoryInputDto {
        kind: "episode".into(),
        happened_at: Some("2026-05-02".into()),
        text: text.into(),
        people: vec!["Joan".into()],
        place: Some("the harbour".into()),
        tags: vec!["Food".into()],
        source: "caregiver".into(),
        sensitive: false,
        media: vec![],
        facts: None,
    }
}

fn png(side: u32) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::DynamicImage::new_rgb8(side, side).write_to(&mut bytes, image::ImageFormat::Png).expect("encodes");
    bytes.into_inner()
}

fn add_photo(companion: &mut Companion, side: u32) -> String {
    let read = ReadPhoto::new(png(side), companion.today().expect("a day")).expect("a photo");
    companion.add_photo(&read, Language::En).expect("kept").id
}

fn refused<T: std::fmt::Debug>(result: Result<T, ReMeError>) -> (&'static str, Option<&'static str>) {
    let error = result.expect_err("refused");
    (error.code(), error.field())
}

#[test]
fn a_form_becomes_a_memory_and_what_it_leaves_open_is_read_from_the_note() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut companion = hedda(dir.path());
    companion.create_memory(&form("Joan and I ate fried herring.")).expect("kept");
    let open = MemoryInputDto {
        happened_at: None,
        people: vec![],
        place: None,
        tags: vec![],
        ..form("Yesterday Joan and I sang at the harbour.")
    };
    let kept = companion.create_memory(&open).expect("kept");
    assert_eq!(
        (kept.happened_at.as_deref(), kept.people.as_slice(), kept.place.as_deref()),
        (Some("2026-05-03"), &["Joan".to_owned()][..], Some("the harbour"))
    );
    assert!(kept.facts.iter().all(|f| f.origin == "rule" && !f.confirmed && f.id.is_some()), "{:?}", kept.facts);
    assert!(kept.facts.iter().any(|f| f.answer == "Joan"));
    assert_eq!(companion.profile().expect("read").memories, 2);
}

#[test]
fn a_field_that_cannot_be_taken_is_named_and_nothing_changes() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut companion = hedda(dir.path());
    let cases = [
        (MemoryInputDto { kind: "dream".into(), ..form("A swim.") }, ("invalid", Some("kind"))),
        (MemoryInputDto { source: "radio".into(), ..form("A swim.") }, ("invalid", Some("source"))),
        (MemoryInputDto { happened_at: Some("May".into()), ..form("A swim.") }, ("invalid", Some("happened_at"))),
        (
            MemoryInputDto { happened_at: Some("2026-05-05".into()), ..form("A swim.") },
            ("invalid", Some("happened_at")),
        ),
        (MemoryInputDto { media: vec!["../x".into()], ..form("A swim.") }, ("invalid", Some("media"))),
        (MemoryInputDto { media: vec!["a".repeat(64)], ..form("A swim.") }, ("invalid", Some("media"))),
        (MemoryInputDto { people: vec!["x".repeat(81)], ..form("A swim.") }, ("invalid", Some("people"))),
        (MemoryInputDto { tags: vec!["x".into(); 51], ..form("A swim.") }, ("invalid", Some("tags"))),
        (form(" "), ("invalid", Some("text"))),
        (form(&"a".repeat(1_000_000)), ("too-large", Some("text"))),
        (form(&"🙂".repeat(20_000)), ("too-large", Some("text"))),
    ];
    for (input, expected) in cases {
        assert_eq!(refused(companion.create_memory(&input)), expected);
    }
    assert!(companion.memories().expect("read").is_empty() && companion.people().expect("read").is_empty());
}

#[test]
fn emoji_and_right_to_left_words_are_kept_as_they_were() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut companion = hedda(dir.path());
    let text = "شربنا الشاي 🙂👩‍👩‍👧 with Joan";
    let kept = companion.create_memory(&form(text)).expect("kept");
    assert_eq!(companion.memory_by_id(&kept.id).expect("read").text, text);
}

#[test]
fn a_photo_alone_is_a_memory_and_comes_in_four_sizes() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut companion = hedda(dir.path());
    let id = add_photo(&mut companion, 400);
    let kept = companion
        .create_memory(&MemoryInputDto { happened_at: None, media: vec![id.clone()], ..form("") })
        .expect("kept");
    assert_eq!((kept.media.as_slice(), kept.happened_at.as_deref()), (&[id.clone()][..], Some("2026-05-04")));
    assert_eq!(companion.photo(&id, MediaRole::Original).expect("there"), (png(400), "image/png".to_owned()));
    for size in [MediaRole::Screen, MediaRole::Thumb, MediaRole::Blurred] {
        assert_eq!(companion.photo(&id, size).expect("there").1, "image/jpeg");
    }
    assert_eq!(refused(companion.photo("../../key", MediaRole::Original)).0, "not-found");
    let export = companion.export().expect("exported");
    let readme = String::from_utf8(export.iter().find(|(n, _)| n == "README.txt").expect("there").1.clone());
    let readme = readme.expect("UTF-8");
    for (name, _) in &export {
        assert!(readme.contains(name.as_str()) || name.starts_with("media/") || name == "README.txt", "{name}");
    }
}

#[test]
fn a_damaged_photo_does_not_keep_the_rest_from_being_exported() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut companion = hedda(dir.path());
    let (first, second) = (add_photo(&mut companion, 30), add_photo(&mut companion, 40));
    companion
        .create_memory(&MemoryInputDto { media: vec![first.clone(), second.clone()], ..form("Two photos.") })
        .expect("kept");
    let file = dir.path().join("patients/hedda/media").join(&first[..2]).join(&first);
    std::fs::write(&file, b"not what it was").expect("written");
    let export = companion.export().expect("exported");
    let names: Vec<_> = export.iter().map(|(name, _)| name.clone()).filter(|n| n.starts_with("media/")).collect();
    assert_eq!(names, [format!("media/{second}.png")]);
    let readme = String::from_utf8_lossy(&export.last().expect("some").1).into_owned();
    assert!(readme.contains(&format!("media/{first}.png")));
}

#[test]
fn facts_are_proposed_corrected_and_confirmed() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut companion = hedda(dir.path());
    let input = form("Joan and I ate fried herring.");
    let proposed = companion.propose(&input).expect("proposed");
    assert!(proposed.len() >= 2 && proposed.iter().all(|f| f.id.is_none()));
    assert!(companion.memories().expect("read").is_empty(), "a proposal keeps nothing");

    let kept = companion.create_memory(&MemoryInputDto { facts: Some(proposed), ..input.clone() }).expect("kept");
    assert!(kept.facts.iter().all(|f| f.origin == "rule" && !f.confirmed), "{:?}", kept.facts);
    let mut facts = kept.facts.clone();
    facts[0].answer = "fried herring with mustard".into();
    let changed =
        companion.update_memory(&kept.id, &MemoryInputDto { facts: Some(facts), ..input.clone() }).expect("changed");
    assert_eq!((changed.facts[0].origin.as_str(), changed.facts[0].confirmed), ("person", true));
    assert_eq!(changed.facts[0].id, kept.facts[0].id);
    assert!(!changed.facts[1].confirmed && changed.facts[1].origin == "rule");

    let bad = FactDto { question: "Was it fried herring?".into(), answer: "herring".into(), ..kept.facts[0].clone() };
    let error = companion.update_memory(&kept.id, &MemoryInputDto { facts: Some(vec![bad]), ..input.clone() });
    let problem = Problem::Fact { number: 1, fault: FactFault::HoldsAnswer };
    assert!(matches!(error, Err(ReMeError::Invalid { field: "facts", problem: p }) if p == problem));

    let anew =
        companion.update_memory(&kept.id, &form("Joan and I ate fried herring and drank tea.")).expect("changed");
    assert_eq!(anew.facts[0], changed.facts[0], "what a person has settled stays");
    assert_eq!(anew.recorded_at, kept.recorded_at);
}

#[test]
fn the_bin_holds_a_memory_until_it_is_emptied() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut companion = hedda(dir.path());
    let kept = companion.create_memory(&form("A swim.")).expect("kept");
    let in_bin = MemoryQuery { in_bin: true, ..MemoryQuery::default() };
    companion.delete_memory(&kept.id).expect("binned");
    assert!(companion.memories().expect("read").is_empty());
    assert!(companion.list_memories(&in_bin).expect("read")[0].deleted);
    assert_eq!(
        companion.update_memory(&kept.id, &form("Two swims.")).map(|_| ()).expect_err("in bin").code(),
        "conflict"
    );
    assert!(!companion.restore_memory(&kept.id).expect("back").deleted);
    companion.delete_memory(&kept.id).expect("binned");
    assert_eq!(companion.empty_bin().expect("emptied"), 1);
    assert_eq!(refused(companion.restore_memory(&kept.id)), ("not-found", None));
    for id in ["", "nonsense", "019a7c3e-0000-7000-8000-000000000000"] {
        assert_eq!(refused(companion.memory_by_id(id)).0, "not-found");
        assert_eq!(refused(companion.delete_memory(id)).0, "not-found");
    }
}

#[test]
fn lists_follow_words_and_filters_and_sensitive_ones_are_found_by_the_carer() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut companion = hedda(dir.path());
    companion.create_memory(&form("Joan and I ate fried herring.")).expect("kept");
    let old = MemoryInputDto {
        happened_at: Some("1968".into()),
        people: vec!["Nils".into()],
        tags: vec!["sensitive".into()],
        ..form("Father's boat went down.")
    };
    assert!(companion.create_memory(&old).expect("kept").sensitive);
    let texts = |query: MemoryQuery| -> Vec<String> {
        companion.list_memories(&query).expect("read").into_iter().map(|m| m.text).collect()
    };
    let all = MemoryQuery::default;
    assert_eq!(texts(all()), ["Joan and I ate fried herring.", "Father's boat went down."]);
    let some = |s: &str| Some(s.to_owned());
    assert_eq!(texts(MemoryQuery { words: some("boats"), ..all() }), ["Father's boat went down."]);
    assert_eq!(texts(MemoryQuery { person: some("joan"), ..all() }), ["Joan and I ate fried herring."]);
    assert_eq!(texts(MemoryQuery { tag: some("FOOD"), ..all() }).len(), 1);
    assert_eq!(texts(MemoryQuery { to: "1970".parse().ok(), ..all() }), ["Father's boat went down."]);
    assert_eq!(texts(MemoryQuery { from: "1970".parse().ok(), ..all() }), ["Joan and I ate fried herring."]);
    assert!(texts(MemoryQuery { person: some("Nobody"), ..all() }).is_empty());
    assert_eq!(
        companion.search("What did I eat with Joan?", None, 3).expect("found").memories[0].place.as_deref(),
        Some("the harbour")
    );
}

#[test]
fn people_keep_their_names_apart_and_two_entries_for_one_person_can_be_joined() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut companion = hedda(dir.path());
    let kept = companion.create_memory(&form("Joan sang.")).expect("kept");
    let joan = companion.people().expect("read").remove(0);
    let person = |name: &str, aliases: &[&str]| PersonDto {
        id: String::new(),
        name: name.into(),
        relation: "sister".into(),
        aliases: aliases.iter().map(|a| (*a).to_owned()).collect(),
    };
    assert_eq!(refused(companion.add_person(&person(" ", &[]))), ("invalid", Some("name")));
    assert!(matches!(companion.add_person(&person("JOAN", &[])), Err(ReMeError::Conflict(Conflict::SameName))));
    assert_eq!(refused(companion.update_person("x", &person("Nils", &[]))).0, "not-found");
    companion.add_person(&person("Joan Berg", &["Joan", "Joanie"])).expect("added");
    companion.remove_person(&joan.id).expect("removed");
    assert_eq!(
        companion.memory_by_id(&kept.id).expect("read").people,
        ["Joan Berg"],
        "the memory names the other entry"
    );
    assert_eq!(refused(companion.remove_person(&joan.id)).0, "not-found");
    let other = companion.people().expect("read").remove(0);
    let renamed = companion.update_person(&other.id, &person("Johanna", &["Johanna", "Joan"])).expect("renamed");
    assert_eq!(renamed.aliases, ["Joan"]);
    companion.remove_person(&other.id).expect("removed");
    let left = companion.memory_by_id(&kept.id).expect("read");
    assert_eq!((left.people.len(), left.text.as_str()), (0, "Joan sang."));
}

#[test]
fn a_plan_keeps_its_bounds_and_counts_up() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut companion = hedda(dir.path());
    let first = companion.plan().expect("read");
    assert_eq!((first.version, first.set_by.as_str(), first.session_minutes), (0, "default", 20));
    assert_eq!(
        first.games.iter().map(|g| (g.title.as_str(), g.enabled, g.levels)).collect::<Vec<_>>(),
        [("A chat", true, 3), ("Sums", true, 6)]
    );
    let with = |change: &dyn Fn(&mut PlanDto)| {
        let mut plan = first.clone();
        change(&mut plan);
        plan
    };
    type Change = dyn Fn(&mut PlanDto);
    let cases: [(&Change, &str); 9] = [
        (&|p| p.sessions_per_week = 0, "sessions_per_week"),
        (&|p| p.sessions_per_week = 8, "sessions_per_week"),
        (&|p| p.session_minutes = 9, "session_minutes"),
        (&|p| p.session_minutes = 31, "session_minutes"),
        (&|p| p.daily_cap_minutes = 46, "daily_cap_minutes"),
        (&|p| p.daily_cap_minutes = 19, "daily_cap_minutes"),
        (&|p| p.games[0].max_level = 4, "games"),
        (&|p| p.games[1].min_level = 0, "games"),
        (&|p| p.games.iter_mut().for_each(|g| g.enabled = false), "games"),
    ];
    for (change, field) in cases {
        assert_eq!(refused(companion.set_plan(&with(change))), ("invalid", Some(field)));
    }
    assert_eq!(companion.plan().expect("read"), first, "nothing was changed");
    let wanted = with(&|p| {
        p.games.reverse();
        p.games[1].enabled = false;
        p.games[0].max_level = 4;
        p.session_minutes = 15;
    });
    let set = companion.set_plan(&wanted).expect("set");
    assert_eq!((set.version, set.set_by.as_str(), set.session_minutes), (1, "carer", 15));
    assert_eq!(
        set.games.iter().map(|g| (g.game.as_str(), g.enabled, g.max_level)).collect::<Vec<_>>(),
        [("sums", true, 4), ("chat", false, 3)]
    );
    assert_eq!(refused(companion.set_plan(&wanted)), ("conflict", Some("version")));
    assert_eq!(companion.set_plan(&PlanDto { version: 1, ..wanted }).expect("set").version, 2);
}

#[test]
fn settings_hold_and_the_language_is_the_sessions_too() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut companion = hedda(dir.path());
    let first = companion.settings().expect("read");
    assert_eq!(first, SettingsDto { language: "en".into(), theme: "auto".into(), text_px: 20 });
    for (bad, field) in [
        (SettingsDto { language: "no".into(), ..first.clone() }, "language"),
        (SettingsDto { theme: "pink".into(), ..first.clone() }, "theme"),
        (SettingsDto { text_px: 17, ..first.clone() }, "text_px"),
        (SettingsDto { text_px: 37, ..first.clone() }, "text_px"),
    ] {
        assert_eq!(refused(companion.set_settings(&bad)), ("invalid", Some(field)));
    }
    let wanted = SettingsDto { language: "zh-CN".into(), theme: "contrast".into(), text_px: 30 };
    assert_eq!(companion.set_settings(&wanted).expect("kept"), wanted);
    drop(companion);
    let again = household(dir.path()).open(None).expect("opens");
    assert_eq!((again.settings().expect("read"), again.patient().expect("read").language), (wanted, Language::ZhCn));
}

/// Two sessions of chat at rungs 0 and 6, and one of sums, as the session runner would have logged them.
fn play(folder: &Path) -> Vec<String> {
    let key = FileKeyStore::new(folder.join("keys")).load("hedda").expect("read").expect("there");
    let mut store = Store::open(&folder.join("patients/hedda"), &key, Arc::new(clock())).expect("opens");
    let mut ids = Vec::new();
    for (n, cue) in [(0u32, Some(Cue::Free)), (1, Some(Cue::WholePhoto)), (2, None)] {
        let id = SessionId::new(&clock(), &mut SeededRng::new(n.into()));
        let session = Session {
            id,
            state: SessionState::Done,
            plan: reme_types::Plan {
                version: 1,
                games: vec![],
                dose: reme_types::DoseLimit::default(),
                starts_on: None,
                ends_on: None,
                set_by: "default".into(),
            },
            seed: 1,
            template_versions: std::collections::BTreeMap::new(),
            started_at: format!("2026-05-0{}T23:30:00Z", n + 1).parse().expect("a time"),
            ended_at: None,
            seconds: 61,
        };
        let outcome = Outcome {
            kind: "step".into(),
            domain: if cue.is_some() { Domain::Episodic } else { Domain::Working },
            level: 1,
            practice: false,
            verdict: Verdict::Correct,
            score: 1.0,
            cue,
            rt_ms: Some(900),
            matched_by: MatchedBy::Exact,
            confidence: 1.0,
            memory_id: None,
            fact_id: None,
            data: "{}".into(),
            scorer: 1,
        };
        let trial = |seq: u32, practice| Trial {
            id: TrialId::new(&clock(), &mut SeededRng::new(u64::from(100 * n + seq))),
            session_id: id,
            seq,
            block: 0,
            game: if cue.is_some() { "chat".into() } else { "gone".into() },
            template_version: "1.0.0".into(),
            input: InputMode::Typed,
            at: session.started_at,
            outcome: Outcome { practice, ..outcome.clone() },
        };
        store
            .transact(|tx| {
                tx.start_session(&session)?;
                tx.append_trial(&trial(0, true))?;
                tx.append_trial(&trial(1, false))
            })
            .expect("kept");
        ids.push(id.to_string());
    }
    ids
}

#[test]
fn progress_shows_what_was_logged_and_nothing_else() {
    let dir = tempfile::tempdir().expect("a folder");
    let empty = hedda(dir.path()).progress(Language::En).expect("read");
    assert_eq!((empty.trends.len(), empty.rungs.as_slice(), empty.sessions.len()), (0, &[0; 8][..], 0));
    let ids = play(dir.path());
    let companion = household(dir.path()).open(None).expect("opens");
    let progress = companion.progress(Language::ZhCn).expect("read");
    assert_eq!(progress.rungs, [1, 0, 0, 0, 0, 0, 1, 0]);
    let rows: Vec<_> = progress
        .sessions
        .iter()
        .map(|s| (s.id.as_str(), s.games[0].as_str(), s.trials, s.successes, s.minutes, s.state.as_str()))
        .collect();
    assert_eq!(
        rows,
        [
            (ids[2].as_str(), "gone", 1, 1, 2, "done"),
            (ids[1].as_str(), "聊聊", 1, 0, 2, "done"),
            (ids[0].as_str(), "聊聊", 1, 1, 2, "done")
        ]
    );
    let episodic = progress.trends.iter().find(|t| t.domain == "episodic").expect("there");
    // 23:30 in Greenwich is the next day in Oslo.
    assert_eq!(episodic.points.iter().map(|p| p.date.as_str()).collect::<Vec<_>>(), ["2026-05-02", "2026-05-03"]);
    assert!(episodic.points[0].low < 1.0 && Language::detect(&episodic.sentence) == Language::ZhCn);
    let trials = companion.trials_of(&ids[1]).expect("read");
    assert_eq!(
        trials.iter().map(|t| (t.seq, t.practice, t.rung)).collect::<Vec<_>>(),
        [(0, true, Some(6)), (1, false, Some(6))]
    );
    assert_eq!((trials[1].verdict.as_str(), trials[1].matched_by.as_str()), ("correct", "exact"));
    assert_eq!(refused(companion.trials_of("nonsense")).0, "not-found");
}

#[test]
fn erasing_an_open_companion_needs_the_name_and_gives_it_back_otherwise() {
    let dir = tempfile::tempdir().expect("a folder");
    let home = household(dir.path());
    let companion = hedda(dir.path());
    let (back, error) = home.erase_open(companion, "hedda").expect_err("another name");
    assert_eq!((error.code(), error.field()), ("invalid", Some("confirm")));
    home.erase_open(back.expect("given back"), "Hedda").map_err(|(_, e)| e).expect("erased");
    assert!(home.slugs().expect("read").is_empty() && !dir.path().join("keys/hedda.key").exists());
}

#[test]
fn a_key_left_by_a_killed_process_does_not_block_the_name() {
    let dir = tempfile::tempdir().expect("a folder");
    let key = reme::StoreKey::from_bytes([7; 32]);
    FileKeyStore::new(dir.path().join("keys")).save("hedda", &key).expect("saved");
    assert_eq!(hedda(dir.path()).slug(), "hedda");
    assert!(household(dir.path()).open(Some("hedda")).is_ok());
}
