//! Prints how fast a model file reads (prefill) and writes (decode): `cargo run --release -p reme-lm --example speed -- FILE`.
//! `scalar` behind it forces the reference kernels, `stored` the weights as the file has them, a number so many threads.
#![allow(clippy::disallowed_methods, reason = "a measuring tool reads the clock")]

use std::time::Instant;

use reme_lm::{ChatMessage, Flow, GenerateOptions, Isa, LmError, LoadOptions, Model, WeightForm};

fn main() -> Result<(), LmError> {
    let Some(path) = std::env::args().nth(1) else {
        eprintln!("say which model file: speed FILE [scalar] [stored] [THREADS]");
        std::process::exit(2);
    };
    let words: Vec<String> = std::env::args().skip(2).collect();
    let says = |word: &str| words.iter().any(|w| w == word);
    let options = LoadOptions {
        isa: says("scalar").then_some(Isa::Scalar),
        weights: if says("stored") { WeightForm::AsStored } else { WeightForm::Packed },
        threads: words.iter().find_map(|w| w.parse().ok()).unwrap_or(2),
        ..LoadOptions::default()
    };
    let start = Instant::now();
    let model = Model::open(path.as_ref(), &options)?;
    println!("open     {:8.3} s   {} on {:?}", start.elapsed().as_secs_f64(), model.info().name, model.info().isa);
    let mut session = model.session();
    let story = "On Saturday we walked along the river, bought warm bread, and met an old friend. ".repeat(12);
    let messages = [ChatMessage::user(format!("{story} Tell this story again in your own words."))];
    let start = Instant::now();
    let prompt = session.prompt_logits(&messages)?.tokens.len();
    let prefill = start.elapsed().as_secs_f64();
    println!("prefill  {:8.1} tok/s ({prompt} tokens)", prompt as f64 / prefill);
    let options = GenerateOptions { max_tokens: 65, ..GenerateOptions::default() };
    let mut first = None;
    let answer = session.generate(&messages, &options, &mut |_| {
        first.get_or_insert_with(Instant::now);
        Flow::Continue
    })?;
    let seconds = first.map_or(0.0, |at| at.elapsed().as_secs_f64());
    println!("decode   {:8.1} tok/s ({} tokens)", (answer.tokens.len() - 1) as f64 / seconds, answer.tokens.len() - 1);
    println!("\n{}", answer.text);
    Ok(())
}
