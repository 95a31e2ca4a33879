//! A portal in memory, for tests and simulations: the same rules as the real one, with time handed in.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use reme_types::{ConsentId, DeviceId};

use crate::{
    AckOutcome, Collection, ConsentNote, Cursor, Decision, Digest, Envelope, GameList, Hello, HelloAnswer, Hlc,
    MAX_BATCH_RECORDS, PROTOCOL_VERSION, PairAnswer, PairRequest, PairingCode, PeerError, PlanMessage, PlanReceipt,
    PullAnswer, PushAnswer, Record, RecordAck, Refusal, RowKey, RowsPage, Stamp, SyncPeer, TombstoneNote, decide,
};

/// How long a code holds: 15 minutes, as in the real portal.
const CODE_MS: i64 = 15 * 60 * 1000;
/// Rows on a page; small, so that paging is exercised.
const PAGE: usize = 50;

#[derive(Debug)]
struct Code {
    patient: usize,
    expires_ms: i64,
    used_by: Option<DeviceId>,
}

#[derive(Debug, Clone)]
struct Row {
    consent: ConsentId,
    record: Record,
    /// Counts the portal's changes; the cursor of a pull.
    change: i64,
}

#[derive(Debug, Default)]
struct Device {
    patient: usize,
    consents: BTreeMap<ConsentId, ConsentNote>,
    rows: BTreeMap<RowKey, Row>,
    highest: Option<Hlc>,
    taken: Vec<PlanReceipt>,
}

/// The portal's memory.
#[derive(Debug, Default)]
pub struct InProcessPortal {
    now_ms: i64,
    change: i64,
    patients: usize,
    codes: BTreeMap<String, Code>,
    devices: BTreeMap<DeviceId, Device>,
    plans: BTreeMap<usize, PlanMessage>,
    games: Option<GameList>,
    /// Breaks off a push after this many records, once: a portal killed in the middle of a batch.
    pub break_push_after: Option<usize>,
}

impl InProcessPortal {
    /// Sets the portal's clock, milliseconds since 1970.
    pub const fn set_now(&mut self, now_ms: i64) {
        self.now_ms = now_ms;
    }

    /// The portal's clock.
    pub const fn now_ms(&self) -> i64 {
        self.now_ms
    }

    /// A code for a new patient.
    pub fn new_code(&mut self, chance: [u8; 8]) -> PairingCode {
        self.patients += 1;
        let code = PairingCode::from_chance(chance);
        let entry = Code { patient: self.patients, expires_ms: self.now_ms + CODE_MS, used_by: None };
        self.codes.insert(code.letters().into(), entry);
        code
    }

    /// Puts a plan in force for the patient of a device.
    pub fn set_plan(&mut self, device: DeviceId, plan: PlanMessage) {
        if let Some(device) = self.devices.get(&device) {
            self.plans.insert(device.patient, plan);
        }
    }

    /// Publishes the list of games.
    pub fn set_games(&mut self, games: GameList) {
        self.games = Some(games);
    }

    /// Removes a row, as an erasure at the clinic does; `None` when there is none.
    pub fn remove_row(&mut self, device: DeviceId, key: &RowKey, record: reme_types::RecordId) -> Option<()> {
        self.change += 1;
        let change = self.change;
        let row = self.devices.get_mut(&device)?.rows.get_mut(key)?;
        row.record = Record { id: record, hlc: row.record.hlc.next(), payload: None, ..row.record.clone() };
        row.change = change;
        Some(())
    }

    /// Forgets a device: it is no longer paired.
    pub fn unpair(&mut self, device: DeviceId) {
        self.devices.remove(&device);
    }

    /// Plans a device has taken, in order.
    pub fn taken(&self, device: DeviceId) -> Vec<PlanReceipt> {
        self.devices.get(&device).map(|d| d.taken.clone()).unwrap_or_default()
    }

    /// The rows of a device with their stamps.
    pub fn stamps(&self, device: DeviceId) -> BTreeMap<RowKey, Stamp> {
        let rows = self.devices.get(&device).map(|d| &d.rows);
        rows.into_iter().flatten().map(|(key, row)| (key.clone(), Stamp::of(&row.record))).collect()
    }

    fn device(&mut self, id: DeviceId) -> Result<&mut Device, PeerError> {
        self.devices.get_mut(&id).ok_or(PeerError::Refused(Refusal::NotPaired))
    }

    fn keep(&mut self, from: DeviceId, envelope: &Envelope) -> Result<AckOutcome, PeerError> {
        let change = self.change + 1;
        let device = self.device(from)?;
        let record = &envelope.record;
        if record.device != from {
            let refusal = Refusal::Invalid { field: "record.device".into(), problem: "is another device".into() };
            return Ok(AckOutcome::Refused(refusal));
        }
        if let Err(error) = record.check() {
            let refusal = Refusal::Invalid { field: "record".into(), problem: error.to_string() };
            return Ok(AckOutcome::Refused(refusal));
        }
        let key = record.key();
        let incoming = Stamp::of(record);
        let known = device.rows.get(&key).map(|row| Stamp::of(&row.record));
        let outcome = match decide(known.as_ref(), &incoming) {
            Decision::Duplicate => AckOutcome::Duplicate,
            Decision::Superseded => AckOutcome::Superseded(known.unwrap_or(incoming)),
            Decision::Store => {
                let consent = device.consents.get(&envelope.consent).filter(|c| c.scope == record.collection);
                // A tombstone may always be sent: taking back is never held up by a consent that was taken back.
                let covered = consent.is_some_and(|c| record.payload.is_none() || c.withdrawn_ms.is_none());
                if !covered {
                    return Ok(AckOutcome::Refused(Refusal::Consent));
                }
                device.highest = device.highest.max(Some(record.hlc));
                device.rows.insert(key, Row { consent: envelope.consent, record: record.clone(), change });
                self.change = change;
                AckOutcome::Stored
            }
        };
        Ok(outcome)
    }
}

