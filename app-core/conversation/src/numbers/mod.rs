//! Numbers as people say them, in both languages: exact ones, and ranges ("twenty-odd", 十来天).

mod amount;
mod chinese;
mod english;
mod money;
mod reckoned;

pub(crate) use amount::{Amount, amounts, lengths, minutes};
pub(crate) use chinese::chinese;
pub(crate) use english::{english, number_words, ordinal};
pub(crate) use money::{fen, pence};
pub(crate) use reckoned::{reckoned, reckoned_pence};

use crate::text::is_han;

/// A number in a text, with the words it was made of.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Found {
    /// Its value.
    pub(crate) value: f64,
    /// Index of its first word (English) or character (Chinese).
    pub(crate) start: usize,
    /// One past its last.
    pub(crate) end: usize,
}

/// Every number of a normalised text.
pub(crate) fn all(normalised: &str) -> Vec<Found> {
    if normalised.chars().any(is_han) { chinese(normalised) } else { english(normalised) }
}

/// Only the values.
pub(crate) fn values(normalised: &str) -> Vec<f64> {
    all(normalised).iter().map(|f| f.value).collect()
}
