//! The real voice model says both languages. What is said is checked by ear elsewhere (`examples/heard_back.rs`); here only what must
//! hold of any voice: there is sound, it lasts as long as such a line does, and rate, manner and stop are heeded.
#![allow(clippy::disallowed_methods, reason = "the test asks the environment where model files lie")]

use std::{ops::ControlFlow, path::PathBuf};

use reme_speech::speaking::{Delivery, Kokoro, Line, Rate, SpeakError, Speech, Stop, synthesise_whole};
use reme_types::Language;

/// The voice, or `None` when the machine was told to test without models.
///
/// # Panics
/// When a file is missing and nobody said so.
fn voice() -> Option<Kokoro> {
    let var = |name| std::env::var_os(name).map(PathBuf::from);
    let data = || var("XDG_DATA_HOME").or_else(|| Some(var("HOME")?.join(".local/share")));
    let folder = var("REME_MODELS_DIR").or_else(|| Some(data()?.join("reme/models"))).unwrap_or_default();
    let files = (folder.join("kokoro.onnx"), folder.join("kokoro-voices.bin"));
    if files.0.exists() && files.1.exists() {
        return Some(Kokoro::open(&files.0, &files.1, 1).expect("the files are the model's"));
    }
    if std::env::var_os("REME_TEST_WITHOUT_MODELS").is_none_or(|v| v != "1") {
        panic!("kokoro is missing: run `cargo xtask models speaking`, or set REME_TEST_WITHOUT_MODELS=1");
    }
    None
}

#[test]
fn the_voice_says_a_line_in_each_language_at_the_rate_asked_for_and_the_same_way_twice() {
    let Some(voice) = voice() else { return };
    for (language, text, seconds) in
        [(Language::En, "Good morning, Ruth.", 0.8..2.6), (Language::ZhCn, "早上好，李奶奶。", 0.8..2.8)]
    {
        let say = |line: &Line| synthesise_whole(&voice, line, &Stop::default()).unwrap();
        let line = Line::new(language, text);
        let sound = say(&line);
        let lasts = sound.duration_ms() as f64 / 1_000.0;
        assert!(seconds.contains(&lasts), "{language}: {lasts} s");
        let loudest = sound.samples().iter().fold(0.0_f32, |most, sample| most.max(sample.abs()));
        assert!((0.1..=1.0).contains(&loudest), "{language}: {loudest}");
        assert_eq!(say(&line), sound, "{language}: the same line sounds the same");
        let slow = say(&Line { rate: Rate::nearest(0.75), delivery: Delivery::Warm, ..line });
        assert!(slow.duration_ms() > sound.duration_ms() * 11 / 10, "{language}: {slow:?} {sound:?}");
    }
}

#[test]
fn sentences_come_one_by_one_and_end_when_nobody_listens_any_more() {
    let Some(voice) = voice() else { return };
    let line = Line::new(Language::En, "One. Two. Three.");
    let mut pieces = 0;
    let take = &mut |_| {
        pieces += 1;
        if pieces == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    voice.synthesise(&line, &Stop::default(), take).unwrap();
    assert_eq!(pieces, 2);
    let stop = Stop::default();
    stop.ask();
    assert!(synthesise_whole(&voice, &line, &stop).unwrap().is_empty());
    let named = Line { voice: Some("nobody".into()), ..line };
    let error = synthesise_whole(&voice, &named, &Stop::default()).unwrap_err();
    assert!(matches!(error, SpeakError::UnknownVoice { .. }));
}
