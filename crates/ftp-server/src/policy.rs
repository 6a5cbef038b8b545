//! What a server decides for itself, where the documents leave it to the site.

use std::cell::Cell;
use std::rc::Rc;

use ftp::{Admission, Reach};
use host::{Accounts, Terms};
use machine::Span;

/// How long a user may take to log in, whatever he sends meanwhile.
pub(crate) const LOGIN_TIMEOUT: Span = Span::from_secs(5 * 60);

/// How long a user who has logged in may stay without sending a line.
pub(crate) const IDLE_TIMEOUT: Span = Span::from_secs(30 * 60);

/// How long a wrong password or account waits for its answer: to check one costs this host some work, and must cost a user who
/// guesses some time.
pub(crate) const WRONG_GUESS_DELAY: Span = Span::from_secs(1);

/// What a server decides for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// Which sockets of third hosts it asks for a data connection.
    pub reach: Reach,
    /// How many sockets it sets aside at most, for LSTN and SOCK of all its users together: then it refuses to allocate one (RFC
    /// 438, a.1).
    pub most_data_sockets: usize,
    /// Whether it says HIDE YOUR INPUT before it asks for a password (RFC 354, IV.B, 330). To a user's side that does not echo it
    /// must not be said (RFC 318), and a server cannot know.
    pub hides_passwords: bool,
}

/// Two for each seat: nobody is ever refused one.
impl Default for Policy {
    fn default() -> Self {
        Policy { reach: Reach::default(), most_data_sockets: 64, hides_passwords: false }
    }
}

/// On what terms the host lets a user in who has given this password.
pub(crate) fn admission(accounts: &Accounts, user: &str, password: &str) -> Admission {
    if !accounts.admits(user, password) {
        return Admission::Refused;
    }
    match accounts.terms(user) {
        Terms::Free => Admission::Free,
        Terms::AtLogin(_) => Admission::AccountFirst,
        Terms::ForFiles(_) => Admission::AccountForFiles,
        Terms::NotForFiles => Admission::NotForFiles,
    }
}

/// How many sockets a server has set aside.
#[derive(Debug, Clone, Default)]
pub(crate) struct Aside(Rc<Cell<usize>>);

impl Aside {
    /// Sets one more aside, if there may be one.
    pub(crate) fn one(&self, most: usize) -> Option<Share> {
        let taken = self.0.get();
        (taken < most).then(|| {
            self.0.set(taken + 1);
            Share(self.0.clone())
        })
    }
}

/// That one socket is set aside, for as long as it is held.
#[derive(Debug)]
pub(crate) struct Share(Rc<Cell<usize>>);

impl Drop for Share {
    fn drop(&mut self) {
        self.0.set(self.0.get().saturating_sub(1));
    }
}
