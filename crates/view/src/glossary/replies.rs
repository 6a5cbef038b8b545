//! Replies of the file transfer protocol: what each code says, and a line that shows it.

use std::borrow::Cow;

use ftp::{Class, ReplyCode};
use trace::Lens;

use super::entry::{Entry, Kind, Shown, sentence};

/// What the first digit of a code says.
pub(super) const fn of_class(class: Class) -> &'static str {
    match class {
        Class::News => "news, neither good nor bad",
        Class::Status => "the answer to a question",
        Class::Positive => "it worked",
        Class::Incomplete => "more is wanted before anything can happen",
        Class::Failure => "understood, but it did not work",
        Class::Ignored => "not understood or not fitting, and ignored",
        Class::Reserved => "reserved, and for experiments from 900 on",
    }
}

/// Lines of transcripts that show replies: code, line, scenario.
const REPLIES: &[(u16, &str, &str)] = &[
    (0, "SITE1 -> SITE3  000 the operator says: THE PRINTER IS BACK", "shutting-down"),
    (10, "SITE2 -> SITE3  010 the operator says: THE PRINTER IS BACK", "shutting-down"),
    (30, "SITE1 -> SITE3  030 this service shuts down in 2min", "shutting-down"),
    (100, "SITE1 -> SITE3  100 this server speaks rfc438", "typed-by-hand"),
    (150, "SITE1 -> SITE3  150 <SMITH>NOTES.TXT", "list-and-delete"),
    (151, "MIT-MULTICS -> BBN-TENEX  151 1 file", "multics-paths"),
    (200, "SITE1 -> SITE3  200 at your service", "typed-by-hand"),
    (201, "SITE2 -> SITE3  201 the transfer is stopped", "append-file-not-found"),
    (202, "SLOW -> SITE1  202 there is nothing to stop", "slow-host"),
    (230, "SITE1 -> SITE3  230 SMITH is logged in", "rfc438-append"),
    (231, "SITE1 -> SITE3  231 goodbye", "rfc438-append"),
    (232, "SITE2 -> INTRUDER  232 goodbye when the transfer is over", "third-party-by-hand"),
    (233, "SITE1 -> SITE3  233 logged out, and all is as at the beginning", "card-reader"),
    (250, "SITE1 -> SITE3  250 transfer started", "rfc438-append"),
    (252, "SITE2 -> SITE3  252 transfer complete, 25 bytes over the data connection", "rfc438-append"),
    (253, "SITE1 -> SITE3  253 the file is <SMITH>FINAL.TXT now", "rename-by-hand"),
    (254, "SITE1 -> SITE3  254 <SMITH>OLD.TXT is deleted", "list-and-delete"),
    (255, "SITE2 -> SITE3  255 SOCK 57144", "rfc438-append"),
    (300, "SITE1 -> SITE3  300 SITE1 file transfer server, go ahead", "rfc438-append"),
    (330, "SITE1 -> SITE3  330 password, please", "rfc438-append"),
    (331, "SITE1 -> SITE3  331 WHO PAYS?", "account-wanted"),
    (401, "SITE1 -> SITE3  401 this service is about to shut down, goodbye", "shutting-down"),
    (430, "SITE1 -> SITE2  430 you have not logged in in time, goodbye", "hostile-neighbours"),
    (431, "SITE1 -> SITE3  431 user or password wrong", "ftp-user-complaints"),
    (432, "SITE1 -> SITE3  432 GUEST may not transfer files", "accounts-charged"),
    (433, "SITE1 -> SITE3  433 name the account first, with ACCT", "accounts-charged"),
    (434, "SITE2 -> SITE3  434 the operator has logged you out", "shutting-down"),
    (436, "SITE1 -> SITE3  436 this service shuts down, goodbye", "shutting-down"),
    (450, "SITE1 -> SITE3  450 there is no such file", "append-file-not-found"),
    (451, "SITE2 -> SITE3  451 you have no access to that file", "append-refused-write"),
    (452, "SITE1 -> SITE3  452 data connection: host dead", "cable-pulled"),
    (453, "SITE1 -> SITE3  453 there is not enough room for the file", "quota-full"),
    (454, "SITE1 -> SITE3  454 2,57144 refuses the data connection", "request-too-early"),
    (456, "SITE1 -> SITE3  456 there is a file of that name", "rename-by-hand"),
    (500, "SITE1 -> SITE3  500 FEED is not a command", "typed-by-hand"),
    (
        501,
        "MIT-MULTICS -> BBN-TENEX  501 that is not a pathname here: that begins above the root",
        "multics-paths",
    ),
    (502, "SITE1 -> SITE3  502 RETR wants a pathname, and there is nothing", "typed-by-hand"),
    (504, "SITE1 -> SITE3  504 log in first", "typed-by-hand"),
    (505, "SITE1 -> SITE3  505 LSTN R is for the other direction; SOCK alone undoes it", "typed-by-hand"),
    (506, "SITE2 -> SITE3  506 LSTN is not a command of rfc354", "server-without-lstn"),
];

/// What is to be said of a reply besides what its table says.
fn more_of_reply(code: ReplyCode) -> &'static str {
    match code {
        ReplyCode::DATA_SOCKET => {
            " `255 SOCK 57144` names the socket at which this server's end of the data connection is, so that the user can tell \
             the other server. RFC 354 has it come with the transfer, RFC 438 as the answer to LSTN and SOCK."
        }
        ReplyCode::TRANSFER_DONE => {
            " A server that sends says that it has sent all, one that receives that it has stored all. The servers here say how \
             many bytes it was, so that RSEXEC can compare."
        }
        ReplyCode::TRANSFER_STARTED => " 252 follows, or one of the 45x if it does not end well.",
        ReplyCode::GREETING => " It comes when the control connection has been made, before any command.",
        ReplyCode::CONNECTION_CLOSED => {
            " What becomes of a file of which a part has come, no document says: the servers here keep nothing of it, and leave what \
             was there before as it was."
        }
        ReplyCode::NOT_IMPLEMENTED => " What a server without LSTN says to it.",
        _ => "",
    }
}

/// The replies, as their table has them.
pub(super) fn replies() -> impl Iterator<Item = Entry> {
    ReplyCode::ALL.iter().map(|code| {
        let shown = REPLIES.iter().find(|(number, ..)| *number == code.number());
        let meaning = code.meaning().unwrap_or_default();
        let class = of_class(code.class());
        let digit = code.number() / 100;
        Entry {
            name: Cow::Owned(code.to_string()),
            others: Vec::new(),
            kind: Kind::FtpReply,
            says: Cow::Owned(format!(
                "{}{} It begins with a {digit}: {class}.",
                sentence(meaning),
                more_of_reply(*code)
            )),
            source: code.source().unwrap_or_default().into(),
            looks: shown.map_or("", |(_, line, _)| *line),
            shown: shown.map(|(.., scenario)| Shown { scenario, lens: Lens::Ftp }),
            related: &["reply"],
        }
    })
}
