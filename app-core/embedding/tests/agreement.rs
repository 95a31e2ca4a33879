//! Our pieces and vectors against the package's own, recorded by `reference/record.py` for a table of sentences in both languages.
#![allow(clippy::disallowed_methods, reason = "the test asks the environment where model files lie")]
#![allow(clippy::unwrap_used, reason = "the records are part of this folder; a broken one must end the test")]

use reme_embedding::{Embedder, similarity};
use serde_json::Value;

/// Largest difference of one number of a vector of length 1.
const TOLERANCE: f64 = 1e-4;

/// The model, or `None` when the machine was told to test without.
fn embedder() -> Option<Embedder> {
    let model = reme_models::Manifest::builtin().find("sentences").expect("in the manifest").clone();
    let folder = reme_models::ModelsFolder::from_env(|name| std::env::var_os(name)).ok();
    let path = folder.and_then(|folder| folder.locate(&model).expect("the folder can be read"));
    if path.is_none() && std::env::var_os("REME_TEST_WITHOUT_MODELS").is_none_or(|v| v != "1") {
        panic!("{} is missing: run `cargo xtask models embedding`, or set REME_TEST_WITHOUT_MODELS=1", model.file);
    }
    path.map(|path| Embedder::open(&path).expect("the model file opens"))
}

#[test]
fn pieces_and_vectors_agree_with_the_package() {
    let Some(embedder) = embedder() else { return };
    let records: Vec<Value> =
        include_str!("reference/vectors.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(records.len(), 22);
    let texts: Vec<&str> = records.iter().map(|r| r["text"].as_str().unwrap()).collect();
    let together = embedder.embed_all(&texts);
    let mut worst = 0.0_f64;
    for (record, in_batch) in records.iter().zip(&together) {
        let text = record["text"].as_str().unwrap();
        let theirs: Vec<u64> = record["pieces"].as_array().unwrap().iter().map(|v| v.as_u64().unwrap()).collect();
        let ours: Vec<u64> = embedder.pieces(text).into_iter().map(u64::from).collect();
        assert_eq!(ours, theirs, "pieces of {text:?}");
        let alone = embedder.embed(text);
        for ((alone, in_batch), theirs) in alone.iter().zip(in_batch).zip(record["vector"].as_array().unwrap()) {
            let theirs = theirs.as_f64().unwrap();
            worst = worst.max((f64::from(*alone) - theirs).abs()).max((f64::from(*in_batch) - theirs).abs());
        }
    }
    println!("largest difference {worst:.2e} over {} sentences", records.len());
    assert!(worst <= TOLERANCE, "largest difference {worst}");
}

#[test]
fn the_same_meaning_lies_near_in_both_languages_and_another_far() {
    let Some(embedder) = embedder() else { return };
    let near = |a: &str, b: &str| similarity(&embedder.embed(a), &embedder.embed(b));
    let same = near("My brother repaired the bicycle.", "我弟弟把自行车修好了。");
    let other = near("My brother repaired the bicycle.", "昨天下雨，我们没去公园。");
    assert!(same > 0.6 && other < 0.35, "{same} {other}");
}

#[test]
fn no_text_ends_it() {
    let Some(embedder) = embedder() else { return };
    for text in ["\0", "a\0b", "\u{202e}\u{feff}", "▁", "<s></s>", &"long ".repeat(5000), &"长".repeat(5000)] {
        let vector = embedder.embed(text);
        let length: f32 = vector.iter().map(|v| v * v).sum();
        assert!((length - 1.0).abs() < 1e-3, "{length}");
    }
}
