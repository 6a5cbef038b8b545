//! The laboratory: a scenario is broken in a great many ways, every run is checked, and the one that matters is shown.

pub mod orders;
