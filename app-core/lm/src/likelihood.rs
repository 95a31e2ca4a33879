//! What a model would rather say: likelihoods of given continuations, yes against no, and its own best answers.
//!
//! In the flow: reading an answer asks which of several meanings is likelier; nothing here decides what is right.

use std::sync::Arc;

use crate::LmError;
use crate::options::{ChatMessage, GenerateOptions};
use crate::session::{Session, log_probability};
use crate::transformer::{Input, Wanted};

/// Tokens per piece of a choice: each leaves logits for the whole vocabulary.
const CHOICE_TOKENS: usize = 8;

/// How a model leans when it may answer one of two words only.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct YesNo {
    /// Logits of the first token of either word.
    pub yes_logit: f32,
    /// As above.
    pub no_logit: f32,
    /// P(yes) where only the two are possible.
    pub yes_probability: f64,
}

/// One of the model's own answers.
#[derive(Clone, PartialEq)]
pub struct Answer {
    /// Its text.
    pub text: String,
    /// Mean log likelihood per token, its end included (natural log, ≤ 0).
    pub score: f64,
}

/// Shows no words, so that no log ever holds them.
impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Answer").field("text_bytes", &self.text.len()).field("score", &self.score).finish()
    }
}

impl Session {
    /// Mean log likelihood per token (natural log, ≤ 0) of each choice followed by the end of the turn, in the order
    /// given. The highest is what the model would rather say; dividing by the length keeps long choices fair.
    ///
    /// # Errors
    /// As [`Session::generate`]. An empty choice is scored by the end of the turn alone.
    pub fn choose(
        &mut self,
        messages: &[ChatMessage],
        choices: &[String],
        options: &GenerateOptions,
    ) -> Result<Vec<f64>, LmError> {
        let prompt = self.prompt(messages)?;
        self.prefill(&prompt, options)?;
        let first = self.state.logits.clone();
        let mut scores = Vec::with_capacity(choices.len());
        for choice in choices {
            let mut tokens = self.model.tokenizer.encode(choice);
            let known = tokens.len();
            tokens.extend(self.model.tokenizer.end_token());
            let mut total = tokens.first().map_or(0.0, |token| log_probability(&first, *token));
            for (at, piece) in tokens[..known].chunks(CHOICE_TOKENS).enumerate() {
                self.advance(Input::Tokens(piece), Wanted::All, options)?;
                let after = &tokens[at * CHOICE_TOKENS + 1..];
                let rows = self.state.logits.chunks_exact(first.len());
                total += rows.zip(after).map(|(row, token)| log_probability(row, *token)).sum::<f64>();
            }
            scores.push(total / tokens.len().max(1) as f64);
            self.back_to(&prompt, options)?;
        }
        Ok(scores)
    }

    /// How the model leans between two words after `messages`: by the first token of each, which must differ.
    ///
    /// # Errors
    /// As [`Session::generate`]; [`LmError::NoChoices`] when a word is empty or both begin with the same token.
    pub fn yes_no(
        &mut self,
        messages: &[ChatMessage],
        [yes, no]: [&str; 2],
        options: &GenerateOptions,
    ) -> Result<YesNo, LmError> {
        let first = |word: &str| self.model.tokenizer.encode(word).first().copied();
        let (Some(yes), Some(no)) = (first(yes), first(no)) else { return Err(LmError::NoChoices) };
        if yes == no {
            return Err(LmError::NoChoices);
        }
        let prompt = self.prompt(messages)?;
        self.prefill(&prompt, options)?;
        let logit = |token: u32| self.state.logits[token as usize];
        let (yes_logit, no_logit) = (logit(yes), logit(no));
        Ok(YesNo { yes_logit, no_logit, yes_probability: 1.0 / (1.0 + f64::from(no_logit - yes_logit).exp()) })
    }

    /// Up to `count` answers of the model's own, best first: each begins with another of its likeliest first tokens and goes
    /// on greedily, so that they differ where a draw by chance might repeat itself.
    ///
    /// # Errors
    /// As [`Session::generate`]; a constraint or sampling in `options` is not looked at.
    pub fn best_answers(
        &mut self,
        messages: &[ChatMessage],
        count: usize,
        options: &GenerateOptions,
    ) -> Result<Vec<Answer>, LmError> {
        let prompt = self.prompt(messages)?;
        self.prefill(&prompt, options)?;
        let first = self.state.logits.clone();
        let mut likeliest: Vec<u32> = (0..first.len() as u32).collect();
        likeliest.sort_by(|a, b| first[*b as usize].total_cmp(&first[*a as usize]));
        let model = Arc::clone(&self.model);
        let may_begin = |token: &u32| !model.tokenizer.is_special(*token) && !model.tokenizer.ends_turn(*token);
        let mut answers = Vec::with_capacity(count);
        for token in likeliest.into_iter().filter(may_begin).take(count) {
            self.back_to(&prompt, options)?;
            answers.push(self.greedy_from(token, log_probability(&first, token), options)?);
        }
        self.rewind(prompt.len());
        answers.sort_by(|a: &Answer, b| b.score.total_cmp(&a.score));
        Ok(answers)
    }

    /// Goes on greedily from `token`, whose log likelihood is `total`.
    fn greedy_from(&mut self, token: u32, total: f64, options: &GenerateOptions) -> Result<Answer, LmError> {
        let (mut tokens, mut total, mut scored) = (vec![token], total, 1);
        while tokens.len() < options.max_tokens {
            self.advance(Input::Tokens(&tokens[tokens.len() - 1..]), Wanted::Last, options)?;
            let best = (0..).zip(&self.state.logits).max_by(|(_, a), (_, b)| a.total_cmp(b));
            let next = best.map_or(0, |(token, _)| token);
            total += log_probability(&self.state.logits, next);
            scored += 1;
            if self.model.tokenizer.ends_turn(next) {
                break;
            }
            tokens.push(next);
        }
        let spoken = tokens.iter().filter(|token| !self.model.tokenizer.is_special(**token));
        let bytes: Vec<u8> = spoken.flat_map(|token| self.model.tokenizer.bytes_of(*token).iter().copied()).collect();
        Ok(Answer { text: String::from_utf8_lossy(&bytes).into_owned(), score: total / f64::from(scored) })
    }
}
