//! Passwords that are kept as something from which nobody can tell what they are.

use std::fmt;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};

/// What is kept of a password: Argon2id in the PHC string format, with a salt of its own.
#[derive(Clone, PartialEq, Eq)]
pub struct Hash(String);

/// That is no hash of a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no hash of a password: {0}")]
pub struct BadHash(String);

impl Hash {
    /// The hash of a password. Teletypes shout: the case of letters makes no difference.
    ///
    /// # Panics
    /// If this machine has no source of random numbers.
    pub fn of(password: &str) -> Self {
        let hash = Argon2::default().hash_password(shouted(password).as_bytes());
        Hash(hash.expect("this machine has random numbers").to_string())
    }

    /// Reads a hash as it is written.
    pub fn parse(text: &str) -> Result<Self, BadHash> {
        let hash = PasswordHash::new(text).map_err(|error| BadHash(error.to_string()))?;
        if hash.algorithm.as_str() != "argon2id" {
            return Err(BadHash(format!("made by {}, not by argon2id", hash.algorithm)));
        }
        match (hash.salt, hash.hash) {
            (Some(_), Some(_)) => Ok(Hash(text.to_owned())),
            _ => Err(BadHash("it is cut short".to_owned())),
        }
    }

    /// Whether this is the hash of that password.
    pub fn admits(&self, password: &str) -> bool {
        PasswordHash::new(&self.0)
            .is_ok_and(|hash| Argon2::default().verify_password(shouted(password).as_bytes(), &hash).is_ok())
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hash(..)")
    }
}

fn shouted(password: &str) -> String {
    password.to_ascii_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_admits_its_password_shouted_or_not_and_no_other() {
        let hash = Hash::of("Blue");
        assert!(hash.admits("BLUE") && hash.admits("blue"));
        assert!(!hash.admits("GREEN") && !hash.admits(""));
        let again = Hash::parse(&hash.to_string()).expect("it is what was written");
        assert!(again.admits("blue"));
        assert_ne!(Hash::of("Blue"), hash, "each has a salt of its own");
    }

    #[test]
    fn what_is_no_hash_is_refused() {
        let hash = Hash::of("BLUE").to_string();
        let cut = hash.rsplit_once('$').expect("it has parts").0;
        for text in ["", "BLUE", "$argon2id$", cut, "$1$abcdefgh$ijklmnop"] {
            assert!(Hash::parse(text).is_err(), "{text}");
        }
    }
}
