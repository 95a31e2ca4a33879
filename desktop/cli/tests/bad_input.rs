//! What comes in broken, too large or from elsewhere: each gets a sentence that names the field and the fix, and nothing else
//! changes.

mod server;

use std::{fs, net::TcpListener, path::Path, process::Command};

use serde_json::{Value, json};
use server::{Answer, Server, form, memory, png, run, text, with_hedda};

const P: &str = "/api/patients/hedda";
const CHINESE: &str = "Accept-Language: zh-CN\r\nContent-Type: application/json\r\n";

/// A server with one memory that has a photo, so that there is something to lose.
fn furnished() -> (tempfile::TempDir, Server) {
    let dir = with_hedda();
    let server = Server::start(dir.path(), &[]);
    let id = server.upload("hedda", &png(400)).json()["id"].clone();
    let mut note = memory("A photo of the boat.");
    note["media"] = json!([id]);
    assert_eq!(server.send("POST", &format!("{P}/memories"), &note).status, 201);
    (dir, server)
}

/// What it is, what came back, and what was to come: status, code, field, words of the sentence.
type Case<'a> = (&'a str, Answer, u16, &'a str, Value, &'a [&'a str]);

/// Asks each, expects its status, code and field, a sentence with those words, and everything as it was.
fn refused(dir: &Path, server: &Server, cases: &[Case<'_>]) {
    for (what, answer, status, code, field, words) in cases {
        let (got_status, got_code, got_field, message) = answer.error();
        assert_eq!((got_status, got_code.as_str(), &got_field), (*status, *code, field), "{what}: {message}");
        for word in *words {
            assert!(message.contains(word), "{what}: {message}");
        }
    }
    assert_eq!(server.counts("hedda", dir), [1, 0, 1, 4], "nothing else changed");
}

/// A JPEG whose EXIF block says this date (EXIF 2.32: TIFF header, one entry, tag 0x0132).
fn jpeg_of(date: &str) -> Vec<u8> {
    let mut jpeg = std::io::Cursor::new(Vec::new());
    image::DynamicImage::new_rgb8(40, 30).write_to(&mut jpeg, image::ImageFormat::Jpeg).expect("encodes");
    let jpeg = jpeg.into_inner();
    let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x32\0\x02\0\0\0\x14\0\0\0\x1a\0\0\0\0".to_vec();
    exif.extend(format!("{date}\0").bytes());
    let mut out = jpeg[..2].to_vec();
    out.extend([0xff, 0xe1]);
    out.extend(u16::try_from(exif.len() + 2).expect("short").to_be_bytes());
    out.extend(exif);
    out.extend(&jpeg[2..]);
    out
}

/// A PNG whose header says 20000 × 10000 (RFC 2083).
fn bomb() -> Vec<u8> {
    let mut bomb = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    bomb.extend(20_000u32.to_be_bytes());
    bomb.extend(10_000u32.to_be_bytes());
    bomb.extend([8, 2, 0, 0, 0]);
    bomb.extend(crc32(&bomb[12..]).to_be_bytes());
    bomb.extend(b"\0\0\0\0IDAT");
    bomb.extend(crc32(b"IDAT").to_be_bytes());
    bomb
}

fn crc32(bytes: &[u8]) -> u32 {
    let bit = |crc: u32, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
    !bytes.iter().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), bit))
}

#[test]
fn photos_that_cannot_be_taken() {
    let (dir, server) = furnished();
    let up = |photo: &[u8]| server.upload("hedda", photo);
    let whole = png(300);
    let (kind, other_part) = form("photo", &whole);
    let media = format!("{P}/media");
    let file = || json!("file");
    refused(
        dir.path(),
        &server,
        &[
            ("0 bytes", up(b""), 422, "invalid", file(), &["0 bytes", "choose it once more"]),
            (
                "cut off",
                up(&whole[..whole.len() / 2]),
                422,
                "invalid",
                file(),
                &["damaged or cut off", "Copy it again"],
            ),
            ("bomb", up(&bomb()), 413, "too-large", file(), &["20000 × 10000", "100 million", "smaller copy"]),
            ("GIF", up(b"GIF89a\x01\0\x01\0"), 415, "unsupported", file(), &["GIF", "JPEG, PNG or WebP"]),
            ("words", up(b"hello"), 415, "unsupported", file(), &["JPEG, PNG or WebP"]),
            ("26 MB", up(&vec![0xff; 26 << 20]), 413, "too-large", file(), &["25 MB", "smaller copy"]),
            ("100 MB", up(&vec![0xff; 100 << 20]), 413, "too-large", file(), &["25 MB", "smaller copy"]),
            (
                "no part `file`",
                server.ask("POST", &media, &kind, &other_part),
                400,
                "invalid",
                file(),
                &["part “file”"],
            ),
            ("no form", server.ask("POST", &media, "", &whole), 400, "invalid", file(), &["multipart/form-data"]),
        ],
    );
}

