//! Check-ins on a patient: seen and written by clinicians and by linked carers.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::patients::Added;
use crate::{
    access::{OnPatient, ReadCheckIns, WriteCheckIns},
    app::App,
    chance, check_in,
    error::{ErrorBody, Fault, Problem},
    json::{Json, text},
    tables::check_ins,
};

/// Longest remark, characters.
const MAX_REMARK: usize = 1_000;

/// A check-in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CheckIn {
    /// Id.
    pub(crate) id: String,
    /// The day it is about.
    pub(crate) day: String,
    /// `gladly`, `as-usual`, `reluctantly`, `not-at-all`, or empty.
    pub(crate) willingness: String,
    /// `good`, `mixed`, `low`, or empty.
    pub(crate) mood: String,
    /// `rested`, `tired`, `very-tired`, or empty.
    pub(crate) tiredness: String,
    /// Help needed to get through a session: `none`, `some`, `much`, or empty.
    pub(crate) help: String,
    /// Whether anything is new: `no`, `yes`, or empty.
    pub(crate) change_seen: String,
    /// In the words of who answered; may be empty.
    pub(crate) remark: String,
    /// Who answered.
    pub(crate) made_by: String,
    /// When, milliseconds since 1970.
    pub(crate) made_ms: i64,
}

/// Check-ins on the patient, newest day first.
#[utoipa::path(get, path = "/api/patients/{patient}/check-ins", tag = "check-ins", params(("patient" = String, Path)),
    security(("session" = ["check-ins:read"])), responses((status = 200, body = [CheckIn]), (status = 404, body = ErrorBody)))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    proof: OnPatient<ReadCheckIns>,
) -> Result<Json<Vec<CheckIn>>, Fault> {
    let shown = check_ins::list(&app.db, &proof).await?.into_iter().map(|c| {
        let [willingness, mood, tiredness, help, change_seen] = c.answers;
        CheckIn {
            id: c.id,
            day: c.day,
            willingness,
            mood,
            tiredness,
            help,
            change_seen,
            remark: c.remark,
            made_by: c.made_by,
            made_ms: c.made_ms,
        }
    });
    Ok(Json(shown.collect()))
}

/// A check-in as answered; a question may stay open, not all of them.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct CheckInInput {
    /// The day it is about, `YYYY-MM-DD`; not in the future.
    pub(crate) day: String,
    /// `gladly`, `as-usual`, `reluctantly`, `not-at-all`, or empty.
    #[serde(default)]
    pub(crate) willingness: String,
    /// `good`, `mixed`, `low`, or empty.
    #[serde(default)]
    pub(crate) mood: String,
    /// `rested`, `tired`, `very-tired`, or empty.
    #[serde(default)]
    pub(crate) tiredness: String,
    /// `none`, `some`, `much`, or empty.
    #[serde(default)]
    pub(crate) help: String,
    /// `no`, `yes`, or empty.
    #[serde(default)]
    pub(crate) change_seen: String,
    /// At most 1 000 characters; may be empty.
    #[serde(default)]
    pub(crate) remark: String,
}

/// Keeps a check-in.
#[utoipa::path(post, path = "/api/patients/{patient}/check-ins", tag = "check-ins", request_body = CheckInInput,
    params(("patient" = String, Path)), security(("session" = ["check-ins:write"])),
    responses((status = 201, body = Added), (status = 404, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub(crate) async fn add(
    State(app): State<Arc<App>>,
    proof: OnPatient<WriteCheckIns>,
    Json(typed): Json<CheckInInput>,
) -> Result<(StatusCode, Json<Added>), Fault> {
    let day: Date = typed.day.trim().parse().map_err(|_| Fault::Invalid { field: "day", problem: Problem::Unknown })?;
    // Somewhere on earth it is tomorrow already.
    let latest = app.clock.now().to_zoned_datetime(jiff::tz::TimeZone::UTC).date().tomorrow().unwrap_or(Date::MAX);
    if day > latest {
        return Err(Fault::Invalid { field: "day", problem: Problem::Range });
    }
    let answers = [typed.willingness, typed.mood, typed.tiredness, typed.help, typed.change_seen];
    for (question, answer) in check_in::QUESTIONS.iter().zip(&answers) {
        if !answer.is_empty() && !question.answers.iter().any(|(code, _)| code == answer) {
            return Err(Fault::Invalid { field: question.field, problem: Problem::Unknown });
        }
    }
    if answers.iter().all(String::is_empty) {
        return Err(Fault::Invalid { field: "willingness", problem: Problem::Empty });
    }
    let remark = match typed.remark.trim() {
        "" => String::new(),
        typed => text("remark", typed, MAX_REMARK)?,
    };
    let (id, made_ms) = (chance::uuid(app.now_ms())?.to_string(), app.now_ms());
    let kept =
        check_ins::CheckIn { id: id.clone(), day: day.to_string(), answers, remark, made_by: String::new(), made_ms };
    check_ins::add(&app.db, &proof, &kept).await?;
    Ok((StatusCode::CREATED, Json(Added { id })))
}
