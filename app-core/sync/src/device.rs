//! What sync needs of the device's store.

use reme_sync_protocol::{
    Collection, ConsentNote, Cursor, Digest, Envelope, GameList, Hlc, Payload, PlanMessage, RowKey, Stamp,
    TombstoneNote,
};
use reme_types::{DeviceId, RecordId};
use thiserror::Error;

/// The store did not do it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("this device's store: {0}")]
pub struct DeviceStoreError(
    /// What it said.
    pub String,
);

/// A change that waits to be sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Pending {
    /// The change's id; the same however often it is sent.
    pub record: RecordId,
    /// Its place in the device's time; the same however often it is sent.
    pub hlc: Hlc,
    /// Which row.
    pub key: RowKey,
    /// What the row is now, `None` when it is gone.
    pub payload: Option<Payload>,
}

/// What the portal said about a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settled {
    /// It is there, and is what the row stands at there.
    Kept(RecordId),
    /// Something later stands there for the row: this stamp.
    Superseded(RecordId, RowKey, Stamp),
    /// It was refused; it is set aside, kept, and not sent again by itself.
    SetAside(RecordId),
}

/// The device's side of the store: outbox, ledger of what is at the portal, plan and games.
///
/// Every method that writes is one transaction: after a crash all of it stands or none.
pub trait DeviceStore {
    /// The device.
    fn device(&self) -> DeviceId;
    /// Every consent of the patient, withdrawn ones too.
    ///
    /// # Errors
    /// [`DeviceStoreError`], as for every method.
    fn consents(&self) -> Result<Vec<ConsentNote>, DeviceStoreError>;
    /// The oldest changes not settled yet in these collections, in order of writing, at most `limit`. Of several changes of
    /// one row only the latest is given: a row is read when it is sent, and a change's id must stand for one content.
    ///
    /// # Errors
    /// [`DeviceStoreError`].
    fn pending(&self, collections: &[Collection], limit: usize) -> Result<Vec<Pending>, DeviceStoreError>;
    /// Takes note of what the portal said. A change that is settled settles the earlier ones of its row. Where a deletion
    /// stands at the portal, the row goes here too. Where something later and alive stands there, the fingerprint must differ
    /// until [`DeviceStore::adopt`] has brought it, however often a sync breaks off before.
    ///
    /// # Errors
    /// [`DeviceStoreError`].
    fn settle(&mut self, settled: &[Settled]) -> Result<(), DeviceStoreError>;
    /// The fingerprint of all rows as the portal has them, as far as the device knows.
    ///
    /// # Errors
    /// [`DeviceStoreError`].
    fn digest(&self) -> Result<Digest, DeviceStoreError>;
    /// The portal has a place in time from this device that lies above everything known here: the device was restored from a
    /// backup. Later changes go on from there.
    ///
    /// # Errors
    /// [`DeviceStoreError`].
    fn observe(&mut self, highest: Hlc) -> Result<(), DeviceStoreError>;
    /// Forgets what is at the portal and lets everything be sent again, deletions too.
    ///
    /// # Errors
    /// [`DeviceStoreError`].
    fn requeue_all(&mut self) -> Result<(), DeviceStoreError>;
    /// Rows that the portal has from this device. What is missing here comes back; of two versions of a row the later stands,
    /// and a deletion stands against both. Rows that are the same on both sides need not be sent again.
    ///
    /// # Errors
    /// [`DeviceStoreError`].
    fn adopt(&mut self, rows: &[Envelope]) -> Result<(), DeviceStoreError>;
    /// Rows the clinic has removed go here as well, for sync at least (a trial log that is only ever added to stays whole at
    /// home), and are never sent again; `cursor` is where the next pull goes on.
    ///
    /// # Errors
    /// [`DeviceStoreError`].
    fn remove(&mut self, gone: &[TombstoneNote], cursor: Cursor) -> Result<(), DeviceStoreError>;
    /// Where the next pull goes on.
    ///
    /// # Errors
    /// [`DeviceStoreError`].
    fn cursor(&self) -> Result<Cursor, DeviceStoreError>;
    /// The clinic's plan version in force here, and whether the portal has been told.
    ///
    /// # Errors
    /// [`DeviceStoreError`].
    fn plan_version(&self) -> Result<Option<(u32, i64, Told)>, DeviceStoreError>;
    /// Puts a plan of the clinic in force, at this time (milliseconds since 1970).
    ///
    /// # Errors
    /// [`DeviceStoreError`].
    fn put_plan(&mut self, plan: &PlanMessage, now_ms: i64) -> Result<(), DeviceStoreError>;
    /// The portal knows that this version is in force here.
    ///
    /// # Errors
    /// [`DeviceStoreError`].
    fn plan_told(&mut self, version: u32) -> Result<(), DeviceStoreError>;
    /// Keeps the clinic's list of games.
    ///
    /// # Errors
    /// [`DeviceStoreError`].
    fn put_games(&mut self, games: &GameList) -> Result<(), DeviceStoreError>;
}

/// Whether the portal has been told that a plan is in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// Yes.
    Yes,
    /// Not yet.
    NotYet,
}
