//! The map of a net, as SVG: a box for each IMP with its hosts in small letters, and the lines between them.
//!
//! The map needs no font but the reader's, has no script, is light or dark as the reader's screen is, and has the same
//! bytes on every machine: all of it is computed in whole numbers.

pub(crate) mod geometry;
pub(crate) mod layout;
mod moment;

use imp::{HostSite, ImpSite, LineSite, Net};
use machine::{Rate, Span};

use crate::svg::Svg;
use crate::topology::{counted, speed};
use geometry::{Area, Point};
use layout::{Arrangement, Layout};
pub(crate) use moment::sorted;
pub use moment::{MapMoment, OnLine};

/// The speed of most lines: only others are labelled with theirs.
const USUAL_RATE: Rate = Rate::kilobits(50);

/// A line that delays a bit by at least this much goes by satellite.
const SATELLITE_DELAY: Span = Span::from_millis(200);

/// The widths and heights of letters: all letters of a size are as wide as each other, six tenths of their height.
const TITLE_WIDTH: i32 = 15;
const NAME_SIZE: i32 = 18;
const NAME_WIDTH: i32 = 11;
const SMALL_SIZE: i32 = 14;
const SMALL_WIDTH: i32 = 8;

/// From the baseline of one host's name to that of the next.
const PITCH: i32 = 17;
/// Between the frame of a box and the text in it.
const PADDING: i32 = 8;
/// From the top of a box to below the IMP's name.
const HEAD: i32 = 27;
/// The height of the heading above the net, and of the notes below it.
const ABOVE: i32 = 76;
const BELOW: i32 = 46;
const MARGIN: i32 = 24;

