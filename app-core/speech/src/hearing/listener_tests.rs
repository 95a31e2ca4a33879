//! Turns out of made-up sound: the loudness of a frame stands for its probability of speech.

use super::*;

/// Takes the first sample of a frame for the probability.
struct Loudness;

impl VoiceActivity for Loudness {
    fn probability(&mut self, frame: &[f32; FRAME]) -> Result<f32, HearingError> {
        Ok(frame[0])
    }

    fn reset(&mut self) {}
}

/// Speech and silence by turns, in ms.
fn sound(parts: &[(f32, u64)]) -> Vec<f32> {
    parts.iter().flat_map(|&(level, ms)| vec![level; SampleRate::HEARING.samples_in(ms)]).collect()
}

fn heard(options: ListenerOptions, sound: &[f32], block: usize) -> Vec<ListenerEvent> {
    let mut listener = Listener::new(Loudness, options);
    let mut events: Vec<_> = sound.chunks(block).flat_map(|block| listener.hear(block).unwrap()).collect();
    events.extend(listener.finish());
    events.retain(|event| !matches!(event, ListenerEvent::Level(_)));
    events
}

fn stretches(events: &[ListenerEvent]) -> Vec<(Purpose, usize, usize)> {
    let stretch = |event: &ListenerEvent| match event {
        ListenerEvent::Recognise(stretch) => Some((stretch.purpose, stretch.start, stretch.samples.len())),
        _ => None,
    };
    events.iter().filter_map(stretch).collect()
}

#[test]
fn a_turn_has_a_beginning_attempts_each_second_and_an_end_that_was_attempted_before() {
    let events = heard(ListenerOptions::default(), &sound(&[(0.0, 1_000), (0.9, 3_000), (0.0, 4_000)]), 1_600);
    let starts = events.iter().filter(|event| matches!(event, ListenerEvent::SpeechStarted { .. })).count();
    let ends: Vec<_> = events.iter().filter(|event| matches!(event, ListenerEvent::EndOfTurn { .. })).collect();
    assert_eq!((starts, ends.len()), (1, 1));
    let ListenerEvent::EndOfTurn { at_ms } = ends[0] else { panic!("filtered above") };
    assert!((3_990..4_050).contains(at_ms), "{at_ms}");
    let told = stretches(&events);
    let purposes: Vec<_> = told.iter().map(|stretch| stretch.0).collect();
    assert_eq!(purposes, [Purpose::Attempt, Purpose::Attempt, Purpose::Attempt, Purpose::Attempt, Purpose::Last]);
    let (pause, last) = (told[3], told[4]);
    assert_eq!((pause.1, pause.2), (last.1, last.2), "the attempt at the pause covers what the end does");
    assert!((last.1 as i64 - 11_200).abs() < 2 * FRAME as i64, "begins {} samples in, 300 ms before speech", last.1);
}

#[test]
fn the_size_of_blocks_changes_nothing() {
    let sound = sound(&[(0.0, 700), (0.9, 1_700), (0.0, 500), (0.9, 900), (0.0, 3_000)]);
    let expected = heard(ListenerOptions::default(), &sound, 160);
    for block in [1, 511, 512, 4_000, 1_000_000] {
        // The end of the sound known so far bounds a margin, never a whole stretch.
        assert_eq!(stretches(&heard(ListenerOptions::default(), &sound, block)), stretches(&expected), "{block}");
    }
}

#[test]
fn silence_is_told_after_the_patience_or_at_the_end() {
    let patient = ListenerOptions { patience_ms: Some(2_000), ..ListenerOptions::default() };
    assert_eq!(heard(patient, &sound(&[(0.0, 5_000)]), 1_600), [ListenerEvent::NothingHeard]);
    assert_eq!(heard(ListenerOptions::default(), &sound(&[(0.0, 500)]), 1_600), [ListenerEvent::NothingHeard]);
    assert_eq!(heard(ListenerOptions::default(), &[], 1_600), [ListenerEvent::NothingHeard]);
}

#[test]
fn sound_that_ends_in_speech_ends_the_turn() {
    let told = stretches(&heard(ListenerOptions::default(), &sound(&[(0.9, 1_500)]), 1_600));
    assert_eq!(told.last().unwrap().0, Purpose::Last);
    assert!(told.last().unwrap().2 >= 1_400 * 16);
}

#[test]
fn a_long_turn_is_cut_at_a_pause_or_at_its_quietest_frame_and_loses_nothing() {
    let paused = sound(&[(0.9, 21_000), (0.1, 800), (0.9, 2_000), (0.1, 3_000)]);
    let breathless = sound(&[(0.9, 26_000), (0.4, 100), (0.9, 10_000), (0.1, 3_000)]);
    for (sound, first_ends_near_ms) in [(paused, 21_300), (breathless, 26_050)] {
        let mut parts = stretches(&heard(ListenerOptions::default(), &sound, 1_600));
        parts.retain(|stretch| stretch.0 != Purpose::Attempt);
        let purposes: Vec<_> = parts.iter().map(|part| part.0).collect();
        assert_eq!(purposes, [Purpose::Piece, Purpose::Last]);
        let first_end = parts[0].1 + parts[0].2;
        assert_eq!(first_end, parts[1].1, "the next piece begins where the one before ended");
        assert!(SampleRate::HEARING.ms_of(first_end).abs_diff(first_ends_near_ms) < 100, "{first_end}");
    }
}

#[test]
fn one_turn_is_enough_unless_more_are_asked_for() {
    let sound = sound(&[(0.9, 1_000), (0.0, 3_000), (0.9, 1_000), (0.0, 3_000)]);
    let lasts = |turns| {
        let told = heard(ListenerOptions { turns, ..ListenerOptions::default() }, &sound, 1_600);
        stretches(&told).iter().filter(|stretch| stretch.0 == Purpose::Last).count()
    };
    assert_eq!((lasts(Turns::One), lasts(Turns::Many)), (1, 2));
}

#[test]
fn memory_stays_small_while_nobody_speaks() {
    let mut listener = Listener::new(Loudness, ListenerOptions::default());
    for _ in 0..600 {
        listener.hear(&vec![0.0; 16_000]).unwrap();
    }
    assert!(listener.kept.len() < 16_000 && listener.quietness.len() < 100);
}
