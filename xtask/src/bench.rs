//! `cargo xtask bench lm`: the kernels of the model runtime. `cargo xtask bench session`: how long a person waits, and how
//! much memory the companion takes. `cargo xtask bench speech`: whether the voice is understood. All print a Markdown table with the machine named, ready for `docs/decisions/`.

use std::{
    fs,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, ExitCode, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{
    machine, run,
    screens::{COMPANION, Screens},
    steps::{Steps, cargo, succeed},
    train_tiny,
};

/// A companion that takes longer than this to answer is reported as a failure.
const PATIENCE: Duration = Duration::from_secs(120);

/// A note the rules find little to ask about in, so that the model is set to work.
const NOTE: &str = r#"{"kind":"episode","text":"The roof leaked all night and the bucket was full by morning.","people":[],"place":null,
    "happened_at":null,"tags":[],"source":"caregiver","sensitive":false,"media":[],"facts":null}"#;

/// What was measured with one model.
struct Measured {
    first_screen_ms: u128,
    first_line_ms: u128,
    /// Until a note's questions were proposed; the model does it where the rules find few.
    questions_ms: u128,
    memory_mb: u64,
    peak_mb: u64,
}

pub(crate) fn session(root: &Path) -> Result<ExitCode> {
    let mut steps = Steps::new();
    machine::ensure(&mut steps, machine::FOR_RUN)?;
    Screens::find(root, COMPANION, &mut steps)?.build(root, &mut steps)?;
    let paths = run::models(&mut steps, &["tiny", "default"])?;
    steps.step("building the companion, optimised", || {
        succeed(cargo(root).args(["build", "--release", "--package", "reme-cli"]))
    })?;
    let reme = run::target_folder(root).join("release/reme");
    println!("Machine: {}", machine_name());
    println!(
        "\n| model | start to first screen | to the first spoken line | questions from a note | memory | peak |\n|---|---|---|---|---|---|"
    );
    let (tiny, default) = (paths[0].display().to_string(), paths[1].display().to_string());
    let ways = [
        ("none", "none", false),
        ("tiny", &tiny, false),
        ("default", &default, false),
        ("tiny, wording lines", &tiny, true),
        ("default, wording lines", &default, true),
    ];
    for (name, model, reword) in ways {
        let measured = steps.step(&format!("a session, model: {name}"), || measure(root, &reme, model, reword))?;
        let Measured { first_screen_ms, first_line_ms, questions_ms, memory_mb, peak_mb } = measured;
        println!(
            "| {name} | {first_screen_ms} ms | {first_line_ms} ms | {questions_ms} ms | {memory_mb} MB | {peak_mb} MB |"
        );
    }
    Ok(ExitCode::SUCCESS)
}

/// `cargo xtask bench lm`: the model runtime against llama.cpp and the memory's bandwidth, as a table, as
/// `target/bench/lm.json` and as a plot; then what rounding to fewer bits costs (`perplexity.json`). A project of its own holds the measuring, since it compiles llama.cpp.
pub(crate) fn lm(root: &Path) -> Result<ExitCode> {
    let mut steps = Steps::new();
    machine::ensure(&mut steps, machine::FOR_LM_BENCH)?;
    machine::ensure(&mut steps, machine::FOR_TRAINING)?;
    let models = run::models(&mut steps, &["tiny", "default"])?;
    let target = run::target_folder(root);
    let folder = target.join("bench");
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    let texts = train_tiny::texts_to_measure(root, &mut steps, &folder)?;
    let (report, plot) = (folder.join("lm.json"), folder.join("lm.svg"));
    let mut command = cargo(root);
    // Compiled beside the workspace: its own lock file would otherwise push the workspace's build out of the folder.
    command.env("CARGO_TARGET_DIR", target.join("peer"));
    command.args(["build", "--quiet", "--release", "--manifest-path", "app-core/lm/bench/Cargo.toml"]);
    steps.step("building the measuring program and llama.cpp", || succeed(&mut command))?;
    println!("Machine: {}", machine_name());
    let program = target.join("peer/release/reme-lm-bench");
    succeed(Command::new(program).arg(&report).arg(&plot).args(&models).current_dir(root))?;
    let perplexity = folder.join("perplexity.json");
    steps.step("perplexity by bits a weight", || {
        println!();
        let mut command = cargo(root);
        command.args(["run", "--quiet", "--release", "--package", "reme-lm", "--example", "perplexity", "--"]);
        succeed(command.args(&texts).arg(&perplexity).args(&models))
    })?;
    println!("\nAlso in {}, {} and {}", report.display(), plot.display(), perplexity.display());
    Ok(ExitCode::SUCCESS)
}

/// `cargo xtask bench speech`: every sentence of the bench said by the voice and heard by the recogniser; errors and times.
pub(crate) fn speech(root: &Path) -> Result<ExitCode> {
    let mut steps = Steps::new();
    machine::ensure(&mut steps, machine::FOR_RUN)?;
    let models = run::models(&mut steps, &["kokoro", "kokoro-voices", "whisper-base"])?;
    let folder = run::target_folder(root).join("bench/speech");
    let heard_back = ["--release", "--package", "reme-speech", "--example", "heard_back"];
    steps.step("building the measuring program, optimised", || succeed(cargo(root).arg("build").args(heard_back)))?;
    println!("Machine: {}", machine_name());
    succeed(cargo(root).args(["run", "--quiet"]).args(heard_back).arg("--").args(&models).arg(&folder))?;
    println!("\nThe sound is in {}", folder.display());
    Ok(ExitCode::SUCCESS)
}

