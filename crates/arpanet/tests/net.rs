//! `arpanet net`: what it prints of the nets of the library, and what it says of mistakes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use arpanet::library::Library;
use imp::Net;
use view::topology::NetReport;

fn library() -> Library {
    Library::Folder(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios"))
}

fn known(name: &str) -> Net {
    let source = library().net(name).unwrap_or_else(|error| panic!("{name}: {error}"));
    read(&source.text)
}

fn read(text: &str) -> Net {
    scenario::parse_net("test", text).unwrap_or_else(|errors| panic!("{}", errors.render(false, 100)))
}

#[test]
fn what_is_in_the_folder_is_built_in() {
    let built_in = Library::BuiltIn.net_names().expect("they are built in");
    assert_eq!(built_in, library().net_names().expect("the nets can be listed"));
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
    assert_eq!(out, format!("{}--svg FILE draws it\n", NetReport::new(&net).report(120)));
    let path = file("mine.net");
    fs::write(&path, "net mine Mine\nimp 0 A\n").expect("a file can be written");
    let (out, _) = ends(&arpanet(&["net", &path.to_string_lossy()]), 0);
    assert!(out.starts_with("Mine\nnet mine: 1 IMP, 0 lines, 0 hosts\n"), "{out}");
    for imp in ["SITE3", "site3", "3"] {
        let (out, _) = ends(&arpanet(&["net", "ring", "--from", imp]), 0);
        assert_eq!(out, NetReport::new(&net).distances_from(3), "{imp}");
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
    assert!(err.contains("there is no net 1973-10") && err.contains("did you mean `1973-01`?"), "{err}");
    let (_, err) = ends(&arpanet(&["net", "nowhere"]), 2);
    assert!(err.contains("there are: 1973-01, "), "{err}");
    let (_, err) = ends(&arpanet(&["net", "./nowhere.net"]), 2);
    assert!(err.contains("./nowhere.net"), "{err}");
    let (_, err) = ends(&arpanet(&["net", "1973-01", "--from", "BNB"]), 2);
    assert!(err.contains("no IMP BNB") && err.contains("did you mean `BBN`?"), "{err}");
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
