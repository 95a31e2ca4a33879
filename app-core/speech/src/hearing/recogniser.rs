//! Sound to text: Whisper, run by whisper.cpp.
//!
//! Where in the flow: after a turn has been cut out of the sound; gives a [`Transcript`] with every word's confidence.
//! What it must never do: write a word to a log (whisper.cpp's own lines are swallowed), or hand out what nobody said.

use std::{
    path::Path,
    sync::{
        Arc, Mutex, Once, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use reme_types::Language;
use whisper_rs::{
    FullParams, SamplingStrategy, WhisperContext, WhisperContextParameters, WhisperError, WhisperSegment, WhisperState,
};

use super::{
    HearingError, Transcript,
    guard::{self, Doubts},
    hot_words,
    words::{Piece, Wording},
};
use crate::audio::SampleRate;

/// Shorter sound is lengthened with silence; Whisper hears nothing in less than a second.
const SHORTEST_MS: u64 = 1_200;
/// The encoder looks at 20 ms a step and at most at 1,500 of them.
const STEP_SAMPLES: usize = 320;
const MOST_STEPS: usize = 1_500;
/// Steps looked at beyond the end of the sound, and fewest at all: with very few Whisper begins to repeat itself. [design; where that
/// begins was not measured]
const STEPS_BEYOND: usize = 128;
const FEWEST_STEPS: usize = 512;
/// Longest prompt of hot words, in tokens. Whisper takes 224.
const PROMPT_TOKENS: usize = 120;

/// Stops a recognition from another thread. Clones stop the same one.
#[derive(Debug, Clone, Default)]
pub struct Cancel {
    own: Arc<AtomicBool>,
    other: Option<Arc<AtomicBool>>,
}

impl Cancel {
    /// Stops it; for good.
    pub fn cancel(&self) {
        self.own.store(true, Ordering::Release);
    }

    /// True after [`cancel`](Self::cancel).
    pub fn is_cancelled(&self) -> bool {
        let is_set = |flag: &AtomicBool| flag.load(Ordering::Acquire);
        is_set(&self.own) || self.other.as_deref().is_some_and(is_set)
    }

    /// One that is cancelled as soon as either is.
    pub(crate) fn or(&self, other: &Self) -> Self {
        Self { own: Arc::clone(&self.own), other: Some(Arc::clone(&other.own)) }
    }
}

/// What to listen for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expectation {
    /// The person's language.
    pub language: Language,
    /// Names and places they may say, the likeliest first.
    pub hot_words: Vec<String>,
}

impl Expectation {
    /// A language, and no names.
    pub fn of(language: Language) -> Self {
        Self { language, hot_words: Vec::new() }
    }
}

/// Turns sound into text.
pub trait Recognise: Send {
    /// Writes down what is said in `sound` (16 kHz, mono). Nothing said gives an empty transcript.
    ///
    /// # Errors
    /// [`HearingError::Cancelled`] soon after `cancel`; [`HearingError::EnglishOnly`]; [`HearingError::Recogniser`].
    fn recognise(&mut self, sound: &[f32], expected: &Expectation, cancel: &Cancel)
    -> Result<Transcript, HearingError>;
}

/// A recogniser lent to one turn after the other.
impl<R: Recognise> Recognise for Arc<Mutex<R>> {
    fn recognise(
        &mut self,
        sound: &[f32],
        expected: &Expectation,
        cancel: &Cancel,
    ) -> Result<Transcript, HearingError> {
        self.lock().unwrap_or_else(PoisonError::into_inner).recognise(sound, expected, cancel)
    }
}

/// Whisper, loaded.
pub struct Whisper {
    context: WhisperContext,
    state: WhisperState,
    wording: Wording,
    threads: i32,
    /// The recognition that runs, for whisper.cpp to ask whether to go on. Set anew for each.
    running: Arc<Mutex<Cancel>>,
    parameters: Vec<(Language, FullParams<'static, 'static>)>,
}

impl Whisper {
    /// Loads a model (`whisper-base` or `whisper-tiny.en` of the manifest). One thread is right on small machines: whisper.cpp waits
    /// for the slowest of its threads, and with two it was many times slower as soon as something else ran.
    ///
    /// # Errors
    /// [`HearingError::Model`].
    pub fn open(file: &Path, threads: usize) -> Result<Self, HearingError> {
        static QUIET: Once = Once::new();
        // Without a logging backend compiled in, the hooks swallow every line of whisper.cpp and ggml.
        QUIET.call_once(whisper_rs::install_logging_hooks);
        let fault = |detail: String| HearingError::Model { file: file.to_path_buf(), detail };
        std::fs::File::open(file).map_err(|error| fault(error.to_string()))?;
        let context = WhisperContext::new_with_params(file, WhisperContextParameters::default())
            .map_err(|_| fault("it is damaged, or not a Whisper model".to_owned()))?;
        let state = context.create_state().map_err(|error| fault(error.to_string()))?;
        let threads = threads.clamp(1, 16) as i32;
        let (wording, running) = (Wording::new(), Arc::default());
        Ok(Self { context, state, wording, threads, running, parameters: Vec::new() })
    }

    /// Whether the model knows a language.
    pub fn knows(&self, language: Language) -> bool {
        language == Language::En || self.context.is_multilingual()
    }

    /// Settings for a language, made once: whisper-rs never frees what it makes for them.
    fn parameters(&mut self, language: Language) -> FullParams<'static, 'static> {
        if let Some((_, known)) = self.parameters.iter().find(|(known, _)| *known == language) {
            return known.clone();
        }
        let mut made = FullParams::new(SamplingStrategy::Greedy { best_of: 1 });
        made.set_n_threads(self.threads);
        made.set_language(Some(match language {
            Language::En => "en",
            Language::ZhCn => "zh",
        }));
        made.set_no_context(true);
        made.set_token_timestamps(true);
        made.set_suppress_nst(true);
        made.set_temperature(0.0);
        made.set_temperature_inc(0.0); // the same sound gives the same text; loops are cut by the guard instead
        made.set_print_special(false);
        made.set_print_progress(false);
        made.set_print_realtime(false);
        made.set_print_timestamps(false);
        let running = Arc::clone(&self.running);
        let stop = move || running.lock().unwrap_or_else(PoisonError::into_inner).is_cancelled();
        // The type must be the boxed one: whisper-rs hands its callback the address of a box of this very type.
        made.set_abort_callback_safe::<_, Box<dyn FnMut() -> bool>>(Box::new(stop) as Box<dyn FnMut() -> bool>);
        self.parameters.push((language, made.clone()));
        made
    }

    fn prompt_tokens(&self, expected: &Expectation) -> Vec<i32> {
        let prompt = hot_words::prompt(expected.language, &expected.hot_words);
        let mut tokens = self.context.tokenize(&prompt, prompt.len() + 8).unwrap_or_default();
        tokens.truncate(PROMPT_TOKENS);
        tokens
    }
}

impl Recognise for Whisper {
    fn recognise(
        &mut self,
        sound: &[f32],
        expected: &Expectation,
        cancel: &Cancel,
    ) -> Result<Transcript, HearingError> {
        if !self.knows(expected.language) {
            return Err(HearingError::EnglishOnly);
        }
        if sound.is_empty() {
            return Ok(Transcript::nothing(expected.language));
        }
        let duration_ms = SampleRate::HEARING.ms_of(sound.len());
        let mut padded = sound.to_vec();
        padded.resize(sound.len().max(SampleRate::HEARING.samples_in(SHORTEST_MS)), 0.0);
        let prompt = self.prompt_tokens(expected);
        let mut parameters = self.parameters(expected.language);
        parameters.set_audio_ctx(encoder_steps(padded.len()));
        parameters.set_tokens(&prompt);
        *self.running.lock().unwrap_or_else(PoisonError::into_inner) = cancel.clone();
        let done = self.state.full(parameters, &padded);
        if cancel.is_cancelled() {
            return Err(HearingError::Cancelled);
        }
        done.map_err(HearingError::recogniser)?;
        let mut transcript = Transcript::nothing(expected.language);
        let end_of_text = self.context.token_eot();
        for segment in self.state.as_iter() {
            let (pieces, doubts) = pieces(&segment, end_of_text, duration_ms).map_err(HearingError::recogniser)?;
            let pieces = &pieces[..guard::without_loop(&pieces.iter().map(|piece| &piece.bytes).collect::<Vec<_>>())];
            let (text, words) = self.wording.of(pieces, expected.language)?;
            if !guard::is_made_up(&text, expected.language, &expected.hot_words, doubts) {
                transcript.append(&Transcript { text, words, language: expected.language });
            }
        }
        Ok(transcript)
    }
}

/// How much of its window the encoder looks at: the sound and a little more, since its cost grows with it.
fn encoder_steps(samples: usize) -> i32 {
    let steps = samples.div_ceil(STEP_SAMPLES) + STEPS_BEYOND;
    steps.clamp(FEWEST_STEPS, MOST_STEPS) as i32
}

/// The text pieces of a segment, and what the recogniser thinks of them.
fn pieces(
    segment: &WhisperSegment<'_>,
    end_of_text: i32,
    duration_ms: u64,
) -> Result<(Vec<Piece>, Doubts), WhisperError> {
    let mut pieces = Vec::new();
    for index in 0..segment.n_tokens() {
        let Some(token) = segment.get_token(index) else { break };
        if token.token_id() >= end_of_text {
            continue; // end, language, time: not text
        }
        let data = token.token_data();
        let ms = |centiseconds: i64| (centiseconds.max(0) as u64 * 10).min(duration_ms);
        let (start_ms, end_ms) = (ms(data.t0), ms(data.t1).max(ms(data.t0)));
        let bytes = token.to_bytes()?.to_vec();
        pieces.push(Piece { bytes, probability: token.token_probability(), start_ms, end_ms });
    }
    let log: f32 = pieces.iter().map(|piece| piece.probability.max(1e-6).ln()).sum();
    let mean_log = log / pieces.len().max(1) as f32;
    Ok((pieces, Doubts { no_speech: segment.no_speech_probability(), mean_log, duration_ms }))
}