#[test]
fn a_photo_with_an_absurd_date_is_taken_without_it_and_says_so_in_the_readers_language() {
    let dir = with_hedda();
    let server = Server::start(dir.path(), &[]);
    for (date, en, zh) in [
        ("2099:01:01 10:00:00", "lies in the future", "在将来"),
        ("2024:13:41 10:00:00", "is no day of the calendar", "日历上没有"),
        ("1700:01:01 10:00:00", "is older than photography", "比照相术还早"),
    ] {
        let (kind, body) = form("file", &jpeg_of(date));
        let up = |language: &str| {
            let more = format!("{kind}Accept-Language: {language}\r\n");
            server.ask("POST", &format!("{P}/media"), &more, &body).json()
        };
        for (language, words) in [("en", en), ("zh-CN", zh)] {
            let media = up(language);
            assert_eq!(media["taken_at"], Value::Null);
            let note = media["notes"][0].as_str().unwrap().to_owned();
            assert!(note.contains(words) && note.contains(&date[..10]), "{note}");
        }
    }
    let good = server.upload("hedda", &jpeg_of("2024:05:02 10:00:00")).json();
    assert_eq!((&good["taken_at"], &good["notes"]), (&json!("2024-05-02T10:00"), &json!([])));
}

#[test]
fn texts_and_fields_that_cannot_be_taken() {
    let (dir, server) = furnished();
    let memories = format!("{P}/memories");
    let post = |change: &dyn Fn(&mut Value)| {
        let mut note = memory("A swim.");
        change(&mut note);
        server.send("POST", &memories, &note)
    };
    let raw = |body: &str| server.ask("POST", &memories, "Content-Type: application/json\r\n", body.as_bytes());
    let unsaid = server.ask("POST", &memories, "", memory("A swim.").to_string().as_bytes());
    let long = json!("长".repeat(1_000_000));
    let fact = json!([{"id": null, "kind": "food", "question": "Was it soup?", "answer": "soup", "aliases": [],
                       "meaning_cue": null, "origin": "person", "confirmed": true}]);
    refused(
        dir.path(),
        &server,
        &[
            (
                "1 MB",
                post(&|n| n["text"] = json!("a".repeat(1 << 20))),
                413,
                "too-large",
                json!("text"),
                &["1048576", "20000", "Split"],
            ),
            ("3 MB of Chinese", post(&|n| n["text"] = long.clone()), 413, "too-large", json!("text"), &["1000000"]),
            ("100 MB", raw(&"x".repeat(100 << 20)), 413, "too-large", Value::Null, &["4 MB", "split"]),
            ("empty", post(&|n| n["text"] = json!(" \u{200b}")), 422, "invalid", json!("text"), &["Write a sentence"]),
            (
                "no day",
                post(&|n| n["happened_at"] = json!("2024-02-30")),
                422,
                "invalid",
                json!("happened_at"),
                &["YYYY-MM-DD"],
            ),
            (
                "tomorrow",
                post(&|n| n["happened_at"] = json!("9999-01-01")),
                422,
                "invalid",
                json!("happened_at"),
                &["after today"],
            ),
            ("kind", post(&|n| n["kind"] = json!("dream")), 422, "invalid", json!("kind"), &["episode, fact"]),
            (
                "photo",
                post(&|n| n["media"] = json!(["f".repeat(64)])),
                422,
                "invalid",
                json!("media"),
                &["add the photo first"],
            ),
            (
                "leaking",
                post(&|n| n["facts"] = fact.clone()),
                422,
                "invalid",
                json!("facts"),
                &["number 1", "other words"],
            ),
            (
                "no text",
                post(&|n| drop(n.as_object_mut().unwrap().remove("text"))),
                400,
                "invalid",
                json!("text"),
                &["missing"],
            ),
            ("wrong type", post(&|n| n["tags"] = json!("swim")), 400, "invalid", json!("tags"), &["wrong type"]),
            ("broken JSON", raw("{\"text\": \"secret"), 400, "invalid", Value::Null, &["not JSON", "line 1"]),
            ("no JSON type", unsaid, 415, "unsupported", json!("Content-Type"), &["application/json"]),
        ],
    );
    let zh = server.ask("POST", &memories, CHINESE, memory(" ").to_string().as_bytes()).error();
    assert!(zh.0 == 422 && zh.3.contains("“text”是空的") && zh.3.ends_with('。'), "{}", zh.3);
}

