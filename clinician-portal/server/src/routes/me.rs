//! The caller's own account and sessions.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::{StatusCode, header::SET_COOKIE},
    response::{IntoResponse, Response},
};
use reme_types::Language;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::id;
use crate::{
    access::{Allowed, OwnAccount, Role},
    account::{password, session},
    app::App,
    error::{ErrorBody, Fault, Problem},
    json::Json,
    tables::{accounts, web_sessions},
};

/// Who is logged in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Me {
    /// Id of the account.
    pub(crate) account: String,
    /// Name.
    pub(crate) name: String,
    /// Email address.
    pub(crate) email: String,
    /// Role.
    pub(crate) role: Role,
    /// `en` or `zh-CN`.
    pub(crate) language: String,
    /// The clinic.
    pub(crate) clinic: String,
    /// Goes into the header `X-CSRF` of every request that changes something.
    pub(crate) csrf: String,
    /// Id of this session.
    pub(crate) session: String,
}

/// Who is logged in.
#[utoipa::path(get, path = "/api/me", tag = "account", security(("session" = ["account:own"])),
    responses((status = 200, body = Me)))]
pub(crate) async fn me(
    State(app): State<Arc<App>>,
    proof: Allowed<OwnAccount>,
    session: axum::Extension<web_sessions::WebSession>,
) -> Result<Json<Me>, Fault> {
    let account = accounts::own(&app.db, &proof).await?;
    Ok(Json(Me {
        account: account.id,
        name: account.name,
        email: account.email,
        role: account.role,
        language: account.language.tag().into(),
        clinic: account.clinic_name,
        csrf: session.csrf.clone(),
        session: session.id.clone(),
    }))
}

/// Ends this session.
#[utoipa::path(post, path = "/api/logout", tag = "account", security(("session" = ["account:own"])),
    responses((status = 204, description = "Logged out")))]
pub(crate) async fn log_out(State(app): State<Arc<App>>, proof: Allowed<OwnAccount>) -> Result<Response, Fault> {
    web_sessions::end_own(&app.db, &proof, proof.session(), app.now_ms()).await?;
    Ok((StatusCode::NO_CONTENT, [(SET_COOKIE, session::end_cookie())]).into_response())
}

/// One open session of the caller.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MySession {
    /// Id.
    pub(crate) id: String,
    /// What the browser calls itself.
    pub(crate) agent: String,
    /// When it was opened, milliseconds since 1970.
    pub(crate) created_ms: i64,
    /// When it was last in use, to the minute.
    pub(crate) seen_ms: i64,
    /// Whether it is this one.
    pub(crate) this: bool,
}

/// The caller's open sessions.
#[utoipa::path(get, path = "/api/me/sessions", tag = "account", security(("session" = ["account:own"])),
    responses((status = 200, body = [MySession])))]
pub(crate) async fn my_sessions(
    State(app): State<Arc<App>>,
    proof: Allowed<OwnAccount>,
) -> Result<Json<Vec<MySession>>, Fault> {
    let open = web_sessions::own(&app.db, &proof, app.now_ms() - session::IDLE_MS).await?;
    let shown = open.into_iter().map(|s| MySession {
        this: s.id == proof.session(),
        id: s.id,
        agent: s.agent,
        created_ms: s.created_ms,
        seen_ms: s.seen_ms,
    });
    Ok(Json(shown.collect()))
}

/// Ends one of the caller's sessions.
#[utoipa::path(delete, path = "/api/me/sessions/{session}", tag = "account", security(("session" = ["account:own"])),
    params(("session" = String, Path)), responses((status = 204, description = "Ended"), (status = 404, body = ErrorBody)))]
pub(crate) async fn end_session(
    State(app): State<Arc<App>>,
    proof: Allowed<OwnAccount>,
    Path(session): Path<String>,
) -> Result<StatusCode, Fault> {
    web_sessions::end_own(&app.db, &proof, &id("session", &session)?, app.now_ms()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A change of password.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct NewPassword {
    /// The one in use.
    pub(crate) old: String,
    /// The one wanted.
    pub(crate) new: String,
}

/// Changes the password and ends every other session.
#[utoipa::path(put, path = "/api/me/password", tag = "account", request_body = NewPassword,
    security(("session" = ["account:own"])),
    responses((status = 204, description = "Changed"), (status = 422, body = ErrorBody)))]
pub(crate) async fn change_password(
    State(app): State<Arc<App>>,
    proof: Allowed<OwnAccount>,
    Json(typed): Json<NewPassword>,
) -> Result<StatusCode, Fault> {
    app.throttle.take("password", proof.account(), app.config.limits.door, app.now_ms())?;
    let account = accounts::own(&app.db, &proof).await?;
    if !password::fits(&typed.old, account.password_hash.as_deref(), app.config.password_cost).await? {
        return Err(Fault::Invalid { field: "old", problem: Problem::Differs });
    }
    password::check(&typed.new)?;
    let hash = password::hash(&typed.new, app.config.password_cost).await?;
    accounts::set_password(&app.db, &proof, &hash, app.now_ms()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The language of the screens.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct MyLanguage {
    /// `en` or `zh-CN`.
    pub(crate) language: String,
}

/// Keeps the language of the screens.
#[utoipa::path(put, path = "/api/me/language", tag = "account", request_body = MyLanguage,
    security(("session" = ["account:own"])),
    responses((status = 204, description = "Kept"), (status = 422, body = ErrorBody)))]
pub(crate) async fn change_language(
    State(app): State<Arc<App>>,
    proof: Allowed<OwnAccount>,
    Json(typed): Json<MyLanguage>,
) -> Result<StatusCode, Fault> {
    let language = read_language("language", &typed.language)?;
    accounts::set_language(&app.db, &proof, language).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A language tag that was sent.
pub(crate) fn read_language(field: &'static str, tag: &str) -> Result<Language, Fault> {
    tag.parse().map_err(|_| Fault::Invalid { field, problem: Problem::Unknown })
}
