//! Every route, asked by every kind of caller. Routes come from the description the router is built from, so none can be
//! forgotten; who may is read off real answers and held against the rights' table and against a snapshot that people review.

mod common;

use std::{collections::BTreeMap, fmt::Write as _, path::Path};

use axum::http::Method;
use common::{Client, FRANK, GU, On, Portal};
use reme_portal::{access::RIGHTS, openapi};
use serde_json::json;

/// One route of the description.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Route {
    path: String,
    method: String,
    /// `public`, `device`, or the right it asks for.
    guard: String,
}

fn routes() -> Vec<Route> {
    let api = serde_json::to_value(openapi()).expect("plain data");
    let mut out = Vec::new();
    for (path, item) in api["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let guard = match operation["security"].as_array().map(Vec::as_slice) {
                Some([only]) if only.as_object().is_some_and(|o| o.is_empty()) => "public".to_owned(),
                Some([only]) if only.get("device").is_some() => "device".to_owned(),
                Some([only]) => only["session"][0].as_str().expect("a right").to_owned(),
                other => panic!("{method} {path} does not say who may: {other:?}"),
            };
            out.push(Route { path: path.clone(), method: method.to_uppercase(), guard });
        }
    }
    out.sort();
    out
}

const CALLERS: [&str; 7] =
    ["anonymous", "admin", "clinician", "carer-linked", "carer-unlinked", "other-clinic", "without-token"];

/// A portal file with an unlinked carer and a second clinic in it, and everybody's cookies.
struct Stage {
    portal: Portal,
    clients: BTreeMap<&'static str, Client>,
    ids: BTreeMap<&'static str, String>,
}

async fn stage() -> Stage {
    let portal = Portal::new(On::Sqlite).await;
    let mut admin = portal.admin().await;
    let mut clinician = portal.clinician().await;
    let carer = portal.carer().await;
    let unlinked = portal.invited(&mut admin, "carer", "unlinked@demo.example").await;
    let (other, _) = portal.other_clinic().await;
    let staff = admin.get("/api/staff").await.json();
    let linked_carer = staff.as_array().expect("a list").iter().find(|c| c["email"] == "carer@demo.example");
    let linked_carer = linked_carer.expect("the demo carer")["id"].as_str().expect("an id").to_owned();
    let sessions = clinician.get(&format!("/api/patients/{FRANK}/sessions")).await.json();
    let session = sessions[0]["id"].as_str().expect("an id").to_owned();
    let detail = clinician.get(&format!("/api/patients/{FRANK}/sessions/{session}")).await.json();
    let devices = clinician.get(&format!("/api/patients/{FRANK}/devices")).await.json();
    let ids = BTreeMap::from([
        ("patient", FRANK.to_owned()),
        ("account", linked_carer),
        ("session", session),
        ("trial", detail["trials"][0]["id"].as_str().expect("an id").to_owned()),
        ("device", devices[0]["id"].as_str().expect("an id").to_owned()),
    ]);
    let mut without_token = clinician.clone();
    without_token.csrf = None;
    let clients = BTreeMap::from([
        ("anonymous", portal.client()),
        ("admin", admin),
        ("clinician", clinician),
        ("carer-linked", carer),
        ("carer-unlinked", unlinked),
        ("other-clinic", other),
        ("without-token", without_token),
    ]);
    Stage { portal, clients, ids }
}

fn address(route: &Route, ids: &BTreeMap<&'static str, String>, own_session: &str) -> String {
    let mut path = route.path.clone();
    for (name, id) in ids {
        // Under /me the session is one of the caller's own.
        let id = if path.starts_with("/api/me/") { own_session } else { id };
        path = path.replace(&format!("{{{name}}}"), id);
    }
    assert!(!path.contains('{'), "{path} has a part this test has no id for");
    if path.ends_with("/adherence") { path + "?from=2026-10-01&to=2026-11-24" } else { path }
}

/// What an answer says about the right to ask.
fn verdict(status: u16) -> &'static str {
    match status {
        401 => "log in",
        403 => "no",
        404 => "unseen",
        // Whether the body was good is another matter: the door was open.
        200..=299 | 400 | 409 | 410 | 415 | 422 => "yes",
        other => panic!("{other} is no answer that belongs here"),
    }
}

/// What the table of rights says each caller must get.
fn expected(route: &Route, caller: &str) -> &'static str {
    let roles = match route.guard.as_str() {
        "public" => return "yes",
        // Nobody with a cookie is a device.
        "device" => return "log in",
        right => RIGHTS.iter().find(|(name, _)| *name == right).unwrap_or_else(|| panic!("{right} is no right")).1,
    };
    let role = match caller {
        "anonymous" => return "log in",
        "admin" => "admin",
        "carer-linked" | "carer-unlinked" => "carer",
        _ => "clinician",
    };
    let changes = route.method != "GET";
    let on_patient = route.path.contains("{patient}");
    if caller == "without-token" && changes {
        return "no";
    }
    if !roles.iter().any(|r| r.slug() == role) {
        return "no";
    }
    match caller {
        "other-clinic" | "carer-unlinked" if on_patient => "unseen",
        // Another clinic's account is not there for this one.
        "other-clinic" if route.path.contains("{account}") => "unseen",
        _ => "yes",
    }
}

