//! Values with units, positions and spans as JSON writes them.

use serde_json::Value;

use crate::{Activity, Fault, Point};

/// Units of time and how many seconds each has.
const TIME_UNITS: &[(&str, f64)] = &[
    ("ms", 0.001),
    ("sec", 1.0),
    ("s", 1.0),
    ("min", 60.0),
    ("h", 3600.0),
    ("hr", 3600.0),
    ("d", 86_400.0),
    ("wk", 604_800.0),
];
/// Units of length and how many metres each has.
const LENGTH_UNITS: &[(&str, f64)] = &[
    ("mm", 0.001),
    ("cm", 0.01),
    ("m", 1.0),
    ("km", 1000.0),
    ("in", 0.0254),
    ("ft", 0.3048),
    ("yd", 0.9144),
    ("mi", 1609.344),
];
const ANGLE_UNITS: &[(&str, f64)] = &[("deg", 1.0), ("rad", 180.0 / std::f64::consts::PI)];
const RATE_UNITS: &[(&str, f64)] =
    &[("beats/min", 1.0), ("count/min", 1.0), ("bpm", 1.0), ("Hz", 60.0), ("count/s", 60.0)];
const STEP_UNITS: &[(&str, f64)] = &[("steps", 1.0), ("step", 1.0), ("count", 1.0)];

/// What a number measures.
#[derive(Debug, Clone, Copy)]
pub(super) enum Quantity {
    /// In s.
    Time,
    /// In m.
    Length,
    /// In degrees.
    Angle,
    /// In beats a minute.
    Rate,
    /// In steps.
    Steps,
}

impl Quantity {
    /// The number in the unit of this quantity.
    pub(super) fn convert(self, value: f64, unit: &str) -> Result<f64, Fault> {
        let units = match self {
            Self::Time => TIME_UNITS,
            Self::Length => LENGTH_UNITS,
            Self::Angle => ANGLE_UNITS,
            Self::Rate => RATE_UNITS,
            Self::Steps => STEP_UNITS,
        };
        let factor = units.iter().find(|(name, _)| *name == unit).map(|(_, factor)| factor);
        let value = value * factor.ok_or(Fault::UnknownUnit)?;
        if value.is_finite() { Ok(value) } else { Err(Fault::NotANumber) }
    }

    /// `{"value": 72, "unit": "beats/min"}`, or a bare number in the unit of this quantity.
    pub(super) fn read(self, json: &Value) -> Result<f64, Fault> {
        if json.is_null() {
            return Err(Fault::Missing);
        }
        if let Some(bare) = number(json) {
            return Ok(bare);
        }
        let value = number(&json["value"]).ok_or(Fault::NotANumber)?;
        self.convert(value, json["unit"].as_str().ok_or(Fault::UnknownUnit)?)
    }
}

/// A number, also when it is written in quotes.
pub(super) fn number(json: &Value) -> Option<f64> {
    let value = json.as_f64().or_else(|| json.as_str()?.trim().parse().ok())?;
    value.is_finite().then_some(value)
}

/// `geo:51.50,-0.12`, `51.50°, -0.12°`, or `51.50, -0.12`.
pub(super) fn point_in_words(text: &str) -> Option<Point> {
    let (latitude, longitude) = text.trim().trim_start_matches("geo:").split_once(',')?;
    let degrees = |part: &str| part.trim().trim_end_matches('°').parse::<f64>().ok();
    Point::new(degrees(latitude)?, degrees(longitude)?)
}

/// `latitudeE7` and `longitudeE7`: degrees times ten million.
pub(super) fn point_e7(json: &Value) -> Option<Point> {
    Point::new(number(&json["latitudeE7"])? / 1e7, number(&json["longitudeE7"])? / 1e7)
}

/// An activity by the word a program has for it: `IN_BUS`, `on_bicycle`, `HKWorkoutActivityTypeWalking`, `walking`.
pub(super) fn activity(word: &str) -> Activity {
    let word = word.trim_start_matches("HKWorkoutActivityType").to_ascii_lowercase();
    let holds = |parts: &[&str]| parts.iter().any(|part| word.contains(part));
    if word.starts_with("unknown") || word.is_empty() {
        Activity::Unknown
    } else if holds(&["sleep"]) {
        Activity::Sleep
    } else if holds(&["walk", "on_foot", "onfoot", "hik", "stroll"]) {
        Activity::Walking
    } else if holds(&["run", "jog"]) {
        Activity::Running
    } else if holds(&["bicyc", "cycl", "biking"]) && !holds(&["motorcycl"]) {
        Activity::Cycling
    } else if holds(&[
        "vehicle",
        "in_bus",
        "in bus",
        "train",
        "tram",
        "subway",
        "ferry",
        "driv",
        "flying",
        "passenger",
        "motorcycl",
        "taxi",
        "car",
        "boat",
        "bus",
        "metro",
    ]) && !holds(&["cardio", "training"])
    {
        Activity::Vehicle
    } else if holds(&["still", "rest", "sitting", "standing", "meditat"]) {
        Activity::Rest
    } else {
        Activity::Exercise
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Quantity, activity, point_in_words};
    use crate::{Activity, Fault};

    #[test]
    fn units_are_converted_and_unknown_ones_refused() {
        let miles = Quantity::Length.read(&json!({"value": 2, "unit": "mi"})).expect("known");
        assert!((miles - 3218.688).abs() < 1e-9);
        assert_eq!(Quantity::Time.read(&json!({"value": "1.5", "unit": "h"})), Ok(5400.0));
        assert_eq!(Quantity::Rate.read(&json!({"value": 72, "unit": "furlongs"})), Err(Fault::UnknownUnit));
        assert_eq!(Quantity::Rate.read(&json!({"unit": "beats/min"})), Err(Fault::NotANumber));
        assert_eq!(Quantity::Steps.read(&json!(null)), Err(Fault::Missing));
    }

    #[test]
    fn positions_and_activities_are_read_in_the_words_of_each_program() {
        for text in ["geo:51.5,-0.12", "51.5°, -0.12°", " 51.5,-0.12"] {
            assert!(point_in_words(text).is_some_and(|p| (p.latitude, p.longitude) == (51.5, -0.12)), "{text}");
        }
        assert!(point_in_words("91,0").is_none() && point_in_words("here").is_none());
        for (word, meant) in [
            ("HKWorkoutActivityTypeWalking", Activity::Walking),
            ("IN_BUS", Activity::Vehicle),
            ("in passenger vehicle", Activity::Vehicle),
            ("on_bicycle", Activity::Cycling),
            ("HKWorkoutActivityTypeTraditionalStrengthTraining", Activity::Exercise),
            ("UNKNOWN_ACTIVITY_TYPE", Activity::Unknown),
            ("MOTORCYCLING", Activity::Vehicle),
            ("light sleep", Activity::Sleep),
        ] {
            assert_eq!(activity(word), meant, "{word}");
        }
    }
}
