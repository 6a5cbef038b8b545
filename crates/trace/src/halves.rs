//! Which half of what a control command is: a connection is opened by two requests that match and closed by two CLS, and
//! each of them means something else than the other.
//!
//! It is told from what the two hosts have put on their cables, in that order: what crosses on its way is none the less the
//! second half, as both sides will see.

use std::collections::BTreeMap;

use imp1822::{HostAddress, Link};
use ncp::{Command, Gender, Header};

use crate::flows::Ends;

/// What a control command does to a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Half {
    /// The first request: nothing of these two sockets was asked for.
    Asks,
    /// The matching request: the connection is open.
    Opens,
    /// A request that is on its way while the other side gives up: it opens nothing.
    TooLate,
    /// The first CLS of an open connection.
    Closes,
    /// A CLS in the place of a matching request: no.
    Refuses,
    /// A CLS behind one's own request that was not answered.
    Withdraws,
    /// The second CLS: both sockets are free.
    Ends,
    /// A CLS of something of which nothing was seen.
    Unseen,
}

/// What a sender may still send.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Allowance {
    /// How many messages.
    pub messages: u64,
    /// How many bits of text, all together.
    pub bits: u64,
}

/// What is known of the connections between all hosts.
#[derive(Debug, Clone, Default)]
pub struct Halves {
    connections: BTreeMap<Way, Connection>,
    /// What was allocated on each link, from the one that sends to the one that receives, and is not used up.
    links: BTreeMap<(HostAddress, HostAddress, Link), Allowance>,
}

/// The sender of what the connection carries, its receiver, and their sockets.
type Way = (HostAddress, HostAddress, Ends);

/// What was said of a connection: by the side that sends, and by the one that receives.
#[derive(Debug, Clone, Copy, Default)]
struct Connection {
    asked: [bool; 2],
    closed: [bool; 2],
}

/// So many connections are remembered that were not closed by both sides; beyond that, the first ones by number are forgotten.
const MOST: usize = 4096;

impl Halves {
    /// One host tells another: which half of what that is, if it is one; and it is remembered.
    pub fn command(&mut self, from: HostAddress, to: HostAddress, command: Command) -> Option<Half> {
        match command {
            Command::Rts { receive, send, link } => {
                self.remember_link((to, from, link), Allowance::default());
                Some(self.asked((to, from, (send, receive)), 1))
            }
            Command::Str { send, receive, .. } => Some(self.asked((from, to, (send, receive)), 0)),
            Command::Cls { mine, yours } => Some(match mine.gender() {
                Gender::Send => self.closed((from, to, (mine, yours)), 0),
                Gender::Receive => self.closed((to, from, (yours, mine)), 1),
            }),
            Command::All { link, messages, bits } => {
                if let Some(allowance) = self.links.get_mut(&(to, from, link)) {
                    allowance.messages += u64::from(messages);
                    allowance.bits += u64::from(bits);
                }
                None
            }
            Command::Ret { link, messages, bits } => {
                self.take((from, to, link), messages.into(), bits.into());
                None
            }
            Command::Rst | Command::Rrp => {
                let is_of_both = |one: HostAddress, other: HostAddress| {
                    (one, other) == (from, to) || (one, other) == (to, from)
                };
                self.connections.retain(|(one, other, _), _| !is_of_both(*one, *other));
                self.links.retain(|(one, other, _), _| !is_of_both(*one, *other));
                None
            }
            _ => None,
        }
    }

    /// A host sends text on a link: what it may send after that, if the beginning of the connection was seen.
    pub fn text(
        &mut self,
        from: HostAddress,
        to: HostAddress,
        link: Link,
        header: Header,
    ) -> Option<Allowance> {
        self.take((from, to, link), 1, header.text_bits() as u64)
    }

    fn take(&mut self, way: (HostAddress, HostAddress, Link), messages: u64, bits: u64) -> Option<Allowance> {
        let allowance = self.links.get_mut(&way)?;
        allowance.messages = allowance.messages.saturating_sub(messages);
        allowance.bits = allowance.bits.saturating_sub(bits);
        Some(*allowance)
    }

    fn remember_link(&mut self, way: (HostAddress, HostAddress, Link), allowance: Allowance) {
        if self.links.len() >= MOST && !self.links.contains_key(&way) {
            self.links.pop_first();
        }
        self.links.insert(way, allowance);
    }

    /// `side`: 0 if the sender of text asks, 1 if its receiver does.
    fn asked(&mut self, way: Way, side: usize) -> Half {
        if self.connections.len() >= MOST && !self.connections.contains_key(&way) {
            self.connections.pop_first();
        }
        let connection = self.connections.entry(way).or_default();
        let Connection { asked, closed } = *connection;
        if closed[1 - side] && !closed[side] && !asked[side] {
            connection.asked[side] = true;
            return Half::TooLate;
        }
        if closed != [false; 2] {
            // It is about a new connection of these sockets.
            *connection = Connection::default();
        }
        connection.asked[side] = true;
        if connection.asked == [true; 2] { Half::Opens } else { Half::Asks }
    }

