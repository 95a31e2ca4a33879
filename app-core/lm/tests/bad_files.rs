//! Files that are no model, or a broken one: each gives a clear error that names the field, and nothing panics.

#[allow(dead_code, reason = "shared with other tests, which use the rest")]
#[path = "support/gguf.rs"]
mod gguf;

use gguf::{Gguf, Value};
use reme_lm::{ChatMessage, Flow, GenerateOptions, Isa, LmError, LoadOptions, Model};

fn open(bytes: &[u8]) -> Result<Model, LmError> {
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    std::fs::write(file.path(), bytes).expect("written");
    Model::open(file.path(), &LoadOptions::default())
}

/// A list of lists, `depth` deep.
fn nested(depth: usize) -> Value {
    let mut bytes = Vec::new();
    for _ in 0..depth {
        bytes.extend(9_u32.to_le_bytes());
        bytes.extend(1_u64.to_le_bytes());
    }
    bytes.extend(4_u32.to_le_bytes());
    bytes.extend(0_u64.to_le_bytes());
    Value::Raw(9, bytes)
}

#[test]
fn the_small_model_itself_opens_and_talks_the_same_every_time() {
    let model = open(&Gguf::model().bytes()).expect("a whole model");
    let say = |model: &Model| {
        let options = GenerateOptions { max_tokens: 12, ..GenerateOptions::default() };
        model.session().generate(&[ChatMessage::user("Hello")], &options, &mut |_| Flow::Continue).expect("text").tokens
    };
    let tokens = say(&model);
    assert!(!tokens.is_empty());
    assert_eq!(tokens, say(&model));
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    std::fs::write(file.path(), Gguf::model().bytes()).expect("written");
    let scalar = LoadOptions { isa: Some(Isa::Scalar), threads: 1, ..LoadOptions::default() };
    assert_eq!(tokens, say(&Model::open(file.path(), &scalar).expect("a whole model")));
}

#[test]
fn every_broken_file_gives_an_error_that_names_what_is_wrong() {
    let model = Gguf::model;
    let whole = model().bytes();
    let patched = |at: usize, bytes: &[u8]| {
        let mut file = whole.clone();
        file[at..at + bytes.len()].copy_from_slice(bytes);
        file
    };
    let huge = (1_u64 << 60).to_le_bytes();
    let text = |t: &str| Some(Value::Text(t.to_owned()));
    let long_text = Value::Raw(8, huge.to_vec());
    let long_list = Value::Raw(9, [&8_u32.to_le_bytes()[..], &huge].concat());
    let embedding = "token_embd.weight";
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("empty", vec![], "it is empty"),
        ("another kind of file", b"PK\x03\x04 and so on".to_vec(), "does not start with `GGUF`"),
        ("only the magic", b"GGUF".to_vec(), "ends in the middle of the header"),
        ("a version to come", Gguf { version: 9, ..model() }.bytes(), "version 9"),
        ("2^60 tensors", patched(8, &huge), "inconsistent"),
        ("2^60 metadata", patched(16, &huge), "metadata entry"),
        ("a text of 2^60 bytes", model().with("general.name", Some(long_text)).bytes(), "general.name"),
        ("a list of 2^60 texts", model().with("general.name", Some(long_list)).bytes(), "general.name"),
        ("lists in lists", model().with("general.name", Some(nested(30))).bytes(), "nested too deep"),
        ("cut header", whole[..400].to_vec(), "ends in the middle of"),
        ("cut weights", whole[..whole.len() - 4096].to_vec(), "is cut short: tensor `blk.0.ffn_down.weight`"),
        ("unknown family", model().with("general.architecture", text("mamba")).bytes(), "family `mamba`"),
        ("no family", model().with("general.architecture", None).bytes(), "`general.architecture`"),
        ("unknown tokenizer", model().with("tokenizer.ggml.model", text("t5")).bytes(), "tokenizer `t5`"),
        ("no tokens", model().with("tokenizer.ggml.tokens", None).bytes(), "`tokenizer.ggml.tokens`"),
        ("no layers' count", model().with("llama.block_count", None).bytes(), "`llama.block_count`"),
        ("2^32 layers", model().with("llama.block_count", Some(Value::U32(u32::MAX))).bytes(), "block_count"),
        ("no heads", model().with("llama.attention.head_count", Some(Value::U32(0))).bytes(), "attention.head_count"),
        ("5 heads", model().with("llama.attention.head_count", Some(Value::U32(5))).bytes(), "attention.head_count"),
        (
            "no number",
            model().with("llama.attention.layer_norm_rms_epsilon", Some(Value::F32(f32::NAN))).bytes(),
            "rms_epsilon",
        ),
        ("alignment 3", model().with("general.alignment", Some(Value::U32(3))).bytes(), "general.alignment"),
        (
            "end token out of range",
            model().with("tokenizer.ggml.eos_token_id", Some(Value::U32(9999))).bytes(),
            "eos_token_id",
        ),
        ("broken template", model().with("tokenizer.chat_template", text("{% for")).bytes(), "chat template"),
        ("unknown tensor type", model().with_tensor(embedding, |t| t.2 = 99).bytes(), "GGML type 99"),
        ("a tensor of no size", model().with_tensor(embedding, |t| t.1 = vec![32, 0]).bytes(), "`token_embd.weight`"),
        ("a tensor of 2^120", model().with_tensor(embedding, |t| t.1 = vec![1 << 60, 1 << 60]).bytes(), "overflows"),
        (
            "another shape",
            model().with_tensor(embedding, |t| t.1 = vec![257, 32]).bytes(),
            "`token_embd.weight`: shape",
        ),
        (
            "half a block",
            model().with_tensor("output_norm.weight", |t| *t = (t.0.clone(), vec![20], 8, vec![0; 34])).bytes(),
            "whole number of Q8_0 blocks",
        ),
        ("five dimensions", model().with_tensor(embedding, |t| t.1 = vec![1; 5]).bytes(), "5 dimensions"),
        ("overlapping tensors", model().bytes_shifted(-64), "overlaps another tensor"),
        ("an odd offset", model().bytes_shifted(-3), "not a multiple of 32"),
        (
            "a tensor twice",
            model().with_tensor("output_norm.weight", |t| t.0 = "blk.0.ffn_norm.weight".into()).bytes(),
            "appears twice",
        ),
        (
            "a tensor missing",
            model().with_tensor("output_norm.weight", |t| t.0 = "other".into()).bytes(),
            "lacks the tensor `output_norm.weight`",
        ),
    ];
    let faults: Vec<String> = cases
        .iter()
        .filter_map(|(name, bytes, expected)| match open(bytes) {
            Ok(_) => Some(format!("{name}: it opened")),
            Err(error) if error.to_string().contains(expected) => None,
            Err(error) => Some(format!("{name}: {error}")),
        })
        .collect();
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn a_model_cut_anywhere_is_an_error_and_no_panic() {
    let whole = Gguf::model().bytes();
    // Every byte of the header, then in steps.
    for len in (0..6000).chain((6000..whole.len() - 32).step_by(997)) {
        assert!(open(&whole[..len]).is_err(), "{len} of {} bytes opened", whole.len());
    }
}

#[test]
fn a_missing_file_is_named() {
    let error = Model::open("no/such/model.gguf".as_ref(), &LoadOptions::default()).expect_err("no such file");
    assert!(error.to_string().contains("no/such/model.gguf"), "{error}");
}
