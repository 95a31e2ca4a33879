//! From the recogniser's pieces to words with times and confidences.
//!
//! A piece is a run of bytes with a probability: a whole word, a part of one, or a part of one Chinese character.

use ferrous_opencc::{OpenCC, config::BuiltinConfig};
use jieba_rs::Jieba;
use reme_types::Language;

use super::{HeardWord, HearingError};

/// A token as the recogniser gives it.
#[derive(Debug, Clone)]
pub(crate) struct Piece {
    /// A part of the text in UTF-8; may end inside a character.
    pub(crate) bytes: Vec<u8>,
    /// Probability, 0 to 1.
    pub(crate) probability: f32,
    pub(crate) start_ms: u64,
    pub(crate) end_ms: u64,
}

/// A character, and the pieces it was made of.
#[derive(Debug, Clone, Copy)]
struct Letter {
    letter: char,
    /// First and last piece.
    made_of: (usize, usize),
}

/// Turns pieces into text and words; holds the dictionaries that Chinese needs.
pub(crate) struct Wording {
    /// Loaded at the first Chinese sentence: simplified characters, and where words are cut.
    chinese: Option<(OpenCC, Jieba)>,
}

impl Wording {
    pub(crate) fn new() -> Self {
        Self { chinese: None }
    }

    /// Text and words of what was heard in `language`.
    pub(crate) fn of(
        &mut self,
        pieces: &[Piece],
        language: Language,
    ) -> Result<(String, Vec<HeardWord>), HearingError> {
        let letters = letters(pieces);
        match language {
            Language::En => Ok((text_of(&letters).trim().to_owned(), english(&letters, pieces))),
            Language::ZhCn => {
                if self.chinese.is_none() {
                    let simplify = OpenCC::from_config(BuiltinConfig::T2s).map_err(HearingError::recogniser)?;
                    self.chinese = Some((simplify, Jieba::new()));
                }
                let Some((simplify, jieba)) = &self.chinese else { unreachable!("it was put there just now") };
                let letters = simplified(letters, simplify);
                Ok((tidy_chinese(&text_of(&letters)), chinese(&letters, pieces, jieba)))
            }
        }
    }
}

fn text_of(letters: &[Letter]) -> String {
    letters.iter().map(|letter| letter.letter).collect()
}

/// Cuts the bytes of all pieces into characters; each knows what it was made of. Bytes that are no text are left out.
fn letters(pieces: &[Piece]) -> Vec<Letter> {
    let mut letters = Vec::new();
    let mut open: Vec<(u8, usize)> = Vec::new(); // bytes of a character that is not whole yet, and their pieces
    for (index, piece) in pieces.iter().enumerate() {
        for &byte in &piece.bytes {
            if byte & 0xc0 != 0x80 {
                open.clear(); // a new character begins; what was open never became one
            }
            open.push((byte, index));
            let bytes: Vec<u8> = open.iter().map(|(byte, _)| *byte).collect();
            let Some(letter) = std::str::from_utf8(&bytes).ok().and_then(|text| text.chars().next()) else { continue };
            letters.push(Letter { letter, made_of: (open[0].1, index) });
            open.clear();
        }
    }
    letters
}

/// Traditional characters become simplified ones, each in its place. A sentence whose length would change is converted character by
/// character instead, so that times stay true.
fn simplified(mut letters: Vec<Letter>, simplify: &OpenCC) -> Vec<Letter> {
    let whole: Vec<char> = simplify.convert(&text_of(&letters)).chars().collect();
    let in_place = whole.len() == letters.len();
    for (index, letter) in letters.iter_mut().enumerate() {
        let alone = || simplify.convert(&letter.letter.to_string()).chars().next();
        letter.letter = if in_place { whole[index] } else { alone().unwrap_or(letter.letter) };
    }
    letters
}

/// Punctuation gets the width it has in Chinese; spaces between characters are dropped.
fn tidy_chinese(text: &str) -> String {
    let letters: Vec<char> = text.trim().chars().collect();
    let is_latin = |index: Option<usize>| index.and_then(|at| letters.get(at)).is_some_and(char::is_ascii_alphanumeric);
    let mut tidy = String::new();
    for (index, &letter) in letters.iter().enumerate() {
        let before = index.checked_sub(1);
        let inside_latin = is_latin(before) && is_latin(Some(index + 1));
        match letter {
            ' ' if !inside_latin => {}
            ',' if !inside_latin => tidy.push('，'),
            '?' => tidy.push('？'),
            '!' => tidy.push('！'),
            '.' if !inside_latin => tidy.push('。'),
            other => tidy.push(other),
        }
    }
    tidy
}

