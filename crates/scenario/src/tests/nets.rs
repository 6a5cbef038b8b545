//! The nets that come with the scenarios.

use std::fs;
use std::path::Path;

use imp::{Net, Place};

use super::super::net::STATEMENTS;
use super::super::{NET_LANGUAGE, parse_net};

fn known(name: &str) -> Net {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/nets").join(format!("{name}.net"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    parse_net(&path.to_string_lossy(), &text).unwrap_or_else(|errors| panic!("{}", errors.render(false, 100)))
}

#[test]
fn every_statement_of_a_net_is_described() {
    for (word, forms) in STATEMENTS {
        let form = forms.first().unwrap_or_else(|| panic!("{word} is written somehow"));
        assert!(NET_LANGUAGE.contains(form), "{form}");
    }
}

#[test]
fn a_net_that_is_called_otherwise_than_its_file_is_told_by_both_names() {
    let name = |file: &str| parse_net(file, "net other Another net\nimp 1 A").map(|net| net.name);
    assert_eq!(
        name("nets/mine.net").as_deref().ok(),
        Some("other (mine.net)"),
        "a scenario says `net mine.net`"
    );
    assert_eq!(name("nets/other.net").as_deref().ok(), Some("other"));
    assert_eq!(name("standard input").as_deref().ok(), Some("other"), "there is no file to be called by");
}

#[test]
fn every_net_is_sound_and_named_like_its_file() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/nets");
    let mut count = 0;
    for entry in fs::read_dir(folder).expect("the nets are in the folder `scenarios`") {
        let path = entry.expect("the folder can be read").path();
        let name = path.file_stem().expect("files have names").to_string_lossy().into_owned();
        let net = known(&name);
        assert_eq!(net.name, name, "a scenario asks for a net by the name of its file");
        assert_eq!(net.check(), [], "{name}");
        for [from, to] in net.imps.iter().flat_map(|a| net.imps.iter().map(|b| [a.number, b.number])) {
            assert!(net.hops(from, to).is_some(), "{name}: no way leads from IMP {from} to IMP {to}");
        }
        count += 1;
    }
    assert!(count >= 3, "{count} nets");
}

#[test]
fn the_net_of_january_1973_is_that_of_the_map() {
    let net = known("1973-01");
    assert_eq!((net.imps.len(), net.lines.len()), (35, 39), "RFC 432");
    let pairs = net.imps.iter().flat_map(|a| net.imps.iter().map(|b| [a.number, b.number]));
    let paths: Vec<usize> =
        pairs.filter(|[a, b]| a < b).map(|[a, b]| net.hops(a, b).expect("every pair is joined")).collect();
    assert_eq!(paths.len(), 35 * 34 / 2);
    assert_eq!(paths.iter().max(), Some(&10), "the diameter");
    let hundredths = (paths.iter().sum::<usize>() * 100 + paths.len() / 2) / paths.len();
    assert_eq!(hundredths, 506, "the mean path has 5.06 hops");
}

#[test]
fn the_hops_between_tenex_sites_are_those_of_the_map() {
    let net = known("1973-01");
    let hops = |a: &str, b: &str| {
        let imp = |name: &str| net.imp_named(name).expect("on the map").number;
        net.hops(imp(a), imp(b))
    };
    for (a, b, expected) in [
        ("BBN", "SRI", 5), // RFC 573 counts these two as well.
        ("MIT", "BBN", 2),
        ("BBN", "CASE", 5),
        ("BBN", "ISI", 6),
        ("BBN", "UTAH", 4),
        ("BBN", "CCA", 1),
        ("BBN", "AMES", 7),
        ("CASE", "ISI", 7),
        ("CASE", "SRI", 6),
        ("CASE", "UTAH", 5),
        ("CASE", "CCA", 6),
        ("CASE", "AMES", 8),
        ("ISI", "SRI", 4),
        ("ISI", "UTAH", 5),
        ("ISI", "CCA", 7),
        ("ISI", "AMES", 2),
        ("SRI", "UTAH", 1),
        ("SRI", "CCA", 6),
        ("SRI", "AMES", 2),
        ("UTAH", "CCA", 5),
        ("UTAH", "AMES", 3),
        ("CCA", "AMES", 8),
    ] {
        assert_eq!(hops(a, b), Some(expected), "{a} to {b}");
    }
}

#[test]
fn hosts_of_1973_are_found_by_the_names_of_their_time() {
    let net = known("1973-01");
    for (name, address) in [
        ("BBN-TENEX", 69), // RFC 597; RFC 384 has BBN-TENEXA, RFC 226 BBN.
        ("BBN-TENEXA", 69),
        ("BBN", 69),
        ("CASE-10", 13),
        ("CASE", 13),
        ("USC-ISI", 86),
        ("SRI-ARC", 2),
        ("UTAH-10", 4),
        ("MIT-MULTICS", 6),
        ("BBN-TESTIP", 158),
    ] {
        assert_eq!(net.host_named(name).map(|host| host.address.number()), Some(address), "{name}");
    }
    let tips = net.hosts.iter().filter(|host| host.system == "TIP");
    assert!(tips.clone().all(|tip| tip.address.host() == 2), "a TIP is host 2 on itself");
    assert_eq!(tips.count(), 14, "RFC 432");
}

#[test]
fn lengths_become_delays_and_the_satellite_has_its_own() {
    let net = known("1973-01");
    let delay = |a, b| {
        let line = net.lines.iter().find(|line| line.between == [a, b]).expect("on the map");
        (line.rate.bits_per_second(), line.delay.as_micros())
    };
    assert_eq!(delay(1, 8), (50_000, 26), "5.2 km at 5 us");
    assert_eq!(delay(4, 12), (50_000, 9_970), "1994 km");
    assert_eq!(delay(15, 36), (50_000, 260_000), "Hawaii");
}

