//! What the patient has trained: sessions down to single trials, adherence, trends.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
};
use jiff::civil::Date;
use reme_assessment::Direction;
use reme_sync_protocol::Collection;
use reme_types::RecordId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::id;
use crate::{
    access::{OnPatient, ReadTraining, RemoveTraining},
    app::App,
    chance,
    error::{ErrorBody, Fault, Problem},
    export::session_note,
    headers::language,
    json::{Json, Query},
    tables::{ingest, sessions, trials},
};

/// Sessions in one answer of trends at most: three years of one every day.
const MAX_TREND_SESSIONS: i64 = 1_100;
/// Days of adherence in one answer at most.
const MAX_DAYS: i64 = 800;

/// A session.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Session {
    /// Id.
    pub(crate) id: String,
    /// The device it was played on.
    pub(crate) device: String,
    /// `running`, `done` or `stopped`.
    pub(crate) state: String,
    /// The clinic's plan version it followed; 0 for a plan set at home.
    pub(crate) plan_version: i64,
    /// When it began, milliseconds since 1970.
    pub(crate) started_ms: i64,
    /// When it ended.
    pub(crate) ended_ms: Option<i64>,
    /// Seconds played.
    pub(crate) seconds: i64,
    /// The patient's local day.
    pub(crate) day: String,
    /// Slugs of the games played.
    pub(crate) games: Vec<String>,
    /// Trials that count.
    pub(crate) trials: i64,
}

impl From<sessions::Session> for Session {
    fn from(s: sessions::Session) -> Self {
        Self {
            id: s.id,
            device: s.device,
            state: s.state,
            plan_version: s.plan_version,
            started_ms: s.started_ms,
            ended_ms: s.ended_ms,
            seconds: s.seconds,
            day: s.day,
            games: s.games,
            trials: s.trials,
        }
    }
}

/// Where the page begins.
#[derive(Debug, Deserialize, IntoParams)]
pub(crate) struct Before {
    /// Only sessions begun before this, milliseconds since 1970.
    pub(crate) before_ms: Option<i64>,
}

/// Sessions, newest first, fifty at a time.
#[utoipa::path(get, path = "/api/patients/{patient}/sessions", tag = "training", params(("patient" = String, Path), Before),
    security(("session" = ["training:read"])), responses((status = 200, body = [Session]), (status = 404, body = ErrorBody)))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    proof: OnPatient<ReadTraining>,
    Query(query): Query<Before>,
) -> Result<Json<Vec<Session>>, Fault> {
    let found = sessions::list(&app.db, &proof, query.before_ms).await?;
    Ok(Json(found.into_iter().map(Session::from).collect()))
}

/// One trial.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Trial {
    /// Id.
    pub(crate) id: String,
    /// Number within the session.
    pub(crate) seq: i64,
    /// Which game of the session, 0-based.
    pub(crate) block: i64,
    /// The game's slug.
    pub(crate) game: String,
    /// Trial kind.
    pub(crate) kind: String,
    /// Domain.
    pub(crate) domain: String,
    /// Level, 1 = easiest.
    pub(crate) level: i64,
    /// Practice trials never count.
    pub(crate) practice: bool,
    /// `correct`, `partial`, `incorrect` or `no_answer`.
    pub(crate) verdict: String,
    /// 0–1.
    pub(crate) score: f64,
    /// 0–7, for laddered trials.
    pub(crate) rung: Option<i64>,
    /// Milliseconds from stimulus to answer.
    pub(crate) rt_ms: Option<i64>,
    /// How the answer came in.
    pub(crate) input: String,
    /// On what the match rests; `model` never counts.
    pub(crate) matched_by: String,
    /// 0–1.
    pub(crate) confidence: f64,
    /// When it was decided, milliseconds since 1970.
    pub(crate) at_ms: i64,
}

/// A session with its trials.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SessionDetail {
    /// The session.
    pub(crate) session: Session,
    /// Its trials, in order.
    pub(crate) trials: Vec<Trial>,
}

/// A session down to its single trials.
#[utoipa::path(get, path = "/api/patients/{patient}/sessions/{session}", tag = "training",
    params(("patient" = String, Path), ("session" = String, Path)), security(("session" = ["training:read"])),
    responses((status = 200, body = SessionDetail), (status = 404, body = ErrorBody)))]
