//! Our logits and greedy tokens against llama.cpp's, recorded by `reference/` for three prompts in each language.
//!
//! On the machine that recorded them the logits are equal to the bit. `TOLERANCE` leaves room for another machine's sine,
//! cosine and power functions, nothing more; the 64 greedy tokens must be equal everywhere.
#![allow(clippy::disallowed_methods, reason = "the test asks the environment where model files lie")]
#![allow(clippy::unwrap_used, reason = "the records are part of this folder; a broken one must end the test")]

mod support;

use reme_lm::{ChatMessage, Flow, GenerateOptions, Isa, LoadOptions};
use serde_json::Value;

/// Largest difference of a logit.
const TOLERANCE: f64 = 0.01;

fn numbers(value: &Value) -> Vec<u32> {
    value.as_array().unwrap().iter().map(|v| v.as_u64().unwrap() as u32).collect()
}

fn agrees(name: &str, recorded: &str) {
    let Some(model) = support::open_with(name, &LoadOptions::default()) else { return };
    let records: Vec<Value> = serde_json::from_str(recorded).expect("recorded by reference/");
    assert_eq!(records.len(), 6);
    let (mut worst, mut faults, mut equal) = (0.0_f64, Vec::new(), 0);
    for record in &records {
        let text = record["text"].as_str().unwrap();
        let messages = [ChatMessage::system("You are kind and brief."), ChatMessage::user(text)];
        let mut session = model.session();
        let prompt = session.prompt_logits(&messages).unwrap();
        assert_eq!(prompt.tokens, numbers(&record["tokens"]), "tokens of {text}");
        for pair in record["top_logits"].as_array().unwrap() {
            let ours = f64::from(prompt.logits[pair[0].as_u64().unwrap() as usize]);
            worst = worst.max((ours - pair[1].as_f64().unwrap()).abs());
        }
        let options = GenerateOptions { max_tokens: 64, ..GenerateOptions::default() };
        let ours = session.generate(&messages, &options, &mut |_| Flow::Continue).unwrap();
        // The reference records the token that ends the turn; a generation leaves it out.
        let theirs = numbers(&record["greedy"]);
        let same = ours.tokens.iter().zip(&theirs).take_while(|(a, b)| a == b).count();
        let ended = same == ours.tokens.len() && (same == theirs.len() || same + 1 == theirs.len());
        equal += usize::from(ended);
        if !ended {
            faults.push(format!("{text}: token {same}, margin of the reference {}", record["margins"][same]));
        }
    }
    println!("{name}: {equal} of 6 greedy texts equal, largest logit difference {worst:.4}");
    assert!(worst <= TOLERANCE, "{name}: largest logit difference {worst}");
    assert!(faults.is_empty(), "{name}: {faults:#?}");
}

#[test]
fn smollm2_agrees_with_llama_cpp() {
    agrees(support::TINY, include_str!("reference/smollm2-135m-instruct-q4_1.json"));
}

#[test]
fn qwen2_5_agrees_with_llama_cpp() {
    agrees(support::DEFAULT, include_str!("reference/qwen2.5-coder-0.5b-instruct-q4_k_m.json"));
}

#[test]
fn every_instruction_set_gives_the_same_logits_to_the_bit() {
    // The smaller model is enough: types it lacks are held to the same law in the kernels' own tests.
    let logits = |isa| {
        let model = support::open_with(support::TINY, &LoadOptions { isa: Some(isa), ..LoadOptions::default() })?;
        let prompt = model.session().prompt_logits(&[ChatMessage::user("Hello.")]).unwrap();
        Some(prompt.logits.into_iter().map(f32::to_bits).collect::<Vec<_>>())
    };
    let scalar = logits(Isa::Scalar);
    for isa in Isa::available().into_iter().skip(1) {
        assert!(logits(isa) == scalar, "{isa:?}");
    }
}
