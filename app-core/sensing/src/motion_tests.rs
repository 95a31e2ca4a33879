use jiff::Timestamp;

use super::*;

/// A swing of the arm at some beats a second, with gravity on the third axis.
fn swinging(hz: f64, strength: f64, rate_hz: f64, seconds: f64) -> MotionWindow {
    let count = (seconds * rate_hz) as usize;
    let at = |n: usize| (std::f64::consts::TAU * hz * n as f64 / rate_hz).sin() * strength;
    let acceleration = (0..count).map(|n| [at(n), 0.3 * at(n + 3), 9.81 + 0.2 * at(2 * n)]).collect();
    MotionWindow { start: Timestamp::UNIX_EPOCH, rate_hz, acceleration, turning: Vec::new() }
}

#[test]
fn the_shipped_numbers_fit_the_features() {
    let model = MotionModel::shipped();
    for (discriminant, features) in [(&model.full, FEATURES), (&model.acceleration, FEATURES_OF_ACCELERATION)] {
        assert_eq!((discriminant.mean.len(), discriminant.spread.len()), (features, features));
        assert!(discriminant.weights.len() == 4 && discriminant.weights.iter().all(|row| row.len() == features));
        assert_eq!(discriminant.bias.len(), 4);
    }
}

#[test]
fn features_do_not_depend_on_how_the_watch_is_turned_nor_much_on_its_rate() {
    let straight = swinging(1.8, 4.0, 10.0, 10.0);
    // The axes in another order and one of them turned round is a rotation.
    let turned = straight.acceleration.iter().map(|[x, y, z]| [*y, -*x, *z]).collect();
    let turned = MotionWindow { acceleration: turned, ..straight.clone() };
    let (a, b) = (motion_features(&straight).expect("a piece"), motion_features(&turned).expect("a piece"));
    assert!(a.iter().zip(&b).all(|(a, b)| (a - b).abs() < 1e-6), "{a:?} {b:?}");
    let faster = motion_features(&swinging(1.8, 4.0, 50.0, 10.0)).expect("a piece");
    assert!((a[0] - faster[0]).abs() < 0.2 && (a[4] - faster[4]).abs() < 0.11, "{a:?} {faster:?}");
}

#[test]
fn a_watch_that_lies_still_is_rest_and_too_little_is_nothing() {
    let still = swinging(1.0, 0.01, 50.0, 30.0);
    assert_eq!(activities(&still), [(0, Activity::Rest), (10, Activity::Rest), (20, Activity::Rest)]);
    assert_eq!(activities(&swinging(1.8, 4.0, 50.0, 5.0)), []);
    assert_eq!(motion_features(&swinging(1.8, 4.0, 2.0, 10.0)), None);
    let mut broken = swinging(1.8, 4.0, 10.0, 10.0);
    broken.acceleration[50][1] = f64::NAN;
    assert_eq!(motion_features(&broken), None);
}
