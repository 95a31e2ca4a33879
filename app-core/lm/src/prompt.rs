//! A prompt: tokens, and where the vectors of images stand in place of theirs.
//!
//! In the flow: made from messages when a session reads them, compared with what its cache holds, run piece by piece.

use crate::LmError;
use crate::options::{ChatMessage, GenerateOptions};
use crate::session::{Session, check};
use crate::transformer::{Input, Wanted};
use crate::vision::Encoder;

/// Tokens per piece of prefill: enough to share the unpacking of weights, few enough for small buffers.
pub(crate) const PREFILL_TOKENS: usize = 64;

/// A tile of an image in a prompt.
pub(crate) struct Placed {
    /// Its first token.
    pub(crate) at: usize,
    /// BLAKE3 of its pixels.
    pub(crate) key: [u8; 32],
    /// [tile, tile, 3]
    pub(crate) rgb: Vec<u8>,
}

/// What messages become.
pub(crate) struct Prompt {
    pub(crate) tokens: Vec<u32>,
    /// By place.
    pub(crate) tiles: Vec<Placed>,
}

impl Prompt {
    pub(crate) fn len(&self) -> usize {
        self.tokens.len()
    }
}

impl Session {
    pub(crate) fn prompt(&self, messages: &[ChatMessage]) -> Result<Prompt, LmError> {
        if messages.is_empty() {
            return Err(LmError::EmptyPrompt);
        }
        let model = &self.model;
        let rendered = model.template.render(messages, &model.tokenizer)?;
        let images: Vec<_> = messages.iter().flat_map(|message| &message.images).collect();
        let (tokens, tiles) = match &model.vision {
            _ if images.is_empty() => (model.tokenizer.encode_prompt(&rendered), Vec::new()),
            Some(vision) => vision.lay_out(&rendered, &images, &model.tokenizer)?,
            None => return Err(LmError::NoVision),
        };
        if tokens.is_empty() { Err(LmError::EmptyPrompt) } else { Ok(Prompt { tokens, tiles }) }
    }

    /// Brings the cache to exactly `prompt` and leaves the logits after it; returns how many tokens were reused.
    pub(crate) fn prefill(&mut self, prompt: &Prompt, options: &GenerateOptions) -> Result<usize, LmError> {
        let window_tokens = self.model.info.window_tokens;
        // One place must be left for an answer.
        if prompt.len() >= window_tokens {
            return Err(LmError::WindowFull { needed_tokens: prompt.len() + 1, window_tokens });
        }
        // The last token always runs again: its logits are not kept.
        let reused = self.rewind(self.in_common(prompt).min(prompt.len() - 1));
        let mut tiles = prompt.tiles.iter().peekable();
        let tile_tokens = self.model.vision.as_ref().map_or(0, |vision| vision.tile_tokens());
        while self.cached.len() < prompt.len() {
            let at = self.cached.len();
            while tiles.next_if(|tile| tile.at + tile_tokens <= at).is_some() {}
            match tiles.peek() {
                Some(tile) if tile.at <= at => self.read_tile(tile, prompt, options)?,
                next => {
                    let end = next.map_or(prompt.len(), |tile| tile.at).min(at + PREFILL_TOKENS);
                    self.read_piece(prompt, Input::Tokens(&prompt.tokens[at..end]), options)?;
                }
            }
        }
        Ok(reused)
    }

    /// Goes back to exactly `prompt`, which was read before; reads it again where the cache does not reach back so far.
    pub(crate) fn back_to(&mut self, prompt: &Prompt, options: &GenerateOptions) -> Result<(), LmError> {
        if self.rewind(prompt.len()) == prompt.len() { Ok(()) } else { self.prefill(prompt, options).map(|_| ()) }
    }

    /// How many tokens from the start are those the cache holds, and come from the same images.
    fn in_common(&self, prompt: &Prompt) -> usize {
        let tokens = self.cached.iter().zip(&prompt.tokens).take_while(|(a, b)| a == b).count();
        let pairs = self.cached_tiles.iter().zip(&prompt.tiles);
        let same = pairs.take_while(|((at, key), tile)| *at == tile.at && *key == tile.key).count();
        let first_other = [self.cached_tiles.get(same).map(|(at, _)| *at), prompt.tiles.get(same).map(|tile| tile.at)];
        first_other.into_iter().flatten().fold(tokens, usize::min)
    }

    /// Reads what is left of a tile.
    fn read_tile(&mut self, tile: &Placed, prompt: &Prompt, options: &GenerateOptions) -> Result<(), LmError> {
        let model = std::sync::Arc::clone(&self.model);
        let part = model.vision.as_ref().ok_or(LmError::NoVision)?;
        let encoder = Encoder { part, isa: model.info.isa, pool: &model.pool };
        let vectors = encoder.encode(&tile.rgb, &|| check(options))?;
        if self.cached_tiles.last().is_none_or(|(at, _)| *at < tile.at) {
            self.cached_tiles.push((tile.at, tile.key));
        }
        let embedding = model.info.embedding;
        let done = self.cached.len() - tile.at;
        for rows in vectors[done * embedding..].chunks(PREFILL_TOKENS * embedding) {
            let at = self.cached.len();
            let tokens = &prompt.tokens[at..at + rows.len() / embedding];
            self.read_piece(prompt, Input::Vectors(tokens, rows), options)?;
        }
        Ok(())
    }

    fn read_piece(&mut self, prompt: &Prompt, input: Input<'_>, options: &GenerateOptions) -> Result<(), LmError> {
        let is_last = self.cached.len() + input.tokens().len() == prompt.len();
        self.advance(input, if is_last { Wanted::Last } else { Wanted::Nothing }, options)
    }
}
