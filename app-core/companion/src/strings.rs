//! Sentences in both languages, from Fluent source: the façade's own (errors, notes), and those of a shell.
//!
//! Where in the flow: under everything that a person reads besides the games' words. What it must never do: hold words of
//! the user's beyond what is handed in to be shown to that same user.

use std::sync::OnceLock;

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use reme_types::Language;

const ENGLISH: &str = include_str!("../strings/en/companion.ftl");
const CHINESE: &str = include_str!("../strings/zh-CN/companion.ftl");

/// A placeholder's name and what stands in for it.
pub(crate) type Arg<'a> = (&'static str, FluentValue<'a>);

/// Messages in English and Chinese.
pub struct Strings {
    english: FluentBundle<FluentResource>,
    chinese: FluentBundle<FluentResource>,
}

impl Strings {
    /// Reads Fluent source; a faulty message is left out, which [`Strings::faults`] tells a test.
    pub fn new(english: &str, chinese: &str) -> Self {
        Self { english: bundle(Language::En, english), chinese: bundle(Language::ZhCn, chinese) }
    }

    /// A message, its placeholders filled with words; its id when there is none of that id.
    pub fn say(&self, language: Language, id: &str, args: &[(&'static str, &str)]) -> String {
        let args: Vec<Arg<'_>> = args.iter().map(|(name, value)| (*name, FluentValue::from(*value))).collect();
        self.fill(language, id, &args)
    }

    fn fill(&self, language: Language, id: &str, args: &[Arg<'_>]) -> String {
        let strings = match language {
            Language::En => &self.english,
            Language::ZhCn => &self.chinese,
        };
        let Some(pattern) = strings.get_message(id).and_then(|message| message.value()) else { return id.to_owned() };
        let mut filled = FluentArgs::new();
        for (name, value) in args {
            filled.set(*name, value.clone());
        }
        strings.format_pattern(pattern, Some(&filled), &mut Vec::new()).into_owned()
    }

    /// What is wrong with the two sources: faults of form, and ids or placeholders that only one of them has. For tests.
    pub fn faults(english: &str, chinese: &str) -> Vec<String> {
        let mut faults = Vec::new();
        let [en, zh] = [english, chinese].map(|source| {
            if let Err((_, errors)) = FluentResource::try_new(source.to_owned()) {
                faults.extend(errors.iter().map(ToString::to_string));
            }
            signatures(source)
        });
        faults.extend(en.iter().filter(|id| !zh.contains(id)).map(|id| format!("only in English: {id}")));
        faults.extend(zh.iter().filter(|id| !en.contains(id)).map(|id| format!("only in Chinese: {id}")));
        faults
    }
}

/// Every id with its placeholders, sorted: `photo-too-large height width`.
fn signatures(source: &str) -> Vec<String> {
    let messages = source.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()));
    messages
        .filter_map(|line| line.split_once(" = "))
        .map(|(id, text)| {
            let names = text.split("{ $").skip(1).filter_map(|rest| rest.split([' ', '}']).next());
            let mut names: Vec<&str> = names.collect();
            names.sort_unstable();
            names.dedup();
            format!("{id} {}", names.join(" ")).trim_end().to_owned()
        })
        .collect()
}

/// One of the façade's own messages.
pub(crate) fn say(language: Language, id: &str, args: &[Arg<'_>]) -> String {
    static OWN: OnceLock<Strings> = OnceLock::new();
    OWN.get_or_init(|| Strings::new(ENGLISH, CHINESE)).fill(language, id, args)
}

fn bundle(language: Language, source: &str) -> FluentBundle<FluentResource> {
    let mut strings = FluentBundle::new_concurrent(language.tag().parse().into_iter().collect());
    // Marks that isolate directions would show as boxes in a terminal.
    strings.set_use_isolating(false);
    let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(rest, _)| rest);
    strings.add_resource_overriding(resource);
    strings
}

impl std::fmt::Debug for Strings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Strings").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_say_the_same_messages_with_the_same_placeholders() {
        assert_eq!(Strings::faults(ENGLISH, CHINESE), Vec::<String>::new());
        assert!(signatures(ENGLISH).contains(&"photo-too-large height width".to_owned()));
    }

    #[test]
    fn what_one_language_lacks_is_told() {
        let faults = Strings::faults("a = Hi { $name }\nb = { 1\n", "a = 你好\n");
        assert_eq!(faults.len(), 4, "{faults:?}");
    }
}
