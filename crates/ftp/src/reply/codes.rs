//! The codes that the documents assign, and what each says, by edition.

use super::ReplyCode;
use crate::Edition;

/// What an edition says of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeRow {
    /// What the code says, in plain words.
    pub meaning: &'static str,
    /// Document, section and page.
    pub source: &'static str,
}

/// Where the editions assign a code, if they do, the oldest edition first.
type Sources = [Option<&'static str>; Edition::ALL.len()];

const R354: Option<&str> = Some("RFC 354, IV.B, pp. 19-20");
const R454: Option<&str> = Some("RFC 454, IV.B, pp. 26-28");
const R542: Option<&str> = Some("RFC 542, FTP Replies, pp. 31-32");

/// Rfc354 and rfc438 go by the same documents here, and rfc478 by RFC 454: what RFC 438 and RFC 478 say of replies, they say of
/// 255 and of commands.
const fn sources(
    early: Option<&'static str>,
    of_454: Option<&'static str>,
    of_542: Option<&'static str>,
) -> Sources {
    [early, early, of_454, of_454, of_542]
}

const EVERY: Sources = sources(R354, R454, R542);
const UNTIL_478: Sources = sources(R354, R454, None);
const SINCE_454: Sources = sources(None, R454, R542);
const ONLY_542: Sources = sources(None, None, R542);

/// A code that a comment on RFC 354 adds.
const fn since(comment: &'static str) -> Sources {
    sources(Some(comment), R454, R542)
}

/// A code that a comment on RFC 354 adds, and that later editions have in other words or not at all.
const fn only(comment: &'static str) -> Sources {
    sources(Some(comment), None, None)
}

/// A code of mail, which RFC 542 leaves to other documents.
const fn of_mail(comment: &'static str) -> Sources {
    sources(Some(comment), R454, None)
}

/// RFC 542 has forgotten 255 in its list, and has it in its table.
const DATA_SOCKET: Sources = [
    R354,
    Some("RFC 354, IV.B, p. 19; RFC 438, a and d, p. 2"),
    R454,
    R454,
    Some("RFC 542, Sequencing of Commands and Replies, p. 38"),
];

/// Makes the codes of rows: name and number, and what the code says where; more than once if the documents differ.
macro_rules! reply_codes {
    ($($name:ident = $number:literal: $meaning:literal $sources:expr $(, $later:literal $more:expr)*;)+) => {
        impl ReplyCode {
            $(#[doc = concat!($number, ": ", $meaning, ".")]
            pub const $name: ReplyCode = ReplyCode($number);)+

            /// Every code that a document assigns, in order.
            pub const ALL: &[ReplyCode] = &[$(ReplyCode::$name),+];

            /// What is said of the code, and where.
            const fn rows(self) -> &'static [(&'static str, Sources)] {
                match self {
                    $(ReplyCode::$name => const { &[($meaning, $sources) $(, ($later, $more))*] },)+
                    _ => &[],
                }
            }
        }
    };
}

