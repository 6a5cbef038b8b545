//! What stands in front of a step: when it begins, and how long it may wait.

use machine::{Instant, Span};

use super::ast::When;
use super::errors::{Diagnostic, Diagnostics};
use super::quantity::span;
use super::words::{Word, Words};

/// The time that the steps read so far take at least.
#[derive(Debug)]
pub(super) struct Clock {
    /// The earliest time at which the next step can begin.
    earliest: Instant,
    /// The longest that the scenario may take.
    limit: Span,
}

impl Clock {
    /// At the start of a scenario that may take this long.
    pub(super) fn new(limit: Span) -> Self {
        Clock { earliest: Instant::START, limit }
    }

    /// Lets the time pass that a step takes at least.
    pub(super) fn pass(&mut self, span: Span) {
        self.earliest += span;
    }

    /// Reads the time in front of a step, and sees to it that time does not go backwards.
    pub(super) fn when(
        &mut self,
        words: &mut Words<'_>,
        diagnostics: &mut Diagnostics<'_>,
    ) -> Result<When, Diagnostic> {
        if words.take("at") {
            let word = words.word("a time")?;
            let time = Instant::START + span(word)?;
            if time < self.earliest {
                let message = format!("time goes backwards to {}", word.text);
                let label =
                    format!("the step above cannot begin before {}", self.earliest.since(Instant::START));
                diagnostics.add(Diagnostic::new(word.at(), message, label).help(format!(
                    "`at` counts from the start of the run, `+{}` from the end of the step above",
                    word.text
                )));
            } else if time > Instant::START + self.limit {
                let message = format!("this step is after the limit of {}", self.limit);
                diagnostics.add(
                    Diagnostic::new(word.at(), message, "never comes")
                        .help(format!("raise the limit: `limit {}`", word.text)),
                );
            }
            self.earliest = self.earliest.max(time);
            one_time(words)?;
            return Ok(When::At(time));
        }
        match words.peek().and_then(Word::after_plus) {
            Some(word) => {
                words.next();
                if word.text.is_empty() {
                    let label = "how long after the step above?";
                    let next = words.peek().filter(Word::begins_with_digit);
                    let example = next.map_or("1.5s", |next| next.text);
                    return Err(Diagnostic::new(word.at(), "nothing stands behind the `+`", label)
                        .help(format!("write the duration without a blank: `+{example}`")));
                }
                let pause = span(word)?;
                self.earliest += pause;
                one_time(words)?;
                Ok(When::After(pause))
            }
            None => Ok(When::Next),
        }
    }
}

/// Refuses a second time in front of a step.
fn one_time(words: &Words<'_>) -> Result<(), Diagnostic> {
    match words.peek().filter(|word| word.is("at") || word.after_plus().is_some()) {
        None => Ok(()),
        Some(time) => Err(Diagnostic::new(time.at(), "a second time", "one stands in front of it").help(
            "write one of them: `at` counts from the start of the run, `+` from the end of the step above",
        )),
    }
}

/// The complaint that `at`, `within` or `+` stands within a step, if this is one of these.
pub(super) fn misplaced(word: Word<'_>) -> Option<Diagnostic> {
    if !(word.is("at") || word.is("within") || word.after_plus().is_some()) {
        return None;
    }
    let diagnostic =
        Diagnostic::new(word.at(), format!("`{}` within a step", word.text), "belongs in front of all of it");
    Some(diagnostic.help("a step is written `[at SPAN | +SPAN] [within SPAN] STEP`"))
}

/// Reads how long a step may wait, if that is said.
pub(super) fn within(words: &mut Words<'_>) -> Result<Option<Span>, Diagnostic> {
    if !words.take("within") {
        return Ok(None);
    }
    let patience = span(words.word("how long to wait")?)?;
    match words.peek().filter(|word| word.is("at") || word.after_plus().is_some()) {
        None => Ok(Some(patience)),
        Some(time) => {
            Err(Diagnostic::new(time.at(), "`within` in front of a time", "belongs before `within`").help(
                "when a step begins is said first: `at SPAN within SPAN ...`, or `+SPAN within SPAN ...`",
            ))
        }
    }
}

/// The `at SPAN`, `within SPAN` or `+SPAN` with which a line ends.
pub(super) fn timing_at_the_end(line: Word<'_>) -> Option<Word<'_>> {
    let last_begins = |text: &str| text.trim_end_matches(|letter: char| !letter.is_whitespace()).len();
    let begin = last_begins(line.text);
    let last = line.part(begin..line.text.len());
    if let Some(pause) = last.after_plus() {
        return span(pause).is_ok().then_some(last);
    }
    let above = line.text[..begin].trim_end();
    let begin = last_begins(above);
    let word = line.part(begin..above.len());
    let is_timing = (word.is("at") || word.is("within")) && span(last).is_ok();
    is_timing.then(|| line.part(begin..line.text.len()))
}

/// The first word of a statement behind its time and patience.
pub(super) fn skip_timing<'a>(words: &mut Words<'a>) -> Option<Word<'a>> {
    let mut next = words.next();
    while let Some(word) = next
        && (word.after_plus().is_some() || word.is("at") || word.is("within"))
    {
        if word.after_plus().is_none() {
            words.next();
        }
        next = words.next();
    }
    next
}
