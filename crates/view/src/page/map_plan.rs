//! Where the IMPs of a net and its lines stand on the map of a page, whose script draws them.

use imp::Net;
use imp1822::HostAddress;
use serde_json::{Value, json};
use trace::Names;

use crate::map::geometry::Point;
use crate::map::layout::Layout;
use crate::topology::speed;

/// The size of letters: of six tenths of it, each is as wide as another.
const SIZE: i32 = 18;
/// A net with at most this many IMPs has room for their names, and for larger letters.
const FEW: usize = 6;
const SIZE_OF_FEW: i32 = 24;

/// The map of a net with these hosts: the size of letters and its own; the IMPs, each with number, name, left, top, width, height and the numbers of
/// its hosts; and the lines, each with the places of its IMPs, bits in a second, delay in microseconds, and words.
pub(super) fn to_json(net: &Net, names: &Names, hosts: &[HostAddress]) -> Value {
    let of_imp = |number: u8| -> Vec<usize> {
        (0..hosts.len()).filter(|place| hosts[*place].imp() == number).collect()
    };
    let size = if net.imps.len() <= FEW { SIZE_OF_FEW } else { SIZE };
    // With a mark before a host's name.
    let width = |text: &str| i32::try_from(text.chars().count() + 2).unwrap_or(0) * size * 6 / 10;
    let sizes: Vec<Point> = net
        .imps
        .iter()
        .map(|imp| {
            let inside = of_imp(imp.number);
            let own = width(&label(net, imp.number, &imp.name)) - size;
            let widest = inside.iter().map(|place| width(&names.host(hosts[*place]))).max().unwrap_or(0);
            // A line for the IMP, and one for each host.
            let rows = i32::try_from(inside.len()).unwrap_or(0) + 1;
            Point { x: own.max(widest) + size, y: rows * size * 4 / 3 + size / 2 }
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
    json!({ "letters": size, "size": [layout.size.x, layout.size.y], "imps": imps, "lines": lines })
}

/// What an IMP is called on the map: where there are many, its number.
fn label(net: &Net, number: u8, name: &str) -> String {
    if net.imps.len() <= FEW { format!("IMP {number} {name}") } else { number.to_string() }
}
