//! `reme patient`, `reme memory`, `reme export`, `reme erase`: a household's memories from the command line.

use std::{
    fs,
    io::{IsTerminal, Write},
    ops::ControlFlow,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use anyhow::{Context, bail};
use clap::Subcommand;
use reme::{Companion, ImportProgress, ImportReport, NewMemory, VoiceNote, dto::MemoryDto};
use reme_types::Patient;

use crate::{Ended, Lang, hear, model, read, shell::Place};

/// What can be done with patients.
#[derive(Debug, Subcommand)]
pub(crate) enum PatientCommand {
    /// Add a patient with a store and key of their own
    Add {
        /// Name as the patient likes to be called
        name: String,
        /// Language of the sessions
        #[arg(long, value_enum, default_value = "en")]
        lang: Lang,
        /// Home time zone, such as Europe/London or Asia/Shanghai; this machine's when left out
        #[arg(long)]
        zone: Option<String>,
    },
    /// List the patients on this device
    List,
}

/// What can be done with memories.
#[derive(Debug, Subcommand)]
pub(crate) enum MemoryCommand {
    /// Keep a memory: a note, typed or spoken, with photos or without
    Add {
        /// The note; `-` reads it from standard input
        #[arg(required_unless_present = "voice")]
        text: Option<String>,
        /// A recording (WAV, OGG, M4A or MP3): what is said in it becomes the note, and the recording is kept
        #[arg(long, value_name = "FILE")]
        voice: Option<PathBuf>,
        /// A photo (JPEG, PNG or WebP); may be given several times
        #[arg(long)]
        photo: Vec<PathBuf>,
        /// When it happened: YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm; read from note and photo when left out
        #[arg(long)]
        when: Option<String>,
        /// Somebody who was there; may be given several times
        #[arg(long)]
        with: Vec<String>,
        /// Where it was
        #[arg(long = "at")]
        place: Option<String>,
        /// A label; may be given several times
        #[arg(long)]
        tag: Vec<String>,
        /// Painful: kept and found, never trained on
        #[arg(long)]
        sensitive: bool,
        /// Told by the patient, not by family
        #[arg(long)]
        by_patient: bool,
        /// It holds, such as an allergy; it did not happen once
        #[arg(long)]
        fact: bool,
    },
    /// Import an export (memories.jsonl, or the folder that holds it), or a folder of photos and notes (.txt)
    Import {
        /// File or folder
        path: PathBuf,
    },
    /// List all memories, the latest event first
    List,
    /// Ask the memories a question
    Search {
        /// The question, or some words
        question: String,
        /// Most memories to print
        #[arg(long, default_value_t = 5)]
        limit: usize,
    },
}

pub(crate) fn patient(command: PatientCommand, place: &Place) -> anyhow::Result<Ended> {
    let household = place.household()?;
    match command {
        PatientCommand::Add { name, lang, zone } => {
            let system = || jiff::tz::TimeZone::system().iana_name().map_or_else(|| "UTC".to_owned(), str::to_owned);
            let patient =
                Patient { name, language: lang.into(), time_zone: zone.unwrap_or_else(system), born_on: None };
            let companion = household.add(&patient)?;
            println!("{}", companion.slug());
            eprintln!(
                "kept in {}; the key is in the {}",
                household.folder().display(),
                match place.key_store()?.place_of(companion.slug()) {
                    "keyring" => "keyring",
                    _ => "folder `keys` beside it, in a file only you can read",
                }
            );
        }
        PatientCommand::List => {
            for slug in household.slugs()? {
                println!("{slug}");
            }
        }
    }
    Ok(Ended::Whole)
}

pub(crate) fn memory(command: MemoryCommand, place: &Place) -> anyhow::Result<Ended> {
    let mut companion = place.household()?.open(place.patient.as_deref())?;
    match command {
        MemoryCommand::Add { text, voice, photo, when, with, place: at, tag, sensitive, by_patient, fact } => {
            let text = match text.as_deref() {
                Some("-") => std::io::read_to_string(std::io::stdin()).context("standard input could not be read")?,
                given => given.unwrap_or_default().to_owned(),
            };
            let photos = photo
                .iter()
                .map(|p| fs::read(p).with_context(|| format!("--photo {} could not be read", p.display())))
                .collect::<Result<_, _>>()?;
            let happened_at = when.map(|w| w.parse().with_context(|| format!("--when {w}"))).transpose()?;
            let new = NewMemory {
                text,
                happened_at,
                people: with,
                place: at,
                tags: tag,
                by_patient,
                sensitive,
                is_fact: fact,
                photos,
            };
            let added = match voice {
                Some(file) => companion.add_voice_note(&heard(&companion, &file)?, new)?,
                None => companion.add_memory(new)?,
            };
            added.notes.iter().for_each(|note| eprintln!("reme: {note}"));
            show(&[added.memory], place.json, true)?;
            Ok(Ended::Whole)
        }
        MemoryCommand::Import { path } => import(&mut companion, &path),
        MemoryCommand::List => {
            let memories = companion.memories()?;
            if memories.is_empty() {
                eprintln!("no memories yet; add one with: reme memory add \"…\"");
            }
            show(&memories, place.json, false)?;
            Ok(Ended::Whole)
        }
        MemoryCommand::Search { question, limit } => {
            if model::sentences().is_none() {
                eprintln!("reme: {}", model::NO_SENTENCES);
            }
            let found = companion.search(&question, None, limit)?;
            match (found.nothing_text(), &found.answer) {
                (Some(nothing), _) => eprintln!("{nothing}"),
                (None, Some(answer)) if !place.json => println!("{answer}\n"),
                _ => {}
            }
            show(&found.memories, place.json, false)?;
            Ok(Ended::Whole)
        }
    }
}

/// The bytes of a file that an export names; nothing outside the export's own folder.
pub(crate) fn file_inside(folder: &Path, name: &str) -> Option<Vec<u8>> {
    let inside = Path::new(name).components().all(|c| matches!(c, std::path::Component::Normal(_)));
    inside.then(|| fs::read(folder.join(name)).ok()).flatten()
}

/// A recording and what is said in it, listened to with this person's names and places.
fn heard(companion: &Companion, file: &Path) -> anyhow::Result<VoiceNote> {
    let recording = fs::read(file).with_context(|| format!("--voice {} could not be read", file.display()))?;
    let language = companion.patient()?.language;
    let transcript = hear::recording(file, language, companion.hot_words()?)?;
    if transcript.is_empty() {
        eprintln!("reme: nothing was heard in {}", file.display());
    }
    Ok(VoiceNote::new(recording, transcript.text)?)
}

fn import(companion: &mut Companion, path: &Path) -> anyhow::Result<Ended> {
    let lines = if path.is_dir() { path.join("memories.jsonl") } else { path.to_path_buf() };
    if path.is_dir() && !lines.is_file() {
        return import_photos(companion, path);
    }
    if !lines.is_file() {
        bail!("{} was not found; give a memories.jsonl, or the folder that holds one", lines.display());
    }
    let folder = lines.parent().map_or_else(PathBuf::new, Path::to_path_buf);
    let beside = |name: &str| file_inside(&folder, name);
    let people = folder.join("people.jsonl");
    let mut problems =
        if path.is_dir() && people.is_file() { companion.import_people(&read(&people)?)? } else { Vec::new() };
    let places = folder.join("places.jsonl");
    if path.is_dir() && places.is_file() {
        problems.append(&mut companion.import_places(&read(&places)?)?);
    }
    let mut report = companion.import(&read(&lines)?, &beside)?;
    problems.append(&mut report.problems);
    report.problems = problems;
    told(&report)
}

/// A folder without an export: photos and notes, files of one name together.
fn import_photos(companion: &mut Companion, folder: &Path) -> anyhow::Result<Ended> {
    let entries = fs::read_dir(folder).with_context(|| format!("{} could not be read", folder.display()))?;
    let is_file = |entry: &fs::DirEntry| entry.path().is_file();
    let names: Vec<String> = entries
        .filter_map(Result::ok)
        .filter(is_file)
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    if names.iter().all(|name| name.starts_with('.')) {
        bail!("{} holds no memories.jsonl, no photo and no note (.txt); nothing was imported", folder.display());
    }
    let stop = stop_at_ctrl_c()?;
    let at_terminal = std::io::stderr().is_terminal();
    let mut progress = |at: ImportProgress<'_>| {
        say_progress(at, at_terminal);
        if stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let read = |name: &str| fs::read(folder.join(name)).ok();
    let report = companion.import_folder(&names, &read, &mut progress)?;
    let ended = told(&report)?;
    if report.left == 0 {
        return Ok(ended);
    }
    eprintln!(
        "stopped: {} not looked at yet. Everything before is kept; the same command goes on with the rest",
        report.left
    );
    Ok(Ended::Stopped)
}

/// Set once Ctrl-C or SIGTERM came; the memory in hand is finished first.
pub(crate) fn stop_at_ctrl_c() -> anyhow::Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&stop);
    ctrlc::set_handler(move || asked.store(true, Ordering::Relaxed)).context("Ctrl-C cannot be caught")?;
    Ok(stop)
}

