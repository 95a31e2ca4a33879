//! The real path through the sound system, with a file where the sound card would be; and a machine with no sound card.
//!
//! ALSA reads its configuration once a process, so each case runs in a process of its own.
#![cfg(target_os = "linux")]

mod support;

use std::{path::Path, process::Command};

use reme_speech::{
    SampleRate,
    hearing::{AudioIn, HearingError, Level, Microphone, microphones, read_file},
};

/// Set in the process that opens the microphone: what it is to find there.
const CASE: &str = "REME_TEST_MICROPHONE";

/// Runs one test of this file with ALSA configured by `configuration`.
fn in_own_process(test: &str, case: &str, configuration: &str, folder: &Path) -> String {
    let file = folder.join("asound.conf");
    std::fs::write(&file, configuration).expect("written");
    let output = Command::new(std::env::current_exe().expect("this test"))
        .args(["--exact", test, "--nocapture"])
        .env(CASE, case)
        .env("ALSA_CONFIG_PATH", &file)
        .output()
        .expect("it runs");
    let told = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{told}");
    told
}

#[allow(clippy::disallowed_methods, reason = "the test asks the environment which of its processes it is")]
fn case() -> Option<String> {
    std::env::var_os(CASE).map(|case| case.to_string_lossy().into_owned())
}

#[test]
fn a_machine_without_a_sound_card_is_told_plainly() {
    let name = "a_machine_without_a_sound_card_is_told_plainly";
    if case().is_some() {
        let Err(error) = Microphone::open(None) else { panic!("there is no microphone") };
        assert!(matches!(error, HearingError::NoMicrophone { .. }));
        assert!(error.to_string().contains("typing works as before"), "{error}");
        let Err(error) = Microphone::open(Some("nobody's")) else { panic!("there is no microphone") };
        assert!(matches!(error, HearingError::NoMicrophone { .. }), "{error}");
        assert_eq!(microphones(), []);
        println!("told plainly");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let told = in_own_process(name, "none", "pcm.!default { type hw card 0 }\n", folder.path());
    assert!(told.contains("told plainly"), "{told}");
}

#[test]
fn a_file_in_the_place_of_the_sound_card_is_heard_through_the_sound_system() {
    let name = "a_file_in_the_place_of_the_sound_card_is_heard_through_the_sound_system";
    if case().is_some() {
        let mut microphone = Microphone::open(None).unwrap();
        let mut heard: Vec<f32> = Vec::new();
        while heard.len() < SampleRate::HEARING.samples_in(4_000) {
            heard.extend(microphone.read().unwrap().expect("a microphone does not end"));
        }
        println!("heard {:.1} dBFS", Level::of(&heard).rms_dbfs);
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let sound = read_file(&support::sound("birthday.en.wav")).unwrap();
    let raw: Vec<u8> = sound.samples().iter().flat_map(|sample| ((sample * 32_767.0) as i16).to_le_bytes()).collect();
    let file = folder.path().join("voice.raw");
    std::fs::write(&file, raw).unwrap();
    let configuration = format!(
        "pcm.nothing {{ type null }}\n\
         pcm.voice {{ type file slave.pcm nothing file /dev/null infile \"{}\" format raw }}\n\
         pcm.!default {{ type plug slave {{ pcm voice rate 16000 channels 1 format S16_LE }} }}\n",
        file.display()
    );
    let told = in_own_process(name, "file", &configuration, folder.path());
    let level: f32 = told.split("heard ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
    let expected = Level::of(sound.samples()).rms_dbfs;
    assert!((level - expected).abs() < 6.0, "{level} dBFS through the sound system, {expected} in the file: {told}");
}
