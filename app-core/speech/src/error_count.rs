//! How far what was heard lies from what was said, as speech recognition counts it.

use std::{iter::Sum, ops::AddAssign};

use reme_types::Language;

use crate::speaking;

/// Errors of a recogniser: words in English, characters in Chinese.
///
/// Case and punctuation do not count. Figures on either side are written out as the voice says them first, so that "seven" heard as
/// "7" is no error; a time put in another way ("half past seven", "7:30") still is.
///
/// ```
/// use reme_speech::ErrorCount;
/// use reme_types::Language;
///
/// let count = ErrorCount::between("At 7, by Lake Orrin.", "at seven by lake orin", Language::En);
/// assert_eq!((count.edits, count.units), (1, 5));
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ErrorCount {
    /// Fewest replacements, insertions and deletions that make what was said into what was heard.
    pub edits: usize,
    /// Words or characters said.
    pub units: usize,
}

impl ErrorCount {
    /// Counts the errors of one utterance.
    #[must_use]
    pub fn between(said: &str, heard: &str, language: Language) -> Self {
        let (said, heard) = (units(said, language), units(heard, language));
        Self { edits: strsim::generic_levenshtein(&said, &heard), units: said.len() }
    }

    /// Word error rate or character error rate: above 1 where more was made up than said. Nothing when nothing was said.
    #[must_use]
    pub fn rate(self) -> Option<f64> {
        (self.units > 0).then(|| self.edits as f64 / self.units as f64)
    }
}

impl AddAssign for ErrorCount {
    fn add_assign(&mut self, other: Self) {
        self.edits += other.edits;
        self.units += other.units;
    }
}

impl Sum for ErrorCount {
    fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
        counts.fold(Self::default(), |mut all, count| {
            all += count;
            all
        })
    }
}

fn units(text: &str, language: Language) -> Vec<String> {
    let kept: String = speaking::written_out(text, language)
        .to_lowercase()
        .chars()
        .map(|c| if c.is_alphanumeric() || c == '\'' { c } else { ' ' })
        .collect();
    match language {
        Language::En => kept.split_whitespace().map(str::to_owned).collect(),
        Language::ZhCn => kept.chars().filter(|c| !c.is_whitespace()).map(String::from).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edits(said: &str, heard: &str, language: Language) -> (usize, usize) {
        let ErrorCount { edits, units } = ErrorCount::between(said, heard, language);
        (edits, units)
    }

    #[test]
    fn errors_are_counted_in_words_or_characters() {
        assert_eq!(edits("At Lake Orrin.", "at lake orin", Language::En), (1, 3));
        assert_eq!(edits("在青石湖。", "在清石湖", Language::ZhCn), (1, 4));
        assert_eq!(edits("Yes, it's so.", "yes it's so", Language::En), (0, 3));
        assert_eq!(edits("No.", "", Language::En), (1, 1));
    }

    #[test]
    fn a_number_counts_as_it_is_said() {
        assert_eq!(edits("The answer is 32.", "the answer is thirty-two", Language::En), (0, 5));
        assert_eq!(edits("seven", "7", Language::En), (0, 1));
        assert_eq!(edits("答案是12。", "答案是十二", Language::ZhCn), (0, 5));
        assert_eq!(edits("seventeen", "70", Language::En), (1, 1));
        assert_eq!(edits("十八", "十吧", Language::ZhCn), (1, 2));
    }

    #[test]
    fn a_rate_is_over_all_that_was_said() {
        let pairs = [("one two three", "one two"), ("four", "four more")];
        let all: ErrorCount =
            pairs.into_iter().map(|(said, heard)| ErrorCount::between(said, heard, Language::En)).sum();
        assert_eq!(all.rate(), Some(0.5));
        assert_eq!(ErrorCount::default().rate(), None);
    }
}
