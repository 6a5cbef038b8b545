//! The file transfer protocol: its terms, and its commands, replies and parameters as the program's own tables have them.

use std::borrow::Cow;

use ftp::{CommandName, Edition, Form, Help, Mode, Structure, Type};
use trace::Lens;

use super::entry::{Entry, Kind, Row, Shown, rows, sentence};

/// What the protocol is made of.
pub(super) const TERMS: &[Row] = rows! { Term:
    "FTP" ["file transfer protocol"]
        "The protocol by which files are sent from host to host: a user tells a server over the control connection what to do, \
         in lines of text, and the file goes over a connection of its own. It is the ancestor of today's FTP, with some commands \
         that are still the same.",
        "RFC 354, II.B, pp. 5-6; RFC 385; RFC 414", "SITE3 -> SITE1  RETR PROG1.PL1" in "rfc438-append" Ftp
        ; see "control connection", "data connection", "edition", "RETR";
    "user" ["user-FTP", "user process"]
        "The side that says what is to be done: a program, with a person at its teletype or not.",
        "RFC 354, II.A, p. 4", "SITE3 -> SITE1  USER SMITH" in "rfc438-append" Ftp
        ; see "server", "control connection";
    "server" ["servers", "server-FTP"]
        "The side that has files and does what is asked of it. By itself it calls the user for the data connection; only LSTN has \
         it wait for a call.",
        "RFC 354, II.B, pp. 5-6; III.A, p. 6; RFC 438, b, p. 2", "SITE1 -> SITE3  300 SITE1 file transfer server, go ahead" in "rfc438-append" Ftp
        ; see "user", "LSTN", "300";
    "control connection" ["Telnet connections", "dialogue"]
        "Two connections, one each way, by Telnet: commands go over one, replies over the other. They come about by an \
         ICP to socket 3.",
        "RFC 354, II.B, p. 5; V.A, p. 20; RFC 165", "SITE3 -> SITE1  STR 15275 to 8184 size 8" in "rfc438-append" Ncp
        ; see "ICP", "Telnet", "data connection";
    "data connection" ["data socket", "data sockets"]
        "The connection over which a file goes, and nothing else. By RFC 354 the server asks the user for it, at socket U+4 or U+5; \
         SOCK names another partner, and after LSTN the server waits to be asked.",
        "RFC 354, III.A, pp. 6-7; IV.A.2, p. 14; RFC 438, a-d, pp. 2-3", "SITE1 -> SITE2  link 2 data 25 x 8 bits" in "rfc438-append" Data
        ; see "SOCK", "LSTN", "255", "stream mode";
    "edition" ["editions"]
        "Which documents a server or a user of FTP follows: rfc354, rfc438, rfc454, rfc478 or rfc542. A command that the edition \
         of a server does not have is answered by 506.",
        "RFC 354; RFC 438; RFC 454; RFC 478; RFC 542", "SITE1 -> SITE3  100 this server speaks rfc438" in "typed-by-hand" Ftp
        ; see "rfc354", "rfc438", "rfc454", "rfc478", "rfc542";
    "third party" ["server-server interaction", "third host", "third-party transfer"]
        "A transfer between two servers that a user at a third host directs, so that no byte of the file passes its own host. \
         One server must wait for the call of the other; RFC 354 has none that waits, and RFC 438 adds LSTN for it.",
        "RFC 438, pp. 1-3", "SITE1 -> SITE2  STR 8193 to 57144 size 8" in "rfc438-append" Ncp
        ; see "LSTN", "SOCK", "RSEXEC", "RFC 438";
    "reply" ["replies", "reply code"]
        "A line of a server that begins with three digits, for programs, and goes on with text, for people. The first digit says \
         how it went: 2 well, 3 more is wanted, 4 it could not be done, 5 it was not understood; 0 and 1 are news and status.",
        "RFC 354, IV.B, pp. 17-19", "SITE1 -> SITE3  330 password, please" in "rfc438-append" Ftp
        ; see "255", "252", "FTP";
    "pathname" ["path", "file name", "directory"]
        "The name of a file as its own host wants it. On the TENEXes here it is `<SMITH>NOTES.TXT`: the directory of a user in angle \
         brackets, name, dot, extension; RSEXEC puts a site in square brackets before it.",
        "RFC 354, II.A, p. 3; IV.A.3, p. 15; R. Thomas, NCC 1973", "SITE2 file  <JONES>PROG2.PL1 of 51 bytes" in "rfc438-append" Host
        ; see "site", "RETR";
    "half a file" ["end of file", "EOF"]
        "In stream mode the end of the connection is the end of the file, so that half a file whose sender has died looks like a whole \
         one. Only the replies of both servers can tell; RSEXEC compares them.",
        "RFC 385, 4, p. 2; RFC 354, III.C, p. 10", "SITE3 sees  12 BYTES RECEIVED" in "half-a-file" Teletype
        ; see "stream mode", "252", "NOBODY KNOWS WHETHER IT IS DONE: LOOK AT *";
    "stream mode" ["stream"]
        "The usual mode of a transfer: the bytes of the file as they are, and the connection closes behind the last one.",
        "RFC 354, III.C, p. 10", "SITE3 sees  type ASCII, byte size 8, mode stream, structure file" in "typed-by-hand" Teletype
        ; see "half a file", "MODE S";
    "Telnet" ["TELNET"]
        "How text goes over a pair of connections between a user and a program elsewhere: lines of ASCII that end in CR LF, and some bytes \
         above 127 as signals. FTP speaks it on the control connection. There are no options to negotiate yet.",
        "RFC 318, I and II, pp. 2-5", "SITE3 -> SITE1  USER SMITH" in "rfc438-append" Ftp
        ; see "control connection", "interrupt", "CR LF";
    "CR LF" ["␍␊", "carriage return", "line feed", "end of line"]
        "Two bytes, 13 and 10, that end a line. Where data are quoted they are shown as ␍ and ␊; any other byte that cannot be \
         printed is a dot in the middle of the line.",
        "RFC 318, I, p. 3; RFC 354, III.C, p. 10; IV.A, p. 13", "SITE1 -> SITE2  link 2 data 25 x 8 bits \"/* SECOND HALF */␍␊END;␍␊\"" in "rfc438-append" Data
        ; see "data", "Telnet";
    "XXXX" ["mask", "hidden", "(hidden)"]
        "Stands in the place of a password: no view of a run shows one. The bits had it, as they had in 1973: whoever watched a line \
         could read it.",
        "RFC 385, 16, p. 5", "SITE3 -> SITE1  PASS XXXX" in "rfc438-append" Ftp
        ; see "PASS";
};

