//! What a host does, or its operator does there.

use imp::Fault;
use imp1822::{HostAddress, LEADER_BITS, Leader, Link, MAX_DATA_BITS, ToImp};
use machine::{BitWriter, Bits};
use ncp::{ByteSize, ForeignSocket, Gender, HEADER_BITS, Header, Partner};

use super::ast::{Action, Data};
use super::errors::Slip;
use super::quantity::{number, small_number};
use super::sockets::{mates, of_gender, size, socket};
use super::steps::Stage;
use super::words::{Word, Words};

/// What is done at or to a host with programs of its own.
const ACTING: [&str; 6] = ["types", "sees", "crashes", "restarts", "hangs", "goes"];

/// What a host's operator does himself.
pub(super) const OPERATING: [&str; 12] = [
    "inits",
    "listens",
    "closes",
    "aborts",
    "sends",
    "receives",
    "interrupts",
    "takes",
    "echoes",
    "resets",
    "injects",
    "netstat",
];

/// With what a statement may begin, other than the name of a host.
const BEGINNINGS: [&str; 16] = [
    "title", "cites", "net", "seed", "limit", "fails", "host", "at", "within", "wait", "line", "imp",
    "cable", "traffic", "measure", "expect",
];

/// Whether a word is something that a host does.
pub(super) fn is_verb(word: Word<'_>) -> bool {
    ACTING.iter().chain(&OPERATING).any(|known| word.is(known))
}

impl Stage<'_> {
    /// Reads what a host does.
    pub(super) fn deed(&self, name: Word<'_>, words: &mut Words<'_>) -> Result<Action, Slip> {
        let verb = words.next();
        if !verb.is_some_and(|verb| is_verb(verb)) {
            // Neither a host nor a verb: rather a statement that begins with a wrong word.
            let site = self.names.site(name).map_err(|unknown| match unknown.help {
                Some(_) => unknown,
                None => name.is_none_of("statement", &BEGINNINGS),
            })?;
            let name = site.map_or(name.text, |site| &site.name);
            return Err(match verb {
                Some(verb) => verb.is_none_of("verb", &[&ACTING[..], &OPERATING[..]].concat()),
                None => words.wanting(&format!("what {name} does")),
            });
        }
        let Some(verb) = verb else { return Err(words.wanting("a verb")) };
        let host = self.declared(name)?;
        if verb.is("types") {
            self.has_teletype(name)?;
            Ok(Action::Types { host, text: words.typed()?.to_owned() })
        } else if verb.is("sees") {
            self.has_paper(name)?;
            Ok(Action::Sees { host, text: words.some_typed("what is to be seen")?.to_owned() })
        } else if verb.is("sends") {
            let local = of_gender(words, Gender::Send)?;
            Ok(Action::Sends { host, local, data: data(words)? })
        } else if verb.is("receives") {
            let local = of_gender(words, Gender::Receive)?;
            Ok(Action::Receives { host, local, data: data(words)? })
        } else {
            let action = self.plain_deed(host, verb, words)?;
            words.end()?;
            Ok(action)
        }
    }

    /// Reads a deed that does not end with free text.
    fn plain_deed(&self, host: HostAddress, verb: Word<'_>, words: &mut Words<'_>) -> Result<Action, Slip> {
        if verb.is("inits") {
            let local = words.word("a socket")?;
            words.keyword("to")?;
            let partner = self.names.host(words.word("a host")?)?;
            let foreign = words.word("a socket of that host")?;
            let (local, foreign) = mates(local, foreign)?;
            let to = ForeignSocket { host: partner, socket: foreign };
            Ok(Action::Inits { host, local, to, size: size(words)? })
        } else if verb.is("listens") {
            let word = words.word("a socket")?;
            let mut local = socket(word)?;
            let mut from = Partner::Anyone;
            if words.take("for") {
                let partner = self.names.host(words.word("a host")?)?;
                from = Partner::Host(partner);
                if let Some(foreign) = words.peek().filter(|next| !next.is("size")) {
                    words.next();
                    let foreign = mates(word, foreign)?;
                    local = foreign.0;
                    from = Partner::Exactly(ForeignSocket { host: partner, socket: foreign.1 });
                }
            }
            Ok(Action::Listens { host, local, from, size: size(words)? })
        } else if verb.is("closes") {
            Ok(Action::Closes { host, local: socket(words.word("a socket")?)? })
        } else if verb.is("aborts") {
            Ok(Action::Aborts { host, local: socket(words.word("a socket")?)? })
        } else if verb.is("interrupts") {
            Ok(Action::Interrupts { host, local: socket(words.word("a socket")?)? })
        } else if verb.is("takes") {
            words.keyword("back")?;
            let local = of_gender(words, Gender::Receive)?;
            let messages = parts(words)?;
            let bits = if words.take("messages") {
                let bits = parts(words)?;
                words.keyword("bits")?;
                bits
            } else {
                messages
            };
            Ok(Action::TakesBack { host, local, messages, bits })
        } else if verb.is("echoes") {
            let to = self.names.host(words.word("a host")?)?;
            let data = small_number(words.word("a number")?, "what is to be sent back", 0..=255)?;
            Ok(Action::Echoes { host, to, data })
        } else if verb.is("resets") {
            Ok(Action::Resets { host, partner: self.names.host(words.word("a host")?)? })
        } else if verb.is("injects") {
            Ok(Action::Injects { host, message: self.message(words)? })
        } else if verb.is("netstat") {
            Ok(Action::Netstat { host })
        } else if verb.is("crashes") {
            Ok(Action::Crashes { host })
        } else if verb.is("hangs") {
            Ok(Action::Fault(Fault::HostHangs { host }))
        } else if verb.is("goes") {
            words.keyword("on")?;
            Ok(Action::Fault(Fault::HostGoesOn { host }))
        } else {
            Ok(Action::Restarts { host })
        }
    }

    /// Reads a message that no NCP would send: its text, or the whole of it.
    fn message(&self, words: &mut Words<'_>) -> Result<Bits, Slip> {
        let how = words.word("`to` or `raw`")?;
        if how.is("raw") {
            let bytes = hexadecimal(words, (LEADER_BITS + MAX_DATA_BITS) / 8)?;
            return if bytes.is_empty() {
                Err(words.wanting("the message"))
            } else {
                Ok(Bits::from_bytes(&bytes))
            };
        }
        if !how.is("to") {
            return Err(how.is_none_of("way to inject", &["to", "raw"]));
        }
        let to = self.names.host(words.word("a host")?)?;
        words.keyword("link")?;
        let link = Link::from(small_number(words.word("a link")?, "a link", 0..=255)?);
        let text = hexadecimal(words, (MAX_DATA_BITS - HEADER_BITS) / 8)?;
        let header = Header { size: ByteSize::EIGHT.bits(), count: text.len() as u16 };
        let mut writer = BitWriter::new(LEADER_BITS + HEADER_BITS + header.text_bits());
        Leader::from(ToImp::Regular { to, link, priority: false }).emit(&mut writer);
        header.emit(&mut writer);
        writer.put_bytes(&text);
        Ok(writer.finish())
    }
}

