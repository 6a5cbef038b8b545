//! Waits for what a message or a teletype says.

use imp1822::HostAddress;
use machine::{Instant, Span};
use scenario::ast::{Action, HostAction, NcpAction, Text, When};

use super::check::{not_printed, not_sent};
use super::evidence::{self, Sought};
use super::pattern::{Named, Pattern};
use super::run::Run;
use super::step_error::StepError;
use crate::message_log::MessageLog;

/// Where a `wait for` begins that stands right behind the step above it: what that step has brought about at once is news.
#[derive(Debug, Default)]
pub(super) struct MessageCursor {
    /// The number of the message.
    next: usize,
    /// When the step above ended. Who goes on later stands not right behind it.
    at: Instant,
}

/// How a step waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Waiting {
    /// It does not.
    Never,
    /// For its connection to open; then it acts.
    ThenActs,
    /// For what it is about, and that is its end.
    ForIts,
    /// For a message: it moves the cursor itself.
    ForMessage,
}

impl MessageCursor {
    /// The message with which a `wait for` begins.
    pub(super) fn start(&self, run: &Run, when: When) -> usize {
        match when {
            When::Next if self.at == run.now() => self.next,
            When::Next | When::After(_) | When::At(_) => messages_so_far(run),
        }
    }

    /// A `wait for` has found this message.
    pub(super) fn found(&mut self, run: &Run, number: usize) {
        *self = MessageCursor { next: number + 1, at: run.now() };
    }

    /// A step has been taken, before which there were so many messages.
    pub(super) fn go_on(&mut self, run: &Run, action: &Action, before: usize) {
        let next = match waiting(action) {
            Waiting::Never => before,
            Waiting::ThenActs => {
                let of_now = run.world.log().messages().map_or(0, |messages| messages.first_at(run.now()));
                of_now.max(before)
            }
            Waiting::ForIts => messages_so_far(run),
            Waiting::ForMessage => return,
        };
        *self = MessageCursor { next, at: run.now() };
    }
}

fn waiting(action: &Action) -> Waiting {
    match action {
        Action::Host(_, HostAction::Ncp(action)) => match action {
            NcpAction::Sends { .. }
            | NcpAction::Says { .. }
            | NcpAction::Interrupts { .. }
            | NcpAction::TakesBack { .. } => Waiting::ThenActs,
            NcpAction::Receives { .. } | NcpAction::Hears { .. } => Waiting::ForIts,
            NcpAction::Inits { .. } | NcpAction::Listens { .. } | NcpAction::Closes { .. } => Waiting::Never,
            NcpAction::Aborts { .. } | NcpAction::Answers { .. } | NcpAction::Calls { .. } => Waiting::Never,
            NcpAction::Echoes { .. } | NcpAction::Resets { .. } | NcpAction::Netstat => Waiting::Never,
            NcpAction::Injects { .. } | NcpAction::InjectsRaw { .. } => Waiting::Never,
        },
        Action::Host(_, HostAction::Types(_) | HostAction::Crashes | HostAction::Restarts) => Waiting::Never,
        Action::Host(_, HostAction::Announces(_) | HostAction::LogsOut(_)) => Waiting::Never,
        Action::Host(_, HostAction::ShutsDownFtp(_)) => Waiting::Never,
        Action::Host(_, HostAction::Sees(_)) => Waiting::ForIts,
        Action::Fault(_) | Action::Traffic(_) | Action::Orders(_) => Waiting::Never,
        Action::Measure(_) | Action::Expect(_) => Waiting::ForIts,
        Action::WaitFor { .. } => Waiting::ForMessage,
    }
}

/// How many messages have crossed so far.
pub(super) fn messages_so_far(run: &Run) -> usize {
    run.world.log().messages().map_or(0, MessageLog::len)
}

/// Waits until a message crosses, the first that counts being number `since`. Returns its number, and the numbers that get
/// names there.
pub(super) fn wait_for_message(
    run: &mut Run,
    (from, to): (HostAddress, HostAddress),
    text: &Text,
    pattern: &Pattern<'_>,
    mut since: usize,
    within: Span,
) -> Result<(usize, Named), StepError> {
    let begun = run.now();
    let waited = run.wait(
        within,
        |run| not_sent(run, from, to, text),
        |run| {
            let found = run.world.log().messages()?.find(from, to, since, |one| pattern.find_in(one));
            // No message is looked at twice.
            since = messages_so_far(run);
            found.map(|(number, _, named)| (number, named))
        },
    );
    waited.map_err(|error| {
        error.with_evidence(|| {
            let mut evidence = evidence::of_messages(run, from, to, Sought { text, pattern });
            // What is found now crossed before: the wait has seen nothing.
            let log = run.world.log().messages();
            let before = log.and_then(|messages| messages.find(from, to, 0, |one| pattern.find_in(one)));
            if let Some((_, message, _)) = before {
                let at = message.at;
                let when = if at == begun { "just before this step began" } else { "before this step began" };
                let crossed = format!("it crossed at {at} s, {when} at {begun} s");
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
    pattern: &Pattern<'_>,
    since: usize,
    within: Span,
) -> Result<(usize, Named), StepError> {
    let mut next = since;
    let waited = run.wait(
        within,
        |run| not_printed(run, host, text),
        |run| {
            let printed = run.world.log().printed();
            let found = printed.find(host, next, |line| pattern.find(line));
            // Nothing is looked at twice.
            next = printed.len();
            found
        },
    );
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
