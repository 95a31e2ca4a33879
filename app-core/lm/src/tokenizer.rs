//! Text to tokens and back with the vocabulary of the model file: byte-level BPE here, SentencePiece in `pieces`.
//!
//! In the flow: the rendered chat goes in as text, token ids come out; generated ids become bytes, and a
//! [`Utf8Stream`] turns bytes into whole characters. Never normalises: what goes in comes out byte for byte.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use fancy_regex::Regex;

use crate::LmError;
use crate::gguf::{Header, Value, inconsistent};
use crate::pieces::{self, Pieces};

/// Names in `tokenizer.ggml.pre` that work.
const PRE_TOKENIZERS: &[&str] = &["smollm", "qwen2", "gpt-2"];
/// Contractions, words, numbers, punctuation, spaces: the GPT-2 split.
const GPT2_SPLIT: &str = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";
/// Qwen2's split: any case in contractions, single digits, line breaks kept apart.
const QWEN2_SPLIT: &str = r"(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
/// `tokenizer.ggml.token_type` of control tokens and of user-defined ones.
const SPECIAL_TYPES: [i64; 2] = [3, 4];
/// Texts of tokens that end a turn, where the file marks them special.
const END_OF_TURN: [&str; 6] =
    ["<|im_end|>", "<|endoftext|>", "<|eot_id|>", "</s>", "<end_of_utterance>", "<end_of_turn>"];

/// Stands for "no token" while words are merged.
const NO_TOKEN: u32 = u32::MAX;

/// Text to tokens and back.
#[derive(Debug)]
pub(crate) struct Tokenizer {
    /// Bytes of every token.
    bytes: Vec<Box<[u8]>>,
    /// Special tokens, longest text first.
    specials: Vec<(String, u32)>,
    is_special: Vec<bool>,
    end_of_turn: Vec<u32>,
    leading: Option<u32>,
    words: Words,
}

/// How what lies between special tokens is taken apart.
#[derive(Debug)]
enum Words {
    Bytes(ByteLevel),
    Pieces(Pieces),
}

/// Byte-level BPE (GPT-2's).
#[derive(Debug)]
struct ByteLevel {
    /// Token of every single byte.
    byte_tokens: [u32; 256],
    /// (left, right) → (rank, merged).
    merges: HashMap<(u32, u32), (u32, u32)>,
    /// Digits are cut out one by one before `split` is applied.
    lone_digits: bool,
    split: Regex,
}

impl Tokenizer {
    pub(crate) fn read(header: &Header) -> Result<Self, LmError> {
        let is_byte_level = match header.text("tokenizer.ggml.model")? {
            "gpt2" => true,
            "llama" => false,
            other => return Err(LmError::UnknownTokenizer { name: other.to_owned(), known: &["gpt2", "llama"] }),
        };
        let texts = header.texts("tokenizer.ggml.tokens")?;
        let kinds = match header.metadata.get("tokenizer.ggml.token_type") {
            Some(Value::Numbers(kinds)) if kinds.len() == texts.len() => kinds.clone(),
            Some(_) => return Err(inconsistent("tokenizer.ggml.token_type", "it does not have one entry per token")),
            None => vec![1; texts.len()],
        };
        let special = |kind: &i64| if is_byte_level { SPECIAL_TYPES.contains(kind) } else { pieces::is_special(*kind) };
        let is_special: Vec<bool> = kinds.iter().map(special).collect();
        let chars = byte_of_char();
        let named = texts.iter().zip(&kinds);
        let bytes: Vec<Box<[u8]>> = named
            .clone()
            .map(|(text, kind)| match is_byte_level {
                true if special(kind) => text.as_bytes().into(),
                true => raw_bytes(text, &chars),
                false => pieces::bytes_of(text, *kind),
            })
            .collect();
        // In SentencePiece's vocabularies `<unk>` and unused tokens are special, and their names mean nothing in a prompt.
        let has_name = |kind: &i64| special(kind) && (is_byte_level || *kind == pieces::CONTROL);
        let mut specials: Vec<(String, u32)> = named
            .zip(0_u32..)
            .filter(|((text, kind), _)| has_name(kind) && !text.is_empty())
            .map(|((text, _), id)| (text.clone(), id))
            .collect();
        specials.sort_by_key(|(text, _)| Reverse(text.len()));
        let mut end_of_turn: Vec<u32> =
            specials.iter().filter(|(t, _)| END_OF_TURN.contains(&t.as_str())).map(|(_, id)| *id).collect();
        let token = |key: &str| -> Result<Option<u32>, LmError> {
            match header.optional_count(key)? {
                Some(id) if id < texts.len() => Ok(Some(id as u32)),
                Some(id) => Err(inconsistent(key, format!("token {id} of {}", texts.len()))),
                None => Ok(None),
            }
        };
        end_of_turn.extend(token("tokenizer.ggml.eos_token_id")?);
        let wants_leading = header.metadata.get("tokenizer.ggml.add_bos_token") == Some(&Value::Bool(true));
        let leading = if wants_leading { token("tokenizer.ggml.bos_token_id")? } else { None };
        let words = match is_byte_level {
            true => Words::Bytes(ByteLevel::read(header, texts, &chars)?),
            false => Words::Pieces(Pieces::read(header, texts, &kinds)?),
        };
        Ok(Self { bytes, specials, is_special, end_of_turn, leading, words })
    }

