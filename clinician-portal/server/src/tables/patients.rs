//! Patients, and which carer is linked to whom.

use sqlx::Row;

use super::Db;
use crate::{
    access::{
        Actor, AddPatient, Allowed, ChangePatient, Covers, ErasePatient, LinkCarer, ListPatients, OnPatient,
        ReadPatient, Role,
    },
    error::Fault,
};

/// Patients on a list at most; a clinic with more searches.
const LIST: i64 = 1000;

/// A patient's particulars.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Patient {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) reference: String,
    pub(crate) language: String,
    pub(crate) time_zone: String,
    pub(crate) born_on: Option<String>,
}

/// A patient on a list, with what says whether somebody should look.
#[derive(Debug, Clone)]
pub(crate) struct Listed {
    pub(crate) patient: Patient,
    pub(crate) created_ms: i64,
    pub(crate) last_session_ms: Option<i64>,
    /// Sessions finished since the `week_ms` given.
    pub(crate) done_this_week: i64,
    pub(crate) devices: i64,
    pub(crate) device_seen_ms: Option<i64>,
    /// JSON of the plan in force.
    pub(crate) plan: Option<String>,
}

/// What a list shows of each patient: clinic `$1`, the week since `$3`.
macro_rules! listed {
    ($which:literal) => {
        concat!(
            "SELECT p.id, p.name, p.reference, p.language, p.time_zone, p.born_on, p.created_ms,
           (SELECT max(s.started_ms) FROM sessions s WHERE s.clinic_id = p.clinic_id AND s.patient_id = p.id),
           (SELECT count(*) FROM sessions s WHERE s.clinic_id = p.clinic_id AND s.patient_id = p.id
             AND s.state = 'done' AND s.started_ms >= $3),
           (SELECT count(*) FROM devices d WHERE d.clinic_id = p.clinic_id AND d.patient_id = p.id AND d.revoked_ms IS NULL),
           (SELECT max(d.seen_ms) FROM devices d WHERE d.clinic_id = p.clinic_id AND d.patient_id = p.id
             AND d.revoked_ms IS NULL),
           (SELECT l.plan FROM plans l WHERE l.clinic_id = p.clinic_id AND l.patient_id = p.id
             ORDER BY l.version DESC LIMIT 1)
         FROM patients p ",
            $which
        )
    };
}

/// Whether the actor may see this patient at all: of the same clinic, and for carers linked.
pub(crate) async fn is_theirs(db: &Db, actor: &Actor, patient: &str) -> Result<bool, Fault> {
    let row = sqlx::query(
        "SELECT 1 FROM patients p WHERE p.clinic_id = $1 AND p.id = $2
           AND ($3 = 0 OR EXISTS (SELECT 1 FROM carer_links l
             WHERE l.clinic_id = p.clinic_id AND l.patient_id = p.id AND l.account_id = $4))",
    )
    .bind(&actor.clinic)
    .bind(patient)
    .bind(i64::from(actor.role == Role::Carer))
    .bind(&actor.account)
    .fetch_optional(&mut *db.read().await?)
    .await?;
    Ok(row.is_some())
}

