//! `reme serve` as a browser meets it: the contract of docs/companion-api.md, over real sockets, on real files.

mod server;

use std::{
    fs,
    io::{Cursor, Read, Write},
    net::TcpStream,
};

use serde_json::{Value, json};
use server::{Server, memory, png, reme, run, text, with_hedda};

const P: &str = "/api/patients/hedda";

#[test]
fn it_says_its_address_answers_and_ends_whole_on_both_signals() {
    let dir = with_hedda();
    for signal in ["TERM", "INT"] {
        let mut server = Server::start(dir.path(), &[]);
        assert_eq!(server.first_line, format!("ReMe is at http://127.0.0.1:{}/\n", server.port));
        let health = server.get("/api/health").json();
        assert_eq!((&health["model"], &health["key_store"]), (&json!("none"), &json!("file")));
        assert_eq!(health["version"], env!("CARGO_PKG_VERSION"));
        assert_eq!(server.send("POST", &format!("{P}/memories"), &memory(signal)).status, 201);
        server.signal(signal);
        assert_eq!(server.wait(), Some(0), "{}", server.log());
        assert!(!dir.path().join("patients/hedda/reme.db-wal").exists(), "the store was closed");
    }
    assert_eq!(Server::start(dir.path(), &[]).get(&format!("{P}/memories")).json().as_array().unwrap().len(), 2);
}

