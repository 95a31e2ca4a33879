//! Clinics and the people who log in.

use reme_types::Language;
use sqlx::Row;

use super::Db;
use crate::{
    access::{Allowed, ManageStaff, OwnAccount, ReadStaff, Role},
    error::{Fault, Problem},
};

/// An account with what log-in needs.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    pub(crate) clinic: String,
    pub(crate) id: String,
    pub(crate) role: Role,
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) language: Language,
    pub(crate) password_hash: Option<String>,
    pub(crate) totp_secret: String,
    pub(crate) failures: i64,
    pub(crate) locked_ms: i64,
    pub(crate) disabled: bool,
    pub(crate) clinic_name: String,
}

fn account(row: &sqlx::any::AnyRow) -> Result<Account, Fault> {
    let role: String = row.try_get(2)?;
    let language: String = row.try_get(5)?;
    Ok(Account {
        clinic: row.try_get(0)?,
        id: row.try_get(1)?,
        role: Role::from_slug(&role).ok_or(Fault::internal("an account has no role"))?,
        name: row.try_get(3)?,
        email: row.try_get(4)?,
        language: language.parse().unwrap_or_default(),
        password_hash: row.try_get(6)?,
        totp_secret: row.try_get(7)?,
        failures: row.try_get(8)?,
        locked_ms: row.try_get(9)?,
        disabled: row.try_get::<Option<i64>, _>(10)?.is_some(),
        clinic_name: row.try_get(11)?,
    })
}

/// The account of an email address, for log-in.
pub(crate) async fn by_email(db: &Db, email: &str) -> Result<Option<Account>, Fault> {
    let row = sqlx::query(
        "SELECT a.clinic_id, a.id, a.role, a.name, a.email, a.language, a.password_hash, a.totp_secret,
           a.failures, a.locked_ms, a.disabled_ms, c.name
         FROM accounts a JOIN clinics c ON c.id = a.clinic_id WHERE a.email = $1",
    )
    .bind(email)
    .fetch_optional(&mut *db.read().await?)
    .await?;
    row.as_ref().map(account).transpose()
}

/// The caller's own account.
pub(crate) async fn own(db: &Db, proof: &Allowed<OwnAccount>) -> Result<Account, Fault> {
    let row = sqlx::query(
        "SELECT a.clinic_id, a.id, a.role, a.name, a.email, a.language, a.password_hash, a.totp_secret,
           a.failures, a.locked_ms, a.disabled_ms, c.name
         FROM accounts a JOIN clinics c ON c.id = a.clinic_id WHERE a.clinic_id = $1 AND a.id = $2",
    )
    .bind(proof.clinic())
    .bind(proof.account())
    .fetch_one(&mut *db.read().await?)
    .await?;
    account(&row)
}

/// Counts a failed log-in and locks the account until `locked_ms`.
pub(crate) async fn log_in_failed(db: &Db, account: &Account, locked_ms: i64) -> Result<(), Fault> {
    let mut tx = db.write().await?;
    sqlx::query("UPDATE accounts SET failures = failures + 1, locked_ms = $3 WHERE clinic_id = $1 AND id = $2")
        .bind(&account.clinic)
        .bind(&account.id)
        .bind(locked_ms)
        .execute(tx.on())
        .await?;
    Ok(tx.commit().await?)
}

/// Takes note of the step of the code used; `false` when that code, or a later one, was used already.
pub(crate) async fn use_code(db: &Db, account: &Account, step: i64) -> Result<bool, Fault> {
    let mut tx = db.write().await?;
    let done = sqlx::query(
        "UPDATE accounts SET totp_step = $3, failures = 0, locked_ms = 0
         WHERE clinic_id = $1 AND id = $2 AND totp_step < $3 AND disabled_ms IS NULL",
    )
    .bind(&account.clinic)
    .bind(&account.id)
    .bind(step)
    .execute(tx.on())
    .await?;
    tx.commit().await?;
    Ok(done.rows_affected() == 1)
}

/// Keeps a new password and ends every other session.
pub(crate) async fn set_password(db: &Db, proof: &Allowed<OwnAccount>, hash: &str, now_ms: i64) -> Result<(), Fault> {
    let mut tx = db.write().await?;
    sqlx::query("UPDATE accounts SET password_hash = $3 WHERE clinic_id = $1 AND id = $2")
        .bind(proof.clinic())
        .bind(proof.account())
        .bind(hash)
        .execute(tx.on())
        .await?;
    sqlx::query(
        "UPDATE web_sessions SET ended_ms = $4
         WHERE clinic_id = $1 AND account_id = $2 AND id <> $3 AND ended_ms IS NULL",
    )
    .bind(proof.clinic())
    .bind(proof.account())
    .bind(proof.session())
    .bind(now_ms)
    .execute(tx.on())
    .await?;
    Ok(tx.commit().await?)
}

