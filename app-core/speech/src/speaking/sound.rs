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

/// Takes off the voice's own silence at both ends, softens the edges, and adds `pause_ms` of silence.
pub(crate) fn settle(samples: Vec<f32>, pause_ms: u64) -> Vec<f32> {
    let rate = SampleRate::SPEAKING;
    let edge = rate.samples_in(EDGE_MS);
    let is_loud = |sample: &f32| sample.abs() > FLOOR;
    let (Some(first), Some(last)) = (samples.iter().position(is_loud), samples.iter().rposition(is_loud)) else {
        return vec![0.0; rate.samples_in(pause_ms)];
    };
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
}
