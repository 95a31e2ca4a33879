//! The strings of a template: every message in every language, only the placeholders there are, kind words, no markup.

use std::collections::{BTreeMap, BTreeSet};

use reme_types::Language;

use super::located::Located;
use super::meaning;
use super::{ByLanguage, Faults, Place, markup, read, suggest};
use crate::bundle::{TemplateFiles, session_strings};
use crate::engine::COMMON_MESSAGES;
use crate::strings::{Message, Strings, inspect};
use crate::template::TrialKind;

/// Words that blame. They make a person with memory trouble feel tested (screens notes, "words").
const BLAMING: [(Language, &[&str]); 2] = [
    (Language::En, &["wrong", "incorrect", "mistake", "failed", "failure", "error", "you should have"]),
    (Language::ZhCn, &["错", "不对", "失败", "不正确", "答得不好"]),
];

/// Placeholders without which a message says nothing.
const ESSENTIAL: &[(&str, &[&str])] = &[
    ("example-story", &["story"]),
    ("question", &["question"]),
    ("cue-meaning", &["hint"]),
    ("cue-first", &["start"]),
    ("tell", &["answer"]),
    ("subtract-first", &["from", "take"]),
    ("subtract-next", &["take"]),
    ("subtract-from", &["from", "take"]),
    ("subtract-tell", &["result"]),
    ("shopping-item", &["goods", "price"]),
    ("shopping-total", &["items"]),
    ("shopping-change", &["items", "note"]),
    ("shopping-tell-total", &["result"]),
    ("shopping-tell-change", &["result"]),
    ("colour-show", &["ink"]),
];

/// Path of a language's strings inside the folder.
pub(super) fn path(language: Language) -> String {
    format!("strings/{language}.ftl")
}

/// Checks the strings of both languages, and parses those that can be.
pub(super) fn check(located: &Located<'_>, files: &TemplateFiles, faults: &mut Faults) -> ByLanguage<Strings> {
    let needed = needed(located);
    let mut sources: Vec<(Language, String, &str, Vec<Message>)> = Vec::new();
    for language in Language::ALL {
        let path = path(language);
        let Some(text) = read(files, &path, faults) else { continue };
        let (messages, errors) = inspect(text);
        for (at, reason) in errors {
            let fix = "Each message is `name = words`; a placeholder is { $name }, with both braces.";
            faults.error(Place { file: &path, text, at }, "", format!("this is not Fluent: {reason}"), fix);
        }
        sources.push((language, path, text, messages));
    }
    let known_anywhere: BTreeSet<&str> =
        sources.iter().flat_map(|(.., messages)| messages.iter().map(|message| message.id.as_str())).collect();
    let mut strings = ByLanguage::new();
    for (language, path, text, messages) in &sources {
        check_messages(*language, path, text, messages, &needed, faults);
        let here: BTreeSet<&str> = messages.iter().map(|message| message.id.as_str()).collect();
        for id in needed.keys().filter(|id| !here.contains(id.as_str())) {
            // The place to add it: after the last line.
            let place = Place { file: path, text, at: text.len() };
            let message = match known_anywhere.contains(id.as_str()) {
                true => format!("the message `{id}` is missing in {language}"),
                false => format!("the message `{id}` is missing"),
            };
            faults.error(place, id, message, format!("Add `{id} = …`{}.", placeholders_of(&needed[id])));
        }
        if let Ok(parsed) = Strings::new(*language, &format!("{text}\n{}", session_strings(*language))) {
            strings.insert(*language, parsed);
        }
    }
    strings
}

fn placeholders_of(placeholders: &BTreeSet<&str>) -> String {
    let list: Vec<String> = placeholders.iter().map(|name| format!("{{ ${name} }}")).collect();
    if list.is_empty() { String::new() } else { format!("; it may use {}", list.join(", ")) }
}

/// Every message the game needs, with the placeholders it may use.
fn needed(located: &Located<'_>) -> BTreeMap<String, BTreeSet<&'static str>> {
    let mut needed: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    let kinds = meaning::kinds(located);
    let of_kinds =
        TrialKind::ALL.into_iter().filter(|kind| kinds.contains(kind.slug())).flat_map(|kind| kind.messages());
    for (id, placeholders) in COMMON_MESSAGES.iter().chain(of_kinds) {
        needed.entry((*id).to_owned()).or_default().extend(*placeholders);
    }
    let named = ["/title", "/description"].into_iter().filter_map(|pointer| located.str(pointer));
    let blocks = located.items("/blocks").iter().filter_map(|block| block.get("instruction")?.as_str());
    for id in named.chain(blocks) {
        needed.entry(id.to_owned()).or_default();
    }
    needed
}

fn check_messages(
    language: Language,
    path: &str,
    text: &str,
    messages: &[Message],
    needed: &BTreeMap<String, BTreeSet<&'static str>>,
    faults: &mut Faults,
) {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for message in messages {
        let id = message.id.as_str();
        let place = |at| Place { file: path, text, at };
        if !seen.insert(id) {
            faults.error(place(message.at), id, "a message of this name is there already", "Take one of the two out.");
        }
        if id.starts_with("session-") {
            let fix = "Call it something else; these lines are the same in every game.";
            faults.error(
                place(message.at),
                id,
                "names beginning with `session-` are kept for lines shared by all games",
                fix,
            );
        }
        match needed.get(id) {
            None if !id.starts_with("session-") => {
                let missing = needed.keys().map(String::as_str).filter(|id| messages.iter().all(|m| m.id != **id));
                let near = super::nearest(id, missing).map(|near| format!("Did you mean `{near}`?"));
                let fix = near.unwrap_or_else(|| "Take it out.".into());
                faults.warn(place(message.at), id, "nothing says this message", fix);
            }
            None => {}
            Some(allowed) => {
                for (name, at) in message.placeholders.iter().filter(|(name, _)| !allowed.contains(name.as_str())) {
                    let fix = match allowed.is_empty() {
                        true => "This message has no placeholders.".to_owned(),
                        false => suggest(name, allowed.iter().copied()),
                    };
                    faults.error(place(*at), id, format!("there is no placeholder `${name}` in this message"), fix);
                }
                let essential = ESSENTIAL.iter().find(|(of, _)| *of == id).map_or(&[][..], |(_, names)| names);
                for name in essential.iter().filter(|name| !message.placeholders.contains_key(**name)) {
                    let fix = format!("Put {{ ${name} }} where it belongs.");
                    faults.error(place(message.at), id, format!("the message says nothing without `${name}`"), fix);
                }
            }
        }
        for (at, words) in &message.words {
            check_words(language, place(*at), id, words, faults);
        }
    }
}

fn check_words(language: Language, place: Place<'_>, id: &str, words: &str, faults: &mut Faults) {
    if let Some(what) = markup(words) {
        faults.error(
            place,
            id,
            format!("there is {what} in this line"),
            "Write plain words; the screen does the drawing.",
        );
    }
    let lower = words.to_lowercase();
    let blaming = BLAMING.iter().find(|(of, _)| *of == language).map_or(&[][..], |(_, list)| list);
    let holds = |word: &&&str| match language {
        Language::ZhCn => lower.contains(**word) && !lower.contains("没错") && !lower.contains("不错"),
        Language::En => crate::wording::names(&lower, word),
    };
    if let Some(word) = blaming.iter().find(holds) {
        let fix = "Say it without blame: what is right, or what helps next.";
        faults.warn(place, id, format!("the word `{word}` blames"), fix);
    }
    if language == Language::ZhCn && words.contains('你') {
        faults.warn(place, id, "an elder is addressed as 你", "Write 您.");
    }
}
