//! The web app's session: a secret in a cookie that only this origin over TLS sends back, changed every few minutes.
//!
//! A session ends after [`IDLE_MS`] without use and [`LONGEST_MS`] in any case. A token that was changed is good for
//! [`GRACE_MS`] more, for requests on their way; when it turns up later, somebody has a copy, and the session ends.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, header::COOKIE, header::SET_COOKIE},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::{
    app::App,
    audit::Entry,
    chance,
    error::Fault,
    tables::web_sessions::{self, WebSession},
};

/// Without use, a session ends: 30 minutes.
pub(crate) const IDLE_MS: i64 = 30 * 60 * 1000;
/// In any case, a session ends: a working day and a bit, 12 hours.
pub(crate) const LONGEST_MS: i64 = 12 * 60 * 60 * 1000;
/// The token is changed: 10 minutes.
pub(crate) const ROTATE_MS: i64 = 10 * 60 * 1000;
/// The token before is still good: 1 minute.
pub(crate) const GRACE_MS: i64 = 60 * 1000;
/// Use is noted at most this often, to spare the disk: 1 minute.
const TOUCH_MS: i64 = 60 * 1000;
/// `__Host-`: the browser takes it only over TLS (or from this machine), for this host and every path.
const COOKIE_NAME: &str = "__Host-reme";

/// The cookie that carries a token.
pub(crate) fn cookie(token: &str) -> HeaderValue {
    // A token is base64url.
    HeaderValue::from_str(&format!("{COOKIE_NAME}={token}; Path=/; Secure; HttpOnly; SameSite=Strict"))
        .unwrap_or_else(|_| end_cookie())
}

/// The cookie that takes the token away.
pub(crate) fn end_cookie() -> HeaderValue {
    HeaderValue::from_static("__Host-reme=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0")
}

fn token(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE_NAME).map(|(_, value)| value).filter(|value| value.len() == 43)
}

/// Opens a session; returns it with the token for the cookie.
pub(crate) async fn open(
    app: &App,
    clinic: &str,
    account: &str,
    role: crate::access::Role,
    agent: &str,
) -> Result<(WebSession, String), Fault> {
    let (token, now_ms) = (chance::token()?, app.now_ms());
    let session = WebSession {
        clinic: clinic.into(),
        id: chance::uuid(now_ms)?.to_string(),
        account: account.into(),
        role,
        csrf: chance::token()?,
        token_hash: chance::hash(&token),
        created_ms: now_ms,
        rotated_ms: now_ms,
        seen_ms: now_ms,
    };
    // What the browser calls itself, cut short: shown in the list of sessions.
    let agent: String = agent.chars().filter(|c| !c.is_control()).take(120).collect();
    web_sessions::open(&app.db, &session, &agent).await?;
    Ok((session, token))
}

/// Finds the session of a request, changes its token when it is time, and hands it to the handlers.
pub(crate) async fn layer(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    let Some(hash) = token(request.headers()).map(chance::hash) else { return next.run(request).await };
    let new_cookie = match of_request(&app, &hash).await {
        Ok(Some((session, new_cookie))) => {
            let account = &session.account;
            if let Err(busy) = app.throttle.take("account", account, app.config.limits.account, app.now_ms()) {
                return busy.into_response();
            }
            request.extensions_mut().insert(session);
            new_cookie
        }
        Ok(None) => Some(end_cookie()),
        Err(fault) => return fault.into_response(),
    };
    let mut response = next.run(request).await;
    // A handler that set the cookie itself (log-in, log-out) knows better.
    if let Some(cookie) = new_cookie
        && !response.headers().contains_key(SET_COOKIE)
    {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    response
}

async fn of_request(app: &App, hash: &str) -> Result<Option<(WebSession, Option<HeaderValue>)>, Fault> {
    let Some(session) = web_sessions::by_token(&app.db, hash).await? else { return Ok(None) };
    let now_ms = app.now_ms();
    if now_ms - session.seen_ms > IDLE_MS || now_ms - session.created_ms > LONGEST_MS {
        web_sessions::end(&app.db, &session, now_ms).await?;
        return Ok(None);
    }
    let is_current = crate::access::same(hash, &session.token_hash);
    if !is_current && now_ms - session.rotated_ms > GRACE_MS {
        web_sessions::end(&app.db, &session, now_ms).await?;
        tracing::warn!("a session's old token turned up; the session was ended");
        let entry = Entry {
            clinic: session.clinic.clone(),
            at_ms: now_ms,
            actor_kind: "account",
            actor: session.account.clone(),
            action: "session:stolen",
            patient: None,
            outcome: "denied",
            detail: String::new(),
        };
        app.audit.record(entry).await?;
        return Ok(None);
    }
    if is_current && now_ms - session.rotated_ms >= ROTATE_MS {
        let token = chance::token()?;
        let rotated = web_sessions::rotate(&app.db, &session, &chance::hash(&token), now_ms).await?;
        return Ok(Some((session, rotated.then(|| cookie(&token)))));
    }
    if now_ms - session.seen_ms >= TOUCH_MS {
        web_sessions::touch(&app.db, &session, now_ms).await?;
    }
    Ok(Some((session, None)))
}
