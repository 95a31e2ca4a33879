//! Logging in and taking up an invitation: the doors that are open to everybody, and therefore narrow.

use std::sync::Arc;

use axum::{
    extract::{FromRequest, Request, State},
    http::{
        HeaderMap,
        header::{SET_COOKIE, USER_AGENT},
    },
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::me::Me;
use crate::{
    account::{password, session, totp},
    app::App,
    audit::Entry,
    chance,
    device::caller,
    error::{ErrorBody, Fault},
    json::Json,
    tables::{
        accounts::{self, Account},
        web_sessions::WebSession,
    },
};

/// Failures before an account is locked for a while.
const FREE_FAILURES: i64 = 5;
/// The first lock; each further failure doubles it.
const LOCK_MS: i64 = 60_000;
/// The longest lock: 15 minutes. Longer would let anybody keep a clinician out.
const LONGEST_LOCK_MS: i64 = 15 * 60_000;

/// What is typed to log in.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct LogIn {
    /// Email address.
    pub(crate) email: String,
    /// Password.
    pub(crate) password: String,
    /// Six digits of the authenticator app.
    pub(crate) code: String,
}

/// Reads the body after the caller's address has had its turn.
async fn at_the_door<T: serde::de::DeserializeOwned>(
    app: &Arc<App>,
    request: Request,
) -> Result<(HeaderMap, T), Fault> {
    let (parts, body) = request.into_parts();
    app.throttle.take("door", &caller(app, &parts), app.config.limits.door, app.now_ms())?;
    let headers = parts.headers.clone();
    let Json(body) = Json::from_request(Request::from_parts(parts, body), app).await?;
    Ok((headers, body))
}

fn entry(app: &App, account: &Account, action: &'static str, outcome: &'static str) -> Entry {
    Entry {
        clinic: account.clinic.clone(),
        at_ms: app.now_ms(),
        actor_kind: "account",
        actor: account.id.clone(),
        action,
        patient: None,
        outcome,
        detail: String::new(),
    }
}

/// Opens a session.
#[utoipa::path(post, path = "/api/login", tag = "account", request_body = LogIn, security(()),
    responses((status = 200, description = "Logged in; the session comes as a cookie", body = Me), (status = 401, body = ErrorBody)))]
pub(crate) async fn log_in(State(app): State<Arc<App>>, request: Request) -> Result<Response, Fault> {
    let (headers, typed): (_, LogIn) = at_the_door(&app, request).await?;
    let now_ms = app.now_ms();
    let account = accounts::by_email(&app.db, &typed.email.trim().to_lowercase()).await?;
    if let Some(account) = account.as_ref().filter(|account| account.locked_ms > now_ms) {
        app.audit.record(entry(&app, account, "log-in", "denied")).await?;
        let wait_s = (account.locked_ms - now_ms + 999) / 1000;
        return Err(Fault::Busy { retry_after_s: u32::try_from(wait_s).unwrap_or(u32::MAX) });
    }
    let hash =
        account.as_ref().filter(|account| !account.disabled).and_then(|account| account.password_hash.as_deref());
    let fits = password::fits(&typed.password, hash, app.config.password_cost).await?;
    let Some(account) = account else { return Err(Fault::LogIn) };
    let step = totp::step(&account.totp_secret, &typed.code, now_ms)?;
    let (true, Some(step)) = (fits, step) else {
        let doublings = (account.failures + 1 - FREE_FAILURES).clamp(0, 10) as u32;
        let lock_ms =
            if account.failures + 1 < FREE_FAILURES { 0 } else { (LOCK_MS << doublings).min(LONGEST_LOCK_MS) };
        accounts::log_in_failed(&app.db, &account, now_ms + lock_ms).await?;
        app.audit.record(entry(&app, &account, "log-in", "failed")).await?;
        return Err(Fault::LogIn);
    };
    if !accounts::use_code(&app.db, &account, step).await? {
        app.audit.record(entry(&app, &account, "log-in", "failed")).await?;
        return Err(Fault::LogIn);
    }
    app.audit.record(entry(&app, &account, "log-in", "allowed")).await?;
    let agent = headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (session, token) = session::open(&app, &account.clinic, &account.id, account.role, agent).await?;
    let mut response = Json(Me::of(&account, &session)).into_response();
    response.headers_mut().insert(SET_COOKIE, session::cookie(&token));
    Ok(response)
}

impl Me {
    fn of(account: &Account, session: &WebSession) -> Self {
        Self {
            account: account.id.clone(),
            name: account.name.clone(),
            email: account.email.clone(),
            role: account.role,
            language: account.language.tag().into(),
            clinic: account.clinic_name.clone(),
            csrf: session.csrf.clone(),
            session: session.id.clone(),
        }
    }
}

/// An invitation as it was sent.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct OpenInvite {
    /// The secret of the link.
    pub(crate) token: String,
}

/// Who is invited, and what goes into the authenticator app.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Invited {
    /// Name.
    pub(crate) name: String,
    /// Email address to log in with.
    pub(crate) email: String,
    /// The clinic.
    pub(crate) clinic: String,
    /// Secret to type into an authenticator app, base32.
    pub(crate) totp_secret: String,
    /// The same as an address, to be shown as a QR code.
    pub(crate) totp_address: String,
}

/// Looks into an invitation.
#[utoipa::path(post, path = "/api/invites/open", tag = "account", request_body = OpenInvite, security(()),
    responses((status = 200, body = Invited), (status = 410, body = ErrorBody)))]
pub(crate) async fn open_invite(State(app): State<Arc<App>>, request: Request) -> Result<Json<Invited>, Fault> {
    let (_, typed): (_, OpenInvite) = at_the_door(&app, request).await?;
    let account = accounts::invited(&app.db, &chance::hash(&typed.token), app.now_ms()).await?;
    Ok(Json(Invited {
        totp_address: totp::address(&account.totp_secret, &account.email)?,
        name: account.name,
        email: account.email,
        clinic: account.clinic_name,
        totp_secret: account.totp_secret,
    }))
}

/// An invitation taken up.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct TakeUpInvite {
    /// The secret of the link.
    pub(crate) token: String,
    /// The password chosen.
    pub(crate) password: String,
    /// A code of the authenticator app, which shows that it holds the secret.
    pub(crate) code: String,
}

/// Takes up an invitation: from now on email, password and code log in.
#[utoipa::path(post, path = "/api/invites/take-up", tag = "account", request_body = TakeUpInvite, security(()),
    responses((status = 204, description = "Done"), (status = 410, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub(crate) async fn take_up_invite(
    State(app): State<Arc<App>>,
    request: Request,
) -> Result<axum::http::StatusCode, Fault> {
    let (_, typed): (_, TakeUpInvite) = at_the_door(&app, request).await?;
    let token_hash = chance::hash(&typed.token);
    let account = accounts::invited(&app.db, &token_hash, app.now_ms()).await?;
    password::check(&typed.password)?;
    let step = totp::step(&account.totp_secret, &typed.code, app.now_ms())?;
    let step = step.ok_or(Fault::Invalid { field: "code", problem: crate::error::Problem::Differs })?;
    let hash = password::hash(&typed.password, app.config.password_cost).await?;
    // The code just used may log in at once: the step before it is the last that counts as used.
    accounts::take_up(&app.db, &token_hash, &account, &hash, step - 1, app.now_ms()).await?;
    app.audit.record(entry(&app, &account, "invite:take-up", "allowed")).await?;
    Ok(axum::http::StatusCode::NO_CONTENT)
}
