//! The program that a person types to: logs in, gets, sends, appends, lists and deletes files.

use ftp::{Class, Command};
use host::{FileError, Handle, MAX_LISTED, PathError, PathName, WriteMode};

use crate::data::{self, DataError};
use crate::ending;
use crate::{Control, ControlError};

/// What the program knows how to do.
const HELP: &str = "\
CONNECT SITE               OPEN A DIALOGUE WITH THE SERVER THERE
LOGIN NAME [PASSWORD]      LOG IN (ALSO FILLS IN <NAME> FOR FILES HERE)
GET THEIRS MINE            RETRIEVE A FILE
SEND MINE THEIRS           STORE A FILE
APPEND MINE THEIRS         APPEND A FILE
LIST [THEIRS]              SHOW WHICH FILES THERE ARE: YOURS, OR THOSE OF <NAME>, OR ONE
DELETE THEIRS              DELETE A FILE THERE
QUOTE TEXT                 SEND A COMMAND OF THE PROTOCOL AS IT IS
BYE                        LOG OUT AND CLOSE";

/// How many characters of a line of a list are printed at most. The longest name of a TENEX and its length take less.
const MAX_WIDTH: usize = 160;

/// What is wrong with a line, or with what came of it.
#[derive(Debug, thiserror::Error)]
enum UserError {
    #[error("{0}? TYPE HELP")]
    Unknown(String),
    #[error("{}", ending::INCOMPLETE.with(&[.0]))]
    Incomplete(String),
    #[error("THERE IS NO HOST {0}")]
    NoHost(String),
    #[error("{}", ending::NOT_CONNECTED.words())]
    NotConnected,
    #[error("STILL CONNECTED: BYE FIRST")]
    StillConnected,
    /// The server refuses a command that was quoted: its answer, with what it said before.
    #[error("{0}")]
    Quoted(String),
    #[error("{}", ending::FILE_HERE.with(&[.0]))]
    Path(#[from] PathError),
    #[error("{}", ending::FILE_HERE.with(&[.0]))]
    File(#[from] FileError),
    #[error("{0}")]
    Control(#[from] ControlError),
    #[error("{0}")]
    Data(#[from] DataError),
}

/// Reads lines from the teletype and does what they say. Never ends.
pub async fn run(host: Handle) {
    let teletype = host.teletype();
    let mut user = User { host, control: None, directory: None };
    loop {
        let line = teletype.read("*").await;
        match user.obey(&line).await {
            Ok(answer) => teletype.print(&answer),
            Err(error) => {
                teletype.complain(&error.to_string());
                if is_useless(&error) && user.control.take().is_some() {
                    teletype.print("NOT CONNECTED ANY MORE");
                }
            }
        }
    }
}

/// Whether nothing more can be done over a control connection on which this has happened: it is gone, or its replies cannot be
/// told apart any more.
fn is_useless(error: &UserError) -> bool {
    match error {
        UserError::Control(cause) | UserError::Data(DataError::Control(cause)) => {
            !matches!(cause, ControlError::Refused(_) | ControlError::Missed | ControlError::Unsendable(_))
        }
        UserError::Data(DataError::RefusedAndOpen(_)) => true,
        _ => false,
    }
}

struct User {
    host: Handle,
    control: Option<Control>,
    directory: Option<String>,
}

impl User {
    async fn obey(&mut self, line: &str) -> Result<String, UserError> {
        let words: Vec<&str> = line.split_whitespace().collect();
        let Some((verb, words)) = words.split_first() else { return Ok(String::new()) };
        let verb = verb.to_ascii_uppercase();
        match (verb.as_str(), words) {
            ("HELP", _) => Ok(HELP.to_owned()),
            ("CONNECT", [site]) => self.connect(site).await,
            ("LOGIN", [name, password]) => self.log_in(name, password).await,
            ("LOGIN", [name]) => {
                // Without a connection there is no use in asking.
                self.control()?;
                let password = self.host.teletype().read_hidden("PASSWORD: ").await;
                self.log_in(name, password.trim()).await
            }
            ("GET", [theirs, mine]) => self.get(theirs, mine).await,
            ("SEND", [mine, theirs]) => self.send(mine, Command::Stor((*theirs).to_owned())).await,
            ("APPEND", [mine, theirs]) => self.send(mine, Command::Appe((*theirs).to_owned())).await,
            ("LIST", []) => self.list(None).await,
            // A name that ends the line may have blanks in it.
            ("LIST", [_, ..]) => self.list(Some(rest(line))).await,
            ("DELETE", [_, ..]) => self.delete(rest(line)).await,
            ("QUOTE", [_, ..]) => self.quote(rest(line)).await,
            ("BYE", _) => {
                self.control.take().ok_or(UserError::NotConnected)?.close().await;
                Ok("CLOSED".to_owned())
            }
            ("CONNECT" | "LOGIN" | "GET" | "SEND" | "APPEND" | "DELETE" | "QUOTE", _) => {
                Err(UserError::Incomplete(verb))
            }
            _ => Err(UserError::Unknown(verb)),
        }
    }

    async fn connect(&mut self, site: &str) -> Result<String, UserError> {
        if self.control.is_some() {
            return Err(UserError::StillConnected);
        }
        let address = self.host.host_named(site).ok_or_else(|| UserError::NoHost(site.to_owned()))?;
        self.control = Some(Control::open(&self.host, address).await?);
        Ok(format!("CONNECTED TO {}", self.host.name_of(address)))
    }

    async fn log_in(&mut self, name: &str, password: &str) -> Result<String, UserError> {
        let reply = self.control()?.log_in(name, password).await?;
        self.directory = Some(name.to_owned());
        Ok(reply.to_string())
    }

    async fn get(&mut self, theirs: &str, mine: &str) -> Result<String, UserError> {
        self.control()?;
        let path = self.path(mine)?;
        let draft = {
            let files = self.host.files();
            // A person who has not said who he is has his host's word for it.
            self.directory.as_ref().map_or(Ok(()), |user| files.may_write(user, &path))?;
            files.draft(path, WriteMode::Replace)?
        };
        let host = self.host.clone();
        let bytes = data::retrieve(&host, self.control()?, theirs, draft).await?;
        Ok(ending::RECEIVED.with(&[&bytes]))
    }

    async fn send(&mut self, mine: &str, command: Command) -> Result<String, UserError> {
        self.control()?;
        let path = self.path(mine)?;
        let content = match &self.directory {
            Some(user) => self.host.files().read_as(user, &path)?,
            None => self.host.files().read(&path)?,
        };
        let host = self.host.clone();
        data::send(&host, self.control()?, &command, &content).await?;
        Ok(ending::SENT.with(&[&content.len()]))
    }

    async fn list(&mut self, theirs: Option<&str>) -> Result<String, UserError> {
        let host = self.host.clone();
        let list = data::list(&host, self.control()?, theirs).await?;
        Ok(on_paper(&list))
    }

    async fn delete(&mut self, theirs: &str) -> Result<String, UserError> {
        Ok(self.control()?.command(&Command::Dele(theirs.to_owned())).await?.to_string())
    }

    async fn quote(&mut self, text: &str) -> Result<String, UserError> {
        let control = self.control()?;
        let reply = control.quote(text).await?;
        let news: Vec<String> = control.news().collect();
        let answer = news.into_iter().chain([reply.to_string()]).collect::<Vec<_>>().join("\n");
        match reply.code().class() {
            Class::Failure | Class::Ignored => Err(UserError::Quoted(answer)),
            Class::News | Class::Status | Class::Positive | Class::Incomplete | Class::Reserved => Ok(answer),
        }
    }

    fn control(&mut self) -> Result<&mut Control, UserError> {
        self.control.as_mut().ok_or(UserError::NotConnected)
    }

    fn path(&self, text: &str) -> Result<PathName, PathError> {
        self.host.files().naming().parse(text, self.directory.as_deref())
    }
}

/// What stands in a line behind its first word.
fn rest(line: &str) -> &str {
    line.trim_start().split_once(char::is_whitespace).map_or("", |(_, rest)| rest.trim())
}

/// A list as it fits on the paper, whatever a server calls a list.
fn on_paper(list: &[u8]) -> String {
    if list.is_empty() {
        return "NO FILES".to_owned();
    }
    let text = String::from_utf8_lossy(list);
    let mut lines: Vec<String> = text.lines().take(MAX_LISTED).map(cut).collect();
    if text.lines().nth(MAX_LISTED).is_some() {
        lines.push("AND MORE".to_owned());
    }
    lines.join("\n")
}

fn cut(line: &str) -> String {
    match line.char_indices().nth(MAX_WIDTH) {
        Some((end, _)) => format!("{} ...", &line[..end]),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_any_length_and_width_fits_on_the_paper() {
        assert_eq!(on_paper(b""), "NO FILES");
        assert_eq!(on_paper(b"<A>B.C  7 BYTES\r\n<A>B.D  8 BYTES\r\n"), "<A>B.C  7 BYTES\n<A>B.D  8 BYTES");
        let wide = on_paper("\u{e9}".repeat(10_000).as_bytes());
        assert_eq!(wide, format!("{} ...", "\u{e9}".repeat(MAX_WIDTH)));
        assert_eq!(on_paper(&b"\xFF\r\n".repeat(MAX_LISTED)).lines().count(), MAX_LISTED);
        let long = on_paper(&b"X\n".repeat(10 * MAX_LISTED));
        assert_eq!((long.lines().count(), long.lines().last()), (MAX_LISTED + 1, Some("AND MORE")));
    }
}
