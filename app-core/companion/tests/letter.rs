//! The words of a photographed letter: read, confirmed, found, exported, brought back, and found no more when that is undone.
#![allow(clippy::disallowed_methods, reason = "the test asks the environment where model files lie")]

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use image::{DynamicImage, GrayImage, ImageFormat, Luma};
use reme::{
    Companion, FileKeyStore, Household, NewMemory, Sentences,
    dto::{MemoryInputDto, SuggestionDto, SuggestionEditDto},
    vision::{Eyes, Look, ModelPaths, Region, Stop, text::Line},
};
use reme_types::{FixedClock, Language, Patient};

const AS_IT_IS: SuggestionEditDto = SuggestionEditDto { text: None, draft: None, fact: None };
const LINES: [&str; 2] = ["THE COAL MEN COME", "ON TUESDAY"];
const ASKED: &str = "On which day do the coal men come?";

fn hedda(folder: &Path) -> Companion {
    let clock = FixedClock { now: "2026-05-04T10:00:00Z".parse().expect("a time"), time_zone: jiff::tz::TimeZone::UTC };
    let keys = FileKeyStore::new(folder.join("keys"));
    let household = Household::new(folder.join("patients"), Box::new(keys), Arc::new(clock));
    let patient = Patient { name: "Hedda".into(), language: Language::En, time_zone: "UTC".into(), born_on: None };
    household.add(&patient).expect("added")
}

/// A file of a model set, or `None` when the machine was told to test without.
fn model(name: &str) -> Option<(PathBuf, String)> {
    let model = reme_models::Manifest::builtin().find(name).expect("in the manifest").clone();
    let folder = reme_models::ModelsFolder::from_env(|name| std::env::var_os(name)).ok();
    let path = folder.and_then(|folder| folder.locate(&model).expect("the folder can be read"));
    if path.is_none() && std::env::var_os("REME_TEST_WITHOUT_MODELS").is_none_or(|v| v != "1") {
        panic!("{} is missing: run `cargo xtask models`, or set REME_TEST_WITHOUT_MODELS=1", model.file);
    }
    path.map(|path| (path, model.sha256))
}

/// The strokes of a capital letter, 1 wide and 1.4 high.
fn strokes(letter: char) -> Vec<Vec<(f32, f32)>> {
    let arc = |middle: (f32, f32), radius: (f32, f32), from: i32, to: i32| -> Vec<(f32, f32)> {
        let at = |degrees: i32| (degrees as f32).to_radians();
        let step = |n| from + (to - from) * n / 24;
        (0..=24).map(|n| (middle.0 + radius.0 * at(step(n)).cos(), middle.1 + radius.1 * at(step(n)).sin())).collect()
    };
    match letter {
        'A' => vec![vec![(0.0, 1.4), (0.5, 0.0), (1.0, 1.4)], vec![(0.2, 0.9), (0.8, 0.9)]],
        'C' => vec![arc((0.55, 0.7), (0.55, 0.7), -50, -310)],
        'D' => vec![
            vec![(0.1, 0.0), (0.1, 1.4), (0.4, 1.4)],
            vec![(0.1, 0.0), (0.4, 0.0)],
            arc((0.4, 0.7), (0.6, 0.7), -90, 90),
        ],
        'E' => vec![vec![(0.9, 0.0), (0.1, 0.0), (0.1, 1.4), (0.9, 1.4)], vec![(0.1, 0.68), (0.8, 0.68)]],
        'H' => vec![vec![(0.1, 0.0), (0.1, 1.4)], vec![(0.9, 0.0), (0.9, 1.4)], vec![(0.1, 0.68), (0.9, 0.68)]],
        'L' => vec![vec![(0.1, 0.0), (0.1, 1.4), (0.9, 1.4)]],
        'M' => vec![vec![(0.0, 1.4), (0.0, 0.0), (0.5, 0.9), (1.0, 0.0), (1.0, 1.4)]],
        'N' => vec![vec![(0.1, 1.4), (0.1, 0.0), (0.9, 1.4), (0.9, 0.0)]],
        'O' => vec![arc((0.5, 0.7), (0.5, 0.7), 0, 360)],
        'S' => vec![[arc((0.5, 0.36), (0.4, 0.36), -30, -270), arc((0.5, 1.05), (0.43, 0.35), -90, 150)].concat()],
        'T' => vec![vec![(0.0, 0.0), (1.0, 0.0)], vec![(0.5, 0.0), (0.5, 1.4)]],
        'U' => vec![[vec![(0.1, 0.0)], arc((0.5, 1.0), (0.4, 0.4), 180, 0), vec![(0.9, 0.0)]].concat()],
        'Y' => vec![vec![(0.0, 0.0), (0.5, 0.7), (1.0, 0.0)], vec![(0.5, 0.7), (0.5, 1.4)]],
        _ => Vec::new(),
    }
}

