//! Who has a seat at the server: so many users altogether, of one host, and of one name.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use imp1822::HostAddress;
use tokio::sync::oneshot;

/// How many users are served at a time at most; the next one is told to come back later.
const MOST: usize = 32;

/// How many of them may come from one host: a host cannot take all seats.
const MOST_OF_HOST: usize = 16;

/// How many of them may have logged in by one name.
const MOST_OF_NAME: usize = 8;

/// Why there is no seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Full {
    /// All seats are taken.
    House,
    /// The user's host has as many as it may.
    Host,
    /// The server is about to close.
    Closing,
}

/// The seats of a server.
#[derive(Clone, Default)]
pub(crate) struct Seats(Rc<RefCell<Table>>);

/// Those who have a seat, by a number that tells who came first.
#[derive(Default)]
struct Table {
    taken: BTreeMap<u64, Taken>,
    next: u64,
}

struct Taken {
    from: HostAddress,
    guest: Guest,
}

/// What is known of a user.
enum Guest {
    /// He has not logged in. Dropping this asks him to make room.
    Stranger(#[expect(dead_code, reason = "to drop it is all that is done with it")] oneshot::Sender<()>),
    /// He has, by this name in capitals.
    Known(String),
}

impl Guest {
    fn is_stranger(&self) -> bool {
        match self {
            Guest::Stranger(_) => true,
            Guest::Known(_) => false,
        }
    }
}

/// A seat, for as long as it is held.
pub(crate) struct Seat {
    seats: Seats,
    number: u64,
    /// Over when the seat is wanted for another.
    wanted: oneshot::Receiver<()>,
}

impl Seats {
    /// Gives a user of a host a seat. If all are taken, the host with the most strangers makes room for one that has fewer
    /// users: whoever does not log in keeps nobody out.
    pub(crate) fn take(&self, from: HostAddress) -> Result<Seat, Full> {
        let table = &mut *self.0.borrow_mut();
        let near = table.taken.values().filter(|taken| taken.from == from).count();
        if near >= MOST_OF_HOST {
            return Err(Full::Host);
        }
        if table.taken.len() >= MOST {
            let number = table.dispensable(near).ok_or(Full::House)?;
            table.taken.remove(&number);
        }
        let number = table.next;
        table.next += 1;
        let (sender, wanted) = oneshot::channel();
        table.taken.insert(number, Taken { from, guest: Guest::Stranger(sender) });
        Ok(Seat { seats: self.clone(), number, wanted })
    }
}

impl Table {
    /// Who is to make room for a user of a host that has this many: the first stranger of the host with the most, if that
    /// leaves it no worse off.
    fn dispensable(&self, near: usize) -> Option<u64> {
        let strangers = || self.taken.iter().filter(|(_, taken)| taken.guest.is_stranger());
        let mut hosts: BTreeMap<HostAddress, usize> = BTreeMap::new();
        strangers().for_each(|(_, taken)| *hosts.entry(taken.from).or_default() += 1);
        let (host, most) = hosts.into_iter().max_by_key(|(_, count)| *count)?;
        let mut first = strangers().filter(|(_, taken)| taken.from == host).map(|(number, _)| *number);
        first.next().filter(|_| most > near + 1)
    }
}

impl Seat {
    /// The user has logged in by this name. If as many have as may, he is still a stranger.
    pub(crate) fn log_in(&self, name: &str) -> bool {
        let table = &mut *self.seats.0.borrow_mut();
        let name = name.to_ascii_uppercase();
        let is_other = |(number, taken): &(&u64, &Taken)| {
            **number != self.number && matches!(&taken.guest, Guest::Known(known) if *known == name)
        };
        if table.taken.iter().filter(is_other).count() >= MOST_OF_NAME {
            return false;
        }
        if let Some(taken) = table.taken.get_mut(&self.number) {
            taken.guest = Guest::Known(name);
        }
        true
    }

    /// The user is logged out: a stranger again, who makes room for others.
    pub(crate) fn log_out(&mut self) {
        let table = &mut *self.seats.0.borrow_mut();
        if let Some(taken) = table.taken.get_mut(&self.number) {
            let (sender, wanted) = oneshot::channel();
            taken.guest = Guest::Stranger(sender);
            self.wanted = wanted;
        }
    }

    /// Over when the seat is wanted for another. Not to be asked of a user who has logged in.
    pub(crate) fn wanted(&mut self) -> &mut oneshot::Receiver<()> {
        &mut self.wanted
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.seats.0.borrow_mut().taken.remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(number: u8) -> HostAddress {
        HostAddress::from(number)
    }

    fn is_wanted(seat: &mut Seat) -> bool {
        seat.wanted.try_recv() == Err(oneshot::error::TryRecvError::Closed)
    }

    #[test]
    fn a_host_has_half_the_seats_at_most_and_gets_one_back_with_each_that_goes() {
        let seats = Seats::default();
        let mut taken: Vec<Seat> = (0..16).map(|_| seats.take(host(1)).expect("there is room")).collect();
        assert_eq!(seats.take(host(1)).err(), Some(Full::Host));
        taken.pop();
        assert!(seats.take(host(1)).is_ok());
    }

    #[test]
    fn strangers_make_room_for_a_host_that_has_fewer_and_users_who_have_logged_in_do_not() {
        let seats = Seats::default();
        let mut strangers: Vec<Seat> = (0..16).map(|_| seats.take(host(1)).expect("room")).collect();
        let known: Vec<Seat> = (0..16).map(|_| seats.take(host(2)).expect("room")).collect();
        for (number, seat) in known.iter().enumerate() {
            assert!(seat.log_in(&format!("user {number}")));
        }
        let mut newcomers: Vec<Seat> = (0..7).map(|_| seats.take(host(3)).expect("room is made")).collect();
        let wanted: Vec<bool> = strangers.iter_mut().map(is_wanted).collect();
        assert_eq!(wanted, [[true; 7].as_slice(), &[false; 9]].concat(), "those who came first");
        drop(strangers.drain(..7));
        newcomers.push(seats.take(host(3)).expect("nine are more than eight"));
        assert_eq!(seats.take(host(3)).err(), Some(Full::House), "eight are not more than nine");
        assert!(!newcomers.iter_mut().any(is_wanted));
    }

    #[test]
    fn one_name_has_eight_seats_at_most() {
        let seats = Seats::default();
        let taken: Vec<Seat> = (0..9).map(|number| seats.take(host(number)).expect("room")).collect();
        assert_eq!(taken.iter().filter(|seat| seat.log_in("Smith")).count(), 8);
        assert!(taken[0].log_in("SMITH"), "he logs in once more");
        assert!(!taken[8].log_in("smith") && taken[8].log_in("jones"));
    }

    #[test]
    fn who_is_logged_out_is_a_stranger_again_and_leaves_his_name_to_others() {
        let seats = Seats::default();
        let mut taken: Vec<Seat> = (0..16).map(|_| seats.take(host(1)).expect("room")).collect();
        taken.iter().take(8).for_each(|seat| assert!(seat.log_in("SMITH")));
        assert!(!taken[8].log_in("SMITH"));
        taken[0].log_out();
        assert!(taken[8].log_in("SMITH"));
        let others: Vec<Seat> = (0..16).map(|_| seats.take(host(2)).expect("room")).collect();
        for (number, seat) in others.iter().enumerate() {
            assert!(seat.log_in(&format!("user {number}")));
        }
        assert!(!is_wanted(&mut taken[0]));
        let _third = seats.take(host(3)).expect("room is made");
        assert!(is_wanted(&mut taken[0]), "he came first of the strangers");
    }
}
