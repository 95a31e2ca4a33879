//! Sound as this crate holds it: one channel of `f32` samples and how many of them make a second.
//!
//! Where in the flow: files, microphones and the voice all make an [`Audio`]; the recogniser and the loudspeaker take one.
//! What it must never do: show samples in a log, or mix up two sample rates in silence.
//!
//! ```
//! use reme_speech::audio::{Audio, SampleRate};
//! let quiet = Audio::silence(SampleRate::HEARING, 250);
//! assert_eq!((quiet.samples().len(), quiet.duration_ms()), (4_000, 250));
//! ```

use std::{fmt, num::NonZeroU32};

/// How many samples make one second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SampleRate(NonZeroU32);

impl SampleRate {
    /// What the recogniser and the voice activity model hear: 16 kHz.
    pub const HEARING: Self = Self::known(16_000);
    /// What the voice speaks: 24 kHz.
    pub const SPEAKING: Self = Self::known(24_000);

    /// A rate of `hz` samples a second; `None` for 0.
    pub const fn new(hz: u32) -> Option<Self> {
        match NonZeroU32::new(hz) {
            Some(hz) => Some(Self(hz)),
            None => None,
        }
    }

    const fn known(hz: u32) -> Self {
        match Self::new(hz) {
            Some(rate) => rate,
            None => panic!("a literal above 0"),
        }
    }

    /// Samples a second.
    pub const fn hz(self) -> u32 {
        self.0.get()
    }

    /// How long `count` samples last, in whole milliseconds, rounded down.
    pub const fn ms_of(self, count: usize) -> u64 {
        count as u64 * 1_000 / self.0.get() as u64
    }

    /// How many samples last `ms` milliseconds, rounded down.
    pub const fn samples_in(self, ms: u64) -> usize {
        (ms * self.0.get() as u64 / 1_000) as usize
    }
}

impl fmt::Display for SampleRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} Hz", self.0)
    }
}

/// Mono sound. Full scale is -1.0 to 1.0.
#[derive(Clone, PartialEq)]
pub struct Audio {
    /// [sample]
    samples: Vec<f32>,
    rate: SampleRate,
}

impl Audio {
    /// Takes samples (full scale -1.0 to 1.0) recorded at `rate`.
    pub const fn new(samples: Vec<f32>, rate: SampleRate) -> Self {
        Self { samples, rate }
    }

    /// `ms` milliseconds of nothing.
    pub fn silence(rate: SampleRate, ms: u64) -> Self {
        Self::new(vec![0.0; rate.samples_in(ms)], rate)
    }

    /// The samples, oldest first.
    pub fn samples(&self) -> &[f32] {
        &self.samples
    }

    /// Gives the samples away.
    pub fn into_samples(self) -> Vec<f32> {
        self.samples
    }

    /// How many samples make a second.
    pub const fn rate(&self) -> SampleRate {
        self.rate
    }

    /// How long it lasts, in whole milliseconds.
    pub fn duration_ms(&self) -> u64 {
        self.rate.ms_of(self.samples.len())
    }

    /// True when there is no sample at all.
    pub fn is_empty(&self) -> bool {
        self.samples.is_empty()
    }

    /// A WAV file: one channel of 16-bit PCM. What lies beyond full scale is clipped.
    pub fn to_wav(&self) -> Vec<u8> {
        const HEADER_BYTES: u32 = 36;
        let data_bytes = u32::try_from(self.samples.len() * 2).unwrap_or(u32::MAX - HEADER_BYTES);
        let hz = self.rate.hz();
        let mut wav = Vec::with_capacity(44 + self.samples.len() * 2);
        wav.extend_from_slice(b"RIFF");
        wav.extend_from_slice(&(HEADER_BYTES + data_bytes).to_le_bytes());
        wav.extend_from_slice(b"WAVEfmt ");
        wav.extend_from_slice(&16_u32.to_le_bytes()); // length of this chunk
        wav.extend_from_slice(&1_u16.to_le_bytes()); // PCM
        wav.extend_from_slice(&1_u16.to_le_bytes()); // channels
        wav.extend_from_slice(&hz.to_le_bytes());
        wav.extend_from_slice(&(hz * 2).to_le_bytes()); // bytes a second
        wav.extend_from_slice(&2_u16.to_le_bytes()); // bytes a frame
        wav.extend_from_slice(&16_u16.to_le_bytes()); // bits a sample
        wav.extend_from_slice(b"data");
        wav.extend_from_slice(&data_bytes.to_le_bytes());
        for sample in &self.samples {
            let whole = (sample.clamp(-1.0, 1.0) * f32::from(i16::MAX)).round() as i16;
            wav.extend_from_slice(&whole.to_le_bytes());
        }
        wav
    }
}

/// Tells length and rate, never the sound.
impl fmt::Debug for Audio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Audio").field("duration_ms", &self.duration_ms()).field("rate", &self.rate.hz()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_and_samples_turn_into_one_another() {
        assert_eq!(SampleRate::new(0), None);
        for (hz, ms, count) in [(16_000, 1_000, 16_000), (24_000, 10, 240), (44_100, 1, 44), (8_000, 2_500, 20_000)] {
            let rate = SampleRate::new(hz).unwrap();
            assert_eq!(rate.samples_in(ms), count);
            assert_eq!(Audio::silence(rate, ms).samples().len(), count);
        }
        assert_eq!(SampleRate::HEARING.ms_of(16_008), 1_000);
    }

    #[test]
    fn a_wav_says_what_it_holds_and_clips_what_is_too_loud() {
        let wav = Audio::new(vec![0.0, 1.0, -2.0], SampleRate::HEARING).to_wav();
        assert_eq!((&wav[..4], &wav[8..12], wav.len()), (b"RIFF".as_slice(), b"WAVE".as_slice(), 50));
        assert_eq!(u32::from_le_bytes(wav[24..28].try_into().unwrap()), 16_000);
        assert_eq!(u32::from_le_bytes(wav[40..44].try_into().unwrap()), 6);
        assert_eq!(wav[44..], [0, 0, 0xff, 0x7f, 0x01, 0x80]);
    }

    #[test]
    fn debug_shows_no_sound() {
        let shown = format!("{:?}", Audio::new(vec![0.125; 160], SampleRate::HEARING));
        assert_eq!(shown, "Audio { duration_ms: 10, rate: 16000 }");
    }
}
