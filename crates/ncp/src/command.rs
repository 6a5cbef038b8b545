//! The fourteen control commands, and the text of a control message.

use std::fmt;

use imp1822::Link;
use machine::{BitReader, BitWriter, Short};

use crate::{ErrorCode, Socket};

/// The longest text of a control message in bytes (NIC 8246, Control Messages).
pub const MAX_CONTROL_BYTES: usize = 120;

/// A control command (NIC 8246, Control Commands). Every field survives a round trip, also a link or a size
/// that no connection could have.
///
/// Printed as a transcript has it: `RTS 65540 from 65539 link 2`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// 0: nothing.
    Nop,
    /// 1: the receiver requests a connection, and says on which link the text is to come.
    Rts {
        /// The receive socket, in the host that sends this.
        receive: Socket,
        /// The send socket, in the host that this is sent to.
        send: Socket,
        /// The link for the text.
        link: Link,
    },
    /// 2: the sender requests a connection, and says in bytes of which size the text will come.
    Str {
        /// The send socket, in the host that sends this.
        send: Socket,
        /// The receive socket, in the host that this is sent to.
        receive: Socket,
        /// The byte size in bits; 0 is not allowed.
        size: u8,
    },
    /// 3: a connection is refused, aborted or closed, or one of these is acknowledged.
    Cls {
        /// The socket in the host that sends this.
        mine: Socket,
        /// The socket in the host that this is sent to.
        yours: Socket,
    },
    /// 4: the receiver allows the sender to send more.
    All {
        /// The link of the connection.
        link: Link,
        /// How many messages more.
        messages: u16,
        /// How many bits of text more.
        bits: u32,
    },
    /// 5: the receiver asks for allocation back.
    Gvb {
        /// The link of the connection.
        link: Link,
        /// Which part of the messages, in 128ths.
        messages: u8,
        /// Which part of the bits, in 128ths.
        bits: u8,
    },
    /// 6: the sender gives allocation back, as asked.
    Ret {
        /// The link of the connection.
        link: Link,
        /// How many messages.
        messages: u16,
        /// How many bits.
        bits: u32,
    },
    /// 7: the receiver interrupts the sender.
    Inr {
        /// The link of the connection.
        link: Link,
    },
    /// 8: the sender interrupts the receiver.
    Ins {
        /// The link of the connection.
        link: Link,
    },
    /// 9: asks for an ERP with the same data.
    Eco {
        /// Any eight bits.
        data: u8,
    },
    /// 10: answers an ECO.
    Erp {
        /// The data of the ECO.
        data: u8,
    },
    /// 11: tells the partner what it did wrong.
    Err {
        /// What was wrong.
        code: ErrorCode,
        /// Mostly the beginning of what was wrong, filled up with zeros.
        data: [u8; 10],
    },
    /// 12: asks the partner to forget all connections between the two hosts.
    Rst,
    /// 13: answers an RST.
    Rrp,
}

/// How many bytes the longest command has: ERR.
const LONGEST: usize = 12;

/// The highest opcode that is certainly of no private experiment.
const LAST_COMMON_OPCODE: u8 = 127;

/// Why the next command of a control message cannot be read. Nothing after it can be read either.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CommandError {
    /// No command has this opcode of 14 to 127.
    #[error("illegal opcode {opcode}")]
    UnknownOpcode {
        /// The opcode.
        opcode: u8,
        /// The message from the opcode on, cut to ten bytes or filled up with zeros.
        data: [u8; 10],
    },
    /// No command has this opcode of 128 to 255, which are left to private experiments (NIC 8246, IV, Control Commands).
    /// A host that takes no part in one complains as of any other.
    #[error("opcode {opcode} of a private experiment")]
    Experimental {
        /// The opcode.
        opcode: u8,
        /// The message from the opcode on, cut to ten bytes or filled up with zeros.
        data: [u8; 10],
    },
    /// The message ends within the command.
    #[error("short parameter space of opcode {opcode}")]
    Short {
        /// The opcode.
        opcode: u8,
        /// What there is of the command, filled up with zeros.
        data: [u8; 10],
    },
}

impl CommandError {
    /// The opcode of the command that cannot be read.
    pub fn opcode(self) -> u8 {
        match self {
            CommandError::UnknownOpcode { opcode, .. }
            | CommandError::Experimental { opcode, .. }
            | CommandError::Short { opcode, .. } => opcode,
        }
    }

