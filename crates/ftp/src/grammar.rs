//! Which replies may come to which command: the tables of the documents, by edition.
//!
//! RFC 354, V.C has the first table, which RFC 385, 12 to 15, RFC 414, 2, 5 and 10, and RFC 438, a and d amend. RFC 454, V.C
//! has the second, which serves RFC 478, too; RFC 542 the third. Whoever reads a dialogue, on either side or from without, asks
//! these tables ([`CommandName::answers`]), through [`UserSession`](crate::UserSession) if it has to tell which reply answers
//! which command.

use crate::{Class, CommandName, Edition, ReplyCode};

/// Codes, as ranges from the first to the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Codes(&'static [(u16, u16)]);

impl Codes {
    /// No code.
    pub const NONE: Codes = Codes(&[]);

    /// Whether the code is among them.
    pub fn contains(self, code: ReplyCode) -> bool {
        self.0.iter().any(|(first, last)| (*first..=*last).contains(&code.number()))
    }

    /// All of them, in the order of the table.
    pub fn iter(self) -> impl Iterator<Item = ReplyCode> {
        self.0.iter().flat_map(|(first, last)| (*first..=*last).filter_map(ReplyCode::new))
    }
}

/// What may answer a command in an edition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answers {
    /// The primary replies if all goes well: the command is carried out, has begun, or wants more. Of a question, also those
    /// after which more of the answer may come.
    pub first: Codes,
    /// The primary replies if not.
    pub refused: Codes,
    /// The secondary replies if all has gone well: the end of what has begun.
    pub then: Codes,
    /// The secondary replies if not.
    pub broken: Codes,
}

impl Answers {
    /// Whether the code may come to the command at all.
    pub fn have(self, code: ReplyCode) -> bool {
        [self.first, self.refused, self.then, self.broken].into_iter().any(|codes| codes.contains(code))
    }
}

/// What kind of exchange a command begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exchange {
    /// One reply.
    Plain,
    /// A 250 when the transfer begins, and a second reply when it is over; a 255 may come before or between.
    Transfer,
    /// A 350 that asks for the text of the mail, and a second reply when that is delivered.
    Mail,
    /// A question about status: by RFC 414, 2 and 5 any number of 1xx, then a 200; by RFC 454, IV.B one reply of one or many lines.
    Question,
    /// One reply, in the place of all that are still due to the commands sent before.
    Abort,
}

/// Makes codes of numbers and ranges.
macro_rules! codes {
    ($($first:literal $(to $last:literal)?),* $(,)?) => {
        Codes(&[$(codes!(range $first $($last)?)),*])
    };
    (range $one:literal) => { ($one, $one) };
    (range $first:literal $last:literal) => { ($first, $last) };
}

