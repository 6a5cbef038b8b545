//! What is said of nets: their tables, and who cannot be reached.

use imp::Net;
use scenario::library;
use view::topology::NetReport;

fn known(name: &str) -> Net {
    read(library::net(name).unwrap_or_else(|| panic!("there is no net {name}")))
}

fn read(text: &str) -> Net {
    scenario::parse_net("a net", text).unwrap_or_else(|errors| panic!("{}", errors.render(false, 100)))
}

#[test]
fn every_net_of_the_library_prints_as_it_did() {
    let names: Vec<&str> = library::nets().collect();
    assert!(names.len() >= 5, "{names:?}");
    for name in names {
        let net = known(name);
        let tables = NetReport::new(&net);
        let first = net.imps.first().expect("a net has IMPs").number;
        let text = format!("{}\n{}", tables.report(120), tables.distances_from(first));
        let mut settings = insta::Settings::new();
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(name, text));
    }
}

#[test]
fn the_map_of_1973_has_its_mean_and_its_diameter() {
    let net = known("1973-01");
    let report = NetReport::new(&net).report(120);
    assert!(report.contains("35 IMPs, 39 lines of 50kb/s"), "RFC 432: {report}");
    assert!(report.contains("\nmean 5.06 hops over 595 pairs, diameter 10 ("), "{report}");
    // From BBN to the other TENEX sites: CASE, ISI, SRI, UTAH, CCA, AMES.
    let from = NetReport::new(&net).distances_from(5);
    for (hops, imp) in [(5, "CASE"), (6, "ISI"), (5, "SRI"), (4, "UTAH"), (1, "CCA"), (7, "AMES")] {
        let found = from.lines().find(|line| line.split_whitespace().nth(2) == Some(imp)).expect(imp);
        assert_eq!(found.split_whitespace().next(), Some(hops.to_string().as_str()), "{found}");
        assert_eq!(found.matches(" - ").count(), hops, "the way has as many lines: {found}");
    }
}

#[test]
fn a_table_that_is_too_wide_is_cut_and_loses_nothing() {
    let net = known("1973-01");
    let wide = NetReport::new(&net).report(117);
    let (_, matrix) = wide.split_once("Hops from IMP to IMP\n").expect("there is a table");
    assert!(matrix.lines().nth(1).is_some_and(|row| row.starts_with(" 1  UCLA      .  4")), "{matrix}");
    for width in [0, 40, 80, 107, 116] {
        let report = NetReport::new(&net).report(width);
        let (_, matrix) = report.split_once("Hops from IMP to IMP\n").expect("there is a table");
        let (matrix, _) = matrix.split_once("\nmean").expect("and something below");
        let cells = matrix
            .lines()
            .skip(1)
            .filter(|row| row.starts_with(" 5"))
            .map(|row| row.split_whitespace().skip(1).count());
        assert_eq!(cells.sum::<usize>(), 35, "BBN's row, in all parts, at {width}");
        let widest = matrix.lines().map(str::len).max().unwrap_or(0);
        assert!(widest <= width.max(5), "{widest} columns at {width}");
    }
}

#[test]
fn who_cannot_be_reached_is_named() {
    let net = read(
        "net n Two islands\nimp 9 D\nimp 1 A\nimp 2 B\nimp 3 C\nline A to B 50kb/s 1km\nline C to D 9.6kb/s 1km\n",
    );
    let tables = NetReport::new(&net);
    let report = tables.report(80);
    let told = "The net is in 2 parts, and no way leads from one to another:\n  A, B\n  C, D\n";
    assert!(report.ends_with(told), "{report}");
    assert!(report.contains(" 1  A    .  1  -  -\n"), "{report}");
    assert!(report.contains("mean 1.00 hops over 2 pairs, diameter 1 (A to B, C to D)"), "{report}");
    assert!(report.contains("2 lines (1 of 50kb/s, 1 of 9.6kb/s)"), "{report}");
    assert!(tables.distances_from(1).ends_with(told));
    let net = read("net n An island of one\nimp 1 A\nimp 2 B\n");
    let from = NetReport::new(&net).distances_from(1);
    assert!(!from.contains("WAY"), "nobody can be reached, there is no table: {from}");
    let alone = read("net n One\nimp 0 A\n");
    assert!(!NetReport::new(&alone).report(80).contains("Hops"), "there is nobody to reach");
}
