//! Which services there are, and what all of them keep to.

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
}
