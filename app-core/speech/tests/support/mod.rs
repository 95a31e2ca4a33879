//! Where recordings and model files lie, for tests that need them.
#![allow(dead_code, reason = "each test takes what it needs")]

use std::path::PathBuf;

use reme_speech::hearing::{Recognise, Silero, Whisper};

/// English and Chinese.
pub(crate) const BASE: &str = "ggml-whisper-base.bin";
/// English, smaller.
pub(crate) const TINY_EN: &str = "ggml-whisper-tiny.en.bin";
/// Voice activity.
pub(crate) const VOICE: &str = "silero-vad-16k.onnx";

/// A recording of this folder.
pub(crate) fn sound(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/sounds").join(name)
}

/// The file of a model, or `None` when the machine was told to test without.
///
/// # Panics
/// When the file is missing and nobody said so.
#[allow(clippy::disallowed_methods, reason = "the test asks the environment where model files lie")]
pub(crate) fn file(name: &str) -> Option<PathBuf> {
    let var = |name| std::env::var_os(name).map(PathBuf::from);
    let data = || var("XDG_DATA_HOME").or_else(|| Some(var("HOME")?.join(".local/share")));
    let own = data().map(|data| data.join("reme/models"));
    let places = [var("REME_MODELS_DIR"), own];
    let path = places.into_iter().flatten().map(|folder| folder.join(name)).find(|path| path.exists());
    if path.is_none() && std::env::var_os("REME_TEST_WITHOUT_MODELS").is_none_or(|v| v != "1") {
        panic!("{name} is missing: run `cargo xtask models hearing`, or set REME_TEST_WITHOUT_MODELS=1");
    }
    path
}

/// A recogniser, or `None` as [`file`].
pub(crate) fn whisper(name: &str) -> Option<Whisper> {
    file(name).map(|path| Whisper::open(&path, 1).expect("the model file opens"))
}

/// The voice model, or `None` as [`file`].
pub(crate) fn silero() -> Option<Silero> {
    file(VOICE).map(|path| Silero::open(&path).expect("the model file opens"))
}

/// Letters and digits in lower case, words parted by one space.
pub(crate) fn plain(text: &str) -> String {
    let spaced: String = text
        .chars()
        .filter(|letter| letter.is_alphanumeric() || letter.is_whitespace())
        .flat_map(char::to_lowercase)
        .collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// How many words (English) or characters (Chinese) of `said` were heard otherwise, left out or put in.
pub(crate) fn slips(said: &str, heard: &str) -> usize {
    let units = |text: &str| -> Vec<String> {
        let plain = plain(text);
        match plain.is_ascii() {
            true => plain.split(' ').map(str::to_owned).collect(),
            false => plain.chars().map(String::from).collect(),
        }
    };
    let (said, heard) = (units(said), units(heard));
    let mut row: Vec<usize> = (0..=heard.len()).collect();
    for (index, unit) in said.iter().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], index + 1);
        for (place, other) in heard.iter().enumerate() {
            let replaced = diagonal + usize::from(unit != other);
            diagonal = row[place + 1];
            row[place + 1] = replaced.min(row[place] + 1).min(diagonal + 1);
        }
    }
    row[heard.len()]
}

/// Even noise of a seeded generator, `level` at most.
pub(crate) fn noise(count: usize, level: f32) -> Vec<f32> {
    let mut state = 0x2545_f491_u32;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        f32::from_bits(0x3f80_0000 | state >> 9) * 2.0 - 3.0
    };
    (0..count).map(|_| next() * level).collect()
}

/// Text of a sound, in one go.
pub(crate) fn text(
    recogniser: &mut impl Recognise,
    samples: &[f32],
    expected: &reme_speech::hearing::Expectation,
) -> String {
    recogniser.recognise(samples, expected, &Default::default()).expect("it recognises").text
}
