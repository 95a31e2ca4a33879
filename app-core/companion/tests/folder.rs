//! A folder of 200 mixed photos: with progress, stopped and gone on with, the same again, and damaged ones among them.

use std::{collections::BTreeMap, io::Cursor, ops::ControlFlow, path::Path, sync::Arc};

use image::{DynamicImage, ImageFormat, Rgb, RgbImage, codecs::jpeg::JpegEncoder};
use reme::{Companion, FileKeyStore, Household, ImportProgress, ImportReport};
use reme_types::{FixedClock, Language, Patient};

const PHOTOS: usize = 200;
/// Some of every kind are damaged, some are copies of another under their own name.
const DAMAGED: usize = 10;
const COPIES: usize = 7;

fn household(folder: &Path) -> Household {
    let clock = FixedClock { now: "2026-05-04T10:00:00Z".parse().expect("a time"), time_zone: jiff::tz::TimeZone::UTC };
    Household::new(folder.join("patients"), Box::new(FileKeyStore::new(folder.join("keys"))), Arc::new(clock))
}

fn hedda(folder: &Path) -> Companion {
    let patient = Patient { name: "Hedda".into(), language: Language::En, time_zone: "UTC".into(), born_on: None };
    household(folder).add(&patient).expect("added")
}

fn picture(n: usize) -> RgbImage {
    let (w, h) = (40 + (n % 7) as u32 * 9, 30 + (n % 5) as u32 * 11);
    RgbImage::from_fn(w, h, |x, y| Rgb([(x as usize * 5 + n * 3) as u8, (y as usize * 7 + n) as u8, (n % 256) as u8]))
}

fn jpeg(n: usize) -> Vec<u8> {
    let mut out = Vec::new();
    picture(n).write_with_encoder(JpegEncoder::new_with_quality(&mut out, 80)).expect("encodes");
    out
}

/// An EXIF block (JEITA CP-3451) with orientation and time taken, set behind a JPEG's first marker.
fn with_exif(jpeg: &[u8], orientation: u8, taken: &str) -> Vec<u8> {
    let mut tiff = b"MM\0\x2a\0\0\0\x08\0\x02".to_vec();
    tiff.extend([0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]); // orientation, a short
    tiff.extend([0x01, 0x32, 0, 2, 0, 0, 0, 20, 0, 0, 0, 38]); // date and time, 20 bytes at 38
    tiff.extend([0, 0, 0, 0]);
    tiff.extend(taken.as_bytes());
    tiff.push(0);
    let length = (tiff.len() + 8) as u16;
    let mut out = jpeg[..2].to_vec();
    out.extend([0xff, 0xe1]);
    out.extend(length.to_be_bytes());
    out.extend(b"Exif\0\0");
    out.extend(tiff);
    out.extend(&jpeg[2..]);
    out
}

fn encoded(n: usize, format: ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(picture(n)).write_to(&mut out, format).expect("encodes");
    out.into_inner()
}

/// Name and bytes of 200 files: JPEG with and without EXIF, PNG, WebP, damaged ones, copies.
fn files() -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for n in 0..PHOTOS {
        let (end, bytes) = match n % 4 {
            0 => (
                "jpg",
                with_exif(&jpeg(n), (n % 8) as u8 + 1, &format!("2019:05:{:02} 14:{:02}:00", n % 28 + 1, n % 60)),
            ),
            1 => ("jpeg", jpeg(n)),
            2 => ("png", encoded(n, ImageFormat::Png)),
            _ => ("webp", encoded(n, ImageFormat::WebP)),
        };
        let bytes = match n {
            n if n % 19 == 7 => bytes[..bytes.len() / 3].to_vec(),
            n if n % 20 == 3 && n % 25 == 3 => jpeg(1),
            _ => bytes,
        };
        files.insert(format!("IMG_{n:04}.{end}"), bytes);
    }
    // Copies of one that comes before them.
    let original = files["IMG_0005.jpeg"].clone();
    for n in [31, 61, 91, 121, 151] {
        let name = files.keys().find(|name| name.starts_with(&format!("IMG_{n:04}"))).expect("there").clone();
        files.insert(name, original.clone());
    }
    files
}