/// What is to be said of a command besides what its table says: more of it, a line that shows it and where, related entries.
struct More(&'static str, &'static str, Option<&'static str>, &'static [&'static str]);

fn of_command(name: CommandName) -> More {
    match name {
        CommandName::User => More(
            "Mostly the first command; the answer asks for a password.",
            "SITE3 -> SITE1  USER SMITH",
            Some("rfc438-append"),
            &["PASS", "330", "230"],
        ),
        CommandName::Pass => More(
            "It crosses the net as it is, and a transcript has a mask in its place.",
            "SITE3 -> SITE1  PASS XXXX",
            Some("rfc438-append"),
            &["USER", "XXXX", "230", "431"],
        ),
        CommandName::Acct => More(
            "Only hosts that charge for what they do want one.",
            "SITE3 -> SITE1  ACCT 1973",
            Some("account-wanted"),
            &["331", "433"],
        ),
        CommandName::Rein => More(
            "For who logs in again and again, as a card reader does, and does not want to connect anew.",
            "SITE3 -> SITE1  REIN",
            Some("card-reader"),
            &["USER", "233", "BYE"],
        ),
        CommandName::Sock => More(
            "In `SOCK 2,57144` the first number is the address of a host, here host 0 on IMP 2, and the second its socket, which is \
             even, so that it receives. RFC 438 changed two things: the server answers with its own data socket at once, \
             and after LSTN the command says which caller alone is let in.",
            "SITE3 -> SITE1  SOCK 2,57144",
            Some("rfc438-append"),
            &["LSTN", "255", "socket", "address"],
        ),
        CommandName::Lstn => More(
            "The new command of RFC 438. The answer is 255 with the socket's number; the server listens on it when a command to \
             transfer a file comes, instead of calling somebody.",
            "SITE3 -> SITE2  LSTN R",
            Some("rfc438-append"),
            &["SOCK", "255", "third party", "PASV"],
        ),
        CommandName::Pasv => More(
            "What came of LSTN two months later. The name has lasted: passive mode is named after it.",
            "SITE3 -> SITE2  PASV",
            Some("rfc478-no-race"),
            &["LSTN", "rfc478"],
        ),
        CommandName::Retr => More(
            "The server sends, whoever the partner of its data connection is.",
            "SITE3 -> SITE1  RETR PROG1.PL1",
            Some("rfc438-append"),
            &["STOR", "250", "252"],
        ),
        CommandName::Stor => More(
            "What was there before is replaced, but only when all has arrived; at a TENEX it stays, as an older version.",
            "SITE3 -> SITE2  STOR PROG2.PL1",
            Some("copy"),
            &["RETR", "APPE"],
        ),
        CommandName::Appe => More(
            "A file that is not there is made.",
            "SITE3 -> SITE2  APPE PROG2.PL1",
            Some("rfc438-append"),
            &["STOR", "APPEND"],
        ),
        CommandName::Dele => {
            More("", "SITE3 -> SITE1  DELE OLD.TXT", Some("list-and-delete"), &["254", "DELETE"])
        }
        CommandName::List => More(
            "The list goes over the data connection; STAT gives one in its reply.",
            "SITE3 -> SITE1  LIST",
            Some("list-and-delete"),
            &["NLST", "STAT"],
        ),
        CommandName::Nlst => {
            More("For programs, as LIST is for people.", "SITE3 -> SITE1  NLST", Some("image"), &["LIST"])
        }
        CommandName::Rnfr => More(
            "RNTO must follow at once.",
            "SITE3 -> SITE1  RNFR DRAFT.TXT",
            Some("rename-by-hand"),
            &["RNTO", "253"],
        ),
        CommandName::Rnto => More(
            "It follows RNFR.",
            "SITE3 -> SITE1  RNTO FINAL.TXT",
            Some("rename-by-hand"),
            &["RNFR", "253"],
        ),
        CommandName::Allo => More(
            "Some servers need it before a file is stored; others answer and do nothing. Where a user's files may be so long in all, and \
             no longer, it tells whether this one still fits.",
            "SITE3 -> SITE1  ALLO 600",
            Some("quota-full"),
            &["STOR", "453"],
        ),
        CommandName::Rest => More(
            "Markers exist in block mode only, so that stream mode has nothing to go on from.",
            "SITE3 -> SITE1  REST X",
            None,
            &["251", "MODE B"],
        ),
        CommandName::Abor => More(
            "An interrupt may go before it, so that the server reads it during the transfer. It is answered whether there was \
             something to stop or not.",
            "SITE3 -> SITE2  ABOR",
            Some("append-file-not-found"),
            &["201", "202", "interrupt"],
        ),
        CommandName::Mlfl => More("", "SITE3 -> SITE1  MLFL SMITH", None, &["MAIL"]),
        CommandName::Mail => More("", "SITE3 -> SITE1  MAIL SMITH", None, &["MLFL", "350", "256"]),
        CommandName::Stat => More(
            "The answer comes as a reply, over the control connection.",
            "SITE3 -> SITE1  STAT NOTES.TXT",
            Some("list-and-delete"),
            &["100", "150", "LIST"],
        ),
        CommandName::Help => {
            More("", "SITE3 -> SITE1  HELP", Some("typed-by-hand"), &["100", "200", "HELP at a teletype"])
        }
        CommandName::Quot => More(
            "For trying out what a server has and the user's program does not know.",
            "SITE3 -> SITE1  QUOT",
            None,
            &["NQUO"],
        ),
        CommandName::Nquo => More("", "SITE3 -> SITE1  NQUO", None, &["QUOT"]),
        CommandName::Site => More(
            "What a site has that others have not, as HELP SITE says there.",
            "SITE3 -> SITE1  SITE SPOOL",
            None,
            &["HELP"],
        ),
        CommandName::Xcwd => More(
            "Names that begin with X are experiments of a site; this one became CWD.",
            "SITE3 -> SITE1  XCWD <SMITH>",
            None,
            &["LIST"],
        ),
        CommandName::Noop => More(
            "It shows whether a server is still there.",
            "SITE3 -> SITE1  NOOP",
            Some("typed-by-hand"),
            &["200"],
        ),
        CommandName::Bye => More(
            "A transfer that is under way is finished first.",
            "SITE3 -> SITE1  BYE",
            Some("rfc438-append"),
            &["231", "232"],
        ),
        CommandName::Type => {
            More("", "SITE3 -> SITE1  TYPE I", Some("image"), &["TYPE A", "TYPE I", "TYPE L", "BYTE"])
        }
        CommandName::Byte => More(
            "It goes with TYPE I and TYPE L only; text has 8.",
            "SITE3 -> SITE1  BYTE 36",
            Some("image"),
            &["TYPE", "byte size"],
        ),
        CommandName::Mode => More("", "SITE3 -> SITE1  MODE S", None, &["MODE S", "MODE B", "MODE T"]),
        CommandName::Form => More("", "SITE3 -> SITE1  FORM U", None, &["TYPE"]),
        CommandName::Stru => More("", "SITE3 -> SITE1  STRU F", None, &["STRU F", "STRU R"]),
    }
}

/// The line and the scenario that show something of FTP.
fn in_ftp(scenario: Option<&'static str>) -> Option<Shown> {
    scenario.map(|scenario| Shown { scenario, lens: Lens::Ftp })
}

/// The names of editions, as a list.
fn editions(editions: &[Edition]) -> String {
    editions.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// An argument of a command, by its letter, with what the table calls it and one sentence more.
fn parameter(name: String, called: String, more: &'static str, source: &'static str) -> Entry {
    let is_usual = matches!(name.as_str(), "TYPE A" | "MODE S" | "STRU F");
    let shown = is_usual.then_some(Shown { scenario: "typed-by-hand", lens: Lens::Ftp });
    Entry {
        says: Cow::Owned(format!("{} {more}", sentence(&called))),
        name: Cow::Owned(name),
        others: vec![Cow::Owned(called)],
        kind: Kind::FtpParameter,
        source: source.into(),
        looks: if is_usual {
            "SITE1 -> SITE3     TYPE A or I, BYTE 8, MODE S and STRU F, of which the first is the default"
        } else {
            ""
        },
        shown,
        related: &["TYPE", "MODE", "STRU"],
    }
}

fn of_type(representation: Type) -> &'static str {
    match representation {
        Type::Ascii => {
            "Text, each character in a byte of 8 bits, lines ending in CR LF: what is sent if nothing else is asked for."
        }
        Type::Image => {
            "The bits of the file one after the other, in bytes of any size: two hosts of one kind copy anything so."
        }
        Type::Local => "Bytes of a size that the user gives, stored as the other host finds best.",
        Type::Ebcdic => "Text in the code of IBM's machines.",
        Type::PrintAscii => "Text for a printer, whose first character in each line moves the paper.",
        Type::PrintEbcdic => {
            "Text for a printer in the code of IBM's machines: the first character of a line moves the paper."
        }
    }
}

fn of_mode(mode: Mode) -> &'static str {
    match mode {
        Mode::Stream => "The bytes as they are; the end of the connection is the end of the file.",
        Mode::Block => {
            "Blocks with a count before each, so that the end of a file can be told from the end of a connection."
        }
        Mode::Text => "Text in which codes above 127 end records and the file.",
        Mode::Hasp => {
            "Meant for print files, compressed as a system of IBM's does it. How, no document said before March 1973: there it is a \
             compressed mode for files of any kind."
        }
    }
}

const fn source_of_mode(mode: Mode) -> &'static str {
    match mode {
        Mode::Stream => "RFC 354, III.C, p. 10; RFC 385, 4, p. 2",
        Mode::Text => "RFC 354, III.C, p. 10",
        Mode::Block => "RFC 354, III.C, pp. 10-12; RFC 385, 5 and 6, p. 3",
        Mode::Hasp => "RFC 354, III.C, p. 12; RFC 468",
    }
}

