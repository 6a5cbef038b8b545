//! What a server says of itself, and of files, over the Telnet connection: a reply of many lines, and a 200 reply that
//! ends it (RFC 414, 2).

use ncp::Gender;

use super::{Action, Description, Failure, Login, Progress, Question, ServerSession};
use crate::{Edition, Parameters, Reply, ReplyCode};

/// How many files are described in a reply, which nothing can stop once it is begun (the number is ours).
const MOST: usize = 100;

impl ServerSession {
    /// STAT. Between transfers it may ask for files; during one it is for the transfer, whatever it asks for
    /// (RFC 414, 4; RFC 454, IV.A.3).
    pub(super) fn status(&mut self, path: Option<String>) {
        match (path, &self.progress) {
            (Some(path), Progress::Idle) => {
                if self.admitted() {
                    self.question = Some(Question::Description);
                    self.actions.push_back(Action::Describe(path));
                }
            }
            (None, Progress::Idle) | (_, Progress::Starting { .. } | Progress::Moving { .. }) => {
                self.of_this_server();
            }
        }
    }

    /// Answers [`Action::Describe`].
    pub fn described(&mut self, result: Result<Description, Failure>) {
        match self.question.take() {
            Some(Question::Description) => {}
            other => return self.question = other,
        }
        match result {
            Ok(Description::File(line)) => self.finish(Reply::new(ReplyCode::FILE_STATUS, line)),
            Ok(Description::Directory(lines)) => {
                let all = lines.len();
                let first = Reply::new(ReplyCode::DIRECTORY, format!("{all} files"));
                let files = lines.into_iter().take(MOST).fold(first, Reply::and);
                self.finish(match all.checked_sub(MOST) {
                    None | Some(0) => files,
                    Some(more) => files.and(format!("and {more} more, which LIST sends, too")),
                });
            }
            Err(why) => self.reply(why.code(), why.text()),
        }
    }

    /// RFC 414, 4: the parameters, and the operation that is in progress.
    fn of_this_server(&mut self) {
        let Parameters { representation, byte, mode, structure } = self.parameters;
        let user = match &self.login {
            Login::Out => "nobody is logged in".to_owned(),
            Login::Named(user) => format!("{} has not given a password", user.escape_default()),
            Login::In(user) => format!("{} is logged in", user.escape_default()),
        };
        let transfer = match &self.progress {
            Progress::Idle => "no transfer is in progress".to_owned(),
            Progress::Starting { verb, .. } => format!("a transfer is being set up ({verb})"),
            Progress::Moving { verb, .. } => format!("a transfer is in progress ({verb})"),
        };
        let status = Reply::new(ReplyCode::STATUS, "status of this server")
            .and(user)
            .and(format!("type {representation}, byte size {byte}, mode {mode}, structure {structure}"))
            .and(format!("for sending: {}", self.routes.connect(Gender::Send)))
            .and(format!("for receiving: {}", self.routes.connect(Gender::Receive)))
            .and(transfer);
        self.finish(status);
    }

    /// RFC 414, 5.
    pub(super) fn help(&mut self) {
        let sockets = match self.edition {
            Edition::Rfc354 | Edition::Rfc478 => "SOCK",
            Edition::Rfc438 => "SOCK LSTN",
        };
        let help = Reply::new(ReplyCode::STATUS, format!("this server speaks {}", self.edition))
            .and(format!("USER PASS ACCT {sockets} RETR STOR APPE DELE LIST NLST"))
            .and("ALLO ABOR STAT HELP NOOP BYE")
            .and("TYPE A, BYTE 8, MODE S and STRU F, which are the defaults");
        self.finish(help);
    }

    fn finish(&mut self, reply: Reply) {
        self.actions.push_back(Action::Reply(reply));
        self.reply(ReplyCode::OK, "that is all");
    }
}
