//! What happened: [records](Record) of the bits on the wire and of what no wire shows, and the views of it.
//!
//! Messages are kept as their bits and decoded again by whoever shows them. A [`Follower`] decodes what
//! depends on earlier messages; a [`View`] is a transcript through some [lenses](Lens). A [`Monitor`] watches
//! for what the protocols do not allow. A [`capture`] holds what crossed the cables in the form of other people's tools.

pub mod capture;
mod follow;
mod lens;
mod meaning;
mod monitor;
mod record;
mod transcript;

pub use follow::{Follower, Party, Saying};
pub use lens::{Lens, NoSuchLens};
pub use monitor::{Culprit, Kind, Monitor, Rule, Sight, Violation};
pub use record::{CableFault, Digest, Keep, Record, Recorder, What};
pub use transcript::{Line, SoFar, View};