/// How far it is from one place to another along the Earth's surface, in km.
fn as_the_crow_flies(a: Place, b: Place) -> f64 {
    const EARTH: f64 = 6_371.0;
    let radians = |millionths: i32| f64::from(millionths) / 1e6 * std::f64::consts::PI / 180.0;
    let (north_a, north_b) = (radians(a.latitude()), radians(b.latitude()));
    let east = radians(a.longitude()) - radians(b.longitude());
    let half = |angle: f64| (angle / 2.0).sin().powi(2);
    let chord = half(north_a - north_b) + north_a.cos() * north_b.cos() * half(east);
    2.0 * EARTH * chord.sqrt().asin()
}

#[test]
fn lines_are_as_long_as_their_places_are_apart() {
    let mut checked = 0;
    for name in ["1973-01", "four-imps-1969"] {
        let net = known(name);
        let place = |number: u8| {
            let site = net.imps.iter().find(|imp| imp.number == number).expect("a line has two ends");
            site.place.unwrap_or_else(|| panic!("{name}: no place for {}", site.name))
        };
        // The satellite's line states its delay.
        for line in net.lines.iter().filter(|line| line.delay.as_micros() < 200_000) {
            let [a, b] = line.between;
            let way = as_the_crow_flies(place(a), place(b));
            let micros = line.delay.as_micros() as f64;
            // 100 m within a house, and a microsecond of rounding.
            let allowed = (way * 5.0 * 0.03).max(1.0);
            assert!(
                (micros - way * 5.0).abs() <= allowed,
                "{name}: IMP {a} to IMP {b}: {way:.2} km, {micros} us"
            );
            checked += 1;
        }
    }
    assert_eq!(checked, 38 + 4);
}

#[test]
fn a_place_is_exact_and_a_cable_has_its_speed() {
    let text = "net n N\nimp 0 A at 42.389812N 71.1476W\nimp 63 B at 0.5s 0e\nimp 2 C\n\
                host H 0 X cable 9.6kb/s aka H0\nhost I 63 X\n";
    let net = parse_net("n.net", text).unwrap_or_else(|errors| panic!("{}", errors.render(false, 100)));
    let places: Vec<Option<Place>> = net.imps.iter().map(|imp| imp.place).collect();
    assert_eq!(places, [Place::new(42_389_812, -71_147_600), Place::new(-500_000, 0), None]);
    let cables: Vec<Option<u64>> =
        net.hosts.iter().map(|host| host.cable.map(|rate| rate.bits_per_second())).collect();
    assert_eq!(cables, [Some(9_600), None]);
    assert_eq!(net.hosts[0].aliases, ["H0"]);
}

#[test]
fn imps_report_if_the_net_says_so_and_as_often_as_in_1973_if_it_does_not_say_how_often() {
    let reports = |line: &str| {
        // The host stands below.
        let text = format!("net n N\n{line}\nimp 5 BBN\nhost BBN-NCC 5 H-316 aka NCC\n");
        let net = parse_net("n.net", &text).unwrap_or_else(|errors| panic!("{}", errors.render(false, 100)));
        net.reports.map(|reports| (reports.to.number(), reports.every.as_micros()))
    };
    assert_eq!(reports(""), None);
    assert_eq!(reports("reports to ncc"), Some((5, 52_400_000)));
    assert_eq!(reports("REPORTS TO 0o5 EVERY 10s"), Some((5, 10_000_000)));
    for net in ["1973-01", "far-away", "four-imps-1969", "ring", "slow-host", "three-imps"] {
        assert_eq!(known(net).reports, None, "{net}: nothing that is not asked for goes over its lines");
    }
}

#[test]
fn speeds_and_lengths_are_exact() {
    let line = |end: &str| {
        let text = format!("net n N\nimp 1 A\nimp 2 B\nline 1 to B {end}\n");
        let net = parse_net("n.net", &text).unwrap_or_else(|errors| panic!("{}", errors.render(false, 100)));
        (net.lines[0].rate.bits_per_second(), net.lines[0].delay.as_micros())
    };
    assert_eq!(line("230.4kb/s 100km"), (230_400, 500));
    assert_eq!(line("9600b/s 0.5km"), (9_600, 3), "2.5 us, rounded");
    assert_eq!(line("50KB/S 100miles"), (50_000, 805), "160.9344 km");
    assert_eq!(line("50kb/s delay 1.25ms"), (50_000, 1_250));
}

#[test]
fn what_no_line_can_be_is_refused() {
    let wrong = |end: &str| {
        let text = format!("net n N\nimp 1 A\nimp 2 B\nline A to B {end}\n");
        let errors = parse_net("n.net", &text).expect_err("no such line");
        errors.messages().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(wrong("0kb/s 1km"), ["a speed cannot be 0kb/s"]);
    assert_eq!(wrong("0.0001kb/s 1km"), ["`0.0001kb/s` is too fine"]);
    assert_eq!(wrong("50kb/s 10"), ["a length without a unit"]);
    assert_eq!(wrong("50kb/s 10s"), ["unknown unit `s`"]);
    assert_eq!(wrong("50kb/s delay 0.1us"), ["`0.1us` is too fine"]);
    assert_eq!(
        wrong(&format!("50kb/s {}km", "9".repeat(60))),
        [format!("a length cannot be {}km", "9".repeat(60))]
    );
    assert_eq!(wrong("50kb/s"), ["expected the length of the line, but the line ends"]);
}
