//! A map is well-formed, has every name, and no text over another, whatever the net.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use imp::Net;

use super::geometry::{Area, Point};
use super::svg as map;
use scenario::parse_net;

fn read(text: &str) -> Net {
    parse_net("a net", text).unwrap_or_else(|errors| panic!("{}", errors.render(false, 100)))
}

fn known(name: &str) -> Net {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/nets").join(format!("{name}.net"));
    read(&fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

/// A start tag, and the text behind it.
struct Element<'a> {
    name: &'a str,
    attributes: Vec<(&'a str, &'a str)>,
    text: &'a str,
}

impl<'a> Element<'a> {
    fn of(&self, name: &str) -> Option<&'a str> {
        self.attributes.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
    }

    fn number(&self, name: &str) -> i32 {
        let value = self.of(name).unwrap_or_else(|| panic!("{} lacks {name}", self.name));
        value.parse().unwrap_or_else(|_| panic!("{name} of {} is no whole number: {value}", self.name))
    }

    fn point(&self, x: &str, y: &str) -> Point {
        Point { x: self.number(x), y: self.number(y) }
    }
}

/// Reads what we write of XML, and panics if it is not well-formed.
fn elements(svg: &str) -> Vec<Element<'_>> {
    let mut elements = Vec::new();
    let mut open = Vec::new();
    let mut rest = svg;
    while let Some((text, tagged)) = rest.split_once('<') {
        assert!(!text.contains('>'), "a > outside of a tag: {text}");
        assert!(!open.is_empty() || text.trim().is_empty(), "text outside of the drawing: {text}");
        assert!(text.split('&').skip(1).all(known_entity), "an & that begins nothing: {text}");
        let (tag, behind) = tagged.split_once('>').expect("a tag ends");
        rest = behind;
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "tags close in order");
            continue;
        }
        let empty = tag.ends_with('/');
        let tag = tag.trim_end_matches('/');
        let (name, mut said) = tag.split_once(' ').unwrap_or((tag, ""));
        let mut attributes = Vec::new();
        while let Some((name, value)) = said.split_once("=\"") {
            let (value, more) = value.split_once('"').expect("a value ends");
            assert!(value.split('&').skip(1).all(known_entity), "{value}");
            assert!(!attributes.iter().any(|(other, _)| *other == name.trim()), "{name} twice in {tag}");
            attributes.push((name.trim(), value));
            said = more;
        }
        assert_eq!(said.trim(), "", "nothing else is in a tag");
        if !empty {
            open.push(name);
        }
        elements.push(Element { name, attributes, text: behind.split('<').next().unwrap_or_default() });
    }
    assert_eq!(rest.trim(), "");
    assert!(open.is_empty(), "{open:?} are not closed");
    elements
}

fn known_entity(behind: &str) -> bool {
    ["amp;", "lt;", "gt;", "quot;"].iter().any(|entity| behind.starts_with(entity))
}

/// What every drawing keeps. Returns its elements.
fn sound<'a>(net: &Net, svg: &'a str) -> Vec<Element<'a>> {
    let elements = elements(svg);
    let page = Area {
        corner: Point { x: 0, y: 0 },
        size: Point { x: elements[0].number("width"), y: elements[0].number("height") },
    };
    let texts: Vec<&Element<'_>> = elements.iter().filter(|element| element.name == "text").collect();
    let says = |text: &str| texts.iter().filter(|element| element.text == text).count();
    for imp in &net.imps {
        assert!(says(&imp.name) > 0, "{} is missing", imp.name);
    }
    for host in &net.hosts {
        assert!(says(&host.name) > 0, "{} is missing", host.name);
        assert!(says(&host.address.to_string()) > 0, "{} is missing", host.address);
    }
    let lines =
        elements.iter().filter(|element| element.of("class").is_some_and(|class| class.starts_with("line")));
    assert_eq!(lines.count(), net.lines.len(), "each line is drawn");

    // Text has its length, or is one of the headings with letters of known width.
    let placed = |element: &Element<'_>| {
        let (high, letter) = match element.of("class") {
            Some("title") => (20, 12),
            Some("name") => (15, 9),
            _ => (10, 6),
        };
        let letters = i32::try_from(element.text.chars().count()).expect("few");
        let wide = element.of("textLength").map_or(letters * letter, |_| element.number("textLength"));
        // The baseline is four fifths of the way down.
        let at = element.point("x", "y");
        Area { corner: Point { x: at.x, y: at.y - high * 4 / 5 }, size: Point { x: wide, y: high } }
    };
    let areas: Vec<Area> = texts.iter().map(|element| placed(element)).collect();
    for (index, area) in areas.iter().enumerate() {
        let (x, y) = (area.corner.x + area.size.x, area.corner.y + area.size.y);
        let inside = area.corner.x >= 0 && area.corner.y >= 0 && x <= page.size.x && y <= page.size.y;
        assert!(inside || texts[index].text.contains("&"), "{} is off the page", texts[index].text);
        for (other, text) in areas.iter().zip(&texts).skip(index + 1) {
            assert!(!area.overlaps(*other, 0), "{} is written over {}", texts[index].text, text.text);
        }
    }
    let boxes = boxes(&elements);
    for (index, one) in boxes.iter().enumerate() {
        for other in &boxes[index + 1..] {
            assert!(!one.overlaps(*other, 4), "boxes overlap: {one:?} {other:?}");
        }
    }
    elements
}

