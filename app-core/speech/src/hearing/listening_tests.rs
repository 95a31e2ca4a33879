//! The two threads, with made-up ears and a made-up recogniser that can be held up.

use std::sync::{
    Mutex,
    mpsc::{SyncSender, sync_channel},
};

use reme_types::Language;

use super::{super::FRAME, *};
use crate::{
    audio::{Audio, SampleRate},
    hearing::Recording,
};

/// Takes the first sample of a frame for the probability of speech.
struct Loudness;

impl VoiceActivity for Loudness {
    fn probability(&mut self, frame: &[f32; FRAME]) -> Result<f32, HearingError> {
        Ok(frame[0])
    }

    fn reset(&mut self) {}
}

/// Writes down how long the sound is, in tenths of a second.
struct Length;

impl Recognise for Length {
    fn recognise(&mut self, sound: &[f32], expected: &Expectation, _: &Cancel) -> Result<Transcript, HearingError> {
        let text = if sound.is_empty() { String::new() } else { format!("{}", sound.len() / 1_600) };
        Ok(Transcript { text, words: Vec::new(), language: expected.language })
    }
}

fn recording(parts: &[(f32, u64)]) -> Box<Recording> {
    let samples = parts.iter().flat_map(|&(level, ms)| vec![level; SampleRate::HEARING.samples_in(ms)]).collect();
    Box::new(Recording::of(Audio::new(samples, SampleRate::HEARING)).unwrap())
}

fn listen(recogniser: impl Recognise + 'static, audio: Box<dyn AudioIn>) -> Listening {
    let options = ListenerOptions { turns: super::super::Turns::Many, ..ListenerOptions::default() };
    Listening::start(audio, Loudness, recogniser, Expectation::of(Language::En), options)
}

fn finals(listening: &Listening) -> Vec<String> {
    std::iter::from_fn(|| listening.next_event())
        .filter_map(|event| match event {
            HearingEvent::Final(transcript) => Some(transcript.text),
            HearingEvent::Failed(error) => Some(error.to_string()),
            _ => None,
        })
        .collect()
}

#[test]
fn each_turn_gets_one_final_text_and_pieces_are_joined() {
    let audio = recording(&[(0.9, 2_000), (0.0, 3_000), (0.9, 21_000), (0.0, 700), (0.9, 3_000), (0.0, 3_000)]);
    let finals = finals(&listen(Length, audio));
    assert_eq!(finals.len(), 2);
    assert_eq!(finals[1].split(' ').count(), 2, "two pieces: {}", finals[1]);
}

/// Waits in every recognition until it is cancelled.
struct Stuck(SyncSender<()>);

impl Recognise for Stuck {
    fn recognise(&mut self, _: &[f32], _: &Expectation, cancel: &Cancel) -> Result<Transcript, HearingError> {
        let _ = self.0.try_send(());
        while !cancel.is_cancelled() {
            std::thread::yield_now();
        }
        Err(HearingError::Cancelled)
    }
}

#[test]
fn stopping_stops_a_recognition_that_runs() {
    let (began, wait) = sync_channel(1);
    let listening = listen(Stuck(began), recording(&[(0.9, 3_000), (0.0, 3_000)]));
    wait.recv().unwrap();
    listening.stopper().cancel();
    assert!(finals(&listening).is_empty());
}

/// Holds up attempts until cancelled, and writes down the end of the turn.
struct SlowAttempts(Arc<Mutex<usize>>);

impl Recognise for SlowAttempts {
    fn recognise(
        &mut self,
        sound: &[f32],
        expected: &Expectation,
        cancel: &Cancel,
    ) -> Result<Transcript, HearingError> {
        // 5 s of speech with its margin; anything shorter is an attempt.
        if sound.len() < SampleRate::HEARING.samples_in(5_000) {
            *self.0.lock().unwrap() += 1;
            while !cancel.is_cancelled() {
                std::thread::yield_now();
            }
            return Err(HearingError::Cancelled);
        }
        Length.recognise(sound, expected, cancel)
    }
}

#[test]
fn attempts_slower_than_speech_are_skipped_and_make_way_for_the_end() {
    let attempts = Arc::new(Mutex::new(0));
    let listening = listen(SlowAttempts(Arc::clone(&attempts)), recording(&[(0.9, 5_000), (0.0, 3_000)]));
    assert_eq!(finals(&listening).len(), 1);
    assert!(*attempts.lock().unwrap() <= 1, "one attempt was under way, the others were skipped");
}

/// A microphone that is pulled out.
struct Unplugged(Option<Vec<f32>>);

impl AudioIn for Unplugged {
    fn read(&mut self) -> Result<Option<Vec<f32>>, HearingError> {
        self.0.take().map(Some).ok_or_else(|| HearingError::MicrophoneLost { detail: "unplugged".to_owned() })
    }
}

#[test]
fn what_was_said_before_the_microphone_went_is_kept() {
    let told = finals(&listen(Length, Box::new(Unplugged(Some(vec![0.9; 32_000])))));
    assert_eq!(told[0], "20");
    assert!(told[1].contains("unplugged"), "{told:?}");
}

#[test]
fn silence_is_told_and_the_channel_closes() {
    let listening = listen(Length, recording(&[(0.0, 1_000)]));
    let told: Vec<_> = std::iter::from_fn(|| listening.next_event()).collect();
    assert!(matches!(told.last(), Some(HearingEvent::NothingHeard)));
}
