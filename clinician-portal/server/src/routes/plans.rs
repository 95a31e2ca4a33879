//! The plan: versions, undoing, and where each version has arrived.

use std::{collections::BTreeSet, sync::Arc};

use axum::extract::State;
use jiff::civil::Date;
use reme_sync_protocol::{DoseMessage, GamePlanMessage, PlanMessage};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::me::read_language;
use crate::{
    access::{ChangePlan, OnPatient, ReadPlan},
    app::App,
    catalog,
    error::{ErrorBody, Fault, Problem},
    json::{Json, optional_line},
    tables::plans,
};

/// Games in a plan at most.
const MAX_GAMES: usize = 32;
/// Highest level a template may have; that of a game that ships with ReMe is known.
const MAX_LEVEL: u8 = 20;

/// One prescribed game.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(crate) struct PlanGame {
    /// Slug.
    pub(crate) game: String,
    /// Lowest level the engine may choose.
    pub(crate) min_level: u8,
    /// Highest level the engine may choose.
    pub(crate) max_level: u8,
}

/// One version of a plan.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlanVersion {
    /// Counts up with every change.
    pub(crate) version: u32,
    /// Games in order of preference.
    pub(crate) games: Vec<PlanGame>,
    /// Sessions a week.
    pub(crate) sessions_per_week: u8,
    /// Minutes a session.
    pub(crate) session_minutes: u16,
    /// Minutes a day at most.
    pub(crate) daily_cap_minutes: u16,
    /// Language of the sessions; `null` leaves it as it is on the device.
    pub(crate) language: Option<String>,
    /// First day it holds.
    pub(crate) starts_on: Option<String>,
    /// Last day it holds.
    pub(crate) ends_on: Option<String>,
    /// Who set it.
    pub(crate) set_by: String,
    /// When, milliseconds since 1970.
    pub(crate) set_ms: i64,
    /// Why, in the clinician's words.
    pub(crate) note: String,
}

impl From<plans::Version> for PlanVersion {
    fn from(plans::Version { plan, note }: plans::Version) -> Self {
        let game = |g: GamePlanMessage| PlanGame { game: g.game, min_level: g.min_level, max_level: g.max_level };
        Self {
            version: plan.version,
            games: plan.games.into_iter().map(game).collect(),
            sessions_per_week: plan.dose.sessions_per_week,
            session_minutes: plan.dose.session_minutes,
            daily_cap_minutes: plan.dose.daily_cap_minutes,
            language: plan.language,
            starts_on: plan.starts_on.map(|day| day.to_string()),
            ends_on: plan.ends_on.map(|day| day.to_string()),
            set_by: plan.set_by,
            set_ms: plan.set_ms,
            note,
        }
    }
}

/// How far a version has come on one device.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlanDelivery {
    /// The device.
    pub(crate) device: String,
    /// The version.
    pub(crate) version: i64,
    /// When it was handed to the device, milliseconds since 1970.
    pub(crate) sent_ms: i64,
    /// When the device put it in force, by the device's clock; `null` until then.
    pub(crate) taken_ms: Option<i64>,
    /// When the device said so.
    pub(crate) heard_ms: Option<i64>,
}

/// The plan with its history.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Plans {
    /// Every version, newest first; the first is in force.
    pub(crate) versions: Vec<PlanVersion>,
    /// Deliveries to paired devices, newest version first.
    pub(crate) deliveries: Vec<PlanDelivery>,
}

/// The plan, its history, and where it has arrived.
#[utoipa::path(get, path = "/api/patients/{patient}/plan", tag = "plan", params(("patient" = String, Path)),
    security(("session" = ["plan:read"])), responses((status = 200, body = Plans), (status = 404, body = ErrorBody)))]
pub(crate) async fn get(State(app): State<Arc<App>>, proof: OnPatient<ReadPlan>) -> Result<Json<Plans>, Fault> {
    let versions = plans::history(&app.db, &proof).await?.into_iter().map(PlanVersion::from).collect();
    let delivery = |d: plans::Delivery| PlanDelivery {
        device: d.device,
        version: d.version,
        sent_ms: d.sent_ms,
        taken_ms: d.taken_ms,
        heard_ms: d.heard_ms,
    };
    let deliveries = plans::deliveries(&app.db, &proof).await?.into_iter().map(delivery).collect();
    Ok(Json(Plans { versions, deliveries }))
}

/// A new version of a plan.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct PlanInput {
    /// The version this was made from; 0 for the first. When another is in force by now, nothing is changed.
    pub(crate) based_on: u32,
    /// Games in order of preference, one at least.
    pub(crate) games: Vec<PlanGame>,
    /// 1–7.
    pub(crate) sessions_per_week: u8,
    /// 10–30.
    pub(crate) session_minutes: u16,
    /// At least a session, at most 45.
    pub(crate) daily_cap_minutes: u16,
    /// `en`, `zh-CN` or `null`.
    pub(crate) language: Option<String>,
    /// First day it holds, `YYYY-MM-DD`.
    pub(crate) starts_on: Option<String>,
    /// Last day it holds.
    pub(crate) ends_on: Option<String>,
    /// Why; may be empty. It stays at the clinic.
    #[serde(default)]
    pub(crate) note: String,
}

