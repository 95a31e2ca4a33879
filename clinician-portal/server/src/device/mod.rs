//! What devices ask for. Every request is signed; every request may be repeated without effect.

pub(crate) mod requests;
mod signed;

pub(crate) use signed::{SignedBy, caller, check_signature};
