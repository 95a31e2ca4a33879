//! The games crate from outside: conversations and tasks driven by hand, simulated games, laws, templates.

mod laws;
mod recall;
mod simulated;
mod table;
mod tasks;
mod templates;
