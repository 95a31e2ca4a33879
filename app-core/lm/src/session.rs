//! One conversation: prompt, prefill with reuse of what the cache already holds, decoding, choosing.

use std::fmt;
use std::sync::Arc;

use crate::LmError;
use crate::calibration::{Calibration, Moments};
use crate::constraint::Rail;
use crate::lookup::Lookup;
use crate::model::Inner;
use crate::options::{ChatMessage, Flow, GenerateOptions, Generation, StopReason};
use crate::prompt::PREFILL_TOKENS;
use crate::sampler::Sampler;
use crate::sparsity::Magnitudes;
use crate::tokenizer::Utf8Stream;
use crate::transformer::{Input, State, Wanted};

/// Tokens scored at once: enough for batched products, and their logits still fit into a few megabytes.
const SCORED_TOKENS: usize = 32;

/// Tokens of a stretch when a text is read for its magnitudes.
const STRETCH_TOKENS: usize = 512;

/// One conversation with its cache. `Send`; owns a share of the model.
pub struct Session {
    pub(crate) model: Arc<Inner>,
    pub(crate) state: State,
    /// Tokens whose keys and values the cache holds.
    pub(crate) cached: Vec<u32>,
    /// First token of each tile of an image among them, and the BLAKE3 sum of its pixels.
    pub(crate) cached_tiles: Vec<(usize, [u8; 32])>,
}

/// Logits after a prompt, for comparing with a reference.
#[derive(Debug, Clone)]
pub struct PromptLogits {
    /// The rendered prompt's tokens.
    pub tokens: Vec<u32>,
    /// Logits of the next token, [vocabulary].
    pub logits: Vec<f32>,
}

impl Session {
    pub(crate) fn new(model: Arc<Inner>) -> Self {
        let state = State::new(&model.config, model.info.window_tokens, model.cache);
        Self { model, state, cached: Vec::new(), cached_tiles: Vec::new() }
    }

    /// Answers `messages`, handing every new piece of text to `on_text`. A cancel, a deadline or the window's end after
    /// the first token keeps the text so far ([`StopReason`]), unless a constraint makes a cut text worthless.
    ///
    /// # Errors
    /// [`LmError::WindowFull`], [`LmError::Cancelled`], [`LmError::DeadlinePassed`], [`LmError::ChatTemplate`],
    /// [`LmError::EmptyPrompt`]; for images [`LmError::NoVision`]; with a constraint also [`LmError::UnsupportedSchema`],
    /// [`LmError::NoChoices`] and [`LmError::Unfinished`].
    pub fn generate(
        &mut self,
        messages: &[ChatMessage],
        options: &GenerateOptions,
        on_text: &mut dyn FnMut(&str) -> Flow,
    ) -> Result<Generation, LmError> {
        let mut rail = Rail::new(&self.model, &options.constraint)?;
        let prompt = self.prompt(messages)?;
        let reused_tokens = self.prefill(&prompt, options)?;
        let mut sampler = Sampler::new(options.sampling.clone());
        let mut stream = Utf8Stream::default();
        let (mut text, mut tokens) = (String::new(), Vec::new());
        let model = Arc::clone(&self.model);
        let (vocabulary, window_tokens) = (model.info.vocabulary, model.info.window_tokens);
        let mut lookup = Lookup::new(model.guesses(options), &prompt.tokens);
        let stop = loop {
            if rail.is_complete() {
                break StopReason::EndOfTurn;
            }
            if tokens.len() >= options.max_tokens {
                break StopReason::MaxTokens;
            }
            rail.prepare()?;
            let logits = &self.state.logits[lookup.position() * vocabulary..][..vocabulary];
            // `None` when all logits are NaN, or the constraint leaves nothing to say.
            let Some(token) = sampler.draw(logits, &|token| rail.allows(&model, token)) else {
                break StopReason::EndOfTurn;
            };
            if model.tokenizer.ends_turn(token) {
                rail.end();
                break StopReason::EndOfTurn;
            }
            rail.take(&model, token)?;
            tokens.push(token);
            if !model.tokenizer.is_special(token) {
                let piece = stream.push(model.tokenizer.bytes_of(token));
                text.push_str(&piece);
                if !piece.is_empty() && on_text(&piece) == Flow::Stop {
                    break StopReason::Callback;
                }
            }
            if tokens.len() >= options.max_tokens || rail.is_complete() {
                continue;
            }
            if lookup.confirms(token) {
                continue;
            }
            self.rewind(self.cached.len() - lookup.unconfirmed());
            // The window and the answer must hold the guesses and the token after them.
            let room = window_tokens.saturating_sub(self.cached.len() + 1).min(options.max_tokens - tokens.len() - 1);
            let next = lookup.next(room);
            let wanted = if next.len() > 1 { Wanted::All } else { Wanted::Last };
            let ran = self.advance(Input::Tokens(next), wanted, options);
            if ran.is_err() {
                // The cache is as it was.
                lookup.forget();
            }
            match ran {
                Err(LmError::Cancelled) => break StopReason::Cancelled,
                Err(LmError::DeadlinePassed) => break StopReason::Deadline,
                Err(LmError::WindowFull { .. }) => break StopReason::WindowFull,
                result => result?,
            }
        };
        self.rewind(self.cached.len() - lookup.unconfirmed());
        if rail.is_constraint() && !rail.is_complete() {
            return Err(match stop {
                StopReason::Cancelled => LmError::Cancelled,
                StopReason::Deadline => LmError::DeadlinePassed,
                _ => LmError::Unfinished { max_tokens: options.max_tokens },
            });
        }
        let rest = stream.finish();
        if !rest.is_empty() && stop != StopReason::Callback {
            text.push_str(rest);
            let _ = on_text(rest);
        }
        let (prompt_tokens, guessed_tokens) = (prompt.len(), lookup.right);
        Ok(Generation { text, tokens, prompt_tokens, reused_tokens, guessed_tokens, stop })
    }

