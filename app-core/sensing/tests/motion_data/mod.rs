//! BasicMotions in the archive's `.ts` form, as windows of motion.

use jiff::Timestamp;
use reme_sensing::{MotionClass, MotionWindow};
use reme_types::{Rng, SeededRng};

/// The windows and what was done in them; lines that are no data are passed over.
pub(crate) fn windows(text: &str) -> Vec<(MotionWindow, MotionClass)> {
    let data = text.split_once("@data").map_or("", |(_, data)| data);
    data.lines().filter(|line| !line.trim().is_empty()).map(window).collect()
}

fn window(line: &str) -> (MotionWindow, MotionClass) {
    let fields: Vec<&str> = line.trim().split(':').collect();
    let [axes @ .., class] = &fields[..] else { panic!("a line without fields") };
    let axes: Vec<Vec<f64>> =
        axes.iter().map(|axis| axis.split(',').map(|x| x.parse().expect("a number")).collect()).collect();
    assert_eq!((axes.len(), axes[0].len()), (6, 100), "six channels of a hundred samples");
    let rows = |from: usize| (0..100).map(|n| [axes[from][n], axes[from + 1][n], axes[from + 2][n]]).collect();
    let class = match *class {
        "Standing" => MotionClass::Standing,
        "Running" => MotionClass::Running,
        "Walking" => MotionClass::Walking,
        "Badminton" => MotionClass::Badminton,
        other => panic!("an unknown class {other}"),
    };
    let start = Timestamp::UNIX_EPOCH;
    (MotionWindow { start, rate_hz: 10.0, acceleration: rows(0), turning: rows(3) }, class)
}

/// A normal deviate (Box and Muller 1958).
pub(crate) fn normal(rng: &mut SeededRng) -> f64 {
    (-2.0 * rng.unit().max(1e-12).ln()).sqrt() * (std::f64::consts::TAU * rng.unit()).cos()
}

/// Adds noise of that spread to the acceleration, m/s², and a third of it to the turning, rad/s.
pub(crate) fn add_noise(window: &mut MotionWindow, rng: &mut SeededRng, spread: f64) {
    window.acceleration.iter_mut().flatten().for_each(|x| *x += spread * normal(rng));
    window.turning.iter_mut().flatten().for_each(|x| *x += 0.3 * spread * normal(rng));
}
