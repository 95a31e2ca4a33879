//! A database as each earlier version left it is opened by this one: brought forward, and every row still there.
//!
//! The fixtures were written by the programs of those versions (demo clinic, cut down) and dumped, with the checksums of the
//! migrations they had run: a released migration that is edited is refused here.

mod common;

use common::{On, Portal, TestClock, config, postgres};
use reme_portal::tables::Db;
use serde_json::json;
use sqlx::{Connection as _, Row as _, SqlSafeStr as _};

const FIXTURES: [(u32, On, &str); 4] = [
    (1, On::Sqlite, include_str!("fixtures/0001.sqlite.sql")),
    (1, On::Postgres, include_str!("fixtures/0001.postgres.sql")),
    (2, On::Sqlite, include_str!("fixtures/0002.sqlite.sql")),
    (2, On::Postgres, include_str!("fixtures/0002.postgres.sql")),
];

/// Rows of each table in the fixtures, and after.
const ROWS: [(&str, i64); 11] = [
    ("accounts", 3),
    ("patients", 2),
    ("carer_links", 2),
    ("devices", 2),
    ("consents", 8),
    ("sessions", 2),
    ("trials", 20),
    ("adherence", 2),
    ("plans", 2),
    ("notes", 1),
    ("game_lists", 1),
];

/// An address with the fixture in it.
async fn laid_out(on: On, sql: &'static str) -> (String, Option<tempfile::TempDir>) {
    let (url, folder) = match on {
        On::Sqlite => {
            let folder = tempfile::TempDir::new().expect("a folder");
            (format!("sqlite:{}?mode=rwc", folder.path().join("old.db").display()), Some(folder))
        }
        On::Postgres => (postgres::empty_database().await, None),
    };
    sqlx::any::install_default_drivers();
    let mut connection = sqlx::AnyConnection::connect(&url).await.expect("opens");
    sqlx::raw_sql(sql.into_sql_str()).execute(&mut connection).await.expect("is laid out");
    connection.close().await.expect("closes");
    (url, folder)
}

async fn count(connection: &mut sqlx::AnyConnection, table: &str) -> i64 {
    let sql = sqlx::AssertSqlSafe(format!("SELECT count(*) FROM {table}"));
    sqlx::query(sql).fetch_one(connection).await.expect("counts").get(0)
}

#[tokio::test]
async fn a_database_of_every_earlier_version_keeps_its_rows() {
    for (version, on, sql) in FIXTURES {
        let (url, _folder) = laid_out(on, sql).await;
        Db::open(&url).await.unwrap_or_else(|error| panic!("{version} on {on:?}: {error}")).close().await;
        let mut connection = sqlx::AnyConnection::connect(&url).await.expect("opens");
        for (table, rows) in ROWS {
            assert_eq!(count(&mut connection, table).await, rows, "{table} of version {version} on {on:?}");
        }
        assert_eq!(count(&mut connection, "_sqlx_migrations").await, 4);
        // What later migrations add up from old rows: three domains in each of two sessions.
        assert_eq!(count(&mut connection, "session_sums").await, 6);
        // And the guards are in place, whenever they came.
        assert!(sqlx::query("UPDATE plans SET note = 'other'").execute(&mut connection).await.is_err());
        connection.close().await.expect("closes");
        // It is not only there: it can be read through the front door.
        let portal = Portal::open(&url, TestClock::new(), config()).await;
        let mut clinician = portal.clinician().await;
        let path = format!("/api/patients/{}", common::FRANK);
        assert_eq!(clinician.get(&format!("{path}/notes")).await.json()[0]["text"], "A note of the second version");
        let trends = clinician.get(&format!("{path}/trends")).await.json();
        let points: Vec<_> =
            trends["domains"].as_array().expect("a list").iter().map(|d| d["points"][0]["trials"].clone()).collect();
        assert_eq!(points, [json!(4), json!(3), json!(3)], "{trends}");
        portal.db.close().await;
        // A second start finds nothing to do.
        Db::open(&url).await.expect("opens again").close().await;
    }
}
