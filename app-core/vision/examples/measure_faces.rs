//! How far apart faces are: `cargo run -p reme-vision --example measure_faces -- MODELS PHOTO…`. Two faces in one photo are two
//! people. Each face is also compared with itself in a changed copy of its photo: smaller, darker, lighter, mirrored, tilted,
//! blurred, saved as a poor JPEG.
#![allow(clippy::type_complexity, reason = "sums of a measuring tool, used in this file alone")]
#![allow(clippy::disallowed_methods, reason = "a measuring tool reads its arguments")]

use std::path::Path;

use image::{DynamicImage, RgbImage, codecs::jpeg::JpegEncoder, imageops};
use reme_vision::{
    ModelPaths, Picture,
    faces::{Face, FaceFinder, distance},
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let models = args.next().ok_or("usage: measure_faces MODELS PHOTO…")?;
    let paths = ModelPaths::in_folder(Path::new(&models));
    let finder = FaceFinder::load(&paths.face_detector, &paths.face_points, &paths.face_identity)?;
    let (mut apart, mut same): (Vec<f32>, Vec<(&str, f32)>) = (Vec::new(), Vec::new());
    let (mut all, mut lost): (Vec<(String, Vec<f32>)>, Vec<(&str, usize, usize)>) = (Vec::new(), Vec::new());
    for file in args {
        let rgb = image::open(&file)?.to_rgb8();
        let rgb = DynamicImage::ImageRgb8(rgb).thumbnail(1600, 1600).to_rgb8();
        let faces = finder.find(&Picture::of(rgb.clone()))?;
        let good: Vec<&Face> = faces.iter().filter(|face| face.identity.is_some()).collect();
        println!("{file}: {} faces, {} measured", faces.len(), good.len());
        for (i, face) in good.iter().enumerate() {
            let identity = face.identity.clone().unwrap_or_default();
            apart.extend(good[..i].iter().map(|o| distance(&identity, o.identity.as_deref().unwrap_or_default())));
            all.push((format!("{file} {i}"), identity));
        }
        for (how, copy, mirrored) in copies(&rgb) {
            let found = finder.find(&Picture::of(copy))?;
            let mut hits = 0;
            for face in &good {
                let mid = |f: &Face| (f.region.left + f.region.width / 2.0, f.region.top + f.region.height / 2.0);
                let (x, y) = mid(face);
                let x = if mirrored { 1.0 - x } else { x };
                let near = |f: &&Face| (mid(f).0 - x).hypot(mid(f).1 - y) < face.region.width;
                if let Some(twin) = found.iter().filter(near).find_map(|f| f.identity.as_ref()) {
                    same.push((how, distance(twin, face.identity.as_deref().unwrap_or_default())));
                    hits += 1;
                }
            }
            lost.push((how, hits, good.len()));
        }
    }
    summary(&apart, &same, &lost);
    let mut pairs: Vec<(f32, &str, &str)> = Vec::new();
    for (i, (name, face)) in all.iter().enumerate() {
        pairs.extend(all[..i].iter().map(|(other, theirs)| (distance(face, theirs), name.as_str(), other.as_str())));
    }
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
    pairs.iter().take(12).for_each(|(d, a, b)| println!("{d:.3} {a} | {b}"));
    Ok(())
}

fn copies(rgb: &RgbImage) -> Vec<(&'static str, RgbImage, bool)> {
    let (w, h) = rgb.dimensions();
    let lit = |factor: f32| {
        let mut copy = rgb.clone();
        copy.pixels_mut().for_each(|px| px.0 = px.0.map(|c| (f32::from(c) * factor).min(255.0) as u8));
        copy
    };
    let mut jpeg = Vec::new();
    let saved = rgb.write_with_encoder(JpegEncoder::new_with_quality(&mut jpeg, 25));
    let poor = saved.ok().and_then(|()| image::load_from_memory(&jpeg).ok()).map(|i| i.to_rgb8());
    vec![
        ("two thirds the size", imageops::resize(rgb, w * 2 / 3, h * 2 / 3, imageops::FilterType::Triangle), false),
        ("half as light", lit(0.5), false),
        ("half as light again", lit(1.5), false),
        ("mirrored", imageops::flip_horizontal(rgb), true),
        ("blurred by 1.5 px", imageops::fast_blur(rgb, 1.5), false),
        ("JPEG of quality 25", poor.unwrap_or_else(|| rgb.clone()), false),
    ]
}

fn summary(apart: &[f32], same: &[(&str, f32)], lost: &[(&str, usize, usize)]) {
    let mut sorted = apart.to_vec();
    sorted.sort_by(f32::total_cmp);
    println!(
        "different people in one photo: {} pairs, nearest {:?}",
        apart.len(),
        sorted.iter().take(5).collect::<Vec<_>>()
    );
    let mut hows: Vec<&str> = same.iter().map(|(how, _)| *how).collect();
    hows.dedup();
    hows.sort_unstable();
    hows.dedup();
    for how in hows {
        let mut of: Vec<f32> = same.iter().filter(|(h, _)| *h == how).map(|(_, d)| *d).collect();
        of.sort_by(f32::total_cmp);
        let (hits, all) = lost.iter().filter(|l| l.0 == how).fold((0, 0), |s, l| (s.0 + l.1, s.1 + l.2));
        println!(
            "same face, {how}: found {hits} of {all}, median {:.3}, farthest {:.3}",
            of[of.len() / 2],
            of[of.len() - 1]
        );
    }
    for bound in [0.35, 0.4, 0.45, 0.5, 0.55, 0.6] {
        let wrong = apart.iter().filter(|d| **d <= bound).count();
        let right = same.iter().filter(|(_, d)| *d <= bound).count();
        println!(
            "bound {bound}: {wrong} of {} different taken for one, {right} of {} same found",
            apart.len(),
            same.len()
        );
    }
}
