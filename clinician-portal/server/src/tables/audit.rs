//! The audit log's rows.

use sqlx::Row;

use super::{Db, WriteTx};
use crate::{
    access::{Allowed, OnPatient, ReadAudit, ReadPatientAudit},
    audit::{Chained, Entry},
    error::Fault,
};

/// Rows on a page.
const PAGE: i64 = 200;
/// Hash before the first row.
const GENESIS: &str = "";

/// Appends rows, in order within each clinic.
pub(crate) async fn append(db: &Db, mut entries: Vec<Entry>) -> Result<(), Fault> {
    // Several processes take the heads in the same order, so that none waits for the other in a circle.
    entries.sort_by(|a, b| a.clinic.cmp(&b.clinic));
    let mut tx = db.write().await?;
    for of_clinic in entries.chunk_by(|a, b| a.clinic == b.clinic) {
        append_to_clinic(&mut tx, of_clinic).await?;
    }
    Ok(tx.commit().await?)
}

async fn append_to_clinic(tx: &mut WriteTx, entries: &[Entry]) -> Result<(), Fault> {
    let Some(clinic) = entries.first().map(|entry| entry.clinic.as_str()) else { return Ok(()) };
    sqlx::query("INSERT INTO audit_heads (clinic_id, seq, hash) VALUES ($1, 0, $2) ON CONFLICT (clinic_id) DO NOTHING")
        .bind(clinic)
        .bind(GENESIS)
        .execute(tx.on())
        .await?;
    // An update that changes nothing locks the head on both databases, and returns it.
    let head = sqlx::query("UPDATE audit_heads SET seq = seq WHERE clinic_id = $1 RETURNING seq, hash")
        .bind(clinic)
        .fetch_one(tx.on())
        .await?;
    let (mut seq, mut hash): (i64, String) = (head.try_get(0)?, head.try_get(1)?);
    for entry in entries {
        seq += 1;
        let mut row = Chained {
            seq,
            at_ms: entry.at_ms,
            actor_kind: entry.actor_kind.into(),
            actor: entry.actor.clone(),
            action: entry.action.into(),
            patient: entry.patient.clone(),
            outcome: entry.outcome.into(),
            detail: entry.detail.clone(),
            hash: String::new(),
        };
        row.hash = row.expected_hash(&hash);
        sqlx::query(
            "INSERT INTO audit (clinic_id, seq, at_ms, actor_kind, actor_id, action, patient_id, outcome, detail, hash)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        )
        .bind(clinic)
        .bind(row.seq)
        .bind(row.at_ms)
        .bind(&row.actor_kind)
        .bind(&row.actor)
        .bind(&row.action)
        .bind(row.patient.as_deref())
        .bind(&row.outcome)
        .bind(&row.detail)
        .bind(&row.hash)
        .execute(tx.on())
        .await?;
        hash = row.hash;
    }
    sqlx::query("UPDATE audit_heads SET seq = $2, hash = $3 WHERE clinic_id = $1")
        .bind(clinic)
        .bind(seq)
        .bind(&hash)
        .execute(tx.on())
        .await?;
    Ok(())
}

fn chained(row: &sqlx::any::AnyRow) -> Result<Chained, sqlx::Error> {
    Ok(Chained {
        seq: row.try_get(0)?,
        at_ms: row.try_get(1)?,
        actor_kind: row.try_get(2)?,
        actor: row.try_get(3)?,
        action: row.try_get(4)?,
        patient: row.try_get(5)?,
        outcome: row.try_get(6)?,
        detail: row.try_get(7)?,
        hash: row.try_get(8)?,
    })
}

/// A row with the name of whoever acted, for a page.
#[derive(Debug, Clone)]
pub(crate) struct Named {
    pub(crate) row: Chained,
    pub(crate) name: Option<String>,
    pub(crate) role: Option<String>,
    /// Of a device.
    pub(crate) platform: Option<String>,
}

fn named(row: &sqlx::any::AnyRow) -> Result<Named, sqlx::Error> {
    Ok(Named { row: chained(row)?, name: row.try_get(9)?, role: row.try_get(10)?, platform: row.try_get(11)? })
}

/// Rows of the clinic before `before`, newest first.
pub(crate) async fn of_clinic(db: &Db, proof: &Allowed<ReadAudit>, before: Option<i64>) -> Result<Vec<Named>, Fault> {
    let rows = sqlx::query(
        "SELECT a.seq, a.at_ms, a.actor_kind, a.actor_id, a.action, a.patient_id, a.outcome, a.detail, a.hash, b.name, b.role,
           d.platform
         FROM audit a LEFT JOIN accounts b ON b.clinic_id = a.clinic_id AND b.id = a.actor_id
           LEFT JOIN devices d ON d.clinic_id = a.clinic_id AND d.id = a.actor_id
         WHERE a.clinic_id = $1 AND a.seq < $2 ORDER BY a.seq DESC LIMIT $3",
    )
    .bind(proof.clinic())
    .bind(before.unwrap_or(i64::MAX))
    .bind(PAGE)
    .fetch_all(&mut *db.read().await?)
    .await?;
    Ok(rows.iter().map(named).collect::<Result<_, _>>()?)
}

/// Rows about one patient before `before`, newest first.
pub(crate) async fn of_patient(
    db: &Db,
    proof: &OnPatient<ReadPatientAudit>,
    before: Option<i64>,
) -> Result<Vec<Named>, Fault> {
    let rows = sqlx::query(
        "SELECT a.seq, a.at_ms, a.actor_kind, a.actor_id, a.action, a.patient_id, a.outcome, a.detail, a.hash, b.name, b.role,
           d.platform
         FROM audit a LEFT JOIN accounts b ON b.clinic_id = a.clinic_id AND b.id = a.actor_id
           LEFT JOIN devices d ON d.clinic_id = a.clinic_id AND d.id = a.actor_id
         WHERE a.clinic_id = $1 AND a.patient_id = $2 AND a.seq < $3 ORDER BY a.seq DESC LIMIT $4",
    )
    .bind(proof.clinic())
    .bind(proof.patient())
    .bind(before.unwrap_or(i64::MAX))
    .bind(PAGE)
    .fetch_all(&mut *db.read().await?)
    .await?;
    Ok(rows.iter().map(named).collect::<Result<_, _>>()?)
}

/// Walks the whole chain: how many rows hold, and the first that does not.
pub(crate) async fn verify(db: &Db, proof: &Allowed<ReadAudit>) -> Result<(i64, Option<i64>), Fault> {
    // The head first: rows added while we walk are left for the next time, and a log cut short at its end is told.
    let head = sqlx::query("SELECT seq, hash FROM audit_heads WHERE clinic_id = $1")
        .bind(proof.clinic())
        .fetch_optional(&mut *db.read().await?)
        .await?;
    let (end, end_hash): (i64, String) = match &head {
        Some(head) => (head.try_get(0)?, head.try_get(1)?),
        None => (i64::MAX, GENESIS.to_owned()),
    };
    let (mut seq, mut hash) = (0, GENESIS.to_owned());
    loop {
        let rows = sqlx::query(
            "SELECT seq, at_ms, actor_kind, actor_id, action, patient_id, outcome, detail, hash FROM audit
             WHERE clinic_id = $1 AND seq > $2 AND seq <= $3 ORDER BY seq LIMIT 1000",
        )
        .bind(proof.clinic())
        .bind(seq)
        .bind(end)
        .fetch_all(&mut *db.read().await?)
        .await?;
        if rows.is_empty() {
            break;
        }
        for row in &rows {
            let row = chained(row)?;
            if row.seq != seq + 1 || row.hash != row.expected_hash(&hash) {
                return Ok((seq, Some(seq + 1)));
            }
            (seq, hash) = (row.seq, row.hash);
        }
    }
    let whole = if head.is_some() { seq == end && hash == end_hash } else { seq == 0 };
    Ok((seq, (!whole).then_some(seq + 1)))
}
