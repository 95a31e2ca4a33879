//! The device's side of sync over the patient's own store.
//!
//! Where in the flow: between [`crate::sync_once`] and `reme-store`. What it must never do: keep the store while the network is
//! waited for (each call takes it and lets go of it), send a memory, or change a trial: where the clinic has removed one, it is
//! gone for sync and never sent again, and the patient's own log at home stays whole.

use std::{borrow::BorrowMut, cell::RefCell};

use jiff::Timestamp;
use reme_store::{GAMES_OFF, LedgerRow, Store, StoreError, Tx};
use reme_sync_protocol::{
    Collection, ConsentNote, Cursor, Digest, Envelope, GameList, Hlc, HlcClock, Payload, PlanMessage, RowKey, Stamp,
    TombstoneNote,
};
use reme_types::{DeviceId, DoseLimit, GamePlan, Language, Patient, Plan};
use serde::{Deserialize, Serialize};

use crate::{
    DeviceStore, DeviceStoreError, Pending, Settled, Told,
    rows::{self, Content},
};

/// What sync remembers, by key.
const CLOCK: &str = "clock";
const CURSOR: &str = "cursor";
const PLAN: &str = "plan";
const GAMES: &str = "games";

/// A way to the store that is taken for one piece of work at a time.
pub trait Reach {
    /// Does the work.
    ///
    /// # Errors
    /// What the store says, or why it cannot be had.
    fn with<T>(&self, work: impl FnOnce(&mut Store) -> Result<T, StoreError>) -> Result<T, DeviceStoreError>;
}

impl<S: BorrowMut<Store>> Reach for RefCell<S> {
    fn with<T>(&self, work: impl FnOnce(&mut Store) -> Result<T, StoreError>) -> Result<T, DeviceStoreError> {
        let mut store = self.try_borrow_mut().map_err(|_| DeviceStoreError("is in use".into()))?;
        Ok(work((*store).borrow_mut())?)
    }
}

impl<R: Reach> Reach for &R {
    fn with<T>(&self, work: impl FnOnce(&mut Store) -> Result<T, StoreError>) -> Result<T, DeviceStoreError> {
        (**self).with(work)
    }
}

impl From<StoreError> for DeviceStoreError {
    fn from(error: StoreError) -> Self {
        Self(error.to_string())
    }
}

/// The clinic's plan that came last.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct TakenPlan {
    version: u32,
    taken_ms: i64,
    told: bool,
}

/// A patient's store as a device of sync.
#[derive(Debug)]
pub struct StoreDevice<R> {
    reach: R,
    device: DeviceId,
}

type Outcome<T> = Result<T, DeviceStoreError>;

impl<R: Reach> StoreDevice<R> {
    /// The store behind `reach`, known to the portal as `device`.
    pub const fn new(reach: R, device: DeviceId) -> Self {
        Self { reach, device }
    }

    /// The way to the store.
    pub const fn reach(&self) -> &R {
        &self.reach
    }

    /// Counts anew what is counted: days with sessions, facts about the device. To be called before a sync; what is as it was
    /// makes no change.
    ///
    /// # Errors
    /// [`DeviceStoreError`].
    pub fn count(&self, now: Timestamp, facts: &[(&str, String)]) -> Outcome<()> {
        self.reach.with(|store| {
            let zone = rows::zone(store)?;
            let mut counted = rows::counted(store, rows::day_of(now, &zone), &zone, facts)?;
            let mut fresh = Vec::new();
            for row in counted.drain(..) {
                let known = store.noted(row.0, Some(&row.1))?.pop();
                let same = known.is_some_and(|known| known.json == row.2);
                let gone = store.latest_change(row.0, &row.1)?.is_some_and(|change| change.gone);
                if !same && !gone {
                    fresh.push(row);
                }
            }
            if !fresh.is_empty() {
                store.transact(|tx| fresh.iter().try_for_each(|(c, row, json)| tx.note_row(c, row, json)))?;
            }
            Ok(())
        })
    }

