//! How much a portal bears, on this machine, over loopback: ingest, trends over a growing log, a mix of reads and writes.
//!
//!     cargo build --release -p reme-portal
//!     cargo run --release -p reme-portal --example load -- target/release/reme-portal
//!
//! Starts the portal with the demo clinic on a database of its own and without rate limits, and ends it. Bounded: so many trials,
//! so many seconds. Client and portal share the machine's cores. Prints Markdown; what was measured stands in
//! `docs/decisions/0007-portal-load.md`.

mod client;
mod feed;

use std::{
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use clap::Parser;
use client::{Client, Login};
use reme_portal::{account::totp, demo};
use reme_types::Clock as _;
use serde_json::{Value, json};

#[derive(Parser)]
struct Options {
    /// The built `reme-portal`.
    portal: PathBuf,
    /// Sizes of the trial log at which trends are measured, rising.
    #[arg(long, value_delimiter = ',', default_values_t = [10_000, 100_000, 1_000_000])]
    trials: Vec<u64>,
    /// `postgres://…` of an empty database; an SQLite file of its own without it.
    #[arg(long)]
    database: Option<String>,
    /// Devices that push at once.
    #[arg(long, default_value_t = 4)]
    devices: u64,
    /// Connections that read and write at once.
    #[arg(long, default_value_t = 16)]
    connections: u64,
    /// Seconds of reading and writing.
    #[arg(long, default_value_t = 15)]
    seconds: u64,
}

/// The measuring tool's own clock.
#[derive(Debug)]
pub(crate) struct Now;

impl reme_types::Clock for Now {
    #[allow(clippy::disallowed_methods, reason = "a measuring tool")]
    fn now(&self) -> jiff::Timestamp {
        jiff::Timestamp::now()
    }
    fn time_zone(&self) -> jiff::tz::TimeZone {
        jiff::tz::TimeZone::UTC
    }
}

#[allow(clippy::disallowed_methods, reason = "a measuring tool")]
fn instant() -> Instant {
    Instant::now()
}

/// The portal; ended when dropped.
struct Portal {
    child: Child,
    address: String,
}

impl Portal {
    fn start(options: &Options, database: &str) -> Result<Self> {
        let mut child = Command::new(&options.portal)
            .args(["--demo", "--no-limits", "--bind", "127.0.0.1:0", "--database", database])
            .env("RUST_LOG", "warn")
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("{} cannot be started", options.portal.display()))?;
        for line in BufReader::new(child.stdout.take().context("no pipe")?).lines() {
            if let Some(address) = line?.strip_prefix("ReMe portal: ") {
                return Ok(Self { address: address.into(), child });
            }
        }
        bail!("the portal ended before it said where it is")
    }
}

impl Drop for Portal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A percentile of sorted times, milliseconds.
fn at(sorted: &[Duration], share: f64) -> f64 {
    let index = ((sorted.len() as f64 * share) as usize).min(sorted.len().saturating_sub(1));
    sorted.get(index).map_or(f64::NAN, |time| time.as_secs_f64() * 1000.0)
}

fn load_average() -> String {
    std::fs::read_to_string("/proc/loadavg").unwrap_or_default().split(' ').take(3).collect::<Vec<_>>().join(" ")
}

fn main() -> Result<()> {
    let options = Options::parse();
    let folder = tempfile::tempdir()?;
    let database = match &options.database {
        Some(url) => url.clone(),
        None => format!("sqlite:{}", folder.path().join("portal.db").display()),
    };
    let portal = Portal::start(&options, &database)?;
    let code = totp::code(demo::TOTP_SECRET, Now.now().as_millisecond()).map_err(|_| anyhow::anyhow!("no code"))?;
    let login =
        Client::open(&portal.address, Login::default())?.log_in("clinician@demo.example", demo::PASSWORD, &code)?;
    let mut client = Client::open(&portal.address, login.clone())?;
    println!("load average at the start: {}\n", load_average());
    let body = json!({"name": "Load", "reference": "", "language": "en", "time_zone": "UTC", "born_on": null});
    let patient = client.send("POST", "/api/patients", Some(&body))?.json()?;
    let patient = patient["id"].as_str().context("no patient")?.to_owned();
    let mut feeds = Vec::new();
    for number in 0..options.devices {
        let code = client.send("POST", &format!("/api/patients/{patient}/pairing-codes"), Some(&json!({})))?.json()?;
        feeds.push(feed::Feed::pair(&portal.address, code["code"].as_str().context("no code")?, number)?);
    }
    println!("| trials of one patient | pushed, records/s | load average |\n|---|---|---|");
    let mut trends = String::new();
    let mut mixes = String::new();
    let mut had = 0;
    for size in &options.trials {
        let began = instant();
        let each = size.saturating_sub(had) / options.devices;
        let pushed: u64 = thread::scope(|scope| {
            let running: Vec<_> = feeds.iter_mut().map(|feed| scope.spawn(move || feed.push(each))).collect();
            running
                .into_iter()
                .map(|one| one.join().map_err(|_| anyhow::anyhow!("a feed ended early"))?)
                .sum::<Result<u64>>()
        })?;
        let rate = pushed as f64 / began.elapsed().as_secs_f64();
        println!("| {size} | {rate:.0} | {} |", load_average());
        had = *size;
        for (what, query) in [("all", String::new()), ("26 weeks", format!("?from={}", feeds[0].weeks_back(26)))] {
            trends += &told(trend(&mut client, &format!("/api/patients/{patient}/trends{query}"), *size, what)?);
        }
        trends += &told(trend(
            &mut client,
            &format!("/api/patients/{FRANK}/trends"),
            *size,
            "of another patient (540 trials)",
        )?);
        mixes += &told(mix(&options, &portal.address, &login, *size)?);
    }
    println!("\n| trials | trend asked for | answer, kB | p50, ms | p95, ms |\n|---|---|---|---|---|\n{trends}");
    println!(
        "| trials | connections | requests/s | p50, ms | p99, ms | refused or failed | load average |\n|---|---|---|---|---|---|---|\n{mixes}"
    );
    Ok(())
}

