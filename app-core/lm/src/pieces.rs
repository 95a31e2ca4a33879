//! SentencePiece's vocabulary with scores: characters are merged into ever longer pieces, the highest score first.
//!
//! In the flow: what `Tokenizer` splits words with where a file says `llama` (gemma3's and the older llamas' files do). Those
//! vocabularies were learnt by byte-pair encoding, and a score is the rank of a merge (Kudo & Richardson 2018). Spaces are ▁;
//! symbols the makers set by hand are taken whole; a character without a piece is written in bytes.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use crate::LmError;
use crate::gguf::{Header, Value, inconsistent};

/// Stands for a space.
pub(crate) const SPACE: char = '▁';
/// Kinds of tokens as `tokenizer.ggml.token_type` numbers them.
const NORMAL: i64 = 1;
const UNKNOWN: i64 = 2;
pub(crate) const CONTROL: i64 = 3;
const BY_HAND: i64 = 4;
const UNUSED: i64 = 5;
const BYTE: i64 = 6;

/// What words are made of.
#[derive(Debug)]
pub(crate) struct Pieces {
    /// Piece → token, rank of its score.
    pieces: HashMap<Box<str>, (u32, i32)>,
    /// Taken whole wherever they stand, by their first character, the longest first.
    by_hand: HashMap<char, Vec<(Box<str>, u32)>>,
    byte_tokens: [Option<u32>; 256],
    unknown: Option<u32>,
    /// Whether a space goes before what is said.
    adds_space: bool,
}

/// Whether a token of this kind never belongs into text.
pub(crate) fn is_special(kind: i64) -> bool {
    [UNKNOWN, CONTROL, UNUSED].contains(&kind)
}

/// What a token of this kind stands for.
pub(crate) fn bytes_of(text: &str, kind: i64) -> Box<[u8]> {
    match (kind, byte_of(text)) {
        (BYTE, Some(byte)) => Box::new([byte]),
        (NORMAL | BY_HAND, _) => text.replace(SPACE, " ").into_bytes().into(),
        _ => text.as_bytes().into(),
    }
}

/// `<0x0A>` is a line break.
fn byte_of(text: &str) -> Option<u8> {
    u8::from_str_radix(text.strip_prefix("<0x")?.strip_suffix('>')?, 16).ok()
}

/// Floats in an order that integers have, too.
fn rank(score: f64) -> i32 {
    let bits = (score as f32).to_bits() as i32;
    bits ^ ((bits >> 31) as u32 >> 1) as i32
}

impl Pieces {
    pub(crate) fn read(header: &Header, texts: &[String], kinds: &[i64]) -> Result<Self, LmError> {
        let scores = match header.metadata.get("tokenizer.ggml.scores") {
            Some(Value::Floats(scores)) if scores.len() == texts.len() => scores,
            Some(_) => return Err(inconsistent("tokenizer.ggml.scores", "it does not have one number per token")),
            None => {
                let key = "tokenizer.ggml.scores".to_owned();
                return Err(LmError::MissingKey { key, expected: "a list of numbers" });
            }
        };
        let (mut pieces, mut by_hand, mut byte_tokens, mut unknown) =
            (HashMap::new(), HashMap::<char, Vec<(Box<str>, u32)>>::new(), [None; 256], None);
        for (((text, kind), score), token) in texts.iter().zip(kinds).zip(scores).zip(0_u32..) {
            match *kind {
                NORMAL => drop(pieces.insert(text.as_str().into(), (token, rank(*score)))),
                UNKNOWN => unknown = Some(token),
                BYTE => {
                    let byte = byte_of(text).ok_or_else(|| {
                        inconsistent("tokenizer.ggml.tokens", format!("token {token} should be a byte such as <0x0A>"))
                    })?;
                    byte_tokens[usize::from(byte)] = Some(token);
                }
                BY_HAND => {
                    let text = text.replace(' ', &SPACE.to_string());
                    if let Some(first) = text.chars().next() {
                        by_hand.entry(first).or_default().push((text.into(), token));
                    }
                }
                _ => {}
            }
        }
        if pieces.is_empty() {
            return Err(inconsistent("tokenizer.ggml.tokens", "it has no ordinary tokens"));
        }
        by_hand.values_mut().for_each(|list| list.sort_by_key(|(text, _)| Reverse(text.len())));
        let adds_space = header.metadata.get("tokenizer.ggml.add_space_prefix") != Some(&Value::Bool(false));
        Ok(Self { pieces, by_hand, byte_tokens, unknown, adds_space })
    }

    /// Appends the tokens of `text`.
    pub(crate) fn encode_into(&self, text: &str, out: &mut Vec<u32>) {
        if text.is_empty() {
            return;
        }
        let space = if self.adds_space { " " } else { "" };
        let text = format!("{space}{text}").replace(' ', &SPACE.to_string());
        let (mut start, mut at) = (0, 0);
        while let Some(first) = text[at..].chars().next() {
            let whole =
                self.by_hand.get(&first).and_then(|list| list.iter().find(|(s, _)| text[at..].starts_with(&**s)));
            match whole {
                Some((symbol, token)) => {
                    self.merge_into(&text[start..at], out);
                    out.push(*token);
                    at += symbol.len();
                    start = at;
                }
                None => at += first.len_utf8(),
            }
        }
        self.merge_into(&text[start..], out);
    }

    /// Merges neighbours, the highest score first, of equal ones the leftmost.
    fn merge_into(&self, text: &str, out: &mut Vec<u32>) {
        // Pieces by where they begin: their end, and where the one before begins. `ends[i] == i` is no piece any more.
        let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        let mut ends: Vec<usize> = (0..=text.len()).collect();
        let mut before = vec![usize::MAX; text.len() + 1];
        for pair in starts.windows(2) {
            (ends[pair[0]], before[pair[1]]) = (pair[1], pair[0]);
        }
        if let Some(last) = starts.last() {
            ends[*last] = text.len();
        }
        let mut heap = BinaryHeap::new();
        let offer = |heap: &mut BinaryHeap<_>, ends: &[usize], left: usize| {
            let right = ends[left];
            if right < text.len()
                && let Some((_, rank)) = self.pieces.get(&text[left..ends[right]])
            {
                heap.push((*rank, Reverse(left), right, ends[right]));
            }
        };
        starts.iter().for_each(|left| offer(&mut heap, &ends, *left));
        while let Some((_, Reverse(left), right, end)) = heap.pop() {
            if ends[left] != right || ends[right] != end {
                continue;
            }
            (ends[left], ends[right]) = (end, right);
            if end < text.len() {
                before[end] = left;
            }
            offer(&mut heap, &ends, left);
            if before[left] != usize::MAX {
                offer(&mut heap, &ends, before[left]);
            }
        }
        let mut at = 0;
        while at < text.len() {
            let piece = &text[at..ends[at]];
            match self.pieces.get(piece) {
                Some((token, _)) => out.push(*token),
                None => self.spell_into(piece, out),
            }
            at = ends[at];
        }
    }

    /// A character in bytes; unknown where the vocabulary has no bytes.
    fn spell_into(&self, piece: &str, out: &mut Vec<u32>) {
        let bytes: Option<Vec<u32>> = piece.bytes().map(|byte| self.byte_tokens[usize::from(byte)]).collect();
        match bytes {
            Some(tokens) => out.extend(tokens),
            None => out.extend(self.unknown),
        }
    }
}
