//! Plans, version by version, and where each has arrived.

use reme_sync_protocol::{PlanMessage, PlanReceipt};
use sqlx::Row;

use super::{Db, WriteTx, devices::Known};
use crate::{
    access::{ChangePlan, Covers, OnPatient, ReadPlan},
    error::Fault,
};

/// Versions on a page of the history.
const HISTORY: i64 = 100;

/// One version with who made it and why.
#[derive(Debug, Clone)]
pub(crate) struct Version {
    pub(crate) plan: PlanMessage,
    pub(crate) note: String,
}

fn version(row: &sqlx::any::AnyRow) -> Result<Version, Fault> {
    let plan =
        serde_json::from_str(&row.try_get::<String, _>(0)?).map_err(|_| Fault::internal("a plan cannot be read"))?;
    Ok(Version { plan, note: row.try_get(1)? })
}

/// Every version, newest first.
pub(crate) async fn history<R: Covers<ReadPlan>>(db: &Db, proof: &OnPatient<R>) -> Result<Vec<Version>, Fault> {
    let rows = sqlx::query(
        "SELECT plan, note FROM plans WHERE clinic_id = $1 AND patient_id = $2 ORDER BY version DESC LIMIT $3",
    )
    .bind(proof.clinic())
    .bind(proof.patient())
    .bind(HISTORY)
    .fetch_all(&mut *db.read().await?)
    .await?;
    rows.iter().map(version).collect()
}

/// A plan's state on one device.
#[derive(Debug, Clone)]
pub(crate) struct Delivery {
    pub(crate) device: String,
    pub(crate) version: i64,
    pub(crate) sent_ms: i64,
    pub(crate) taken_ms: Option<i64>,
    pub(crate) heard_ms: Option<i64>,
}

/// Deliveries to devices that are still paired, newest version first.
pub(crate) async fn deliveries<R: Covers<ReadPlan>>(db: &Db, proof: &OnPatient<R>) -> Result<Vec<Delivery>, Fault> {
    let rows = sqlx::query(
        "SELECT p.device_id, p.version, p.sent_ms, p.taken_ms, p.heard_ms FROM plan_deliveries p
           JOIN devices d ON d.clinic_id = p.clinic_id AND d.id = p.device_id AND d.revoked_ms IS NULL
         WHERE p.clinic_id = $1 AND p.patient_id = $2 ORDER BY p.version DESC, p.device_id LIMIT $3",
    )
    .bind(proof.clinic())
    .bind(proof.patient())
    .bind(HISTORY)
    .fetch_all(&mut *db.read().await?)
    .await?;
    let delivery = |row: &sqlx::any::AnyRow| {
        Ok(Delivery {
            device: row.try_get(0)?,
            version: row.try_get(1)?,
            sent_ms: row.try_get(2)?,
            taken_ms: row.try_get(3)?,
            heard_ms: row.try_get(4)?,
        })
    };
    Ok(rows.iter().map(delivery).collect::<Result<_, sqlx::Error>>()?)
}

async fn current(tx: &mut WriteTx, clinic: &str, patient: &str) -> Result<Option<Version>, Fault> {
    // Locks the patient: of two changes at once, the second sees the first.
    sqlx::query("UPDATE patients SET id = id WHERE clinic_id = $1 AND id = $2")
        .bind(clinic)
        .bind(patient)
        .execute(tx.on())
        .await?;
    let row = sqlx::query(
        "SELECT plan, note FROM plans WHERE clinic_id = $1 AND patient_id = $2 ORDER BY version DESC LIMIT 1",
    )
    .bind(clinic)
    .bind(patient)
    .fetch_optional(tx.on())
    .await?;
    row.as_ref().map(version).transpose()
}