fn english(letters: &[Letter], pieces: &[Piece]) -> Vec<HeardWord> {
    letters.split(|letter| letter.letter.is_whitespace()).filter_map(|own| word(own, pieces)).collect()
}

fn chinese(letters: &[Letter], pieces: &[Piece], jieba: &Jieba) -> Vec<HeardWord> {
    let text = text_of(letters);
    let mut rest = letters;
    let mut words = Vec::new();
    for cut in jieba.cut(&text, false) {
        let (own, others) = rest.split_at(cut.word.chars().count().min(rest.len()));
        rest = others;
        words.extend(word(own, pieces));
    }
    words
}

/// A word of some letters, without the punctuation around it; `None` when nothing is left.
fn word(letters: &[Letter], pieces: &[Piece]) -> Option<HeardWord> {
    let first = letters.iter().position(|letter| letter.letter.is_alphanumeric())?;
    let last = letters.iter().rposition(|letter| letter.letter.is_alphanumeric())?;
    let own = &letters[first..=last];
    let made_of = &pieces[own.first()?.made_of.0..=own.last()?.made_of.1];
    let log: f32 = made_of.iter().map(|piece| piece.probability.max(1e-6).ln()).sum();
    let start_ms = made_of.iter().map(|piece| piece.start_ms).min()?;
    let end_ms = made_of.iter().map(|piece| piece.end_ms).max()?;
    let confidence = (log / made_of.len() as f32).exp().clamp(0.0, 1.0);
    Some(HeardWord { text: text_of(own), start_ms, end_ms, confidence })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(parts: &[(&[u8], f32)]) -> Vec<Piece> {
        let piece = |(index, (bytes, probability)): (usize, &(&[u8], f32))| Piece {
            bytes: bytes.to_vec(),
            probability: *probability,
            start_ms: index as u64 * 100,
            end_ms: index as u64 * 100 + 100,
        };
        parts.iter().enumerate().map(piece).collect()
    }

    fn told(parts: &[(&[u8], f32)], language: Language) -> (String, Vec<(String, u64, u64)>) {
        let (text, words) = Wording::new().of(&pieces(parts), language).unwrap();
        (text, words.into_iter().map(|word| (word.text, word.start_ms, word.end_ms)).collect())
    }

    #[test]
    fn english_pieces_are_joined_at_spaces_and_lose_their_punctuation() {
        let (text, words) = told(&[(b" We", 0.9), (b" walk", 0.9), (b"ed", 0.4), (b".", 0.9)], Language::En);
        assert_eq!(text, "We walked.");
        assert_eq!(words, [("We".to_owned(), 0, 100), ("walked".to_owned(), 100, 300)]);
        let (_, words) = told(&[(b" don", 0.9), (b"'t", 0.9), (b" -", 0.5), (b" 3", 0.9), (b".5", 0.9)], Language::En);
        assert_eq!(words.iter().map(|word| word.0.as_str()).collect::<Vec<_>>(), ["don't", "3.5"]);
    }

    #[test]
    fn a_words_confidence_is_the_mean_of_its_pieces_not_of_its_letters() {
        let (_, words) = Wording::new().of(&pieces(&[(b" wal", 0.9), (b"k", 0.4)]), Language::En).unwrap();
        assert!((words[0].confidence - 0.6).abs() < 1e-3, "the square root of 0.9 x 0.4");
        let (_, sure) = Wording::new().of(&pieces(&[(b" walk", 1.0)]), Language::En).unwrap();
        assert!((sure[0].confidence - 1.0).abs() < 1e-6);
    }

    #[test]
    fn a_chinese_character_may_come_in_pieces_and_traditional_ones_become_simplified() {
        let lake = "湖".as_bytes();
        let parts: &[(&[u8], f32)] = &[
            ("我們".as_bytes(), 0.9),
            ("去".as_bytes(), 0.9),
            ("西".as_bytes(), 0.8),
            (&lake[..2], 0.5),
            (&lake[2..], 0.7),
        ];
        let (text, words) = told(parts, Language::ZhCn);
        assert_eq!(text, "我们去西湖");
        let expected = [("我们", 0, 100), ("去", 100, 200), ("西湖", 200, 500)];
        assert_eq!(words, expected.map(|(word, start, end)| (word.to_owned(), start, end)));
    }

    #[test]
    fn broken_bytes_are_left_out() {
        let (text, _) = told(&[(&[0xe6, 0xb9], 0.5), (b" Yes", 0.9), (&[0xff], 0.9)], Language::En);
        assert_eq!(text, "Yes");
    }

    #[test]
    fn chinese_punctuation_is_of_full_width_and_numbers_stay_whole() {
        assert_eq!(tidy_chinese(" 你好, 我 3.5 岁. 好吗?"), "你好，我3.5岁。好吗？");
    }
}