#[test]
fn emoji_and_right_to_left_words_come_back_as_they_were() {
    let dir = with_hedda();
    let server = Server::start(dir.path(), &[]);
    for words in ["👩‍👩‍👧‍👦🙂🏊🏽 swim", "שחינו בים עם ג׳ואן", "سبحنا في البحر", "湖里游泳🏊"]
    {
        let kept = server.send("POST", &format!("{P}/memories"), &memory(words)).json();
        assert_eq!(kept["text"], words);
    }
    let overridden = server.send("POST", &format!("{P}/memories"), &memory("abc\u{202e}def")).json();
    assert_eq!(overridden["text"], "abcdef", "an override that makes a note look like another goes");
}

#[test]
fn requests_from_elsewhere_and_to_nowhere() {
    let (dir, server) = furnished();
    let memories = format!("{P}/memories");
    let body = memory("A swim.").to_string();
    let raw = |head: String| {
        let length = format!("Content-Type: application/json\r\nContent-Length: {}\r\n\r\n", body.len());
        server.raw(&format!("{head}{length}"), body.as_bytes())
    };
    let post = |headers: &str| raw(format!("POST {memories} HTTP/1.0\r\n{headers}"));
    let own = format!("Host: 127.0.0.1:{}\r\n", server.port);
    let some_id = "019a7c3e-0000-7000-8000-000000000000";
    let get = |path: &str| server.get(path);
    let missing = |path: String| server.send("DELETE", &path, &json!({}));
    refused(
        dir.path(),
        &server,
        &[
            ("foreign Host", post("Host: reme.example\r\nX-ReMe: 1\r\n"), 403, "invalid", json!("Host"), &["address"]),
            ("no Host", post("X-ReMe: 1\r\n"), 403, "invalid", json!("Host"), &["address"]),
            (
                "foreign Host reads",
                raw("GET /api/patients HTTP/1.0\r\nHost: reme.example\r\n".into()),
                403,
                "invalid",
                json!("Host"),
                &[],
            ),
            (
                "other page",
                post(&format!("{own}X-ReMe: 1\r\nOrigin: http://reme.example\r\n")),
                403,
                "invalid",
                json!("Origin"),
                &["another page"],
            ),
            (
                "other port",
                post(&format!("{own}X-ReMe: 1\r\nOrigin: http://127.0.0.1:1\r\n")),
                403,
                "invalid",
                json!("Origin"),
                &[],
            ),
            ("no header", post(&own), 403, "invalid", json!("X-ReMe"), &["X-ReMe: 1"]),
            (
                "preflight",
                raw(format!("OPTIONS {memories} HTTP/1.0\r\n{own}Origin: http://127.0.0.1:{}\r\n", server.port)),
                403,
                "invalid",
                json!("X-ReMe"),
                &[],
            ),
            (
                "unknown patient",
                get("/api/patients/nobody/memories"),
                404,
                "not-found",
                Value::Null,
                &["list of people"],
            ),
            ("patient above", get("/api/patients/..%2f..%2fkeys/memories"), 404, "not-found", Value::Null, &[]),
            ("unknown memory", get(&format!("{memories}/{some_id}")), 404, "not-found", Value::Null, &["memory"]),
            ("no id", get(&format!("{memories}/none")), 404, "not-found", Value::Null, &["memory"]),
            ("unknown to bin", missing(format!("{memories}/{some_id}")), 404, "not-found", Value::Null, &["memory"]),
            ("unknown person", missing(format!("{P}/people/{some_id}")), 404, "not-found", Value::Null, &["person"]),
            (
                "unknown session",
                get(&format!("{P}/sessions/{some_id}/trials")),
                404,
                "not-found",
                Value::Null,
                &["session"],
            ),
            ("unknown photo", get(&format!("{P}/media/{}", "0".repeat(64))), 404, "not-found", Value::Null, &["photo"]),
            (
                "photo above",
                get(&format!("{P}/media/..%2f..%2fkey.check?size=original")),
                404,
                "not-found",
                Value::Null,
                &["photo"],
            ),
            ("size", get(&format!("{P}/media/{}?size=huge", "0".repeat(64))), 400, "invalid", json!("size"), &[]),
            ("from", get(&format!("{memories}?from=May")), 400, "invalid", json!("from"), &[]),
            ("not UTF-8", get("/api/patients/%ff/memories"), 400, "invalid", Value::Null, &["Load the page again"]),
            ("no route", get("/api/secrets"), 404, "not-found", Value::Null, &["first page"]),
            (
                "wrong kind",
                server.send("PUT", &memories, &json!({})),
                405,
                "invalid",
                Value::Null,
                &["requests of that kind"],
            ),
        ],
    );
}

