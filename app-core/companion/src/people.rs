//! The people in a patient's life. Memories name them, so names are told apart and links are looked after.
//!
//! What it must never do: give two people the same name, or drop somebody from a memory while another bears that name.

use reme_store::{MemoryFilter, StoreError};
use reme_types::{Memory, Person, PersonId};

use crate::{
    Companion, Conflict, Problem,
    dto::PersonDto,
    form::{NAME_MOST_CHARS, at_most, unique},
    household::ReMeError,
};

/// Most other names of one person [design].
const MOST_ALIASES: usize = 20;

impl Companion {
    /// Everybody, by name.
    ///
    /// # Errors
    /// What the store says.
    pub fn people(&self) -> Result<Vec<PersonDto>, ReMeError> {
        Ok(self.store.people()?.iter().map(person_dto).collect())
    }

    /// Adds somebody.
    ///
    /// # Errors
    /// A name that is empty, too long or taken.
    pub fn add_person(&mut self, input: &PersonDto) -> Result<PersonDto, ReMeError> {
        let id = PersonId::from_uuid(self.store.new_uuid());
        self.put_person(id, input, None)
    }

    /// Changes somebody; memories that name them show the new name.
    ///
    /// # Errors
    /// No such person; a name that is empty, too long or taken.
    pub fn update_person(&mut self, id: &str, input: &PersonDto) -> Result<PersonDto, ReMeError> {
        let old = self.person(id)?;
        self.put_person(old.id, input, Some(&old))
    }

    /// Removes somebody. Memories that named them keep their words; where another person bears the same name as one of their
    /// other names (so two entries for one person were joined), the memories name that person from now on.
    ///
    /// # Errors
    /// No such person.
    pub fn remove_person(&mut self, id: &str) -> Result<(), ReMeError> {
        let gone = self.person(id)?;
        let lower = gone.name.to_lowercase();
        let heir = self
            .store
            .people()?
            .into_iter()
            .find(|p| p.id != gone.id && p.aliases.iter().any(|alias| alias.to_lowercase() == lower));
        let mut named: Vec<Memory> = Vec::new();
        if heir.is_some() {
            for only_deleted in [false, true] {
                let filter = MemoryFilter { person: Some(gone.id), only_deleted, ..MemoryFilter::default() };
                named.extend(self.store.memories(&filter)?);
            }
        }
        self.store.transact(|tx| {
            if let Some(heir) = &heir {
                for memory in &mut named {
                    memory.people.iter_mut().filter(|id| **id == gone.id).for_each(|id| *id = heir.id);
                    let mut seen = Vec::new();
                    memory.people.retain(|id| {
                        !seen.contains(id) && {
                            seen.push(*id);
                            true
                        }
                    });
                    tx.put_memory(memory)?;
                }
            }
            tx.remove_person(gone.id)
        })?;
        Ok(())
    }

    pub(crate) fn person(&self, id: &str) -> Result<Person, ReMeError> {
        let found = match id.parse::<PersonId>() {
            Ok(id) => self.store.people()?.into_iter().find(|p| p.id == id),
            Err(_) => None,
        };
        found.ok_or_else(|| StoreError::NotFound { what: "person", id: String::new() }.into())
    }

    fn put_person(&mut self, id: PersonId, input: &PersonDto, old: Option<&Person>) -> Result<PersonDto, ReMeError> {
        let fits = |text: &str| text.chars().count() <= NAME_MOST_CHARS;
        let refused = |field| ReMeError::Invalid { field, problem: Problem::Length { most: NAME_MOST_CHARS } };
        let (name, relation) = (input.name.trim().to_owned(), input.relation.trim().to_owned());
        if name.is_empty() || !fits(&name) {
            return Err(refused("name"));
        }
        if !fits(&relation) {
            return Err(refused("relation"));
        }
        let mut aliases = unique(input.aliases.iter().cloned());
        aliases.retain(|alias| *alias != name);
        at_most("aliases", aliases.len(), MOST_ALIASES)?;
        if !aliases.iter().all(|alias| fits(alias)) {
            return Err(refused("aliases"));
        }
        let lower = name.to_lowercase();
        if self.store.people()?.iter().any(|p| p.id != id && p.name.to_lowercase() == lower) {
            return Err(Conflict::SameName.into());
        }
        let person = Person { id, name, relation, aliases, photo: old.and_then(|p| p.photo.clone()) };
        self.store.transact(|tx| tx.put_person(&person))?;
        Ok(person_dto(&person))
    }
}

fn person_dto(person: &Person) -> PersonDto {
    PersonDto {
        id: person.id.to_string(),
        name: person.name.clone(),
        relation: person.relation.clone(),
        aliases: person.aliases.clone(),
    }
}
