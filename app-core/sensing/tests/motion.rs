//! What raw motion shows, on recordings nobody trained on: the test half of BasicMotions, as it is, with the watch turned round,
//! with noise, and as a stream that becomes episodes.
#![allow(clippy::disallowed_methods, reason = "the test asks the environment where model files lie")]

mod motion_data;

use std::{fs, path::PathBuf};

use jiff::Timestamp;
use motion_data::{add_noise, normal};
use reme_sensing::{Activity, Event, MotionClass, MotionModel, MotionWindow, Sensed, Settings, SourceId, episodes};
use reme_types::SeededRng;

/// The test half, or `None` when the machine was told to test without.
fn test_half() -> Option<Vec<(MotionWindow, MotionClass)>> {
    let var = |name| std::env::var_os(name).map(PathBuf::from);
    let data = || var("XDG_DATA_HOME").or_else(|| Some(var("HOME")?.join(".local/share")));
    let folder = var("REME_MODELS_DIR").or_else(|| Some(data()?.join("reme/models")));
    let text = folder.and_then(|folder| fs::read_to_string(folder.join("basic-motions-test.ts")).ok());
    if text.is_none() && std::env::var_os("REME_TEST_WITHOUT_MODELS").is_none_or(|v| v != "1") {
        panic!("basic-motions-test.ts is missing: run `cargo xtask models motion`, or set REME_TEST_WITHOUT_MODELS=1");
    }
    text.map(|text| motion_data::windows(&text))
}

fn right(windows: &[(MotionWindow, MotionClass)]) -> usize {
    let model = MotionModel::shipped();
    windows.iter().filter(|(window, class)| model.classify(window).is_some_and(|(found, _)| found == *class)).count()
}

/// A rotation at random: a unit quaternion.
fn rotation(rng: &mut SeededRng) -> [[f64; 3]; 3] {
    let [a, b, c, d]: [f64; 4] = std::array::from_fn(|_| normal(rng));
    let n = (a * a + b * b + c * c + d * d).sqrt();
    let [w, x, y, z] = [a / n, b / n, c / n, d / n];
    [
        [1.0 - 2.0 * (y * y + z * z), 2.0 * (x * y - w * z), 2.0 * (x * z + w * y)],
        [2.0 * (x * y + w * z), 1.0 - 2.0 * (x * x + z * z), 2.0 * (y * z - w * x)],
        [2.0 * (x * z - w * y), 2.0 * (y * z + w * x), 1.0 - 2.0 * (x * x + y * y)],
    ]
}

fn changed(
    windows: &[(MotionWindow, MotionClass)],
    change: impl Fn(&mut MotionWindow, &mut SeededRng),
) -> Vec<(MotionWindow, MotionClass)> {
    let mut rng = SeededRng::new(4);
    let mut windows = windows.to_vec();
    windows.iter_mut().for_each(|(window, _)| change(window, &mut rng));
    windows
}

#[test]
fn unseen_recordings_are_told_apart_also_turned_round_noisy_and_without_a_gyroscope() {
    let Some(windows) = test_half() else { return };
    assert_eq!(windows.len(), 40);
    let turned = changed(&windows, |window, rng| {
        let r = rotation(rng);
        let turn = |v: [f64; 3]| std::array::from_fn(|i| r[i][0] * v[0] + r[i][1] * v[1] + r[i][2] * v[2]);
        window.acceleration.iter_mut().chain(&mut window.turning).for_each(|v| *v = turn(*v));
    });
    let with_gravity = changed(&windows, |window, _| window.acceleration.iter_mut().for_each(|v| v[2] += 9.81));
    let blind = changed(&windows, |window, _| window.turning.clear());
    let noisy = |spread: f64| changed(&windows, move |window, rng| add_noise(window, rng, spread));
    let late = changed(&windows, |window, _| {
        window.acceleration.drain(..10);
        window.turning.drain(..10);
    });
    let results = [
        ("as recorded", right(&windows), 38),
        ("turned at random", right(&turned), 38),
        ("with gravity left in", right(&with_gravity), 38),
        ("without gyroscope", right(&blind), 38),
        ("first second missing", right(&late), 36),
        ("noise 0.5 m/s²", right(&noisy(0.5)), 36),
        ("noise 1 m/s²", right(&noisy(1.0)), 36),
        ("noise 2 m/s²", right(&noisy(2.0)), 20),
    ];
    for (name, right, _) in &results {
        println!("{name:24} {right} of 40");
    }
    for class in MotionClass::ALL {
        let own: Vec<_> = windows.iter().filter(|(_, c)| *c == class).cloned().collect();
        println!("{class:?}: {} of {}", right(&own), own.len());
    }
    for (name, right, least) in results {
        assert!(right >= least, "{name}: {right} of 40, at least {least} are asked for");
    }
}

#[test]
fn a_stream_of_recorded_walking_between_standing_becomes_a_walk() {
    let Some(windows) = test_half() else { return };
    let of = |class: MotionClass| -> Vec<&MotionWindow> {
        windows.iter().filter(|(_, c)| *c == class).map(|(window, _)| window).collect()
    };
    let (standing, walking) = (of(MotionClass::Standing), of(MotionClass::Walking));
    // Ten minutes standing, twelve walking, ten standing, as pieces of ten seconds.
    let begin = 1_777_716_000 / 60 * 60;
    let events: Vec<Event> = (0..32 * 6)
        .map(|piece| {
            let from = if (60..132).contains(&piece) { &walking } else { &standing };
            let start = Timestamp::from_second(begin + piece * 10).expect("in range");
            let window = MotionWindow { start, ..from[piece as usize % from.len()].clone() };
            Event { source: SourceId::of("watch"), offset: None, what: Sensed::Motion(window) }
        })
        .collect();
    let found = episodes(&events, &Settings::default());
    let walks: Vec<_> = found.iter().filter(|e| e.activity() == Some(Activity::Walking)).collect();
    assert_eq!(walks.len(), 1, "{found:#?}");
    assert!((11..=13).contains(&walks[0].span.minutes()), "{walks:?}");
}
