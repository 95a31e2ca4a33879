//! One conversation with the portal.

use reme_sync_protocol::{
    AckOutcome, Collection, ConsentNote, Envelope, Hello, MAX_BATCH_RECORDS, PROTOCOL_VERSION, PairAnswer, PairRequest,
    PairingCode, PeerError, PlanReceipt, PublicKey, Record, RecordAck, SyncPeer,
};
use reme_types::Clock;
use thiserror::Error;

use crate::device::{DeviceStore, DeviceStoreError, Pending, Settled, Told};

/// Pages of deletions or rows in one sync at most; a portal that never ends is not followed for ever.
const MAX_PAGES: usize = 100_000;

/// Why a sync ended early. Everything acknowledged stays so; the next sync goes on.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SyncError {
    /// The portal or the way there.
    #[error(transparent)]
    Peer(#[from] PeerError),
    /// The device's own store.
    #[error(transparent)]
    Store(#[from] DeviceStoreError),
    /// The portal's answer does not fit the request.
    #[error("the clinic's portal gave an answer that does not fit; everything is kept")]
    Mismatch,
    /// After a full resync the two sides still differ.
    #[error("this device and the clinic's portal still differ after a full comparison; everything is kept on both")]
    StillDifferent,
}

/// What a sync did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SyncReport {
    /// Records newly kept at the portal.
    pub sent: usize,
    /// Records that were there already.
    pub repeated: usize,
    /// Records in whose place something later stands.
    pub superseded: usize,
    /// Records that were refused and set aside.
    pub set_aside: usize,
    /// Rows the clinic has removed.
    pub removed: usize,
    /// Version of a plan that was put in force.
    pub new_plan: Option<u32>,
    /// Whether the portal had a later version of a row that lives: this device was restored from a backup.
    pub behind: bool,
    /// Whether everything was compared, because the fingerprints differed or this device was behind.
    pub full_resync: bool,
}

/// Pairs the device by a code that was typed or scanned.
///
/// # Errors
/// The code's faults are [`PeerError::Refused`]; after [`PeerError::Unreachable`] the same call may be repeated.
pub fn pair(
    store: &dyn DeviceStore,
    peer: &mut dyn SyncPeer,
    code: PairingCode,
    public_key: PublicKey,
    platform: &str,
    app_version: &str,
) -> Result<PairAnswer, SyncError> {
    let request = PairRequest {
        code,
        device: store.device(),
        public_key,
        platform: platform.into(),
        app_version: app_version.into(),
        consents: store.consents()?,
    };
    Ok(peer.pair(&request)?)
}

/// Syncs once.
///
/// # Errors
/// [`SyncError`]; nothing is lost, and the next call goes on from what was acknowledged.
pub fn sync_once(
    store: &mut dyn DeviceStore,
    peer: &mut dyn SyncPeer,
    clock: &dyn Clock,
    app_version: &str,
) -> Result<SyncReport, SyncError> {
    let mut report = SyncReport::default();
    let consents = store.consents()?;
    let hello = Hello { protocol: PROTOCOL_VERSION, app_version: app_version.into(), consents: consents.clone() };
    let answer = peer.hello(&hello)?;
    if let Some(highest) = answer.highest {
        store.observe(highest)?;
    }
    push_all(store, peer, &consents, &mut report)?;
    pull(store, peer, clock, &mut report)?;
    // Something later at the portal than here, and still alive, means that this store is older than it was: the store has left
    // it out of its fingerprint, and its content is fetched.
    if !report.behind && store.digest()? == peer.digest()? {
        return Ok(report);
    }
    report.full_resync = true;
    adopt_all(store, peer)?;
    push_all(store, peer, &consents, &mut report)?;
    pull(store, peer, clock, &mut report)?;
    if store.digest()? == peer.digest()? { Ok(report) } else { Err(SyncError::StillDifferent) }
}

/// The consent in force for a kind of record, if there is one.
fn in_force(consents: &[ConsentNote], collection: Collection) -> Option<&ConsentNote> {
    consents.iter().find(|consent| consent.scope == collection && consent.withdrawn_ms.is_none())
}

