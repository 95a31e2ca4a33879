//! Sensor files become drafts, and a draft becomes a memory only when somebody says so.

use std::{fmt::Write, ops::ControlFlow, path::Path, sync::Arc};

use reme::{
    Companion, FileKeyStore, Household, NewMemory, ReMeError,
    dto::{MemoryDto, MemoryInputDto, SensedDto, SuggestionDto, SuggestionEditDto},
    vision::{Eyes, Look, ModelPaths},
};
use reme_types::{FixedClock, Language, Patient};

const HOME: (f64, f64) = (51.5000, -0.1200);
const PARK: (f64, f64) = (51.5170, -0.1200);

fn companion(folder: &Path, language: Language) -> Companion {
    let clock = FixedClock { now: "2026-05-04T10:00:00Z".parse().expect("a time"), time_zone: jiff::tz::TimeZone::UTC };
    let keys = FileKeyStore::new(folder.join("keys"));
    let household = Household::new(folder.join("patients"), Box::new(keys), Arc::new(clock));
    let patient = Patient { name: "Hedda".into(), language, time_zone: "Europe/London".into(), born_on: None };
    let mut companion = household.add(&patient).expect("added");
    let (home, park) = if language == Language::En { ("home", "the park") } else { ("家", "公园") };
    let place =
        |name: &str, at: (f64, f64)| format!("{{\"name\":\"{name}\",\"latitude\":{},\"longitude\":{}}}\n", at.0, at.1);
    let places = place(home, HOME) + &place(park, PARK);
    assert!(companion.import_places(&places).expect("places").is_empty());
    companion
}

/// An afternoon: at home, a walk of 25 minutes to the park, 40 minutes there, and 25 minutes back.
fn afternoon() -> (String, String) {
    let (mut export, mut gpx) = ("<HealthData>\n".to_owned(), "<gpx><trk><trkseg>\n".to_owned());
    for minute in 0..240_i32 {
        let share = match minute {
            60..85 => f64::from(minute - 60) / 25.0,
            85..125 => 1.0,
            125..150 => 1.0 - f64::from(minute - 125) / 25.0,
            _ => 0.0,
        };
        let walks = (60..85).contains(&minute) || (125..150).contains(&minute);
        let clock = |minute: i32| format!("{:02}:{:02}:00", 13 + minute / 60, minute % 60);
        let (start, end) = (clock(minute), clock(minute + 1));
        if walks {
            writeln!(export, "<Record type=\"HKQuantityTypeIdentifierStepCount\" sourceName=\"Watch\" unit=\"count\" startDate=\"2026-05-02 {start} +0100\" endDate=\"2026-05-02 {end} +0100\" value=\"95\"/>").expect("a string");
        }
        writeln!(export, "<Record type=\"HKQuantityTypeIdentifierHeartRate\" sourceName=\"Watch\" unit=\"count/min\" startDate=\"2026-05-02 {start} +0100\" endDate=\"2026-05-02 {start} +0100\" value=\"{}\"/>", if walks { 96 } else { 68 }).expect("a string");
        let latitude = HOME.0 + (PARK.0 - HOME.0) * share;
        let utc = format!("{:02}:{:02}:00", 12 + minute / 60, minute % 60);
        writeln!(gpx, "<trkpt lat=\"{latitude}\" lon=\"-0.12\"><time>2026-05-02T{utc}Z</time></trkpt>")
            .expect("a string");
    }
    (export + "</HealthData>\n", gpx + "</trkseg></trk></gpx>\n")
}

const CALENDAR: &str = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:tea\nSUMMARY:Tea with Joan\nDTSTART;TZID=Europe/London:20260502T143000\nDTEND;TZID=Europe/London:20260502T150000\nEND:VEVENT\nEND:VCALENDAR\n";

fn sense(companion: &mut Companion, files: &[(&str, &str)]) -> SensedDto {
    let mut sensing = companion.begin_sensing(31, Language::En).expect("begun");
    for (name, text) in files {
        sensing.read(name, text.as_bytes(), &mut |_| ControlFlow::Continue(()));
    }
    companion.offer_sensed(sensing).expect("offered")
}

