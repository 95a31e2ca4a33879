//! Says a step and understands an answer: plain lines or the model's wording past two checks; how an answer stands to what was
//! expected, and what else the person wants.
//!
//! Where in the flow: between `reme-games` (which asks and scores) and the screens. What it must never do: score, talk
//! to the network, obey words meant for the judge, or call a wrong memory right where it is unsure.
//!
//! The layers of reading go from sure to less sure: normalised words, numbers and dates → aliases → relations → slips of
//! the keys → sound → telling words. [`Judgement::matched_by`] says which one decided.

mod beside;
mod clock;
mod clock_answers;
mod date_answers;
mod dates;
mod definitions;
mod described;
mod exactness;
mod judge;
mod kin;
mod kinds;
mod lexicon;
mod lists;
mod meaning;
mod named_days;
mod needle;
mod numbers;
mod offer;
mod open_question;
mod order;
mod phrase;
mod polar;
mod quantities;
mod read;
mod reasons;
mod recall;
mod rhyme;
mod sequences;
mod spans;
mod speech;
mod story;
mod talk;
mod text;
mod then_and_now;
mod turns;
mod vague;
mod words;
mod words_chinese;

#[doc(hidden)]
pub use beside::{sentences as talk_sentences, sign_names as talk_sign_names, signs as talk_signs};
pub use judge::{Judgement, Question, judge};
pub use kinds::expected_from;
pub use meaning::{Meaning, judge_with};
pub use phrase::{Line, PhraseError, Phraser, Rephrase};
pub use read::{read_choice, read_intent, read_number};
pub use recall::read_recall;
pub use text::normalise;
