//! What a photo shows, as suggestions with their source and confidence: faces, written text, things, likeness to other photos.
//!
//! Where in the flow: after `reme-capture` has read the file; the façade stores what comes back as suggestions for the carer.
//! What it must never do: decide who somebody is, reach a network, or keep a photo.
