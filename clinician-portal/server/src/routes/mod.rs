//! The web app's routes, one module a page. A handler takes a proof, checks what was typed, calls one or two functions of
//! [`crate::tables`], and shapes the answer.

pub(crate) mod audit;
pub(crate) mod check_ins;
pub(crate) mod devices;
pub(crate) mod exports;
pub(crate) mod games;
pub(crate) mod health;
pub(crate) mod log_in;
pub(crate) mod me;
pub(crate) mod notes;
pub(crate) mod patients;
pub(crate) mod plans;
pub(crate) mod staff;
pub(crate) mod training;

use crate::error::Fault;

/// An id from a path; anything else names nothing.
fn id(what: &'static str, text: &str) -> Result<String, Fault> {
    uuid::Uuid::parse_str(text).map(|id| id.to_string()).map_err(|_| Fault::NotFound(what))
}
