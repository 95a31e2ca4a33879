//! The clinic's side of ReMe: accounts, patients, what their devices sent, plans on their way back, and who saw what.
//!
//! Where in the flow: after sync; the clinician's web app and the patients' devices speak to it over HTTP. What it must never
//! do: hold a patient's memories or words, let a read of a patient's data compile without proof of the right to it
//! ([`access`]), answer before an audit row is on disk ([`audit`]), or keep state in a process that a second one would miss.
//!
//! One code for SQLite and PostgreSQL: all SQL lies in [`tables`], in the part of the language that both speak.

pub mod access;
pub mod account;
mod app;
pub mod audit;
mod catalog;
mod chance;
mod check_in;
pub mod demo;
pub mod device;
mod error;
mod export;
mod headers;
mod json;
mod metrics;
mod openapi;
pub mod options;
mod routes;
pub mod tables;
mod throttle;

pub use app::{App, Config, Limits, PasswordCost, router};
pub use error::{ErrorBody, Fault};
pub use openapi::openapi;
pub use throttle::Rate;
