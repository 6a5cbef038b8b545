//! Stopping what is live.

use std::future::Future;
use std::task::Poll;

use futures::stream::poll_fn;
use futures::{FutureExt, Stream, StreamExt};
use host::live::Stop;

/// A request to stop, each time that there is one: an interrupt from the terminal, its end, or a request to terminate. From
/// now on none of them ends the process. A runtime must be running.
pub(crate) fn stops() -> impl Stream<Item = Stop> {
    let mut signals = signals();
    poll_fn(move |cx| {
        let mut came = None;
        for (signal, stop) in &mut signals {
            // All of them are to wake this task.
            if let Poll::Ready(Some(())) = signal.poll_recv(cx) {
                came = Some(*stop);
            }
        }
        came.map_or(Poll::Pending, |stop| Poll::Ready(Some(stop)))
    })
}

/// Ends when the process is asked to stop. As [`stops`].
pub(crate) fn stopped() -> impl Future<Output = ()> {
    stops().into_future().map(|_| ())
}

/// The signals that stop a process; one that cannot be waited for is left out.
#[cfg(unix)]
fn signals() -> Vec<(tokio::signal::unix::Signal, Stop)> {
    use tokio::signal::unix::{SignalKind, signal};
    // Who starts a process with `nohup` wants it to outlive the terminal.
    let hangup =
        (!is_ignored(SignalKind::hangup().as_raw_value())).then_some((SignalKind::hangup(), Stop::Down));
    let kinds = [(SignalKind::interrupt(), Stop::Interrupt), (SignalKind::terminate(), Stop::Down)];
    let kinds = kinds.into_iter().chain(hangup);
    kinds.filter_map(|(kind, stop)| Some((signal(kind).ok()?, stop))).collect()
}

#[cfg(windows)]
fn signals() -> Vec<(tokio::signal::windows::CtrlC, Stop)> {
    tokio::signal::windows::ctrl_c().map(|signal| (signal, Stop::Interrupt)).into_iter().collect()
}

/// Whether the process was started with a signal ignored, where the system tells.
#[cfg(unix)]
fn is_ignored(signal: i32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    is_among_ignored(&status, signal)
}

/// Whether a signal is among those that are ignored, in what Linux says of a process.
#[cfg(unix)]
fn is_among_ignored(status: &str, signal: i32) -> bool {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default();
    let bit = u32::try_from(signal - 1).ok().and_then(|bit| 1_u64.checked_shl(bit));
    bit.is_some_and(|bit| mask & bit != 0)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn what_is_ignored_from_the_start_is_known() {
        let status = "Name:\tx\nSigBlk:\t0000000000000001\nSigIgn:\t0000000000001001\n";
        assert!(is_among_ignored(status, 1) && is_among_ignored(status, 13));
        assert!(!is_among_ignored(status, 2) && !is_among_ignored("", 1) && !is_among_ignored(status, 0));
    }
}