#[test]
fn a_request_under_way_is_finished_before_the_end() {
    let dir = with_hedda();
    let mut server = Server::start(dir.path(), &[]);
    let body = memory("Under way.").to_string();
    let mut stream = TcpStream::connect(("127.0.0.1", server.port)).unwrap();
    write!(
        stream,
        "POST {P}/memories HTTP/1.1\r\nHost: localhost\r\nX-ReMe: 1\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nExpect: 100-continue\r\n\r\n",
        body.len()
    )
    .unwrap();
    let mut begun = [0; 25];
    stream.read_exact(&mut begun).unwrap();
    assert_eq!(text(&begun), "HTTP/1.1 100 Continue\r\n\r\n", "the server waits for the body");
    server.signal("TERM");
    stream.write_all(body.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    assert_eq!(server.wait(), Some(0));
}

#[test]
fn memories_are_kept_listed_changed_binned_and_found() {
    let dir = with_hedda();
    let server = Server::start(dir.path(), &[]);
    let memories = format!("{P}/memories");
    let proposed = server.send("POST", &format!("{memories}/propose"), &memory("Joan and I ate fried herring.")).json();
    assert!(proposed.as_array().unwrap().iter().any(|fact| fact["answer"] == "fried herring"), "{proposed}");
    assert_eq!(server.get(&memories).json(), json!([]));
    let made = server.send("POST", &memories, &memory("Joan and I ate fried herring."));
    assert_eq!(made.status, 201);
    let kept = made.json();
    let id = kept["id"].as_str().unwrap();
    assert_eq!(server.get(&format!("{memories}/{id}")).json(), kept);
    let old = json!({"happened_at": "1968", "people": [], "tags": ["boats"]});
    let mut other = memory("The boat was painted green.");
    old.as_object().unwrap().iter().for_each(|(name, value)| other[name] = value.clone());
    server.send("POST", &memories, &other);
    for (asked, found) in [
        ("", 2),
        ("?q=herring", 1),
        ("?q=nothing", 0),
        ("?tag=boats", 1),
        ("?person=Joan", 1),
        ("?from=1970", 1),
        ("?to=1970-01-01", 1),
        ("?bin=1", 0),
        ("?q=&tag=", 2),
    ] {
        let list = server.get(&format!("{memories}{asked}")).json();
        assert_eq!(list.as_array().unwrap().len(), found, "{asked}");
    }
    let mut changed = memory("Joan and I ate fried herring.");
    changed["facts"] = kept["facts"].clone();
    changed["facts"][0]["answer"] = json!("herring with mustard");
    let now = server.send("PUT", &format!("{memories}/{id}"), &changed).json();
    assert_eq!((&now["facts"][0]["origin"], &now["facts"][0]["confirmed"]), (&json!("person"), &json!(true)));
    let found = server.send("POST", &format!("{P}/search"), &json!({"question": "What did I eat with Joan?"})).json();
    assert_eq!(found["memories"][0]["id"], id);
    assert_eq!(server.send("DELETE", &format!("{memories}/{id}"), &json!({})).status, 204);
    assert_eq!(server.get(&format!("{memories}?bin=1")).json()[0]["deleted"], true);
    assert_eq!(server.send("POST", &format!("{memories}/{id}/restore"), &json!({})).json()["deleted"], false);
    server.send("DELETE", &format!("{memories}/{id}"), &json!({}));
    assert_eq!(server.send("POST", &format!("{P}/bin/empty"), &json!({})).status, 204);
    assert_eq!(server.get(&format!("{memories}/{id}")).status, 404);
}

#[test]
fn a_photo_goes_up_and_comes_back_in_its_sizes_and_all_of_it_goes_out_as_a_zip() {
    let dir = with_hedda();
    let server = Server::start(dir.path(), &[]);
    let photo = png(700);
    let up = server.upload("hedda", &photo);
    assert_eq!((up.status, up.json()["notes"].clone()), (201, json!([])), "{}", text(&up.body));
    let id = up.json()["id"].as_str().unwrap().to_owned();
    let mut note = memory("A photo of the boat.");
    note["media"] = json!([id]);
    assert_eq!(server.send("POST", &format!("{P}/memories"), &note).json()["media"], json!([id]));
    let original = server.get(&format!("{P}/media/{id}?size=original"));
    assert!(original.body == photo && original.header("content-type") == Some("image/png"));
    for size in ["thumb", "screen", "blurred"] {
        let copy = server.get(&format!("{P}/media/{id}?size={size}"));
        assert_eq!((copy.status, copy.header("content-type")), (200, Some("image/jpeg")));
        assert_eq!(copy.header("cache-control"), Some("no-store"));
        let longest = image::load_from_memory(&copy.body).expect("a picture").width();
        assert!(if size == "thumb" { longest == 320 } else { longest >= 400 }, "{size}: {longest}");
    }
    let export = server.get(&format!("{P}/export"));
    assert_eq!(export.header("content-type"), Some("application/zip"));
    let named = export.header("content-disposition").unwrap();
    assert!(named.starts_with("attachment; filename=\"reme-hedda-") && named.ends_with(".zip\""), "{named}");
    let mut zip = zip::ZipArchive::new(Cursor::new(export.body)).expect("a zip");
    let mut file = |name: &str| {
        let mut bytes = Vec::new();
        zip.by_name(name).unwrap_or_else(|_| panic!("{name}")).read_to_end(&mut bytes).unwrap();
        bytes
    };
    assert_eq!(file(&format!("media/{id}.png")), photo);
    let line: Value = serde_json::from_slice(&file("memories.jsonl")).unwrap();
    assert_eq!(line["media"], json!([format!("media/{id}.png")]));
    let readme = text(&file("README.txt"));
    for name in ["patient.json", "people.jsonl", "places.jsonl", "bin.jsonl", "sessions.jsonl", "trials.jsonl"] {
        assert!(readme.contains(name));
        file(name);
    }
    // What went out comes in again, into another household.
    let (unpacked, other) = (tempfile::tempdir().unwrap(), with_hedda());
    zip.extract(unpacked.path()).unwrap();
    let imported = run(other.path(), &["memory", "import", unpacked.path().to_str().unwrap()]);
    assert!(imported.status.success() && text(&imported.stderr).contains("1 kept"), "{}", text(&imported.stderr));
}

#[test]
fn patients_people_plan_settings_and_progress_are_read_and_set() {
    let dir = with_hedda();
    let server = Server::start(dir.path(), &[]);
    let new = json!({"name": "王芬", "language": "zh-CN", "time_zone": "Asia/Shanghai"});
    let added = server.send("POST", "/api/patients", &new);
    assert_eq!((added.status, &added.json()["slug"]), (201, &json!("patient")));
    let all = server.get("/api/patients").json();
    assert_eq!((&all[0]["name"], &all[1]["name"], &all[0]["demo"]), (&json!("Hedda"), &json!("王芬"), &json!(false)));
    let person = json!({"id": "", "name": "Joan", "relation": "sister", "aliases": ["Joanie"]});
    let made = server.send("POST", &format!("{P}/people"), &person);
    assert_eq!(made.status, 201);
    let path = format!("{P}/people/{}", made.json()["id"].as_str().unwrap());
    let mut renamed = made.json();
    renamed["name"] = json!("Johanna");
    assert_eq!(server.send("PUT", &path, &renamed).json(), renamed);
    assert_eq!(server.get(&format!("{P}/people")).json(), json!([renamed]));
    assert_eq!(server.send("DELETE", &path, &json!({})).status, 204);
    let settings = json!({"language": "zh-CN", "theme": "dark", "text_px": 24});
    assert_eq!(server.send("PUT", &format!("{P}/settings"), &settings).json(), settings);
    assert_eq!(server.get(&format!("{P}/settings")).json(), settings);
    let progress = server.get(&format!("{P}/progress")).json();
    assert_eq!(progress, json!({"trends": [], "rungs": [0, 0, 0, 0, 0, 0, 0, 0], "sessions": []}));
    assert_eq!(server.get(&format!("{P}/plan")).json()["daily_cap_minutes"], 45);
}

#[test]
fn a_session_is_begun_resumed_played_and_shown_to_the_carer() {
    let dir = with_hedda();
    let path = |end: &str| format!("{P}/{end}");
    let (id, turn) = {
        let server = Server::start(dir.path(), &[]);
        assert_eq!(server.get(&path("session")).error().1, "not-found");
        let home = server.get(&path("home")).json();
        assert_eq!((&home["resumable"], &home["blocked"]), (&json!(false), &Value::Null), "{home}");
        assert_eq!(home["patient"], server.get("/api/patients").json()[0]);
        let begun = server.send("POST", &path("session"), &json!({}));
        assert_eq!((begun.status, &begun.json()["state"]), (201, &json!("running")), "{}", text(&begun.body));
        let id = begun.json()["id"].clone();
        let input =
            |turn: &Value, kind: &str| json!({"session": id, "turn": turn, "kind": kind, "value": "", "rt_ms": 900});
        let first = begun.json()["turn"].clone();
        let taken = server.send("POST", &path("session/input"), &input(&first, "repeat"));
        assert_eq!(taken.status, 200, "{}", text(&taken.body));
        let turn = taken.json()["turn"].clone();
        assert_ne!(turn, first);
        let doubled = server.send("POST", &path("session/input"), &input(&first, "repeat")).json();
        assert_eq!(doubled, taken.json(), "a doubled request is harmless");
        let (status, _, field, _) = server.send("POST", &path("session/input"), &input(&json!(99), "repeat")).error();
        assert_eq!((status, field), (422, json!("turn")));
        (id, turn)
    }; // killed
    let server = Server::start(dir.path(), &[]);
    assert_eq!(server.get(&path("home")).json()["resumable"], true);
    let resumed = server.send("POST", &path("session"), &json!({}));
    assert_eq!((resumed.status, &resumed.json()["id"], &resumed.json()["turn"]), (200, &id, &turn));
    let stop = json!({"session": id, "turn": turn, "kind": "stop", "value": "", "rt_ms": null});
    let ended = server.send("POST", &path("session/input"), &stop).json();
    assert!(ended["state"] != "running" && ended["summary"]["text"] != "", "{ended}");
    assert_eq!(server.get(&path("session")).json(), ended);
    let row = server.get(&path("progress")).json()["sessions"][0].clone();
    assert_eq!(row["id"], id);
    assert_eq!(server.get(&format!("{P}/sessions/{}/trials", id.as_str().unwrap())).status, 200);
}

#[test]
fn erasing_needs_the_name_and_leaves_nothing() {
    let dir = with_hedda();
    let server = Server::start(dir.path(), &[]);
    server.send("POST", &format!("{P}/memories"), &memory("A swim."));
    let (status, code, field, _) = server.send("POST", &format!("{P}/erase"), &json!({"confirm": "hedda"})).error();
    assert_eq!((status, code.as_str(), field), (422, "invalid", json!("confirm")));
    assert_eq!(server.get(&format!("{P}/memories")).json().as_array().unwrap().len(), 1);
    assert_eq!(server.send("POST", &format!("{P}/erase"), &json!({"confirm": "Hedda"})).status, 204);
    assert!(!dir.path().join("patients/hedda").exists() && !dir.path().join("keys/hedda.key").exists());
    assert_eq!((server.get("/api/patients").json(), server.get(&format!("{P}/plan")).status), (json!([]), 404));
}

#[test]
fn every_answer_carries_its_protection_and_the_screens_are_served() {
    let dir = with_hedda();
    let screens = dir.path().join("dist");
    fs::create_dir_all(screens.join("assets")).unwrap();
    fs::write(screens.join("index.html"), "<!doctype html>page").unwrap();
    fs::write(screens.join("assets/app.js"), "code").unwrap();
    let server = Server::start(dir.path(), &["--ui", screens.to_str().unwrap()]);
    for path in ["/", "/assets/app.js", "/carer/people", "/api/patients", "/api/nothing", "/nothing.js"] {
        let answer = server.get(path);
        let policy = answer.header("content-security-policy").unwrap_or_default();
        assert!(policy.starts_with("default-src 'self';"), "{path}: {policy}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"), "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), None, "{path}");
        if path.starts_with("/api") {
            assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        }
    }
    assert_eq!(text(&server.get("/carer/people").body), "<!doctype html>page");
    assert_eq!(server.get("/assets/app.js").header("content-type"), Some("text/javascript; charset=utf-8"));
    assert_eq!((server.get("/nothing.js").status, server.get("/api/nothing").error().1), (404, "not-found".to_owned()));
    assert_eq!(server.send("PATCH", &format!("{P}/plan"), &json!({})).error().0, 405);
}

#[test]
fn demo_people_are_laid_once_and_the_second_start_keeps_all() {
    let dir = tempfile::tempdir().unwrap();
    let demo = dir.path().join("demo/demo-en");
    fs::create_dir_all(demo.join("media")).unwrap();
    fs::write(
        demo.join("patient.json"),
        r#"{"slug":"demo-en","name":"Frank","language":"en","time_zone":"UTC","born_on":null}"#,
    )
    .unwrap();
    fs::write(demo.join("media/pier.png"), png(50)).unwrap();
    fs::write(
        demo.join("memories.jsonl"),
        r#"{"id":"d1","kind":"episode","happened_at":"-3d","recorded_at":"-2dT09:00","text":"A walk on the pier.","people":[],"place":"the pier","tags":[],"source":"patient","media":["media/pier.png"],"facts":[{"kind":"place","question":"Where did you walk?","answer":"on the pier","aliases":[],"meaning_cue":null}]}"#,
    )
    .unwrap();
    let (data, words) =
        (dir.path().join("data"), ["--demo", dir.path().join("demo").to_str().unwrap()].map(str::to_owned));
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let memories = "/api/patients/demo-en/memories";
    {
        let server = Server::start(&data, &words);
        let all = server.get("/api/patients").json();
        assert_eq!(
            (&all[0]["slug"], &all[0]["demo"], &all[0]["memories"]),
            (&json!("demo-en"), &json!(true), &json!(1))
        );
        let kept = server.get(memories).json();
        assert_eq!((kept[0]["media"].as_array().unwrap().len(), &kept[0]["facts"][0]["origin"]), (1, &json!("person")));
        assert_eq!(server.send("POST", memories, &memory("My own.")).status, 201);
    }
    let server = Server::start(&data, &words);
    assert_eq!(server.get("/api/patients").json().as_array().unwrap().len(), 1);
    assert_eq!(server.get(memories).json().as_array().unwrap().len(), 2);
    assert!(!server.log().contains("were added"));
}

#[test]
fn a_store_that_another_reme_holds_is_locked_and_the_rest_goes_on() {
    let dir = with_hedda();
    run(dir.path(), &["patient", "add", "Nils"]);
    let first = Server::start(dir.path(), &[]);
    assert_eq!(first.get(&format!("{P}/plan")).status, 200);
    let second = Server::start(dir.path(), &[]);
    let (status, code, _, message) = second.get(&format!("{P}/plan")).error();
    assert_eq!((status, code.as_str()), (423, "locked"));
    assert!(message.contains("Close it and try again"), "{message}");
    let listed = second.get("/api/patients").json();
    assert_eq!(listed.as_array().unwrap().iter().map(|p| p["name"].clone()).collect::<Vec<_>>(), ["hedda", "Nils"]);
    let held = run(dir.path(), &["--patient", "hedda", "memory", "list"]);
    assert!(text(&held.stderr).contains("in use by another ReMe"));
}

#[test]
fn the_log_holds_no_word_of_the_users() {
    let dir = with_hedda();
    let server = Server::start(dir.path(), &[]);
    server.send("POST", &format!("{P}/memories"), &memory("quibblewort"));
    server.send("POST", &format!("{P}/memories"), &json!({"text": "quibblewort"}));
    server.get(&format!("{P}/memories?q=quibblewort&from=quibblewort"));
    server.get("/api/patients/quibblewort/home");
    server.upload("hedda", b"quibblewort");
    fs::write(dir.path().join("keys/hedda.key"), "0".repeat(64)).unwrap();
    let other = Server::start(dir.path(), &[]);
    other.get(&format!("{P}/plan"));
    let log = server.log() + &other.log();
    assert!(log.contains("GET /api/patients/{slug}/plan: 423"), "{log}");
    assert!(!log.contains("quibblewort") && !log.to_lowercase().contains("hedda"), "{log}");
}

#[test]
fn doctor_says_where_data_and_keys_are() {
    let dir = with_hedda();
    let told = text(&reme(dir.path()).arg("doctor").output().unwrap().stdout);
    assert!(told.contains("hedda opens; the key is in the file") && told.contains("no keyring"), "{told}");
    let json = text(&reme(dir.path()).args(["doctor", "--json"]).output().unwrap().stdout);
    let findings: Value = serde_json::from_str(&json).expect("JSON");
    assert!(findings.as_array().unwrap().iter().any(|f| f["what"] == "keys" && f["ok"] == true));
}
