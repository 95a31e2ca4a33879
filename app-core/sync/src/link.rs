//! The link between one patient's store and a clinic: pairing, sharing, syncing, unpairing, and how it stands.
//!
//! Where in the flow: what a shell calls; it brings the clock, the key's place, and the way to the network. What it must never
//! do: send before somebody said what may go, keep the key anywhere but where the shell keeps keys, or hold the store while the
//! network is waited for.

use jiff::Timestamp;
use reme_sync_protocol::{Collection, DeviceKey, PairAnswer, PairingCode, PeerError, Refusal, SyncPeer};
use reme_types::{Clock, Consent, ConsentId, DeviceId, Rng};
use serde::{Deserialize, Serialize};

use crate::{
    Backoff, DeviceStore, DeviceStoreError, PortalAddress, Reach, StoreDevice, SyncError, SyncFault, SyncReport, Told,
    pair, rows, sync_once,
};

/// What sync remembers, by key.
const PAIRED: &str = "paired";
const STANDING: &str = "standing";
/// Between two syncs when nothing goes wrong, at least and at most: a clinician who changes a plan sees it delivered within
/// minutes [design], and a thousand devices do not come in the same second.
const PAUSE_S: (u64, u64) = (240, 360);

/// Where the device's key is kept.
pub trait DeviceKeys {
    /// The key, if there is one.
    ///
    /// # Errors
    /// When the place does not answer.
    fn load(&self) -> Result<Option<DeviceKey>, DeviceStoreError>;
    /// A new key in the place of any other.
    ///
    /// # Errors
    /// When it cannot be kept.
    fn renew(&self) -> Result<DeviceKey, DeviceStoreError>;
    /// Forgets it.
    ///
    /// # Errors
    /// When it cannot be removed.
    fn forget(&self) -> Result<(), DeviceStoreError>;
}

/// What the portal is told of this device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// Such as `linux-desktop`.
    pub platform: String,
    /// Version of the app.
    pub app_version: String,
    /// Further facts, by key.
    pub facts: Vec<(&'static str, String)>,
}

/// The clinic this device is paired with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paired {
    /// As what this device is known there.
    pub device: DeviceId,
    /// Where the portal is.
    pub address: String,
    /// Name of the clinic.
    pub clinic: String,
    /// The clinic's name for the patient.
    pub patient: String,
    /// When, milliseconds since 1970.
    pub paired_ms: i64,
    /// Whether the portal's answer came; without it the same id and key ask again.
    confirmed: bool,
}

/// How the last syncs went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Standing {
    /// When a sync last succeeded, milliseconds since 1970.
    pub synced_ms: Option<i64>,
    /// When one was last tried.
    pub tried_ms: Option<i64>,
    /// What was the matter then.
    pub fault: Option<SyncFault>,
    /// Not before then again.
    pub next_ms: i64,
    backoff: Backoff,
}

/// One kind of record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// Which.
    pub collection: Collection,
    /// Whether the patient's consent is in force.
    pub shared: bool,
    /// Rows that wait to be sent.
    pub waiting: u32,
}

/// Everything a screen shows.
#[derive(Debug, Clone, PartialEq)]
pub struct LinkStatus {
    /// The clinic, when there is one.
    pub paired: Option<Paired>,
    /// How it went.
    pub standing: Standing,
    /// Kind by kind.
    pub shares: Vec<Share>,
    /// The clinic's plan that came last: version, when it was put in force, whether the portal has been told.
    pub plan: Option<(u32, i64, bool)>,
}

/// Makes the way to a portal.
pub type Connect<'a> = dyn Fn(&PortalAddress, DeviceId, DeviceKey) -> Box<dyn SyncPeer> + 'a;

/// One patient's link.
pub struct Link<'a, R> {
    reach: R,
    keys: &'a dyn DeviceKeys,
    connect: &'a Connect<'a>,
    clock: &'a dyn Clock,
    about: About,
}

impl<R> std::fmt::Debug for Link<'_, R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Link").field("about", &self.about).finish_non_exhaustive()
    }
}

impl<'a, R: Reach> Link<'a, R> {
    /// The link of the patient behind `reach`.
    pub fn new(
        reach: R,
        keys: &'a dyn DeviceKeys,
        connect: &'a Connect<'a>,
        clock: &'a dyn Clock,
        about: About,
    ) -> Self {
        Self { reach, keys, connect, clock, about }
    }

    fn now_ms(&self) -> i64 {
        self.clock.now().as_millisecond()
    }

    fn known(&self) -> Result<Option<Paired>, SyncFault> {
        Ok(self.reach.with(|store| store.sync_value(PAIRED))?)
    }