/// Keeps the language of the caller's screens.
pub(crate) async fn set_language(db: &Db, proof: &Allowed<OwnAccount>, language: Language) -> Result<(), Fault> {
    let mut tx = db.write().await?;
    sqlx::query("UPDATE accounts SET language = $3 WHERE clinic_id = $1 AND id = $2")
        .bind(proof.clinic())
        .bind(proof.account())
        .bind(language.tag())
        .execute(tx.on())
        .await?;
    Ok(tx.commit().await?)
}

/// Somebody who works here or cares for a patient.
#[derive(Debug, Clone)]
pub(crate) struct Colleague {
    pub(crate) id: String,
    pub(crate) role: String,
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) invited: bool,
    pub(crate) disabled: bool,
}

/// Everybody with an account, by name.
pub(crate) async fn staff(db: &Db, proof: &Allowed<ReadStaff>) -> Result<Vec<Colleague>, Fault> {
    let rows = sqlx::query(
        "SELECT id, role, name, email, CAST(CASE WHEN password_hash IS NULL THEN 1 ELSE 0 END AS BIGINT), disabled_ms
         FROM accounts WHERE clinic_id = $1 ORDER BY name, id",
    )
    .bind(proof.clinic())
    .fetch_all(&mut *db.read().await?)
    .await?;
    let colleague = |row: &sqlx::any::AnyRow| {
        Ok(Colleague {
            id: row.try_get(0)?,
            role: row.try_get(1)?,
            name: row.try_get(2)?,
            email: row.try_get(3)?,
            invited: row.try_get::<i64, _>(4)? != 0,
            disabled: row.try_get::<Option<i64>, _>(5)?.is_some(),
        })
    };
    Ok(rows.iter().map(colleague).collect::<Result<_, sqlx::Error>>()?)
}

/// A new account, before its owner has chosen a password.
#[derive(Debug, Clone)]
pub(crate) struct NewAccount {
    pub(crate) id: String,
    pub(crate) role: Role,
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) language: Language,
    pub(crate) totp_secret: String,
    pub(crate) token_hash: String,
    pub(crate) expires_ms: i64,
}

/// Adds an account and its invitation.
pub(crate) async fn invite(db: &Db, proof: &Allowed<ManageStaff>, new: &NewAccount, now_ms: i64) -> Result<(), Fault> {
    let mut tx = db.write().await?;
    let added = sqlx::query(
        "INSERT INTO accounts (clinic_id, id, role, name, email, language, password_hash, totp_secret, totp_step, failures,
           locked_ms, disabled_ms, created_ms)
         VALUES ($1, $2, $3, $4, $5, $6, NULL, $7, 0, 0, 0, NULL, $8) ON CONFLICT (email) DO NOTHING",
    )
    .bind(proof.clinic())
    .bind(&new.id)
    .bind(new.role.slug())
    .bind(&new.name)
    .bind(&new.email)
    .bind(new.language.tag())
    .bind(&new.totp_secret)
    .bind(now_ms)
    .execute(tx.on())
    .await?;
    if added.rows_affected() == 0 {
        return Err(Fault::Invalid { field: "email", problem: Problem::Taken });
    }
    sqlx::query("INSERT INTO invites (clinic_id, token_hash, account_id, expires_ms) VALUES ($1, $2, $3, $4)")
        .bind(proof.clinic())
        .bind(&new.token_hash)
        .bind(&new.id)
        .bind(new.expires_ms)
        .execute(tx.on())
        .await?;
    Ok(tx.commit().await?)
}

/// The account an open invitation is for.
pub(crate) async fn invited(db: &Db, token_hash: &str, now_ms: i64) -> Result<Account, Fault> {
    let row = sqlx::query(
        "SELECT a.clinic_id, a.id, a.role, a.name, a.email, a.language, a.password_hash, a.totp_secret,
           a.failures, a.locked_ms, a.disabled_ms, c.name
         FROM invites i JOIN accounts a ON a.clinic_id = i.clinic_id AND a.id = i.account_id
           JOIN clinics c ON c.id = a.clinic_id
         WHERE i.token_hash = $1 AND i.used_ms IS NULL AND i.expires_ms > $2 AND a.disabled_ms IS NULL",
    )
    .bind(token_hash)
    .bind(now_ms)
    .fetch_optional(&mut *db.read().await?)
    .await?;
    row.as_ref().map(account).transpose()?.ok_or(Fault::Spent)
}

