//! Check-ins: a few closed questions on how training goes at home.

use sqlx::Row;

use super::Db;
use crate::{
    access::{Covers, OnPatient, ReadCheckIns, WriteCheckIns},
    error::Fault,
};

/// Check-ins on a page.
const PAGE: i64 = 500;

/// A check-in; an answer that was not given is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CheckIn {
    pub(crate) id: String,
    /// The day it is about, `YYYY-MM-DD`.
    pub(crate) day: String,
    /// In the order of [`crate::check_in::QUESTIONS`].
    pub(crate) answers: [String; 5],
    pub(crate) remark: String,
    /// Name of who answered.
    pub(crate) made_by: String,
    pub(crate) made_ms: i64,
}

/// Check-ins on the patient, newest day first.
pub(crate) async fn list<R: Covers<ReadCheckIns>>(db: &Db, proof: &OnPatient<R>) -> Result<Vec<CheckIn>, Fault> {
    let rows = sqlx::query(
        "SELECT c.id, c.day, c.willingness, c.mood, c.tiredness, c.help, c.change_seen, c.remark, COALESCE(a.name, ''), c.made_ms
         FROM check_ins c LEFT JOIN accounts a ON a.clinic_id = c.clinic_id AND a.id = c.made_by
         WHERE c.clinic_id = $1 AND c.patient_id = $2 ORDER BY c.day DESC, c.made_ms DESC, c.id DESC LIMIT $3",
    )
    .bind(proof.clinic())
    .bind(proof.patient())
    .bind(PAGE)
    .fetch_all(&mut *db.read().await?)
    .await?;
    let check_in = |row: &sqlx::any::AnyRow| {
        Ok(CheckIn {
            id: row.try_get(0)?,
            day: row.try_get(1)?,
            answers: [row.try_get(2)?, row.try_get(3)?, row.try_get(4)?, row.try_get(5)?, row.try_get(6)?],
            remark: row.try_get(7)?,
            made_by: row.try_get(8)?,
            made_ms: row.try_get(9)?,
        })
    };
    Ok(rows.iter().map(check_in).collect::<Result<_, sqlx::Error>>()?)
}

/// Adds a check-in; who made it is whose proof it is.
pub(crate) async fn add(db: &Db, proof: &OnPatient<WriteCheckIns>, check_in: &CheckIn) -> Result<(), Fault> {
    insert(db, (proof.clinic(), proof.patient(), proof.account()), check_in).await
}

/// Adds a check-in where none of its id is. Besides [`add`], only the command line's demo reaches this.
pub(crate) async fn insert(db: &Db, whose: (&str, &str, &str), check_in: &CheckIn) -> Result<(), Fault> {
    let [willingness, mood, tiredness, help, change_seen] = &check_in.answers;
    let mut tx = db.write().await?;
    sqlx::query(
        "INSERT INTO check_ins (clinic_id, patient_id, id, day, willingness, mood, tiredness, help, change_seen, remark, made_by,
           made_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (clinic_id, patient_id, id) DO NOTHING",
    )
    .bind(whose.0)
    .bind(whose.1)
    .bind(&check_in.id)
    .bind(&check_in.day)
    .bind(willingness)
    .bind(mood)
    .bind(tiredness)
    .bind(help)
    .bind(change_seen)
    .bind(&check_in.remark)
    .bind(whose.2)
    .bind(check_in.made_ms)
    .execute(tx.on())
    .await?;
    Ok(tx.commit().await?)
}