/// As the inbox does it: the draft as it is.
fn accept(companion: &mut Companion, id: &str) -> Result<MemoryDto, ReMeError> {
    let accepted = companion.accept_suggestion(id, &SuggestionEditDto { text: None, draft: None, fact: None })?;
    companion.memory_by_id(&accepted.memory.expect("a draft becomes a memory"))
}

#[test]
fn an_afternoon_out_becomes_one_draft_in_both_languages_and_a_memory_when_accepted() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut companion = companion(folder.path(), Language::En);
    companion.import_people("{\"name\":\"Joan\",\"relation\":\"sister\"}").expect("people");
    let (export, gpx) = afternoon();
    let files = [("export.xml", export.as_str()), ("way.gpx", &gpx), ("calendar.ics", CALENDAR)];
    let report = sense(&mut companion, &files);
    assert_eq!((report.suggestions, report.again), (1, 0), "{report:#?}");
    let draft = &report.drafts[0];
    assert_eq!(
        draft.en,
        "A walk of 25 minutes from home to the park, then 40 minutes at the park, then a walk of 25 minutes from the park to home. In the calendar: Tea with Joan."
    );
    assert_eq!(
        draft.zh,
        "从家到the park步行25分钟，然后在the park待了40分钟，然后从the park到家步行25分钟。日历上写着：Tea with Joan。"
    );
    assert_eq!(draft.sources, ["wearable", "gps", "calendar"]);
    assert_eq!(
        (draft.draft.place.as_deref(), draft.draft.people.as_slice()),
        (Some("the park"), &["Joan".to_owned()][..])
    );
    assert_eq!(draft.draft.happened_at.as_deref(), Some("2026-05-02T14:00"));
    assert!(companion.memories().expect("a list").is_empty(), "nothing is kept until somebody says so");

    let again = sense(&mut companion, &files);
    assert_eq!((again.suggestions, again.again), (0, 1), "the same files add nothing");
    let memory = accept(&mut companion, &draft.id).expect("accepted");
    assert_eq!((memory.place.as_deref(), memory.source.as_str()), (Some("the park"), "wearable"));
    assert!(matches!(accept(&mut companion, &draft.id), Err(ReMeError::Store(_))), "accepted once");
    assert_eq!(companion.memories().expect("a list").len(), 1);
    assert_eq!(sense(&mut companion, &files).suggestions, 0, "nor after it was accepted");
    assert_eq!(companion.count_suggestions().expect("counted").open, 0);
}

#[test]
fn a_dismissed_draft_does_not_come_back_and_a_shifted_export_is_the_same_walk() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut companion = companion(folder.path(), Language::ZhCn);
    let (export, gpx) = afternoon();
    let report = sense(&mut companion, &[("export.xml", &export), ("way.gpx", &gpx)]);
    assert_eq!(report.drafts[0].draft.text, "从家到公园步行25分钟，然后在公园待了40分钟，然后从公园到家步行25分钟。");
    companion.dismiss_suggestion(&report.drafts[0].id).expect("dismissed");
    // Another export of that day begins later, so that the first minutes of the walk are missing.
    let later: String = export
        .lines()
        .filter(|line| !line.contains(" 14:00:") && !line.contains(" 14:01:"))
        .map(|l| format!("{l}\n"))
        .collect();
    let again = sense(&mut companion, &[("export.xml", &later), ("way.gpx", &gpx)]);
    assert_eq!((again.suggestions, again.again), (0, 1), "{again:#?}");
}

