//! The portal as a device sees it.

use thiserror::Error;

use crate::{
    Cursor, Digest, Envelope, Hello, HelloAnswer, PairAnswer, PairRequest, PlanReceipt, PullAnswer, PushAnswer,
    Refusal, RowKey, RowsPage,
};

/// What went wrong on the way to the portal or there.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PeerError {
    /// No answer came: the request may or may not have been heard. Ask again later.
    #[error("the clinic's portal could not be reached; everything is kept and will be sent later")]
    Unreachable,
    /// The portal asks for patience.
    #[error("the clinic's portal is busy; everything is kept and will be sent later")]
    Busy {
        /// Seconds to wait at least.
        retry_after_s: u32,
    },
    /// The clocks differ too far for a signature; sign with this time.
    #[error("this device's clock is not right")]
    ClockSkew {
        /// The portal's time, milliseconds since 1970.
        server_ms: i64,
    },
    /// The portal heard the request and will not do it.
    #[error("the clinic's portal did not take this: {0:?}")]
    Refused(Refusal),
    /// The answer is none that this version understands.
    #[error("the clinic's portal gave an answer this version does not understand; everything is kept")]
    BrokenAnswer,
}

/// The portal, bound to one device.
///
/// The calls block. The core is synchronous (the store has one writer, the sessions are a state machine), a sync is one
/// conversation with nothing to overlap, and a simulation in virtual time must decide every order of events itself, which an
/// async executor would take out of its hands. A shell with an event loop runs a sync on a thread of its own.
///
/// Every call may be repeated: hearing it twice leaves the portal as hearing it once.
pub trait SyncPeer {
    /// Pairs the device.
    ///
    /// # Errors
    /// The code's faults are [`PeerError::Refused`].
    fn pair(&mut self, request: &PairRequest) -> Result<PairAnswer, PeerError>;
    /// Opens a sync.
    ///
    /// # Errors
    /// [`PeerError`].
    fn hello(&mut self, hello: &Hello) -> Result<HelloAnswer, PeerError>;
    /// Sends at most [`crate::MAX_BATCH_RECORDS`] records. What is acknowledged is on the portal's disk.
    ///
    /// # Errors
    /// [`PeerError`]; then any part of the batch may have been kept, and all of it is sent again.
    fn push(&mut self, batch: &[Envelope]) -> Result<PushAnswer, PeerError>;
    /// Asks for plan, games and deletions.
    ///
    /// # Errors
    /// [`PeerError`].
    fn pull(&mut self, from: Cursor) -> Result<PullAnswer, PeerError>;
    /// Says that a plan is in force on the device.
    ///
    /// # Errors
    /// [`PeerError`].
    fn plan_taken(&mut self, receipt: PlanReceipt) -> Result<(), PeerError>;
    /// The fingerprint of all rows the portal has from this device.
    ///
    /// # Errors
    /// [`PeerError`].
    fn digest(&mut self) -> Result<Digest, PeerError>;
    /// A page of those rows, after `after`.
    ///
    /// # Errors
    /// [`PeerError`].
    fn rows(&mut self, after: Option<&RowKey>) -> Result<RowsPage, PeerError>;
}
