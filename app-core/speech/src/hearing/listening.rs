//! Listening as it runs in a program: one thread hears, another recognises, events come through a channel.
//!
//! The hearing thread is cheap and never waits for the recognising one, so nothing said is lost. An attempt at the running text is made
//! only when the recogniser is idle; the end of a turn stops an attempt that is no longer of use.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc::{Receiver, Sender, channel},
    },
    thread::JoinHandle,
};

use super::{
    AudioIn, Cancel, Expectation, HearingError, Level, Listener, ListenerEvent, ListenerOptions, Purpose, Recognise,
    Stretch, Transcript, VoiceActivity,
};

/// What is told while listening, in order. After the last one the channel closes.
#[derive(Debug)]
pub enum HearingEvent {
    /// How loud it is, ten times a second.
    Level(Level),
    /// Somebody began to speak.
    SpeechStarted {
        /// Since listening began, in ms.
        at_ms: u64,
    },
    /// The text so far; may still change.
    Partial(Transcript),
    /// The person has ended.
    EndOfTurn {
        /// When the last sound of speech was, in ms.
        at_ms: u64,
    },
    /// The text of the turn.
    Final(Transcript),
    /// Nobody spoke, or nothing that is words.
    NothingHeard,
    /// Listening had to stop.
    Failed(HearingError),
}

/// Two threads that listen. Dropping it stops them.
pub struct Listening {
    events: Receiver<HearingEvent>,
    stop: Cancel,
    ears: Option<JoinHandle<()>>,
}

impl Listening {
    /// Starts to listen.
    pub fn start(
        audio: Box<dyn AudioIn>,
        voice: impl VoiceActivity + 'static,
        recogniser: impl Recognise + 'static,
        expected: Expectation,
        options: ListenerOptions,
    ) -> Self {
        let (tell, events) = channel();
        let stop = Cancel::default();
        let ears = std::thread::spawn({
            let stop = stop.clone();
            move || Ears::new(tell, stop, recogniser, expected).run(audio, Listener::new(voice, options))
        });
        Self { events, stop, ears: Some(ears) }
    }

    /// The next event; waits for it. `None` when listening is over.
    pub fn next_event(&self) -> Option<HearingEvent> {
        self.events.recv().ok()
    }

    /// The events, for whoever wants to wait in their own way.
    pub fn events(&self) -> &Receiver<HearingEvent> {
        &self.events
    }

    /// A handle that stops listening from anywhere, at once and for good.
    pub fn stopper(&self) -> Cancel {
        self.stop.clone()
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.stop.cancel();
        if let Some(ears) = self.ears.take() {
            let _ = ears.join(); // a panic there has been shown already
        }
    }
}

/// A stretch on its way to the recogniser.
struct Job {
    stretch: Stretch,
    cancel: Cancel,
}

/// The hearing thread's side.
struct Ears {
    tell: Sender<HearingEvent>,
    stop: Cancel,
    jobs: Option<Sender<Job>>,
    /// Jobs handed over and not done.
    waiting: Arc<AtomicUsize>,
    /// The attempt handed over last.
    attempt: Option<((usize, usize), Cancel)>,
    mouth: Option<JoinHandle<()>>,
}

impl Ears {
    fn new(
        tell: Sender<HearingEvent>,
        stop: Cancel,
        recogniser: impl Recognise + 'static,
        expected: Expectation,
    ) -> Self {
        let (jobs, queue) = channel();
        let waiting = Arc::new(AtomicUsize::new(0));
        let writer = Writer {
            tell: tell.clone(),
            stop: stop.clone(),
            waiting: Arc::clone(&waiting),
            said: Transcript::nothing(expected.language),
            expected,
            known: None,
        };
        let mouth = std::thread::spawn(move || writer.run(recogniser, &queue));
        Self { tell, stop, jobs: Some(jobs), waiting, attempt: None, mouth: Some(mouth) }
    }

    fn run(mut self, mut audio: Box<dyn AudioIn>, mut listener: Listener<impl VoiceActivity>) {
        while !self.stop.is_cancelled() && !listener.is_done() {
            let heard = match audio.read() {
                Ok(Some(samples)) => listener.hear(&samples),
                Ok(None) => break,
                Err(error) => Err(error),
            };
            match heard {
                Ok(events) => events.into_iter().for_each(|event| self.pass_on(event)),
                Err(error) => {
                    // What was said before is kept: the turn is ended as if the sound had.
                    listener.finish().into_iter().for_each(|event| self.pass_on(event));
                    self.close();
                    let _ = self.tell.send(HearingEvent::Failed(error));
                    return;
                }
            }
        }
        drop(audio); // a microphone is let go at once, not after the last word is written down
        if self.stop.is_cancelled() {
            self.cancel_attempt(None);
        } else {
            listener.finish().into_iter().for_each(|event| self.pass_on(event));
        }
        self.close();
    }

