//! Reads what is done at a host: by itself, at its teletype, or with its NCP.

use imp::Fault;
use imp1822::{HostAddress, LEADER_BITS, MAX_DATA_BITS};
use machine::Bits;
use ncp::{Gender, HEADER_BITS};

use super::ast::{Data, HostAction, Incoming, MOST_BYTES, NcpAction, Number, Outgoing, Requester};
use super::context::Context;
use super::errors::Diagnostic;
use super::quantity::span;
use super::sockets::{base, byte, contact, mates, of_gender, size, socket};
use super::texts::{self, number_or_name, text};
use super::words::{Word, Words};

/// Every reader fails with what is wrong with its line.
type Result<T> = std::result::Result<T, Diagnostic>;

/// Reads what is typed at a host of that name.
pub(super) fn types(context: &Context<'_>, host: Word<'_>, words: &mut Words<'_>) -> Result<HostAction> {
    context.has_teletype(host)?;
    Ok(HostAction::Types(text(&texts::TYPED, context, words.typed()?)?))
}

/// Reads what a host of that name is to print.
pub(super) fn sees(context: &Context<'_>, host: Word<'_>, words: &mut Words<'_>) -> Result<HostAction> {
    context.prints(host)?;
    Ok(HostAction::Sees(text(&texts::PRINTED, context, words.some_typed("what is to be seen")?)?))
}

/// Reads what the operator of a host says, to all who are served there.
pub(super) fn announces(context: &Context<'_>, _: Word<'_>, words: &mut Words<'_>) -> Result<HostAction> {
    let news = words.some_typed("what the operator says")?;
    Ok(HostAction::Announces(text(&texts::TYPED, context, news)?))
}

/// Reads which service stops, and when, behind `shuts`.
pub(super) fn shuts_down(_: &Context<'_>, _: Word<'_>, words: &mut Words<'_>) -> Result<HostAction> {
    for word in ["down", "ftp", "in"] {
        words.keyword(word)?;
    }
    Ok(HostAction::ShutsDownFtp(span(words.word("how long the service still is there")?)?))
}

/// Reads `on`, behind `goes`.
pub(super) fn goes_on(host: HostAddress, words: &mut Words<'_>) -> Result<Fault> {
    words.keyword("on")?;
    Ok(Fault::HostGoesOn { host })
}

pub(super) fn inits(context: &Context<'_>, words: &mut Words<'_>) -> Result<NcpAction> {
    let local = words.word("a socket")?;
    words.keyword("to")?;
    let to = context.names.host(words.word("a host")?)?;
    let foreign = words.word("a socket of that host")?;
    let (local, foreign) = mates(context, local, foreign)?;
    Ok(NcpAction::Inits { local, to, foreign, size: size(context, words)? })
}

pub(super) fn listens(context: &Context<'_>, words: &mut Words<'_>) -> Result<NcpAction> {
    let word = words.word("a socket")?;
    let mut local = socket(context, word)?;
    let mut from = Requester::Anyone;
    if words.take("for") {
        let partner = context.names.host(words.word("a host")?)?;
        from = Requester::Host(partner);
        if let Some(foreign) = words.peek().filter(|next| !next.is("size")) {
            words.next();
            let foreign = mates(context, word, foreign)?;
            local = foreign.0;
            from = Requester::Socket(partner, foreign.1);
        }
    }
    Ok(NcpAction::Listens { local, from, size: size(context, words)? })
}

pub(super) fn answers(context: &Context<'_>, words: &mut Words<'_>) -> Result<NcpAction> {
    ["a", "call", "at"].iter().try_for_each(|word| words.keyword(word))?;
    let contact = contact(context, words)?;
    ["and", "goes", "on", "at"].iter().try_for_each(|word| words.keyword(word))?;
    // S and S+1 (RFC 165).
    let word = words.clone().next();
    let base = base(context, words, 1)?;
    if let (Number::Known(contact), Number::Known(base), Some(word)) = (&contact, &base, word)
        && contact.number() == base.number() + 1
    {
        let message = format!("the connection would be at socket {} again", contact.number());
        let label = "it sends from the socket behind this one";
        return Err(Diagnostic::new(word.at(), message, label).help("another socket, such as 640"));
    }
    Ok(NcpAction::Answers { contact, base })
}