pub(crate) async fn get(
    State(app): State<Arc<App>>,
    proof: OnPatient<ReadTraining>,
    Path(ids): Path<(String, String)>,
) -> Result<Json<SessionDetail>, Fault> {
    let session = sessions::get(&app.db, &proof, &id("session", &ids.1)?).await?;
    let trials = trials::of_session(&app.db, &proof, &session.id).await?;
    let shown = trials.into_iter().map(|t| Trial {
        id: t.id,
        seq: t.seq,
        block: t.block,
        game: t.game,
        kind: t.kind,
        domain: t.domain,
        level: t.level,
        practice: t.practice,
        verdict: t.verdict,
        score: t.score,
        rung: t.rung,
        rt_ms: t.rt_ms,
        input: t.input,
        matched_by: t.matched_by,
        confidence: t.confidence,
        at_ms: t.at_ms,
    });
    Ok(Json(SessionDetail { session: session.into(), trials: shown.collect() }))
}

/// A text to paste into the clinic's record.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SessionNote {
    /// Plain text, a few lines.
    pub(crate) text: String,
}

/// A note on one session, in the language of `Accept-Language`.
#[utoipa::path(get, path = "/api/patients/{patient}/sessions/{session}/note", tag = "training",
    params(("patient" = String, Path), ("session" = String, Path)), security(("session" = ["training:read"])),
    responses((status = 200, body = SessionNote), (status = 404, body = ErrorBody)))]
pub(crate) async fn note(
    State(app): State<Arc<App>>,
    proof: OnPatient<ReadTraining>,
    Path(ids): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Json<SessionNote>, Fault> {
    let session = sessions::get(&app.db, &proof, &id("session", &ids.1)?).await?;
    let trials = trials::of_session(&app.db, &proof, &session.id).await?;
    Ok(Json(SessionNote { text: session_note(&session, &trials, language(&headers)) }))
}

/// Takes a session with its trials away: somebody else played it.
#[utoipa::path(delete, path = "/api/patients/{patient}/sessions/{session}", tag = "training",
    params(("patient" = String, Path), ("session" = String, Path)), security(("session" = ["training:remove"])),
    responses((status = 204, description = "Taken away"), (status = 404, body = ErrorBody)))]
pub(crate) async fn remove_session(
    State(app): State<Arc<App>>,
    proof: OnPatient<RemoveTraining>,
    Path(ids): Path<(String, String)>,
) -> Result<StatusCode, Fault> {
    remove(&app, &proof, Collection::Sessions, &id("session", &ids.1)?).await
}

/// Takes a single trial away.
#[utoipa::path(delete, path = "/api/patients/{patient}/trials/{trial}", tag = "training",
    params(("patient" = String, Path), ("trial" = String, Path)), security(("session" = ["training:remove"])),
    responses((status = 204, description = "Taken away"), (status = 404, body = ErrorBody)))]
pub(crate) async fn remove_trial(
    State(app): State<Arc<App>>,
    proof: OnPatient<RemoveTraining>,
    Path(ids): Path<(String, String)>,
) -> Result<StatusCode, Fault> {
    remove(&app, &proof, Collection::Trials, &id("trial", &ids.1)?).await
}

async fn remove(
    app: &App,
    proof: &OnPatient<RemoveTraining>,
    collection: Collection,
    row: &str,
) -> Result<StatusCode, Fault> {
    let now_ms = app.now_ms();
    let record_id = || chance::uuid(now_ms).map(RecordId::from_uuid);
    let removed = ingest::remove(&app.db, proof, collection, row, record_id, now_ms).await?;
    if removed == 0 { Err(Fault::NotFound("session")) } else { Ok(StatusCode::NO_CONTENT) }
}

fn read_day(field: &'static str, text: &str) -> Result<Date, Fault> {
    // A year before 0 or beyond 9999 is written in another way, which does not sort.
    let day = text.parse::<Date>().ok().filter(|day| (0..=9999).contains(&day.year()));
    day.ok_or(Fault::Invalid { field, problem: Problem::Unknown })
}

/// Which days.
#[derive(Debug, Deserialize, IntoParams)]
pub(crate) struct Days {
    /// First day, `YYYY-MM-DD`.
    pub(crate) from: String,
    /// Last day.
    pub(crate) to: String,
}

/// Planned and done on one day.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AdherenceDay {
    /// The day.
    pub(crate) day: String,
    /// Sessions a week by the plan in force that day.
    pub(crate) sessions_per_week: i64,
    /// Sessions begun.
    pub(crate) begun: i64,
    /// Sessions finished.
    pub(crate) done: i64,
    /// Seconds played.
    pub(crate) seconds: i64,
}

