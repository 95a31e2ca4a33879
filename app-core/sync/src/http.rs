//! The portal over HTTP: JSON bodies, each request signed.

use std::{fmt, str::FromStr, sync::Arc, time::Duration};

use reme_sync_protocol::{
    Cursor, DeviceKey, Digest, Envelope, Hello, HelloAnswer, MAX_BATCH_RECORDS, PairAnswer, PairRequest, PeerError,
    PlanReceipt, PullAnswer, PushAnswer, Refusal, RequestToSign, RowKey, RowsPage, SIGNATURE_HEADERS, SyncPeer,
    body_hash,
};
use reme_types::{Clock, DeviceId};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use thiserror::Error;
use ureq::Agent;

/// A connection is given up after this long.
const CONNECT: Duration = Duration::from_secs(10);
/// A whole request is given up after this long: two megabytes over a slow mobile line.
const REQUEST: Duration = Duration::from_secs(120);
/// Largest answer that is read, bytes.
const MAX_ANSWER_BYTES: u64 = 8 * 1024 * 1024;
/// What a busy portal that does not say is given, seconds.
const BUSY_S: u32 = 30;

/// Where the portal is: `https://…`, or `http://` on this machine only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortalAddress(String);

/// The text is no address that may be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PortalAddressError {
    /// Neither http nor https, or no host.
    #[error("this is no address of a portal: it begins with https://")]
    Form,
    /// Plain HTTP to another machine.
    #[error("this address is not secure: it must begin with https://")]
    NotSecure,
}

impl FromStr for PortalAddress {
    type Err = PortalAddressError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim().trim_end_matches('/');
        let (scheme, rest) = text.split_once("://").ok_or(PortalAddressError::Form)?;
        let authority = rest.split('/').next().unwrap_or_default();
        let odd = |c: char| c.is_whitespace() || c.is_control() || "@?#\\".contains(c);
        if authority.is_empty() || text.chars().any(odd) {
            return Err(PortalAddressError::Form);
        }
        let host = match authority.strip_prefix('[') {
            Some(v6) => v6.split(']').next().unwrap_or_default(),
            None => authority.split(':').next().unwrap_or_default(),
        };
        let is_here = matches!(host, "localhost" | "127.0.0.1" | "::1");
        match scheme {
            "https" => Ok(Self(text.into())),
            "http" if is_here => Ok(Self(text.into())),
            "http" => Err(PortalAddressError::NotSecure),
            _ => Err(PortalAddressError::Form),
        }
    }
}

impl fmt::Display for PortalAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The portal over HTTP, bound to one device.
pub struct HttpPeer {
    agent: Agent,
    address: PortalAddress,
    device: DeviceId,
    key: DeviceKey,
    clock: Arc<dyn Clock>,
    /// What the portal's clock is ahead of ours, milliseconds; learnt when a signature was refused for its time.
    offset_ms: i64,
}

impl fmt::Debug for HttpPeer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpPeer").field("address", &self.address).finish_non_exhaustive()
    }
}

/// As much of an error's body as a device needs.
#[derive(Deserialize)]
struct ErrorBody {
    code: String,
    field: Option<String>,
    refusal: Option<Refusal>,
    server_ms: Option<i64>,
}

impl HttpPeer {
    /// The way to this portal; nothing is sent yet.
    pub fn new(address: PortalAddress, device: DeviceId, key: DeviceKey, clock: Arc<dyn Clock>) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0) // a signature covers one address
            .timeout_connect(Some(CONNECT))
            .timeout_global(Some(REQUEST))
            .user_agent(concat!("reme-sync/", env!("CARGO_PKG_VERSION")))
            .build();
        Self { agent: config.into(), address, device, key, clock, offset_ms: 0 }
    }

    /// Sends a request; when the portal says that our clock is off, once more with its time.
    fn post<B: Serialize, A: DeserializeOwned>(&mut self, path: &str, body: &B) -> Result<A, PeerError> {
        let body = serde_json::to_vec(body).map_err(|_| PeerError::BrokenAnswer)?;
        match self.post_once(path, &body) {
            Err(PeerError::ClockSkew { server_ms }) => {
                self.offset_ms = server_ms - self.clock.now().as_millisecond();
                self.post_once(path, &body)
            }
            other => other,
        }
    }

    fn post_once<A: DeserializeOwned>(&self, path: &str, body: &[u8]) -> Result<A, PeerError> {
        let time_ms = self.clock.now().as_millisecond() + self.offset_ms;
        let to_sign = RequestToSign { method: "POST", path, device: self.device, time_ms, body_hash: body_hash(body) };
        let [device_header, time_header, signature_header] = SIGNATURE_HEADERS;
        let sent = self
            .agent
            .post(format!("{}{path}", self.address))
            .header("content-type", "application/json")
            .header(device_header, self.device.to_string())
            .header(time_header, time_ms.to_string())
            .header(signature_header, self.key.sign(&to_sign).to_string())
            .send(body);
        let mut response = sent.map_err(|_| PeerError::Unreachable)?;
        let status = response.status().as_u16();
        let retry_after = response.headers().get("retry-after").and_then(|v| v.to_str().ok()?.parse().ok());
        // An answer that breaks off in the middle is no answer.
        let bytes = response.body_mut().with_config().limit(MAX_ANSWER_BYTES).read_to_vec();
        let bytes = bytes.map_err(|_| PeerError::Unreachable)?;
        if (200..300).contains(&status) {
            return serde_json::from_slice(&bytes).map_err(|_| PeerError::BrokenAnswer);
        }
        Err(fault(status, retry_after, &bytes))
    }
}

