//! Microphone or file to words.
