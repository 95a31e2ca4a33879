//! Signed requests: Ed25519 over canonical bytes of the whole request.
//!
//! A copy of a request is harmless within [`CLOCK_WINDOW_MS`], because every device request may be repeated without effect,
//! and refused after it. A device whose clock is wrong is told the portal's time and signs with that.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};
use reme_types::DeviceId;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use thiserror::Error;

use crate::digest::hex32;

/// How far the time of a signature may be from the portal's, either way: five minutes, as usual for signed requests.
pub const CLOCK_WINDOW_MS: i64 = 5 * 60 * 1000;
/// Headers that carry device id, time and signature.
pub const SIGNATURE_HEADERS: [&str; 3] = ["x-reme-device", "x-reme-time", "x-reme-signature"];
/// First line of what is signed, so that no signature made for something else fits.
const CONTEXT: &str = "reme-device-request-v1";

/// A signature or a key cannot be read, or does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SignatureError {
    /// It is not base64url of the right length.
    #[error("the key or signature is not base64url of the right length")]
    Form,
    /// It was not made by this key over this request.
    #[error("the signature does not fit the request")]
    Mismatch,
}

/// A device's signing key. It stays on the device, in its key store.
pub struct DeviceKey(SigningKey);

impl DeviceKey {
    /// The key that belongs to 32 secret bytes from the operating system.
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(seed))
    }

    /// The half that may be shown.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key().to_bytes())
    }

    /// Signs a request.
    pub fn sign(&self, request: &RequestToSign<'_>) -> Signature {
        Signature(self.0.sign(request.canonical().as_bytes()).to_bytes())
    }
}

impl std::fmt::Debug for DeviceKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DeviceKey(…)")
    }
}

/// The half of a device's key that the portal keeps; base64url on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PublicKey([u8; 32]);

impl PublicKey {
    /// Checks a signature. Keys of small order, under which anything verifies, are refused.
    ///
    /// # Errors
    /// [`SignatureError::Mismatch`].
    pub fn verify(&self, request: &RequestToSign<'_>, signature: &Signature) -> Result<(), SignatureError> {
        let key = VerifyingKey::from_bytes(&self.0).map_err(|_| SignatureError::Mismatch)?;
        let signature = ed25519_dalek::Signature::from_bytes(&signature.0);
        key.verify_strict(request.canonical().as_bytes(), &signature).map_err(|_| SignatureError::Mismatch)
    }
}

/// A signature; base64url on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signature([u8; 64]);

/// All of a request that a signature covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestToSign<'a> {
    /// `GET`, `POST`.
    pub method: &'a str,
    /// Path and query as sent.
    pub path: &'a str,
    /// Who sends it.
    pub device: DeviceId,
    /// When, milliseconds since 1970.
    pub time_ms: i64,
    /// SHA-256 of the body, see [`body_hash`].
    pub body_hash: [u8; 32],
}

impl RequestToSign<'_> {
    /// One line a part. No part can hold a line break: method and path come from a parsed HTTP request.
    fn canonical(&self) -> String {
        let (device, time, body) = (self.device, self.time_ms, hex32::to_text(&self.body_hash));
        format!("{CONTEXT}\n{}\n{}\n{device}\n{time}\n{body}\n", self.method, self.path)
    }
}

/// SHA-256 of a body.
pub fn body_hash(body: &[u8]) -> [u8; 32] {
    Sha256::digest(body).into()
}

macro_rules! base64url {
    ($name:ident) => {
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
            }
        }

        impl std::str::FromStr for $name {
            type Err = SignatureError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| SignatureError::Form)?;
                bytes.try_into().map(Self).map_err(|_| SignatureError::Form)
            }
        }

        impl TryFrom<String> for $name {
            type Error = SignatureError;
            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.to_string()
            }
        }
    };
}
base64url!(PublicKey);
base64url!(Signature);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    proptest! {
        #[test]
        fn a_signature_fits_its_request_and_no_other(seed in any::<[u8; 32]>(), id in any::<u128>(), time_ms in any::<i64>(), body in prop::collection::vec(any::<u8>(), 0..64), part in 0u8..6) {
            let key = DeviceKey::from_seed(&seed);
            let device = DeviceId::from_uuid(Uuid::from_u128(id));
            let request = RequestToSign { method: "POST", path: "/api/device/push", device, time_ms, body_hash: body_hash(&body) };
            let signature: Signature = key.sign(&request).to_string().parse().expect("written by us");
            let public: PublicKey = key.public().to_string().parse().expect("written by us");
            prop_assert_eq!(public.verify(&request, &signature), Ok(()));

            let mut other_seed = seed;
            other_seed[0] ^= 1;
            let mut longer = body.clone();
            longer.push(0);
            let (other, by) = match part {
                0 => (RequestToSign { method: "GET", ..request }, public),
                1 => (RequestToSign { path: "/api/device/pull", ..request }, public),
                2 => (RequestToSign { device: DeviceId::from_uuid(Uuid::from_u128(id ^ 1)), ..request }, public),
                3 => (RequestToSign { time_ms: time_ms ^ 1, ..request }, public),
                4 => (RequestToSign { body_hash: body_hash(&longer), ..request }, public),
                _ => (request, DeviceKey::from_seed(&other_seed).public()),
            };
            prop_assert_eq!(by.verify(&other, &signature), Err(SignatureError::Mismatch));
        }
    }

    #[test]
    fn a_key_under_which_anything_verifies_is_refused() {
        // The neutral element: R = neutral, s = 0 satisfies the plain equation for every message.
        let mut neutral = [0; 32];
        neutral[0] = 1;
        let mut signature = [0; 64];
        signature[0] = 1;
        let device = DeviceId::from_uuid(Uuid::nil());
        let request = RequestToSign { method: "GET", path: "/", device, time_ms: 0, body_hash: body_hash(b"") };
        assert_eq!(PublicKey(neutral).verify(&request, &Signature(signature)), Err(SignatureError::Mismatch));
    }
}
