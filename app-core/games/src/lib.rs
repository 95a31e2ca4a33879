//! What to ask next, and was it right: game templates as data, the engine that plays them, the
//! choice of games, levels and memories, and simulated players.
//!
//! Where in the flow: retrieval hands over a [`reme_types::MemoryItem`]; the engine says what to do
//! ([`Action`]); the conversation layer puts it into words and reads the answer ([`reme_types::Reading`]);
//! the engine alone turns that into a score ([`reme_types::Outcome`]).
//!
//! What it must never do: I/O, clocks, randomness of its own. The same bundle, setup and events give
//! the same actions on every machine, so a half-done session is resumed by replaying its events.
//!
//! ```
//! use reme_games::{Bundle, Engine, Event, EventKind, Setup};
//! use reme_types::Language;
//! let bundle = Bundle::builtin("mental-arithmetic").expect("it ships with ReMe");
//! let (state, actions) = Engine::start(bundle, Setup::new(Language::En, 1, 7));
//! assert!(!actions.is_empty());
//! let (state, _) = Engine::step(bundle, state, Event { at_ms: 4_000, kind: EventKind::Stop });
//! assert!(state.summary().is_some_and(|summary| summary.stopped));
//! ```

mod action;
mod arithmetic;
mod bundle;
mod choose;
mod colour;
mod diagnostic;
mod engine;
mod library;
mod load;
mod player;
mod recall;
mod simulate;
mod state;
mod strings;
mod template;
mod turn;
mod wording;

pub use action::{Action, BlockSummary, ChoiceOption, Event, EventKind, InputKind, Prompt, ReadAs, Stimulus};
pub use bundle::{Bundle, TemplateFiles, builtin_slugs, session_strings};
pub use choose::{
    AvailableGame, BlockPlan, ChosenFor, LevelBounds, LevelChoice, LevelReason, MemoryCandidate, PastGame,
    compose_session, is_success, next_level, pick_memory, rank_memories,
};
pub use diagnostic::{Diagnostic, Severity};
pub use engine::{Engine, SCORER};
pub use library::Library;
pub use player::Player;
pub use simulate::{SimulatedLine, SimulationReport, Speaker, simulate};
pub use state::{Practice, Setup, State};
pub use strings::{Strings, StringsError};
pub use template::{
    Block, Citation, CueLadder, LevelRule, Needs, Output, OutputType, Parameter, ParameterType, StopRules, Template,
    TrialKind, template_schema,
};
