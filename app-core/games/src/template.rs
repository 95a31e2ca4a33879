//! The template format, version 1: a game as data. No code and no HTML is in a template.
//!
//! These types are the one source of the format: the JSON schema is made from them, the loader
//! checks against that schema, and the engine reads them.

use std::collections::BTreeMap;

use reme_types::{Cue, Domain};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// A game.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// Version of this format: 1.
    #[schemars(range(min = 1, max = 1))]
    pub format: u8,
    /// The slug, the same as the folder's name.
    #[schemars(regex(pattern = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"))]
    pub id: String,
    /// Version of the game, `major.minor.patch`; logged with every trial.
    #[schemars(regex(pattern = r"^[0-9]+\.[0-9]+\.[0-9]+$"))]
    pub version: String,
    /// Message id of the title.
    pub title: String,
    /// Message id of the one-sentence description.
    pub description: String,
    /// The domain it trains.
    #[schemars(schema_with = "domain_schema")]
    pub domain: Domain,
    /// Minutes it usually takes.
    #[schemars(range(min = 1, max = 30))]
    pub minutes: u16,
    /// What it needs to be played at all.
    #[serde(default)]
    pub needs: Needs,
    /// Numbers that can be turned, by name.
    #[serde(default)]
    pub parameters: BTreeMap<String, Parameter>,
    /// What is played, in order.
    #[schemars(length(min = 1))]
    pub blocks: Vec<Block>,
    /// Cue rungs used, for games that ask about memories.
    #[serde(default)]
    pub cues: CueLadder,
    /// The difficulty ladder, level 1 first.
    #[schemars(length(min = 1))]
    pub levels: Vec<LevelRule>,
    /// When to ease and when to end.
    #[serde(default)]
    pub stop: StopRules,
    /// What each trial writes into its data, by name.
    #[serde(default)]
    pub outputs: BTreeMap<String, Output>,
    /// Where the paradigm and the numbers come from.
    #[schemars(length(min = 1))]
    pub citations: Vec<Citation>,
}

/// What a game needs of the life log.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Needs {
    /// How many memories; 0 for games that ask about none.
    #[schemars(range(max = 10))]
    pub memories: u8,
    /// How long ago it must have happened, hours.
    #[schemars(range(max = 8760))]
    pub min_age_hours: u32,
    /// How many askable facts each memory must have.
    #[schemars(range(max = 12))]
    pub min_facts: u8,
}

/// A number that can be turned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// What it counts.
    #[serde(rename = "type")]
    pub kind: ParameterType,
    /// Value where no level or block says otherwise.
    pub default: i64,
    /// Lowest value allowed.
    pub min: i64,
    /// Highest value allowed.
    pub max: i64,
    /// What it does, and the source of the default.
    #[schemars(length(min = 1))]
    pub doc: String,
}

/// The type of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ParameterType {
    /// Any whole number.
    Integer,
    /// How many of something.
    Count,
    /// A span of time in milliseconds.
    Milliseconds,
    /// 0 or 1.
    Flag,
}

/// The closed set of trial kinds the engine can play.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TrialKind {
    /// The conversation about one memory.
    RecallMemory,
    /// Steps of subtraction, each judged against the answer before.
    SerialSubtraction,
    /// A sum of prices, or the change.
    ShoppingSum,
    /// Words printed in colours.
    ColourWord,
}

/// A stretch of trials of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Block {
    /// Its name within the template.
    #[schemars(regex(pattern = r"^[a-z][a-z0-9-]*$"))]
    pub id: String,
    /// What is played.
    pub trial: TrialKind,
    /// The parameter that says how often; once when absent.
    #[serde(default)]
    pub repeat: Option<String>,
    /// Practice trials never count.
    #[serde(default)]
    pub practice: bool,
    /// Message id of what is said before it.
    #[serde(default)]
    pub instruction: Option<String>,
    /// Parameter values for this block only; stronger than those of the level.
    #[serde(default)]
    pub set: BTreeMap<String, i64>,
}

/// The rungs of the cue ladder a game uses.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CueLadder {
    /// Rungs 1–7, rising.
    #[schemars(inner(range(min = 1, max = 7)))]
    pub rungs: Vec<u8>,
}

impl CueLadder {
    /// The cues above `rung`, lowest first.
    pub(crate) fn above(&self, rung: u8) -> impl Iterator<Item = Cue> + '_ {
        self.rungs.iter().filter(move |r| **r > rung).filter_map(|r| Cue::from_rung(*r))
    }
}

/// One level of difficulty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LevelRule {
    /// 1 = easiest; counts up without gaps.
    #[schemars(range(min = 1, max = 20))]
    pub level: u8,
    /// Parameter values at this level.
    #[serde(default)]
    pub set: BTreeMap<String, i64>,
}

