//! A text cut into the pieces the model knows: SentencePiece's unigram segmentation, the most probable cut by Viterbi's algorithm
//! (Kudo 2018, arXiv 1804.10959).
//!
//! Own code, about a hundred lines, because the kept crates either bind the C++ library (`sentencepiece`) or bring a whole
//! tokenizer framework (`tokenizers`, `kitoken`); reading the file (prost) and the tries (yada) are libraries.

use prost::Message;
use yada::{DoubleArray, builder::DoubleArrayBuilder};

use crate::normalizer::Normalizer;

/// Pieces with a meaning of their own, by the model's numbering.
const UNKNOWN: u32 = 0;
const BEGIN: u32 = 1;
const END: u32 = 2;
/// What an unknown character costs below the least probable piece (SentencePiece's constant).
const UNKNOWN_PENALTY: f64 = 10.0;
/// More pieces than this of one text are not looked at: some 300 words. [design]
pub(crate) const MOST_PIECES: usize = 512;

/// The parts of `sentencepiece_model.proto` that are needed.
#[derive(Clone, PartialEq, Message)]
struct ModelProto {
    #[prost(message, repeated, tag = "1")]
    pieces: Vec<PieceProto>,
    #[prost(message, optional, tag = "3")]
    normalizer: Option<NormalizerProto>,
}

#[derive(Clone, PartialEq, Message)]
struct PieceProto {
    #[prost(string, optional, tag = "1")]
    piece: Option<String>,
    #[prost(float, optional, tag = "2")]
    score: Option<f32>,
    /// 1 normal (the default), 2 unknown, 3 control, 4 user defined, 5 unused, 6 byte.
    #[prost(int32, optional, tag = "3")]
    kind: Option<i32>,
}

#[derive(Clone, PartialEq, Message)]
struct NormalizerProto {
    #[prost(bytes = "vec", optional, tag = "2")]
    charsmap: Option<Vec<u8>>,
}

/// The pieces of one model.
pub(crate) struct Pieces {
    normalizer: Normalizer,
    trie: DoubleArray<Vec<u8>>,
    scores: Vec<f32>,
    unknown_score: f64,
}

impl Pieces {
    /// Reads a SentencePiece model; the error says what is wrong with it.
    pub(crate) fn read(model: &[u8]) -> Result<Self, String> {
        let model = ModelProto::decode(model).map_err(|error| format!("its tokenizer cannot be read ({error})"))?;
        let charsmap = model.normalizer.and_then(|n| n.charsmap).unwrap_or_default();
        let normalizer = Normalizer::read(&charsmap).ok_or("its tokenizer's table of characters is broken")?;
        let scores: Vec<f32> = model.pieces.iter().map(|p| p.score.unwrap_or(0.0)).collect();
        let mut keys: Vec<(&[u8], u32)> = model
            .pieces
            .iter()
            .enumerate()
            .filter(|(_, p)| matches!(p.kind, None | Some(1 | 4)))
            .map(|(id, p)| (p.piece.as_deref().unwrap_or("").as_bytes(), id as u32))
            .filter(|(piece, _)| !piece.is_empty())
            .collect();
        keys.sort_unstable();
        keys.dedup_by_key(|(piece, _)| *piece);
        let trie = DoubleArrayBuilder::build(&keys)
            .and_then(DoubleArray::new)
            .map_err(|error| format!("its tokenizer's pieces cannot be indexed ({error})"))?;
        let least = scores.iter().copied().fold(f32::INFINITY, f32::min);
        Ok(Self { normalizer, trie, scores, unknown_score: f64::from(least) - UNKNOWN_PENALTY })
    }

    /// How many pieces there are.
    pub(crate) fn count(&self) -> usize {
        self.scores.len()
    }

    /// The numbers of the pieces of a text, between the marks for its beginning and its end.
    pub(crate) fn cut(&self, text: &str) -> Vec<u32> {
        let mut out = vec![BEGIN];
        let normal = self.normalizer.normalize(text);
        if normal.is_empty() {
            out.push(UNKNOWN);
        } else {
            out.extend(self.most_probable(&normal));
        }
        out.truncate(MOST_PIECES - 1);
        out.push(END);
        out
    }

    /// The cut with the highest sum of scores; of equal ones that whose last pieces begin earliest.
    fn most_probable(&self, text: &str) -> Vec<u32> {
        // Best way to each place (in bytes): its score, where its last piece begins, and which piece that is.
        let mut best: Vec<(f64, usize, u32)> = vec![(f64::NEG_INFINITY, 0, UNKNOWN); text.len() + 1];
        best[0].0 = 0.0;
        for (at, c) in text.char_indices() {
            let so_far = best[at].0;
            let mut offer = |end: usize, score: f64, piece: u32| {
                if so_far + score > best[end].0 {
                    best[end] = (so_far + score, at, piece);
                }
            };
            let mut single = false;
            for (piece, length) in self.trie.common_prefix_search(&text.as_bytes()[at..]) {
                offer(at + length, f64::from(self.scores[piece as usize]), piece);
                single |= length == c.len_utf8();
            }
            if !single {
                offer(at + c.len_utf8(), self.unknown_score, UNKNOWN);
            }
        }
        let mut out = Vec::new();
        let mut at = text.len();
        while at > 0 {
            let (_, from, piece) = best[at];
            out.push(piece);
            at = from;
        }
        out.reverse();
        out
    }
}
