//! `arpanet net`: what it prints of the nets of the library, and what it answers to mistakes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use imp::Net;
use sim::library::Library;
use sim::survey::Survey;

fn library() -> Library {
    Library::Folder(Path::new(env!("CARGO_MANIFEST_DIR")).join("../scenarios"))
}

fn known(name: &str) -> Net {
    let source = library().net(name).unwrap_or_else(|error| panic!("{name}: {error}"));
    read(&source.text)
}

fn read(text: &str) -> Net {
    scenario::parse_net("test.net", text).unwrap_or_else(|errors| panic!("{}", errors.render(false, 100)))
}

#[test]
fn every_net_of_the_library_prints_as_it_did() {
    let names = library().net_names().expect("the nets can be listed");
    assert!(names.len() >= 5, "{names:?}");
    assert_eq!(
        Library::BuiltIn.net_names().expect("they are built in"),
        names,
        "the same inside the program"
    );
    for name in names {
        let net = known(&name);
        let survey = Survey::new(&net);
        let first = net.imps.first().expect("a net has IMPs").number;
        let text = format!("{}\n{}", survey.report(120), survey.distances_from(first));
        let mut settings = insta::Settings::new();
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(name, text));
    }
}

#[test]
fn the_map_of_1973_has_its_mean_and_its_diameter() {
    let net = known("1973-01");
    let report = Survey::new(&net).report(120);
    assert!(report.contains("35 IMPs, 39 lines of 50kb/s"), "RFC 432: {report}");
    assert!(report.contains("\nmean 5.06 hops over 595 pairs, diameter 10 ("), "{report}");
    // From BBN to the other TENEX sites: CASE, ISI, SRI, UTAH, CCA, AMES.
    let from = Survey::new(&net).distances_from(5);
    for (hops, imp) in [(5, "CASE"), (6, "ISI"), (5, "SRI"), (4, "UTAH"), (1, "CCA"), (7, "AMES")] {
        let found = from.lines().find(|line| line.split_whitespace().nth(2) == Some(imp)).expect(imp);
        assert_eq!(found.split_whitespace().next(), Some(hops.to_string().as_str()), "{found}");
        assert_eq!(found.matches(" - ").count(), hops, "the way has as many lines: {found}");
    }
}

#[test]
fn a_table_that_is_too_wide_is_cut_and_loses_nothing() {
    let net = known("1973-01");
    let wide = Survey::new(&net).report(117);
    let (_, matrix) = wide.split_once("Hops from IMP to IMP\n").expect("there is a table");
    assert!(matrix.lines().nth(1).is_some_and(|row| row.starts_with(" 1  UCLA      .  4")), "{matrix}");
    for width in [0, 40, 80, 107, 116] {
        let report = Survey::new(&net).report(width);
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
    let survey = Survey::new(&net);
    let report = survey.report(80);
    let told = "The net is in 2 parts, and no way leads from one to another:\n  A, B\n  C, D\n";
    assert!(report.ends_with(told), "{report}");
    assert!(report.contains(" 1  A    .  1  -  -\n"), "{report}");
    assert!(report.contains("mean 1.00 hops over 2 pairs, diameter 1 (A to B, C to D)"), "{report}");
    assert!(report.contains("2 lines (1 of 50kb/s, 1 of 9.6kb/s)"), "{report}");
    assert!(survey.distances_from(1).ends_with(told));
    let net = read("net n An island of one\nimp 1 A\nimp 2 B\n");
    let from = Survey::new(&net).distances_from(1);
    assert!(!from.contains("WAY"), "nobody can be reached, there is no table: {from}");
    let alone = read("net n One\nimp 0 A\n");
    assert!(!Survey::new(&alone).report(80).contains("Hops"), "there is nobody to reach");
}

fn arpanet(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_arpanet")).args(arguments).output().expect("the command runs")
}

#[track_caller]
fn ends(output: &Output, status: i32) -> (String, String) {
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(status), "{out}{err}");
    (out.into_owned(), err.into_owned())
}

