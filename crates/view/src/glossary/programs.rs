//! What is typed to programs, and what they print.

use std::borrow::Cow;

use ftp_user::{Claim, Saying};
use trace::Lens;

use super::entry::{Entry, Kind, Row, Shown, rows};
use super::user_program;

/// The programs and what they share.
pub(super) const TERMS: &[Row] = rows! { Term:
    "teletype" ["terminal", "prompt"]
        "Where a person sits: a typewriter that prints what a program says, and sends it what is typed.",
        "RFC 318, I", "SITE3 types  CONNECT SITE1" in "typed-by-hand" Teletype
        ; see "types", "sees";
    "RSEXEC" ["resource sharing executive", "rsexec", "coordinator"]
        "A program of TENEX that takes commands as the system does, but over the files of all hosts: a file may lie anywhere, and a \
         server of each site is told what to do. RFC 438 is what its APPEND and COPY need of FTP.",
        "RFC 438, p. 1; RFC 441, p. 1; R. Thomas, NCC 1973", "SITE3 types  APPEND (FILE) [SITE1]PROG1.PL1 (TO FILE) [SITE2]PROG2.PL1" in "rfc438-append" Teletype
        ; see "APPEND", "COPY", "third party";
    "noise word" ["noise words", "(FILE)", "(TO FILE)", "(AT)", "(USER)", "FILE", "TO FILE"]
        "A word in parentheses in a command of TENEX: for the reader, and it may be left out.",
        "RFC 438, p. 1; R. Thomas, NCC 1973", "SITE3 types  APPEND (FILE) [SITE1]PROG1.PL1 (TO FILE) [SITE2]PROG2.PL1" in "rfc438-append" Teletype
        ; see "APPEND", "RSEXEC";
    "account" ["accounts", "log in", "login"]
        "A name and a password with which a host lets somebody use its files. Another thing is the account that ACCT names: who pays.",
        "RFC 354, IV.A.1, p. 14; RFC 385, 15, p. 5", "SITE1 -> SITE3  230 SMITH is logged in" in "rfc438-append" Ftp
        ; see "USER", "PASS", "ACCT";
    "netstat" ["NETSTAT"]
        "A list of a host's connections, a line for each, which the operator of a host has printed.",
        "NIC 8246, III", "SITE1 sees  301  SITE2               400  open         8    2     2         80      0" in "allocation-step-by-step" Teletype
        ; see "LOCAL", "MSGS", "open";
    "operator" []
        "Who drives the NCP of a host by hand in a scenario: what comes of it is printed at its teletype.",
        "the scenario language", "SITE1 sees  SOCKET 301: OPEN TO SITE2 SOCKET 400 SIZE 8" in "allocation-step-by-step" Teletype
        ; see "SOCKET #: *", "inits", "listens";
};

/// What is typed to several programs, or to another than the FTP user's.
pub(super) const TYPED: &[Row] = rows! { Typed:
    "LOGIN" []
        "To the FTP user's program: log in at the server, by USER and PASS. To rsexec: remember this account of a site. A password that \
         is not typed with it is asked for, and not shown.",
        "the programs' HELP; RFC 354, IV.A.1, p. 14", "SITE3 types  LOGIN SMITH XXXX" in "list-and-delete" Teletype
        ; see "USER", "PASS", "PASSWORD:";
    "APPEND" []
        "To rsexec: have the server of one site append its file to one of the other site's. To the FTP user's program: append a \
         file of this host to one of the server's.",
        "RFC 438, p. 1; the programs' HELP", "SITE3 types  APPEND (FILE) [SITE1]PROG1.PL1 (TO FILE) [SITE2]PROG2.PL1" in "rfc438-append" Teletype
        ; see "APPENDED", "APPE", "noise word";
    "COPY" []
        "To rsexec: have the server of one site replace its file by one of the other site's.",
        "RFC 438, p. 1", "SITE3 types  COPY (FILE) [SITE1]PROG1.PL1 (TO FILE) [SITE2]PROG2.PL1" in "copy" Teletype
        ; see "COPIED", "STOR", "noise word";
    "HELP at a teletype" []
        "To each of the programs: print which commands there are.",
        "the FTP user's program, its HELP", "SITE3 types  HELP" in "mistyped-command" Teletype
        ; see "HELP";
    "SUMMARY" []
        "To the control center: print every IMP, line and host with one letter for how it is.",
        "the control center's program; no document has the words of the time", "BBN-NCC types  SUMMARY" in "control-center" Teletype
        ; see "IMPS", "LINES", "HOSTS UP";
    "TRAFFIC" []
        "To the control center: print what lines and hosts have carried, from one throughput report to the next.",
        "the control center's program; no document has the words of the time", "BBN-NCC types  TRAFFIC" in "control-center" Teletype
        ; see "THROUGHPUT REPORT", "LINE # TO # # BITS/S, # PACKETS";
    "ACK" []
        "To the control center: the next alarm has been seen.",
        "the control center's program; no document has the words of the time", "BBN-NCC types  ACK" in "control-center" Teletype
        ; see "ACKNOWLEDGED: *";
};

