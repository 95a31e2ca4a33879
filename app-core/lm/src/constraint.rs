//! What an answer may be held to: a JSON schema, or a few given texts; and the rail that keeps it there token by token.
//!
//! In the flow: `Session::generate` asks the rail before every draw. JSON goes through the `llguidance` library, choices
//! through a comparison of prefixes. Never lets a token through that could not end in an allowed text.

use std::fmt;
use std::sync::Arc;

use llguidance::api::TopLevelGrammar;
use llguidance::toktrie::{ApproximateTokEnv, SimpleVob, TokEnv, TokRxInfo, TokTrie};
use llguidance::{JsonCompileOptions, Matcher, ParserFactory};
use serde_json::Value;

use crate::LmError;
use crate::model::Inner;
use crate::tokenizer::Tokenizer;

/// What an answer is held to.
#[derive(Clone, Default)]
pub enum Constraint {
    /// Nothing.
    #[default]
    Free,
    /// JSON that satisfies this JSON schema (what `llguidance` supports of it), without idle white space.
    Json(Arc<Value>),
    /// One of these texts, as it is.
    OneOf(Vec<String>),
}

/// Shows the kind only: a choice may hold a person's words.
impl fmt::Debug for Constraint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Free => f.write_str("Free"),
            Self::Json(_) => f.write_str("Json"),
            Self::OneOf(choices) => f.debug_tuple("OneOf").field(&choices.len()).finish(),
        }
    }
}

/// A constraint while an answer grows.
pub(crate) enum Rail {
    Free,
    Json { matcher: Box<Matcher>, mask: Option<SimpleVob>, complete: bool },
    OneOf { choices: Vec<Vec<u8>>, said: Vec<u8>, complete: bool },
}

impl Rail {
    pub(crate) fn new(model: &Inner, constraint: &Constraint) -> Result<Self, LmError> {
        match constraint {
            Constraint::Free => Ok(Self::Free),
            Constraint::OneOf(choices) if choices.iter().all(String::is_empty) => Err(LmError::NoChoices),
            Constraint::OneOf(choices) => {
                let choices = choices.iter().map(|choice| choice.clone().into_bytes()).collect();
                Ok(Self::OneOf { choices, said: Vec::new(), complete: false })
            }
            Constraint::Json(schema) => {
                let mut schema = Value::clone(schema);
                let options =
                    JsonCompileOptions { whitespace_flexible: false, lenient: false, ..JsonCompileOptions::default() };
                options.apply_to(&mut schema);
                let factory = model.grammar()?;
                let parser = factory.create_parser(TopLevelGrammar::from_json_schema(schema));
                let matcher = Matcher::new(parser);
                // The library says which part of a schema it cannot hold; a schema is the program's, not a person's words.
                match matcher.get_error() {
                    Some(why) => Err(LmError::UnsupportedSchema { why }),
                    None => Ok(Self::Json { matcher: Box::new(matcher), mask: None, complete: false }),
                }
            }
        }
    }

    pub(crate) fn is_constraint(&self) -> bool {
        !matches!(self, Self::Free)
    }

    /// Whether the text is whole; a free one never is before the model says so.
    pub(crate) fn is_complete(&self) -> bool {
        match self {
            Self::Free => false,
            Self::Json { complete, .. } | Self::OneOf { complete, .. } => *complete,
        }
    }

    /// Works out what may come next.
    pub(crate) fn prepare(&mut self) -> Result<(), LmError> {
        if let Self::Json { matcher, mask, .. } = self {
            *mask = Some(matcher.compute_mask().map_err(|e| failed(&e))?);
        }
        Ok(())
    }

    /// Whether `token` may come next.
    pub(crate) fn allows(&self, model: &Inner, token: u32) -> bool {
        let tokenizer = &model.tokenizer;
        match self {
            Self::Free => true,
            Self::Json { mask, .. } => mask.as_ref().is_some_and(|mask| mask.is_allowed(token)),
            Self::OneOf { choices, said, .. } if tokenizer.ends_turn(token) => choices.contains(said),
            Self::OneOf { choices, said, .. } => {
                let bytes = tokenizer.bytes_of(token);
                let goes_on =
                    |choice: &Vec<u8>| choice.strip_prefix(&said[..]).is_some_and(|rest| rest.starts_with(bytes));
                !bytes.is_empty() && !tokenizer.is_special(token) && choices.iter().any(goes_on)
            }
        }
    }

    /// Notes that `token` was said.
    pub(crate) fn take(&mut self, model: &Inner, token: u32) -> Result<(), LmError> {
        match self {
            Self::Free => {}
            Self::Json { matcher, complete, .. } => {
                matcher.consume_token(token).map_err(|e| failed(&e))?;
                *complete = matcher.is_stopped();
            }
            Self::OneOf { choices, said, complete } => {
                said.extend_from_slice(model.tokenizer.bytes_of(token));
                // Complete where it is a choice and no longer one begins with it.
                *complete = choices.contains(said)
                    && !choices.iter().any(|choice| choice.len() > said.len() && choice.starts_with(said));
            }
        }
        Ok(())
    }

    /// Notes that the model ended its turn, which it may only where the text is whole.
    pub(crate) fn end(&mut self) {
        if let Self::Json { complete, .. } | Self::OneOf { complete, .. } = self {
            *complete = true;
        }
    }
}

/// The library's message may quote what was generated, so only the fact is passed on.
fn failed(_: &impl std::fmt::Display) -> LmError {
    LmError::UnsupportedSchema { why: "the grammar could not go on".to_owned() }
}

/// The vocabulary in the form the grammar library needs; built once for a model, at the first schema.
pub(crate) fn grammar_factory(tokenizer: &Tokenizer) -> Result<ParserFactory, LmError> {
    let size = tokenizer.len() as u32;
    let words: Vec<Vec<u8>> = (0..size)
        .map(|token| match tokenizer.is_special(token) {
            true => [&[TokTrie::SPECIAL_TOKEN_MARKER], tokenizer.bytes_of(token)].concat(),
            false => tokenizer.bytes_of(token).to_vec(),
        })
        .collect();
    let info = TokRxInfo::new(size, tokenizer.end_token().unwrap_or(0));
    let environment: TokEnv = Arc::new(ApproximateTokEnv::new(TokTrie::from(&info, &words)));
    let mut factory = ParserFactory::new_simple(&environment).map_err(|e| failed(&e))?;
    factory.quiet();
    Ok(factory)
}
