//! The accounts with which users log in.

use std::collections::BTreeMap;

#[cfg(feature = "live")]
use crate::password::Hash;

/// The accounts of a host: names and passwords. Teletypes shout, so that case does not matter in either.
///
/// Where strangers may try passwords, all are added as hashes: to know one then takes as long as to refuse another.
#[derive(Debug, Clone, Default)]
pub struct Accounts {
    /// By the name in capitals: the name as it was added, and the password.
    passwords: BTreeMap<String, (String, Password)>,
}

/// How a password is kept.
#[derive(Debug, Clone)]
enum Password {
    /// As it is: in scenarios there are no secrets.
    Plain(String),
    /// As something from which it cannot be told.
    #[cfg(feature = "live")]
    Hashed(Hash),
}

impl Password {
    fn is(&self, password: &str) -> bool {
        match self {
            Password::Plain(right) => right.eq_ignore_ascii_case(password),
            #[cfg(feature = "live")]
            Password::Hashed(hash) => hash.admits(password),
        }
    }
}

impl Accounts {
    /// Adds an account, or changes its password.
    pub fn add(&mut self, name: &str, password: &str) {
        self.insert(name, Password::Plain(password.to_owned()));
    }

    /// Adds an account of whose password only the hash is known, or changes that.
    #[cfg(feature = "live")]
    pub fn add_hashed(&mut self, name: &str, hash: Hash) {
        self.insert(name, Password::Hashed(hash));
    }

    fn insert(&mut self, name: &str, password: Password) {
        self.passwords.insert(name.to_ascii_uppercase(), (name.to_owned(), password));
    }

    /// The names of those who may log in, in capitals.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.passwords.keys().map(String::as_str)
    }

    /// The name of an account in the letters in which it was added.
    pub fn spelled(&self, name: &str) -> Option<&str> {
        self.passwords.get(&name.to_ascii_uppercase()).map(|(spelled, _)| spelled.as_str())
    }

    /// Whether there is such an account with that password.
    pub fn admits(&self, name: &str, password: &str) -> bool {
        match self.passwords.get(&name.to_ascii_uppercase()) {
            Some((_, right)) => right.is(password),
            None => {
                // It takes as long as for a name that exists, since all passwords are kept alike, and hashes all cost the
                // same: the time of the answer does not tell which names exist.
                if let Some((_, other)) = self.passwords.values().next() {
                    other.is(password);
                }
                false
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn teletypes_shout_and_names_and_passwords_belong_together() {
        let mut accounts = Accounts::default();
        assert!(!accounts.admits("SMITH", "BLUE"), "there is nobody");
        accounts.add("smith", "Blue");
        #[cfg(feature = "live")]
        accounts.add_hashed("jones", Hash::of("Green"));
        assert!(accounts.admits("SMITH", "blue"));
        assert_eq!((accounts.spelled("SMITH"), accounts.spelled("NOBODY")), (Some("smith"), None));
        assert!(!accounts.admits("SMITH", "GREEN") && !accounts.admits("NOBODY", "BLUE"));
        #[cfg(feature = "live")]
        assert!(accounts.admits("Jones", "GREEN") && !accounts.admits("JONES", "BLUE"));
    }
}
