//! Packed files: they answer as the source does, and a damaged one is noticed and refused.

#[allow(dead_code, reason = "shared with other tests, which use the rest")]
#[path = "support/gguf.rs"]
mod gguf;
#[allow(dead_code, reason = "shared with other tests, which use the rest")]
mod support;

use std::path::Path;

use gguf::{Gguf, Value};
use reme_lm::{
    Bits, ChatMessage, ConvertOptions, ConvertedTensor, LmError, LoadOptions, Model, PackedCopy, Tuning, convert,
    packed_copy,
};

fn converted(input: &Path, output: &Path, options: &ConvertOptions) -> Result<Vec<ConvertedTensor>, LmError> {
    let mut tensors = Vec::new();
    convert(input, output, options, &mut |tensor| tensors.push(tensor.clone()))?;
    Ok(tensors)
}

fn logits(path: &Path) -> Result<Vec<u32>, LmError> {
    let model = Model::open(path, &LoadOptions::default())?;
    let prompt = model.session().prompt_logits(&[ChatMessage::user("Hello.")])?;
    Ok(prompt.logits.into_iter().map(f32::to_bits).collect())
}

/// A packed copy of the small model in eight bits, with its folder.
fn small() -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (source, packed) = (folder.path().join("in.gguf"), folder.path().join("out.gguf"));
    std::fs::write(&source, Gguf::model().with_eight_bits().bytes()).expect("written");
    converted(&source, &packed, &ConvertOptions::default()).expect("converted");
    (folder, packed)
}

#[test]
fn a_packed_file_answers_to_the_bit_as_its_source_packed_at_load() {
    let Some(source) = support::file(support::TINY) else { return };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let packed = folder.path().join("packed.gguf");
    let tensors = converted(&source, &packed, &ConvertOptions::default()).expect("converted");
    assert!(tensors.iter().all(|t| t.error == 0.0), "every value is kept");
    assert_eq!(tensors.iter().filter(|t| t.bits == Some(4)).count(), 210);
    assert_eq!(logits(&source).expect("logits"), logits(&packed).expect("logits"));
    let (of_source, of_packed) = (
        Model::open(&source, &LoadOptions::default()).expect("opens"),
        Model::open(&packed, &LoadOptions::default()).expect("opens"),
    );
    assert_eq!(of_source.info().parameters, of_packed.info().parameters);
    // It is no larger than its source by more than a twentieth.
    assert!(of_packed.info().file_bytes < of_source.info().file_bytes * 21 / 20);
}

#[test]
fn fewer_bits_are_a_smaller_file_and_a_larger_error() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let source = folder.path().join("in.gguf");
    std::fs::write(&source, Gguf::model().bytes()).expect("written");
    let mut last = (usize::MAX, 0.0);
    for bits in [Bits::Auto, Bits::Fixed(4), Bits::Fixed(3), Bits::Fixed(2), Bits::Ternary] {
        let packed = folder.path().join("out.gguf");
        let tensors =
            converted(&source, &packed, &ConvertOptions { bits, ..ConvertOptions::default() }).expect("converted");
        let up = tensors.iter().find(|t| t.name == "blk.0.ffn_up.weight").expect("a matrix of the block");
        let now = (up.bytes.1, up.error);
        assert!(now.0 <= last.0 && now.1 > last.1, "{bits:?}: {now:?} after {last:?}");
        last = now;
        Model::open(&packed, &LoadOptions::default()).expect("it opens");
    }
}

#[test]
fn damage_anywhere_in_a_packed_file_is_noticed_and_named() {
    let (folder, packed) = small();
    let whole = std::fs::read(&packed).expect("read");
    assert!(logits(&packed).is_ok());
    let broken = folder.path().join("broken.gguf");
    let (mut unnoticed, mut named) = (Vec::new(), 0);
    for at in (0..whole.len()).step_by(101) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x10;
        std::fs::write(&broken, bytes).expect("written");
        match Model::open(&broken, &LoadOptions::default()) {
            Err(LmError::Damaged { .. }) => named += 1,
            Err(_) => {}
            Ok(_) => unnoticed.push(at),
        }
    }
    assert!(named > whole.len() / 101 / 2, "most damage is in weights");
    // Between tensors lies air, of which nothing is read.
    let air = unnoticed.iter().all(|at| whole[*at] == 0);
    assert!(air && unnoticed.len() < 40, "{unnoticed:?}");
}

