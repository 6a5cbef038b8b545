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
mod service;
mod stream;
mod time;
mod wall;

use host::Handle;

pub use service::{IDLE_TIMEOUT, MAX_USERS, Service};
pub use wall::Wall;

impl Service {
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