/// How far a point lies from a stretch.
fn apart(point: (f32, f32), from: (f32, f32), to: (f32, f32)) -> f32 {
    let (along, up) = (to.0 - from.0, to.1 - from.1);
    let share = ((point.0 - from.0) * along + (point.1 - from.1) * up) / (along * along + up * up).max(1e-6);
    let share = share.clamp(0.0, 1.0);
    (point.0 - from.0 - share * along).hypot(point.1 - from.1 - share * up)
}

/// A page with these lines in dark capitals, as a PNG.
fn letter(lines: &[&str]) -> Vec<u8> {
    const HIGH: f32 = 40.0;
    const THICK: f32 = 3.2;
    let mut page = GrayImage::from_pixel(1100, 420, Luma([236]));
    for (row, line) in lines.iter().enumerate() {
        for (column, sign) in line.chars().enumerate() {
            let corner = (90.0 + column as f32 * (HIGH + 14.0), 90.0 + row as f32 * 120.0);
            let place = |(x, y): (f32, f32)| (corner.0 + x * HIGH * 0.9, corner.1 + y * HIGH);
            for stroke in strokes(sign) {
                for ends in stroke.windows(2) {
                    let (from, to) = (place(ends[0]), place(ends[1]));
                    let reach = |a: f32, b: f32| ((a.min(b) - THICK - 1.0) as u32, (a.max(b) + THICK + 2.0) as u32);
                    let ((left, right), (top, bottom)) = (reach(from.0, to.0), reach(from.1, to.1));
                    for (x, y) in (top..bottom).flat_map(|y| (left..right).map(move |x| (x, y))) {
                        let ink = (THICK + 0.5 - apart((x as f32, y as f32), from, to)).clamp(0.0, 1.0);
                        let pixel = page.get_pixel_mut(x, y);
                        pixel.0[0] = pixel.0[0].min((236.0 - 206.0 * ink) as u8);
                    }
                }
            }
        }
    }
    let mut png = std::io::Cursor::new(Vec::new());
    DynamicImage::ImageLuma8(page).write_to(&mut png, ImageFormat::Png).expect("encodes");
    png.into_inner()
}

/// Three memories, the last of them with the letter; returns its id.
fn with_letter(companion: &mut Companion) -> String {
    for text in ["We picked plums in the orchard.", "Walter mended the radio."] {
        companion.add_memory(NewMemory { text: text.into(), ..NewMemory::default() }).expect("kept");
    }
    let new = NewMemory { text: "This came by post.".into(), photos: vec![letter(&LINES)], ..NewMemory::default() };
    companion.add_memory(new).expect("kept").memory.id
}

/// Whether the question is answered by that memory, which is cited for it.
fn is_found(companion: &mut Companion, id: &str) -> bool {
    let found = companion.search(ASKED, None, 5).expect("searched");
    let is_first = found.memories.first().is_some_and(|memory| memory.id == id);
    !found.is_nothing_found && is_first && found.cited == [id]
}

/// Looks at the one photo there is; returns what was read.
fn looked(companion: &mut Companion, eyes: &Eyes) -> SuggestionDto {
    let photo = companion.next_photo(eyes).expect("read").expect("one is left");
    let look = photo.look(eyes, Language::En, &|| Duration::ZERO, &(Arc::new(|| false) as Stop));
    let offered = companion.keep_look(&photo, &look, eyes).expect("kept");
    offered.into_iter().find(|suggestion| suggestion.kind == "text").expect("something was read")
}

/// As [`looked`], with the lines as they were drawn: for what comes after the reading.
fn told(companion: &mut Companion) -> SuggestionDto {
    let eyes = Eyes::open(&ModelPaths::in_folder(Path::new("nowhere")));
    let photo = companion.next_photo(&eyes).expect("read").expect("one is left");
    let region = Region { left: 0.1, top: 0.2, width: 0.8, height: 0.1 };
    let lines = LINES.iter().map(|text| Line { text: (*text).into(), confidence: 0.9, region }).collect();
    companion.keep_look(&photo, &Look { lines, ..Look::default() }, &eyes).expect("kept").remove(0)
}

