//! A portal on a free port with its demo clinic, on a thread of its own, and a clinician who is logged in.

#![allow(dead_code, reason = "each test file uses its part")]

use std::{net::SocketAddr, path::Path, sync::Arc};

use jiff::{Timestamp, tz::TimeZone};
use reme_portal::{App, Config, Limits, PasswordCost, Rate, demo, router, tables::Db};
use reme_types::Clock;
use serde_json::{Value, json};

/// The machine's clock: the devices under test are processes of their own and have it too.
struct Now;

impl Clock for Now {
    #[allow(clippy::disallowed_methods, reason = "the processes under test have this clock as well")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
    fn time_zone(&self) -> TimeZone {
        TimeZone::UTC
    }
}

pub(crate) struct Clinic {
    pub(crate) address: String,
    cookie: String,
    csrf: String,
    _folder: tempfile::TempDir,
    runtime: Option<tokio::runtime::Runtime>,
}

/// Argon2 that costs nothing.
const CHEAP: PasswordCost = PasswordCost { memory_kib: 8, passes: 1 };

async fn serve(database: &Path) -> SocketAddr {
    let db = Db::open(&format!("sqlite:{}", database.display())).await.expect("opens");
    demo::seed(&db, Now.now(), CHEAP).await.expect("seeds");
    let generous = || Rate { per_second: 1e6, burst: 1e6 };
    let limits = Limits { door: generous(), account: generous(), device: generous() };
    let config = Config { password_cost: CHEAP, limits, ..Config::default() };
    let (app, _) = App::start(db, Arc::new(Now), config);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("bound");
    let service = router(app).into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    address
}

impl Clinic {
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("starts");
        let address = runtime.block_on(serve(&folder.path().join("portal.db")));
        let mut clinic = Self {
            address: format!("http://{address}"),
            cookie: String::new(),
            csrf: String::new(),
            _folder: folder,
            runtime: Some(runtime),
        };
        let code = demo::code_now(Now.now()).expect("a code");
        let login = json!({"email": "clinician@demo.example", "password": demo::PASSWORD, "code": code});
        let (head, body) = clinic.send("POST", "/api/login", Some(&login));
        let cookie = head.lines().find_map(|line| line.split_once("__Host-reme=")).expect("a cookie").1;
        clinic.cookie = cookie.split(';').next().expect("a value").to_owned();
        clinic.csrf = body["csrf"].as_str().expect("a token").to_owned();
        clinic
    }

    /// Head and body of the answer to a request that must succeed.
    fn send(&self, method: &str, path: &str, body: Option<&Value>) -> (String, Value) {
        use std::io::{Read, Write};
        let body = body.map(ToString::to_string).unwrap_or_default();
        let host = self.address.trim_start_matches("http://");
        let mut stream = std::net::TcpStream::connect(host).expect("connects");
        let request = format!(
            "{method} {path} HTTP/1.0\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nCookie: __Host-reme={}\r\nX-CSRF: {}\r\n\r\n{body}",
            body.len(),
            self.cookie,
            self.csrf,
        );
        stream.write_all(request.as_bytes()).expect("sent");
        let mut all = Vec::new();
        stream.read_to_end(&mut all).expect("answered");
        let all = String::from_utf8(all).expect("UTF-8");
        let (head, body) = all.split_once("\r\n\r\n").expect("a head");
        assert!(head.split(' ').nth(1).is_some_and(|status| status.starts_with('2')), "{method} {path}: {all}");
        (head.to_owned(), serde_json::from_str(body).unwrap_or(Value::Null))
    }

    pub(crate) fn get(&self, path: &str) -> Value {
        self.send("GET", path, None).1
    }
    pub(crate) fn put(&self, path: &str, body: &Value) -> Value {
        self.send("PUT", path, Some(body)).1
    }
    pub(crate) fn delete(&self, path: &str) {
        self.send("DELETE", path, None);
    }

    /// Id of a patient by name.
    pub(crate) fn patient(&self, name: &str) -> String {
        let all = self.get("/api/patients");
        let list = all.as_array().or(all["patients"].as_array()).expect("patients");
        let found = list.iter().find(|patient| patient["name"] == name).expect("there is one");
        found["id"].as_str().expect("an id").to_owned()
    }

    /// A fresh pairing code.
    pub(crate) fn code(&self, patient: &str) -> String {
        let made = self.send("POST", &format!("/api/patients/{patient}/pairing-codes"), Some(&json!({}))).1;
        made["code"].as_str().expect("a code").to_owned()
    }

    /// Ids of all sessions of a patient, in order of id.
    pub(crate) fn session_ids(&self, patient: &str) -> Vec<String> {
        let all = self.get(&format!("/api/patients/{patient}/sessions"));
        let list = all.as_array().or(all["sessions"].as_array()).expect("sessions");
        let mut ids: Vec<String> = list.iter().map(|one| one["id"].as_str().expect("an id").to_owned()).collect();
        ids.sort();
        ids
    }
}

impl Drop for Clinic {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
