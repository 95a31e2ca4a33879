//! The trial log, and what the database counts over it.
//!
//! What counts and what is a success is defined in `reme-assessment`; the conditions here repeat it in SQL, and a test holds the
//! two against each other.

use std::collections::BTreeMap;

use jiff::civil::Date;
use reme_assessment::{DomainTrend, SessionPoint, success_interval, trend};
use reme_types::{Domain, SessionId};
use sqlx::Row;

use super::Db;
use crate::{
    access::{Covers, OnPatient, ReadTraining},
    error::Fault,
};

/// A row of the trial log.
#[derive(Debug, Clone)]
pub(crate) struct Trial {
    pub(crate) id: String,
    pub(crate) session: String,
    pub(crate) seq: i64,
    pub(crate) block: i64,
    pub(crate) game: String,
    pub(crate) template_version: String,
    pub(crate) input: String,
    pub(crate) at_ms: i64,
    pub(crate) kind: String,
    pub(crate) domain: String,
    pub(crate) level: i64,
    pub(crate) practice: bool,
    pub(crate) verdict: String,
    pub(crate) score: f64,
    pub(crate) rung: Option<i64>,
    pub(crate) rt_ms: Option<i64>,
    pub(crate) matched_by: String,
    pub(crate) confidence: f64,
    pub(crate) scorer: i64,
}

fn trial(row: &sqlx::any::AnyRow) -> Result<Trial, sqlx::Error> {
    Ok(Trial {
        id: row.try_get(0)?,
        session: row.try_get(1)?,
        seq: row.try_get(2)?,
        block: row.try_get(3)?,
        game: row.try_get(4)?,
        template_version: row.try_get(5)?,
        input: row.try_get(6)?,
        at_ms: row.try_get(7)?,
        kind: row.try_get(8)?,
        domain: row.try_get(9)?,
        level: row.try_get(10)?,
        practice: row.try_get::<i64, _>(11)? != 0,
        verdict: row.try_get(12)?,
        score: row.try_get(13)?,
        rung: row.try_get(14)?,
        rt_ms: row.try_get(15)?,
        matched_by: row.try_get(16)?,
        confidence: row.try_get(17)?,
        scorer: row.try_get(18)?,
    })
}

/// The trials of one session, in order.
pub(crate) async fn of_session<R: Covers<ReadTraining>>(
    db: &Db,
    proof: &OnPatient<R>,
    session: &str,
) -> Result<Vec<Trial>, Fault> {
    let rows = sqlx::query(
        "SELECT id, session_id, seq, block, game, template_version, input, at_ms, kind, domain, level, practice, verdict,
           score, rung, rt_ms, matched_by, confidence, scorer
         FROM trials WHERE clinic_id = $1 AND patient_id = $2 AND session_id = $3 ORDER BY seq, id",
    )
    .bind(proof.clinic())
    .bind(proof.patient())
    .bind(session)
    .fetch_all(&mut *db.read().await?)
    .await?;
    Ok(rows.iter().map(trial).collect::<Result<_, _>>()?)
}

/// A page of all trials after `(session, seq, id)`, by session and number; for an export that never holds them all.
pub(crate) async fn page<R: Covers<ReadTraining>>(
    db: &Db,
    proof: &OnPatient<R>,
    after: Option<&Trial>,
    size: i64,
) -> Result<Vec<Trial>, Fault> {
    let rows = sqlx::query(
        "SELECT id, session_id, seq, block, game, template_version, input, at_ms, kind, domain, level, practice, verdict,
           score, rung, rt_ms, matched_by, confidence, scorer
         FROM trials WHERE clinic_id = $1 AND patient_id = $2
           AND (session_id > $3 OR (session_id = $3 AND (seq > $4 OR (seq = $4 AND id > $5))))
         ORDER BY session_id, seq, id LIMIT $6",
    )
    .bind(proof.clinic())
    .bind(proof.patient())
    .bind(after.map_or("", |t| t.session.as_str()))
    .bind(after.map_or(-1, |t| t.seq))
    .bind(after.map_or("", |t| t.id.as_str()))
    .bind(size)
    .fetch_all(&mut *db.read().await?)
    .await?;
    Ok(rows.iter().map(trial).collect::<Result<_, _>>()?)
}

/// Success per domain and session, with direction: as `reme_assessment::trends` over the same trials.
///
/// # Errors
/// [`Fault::Database`].
pub async fn trends<R: Covers<ReadTraining>>(db: &Db, proof: &OnPatient<R>) -> Result<Vec<DomainTrend>, Fault> {
    let rows = sqlx::query(
        "SELECT t.domain, s.day, t.session_id, count(*),
           CAST(sum(CASE WHEN t.rung IS NOT NULL THEN CASE WHEN t.rung <= 2 AND t.score > 0 THEN 1.0 ELSE 0.0 END
             ELSE t.score END) AS DOUBLE PRECISION),
           CAST(avg(t.rung) AS DOUBLE PRECISION)
         FROM trials t JOIN sessions s ON s.clinic_id = t.clinic_id AND s.patient_id = t.patient_id AND s.id = t.session_id
         WHERE t.clinic_id = $1 AND t.patient_id = $2 AND t.practice = 0 AND t.matched_by <> 'model'
         GROUP BY t.domain, s.day, t.session_id ORDER BY t.domain, s.day, t.session_id",
    )
    .bind(proof.clinic())
    .bind(proof.patient())
    .fetch_all(&mut *db.read().await?)
    .await?;
    let mut by_domain: BTreeMap<Domain, Vec<SessionPoint>> = BTreeMap::new();
    for row in &rows {
        let unreadable = || Fault::internal("a trial's domain, day or session cannot be read");
        let domain: Domain = row.try_get::<String, _>(0)?.parse().map_err(|_| unreadable())?;
        let date: Date = row.try_get::<String, _>(1)?.parse().map_err(|_| unreadable())?;
        let session_id: SessionId = row.try_get::<String, _>(2)?.parse().map_err(|_| unreadable())?;
        let trials = u32::try_from(row.try_get::<i64, _>(3)?).unwrap_or(u32::MAX);
        let successes: f64 = row.try_get(4)?;
        let (low, high) = success_interval(successes, trials);
        let success = successes / f64::from(trials.max(1));
        let mean_rung = row.try_get(5)?;
        by_domain.entry(domain).or_default().push(SessionPoint {
            session_id,
            date,
            success,
            low,
            high,
            trials,
            mean_rung,
        });
    }
    let trend = |(domain, points): (Domain, Vec<SessionPoint>)| trend(domain, points);
    Ok(by_domain.into_iter().map(trend).collect())
}

/// How many counting, laddered trials were answered at each rung 0–7.
pub(crate) async fn rungs<R: Covers<ReadTraining>>(db: &Db, proof: &OnPatient<R>) -> Result<[i64; 8], Fault> {
    let rows = sqlx::query(
        "SELECT rung, count(*) FROM trials WHERE clinic_id = $1 AND patient_id = $2 AND practice = 0
           AND matched_by <> 'model' AND rung IS NOT NULL GROUP BY rung",
    )
    .bind(proof.clinic())
    .bind(proof.patient())
    .fetch_all(&mut *db.read().await?)
    .await?;
    let mut rungs = [0; 8];
    for row in &rows {
        let rung = usize::try_from(row.try_get::<i64, _>(0)?).unwrap_or(usize::MAX);
        if let Some(count) = rungs.get_mut(rung) {
            *count = row.try_get(1)?;
        }
    }
    Ok(rungs)
}
