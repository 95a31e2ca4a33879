//! Which cues a detail has, and what must not be said while it is open.

use reme_types::{AnswerKind, Cue, Expected, FactItem, FactKind, Language, MediaId, MemoryItem, PhotoCue, PhotoView};
use serde::{Deserialize, Serialize};

use super::Recall;
use crate::action::{ChoiceOption, Stimulus};
use crate::turn::Turn;
use crate::wording;

/// What may be said around a memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Context {
    /// When it was.
    When,
    /// Where it was.
    Place,
    /// Who is part of it.
    People,
}

/// What of a memory's circumstances gives nothing hidden away.
pub(super) struct Known {
    pub(super) when: Option<String>,
    pub(super) place: Option<String>,
    pub(super) people: Option<String>,
}

/// A cue ready to be given.
pub(super) struct Given {
    pub(super) message: &'static str,
    pub(super) args: Vec<(&'static str, String)>,
    pub(super) shows: Option<Stimulus>,
    pub(super) choices: Vec<ChoiceOption>,
}

/// The answer as ReMe says it: the parts as a list in a language, or with commas.
pub(super) fn label(expected: &Expected, language: Option<Language>) -> String {
    match language {
        Some(language) => wording::join(&expected.parts, language),
        None => expected.parts.join(", "),
    }
}

/// Everything that would give the answer away: its wordings, and for a person or place its other names.
pub(super) fn secrets(memory: &MemoryItem, fact: &FactItem) -> Vec<String> {
    let expected = &fact.expected;
    let mut secrets: Vec<String> = expected.parts.iter().chain(&expected.aliases).cloned().collect();
    let is_person = fact.kind == FactKind::Person || expected.kind == AnswerKind::Person;
    for person in &memory.people {
        let names: Vec<String> = person
            .aliases
            .iter()
            .chain([&person.name, &person.relation])
            .filter(|n| !n.trim().is_empty())
            .cloned()
            .collect();
        let is_meant = if is_person {
            names.iter().any(|name| wording::overlaps_any(name, &secrets))
        } else {
            names.iter().any(|name| secrets.contains(name))
        };
        if is_meant {
            secrets.extend(names);
        }
    }
    let is_place = fact.kind == FactKind::Place || expected.kind == AnswerKind::Place;
    if let Some(place) = memory.place.as_ref().filter(|place| is_place && wording::overlaps_any(place, &secrets)) {
        secrets.push(place.clone());
    }
    secrets.retain(|secret| !secret.trim().is_empty());
    secrets
}

/// Whether a text gives an answer away. A numeral of one Chinese character stands in too many other words to be looked for.
fn gives_away(text: &str, memory: &MemoryItem, fact: &FactItem) -> bool {
    wording::names_any(text, &secrets(memory, fact))
}

/// Indices of the facts that can be asked, in an order in which no question and no answer told names an answer still
/// open. A fact that gives itself away, or that closes a circle with others, is left out.
pub(super) fn asking_order(memory: &MemoryItem) -> Vec<usize> {
    let usable = |fact: &FactItem| {
        let answered = fact.expected.parts.iter().any(|part| !part.trim().is_empty());
        answered && !fact.question.trim().is_empty() && !gives_away(&fact.question, memory, fact)
    };
    let mut chosen: Vec<usize> = Vec::new();
    for (index, fact) in memory.facts.iter().enumerate() {
        if !usable(fact) || chosen.iter().any(|other| memory.facts[*other].id == fact.id) {
            continue;
        }
        chosen.push(index);
        if in_order(memory, &chosen).is_none() {
            chosen.pop();
        }
    }
    in_order(memory, &chosen).unwrap_or_default()
}

fn in_order(memory: &MemoryItem, chosen: &[usize]) -> Option<Vec<usize>> {
    let names = |a: &FactItem, b: &FactItem| {
        let told = label(&a.expected, None);
        gives_away(&a.question, memory, b) || gives_away(&told, memory, b)
    };
    let mut left: Vec<usize> = chosen.to_vec();
    let mut order = Vec::new();
    while !left.is_empty() {
        let free =
            left.iter().position(|a| left.iter().all(|b| a == b || !names(&memory.facts[*a], &memory.facts[*b])))?;
        order.push(left.remove(free));
    }
    Some(order)
}

pub(super) fn photo_cue(photo: &MediaId, view: PhotoView) -> PhotoCue {
    PhotoCue { media_id: photo.clone(), view }
}

impl Recall {
    /// The circumstances that name no hidden answer. While a time is asked for, no time is said at all.
    pub(super) fn known(&self, memory: &MemoryItem, hidden: &[String], language: Language) -> Known {
        let safe = |text: &String| !text.trim().is_empty() && !wording::overlaps_any(text, hidden);
        let people: Vec<String> = memory.people.iter().map(|person| person.name.clone()).filter(safe).collect();
        let asks_time = self.asked_for().any(|i| {
            let fact = self.fact(memory, i);
            fact.kind == FactKind::Time || fact.expected.kind == AnswerKind::Date
        });
        let when = memory.happened_at.filter(|_| !asks_time).map(|when| wording::when_label(when, language));
        Known {
            when: when.filter(safe),
            place: memory.place.clone().filter(safe),
            people: Some(wording::join(&people, language)).filter(|people| !people.is_empty()),
        }
    }

