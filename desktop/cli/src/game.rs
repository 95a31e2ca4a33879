//! `reme game`: list the games, check a template, play one against a simulated player.

use std::{
    fs,
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use clap::{Subcommand, ValueEnum};
use reme_games::{
    Bundle, Diagnostic, Library, Player, Severity, SimulationReport, TemplateFiles, builtin_slugs, simulate,
    template_schema,
};
use reme_types::Language;
use serde_json::json;

use crate::{Ended, Lang};

/// Largest file of a template that is read, bytes: words and numbers, never media.
const MOST_BYTES: u64 = 4 << 20;
/// Most files of a template.
const MOST_FILES: usize = 500;

/// What can be done with games.
#[derive(Debug, Subcommand)]
pub(crate) enum GameCommand {
    /// List the games that ship with ReMe
    List {
        /// Language of titles
        #[arg(long, value_enum, default_value = "en")]
        lang: Lang,
    },
    /// Say everything that is wrong with a template, each fault with its line and what to do
    Check {
        /// Folders of templates, such as game-templates/life-recall
        #[arg(required = true)]
        folders: Vec<PathBuf>,
    },
    /// Play a game against a simulated player and print the transcript
    Simulate {
        /// The game's slug, or a template's folder
        game: String,
        /// Who plays
        #[arg(long, value_enum, default_value = "average")]
        player: PlayerName,
        /// The same seed gives the same game
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Level to begin at, 1 = easiest
        #[arg(long, default_value_t = 2)]
        level: u8,
        /// Language of the game
        #[arg(long, value_enum, default_value = "en")]
        lang: Lang,
    },
    /// Print the JSON schema of template.toml
    Schema,
}

/// The simulated players.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum PlayerName {
    /// Knows everything at once
    Perfect,
    /// Knows most things, some with a hint
    Average,
    /// Knows little without help
    Impaired,
    /// Good stretches and blank ones
    Lapsing,
    /// Says nothing
    Silent,
    /// Says a great deal, some of it an answer
    Talkative,
}

impl From<PlayerName> for Player {
    fn from(name: PlayerName) -> Self {
        match name {
            PlayerName::Perfect => Self::Perfect,
            PlayerName::Average => Self::Average,
            PlayerName::Impaired => Self::Impaired,
            PlayerName::Lapsing => Self::Lapsing,
            PlayerName::Silent => Self::Silent,
            PlayerName::Talkative => Self::Talkative,
        }
    }
}

pub(crate) fn run(command: GameCommand, as_json: bool) -> anyhow::Result<Ended> {
    match command {
        GameCommand::List { lang } => list(lang.into(), as_json),
        GameCommand::Check { folders } => check(&folders, as_json),
        GameCommand::Simulate { game, player, seed, level, lang } => {
            let given = find(&game)?;
            let bundle = match &given {
                Game::Builtin(bundle) => bundle,
                Game::Folder(bundle) => bundle.as_ref(),
            };
            let report = simulate(bundle, lang.into(), player.into(), level, seed);
            if as_json { print_json(&serde_json::to_value(&report)?) } else { print_report(bundle, &report) }
        }
        GameCommand::Schema => print_json(&template_schema()),
    }
}

fn list(language: Language, as_json: bool) -> anyhow::Result<Ended> {
    let games: Vec<&Bundle> = builtin_slugs().into_iter().filter_map(Bundle::builtin).collect();
    let mut out = BufWriter::new(std::io::stdout().lock());
    for bundle in games {
        let template = &bundle.template;
        if as_json {
            let row = json!({
                "slug": bundle.slug(),
                "version": template.version,
                "title": bundle.title(language),
                "description": bundle.description(language),
                "domain": template.domain,
                "levels": template.top_level(),
                "minutes": template.minutes,
                "memories": template.needs.memories,
            });
            writeln!(out, "{row}")?;
        } else {
            let (slug, domain) = (bundle.slug(), template.domain.slug());
            let (levels, minutes) = (template.top_level(), template.minutes);
            writeln!(out, "{slug:<18} {domain:<12} {levels} levels, {minutes:>2} min  {}", bundle.title(language))?;
            writeln!(out, "{:<18} {}", "", bundle.description(language))?;
        }
    }
    out.flush()?;
    Ok(Ended::Whole)
}

fn check(folders: &[PathBuf], as_json: bool) -> anyhow::Result<Ended> {
    let mut with_errors = 0usize;
    // `_session` holds lines for all games; `game-templates/*` is to be checked without tripping over it.
    let is_shared = |folder: &&PathBuf| folder.file_name().is_some_and(|name| name.to_string_lossy().starts_with('_'));
    let (shared, folders): (Vec<_>, Vec<_>) = folders.iter().partition(is_shared);
    for folder in shared {
        eprintln!("{}: shared lines, no game of its own; left out", folder.display());
    }
    for folder in folders.iter().copied() {
        let (_, diagnostics) = load(folder)?;
        let errors = diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count();
        with_errors += usize::from(errors > 0);
        if as_json {
            let row = json!({ "folder": folder, "errors": errors, "diagnostics": diagnostics });
            writeln!(std::io::stdout().lock(), "{row}")?;
            continue;
        }
        for diagnostic in &diagnostics {
            // The folder in front makes the place one that an editor can jump to.
            eprintln!("{}", folder.join("").display().to_string() + &diagnostic.to_string());
        }
        let warnings = diagnostics.len() - errors;
        writeln!(std::io::stdout().lock(), "{}: {}", folder.display(), verdict(errors, warnings))?;
    }
    if with_errors > 0 {
        bail!("{with_errors} of {} cannot be used as they are; nothing was changed", plural(folders.len(), "template"));
    }
    Ok(Ended::Whole)
}

