//! The start of every conversation, kept on disk between sessions: keys and values of the tokens of the instructions.
//!
//! In the flow: a shell saves it once for a model and its instructions and loads it when a session begins, so that the first
//! word does not wait for the instructions to be read again. It must never hold a person's words: instructions are the system
//! message and the examples a program was written with. The file is checked by version, model, form
//! and a BLAKE3 sum; one that does not fit is refused and nothing of it is used.

use std::path::Path;

use crate::LmError;
use crate::options::{CacheForm, ChatMessage, GenerateOptions};
use crate::prompt::Prompt;
use crate::session::Session;

const MAGIC: &[u8; 4] = b"RMPX";
const VERSION: u8 = 1;
/// Magic, version, form, two bytes of air, number of tokens.
const HEAD: usize = 12;
/// Bytes of a sum.
const SUM: usize = 32;

fn form_id(form: CacheForm) -> u8 {
    match form {
        CacheForm::Single => 0,
        CacheForm::Half => 1,
        CacheForm::Byte => 2,
    }
}

impl Session {
    /// Reads the messages that every conversation of a task begins with, the system message first, and writes what they left in the
    /// cache to `path`; returns how many tokens that was. Nothing a person said may be among them.
    ///
    /// # Errors
    /// As [`Session::generate`]; [`LmError::Unwritable`].
    pub fn save_prefix(&mut self, instructions: &[ChatMessage], path: &Path) -> Result<usize, LmError> {
        let prompt = Prompt { tokens: self.common_tokens(instructions)?, tiles: Vec::new() };
        // One token more, so that all of the prefix itself is in the cache, and no logits are needed.
        self.prefill(&prompt, &GenerateOptions::default())?;
        let tokens = prompt.tokens;
        self.rewind(tokens.len());
        let mut bytes = MAGIC.to_vec();
        bytes.extend([VERSION, form_id(self.state.cache.form()), 0, 0]);
        bytes.extend((tokens.len() as u32).to_le_bytes());
        bytes.extend(self.model.key);
        tokens.iter().for_each(|token| bytes.extend(token.to_le_bytes()));
        bytes.extend(self.state.cache.first_positions(tokens.len()));
        let sum = blake3::hash(&bytes);
        bytes.extend(sum.as_bytes());
        let part = path.with_extension(format!("{}.part", std::process::id()));
        let written = std::fs::write(&part, &bytes).and_then(|()| std::fs::rename(&part, path));
        written.map_err(|source| LmError::Unwritable { path: path.to_owned(), source })?;
        Ok(tokens.len())
    }

    /// Begins with what [`Session::save_prefix`] wrote for this model, in place of what the cache held; returns how many
    /// tokens that is. A prompt that begins otherwise uses as much of it as is common.
    ///
    /// # Errors
    /// [`LmError::Unreadable`]; [`LmError::StalePrefix`] for a damaged file or one of another model, version or form. The
    /// cache is empty or as it was then.
    pub fn load_prefix(&mut self, path: &Path) -> Result<usize, LmError> {
        let bytes = std::fs::read(path).map_err(|source| LmError::Unreadable { path: path.to_owned(), source })?;
        let stale = |why: &str| LmError::StalePrefix { why: why.to_owned() };
        let (body, sum) = bytes.split_last_chunk::<SUM>().ok_or_else(|| stale("it is cut short"))?;
        if body.len() < HEAD + SUM || body[..4] != *MAGIC {
            return Err(stale("it is no such file"));
        }
        if blake3::hash(body) != blake3::Hash::from_bytes(*sum) {
            return Err(stale("it is damaged"));
        }
        if body[4] != VERSION || body[5] != form_id(self.state.cache.form()) || body[HEAD..HEAD + SUM] != self.model.key
        {
            return Err(stale("it was made for another model, version or form of the cache"));
        }
        let count = u32::from_le_bytes([body[8], body[9], body[10], body[11]]) as usize;
        let rest = &body[HEAD + SUM..];
        let is_whole = count.checked_mul(4).is_some_and(|t| rest.len() == t + self.state.cache.prefix_bytes(count));
        if count == 0 || count >= self.model.info.window_tokens || !is_whole {
            return Err(stale("it does not fit into the window"));
        }
        let (tokens, vectors) = rest.split_at(count * 4);
        self.cached_tiles.clear();
        self.state.cache.restore(count, vectors);
        self.cached = tokens.as_chunks::<4>().0.iter().map(|token| u32::from_le_bytes(*token)).collect();
        Ok(count)
    }

    /// The tokens that every conversation with these instructions begins with: what two of them have in common.
    fn common_tokens(&self, instructions: &[ChatMessage]) -> Result<Vec<u32>, LmError> {
        let with = |text: &str| self.prompt(&[instructions, &[ChatMessage::user(text)]].concat());
        let (one, other) = (with("a")?.tokens, with("7")?.tokens);
        let common = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
        if common == 0 { Err(LmError::EmptyPrompt) } else { Ok(one[..common].to_vec()) }
    }
}
