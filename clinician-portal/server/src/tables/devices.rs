//! Devices, their pairing, consents and facts, and what a device's request is checked against.

use reme_sync_protocol::{Collection, ConsentNote, Digest, Hlc, PairRequest, Refusal};
use sqlx::Row;

use super::{Db, WriteTx};
use crate::{
    access::{Covers, OnPatient, PairDevice, ReadDevices, RemoveDevice},
    error::Fault,
};

/// A device as its requests are checked.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    pub(crate) clinic: String,
    pub(crate) patient: String,
    pub(crate) public_key: String,
}

/// The paired device of this id. Device ids are unique across clinics; the clinic follows from the device.
pub(crate) async fn known(db: &Db, device: &str) -> Result<Option<Known>, Fault> {
    let row = sqlx::query("SELECT clinic_id, patient_id, public_key FROM devices WHERE id = $1 AND revoked_ms IS NULL")
        .bind(device)
        .fetch_optional(&mut *db.read().await?)
        .await?;
    let known = |row: sqlx::any::AnyRow| {
        Ok::<_, sqlx::Error>(Known { clinic: row.try_get(0)?, patient: row.try_get(1)?, public_key: row.try_get(2)? })
    };
    Ok(row.map(known).transpose()?)
}

/// Keeps a code for the patient; older unused ones of the same patient run out at once.
pub(crate) async fn add_code(
    db: &Db,
    proof: &OnPatient<PairDevice>,
    code_hash: &str,
    now_ms: i64,
    expires_ms: i64,
) -> Result<(), Fault> {
    let mut tx = db.write().await?;
    sqlx::query(
        "UPDATE pairing_codes SET expires_ms = $3
         WHERE clinic_id = $1 AND patient_id = $2 AND used_ms IS NULL AND expires_ms > $3",
    )
    .bind(proof.clinic())
    .bind(proof.patient())
    .bind(now_ms)
    .execute(tx.on())
    .await?;
    sqlx::query(
        "INSERT INTO pairing_codes (clinic_id, code_hash, patient_id, made_by, expires_ms) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(proof.clinic())
    .bind(code_hash)
    .bind(proof.patient())
    .bind(proof.account())
    .bind(expires_ms)
    .execute(tx.on())
    .await?;
    Ok(tx.commit().await?)
}

/// A code for a demo patient. Only the command line reaches this.
pub(crate) async fn demo_code(
    db: &Db,
    whose: (&str, &str, &str),
    code_hash: &str,
    expires_ms: i64,
) -> Result<(), Fault> {
    let mut tx = db.write().await?;
    sqlx::query(
        "INSERT INTO pairing_codes (clinic_id, code_hash, patient_id, made_by, expires_ms) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(whose.0)
    .bind(code_hash)
    .bind(whose.1)
    .bind(whose.2)
    .bind(expires_ms)
    .execute(tx.on())
    .await?;
    Ok(tx.commit().await?)
}

/// What a device that has been paired is told.
#[derive(Debug, Clone)]
pub(crate) struct Paired {
    pub(crate) clinic: String,
    pub(crate) clinic_name: String,
    pub(crate) patient: String,
    pub(crate) patient_name: String,
}

/// Pairs a device with the patient of its code. The same device may ask again with the same code and key: its answer was lost.
pub(crate) async fn pair(db: &Db, request: &PairRequest, code_hash: &str, now_ms: i64) -> Result<Paired, Fault> {
    let device = request.device.to_string();
    let mut tx = db.write().await?;
    // An update that changes nothing locks the code's row: of two devices with one code, one is first.
    let row = sqlx::query(
        "UPDATE pairing_codes SET code_hash = code_hash WHERE code_hash = $1
         RETURNING clinic_id, patient_id, expires_ms, used_ms, device_id",
    )
    .bind(code_hash)
    .fetch_optional(tx.on())
    .await?;
    let row = row.ok_or(Fault::Device(Refusal::CodeUnknown))?;
    let (clinic, patient): (String, String) = (row.try_get(0)?, row.try_get(1)?);
    let used = row.try_get::<Option<i64>, _>(3)?.is_some();
    if used && row.try_get::<Option<String>, _>(4)?.as_deref() != Some(device.as_str()) {
        return Err(Fault::Device(Refusal::CodeUsed));
    }
    if !used && row.try_get::<i64, _>(2)? <= now_ms {
        return Err(Fault::Device(Refusal::CodeExpired));
    }
    let same_key = sqlx::query("SELECT 1 FROM devices WHERE id = $1 AND NOT (public_key = $2 AND clinic_id = $3 AND patient_id = $4 AND revoked_ms IS NULL)")
        .bind(&device)
        .bind(request.public_key.to_string())
        .bind(&clinic)
        .bind(&patient)
        .fetch_optional(tx.on())
        .await?
        .is_none();
    if !same_key {
        // Another key under a known id, or an id that was unpaired: a device that pairs anew takes a new id.
        return Err(Fault::Device(Refusal::Invalid {
            field: "device".into(),
            problem: "is in use: take a new id".into(),
        }));
    }
    if !used {
        sqlx::query("UPDATE pairing_codes SET used_ms = $2, device_id = $3 WHERE code_hash = $1")
            .bind(code_hash)
            .bind(now_ms)
            .bind(&device)
            .execute(tx.on())
            .await?;
    }
    sqlx::query(
        "INSERT INTO devices (clinic_id, id, patient_id, public_key, platform, app_version, paired_ms, seen_ms, revoked_ms,
           highest_hlc, changes, digest)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $7, NULL, NULL, 0, '{}') ON CONFLICT (id) DO NOTHING",
    )
    .bind(&clinic)
    .bind(&device)
    .bind(&patient)
    .bind(request.public_key.to_string())
    .bind(&request.platform)
    .bind(&request.app_version)
    .bind(now_ms)
    .execute(tx.on())
    .await?;
    put_consents(&mut tx, &clinic, &device, &request.consents).await?;
    let names = sqlx::query(
        "SELECT c.name, p.name FROM clinics c JOIN patients p ON p.clinic_id = c.id WHERE c.id = $1 AND p.id = $2",
    )
    .bind(&clinic)
    .bind(&patient)
    .fetch_one(tx.on())
    .await?;
    let (clinic_name, patient_name) = (names.try_get(0)?, names.try_get(1)?);
    tx.commit().await?;
    Ok(Paired { clinic, clinic_name, patient, patient_name })
}

