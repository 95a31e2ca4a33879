//! What is prescribed: games, dose, bounds. Set by a carer or clinician, followed by every session.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// How much training. Defaults and sources: TRAINING notes, "Dose" (Lampit 2014).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DoseLimit {
    /// Sessions a week.
    pub sessions_per_week: u8,
    /// Length of a session, minutes.
    pub session_minutes: u16,
    /// Hard daily cap, minutes.
    pub daily_cap_minutes: u16,
}

impl Default for DoseLimit {
    fn default() -> Self {
        Self { sessions_per_week: 3, session_minutes: 20, daily_cap_minutes: 45 }
    }
}

/// One prescribed game.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GamePlan {
    /// The game's slug.
    pub game: String,
    /// Lowest level the engine may choose.
    pub min_level: u8,
    /// Highest level the engine may choose.
    pub max_level: u8,
}

/// The plan in force.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Counts up with every change.
    pub version: u32,
    /// Games in order of preference; a session takes two or three.
    pub games: Vec<GamePlan>,
    /// How much.
    pub dose: DoseLimit,
    /// First day it holds, if bounded.
    pub starts_on: Option<Date>,
    /// Last day it holds, if bounded.
    pub ends_on: Option<Date>,
    /// Who set it: `default`, `carer` or a clinician's name.
    pub set_by: String,
}
