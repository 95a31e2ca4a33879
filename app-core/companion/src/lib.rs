//! The façade: what a shell (`reme` command, desktop window, phone) calls.
//!
//! Where in the flow: above every room of the core, below every shell. What it must never do: draw, open sockets, or hold a
//! rule about training.
//!
//! So far: the people of one household and their memories ([`Household`], [`Companion`]), the shapes that cross to a screen
//! ([`dto`]), and the evaluation of reading and searching ([`evaluation`]).

mod companion;
pub mod dto;
pub mod evaluation;
mod household;
mod memories;
mod session;

pub use companion::{AddedMemory, Companion, Found, ImportReport, NewMemory};
pub use household::{Household, ReMeError};
pub use reme_store::{FileKeyStore, KeyStore, StoreError};
pub use session::{Begun, LineOrigins};
