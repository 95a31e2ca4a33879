//! Real recordings, the real models: what was said is written down, and what was not said is not.
//!
//! Run one at a time: whisper.cpp takes a core for itself.

mod support;

use std::sync::{Mutex, MutexGuard, PoisonError};

use reme_speech::hearing::{
    Cancel, Expectation, HearingError, HearingEvent, ListenerOptions, Listening, Recognise, Recording, Transcript,
    Turns, Whisper, read_file,
};
use reme_types::Language;
use support::{BASE, TINY_EN, plain, slips};

/// What is said in the recordings.
const SAID_EN: &[(&str, &str)] = &[
    ("birthday.en.wav", "my sister helen baked an apple cake for my birthday"),
    ("lake.en.ogg", "we went to the lake on a sunday afternoon in may"),
    ("lunch.en.opus.ogg", "on tuesday i had lunch with my daughter and her husband"),
    ("bicycle.en.m4a", "the red bicycle was a present from my father"),
    ("hospital.en.mp3", "the hospital is on the corner of mill street"),
];
const SAID_ZH: (&str, &str) = ("lake.zh.ogg", "上个星期天我们一家人去西湖边散步");

fn alone() -> MutexGuard<'static, ()> {
    static ONE: Mutex<()> = Mutex::new(());
    ONE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn samples(name: &str) -> Vec<f32> {
    read_file(&support::sound(name)).expect("a sound").into_samples()
}

fn english() -> Expectation {
    Expectation { language: Language::En, hot_words: vec!["Helen".to_owned(), "Mill Street".to_owned()] }
}

fn check_words(transcript: &Transcript, length_ms: u64) {
    assert!(!transcript.words.is_empty());
    for pair in transcript.words.windows(2) {
        assert!(pair[0].start_ms <= pair[1].start_ms, "words stand in the order of their times");
    }
    for word in &transcript.words {
        assert!(word.start_ms <= word.end_ms && word.end_ms <= length_ms);
        assert!((0.0..=1.0).contains(&word.confidence));
    }
}

#[test]
fn english_recordings_of_every_kind_are_written_down() {
    let _alone = alone();
    let Some(mut whisper) = support::whisper(TINY_EN) else { return };
    for (name, said) in SAID_EN {
        let samples = samples(name);
        let heard = whisper.recognise(&samples, &english(), &Cancel::default()).unwrap();
        // The smallest model may take one short word for another, never a name that was given to it.
        assert!(slips(said, &heard.text) <= 1, "{name}: {}", heard.text);
        for name in ["helen", "mill street"] {
            assert_eq!(plain(&heard.text).contains(name), said.contains(name));
        }
        check_words(&heard, samples.len() as u64 / 16);
        let words: Vec<_> = heard.words.iter().map(|word| plain(&word.text)).collect();
        assert_eq!(words.join(" "), plain(&heard.text), "the words are those of the text");
    }
}

#[test]
fn chinese_is_written_in_simplified_characters_with_its_words() {
    let _alone = alone();
    let Some(mut whisper) = support::whisper(BASE) else { return };
    let expected = Expectation { language: Language::ZhCn, hot_words: vec!["西湖".to_owned()] };
    let samples = samples(SAID_ZH.0);
    let heard = whisper.recognise(&samples, &expected, &Cancel::default()).unwrap();
    assert!(slips(SAID_ZH.1, &heard.text) <= 2, "{}", heard.text);
    check_words(&heard, samples.len() as u64 / 16);
    assert!(heard.words.iter().any(|word| word.text == "西湖"));
}

#[test]
fn nothing_is_made_up_over_silence_and_noise() {
    let _alone = alone();
    let Some(mut voice) = support::silero() else { return };
    let sounds = [
        vec![0.0; 5 * 16_000],
        support::noise(5 * 16_000, 0.01),
        support::noise(5 * 16_000, 0.2),
        (0..5 * 16_000).map(|index| (index as f32 * 0.17).sin() * 0.3).collect(),
    ];
    for (index, sound) in sounds.into_iter().enumerate() {
        let mut listener = reme_speech::hearing::Listener::new(&mut voice, ListenerOptions::default());
        let mut events = listener.hear(&sound).unwrap();
        events.extend(listener.finish());
        let spoke =
            events.iter().any(|event| matches!(event, reme_speech::hearing::ListenerEvent::SpeechStarted { .. }));
        assert!(!spoke, "sound {index} was taken for speech");
        drop(listener);
        reme_speech::hearing::VoiceActivity::reset(&mut voice);
    }
    // Even when the recogniser is asked about silence itself, it says nothing.
    let Some(mut whisper) = support::whisper(TINY_EN) else { return };
    assert_eq!(support::text(&mut whisper, &vec![0.0; 3 * 16_000], &english()), "");
}

