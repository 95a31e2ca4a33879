//! The trial log, and what the database counts over it.
//!
//! What counts and what is a success is defined in `reme-assessment`; the conditions here repeat it in SQL, and a test holds the
//! two against each other.

use std::collections::BTreeMap;

use jiff::civil::Date;
use reme_assessment::{DomainTrend, SessionPoint, success_interval, trend};
use reme_types::{Domain, SessionId};
use sqlx::Row;

use super::{Db, WriteTx};
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

/// Success per domain and session, with direction, as `reme_assessment::trends` over the same trials; and how many counting,
/// laddered trials were answered at each rung 0–7. Only sessions of days `from` to `to` (`YYYY-MM-DD`, both included) where given,
/// and of those the newest `most`.
///
/// # Errors
/// [`Fault::Database`].
pub async fn trends<R: Covers<ReadTraining>>(
    db: &Db,
    proof: &OnPatient<R>,
    from: Option<&str>,
    to: Option<&str>,
    most: i64,
) -> Result<(Vec<DomainTrend>, [i64; 8]), Fault> {
    // CROSS JOIN keeps SQLite to this order: the days asked for first, then each session's few sums.
    let rows = sqlx::query(
        "SELECT u.domain, s.day, u.session_id, u.trials, u.successes, u.rungs, u.rung_sum,
           u.rung_0, u.rung_1, u.rung_2, u.rung_3, u.rung_4, u.rung_5, u.rung_6, u.rung_7
         FROM (SELECT id, day FROM sessions WHERE clinic_id = $1 AND patient_id = $2 AND day >= $3 AND day <= $4
             ORDER BY day DESC, id DESC LIMIT $5) s
           CROSS JOIN session_sums u
         WHERE u.clinic_id = $1 AND u.patient_id = $2 AND u.session_id = s.id
         ORDER BY s.day, u.session_id, u.domain",
    )
    .bind(proof.clinic())
    .bind(proof.patient())
    .bind(from.unwrap_or(""))
    // Behind every day that can be written.
    .bind(to.unwrap_or("~"))
    .bind(most)
    .fetch_all(&mut *db.read().await?)
    .await?;
    let mut by_domain: BTreeMap<Domain, Vec<SessionPoint>> = BTreeMap::new();
    let mut histogram = [0; 8];
    for row in &rows {
        let unreadable = || Fault::internal("a trial's domain, day or session cannot be read");
        let domain: Domain = row.try_get::<&str, _>(0)?.parse().map_err(|_| unreadable())?;
        let date: Date = row.try_get::<&str, _>(1)?.parse().map_err(|_| unreadable())?;
        let session_id: SessionId = row.try_get::<&str, _>(2)?.parse().map_err(|_| unreadable())?;
        let trials = u32::try_from(row.try_get::<i64, _>(3)?).unwrap_or(u32::MAX);
        let successes: f64 = row.try_get(4)?;
        let (low, high) = success_interval(successes, trials);
        let success = successes / f64::from(trials.max(1));
        let (rungs, sum): (i64, i64) = (row.try_get(5)?, row.try_get(6)?);
        for (rung, count) in histogram.iter_mut().enumerate() {
            *count += row.try_get::<i64, _>(7 + rung)?;
        }
        by_domain.entry(domain).or_default().push(SessionPoint {
            session_id,
            date,
            success,
            low,
            high,
            trials,
            mean_rung: (rungs > 0).then(|| sum as f64 / rungs as f64),
        });
    }
    let trend = |(domain, points): (Domain, Vec<SessionPoint>)| trend(domain, points);
    Ok((by_domain.into_iter().map(trend).collect(), histogram))
}

/// Adds up a session's trials anew, after some of them came or went. The patient is locked first, so that of two devices that
/// bring parts of one session the second sees what the first brought.
pub(crate) async fn add_up<'s>(
    tx: &mut WriteTx,
    clinic: &str,
    patient: &str,
    sessions: impl IntoIterator<Item = &'s String>,
) -> Result<(), Fault> {
    let mut sessions = sessions.into_iter().peekable();
    if sessions.peek().is_some() {
        sqlx::query("UPDATE patients SET id = id WHERE clinic_id = $1 AND id = $2")
            .bind(clinic)
            .bind(patient)
            .execute(tx.on())
            .await?;
    }
    for session in sessions {
        sqlx::query("DELETE FROM session_sums WHERE clinic_id = $1 AND patient_id = $2 AND session_id = $3")
            .bind(clinic)
            .bind(patient)
            .bind(session)
            .execute(tx.on())
            .await?;
        // What counts and what is a success, as in reme-assessment.
        sqlx::query(
            "INSERT INTO session_sums (clinic_id, patient_id, session_id, domain, trials, successes, rungs, rung_sum, rung_0,
               rung_1, rung_2, rung_3, rung_4, rung_5, rung_6, rung_7)
             SELECT clinic_id, patient_id, session_id, domain, count(*),
               CAST(sum(CASE WHEN rung IS NOT NULL THEN CASE WHEN rung <= 2 AND score > 0 THEN 1.0 ELSE 0.0 END
                 ELSE score END) AS DOUBLE PRECISION),
               count(rung), CAST(COALESCE(sum(rung), 0) AS BIGINT),
               count(CASE WHEN rung = 0 THEN 1 END), count(CASE WHEN rung = 1 THEN 1 END),
               count(CASE WHEN rung = 2 THEN 1 END), count(CASE WHEN rung = 3 THEN 1 END),
               count(CASE WHEN rung = 4 THEN 1 END), count(CASE WHEN rung = 5 THEN 1 END),
               count(CASE WHEN rung = 6 THEN 1 END), count(CASE WHEN rung = 7 THEN 1 END)
             FROM trials WHERE clinic_id = $1 AND patient_id = $2 AND session_id = $3
               AND practice = 0 AND matched_by <> 'model'
             GROUP BY clinic_id, patient_id, session_id, domain",
        )
        .bind(clinic)
        .bind(patient)
        .bind(session)
        .execute(tx.on())
        .await?;
    }
    Ok(())
}
