//! All of a patient's data, for people and for other systems.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{
        HeaderValue,
        header::{CONTENT_DISPOSITION, CONTENT_TYPE},
    },
    response::{IntoResponse, Response},
};

use crate::{
    access::{Allowed, ExportPatient, OnPatient, ReadGames},
    app::App,
    error::{ErrorBody, Fault},
    export,
    tables::{check_ins, devices, patients, plans, sessions, trials},
};

/// Rows fetched at a time.
const PAGE: i64 = 2_000;

fn attachment(kind: &'static str, name: &'static str, body: String) -> Response {
    let headers =
        [(CONTENT_TYPE, HeaderValue::from_static(kind)), (CONTENT_DISPOSITION, HeaderValue::from_static(name))];
    (headers, body).into_response()
}

/// Every trial as CSV; what the columns mean is in the data dictionary.
#[utoipa::path(get, path = "/api/patients/{patient}/trials.csv", tag = "export", params(("patient" = String, Path)),
    security(("session" = ["patient:export"])),
    responses((status = 200, description = "CSV", content_type = "text/csv", body = String), (status = 404, body = ErrorBody)))]
pub(crate) async fn csv(State(app): State<Arc<App>>, proof: OnPatient<ExportPatient>) -> Result<Response, Fault> {
    let mut out = export::csv_header();
    let mut last: Option<trials::Trial> = None;
    loop {
        let page = trials::page(&app.db, &proof, last.as_ref(), PAGE).await?;
        page.iter().for_each(|trial| export::csv_row(&mut out, trial));
        match page.into_iter().last() {
            Some(trial) => last = Some(trial),
            None => break,
        }
    }
    Ok(attachment("text/csv; charset=utf-8; header=present", "attachment; filename=\"trials.csv\"", out))
}

/// What each column of the CSV means.
#[utoipa::path(get, path = "/api/data-dictionary.csv", tag = "export", security(("session" = ["games:read"])),
    responses((status = 200, description = "CSV", content_type = "text/csv", body = String)))]
pub(crate) async fn dictionary(_proof: Allowed<ReadGames>) -> Response {
    let kind = "text/csv; charset=utf-8; header=present";
    attachment(kind, "attachment; filename=\"data-dictionary.csv\"", export::csv_dictionary())
}

/// The patient as a FHIR R4 bundle: Patient, Device, CarePlan, Observation, QuestionnaireResponse, Provenance.
#[utoipa::path(get, path = "/api/patients/{patient}/fhir", tag = "export", params(("patient" = String, Path)),
    security(("session" = ["patient:export"])),
    responses((status = 200, description = "A bundle", content_type = "application/fhir+json", body = Object), (status = 404, body = ErrorBody)))]
pub(crate) async fn fhir(State(app): State<Arc<App>>, proof: OnPatient<ExportPatient>) -> Result<Response, Fault> {
    let mut played = Vec::new();
    loop {
        let before = played.last().map(|session: &sessions::Session| session.started_ms);
        let page = sessions::list(&app.db, &proof, before).await?;
        if page.is_empty() {
            break;
        }
        played.extend(page);
    }
    let facts = export::Facts {
        patient: patients::get(&app.db, &proof).await?,
        devices: devices::list(&app.db, &proof).await?,
        plan: plans::history(&app.db, &proof).await?.into_iter().next(),
        trends: trials::trends(&app.db, &proof, None, None, i64::MAX).await?.0,
        sessions: played.into_iter().map(|session| (session.id.clone(), session)).collect(),
        check_ins: check_ins::list(&app.db, &proof).await?,
        now: app.clock.now(),
    };
    let bundle = export::bundle(&facts).to_string();
    Ok(attachment("application/fhir+json; charset=utf-8", "attachment; filename=\"bundle.fhir.json\"", bundle))
}