/// One line that is written over at a terminal; a line now and then elsewhere.
fn say_progress(at: ImportProgress<'_>, at_terminal: bool) {
    let ImportProgress { done, of, added, known, next } = at;
    if at_terminal {
        let next = next.map_or(String::new(), |name| format!("  {}", name.chars().take(40).collect::<String>()));
        let end = if done == of { "\n" } else { "" };
        eprint!("\r\x1b[K{done} of {of}  ({added} kept, {known} already there){next}{end}");
    } else if done == of || done.is_multiple_of(20) {
        eprintln!("{done} of {of}");
    }
}

fn told(report: &ImportReport) -> anyhow::Result<Ended> {
    report.problems.iter().for_each(|problem| eprintln!("reme: {problem}"));
    eprintln!("{} kept, {} already there, {} problems", report.added, report.known, report.problems.len());
    Ok(if report.problems.is_empty() { Ended::Whole } else { Ended::LinesLeftOut })
}

fn show(memories: &[MemoryDto], as_json: bool, with_questions: bool) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    for memory in memories {
        if as_json {
            writeln!(out, "{}", serde_json::to_string(memory)?)?;
            continue;
        }
        let when = memory.happened_at.as_deref().unwrap_or("—");
        let mark = if memory.sensitive { " (sensitive)" } else { "" };
        writeln!(out, "{when:<16} {}{mark}", memory.text.replace('\n', " "))?;
        if with_questions {
            for fact in &memory.facts {
                writeln!(out, "{:16} ? {} → {}", "", fact.question, fact.answer)?;
            }
        }
    }
    Ok(())
}

