//! What comes in becomes draft memories: typed or spoken text, photos, an exported life log, a folder.
//!
//! Where in the flow: before `reme-store`; the façade hands over bytes and text and keeps what comes back.
//! What it must never do: read files or clocks (both come in as arguments), log a person's words, or
//! propose a question that holds its own answer.
//!
//! ```
//! use reme_capture::{draft_from_text, Known};
//! use reme_types::Language;
//! let today = jiff::civil::date(2026, 5, 14);
//! let draft = draft_from_text("Yesterday I baked scones.", Language::En, today, &Known::default()).expect("a text");
//! assert_eq!(draft.happened_at.map(|w| w.to_string()).as_deref(), Some("2026-05-13"));
//! ```

mod draft;
mod facts;
mod folder;
mod import;
mod lexicon;
mod photo;
mod photo_data;
mod time_words;

pub use draft::{Draft, Known, TEXT_MAX_CHARS, TextError, clean_text, draft_from_text};
pub use facts::{NoteContext, ProposedFact, leaks, propose_facts};
pub use folder::{FolderEntry, FolderPlan, PlannedMemory, plan_folder};
pub use import::{ImportedMemory, LineDiagnostic, Severity, parse_jsonl};
pub use photo::{Photo, PhotoError, read_photo};
pub use photo_data::{DateFault, PhotoNote, photo_origin, photo_time};
pub use time_words::find_when;