    /// Every row that lives, as it would be sent.
    ///
    /// # Errors
    /// [`DeviceStoreError`].
    pub fn live_rows(&self) -> Outcome<Vec<(RowKey, Payload)>> {
        self.reach.with(|store| {
            let (zone, mut out) = (rows::zone(store)?, Vec::new());
            for change in store.latest_changes(&rows::slugs(&Collection::ALL))? {
                let Ok(collection) = change.collection.parse() else { continue };
                match rows::content(store, &change, &zone)? {
                    _ if change.gone => {}
                    Content::Kept(payload) | Content::Fresh(payload) => {
                        out.push((RowKey { collection, row: change.row_id.clone() }, payload));
                    }
                    Content::Unfit => {}
                }
            }
            Ok(out)
        })
    }

    /// Forgets the clinic: cursor, plan version, ledger. Everything waits to be sent to the next one.
    ///
    /// # Errors
    /// [`DeviceStoreError`].
    pub fn forget_clinic(&self) -> Outcome<()> {
        self.reach.with(|store| {
            store.transact(|tx| {
                tx.requeue_outbox(&rows::slugs(&Collection::ALL))?;
                [CURSOR, PLAN, GAMES].iter().try_for_each(|key| tx.remove_sync_value(key))?;
                tx.put_setting(GAMES_OFF, &Vec::<String>::new())
            })?;
            Ok(())
        })
    }
}

fn ledger_row(key: &RowKey, stamp: &Stamp) -> LedgerRow {
    LedgerRow {
        collection: key.collection.slug().into(),
        row_id: key.row.clone(),
        record_id: stamp.record,
        hlc: stamp.hlc.to_string(),
        deleted: stamp.deleted,
    }
}

/// The row is gone at the portal: nothing of it is sent again.
fn gone(tx: &mut Tx<'_>, key: &RowKey, stamp: &Stamp) -> Result<(), StoreError> {
    let row = ledger_row(key, stamp);
    tx.forget_row(&row.collection, &row.row_id)?;
    tx.adopt_change(&row)?;
    tx.put_ledger(&row)
}

/// Moves the clock on to what was seen.
fn observe(tx: &mut Tx<'_>, seen: Hlc) -> Result<(), StoreError> {
    let mut clock: HlcClock = tx.sync_value(CLOCK)?.unwrap_or_default();
    clock.observe(seen);
    tx.put_sync_value(CLOCK, &clock)
}

/// Gives every change that is about to go its place in time, in order of writing. It is given now and not when the change was
/// written, so that what a restored device wrote before it was told how far it had been comes after that.
fn place_in_time(tx: &mut Tx<'_>, collections: &[&str]) -> Result<(), StoreError> {
    let changes = tx.without_hlc(collections)?;
    if changes.is_empty() {
        return Ok(());
    }
    let mut clock: HlcClock = tx.sync_value(CLOCK)?.unwrap_or_default();
    for change in changes {
        let hlc = clock.tick(u64::try_from(change.at.as_millisecond()).unwrap_or(0));
        tx.set_hlc(change.seq, &hlc.to_string())?;
    }
    tx.put_sync_value(CLOCK, &clock)
}

/// A row of the portal is written here where ours does not stand.
fn adopt(tx: &mut Tx<'_>, envelope: &Envelope) -> Result<(), StoreError> {
    let record = &envelope.record;
    let (key, theirs) = (record.key(), Stamp::of(record));
    let Some(payload) = &record.payload else { return gone(tx, &key, &theirs) };
    let row = ledger_row(&key, &theirs);
    tx.put_ledger(&row)?;
    let ours = tx.latest_change(&row.collection, &row.row_id)?;
    if let Some(ours) = ours {
        if ours.record_id == theirs.record {
            // A backup from before it was first sent has given it another place in time; the portal's stands.
            tx.set_hlc(ours.seq, &row.hlc)?;
            return tx.settle_outbox(&ours);
        }
        // Without a place in time yet, it is later than anything the portal has.
        let place = ours.hlc.as_deref().and_then(|text| text.parse::<Hlc>().ok());
        let stands = ours.gone || place.is_none_or(|place| (place, ours.record_id) > (theirs.hlc, theirs.record));
        if stands {
            return Ok(());
        }
    }
    let text = serde_json::to_string(payload).unwrap_or_default();
    let is_as_given = match payload {
        Payload::Trial(trial) => match rows::trial(&record.row, trial) {
            Some(trial) => tx.adopt_trial(&trial)?,
            None => false,
        },
        Payload::Session(session) => {
            if let Some(session) = rows::session(&record.row, session) {
                tx.adopt_session(&session)?;
            }
            false
        }
        Payload::Adherence(_) | Payload::DeviceFact(_) => false,
    };
    if !is_as_given {
        tx.keep_row(&row.collection, &row.row_id, row.record_id, &text)?;
    }
    tx.adopt_change(&row)
}

