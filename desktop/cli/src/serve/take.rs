//! Takes what a request brings: its language, a JSON body, a photo, each with its own refusal.
//!
//! A body that is too large is read to its end and thrown away, so that the answer arrives: a browser that is still sending
//! when the connection closes shows a broken connection and not our sentence. What it must never do: keep more than the limit.

use axum::{
    body::{Body, Bytes},
    extract::{FromRequest, FromRequestParts, Multipart, Request},
    http::{header, request::Parts},
};
use http_body_util::BodyExt;
use reme_types::Language;
use serde::de::DeserializeOwned;

use super::{guard::language_of, refusal::Refusal};

const MB: usize = 1024 * 1024;
/// Largest JSON body, MB: a note of a million characters still gets the answer that names its limit.
const JSON_MB: usize = 4;
/// Largest photo, MB, by the contract.
const PHOTO_MB: usize = 25;
/// What a form adds around a photo, bytes.
const FORM_BYTES: usize = 16 * 1024;
/// Beyond this a body is not even thrown away, MB.
const PATIENCE_MB: usize = 1024;

/// The reader's language.
pub(crate) struct Lang(pub(crate) Language);

impl<S: Sync> FromRequestParts<S> for Lang {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(language_of(&parts.headers)))
    }
}

/// A JSON body.
pub(crate) struct Json<T>(pub(crate) T);

impl<S: Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        let kind =
            request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let is_json = kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json");
        let bytes = read(request.into_body(), JSON_MB * MB).await?.ok_or(Refusal::BodyTooLarge(JSON_MB))?;
        if !is_json {
            return Err(Refusal::NotJsonType);
        }
        read_json(&bytes).map(Self)
    }
}

fn read_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Refusal> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner();
        if !inner.is_data() {
            return Refusal::NotJson(inner.line(), inner.column());
        }
        // serde's sentence may quote the value; a missing field is named in it by us.
        let text = inner.to_string();
        let missing = text.strip_prefix("missing field `").and_then(|rest| rest.split('`').next());
        Refusal::WrongType(match (path.as_str(), missing) {
            (".", Some(field)) => field.to_owned(),
            (path, Some(field)) => format!("{path}.{field}"),
            (".", None) => "body".to_owned(), // something else than an object
            (path, None) => path.to_owned(),
        })
    })?;
    reader.end().map_err(|error| Refusal::NotJson(error.line(), error.column()))?;
    Ok(value)
}

/// The photo of a form.
pub(crate) struct Photo(pub(crate) Vec<u8>);

impl<S: Send + Sync> FromRequest<S> for Photo {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let (parts, body) = request.into_parts();
        let too_large = || Refusal::FileTooLarge(PHOTO_MB);
        let bytes = read(body, PHOTO_MB * MB + FORM_BYTES).await?.ok_or_else(too_large)?;
        let request = Request::from_parts(parts, Body::from(bytes));
        let mut form = Multipart::from_request(request, state).await.map_err(|_| Refusal::NoFile)?;
        while let Some(part) = form.next_field().await.map_err(|_| Refusal::CutOff)? {
            if part.name() == Some("file") {
                let photo = part.bytes().await.map_err(|_| Refusal::CutOff)?;
                return if photo.len() > PHOTO_MB * MB { Err(too_large()) } else { Ok(Self(photo.into())) };
            }
        }
        Err(Refusal::NoFile)
    }
}

/// Sound as a browser sends it: 16 bit, little endian, 16 kHz, one channel; full scale -1 to 1.
pub(crate) struct Samples(pub(crate) Vec<f32>);

impl<S: Sync> FromRequest<S> for Samples {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        let bytes = read(request.into_body(), JSON_MB * MB).await?.ok_or(Refusal::BodyTooLarge(JSON_MB))?;
        let (pairs, rest) = bytes.as_chunks::<2>();
        if !rest.is_empty() {
            return Err(Refusal::CutOff);
        }
        Ok(Self(pairs.iter().map(|pair| f32::from(i16::from_le_bytes(*pair)) / 32_768.0).collect()))
    }
}

/// The whole body; `None` when it is larger than `limit` bytes.
async fn read(mut body: Body, limit: usize) -> Result<Option<Bytes>, Refusal> {
    let (mut bytes, mut size) = (Vec::new(), 0usize);
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Refusal::CutOff)?;
        let Ok(data) = frame.into_data() else { continue };
        size += data.len();
        if size > PATIENCE_MB * MB {
            break;
        }
        if size <= limit {
            bytes.extend_from_slice(&data);
        } else {
            bytes = Vec::new();
        }
    }
    Ok((size <= limit).then(|| bytes.into()))
}

#[cfg(test)]
mod tests {
    use reme::dto::MemoryInputDto;

    use super::*;

    #[test]
    fn a_broken_body_is_told_by_place_and_field_and_never_quoted() {
        let good = r#"{"kind":"episode","happened_at":null,"text":"secret","people":[],"place":null,"tags":[],"source":"patient","sensitive":false,"media":[],"facts":null}"#;
        assert!(read_json::<MemoryInputDto>(good.as_bytes()).is_ok());
        for (body, field) in [
            (good.replace("\"secret\"", "7"), Some("text")),
            (good.replace("\"tags\":[]", "\"tags\":[\"a\",{}]"), Some("tags[1]")),
            (good.replace(",\"source\":\"patient\"", ""), Some("source")),
            (good.replace("\"facts\":null", "\"facts\":[{\"id\":null}]"), Some("facts[0].kind")),
            (format!("{good}x"), None),
            ("{\"text\": \"secret".to_owned(), None),
            ("[]".to_owned(), Some("body")),
            (String::new(), None),
        ] {
            let dto = read_json::<MemoryInputDto>(body.as_bytes()).unwrap_err().to_dto(Language::En);
            assert_eq!(dto.field.as_deref(), field, "{body}");
            assert!(!dto.message.contains("secret"), "{}", dto.message);
        }
    }
}