/// Makes a table: for each name the primary replies, good and bad, and behind an arrow the secondary ones.
macro_rules! table {
    ($(#[$doc:meta])* $table:ident: $(
        $($name:ident)|+ = $first:tt / $refused:tt $(=> $then:tt / $broken:tt)?;
    )+) => {
        $(#[$doc])*
        const fn $table(name: CommandName) -> Option<Answers> {
            match name {
                $($(CommandName::$name)|+ => Some(Answers {
                    first: table!(codes $first),
                    refused: table!(codes $refused),
                    then: table!(codes $([$then])?),
                    broken: table!(codes $([$broken])?),
                }),)+
                _ => None,
            }
        }
    };
    (codes) => { Codes::NONE };
    (codes [[$($codes:tt)*]]) => { codes!($($codes)*) };
    (codes [$($codes:tt)*]) => { codes!($($codes)*) };
}

table! {
    /// RFC 354, V.C; 330 and 331 behind USER and PASS from RFC 385, 15 and RFC 414, 10; 433 from RFC 414, 10 for all that is done
    /// with a file; 454, MLFL, MAIL and ACCT from RFC 385, 12 to 15; the 200 behind STAT and HELP from RFC 414, 2 and 5. STRU, which the
    /// table forgets, is answered as MODE; NLST as LIST (RFC 414, 5); NOOP, on trial in RFC 414, 11, as others without an argument.
    early:
    User = [230, 330, 331] / [430 to 432, 500 to 505];
    Pass = [230, 330, 331] / [430 to 432, 500 to 505];
    Acct = [230] / [430 to 432, 500 to 506];
    Bye = [231, 232] / [430 to 432, 500 to 505];
    Byte | Sock | Type | Mode | Stru = [200] / [500 to 506];
    Retr = [250] / [433, 450, 451, 454, 500 to 506] => [252] / [452];
    Stor | Appe = [250] / [433, 451, 454, 500 to 506] => [252] / [452, 453];
    Mlfl = [250] / [451, 454, 500 to 506] => [252] / [452, 453];
    Mail = [350] / [450, 451, 500 to 506] => [256] / [];
    Rnfr = [200] / [433, 450, 451, 500 to 506];
    Rnto = [253] / [433, 450, 451, 500 to 505];
    Dele = [254] / [433, 450, 451, 500 to 506];
    List | Nlst = [250] / [450, 453, 454, 500 to 506] => [252] / [452];
    Allo | Rest | Noop = [200] / [500 to 506];
    Stat = [100, 150, 151, 200] / [450, 451, 500 to 506];
    Help = [100, 200] / [500 to 506];
    Abor = [201, 202] / [500 to 505];
}

table! {
    /// RFC 454, V.C. A 331 keeps the command until an account is given (IV.A.1). HELP is answered by what the table says, and by
    /// the 100 of IV.A.3.
    of_454:
    User = [230, 330] / [430 to 432, 500 to 505, 507];
    Pass = [230, 331] / [430 to 432, 500 to 507];
    Acct = [230] / [430 to 432, 500 to 507];
    Rein = [232, 233] / [401, 436, 500 to 507] => [300] / [];
    Bye = [231, 232] / [430 to 432, 500 to 505, 507];
    Byte | Type | Form | Stru | Mode | Allo | Rest | Quot = [200, 331] / [500 to 507];
    Sock = [200, 331] / [500 to 505, 507];
    Lstn = [255, 331] / [500 to 507];
    Retr = [250, 331] / [433, 450, 451, 454, 455, 500 to 505, 507, 550] => [252] / [452];
    Stor = [250, 331] / [433, 451, 454, 455, 457, 500 to 505, 507, 550] => [252] / [452, 453];
    Appe = [250, 331] / [433, 451, 454, 455, 457, 500 to 507, 550] => [252] / [452, 453];
    Rnfr = [200, 331] / [433, 450, 451, 455, 500 to 507, 550];
    Dele = [254, 331] / [433, 450, 451, 455, 500 to 507, 550];
    Rnto = [253, 331] / [433, 450, 451, 455, 456, 500 to 505, 507, 550];
    Abor = [201, 202, 331] / [500 to 507];
    List = [250, 331] / [433, 450, 451, 454, 455, 457, 500 to 507, 550] => [252] / [452];
    Nlst = [250, 331] / [433, 450, 451, 454, 455, 457, 500 to 507] => [252] / [452];
    Stat = [100, 110, 150, 151, 331] / [450, 451, 454, 455, 500 to 507, 550];
    Help = [0, 30, 50, 100, 331] / [500 to 507];
    Mlfl = [250, 331] / [433, 450, 451, 454, 455, 457, 500 to 507] => [252] / [452, 453];
    Mail = [331, 350] / [433, 450, 451, 455, 500 to 507] => [256] / [];
    Noop | Nquo = [200] / [500 to 505, 507];
}

table! {
    /// RFC 542, Sequencing of Commands and Replies; behind PASS also the 331 of its section on access control commands.
    of_542:
    User = [230, 330] / [430 to 432, 500 to 505, 507];
    Pass = [230, 330, 331] / [430 to 432, 500 to 507];
    Acct = [230] / [430 to 432, 500 to 507];
    Rein = [232, 233] / [401, 436, 500 to 507] => [300] / [];
    Bye = [231, 232] / [500 to 505, 507];
    Byte | Type | Mode = [200, 331] / [402, 500 to 505, 507];
    Sock | Stru = [200, 331] / [500 to 505, 507];
    Pasv | Rest = [200, 331] / [500 to 507];
    Retr = [250] / [402, 433, 450, 451, 454, 455, 457, 500 to 505, 507, 550] => [252, 257] / [452];
    Stor = [250] / [402, 433, 451, 454, 455, 457, 500 to 505, 507, 550] => [252, 257] / [452, 453];
    Appe = [250] / [402, 433, 451, 454, 455, 457, 500 to 507, 550] => [252, 257] / [452, 453];
    Allo | Site | Xcwd = [200, 331] / [402, 500 to 507];
    Rnfr = [200] / [402, 433, 450, 451, 455, 500 to 507, 550];
    Rnto = [253] / [402, 433, 450, 451, 455, 456, 500 to 507, 550];
    Abor = [201, 202, 331] / [500 to 507];
    Dele = [254] / [402, 433, 450, 451, 455, 500 to 507, 550];
    List | Nlst = [250] / [402, 433, 450, 451, 454, 455, 457, 500 to 507, 550] => [252, 257] / [452];
    Stat = [100, 110, 150, 151, 331] / [450, 451, 455, 500 to 507, 550];
    Help = [30, 50] / [500 to 507];
    Noop = [200] / [500 to 505, 507];
}

impl CommandName {
    /// What may answer the command in this edition; `None` if the edition has no such command.
    pub fn answers(self, edition: Edition) -> Option<Answers> {
        if !self.is_of(edition) {
            return None;
        }
        match (edition, self) {
            // RFC 438, a; that it may refuse is said without a code.
            (Edition::Rfc438, CommandName::Lstn) => {
                let (first, refused) = (codes![255], codes![500 to 506]);
                Some(Answers { first, refused, then: Codes::NONE, broken: Codes::NONE })
            }
            // RFC 438, d.1: the 255 may not wait. A SOCK without a socket has none to tell.
            (Edition::Rfc438, CommandName::Sock) => {
                early(self).map(|answers| Answers { first: codes![200, 255], ..answers })
            }
            (Edition::Rfc354 | Edition::Rfc438, _) => early(self),
            // RFC 478 wants an acknowledgement, and names no code.
            (Edition::Rfc478, CommandName::Pasv) => of_542(self),
            (Edition::Rfc454 | Edition::Rfc478, _) => of_454(self),
            (Edition::Rfc542, _) => of_542(self),
        }
    }

    /// Whether the command arranges the data connection, so that a 255 may answer it.
    pub const fn arranges_socket(self) -> bool {
        matches!(self, CommandName::Sock | CommandName::Lstn | CommandName::Pasv)
    }

    /// Which kind of exchange the command begins.
    pub const fn exchange(self) -> Exchange {
        match self {
            CommandName::Retr
            | CommandName::Stor
            | CommandName::Appe
            | CommandName::List
            | CommandName::Nlst
            | CommandName::Mlfl => Exchange::Transfer,
            CommandName::Mail => Exchange::Mail,
            CommandName::Stat | CommandName::Help => Exchange::Question,
            CommandName::Abor => Exchange::Abort,
            _ => Exchange::Plain,
        }
    }
}

impl ReplyCode {
    /// Whether the code may come at any time, and belongs to no command (the last rows of the tables of RFC 354, V.C, RFC 454, V.C
    /// and RFC 542). The 255 that answers SOCK and LSTN comes at its time, and 430 is said, too, to one who takes too long to log in.
    pub fn is_spontaneous(self) -> bool {
        self.class() == Class::News
            || matches!(
                self,
                ReplyCode::GREETING
                    | ReplyCode::UNFINISHED
                    | ReplyCode::RESTART_MARKER
                    | ReplyCode::DATA_SOCKET
            )
            || self.is_farewell()
    }

    /// Whether a server that closes has said why by this code: no service, no users now, too long at logging in, forced out, or
    /// shutting down.
    pub const fn is_farewell(self) -> bool {
        matches!(
            self,
            ReplyCode::NO_SERVICE
                | ReplyCode::NO_USERS
                | ReplyCode::TOO_MANY_TRIES
                | ReplyCode::FORCED_BY_OPERATOR
                | ReplyCode::FORCED_BY_SYSTEM
                | ReplyCode::SHUTTING_DOWN
        )
    }
}

#[cfg(test)]
mod tests;
