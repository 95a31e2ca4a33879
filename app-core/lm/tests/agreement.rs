//! Our logits and greedy tokens against llama.cpp's, recorded by `reference/` for three prompts in each language.
//!
//! Tolerance: where the reference's own choice is clear (its best token leads the second by more than `MARGIN`), ours must be
//! the same; the 20 recorded logits may differ by `TOLERANCE`. docs/decisions/0003-lm-runtime.md says what was measured.
#![allow(clippy::disallowed_methods, reason = "the test asks the environment where model files lie")]
#![allow(clippy::unwrap_used, reason = "the records are part of this folder; a broken one must end the test")]

use std::path::PathBuf;

use reme_lm::{ChatMessage, Flow, GenerateOptions, LoadOptions, Model};
use serde_json::Value;

/// Largest difference of a logit; sums run in another order, and int8 rounding turns that into steps.
const TOLERANCE: f64 = 0.6;
/// A greedy token may differ from llama.cpp's only where its two best logits are closer than this.
const MARGIN: f64 = 0.3;

fn models_dir() -> Option<PathBuf> {
    let var = |name| std::env::var_os(name).map(PathBuf::from);
    let data = || var("XDG_DATA_HOME").or_else(|| Some(var("HOME")?.join(".local/share")));
    var("REME_MODELS_DIR").or_else(|| Some(data()?.join("reme/models")))
}

/// The model, or `None` when the machine was told to test without.
fn open(name: &str) -> Option<Model> {
    let path = models_dir().map(|dir| dir.join(name)).filter(|path| path.exists());
    match path {
        Some(path) => Some(Model::open(&path, &LoadOptions::default()).expect("the model file opens")),
        None if std::env::var_os("REME_TEST_WITHOUT_MODELS").is_some_and(|v| v == "1") => None,
        None => panic!("{name} is missing: run `cargo xtask models`, or set REME_TEST_WITHOUT_MODELS=1"),
    }
}

fn numbers(value: &Value) -> Vec<u32> {
    value.as_array().unwrap().iter().map(|v| v.as_u64().unwrap() as u32).collect()
}

fn agrees(name: &str, recorded: &str) {
    let Some(model) = open(name) else { return };
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
            let margin = record["margins"][same].as_f64().unwrap();
            println!("{name}: {text}: token {same} differs, margin of the reference {margin:.3}");
            if margin > MARGIN {
                faults.push(format!("{text}: token {same}, margin {margin}"));
            }
        }
    }
    println!("{name}: {equal} of 6 greedy texts equal, largest logit difference {worst:.4}");
    assert!(worst <= TOLERANCE, "{name}: largest logit difference {worst}");
    assert!(faults.is_empty(), "{name}: {faults:#?}");
}

#[test]
fn smollm2_agrees_with_llama_cpp() {
    agrees("smollm2-135m-instruct-q4_1.gguf", include_str!("reference/smollm2-135m-instruct-q4_1.json"));
}

#[test]
fn qwen2_5_agrees_with_llama_cpp() {
    agrees(
        "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
        include_str!("reference/qwen2.5-coder-0.5b-instruct-q4_k_m.json"),
    );
}
