//! From files to a game.

use reme_types::Language;

use crate::bundle::{Bundle, TemplateFiles, session_strings};
use crate::diagnostic::Diagnostic;
use crate::strings::Strings;

impl Bundle {
    /// Reads a template's files.
    pub fn load(files: &TemplateFiles, _folder: Option<&str>) -> (Option<Self>, Vec<Diagnostic>) {
        let text = |path: &str| files.get(path).and_then(|bytes| String::from_utf8(bytes.clone()).ok());
        let Some(template) = text("template.toml").and_then(|text| toml::from_str(&text).ok()) else {
            return (None, Vec::new());
        };
        let mut bundle = Self { template, strings: Default::default(), fixtures: Default::default() };
        for language in Language::ALL {
            let source = text(&format!("strings/{language}.ftl")).unwrap_or_default();
            if !crate::strings::inspect(&source).1.is_empty() {
                return (None, Vec::new());
            }
            if let Ok(strings) = Strings::new(language, &format!("{source}\n{}", session_strings(language))) {
                bundle.strings.insert(language, strings);
            }
            let fixture = text(&format!("fixtures/memory.{language}.json"));
            if let Some(memory) = fixture.and_then(|text| serde_json::from_str(&text).ok()) {
                bundle.fixtures.insert(language, memory);
            }
        }
        (Some(bundle), Vec::new())
    }
}