#[test]
fn a_person_plan_and_settings_that_cannot_be_kept() {
    let (dir, server) = furnished();
    let person = |name: &str| {
        let body = json!({"id": "", "name": name, "relation": "", "aliases": []});
        server.send("POST", &format!("{P}/people"), &body)
    };
    let mut plan = server.get(&format!("{P}/plan")).json();
    plan["session_minutes"] = json!(60);
    let settings = json!({"language": "en", "theme": "dark", "text_px": 99});
    let zone = json!({"name": "Nils", "language": "en", "time_zone": "Moon"});
    let language = json!({"name": "Nils", "language": "tlh", "time_zone": "UTC"});
    refused(
        dir.path(),
        &server,
        &[
            ("no name", person(" "), 422, "invalid", json!("name"), &["1 to 80"]),
            ("same name", person("joan"), 409, "conflict", json!("name"), &["among the people"]),
            (
                "minutes",
                server.send("PUT", &format!("{P}/plan"), &plan),
                422,
                "invalid",
                json!("session_minutes"),
                &["10 to 30"],
            ),
            (
                "text size",
                server.send("PUT", &format!("{P}/settings"), &settings),
                422,
                "invalid",
                json!("text_px"),
                &["18 to 36"],
            ),
            (
                "zone",
                server.send("POST", "/api/patients", &zone),
                422,
                "invalid",
                json!("time_zone"),
                &["Europe/London"],
            ),
            (
                "language",
                server.send("POST", "/api/patients", &language),
                422,
                "invalid",
                json!("language"),
                &["en, zh-CN"],
            ),
        ],
    );
}

#[test]
fn broken_lines_of_an_import_are_named_and_the_others_kept() {
    let dir = with_hedda();
    let line = |id: &str, text: &str| {
        json!({"id": id, "kind": "episode", "happened_at": "2024-05-02", "recorded_at": "2024-05-02", "text": text,
               "people": [], "place": null, "tags": [], "source": "patient"})
        .to_string()
    };
    let lines = [
        line("a", "One."),
        "{\"id\": \"secret".into(),
        line("b", "Two.").replace("episode", "dream"),
        line("c", "Three."),
    ];
    fs::write(dir.path().join("m.jsonl"), lines.join("\n")).unwrap();
    let ended = run(dir.path(), &["memory", "import", dir.path().join("m.jsonl").to_str().unwrap()]);
    let told = text(&ended.stderr);
    assert_eq!(ended.status.code(), Some(3));
    assert!(
        told.contains("line 2, line: is not JSON") && told.contains("line 3, kind:") && told.contains("2 kept"),
        "{told}"
    );
    assert!(!told.contains("secret"));
}

