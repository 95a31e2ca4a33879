//! What the portal knows of the games that ship with ReMe: titles in both languages, levels, domains. Read from the templates
//! themselves, so that no second list can fall behind them.

use std::sync::OnceLock;

use reme_games::{Bundle, builtin_slugs};
use reme_types::{Domain, Language};

/// A game that ships with ReMe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shipped {
    pub(crate) slug: &'static str,
    pub(crate) version: String,
    pub(crate) title_en: String,
    pub(crate) title_zh: String,
    /// 1 to this one.
    pub(crate) levels: u8,
    pub(crate) domain: Domain,
    /// Minutes it usually takes.
    pub(crate) minutes: u16,
}

/// Every game that ships with ReMe, in the order a first plan lists them in.
pub(crate) fn shipped() -> &'static [Shipped] {
    static SHIPPED: OnceLock<Vec<Shipped>> = OnceLock::new();
    SHIPPED.get_or_init(|| {
        let read = |slug| {
            let bundle = Bundle::builtin(slug)?;
            let template = &bundle.template;
            Some(Shipped {
                slug,
                version: template.version.clone(),
                title_en: bundle.title(Language::En),
                title_zh: bundle.title(Language::ZhCn),
                levels: template.top_level(),
                domain: template.domain,
                minutes: template.minutes,
            })
        };
        builtin_slugs().into_iter().filter_map(read).collect()
    })
}

/// The game of that slug, where it ships with ReMe.
pub(crate) fn find(slug: &str) -> Option<&'static Shipped> {
    shipped().iter().find(|game| game.slug == slug)
}

/// A game's title; its slug where it is not known here.
pub(crate) fn title(slug: &str, language: Language) -> &str {
    match (find(slug), language) {
        (Some(game), Language::En) => &game.title_en,
        (Some(game), Language::ZhCn) => &game.title_zh,
        (None, _) => slug,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_game_has_a_title_of_its_own_in_both_languages() {
        assert_eq!(shipped().len(), builtin_slugs().len());
        for game in shipped() {
            assert!(game.levels >= 1 && !game.version.is_empty(), "{game:?}");
            assert_ne!(game.title_en, "title");
            assert!(game.title_zh.chars().all(|c| !c.is_ascii_alphabetic()), "{}", game.title_zh);
        }
        assert_eq!(title("somebody-elses", Language::En), "somebody-elses");
    }
}
