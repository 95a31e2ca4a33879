//! The real networks on real pictures: a portrait, a cup of coffee, a cat, lines of writing. See `fixtures/README.md`.
#![allow(clippy::disallowed_methods, reason = "the test asks the environment where model files lie")]

use std::{path::PathBuf, time::Duration};

use reme_types::Language;
use reme_vision::{Content, Eyes, FindingKind, Look, ModelPaths, Picture};

/// The models folder, or `None` when the machine was told to test without.
///
/// # Panics
/// When a file is missing and nobody said so.
fn eyes() -> Option<Eyes> {
    let var = |name| std::env::var_os(name).map(PathBuf::from);
    let data = || var("XDG_DATA_HOME").or_else(|| Some(var("HOME")?.join(".local/share")));
    let folder = var("REME_MODELS_DIR").or_else(|| Some(data()?.join("reme/models")))?;
    let eyes = Eyes::open(&ModelPaths::in_folder(&folder));
    if eyes.missing().is_empty() {
        return Some(eyes);
    }
    if std::env::var_os("REME_TEST_WITHOUT_MODELS").is_none_or(|v| v != "1") {
        let missing: Vec<String> = eyes.missing().iter().map(ToString::to_string).collect();
        panic!("{missing:?}: run `cargo xtask models seeing`, or set REME_TEST_WITHOUT_MODELS=1");
    }
    None
}

fn look(eyes: &Eyes, name: &str) -> Look {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name);
    let picture = Picture::read(&std::fs::read(path).expect("part of this folder")).expect("a picture");
    eyes.look(&picture, Language::En, &|| Duration::ZERO, &(std::sync::Arc::new(|| false) as reme_vision::Stop))
}

#[test]
fn a_portrait_has_one_face_that_can_be_told_and_is_itself_when_mirrored() {
    let Some(eyes) = eyes() else { return };
    let (face, mirrored) = (look(&eyes, "portrait.jpg"), look(&eyes, "portrait-mirrored.jpg"));
    assert_eq!((face.faces.len(), mirrored.faces.len()), (1, 1), "{:?}", face.faces);
    let r = face.faces[0].region;
    assert!(r.area() > 0.02 && r.top < 0.5, "{r:?}");
    let identities = [&face, &mirrored].map(|look| look.faces[0].identity.as_deref().expect("good enough to tell"));
    let apart = reme_vision::faces::distance(identities[0], identities[1]);
    assert!(apart < reme_vision::faces::SAME_PERSON, "{apart}");
    assert!(face.troubles.is_empty() && mirrored.troubles.is_empty());
}

#[test]
fn a_cup_of_coffee_and_a_cat_are_named_in_both_languages_and_have_no_face() {
    let Some(eyes) = eyes() else { return };
    for (name, zh) in [("coffee.jpg", &["咖啡", "杯子"][..]), ("cat.jpg", &["猫"])] {
        let look = look(&eyes, name);
        assert!(look.things.iter().any(|thing| zh.contains(&thing.word.zh)), "{name}: {:?}", look.things);
        assert!(look.faces.iter().all(|face| face.identity.is_none()), "{name}: {:?}", look.faces);
    }
}

#[test]
fn a_card_in_two_languages_is_read_line_by_line() {
    let Some(eyes) = eyes() else { return };
    let findings = look(&eyes, "card.jpg").findings();
    let text = findings.iter().find(|finding| finding.kind == FindingKind::Text).expect("there is writing");
    let Content::AsWritten(words) = &text.content else { panic!("{:?}", text.content) };
    // The width of a sign and the space between a figure and a Han character are matters of typesetting.
    let plain = words.replace('!', "！").replace("日 西", "日西");
    assert_eq!(plain, "生日快乐，外婆！\nHappy birthday, Grandma\n2019年5月12日西湖");
    assert!(text.confidence > 0.8 && text.region.is_some() && !text.source.is_empty());
}

#[test]
fn every_finding_has_a_source_and_a_confidence() {
    let Some(eyes) = eyes() else { return };
    for name in ["portrait.jpg", "coffee.jpg", "card.jpg"] {
        for finding in look(&eyes, name).findings() {
            assert!(!finding.source.is_empty() && (0.0..=1.0).contains(&finding.confidence), "{name}: {finding:?}");
        }
    }
}

#[test]
fn the_photo_is_known_again_in_another_size_and_told_from_others() {
    let Some(eyes) = eyes() else { return };
    let mark = |name| look(&eyes, name).mark.expect("always there");
    let (coffee, cat, card) = (mark("coffee.jpg"), mark("cat.jpg"), mark("card.jpg"));
    assert!(coffee.nearly_same(&mark("coffee-small.jpg")).is_some());
    assert!(coffee.nearly_same(&cat).is_none() && coffee.nearly_same(&card).is_none());
}
