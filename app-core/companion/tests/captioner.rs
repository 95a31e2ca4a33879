//! Whole photos described by a vision-language model: a tiny random one, so the words mean nothing, but the way they take is
//! the real one, from the photo of a memory to the inbox.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use reme::{
    CaptionerFiles, Companion, FileKeyStore, GgufCaptioner, Household, LmError, NewMemory, SuggestionQuery,
    dto::SuggestionEditDto,
    vision::{Captioner, Eyes, ModelPaths, Picture, Stop, VisionError},
};
use reme_types::{FixedClock, Language, Patient};

fn files() -> CaptionerFiles {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../lm/tests/reference/vision");
    CaptionerFiles { model: folder.join("model.gguf"), mmproj: folder.join("mmproj.gguf") }
}

fn captioner() -> GgufCaptioner {
    GgufCaptioner::open(&files(), 1, None).expect("both files open")
}

fn eyes() -> Eyes {
    Eyes::open(&ModelPaths::in_folder(Path::new("nowhere"))).with_captioner(Box::new(captioner()))
}

fn photo() -> RgbImage {
    RgbImage::from_fn(64, 48, |x, y| Rgb([(x * 4) as u8, (y * 5) as u8, 90]))
}

fn never() -> Stop {
    Arc::new(|| false)
}

fn hedda(folder: &Path) -> Companion {
    let clock = FixedClock { now: "2026-05-04T10:00:00Z".parse().expect("a time"), time_zone: jiff::tz::TimeZone::UTC };
    let household =
        Household::new(folder.join("patients"), Box::new(FileKeyStore::new(folder.join("keys"))), Arc::new(clock));
    let patient = Patient { name: "Hedda".into(), language: Language::En, time_zone: "UTC".into(), born_on: None };
    let mut companion = household.add(&patient).expect("added");
    let mut png = std::io::Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(photo()).write_to(&mut png, ImageFormat::Png).expect("encodes");
    companion
        .add_memory(NewMemory { text: "A day.".into(), photos: vec![png.into_inner()], ..NewMemory::default() })
        .expect("kept");
    companion
}

#[test]
fn a_sentence_has_the_models_name_a_confidence_and_the_language_that_was_asked_for() {
    let (captioner, picture) = (captioner(), Picture::of(photo()));
    assert_eq!(captioner.source(), "caption/tiny-random-smolvlm");
    let say = |language| captioner.describe(&picture, language, &never()).expect("a sentence");
    let (english, confidence) = say(Language::En);
    assert!(!english.is_empty() && confidence > 0.0 && confidence <= 1.0, "{english:?}, {confidence}");
    assert_ne!(english, say(Language::ZhCn).0, "the question is another one in Chinese");
    assert_eq!((english, confidence), say(Language::En));
    let other = Picture::of(RgbImage::from_pixel(64, 48, Rgb([250, 10, 10])));
    assert_ne!(say(Language::En), captioner.describe(&other, Language::En, &never()).expect("a sentence"));
}

#[test]
fn what_it_says_is_a_suggestion_and_nothing_else_before_it_is_accepted() {
    let dir = tempfile::tempdir().expect("a folder");
    let (mut companion, eyes) = (hedda(dir.path()), eyes());
    let before = companion.memories().expect("listed");
    let photo = companion.next_photo(&eyes).expect("read").expect("one waits");
    let look = photo.look(&eyes, Language::En, &|| Duration::ZERO, &never());
    assert!(look.troubles.is_empty(), "{:?}", look.troubles);
    let offered = companion.keep_look(&photo, &look, &eyes).expect("kept");
    let captions: Vec<_> = offered.iter().filter(|s| s.kind == "caption").collect();
    assert_eq!(captions.len(), 1);
    assert_eq!(captions[0].source, "caption");
    assert!(captions[0].confidence > 0.0 && captions[0].confidence <= 1.0);
    assert_eq!(companion.memories().expect("listed"), before);
    let edit = SuggestionEditDto { text: Some("A hill in the sun.".into()), draft: None, fact: None };
    companion.accept_suggestion(&captions[0].id, &edit).expect("accepted");
    assert_eq!(companion.photos_to_look_at(&eyes).expect("counted"), 0);
    let open = SuggestionQuery { kind: Some("caption".into()), ..SuggestionQuery::default() };
    assert!(companion.suggestions(&open).expect("listed").is_empty());
}

#[test]
fn it_ends_within_a_token_of_being_asked_to_and_the_photo_still_waits() {
    let dir = tempfile::tempdir().expect("a folder");
    let (mut companion, eyes, captioner) = (hedda(dir.path()), eyes(), captioner());
    let picture = Picture::of(photo());
    let asked = Arc::new(AtomicUsize::new(0));
    let after = |patience: usize| -> Stop {
        asked.store(0, Ordering::Relaxed);
        let asked = Arc::clone(&asked);
        Arc::new(move || asked.fetch_add(1, Ordering::Relaxed) >= patience)
    };
    let whole = captioner.describe(&picture, Language::En, &after(usize::MAX)).expect("a sentence");
    let questions = asked.load(Ordering::Relaxed);
    // While the photo is read, while the sentence is written, while it is scored.
    for patience in [0, 3, questions / 2, questions - 1] {
        let stopped = captioner.describe(&picture, Language::En, &after(patience));
        assert!(matches!(stopped, Err(VisionError::Stopped)), "after {patience} of {questions}");
        assert_eq!(asked.load(Ordering::Relaxed), patience + 1, "nothing ran on after it was asked to end");
    }
    assert_eq!(captioner.describe(&picture, Language::En, &never()).expect("a sentence"), whole);
    let photo = companion.next_photo(&eyes).expect("read").expect("one waits");
    let look = photo.look(&eyes, Language::En, &|| Duration::ZERO, &after(3));
    assert!(look.stopped && companion.keep_look(&photo, &look, &eyes).expect("nothing to keep").is_empty());
    assert_eq!(companion.photos_to_look_at(&eyes).expect("counted"), 1);
}

#[test]
fn files_that_do_not_open_or_need_too_much_are_refused_by_name() {
    let swapped = CaptionerFiles { model: files().mmproj, mmproj: files().model };
    let error = GgufCaptioner::open(&swapped, 1, None).expect_err("refused").to_string();
    assert!(error.contains("`clip`"), "{error}");
    assert!(matches!(GgufCaptioner::open(&files(), 1, Some(1000)), Err(LmError::OverBudget { .. })));
}
