//! The text of a scenario as a page shows it: without its passwords.

use std::collections::BTreeSet;

use scenario::ast::Scenario;

/// Hides the passwords that a scenario gives its hosts and users.
pub(super) struct Passwords<'a>(BTreeSet<&'a str>);

impl<'a> Passwords<'a> {
    /// Those of a scenario.
    pub(super) fn of(scenario: &'a Scenario) -> Self {
        let given = scenario.hosts.iter().flat_map(|plan| {
            let of_accounts = plan.accounts.iter().map(|account| account.password.as_str());
            of_accounts.chain(plan.knows.iter().map(|profile| profile.password.as_str()))
        });
        Passwords(given.filter(|password| !password.is_empty()).collect())
    }

    /// The text with a mask for each word that is a password, whatever it means there.
    pub(super) fn hide(&self, text: &str) -> String {
        let mut hidden = String::with_capacity(text.len());
        for word in text.split_inclusive(|letter: char| letter.is_whitespace() || letter == '"') {
            let bare = word.trim_end_matches(|letter: char| letter.is_whitespace() || letter == '"');
            if self.0.contains(bare) {
                hidden.push_str(ftp::Password::MASK);
                hidden.push_str(&word[bare.len()..]);
            } else {
                hidden.push_str(word);
            }
        }
        hidden
    }
}
