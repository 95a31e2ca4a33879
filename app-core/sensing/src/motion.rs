//! What a body does, from raw motion: ten seconds of a watch's accelerometer and gyroscope are told apart as standing, walking,
//! running or playing badminton.
//!
//! Features do not depend on how the watch is turned: lengths of vectors, eigenvalues of their covariance, sums of power over
//! the axes. They go through a linear discriminant (Fisher 1936; shrunk covariance) whose numbers
//! `examples/train_motion.rs` made from the training half of BasicMotions; see `docs/decisions/0013-sensing.md`.
//! What it must never do: claim more than it was shown. Four young people wore one kind of watch; an old person's walk with a
//! stick was not among them, and what is none of the four classes comes out as one of them.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use crate::{Activity, MotionWindow};

/// Length of a piece that is named, s, and its samples a second: those of the training data.
pub(crate) const PIECE_S: f64 = 10.0;
const RATE_HZ: f64 = 10.0;
/// Samples of a piece.
const SAMPLES: usize = 100;
/// How many features there are with a gyroscope, and without.
pub const FEATURES: usize = 14;
/// See [`FEATURES`]: those of the acceleration come first.
pub const FEATURES_OF_ACCELERATION: usize = 10;
/// Below this likelihood nothing is said.
const SURE: f64 = 0.6;
/// Motion so small, m/s², is rest, whatever its form: a watch on a table.
const STILL_RMS: f64 = 0.15;

/// Motion below this, m/s² and rad/s, is a sensor's noise as likely as a body; logarithms begin there.
const FLOOR: f64 = 0.3;

/// What can be told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MotionClass {
    /// On one's feet or sitting, without going anywhere.
    Standing,
    /// Running.
    Running,
    /// Walking.
    Walking,
    /// Badminton; stands for sport with the arms.
    Badminton,
}

impl MotionClass {
    /// In the order of the numbers of a discriminant.
    pub const ALL: [Self; 4] = [Self::Standing, Self::Running, Self::Walking, Self::Badminton];

    /// The activity it is told as.
    pub const fn activity(self) -> Activity {
        match self {
            Self::Standing => Activity::Rest,
            Self::Running => Activity::Running,
            Self::Walking => Activity::Walking,
            Self::Badminton => Activity::Exercise,
        }
    }
}

/// A linear discriminant over standardised features.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Discriminant {
    /// Mean of each feature, `[feature]`.
    pub mean: Vec<f64>,
    /// Spread of each feature, `[feature]`.
    pub spread: Vec<f64>,
    /// `[class][feature]`, classes as in [`MotionClass::ALL`].
    pub weights: Vec<Vec<f64>>,
    /// `[class]`.
    pub bias: Vec<f64>,
}

impl Discriminant {
    /// The likelihood of each class, in the order of [`MotionClass::ALL`].
    pub fn likelihoods(&self, features: &[f64]) -> [f64; 4] {
        let standard =
            features.iter().zip(self.mean.iter().zip(&self.spread)).map(|(x, (mean, spread))| (x - mean) / spread);
        let standard: Vec<f64> = standard.collect();
        let mut scores = [0.0; 4];
        for (score, (weights, bias)) in scores.iter_mut().zip(self.weights.iter().zip(&self.bias)) {
            *score = bias + weights.iter().zip(&standard).map(|(w, x)| w * x).sum::<f64>();
        }
        let most = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let all: f64 = scores.iter().map(|score| (score - most).exp()).sum();
        scores.map(|score| (score - most).exp() / all)
    }
}

/// What training gives: with a gyroscope, and without.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MotionModel {
    /// What it was trained on, and by what.
    pub source: String,
    /// Over all features.
    pub full: Discriminant,
    /// Over those of the acceleration.
    pub acceleration: Discriminant,
}