/// Reads what goes over a connection: text, or numbers behind `bytes`.
fn data(words: &mut Words<'_>) -> Result<Data, Slip> {
    if !words.take("bytes") {
        return Ok(Data::Text(words.some_typed("the text, or `bytes` and numbers")?.to_owned()));
    }
    let mut bytes = vec![number(words.word("a byte")?, "a byte", 0..=u64::MAX)?];
    while let Some(word) = words.next() {
        bytes.push(number(word, "a byte", 0..=u64::MAX)?);
    }
    Ok(Data::Bytes(bytes))
}

/// Reads a fraction in 128ths, as GVB has it: `64/128`. One that is greater than 1 means all, too.
fn parts(words: &mut Words<'_>) -> Result<u8, Slip> {
    let word = words.word("how much, in 128ths")?;
    let Some(parts) = word.before("/128") else {
        let message = format!("`{}` is not a number of 128ths", word.text);
        return Err(Slip::new(word.at(), message, "a fraction belongs here").help("a half is `64/128`"));
    };
    small_number(parts, "the number of 128ths", 0..=255)
}

/// Reads whole bytes in hexadecimal, up to the end of the line. They may be grouped in words at will.
fn hexadecimal(words: &mut Words<'_>, most: usize) -> Result<Vec<u8>, Slip> {
    let mut bytes = Vec::new();
    while let Some(word) = words.next() {
        let digits: Option<Vec<u8>> =
            word.text.chars().map(|digit| Some(digit.to_digit(16)? as u8)).collect();
        let Some(digits) = digits.filter(|digits| digits.len().is_multiple_of(2)) else {
            let message = format!("`{}` is not in hexadecimal", word.text);
            return Err(Slip::new(word.at(), message, "no whole bytes")
                .help("each byte has two digits, 0 to 9 and a to f: `0e 01ff`"));
        };
        bytes.extend(digits.chunks(2).map(|byte| byte[0] << 4 | byte[1]));
        if bytes.len() > most {
            return Err(Slip::new(word.at(), "this message is too long", "ends beyond the longest message")
                .help(format!("{most} bytes at most")));
        }
    }
    Ok(bytes)
}
