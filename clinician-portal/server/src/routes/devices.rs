//! A patient's devices, and the codes that pair new ones.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use reme_sync_protocol::PairingCode;
use serde::Serialize;
use utoipa::ToSchema;

use super::id;
use crate::{
    access::{OnPatient, PairDevice, ReadDevices, RemoveDevice},
    app::App,
    chance,
    error::{ErrorBody, Fault},
    json::Json,
    tables::devices,
};

/// A code holds for 15 minutes: long enough to walk to the device, short for a guesser.
const CODE_MS: i64 = 15 * 60 * 1000;

/// A device.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Device {
    /// Id.
    pub(crate) id: String,
    /// Such as `linux-desktop`.
    pub(crate) platform: String,
    /// Version of the app.
    pub(crate) app_version: String,
    /// When it was paired, milliseconds since 1970.
    pub(crate) paired_ms: i64,
    /// When it was last heard.
    pub(crate) seen_ms: i64,
    /// When it was unpaired, if it was.
    pub(crate) unpaired_ms: Option<i64>,
    /// What it says about itself.
    pub(crate) facts: BTreeMap<String, String>,
    /// Kinds of record the patient agreed to send.
    pub(crate) consents: Vec<String>,
}

/// The patient's devices, newest pairing first.
#[utoipa::path(get, path = "/api/patients/{patient}/devices", tag = "devices", params(("patient" = String, Path)),
    security(("session" = ["devices:read"])), responses((status = 200, body = [Device])))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    proof: OnPatient<ReadDevices>,
) -> Result<Json<Vec<Device>>, Fault> {
    let shown = devices::list(&app.db, &proof).await?.into_iter().map(|device| Device {
        id: device.id,
        platform: device.platform,
        app_version: device.app_version,
        paired_ms: device.paired_ms,
        seen_ms: device.seen_ms,
        unpaired_ms: device.revoked_ms,
        facts: device.facts.into_iter().collect(),
        consents: device.consents.into_iter().map(|scope| scope.slug().to_owned()).collect(),
    });
    Ok(Json(shown.collect()))
}

/// A code, shown once.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Code {
    /// To be typed on the device, such as `ABCD-2345`.
    pub(crate) code: String,
    /// Until when it holds, milliseconds since 1970.
    pub(crate) expires_ms: i64,
}

/// Makes a code that pairs one device with the patient; an older unused one stops holding.
#[utoipa::path(post, path = "/api/patients/{patient}/pairing-codes", tag = "devices", params(("patient" = String, Path)),
    security(("session" = ["devices:pair"])), responses((status = 201, body = Code), (status = 404, body = ErrorBody)))]
pub(crate) async fn make_code(
    State(app): State<Arc<App>>,
    proof: OnPatient<PairDevice>,
) -> Result<(StatusCode, Json<Code>), Fault> {
    let code = PairingCode::from_chance(chance::bytes()?);
    let now_ms = app.now_ms();
    devices::add_code(&app.db, &proof, &chance::hash(code.letters()), now_ms, now_ms + CODE_MS).await?;
    Ok((StatusCode::CREATED, Json(Code { code: code.to_string(), expires_ms: now_ms + CODE_MS })))
}

/// Unpairs a device; what it has sent stays.
#[utoipa::path(delete, path = "/api/patients/{patient}/devices/{device}", tag = "devices",
    params(("patient" = String, Path), ("device" = String, Path)), security(("session" = ["devices:remove"])),
    responses((status = 204, description = "Unpaired"), (status = 404, body = ErrorBody)))]
pub(crate) async fn unpair(
    State(app): State<Arc<App>>,
    proof: OnPatient<RemoveDevice>,
    Path(ids): Path<(String, String)>,
) -> Result<StatusCode, Fault> {
    devices::revoke(&app.db, &proof, &id("device", &ids.1)?, app.now_ms()).await?;
    Ok(StatusCode::NO_CONTENT)
}