/// The plan as it is kept here.
fn plan_of(message: &PlanMessage) -> Plan {
    let game = |game: &reme_sync_protocol::GamePlanMessage| GamePlan {
        game: game.game.clone(),
        min_level: game.min_level,
        max_level: game.max_level,
    };
    Plan {
        version: 0,
        games: message.games.iter().map(game).collect(),
        dose: DoseLimit {
            sessions_per_week: message.dose.sessions_per_week,
            session_minutes: message.dose.session_minutes,
            daily_cap_minutes: message.dose.daily_cap_minutes,
        },
        starts_on: message.starts_on,
        ends_on: message.ends_on,
        set_by: message.set_by.clone(),
    }
}

impl<R: Reach> DeviceStore for StoreDevice<R> {
    fn device(&self) -> DeviceId {
        self.device
    }

    fn consents(&self) -> Outcome<Vec<ConsentNote>> {
        let consents = self.reach.with(|store| store.consents())?;
        // Consents for things that never leave, such as a backup, are nobody's business there.
        let note = |consent: reme_types::Consent| {
            Some(ConsentNote {
                id: consent.id,
                scope: consent.scope.parse().ok()?,
                given_ms: consent.given_at.as_millisecond(),
                withdrawn_ms: consent.withdrawn_at.map(|at| at.as_millisecond()),
            })
        };
        Ok(consents.into_iter().filter_map(note).collect())
    }

    fn pending(&self, collections: &[Collection], limit: usize) -> Outcome<Vec<Pending>> {
        let slugs = rows::slugs(collections);
        self.reach.with(|store| {
            store.transact(|tx| place_in_time(tx, &slugs))?;
            let zone = rows::zone(store)?;
            loop {
                let waiting = store.waiting(&slugs, limit)?;
                let (mut out, mut fresh, mut unfit) = (Vec::new(), Vec::new(), Vec::new());
                for change in waiting {
                    let place = change.hlc.as_deref().and_then(|text| text.parse::<Hlc>().ok());
                    let (Ok(collection), Some(hlc)) = (change.collection.parse(), place) else {
                        unfit.push(change);
                        continue;
                    };
                    let payload = if change.gone {
                        None
                    } else {
                        match rows::content(store, &change, &zone)? {
                            Content::Kept(payload) => Some(payload),
                            Content::Fresh(payload) => {
                                let text = serde_json::to_string(&payload).unwrap_or_default();
                                fresh.push((change.clone(), text));
                                Some(payload)
                            }
                            Content::Unfit => {
                                unfit.push(change);
                                continue;
                            }
                        }
                    };
                    let key = RowKey { collection, row: change.row_id };
                    out.push(Pending { record: change.record_id, hlc, key, payload });
                }
                store.transact(|tx| {
                    for (change, text) in &fresh {
                        tx.keep_row(&change.collection, &change.row_id, change.record_id, text)?;
                    }
                    unfit.iter().try_for_each(|change| tx.set_aside_outbox(change))
                })?;
                if !out.is_empty() || unfit.is_empty() {
                    return Ok(out);
                }
            }
        })
    }

    fn settle(&mut self, settled: &[Settled]) -> Outcome<()> {
        self.reach.with(|store| {
            store.transact(|tx| {
                for one in settled {
                    let id = match one {
                        Settled::Kept(id) | Settled::Superseded(id, ..) | Settled::SetAside(id) => *id,
                    };
                    let change = tx.change_of(id)?;
                    match (one, change) {
                        (Settled::Superseded(_, key, stamp), _) if stamp.deleted => gone(tx, key, stamp)?,
                        (Settled::Superseded(_, key, _), change) => {
                            change.iter().try_for_each(|change| tx.settle_outbox(change))?;
                            // Until its content has come, the fingerprints must differ: this sync may break off now.
                            tx.forget_ledger(key.collection.slug(), &key.row)?;
                        }
                        (Settled::Kept(_), Some(change)) => {
                            tx.settle_outbox(&change)?;
                            tx.put_ledger(&LedgerRow {
                                collection: change.collection,
                                row_id: change.row_id,
                                record_id: id,
                                hlc: change.hlc.unwrap_or_default(),
                                deleted: change.gone,
                            })?;
                        }
                        (Settled::SetAside(_), Some(change)) => tx.set_aside_outbox(&change)?,
                        (_, None) => {}
                    }
                }
                Ok(())
            })?;
            Ok(())
        })
    }