#[test]
fn a_letter_is_found_by_its_words_once_they_are_confirmed_and_not_before_or_after_an_undo() {
    let files = ["ocr-finder", "ocr-reader", "ocr-characters"].map(model);
    let [Some((finder, _)), Some(_), Some(_)] = &files else { return };
    let eyes = Eyes::open(&ModelPaths::in_folder(finder.parent().expect("it lies in a folder")));
    let dir = tempfile::tempdir().expect("a folder");
    let mut companion = hedda(dir.path());
    let id = with_letter(&mut companion);
    let read = looked(&mut companion, &eyes);
    assert_eq!(read.text.replace('\n', " "), LINES.join(" "), "what the eyes read");
    assert!(!is_found(&mut companion, &id), "nobody has confirmed it");
    companion.accept_suggestion(&read.id, &AS_IT_IS).expect("accepted");
    assert!(is_found(&mut companion, &id), "the index that was built before knows it");
    let answer = companion.search(ASKED, None, 5).expect("searched").answer.expect("the letter says it");
    assert!(answer.contains("COAL"), "{answer}: not the day of the note");
    assert_eq!(companion.memory_by_id(&id).expect("read").text, "This came by post.", "the note says what was told");
    companion.reopen_suggestion(&read.id).expect("undone");
    assert!(!is_found(&mut companion, &id));
}

#[test]
fn the_vector_speaks_of_confirmed_words_and_of_no_others() {
    let Some((path, sha256)) = model("sentences") else { return };
    let dir = tempfile::tempdir().expect("a folder");
    let mut companion = hedda(dir.path()).with_sentences(Some(Sentences::at(path, sha256.clone())));
    let id = with_letter(&mut companion);
    let vector = |companion: &mut Companion| {
        companion.search(ASKED, None, 5).expect("searched");
        let kept = companion.store_mut().vectors(&sha256).expect("read");
        kept.into_iter().find(|(memory, _)| memory.to_string() == id).expect("every memory has one").1
    };
    let alone = vector(&mut companion);
    let read = told(&mut companion);
    assert_eq!(vector(&mut companion), alone);
    companion.accept_suggestion(&read.id, &AS_IT_IS).expect("accepted");
    let stale = companion.store_mut().vectors(&sha256).expect("read");
    assert!(stale.iter().all(|(memory, _)| memory.to_string() != id), "the old one is gone, even if nobody asks");
    assert_ne!(vector(&mut companion), alone);
    companion.reopen_suggestion(&read.id).expect("undone");
    assert_eq!(vector(&mut companion), alone);
}

#[test]
fn an_export_holds_confirmed_words_only_and_an_import_brings_them_back() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut companion = hedda(dir.path());
    let id = with_letter(&mut companion);
    let read = told(&mut companion);
    let exported = |companion: &Companion| {
        let files = companion.export().expect("exported");
        let lines = files.iter().find(|(name, _)| name == "memories.jsonl").expect("there").1.clone();
        (String::from_utf8(lines).expect("text"), files)
    };
    assert!(!exported(&companion).0.contains("COAL"));
    companion.accept_suggestion(&read.id, &AS_IT_IS).expect("accepted");
    let (lines, files) = exported(&companion);
    assert!(lines.contains("THE COAL MEN COME\\nON TUESDAY"), "{lines}");

    let other = tempfile::tempdir().expect("a folder");
    let mut restored = hedda(other.path());
    let file = |name: &str| files.iter().find(|(of, _)| of == name).map(|(_, bytes)| bytes.clone());
    let report = restored.import(&lines, &file).expect("imported");
    assert_eq!((report.added, report.problems.as_slice()), (3, &[][..]));
    let there = restored.memories().expect("listed").into_iter().find(|m| !m.media.is_empty()).expect("with its photo");
    assert!(is_found(&mut restored, &there.id));

    // A photo that is taken out of a memory takes its words along.
    let memory = companion.memory_by_id(&id).expect("read");
    let without = MemoryInputDto {
        kind: memory.kind,
        happened_at: memory.happened_at,
        text: memory.text,
        people: memory.people,
        place: memory.place,
        tags: memory.tags,
        source: memory.source,
        sensitive: memory.sensitive,
        media: Vec::new(),
        facts: None,
    };
    companion.update_memory(&id, &without).expect("changed");
    assert!(!is_found(&mut companion, &id) && !exported(&companion).0.contains("COAL"));
}
