//! A report as the text of a message.

use std::fmt;

use machine::{BitWriter, Bits};

use crate::{HOSTS, ThroughputReport, TroubleReport};

/// What an IMP reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Report {
    /// How it is, and what is wrong.
    Trouble(TroubleReport),
    /// How much it has carried.
    Throughput(ThroughputReport),
}

/// Why a text is no report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReportError {
    /// There is no first word, so that nobody can say what it should be.
    #[error("it has no words")]
    Empty,
    /// The first word is not the code of a report that this program knows.
    #[error("code {0:o} is not that of a trouble report (301, 303) or a throughput report (302)")]
    Code(u16),
    /// The words end too early.
    #[error("code {code:o} has {wanted} words, and {had} came")]
    Short {
        /// The code.
        code: u16,
        /// How many words its report has.
        wanted: usize,
        /// How many whole words came.
        had: usize,
    },
    /// More follows than one word of padding.
    #[error("code {code:o} has {wanted} words, and {extra} bits follow them")]
    Long {
        /// The code.
        code: u16,
        /// How many words its report has.
        wanted: usize,
        /// How many bits follow.
        extra: usize,
    },
    /// The words do not add up to zero.
    #[error("its words add up to {0:o}, not to zero: damaged, or from elsewhere")]
    Checksum(u16),
}

/// The code of a throughput report.
const THROUGHPUT: u16 = 0o302;

/// What may follow a report: the padding of the 316's interface, a one and zeros up to the next word.
const PADDING_BITS: usize = 16;

impl Report {
    /// Reads the text of a message: what follows the leader. A word of padding may follow the report.
    pub fn parse(message: &Bits) -> Result<Self, ReportError> {
        let mut reader = message.reader();
        let leader = reader.left().min(imp1822::LEADER_BITS);
        // What is shorter than a leader has no words either.
        let _ = reader.take(leader);
        let had = reader.left() / 16;
        let mut word = || reader.take(16).map_or(0, |word| word as u16);
        if had == 0 {
            return Err(ReportError::Empty);
        }
        let code = word();
        let wanted = match code {
            THROUGHPUT => ThroughputReport::WORDS,
            _ if TroubleReport::CODES.contains(&code) => TroubleReport::WORDS,
            _ => return Err(ReportError::Code(code)),
        };
        if had < wanted {
            return Err(ReportError::Short { code, wanted, had });
        }
        let mut words = vec![code];
        words.extend((1..wanted).map(|_| word()));
        let extra = reader.left();
        if extra > PADDING_BITS {
            return Err(ReportError::Long { code, wanted, extra });
        }
        match sum(&words) {
            0 if code == THROUGHPUT => Ok(Report::Throughput(ThroughputReport::of(&words))),
            0 => Ok(Report::Trouble(TroubleReport::of(&words))),
            other => Err(ReportError::Checksum(other)),
        }
    }

    /// What it is called.
    pub fn name(&self) -> &'static str {
        match self {
            Report::Trouble(_) => "TROUBLE REPORT",
            Report::Throughput(_) => "THROUGHPUT REPORT",
        }
    }

    /// The words of the report, the last of which is the checksum.
    pub fn words(&self) -> Vec<u16> {
        let mut words = match self {
            Report::Trouble(report) => report.words(),
            Report::Throughput(report) => report.words(THROUGHPUT),
        };
        words.push(sum(&words).wrapping_neg());
        words
    }

    /// The report behind the leader of a message, without padding.
    pub fn emit(&self, leader: imp1822::Leader) -> Bits {
        let words = self.words();
        let mut writer = BitWriter::new(imp1822::LEADER_BITS + 16 * words.len());
        leader.emit(&mut writer);
        words.iter().for_each(|word| writer.put((*word).into(), 16));
        writer.finish()
    }
}

/// What it says, in one line of plain words: which hosts are up and which lines are alive, or what was carried.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Report::Trouble(report) => {
                let up: String = (0..HOSTS)
                    .filter(|host| report.anomalies.host_is_up(*host))
                    .map(|host| format!(" {host}"))
                    .collect();
                f.write_str(if up.is_empty() { "no host up" } else { "hosts up:" })?;
                f.write_str(&up)?;
                for (number, line) in (1..).zip(&report.lines).filter(|(_, line)| !line.is_dead()) {
                    let neighbour = line.neighbour().unwrap_or(0);
                    let looped = if line.is_looped() { ", looped" } else { "" };
                    write!(f, "; line {number} to IMP {neighbour}{looped}")?;
                }
                if report.restart.is_set() {
                    write!(f, "; {}", report.restart.to_string().to_lowercase())?;
                }
                if report.halt.is_set() {
                    write!(f, "; halt at {:o}", report.halt.p)?;
                }
                if report.trap.is_set() {
                    write!(f, "; trap at {:o}", report.trap.p)?;
                }
                Ok(())
            }
            Report::Throughput(report) => {
                let packets: u32 = report.lines.iter().map(|line| u32::from(line.packets)).sum();
                let sent = |host: &crate::HostCount| {
                    u32::from(host.messages_to_net) + u32::from(host.messages_to_local)
                };
                let messages: u32 = report.hosts.iter().map(sent).sum();
                write!(f, "{packets} packets over its lines, {messages} messages from its hosts")
            }
        }
    }
}

/// All words added up, as 16 bits do.
fn sum(words: &[u16]) -> u16 {
    words.iter().fold(0, |sum, word| sum.wrapping_add(*word))
}
