//! The two languages of the first release.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A language a patient can train in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub enum Language {
    /// English.
    #[default]
    #[serde(rename = "en")]
    En,
    /// Chinese, simplified characters, mainland conventions.
    #[serde(rename = "zh-CN")]
    ZhCn,
}

/// The tag names no language ReMe speaks.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("language `{0}` is not known: use `en` or `zh-CN`")]
pub struct ParseLanguageError(String);

impl Language {
    /// All languages, in the order menus show them.
    pub const ALL: [Self; 2] = [Self::En, Self::ZhCn];

    /// The BCP 47 tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::ZhCn => "zh-CN",
        }
    }

    /// Chinese when more than a fifth of the letters are Han characters, else English.
    pub fn detect(text: &str) -> Self {
        let (mut han, mut letters) = (0usize, 0usize);
        for c in text.chars().filter(|c| c.is_alphabetic()) {
            letters += 1;
            han +=
                usize::from(matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3134f}'));
        }
        if han * 5 > letters { Self::ZhCn } else { Self::En }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

impl FromStr for Language {
    type Err = ParseLanguageError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let tag = text.to_ascii_lowercase().replace('_', "-");
        match tag.split('-').next() {
            Some("en") => Ok(Self::En),
            Some("zh") => Ok(Self::ZhCn),
            _ => Err(ParseLanguageError(text.into())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Language;

    #[test]
    fn a_name_in_another_script_does_not_change_the_language() {
        assert_eq!(Language::detect("Ingrid said tåke"), Language::En);
        assert_eq!(Language::detect("在KTV唱了一首歌"), Language::ZhCn);
        assert_eq!(Language::detect("42"), Language::En);
    }
}
