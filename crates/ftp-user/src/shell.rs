//! The program that a person types to.

mod error;
mod files;
mod login;
mod multiple;
mod settings;
mod user;

use ftp::{Class, Command};
use host::Handle;

use crate::data::DataError;
use crate::line::Line;
use crate::typist::Typist;
use crate::{Aborted, ControlError};
use error::{UserError, is_useless};
use user::{NOT_CONNECTED_ANY_MORE, User, whole_answer};

/// Reads lines from the teletype, which `typist` types, and does what they say. Never ends.
pub async fn run(host: Handle, typist: Typist) {
    let teletype = host.teletype();
    let mut user = User::new(host, typist);
    loop {
        let line = user.next_line().await;
        let done = user.obey(&line).await;
        user.tell_news();
        match done {
            Ok(answer) => teletype.print(&answer),
            Err(error) => {
                teletype.complain(&error.to_string());
                if is_useless(&error) && user.control.take().is_some() {
                    teletype.print(NOT_CONNECTED_ANY_MORE);
                }
                user.look().await;
            }
        }
    }
}

impl User {
    async fn obey(&mut self, line: &str) -> Result<String, UserError> {
        match Line::parse(line)? {
            Line::Nothing => Ok(String::new()),
            Line::Help(text) => Ok(text),
            Line::Connect { site } => self.connect(&site).await,
            Line::LogIn { name, password, account } => self.log_in(&name, password, account).await,
            Line::Account(account) => self.account(account).await,
            Line::Get { theirs, mine } => self.get(&theirs, &mine).await,
            Line::Send { mine, theirs, appends } => self.send(&mine, &theirs, appends).await,
            Line::Multiple(group) => self.multiple(group).await,
            Line::Rename { theirs, name } => self.rename(&theirs, &name).await,
            Line::Delete { theirs } => self.delete(&theirs).await,
            Line::List { theirs, names_only } => self.list(theirs, names_only).await,
            Line::Cwd { theirs } => {
                let command = Command::Xcwd(theirs.clone());
                Ok(self.command_about(&command, &theirs).await?.to_string())
            }
            Line::Files { mine } => self.files_here(mine.as_deref()),
            Line::Set { what, value } => self.set(what, &value).await,
            Line::Status { theirs } => self.status(theirs).await,
            Line::Abort => self.abort().await,
            Line::Quote(text) => self.quote(&text).await,
            Line::Bye => {
                let control = self.control.take().ok_or(UserError::NotConnected)?;
                let site = self.host.name_of(control.site());
                self.typist.waits(&self.host, &format!("{site} TO CLOSE"), control.close()).await;
                Ok("CLOSED".to_owned())
            }
        }
    }

    /// Has a transfer stopped that was begun with QUOTE: nobody waits for its end.
    async fn abort(&mut self) -> Result<String, UserError> {
        let Some(control) = self.control.as_mut().filter(|control| control.transfers()) else {
            return Err(UserError::NothingToAbort);
        };
        let site = self.host.name_of(control.site());
        let stopping = control.stop();
        match self.typist.waits(&self.host, &format!("{site} TO STOP IT"), stopping).await? {
            Aborted::Stopped(reply) | Aborted::Done(reply) => Ok(reply.to_string()),
            Aborted::Failed(reply) => Err(ControlError::Refused(reply).into()),
            Aborted::Unheard(reply) => {
                self.host.teletype().print(&reply.to_string());
                Err(DataError::NothingToStop.into())
            }
        }
    }

    async fn quote(&mut self, text: &str) -> Result<String, UserError> {
        let Some(reply) = self.answered(async |control| control.quote(text).await).await? else {
            // A line of mail is answered by nothing.
            return Ok(String::new());
        };
        let answer = whole_answer(self.control()?, &reply);
        self.follow_quoted(text, &reply);
        match reply.code().class() {
            Class::Failure | Class::Ignored => Err(UserError::Quoted(answer)),
            Class::News | Class::Status | Class::Positive | Class::Incomplete | Class::Reserved => Ok(answer),
        }
    }
}