#[test]
fn a_wrong_key_opens_nothing_and_changes_nothing() {
    let (dir, mut server) = furnished();
    server.signal("TERM");
    server.wait();
    let (key, store) = (dir.path().join("keys/hedda.key"), dir.path().join("patients/hedda/reme.db"));
    let (right, before) = (fs::read(&key).unwrap(), fs::read(&store).unwrap());
    let asked = |words: &[&str]| {
        let server = Server::start(dir.path(), &[]);
        let (status, code, _, message) = server.get(&format!("{P}/plan")).error();
        assert_eq!((status, code.as_str()), (423, "locked"), "{message}");
        words.iter().for_each(|word| assert!(message.contains(word), "{message}"));
    };
    fs::write(&key, "0".repeat(64)).unwrap();
    asked(&["does not open", "Put back the key file"]);
    fs::write(&key, "no key").unwrap();
    asked(&["holds no key", "Put the right file back"]);
    fs::remove_file(&key).unwrap();
    asked(&["is not in the file", "put it back"]);
    assert_eq!(fs::read(&store).unwrap(), before);
    fs::write(&key, right).unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    fs::set_permissions(&key, mode).unwrap();
    assert_eq!(Server::start(dir.path(), &[]).counts("hedda", dir.path()), [1, 0, 1, 4]);
}

#[test]
fn a_port_that_is_taken_is_named_before_anything_is_made() {
    let dir = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let data = dir.path().join("data");
    let ended = run(&data, &["serve", "--port", &port, "--demo", "no/such/folder"]);
    let told = text(&ended.stderr);
    assert_eq!(ended.status.code(), Some(1));
    assert!(told.contains(&format!("--port {port}")) && told.contains("Give another one, such as --port"), "{told}");
    assert!(ended.stdout.is_empty() && !data.exists());
}

#[test]
fn a_model_file_that_is_cut_off_or_of_an_unknown_family_is_named_before_anything_is_made() {
    let dir = tempfile::tempdir().unwrap();
    let kv = |key: &str, value: &str| {
        let text = |text: &str| [&(text.len() as u64).to_le_bytes()[..], text.as_bytes()].concat();
        [text(key), 8u32.to_le_bytes().to_vec(), text(value)].concat()
    };
    let head = |pairs: u64| [&b"GGUF\x03\0\0\0"[..], &0u64.to_le_bytes(), &pairs.to_le_bytes()].concat();
    let whole = [head(1), kv("general.architecture", "oracle")].concat();
    for (name, bytes, words) in [
        ("empty.gguf", Vec::new(), "is not a GGUF"),
        ("words.gguf", b"hello, I am no model at all".to_vec(), "is not a GGUF"),
        ("cut.gguf", whole[..whole.len() - 4].to_vec(), "ends in the middle"),
        ("family.gguf", whole.clone(), "family `oracle`, which is not supported"),
    ] {
        let (file, data) = (dir.path().join(name), dir.path().join("data"));
        fs::write(&file, bytes).unwrap();
        let ended = run(&data, &["serve", "--port", "0", "--model", file.to_str().unwrap()]);
        let told = text(&ended.stderr);
        assert_eq!(ended.status.code(), Some(1), "{name}: {told}");
        for word in [words, name, "--model", "--model none"] {
            assert!(told.contains(word), "{name}: {told}");
        }
        assert!(ended.stdout.is_empty() && !data.exists(), "{name}");
    }
}

#[test]
fn a_template_with_ten_faults_is_told_all_of_them_with_their_lines() {
    let dir = with_hedda();
    let faulty = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../app-core/games/tests/games/ten-faults");
    let faulty = faulty.to_str().unwrap();
    let checked = run(dir.path(), &["--json", "game", "check", faulty]);
    assert_eq!(checked.status.code(), Some(1));
    let told: Value = serde_json::from_slice(&checked.stdout).unwrap();
    let faults = told["diagnostics"].as_array().unwrap();
    assert!(faults.len() >= 10, "{faults:?}");
    for fault in faults {
        let has = |name: &str| fault[name].as_str().is_some_and(|text| !text.is_empty());
        assert!(fault["line"].as_u64().is_some_and(|line| line > 0) && has("message"), "{fault}");
    }
    assert!(text(&checked.stderr).contains("nothing was changed"), "{}", text(&checked.stderr));
    // A start looks the templates over, says so, and goes on with the built-in games.
    let templates = Path::new(faulty).parent().unwrap().to_str().unwrap();
    let server = Server::start(dir.path(), &["--templates", templates]);
    assert!(server.log().contains("ten-faults") && server.log().contains("reme game check"), "{}", server.log());
    assert_eq!(server.get(&format!("{P}/plan")).json()["games"].as_array().map(Vec::len), Some(3));
}

