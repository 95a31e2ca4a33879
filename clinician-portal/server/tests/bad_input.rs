//! What must not get through, and what it is told.

mod common;

use axum::{
    body::Body,
    http::{Method, Request},
};
use common::{Client, FRANK, On, Portal, patient_input};
use reme_portal::openapi;
use reme_sync_protocol::{
    DeviceKey, Envelope, PairRequest, PairingCode, RequestToSign, body_hash, conformance::sample,
};
use reme_types::DeviceId;
use serde_json::{Value, json};

on_both!(
    pairing_codes_that_do_not_hold_say_why,
    a_request_that_was_tampered_with_is_refused,
    a_device_with_a_wrong_clock_is_told_the_time,
    a_replayed_batch_changes_nothing,
    text_is_kept_as_text,
    text_of_every_other_field_is_text_or_refused,
    what_is_out_of_bounds_is_named_field_by_field,
    two_changes_at_once_do_not_overwrite_each_other,
    broken_bodies_are_refused_by_every_route,
);

/// A signed request, as a device makes it.
fn signed(path: &str, body: &str, device: DeviceId, key: &DeviceKey, time_ms: i64) -> Request<Body> {
    let to_sign = RequestToSign { method: "POST", path, device, time_ms, body_hash: body_hash(body.as_bytes()) };
    Request::post(path)
        .header("content-type", "application/json")
        .header("x-reme-device", device.to_string())
        .header("x-reme-time", time_ms.to_string())
        .header("x-reme-signature", key.sign(&to_sign).to_string())
        .body(Body::from(body.to_owned()))
        .expect("a request")
}

fn pair_body(code: &PairingCode, number: u64) -> String {
    let request = PairRequest {
        code: code.clone(),
        device: sample::device(number),
        public_key: sample::key(number).public(),
        platform: "test".into(),
        app_version: "0.1.0".into(),
        consents: sample::consents(),
    };
    serde_json::to_string(&request).expect("plain data")
}

async fn new_code(clinician: &mut Client) -> PairingCode {
    let answer = clinician.post(&format!("/api/patients/{FRANK}/pairing-codes"), json!({})).await;
    answer.json()["code"].as_str().expect("a code").parse().expect("a code")
}

async fn pair(portal: &Portal, number: u64) {
    let code = new_code(&mut portal.clinician().await).await;
    let body = pair_body(&code, number);
    let request =
        signed("/api/device/pair", &body, sample::device(number), &sample::key(number), portal.clock.now_ms());
    let answer = portal.client().raw(request).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
}

fn push_body() -> String {
    let envelope = |n| {
        let record = sample::record(1, n, n);
        Envelope { consent: sample::consent(record.collection).id, record }
    };
    json!({ "batch": (1..=3).map(envelope).collect::<Vec<_>>() }).to_string()
}

async fn pairing_codes_that_do_not_hold_say_why(on: On) {
    let portal = Portal::new(on).await;
    let mut clinician = portal.clinician().await;
    let first = new_code(&mut clinician).await;
    let second = new_code(&mut clinician).await;
    let attempt = async |code: &PairingCode, number| {
        let body = pair_body(code, number);
        let (device, key) = (sample::device(number), sample::key(number));
        portal.client().raw(signed("/api/device/pair", &body, device, &key, portal.clock.now_ms())).await
    };
    let refused = |answer: common::client::Answer| (answer.status, answer.json()["refusal"]["code"].clone());
    assert_eq!(refused(attempt(&first, 1).await), (410, json!("code-expired")), "a newer one was made");
    assert_eq!(refused(attempt(&PairingCode::from_chance([31; 8]), 1).await), (404, json!("code-unknown")));
    assert_eq!(attempt(&second, 1).await.status, 200);
    assert_eq!(refused(attempt(&second, 2).await), (409, json!("code-used")));
    let garbled = pair_body(&second, 3).replace(&second.to_string(), "ABCD-0000");
    let request = signed("/api/device/pair", &garbled, sample::device(3), &sample::key(3), portal.clock.now_ms());
    assert_eq!(portal.client().raw(request).await.status, 400);
    // Somebody else's key under a paired device's id.
    let third = new_code(&mut clinician).await;
    let stolen = pair_body(&third, 9).replace(&sample::device(9).to_string(), &sample::device(1).to_string());
    let request = signed("/api/device/pair", &stolen, sample::device(1), &sample::key(9), portal.clock.now_ms());
    assert_eq!(portal.client().raw(request).await.status, 422);
}

