//! Google's location history in the four forms it has been exported in.
//!
//! `Records.json` (`locations`), the monthly semantic files (`timelineObjects`), and `Timeline.json` from an Android phone
//! (`semanticSegments`, `rawSignals`) or an iPhone (one array).

use std::io::{BufRead, Result};

use jiff::tz::Offset;
use serde_json::Value;

use super::{
    Out,
    elements::each_object,
    fields::{activity, number, point_e7, point_in_words},
    lines::Lines,
};
use crate::{
    Fault, Fix, Point, Sensed, SourceId, TimeSpan,
    time::{Moment, from_ms, moment, plus_s},
};

pub(super) fn read(input: &mut Lines<impl BufRead>, out: &mut Out<'_>) -> Result<()> {
    let closed = each_object(input, &mut |array, line, value| {
        let json = match value {
            Ok(json) => json,
            Err(fault) => {
                out.error(line, "record", fault);
                return !out.stopped();
            }
        };
        match array {
            "locations" => raw(&json, line, out),
            "timelineObjects" => monthly(&json, line, out),
            "rawSignals" if !json["position"].is_null() => signal(&json["position"], line, out),
            "semanticSegments" | "" => segment(&json, line, out),
            _ => out.report.passed_over += 1,
        }
        !out.stopped()
    })?;
    if !closed {
        out.error(input.line(), "record", Fault::CutOff);
    }
    Ok(())
}

fn source() -> SourceId {
    SourceId::of("google-location")
}

/// A moment in a field, as text or, with `Ms` behind the name, in milliseconds.
fn at(json: &Value, field: &'static str, field_ms: &str, line: u64, out: &mut Out<'_>) -> Option<Moment> {
    let read = match (json[field].as_str(), number(&json[field_ms])) {
        (Some(text), _) => moment(text, &out.context.zone),
        (None, Some(ms)) => from_ms(ms as i64).map(|at| Moment { at, offset: None }),
        (None, None) => {
            out.error(line, field, Fault::Missing);
            return None;
        }
    };
    if read.is_none() {
        out.error(line, field, Fault::NotATime);
    }
    read
}

fn raw(json: &Value, line: u64, out: &mut Out<'_>) {
    let Some(when) = at(json, "timestamp", "timestampMs", line, out) else { return };
    let Some(point) = point_e7(json) else { return out.error(line, "latitudeE7", Fault::OutOfRange) };
    fix(when, point, number(&json["accuracy"]), out);
}

fn fix(when: Moment, point: Point, accuracy_m: Option<f64>, out: &mut Out<'_>) {
    out.put(source(), when.offset, Sensed::Position(Fix { at: when.at, point, accuracy_m }));
}

fn signal(json: &Value, line: u64, out: &mut Out<'_>) {
    let Some(when) = at(json, "timestamp", "timestampMs", line, out) else { return };
    let text = json["LatLng"].as_str().or_else(|| json["latLng"].as_str()).unwrap_or_default();
    let Some(point) = point_in_words(text) else { return out.error(line, "LatLng", Fault::OutOfRange) };
    fix(when, point, number(&json["accuracyMeters"]), out);
}

fn monthly(json: &Value, line: u64, out: &mut Out<'_>) {
    let visit = &json["placeVisit"];
    let segment = &json["activitySegment"];
    let one = if visit.is_null() { segment } else { visit };
    if one.is_null() {
        out.report.passed_over += 1;
        return;
    }
    let duration = &one["duration"];
    let Some(start) = at(duration, "startTimestamp", "startTimestampMs", line, out) else { return };
    let Some(end) = at(duration, "endTimestamp", "endTimestampMs", line, out) else { return };
    let Some(span) = out.span(line, start.at, end.at) else { return };
    if visit.is_null() {
        let kind = activity(segment["activityType"].as_str().unwrap_or_default());
        let distance_m = number(&segment["distance"]).or_else(|| number(&segment["distanceMeters"]));
        out.put(source(), start.offset, Sensed::Activity { span, activity: kind, distance_m });
        for (when, place) in [(start, &segment["startLocation"]), (end, &segment["endLocation"])] {
            if let Some(point) = point_e7(place) {
                fix(when, point, None, out);
            }
        }
        return;
    }
    let place = &visit["location"];
    let name = place["name"].as_str().map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned);
    out.put(source(), start.offset, Sensed::Visit { span, position: point_e7(place), name });
}

/// A stretch of a phone's own timeline.
fn segment(json: &Value, line: u64, out: &mut Out<'_>) {
    let Some(start) = at(json, "startTime", "", line, out) else { return };
    let Some(end) = at(json, "endTime", "", line, out) else { return };
    let Some(span) = out.span(line, start.at, end.at) else { return };
    let minutes = number(&json["startTimeTimezoneUtcOffsetMinutes"]);
    let said = minutes.and_then(|minutes| Offset::from_seconds((minutes * 60.0) as i32).ok());
    let offset = said.or(start.offset);
    if let Some(path) = json["timelinePath"].as_array() {
        for step in path {
            path_point(step, span, offset, line, out);
        }
    } else if !json["visit"].is_null() {
        let place = &json["visit"]["topCandidate"]["placeLocation"];
        let text = place.as_str().or_else(|| place["latLng"].as_str()).unwrap_or_default();
        out.put(source(), offset, Sensed::Visit { span, position: point_in_words(text), name: None });
    } else if !json["activity"].is_null() {
        let moved = &json["activity"];
        let kind = activity(moved["topCandidate"]["type"].as_str().unwrap_or_default());
        let distance_m = number(&moved["distanceMeters"]);
        out.put(source(), offset, Sensed::Activity { span, activity: kind, distance_m });
        for (when, place) in [(start, &moved["start"]), (end, &moved["end"])] {
            let text = place.as_str().or_else(|| place["latLng"].as_str()).unwrap_or_default();
            if let Some(point) = point_in_words(text) {
                fix(Moment { at: when.at, offset }, point, None, out);
            }
        }
    } else {
        out.report.passed_over += 1;
    }
}

fn path_point(step: &Value, span: TimeSpan, offset: Option<Offset>, line: u64, out: &mut Out<'_>) {
    let Some(point) = step["point"].as_str().and_then(point_in_words) else {
        return out.warn(line, "timelinePath.point", Fault::OutOfRange);
    };
    let minutes = number(&step["durationMinutesOffsetFromStartTime"]);
    let when = match (step["time"].as_str(), minutes) {
        (Some(text), _) => moment(text, &out.context.zone).map(|moment| moment.at),
        (None, Some(minutes)) => plus_s(span.start, minutes * 60.0),
        (None, None) => None,
    };
    match when {
        Some(at) => fix(Moment { at, offset }, point, None, out),
        None => out.warn(line, "timelinePath.time", Fault::NotATime),
    }
}
