//! Records as `tracing` events, in virtual time.

use std::fmt;

use sim::Outcome;
use trace::{Lens, Line, View};
use tracing::field::Field;
use tracing::{Level, debug, info, trace};
use tracing_subscriber::field::MakeExt;
use tracing_subscriber::fmt::format::{Writer, debug_fn};

use crate::terminal::StandardError;

/// Logs every record on standard error as an event: what people see as `INFO`, what NCPs tell each other as `DEBUG`,
/// and what crosses a cable or a line as `TRACE`.
pub(crate) fn log(outcome: &Outcome, color: bool) {
    let subscriber = tracing_subscriber::fmt()
        .with_writer(|| StandardError)
        .with_max_level(Level::TRACE)
        .with_ansi(color)
        .with_target(false)
        // The time is the run's, not this machine's.
        .without_time()
        .fmt_fields(debug_fn(field).delimited(" "))
        .finish();
    let view = View::new(&outcome.names, Lens::ALL);
    tracing::subscriber::with_default(subscriber, || {
        for Line { at, lens, who, what, .. } in view.lines(&outcome.records) {
            match lens {
                Lens::Teletype | Lens::Host | Lens::Ftp | Lens::Trouble | Lens::Measured => {
                    info!(%at, %lens, "{who}  {what}");
                }
                Lens::Ncp | Lens::Data => debug!(%at, %lens, "{who}  {what}"),
                Lens::Traffic | Lens::Imp | Lens::Packets | Lens::Lines => {
                    trace!(%at, %lens, "{who}  {what}");
                }
            }
        }
    });
}

/// A field of an event: the usual way has it in faint and slanted letters, which nobody can read on a projector.
fn field(out: &mut Writer<'_>, field: &Field, value: &dyn fmt::Debug) -> fmt::Result {
    match field.name() {
        "message" => write!(out, "{value:?}"),
        name => write!(out, "{name}={value:?}"),
    }
}
