//! What two hosts ask each other that concerns no connection: ECO and ERP, RST and RRP.

use machine::Instant;

use super::{Echo, MAX_ECHOES, Pair};
use crate::monitor::level2::connection::{Ends, Memory};
use crate::monitor::level2::reset_reply::{A_MOMENT, QUICKLY, ResetReply};

impl Pair {
    /// This host sends an ECO. Returns whether the one before has its answer, or must be lost, or the answer.
    pub(in crate::monitor::level2) fn sends_echo(&mut self, now: Instant) -> bool {
        self.awaits_echo.replace(now).is_none_or(|asked| now.since(asked) + A_MOMENT >= QUICKLY)
    }

    /// An ECO reaches this host.
    pub(in crate::monitor::level2) fn gets_echo(&mut self, now: Instant, data: u8) {
        if self.echoes.len() >= MAX_ECHOES {
            self.echoes.pop_front();
        }
        let due_since = (!self.reset_reply.may_be_awaited(now)).then_some(now);
        self.echoes.push_back(Echo { due_since, data });
    }

    /// This host sends an ERP. Returns whether an ECO asked for it.
    pub(in crate::monitor::level2) fn sends_echo_reply(&mut self, data: u8) -> bool {
        let same = self.echoes.iter().enumerate().filter(|(_, echo)| echo.data == data);
        let asked = same.min_by_key(|(_, echo)| echo.due_since.is_none());
        asked.map(|(index, _)| index).and_then(|index| self.echoes.remove(index)).is_some()
    }

    /// No ERP is to be expected for the ECO of this host: it has come, or the ECO has not arrived.
    pub(in crate::monitor::level2) fn ends_echo(&mut self) {
        self.awaits_echo = None;
    }

    /// This host sends an RST.
    pub(in crate::monitor::level2) fn sends_reset(&mut self, now: Instant) {
        self.reset_reply = ResetReply::Awaited;
        self.reset(Some(now));
    }

    /// An RST reaches this host. `is_certain`: or else it may reach it later, but before this host answers.
    pub(in crate::monitor::level2) fn gets_reset(&mut self, now: Instant, is_certain: bool) {
        self.reset(is_certain.then_some(now));
        self.resets = self.resets.saturating_add(1);
        self.owes_reset_reply = self.owes_reset_reply.or(Some(now));
    }

    /// This host sends an RRP. Returns whether an RST asked for it. `was_certain`: whether it was known that the RST
    /// had reached it; if not, it is known from now on.
    pub(in crate::monitor::level2) fn sends_reset_reply(&mut self, now: Instant, was_certain: bool) -> bool {
        let Some(left) = self.resets.checked_sub(1) else { return false };
        self.resets = left;
        self.owes_reset_reply = None;
        if !was_certain {
            // For this host its requests of before are over.
            for connection in self.connections.values_mut().filter(|one| one.sent.is_some()) {
                connection.memory = Memory::Doubtful;
            }
            self.known_since = self.known_since.or(Some(now));
        }
        true
    }

    /// An RRP reaches this host. `is_certain`: or else it may reach it later.
    pub(in crate::monitor::level2) fn gets_reset_reply(&mut self, is_certain: bool) {
        self.awaits_echo = None;
        if std::mem::take(&mut self.reset_reply) != ResetReply::Awaited {
            return;
        }
        if !is_certain {
            return self.mark_uncertain();
        }
        // The partner has forgotten what it had requested before.
        let theirs = self.connections.iter().filter(|(_, connection)| connection.sent.is_none());
        let theirs: Vec<Ends> = theirs.map(|(ends, _)| *ends).collect();
        theirs.into_iter().for_each(|ends| self.remove(ends));
    }
}
