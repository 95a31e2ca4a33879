//! Every SQL statement there is, one module a table. Only this module reaches the connection, so a handler cannot read on its
//! own: what is about a patient asks for an [`OnPatient`](crate::access::OnPatient), and takes clinic and patient from it.
//!
//! A read of a patient's data without proof does not compile:
//!
//! ```compile_fail
//! async fn peek(db: &reme_portal::tables::Db) {
//!     let _ = reme_portal::tables::trials::trends(db, &"somebody", None, None, 1).await;
//! }
//! ```
//!
//! nor does one with the proof of another right:
//!
//! ```compile_fail
//! use reme_portal::access::{OnPatient, ReadPlan};
//! async fn peek(db: &reme_portal::tables::Db, proof: &OnPatient<ReadPlan>) {
//!     let _ = reme_portal::tables::notes::list(db, proof).await;
//! }
//! ```
//!
//! while with the right one it does:
//!
//! ```
//! use reme_portal::access::{OnPatient, ReadNotes};
//! async fn read(db: &reme_portal::tables::Db, proof: &OnPatient<ReadNotes>) {
//!     let _ = reme_portal::tables::notes::list(db, proof).await;
//! }
//! ```

pub(crate) mod accounts;
pub(crate) mod audit;
pub(crate) mod check_ins;
mod db;
pub(crate) mod devices;
pub(crate) mod games;
pub(crate) mod ingest;
pub mod notes;
pub(crate) mod patients;
pub(crate) mod plans;
pub(crate) mod sessions;
pub mod trials;
pub(crate) mod web_sessions;

pub(crate) use db::WriteTx;
pub use db::{Db, DbError, Engine};