/// What programs print, besides what they say last of a file, and besides the FTP user's program.
const PRINTED: &[Row] = rows! { Printed:
    "PASSWORD:" []
        "The program asks for a password; what is typed then is not shown.",
        "RFC 385, 16, p. 5", "SITE3 sees  PASSWORD:" in "password-asked" Teletype
        ; see "PASS", "XXXX";
    "USER NAME AT *:" ["USER NAME"]
        "rsexec asks for a name with which to log in at a site, since no account there is known.",
        "RFC 354, IV.A.1, p. 14", "SITE3 sees  USER NAME AT SITE1:" in "password-asked" Teletype
        ; see "LOGIN", "USER";
    "*? TYPE HELP" ["TYPE HELP"]
        "The program does not know that command.",
        "the program itself", "SITE3 sees  DANCE? TYPE HELP" in "ftp-user-complaints" Teletype
        ; see "HELP at a teletype", "* WHAT? TYPE HELP";
    "\"*\" IS NOT [SITE]<DIR>NAME.EXT" ["<DIR>"]
        "rsexec cannot read the name of a file: a site in brackets, then the name as the host there has it.",
        "R. Thomas, NCC 1973", "SITE3 sees  \"[SITE1\" IS NOT [SITE]<DIR>NAME.EXT" in "mistyped-command" Teletype
        ; see "pathname", "site";
    "A PARENTHESIS OF \"*\" HAS NO PARTNER" []
        "rsexec takes words in parentheses for noise words, and one of these has no end.",
        "RFC 438, p. 1; R. Thomas, NCC 1973", "SITE3 sees  A PARENTHESIS OF \"APPEND (FILE [SITE1]PROG1.PL1 [SITE2]PROG2.PL1\" HAS NO PARTNER" in "mistyped-command" Teletype
        ; see "noise word";
    "[*] CONNECT: NO CONNECTION: *" ["NO CONNECTION"]
        "rsexec could not reach the server of that site: why stands behind it.",
        "RFC 165", "SITE3 sees  [SITE2] CONNECT: NO CONNECTION: HOST DEAD" in "append-site-dead" Teletype
        ; see "ICP", "NOT DONE: *";
    "THE CONNECTION IS BROKEN: *" []
        "rsexec has lost its dialogue with the server of that site, and why.",
        "NIC 8246, III, Connection Termination, pp. 15-17", "SITE3 sees  [SITE1] RETR PROG1.PL1: THE CONNECTION IS BROKEN: HOST DEAD" in "source-crashes" Teletype
        ; see "control connection", "NOBODY KNOWS WHETHER IT IS DONE: LOOK AT *";
    "THE CONNECTION IS CLOSED" []
        "The server of that site has closed the dialogue with rsexec.",
        "RFC 354, III.A, p. 7; IV.A.3, p. 17", "SITE3 sees  [SITE2] APPE PROG2.PL1: THE CONNECTION IS CLOSED"
        ; see "control connection";
    "NOT DONE: TRY AGAIN LATER" ["TRY AGAIN LATER"]
        "rsexec's advice where a host or its server was not there: nothing has been changed.",
        "rsexec", "SITE3 sees  NOT DONE: TRY AGAIN LATER" in "append-site-dead" Teletype
        ; see "NOT DONE: *", "dead";
    "NOT DONE: PERHAPS NOBODY SERVES FILES THERE" ["PERHAPS NOBODY SERVES FILES THERE"]
        "rsexec's advice where the contact socket of FTP was refused, or did not answer.",
        "RFC 165", "SITE3 sees  NOT DONE: PERHAPS NOBODY SERVES FILES THERE" in "append-no-server" Teletype
        ; see "ICP", "refused", "queueing";
    "NOT DONE: THE SERVER THERE CANNOT TAKE PART: SEE RFC 438" ["CANNOT TAKE PART"]
        "rsexec's advice where a server does not know LSTN, or does not answer SOCK by 255.",
        "RFC 438, a and d, pp. 2-3", "SITE3 sees  NOT DONE: THE SERVER THERE CANNOT TAKE PART: SEE RFC 438" in "server-without-lstn" Teletype
        ; see "LSTN", "rfc354", "506";
    "NOT DONE: NEXT TIME YOU WILL BE ASKED FOR NAME AND PASSWORD" ["NEXT TIME YOU WILL BE ASKED"]
        "rsexec forgets a password that a server did not take.",
        "RFC 354, IV.B, p. 19", "SITE3 sees  NOT DONE: NEXT TIME YOU WILL BE ASKED FOR NAME AND PASSWORD" in "append-wrong-password" Teletype
        ; see "431", "LOGIN";
    "SOCKET #: *" ["SOCKET #"]
        "Something has happened to a connection that the operator of this host drives by hand: what, stands behind it.",
        "NIC 8246, III", "SITE1 sees  SOCKET 301: OPEN TO SITE2 SOCKET 400 SIZE 8" in "allocation-step-by-step" Teletype
        ; see "SOCKET #: OPEN TO * SOCKET # SIZE #", "operator", "closed";
    "SOCKET #: OPEN TO * SOCKET # SIZE #" ["OPEN TO", "SIZE"]
        "The connection is open: whose socket is at its other end, and how many bits a byte has.",
        "NIC 8246, III, Connection Establishment, p. 13", "SITE1 sees  SOCKET 301: OPEN TO SITE2 SOCKET 400 SIZE 8" in "allocation-step-by-step" Teletype
        ; see "open", "request for connection", "byte size";
    "SOCKET #: INTERRUPTED" ["INTERRUPTED"]
        "The other side has sent an INR or an INS.",
        "NIC 8246, III, Interrupts, pp. 19-20", "SITE2 sees  SOCKET 400: INTERRUPTED" in "give-back" Teletype
        ; see "interrupt", "INS", "INR";
    "SOCKET #: WITHDRAWN" ["WITHDRAWN"]
        "The operator has taken back what was not open yet.",
        "NIC 8246, III, Connection Termination, p. 15", "SITE1 sees  SOCKET 400: WITHDRAWN" in "request-refused-at-once" Teletype
        ; see "CLS", "queueing";
    "SOCKET #: ABORTED" ["ABORTED"]
        "The operator has broken the connection off; what was not sent yet is lost.",
        "NIC 8246, III, Connection Termination, p. 15", "SITE1 sees  SOCKET 301: ABORTED" in "give-back" Teletype
        ; see "CLS", "aborts";
    "SOCKET #: * GOES ON AT SOCKET #" ["GOES ON AT SOCKET"]
        "The number has come with which a server goes on behind its contact socket.",
        "RFC 165, pp. 2-5", "SITE3 sees  SOCKET 400: SITE1 GOES ON AT SOCKET 8184" in "user-by-hand" Teletype
        ; see "ICP", "socket number";
    "ECHO # FROM *" ["ECHO"]
        "The other host has answered an ECO.",
        "NIC 8246, III, Test Inquiry, p. 20", "SITE1 sees  ECHO 42 FROM SITE2" in "echo" Teletype
        ; see "ECO", "ERP";
    "RESET BY *" ["RESET"]
        "The other host has asked by RST to forget all connections.",
        "NIC 8246, III, Reinitialization, p. 21", "SITE1 sees  RESET BY SITE2" in "tardy-host" Teletype
        ; see "RST", "reset";
    "ERR # FROM *: *" ["ERR # FROM"]
        "The other host has complained by an ERR, and of what.",
        "NIC 8246, IV, ERR, pp. 29-31", "SITE1 sees  ERR 1 FROM SITE2: illegal opcode" in "unknown-opcode" Teletype
        ; see "ERR";
    "NO CONNECTIONS" []
        "The list of a host's connections is empty.",
        "NIC 8246, III", "SITE1 sees  NO CONNECTIONS" in "close-race-abort-and-refuse" Teletype
        ; see "netstat";
    "THERE IS NO HOST *" []
        "No site has that name in the host's table.",
        "RFC 226", "SITE3 sees  THERE IS NO HOST SITE9" in "mistyped-command" Teletype
        ; see "address", "site";
};

