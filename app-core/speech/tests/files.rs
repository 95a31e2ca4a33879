//! Recordings of every kind are read to the same sound; what is no recording is told with what to do.

mod support;

use std::{fs, path::Path};

use reme_speech::{
    Audio, SampleRate,
    hearing::{HearingError, Level, read_file},
};

/// Recordings, and how long they last before encoding, in ms.
const RECORDINGS: &[(&str, u64)] = &[
    ("birthday.en.wav", 4_280),
    ("lake.en.ogg", 3_600),
    ("lunch.en.opus.ogg", 4_400),
    ("bicycle.en.m4a", 3_900),
    ("hospital.en.mp3", 3_900),
    ("lake.zh.ogg", 4_575),
];

#[test]
fn every_kind_of_recording_is_read_whole() {
    // Length as the encoder was given it, in ms; coders pad a little at the ends.
    for (name, length_ms) in RECORDINGS {
        let audio = read_file(&support::sound(name)).unwrap();
        assert_eq!(audio.rate(), SampleRate::HEARING);
        assert!(audio.duration_ms().abs_diff(*length_ms) < 120, "{name}: {} ms", audio.duration_ms());
        let level = Level::of(audio.samples());
        assert!((-40.0..-10.0).contains(&level.rms_dbfs), "{name}: {level:?}");
    }
}

#[test]
fn a_file_with_a_misleading_name_is_read_by_what_is_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let misnamed = folder.path().join("voice.mp3");
    fs::copy(support::sound("birthday.en.wav"), &misnamed).unwrap();
    assert_eq!(read_file(&misnamed).unwrap(), read_file(&support::sound("birthday.en.wav")).unwrap());
}

#[test]
fn what_cannot_be_read_is_told_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    let told = |path: &Path| read_file(path).unwrap_err().to_string();
    assert!(told(&folder.path().join("none.wav")).contains("none.wav could not be read"));
    assert!(told(folder.path()).contains("could not be read"));
    assert!(told(&file("empty.wav", b"")).contains("holds no sound: record it again"));
    let silent = Audio::new(Vec::new(), SampleRate::HEARING).to_wav();
    assert!(matches!(read_file(&file("no-samples.wav", &silent)), Err(HearingError::Empty { .. })));
    for (name, bytes) in [
        ("text.wav", b"this is a letter, not a recording, and it is long enough to be looked at".to_vec()),
        ("half-head.wav", fs::read(support::sound("birthday.en.wav")).unwrap()[..20].to_vec()),
        ("zeros.m4a", vec![0; 4_000]),
        ("noise.ogg", (0..4_000_u32).map(|index| (index.wrapping_mul(2_654_435_761) >> 24) as u8).collect()),
    ] {
        let message = told(&file(name, &bytes));
        assert!(message.contains(name) && message.contains("WAV, OGG"), "{message}");
    }
}

#[test]
fn a_recording_that_was_cut_off_is_read_as_far_as_it_goes() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["birthday.en.wav", "lake.en.ogg", "lunch.en.opus.ogg", "hospital.en.mp3"] {
        let whole = fs::read(support::sound(name)).unwrap();
        let path = folder.path().join(name);
        fs::write(&path, &whole[..whole.len() * 2 / 3]).unwrap();
        let (cut, full) = (read_file(&path).unwrap(), read_file(&support::sound(name)).unwrap());
        assert!((full.duration_ms() / 4..full.duration_ms()).contains(&cut.duration_ms()), "{name}: {cut:?}");
    }
}

#[test]
fn a_recording_that_is_too_long_is_refused_before_memory_runs_out() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("long.wav");
    let rate = SampleRate::new(8_000).unwrap();
    fs::write(&path, Audio::silence(rate, 31 * 60_000).to_wav()).unwrap();
    let message = read_file(&path).unwrap_err().to_string();
    assert!(message.contains("longer than 30 minutes"), "{message}");
}