fn boxes(elements: &[Element<'_>]) -> Vec<Area> {
    let boxes = elements.iter().filter(|element| element.of("class") == Some("box"));
    boxes
        .map(|element| Area { corner: element.point("x", "y"), size: element.point("width", "height") })
        .collect()
}

#[test]
fn every_net_of_the_library_is_drawn_whole_and_always_alike() {
    for name in ["1973-01", "far-away", "four-imps-1969", "ring", "three-imps"] {
        let net = known(name);
        let svg = map(&net);
        sound(&net, &svg);
        assert_eq!(svg, map(&net), "{name}: the same bytes again");
    }
}

#[test]
fn on_the_map_of_1973_every_line_can_be_followed() {
    let net = known("1973-01");
    let svg = map(&net);
    let elements = sound(&net, &svg);
    let boxes = boxes(&elements);
    let lines =
        elements.iter().filter(|element| element.of("class").is_some_and(|class| class.starts_with("line")));
    let lines: Vec<[Point; 2]> =
        lines.map(|element| [element.point("x1", "y1"), element.point("x2", "y2")]).collect();
    for (line, [from, to]) in net.lines.iter().zip(&lines) {
        for (imp, area) in net.imps.iter().zip(&boxes).filter(|(imp, _)| !line.between.contains(&imp.number))
        {
            assert!(!area.on_the_way(*from, *to, 2), "{:?} runs behind {}", line.between, imp.name);
        }
    }
    let crossings = lines
        .iter()
        .enumerate()
        .flat_map(|(index, one)| lines[index + 1..].iter().map(move |two| (one, two)));
    assert_eq!(crossings.filter(|(one, two)| super::geometry::cross(**one, **two)).count(), 0);
    assert!(svg.contains("260ms"), "the satellite's line says how long it is");
    let hawaii = net.imps.iter().position(|imp| imp.name == "HAWAII").expect("on the map");
    assert!(boxes.iter().all(|area| area.corner.x >= boxes[hawaii].corner.x), "nothing is further west");
}

#[test]
fn lines_that_are_unlike_most_say_so() {
    let net = read(
        "net n Speeds\nimp 1 A at 40N 100W\nimp 2 B at 41N 90W\nimp 3 C at 35N 95W\nline A to B 230.4kb/s 1km\n\
         line B to C 9.6kb/s delay 300ms\nline C to A 50kb/s 1km\n",
    );
    let svg = map(&net);
    let elements = sound(&net, &svg);
    let labels: Vec<&str> = elements
        .iter()
        .filter(|element| element.of("class") == Some("speed"))
        .map(|label| label.text)
        .collect();
    assert_eq!(labels, ["230.4kb/s", "9.6kb/s, 300ms"]);
    assert_eq!(elements.iter().filter(|element| element.of("class") == Some("line satellite")).count(), 1);
}

#[test]
fn odd_nets_are_drawn_too() {
    let one = read("net n <One & \"only\">\nimp 0 A\n");
    let svg = map(&one);
    assert!(svg.contains("&lt;One &amp; &quot;only&quot;&gt;"));
    sound(&one, &svg);
    let apart = read("net n Apart\nimp 1 A at 0N 180W\nimp 2 B at 90S 180E\nimp 3 C at 90N 0E\nhost H 1 X\n");
    sound(&apart, &map(&apart));
    let partly = read("net n Partly placed\nimp 1 A at 1N 1E\nimp 2 B\nline A to B 50kb/s 1km\n");
    sound(&partly, &map(&partly));
    let name = "A".repeat(48);
    let long = read(&format!("net n Long names\nimp 1 {name} at 1N 1E\nimp 2 B at 1N 1E\nhost {name} 1 X\n"));
    sound(&long, &map(&long));
}

#[test]
fn sixty_four_imps_find_room_even_in_one_place() {
    let mut text = "net n Crowded\n".to_owned();
    for imp in 0..64 {
        let _ = writeln!(text, "imp {imp} IMP-{imp} at 40N 100W");
        let _ = writeln!(text, "line {imp} to {} 50kb/s 1km", (imp + 1) % 64);
        for host in 0..4 {
            let _ = writeln!(text, "host HOST-{} {0} X", host * 64 + imp);
        }
    }
    let crowded = read(&text);
    sound(&crowded, &map(&crowded));
    let unplaced = read(&text.replace(" at 40N 100W", ""));
    sound(&unplaced, &map(&unplaced));
}

mod at_a_moment {
    use machine::{Instant, Span};
    use sim::scenario::library;
    use sim::{Options, Outcome, Prepared};
    use trace::What;

    use super::super::{MapMoment, svg_at};
    use super::sound;

    fn played(name: &str) -> (Prepared, Outcome) {
        let prepared =
            Prepared::parse(library::scenario(name).expect("it is built in")).expect("it can be read");
        let outcome = prepared.replay(Options::EVERYTHING);
        (prepared, outcome)
    }

    #[test]
    fn a_packet_is_on_its_line_as_long_as_it_takes_and_its_way_is_lit_from_end_to_end() {
        let (prepared, outcome) = played("case-to-bbn-from-usc");
        let net = &prepared.scenario().net;
        let first = outcome.records.iter().find_map(|record| match record.what {
            What::Packet(crossing) if !crossing.what.is_of_the_line() => Some((record.at, crossing)),
            _ => None,
        });
        let (began, crossing) = first.expect("packets cross lines");
        let moment = MapMoment::of(&outcome.records, net, began + Span::from_millis(1));
        assert_eq!(moment.crossing.len(), 1, "{moment:?}");
        let on_line = &moment.crossing[0];
        assert_eq!((on_line.from, on_line.to), (crossing.from_imp, crossing.to_imp));
        assert!(on_line.percent > 0 && on_line.percent < 100);
        assert_eq!(moment.lit.len(), 1, "where it will go, no IMP knows yet: {moment:?}");
        // The same packet on its last line.
        let last = outcome.records.iter().filter_map(|record| match record.what {
            What::Packet(other) if other.what == crossing.what && other.source == crossing.source => {
                (other.to_imp == crossing.destination).then_some(record.at)
            }
            _ => None,
        });
        let last = last.into_iter().next().expect("it gets there") + Span::from_millis(1);
        let moment = MapMoment::of(&outcome.records, net, last);
        for end in [crossing.source, crossing.destination] {
            assert!(
                moment.lit.iter().any(|line| line.contains(&end)),
                "the way leads from {end}: {moment:?}"
            );
        }
        assert!(moment.lit.len() > 3, "across the country: {moment:?}");
        let svg = svg_at(net, &moment);
        sound(net, &svg);
        assert_eq!(svg.matches("<circle").count(), moment.crossing.len());
        assert_eq!(svg.matches(" lit\"").count(), moment.lit.len());

        let before = MapMoment::of(&outcome.records, net, Instant::START);
        assert!(before.crossing.is_empty() && before.lit.is_empty(), "nothing is under way yet: {before:?}");
    }

    #[test]
    fn lines_and_imps_are_dead_from_when_they_fail_until_they_are_known_to_be_alive() {
        let (prepared, outcome) = played("ring-is-cut");
        let net = &prepared.scenario().net;
        let fails =
            |record: &&trace::Record| matches!(record.what, What::Fault(imp::Fault::LineFails { .. }));
        let fault = outcome.records.iter().find(fails).expect("a line fails");
        let What::Fault(imp::Fault::LineFails { between }) = fault.what else {
            unreachable!("it was looked for")
        };
        let before = MapMoment::of(&outcome.records, net, Instant::from_micros(fault.at.as_micros() - 1));
        let behind = MapMoment::of(&outcome.records, net, fault.at);
        let mut ends = between;
        ends.sort_unstable();
        assert!(!before.dead.contains(&ends) && behind.dead.contains(&ends));
        assert!(svg_at(net, &behind).contains(" dead\""), "it is drawn so");
        assert_eq!(svg_at(net, &behind).matches("class=\"cross\"").count(), 2 * behind.dead.len());

        let (prepared, outcome) = played("append-imp-crashed");
        let last = MapMoment::of(&outcome.records, &prepared.scenario().net, outcome.end);
        assert!(!last.down.is_empty(), "{last:?}");
        assert!(svg_at(&prepared.scenario().net, &last).contains("box down"));
    }
}
