//! The program that a person types to.

mod files;
mod login;
mod multiple;
mod settings;

use std::pin::pin;

use ftp::{Class, Command, Parameters, Reply};
use futures::future::{Either, select};
use host::{FileError, Handle, PathError};

use crate::data::DataError;
use crate::ending;
use crate::line::{Line, LineError};
use crate::running::{is_for_everybody, is_of_data, unasked};
use crate::{Control, ControlError};

/// What is wrong with a line, or with what came of it.
#[derive(Debug, thiserror::Error)]
enum UserError {
    #[error("{0}")]
    Line(#[from] LineError),
    #[error("THERE IS NO HOST {0}")]
    NoHost(String),
    #[error("{site}: {why}")]
    NoDialogue { site: String, why: ControlError },
    #[error("{}", ending::NOT_CONNECTED.words())]
    NotConnected,
    #[error("STILL CONNECTED: BYE FIRST")]
    StillConnected,
    #[error("NO TRANSFER IS UNDER WAY")]
    NothingToAbort,
    /// The server refuses a command that was quoted: its answer, with what it said before.
    #[error("{0}")]
    Quoted(String),
    /// The server refuses, and this is about which of its files.
    #[error("{}", refusal(.reply, .about))]
    Refused { reply: Reply, about: String },
    /// The file of this host cannot be read or written.
    #[error("{}", ending::FILE_HERE.with(&[&format!("{path}: {why}")]))]
    Here { path: String, why: FileError },
    #[error("{}", ending::FILE_HERE.with(&[&format!("{path}: {why}")]))]
    Path { path: String, why: PathError },
    /// The person wants a file here to stay.
    #[error("{}", ending::NOT_REPLACED.with(&[.0]))]
    NotReplaced(String),
    /// This program cannot do that with a transfer.
    #[error("{what} {value}: THIS PROGRAM KNOWS {known} ONLY")]
    Setting { what: &'static str, value: String, known: &'static str },
    /// Of many files some were not done.
    #[error("{done} OF {all} FILES; WHY NOT THE OTHERS IS SAID ABOVE")]
    Several { done: usize, all: usize },
    #[error("NO FILE IS LIKE {0}")]
    NoneLike(String),
    #[error("NOTHING IS DELETED")]
    NothingDeleted,
    #[error("{0}")]
    Control(#[from] ControlError),
    #[error("{0}")]
    Data(#[from] DataError),
}

/// A refusal, and which file it is about, if the server does not say so itself.
fn refusal(reply: &Reply, about: &str) -> String {
    let said = reply.to_string();
    let is_named =
        |word: &str| word.trim_matches(['"', '\'', '(', ')', ',', ':']).eq_ignore_ascii_case(about);
    if about.is_empty() || said.split_whitespace().any(is_named) {
        return said;
    }
    format!("{said} ({about})")
}

/// Reads lines from the teletype and does what they say. Never ends.
pub async fn run(host: Handle) {
    let teletype = host.teletype();
    let mut user = User::new(host);
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

const NOT_CONNECTED_ANY_MORE: &str = "NOT CONNECTED ANY MORE";

/// Whether nothing more can be done over a control connection on which this has happened: it is gone, or its replies cannot be
/// told apart any more.
fn is_useless(error: &UserError) -> bool {
    match error {
        UserError::Control(cause) | UserError::Data(DataError::Control(cause)) => !matches!(
            cause,
            ControlError::Refused(_)
                | ControlError::Missed
                | ControlError::Unfit(_)
                | ControlError::InMail
                | ControlError::Unsendable(_)
        ),
        UserError::Data(DataError::RefusedAndOpen(_) | DataError::GivenUp) => true,
        _ => false,
    }
}

struct User {
    host: Handle,
    control: Option<Control>,
    /// The directory in which files here are, if none is named: that of the user who has logged in last.
    directory: Option<String>,
    /// What was chosen of a transfer.
    parameters: Parameters,
    /// The file there of which nobody knows what came of it, until it is looked at.
    unknown: Option<String>,
    /// A line that was typed where an answer was asked for, and is the next command.
    put_back: Option<String>,
}

impl User {
    fn new(host: Handle) -> Self {
        let (control, directory, unknown, put_back) = (None, None, None, None);
        User { host, control, directory, parameters: Parameters::default(), unknown, put_back }
    }

    /// Waits for the next line, and shows meanwhile what the server says unasked.
    async fn next_line(&mut self) -> String {
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
                    teletype.print(&last_word.map(|reply| reply.to_string()).unwrap_or_default())
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
    fn tell_news(&mut self) {
        let Some(control) = &mut self.control else { return };
        let news = control.news().filter(|line| !is_of_data(line));
        let said: Vec<String> = news.map(|line| unasked(&line)).collect();
        self.host.teletype().print(&said.join("\n"));
    }

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
            Line::Files { mine } => self.files_here(mine.as_deref()),
            Line::Set { what, value } => self.set(what, &value).await,
            Line::Status { theirs } => self.status(theirs).await,
            Line::Abort => Err(UserError::NothingToAbort),
            Line::Quote(text) => self.quote(&text).await,
            Line::Bye => {
                self.control.take().ok_or(UserError::NotConnected)?.close().await;
                Ok("CLOSED".to_owned())
            }
        }
    }

    async fn quote(&mut self, text: &str) -> Result<String, UserError> {
        let control = self.control()?;
        // A line of mail is answered by nothing.
        let Some(reply) = control.quote(text).await? else { return Ok(String::new()) };
        let answer = whole_answer(control, &reply);
        match reply.code().class() {
            Class::Failure | Class::Ignored => Err(UserError::Quoted(answer)),
            Class::News | Class::Status | Class::Positive | Class::Incomplete | Class::Reserved => Ok(answer),
        }
    }

    /// Sends a command that is about a file there. Returns the reply.
    async fn command_about(&mut self, command: &Command, about: &str) -> Result<Reply, UserError> {
        let done = self.control()?.command(command).await;
        done.map_err(|error| about_file(error.into(), about))
    }

    fn control(&mut self) -> Result<&mut Control, UserError> {
        self.control.as_mut().ok_or(UserError::NotConnected)
    }

    /// Asks a question that is answered with yes or no. Anything else is no, and the next command.
    async fn asks(&mut self, question: &str) -> bool {
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

/// An error that says which file of the server a refusal is about.
fn about_file(error: UserError, about: &str) -> UserError {
    match error {
        UserError::Control(ControlError::Refused(reply))
        | UserError::Data(DataError::Control(ControlError::Refused(reply))) => {
            UserError::Refused { reply, about: about.to_owned() }
        }
        error => error,
    }
}

/// The reply with all that the server said before it, as an answer may have many lines.
fn whole_answer(control: &mut Control, reply: &Reply) -> String {
    let news: Vec<String> = control.news().collect();
    let lines: Vec<String> = news.into_iter().filter(|line| !is_for_nobody(line)).collect();
    lines.into_iter().chain([reply.to_string()]).collect::<Vec<_>>().join("\n")
}

/// Whether nobody wants to read a line.
fn is_for_nobody(line: &str) -> bool {
    line.is_empty() && !is_for_everybody(line)
}
