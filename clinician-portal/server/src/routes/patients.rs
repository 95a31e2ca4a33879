//! Patients: the list with who needs attention and why, particulars, carers, erasure.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use jiff::{civil::Date, tz::TimeZone};
use reme_sync_protocol::PlanMessage;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{id, me::read_language};
use crate::{
    access::{AddPatient, Allowed, ChangePatient, ErasePatient, LinkCarer, ListPatients, OnPatient, ReadPatient},
    app::App,
    chance,
    error::{ErrorBody, Fault, Problem},
    json::{Json, Query, line, optional_line},
    tables::patients::{self, Listed},
};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// Quiet for longer than this needs a look: a week, the unit of the dose.
const QUIET_MS: i64 = 7 * DAY_MS;

/// Words to look for.
#[derive(Debug, Deserialize, IntoParams)]
pub(crate) struct ListQuery {
    /// Part of a name or reference.
    #[serde(default)]
    pub(crate) q: String,
}

/// A patient on the list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PatientRow {
    /// Id.
    pub(crate) id: String,
    /// Name.
    pub(crate) name: String,
    /// Number in the clinic's own record.
    pub(crate) reference: String,
    /// Language of the sessions.
    pub(crate) language: String,
    /// When the last session began, milliseconds since 1970.
    pub(crate) last_session_ms: Option<i64>,
    /// Sessions finished in the last seven days.
    pub(crate) done_this_week: i64,
    /// Sessions a week by plan.
    pub(crate) sessions_per_week: Option<u8>,
    /// Paired devices.
    pub(crate) devices: i64,
    /// When one of them was last heard.
    pub(crate) device_seen_ms: Option<i64>,
    /// Why somebody should look, most pressing first: `no-plan`, `no-device`, `device-quiet`, `no-session-yet`,
    /// `no-session-lately`, `below-dose`.
    pub(crate) attention: Vec<String>,
}

/// Sessions a week by the plan in force.
fn sessions_per_week(listed: &Listed) -> Option<u8> {
    let plan = listed.plan.as_deref().and_then(|json| serde_json::from_str::<PlanMessage>(json).ok());
    plan.map(|plan| plan.dose.sessions_per_week)
}

/// Why somebody should look at this patient.
fn attention(listed: &Listed, sessions_per_week: Option<u8>, now_ms: i64) -> Vec<String> {
    let quiet = |at: Option<i64>| at.is_some_and(|at| now_ms - at > QUIET_MS);
    // Somebody new has a week to begin.
    let settled = now_ms - listed.created_ms > QUIET_MS;
    let reasons = [
        (sessions_per_week.is_none(), "no-plan"),
        (listed.devices == 0, "no-device"),
        (listed.devices > 0 && quiet(listed.device_seen_ms), "device-quiet"),
        (settled && listed.devices > 0 && listed.last_session_ms.is_none(), "no-session-yet"),
        (quiet(listed.last_session_ms), "no-session-lately"),
        (
            settled
                && !quiet(listed.last_session_ms)
                && listed.last_session_ms.is_some()
                && sessions_per_week.is_some_and(|goal| listed.done_this_week < i64::from(goal)),
            "below-dose",
        ),
    ];
    reasons.into_iter().filter(|(holds, _)| *holds).map(|(_, reason)| reason.to_owned()).collect()
}

/// The caller's patients, by name.
#[utoipa::path(get, path = "/api/patients", tag = "patients", params(ListQuery), security(("session" = ["patients:list"])),
    responses((status = 200, body = [PatientRow])))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    proof: Allowed<ListPatients>,
    Query(query): Query<ListQuery>,
) -> Result<Json<Vec<PatientRow>>, Fault> {
    let now_ms = app.now_ms();
    let words = optional_line("q", &query.q, 100)?;
    let rows = patients::list(&app.db, &proof, &words, now_ms - QUIET_MS).await?;
    let shown = rows.into_iter().map(|row| {
        let sessions_per_week = sessions_per_week(&row);
        PatientRow {
            attention: attention(&row, sessions_per_week, now_ms),
            id: row.patient.id,
            name: row.patient.name,
            reference: row.patient.reference,
            language: row.patient.language,
            last_session_ms: row.last_session_ms,
            done_this_week: row.done_this_week,
            sessions_per_week,
            devices: row.devices,
            device_seen_ms: row.device_seen_ms,
        }
    });
    Ok(Json(shown.collect()))
}

