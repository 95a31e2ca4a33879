//! Who sent a device's request: known device, fitting signature, time near ours.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    body::Bytes,
    extract::{ConnectInfo, FromRequest, Request},
    http::{HeaderMap, request::Parts},
};
use reme_sync_protocol::{CLOCK_WINDOW_MS, PublicKey, Refusal, RequestToSign, SIGNATURE_HEADERS, Signature, body_hash};
use reme_types::DeviceId;
use serde::de::DeserializeOwned;

use crate::{
    app::App,
    error::Fault,
    json::{parse, too_large},
    tables::devices::{self, Known},
};

/// A request of a paired device, with its body.
#[derive(Debug)]
pub(crate) struct SignedBy<T> {
    pub(crate) known: Known,
    pub(crate) device: DeviceId,
    pub(crate) body: T,
}

impl<T: DeserializeOwned> FromRequest<Arc<App>> for SignedBy<T> {
    type Rejection = Fault;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Fault> {
        let (parts, body) = request.into_parts();
        let device = device(&parts.headers)?;
        let known = devices::known(&app.db, &device.to_string()).await?;
        let known = known.ok_or(Fault::Device(Refusal::NotPaired))?;
        app.throttle.take("device", &device.to_string(), app.config.limits.device, app.now_ms())?;
        let body =
            Bytes::from_request(Request::from_parts(parts.clone(), body), app).await.map_err(|r| too_large(&r))?;
        let key = known.public_key.parse().map_err(|_| Fault::internal("a device's key cannot be read"))?;
        check_signature(&parts, &body, device, &key, app.now_ms())?;
        Ok(Self { known, device, body: parse(&body)? })
    }
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Result<&'a str, Fault> {
    headers.get(name).and_then(|value| value.to_str().ok()).ok_or(Fault::Device(Refusal::Signature))
}

/// The device a request says it is from.
pub(crate) fn device(headers: &HeaderMap) -> Result<DeviceId, Fault> {
    header(headers, SIGNATURE_HEADERS[0])?.parse().map_err(|_| Fault::Device(Refusal::Signature))
}

/// Whether the request was signed with this key, lately.
pub(crate) fn check_signature(
    parts: &Parts,
    body: &[u8],
    device: DeviceId,
    key: &PublicKey,
    now_ms: i64,
) -> Result<(), Fault> {
    let refused = || Fault::Device(Refusal::Signature);
    let time_ms: i64 = header(&parts.headers, SIGNATURE_HEADERS[1])?.parse().map_err(|_| refused())?;
    let signature: Signature = header(&parts.headers, SIGNATURE_HEADERS[2])?.parse().map_err(|_| refused())?;
    let request = RequestToSign {
        method: parts.method.as_str(),
        path: parts.uri.path_and_query().map_or("/", |path| path.as_str()),
        device,
        time_ms,
        body_hash: body_hash(body),
    };
    key.verify(&request, &signature).map_err(|_| refused())?;
    // After the signature: only a device that is paired learns our time.
    if now_ms.abs_diff(time_ms) > CLOCK_WINDOW_MS.unsigned_abs() {
        return Err(Fault::Clock { server_ms: now_ms });
    }
    Ok(())
}

/// The caller's address, for limits.
pub(crate) fn caller(app: &App, parts: &Parts) -> String {
    if app.config.behind_proxy {
        let forwarded = parts.headers.get("x-forwarded-for").and_then(|value| value.to_str().ok());
        // The last entry is the one our proxy wrote; the ones before are whatever the caller claims.
        if let Some(address) = forwarded.and_then(|list| list.rsplit(',').next()) {
            return address.trim().chars().take(64).collect();
        }
    }
    let connected = parts.extensions.get::<ConnectInfo<SocketAddr>>();
    connected.map_or_else(|| "unknown".into(), |ConnectInfo(address)| address.ip().to_string())
}
