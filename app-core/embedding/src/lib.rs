//! A sentence becomes a vector of 512 numbers: near meanings lie near, in English and Chinese alike.
//!
//! Where in the flow: `reme-retrieval` ranks with it where a model is there, and does without where none is.
//! What it must never do: reach a network, or log a word of what it reads.
