//! From files to a game, with everything that is wrong with them at once.
//!
//! Where in the flow: before the engine, and in `reme game check`. The caller reads the files; nothing here does I/O.
//! What it must never do: stop at the first fault, or let a template in that a patient could get stuck in.

mod fixtures;
mod located;
mod meaning;
mod schema;
mod words;

use std::collections::BTreeMap;

use reme_types::Language;

use crate::bundle::{Bundle, TemplateFiles};
use crate::diagnostic::{Diagnostic, Severity};
use located::Located;

/// The file the game itself is in.
pub(crate) const TEMPLATE: &str = "template.toml";

impl Bundle {
    /// Reads a template's files. `folder` is the name of the folder they lie in, which the slug must equal.
    ///
    /// The game is there when no diagnostic is an error. Diagnostics are in the order of files and lines.
    ///
    /// ```
    /// use reme_games::Bundle;
    /// let files = [("template.toml".to_owned(), b"format = 2\n".to_vec())].into();
    /// let (bundle, diagnostics) = Bundle::load(&files, Some("my-game"));
    /// assert!(bundle.is_none());
    /// let format = diagnostics.iter().find(|fault| fault.field == "format").expect("format 2 is not read");
    /// assert_eq!((format.line, format.column), (1, 10));
    /// ```
    pub fn load(files: &TemplateFiles, folder: Option<&str>) -> (Option<Self>, Vec<Diagnostic>) {
        let mut faults = Faults::default();
        check_folder(files, &mut faults);
        let mut bundle = None;
        if let Some(text) = read(files, TEMPLATE, &mut faults) {
            let located = Located::parse(text, &mut faults);
            schema::check(&located, &mut faults);
            meaning::check(&located, folder, &mut faults);
            let strings = words::check(&located, files, &mut faults);
            let (examples, fixtures) = fixtures::check(&located, files, &mut faults);
            if !faults.has_error() {
                match serde_json::from_value(located.value.clone()) {
                    Ok(template) => bundle = Some(Self { template, strings, examples, fixtures }),
                    Err(error) => faults.file(
                        TEMPLATE,
                        "",
                        format!("the game cannot be read: {error}"),
                        "Compare it with the schema that `reme game schema` prints.",
                    ),
                }
            }
        }
        (bundle, faults.sorted())
    }
}

/// Collects diagnostics.
#[derive(Default)]
struct Faults {
    found: Vec<Diagnostic>,
}

/// A place in a file.
#[derive(Clone, Copy)]
struct Place<'f> {
    file: &'f str,
    text: &'f str,
    /// Byte offset.
    at: usize,
}

impl Faults {
    fn add(
        &mut self,
        severity: Severity,
        place: Place<'_>,
        field: &str,
        message: impl Into<String>,
        fix: impl Into<String>,
    ) {
        let (line, column) = line_and_column(place.text, place.at);
        let (file, field) = (place.file.to_owned(), field.to_owned());
        self.found.push(Diagnostic { file, line, column, severity, field, message: message.into(), fix: fix.into() });
    }

    fn error(&mut self, place: Place<'_>, field: &str, message: impl Into<String>, fix: impl Into<String>) {
        self.add(Severity::Error, place, field, message, fix);
    }

    fn warn(&mut self, place: Place<'_>, field: &str, message: impl Into<String>, fix: impl Into<String>) {
        self.add(Severity::Warning, place, field, message, fix);
    }

    /// An error of a file as a whole.
    fn file(&mut self, file: &str, field: &str, message: impl Into<String>, fix: impl Into<String>) {
        self.whole(Severity::Error, file, field, message, fix);
    }

    fn whole(
        &mut self,
        severity: Severity,
        file: &str,
        field: &str,
        message: impl Into<String>,
        fix: impl Into<String>,
    ) {
        let (file, field) = (file.to_owned(), field.to_owned());
        let (message, fix) = (message.into(), fix.into());
        self.found.push(Diagnostic { file, line: 0, column: 0, severity, field, message, fix });
    }