#[test]
fn folders_that_are_not_there_are_named() {
    let dir = with_hedda();
    for (option, fix) in
        [("--ui", "cargo xtask run"), ("--templates", "built-in games"), ("--demo", "leave --demo out")]
    {
        let empty = tempfile::tempdir().unwrap();
        let data = if option == "--demo" { empty.path() } else { dir.path() };
        let ended = run(data, &["serve", "--port", "0", option, "no/such/folder"]);
        let told = text(&ended.stderr);
        assert!(ended.status.code() == Some(1) && told.contains(option) && told.contains(fix), "{told}");
    }
}

/// A file system of its own in memory; `None`, with the reason printed, where this user may not mount.
struct Mounted(tempfile::TempDir);

impl Mounted {
    fn new(options: &str) -> Option<Self> {
        let dir = tempfile::tempdir().expect("a folder");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(dir.path()).output();
        match mounted {
            Ok(output) if output.status.success() => Some(Self(dir)),
            Ok(output) => {
                println!("skipped: this user may not mount ({})", text(&output.stderr).trim());
                None
            }
            Err(error) => {
                println!("skipped: mount is not there ({error})");
                None
            }
        }
    }

    fn remount(&self, options: &str) {
        let done = Command::new("mount").args(["-o", &format!("remount,{options}")]).arg(self.0.path()).status();
        assert!(done.is_ok_and(|status| status.success()));
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

#[test]
fn a_full_disk_keeps_everything_before_it_and_goes_on_when_there_is_room() {
    let Some(disk) = Mounted::new("size=8m") else { return };
    let data = disk.0.path();
    assert!(run(data, &["patient", "add", "Hedda"]).status.success());
    let server = Server::start(data, &[]);
    let post = |words: &str| server.send("POST", &format!("{P}/memories"), &memory(words));
    assert_eq!(post("Before.").status, 201);
    let before = server.counts("hedda", data);
    let filler = data.join("filler");
    let mut size = 8 << 20;
    while size > 0 {
        // Halving, down to the last page.
        let more = vec![0; size];
        let all = [fs::read(&filler).unwrap_or_default(), more].concat();
        if fs::write(&filler, &all).is_err() {
            let kept = all.len() - size;
            fs::OpenOptions::new().write(true).open(&filler).unwrap().set_len(kept as u64).unwrap();
        }
        size /= 2;
    }
    let (status, code, _, message) = post(&"word ".repeat(3_000)).error();
    assert_eq!((status, code.as_str()), (507, "storage"), "{message}");
    assert!(message.contains("disk is full") && message.contains("Free some space"), "{message}");
    let up = server.upload("hedda", &png(600)).error();
    assert!(up.0 == 507 && up.3.contains("disk is full"), "{}", up.3);
    assert_eq!(server.counts("hedda", data), before);
    fs::remove_file(&filler).unwrap();
    assert_eq!(post("After.").status, 201);
    assert_eq!(server.counts("hedda", data)[0], before[0] + 1);
}

#[test]
fn a_folder_that_cannot_be_written_is_named_and_left_as_it_is() {
    let Some(disk) = Mounted::new("size=8m") else { return };
    let data = disk.0.path().join("data");
    assert!(run(&data, &["patient", "add", "Hedda"]).status.success());
    disk.remount("ro");
    let listed = run(&data, &["memory", "list"]);
    let told = text(&listed.stderr);
    assert!(listed.status.code() == Some(1) && told.contains("cannot be written") && told.contains("--data"), "{told}");
    let added = run(&data, &["patient", "add", "Nils"]);
    assert!(
        added.status.code() == Some(1) && text(&added.stderr).contains("cannot be written"),
        "{}",
        text(&added.stderr)
    );
    disk.remount("rw");
    assert_eq!(text(&run(&data, &["patient", "list"]).stdout), "hedda\n");
    assert!(run(&data, &["memory", "list"]).status.success());
}
