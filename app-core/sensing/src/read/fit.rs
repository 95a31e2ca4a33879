//! Google Fit as Takeout writes it: a CSV file a day in quarters of an hour, and a JSON file a session.

use std::io::{BufRead, Read, Result};

use jiff::civil::Date;
use serde_json::Value;

use super::{
    Out, bpm_possible,
    fields::{activity, number},
    lines::{LONGEST_BYTES, Lines},
    steps_possible,
};
use crate::{
    Activity, Fault, Sensed, SourceId, TimeSpan,
    time::{Moment, moment, plus_s},
};

/// Columns of the day's file that hold how long an activity lasted within the row, ms.
const LASTED: [(&str, Activity); 4] = [
    ("Walking duration (ms)", Activity::Walking),
    ("Running duration (ms)", Activity::Running),
    ("Biking duration (ms)", Activity::Cycling),
    ("Sleep duration (ms)", Activity::Sleep),
];
/// Which share of a row an activity must fill for the row to be called by it.
const FILLS: f64 = 0.6;

/// Reads a day; the date comes from [`super::Context::date`], because only the file's name has it.
pub(super) fn read_day(input: &mut Lines<impl BufRead>, out: &mut Out<'_>) -> Result<()> {
    let Some(date) = out.context.date else {
        out.error(1, "Start time", Fault::NotATime);
        return Ok(());
    };
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(input);
    let header = match reader.headers() {
        Ok(header) => header.clone(),
        Err(error) => return csv_fault(error, 1, out),
    };
    let column = |name: &str| header.iter().position(|field| field.trim_start_matches('\u{feff}').trim() == name);
    let (Some(start), Some(end)) = (column("Start time"), column("End time")) else {
        out.error(1, "Start time", Fault::Missing);
        return Ok(());
    };
    let (steps, heart) = (column("Step count"), column("Average heart rate (bpm)"));
    let lasted = LASTED.map(|(name, activity)| (column(name), activity));
    let mut row = csv::StringRecord::new();
    loop {
        match reader.read_record(&mut row) {
            Ok(true) => {}
            Ok(false) => return Ok(()),
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                csv_fault(error, line, out)?;
                continue;
            }
        }
        let line = row.position().map_or(0, csv::Position::line);
        let Some((span, first)) = row_span(&row, (start, end), date, line, out) else { continue };
        let value = |at: Option<usize>| at.and_then(|at| row.get(at)).map(str::trim).filter(|text| !text.is_empty());
        let mut numbers = [None, None];
        for (slot, (at, field)) in numbers.iter_mut().zip([(steps, "Step count"), (heart, "Average heart rate (bpm)")])
        {
            let Some(text) = value(at) else { continue };
            match text.parse::<f64>() {
                Ok(number) if number.is_finite() => *slot = Some(number),
                _ => out.warn(line, field, Fault::NotANumber),
            }
        }
        let source = SourceId::of("google-fit");
        match numbers[0] {
            Some(count) if steps_possible(count, span) => out.put(source, first.offset, Sensed::Steps { span, count }),
            Some(_) => out.warn(line, "Step count", Fault::OutOfRange),
            None => {}
        }
        match numbers[1] {
            Some(bpm) if bpm_possible(bpm) => out.put(source, first.offset, Sensed::HeartRate { at: span.start, bpm }),
            Some(_) => out.warn(line, "Average heart rate (bpm)", Fault::OutOfRange),
            None => {}
        }
        for (at, activity) in lasted {
            let ms = value(at).and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0);
            if ms / 1000.0 >= FILLS * span.seconds() as f64 && ms > 0.0 {
                out.put(source, first.offset, named(span, activity, None));
            }
        }
        if out.stopped() {
            return Ok(());
        }
    }
}

/// Sleep is a kind of its own; everything else is an activity.
fn named(span: TimeSpan, activity: Activity, distance_m: Option<f64>) -> Sensed {
    if activity == Activity::Sleep { Sensed::Sleep { span } } else { Sensed::Activity { span, activity, distance_m } }
}

fn csv_fault(error: csv::Error, line: u64, out: &mut Out<'_>) -> Result<()> {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => Err(error),
        csv::ErrorKind::Utf8 { .. } => {
            out.error(line, "record", Fault::NotUtf8);
            Ok(())
        }
        _ => {
            out.error(line, "record", Fault::CutOff);
            Ok(())
        }
    }
}

/// `00:15:00.000+01:00` on the file's day; an end at midnight is the next day's.
fn row_span(
    row: &csv::StringRecord,
    (start, end): (usize, usize),
    date: Date,
    line: u64,
    out: &mut Out<'_>,
) -> Option<(TimeSpan, Moment)> {
    let mut at = |column: usize, field: &'static str| {
        let text = row.get(column).unwrap_or_default().trim();
        let read = moment(&format!("{date}T{text}"), &out.context.zone);
        if read.is_none() {
            out.error(line, field, Fault::NotATime);
        }
        read
    };
    let (first, mut last) = (at(start, "Start time")?, at(end, "End time")?.at);
    if last < first.at {
        last = plus_s(last, 86_400.0)?;
    }
    Some((out.span(line, first.at, last)?, first))
}

/// Reads a session: what it was, when, and its steps and distance.
pub(super) fn read_session(input: &mut Lines<impl BufRead>, out: &mut Out<'_>) -> Result<()> {
    let mut bytes = Vec::new();
    input.by_ref().take(LONGEST_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > LONGEST_BYTES {
        out.error(1, "record", Fault::TooLong);
        return Ok(());
    }
    let json: Value = match serde_json::from_slice(&bytes) {
        Ok(json) => json,
        Err(error) => {
            let fault = if error.is_eof() { Fault::CutOff } else { Fault::NotJson };
            out.error(error.line() as u64, "record", fault);
            return Ok(());
        }
    };
    let Some((span, first)) = session_span(&json, out) else { return Ok(()) };
    let source = SourceId::of("google-fit");
    let total = |metric: &str| {
        let all = json["aggregate"].as_array().into_iter().flatten();
        let one = all.into_iter().find(|one| one["metricName"].as_str().is_some_and(|name| name.ends_with(metric)))?;
        number(&one["intValue"]).or_else(|| number(&one["floatValue"]))
    };
    let Some(word) = json["fitnessActivity"].as_str() else {
        out.error(1, "fitnessActivity", Fault::Missing);
        return Ok(());
    };
    out.put(source, first.offset, named(span, activity(word), total("distance.delta").filter(|m| *m > 0.0)));
    match total("step_count.delta") {
        Some(count) if steps_possible(count, span) => out.put(source, first.offset, Sensed::Steps { span, count }),
        Some(_) => out.warn(1, "aggregate", Fault::OutOfRange),
        None => {}
    }
    Ok(())
}

fn session_span(json: &Value, out: &mut Out<'_>) -> Option<(TimeSpan, Moment)> {
    let mut at = |field: &'static str| match json[field].as_str() {
        None => {
            out.error(1, field, Fault::Missing);
            None
        }
        Some(text) => {
            let read = moment(text, &out.context.zone);
            if read.is_none() {
                out.error(1, field, Fault::NotATime);
            }
            read
        }
    };
    let (first, last) = (at("startTime")?, at("endTime")?);
    Some((out.span(1, first.at, last.at)?, first))
}
