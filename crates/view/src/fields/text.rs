//! The text of a message between hosts: control commands, the number of a server, lines, or data.

use ftp::Edition;
use imp1822::Link;
use machine::BitReader;
use ncp::icp::{Server, read_number};
use ncp::{ByteSize, Command, ErrorCode, Gender, Header, Socket};
use trace::{Lens, Topic};

use super::field::Field;
use super::reading::Reading;
use crate::explain::counted;
use crate::explain::line::{self, Speaker};
use crate::sheet::{Moment, Sheet};

/// What the text of a message is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Content {
    /// The number with which a server answers an initial connection.
    Number,
    /// Lines of an FTP dialogue, or of another one.
    Lines(Option<(Speaker, Edition)>),
    /// Data, or what is not known.
    Data,
    /// It may not be shown.
    Hidden,
    /// A report of an IMP, in words.
    Report(String),
}

impl Content {
    /// What a message says that a host puts on its cable in this moment.
    pub(super) fn of(sheet: &Sheet<'_>, moment: &Moment) -> Content {
        let Some(said) = moment.said.first() else { return Content::Data };
        match (moment.is_masked, said.lens, moment.topic) {
            (true, ..) => Content::Hidden,
            (_, Lens::Ncp, Topic::Contact { .. }) => Content::Number,
            (_, Lens::Ftp, Topic::Dialogue { .. }) => {
                let speaker = line::speaker(moment);
                Content::Lines(speaker.map(|speaker| (speaker, sheet.edition(moment.topic))))
            }
            _ => Content::Data,
        }
    }
}

/// At most so many bytes of data are shown each for itself.
const SHOWN: u16 = 8;

/// At most this many characters of data are quoted.
const QUOTED: usize = 64;

