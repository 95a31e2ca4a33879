//! The games crate from outside: conversations and tasks driven by hand, simulated games, laws, templates.

mod chance;
mod laws;
mod recall;
mod simulated;
mod table;
mod tasks;
mod templates;
