//! A model that sees: a tiny random one in SmolVLM's form against what transformers computes with it
//! (`reference/python/record_vision.py`), and what a session does with images.

#[allow(dead_code, reason = "shared with other tests, which use the rest")]
#[path = "support/gguf.rs"]
mod gguf;

use std::path::{Path, PathBuf};

use gguf::{Gguf, Value};
use reme_lm::{
    ChatMessage, Flow, GenerateOptions, Image, Isa, LmError, LoadOptions, Model, StopReason, VisionOptions, WeightForm,
};
use serde::Deserialize;

/// What was recorded.
#[derive(Deserialize)]
struct Recorded {
    width: usize,
    height: usize,
    question: String,
    cases: Vec<Case>,
}

/// One way of cutting the picture.
#[derive(Deserialize)]
struct Case {
    longest_edge_px: usize,
    tokens: Vec<u32>,
    /// [tiles · tile tokens, embedding]
    image: Vec<f32>,
    logits: Vec<f32>,
    greedy: Vec<u32>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/vision")
}

fn recorded() -> Recorded {
    let text = std::fs::read_to_string(folder().join("reference.json")).expect("the recorded results");
    serde_json::from_str(&text).expect("as `record_vision.py` writes them")
}

fn picture(recorded: &Recorded) -> Image {
    let rgb = std::fs::read(folder().join("picture.rgb")).expect("the picture");
    Image::new(recorded.width, recorded.height, rgb).expect("an image")
}

fn options(mmproj: &Path) -> LoadOptions {
    let vision = VisionOptions { mmproj: mmproj.to_owned(), longest_edge_px: None };
    LoadOptions { vision: Some(vision), ..LoadOptions::default() }
}

fn open(options: &LoadOptions) -> Result<Model, LmError> {
    Model::open(&folder().join("model.gguf"), options)
}

/// The model with a changed vision part.
fn open_with(part: &Gguf, options: &dyn Fn(LoadOptions) -> LoadOptions) -> Result<Model, LmError> {
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    std::fs::write(file.path(), part.bytes()).expect("written");
    open(&options(self::options(file.path())))
}

fn part() -> Gguf {
    Gguf::read(&std::fs::read(folder().join("mmproj.gguf")).expect("the vision part"))
}

/// ‖a − b‖ / ‖b‖
fn distance(a: &[f32], b: &[f32]) -> f64 {
    assert_eq!(a.len(), b.len());
    let norm = |values: &mut dyn Iterator<Item = f32>| values.map(|v| f64::from(v).powi(2)).sum::<f64>().sqrt();
    norm(&mut a.iter().zip(b).map(|(a, b)| a - b)) / norm(&mut b.iter().copied())
}

#[test]
fn tokens_vectors_logits_and_greedy_words_are_the_references() {
    let told = recorded();
    let image = picture(&told);
    for case in &told.cases {
        for isa in Isa::available() {
            let mut options = options(&folder().join("mmproj.gguf"));
            options.vision.as_mut().expect("set above").longest_edge_px = Some(case.longest_edge_px);
            let options = LoadOptions { isa: Some(isa), weights: WeightForm::AsStored, ..options };
            let model = open(&options).expect("it opens");
            let vectors = distance(&model.see(&image).expect("it sees"), &case.image);
            let question = [ChatMessage::user(&*told.question).with_image(image.clone())];
            let prompt = model.session().prompt_logits(&question).expect("logits");
            assert_eq!(prompt.tokens, case.tokens);
            let logits = distance(&prompt.logits, &case.logits);
            println!("{isa:?}, {} px: vectors {vectors:.1e}, logits {logits:.1e}", case.longest_edge_px);
            assert!(vectors < 1e-4 && logits < 1e-4, "{isa:?}: vectors {vectors:.1e}, logits {logits:.1e}");
            let options = GenerateOptions { max_tokens: case.greedy.len(), ..GenerateOptions::default() };
            let said = model.session().generate(&question, &options, &mut |_| Flow::Continue).expect("an answer");
            let end = case.greedy.iter().position(|token| *token == 264).unwrap_or(case.greedy.len());
            assert_eq!(said.tokens, case.greedy[..end]);
        }
    }
}