pub(super) fn calls(context: &Context<'_>, words: &mut Words<'_>) -> Result<NcpAction> {
    let to = context.names.host(words.word("a host")?)?;
    words.keyword("at")?;
    let contact = contact(context, words)?;
    words.keyword("from")?;
    // U, U+2 and U+3 (RFC 165).
    Ok(NcpAction::Calls { to, contact, base: base(context, words, 3)? })
}

pub(super) fn closes(context: &Context<'_>, words: &mut Words<'_>) -> Result<NcpAction> {
    Ok(NcpAction::Closes { local: socket(context, words.word("a socket")?)? })
}

pub(super) fn aborts(context: &Context<'_>, words: &mut Words<'_>) -> Result<NcpAction> {
    Ok(NcpAction::Aborts { local: socket(context, words.word("a socket")?)? })
}

pub(super) fn sends(context: &Context<'_>, words: &mut Words<'_>) -> Result<NcpAction> {
    const FORMS: [&str; 2] = ["bytes N N ...", "N random bytes"];
    let local = of_gender(context, words, Gender::Send)?;
    let data = if are_next(words, &[None, Some("random"), Some("bytes")]) {
        let count = count(context, words)?;
        words.keyword("random")?;
        words.keyword("bytes")?;
        Outgoing::Random(count)
    } else {
        Outgoing::Data(data(context, words, &FORMS)?)
    };
    Ok(NcpAction::Sends { local, data })
}

pub(super) fn receives(context: &Context<'_>, words: &mut Words<'_>) -> Result<NcpAction> {
    const FORMS: [&str; 3] = ["bytes N N ...", "any N bytes", "what HOST sent from SOCKET"];
    let local = of_gender(context, words, Gender::Receive)?;
    let mut ahead = words.clone();
    let (what, sent) = (ahead.next(), ahead.next().and_then(|_| ahead.next()));
    let data = if are_next(words, &[Some("any"), None, Some("bytes")]) {
        words.keyword("any")?;
        let count = count(context, words)?;
        words.keyword("bytes")?;
        Incoming::Any(count)
    } else if what.is_some_and(|what| what.is("what")) && sent.is_some_and(|sent| sent.is("sent")) {
        words.keyword("what")?;
        let host = context.declared(words.word("a host")?)?;
        words.keyword("sent")?;
        words.keyword("from")?;
        Incoming::SentBy(host, of_gender(context, words, Gender::Send)?)
    } else {
        Incoming::Data(data(context, words, &FORMS)?)
    };
    Ok(NcpAction::Receives { local, data })
}

pub(super) fn says(context: &Context<'_>, words: &mut Words<'_>) -> Result<NcpAction> {
    let local = of_gender(context, words, Gender::Send)?;
    Ok(NcpAction::Says { local, line: text(&texts::SENT, context, words.typed()?)? })
}

pub(super) fn hears(context: &Context<'_>, words: &mut Words<'_>) -> Result<NcpAction> {
    let local = of_gender(context, words, Gender::Receive)?;
    let heard = words.some_typed("what is to be heard")?;
    Ok(NcpAction::Hears { local, text: text(&texts::HEARD, context, heard)? })
}

pub(super) fn interrupts(context: &Context<'_>, words: &mut Words<'_>) -> Result<NcpAction> {
    Ok(NcpAction::Interrupts { local: socket(context, words.word("a socket")?)? })
}

pub(super) fn takes_back(context: &Context<'_>, words: &mut Words<'_>) -> Result<NcpAction> {
    words.keyword("back")?;
    let local = of_gender(context, words, Gender::Receive)?;
    let messages = parts(context, words)?;
    let bits = if words.take("messages") {
        let bits = parts(context, words)?;
        words.keyword("bits")?;
        bits
    } else {
        messages.clone()
    };
    Ok(NcpAction::TakesBack { local, messages, bits })
}

pub(super) fn echoes(context: &Context<'_>, words: &mut Words<'_>) -> Result<NcpAction> {
    let to = context.names.host(words.word("a host")?)?;
    let data = byte(context, words.word("a number")?, "what is to be sent back")?;
    Ok(NcpAction::Echoes { to, data })
}

pub(super) fn resets(context: &Context<'_>, words: &mut Words<'_>) -> Result<NcpAction> {
    Ok(NcpAction::Resets { partner: context.names.host(words.word("a host")?)? })
}

