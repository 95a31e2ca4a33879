//! Each part of seeing missing: it says what is missing and how to get it, and the rest goes on.

use std::{path::Path, sync::Arc, time::Duration};

use image::RgbImage;
use reme_types::Language;
use reme_vision::{Captioner, Eyes, FindingKind, ModelPaths, NoCaptioner, Picture, Stop, VisionError};

fn never() -> Stop {
    Arc::new(|| false)
}

#[test]
fn without_any_model_colours_and_likeness_are_left_and_each_part_says_how_to_get_it() {
    let eyes = Eyes::open(&ModelPaths::in_folder(Path::new("nowhere")));
    assert!(eyes.are_shut());
    let said: Vec<String> = eyes.missing().iter().map(ToString::to_string).collect();
    assert_eq!(said.len(), 3);
    for (line, what) in said.iter().zip(["finding faces", "reading text", "naming things"]) {
        assert!(line.contains(what) && line.contains("reme model pull seeing"), "{line}");
    }
    let look = eyes.look(&Picture::of(RgbImage::new(40, 30)), Language::ZhCn, &|| Duration::ZERO, &never());
    assert_eq!(look.findings().iter().map(|f| f.kind).collect::<Vec<_>>(), [FindingKind::Colour]);
    assert!(look.mark.is_some() && look.troubles.is_empty() && look.caption.is_none());
}

#[test]
fn a_file_that_is_no_model_is_named_and_not_run() {
    let dir = tempfile::tempdir().expect("a folder");
    let paths = ModelPaths::in_folder(dir.path());
    for path in [&paths.face_detector, &paths.face_points, &paths.face_identity] {
        std::fs::write(path, b"not a model").expect("written");
    }
    let eyes = Eyes::open(&paths);
    assert!(matches!(eyes.missing()[0], VisionError::NotTheModel { path, .. } if *path == paths.face_detector));
}

#[test]
fn without_a_captioner_it_says_what_it_needs() {
    let error = NoCaptioner.describe(&Picture::of(RgbImage::new(4, 4)), Language::En, &never());
    let error = error.expect_err("there is none");
    assert!(matches!(error, VisionError::NoCaptioner) && error.to_string().contains("--mmproj"));
}

/// Says what it was asked, or is stopped.
struct Spoken;

impl Captioner for Spoken {
    fn describe(&self, picture: &Picture, language: Language, stop: &Stop) -> Result<(String, f32), VisionError> {
        if stop() { Err(VisionError::Stopped) } else { Ok((format!("{language:?} {:?}", picture.size()), 0.5)) }
    }

    fn source(&self) -> &str {
        "caption/spoken"
    }
}

#[test]
fn a_caption_is_a_finding_with_its_source_and_a_look_that_was_stopped_says_so() {
    let eyes = Eyes::open(&ModelPaths::in_folder(Path::new("nowhere"))).with_captioner(Box::new(Spoken));
    assert!(eyes.can_describe() && eyes.source().ends_with("+caption/spoken"));
    let picture = Picture::of(RgbImage::new(40, 30));
    let look = eyes.look(&picture, Language::En, &|| Duration::ZERO, &never());
    let caption = look.findings().into_iter().find(|f| f.kind == FindingKind::Caption).expect("a caption");
    assert_eq!((caption.source.as_str(), caption.confidence), ("caption/spoken", 0.5));
    assert!(!look.stopped && look.times.iter().any(|(what, _)| *what == "caption"));
    // Asked once between the parts, then by the captioner.
    let asked = std::sync::atomic::AtomicUsize::new(0);
    let soon: Stop = Arc::new(move || asked.fetch_add(1, std::sync::atomic::Ordering::Relaxed) > 1);
    let look = eyes.look(&picture, Language::En, &|| Duration::ZERO, &soon);
    assert!(look.stopped && look.caption.is_none() && look.troubles.is_empty() && look.mark.is_some());
    let look = eyes.look(&picture, Language::En, &|| Duration::ZERO, &(Arc::new(|| true) as Stop));
    assert!(look.stopped && look.mark.is_none());
}
