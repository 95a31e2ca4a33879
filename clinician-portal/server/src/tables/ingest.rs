//! What devices send: batches in, each in one transaction, and the same rows out again for a full resync.

use std::collections::{BTreeMap, BTreeSet};

use reme_sync_protocol::{
    AckOutcome, Collection, Cursor, Decision, Digest, Envelope, Hlc, Payload, Record, RecordAck, Refusal, RowKey,
    RowsPage, SessionPayload, Stamp, TombstoneNote, TrialPayload, decide,
};
use reme_types::{ConsentId, DeviceId, RecordId};
use serde::Serialize;
use sqlx::Row;

use super::{Db, WriteTx, devices::Known, trials};
use crate::{
    access::{OnPatient, RemoveTraining},
    error::Fault,
};

/// Rows and deletions on a page: some 700 kB of JSON.
const PAGE: i64 = 1000;

/// A device's own row, locked while a batch goes in.
struct State {
    changes: i64,
    highest: Option<Hlc>,
    digest: Digest,
    consents: BTreeMap<ConsentId, (String, bool)>,
    /// Sessions of which trials came or went.
    touched: BTreeSet<String>,
}

/// Takes a batch; all that is acknowledged is on the disk when this returns.
pub(crate) async fn push(
    db: &Db,
    known: &Known,
    device: DeviceId,
    batch: &[Envelope],
    now_ms: i64,
) -> Result<Vec<RecordAck>, Fault> {
    let mut tx = db.write().await?;
    let mut state = lock(&mut tx, &known.clinic, &device.to_string(), now_ms).await?;
    let mut acks = Vec::with_capacity(batch.len());
    for envelope in batch {
        let outcome = keep(&mut tx, known, device, envelope, &mut state, now_ms).await?;
        acks.push(RecordAck { id: envelope.record.id, outcome });
    }
    unlock(&mut tx, &known.clinic, &device.to_string(), &state).await?;
    trials::add_up(&mut tx, &known.clinic, &known.patient, &state.touched).await?;
    tx.commit().await?;
    Ok(acks)
}

async fn lock(tx: &mut WriteTx, clinic: &str, device: &str, now_ms: i64) -> Result<State, Fault> {
    let row = sqlx::query(
        "UPDATE devices SET seen_ms = $3 WHERE clinic_id = $1 AND id = $2 AND revoked_ms IS NULL
         RETURNING changes, highest_hlc, digest",
    )
    .bind(clinic)
    .bind(device)
    .bind(now_ms)
    .fetch_optional(tx.on())
    .await?;
    let row = row.ok_or(Fault::Device(Refusal::NotPaired))?;
    let consents = sqlx::query("SELECT id, scope, withdrawn_ms FROM consents WHERE clinic_id = $1 AND device_id = $2")
        .bind(clinic)
        .bind(device)
        .fetch_all(tx.on())
        .await?;
    let mut in_force = BTreeMap::new();
    for consent in &consents {
        let withdrawn = consent.try_get::<Option<i64>, _>(2)?.is_some();
        if let Ok(id) = consent.try_get::<String, _>(0)?.parse() {
            in_force.insert(id, (consent.try_get(1)?, !withdrawn));
        }
    }
    Ok(State {
        changes: row.try_get(0)?,
        highest: row.try_get::<Option<String>, _>(1)?.and_then(|text| text.parse().ok()),
        digest: serde_json::from_str(&row.try_get::<String, _>(2)?)
            .map_err(|_| Fault::internal("a digest cannot be read"))?,
        consents: in_force,
        touched: BTreeSet::new(),
    })
}

async fn unlock(tx: &mut WriteTx, clinic: &str, device: &str, state: &State) -> Result<(), Fault> {
    sqlx::query("UPDATE devices SET changes = $3, highest_hlc = $4, digest = $5 WHERE clinic_id = $1 AND id = $2")
        .bind(clinic)
        .bind(device)
        .bind(state.changes)
        .bind(state.highest.map(|hlc| hlc.to_string()))
        .bind(json(&state.digest)?)
        .execute(tx.on())
        .await?;
    Ok(())
}

fn json<T: Serialize>(value: &T) -> Result<String, Fault> {
    serde_json::to_string(value).map_err(|_| Fault::internal("a record cannot be written"))
}

/// A unit variant as its word.
fn word<T: Serialize>(value: T) -> Result<String, Fault> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        _ => Err(Fault::internal("a record's word cannot be written")),
    }
}

