//! Where sound comes from: a trait, so that a file can stand in for a microphone.

use std::path::Path;

use super::{HearingError, file::read_file};
use crate::audio::{Audio, SampleRate};

/// Samples of 16 kHz handed over at once: a tenth of a second.
const BLOCK: usize = 1_600;

/// A source of sound: a microphone, or what stands in for one.
pub trait AudioIn: Send {
    /// The next block, 16 kHz, mono; waits until there is one. `None` when there will be no more.
    ///
    /// # Errors
    /// [`HearingError::MicrophoneLost`] when a microphone goes away.
    fn read(&mut self) -> Result<Option<Vec<f32>>, HearingError>;
}

/// A recording as a source, read as fast as it is asked for.
pub struct Recording {
    samples: Vec<f32>,
    at: usize,
}

impl Recording {
    /// Sound of 16 kHz; `None` when it has another rate.
    pub fn of(audio: Audio) -> Option<Self> {
        (audio.rate() == SampleRate::HEARING).then(|| Self { samples: audio.into_samples(), at: 0 })
    }

    /// A file (WAV, OGG, M4A, MP3).
    ///
    /// # Errors
    /// As [`read_file`].
    pub fn open(file: &Path) -> Result<Self, HearingError> {
        Ok(Self { samples: read_file(file)?.into_samples(), at: 0 })
    }

    /// How long it lasts, in ms.
    pub fn duration_ms(&self) -> u64 {
        SampleRate::HEARING.ms_of(self.samples.len())
    }
}

impl AudioIn for Recording {
    fn read(&mut self) -> Result<Option<Vec<f32>>, HearingError> {
        let block = &self.samples[self.at..(self.at + BLOCK).min(self.samples.len())];
        self.at += block.len();
        Ok((!block.is_empty()).then(|| block.to_vec()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recording_is_handed_over_whole_and_then_ends() {
        let samples: Vec<f32> = (0..4_000).map(|index| index as f32).collect();
        let mut recording = Recording::of(Audio::new(samples.clone(), SampleRate::HEARING)).unwrap();
        assert_eq!(recording.duration_ms(), 250);
        let mut read = Vec::new();
        while let Some(block) = recording.read().unwrap() {
            read.extend(block);
        }
        assert_eq!(read, samples);
        assert!(recording.read().unwrap().is_none());
        assert!(Recording::of(Audio::silence(SampleRate::SPEAKING, 10)).is_none());
    }
}
