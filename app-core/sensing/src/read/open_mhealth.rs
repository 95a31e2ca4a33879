//! Open mHealth and IEEE 1752.1 records: a header that names the schema, and a body.
//!
//! Read: `step-count`, `physical-activity`, `heart-rate`, `geoposition`, `sleep-duration`, `total-sleep-time`,
//! `sleep-episode`, and our own `motion`. Older versions write bare numbers where newer ones write value and unit; both are
//! taken. Schemas: Open mHealth's library (omh 1.x to 4.x) and IEEE Std 1752.1-2021.

use std::io::{BufRead, Result};

use jiff::{Timestamp, tz::Offset};
use serde_json::Value;

use super::{
    Out, bpm_possible,
    elements::each_object,
    fields::{Quantity, activity, number},
    lines::{Line, Lines},
    steps_possible,
};
use crate::{
    Fault, Fix, MotionWindow, Point, Sensed, SourceId, TimeSpan,
    time::{moment, plus_s},
};

/// Standard gravity, m/s².
const G: f64 = 9.806_65;
/// Sampling rates a motion sensor has, Hz.
const RATES_HZ: std::ops::RangeInclusive<f64> = 1.0..=1000.0;

pub(super) fn read(input: &mut Lines<impl BufRead>, out: &mut Out<'_>) -> Result<()> {
    let is_array =
        input.fill_buf()?.iter().copied().find(|byte| !byte.is_ascii_whitespace() && *byte < 0x80) == Some(b'[');
    if is_array {
        let closed = each_object(input, &mut |_, line, value| {
            match value {
                Ok(value) => record(&value, line, out),
                Err(fault) => out.error(line, "record", fault),
            }
            !out.stopped()
        })?;
        if !closed {
            out.error(input.line(), "record", Fault::CutOff);
        }
        return Ok(());
    }
    let mut buffer = Vec::new();
    while let Some((number, line)) = input.next(&mut buffer)? {
        match line {
            Line::Text(text) if text.trim().is_empty() => {}
            Line::Text(text) => match serde_json::from_str::<Value>(text) {
                Ok(value) => record(&value, number, out),
                Err(_) => out.error(number, "record", Fault::NotJson),
            },
            Line::NotUtf8 => out.error(number, "record", Fault::NotUtf8),
            Line::TooLong => out.error(number, "record", Fault::TooLong),
        }
        if out.stopped() {
            break;
        }
    }
    Ok(())
}

fn record(json: &Value, line: u64, out: &mut Out<'_>) {
    let (header, body) = (&json["header"], &json["body"]);
    let Some(name) = header["schema_id"]["name"].as_str() else {
        return out.error(line, "header.schema_id.name", Fault::Missing);
    };
    if !body.is_object() {
        return out.error(line, "body", Fault::Missing);
    }
    let provenance = &header["acquisition_provenance"];
    let source =
        provenance["source_name"].as_str().or_else(|| header["external_datasheets"][0]["datasheet_reference"].as_str());
    let source = SourceId::of(source.unwrap_or("open-mhealth"));
    match body_of(name, body, line, out) {
        Ok(Some((offset, what))) => out.put(source, offset, what),
        Ok(None) => {}
        Err((field, fault)) => out.error(line, field, fault),
    }
}

