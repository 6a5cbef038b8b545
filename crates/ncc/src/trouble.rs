//! The trouble report.

use std::fmt;

/// How many lines an IMP reports, whether it has them or not.
pub const LINES: usize = 5;

/// How many hosts an IMP reports, whether it has them or not.
pub const HOSTS: usize = 4;

/// How an IMP is. Numbers are what they are on the wire; counts are those since the report before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TroubleReport {
    /// The code: 301 (octal) in the listing of September 1973, 303 with later patches; alike in form.
    pub code: u16,
    /// Which hosts are up, and what is not as it should be.
    pub anomalies: Anomalies,
    /// Restart and reload: what began the program, and what an operator asked for.
    pub restart: Restart,
    /// Where it last came to a halt, with A and X; zeros if it did not.
    pub halt: Registers,
    /// Buffers that are free.
    pub free: u16,
    /// Buffers with packets for other IMPs.
    pub store_and_forward: u16,
    /// Buffers in which messages for this IMP's hosts are put together.
    pub reassembly: u16,
    /// Buffers that are promised to messages on their way.
    pub allocated: u16,
    /// The version of the program, which is read in octal: 3050.
    pub version: u16,
    /// What the lines' and hosts' places are used for: zero with five lines.
    pub host_configuration: u16,
    /// The version of the TIP's program, zero at an IMP.
    pub tip_version: u16,
    /// The host interface under test.
    pub under_test: u16,
    /// Test messages sent to it.
    pub test_sent: u16,
    /// Test messages that came back.
    pub test_received: u16,
    /// The lines, line 1 first.
    pub lines: [LineEnd; LINES],
    /// The speeds of the lines: two bits each, line 1 in the highest.
    pub speeds: u16,
    /// Where a trap was taken, with A and X; zeros if none was.
    pub trap: Registers,
}

/// Three registers of the 316 at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Registers {
    /// The program counter.
    pub p: u16,
    /// The accumulator.
    pub a: u16,
    /// The index register.
    pub x: u16,
}

impl Registers {
    /// Whether something was noted.
    pub fn is_set(self) -> bool {
        self != Registers::default()
    }
}

/// Word 1: who is up, and what is not as it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Anomalies(pub u16);

impl Anomalies {
    /// What the bits below those of the hosts mean, as the listing of September 1973 has them.
    const NAMES: [(u16, &str); 11] = [
        (0o4000, "VDH UP"),
        (0o2000, "MESSAGE GENERATOR ON"),
        (0o1000, "STATISTICS ON"),
        (0o400, "SNAPSHOTS ON"),
        (0o200, "TRACE ON"),
        (0o100, "MEMORY PROTECT OFF"),
        (0o20, "OVERRIDE ON"),
        (0o10, "SENSE SWITCH 1 ON"),
        (0o4, "SENSE SWITCH 2 ON"),
        (0o2, "SENSE SWITCH 3 ON"),
        (0o1, "SENSE SWITCH 4 ON"),
    ];

    /// The bits with these hosts up, host 0 first, and no anomaly.
    pub fn with_hosts(up: [bool; HOSTS]) -> Self {
        let bits = up.iter().enumerate().filter(|(_, up)| **up).map(|(host, _)| 0o100000 >> host);
        Anomalies(bits.sum())
    }

    /// Whether a host of this IMP, 0 to 3, is up.
    pub fn host_is_up(self, host: usize) -> bool {
        host < HOSTS && self.0 & (0o100000 >> host) != 0
    }

    /// The bits apart from those of the hosts.
    pub fn others(self) -> u16 {
        self.0 & 0o7777
    }

    /// What `other` has and this has not, in words; a bit that no document names as its octal number.
    pub fn named(bits: u16) -> impl Iterator<Item = String> {
        (0..12).rev().map(|bit| 1 << bit).filter(move |bit: &u16| bits & bit != 0).map(|bit| {
            let known = Anomalies::NAMES.iter().find(|(known, _)| *known == bit);
            known.map_or_else(|| format!("ANOMALY {bit:o}"), |(_, name)| (*name).to_owned())
        })
    }
}

/// Word 2: three octal digits, as the listing of September 1973 has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Restart(pub u16);

impl Restart {
    /// The program was started again.
    pub const RESTARTED: Restart = Restart(1);

    /// Whether there is something to say.
    pub fn is_set(self) -> bool {
        self != Restart::default()
    }
}

impl fmt::Display for Restart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = (self.0 >> 6 & 7, self.0 >> 3 & 7, self.0 & 7);
        let reload = match digits.0 {
            0 => String::new(),
            7 => "RELOAD ASKED".to_owned(),
            // 6 is line 1, 2 is line 5.
            line @ 2..=6 => format!("RELOAD ASKED FROM LINE {}", 7 - line),
            other => format!("RELOAD {other}"),
        };
        let restart = match digits.1 {
            0 => String::new(),
            7 => "RESTART ASKED".to_owned(),
            6 => "VDH RESTART ASKED".to_owned(),
            other => format!("RESTART {other}"),
        };
        let begun = match digits.2 {
            0 => String::new(),
            1 => "RESTARTED".to_owned(),
            2 => "RELOADED".to_owned(),
            3 => "RELOADED BY WATCHDOG".to_owned(),
            4 => "RESTARTED AFTER POWER FAILURE".to_owned(),
            other => format!("BEGUN {other}"),
        };
        let rest = match self.0 >> 9 {
            0 => String::new(),
            rest => format!("AND {rest:o}000"),
        };
        let parts = [reload, restart, begun, rest];
        let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        f.write_str(&parts.join(", "))
    }
}