/// A patient's particulars as typed.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct PatientInput {
    /// Name.
    pub(crate) name: String,
    /// Number in the clinic's own record; may be empty.
    #[serde(default)]
    pub(crate) reference: String,
    /// Language of the sessions: `en` or `zh-CN`.
    pub(crate) language: String,
    /// IANA name, such as `Europe/London`.
    pub(crate) time_zone: String,
    /// Day of birth, `YYYY-MM-DD`.
    pub(crate) born_on: Option<String>,
}

impl PatientInput {
    fn check(&self, id: String) -> Result<patients::Patient, Fault> {
        let time_zone = line("time_zone", &self.time_zone, 60)?;
        TimeZone::get(&time_zone).map_err(|_| Fault::Invalid { field: "time_zone", problem: Problem::Unknown })?;
        let born_on = self.born_on.as_deref().filter(|text| !text.trim().is_empty());
        let day = |text: &str| text.trim().parse::<Date>().map(|day| day.to_string());
        let born_on = born_on.map(day).transpose();
        Ok(patients::Patient {
            id,
            name: line("name", &self.name, 100)?,
            reference: optional_line("reference", &self.reference, 60)?,
            language: read_language("language", &self.language)?.tag().into(),
            time_zone,
            born_on: born_on.map_err(|_| Fault::Invalid { field: "born_on", problem: Problem::Unknown })?,
        })
    }
}

/// A patient's particulars.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PatientDetail {
    /// Id.
    pub(crate) id: String,
    /// Name.
    pub(crate) name: String,
    /// Number in the clinic's own record.
    pub(crate) reference: String,
    /// Language of the sessions.
    pub(crate) language: String,
    /// IANA name.
    pub(crate) time_zone: String,
    /// Day of birth.
    pub(crate) born_on: Option<String>,
    /// Carers linked to the patient.
    pub(crate) carers: Vec<LinkedCarer>,
    /// Why somebody should look, as on the list.
    pub(crate) attention: Vec<String>,
}

/// A carer linked to a patient.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LinkedCarer {
    /// Id of the account.
    pub(crate) account: String,
    /// Name.
    pub(crate) name: String,
}

/// Something that was added.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Added {
    /// Its id.
    pub(crate) id: String,
}

/// Adds a patient.
#[utoipa::path(post, path = "/api/patients", tag = "patients", request_body = PatientInput,
    security(("session" = ["patients:add"])), responses((status = 201, body = Added), (status = 422, body = ErrorBody)))]
pub(crate) async fn add(
    State(app): State<Arc<App>>,
    proof: Allowed<AddPatient>,
    Json(typed): Json<PatientInput>,
) -> Result<(StatusCode, Json<Added>), Fault> {
    let patient = typed.check(chance::uuid(app.now_ms())?.to_string())?;
    patients::add(&app.db, &proof, &patient, app.now_ms()).await?;
    Ok((StatusCode::CREATED, Json(Added { id: patient.id })))
}

/// A patient's particulars.
#[utoipa::path(get, path = "/api/patients/{patient}", tag = "patients", params(("patient" = String, Path)),
    security(("session" = ["patient:read"])), responses((status = 200, body = PatientDetail), (status = 404, body = ErrorBody)))]
pub(crate) async fn get(
    State(app): State<Arc<App>>,
    proof: OnPatient<ReadPatient>,
) -> Result<Json<PatientDetail>, Fault> {
    let now_ms = app.now_ms();
    let found = patients::one(&app.db, &proof, now_ms - QUIET_MS).await?;
    let carers = patients::carers(&app.db, &proof).await?;
    let attention = attention(&found, sessions_per_week(&found), now_ms);
    let patient = found.patient;
    Ok(Json(PatientDetail {
        attention,
        id: patient.id,
        name: patient.name,
        reference: patient.reference,
        language: patient.language,
        time_zone: patient.time_zone,
        born_on: patient.born_on,
        carers: carers.into_iter().map(|(account, name)| LinkedCarer { account, name }).collect(),
    }))
}

