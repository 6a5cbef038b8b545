//! What commands and replies mean, in plain words.

use ftp::{CommandName, Edition, ReplyCode};
use imp::Carried;
use ncp::{Command, CommandError};

use crate::halves::Half;

/// What a NOP at level 1 says: it is sent because the first messages behind a ready line may be damaged.
pub(crate) const NOP: &str = "to be ignored";

/// What an RFNM says.
pub(crate) const RFNM: &str = "it has arrived: ready for the next message";

/// What is to be known of a message that arrives: it is longer than it was when it was sent.
pub(crate) const ARRIVAL: &str = "with leader and padding";

/// What a ready line says: a host's, or its IMP's.
pub(crate) fn ready_line(is_up: bool) -> &'static str {
    if is_up { "messages can cross the cable" } else { "nothing can cross the cable" }
}

/// What a control command asks of its receiver or tells it; of a connection, which half of what it is.
pub(crate) fn command(command: Command, half: Option<Half>) -> String {
    let late = if half == Some(Half::TooLate) { ": too late" } else { "" };
    match command {
        Command::Nop | Command::Err { .. } => String::new(),
        Command::Rts { link, .. } if half == Some(Half::Opens) => format!("open, on link {link}"),
        Command::Str { size, .. } if half == Some(Half::Opens) => format!("open, in {size}-bit bytes"),
        Command::Rts { link, .. } => format!("let me receive on link {link}{late}"),
        Command::Str { size, .. } => format!("let me send {size}-bit bytes{late}"),
        Command::Cls { .. } => match half {
            Some(Half::Closes) => "close, first half",
            Some(Half::Refuses) => "refuse, first half",
            Some(Half::Withdraws) => "withdraw, first half",
            Some(Half::Ends) => "close, second half",
            _ => "close",
        }
        .to_owned(),
        Command::All { .. } => "you may send this much more".to_owned(),
        Command::Gvb { .. } => "give this much back".to_owned(),
        Command::Ret { .. } => "this much is given back".to_owned(),
        Command::Inr { .. } => "the receiver interrupts".to_owned(),
        Command::Ins { .. } => "the sender interrupts".to_owned(),
        Command::Eco { .. } => "send this back".to_owned(),
        Command::Erp { .. } => "sent back".to_owned(),
        Command::Rst => "forget all our connections".to_owned(),
        Command::Rrp => "forgotten".to_owned(),
    }
}

/// What is to be known of text that uses up what its sender may send.
pub(crate) const USED_UP: &str = "used up, wait for ALL";

/// What a frame between IMPs is, and what they mean by it. Room is what they allocate to each other, and no host sees it.
pub(crate) fn carried(what: Carried) -> &'static str {
    match what {
        Carried::Data { .. } => "",
        Carried::Request { .. } => "between IMPs: is there room for eight packets?",
        Carried::AllocateOne { .. } => "between IMPs: there is room for one packet",
        Carried::AllocateEight => "between IMPs: there is room for eight packets",
        Carried::GiveBack => "between IMPs: that room is not needed",
        Carried::Rfnm { allocate: false, .. } => "to the source's IMP: it has arrived",
        Carried::Rfnm { allocate: true, .. } => {
            "to the source's IMP: it has arrived, and there is room for the next"
        }
        Carried::HostDead { .. } => "to the source's IMP: not delivered",
        Carried::HostTardy { .. } => "to the source's IMP: not taken for 30 seconds",
        Carried::Inquiry { .. } => "between IMPs: was it lost?",
        Carried::Incomplete { .. } => "between IMPs: it was lost",
        Carried::Withdrawal { .. } => "between IMPs: the rest will not come",
        Carried::Void => "in the place of a packet that was not taken",
        Carried::Acknowledgements => "what has crossed the other way was taken",
        Carried::Routing => "to a neighbour: how far I am from each IMP",
    }
}

/// What may come of a control command that cannot be read.
pub(crate) fn unreadable(error: CommandError) -> &'static str {
    match error {
        CommandError::UnknownOpcode { .. } => "ERR 1 is for this",
        CommandError::Experimental { .. } => "ERR 1 if the receiver takes no part",
        CommandError::Short { opcode: Command::ERR_OPCODE, .. } => "no ERR answers an ERR",
        CommandError::Short { .. } => "ERR 2 is for this",
    }
}

/// The FTP commands whose meaning is shown. The names of the others say enough to a reader, or stand beside the
/// server's own words; so that transcripts stay short.
const SHOWN: &[CommandName] = &[
    CommandName::Lstn,
    CommandName::Sock,
    CommandName::Retr,
    CommandName::Stor,
    CommandName::Appe,
    CommandName::Dele,
    CommandName::List,
    CommandName::Nlst,
    CommandName::Bye,
];

/// The codes of FTP replies whose meaning is shown: the texts of the others say it.
const SHOWN_CODES: &[ReplyCode] = &[ReplyCode::DATA_SOCKET];

/// What is to be known of a reply that answers no command.
pub(crate) const UNASKED: &str = "answers nothing that was asked";

/// What a line from an FTP user asks of the server. Empty if the line is no command, or its meaning is not shown.
pub(crate) fn ftp_command(line: &str) -> &'static str {
    // Signals of Telnet may stand before it, as the mark of a SYNCH does.
    let line = line.trim_start_matches('·');
    let name = CommandName::from_word(line.split(' ').next().unwrap_or_default());
    match name.filter(|name| SHOWN.contains(name)) {
        None => "",
        // It tells the gender.
        Some(CommandName::Lstn) => {
            let command = ftp::Command::parse(line, Edition::Rfc438);
            command.map_or(CommandName::Lstn.meaning(), |command| command.meaning())
        }
        Some(name) => name.meaning(),
    }
}

/// What a line from an FTP server says beyond its text. Empty if it begins with no code, or the meaning of that is not
/// shown.
pub(crate) fn ftp_reply(line: &str) -> &'static str {
    let code = ReplyCode::of_line(line.as_bytes()).map(|(code, _)| code);
    code.filter(|code| SHOWN_CODES.contains(code)).and_then(ReplyCode::meaning).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_what_the_tables_of_ftp_say_in_either_case_and_of_a_line_that_is_cut_short() {
        for name in SHOWN.iter().filter(|name| **name != CommandName::Lstn) {
            assert_eq!(ftp_command(&format!("{name} A…")), name.meaning());
            assert_eq!(ftp_command(&name.as_str().to_ascii_lowercase()), name.meaning());
        }
        assert_eq!(ftp_command("lstn r"), "set a receive socket aside");
        assert_eq!(ftp_command("LSTN…"), "", "this may become any word");
        assert_eq!(ftp_command("·DELE A"), CommandName::Dele.meaning(), "behind a mark");
        assert_eq!(ftp_command("USER SMITH"), "");
        assert_eq!(
            (ftp_reply("255 SOCK 5"), ftp_reply("200 OK"), ftp_reply("   255")),
            ("my data socket", "", "")
        );
    }
}
