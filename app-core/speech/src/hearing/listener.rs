//! The listener: samples in, events out. No thread, no device, no clock; the same sound gives the same events.
//!
//! It cuts the sound into turns and says what should be recognised and when; recognising itself, which takes time, is left to whoever
//! drives it (see [`Listening`](super::Listening) for the usual way, on two threads).
//!
//! Its rules:
//! - A turn begins with speech and ends after the silence asked for.
//! - While somebody speaks, an attempt at the text so far is due after each further second. At a pause the attempt covers exactly what
//!   the end of the turn would, so that when no more is said the text is there before the silence is over.
//! - A turn that grows long is cut at a pause into pieces that fit Whisper's window; their texts are joined.

use super::{
    HearingError, Level, LevelMeter,
    turn::{Change, EndSilence, Turn},
    voice::{FRAME, VoiceActivity},
};
use crate::audio::SampleRate;

/// Sound kept before speech was noticed, and added after it ended, in ms: soft beginnings and ends.
const MARGIN_MS: u64 = 300;
/// From here on a pause cuts the turn into pieces, in ms.
const LONG_MS: u64 = 20_000;
/// Here the turn is cut even without a pause, at the quietest frame of the last seconds, in ms. Whisper's window is 30 s.
const TOO_LONG_MS: u64 = 28_000;
const LOOK_BACK_MS: u64 = 4_000;
/// The level is told this often, in ms.
const LEVEL_MS: u64 = 100;

/// How to listen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListenerOptions {
    /// The silence that ends a turn.
    pub silence: EndSilence,
    /// When nothing was said for so long, in ms, [`ListenerEvent::NothingHeard`] is told; `None` waits for ever.
    pub patience_ms: Option<u64>,
    /// While somebody speaks, an attempt at the text is due after so much more sound, in ms, and at each pause; `None` makes none, for
    /// recordings nobody waits for.
    pub attempt_every_ms: Option<u64>,
    /// After the end of a turn: stop, or wait for the next.
    pub turns: Turns,
}

impl Default for ListenerOptions {
    fn default() -> Self {
        let (silence, turns) = (EndSilence::default(), Turns::One);
        Self { silence, patience_ms: None, attempt_every_ms: Some(1_000), turns }
    }
}

/// How many turns are listened to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Turns {
    /// One; what comes after it is not looked at.
    #[default]
    One,
    /// One after another.
    Many,
}

/// A stretch of sound to be recognised.
#[derive(Clone, PartialEq)]
pub struct Stretch {
    /// What the text will be.
    pub purpose: Purpose,
    /// First sample, counted from the beginning of listening.
    pub start: usize,
    /// 16 kHz, mono; empty when only the pieces before make up the turn.
    pub samples: Vec<f32>,
}

/// What the text of a stretch is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To be shown while the person speaks; may be skipped.
    Attempt,
    /// A part of the turn that is done; more follows.
    Piece,
    /// The last part of the turn.
    Last,
}

impl Stretch {
    /// Where the stretch begins, in ms.
    pub fn start_ms(&self) -> u64 {
        SampleRate::HEARING.ms_of(self.start)
    }

    /// The same sound has the same key.
    pub(crate) fn key(&self) -> (usize, usize) {
        (self.start, self.samples.len())
    }
}

/// Tells where and how long, never the sound.
impl std::fmt::Debug for Stretch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let length_ms = SampleRate::HEARING.ms_of(self.samples.len());
        f.debug_struct("Stretch")
            .field("purpose", &self.purpose)
            .field("start_ms", &self.start_ms())
            .field("length_ms", &length_ms)
            .finish()
    }
}

/// What the listener tells.
#[derive(Debug, Clone, PartialEq)]
pub enum ListenerEvent {
    /// How loud the last tenth of a second was.
    Level(Level),
    /// Somebody began to speak, so long after listening began.
    SpeechStarted {
        /// In ms.
        at_ms: u64,
    },
    /// This should be recognised now.
    Recognise(Stretch),
    /// The turn is over; a [`Purpose::Last`] stretch follows.
    EndOfTurn {
        /// When the last sound of speech was, in ms.
        at_ms: u64,
    },
    /// Nobody spoke within the patience, or before the sound ended.
    NothingHeard,
}

/// Cuts sound into turns.
pub struct Listener<V> {
    voice: V,
    options: ListenerOptions,
    turn: Turn,
    meter: LevelMeter,
    /// Samples that may still be needed; the first has the number `base`.
    kept: Vec<f32>,
    base: usize,
    /// Probability of each whole frame of `kept`, from the beginning of the piece.
    quietness: Vec<f32>,
    /// Samples that have been through the voice model.
    seen: usize,
    /// First sample of the piece that is being said.
    piece: usize,
    /// Where the last attempt ended.
    attempted: usize,
    heard_any: bool,
    done: bool,
}

impl<V: VoiceActivity> Listener<V> {
    /// A listener that has heard nothing yet.
    pub fn new(voice: V, options: ListenerOptions) -> Self {
        Self {
            voice,
            options,
            turn: Turn::new(options.silence),
            meter: LevelMeter::new(SampleRate::HEARING.samples_in(LEVEL_MS)),
            kept: Vec::new(),
            base: 0,
            quietness: Vec::new(),
            seen: 0,
            piece: 0,
            attempted: 0,
            heard_any: false,
            done: false,
        }
    }

