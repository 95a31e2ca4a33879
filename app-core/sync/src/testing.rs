//! A device's store in memory, for tests here and elsewhere: rows, an outbox of changes, a ledger of what is at the portal.
//! It is also the plainest statement of what a [`DeviceStore`] must do.

use std::collections::BTreeMap;

use reme_sync_protocol::{
    Collection, ConsentNote, Cursor, Digest, Envelope, GameList, Hlc, HlcClock, Payload, PlanMessage, RowKey, Stamp,
    TombstoneNote,
};
use reme_types::{DeviceId, RecordId};

use crate::{DeviceStore, DeviceStoreError, Pending, Settled, Told};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Waiting,
    Settled,
    SetAside,
}

#[derive(Debug, Clone)]
struct Change {
    stamp: Stamp,
    key: RowKey,
    state: State,
}

/// The store; cloned whole for a backup.
#[derive(Debug, Clone)]
pub struct MemoryDevice {
    id: DeviceId,
    /// What the patient agreed to.
    pub consents: Vec<ConsentNote>,
    /// Rows that live.
    pub rows: BTreeMap<RowKey, Payload>,
    /// Changes given at a time at most, below what is asked for.
    pub batch: usize,
    changes: Vec<Change>,
    ledger: BTreeMap<RowKey, Stamp>,
    clock: HlcClock,
    cursor: Cursor,
    /// The plan in force.
    pub plan: Option<(u32, i64, Told)>,
    /// Version of the list of games.
    pub games: Option<u32>,
}

impl MemoryDevice {
    /// An empty store.
    pub fn new(id: DeviceId, consents: Vec<ConsentNote>) -> Self {
        Self {
            id,
            consents,
            rows: BTreeMap::new(),
            batch: usize::MAX,
            changes: Vec::new(),
            ledger: BTreeMap::new(),
            clock: HlcClock::default(),
            cursor: Cursor::default(),
            plan: None,
            games: None,
        }
    }

    /// Puts or removes a row, as the app does.
    pub fn write(&mut self, record: RecordId, key: RowKey, payload: Option<Payload>, now_ms: u64) {
        let stamp = Stamp { record, hlc: self.clock.tick(now_ms), deleted: payload.is_none() };
        match payload {
            Some(payload) => drop(self.rows.insert(key.clone(), payload)),
            None => drop(self.rows.remove(&key)),
        }
        self.changes.push(Change { stamp, key, state: State::Waiting });
    }

    /// Changes not settled.
    pub fn waiting(&self) -> usize {
        self.changes.iter().filter(|change| change.state == State::Waiting).count()
    }

    fn settle_row(&mut self, key: &RowKey, up_to: Option<RecordId>, state: State) {
        let end = match up_to {
            Some(id) => self.changes.iter().position(|c| c.stamp.record == id).map_or(0, |at| at + 1),
            None => self.changes.len(),
        };
        for change in self.changes[..end].iter_mut().filter(|c| c.key == *key && c.state != State::Settled) {
            change.state = state;
        }
    }

    /// The row is gone at the portal: it goes here, and nothing of it is sent again.
    fn gone(&mut self, key: &RowKey, stamp: Stamp) {
        self.rows.remove(key);
        self.settle_row(key, None, State::Settled);
        self.ledger.insert(key.clone(), stamp);
    }

    fn latest(&self, key: &RowKey) -> Option<&Change> {
        self.changes.iter().rev().find(|change| change.key == *key)
    }
}

type Outcome<T> = Result<T, DeviceStoreError>;

impl DeviceStore for MemoryDevice {
    fn device(&self) -> DeviceId {
        self.id
    }

    fn consents(&self) -> Outcome<Vec<ConsentNote>> {
        Ok(self.consents.clone())
    }

    fn pending(&self, collections: &[Collection], limit: usize) -> Outcome<Vec<Pending>> {
        let is_latest = |at: usize, key: &RowKey| !self.changes[at + 1..].iter().any(|later| later.key == *key);
        let waiting = self.changes.iter().enumerate().filter(|(at, c)| {
            c.state == State::Waiting && collections.contains(&c.key.collection) && is_latest(*at, &c.key)
        });
        let pending = waiting.take(limit.min(self.batch)).map(|(_, change)| Pending {
            record: change.stamp.record,
            hlc: change.stamp.hlc,
            key: change.key.clone(),
            payload: self.rows.get(&change.key).cloned(),
        });
        Ok(pending.collect())
    }

