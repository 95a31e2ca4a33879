//! Why a request was not done, with its HTTP status, and the answer that says so in the reader's language.
//!
//! A handler returns a [`Refusal`]; the guard, which knows the reader's language, puts it into words. What it must never do:
//! quote the request.

use std::sync::{Arc, OnceLock};

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use reme::{ReMeError, StoreError, Strings, dto::ErrorDto};
use reme_sync::SyncFault;
use reme_types::Language;

use super::voice::VoiceFault;

const ENGLISH: &str = include_str!("../../strings/en/serve.ftl");
const CHINESE: &str = include_str!("../../strings/zh-CN/serve.ftl");

/// Why not.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// The façade said no.
    ReMe(ReMeError),
    /// Not JSON at all; line and column, from 1.
    NotJson(usize, usize),
    /// JSON without this field, or with another type in it.
    WrongType(String),
    /// Not sent as JSON.
    NotJsonType,
    /// No photo in the form.
    NoFile,
    /// The body ended too early.
    CutOff,
    /// A photo beyond this many MB.
    FileTooLarge(usize),
    /// A body beyond this many MB.
    BodyTooLarge(usize),
    /// A part of the address that cannot be read.
    BadQuery(&'static str),
    /// The page was asked for under a foreign name.
    WrongHost,
    /// The request comes from another page.
    WrongOrigin,
    /// A change without the header that other pages cannot send.
    NoHeader,
    /// Nothing there.
    NoRoute,
    /// Something there, for other requests.
    WrongMethod,
    /// Anything else that HTTP says no to.
    BadRequest(StatusCode),
    /// A companion that broke was closed.
    Reopened,
    /// A fault of ours.
    Internal,
    /// No session was ever played.
    NoSession,
    /// The link with a clinic.
    Sync(SyncFault),
    /// Hearing and speaking.
    Voice(VoiceFault),
}

impl From<ReMeError> for Refusal {
    fn from(error: ReMeError) -> Self {
        Self::ReMe(error)
    }
}

impl Refusal {
    /// The HTTP status.
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::ReMe(ReMeError::Store(StoreError::DiskFull)) => StatusCode::INSUFFICIENT_STORAGE,
            Self::ReMe(error) => match error.code() {
                "invalid" => StatusCode::UNPROCESSABLE_ENTITY,
                "not-found" => StatusCode::NOT_FOUND,
                "conflict" => StatusCode::CONFLICT,
                "too-large" => StatusCode::PAYLOAD_TOO_LARGE,
                "unsupported" => StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "locked" => StatusCode::LOCKED,
                _ => StatusCode::INTERNAL_SERVER_ERROR,
            },
            Self::NotJson(..) | Self::WrongType(_) | Self::NoFile | Self::CutOff | Self::BadQuery(_) => {
                StatusCode::BAD_REQUEST
            }
            Self::NotJsonType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::FileTooLarge(_) | Self::BodyTooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::WrongHost | Self::WrongOrigin | Self::NoHeader => StatusCode::FORBIDDEN,
            Self::NoRoute | Self::NoSession => StatusCode::NOT_FOUND,
            Self::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::Sync(SyncFault::Unreachable | SyncFault::Busy) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Sync(SyncFault::NotUnderstood | SyncFault::Version | SyncFault::StillDifferent) => {
                StatusCode::BAD_GATEWAY
            }
            Self::Sync(SyncFault::AlreadyPaired | SyncFault::NotPaired | SyncFault::Removed) => StatusCode::CONFLICT,
            Self::Sync(SyncFault::Store | SyncFault::KeyMissing) => StatusCode::LOCKED,
            Self::Sync(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Voice(fault) => fault.status(),
            Self::BadRequest(status) => *status,
            Self::Reopened => StatusCode::LOCKED,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The refusal that fits a status which no handler of ours gave.
    pub(crate) fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::NoRoute,
            StatusCode::METHOD_NOT_ALLOWED => Self::WrongMethod,
            status if status.is_server_error() => Self::Internal,
            status => Self::BadRequest(status),
        }
    }

    /// Code, field and sentence.
    pub(crate) fn to_dto(&self, language: Language) -> ErrorDto {
        let (code, id, field, args): (_, _, Option<String>, Vec<(&'static str, String)>) = match self {
            Self::ReMe(error) => return error.to_dto(language),
            Self::Sync(fault) => {
                return ErrorDto {
                    code: format!("sync-{}", fault.slug()),
                    field: fault.field().map(str::to_owned),
                    message: in_words(*fault, language),
                };
            }
            Self::Voice(fault) => {
                return ErrorDto {
                    code: format!("voice-{}", fault.slug()),
                    field: fault.field().map(str::to_owned),
                    message: voice_in_words(*fault, language),
                };
            }
            Self::NotJson(line, column) => {
                ("invalid", "not-json", None, vec![("line", line.to_string()), ("column", column.to_string())])
            }
            Self::WrongType(field) => ("invalid", "wrong-type", Some(field.clone()), vec![("field", field.clone())]),
            Self::NotJsonType => ("unsupported", "not-json-type", Some("Content-Type".into()), vec![]),
            Self::NoFile => ("invalid", "no-file", Some("file".into()), vec![]),
            Self::CutOff => ("invalid", "cut-off", None, vec![]),
            Self::FileTooLarge(mb) => {
                ("too-large", "file-too-large", Some("file".into()), vec![("limit", mb.to_string())])
            }
            Self::BodyTooLarge(mb) => ("too-large", "body-too-large", None, vec![("limit", mb.to_string())]),
            Self::BadQuery(field) => {
                ("invalid", "bad-query", Some((*field).into()), vec![("field", (*field).to_owned())])
            }
            Self::WrongHost => ("invalid", "wrong-host", Some("Host".into()), vec![]),
            Self::WrongOrigin => ("invalid", "wrong-origin", Some("Origin".into()), vec![]),
            Self::NoHeader => ("invalid", "no-header", Some("X-ReMe".into()), vec![]),
            Self::NoRoute => ("not-found", "no-route", None, vec![]),
            Self::WrongMethod => ("invalid", "wrong-method", None, vec![]),
            Self::BadRequest(_) => ("invalid", "bad-request", None, vec![]),
            Self::Reopened => ("locked", "reopened", None, vec![]),
            Self::Internal => ("internal", "internal", None, vec![]),
            Self::NoSession => ("not-found", "no-session", None, vec![]),
        };
        let args: Vec<(&'static str, &str)> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
        ErrorDto { code: code.to_owned(), field, message: strings().say(language, id, &args) }
    }

    /// The answer in words.
    pub(crate) fn to_response(&self, language: Language) -> Response {
        let body = serde_json::to_vec(&self.to_dto(language)).unwrap_or_default();
        (self.status(), [(header::CONTENT_TYPE, "application/json")], body).into_response()
    }
}

/// Carried with an answer to the guard, which puts it into words.
#[derive(Debug, Clone)]
pub(crate) struct Refused(pub(crate) Arc<Refusal>);

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(Refused(Arc::new(self)));
        response
    }
}

