//! `reme eval`: predictions for the evaluation files, one JSON object a line on standard output.

use std::{io::Write, path::PathBuf};

use clap::Subcommand;
use reme::{
    Meaning,
    evaluation::{self, Evaluated},
};

use crate::{Ended, Lang, read};

/// What can be evaluated.
#[derive(Debug, Subcommand)]
pub(crate) enum EvalCommand {
    /// Say of every answer whether it is correct, partial, incorrect or no answer
    Answers {
        /// JSON Lines with id, question, expected, aliases, context, answer
        file: PathBuf,
        /// Language of the file; seen from each line when left out
        #[arg(long, value_enum)]
        lang: Option<Lang>,
        /// `none`, `tiny`, `default` or a GGUF file; reading asks no language model, whatever is said here
        #[arg(long, default_value = "none")]
        model: String,
        /// Read by rules alone, even where the sentence model was pulled
        #[arg(long)]
        words_only: bool,
    },
    /// Rank the memories each question rests on, and answer where they say it plainly
    Queries {
        /// JSON Lines with id, query, now, rule
        file: PathBuf,
        /// JSON Lines of memories
        #[arg(long)]
        memories: PathBuf,
        /// Language of the files; seen from the memories when left out
        #[arg(long, value_enum)]
        lang: Option<Lang>,
        /// `none`, `tiny`, `default` or a GGUF file; searching asks no language model, whatever is said here
        #[arg(long, default_value = "none")]
        model: String,
        /// Search by words alone, even where the sentence model was pulled
        #[arg(long)]
        words_only: bool,
    },
}

pub(crate) fn run(command: EvalCommand) -> anyhow::Result<Ended> {
    let (model, words_only) = match &command {
        EvalCommand::Answers { model, words_only, .. } | EvalCommand::Queries { model, words_only, .. } => {
            (model.clone(), *words_only)
        }
    };
    let sentences = if words_only { None } else { crate::model::sentences() };
    let evaluated = match command {
        EvalCommand::Answers { file, lang, .. } => {
            let meaning = sentences.as_ref().map(|sentences| sentences as &dyn Meaning);
            evaluation::answers_with(&read(&file)?, lang.map(Into::into), meaning)
        }
        EvalCommand::Queries { file, memories, lang, .. } => {
            evaluation::queries(&read(&file)?, &read(&memories)?, lang.map(Into::into), sentences.as_ref())
        }
    };
    if let Some(fault) = sentences.as_ref().and_then(|sentences| sentences.fault()) {
        eprintln!("reme: {fault}");
    }
    if model != "none" {
        eprintln!(
            "reme: no language model is asked: these predictions rest on rules and, where it was pulled, the sentence model"
        );
    }
    print(&evaluated)
}

fn print(evaluated: &Evaluated) -> anyhow::Result<Ended> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in &evaluated.lines {
        writeln!(out, "{line}")?;
    }
    out.flush()?;
    for error in &evaluated.errors {
        eprintln!("reme: {error}");
    }
    Ok(if evaluated.errors.is_empty() { Ended::Whole } else { Ended::LinesLeftOut })
}
