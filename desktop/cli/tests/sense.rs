//! Sensor files from the command line and over HTTP: drafts in the inbox, and not one memory.

mod server;

use std::{fmt::Write, fs, path::Path};

use serde_json::Value;
use server::{Server, form, reme, text, with_hedda};

/// A walk of half an hour, a position a minute, and steps.
fn walk() -> (String, String) {
    let (mut steps, mut gpx) = (String::new(), "<gpx><trk><trkseg>\n".to_owned());
    for minute in 0..50 {
        let (at, after) = (format!("2026-05-02T12:{minute:02}:00Z"), format!("2026-05-02T12:{:02}:00Z", minute + 1));
        let north = 51.5 + f64::from((minute - 10_i32).clamp(0, 30)) * 0.0007;
        writeln!(gpx, "<trkpt lat=\"{north}\" lon=\"-0.12\"><time>{at}</time></trkpt>").expect("a string");
        if (10..40).contains(&minute) {
            writeln!(steps, "{{\"header\":{{\"schema_id\":{{\"namespace\":\"omh\",\"name\":\"step-count\",\"version\":\"2.0\"}}}},\"body\":{{\"step_count\":{{\"value\":90,\"unit\":\"steps\"}},\"effective_time_frame\":{{\"time_interval\":{{\"start_date_time\":\"{at}\",\"end_date_time\":\"{after}\"}}}}}}}}").expect("a string");
        }
    }
    (steps, gpx + "</trkseg></trk></gpx>\n")
}

fn memories(data: &Path) -> String {
    let listed = reme(data).args(["--json", "memory", "list"]).output().expect("it runs");
    text(&listed.stdout)
}

#[test]
fn the_command_offers_a_walk_once_names_what_it_left_out_and_keeps_no_memory() {
    let dir = with_hedda();
    let (steps, gpx) = walk();
    let files = tempfile::tempdir().expect("a folder");
    let path = |name: &str| files.path().join(name).to_string_lossy().into_owned();
    fs::write(path("day.jsonl"), format!("{steps}nonsense\n")).expect("written");
    fs::write(path("way.gpx"), gpx).expect("written");
    let sense = || {
        let ended =
            reme(dir.path()).args(["--json", "sense", "--days", "3660", &path("day.jsonl"), &path("way.gpx")]).output();
        let ended = ended.expect("it runs");
        assert_eq!(ended.status.code(), Some(3), "{}", text(&ended.stderr));
        assert!(
            text(&ended.stderr).contains("day.jsonl, line 31, record: this is not JSON."),
            "{}",
            text(&ended.stderr)
        );
        serde_json::from_slice::<Value>(&ended.stdout).expect("JSON")
    };
    let first = sense();
    assert_eq!((&first["suggestions"], &first["again"]), (&1.into(), &0.into()), "{first}");
    let told = |language: &str| first["drafts"][0][language].as_str().expect("a sentence").to_owned();
    assert!(told("en").contains("a walk of 30 minutes"), "{first}");
    assert!(told("zh").contains("步行30分钟"), "{first}");
    assert_eq!((sense()["suggestions"].clone(), memories(dir.path())), (0.into(), String::new()));
}

#[test]
fn a_form_of_files_is_read_while_it_arrives() {
    let dir = with_hedda();
    let server = Server::start(dir.path(), &[]);
    let (_, gpx) = walk();
    let (head, body) = form("file", gpx.as_bytes());
    let answer = server.ask("POST", "/api/patients/hedda/sensors?days=3660", &head, &body);
    assert_eq!(answer.status, 200, "{:?}", answer.json());
    assert_eq!(answer.json()["files"][0]["kind"], "gpx");
    assert_eq!(answer.json()["suggestions"], 1, "{}", answer.json());
    let (head, body) = form("other", b"x");
    let refused = server.ask("POST", "/api/patients/hedda/sensors", &head, &body);
    assert_eq!(refused.status, 400);
    let (head, body) = form("file", b"x");
    let refused = server.ask("POST", "/api/patients/hedda/sensors?days=0", &head, &body);
    assert_eq!(refused.error().2, "days");
}