/// The caller's patients whose name or reference holds `words`, by name.
pub(crate) async fn list(
    db: &Db,
    proof: &Allowed<ListPatients>,
    words: &str,
    week_ms: i64,
) -> Result<Vec<Listed>, Fault> {
    let like = format!("%{}%", words.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
    let rows = sqlx::query(listed!(
        "WHERE p.clinic_id = $1
           AND ($4 = 0 OR EXISTS (SELECT 1 FROM carer_links k
             WHERE k.clinic_id = p.clinic_id AND k.patient_id = p.id AND k.account_id = $5))
           AND (lower(p.name) LIKE $2 ESCAPE '\\' OR lower(p.reference) LIKE $2 ESCAPE '\\')
         ORDER BY p.name, p.id LIMIT $6"
    ))
    .bind(proof.clinic())
    .bind(like)
    .bind(week_ms)
    .bind(i64::from(proof.role() == Role::Carer))
    .bind(proof.account())
    .bind(LIST)
    .fetch_all(&mut *db.read().await?)
    .await?;
    Ok(rows.iter().map(listed).collect::<Result<_, _>>()?)
}

fn listed(row: &sqlx::any::AnyRow) -> Result<Listed, sqlx::Error> {
    Ok(Listed {
        patient: particulars(row)?,
        created_ms: row.try_get(6)?,
        last_session_ms: row.try_get(7)?,
        done_this_week: row.try_get(8)?,
        devices: row.try_get(9)?,
        device_seen_ms: row.try_get(10)?,
        plan: row.try_get(11)?,
    })
}

/// One patient as on the list.
pub(crate) async fn one<R: Covers<ReadPatient>>(db: &Db, proof: &OnPatient<R>, week_ms: i64) -> Result<Listed, Fault> {
    let row = sqlx::query(listed!("WHERE p.clinic_id = $1 AND p.id = $2"))
        .bind(proof.clinic())
        .bind(proof.patient())
        .bind(week_ms)
        .fetch_optional(&mut *db.read().await?)
        .await?;
    Ok(listed(&row.ok_or(Fault::NotFound("patient"))?)?)
}

fn particulars(row: &sqlx::any::AnyRow) -> Result<Patient, sqlx::Error> {
    Ok(Patient {
        id: row.try_get(0)?,
        name: row.try_get(1)?,
        reference: row.try_get(2)?,
        language: row.try_get(3)?,
        time_zone: row.try_get(4)?,
        born_on: row.try_get(5)?,
    })
}

/// Adds a patient.
pub(crate) async fn add(db: &Db, proof: &Allowed<AddPatient>, patient: &Patient, now_ms: i64) -> Result<(), Fault> {
    insert(db, proof.clinic(), patient, now_ms).await
}

/// Adds a patient to a clinic where it is missing. Besides [`add`], only the command line's demo reaches this.
pub(crate) async fn insert(db: &Db, clinic: &str, patient: &Patient, now_ms: i64) -> Result<(), Fault> {
    let mut tx = db.write().await?;
    sqlx::query(
        "INSERT INTO patients (clinic_id, id, name, reference, language, time_zone, born_on, created_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (clinic_id, id) DO NOTHING",
    )
    .bind(clinic)
    .bind(&patient.id)
    .bind(&patient.name)
    .bind(&patient.reference)
    .bind(&patient.language)
    .bind(&patient.time_zone)
    .bind(patient.born_on.as_deref())
    .bind(now_ms)
    .execute(tx.on())
    .await?;
    Ok(tx.commit().await?)
}

/// A patient's particulars.
pub(crate) async fn get<R: Covers<ReadPatient>>(db: &Db, proof: &OnPatient<R>) -> Result<Patient, Fault> {
    let row = sqlx::query(
        "SELECT id, name, reference, language, time_zone, born_on FROM patients WHERE clinic_id = $1 AND id = $2",
    )
    .bind(proof.clinic())
    .bind(proof.patient())
    .fetch_optional(&mut *db.read().await?)
    .await?;
    Ok(particulars(&row.ok_or(Fault::NotFound("patient"))?)?)
}

/// Changes a patient's particulars; the id in `patient` does not count.
pub(crate) async fn change(db: &Db, proof: &OnPatient<ChangePatient>, patient: &Patient) -> Result<(), Fault> {
    let mut tx = db.write().await?;
    sqlx::query(
        "UPDATE patients SET name = $3, reference = $4, language = $5, time_zone = $6, born_on = $7
         WHERE clinic_id = $1 AND id = $2",
    )
    .bind(proof.clinic())
    .bind(proof.patient())
    .bind(&patient.name)
    .bind(&patient.reference)
    .bind(&patient.language)
    .bind(&patient.time_zone)
    .bind(patient.born_on.as_deref())
    .execute(tx.on())
    .await?;
    Ok(tx.commit().await?)
}

/// Removes a patient with everything that hangs on them, except the audit rows, which hold ids only.
pub(crate) async fn erase(db: &Db, proof: &OnPatient<ErasePatient>) -> Result<(), Fault> {
    // Children before parents.
    const OF_DEVICES: [&str; 3] = [
        "DELETE FROM records WHERE clinic_id = $1 AND device_id IN (SELECT id FROM devices WHERE clinic_id = $1 AND patient_id = $2)",
        "DELETE FROM device_facts WHERE clinic_id = $1 AND device_id IN (SELECT id FROM devices WHERE clinic_id = $1 AND patient_id = $2)",
        "DELETE FROM consents WHERE clinic_id = $1 AND device_id IN (SELECT id FROM devices WHERE clinic_id = $1 AND patient_id = $2)",
    ];
    const OF_PATIENT: [&str; 12] = [
        "DELETE FROM session_sums WHERE clinic_id = $1 AND patient_id = $2",
        "DELETE FROM check_ins WHERE clinic_id = $1 AND patient_id = $2",
        "DELETE FROM trials WHERE clinic_id = $1 AND patient_id = $2",
        "DELETE FROM sessions WHERE clinic_id = $1 AND patient_id = $2",
        "DELETE FROM adherence WHERE clinic_id = $1 AND patient_id = $2",
        "DELETE FROM plan_deliveries WHERE clinic_id = $1 AND patient_id = $2",
        "DELETE FROM plans WHERE clinic_id = $1 AND patient_id = $2",
        "DELETE FROM notes WHERE clinic_id = $1 AND patient_id = $2",
        "DELETE FROM carer_links WHERE clinic_id = $1 AND patient_id = $2",
        "DELETE FROM pairing_codes WHERE clinic_id = $1 AND patient_id = $2",
        "DELETE FROM devices WHERE clinic_id = $1 AND patient_id = $2",
        "DELETE FROM patients WHERE clinic_id = $1 AND id = $2",
    ];
    let mut tx = db.write().await?;
    for statement in OF_DEVICES.into_iter().chain(OF_PATIENT) {
        sqlx::query(statement).bind(proof.clinic()).bind(proof.patient()).execute(tx.on()).await?;
    }
    Ok(tx.commit().await?)
}

/// Links a carer's account to the patient.
pub(crate) async fn link_carer(db: &Db, proof: &OnPatient<LinkCarer>, account: &str) -> Result<(), Fault> {
    link(db, proof.clinic(), proof.patient(), account).await
}

/// Links where both are of this clinic. Besides [`link_carer`], only the command line's demo reaches this.
pub(crate) async fn link(db: &Db, clinic: &str, patient: &str, account: &str) -> Result<(), Fault> {
    let mut tx = db.write().await?;
    let carer = sqlx::query("SELECT 1 FROM accounts WHERE clinic_id = $1 AND id = $2 AND role = 'carer'")
        .bind(clinic)
        .bind(account)
        .fetch_optional(tx.on())
        .await?;
    if carer.is_none() {
        return Err(Fault::NotFound("account"));
    }
    sqlx::query(
        "INSERT INTO carer_links (clinic_id, account_id, patient_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
    )
    .bind(clinic)
    .bind(account)
    .bind(patient)
    .execute(tx.on())
    .await?;
    Ok(tx.commit().await?)
}

/// Takes the link away.
pub(crate) async fn unlink_carer(db: &Db, proof: &OnPatient<LinkCarer>, account: &str) -> Result<(), Fault> {
    let mut tx = db.write().await?;
    let done = sqlx::query("DELETE FROM carer_links WHERE clinic_id = $1 AND patient_id = $2 AND account_id = $3")
        .bind(proof.clinic())
        .bind(proof.patient())
        .bind(account)
        .execute(tx.on())
        .await?;
    tx.commit().await?;
    if done.rows_affected() == 0 { Err(Fault::NotFound("account")) } else { Ok(()) }
}

/// Ids and names of the carers linked to the patient.
pub(crate) async fn carers<R: Covers<ReadPatient>>(
    db: &Db,
    proof: &OnPatient<R>,
) -> Result<Vec<(String, String)>, Fault> {
    let rows = sqlx::query(
        "SELECT a.id, a.name FROM carer_links l JOIN accounts a ON a.clinic_id = l.clinic_id AND a.id = l.account_id
         WHERE l.clinic_id = $1 AND l.patient_id = $2 ORDER BY a.name, a.id",
    )
    .bind(proof.clinic())
    .bind(proof.patient())
    .fetch_all(&mut *db.read().await?)
    .await?;
    Ok(rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect::<Result<_, sqlx::Error>>()?)
}