#[test]
fn broken_files_are_named_and_the_rest_is_used_and_a_stopped_reading_offers_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut companion = companion(folder.path(), Language::En);
    let (export, gpx) = afternoon();
    let broken = export.replacen("value=\"95\"", "value=\"ninety\"", 1);
    let report = sense(
        &mut companion,
        &[
            ("export.xml", &broken),
            ("way.gpx", &gpx),
            ("photo.zip", "PK\u{3}\u{4}"),
            ("notes.txt", "secret words"),
            ("old.gpx", &gpx.replace("2026-", "2019-")),
        ],
    );
    assert_eq!(report.suggestions, 1);
    let problems: Vec<&str> = report.files.iter().flat_map(|file| &file.problems).map(String::as_str).collect();
    let begins = [
        "export.xml, line 62, value: this is no number.",
        "photo.zip is a zip archive",
        "notes.txt is none of",
        "old.gpx holds nothing of the days",
    ];
    assert_eq!(problems.len(), begins.len(), "{problems:?}");
    assert!(problems.iter().zip(begins).all(|(problem, begin)| problem.starts_with(begin)), "{problems:?}");
    assert!(problems.iter().all(|problem| !problem.contains("secret") && !problem.contains("ninety")));

    let mut sensing = companion.begin_sensing(31, Language::En).expect("begun");
    let again = export.replace("2026-05-02", "2026-05-01").repeat(9);
    sensing.read("export.xml", again.as_bytes(), &mut |_| ControlFlow::Break(()));
    assert_eq!(companion.offer_sensed(sensing).expect("a report").drafts, []);
    assert!(companion.begin_sensing(0, Language::En).is_err());
}

/// A JPEG whose EXIF block says this date (EXIF 2.32: TIFF header, one entry, tag 0x0132).
fn jpeg_of(date: &str) -> Vec<u8> {
    let mut jpeg = std::io::Cursor::new(Vec::new());
    image::DynamicImage::new_rgb8(40, 30).write_to(&mut jpeg, image::ImageFormat::Jpeg).expect("encodes");
    let jpeg = jpeg.into_inner();
    let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x32\0\x02\0\0\0\x14\0\0\0\x1a\0\0\0\0".to_vec();
    exif.extend(format!("{date}\0").bytes());
    let mut out = jpeg[..2].to_vec();
    out.extend([0xff, 0xe1]);
    out.extend(u16::try_from(exif.len() + 2).expect("short").to_be_bytes());
    out.extend(exif);
    out.extend(&jpeg[2..]);
    out
}

#[test]
fn photos_of_that_hour_come_with_the_draft_and_others_do_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut companion = companion(folder.path(), Language::En);
    for (text, date) in [("The pond.", "2026:05:02 14:40:00"), ("Breakfast.", "2026:05:02 08:00:00")] {
        let photo = NewMemory { text: text.into(), photos: vec![jpeg_of(date)], ..NewMemory::default() };
        companion.add_memory(photo).expect("kept");
    }
    let (export, gpx) = afternoon();
    let report = sense(&mut companion, &[("export.xml", &export), ("way.gpx", &gpx)]);
    let draft = &report.drafts[0];
    assert!(draft.en.ends_with("Photos from that time: 1."), "{}", draft.en);
    assert_eq!(
        (draft.draft.media.len(), draft.sources.as_slice()),
        (1, &["wearable", "gps", "photo"].map(str::to_owned)[..])
    );
    assert_eq!(accept(&mut companion, &draft.id).expect("accepted").media.len(), 1);
}

