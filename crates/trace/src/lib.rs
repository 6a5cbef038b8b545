//! What happened: [records](Record) of the bits on the wire and of what no wire shows, and the views of it.
//!
//! Messages are kept as their bits and decoded again by whoever shows them. A [`Follower`] decodes what
//! depends on earlier messages; a [`View`] is a transcript through some [lenses](Lens). A [`Monitor`] watches
//! for what the protocols do not allow. A [`capture`] holds what crossed the cables in the form of other people's tools.

pub mod capture;
mod digest;
mod fault_words;
mod figure_tables;
pub mod figures;
mod follow;
mod lens;
mod meaning;
mod monitor;
mod names;
mod record;
mod recorder;
mod table;
mod transcript;

pub use digest::Digest;
pub use follow::{Follower, Party, Saying};
pub use lens::{Lens, NoSuchLens};
pub use monitor::{Culprit, Kind, Monitor, Rule, Sight, Violation};
pub use names::Names;
pub use record::{Record, What};
pub use recorder::{Keep, Recorder};
pub use table::ratio;
pub use transcript::{Line, SoFar, View};
