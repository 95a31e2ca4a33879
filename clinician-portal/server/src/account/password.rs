//! Passwords, kept as Argon2id PHC strings.

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};

use crate::{
    app::PasswordCost,
    chance,
    error::{Fault, Problem},
};

/// Shortest password, characters (NIST SP 800-63B asks for 8, with a second factor; clinical data are worth more).
const SHORTEST: usize = 12;
/// Longest, bytes; beyond it hashing would only be work for whoever sends it.
const LONGEST: usize = 256;

/// A password that may be kept.
///
/// # Errors
/// [`Fault::Invalid`] on `password`.
pub fn check(password: &str) -> Result<(), Fault> {
    let too_few = password.chars().count() < SHORTEST;
    let mut letters: Vec<char> = password.chars().collect();
    letters.sort_unstable();
    letters.dedup();
    if too_few || letters.len() < 5 {
        return Err(Fault::Invalid { field: "password", problem: Problem::Weak });
    }
    if password.len() > LONGEST {
        return Err(Fault::Invalid { field: "password", problem: Problem::TooLong });
    }
    Ok(())
}

/// Hashes a password off the request's thread, so that others are served meanwhile.
///
/// # Errors
/// Our own faults only.
pub async fn hash(password: &str, cost: PasswordCost) -> Result<String, Fault> {
    let (password, salt) = (password.to_owned(), chance::bytes::<16>()?);
    let work = move || -> Result<String, Fault> {
        let params = Params::new(cost.memory_kib, cost.passes, 1, None)
            .map_err(|_| Fault::internal("Argon2 does not take these costs"))?;
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_with_salt(password.as_bytes(), &salt)
            .map(|hash| hash.to_string())
            .map_err(|_| Fault::internal("a password could not be hashed"))
    };
    tokio::task::spawn_blocking(work).await.map_err(|_| Fault::internal("hashing broke off"))?
}

/// Whether the password fits. With no hash the same work is done and the answer is no, so that the time says nothing about
/// whether there is such an account.
///
/// # Errors
/// Our own faults only.
pub async fn fits(password: &str, hash: Option<&str>, cost: PasswordCost) -> Result<bool, Fault> {
    let Some(hash) = hash.filter(|_| password.len() <= LONGEST).map(str::to_owned) else {
        let _ = self::hash("nobody's password", cost).await?;
        return Ok(false);
    };
    let password = password.to_owned();
    let work = move || {
        let hash = PasswordHash::new(&hash).map_err(|_| Fault::internal("a kept hash cannot be read"))?;
        Ok(Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
    };
    tokio::task::spawn_blocking(work).await.map_err(|_| Fault::internal("hashing broke off"))?
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHEAP: PasswordCost = PasswordCost { memory_kib: 8, passes: 1 };

    #[tokio::test]
    async fn only_the_password_itself_fits() {
        let kept = hash("correct horse battery", CHEAP).await.expect("hashes");
        assert!(kept.starts_with("$argon2id$"), "{kept}");
        assert_eq!(fits("correct horse battery", Some(&kept), CHEAP).await, Ok(true));
        assert_eq!(fits("correct horse battery ", Some(&kept), CHEAP).await, Ok(false));
        assert_eq!(fits("correct horse battery", None, CHEAP).await, Ok(false));
        assert_ne!(kept, hash("correct horse battery", CHEAP).await.expect("hashes"), "salted");
    }

    #[test]
    fn weak_passwords_are_named() {
        for weak in ["", "short", "aaaaaaaaaaaaaaaa", "一二三四五六"] {
            assert!(check(weak).is_err(), "{weak}");
        }
        assert_eq!(check("海边的鲱鱼很好吃我们数了七条船"), Ok(()));
        assert!(check(&"ab1cd2".repeat(50)).is_err());
    }
}
