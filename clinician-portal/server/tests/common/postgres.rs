//! A PostgreSQL server for the tests of one process: made in a temporary folder, reached by a socket in it, gone with us.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

use tokio::sync::OnceCell;

/// Stops the server and removes its folder when our end of the pipe closes, however we end.
const WATCHED: &str = r#""$0" -D "$1/data" -k "$1" -c listen_addresses= -c fsync=off -c max_connections=300 >"$1/log" 2>&1 &
pid=$!
cat >/dev/null
kill -INT $pid
wait $pid
rm -rf "$1""#;

struct Server {
    socket_folder: PathBuf,
}

/// Where Debian and others put the server's programs.
fn program(name: &str) -> PathBuf {
    let mut folders: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .map(|versions| versions.flatten().map(|version| version.path().join("bin")).collect())
        .unwrap_or_default();
    folders.sort();
    folders.reverse();
    folders.push("/usr/local/bin".into());
    folders.push("/usr/bin".into());
    let found = folders.into_iter().map(|folder| folder.join(name)).find(|path| path.is_file());
    found.unwrap_or_else(|| panic!("PostgreSQL's {name} is not here; type: apt-get install postgresql"))
}

/// Runs as root's little brother: PostgreSQL refuses to be root.
fn command(program: &Path) -> Command {
    let id = Command::new("id").arg("-u").output().expect("id runs");
    if id.stdout.trim_ascii() == b"0" {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=nobody", "--regid=nogroup", "--clear-groups", "--"]).arg(program);
        command
    } else {
        Command::new(program)
    }
}

async fn server() -> &'static Server {
    static SERVER: OnceCell<Server> = OnceCell::const_new();
    SERVER.get_or_init(|| async { start() }).await
}

fn start() -> Server {
    // Made by whoever runs the server, so that it can be removed at the end; short, because a socket's path may not be long.
    let made = command(Path::new("/usr/bin/mktemp")).args(["-d", "/tmp/reme-pg.XXXXXX"]).current_dir("/").output();
    let folder = PathBuf::from(String::from_utf8_lossy(&made.expect("mktemp runs").stdout).trim());
    assert!(folder.is_dir(), "a folder for PostgreSQL could not be made");
    let data = folder.join("data");
    let made = command(&program("initdb"))
        .args(["-D".as_ref(), data.as_os_str()])
        .args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"])
        .current_dir("/")
        .output()
        .expect("initdb runs");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let mut watcher = command(Path::new("/bin/sh"));
    watcher.args(["-c", WATCHED]).arg(program("postgres")).arg(&folder).current_dir("/").stdin(Stdio::piped());
    let child = watcher.spawn().expect("the server starts");
    // The pipe stays open as long as this process lives.
    std::mem::forget(child);
    let ready = program("pg_isready");
    // Bounded by tries, each of which waits in pg_isready itself.
    for _ in 0..600 {
        let asked = Command::new(&ready).args(["-q", "-t", "1", "-h"]).arg(&folder).status();
        if asked.is_ok_and(|status| status.success()) {
            return Server { socket_folder: folder };
        }
        std::thread::yield_now();
    }
    panic!("{}", std::fs::read_to_string(folder.join("log")).unwrap_or_default());
}

fn url(server: &Server, name: &str) -> String {
    format!("postgres://postgres@localhost/{name}?host={}", server.socket_folder.display())
}

fn create(server: &Server, name: &str, template: &str) {
    let done = Command::new(program("createdb"))
        .args(["-U", "postgres", "-T", template, "-h"])
        .arg(&server.socket_folder)
        .arg(name)
        .output()
        .expect("createdb runs");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

static NUMBER: AtomicU32 = AtomicU32::new(0);

/// A database of its own with nothing in it.
pub async fn empty_database() -> String {
    let server = server().await;
    let name = format!("empty_{}", NUMBER.fetch_add(1, Ordering::SeqCst));
    create(server, &name, "template0");
    url(server, &name)
}

/// A database of its own with the demo clinic in it.
pub async fn fresh_database() -> String {
    static TEMPLATE: OnceCell<()> = OnceCell::const_new();
    let server = server().await;
    TEMPLATE
        .get_or_init(|| async {
            create(server, "seeded", "template0");
            super::seed(&url(server, "seeded")).await;
        })
        .await;
    let name = format!("test_{}", NUMBER.fetch_add(1, Ordering::SeqCst));
    create(server, &name, "seeded");
    url(server, &name)
}
