//! The form of a template, held against the schema of the format; each fault in words of our own.

use std::sync::OnceLock;

use jsonschema::error::{TypeKind, ValidationErrorKind};
use serde_json::Value;

use super::located::{Located, field};
use super::{Faults, suggest};
use crate::template::template_schema;

/// Checks names, types, ranges and patterns.
pub(super) fn check(located: &Located<'_>, faults: &mut Faults) {
    static SCHEMA: OnceLock<Value> = OnceLock::new();
    let schema = SCHEMA.get_or_init(template_schema);
    let validator = match jsonschema::validator_for(schema) {
        Ok(validator) => validator,
        Err(error) => {
            faults.file(
                super::TEMPLATE,
                "",
                format!("the schema cannot be used: {error}"),
                "Report this to the makers of ReMe.",
            );
            return;
        }
    };
    for error in validator.iter_errors(&located.value) {
        let pointer = error.instance_path().as_str().to_owned();
        let name = field(&pointer);
        let known = KnownAt::find(schema, &pointer);
        let place = located.at(&pointer);
        match error.kind() {
            ValidationErrorKind::AdditionalProperties { unexpected } => {
                for unknown in unexpected {
                    let inner = format!("{pointer}/{unknown}");
                    let fields: Vec<&str> = known.fields.iter().map(String::as_str).collect();
                    let message = format!("there is no field `{unknown}` here");
                    faults.error(located.key(&inner), &field(&inner), message, suggest(unknown, fields));
                }
            }
            ValidationErrorKind::Required { property } => {
                let missing = property.as_str().unwrap_or_default();
                let inner = format!("{pointer}/{missing}");
                let fix = format!("Add `{missing} = …`. {}", example(missing)).trim_end().to_owned();
                faults.error(located.key(&pointer), &field(&inner), "the field is missing", fix);
            }
            ValidationErrorKind::Enum { .. }
            | ValidationErrorKind::OneOfNotValid { .. }
            | ValidationErrorKind::AnyOf { .. } => {
                let words: Vec<&str> = known.words.iter().map(String::as_str).collect();
                let given = error.instance().as_str().map_or_else(|| error.instance().to_string(), str::to_owned);
                faults.error(place, &name, format!("`{}` is not known here", short(&given)), suggest(&given, words));
            }
            ValidationErrorKind::Type { kind } => {
                let wanted = match kind {
                    TypeKind::Single(one) => one.to_string(),
                    TypeKind::Multiple(many) => many.iter().map(|one| one.to_string()).collect::<Vec<_>>().join(" or "),
                };
                let wanted = wanted.replace(" or null", "");
                let fix = match wanted.as_str() {
                    "string" => "Write text in \"quotes\".",
                    "integer" => "Write a whole number, without quotes.",
                    "boolean" => "Write true or false, without quotes.",
                    "array" => "Write a list: [ … ], or one [[table]] for each.",
                    _ => "Write a table.",
                };
                faults.error(place, &name, format!("this is not of type {wanted}"), fix);
            }
            ValidationErrorKind::Minimum { limit } if name == "format" => wrong_format(faults, place, limit),
            ValidationErrorKind::Maximum { limit } if name == "format" => wrong_format(faults, place, limit),
            ValidationErrorKind::Minimum { limit } => {
                faults.error(
                    place,
                    &name,
                    format!("{} is too small", error.instance()),
                    format!("Use {limit} or more."),
                );
            }
            ValidationErrorKind::Maximum { limit } => {
                faults.error(
                    place,
                    &name,
                    format!("{} is too large", error.instance()),
                    format!("Use {limit} or less."),
                );
            }
            ValidationErrorKind::Pattern { .. } => {
                let given = error.instance().as_str().unwrap_or_default();
                let (message, fix) = match name.as_str() {
                    "version" => ("is not a version", "Write three numbers, such as \"1.0.0\"."),
                    _ => (
                        "is not a name",
                        "Use lower-case letters, figures and hyphens, beginning with a letter: \"my-game\".",
                    ),
                };
                faults.error(place, &name, format!("`{}` {message}", short(given)), fix);
            }
            ValidationErrorKind::MinLength { .. } => {
                faults.error(place, &name, "this is empty", "Say what it is for, and where the numbers come from.");
            }
            ValidationErrorKind::MinItems { .. } => {
                faults.error(place, &name, "this needs at least one entry", format!("Add a [[{name}]]."));
            }
            _ => faults.error(place, &name, "this is not as the format has it", "Compare it with `reme game schema`."),
        }
    }
}

fn wrong_format(faults: &mut Faults, place: super::Place<'_>, limit: &Value) {
    faults.error(place, "format", "this version of ReMe reads another format", format!("Write `format = {limit}`."));
}

/// Words of the author, cut so that a message stays one line.
fn short(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    if line.chars().count() > 40 { line.chars().take(40).chain(['…']).collect() } else { line.to_owned() }
}

fn example(field: &str) -> &'static str {
    match field {
        "format" => "This format is 1.",
        "id" => "It is the folder's name: \"my-game\".",
        "version" => "For example \"1.0.0\".",
        "title" | "description" => "It names a message in the strings.",
        "doc" => "Say what it does, and where the default comes from.",
        "citations" => "Say where the paradigm and the numbers come from.",
        _ => "",
    }
}

/// What the schema knows at a place.
#[derive(Default)]
struct KnownAt {
    fields: Vec<String>,
    words: Vec<String>,
}

impl KnownAt {
    fn find(schema: &Value, pointer: &str) -> Self {
        let mut here = schema;
        for segment in pointer.split('/').skip(1) {
            here = resolve(schema, here);
            let inner = here.get("properties").and_then(|properties| properties.get(segment));
            let next = inner.or_else(|| here.get("items")).or_else(|| here.get("additionalProperties"));
            let Some(next) = next else { return Self::default() };
            here = next;
        }
        here = resolve(schema, here);
        let fields = here.get("properties").and_then(Value::as_object);
        let mut words: Vec<String> = Vec::new();
        collect_words(schema, here, &mut words);
        Self { fields: fields.into_iter().flatten().map(|(name, _)| name.clone()).collect(), words }
    }
}

fn resolve<'s>(schema: &'s Value, here: &'s Value) -> &'s Value {
    let target = here.get("$ref").and_then(Value::as_str).and_then(|path| schema.pointer(path.trim_start_matches('#')));
    target.unwrap_or(here)
}

fn collect_words(schema: &Value, here: &Value, words: &mut Vec<String>) {
    let here = resolve(schema, here);
    words.extend(here.get("const").and_then(Value::as_str).map(str::to_owned));
    for word in here.get("enum").and_then(Value::as_array).into_iter().flatten() {
        words.extend(word.as_str().map(str::to_owned));
    }
    for key in ["oneOf", "anyOf"] {
        for branch in here.get(key).and_then(Value::as_array).into_iter().flatten() {
            collect_words(schema, branch, words);
        }
    }
}
