//! `reme speak`: a line as sound, from the loudspeaker or into a WAV file.
//!
//! The words come from the command line or standard input, and go nowhere but into the sound.

use std::{
    fs::File,
    io::{IsTerminal, Read, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};
use reme_models::Manifest;
use reme_speech::speaking::{
    Delivery, DeviceSink, Espeak, Kokoro, Line, NoVoice, Rate, Sink, Speech, Stop, WavSink, play, rate_for, voices,
};
use reme_types::Language;
use serde_json::json;

use crate::{Ended, Lang, model};

/// The voice model and its voices, by their names in the manifest.
const MODEL: &str = "kokoro";
const VOICES: &str = "kokoro-voices";

/// What to say, and how.
#[derive(Debug, Args)]
pub(crate) struct SpeakArgs {
    /// The words, or `-` for standard input
    #[arg(required_unless_present = "voices")]
    text: Option<String>,
    /// The language of most of the words; found from them when left out
    #[arg(long, value_enum)]
    language: Option<Lang>,
    /// A voice by name; see --voices
    #[arg(long)]
    voice: Option<String>,
    /// List the voices
    #[arg(long)]
    voices: bool,
    /// The manner
    #[arg(long, value_enum, default_value_t = Manner::Neutral)]
    delivery: Manner,
    /// How fast, as a multiple of the voice's own rate, 0.6 to 1.4; a calm 0.9 when left out
    #[arg(long, value_parser = parse_rate)]
    rate: Option<f32>,
    /// A WAV file to write instead of using the loudspeaker, or `-` for standard output
    #[arg(long, value_name = "FILE.wav")]
    out: Option<PathBuf>,
    /// Which voice program: the neural one, or espeak-ng; the best there is when left out
    #[arg(long, value_enum)]
    engine: Option<Engine>,
    /// Threads to speak with; one is right unless the machine has nothing else to do
    #[arg(long, default_value_t = 1)]
    threads: usize,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Manner {
    /// Calm and near
    Warm,
    /// Plain
    Neutral,
    /// Lively
    Cheerful,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Engine {
    /// The neural voice
    Kokoro,
    /// The plain voice of espeak-ng
    Espeak,
}

fn parse_rate(text: &str) -> Result<f32, String> {
    let fits = |rate: &f32| (Rate::MIN.value()..=Rate::MAX.value()).contains(rate);
    text.parse().ok().filter(fits).ok_or_else(|| "say a number from 0.6 to 1.4".to_owned())
}

/// Runs the command.
pub(crate) fn run(args: &SpeakArgs, as_json: bool) -> anyhow::Result<Ended> {
    if args.voices {
        list(as_json)?;
        return Ok(Ended::Whole);
    }
    let text = words(args.text.as_deref().unwrap_or("-"))?;
    let language = args.language.map_or_else(|| Language::detect(&text), Language::from);
    let delivery = match args.delivery {
        Manner::Warm => Delivery::Warm,
        Manner::Neutral => Delivery::Neutral,
        Manner::Cheerful => Delivery::Cheerful,
    };
    let rate = args.rate.map_or_else(|| rate_for(language, None), Rate::nearest);
    let line = Line { voice: args.voice.clone(), delivery, rate, ..Line::new(language, text) };
    let speech = opened(args.engine, args.threads)?;
    let stop = Stop::default();
    match &args.out {
        None => say(speech.as_ref(), &line, &stop, &mut DeviceSink::open()?)?,
        Some(path) if path == Path::new("-") => {
            say(speech.as_ref(), &line, &stop, &mut WavSink::new(std::io::stdout().lock()))?;
        }
        Some(path) => {
            // The sound is made first: a line that cannot be said leaves no empty file behind.
            let mut wav = Vec::new();
            say(speech.as_ref(), &line, &stop, &mut WavSink::new(&mut wav))?;
            let written = File::create(path).and_then(|mut file| file.write_all(&wav));
            written.with_context(|| format!("{} could not be written", path.display()))?;
        }
    }
    Ok(Ended::Whole)
}

fn say(speech: &dyn Speech, line: &Line, stop: &Stop, sink: &mut dyn Sink) -> anyhow::Result<()> {
    play(speech, line, stop, sink)?;
    Ok(())
}

fn words(given: &str) -> anyhow::Result<String> {
    let mut text = given.to_owned();
    if given == "-" {
        if std::io::stdin().is_terminal() {
            eprintln!("Type what is to be said; Ctrl-D ends.");
        }
        text.clear();
        std::io::stdin().read_to_string(&mut text).context("standard input could not be read as UTF-8 text")?;
    }
    if !text.chars().any(char::is_alphanumeric) {
        bail!("there is nothing to say: give words, or `-` to read them from standard input");
    }
    Ok(text)
}

/// The voice asked for, or the best one on this machine; one that says what is missing when there is none.
fn opened(engine: Option<Engine>, threads: usize) -> anyhow::Result<Box<dyn Speech>> {
    let espeak = Espeak::new("espeak-ng");
    if engine == Some(Engine::Espeak) {
        return Ok(Box::new(espeak));
    }
    let files = located(MODEL)?.zip(located(VOICES)?);
    match files {
        Some((model, voices)) => Ok(Box::new(Kokoro::open(&model, &voices, threads)?)),
        None if engine.is_none() && espeak.is_there() => {
            eprintln!(
                "The natural voice is not on this machine, so espeak-ng speaks; for it type: reme model pull speaking"
            );
            Ok(Box::new(espeak))
        }
        None => Ok(Box::new(NoVoice::new("the voice model has not been fetched; type: reme model pull speaking"))),
    }
}

fn located(name: &str) -> anyhow::Result<Option<PathBuf>> {
    Ok(model::folder()?.locate(Manifest::builtin().find(name)?)?)
}

fn list(as_json: bool) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    for voice in voices() {
        if as_json {
            writeln!(out, "{}", json!({"name": voice.name, "language": voice.language.tag()}))?;
        } else {
            writeln!(out, "{:<12} {}", voice.name, voice.language)?;
        }
    }
    Ok(())
}
