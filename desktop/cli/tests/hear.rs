//! `reme hear` from outside: what it says when a model, a file or a microphone is missing, and what it writes down.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// Runs `reme hear` with models in `models` only.
fn hear(models: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_reme"))
        .arg("hear")
        .args(arguments)
        .env("REME_MODELS_DIR", models)
        .env("XDG_DATA_HOME", models.join("data"))
        .output()
        .expect("the command runs")
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn sound(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../app-core/speech/tests/sounds");
    folder.join(name).to_string_lossy().into_owned()
}

/// The folder that holds the hearing models, or `None` when the machine was told to test without.
#[allow(clippy::disallowed_methods, reason = "the test asks the environment where model files lie")]
fn models() -> Option<PathBuf> {
    let var = |name| std::env::var_os(name).map(PathBuf::from);
    let data = var("XDG_DATA_HOME").or_else(|| Some(var("HOME")?.join(".local/share")));
    let folders = [var("REME_MODELS_DIR"), data.map(|data| data.join("reme/models"))];
    let found = folders.into_iter().flatten().find(|folder| folder.join("ggml-whisper-tiny.en.bin").exists());
    if found.is_none() && std::env::var_os("REME_TEST_WITHOUT_MODELS").is_none_or(|v| v != "1") {
        panic!("whisper-tiny.en is missing: run `cargo xtask models hearing`, or set REME_TEST_WITHOUT_MODELS=1");
    }
    found
}

#[test]
fn a_missing_model_is_told_with_the_line_that_brings_it() {
    let empty = tempfile::tempdir().expect("a folder");
    let output = hear(empty.path(), &[&sound("birthday.en.wav")]);
    assert_eq!(output.status.code(), Some(1));
    assert!(told(&output).contains("reme model pull"), "{}", told(&output));
}

#[test]
fn what_is_asked_for_is_looked_at_before_anything_is_loaded() {
    let empty = tempfile::tempdir().expect("a folder");
    for (arguments, word) in [
        (&[][..], "required"),
        (&["a.wav", "--silence", "9"], "0.8 to 6"),
        (&["a.wav", "--microphone"], "cannot be used with"),
        (&["a.wav", "--language", "fr"], "possible values"),
    ] {
        let output = hear(empty.path(), arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", told(&output));
        assert!(told(&output).contains(word), "{arguments:?}: {}", told(&output));
    }
}

#[test]
fn a_recording_is_written_down_as_text_and_as_json() {
    let Some(models) = models() else { return };
    let arguments =
        [&sound("hospital.en.mp3")[..], "--model", "whisper-tiny.en", "--language", "en", "--hot", "Mill Street"];
    let output = hear(&models, &arguments);
    assert!(output.status.success(), "{}", told(&output));
    let written = String::from_utf8_lossy(&output.stdout);
    assert!(
        written.contains("hospital") && written.contains("Mill Street") && written.lines().count() == 1,
        "{written}"
    );
    assert_eq!(told(&output), "", "neither whisper.cpp nor anything else writes to standard error");

    let output = hear(&models, &[&arguments[..], &["--json"]].concat());
    let line: serde_json::Value = serde_json::from_slice(&output.stdout).expect("one line of JSON");
    let words = line["words"].as_array().expect("words");
    assert!((8..=10).contains(&words.len()), "{line}");
    assert!(words.iter().all(|word| word["confidence"].as_f64().is_some_and(|sure| (0.0..=1.0).contains(&sure))));

    let missing = hear(&models, &["nowhere.wav", "--model", "whisper-tiny.en"]);
    assert!(told(&missing).contains("nowhere.wav could not be read"), "{}", told(&missing));
}
