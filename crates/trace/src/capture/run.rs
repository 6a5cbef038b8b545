//! A capture of a simulated run.

use std::collections::BTreeSet;
use std::io::{self, Write};

use host::Directory;
use imp1822::HostAddress;

use super::wiretap::{EPOCH_MICROS, Wiretap};
use crate::monitor::Sight;
use crate::record::{Record, What};

/// Writes what crossed the cables of a run, of which all records were kept, into a capture.
///
/// # Errors
/// If `out` cannot be written.
pub fn write_run<W: Write>(out: W, records: &[Record], names: &Directory) -> io::Result<W> {
    let hosts: BTreeSet<HostAddress> = records
        .iter()
        .filter_map(|record| match &record.what {
            What::Sent { host, .. } | What::Received { host, .. } => Some(*host),
            What::Cable { .. }
            | What::Packet(_)
            | What::Notice { .. }
            | What::Note { .. }
            | What::Fault(_)
            | What::Step { .. }
            | What::Measured(_) => None,
        })
        .collect();
    // The cables of a simulated net lose nothing.
    let hosts = hosts.into_iter().map(|host| (host, Sight::Whole));
    let mut wiretap = Wiretap::new(out, EPOCH_MICROS, hosts, names)?;
    records.iter().try_for_each(|record| wiretap.take(record))?;
    Ok(wiretap.finish())
}
