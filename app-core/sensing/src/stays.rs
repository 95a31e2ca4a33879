//! Stays: stretches of time spent within a small circle.
//!
//! Method: stay points (Li, Zheng, Xie, Chen, Liu & Ma 2008, "Mining user similarity based on location history", ACM GIS): from a
//! position on, as long as the following ones stay within a distance of it, and for no less than a time. They took 200 m and 30
//! minutes for a city's drivers; 150 m and 10 minutes here, because an old person's visit to a shop is short.

use crate::{Fix, Point, TimeSpan};

/// How far one may be from where the stay began, m. [design]
const RADIUS_M: f64 = 150.0;
/// Shortest stay, s. [design]
const SHORTEST_S: i64 = 600;
/// Positions farther apart in time than this, s, do not prove that the person stayed. [design]
const SILENCE_S: i64 = 3 * 3600;

/// A stay and its middle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Stay {
    pub(crate) span: TimeSpan,
    pub(crate) point: Point,
}

/// Finds the stays in positions that are in order of time.
pub(crate) fn stays(fixes: &[Fix]) -> Vec<Stay> {
    let (mut found, mut at) = (Vec::new(), 0);
    while at < fixes.len() {
        let mut end = at;
        while let Some(next) = fixes.get(end + 1) {
            let silent = next.at.as_second() - fixes[end].at.as_second() > SILENCE_S;
            if silent || next.point.distance_m(fixes[at].point) > RADIUS_M {
                break;
            }
            end += 1;
        }
        let span = TimeSpan { start: fixes[at].at, end: fixes[end].at };
        if span.seconds() >= SHORTEST_S {
            found.push(Stay { span, point: middle(&fixes[at..=end]) });
            at = end + 1;
        } else {
            at += 1;
        }
    }
    found
}

/// The mean of positions that lie close together; across the date line the first is taken.
fn middle(fixes: &[Fix]) -> Point {
    let count = fixes.len() as f64;
    let latitude = fixes.iter().map(|fix| fix.point.latitude).sum::<f64>() / count;
    let longitude = fixes.iter().map(|fix| fix.point.longitude).sum::<f64>() / count;
    let mean = Point { latitude, longitude };
    fixes.first().map_or(mean, |first| if first.point.distance_m(mean) > 2.0 * RADIUS_M { first.point } else { mean })
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::stays;
    use crate::{Fix, Point};

    fn fix(minute: i64, north_m: f64) -> Fix {
        let point = Point::new(51.5 + north_m / 111_195.0, -0.12).expect("on earth");
        Fix { at: Timestamp::from_second(1_800_000_000 + minute * 60).expect("in range"), point, accuracy_m: None }
    }

    #[test]
    fn a_stay_begins_when_one_arrives_and_ends_when_one_leaves() {
        let walk_there = (0..10).map(|minute| fix(minute, f64::from(minute as i32) * 80.0));
        let there = (10..40).map(|minute| fix(minute, 800.0 + f64::from((minute % 3) as i32) * 20.0));
        let walk_on = (40..50).map(|minute| fix(minute, 800.0 + f64::from((minute - 39) as i32) * 80.0));
        let fixes: Vec<Fix> = walk_there.chain(there).chain(walk_on).collect();
        let found = stays(&fixes);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!((28..=33).contains(&found[0].span.minutes()), "{found:?}");
    }

    #[test]
    fn a_long_silence_proves_no_stay() {
        assert!(stays(&[fix(0, 0.0), fix(400, 0.0)]).is_empty());
        assert_eq!(stays(&[fix(0, 0.0), fix(100, 0.0)]).len(), 1);
    }
}
