//! Finding memories: the carer's list with its filters, and questions put to all of them.
//!
//! What it must never do: leave out sensitive memories (the carer looks after those too), or answer what no memory says.

use reme_retrieval::{Corpus, Query};
use reme_store::MemoryFilter;
use reme_types::{Memory, When};

use crate::{Companion, dto::MemoryDto, household::ReMeError, names::Names};

/// A memory found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Best first.
    pub memories: Vec<MemoryDto>,
    /// A short answer, where the memories say it plainly.
    pub answer: Option<String>,
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

    /// Memories a question rests on, sensitive ones among them: the carer searches too.
    ///
    /// # Errors
    /// What the store says.
    pub fn search(&self, question: &str, limit: usize) -> Result<Found, ReMeError> {
        let patient = self.store.patient()?;
        let (names, facts) = (Names::of(&self.store)?, self.store.facts(None)?);
        let all = self.store.memories(&MemoryFilter::default())?;
        let corpus = Corpus::new(all.iter().map(|m| names.doc(m)).collect(), patient.language);
        let mut query = Query::new(question, self.now(&patient));
        query.limit = limit;
        let answer = corpus.search(&query);
        let memories = answer
            .ranked
            .iter()
            .filter_map(|hit| all.iter().find(|m| m.id.to_string() == hit.id))
            .map(|m| names.dto(m, &facts))
            .collect();
        Ok(Found { memories, answer: answer.answer })
    }
}
