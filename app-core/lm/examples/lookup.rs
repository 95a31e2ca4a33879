//! What guessing from the prompt brings: `cargo run --release -p reme-lm --example lookup FILE`. Greedy answers to a few
//! requests, with and without guesses in turn, on one thread; every answer must have the same tokens. Where the system
//! counts it (Linux), time is what the thread ran on a processor: other work on the machine would drown the difference.
#![allow(clippy::disallowed_methods, reason = "a measuring tool reads the clock")]

use std::error::Error;
use std::time::Instant;

use reme_lm::{ChatMessage, Flow, GenerateOptions, LoadOptions, Model};

/// Ours.
const STORY: &str = "On Saturday morning Ruth and her brother Walter walked along the river to the old mill. The miller, Mr. \
    Hargreaves, sold them a loaf of warm bread and a jar of plum jam. On the way home they met Aunt Dora, who had lost her \
    umbrella on the bridge. Walter climbed down to the water and brought it back, and Aunt Dora gave him two shillings.";
const REQUESTS: [(&str, &str); 4] = [
    ("retell", "Tell this story again, sentence by sentence, in the same words:"),
    ("correct", "Copy this text and put right any mistake in it:"),
    ("summarise", "Summarise this story in two sentences:"),
    ("other", "Read this, and then write about what you would have for breakfast:"),
];
/// Guesses at once.
const MOST: [usize; 3] = [2, 4, 8];
const ROUNDS: usize = 3;
const TOKENS: usize = 96;

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Seconds this thread has run: nanoseconds come first in the kernel's count.
fn ran(since: Instant) -> f64 {
    let count = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds: Option<f64> = count.and_then(|text| text.split_whitespace().next()?.parse().ok());
    nanoseconds.map_or_else(|| since.elapsed().as_secs_f64(), |ns| ns / 1e9)
}

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("say which model file")?;
    let model = Model::open(path.as_ref(), &LoadOptions { threads: 1, ..LoadOptions::default() })?;
    if !model.can_look_up() {
        return Err("with this model a batch rounds otherwise than a token alone, so nothing is guessed".into());
    }
    let start = Instant::now();
    println!(
        "Tokens a second of greedy decoding, {TOKENS} at most, one thread, median of {ROUNDS} rounds in turn; share \
         guessed rightly.\n"
    );
    println!("| request | tokens | plain | {} |", MOST.map(|most| format!("{most} guesses")).join(" | "));
    println!("|---|---|---|---|---|---|");
    for (name, request) in REQUESTS {
        let messages = [ChatMessage::user(format!("{request}\n\n{STORY}"))];
        let mut session = model.session();
        let mut rates: Vec<Vec<f64>> = vec![Vec::new(); 1 + MOST.len()];
        let mut shares = vec![0.0; 1 + MOST.len()];
        let mut plain: Option<Vec<u32>> = None;
        for _ in 0..ROUNDS {
            for (index, lookup_tokens) in [0].into_iter().chain(MOST).enumerate() {
                let options = GenerateOptions { max_tokens: TOKENS, lookup_tokens, ..GenerateOptions::default() };
                // The prompt is in the cache from here on.
                session.prompt_logits(&messages)?;
                let began = ran(start);
                let answer = session.generate(&messages, &options, &mut |_| Flow::Continue)?;
                let tokens = answer.tokens.len() as f64;
                rates[index].push(tokens / (ran(start) - began));
                shares[index] = answer.guessed_tokens as f64 / tokens.max(1.0);
                if *plain.get_or_insert_with(|| answer.tokens.clone()) != answer.tokens {
                    return Err(format!("{name}, {lookup_tokens} guesses: another answer").into());
                }
            }
        }
        let rates: Vec<f64> = rates.into_iter().map(median).collect();
        let cells = rates.iter().zip(&shares).skip(1);
        let cells = cells.map(|(rate, share)| format!("{rate:.1} ({:.2}×, {:.0} %)", rate / rates[0], share * 100.0));
        let tokens = plain.map_or(0, |tokens| tokens.len());
        println!("| {name} | {tokens} | {:.1} | {} |", rates[0], cells.collect::<Vec<_>>().join(" | "));
    }
    Ok(())
}
