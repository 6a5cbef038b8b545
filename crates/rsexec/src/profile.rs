//! The profile: under which name the user is known at which site.

use std::collections::BTreeMap;

use ftp_user::is_one_name;
use host::Handle;

use crate::Command;

/// A user's accounts at other sites.
#[derive(Debug, Clone, Default)]
pub struct Profile {
    accounts: BTreeMap<String, Account>,
}

/// One account.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    pub(crate) name: String,
    pub(crate) password: String,
}

impl Profile {
    /// Adds an account, or replaces it. The site is given by its official name.
    pub fn add(&mut self, site: &str, name: &str, password: &str) {
        let account = Account { name: name.to_owned(), password: password.to_owned() };
        self.accounts.insert(site.to_ascii_uppercase(), account);
    }

    /// The account at a site. An account that is not known is asked for at the teletype, and kept. The error is the line that
    /// was typed in the place of a name: it may be a command with a password in it, which no server is to be told for a name.
    pub(crate) async fn account(&mut self, host: &Handle, site: &str) -> Result<Account, String> {
        if let Some(account) = self.accounts.get(&site.to_ascii_uppercase()) {
            return Ok(account.clone());
        }
        let teletype = host.teletype();
        let name = teletype.read(&format!("USER NAME AT {site}: ")).await;
        if !is_one_name(&name, Command::is_verb) {
            return Err(name);
        }
        let password = teletype.read_hidden("PASSWORD: ").await;
        let account = Account { name: name.trim().to_owned(), password: password.trim().to_owned() };
        self.add(site, &account.name, &account.password);
        Ok(account)
    }

    /// Forgets an account that a site did not accept.
    pub(crate) fn forget(&mut self, site: &str) {
        self.accounts.remove(&site.to_ascii_uppercase());
    }
}

impl FromIterator<(String, String, String)> for Profile {
    /// From sites, names and passwords.
    fn from_iter<I: IntoIterator<Item = (String, String, String)>>(entries: I) -> Self {
        let mut profile = Profile::default();
        entries.into_iter().for_each(|(site, name, password)| profile.add(&site, &name, &password));
        profile
    }
}
