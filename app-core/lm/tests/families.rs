//! Every family of models in the one decoder: each opens, gives the same bits on every instruction set, and uses what it
//! has besides. That the numbers are llama.cpp's own is checked by `agree` of the bench project, which compiles it.

#[allow(dead_code, reason = "shared with other tests, which use the rest")]
#[path = "support/gguf.rs"]
mod gguf;

use gguf::{Gguf, Value};
use reme_lm::{Isa, LmError, LoadOptions, Model, WeightForm};

fn open(model: &Gguf, isa: Isa) -> Result<Model, LmError> {
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    std::fs::write(file.path(), model.bytes()).expect("written");
    let options = LoadOptions { isa: Some(isa), weights: WeightForm::AsStored, ..LoadOptions::default() };
    Model::open(file.path(), &options)
}

fn logits(model: &Gguf, isa: Isa) -> Vec<u32> {
    let mut session = open(model, isa).expect("it opens").session();
    session.feed(&[72, 101, 108, 108, 111]).expect("it runs").iter().map(|l| l.to_bits()).collect()
}

#[test]
fn every_family_gives_its_own_logits_the_same_on_every_instruction_set() {
    let mut seen = Vec::new();
    for family in ["llama", "qwen2", "qwen3", "bitnet", "bitnet-b1.58", "gemma3"] {
        let model = Gguf::model().of_family(family);
        let scalar = logits(&model, Isa::Scalar);
        assert!(scalar.iter().all(|bits| f32::from_bits(*bits).is_finite()), "{family}");
        for isa in Isa::available() {
            assert_eq!(scalar, logits(&model, isa), "{family} {isa:?}");
        }
        assert!(!seen.contains(&scalar), "{family} answers as another family");
        seen.push(scalar);
    }
}

#[test]
fn what_a_family_needs_is_asked_for_by_name() {
    let lacks = |model: Gguf, expected: &str| {
        let error = open(&model, Isa::Scalar).expect_err("refused").to_string();
        assert!(error.contains(expected), "{error}");
    };
    let without = |family: &str, name: &str| {
        let mut model = Gguf::model().of_family(family);
        model.tensors.retain(|t| t.0 != name);
        model
    };
    lacks(without("bitnet", "blk.0.ffn_sub_norm.weight"), "`blk.0.ffn_sub_norm.weight`");
    lacks(without("qwen3", "blk.0.attn_k_norm.weight"), "`blk.0.attn_k_norm.weight`");
    lacks(without("gemma3", "blk.0.post_ffw_norm.weight"), "`blk.0.post_ffw_norm.weight`");
    let gemma = || Gguf::model().of_family("gemma3");
    for key in ["gemma3.attention.sliding_window", "gemma3.attention.sliding_window_pattern"] {
        lacks(gemma().with(key, Some(Value::U32(0))), "gemma3.attention.sliding_window_pattern");
    }
    lacks(gemma().with("gemma3.attention.sliding_window", None), "gemma3.attention.sliding_window");
    lacks(gemma().with("gemma3.final_logit_softcapping", Some(Value::F32(30.0))), "final_logit_softcapping");
    let stretched = |factor| {
        gemma()
            .with("gemma3.rope.scaling.type", Some(Value::Text("linear".into())))
            .with("gemma3.rope.scaling.factor", Some(Value::F32(factor)))
    };
    lacks(stretched(0.0), "gemma3.rope.scaling.factor");
    let mut scaled = Gguf::model().of_family("bitnet");
    scaled.tensors.push(("blk.0.attn_q.scale".into(), vec![1], 0, 1.0_f32.to_le_bytes().to_vec()));
    lacks(scaled, "scales beside a matrix");
    let wide = Gguf::model().of_family("qwen3").with("qwen3.attention.value_length", Some(Value::U32(4)));
    lacks(wide, "attention.value_length");
}