impl PlanInput {
    fn check(&self, set_ms: i64) -> Result<PlanMessage, Fault> {
        let within =
            |field, holds: bool| if holds { Ok(()) } else { Err(Fault::Invalid { field, problem: Problem::Range }) };
        within("games", (1..=MAX_GAMES).contains(&self.games.len()))?;
        let mut slugs = BTreeSet::new();
        for game in &self.games {
            let slug_fits = !game.game.is_empty()
                && game.game.len() <= 60
                && game.game.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
            if !slug_fits {
                return Err(Fault::Invalid { field: "games.game", problem: Problem::Unknown });
            }
            if !slugs.insert(&game.game) {
                return Err(Fault::Invalid { field: "games.game", problem: Problem::Taken });
            }
            within("games.min_level", (1..=game.max_level).contains(&game.min_level))?;
            let top = catalog::find(&game.game).map_or(MAX_LEVEL, |known| known.levels);
            within("games.max_level", game.max_level <= top)?;
        }
        within("sessions_per_week", (1..=7).contains(&self.sessions_per_week))?;
        within("session_minutes", (10..=30).contains(&self.session_minutes))?;
        within("daily_cap_minutes", (self.session_minutes..=45).contains(&self.daily_cap_minutes))?;
        let (starts_on, ends_on) = (day("starts_on", &self.starts_on)?, day("ends_on", &self.ends_on)?);
        within("ends_on", starts_on.zip(ends_on).is_none_or(|(first, last)| first <= last))?;
        let language = self.language.as_deref().map(|tag| read_language("language", tag)).transpose()?;
        let game =
            |g: &PlanGame| GamePlanMessage { game: g.game.clone(), min_level: g.min_level, max_level: g.max_level };
        Ok(PlanMessage {
            version: 0,
            games: self.games.iter().map(game).collect(),
            dose: DoseMessage {
                sessions_per_week: self.sessions_per_week,
                session_minutes: self.session_minutes,
                daily_cap_minutes: self.daily_cap_minutes,
            },
            language: language.map(|language| language.tag().to_owned()),
            starts_on,
            ends_on,
            set_by: String::new(),
            set_ms,
        })
    }
}

/// A day that was typed, if one was.
fn day(field: &'static str, text: &Option<String>) -> Result<Option<Date>, Fault> {
    let typed = text.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let unknown = |_| Fault::Invalid { field, problem: Problem::Unknown };
    typed.map(|text| text.parse::<Date>().map_err(unknown)).transpose()
}

/// Puts a new version in force.
#[utoipa::path(put, path = "/api/patients/{patient}/plan", tag = "plan", request_body = PlanInput,
    params(("patient" = String, Path)), security(("session" = ["plan:change"])),
    responses((status = 200, body = PlanVersion), (status = 409, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub(crate) async fn put(
    State(app): State<Arc<App>>,
    proof: OnPatient<ChangePlan>,
    Json(typed): Json<PlanInput>,
) -> Result<Json<PlanVersion>, Fault> {
    let note = optional_line("note", &typed.note, 500)?;
    let plan = plans::put(&app.db, &proof, typed.based_on, typed.check(app.now_ms())?, &note).await?;
    Ok(Json(plans::Version { plan, note }.into()))
}

/// Which version to undo.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct Undo {
    /// The version in force.
    pub(crate) version: u32,
}

/// Undoes the version in force: the one before it comes into force again, as a new version.
#[utoipa::path(post, path = "/api/patients/{patient}/plan/undo", tag = "plan", request_body = Undo,
    params(("patient" = String, Path)), security(("session" = ["plan:change"])),
    responses((status = 200, body = PlanVersion), (status = 404, body = ErrorBody), (status = 409, body = ErrorBody)))]
pub(crate) async fn undo(
    State(app): State<Arc<App>>,
    proof: OnPatient<ChangePlan>,
    Json(typed): Json<Undo>,
) -> Result<Json<PlanVersion>, Fault> {
    let versions = plans::history(&app.db, &proof).await?;
    let before = versions.into_iter().find(|v| v.plan.version + 1 == typed.version).ok_or(Fault::NotFound("plan"))?;
    let plan = PlanMessage { set_ms: app.now_ms(), ..before.plan };
    let plan = plans::put(&app.db, &proof, typed.version, plan, &before.note).await?;
    Ok(Json(plans::Version { plan, note: before.note }.into()))
}
