//! One-time codes (RFC 6238: SHA-1, six digits, thirty seconds; what authenticator apps all speak).

use totp_rs::{Builder, Secret, Totp};

use crate::{chance, error::Fault};

/// Seconds a code holds.
const STEP_S: i64 = 30;

/// A new secret, base32.
///
/// # Errors
/// When the operating system gives no randomness.
pub fn new_secret() -> Result<String, Fault> {
    Ok(Secret::new(Box::new(chance::bytes::<20>()?)).to_base32())
}

fn totp(secret: &str, account: &str) -> Result<Totp, Fault> {
    let unreadable = || Fault::internal("a one-time secret cannot be read");
    let secret = Secret::try_from_base32(secret).map_err(|_| unreadable())?;
    // An account's name in the address may hold no colon.
    let account = account.replace(':', " ");
    Builder::new()
        .with_secret(secret)
        .with_skew(1)
        .with_account_name(account)
        .with_issuer(Some("ReMe"))
        .build()
        .map_err(|_| unreadable())
}

/// The address an authenticator app reads from a QR code.
///
/// # Errors
/// Our own faults only.
pub fn address(secret: &str, account: &str) -> Result<String, Fault> {
    totp(secret, account)?.to_url().map_err(|_| Fault::internal("a one-time address cannot be written"))
}

/// The step the code belongs to, one step of clock difference allowed either way; `None` when it fits none.
///
/// # Errors
/// Our own faults only.
pub fn step(secret: &str, code: &str, now_ms: i64) -> Result<Option<i64>, Fault> {
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let now_s = u64::try_from(now_ms / 1000).unwrap_or(0);
    Ok(totp(secret, "account")?.check(&code, now_s).and_then(|step| i64::try_from(step).ok()))
}

/// The code of this moment: for tests, and for the demo's printed log-in.
///
/// # Errors
/// Our own faults only.
pub fn code(secret: &str, now_ms: i64) -> Result<String, Fault> {
    Ok(totp(secret, "account")?.generate(u64::try_from(now_ms / 1000).unwrap_or(0)).to_string())
}

/// When the step after this one begins, milliseconds.
pub const fn next_step_ms(now_ms: i64) -> i64 {
    (now_ms / 1000 / STEP_S + 1) * STEP_S * 1000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_standard() {
        // RFC 6238, appendix B, SHA-1, cut to six digits.
        let secret = Secret::new(Box::new(*b"12345678901234567890")).to_base32();
        for (seconds, expected) in [(59, "287082"), (1_111_111_109, "081804"), (2_000_000_000, "279037")] {
            assert_eq!(code(&secret, seconds * 1000).as_deref(), Ok(expected));
            assert_eq!(step(&secret, expected, seconds * 1000), Ok(Some(seconds / 30)));
            assert_eq!(step(&secret, expected, (seconds + 30) * 1000), Ok(Some(seconds / 30)), "one step late");
            assert_eq!(step(&secret, expected, (seconds + 90) * 1000), Ok(None), "three steps late");
        }
        for nonsense in ["", "12345", "1234567", "abcdef", "２８７０８２"] {
            assert_eq!(step(&secret, nonsense, 59_000), Ok(None), "{nonsense}");
        }
    }

    #[test]
    fn the_address_names_the_account() {
        let secret = new_secret().expect("randomness");
        let address = address(&secret, "ann@example.org").expect("writes");
        assert!(address.starts_with("otpauth://totp/ReMe:ann%40example.org?"), "{address}");
    }
}
