//! Playing while making: one thread makes sentences, this one hands them to a sink in small steps and stops at once when asked.

use std::{io::Write, ops::ControlFlow, sync::mpsc, thread};

use super::{Line, SpeakError, Speech, Stop, sound::resampled};
use crate::audio::{Audio, SampleRate};

/// Sentences made ahead of the one being heard.
const AHEAD: usize = 2;
/// The sink is fed in steps this long; between two steps a stop is heeded, in milliseconds.
const STEP_MS: u64 = 20;

/// Where sound goes: a loudspeaker, a file, a pipe, a test.
pub trait Sink {
    /// The rate it wants sound at.
    fn rate(&self) -> SampleRate {
        SampleRate::SPEAKING
    }

    /// Takes one step of sound at [`rate`](Self::rate); may wait until there is room for it.
    ///
    /// # Errors
    /// [`SpeakError::Sink`] or [`SpeakError::NoDevice`].
    fn play(&mut self, samples: &[f32]) -> Result<(), SpeakError>;

    /// Waits until everything taken has been heard or written.
    ///
    /// # Errors
    /// As [`play`](Self::play).
    fn finish(&mut self) -> Result<(), SpeakError>;

    /// Throws away what was taken and not yet heard.
    fn cut(&mut self);
}

/// How playing ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Played {
    /// Every sentence was heard.
    Whole,
    /// Somebody asked to stop.
    Stopped,
}

/// Says `line` into `sink`. The first sentence is heard while the next is made. Once `stop` is asked, nothing more is handed over;
/// the sentence being made is finished in the background and thrown away.
///
/// # Errors
/// [`SpeakError`]; what was made before it has been heard.
pub fn play(speech: &dyn Speech, line: &Line, stop: &Stop, sink: &mut dyn Sink) -> Result<Played, SpeakError> {
    thread::scope(|scope| {
        let (send, made) = mpsc::sync_channel::<Audio>(AHEAD);
        let maker = scope.spawn(move || {
            speech.synthesise(line, stop, &mut |piece| match send.send(piece) {
                Ok(()) => ControlFlow::Continue(()),
                Err(_) => ControlFlow::Break(()),
            })
        });
        let heard = hear(&made, stop, sink);
        drop(made);
        let making = maker.join().unwrap_or_else(|_| Err(SpeakError::Inference("the voice broke down".into())));
        let played = heard?;
        making?;
        if played == Played::Whole {
            sink.finish()?;
        }
        Ok(played)
    })
}

fn hear(made: &mpsc::Receiver<Audio>, stop: &Stop, sink: &mut dyn Sink) -> Result<Played, SpeakError> {
    loop {
        // A stop must be heeded while the next sentence is still being made.
        let piece = match made.recv_timeout(std::time::Duration::from_millis(STEP_MS)) {
            Ok(piece) => piece,
            Err(mpsc::RecvTimeoutError::Timeout) if !stop.is_asked() => continue,
            Err(mpsc::RecvTimeoutError::Disconnected) if !stop.is_asked() => return Ok(Played::Whole),
            Err(_) => {
                sink.cut();
                return Ok(Played::Stopped);
            }
        };
        // A whole sentence at once: its edges are silent, so that the change of rate cannot be heard there.
        let piece = resampled(&piece, sink.rate())?;
        let step = piece.rate().samples_in(STEP_MS).max(1);
        for samples in piece.samples().chunks(step) {
            if stop.is_asked() {
                sink.cut();
                return Ok(Played::Stopped);
            }
            sink.play(samples)?;
        }
    }
}

/// Writes a WAV file to anything that can be written to, a pipe included: the file is written when the line is over.
pub struct WavSink<W: Write> {
    out: W,
    samples: Vec<f32>,
}

impl<W: Write> WavSink<W> {
    /// Writes to `out`.
    pub fn new(out: W) -> Self {
        Self { out, samples: Vec::new() }
    }
}

impl<W: Write> Sink for WavSink<W> {
    fn play(&mut self, samples: &[f32]) -> Result<(), SpeakError> {
        self.samples.extend_from_slice(samples);
        Ok(())
    }

    fn finish(&mut self) -> Result<(), SpeakError> {
        let audio = Audio::new(std::mem::take(&mut self.samples), self.rate());
        self.out.write_all(&audio.to_wav())?;
        Ok(self.out.flush()?)
    }

    fn cut(&mut self) {
        self.samples.clear();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Mutex, mpsc::channel};

    use reme_types::Language;

    use super::*;
    use crate::speaking::line::Take;

    /// Makes one-second pieces; the second one only after it was allowed.
    struct Slow(Mutex<mpsc::Receiver<()>>);

    impl Speech for Slow {
        fn synthesise(&self, _line: &Line, stop: &Stop, take: &mut Take<'_>) -> Result<(), SpeakError> {
            for _ in 0..2 {
                if stop.is_asked() || take(Audio::silence(SampleRate::SPEAKING, 1_000)).is_break() {
                    break;
                }
                let _ = self.0.lock().unwrap().recv();
            }
            Ok(())
        }
    }

    /// Counts samples and calls back after each step.
    struct Steps<F: FnMut(usize)> {
        taken: usize,
        is_cut: bool,
        told: F,
    }

    impl<F: FnMut(usize)> Sink for Steps<F> {
        fn play(&mut self, samples: &[f32]) -> Result<(), SpeakError> {
            self.taken += samples.len();
            (self.told)(self.taken);
            Ok(())
        }
        fn finish(&mut self) -> Result<(), SpeakError> {
            Ok(())
        }
        fn cut(&mut self) {
            self.is_cut = true;
        }
    }

    #[test]
    fn the_first_sentence_is_heard_while_the_second_is_not_yet_made() {
        let (allow, allowed) = channel();
        let voice = Slow(Mutex::new(allowed));
        let mut allow = Some(allow);
        let told = |taken: usize| {
            if taken == 24_000 {
                allow.take();
            }
        };
        let mut sink = Steps { taken: 0, is_cut: false, told };
        let played = play(&voice, &Line::new(Language::En, "two"), &Stop::default(), &mut sink).unwrap();
        assert_eq!((played, sink.taken, sink.is_cut), (Played::Whole, 48_000, false));
    }

    #[test]
    fn a_stop_is_heeded_within_fifty_milliseconds_of_sound() {
        let (allow, allowed) = channel();
        drop(allow);
        let voice = Slow(Mutex::new(allowed));
        let stop = Stop::default();
        let asked_at = 4_800;
        let told = |taken: usize| {
            if taken >= asked_at {
                stop.ask();
            }
        };
        let mut sink = Steps { taken: 0, is_cut: false, told };
        let played = play(&voice, &Line::new(Language::En, "two"), &stop, &mut sink).unwrap();
        assert_eq!((played, sink.is_cut), (Played::Stopped, true));
        assert!(sink.taken - asked_at <= SampleRate::SPEAKING.samples_in(50), "{}", sink.taken);
    }

    #[test]
    fn a_line_becomes_a_wav_on_a_pipe() {
        let (allow, allowed) = channel();
        drop(allow);
        let mut bytes = Vec::new();
        let voice = Slow(Mutex::new(allowed));
        play(&voice, &Line::new(Language::En, "two"), &Stop::default(), &mut WavSink::new(&mut bytes)).unwrap();
        assert_eq!((&bytes[..4], bytes.len()), (&b"RIFF"[..], 44 + 2 * 48_000));
    }
}