reply_codes! {
    NEWS = 0: "news of the site" UNTIL_478, "the server announces itself" ONLY_542;
    OPERATOR_NEWS = 10: "a message from the system's operator" SINCE_454;
    DELAY = 20: "a delay is to be expected" ONLY_542;
    AVAILABILITY = 30: "when the server is to be had" EVERY;
    COMMENT = 50: "a comment of the server, or what concerns its users" EVERY;
    STATUS = 100: "status of the system; also the beginning of help" only("RFC 354, IV.B, p. 19; RFC 414, 2 and 5, pp. 2-3"),
        "status of the system" SINCE_454;
    BUSY = 110: "the system is at work on something" SINCE_454;
    FILE_STATUS = 150: "status of a file" EVERY;
    DIRECTORY = 151: "a directory" EVERY;
    OK = 200: "done as asked; also the end of status and help" only("RFC 354, IV.B, p. 19; RFC 414, 2, p. 2"), "done as asked" SINCE_454;
    ABORTED = 201: "an ABOR has stopped what was going on" EVERY;
    NOTHING_TO_ABORT = 202: "an ABOR found nothing going on" EVERY;
    LOGGED_IN = 230: "logged in" EVERY;
    LOGGED_OUT = 231: "logged out" EVERY;
    LOGOUT_NOTED = 232: "will log out when the transfer is over" EVERY;
    REINITIALIZED = 233: "logged out, and all parameters are as at the beginning" SINCE_454;
    TRANSFER_STARTED = 250: "the transfer has begun" EVERY;
    RESTART_MARKER = 251: "restart marker" EVERY;
    TRANSFER_DONE = 252: "the transfer is complete" EVERY;
    RENAMED = 253: "renamed" EVERY;
    DELETED = 254: "deleted" EVERY;
    DATA_SOCKET = 255: "my data socket" DATA_SOCKET;
    MAIL_DONE = 256: "mail accepted" of_mail("RFC 385, 14, p. 5");
    DATA_CLOSING = 257: "the transfer is complete, and its data connection closes" ONLY_542;
    GREETING = 300: "greeting" EVERY;
    UNFINISHED = 301: "the line has been without its end for long" EVERY;
    PASSWORD_WANTED = 330: "the password, please" EVERY;
    ACCOUNT_WANTED = 331: "the account, please" since("RFC 414, 10, p. 4");
    LOGIN_WANTED = 332: "log in first, please" ONLY_542;
    MAIL_WANTED = 350: "the mail, please, up to a line with only a period" of_mail("RFC 385, 14, p. 5");
    NO_SERVICE = 400: "no such service" EVERY;
    NO_USERS = 401: "no users now, goodbye" EVERY;
    NOT_THAT_VALUE = 402: "the command is there, but not for this value" ONLY_542;
    TOO_MANY_TRIES = 430: "too long or too often at logging in, goodbye" EVERY;
    LOGIN_FAILED = 431: "user or password wrong" EVERY;
    USER_NOT_VALID = 432: "the user may not use this service" EVERY;
    NO_ACCOUNT = 433: "an account is needed to store files" only("RFC 414, 10, p. 4"),
        "an account is needed to transfer files" SINCE_454;
    FORCED_BY_OPERATOR = 434: "logged out by the operator" EVERY;
    FORCED_BY_SYSTEM = 435: "logged out by a failure of the system" EVERY;
    SHUTTING_DOWN = 436: "the service shuts down" EVERY;
    NOT_FOUND = 450: "no such file" EVERY;
    ACCESS_DENIED = 451: "access to the file denied" EVERY;
    CONNECTION_CLOSED = 452: "the data connection closed before the file was complete" EVERY;
    NO_STORAGE = 453: "not enough storage for the file" EVERY;
    CANNOT_CONNECT = 454: "no connection to the data socket" since("RFC 385, 12, p. 4");
    FILE_SYSTEM = 455: "any other trouble of the file system" SINCE_454;
    NAME_TAKEN = 456: "the new name is taken" SINCE_454;
    BAD_PARAMETERS = 457: "the transfer parameters do not go together" SINCE_454;
    UNRECOGNIZED = 500: "no such command" EVERY;
    SYNTAX = 501: "the argument cannot be read" EVERY;
    MISSING = 502: "the argument is missing" EVERY;
    ILLEGAL_COMBINATION = 503: "parameters that do not go together" EVERY;
    NOT_NOW = 504: "not possible at this time" EVERY;
    CONFLICT = 505: "conflicts with earlier commands" EVERY;
    NOT_IMPLEMENTED = 506: "not implemented here" EVERY;
    OTHER_ERROR = 507: "any other error" SINCE_454;
    BAD_PATHNAME = 550: "not a pathname of this site" SINCE_454;
}

impl ReplyCode {
    /// What the edition says of the code; `None` if it does not assign it.
    pub fn row(self, edition: Edition) -> Option<CodeRow> {
        self.rows().iter().find_map(|(meaning, sources)| {
            sources[edition.column()].map(|source| CodeRow { meaning, source })
        })
    }

    /// Whether the edition assigns the code.
    pub fn is_of(self, edition: Edition) -> bool {
        self.row(edition).is_some()
    }

    /// What the edition of record says of the code; if it has none, the first edition that has it.
    fn of_record(self) -> Option<CodeRow> {
        self.row(Edition::default())
            .or_else(|| Edition::ALL.into_iter().find_map(|edition| self.row(edition)))
    }

    /// What the code says, in plain words; `None` if no document assigns it.
    pub fn meaning(self) -> Option<&'static str> {
        self.of_record().map(|row| row.meaning)
    }

    /// Document, section and page; `None` if no document assigns it.
    pub fn source(self) -> Option<&'static str> {
        self.of_record().map(|row| row.source)
    }
}
