//! JSON bodies whose faults name the field and never the value.

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Request, rejection::BytesRejection},
    http::{header::CONTENT_TYPE, request::Parts},
    response::{IntoResponse, Response},
};
use serde::{Serialize, de::DeserializeOwned};

use crate::error::{Fault, Problem};

/// A JSON body, in or out.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Json<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Fault;

    async fn from_request(request: Request, state: &S) -> Result<Self, Fault> {
        let kind = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if kind.split(';').next().map(str::trim) != Some("application/json") {
            return Err(Fault::MediaType);
        }
        let body = Bytes::from_request(request, state).await.map_err(|rejection| too_large(&rejection))?;
        parse(&body).map(Self)
    }
}

/// A body that could not be read: too large, or broken off.
pub(crate) fn too_large(rejection: &BytesRejection) -> Fault {
    if rejection.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
        Fault::TooLarge
    } else {
        Fault::Malformed { field: None }
    }
}

/// Reads JSON; the fault says which field by serde's own words for names, which hold no values.
pub(crate) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Fault> {
    serde_json::from_slice(body).map_err(|error| {
        // "missing field `name` at line …", "unknown variant `…`": only the first names a field of ours.
        let text = error.to_string();
        let field = text.strip_prefix("missing field `").and_then(|rest| rest.split('`').next()).map(str::to_owned);
        Fault::Malformed { field }
    })
}

/// What stands behind the question mark of an address.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Query<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Fault> {
        let read = axum::extract::Query::<T>::from_request_parts(parts, state).await;
        read.map(|axum::extract::Query(query)| Self(query)).map_err(|_| Fault::Malformed { field: None })
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

/// A line of text that must be there: trimmed, at most `max` characters, no control characters.
pub(crate) fn line(field: &'static str, text: &str, max: usize) -> Result<String, Fault> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Fault::Invalid { field, problem: Problem::Empty });
    }
    optional_line(field, text, max)
}

/// A line of text that may be empty.
pub(crate) fn optional_line(field: &'static str, text: &str, max: usize) -> Result<String, Fault> {
    let text = text.trim();
    if text.chars().count() > max {
        return Err(Fault::Invalid { field, problem: Problem::TooLong });
    }
    if text.chars().any(char::is_control) {
        return Err(Fault::Invalid { field, problem: Problem::Unknown });
    }
    Ok(text.into())
}

/// Several lines; line breaks and tabs are kept.
pub(crate) fn text(field: &'static str, text: &str, max: usize) -> Result<String, Fault> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Fault::Invalid { field, problem: Problem::Empty });
    }
    if text.chars().count() > max {
        return Err(Fault::Invalid { field, problem: Problem::TooLong });
    }
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(Fault::Invalid { field, problem: Problem::Unknown });
    }
    Ok(text.into())
}