fn of_structure(structure: Structure) -> &'static str {
    match structure {
        Structure::File => "No structure but its bytes.",
        Structure::Record => "Records, which end as the mode has it.",
    }
}

fn of_edition(edition: Edition) -> (&'static str, &'static str, &'static str, Option<&'static str>) {
    match edition {
        Edition::Rfc354 => (
            "FTP of July 1972, with what RFC 385 and RFC 414 changed: what servers spoke in January 1973. None of them \
             can be told to listen.",
            "RFC 354; RFC 385; RFC 414",
            "SITE2 -> SITE3  506 LSTN is not a command of rfc354",
            Some("server-without-lstn"),
        ),
        Edition::Rfc438 => (
            "FTP of RFC 354 with LSTN and the changed SOCK of RFC 438: what most scenarios are about.",
            "RFC 438",
            "SITE1 -> SITE3  100 this server speaks rfc438",
            Some("typed-by-hand"),
        ),
        Edition::Rfc454 => (
            "All of it written anew, in February 1973: LSTN is in it, and SOCK is answered as in RFC 354. Answers of many lines \
             begin with a code and a hyphen.",
            "RFC 454",
            "SITE1 -> SITE3  100 this server speaks rfc454",
            None,
        ),
        Edition::Rfc478 => (
            "What a meeting made of RFC 454 in March 1973: PASV in the place of LSTN.",
            "RFC 478",
            "SITE1 -> SITE3  100 this server speaks rfc478",
            None,
        ),
        Edition::Rfc542 => (
            "The FTP of August 1973: PASV, data sockets of the server that everybody can compute, and no mail.",
            "RFC 542",
            "SITE1 -> SITE3  100 this server speaks rfc542",
            None,
        ),
    }
}

