//! Logging in, and every way a session ends.

mod common;

use axum::{body::Body, http::Request};
use common::{On, Portal};
use reme_portal::demo::{PASSWORD, TOTP_SECRET};
use serde_json::json;

on_both!(
    only_all_three_together_log_in_and_nothing_says_which_was_amiss,
    a_code_is_good_for_one_log_in,
    guessing_locks_the_account_for_a_while,
    the_cookie_is_bound_and_its_token_changes,
    a_stolen_token_ends_the_session,
    sessions_end_when_idle_and_in_any_case,
    sessions_can_be_listed_and_ended,
    a_disabled_account_is_out_at_once,
    an_account_disabled_by_a_slip_comes_back,
    a_new_password_ends_the_other_sessions,
    an_invitation_is_good_once_and_for_a_week,
);

const EMAIL: &str = "clinician@demo.example";
const MINUTE_MS: i64 = 60_000;

async fn only_all_three_together_log_in_and_nothing_says_which_was_amiss(on: On) {
    let portal = Portal::new(on).await;
    let code = portal.code(TOTP_SECRET);
    let mut bodies = Vec::new();
    for (email, password, code) in [
        ("nobody@demo.example", PASSWORD, code.as_str()),
        (EMAIL, "another long password", &code),
        (EMAIL, PASSWORD, "000000"),
        (EMAIL, "", ""),
        ("' OR 1=1 --", "' OR 1=1 --", "' OR 1"),
    ] {
        let answer = portal.client().log_in(email, password, code).await;
        assert_eq!(answer.status, 401, "{email}");
        bodies.push(answer.body);
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1, "every answer is the same");
    let answer = portal.client().log_in(" Clinician@DEMO.example ", PASSWORD, &code).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.json()["role"], "clinician");
}

async fn a_code_is_good_for_one_log_in(on: On) {
    let portal = Portal::new(on).await;
    let code = portal.code(TOTP_SECRET);
    assert_eq!(portal.client().log_in(EMAIL, PASSWORD, &code).await.status, 200);
    assert_eq!(portal.client().log_in(EMAIL, PASSWORD, &code).await.status, 401);
    portal.clock.pass(30_000);
    assert_eq!(portal.client().log_in(EMAIL, PASSWORD, &code).await.status, 401, "still used, one step later");
    assert_eq!(portal.client().log_in(EMAIL, PASSWORD, &portal.code(TOTP_SECRET)).await.status, 200);
}

async fn guessing_locks_the_account_for_a_while(on: On) {
    let portal = Portal::new(on).await;
    for _ in 0..5 {
        assert_eq!(portal.client().log_in(EMAIL, "guess", "000000").await.status, 401);
    }
    let answer = portal.client().log_in(EMAIL, PASSWORD, &portal.code(TOTP_SECRET)).await;
    assert_eq!((answer.status, answer.code().as_str()), (429, "busy"));
    assert_eq!(answer.headers["retry-after"], "60");
    portal.clock.pass(MINUTE_MS);
    let answer = portal.client().log_in(EMAIL, PASSWORD, &portal.code(TOTP_SECRET)).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
}

