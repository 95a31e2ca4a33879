//! The clinic's list of games, version by version.

use reme_sync_protocol::{GameEntry, GameList};
use sqlx::Row;

use super::Db;
use crate::{
    access::{Allowed, ChangeGames, ReadGames},
    error::Fault,
};

/// The list in force of a clinic; version 0 with no games when none was published.
pub(crate) async fn current(db: &Db, proof: &Allowed<ReadGames>) -> Result<GameList, Fault> {
    Ok(of_clinic(db, proof.clinic()).await?.unwrap_or(GameList { version: 0, games: Vec::new() }))
}

/// The list in force, for a device of the clinic.
pub(crate) async fn of_clinic(db: &Db, clinic: &str) -> Result<Option<GameList>, Fault> {
    let row = sqlx::query("SELECT version, games FROM game_lists WHERE clinic_id = $1 ORDER BY version DESC LIMIT 1")
        .bind(clinic)
        .fetch_optional(&mut *db.read().await?)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let games = serde_json::from_str(&row.try_get::<String, _>(1)?)
        .map_err(|_| Fault::internal("a list of games cannot be read"))?;
    let version = u32::try_from(row.try_get::<i64, _>(0)?).unwrap_or(u32::MAX);
    Ok(Some(GameList { version, games }))
}

/// Publishes a list as the version after `based_on`.
pub(crate) async fn put(
    db: &Db,
    proof: &Allowed<ChangeGames>,
    based_on: u32,
    games: Vec<GameEntry>,
    now_ms: i64,
) -> Result<GameList, Fault> {
    publish(db, (proof.clinic(), proof.account()), based_on, games, now_ms).await
}

/// Besides [`put`], only the command line's demo reaches this.
pub(crate) async fn publish(
    db: &Db,
    by: (&str, &str),
    based_on: u32,
    games: Vec<GameEntry>,
    now_ms: i64,
) -> Result<GameList, Fault> {
    let json = serde_json::to_string(&games).map_err(|_| Fault::internal("a list of games cannot be written"))?;
    let mut tx = db.write().await?;
    // The key settles two at once: the second finds its version taken.
    let done = sqlx::query(
        "INSERT INTO game_lists (clinic_id, version, games, made_by, made_ms)
         SELECT $1, $2, $3, $4, $5
         WHERE $6 = COALESCE((SELECT max(version) FROM game_lists WHERE clinic_id = $1), 0)
         ON CONFLICT (clinic_id, version) DO NOTHING",
    )
    .bind(by.0)
    .bind(i64::from(based_on) + 1)
    .bind(json)
    .bind(by.1)
    .bind(now_ms)
    .bind(i64::from(based_on))
    .execute(tx.on())
    .await?;
    if done.rows_affected() == 0 {
        return Err(Fault::Conflict);
    }
    tx.commit().await?;
    Ok(GameList { version: based_on + 1, games })
}
