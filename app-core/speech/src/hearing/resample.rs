//! Sound of any usual rate becomes sound of 16 kHz, block by block, with nothing added in front and nothing lost at the end.
//!
//! Where in the flow: between a file or microphone and everything that listens.

use rubato::{Fft, FixedSync, Resampler as _, audioadapter_buffers::direct::InterleavedSlice};

use super::HearingError;
use crate::audio::SampleRate;

/// Rates between which speech is recorded, in Hz.
const SLOWEST_HZ: u32 = 8_000;
const FASTEST_HZ: u32 = 192_000;
/// Samples worked on at once; a block of the transform, near 20 ms of a usual microphone.
const BLOCK: usize = 1_024;

/// A running change of sample rate. Feed blocks with [`push`](Self::push), then call [`finish`](Self::finish) once.
pub struct Resampler {
    /// `None` when the rate is right already.
    transform: Option<Fft<f32>>,
    /// Input that does not fill a block yet.
    pending: Vec<f32>,
    /// Output that only shows the transform's own delay.
    skip: usize,
    from: SampleRate,
    to: SampleRate,
    taken: u64,
    given: u64,
}

impl Resampler {
    /// From `rate` to 16 kHz.
    ///
    /// # Errors
    /// [`HearingError::SampleRate`] for a rate nobody records speech at.
    pub fn to_hearing(rate: SampleRate) -> Result<Self, HearingError> {
        Self::new(rate, SampleRate::HEARING)
    }

    fn new(from: SampleRate, to: SampleRate) -> Result<Self, HearingError> {
        let unusual = |_| HearingError::SampleRate { hz: from.hz() };
        if !(SLOWEST_HZ..=FASTEST_HZ).contains(&from.hz()) {
            return Err(HearingError::SampleRate { hz: from.hz() });
        }
        let transform = if from == to {
            None
        } else {
            let made = Fft::new(from.hz() as usize, to.hz() as usize, BLOCK, 1, FixedSync::Input);
            Some(made.map_err(unusual)?)
        };
        let skip = transform.as_ref().map_or(0, |transform| transform.output_delay());
        Ok(Self { transform, pending: Vec::new(), skip, from, to, taken: 0, given: 0 })
    }

    /// Takes samples and appends what is ready to `out`.
    ///
    /// # Errors
    /// [`HearingError::Recogniser`] when the transform refuses a block, which it does not for blocks of its own size.
    pub fn push(&mut self, samples: &[f32], out: &mut Vec<f32>) -> Result<(), HearingError> {
        self.taken += samples.len() as u64;
        if self.transform.is_none() {
            self.given += samples.len() as u64;
            out.extend_from_slice(samples);
            return Ok(());
        }
        self.pending.extend_from_slice(samples);
        self.blocks(out)
    }

    /// Gives out what is still inside, so that input and output last equally long.
    ///
    /// # Errors
    /// As [`push`](Self::push).
    pub fn finish(&mut self, out: &mut Vec<f32>) -> Result<(), HearingError> {
        let whole = (self.taken * u64::from(self.to.hz())).div_ceil(u64::from(self.from.hz()));
        while self.transform.is_some() && self.given < whole {
            self.pending.resize(self.pending.len() + BLOCK, 0.0);
            self.blocks(out)?;
        }
        let too_much = (self.given - whole.min(self.given)) as usize;
        out.truncate(out.len() - too_much.min(out.len()));
        Ok(())
    }

    fn blocks(&mut self, out: &mut Vec<f32>) -> Result<(), HearingError> {
        let Some(transform) = &mut self.transform else { return Ok(()) };
        let mut at = 0;
        loop {
            let count = transform.input_frames_next();
            let Some(block) = self.pending.get(at..at + count) else { break };
            let input = InterleavedSlice::new(block, 1, count).map_err(HearingError::recogniser)?;
            let made = transform.process(&input, None).map_err(HearingError::recogniser)?.take_data();
            let skipped = self.skip.min(made.len());
            self.skip -= skipped;
            self.given += (made.len() - skipped) as u64;
            out.extend_from_slice(&made[skipped..]);
            at += count;
        }
        self.pending.drain(..at);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A tone of 440 Hz.
    fn tone(hz: u32, count: usize) -> Vec<f32> {
        (0..count).map(|index| (index as f32 * 440.0 * std::f32::consts::TAU / hz as f32).sin() * 0.5).collect()
    }

    fn resampled(samples: &[f32], hz: u32, block: usize) -> Vec<f32> {
        let mut resampler = Resampler::to_hearing(SampleRate::new(hz).unwrap()).unwrap();
        let mut out = Vec::new();
        samples.chunks(block).for_each(|block| resampler.push(block, &mut out).unwrap());
        resampler.finish(&mut out).unwrap();
        out
    }

    #[test]
    fn a_tone_keeps_its_length_and_its_shape_at_every_usual_rate() {
        for hz in [8_000, 11_025, 16_000, 22_050, 24_000, 44_100, 48_000, 96_000] {
            let out = resampled(&tone(hz, hz as usize), hz, 777);
            assert!((16_000..=16_001).contains(&out.len()), "{hz}: {}", out.len());
            let wanted = tone(16_000, 16_000);
            // The edges ring; in between the tone must be the tone, shifted by less than one sample (0.086 of height at its steepest):
            // the filter's delay is no whole number of samples at every rate.
            let worst = (1_000..15_000).map(|at| (out[at] - wanted[at]).abs()).fold(0.0, f32::max);
            assert!(worst < 0.086, "{hz}: {worst}");
        }
    }

    #[test]
    fn the_size_of_blocks_changes_nothing() {
        let sound = tone(44_100, 10_000);
        assert_eq!(resampled(&sound, 44_100, 1), resampled(&sound, 44_100, 10_000));
    }

    #[test]
    fn a_rate_nobody_records_at_is_refused_by_name() {
        for hz in [1, 7_999, 192_001] {
            let Err(error) = Resampler::to_hearing(SampleRate::new(hz).unwrap()) else { panic!("{hz} was taken") };
            assert!(error.to_string().contains(&hz.to_string()));
        }
    }
}