    fn settle(&mut self, settled: &[Settled]) -> Outcome<()> {
        for one in settled {
            match one {
                Settled::Kept(id) => {
                    let Some(change) = self.changes.iter().find(|c| c.stamp.record == *id).cloned() else { continue };
                    self.settle_row(&change.key, Some(*id), State::Settled);
                    self.ledger.insert(change.key, change.stamp);
                }
                Settled::Superseded(_, key, stamp) if stamp.deleted => self.gone(key, *stamp),
                Settled::Superseded(id, key, stamp) => {
                    debug_assert!(!stamp.deleted);
                    self.settle_row(key, Some(*id), State::Settled);
                    self.ledger.remove(key);
                }
                Settled::SetAside(id) => {
                    if let Some(key) = self.changes.iter().find(|c| c.stamp.record == *id).map(|c| c.key.clone()) {
                        self.settle_row(&key, Some(*id), State::SetAside);
                    }
                }
            }
        }
        Ok(())
    }

    fn digest(&self) -> Outcome<Digest> {
        Ok(Digest::of(&self.ledger))
    }

    fn observe(&mut self, highest: Hlc) -> Outcome<()> {
        self.clock.observe(highest);
        Ok(())
    }

    fn requeue_all(&mut self) -> Outcome<()> {
        self.ledger.clear();
        self.changes.iter_mut().for_each(|change| change.state = State::Waiting);
        Ok(())
    }

    fn adopt(&mut self, rows: &[Envelope]) -> Outcome<()> {
        for record in rows.iter().map(|envelope| &envelope.record) {
            let (key, theirs) = (record.key(), Stamp::of(record));
            self.clock.observe(theirs.hlc);
            let Some(payload) = &record.payload else {
                self.gone(&key, theirs);
                continue;
            };
            self.ledger.insert(key.clone(), theirs);
            let ours = self.latest(&key).map(|change| change.stamp);
            let ours_stands = ours.is_some_and(|o| o.deleted || (o.hlc, o.record) > (theirs.hlc, theirs.record));
            if !ours_stands {
                self.rows.insert(key.clone(), payload.clone());
                self.settle_row(&key, None, State::Settled);
            }
        }
        Ok(())
    }

    fn remove(&mut self, gone: &[TombstoneNote], cursor: Cursor) -> Outcome<()> {
        for note in gone {
            self.gone(&note.key, note.stamp);
        }
        self.cursor = cursor;
        Ok(())
    }

    fn cursor(&self) -> Outcome<Cursor> {
        Ok(self.cursor)
    }

    fn plan_version(&self) -> Outcome<Option<(u32, i64, Told)>> {
        Ok(self.plan)
    }

    fn put_plan(&mut self, plan: &PlanMessage, now_ms: i64) -> Outcome<()> {
        self.plan = Some((plan.version, now_ms, Told::NotYet));
        Ok(())
    }

    fn plan_told(&mut self, version: u32) -> Outcome<()> {
        if let Some((known, taken_ms, _)) = self.plan.filter(|(known, ..)| *known == version) {
            self.plan = Some((known, taken_ms, Told::Yes));
        }
        Ok(())
    }

    fn put_games(&mut self, games: &GameList) -> Outcome<()> {
        self.games = Some(games.version);
        Ok(())
    }
}

/// The trial of a payload, as a store keeps it; `None` when it is none.
pub fn trial_of(row: &str, payload: &reme_sync_protocol::TrialPayload) -> Option<reme_types::Trial> {
    crate::rows::trial(row, payload)
}

/// The session of a payload, as a store keeps it; `None` when it is none.
pub fn session_of(row: &str, payload: &reme_sync_protocol::SessionPayload) -> Option<reme_store::Session> {
    crate::rows::session(row, payload)
}