    /// How well the model foresees `text`: mean log likelihood per token (natural log, ≤ 0) and how many were scored; the
    /// perplexity is `(-mean).exp()`. The text is cut into stretches of `stretch_tokens`, each read without what came before;
    /// the first token of a stretch is not scored. `on_part` is told (tokens done, tokens in all).
    ///
    /// # Errors
    /// [`LmError::EmptyPrompt`] for a text of fewer than two tokens; [`LmError::WindowFull`] for a stretch beyond the window.
    pub fn text_likelihood(
        &mut self,
        text: &str,
        stretch_tokens: usize,
        on_part: &mut dyn FnMut(usize, usize),
    ) -> Result<(f64, usize), LmError> {
        let tokens = self.model.tokenizer.encode(text);
        let options = GenerateOptions::default();
        let (mut total, mut scored) = (0.0, 0);
        for (index, stretch) in tokens.chunks(stretch_tokens.max(2)).enumerate() {
            self.rewind(0);
            for (at, piece) in stretch.chunks(SCORED_TOKENS).enumerate() {
                self.advance(Input::Tokens(piece), Wanted::All, &options)?;
                let rows = self.state.logits.chunks_exact(self.model.info.vocabulary);
                for (row, token) in rows.zip(&stretch[at * SCORED_TOKENS + 1..]) {
                    total += log_probability(row, *token);
                    scored += 1;
                }
            }
            on_part((index * stretch_tokens + stretch.len()).min(tokens.len()), tokens.len());
        }
        self.rewind(0);
        if scored == 0 { Err(LmError::EmptyPrompt) } else { Ok((total / scored as f64, scored)) }
    }

    /// For each block the magnitude below which the share `sparsity` of the inputs of its `down` lies, over `text`.
    pub(crate) fn magnitudes_below(
        &mut self,
        text: &str,
        sparsity: f64,
        on_part: &mut dyn FnMut(usize, usize),
    ) -> Result<Vec<f32>, LmError> {
        self.state.magnitudes = Some(Magnitudes::new(self.model.config.layers));
        let read = self.text_likelihood(text, STRETCH_TOKENS.min(self.model.info.window_tokens), on_part);
        let magnitudes = self.state.magnitudes.take().expect("it was set above");
        read.map(|_| magnitudes.thresholds(sparsity))
    }

