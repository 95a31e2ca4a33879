//! One turn of listening: sound comes in from the browser or from the machine's microphone, what is heard is written into a log that
//! requests wait on.
//!
//! Where in the flow: between the addresses in `mod.rs` and `reme-speech`. What it must never do: keep sound nobody asked to be
//! kept, or write a word anywhere but into its own memory.

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, Ordering},
    mpsc::{Receiver, RecvTimeoutError, Sender, channel},
};

use reme::dto::{HeardWordDto, ListenEventDto};
use reme_speech::hearing::{AudioIn, Cancel, HearingError, HearingEvent, Level, Listening};
use tokio::sync::Notify;

/// A browser that sends nothing for so long is gone; it sends five times a second.
const GONE: std::time::Duration = std::time::Duration::from_secs(8);
/// No turn is longer, samples: five minutes of 16 kHz. What was said until then is written down.
const LONGEST_SAMPLES: usize = 5 * 60 * 16_000;
/// Loudness drawn as nothing and as full, dB below full scale; as `desktop/ui/src/lib/sound.ts` draws the browser's own.
const LEVEL_DBFS: (f32, f32) = (-55.0, -12.0);

/// Where the sound of a turn comes from.
pub(crate) enum Input {
    /// Pieces sent by the browser.
    Browser,
    /// A microphone of this machine.
    Device(Box<dyn AudioIn>),
}

/// What is shared between the thread that listens and the requests.
pub(crate) struct Turn {
    id: String,
    log: Mutex<Log>,
    changed: Notify,
    /// The way in for the browser's pieces; gone once the turn was ended.
    feed: Mutex<Option<Sender<Vec<f32>>>>,
    /// The device's sound ends here.
    stopped: Arc<AtomicBool>,
    cancel: Mutex<Option<Cancel>>,
}

#[derive(Default)]
struct Log {
    events: Vec<ListenEventDto>,
    seq: u32,
    is_over: bool,
}

/// What a turn needs besides its source.
pub(crate) struct Means<L, K, T> {
    /// Starts to listen to a source.
    pub(crate) listen: L,
    /// Keeps a recording, samples of 16 kHz, and tells its id; `None` when none is wanted.
    pub(crate) keep: Option<K>,
    /// A fault in the reader's words.
    pub(crate) tell: T,
}

impl Turn {
    /// Begins to listen, on threads of its own.
    pub(crate) fn start<L, K, T>(id: String, from: Input, means: Means<L, K, T>) -> std::io::Result<Arc<Self>>
    where
        L: FnOnce(Box<dyn AudioIn>) -> Listening,
        K: FnOnce(Vec<f32>) -> Option<String> + Send + 'static,
        T: Fn(&HearingError) -> String + Send + 'static,
    {
        let (sender, pieces) = channel();
        let is_browser = matches!(from, Input::Browser);
        let stopped = Arc::new(AtomicBool::new(false));
        // The browser's way in is closed instead, and what lies in it is still heard.
        let ends = (!is_browser).then(|| Arc::clone(&stopped));
        let recorded = means.keep.as_ref().map(|_| Arc::new(Mutex::new(Vec::new())));
        let inner: Box<dyn AudioIn> = match from {
            Input::Browser => Box::new(Fed(pieces)),
            Input::Device(device) => device,
        };
        let source = Source { inner, ends, recorded: recorded.clone(), taken: 0 };
        let listening = (means.listen)(Box::new(source));
        let turn = Arc::new(Self {
            id,
            log: Mutex::default(),
            changed: Notify::new(),
            feed: Mutex::new(is_browser.then_some(sender)),
            stopped,
            cancel: Mutex::new(Some(listening.stopper())),
        });
        let (mine, keep, tell) = (Arc::clone(&turn), means.keep, means.tell);
        std::thread::Builder::new().name("listening".into()).spawn(move || {
            let keep = keep.zip(recorded).map(|(keep, recorded)| move || keep(std::mem::take(&mut *locked(&recorded))));
            mine.follow(&listening, keep, tell);
        })?;
        Ok(turn)
    }

    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// A piece of sound from the browser; after the end it is of no use and goes nowhere.
    pub(crate) fn feed(&self, samples: Vec<f32>) {
        if let Some(feed) = &*locked(&self.feed) {
            let _ = feed.send(samples);
        }
    }

    /// The person is done; what was said is still written down.
    pub(crate) fn stop(&self) {
        self.stopped.store(true, Ordering::Release);
        locked(&self.feed).take();
    }

    /// Nothing of it is wanted.
    pub(crate) fn drop_it(&self) {
        if let Some(cancel) = locked(&self.cancel).take() {
            cancel.cancel();
        }
        self.stop();
    }

