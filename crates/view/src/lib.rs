//! Pictures and words about a net or a run.
//!
//! [`map`] draws a net, and [`topology`] describes it in tables; [`plot`] draws what a scenario has measured; [`captured`]
//! says which cables a capture has, [`json`] tells one or a run to programs, and [`json_run`] reads that again; [`comparison`]
//! says where runs part; [`comments`] places what the author of a scenario says in its transcript, and [`glossary`] explains
//! the words of one; [`report`] says what a run is about and how it ended, and [`kept`] whether a transcript still reads as
//! one that was kept. A [`sheet`] is a run to be looked at step by step; [`explain`] says of each step what it is and why,
//! [`fields`] takes its message apart, and [`story`] tells all of it. What happened during a run is shown by [`trace::View`].
//! What would tell a password
//! has a mask in its place, as [`secrets`] finds them. Nothing here replays anything, and nothing is printed here: the results are text.

pub mod captured;
pub mod comments;
pub mod comparison;
pub mod explain;
pub mod fields;
pub mod glossary;
pub mod json;
pub mod json_run;
pub mod kept;
pub mod ladder;
pub mod map;
pub mod page;
pub mod palette;
pub mod plot;
pub mod report;
pub mod secrets;
pub mod sheet;
pub mod story;
mod svg;
pub mod topology;
