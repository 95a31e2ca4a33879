//! The words of a game: Fluent source, parsed once, and what a check wants to know of it.
//!
//! Where in the flow: the engine names a message and its values ([`reme_types::Act`]); this puts it into plain words.
//! What it must never do: render a line with a gap in it. A value that is missing is an error with a name.

use std::collections::BTreeMap;
use std::sync::Arc;

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use fluent_syntax::ast::{CallArguments, Entry, Expression, InlineExpression, Pattern, PatternElement};
use reme_types::{ArgValue, Language};

/// Why a line cannot be said.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StringsError {
    /// The source is not Fluent.
    #[error("the strings are not Fluent: {0}")]
    Syntax(String),
    /// No such message.
    #[error("the strings have no message `{0}`; add it in every language")]
    Missing(String),
    /// A placeholder without a value.
    #[error("message `{message}` cannot be filled in: {problem}")]
    Arguments {
        /// The message.
        message: String,
        /// What Fluent says.
        problem: String,
    },
}

/// The messages of one game in one language.
#[derive(Clone)]
pub struct Strings {
    source: Arc<str>,
    bundle: Arc<FluentBundle<FluentResource>>,
}

impl Strings {
    /// Reads Fluent source. Of two messages with one id the first counts.
    ///
    /// # Errors
    /// [`StringsError::Syntax`] with what the parser says first.
    pub fn new(language: Language, source: &str) -> Result<Self, StringsError> {
        let resource = FluentResource::try_new(source.to_owned()).map_err(|(_, errors)| {
            StringsError::Syntax(errors.first().map_or_else(String::new, ToString::to_string))
        })?;
        let tag = language.tag().parse().map_err(|_| StringsError::Syntax("the language has no tag".into()))?;
        let mut bundle = FluentBundle::new_concurrent(vec![tag]);
        // Marks that isolate directions would show as boxes in a terminal and spoil comparisons.
        bundle.set_use_isolating(false);
        // A second message of the same id is refused and reported here; the check names it with its line.
        let _ = bundle.add_resource(resource);
        Ok(Self { source: source.into(), bundle: Arc::new(bundle) })
    }

    /// The source it was made from.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// One message in plain words.
    ///
    /// # Errors
    /// A message or a value that is missing, by name.
    pub fn render(&self, message: &str, args: &BTreeMap<String, ArgValue>) -> Result<String, StringsError> {
        let pattern = self.bundle.get_message(message).and_then(|found| found.value());
        let pattern = pattern.ok_or_else(|| StringsError::Missing(message.to_owned()))?;
        let mut values = FluentArgs::new();
        for (name, value) in args {
            let value = match value {
                ArgValue::Number(number) => FluentValue::from(*number),
                ArgValue::Text(text) => FluentValue::from(text.as_str()),
            };
            values.set(name.as_str(), value);
        }
        let mut errors = Vec::new();
        let line = self.bundle.format_pattern(pattern, Some(&values), &mut errors).into_owned();
        match errors.first() {
            None => Ok(line),
            Some(error) => Err(StringsError::Arguments { message: message.to_owned(), problem: error.to_string() }),
        }
    }
}

impl std::fmt::Debug for Strings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Strings").field("bytes", &self.source.len()).finish_non_exhaustive()
    }
}

impl PartialEq for Strings {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

/// One message of a file, as the check sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Message {
    /// Its id.
    pub(crate) id: String,
    /// Byte offset of the id in the file.
    pub(crate) at: usize,
    /// Placeholders used anywhere in it, each with its byte offset.
    pub(crate) placeholders: BTreeMap<String, usize>,
    /// The words outside placeholders, in all variants, each with its byte offset.
    pub(crate) words: Vec<(usize, String)>,
}

/// The messages of a file in order, and the places (byte offset, reason) where it does not parse.
pub(crate) fn inspect(source: &str) -> (Vec<Message>, Vec<(usize, String)>) {
    let (resource, errors) = match fluent_syntax::parser::parse(source) {
        Ok(resource) => (resource, Vec::new()),
        Err((resource, errors)) => (resource, errors),
    };
    let mut messages = Vec::new();
    for entry in &resource.body {
        let Entry::Message(message) = entry else { continue };
        let mut found = Found { source, placeholders: BTreeMap::new(), words: Vec::new() };
        if let Some(pattern) = &message.value {
            found.pattern(pattern);
        }
        messages.push(Message {
            id: message.id.name.to_owned(),
            at: offset(source, message.id.name),
            placeholders: found.placeholders,
            words: found.words,
        });
    }
    (messages, errors.into_iter().map(|error| (error.pos.start, error.kind.to_string())).collect())
}

/// Slices of the parsed tree point into the source, so their distance from its start is the offset.
fn offset(source: &str, part: &str) -> usize {
    (part.as_ptr() as usize).saturating_sub(source.as_ptr() as usize)
}

struct Found<'s> {
    source: &'s str,
    placeholders: BTreeMap<String, usize>,
    words: Vec<(usize, String)>,
}

impl<'s> Found<'s> {
    fn pattern(&mut self, pattern: &Pattern<&'s str>) {
        for element in &pattern.elements {
            match element {
                PatternElement::TextElement { value } => {
                    self.words.push((offset(self.source, value), (*value).to_owned()));
                }
                PatternElement::Placeable { expression } => self.expression(expression),
            }
        }
    }

    fn expression(&mut self, expression: &Expression<&'s str>) {
        match expression {
            Expression::Inline(inline) => self.inline(inline),
            Expression::Select { selector, variants } => {
                self.inline(selector);
                for variant in variants {
                    self.pattern(&variant.value);
                }
            }
        }
    }

    fn inline(&mut self, inline: &InlineExpression<&'s str>) {
        match inline {
            InlineExpression::VariableReference { id } => {
                self.placeholders.entry(id.name.to_owned()).or_insert_with(|| offset(self.source, id.name));
            }
            InlineExpression::StringLiteral { value } => {
                self.words.push((offset(self.source, value), (*value).to_owned()));
            }
            InlineExpression::FunctionReference { arguments, .. }
            | InlineExpression::TermReference { arguments: Some(arguments), .. } => self.call(arguments),
            InlineExpression::Placeable { expression } => self.expression(expression),
            _ => {}
        }
    }

    fn call(&mut self, arguments: &CallArguments<&'s str>) {
        for argument in &arguments.positional {
            self.inline(argument);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Strings, StringsError, inspect};
    use reme_types::Language;

    #[test]
    fn placeholders_are_found_in_selectors_and_variants() {
        let (messages, errors) = inspect("a = { $n ->\n    [one] { $x }\n   *[other] { $y }\n }\nb = plain\n");
        assert!(errors.is_empty(), "{errors:?}");
        let names: Vec<&str> = messages[0].placeholders.keys().map(String::as_str).collect();
        assert_eq!(names, ["n", "x", "y"]);
        assert_eq!((messages[1].at, messages[1].words[0].clone()), (51, (55, "plain".into())));
    }

    #[test]
    fn a_missing_value_is_named_rather_than_left_as_a_gap() {
        let strings = Strings::new(Language::En, "a = I like { $x }.\n").expect("Fluent");
        let args = [("x".to_owned(), "tea".into())].into();
        assert_eq!(strings.render("a", &args).as_deref(), Ok("I like tea."));
        assert!(strings.render("a", &Default::default()).is_err_and(|error| error.to_string().contains("`a`")));
        assert_eq!(strings.render("b", &args), Err(StringsError::Missing("b".into())));
        assert!(Strings::new(Language::En, "= broken").is_err());
    }
}