fn verdict(errors: usize, warnings: usize) -> String {
    match (errors, warnings) {
        (0, 0) => "in order".into(),
        (0, warnings) => format!("usable, {}", plural(warnings, "warning")),
        (errors, 0) => plural(errors, "error"),
        (errors, warnings) => format!("{}, {}", plural(errors, "error"), plural(warnings, "warning")),
    }
}

fn plural(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

enum Game {
    Builtin(&'static Bundle),
    Folder(Box<Bundle>),
}

fn find(game: &str) -> anyhow::Result<Game> {
    if let Some(bundle) = Bundle::builtin(game) {
        return Ok(Game::Builtin(bundle));
    }
    let folder = Path::new(game);
    if !folder.is_dir() {
        bail!("there is no game `{game}`: use one of {}, or a template's folder", builtin_slugs().join(", "));
    }
    let (bundle, diagnostics) = load(folder)?;
    let Some(bundle) = bundle else {
        bail!("{game} has {}; type: reme game check {game}", plural(diagnostics.len(), "fault"));
    };
    Ok(Game::Folder(Box::new(bundle)))
}

fn load(folder: &Path) -> anyhow::Result<(Option<Bundle>, Vec<Diagnostic>)> {
    let mut files = TemplateFiles::new();
    collect(folder, folder, &mut files)?;
    let whole = fs::canonicalize(folder).with_context(|| folder.display().to_string())?;
    let name = whole.file_name().and_then(|name| name.to_str()).map(str::to_owned);
    Ok(Bundle::load(&files, name.as_deref()))
}

/// Reads a folder's files, hidden ones left out; media are named and not read.
fn collect(root: &Path, folder: &Path, files: &mut TemplateFiles) -> anyhow::Result<()> {
    let entries = fs::read_dir(folder).with_context(|| format!("{} could not be read", folder.display()))?;
    for entry in entries {
        let entry = entry.with_context(|| format!("{} could not be read", folder.display()))?;
        let path = entry.path();
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        let kind = entry.file_type().with_context(|| path.display().to_string())?;
        if kind.is_dir() {
            collect(root, &path, files)?;
            continue;
        }
        if files.len() >= MOST_FILES {
            bail!("{} holds more than {MOST_FILES} files; give the folder of one template", root.display());
        }
        let inside = path.strip_prefix(root).unwrap_or(&path);
        let name = inside.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
        let size = entry.metadata().with_context(|| path.display().to_string())?.len();
        let is_media = name.starts_with("media/");
        if size > MOST_BYTES && !is_media {
            bail!("{} is larger than {} MB; a template holds words and numbers", path.display(), MOST_BYTES >> 20);
        }
        let bytes = if is_media || !kind.is_file() {
            Vec::new()
        } else {
            fs::read(&path).with_context(|| path.display().to_string())?
        };
        files.insert(name, bytes);
    }
    Ok(())
}

/// The games that ship with ReMe and those in a folder of templates, which take the place of shipped ones of the same name. A
/// template with errors is left out, and what is to be said of it comes along.
pub(crate) fn library(templates: &Path) -> anyhow::Result<(Library, Vec<String>)> {
    let entries = fs::read_dir(templates).with_context(|| {
        let folder = templates.display();
        format!("--templates {folder}: could not be read. Nothing was changed. Leave it out for the built-in games")
    })?;
    let mut folders: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|folder| folder.join("template.toml").is_file())
        .collect();
    folders.sort();
    let (mut games, mut findings) = (Vec::new(), Vec::new());
    for folder in folders {
        let (bundle, diagnostics) = load(&folder)?;
        let (place, errors) = (folder.display(), diagnostics.iter().filter(|d| d.severity == Severity::Error).count());
        match bundle {
            Some(bundle) if errors == 0 => games.push(bundle),
            _ => findings.push(format!(
                "{place}: {}, so it is left out; to see them type: reme game check {place}",
                plural(errors, "error")
            )),
        }
    }
    Ok((Library::default().with(games), findings))
}

fn print_json(value: &serde_json::Value) -> anyhow::Result<Ended> {
    let mut out = BufWriter::new(std::io::stdout().lock());
    writeln!(out, "{}", serde_json::to_string_pretty(value)?)?;
    out.flush()?;
    Ok(Ended::Whole)
}

fn print_report(bundle: &Bundle, report: &SimulationReport) -> anyhow::Result<Ended> {
    let mut out = BufWriter::new(std::io::stdout().lock());
    writeln!(out, "{report}")?;
    writeln!(
        out,
        "{} · {} · seed {} · level {}",
        bundle.title(report.language),
        report.player.slug(),
        report.seed,
        report.level
    )?;
    if let Some(summary) = &report.summary {
        let rate = report.success_rate.map_or_else(|| "none".into(), |rate| format!("{:.0} %", rate * 100.0));
        writeln!(out, "went well       {} of {} ({rate})", summary.successes, summary.trials)?;
        writeln!(out, "next level      {}", summary.next_level)?;
    }
    if let Some(rung) = report.mean_rung {
        writeln!(out, "mean rung       {rung:.2}")?;
    }
    writeln!(out, "score           {:.2}", report.score)?;
    writeln!(out, "lasted          {}:{:02}", report.lasted_ms / 60_000, report.lasted_ms / 1000 % 60)?;
    out.flush()?;
    Ok(Ended::Whole)
}
