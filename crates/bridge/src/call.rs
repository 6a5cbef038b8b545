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
const WORTH_IT: Span = Span::from_secs(5);

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