/// The same with a position: a GPS block beside the date (EXIF 2.32, tags 1 to 4), degrees as a fraction of 100 000.
fn jpeg_at(date: &str, (latitude, longitude): (f64, f64)) -> Vec<u8> {
    let mut jpeg = std::io::Cursor::new(Vec::new());
    let grey = (latitude * 1e5) as u8;
    let picture = image::RgbImage::from_pixel(40, 30, image::Rgb([grey, 90, 120]));
    image::DynamicImage::from(picture).write_to(&mut jpeg, image::ImageFormat::Jpeg).expect("encodes");
    let jpeg = jpeg.into_inner();
    let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08".to_vec();
    let entry = |exif: &mut Vec<u8>, tag: u16, kind: u16, count: u32, value: [u8; 4]| {
        exif.extend(tag.to_be_bytes());
        exif.extend(kind.to_be_bytes());
        exif.extend(count.to_be_bytes());
        exif.extend(value);
    };
    exif.extend(2u16.to_be_bytes());
    entry(&mut exif, 0x0132, 2, 20, 38u32.to_be_bytes());
    entry(&mut exif, 0x8825, 4, 1, 58u32.to_be_bytes());
    exif.extend([0; 4]);
    exif.extend(format!("{date}\0").bytes());
    exif.extend(4u16.to_be_bytes());
    entry(&mut exif, 1, 2, 2, if latitude < 0.0 { *b"S\0\0\0" } else { *b"N\0\0\0" });
    entry(&mut exif, 2, 5, 3, 112u32.to_be_bytes());
    entry(&mut exif, 3, 2, 2, if longitude < 0.0 { *b"W\0\0\0" } else { *b"E\0\0\0" });
    entry(&mut exif, 4, 5, 3, 136u32.to_be_bytes());
    exif.extend([0; 4]);
    for degrees in [latitude, longitude] {
        for (number, of) in [((degrees.abs() * 1e5).round() as u32, 100_000u32), (0, 1), (0, 1)] {
            exif.extend(number.to_be_bytes());
            exif.extend(of.to_be_bytes());
        }
    }
    let mut out = jpeg[..2].to_vec();
    out.extend([0xff, 0xe1]);
    out.extend(u16::try_from(exif.len() + 2).expect("short").to_be_bytes());
    out.extend(exif);
    out.extend(&jpeg[2..]);
    out
}

/// Keeps a memory with a photo from there and looks at it; returns the memory and what was offered.
fn photographed(companion: &mut Companion, text: &str, date: &str, at: (f64, f64)) -> (MemoryDto, Vec<SuggestionDto>) {
    let new = NewMemory { text: text.into(), photos: vec![jpeg_at(date, at)], ..NewMemory::default() };
    let memory = companion.add_memory(new).expect("kept").memory;
    let eyes = Eyes::open(&ModelPaths::in_folder(Path::new("nowhere")));
    let photo = companion.photo_again(&memory.media[0]).expect("there");
    (memory, companion.keep_look(&photo, &Look::default(), &eyes).expect("kept"))
}

fn north(of: (f64, f64), metres: f64) -> (f64, f64) {
    (of.0 + metres / 111_195.0, of.1)
}

#[test]
fn a_photo_near_a_known_place_is_offered_that_place_and_one_from_nowhere_known_asks_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut companion = companion(folder.path(), Language::En);
    let (memory, offered) = photographed(&mut companion, "Ducks.", "2026:04:01 10:00:00", north(PARK, 30.0));
    let [place] = &offered[..] else { panic!("{offered:#?}") };
    assert_eq!((place.kind.as_str(), place.source.as_str(), place.text.as_str()), ("place", "exif", "the park"));
    assert_eq!(companion.memory_by_id(&memory.id).expect("read").place, None, "nothing before it is accepted");
    let farther = photographed(&mut companion, "Swans.", "2026:04:01 10:05:00", north(PARK, 150.0)).1;
    assert!(place.confidence > 0.8 && farther[0].confidence < place.confidence, "{offered:?} {farther:?}");
    companion
        .accept_suggestion(&place.id, &SuggestionEditDto { text: None, draft: None, fact: None })
        .expect("accepted");
    assert_eq!(companion.memory_by_id(&memory.id).expect("read").place.as_deref(), Some("the park"));
    companion.reopen_suggestion(&place.id).expect("undone");
    assert_eq!(companion.memory_by_id(&memory.id).expect("read").place, None);
    companion.dismiss_suggestion(&place.id).expect("dismissed");
    let eyes = Eyes::open(&ModelPaths::in_folder(Path::new("nowhere")));
    let photo = companion.photo_again(&memory.media[0]).expect("there");
    assert_eq!(companion.keep_look(&photo, &Look::default(), &eyes).expect("kept"), [], "it was dismissed");

    let harbour = (54.0, -1.5);
    let (first, nothing) = photographed(&mut companion, "Boats.", "2026:04:02 10:00:00", harbour);
    assert_eq!(nothing, [], "nobody has said what is there");
    let media = first.media[0].parse().expect("an id");
    let kept = companion.store_mut().photo_origin(&media).expect("read").expect("kept");
    assert!(kept.position.is_some_and(|(latitude, _)| (latitude - 54.0).abs() < 1e-4), "{kept:?}");
    // The carer says where it was; the next photo from there is offered that place.
    let named = MemoryInputDto {
        kind: first.kind,
        happened_at: first.happened_at,
        text: first.text,
        people: first.people,
        place: Some("Whitby harbour".into()),
        tags: first.tags,
        source: first.source,
        sensitive: false,
        media: first.media,
        facts: None,
    };
    companion.update_memory(&first.id, &named).expect("changed");
    let (_, offered) = photographed(&mut companion, "Gulls.", "2026:04:03 10:00:00", north(harbour, 40.0));
    assert_eq!(offered.iter().map(|s| s.text.as_str()).collect::<Vec<_>>(), ["Whitby harbour"]);
}

