//! What is typed to a live host: the lines of standard input, each of them or a word on why it is none.

use std::io::{self, BufRead, Read};
use std::sync::mpsc as facts;

use tokio::sync::mpsc;

use crate::system::words;
use crate::terminal::Terminal;
use crate::utf8::{NotUtf8, SAVE_AS_UTF8, decode};

/// At most this many lines are read ahead of the program.
const AHEAD: usize = 16;

/// The longest line that is typed, in bytes. No program takes one that is nearly as long.
const LONGEST: usize = 4096;

/// What became of a part of standard input. All of them come in the order of the lines.
#[derive(Debug)]
pub(crate) enum Fact {
    /// The line of this number, the first being 1, goes to the program next.
    Goes(usize),
    /// That line cannot be typed.
    Left(usize),
    /// The input ends.
    Ended,
    /// The input cannot be read any more.
    Broken(io::Error),
}

/// Why a line cannot be typed.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
enum NoLine {
    #[error("{0}: this line is not typed; {SAVE_AS_UTF8}")]
    NotUtf8(NotUtf8),
    #[error("line {0} is not typed: it is longer than {LONGEST} bytes")]
    TooLong(usize),
}

/// Begins to read standard input: its lines, and what became of it.
pub(crate) fn start(terminal: Terminal) -> io::Result<(mpsc::Receiver<String>, facts::Receiver<Fact>)> {
    let (line_sender, lines) = mpsc::channel(AHEAD);
    let (fact_sender, facts) = facts::channel();
    let thread = std::thread::Builder::new().name("keyboard".to_owned());
    thread.spawn(move || {
        let ended = read(io::stdin().lock(), |number, line| match line {
            Ok(line) => {
                let known = fact_sender.send(Fact::Goes(number)).is_ok();
                known && line_sender.blocking_send(line).is_ok()
            }
            Err(why) => {
                terminal.tell(&format!("standard input, {why}\n"));
                fact_sender.send(Fact::Left(number)).is_ok()
            }
        });
        let last = match ended {
            Ok(()) => Fact::Ended,
            Err(error) => {
                terminal.tell(&format!("standard input: {}\n", words(&error)));
                Fact::Broken(error)
            }
        };
        // Who does not listen any more has been stopped. The lines end after that is known.
        let _ = fact_sender.send(last);
        drop(line_sender);
    })?;
    Ok((lines, facts))
}

/// Hands on each line of an input with its number, without its end, until `take` wants no more.
fn read(
    mut input: impl BufRead,
    mut take: impl FnMut(usize, Result<String, NoLine>) -> bool,
) -> io::Result<()> {
    for number in 1.. {
        let mut line = Vec::new();
        // A line and its end, which may be two bytes.
        input.by_ref().take(LONGEST as u64 + 2).read_until(b'\n', &mut line)?;
        if line.is_empty() {
            break;
        }
        let is_whole = line.pop_if(|last| *last == b'\n').is_some();
        line.pop_if(|last| *last == b'\r');
        let typed = if line.len() > LONGEST {
            if !is_whole {
                skip_line(&mut input)?;
            }
            Err(NoLine::TooLong(number))
        } else {
            decode(line).map_err(|wrong| NoLine::NotUtf8(NotUtf8 { line: number, ..wrong }))
        };
        if !take(number, typed) {
            break;
        }
    }
    Ok(())
}

/// Passes over the rest of a line, however long it is.
fn skip_line(input: &mut impl BufRead) -> io::Result<()> {
    loop {
        let some = input.fill_buf()?;
        let (length, is_end) = match some.iter().position(|byte| *byte == b'\n') {
            Some(at) => (at + 1, true),
            None => (some.len(), some.is_empty()),
        };
        input.consume(length);
        if is_end {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What becomes of each line of an input.
    fn typed(input: &[u8]) -> Vec<Result<String, String>> {
        let mut typed = Vec::new();
        let mut expected = 1;
        let ended = read(input, |number, line| {
            assert_eq!(number, expected, "lines are counted, whatever they are");
            expected += 1;
            typed.push(line.map_err(|why| why.to_string()));
            true
        });
        ended.expect("bytes can be read");
        typed
    }

    #[test]
    fn a_line_that_is_not_in_utf8_is_told_and_the_next_one_is_typed() {
        let typed = typed(b"HELP\r\nQUOTE caf\xe9\n\nQUOTE NOOP\nHELP");
        let lines: Vec<Option<&str>> = typed.iter().map(|line| line.as_deref().ok()).collect();
        assert_eq!(lines, [Some("HELP"), None, Some(""), Some("QUOTE NOOP"), Some("HELP")]);
        let told = typed[1].as_ref().expect_err("it is not in UTF-8");
        assert!(told.starts_with("line 2, byte 10: 0xe9 is not in UTF-8: this line is not typed"), "{told}");
    }

    #[test]
    fn of_a_line_without_end_a_little_is_kept_and_the_next_one_is_typed() {
        let longest = "X".repeat(LONGEST);
        let input = format!("{longest}\r\n{longest}Y\n{}\nHELP\n{longest}ZZ", "X".repeat(100 * LONGEST));
        let too_long = |line: usize| Err(format!("line {line} is not typed: it is longer than 4096 bytes"));
        let expected = [Ok(longest), too_long(2), too_long(3), Ok("HELP".to_owned()), too_long(5)];
        assert_eq!(typed(input.as_bytes()), expected);
    }

    #[test]
    fn an_input_that_cannot_be_read_is_no_input_that_ends() {
        struct Folder;
        impl Read for Folder {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::ErrorKind::IsADirectory.into())
            }
        }
        let broken = read(io::BufReader::new(Folder), |_, _| true);
        assert_eq!(broken.expect_err("it cannot be read").kind(), io::ErrorKind::IsADirectory);
    }
}