    /// Number of tokens.
    pub(crate) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Bytes a token stands for; a special token's are its name.
    pub(crate) fn bytes_of(&self, token: u32) -> &[u8] {
        self.bytes.get(token as usize).map_or(&[], |b| b)
    }

    /// Whether the token is a control token, which never belongs into text.
    pub(crate) fn is_special(&self, token: u32) -> bool {
        self.is_special.get(token as usize).copied().unwrap_or(true)
    }

    /// Whether the token ends the model's turn.
    pub(crate) fn ends_turn(&self, token: u32) -> bool {
        self.end_of_turn.contains(&token)
    }

    /// A token that ends the turn, if the file names one.
    pub(crate) fn end_token(&self) -> Option<u32> {
        self.end_of_turn.last().copied()
    }

    /// The special token of that name.
    pub(crate) fn special(&self, name: &str) -> Option<u32> {
        self.specials.iter().find(|(text, _)| text == name).map(|(_, id)| *id)
    }

    /// The text of a token as the file writes it, for templates (`bos_token`, `eos_token`).
    pub(crate) fn name_of(&self, token: Option<u32>) -> String {
        token.map_or(String::new(), |t| String::from_utf8_lossy(self.bytes_of(t)).into_owned())
    }

    /// `text` without anything that would read as a special token.
    pub(crate) fn without_specials(&self, text: &str) -> String {
        let mut clean = text.to_owned();
        // Removing one may join its neighbours to another, so repeat until nothing is found.
        while let Some((special, _)) = self.specials.iter().find(|(special, _)| clean.contains(special.as_str())) {
            clean = clean.replace(special.as_str(), "");
        }
        clean
    }

    /// Tokens of a rendered prompt, in which the names of special tokens mean those tokens.
    pub(crate) fn encode_prompt(&self, text: &str) -> Vec<u32> {
        let mut out: Vec<u32> = self.leading.into_iter().collect();
        let mut rest = text;
        while !rest.is_empty() {
            let next = self.specials.iter().filter_map(|(s, id)| rest.find(s.as_str()).map(|at| (at, s.len(), *id)));
            // The earliest; of several at one place the longest.
            let Some((at, len, id)) = next.min_by_key(|(at, len, _)| (*at, Reverse(*len))) else {
                break;
            };
            self.words.encode_into(&rest[..at], &mut out);
            if Some(id) != self.leading || !out.is_empty() && out != [id] {
                out.push(id);
            }
            rest = &rest[at + len..];
        }
        self.words.encode_into(rest, &mut out);
        out
    }

    /// Tokens of plain text.
    pub(crate) fn encode(&self, text: &str) -> Vec<u32> {
        let mut out = Vec::new();
        self.words.encode_into(text, &mut out);
        out
    }
}

impl Words {
    fn encode_into(&self, text: &str, out: &mut Vec<u32>) {
        match self {
            Self::Bytes(words) => words.encode_into(text, out),
            Self::Pieces(words) => words.encode_into(text, out),
        }
    }
}

impl ByteLevel {
    fn read(header: &Header, texts: &[String], chars: &HashMap<char, u8>) -> Result<Self, LmError> {
        let (lone_digits, split) = match header.text("tokenizer.ggml.pre")? {
            "smollm" => (true, GPT2_SPLIT),
            "qwen2" => (false, QWEN2_SPLIT),
            "gpt-2" => (false, GPT2_SPLIT),
            other => return Err(LmError::UnknownTokenizer { name: other.to_owned(), known: PRE_TOKENIZERS }),
        };
        let ids: HashMap<&str, u32> = texts.iter().map(String::as_str).zip(0..).collect();
        let mut byte_tokens = [NO_TOKEN; 256];
        // Some files (SmolLM2) have no token for bytes their training text never held; those are dropped, as llama.cpp.
        for (c, byte) in chars {
            if let Some(id) = ids.get(c.to_string().as_str()) {
                byte_tokens[usize::from(*byte)] = *id;
            }
        }
        if byte_tokens[usize::from(b'a')] == NO_TOKEN {
            return Err(inconsistent("tokenizer.ggml.tokens", "it has no tokens for single bytes"));
        }
        let merges = read_merges(header.texts("tokenizer.ggml.merges")?, &ids);
        let split = Regex::new(split).map_err(|e| inconsistent("tokenizer.ggml.pre", e.to_string()))?;
        Ok(Self { byte_tokens, merges, lone_digits, split })
    }

    fn encode_into(&self, text: &str, out: &mut Vec<u32>) {
        if !self.lone_digits {
            return self.split_words(text, out);
        }
        let mut start = 0;
        for (at, c) in text.char_indices().filter(|(_, c)| c.is_numeric()) {
            self.split_words(&text[start..at], out);
            start = at + c.len_utf8();
            self.encode_word(&text[at..start], out);
        }
        self.split_words(&text[start..], out);
    }