async fn a_request_that_was_tampered_with_is_refused(on: On) {
    let portal = Portal::new(on).await;
    pair(&portal, 1).await;
    let (device, key, now_ms) = (sample::device(1), sample::key(1), portal.clock.now_ms());
    let path = "/api/device/push";
    let body = push_body();
    let forged = signed(path, &body, device, &sample::key(2), now_ms);
    let mut other_body = signed(path, &body, device, &key, now_ms);
    *other_body.body_mut() = Body::from(body.replace("correct", "partial"));
    let mut other_path = signed("/api/device/pull", &body, device, &key, now_ms);
    *other_path.uri_mut() = path.parse().expect("a path");
    let mut no_signature = signed(path, &body, device, &key, now_ms);
    no_signature.headers_mut().remove("x-reme-signature");
    let mut garbage = signed(path, &body, device, &key, now_ms);
    garbage.headers_mut().insert("x-reme-signature", "AAAA".parse().expect("a header"));
    for (what, request) in [
        ("forged", forged),
        ("other body", other_body),
        ("other path", other_path),
        ("no signature", no_signature),
        ("garbage", garbage),
    ] {
        let answer = portal.client().raw(request).await;
        assert_eq!((answer.status, &answer.json()["refusal"]["code"]), (401, &json!("signature")), "{what}");
    }
    let digest = portal.client().raw(signed("/api/device/digest", "{}", device, &key, now_ms)).await;
    assert_eq!(digest.json(), json!({}), "nothing was kept");
}

async fn a_device_with_a_wrong_clock_is_told_the_time(on: On) {
    let portal = Portal::new(on).await;
    pair(&portal, 1).await;
    let now_ms = portal.clock.now_ms();
    for off_ms in [-86_400_000, 86_400_000, 5 * 60_000 + 1] {
        let request = signed("/api/device/digest", "{}", sample::device(1), &sample::key(1), now_ms + off_ms);
        let answer = portal.client().raw(request).await;
        assert_eq!((answer.status, answer.json()["server_ms"].as_i64()), (401, Some(now_ms)));
    }
    let stranger = signed("/api/device/digest", "{}", sample::device(1), &sample::key(2), now_ms + 86_400_000);
    assert_eq!(portal.client().raw(stranger).await.json()["server_ms"], Value::Null, "only the device learns it");
}

