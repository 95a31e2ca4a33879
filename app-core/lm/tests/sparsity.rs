//! Dropped inputs: what a file says is obeyed in decoding and in prefill alike, on every instruction set; files that say
//! nonsense are refused; calibration drops the share that was asked for.

#[allow(dead_code, reason = "shared with other tests, which use the rest")]
#[path = "support/gguf.rs"]
mod gguf;

use gguf::{Gguf, Value};
use reme_lm::{Isa, LmError, LoadOptions, Model, sparsify};

const FEED_FORWARD: usize = 256;
/// GGML's number of ternary blocks of 256.
const TQ2_0: u32 = 35;

/// A small bitnet-b1.58 whose `down` is ternary, with one scale.
fn ternary() -> Gguf {
    let mut state = 5_u32;
    let mut next = move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state >> 8
    };
    let mut floats = |count: usize| -> Vec<u8> {
        (0..count).flat_map(|_| (next() as f32 / (1 << 23) as f32 - 1.0).to_le_bytes()).collect()
    };
    let (gate, up) = (floats(32 * FEED_FORWARD), floats(32 * FEED_FORWARD));
    let family = "bitnet-b1.58";
    let norm: Vec<u8> = (0..FEED_FORWARD).flat_map(|i| (0.5 + (i % 7) as f32 / 10.0).to_le_bytes()).collect();
    let mut codes = 1_u32;
    let mut down = || {
        let mut block: Vec<u8> = (0..64)
            .map(|_| {
                codes = codes.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (0..4).map(|i| ((codes >> (8 + 4 * i)) % 3) << (2 * i)).sum::<u32>() as u8
            })
            .collect();
        block.extend(0x2800_u16.to_le_bytes());
        block
    };
    let down: Vec<u8> = (0..32).flat_map(|_| down()).collect();
    Gguf::model()
        .of_family(family)
        .with("bitnet-b1.58.feed_forward_length", Some(Value::U32(FEED_FORWARD as u32)))
        .with_tensor("blk.0.ffn_gate.weight", |t| (t.1, t.3) = (vec![32, FEED_FORWARD as u64], gate))
        .with_tensor("blk.0.ffn_up.weight", |t| (t.1, t.3) = (vec![32, FEED_FORWARD as u64], up))
        .with_tensor("blk.0.ffn_sub_norm.weight", |t| (t.1, t.3) = (vec![FEED_FORWARD as u64], norm))
        .with_tensor("blk.0.ffn_down.weight", |t| (t.1, t.2, t.3) = (vec![FEED_FORWARD as u64, 32], TQ2_0, down))
}

fn open(model: &Gguf, options: &LoadOptions) -> Result<Model, LmError> {
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    std::fs::write(file.path(), model.bytes()).expect("written");
    Model::open(file.path(), options)
}

fn floats(values: &[f32]) -> Value {
    let mut bytes = 6_u32.to_le_bytes().to_vec();
    bytes.extend((values.len() as u64).to_le_bytes());
    values.iter().for_each(|value| bytes.extend(value.to_le_bytes()));
    Value::Raw(9, bytes)
}

const TOKENS: [u32; 6] = [72, 101, 108, 108, 111, 33];

/// Logits after the tokens, one by one or together.
fn logits(model: &Model, together: bool) -> Vec<f32> {
    let mut session = model.session();
    if together {
        return session.feed(&TOKENS).expect("it runs").to_vec();
    }
    let (last, before) = TOKENS.split_last().expect("some tokens");
    for token in before {
        session.feed(&[*token]).expect("it runs");
    }
    session.feed(&[*last]).expect("it runs").to_vec()
}

fn difference(a: &[f32], b: &[f32]) -> f32 {
    let size = a.iter().map(|v| v.abs()).fold(0.0, f32::max);
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max) / size
}

#[test]
fn top_k_is_obeyed_one_by_one_and_in_batches_on_every_instruction_set() {
    let dense = open(&ternary(), &LoadOptions::default()).expect("it opens");
    assert!(!dense.skips_weights());
    let sparse = ternary().with("reme.sparsity.top_k", Some(Value::Numbers(vec![40])));
    let model = open(&sparse, &LoadOptions::default()).expect("it opens");
    assert!(model.skips_weights());
    let alone = logits(&model, false);
    let (rounding, dropping) = (difference(&alone, &logits(&model, true)), difference(&alone, &logits(&dense, false)));
    println!("alone and in a batch: {rounding:.4}; dropping most inputs: {dropping:.4}");
    assert!(rounding < 0.1 && dropping > 2.0 * rounding, "{rounding} {dropping}");
    for isa in Isa::available() {
        let other = open(&sparse, &LoadOptions { isa: Some(isa), ..LoadOptions::default() }).expect("it opens");
        assert_eq!(alone, logits(&other, false), "{isa:?}");
    }
    // The other matrices' inputs, too: the same alone and together, and another answer than without.
    let all_inputs = sparse.clone().with("reme.sparsity.input_top_k", Some(Value::U32(16)));
    let other = open(&all_inputs, &LoadOptions::default()).expect("it opens");
    let (one_by_one, together) = (logits(&other, false), logits(&other, true));
    let (rounding, dropping) = (difference(&one_by_one, &together), difference(&one_by_one, &alone));
    println!("every input, alone and in a batch: {rounding:.4}; dropping them: {dropping:.4}");
    assert!(rounding < 0.1 && dropping > 2.0 * rounding, "{rounding} {dropping}");
    // All of them kept is no sparsity at all.
    let all = ternary().with("reme.sparsity.top_k", Some(Value::U32(FEED_FORWARD as u32)));
    let all = open(&all, &LoadOptions::default()).expect("it opens");
    assert_eq!(logits(&all, false), logits(&dense, false));
}

