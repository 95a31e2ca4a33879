//! Sessions at the façade, on real files: played, doubled, stopped, killed, in both languages.

mod dose;
mod kill;
mod play;
mod support;
mod trouble;
