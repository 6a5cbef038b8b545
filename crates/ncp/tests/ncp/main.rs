//! The NCP against a partner that the tests play themselves, and against another NCP.

mod again;
mod asking;
mod closing;
mod complaining;
mod contact;
mod dead_imps;
mod establishing;
mod flowing;
mod hostile;
mod interleaving;
mod leaving;
mod level1;
mod lone;
mod lost_echoes;
mod misbehaving;
mod owing;
mod partners;
mod queued;
mod racing;
mod resetting;
mod states;
mod two;
mod unanswered;
