//! Finding memories: the carer's list with its filters, and questions put to all of them.
//!
//! What it must never do: leave out sensitive memories (the carer looks after those too), or answer what no memory says.

use reme_retrieval::Query;
use reme_store::MemoryFilter;
use reme_types::{Language, Memory, When};

use crate::{Companion, dto::MemoryDto, finder::Finder, household::ReMeError, names::Names};

/// What a question found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Best first; those in `cited` are always among them.
    pub memories: Vec<MemoryDto>,
    /// A short answer, where the memories say it plainly.
    pub answer: Option<String>,
    /// The ids of the memories the answer rests on.
    pub cited: Vec<String>,
    /// 1 one memory says it, 2 combined, 3 a written rule applied, 4 a habit seen.
    pub level: u8,
    /// Level 3: the rule as it was understood, in the patient's language.
    pub rule_in_words: Option<String>,
    /// Level 4: memories that show the habit, and those that went otherwise.
    pub support: Option<(usize, usize)>,
    /// No memory answers this; `memories` may still hold some that are near.
    pub is_nothing_found: bool,
    /// The patient's language, for the sentence that says so.
    pub language: Language,
}

impl Found {
    /// "I have no memory of that.", where so.
    pub fn nothing_text(&self) -> Option<&'static str> {
        self.is_nothing_found.then_some(match self.language {
            Language::En => "I have no memory of that.",
            Language::ZhCn => "没有找到这方面的记忆。",
        })
    }
}

/// Which memories a list shows; the default is every one that is not in the bin.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MemoryQuery {
    /// Words to find; the best come first then.
    pub words: Option<String>,
    /// With this tag.
    pub tag: Option<String>,
    /// With this person, by name or other name.
    pub person: Option<String>,
    /// Happened on or after its first day.
    pub from: Option<When>,
    /// Happened on or before its last day.
    pub to: Option<When>,
    /// What lies in the bin, instead.
    pub in_bin: bool,
}

impl Companion {
    /// The memories a list shows: the latest event first, or the best first when words are given.
    ///
    /// # Errors
    /// What the store says.
    pub fn list_memories(&self, query: &MemoryQuery) -> Result<Vec<MemoryDto>, ReMeError> {
        let (names, facts) = (Names::of(&self.store)?, self.store.facts(None)?);
        let person = match &query.person {
            None => None,
            Some(name) => match self.store.person_called(name)? {
                Some(person) => Some(person.id),
                None => return Ok(Vec::new()),
            },
        };
        let filter = MemoryFilter {
            tag: query.tag.as_ref().map(|t| t.trim().to_lowercase()),
            person,
            from: query.from,
            to: query.to,
            only_deleted: query.in_bin,
            ..MemoryFilter::default()
        };
        let found = self.store.memories(&filter)?;
        let shown: Vec<&Memory> = match query.words.as_deref().map(str::trim).filter(|w| !w.is_empty()) {
            None => found.iter().collect(),
            // The index leaves out what lies in the bin.
            Some(words) if query.in_bin => {
                let words = words.to_lowercase();
                found.iter().filter(|m| m.text.to_lowercase().contains(&words)).collect()
            }
            Some(words) => {
                let ranked = self.store.search_words(words, u32::MAX)?;
                ranked.iter().filter_map(|(id, _)| found.iter().find(|m| m.id == *id)).collect()
            }
        };
        Ok(shown.into_iter().map(|m| names.dto(m, &facts)).collect())
    }

    /// Memories a question rests on, sensitive ones among them: the carer searches too. `rule` is a written rule to be applied.
    ///
    /// # Errors
    /// What the store says.
    pub fn search(&mut self, question: &str, rule: Option<&str>, limit: usize) -> Result<Found, ReMeError> {
        let patient = self.store.patient()?;
        let now = self.now(&patient);
        let mut finder = match self.finder.take() {
            Some(finder) => finder,
            None => Finder::build(&self.store, self.sentences.as_ref(), patient.language)?,
        };
        let corpus = finder.refresh(&mut self.store, self.sentences.as_ref(), patient.language)?;
        let mut query = Query::new(question, now);
        query.limit = limit;
        query.rule = rule.filter(|rule| !rule.trim().is_empty());
        query.born = patient.born_on;
        query.vector = self.sentences.as_ref().and_then(|sentences| sentences.vector(question));
        let answer = corpus.search(&query);
        self.finder = Some(finder);
        let (names, facts) = (Names::of(&self.store)?, self.store.facts(None)?);
        let mut ids: Vec<&String> = answer.ranked.iter().map(|hit| &hit.id).collect();
        let more: Vec<&String> = answer.cited.iter().filter(|id| !ids.contains(id)).collect();
        ids.extend(more);
        let memories = ids.into_iter().filter_map(|id| self.store.memory(id.parse().ok()?).ok());
        Ok(Found {
            memories: memories.map(|m| names.dto(&m, &facts)).collect(),
            is_nothing_found: answer.is_nothing_found,
            answer: answer.answer,
            cited: answer.cited,
            level: answer.level.number(),
            rule_in_words: answer.rule_in_words,
            support: answer.support.map(|s| (s.with, s.without)),
            language: patient.language,
        })
    }
}