    fn digest(&self) -> Outcome<Digest> {
        let ledger = self.reach.with(|store| store.ledger())?;
        let row = |row: LedgerRow| {
            let key = RowKey { collection: row.collection.parse().ok()?, row: row.row_id };
            Some((key, Stamp { record: row.record_id, hlc: row.hlc.parse().ok()?, deleted: row.deleted }))
        };
        let rows: Vec<(RowKey, Stamp)> = ledger.into_iter().filter_map(row).collect();
        Ok(Digest::of(rows.iter().map(|(key, stamp)| (key, stamp))))
    }

    fn observe(&mut self, highest: Hlc) -> Outcome<()> {
        self.reach.with(|store| {
            let clock: HlcClock = store.sync_value(CLOCK)?.unwrap_or_default();
            if clock.last() < highest {
                store.transact(|tx| observe(tx, highest))?;
            }
            Ok(())
        })
    }

    fn requeue_all(&mut self) -> Outcome<()> {
        self.reach.with(|store| {
            store.transact(|tx| tx.requeue_outbox(&rows::slugs(&Collection::ALL)))?;
            Ok(())
        })
    }

    fn adopt(&mut self, rows: &[Envelope]) -> Outcome<()> {
        self.reach.with(|store| {
            store.transact(|tx| {
                if let Some(highest) = rows.iter().map(|envelope| envelope.record.hlc).max() {
                    observe(tx, highest)?;
                }
                rows.iter().try_for_each(|envelope| adopt(tx, envelope))
            })?;
            Ok(())
        })
    }

    fn remove(&mut self, removed: &[TombstoneNote], cursor: Cursor) -> Outcome<()> {
        self.reach.with(|store| {
            if removed.is_empty() && store.sync_value(CURSOR)? == Some(cursor) {
                return Ok(());
            }
            store.transact(|tx| {
                removed.iter().try_for_each(|note| gone(tx, &note.key, &note.stamp))?;
                tx.put_sync_value(CURSOR, &cursor)
            })?;
            Ok(())
        })
    }

    fn cursor(&self) -> Outcome<Cursor> {
        Ok(self.reach.with(|store| store.sync_value(CURSOR))?.unwrap_or_default())
    }

    fn plan_version(&self) -> Outcome<Option<(u32, i64, Told)>> {
        let plan: Option<TakenPlan> = self.reach.with(|store| store.sync_value(PLAN))?;
        Ok(plan.map(|plan| (plan.version, plan.taken_ms, if plan.told { Told::Yes } else { Told::NotYet })))
    }

    fn put_plan(&mut self, plan: &PlanMessage, now_ms: i64) -> Outcome<()> {
        self.reach.with(|store| {
            let patient = store.patient()?;
            let language = plan.language.as_deref().and_then(|tag| tag.parse::<Language>().ok());
            store.transact(|tx| {
                tx.set_clinic_plan(&plan_of(plan), plan.version)?;
                if let Some(language) = language.filter(|language| *language != patient.language) {
                    tx.put_patient(&Patient { language, ..patient })?;
                }
                tx.put_sync_value(PLAN, &TakenPlan { version: plan.version, taken_ms: now_ms, told: false })
            })?;
            Ok(())
        })
    }

    fn plan_told(&mut self, version: u32) -> Outcome<()> {
        self.reach.with(|store| {
            let plan: Option<TakenPlan> = store.sync_value(PLAN)?;
            if let Some(plan) = plan.filter(|plan| plan.version == version) {
                store.transact(|tx| tx.put_sync_value(PLAN, &TakenPlan { told: true, ..plan }))?;
            }
            Ok(())
        })
    }

    fn put_games(&mut self, games: &GameList) -> Outcome<()> {
        self.reach.with(|store| {
            if store.sync_value(GAMES)? == Some(games.version) {
                return Ok(());
            }
            let off: Vec<&str> =
                games.games.iter().filter(|game| !game.enabled).map(|game| game.game.as_str()).collect();
            store.transact(|tx| {
                tx.put_setting(GAMES_OFF, &off)?;
                tx.put_sync_value(GAMES, &games.version)
            })?;
            Ok(())
        })
    }
}
