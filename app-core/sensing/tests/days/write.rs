//! Writes made days in the form of each program.

use std::fmt::Write;

use jiff::{Timestamp, tz::TimeZone};
use serde_json::json;

use super::Days;

fn zone_at(days: &Days, at: Timestamp) -> TimeZone {
    let known = days.zones.iter().rev().find(|(from, _)| *from <= at).or(days.zones.first());
    TimeZone::get(&known.expect("days have a zone").1).expect("a zone")
}

/// RFC 3339 on the wall clock of the place.
fn local(days: &Days, at: Timestamp) -> String {
    let offset = zone_at(days, at).to_offset(at);
    at.display_with_offset(offset).to_string()
}

fn minute_after(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second() + 60).expect("in range")
}

/// Open mHealth, one record a line.
pub(crate) fn open_mhealth(days: &Days) -> String {
    let mut text = String::new();
    let mut line = |name: &str, body: serde_json::Value| {
        let header = json!({"schema_id": {"namespace": "omh", "name": name, "version": "2.0"}});
        writeln!(text, "{}", json!({"header": header, "body": body})).expect("a string");
    };
    for minute in &days.minutes {
        let at = json!({"date_time": local(days, minute.at)});
        if minute.steps > 0 {
            let span = json!({"time_interval": {"start_date_time": local(days, minute.at), "end_date_time": local(days, minute_after(minute.at))}});
            line(
                "step-count",
                json!({"step_count": {"value": minute.steps, "unit": "steps"}, "effective_time_frame": span}),
            );
        }
        if let Some(bpm) = minute.heart {
            line("heart-rate", json!({"heart_rate": {"value": bpm, "unit": "beats/min"}, "effective_time_frame": at}));
        }
        if let Some(point) = minute.point {
            let degrees = |value: f64| json!({"value": value, "unit": "deg"});
            line(
                "geoposition",
                json!({"latitude": degrees(point.latitude), "longitude": degrees(point.longitude), "effective_time_frame": at}),
            );
        }
    }
    for sleep in &days.sleeps {
        let span = json!({"time_interval": {"start_date_time": local(days, sleep.start), "end_date_time": local(days, sleep.end)}});
        line("sleep-episode", json!({"effective_time_frame": span}));
    }
    text
}

/// Apple Health's export (steps by watch and, some of them again, by telephone), and the positions as a GPX file.
pub(crate) fn apple(days: &Days) -> (String, String) {
    let stamp = |at: Timestamp| {
        let offset = zone_at(days, at).to_offset(at);
        let wall = offset.to_datetime(at);
        format!(
            "{} {} {}",
            wall.date(),
            wall.time(),
            jiff::fmt::strtime::format("%z", &at.to_zoned_datetime(TimeZone::fixed(offset))).expect("a form")
        )
    };
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<HealthData locale=\"en_GB\">\n");
    let mut record = |kind: &str, source: &str, unit: &str, start: Timestamp, end: Timestamp, value: String| {
        let unit = if unit.is_empty() { String::new() } else { format!(" unit=\"{unit}\"") };
        writeln!(
            text,
            " <Record type=\"HK{kind}\" sourceName=\"{source}\"{unit} startDate=\"{}\" endDate=\"{}\" value=\"{value}\"/>",
            stamp(start),
            stamp(end)
        )
        .expect("a string");
    };
    let mut gpx = String::from("<?xml version=\"1.0\"?>\n<gpx version=\"1.1\"><trk><trkseg>\n");
    for (index, minute) in days.minutes.iter().enumerate() {
        if minute.steps > 0 {
            record(
                "QuantityTypeIdentifierStepCount",
                "Watch",
                "count",
                minute.at,
                minute_after(minute.at),
                minute.steps.to_string(),
            );
            if index % 3 != 0 {
                record(
                    "QuantityTypeIdentifierStepCount",
                    "Phone",
                    "count",
                    minute.at,
                    minute_after(minute.at),
                    (minute.steps * 9 / 10).to_string(),
                );
            }
        }
        if let Some(bpm) = minute.heart {
            record("QuantityTypeIdentifierHeartRate", "Watch", "count/min", minute.at, minute.at, bpm.to_string());
        }
        if let Some(point) = minute.point {
            writeln!(
                gpx,
                "<trkpt lat=\"{}\" lon=\"{}\"><time>{}</time></trkpt>",
                point.latitude, point.longitude, minute.at
            )
            .expect("a string");
        }
    }
    for sleep in &days.sleeps {
        // Stages, and a short time awake between them.
        let middle = Timestamp::from_second((sleep.start.as_second() + sleep.end.as_second()) / 2).expect("in range");
        for (start, end, stage) in [
            (sleep.start, middle, "AsleepCore"),
            (minute_after(middle), sleep.end, "AsleepREM"),
            (sleep.start, sleep.end, "InBed"),
        ] {
            record(
                "CategoryTypeIdentifierSleepAnalysis",
                "Watch",
                "",
                start,
                end,
                format!("HKCategoryValueSleepAnalysis{stage}"),
            );
        }
    }
    text.push_str("</HealthData>\n");
    gpx.push_str("</trkseg></trk></gpx>\n");
    (text, gpx)
}

