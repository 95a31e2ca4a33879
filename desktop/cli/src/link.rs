//! What the link with a clinic needs of this machine: where the device's key is kept, the way to the network, what is said of
//! the device.
//!
//! Stands at the edge, between `reme-sync` and the command or the server. What it must never do: decide what may be sent.

use std::{cell::RefCell, sync::Arc};

use reme::{Household, Store, StoreError, StoreKey};
use reme_sync::{About, DeviceKeys, DeviceStoreError, HttpPeer, Link, PortalAddress, Reach};
use reme_sync_protocol::{Collection, DeviceKey, SyncPeer};
use reme_types::{DeviceId, SeededRng};

use crate::shell::SystemClock;

/// A patient's device key in the key store of the household.
pub(crate) struct HouseKeys<'a> {
    pub(crate) household: &'a Household,
    pub(crate) slug: &'a str,
}

fn said(error: impl std::fmt::Display) -> DeviceStoreError {
    DeviceStoreError(error.to_string())
}

impl DeviceKeys for HouseKeys<'_> {
    fn load(&self) -> Result<Option<DeviceKey>, DeviceStoreError> {
        let key = self.household.device_key(self.slug).map_err(said)?;
        Ok(key.map(|key| DeviceKey::from_seed(key.as_bytes())))
    }

    fn renew(&self) -> Result<DeviceKey, DeviceStoreError> {
        let key: StoreKey = self.household.renew_device_key(self.slug).map_err(said)?;
        Ok(DeviceKey::from_seed(key.as_bytes()))
    }

    fn forget(&self) -> Result<(), DeviceStoreError> {
        self.household.forget_device_key(self.slug).map_err(said)
    }
}

/// A store that is held for as long as the command runs.
pub(crate) struct Held<'a>(pub(crate) RefCell<&'a mut Store>);

impl Reach for Held<'_> {
    fn with<T>(&self, work: impl FnOnce(&mut Store) -> Result<T, StoreError>) -> Result<T, DeviceStoreError> {
        let mut store = self.0.try_borrow_mut().map_err(said)?;
        Ok(work(&mut store)?)
    }
}

/// The way to a portal over HTTP.
fn connect(address: &PortalAddress, device: DeviceId, key: DeviceKey) -> Box<dyn SyncPeer> {
    Box::new(HttpPeer::new(address.clone(), device, key, Arc::new(SystemClock)))
}

/// The link of the patient behind `reach`.
pub(crate) fn link<'a, R: Reach>(reach: R, keys: &'a HouseKeys<'a>) -> Link<'a, R> {
    let about = About {
        platform: format!("{}-{}", std::env::consts::OS, std::env::consts::ARCH),
        app_version: env!("CARGO_PKG_VERSION").to_owned(),
        facts: Vec::new(),
    };
    Link::new(reach, keys, &connect, &SystemClock, about)
}

/// Chance for the pauses between syncs; from the operating system where it gives any.
pub(crate) fn chance() -> SeededRng {
    let bytes = StoreKey::random().map_or([7; 8], |key| {
        let mut eight = [0; 8];
        eight.copy_from_slice(&key.as_bytes()[..8]);
        eight
    });
    SeededRng::new(u64::from_le_bytes(bytes))
}

/// Kinds by name; the first that is none is given back.
pub(crate) fn kinds<S: AsRef<str>>(names: &[S]) -> Result<Vec<Collection>, String> {
    names.iter().map(|name| name.as_ref().trim().parse().map_err(|_| name.as_ref().to_owned())).collect()
}