    /// The complaint that NIC 8246 provides for the error: ERR 1 or ERR 2.
    pub fn complaint(self) -> Command {
        match self {
            CommandError::UnknownOpcode { data, .. } | CommandError::Experimental { data, .. } => {
                Command::Err { code: ErrorCode::IllegalOpcode, data }
            }
            CommandError::Short { data, .. } => Command::Err { code: ErrorCode::ShortParameters, data },
        }
    }
}

impl Command {
    /// The opcode of ERR, which must not be answered by an ERR.
    pub const ERR_OPCODE: u8 = 11;

    /// Reads one command. After an error nothing has been taken.
    pub fn parse(from: &mut BitReader<'_>) -> Result<Self, CommandError> {
        let mut ahead = from.clone();
        match Command::fields(&mut ahead) {
            Ok(Some(command)) => {
                *from = ahead;
                Ok(command)
            }
            Ok(None) => {
                let data = beginning(from.clone());
                let opcode = data[0];
                // NIC 8246 has experiments count down from 255, and does not say how far.
                Err(match opcode {
                    ..=LAST_COMMON_OPCODE => CommandError::UnknownOpcode { opcode, data },
                    _ => CommandError::Experimental { opcode, data },
                })
            }
            Err(_) => {
                let data = beginning(from.clone());
                Err(CommandError::Short { opcode: data[0], data })
            }
        }
    }

    /// Reads opcode and fields, or `None` for an opcode that no command has.
    fn fields(from: &mut BitReader<'_>) -> Result<Option<Self>, Short> {
        Ok(Some(match from.byte()? {
            0 => Command::Nop,
            1 => {
                let (receive, send) = sockets(from)?;
                Command::Rts { receive, send, link: Link::from(from.byte()?) }
            }
            2 => {
                let (send, receive) = sockets(from)?;
                Command::Str { send, receive, size: from.byte()? }
            }
            3 => {
                let (mine, yours) = sockets(from)?;
                Command::Cls { mine, yours }
            }
            4 => {
                let (link, messages, bits) = allocation(from)?;
                Command::All { link, messages, bits }
            }
            5 => {
                let [link, messages, bits] = from.array()?;
                Command::Gvb { link: Link::from(link), messages, bits }
            }
            6 => {
                let (link, messages, bits) = allocation(from)?;
                Command::Ret { link, messages, bits }
            }
            7 => Command::Inr { link: Link::from(from.byte()?) },
            8 => Command::Ins { link: Link::from(from.byte()?) },
            9 => Command::Eco { data: from.byte()? },
            10 => Command::Erp { data: from.byte()? },
            Command::ERR_OPCODE => {
                let code = ErrorCode::from(from.byte()?);
                let mut data = [0; 10];
                from.split(80)?.fill(&mut data);
                Command::Err { code, data }
            }
            12 => Command::Rst,
            13 => Command::Rrp,
            _ => return Ok(None),
        }))
    }

    /// Writes the command.
    pub fn emit(self, into: &mut BitWriter) {
        into.put_bytes(&self.bytes()[..self.len()]);
    }

    /// The command as it is sent, filled up with zeros.
    fn bytes(self) -> [u8; LONGEST] {
        let mut bytes = [0; LONGEST];
        bytes[0] = self.opcode();
        let fields = &mut bytes[1..];
        match self {
            Command::Nop | Command::Rst | Command::Rrp => {}
            Command::Rts { receive, send, link } => {
                put_sockets(fields, receive, send);
                fields[8] = link.number();
            }
            Command::Str { send, receive, size } => {
                put_sockets(fields, send, receive);
                fields[8] = size;
            }
            Command::Cls { mine, yours } => put_sockets(fields, mine, yours),
            Command::All { link, messages, bits } | Command::Ret { link, messages, bits } => {
                fields[0] = link.number();
                fields[1..3].copy_from_slice(&messages.to_be_bytes());
                fields[3..7].copy_from_slice(&bits.to_be_bytes());
            }
            Command::Gvb { link, messages, bits } => {
                fields[..3].copy_from_slice(&[link.number(), messages, bits]);
            }
            Command::Inr { link } | Command::Ins { link } => fields[0] = link.number(),
            Command::Eco { data } | Command::Erp { data } => fields[0] = data,
            Command::Err { code, data } => {
                fields[0] = code.into();
                fields[1..].copy_from_slice(&data);
            }
        }
        bytes
    }

    /// The opcode (NIC 8246, Opcode Assignment).
    pub fn opcode(self) -> u8 {
        match self {
            Command::Nop => 0,
            Command::Rts { .. } => 1,
            Command::Str { .. } => 2,
            Command::Cls { .. } => 3,
            Command::All { .. } => 4,
            Command::Gvb { .. } => 5,
            Command::Ret { .. } => 6,
            Command::Inr { .. } => 7,
            Command::Ins { .. } => 8,
            Command::Eco { .. } => 9,
            Command::Erp { .. } => 10,
            Command::Err { .. } => Command::ERR_OPCODE,
            Command::Rst => 12,
            Command::Rrp => 13,
        }
    }