    fn split_words(&self, text: &str, out: &mut Vec<u32>) {
        let mut end = 0;
        // The expression matches every character; should the engine give up, the rest goes in as one word.
        for word in self.split.find_iter(text).map_while(Result::ok) {
            self.encode_word(&text[end..word.start()], out);
            self.encode_word(word.as_str(), out);
            end = word.end();
        }
        self.encode_word(&text[end..], out);
    }

    /// Merges neighbours in the order of their ranks (Sennrich et al. 2016), leftmost first.
    fn encode_word(&self, word: &str, out: &mut Vec<u32>) {
        let mut tokens: Vec<u32> = word.bytes().map(|b| self.byte_tokens[usize::from(b)]).collect();
        let n = tokens.len();
        if n == 0 {
            return;
        }
        // A doubly linked list over `tokens`; `n` is the end, a dead entry is `NO_TOKEN`.
        let mut next: Vec<usize> = (1..=n).collect();
        let mut before: Vec<usize> = (0..n).map(|i| i.wrapping_sub(1)).collect();
        let mut heap = BinaryHeap::new();
        let offer = |heap: &mut BinaryHeap<_>, tokens: &[u32], left: usize, right: usize| {
            if let Some((rank, merged)) = self.merges.get(&(tokens[left], tokens[right])) {
                heap.push(Reverse((*rank, left, right, tokens[left], tokens[right], *merged)));
            }
        };
        (1..n).for_each(|right| offer(&mut heap, &tokens, right - 1, right));
        while let Some(Reverse((_, left, right, l, r, merged))) = heap.pop() {
            if tokens[left] != l || tokens[right] != r || next[left] != right {
                continue;
            }
            tokens[left] = merged;
            tokens[right] = NO_TOKEN;
            next[left] = next[right];
            if next[left] < n {
                before[next[left]] = left;
                offer(&mut heap, &tokens, left, next[left]);
            }
            if before[left] < n {
                offer(&mut heap, &tokens, before[left], left);
            }
        }
        out.extend(tokens.into_iter().filter(|t| *t != NO_TOKEN));
    }
}

fn read_merges(lines: &[String], ids: &HashMap<&str, u32>) -> HashMap<(u32, u32), (u32, u32)> {
    let mut merges = HashMap::with_capacity(lines.len());
    for (line, rank) in lines.iter().zip(0_u32..) {
        let Some((left, right)) = line.split_once(' ') else { continue };
        let joined = format!("{left}{right}");
        // A merge whose parts or result have no token can never apply.
        if let (Some(l), Some(r), Some(m)) = (ids.get(left), ids.get(right), ids.get(joined.as_str())) {
            merges.entry((*l, *r)).or_insert((rank, *m));
        }
    }
    merges
}

/// GPT-2's printable stand-in for every byte: printable Latin-1 stands for itself, the rest from U+0100 on.
pub(crate) fn byte_of_char() -> HashMap<char, u8> {
    let mut next = 0x100_u32;
    (0..=255_u8)
        .filter_map(|byte| {
            let own = matches!(byte, b'!'..=b'~' | 0xA1..=0xAC | 0xAE..=0xFF);
            let code = if own { u32::from(byte) } else { next };
            next += u32::from(!own);
            char::from_u32(code).map(|c| (c, byte))
        })
        .collect()
}

fn raw_bytes(text: &str, chars: &HashMap<char, u8>) -> Box<[u8]> {
    let mapped: Option<Vec<u8>> = text.chars().map(|c| chars.get(&c).copied()).collect();
    mapped.unwrap_or_else(|| text.as_bytes().to_vec()).into()
}

/// Turns a stream of bytes into whole characters.
#[derive(Debug, Default)]
pub(crate) struct Utf8Stream {
    pending: Vec<u8>,
}

impl Utf8Stream {
    /// Adds bytes; returns what is complete. Bytes that can never become a character turn into U+FFFD.
    pub(crate) fn push(&mut self, bytes: &[u8]) -> String {
        self.pending.extend_from_slice(bytes);
        let mut out = String::new();
        loop {
            match std::str::from_utf8(&self.pending) {
                Ok(text) => {
                    out.push_str(text);
                    self.pending.clear();
                    return out;
                }
                Err(error) => {
                    let good = error.valid_up_to();
                    out.push_str(&String::from_utf8_lossy(&self.pending[..good]));
                    let Some(bad) = error.error_len() else {
                        self.pending.drain(..good);
                        return out;
                    };
                    out.push(char::REPLACEMENT_CHARACTER);
                    self.pending.drain(..good + bad);
                }
            }
        }
    }

    /// What is left at the end: a cut character becomes U+FFFD.
    pub(crate) fn finish(self) -> &'static str {
        if self.pending.is_empty() { "" } else { "\u{FFFD}" }
    }
}