async fn keep(
    tx: &mut WriteTx,
    known: &Known,
    device: DeviceId,
    envelope: &Envelope,
    state: &mut State,
    now_ms: i64,
) -> Result<AckOutcome, Fault> {
    let record = &envelope.record;
    let invalid =
        |field: &str, problem: String| Ok(AckOutcome::Refused(Refusal::Invalid { field: field.into(), problem }));
    if record.device != device {
        return invalid("record.device", "is another device".into());
    }
    if let Err(error) = record.check() {
        return invalid("record", error.to_string());
    }
    let had = stamp(tx, &known.clinic, &device.to_string(), &record.key()).await?;
    let incoming = Stamp::of(record);
    match decide(had.as_ref(), &incoming) {
        Decision::Duplicate => return Ok(AckOutcome::Duplicate),
        Decision::Superseded => return Ok(AckOutcome::Superseded(had.unwrap_or(incoming))),
        Decision::Store => {}
    }
    let consent = state.consents.get(&envelope.consent).filter(|(scope, _)| scope == record.collection.slug());
    // A tombstone may always be sent: taking back is never held up by a consent that was taken back.
    if !consent.is_some_and(|(_, in_force)| *in_force || record.payload.is_none()) {
        return Ok(AckOutcome::Refused(Refusal::Consent));
    }
    state.changes += 1;
    state.highest = state.highest.max(Some(record.hlc));
    state.digest.replace(&record.key(), had.as_ref(), &incoming);
    put_record(tx, &known.clinic, envelope.consent, record, state.changes, now_ms).await?;
    match &record.payload {
        Some(payload) => {
            if let Payload::Trial(trial) = payload {
                state.touched.insert(trial.session_id.to_string());
            }
            put_content(tx, known, record, payload).await?;
        }
        None => state.touched.extend(remove_content(tx, known, &device.to_string(), &record.key()).await?),
    }
    Ok(AckOutcome::Stored)
}

async fn stamp(tx: &mut WriteTx, clinic: &str, device: &str, key: &RowKey) -> Result<Option<Stamp>, Fault> {
    let row = sqlx::query(
        "SELECT record_id, hlc, deleted FROM records
         WHERE clinic_id = $1 AND device_id = $2 AND collection = $3 AND row_id = $4",
    )
    .bind(clinic)
    .bind(device)
    .bind(key.collection.slug())
    .bind(&key.row)
    .fetch_optional(tx.on())
    .await?;
    row.as_ref().map(|row| read_stamp(row, 0)).transpose()
}

fn read_stamp(row: &sqlx::any::AnyRow, at: usize) -> Result<Stamp, Fault> {
    let unreadable = || Fault::internal("a record's stamp cannot be read");
    Ok(Stamp {
        record: row.try_get::<String, _>(at)?.parse().map_err(|_| unreadable())?,
        hlc: row.try_get::<String, _>(at + 1)?.parse().map_err(|_| unreadable())?,
        deleted: row.try_get::<i64, _>(at + 2)? != 0,
    })
}

async fn put_record(
    tx: &mut WriteTx,
    clinic: &str,
    consent: ConsentId,
    record: &Record,
    change: i64,
    now_ms: i64,
) -> Result<(), Fault> {
    sqlx::query(
        "INSERT INTO records (clinic_id, device_id, collection, row_id, record_id, hlc, deleted, consent_id, payload,
           received_ms, change)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT (clinic_id, device_id, collection, row_id) DO UPDATE SET record_id = $5, hlc = $6, deleted = $7,
           consent_id = $8, payload = $9, received_ms = $10, change = $11",
    )
    .bind(clinic)
    .bind(record.device.to_string())
    .bind(record.collection.slug())
    .bind(&record.row)
    .bind(record.id.to_string())
    .bind(record.hlc.to_string())
    .bind(i64::from(record.payload.is_none()))
    .bind(consent.to_string())
    .bind(record.payload.as_ref().map(json).transpose()?)
    .bind(now_ms)
    .bind(change)
    .execute(tx.on())
    .await?;
    Ok(())
}

