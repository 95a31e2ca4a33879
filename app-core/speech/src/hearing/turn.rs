//! Where speech begins, pauses and ends, from the probabilities of frames alone.
//!
//! Where in the flow: between [`VoiceActivity`](super::VoiceActivity) and the [`Listener`](super::Listener). Counts frames, never a
//! clock: the same sound gives the same turns at any speed.

use super::voice::FRAME;
use crate::audio::SampleRate;

/// From here on a frame counts as speech (Silero's own advice).
const SPEECH_AT: f32 = 0.5;
/// While somebody speaks a frame counts as speech down to here, so that soft ends of words stay in.
const SPEECH_ABOVE: f32 = 0.35;
/// This many speech frames in a row begin a turn: 96 ms, shorter than the shortest word, longer than a click.
const BEGIN_FRAMES: usize = 3;
/// This many loud frames in a row end a silence; a single one is a cup put down.
const RESUME_FRAMES: usize = 2;
/// A silence this long is a pause: a good moment to look at what was said so far, in ms.
const PAUSE_MS: u64 = 400;

/// How long somebody may be silent before their turn is over, in milliseconds: 800 to 6,000, usually 2,500.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EndSilence(u64);

impl EndSilence {
    /// Shortest and longest, in ms.
    pub const RANGE_MS: std::ops::RangeInclusive<u64> = 800..=6_000;

    /// A silence of `ms` milliseconds, moved into the range when outside.
    pub fn of_ms(ms: u64) -> Self {
        Self(ms.clamp(*Self::RANGE_MS.start(), *Self::RANGE_MS.end()))
    }

    /// Milliseconds.
    pub const fn ms(self) -> u64 {
        self.0
    }
}

impl Default for EndSilence {
    fn default() -> Self {
        Self(2_500)
    }
}

/// What a frame changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    /// Speech began at this sample.
    Began(usize),
    /// A pause; speech lasted until this sample.
    Paused(usize),
    /// The turn is over; speech lasted until this sample.
    Ended(usize),
}

/// Follows one speaker.
#[derive(Debug, Clone)]
pub(crate) struct Turn {
    end_frames: usize,
    pause_frames: usize,
    /// Frames seen, from the beginning of the sound.
    seen: usize,
    /// Speech frames in a row, up to now.
    run: usize,
    speaking: bool,
    /// The frame after the last speech frame.
    speech_until: usize,
    paused: bool,
}

impl Turn {
    pub(crate) fn new(silence: EndSilence) -> Self {
        let frames = |ms| SampleRate::HEARING.samples_in(ms).div_ceil(FRAME);
        let (end_frames, pause_frames) = (frames(silence.ms()), frames(PAUSE_MS));
        Self { end_frames, pause_frames, seen: 0, run: 0, speaking: false, speech_until: 0, paused: false }
    }

    /// Takes the probability of the next frame.
    pub(crate) fn frame(&mut self, probability: f32) -> Option<Change> {
        self.seen += 1;
        let is_speech = probability >= if self.speaking { SPEECH_ABOVE } else { SPEECH_AT };
        self.run = if is_speech { self.run + 1 } else { 0 };
        if !self.speaking {
            if self.run < BEGIN_FRAMES {
                return None;
            }
            (self.speaking, self.paused, self.speech_until) = (true, false, self.seen);
            return Some(Change::Began((self.seen - self.run) * FRAME));
        }
        if self.run > 0 && (self.speech_until + self.run == self.seen || self.run >= RESUME_FRAMES) {
            (self.speech_until, self.paused) = (self.seen, false);
            return None;
        }
        let silent = self.seen - self.speech_until;
        if silent >= self.end_frames {
            (self.speaking, self.run) = (false, 0);
            return Some(Change::Ended(self.speech_until * FRAME));
        }
        if silent >= self.pause_frames && !self.paused {
            self.paused = true;
            return Some(Change::Paused(self.speech_until * FRAME));
        }
        None
    }

    /// Ends the turn at once, when there is no more sound; the sample speech lasted until.
    pub(crate) fn stop(&mut self) -> Option<usize> {
        std::mem::take(&mut self.speaking).then_some(self.speech_until * FRAME)
    }

    /// True when the frame before was speech, not a silence inside the turn.
    pub(crate) fn is_in_speech(&self) -> bool {
        self.speaking && self.speech_until == self.seen
    }

    /// True between beginning and end.
    pub(crate) fn is_speaking(&self) -> bool {
        self.speaking
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changes(silence_ms: u64, frames: &[(f32, usize)]) -> Vec<Change> {
        let mut turn = Turn::new(EndSilence::of_ms(silence_ms));
        let probabilities = frames.iter().flat_map(|&(probability, count)| std::iter::repeat_n(probability, count));
        probabilities.filter_map(|probability| turn.frame(probability)).collect()
    }

    #[test]
    fn a_turn_begins_pauses_and_ends_after_the_silence_asked_for() {
        let begin = Change::Began(10 * FRAME);
        let (pause, end) = (Change::Paused(40 * FRAME), Change::Ended(40 * FRAME));
        // 2,500 ms are 79 frames, 800 ms are 25.
        assert_eq!(changes(2_500, &[(0.1, 10), (0.9, 30), (0.1, 78)]), [begin, pause]);
        assert_eq!(changes(2_500, &[(0.1, 10), (0.9, 30), (0.1, 79)]), [begin, pause, end]);
        assert_eq!(changes(800, &[(0.1, 10), (0.9, 30), (0.1, 25)]), [begin, pause, end]);
        assert_eq!(changes(1, &[(0.1, 10), (0.9, 30), (0.1, 25)]), [begin, pause, end], "moved into the range");
    }

    #[test]
    fn a_click_begins_nothing_and_does_not_prolong_a_silence() {
        assert_eq!(changes(800, &[(0.1, 10), (0.9, 2), (0.1, 100)]), []);
        let ended = changes(800, &[(0.9, 30), (0.1, 12), (0.9, 1), (0.1, 12)]);
        assert_eq!(ended.last(), Some(&Change::Ended(30 * FRAME)));
    }

    #[test]
    fn going_on_after_a_pause_keeps_the_turn() {
        let told = changes(800, &[(0.9, 30), (0.1, 20), (0.9, 10), (0.1, 25)]);
        let expected =
            [Change::Began(0), Change::Paused(30 * FRAME), Change::Paused(60 * FRAME), Change::Ended(60 * FRAME)];
        assert_eq!(told, expected);
    }

    #[test]
    fn a_soft_end_belongs_to_the_speech() {
        assert_eq!(changes(800, &[(0.9, 10), (0.4, 10), (0.1, 25)]).last(), Some(&Change::Ended(20 * FRAME)));
    }
}