/// Two sentences with a pause of 3 s between them and silence behind.
fn conversation() -> Recording {
    let mut sound = vec![0.0; 8_000];
    for name in [SAID_EN[0].0, SAID_EN[3].0] {
        sound.extend(samples(name));
        sound.extend(vec![0.0; 3 * 16_000]);
    }
    Recording::of(reme_speech::Audio::new(sound, reme_speech::SampleRate::HEARING)).expect("16 kHz")
}

#[test]
fn a_running_conversation_gives_its_turns_in_order() {
    let _alone = alone();
    let (Some(whisper), Some(voice)) = (support::whisper(TINY_EN), support::silero()) else { return };
    let options = ListenerOptions { turns: Turns::Many, ..ListenerOptions::default() };
    let listening = Listening::start(Box::new(conversation()), voice, whisper, english(), options);
    let (mut finals, mut order) = (Vec::new(), Vec::new());
    while let Some(event) = listening.next_event() {
        match event {
            HearingEvent::SpeechStarted { at_ms } => order.push(at_ms),
            HearingEvent::EndOfTurn { at_ms } => order.push(at_ms),
            HearingEvent::Final(transcript) => finals.push(transcript),
            HearingEvent::Failed(error) => panic!("{error}"),
            HearingEvent::Level(_) | HearingEvent::Partial(_) | HearingEvent::NothingHeard => {}
        }
    }
    assert_eq!(finals.len(), 2);
    for (transcript, said) in finals.iter().zip([SAID_EN[0].1, SAID_EN[3].1]) {
        assert!(slips(said, &transcript.text) <= 1, "{}", transcript.text);
    }
    assert!(order.len() == 4 && order.is_sorted(), "{order:?}");
    assert!(finals[1].words[0].start_ms > finals[0].words.last().unwrap().end_ms, "times count from the beginning");
}

#[test]
fn a_recognition_can_be_cancelled_and_the_recogniser_used_again() {
    let _alone = alone();
    let Some(mut whisper) = support::whisper(TINY_EN) else { return };
    let sound = samples(SAID_EN[0].0);
    let cancel = Cancel::default();
    cancel.cancel();
    let stopped = whisper.recognise(&sound, &english(), &cancel);
    assert!(matches!(stopped, Err(HearingError::Cancelled)));
    assert!(slips(SAID_EN[0].1, &support::text(&mut whisper, &sound, &english())) <= 1);
}

#[test]
fn a_missing_or_broken_model_and_a_wrong_language_are_told_with_what_to_do() {
    let _alone = alone();
    let folder = tempfile::tempdir().unwrap();
    let broken = folder.path().join("broken.bin");
    std::fs::write(&broken, [7; 5_000]).unwrap();
    for file in [folder.path().join("none.bin"), broken] {
        let Err(error) = Whisper::open(&file, 1) else { panic!("{} was opened", file.display()) };
        assert!(error.to_string().contains("reme model pull hearing"), "{error}");
        let Err(error) = reme_speech::hearing::Silero::open(&file) else { panic!("{} was opened", file.display()) };
        assert!(error.to_string().contains("reme model pull hearing"), "{error}");
    }
    let Some(mut whisper) = support::whisper(TINY_EN) else { return };
    let refused = whisper.recognise(&[0.0; 16_000], &Expectation::of(Language::ZhCn), &Cancel::default());
    assert!(matches!(refused, Err(HearingError::EnglishOnly)));
}

#[test]
fn speech_is_noticed_where_it_is() {
    let Some(mut voice) = support::silero() else { return };
    // The words begin 440 ms into the recording and end 3,610 ms into it, by the model's own authors' runtime.
    let mut sound = vec![0.0; 16_000];
    sound.extend(samples(SAID_EN[0].0));
    sound.extend(vec![0.0; 3 * 16_000]);
    let mut listener = reme_speech::hearing::Listener::new(&mut voice, ListenerOptions::default());
    let (mut began, mut ended) = (0, 0);
    for event in listener.hear(&sound).unwrap() {
        match event {
            reme_speech::hearing::ListenerEvent::SpeechStarted { at_ms } => began = at_ms,
            reme_speech::hearing::ListenerEvent::EndOfTurn { at_ms } => ended = at_ms,
            _ => {}
        }
    }
    assert!(began.abs_diff(1_440) <= 64 && ended.abs_diff(4_610) <= 96, "{began} to {ended} ms");
}
