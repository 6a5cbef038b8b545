//! What a server says of itself, and of files, over the Telnet connection: replies of many lines. A 200 reply ends each
//! (RFC 414, 2).

use ncp::Gender;

use super::actions::Description;
use super::data::Data;
use super::state::{Login, Progress, Work};
use crate::{CommandName, Edition, Form, Help, Parameters, Reply, ReplyCode};

/// How many files a reply describes at most, since nothing can stop it once it is begun (the number is ours).
const MOST_FILES: usize = 100;

/// The answer to STAT with a pathname.
pub(super) fn of_files(description: Description) -> Reply {
    match description {
        Description::File(line) => Reply::new(ReplyCode::FILE_STATUS, line),
        Description::Directory(lines) => {
            let all = lines.len();
            let first =
                Reply::new(ReplyCode::DIRECTORY, format!("{all} file{}", if all == 1 { "" } else { "s" }));
            let files = lines.into_iter().take(MOST_FILES).fold(first, Reply::and);
            match all.checked_sub(MOST_FILES) {
                None | Some(0) => files,
                Some(more) => files.and(format!("and {more} more, which LIST sends, too")),
            }
        }
    }
}

/// The answer to STAT: the parameters, and the operations that are in progress (RFC 414, 4): of which file, between which sockets,
/// and how far.
pub(super) fn of_server(login: &Login, data: &Data, edition: Edition) -> Reply {
    let Parameters { representation, byte, mode, structure } = data.parameters();
    let user = match login {
        Login::Out => "nobody is logged in".to_owned(),
        Login::Named(user) => format!("{} has not given a password", user.escape_default()),
        Login::Owing(user) => format!("{} has not named an account", user.escape_default()),
        Login::In(user) => format!("{} is logged in", user.escape_default()),
    };
    let routes = data.routes();
    // RFC 454, IV.B has a code of its own for what is under way.
    let is_busy = !data.works().are_none() && ReplyCode::BUSY.is_of(edition);
    let code = if is_busy { ReplyCode::BUSY } else { ReplyCode::STATUS };
    let status = Reply::new(code, "status of this server")
        .and(user)
        .and(format!("type {representation}, byte size {byte}, mode {mode}, structure {structure}"))
        .and(format!("for sending: {}", routes.connect(Gender::Send)))
        .and(format!("for receiving: {}", routes.connect(Gender::Receive)));
    if data.works().are_none() {
        return status.and(Reply::NO_TRANSFER);
    }
    data.works().iter().fold(status, |status, work| status.and(of_work(work)))
}

/// What there is to say of a transfer.
fn of_work(work: &Work) -> String {
    let what = work.verb.as_sent();
    match work.progress {
        Progress::Starting => format!("{what}: no data connection yet ({})", work.connect),
        Progress::Moving { local, foreign, bytes } => {
            let (from, to) = match local.gender() {
                Gender::Send => (format!("socket {local}"), foreign.to_string()),
                Gender::Receive => (foreign.to_string(), format!("socket {local}")),
            };
            format!("{what}: {bytes} bytes so far, from {from} to {to}")
        }
    }
}

/// The same as rows of a name and a value, for whoever looks at the server's host.
pub(super) fn rows(login: &Login, data: &Data) -> Vec<(&'static str, String)> {
    let Parameters { representation, byte, mode, structure } = data.parameters();
    let user = match login {
        Login::Out => "nobody yet".to_owned(),
        Login::Named(user) => format!("{}, without a password yet", user.escape_default()),
        Login::Owing(user) => format!("{}, without an account yet", user.escape_default()),
        Login::In(user) => user.escape_default().to_string(),
    };
    let of_work = |work: &Work| match work.progress {
        Progress::Starting => format!("{}: waits for its connection", work.verb),
        Progress::Moving { .. } => format!("{}: data flow", work.verb),
    };
    let works: Vec<String> = data.works().iter().map(of_work).collect();
    let transfer = if works.is_empty() { "none".to_owned() } else { works.join("; ") };
    vec![
        ("logged in", user),
        (
            "parameters",
            format!("type {representation}, byte size {byte}, mode {mode}, structure {structure}"),
        ),
        ("to send", data.routes().connect(Gender::Send).to_string()),
        ("to receive", data.routes().connect(Gender::Receive).to_string()),
        ("transfer", transfer),
    ]
}

/// The answer to HELP (RFC 414, 5): the commands that are served.
pub(super) fn help(edition: Edition) -> Reply {
    let mut files = Vec::new();
    let mut others = Vec::new();
    let mut parameters = Vec::new();
    for name in CommandName::ALL.iter().filter(|name| name.is_of(edition)) {
        match name.help() {
            Help::Files => files.push(name.as_str()),
            Help::Others => others.push(name.as_str()),
            Help::Only(value) => parameters.push(format!("{name} {value}")),
            Help::Absent => {}
        }
    }
    let last = parameters.pop().unwrap_or_default();
    Reply::new(help_code(edition), format!("this server speaks {edition}"))
        .and(files.join(" "))
        .and(others.join(" "))
        .and(format!("{} and {last}, of which the first is the default", parameters.join(", ")))
        .and("HELP and a command says more of it")
}

/// The answer to HELP with a command: what it does, and what it wants; `None` if there is no such command here.
pub(super) fn help_with(topic: &str, edition: Edition) -> Option<Reply> {
    let name = CommandName::from_word(topic.trim_matches(' ')).filter(|name| name.is_of(edition))?;
    let wants = match name.help() {
        Help::Absent => "it is not implemented here".to_owned(),
        Help::Only(value) => format!("here: {value}"),
        Help::Files | Help::Others => match name.form() {
            Form::Nothing => "it stands alone".to_owned(),
            Form::OptionalText | Form::Password | Form::Socket => {
                format!("behind it: {}, or nothing", name.wants_in(edition))
            }
            _ => format!("behind it: {}", name.wants_in(edition)),
        },
    };
    let reply = Reply::new(help_code(edition), format!("{name}: {}", name.meaning())).and(wants);
    Some(match name {
        CommandName::Lstn => reply
            .and("the socket serves all transfers of its direction that follow, for the partner of SOCK")
            .and("ABOR, SOCK alone and a 454 undo it"),
        CommandName::Pasv => reply
            .and("it serves all transfers that follow, for the partner of SOCK")
            .and("ABOR, SOCK alone and a 454 undo it"),
        CommandName::Abor => reply.and("of two transfers it stops both"),
        CommandName::Sock => reply.and("alone, it brings back the default data sockets"),
        _ => reply,
    })
}

/// RFC 414, 5 has 100 for help; the tables of RFC 454, V.C and RFC 542 have not.
fn help_code(edition: Edition) -> ReplyCode {
    match edition {
        Edition::Rfc354 | Edition::Rfc438 => ReplyCode::STATUS,
        Edition::Rfc454 | Edition::Rfc478 | Edition::Rfc542 => ReplyCode::COMMENT,
    }
}
