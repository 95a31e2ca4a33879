//! Logging in: password, one-time code, session; and how a clinic begins.

pub mod password;
pub(crate) mod session;
pub mod totp;

use jiff::Timestamp;
use reme_types::Language;

use crate::{
    access::Role,
    app::PasswordCost,
    chance,
    error::{Fault, Problem},
    json::line,
    tables::{
        Db,
        accounts::{self, Founding},
    },
};

/// How the first administrator of a clinic logs in; known only here.
pub struct Found {
    /// Id of the clinic.
    pub clinic: String,
    /// Password, to be changed after logging in.
    pub password: String,
    /// Secret of the authenticator app, base32.
    pub totp_secret: String,
}

/// Makes a clinic with its administrator.
///
/// # Errors
/// [`Fault::Invalid`] on `name` or `email`; what the database says.
pub async fn found(db: &Db, name: &str, email: &str, now: Timestamp, cost: PasswordCost) -> Result<Found, Fault> {
    let name = line("name", name, 100)?;
    let email = line("email", email, 200)?.to_lowercase();
    if !email.contains('@') {
        return Err(Fault::Invalid { field: "email", problem: Problem::Unknown });
    }
    if accounts::by_email(db, &email).await?.is_some() {
        return Err(Fault::Invalid { field: "email", problem: Problem::Taken });
    }
    let (password, totp_secret, now_ms) = (chance::token()?, totp::new_secret()?, now.as_millisecond());
    let clinic = chance::uuid(now_ms)?.to_string();
    let founding = Founding {
        clinic: &clinic,
        clinic_name: &name,
        id: &chance::uuid(now_ms)?.to_string(),
        role: Role::Admin,
        name: "Administrator",
        email: &email,
        language: Language::En,
        password_hash: &password::hash(&password, cost).await?,
        totp_secret: &totp_secret,
    };
    accounts::found(db, &founding, now_ms).await?;
    Ok(Found { clinic, password, totp_secret })
}
