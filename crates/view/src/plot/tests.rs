//! Plots are whole, and the same on every machine.

use host::Directory;
use imp::LineFigures;
use imp1822::HostAddress;
use machine::Span;
use trace::figures::{RoundTripRow, Spread, ThroughputRow};

use super::*;

const FROM: u8 = 1;
const RAND: u8 = 7;
const ODD: u8 = 9;

/// The names of the hosts of these figures, one of which must not be taken for a tag.
fn names() -> Names {
    let mut directory = Directory::default();
    for (number, name) in [(FROM, "UCLA-NMC"), (RAND, "RAND-RCC"), (ODD, "A<B & C>")] {
        directory.add(name, HostAddress::from(number));
    }
    Names::from(directory)
}

fn round_trips() -> Figures {
    let row = |to: u8, micros: u64| {
        let spread = Spread::of(&mut [Span::from_micros(micros), Span::from_micros(micros + 8)]);
        RoundTripRow { to: HostAddress::from(to), hops: 2, bits: 1000, spread, lost: 0 }
    };
    let rows = vec![row(RAND, 78_196), row(ODD, 49_220)];
    Figures::RoundTrip(RoundTrip { from: HostAddress::from(FROM), messages: 2, rows })
}

fn throughput(places: &[u8]) -> Figures {
    let row = |to: &u8, links: u8| {
        let messages = u64::from(links) * 21;
        ThroughputRow { to: HostAddress::from(*to), hops: usize::from(*to), bits: 1000, links, messages }
    };
    let rows = places.iter().flat_map(|to| [row(to, 1), row(to, 2)]).collect();
    let (span, warm_up) = (Span::from_secs(2), Span::from_millis(500));
    Figures::Throughput(Throughput { from: HostAddress::from(FROM), span, warm_up, rows })
}

fn lines() -> Figures {
    let line = |from, busy| LineFigures {
        from,
        to: 2,
        busy: Span::from_millis(busy),
        packets: 40,
        bits: 0,
        again: 3,
        waited: Span::ZERO,
        longest: 4,
    };
    Figures::Lines(Lines { span: Span::from_secs(10), busiest: 2, rows: vec![line(1, 10_020), line(3, 0)] })
}

#[test]
fn a_plot_is_sound_xml_at_whole_coordinates() {
    let all = [round_trips(), throughput(&[RAND]), throughput(&[RAND, ODD]), lines()];
    let svg = svg("Less < more & \"so\" on", &all, &names()).expect("something was measured");
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
    assert_eq!(svg("T", &[], &names()), None);
    let none = Figures::RoundTrip(RoundTrip { from: HostAddress::from(FROM), messages: 1, rows: Vec::new() });
    assert!(
        svg("T", &[none], &names()).is_some_and(|svg| open_tags(&svg).is_empty()),
        "an empty plot is a plot"
    );
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
