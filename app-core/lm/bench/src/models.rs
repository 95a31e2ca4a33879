//! Whole models: tokens a second in prefill and decoding, and peak memory, ours and llama.cpp's in turn.

use std::path::Path;
use std::process::Command;

use reme_lm::{ChatMessage, ConvertOptions, Flow, GenerateOptions, LoadOptions, Model, Session, convert};

use crate::{Entry, median, peer, seconds};

const ROUNDS: usize = 3;
/// Tokens of a prefill, and those that are then written one by one.
const PREFILL: usize = 64;
const DECODE: usize = 24;

fn open(path: &Path, threads: usize) -> Model {
    let options = LoadOptions { threads, window_tokens: 1024, ..LoadOptions::default() };
    Model::open(path, &options).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Token ids that every vocabulary has.
fn tokens(len: usize) -> Vec<u32> {
    (0..len as u32).map(|i| 10 + i * 7 % 200).collect()
}

fn run_ours(session: &mut Session, tokens: &[u32]) {
    session.feed(tokens).unwrap_or_else(|error| panic!("the tokens run: {error}"));
}

/// Prefill of 64 tokens and decoding of 24 more, one and two threads (`REME_BENCH_ONE_THREAD`: one).
pub(crate) fn tokens_per_second(path: &Path) -> Vec<Entry> {
    let file = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let mut entries = Vec::new();
    // The packed file, beside the program's other products; the second opening is a warm one.
    let packed = std::env::temp_dir().join(format!("reme-bench-{}.gguf", std::process::id()));
    let converted = convert(path, &packed, &ConvertOptions::default(), &mut |_| {});
    converted.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    drop(open(&packed, 2));
    let load_s = seconds(|| drop(open(&packed, 2)));
    let pack_s = seconds(|| drop(open(path, 2)));
    // Beside other work llama.cpp's spinning threads come to a stand: what they do with two says nothing then.
    let most_threads = if std::env::var_os("REME_BENCH_ONE_THREAD").is_some() { 1 } else { 2 };
    for threads in 1..=most_threads {
        let mut ours = open(path, threads).session();
        let mut theirs = peer::Session::open(path, threads as i32, peer::Cache::Default);
        let (prompt, rest) = (tokens(PREFILL), tokens(DECODE));
        let mut times: [Vec<f64>; 4] = Default::default();
        for round in 0..=ROUNDS {
            ours.forget();
            theirs.forget();
            let now = [
                seconds(|| run_ours(&mut ours, &prompt)),
                seconds(|| theirs.feed(&prompt)),
                seconds(|| rest.iter().for_each(|token| run_ours(&mut ours, &[*token]))),
                seconds(|| rest.iter().for_each(|token| theirs.feed(&[*token]))),
            ];
            // The first round only warms up.
            if round > 0 {
                times.iter_mut().zip(now).for_each(|(all, time)| all.push(time));
            }
        }
        let rate = |tokens: usize, of: usize| tokens as f64 / median(&times[of]);
        let name = |what: &str| format!("{file}, {what}, {threads} thread{}", if threads > 1 { "s" } else { "" });
        entries.push(Entry::rate(name("prefill"), rate(PREFILL, 0), rate(PREFILL, 1), "llama.cpp", "tokens/s"));
        entries.push(Entry::rate(name("decode"), rate(DECODE, 2), rate(DECODE, 3), "llama.cpp", "tokens/s"));
    }
    entries.push(Entry::time(format!("{file}, load of the packed file"), load_s * 1e6, 0.5e6, "target 0.5 s"));
    entries.push(Entry::time(format!("{file}, load and pack"), pack_s * 1e6, 0.5e6, "target 0.5 s"));
    let mapped_mb = peak_of("memory", &packed);
    let file_mb = std::fs::metadata(&packed).map_or(f64::NAN, |data| data.len() as f64 / 1e6);
    if let Some(mapped) = mapped_mb {
        let name = format!("{file}, packed file: its size as share of peak memory");
        entries.push(Entry::rate(name, file_mb, mapped, "peak memory", "MB"));
    }
    // A temporary file; a left-over costs space only.
    let _ = std::fs::remove_file(&packed);
    if let (Some(ours), Some(theirs)) = (peak_of("memory", path), peak_of("peer-memory", path)) {
        let name = format!("{file}, peak memory");
        let ratio = theirs / ours;
        entries.push(Entry { name, ours, peer: theirs, peer_name: "llama.cpp".into(), unit: "MB", ratio });
    }
    entries
}

/// Time to the first token of a session's first answer, with the start of the conversation loaded from disk and without.
pub(crate) fn first_token(path: &Path) -> Vec<Entry> {
    let file = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let model = open(path, 1);
    let system = "You help an elderly person remember. Be kind, brief and clear; ask one thing at a time. ".repeat(8);
    let start = std::env::temp_dir().join(format!("reme-start-{}", std::process::id()));
    let saved = model.session().save_prefix(&[ChatMessage::system(&system)], &start);
    let kept = saved.unwrap_or_else(|error| panic!("{}: {error}", start.display()));
    let messages = [ChatMessage::system(&*system), ChatMessage::user("Good morning!")];
    let options = GenerateOptions { max_tokens: 1, ..GenerateOptions::default() };
    let answer = |is_warm: bool| {
        seconds(|| {
            let mut session = model.session();
            if is_warm {
                session.load_prefix(&start).unwrap_or_else(|error| panic!("{}: {error}", start.display()));
            }
            let answered = session.generate(&messages, &options, &mut |_| Flow::Continue);
            answered.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        })
    };
    let (warm, cold): (Vec<f64>, Vec<f64>) = (0..5).map(|_| (answer(true), answer(false))).unzip();
    // A temporary file; a left-over costs space only.
    let _ = std::fs::remove_file(&start);
    let name = format!("{file}, first token, start of {kept} tokens from disk");
    vec![Entry::time(name, median(&warm) * 1e6, median(&cold) * 1e6, "reading it anew")]
}

/// Peak memory in MB of a process of its own that opens the model and runs a few tokens.
fn peak_of(word: &str, path: &Path) -> Option<f64> {
    let program = std::env::current_exe().ok()?;
    let output = Command::new(program).arg(word).arg(path).output().ok()?;
    String::from_utf8_lossy(&output.stdout).trim().parse().ok()
}

/// Highest memory of this process in MB, from the kernel's own count.
fn peak_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib: Option<f64> = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    kib.map_or(f64::NAN, |kib| kib * 1024.0 / 1e6)
}

pub(crate) fn print_peak(path: &Path) {
    let mut session = open(path, 1).session();
    run_ours(&mut session, &tokens(PREFILL));
    println!("{:.1}", peak_mb());
}

pub(crate) fn print_peer_peak(path: &Path) {
    peer::start();
    let mut session = peer::Session::open(path, 1, peer::Cache::Default);
    session.feed(&tokens(PREFILL));
    println!("{:.1}", peak_mb());
}
