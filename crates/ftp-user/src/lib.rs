//! The user's side of the file transfer protocol: a [`Control`] connection for any program that wants files
//! moved, and [`run`], the program that a person types to.

mod control;
mod data;
mod ending;
mod line;
mod news;
mod paper;
mod running;
mod saying;
mod shell;
mod typist;
mod verb;

pub use control::{Aborted, Control, ControlError, REPLY_TIMEOUT};
pub use ending::{ENDINGS, claim_of, claim_of_answer, ending_of};
pub use line::{Group, Line, LineError, Setting, is_one_name, is_verb};
pub use saying::{Claim, Saying};
pub use shell::run;
pub use typist::Typist;
