//! Our logits and greedy tokens against llama.cpp's, recorded by `reference/` for three prompts in each language.
//!
//! On the machine that recorded them the logits are equal to the bit. `TOLERANCE` leaves room for another machine's sine,
//! cosine and power functions, nothing more; the 64 greedy tokens must be equal everywhere.
#![allow(clippy::disallowed_methods, reason = "the test asks the environment where model files lie")]
#![allow(clippy::unwrap_used, reason = "the records are part of this folder; a broken one must end the test")]

mod support;

use reme_lm::{ChatMessage, Flow, GenerateOptions, Isa, LoadOptions, WeightForm};
use serde_json::Value;

/// Largest difference of a logit.
const TOLERANCE: f64 = 0.01;

fn numbers(value: &Value) -> Vec<u32> {
    value.as_array().unwrap().iter().map(|v| v.as_u64().unwrap() as u32).collect()
}

fn as_stored() -> LoadOptions {
    LoadOptions { weights: WeightForm::AsStored, ..LoadOptions::default() }
}

fn agrees(name: &str, recorded: &str) {
    let Some(model) = support::open_with(name, &as_stored()) else { return };
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

/// Packed weights are the same numbers, but activations are rounded in other places. (largest difference of a top-20
/// logit, least mean number of greedy tokens equal to the reference's before the texts part). Measured values stand in
/// docs/decisions/0008-low-bit-runtime.md.
fn packed_stays_near(name: &str, recorded: &str, most_difference: f64, least_equal: f64) {
    let Some(model) = support::open_with(name, &LoadOptions::default()) else { return };
    let records: Vec<Value> = serde_json::from_str(recorded).expect("recorded by reference/");
    let (mut worst, mut squares, mut count, mut same) = (0.0_f64, 0.0, 0, 0);
    for record in &records {
        let messages =
            [ChatMessage::system("You are kind and brief."), ChatMessage::user(record["text"].as_str().unwrap())];
        let mut session = model.session();
        let prompt = session.prompt_logits(&messages).unwrap();
        for pair in record["top_logits"].as_array().unwrap() {
            let ours = f64::from(prompt.logits[pair[0].as_u64().unwrap() as usize]);
            let difference = ours - pair[1].as_f64().unwrap();
            (worst, squares, count) = (worst.max(difference.abs()), squares + difference.powi(2), count + 1);
        }
        let options = GenerateOptions { max_tokens: 64, ..GenerateOptions::default() };
        let ours = session.generate(&messages, &options, &mut |_| Flow::Continue).unwrap();
        same += ours.tokens.iter().zip(&numbers(&record["greedy"])).take_while(|(a, b)| a == b).count();
    }
    let (mean, equal) = ((squares / f64::from(count)).sqrt(), same as f64 / records.len() as f64);
    println!(
        "{name} packed: logits differ by {mean:.3} (root mean square), {worst:.3} at most; {equal:.1} tokens equal"
    );
    assert!(worst <= most_difference, "{name}: largest logit difference {worst}");
    assert!(equal >= least_equal, "{name}: {equal} greedy tokens equal");
}

#[test]
fn packed_smollm2_stays_near_llama_cpp() {
    packed_stays_near(support::TINY, include_str!("reference/smollm2-135m-instruct-q4_1.json"), 0.5, 16.0);
}

#[test]
fn packed_qwen2_5_stays_near_llama_cpp() {
    packed_stays_near(support::DEFAULT, include_str!("reference/qwen2.5-coder-0.5b-instruct-q4_k_m.json"), 0.7, 16.0);
}

#[test]
fn every_instruction_set_gives_the_same_logits_to_the_bit() {
    // The smaller model is enough: types it lacks are held to the same law in the kernels' own tests.
    let logits = |isa, weights| {
        let options = LoadOptions { isa: Some(isa), weights, ..LoadOptions::default() };
        let model = support::open_with(support::TINY, &options)?;
        let prompt = model.session().prompt_logits(&[ChatMessage::user("Hello.")]).unwrap();
        Some(prompt.logits.into_iter().map(f32::to_bits).collect::<Vec<_>>())
    };
    for weights in [WeightForm::AsStored, WeightForm::Packed] {
        let scalar = logits(Isa::Scalar, weights);
        for isa in Isa::available().into_iter().skip(1) {
            assert!(logits(isa, weights) == scalar, "{isa:?} {weights:?}");
        }
    }
}
