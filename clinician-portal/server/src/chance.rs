//! Secrets from the operating system: tokens, codes, salts. Never seeded, never repeated.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::error::Fault;

/// Bytes of chance.
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N], Fault> {
    let mut out = [0; N];
    getrandom::fill(&mut out).map_err(|_| Fault::internal("the operating system gave no randomness"))?;
    Ok(out)
}

/// A secret of 256 bits, base64url.
pub(crate) fn token() -> Result<String, Fault> {
    Ok(URL_SAFE_NO_PAD.encode(bytes::<32>()?))
}

/// A UUIDv7 at this time.
pub(crate) fn uuid(now_ms: i64) -> Result<Uuid, Fault> {
    let millis = u64::try_from(now_ms).unwrap_or(0);
    Ok(uuid::Builder::from_unix_timestamp_millis(millis, &bytes()?).into_uuid())
}

/// What is kept of a secret: its SHA-256, hex. Enough for secrets of full entropy; passwords have Argon2.
pub(crate) fn hash(secret: &str) -> String {
    hex(&Sha256::digest(secret.as_bytes()))
}

/// Lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
