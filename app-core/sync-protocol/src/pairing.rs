//! Bringing a device and a patient of a clinic together by a code that is typed or scanned once.

use std::{fmt, str::FromStr};

use reme_types::DeviceId;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{ConsentNote, PublicKey};

/// Letters of a code: no 0 and O, no 1 and I.
pub const PAIRING_CODE_LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
/// Letters in a code: 40 bits, of which a guesser sees a few dozen tries at most before the code runs out.
const LENGTH: usize = 8;

/// A one-time code, shown as `ABCD-EFGH`. It is a secret: [`fmt::Debug`] does not show it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PairingCode([u8; LENGTH]);

/// The text is no code.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the code is not complete: it has 8 letters and digits, such as ABCD-2345, without 0, O, 1 and I")]
pub struct PairingCodeError;

impl PairingCode {
    /// A code from 8 bytes of chance; the portal takes them from the operating system.
    pub fn from_chance(chance: [u8; LENGTH]) -> Self {
        Self(chance.map(|byte| PAIRING_CODE_LETTERS[usize::from(byte % 32)]))
    }

    /// The bare letters, for hashing.
    pub fn letters(&self) -> &str {
        std::str::from_utf8(&self.0).expect("only ASCII letters are put in")
    }
}

impl fmt::Display for PairingCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (head, tail) = self.letters().split_at(LENGTH / 2);
        write!(f, "{head}-{tail}")
    }
}

impl fmt::Debug for PairingCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PairingCode(…)")
    }
}

impl FromStr for PairingCode {
    type Err = PairingCodeError;
    /// Takes what people type: small letters, spaces, dashes, and the wide forms of a Chinese keyboard.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut letters = Vec::with_capacity(LENGTH);
        for c in text.chars() {
            let narrow = match c {
                '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
                other => other,
            };
            if narrow.is_whitespace() || "-–—_.·".contains(narrow) {
                continue;
            }
            let letter = u8::try_from(narrow.to_ascii_uppercase()).map_err(|_| PairingCodeError)?;
            if !PAIRING_CODE_LETTERS.contains(&letter) || letters.len() == LENGTH {
                return Err(PairingCodeError);
            }
            letters.push(letter);
        }
        letters.try_into().map(Self).map_err(|_| PairingCodeError)
    }
}

impl TryFrom<String> for PairingCode {
    type Error = PairingCodeError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<PairingCode> for String {
    fn from(code: PairingCode) -> Self {
        code.to_string()
    }
}

/// A device asks to be paired; the request is signed with the key it brings, which proves that it holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairRequest {
    /// The code that was typed or scanned.
    pub code: PairingCode,
    /// The id the device gave itself.
    pub device: DeviceId,
    /// The device's key.
    pub public_key: PublicKey,
    /// What kind of device, such as `linux-desktop`.
    pub platform: String,
    /// Version of the app.
    pub app_version: String,
    /// What the patient agreed to.
    pub consents: Vec<ConsentNote>,
}

/// The device is paired.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairAnswer {
    /// Name of the clinic, to be shown.
    pub clinic: String,
    /// The clinic's name for the patient, so that a mix-up is seen at once.
    pub patient: String,
    /// The portal's time.
    pub server_ms: i64,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_code_survives_being_shown_and_typed(chance in any::<[u8; 8]>()) {
            let code = PairingCode::from_chance(chance);
            prop_assert_eq!(code.to_string().parse::<PairingCode>().expect("as shown"), code.clone());
            let typed = code.to_string().to_lowercase().replace('-', "  ");
            prop_assert_eq!(typed.parse::<PairingCode>().expect("as typed"), code);
        }
    }

    #[test]
    fn wide_letters_are_read_and_lookalikes_are_not() {
        let wide = "ＡＢＣＤ－２３４５".parse::<PairingCode>().expect("wide forms");
        assert_eq!(wide.to_string(), "ABCD-2345");
        for text in ["", "ABCD-234", "ABCD-23456", "ABCD-234O", "ABCD-2341", "ABCD-234é", "ABCD-234；"] {
            assert!(text.parse::<PairingCode>().is_err(), "{text}");
        }
        assert!(!format!("{wide:?}").contains("ABCD"), "a code is not logged");
    }
}
