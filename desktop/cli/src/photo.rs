//! `reme photo`: what is in a photo, said here and kept nowhere; and looking at the photos of a patient's memories.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Instant,
};

use anyhow::Context;
use clap::{Args, Subcommand};
use reme::{
    CaptionerFiles, GgufCaptioner,
    vision::{Content, Eyes, Finding, Look, ModelPaths, Picture, Stop, VisionError},
};
use reme_types::Language;
use serde_json::json;

use crate::{Ended, Lang, memory::stop_at_ctrl_c, shell::Place};

/// Worker threads of what describes photos. [design: as the other models]
const CAPTIONER_THREADS: usize = 2;

/// What can be done with photos.
#[derive(Debug, Subcommand)]
pub(crate) enum PhotoCommand {
    /// Say what is found in photo files: faces, written words, things, colours; nothing is kept
    Look {
        /// JPEG, PNG or WebP files
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Language of the words for things and colours
        #[arg(long, value_enum, default_value = "en")]
        lang: Lang,
        #[command(flatten)]
        captioner: CaptionerArgs,
    },
    /// Look at the photos of the patient's memories that were not looked at yet, and put what is found into the inbox
    Find {
        #[command(flatten)]
        captioner: CaptionerArgs,
    },
}

// Which model describes whole photos. No documentation comment: clap would show it in place of the command's own.
#[derive(Debug, Default, Args)]
pub(crate) struct CaptionerArgs {
    /// GGUF file of a vision-language model (SmolVLM, Idefics3) that describes whole photos; without it, the first pair in the
    /// models folder: NAME-TYPE.gguf and mmproj-NAME-TYPE.gguf
    #[arg(long, requires = "mmproj")]
    captioner: Option<PathBuf>,
    /// The vision part that belongs to it
    #[arg(long, requires = "captioner")]
    mmproj: Option<PathBuf>,
}

pub(crate) fn run(command: PhotoCommand, place: &Place) -> anyhow::Result<Ended> {
    match command {
        PhotoCommand::Look { files, lang, captioner } => look(&files, lang.into(), &captioner, place.json),
        PhotoCommand::Find { captioner } => find(&captioner, place),
    }
}

/// Whatever there is of models for seeing, in the models folder, and what describes whole photos. A captioner that was named
/// and cannot be opened is an error; one that was only found is left out, and said so, as is one that needs more than `memory_bytes`.
pub(crate) fn eyes(args: &CaptionerArgs, memory_bytes: Option<u64>) -> anyhow::Result<Eyes> {
    let folder = crate::model::folder()?;
    let eyes = Eyes::open(&ModelPaths::in_folder(folder.path()));
    let (files, was_named) = match (&args.captioner, &args.mmproj) {
        (Some(model), Some(mmproj)) => (CaptionerFiles { model: model.clone(), mmproj: mmproj.clone() }, true),
        _ => match CaptionerFiles::in_folder(folder.path()) {
            Some(files) => (files, false),
            None => return Ok(eyes),
        },
    };
    match GgufCaptioner::open(&files, CAPTIONER_THREADS, memory_bytes) {
        Ok(captioner) => Ok(eyes.with_captioner(Box::new(captioner))),
        Err(error) if was_named => Err(error).context(format!("--captioner {}", files.model.display())),
        Err(error) => {
            eprintln!("reme: {} describes no photos: {error}", files.model.display());
            Ok(eyes)
        }
    }
}

fn tell_missing(eyes: &Eyes) {
    eyes.missing().iter().for_each(|missing| eprintln!("reme: {missing}"));
    if !eyes.can_describe() {
        eprintln!("reme: {}", VisionError::NoCaptioner);
    }
}

/// Ctrl-C, as looking asks for it.
fn stop_of(stop: &Arc<AtomicBool>) -> Stop {
    let stop = Arc::clone(stop);
    Arc::new(move || stop.load(Ordering::Relaxed))
}

