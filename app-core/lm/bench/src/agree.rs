//! Small random models of every family llama.cpp knows too: the largest difference of a logit, ours as stored in single
//! precision against llama.cpp's. The models are those of `tests/families.rs`.

#[allow(dead_code, unreachable_pub, reason = "shared with the tests, which use the rest")]
#[path = "../../tests/support/gguf.rs"]
mod gguf;

use reme_lm::{LoadOptions, Model, WeightForm};

use crate::peer;

/// What single precision and another order of sums may differ by; a family computed wrongly is off by tenths.
const TOLERANCE: f32 = 1e-4;

pub(crate) fn run() {
    peer::start();
    let tokens = [72, 101, 108, 108, 111, 32, 119];
    let mut is_fine = true;
    for family in ["llama", "qwen2", "qwen3", "bitnet"] {
        let path = std::env::temp_dir().join(format!("reme-agree-{}-{family}.gguf", std::process::id()));
        let model = gguf::Gguf::model()
            .of_family(family)
            .with("tokenizer.ggml.merges", Some(gguf::Value::Texts(vec!["a b".into()])));
        std::fs::write(&path, model.bytes()).expect("a file in the temporary folder");
        let options = LoadOptions { weights: WeightForm::AsStored, ..LoadOptions::default() };
        let mut ours = Model::open(&path, &options).unwrap_or_else(|error| panic!("{family}: {error}")).session();
        let ours = ours.feed(&tokens).expect("the tokens run").to_vec();
        let mut theirs = peer::Session::open(&path, 1, peer::Cache::Exact);
        theirs.feed(&tokens);
        let theirs = theirs.logits(ours.len());
        let difference = ours.iter().zip(&theirs).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        let size = theirs.iter().map(|l| l.abs()).fold(0.0, f32::max);
        println!("{family:<8} largest difference {difference:.6} of logits up to {size:.2}");
        is_fine &= difference <= TOLERANCE;
        // The file is of no further use; a temporary folder is emptied anyway.
        let _ = std::fs::remove_file(&path);
    }
    if !is_fine {
        eprintln!("a family differs by more than {TOLERANCE}");
        std::process::exit(1);
    }
}
