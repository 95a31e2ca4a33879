//! The games there are to play: those that ship with ReMe, and those a clinician wrote.

use std::{collections::BTreeMap, sync::Arc};

use crate::bundle::{Bundle, builtin_slugs};

/// Games by slug, in the order a first plan lists them. Cloned at no cost.
#[derive(Debug, Clone)]
pub struct Library {
    order: Arc<[String]>,
    games: Arc<BTreeMap<String, Arc<Bundle>>>,
}

impl Default for Library {
    /// The games that ship with ReMe.
    fn default() -> Self {
        Self::of(builtin_slugs().into_iter().filter_map(Bundle::builtin).cloned())
    }
}

impl Library {
    /// These games and no others; of two with one slug the later counts, at the place of the earlier.
    pub fn of(games: impl IntoIterator<Item = Bundle>) -> Self {
        let (mut order, mut by_slug): (Vec<String>, BTreeMap<_, _>) = Default::default();
        for bundle in games {
            let slug = bundle.slug().to_owned();
            if by_slug.insert(slug.clone(), Arc::new(bundle)).is_none() {
                order.push(slug);
            }
        }
        Self { order: order.into(), games: Arc::new(by_slug) }
    }

    /// These games too. One with the slug of a game that is here takes its place: a clinician's version of it.
    #[must_use]
    pub fn with(&self, games: impl IntoIterator<Item = Bundle>) -> Self {
        Self::of(self.iter().map(|bundle| (**bundle).clone()).chain(games))
    }

    /// The game of that slug.
    pub fn get(&self, slug: &str) -> Option<&Arc<Bundle>> {
        self.games.get(slug)
    }

    /// All, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Bundle>> {
        self.order.iter().filter_map(|slug| self.games.get(slug))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clinicians_version_takes_the_place_of_the_one_that_ships() {
        let shipped = Library::default();
        let mut own = Bundle::builtin("mental-arithmetic").unwrap().clone();
        own.template.version = "9.0.0".into();
        let mut new = own.clone();
        new.template.id = "market-sums".into();
        let library = shipped.with([own, new]);
        let slugs: Vec<&str> = library.iter().map(|bundle| bundle.slug()).collect();
        assert_eq!(slugs, ["life-recall", "mental-arithmetic", "colour-words", "market-sums"]);
        assert_eq!(library.get("mental-arithmetic").unwrap().template.version, "9.0.0");
        assert_ne!(shipped.get("mental-arithmetic").unwrap().template.version, "9.0.0");
    }
}
