//! Makes a memory ready to be talked about: questions with what their answers are held against, other names that count, wrong
//! choices of the same kind, the photo.
//!
//! Where in the flow: the store's memories, facts, people and places in; [`MemoryItem`]s for `reme-games` out. What it must
//! never do: take anything from a sensitive or binned memory, not even a wrong choice, or offer a wrong choice that could pass
//! for right.

use reme_conversation::{Question, expected_from, judge, normalise};
use reme_store::Store;
use reme_types::{
    AnswerKind, Expected, FactItem, FactKind, Language, MediaRole, Memory, MemoryFact, MemoryId, MemoryItem,
    MemoryKind, Person, PersonRef, Place, SeededRng, Verdict, When,
};

use super::numbers;
use crate::ReMeError;

/// Wrong choices put beside the right one (the ladder's "choice of 2–3").
const DISTRACTORS: usize = 2;
/// Wrong choices are drawn from this many that look most like the answer, so that length does not give it away [design].
const LOOKALIKES: usize = 6;

/// What of the life log may be trained on, read once.
pub(crate) struct LifeLog {
    memories: Vec<Memory>,
    facts: Vec<MemoryFact>,
    people: Vec<Person>,
    places: Vec<Place>,
    language: Language,
}

impl LifeLog {
    /// Reads everything trainable that happened by `until`.
    pub(crate) fn read(store: &Store, until: When, language: Language) -> Result<Self, ReMeError> {
        let mut memories = store.trainable(until)?;
        memories.retain(|m| m.kind == MemoryKind::Episode && m.happened_at.is_some());
        let facts = store.facts(None)?.into_iter().filter(|f| is_askable(f, language)).collect();
        Ok(Self { memories, facts, people: store.people()?, places: store.places()?, language })
    }

    /// Episodes that may be trained on, oldest first.
    pub(crate) fn memories(&self) -> &[Memory] {
        &self.memories
    }

    /// The askable details of a memory: those somebody has looked at first, otherwise in the order of the note.
    pub(crate) fn facts_of(&self, id: MemoryId) -> Vec<&MemoryFact> {
        let mut facts: Vec<&MemoryFact> = self.facts.iter().filter(|f| f.memory_id == id).collect();
        facts.sort_by_key(|f| !f.confirmed);
        facts
    }

    /// Everybody, for understanding "my daughter".
    pub(crate) fn people(&self) -> Vec<PersonRef> {
        self.people.iter().map(person_ref).collect()
    }

    /// The memory, ready to be talked about; `None` when it may not be.
    pub(crate) fn item(
        &self,
        store: &Store,
        id: MemoryId,
        rng: &mut SeededRng,
    ) -> Result<Option<MemoryItem>, ReMeError> {
        let Some(memory) = self.memories.iter().find(|m| m.id == id) else { return Ok(None) };
        let facts = self.facts_of(id);
        let items = facts
            .iter()
            .map(|fact| {
                let expected = self.expected(fact);
                let distractors = self.distractors(memory, fact, &expected, rng);
                FactItem {
                    id: fact.id,
                    kind: fact.kind,
                    question: fact.question.clone(),
                    expected,
                    meaning_cue: fact.meaning_cue.clone().filter(|cue| !cue.trim().is_empty()),
                    distractors,
                }
            })
            .collect();
        let mut photo = None;
        for media in &memory.media {
            if photo.is_none() && store.rendition(media, MediaRole::Blurred)?.is_some() {
                photo = Some(media.clone());
            }
        }
        let there = |id| self.people.iter().find(|p| p.id == id);
        Ok(Some(MemoryItem {
            id,
            happened_at: memory.happened_at,
            place: memory.place.and_then(|id| self.places.iter().find(|p| p.id == id)).map(|p| p.name.clone()),
            people: memory.people.iter().filter_map(|id| there(*id)).map(person_ref).collect(),
            text: memory.text.clone(),
            photo,
            facts: items,
        }))
    }

    /// What the answer is held against, with every other name of the person or place it names.
    fn expected(&self, fact: &MemoryFact) -> Expected {
        let mut expected =
            expected_from(std::slice::from_ref(&fact.answer), &fact.aliases, &fact.question, self.language);
        expected.kind = match (expected.kind, fact.kind) {
            (AnswerKind::Text, FactKind::Person) => AnswerKind::Person,
            (AnswerKind::Text, FactKind::Place) => AnswerKind::Place,
            (kind, _) => kind,
        };
        let called = |names: Vec<&String>| -> Vec<String> {
            let is_meant = names.iter().any(|n| self.same(n, &fact.answer));
            names.into_iter().filter(|_| is_meant).cloned().collect()
        };
        let people = self.people.iter().flat_map(|p| called(std::iter::once(&p.name).chain(&p.aliases).collect()));
        let places = self.places.iter().flat_map(|p| called(std::iter::once(&p.name).chain(&p.aliases).collect()));
        for name in people.chain(places) {
            if !self.same(&name, &fact.answer) && !expected.aliases.iter().any(|a| self.same(a, &name)) {
                expected.aliases.push(name);
            }
        }
        expected
    }