    /// What came after `after`; waits until something does, at most until `patience` is over.
    pub(crate) async fn since(&self, after: u32, patience: std::time::Duration) -> Vec<ListenEventDto> {
        let wait = async {
            loop {
                let changed = self.changed.notified();
                tokio::pin!(changed);
                changed.as_mut().enable(); // before looking, so that nothing falls in between
                if let Some(events) = self.newer(after) {
                    return events;
                }
                changed.await;
            }
        };
        tokio::time::timeout(patience, wait).await.unwrap_or_default()
    }

    fn newer(&self, after: u32) -> Option<Vec<ListenEventDto>> {
        let log = locked(&self.log);
        let events: Vec<_> = log.events.iter().filter(|event| event.seq > after).cloned().collect();
        (log.is_over || !events.is_empty()).then_some(events)
    }

    /// Writes down what is heard until it is over.
    fn follow(
        &self,
        listening: &Listening,
        keep: Option<impl FnOnce() -> Option<String>>,
        tell: impl Fn(&HearingError) -> String,
    ) {
        let mut keep = keep;
        while let Some(event) = listening.next_event() {
            match event {
                HearingEvent::Level(level) => self.write("level", |event| event.level = shown(level)),
                HearingEvent::Partial(text) => self.write("partial", |event| event.text = text.text),
                HearingEvent::Final(text) if text.is_empty() => {}
                HearingEvent::Final(text) => {
                    let recording = keep.take().and_then(|keep| keep());
                    let words = text.words.iter();
                    let words = words
                        .map(|w| HeardWordDto { text: w.text.clone(), confidence: f64::from(w.confidence) })
                        .collect();
                    self.write("final", |event| {
                        *event = ListenEventDto { text: text.text, words, recording, ..event.clone() };
                    });
                }
                HearingEvent::Failed(error) => self.write("trouble", |event| event.text = tell(&error)),
                HearingEvent::NothingHeard | HearingEvent::SpeechStarted { .. } | HearingEvent::EndOfTurn { .. } => {}
            }
        }
        // Whoever waits must hear that it is over, also where nothing was said.
        self.write("nothing", |_| {});
    }