type Found = (Option<Offset>, Sensed);
type Failed = (&'static str, Fault);

fn body_of(name: &str, body: &Value, line: u64, out: &mut Out<'_>) -> std::result::Result<Option<Found>, Failed> {
    let found = match name {
        "step-count" => {
            let (span, offset) = spanned(body, out)?;
            let count = Quantity::Steps.read(&body["step_count"]).map_err(|fault| ("step_count", fault))?;
            steps(count, span, offset, "step_count")?
        }
        "heart-rate" => {
            let (at, offset) = instant(body, out)?;
            let bpm = Quantity::Rate.read(&body["heart_rate"]).map_err(|fault| ("heart_rate", fault))?;
            if !bpm_possible(bpm) {
                return Err(("heart_rate", Fault::OutOfRange));
            }
            (offset, Sensed::HeartRate { at, bpm })
        }
        "geoposition" => {
            let (at, offset) = instant(body, out)?;
            let degrees = |field: &'static str| Quantity::Angle.read(&body[field]).map_err(|fault| (field, fault));
            let point =
                Point::new(degrees("latitude")?, degrees("longitude")?).ok_or(("latitude", Fault::OutOfRange))?;
            (offset, Sensed::Position(Fix { at, point, accuracy_m: None }))
        }
        "sleep-duration" | "total-sleep-time" | "sleep-episode" => {
            let (span, offset) = spanned(body, out)?;
            (offset, Sensed::Sleep { span })
        }
        "physical-activity" => return physical_activity(body, line, out).map(Some),
        "motion" => motion(body, out)?,
        _ => {
            out.report.passed_over += 1;
            return Ok(None);
        }
    };
    Ok(Some(found))
}

fn steps(
    count: f64,
    span: TimeSpan,
    offset: Option<Offset>,
    field: &'static str,
) -> std::result::Result<Found, Failed> {
    if steps_possible(count, span) {
        Ok((offset, Sensed::Steps { span, count }))
    } else {
        Err((field, Fault::OutOfRange))
    }
}

/// An activity by name, its distance, and the steps in it, which are an event of their own.
fn physical_activity(body: &Value, line: u64, out: &mut Out<'_>) -> std::result::Result<Found, Failed> {
    let (span, offset) = spanned(body, out)?;
    let name = body["activity_name"].as_str().ok_or(("activity_name", Fault::Missing))?;
    let distance_m = match Quantity::Length.read(&body["distance"]) {
        Ok(metres) => Some(metres).filter(|metres| *metres >= 0.0),
        Err(Fault::Missing) => None,
        Err(fault) => {
            out.warn(line, "distance", fault);
            None
        }
    };
    // Strokes and laps are counted there too, and passed over.
    if let Ok(count) = Quantity::Steps.read(&body["base_movement_quantity"]) {
        match steps(count, span, offset, "base_movement_quantity") {
            Ok((offset, steps)) => out.put(SourceId::of("open-mhealth"), offset, steps),
            Err((field, fault)) => out.warn(line, field, fault),
        }
    }
    Ok((offset, Sensed::Activity { span, activity: activity(name), distance_m }))
}

/// Our own schema for raw motion: `sampling_rate` in Hz, `acceleration` as `[[x, y, z], …]` with `acceleration_unit` `m/s2`
/// or `g`, and `angular_velocity` in rad/s where there is a gyroscope.
fn motion(body: &Value, out: &Out<'_>) -> std::result::Result<Found, Failed> {
    let (start, offset) = instant(body, out)?;
    let rate = &body["sampling_rate"];
    let rate_hz = number(rate).or_else(|| number(&rate["value"])).ok_or(("sampling_rate", Fault::NotANumber))?;
    if !RATES_HZ.contains(&rate_hz) {
        return Err(("sampling_rate", Fault::OutOfRange));
    }
    let scale = match body["acceleration_unit"].as_str() {
        Some("m/s2") => 1.0,
        Some("g") => G,
        _ => return Err(("acceleration_unit", Fault::UnknownUnit)),
    };
    let acceleration = triples(&body["acceleration"], scale).ok_or(("acceleration", Fault::NotANumber))?;
    let turning = if body["angular_velocity"].is_null() {
        Vec::new()
    } else {
        triples(&body["angular_velocity"], 1.0)
            .filter(|turning| turning.len() == acceleration.len())
            .ok_or(("angular_velocity", Fault::NotANumber))?
    };
    Ok((offset, Sensed::Motion(MotionWindow { start, rate_hz, acceleration, turning })))
}

fn triples(json: &Value, scale: f64) -> Option<Vec<[f64; 3]>> {
    let rows = json.as_array().filter(|rows| !rows.is_empty())?;
    let mut read = Vec::with_capacity(rows.len());
    for row in rows {
        let [x, y, z] = row.as_array()?.as_slice() else { return None };
        read.push([x.as_f64()? * scale, y.as_f64()? * scale, z.as_f64()? * scale]);
    }
    Some(read)
}

fn when(json: &Value, out: &Out<'_>) -> std::result::Result<(Timestamp, Option<Offset>), Failed> {
    let text = json.as_str().ok_or(("effective_time_frame", Fault::Missing))?;
    let moment = moment(text, &out.context.zone).ok_or(("effective_time_frame", Fault::NotATime))?;
    Ok((moment.at, moment.offset))
}

/// `date_time`, or the middle of an interval.
fn instant(body: &Value, out: &Out<'_>) -> std::result::Result<(Timestamp, Option<Offset>), Failed> {
    let frame = &body["effective_time_frame"];
    if !frame["date_time"].is_null() {
        return when(&frame["date_time"], out);
    }
    let (span, offset) = interval(&frame["time_interval"], out)?;
    Ok((plus_s(span.start, span.seconds() as f64 / 2.0).unwrap_or(span.start), offset))
}

/// The interval, and what a record can have.
fn spanned(body: &Value, out: &Out<'_>) -> std::result::Result<(TimeSpan, Option<Offset>), Failed> {
    let (span, offset) = interval(&body["effective_time_frame"]["time_interval"], out)?;
    if span.seconds() > super::LONGEST_S {
        return Err(("effective_time_frame", Fault::NotASpan));
    }
    Ok((span, offset))
}

/// Start and end, start and duration, or duration and end.
fn interval(json: &Value, out: &Out<'_>) -> std::result::Result<(TimeSpan, Option<Offset>), Failed> {
    if !json.is_object() {
        return Err(("effective_time_frame", Fault::Missing));
    }
    let (start, end, duration) = (&json["start_date_time"], &json["end_date_time"], &json["duration"]);
    let seconds = || Quantity::Time.read(duration).map_err(|fault| ("duration", fault));
    let (start, end, offset) = if start.is_null() {
        let (end, offset) = when(end, out)?;
        (plus_s(end, -seconds()?).ok_or(("duration", Fault::OutOfRange))?, end, offset)
    } else if end.is_null() {
        let (start, offset) = when(start, out)?;
        (start, plus_s(start, seconds()?).ok_or(("duration", Fault::OutOfRange))?, offset)
    } else {
        let (start, offset) = when(start, out)?;
        (start, when(end, out)?.0, offset)
    };
    Ok((TimeSpan::new(start, end).ok_or(("effective_time_frame", Fault::NotASpan))?, offset))
}