async fn put_consents(tx: &mut WriteTx, clinic: &str, device: &str, consents: &[ConsentNote]) -> Result<(), Fault> {
    for consent in consents {
        sqlx::query(
            "INSERT INTO consents (clinic_id, device_id, id, scope, given_ms, withdrawn_ms) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (clinic_id, device_id, id) DO UPDATE SET withdrawn_ms = $6",
        )
        .bind(clinic)
        .bind(device)
        .bind(consent.id.to_string())
        .bind(consent.scope.slug())
        .bind(consent.given_ms)
        .bind(consent.withdrawn_ms)
        .execute(tx.on())
        .await?;
    }
    Ok(())
}

/// The first words of a sync: consents kept, device seen; returns the highest place in time.
pub(crate) async fn hello(
    db: &Db,
    known: &Known,
    device: &str,
    app_version: &str,
    consents: &[ConsentNote],
    now_ms: i64,
) -> Result<Option<Hlc>, Fault> {
    let mut tx = db.write().await?;
    let row = sqlx::query(
        "UPDATE devices SET seen_ms = $3, app_version = $4 WHERE clinic_id = $1 AND id = $2 RETURNING highest_hlc",
    )
    .bind(&known.clinic)
    .bind(device)
    .bind(now_ms)
    .bind(app_version)
    .fetch_one(tx.on())
    .await?;
    put_consents(&mut tx, &known.clinic, device, consents).await?;
    tx.commit().await?;
    let highest: Option<String> = row.try_get(0)?;
    Ok(highest.and_then(|text| text.parse().ok()))
}

