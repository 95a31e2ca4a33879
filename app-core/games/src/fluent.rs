//! Fluent: rendering a message, and finding out which messages and placeholders a file has.

use std::collections::{BTreeMap, BTreeSet};

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use fluent_syntax::ast::{CallArguments, Entry, Expression, InlineExpression, Pattern, PatternElement};
use reme_types::{ArgValue, Language};

/// One message of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Message {
    /// Byte offset of the id in the file.
    pub(crate) at: usize,
    /// Placeholders used anywhere in it.
    pub(crate) placeholders: BTreeSet<String>,
}

/// Renders one message; `None` when it is not there or does not render.
pub(crate) fn render(
    language: Language,
    source: &str,
    id: &str,
    args: &BTreeMap<String, ArgValue>,
) -> Option<String> {
    let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(partial, _)| partial);
    let mut bundle = FluentBundle::new(vec![language.tag().parse().ok()?]);
    // Direction marks around placeholders would show up in comparisons and in plain terminals.
    bundle.set_use_isolating(false);
    bundle.add_resource_overriding(resource);
    let pattern = bundle.get_message(id)?.value()?;
    let mut values = FluentArgs::new();
    for (name, value) in args {
        let value = match value {
            ArgValue::Number(number) => FluentValue::from(*number),
            ArgValue::Text(text) => FluentValue::from(text.as_str()),
        };
        values.set(name.as_str(), value);
    }
    let mut errors = Vec::new();
    let line = bundle.format_pattern(pattern, Some(&values), &mut errors).into_owned();
    errors.is_empty().then_some(line)
}

/// The messages of a file, and the places (byte offset, reason) where it does not parse.
pub(crate) fn inspect(source: &str) -> (BTreeMap<String, Message>, Vec<(usize, String)>) {
    let (resource, errors) = match fluent_syntax::parser::parse(source) {
        Ok(resource) => (resource, Vec::new()),
        Err((resource, errors)) => (resource, errors),
    };
    let mut messages = BTreeMap::new();
    for entry in &resource.body {
        let Entry::Message(message) = entry else { continue };
        let mut placeholders = BTreeSet::new();
        if let Some(pattern) = &message.value {
            collect(pattern, &mut placeholders);
        }
        // Slices of the AST point into the source, so their distance from its start is the offset.
        let at = (message.id.name.as_ptr() as usize).saturating_sub(source.as_ptr() as usize);
        messages.insert(message.id.name.to_owned(), Message { at, placeholders });
    }
    (messages, errors.into_iter().map(|error| (error.pos.start, error.kind.to_string())).collect())
}

fn collect(pattern: &Pattern<&str>, found: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            collect_expression(expression, found);
        }
    }
}

fn collect_expression(expression: &Expression<&str>, found: &mut BTreeSet<String>) {
    match expression {
        Expression::Inline(inline) => collect_inline(inline, found),
        Expression::Select { selector, variants } => {
            collect_inline(selector, found);
            for variant in variants {
                collect(&variant.value, found);
            }
        }
    }
}

fn collect_inline(inline: &InlineExpression<&str>, found: &mut BTreeSet<String>) {
    let mut of_call = |arguments: &CallArguments<&str>| {
        for argument in &arguments.positional {
            collect_inline(argument, found);
        }
    };
    match inline {
        InlineExpression::VariableReference { id } => {
            found.insert(id.name.to_owned());
        }
        InlineExpression::FunctionReference { arguments, .. } => of_call(arguments),
        InlineExpression::TermReference { arguments: Some(arguments), .. } => of_call(arguments),
        InlineExpression::Placeable { expression } => collect_expression(expression, found),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::{inspect, render};
    use reme_types::Language;

    #[test]
    fn placeholders_are_found_in_selectors_and_variants() {
        let (messages, errors) = inspect("a = { $n ->\n    [one] { $x }\n   *[other] { $y }\n }\nb = plain\n");
        assert!(errors.is_empty(), "{errors:?}");
        let names: Vec<&str> = messages["a"].placeholders.iter().map(String::as_str).collect();
        assert_eq!(names, ["n", "x", "y"]);
        assert_eq!(messages["b"].at, 48);
    }

    #[test]
    fn a_missing_argument_renders_to_nothing_rather_than_to_a_gap() {
        let args = [("x".to_owned(), "tea".into())].into();
        assert_eq!(render(Language::En, "a = I like { $x }.\n", "a", &args).as_deref(), Some("I like tea."));
        assert_eq!(render(Language::En, "a = I like { $x }.\n", "a", &Default::default()), None);
    }
}
