//! Who has logged in to a dialogue, and how often somebody has tried in vain.

use std::mem;

use super::actions::Action;
use super::outbox::Outbox;
use super::state::{Login, Question};
use crate::{Password, ReplyCode};

/// How many wrong passwords end a dialogue (the 430 reply of RFC 354, IV.B; the number is ours). A right one in
/// between does not reset the count: a user with one account could guess at all others for ever.
const TRIES: u8 = 3;

/// The side of a session that deals with users.
#[derive(Debug)]
pub(super) struct Access {
    login: Login,
    tries: u8,
}

impl Access {
    pub(super) fn new() -> Self {
        Access { login: Login::Out, tries: 0 }
    }

    /// Whether a user is logged in.
    pub(super) fn is_in(&self) -> bool {
        matches!(self.login, Login::In(_))
    }

    pub(super) fn login(&self) -> &Login {
        &self.login
    }

    /// USER.
    pub(super) fn name(&mut self, name: String, out: &mut Outbox) {
        self.log_out(out);
        self.login = Login::Named(name);
        out.reply(ReplyCode::PASSWORD_WANTED, "password, please");
    }

    /// PASS. A password belongs to the user named before it.
    pub(super) fn password(&mut self, password: Password, out: &mut Outbox) -> Option<Question> {
        match mem::replace(&mut self.login, Login::Out) {
            Login::Named(user) => {
                out.put(Action::CheckPassword { user: user.clone(), password });
                Some(Question::Password { user })
            }
            login => {
                self.login = login;
                out.reply(ReplyCode::CONFLICT, "name a user first");
                None
            }
        }
    }

    /// Whether the password was right. Returns whether the user may go on.
    pub(super) fn checked(&mut self, user: String, valid: bool, out: &mut Outbox) -> bool {
        if valid {
            out.reply(ReplyCode::LOGGED_IN, format!("{} is logged in", user.escape_default()));
            self.login = Login::In(user);
            return true;
        }
        self.tries += 1;
        let goes_on = self.tries < TRIES;
        if goes_on {
            out.reply(ReplyCode::LOGIN_FAILED, "user or password wrong");
        } else {
            out.reply(ReplyCode::TOO_MANY_TRIES, "too many tries, goodbye");
        }
        goes_on
    }

    /// A password must follow its user at once (RFC 354, IV.A.1): another command has come.
    pub(super) fn interrupted(&mut self) {
        if let Login::Named(_) = self.login {
            self.login = Login::Out;
        }
    }

    pub(super) fn log_out(&mut self, out: &mut Outbox) {
        if let Login::In(_) = mem::replace(&mut self.login, Login::Out) {
            out.put(Action::LoggedOut);
        }
    }

    /// Whether a user is named, whose password is to follow.
    pub(super) fn is_named(&self) -> bool {
        matches!(self.login, Login::Named(_))
    }

    /// Whether the user is logged in; if not, says so. The answer is 504: what is asked for is possible, but
    /// not yet. (RFC 354, V.C gives these commands none of the log-on replies.)
    pub(super) fn admits(&self, out: &mut Outbox) -> bool {
        let admits = self.is_in();
        if !admits {
            out.reply(ReplyCode::NOT_NOW, "log in first");
        }
        admits
    }
}