#[test]
fn half_precision_and_eight_bits_are_read_too_and_so_are_the_old_names_of_the_feed_forward_part() {
    let told = recorded();
    let (image, exact) = (picture(&told), &told.cases[0].image);
    let error = |part: Gguf, weights| {
        let model = open_with(&part, &|options| LoadOptions { weights, ..options }).expect("it opens");
        distance(&model.see(&image).expect("it sees"), exact)
    };
    let halves = error(part().with_halves(), WeightForm::AsStored);
    let (plain, packed) =
        (error(part().with_eight_bits(), WeightForm::AsStored), error(part().with_eight_bits(), WeightForm::Packed));
    println!("halves {halves:.1e}, eight bits {plain:.1e}, packed {packed:.1e}");
    assert!(halves > 0.0 && halves < 2e-3, "{halves:.1e}");
    assert!(plain > 0.0 && plain < 4e-2 && packed > 0.0 && packed < 4e-2, "{plain:.1e}, {packed:.1e}");
    let mut old = part();
    for (name, ..) in &mut old.tensors {
        *name = match name.split_once(".ffn_up.") {
            Some((block, kind)) => format!("{block}.ffn_down.{kind}"),
            None => name.replace(".ffn_down.", ".ffn_up."),
        };
    }
    assert!(error(old, WeightForm::AsStored) < 1e-4);
}

#[test]
fn an_image_is_read_once_and_another_in_its_place_is_not_taken_for_it() {
    let told = recorded();
    let model = open(&options(&folder().join("mmproj.gguf"))).expect("it opens");
    let ask = |image: &Image| [ChatMessage::user(&*told.question).with_image(image.clone())];
    let short = GenerateOptions { max_tokens: 3, ..GenerateOptions::default() };
    let (one, mut dark) = (picture(&told), std::fs::read(folder().join("picture.rgb")).expect("the picture"));
    dark.iter_mut().for_each(|byte| *byte /= 2);
    let other = Image::new(told.width, told.height, dark).expect("an image");
    let mut session = model.session();
    let mut say = |image: &Image| session.generate(&ask(image), &short, &mut |_| Flow::Continue).expect("an answer");
    let (first, again, changed, back) = (say(&one), say(&one), say(&other), say(&one));
    assert_eq!((first.reused_tokens, again.reused_tokens), (0, first.prompt_tokens - 1));
    // What comes before the first tile is the same; the tile is not.
    let before = told.cases[0].tokens.iter().position(|token| *token == 266).expect("an image token");
    assert_eq!((changed.reused_tokens, back.reused_tokens), (before, before));
    assert_eq!((&first.tokens, &first.tokens), (&again.tokens, &back.tokens));
    let logits = |image: &Image| model.session().prompt_logits(&ask(image)).expect("logits").logits;
    assert!(distance(&logits(&other), &logits(&one)) > 1e-3, "another image must say something else");
    // A second image in the same conversation takes its own places.
    let two = [ChatMessage::user("One.").with_image(one.clone()), ChatMessage::user("Two.").with_image(other)];
    let tokens = model.session().prompt_logits(&two).expect("logits").tokens;
    assert_eq!(tokens.iter().filter(|token| **token == 266).count(), 2 * 7 * 4);
}

#[test]
fn cancel_deadline_and_window_hold_while_an_image_is_read() {
    let told = recorded();
    let model = open(&options(&folder().join("mmproj.gguf"))).expect("it opens");
    let question = [ChatMessage::user(&*told.question).with_image(picture(&told))];
    let whole = model.session().prompt_logits(&question).expect("logits").logits;
    // Each time it is asked a little later, until it gets through; in between it must stop and the session stay of use.
    let (mut session, mut stopped) = (model.session(), 0);
    for patience in (0..).step_by(7) {
        let asked = std::sync::atomic::AtomicUsize::new(0);
        let late = move || asked.fetch_add(1, std::sync::atomic::Ordering::Relaxed) >= patience;
        let deadline: reme_lm::Deadline = std::sync::Arc::new(late);
        let options = GenerateOptions { max_tokens: 1, deadline: Some(deadline), ..GenerateOptions::default() };
        match session.generate(&question, &options, &mut |_| Flow::Continue) {
            Err(LmError::DeadlinePassed) => stopped += 1,
            result => {
                assert_eq!(result.expect("an answer").stop, StopReason::MaxTokens);
                break;
            }
        }
    }
    assert!(stopped > 5, "{stopped}");
    assert_eq!(
        session.prompt_logits(&question).expect("logits").logits,
        whole,
        "what was cut short left nothing behind"
    );
    let cancelled = GenerateOptions::default();
    cancelled.cancel.cancel();
    let result = model.session().generate(&question, &cancelled, &mut |_| Flow::Continue);
    assert!(matches!(result, Err(LmError::Cancelled)));
    let narrow = LoadOptions { window_tokens: 60, ..options(&folder().join("mmproj.gguf")) };
    let result = open(&narrow).expect("it opens").session().prompt_logits(&question);
    assert!(matches!(result, Err(LmError::WindowFull { needed_tokens: 92, window_tokens: 60 })));
}