#[test]
fn what_cannot_be_converted_is_refused_in_words() {
    let (folder, packed) = small();
    let again = folder.path().join("again.gguf");
    let refused = |input: &Path, options: ConvertOptions| {
        let error = converted(input, &again, &options).expect_err("refused").to_string();
        assert!(!again.exists());
        error
    };
    assert!(refused(&packed, ConvertOptions::default()).contains("packed already"));
    let source = folder.path().join("in.gguf");
    assert!(refused(&source, ConvertOptions { group: 48, ..ConvertOptions::default() }).contains("32, 64 or 128"));
    let seven = ConvertOptions { bits: Bits::Fixed(7), ..ConvertOptions::default() };
    assert!(refused(&source, seven).contains("2, 3 or 4 bits"));
    let nowhere = converted(&source, Path::new("no/such/folder/x.gguf"), &ConvertOptions::default());
    assert!(nowhere.expect_err("refused").to_string().contains("could not be written"));
}

#[test]
fn a_packed_copy_is_made_once_and_made_again_when_it_is_damaged() {
    let (folder, _) = small();
    let (source, cache) = (folder.path().join("in.gguf"), folder.path().join("cache"));
    let copy =
        |source: &Path, cache: &Path| packed_copy(source, cache, 1, &Tuning::default()).expect("the source is whole");
    let PackedCopy::Made(made) = copy(&source, &cache) else { panic!("there was none") };
    let right = logits(&made).expect("logits");
    assert_eq!(copy(&source, &cache), PackedCopy::Found(made.clone()));
    let mut bytes = std::fs::read(&made).expect("read");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&made, bytes).expect("written");
    assert_eq!(copy(&source, &cache), PackedCopy::Made(made.clone()));
    assert_eq!(logits(&made).expect("logits"), right);
    // A packed file is its own copy; where nothing can be kept, the source does.
    assert_eq!(copy(&made, &cache), PackedCopy::Found(made.clone()));
    let nowhere = source.join("not a folder");
    assert!(matches!(copy(&source, &nowhere), PackedCopy::Source(path, _) if path == source));
}

#[test]
fn a_new_packed_copy_removes_those_of_the_same_source() {
    let (folder, _) = small();
    let cache = folder.path().join("cache");
    let [first, second] = ["in.gguf", "second.gguf"].map(|name| folder.path().join(name));
    std::fs::copy(&first, &second).expect("copied");
    let made = |source: &Path| match packed_copy(source, &cache, 1, &Tuning::default()).expect("the source is whole") {
        PackedCopy::Made(path) => path,
        other => panic!("it must be made: {other:?}"),
    };
    let (of_first, of_second) = (made(&first), made(&second));
    // What earlier versions left goes; what is none of ours stays.
    let [old, foreign] = ["0123456789abcdef0123456789abcdef.gguf", "notes-of-mine.gguf"].map(|name| cache.join(name));
    for path in [&old, &foreign] {
        std::fs::write(path, "x").expect("written");
    }
    let changed = std::fs::File::options().write(true).open(&first).expect("the source");
    changed.set_modified(std::time::UNIX_EPOCH).expect("another time");
    let again = made(&first);
    assert_ne!(again, of_first);
    assert_eq!(
        [&again, &of_first, &of_second, &old, &foreign].map(|path| path.exists()),
        [true, false, true, false, true]
    );
}

#[test]
fn another_layout_version_is_refused() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("other.gguf");
    std::fs::write(&path, Gguf::model().with("reme.layout_version", Some(Value::U32(9))).bytes()).expect("written");
    let error = Model::open(&path, &LoadOptions::default()).expect_err("refused").to_string();
    assert!(error.contains("layout version 9"), "{error}");
}
