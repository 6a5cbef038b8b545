//! The arithmetic of measurements, and what becomes of it on paper.

use super::table::ratio;
use super::*;

fn spans(micros: &[u64]) -> Vec<Span> {
    micros.iter().copied().map(Span::from_micros).collect()
}

fn spread(micros: &[u64]) -> Option<[u64; 4]> {
    let Spread { least, mean, ninetieth, greatest } = Spread::of(&mut spans(micros))?;
    Some([least, mean, ninetieth, greatest].map(Span::as_micros))
}

/// Two messages of each size: all answered, one of them, none.
fn round_trips() -> Measured {
    let row = |to: &str, hops, bits, micros: &[u64], lost| {
        let spread = Spread::of(&mut spans(micros));
        RoundTripRow { to: to.to_owned(), hops, bits, spread, lost }
    };
    Measured::RoundTrip(RoundTrip {
        from: "UCLA-NMC".to_owned(),
        messages: 2,
        rows: vec![
            row("RAND-RCC", 2, 1000, &[78_196, 78_204], 0),
            row("UCSD-CC", 1, 1000, &[49_220], 1),
            row("A<B & C>", 3, 8000, &[], 2),
        ],
    })
}

fn throughput(places: &[(&str, usize)]) -> Throughput {
    let mut rows = Vec::new();
    for (to, hops) in places {
        for links in [1, 2] {
            let messages = u64::from(links) * 21;
            rows.push(ThroughputRow { to: (*to).to_owned(), hops: *hops, bits: 1000, links, messages });
        }
    }
    Throughput {
        from: "UCLA-NMC".to_owned(),
        span: Span::from_secs(2),
        warm_up: Span::from_millis(500),
        rows,
    }
}

fn lines() -> Measured {
    let figures = |busy, waited, packets| LineFigures {
        from: 1,
        to: 2,
        busy: Span::from_millis(busy),
        packets,
        bits: 0,
        again: 3,
        waited: Span::from_millis(waited),
        longest: 4,
    };
    let row = |from: &str, figures: LineFigures| {
        LineRow::since(from.to_owned(), "SRI".to_owned(), &figures_at_start(), &figures)
    };
    let rows = vec![row("UCLA", figures(10_020, 5_000, 40)), row("UTAH", figures(0, 0, 0))];
    Measured::Lines(Lines { span: Span::from_secs(10), busiest: 2, rows })
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
    let figures = throughput(&[("RAND-RCC", 2)]);
    let rates: Vec<u64> = figures.rows.iter().map(|row| figures.rate(row)).collect();
    assert_eq!(rates, [10_500, 21_000], "21 messages of 1000 bits in two seconds, and twice as many");
}

#[test]
fn figures_of_a_line_are_what_came_since() {
    let before = LineFigures { busy: Span::from_secs(1), packets: 5, again: 1, ..figures_at_start() };
    let now = LineFigures { busy: Span::from_secs(3), packets: 9, again: 1, ..figures_at_start() };
    let row = LineRow::since(String::new(), String::new(), &before, &now);
    assert_eq!((row.figures.busy, row.figures.packets, row.figures.again), (Span::from_secs(2), 4, 0));
    assert_eq!(row.figures.longest, 9, "the longest since the run began");
}

#[test]
fn tables_can_be_read_aloud() {
    insta::assert_snapshot!(round_trips().table(), @r"
    from UCLA-NMC, 2 messages of each size
    hops  to        data bits  least ms  mean ms  90% ms  greatest ms  lost
       2  RAND-RCC       1000     78.20    78.20   78.20        78.20     0
       1  UCSD-CC        1000     49.22    49.22   49.22        49.22     1
       3  A<B & C>       8000         -        -       -            -     2
    ");
    insta::assert_snapshot!(throughput(&[("RAND-RCC", 2), ("MIT-DMCG", 7)]).table(), @r"
    from UCLA-NMC, in kb/s of data, for 2s after 500ms of warming up
    hops  to        data bits  1 link  2 links
       2  RAND-RCC       1000    10.5     21.0
       7  MIT-DMCG       1000    10.5     21.0
    ");
    insta::assert_snapshot!(lines().table(), @r"
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
    insta::assert_snapshot!(traffic_table("of one host, from 0.000000 to 1.000000 s".to_owned(), &tally), @r"
    of one host, from 0.000000 to 1.000000 s
    offered  held back  sent  RFNMs  dead  incomplete  unanswered  mean ms  longest ms
          9          1     8      4     2           1           1    25.00       40.00
    ");
}

#[test]
fn a_plot_is_sound_xml_at_whole_coordinates() {
    let one = Measured::Throughput(throughput(&[("RAND-RCC", 2)]));
    let two = Measured::Throughput(throughput(&[("RAND-RCC", 2), ("MIT-DMCG", 7)]));
    let all = [round_trips(), one, two, lines()];
    let svg = svg("Less < more & \"so\" on", &all).expect("something was measured");
    assert_eq!(open_tags(&svg), Vec::<&str>::new(), "what is opened is closed");
    assert_eq!(svg.matches("class=\"title\"").count(), all.len(), "a panel for each");
    assert!(svg.contains("<title>Less &lt; more &amp; "), "text is not taken for tags");
    for path in svg.split(" d=\"").skip(1) {
        let path = path.split('"').next().unwrap_or_default();
        assert!(!path.contains('.'), "{path}");
    }
}

#[test]
fn nothing_is_plotted_where_nothing_was_measured() {
    assert_eq!(svg("T", &[]), None);
    let none = Measured::RoundTrip(RoundTrip { from: "A".to_owned(), messages: 1, rows: Vec::new() });
    assert!(svg("T", &[none]).is_some_and(|svg| open_tags(&svg).is_empty()), "an empty plot is a plot");
}

/// The tags that are never closed, or closed in the wrong order from there on.
fn open_tags(svg: &str) -> Vec<&str> {
    let mut open = Vec::new();
    for tag in svg.split('<').skip(1) {
        let (tag, text) = tag.split_once('>').expect("a tag ends");
        assert!(!text.contains('>'), "{text}");
        let name = tag.split(|end: char| end.is_whitespace()).next().unwrap_or_default();
        if let Some(closed) = name.strip_prefix('/') {
            if open.last() == Some(&closed) {
                open.pop();
            } else {
                open.push(tag);
            }
        } else if !tag.ends_with('/') {
            open.push(name);
        }
        assert!(tag.matches('"').count() % 2 == 0, "{tag}");
    }
    open
}
