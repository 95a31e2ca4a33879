//! Sessions and adherence, as the devices sent them.

use sqlx::Row;

use super::Db;
use crate::{
    access::{Covers, OnPatient, ReadTraining},
    error::Fault,
};

/// Sessions on a page.
const PAGE: i64 = 50;

/// A session with its counting trials.
#[derive(Debug, Clone)]
pub(crate) struct Session {
    pub(crate) id: String,
    pub(crate) device: String,
    pub(crate) state: String,
    pub(crate) plan_version: i64,
    pub(crate) started_ms: i64,
    pub(crate) ended_ms: Option<i64>,
    pub(crate) seconds: i64,
    pub(crate) day: String,
    pub(crate) games: Vec<String>,
    pub(crate) trials: i64,
}

fn session(row: &sqlx::any::AnyRow) -> Result<Session, sqlx::Error> {
    let games: String = row.try_get(8)?;
    Ok(Session {
        id: row.try_get(0)?,
        device: row.try_get(1)?,
        state: row.try_get(2)?,
        plan_version: row.try_get(3)?,
        started_ms: row.try_get(4)?,
        ended_ms: row.try_get(5)?,
        seconds: row.try_get(6)?,
        day: row.try_get(7)?,
        games: games.split(' ').filter(|slug| !slug.is_empty()).map(str::to_owned).collect(),
        trials: row.try_get(9)?,
    })
}

/// Sessions begun before `before_ms`, newest first; practice trials are not counted.
pub(crate) async fn list<R: Covers<ReadTraining>>(
    db: &Db,
    proof: &OnPatient<R>,
    before_ms: Option<i64>,
) -> Result<Vec<Session>, Fault> {
    let rows = sqlx::query(
        "SELECT s.id, s.device_id, s.state, s.plan_version, s.started_ms, s.ended_ms, s.seconds, s.day, s.games,
           (SELECT count(*) FROM trials t WHERE t.clinic_id = s.clinic_id AND t.patient_id = s.patient_id
             AND t.session_id = s.id AND t.practice = 0)
         FROM sessions s WHERE s.clinic_id = $1 AND s.patient_id = $2 AND s.started_ms < $3
         ORDER BY s.started_ms DESC, s.id DESC LIMIT $4",
    )
    .bind(proof.clinic())
    .bind(proof.patient())
    .bind(before_ms.unwrap_or(i64::MAX))
    .bind(PAGE)
    .fetch_all(&mut *db.read().await?)
    .await?;
    Ok(rows.iter().map(session).collect::<Result<_, _>>()?)
}

/// One session.
pub(crate) async fn get<R: Covers<ReadTraining>>(db: &Db, proof: &OnPatient<R>, id: &str) -> Result<Session, Fault> {
    let row = sqlx::query(
        "SELECT s.id, s.device_id, s.state, s.plan_version, s.started_ms, s.ended_ms, s.seconds, s.day, s.games,
           (SELECT count(*) FROM trials t WHERE t.clinic_id = s.clinic_id AND t.patient_id = s.patient_id
             AND t.session_id = s.id AND t.practice = 0)
         FROM sessions s WHERE s.clinic_id = $1 AND s.patient_id = $2 AND s.id = $3",
    )
    .bind(proof.clinic())
    .bind(proof.patient())
    .bind(id)
    .fetch_optional(&mut *db.read().await?)
    .await?;
    Ok(session(&row.ok_or(Fault::NotFound("session"))?)?)
}

/// Planned and done on one day, over all devices.
#[derive(Debug, Clone)]
pub(crate) struct Day {
    pub(crate) day: String,
    pub(crate) sessions_per_week: i64,
    pub(crate) begun: i64,
    pub(crate) done: i64,
    pub(crate) seconds: i64,
}

/// Days from `from` to `to` (`YYYY-MM-DD`, both included), in order; days on which nothing was sent are missing.
pub(crate) async fn adherence<R: Covers<ReadTraining>>(
    db: &Db,
    proof: &OnPatient<R>,
    from: &str,
    to: &str,
) -> Result<Vec<Day>, Fault> {
    let rows = sqlx::query(
        "SELECT day, max(sessions_per_week), CAST(sum(begun) AS BIGINT), CAST(sum(done) AS BIGINT), CAST(sum(seconds) AS BIGINT)
         FROM adherence WHERE clinic_id = $1 AND patient_id = $2 AND day >= $3 AND day <= $4 GROUP BY day ORDER BY day",
    )
    .bind(proof.clinic())
    .bind(proof.patient())
    .bind(from)
    .bind(to)
    .fetch_all(&mut *db.read().await?)
    .await?;
    let day = |row: &sqlx::any::AnyRow| {
        Ok(Day {
            day: row.try_get(0)?,
            sessions_per_week: row.try_get(1)?,
            begun: row.try_get(2)?,
            done: row.try_get(3)?,
            seconds: row.try_get(4)?,
        })
    };
    Ok(rows.iter().map(day).collect::<Result<_, sqlx::Error>>()?)
}
