//! Passwords kept as hashes, from which they cannot be recovered.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};

/// What every password costs, right or wrong: 19 MiB, twice, which is what OWASP asks for at least. It is the same for all,
/// so that the time of an answer does not tell whether an account exists; and it is written here, so that older files
/// stay good if the library's default changes.
const COST: Params = match Params::new(19 * 1024, 2, 1, None) {
    Ok(cost) => cost,
    Err(_) => panic!("these are possible"),
};

/// Bytes of a hash.
const LENGTH: usize = Params::DEFAULT_OUTPUT_LEN;

/// The memory in which passwords are hashed, one at a time. It is asked for once and kept: what is freed and asked for again
/// at each login leaves gaps, so that a host which has served some dozen users would hold the memory of several hashes.
static MEMORY: Mutex<Vec<Block>> = Mutex::new(Vec::new());

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
        let salt = Salt::generate();
        let hash = PasswordHash {
            algorithm: Algorithm::Argon2id.ident(),
            version: Some(Version::V0x13.into()),
            params: ParamsString::try_from(&COST).expect("the cost can be written down"),
            hash: digest(password, &salt),
            salt: Some(salt),
        };
        Hash(hash.to_string())
    }

    /// Reads a hash as [`Hash::of`] makes it and it is written.
    ///
    /// # Errors
    /// What no password could ever have made is refused, and what would cost another time than others.
    pub fn parse(text: &str) -> Result<Self, BadHash> {
        let bad = |error: &dyn fmt::Display| BadHash(error.to_string());
        let hash = PasswordHash::new(text).map_err(|error| bad(&error))?;
        if hash.algorithm != Algorithm::Argon2id.ident() {
            return Err(BadHash(format!("made by {}, not by argon2id", hash.algorithm)));
        }
        // Without a version the first one is meant.
        let version = hash.version.unwrap_or(Version::V0x10.into());
        if version != u32::from(Version::V0x13) {
            return Err(BadHash(format!("made by version {version} of argon2id, not by 19")));
        }
        let cost = Params::try_from(&hash.params).map_err(|error| bad(&error))?;
        if cost != COST {
            return Err(BadHash(format!("it costs {cost} to tell, not {COST} as the others")));
        }
        match (hash.salt, hash.hash) {
            (Some(_), Some(hash)) if hash.len() == LENGTH => Ok(Hash(text.to_owned())),
            (Some(_) | None, Some(_) | None) => Err(BadHash("it is cut short".to_owned())),
        }
    }

    /// Whether this is the hash of that password.
    pub fn admits(&self, password: &str) -> bool {
        let Ok(PasswordHash { salt: Some(salt), hash: Some(right), .. }) = PasswordHash::new(&self.0) else {
            return false;
        };
        // Outputs are compared in a time that does not tell how much of them is right.
        digest(password, &salt) == Some(right)
    }
}

/// What the password becomes with this salt. `None` is no password's: Argon2 hashes up to 4 gigabytes.
fn digest(password: &str, salt: &Salt) -> Option<Output> {
    // A check that panicked leaves blocks that are written over.
    let mut memory = MEMORY.lock().unwrap_or_else(PoisonError::into_inner);
    memory.resize(COST.block_count(), Block::default());
    let argon2id = Argon2::new(Algorithm::Argon2id, Version::V0x13, COST);
    let mut digest = [0; LENGTH];
    let password = shouted(password);
    argon2id.hash_password_into_with_memory(password.as_bytes(), salt, &mut digest, &mut memory[..]).ok()?;
    Output::new(&digest).ok()
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

    #[test]
    fn a_hash_that_admits_nobody_or_takes_another_time_than_others_is_refused_with_words() {
        let hash = Hash::of("BLUE").to_string();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_eq!(Hash::parse(&hash).map(|hash| hash.to_string()), Ok(hash.clone()));
        for (from, to, told) in [
            ("argon2id", "argon2i", "made by argon2i, not by argon2id"),
            ("v=19", "v=99", "made by version 99"),
            ("v=19", "v=16", "made by version 16"),
            ("$v=19", "", "made by version 16"),
            ("m=19456", "m=1", "invalid parameter"),
            ("p=1", "p=0", "invalid parameter"),
            ("p=1", "p=1,x=1", "invalid parameter"),
            ("p=1", "p=1,keyid=AAAA", "p=1,keyid=AAAA to tell"),
            ("m=19456", "m=4000000000", "it costs m=4000000000,t=2,p=1 to tell, not m=19456,t=2,p=1"),
            ("t=2", "t=4000000000", "it costs m=19456,t=4000000000"),
            ("t=2", "t=1", "it costs m=19456,t=1"),
        ] {
            let wrong = hash.replacen(from, to, 1);
            let error = Hash::parse(&wrong).expect_err(&wrong).to_string();
            assert!(error.contains(told), "{wrong}: {error}");
        }
        // Four characters are three bytes.
        let error = Hash::parse(&hash[..hash.len() - 3]).expect_err("it lacks some").to_string();
        assert!(error.contains("cut short"), "{error}");
    }
}
