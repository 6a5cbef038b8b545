//! The help of the command, as it is called and as wide as the terminal.

use std::ffi::OsString;

use clap::Command;

/// Whether a help may be printed for these arguments: for `help`, `--help`, options of one letter with an `h` among them, and
/// for none at all. To fit the texts costs more than to replay a scenario.
pub(crate) fn may_be_asked_for(arguments: impl Iterator<Item = OsString>) -> bool {
    let mut arguments = arguments.peekable();
    arguments.peek().is_none()
        || arguments.any(|argument| {
            let text = argument.to_string_lossy();
            let letters = text.strip_prefix('-').filter(|rest| !rest.starts_with('-'));
            text == "help" || text == "--help" || letters.is_some_and(|letters| letters.contains('h'))
        })
}

/// Gives the help below each command's options the name with which the command is called, and no line that is longer
/// than so many columns, if that can be.
pub(crate) fn fitted(command: Command, name: &'static str, width: usize) -> Command {
    let command = command.term_width(width).mut_subcommands(|command| {
        match command.get_after_long_help().map(ToString::to_string) {
            Some(text) => command.after_long_help(lines_within(&called(&text, name), width)),
            None => command,
        }
    });
    match command.get_after_help().map(ToString::to_string) {
        Some(text) => command.after_help(lines_within(&called(&text, name), width)),
        None => command,
    }
}

/// The commands in a text that begin a line, as they are called.
fn called(text: &str, name: &str) -> String {
    text.split_inclusive('\n')
        .map(|line| {
            let blanks = line.len() - line.trim_start().len();
            let (indent, rest) = line.split_at(blanks);
            match rest.strip_prefix("arpanet ") {
                Some(arguments) if blanks > 0 => format!("{indent}{name} {arguments}"),
                Some(_) | None => line.to_owned(),
            }
        })
        .collect()
}

/// The text with each line that is too long broken between words. Its rest goes on where its own next line does, and
/// together with that.
pub(crate) fn lines_within(text: &str, width: usize) -> String {
    let mut fitted = String::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let mut rest = line.to_owned();
        let mut hang = hang(line, lines.peek().copied()).min(width / 2);
        while let Some(at) = cut(&rest, hang, width) {
            fitted.push_str(rest[..at].trim_end());
            fitted.push('\n');
            rest = format!("{:hang$}{}", "", rest[at..].trim_start());
            if let Some(next) = lines.next_if(|next| continues(next) && indent(next) == hang) {
                rest = format!("{rest} {}", next.trim_start());
            }
            hang = indent(&rest);
        }
        fitted.push_str(&rest);
        fitted.push('\n');
    }
    fitted.truncate(fitted.trim_end().len());
    fitted
}

/// How many blanks a line begins with.
fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// Whether a line may be the rest of the one above: it has one column only.
fn continues(line: &str) -> bool {
    !line.trim().is_empty() && !line.trim().contains("  ")
}

/// Where the rest of a line goes on: where the next one does if that belongs to it, else below its last column.
fn hang(line: &str, next: Option<&str>) -> usize {
    let begin = indent(line);
    match (next.filter(|next| continues(next)).map(indent), line[begin..].rfind("  ")) {
        (Some(next), Some(_)) if next > begin => next,
        (_, Some(gap)) => line[..begin + gap + 2].chars().count(),
        (_, None) => begin,
    }
}

/// Where a line that is too long can be broken, as far right as there is room.
fn cut(line: &str, hang: usize, width: usize) -> Option<usize> {
    let end = line.char_indices().nth(width).map(|(at, _)| at)?;
    line[..=end].rfind(' ').filter(|at| line[..*at].chars().count() > hang && !line[..*at].trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_may_see_a_help_gets_one_that_fits() {
        let asks = |arguments: &str| may_be_asked_for(arguments.split_whitespace().map(OsString::from));
        for arguments in
            ["", "help", "help scenario", "scenario --help", "scenario -h", "scenario -vh", "--help"]
        {
            assert!(asks(arguments), "{arguments} prints a help");
        }
        for arguments in [
            "scenario",
            "scenario rfc438-append --bits",
            "scenario rfc438-append --show ftp",
            "net 1973-01",
            "read x.pcapng -v",
        ] {
            assert!(!asks(arguments), "{arguments} prints none");
        }
    }

    #[test]
    fn a_command_is_called_as_it_was() {
        assert_eq!(
            called("  arpanet net X\narpanet is old\ncrates/arpanet lua\n", "cargo xtask"),
            "  cargo xtask net X\narpanet is old\ncrates/arpanet lua\n"
        );
    }

    #[test]
    fn a_long_line_goes_on_below_its_last_column() {
        let text = "  HOST sees TEXT    waits until it is printed there\nno  gap";
        let gap = " ".repeat(17);
        let broken = format!("  HOST sees TEXT    waits until it\n{gap}is printed there\nno  gap");
        assert_eq!(lines_within(text, 34), broken);
        assert_eq!(lines_within(&"x".repeat(50), 40).len(), 50, "a long word stays whole");
    }

    #[test]
    fn prose_that_is_broken_is_filled_again() {
        let text = "one two three four\nfive six\n\nseven";
        assert_eq!(lines_within(text, 12), "one two\nthree four\nfive six\n\nseven");
        let text = "  A  one two three\n     four\n  B  five";
        assert_eq!(lines_within(text, 12), "  A  one two\n     three\n     four\n  B  five");
    }
}
