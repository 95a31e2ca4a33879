//! What sync reads and writes: changes that wait, the ledger of what is at the portal, rows that come back from there.
//!
//! Where in the flow: below `reme-sync`, which knows the protocol; here are only rows, and places in time are text. What it
//! must never do: change a trial or remove one (the log is append-only; what the clinic erases it erases for itself), or touch
//! a collection it was not asked about.

use jiff::Timestamp;
use reme_types::{Consent, DoseLimit, GamePlan, Plan, RecordId, SessionId, Trial, TrialId};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    error::StoreError,
    read,
    records::{Columns, Session, SessionState, instant, json},
    store::Store,
    tx::Tx,
};

/// The setting that names the games the clinic has switched off: a list of slugs. Sync writes it, a session heeds it.
pub const GAMES_OFF: &str = "clinic-games-off";

/// A change of a row, as the outbox has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxChange {
    /// Order of writing.
    pub seq: i64,
    /// Its id.
    pub record_id: RecordId,
    /// `trials`, `sessions`, …
    pub collection: String,
    /// Which row.
    pub row_id: String,
    /// Whether the row is gone since.
    pub gone: bool,
    /// When it was written, by the device's clock.
    pub at: Timestamp,
    /// Its place in the device's time, once it has one.
    pub hlc: Option<String>,
}

/// What stands at the portal for a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerRow {
    /// `trials`, `sessions`, …
    pub collection: String,
    /// Which row.
    pub row_id: String,
    /// The change that stands.
    pub record_id: RecordId,
    /// Its place in time.
    pub hlc: String,
    /// Whether the row is gone there.
    pub deleted: bool,
}

/// A row that is sent as it stands in the store's own words for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotedRow {
    /// Which row.
    pub row_id: String,
    /// The change whose content it is.
    pub record_id: RecordId,
    /// The content.
    pub json: String,
}

fn change(row: &Row<'_>) -> rusqlite::Result<OutboxChange> {
    Ok(OutboxChange {
        seq: row.get(0)?,
        record_id: row.parsed(1)?,
        collection: row.get(2)?,
        row_id: row.get(3)?,
        gone: row.get::<_, String>(4)? == "remove",
        at: row.parsed(5)?,
        hlc: row.get(6)?,
    })
}

fn changes(db: &Connection, sql: &str, args: impl rusqlite::Params) -> Result<Vec<OutboxChange>, StoreError> {
    let mut statement = db.prepare_cached(sql)?;
    Ok(statement.query_map(args, change)?.collect::<rusqlite::Result<_>>()?)
}

