use std::ops::ControlFlow;

use jiff::{civil::date, tz::TimeZone};

use super::*;
use crate::{Activity, Severity};

fn london() -> Context {
    Context { zone: TimeZone::get("Europe/London").expect("known"), ..Context::utc() }
}

fn in_year(year: i16) -> Context {
    let zone = london().zone;
    let first = |year| zone.to_timestamp(date(year, 1, 1).at(0, 0, 0, 0)).expect("a moment");
    Context { from: first(year), to: first(year + 1), ..london() }
}

fn faults(diagnostics: &Diagnostics) -> Vec<(u64, &'static str, Fault)> {
    diagnostics.kept.iter().map(|d| (d.line, d.field, d.fault)).collect()
}

fn omh(name: &str, body: &str) -> String {
    format!(r#"{{"header":{{"schema_id":{{"namespace":"omh","name":"{name}","version":"2.0"}}}},"body":{body}}}"#)
}

const FRAME: &str = r#""effective_time_frame":{"time_interval":{"start_date_time":"2026-05-02T14:00:00+01:00","end_date_time":"2026-05-02T14:10:00+01:00"}}"#;

#[test]
fn open_mhealth_records_are_read_with_units_converted() {
    let at = r#""effective_time_frame":{"date_time":"2026-05-02T14:00:00+01:00"}"#;
    let duration = r#""effective_time_frame":{"time_interval":{"start_date_time":"2026-05-01T23:00:00+01:00","duration":{"value":8,"unit":"h"}}}"#;
    let lines = [
        omh("step-count", &format!(r#"{{"step_count":900,{FRAME}}}"#)),
        omh("heart-rate", &format!(r#"{{"heart_rate":{{"value":1.2,"unit":"Hz"}},{at}}}"#)),
        omh(
            "geoposition",
            &format!(
                r#"{{"latitude":{{"value":51.5,"unit":"deg"}},"longitude":{{"value":-0.002,"unit":"rad"}},{at}}}"#
            ),
        ),
        omh("sleep-duration", &format!(r#"{{"sleep_duration":{{"value":8,"unit":"h"}},{duration}}}"#)),
        omh(
            "physical-activity",
            &format!(
                r#"{{"activity_name":"walking","distance":{{"value":0.5,"unit":"mi"}},"base_movement_quantity":{{"value":950,"unit":"steps"}},{FRAME}}}"#
            ),
        ),
        omh("body-weight", &format!(r#"{{"body_weight":{{"value":70,"unit":"kg"}},{at}}}"#)),
        omh(
            "motion",
            &format!(r#"{{"sampling_rate":10,"acceleration_unit":"g","acceleration":[[0,0,1],[0,0.5,1]],{at}}}"#),
        ),
    ];
    for text in [lines.join("\n"), format!("[{}]", lines.join(",\n"))] {
        let (events, diagnostics) = read_all(Format::OpenMHealth, text.as_bytes(), &london()).expect("memory");
        assert_eq!(faults(&diagnostics), []);
        let [steps, heart, position, sleep, walked, walk, motion] = &events[..] else { panic!("{events:?}") };
        assert!(matches!(steps.what, Sensed::Steps { span, count: 900.0 } if span.minutes() == 10));
        assert_eq!(steps.offset.map(|offset| offset.seconds()), Some(3600));
        assert!(matches!(heart.what, Sensed::HeartRate { bpm, .. } if bpm == 72.0));
        assert!(matches!(position.what, Sensed::Position(fix) if (fix.point.longitude + 0.114_591_6).abs() < 1e-6));
        assert!(matches!(sleep.what, Sensed::Sleep { span } if span.minutes() == 480));
        assert!(matches!(walked.what, Sensed::Steps { count: 950.0, .. }));
        assert!(
            matches!(walk.what, Sensed::Activity { activity: Activity::Walking, distance_m: Some(m), .. } if (m - 804.672).abs() < 1e-9)
        );
        assert!(matches!(&motion.what, Sensed::Motion(window) if window.acceleration[1] == [0.0, 4.903_325, 9.806_65]));
    }
}

#[test]
fn broken_open_mhealth_lines_are_named_by_line_and_field_and_the_rest_goes_on() {
    let good = omh("step-count", &format!(r#"{{"step_count":900,{FRAME}}}"#));
    let lines = [
        good.clone(),
        "{\"secret".to_owned(),
        r#"{"body":{}}"#.to_owned(),
        omh("step-count", r#"{"step_count":900}"#),
        omh("step-count", &format!(r#"{{"step_count":"many",{FRAME}}}"#)),
        omh("step-count", &format!(r#"{{"step_count":90000,{FRAME}}}"#)),
        omh(
            "heart-rate",
            r#"{"heart_rate":{"value":70,"unit":"drums"},"effective_time_frame":{"date_time":"2026-05-02T14:00:00Z"}}"#,
        ),
        omh("step-count", &format!(r#"{{"step_count":1,{}}}"#, FRAME.replace("T14:10", "T13:10"))),
        omh("sleep-episode", &format!("{{{}}}", FRAME.replace("2026-05-02T14:10", "2026-02-30T14:10"))),
        good,
    ];
    let (events, diagnostics) = read_all(Format::OpenMHealth, lines.join("\n").as_bytes(), &london()).expect("memory");
    assert_eq!(events.len(), 2);
    assert_eq!(
        faults(&diagnostics),
        [
            (2, "record", Fault::NotJson),
            (3, "header.schema_id.name", Fault::Missing),
            (4, "effective_time_frame", Fault::Missing),
            (5, "step_count", Fault::NotANumber),
            (6, "step_count", Fault::OutOfRange),
            (7, "heart_rate", Fault::UnknownUnit),
            (8, "effective_time_frame", Fault::NotASpan),
            (9, "effective_time_frame", Fault::NotATime),
        ]
    );
    assert!(diagnostics.kept.iter().all(|d| !d.to_string().contains("secret")), "a file's words are never quoted");
}

const APPLE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE HealthData [
<!ELEMENT HealthData (ExportDate,Me,(Record|Workout)*)>
]>
<HealthData locale="en_GB">
 <Record type="HKQuantityTypeIdentifierStepCount" sourceName="Joan&#8217;s Watch" unit="count" startDate="2026-05-02 14:00:00 +0100" endDate="2026-05-02 14:10:00 +0100" value="950"/>
 <Record type="HKQuantityTypeIdentifierHeartRate" sourceName="Watch" unit="count/min" startDate="2026-05-02 14:00:00 +0100" endDate="2026-05-02 14:00:00 +0100" value="88"><MetadataEntry key="a" value="b"/></Record>
 <Record type="HKCategoryTypeIdentifierSleepAnalysis" sourceName="Watch" startDate="2026-05-01 23:00:00 +0100" endDate="2026-05-02 06:00:00 +0100" value="HKCategoryValueSleepAnalysisAsleepCore"/>
 <Record type="HKCategoryTypeIdentifierSleepAnalysis" sourceName="Watch" startDate="2026-05-01 22:00:00 +0100" endDate="2026-05-02 07:00:00 +0100" value="HKCategoryValueSleepAnalysisInBed"/>
 <Record type="HKQuantityTypeIdentifierBodyMass" sourceName="Scale" unit="kg" startDate="2026-05-02 08:00:00 +0100" endDate="2026-05-02 08:00:00 +0100" value="60"/>
 <Record type="HKQuantityTypeIdentifierStepCount" sourceName="Watch" unit="count" startDate="yesterday" endDate="2026-05-02 14:10:00 +0100" value="950"/>
 <Record type="HKQuantityTypeIdentifierStepCount" sourceName="Watch" unit="count" startDate="2026-05-02 14:00:00 +0100" endDate="2026-05-02 14:10:00 +0100" value="lots"/>
 <Workout workoutActivityType="HKWorkoutActivityTypeWalking" duration="25" durationUnit="min" totalDistance="1.2" totalDistanceUnit="mi" sourceName="Watch" startDate="2026-05-02 14:00:00 +0100" endDate="2026-05-02 14:25:00 +0100">
  <WorkoutRoute><FileReference path="/workout-routes/route_2026-05-02.gpx"/></WorkoutRoute>
 </Workout>
</HealthData>"#;

#[test]
fn an_apple_health_export_is_read_and_broken_records_are_named_by_line() {
    let (events, diagnostics) = read_all(Format::AppleHealth, APPLE.as_bytes(), &london()).expect("memory");
    let [steps, heart, sleep, walk, way] = &events[..] else { panic!("{events:?}") };
    assert_eq!(steps.source, SourceId::of("Joan’s Watch"));
    assert!(matches!(steps.what, Sensed::Steps { count: 950.0, .. }));
    assert!(matches!(heart.what, Sensed::HeartRate { bpm: 88.0, .. }));
    assert!(matches!(sleep.what, Sensed::Sleep { span } if span.minutes() == 420));
    assert!(
        matches!(walk.what, Sensed::Activity { activity: Activity::Walking, distance_m: Some(m), .. } if (m - 1931.2).abs() < 0.1)
    );
    assert!(
        matches!(&way.what, Sensed::Route { span: Some(span), file } if span.minutes() == 25 && file.ends_with(".gpx"))
    );
    assert_eq!(faults(&diagnostics), [(11, "startDate", Fault::NotATime), (12, "value", Fault::NotANumber)]);
}

#[test]
fn an_export_that_is_cut_off_gives_what_came_before_and_says_so() {
    let cut = &APPLE[..APPLE.find("BodyMass").expect("in it")];
    let (events, diagnostics) = read_all(Format::AppleHealth, cut.as_bytes(), &london()).expect("memory");
    assert_eq!((events.len(), faults(&diagnostics)), (3, vec![(10, "record", Fault::CutOff)]));
}

#[test]
fn a_day_of_google_fit_is_read_in_quarters_of_an_hour() {
    let text = "Start time,End time,Move Minutes count,Average heart rate (bpm),Step count,Walking duration (ms),Sleep duration (ms)\n\
        10:00:00.000+01:00,10:15:00.000+01:00,14,92.5,1200,840000,\n\
        10:15:00.000+01:00,10:30:00.000+01:00,,,x,,\n\
        nonsense,10:45:00.000+01:00,,,3,,\n\
        23:45:00.000+01:00,00:00:00.000+01:00,,61,,,900000\n";
    let context = Context { date: Some(date(2026, 5, 2)), ..london() };
    let (events, diagnostics) = read_all(Format::FitDay, text.as_bytes(), &context).expect("memory");
    assert_eq!(events.len(), 5, "{events:?}");
    assert!(matches!(events[0].what, Sensed::Steps { span, count: 1200.0 } if span.minutes() == 15));
    assert!(matches!(events[2].what, Sensed::Activity { activity: Activity::Walking, .. }));
    assert!(matches!(events[4].what, Sensed::Sleep { span } if span.end.to_string() == "2026-05-02T23:00:00Z"));
    assert_eq!(faults(&diagnostics), [(3, "Step count", Fault::NotANumber), (4, "Start time", Fault::NotATime)]);
    let (events, diagnostics) = read_all(Format::FitDay, text.as_bytes(), &london()).expect("memory");
    assert_eq!((events.len(), faults(&diagnostics)), (0, vec![(1, "Start time", Fault::NotATime)]));
}

#[test]
fn a_session_of_google_fit_is_read_with_its_steps() {
    let text = r#"{"fitnessActivity":"walking","startTime":"2026-05-02T10:00:00Z","endTime":"2026-05-02T10:30:00Z","duration":"1800s",
        "aggregate":[{"metricName":"com.google.step_count.delta","intValue":3000},{"metricName":"com.google.distance.delta","floatValue":2100.5}]}"#;
    let (events, diagnostics) = read_all(Format::FitSession, text.as_bytes(), &london()).expect("memory");
    assert!(matches!(events[0].what, Sensed::Activity { activity: Activity::Walking, distance_m: Some(2100.5), .. }));
    assert!(matches!(events[1].what, Sensed::Steps { count: 3000.0, .. }));
    assert_eq!(faults(&diagnostics), []);
    let (events, diagnostics) = read_all(Format::FitSession, &text.as_bytes()[..60], &london()).expect("memory");
    assert_eq!((events.len(), faults(&diagnostics)), (0, vec![(1, "record", Fault::CutOff)]));
}

#[test]
fn every_form_of_location_history_is_read() {
    let records = r#"{"locations":[{"latitudeE7":515000000,"longitudeE7":-1200000,"accuracy":12,"timestamp":"2026-05-02T10:00:00Z"},
        {"latitudeE7":515000000,"longitudeE7":-1200000,"timestampMs":"1777716000000"},
        {"latitudeE7":"north","longitudeE7":1,"timestampMs":"1777716000000"}]}"#;
    let (events, diagnostics) = read_all(Format::GoogleLocation, records.as_bytes(), &london()).expect("memory");
    assert_eq!((events.len(), faults(&diagnostics)), (2, vec![(3, "latitudeE7", Fault::OutOfRange)]));

    let monthly = r#"{"timelineObjects":[{"placeVisit":{"location":{"latitudeE7":515000000,"longitudeE7":-1200000,"name":"Park Café"},
        "duration":{"startTimestamp":"2026-05-02T10:00:00Z","endTimestamp":"2026-05-02T11:00:00Z"}}},
        {"activitySegment":{"startLocation":{"latitudeE7":515000000,"longitudeE7":-1200000},"duration":{"startTimestampMs":"1777719600000","endTimestampMs":"1777721400000"},"distance":2640,"activityType":"IN_BUS"}}]}"#;
    let (events, _) = read_all(Format::GoogleLocation, monthly.as_bytes(), &london()).expect("memory");
    assert!(matches!(&events[0].what, Sensed::Visit { name: Some(name), .. } if name == "Park Café"));
    assert!(matches!(events[1].what, Sensed::Activity { activity: Activity::Vehicle, distance_m: Some(2640.0), .. }));
    assert!(matches!(events[2].what, Sensed::Position(_)));

    let android = r#"{"semanticSegments":[{"startTime":"2026-05-02T10:00:00.000+01:00","endTime":"2026-05-02T11:00:00.000+01:00","visit":{"topCandidate":{"semanticType":"HOME","placeLocation":{"latLng":"51.5°, -0.12°"}}}},
        {"startTime":"2026-05-02T11:00:00.000+01:00","endTime":"2026-05-02T12:00:00.000+01:00","timelinePath":[{"point":"51.5°, -0.12°","time":"2026-05-02T11:05:00.000+01:00"},{"point":"?"}]}],
        "rawSignals":[{"position":{"LatLng":"51.5°, -0.12°","accuracyMeters":9,"timestamp":"2026-05-02T11:06:00.000+01:00"}}]}"#;
    let (events, diagnostics) = read_all(Format::GoogleLocation, android.as_bytes(), &london()).expect("memory");
    assert_eq!((events.len(), faults(&diagnostics)), (3, vec![(2, "timelinePath.point", Fault::OutOfRange)]));

    let iphone = r#"[{"startTime":"2026-05-02T10:00:00.000+01:00","endTime":"2026-05-02T11:00:00.000+01:00","activity":{"topCandidate":{"type":"walking"},"distanceMeters":"1200.5","start":"geo:51.5,-0.12","end":"geo:51.51,-0.12"}}]"#;
    let (events, diagnostics) = read_all(Format::GoogleLocation, iphone.as_bytes(), &london()).expect("memory");
    assert_eq!((events.len(), faults(&diagnostics)), (3, vec![]));
    for text in [records, monthly, android, iphone] {
        assert_eq!(Format::of(text.as_bytes()), Some(Format::GoogleLocation));
    }
}

#[test]
fn a_gpx_way_is_read_point_by_point() {
    let text = r#"<?xml version="1.0"?><gpx version="1.1" creator="x"><trk><trkseg>
        <trkpt lat="51.5" lon="-0.12"><ele>3</ele><time>2026-05-02T10:00:00Z</time></trkpt>
        <trkpt lat="95" lon="-0.12"><time>2026-05-02T10:01:00Z</time></trkpt>
        <trkpt lat="51.5" lon="-0.12"/>
        <trkpt lat="51.5" lon="-0.12"><time>noon</time></trkpt>
        <trkpt lat="51.6" lon="-0.12"><time>2026-05-02T10:02:00Z</time></trkpt>
        </trkseg></trk></gpx>"#;
    assert_eq!(Format::of(text.as_bytes()), Some(Format::Gpx));
    let (events, diagnostics) = read_all(Format::Gpx, text.as_bytes(), &london()).expect("memory");
    assert_eq!(events.len(), 2);
    assert_eq!(
        faults(&diagnostics),
        [(3, "trkpt", Fault::OutOfRange), (4, "time", Fault::Missing), (5, "time", Fault::NotATime)]
    );
}

const CALENDAR: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nX-WR-TIMEZONE:Europe/London\r\n\
BEGIN:VEVENT\r\nUID:choir\r\nSUMMARY:Choir\\, with Jo\r\n an\r\nLOCATION:St John's\\nHall\r\n\
DTSTART;TZID=Europe/London:20260325T190000\r\nDTEND;TZID=Europe/London:20260325T203000\r\n\
RRULE:FREQ=WEEKLY;COUNT=4\r\nEXDATE;TZID=Europe/London:20260408T190000\r\n\
BEGIN:VALARM\r\nTRIGGER:-PT30M\r\nSUMMARY:Alarm\r\nEND:VALARM\r\nEND:VEVENT\r\n\
BEGIN:VEVENT\r\nUID:choir\r\nRECURRENCE-ID;TZID=Europe/London:20260401T190000\r\nSUMMARY:Choir\\, moved\r\n\
DTSTART:20260401T170000Z\r\nDURATION:PT1H\r\nEND:VEVENT\r\n\
BEGIN:VEVENT\r\nUID:birthday\r\nSUMMARY:奶奶生日\r\nDTSTART;VALUE=DATE:19400502\r\nRRULE:FREQ=YEARLY\r\nEND:VEVENT\r\n\
BEGIN:VEVENT\r\nUID:off\r\nSUMMARY:Off\r\nSTATUS:CANCELLED\r\nDTSTART:20260501T100000Z\r\nEND:VEVENT\r\n\
BEGIN:VEVENT\r\nUID:bad\r\nSUMMARY:No start\r\nEND:VEVENT\r\n\
BEGIN:VEVENT\r\nUID:zone\r\nSUMMARY:Zone\r\nDTSTART;TZID=W. Somewhere Time:20260601T100000\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

#[test]
fn a_calendar_is_read_with_its_repetitions_exceptions_and_changed_times() {
    let (events, diagnostics) = read_all(Format::Calendar, CALENDAR.as_bytes(), &in_year(2026)).expect("memory");
    let mut entries: Vec<_> = events
        .iter()
        .map(|event| match &event.what {
            Sensed::Calendar(entry) => {
                (entry.title.as_str(), entry.span.start.to_string(), entry.span.minutes(), entry.place.as_deref())
            }
            other => panic!("{other:?}"),
        })
        .collect();
    entries.sort_by(|a, b| a.1.cmp(&b.1));
    let hall = Some("St John's Hall");
    assert_eq!(
        entries,
        [
            ("Choir, with Joan", "2026-03-25T19:00:00Z".to_owned(), 90, hall),
            ("Choir, moved", "2026-04-01T17:00:00Z".to_owned(), 60, None),
            // The clocks have gone forward: seven in the evening is six in UTC.
            ("Choir, with Joan", "2026-04-15T18:00:00Z".to_owned(), 90, hall),
            ("奶奶生日", "2026-05-01T23:00:00Z".to_owned(), 1440, None),
            ("Zone", "2026-06-01T09:00:00Z".to_owned(), 0, None),
        ]
    );
    assert_eq!(faults(&diagnostics), [(40, "DTSTART", Fault::Missing), (44, "DTSTART", Fault::UnknownZone)]);
}

#[test]
fn what_a_file_is_is_told_by_its_first_bytes() {
    for (text, format) in [
        (APPLE, Some(Format::AppleHealth)),
        (CALENDAR, Some(Format::Calendar)),
        ("Start time,End time,Step count\n", Some(Format::FitDay)),
        (r#"{"fitnessActivity":"walking"}"#, Some(Format::FitSession)),
        ("<html></html>", None),
        ("", None),
        ("{\"id\":\"a\"}", None),
        ("BEGIN:VCARD", None),
    ] {
        assert_eq!(Format::of(text.as_bytes()), format);
    }
}

#[test]
fn only_the_time_asked_for_is_handed_over_and_reading_can_be_stopped() {
    let late = Context { from: "2027-01-01T00:00:00Z".parse().expect("a moment"), ..london() };
    let report =
        read(Format::AppleHealth, APPLE.as_bytes(), &late, &mut |_| panic!("nothing is that late")).expect("memory");
    assert_eq!((report.events, report.outside), (0, 5));
    let mut seen = 0;
    let report = read(Format::AppleHealth, APPLE.as_bytes(), &london(), &mut |_| {
        seen += 1;
        ControlFlow::Break(())
    });
    assert_eq!((seen, report.expect("memory").stopped), (1, true));
}

#[test]
fn a_file_wrong_in_every_line_does_not_fill_memory_with_diagnoses() {
    let (_, diagnostics) = read_all(Format::OpenMHealth, "x\n".repeat(5000).as_bytes(), &london()).expect("memory");
    assert_eq!((diagnostics.kept.len(), diagnostics.more), (200, 4800));
    assert!(diagnostics.kept.iter().all(|d| d.severity == Severity::Error));
}
