//! Who may log in.

use std::collections::BTreeMap;

/// The accounts of a host: names and passwords. Teletypes shout, so that case does not matter in either.
#[derive(Debug, Clone, Default)]
pub struct Accounts {
    passwords: BTreeMap<String, String>,
}

impl Accounts {
    /// Adds an account, or changes its password.
    pub fn add(&mut self, name: &str, password: &str) {
        self.passwords.insert(name.to_ascii_uppercase(), password.to_owned());
    }

    /// Whether there is such an account with that password.
    pub fn admits(&self, name: &str, password: &str) -> bool {
        self.passwords
            .get(&name.to_ascii_uppercase())
            .is_some_and(|right| right.eq_ignore_ascii_case(password))
    }
}