impl Reading<'_> {
    /// The text, which is there and not empty.
    pub(super) fn text(&mut self, header: Header, link: Link, content: Content) {
        let (first, width) = (self.first(), header.text_bits());
        match content {
            Content::Hidden if link != Link::CONTROL => self.hidden(width),
            _ if link == Link::CONTROL => {
                let end = self.reader.at() + width;
                let parts = self.commands(end);
                let count = parts.len();
                let value = format!("{count} control command{}", if count == 1 { "" } else { "s" });
                self.push(
                    "text",
                    first,
                    width,
                    value,
                    "what one NCP tells the other",
                    "NIC 8246, IV, p. 25",
                    parts,
                );
            }
            Content::Number if width == 32 => self.server_number(),
            Content::Lines(speaker) if header.size == ByteSize::EIGHT.bits() => {
                let parts = self.lines(width, speaker);
                let (value, meaning) =
                    (format!("{} bytes", header.count), "Telnet: characters in bytes of 8 bits");
                self.push("text", first, width, value, meaning, "RFC 318, p. 2; RFC 165, p. 5", parts);
            }
            _ => self.data(header, link),
        }
    }

    #[expect(clippy::too_many_arguments, reason = "a field has as many parts")]
    fn push(
        &mut self,
        name: &str,
        first: usize,
        width: usize,
        value: String,
        meaning: &str,
        source: &'static str,
        parts: Vec<Field>,
    ) {
        self.fields.push(Field {
            name: name.to_owned(),
            first,
            width,
            value,
            meaning: meaning.to_owned(),
            source,
            parts,
        });
    }

    /// The commands of a control message up to this bit.
    fn commands(&mut self, end: usize) -> Vec<Field> {
        let mut parts = Vec::new();
        while self.reader.at() < end {
            let mut text = self.reader.clone();
            text.limit(end - self.reader.at());
            let first = self.first();
            match Command::parse(&mut text) {
                Ok(command) => {
                    let fields = self.command(command);
                    parts.push(Field {
                        name: name(command),
                        first,
                        width: command.len() * 8,
                        value: command.to_string(),
                        meaning: String::new(),
                        source: source(command),
                        parts: fields,
                    });
                }
                Err(error) => {
                    let width = end - self.reader.at();
                    let _ = self.reader.split(width);
                    parts.push(Field {
                        name: "unreadable".to_owned(),
                        first,
                        width,
                        value: String::new(),
                        meaning: format!("{error}: nothing behind it can be read either"),
                        source: "NIC 8246, IV, p. 30",
                        parts: Vec::new(),
                    });
                }
            }
        }
        parts
    }

    /// The fields of a command, which is there.
    fn command(&mut self, command: Command) -> Vec<Field> {
        let mut parts = vec![self.number("opcode", 8, "NIC 8246, IV, p. 31", |_| {
            format!("{}: {}", name(command), long_name(command))
        })];
        let at = source(command);
        match command {
            Command::Nop | Command::Rst | Command::Rrp => {}
            Command::Rts { .. } => {
                parts.push(self.socket("receive socket", "the sender of this command receives there", at));
                parts.push(self.socket(
                    "send socket",
                    "the receiver of this command is to send from there",
                    at,
                ));
                parts.push(self.link("the text is to come on this link", at));
            }
            Command::Str { .. } => {
                parts.push(self.socket("send socket", "the sender of this command sends from there", at));
                parts.push(self.socket(
                    "receive socket",
                    "the receiver of this command is to receive there",
                    at,
                ));
                parts.push(self.number("size", 8, at, |size| match size {
                    0 => "a byte size of zero is not allowed".to_owned(),
                    size => format!("all messages of the connection are in bytes of {size} bits"),
                }));
            }
            Command::Cls { .. } => {
                parts.push(self.socket("my socket", "at the host that sends this", at));
                parts.push(self.socket("your socket", "at the host that receives it", at));
            }
            Command::All { .. } => {
                parts.push(self.link("of the connection", at));
                parts.push(self.number("msg space", 16, at, |count| {
                    format!("the sender may send {} more", counted(count))
                }));
                parts.push(self.number("bit space", 32, at, |count| {
                    format!("with {count} bits of text more, all together")
                }));
            }
            Command::Gvb { .. } => {
                parts.push(self.link("of the connection", at));
                parts.push(self.number("fm", 8, at, |part| {
                    format!("give back {part}/128 of the messages that you may still send")
                }));
                parts.push(self.number("fb", 8, at, |part| {
                    format!("give back {part}/128 of the bits that you may still send")
                }));
            }
            Command::Ret { .. } => {
                parts.push(self.link("of the connection", at));
                parts.push(self.number("msg space", 16, at, |count| {
                    format!("so many are given back: {}", counted(count))
                }));
                parts.push(self.number("bit space", 32, at, |count| format!("{count} bits are given back")));
            }
            Command::Inr { .. } => parts.push(self.link("of the connection whose sender is interrupted", at)),
            Command::Ins { .. } => {
                parts.push(self.link("of the connection whose receiver is interrupted", at));
            }
            Command::Eco { .. } => parts
                .push(self.number("data", 8, at, |_| "any eight bits: the ERP brings them back".to_owned())),
            Command::Erp { .. } => {
                parts.push(self.number("data", 8, at, |_| "the eight bits of the ECO".to_owned()));
            }
            Command::Err { data, .. } => {
                parts.push(self.number("code", 8, at, |code| ErrorCode::from(code as u8).to_string()));
                let first = self.first();
                let _ = self.reader.split(80);
                parts.push(Field {
                    name: "data".to_owned(),
                    first,
                    width: 80,
                    value: data.iter().map(|byte| format!("{byte:02x}")).collect(),
                    meaning: "how what is wrong begins, in hexadecimal".to_owned(),
                    source: at,
                    parts: Vec::new(),
                });
            }
        }
        parts
    }

    fn socket(&mut self, name: &str, whose: &str, source: &'static str) -> Field {
        self.number(name, 32, source, |number| {
            let socket = Socket::from(number as u32);
            format!("{whose}; {}", gender_words(socket))
        })
    }

    fn link(&mut self, meaning: &str, source: &'static str) -> Field {
        self.number("link", 8, source, |_| meaning.to_owned())
    }

    /// The 32 bits with which a server answers.
    fn server_number(&mut self) {
        let socket = read_number(&mut self.reader.clone()).ok().and_then(|at| Server::at(at).ok());
        let field = self.number("socket number S", 32, "RFC 165, p. 2", |number| match socket {
            Some(Server { receive, send }) => format!(
                "even: the server receives at {receive} and sends from {send}; the user's U+3 and U+2 are to be connected with them"
            ),
            None => format!("{number} is odd, and so no receive socket"),
        });
        self.fields.push(field);
    }

    /// Lines, each with its end.
    fn lines(&mut self, width: usize, speaker: Option<(Speaker, Edition)>) -> Vec<Field> {
        let mut bytes = Vec::new();
        if let Ok(mut text) = self.reader.split(width) {
            text.drain_into(&mut bytes);
        }
        let (mut parts, mut first) = (Vec::new(), self.first() - width);
        for bytes in bytes.split_inclusive(|byte| *byte == b'\n') {
            let text = visible(bytes);
            let (meaning, source) = speaker.map_or_else(Default::default, |(speaker, edition)| {
                let meaning = line::meaning(&text, speaker, edition, self.names);
                (meaning, line::source(&text, speaker, edition))
            });
            parts.push(Field {
                name: if bytes.ends_with(b"\n") { "line" } else { "line, its beginning or a part" }
                    .to_owned(),
                first,
                width: bytes.len() * 8,
                value: text,
                meaning,
                source,
                parts: Vec::new(),
            });
            first += bytes.len() * 8;
        }
        parts
    }

    /// Bytes of whatever size.
    fn data(&mut self, header: Header, link: Link) {
        let (first, width) = (self.first(), header.text_bits());
        let Ok(text) = self.reader.split(width) else { return };
        let value = format!("{} x {} bits", header.count, header.size);
        let meaning = if header.size == ByteSize::EIGHT.bits() {
            let mut bytes = Vec::new();
            let mut beginning = text.clone();
            beginning.limit(QUOTED * 8);
            beginning.drain_into(&mut bytes);
            let more = if width > QUOTED * 8 { "…" } else { "" };
            format!("data on link {link}: \"{}{more}\"", visible(&bytes))
        } else {
            format!("data on link {link}, in bytes of {} bits, packed without gaps", header.size)
        };
        let parts =
            if header.size == ByteSize::EIGHT.bits() { Vec::new() } else { bytes(text, first, header) };
        self.push("text", first, width, value, &meaning, "NIC 8246, II, p. 11", parts);
    }
}

