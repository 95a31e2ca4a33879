//! The one encrypted SQLite database of a patient, with the encrypted files beside it.
//!
//! Where in the flow: capture puts memories in, retrieval and games read them, the session runner appends trials. What it
//! must never do: lose what it acknowledged, overwrite what it cannot read, hold a rule about training, or log a word.
//!
//! On disk, in one folder a patient: `reme.db` (SQLCipher, WAL), `media/ab/<hash>` (XChaCha20-Poly1305), `key.check` (tells a
//! wrong key from a damaged file), `lock`; while a store is being made, `reme.db.new`.
//!
//! ```no_run
//! # fn main() -> Result<(), reme_store::StoreError> {
//! # let clock: std::sync::Arc<dyn reme_types::Clock> = unimplemented!();
//! # let folder = std::path::Path::new("mei");
//! use reme_store::{FileKeyStore, KeyStore, Store};
//! let keys = FileKeyStore::new("keys");
//! let key = keys.load("mei")?.expect("made with the store");
//! let mut store = Store::open(folder, &key, clock)?;
//! let (person, changes) = store.transact(|tx| tx.person_called("Joan"))?;
//! # Ok(()) }
//! ```

mod error;
mod faces;
mod key;
mod media;
mod photos;
mod read;
mod records;
mod store;
mod suggestions;
mod sync;
mod tx;
mod vectors;
mod words;

pub use error::StoreError;
pub use faces::{FaceGroup, FaceRow};
pub use key::{FileKeyStore, KeyStore, StoreKey};
pub use photos::{PhotoMark, PhotoOrigin, PhotoText, PlacedPhoto};
pub use records::{Change, MemoryFilter, Session, SessionEvent, SessionState, TranscriptLine};
pub use store::Store;
pub use suggestions::{NewSuggestion, Suggestion, SuggestionFilter, SuggestionKind, SuggestionState};
pub use sync::{GAMES_OFF, LedgerRow, NotedRow, OutboxChange};
pub use tx::{MAX_MEDIA_BYTES, MAX_TEXT_BYTES, Tx};
pub use vectors::LoggedChange;
