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

/// So many lines that cannot be typed are told one by one: an input may have nothing else, and no end.
const TOLD: usize = 20;

/// What became of a part of standard input. All of them come in the order of the lines.
#[derive(Debug)]
pub(crate) enum Fact {
    /// The line of this number, the first being 1, goes to the program next.
    Goes(usize),
    /// That line cannot be typed, the first of them.
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
        let tell = |text: &str| terminal.tell(text);
        let ended =
            hand_on(io::stdin().lock(), &fact_sender, tell, |line| line_sender.blocking_send(line).is_ok());
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

/// Hands on each line of an input that can be typed, until `goes` wants no more. Who types nothing asks for no facts: of
/// lines that cannot be typed no more is kept than that there is one.
fn hand_on(
    input: impl BufRead,
    facts: &facts::Sender<Fact>,
    tell: impl Fn(&str),
    mut goes: impl FnMut(String) -> bool,
) -> io::Result<()> {
    let mut left = 0_usize;
    read(input, |number, line| match line {
        Ok(line) => facts.send(Fact::Goes(number)).is_ok() && goes(line),
        Err(why) => {
            left = left.saturating_add(1);
            if left <= TOLD {
                tell(&format!("standard input, {why}\n"));
            } else if left == TOLD + 1 {
                tell("standard input: more lines cannot be typed, and are not told one by one\n");
            }
            left > 1 || facts.send(Fact::Left(number)).is_ok()
        }
    })
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
    fn an_input_of_nothing_that_can_be_typed_fills_neither_the_memory_nor_the_screen() {
        let (sender, receiver) = facts::channel();
        let told = std::cell::RefCell::new(Vec::new());
        let mut typed = Vec::new();
        let input = [&b"\xff\n".repeat(10_000)[..], b"HELP\n"].concat();
        let tell = |text: &str| told.borrow_mut().push(text.to_owned());
        let ended = hand_on(&input[..], &sender, tell, |line| {
            typed.push(line);
            true
        });
        ended.expect("bytes can be read");
        drop(sender);
        let facts: Vec<Fact> = receiver.iter().collect();
        assert!(matches!(facts[..], [Fact::Left(1), Fact::Goes(10_001)]), "{facts:?}");
        assert_eq!(typed, ["HELP"], "what can be typed is typed");
        let told = told.into_inner();
        assert_eq!(told.len(), TOLD + 1);
        assert!(told[TOLD].contains("more lines cannot be typed"), "{told:?}");
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
