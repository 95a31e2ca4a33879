//! Why there was no pairing or no sync, as a person must hear it; and what was typed or scanned, read.
//!
//! Where in the flow: above [`crate::SyncError`], below the shells, which put each fault into words with its fix. What it must
//! never do: hold an address, a code or a name.

use reme_sync_protocol::{PairingCode, PeerError, Refusal};
use serde::{Deserialize, Serialize};

use crate::{DeviceStoreError, PortalAddress, PortalAddressError, SyncError};

/// Why there was no pairing or no sync. Nothing is lost by any of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum SyncFault {
    /// The address is none of a portal.
    #[error("the address is none of a portal")]
    Address,
    /// The address is not secure.
    #[error("the address is not secure")]
    NotSecure,
    /// The code is not complete.
    #[error("the code is not complete")]
    CodeForm,
    /// No such code.
    #[error("the code is not known")]
    CodeUnknown,
    /// The code was used.
    #[error("the code was used")]
    CodeUsed,
    /// The code has run out.
    #[error("the code has run out")]
    CodeExpired,
    /// Paired with a clinic already.
    #[error("paired already")]
    AlreadyPaired,
    /// Not paired.
    #[error("not paired")]
    NotPaired,
    /// The clinic does not know this device any more.
    #[error("unpaired by the clinic")]
    Removed,
    /// The device's key is gone.
    #[error("the device's key is gone")]
    KeyMissing,
    /// No answer.
    #[error("no answer")]
    Unreachable,
    /// The portal asks for patience.
    #[error("busy")]
    Busy,
    /// The portal speaks another version.
    #[error("another version")]
    Version,
    /// What answers there is no portal of ours.
    #[error("not understood")]
    NotUnderstood,
    /// The two sides still differ after everything was compared.
    #[error("still different")]
    StillDifferent,
    /// The device's own store or key store.
    #[error("the store")]
    Store,
}

impl SyncFault {
    /// Every one.
    pub const ALL: [Self; 16] = [
        Self::Address,
        Self::NotSecure,
        Self::CodeForm,
        Self::CodeUnknown,
        Self::CodeUsed,
        Self::CodeExpired,
        Self::AlreadyPaired,
        Self::NotPaired,
        Self::Removed,
        Self::KeyMissing,
        Self::Unreachable,
        Self::Busy,
        Self::Version,
        Self::NotUnderstood,
        Self::StillDifferent,
        Self::Store,
    ];

    /// Its stable name.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::NotSecure => "not-secure",
            Self::CodeForm => "code-form",
            Self::CodeUnknown => "code-unknown",
            Self::CodeUsed => "code-used",
            Self::CodeExpired => "code-expired",
            Self::AlreadyPaired => "already-paired",
            Self::NotPaired => "not-paired",
            Self::Removed => "removed",
            Self::KeyMissing => "key-missing",
            Self::Unreachable => "unreachable",
            Self::Busy => "busy",
            Self::Version => "version",
            Self::NotUnderstood => "not-understood",
            Self::StillDifferent => "still-different",
            Self::Store => "store",
        }
    }

    /// The field a person has to look at.
    pub const fn field(self) -> Option<&'static str> {
        match self {
            Self::Address | Self::NotSecure | Self::NotUnderstood => Some("address"),
            Self::CodeForm | Self::CodeUnknown | Self::CodeUsed | Self::CodeExpired => Some("code"),
            _ => None,
        }
    }

    /// Whether it passes by itself: later the same call may succeed.
    pub const fn passes(self) -> bool {
        matches!(self, Self::Unreachable | Self::Busy | Self::StillDifferent | Self::Store)
    }
}

impl From<DeviceStoreError> for SyncFault {
    fn from(_: DeviceStoreError) -> Self {
        Self::Store
    }
}

impl From<SyncError> for SyncFault {
    fn from(error: SyncError) -> Self {
        match error {
            SyncError::Store(_) => Self::Store,
            SyncError::StillDifferent => Self::StillDifferent,
            SyncError::Mismatch => Self::NotUnderstood,
            SyncError::Peer(PeerError::Unreachable) => Self::Unreachable,
            // The portal's time was tried; a clock that moves that fast settles down.
            SyncError::Peer(PeerError::Busy { .. } | PeerError::ClockSkew { .. }) => Self::Busy,
            SyncError::Peer(PeerError::BrokenAnswer) => Self::NotUnderstood,
            SyncError::Peer(PeerError::Refused(refusal)) => match refusal {
                Refusal::CodeUnknown => Self::CodeUnknown,
                Refusal::CodeUsed => Self::CodeUsed,
                Refusal::CodeExpired => Self::CodeExpired,
                Refusal::NotPaired | Refusal::Signature => Self::Removed,
                Refusal::Protocol { .. } => Self::Version,
                Refusal::Consent | Refusal::Invalid { .. } | Refusal::TooLarge => Self::NotUnderstood,
            },
        }
    }
}

/// Where and what to pair with: `ORIGIN` and `CODE`, or `ORIGIN/pair#CODE` as a QR code holds it.
///
/// # Errors
/// What is the matter with the address or the code.
pub fn read_invitation(address: &str, code: Option<&str>) -> Result<(PortalAddress, PairingCode), SyncFault> {
    let (origin, inside) = match address.trim().split_once('#') {
        Some((origin, code)) => (origin.trim_end_matches('/').strip_suffix("/pair").unwrap_or(origin), Some(code)),
        None => (address, None),
    };
    let origin = origin.parse().map_err(|error| match error {
        PortalAddressError::Form => SyncFault::Address,
        PortalAddressError::NotSecure => SyncFault::NotSecure,
    })?;
    let code = code.filter(|code| !code.trim().is_empty()).or(inside).ok_or(SyncFault::CodeForm)?;
    Ok((origin, code.parse().map_err(|_| SyncFault::CodeForm)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invitation_is_read_as_it_is_typed_or_scanned() {
        let scanned = read_invitation(" https://portal.example/pair#abcd2345 ", None).expect("a QR code");
        assert_eq!(scanned, read_invitation("https://portal.example/", Some("ABCD-2345")).expect("typed"));
        assert_eq!(scanned, read_invitation("https://portal.example#ABCD-2345", Some(" ")).expect("both in one field"));
        let cases = [
            ("portal.example", Some("ABCD-2345"), SyncFault::Address),
            ("http://portal.example", Some("ABCD-2345"), SyncFault::NotSecure),
            ("https://portal.example", None, SyncFault::CodeForm),
            ("https://portal.example/pair#", None, SyncFault::CodeForm),
            ("https://portal.example", Some("ABCD"), SyncFault::CodeForm),
        ];
        for (address, code, fault) in cases {
            assert_eq!(read_invitation(address, code).err(), Some(fault), "{address} {code:?}");
        }
    }

    #[test]
    fn every_fault_has_a_name_of_its_own_that_it_is_kept_under() {
        let slugs: std::collections::BTreeSet<&str> = SyncFault::ALL.into_iter().map(SyncFault::slug).collect();
        assert_eq!(slugs.len(), SyncFault::ALL.len());
        for fault in SyncFault::ALL {
            assert_eq!(serde_json::to_value(fault).expect("a word"), fault.slug());
        }
    }
}