#[allow(clippy::disallowed_methods, reason = "the command tells how long each part took")]
fn look(files: &[PathBuf], language: Language, captioner: &CaptionerArgs, as_json: bool) -> anyhow::Result<Ended> {
    let eyes = eyes(captioner, None)?;
    tell_missing(&eyes);
    let stop = stop_of(&stop_at_ctrl_c()?);
    let (start, mut out, mut left_out) = (Instant::now(), std::io::stdout().lock(), false);
    for file in files {
        let read = fs::read(file).map_err(|error| error.to_string());
        let picture = match read.and_then(|bytes| Picture::read(&bytes).map_err(|error| error.to_string())) {
            Ok(picture) => picture,
            Err(error) => {
                eprintln!("reme: {}: {error}", file.display());
                left_out = true;
                continue;
            }
        };
        let seen = eyes.look(&picture, language, &|| start.elapsed(), &stop);
        if seen.stopped {
            return Ok(Ended::Stopped);
        }
        seen.troubles.iter().for_each(|trouble| eprintln!("reme: {}: {trouble}", file.display()));
        if as_json {
            writeln!(out, "{}", as_line(file, &seen))?;
        } else {
            writeln!(out, "{}", file.display())?;
            seen.findings().iter().try_for_each(|finding| writeln!(out, "  {}", in_words(finding, language)))?;
            let unmeasured = seen.faces.iter().filter(|face| face.identity.is_none()).count();
            if unmeasured > 0 {
                writeln!(out, "  {unmeasured} more faces, too small, blurred or turned away to tell apart")?;
            }
        }
    }
    Ok(if left_out { Ended::LinesLeftOut } else { Ended::Whole })
}

fn as_line(file: &Path, seen: &Look) -> serde_json::Value {
    let times: serde_json::Map<String, serde_json::Value> =
        seen.times.iter().map(|(what, time)| ((*what).to_owned(), json!(time.as_millis()))).collect();
    json!({"file": file, "findings": seen.findings(), "faces": seen.faces.len(), "ms": times})
}

fn in_words(finding: &Finding, language: Language) -> String {
    let kind = serde_json::to_value(finding.kind).ok().and_then(|kind| kind.as_str().map(str::to_owned));
    let says = match &finding.content {
        Content::AsWritten(text) => text.replace('\n', " / "),
        Content::Named { en, .. } if language == Language::En => en.clone(),
        Content::Named { zh, .. } => zh.clone(),
        Content::Vector(_) => finding.region.map_or(String::new(), |r| {
            format!("at {:.0} % from the left, {:.0} % from the top", r.left * 100.0, r.top * 100.0)
        }),
    };
    let kind = kind.unwrap_or_default();
    format!("{kind:<8} {:>3.0} %  {says}  [{}]", finding.confidence * 100.0, finding.source)
}

#[allow(clippy::disallowed_methods, reason = "the command tells how long each part took")]
fn find(captioner: &CaptionerArgs, place: &Place) -> anyhow::Result<Ended> {
    let mut companion = place.household()?.open(place.patient.as_deref())?;
    let eyes = eyes(captioner, None)?;
    tell_missing(&eyes);
    let language = companion.patient()?.language;
    let of = companion.photos_to_look_at(&eyes)?;
    let (stop, start, mut done, mut offered) = (stop_at_ctrl_c()?, Instant::now(), 0, 0);
    while let Some(photo) = companion.next_photo(&eyes)? {
        let seen = photo.look(&eyes, language, &|| start.elapsed(), &stop_of(&stop));
        if seen.stopped {
            eprintln!("stopped after {done} of {of}; the same command goes on with the rest");
            return Ok(Ended::Stopped);
        }
        offered += companion.keep_look(&photo, &seen, &eyes).context("nothing of this photo was kept")?.len();
        done += 1;
        if done % 20 == 0 {
            eprintln!("{done} of {of}");
        }
    }
    eprintln!("{done} photos looked at, {offered} suggestions in the inbox; nothing counts before it is accepted");
    Ok(Ended::Whole)
}
