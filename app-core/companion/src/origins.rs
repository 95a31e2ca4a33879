//! Where photos were taken, and which of the person's places that is.
//!
//! Where in the flow: looking at a photo asks here, and so does sensing. A place is known by its own position, by photos of
//! memories the carer has given that place, and by a sensed stay the carer has accepted. What it must never do: set a place by
//! itself, or name one that nobody has named.

use jiff::civil::Date;
use reme_capture::photo_origin;
use reme_sensing::Point;
use reme_store::{NewSuggestion, PhotoOrigin, StoreError, SuggestionKind};
use reme_types::{MediaId, Memory, Place, PlaceId};
use serde_json::json;

use crate::{Companion, household::ReMeError};

/// A place is meant when something of it is so near, m; the same as a sensed stay's. [design]
const NEAR_M: f64 = 200.0;
/// How far positions of one spot lie apart, m: phones in streets are off by some tens. [design]
const SPOT_M: f64 = 50.0;
/// How sure the nearest place can be.
const SUREST: f64 = 0.95;
/// What found the place, with the version of the rule.
const SOURCE: &str = "exif/1";

/// A place, where it is or was photographed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Spot {
    pub(crate) place: PlaceId,
    pub(crate) point: Point,
}

/// The place that is meant by a position.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Near {
    pub(crate) place: PlaceId,
    pub(crate) metres: f64,
    pub(crate) confidence: f64,
}

/// The place whose spots lie around a position; `None` where none is within 200 m. A place photographed here often wins against one
/// that was here once: that one may have been a slip. Its confidence falls with the distance and with what speaks for others.
pub(crate) fn nearest(point: Point, spots: &[Spot]) -> Option<Near> {
    let fallen = |metres: f64, scale: f64| (-(metres / scale).powi(2)).exp();
    let mut votes: Vec<(PlaceId, f64, f64)> = Vec::new();
    for spot in spots {
        let metres = spot.point.distance_m(point);
        if metres > NEAR_M {
            continue;
        }
        let vote = fallen(metres, SPOT_M);
        match votes.iter_mut().find(|(place, ..)| *place == spot.place) {
            Some((_, votes, least)) => (*votes, *least) = (*votes + vote, least.min(metres)),
            None => votes.push((spot.place, vote, metres)),
        }
    }
    let all: f64 = votes.iter().map(|(_, votes, _)| votes).sum();
    let (place, votes, metres) = votes.into_iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
    Some(Near { place, metres, confidence: SUREST * votes / all * fallen(metres, NEAR_M) })
}

/// Where a place is, by its photos: the one with the most others around it, if that is the half of them.
pub(crate) fn middle(points: &[Point]) -> Option<Point> {
    let around = |point: &Point| points.iter().filter(|other| other.distance_m(*point) <= NEAR_M).count();
    let best = points.iter().max_by_key(|point| around(point))?;
    (around(best) * 2 >= points.len()).then_some(*best)
}

/// "Was this at …?", where the memory says no place.
pub(crate) fn suggested(memory: &Memory, media: &MediaId, near: Near, name: &str) -> Option<NewSuggestion> {
    memory.place.is_none().then(|| NewSuggestion {
        kind: SuggestionKind::Place,
        about: format!("place:{media}:{}", near.place),
        memory: Some(memory.id),
        media: Some(media.clone()),
        person: None,
        payload: json!({"text": name, "metres": near.metres.round()}),
        source: SOURCE.to_owned(),
        confidence: near.confidence,
    })
}

impl Companion {
    /// What the camera wrote into a photo, read from it where nobody has yet.
    pub(crate) fn origin(&self, media: &MediaId, today: Date) -> Result<PhotoOrigin, StoreError> {
        if let Some(known) = self.store.photo_origin(media)? {
            return Ok(known);
        }
        let (taken_at, position) = photo_origin(&self.store.media(media)?.0, today);
        Ok(PhotoOrigin { media: media.clone(), taken_at, position })
    }

    /// The spots of every place that has any.
    pub(crate) fn spots(&self, places: &[Place]) -> Result<Vec<Spot>, StoreError> {
        let own = places.iter().filter_map(|place| Some((place.id, place.position?)));
        let photographed = self.store.placed_photos()?.into_iter().map(|photo| (photo.place, photo.position));
        let all = own.chain(photographed);
        let known = all.filter_map(|(place, (latitude, longitude))| Some((place, Point::new(latitude, longitude)?)));
        Ok(known.map(|(place, point)| Spot { place, point }).collect())
    }

    /// The place that a photo's position means, with its name.
    pub(crate) fn place_of(&self, origin: &PhotoOrigin) -> Result<Option<(Near, String)>, ReMeError> {
        let Some(point) = origin.position.and_then(|(latitude, longitude)| Point::new(latitude, longitude)) else {
            return Ok(None);
        };
        let places = self.store.places()?;
        let near = nearest(point, &self.spots(&places)?);
        Ok(near.and_then(|near| Some((near, places.into_iter().find(|place| place.id == near.place)?.name))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So many metres north of a pier.
    fn at(metres: f64) -> Point {
        Point::new(54.0 + metres / 111_195.0, -1.5).expect("on earth")
    }

    fn place(n: u128) -> PlaceId {
        PlaceId::from_uuid(uuid::Uuid::from_u128(n))
    }

    #[test]
    fn the_nearest_place_is_meant_and_the_less_sure_the_farther() {
        let spots = [Spot { place: place(1), point: at(0.0) }, Spot { place: place(2), point: at(180.0) }];
        let mean = |metres: f64| nearest(at(metres), &spots);
        assert_eq!(mean(10.0).map(|near| near.place), Some(place(1)));
        assert_eq!(mean(170.0).map(|near| near.place), Some(place(2)));
        let sure = [0.0, 40.0, 80.0].map(|metres| mean(metres).expect("near").confidence);
        assert!(sure[0] > 0.9 && sure[0] > sure[1] && sure[1] > sure[2], "{sure:?}");
        assert!(mean(90.0).expect("near").confidence < 0.5, "it may be either");
        assert_eq!(mean(500.0), None);
    }

    #[test]
    fn one_slip_does_not_outweigh_what_was_confirmed_often() {
        let mut spots: Vec<Spot> = (0..6).map(|n| Spot { place: place(1), point: at(f64::from(n)) }).collect();
        spots.push(Spot { place: place(2), point: at(3.0) });
        assert_eq!(nearest(at(3.0), &spots).map(|near| near.place), Some(place(1)));
        let there = middle(&[at(0.0), at(20.0), at(9_000.0)]).expect("two of three are of one spot");
        assert!(there.distance_m(at(10.0)) < 30.0, "{there:?}");
        assert_eq!(middle(&[at(0.0), at(4_000.0), at(9_000.0)]), None, "these photos are of no one spot");
    }
}