fn noted(db: &Connection, collection: &str, row_id: Option<&str>) -> Result<Vec<NotedRow>, StoreError> {
    let mut statement = db.prepare_cached(include_str!("sync/row.sql"))?;
    let rows = statement.query_map(params![collection, row_id], |row| {
        Ok(NotedRow { row_id: row.get(0)?, record_id: row.parsed(1)?, json: row.get(2)? })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

impl Store {
    /// Changes that wait in these collections, oldest first, at most `limit`: of each row only the latest, and none where the
    /// latest was sent or set aside.
    pub fn waiting(&self, collections: &[&str], limit: usize) -> Result<Vec<OutboxChange>, StoreError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        changes(&self.db, include_str!("sync/waiting.sql"), params![json(&collections), limit])
    }

    /// How many rows wait in each of these collections.
    pub fn count_waiting(&self, collections: &[&str]) -> Result<Vec<(String, u32)>, StoreError> {
        let mut statement = self.db.prepare_cached(include_str!("sync/count_waiting.sql"))?;
        let rows = statement.query_map([json(&collections)], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The latest change of every row of these collections, sent or not.
    pub fn latest_changes(&self, collections: &[&str]) -> Result<Vec<OutboxChange>, StoreError> {
        changes(&self.db, include_str!("sync/latest_of_each.sql"), [json(&collections)])
    }

    /// What stands at the portal, row by row.
    pub fn ledger(&self) -> Result<Vec<LedgerRow>, StoreError> {
        let mut statement = self.db.prepare_cached(include_str!("sync/ledger.sql"))?;
        let rows = statement.query_map([], |row| {
            Ok(LedgerRow {
                collection: row.get(0)?,
                row_id: row.get(1)?,
                record_id: row.parsed(2)?,
                hlc: row.get(3)?,
                deleted: row.get(4)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The latest change of a row.
    pub fn latest_change(&self, collection: &str, row_id: &str) -> Result<Option<OutboxChange>, StoreError> {
        Ok(changes(&self.db, include_str!("sync/latest.sql"), [collection, row_id])?.pop())
    }

    /// Rows noted under a collection, all or one.
    pub fn noted(&self, collection: &str, row_id: Option<&str>) -> Result<Vec<NotedRow>, StoreError> {
        noted(&self.db, collection, row_id)
    }

    /// Something sync remembers.
    pub fn sync_value<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>, StoreError> {
        Ok(self.db.query_row(include_str!("sync/get_state.sql"), [key], |row| row.json(0)).optional()?)
    }

    /// Every consent, oldest first, withdrawn ones too.
    pub fn consents(&self) -> Result<Vec<Consent>, StoreError> {
        let mut statement = self.db.prepare_cached(include_str!("consents/select.sql"))?;
        let rows = statement.query_map([], |row| {
            Ok(Consent {
                id: row.parsed(0)?,
                scope: row.get(1)?,
                given_at: row.parsed(2)?,
                withdrawn_at: row.maybe(3)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// One trial.
    pub fn trial(&self, id: TrialId) -> Result<Option<Trial>, StoreError> {
        let found = self.db.query_row(include_str!("trials/get.sql"), [id.to_string()], read::trial);
        Ok(found.optional()?)
    }

    /// One session.
    pub fn session(&self, id: SessionId) -> Result<Option<Session>, StoreError> {
        let args = params![id.to_string(), false];
        Ok(self.db.query_row(include_str!("sessions/select.sql"), args, read::session).optional()?)
    }

    /// The clinic's version of a plan that was put in force here under this version; `None` for a plan set at home.
    pub fn clinic_plan_version(&self, version: u32) -> Result<Option<u32>, StoreError> {
        let found: Option<Option<u32>> =
            self.db.query_row(include_str!("plans/clinic_version.sql"), [version], |row| row.get(0)).optional()?;
        Ok(found.flatten())
    }
}

impl Tx<'_> {
    /// Gives a consent, or takes it back.
    pub fn put_consent(&mut self, consent: &Consent) -> Result<(), StoreError> {
        let withdrawn = consent.withdrawn_at.map(instant);
        let row = params![consent.id.to_string(), consent.scope, instant(consent.given_at), withdrawn];
        self.db()?.execute(include_str!("consents/put.sql"), row)?;
        self.changed("consents", consent.id, "put")
    }

    /// The changes that will be sent from these collections and have no place in time yet, oldest first.
    pub fn without_hlc(&self, collections: &[&str]) -> Result<Vec<OutboxChange>, StoreError> {
        changes(self.db()?, include_str!("sync/without_hlc.sql"), [json(&collections)])
    }

    /// Gives a change its place in time, for good.
    pub fn set_hlc(&mut self, seq: i64, hlc: &str) -> Result<(), StoreError> {
        self.db()?.prepare_cached(include_str!("sync/set_hlc.sql"))?.execute(params![seq, hlc])?;
        Ok(())
    }

    /// The change of this id.
    pub fn change_of(&self, record: RecordId) -> Result<Option<OutboxChange>, StoreError> {
        Ok(changes(self.db()?, include_str!("sync/by_record.sql"), [record.to_string()])?.pop())
    }

    /// The latest change of a row.
    pub fn latest_change(&self, collection: &str, row_id: &str) -> Result<Option<OutboxChange>, StoreError> {
        Ok(changes(self.db()?, include_str!("sync/latest.sql"), [collection, row_id])?.pop())
    }

    /// This change and the earlier ones of its row need not be sent any more.
    pub fn settle_outbox(&mut self, change: &OutboxChange) -> Result<(), StoreError> {
        let args = params![change.collection, change.row_id, change.seq, instant(self.clock.now())];
        self.db()?.prepare_cached(include_str!("sync/settle.sql"))?.execute(args)?;
        Ok(())
    }

    /// This change and the earlier ones of its row are kept and not sent again by themselves.
    pub fn set_aside_outbox(&mut self, change: &OutboxChange) -> Result<(), StoreError> {
        let args = params![change.collection, change.row_id, change.seq];
        self.db()?.prepare_cached(include_str!("sync/set_aside.sql"))?.execute(args)?;
        Ok(())
    }

    /// Every change of these collections waits again, and nothing is known of the portal.
    pub fn requeue_outbox(&mut self, collections: &[&str]) -> Result<(), StoreError> {
        self.db()?.execute(include_str!("sync/requeue.sql"), [json(&collections)])?;
        self.db()?.execute(include_str!("sync/clear_ledger.sql"), [])?;
        Ok(())
    }

    /// Takes note of what stands at the portal for a row.
    pub fn put_ledger(&mut self, row: &LedgerRow) -> Result<(), StoreError> {
        let args = params![row.collection, row.row_id, row.record_id.to_string(), row.hlc, row.deleted];
        self.db()?.prepare_cached(include_str!("sync/put_ledger.sql"))?.execute(args)?;
        Ok(())
    }

    /// What stands at the portal for a row is not known.
    pub fn forget_ledger(&mut self, collection: &str, row_id: &str) -> Result<(), StoreError> {
        self.db()?.execute(include_str!("sync/remove_ledger.sql"), [collection, row_id])?;
        Ok(())
    }

    /// A change that was made elsewhere, or that this store has forgotten, becomes the latest of its row, as sent.
    pub fn adopt_change(&mut self, row: &LedgerRow) -> Result<(), StoreError> {
        let record = row.record_id.to_string();
        self.db()?.prepare_cached(include_str!("sync/forget_change.sql"))?.execute([&record])?;
        let op = if row.deleted { "remove" } else { "put" };
        let args = params![record, row.collection, row.row_id, op, instant(self.clock.now()), row.hlc];
        self.db()?.prepare_cached(include_str!("sync/add_sent.sql"))?.execute(args)?;
        if let Some(latest) = self.latest_change(&row.collection, &row.row_id)? {
            self.settle_outbox(&latest)?;
        }
        Ok(())
    }

    /// Notes a row that is counted here, such as a day; the same content again changes nothing.
    pub fn note_row(&mut self, collection: &'static str, row_id: &str, content: &str) -> Result<(), StoreError> {
        let known = noted(self.db()?, collection, Some(row_id))?.pop();
        if known.is_some_and(|row| row.json == content) {
            return Ok(());
        }
        self.changed(collection, row_id, "put")?;
        match self.changes.last().map(|change| change.record_id) {
            Some(record) => self.keep_row(collection, row_id, record, content),
            None => Ok(()),
        }
    }

    /// Keeps the content that a change stands for.
    pub fn keep_row(
        &mut self,
        collection: &str,
        row_id: &str,
        record: RecordId,
        content: &str,
    ) -> Result<(), StoreError> {
        let args = params![collection, row_id, record.to_string(), content];
        self.db()?.prepare_cached(include_str!("sync/put_row.sql"))?.execute(args)?;
        Ok(())
    }

    /// Forgets the content noted for a row.
    pub fn forget_row(&mut self, collection: &str, row_id: &str) -> Result<(), StoreError> {
        self.db()?.execute(include_str!("sync/remove_row.sql"), [collection, row_id])?;
        Ok(())
    }

    /// Remembers something for sync.
    pub fn put_sync_value<T: Serialize>(&mut self, key: &str, value: &T) -> Result<(), StoreError> {
        self.db()?.execute(include_str!("sync/put_state.sql"), params![key, json(value)])?;
        Ok(())
    }

    /// Something sync remembers, as it stands in this transaction.
    pub fn sync_value<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>, StoreError> {
        Ok(self.db()?.query_row(include_str!("sync/get_state.sql"), [key], |row| row.json(0)).optional()?)
    }

    /// Forgets it.
    pub fn remove_sync_value(&mut self, key: &str) -> Result<(), StoreError> {
        self.db()?.execute(include_str!("sync/remove_state.sql"), [key])?;
        Ok(())
    }

    /// A trial that this store has lost comes back. One that is here stays as it is; where its place in the session was taken
    /// meanwhile, it goes to the end; where its session is unknown, an empty one that was stopped stands in for it. Returns
    /// whether it stands here as it was given.
    pub fn adopt_trial(&mut self, trial: &Trial) -> Result<bool, StoreError> {
        let (id, session) = (trial.id.to_string(), trial.session_id.to_string());
        let exists = |db: &Connection, sql: &str, args: &[&dyn rusqlite::ToSql]| {
            db.query_row(sql, args, |_| Ok(())).optional().map(|row| row.is_some())
        };
        if exists(self.db()?, include_str!("trials/get.sql"), &[&id])? {
            return Ok(true);
        }
        if !exists(self.db()?, include_str!("sessions/select.sql"), &[&session, &false])? {
            self.adopt_session(&stand_in(trial))?;
        }
        let mut trial = trial.clone();
        let as_given = !exists(self.db()?, include_str!("trials/seq_is_taken.sql"), &[&session, &trial.seq])?;
        if !as_given {
            trial.seq = self.db()?.query_row(include_str!("trials/next_seq.sql"), [&session], |row| row.get(0))?;
        }
        self.insert_trial(&trial)?;
        Ok(as_given)
    }

    /// A session as it stands at the portal: begun here or not, this is how it stands now. Its plan is kept where it is known.
    pub fn adopt_session(&mut self, session: &Session) -> Result<(), StoreError> {
        self.write_session(include_str!("sessions/adopt.sql"), session)
    }

    /// Puts a plan of the clinic in force; returns the version it has here.
    pub fn set_clinic_plan(&mut self, plan: &Plan, clinic_version: u32) -> Result<u32, StoreError> {
        let version = self.set_plan(plan)?;
        self.db()?.execute(include_str!("plans/set_clinic_version.sql"), params![version, clinic_version])?;
        Ok(version)
    }
}

/// What stands in for a session of which only a trial is known.
fn stand_in(trial: &Trial) -> Session {
    let games = vec![GamePlan { game: trial.game.clone(), min_level: 1, max_level: trial.outcome.level }];
    Session {
        id: trial.session_id,
        state: SessionState::Stopped,
        plan: Plan {
            version: 0,
            games,
            dose: DoseLimit::default(),
            starts_on: None,
            ends_on: None,
            set_by: "unknown".into(),
        },
        seed: 0,
        template_versions: [(trial.game.clone(), trial.template_version.clone())].into(),
        started_at: trial.at,
        ended_at: Some(trial.at),
        seconds: 0,
    }
}
