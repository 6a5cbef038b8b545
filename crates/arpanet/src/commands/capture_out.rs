//! Prints what a capture tells while it is read: however long it is, nothing piles up.

use std::io::{self, BufWriter, StdoutLock, Write};
use std::path::Path;

use trace::capture::{FileError, Introduced, Told};
use trace::{TranscriptState, View, ViolationCounts};
use view::captured::{counts, jump_words, new_cable, summary};
use view::json::JsonLines;

use crate::capture_input::Bytes;
use crate::terminal::{PrintError, printed};

/// Standard output.
pub(super) struct Out {
    out: BufWriter<StdoutLock<'static>>,
    /// Whether each line is to be seen at once, as the next may come much later.
    is_seen_at_once: bool,
    /// What became of it, once it cannot be written: a reader that has gone away is no error, and nobody reads on.
    failed: Option<io::Error>,
}

impl Out {
    pub(super) fn new(is_seen_at_once: bool) -> Self {
        let out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
        Out { out, is_seen_at_once, failed: None }
    }

    /// Prints text. Returns whether there is anybody to print more for.
    pub(super) fn put(&mut self, text: &str) -> bool {
        if self.failed.is_some() || text.is_empty() {
            return self.failed.is_none();
        }
        let put = self.out.write_all(text.as_bytes());
        let put = if self.is_seen_at_once { put.and_then(|()| self.out.flush()) } else { put };
        self.failed = put.err();
        self.failed.is_none()
    }

    /// All is printed.
    pub(super) fn end(mut self) -> Result<(), PrintError> {
        let failed = self.failed.take().map_or_else(|| self.out.flush(), Err);
        // What is left cannot be written either, and has been told.
        let _ = self.out.into_parts();
        printed(failed)
    }
}

/// What came of a capture that was shown.
#[derive(Debug, Default)]
pub(super) struct Shown {
    /// Where it is broken.
    pub(super) broken: Option<FileError>,
    /// Whether a rule was certainly broken.
    pub(super) is_any_certain: bool,
}

/// Prints a capture as a transcript.
///
/// # Errors
/// If what was a capture is none when it is read again.
pub(super) fn print_transcript(
    path: &Path,
    introduced: Introduced,
    bytes: Bytes,
    view: &View<'_>,
    out: &mut Out,
) -> Result<Shown, FileError> {
    let paper = view.paper;
    let packets = introduced.survey().counts();
    let begin = if introduced.is_whole() { "" } else { "begins with " };
    let path = path.display();
    let text =
        format!("{path}: {begin}{} packets, {} of cables\n{packets}", packets.packets, packets.of_cables);
    out.put(&paper.fill(&text, 2));
    out.put(&paper.fill(&summary(&introduced), 2));
    let is_whole = introduced.is_whole();
    let mut state = TranscriptState::default().with_room_for(view.names, introduced.hosts());
    let mut violation_counts = ViolationCounts::default();
    let mut telling = introduced.tell(bytes)?;
    while let Some(told) = telling.next() {
        let text = match told {
            Told::Happened { record, is_timed, violations } => {
                state.know_times(is_timed);
                let mut text = view.next(&record, &mut state);
                for violation in violations.iter().filter(|violation| violation_counts.add_shown(violation)) {
                    text.push_str(&view.next_violation(violation, None, &mut state));
                }
                text
            }
            Told::Clock { at, jump } => {
                let (what, meaning) = jump_words(jump);
                view.next_remark(at, "clock", &what, meaning, &mut state)
            }
            Told::NewCable { at, cable } => {
                let what = new_cable(&cable, telling.directory());
                view.next_remark(at, "capture", &what, "its rules are not judged", &mut state)
            }
        };
        if !out.put(&text) {
            return Ok(Shown::default());
        }
    }
    let mut text = String::new();
    for violation in telling.undone().iter().filter(|violation| violation_counts.add_shown(violation)) {
        text.push_str(&view.next_violation(violation, None, &mut state));
    }
    text.push('\n');
    if !is_whole {
        let whole = format!("{path}: {} packets in all\n", telling.packets());
        text.push_str(&paper.fill(&whole, 2));
        text.push_str(&paper.fill(&counts(&telling.cables(), telling.directory()), 2));
        text.push('\n');
    }
    text.push_str(&paper.fill(&violation_counts.summary(telling.directory()), 2));
    out.put(&text);
    Ok(Shown { broken: telling.error().cloned(), is_any_certain: violation_counts.is_any_certain() })
}

/// Prints a capture for programs.
///
/// # Errors
/// If what was a capture is none when it is read again.
pub(super) fn print_json(introduced: Introduced, bytes: Bytes, out: &mut Out) -> Result<Shown, FileError> {
    out.put(&JsonLines::capture(&introduced));
    let mut lines = JsonLines::new(introduced.begins());
    let mut violation_counts = ViolationCounts::default();
    let mut telling = introduced.tell(bytes)?;
    while let Some(told) = telling.next() {
        if let Told::Happened { violations, .. } = &told {
            for violation in violations {
                violation_counts.add(violation);
            }
        }
        if !out.put(&lines.told(&told, telling.directory())) {
            return Ok(Shown::default());
        }
    }
    for violation in telling.undone() {
        violation_counts.add(violation);
    }
    let broken = telling.error().cloned();
    let why = broken.as_ref().map(ToString::to_string);
    let (cables, directory) = (telling.cables(), telling.directory());
    out.put(&lines.end(telling.packets(), why.as_deref(), telling.undone(), &cables, directory));
    Ok(Shown { broken, is_any_certain: violation_counts.is_any_certain() })
}