/// Adherence day by day; days on which nothing was sent are missing.
#[utoipa::path(get, path = "/api/patients/{patient}/adherence", tag = "training", params(("patient" = String, Path), Days),
    security(("session" = ["training:read"])), responses((status = 200, body = [AdherenceDay]), (status = 422, body = ErrorBody)))]
pub(crate) async fn adherence(
    State(app): State<Arc<App>>,
    proof: OnPatient<ReadTraining>,
    Query(query): Query<Days>,
) -> Result<Json<Vec<AdherenceDay>>, Fault> {
    let (from, to) = (read_day("from", &query.from)?, read_day("to", &query.to)?);
    let days = from.until(to).map_or(i64::MAX, |span| i64::from(span.get_days()));
    if !(0..MAX_DAYS).contains(&days) {
        return Err(Fault::Invalid { field: "to", problem: Problem::Range });
    }
    let found = sessions::adherence(&app.db, &proof, &from.to_string(), &to.to_string()).await?;
    let shown = found.into_iter().map(|d| AdherenceDay {
        day: d.day,
        sessions_per_week: d.sessions_per_week,
        begun: d.begun,
        done: d.done,
        seconds: d.seconds,
    });
    Ok(Json(shown.collect()))
}

/// Success in one session.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Point {
    /// The session.
    pub(crate) session: String,
    /// Its day.
    pub(crate) day: String,
    /// Success rate, 0–1.
    pub(crate) success: f64,
    /// Lower end of the 90 % interval.
    pub(crate) low: f64,
    /// Upper end.
    pub(crate) high: f64,
    /// Trials behind it.
    pub(crate) trials: u32,
    /// Mean rung of the laddered ones; lower is better.
    pub(crate) mean_rung: Option<f64>,
}

/// One domain over time.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Trend {
    /// The domain's slug.
    pub(crate) domain: String,
    /// `too-early`, `rising`, `steady` or `falling`: a description of training, never a verdict on health.
    pub(crate) direction: String,
    /// Sessions in order of time.
    pub(crate) points: Vec<Point>,
}

/// Trends and the rung profile.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Trends {
    /// Per domain.
    pub(crate) domains: Vec<Trend>,
    /// How many counting trials were answered at rung 0–7.
    pub(crate) rungs: Vec<i64>,
}

/// A stretch of days, open at either end.
#[derive(Debug, Deserialize, IntoParams)]
pub(crate) struct Period {
    /// First day, `YYYY-MM-DD`; without it from the beginning.
    pub(crate) from: Option<String>,
    /// Last day; without it to the end.
    pub(crate) to: Option<String>,
}

/// Success over sessions, per domain, with intervals; and at which rung answers came. Directions and rungs speak of the days
/// asked for only; of more than 1 100 sessions, of the newest so many.
#[utoipa::path(get, path = "/api/patients/{patient}/trends", tag = "training", params(("patient" = String, Path), Period),
    security(("session" = ["training:read"])),
    responses((status = 200, body = Trends), (status = 404, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub(crate) async fn trends(
    State(app): State<Arc<App>>,
    proof: OnPatient<ReadTraining>,
    Query(query): Query<Period>,
) -> Result<Json<Trends>, Fault> {
    let from = query.from.as_deref().map(|text| read_day("from", text)).transpose()?;
    let to = query.to.as_deref().map(|text| read_day("to", text)).transpose()?;
    if from.zip(to).is_some_and(|(from, to)| from > to) {
        return Err(Fault::Invalid { field: "to", problem: Problem::Range });
    }
    let (from, to) = (from.map(|day| day.to_string()), to.map(|day| day.to_string()));
    let direction = |d| match d {
        Direction::TooEarly => "too-early",
        Direction::Rising => "rising",
        Direction::Steady => "steady",
        Direction::Falling => "falling",
    };
    let point = |p: reme_assessment::SessionPoint| Point {
        session: p.session_id.to_string(),
        day: p.date.to_string(),
        success: p.success,
        low: p.low,
        high: p.high,
        trials: p.trials,
        mean_rung: p.mean_rung,
    };
    let (found, rungs) = trials::trends(&app.db, &proof, from.as_deref(), to.as_deref(), MAX_TREND_SESSIONS).await?;
    let domains = found.into_iter().map(|t| Trend {
        domain: t.domain.slug().into(),
        direction: direction(t.direction).into(),
        points: t.points.into_iter().map(point).collect(),
    });
    Ok(Json(Trends { domains: domains.collect(), rungs: rungs.to_vec() }))
}