async fn put_content(tx: &mut WriteTx, known: &Known, record: &Record, payload: &Payload) -> Result<(), Fault> {
    match payload {
        Payload::Trial(trial) => put_trial(tx, known, record, trial).await,
        Payload::Session(session) => put_session(tx, known, record, session).await,
        Payload::Adherence(day) => {
            sqlx::query(
                "INSERT INTO adherence (clinic_id, patient_id, device_id, day, sessions_per_week, begun, done, seconds)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
                 ON CONFLICT (clinic_id, patient_id, device_id, day) DO UPDATE SET sessions_per_week = $5, begun = $6,
                   done = $7, seconds = $8",
            )
            .bind(&known.clinic)
            .bind(&known.patient)
            .bind(record.device.to_string())
            .bind(day.day.to_string())
            .bind(i64::from(day.sessions_per_week))
            .bind(i64::from(day.begun))
            .bind(i64::from(day.done))
            .bind(i64::from(day.seconds))
            .execute(tx.on())
            .await?;
            Ok(())
        }
        Payload::DeviceFact(fact) => {
            sqlx::query(
                "INSERT INTO device_facts (clinic_id, device_id, key, value) VALUES ($1, $2, $3, $4)
                 ON CONFLICT (clinic_id, device_id, key) DO UPDATE SET value = $4",
            )
            .bind(&known.clinic)
            .bind(record.device.to_string())
            .bind(&fact.key)
            .bind(&fact.value)
            .execute(tx.on())
            .await?;
            Ok(())
        }
    }
}

async fn put_trial(tx: &mut WriteTx, known: &Known, record: &Record, trial: &TrialPayload) -> Result<(), Fault> {
    // Trials are never changed; one that came by another of the patient's devices is there already.
    sqlx::query(
        "INSERT INTO trials (clinic_id, patient_id, id, device_id, session_id, seq, block, game, template_version, input,
           at_ms, kind, domain, level, practice, verdict, score, rung, rt_ms, matched_by, confidence, memory_id, fact_id,
           data, scorer)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
           $24, $25)
         ON CONFLICT (clinic_id, patient_id, id) DO NOTHING",
    )
    .bind(&known.clinic)
    .bind(&known.patient)
    .bind(&record.row)
    .bind(record.device.to_string())
    .bind(trial.session_id.to_string())
    .bind(i64::from(trial.seq))
    .bind(i64::from(trial.block))
    .bind(&trial.game)
    .bind(&trial.template_version)
    .bind(word(trial.input)?)
    .bind(trial.at_ms)
    .bind(&trial.trial_kind)
    .bind(trial.domain.slug())
    .bind(i64::from(trial.level))
    .bind(i64::from(trial.practice))
    .bind(word(trial.verdict)?)
    .bind(trial.score)
    .bind(trial.rung.map(i64::from))
    .bind(trial.rt_ms.map(i64::from))
    .bind(word(trial.matched_by)?)
    .bind(trial.confidence)
    .bind(trial.memory_id.map(|id| id.to_string()))
    .bind(trial.fact_id.map(|id| id.to_string()))
    .bind(json(&trial.data)?)
    .bind(i64::from(trial.scorer))
    .execute(tx.on())
    .await?;
    Ok(())
}

async fn put_session(tx: &mut WriteTx, known: &Known, record: &Record, session: &SessionPayload) -> Result<(), Fault> {
    sqlx::query(
        "INSERT INTO sessions (clinic_id, patient_id, id, device_id, state, plan_version, started_ms, ended_ms, seconds, day,
           games)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT (clinic_id, patient_id, id) DO UPDATE SET state = $5, plan_version = $6, started_ms = $7, ended_ms = $8,
           seconds = $9, day = $10, games = $11",
    )
    .bind(&known.clinic)
    .bind(&known.patient)
    .bind(&record.row)
    .bind(record.device.to_string())
    .bind(&session.state)
    .bind(i64::from(session.plan_version))
    .bind(session.started_ms)
    .bind(session.ended_ms)
    .bind(i64::from(session.seconds))
    .bind(session.day.to_string())
    .bind(session.games.join(" "))
    .execute(tx.on())
    .await?;
    Ok(())
}

/// Takes a row's content away; returns the session of a trial that went.
async fn remove_content(tx: &mut WriteTx, known: &Known, device: &str, key: &RowKey) -> Result<Option<String>, Fault> {
    const TRIAL: &str = "DELETE FROM trials WHERE clinic_id = $1 AND patient_id = $2 AND device_id = $3 AND id = $4
        RETURNING session_id";
    const SESSION: &str =
        "DELETE FROM sessions WHERE clinic_id = $1 AND patient_id = $2 AND device_id = $3 AND id = $4";
    const DAY: &str = "DELETE FROM adherence WHERE clinic_id = $1 AND patient_id = $2 AND device_id = $3 AND day = $4";
    const FACT: &str = "DELETE FROM device_facts WHERE clinic_id = $1 AND device_id = $2 AND key = $3";
    let query = match key.collection {
        Collection::Trials => {
            let gone = sqlx::query(TRIAL)
                .bind(&known.clinic)
                .bind(&known.patient)
                .bind(device)
                .bind(&key.row)
                .fetch_optional(tx.on())
                .await?;
            return Ok(gone.map(|row| row.try_get(0)).transpose()?);
        }
        Collection::DeviceFacts => sqlx::query(FACT).bind(&known.clinic).bind(device).bind(&key.row),
        other => {
            let statement = if other == Collection::Sessions { SESSION } else { DAY };
            sqlx::query(statement).bind(&known.clinic).bind(&known.patient).bind(device).bind(&key.row)
        }
    };
    query.execute(tx.on()).await?;
    Ok(None)
}

