//! The devices' routes. Bodies are those of `reme-sync-protocol`; the API description shows them as plain objects.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{FromRequest, Request, State},
};
use reme_sync_protocol::{
    AckOutcome, Cursor, Digest, Envelope, Hello, HelloAnswer, MAX_BATCH_RECORDS, PROTOCOL_VERSION, PairAnswer,
    PairRequest, PlanReceipt, PullAnswer, PushAnswer, Refusal, RowKey, RowsPage,
};
use serde::Deserialize;

use super::{SignedBy, caller, check_signature};
use crate::{
    app::App,
    audit::Entry,
    chance,
    error::{ErrorBody, Fault},
    json::{Json, parse, too_large},
    tables::{devices, games, ingest, plans},
};

/// Consents a device may name.
const MAX_CONSENTS: usize = 64;

fn entry(device: &str, clinic: &str, patient: &str, action: &'static str, now_ms: i64, detail: String) -> Entry {
    Entry {
        clinic: clinic.into(),
        at_ms: now_ms,
        actor_kind: "device",
        actor: device.into(),
        action,
        patient: Some(patient.into()),
        outcome: "allowed",
        detail,
    }
}

fn entry_of<T>(signed: &SignedBy<T>, app: &App, action: &'static str, detail: String) -> Entry {
    let known = &signed.known;
    entry(&signed.device.to_string(), &known.clinic, &known.patient, action, app.now_ms(), detail)
}

fn short_name(field: &str, text: &str) -> Result<(), Fault> {
    let fits = !text.is_empty() && text.len() <= 80 && text.bytes().all(|b| b.is_ascii_graphic());
    let refusal = || Refusal::Invalid { field: field.into(), problem: "is no short name".into() };
    if fits { Ok(()) } else { Err(Fault::Device(refusal())) }
}

fn few_consents(count: usize) -> Result<(), Fault> {
    let refusal = || Refusal::Invalid { field: "consents".into(), problem: "are more than 64".into() };
    if count <= MAX_CONSENTS { Ok(()) } else { Err(Fault::Device(refusal())) }
}

/// Pairs a device with the patient of a one-time code.
#[utoipa::path(post, path = "/api/device/pair", tag = "device", request_body = Object, security(()),
    responses((status = 200, description = "Paired", body = Object), (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody), (status = 410, body = ErrorBody)))]
pub(crate) async fn pair(State(app): State<Arc<App>>, request: Request) -> Result<Json<PairAnswer>, Fault> {
    let (parts, body) = request.into_parts();
    app.throttle.take("pair", &caller(&app, &parts), app.config.limits.door, app.now_ms())?;
    let body = Bytes::from_request(Request::from_parts(parts.clone(), body), &app).await.map_err(|r| too_large(&r))?;
    let request: PairRequest = parse(&body)?;
    let device = super::signed::device(&parts.headers)?;
    if device != request.device {
        return Err(Fault::Device(Refusal::Signature));
    }
    // Signed with the key it brings: whoever pairs holds that key.
    check_signature(&parts, &body, device, &request.public_key, app.now_ms())?;
    short_name("platform", &request.platform)?;
    short_name("app_version", &request.app_version)?;
    few_consents(request.consents.len())?;
    let code_hash = chance::hash(request.code.letters());
    let paired = devices::pair(&app.db, &request, &code_hash, app.now_ms()).await?;
    let id = device.to_string();
    app.audit.record(entry(&id, &paired.clinic, &paired.patient, "device:pair", app.now_ms(), String::new())).await?;
    Ok(Json(PairAnswer { clinic: paired.clinic_name, patient: paired.patient_name, server_ms: app.now_ms() }))
}

/// The first words of a sync.
#[utoipa::path(post, path = "/api/device/hello", tag = "device", request_body = Object, security(("device" = [])),
    responses((status = 200, description = "Heard", body = Object), (status = 426, body = ErrorBody)))]
pub(crate) async fn hello(State(app): State<Arc<App>>, signed: SignedBy<Hello>) -> Result<Json<HelloAnswer>, Fault> {
    let hello = &signed.body;
    if hello.protocol != PROTOCOL_VERSION {
        return Err(Fault::Device(Refusal::Protocol { needed: PROTOCOL_VERSION }));
    }
    short_name("app_version", &hello.app_version)?;
    few_consents(hello.consents.len())?;
    let (id, now_ms) = (signed.device.to_string(), app.now_ms());
    let highest = devices::hello(&app.db, &signed.known, &id, &hello.app_version, &hello.consents, now_ms).await?;
    Ok(Json(HelloAnswer { server_ms: now_ms, highest }))
}