    fn pass_on(&mut self, event: ListenerEvent) {
        // Nobody may be listening to events any more; then stopping is near.
        let _ = match event {
            ListenerEvent::Level(level) => self.tell.send(HearingEvent::Level(level)),
            ListenerEvent::SpeechStarted { at_ms } => self.tell.send(HearingEvent::SpeechStarted { at_ms }),
            ListenerEvent::EndOfTurn { at_ms } => self.tell.send(HearingEvent::EndOfTurn { at_ms }),
            ListenerEvent::NothingHeard => self.tell.send(HearingEvent::NothingHeard),
            ListenerEvent::Recognise(stretch) => {
                self.hand_over(stretch);
                Ok(())
            }
        };
    }

    fn hand_over(&mut self, stretch: Stretch) {
        let cancel = Cancel::default();
        if stretch.purpose == Purpose::Attempt {
            if self.waiting.load(Ordering::Acquire) > 0 {
                return; // slower than speech: skipped, so as never to fall behind
            }
            self.attempt = Some((stretch.key(), cancel.clone()));
        } else {
            self.cancel_attempt(Some(stretch.key()));
        }
        self.waiting.fetch_add(1, Ordering::AcqRel);
        if let Some(jobs) = &self.jobs {
            let _ = jobs.send(Job { stretch, cancel });
        }
    }

    /// Stops the attempt that runs, unless it is at this very sound.
    fn cancel_attempt(&mut self, unless: Option<(usize, usize)>) {
        if let Some((key, cancel)) = self.attempt.take()
            && Some(key) != unless
        {
            cancel.cancel();
        }
    }

    /// Waits until everything handed over is written down.
    fn close(&mut self) {
        self.jobs = None;
        if let Some(mouth) = self.mouth.take() {
            let _ = mouth.join();
        }
    }
}

/// The recognising thread's side.
struct Writer {
    tell: Sender<HearingEvent>,
    stop: Cancel,
    waiting: Arc<AtomicUsize>,
    expected: Expectation,
    /// Pieces of the running turn.
    said: Transcript,
    /// The stretch recognised last.
    known: Option<((usize, usize), Transcript)>,
}

impl Writer {
    fn run(mut self, mut recogniser: impl Recognise, queue: &Receiver<Job>) {
        for job in queue {
            let told = self.write(&mut recogniser, &job);
            self.waiting.fetch_sub(1, Ordering::AcqRel);
            match told {
                Ok(Some(event)) => drop(self.tell.send(event)),
                Ok(None) | Err(HearingError::Cancelled) => {}
                Err(error) => {
                    let _ = self.tell.send(HearingEvent::Failed(error));
                    self.stop.cancel();
                    return;
                }
            }
        }
    }

    fn write(&mut self, recogniser: &mut impl Recognise, job: &Job) -> Result<Option<HearingEvent>, HearingError> {
        let Job { stretch, cancel } = job;
        if self.stop.is_cancelled() || cancel.is_cancelled() {
            return Ok(None);
        }
        let heard = match self.known.take() {
            Some((key, transcript)) if key == stretch.key() => transcript,
            _ => {
                let both = cancel.or(&self.stop);
                recogniser.recognise(&stretch.samples, &self.expected, &both)?.later_by(stretch.start_ms())
            }
        };
        if stretch.purpose == Purpose::Attempt {
            self.known = Some((stretch.key(), heard.clone()));
        }
        let mut whole = self.said.clone();
        whole.append(&heard);
        Ok(match stretch.purpose {
            Purpose::Attempt if whole.is_empty() => None,
            Purpose::Attempt => Some(HearingEvent::Partial(whole)),
            Purpose::Piece => {
                self.said = whole.clone();
                Some(HearingEvent::Partial(whole))
            }
            Purpose::Last => {
                self.said = Transcript::nothing(self.expected.language);
                Some(if whole.is_empty() { HearingEvent::NothingHeard } else { HearingEvent::Final(whole) })
            }
        })
    }
}

#[cfg(test)]
#[path = "listening_tests.rs"]
mod tests;
