//! The audit log: one row for every look and every change, and no way to alter it unseen.

mod common;

use common::{FRANK, GU, On, Portal};
use serde_json::{Value, json};
use sqlx::{AnyPool, AssertSqlSafe};

on_both!(
    every_look_and_every_change_leaves_one_row,
    the_database_refuses_to_alter_the_log,
    an_altered_log_is_found_out
);

async fn every_look_and_every_change_leaves_one_row(on: On) {
    let portal = Portal::new(on).await;
    let mut clinician = portal.clinician().await;
    let mut carer = portal.carer().await;
    let rows = async |clinician: &mut common::Client| {
        clinician.get(&format!("/api/patients/{FRANK}/audit")).await.json().as_array().expect("a list").clone()
    };
    let before = rows(&mut clinician).await.len();
    clinician.get(&format!("/api/patients/{FRANK}/trends")).await;
    clinician.post(&format!("/api/patients/{FRANK}/notes"), json!({"text": "Secret words"})).await;
    carer.get(&format!("/api/patients/{FRANK}/notes")).await;
    carer.get(&format!("/api/patients/{FRANK}/plan")).await;
    clinician.get(&format!("/api/patients/{GU}/plan")).await;
    let after = rows(&mut clinician).await;
    let new: Vec<(&str, &str, &str)> = after[..after.len() - before]
        .iter()
        .map(|row| {
            let text = |name: &str| row[name].as_str().unwrap_or_default();
            (text("action"), text("outcome"), text("name"))
        })
        .collect();
    let expected = [
        ("audit:read-patient", "allowed", "Dr Ines Falk"),
        ("plan:read", "allowed", "林小雨"),
        ("notes:read", "denied", "林小雨"),
        ("notes:write", "allowed", "Dr Ines Falk"),
        ("training:read", "allowed", "Dr Ines Falk"),
    ];
    assert_eq!(new, expected, "newest first; looking at the log is a look as well");
    assert!(!json!(after).to_string().contains("Secret words"));
}

async fn pool(portal: &Portal) -> AnyPool {
    AnyPool::connect(&portal.url).await.expect("connects")
}

async fn the_database_refuses_to_alter_the_log(on: On) {
    let portal = Portal::new(on).await;
    portal.clinician().await.get("/api/patients").await;
    let pool = pool(&portal).await;
    for statement in [
        "UPDATE audit SET outcome = 'allowed' WHERE seq = 1",
        "DELETE FROM audit WHERE seq = 1",
        "DELETE FROM audit",
        "UPDATE plans SET note = 'x'",
    ] {
        let refused = sqlx::query(statement).execute(&pool).await.expect_err(statement);
        assert!(refused.to_string().contains("append-only"), "{statement}: {refused}");
    }
    pool.close().await;
}

async fn an_altered_log_is_found_out(on: On) {
    let tamper = |statements: &'static [&'static str]| async move {
        let portal = Portal::new(on).await;
        let mut clinician = portal.clinician().await;
        for _ in 0..5 {
            clinician.get(&format!("/api/patients/{FRANK}")).await;
        }
        let mut admin = portal.admin().await;
        assert_eq!(admin.get("/api/audit/chain").await.json()["broken_at"], Value::Null);
        // Somebody with the keys to the database takes the triggers away first.
        let pool = pool(&portal).await;
        let triggers: &[&str] = match on {
            On::Sqlite => &["DROP TRIGGER audit_is_never_changed", "DROP TRIGGER audit_is_never_removed"],
            On::Postgres => &["ALTER TABLE audit DISABLE TRIGGER audit_is_never_changed"],
        };
        for statement in triggers.iter().chain(statements) {
            sqlx::query(AssertSqlSafe(*statement)).execute(&pool).await.expect("the keys to everything");
        }
        pool.close().await;
        admin.get("/api/audit/chain").await.json()["broken_at"].as_i64()
    };
    assert_eq!(tamper(&["UPDATE audit SET actor_id = 'somebody else' WHERE seq = 3"]).await, Some(3));
    assert_eq!(tamper(&["UPDATE audit SET patient_id = NULL WHERE seq = 4"]).await, Some(4));
    assert_eq!(tamper(&["DELETE FROM audit WHERE seq = 2"]).await, Some(2));
    let end = tamper(&["DELETE FROM audit WHERE seq > 3"]).await;
    assert_eq!(end, Some(4), "cut short at its end");
}