/// A served companion with the demo people; killed, and its data removed, however the measuring ends.
pub(crate) struct Companion {
    pub(crate) child: Child,
    pub(crate) port: u16,
    /// What is removed; empty: nothing.
    data: std::path::PathBuf,
}

impl Companion {
    /// Starts `reme serve` on a free port with `words` more.
    pub(crate) fn start(root: &Path, reme: &Path, data: &Path, words: &[&str]) -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let child = Command::new(reme)
            .env("REME_KEYS", "file") // the data go when the measuring ends; no key of theirs stays in a keyring
            .args(["serve", "--no-open", "--port", &port.to_string(), "--data"])
            .arg(data)
            .arg("--demo")
            .arg(root.join("assets/demo"))
            .arg("--ui")
            .arg(root.join("desktop/ui/dist"))
            .arg("--templates")
            .arg(root.join("game-templates"))
            .args(words)
            .stdout(Stdio::null())
            .spawn()
            .with_context(|| format!("could not start {}", reme.display()))?;
        Ok(Self { child, port, data: data.into() })
    }
}

impl Drop for Companion {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.data);
    }
}

#[allow(clippy::disallowed_methods, reason = "measuring elapsed time is this tool's purpose")]
fn measure(root: &Path, reme: &Path, model: &str, reword: bool) -> Result<Measured> {
    let data = std::env::temp_dir().join(format!("reme-bench-{}", std::process::id()));
    let _ = fs::remove_dir_all(&data);
    // The first start lays the demo people into the store; the second, warm one is what a person waits for every day.
    let mut measured = None;
    for round in 0..2 {
        let began = Instant::now();
        let words: &[&str] = if reword { &["--model", model, "--reword"] } else { &["--model", model] };
        let mut companion = Companion::start(root, reme, &data, words)?;
        if round == 0 {
            companion.data = "".into();
        }
        let port = companion.port;
        let patients = wait_for(began, || Ok(serde_json::from_str::<Value>(&ask(port, "GET", "/api/patients", "")?)?))?;
        ask(port, "GET", "/", "")?;
        let first_screen_ms = began.elapsed().as_millis();
        let Some(slug) = patients[0]["slug"].as_str().map(str::to_owned) else {
            bail!("the demo people are not there")
        };
        let asked = Instant::now();
        ask(port, "POST", &format!("/api/patients/{slug}/session"), "{}")?;
        let first_line_ms = asked.elapsed().as_millis();
        let asked = Instant::now();
        ask(port, "POST", &format!("/api/patients/{slug}/memories/propose"), NOTE)?;
        let questions_ms = asked.elapsed().as_millis();
        let (memory_mb, peak_mb) = memory_of(companion.child.id())?;
        measured = Some(Measured { first_screen_ms, first_line_ms, questions_ms, memory_mb, peak_mb });
        succeed(Command::new("kill").args(["-INT", &companion.child.id().to_string()]))?;
        companion.child.wait()?;
    }
    measured.context("nothing was measured")
}

/// Asks until there is an answer or patience ends.
#[allow(clippy::disallowed_methods, reason = "measuring elapsed time is this tool's purpose")]
pub(crate) fn wait_for<T>(began: Instant, mut attempt: impl FnMut() -> Result<T>) -> Result<T> {
    loop {
        match attempt() {
            Ok(answer) => return Ok(answer),
            Err(error) if began.elapsed() > PATIENCE => {
                return Err(error.context("the companion did not answer in two minutes"));
            }
            Err(_) => std::thread::sleep(Duration::from_millis(2)),
        }
    }
}

/// The body of the answer to one plain HTTP request.
pub(crate) fn ask(port: u16, method: &str, path: &str, body: &str) -> Result<String> {
    let answer = ask_with(port, method, path, "application/json", body.as_bytes())?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

/// As [`ask`], with a body of any kind, both ways.
pub(crate) fn ask_with(port: u16, method: &str, path: &str, kind: &str, body: &[u8]) -> Result<Vec<u8>> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    write!(
        stream,
        "{method} {path} HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\nX-ReMe: 1\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    )?;
    stream.write_all(body)?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n");
    let Some(end) = end else { bail!("{method} {path}: the answer was cut off") };
    let head = String::from_utf8_lossy(&answer[..end]);
    let status = head.lines().next().unwrap_or_default();
    if !status.contains(" 2") {
        bail!("{method} {path}: {status}");
    }
    Ok(answer.split_off(end + 4))
}

/// Resident memory now and at its highest, in MB, from the kernel's own count.
pub(crate) fn memory_of(process: u32) -> Result<(u64, u64)> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))
        .context("this system has no /proc to read memory from")?;
    let field = |name: &str| -> Option<u64> {
        let line = status.lines().find(|line| line.starts_with(name))?;
        let kib: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
        Some(kib * 1024 / 1_000_000)
    };
    Ok((field("VmRSS:").context("VmRSS is missing")?, field("VmHWM:").context("VmHWM is missing")?))
}

pub(crate) fn machine_name() -> String {
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(':'))
        .map_or("unknown CPU", |(_, name)| name.trim());
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    format!("{model}, {cores} cores, {} {}", std::env::consts::OS, std::env::consts::ARCH)
}
