//! Words every room of ReMe speaks: ids, languages, time and chance as arguments, memories,
//! the questions asked about them, and what was understood of an answer.
//!
//! Where in the flow: below everything. What it must never do: I/O, clocks, randomness of its own,
//! or rules about training (those live in `reme-games`).
//!
//! ```
//! use reme_types::{Language, When};
//! let when: When = "2026-05-02T14:00".parse().expect("a literal");
//! assert_eq!(when.to_string(), "2026-05-02T14:00");
//! assert_eq!("zh".parse(), Ok(Language::ZhCn));
//! ```

mod answer;
mod clock;
mod dialogue;
mod domain;
mod festival;
mod id;
mod language;
mod lunar;
mod material;
mod memory;
mod month;
mod named_day;
mod plan;
mod trial;
mod when;

pub use answer::{AnswerKind, Expected, FactMatch, Intent, MatchedBy, Reading, Verdict};
pub use clock::{Clock, FixedClock, Rng, SeededRng};
pub use dialogue::{Act, ActKind, ArgValue, Cue, LineOrigin, PhotoCue, PhotoView};
pub use domain::Domain;
pub use festival::{LunarFestival, easter};
pub use id::{
    ConsentId, DeviceId, FaceGroupId, FaceId, FactId, MediaId, MemoryId, ParseIdError, PersonId, PlaceId, RecordId,
    SessionId, SuggestionId, TrialId, new_uuid_v7,
};
pub use language::{Language, ParseLanguageError};
pub use lunar::lunar_day;
pub use material::{FactItem, MemoryItem, PersonRef};
pub use memory::{
    Consent, FactKind, FactOrigin, MediaRole, Memory, MemoryFact, MemoryKind, Patient, Person, Place, Sensitivity,
    Source,
};
pub use month::{MONTHS_EN, month_number};
pub use named_day::NamedDay;
pub use plan::{DoseLimit, GamePlan, Plan};
pub use trial::{InputMode, Outcome, Trial};
pub use when::{ParseWhenError, When};