    /// One event; after the closing one nothing more is written. A newer level takes the place of an older one.
    fn write(&self, kind: &str, fill: impl FnOnce(&mut ListenEventDto)) {
        let mut log = locked(&self.log);
        if log.is_over {
            return;
        }
        if kind == "level" && log.events.last().is_some_and(|event| event.kind == "level") {
            log.events.pop();
        }
        log.seq += 1;
        let mut event = ListenEventDto {
            seq: log.seq,
            kind: kind.to_owned(),
            level: 0.0,
            text: String::new(),
            words: Vec::new(),
            recording: None,
        };
        fill(&mut event);
        log.is_over = matches!(kind, "final" | "nothing" | "trouble");
        log.events.push(event);
        drop(log);
        self.changed.notify_waiters();
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// On a scale of 0–1.
fn shown(level: Level) -> f64 {
    let (low, high) = LEVEL_DBFS;
    f64::from(((level.rms_dbfs - low) / (high - low)).clamp(0.0, 1.0))
}

/// The browser's pieces as a source.
struct Fed(Receiver<Vec<f32>>);

impl AudioIn for Fed {
    fn read(&mut self) -> Result<Option<Vec<f32>>, HearingError> {
        match self.0.recv_timeout(GONE) {
            Ok(samples) => Ok(Some(samples)),
            Err(RecvTimeoutError::Disconnected | RecvTimeoutError::Timeout) => Ok(None),
        }
    }
}

/// A source that can be ended, and remembers what went through where that is wanted.
struct Source {
    inner: Box<dyn AudioIn>,
    /// Set when a device, which gives sound for ever, is to end.
    ends: Option<Arc<AtomicBool>>,
    recorded: Option<Arc<Mutex<Vec<f32>>>>,
    taken: usize,
}

impl AudioIn for Source {
    fn read(&mut self) -> Result<Option<Vec<f32>>, HearingError> {
        let is_ended = self.ends.as_ref().is_some_and(|ends| ends.load(Ordering::Acquire));
        if is_ended || self.taken >= LONGEST_SAMPLES {
            return Ok(None);
        }
        let Some(samples) = self.inner.read()? else { return Ok(None) };
        self.taken += samples.len();
        if let Some(recorded) = &self.recorded {
            locked(recorded).extend_from_slice(&samples);
        }
        Ok(Some(samples))
    }
}

#[cfg(test)]
mod tests {
    use reme_speech::hearing::{
        Cancel, Expectation, FRAME, ListenerOptions, Recognise, Recording, Transcript, VoiceActivity,
    };
    use reme_types::Language;

    use super::*;

    /// Loud is speech.
    struct Loud;

    impl VoiceActivity for Loud {
        fn probability(&mut self, frame: &[f32; FRAME]) -> Result<f32, HearingError> {
            Ok(if frame.iter().any(|sample| sample.abs() > 0.1) { 1.0 } else { 0.0 })
        }

        fn reset(&mut self) {}
    }

    /// Says how many tenths of a second it was given.
    struct Counts;

    impl Recognise for Counts {
        fn recognise(&mut self, sound: &[f32], expected: &Expectation, _: &Cancel) -> Result<Transcript, HearingError> {
            Ok(Transcript { text: format!("{} tenths", sound.len() / 1_600), ..Transcript::nothing(expected.language) })
        }
    }

    fn listen(audio: Box<dyn AudioIn>) -> Listening {
        let expected = Expectation::of(Language::En);
        Listening::start(
            audio,
            Loud,
            Counts,
            expected,
            ListenerOptions { attempt_every_ms: None, ..Default::default() },
        )
    }

    type Keep = fn(Vec<f32>) -> Option<String>;

    fn start(from: Input, keep: Option<Keep>) -> Arc<Turn> {
        let tell = |_: &HearingError| "trouble".to_owned();
        Turn::start("t".into(), from, Means { listen, keep, tell }).unwrap()
    }

    /// Everything up to the closing event.
    async fn all(turn: &Turn) -> Vec<ListenEventDto> {
        let (mut events, mut after) = (Vec::new(), 0);
        loop {
            let new = turn.since(after, std::time::Duration::from_secs(60)).await;
            assert!(!new.is_empty(), "it ended without saying so");
            after = new.iter().map(|event| event.seq).max().unwrap_or(after);
            let is_over = new.iter().any(|event| matches!(event.kind.as_str(), "final" | "nothing" | "trouble"));
            events.extend(new);
            if is_over {
                return events;
            }
        }
    }

    fn tone(tenths: usize) -> Vec<f32> {
        vec![0.5; tenths * 1_600]
    }

    #[tokio::test]
    async fn what_the_browser_sends_is_heard_until_it_is_ended_and_the_recording_is_kept_whole() {
        let keep: Keep = |samples| Some(format!("{} samples", samples.len()));
        let turn = start(Input::Browser, Some(keep));
        for _ in 0..4 {
            turn.feed(tone(5));
        }
        turn.stop();
        turn.feed(tone(50)); // too late
        let events = all(&turn).await;
        let last = events.last().unwrap();
        assert_eq!((last.kind.as_str(), last.recording.as_deref()), ("final", Some("32000 samples")));
        assert!(last.text.ends_with("tenths"), "{}", last.text);
        assert!(events.windows(2).all(|pair| pair[0].seq < pair[1].seq), "each counts up");
        assert_eq!(turn.since(last.seq, std::time::Duration::ZERO).await, Vec::new());
    }

    #[tokio::test]
    async fn silence_ends_a_turn_by_itself_and_nothing_said_is_told() {
        let turn = start(Input::Browser, None);
        turn.feed(tone(10));
        turn.feed(vec![0.0; 3 * 16_000]);
        assert_eq!(all(&turn).await.last().map(|event| event.kind.as_str()), Some("final"));
        let quiet = start(Input::Browser, None);
        quiet.feed(vec![0.0; 16_000]);
        quiet.stop();
        assert_eq!(all(&quiet).await.last().map(|event| event.kind.as_str()), Some("nothing"));
    }

    #[tokio::test]
    async fn a_device_is_ended_by_a_tap_though_it_would_give_sound_for_ever() {
        struct Endless;
        impl AudioIn for Endless {
            fn read(&mut self) -> Result<Option<Vec<f32>>, HearingError> {
                std::thread::yield_now();
                Ok(Some(vec![0.0; 160]))
            }
        }
        let turn = start(Input::Device(Box::new(Endless)), None);
        turn.stop();
        assert_eq!(all(&turn).await.last().map(|event| event.kind.as_str()), Some("nothing"));
    }

    #[tokio::test]
    async fn what_is_not_wanted_is_neither_written_down_nor_kept() {
        let keep: Keep = |_| panic!("nobody asked for it");
        let turn = start(Input::Browser, Some(keep));
        turn.feed(tone(10));
        turn.drop_it();
        assert_eq!(all(&turn).await.last().map(|event| event.kind.as_str()), Some("nothing"));
    }

    #[tokio::test]
    async fn a_recording_stands_in_for_a_device() {
        use reme_speech::audio::{Audio, SampleRate};
        let sound = Recording::of(Audio::new(tone(12), SampleRate::HEARING)).unwrap();
        let turn = start(Input::Device(Box::new(sound)), None);
        assert_eq!(all(&turn).await.last().map(|event| event.kind.as_str()), Some("final"));
    }
}