/// The commands, as their table has them.
pub(super) fn commands() -> impl Iterator<Item = Entry> {
    CommandName::ALL.iter().map(|name| {
        let More(more, looks, scenario, related) = of_command(*name);
        let wants = match name.form() {
            Form::Nothing => "It has no argument.".to_owned(),
            Form::OptionalText => format!("Its argument: {}, or none.", name.wants()),
            _ => format!("Its argument: {}.", name.wants()),
        };
        let of = match name.editions() {
            all if all.len() == Edition::ALL.len() => "All editions have it.".to_owned(),
            some => format!("Of the editions that are simulated only these have it: {}.", editions(some)),
        };
        let served = if name.help() == Help::Absent { " The servers here answer it by 506." } else { "" };
        let says = format!("To a server: {}. {wants} {more}", name.meaning());
        Entry {
            name: name.as_str().into(),
            others: Vec::new(),
            kind: Kind::FtpCommand,
            says: Cow::Owned(format!("{}{served} {of}", says.trim_end())),
            source: name.source().into(),
            looks,
            shown: in_ftp(scenario),
            related,
        }
    })
}

/// Types, modes, structures and editions.
pub(super) fn parameters() -> Vec<Entry> {
    let types = Type::ALL.iter().map(|one| {
        parameter(
            format!("TYPE {}", one.letter()),
            one.to_string(),
            of_type(*one),
            "RFC 354, III.B, pp. 8-9; RFC 385, 3, pp. 1-2",
        )
    });
    let modes = Mode::ALL.iter().map(|one| {
        parameter(format!("MODE {}", one.letter()), one.to_string(), of_mode(*one), source_of_mode(*one))
    });
    let structures = Structure::ALL.iter().map(|one| {
        parameter(
            format!("STRU {}", one.letter()),
            one.to_string(),
            of_structure(*one),
            "RFC 354, III.C, pp. 9-10",
        )
    });
    let editions = Edition::ALL.into_iter().map(|edition| {
        let (says, source, looks, scenario) = of_edition(edition);
        Entry {
            name: Cow::Owned(edition.to_string()),
            others: Vec::new(),
            kind: Kind::FtpParameter,
            says: says.into(),
            source: source.into(),
            looks,
            shown: in_ftp(scenario),
            related: &["edition", "LSTN", "PASV"],
        }
    });
    types.chain(modes).chain(structures).chain(editions).collect()
}
