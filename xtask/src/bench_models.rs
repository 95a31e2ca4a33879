//! `cargo xtask bench models`: how long each model takes from the start of its command to its result, and how much memory; and the
//! companion of a small phone with every model in use, one after the other, in one process.

use std::{
    fs,
    io::Write,
    path::Path,
    process::{Command, ExitCode, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::{
    bench::{Companion, ask, ask_with, machine_name, memory_of, wait_for},
    machine, run,
    screens::{COMPANION, Screens},
    steps::{Steps, cargo, succeed},
};

/// What a small phone can give, MB.
const SMALL_PHONE_MB: u64 = 1_000;
/// Each command is run so often; the median is told.
const ROUNDS: usize = 3;

const SOUND: &str = "app-core/speech/tests/sounds/birthday.en.wav";
const PHOTO: &str = "app-core/vision/tests/fixtures/coffee.jpg";
const LINE: &str = "Good morning, Hedda. Shall we look at the photo from the lake together?";
const LINE_ZH: &str = "早上好，咱们一起看看湖边的那张照片，好吗？";

/// A command that uses one model.
struct Row {
    what: &'static str,
    words: Vec<String>,
    typed: &'static str,
}

pub(crate) fn models(root: &Path) -> Result<ExitCode> {
    let mut steps = Steps::new();
    machine::ensure(&mut steps, machine::FOR_RUN)?;
    Screens::find(root, COMPANION, &mut steps)?.build(root, &mut steps)?;
    run::models(&mut steps, &["tiny", "default", "hearing", "speaking", "seeing", "embedding"])?;
    steps.step("building the companion, optimised", || {
        succeed(cargo(root).args(["build", "--release", "--package", "reme-cli"]))
    })?;
    let reme = run::target_folder(root).join("release/reme");
    let folder = std::env::temp_dir().join(format!("reme-bench-models-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder)?;
    println!("Machine: {}", machine_name());
    let measured = each(root, &reme, &folder).and_then(|()| small_phone(root, &reme, &folder));
    let _ = fs::remove_dir_all(&folder);
    measured.map(|()| ExitCode::SUCCESS)
}

/// A table of all models, each alone.
fn each(root: &Path, reme: &Path, folder: &Path) -> Result<()> {
    let row = |what, words: &[&str], typed| Row { what, words: words.iter().map(|&w| w.to_owned()).collect(), typed };
    let (sound, photo) = (root.join(SOUND).display().to_string(), root.join(PHOTO).display().to_string());
    let wav = folder.join("line.wav").display().to_string();
    let data = folder.join("data").display().to_string();
    let hear = |model| ["hear", "--language", "en", "--model", model, &sound].map(str::to_owned).to_vec();
    let chat = |model| ["model", "chat", "--max-tokens", "24", "--model", model].map(str::to_owned).to_vec();
    for words in
        [&["patient", "add", "Hedda", "--lang", "en"][..], &["memory", "add", "Waffles with Signe at the lake."]]
    {
        run_measured(reme, &[&["--data", &data], words].concat(), "")?;
    }
    let rows = [
        row("nothing: `reme model list`", &["model", "list"], ""),
        Row { what: "`tiny`, 24 tokens", words: chat("tiny"), typed: "Say good morning.\n" },
        Row { what: "`default`, 24 tokens", words: chat("default"), typed: "Say good morning.\n" },
        Row { what: "`whisper-tiny.en`, 4.3 s of speech", words: hear("whisper-tiny.en"), typed: "" },
        Row { what: "`whisper-base`, 4.3 s of speech", words: hear("whisper-base"), typed: "" },
        row("`kokoro`, a line of English", &["speak", LINE, "--engine", "kokoro", "--out", &wav], ""),
        row("`kokoro`, a line of Mandarin", &["speak", LINE_ZH, "--engine", "kokoro", "--out", &wav], ""),
        row("seeing, one photo", &["photo", "look", &photo], ""),
        row("`sentences`, one question", &["--data", &data, "memory", "search", "What did we eat by the water?"], ""),
    ];
    println!("\n| what | start to end, median of {ROUNDS} | most memory |\n|---|---|---|");
    for Row { what, words, typed } in rows {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        // The first run of a language model also packs its weights, once.
        run_measured(reme, &words, typed)?;
        let mut runs = (0..ROUNDS).map(|_| run_measured(reme, &words, typed)).collect::<Result<Vec<_>>>()?;
        runs.sort_unstable();
        let (took, _) = runs[ROUNDS / 2];
        let peak = runs.iter().map(|&(_, peak)| peak).max().unwrap_or_default();
        println!("| {what} | {:.2} s | {peak} MB |", took.as_secs_f64());
    }
    Ok(())
}

/// How long a command took, and the most memory it held, MB, looked at a hundred times a second.
#[allow(clippy::disallowed_methods, reason = "measuring elapsed time is this tool's purpose")]
fn run_measured(reme: &Path, words: &[&str], typed: &str) -> Result<(Duration, u64)> {
    let began = Instant::now();
    let mut child = Command::new(reme)
        .env("REME_KEYS", "file")
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()?;
    child.stdin.take().context("no way in")?.write_all(typed.as_bytes())?;
    let mut peak = 0;
    loop {
        peak = memory_of(child.id()).map_or(peak, |(_, most)| peak.max(most));
        if child.try_wait()?.is_some() {
            break;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    let took = began.elapsed();
    let ended = child.wait_with_output()?;
    if !ended.status.success() {
        bail!("reme {}: {}", words.join(" "), String::from_utf8_lossy(&ended.stderr));
    }
    Ok((took, peak))
}

/// `reme serve --small-phone` doing everything a day brings, for each of the demo people alone, since a phone is one person's.
fn small_phone(root: &Path, reme: &Path, folder: &Path) -> Result<()> {
    let data = folder.join("phone");
    println!("\n| the companion of a small phone, after | memory | most so far |\n|---|---|---|");
    let mut most = 0;
    for nth in 0..2 {
        most = most.max(a_day(root, reme, &data, nth)?);
    }
    println!("\nMost memory: {most} MB; a small phone gives {SMALL_PHONE_MB} MB.");
    if most > SMALL_PHONE_MB {
        bail!("that is too much")
    }
    Ok(())
}

/// A session, a spoken line, listening, all photos, a question, for the demo person of this place; the most memory, MB.
#[allow(clippy::disallowed_methods, reason = "measuring elapsed time is this tool's purpose")]
fn a_day(root: &Path, reme: &Path, data: &Path, nth: usize) -> Result<u64> {
    let companion = Companion::start(root, reme, data, &["--model", "tiny", "--reword", "--small-phone"])?;
    let port = companion.port;
    let json = |method, path: &str, body: &str| -> Result<Value> {
        Ok(serde_json::from_str(&ask(port, method, path, body)?)?)
    };
    let patients = wait_for(Instant::now(), || json("GET", "/api/patients", ""))?;
    let text = |field: &str| patients[nth][field].as_str().map(str::to_owned).context("the demo people are not there");
    let (slug, language) = (text("slug")?, text("language")?);
    let at = |path: &str| format!("/api/patients/{slug}{path}");
    let tell = |what: &str| -> Result<u64> {
        let (now, most) = memory_of(companion.child.id())?;
        println!("| {language}: {what} | {now} MB | {most} MB |");
        Ok(most)
    };
    tell("its start")?;
    ask(port, "POST", &at("/session"), "{}")?;
    tell("a session's first line, worded by `tiny`")?;
    let line = json!({ "text": if language == "en" { LINE } else { LINE_ZH } });
    ask_with(port, "POST", &at("/speak"), "application/json", line.to_string().as_bytes())?;
    tell("a spoken line")?;
    let turn = json("POST", &at("/listen"), r#"{"from":"browser","keep":false}"#)?;
    let turn = at(&format!("/listen/{}", turn["id"].as_str().unwrap_or_default()));
    let wav = fs::read(root.join(SOUND))?;
    ask_with(port, "POST", &format!("{turn}/audio"), "application/octet-stream", wav.get(44..).unwrap_or_default())?;
    ask(port, "POST", &format!("{turn}/stop"), "")?;
    let (mut after, mut is_heard) = (0, false);
    while !is_heard {
        for event in json("GET", &format!("{turn}?after={after}"), "")?.as_array().into_iter().flatten() {
            after = event["seq"].as_u64().unwrap_or(after);
            is_heard |= event["kind"] == "final";
            if event["kind"] == "trouble" || event["kind"] == "nothing" {
                bail!("listening: {event}");
            }
        }
    }
    tell("listening to an answer")?;
    ask(port, "POST", &at("/look"), "{}")?;
    while json("GET", &at("/look"), "")?["state"] == "running" {
        std::thread::sleep(Duration::from_millis(100));
    }
    tell("looking at all photos")?;
    ask(port, "POST", &at("/search"), r#"{"question":"What did we eat by the water?","limit":5}"#)?;
    tell("a question")
}