/// The fingerprint of a device's rows.
pub(crate) async fn digest(db: &Db, known: &Known, device: &str) -> Result<Digest, Fault> {
    let row = sqlx::query("SELECT digest FROM devices WHERE clinic_id = $1 AND id = $2")
        .bind(&known.clinic)
        .bind(device)
        .fetch_one(&mut *db.read().await?)
        .await?;
    serde_json::from_str(&row.try_get::<String, _>(0)?).map_err(|_| Fault::internal("a digest cannot be read"))
}

/// A device on a page.
#[derive(Debug, Clone)]
pub(crate) struct Listed {
    pub(crate) id: String,
    pub(crate) platform: String,
    pub(crate) app_version: String,
    pub(crate) paired_ms: i64,
    pub(crate) seen_ms: i64,
    pub(crate) revoked_ms: Option<i64>,
    pub(crate) facts: Vec<(String, String)>,
    /// Kinds of record that a consent in force covers.
    pub(crate) consents: Vec<Collection>,
}

/// The patient's devices, newest pairing first.
pub(crate) async fn list<R: Covers<ReadDevices>>(db: &Db, proof: &OnPatient<R>) -> Result<Vec<Listed>, Fault> {
    let mut connection = db.read().await?;
    let rows = sqlx::query(
        "SELECT id, platform, app_version, paired_ms, seen_ms, revoked_ms FROM devices
         WHERE clinic_id = $1 AND patient_id = $2 ORDER BY paired_ms DESC, id",
    )
    .bind(proof.clinic())
    .bind(proof.patient())
    .fetch_all(&mut *connection)
    .await?;
    let mut devices = Vec::with_capacity(rows.len());
    for row in &rows {
        let id: String = row.try_get(0)?;
        let facts =
            sqlx::query("SELECT key, value FROM device_facts WHERE clinic_id = $1 AND device_id = $2 ORDER BY key")
                .bind(proof.clinic())
                .bind(&id)
                .fetch_all(&mut *connection)
                .await?;
        let consents = sqlx::query(
            "SELECT DISTINCT scope FROM consents WHERE clinic_id = $1 AND device_id = $2 AND withdrawn_ms IS NULL ORDER BY scope",
        )
        .bind(proof.clinic())
        .bind(&id)
        .fetch_all(&mut *connection)
        .await?;
        let fact = |row: &sqlx::any::AnyRow| Ok((row.try_get(0)?, row.try_get(1)?));
        devices.push(Listed {
            id,
            platform: row.try_get(1)?,
            app_version: row.try_get(2)?,
            paired_ms: row.try_get(3)?,
            seen_ms: row.try_get(4)?,
            revoked_ms: row.try_get(5)?,
            facts: facts.iter().map(fact).collect::<Result<_, sqlx::Error>>()?,
            consents: consents.iter().filter_map(|row| row.try_get::<String, _>(0).ok()?.parse().ok()).collect(),
        });
    }
    Ok(devices)
}

/// Unpairs a device; what it has sent stays.
pub(crate) async fn revoke(db: &Db, proof: &OnPatient<RemoveDevice>, device: &str, now_ms: i64) -> Result<(), Fault> {
    let mut tx = db.write().await?;
    let done = sqlx::query(
        "UPDATE devices SET revoked_ms = $4 WHERE clinic_id = $1 AND patient_id = $2 AND id = $3 AND revoked_ms IS NULL",
    )
    .bind(proof.clinic())
    .bind(proof.patient())
    .bind(device)
    .bind(now_ms)
    .execute(tx.on())
    .await?;
    tx.commit().await?;
    if done.rows_affected() == 0 { Err(Fault::NotFound("device")) } else { Ok(()) }
}