async fn a_replayed_batch_changes_nothing(on: On) {
    let portal = Portal::new(on).await;
    pair(&portal, 1).await;
    let send = async || {
        let request =
            signed("/api/device/push", &push_body(), sample::device(1), &sample::key(1), portal.clock.now_ms());
        portal.client().raw(request).await.json()
    };
    let outcomes = |answer: &Value| -> Vec<String> {
        let acks = answer["acks"].as_array().expect("acks").iter();
        acks.map(|ack| ack["outcome"]["outcome"].as_str().unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(outcomes(&send().await), ["stored", "stored", "stored"]);
    assert_eq!(outcomes(&send().await), ["duplicate", "duplicate", "duplicate"]);
    let mut clinician = portal.clinician().await;
    let csv = clinician.get(&format!("/api/patients/{FRANK}/trials.csv")).await.text();
    let row = sample::record(1, 1, 1).row;
    assert_eq!(csv.lines().filter(|line| line.starts_with(&row)).count(), 1);
}

const NASTY: [&str; 6] = [
    "Robert'); DROP TABLE patients;--",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "%' OR '1'='1",
    "王奶奶 \u{202e}\u{200b} émoji 🧠",
    "{{7*7}} ${7*7} \\x00",
    "=cmd|' /C calc'!A0",
];

async fn text_is_kept_as_text(on: On) {
    let portal = Portal::new(on).await;
    let mut clinician = portal.clinician().await;
    for text in NASTY {
        let mut input = patient_input(text);
        input["reference"] = json!(text);
        let added = clinician.post("/api/patients", input).await;
        assert_eq!(added.status, 201, "{text}: {}", added.text());
        let id = added.json()["id"].as_str().expect("an id").to_owned();
        let kept = clinician.get(&format!("/api/patients/{id}")).await;
        assert_eq!(kept.headers["content-type"], "application/json");
        assert_eq!((&kept.json()["name"], &kept.json()["reference"]), (&json!(text), &json!(text)));
        let note = clinician.post(&format!("/api/patients/{id}/notes"), json!({ "text": text })).await;
        assert_eq!(note.status, 201);
        assert_eq!(clinician.get(&format!("/api/patients/{id}/notes")).await.json()[0]["text"], json!(text));
        let query: String = text.bytes().map(|b| format!("%{b:02x}")).collect();
        let found = clinician.get(&format!("/api/patients?q={query}")).await.json();
        let ids: Vec<_> = found.as_array().expect("a list").iter().map(|p| p["id"].clone()).collect();
        assert_eq!(ids, [json!(id)], "{text}");
    }
    for control in ["a\u{0}b", "a\nb", "\u{1b}[31m"] {
        let answer = clinician.post("/api/patients", patient_input(control)).await;
        assert_eq!((answer.status, &answer.json()["field"]), (422, &json!("name")), "{control:?}");
    }
    assert_eq!(clinician.get("/api/patients?q=%25").await.json().as_array().map(Vec::len), Some(1), "% is a character");
}

/// What is said back holds no trace of the database, and of the text only what belongs there.
fn harmless(answer: &common::client::Answer) {
    assert!(answer.status < 500, "{}", answer.text());
    for trace in ["sqlx", "sqlite", "postgres", "syntax error", "panicked"] {
        assert!(!answer.text().to_lowercase().contains(trace), "{}", answer.text());
    }
}

async fn text_of_every_other_field_is_text_or_refused(on: On) {
    let portal = Portal::new(on).await;
    let (mut clinician, mut admin, mut carer) = (portal.clinician().await, portal.admin().await, portal.carer().await);
    let path = format!("/api/patients/{FRANK}");
    for (n, text) in NASTY.into_iter().enumerate() {
        let query: String = text.bytes().map(|b| format!("%{b:02x}")).collect();
        // Kept as it is.
        let email = format!("nasty-{n}@demo.example");
        let body = json!({"role": "carer", "name": text, "email": email, "language": "en"});
        assert_eq!(admin.post("/api/staff", body).await.status, 201, "{text}");
        let staff = admin.get("/api/staff").await.json();
        assert!(staff.as_array().expect("a list").iter().any(|c| c["name"] == text), "{text}");
        let version = clinician.get(&format!("{path}/plan")).await.json()["versions"][0]["version"].clone();
        let set =
            clinician.put(&format!("{path}/plan"), plan(|p| (p["based_on"], p["note"]) = (version, json!(text)))).await;
        assert_eq!((set.status, &set.json()["note"]), (200, &json!(text)), "{}", set.text());
        let body = json!({"day": "2026-11-20", "mood": "good", "remark": text});
        assert_eq!(carer.post(&format!("{path}/check-ins"), body).await.status, 201);
        let kept = carer.get(&format!("{path}/check-ins")).await.json();
        assert!(kept.as_array().expect("a list").iter().any(|c| c["remark"] == text), "{text}");
        // Refused by name, or leading nowhere.
        let input = |field: &str| {
            let mut input = patient_input("Fine");
            input[field] = json!(text);
            input
        };
        for (field, expected) in [("language", 422), ("time_zone", 422), ("born_on", 422)] {
            let answer = clinician.post("/api/patients", input(field)).await;
            harmless(&answer);
            assert_eq!((answer.status, answer.json()["field"].as_str()), (expected, Some(field)), "{text}");
        }
        let games = json!({"based_on": 1, "games": [{"game": text, "template_version": "1", "enabled": true}]});
        let invite = json!({"role": "carer", "name": "Fine", "email": text, "language": "en"});
        let wrong = json!({"email": text, "password": text, "code": text});
        for (answer, expected) in [
            (clinician.put("/api/games", games).await, 422),
            (clinician.put(&format!("{path}/plan"), plan(|p| p["games"][0]["game"] = json!(text))).await, 422),
            (clinician.put(&format!("{path}/plan"), plan(|p| p["language"] = json!(text))).await, 422),
            (clinician.put(&format!("{path}/plan"), plan(|p| p["starts_on"] = json!(text))).await, 422),
            (clinician.post(&format!("{path}/erase"), json!({ "name": text })).await, 422),
            (clinician.put("/api/me/language", json!({ "language": text })).await, 422),
            (clinician.get(&format!("{path}/trends?from={query}")).await, 422),
            (clinician.get(&format!("{path}/adherence?from={query}&to={query}")).await, 422),
            (clinician.get(&format!("{path}/sessions?before_ms={query}")).await, 400),
            (clinician.get(&format!("{path}/sessions/{query}")).await, 404),
            (clinician.get(&format!("/api/patients/{query}")).await, 404),
            (clinician.delete(&format!("{path}/devices/{query}")).await, 404),
            (admin.post("/api/staff", invite).await, 422),
            (portal.client().post("/api/login", wrong).await, 401),
            (portal.client().post("/api/invites/open", json!({ "token": text })).await, 410),
        ] {
            harmless(&answer);
            assert_eq!(answer.status, expected, "{text}: {}", answer.text());
        }
        // What a browser calls itself is shown in the list of sessions.
        let agent = text.chars().filter(char::is_ascii).collect::<String>();
        let request = Request::get("/api/me").header("user-agent", agent).body(Body::empty()).expect("a request");
        harmless(&clinician.raw(request).await);
    }
    assert_eq!(clinician.get(&path).await.json()["name"], "Frank Delaney", "all is where it was");
    assert_eq!(admin.get("/api/audit/chain").await.json()["broken_at"], Value::Null);
}

fn plan(change: impl FnOnce(&mut Value)) -> Value {
    let mut plan = json!({
        "based_on": 1, "games": [{"game": "colour-words", "min_level": 1, "max_level": 3}], "sessions_per_week": 3,
        "session_minutes": 20, "daily_cap_minutes": 45, "language": "en", "starts_on": null, "ends_on": null, "note": "",
    });
    change(&mut plan);
    plan
}

async fn what_is_out_of_bounds_is_named_field_by_field(on: On) {
    let portal = Portal::new(on).await;
    let mut clinician = portal.clinician().await;
    let game = |slug: &str, min: u8, max: u8| json!({"game": slug, "min_level": min, "max_level": max});
    let plans: Vec<(&str, Value)> = vec![
        ("games", plan(|p| p["games"] = json!([]))),
        ("games", plan(|p| p["games"] = json!(vec![game("a", 1, 1); 33]))),
        ("games.game", plan(|p| p["games"] = json!([game("two words", 1, 1)]))),
        ("games.game", plan(|p| p["games"] = json!([game("a", 1, 1), game("a", 1, 2)]))),
        ("games.min_level", plan(|p| p["games"] = json!([game("a", 3, 2)]))),
        ("games.min_level", plan(|p| p["games"] = json!([game("a", 0, 2)]))),
        ("games.max_level", plan(|p| p["games"] = json!([game("a", 1, 21)]))),
        ("games.max_level", plan(|p| p["games"] = json!([game("colour-words", 1, 6)]))),
        ("sessions_per_week", plan(|p| p["sessions_per_week"] = json!(8))),
        ("session_minutes", plan(|p| p["session_minutes"] = json!(9))),
        ("daily_cap_minutes", plan(|p| p["daily_cap_minutes"] = json!(46))),
        ("daily_cap_minutes", plan(|p| p["daily_cap_minutes"] = json!(19))),
        ("language", plan(|p| p["language"] = json!("fr"))),
        ("starts_on", plan(|p| p["starts_on"] = json!("2026-02-30"))),
        ("ends_on", plan(|p| (p["starts_on"], p["ends_on"]) = (json!("2026-02-02"), json!("2026-02-01")))),
        ("note", plan(|p| p["note"] = json!("x".repeat(501)))),
    ];
    for (field, body) in plans {
        let answer = clinician.put(&format!("/api/patients/{FRANK}/plan"), body).await;
        assert_eq!((answer.status, answer.json()["field"].as_str()), (422, Some(field)), "{}", answer.text());
    }
    let patients: Vec<(&str, Value)> = vec![
        ("name", json!("")),
        ("name", json!("x".repeat(101))),
        ("language", json!("klingon")),
        ("time_zone", json!("Mars/Olympus")),
        ("born_on", json!("yesterday")),
    ];
    for (field, value) in patients {
        let mut body = patient_input("Fine");
        body[field] = value;
        let answer = clinician.post("/api/patients", body).await;
        assert_eq!((answer.status, answer.json()["field"].as_str()), (422, Some(field)));
    }
    let erase = clinician.post(&format!("/api/patients/{FRANK}/erase"), json!({"name": "Somebody"})).await;
    assert_eq!((erase.status, erase.json()["field"].as_str()), (422, Some("name")));
    clinician.language = "zh-CN,zh;q=0.9";
    let answer = clinician.post("/api/patients", patient_input("")).await;
    assert_eq!(answer.json()["message"], "「name」没有填。没有做任何更改。");
}

async fn two_changes_at_once_do_not_overwrite_each_other(on: On) {
    let portal = Portal::new(on).await;
    let clinician = portal.clinician().await;
    let path = format!("/api/patients/{FRANK}/plan");
    let change = |minutes: u16| {
        let (mut client, path) = (clinician.clone(), path.clone());
        async move { client.put(&path, plan(|p| p["session_minutes"] = json!(minutes))).await.status }
    };
    let (a, b, c) = tokio::join!(change(15), change(20), change(25));
    let mut statuses = [a, b, c];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409, 409]);
    let versions = clinician.clone().get(&path).await.json();
    assert_eq!(versions["versions"].as_array().map(Vec::len), Some(2));
}

