//! The whole loop: the `reme` command and the served companion against the portal itself, over real sockets: pair, play, sync,
//! the clinician changes the plan, the next session follows it, and the portal shows it as delivered.

mod clinic;
mod server;

use std::{
    io::Write,
    path::Path,
    process::{Output, Stdio},
};

use clinic::Clinic;
use serde_json::{Value, json};
use server::{Server, reme, run, text};

/// Hedda with one memory to talk about.
fn household() -> tempfile::TempDir {
    let dir = server::with_hedda();
    let fact = |kind: &str, question: &str, answer: &str, hint: &str| json!({"kind": kind, "question": question, "answer": answer, "aliases": [], "meaning_cue": hint});
    let line = json!({
        "id": "m1", "kind": "episode", "happened_at": "2025-03-02", "recorded_at": "2025-03-02T20:00",
        "text": "Signe and I had waffles up at Lake Orrin.", "people": ["Signe"], "place": "Lake Orrin", "tags": [],
        "source": "caregiver", "media": [], "facts": [
            fact("food", "What did you eat?", "waffles", "something flat, from a hot iron"),
            fact("person", "Who was with you?", "Signe", "somebody from the family"),
            fact("place", "Where were you?", "Lake Orrin", "a place by the water"),
        ],
    });
    let log = dir.path().join("log");
    std::fs::create_dir_all(&log).expect("made");
    std::fs::write(log.join("memories.jsonl"), format!("{line}\n")).expect("written");
    let imported = run(dir.path(), &["memory", "import", log.to_str().expect("UTF-8")]);
    assert!(imported.status.success(), "{}", text(&imported.stderr));
    dir
}

/// A command whose standard output is one JSON value.
fn told(data: &Path, words: &[&str]) -> Value {
    let done = run(data, &[&["--json"], words].concat());
    assert!(done.status.success(), "{words:?}: {}", text(&done.stderr));
    serde_json::from_slice(&done.stdout).expect("JSON")
}

/// Exit code, and what was said.
fn refused(data: &Path, words: &[&str]) -> (Option<i32>, String) {
    let done = run(data, words);
    (done.status.code(), text(&done.stderr))
}

