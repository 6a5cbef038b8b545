//! Reads what is done at a host: by itself, at its teletype, or with its NCP.

use imp::Fault;
use imp1822::{HostAddress, LEADER_BITS, Leader, Link, MAX_DATA_BITS, ToImp};
use machine::{BitWriter, Bits};
use ncp::{ByteSize, ForeignSocket, Gender, HEADER_BITS, Header, Partner};

use super::ast::{Data, HostAction, NcpAction};
use super::context::Context;
use super::errors::Diagnostic;
use super::quantity::{number, small_number};
use super::sockets::{mates, of_gender, size, socket};
use super::words::{Word, Words};

/// Every reader fails with what is wrong with its line.
type Result<T> = std::result::Result<T, Diagnostic>;

/// Reads what is typed at a host of that name.
pub(super) fn types(context: &Context<'_>, host: Word<'_>, words: &mut Words<'_>) -> Result<HostAction> {
    context.has_teletype(host)?;
    Ok(HostAction::Types(words.typed()?.to_owned()))
}

/// Reads what a host of that name is to print.
pub(super) fn sees(context: &Context<'_>, host: Word<'_>, words: &mut Words<'_>) -> Result<HostAction> {
    context.prints(host)?;
    Ok(HostAction::Sees(words.some_typed("what is to be seen")?.to_owned()))
}

/// Reads `on`, behind `goes`.
pub(super) fn goes_on(host: HostAddress, words: &mut Words<'_>) -> Result<Fault> {
    words.keyword("on")?;
    Ok(Fault::HostGoesOn { host })
}

pub(super) fn inits(context: &Context<'_>, words: &mut Words<'_>) -> Result<NcpAction> {
    let local = words.word("a socket")?;
    words.keyword("to")?;
    let partner = context.names.host(words.word("a host")?)?;
    let foreign = words.word("a socket of that host")?;
    let (local, foreign) = mates(local, foreign)?;
    let to = ForeignSocket { host: partner, socket: foreign };
    Ok(NcpAction::Inits { local, to, size: size(words)? })
}

pub(super) fn listens(context: &Context<'_>, words: &mut Words<'_>) -> Result<NcpAction> {
    let word = words.word("a socket")?;
    let mut local = socket(word)?;
    let mut from = Partner::Anyone;
    if words.take("for") {
        let partner = context.names.host(words.word("a host")?)?;
        from = Partner::Host(partner);
        if let Some(foreign) = words.peek().filter(|next| !next.is("size")) {
            words.next();
            let foreign = mates(word, foreign)?;
            local = foreign.0;
            from = Partner::Exactly(ForeignSocket { host: partner, socket: foreign.1 });
        }
    }
    Ok(NcpAction::Listens { local, from, size: size(words)? })
}

pub(super) fn closes(_: &Context<'_>, words: &mut Words<'_>) -> Result<NcpAction> {
    Ok(NcpAction::Closes { local: socket(words.word("a socket")?)? })
}

pub(super) fn aborts(_: &Context<'_>, words: &mut Words<'_>) -> Result<NcpAction> {
    Ok(NcpAction::Aborts { local: socket(words.word("a socket")?)? })
}

pub(super) fn sends(_: &Context<'_>, words: &mut Words<'_>) -> Result<NcpAction> {
    let local = of_gender(words, Gender::Send)?;
    Ok(NcpAction::Sends { local, data: data(words)? })
}

pub(super) fn receives(_: &Context<'_>, words: &mut Words<'_>) -> Result<NcpAction> {
    let local = of_gender(words, Gender::Receive)?;
    Ok(NcpAction::Receives { local, data: data(words)? })
}

pub(super) fn interrupts(_: &Context<'_>, words: &mut Words<'_>) -> Result<NcpAction> {
    Ok(NcpAction::Interrupts { local: socket(words.word("a socket")?)? })
}

pub(super) fn takes_back(_: &Context<'_>, words: &mut Words<'_>) -> Result<NcpAction> {
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
    Ok(NcpAction::TakesBack { local, messages, bits })
}

pub(super) fn echoes(context: &Context<'_>, words: &mut Words<'_>) -> Result<NcpAction> {
    let to = context.names.host(words.word("a host")?)?;
    let data = small_number(words.word("a number")?, "what is to be sent back", 0..=255)?;
    Ok(NcpAction::Echoes { to, data })
}

pub(super) fn resets(context: &Context<'_>, words: &mut Words<'_>) -> Result<NcpAction> {
    Ok(NcpAction::Resets { partner: context.names.host(words.word("a host")?)? })
}

pub(super) fn injects(context: &Context<'_>, words: &mut Words<'_>) -> Result<NcpAction> {
    Ok(NcpAction::Injects { message: message(context, words)? })
}

/// Reads a message that no NCP would send: its text, or the whole of it.
fn message(context: &Context<'_>, words: &mut Words<'_>) -> Result<Bits> {
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
    let to = context.names.host(words.word("a host")?)?;
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

/// Reads what goes over a connection: text, or numbers behind `bytes`.
fn data(words: &mut Words<'_>) -> Result<Data> {
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
fn parts(words: &mut Words<'_>) -> Result<u8> {
    let word = words.word("how much, in 128ths")?;
    let Some(parts) = word.before("/128") else {
        let message = format!("`{}` is not a number of 128ths", word.text);
        return Err(Diagnostic::new(word.at(), message, "a fraction belongs here").help("a half is `64/128`"));
    };
    small_number(parts, "the number of 128ths", 0..=255)
}

/// Reads whole bytes in hexadecimal, up to the end of the line. They may be grouped in words at will.
fn hexadecimal(words: &mut Words<'_>, most: usize) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    while let Some(word) = words.next() {
        let digits: Option<Vec<u8>> =
            word.text.chars().map(|digit| Some(digit.to_digit(16)? as u8)).collect();
        let Some(digits) = digits.filter(|digits| digits.len().is_multiple_of(2)) else {
            let message = format!("`{}` is not in hexadecimal", word.text);
            return Err(Diagnostic::new(word.at(), message, "no whole bytes")
                .help("each byte has two digits, 0 to 9 and a to f: `0e 01ff`"));
        };
        bytes.extend(digits.chunks(2).map(|byte| byte[0] << 4 | byte[1]));
        if bytes.len() > most {
            return Err(Diagnostic::new(
                word.at(),
                "this message is too long",
                "ends beyond the longest message",
            )
            .help(format!("{most} bytes at most")));
        }
    }
    Ok(bytes)
}