async fn broken_bodies_are_refused_by_every_route(on: On) {
    let portal = Portal::new(on).await;
    let mut clinician = portal.clinician().await;
    let mut admin = portal.admin().await;
    let api = serde_json::to_value(openapi()).expect("plain data");
    for (path, item) in api["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            if operation.get("requestBody").is_none() {
                continue;
            }
            let path = path.replace("{patient}", FRANK);
            let is_admins = path.starts_with("/api/staff");
            let client = if is_admins { &mut admin } else { &mut clinician };
            for body in ["", "{", "[]", "null", "{\"name\":1}", "\u{feff}{}", "{\"a\":".repeat(200).as_str()] {
                let method: Method = method.to_uppercase().parse().expect("a method");
                let request = Request::builder().method(method).uri(&path).header("content-type", "application/json");
                let answer = client.raw(request.body(Body::from(body.to_owned())).expect("a request")).await;
                let expected = if path.starts_with("/api/device/") && path != "/api/device/pair" { 401 } else { 400 };
                assert_eq!(answer.status, expected, "{path} {body}: {}", answer.text());
                assert!(!answer.text().contains("DROP") && !answer.text().contains("sqlx"), "{}", answer.text());
            }
        }
    }
    let as_form = Request::post("/api/patients").header("content-type", "application/x-www-form-urlencoded");
    let answer = clinician.raw(as_form.body(Body::from("name=x")).expect("a request")).await;
    assert_eq!(answer.status, 415);
}

