//! Everything that can look at a photo, put together: each part is there or not, and says what is missing.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use reme_types::Language;

use crate::{
    Captioner, Content, Finding, FindingKind, NoCaptioner, Picture, Stop, VisionError, colours,
    faces::{self, FaceFinder},
    likeness::Mark,
    text::{self, Line, TextReader},
    things::{self, Thing, ThingFinder},
};

/// Version of everything below together: a photo that was looked at by an older one may be looked at again.
pub const SOURCE: &str = "seeing/1";

/// Where the model files lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelPaths {
    /// Finds faces.
    pub face_detector: PathBuf,
    /// 68 points of a face.
    pub face_points: PathBuf,
    /// What identifies a face.
    pub face_identity: PathBuf,
    /// Finds lines of writing.
    pub text_finder: PathBuf,
    /// Reads a line.
    pub text_reader: PathBuf,
    /// The characters it knows.
    pub text_characters: PathBuf,
    /// Names things.
    pub things: PathBuf,
}

impl ModelPaths {
    /// Under the names that `reme model pull seeing` gives them, in one folder.
    pub fn in_folder(folder: &Path) -> Self {
        let file = |name: &str| folder.join(name);
        Self {
            face_detector: file("face-detector-416.onnx"),
            face_points: file("face-points-68.onnx"),
            face_identity: file("face-identity-128.onnx"),
            text_finder: file("pp-ocr-v5-finder.onnx"),
            text_reader: file("pp-ocr-v5-reader.onnx"),
            text_characters: file("pp-ocr-v5-characters.txt"),
            things: file("efficientnet-lite0.onnx"),
        }
    }
}

/// What a look brought, before it becomes findings.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Look {
    /// Faces, the largest first.
    pub faces: Vec<faces::Face>,
    /// Lines of writing in reading order.
    pub lines: Vec<Line>,
    /// Things, the surest first.
    pub things: Vec<Thing>,
    /// Colours, the largest first.
    pub colours: Vec<colours::Colour>,
    /// A sentence, when there is a captioner: text, source, confidence.
    pub caption: Option<(String, String, f32)>,
    /// By what the photo is known again.
    pub mark: Option<Mark>,
    /// It was ended before it was whole: to be thrown away.
    pub stopped: bool,
    /// What could not be done to this photo, with the fix.
    pub troubles: Vec<String>,
    /// How long each part took.
    pub times: Vec<(&'static str, Duration)>,
}

/// A part of seeing that has model files of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Faces.
    Faces,
    /// Written words.
    Text,
    /// Things, and likeness by what a photo shows.
    Things,
}

/// Looks at photos.
pub struct Eyes {
    faces: Result<FaceFinder, VisionError>,
    text: Result<TextReader, VisionError>,
    things: Result<ThingFinder, VisionError>,
    captioner: Box<dyn Captioner>,
}

impl Eyes {
    /// Loads what is there.
    pub fn open(paths: &ModelPaths) -> Self {
        Self {
            faces: FaceFinder::load(&paths.face_detector, &paths.face_points, &paths.face_identity),
            text: TextReader::load(&paths.text_finder, &paths.text_reader, &paths.text_characters),
            things: ThingFinder::load(&paths.things),
            captioner: Box::new(NoCaptioner),
        }
    }

    /// With a model that describes whole photos.
    #[must_use]
    pub fn with_captioner(self, captioner: Box<dyn Captioner>) -> Self {
        Self { captioner, ..self }
    }

    /// What is missing, each with the way to get it; empty when everything is there.
    pub fn missing(&self) -> Vec<&VisionError> {
        [self.faces.as_ref().err(), self.text.as_ref().err(), self.things.as_ref().err()]
            .into_iter()
            .flatten()
            .collect()
    }

    /// Whether whole photos are described.
    pub fn can_describe(&self) -> bool {
        self.captioner.source() != NoCaptioner.source()
    }

    /// Version of seeing, with the parts that are there: a photo looked at without one of them is looked at again once it is.
    pub fn source(&self) -> String {
        let parts = [("face", self.faces.is_ok()), ("ocr", self.text.is_ok()), ("tags", self.things.is_ok())];
        let there = parts.iter().filter(|(_, there)| *there).map(|(name, _)| format!("+{name}"));
        let caption = if self.can_describe() { format!("+{}", self.captioner.source()) } else { String::new() };
        format!("{SOURCE}{}{caption}", there.collect::<String>())
    }

