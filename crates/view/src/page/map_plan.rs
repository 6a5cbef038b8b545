//! Where the IMPs of a net and its lines stand on the map of a page, whose script draws them.

use imp::Net;
use imp1822::HostAddress;
use serde_json::{Value, json};
use trace::Names;

use crate::map::geometry::Point;
use crate::map::layout::Layout;
use crate::topology::speed;

/// Widths and heights of letters, and room around them.
const NUMBER_HEIGHT: i32 = 26;
const NUMBER_WIDTH: i32 = 11;
const HOST_HEIGHT: i32 = 20;
const HOST_WIDTH: i32 = 10;
const PADDING: i32 = 8;

/// The map of a net with these hosts: its size; the IMPs, each with number, name, left, top, width, height and the numbers of
/// its hosts; and the lines, each with the places of its IMPs, bits in a second, delay in microseconds, and words.
pub(super) fn to_json(net: &Net, names: &Names, hosts: &[HostAddress]) -> Value {
    let of_imp = |number: u8| -> Vec<usize> {
        (0..hosts.len()).filter(|place| hosts[*place].imp() == number).collect()
    };
    let letters = |text: &str| i32::try_from(text.chars().count()).unwrap_or(0);
    let sizes: Vec<Point> = net
        .imps
        .iter()
        .map(|imp| {
            let inside = of_imp(imp.number);
            let widest = inside.iter().map(|place| letters(&names.host(hosts[*place])) * HOST_WIDTH).max();
            // A small net has room for the names of its IMPs.
            let own = letters(&label(net, imp.number, &imp.name)) * NUMBER_WIDTH;
            let rows = i32::try_from(inside.len()).unwrap_or(0);
            Point {
                x: own.max(widest.unwrap_or(0)) + 2 * PADDING,
                y: NUMBER_HEIGHT + rows * HOST_HEIGHT + if rows > 0 { PADDING } else { 0 },
            }
        })
        .collect();
    let layout = Layout::new(net, &sizes);
    let imps: Vec<Value> = net
        .imps
        .iter()
        .zip(&layout.areas)
        .map(|(imp, area)| {
            json!([
                imp.number,
                imp.name,
                area.corner.x,
                area.corner.y,
                area.size.x,
                area.size.y,
                of_imp(imp.number),
                label(net, imp.number, &imp.name),
            ])
        })
        .collect();
    let at = |number: u8| net.imps.iter().position(|imp| imp.number == number).unwrap_or(0);
    let lines: Vec<Value> = net
        .lines
        .iter()
        .map(|line| {
            let [from, to] = line.between.map(at);
            let words = format!(
                "{} to {}, {}, a bit is under way for {}",
                net.imps[from].name,
                net.imps[to].name,
                speed(line.rate),
                line.delay
            );
            json!([from, to, line.rate.bits_per_second(), line.delay.as_micros(), words])
        })
        .collect();
    json!({ "size": [layout.size.x, layout.size.y], "imps": imps, "lines": lines })
}

/// What an IMP is called on the map: where there are many, its number.
fn label(net: &Net, number: u8, name: &str) -> String {
    if net.imps.len() <= 6 { format!("IMP {number} {name}") } else { number.to_string() }
}