/// One device's way to the portal in memory.
#[derive(Debug, Clone)]
pub struct InProcessPeer {
    portal: Arc<Mutex<InProcessPortal>>,
    device: DeviceId,
}

impl InProcessPeer {
    /// The way of this device.
    pub const fn new(portal: Arc<Mutex<InProcessPortal>>, device: DeviceId) -> Self {
        Self { portal, device }
    }

    fn portal(&self) -> MutexGuard<'_, InProcessPortal> {
        self.portal.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SyncPeer for InProcessPeer {
    fn pair(&mut self, request: &PairRequest) -> Result<PairAnswer, PeerError> {
        let mut portal = self.portal();
        let now_ms = portal.now_ms;
        let code = portal.codes.get_mut(request.code.letters()).ok_or(PeerError::Refused(Refusal::CodeUnknown))?;
        match code.used_by {
            Some(device) if device != request.device => return Err(PeerError::Refused(Refusal::CodeUsed)),
            None if code.expires_ms <= now_ms => return Err(PeerError::Refused(Refusal::CodeExpired)),
            _ => {}
        }
        code.used_by = Some(request.device);
        let patient = code.patient;
        let device = portal.devices.entry(request.device).or_insert_with(|| Device { patient, ..Device::default() });
        device.consents.extend(request.consents.iter().map(|c| (c.id, *c)));
        Ok(PairAnswer { clinic: "In memory".into(), patient: format!("Patient {patient}"), server_ms: now_ms })
    }

    fn hello(&mut self, hello: &Hello) -> Result<HelloAnswer, PeerError> {
        if hello.protocol != PROTOCOL_VERSION {
            return Err(PeerError::Refused(Refusal::Protocol { needed: PROTOCOL_VERSION }));
        }
        let mut portal = self.portal();
        let server_ms = portal.now_ms;
        let device = portal.device(self.device)?;
        device.consents.extend(hello.consents.iter().map(|c| (c.id, *c)));
        Ok(HelloAnswer { server_ms, highest: device.highest })
    }

    fn push(&mut self, batch: &[Envelope]) -> Result<PushAnswer, PeerError> {
        if batch.len() > MAX_BATCH_RECORDS {
            return Err(PeerError::Refused(Refusal::TooLarge));
        }
        let mut portal = self.portal();
        portal.device(self.device)?;
        let mut acks = Vec::with_capacity(batch.len());
        for envelope in batch {
            if portal.break_push_after.is_some_and(|after| acks.len() >= after) {
                portal.break_push_after = None;
                return Err(PeerError::Unreachable);
            }
            let outcome = portal.keep(self.device, envelope)?;
            acks.push(RecordAck { id: envelope.record.id, outcome });
        }
        Ok(PushAnswer { acks })
    }

    fn pull(&mut self, from: Cursor) -> Result<PullAnswer, PeerError> {
        let mut portal = self.portal();
        let end = portal.change;
        let patient = portal.device(self.device)?.patient;
        let (plan, games) = (portal.plans.get(&patient).cloned(), portal.games.clone());
        let device = portal.device(self.device)?;
        let mut gone: Vec<_> =
            device.rows.iter().filter(|(_, r)| r.record.payload.is_none() && r.change > from.0).collect();
        gone.sort_by_key(|(_, row)| row.change);
        let more = gone.len() > PAGE;
        gone.truncate(PAGE);
        let cursor = if more { gone.last().map_or(end, |(_, row)| row.change) } else { end };
        let note = |(key, row): (&RowKey, &Row)| TombstoneNote { key: key.clone(), stamp: Stamp::of(&row.record) };
        Ok(PullAnswer { plan, games, tombstones: gone.into_iter().map(note).collect(), cursor: Cursor(cursor), more })
    }

    fn plan_taken(&mut self, receipt: PlanReceipt) -> Result<(), PeerError> {
        let mut portal = self.portal();
        let device = portal.device(self.device)?;
        if !device.taken.iter().any(|known| known.version == receipt.version) {
            device.taken.push(receipt);
        }
        Ok(())
    }

    fn digest(&mut self) -> Result<Digest, PeerError> {
        let mut portal = self.portal();
        portal.device(self.device)?;
        let stamps = portal.stamps(self.device);
        Ok(Digest::of(&stamps))
    }

    fn rows(&mut self, after: Option<&RowKey>) -> Result<RowsPage, PeerError> {
        let mut portal = self.portal();
        let device = portal.device(self.device)?;
        let envelope = |row: &Row| Envelope { consent: row.consent, record: row.record.clone() };
        let mut later = device.rows.iter().filter(|(key, _)| after.is_none_or(|after| *key > after));
        let page: Vec<_> = later.by_ref().take(PAGE).collect();
        let next = later.next().and(page.last().map(|(key, _)| (*key).clone()));
        Ok(RowsPage { rows: page.into_iter().map(|(_, row)| envelope(row)).collect(), next })
    }
}

/// Every collection of a device, for assertions.
pub fn live_rows(portal: &InProcessPortal, device: DeviceId, collection: Collection) -> usize {
    portal.stamps(device).iter().filter(|(key, stamp)| key.collection == collection && !stamp.deleted).count()
}