#[test]
fn tokens_of_a_prompt_share_columns_only_where_the_file_says_so() {
    let top_k = ternary().with("reme.sparsity.top_k", Some(Value::U32(100)));
    let each = open(&top_k, &LoadOptions::default()).expect("it opens");
    let of = |block| top_k.clone().with("reme.sparsity.block_tokens", Some(Value::U32(block)));
    let alone = logits(&each, true);
    for (block, is_same) in [(1, true), (2, false), (4, false), (64, false)] {
        let together = open(&of(block), &LoadOptions::default()).expect("it opens");
        assert_eq!(logits(&together, true) == alone, is_same, "{block}");
        // Decoding is as it was, and every instruction set says the same.
        assert_eq!(logits(&together, false), logits(&each, false), "{block}");
        for isa in Isa::available() {
            let other = open(&of(block), &LoadOptions { isa: Some(isa), ..LoadOptions::default() }).expect("it opens");
            assert_eq!(logits(&other, true), logits(&together, true), "{block} {isa:?}");
        }
        let changed = difference(&logits(&together, true), &alone);
        println!("{block}: {changed:.3}");
        assert!(changed < 0.5, "{block}: {changed}");
    }
    // All columns kept are exactly those of everybody's own.
    let all = |block| {
        let all = top_k.clone().with("reme.sparsity.top_k", Some(Value::U32(FEED_FORWARD as u32 - 1)));
        open(&all.with("reme.sparsity.block_tokens", Some(Value::U32(block))), &LoadOptions::default())
    };
    let [one, many] = [1, 6].map(|block| logits(&all(block).expect("it opens"), true));
    assert!(difference(&one, &many) < 0.05, "{}", difference(&one, &many));
}

#[test]
fn nonsense_about_sparsity_is_refused_by_name() {
    for (key, value) in [
        ("reme.sparsity.top_k", Value::Numbers(vec![40, 40])),
        ("reme.sparsity.top_k", Value::Numbers(vec![0])),
        ("reme.sparsity.top_k", Value::U32(257)),
        ("reme.sparsity.top_k", Value::Text("many".into())),
        ("reme.sparsity.input_top_k", Value::U32(33)),
        ("reme.sparsity.input_top_k", Value::Numbers(vec![])),
        ("reme.sparsity.block_tokens", Value::U32(0)),
        ("reme.sparsity.block_tokens", Value::U32(65)),
        ("reme.sparsity.threshold", floats(&[])),
        ("reme.sparsity.threshold", floats(&[-1.0])),
        ("reme.sparsity.threshold", floats(&[f32::NAN])),
    ] {
        let error = open(&ternary().with(key, Some(value)), &LoadOptions::default()).expect_err("refused").to_string();
        assert!(error.contains(key), "{error}");
    }
}

#[test]
fn calibration_writes_a_copy_that_drops_about_what_was_asked_for() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let [from, to, again] = ["from.gguf", "to.gguf", "again.gguf"].map(|name| folder.path().join(name));
    std::fs::write(&from, ternary().bytes()).expect("written");
    let text = "Bread, butter and a cup of tea by the window. ".repeat(8);
    let made = sparsify(&from, &to, &text, 0.7, &mut |_, _| {}).expect("calibrated");
    assert!(made.thresholds[0] > 0.0 && made.skips_weights, "{made:?}");
    let options = LoadOptions::default();
    let (dense, sparse) = (Model::open(&from, &options).expect("opens"), Model::open(&to, &options).expect("opens"));
    let changed = difference(&logits(&dense, false), &logits(&sparse, false));
    assert!(changed > 0.0 && changed < 0.5, "{changed}");
    // A packed file can be calibrated too, and more dropped is another threshold.
    let more = sparsify(&to, &again, &text, 0.85, &mut |_, _| {}).expect("calibrated");
    assert!(more.thresholds[0] > made.thresholds[0], "{more:?} {made:?}");
    assert!(Model::open(&again, &options).expect("opens").skips_weights());
    assert!(sparsify(&from, &to, &text, 1.0, &mut |_, _| {}).is_err());
}
