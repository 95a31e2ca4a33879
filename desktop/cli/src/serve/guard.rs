//! What every request passes: is it for this machine, may it change anything; and what every answer carries.
//!
//! A page of another origin can make a browser send requests here. It cannot read the answers (no CORS header is ever sent), it
//! cannot name this machine otherwise (`Host`), and it cannot change anything (`X-ReMe` needs a preflight, which is refused).
//! What it must never do: write an address or a body into the log; both hold names and words.

use axum::{
    extract::{MatchedPath, Request},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::Response,
};
use reme_types::Language;

use super::refusal::{Refusal, Refused};

/// Nothing but our own files; photos that are being chosen are shown from memory (`blob:`).
const POLICY: &str = "default-src 'self'; img-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; \
                      frame-ancestors 'none'";

/// The outermost layer.
pub(crate) async fn guard(request: Request, next: Next) -> Response {
    let language = language_of(request.headers());
    let is_api = request.uri().path().starts_with("/api/") || request.uri().path() == "/api";
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("a file", MatchedPath::as_str).to_owned();
    let mut response = match refuse(request.method(), request.headers()) {
        Some(refusal) => refusal.to_response(language),
        None => in_words(next.run(request).await, is_api, language),
    };
    if response.status().is_server_error() || response.status() == StatusCode::LOCKED {
        super::tell(&format!("{method} {route}: {}", response.status()));
    }
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if is_api {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

/// Why a request is not even looked at.
fn refuse(method: &Method, headers: &HeaderMap) -> Option<Refusal> {
    let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    let host = text(header::HOST).unwrap_or_default();
    if !is_loopback(host) {
        return Some(Refusal::WrongHost);
    }
    let from_elsewhere = text(header::ORIGIN).is_some_and(|origin| origin.strip_prefix("http://") != Some(host));
    if from_elsewhere || text(HeaderName::from_static("sec-fetch-site")) == Some("cross-site") {
        return Some(Refusal::WrongOrigin);
    }
    let only_reads = matches!(*method, Method::GET | Method::HEAD);
    if !only_reads && text(HeaderName::from_static("x-reme")) != Some("1") {
        return Some(Refusal::NoHeader);
    }
    None
}

/// `127.0.0.1`, `localhost` or `[::1]`, with or without a port.
fn is_loopback(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split_once(']').filter(|(_, port)| port.is_empty() || is_port(port)).map(|(name, _)| name),
        None => host.split_once(':').map_or(Some(host), |(name, port)| is_port(&format!(":{port}")).then_some(name)),
    };
    name.is_some_and(|name| matches!(name.to_ascii_lowercase().as_str(), "127.0.0.1" | "localhost" | "::1"))
}

fn is_port(text: &str) -> bool {
    text.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok())
}

/// Puts a refusal into words, whoever refused.
fn in_words(mut response: Response, is_api: bool, language: Language) -> Response {
    if let Some(Refused(refusal)) = response.extensions_mut().remove::<Refused>() {
        return refusal.to_response(language);
    }
    let status = response.status();
    if is_api && (status.is_client_error() || status.is_server_error()) {
        return Refusal::of_status(status).to_response(language);
    }
    response
}

/// The language of `Accept-Language` that is wanted most and is spoken here; English when it names none.
pub(crate) fn language_of(headers: &HeaderMap) -> Language {
    let wanted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut best: Option<(f32, Language)> = None;
    for part in wanted.split(',') {
        let (tag, quality) = part.split_once(";q=").unwrap_or((part, "1"));
        let (Ok(language), Ok(quality)) = (tag.trim().parse(), quality.trim().parse::<f32>()) else { continue };
        if quality > 0.0 && best.is_none_or(|(most, _)| quality > most) {
            best = Some((quality, language));
        }
    }
    best.map_or(Language::En, |(_, language)| language)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap())).collect()
    }

    #[test]
    fn only_names_of_this_machine_are_let_in() {
        for good in ["127.0.0.1:4810", "localhost", "LOCALHOST:1", "[::1]:4810", "[::1]"] {
            assert!(is_loopback(good), "{good}");
        }
        for bad in [
            "",
            "reme.example",
            "127.0.0.1.example:4810",
            "localhost:x",
            "127.0.0.1:4810:1",
            "[::1",
            "[::1]x",
            "10.0.0.1",
        ] {
            assert!(!is_loopback(bad), "{bad}");
        }
    }

    #[test]
    fn a_change_needs_the_header_and_no_other_page() {
        let host = ("host", "127.0.0.1:4810");
        let code = |method: Method, pairs: &[(&'static str, &str)]| {
            refuse(&method, &headers(&[&[host], pairs].concat())).map(|r| r.to_dto(Language::En).field.unwrap())
        };
        assert_eq!(code(Method::GET, &[]), None);
        assert_eq!(code(Method::POST, &[("x-reme", "1")]), None);
        assert_eq!(code(Method::POST, &[("x-reme", "1"), ("origin", "http://127.0.0.1:4810")]), None);
        for method in [Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS, Method::PATCH] {
            assert_eq!(code(method, &[]).as_deref(), Some("X-ReMe"));
        }
        for origin in ["http://127.0.0.1:3000", "https://127.0.0.1:4810", "null", "http://evil.example"] {
            assert_eq!(code(Method::POST, &[("x-reme", "1"), ("origin", origin)]).as_deref(), Some("Origin"));
        }
        assert_eq!(code(Method::GET, &[("sec-fetch-site", "cross-site")]).as_deref(), Some("Origin"));
    }

    #[test]
    fn the_language_wanted_most_is_spoken() {
        for (wanted, language) in [
            ("", Language::En),
            ("zh-CN,zh;q=0.9,en;q=0.8", Language::ZhCn),
            ("en-GB,zh;q=0.9", Language::En),
            ("fr,zh;q=0.2,en;q=0.4", Language::En),
            ("nb", Language::En),
            ("zh;q=0, en;q=0.1", Language::En),
            ("zh_TW", Language::ZhCn),
        ] {
            assert_eq!(language_of(&headers(&[("accept-language", wanted)])), language, "{wanted}");
        }
    }
}