/// Reads a message that no NCP would send: its text, or the whole of it.
pub(super) fn injects(context: &Context<'_>, words: &mut Words<'_>) -> Result<NcpAction> {
    let how = words.word("`to` or `raw`")?;
    if how.is("raw") {
        let bytes = hexadecimal(words, (LEADER_BITS + MAX_DATA_BITS) / 8)?;
        return if bytes.is_empty() {
            Err(words.wanting("the message"))
        } else {
            Ok(NcpAction::InjectsRaw { message: Bits::from_bytes(&bytes) })
        };
    }
    if !how.is("to") {
        return Err(how.is_none_of("way to inject", &["to", "raw"]));
    }
    let to = context.names.host(words.word("a host")?)?;
    words.keyword("link")?;
    let link = byte(context, words.word("a link")?, "a link")?;
    let text = hexadecimal(words, (MAX_DATA_BITS - HEADER_BITS) / 8)?;
    Ok(NcpAction::Injects { to, link, text })
}

/// Reads what goes over a connection: text, or numbers behind `bytes`; `forms` are all that is no text.
fn data(context: &Context<'_>, words: &mut Words<'_>, forms: &[&str]) -> Result<Data> {
    if !words.take("bytes") {
        let begin = words.clone();
        let what = words.some_typed("the text, or `bytes` and numbers")?;
        return match begins_like_a_form(begin) {
            true => Err(no_form(what, forms)),
            false => Ok(Data::Text(text(&texts::SENT, context, what)?)),
        };
    }
    let mut next = words.word("a byte")?;
    let mut bytes = Vec::new();
    loop {
        bytes.push(number_or_name(context, next, "a byte", 0..=u64::MAX)?);
        match words.next() {
            Some(word) => next = word,
            None => return Ok(Data::Bytes(bytes)),
        }
    }
}

/// Whether a text begins with words that some form of data begins with, rightly written or not, so that nobody could tell
/// which is meant.
fn begins_like_a_form(words: Words<'_>) -> bool {
    let mut words = words;
    let (first, second) = (words.next(), words.next());
    let is_one = |word: Option<Word<'_>>, known: &[&str]| {
        word.is_some_and(|word| known.iter().any(|known| word.is(known)))
    };
    is_one(first, &["byte", "any", "what"])
        || first.is_some_and(begins_a_number) && is_one(second, &["random", "byte", "bytes"])
}

/// The complaint that a text begins like one of these forms and is none.
fn no_form(text: Word<'_>, forms: &[&str]) -> Diagnostic {
    let forms: Vec<String> = forms.iter().map(|form| format!("`{form}`")).collect();
    let mut letters = text.text.chars();
    let code = letters.next().map_or(0, u32::from);
    let message = format!("`{}` begins like another form of data, and is none", text.text);
    Diagnostic::new(text.at(), message, "text, or what else?").help(format!(
        "what is no text is written {}; a text that begins so has its first character by its code: \
         `{{{code}}}{}`",
        forms.join(", "),
        letters.as_str()
    ))
}

/// Whether these words come next; where none is given, a number, or the name of one.
fn are_next(words: &Words<'_>, expected: &[Option<&str>]) -> bool {
    let mut ahead = words.clone();
    expected.iter().all(|expected| {
        ahead
            .next()
            .is_some_and(|word| expected.map_or_else(|| begins_a_number(word), |known| word.is(known)))
    })
}

/// Whether this is meant as a number, or as the name of one. The code of a character begins a text.
fn begins_a_number(word: Word<'_>) -> bool {
    word.begins_with_digit() || texts::is_name(word)
}

/// Reads how many bytes.
fn count(context: &Context<'_>, words: &mut Words<'_>) -> Result<Number<u32>> {
    let word = words.word("the number of bytes")?;
    let count = number_or_name(context, word, "the number of bytes", 1..=MOST_BYTES.into())?;
    // The number keeps to the range.
    Ok(count.map(|count| count as u32))
}

/// Reads a fraction in 128ths, as GVB has it: `64/128`. One that is greater than 1 means all, too.
fn parts(context: &Context<'_>, words: &mut Words<'_>) -> Result<Number<u8>> {
    let word = words.word("how much, in 128ths")?;
    let Some(parts) = word.before("/128") else {
        let message = format!("`{}` is not a number of 128ths", word.text);
        return Err(Diagnostic::new(word.at(), message, "a fraction belongs here").help("a half is `64/128`"));
    };
    byte(context, parts, "the number of 128ths")
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