async fn the_cookie_is_bound_and_its_token_changes(on: On) {
    let portal = Portal::new(on).await;
    let mut client = portal.client();
    let answer = client.log_in(EMAIL, PASSWORD, &portal.code(TOTP_SECRET)).await;
    let cookie = answer.headers["set-cookie"].to_str().expect("ASCII").to_owned();
    assert!(cookie.starts_with("__Host-reme="), "{cookie}");
    for part in ["Path=/", "Secure", "HttpOnly", "SameSite=Strict"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let first = client.cookie.clone();
    assert_eq!(client.get("/api/me").await.status, 200);
    assert_eq!(client.cookie, first, "not yet");
    portal.clock.pass(10 * MINUTE_MS);
    assert_eq!(client.get("/api/me").await.status, 200);
    assert_ne!(client.cookie, first);
    // A request that was on its way with the old token is still served.
    let mut late = client.clone();
    late.cookie = first;
    portal.clock.pass(30_000);
    assert_eq!(late.get("/api/me").await.status, 200);
    assert_eq!(client.get("/api/me").await.status, 200);
}

async fn a_stolen_token_ends_the_session(on: On) {
    let portal = Portal::new(on).await;
    let mut client = portal.clinician().await;
    let mut thief = client.clone();
    portal.clock.pass(10 * MINUTE_MS);
    assert_eq!(client.get("/api/me").await.status, 200);
    portal.clock.pass(2 * MINUTE_MS);
    assert_eq!(thief.get("/api/me").await.status, 401);
    assert_eq!(client.get("/api/me").await.status, 401, "whoever is who: both are out");
    let mut admin = portal.admin().await;
    let log = admin.get("/api/audit").await.text();
    assert!(log.contains("session:stolen"), "{log}");
}

async fn sessions_end_when_idle_and_in_any_case(on: On) {
    let portal = Portal::new(on).await;
    let mut idle = portal.clinician().await;
    portal.clock.pass(31 * MINUTE_MS);
    assert_eq!(idle.get("/api/me").await.code(), "logged-out");
    let mut busy = portal.clinician().await;
    for _ in 0..(12 * 60 / 20) {
        assert_eq!(busy.get("/api/me").await.status, 200);
        portal.clock.pass(20 * MINUTE_MS);
    }
    portal.clock.pass(MINUTE_MS);
    assert_eq!(busy.get("/api/me").await.status, 401);
    for nonsense in ["", "x", "0000000000000000000000000000000000000000000", "' OR 1=1 --"] {
        let mut stranger = portal.client();
        stranger.cookie = Some(nonsense.into());
        assert_eq!(stranger.get("/api/me").await.status, 401, "{nonsense}");
    }
}

async fn sessions_can_be_listed_and_ended(on: On) {
    let portal = Portal::new(on).await;
    let (mut here, mut there) = (portal.clinician().await, portal.clinician().await);
    let mut carer = portal.carer().await;
    let sessions = here.get("/api/me/sessions").await.json();
    let sessions = sessions.as_array().expect("a list");
    assert_eq!(sessions.len(), 2);
    let other = sessions.iter().find(|s| s["this"] == false).expect("the other")["id"].as_str().expect("an id");
    let path = format!("/api/me/sessions/{other}");
    assert_eq!(carer.delete(&path).await.status, 404, "not the carer's");
    assert_eq!(here.delete(&path).await.status, 204);
    assert_eq!(there.get("/api/me").await.status, 401);
    let before = here.clone();
    assert_eq!(here.post("/api/logout", json!({})).await.status, 204);
    assert_eq!(here.cookie, None, "the browser forgets it");
    assert_eq!(before.clone().get("/api/me").await.status, 401, "and so do we");
}

async fn a_disabled_account_is_out_at_once(on: On) {
    let portal = Portal::new(on).await;
    let mut admin = portal.admin().await;
    let mut leaver = portal.invited(&mut admin, "clinician", "leaver@demo.example").await;
    let me = leaver.get("/api/me").await.json()["account"].as_str().expect("an id").to_owned();
    assert_eq!(admin.post(&format!("/api/staff/{me}/disable"), json!({})).await.status, 204);
    assert_eq!(leaver.get("/api/patients").await.status, 401);
    let own = admin.get("/api/me").await.json()["account"].as_str().expect("an id").to_owned();
    assert_eq!(admin.post(&format!("/api/staff/{own}/disable"), json!({})).await.status, 409, "not oneself");
}

async fn an_account_disabled_by_a_slip_comes_back(on: On) {
    let portal = Portal::new(on).await;
    let (mut admin, mut carer) = (portal.admin().await, portal.carer().await);
    let staff = admin.get("/api/staff").await.json();
    let of = |staff: &serde_json::Value, email: &str| {
        staff.as_array().expect("a list").iter().find(|c| c["email"] == email).expect("is there").clone()
    };
    let id = of(&staff, "carer@demo.example")["id"].as_str().expect("an id").to_owned();
    assert_eq!(admin.post(&format!("/api/staff/{id}/enable"), json!({})).await.status, 204, "nothing to do");
    assert_eq!(carer.get("/api/me").await.status, 200);
    assert_eq!(admin.post(&format!("/api/staff/{id}/disable"), json!({})).await.status, 204);
    assert_eq!(carer.get("/api/me").await.status, 401);
    assert_eq!(admin.post(&format!("/api/staff/{id}/enable"), json!({})).await.status, 204);
    assert_eq!(of(&admin.get("/api/staff").await.json(), "carer@demo.example")["state"], "active");
    assert_eq!(carer.get("/api/me").await.status, 401, "the sessions of before stay ended");
    let mut back = portal.carer().await;
    assert_eq!(back.get(&format!("/api/patients/{}", common::FRANK)).await.status, 200, "links are as they were");
    let log = admin.get("/api/audit").await.text();
    assert!(log.contains("staff:manage"), "{log}");
}

async fn a_new_password_ends_the_other_sessions(on: On) {
    let portal = Portal::new(on).await;
    let (mut here, mut there) = (portal.clinician().await, portal.clinician().await);
    let change = |old: &str, new: &str| json!({"old": old, "new": new});
    assert_eq!(here.put("/api/me/password", change("wrong", "a new long password")).await.json()["field"], "old");
    assert_eq!(here.put("/api/me/password", change(PASSWORD, "short")).await.json()["field"], "password");
    assert_eq!(here.put("/api/me/password", change(PASSWORD, "a new long password")).await.status, 204);
    assert_eq!(here.get("/api/me").await.status, 200);
    assert_eq!(there.get("/api/me").await.status, 401);
    portal.clock.pass(30_000);
    assert_eq!(portal.client().log_in(EMAIL, PASSWORD, &portal.code(TOTP_SECRET)).await.status, 401);
    let answer = portal.client().log_in(EMAIL, "a new long password", &portal.code(TOTP_SECRET)).await;
    assert_eq!(answer.status, 200);
}

async fn an_invitation_is_good_once_and_for_a_week(on: On) {
    let portal = Portal::new(on).await;
    let mut admin = portal.admin().await;
    let invite = json!({"role": "carer", "name": "New", "email": "new@demo.example", "language": "zh-CN"});
    let token = admin.post("/api/staff", invite.clone()).await.json()["token"].as_str().expect("a token").to_owned();
    assert_eq!(admin.post("/api/staff", invite).await.json()["field"], "email", "taken");
    let opened = portal.client().post("/api/invites/open", json!({ "token": token })).await.json();
    let secret = opened["totp_secret"].as_str().expect("a secret");
    let take_up = |password: &str, code: &str| json!({"token": token, "password": password, "code": code});
    let bad_code = portal.client().post("/api/invites/take-up", take_up("a long long password", "000000")).await;
    assert_eq!(bad_code.json()["field"], "code");
    let good = take_up("a long long password", &portal.code(secret));
    assert_eq!(portal.client().post("/api/invites/take-up", good.clone()).await.status, 204);
    assert_eq!(portal.client().post("/api/invites/take-up", good).await.code(), "spent");

    let invite = json!({"role": "carer", "name": "Late", "email": "late@demo.example", "language": "en"});
    let token = admin.post("/api/staff", invite).await.json()["token"].as_str().expect("a token").to_owned();
    portal.clock.pass(7 * 24 * 60 * MINUTE_MS);
    assert_eq!(portal.client().post("/api/invites/open", json!({ "token": token })).await.code(), "spent");
}

#[tokio::test]
async fn a_door_that_is_knocked_at_too_often_stays_shut_for_a_moment() {
    let config = reme_portal::Config { limits: reme_portal::Limits::default(), ..common::config() };
    let portal = Portal::with(On::Sqlite, config).await;
    let mut statuses = Vec::new();
    for _ in 0..11 {
        statuses.push(portal.client().log_in("nobody@demo.example", "guess", "000000").await.status);
    }
    assert_eq!(statuses.iter().filter(|s| **s == 401).count(), 10, "{statuses:?}");
    assert_eq!(statuses.last(), Some(&429));
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let portal = Portal::new(On::Sqlite).await;
    for path in ["/api/me", "/nothing", "/healthz", "/api/openapi.json"] {
        let answer = portal.client().raw(Request::get(path).body(Body::empty()).expect("a request")).await;
        let policy = answer.headers["content-security-policy"].to_str().expect("ASCII");
        assert!(policy.starts_with("default-src 'self'") && !policy.contains("unsafe"), "{policy}");
        assert_eq!(answer.headers["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(answer.headers["x-frame-options"], "DENY", "{path}");
        if path.starts_with("/api/") {
            assert_eq!(answer.headers["cache-control"], "no-store", "{path}");
        }
    }
}
