//! The accounts with which users log in.

use std::collections::BTreeMap;

#[cfg(feature = "live")]
use crate::password::Hash;

/// The accounts of a host: names and passwords. Teletypes shout, so that case does not matter in either.
///
/// Where strangers may try passwords, all are added as hashes: to know one then takes as long as to refuse another.
#[derive(Debug, Clone, Default)]
pub struct Accounts {
    users: BTreeMap<String, User>,
}

#[derive(Debug, Clone)]
struct User {
    /// The name in the letters in which it was added.
    spelled: String,
    password: Password,
    terms: Terms,
}

/// On what terms a user has files transferred. Some hosts charge an account for it, which has to be named (RFC 385, 15), and two
/// documents more say when (RFC 414, 10; RFC 454, IV.A.1).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Terms {
    /// No account is asked for.
    #[default]
    Free,
    /// He names this account to log in.
    AtLogin(String),
    /// He names this account before he does something with a file.
    ForFiles(String),
    /// He may not: he is a user of the host for other things.
    NotForFiles,
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
        self.set_password(name, Password::Plain(password.to_owned()));
    }

    /// Adds an account of whose password only the hash is known, or changes that.
    #[cfg(feature = "live")]
    pub fn add_hashed(&mut self, name: &str, hash: Hash) {
        self.set_password(name, Password::Hashed(hash));
    }

    fn set_password(&mut self, name: &str, password: Password) {
        let terms = self.terms(name).clone();
        self.users.insert(name.to_ascii_uppercase(), User { spelled: name.to_owned(), password, terms });
    }

    /// Sets on what terms somebody has files transferred who has an account here.
    pub fn set_terms(&mut self, name: &str, terms: Terms) {
        if let Some(user) = self.users.get_mut(&name.to_ascii_uppercase()) {
            user.terms = terms;
        }
    }

    /// On what terms a user has files transferred.
    pub fn terms(&self, name: &str) -> &Terms {
        self.users.get(&name.to_ascii_uppercase()).map_or(&Terms::Free, |user| &user.terms)
    }

    /// Whether the user may charge this account.
    pub fn may_charge(&self, name: &str, account: &str) -> bool {
        match self.terms(name) {
            Terms::Free | Terms::NotForFiles => false,
            Terms::AtLogin(right) | Terms::ForFiles(right) => right.eq_ignore_ascii_case(account.trim()),
        }
    }

    /// The names of those who may log in, in capitals.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.users.keys().map(String::as_str)
    }

    /// The name of an account in the letters in which it was added.
    pub fn spelled(&self, name: &str) -> Option<&str> {
        self.users.get(&name.to_ascii_uppercase()).map(|user| user.spelled.as_str())
    }

    /// Whether there is such an account with that password.
    pub fn admits(&self, name: &str, password: &str) -> bool {
        match self.users.get(&name.to_ascii_uppercase()) {
            Some(user) => user.password.is(password),
            None => {
                // It takes as long as for a name that exists, since all passwords are kept alike, and hashes all cost the
                // same: the time of the answer does not tell which names exist.
                if let Some(other) = self.users.values().next() {
                    other.password.is(password);
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
    fn who_has_an_account_to_charge_may_charge_no_other_and_who_has_none_may_charge_none() {
        let mut accounts = Accounts::default();
        accounts.add("SMITH", "BLUE");
        assert_eq!(*accounts.terms("SMITH"), Terms::Free);
        assert!(!accounts.may_charge("SMITH", "4321"));
        for terms in [Terms::AtLogin("Cac-4321".to_owned()), Terms::ForFiles("Cac-4321".to_owned())] {
            accounts.set_terms("smith", terms);
            assert!(accounts.may_charge("SMITH", "CAC-4321 ") && !accounts.may_charge("SMITH", "CAC-4320"));
            assert!(!accounts.may_charge("JONES", "CAC-4321"), "it is another's");
        }
    }

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