    /// Which parts are missing.
    pub fn missing_parts(&self) -> Vec<Part> {
        let parts = [
            (Part::Faces, self.faces.is_err()),
            (Part::Text, self.text.is_err()),
            (Part::Things, self.things.is_err()),
        ];
        parts.into_iter().filter(|(_, missing)| *missing).map(|(part, _)| part).collect()
    }

    /// Whether nothing at all can be found beyond colours.
    pub fn are_shut(&self) -> bool {
        self.missing().len() == 3
    }

    /// Looks at a photo with everything that is there. `now` gives the time since any fixed moment; it is used to say how long
    /// each part took. `stop` is asked between the parts, and often while a sentence is written.
    pub fn look(&self, picture: &Picture, language: Language, now: &dyn Fn() -> Duration, stop: &Stop) -> Look {
        let mut look = Look::default();
        let timed =
            |look: &mut Look, what: &'static str, part: &mut dyn FnMut(&mut Look) -> Result<(), VisionError>| {
                if look.stopped || stop() {
                    look.stopped = true;
                    return;
                }
                let start = now();
                match part(look) {
                    Ok(()) => {}
                    Err(VisionError::Stopped) => look.stopped = true,
                    Err(error) => look.troubles.push(error.to_string()),
                }
                look.times.push((what, now().saturating_sub(start)));
            };
        if let Ok(finder) = &self.faces {
            timed(&mut look, "faces", &mut |look| finder.find(picture).map(|faces| look.faces = faces));
        }
        if let Ok(reader) = &self.text {
            timed(&mut look, "text", &mut |look| reader.read(picture).map(|lines| look.lines = lines));
        }
        let mut vector = Vec::new();
        if let Ok(finder) = &self.things {
            timed(&mut look, "things", &mut |look| {
                finder.find(picture).map(|(things, own)| {
                    look.things = things;
                    vector = own;
                })
            });
        }
        timed(&mut look, "colours and likeness", &mut |look| {
            look.colours = colours::colours(picture);
            look.mark = Some(Mark::of(picture, &vector));
            Ok(())
        });
        if self.can_describe() {
            timed(&mut look, "caption", &mut |look| {
                let (text, confidence) = self.captioner.describe(picture, language, stop)?;
                look.caption = Some((text, self.captioner.source().to_owned(), confidence));
                Ok(())
            });
        }
        look
    }
}

impl Look {
    /// Everything found, each with its source and confidence. The lines of writing are one finding.
    pub fn findings(&self) -> Vec<Finding> {
        let named = |en: &str, zh: &str| Content::Named { en: en.into(), zh: zh.into() };
        let mut out = Vec::new();
        for face in &self.faces {
            if let Some(identity) = &face.identity {
                out.push(Finding {
                    kind: FindingKind::Face,
                    content: Content::Vector(identity.clone()),
                    source: faces::SOURCE.into(),
                    confidence: face.score,
                    region: Some(face.region),
                });
            }
        }
        out.extend(self.text());
        out.extend(self.things.iter().map(|thing| Finding {
            kind: FindingKind::Thing,
            content: named(thing.word.en, thing.word.zh),
            source: things::SOURCE.into(),
            confidence: thing.confidence,
            region: None,
        }));
        out.extend(self.colours.iter().map(|colour| Finding {
            kind: FindingKind::Colour,
            content: named(colour.en, colour.zh),
            source: colours::SOURCE.into(),
            confidence: colour.share,
            region: None,
        }));
        out.extend(self.caption.iter().map(|(text, source, confidence)| Finding {
            kind: FindingKind::Caption,
            content: Content::AsWritten(text.clone()),
            source: source.clone(),
            confidence: *confidence,
            region: None,
        }));
        out
    }

    /// All lines of writing as one finding.
    fn text(&self) -> Option<Finding> {
        let lines = &self.lines;
        let characters = |line: &Line| line.text.chars().count() as f32;
        let all: f32 = lines.iter().map(characters).sum();
        let confidence = lines.iter().map(|line| line.confidence * characters(line)).sum::<f32>() / all.max(1.0);
        let text = lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join("\n");
        let region = lines.iter().map(|line| line.region).reduce(|a, b| {
            let (left, top) = (a.left.min(b.left), a.top.min(b.top));
            let (right, bottom) = ((a.left + a.width).max(b.left + b.width), (a.top + a.height).max(b.top + b.height));
            crate::Region { left, top, width: right - left, height: bottom - top }
        });
        (!lines.is_empty()).then(|| Finding {
            kind: FindingKind::Text,
            content: Content::AsWritten(text),
            source: text::SOURCE.into(),
            confidence,
            region,
        })
    }
}