    fn put<T: Serialize>(&self, key: &str, value: &T) -> Result<(), SyncFault> {
        Ok(self.reach.with(|store| store.transact(|tx| tx.put_sync_value(key, value)).map(drop))?)
    }

    fn standing(&self) -> Result<Standing, SyncFault> {
        Ok(self.reach.with(|store| store.sync_value(STANDING))?.unwrap_or_default())
    }

    /// How everything stands.
    ///
    /// # Errors
    /// [`SyncFault::Store`].
    pub fn status(&self) -> Result<LinkStatus, SyncFault> {
        let paired = self.known()?.filter(|paired| paired.confirmed);
        let counts = self.reach.with(|store| store.count_waiting(&rows::slugs(&Collection::ALL)))?;
        let device = StoreDevice::new(&self.reach, paired.as_ref().map_or_else(nobody, |paired| paired.device));
        let consents = device.consents()?;
        let share = |collection: Collection| Share {
            collection,
            shared: consents.iter().any(|note| note.scope == collection && note.withdrawn_ms.is_none()),
            waiting: counts.iter().find(|(slug, _)| slug == collection.slug()).map_or(0, |(_, count)| *count),
        };
        Ok(LinkStatus {
            standing: self.standing()?,
            shares: Collection::ALL.into_iter().map(share).collect(),
            plan: device.plan_version()?.map(|(version, at, told)| (version, at, told == Told::Yes)),
            paired,
        })
    }

    /// Pairs with a clinic. What is named in `share` may go from then on, and nothing else.
    ///
    /// # Errors
    /// The code's and the address's faults; after [`SyncFault::Unreachable`] the same call may be repeated.
    pub fn pair(
        &self,
        address: &PortalAddress,
        code: &PairingCode,
        share: &[Collection],
    ) -> Result<PairAnswer, SyncFault> {
        let known = self.known()?;
        let was_removed = matches!(self.standing()?.fault, Some(SyncFault::Removed | SyncFault::KeyMissing));
        if known.as_ref().is_some_and(|paired| paired.confirmed) && !was_removed {
            return Err(SyncFault::AlreadyPaired);
        }
        for collection in Collection::ALL {
            self.share(collection, share.contains(&collection))?;
        }
        // An answer that was lost: the same device asks again.
        let asked = known.filter(|paired| !paired.confirmed && paired.address == address.to_string());
        let again = match asked {
            Some(paired) => self.keys.load()?.map(|key| (paired.device, key)),
            None => None,
        };
        let is_again = again.is_some();
        let (device, key) = match again {
            Some(again) => again,
            None => self.new_device(address)?,
        };
        let answer = match self.ask(address, code, device, key) {
            // The portal knows that id from another time.
            Err(SyncError::Peer(PeerError::Refused(Refusal::Invalid { field, .. })))
                if is_again && field == "device" =>
            {
                let (device, key) = self.new_device(address)?;
                self.ask(address, code, device, key)
            }
            other => other,
        }?;
        let asked = self.known()?.ok_or(SyncFault::Store)?;
        let paired = Paired {
            clinic: answer.clinic.clone(),
            patient: answer.patient.clone(),
            paired_ms: self.now_ms(),
            confirmed: true,
            ..asked
        };
        self.put(STANDING, &Standing::default())?;
        self.put(PAIRED, &paired)?;
        Ok(answer)
    }

    /// A new id and a new key; everything waits to be sent.
    fn new_device(&self, address: &PortalAddress) -> Result<(DeviceId, DeviceKey), SyncFault> {
        let device = DeviceId::from_uuid(self.reach.with(|store| Ok(store.new_uuid()))?);
        let key = self.keys.renew()?;
        StoreDevice::new(&self.reach, device).forget_clinic()?;
        let asked = Paired {
            device,
            address: address.to_string(),
            clinic: String::new(),
            patient: String::new(),
            paired_ms: self.now_ms(),
            confirmed: false,
        };
        self.put(PAIRED, &asked)?;
        Ok((device, key))
    }

    fn ask(
        &self,
        address: &PortalAddress,
        code: &PairingCode,
        device: DeviceId,
        key: DeviceKey,
    ) -> Result<PairAnswer, SyncError> {
        let public = key.public();
        let mut peer = (self.connect)(address, device, key);
        let store = StoreDevice::new(&self.reach, device);
        pair(&store, &mut *peer, code.clone(), public, &self.about.platform, &self.about.app_version)
    }

