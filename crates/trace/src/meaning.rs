//! What commands and replies mean, in plain words.

use ncp::Command;

/// What a control command asks of its receiver or tells it.
pub(crate) fn command(command: Command) -> String {
    match command {
        Command::Nop | Command::Err { .. } => String::new(),
        Command::Rts { link, .. } => format!("let me receive on link {link}"),
        Command::Str { size, .. } => format!("let me send {size}-bit bytes"),
        Command::Cls { .. } => "close".to_owned(),
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

/// What an FTP command asks, by its code.
pub(crate) fn ftp_command(line: &str) -> &'static str {
    let code = line.split(' ').next().unwrap_or_default().to_ascii_uppercase();
    match code.as_str() {
        "LSTN" if line.to_ascii_uppercase().ends_with('R') => "set a receive socket aside",
        "LSTN" => "set a send socket aside",
        "SOCK" => "your partner's data socket",
        "RETR" => "send this file",
        "STOR" => "store what you receive",
        "APPE" => "append what you receive",
        "DELE" => "delete this file",
        "LIST" => "send a list of files",
        "NLST" => "send the names of files",
        "BYE" => "log out",
        _ => "",
    }
}

/// What an FTP reply says beyond its text, by its code.
pub(crate) fn ftp_reply(line: &str) -> &'static str {
    match line.get(..3) {
        Some("255") => "my data socket",
        _ => "",
    }
}