    /// Mean squares of the inputs of every matrix of the blocks, over `text`.
    pub(crate) fn input_moments(
        &mut self,
        text: &str,
        on_part: &mut dyn FnMut(usize, usize),
    ) -> Result<Calibration, LmError> {
        self.state.moments = Some(Moments::new(&self.model.config));
        let read = self.text_likelihood(text, STRETCH_TOKENS.min(self.model.info.window_tokens), on_part);
        let moments = self.state.moments.take().expect("it was set above");
        read.map(|_| moments.finish())
    }

    /// Runs tokens after what the cache holds and leaves the logits after the last: what measuring tools need.
    ///
    /// # Errors
    /// [`LmError::WindowFull`]. Ids must be below [`crate::ModelInfo::vocabulary`].
    pub fn feed(&mut self, tokens: &[u32]) -> Result<&[f32], LmError> {
        for piece in tokens.chunks(PREFILL_TOKENS) {
            self.advance_while(Input::Tokens(piece), Wanted::Last, &|| Ok(()))?;
        }
        Ok(&self.state.logits)
    }

    /// Empties the cache.
    pub fn forget(&mut self) {
        self.rewind(0);
    }

    /// The prompt's tokens and the logits after it.
    ///
    /// # Errors
    /// As [`Session::generate`].
    pub fn prompt_logits(&mut self, messages: &[ChatMessage]) -> Result<PromptLogits, LmError> {
        let prompt = self.prompt(messages)?;
        self.prefill(&prompt, &GenerateOptions::default())?;
        Ok(PromptLogits { tokens: prompt.tokens, logits: self.state.logits.clone() })
    }

    /// Runs `input` after what the cache holds. Cut short, it leaves the cache as it was.
    pub(crate) fn advance(
        &mut self,
        input: Input<'_>,
        wanted: Wanted,
        options: &GenerateOptions,
    ) -> Result<(), LmError> {
        self.advance_while(input, wanted, &|| check(options))
    }

    /// As [`Session::advance`], for as long as `may_go_on` says so.
    fn advance_while(
        &mut self,
        input: Input<'_>,
        wanted: Wanted,
        may_go_on: &dyn Fn() -> Result<(), LmError>,
    ) -> Result<(), LmError> {
        let tokens = input.tokens();
        let (needed_tokens, window_tokens) = (self.cached.len() + tokens.len(), self.model.info.window_tokens);
        if needed_tokens > window_tokens {
            return Err(LmError::WindowFull { needed_tokens, window_tokens });
        }
        self.model.transformer().forward(&mut self.state, input, wanted, may_go_on)?;
        self.cached.extend_from_slice(tokens);
        Ok(())
    }

    /// Goes back to the first `len` tokens; returns how many are left, which are none where the cache no longer holds what
    /// its blocks would see from there on.
    pub(crate) fn rewind(&mut self, len: usize) -> usize {
        let left = self.state.cache.truncate(len);
        self.cached.truncate(left);
        self.cached_tiles.retain(|(at, _)| *at < left);
        left
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("cached_tokens", &self.cached.len()).finish_non_exhaustive()
    }
}

/// Whether generation may go on.
pub(crate) fn check(options: &GenerateOptions) -> Result<(), LmError> {
    if options.cancel.is_cancelled() {
        return Err(LmError::Cancelled);
    }
    match &options.deadline {
        Some(is_past) if is_past() => Err(LmError::DeadlinePassed),
        _ => Ok(()),
    }
}

/// ln softmax(logits)[token].
pub(crate) fn log_probability(logits: &[f32], token: u32) -> f64 {
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let sum: f64 = logits.iter().map(|l| f64::from(l - largest).exp()).sum();
    f64::from(logits[token as usize] - largest) - sum.ln()
}
