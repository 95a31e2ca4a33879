//! Clinical notes on a patient.

use sqlx::Row;

use super::Db;
use crate::{
    access::{OnPatient, ReadNotes, WriteNotes},
    error::Fault,
};

/// A note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Id.
    pub id: String,
    /// What was written.
    pub text: String,
    /// Name of who wrote it.
    pub made_by: String,
    /// When, milliseconds since 1970.
    pub made_ms: i64,
}

/// Every note on the patient, newest first.
///
/// # Errors
/// [`Fault::Database`].
pub async fn list(db: &Db, proof: &OnPatient<ReadNotes>) -> Result<Vec<Note>, Fault> {
    let rows = sqlx::query(
        "SELECT n.id, n.text, COALESCE(a.name, ''), n.made_ms FROM notes n
           LEFT JOIN accounts a ON a.clinic_id = n.clinic_id AND a.id = n.made_by
         WHERE n.clinic_id = $1 AND n.patient_id = $2 ORDER BY n.made_ms DESC, n.id DESC",
    )
    .bind(proof.clinic())
    .bind(proof.patient())
    .fetch_all(&mut *db.read().await?)
    .await?;
    let note = |row: &sqlx::any::AnyRow| {
        Ok(Note { id: row.try_get(0)?, text: row.try_get(1)?, made_by: row.try_get(2)?, made_ms: row.try_get(3)? })
    };
    Ok(rows.iter().map(note).collect::<Result<_, sqlx::Error>>()?)
}

/// Adds a note.
pub(crate) async fn add(
    db: &Db,
    proof: &OnPatient<WriteNotes>,
    id: &str,
    text: &str,
    now_ms: i64,
) -> Result<(), Fault> {
    let mut tx = db.write().await?;
    sqlx::query(
        "INSERT INTO notes (clinic_id, patient_id, id, text, made_by, made_ms) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(proof.clinic())
    .bind(proof.patient())
    .bind(id)
    .bind(text)
    .bind(proof.account())
    .bind(now_ms)
    .execute(tx.on())
    .await?;
    Ok(tx.commit().await?)
}