/// Deletions of the device's rows after `from`, where to go on, and whether there are more.
pub(crate) async fn tombstones(
    db: &Db,
    known: &Known,
    device: &str,
    from: Cursor,
) -> Result<(Vec<TombstoneNote>, Cursor, bool), Fault> {
    let mut connection = db.read().await?;
    let end: i64 = sqlx::query("SELECT changes FROM devices WHERE clinic_id = $1 AND id = $2")
        .bind(&known.clinic)
        .bind(device)
        .fetch_one(&mut *connection)
        .await?
        .try_get(0)?;
    // A cursor from before this database was restored from a backup of its own points beyond the end: begin again.
    let from = if from.0 > end { 0 } else { from.0 };
    let rows = sqlx::query(
        "SELECT collection, row_id, record_id, hlc, deleted, change FROM records
         WHERE clinic_id = $1 AND device_id = $2 AND deleted = 1 AND change > $3 AND change <= $4 ORDER BY change LIMIT $5",
    )
    .bind(&known.clinic)
    .bind(device)
    .bind(from)
    .bind(end)
    .bind(PAGE)
    .fetch_all(&mut *connection)
    .await?;
    let mut notes = Vec::with_capacity(rows.len());
    let mut last = end;
    for row in &rows {
        notes.push(TombstoneNote { key: key(row)?, stamp: read_stamp(row, 2)? });
        last = row.try_get(5)?;
    }
    let more = rows.len() as i64 == PAGE;
    Ok((notes, Cursor(if more { last } else { end }), more))
}

fn key(row: &sqlx::any::AnyRow) -> Result<RowKey, Fault> {
    let collection: String = row.try_get(0)?;
    let collection = collection.parse().map_err(|_| Fault::internal("a record's collection cannot be read"))?;
    Ok(RowKey { collection, row: row.try_get(1)? })
}

/// A page of the device's rows after `after`, collections in the order of [`Collection`]'s own.
pub(crate) async fn rows(db: &Db, known: &Known, device: DeviceId, after: Option<&RowKey>) -> Result<RowsPage, Fault> {
    let mut collections = Collection::ALL;
    collections.sort();
    let mut connection = db.read().await?;
    let mut page = Vec::new();
    for collection in collections.into_iter().filter(|c| after.is_none_or(|after| *c >= after.collection)) {
        let beyond = after.filter(|after| after.collection == collection).map_or("", |after| after.row.as_str());
        let room = PAGE + 1 - page.len() as i64;
        let found = sqlx::query(
            "SELECT collection, row_id, record_id, hlc, deleted, consent_id, payload FROM records
             WHERE clinic_id = $1 AND device_id = $2 AND collection = $3 AND row_id > $4 ORDER BY row_id LIMIT $5",
        )
        .bind(&known.clinic)
        .bind(device.to_string())
        .bind(collection.slug())
        .bind(beyond)
        .bind(room)
        .fetch_all(&mut *connection)
        .await?;
        for row in &found {
            page.push(envelope(row, device)?);
        }
        if page.len() as i64 > PAGE {
            break;
        }
    }
    let more = page.len() as i64 > PAGE;
    page.truncate(PAGE as usize);
    let next = page.last().filter(|_| more).map(|envelope| envelope.record.key());
    Ok(RowsPage { rows: page, next })
}

fn envelope(row: &sqlx::any::AnyRow, device: DeviceId) -> Result<Envelope, Fault> {
    let unreadable = || Fault::internal("a record cannot be read");
    let RowKey { collection, row: id } = key(row)?;
    let stamp = read_stamp(row, 2)?;
    let payload = row.try_get::<Option<String>, _>(6)?;
    let payload = payload.map(|text| serde_json::from_str(&text)).transpose().map_err(|_| unreadable())?;
    Ok(Envelope {
        consent: row.try_get::<String, _>(5)?.parse().map_err(|_| unreadable())?,
        record: Record { id: stamp.record, device, hlc: stamp.hlc, collection, row: id, payload },
    })
}

