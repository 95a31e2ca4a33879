//! The clinic's list of games.

use std::{collections::BTreeSet, sync::Arc};

use axum::extract::State;
use reme_sync_protocol::GameEntry;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    access::{Allowed, ChangeGames, ReadGames},
    app::App,
    catalog,
    error::{ErrorBody, Fault, Problem},
    json::Json,
    tables::games,
};

/// Games on the list at most.
const MAX_GAMES: usize = 200;

/// A title in both languages.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Title {
    /// English.
    pub(crate) en: String,
    /// Simplified Chinese.
    #[serde(rename = "zh-CN")]
    pub(crate) zh_cn: String,
}

/// One game.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Game {
    /// Slug.
    pub(crate) game: String,
    /// Version of its template.
    pub(crate) template_version: String,
    /// Whether it may be played.
    pub(crate) enabled: bool,
    /// What it is called; `null` for a game that the portal does not know, as are the next two.
    pub(crate) title: Option<Title>,
    /// It has levels 1 to this one.
    pub(crate) levels: Option<u8>,
    /// Minutes it usually takes.
    pub(crate) minutes: Option<u16>,
    /// Domains it trains; empty for a game that the portal does not know.
    pub(crate) domains: Vec<String>,
}

/// The list in force.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Games {
    /// Counts up with every change; 0 when none was published: then every game that ships with ReMe may be played.
    pub(crate) version: u32,
    /// The games.
    pub(crate) games: Vec<Game>,
}

impl From<GameEntry> for Game {
    fn from(entry: GameEntry) -> Self {
        let shipped = catalog::find(&entry.game);
        Self {
            game: entry.game,
            template_version: entry.template_version,
            enabled: entry.enabled,
            title: shipped.map(|s| Title { en: s.title_en.clone(), zh_cn: s.title_zh.clone() }),
            levels: shipped.map(|s| s.levels),
            minutes: shipped.map(|s| s.minutes),
            domains: shipped.map(|s| s.domain.slug().to_owned()).into_iter().collect(),
        }
    }
}

impl From<reme_sync_protocol::GameList> for Games {
    fn from(list: reme_sync_protocol::GameList) -> Self {
        Self { version: list.version, games: list.games.into_iter().map(Game::from).collect() }
    }
}

/// Every game that ships with ReMe, as a list to publish.
pub(crate) fn shipped_entries() -> Vec<GameEntry> {
    let entry = |shipped: &catalog::Shipped| GameEntry {
        game: shipped.slug.into(),
        template_version: shipped.version.clone(),
        enabled: true,
    };
    catalog::shipped().iter().map(entry).collect()
}

/// The clinic's games.
#[utoipa::path(get, path = "/api/games", tag = "games", security(("session" = ["games:read"])),
    responses((status = 200, body = Games)))]
pub(crate) async fn get(State(app): State<Arc<App>>, proof: Allowed<ReadGames>) -> Result<Json<Games>, Fault> {
    let mut list = games::current(&app.db, &proof).await?;
    if list.version == 0 {
        list.games = shipped_entries();
    }
    Ok(Json(list.into()))
}

/// A game of a new list.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct GameChoice {
    /// Slug.
    pub(crate) game: String,
    /// Version of its template.
    pub(crate) template_version: String,
    /// Whether it may be played.
    pub(crate) enabled: bool,
}

/// A new list.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct GamesInput {
    /// The version this was made from.
    pub(crate) based_on: u32,
    /// The games.
    pub(crate) games: Vec<GameChoice>,
}

/// Publishes a new list.
#[utoipa::path(put, path = "/api/games", tag = "games", request_body = GamesInput,
    security(("session" = ["games:change"])),
    responses((status = 200, body = Games), (status = 409, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub(crate) async fn put(
    State(app): State<Arc<App>>,
    proof: Allowed<ChangeGames>,
    Json(typed): Json<GamesInput>,
) -> Result<Json<Games>, Fault> {
    if typed.games.len() > MAX_GAMES {
        return Err(Fault::Invalid { field: "games", problem: Problem::TooLong });
    }
    let name = |text: &str| {
        !text.is_empty() && text.len() <= 60 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.+".contains(&b))
    };
    let mut slugs = BTreeSet::new();
    for game in &typed.games {
        if !name(&game.game) || !name(&game.template_version) {
            return Err(Fault::Invalid { field: "games.game", problem: Problem::Unknown });
        }
        if !slugs.insert(game.game.as_str()) {
            return Err(Fault::Invalid { field: "games.game", problem: Problem::Taken });
        }
    }
    let entry = |g: GameChoice| GameEntry { game: g.game, template_version: g.template_version, enabled: g.enabled };
    let entries = typed.games.into_iter().map(entry).collect();
    Ok(Json(games::put(&app.db, &proof, typed.based_on, entries, app.now_ms()).await?.into()))
}