/// A session played by a script until it ends or the script does; the last line of what came out.
fn play(data: &Path, answers: &str) -> Output {
    let mut child = reme(data)
        .args(["--json", "session"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts");
    // A session that has ended closes its end.
    let _ = child.stdin.take().expect("piped").write_all(answers.as_bytes());
    child.wait_with_output().expect("ends")
}

#[test]
fn a_session_reaches_the_clinic_and_the_clinics_plan_reaches_the_next_session() {
    let (clinic, dir) = (Clinic::start(), household());
    let data = dir.path();
    let patient = clinic.patient("Frank Delaney");
    let before: Vec<String> = clinic.session_ids(&patient);
    told(data, &["sync", "pair", &format!("{}/pair#{}", clinic.address, clinic.code(&patient))]);
    let first = told(data, &["sync", "now"]);
    assert!(first["new_plan"].is_u64(), "{first}");

    // "waffles" at rung 0, one word of help for the second, and so on until the script ends the session.
    play(data, "strawberries\nNora\njam\nwaffles\n/hint\nSigne\n/stop\nyes\n");
    let own = told(data, &["sync", "now"]);
    assert!(own["sent"].as_u64() > Some(2), "{own}");
    let came: Vec<String> = clinic.session_ids(&patient).into_iter().filter(|id| !before.contains(id)).collect();
    assert_eq!(came.len(), 1, "one session, once");
    let there = clinic.get(&format!("/api/patients/{patient}/sessions/{}", came[0]));
    let rungs = |trials: &Value, kind: &str| -> Vec<(Value, Value, Value)> {
        let trials = trials.as_array().expect("trials").iter();
        trials.map(|t| (t[kind].clone(), t["verdict"].clone(), t["rung"].clone())).collect()
    };
    let server = Server::start(data, &[]);
    let here = server.get(&format!("/api/patients/hedda/sessions/{}/trials", came[0])).json();
    let (mine, theirs) = (rungs(&here, "game"), rungs(&there["trials"], "game"));
    assert!(!theirs.is_empty());
    assert_eq!(mine.len(), theirs.len(), "every trial, once: {here} {there}");
    for (mine, theirs) in mine.iter().zip(&theirs) {
        assert_eq!((&mine.1, &mine.2), (&theirs.1, &theirs.2), "the portal has it with its verdict and rung");
    }

    // The clinician prescribes sums only, at level 2 to 3, ten minutes, in Chinese.
    let plan = clinic.get(&format!("/api/patients/{patient}/plan"));
    let version = plan["versions"][0]["version"].as_u64().expect("a version");
    let changed = json!({
        "based_on": version, "games": [{"game": "mental-arithmetic", "min_level": 2, "max_level": 3}],
        "sessions_per_week": 5, "session_minutes": 10, "daily_cap_minutes": 30, "language": "zh-CN",
        "starts_on": null, "ends_on": null, "note": "",
    });
    let set = clinic.put(&format!("/api/patients/{patient}/plan"), &changed);
    let version = set["version"].as_u64().or(set["versions"][0]["version"].as_u64()).unwrap_or(version + 1);
    let link = server.send("POST", "/api/patients/hedda/sync/now", &json!({})).json();
    assert_eq!((&link["plan_version"], &link["trouble"]), (&json!(version), &Value::Null), "{link}");
    let home = server.get("/api/patients/hedda/home").json();
    assert_eq!((&home["sessions_goal"], home["games"].as_array().map(Vec::len)), (&json!(5), Some(1)), "{home}");
    let session = server.send("POST", "/api/patients/hedda/session", &json!({})).json();
    assert_eq!(session["game_slug"], "mental-arithmetic", "{session}");
    assert!(session["lines"].to_string().chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)), "in Chinese");
    let own = server.get("/api/patients/hedda/plan").json();
    let bounds = own["games"].as_array().expect("games").iter().find(|game| game["enabled"] == true);
    assert_eq!(bounds.map(|game| (&game["min_level"], &game["max_level"])), Some((&json!(2), &json!(3))), "{own}");
    let delivered = clinic.get(&format!("/api/patients/{patient}/plan"))["deliveries"].clone();
    let newest = delivered.as_array().expect("deliveries").iter().find(|one| one["version"] == json!(version));
    assert!(newest.is_some_and(|one| one["taken_ms"].is_i64() && one["heard_ms"].is_i64()), "delivered: {delivered}");
}

#[test]
fn a_session_that_ends_on_the_served_screens_is_synced_by_itself() {
    let (clinic, dir) = (Clinic::start(), household());
    let patient = clinic.patient("Frank Delaney");
    let before = clinic.session_ids(&patient).len();
    let server = Server::start(dir.path(), &["--pair", &format!("hedda={}#{}", clinic.address, clinic.code(&patient))]);
    // Asking takes its time as well; a sync by itself comes within a few dozen questions.
    let until = |what: &str, done: &dyn Fn() -> bool| assert!((0..5_000).any(|_| done()), "{what}: {}", server.log());
    until("paired at the start", &|| server.get("/api/patients/hedda/sync").json()["paired"] == true);
    let mut session = server.send("POST", "/api/patients/hedda/session", &json!({})).json();
    for kind in ["stop", "stop"] {
        if session["state"] == "running" {
            let input =
                json!({"session": session["id"], "turn": session["turn"], "kind": kind, "value": "", "rt_ms": null});
            session = server.send("POST", "/api/patients/hedda/session/input", &input).json();
        }
    }
    assert_eq!(session["state"], "stopped", "{session}");
    until("the session arrives", &|| clinic.session_ids(&patient).len() == before + 1);
}

