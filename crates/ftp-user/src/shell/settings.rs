//! What is chosen of a transfer, and how things stand.

use ftp::{Class, Command, Edition, Mode, Parameters, Reply, ReplyCode, Structure, Type};
use ncp::ByteSize;

use super::error::UserError;
use super::user::{User, whole_answer};
use crate::line::Setting;

impl User {
    /// Chooses a type, a byte size, a mode or a structure, if the server takes it.
    pub(super) async fn set(&mut self, what: Setting, value: &str) -> Result<String, UserError> {
        let known = |what, known| UserError::Setting { what, value: value.to_ascii_uppercase(), known };
        let is = |whole: &str| {
            whole
                .get(..value.len())
                .is_some_and(|start| !value.is_empty() && start.eq_ignore_ascii_case(value))
        };
        let command = match what {
            Setting::Type if is("ASCII") => Command::Type(Type::Ascii),
            Setting::Type if is("IMAGE") => Command::Type(Type::Image),
            Setting::Type => return Err(known("TYPE", "ASCII AND IMAGE")),
            Setting::Byte if value.parse() == Ok(ByteSize::EIGHT.bits()) => Command::Byte(ByteSize::EIGHT),
            Setting::Byte => return Err(known("BYTE", "BYTES OF 8 BITS")),
            Setting::Mode if is("STREAM") => Command::Mode(Mode::Stream),
            Setting::Mode => return Err(known("MODE", "STREAM")),
            Setting::Structure if is("FILE") => Command::Stru(Structure::File),
            Setting::Structure => return Err(known("STRUCTURE", "FILE")),
        };
        let reply = self.command(&command).await?;
        self.follow(&command, &reply);
        Ok(reply.to_string())
    }

    /// Keeps in step with the server in what it was told, in whichever way, and how it took that: the parameters of transfers,
    /// and who is logged in.
    pub(super) fn follow(&mut self, command: &Command, reply: &Reply) {
        let is_taken = reply.code().class() == Class::Positive;
        match command {
            Command::User(name) => {
                self.claimed = Some(name.clone());
                self.logged_in = self.claimed.clone().filter(|_| is_taken);
            }
            Command::Pass(_) => self.logged_in = self.claimed.clone().filter(|_| is_taken),
            // An account may also be named later, which is no login.
            Command::Acct(_) if reply.code() == ReplyCode::LOGGED_IN => {
                self.logged_in = self.claimed.clone();
                self.directory = self.claimed.clone().or(self.directory.take());
            }
            Command::Rein if is_taken => {
                (self.logged_in, self.claimed) = (None, None);
                self.parameters = Parameters::default();
            }
            Command::Type(representation) if is_taken => self.parameters.set_type(*representation),
            Command::Byte(byte) if is_taken => self.parameters.byte = *byte,
            Command::Mode(mode) if is_taken => self.parameters.mode = *mode,
            Command::Stru(structure) if is_taken => self.parameters.structure = *structure,
            _ => {}
        }
    }

    /// The same of a line that was quoted, in whichever edition it is a command.
    pub(super) fn follow_quoted(&mut self, text: &str, reply: &Reply) {
        let read = |edition: &Edition| Command::parse(text, *edition).ok();
        if let Some(command) = Edition::ALL.iter().find_map(read) {
            self.follow(&command, reply);
        }
    }

    /// Says how things stand here and, in its own words, at the server; or what it says of a file.
    pub(super) async fn status(&mut self, theirs: Option<String>) -> Result<String, UserError> {
        let here = match (&theirs, &self.control) {
            (Some(_), _) => String::new(),
            (None, None) => return Ok("NOT CONNECTED TO ANY SITE".to_owned()),
            (None, Some(control)) => {
                let site = self.host.name_of(control.site());
                let user = self.logged_in.as_ref().map_or_else(String::new, |user| format!(" AS {user}"));
                let Parameters { representation, byte, mode, structure } = self.parameters;
                let parameters =
                    format!("TYPE {representation}, BYTE {byte}, MODE {mode}, STRUCTURE {structure}");
                format!("CONNECTED TO {site}{user}\n{}\n", parameters.to_ascii_uppercase())
            }
        };
        let (_, reply) = self.ask(&Command::Stat(theirs)).await?;
        let answer = here + &whole_answer(self.control()?, &reply);
        match reply.code().class() {
            Class::Failure | Class::Ignored => Err(UserError::Quoted(answer)),
            Class::News | Class::Status | Class::Positive | Class::Incomplete | Class::Reserved => Ok(answer),
        }
    }
}
