//! A running `reme serve` on a free port, and a client for it. Shared by the tests of the server.

#![allow(dead_code, reason = "each test file uses its part")]

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Output, Stdio},
};

use serde_json::{Value, json};

/// `reme` with an environment of its own: no keyring, no display, no models of this machine.
pub(crate) fn reme(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_reme"));
    command.env_clear().env("HOME", data).env("REME_KEYS", "file").arg("--data").arg(data);
    command
}

pub(crate) fn run(data: &Path, words: &[&str]) -> Output {
    reme(data).args(words).output().expect("the command starts")
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A server that is killed when the test ends.
pub(crate) struct Server {
    child: Child,
    _out: BufReader<ChildStdout>,
    log: PathBuf,
    pub(crate) port: u16,
    pub(crate) first_line: String,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {} {}", self.status, text(&self.body)))
    }

    /// Status, code and field of an error, and its sentence.
    pub(crate) fn error(&self) -> (u16, String, Value, String) {
        let dto = self.json();
        let word = |name: &str| dto[name].as_str().unwrap_or_default().to_owned();
        (self.status, word("code"), dto["field"].clone(), word("message"))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let line = self
            .head
            .lines()
            .find(|line| line.split_once(':').is_some_and(|(known, _)| known.eq_ignore_ascii_case(name)))?;
        line.split_once(':').map(|(_, value)| value.trim())
    }
}

impl Server {
    pub(crate) fn start(data: &Path, words: &[&str]) -> Self {
        let log = data.join("server.log");
        fs::create_dir_all(data).expect("a folder");
        let mut child = reme(data)
            .args(["serve", "--port", "0", "--no-open"])
            .args(words)
            .stdout(Stdio::piped())
            .stderr(fs::File::create(&log).expect("a log"))
            .spawn()
            .expect("the server starts");
        let mut out = BufReader::new(child.stdout.take().expect("piped"));
        let mut first_line = String::new();
        out.read_line(&mut first_line).expect("a first line");
        let port = first_line.trim_end().trim_end_matches('/').rsplit(':').next().and_then(|port| port.parse().ok());
        let port =
            port.unwrap_or_else(|| panic!("no address: {first_line} {}", fs::read_to_string(&log).unwrap_or_default()));
        Self { child, _out: out, log, port, first_line }
    }

    pub(crate) fn log(&self) -> String {
        fs::read_to_string(&self.log).expect("a log")
    }

    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("kill").args(["-s", name, &self.child.id().to_string()]).status().expect("kill");
        assert!(sent.success());
    }

    /// Waits for its end and says the exit code.
    pub(crate) fn wait(&mut self) -> Option<i32> {
        self.child.wait().expect("ends").code()
    }

    /// Sends the head of a request as it is given, then the body, and reads to the end.
    pub(crate) fn raw(&self, head: &str, body: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("connects");
        stream.write_all(head.as_bytes()).expect("sent");
        stream.write_all(body).expect("sent");
        let mut all = Vec::new();
        stream.read_to_end(&mut all).expect("answered");
        let end = all.windows(4).position(|four| four == b"\r\n\r\n").expect("a head");
        let head = text(&all[..end]);
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        Answer { status, head, body: all.split_off(end + 4) }
    }

    /// A request as our screens send it, with more headers if need be.
    pub(crate) fn ask(&self, method: &str, path: &str, more: &str, body: &[u8]) -> Answer {
        let head = format!(
            "{method} {path} HTTP/1.0\r\nHost: 127.0.0.1:{}\r\nX-ReMe: 1\r\nContent-Length: {}\r\n{more}\r\n",
            self.port,
            body.len()
        );
        self.raw(&head, body)
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, "", b"")
    }

    pub(crate) fn send(&self, method: &str, path: &str, body: &Value) -> Answer {
        self.ask(method, path, "Content-Type: application/json\r\n", body.to_string().as_bytes())
    }

    /// Uploads a photo as a form.
    pub(crate) fn upload(&self, slug: &str, photo: &[u8]) -> Answer {
        let (kind, body) = form("file", photo);
        self.ask("POST", &format!("/api/patients/{slug}/media"), &kind, &body)
    }

    /// Everything that a request may change, counted: memories, bin, people, photos on disk.
    pub(crate) fn counts(&self, slug: &str, data: &Path) -> [usize; 4] {
        let len = |path: &str| {
            let answer = self.get(&format!("/api/patients/{slug}/{path}"));
            answer.json().as_array().map_or(usize::MAX, Vec::len)
        };
        let media = files_in(&data.join("patients").join(slug).join("media"));
        [len("memories"), len("memories?bin=1"), len("people"), media]
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn files_in(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| if entry.path().is_dir() { files_in(&entry.path()) } else { 1 }).sum()
}

/// A form with one part: its Content-Type header and its bytes.
pub(crate) fn form(name: &str, bytes: &[u8]) -> (String, Vec<u8>) {
    let mut body = format!(
        "--edge\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"p.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--edge--\r\n");
    ("Content-Type: multipart/form-data; boundary=edge\r\n".to_owned(), body)
}

pub(crate) fn memory(text: &str) -> Value {
    json!({
        "kind": "episode", "happened_at": "2024-05-02", "text": text, "people": ["Joan"], "place": null, "tags": [],
        "source": "caregiver", "sensitive": false, "media": [], "facts": null,
    })
}

/// A household with Hedda in it.
pub(crate) fn with_hedda() -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    let added = run(dir.path(), &["patient", "add", "Hedda", "--zone", "Europe/Oslo"]);
    assert!(added.status.success(), "{}", text(&added.stderr));
    dir
}

pub(crate) fn png(side: u32) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let picture = image::RgbImage::from_fn(side, side, |x, y| image::Rgb([x as u8, y as u8, 90]));
    image::DynamicImage::from(picture).write_to(&mut bytes, image::ImageFormat::Png).expect("encodes");
    bytes.into_inner()
}
