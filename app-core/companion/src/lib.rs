//! The façade: what a shell (`reme` command, desktop window, phone) calls.
//!
//! Where in the flow: above every room of the core, below every shell. What it must never do: draw, open sockets, or hold a
//! rule about training.
//!
//! So far: the shapes that cross to a screen ([`dto`]), and the evaluation of reading and searching ([`evaluation`]).

pub mod dto;
pub mod evaluation;
