//! What is under way between two ends, however often the connection between them is cut.

use std::collections::VecDeque;

/// The most datagrams that wait to be taken by the other end.
pub(crate) const MAX_WAITING: usize = 16_384;

/// The most bytes of them.
pub(crate) const MAX_WAITING_BYTES: usize = 4 << 20;

/// What a datagram that waits costs beside its bytes.
const OVERHEAD: usize = 32;

/// Datagrams of one session: those that the other end has not taken yet, and how many were taken of its own.
///
/// Both ends number their datagrams from 0. A datagram waits until the other end says that it has taken it; after a cut,
/// those are written again that it has not.
#[derive(Debug, Default)]
pub(crate) struct Session {
    waiting: VecDeque<Waiting>,
    bytes: usize,
    /// The number of the first that waits.
    first: u64,
    /// The number of the next to be written into this connection.
    next: u64,
    /// The number below which all have been written into some connection: nobody knows whether they have arrived.
    written: u64,
    /// How many of the other end have been taken.
    taken: u64,
}

/// A datagram, and its cable.
#[derive(Debug)]
struct Waiting {
    cable: u8,
    datagram: Vec<u8>,
}

/// A number that cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Confused;

impl Session {
    /// Takes a datagram to be carried. Returns whether there was room for it.
    pub(crate) fn push(&mut self, cable: u8, datagram: Vec<u8>) -> bool {
        let cost = datagram.len() + OVERHEAD;
        if self.waiting.len() >= MAX_WAITING || self.bytes + cost > MAX_WAITING_BYTES {
            return false;
        }
        self.bytes += cost;
        self.waiting.push_back(Waiting { cable, datagram });
        true
    }

    /// Whether half of the room is free.
    pub(crate) fn has_much_room(&self) -> bool {
        self.waiting.len() < MAX_WAITING / 2 && self.bytes < MAX_WAITING_BYTES / 2
    }

    /// How many wait.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// How many of the other end have been taken.
    pub(crate) fn taken(&self) -> u64 {
        self.taken
    }

    /// Whether neither end has taken anything in this session, as far as is known here.
    pub(crate) fn is_untouched(&self) -> bool {
        self.first == 0 && self.taken == 0
    }

    /// The next to be written: its cable, its number, itself.
    pub(crate) fn write(&mut self) -> Option<(u8, u64, &[u8])> {
        let place = usize::try_from(self.next - self.first).ok()?;
        let waiting = self.waiting.get(place)?;
        let number = self.next;
        self.next += 1;
        self.written = self.written.max(self.next);
        Some((waiting.cable, number, &waiting.datagram))
    }

    /// The other end has taken all below this number.
    pub(crate) fn arrived(&mut self, taken: u64) -> Result<(), Confused> {
        if taken < self.first || taken > self.next {
            return Err(Confused);
        }
        (self.first..taken).for_each(|_| self.drop_first());
        Ok(())
    }

    /// A new connection of the same session: the other end has taken all below this number, and the others are written again.
    pub(crate) fn resume(&mut self, taken: u64) -> Result<(), Confused> {
        self.next = self.written;
        self.arrived(taken)?;
        self.next = self.first;
        Ok(())
    }

    /// A new session: what was written may have arrived or not, and is not written a second time. Returns how many these are.
    pub(crate) fn renew(&mut self) -> u64 {
        let uncertain = self.written - self.first;
        (0..uncertain).for_each(|_| self.drop_first());
        (self.first, self.next, self.written, self.taken) = (0, 0, 0, 0);
        uncertain
    }

    /// Drops all that waits, and the session. Returns how many these were.
    pub(crate) fn forget(&mut self) -> u64 {
        let all = self.waiting.len() as u64;
        *self = Session::default();
        all
    }

    /// A datagram of the other end has arrived. Returns whether it is a new one.
    pub(crate) fn take(&mut self, number: u64) -> Result<bool, Confused> {
        if number > self.taken {
            return Err(Confused);
        }
        let is_new = number == self.taken;
        self.taken += u64::from(is_new);
        Ok(is_new)
    }

    fn drop_first(&mut self) {
        if let Some(Waiting { datagram, .. }) = self.waiting.pop_front() {
            self.bytes -= datagram.len() + OVERHEAD;
            self.first += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(session: &mut Session) -> Vec<u64> {
        std::iter::from_fn(|| session.write().map(|(_, number, _)| number)).collect()
    }

    #[test]
    fn after_a_cut_what_was_not_taken_is_written_again() {
        let mut session = Session::default();
        (0..5).for_each(|number| assert!(session.push(0, vec![number])));
        assert_eq!(numbers(&mut session), [0, 1, 2, 3, 4]);
        assert_eq!(session.resume(2), Ok(()));
        assert_eq!(numbers(&mut session), [2, 3, 4]);
        assert_eq!(session.arrived(6), Err(Confused), "that many were never written");
        assert_eq!(session.arrived(1), Err(Confused), "it has said so before");
        assert_eq!(session.arrived(5), Ok(()));
        assert_eq!((session.waiting(), session.bytes), (0, 0));
    }

    #[test]
    fn another_partner_gets_what_the_one_before_cannot_have_got() {
        let mut session = Session::default();
        (0..3).for_each(|number| assert!(session.push(0, vec![number])));
        session.write();
        session.write();
        assert_eq!(session.arrived(1), Ok(()));
        assert_eq!(session.renew(), 1, "one was written, and not said to be taken");
        assert_eq!(session.write(), Some((0, 0, &[2][..])), "the third is the first of the new session");
    }

    #[test]
    fn what_waits_is_bounded_in_number_and_size() {
        let mut session = Session::default();
        let taken = (0..MAX_WAITING + 10).filter(|_| session.push(0, Vec::new())).count();
        assert_eq!(taken, MAX_WAITING);
        let mut session = Session::default();
        let taken = (0..1000).filter(|_| session.push(0, vec![0; 65_507])).count();
        assert!((60..64).contains(&taken), "{taken}");
    }

    #[test]
    fn what_comes_again_is_not_new_and_what_is_missing_is_noticed() {
        let mut session = Session::default();
        assert_eq!(
            [0, 0, 1, 0].map(|number| session.take(number)),
            [Ok(true), Ok(false), Ok(true), Ok(false)]
        );
        assert_eq!(session.take(3), Err(Confused));
    }
}
