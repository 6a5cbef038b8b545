//! How a dialogue begins: with a server, a name, a password and an account.

use ftp::{Command, Outcome, Parameters, Password, Reply, ReplyCode};
use host::Naming;

use super::error::UserError;
use super::user::User;
use crate::line::{is_one_name, is_verb};
use crate::{Control, ControlError};

/// How many questions a server may ask somebody who logs in: for a password and an account, and once more for one of them.
const QUESTIONS: usize = 3;

impl User {
    pub(super) async fn connect(&mut self, site: &str) -> Result<String, UserError> {
        if self.control.is_some() {
            return Err(UserError::StillConnected);
        }
        let address = self.host.host_named(site).ok_or_else(|| UserError::NoHost(site.to_owned()))?;
        let site = self.host.name_of(address);
        let opening = Control::open(&self.host, address);
        match self.typist.waits(&self.host, &site, opening).await {
            Ok(control) => self.control = Some(control),
            Err(why) => return Err(UserError::NoDialogue { site, why }),
        }
        self.parameters = Parameters::default();
        (self.logged_in, self.claimed) = (None, None);
        Ok(format!("CONNECTED TO {site}"))
    }

    /// Logs in. What the server asks for is asked for here, if it was not typed.
    pub(super) async fn log_in(
        &mut self,
        name: &str,
        password: Option<String>,
        account: Option<String>,
    ) -> Result<String, UserError> {
        // Without a connection there is no use in asking.
        self.control()?;
        let password = match password {
            Some(password) => password,
            None => self.host.teletype().read_hidden("PASSWORD: ").await.trim().to_owned(),
        };
        let mut account = account;
        // Whoever was logged in before is so no more.
        (self.logged_in, self.claimed) = (None, Some(name.to_owned()));
        let mut answer = self.ask(&Command::User(name.to_owned())).await?;
        for _ in 0..QUESTIONS {
            answer = match answer {
                (Outcome::Success, reply) => return Ok(self.is_in(name, &reply)),
                (Outcome::Failure, reply) => return Err(ControlError::Refused(reply).into()),
                (Outcome::Incomplete, reply) if reply.code() == ReplyCode::ACCOUNT_WANTED => {
                    let account = self.account_or_ask(account.take(), Some(&reply)).await?;
                    self.ask(&Command::Acct(account)).await?
                }
                (Outcome::Incomplete, _) => {
                    self.ask(&Command::Pass(Password::from(password.as_str()))).await?
                }
            };
        }
        match answer {
            (Outcome::Success, reply) => Ok(self.is_in(name, &reply)),
            (_, reply) => Err(ControlError::Refused(reply).into()),
        }
    }

    /// Takes note that this user is logged in. Returns what the server says to that.
    fn is_in(&mut self, name: &str, reply: &Reply) -> String {
        // Who is a person of a project at a Multics is that person here, where there are no projects.
        let is_plain = matches!(self.host.files().naming(), Naming::Plain | Naming::Multics);
        let person = name.split_once('.').filter(|_| !is_plain).map_or(name, |(person, _)| person);
        self.directory = Some(person.to_owned());
        self.logged_in = Some(name.to_owned());
        reply.to_string()
    }

    /// Names an account to the server.
    pub(super) async fn account(&mut self, account: Option<String>) -> Result<String, UserError> {
        self.control()?;
        let command = Command::Acct(self.account_or_ask(account, None).await?);
        let reply = self.command(&command).await?;
        self.follow(&command, &reply);
        Ok(reply.to_string())
    }

    /// The account, or the answer to the question for it. A server's own words are shown before. What is no account is the next
    /// command: it may have a password in it.
    async fn account_or_ask(
        &mut self,
        account: Option<String>,
        asked: Option<&Reply>,
    ) -> Result<String, UserError> {
        if let Some(account) = account {
            return Ok(account);
        }
        self.tell_news();
        let teletype = self.host.teletype();
        teletype.print(&asked.map(ToString::to_string).unwrap_or_default());
        let line = teletype.read("ACCOUNT: ").await;
        if is_one_name(&line, is_verb) {
            return Ok(line.trim().to_owned());
        }
        self.put_back = Some(line).filter(|line| !line.trim().is_empty());
        Err(UserError::NoAccount)
    }

    /// Names an account to a server that moves no file without one. Returns whether it is content.
    pub(super) async fn pays(&mut self, refused: &Reply) -> Result<bool, UserError> {
        let Ok(account) = self.account_or_ask(None, Some(refused)).await else { return Ok(false) };
        let (outcome, reply) = self.ask(&Command::Acct(account)).await?;
        self.host.teletype().print(&reply.to_string());
        Ok(outcome == Outcome::Success)
    }
}
