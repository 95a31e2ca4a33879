//! A loaded game: the template, its words in both languages, its fixtures.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use reme_types::{Act, ArgValue, Language, MemoryItem};

use crate::strings::Strings;
use crate::template::{Block, Template};

/// The files of one template's folder: path inside the folder to bytes. The caller reads them.
pub type TemplateFiles = BTreeMap<String, Vec<u8>>;

macro_rules! builtin_files {
    ($slug:literal: $($path:literal),* $(,)?) => {
        ($slug, &[$(($path, include_str!(concat!("../../../game-templates/", $slug, "/", $path)))),*])
    };
}

/// The games that ship with ReMe. Order: the order a first plan lists them in.
const BUILTIN: &[(&str, &[(&str, &str)])] = &[
    builtin_files!("life-recall": "template.toml", "README.md", "strings/en.ftl", "strings/zh-CN.ftl",
        "fixtures/example.en.json", "fixtures/example.zh-CN.json",
        "fixtures/memory.en.json", "fixtures/memory.zh-CN.json"),
    builtin_files!("mental-arithmetic": "template.toml", "README.md", "strings/en.ftl", "strings/zh-CN.ftl"),
    builtin_files!("colour-words": "template.toml", "README.md", "strings/en.ftl", "strings/zh-CN.ftl"),
];

/// A loaded game.
#[derive(Debug, Clone, PartialEq)]
pub struct Bundle {
    /// The game itself.
    pub template: Template,
    pub(crate) strings: BTreeMap<Language, Strings>,
    /// The made-up memory that practice talks about.
    pub(crate) examples: BTreeMap<Language, MemoryItem>,
    /// The made-up memory that simulated players talk about.
    pub(crate) fixtures: BTreeMap<Language, MemoryItem>,
}

/// Slugs of the games that ship with ReMe.
pub fn builtin_slugs() -> Vec<&'static str> {
    BUILTIN.iter().map(|(slug, _)| *slug).collect()
}

/// The lines every session shares, as Fluent: `session-open` {$name}, `session-next` {$game}, `session-close`,
/// `session-stopped`, `session-distress`, `session-help`, `session-nudge`.
pub const fn session_strings(language: Language) -> &'static str {
    match language {
        Language::En => include_str!("../../../game-templates/_session/strings/en.ftl"),
        Language::ZhCn => include_str!("../../../game-templates/_session/strings/zh-CN.ftl"),
    }
}

impl Bundle {
    /// A game that ships with ReMe; `None` when there is none of that slug.
    pub fn builtin(slug: &str) -> Option<&'static Self> {
        static LOADED: OnceLock<BTreeMap<&'static str, Bundle>> = OnceLock::new();
        let loaded = LOADED.get_or_init(|| {
            let usable = |slug| Self::load(&Self::builtin_files(slug)?, Some(slug)).0;
            BUILTIN.iter().filter_map(|(slug, _)| Some((*slug, usable(slug)?))).collect()
        });
        loaded.get(slug)
    }

    /// The files of a game that ships with ReMe, for checking it like any other.
    pub fn builtin_files(slug: &str) -> Option<TemplateFiles> {
        let (_, files) = BUILTIN.iter().find(|(name, _)| *name == slug)?;
        Some(files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect())
    }

    /// The slug.
    pub fn slug(&self) -> &str {
        &self.template.id
    }

    /// All words of the game and the shared session lines, as one Fluent source; empty in a language it lacks.
    pub fn strings(&self, language: Language) -> &str {
        self.strings.get(&language).map_or("", Strings::source)
    }

    /// The title in a language.
    pub fn title(&self, language: Language) -> String {
        self.text(language, &self.template.title)
    }

    /// The one-sentence description in a language.
    pub fn description(&self, language: Language) -> String {
        self.text(language, &self.template.description)
    }

    /// A message without placeholders; its id when there is none of that id.
    pub fn text(&self, language: Language, id: &str) -> String {
        self.line(language, id, &BTreeMap::new())
    }

    /// An act in the template's plain words. The conversation layer may phrase it better; this is what it falls back on.
    pub fn plain_line(&self, language: Language, act: &Act) -> String {
        self.line(language, &act.message, &act.args)
    }

    /// The made-up memory that practice talks about; games without such practice have none.
    pub fn example_memory(&self, language: Language) -> Option<&MemoryItem> {
        self.examples.get(&language)
    }

    /// A made-up memory for trying the game out; games that need none have none.
    pub fn fixture_memory(&self, language: Language) -> Option<&MemoryItem> {
        self.fixtures.get(&language)
    }

    pub(crate) fn line(&self, language: Language, id: &str, args: &BTreeMap<String, ArgValue>) -> String {
        self.strings.get(&language).and_then(|strings| strings.render(id, args).ok()).unwrap_or_else(|| id.to_owned())
    }

    pub(crate) fn block(&self, index: usize) -> Option<&Block> {
        self.template.blocks.get(index)
    }
}