/// Takes up an invitation: password kept, token used.
pub(crate) async fn take_up(
    db: &Db,
    token_hash: &str,
    account: &Account,
    password_hash: &str,
    step: i64,
    now_ms: i64,
) -> Result<(), Fault> {
    let mut tx = db.write().await?;
    let used =
        sqlx::query("UPDATE invites SET used_ms = $2 WHERE token_hash = $1 AND used_ms IS NULL AND expires_ms > $2")
            .bind(token_hash)
            .bind(now_ms)
            .execute(tx.on())
            .await?;
    if used.rows_affected() == 0 {
        return Err(Fault::Spent);
    }
    sqlx::query("UPDATE accounts SET password_hash = $3, totp_step = $4 WHERE clinic_id = $1 AND id = $2")
        .bind(&account.clinic)
        .bind(&account.id)
        .bind(password_hash)
        .bind(step)
        .execute(tx.on())
        .await?;
    Ok(tx.commit().await?)
}

/// Disables an account and ends its sessions. The last administrator stays.
pub(crate) async fn disable(db: &Db, proof: &Allowed<ManageStaff>, id: &str, now_ms: i64) -> Result<(), Fault> {
    if id == proof.account() {
        return Err(Fault::Conflict);
    }
    let mut tx = db.write().await?;
    let done =
        sqlx::query("UPDATE accounts SET disabled_ms = $3 WHERE clinic_id = $1 AND id = $2 AND disabled_ms IS NULL")
            .bind(proof.clinic())
            .bind(id)
            .bind(now_ms)
            .execute(tx.on())
            .await?;
    if done.rows_affected() == 0 {
        return Err(Fault::NotFound("account"));
    }
    sqlx::query("UPDATE web_sessions SET ended_ms = $3 WHERE clinic_id = $1 AND account_id = $2 AND ended_ms IS NULL")
        .bind(proof.clinic())
        .bind(id)
        .bind(now_ms)
        .execute(tx.on())
        .await?;
    Ok(tx.commit().await?)
}

/// Enables a disabled account again, with a clean slate of failed log-ins; one that is enabled stays as it is.
pub(crate) async fn enable(db: &Db, proof: &Allowed<ManageStaff>, id: &str) -> Result<(), Fault> {
    let mut tx = db.write().await?;
    let done = sqlx::query(
        "UPDATE accounts SET failures = CASE WHEN disabled_ms IS NULL THEN failures ELSE 0 END,
           locked_ms = CASE WHEN disabled_ms IS NULL THEN locked_ms ELSE 0 END, disabled_ms = NULL
         WHERE clinic_id = $1 AND id = $2",
    )
    .bind(proof.clinic())
    .bind(id)
    .execute(tx.on())
    .await?;
    tx.commit().await?;
    if done.rows_affected() == 0 { Err(Fault::NotFound("account")) } else { Ok(()) }
}

/// A clinic and an account that can log in, as the demo and the first start make them.
#[derive(Debug, Clone)]
pub(crate) struct Founding<'a> {
    pub(crate) clinic: &'a str,
    pub(crate) clinic_name: &'a str,
    pub(crate) id: &'a str,
    pub(crate) role: Role,
    pub(crate) name: &'a str,
    pub(crate) email: &'a str,
    pub(crate) language: Language,
    pub(crate) password_hash: &'a str,
    pub(crate) totp_secret: &'a str,
}

/// Adds clinic and account where they are missing. Only the command line reaches this.
pub(crate) async fn found(db: &Db, founding: &Founding<'_>, now_ms: i64) -> Result<(), Fault> {
    let mut tx = db.write().await?;
    sqlx::query("INSERT INTO clinics (id, name, created_ms) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING")
        .bind(founding.clinic)
        .bind(founding.clinic_name)
        .bind(now_ms)
        .execute(tx.on())
        .await?;
    sqlx::query(
        "INSERT INTO accounts (clinic_id, id, role, name, email, language, password_hash, totp_secret, totp_step, failures,
           locked_ms, disabled_ms, created_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, 0, NULL, $9) ON CONFLICT (email) DO NOTHING",
    )
    .bind(founding.clinic)
    .bind(founding.id)
    .bind(founding.role.slug())
    .bind(founding.name)
    .bind(founding.email)
    .bind(founding.language.tag())
    .bind(founding.password_hash)
    .bind(founding.totp_secret)
    .bind(now_ms)
    .execute(tx.on())
    .await?;
    Ok(tx.commit().await?)
}
