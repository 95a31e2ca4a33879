//! Prints how long a token takes behind contexts of several lengths, best and median: what attention costs.
//! `cargo run --release -p reme-lm --example contexts -- FILE [THREADS [FROM TO]]`; with FROM and TO it decodes from one context to
//! the other and nothing else, for a profiler.
#![allow(clippy::disallowed_methods, reason = "a measuring tool reads the clock")]

use std::time::Instant;

use reme_lm::{LmError, LoadOptions, Model};

/// Tokens of each context.
const CONTEXTS: [usize; 5] = [8, 64, 200, 400, 900];
/// Tokens that are timed behind each.
const TIMED: usize = 40;

fn main() -> Result<(), LmError> {
    let Some(path) = std::env::args().nth(1) else {
        eprintln!("say which model file: contexts FILE [THREADS]");
        std::process::exit(2);
    };
    let threads = std::env::args().nth(2).and_then(|word| word.parse().ok()).unwrap_or(1);
    let model = Model::open(path.as_ref(), &LoadOptions { threads, ..LoadOptions::default() })?;
    let mut session = model.session();
    let token = |at: usize| (at * 7919 % 997 + 3) as u32;
    let number = |place| std::env::args().nth(place).and_then(|word| word.parse::<usize>().ok());
    if let (Some(from), Some(to)) = (number(3), number(4)) {
        for _ in 0..4 {
            session.forget();
            session.feed(&(0..from).map(token).collect::<Vec<_>>())?;
            let start = Instant::now();
            for at in from..to {
                session.feed(&[token(at)])?;
            }
            println!("{:.2} ms a token", start.elapsed().as_secs_f64() * 1e3 / (to - from) as f64);
        }
        return Ok(());
    }
    let mut at = 0;
    for context in CONTEXTS {
        let read: Vec<u32> = (at..context).map(token).collect();
        if !read.is_empty() {
            session.feed(&read)?;
        }
        let mut times = Vec::with_capacity(TIMED);
        for index in 0..TIMED {
            let start = Instant::now();
            session.feed(&[token(context + index)])?;
            times.push(start.elapsed().as_secs_f64() * 1e3);
        }
        at = context + TIMED;
        times.sort_by(f64::total_cmp);
        print!("{context}: {:.2} {:.2}  ", times[0], times[TIMED / 2]);
    }
    println!();
    Ok(())
}
