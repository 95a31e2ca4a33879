//! What was heard: text, and each word with its time and how sure the recogniser was of it.

use reme_types::Language;

/// A word as heard.
#[derive(Clone, PartialEq)]
pub struct HeardWord {
    /// The word, without punctuation. In Chinese a word as the dictionary cuts it.
    pub text: String,
    /// Where it begins, from the start of the sound.
    pub start_ms: u64,
    /// Where it ends.
    pub end_ms: u64,
    /// Geometric mean of the recogniser's probabilities for the pieces of the word, 0 to 1.
    pub confidence: f32,
}

/// What was heard in one turn, or in one recording.
#[derive(Clone, PartialEq)]
pub struct Transcript {
    /// The text with its punctuation; empty when nothing was said.
    pub text: String,
    /// Its words in order.
    pub words: Vec<HeardWord>,
    /// The language listened for.
    pub language: Language,
}

impl Transcript {
    /// Nothing was said.
    pub fn nothing(language: Language) -> Self {
        Self { text: String::new(), words: Vec::new(), language }
    }

    /// True when nothing was said.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Mean confidence of the words, 0 to 1; 0 when there is none.
    pub fn confidence(&self) -> f32 {
        let sum: f32 = self.words.iter().map(|word| word.confidence).sum();
        sum / self.words.len().max(1) as f32
    }

    /// The same, heard `ms` later.
    #[must_use]
    pub fn later_by(mut self, ms: u64) -> Self {
        for word in &mut self.words {
            word.start_ms += ms;
            word.end_ms += ms;
        }
        self
    }

    /// Puts what was heard next behind it.
    pub fn append(&mut self, next: &Self) {
        if self.language == Language::En && !self.text.is_empty() && !next.text.is_empty() {
            self.text.push(' ');
        }
        self.text.push_str(&next.text);
        self.words.extend(next.words.iter().cloned());
    }
}

/// Tells how much was heard, never what.
impl std::fmt::Debug for HeardWord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let span = format_args!("{}..{} ms", self.start_ms, self.end_ms).to_string();
        f.debug_struct("HeardWord").field("span", &span).field("confidence", &self.confidence).finish_non_exhaustive()
    }
}

/// Tells how much was heard, never what.
impl std::fmt::Debug for Transcript {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let count = self.words.len();
        f.debug_struct("Transcript").field("language", &self.language).field("words", &count).finish_non_exhaustive()
    }
}
