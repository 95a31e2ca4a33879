//! Clinical notes on a patient.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::patients::Added;
use crate::{
    access::{OnPatient, ReadNotes, WriteNotes},
    app::App,
    chance,
    error::{ErrorBody, Fault},
    json::{Json, text},
    tables::notes,
};

/// Longest note, characters.
const MAX_NOTE: usize = 10_000;

/// A note.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Note {
    /// Id.
    pub(crate) id: String,
    /// What was written.
    pub(crate) text: String,
    /// Who wrote it.
    pub(crate) made_by: String,
    /// When, milliseconds since 1970.
    pub(crate) made_ms: i64,
}

/// Notes on the patient, newest first.
#[utoipa::path(get, path = "/api/patients/{patient}/notes", tag = "notes", params(("patient" = String, Path)),
    security(("session" = ["notes:read"])), responses((status = 200, body = [Note]), (status = 404, body = ErrorBody)))]
pub(crate) async fn list(State(app): State<Arc<App>>, proof: OnPatient<ReadNotes>) -> Result<Json<Vec<Note>>, Fault> {
    let note = |n: notes::Note| Note { id: n.id, text: n.text, made_by: n.made_by, made_ms: n.made_ms };
    Ok(Json(notes::list(&app.db, &proof).await?.into_iter().map(note).collect()))
}

/// A note as typed.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct NoteInput {
    /// What to keep, at most 10 000 characters.
    pub(crate) text: String,
}

/// Adds a note.
#[utoipa::path(post, path = "/api/patients/{patient}/notes", tag = "notes", request_body = NoteInput,
    params(("patient" = String, Path)), security(("session" = ["notes:write"])),
    responses((status = 201, body = Added), (status = 422, body = ErrorBody)))]
pub(crate) async fn add(
    State(app): State<Arc<App>>,
    proof: OnPatient<WriteNotes>,
    Json(typed): Json<NoteInput>,
) -> Result<(StatusCode, Json<Added>), Fault> {
    let kept = text("text", &typed.text, MAX_NOTE)?;
    let id = chance::uuid(app.now_ms())?.to_string();
    notes::add(&app.db, &proof, &id, &kept, app.now_ms()).await?;
    Ok((StatusCode::CREATED, Json(Added { id })))
}