#[test]
fn what_is_not_shared_stays_here_and_unpairing_keeps_everything() {
    let (clinic, dir) = (Clinic::start(), household());
    let (data, patient) = (dir.path(), clinic.patient("Frank Delaney"));
    let before = clinic.session_ids(&patient);
    let code = clinic.code(&patient);
    told(data, &["sync", "pair", &clinic.address, &code, "--share", "adherence"]);
    play(data, "strawberries\n/stop\nyes\n");
    told(data, &["sync", "now"]);
    assert_eq!(clinic.session_ids(&patient), before, "no consent, no session");
    let status = told(data, &["sync", "status"]);
    let waits = |status: &Value, kind: &str| -> u64 {
        let share = status["shares"].as_array().and_then(|all| all.iter().find(|share| share["kind"] == kind).cloned());
        share.and_then(|share| share["waiting"].as_u64()).expect("a kind")
    };
    assert_eq!((waits(&status, "sessions"), waits(&status, "adherence")), (1, 0), "{status}");
    assert!(run(data, &["sync", "share", "sessions", "on"]).status.success());
    told(data, &["sync", "now"]);
    assert_eq!(clinic.session_ids(&patient).len(), before.len() + 1);

    assert!(run(data, &["sync", "unpair"]).status.success());
    assert_eq!(told(data, &["sync", "status"])["paired"], false);
    assert_eq!(refused(data, &["sync", "now"]).0, Some(5));
    assert!(!data.join("keys/hedda.device.key").exists(), "the key is gone");
    // Paired anew, as another device, with the same patient: every row once.
    told(data, &["sync", "pair", &clinic.address, &clinic.code(&patient)]);
    told(data, &["sync", "now"]);
    let mut ids = clinic.session_ids(&patient);
    let all = ids.len();
    ids.dedup();
    assert_eq!((ids.len(), all), (before.len() + 1, before.len() + 1));
}

#[test]
fn every_fault_names_its_fix_and_has_its_exit_code() {
    let (clinic, dir) = (Clinic::start(), server::with_hedda());
    let (data, patient) = (dir.path(), clinic.patient("Frank Delaney"));
    let (good, used) = (clinic.code(&patient), "ABCD-2345");
    let cases: [(&[&str], i32, &str); 7] = [
        (&["sync", "now"], 5, "Ask the clinic for a code"),
        (&["sync", "pair", "http://portal.example", &good], 5, "https://"),
        (&["sync", "pair", "portal", &good], 5, "clinic's sheet"),
        (&["sync", "pair", &clinic.address, "ABCD"], 5, "8 letters"),
        (&["sync", "pair", &clinic.address, used], 5, "does not know this code"),
        (&["sync", "pair", "http://127.0.0.1:1", &good], 4, "does not answer"),
        (&["sync", "pair", &clinic.address, &good, "--share", "memories"], 1, "no kind of record that is shared"),
    ];
    for (words, code, says) in cases {
        let (exit, said) = refused(data, words);
        assert_eq!(exit, Some(code), "{words:?}: {said}");
        assert!(said.contains(says) && !said.contains(&good), "{words:?}: {said}");
    }
    told(data, &["sync", "pair", &clinic.address, &good]);
    assert_eq!(refused(data, &["sync", "pair", &clinic.address, &good]).0, Some(5), "paired already");
    let device = told(data, &["sync", "status"])["device"].as_str().expect("an id").to_owned();
    clinic.delete(&format!("/api/patients/{patient}/devices/{device}"));
    let (exit, said) = refused(data, &["sync", "now"]);
    assert!(exit == Some(5) && said.contains("ended the link"), "{exit:?} {said}");
    // The way out that was named works, with no other step.
    told(data, &["sync", "pair", &clinic.address, &clinic.code(&patient)]);
    told(data, &["sync", "now"]);

    // On the screens the same faults come with a field.
    let other = server::with_hedda();
    let server = Server::start(other.path(), &[]);
    let ask = |address: &str, code: &str| {
        let asked = json!({"address": address, "code": code, "share": ["trials"]});
        server.send("POST", "/api/patients/hedda/sync/pair", &asked).error()
    };
    let (status, code, field, _) = ask(&clinic.address, &good);
    assert_eq!((status, code.as_str(), field), (422, "sync-code-used", json!("code")));
    let (status, code, field, _) = ask("http://portal.example", &good);
    assert_eq!((status, code.as_str(), field), (422, "sync-not-secure", json!("address")));
    assert_eq!(server.get("/api/patients/nobody/sync").status, 404);
    assert!(!server.log().contains(&good), "no code in the log");
}
