//! The operator of the server at the teletype of its host: what he types is said to those who are served.

use host::typed::first_word;
use host::{Handle, Login, Notice};
use machine::Span;
use ncp::icp::FTP_CONTACT;

const HELP: &str = "\
ANNOUNCE TEXT       SAY SOMETHING TO ALL WHO ARE SERVED
LOGOUT NAME         SERVE THIS USER NO MORE
SHUTDOWN [MINUTES]  STOP SERVING, AT ONCE OR IN A WHILE; NOBODY NEW IS LET IN
WHO                 WHO IS LOGGED IN, FROM WHERE, AND FOR HOW LONG
HELP                THIS LIST; ? DOES THE SAME
A COMMAND MAY BE SHORTENED.";

/// The commands, no two of which begin with the same letter.
const VERBS: [&str; 5] = ["ANNOUNCE", "LOGOUT", "SHUTDOWN", "WHO", "HELP"];

/// How long an announcement is at most: a line of a terminal, less the code in front of it.
const LONGEST_NEWS: usize = 72;

/// A service is shut down within a day, or not yet.
const MOST_MINUTES: u64 = 24 * 60;

/// What an operator types that cannot be done.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
enum OperatorError {
    #[error("{0}? TYPE HELP")]
    Unknown(String),
    #[error("ANNOUNCE WHAT? TYPE HELP")]
    NoText,
    #[error("USERS READ {LONGEST_NEWS} CHARACTERS OF ASCII AT MOST; NOTHING IS SAID")]
    Unreadable,
    #[error("LOGOUT WHOM? WHO TELLS WHO THERE IS")]
    NoName,
    #[error("{0} IS NOT LOGGED IN")]
    NotLoggedIn(String),
    #[error("SHUTDOWN IN HOW MANY MINUTES? {MOST_MINUTES} AT MOST")]
    NoMinutes,
}

/// Reads what the operator types, and does it. Never ends.
pub async fn operate(host: Handle) {
    let teletype = host.teletype();
    loop {
        let line = teletype.read("#").await;
        match obey(&host, &line) {
            Ok(answer) => teletype.print(&answer),
            Err(error) => teletype.complain(&error.to_string()),
        }
    }
}

fn obey(host: &Handle, line: &str) -> Result<String, OperatorError> {
    let (word, rest) = first_word(line.trim());
    let word = word.to_ascii_uppercase();
    if word.is_empty() {
        return Ok(String::new());
    }
    match VERBS.into_iter().find(|verb| verb.starts_with(&word)) {
        Some("ANNOUNCE") => announce(host, rest),
        Some("LOGOUT") => log_out(host, rest),
        Some("SHUTDOWN") => shut_down(host, rest),
        Some("WHO") => Ok(who(host)),
        Some(_) => Ok(HELP.to_owned()),
        None if word == "?" => Ok(HELP.to_owned()),
        None => Err(OperatorError::Unknown(word)),
    }
}

fn announce(host: &Handle, text: &str) -> Result<String, OperatorError> {
    if text.is_empty() {
        return Err(OperatorError::NoText);
    }
    if text.len() > LONGEST_NEWS || !text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()) {
        return Err(OperatorError::Unreadable);
    }
    Ok(told(host.operator_says(&Notice::News(text.to_owned()))))
}

fn log_out(host: &Handle, name: &str) -> Result<String, OperatorError> {
    if name.is_empty() {
        return Err(OperatorError::NoName);
    }
    let name = name.to_ascii_uppercase();
    let many = host.logins().iter().filter(|login| login.user == name).count();
    if many == 0 {
        return Err(OperatorError::NotLoggedIn(name));
    }
    host.operator_says(&Notice::LogOut(name.clone()));
    Ok(if many == 1 {
        format!("{name} IS LOGGED OUT")
    } else {
        format!("{name} IS LOGGED OUT, {many} TIMES")
    })
}

fn shut_down(host: &Handle, minutes: &str) -> Result<String, OperatorError> {
    let minutes: u64 = if minutes.is_empty() { Ok(0) } else { minutes.parse() }
        .ok()
        .filter(|minutes| *minutes <= MOST_MINUTES)
        .ok_or(OperatorError::NoMinutes)?;
    let at = host.now() + Span::from_secs(60 * minutes);
    let many = host.operator_says(&Notice::Stops(FTP_CONTACT, at));
    let when = match minutes {
        0 => "NOW".to_owned(),
        minutes => format!("IN {}", counted(minutes, "MINUTE")),
    };
    Ok(format!("THE SERVER STOPS {when}, AND NOBODY NEW IS LET IN\n{}", told(many)))
}

/// To how many something was said.
fn told(many: usize) -> String {
    if many == 0 {
        "NOBODY IS SERVED AT PRESENT".to_owned()
    } else {
        format!("TOLD TO {}", counted(many as u64, "USER"))
    }
}

/// So many of something.
fn counted(many: u64, what: &str) -> String {
    format!("{many} {what}{}", if many == 1 { "" } else { "S" })
}

fn who(host: &Handle) -> String {
    let logins = host.logins();
    if logins.is_empty() {
        return "NOBODY IS LOGGED IN".to_owned();
    }
    let line = |Login { user, from, since }: &Login| {
        let minutes = host.now().since(*since).as_micros() / 60_000_000;
        format!("{user} FROM {}, FOR {}", host.name_of(*from), counted(minutes, "MINUTE"))
    };
    logins.iter().map(line).collect::<Vec<_>>().join("\n")
}
