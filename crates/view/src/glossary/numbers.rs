//! What a number may be: a reply, a socket, a link, a host and more. A transcript has them all.

use ftp::ReplyCode;
use imp1822::{HostAddress, Link};
use ncp::icp::{DISCARD_CONTACT, ECHO_CONTACT, FINGER_CONTACT, FTP_CONTACT, TELNET_CONTACT, TIME_SOCKET};
use ncp::{Gender, Socket};

use super::level2::COMMANDS;
use super::replies::of_class;

/// Something that can be looked up as a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Number {
    /// One number.
    Alone(u32),
    /// A host and a socket, as a SOCK has them.
    HostAndSocket(HostAddress, Socket),
}

/// One thing that a number may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// As what it is read: `link`.
    pub what: &'static str,
    /// What it says then.
    pub says: String,
    /// The name of the entry that says more.
    pub more: &'static str,
}

impl Reading {
    fn new(what: &'static str, says: impl Into<String>, more: &'static str) -> Self {
        Reading { what, says: says.into(), more }
    }
}

/// The number that a term is: decimal, octal (0o17) or hexadecimal (0xf), or a host and a socket, `2,57144`.
pub fn number(term: &str) -> Option<Number> {
    if let Some((host, socket)) = term.split_once(',') {
        let host = u8::try_from(imp::number(host.trim()).ok()?).ok()?;
        let socket = u32::try_from(imp::number(socket.trim()).ok()?).ok()?;
        return Some(Number::HostAndSocket(HostAddress::from(host), Socket::from(socket)));
    }
    u32::try_from(imp::number(term.trim()).ok()?).ok().map(Number::Alone)
}

/// All that a number may be, from the user's view down to the wire.
pub fn readings(number: Number) -> Vec<Reading> {
    match number {
        Number::HostAndSocket(host, socket) => vec![of_host(host), of_socket(socket)],
        Number::Alone(number) => {
            let byte = u8::try_from(number).ok();
            let code = u16::try_from(number).ok().and_then(ReplyCode::new);
            let mut readings: Vec<Reading> = code.and_then(of_reply).into_iter().collect();
            readings.push(of_socket(Socket::from(number)));
            readings.extend(byte.map(|byte| of_link(Link::from(byte))));
            readings.extend(byte.map(|byte| of_host(HostAddress::from(byte))));
            readings.extend(byte.filter(|bits| *bits > 0).map(|bits| {
                Reading::new("byte size", format!("bytes of {bits} bits, as an STR says it"), "byte size")
            }));
            readings.extend(byte.and_then(of_opcode));
            readings
        }
    }
}

fn of_reply(code: ReplyCode) -> Option<Reading> {
    let class = of_class(code.class());
    match code.meaning() {
        Some(meaning) => Some(Reading::new("reply of FTP", meaning, "reply")),
        None if code.number() >= 100 => {
            let says = format!("no document assigns it; it begins with a {}: {class}", code.number() / 100);
            Some(Reading::new("reply of FTP", says, "reply"))
        }
        None => None,
    }
}

fn of_socket(socket: Socket) -> Reading {
    let way = match socket.gender() {
        Gender::Receive => "even, so it receives",
        Gender::Send => "odd, so it sends",
    };
    let service = match socket {
        TELNET_CONTACT => ": the contact socket of Telnet",
        FTP_CONTACT => ": the contact socket of the file transfer server",
        ECHO_CONTACT => ": the contact socket of the echo",
        DISCARD_CONTACT => ": the contact socket of what discards all",
        FINGER_CONTACT => ": the contact socket of name/finger, of 1977",
        TIME_SOCKET => ": the socket of the time, of 1977",
        _ => "",
    };
    Reading::new("socket", format!("{way}{service}"), "socket")
}

fn of_link(link: Link) -> Reading {
    let (says, more) = match link.number() {
        0 => ("the control link", "control link"),
        2..=71 => ("of a connection, as its receiver has chosen", "link"),
        1 | 72..=158 => ("reserved: no connection has it", "reserved link"),
        159..=191 => ("for measurements only", "measurement link"),
        192..=195 => ("for the Message Switching Protocol, an experiment", "experimental link"),
        196.. => ("for private experiments only", "experimental link"),
    };
    Reading::new("link", says, more)
}

fn of_host(host: HostAddress) -> Reading {
    let says = format!("host {} on IMP {}", host.host(), host.imp());
    Reading::new("host", says, "address")
}

fn of_opcode(opcode: u8) -> Option<Reading> {
    let name = format!("opcode {opcode}");
    match COMMANDS.iter().find(|row| row.others.contains(&name.as_str())) {
        Some(row) => Some(Reading::new("opcode", format!("the control command {}", row.name), row.name)),
        None if opcode >= 128 => Some(Reading::new("opcode", "of a private experiment", "experimental link")),
        None => None,
    }
}