    fn has_error(&self) -> bool {
        self.found.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    fn sorted(mut self) -> Vec<Diagnostic> {
        self.found.sort();
        self.found.dedup();
        self.found
    }
}

/// 1-based line, and 1-based column in characters.
fn line_and_column(text: &str, at: usize) -> (u32, u32) {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let before = &text[..at];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1;
    (u32::try_from(line).unwrap_or(u32::MAX), u32::try_from(column).unwrap_or(u32::MAX))
}

/// A file as text; says so when it is missing or no text.
fn read<'f>(files: &'f TemplateFiles, path: &str, faults: &mut Faults) -> Option<&'f str> {
    let Some(bytes) = files.get(path) else {
        faults.file(path, "", "the file is missing", format!("Add `{path}` to the template's folder."));
        return None;
    };
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(text.strip_prefix('\u{feff}').unwrap_or(text)),
        Err(error) => {
            let good = String::from_utf8_lossy(&bytes[..error.valid_up_to()]).into_owned();
            let place = Place { file: path, text: &good, at: good.len() };
            faults.error(place, "", "the file is not UTF-8 text", "Save it as UTF-8.");
            None
        }
    }
}

/// What lies in the folder: no code, and a page for people.
fn check_folder(files: &TemplateFiles, faults: &mut Faults) {
    const CODE: [&str; 9] = ["js", "mjs", "ts", "html", "htm", "py", "rs", "sh", "wasm"];
    for path in files.keys() {
        let extension = path.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
        if CODE.contains(&extension.as_str()) {
            faults.file(path, "", "a template holds no code", "Take the file out; a game is data only.");
        }
    }
    if !files.contains_key("README.md") {
        let fix = "Add a README.md that says what the game trains, for whom, and where it comes from.";
        faults.whole(Severity::Warning, "README.md", "", "the file is missing", fix);
    }
}

/// The name nearest to a mistyped one, if one is near.
fn nearest<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    known
        .into_iter()
        .map(|other| (strsim::damerau_levenshtein(name, other), other))
        .filter(|(distance, other)| *distance <= 2.max(other.chars().count() / 3))
        .min()
        .map(|(_, other)| other)
}

/// `Did you mean …?`, or the list of what there is.
fn suggest<'n>(name: &str, known: impl IntoIterator<Item = &'n str> + Clone) -> String {
    match nearest(name, known.clone()) {
        Some(near) => format!("Did you mean `{near}`?"),
        None => {
            let list: Vec<String> = known.into_iter().map(|name| format!("`{name}`")).collect();
            if list.is_empty() { "Take it out.".into() } else { format!("Use one of {}.", list.join(", ")) }
        }
    }
}

/// Markup or code in words meant to be read, if there is any.
fn markup(text: &str) -> Option<&'static str> {
    let tag = text.match_indices('<').any(|(at, _)| {
        text[at + 1..].chars().next().is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'))
    });
    let entity = text.match_indices('&').any(|(at, _)| {
        let rest = &text[at + 1..];
        rest.find(';')
            .is_some_and(|end| end > 0 && end < 9 && rest[..end].chars().all(|c| c.is_ascii_alphanumeric() || c == '#'))
    });
    let lower = text.to_ascii_lowercase();
    let code = ["javascript:", "function(", "=>", "${", "{{", "{%", "<%"].into_iter().any(|sign| lower.contains(sign));
    match (tag || entity, code) {
        (true, _) => Some("HTML"),
        (false, true) => Some("code"),
        (false, false) => None,
    }
}

/// The words of each language, and the made-up memories.
type ByLanguage<T> = BTreeMap<Language, T>;

#[cfg(test)]
mod tests {
    use super::{line_and_column, markup, nearest};

    #[test]
    fn places_are_counted_in_characters_from_one() {
        assert_eq!(line_and_column("ab\n中文x", 0), (1, 1));
        assert_eq!(line_and_column("ab\n中文x", 9), (2, 3));
        assert_eq!(line_and_column("ab\n", 99), (2, 1));
    }

    #[test]
    fn markup_is_told_from_plain_words() {
        for plain in
            ["3 < 5 and 5 > 3", "Tom & Jerry; friends", "“right”", "a => is no arrow here".trim_start_matches("a => ")]
        {
            assert_eq!(markup(plain), None, "{plain}");
        }
        for html in ["<b>now</b>", "a&nbsp;b", "</p>"] {
            assert_eq!(markup(html), Some("HTML"), "{html}");
        }
        assert_eq!(markup("javascript:alert(1)"), Some("code"));
    }

    #[test]
    fn only_a_near_name_is_suggested() {
        assert_eq!(nearest("stepz", ["steps", "start_min"]), Some("steps"));
        assert_eq!(nearest("colour", ["steps", "start_min"]), None);
    }
}
