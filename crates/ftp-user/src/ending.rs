//! How a command of the user's program ends: the words that say something of a file, and what each claims of it.

use ftp::{Class, ReplyCode};

use crate::line::verb_of;
use crate::saying::{Claim, Saying};
use crate::verb::Verb;

/// Makes the rows: name, short name, words, claim; and the table of all of them.
macro_rules! endings {
    ($($(#[$doc:meta])+ $name:ident = $short:literal, $words:literal, $claim:ident;)+) => {
        $($(#[$doc])+ pub(crate) const $name: Saying = Saying::new($short, $words, Claim::$claim);)+

        /// All that the program itself says of a file when a command ends. What a server says is quoted as it is, and is in no row.
        pub const ENDINGS: &[Saying] = &[$($name),+];
    };
}

endings! {
    /// `GET`: the file here is what the server sent.
    RECEIVED = "received", "# BYTES RECEIVED", Whole;
    /// `SEND` or `APPEND`: the server says that it has stored the file, and has counted no other number of bytes.
    SENT = "sent", "# BYTES SENT", Whole;
    /// The server has stored another number of bytes than were sent.
    OTHER_STORED = "other-stored",
        "# bytes were sent, and the server counted #: what it has stored is not that file", NotWhole;
    /// The server has sent another number of bytes than arrived.
    OTHER_RECEIVED = "other-received",
        "the server counted # bytes, and # arrived: they are not kept", Untouched;
    /// The data connection broke, though the server is content.
    DATA_BROKEN = "data-broken", "data connection: *", Unknown;
    /// The server says that it is done, and the data connection does not end.
    DATA_ENDLESS = "data-endless", "the data connection did not end", Unknown;
    /// The data connection has ended, and the server does not say whether the file is stored.
    NO_LAST_WORD = "no-last-word", "the server does not say what came of it", Unknown;
    /// Another socket than the server's connected.
    OTHER_SOCKET = "other-socket",
        "the data connection came from another socket than the server had named", Unknown;
    /// The server refuses a command for which it has opened a data connection: what it refuses may be another one.
    REFUSED_AND_OPEN = "refused-and-open", "the server opened a data connection, and then refused: *", Unknown;
    /// This host has no room for the data connection.
    NO_DATA_CONNECTION = "no-data-connection", "no data connection: *", Untouched;
    /// The server has closed the control connection.
    CLOSED = "control-closed", "the connection is closed", Unknown;
    /// The server has said why it closes the control connection, and has closed it.
    FAREWELL = "farewell", "the connection is closed: *", Unknown;
    /// The control connection has broken.
    BROKEN = "control-broken", "the connection is broken: *", Unknown;
    /// The server does not answer.
    NO_REPLY = "no-reply", "no reply for *", Unknown;
    /// What the server said is no answer to that command, and it said nothing more.
    UNFIT = "unfit", "no answer to that, but: *", Unknown;
    /// The server takes all lines for mail.
    IN_MAIL = "in-mail", "the server takes what is sent for the text of mail: QUOTE . ends it", Untouched;
    /// The server says for ever that the transfer is under way.
    ENDLESS = "endless", "the transfer has not ended within *", Unknown;
    /// The transfer is over, and the server's last word was not heard.
    MISSED = "last-word-missed", "the transfer is over, and the server's last word was not heard", Unknown;
    /// The server's last word has a count, and a piece of the line is missing or is there twice.
    COUNT_GARBLED = "count-garbled", "the server's last word is garbled: *", Unknown;
    /// What the server sent is no reply.
    GARBLED = "garbled", "the server sends what is no reply: *", Unknown;
    /// The command cannot be sent.
    UNSENDABLE = "unsendable", "cannot be sent: *", Untouched;
    /// The file of this host cannot be read or written.
    FILE_HERE = "file-here", "FILE HERE: *", Untouched;
    /// There is no dialogue.
    NOT_CONNECTED = "not-connected", "CONNECT FIRST", Untouched;
    /// A word is missing.
    INCOMPLETE = "incomplete", "* WHAT? TYPE HELP", Untouched;
    /// There is a word too many.
    TOO_MUCH = "too-much", "*: WHAT IS *? TYPE HELP", Untouched;
    /// The person does not want a file to be replaced.
    NOT_REPLACED = "not-replaced", "* STAYS AS IT IS", Untouched;
    /// The person has stopped the transfer, and the server says that it has.
    STOPPED = "stopped", "STOPPED AFTER # BYTES", Untouched;
    /// The person has stopped a transfer of which the server knows nothing.
    NOTHING_TO_STOP = "nothing-to-stop",
        "THE SERVER SAYS THAT THERE IS NOTHING TO STOP, AND NOT HOW IT ENDED", Unknown;
    /// The person does not wait any more.
    GIVEN_UP = "given-up", "NOT WAITED FOR ANY MORE: NOBODY KNOWS WHAT CAME OF IT", Unknown;
}

/// What a line claims of the file of a command that sends one or gets one, if it is the last word of such a command: a row's
/// claim, or that nothing was changed if a server refuses (4xx and 5xx).
pub fn claim_of(line: &str) -> Option<Claim> {
    let of_row = ending_of(line).map(Saying::claim);
    of_row.or_else(|| is_refusal(line).then_some(Claim::Untouched))
}

/// What the last line that answers a typed command claims of the file that it was to change: that of this host for `GET`,
/// where what has not arrived as a whole is never kept; that of the server for `SEND` and `APPEND`. `None` for any other command.
pub fn claim_of_answer(typed: &str, line: &str) -> Option<Claim> {
    match (verb_of(typed)?, claim_of(line)?) {
        (Verb::Get, Claim::Whole) => Some(Claim::Whole),
        (Verb::Get, Claim::NotWhole | Claim::Untouched | Claim::Unknown) => Some(Claim::Untouched),
        (Verb::Send | Verb::Append, claim) => Some(claim),
        _ => None,
    }
}

/// The row whose words a line is in.
pub fn ending_of(line: &str) -> Option<&'static Saying> {
    ENDINGS.iter().find(|ending| ending.says(line))
}

/// Whether a line is a server's refusal: a code of class 4 or 5, and text.
fn is_refusal(line: &str) -> bool {
    let code = line.split(' ').next().filter(|code| code.len() == 3);
    let number = code.filter(|code| code.bytes().all(|byte| byte.is_ascii_digit()));
    let code = number.and_then(|number| ReplyCode::new(number.parse().ok()?));
    code.is_some_and(|code| matches!(code.class(), Class::Failure | Class::Ignored))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_line_claims_depends_on_whose_file_it_is() {
        use Claim::{NotWhole, Unknown, Untouched, Whole};
        for (line, claim, of_get) in [
            ("5 BYTES RECEIVED", Whole, Whole),
            ("5 BYTES SENT", Whole, Whole),
            (
                "5 bytes were sent, and the server counted 3: what it has stored is not that file",
                NotWhole,
                Untouched,
            ),
            ("the server counted 5 bytes, and 3 arrived: they are not kept", Untouched, Untouched),
            ("data connection: the partner is dead", Unknown, Untouched),
            ("the connection is closed", Unknown, Untouched),
            ("FILE HERE: file not found", Untouched, Untouched),
            ("452 the data connection was closed", Untouched, Untouched),
            ("504 not now", Untouched, Untouched),
        ] {
            assert_eq!(claim_of(line), Some(claim), "{line}");
            assert_eq!(claim_of_answer("SEND A B", line), Some(claim), "{line}");
            assert_eq!(claim_of_answer("get B A", line), Some(of_get), "{line}");
            assert_eq!(claim_of_answer("DELETE B", line), None, "{line}");
        }
    }

    #[test]
    fn what_says_nothing_of_a_file_claims_nothing() {
        for line in [
            "CONNECTED TO SITE2",
            "NOT CONNECTED ANY MORE",
            "230 you are logged in",
            "252 transfer complete, 5 bytes over the data connection",
            "<SMITH>A.B  5 BYTES ON DISK",
            "X5 BYTES SENT",
            "4500 A",
            "+45 A",
            "CLOSED",
            "",
        ] {
            assert_eq!(claim_of(line), None, "{line:?}");
        }
    }

    #[test]
    fn each_row_has_a_name_of_its_own_and_no_line_is_in_two() {
        for row in ENDINGS {
            let line = row.with(&[&1, &2]);
            let rows: Vec<_> =
                ENDINGS.iter().filter(|one| one.says(&line) || one.name() == row.name()).collect();
            assert_eq!(rows, [row], "{line}");
        }
    }
}
