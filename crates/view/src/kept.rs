//! A transcript that was kept, and whether a run still reads so.

use imp::visible::visible;
use scenario::ast::Scenario;
use sim::Outcome;
use similar::{Algorithm, DiffOp, capture_diff_slices};
use trace::View;

use crate::report::{heading, verdict};

/// So many lines are shown before and behind the first difference.
const AROUND: usize = 3;

/// So many lines of each are shown from the first difference on.
const SHOWN: usize = 8;

/// So many lines from the first difference on are laid beside each other.
const ALIGNED: usize = 400;

/// What is kept of a run: heading, transcript and verdict. When it ended, how many messages there were and its digest are left
/// out: they change with things that no line shows.
pub fn transcript(scenario: &Scenario, outcome: &Outcome, view: &View<'_>) -> String {
    let transcript = view.transcript(&outcome.records);
    format!("{}{transcript}\n{}\n", heading(scenario), verdict(outcome, false))
}

/// Where a transcript differs from one that was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The first line of the file that is not the same, the first being 1; one more than it has if it only ends there.
    pub line: usize,
    /// The lines around it, behind a sign: `-` only in the file, `+` only in the run.
    pub shown: Vec<String>,
    /// How many lines are only in the file, and how many only in the run, as far as was looked.
    pub only: (usize, usize),
    /// What may be why.
    pub hint: Option<&'static str>,
}

/// Compares what was kept with a [`transcript`]. What a test keeps above, and the rest of the last line, may stand there or
/// not: so one may also keep what the command prints.
pub fn difference(kept: &str, now: &str) -> Option<Difference> {
    let (above, kept) = body(kept);
    let (_, now) = body(now);
    let alike = kept.iter().zip(&now).take_while(|(one, other)| one == other).count();
    if alike == kept.len() && alike == now.len() {
        return None;
    }
    let (one, other) = (&kept[alike..], &now[alike..]);
    let (one_near, other_near) = (&one[..one.len().min(ALIGNED)], &other[..other.len().min(ALIGNED)]);
    let mut shown: Vec<String> =
        kept[alike.saturating_sub(AROUND)..alike].iter().map(|line| signed(' ', line)).collect();
    let mut only = (one.len() - one_near.len(), other.len() - other_near.len());
    let is_room = |shown: &Vec<String>| shown.len() < AROUND + 2 * SHOWN;
    for op in capture_diff_slices(Algorithm::Myers, one_near, other_near) {
        if let DiffOp::Equal { old_index, len, .. } = op {
            let lines = one_near[old_index..old_index + len].iter().take(AROUND);
            lines
                .filter(|_| is_room(&shown))
                .map(|line| signed(' ', line))
                .collect::<Vec<_>>()
                .into_iter()
                .for_each(|line| shown.push(line));
            continue;
        }
        let (old, new) = (op.old_range(), op.new_range());
        only.0 += old.len();
        only.1 += new.len();
        if is_room(&shown) {
            shown.extend(one_near[old].iter().take(SHOWN).map(|line| signed('-', line)));
            shown.extend(other_near[new].iter().take(SHOWN).map(|line| signed('+', line)));
        }
    }
    let hint = one.first().zip(other.first()).and_then(|(one, other)| times_hint(one, other));
    Some(Difference { line: above + alike + 1, shown, only, hint })
}

/// A line behind its sign.
fn signed(sign: char, line: &str) -> String {
    format!("{sign} {}", visible(line)).trim_end().to_owned()
}

/// The lines that count, and how many stand above them.
fn body(text: &str) -> (usize, Vec<&str>) {
    let lines: Vec<&str> = text.lines().collect();
    let mut above = 0;
    if lines.first() == Some(&"---") {
        let end = lines.iter().skip(1).position(|line| *line == "---");
        above = end.map_or(0, |end| end + 2);
    }
    let mut body = lines[above..].to_vec();
    let is_total = |line: &&str| line.contains(" messages into the net, ") && line.contains("; digest ");
    if let Some(last) = body.iter().rposition(is_total) {
        body.truncate(last + 1);
        if let Some(at) = body[last].find(", at ") {
            body[last] = &body[last][..at];
        }
    }
    (above, body)
}

/// Whether the times alone make the difference.
fn times_hint(kept: &str, now: &str) -> Option<&'static str> {
    let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let (kept, now) = (words(kept), words(now));
    let is_time =
        |word: &String| word.contains('.') && word.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let has_time = |words: &[String]| words.first().is_some_and(is_time);
    match (has_time(&kept), has_time(&now)) {
        (true, false) if kept[1..] == now[..] => {
            Some("it was kept with its times: leave out --without-times")
        }
        (false, true) if kept[..] == now[1..] => Some("it was kept without its times: say --without-times"),
        (true, true) if kept[1..] == now[1..] => {
            Some("only the time is another: --without-times keeps and compares transcripts without")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEPT: &str = "T\nnet n, seed 0\n\n   0.000000  A -> B  ONE\n   0.000100  B -> A  TWO\n\nall hold\n";

    #[test]
    fn what_reads_the_same_is_the_same_whatever_a_test_or_the_command_adds() {
        let total = ", at 0.5 s; 3 messages into the net, 3 out; digest 12ab";
        for kept in [
            KEPT.to_owned(),
            format!("---\nsource: a.rs\n---\n{KEPT}"),
            format!("{}{total}\nadvice: none\n", KEPT.trim_end()),
        ] {
            assert_eq!(difference(&kept, KEPT), None, "{kept}");
        }
    }

    #[test]
    fn the_first_difference_is_told_with_its_line_of_the_file_and_what_stands_around_it() {
        let now = KEPT.replace("TWO", "THREE");
        let found = difference(&format!("---\nsource: a.rs\n---\n{KEPT}"), &now).expect("they differ");
        assert_eq!((found.line, found.only), (8, (1, 1)), "counted from the beginning of the file");
        let signs: String = found.shown.iter().filter_map(|line| line.chars().next()).collect();
        assert_eq!(signs, "  -+ ", "{:?}", found.shown);
        assert!(found.shown.iter().any(|line| line == "-    0.000100  B -> A  TWO"), "{:?}", found.shown);
        let shorter = difference(KEPT, &KEPT[..40]).expect("the run ends early");
        assert!(shorter.only.0 > 0, "{shorter:?}");
        let nothing = difference("", KEPT).expect("the file is empty");
        assert_eq!((nothing.line, nothing.only.0), (1, 0));
    }

    #[test]
    fn where_the_times_alone_differ_that_is_said() {
        let hint =
            |kept: &str, now: &str| difference(kept, now).and_then(|found| found.hint).unwrap_or_default();
        let without = KEPT.replace("   0.000000  ", "").replace("   0.000100  ", "");
        assert!(hint(KEPT, &without).contains("leave out --without-times"));
        assert!(hint(&without, KEPT).contains("say --without-times"));
        assert!(hint(KEPT, &KEPT.replace("0.000100", "0.000200")).contains("only the time"));
        assert_eq!(hint(KEPT, &KEPT.replace("TWO", "X")), "");
    }

    #[test]
    fn however_different_they_are_not_more_is_shown_than_one_reads() {
        let many = |word: &str| (0..5_000).map(|line| format!("{word} {line}\n")).collect::<String>();
        let found = difference(&many("ONE"), &many("TWO")).expect("nothing is the same");
        assert!(found.shown.len() < 40, "{}", found.shown.len());
        assert_eq!(found.only, (5_000, 5_000));
    }
}