/// Sends what waits and may go, batch by batch; each batch that was answered is settled before the next is read.
fn push_all(
    store: &mut dyn DeviceStore,
    peer: &mut dyn SyncPeer,
    consents: &[ConsentNote],
    report: &mut SyncReport,
) -> Result<(), SyncError> {
    let may_go: Vec<Collection> = Collection::ALL.into_iter().filter(|c| in_force(consents, *c).is_some()).collect();
    loop {
        let waiting = store.pending(&may_go, MAX_BATCH_RECORDS)?;
        if waiting.is_empty() {
            return Ok(());
        }
        let device = store.device();
        let envelope = |pending: &Pending| {
            let consent = in_force(consents, pending.key.collection)?;
            let record = Record {
                id: pending.record,
                device,
                hlc: pending.hlc,
                collection: pending.key.collection,
                row: pending.key.row.clone(),
                payload: pending.payload.clone(),
            };
            Some(Envelope { consent: consent.id, record })
        };
        let batch: Vec<Envelope> = waiting.iter().filter_map(envelope).collect();
        if batch.len() != waiting.len() {
            return Err(SyncError::Store(DeviceStoreError("gave a record that no consent covers".into())));
        }
        let acks = peer.push(&batch)?.acks;
        if acks.len() != waiting.len() || acks.iter().zip(&waiting).any(|(ack, sent)| ack.id != sent.record) {
            return Err(SyncError::Mismatch);
        }
        let settled: Vec<Settled> = acks.iter().zip(&waiting).map(|(ack, sent)| settle(ack, sent, report)).collect();
        store.settle(&settled)?;
    }
}

fn settle(ack: &RecordAck, sent: &Pending, report: &mut SyncReport) -> Settled {
    match &ack.outcome {
        AckOutcome::Stored => {
            report.sent += 1;
            Settled::Kept(ack.id)
        }
        AckOutcome::Duplicate => {
            report.repeated += 1;
            Settled::Kept(ack.id)
        }
        AckOutcome::Superseded(stamp) => {
            report.superseded += 1;
            report.behind |= !stamp.deleted;
            Settled::Superseded(ack.id, sent.key.clone(), *stamp)
        }
        AckOutcome::Refused(_) => {
            report.set_aside += 1;
            Settled::SetAside(ack.id)
        }
    }
}

/// Plan, games and deletions, and word that a plan is in force.
fn pull(
    store: &mut dyn DeviceStore,
    peer: &mut dyn SyncPeer,
    clock: &dyn Clock,
    report: &mut SyncReport,
) -> Result<(), SyncError> {
    for _ in 0..MAX_PAGES {
        let answer = peer.pull(store.cursor()?)?;
        store.remove(&answer.tombstones, answer.cursor)?;
        report.removed += answer.tombstones.len();
        if let Some(games) = &answer.games {
            store.put_games(games)?;
        }
        if let Some(plan) = &answer.plan
            && store.plan_version()?.is_none_or(|(version, ..)| version != plan.version)
        {
            store.put_plan(plan, clock.now().as_millisecond())?;
            report.new_plan = Some(plan.version);
        }
        if !answer.more {
            break;
        }
    }
    // Also when an earlier sync put it in force and broke off before saying so.
    if let Some((version, taken_ms, Told::NotYet)) = store.plan_version()? {
        peer.plan_taken(PlanReceipt { version, taken_ms })?;
        store.plan_told(version)?;
    }
    Ok(())
}

/// Everything the portal has from this device comes back where it is missing here, and everything here waits to be sent again.
/// Both sides end with what either had, less what either deleted.
fn adopt_all(store: &mut dyn DeviceStore, peer: &mut dyn SyncPeer) -> Result<(), SyncError> {
    store.requeue_all()?;
    let mut after = None;
    for _ in 0..MAX_PAGES {
        let page = peer.rows(after.as_ref())?;
        store.adopt(&page.rows)?;
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    Ok(())
}
