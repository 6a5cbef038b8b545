//! Writes captures.

use std::collections::BTreeMap;
use std::io::{self, Write};

use host::Directory;
use imp1822::h316::{HostEnd, HostSettings, ImpEnd, Input, Output, Speaker, Trouble};
use imp1822::{HostAddress, Signal};
use machine::{Instant, Machine};

use super::ip::{PORT, addresses};
use super::packet::ipv4_udp;
use super::pcapng::{Blocks, Way};
use super::remark::{Remark, cable_of};
use crate::monitor::TapPoint;
use crate::record::{Record, What};

/// When a run begins, in microseconds after the beginning of 1970: on 24 January 1973 at 00:00 UTC. Tools show times
/// as dates, and a capture of 1973 that claimed to be of 1970 would look broken.
pub const EPOCH_MICROS: u64 = (3 * 365 + 1 + 23) * 24 * 60 * 60 * 1_000_000;

/// Writes what crosses hosts' cables into a capture, as the datagrams of [`imp1822::h316`].
///
/// There is one interface for each host, with its name, and the names of all other hosts that have one. A host has the
/// IP address that RFC 796 gives it later, 10.HOST.0.IMP; its IMP is at 10.255.0.IMP; both use port 1822. Nothing else
/// is made up: the same records give the same bytes. A signal for a host is written when its last bit has arrived, as it
/// is recorded.
#[derive(Debug)]
pub struct CaptureWriter<W> {
    blocks: Blocks<W>,
    /// In the order of their addresses. The place of each is the number of its interface.
    cables: Vec<Tapped>,
    /// When the clock showed zero, in microseconds after the beginning of 1970.
    epoch: u64,
}

#[derive(Debug)]
struct Tapped {
    host: HostAddress,
    host_end: HostEnd,
    imp_end: ImpEnd,
}

impl<W: Write> CaptureWriter<W> {
    /// Begins a capture of these hosts' cables, each with where it is listened to. `epoch`: when the clock showed zero,
    /// in microseconds after the beginning of 1970; [`EPOCH_MICROS`], if it does not matter when that was.
    pub fn new(
        out: W,
        epoch: u64,
        hosts: impl IntoIterator<Item = (HostAddress, TapPoint)>,
        directory: &Directory,
    ) -> io::Result<Self> {
        let hosts: BTreeMap<HostAddress, TapPoint> = hosts.into_iter().collect();
        let mut blocks = Blocks::section(out, "arpanet")?;
        for (host, tap) in &hosts {
            let remark = Remark { epoch, tap: *tap }.to_string();
            blocks.interface(&directory.name(*host), &cable_of(*host), &remark)?;
        }
        // Hosts whose cables are not in the capture speak to those whose cables are.
        let all = (0..=u8::MAX).map(HostAddress::from).map(|host| (host, directory.name(host)));
        let named =
            all.filter(|(host, name)| hosts.contains_key(host) || directory.address(name) == Some(*host));
        let named: Vec<_> = named.map(|(host, name)| (addresses(host).0, name)).collect();
        blocks.names(named.iter().map(|(address, name)| (*address, name.as_str())))?;
        let tapped = |host| Tapped { host, host_end: host_end(), imp_end: ImpEnd::new() };
        Ok(CaptureWriter { blocks, cables: hosts.into_keys().map(tapped).collect(), epoch })
    }

    /// Writes what a record says of a cable.
    pub fn take(&mut self, record: &Record) -> io::Result<()> {
        match &record.what {
            What::Sent { host, signal } => self.signal(record.at, *host, signal, Way::Outbound),
            What::Received { host, signal } => self.signal(record.at, *host, signal, Way::Inbound),
            What::Cable { host, speaker, trouble } => {
                self.trouble(*host, *speaker, *trouble);
                Ok(())
            }
            What::Packet(_)
            | What::Struck { .. }
            | What::Notice { .. }
            | What::Note { .. }
            | What::Fault(_)
            | What::Step { .. }
            | What::Measured(_) => Ok(()),
        }
    }

    /// Flushes the writer.
    pub fn flush(&mut self) -> io::Result<()> {
        self.blocks.flush()
    }

    /// Returns the writer.
    pub fn finish(self) -> W {
        self.blocks.into_inner()
    }

    /// Notes a trouble of the datagrams: sequence numbers that were lost are left out, and an end that began anew begins
    /// anew, so that the capture shows what its writer saw.
    fn trouble(&mut self, host: HostAddress, speaker: Speaker, trouble: Trouble) {
        let Ok(interface) = self.cables.binary_search_by_key(&host, |cable| cable.host) else { return };
        let Tapped { host_end: of_host, imp_end: of_imp, .. } = &mut self.cables[interface];
        match trouble {
            Trouble::Lost { count, .. } => match speaker {
                Speaker::Host => of_host.pass_over(count),
                Speaker::Imp => of_imp.pass_over(count),
            },
            Trouble::PeerRestarted => match speaker {
                Speaker::Host => *of_host = host_end(),
                Speaker::Imp => *of_imp = ImpEnd::new(),
            },
            // Datagrams that were dropped or never left are not in the capture.
            Trouble::Malformed(_)
            | Trouble::Old { .. }
            | Trouble::Cut { .. }
            | Trouble::TooLong
            | Trouble::NotReady { .. }
            | Trouble::EmptyLast
            | Trouble::OverLimit { .. }
            | Trouble::WithoutBits
            | Trouble::OwnLineDown => {}
        }
    }

    fn signal(&mut self, at: Instant, host: HostAddress, signal: &Signal, way: Way) -> io::Result<()> {
        let Ok(interface) = self.cables.binary_search_by_key(&host, |cable| cable.host) else {
            return Ok(());
        };
        let Tapped { host_end, imp_end, .. } = &mut self.cables[interface];
        let (host, imp) = addresses(host);
        let (from, to) = match way {
            Way::Outbound => (host, imp),
            Way::Inbound => (imp, host),
        };
        let outputs: Vec<Output> = match way {
            Way::Outbound => spoken(host_end, at, signal),
            Way::Inbound => spoken(imp_end, at, signal),
        };
        for output in outputs {
            if let Output::Datagram(datagram) = output {
                let packet = ipv4_udp((from, PORT), (to, PORT), &datagram);
                let micros = self.epoch.saturating_add(at.as_micros());
                self.blocks.packet(interface as u32, micros, way, &packet)?;
            }
        }
        Ok(())
    }
}

/// The host's end of a cable. It has no limit on the length of text, as emulators do.
fn host_end() -> HostEnd {
    HostEnd::new(HostSettings { text_limit: None, ..HostSettings::default() })
}

/// What an end says when it is to send a signal.
fn spoken(
    end: &mut impl Machine<Input = Input, Output = Output>,
    at: Instant,
    signal: &Signal,
) -> Vec<Output> {
    end.handle(at, Input::Signal(signal.clone()));
    std::iter::from_fn(|| end.poll()).collect()
}