/// When each of rsexec's last words is printed, and which scenario shows it.
fn of_rsexec(name: &str) -> (&'static str, &'static str, Option<&'static str>) {
    match name {
        "appended" => ("Both servers are content.", "SITE3 sees  APPENDED", Some("rfc438-append")),
        "copied" => ("Both servers are content.", "SITE3 sees  COPIED", Some("copy")),
        "other-count" => (
            "Both servers are content, but have counted different numbers of bytes: the end of the connection was taken for the end \
             of the file.",
            "SITE3 sees  5000 BYTES WERE SENT AND 3998 ARRIVED: LOOK AT [SITE2]PROG2.PL1",
            None,
        ),
        "perhaps-not-all" => (
            "The destination has stored what it took for the whole file, but the source has not sent all of it.",
            "SITE3 sees  PERHAPS NOT ALL OF IT HAS ARRIVED: LOOK AT [SITE2]PROG2.PL1",
            None,
        ),
        "not-done" => {
            ("A server has refused, and said why.", "SITE3 sees  NOT DONE", Some("append-file-not-found"))
        }
        "not-done-advice" => (
            "Something did not work, and what can be done about it stands behind.",
            "SITE3 sees  NOT DONE: TRY AGAIN LATER",
            Some("append-site-dead"),
        ),
        "nobody-knows" => (
            "The destination fell silent before it told what came of it: it may have stored all, or nothing.",
            "SITE3 sees  NOBODY KNOWS WHETHER IT IS DONE: LOOK AT [SITE2]PROG2.PL1",
            Some("destination-crashes"),
        ),
        _ => ("", "", None),
    }
}