/// What an answer that is no success means.
fn fault(status: u16, retry_after_s: Option<u32>, body: &[u8]) -> PeerError {
    let body: Option<ErrorBody> = serde_json::from_slice(body).ok();
    match (status, body) {
        (_, Some(ErrorBody { refusal: Some(refusal), .. })) => PeerError::Refused(refusal),
        (_, Some(ErrorBody { server_ms: Some(server_ms), .. })) => PeerError::ClockSkew { server_ms },
        (429 | 503, _) => PeerError::Busy { retry_after_s: retry_after_s.unwrap_or(BUSY_S) },
        (500.., _) => PeerError::Unreachable,
        (413, _) => PeerError::Refused(Refusal::TooLarge),
        (400 | 415 | 422, Some(ErrorBody { code, field, .. })) => {
            PeerError::Refused(Refusal::Invalid { field: field.unwrap_or_else(|| "request".into()), problem: code })
        }
        // Something that is no portal of ours answers at this address.
        _ => PeerError::BrokenAnswer,
    }
}

impl SyncPeer for HttpPeer {
    fn pair(&mut self, request: &PairRequest) -> Result<PairAnswer, PeerError> {
        self.post("/api/device/pair", request)
    }

    fn hello(&mut self, hello: &Hello) -> Result<HelloAnswer, PeerError> {
        self.post("/api/device/hello", hello)
    }

    fn push(&mut self, batch: &[Envelope]) -> Result<PushAnswer, PeerError> {
        if batch.len() > MAX_BATCH_RECORDS {
            return Err(PeerError::Refused(Refusal::TooLarge));
        }
        self.post("/api/device/push", &serde_json::json!({ "batch": batch }))
    }

    fn pull(&mut self, from: Cursor) -> Result<PullAnswer, PeerError> {
        self.post("/api/device/pull", &serde_json::json!({ "cursor": from }))
    }

    fn plan_taken(&mut self, receipt: PlanReceipt) -> Result<(), PeerError> {
        self.post::<_, serde_json::Value>("/api/device/plan-taken", &receipt).map(drop)
    }

    fn digest(&mut self) -> Result<Digest, PeerError> {
        self.post("/api/device/digest", &serde_json::json!({}))
    }

    fn rows(&mut self, after: Option<&RowKey>) -> Result<RowsPage, PeerError> {
        self.post("/api/device/rows", &serde_json::json!({ "after": after }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_secure_addresses_and_this_machine_are_taken() {
        for fine in [
            "https://portal.example",
            "https://portal.example:8443/",
            "http://127.0.0.1:4820",
            "http://[::1]:1",
            "http://localhost",
        ] {
            assert!(fine.parse::<PortalAddress>().is_ok(), "{fine}");
        }
        let cases = [
            ("http://portal.example", PortalAddressError::NotSecure),
            ("http://127.0.0.1.evil.example", PortalAddressError::NotSecure),
            ("https://user@portal.example", PortalAddressError::Form),
            ("ftp://portal.example", PortalAddressError::Form),
            ("portal.example", PortalAddressError::Form),
            ("https://", PortalAddressError::Form),
            ("https://a b", PortalAddressError::Form),
        ];
        for (text, expected) in cases {
            assert_eq!(text.parse::<PortalAddress>(), Err(expected), "{text}");
        }
    }

    #[test]
    fn answers_that_are_no_success_are_told_apart() {
        let refused = br#"{"code":"refused","field":null,"message":"","refusal":{"code":"code-used"}}"#;
        let clock = br#"{"code":"clock","field":null,"message":"","server_ms":5}"#;
        let malformed = br#"{"code":"malformed","field":"batch","message":""}"#;
        let invalid = Refusal::Invalid { field: "batch".into(), problem: "malformed".into() };
        let cases: [(u16, Option<u32>, &[u8], PeerError); 8] = [
            (409, None, refused, PeerError::Refused(Refusal::CodeUsed)),
            (401, None, clock, PeerError::ClockSkew { server_ms: 5 }),
            (400, None, malformed, PeerError::Refused(invalid)),
            (429, Some(7), b"", PeerError::Busy { retry_after_s: 7 }),
            (503, None, b"<html>", PeerError::Busy { retry_after_s: BUSY_S }),
            (502, None, b"<html>", PeerError::Unreachable),
            (413, None, b"", PeerError::Refused(Refusal::TooLarge)),
            (404, None, b"<html>", PeerError::BrokenAnswer),
        ];
        for (status, retry_after, body, expected) in cases {
            assert_eq!(fault(status, retry_after, body), expected, "{status}");
        }
    }
}