/// Shows a row at once, so that a measurement that is cut off is not lost.
fn told(row: String) -> String {
    eprint!("{row}");
    row
}

/// Asks for a trend again and again.
fn trend(client: &mut Client, path: &str, size: u64, what: &str) -> Result<String> {
    let mut times = Vec::new();
    let mut bytes = 0;
    // Fewer where one takes long: within some ten seconds in any case.
    let began = instant();
    while times.len() < 200 && (times.len() < 20 || began.elapsed() < Duration::from_secs(10)) {
        let asked = instant();
        let answer = client.send("GET", path, None)?;
        if answer.status != 200 {
            bail!("a trend was answered with {}", answer.status);
        }
        bytes = answer.body.len();
        times.push(asked.elapsed());
    }
    times.sort_unstable();
    Ok(format!("| {size} | {what} | {} | {:.1} | {:.1} |\n", bytes / 1024, at(&times, 0.5), at(&times, 0.95)))
}

/// The demo's first patient.
const FRANK: &str = "019a7c00-0000-7000-8000-000000000021";

/// Of twenty requests, three write: a note, a check-in, a plan's reading for the next. Every one leaves an audit row on disk.
fn request(n: u64) -> (&'static str, String, Option<Value>) {
    let of = |path: &str| format!("/api/patients/{FRANK}{path}");
    match n % 20 {
        0..6 => ("GET", "/api/patients".into(), None),
        6..10 => ("GET", of(""), None),
        10..13 => ("GET", of("/trends?from=2000-01-01"), None),
        13..15 => ("GET", of("/sessions"), None),
        15..17 => ("GET", of("/plan"), None),
        17 => ("GET", of("/devices"), None),
        18 => ("POST", of("/notes"), Some(json!({ "text": "A line that was written to measure." }))),
        _ => ("POST", of("/check-ins"), Some(json!({ "day": "2026-11-01", "mood": "good" }))),
    }
}

fn mix(options: &Options, address: &str, login: &Login, size: u64) -> Result<String> {
    let end = instant() + Duration::from_secs(options.seconds);
    let began = instant();
    let work = |number: u64| -> Result<(Vec<Duration>, u64)> {
        let mut client = Client::open(address, login.clone())?;
        let (mut times, mut bad) = (Vec::new(), 0);
        // Each begins elsewhere in the round.
        let mut n = number * 7;
        while instant() < end {
            let (method, path, body) = request(n);
            let asked = instant();
            let answer = client.send(method, &path, body.as_ref())?;
            times.push(asked.elapsed());
            bad += u64::from(answer.status >= 300);
            n += 1;
        }
        Ok((times, bad))
    };
    let results: Vec<_> = thread::scope(|scope| {
        let running: Vec<_> = (0..options.connections).map(|n| scope.spawn(move || work(n))).collect();
        running
            .into_iter()
            .map(|one| one.join().map_err(|_| anyhow::anyhow!("a connection ended early"))?)
            .collect::<Result<_>>()
    })?;
    let seconds = began.elapsed().as_secs_f64();
    let bad: u64 = results.iter().map(|(_, bad)| bad).sum();
    let mut times: Vec<Duration> = results.into_iter().flat_map(|(times, _)| times).collect();
    times.sort_unstable();
    let rate = times.len() as f64 / seconds;
    let (p50, p99) = (at(&times, 0.5), at(&times, 0.99));
    Ok(format!("| {size} | {} | {rate:.0} | {p50:.1} | {p99:.1} | {bad} | {} |\n", options.connections, load_average()))
}