    /// The command's length in bytes, its opcode included: 1 to 12.
    #[expect(clippy::len_without_is_empty, reason = "no command is empty")]
    pub fn len(self) -> usize {
        match self {
            Command::Nop | Command::Rst | Command::Rrp => 1,
            Command::Inr { .. } | Command::Ins { .. } | Command::Eco { .. } | Command::Erp { .. } => 2,
            Command::Gvb { .. } => 4,
            Command::All { .. } | Command::Ret { .. } => 8,
            Command::Cls { .. } => 9,
            Command::Rts { .. } | Command::Str { .. } => 10,
            Command::Err { .. } => 12,
        }
    }

    /// The sockets that a request would join: its sender's, and the one that it asks for.
    pub(crate) fn requests(self) -> Option<(Socket, Socket)> {
        match self {
            Command::Rts { receive, send, .. } => Some((receive, send)),
            Command::Str { send, receive, .. } => Some((send, receive)),
            Command::Nop | Command::Cls { .. } | Command::All { .. } | Command::Gvb { .. } => None,
            Command::Ret { .. } | Command::Inr { .. } | Command::Ins { .. } | Command::Eco { .. } => None,
            Command::Erp { .. } | Command::Err { .. } | Command::Rst | Command::Rrp => None,
        }
    }

    /// The command as the data of an ERR: its first ten bytes, filled up with zeros.
    pub(crate) fn as_error_data(self) -> [u8; 10] {
        let [data @ .., _, _] = self.bytes();
        data
    }
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Command::Nop => f.write_str("NOP"),
            Command::Rts { receive, send, link } => write!(f, "RTS {receive} from {send} link {link}"),
            Command::Str { send, receive, size } => write!(f, "STR {send} to {receive} size {size}"),
            Command::Cls { mine, yours } => write!(f, "CLS {mine} {yours}"),
            Command::All { link, messages, bits } => {
                write!(f, "ALL link {link} messages {messages} bits {bits}")
            }
            Command::Gvb { link, messages, bits } => {
                write!(f, "GVB link {link} {messages}/128 messages {bits}/128 bits")
            }
            Command::Ret { link, messages, bits } => {
                write!(f, "RET link {link} messages {messages} bits {bits}")
            }
            Command::Inr { link } => write!(f, "INR link {link}"),
            Command::Ins { link } => write!(f, "INS link {link}"),
            Command::Eco { data } => write!(f, "ECO {data}"),
            Command::Erp { data } => write!(f, "ERP {data}"),
            Command::Err { code, .. } => write!(f, "ERR {} {code}", u8::from(*code)),
            Command::Rst => f.write_str("RST"),
            Command::Rrp => f.write_str("RRP"),
        }
    }
}

fn sockets(from: &mut BitReader<'_>) -> Result<(Socket, Socket), Short> {
    let both = u64::from_be_bytes(from.array()?);
    Ok((Socket::from((both >> 32) as u32), Socket::from(both as u32)))
}

/// A link, and a number of messages and bits.
fn allocation(from: &mut BitReader<'_>) -> Result<(Link, u16, u32), Short> {
    let [link, high, low, bits @ ..] = from.array::<7>()?;
    Ok((Link::from(link), u16::from_be_bytes([high, low]), u32::from_be_bytes(bits)))
}

fn put_sockets(into: &mut [u8], first: Socket, second: Socket) {
    into[..4].copy_from_slice(&first.number().to_be_bytes());
    into[4..8].copy_from_slice(&second.number().to_be_bytes());
}

/// The first ten bytes of what is left, filled up with zeros: the data of most ERRs.
pub(crate) fn beginning(mut from: BitReader<'_>) -> [u8; 10] {
    let mut data = [0; 10];
    from.fill(&mut data);
    data
}

/// Reads the text of a control message command by command. Ends after the first error, because it is not
/// known where the command after it begins.
#[derive(Debug, Clone)]
pub struct Commands<'a> {
    text: BitReader<'a>,
}

impl<'a> Commands<'a> {
    /// Reads the commands of `text`, which [`Header::split`](crate::Header::split) found in a message on the control link.
    pub fn new(text: BitReader<'a>) -> Self {
        Commands { text }
    }
}

