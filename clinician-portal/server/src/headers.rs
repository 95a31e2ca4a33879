//! What goes round every request: language of errors, security headers, log line, counters.

use std::{str::FromStr as _, sync::Arc};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{
        HeaderMap, HeaderName, HeaderValue, StatusCode,
        header::{ACCEPT_LANGUAGE, CACHE_CONTROL},
    },
    middleware::Next,
    response::{IntoResponse, Response},
};
use reme_types::Language;

use crate::{app::App, error::Fault, json::Json};

/// Only our own files, nothing inline, nobody frames us.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; \
    connect-src 'self'; font-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const SECURITY: [(&str, &str); 8] = [
    ("content-security-policy", CONTENT_SECURITY_POLICY),
    ("strict-transport-security", "max-age=31536000; includeSubDomains"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("permissions-policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];

/// The language asked for, by the first entry that is known.
pub(crate) fn language(headers: &HeaderMap) -> Language {
    let asked = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let tag = |part: &str| part.split(';').next().unwrap_or_default().trim().to_owned();
    asked.split(',').find_map(|part| Language::from_str(&tag(part)).ok()).unwrap_or_default()
}

/// Puts words to faults, in the reader's language; adds the security headers.
pub(crate) async fn speak(request: Request, next: Next) -> Response {
    let language = language(request.headers());
    let is_api = request.uri().path().starts_with("/api/");
    let mut response = next.run(request).await;
    if let Some(fault) = response.extensions().get::<Fault>().cloned() {
        let (parts, _) = response.into_parts();
        let mut spoken = (parts.status, Json(fault.body(language))).into_response();
        for (name, value) in &parts.headers {
            if name != axum::http::header::CONTENT_LENGTH && name != axum::http::header::CONTENT_TYPE {
                spoken.headers_mut().append(name, value.clone());
            }
        }
        spoken.extensions_mut().insert(fault);
        response = spoken;
    }
    let headers = response.headers_mut();
    for (name, value) in SECURITY {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    if is_api {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

/// One log line and one count a request: route pattern, status, milliseconds. No path, no address, no body.
pub(crate) async fn observe(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("(none)", MatchedPath::as_str).to_owned();
    let start_ms = app.now_ms();
    let response = next.run(request).await;
    let (status, took_ms) = (response.status(), (app.now_ms() - start_ms).max(0));
    app.metrics.request(method.as_str(), &route, status.as_u16(), took_ms as f64 / 1000.0);
    match response.extensions().get::<Fault>() {
        Some(fault) if status.is_server_error() => {
            tracing::error!(%method, route, status = status.as_u16(), took_ms, ?fault, "request failed");
        }
        _ => tracing::info!(%method, route, status = status.as_u16(), took_ms, "request"),
    }
    response
}

/// Answers where axum itself would refuse: unknown addresses and methods.
pub(crate) async fn no_route() -> Fault {
    Fault::NoRoute
}

/// As [`no_route`], for methods.
pub(crate) async fn no_method() -> Fault {
    Fault::Method
}

/// What a handler that broke answers with.
pub(crate) fn broke() -> Response {
    (StatusCode::INTERNAL_SERVER_ERROR, Fault::internal("a handler broke")).into_response()
}
