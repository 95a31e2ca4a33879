//! Apple Health's `export.xml`: millions of `Record` elements, and `Workout` elements that name their way's GPX file.
//!
//! Everything is in attributes, so that the file is read element by element and nothing is built up.

use std::io::{BufRead, Result};

use quick_xml::{
    Reader,
    events::{BytesStart, Event as Xml},
};

use super::{
    Out, bpm_possible,
    fields::{Quantity, activity},
    lines::Lines,
    steps_possible,
};
use crate::{
    Fault, Sensed, SourceId, TimeSpan,
    time::{Moment, moment},
};

/// Values of the type SleepAnalysis in which the person is asleep; the others are in bed and awake.
const ASLEEP: &str = "HKCategoryValueSleepAnalysisAsleep";

pub(super) fn read(input: &mut Lines<impl BufRead>, out: &mut Out<'_>) -> Result<()> {
    let mut reader = Reader::from_reader(input);
    let (mut buffer, mut workout, mut faults_in_a_row) = (Vec::new(), None, 0_u32);
    loop {
        buffer.clear();
        let read = reader.read_event_into(&mut buffer);
        let line = reader.get_ref().line();
        if read.is_ok() {
            faults_in_a_row = 0;
        }
        match read {
            Ok(Xml::Start(element)) if element.name().as_ref() == "Workout" => {
                workout = self::workout(&element, line, out);
            }
            Ok(Xml::Start(element) | Xml::Empty(element)) => match element.name().as_ref() {
                "Record" => record(&element, line, out),
                "Workout" => {
                    self::workout(&element, line, out);
                }
                "FileReference" => {
                    if let Some(path) = attribute(&element, "path") {
                        out.put(SourceId::of("apple-health"), None, Sensed::Route { span: workout, file: path });
                    }
                }
                _ => {}
            },
            Ok(Xml::End(element)) if element.name().as_ref() == "Workout" => workout = None,
            Ok(Xml::Eof) => break,
            Ok(_) => {}
            Err(quick_xml::Error::Io(error)) => return Err(std::io::Error::new(error.kind(), error)),
            Err(error) => {
                let cut = matches!(error, quick_xml::Error::Syntax(_));
                out.error(line, "record", if cut { Fault::CutOff } else { Fault::NotXml });
                faults_in_a_row += 1;
                if cut || faults_in_a_row > 100 {
                    break;
                }
            }
        }
        if out.stopped() {
            break;
        }
    }
    Ok(())
}

/// An attribute's text with its entities put in; `None` when it is missing or broken.
pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let raw = element.attributes().flatten().find(|attribute| attribute.key.as_ref() == name)?.value;
    Some(quick_xml::escape::unescape(&raw).ok()?.into_owned())
}

fn span_of(element: &BytesStart<'_>, line: u64, out: &mut Out<'_>) -> Option<(TimeSpan, Moment)> {
    let mut at = |name: &'static str| {
        let Some(text) = attribute(element, name) else {
            out.error(line, name, Fault::Missing);
            return None;
        };
        let read = moment(&text, &out.context.zone);
        if read.is_none() {
            out.error(line, name, Fault::NotATime);
        }
        read
    };
    let (start, end) = (at("startDate")?, at("endDate")?);
    Some((out.span(line, start.at, end.at)?, start))
}

fn record(element: &BytesStart<'_>, line: u64, out: &mut Out<'_>) {
    let Some(kind) = attribute(element, "type") else { return out.error(line, "type", Fault::Missing) };
    if !matches!(
        kind.as_str(),
        "HKQuantityTypeIdentifierStepCount"
            | "HKQuantityTypeIdentifierHeartRate"
            | "HKCategoryTypeIdentifierSleepAnalysis"
    ) {
        out.report.passed_over += 1;
        return;
    }
    let Some((span, start)) = span_of(element, line, out) else { return };
    let source = SourceId::of(&attribute(element, "sourceName").unwrap_or_default());
    let value = attribute(element, "value");
    if kind == "HKCategoryTypeIdentifierSleepAnalysis" {
        return match value {
            None => out.error(line, "value", Fault::Missing),
            Some(value) if value.starts_with(ASLEEP) => out.put(source, start.offset, Sensed::Sleep { span }),
            Some(_) => out.report.passed_over += 1,
        };
    }
    let Some(number) = value.as_deref().and_then(|value| value.trim().parse::<f64>().ok()).filter(|n| n.is_finite())
    else {
        return out.error(line, "value", Fault::NotANumber);
    };
    let quantity = if kind.ends_with("StepCount") { Quantity::Steps } else { Quantity::Rate };
    let number = match quantity.convert(number, &attribute(element, "unit").unwrap_or_default()) {
        Ok(number) => number,
        Err(fault) => return out.error(line, "unit", fault),
    };
    match quantity {
        Quantity::Steps if steps_possible(number, span) => {
            out.put(source, start.offset, Sensed::Steps { span, count: number });
        }
        Quantity::Rate if bpm_possible(number) => {
            out.put(source, start.offset, Sensed::HeartRate { at: span.start, bpm: number });
        }
        _ => out.error(line, "value", Fault::OutOfRange),
    }
}

/// A workout; returns its time, for the way that may follow inside.
fn workout(element: &BytesStart<'_>, line: u64, out: &mut Out<'_>) -> Option<TimeSpan> {
    let Some(kind) = attribute(element, "workoutActivityType") else {
        out.error(line, "workoutActivityType", Fault::Missing);
        return None;
    };
    let (span, start) = span_of(element, line, out)?;
    let distance_m =
        attribute(element, "totalDistance").and_then(|text| text.parse::<f64>().ok()).and_then(|distance| {
            Quantity::Length.convert(distance, &attribute(element, "totalDistanceUnit")?).ok().filter(|m| *m > 0.0)
        });
    let source = SourceId::of(&attribute(element, "sourceName").unwrap_or_default());
    out.put(source, start.offset, Sensed::Activity { span, activity: activity(&kind), distance_m });
    Some(span)
}