impl Iterator for Commands<'_> {
    type Item = Result<Command, CommandError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.text.left() == 0 {
            return None;
        }
        let command = Command::parse(&mut self.text);
        if command.is_err() {
            self.text.limit(0);
        }
        Some(command)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> [(Command, &'static [u8], &'static str); 14] {
        let (receive, send, link) = (Socket::from(65540), Socket::from(65539), Link::from(2));
        let data = [3, 0, 0, 0, 1, 0, 0, 0, 3, 0];
        [
            (Command::Nop, &[0], "NOP"),
            (
                Command::Rts { receive, send, link },
                &[1, 0, 1, 0, 4, 0, 1, 0, 3, 2],
                "RTS 65540 from 65539 link 2",
            ),
            (
                Command::Str { send, receive, size: 8 },
                &[2, 0, 1, 0, 3, 0, 1, 0, 4, 8],
                "STR 65539 to 65540 size 8",
            ),
            (Command::Cls { mine: send, yours: receive }, &[3, 0, 1, 0, 3, 0, 1, 0, 4], "CLS 65539 65540"),
            (
                Command::All { link, messages: 8, bits: 16000 },
                &[4, 2, 0, 8, 0, 0, 0x3e, 0x80],
                "ALL link 2 messages 8 bits 16000",
            ),
            (
                Command::Gvb { link, messages: 64, bits: 128 },
                &[5, 2, 64, 128],
                "GVB link 2 64/128 messages 128/128 bits",
            ),
            (
                Command::Ret { link, messages: 4, bits: 8000 },
                &[6, 2, 0, 4, 0, 0, 0x1f, 0x40],
                "RET link 2 messages 4 bits 8000",
            ),
            (Command::Inr { link }, &[7, 2], "INR link 2"),
            (Command::Ins { link }, &[8, 2], "INS link 2"),
            (Command::Eco { data: 42 }, &[9, 42], "ECO 42"),
            (Command::Erp { data: 42 }, &[10, 42], "ERP 42"),
            (
                Command::Err { code: ErrorCode::BadParameters, data },
                &[11, 3, 3, 0, 0, 0, 1, 0, 0, 0, 3, 0],
                "ERR 3 bad parameters",
            ),
            (Command::Rst, &[12], "RST"),
            (Command::Rrp, &[13], "RRP"),
        ]
    }

    #[test]
    fn the_fourteen_commands_on_literal_bytes_and_in_words() {
        for (command, bytes, words) in all() {
            let mut writer = BitWriter::new(command.len() * 8);
            command.emit(&mut writer);
            assert_eq!(writer.finish().bytes(), bytes, "{words}");
            assert_eq!(Command::parse(&mut BitReader::new(bytes)), Ok(command), "{words}");
            assert_eq!(command.to_string(), words);
        }
    }

    #[test]
    fn the_opcodes_are_0_to_13_in_order() {
        let opcodes: Vec<u8> = all().into_iter().map(|(command, ..)| command.opcode()).collect();
        assert_eq!(opcodes, Vec::from_iter(0..14));
    }

    #[test]
    fn a_command_cut_anywhere_is_short_and_its_data_are_what_was_there() {
        for (_, bytes, words) in all() {
            for cut in 1..bytes.len() {
                let mut expected = [0; 10];
                expected[..cut.min(10)].copy_from_slice(&bytes[..cut.min(10)]);
                let error = Command::parse(&mut BitReader::new(&bytes[..cut])).expect_err(words);
                assert_eq!(error, CommandError::Short { opcode: bytes[0], data: expected }, "{words}");
            }
        }
    }

    #[test]
    fn an_unknown_opcode_becomes_err_1_with_ten_bytes_from_the_opcode_on() {
        let text = [0, 14, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
        let mut commands = Commands::new(BitReader::new(&text));
        assert_eq!(commands.next(), Some(Ok(Command::Nop)));
        let error = commands.next().expect("something is left").expect_err("14 is no opcode");
        let data = [14, 1, 2, 3, 4, 5, 6, 7, 8, 9];
        assert_eq!(error.complaint(), Command::Err { code: ErrorCode::IllegalOpcode, data });
        assert_eq!(commands.next(), None, "nobody knows where the next command would begin");
    }

    #[test]
    fn commands_are_read_in_order_up_to_the_end_of_the_text() {
        let text: Vec<u8> = all().iter().flat_map(|(_, bytes, _)| bytes.iter().copied()).collect();
        let read: Result<Vec<Command>, _> = Commands::new(BitReader::new(&text)).collect();
        assert_eq!(read, Ok(all().map(|(command, ..)| command).to_vec()));
    }
}
