//! How a dialogue begins: with a server, a name, a password and an account.

use ftp::{Command, Outcome, Parameters, Password, Reply, ReplyCode};

use super::error::UserError;
use super::user::User;
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
        match Control::open(&self.host, address).await {
            Ok(control) => self.control = Some(control),
            Err(why) => return Err(UserError::NoDialogue { site, why }),
        }
        self.parameters = Parameters::default();
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
        let mut answer = self.control()?.ask(&Command::User(name.to_owned())).await?;
        for _ in 0..QUESTIONS {
            answer = match answer {
                (Outcome::Success, reply) => {
                    self.directory = Some(name.to_owned());
                    return Ok(reply.to_string());
                }
                (Outcome::Failure, reply) => return Err(ControlError::Refused(reply).into()),
                (Outcome::Incomplete, reply) if reply.code() == ReplyCode::ACCOUNT_WANTED => {
                    let account = self.account_or_ask(account.take(), Some(&reply)).await;
                    self.control()?.ask(&Command::Acct(account)).await?
                }
                (Outcome::Incomplete, _) => {
                    self.control()?.ask(&Command::Pass(Password::from(password.as_str()))).await?
                }
            };
        }
        match answer {
            (Outcome::Success, reply) => {
                self.directory = Some(name.to_owned());
                Ok(reply.to_string())
            }
            (_, reply) => Err(ControlError::Refused(reply).into()),
        }
    }

    /// Names an account to the server.
    pub(super) async fn account(&mut self, account: Option<String>) -> Result<String, UserError> {
        self.control()?;
        let account = self.account_or_ask(account, None).await;
        Ok(self.control()?.command(&Command::Acct(account)).await?.to_string())
    }

    /// The account, or the answer to the question for it. A server's own words are shown before.
    async fn account_or_ask(&mut self, account: Option<String>, asked: Option<&Reply>) -> String {
        match account {
            Some(account) => account,
            None => {
                self.tell_news();
                let teletype = self.host.teletype();
                teletype.print(&asked.map(ToString::to_string).unwrap_or_default());
                teletype.read("ACCOUNT: ").await.trim().to_owned()
            }
        }
    }

    /// Names an account to a server that moves no file without one. Returns whether it is content.
    pub(super) async fn pays(&mut self, refused: &Reply) -> Result<bool, UserError> {
        let account = self.account_or_ask(None, Some(refused)).await;
        let (outcome, _) = self.control()?.ask(&Command::Acct(account)).await?;
        Ok(outcome == Outcome::Success)
    }
}
