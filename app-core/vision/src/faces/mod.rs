//! Faces: where they are, and what tells one person from another.
//!
//! Three networks after one another, as face-api.js does it: a detector over the whole picture and over parts of it, 68 points
//! on each face, and 128 numbers from the face set upright. A face that is too small, blurred or turned away is found and not
//! measured: a wrong name does more harm than none. What it must never do: say who somebody is; see [`Groups`].

mod detect;
mod groups;
mod points;

pub use detect::DetectedFace;
pub use groups::{Groups, Likeness, Placed, SAME_PERSON, confidence, distance};

use image::RgbImage;
use std::path::Path;

use crate::{
    Region, VisionError,
    network::Network,
    picture::{Channels, Picture, grey, planes},
};

/// What found a face and measured it.
pub const SOURCE: &str = "face/face-api-1.7.15";
/// Sides of the networks' inputs, px.
const POINTS_SIDE: u32 = 112;
const IDENTITY_SIDE: u32 = 150;
/// How many numbers identify a face.
pub const IDENTITY_LEN: usize = 128;
/// The converted networks subtract their mean colour themselves.
const AS_IT_IS: ([f32; 3], [f32; 3]) = ([0.0; 3], [1.0; 3]);
/// Least distance between the eyes, px of the picture, for a face to be measured.
const LEAST_EYE_DISTANCE_PX: f32 = 18.0;
/// Least quality for a face to be measured [measured: see docs/decisions/0012-seeing.md].
const LEAST_QUALITY: f32 = 0.25;
/// Below this a face is a profile: from the tip of the nose to the nearer outer eye corner, as a share of the way between both
/// corners [measured: 0.27 and above are three-quarter views that still tell people apart, 0.16 and below are not].
const PROFILE: f32 = 0.25;

/// A face, measured where it can be.
#[derive(Debug, Clone, PartialEq)]
pub struct Face {
    /// Where.
    pub region: Region,
    /// How sure the detector is, 0..=1.
    pub score: f32,
    /// How well it can be told who it is: size, sharpness, how far it is turned; 0..=1.
    pub quality: f32,
    /// What identifies it; `None` where the quality does not do.
    pub identity: Option<Vec<f32>>,
}

/// Finds faces and measures them.
pub struct FaceFinder {
    detector: Network,
    points: Network,
    identity: Network,
}

impl FaceFinder {
    /// Loads the three networks.
    ///
    /// # Errors
    /// [`VisionError::Missing`], [`VisionError::NotTheModel`].
    pub fn load(detector: &Path, points: &Path, identity: &Path) -> Result<Self, VisionError> {
        let what = "finding faces in photos";
        Ok(Self {
            detector: Network::load(detector, what)?,
            points: Network::load(points, what)?,
            identity: Network::load(identity, what)?,
        })
    }

    /// Faces, the largest first.
    ///
    /// # Errors
    /// [`VisionError::Run`].
    pub fn find(&self, picture: &Picture) -> Result<Vec<Face>, VisionError> {
        let mut faces = Vec::new();
        for found in detect::detect(&self.detector, picture)? {
            faces.push(self.measure(picture, &found)?);
        }
        faces.sort_by(|a, b| b.region.area().total_cmp(&a.region.area()));
        Ok(faces)
    }

    fn measure(&self, picture: &Picture, found: &DetectedFace) -> Result<Face, VisionError> {
        let (width, height) = picture.size();
        let (w, h) = (width as f32, height as f32);
        let r = found.region;
        // The points are looked for in a square around the face.
        let side = (r.width * w).max(r.height * h);
        let (mid_x, mid_y) = ((r.left + r.width / 2.0) * w, (r.top + r.height / 2.0) * h);
        let (left, top) = (mid_x - side / 2.0, mid_y - side / 2.0);
        let corners = [(left, top), (left + side, top), (left + side, top + side), (left, top + side)];
        let square = picture.stretched(corners, POINTS_SIDE, POINTS_SIDE);
        let input = planes(&square, Channels::Rgb, AS_IT_IS.0, AS_IT_IS.1);
        let out = self.points.run_one(&[1, 3, 112, 112], &input, &[1, 136])?;
        let points: Vec<_> = out.chunks_exact(2).map(|p| (left + p[0] * side, top + p[1] * side)).collect();
        let shape = points::Shape::of(&points);
        let chip = picture.stretched(shape.upright(), IDENTITY_SIDE, IDENTITY_SIDE);
        let quality = quality(&shape, &chip, found.score);
        let identity = if quality < LEAST_QUALITY { None } else { Some(self.identify(&chip)?) };
        Ok(Face { region: r, score: found.score, quality, identity })
    }

    fn identify(&self, chip: &RgbImage) -> Result<Vec<f32>, VisionError> {
        let input = planes(chip, Channels::Rgb, AS_IT_IS.0, AS_IT_IS.1);
        self.identity.run_one(&[1, 3, 150, 150], &input, &[1, IDENTITY_LEN])
    }
}

/// 0 for a face nothing can be told from, 1 for a sharp one seen from the front.
fn quality(shape: &points::Shape, chip: &RgbImage, score: f32) -> f32 {
    if shape.eye_distance < LEAST_EYE_DISTANCE_PX || shape.centring < PROFILE || !shape.is_face() {
        return 0.0;
    }
    let size = ((shape.eye_distance - LEAST_EYE_DISTANCE_PX) / 32.0 + 0.5).min(1.0);
    let turned = ((shape.centring - PROFILE) / 0.15 + 0.3).min(1.0);
    size * turned * sharpness(chip) * score.sqrt()
}

/// Strength of fine detail against the contrast of the whole, 0..=1 (variance of the Laplacian, Pech-Pacheco et al. 2000).
fn sharpness(chip: &RgbImage) -> f32 {
    let (w, h) = (chip.width() as usize, chip.height() as usize);
    let light = grey(chip);
    let mean = light.iter().sum::<f32>() / light.len() as f32;
    let contrast = light.iter().map(|v| (v - mean).powi(2)).sum::<f32>() / light.len() as f32;
    let mut sum = 0.0;
    for y in 1..h - 1 {
        for x in 1..w - 1 {
            let at = y * w + x;
            sum += (4.0 * light[at] - light[at - 1] - light[at + 1] - light[at - w] - light[at + w]).powi(2);
        }
    }
    let detail = sum / ((w - 2) * (h - 2)) as f32;
    (detail / contrast.max(1.0) * SHARP).sqrt().clamp(0.0, 1.0)
}

/// Of which detail, relative to its contrast, a chip counts as sharp: its inverse [measured: over 287 chips of 20 faces and their
/// changed copies the median is 0.026, a tenth lie below 0.009].
const SHARP: f32 = 40.0;