#[test]
fn memory_is_bounded_with_the_vision_part_counted() {
    let budget = |memory_bytes| LoadOptions { memory_bytes: Some(memory_bytes), ..LoadOptions::default() };
    assert!(open(&budget(400_000)).is_ok(), "the text model alone fits");
    let seeing = LoadOptions { vision: options(&folder().join("mmproj.gguf")).vision, ..budget(400_000) };
    assert!(matches!(open(&seeing), Err(LmError::OverBudget { .. })));
    assert!(open(&LoadOptions { memory_bytes: Some(1_000_000), ..seeing }).is_ok());
}

#[test]
fn a_model_for_text_only_says_what_it_needs() {
    let told = recorded();
    let model = open(&LoadOptions::default()).expect("it opens");
    assert!(!model.sees());
    let question = [ChatMessage::user("What?").with_image(picture(&told))];
    let error = model.session().prompt_logits(&question).expect_err("it is blind").to_string();
    assert!(error.contains("mmproj"), "{error}");
}

#[test]
fn every_broken_vision_part_gives_an_error_that_names_what_is_wrong() {
    let with = |key: &str, value: Value| part().with(key, Some(value));
    let count = |key: &str, n: u32| with(&format!("clip.vision.{key}"), Value::U32(n));
    let text = |t: &str| Value::Text(t.into());
    let without = |name: &str| {
        let mut part = part();
        assert!(part.tensors.iter().any(|t| t.0 == name));
        part.tensors.retain(|t| t.0 != name);
        part
    };
    let reshaped = |name: &str, dims: &[u64]| part().with_tensor(name, |t| t.1 = dims.to_vec());
    let floats = |values: &[f32]| {
        let bytes = values.iter().flat_map(|v| v.to_le_bytes());
        let head = 6_u32.to_le_bytes().into_iter().chain((values.len() as u64).to_le_bytes());
        Value::Raw(9, head.chain(bytes).collect())
    };
    let cases = [
        ("general.architecture", with("general.architecture", text("llama"))),
        ("`clip.projector_type`: `resampler`", with("clip.projector_type", text("resampler"))),
        ("clip.projector_type", part().with("clip.projector_type", None)),
        ("clip.use_gelu", part().with("clip.use_gelu", None)),
        ("`clip.vision.projection_dim`: 48 values, and the text model's", count("projection_dim", 48)),
        ("clip.vision.image_size", count("image_size", 0)),
        ("clip.vision.image_size", count("image_size", u32::MAX)),
        ("clip.vision.patch_size", count("patch_size", 5)),
        ("clip.vision.projector.scale_factor", count("projector.scale_factor", 3)),
        ("clip.vision.attention.head_count", count("attention.head_count", 5)),
        ("clip.vision.attention.head_count", count("attention.head_count", 0)),
        ("clip.vision.embedding_length", part().with("clip.vision.embedding_length", None)),
        ("clip.vision.block_count", count("block_count", u32::MAX)),
        ("clip.vision.preproc_image_size", count("preproc_image_size", 8)),
        ("clip.vision.preproc_image_size", count("preproc_image_size", u32::MAX)),
        ("clip.vision.attention.layer_norm_epsilon", with("clip.vision.attention.layer_norm_epsilon", text("small"))),
        ("clip.vision.image_std", with("clip.vision.image_std", floats(&[0.5, 0.0, 0.5]))),
        ("clip.vision.image_mean", with("clip.vision.image_mean", floats(&[0.5]))),
        ("`v.patch_embd.weight`: shape", count("patch_size", 2)),
        ("lacks the tensor `v.blk.1.attn_out.bias`", without("v.blk.1.attn_out.bias")),
        ("lacks the tensor `mm.model.fc.weight`", without("mm.model.fc.weight")),
        ("lacks the tensor `v.blk.2.", count("block_count", 3)),
        ("`v.position_embd.weight`: shape", reshaped("v.position_embd.weight", &[16, 32])),
        ("`mm.model.fc.weight`: shape", reshaped("mm.model.fc.weight", &[64, 64])),
        ("`v.post_ln.bias`: shape", reshaped("v.post_ln.bias", &[16])),
    ];
    let faults: Vec<String> = cases
        .into_iter()
        .filter_map(|(expected, part)| match open_with(&part, &|options| options) {
            Ok(_) => Some(format!("{expected}: it opened")),
            Err(error) if error.to_string().contains(expected) => None,
            Err(error) => Some(format!("{expected}: {error}")),
        })
        .collect();
    assert!(faults.is_empty(), "{faults:#?}");
    let missing = open(&options(Path::new("no/such/mmproj.gguf"))).expect_err("no such file").to_string();
    assert!(missing.contains("no/such/mmproj.gguf"), "{missing}");
    // A text model that knows no image token does not belong to it.
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    std::fs::write(file.path(), Gguf::model().bytes()).expect("written");
    let error = Model::open(file.path(), &options(&folder().join("mmproj.gguf"))).expect_err("blind").to_string();
    assert!(error.contains("tokenizer.ggml.tokens") && error.contains("<image>"), "{error}");
}
