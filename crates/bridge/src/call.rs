//! When a calling end calls.

use machine::{Instant, Span};

use crate::Id;

/// How long the other end may take to be reached, and then to answer.
const CALL_TIME: Span = Span::from_secs(3);

/// How much time there is from one call to the next: at first, at most, and when the other end did not want to speak. A call
/// that nobody answered has taken longer than that: the next follows at once, so that the ends are connected
/// again as soon as the way is back.
const FIRST_PAUSE: Span = Span::from_millis(250);
const LONGEST_PAUSE: Span = Span::from_secs(1);
const UNWANTED_PAUSE: Span = Span::from_secs(5);

/// A connection that lasts for so long was worth it: if it is cut then, the other end is called as if it were the first time.
const WORTH_IT: Span = Span::from_secs(2);

/// What a calling end does to be connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Call {
    /// Nothing: it is down, or it is the listening end.
    None,
    /// It calls then.
    At { at: Instant, pause: Span },
    /// It calls, and gives up if nothing has come of it until then.
    UnderWay { id: Id, began: Instant, until: Instant, pause: Span },
    /// It is connected.
    Connected { since: Instant, pause: Span },
}

impl Call {
    /// The first call, at once.
    pub(crate) fn first(now: Instant) -> Self {
        Call::At { at: now, pause: FIRST_PAUSE }
    }

    /// Whether this is the connection that is called for.
    pub(crate) fn is(&self, id: Id) -> bool {
        matches!(self, Call::UnderWay { id: called, .. } if *called == id)
    }

    /// The call that has taken too long.
    pub(crate) fn overdue(&self, now: Instant) -> Option<Id> {
        match self {
            Call::UnderWay { id, until, .. } if *until <= now => Some(*id),
            _ => None,
        }
    }

    /// Whether it is time to call.
    pub(crate) fn is_due(&self, now: Instant) -> bool {
        matches!(self, Call::At { at, .. } if *at <= now)
    }

    /// The call begins that is due.
    pub(crate) fn begin(&mut self, now: Instant, id: Id) {
        if let Call::At { pause, .. } = *self {
            *self = Call::UnderWay { id, began: now, until: now + CALL_TIME, pause };
        }
    }

    /// The other end is reached, and has to answer now.
    pub(crate) fn is_reached(&mut self, now: Instant) {
        if let Call::UnderWay { until, .. } = self {
            *until = now + CALL_TIME;
        }
    }

    /// The two ends are connected.
    pub(crate) fn has_succeeded(&mut self, now: Instant) {
        if let Call::UnderWay { pause, .. } = *self {
            *self = Call::Connected { since: now, pause };
        }
    }

    /// Something has crossed the connection: it was worth it, however soon it breaks.
    pub(crate) fn was_worth_it(&mut self) {
        if let Call::Connected { pause, .. } = self {
            *pause = FIRST_PAUSE;
        }
    }

    /// The call has come to nothing, or the connection is over.
    pub(crate) fn is_over(&mut self, now: Instant, is_unwanted: bool) {
        let (at, pause) = match *self {
            Call::UnderWay { .. } if is_unwanted => (now + UNWANTED_PAUSE, FIRST_PAUSE),
            Call::UnderWay { began, pause, .. } => ((began + pause).max(now), longer(pause)),
            Call::Connected { since, .. } if now.since(since) >= WORTH_IT => (now + FIRST_PAUSE, FIRST_PAUSE),
            // A partner that is in order only until it is connected is not called again and again without a pause.
            Call::Connected { pause, .. } => (now + pause, longer(pause)),
            Call::None | Call::At { .. } => return,
        };
        *self = Call::At { at, pause };
    }

    pub(crate) fn deadline(&self) -> Option<Instant> {
        match *self {
            Call::None | Call::Connected { .. } => None,
            Call::At { at, .. } | Call::UnderWay { until: at, .. } => Some(at),
        }
    }
}

fn longer(pause: Span) -> Span {
    (pause + pause).min(LONGEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_partner_that_breaks_each_connection_at_once_is_called_once_a_second() {
        let mut now = Instant::START;
        let mut call = Call::first(now);
        let mut calls = 0;
        while now < Instant::START + Span::from_secs(60) {
            now = now.max(call.deadline().expect("it is called again"));
            call.begin(now, Id(calls));
            call.has_succeeded(now);
            call.is_over(now, false);
            calls += 1;
        }
        assert!((55..70).contains(&calls), "{calls}");
    }

    #[test]
    fn a_way_that_breaks_often_and_carries_something_each_time_is_not_waited_for() {
        let mut now = Instant::START;
        let mut call = Call::first(now);
        for id in 0..20 {
            now = call.deadline().expect("it is called again");
            call.begin(now, Id(id));
            call.has_succeeded(now);
            call.was_worth_it();
            call.is_over(now, false);
            assert_eq!(call.deadline(), Some(now + FIRST_PAUSE));
        }
    }

    #[test]
    fn after_a_connection_that_lasted_and_after_a_call_in_vain_the_next_follows_at_once() {
        let later = |millis| Instant::START + Span::from_millis(millis);
        let mut call = Call::first(later(0));
        for (id, at) in [(0, 0), (1, 3000), (2, 6000)] {
            assert!(call.is_due(later(at)));
            call.begin(later(at), Id(id));
            assert_eq!(call.overdue(later(at + 3000)), Some(Id(id)));
            call.is_over(later(at + 3000), false);
        }
        call.begin(later(9000), Id(9));
        call.has_succeeded(later(9100));
        call.is_over(later(60_000), false);
        assert_eq!(call.deadline(), Some(later(60_250)));
    }
}
