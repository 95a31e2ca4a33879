//! Sessions of the web app.

use sqlx::Row;

use super::Db;
use crate::{
    access::{Allowed, OwnAccount, Role},
    error::Fault,
};

/// A session with what its rules need.
#[derive(Debug, Clone)]
pub(crate) struct WebSession {
    pub(crate) clinic: String,
    pub(crate) id: String,
    pub(crate) account: String,
    pub(crate) role: Role,
    pub(crate) csrf: String,
    pub(crate) token_hash: String,
    pub(crate) created_ms: i64,
    pub(crate) rotated_ms: i64,
    pub(crate) seen_ms: i64,
}

/// The open session that has or had this token, of an account that is not disabled.
pub(crate) async fn by_token(db: &Db, token_hash: &str) -> Result<Option<WebSession>, Fault> {
    let row = sqlx::query(
        "SELECT s.clinic_id, s.id, s.account_id, a.role, s.csrf, s.token_hash, s.created_ms, s.rotated_ms, s.seen_ms
         FROM web_sessions s JOIN accounts a ON a.clinic_id = s.clinic_id AND a.id = s.account_id
         WHERE (s.token_hash = $1 OR s.previous_hash = $1) AND s.ended_ms IS NULL AND a.disabled_ms IS NULL",
    )
    .bind(token_hash)
    .fetch_optional(&mut *db.read().await?)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let role: String = row.try_get(3)?;
    Ok(Some(WebSession {
        clinic: row.try_get(0)?,
        id: row.try_get(1)?,
        account: row.try_get(2)?,
        role: Role::from_slug(&role).ok_or(Fault::internal("an account has no role"))?,
        csrf: row.try_get(4)?,
        token_hash: row.try_get(5)?,
        created_ms: row.try_get(6)?,
        rotated_ms: row.try_get(7)?,
        seen_ms: row.try_get(8)?,
    }))
}

/// Opens a session.
pub(crate) async fn open(db: &Db, session: &WebSession, agent: &str) -> Result<(), Fault> {
    let mut tx = db.write().await?;
    sqlx::query(
        "INSERT INTO web_sessions (clinic_id, id, account_id, token_hash, previous_hash, csrf, agent, created_ms, rotated_ms,
           seen_ms, ended_ms)
         VALUES ($1, $2, $3, $4, NULL, $5, $6, $7, $7, $7, NULL)",
    )
    .bind(&session.clinic)
    .bind(&session.id)
    .bind(&session.account)
    .bind(&session.token_hash)
    .bind(&session.csrf)
    .bind(agent)
    .bind(session.created_ms)
    .execute(tx.on())
    .await?;
    Ok(tx.commit().await?)
}

/// Gives the session a new token in the place of the one it has; `false` when another request was first.
pub(crate) async fn rotate(db: &Db, session: &WebSession, token_hash: &str, now_ms: i64) -> Result<bool, Fault> {
    let mut tx = db.write().await?;
    let done = sqlx::query(
        "UPDATE web_sessions SET previous_hash = token_hash, token_hash = $4, rotated_ms = $5, seen_ms = $5
         WHERE clinic_id = $1 AND id = $2 AND token_hash = $3 AND ended_ms IS NULL",
    )
    .bind(&session.clinic)
    .bind(&session.id)
    .bind(&session.token_hash)
    .bind(token_hash)
    .bind(now_ms)
    .execute(tx.on())
    .await?;
    tx.commit().await?;
    Ok(done.rows_affected() == 1)
}

/// Takes note that the session is in use.
pub(crate) async fn touch(db: &Db, session: &WebSession, now_ms: i64) -> Result<(), Fault> {
    let mut tx = db.write().await?;
    sqlx::query("UPDATE web_sessions SET seen_ms = $3 WHERE clinic_id = $1 AND id = $2 AND seen_ms < $3")
        .bind(&session.clinic)
        .bind(&session.id)
        .bind(now_ms)
        .execute(tx.on())
        .await?;
    Ok(tx.commit().await?)
}

/// Ends a session, whoever asks: it ran out, or its token was stolen.
pub(crate) async fn end(db: &Db, session: &WebSession, now_ms: i64) -> Result<(), Fault> {
    let mut tx = db.write().await?;
    sqlx::query("UPDATE web_sessions SET ended_ms = $3 WHERE clinic_id = $1 AND id = $2 AND ended_ms IS NULL")
        .bind(&session.clinic)
        .bind(&session.id)
        .bind(now_ms)
        .execute(tx.on())
        .await?;
    Ok(tx.commit().await?)
}

/// Ends one of the caller's own sessions.
pub(crate) async fn end_own(db: &Db, proof: &Allowed<OwnAccount>, id: &str, now_ms: i64) -> Result<(), Fault> {
    let mut tx = db.write().await?;
    let done = sqlx::query(
        "UPDATE web_sessions SET ended_ms = $4
         WHERE clinic_id = $1 AND account_id = $2 AND id = $3 AND ended_ms IS NULL",
    )
    .bind(proof.clinic())
    .bind(proof.account())
    .bind(id)
    .bind(now_ms)
    .execute(tx.on())
    .await?;
    tx.commit().await?;
    if done.rows_affected() == 0 { Err(Fault::NotFound("session")) } else { Ok(()) }
}

/// One open session, for a list.
#[derive(Debug, Clone)]
pub(crate) struct OpenSession {
    pub(crate) id: String,
    pub(crate) agent: String,
    pub(crate) created_ms: i64,
    pub(crate) seen_ms: i64,
}

/// The caller's open sessions that were in use since `since_ms`, newest first.
pub(crate) async fn own(db: &Db, proof: &Allowed<OwnAccount>, since_ms: i64) -> Result<Vec<OpenSession>, Fault> {
    let rows = sqlx::query(
        "SELECT id, agent, created_ms, seen_ms FROM web_sessions
         WHERE clinic_id = $1 AND account_id = $2 AND ended_ms IS NULL AND seen_ms >= $3 ORDER BY seen_ms DESC, id",
    )
    .bind(proof.clinic())
    .bind(proof.account())
    .bind(since_ms)
    .fetch_all(&mut *db.read().await?)
    .await?;
    let session = |row: &sqlx::any::AnyRow| {
        Ok(OpenSession {
            id: row.try_get(0)?,
            agent: row.try_get(1)?,
            created_ms: row.try_get(2)?,
            seen_ms: row.try_get(3)?,
        })
    };
    Ok(rows.iter().map(session).collect::<Result<_, sqlx::Error>>()?)
}