/// A file of this test's own.
fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

#[test]
fn without_a_name_the_library_is_listed() {
    let (out, _) = ends(&arpanet(&["net"]), 0);
    for name in library().net_names().expect("the nets can be listed") {
        assert!(out.lines().any(|line| line.starts_with(&name)), "{name}: {out}");
    }
}

#[test]
fn a_name_or_a_path_shows_a_net() {
    let net = known("ring");
    let (out, _) = ends(&arpanet(&["net", "ring"]), 0);
    assert_eq!(out, format!("{}--svg FILE draws it\n", Survey::new(&net).report(120)));
    let path = file("mine.net");
    fs::write(&path, "net mine Mine\nimp 0 A\n").expect("a file can be written");
    let (out, _) = ends(&arpanet(&["net", &path.to_string_lossy()]), 0);
    assert!(out.starts_with("Mine\nnet mine: 1 IMP, 0 lines, 0 hosts\n"), "{out}");
    for imp in ["SITE3", "site3", "3"] {
        let (out, _) = ends(&arpanet(&["net", "ring", "--from", imp]), 0);
        assert_eq!(out, Survey::new(&net).distances_from(3), "{imp}");
    }
}

#[test]
fn a_drawing_goes_where_it_is_told() {
    let (out, _) = ends(&arpanet(&["net", "four-imps-1969", "--svg", "-"]), 0);
    assert!(out.starts_with("<svg ") && out.ends_with("</svg>\n"), "nothing but the drawing: {out}");
    let path = file("four.svg");
    let (told, _) = ends(&arpanet(&["net", "four-imps-1969", "--svg", &path.to_string_lossy()]), 0);
    assert!(told.contains("four.svg"), "{told}");
    assert!(told.contains("Hops from IMP to IMP"), "the distances come along: {told}");
    assert_eq!(fs::read_to_string(&path).expect("it has been drawn"), out);
    let nowhere = file("no/such/folder.svg");
    let (_, err) = ends(&arpanet(&["net", "ring", "--svg", &nowhere.to_string_lossy()]), 2);
    assert!(err.contains("folder.svg"), "{err}");
}

#[test]
fn mistakes_end_with_2_and_a_suggestion() {
    let (_, err) = ends(&arpanet(&["net", "1973-10"]), 2);
    assert!(err.contains("there is no net 1973-10") && err.contains("did you mean 1973-01?"), "{err}");
    let (_, err) = ends(&arpanet(&["net", "nowhere"]), 2);
    assert!(err.contains("there are: 1973-01, "), "{err}");
    let (_, err) = ends(&arpanet(&["net", "./nowhere.net"]), 2);
    assert!(err.contains("./nowhere.net"), "{err}");
    let (_, err) = ends(&arpanet(&["net", "1973-01", "--from", "BNB"]), 2);
    assert!(err.contains("no IMP BNB") && err.contains("did you mean BBN?"), "{err}");
    let (_, err) = ends(&arpanet(&["net", "1973-01", "--from", "USC-ISI"]), 2);
    assert!(err.contains("that is a host, on the IMP ISI"), "{err}");
    let (_, err) = ends(&arpanet(&["net", "1973-01", "--from", "34"]), 2);
    assert!(err.contains("no IMP 34"), "number 34 was not on the map: {err}");
    for arguments in
        [&["net", "--svg", "-"][..], &["net", "--from", "BBN"], &["net", "ring", "--from", "1", "--svg", "-"]]
    {
        ends(&arpanet(arguments), 2);
    }
    let path = file("wrong.net");
    fs::write(&path, "net wrong Wrong\nimp 64 A\nline A to B 50kb/s 1km\nipm 1 B\n")
        .expect("a file can be written");
    let (out, err) = ends(&arpanet(&["net", &path.to_string_lossy()]), 2);
    assert_eq!(out, "");
    assert!(
        err.contains("wrong.net:2:5") && err.contains("wrong.net:4:1") && err.ends_with("2 errors\n"),
        "{err}"
    );
}