/// When each of the last words of the FTP user's program is printed, where its words do not say it, and which scenario shows it.
fn of_user(name: &str) -> (&'static str, &'static str, Option<&'static str>) {
    match name {
        "received" => ("They answer GET.", "SITE3 sees  34 BYTES RECEIVED", Some("rfc354-retr")),
        "sent" => ("They answer SEND and APPEND.", "SITE3 sees  26 BYTES SENT", Some("rfc354-stor")),
        "control-broken" => (
            "The control connection has broken, and why.",
            "SITE3 sees  the connection is broken: host dead",
            Some("ftp-user-complaints"),
        ),
        "file-here" => (
            "The file of this host cannot be read or written.",
            "SITE3 sees  FILE HERE: <SMITH>MISSING.TXT: file not found",
            Some("ftp-user-complaints"),
        ),
        "not-connected" => {
            ("There is no dialogue with a server.", "SITE3 sees  CONNECT FIRST", Some("ftp-user-complaints"))
        }
        "incomplete" => (
            "A word of the command is missing.",
            "SITE3 sees  GET NOTES.TXT (TO FILE) WHAT? TYPE HELP",
            Some("ftp-user-complaints"),
        ),
        "too-much" => ("The command has a word more than it takes.", "", None),
        "not-replaced" => (
            "A file would be lost, here or there, and the answer to the question before was not yes.",
            "",
            None,
        ),
        "stopped" => (
            "ABORT was typed, and the server says that it has stopped the transfer.",
            "SITE3 sees  STOPPED AFTER 29058 BYTES",
            Some("abort-by-program"),
        ),
        "nothing-to-stop" => {
            ("ABORT was typed, and the server knows of no transfer; its last word of it got lost.", "", None)
        }
        "given-up" => ("ABORT was typed twice, and the server had answered neither.", "", None),
        "other-received" => (
            "Half a file would pass for a whole one if nobody counted.",
            "SITE3 sees  the server counted 25 bytes, and 12 arrived: they are not kept",
            Some("half-a-file"),
        ),
        "other-stored" => ("Half a file would pass for a whole one if nobody counted.", "", None),
        "data-broken" => ("The data connection broke, and why, though the server is content.", "", None),
        "data-endless" => ("The server says that it is done, and the data connection stays open.", "", None),
        "no-last-word" => {
            ("The data connection has ended, and no reply says whether the file is stored.", "", None)
        }
        "other-socket" => {
            ("Somebody else than the server may have sent what came, or taken what was sent.", "", None)
        }
        "refused-and-open" => ("It cannot be told which command the refusal is about.", "", None),
        "no-data-connection" => ("This host has no room for a data connection.", "", None),
        "endless" => (
            "The server has answered STAT, again and again, that the transfer is under way; nobody waits longer.",
            "",
            None,
        ),
        "farewell" => {
            ("The server has said why it closes the control connection, and has closed it.", "", None)
        }
        "unfit" => ("What the server said answers another command than the one that was asked.", "", None),
        "in-mail" => ("No command is heard until the text of the mail has its end.", "", None),
        "control-closed" => ("The server has closed the control connection.", "", None),
        "no-reply" => ("The server has said nothing for so long.", "", None),
        "last-word-missed" => ("The reply that ends the transfer did not come.", "", None),
        "count-garbled" => {
            ("A piece of the reply is missing or is there twice, so that bytes cannot be compared.", "", None)
        }
        "garbled" => ("A line of the server has no code of three digits where one must stand.", "", None),
        "unsendable" => ("The command has a character that no line of Telnet can have.", "", None),
        _ => ("", "", None),
    }
}

