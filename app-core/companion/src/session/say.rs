//! Puts what the engine wants said into words: the template's plain line, or the model's wording where it passes every check.
//!
//! Where in the flow: between the engine and the transcript. What it must never do: leave a line out because its words are
//! missing, or let the model near a question.

use std::collections::BTreeMap;

use reme_conversation::{Line, Phraser, Rephrase};
use reme_games::Library;
use reme_types::{Act, Language, LineOrigin};

/// The words of a session's games.
pub(crate) struct Speaker<'a> {
    language: Language,
    library: &'a Library,
    phrasers: BTreeMap<String, Option<Phraser>>,
}

impl<'a> Speaker<'a> {
    /// For a session in this language, with these games.
    pub(crate) const fn new(language: Language, library: &'a Library) -> Self {
        Self { language, library, phrasers: BTreeMap::new() }
    }

    /// The line of an act of this game.
    pub(crate) fn say(&mut self, game: &str, act: &Act, model: Option<&mut dyn Rephrase>) -> Line {
        let bundle = self.library.get(game);
        let language = self.language;
        let phraser = self
            .phrasers
            .entry(game.to_owned())
            .or_insert_with(|| bundle.and_then(|bundle| Phraser::new(language, bundle.strings(language)).ok()));
        let said = phraser.as_ref().and_then(|phraser| phraser.say(act, model).ok());
        said.unwrap_or_else(|| {
            let text = bundle.map_or_else(String::new, |bundle| bundle.plain_line(language, act));
            Line { text, origin: LineOrigin::Template }
        })
    }
}