    /// Takes the next samples (16 kHz, mono) and tells what they changed.
    ///
    /// # Errors
    /// [`HearingError::Recogniser`] when the voice model fails.
    pub fn hear(&mut self, samples: &[f32]) -> Result<Vec<ListenerEvent>, HearingError> {
        let mut events = Vec::new();
        if self.done {
            return Ok(events);
        }
        self.meter.push(samples, |level| events.push(ListenerEvent::Level(level)));
        self.kept.extend_from_slice(samples);
        while !self.done {
            let at = self.seen - self.base;
            let Some(frame) = self.kept.get(at..at + FRAME).and_then(|frame| frame.try_into().ok()) else { break };
            let probability = self.voice.probability(frame)?;
            self.seen += FRAME;
            self.quietness.push(probability);
            self.after_frame(probability, &mut events);
        }
        Ok(events)
    }

    /// There is no more sound: ends the turn that runs.
    pub fn finish(&mut self) -> Vec<ListenerEvent> {
        let mut events = Vec::new();
        if let Some(until) = self.turn.stop() {
            self.end(until, &mut events);
        } else if !self.heard_any && !self.done {
            events.push(ListenerEvent::NothingHeard);
        }
        self.done = true;
        events
    }

    /// True when no further sound is looked at.
    pub fn is_done(&self) -> bool {
        self.done
    }

    fn after_frame(&mut self, probability: f32, events: &mut Vec<ListenerEvent>) {
        match self.turn.frame(probability) {
            Some(Change::Began(from)) => {
                let margin = SampleRate::HEARING.samples_in(MARGIN_MS);
                self.piece = from.saturating_sub(margin).max(self.base);
                self.attempted = self.piece;
                self.heard_any = true;
                self.forget_before(self.piece);
                events.push(ListenerEvent::SpeechStarted { at_ms: SampleRate::HEARING.ms_of(from) });
            }
            Some(Change::Paused(until)) => self.pause(until, events),
            Some(Change::Ended(until)) => self.end(until, events),
            None if self.turn.is_speaking() => self.go_on(events),
            None => self.wait(events),
        }
    }

    /// Nobody speaks: only what a soft beginning may need is kept.
    fn wait(&mut self, events: &mut Vec<ListenerEvent>) {
        let needed = SampleRate::HEARING.samples_in(MARGIN_MS) + 8 * FRAME;
        self.forget_before(self.seen.saturating_sub(needed));
        let patience = self.options.patience_ms.map(|ms| SampleRate::HEARING.samples_in(ms));
        if !self.heard_any && patience.is_some_and(|patience| self.seen >= patience) {
            self.done = true;
            events.push(ListenerEvent::NothingHeard);
        }
    }

    fn pause(&mut self, until: usize, events: &mut Vec<ListenerEvent>) {
        let end = self.with_margin(until);
        if end - self.piece >= SampleRate::HEARING.samples_in(LONG_MS) {
            self.cut(end, events);
        } else if self.options.attempt_every_ms.is_some() && end > self.attempted {
            self.attempted = end;
            events.push(ListenerEvent::Recognise(self.stretch(Purpose::Attempt, end)));
        }
    }

    fn go_on(&mut self, events: &mut Vec<ListenerEvent>) {
        if self.seen - self.piece >= SampleRate::HEARING.samples_in(TOO_LONG_MS) {
            let frames = SampleRate::HEARING.samples_in(LOOK_BACK_MS) / FRAME;
            let first = self.quietness.len().saturating_sub(frames);
            let quietest =
                (first..self.quietness.len()).min_by(|&a, &b| self.quietness[a].total_cmp(&self.quietness[b]));
            let frames_after = quietest.map_or(0, |index| self.quietness.len() - 1 - index);
            self.cut(self.seen - frames_after * FRAME, events);
        } else if self.turn.is_in_speech() && self.is_attempt_due() {
            self.attempted = self.seen;
            events.push(ListenerEvent::Recognise(self.stretch(Purpose::Attempt, self.seen)));
        }
    }

    fn is_attempt_due(&self) -> bool {
        let every = self.options.attempt_every_ms.map(|ms| SampleRate::HEARING.samples_in(ms));
        every.is_some_and(|every| self.seen >= self.attempted + every)
    }

    /// A piece ends at `end`, and the next begins there.
    fn cut(&mut self, end: usize, events: &mut Vec<ListenerEvent>) {
        events.push(ListenerEvent::Recognise(self.stretch(Purpose::Piece, end)));
        self.piece = end;
        self.attempted = end;
        self.forget_before(end);
    }

    fn end(&mut self, until: usize, events: &mut Vec<ListenerEvent>) {
        events.push(ListenerEvent::EndOfTurn { at_ms: SampleRate::HEARING.ms_of(until) });
        // A piece may have been cut after the last word already.
        let end = self.with_margin(until).max(self.piece);
        events.push(ListenerEvent::Recognise(self.stretch(Purpose::Last, end)));
        match self.options.turns {
            Turns::One => self.done = true,
            Turns::Many => self.forget_before(self.seen.saturating_sub(FRAME)),
        }
    }

    /// A little more than the speech, as far as there is sound.
    fn with_margin(&self, until: usize) -> usize {
        (until + SampleRate::HEARING.samples_in(MARGIN_MS)).min(self.base + self.kept.len())
    }

    fn stretch(&self, purpose: Purpose, end: usize) -> Stretch {
        let samples = self.kept[self.piece - self.base..end - self.base].to_vec();
        Stretch { purpose, start: self.piece, samples }
    }

    fn forget_before(&mut self, sample: usize) {
        let count = sample.saturating_sub(self.base).min(self.kept.len());
        self.kept.drain(..count);
        self.base += count;
        let frames = (self.seen - self.base.min(self.seen)).div_ceil(FRAME);
        let surplus = self.quietness.len().saturating_sub(frames);
        self.quietness.drain(..surplus);
    }
}

#[cfg(test)]
#[path = "listener_tests.rs"]
mod tests;
