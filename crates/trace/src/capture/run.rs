//! A capture of a simulated run.

use std::collections::BTreeSet;
use std::io::{self, Write};

use host::Directory;
use imp1822::HostAddress;

use super::writer::{CaptureWriter, EPOCH_MICROS};
use crate::monitor::TapPoint;
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
            | What::Struck { .. }
            | What::Notice { .. }
            | What::Note { .. }
            | What::Fault(_)
            | What::Step { .. }
            | What::Measured(_) => None,
        })
        .collect();
    // The cables of a simulated net lose nothing.
    let hosts = hosts.into_iter().map(|host| (host, TapPoint::Lossless));
    let mut writer = CaptureWriter::new(out, EPOCH_MICROS, hosts, names)?;
    records.iter().try_for_each(|record| writer.take(record))?;
    Ok(writer.finish())
}
