//! The domains of thinking that training and assessment speak of.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

macro_rules! domains {
    ($($(#[$doc:meta])* $name:ident = $slug:literal,)*) => {
        /// A cognitive domain, as in the task table of the training notes.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Domain {
            $($(#[$doc])* $name,)*
        }

        impl Domain {
            /// Every domain, in the order reports show them.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The stable name used in templates and in the trial log.
            pub const fn slug(self) -> &'static str {
                match self { $(Self::$name => $slug,)* }
            }
        }

        impl FromStr for Domain {
            type Err = String;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($slug => Ok(Self::$name),)*
                    _ => Err(format!("domain `{text}` is not known: use one of {}", [$($slug),*].join(", "))),
                }
            }
        }
    };
}

domains! {
    /// Memory of one's own life and of what was learnt lately.
    Episodic = "episodic",
    /// Time, place and person.
    Orientation = "orientation",
    /// Holding and changing what is in mind.
    Working = "working",
    /// Changing between rules, holding back a habit.
    Flexibility = "flexibility",
    /// Staying with a task.
    Attention = "attention",
    /// Speed of simple decisions.
    Speed = "speed",
    /// Words and sentences.
    Language = "language",
    /// Knowledge of the world.
    Semantic = "semantic",
    /// Drawing conclusions.
    Reasoning = "reasoning",
    /// Space and shape.
    Visuospatial = "visuospatial",
    /// Remembering what was seen.
    VisualMemory = "visual-memory",
    /// Planning and doing two things at once.
    Executive = "executive",
}

impl fmt::Display for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.slug())
    }
}