/// Takes a session with its trials, or a single trial, away from the clinic's data: somebody else played it. The devices learn of
/// it with their next pull, and what they send of it later is not kept.
pub(crate) async fn remove(
    db: &Db,
    proof: &OnPatient<RemoveTraining>,
    collection: Collection,
    row: &str,
    record_id: impl Fn() -> Result<RecordId, Fault> + Send,
    now_ms: i64,
) -> Result<u64, Fault> {
    const OF_ROW: &str = "SELECT r.device_id, r.collection, r.row_id, r.consent_id FROM records r
           JOIN devices d ON d.clinic_id = r.clinic_id AND d.id = r.device_id
         WHERE r.clinic_id = $1 AND d.patient_id = $2 AND r.deleted = 0 AND r.collection = $3 AND r.row_id = $4";
    const OF_SESSION: &str = "SELECT r.device_id, r.collection, r.row_id, r.consent_id FROM records r
           JOIN devices d ON d.clinic_id = r.clinic_id AND d.id = r.device_id
           JOIN trials t ON t.clinic_id = r.clinic_id AND t.patient_id = d.patient_id AND t.id = r.row_id
         WHERE r.clinic_id = $1 AND d.patient_id = $2 AND r.deleted = 0 AND r.collection = $3 AND t.session_id = $4";
    let mut tx = db.write().await?;
    let mut found = Vec::new();
    let mut wanted = vec![(OF_ROW, collection)];
    if collection == Collection::Sessions {
        wanted.push((OF_SESSION, Collection::Trials));
    }
    for (statement, collection) in wanted {
        let rows = sqlx::query(statement)
            .bind(proof.clinic())
            .bind(proof.patient())
            .bind(collection.slug())
            .bind(row)
            .fetch_all(tx.on())
            .await?;
        for row in &rows {
            let device: String = row.try_get(0)?;
            let consent: String = row.try_get(3)?;
            let key = RowKey { collection, row: row.try_get(2)? };
            found.push((device, key, consent));
        }
    }
    found.sort();
    let known = Known { clinic: proof.clinic().into(), patient: proof.patient().into(), public_key: String::new() };
    let mut touched = BTreeSet::new();
    for of_device in found.chunk_by(|a, b| a.0 == b.0) {
        let device = &of_device[0].0;
        let mut state = state_of(&mut tx, proof.clinic(), device).await?;
        for (_, key, consent) in of_device {
            let Some(had) = stamp(&mut tx, proof.clinic(), device, key).await? else { continue };
            let unreadable = || Fault::internal("a record cannot be read");
            let record = Record {
                id: record_id()?,
                device: device.parse().map_err(|_| unreadable())?,
                hlc: had.hlc.next(),
                collection: key.collection,
                row: key.row.clone(),
                payload: None,
            };
            state.changes += 1;
            state.digest.replace(key, Some(&had), &Stamp::of(&record));
            let consent = consent.parse().map_err(|_| unreadable())?;
            put_record(&mut tx, proof.clinic(), consent, &record, state.changes, now_ms).await?;
            touched.extend(remove_content(&mut tx, &known, device, key).await?);
        }
        unlock(&mut tx, proof.clinic(), device, &state).await?;
    }
    trials::add_up(&mut tx, proof.clinic(), proof.patient(), &touched).await?;
    tx.commit().await?;
    Ok(found.len() as u64)
}

/// Locks a device's row for a change made at the clinic; unpaired devices too, and without having been seen.
async fn state_of(tx: &mut WriteTx, clinic: &str, device: &str) -> Result<State, Fault> {
    let row = sqlx::query(
        "UPDATE devices SET id = id WHERE clinic_id = $1 AND id = $2 RETURNING changes, highest_hlc, digest",
    )
    .bind(clinic)
    .bind(device)
    .fetch_one(tx.on())
    .await?;
    Ok(State {
        changes: row.try_get(0)?,
        highest: row.try_get::<Option<String>, _>(1)?.and_then(|text| text.parse().ok()),
        digest: serde_json::from_str(&row.try_get::<String, _>(2)?)
            .map_err(|_| Fault::internal("a digest cannot be read"))?,
        consents: BTreeMap::new(),
        touched: BTreeSet::new(),
    })
}