#[tokio::test]
async fn a_body_of_a_hundred_megabytes_is_not_taken_in() {
    let portal = Portal::new(On::Sqlite).await;
    pair(&portal, 1).await;
    let mut clinician = portal.clinician().await;
    // One allocation, shared by every request.
    let huge = axum::body::Bytes::from(vec![b' '; 100 * 1024 * 1024]);
    for path in ["/api/patients", "/api/login", "/api/device/pair", "/api/device/push"] {
        let request = Request::post(path)
            .header("content-type", "application/json")
            .header("x-reme-device", sample::device(1).to_string())
            .body(Body::from(huge.clone()))
            .expect("a request");
        let answer = clinician.raw(request).await;
        assert_eq!((answer.status, answer.code().as_str()), (413, "too-large"), "{path}");
    }
}

#[tokio::test]
async fn unknown_addresses_and_methods_are_told_in_json() {
    let portal = Portal::new(On::Sqlite).await;
    let mut client = portal.clinician().await;
    assert_eq!(client.get("/api/nothing").await.code(), "no-route");
    assert_eq!(client.get("/api/patients/../../etc/passwd").await.code(), "no-route");
    assert_eq!(client.delete("/api/patients").await.code(), "method");
    assert_eq!(client.get("/api/patients/not-an-id").await.code(), "not-found");
    assert_eq!(client.get(&format!("/api/patients/{FRANK}/sessions?before_ms=x")).await.code(), "malformed");
}