/// The first bytes each for itself, and the others together.
fn bytes(mut text: BitReader<'_>, first: usize, header: Header) -> Vec<Field> {
    let size = usize::from(header.size);
    if size == 0 || size > 64 {
        return Vec::new();
    }
    let mut parts = Vec::new();
    for index in 0..header.count.min(SHOWN) {
        let number = text.take(size).unwrap_or_default();
        let value = if size.is_multiple_of(3) { format!("0o{number:o}") } else { format!("0x{number:x}") };
        let at = first + usize::from(index) * size;
        let name = format!("byte {}", index + 1);
        parts.push(Field {
            name,
            first: at,
            width: size,
            value,
            source: "NIC 8246, II, p. 11",
            ..Field::default()
        });
    }
    if header.count > SHOWN {
        let at = first + usize::from(SHOWN) * size;
        let more = header.count - SHOWN;
        let (name, width) = (format!("{more} bytes more"), usize::from(more) * size);
        parts.push(Field { name, first: at, width, source: "NIC 8246, II, p. 11", ..Field::default() });
    }
    parts
}

/// Characters on one line: the ends of lines as signs, what cannot be shown as a dot.
fn visible(bytes: &[u8]) -> String {
    let shown = |byte: &u8| match byte {
        b'\r' => '␍',
        b'\n' => '␊',
        32..=126 => char::from(*byte),
        _ => '·',
    };
    bytes.iter().map(shown).collect()
}

/// What the last bit of a socket's number says.
pub(crate) fn gender_words(socket: Socket) -> &'static str {
    match socket.gender() {
        Gender::Receive => "even: a receive socket",
        Gender::Send => "odd: a send socket",
    }
}

/// The name of a command.
pub(crate) fn name(command: Command) -> String {
    let words = command.to_string();
    words.split(' ').next().unwrap_or_default().to_owned()
}

/// What that is short for.
fn long_name(command: Command) -> &'static str {
    match command {
        Command::Nop => "no operation",
        Command::Rts { .. } => "request for connection, receiver to sender",
        Command::Str { .. } => "request for connection, sender to receiver",
        Command::Cls { .. } => "close",
        Command::All { .. } => "allocate",
        Command::Gvb { .. } => "give back",
        Command::Ret { .. } => "return",
        Command::Inr { .. } => "interrupt by the receiver",
        Command::Ins { .. } => "interrupt by the sender",
        Command::Eco { .. } => "echo request",
        Command::Erp { .. } => "echo reply",
        Command::Err { .. } => "error",
        Command::Rst => "reset",
        Command::Rrp => "reset reply",
    }
}

/// Where the command is specified.
pub(crate) fn source(command: Command) -> &'static str {
    match command {
        Command::Nop => "NIC 8246, IV, p. 26",
        Command::Rst | Command::Rrp => "NIC 8246, IV, p. 26",
        Command::Rts { .. } => "NIC 8246, IV, pp. 26-27",
        Command::Str { .. } | Command::Cls { .. } => "NIC 8246, IV, p. 27",
        Command::All { .. } => "NIC 8246, IV, pp. 27-28",
        Command::Gvb { .. } | Command::Ret { .. } => "NIC 8246, IV, p. 28",
        Command::Inr { .. } | Command::Ins { .. } => "NIC 8246, IV, pp. 28-29",
        Command::Eco { .. } | Command::Erp { .. } => "NIC 8246, IV, p. 29",
        Command::Err { .. } => "NIC 8246, IV, pp. 29-31",
    }
}
