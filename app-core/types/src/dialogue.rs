//! What the engine wants said, before anybody has put it into words.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::MediaId;

/// The kind of a dialogue act; chooses tone, and whether the model may rephrase the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ActKind {
    /// Greets and says what comes.
    Open,
    /// Explains a task.
    Instruct,
    /// Puts a question.
    Ask,
    /// Gives a cue.
    Cue,
    /// Says which of the things told are right.
    Confirm,
    /// Asks for more.
    AnythingElse,
    /// Thanks, encourages.
    Encourage,
    /// Tells the answer, to be repeated (errorless).
    Tell,
    /// Ends a game or the session.
    Close,
}

/// A value for a placeholder of a Fluent message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ArgValue {
    /// A number, so that plurals work.
    Number(f64),
    /// Words.
    Text(String),
}

impl From<&str> for ArgValue {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for ArgValue {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for ArgValue {
    fn from(number: i64) -> Self {
        Self::Number(number as f64)
    }
}

/// One thing to say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Act {
    /// Tone and rules.
    pub kind: ActKind,
    /// The Fluent message of the template that says it plainly.
    pub message: String,
    /// Placeholders of that message.
    pub args: BTreeMap<String, ArgValue>,
    /// Answers (and their aliases) not yet recalled: no generated line may hold one (invariant 6).
    pub hidden: Vec<String>,
    /// What a generated line may speak of, in plain sentences; anything else is invented.
    pub grounds: Vec<String>,
}

/// Where the words of a line came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LineOrigin {
    /// The plain Fluent line.
    Template,
    /// The model's wording, past both checks.
    Model,
    /// The plain line, because the model's failed the leak check.
    LeakReplaced,
    /// The plain line, because the model's was not grounded.
    UngroundedReplaced,
}

/// How much of a photo is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PhotoView {
    /// A blurred part.
    Blurred,
    /// All of it.
    Whole,
}

/// A rung of the cue ladder. The number is logged with each trial.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cue {
    /// 0: recalled freely.
    Free,
    /// 1: when, with whom.
    Context,
    /// 2: kind of thing, colour, texture.
    Meaning,
    /// 3: first sound or first character.
    FirstSound,
    /// 4: part of the photo, blurred.
    BlurredPhoto,
    /// 5: a choice of two or three.
    Choice,
    /// 6: the whole photo.
    WholePhoto,
    /// 7: told, and repeated by the patient.
    Told,
}

impl Cue {
    /// The ladder from nothing to everything.
    pub const LADDER: [Self; 8] = [
        Self::Free,
        Self::Context,
        Self::Meaning,
        Self::FirstSound,
        Self::BlurredPhoto,
        Self::Choice,
        Self::WholePhoto,
        Self::Told,
    ];

    /// 0–7.
    pub const fn rung(self) -> u8 {
        self as u8
    }

    /// The cue at a rung, 0–7.
    pub fn from_rung(rung: u8) -> Option<Self> {
        Self::LADDER.get(usize::from(rung)).copied()
    }

    /// Success for spacing is rung ≤ 2 (TRAINING: life-recall conversation).
    pub const fn is_success(self) -> bool {
        self.rung() <= 2
    }

    /// How the rung shows a photo, if it does.
    pub const fn photo(self) -> Option<PhotoView> {
        match self {
            Self::BlurredPhoto => Some(PhotoView::Blurred),
            Self::WholePhoto => Some(PhotoView::Whole),
            _ => None,
        }
    }
}

/// A photo and how much of it is shown; used by engine actions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhotoCue {
    /// Which photo.
    pub media_id: MediaId,
    /// How much.
    pub view: PhotoView,
}