    /// `side`: 0 if the sender of text closes, 1 if its receiver does.
    fn closed(&mut self, way: Way, side: usize) -> Half {
        let Some(connection) = self.connections.get_mut(&way) else { return Half::Unseen };
        if connection.closed[1 - side] {
            self.connections.remove(&way);
            return Half::Ends;
        }
        connection.closed[side] = true;
        match (connection.asked[side], connection.asked[1 - side]) {
            (true, true) => Half::Closes,
            (true, false) => Half::Withdraws,
            (false, _) => Half::Refuses,
        }
    }
}

impl Allowance {
    /// Whether not even one byte of this many bits may be sent.
    pub fn is_used_up(self, size: u8) -> bool {
        self.messages == 0 || self.bits < u64::from(size)
    }
}

#[cfg(test)]
mod tests {
    use ncp::Socket;

    use super::*;

    const ONE: u8 = 1;
    const TWO: u8 = 2;

    /// What these commands are, one after the other: `1 STR` is the sender's, `2 RTS` the receiver's.
    fn halves(said: &[&str]) -> Vec<Half> {
        let (send, receive, link) = (Socket::new(11), Socket::new(20), Link::from(5));
        let mut halves = Halves::default();
        let commands = said.iter().map(|said| match *said {
            "1 STR" => (ONE, TWO, Command::Str { send, receive, size: 8 }),
            "2 RTS" => (TWO, ONE, Command::Rts { receive, send, link }),
            "1 CLS" => (ONE, TWO, Command::Cls { mine: send, yours: receive }),
            "2 CLS" => (TWO, ONE, Command::Cls { mine: receive, yours: send }),
            "2 RST" => (TWO, ONE, Command::Rst),
            other => panic!("{other}"),
        });
        let halves = commands.map(|(from, to, command)| halves.command(from.into(), to.into(), command));
        halves.flatten().collect()
    }

    #[test]
    fn the_matching_request_opens_whoever_began_and_the_second_close_ends() {
        use Half::{Asks, Closes, Ends, Opens};
        assert_eq!(halves(&["1 STR", "2 RTS", "1 CLS", "2 CLS"]), [Asks, Opens, Closes, Ends]);
        assert_eq!(halves(&["2 RTS", "1 STR", "2 CLS", "1 CLS"]), [Asks, Opens, Closes, Ends]);
        assert_eq!(halves(&["1 STR", "2 RTS", "1 CLS", "2 CLS", "1 STR"])[4], Asks, "and all begins anew");
        assert_eq!(halves(&["1 STR", "1 STR", "2 RTS"]), [Asks, Asks, Opens], "said twice");
    }

    #[test]
    fn a_request_is_refused_or_withdrawn_and_both_may_cross() {
        use Half::{Asks, Ends, Refuses, TooLate, Unseen, Withdraws};
        assert_eq!(halves(&["1 STR", "2 CLS", "1 CLS"]), [Asks, Refuses, Ends]);
        assert_eq!(halves(&["1 STR", "1 CLS", "2 CLS"]), [Asks, Withdraws, Ends]);
        assert_eq!(halves(&["1 STR", "1 CLS", "2 RTS", "2 CLS"]), [Asks, Withdraws, TooLate, Ends]);
        assert_eq!(halves(&["1 CLS", "2 RTS"]), [Unseen, Asks], "of what was not seen nothing is said");
        assert_eq!(halves(&["1 STR", "2 RST", "2 RTS"]), [Asks, Asks], "a reset forgets");
        assert_eq!(halves(&["1 STR", "1 CLS", "1 STR"]), [Asks, Withdraws, Asks], "once more, too early");
    }

    #[test]
    fn what_may_be_sent_is_counted_from_the_request_on() {
        let (send, receive, link) = (Socket::new(11), Socket::new(20), Link::from(5));
        let (one, two) = (HostAddress::from(ONE), HostAddress::from(TWO));
        let mut halves = Halves::default();
        let header = Header { size: 8, count: 10 };
        assert_eq!(halves.text(one, two, link, header), None, "nothing was seen of this link");
        halves.command(two, one, Command::Rts { receive, send, link });
        halves.command(two, one, Command::All { link, messages: 2, bits: 160 });
        let left = halves.text(one, two, link, header).expect("it was seen");
        assert_eq!((left, left.is_used_up(8)), (Allowance { messages: 1, bits: 80 }, false));
        halves.command(one, two, Command::Ret { link, messages: 0, bits: 76 });
        let left = halves.text(one, two, link, Header { size: 8, count: 0 }).expect("it was seen");
        assert!(left.is_used_up(8), "{left:?}");
        halves.command(two, one, Command::All { link, messages: 5, bits: 7 });
        let left = halves.text(one, two, link, Header { size: 1, count: 1 }).expect("it was seen");
        assert_eq!((left.is_used_up(8), left.is_used_up(1)), (false, false), "{left:?}");
    }

    #[test]
    fn connections_without_end_are_not_remembered_without_end() {
        let mut halves = Halves::default();
        let (one, two) = (HostAddress::from(ONE), HostAddress::from(TWO));
        for socket in 0..2 * MOST as u32 {
            let (send, receive) = (Socket::new(2 * socket + 1), Socket::new(2 * socket));
            halves.command(one, two, Command::Str { send, receive, size: 8 });
        }
        assert!(halves.connections.len() <= MOST);
    }
}
