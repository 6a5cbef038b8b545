//! Who has logged in to a dialogue, and how often somebody has tried in vain.

use std::mem;

use super::actions::{Action, Admission};
use super::codes;
use super::outbox::Outbox;
use super::state::{Login, Question};
use crate::{CommandName, Edition, Password, ReplyCode};

/// How many wrong passwords and accounts end a dialogue (the 430 reply of RFC 354, IV.B; the number is ours). A right one in
/// between does not reset the count: a user with one account could guess at all others for ever.
const TRIES: u8 = 3;

/// The side of a session that deals with users.
#[derive(Debug)]
pub(super) struct Access {
    login: Login,
    charge: Charge,
    tries: u8,
}

/// Whether the one who is logged in, or about to, has said whom to charge (RFC 385, 15).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Charge {
    /// Nobody asks.
    Unasked,
    /// An account is to be named.
    Due,
    /// One is named.
    Named,
}

impl Access {
    pub(super) fn new() -> Self {
        Access { login: Login::Out, charge: Charge::Unasked, tries: 0 }
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

    /// On what terms the user with this password is let in. Returns whether he may go on.
    pub(super) fn checked(&mut self, user: String, admission: Admission, out: &mut Outbox) -> bool {
        self.charge = match admission {
            Admission::Refused => return self.wrong("user or password wrong", out),
            Admission::NotForFiles => {
                out.reply(
                    ReplyCode::USER_NOT_VALID,
                    format!("{} may not transfer files", user.escape_default()),
                );
                return true;
            }
            Admission::AccountFirst => {
                out.reply(ReplyCode::ACCOUNT_WANTED, "whom to charge? the account, please");
                self.charge = Charge::Due;
                self.login = Login::Owing(user);
                return true;
            }
            Admission::AccountForFiles => Charge::Due,
            Admission::Free => Charge::Unasked,
        };
        self.let_in(user, out);
        true
    }

    fn let_in(&mut self, user: String, out: &mut Outbox) {
        out.reply(ReplyCode::LOGGED_IN, format!("{} is logged in", user.escape_default()));
        self.login = Login::In(user);
    }

    /// A wrong password or account. Returns whether the user may try again.
    fn wrong(&mut self, what: &str, out: &mut Outbox) -> bool {
        self.tries += 1;
        let goes_on = self.tries < TRIES;
        if goes_on {
            out.reply(ReplyCode::LOGIN_FAILED, what);
        } else {
            out.reply(ReplyCode::TOO_MANY_TRIES, "too many tries, goodbye");
        }
        goes_on
    }

    /// ACCT. It may come at any time once there is a user whom to charge (RFC 385, 15).
    pub(super) fn account(&mut self, account: String, out: &mut Outbox) -> Option<Question> {
        match &self.login {
            Login::Out | Login::Named(_) => out.reply(ReplyCode::NOT_NOW, "log in first"),
            Login::In(_) if self.charge == Charge::Unasked => {
                out.reply(ReplyCode::LOGGED_IN, "no account is needed here");
            }
            Login::Owing(user) | Login::In(user) => {
                out.put(Action::CheckAccount { user: user.clone(), account });
                return Some(Question::Account);
            }
        }
        None
    }

    /// Whether the account is the user's. One who was logged in stays so, and what was charged before stays charged. Returns
    /// whether he may go on.
    pub(super) fn charged(&mut self, valid: bool, out: &mut Outbox) -> bool {
        if !valid {
            return self.wrong("that account is not yours to charge", out);
        }
        self.charge = Charge::Named;
        match mem::replace(&mut self.login, Login::Out) {
            Login::Owing(user) => self.let_in(user, out),
            login => {
                self.login = login;
                out.reply(ReplyCode::LOGGED_IN, "that account is charged from now on");
            }
        }
        true
    }

    /// A password must follow its user at once (RFC 354, IV.A.1): another command has come.
    pub(super) fn interrupted(&mut self) {
        if let Login::Named(_) = self.login {
            self.login = Login::Out;
        }
    }

    /// Whoever was about to log in does something else, at a time when nothing else is heard.
    pub(super) fn gives_up(&mut self) {
        if self.is_coming() {
            self.login = Login::Out;
        }
    }

    pub(super) fn log_out(&mut self, out: &mut Outbox) {
        if let Login::In(_) = mem::replace(&mut self.login, Login::Out) {
            out.put(Action::LoggedOut);
        }
    }

    /// Whether a user is named, whose password or account is to follow.
    pub(super) fn is_coming(&self) -> bool {
        matches!(self.login, Login::Named(_) | Login::Owing(_))
    }

    /// Whether what comes next of such a user may be this command.
    pub(super) fn awaits(&self, name: CommandName) -> bool {
        match self.login {
            Login::Named(_) => name == CommandName::Pass,
            Login::Owing(_) => name == CommandName::Acct,
            Login::Out | Login::In(_) => false,
        }
    }

    /// Whether the user may do this now; if not, says so. The answer to one who is not logged in is 504: what is asked for is
    /// possible, but not yet. (RFC 354, V.C gives these commands none of the log-on replies.) One who must name an account
    /// hears 433 of a command for which the edition has it, which is then forgotten (RFC 454, IV.A.1; 331 would say that it is
    /// kept): if he is logged in without one, that is all that he may not do.
    pub(super) fn admits(&self, name: CommandName, edition: Edition, out: &mut Outbox) -> bool {
        let owing = codes::of_a_missing_account(edition, name);
        let (code, text) = match self.login {
            Login::In(_) if self.charge != Charge::Due || owing != ReplyCode::NO_ACCOUNT => return true,
            Login::In(_) | Login::Owing(_) => (owing, "name the account first, with ACCT"),
            Login::Out | Login::Named(_) => (ReplyCode::NOT_NOW, "log in first"),
        };
        out.reply(code, text);
        false
    }
}