/// What the last words of a command claim of the file that it was to change.
const fn of_claim(claim: Claim) -> &'static str {
    match claim {
        Claim::Whole => "It claims that all of the file is there: what was sent, neither less nor more.",
        Claim::NotWhole => "It claims that something is there, and that this is not what was sent.",
        Claim::Untouched => "It claims that no file has been changed.",
        Claim::Unknown => "It claims nothing: anything may be there.",
    }
}

fn ending(
    row: &Saying,
    program: &'static str,
    of: (&'static str, &'static str, Option<&'static str>),
) -> Entry {
    let (when, looks, scenario) = of;
    let says = format!("The last words of {program}. {when} {}", of_claim(row.claim()));
    Entry {
        name: row.words().into(),
        others: vec![row.name().into()],
        kind: Kind::Printed,
        says: Cow::Owned(says.replace("  ", " ")),
        source: "RFC 354, IV.B, pp. 17-20; RFC 385, 4, p. 2".into(),
        looks,
        shown: scenario.map(|scenario| Shown { scenario, lens: Lens::Teletype }),
        related: &["half a file", "252"],
    }
}

/// What programs print.
pub(super) fn printed() -> Vec<Entry> {
    // That there is no such host the other program says, too.
    let coordinator = rsexec::ENDINGS.iter().filter(|row| row.name() != "no-host");
    let coordinator = coordinator.map(|row| ending(row, "rsexec, of APPEND or COPY", of_rsexec(row.name())));
    let user = ftp_user::ENDINGS.iter();
    let user = user.map(|row| ending(row, "the FTP user's program", of_user(row.name())));
    PRINTED.iter().chain(user_program::PRINTED).map(Entry::from).chain(coordinator).chain(user).collect()
}
