//! What phones, watches and calendars recorded becomes events, episodes, and drafts of memories.
//!
//! Where in the flow: beside `reme-capture`, before `reme-store`. A shell opens a file and hands over a reader; [`read`] gives
//! events one at a time, so that a file of gigabytes needs no more memory than the days asked for ([`Intake`]); [`episodes`] cuts them;
//! [`stories`] lays photos and calendar entries of the same hour beside them. The façade says each story in the person's
//! language and offers it.
//! What it must never do: open files or clocks (both come in as arguments), stop at the first fault of a file, quote what a
//! file says in a diagnosis, or decide that something is a memory: a person does.
//!
//! ```
//! use reme_sensing::{Context, Format, Sensed, read_all};
//! let line = r#"{"header":{"schema_id":{"namespace":"omh","name":"step-count","version":"2.0"}},
//!   "body":{"step_count":{"value":120,"unit":"steps"},"effective_time_frame":{"time_interval":
//!   {"start_date_time":"2026-05-02T14:00:00+01:00","end_date_time":"2026-05-02T14:02:00+01:00"}}}}"#.replace('\n', "");
//! let (events, diagnostics) = read_all(Format::OpenMHealth, line.as_bytes(), &Context::utc()).expect("memory can be read");
//! assert!(diagnostics.kept.is_empty());
//! assert!(matches!(events[0].what, Sensed::Steps { count, .. } if count == 120.0));
//! ```

mod diagnostic;
mod event;
mod geo;
mod intake;
mod read;
mod time;

mod changes;
mod episode;
mod minutes;
mod motion;
mod place;
mod stays;
mod story;

pub use diagnostic::{Diagnostic, Diagnostics, Fault, Severity};
pub use episode::{Episode, EpisodeKind, NamedPlace, PlaceRef, Settings, episodes};
pub use event::{Activity, CalendarEntry, Event, Fix, MotionWindow, Sensed, SourceId, TimeSpan};
pub use geo::Point;
pub use intake::{FileRead, Intake};
pub use motion::{Discriminant, FEATURES, FEATURES_OF_ACCELERATION, MotionClass, MotionModel, motion_features};
pub use read::{Context, Format, ReadError, ReadReport, read, read_all};
pub use story::{Part, PartKind, PhotoMoment, Story, StorySource, stories};