    /// The cue of this rung for a detail, or `None` where the rung does not apply. Rung 0 and 7 are no cues.
    pub(super) fn cue(&self, turn: &mut Turn<'_>, memory: &MemoryItem, item: usize, cue: Cue) -> Option<Given> {
        let fact = self.fact(memory, item);
        let hidden = self.hidden(memory);
        let language = turn.state.setup.language;
        let given = |message, args| Given { message, args, shows: None, choices: Vec::new() };
        match cue {
            Cue::Free | Cue::Told => None,
            Cue::Context => {
                let known = self.known(memory, &hidden, language);
                let new = |context: Context, text: Option<String>| text.filter(|_| self.opened_with != Some(context));
                let when = new(Context::When, known.when);
                match (when, new(Context::People, known.people), new(Context::Place, known.place)) {
                    (Some(when), Some(people), _) => {
                        Some(given("cue-when-people", vec![("when", when), ("people", people)]))
                    }
                    (None, Some(people), _) => Some(given("cue-people", vec![("people", people)])),
                    (Some(when), None, _) => Some(given("cue-when", vec![("when", when)])),
                    (None, None, Some(place)) => Some(given("cue-place", vec![("place", place)])),
                    (None, None, None) => None,
                }
            }
            Cue::Meaning => {
                let hint = fact.meaning_cue.as_deref()?.trim().trim_end_matches(['.', '。', '!', '！']).to_owned();
                let safe = !hint.is_empty() && !wording::names_any(&hint, &hidden);
                safe.then(|| given("cue-meaning", vec![("hint", hint)]))
            }
            Cue::FirstSound => {
                let missing = self.missing_part(&fact.expected, item)?;
                let start = wording::first_sound(missing)?;
                (!wording::names_any(&start, &hidden)).then(|| given("cue-first", vec![("start", start)]))
            }
            Cue::BlurredPhoto | Cue::WholePhoto => {
                let view = cue.photo()?;
                let photo = memory.photo.as_ref()?;
                let message = if view == PhotoView::Blurred { "cue-blurred" } else { "cue-photo" };
                let shows = Some(Stimulus::Photo(photo_cue(photo, view)));
                Some(Given { shows, ..given(message, Vec::new()) })
            }
            Cue::Choice => {
                let choices = self.choices(turn, memory, item)?;
                Some(Given { choices, ..given("cue-choice", Vec::new()) })
            }
        }
    }

    /// The first part not yet named.
    fn missing_part<'m>(&self, expected: &'m Expected, item: usize) -> Option<&'m str> {
        if matches!(expected.kind, AnswerKind::Number | AnswerKind::Date | AnswerKind::Sequence | AnswerKind::Steps) {
            return None;
        }
        let named = |part: usize| self.items[item].parts.iter().any(|p| usize::from(*p) == part);
        expected.parts.iter().enumerate().find(|(part, _)| !named(*part)).map(|(_, text)| text.as_str())
    }

    /// The answer among two others, in an order by chance; `None` with fewer than two others that fit.
    fn choices(&self, turn: &mut Turn<'_>, memory: &MemoryItem, item: usize) -> Option<Vec<ChoiceOption>> {
        let fact = self.fact(memory, item);
        let language = turn.state.setup.language;
        let right = label(&fact.expected, Some(language));
        let own = secrets(memory, fact);
        let others: Vec<String> =
            self.open_items().filter(|i| *i != item).flat_map(|i| secrets(memory, self.fact(memory, i))).collect();
        if fact.expected.kind == AnswerKind::IdeaUnits || wording::names_any(&right, &others) {
            return None;
        }
        let mut labels: Vec<String> = Vec::new();
        for distractor in &fact.distractors {
            let text = distractor.trim().to_owned();
            let fits = !text.is_empty()
                && !wording::overlaps_any(&text, &own)
                && !wording::overlaps_any(&text, &others)
                && !labels.contains(&text);
            if fits && labels.len() < 2 {
                labels.push(text);
            }
        }
        if labels.len() < 2 {
            return None;
        }
        labels.push(right);
        turn.state.rng.shuffle(&mut labels);
        Some(labels.into_iter().map(|label| ChoiceOption { value: label.clone(), label, swatch: None }).collect())
    }
}
