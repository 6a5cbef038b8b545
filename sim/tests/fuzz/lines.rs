//! What is fuzzed without a net: commands and replies, from the bytes of a Telnet connection on.

use ftp::{Class, Command, CommandError, Edition, Heard, Meaning, Reply, ReplyReader, UserSession};
use telnet::{DEFAULT_LIMIT, Lines, Received};
use tokio_util::bytes::BytesMut;
use tokio_util::codec::Decoder;

/// What comes over a Telnet connection of these bytes, with an INS before each byte that is one of `interrupts`.
fn received(bytes: &[u8]) -> Vec<Received> {
    let (mut lines, mut all) = (Lines::default(), Vec::new());
    for part in bytes.split_inclusive(|byte| *byte == b'!') {
        let mut buffer = BytesMut::from(part);
        while let Some(received) = lines.decode(&mut buffer).expect("bytes in memory do not fail") {
            all.push(received);
        }
        if part.ends_with(b"!") {
            lines.interrupted();
        }
    }
    let end = lines.decode_eof(&mut BytesMut::new()).expect("bytes in memory do not fail");
    all.extend(end);
    for one in &all {
        if let Received::Line(line) | Received::CutShort(line) = one {
            assert!(line.len() <= DEFAULT_LIMIT && line.is_ascii() && !line.contains('\n'), "{line:?}");
        }
    }
    all
}

/// Reads bytes as the lines of a user. What is a command is written and read as the same one, and what is none is answered in
/// one line of printing ASCII.
pub(crate) fn fuzz_command(bytes: &[u8]) {
    for received in received(bytes) {
        let Received::Line(line) = received else { continue };
        for edition in Edition::ALL {
            match Command::parse(&line, edition) {
                Ok(command) => {
                    let written = command.to_string();
                    assert_eq!(Command::parse(&written, edition), Ok(command), "{line:?} is {written:?}");
                }
                Err(error) => complains(&line, edition, &error),
            }
        }
    }
}

fn complains(line: &str, edition: Edition, error: &CommandError) {
    let reply = Reply::from(error);
    let code = reply.code();
    assert!(
        code.is_of(edition) && matches!(code.class(), Class::Failure | Class::Ignored),
        "{line:?}: {reply} ({edition})"
    );
    for sent in reply.wire_lines() {
        assert!(sent.bytes().all(|byte| matches!(byte, b' '..=b'~')), "{line:?}: {sent:?}");
        assert!(sent.len() < DEFAULT_LIMIT, "{line:?}: {} characters", sent.len());
    }
}

/// What a user asks between two lines of a server, by the first byte of the line.
const ASKED: [&str; 8] = ["NOOP", "RETR A", "STOR A", "STAT", "ABOR", "HELP", "SOCK 1,5", "BYE"];

/// Reads bytes as the lines of a server to whom a user talks. As many commands are answered as were sent, at most; what is read
/// is bounded.
pub(crate) fn fuzz_reply(bytes: &[u8]) {
    const LIMIT: usize = 20;
    let (mut reader, mut session) = (ReplyReader::new(LIMIT), UserSession::new());
    for received in received(bytes) {
        let Received::Line(line) = received else { continue };
        let first = line.bytes().next().unwrap_or_default();
        if !first.is_ascii_digit() {
            let asked = ASKED[usize::from(first) % ASKED.len()];
            session.sent(&Command::parse(asked, Edition::Rfc438).expect("a command"));
        }
        let Ok(Some(Heard::Reply(reply))) = reader.line(&line) else { continue };
        assert!(reply.lines().count() <= LIMIT, "{reply}");
        let waited = session.waits();
        let meaning = session.reply(&reply);
        // A question that was kept for an account may be answered after all, in parts.
        let is_part = meaning == Meaning::Partial;
        assert!(waited || is_part || !session.waits(), "{reply} asks nothing");
        // None of these may panic, whatever the text.
        let _ = (reply.data_socket(), reply.bytes_transferred(), reply.has_garbled_count());
        let again: Vec<String> = reply.wire_lines().collect();
        assert_eq!(again.len(), reply.lines().count(), "each line is sent once");
    }
}
