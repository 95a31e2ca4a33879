//! Who saw or changed what.

use std::sync::Arc;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    access::{Allowed, OnPatient, ReadAudit, ReadPatientAudit},
    app::App,
    error::{ErrorBody, Fault},
    json::{Json, Query},
    tables::audit::{self, Named},
};

/// Where the page begins.
#[derive(Debug, Deserialize, IntoParams)]
pub(crate) struct BeforeRow {
    /// Only rows before this one.
    pub(crate) before: Option<i64>,
}

/// One row of the log.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditRow {
    /// Number within the clinic's log.
    pub(crate) seq: i64,
    /// When, milliseconds since 1970.
    pub(crate) at_ms: i64,
    /// `account`, `device` or `portal`.
    pub(crate) actor_kind: String,
    /// Id of who acted.
    pub(crate) actor: String,
    /// Name of the account, where it is one.
    pub(crate) name: Option<String>,
    /// Its role.
    pub(crate) role: Option<String>,
    /// What kind of device, where it is one that is still known.
    pub(crate) platform: Option<String>,
    /// What was done: a right such as `training:read`, or `log-in`, `device:push`, ….
    pub(crate) action: String,
    /// Whose data.
    pub(crate) patient: Option<String>,
    /// `allowed`, `denied` or `failed`.
    pub(crate) outcome: String,
    /// Numbers and chosen words.
    pub(crate) detail: String,
    /// Hash of this row and all before it.
    pub(crate) hash: String,
}

impl From<Named> for AuditRow {
    fn from(Named { row, name, role, platform }: Named) -> Self {
        Self {
            seq: row.seq,
            at_ms: row.at_ms,
            actor_kind: row.actor_kind,
            actor: row.actor,
            name,
            role,
            platform,
            action: row.action,
            patient: row.patient,
            outcome: row.outcome,
            detail: row.detail,
            hash: row.hash,
        }
    }
}

/// "Who saw my data": rows about one patient, newest first, two hundred at a time.
#[utoipa::path(get, path = "/api/patients/{patient}/audit", tag = "audit", params(("patient" = String, Path), BeforeRow),
    security(("session" = ["audit:read-patient"])), responses((status = 200, body = [AuditRow]), (status = 404, body = ErrorBody)))]
pub(crate) async fn of_patient(
    State(app): State<Arc<App>>,
    proof: OnPatient<ReadPatientAudit>,
    Query(query): Query<BeforeRow>,
) -> Result<Json<Vec<AuditRow>>, Fault> {
    let rows = audit::of_patient(&app.db, &proof, query.before).await?;
    Ok(Json(rows.into_iter().map(AuditRow::from).collect()))
}

/// The clinic's whole log, newest first, two hundred at a time.
#[utoipa::path(get, path = "/api/audit", tag = "audit", params(BeforeRow), security(("session" = ["audit:read"])),
    responses((status = 200, body = [AuditRow])))]
pub(crate) async fn of_clinic(
    State(app): State<Arc<App>>,
    proof: Allowed<ReadAudit>,
    Query(query): Query<BeforeRow>,
) -> Result<Json<Vec<AuditRow>>, Fault> {
    let rows = audit::of_clinic(&app.db, &proof, query.before).await?;
    Ok(Json(rows.into_iter().map(AuditRow::from).collect()))
}

/// Whether the log is whole.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Chain {
    /// Rows that fit the chain.
    pub(crate) rows: i64,
    /// The first row that does not, or is missing; `null` when the log is whole.
    pub(crate) broken_at: Option<i64>,
}

/// Walks the chain of hashes.
#[utoipa::path(get, path = "/api/audit/chain", tag = "audit", security(("session" = ["audit:read"])),
    responses((status = 200, body = Chain)))]
pub(crate) async fn chain(State(app): State<Arc<App>>, proof: Allowed<ReadAudit>) -> Result<Json<Chain>, Fault> {
    let (rows, broken_at) = audit::verify(&app.db, &proof).await?;
    Ok(Json(Chain { rows, broken_at }))
}
