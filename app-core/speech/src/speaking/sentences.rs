//! A line cut into pieces the voice can say one at a time, so that the first is heard while the next is made.

use reme_types::Language;

use super::phonemes::{Phonemiser, token_ids, written_out};

/// The first piece ends at a clause when the sentence is longer than this, so that something is heard soon.
const FIRST_TOKENS: usize = 80;
/// Longer sentences are cut at a clause: the voice hurries and slurs in very long ones.
const SENTENCE_TOKENS: usize = 220;

/// What follows a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pause {
    /// A comma's rest.
    Clause,
    /// A full stop's.
    Sentence,
    /// The line is over: only enough not to cut the sound.
    End,
}

/// A stretch to be said in one go.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Piece {
    pub(crate) phonemes: String,
    pub(crate) pause: Pause,
}

impl Pause {
    /// Milliseconds, from those between two sentences.
    pub(crate) const fn ms(self, sentence_ms: u64) -> u64 {
        match self {
            Self::Clause => sentence_ms / 3,
            Self::Sentence => sentence_ms,
            Self::End => 40,
        }
    }
}

/// The pieces of a line, none longer than `max_tokens`.
pub(crate) fn pieces(phonemiser: &Phonemiser, language: Language, text: &str, max_tokens: usize) -> Vec<Piece> {
    let written = written_out(text, language);
    let mut pieces: Vec<Piece> = Vec::new();
    for sentence in cut(&written, ends_sentence) {
        let phonemes = phonemiser.phonemes(sentence.trim());
        if !phonemes.chars().any(char::is_alphabetic) {
            continue;
        }
        let limit = if pieces.is_empty() { FIRST_TOKENS } else { SENTENCE_TOKENS }.min(max_tokens);
        let mut parts = split(&phonemes, limit, SENTENCE_TOKENS.min(max_tokens));
        let last = parts.pop();
        pieces.extend(parts.into_iter().map(|phonemes| Piece { phonemes, pause: Pause::Clause }));
        pieces.extend(last.map(|phonemes| Piece { phonemes, pause: Pause::Sentence }));
    }
    if let Some(last) = pieces.last_mut() {
        last.pause = Pause::End;
    }
    pieces
}

/// True when a sentence ends behind `c` with `next` following.
fn ends_sentence(c: char, next: Option<char>) -> bool {
    match c {
        '。' | '！' | '？' | '!' | '?' | '\n' | '；' | '…' => {
            next.is_none_or(|next| !"。！？!?…”’」』）)\"".contains(next))
        }
        '.' | ';' => next.is_none_or(char::is_whitespace),
        // A closing mark behind an end belongs to the sentence that ended.
        _ => false,
    }
}

fn cut(text: &str, ends: impl Fn(char, Option<char>) -> bool) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut has_ended = false;
    let mut characters = text.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        let next = characters.peek().map(|(_, c)| *c);
        let is_closing = "”’」』）)\"".contains(c);
        has_ended = (has_ended && is_closing) || "。！？!?…".contains(c);
        if ends(c, next) || (is_closing && has_ended && next.is_none_or(|next| !"”’」』）)\"".contains(next))) {
            parts.push(&text[start..at + c.len_utf8()]);
            start = at + c.len_utf8();
            has_ended = false;
        }
    }
    parts.push(&text[start..]);
    parts.retain(|part| !part.trim().is_empty());
    parts
}

/// Symbols cut at clauses, else at words: the first part at most `first` tokens, the others `rest`.
fn split(phonemes: &str, first: usize, rest: usize) -> Vec<String> {
    if token_ids(phonemes).len() <= first {
        return vec![phonemes.to_owned()];
    }
    let mut parts: Vec<String> = Vec::new();
    let mut part = String::new();
    for clause in cut(phonemes, |c, next| matches!(c, ',' | ';' | ':' | '—') && next.is_none_or(|next| next == ' ')) {
        let limit = if parts.is_empty() { first } else { rest };
        let both = token_ids(&part).len() + token_ids(clause).len();
        if !part.trim().is_empty() && both > limit {
            parts.push(std::mem::take(&mut part).trim().to_owned());
        }
        if token_ids(clause).len() <= rest {
            part.push_str(clause);
            continue;
        }
        for word in clause.split_inclusive(' ') {
            if token_ids(&part).len() + token_ids(word).len() > rest {
                parts.push(std::mem::take(&mut part).trim().to_owned());
            }
            part.push_str(word);
        }
    }
    parts.push(part.trim().to_owned());
    parts.retain(|part| !part.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_where_people_stop() {
        for (text, expected) in [
            ("你好。今天好吗？", vec!["你好。", "今天好吗？"]),
            ("他说：“来吧！”我去了。", vec!["他说：“来吧！”", "我去了。"]),
            ("It is 3.5 metres. Yes!", vec!["It is 3.5 metres.", " Yes!"]),
            ("真的吗？！好……走吧", vec!["真的吗？！", "好……", "走吧"]),
            ("one", vec!["one"]),
        ] {
            assert_eq!(cut(text, ends_sentence), expected, "{text}");
        }
    }

    #[test]
    fn a_long_first_sentence_is_cut_at_a_clause_and_a_short_one_is_not() {
        assert_eq!(split("ab, cd, ef", 20, 20), ["ab, cd, ef"]);
        assert_eq!(split("abcd, cdef, efgh", 7, 20), ["abcd,", "cdef, efgh"]);
        assert_eq!(split("aaaa bbbb cccc", 5, 6), ["aaaa", "bbbb", "cccc"]);
    }
}
