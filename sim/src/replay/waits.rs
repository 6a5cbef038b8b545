//! Waits for what a message or a teletype says.

use imp1822::HostAddress;
use machine::Span;
use scenario::ast::Text;

use super::check::{not_printed, not_sent};
use super::evidence::{self, Sought};
use super::pattern::{Named, Pattern};
use super::run::Run;
use super::step_error::StepError;

/// Waits until a message crosses that has not crossed yet. Returns the numbers that get names there.
pub(super) fn wait_for_message(
    run: &mut Run,
    (from, to): (HostAddress, HostAddress),
    text: &Text,
    pattern: &Pattern,
    within: Span,
) -> Result<Named, StepError> {
    let crossed = |run: &Run| run.world.log().messages().map_or(0, |messages| messages.len());
    let begun = run.now();
    let mut since = crossed(run);
    let not_so = not_sent(run, from, to, text);
    let waited = run.wait(within, &not_so, |run| {
        let found = run.world.log().messages()?.find(from, to, since, |what| pattern.find(what));
        // No message is looked at twice.
        since = crossed(run);
        found.map(|(_, _, named)| named)
    });
    waited.map_err(|error| {
        error.with_evidence(|| {
            let mut evidence = evidence::of_messages(run, from, to, Sought { text, pattern });
            // What is found now crossed before: the wait has seen nothing.
            let log = run.world.log().messages();
            let before = log.and_then(|messages| messages.find(from, to, 0, |what| pattern.find(what)));
            if let Some((at, _, _)) = before {
                let crossed = format!("it crossed at {at} s, before this step began at {begun} s");
                evidence.help = Some(format!("{crossed}; `expect` looks back, `wait for` does not"));
            }
            evidence
        })
    })
}

/// Waits until a teletype prints a line or a prompt behind the first `since` lines of the run. Returns its number, and the
/// numbers that get names there.
pub(super) fn wait_for_line(
    run: &mut Run,
    host: HostAddress,
    text: &Text,
    pattern: &Pattern,
    since: usize,
    within: Span,
) -> Result<(usize, Named), StepError> {
    let not_so = not_printed(run, host, text);
    let waited = run
        .wait(within, &not_so, |run| run.world.log().printed().find(host, since, |line| pattern.find(line)));
    waited.map_err(|error| {
        error.with_evidence(|| {
            let sought = Sought { text, pattern };
            let mut evidence = evidence::of_teletype(run, host, sought);
            let printed = run.world.log().printed();
            if let Some((number, at)) = printed.found_before(host, since, |line| sought.is_in(line)) {
                let how = if number + 1 == since {
                    "and an earlier `sees` has found it"
                } else {
                    "before what an earlier `sees` has found"
                };
                let name = run.names.host(host);
                let help = format!("it printed that at {at} s, {how}; `expect {name} saw` looks back");
                evidence.help = Some(help);
            }
            evidence
        })
    })
}
