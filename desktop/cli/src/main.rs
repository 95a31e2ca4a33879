//! The `reme` command: what a person, a script or `cargo xtask` types.
//!
//! Stands at the edge: it reads files, arguments and the environment, and calls the façade (`reme`) and the model runtime.
//! It must never hold a rule about training or judging, or print a user's words anywhere but to that user.
//!
//! ```text
//! reme eval answers ANSWERS.jsonl > predictions.jsonl
//! reme model list
//! ```

mod demo;
mod doctor;
mod eval;
mod game;
mod hear;
mod keys;
mod layouts;
mod link;
mod memory;
mod model;
mod photo;
mod sense;
mod serve;
mod session;
mod shell;
mod speak;
mod spoken;
mod sync;

use std::{path::PathBuf, process::ExitCode};

use clap::{CommandFactory, Parser, Subcommand, ValueEnum};

const EXIT_CODES: &str = "\
Exit codes: 0 done · 1 not done, the reason is on standard error · 2 the command line is not understood · \
3 done, but some lines of the input were left out (each is named on standard error) · \
4 the clinic's portal does not answer now: nothing is lost, try later · \
5 somebody has to look at it: a code, the pairing, a version; the reason is on standard error · \
130 stopped by Ctrl-C: what was done is kept, the same command goes on";

/// ReMe: train and keep your memory, at home, in your own words.
#[derive(Debug, Parser)]
#[command(name = "reme", version, about, after_help = EXIT_CODES, arg_required_else_help = true)]
struct Cli {
    #[command(flatten)]
    place: shell::Place,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start the companion: the patient's and the carer's screens, in a browser on this machine
    Serve(serve::Options),
    /// Run reading or searching over evaluation files and print predictions
    #[command(subcommand)]
    Eval(eval::EvalCommand),
    /// List, check and try games
    #[command(subcommand)]
    Game(game::GameCommand),
    /// List, fetch and try language models
    #[command(subcommand)]
    Model(model::ModelCommand),
    /// Add and list the patients on this device
    #[command(subcommand)]
    Patient(memory::PatientCommand),
    /// Keep, import, list and search memories
    #[command(subcommand)]
    Memory(memory::MemoryCommand),
    /// Look at photos: faces, written words, things, colours
    #[command(subcommand)]
    Photo(photo::PhotoCommand),
    /// Read what a phone, a watch or a calendar wrote, and put what happened into the inbox as drafts
    Sense(sense::SenseArgs),
    /// Play a session here, by hand or piped
    Session(session::SessionArgs),
    /// Say words aloud, or write them as a WAV file
    Speak(speak::SpeakArgs),
    /// Pair with a clinic, send what may go, fetch the plan
    #[command(subcommand)]
    Sync(sync::SyncCommand),
    /// Write down what is said in a recording, or into the microphone
    Hear(hear::HearArgs),
    /// Write everything of a patient into a zip file (JSON Lines and media)
    Export {
        /// The file to make
        file: PathBuf,
    },
    /// Erase everything of a patient for good
    Erase {
        /// The patient's name, exactly as it is shown
        #[arg(long)]
        confirm: String,
    },
    /// Look at this machine and say what is there and what is missing
    Doctor,
    /// Print completions for a shell
    Completions {
        /// bash, zsh, fish, elvish or powershell
        shell: clap_complete::Shell,
    },
}

/// Language of a command's input.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Lang {
    /// English
    En,
    /// Simplified Chinese
    #[value(name = "zh-CN", alias = "zh")]
    ZhCn,
}

impl From<Lang> for reme_types::Language {
    fn from(lang: Lang) -> Self {
        match lang {
            Lang::En => Self::En,
            Lang::ZhCn => Self::ZhCn,
        }
    }
}

/// How a command ended, besides failing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ended {
    Whole,
    LinesLeftOut,
    TryLater,
    NeedsSomebody,
    Stopped,
}

fn main() -> ExitCode {
    let Cli { place, command } = Cli::parse();
    let ended = match command {
        Command::Serve(options) => serve::run(options, &place),
        Command::Patient(command) => memory::patient(command, &place),
        Command::Memory(command) => memory::memory(command, &place),
        Command::Photo(command) => photo::run(command, &place),
        Command::Sense(args) => sense::run(&args, &place),
        Command::Session(args) => session::run(&args, &place),
        Command::Speak(args) => speak::run(&args, place.json),
        Command::Sync(command) => sync::run(&command, &place),
        Command::Hear(args) => hear::run(&args, place.json),
        Command::Export { file } => memory::export(&file, &place),
        Command::Erase { confirm } => memory::erase(&confirm, &place),
        Command::Eval(command) => eval::run(command),
        Command::Game(command) => game::run(command, place.json),
        Command::Model(command) => model::run(command, place.json),
        Command::Doctor => doctor::run(&place),
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Cli::command(), "reme", &mut std::io::stdout());
            Ok(Ended::Whole)
        }
    };
    match ended {
        Ok(Ended::Whole) => ExitCode::SUCCESS,
        Ok(Ended::LinesLeftOut) => ExitCode::from(3),
        Ok(Ended::TryLater) => ExitCode::from(4),
        Ok(Ended::NeedsSomebody) => ExitCode::from(5),
        Ok(Ended::Stopped) => ExitCode::from(130),
        // Somebody closed the pipe, as `head` does: nothing to tell.
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("reme: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .any(|cause| cause.downcast_ref::<std::io::Error>().is_some_and(|e| e.kind() == std::io::ErrorKind::BrokenPipe))
}

/// The text of an input file, with a message that names it.
fn read(path: &PathBuf) -> anyhow::Result<String> {
    let bytes =
        std::fs::read(path).map_err(|error| anyhow::anyhow!("{} could not be read: {error}", path.display()))?;
    String::from_utf8(bytes).map_err(|error| {
        let line = error.as_bytes()[..error.utf8_error().valid_up_to()].iter().filter(|b| **b == b'\n').count() + 1;
        anyhow::anyhow!("{} is not UTF-8 text (line {line}); save it as UTF-8 and try again", path.display())
    })
}
