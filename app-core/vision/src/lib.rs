//! What a photo shows, as suggestions with their source and confidence: faces, written text, things, likeness to other photos.
//!
//! Where in the flow: after `reme-capture` has read the file; the façade stores what comes back as suggestions for the carer.
//! What it must never do: decide who somebody is, reach a network, or keep a photo.
//!
//! ```no_run
//! use std::{path::Path, time::Duration};
//! use reme_types::Language;
//! use reme_vision::{Eyes, ModelPaths, Picture};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let eyes = Eyes::open(&ModelPaths::in_folder(Path::new("models")));
//! eyes.missing().iter().for_each(|missing| eprintln!("{missing}"));
//! let picture = Picture::read(&std::fs::read("receipt.jpg")?)?;
//! let never: reme_vision::Stop = std::sync::Arc::new(|| false);
//! for finding in eyes.look(&picture, Language::En, &|| Duration::ZERO, &never).findings() {
//!     println!("{:?} {:?} {:.2}", finding.kind, finding.content, finding.confidence);
//! }
//! # Ok(()) }
//! ```

mod error;
mod finding;
mod network;
mod picture;

pub mod faces;
pub mod text;
pub mod things;

pub mod colours;
pub mod likeness;

mod caption;
mod eyes;

pub use caption::{Captioner, NoCaptioner, Stop};
pub use error::VisionError;
pub use eyes::{Eyes, Look, ModelPaths, Part, SOURCE};
pub use finding::{Content, Finding, FindingKind, Region};
pub use picture::Picture;
