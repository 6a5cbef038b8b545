//! Small services of a host, each a program that runs on a [`Handle`] to it.
//!
//! | service | socket | what it does | document |
//! |---|---|---|---|
//! | echo | 7 | sends back what it is sent, bit for bit | RFC 347, RFC 349 |
//! | discard | 9 | throws away what it is sent | RFC 348, RFC 349 |
//! | time | 37 | sends the seconds since 1900 as 32 bits, and closes | RFC 738 (1977) |
//! | finger | 79 | says who is logged in | RFC 742 (1977) |
//!
//! Users come by the initial connection protocol, but for the time: there the contact connection itself carries it. Each user
//! is served by a program of its own, [`MAX_USERS`] at a time at each of these services. One that is silent, or takes nothing, for
//! [`IDLE_TIMEOUT`] is left.
//!
//! ```
//! use services::{Service, Wall};
//! use sim::{Sim, Span};
//!
//! # fn main() -> sim::Result {
//! let mut sim = Sim::on("three-imps")?;
//! let finger = Service::Finger;
//! sim.host("SITE1")?.runs(finger.name(), move |host| finger.run(host, Wall::unknown()));
//! # Ok(())
//! # }
//! ```

mod door;
mod finger;
mod stream;
mod time;

use std::rc::Rc;

use host::Handle;
use machine::Span;
use ncp::{Socket, icp};

/// How many users each service has at a time at most. The connections of the next one are closed at once.
pub const MAX_USERS: usize = 8;

/// How long a user may be silent, or take nothing of what it is sent.
pub const IDLE_TIMEOUT: Span = Span::from_secs(10 * 60);

/// Makes [`Service`] of one row for each.
macro_rules! services {
    ($($(#[doc = $doc:literal])* $service:ident = $name:literal at $socket:expr;)*) => {
        /// A service.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Service {
            $($(#[doc = $doc])* $service,)*
        }

        impl Service {
            /// Every service.
            pub const ALL: &[Service] = &[$(Service::$service),*];

            /// The name by which it is asked for.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Service::$service => $name,)*
                }
            }

            /// Where its users find it.
            pub const fn socket(self) -> Socket {
                match self {
                    $(Service::$service => $socket,)*
                }
            }
        }
    };
}

services! {
    /// Sends back what it is sent.
    Echo = "echo" at icp::ECHO_CONTACT;
    /// Throws away what it is sent.
    Discard = "discard" at icp::DISCARD_CONTACT;
    /// Says who is logged in.
    Finger = "finger" at icp::FINGER_CONTACT;
    /// Says what time it is.
    Time = "time" at icp::TIME_SOCKET;
}

impl Service {
    /// The service of this name.
    pub fn named(name: &str) -> Option<Self> {
        Service::ALL.iter().copied().find(|service| service.name() == name)
    }

    /// Serves whoever comes. Never ends.
    pub async fn run(self, host: Handle, wall: Wall) {
        match self {
            Service::Echo => door::serve(host, self, stream::echo).await,
            Service::Discard => door::serve(host, self, stream::discard).await,
            Service::Finger => {
                let up = host.now();
                door::serve(host, self, move |host, duplex| finger::answer(host, duplex, up)).await;
            }
            Service::Time => time::serve(host, wall).await,
        }
    }
}

/// The clock on the wall: the time of day, which a host does not know by itself.
#[derive(Clone)]
pub struct Wall(Rc<dyn Fn() -> Option<u64>>);

impl Wall {
    /// A clock that shows how many seconds have passed since 1900 began in Greenwich, if it knows.
    pub fn new(seconds: impl Fn() -> Option<u64> + 'static) -> Self {
        Wall(Rc::new(seconds))
    }

    /// There is no clock.
    pub fn unknown() -> Self {
        Wall::new(|| None)
    }

    /// The seconds, as far as 32 bits can hold them: until 2036.
    fn seconds(&self) -> Option<u32> {
        u32::try_from((self.0)()?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_service_is_found_by_its_name_and_has_a_socket_of_its_own_that_sends() {
        for service in Service::ALL {
            assert_eq!(Service::named(service.name()), Some(*service));
            assert_eq!(service.socket().gender(), ncp::Gender::Send);
            let same = Service::ALL.iter().filter(|other| other.socket() == service.socket()).count();
            assert_eq!(same, 1, "{}", service.name());
        }
        assert_eq!(Service::named("chargen"), None);
    }

    #[test]
    fn what_does_not_fit_32_bits_is_not_known() {
        assert_eq!(Wall::new(|| Some(2_398_291_200)).seconds(), Some(2_398_291_200), "1 January 1976");
        assert_eq!(Wall::new(|| Some(1 << 32)).seconds(), None, "a moment in 2036");
        assert_eq!(Wall::unknown().seconds(), None);
    }
}
