//! The arithmetic of measurements, and what becomes of it on paper.

use host::Directory;
use imp::LineFigures;
use imp1822::HostAddress;
use machine::{Instant, Span};
use trace::figures::{
    Figures, Lines, RoundTrip, RoundTripRow, Spread, Tally, Throughput, ThroughputRow, TrafficTotal,
    carried_since,
};
use trace::{Names, ratio};

const FROM: u8 = 1;
const RAND: u8 = 7;
const SDC: u8 = 8;
const ODD: u8 = 9;
const MIT: u8 = 70;

/// The names of the hosts and IMPs of these figures.
fn names() -> Names {
    let mut directory = Directory::default();
    for (number, name) in
        [(FROM, "UCLA-NMC"), (RAND, "RAND-RCC"), (SDC, "UCSD-CC"), (ODD, "A<B & C>"), (MIT, "MIT-DMCG")]
    {
        directory.add(name, HostAddress::from(number));
    }
    let imps = [(1, "UCLA"), (2, "SRI"), (4, "UTAH")];
    Names::new(directory, imps.map(|(number, name)| (number, name.to_owned())))
}

fn spans(micros: &[u64]) -> Vec<Span> {
    micros.iter().copied().map(Span::from_micros).collect()
}

fn spread(micros: &[u64]) -> Option<[u64; 4]> {
    let Spread { least, mean, ninetieth, greatest } = Spread::of(&mut spans(micros))?;
    Some([least, mean, ninetieth, greatest].map(Span::as_micros))
}

/// Two messages of each size: all answered, one of them, none.
fn round_trips() -> Figures {
    let row = |to: u8, hops, bits, micros: &[u64], lost| {
        let spread = Spread::of(&mut spans(micros));
        RoundTripRow { to: HostAddress::from(to), hops, bits, spread, lost }
    };
    Figures::RoundTrip(RoundTrip {
        from: HostAddress::from(FROM),
        messages: 2,
        rows: vec![
            row(RAND, 2, 1000, &[78_196, 78_204], 0),
            row(SDC, 1, 1000, &[49_220], 1),
            row(ODD, 3, 8000, &[], 2),
        ],
    })
}

fn throughput(places: &[(u8, usize)]) -> Throughput {
    let mut rows = Vec::new();
    for (to, hops) in places {
        for links in [1, 2] {
            let messages = u64::from(links) * 21;
            rows.push(ThroughputRow { to: HostAddress::from(*to), hops: *hops, bits: 1000, links, messages });
        }
    }
    Throughput {
        from: HostAddress::from(FROM),
        span: Span::from_secs(2),
        warm_up: Span::from_millis(500),
        rows,
    }
}

fn lines() -> Figures {
    let figures = |from, busy, waited, packets| LineFigures {
        from,
        to: 2,
        busy: Span::from_millis(busy),
        packets,
        bits: 0,
        again: 3,
        waited: Span::from_millis(waited),
        longest: 4,
    };
    let rows = vec![figures(1, 10_020, 5_000, 40), figures(4, 0, 0, 0)];
    Figures::Lines(Lines { span: Span::from_secs(10), busiest: 2, rows })
}

fn figures_at_start() -> LineFigures {
    let none = Span::ZERO;
    LineFigures { from: 1, to: 2, busy: none, packets: 0, bits: 0, again: 0, waited: none, longest: 9 }
}

#[test]
fn the_90th_percentile_is_the_first_time_that_nine_of_ten_do_not_exceed() {
    assert_eq!(spread(&[]), None);
    assert_eq!(spread(&[7]), Some([7, 7, 7, 7]));
    let ten = [100, 20, 30, 40, 50, 60, 70, 80, 90, 10];
    assert_eq!(spread(&ten), Some([10, 55, 90, 100]), "of ten the ninth, in whatever order they came");
    let eleven: Vec<u64> = (1..=11).collect();
    assert_eq!(spread(&eleven), Some([1, 6, 10, 11]), "of eleven the tenth");
    let twenty: Vec<u64> = (1..=20).collect();
    assert_eq!(spread(&twenty), Some([1, 11, 18, 20]), "the mean, 10.5, is rounded up");
}

#[test]
fn fractions_are_exact_to_their_last_digit_and_halves_go_up() {
    assert_eq!(ratio(34_564, 1_000, 2), "34.56");
    assert_eq!(ratio(34_565, 1_000, 2), "34.57");
    assert_eq!(ratio(5, 1_000, 2), "0.01");
    assert_eq!(ratio(4, 1_000, 2), "0.00");
    assert_eq!(ratio(999_999, 1_000, 1), "1000.0", "a carry goes through");
    assert_eq!(ratio(7, 2, 0), "4");
    assert_eq!(ratio(u64::MAX, 1, 2), "18446744073709551615.00");
    assert_eq!(ratio(1, 0, 2), "-", "of nothing there is no part");
}

#[test]
fn a_rate_is_bits_by_seconds() {
    let figures = throughput(&[(RAND, 2)]);
    let rates: Vec<u64> = figures.rows.iter().map(|row| figures.rate(row)).collect();
    assert_eq!(rates, [10_500, 21_000], "21 messages of 1000 bits in two seconds, and twice as many");
}

#[test]
fn figures_of_a_line_are_what_came_since() {
    let before = LineFigures { busy: Span::from_secs(1), packets: 5, again: 1, ..figures_at_start() };
    let now = LineFigures { busy: Span::from_secs(3), packets: 9, again: 1, ..figures_at_start() };
    let row = carried_since(&before, &now);
    assert_eq!((row.busy, row.packets, row.again), (Span::from_secs(2), 4, 0));
    assert_eq!(row.longest, 9, "the longest since the run began");
}

#[test]
fn tables_can_be_read_aloud() {
    insta::assert_snapshot!(round_trips().table(&names()), @r"
    from UCLA-NMC, 2 messages of each size
    hops  to        data bits  least ms  mean ms  90% ms  greatest ms  lost
       2  RAND-RCC       1000     78.20    78.20   78.20        78.20     0
       1  UCSD-CC        1000     49.22    49.22   49.22        49.22     1
       3  A<B & C>       8000         -        -       -            -     2
    ");
    insta::assert_snapshot!(Figures::Throughput(throughput(&[(RAND, 2), (MIT, 7)])).table(&names()), @r"
    from UCLA-NMC, in kb/s of data, for 2s after 500ms of warming up
    hops  to        data bits  1 link  2 links
       2  RAND-RCC       1000    10.5     21.0
       7  MIT-DMCG       1000    10.5     21.0
    ");
    insta::assert_snapshot!(lines().table(&names()), @r"
    the 2 busiest of 2 directions, in 10s
    from  to   busy %  packets  sent again  mean wait ms  mean queue  longest
    UCLA  SRI   100.0       40           3        125.00        0.50        4
    UTAH  SRI     0.0        0           3             -        0.00        4
    ");
    let tally = Tally {
        offered: 9,
        held_back: 1,
        sent: 8,
        rfnms: 4,
        dead: 2,
        incomplete: 1,
        round_trips: Span::from_millis(100),
        longest: Span::from_millis(40),
    };
    let (begun, ended) = (Instant::START, Instant::from_micros(1_000_000));
    let total = TrafficTotal { senders: 1, begun, ended, tally };
    insta::assert_snapshot!(Figures::Traffic(total).table(&names()), @r"
    of one host, from 0.000000 to 1.000000 s
    offered  held back  sent  RFNMs  dead  incomplete  unanswered  mean ms  longest ms
          9          1     8      4     2           1           1    25.00       40.00
    ");
}