/// When to ease and when to end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct StopRules {
    /// Errors in a row after which the level steps down (TRAINING notes, "Difficulty": 2).
    #[schemars(range(min = 1, max = 10))]
    pub errors_in_a_row: u8,
    /// No new question is begun after this many minutes.
    #[schemars(range(min = 1, max = 30))]
    pub max_minutes: u16,
}

impl Default for StopRules {
    fn default() -> Self {
        Self { errors_in_a_row: 2, max_minutes: 12 }
    }
}

/// One entry of a trial's data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Output {
    /// Its type.
    #[serde(rename = "type")]
    pub kind: OutputType,
    /// What it says.
    #[schemars(length(min = 1))]
    pub doc: String,
}

/// The type of an entry of a trial's data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OutputType {
    /// A whole number.
    Integer,
    /// How many of something.
    Count,
    /// Milliseconds.
    Milliseconds,
    /// Yes or no.
    Flag,
    /// One word of a closed set; never the user's words.
    Word,
}

/// Where something comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Citation {
    /// What it supports, such as `paradigm`.
    #[serde(rename = "for")]
    pub supports: String,
    /// The work, as one would write it in a list of references.
    #[schemars(length(min = 1))]
    pub work: String,
}

impl TrialKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::RecallMemory, Self::SerialSubtraction, Self::ShoppingSum, Self::ColourWord];

    /// Its name in templates.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::RecallMemory => "recall-memory",
            Self::SerialSubtraction => "serial-subtraction",
            Self::ShoppingSum => "shopping-sum",
            Self::ColourWord => "colour-word",
        }
    }

    /// The kind of that name.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.slug() == slug)
    }

    /// The parameters it reads: a template that uses the kind must declare them.
    pub const fn parameters(self) -> &'static [&'static str] {
        match self {
            Self::RecallMemory => &["max_facts", "free_rounds", "first_rung", "spacing_ms"],
            Self::SerialSubtraction => &["subtract", "steps", "start_min", "start_max", "show_sum"],
            Self::ShoppingSum => &["items", "price_max", "change", "show_sum"],
            Self::ColourWord => &["congruent", "incongruent", "neutral", "fixation_ms", "swatches"],
        }
    }

    /// The messages it says, with the placeholders each may use.
    pub const fn messages(self) -> &'static [(&'static str, &'static [&'static str])] {
        match self {
            Self::RecallMemory => crate::recall::MESSAGES,
            Self::SerialSubtraction => crate::arithmetic::SUBTRACT_MESSAGES,
            Self::ShoppingSum => crate::arithmetic::SHOPPING_MESSAGES,
            Self::ColourWord => crate::colour::MESSAGES,
        }
    }

    /// What it writes into a trial's data.
    pub const fn outputs(self) -> &'static [(&'static str, OutputType)] {
        match self {
            Self::RecallMemory => &[
                ("asked", OutputType::Flag),
                ("attempts", OutputType::Count),
                ("hints", OutputType::Count),
                ("partial", OutputType::Flag),
                ("photo_seen", OutputType::Flag),
                ("skipped", OutputType::Flag),
                ("repeated", OutputType::Flag),
                ("spaced_ms", OutputType::Milliseconds),
            ],
            Self::SerialSubtraction => &[
                ("subtract", OutputType::Integer),
                ("from", OutputType::Integer),
                ("step", OutputType::Count),
                ("hinted", OutputType::Flag),
            ],
            Self::ShoppingSum => &[
                ("items", OutputType::Count),
                ("total", OutputType::Integer),
                ("change", OutputType::Flag),
                ("hinted", OutputType::Flag),
            ],
            Self::ColourWord => &[
                ("condition", OutputType::Word),
                ("ink", OutputType::Word),
                ("word", OutputType::Word),
                ("chosen", OutputType::Word),
                ("fixation_ms", OutputType::Milliseconds),
                ("hinted", OutputType::Flag),
            ],
        }
    }
}

impl Template {
    /// The highest level.
    pub fn top_level(&self) -> u8 {
        self.levels.iter().map(|rule| rule.level).max().unwrap_or(1)
    }

    /// A parameter's value: default, then the level, then the block.
    pub(crate) fn value(&self, name: &str, level: u8, block: Option<&Block>) -> i64 {
        let of_level = || self.levels.iter().find(|rule| rule.level == level).and_then(|rule| rule.set.get(name));
        block
            .and_then(|block| block.set.get(name))
            .or_else(of_level)
            .copied()
            .or_else(|| self.parameters.get(name).map(|parameter| parameter.default))
            .unwrap_or(0)
    }
}

/// The JSON schema of `template.toml`, format 1.
pub fn template_schema() -> serde_json::Value {
    schemars::schema_for!(Template).to_value()
}

fn domain_schema(_: &mut SchemaGenerator) -> Schema {
    let slugs: Vec<&str> = Domain::ALL.iter().map(|domain| domain.slug()).collect();
    json_schema!({ "type": "string", "enum": slugs })
}
