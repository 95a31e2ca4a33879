//! Words to voice.