fn import(
    companion: &mut Companion,
    files: &BTreeMap<String, Vec<u8>>,
    progress: &mut dyn FnMut(ImportProgress<'_>) -> ControlFlow<()>,
) -> ImportReport {
    let names: Vec<String> = files.keys().cloned().collect();
    companion.import_folder(&names, &|name| files.get(name).cloned(), progress).expect("imported")
}

#[test]
fn two_hundred_mixed_photos_come_in_with_progress_and_the_same_folder_again_adds_nothing() {
    let dir = tempfile::tempdir().expect("a folder");
    let (mut companion, files) = (hedda(dir.path()), files());
    assert_eq!(files.len(), PHOTOS);
    let mut steps: Vec<(usize, usize, usize)> = Vec::new();
    let report = import(&mut companion, &files, &mut |at| {
        steps.push((at.done, at.added + at.known, at.of));
        assert_eq!(at.next.is_none(), at.done == at.of);
        ControlFlow::Continue(())
    });
    assert_eq!(steps.len(), PHOTOS + 1, "heard of every one, and of the end");
    assert!(steps.windows(2).all(|w| w[0].0 + 1 == w[1].0 && w[0].1 <= w[1].1) && steps[0].2 == PHOTOS);
    let damaged: Vec<&String> = report.problems.iter().collect();
    assert_eq!(damaged.len(), DAMAGED, "{damaged:#?}");
    assert!(damaged.iter().all(|line| line.starts_with("IMG_") && line.contains("damaged")), "{damaged:#?}");
    assert_eq!((report.added, report.known, report.left), (PHOTOS - DAMAGED - COPIES, COPIES, 0));
    let kept = companion.memories().expect("listed");
    assert_eq!(kept.len(), report.added);
    let dated = kept.iter().filter(|m| m.happened_at.as_deref().is_some_and(|at| at.starts_with("2019-05"))).count();
    assert_eq!(dated, PHOTOS / 4 - 2, "every photo with a date has kept it, but for two damaged ones");

    let again = import(&mut companion, &files, &mut |_| ControlFlow::Continue(()));
    assert_eq!((again.added, again.known, again.problems.len()), (0, PHOTOS - DAMAGED, DAMAGED));
    assert_eq!(companion.memories().expect("listed"), kept);
}

#[test]
fn an_import_that_was_stopped_goes_on_and_ends_as_one_that_was_not() {
    let (one, two) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let files: BTreeMap<_, _> = files().into_iter().take(60).collect();
    let whole = import(&mut hedda(one.path()), &files, &mut |_| ControlFlow::Continue(()));
    let mut companion = hedda(two.path());
    let (mut added, mut rounds) = (0, 0);
    loop {
        let mut heard = 0;
        let report = import(&mut companion, &files, &mut |at| {
            heard += usize::from(at.added > 0);
            if heard > 9 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        (added, rounds) = (added + report.added, rounds + 1);
        assert_eq!(companion.memories().expect("listed").len(), added, "what was done is kept");
        if report.left == 0 {
            break;
        }
        // As after a restart: the store is closed and opened again.
        drop(companion);
        companion = household(two.path()).open(None).expect("opens");
    }
    assert!(rounds > 3 && added == whole.added, "{rounds} {added} {}", whole.added);
}

#[test]
fn a_camera_that_counts_from_one_again_loses_no_photo() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut companion = hedda(dir.path());
    let folder = |n: usize| BTreeMap::from([("IMG_0001.jpeg".to_owned(), jpeg(n))]);
    let mut go_on = |_: ImportProgress<'_>| ControlFlow::Continue(());
    for n in [4, 5, 4, 5, 6] {
        import(&mut companion, &folder(n), &mut go_on);
    }
    assert_eq!(companion.memories().expect("listed").len(), 3);
}

#[test]
fn a_note_is_kept_with_a_photo_another_memory_shows_already() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut companion = hedda(dir.path());
    let mut files = BTreeMap::from([("a.jpeg".to_owned(), jpeg(4)), ("b.jpeg".to_owned(), jpeg(4))]);
    files.insert("b.txt".to_owned(), b"The pier in May.".to_vec());
    let mut go_on = |_: ImportProgress<'_>| ControlFlow::Continue(());
    let report = import(&mut companion, &files, &mut go_on);
    assert_eq!((report.added, report.known), (2, 0));
    let again = import(&mut companion, &files, &mut go_on);
    assert_eq!((again.added, again.known), (0, 2));
}
