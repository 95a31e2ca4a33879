//! The edges of a piece of sound, and its sample rate.

use rubato::{Fft, FixedSync, Resampler as _, audioadapter_buffers::direct::InterleavedSlice};

use super::SpeakError;
use crate::audio::{Audio, SampleRate};

/// Samples worked on at once when the rate changes.
const BLOCK: usize = 256;

/// Quieter than this counts as silence.
const FLOOR: f32 = 0.004;
/// What stays of the voice's own silence before and after the words, in milliseconds.
const EDGE_MS: u64 = 30;
/// Length of the ramps that keep edges from clicking, in milliseconds.
const RAMP_MS: u64 = 5;
/// The voice clicks before and sometimes after the words: longest click, and shortest silence between it and them, in milliseconds.
/// Measured: 20 to 40 and 220 to 340.
const CLICK_MS: u64 = 60;
const APART_MS: u64 = 120;

/// Takes off the voice's own silence and clicks at both ends, softens the edges, and adds `pause_ms` of silence.
pub(crate) fn settle(samples: Vec<f32>, pause_ms: u64) -> Vec<f32> {
    let rate = SampleRate::SPEAKING;
    let edge = rate.samples_in(EDGE_MS);
    let Some((first, last)) = words(&samples) else { return vec![0.0; rate.samples_in(pause_ms)] };
    let mut kept = samples[first.saturating_sub(edge)..(last + edge).min(samples.len())].to_vec();
    let ramp = rate.samples_in(RAMP_MS).min(kept.len() / 2);
    let length = kept.len();
    for at in 0..ramp {
        let share = at as f32 / ramp as f32;
        kept[at] *= share;
        kept[length - 1 - at] *= share;
    }
    kept.extend(std::iter::repeat_n(0.0, rate.samples_in(pause_ms)));
    kept
}

/// First and last loud sample of the words; `None` when all is silence.
fn words(samples: &[f32]) -> Option<(usize, usize)> {
    let [click, apart] = [CLICK_MS, APART_MS].map(|ms| SampleRate::SPEAKING.samples_in(ms));
    // First and last place of each stretch of sound.
    let mut stretches: Vec<(usize, usize)> = Vec::new();
    for (at, _) in samples.iter().enumerate().filter(|(_, sample)| sample.abs() > FLOOR) {
        match stretches.last_mut() {
            Some((_, end)) if at - *end < apart => *end = at,
            _ => stretches.push((at, at)),
        }
    }
    let is_click = |&(start, end): &(usize, usize)| end - start < click;
    let mut words = stretches.as_slice();
    if let [first, rest @ ..] = words
        && is_click(first)
        && first.1 < 2 * click
        && !rest.is_empty()
    {
        words = rest;
    }
    if let [rest @ .., last] = words
        && is_click(last)
        && samples.len() - last.0 < 2 * click
        && !rest.is_empty()
    {
        words = rest;
    }
    Some((words.first()?.0, words.last()?.1))
}

/// The same sound at another rate.
///
/// # Errors
/// [`SpeakError::NoDevice`] for a rate no device has.
pub(crate) fn resampled(sound: &Audio, rate: SampleRate) -> Result<Audio, SpeakError> {
    if sound.rate() == rate || sound.is_empty() {
        return Ok(Audio::new(sound.samples().to_vec(), rate));
    }
    let fault = |error: &dyn std::fmt::Display| SpeakError::NoDevice(format!("{rate} cannot be made: {error}"));
    let (from, to) = (sound.rate().hz() as usize, rate.hz() as usize);
    let mut transform = Fft::<f32>::new(from, to, BLOCK, 1, FixedSync::Input).map_err(|error| fault(&error))?;
    let count = sound.samples().len();
    let input = InterleavedSlice::new(sound.samples(), 1, count).map_err(|error| fault(&error))?;
    let made = transform.process_all(&input, count, None).map_err(|error| fault(&error))?.take_data();
    Ok(Audio::new(made, rate))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_rate_keeps_the_length_in_time() {
        let tone: Vec<f32> = (0..22_050).map(|at| (at as f32 * 0.1).sin() * 0.5).collect();
        let made = resampled(&Audio::new(tone, SampleRate::new(22_050).unwrap()), SampleRate::SPEAKING).unwrap();
        assert!(made.samples().len().abs_diff(24_000) <= 1, "{}", made.samples().len());
        assert!(made.samples()[2_000..22_000].iter().any(|sample| *sample > 0.45));
    }

    #[test]
    fn silence_around_the_words_gives_way_to_the_pause() {
        let mut sound = vec![0.0; 24_000];
        sound[12_000..12_240].fill(0.5);
        let settled = settle(sound, 100);
        // 30 ms before, 10 ms of words, 30 ms after, 100 ms of pause, to a sample or two.
        assert!(settled.len().abs_diff(170 * 24) <= 2, "{}", settled.len());
        assert_eq!((settled[0], *settled.last().unwrap()), (0.0, 0.0));
        assert_eq!(settle(vec![0.0; 500], 10).len(), 240);
    }

    #[test]
    fn clicks_before_and_after_the_words_go_and_short_words_stay() {
        let with = |loud: &[(usize, usize)]| {
            let mut sound = vec![0.0; 48_000];
            loud.iter().for_each(|&(from_ms, to_ms)| sound[from_ms * 24..to_ms * 24].fill(0.5));
            (settle(sound, 0).len() + 12) / 24
        };
        let words = 30 + 300 + 30;
        assert_eq!(with(&[(0, 25), (600, 900), (1_960, 1_990)]), words);
        // A stop's burst belongs to the word it begins, and what is far from the edges is said.
        assert_eq!(with(&[(600, 620), (680, 900)]), words);
        assert_eq!(with(&[(600, 640), (800, 900)]), words);
        assert_eq!(with(&[(600, 640)]), 30 + 40 + 30);
    }
}
