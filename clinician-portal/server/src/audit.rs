//! The audit log: who saw or changed what, append-only, each row chained to the one before by its hash.
//!
//! Rows wait in a queue and are written many at a time by one task, so that a row on disk does not cost every request a disk
//! flush of its own; each request still waits until its row is there. Several processes may write one log: the head of a
//! clinic's chain is locked in the database.

use sha2::{Digest as _, Sha256};
use tokio::sync::{mpsc, oneshot};

use crate::{chance::hex, error::Fault, tables::Db};

/// Rows that may wait; more than this and requests wait to queue.
const QUEUE: usize = 1024;
/// Rows written at a time at most.
const BATCH: usize = 256;

/// One row before it has its place in the chain. Ids and chosen words only, never a name or a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Whose log.
    pub clinic: String,
    /// When, milliseconds since 1970.
    pub at_ms: i64,
    /// `account`, `device` or `portal`.
    pub actor_kind: &'static str,
    /// Id of the account or device.
    pub actor: String,
    /// A right's name, or `log-in`, `device:push`, ….
    pub action: &'static str,
    /// Whose data.
    pub patient: Option<String>,
    /// `allowed`, `denied` or `failed`.
    pub outcome: &'static str,
    /// Numbers and chosen words, such as `stored=5`.
    pub detail: String,
}

/// A row as it stands in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Chained {
    pub(crate) seq: i64,
    pub(crate) at_ms: i64,
    pub(crate) actor_kind: String,
    pub(crate) actor: String,
    pub(crate) action: String,
    pub(crate) patient: Option<String>,
    pub(crate) outcome: String,
    pub(crate) detail: String,
    pub(crate) hash: String,
}

impl Chained {
    /// The hash that belongs to this row after one with hash `previous`: SHA-256 over length-prefixed parts, so that no two
    /// different rows write the same bytes.
    pub(crate) fn expected_hash(&self, previous: &str) -> String {
        let mut hasher = Sha256::new();
        let (seq, at_ms) = (self.seq.to_string(), self.at_ms.to_string());
        let patient = self.patient.as_deref();
        let parts = [
            Some(previous),
            Some(&seq),
            Some(&at_ms),
            Some(&self.actor_kind),
            Some(&self.actor),
            Some(&self.action),
            patient,
            Some(&self.outcome),
            Some(&self.detail),
        ];
        for part in parts {
            // A missing part is told from an empty one.
            hasher.update(part.map_or(u64::MAX, |text| text.len() as u64).to_be_bytes());
            hasher.update(part.unwrap_or_default());
        }
        hex(&hasher.finalize())
    }
}

type Waiting = (Entry, oneshot::Sender<Result<(), Fault>>);

/// The way into the log.
#[derive(Debug, Clone)]
pub(crate) struct AuditLog(mpsc::Sender<Waiting>);

impl AuditLog {
    /// Starts the writing task; it ends when the last of these is dropped, after all that waits is written.
    pub(crate) fn start(db: Db) -> (Self, tokio::task::JoinHandle<()>) {
        let (queue, waiting) = mpsc::channel(QUEUE);
        (Self(queue), tokio::spawn(write(db, waiting)))
    }

    /// Writes a row; it is on disk when this returns `Ok`.
    pub(crate) async fn record(&self, entry: Entry) -> Result<(), Fault> {
        let (done, answer) = oneshot::channel();
        let gone = |_| Fault::internal("the audit log takes no rows");
        self.0.send((entry, done)).await.map_err(|_| gone(()))?;
        answer.await.map_err(|_| gone(()))?
    }
}

async fn write(db: Db, mut waiting: mpsc::Receiver<Waiting>) {
    let mut batch = Vec::with_capacity(BATCH);
    while waiting.recv_many(&mut batch, BATCH).await > 0 {
        let (entries, answers): (Vec<_>, Vec<_>) = batch.drain(..).unzip();
        let outcome = crate::tables::audit::append(&db, entries).await;
        if let Err(fault) = &outcome {
            tracing::error!(?fault, "audit rows could not be written");
        }
        for answer in answers {
            // Whoever no longer waits has hung up; the row stands all the same.
            let _ = answer.send(outcome.clone());
        }
    }
}