/// A batch of records.
#[derive(Debug, Deserialize)]
pub(crate) struct Push {
    batch: Vec<Envelope>,
}

/// Takes a batch of records; all that is acknowledged is on disk.
#[utoipa::path(post, path = "/api/device/push", tag = "device", request_body = Object, security(("device" = [])),
    responses((status = 200, description = "What became of each record", body = Object), (status = 413, body = ErrorBody)))]
pub(crate) async fn push(State(app): State<Arc<App>>, signed: SignedBy<Push>) -> Result<Json<PushAnswer>, Fault> {
    if signed.body.batch.len() > MAX_BATCH_RECORDS {
        return Err(Fault::Device(Refusal::TooLarge));
    }
    let acks = ingest::push(&app.db, &signed.known, signed.device, &signed.body.batch, app.now_ms()).await?;
    let mut counts = [0usize; 4];
    for ack in &acks {
        let (at, name) = match ack.outcome {
            AckOutcome::Stored => (0, "stored"),
            AckOutcome::Duplicate => (1, "duplicate"),
            AckOutcome::Superseded(_) => (2, "superseded"),
            AckOutcome::Refused(_) => (3, "refused"),
        };
        counts[at] += 1;
        app.metrics.record(name);
    }
    let [stored, duplicate, superseded, refused] = counts;
    if stored + refused > 0 {
        let detail = format!("stored={stored} duplicate={duplicate} superseded={superseded} refused={refused}");
        app.audit.record(entry_of(&signed, &app, "device:push", detail)).await?;
    }
    Ok(Json(PushAnswer { acks }))
}

/// Where a pull goes on.
#[derive(Debug, Deserialize)]
pub(crate) struct Pull {
    cursor: Cursor,
}

/// Plan, games and deletions for a device.
#[utoipa::path(post, path = "/api/device/pull", tag = "device", request_body = Object, security(("device" = [])),
    responses((status = 200, description = "What is new", body = Object)))]
pub(crate) async fn pull(State(app): State<Arc<App>>, signed: SignedBy<Pull>) -> Result<Json<PullAnswer>, Fault> {
    let (id, known) = (signed.device.to_string(), &signed.known);
    app.audit.record(entry_of(&signed, &app, "device:pull", String::new())).await?;
    let plan = plans::for_device(&app.db, known, &id, app.now_ms()).await?;
    let games = games::of_clinic(&app.db, &known.clinic).await?;
    let (tombstones, cursor, more) = ingest::tombstones(&app.db, known, &id, signed.body.cursor).await?;
    Ok(Json(PullAnswer { plan, games, tombstones, cursor, more }))
}

/// The device has put a plan in force.
#[utoipa::path(post, path = "/api/device/plan-taken", tag = "device", request_body = Object, security(("device" = [])),
    responses((status = 200, description = "Noted", body = Object)))]
pub(crate) async fn plan_taken(
    State(app): State<Arc<App>>,
    signed: SignedBy<PlanReceipt>,
) -> Result<Json<serde_json::Value>, Fault> {
    let detail = format!("version={}", signed.body.version);
    app.audit.record(entry_of(&signed, &app, "device:plan-taken", detail)).await?;
    let id = signed.device.to_string();
    plans::taken(&app.db, &signed.known, &id, signed.body, app.now_ms()).await?;
    Ok(Json(serde_json::json!({})))
}

/// A request with nothing to say.
#[derive(Debug, Deserialize)]
pub(crate) struct Nothing {}

/// The fingerprint of a device's rows.
#[utoipa::path(post, path = "/api/device/digest", tag = "device", request_body = Object, security(("device" = [])),
    responses((status = 200, description = "The fingerprint", body = Object)))]
pub(crate) async fn digest(State(app): State<Arc<App>>, signed: SignedBy<Nothing>) -> Result<Json<Digest>, Fault> {
    let Nothing {} = signed.body;
    Ok(Json(devices::digest(&app.db, &signed.known, &signed.device.to_string()).await?))
}

/// Where a page begins.
#[derive(Debug, Deserialize)]
pub(crate) struct Rows {
    after: Option<RowKey>,
}

/// A page of a device's own rows, for a full resync.
#[utoipa::path(post, path = "/api/device/rows", tag = "device", request_body = Object, security(("device" = [])),
    responses((status = 200, description = "A page", body = Object)))]
pub(crate) async fn rows(State(app): State<Arc<App>>, signed: SignedBy<Rows>) -> Result<Json<RowsPage>, Fault> {
    app.audit.record(entry_of(&signed, &app, "device:rows", String::new())).await?;
    let after = signed.body.after.as_ref();
    Ok(Json(ingest::rows(&app.db, &signed.known, signed.device, after).await?))
}
