//! The person who types, and the dialogue that he has.

use std::pin::pin;

use ftp::{Command, Outcome, Parameters, Reply};
use futures::future::{Either, select};
use host::Handle;

use super::error::{UserError, about_file};
use crate::running::{is_for_everybody, is_of_data, unasked};
use crate::typist::Typist;
use crate::{Control, ControlError};

pub(super) const NOT_CONNECTED_ANY_MORE: &str = "NOT CONNECTED ANY MORE";

pub(super) struct User {
    pub(super) host: Handle,
    pub(super) typist: Typist,
    pub(super) control: Option<Control>,
    /// The directory in which files here are, if none is named: that of the user who has logged in last.
    pub(super) directory: Option<String>,
    /// Who is logged in at this server.
    pub(super) logged_in: Option<String>,
    /// Who the server was told last to be here, whether it believes it or not.
    pub(super) claimed: Option<String>,
    /// Whether the person has stopped something since the command was typed.
    pub(super) has_stopped: bool,
    /// What was chosen of a transfer.
    pub(super) parameters: Parameters,
    /// The file there of which nobody knows what came of it, until it is looked at.
    pub(super) unknown: Option<String>,
    /// A line that was typed where an answer was asked for, and is the next command.
    pub(super) put_back: Option<String>,
}

impl User {
    pub(super) fn new(host: Handle, typist: Typist) -> Self {
        User {
            host,
            typist,
            control: None,
            directory: None,
            logged_in: None,
            claimed: None,
            has_stopped: false,
            parameters: Parameters::default(),
            unknown: None,
            put_back: None,
        }
    }

    /// Waits for the next line, and shows meanwhile what the server says unasked.
    pub(super) async fn next_line(&mut self) -> String {
        if let Some(line) = self.put_back.take() {
            return line;
        }
        let teletype = self.host.teletype();
        let mut reading = pin!(teletype.read("*"));
        loop {
            let Some(control) = &mut self.control else { return reading.await };
            let heard = match select(reading.as_mut(), pin!(control.hears())).await {
                Either::Left((line, _)) => return line,
                Either::Right((heard, _)) => heard,
            };
            self.tell_news();
            match heard {
                Ok(last_word) => {
                    teletype.print(&last_word.map(|reply| reply.to_string()).unwrap_or_default());
                }
                Err(error) => {
                    teletype.print(&error.to_string());
                    self.control = None;
                    teletype.print(NOT_CONNECTED_ANY_MORE);
                }
            }
        }
    }

    /// Shows what the server has said that answers nothing.
    pub(super) fn tell_news(&mut self) {
        let Some(control) = &mut self.control else { return };
        let news = control.news().filter(|line| !is_of_data(line));
        let said: Vec<String> = news.map(|line| unasked(&line)).collect();
        self.host.teletype().print(&said.join("\n"));
    }

    /// Sends a command that is about a file there. Returns the reply.
    pub(super) async fn command_about(&mut self, command: &Command, about: &str) -> Result<Reply, UserError> {
        self.command(command).await.map_err(|error| about_file(error, about))
    }

    /// Sends a command. Returns the reply if it is good.
    pub(super) async fn command(&mut self, command: &Command) -> Result<Reply, UserError> {
        self.answered(async |control| control.command(command).await).await
    }

    /// Sends a command. Returns the reply, good or bad.
    pub(super) async fn ask(&mut self, command: &Command) -> Result<(Outcome, Reply), UserError> {
        self.answered(async |control| control.ask(command).await).await
    }

    /// Has something done over the control connection that ends with an answer of the server.
    pub(super) async fn answered<T>(
        &mut self,
        asking: impl AsyncFnOnce(&mut Control) -> Result<T, ControlError>,
    ) -> Result<T, UserError> {
        let (typist, host) = (self.typist, self.host.clone());
        let control = self.control()?;
        let what = format!("{} TO ANSWER", host.name_of(control.site()));
        Ok(typist.waits(&host, &what, asking(control)).await?)
    }

    pub(super) fn control(&mut self) -> Result<&mut Control, UserError> {
        self.control.as_mut().ok_or(UserError::NotConnected)
    }

    /// Asks a question that is answered with yes or no. Anything else is no, and the next command.
    pub(super) async fn asks(&mut self, question: &str) -> bool {
        let answer = self.host.teletype().read(&format!("{question} (YES OR NO) ")).await;
        let word = answer.trim().to_ascii_uppercase();
        let is = |whole: &str| !word.is_empty() && whole.starts_with(word.as_str());
        if !is("YES") && !is("NO") && !word.is_empty() {
            self.put_back = Some(answer);
            return false;
        }
        is("YES")
    }
}

/// The reply with all that the server said before it, as an answer may have many lines.
pub(super) fn whole_answer(control: &mut Control, reply: &Reply) -> String {
    let news: Vec<String> = control.news().collect();
    let lines: Vec<String> = news.into_iter().filter(|line| !is_for_nobody(line)).collect();
    lines.into_iter().chain([reply.to_string()]).collect::<Vec<_>>().join("\n")
}

/// Whether nobody wants to read a line.
fn is_for_nobody(line: &str) -> bool {
    line.is_empty() && !is_for_everybody(line)
}