#[test]
fn a_walk_that_only_steps_tell_of_and_its_photos_are_one_draft_that_knows_where_it_led() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut companion = companion(folder.path(), Language::En);
    for (text, time, at) in [
        ("The pond.", "2026:05:02 14:30:00", north(PARK, 20.0)),
        ("The bench.", "2026:05:02 15:00:00", PARK),
        ("From my cousin abroad.", "2026:05:02 14:45:00", (40.0, 20.0)),
    ] {
        photographed(&mut companion, text, time, at);
    }
    let (export, _) = afternoon();
    let report = sense(&mut companion, &[("export.xml", &export)]);
    assert_eq!(report.suggestions, 1, "{report:#?}");
    let draft = &report.drafts[0];
    assert!(draft.en.starts_with("A walk of 25 minutes to the park"), "{}", draft.en);
    assert_eq!(draft.draft.place.as_deref(), Some("the park"));
    assert!(draft.sources.contains(&"photo".to_owned()));
}

#[test]
fn an_accepted_stay_teaches_where_its_place_is_and_an_undo_forgets_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut companion = companion(folder.path(), Language::En);
    let (export, gpx) = afternoon();
    let calendar = CALENDAR
        .replace("SUMMARY:Tea with Joan", "SUMMARY:Tea with Joan\nLOCATION:Café Anna")
        .replace("T150000", "T151500");
    // The walk leads to where no place is known.
    let (elsewhere, gpx) = (north(PARK, -900.0), gpx.replace("51.517", "51.509"));
    let way: String = gpx
        .lines()
        .filter(|line| line.contains("\"51.5\"") || line.contains("\"51.509\"") || !line.contains("trkpt"))
        .map(|l| format!("{l}\n"))
        .collect();
    let report = sense(&mut companion, &[("export.xml", &export), ("way.gpx", &way), ("calendar.ics", &calendar)]);
    let draft = &report.drafts[0];
    assert_eq!(draft.draft.place.as_deref(), Some("Café Anna"), "{report:#?}");
    let offered = |companion: &mut Companion, minute| {
        photographed(companion, "Cake.", &format!("2026:04:01 10:{minute}:00"), elsewhere).1
    };
    assert_eq!(offered(&mut companion, 10), [], "a draft teaches nothing");
    accept(&mut companion, &draft.id).expect("accepted");
    let named = offered(&mut companion, 11);
    assert_eq!(named.iter().map(|s| s.text.as_str()).collect::<Vec<_>>(), ["Café Anna"]);
    companion.reopen_suggestion(&draft.id).expect("undone");
    assert_eq!(offered(&mut companion, 12), []);
}
