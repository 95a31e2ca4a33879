//! Rounding that searches where to cut off, with and without a text: never worse than the whole range, and with a smaller
//! error as the inputs see it. Floats of every kind are read.

#[allow(dead_code, reason = "shared with other tests, which use the rest")]
#[path = "support/gguf.rs"]
mod gguf;

use std::path::Path;

use gguf::Gguf;
use reme_lm::{
    Bits, Calibration, ConvertOptions, ConvertedTensor, Cut, LmError, LoadOptions, Model, WeightForm, calibrate,
    convert,
};

const TEXT: &str = "Tea at four, bread at five; tea at four, bread at five. ";
/// GGML's number of BF16.
const BF16: u32 = 30;

fn converted(from: &Path, to: &Path, bits: usize, cut: Cut, read: Option<&Calibration>) -> Vec<ConvertedTensor> {
    let calibration = read.cloned();
    let options = ConvertOptions { bits: Bits::Fixed(bits), cut, calibration, ..ConvertOptions::default() };
    let mut tensors = Vec::new();
    convert(from, to, &options, &mut |tensor| tensors.push(tensor.clone())).expect("it converts");
    tensors
}

/// Logits after every token of the text, in floats or packed.
fn logits(path: &Path, weights: WeightForm) -> Vec<f32> {
    let model = Model::open(path, &LoadOptions { weights, ..LoadOptions::default() }).expect("it opens");
    let mut session = model.session();
    let tokens = model.tokenize(TEXT);
    tokens.iter().flat_map(|token| session.feed(&[*token]).expect("it runs").to_vec()).collect()
}

#[test]
fn a_searched_cut_is_never_worse_than_the_whole_range_and_a_text_lowers_the_error_its_inputs_see() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let [from, to] = ["from", "to"].map(|name| folder.path().join(name));
    std::fs::write(&from, Gguf::model().bytes()).expect("written");
    let mut told = Vec::new();
    let read = calibrate(&from, TEXT, &mut |done, all| told.push((done, all))).expect("read");
    assert_eq!((read.tokens(), told.last().copied()), (TEXT.len(), Some((TEXT.len(), TEXT.len()))));
    for bits in [4, 3, 2] {
        let [plain, searched, known] = [Cut::Nowhere, Cut::LeastError, Cut::LeastErrorOnInputs].map(|cut| {
            converted(&from, &to, bits, cut, Some(&read)).into_iter().filter(|t| t.name.starts_with("blk."))
        });
        let mut rounded = 0;
        for ((plain, searched), known) in plain.zip(searched).zip(known).filter(|(both, _)| both.0.bits == Some(bits)) {
            assert!(searched.error <= plain.error, "{bits} bits: {plain:?} {searched:?}");
            assert!(known.error >= searched.error * 0.999, "{bits} bits: {searched:?} {known:?}");
            let [plain, searched, known] = [plain, searched, known].map(|t| t.weighted_error.expect("a text was read"));
            println!("{bits} bits, as the inputs see it: {plain:.4} → {searched:.4} → {known:.4}");
            assert!(known < searched && known < plain, "{bits} bits: {plain} → {searched} → {known}");
            rounded += 1;
        }
        assert_eq!(rounded, 7);
    }
    assert!(matches!(calibrate(&from, "", &mut |_, _| {}), Err(LmError::EmptyPrompt)));
    let options = ConvertOptions { bits: Bits::Fixed(3), cut: Cut::LeastErrorOnInputs, ..ConvertOptions::default() };
    assert!(matches!(convert(&from, &to, &options, &mut |_| {}), Err(LmError::Inconvertible { .. })));
}

#[test]
fn a_model_in_bf16_says_what_the_same_values_say_as_floats() {
    let mut short = Gguf::model();
    let mut floats = Gguf::model();
    for (short, floats) in short.tensors.iter_mut().zip(&mut floats.tensors) {
        let halves: Vec<[u8; 2]> = floats.3.as_chunks::<4>().0.iter().map(|four| [four[2], four[3]]).collect();
        floats.3 = halves.iter().flat_map(|[low, high]| [0, 0, *low, *high]).collect();
        (short.2, short.3) = (BF16, halves.into_iter().flatten().collect());
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let [a, b, packed] = ["a", "b", "packed"].map(|name| folder.path().join(name));
    std::fs::write(&a, short.bytes()).expect("written");
    std::fs::write(&b, floats.bytes()).expect("written");
    assert_eq!(logits(&a, WeightForm::AsStored), logits(&b, WeightForm::AsStored));
    let tensors = converted(&a, &packed, 4, Cut::LeastError, None);
    assert!(tensors.iter().any(|tensor| tensor.from == "BF16" && tensor.bits == Some(4)), "{tensors:?}");
}