/// Changes a patient's particulars.
#[utoipa::path(put, path = "/api/patients/{patient}", tag = "patients", request_body = PatientInput,
    params(("patient" = String, Path)), security(("session" = ["patient:change"])),
    responses((status = 204, description = "Changed"), (status = 404, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub(crate) async fn change(
    State(app): State<Arc<App>>,
    proof: OnPatient<ChangePatient>,
    Json(typed): Json<PatientInput>,
) -> Result<StatusCode, Fault> {
    let patient = typed.check(proof.patient().into())?;
    patients::change(&app.db, &proof, &patient).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The name once more, so that nobody is erased by a slip.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct Confirm {
    /// The patient's name.
    pub(crate) name: String,
}

/// Erases a patient with all that was sent, planned and noted. The audit log stays and holds ids only.
#[utoipa::path(post, path = "/api/patients/{patient}/erase", tag = "patients", request_body = Confirm,
    params(("patient" = String, Path)), security(("session" = ["patient:erase"])),
    responses((status = 204, description = "Erased"), (status = 404, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub(crate) async fn erase(
    State(app): State<Arc<App>>,
    proof: OnPatient<ErasePatient>,
    Json(typed): Json<Confirm>,
) -> Result<StatusCode, Fault> {
    if patients::get(&app.db, &proof).await?.name != typed.name.trim() {
        return Err(Fault::Invalid { field: "name", problem: Problem::Differs });
    }
    patients::erase(&app.db, &proof).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Links a carer to the patient.
#[utoipa::path(put, path = "/api/patients/{patient}/carers/{account}", tag = "patients",
    params(("patient" = String, Path), ("account" = String, Path)), security(("session" = ["carers:link"])),
    responses((status = 204, description = "Linked"), (status = 404, body = ErrorBody)))]
pub(crate) async fn link_carer(
    State(app): State<Arc<App>>,
    proof: OnPatient<LinkCarer>,
    Path(ids): Path<(String, String)>,
) -> Result<StatusCode, Fault> {
    patients::link_carer(&app.db, &proof, &id("account", &ids.1)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes the link away.
#[utoipa::path(delete, path = "/api/patients/{patient}/carers/{account}", tag = "patients",
    params(("patient" = String, Path), ("account" = String, Path)), security(("session" = ["carers:link"])),
    responses((status = 204, description = "Taken away"), (status = 404, body = ErrorBody)))]
pub(crate) async fn unlink_carer(
    State(app): State<Arc<App>>,
    proof: OnPatient<LinkCarer>,
    Path(ids): Path<(String, String)>,
) -> Result<StatusCode, Fault> {
    patients::unlink_carer(&app.db, &proof, &id("account", &ids.1)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_needs_attention_and_why() {
        const NOW: i64 = 100 * DAY_MS;
        let fine = Listed {
            patient: patients::Patient {
                id: String::new(),
                name: String::new(),
                reference: String::new(),
                language: "en".into(),
                time_zone: "UTC".into(),
                born_on: None,
            },
            created_ms: 0,
            last_session_ms: Some(NOW - DAY_MS),
            done_this_week: 3,
            devices: 1,
            device_seen_ms: Some(NOW - DAY_MS),
            plan: None,
        };
        let old = Some(NOW - 8 * DAY_MS);
        let cases: [(Listed, Option<u8>, &[&str]); 7] = [
            (fine.clone(), Some(3), &[]),
            (fine.clone(), None, &["no-plan"]),
            (Listed { done_this_week: 2, ..fine.clone() }, Some(3), &["below-dose"]),
            (Listed { last_session_ms: old, done_this_week: 0, ..fine.clone() }, Some(3), &["no-session-lately"]),
            (Listed { device_seen_ms: old, ..fine.clone() }, Some(3), &["device-quiet"]),
            (Listed { last_session_ms: None, done_this_week: 0, ..fine.clone() }, Some(3), &["no-session-yet"]),
            (
                Listed { created_ms: NOW - DAY_MS, devices: 0, device_seen_ms: None, last_session_ms: None, ..fine },
                None,
                &["no-plan", "no-device"],
            ),
        ];
        for (listed, goal, expected) in cases {
            assert_eq!(attention(&listed, goal, NOW), expected, "{listed:?}");
        }
    }
}