impl MotionModel {
    /// The one that comes with the program.
    ///
    /// # Panics
    /// Never: a test reads the file.
    pub fn shipped() -> &'static Self {
        static MODEL: OnceLock<MotionModel> = OnceLock::new();
        MODEL.get_or_init(|| {
            serde_json::from_str(include_str!("motion/basic-motions.json"))
                .expect("the file is part of the program and tested")
        })
    }

    /// The class of a piece of ten seconds and how likely it is; `None` for what is not a piece.
    pub fn classify(&self, piece: &MotionWindow) -> Option<(MotionClass, f64)> {
        let features = motion_features(piece)?;
        let discriminant = if features.len() == FEATURES { &self.full } else { &self.acceleration };
        let likelihoods = discriminant.likelihoods(&features);
        let best = (0..4).max_by(|a, b| likelihoods[*a].total_cmp(&likelihoods[*b]))?;
        Some((MotionClass::ALL[best], likelihoods[best]))
    }
}

/// Cuts a stretch of motion into pieces of ten seconds and names each that is surely something: its first second since 1970,
/// and the activity.
pub(crate) fn activities(window: &MotionWindow) -> Vec<(i64, Activity)> {
    let samples = (PIECE_S * window.rate_hz).round() as usize;
    if samples < 10 {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (index, acceleration) in window.acceleration.chunks_exact(samples).enumerate() {
        let from = index * samples;
        let turning = window.turning.get(from..from + samples).unwrap_or_default().to_vec();
        let piece = MotionWindow { acceleration: acceleration.to_vec(), turning, ..window.clone() };
        let start = window.start.as_second() + (from as f64 / window.rate_hz) as i64;
        let (still, named) = (rms(&centred(&piece.acceleration)) < STILL_RMS, MotionModel::shipped().classify(&piece));
        match named {
            _ if still => found.push((start, Activity::Rest)),
            Some((class, likelihood)) if likelihood >= SURE => found.push((start, class.activity())),
            _ => {}
        }
    }
    found
}

/// The features of a piece of about ten seconds; [`FEATURES`] with a gyroscope, [`FEATURES_OF_ACCELERATION`] without. `None` when
/// it is too short or holds a number that is none.
pub fn motion_features(piece: &MotionWindow) -> Option<Vec<f64>> {
    let acceleration = centred(&resampled(&piece.acceleration, piece.rate_hz)?);
    let power = power(&acceleration);
    let all: f64 = power.iter().sum::<f64>().max(1e-9);
    let jerk: Vec<[f64; 3]> =
        acceleration.windows(2).map(|pair| std::array::from_fn(|i| (pair[1][i] - pair[0][i]) * RATE_HZ)).collect();
    let lengths: Vec<f64> = acceleration.iter().map(|v| length(*v)).collect();
    let rms_acceleration = rms(&acceleration);
    let eigenvalues = eigenvalues(&acceleration);
    let peak = (1..power.len()).max_by(|a, b| power[*a].total_cmp(&power[*b])).unwrap_or(1);
    // Bins are 0.1 Hz wide.
    let band = |from: usize, to: usize| power[from..to].iter().sum::<f64>() / all;
    let entropy =
        -power.iter().map(|p| p / all).filter(|share| *share > 0.0).map(|share| share * share.ln()).sum::<f64>();
    let crest = lengths.iter().copied().fold(0.0, f64::max) / rms_acceleration.max(1e-3);
    let mut features = vec![
        (rms_acceleration + FLOOR).ln(),
        (rms(&jerk) + FLOOR * RATE_HZ).ln(),
        eigenvalues[0],
        eigenvalues[1],
        peak as f64 / 10.0,
        band(1, 15),
        band(15, 25),
        band(25, 51),
        entropy,
        crest.ln(),
    ];
    if !piece.turning.is_empty() {
        let turning = centred(&resampled(&piece.turning, piece.rate_hz)?);
        let power = self::power(&turning);
        let all: f64 = power.iter().sum::<f64>().max(1e-9);
        features.extend([
            (rms(&turning) + FLOOR).ln(),
            self::eigenvalues(&turning)[0],
            power[1..15].iter().sum::<f64>() / all,
            power[15..51].iter().sum::<f64>() / all,
        ]);
    }
    features.iter().all(|x| x.is_finite()).then_some(features)
}

/// Ten seconds at ten samples a second: means of what lies in each tenth. `None` when less than nine seconds are there.
fn resampled(values: &[[f64; 3]], rate_hz: f64) -> Option<Vec<[f64; 3]>> {
    let needed = (PIECE_S * 0.9 * rate_hz) as usize;
    if values.len() < needed.max(10) || rate_hz < RATE_HZ * 0.9 || values.iter().flatten().any(|x| !x.is_finite()) {
        return None;
    }
    let step = rate_hz / RATE_HZ;
    let piece = |index: usize| {
        let from = ((index as f64 * step) as usize).min(values.len() - 1);
        let to = (((index + 1) as f64 * step) as usize).clamp(from + 1, values.len());
        let sum = values[from..to].iter().fold([0.0; 3], |sum, v| std::array::from_fn(|i| sum[i] + v[i]));
        sum.map(|x: f64| x / (to - from) as f64)
    };
    Some((0..SAMPLES.min((values.len() as f64 / step) as usize)).map(piece).collect())
}

/// Without the mean: gravity, where the device left it in, goes with it.
fn centred(values: &[[f64; 3]]) -> Vec<[f64; 3]> {
    let count = values.len().max(1) as f64;
    let mean: [f64; 3] = std::array::from_fn(|i| values.iter().map(|v| v[i]).sum::<f64>() / count);
    values.iter().map(|v| std::array::from_fn(|i| v[i] - mean[i])).collect()
}

fn length(vector: [f64; 3]) -> f64 {
    vector.iter().map(|x| x * x).sum::<f64>().sqrt()
}

fn rms(values: &[[f64; 3]]) -> f64 {
    (values.iter().map(|v| length(*v).powi(2)).sum::<f64>() / values.len().max(1) as f64).sqrt()
}

/// Power by frequency in bins of 0.1 Hz up to 5 Hz, summed over the axes: `[51]`.
fn power(values: &[[f64; 3]]) -> Vec<f64> {
    let count = values.len() as f64;
    let bin = |k: usize| {
        let mut sum = 0.0;
        for axis in 0..3 {
            let (mut re, mut im) = (0.0, 0.0);
            for (n, v) in values.iter().enumerate() {
                // Hann's window, so that a frequency does not leak over all bins.
                let weight = 0.5 - 0.5 * (std::f64::consts::TAU * n as f64 / count).cos();
                let (sin, cos) = (std::f64::consts::TAU * k as f64 * n as f64 / SAMPLES as f64).sin_cos();
                re += weight * v[axis] * cos;
                im -= weight * v[axis] * sin;
            }
            sum += re * re + im * im;
        }
        sum
    };
    (0..=SAMPLES / 2).map(bin).collect()
}

/// The two greater eigenvalues of the covariance as shares of all three (closed form for symmetric 3 × 3: Smith 1961).
fn eigenvalues(values: &[[f64; 3]]) -> [f64; 2] {
    let mut c = [[0.0; 3]; 3];
    for v in values {
        for (i, row) in c.iter_mut().enumerate() {
            for (j, cell) in row.iter_mut().enumerate() {
                *cell += v[i] * v[j];
            }
        }
    }
    let trace = c[0][0] + c[1][1] + c[2][2];
    if trace < 1e-9 {
        return [1.0 / 3.0; 2];
    }
    let q = trace / 3.0;
    let off = c[0][1].powi(2) + c[0][2].powi(2) + c[1][2].powi(2);
    let p = (((0..3).map(|i| (c[i][i] - q).powi(2)).sum::<f64>() + 2.0 * off) / 6.0).sqrt().max(1e-12);
    let b: [[f64; 3]; 3] =
        std::array::from_fn(|i| std::array::from_fn(|j| (c[i][j] - if i == j { q } else { 0.0 }) / p));
    let determinant = b[0][0] * (b[1][1] * b[2][2] - b[1][2] * b[2][1])
        - b[0][1] * (b[1][0] * b[2][2] - b[1][2] * b[2][0])
        + b[0][2] * (b[1][0] * b[2][1] - b[1][1] * b[2][0]);
    let angle = (determinant / 2.0).clamp(-1.0, 1.0).acos() / 3.0;
    let first = q + 2.0 * p * angle.cos();
    let last = q + 2.0 * p * (angle + std::f64::consts::TAU / 3.0).cos();
    [first / trace, (trace - first - last) / trace]
}

#[cfg(test)]
#[path = "motion_tests.rs"]
mod tests;
