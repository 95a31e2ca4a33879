//! Who works at the clinic or cares for a patient: inviting, disabling, enabling again.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{id, me::read_language};
use crate::{
    access::{Allowed, ManageStaff, ReadStaff, Role},
    account::totp,
    app::App,
    chance,
    error::{ErrorBody, Fault, Problem},
    json::{Json, line},
    tables::accounts::{self, NewAccount},
};

/// An invitation holds for a week.
const INVITE_MS: i64 = 7 * 24 * 60 * 60 * 1000;

/// Somebody with an account.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Colleague {
    /// Id.
    pub(crate) id: String,
    /// `admin`, `clinician` or `carer`.
    pub(crate) role: String,
    /// Name.
    pub(crate) name: String,
    /// Email address.
    pub(crate) email: String,
    /// `invited`, `active` or `disabled`.
    pub(crate) state: String,
}

/// Everybody with an account.
#[utoipa::path(get, path = "/api/staff", tag = "staff", security(("session" = ["staff:read"])),
    responses((status = 200, body = [Colleague])))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    proof: Allowed<ReadStaff>,
) -> Result<Json<Vec<Colleague>>, Fault> {
    let state = |c: &accounts::Colleague| match (c.disabled, c.invited) {
        (true, _) => "disabled",
        (_, true) => "invited",
        _ => "active",
    };
    let staff = accounts::staff(&app.db, &proof).await?;
    let shown = staff.into_iter().map(|c| Colleague {
        state: state(&c).into(),
        id: c.id,
        role: c.role,
        name: c.name,
        email: c.email,
    });
    Ok(Json(shown.collect()))
}

/// Somebody to invite.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct Invite {
    /// Role.
    pub(crate) role: Role,
    /// Name.
    pub(crate) name: String,
    /// Email address.
    pub(crate) email: String,
    /// `en` or `zh-CN`.
    pub(crate) language: String,
}

/// The invitation, to be handed over by the administrator: the portal sends no mail.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InviteMade {
    /// Id of the new account.
    pub(crate) account: String,
    /// Goes behind `/invite#` of the portal's address; shown this once.
    pub(crate) token: String,
    /// Until when it holds, milliseconds since 1970.
    pub(crate) expires_ms: i64,
}

/// Adds an account and makes its invitation.
#[utoipa::path(post, path = "/api/staff", tag = "staff", request_body = Invite, security(("session" = ["staff:manage"])),
    responses((status = 201, body = InviteMade), (status = 422, body = ErrorBody)))]
pub(crate) async fn invite(
    State(app): State<Arc<App>>,
    proof: Allowed<ManageStaff>,
    Json(typed): Json<Invite>,
) -> Result<(StatusCode, Json<InviteMade>), Fault> {
    let email = line("email", &typed.email, 200)?.to_lowercase();
    let looks_right = email.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
    if !looks_right || email.contains(char::is_whitespace) {
        return Err(Fault::Invalid { field: "email", problem: Problem::Unknown });
    }
    let (token, now_ms) = (chance::token()?, app.now_ms());
    let new = NewAccount {
        id: chance::uuid(now_ms)?.to_string(),
        role: typed.role,
        name: line("name", &typed.name, 100)?,
        email,
        language: read_language("language", &typed.language)?,
        totp_secret: totp::new_secret()?,
        token_hash: chance::hash(&token),
        expires_ms: now_ms + INVITE_MS,
    };
    accounts::invite(&app.db, &proof, &new, now_ms).await?;
    Ok((StatusCode::CREATED, Json(InviteMade { account: new.id, token, expires_ms: new.expires_ms })))
}

/// Disables an account; its sessions end at once. One's own cannot be disabled.
#[utoipa::path(post, path = "/api/staff/{account}/disable", tag = "staff", params(("account" = String, Path)),
    security(("session" = ["staff:manage"])),
    responses((status = 204, description = "Disabled"), (status = 404, body = ErrorBody), (status = 409, body = ErrorBody)))]
pub(crate) async fn disable(
    State(app): State<Arc<App>>,
    proof: Allowed<ManageStaff>,
    Path(account): Path<String>,
) -> Result<StatusCode, Fault> {
    accounts::disable(&app.db, &proof, &id("account", &account)?, app.now_ms()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Enables a disabled account again: password and authenticator are as they were, sessions begin with a new log-in.
#[utoipa::path(post, path = "/api/staff/{account}/enable", tag = "staff", params(("account" = String, Path)),
    security(("session" = ["staff:manage"])),
    responses((status = 204, description = "Enabled"), (status = 404, body = ErrorBody)))]
pub(crate) async fn enable(
    State(app): State<Arc<App>>,
    proof: Allowed<ManageStaff>,
    Path(account): Path<String>,
) -> Result<StatusCode, Fault> {
    accounts::enable(&app.db, &proof, &id("account", &account)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