const STYLE: &str = "
    text { font-family: ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, 'Courier New', monospace; }
    .sheet { fill: #fcfbf7; }
    .line { stroke: #6b7f96; stroke-width: 2; fill: none; }
    .satellite { stroke-dasharray: 9 6; }
    .break { stroke: #b9b4a4; stroke-width: 1; stroke-dasharray: 2 5; }
    .box { fill: #ffffff; stroke: #3b4a5c; stroke-width: 1.5; }
    .name { fill: #1c2733; font-size: 18px; font-weight: bold; }
    .small { fill: #3d4a58; font-size: 14px; }
    .speed { fill: #8a3b12; font-size: 14px; }
    .patch { fill: #fcfbf7; }
    .lit { stroke: #b34700; stroke-width: 6; }
    .dead { stroke: #a3263a; stroke-width: 3; stroke-dasharray: 3 9; }
    .down { stroke: #a3263a; stroke-width: 3; stroke-dasharray: 6 4; }
    .cross { stroke: #a3263a; stroke-width: 4; }
    .packet { fill: #b34700; stroke: #fcfbf7; stroke-width: 2; }
    .waits { fill: #b34700; font-size: 14px; font-weight: bold; }
    .title { fill: #1c2733; font-size: 24px; font-weight: bold; }
    @media (prefers-color-scheme: dark) {
      .sheet, .patch { fill: #14181d; }
      .line { stroke: #7f95ad; }
      .break { stroke: #4a4f57; }
      .box { fill: #1f262e; stroke: #a9bacb; }
      .name, .title { fill: #f0f3f6; }
      .small { fill: #c3ced9; }
      .speed, .waits { fill: #f0a878; }
      .lit { stroke: #ffa566; } .packet { fill: #ffa566; stroke: #14181d; }
      .dead, .down, .cross { stroke: #ff9aa8; }
    }
  ";

/// The map of a net. IMPs stand about where they stood if the net says where each of them did, else on a circle in the
/// order of the file.
pub fn svg(net: &Net) -> String {
    draw(net, None)
}

/// The same at one moment of a run: dead lines and IMPs, packets where they are, how many wait, and their ways.
pub fn svg_at(net: &Net, moment: &MapMoment) -> String {
    draw(net, Some(moment))
}

fn draw(net: &Net, moment: Option<&MapMoment>) -> String {
    let boxes: Vec<ImpBox<'_>> = net.imps.iter().map(|imp| ImpBox::new(imp, net)).collect();
    let sizes: Vec<Point> = boxes.iter().map(|imp_box| imp_box.size).collect();
    let layout = Layout::new(net, &sizes);
    let subtitle = match moment {
        None => format!("net {}: {}", net.name, counted(net)),
        Some(moment) => format!("net {} at {} s", net.name, moment.at),
    };
    let notes = match moment {
        None => notes(net, &layout),
        Some(_) => {
            "thick: how far what is under way has come   |   dots: packets   |   dotted, with a cross: dead"
                .to_owned()
        }
    };
    let below = letters(&subtitle).max(letters(&notes)) * SMALL_WIDTH;
    let widest = (letters(&net.title) * TITLE_WIDTH).max(below);
    let width = layout.size.x.max(widest) + 2 * MARGIN;
    let height = layout.size.y + ABOVE + BELOW;
    // In the middle, if the title is wider than the net.
    let left = (width - layout.size.x) / 2;
    let areas = layout.areas.iter().map(|area| area.moved(Point { x: left, y: ABOVE }));
    let areas: Vec<Area> = areas.collect();

    let mut svg = Svg::new(width, height, &net.title, STYLE);
    svg.element("rect", &[("class", &"sheet"), ("width", &width), ("height", &height)]);
    let heading = |svg: &mut Svg, class: &str, y: i32, text: &str| {
        svg.content("text", &[("class", &class), ("x", &MARGIN), ("y", &y)], text);
    };
    heading(&mut svg, "title", 34, &net.title);
    heading(&mut svg, "small", 58, &subtitle);
    heading(&mut svg, "small", height - 14, &notes);
    for x in layout.breaks.iter().map(|x| x + left) {
        let (y, bottom) = (ABOVE, height - BELOW);
        svg.element("line", &[("class", &"break"), ("x1", &x), ("y1", &y), ("x2", &x), ("y2", &bottom)]);
    }

    let ends = |line: &LineSite| {
        let at = |number: u8| net.imps.iter().position(|imp| imp.number == number);
        let [from, to] = line.between;
        Some([at(from)?, at(to)?])
    };
    for line in &net.lines {
        let Some([from, to]) = ends(line) else { continue };
        let ends = [areas[from], areas[to]];
        draw_line(&mut svg, line, [&net.imps[from].name, &net.imps[to].name], ends, moment);
    }
    let mut taken = areas.clone();
    for line in &net.lines {
        let (Some([from, to]), Some(label)) = (ends(line), label_of(line)) else { continue };
        let place = place_of_label(&label, [areas[from].middle(), areas[to].middle()], &taken);
        draw_label(&mut svg, &label, place);
        taken.push(place);
    }
    for (imp_box, area) in boxes.iter().zip(&areas) {
        imp_box.draw(&mut svg, *area, moment);
    }
    if let Some(moment) = moment {
        let at = |number: u8| net.imps.iter().position(|imp| imp.number == number).map(|place| areas[place]);
        draw_packets(&mut svg, moment, &at);
    }
    svg.finish()
}

/// What a reader must know to understand the map.
fn notes(net: &Net, layout: &Layout) -> String {
    let mut notes = Vec::new();
    if net.lines.iter().any(|line| line.rate == USUAL_RATE) {
        notes.push("lines are of 50kb/s where nothing else is said");
    }
    if net.lines.iter().any(|line| line.delay >= SATELLITE_DELAY) {
        notes.push("dashed: by satellite");
    }
    match layout.arrangement {
        Arrangement::Map => notes.push("west is left; crowded places are drawn apart"),
        Arrangement::Circle => {}
    }
    if !layout.breaks.is_empty() {
        notes.push("dotted: a long way is left out");
    }
    notes.push("host numbers are decimal");
    notes.join("   |   ")
}

/// The label of a line whose speed or delay is unusual.
fn label_of(line: &LineSite) -> Option<String> {
    let delay = (line.delay >= SATELLITE_DELAY).then(|| line.delay.to_string());
    let speed = (line.rate != USUAL_RATE).then(|| speed(line.rate));
    match (speed, delay) {
        (None, None) => None,
        (Some(label), None) | (None, Some(label)) => Some(label),
        (Some(speed), Some(delay)) => Some(format!("{speed}, {delay}")),
    }
}

fn draw_line(svg: &mut Svg, line: &LineSite, names: [&str; 2], areas: [Area; 2], moment: Option<&MapMoment>) {
    let [from, to] = areas.map(|area| area.middle());
    let ends = sorted(line.between);
    let is_dead = moment.is_some_and(|moment| moment.dead.contains(&ends));
    let is_lit = moment.is_some_and(|moment| moment.lit.contains(&ends));
    let mut class = "line".to_owned();
    for (is_so, word) in [(line.delay >= SATELLITE_DELAY, " satellite"), (is_lit, " lit"), (is_dead, " dead")]
    {
        if is_so {
            class.push_str(word);
        }
    }
    svg.begin("line", &[("class", &class), ("x1", &from.x), ("y1", &from.y), ("x2", &to.x), ("y2", &to.y)]);
    let [a, b] = names;
    let state = if is_dead { ", dead" } else { "" };
    svg.title(&format!("{a} to {b}, {}, a bit is under way for {}{state}", speed(line.rate), line.delay));
    svg.end();
    if is_dead {
        let (x, y) = (i32::midpoint(from.x, to.x), i32::midpoint(from.y, to.y));
        for (down, up) in [(y - 9, y + 9), (y + 9, y - 9)] {
            let place: [(&str, &dyn std::fmt::Display); 5] =
                [("class", &"cross"), ("x1", &(x - 9)), ("y1", &down), ("x2", &(x + 9)), ("y2", &up)];
            svg.element("line", &place);
        }
    }
}

/// Packets on lines, as far as they have come between the frames of the boxes, and how many wait below their IMPs.
fn draw_packets(svg: &mut Svg, moment: &MapMoment, at: &dyn Fn(u8) -> Option<Area>) {
    for packet in &moment.crossing {
        let (Some(from), Some(to)) = (at(packet.from), at(packet.to)) else { continue };
        let (from, to) = (from.middle(), to.middle());
        // Boxes hide what is near their middles.
        let percent = 25 + packet.percent / 2;
        let (x, y) = (from.x + (to.x - from.x) * percent / 100, from.y + (to.y - from.y) * percent / 100);
        svg.begin("circle", &[("class", &"packet"), ("cx", &x), ("cy", &y), ("r", &9)]);
        svg.title(&packet.what);
        svg.end();
    }
    for (imp, count) in &moment.waiting {
        let Some(Area { corner, size }) = at(*imp) else { continue };
        let text = if *count == 1 { "1 waits".to_owned() } else { format!("{count} wait") };
        svg.content(
            "text",
            &[("class", &"waits"), ("x", &corner.x), ("y", &(corner.y + size.y + 16))],
            &text,
        );
    }
}

/// Where along a line its label overlaps nothing; if nowhere, in its middle.
fn place_of_label(label: &str, [from, to]: [Point; 2], taken: &[Area]) -> Area {
    let size = Point { x: letters(label) * SMALL_WIDTH + 4, y: PITCH };
    let at = |sixteenths: i32| {
        let middle = Point {
            x: from.x + (to.x - from.x) * sixteenths / 16,
            y: from.y + (to.y - from.y) * sixteenths / 16,
        };
        Area::around(middle, size)
    };
    // From the middle outwards.
    let mut places = [8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13].into_iter().map(at);
    places.find(|place| !taken.iter().any(|area| area.overlaps(*place, 1))).unwrap_or(at(8))
}

fn draw_label(svg: &mut Svg, label: &str, place: Area) {
    let (Point { x, y }, width, height) = (place.corner, place.size.x, place.size.y);
    svg.element("rect", &[("class", &"patch"), ("x", &x), ("y", &y), ("width", &width), ("height", &height)]);
    let letters = width - 4;
    svg.content(
        "text",
        &[("class", &"speed"), ("x", &(x + 2)), ("y", &(y + 13)), ("textLength", &letters)],
        label,
    );
}

/// The box of an IMP with its hosts, and its size.
struct ImpBox<'a> {
    imp: &'a ImpSite,
    hosts: Vec<&'a HostSite>,
    size: Point,
}

impl<'a> ImpBox<'a> {
    fn new(imp: &'a ImpSite, net: &'a Net) -> Self {
        let mut hosts: Vec<&HostSite> =
            net.hosts.iter().filter(|host| host.address.imp() == imp.number).collect();
        hosts.sort_by_key(|host| host.address);
        // A blank and two digits behind the name; a blank and three behind a host's.
        let name = letters(&imp.name) * NAME_WIDTH + 3 * SMALL_WIDTH;
        let widest = hosts.iter().map(|host| (letters(&host.name) + 4) * SMALL_WIDTH).max().unwrap_or(0);
        let rows = i32::try_from(hosts.len()).unwrap_or(0);
        let below = if rows > 0 { rows * PITCH + 3 } else { 0 };
        ImpBox { imp, hosts, size: Point { x: name.max(widest) + 2 * PADDING, y: HEAD + below } }
    }

    fn draw(&self, svg: &mut Svg, area: Area, moment: Option<&MapMoment>) {
        let Area { corner: Point { x, y }, size: Point { x: width, y: height } } = area;
        let ImpSite { number, name, place } = self.imp;
        let (left, right) = (x + PADDING, x + width - PADDING);
        svg.begin("g", &[]);
        let place = place.map(|place| format!(", at {place}")).unwrap_or_default();
        let is_down = moment.is_some_and(|moment| moment.down.contains(number));
        let (class, state) = if is_down { ("box down", ", down") } else { ("box", "") };
        svg.title(&format!("IMP {number}, {name}{place}{state}"));
        svg.element(
            "rect",
            &[("class", &class), ("x", &x), ("y", &y), ("width", &width), ("height", &height), ("rx", &5)],
        );
        let mut write = |class: &str, x: i32, y: i32, unit: i32, text: &str| {
            let length = letters(text) * unit;
            svg.content("text", &[("class", &class), ("x", &x), ("y", &y), ("textLength", &length)], text);
        };
        let digits = |number: u8| letters(&number.to_string()) * SMALL_WIDTH;
        write("name", left, y + NAME_SIZE + 1, NAME_WIDTH, name);
        write("small", right - digits(*number), y + NAME_SIZE + 1, SMALL_WIDTH, &number.to_string());
        let baselines = (0..).map(|row| y + HEAD + row * PITCH + SMALL_SIZE - 2);
        for (y, host) in baselines.zip(&self.hosts) {
            let address = host.address.number();
            write("small", left, y, SMALL_WIDTH, &host.name);
            write("small", right - digits(address), y, SMALL_WIDTH, &address.to_string());
        }
        svg.end();
    }
}

/// How many letters there are. Names have 48 at most, and no line of a file more than some thousands.
fn letters(text: &str) -> i32 {
    i32::try_from(text.chars().count()).unwrap_or(0)
}

#[cfg(test)]
mod tests;