    /// Syncs once, and remembers how it went.
    ///
    /// # Errors
    /// [`SyncFault`]; what waited still waits.
    pub fn sync(&self, rng: &mut dyn Rng) -> Result<SyncReport, SyncFault> {
        let paired = self.known()?.filter(|paired| paired.confirmed).ok_or(SyncFault::NotPaired)?;
        let outcome = match self.keys.load()? {
            Some(key) => self.sync_with(&paired, key).map_err(|error| match error {
                SyncError::Peer(error) => (SyncFault::from(SyncError::Peer(error.clone())), error),
                other => (other.into(), PeerError::Unreachable),
            }),
            None => Err((SyncFault::KeyMissing, PeerError::Unreachable)),
        };
        let mut standing = self.standing()?;
        let now_ms = self.now_ms();
        standing.tried_ms = Some(now_ms);
        let wait_s = match &outcome {
            Ok(_) => {
                standing.synced_ms = Some(now_ms);
                standing.backoff.succeeded();
                PAUSE_S.0 + rng.below(usize::try_from(PAUSE_S.1 - PAUSE_S.0).unwrap_or(1)) as u64
            }
            Err((_, error)) => standing.backoff.failed(error, rng),
        };
        let outcome = outcome.map_err(|(fault, _)| fault);
        standing.fault = outcome.as_ref().err().copied();
        standing.next_ms = now_ms.saturating_add(i64::try_from(wait_s.saturating_mul(1000)).unwrap_or(i64::MAX));
        self.put(STANDING, &standing)?;
        outcome
    }

    fn sync_with(&self, paired: &Paired, key: DeviceKey) -> Result<SyncReport, SyncError> {
        let broken = |_| SyncError::Store(DeviceStoreError("holds an address that cannot be read".into()));
        let address: PortalAddress = paired.address.parse().map_err(broken)?;
        let mut device = StoreDevice::new(&self.reach, paired.device);
        let mut facts =
            vec![("app-version", self.about.app_version.clone()), ("platform", self.about.platform.clone())];
        facts.extend(self.about.facts.iter().cloned());
        device.count(self.clock.now(), &facts)?;
        let mut peer = (self.connect)(&address, paired.device, key);
        sync_once(&mut device, &mut *peer, self.clock, &self.about.app_version)
    }

    /// Whether a sync can succeed without anybody doing anything: paired, and known to the clinic.
    ///
    /// # Errors
    /// [`SyncFault::Store`].
    pub fn may_sync(&self) -> Result<bool, SyncFault> {
        let is_paired = self.known()?.is_some_and(|paired| paired.confirmed);
        Ok(is_paired && self.standing()?.fault.is_none_or(SyncFault::passes))
    }

    /// Whether a sync by itself is due now: it may, and the pause is over.
    ///
    /// # Errors
    /// [`SyncFault::Store`].
    pub fn is_due(&self) -> Result<bool, SyncFault> {
        let standing = self.standing()?;
        // A clock that was set back must not stop it for a day.
        let now_ms = self.now_ms();
        let is_time = now_ms >= standing.next_ms || standing.tried_ms.is_some_and(|tried| now_ms < tried);
        Ok(is_time && self.may_sync()?)
    }

    /// The consent for a kind of record is given or taken back; the portal hears of it with the next sync.
    ///
    /// # Errors
    /// [`SyncFault::Store`].
    pub fn share(&self, collection: Collection, on: bool) -> Result<(), SyncFault> {
        let now: Timestamp = self.clock.now();
        Ok(self.reach.with(|store| {
            let in_force: Vec<Consent> = store.consents()?;
            let in_force = in_force.into_iter().filter(|c| c.scope == collection.slug() && c.withdrawn_at.is_none());
            let in_force: Vec<Consent> = in_force.collect();
            if on != in_force.is_empty() {
                return Ok(());
            }
            let id = ConsentId::from_uuid(store.new_uuid());
            let given = Consent { id, scope: collection.slug().into(), given_at: now, withdrawn_at: None };
            store.transact(|tx| {
                if on {
                    return tx.put_consent(&given);
                }
                let taken_back = |consent: Consent| Consent { withdrawn_at: Some(now), ..consent };
                in_force.into_iter().map(taken_back).try_for_each(|consent| tx.put_consent(&consent))
            })?;
            Ok(())
        })?)
    }

    /// Ends the link on this side: key and address are forgotten, everything stays here. The clinic keeps what it has.
    ///
    /// # Errors
    /// [`SyncFault::NotPaired`], [`SyncFault::Store`].
    pub fn unpair(&self) -> Result<(), SyncFault> {
        let paired = self.known()?.ok_or(SyncFault::NotPaired)?;
        StoreDevice::new(&self.reach, paired.device).forget_clinic()?;
        self.reach.with(|store| {
            store.transact(|tx| {
                tx.remove_sync_value(PAIRED)?;
                tx.remove_sync_value(STANDING)
            })?;
            Ok(())
        })?;
        Ok(self.keys.forget()?)
    }
}

/// Stands in where only the store is asked.
fn nobody() -> DeviceId {
    DeviceId::from_uuid(Default::default())
}