/// One end of a line, two words: what an IMP says of the line that it has there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LineEnd {
    /// Routing messages sent, less one, as the program counts them: 177777 (octal) if none was. It goes no further than 377.
    pub sent: u16,
    /// Dead, looped, the neighbour, and the routing messages missed.
    pub status: u16,
}

impl LineEnd {
    /// The line is dead.
    pub const DEAD: u16 = 0o100000;
    /// What the IMP sends comes back to it.
    pub const LOOPED: u16 = 0o40000;

    /// An end that is alive, with this neighbour.
    pub fn alive(neighbour: u8) -> Self {
        LineEnd { sent: u16::MAX, status: u16::from(neighbour & 0o77) << 8 }
    }

    /// An end that is dead. The recovered program names no neighbour then.
    pub fn dead() -> Self {
        LineEnd { sent: u16::MAX, status: LineEnd::DEAD }
    }

    /// The same end, with so many routing messages sent and missed.
    #[must_use]
    pub fn with_routing(self, sent: u16, missed: u16) -> Self {
        let missed = missed.min(0o377);
        LineEnd { sent: sent.min(256).wrapping_sub(1), status: self.status & !0o377 | missed }
    }

    /// Whether the line is dead.
    pub fn is_dead(self) -> bool {
        self.status & LineEnd::DEAD != 0
    }

    /// Whether the line is looped.
    pub fn is_looped(self) -> bool {
        self.status & LineEnd::LOOPED != 0
    }

    /// The number of the IMP at the other end, if one is known: none has number 0.
    pub fn neighbour(self) -> Option<u8> {
        let number = (self.status >> 8 & 0o77) as u8;
        (number != 0).then_some(number)
    }

    /// Routing messages sent, at most 256.
    pub fn routing_sent(self) -> u16 {
        self.sent.wrapping_add(1)
    }

    /// Routing messages that did not come, at most 255.
    pub fn routing_missed(self) -> u8 {
        (self.status & 0o377) as u8
    }
}

impl TroubleReport {
    /// The codes of a trouble report.
    pub const CODES: [u16; 2] = [0o301, 0o303];

    /// How many words there are, code and checksum included.
    pub const WORDS: usize = 31;

    /// No host interface is under test: what the recovered program says then.
    pub const NONE_UNDER_TEST: u16 = 0o177777;

    /// A report of an IMP at which nothing is: no host, no line.
    pub fn empty() -> Self {
        TroubleReport {
            code: TroubleReport::CODES[1],
            anomalies: Anomalies::default(),
            restart: Restart::default(),
            halt: Registers::default(),
            free: 0,
            store_and_forward: 0,
            reassembly: 0,
            allocated: 0,
            version: 0,
            host_configuration: 0,
            tip_version: 0,
            under_test: TroubleReport::NONE_UNDER_TEST,
            test_sent: 0,
            test_received: 0,
            lines: [LineEnd::dead(); LINES],
            speeds: 0,
            trap: Registers::default(),
        }
    }

    /// The kinds of lines, by their speeds in bits a second.
    const SPEEDS: [u32; 4] = [5_000, 10_000, 50_000, 250_000];

    /// The speed of a line, 0 to 4, in bits a second, as the recovered program measures it: one of four kinds.
    pub fn speed(&self, line: usize) -> Option<u32> {
        Some(Self::SPEEDS[usize::from(self.speeds >> shift_of(line)? & 3)])
    }

    /// Says how fast a line, 0 to 4, is: the fastest kind that is not faster, or else the slowest.
    pub fn set_speed(&mut self, line: usize, bits_per_second: u64) {
        let Some(shift) = shift_of(line) else { return };
        let not_faster = Self::SPEEDS.iter().filter(|speed| u64::from(**speed) <= bits_per_second).count();
        self.speeds = self.speeds & !(3 << shift) | (not_faster.saturating_sub(1) as u16) << shift;
    }

    pub(crate) fn of(words: &[u16]) -> Self {
        let word = |at: usize| words.get(at).copied().unwrap_or_default();
        let registers = |at| Registers { p: word(at), a: word(at + 1), x: word(at + 2) };
        TroubleReport {
            code: word(0),
            anomalies: Anomalies(word(1)),
            restart: Restart(word(2)),
            halt: registers(3),
            free: word(6),
            store_and_forward: word(7),
            reassembly: word(8),
            allocated: word(9),
            version: word(10),
            host_configuration: word(11),
            tip_version: word(12),
            under_test: word(13),
            test_sent: word(14),
            test_received: word(15),
            lines: std::array::from_fn(|line| LineEnd {
                sent: word(16 + 2 * line),
                status: word(17 + 2 * line),
            }),
            speeds: word(26),
            trap: registers(27),
        }
    }

    pub(crate) fn words(&self) -> Vec<u16> {
        let registers = |Registers { p, a, x }| [p, a, x];
        let mut words = vec![self.code, self.anomalies.0, self.restart.0];
        words.extend(registers(self.halt));
        words.extend([self.free, self.store_and_forward, self.reassembly, self.allocated]);
        words.extend([self.version, self.host_configuration, self.tip_version]);
        words.extend([self.under_test, self.test_sent, self.test_received]);
        words.extend(self.lines.iter().flat_map(|line| [line.sent, line.status]));
        words.push(self.speeds);
        words.extend(registers(self.trap));
        words
    }
}

/// Where the two bits of a line's speed are.
fn shift_of(line: usize) -> Option<u32> {
    (line < LINES).then(|| 14 - 2 * line as u32)
}