/// Puts a plan in force as the version after `based_on`, which must be the one in force; author and version in `plan` do not
/// count. Returns the version.
pub(crate) async fn put(
    db: &Db,
    proof: &OnPatient<ChangePlan>,
    based_on: u32,
    plan: PlanMessage,
    note: &str,
) -> Result<PlanMessage, Fault> {
    let mut tx = db.write().await?;
    let in_force = current(&mut tx, proof.clinic(), proof.patient()).await?.map_or(0, |version| version.plan.version);
    if in_force != based_on {
        return Err(Fault::Conflict);
    }
    let author = sqlx::query("SELECT name FROM accounts WHERE clinic_id = $1 AND id = $2")
        .bind(proof.clinic())
        .bind(proof.account())
        .fetch_one(tx.on())
        .await?;
    let plan = PlanMessage { version: in_force + 1, set_by: author.try_get(0)?, ..plan };
    insert(&mut tx, (proof.clinic(), proof.patient(), proof.account()), &plan, note).await?;
    tx.commit().await?;
    Ok(plan)
}

async fn insert(tx: &mut WriteTx, whose: (&str, &str, &str), plan: &PlanMessage, note: &str) -> Result<(), Fault> {
    let json = serde_json::to_string(plan).map_err(|_| Fault::internal("a plan cannot be written"))?;
    sqlx::query(
        "INSERT INTO plans (clinic_id, patient_id, version, plan, note, made_by, made_ms) VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(whose.0)
    .bind(whose.1)
    .bind(i64::from(plan.version))
    .bind(json)
    .bind(note)
    .bind(whose.2)
    .bind(plan.set_ms)
    .execute(tx.on())
    .await?;
    Ok(())
}

/// The first plan of a demo patient, where there is none. Only the command line reaches this.
pub(crate) async fn seed(db: &Db, whose: (&str, &str, &str), plan: &PlanMessage) -> Result<(), Fault> {
    let mut tx = db.write().await?;
    if current(&mut tx, whose.0, whose.1).await?.is_none() {
        insert(&mut tx, whose, plan, "").await?;
    }
    Ok(tx.commit().await?)
}

/// The plan in force for a device, noted as sent when it is for the first time.
pub(crate) async fn for_device(
    db: &Db,
    known: &Known,
    device: &str,
    now_ms: i64,
) -> Result<Option<PlanMessage>, Fault> {
    let row = sqlx::query(
        "SELECT p.plan, p.note, d.version FROM plans p
           LEFT JOIN plan_deliveries d ON d.clinic_id = p.clinic_id AND d.patient_id = p.patient_id
             AND d.version = p.version AND d.device_id = $3
         WHERE p.clinic_id = $1 AND p.patient_id = $2 ORDER BY p.version DESC LIMIT 1",
    )
    .bind(&known.clinic)
    .bind(&known.patient)
    .bind(device)
    .fetch_optional(&mut *db.read().await?)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let plan = version(&row)?.plan;
    if row.try_get::<Option<i64>, _>(2)?.is_none() {
        let mut tx = db.write().await?;
        sqlx::query(
            "INSERT INTO plan_deliveries (clinic_id, patient_id, device_id, version, sent_ms) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT DO NOTHING",
        )
        .bind(&known.clinic)
        .bind(&known.patient)
        .bind(device)
        .bind(i64::from(plan.version))
        .bind(now_ms)
        .execute(tx.on())
        .await?;
        tx.commit().await?;
    }
    Ok(Some(plan))
}

/// The device has put a plan in force; said twice, the first time stands.
pub(crate) async fn taken(
    db: &Db,
    known: &Known,
    device: &str,
    receipt: PlanReceipt,
    now_ms: i64,
) -> Result<(), Fault> {
    let mut tx = db.write().await?;
    sqlx::query(
        "INSERT INTO plan_deliveries (clinic_id, patient_id, device_id, version, sent_ms, taken_ms, heard_ms)
         SELECT clinic_id, patient_id, $3, version, $5, $6, $5 FROM plans
           WHERE clinic_id = $1 AND patient_id = $2 AND version = $4
         ON CONFLICT (clinic_id, patient_id, device_id, version) DO UPDATE
           SET taken_ms = COALESCE(plan_deliveries.taken_ms, $6), heard_ms = COALESCE(plan_deliveries.heard_ms, $5)",
    )
    .bind(&known.clinic)
    .bind(&known.patient)
    .bind(device)
    .bind(i64::from(receipt.version))
    .bind(now_ms)
    .bind(receipt.taken_ms)
    .execute(tx.on())
    .await?;
    Ok(tx.commit().await?)
}