#[tokio::test]
async fn every_route_lets_in_whom_it_should_and_nobody_else() {
    let stage = stage().await;
    let mut table = String::new();
    let mut faults = Vec::new();
    for route in routes() {
        let _ = write!(table, "{:6} {:52} {:19}", route.method, route.path, route.guard);
        for caller in CALLERS {
            let observed = observe(&stage, &route, caller).await;
            let _ = write!(table, " {caller}={observed}");
            if observed != expected(&route, caller) {
                faults.push(format!("{} {}: {caller} got {observed}", route.method, route.path));
            }
        }
        table.push('\n');
    }
    assert!(faults.is_empty(), "{faults:#?}");
    compare("matrix.txt", &table);
}

/// Asks on a copy, so that what one caller removes is still there for the next.
async fn observe(stage: &Stage, route: &Route, caller: &str) -> &'static str {
    let folder = tempfile::TempDir::new().expect("a folder");
    let copy = folder.path().join("copy.db");
    let url = format!("sqlite:{}", copy.display());
    stage.portal.copy_to(&copy).await;
    let portal = Portal::open(&url, stage.portal.clock.clone(), common::config()).await;
    let mut client = portal.client();
    let known = &stage.clients[caller];
    (client.cookie, client.csrf) = (known.cookie.clone(), known.csrf.clone());
    let own_session = match route.path.contains("/me/sessions/") && client.cookie.is_some() {
        true => client.get("/api/me").await.json()["session"].as_str().expect("an id").to_owned(),
        false => uuid::Uuid::nil().to_string(),
    };
    let path = address(route, &stage.ids, &own_session);
    let method: Method = route.method.parse().expect("a method");
    let body = (method != Method::GET && method != Method::DELETE).then(|| json!({}));
    let answer = client.send(method, &path, body).await;
    verdict(answer.status)
}

/// Holds text against a committed snapshot; `UPDATE_SNAPSHOTS` in the environment writes it.
fn compare(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots").join(name);
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, text).expect("writes");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == text, "{name} has changed; look at it, then run again with UPDATE_SNAPSHOTS=1\n{text}");
}

#[test]
fn the_description_is_the_one_that_was_reviewed() {
    let text = serde_json::to_string_pretty(&openapi()).expect("plain data") + "\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../api/openapi.json");
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, &text).expect("writes");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == text, "clinician-portal/api/openapi.json is behind; run again with UPDATE_SNAPSHOTS=1");
}

#[tokio::test]
async fn one_patients_ids_lead_nowhere_under_another_patient() {
    let stage = stage().await;
    let mut clinician = stage.clients["clinician"].clone();
    let (session, trial, device) = (&stage.ids["session"], &stage.ids["trial"], &stage.ids["device"]);
    for path in [format!("sessions/{session}"), format!("sessions/{session}/note")] {
        assert_eq!(clinician.get(&format!("/api/patients/{GU}/{path}")).await.status, 404, "{path}");
    }
    for path in [format!("sessions/{session}"), format!("trials/{trial}"), format!("devices/{device}")] {
        assert_eq!(clinician.delete(&format!("/api/patients/{GU}/{path}")).await.status, 404, "{path}");
    }
    let still_there = clinician.get(&format!("/api/patients/{FRANK}/sessions/{session}")).await.json();
    assert_eq!(still_there["trials"].as_array().map(Vec::len), Some(30));
}

#[tokio::test]
async fn a_carer_of_another_clinic_cannot_be_linked() {
    let stage = stage().await;
    let mut other = stage.clients["other-clinic"].clone();
    let own = other.post("/api/patients", common::patient_input("Own")).await.json()["id"].as_str().map(str::to_owned);
    let path = format!("/api/patients/{}/carers/{}", own.expect("an id"), stage.ids["account"]);
    assert_eq!(other.put(&path, json!({})).await.status, 404);
}

#[test]
fn every_operation_has_an_id_of_its_own() {
    let api = serde_json::to_value(openapi()).expect("plain data");
    let mut seen = std::collections::BTreeSet::new();
    for (path, item) in api["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let id = operation["operationId"].as_str().unwrap_or_else(|| panic!("{method} {path} has no id"));
            assert!(seen.insert(id.to_owned()), "{id} stands on {method} {path} and on another");
        }
    }
}
