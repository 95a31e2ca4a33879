//! Each part of seeing missing: it says what is missing and how to get it, and the rest goes on.

use std::{path::Path, time::Duration};

use image::RgbImage;
use reme_types::Language;
use reme_vision::{Captioner, Eyes, FindingKind, ModelPaths, NoCaptioner, Picture, VisionError};

#[test]
fn without_any_model_colours_and_likeness_are_left_and_each_part_says_how_to_get_it() {
    let eyes = Eyes::open(&ModelPaths::in_folder(Path::new("nowhere")));
    assert!(eyes.are_shut());
    let said: Vec<String> = eyes.missing().iter().map(ToString::to_string).collect();
    assert_eq!(said.len(), 3);
    for (line, what) in said.iter().zip(["finding faces", "reading text", "naming things"]) {
        assert!(line.contains(what) && line.contains("reme model pull seeing"), "{line}");
    }
    let look = eyes.look(&Picture::of(RgbImage::new(40, 30)), Language::ZhCn, &|| Duration::ZERO);
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
    let error = NoCaptioner.describe(&Picture::of(RgbImage::new(4, 4)), Language::En).expect_err("there is none");
    assert!(matches!(error, VisionError::NoCaptioner) && error.to_string().contains("GGUF"));
}