    /// Answers of the same kind from other memories that cannot pass for right, those that look most like the answer first.
    fn distractors(&self, memory: &Memory, fact: &MemoryFact, expected: &Expected, rng: &mut SeededRng) -> Vec<String> {
        let mut pool: Vec<String> = match expected.kind {
            AnswerKind::Number => numbers::neighbours(&fact.answer, self.language, rng),
            _ => Vec::new(),
        };
        if pool.len() < DISTRACTORS {
            pool.extend(self.others(memory, fact, expected));
            let length = |text: &str| text.chars().count();
            pool.sort_by_key(|other| length(other).abs_diff(length(&fact.answer)));
            pool.dedup_by(|a, b| self.same(a, b));
            pool.truncate(LOOKALIKES);
            rng.shuffle(&mut pool);
        }
        let mut chosen: Vec<String> = Vec::new();
        for other in pool {
            let is_new = !chosen.iter().any(|c| self.same(c, &other));
            if chosen.len() < DISTRACTORS && is_new && self.cannot_pass(memory, fact, expected, &other) {
                chosen.push(other);
            }
        }
        chosen
    }

    fn others(&self, memory: &Memory, fact: &MemoryFact, expected: &Expected) -> Vec<String> {
        let told = |id: MemoryId| self.memories.iter().any(|m| m.id == id);
        let of_kind = |f: &&MemoryFact| f.kind == fact.kind && f.memory_id != memory.id && told(f.memory_id);
        let facts = self.facts.iter().filter(of_kind).filter(|f| self.expected(f).kind == expected.kind);
        let mut pool: Vec<String> = facts.map(|f| f.answer.clone()).collect();
        match fact.kind {
            // Somebody who was there may be right as well.
            FactKind::Person => {
                pool.extend(self.people.iter().filter(|p| !memory.people.contains(&p.id)).map(|p| p.name.clone()));
            }
            FactKind::Place => {
                pool.extend(self.places.iter().filter(|p| memory.place != Some(p.id)).map(|p| p.name.clone()));
            }
            _ => {}
        }
        pool.retain(|other| self.cannot_pass(memory, fact, expected, other));
        pool
    }

    /// Whether nobody could call this answer right, or find it in the note.
    fn cannot_pass(&self, memory: &Memory, fact: &MemoryFact, expected: &Expected, other: &str) -> bool {
        let plain = |text: &str| normalise(text, self.language);
        let people = self.people();
        let question = Question {
            text: &fact.question,
            expected,
            context: Some(&memory.text),
            people: &people,
            language: self.language,
        };
        let verdict = judge(&question, other).verdict;
        let named =
            plain(&memory.text).contains(plain(other).trim()) || plain(&fact.question).contains(plain(other).trim());
        !matches!(verdict, Verdict::Correct | Verdict::Partial) && !named && !other.trim().is_empty()
    }

    /// The same words, but for case, width and a leading article.
    fn same(&self, a: &str, b: &str) -> bool {
        let plain = |text: &str| {
            let text = normalise(text, self.language);
            let text = text.trim();
            let bare = ["the ", "a ", "an ", "my ", "our "].iter().find_map(|article| text.strip_prefix(article));
            bare.unwrap_or(text).trim_matches(|c: char| !c.is_alphanumeric()).to_owned()
        };
        plain(a) == plain(b)
    }
}

/// A question whose words already hold the answer asks nothing.
fn is_askable(fact: &MemoryFact, language: Language) -> bool {
    let (question, answer) = (normalise(&fact.question, language), normalise(&fact.answer, language));
    let (question, answer) = (question.trim(), answer.trim());
    let given_away = match language {
        Language::ZhCn => question.contains(answer),
        Language::En => format!(" {question} ").contains(&format!(" {answer} ")),
    };
    !question.is_empty() && !answer.is_empty() && !given_away
}

fn person_ref(person: &Person) -> PersonRef {
    PersonRef { name: person.name.clone(), relation: person.relation.clone(), aliases: person.aliases.clone() }
}
