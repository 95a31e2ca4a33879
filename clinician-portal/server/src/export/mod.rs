//! What leaves the portal for other systems: CSV, FHIR, a note to paste. Pure: rows in, text out.

mod csv;
mod fhir;
mod note;

pub(crate) use csv::{csv_dictionary, csv_header, csv_row};
pub(crate) use fhir::{Facts, bundle};
pub(crate) use note::session_note;
