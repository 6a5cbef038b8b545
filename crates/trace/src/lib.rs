//! What happened: [records](Record) of the bits on the wire and of what no wire shows, and views of it.
//!
//! Messages are kept as their bits, and decoded again when they are shown. A [`Follower`] decodes what depends on
//! earlier messages; a [`View`] is a transcript through some [lenses](Lens), which are filters. A [`Monitor`] watches
//! for what the protocols do not allow, and a [`ViolationLog`] counts what it finds. A [`capture`] holds what crossed
//! the cables in the form of other people's tools.

pub mod capture;
mod dialogues;
mod digest;
mod fault_words;
mod figure_tables;
pub mod figures;
mod flows;
mod follow;
mod halves;
mod layout;
mod lens;
mod meaning;
mod monitor;
mod names;
mod paper;
mod record;
mod recorder;
mod replies;
mod said;
mod secrets;
mod table;
mod topic;
mod transcript;
mod violation_log;
mod way;

pub use digest::Digest;
pub use flows::Speaker;
pub use follow::{Decoded, Follower, Part, Party};
pub use halves::{Allowance, Half, Halves};
pub use layout::{Comment, Line};
pub use lens::{Lens, NoSuchLens};
pub use monitor::{Culprit, Described, Grade, Monitor, Rule, TapPoint, Violation, ViolationKind};
pub use names::Names;
pub use paper::{Ink, Paper};
pub use record::{Record, What};
pub use recorder::{Keep, Recorder};
pub use replies::Replies;
pub use said::Said;
pub use secrets::masked_line;
pub use table::ratio;
pub use topic::Topic;
pub use transcript::{TranscriptState, View};
pub use violation_log::{Logged, ViolationCounts, ViolationLog};
