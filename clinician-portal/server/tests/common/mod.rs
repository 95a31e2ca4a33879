//! A portal to test: a database of its own for each test, a clock that is set by hand, people to log in as.

#![allow(dead_code, unreachable_pub, missing_docs, reason = "each test file uses its part of these")]

pub mod client;
pub mod postgres;

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use jiff::{Timestamp, tz::TimeZone};
use reme_portal::{App, Config, Limits, PasswordCost, demo, router, tables::Db};
use reme_sync_protocol::conformance::sample::START_MS;
use reme_types::Clock;
use tempfile::TempDir;
use tokio::sync::OnceCell;

pub use client::Client;

/// Argon2 that costs nothing, so that tests are quick.
pub const CHEAP: PasswordCost = PasswordCost { memory_kib: 8, passes: 1 };

/// A clock that stands until it is moved.
#[derive(Debug, Clone)]
pub struct TestClock(Arc<AtomicI64>);

impl TestClock {
    pub fn new() -> Self {
        Self(Arc::new(AtomicI64::new(START_MS)))
    }
    pub fn pass(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }
    pub fn now_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.now_ms()).expect("a time of our own")
    }
    fn time_zone(&self) -> TimeZone {
        TimeZone::UTC
    }
}

/// Which database a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum On {
    Sqlite,
    Postgres,
}

/// A running portal with the demo clinic in it.
pub struct Portal {
    pub app: Arc<App>,
    pub router: axum::Router,
    pub clock: TestClock,
    pub db: Db,
    pub url: String,
    _folder: Option<TempDir>,
}

fn generous() -> Limits {
    let rate = |per_second, burst| reme_portal::Rate { per_second, burst };
    Limits { door: rate(1e6, 1e6), account: rate(1e6, 1e6), device: rate(1e6, 1e6) }
}

pub fn config() -> Config {
    Config { password_cost: CHEAP, limits: generous(), ..Config::default() }
}

/// The seeded SQLite file that each test copies.
async fn template() -> &'static PathBuf {
    static TEMPLATE: OnceCell<PathBuf> = OnceCell::const_new();
    TEMPLATE
        .get_or_init(|| async {
            let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("seeded-{}.db", std::process::id()));
            // An earlier process may have had our number.
            for end in ["", "-wal", "-shm"] {
                let _ = std::fs::remove_file(format!("{}{end}", path.display()));
            }
            seed(&format!("sqlite:{}", path.display())).await;
            path
        })
        .await
}

/// Fills a database with the demo clinic and closes it.
pub async fn seed(url: &str) {
    let db = Db::open(url).await.expect("opens");
    demo::seed(&db, TestClock::new().now(), CHEAP).await.expect("seeds");
    db.close().await;
}

impl Portal {
    pub async fn new(on: On) -> Self {
        Self::with(on, config()).await
    }

    pub async fn with(on: On, config: Config) -> Self {
        let (url, folder) = match on {
            On::Sqlite => {
                let folder = TempDir::new().expect("a folder");
                let path = folder.path().join("portal.db");
                std::fs::copy(template().await, &path).expect("copies");
                (format!("sqlite:{}", path.display()), Some(folder))
            }
            On::Postgres => (postgres::fresh_database().await, None),
        };
        let portal = Self::open(&url, TestClock::new(), config).await;
        Self { _folder: folder, ..portal }
    }

    /// A further process on the same database.
    pub async fn open(url: &str, clock: TestClock, config: Config) -> Self {
        let db = Db::open(url).await.expect("opens");
        let (app, _) = App::start(db.clone(), Arc::new(clock.clone()), config);
        Self { router: router(app.clone()), app, clock, db, url: url.into(), _folder: None }
    }

    /// Copies an SQLite portal's database as it stands.
    pub async fn copy_to(&self, path: &std::path::Path) {
        let from = self.url.trim_start_matches("sqlite:");
        for end in ["", "-wal"] {
            let from = format!("{from}{end}");
            if std::path::Path::new(&from).is_file() {
                std::fs::copy(from, format!("{}{end}", path.display())).expect("copies");
            }
        }
    }

    pub fn client(&self) -> Client {
        Client::new(self.router.clone())
    }

    pub async fn clinician(&self) -> Client {
        self.logged_in("clinician@demo.example", demo::PASSWORD, demo::TOTP_SECRET).await
    }

    pub async fn carer(&self) -> Client {
        self.logged_in("carer@demo.example", demo::PASSWORD, demo::TOTP_SECRET).await
    }

    pub async fn admin(&self) -> Client {
        self.logged_in("admin@demo.example", demo::PASSWORD, demo::TOTP_SECRET).await
    }

    /// Logs in; the clock goes on by a step first, because a code is good for one log-in.
    pub async fn logged_in(&self, email: &str, password: &str, secret: &str) -> Client {
        self.clock.pass(30_000);
        let mut client = self.client();
        let answer = client.log_in(email, password, &self.code(secret)).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        client
    }

    pub fn code(&self, secret: &str) -> String {
        reme_portal::account::totp::code(secret, self.clock.now_ms()).expect("a code")
    }

    /// A clinic of its own with a clinician of this email, logged in, and a patient.
    pub async fn other_clinic(&self) -> (Client, String) {
        let email = "other-admin@other.example";
        let found = reme_portal::account::found(&self.db, "Other clinic", email, self.clock.now(), CHEAP).await;
        let found = found.expect("is made");
        let mut admin = self.logged_in(email, &found.password, &found.totp_secret).await;
        let mut clinician = self.invited(&mut admin, "clinician", "other-clinician@other.example").await;
        let patient = clinician.post("/api/patients", patient_input("Somebody Else")).await;
        (clinician, patient.json()["id"].as_str().expect("an id").to_owned())
    }

    /// Invites somebody, takes the invitation up, logs in.
    pub async fn invited(&self, admin: &mut Client, role: &str, email: &str) -> Client {
        let body = serde_json::json!({"role": role, "name": "New Colleague", "email": email, "language": "en"});
        let invite = admin.post("/api/staff", body).await;
        assert_eq!(invite.status, 201, "{}", invite.text());
        let token = invite.json()["token"].as_str().expect("a token").to_owned();
        let opened = self.client().post("/api/invites/open", serde_json::json!({ "token": token })).await;
        let secret = opened.json()["totp_secret"].as_str().expect("a secret").to_owned();
        let password = "a long and boring password";
        let code = self.code(&secret);
        let body = serde_json::json!({"token": token, "password": password, "code": code});
        let taken = self.client().post("/api/invites/take-up", body).await;
        assert_eq!(taken.status, 204, "{}", taken.text());
        self.logged_in(email, password, &secret).await
    }
}

pub fn patient_input(name: &str) -> serde_json::Value {
    serde_json::json!({"name": name, "reference": "R-1", "language": "en", "time_zone": "Europe/London", "born_on": null})
}

/// The demo's first patient.
pub const FRANK: &str = "019a7c00-0000-7000-8000-000000000021";
/// The demo's second patient.
pub const GU: &str = "019a7c00-0000-7000-8000-000000000022";

/// Makes a test of each database of an async function that takes [`On`].
#[macro_export]
macro_rules! on_both {
    ($($name:ident),* $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test] async fn $name() { super::$name($crate::common::On::Sqlite).await; })*
        }
        mod on_postgres {
            $(#[tokio::test] async fn $name() { super::$name($crate::common::On::Postgres).await; })*
        }
    };
}