/// Writes everything of a patient into a new zip file.
pub(crate) fn export(file: &Path, place: &Place) -> anyhow::Result<Ended> {
    let companion = place.household()?.open(place.patient.as_deref())?;
    let entries = companion.export()?;
    let partial = file.with_extension("part");
    if file.exists() {
        bail!("{} is there already; choose another name, so that no older export is lost", file.display());
    }
    let written = write_zip(&partial, &entries).and_then(|()| Ok(fs::rename(&partial, file)?));
    if written.is_err() {
        let _ = fs::remove_file(&partial);
    }
    written.with_context(|| format!("{} could not be written", file.display()))?;
    eprintln!("{} files in {}. It is not encrypted: keep it where only you can read it", entries.len(), file.display());
    Ok(Ended::Whole)
}

fn write_zip(path: &Path, entries: &[(String, Vec<u8>)]) -> anyhow::Result<()> {
    let mut zip = zip::ZipWriter::new(fs::File::create(path)?);
    for (name, bytes) in entries {
        zip.start_file(name, zip::write::SimpleFileOptions::default())?;
        zip.write_all(bytes)?;
    }
    Ok(zip.finish()?.sync_all()?)
}

/// Erases a patient for good.
pub(crate) fn erase(confirm: &str, place: &Place) -> anyhow::Result<Ended> {
    place.household()?.erase(place.patient.as_deref(), confirm)?;
    eprintln!("everything was erased, the key too");
    Ok(Ended::Whole)
}
