//! `reme sense`: what a phone, a watch or a calendar wrote into files becomes drafts in the inbox.
//!
//! Files are read where they lie, and nothing of them is copied. Ending the command while it reads keeps nothing.

use std::{
    fs::File,
    io::{BufReader, Read, Write},
    ops::ControlFlow,
    path::PathBuf,
};

use anyhow::Context;
use reme::{Sensing, dto::SensedDto};

use crate::{Ended, shell::Place};

/// How much is read at once, bytes.
const BUFFER_BYTES: usize = 256 * 1024;
/// After how many bytes progress is told.
const TOLD_BYTES: u64 = 64 * 1024 * 1024;

/// Which files, and how far back.
#[derive(Debug, clap::Args)]
pub(crate) struct SenseArgs {
    /// Apple Health's export.xml, files of Google Takeout, GPX, calendars (.ics), Open mHealth JSON Lines; give all of one time
    /// together, so that ways, steps and photos are laid side by side
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// How many days are looked at, back from now
    #[arg(long, default_value_t = 31)]
    days: u16,
}

pub(crate) fn run(args: &SenseArgs, place: &Place) -> anyhow::Result<Ended> {
    let mut companion = place.household()?.open(place.patient.as_deref())?;
    let language = companion.patient()?.language;
    let mut sensing = companion.begin_sensing(args.days, language)?;
    for path in &args.files {
        read(&mut sensing, path)?;
    }
    let report = companion.offer_sensed(sensing)?;
    show(&report, place.json)?;
    let whole = report.files.iter().all(|file| file.problems.is_empty());
    Ok(if whole { Ended::Whole } else { Ended::LinesLeftOut })
}

fn read(sensing: &mut Sensing, path: &PathBuf) -> anyhow::Result<()> {
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let file = File::open(path).with_context(|| format!("{} could not be read", path.display()))?;
    let all = file.metadata().map_or(0, |about| about.len());
    let counted = Counted { inner: file, name: name.clone(), read: 0, told: 0, all };
    sensing.read(&name, BufReader::with_capacity(BUFFER_BYTES, counted), &mut |_| ControlFlow::Continue(()));
    Ok(())
}

/// A file that says on standard error how far it has been read.
struct Counted {
    inner: File,
    name: String,
    read: u64,
    told: u64,
    all: u64,
}

impl Read for Counted {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inner.read(out)?;
        self.read += count as u64;
        if self.read - self.told >= TOLD_BYTES {
            self.told = self.read;
            eprintln!("{}: {} of {} MB", self.name, self.read / 1_000_000, self.all / 1_000_000);
        }
        Ok(count)
    }
}

fn show(report: &SensedDto, as_json: bool) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    for file in &report.files {
        file.problems.iter().for_each(|problem| eprintln!("reme: {problem}"));
        if file.more_problems > 0 {
            eprintln!("reme: {}: {} more problems", file.name, file.more_problems);
        }
    }
    if as_json {
        writeln!(out, "{}", serde_json::to_string(report)?)?;
        return Ok(());
    }
    for draft in &report.drafts {
        let when = draft.draft.happened_at.as_deref().unwrap_or("—");
        writeln!(
            out,
            "{when:<16} {} ({}; {:.0} %)",
            draft.draft.text,
            draft.sources.join(", "),
            draft.confidence * 100.0
        )?;
    }
    let files = report.files.iter().filter(|file| file.kind.is_some()).count();
    eprintln!(
        "{files} files read since {}: {} new drafts in the inbox, {} offered before; nothing is a memory until somebody accepts it",
        report.from, report.suggestions, report.again
    );
    Ok(())
}