/// Takeout: a CSV a day with its name, `Records.json`, and a JSON a night.
pub(crate) fn takeout(days: &Days) -> (Vec<(jiff::civil::Date, String)>, String, Vec<String>) {
    let mut tables: Vec<(jiff::civil::Date, String)> = Vec::new();
    let mut quarter: Option<(i64, u32, Vec<u32>)> = None;
    let flush = |quarter: Option<(i64, u32, Vec<u32>)>, tables: &mut Vec<(jiff::civil::Date, String)>| {
        let Some((start, steps, hearts)) = quarter else { return };
        let start = Timestamp::from_second(start * 900).expect("in range");
        let end = Timestamp::from_second(start.as_second() + 900).expect("in range");
        let clock = |at: Timestamp| {
            let offset = zone_at(days, start).to_offset(at);
            let text = at.display_with_offset(offset).to_string();
            text.split_once('T')
                .map(|(day, time)| (day.parse::<jiff::civil::Date>().expect("a day"), time.to_owned()))
                .expect("a time")
        };
        let (date, first) = clock(start);
        if tables.last().is_none_or(|(last, _)| *last != date) {
            tables.push((date, "Start time,End time,Average heart rate (bpm),Step count\n".to_owned()));
        }
        let heart = if hearts.is_empty() {
            String::new()
        } else {
            (hearts.iter().sum::<u32>() / hearts.len() as u32).to_string()
        };
        let steps = if steps == 0 { String::new() } else { steps.to_string() };
        writeln!(tables.last_mut().expect("just pushed").1, "{first},{},{heart},{steps}", clock(end).1)
            .expect("a string");
    };
    let mut locations = Vec::new();
    for minute in &days.minutes {
        let index = minute.at.as_second().div_euclid(900);
        if quarter.as_ref().is_none_or(|(at, ..)| *at != index) {
            flush(quarter.take(), &mut tables);
            quarter = Some((index, 0, Vec::new()));
        }
        let (_, steps, hearts) = quarter.as_mut().expect("just set");
        *steps += minute.steps;
        hearts.extend(minute.heart);
        if let Some(point) = minute.point {
            locations.push(json!({"latitudeE7": (point.latitude * 1e7) as i64, "longitudeE7": (point.longitude * 1e7) as i64, "accuracy": 20, "timestamp": minute.at.to_string()}));
        }
    }
    flush(quarter, &mut tables);
    let sleep = |span: &reme_sensing::TimeSpan| {
        json!({"fitnessActivity": "sleep", "startTime": span.start.to_string(), "endTime": span.end.to_string()})
            .to_string()
    };
    (
        tables,
        serde_json::to_string_pretty(&json!({"locations": locations})).expect("JSON"),
        days.sleeps.iter().map(sleep).collect(),
    )
}