/// A fault of the link with a clinic, for a person to read.
pub(crate) fn in_words(fault: SyncFault, language: Language) -> String {
    strings().say(language, &format!("sync-{}", fault.slug()), &[])
}

/// What is missing for hearing or speaking, for a person to read.
pub(crate) fn voice_in_words(fault: VoiceFault, language: Language) -> String {
    strings().say(language, &format!("voice-{}", fault.slug()), &[])
}

fn strings() -> &'static Strings {
    static STRINGS: OnceLock<Strings> = OnceLock::new();
    STRINGS.get_or_init(|| Strings::new(ENGLISH, CHINESE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_of_the_link_is_said_in_both_languages() {
        for fault in SyncFault::ALL {
            let [en, zh] = Language::ALL.map(|language| in_words(fault, language));
            assert!(en.ends_with('.') && zh.ends_with('。') && en != zh, "{fault:?}: {en} {zh}");
        }
    }

    #[test]
    fn everything_that_keeps_it_from_hearing_or_speaking_is_said_in_both_languages() {
        for fault in VoiceFault::ALL {
            let [en, zh] = Language::ALL.map(|language| voice_in_words(fault, language));
            assert!(en.ends_with('.') && zh.ends_with('。') && en != zh, "{fault:?}: {en} {zh}");
        }
    }

    #[test]
    fn every_refusal_is_said_in_both_languages() {
        assert_eq!(Strings::faults(ENGLISH, CHINESE), Vec::<String>::new());
        let all = [
            Refusal::NotJson(1, 7),
            Refusal::WrongType("text".into()),
            Refusal::NotJsonType,
            Refusal::NoFile,
            Refusal::CutOff,
            Refusal::FileTooLarge(25),
            Refusal::BodyTooLarge(4),
            Refusal::BadQuery("from"),
            Refusal::WrongHost,
            Refusal::WrongOrigin,
            Refusal::NoHeader,
            Refusal::NoRoute,
            Refusal::WrongMethod,
            Refusal::BadRequest(StatusCode::BAD_REQUEST),
            Refusal::Reopened,
            Refusal::Internal,
            Refusal::NoSession,
        ];
        for refusal in all {
            let [en, zh] = Language::ALL.map(|language| refusal.to_dto(language));
            assert!(
                en.message.ends_with('.') && zh.message.ends_with('。'),
                "{refusal:?}: {} {}",
                en.message,
                zh.message
            );
            if let Some(field) = en.field {
                assert!(en.message.contains(&field) && zh.message.contains(&field), "{refusal:?}");
            }
        }
    }
}
