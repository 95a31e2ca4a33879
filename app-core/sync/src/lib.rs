//! The device's side of sync: what has changed goes to the clinic's portal, the plan and the list of games come back.
//!
//! Where in the flow: between the store and the portal. It is the only crate of the core that links a network stack, and only
//! [`HttpPeer`] uses it. What it must never do: send a kind of record that no consent in force covers, send anything of a
//! memory, forget what was not acknowledged, read a clock or roll dice of its own.
//!
//! [`sync_once`] is one conversation: hello, push until nothing waits, pull, compare fingerprints, and when they differ one
//! full resync. Whenever it breaks off, the next one goes on from what was acknowledged. [`Backoff`] says when that is. [`StoreDevice`] is the
//! patient's store as a device, [`Link`] what a shell calls: pair, sync, share, unpair, status.

mod backoff;
mod device;
mod fault;
mod http;
mod link;
mod rows;
mod run;
mod store_device;
#[cfg(feature = "testing")]
pub mod testing;

pub use backoff::Backoff;
pub use device::{DeviceStore, DeviceStoreError, Pending, Settled, Told};
pub use fault::{SyncFault, read_invitation};
pub use http::{HttpPeer, PortalAddress, PortalAddressError};
pub use link::{About, Connect, DeviceKeys, Link, LinkStatus, Paired, Share, Standing};
pub use run::{SyncError, SyncReport, pair, sync_once};
pub use store_device::{Reach, StoreDevice};
