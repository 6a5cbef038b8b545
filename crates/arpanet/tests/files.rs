//! What the command does to people's files: what was there stays there, unless it was asked to write just that.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

fn folder() -> TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("there is room for tests")
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_arpanet"));
    command.current_dir(folder).args(arguments);
    command
}

/// What it ends with, and what it says on standard output and standard error.
fn ends(output: Output) -> (Option<i32>, String, String) {
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn arpanet(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    ends(command(folder, arguments).output().expect("the command is there"))
}

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().expect("it has a folder"))
        .and_then(|()| fs::write(path, text))
        .expect("there is room");
}

fn read(folder: &Path, name: &str) -> String {
    String::from_utf8_lossy(&fs::read(folder.join(name)).expect("it is there")).into_owned()
}

const NET: &str = "net own My own\nimp 1 A\nimp 2 B\nline A to B  50kb/s  10km\nhost SITE1  1  TENEX\nhost SITE2  2  TENEX\n";
const SCENARIO: &str =
    "title Mine\nnet own\nmeasure round trip  from SITE1 to SITE2  sizes 16, 1000 bits  2 messages each\n";

#[test]
fn nothing_is_written_over_what_is_read() {
    let folder = folder();
    let folder = folder.path();
    write(folder, "mine.scenario", SCENARIO);
    write(folder, "nets/own.net", NET);
    let (status, out, error) = arpanet(folder, &["scenario", "mine.scenario"]);
    assert_eq!(status, Some(0), "the scenario is right: {out}{error}");
    fs::hard_link(folder.join("mine.scenario"), folder.join("second")).expect("there are second names");
    #[cfg(unix)]
    std::os::unix::fs::symlink("mine.scenario", folder.join("link")).expect("there are links");
    #[cfg(not(unix))]
    fs::hard_link(folder.join("mine.scenario"), folder.join("link")).expect("there are second names");
    for arguments in [
        &["scenario", "mine.scenario", "--pcapng", "mine.scenario"][..],
        &["scenario", "mine.scenario", "--pcapng", "./mine.scenario"],
        &["scenario", "mine.scenario", "--plot", "link"],
        &["scenario", "mine.scenario", "--pcapng", "nets/own.net"],
        #[cfg(unix)]
        &["scenario", "mine.scenario", "--pcapng", "second"],
        &["scenario", "./link", "--pcapng", "mine.scenario"],
        &["net", "nets/own.net", "--svg", "nets/own.net"],
        #[cfg(feature = "full")]
        &["net", "mine.scenario", "--live", "--pcapng", "mine.scenario"],
        #[cfg(feature = "full")]
        &["net", "nets/own.net", "--live", "--pcapng", "nets/own.net"],
    ] {
        let (status, out, error) = arpanet(folder, arguments);
        assert_eq!((status, out.as_str()), (Some(2), ""), "refused before the run: {arguments:?} {error}");
        assert!(error.contains("that is the file that is read"), "{arguments:?} {error}");
        assert_eq!(read(folder, "mine.scenario"), SCENARIO, "{arguments:?}");
        assert_eq!(read(folder, "nets/own.net"), NET, "{arguments:?}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn nothing_is_written_over_the_file_that_standard_input_or_output_is() {
    let folder = folder();
    let folder = folder.path();
    write(folder, "mine.scenario", SCENARIO);
    write(folder, "nets/own.net", NET);
    let mut piped = command(folder, &["scenario", "-", "--pcapng", "mine.scenario"]);
    piped.stdin(fs::File::open(folder.join("mine.scenario")).expect("it is there"));
    let (status, _, error) = ends(piped.output().expect("it runs"));
    assert_eq!((status, error.contains("that is the file that is read")), (Some(2), true), "{error}");
    assert_eq!(read(folder, "mine.scenario"), SCENARIO);
    let out = fs::File::create(folder.join("out")).expect("there is room");
    let mut both = command(folder, &["scenario", "mine.scenario", "--pcapng", "out"]);
    let (status, _, error) =
        ends(both.stdout(Stdio::from(out)).stderr(Stdio::piped()).output().expect("it runs"));
    assert_eq!((status, error.contains("standard output goes into that file")), (Some(2), true), "{error}");
    // To name the file itself as standard output is to ask for it.
    let out = fs::File::create(folder.join("out")).expect("there is room");
    let mut named = command(folder, &["scenario", "mine.scenario", "--plot", "/dev/stdout"]);
    let (status, _, error) = ends(named.stdout(Stdio::from(out)).output().expect("it runs"));
    assert_eq!((status, read(folder, "out").contains("<svg")), (Some(0), true), "{error}");
}

#[test]
fn two_outputs_do_not_share_a_file() {
    let folder = folder();
    let folder = folder.path();
    write(folder, "mine.scenario", SCENARIO);
    write(folder, "nets/own.net", NET);
    let both = ["scenario", "mine.scenario", "--plot", "both", "--pcapng", "./both"];
    for there in [false, true] {
        let (status, out, error) = arpanet(folder, &both);
        assert_eq!((status, out.as_str()), (Some(2), ""), "{there} {error}");
        assert!(error.contains("the plot goes into that file"), "{there} {error}");
        assert_eq!(folder.join("both").exists(), there, "nothing is written");
        write(folder, "both", "mine");
    }
    let (status, _, error) = arpanet(folder, &["scenario", "mine.scenario", "--plot", "a", "--pcapng", "b"]);
    assert_eq!((status, read(folder, "a").contains("<svg")), (Some(0), true), "{error}");
}

#[test]
#[cfg(unix)]
fn what_is_exported_stays_within_its_folder_and_is_told_as_it_can_be_typed() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;
    let folder = folder();
    let folder = folder.path();
    write(folder, "mine.scenario", SCENARIO);
    write(folder, "lib/x", "");
    symlink("../mine.scenario", folder.join("lib/echo.scenario")).expect("there are links");
    let (status, _, error) = arpanet(folder, &["export", "lib", "--force"]);
    assert_eq!((status, error.contains("leads out of the folder")), (Some(2), true), "{error}");
    assert_eq!(read(folder, "mine.scenario"), SCENARIO, "what lies elsewhere is not overwritten");
    assert!(!folder.join("lib/nets").exists(), "and nothing else is written then");
    fs::remove_file(folder.join("lib/echo.scenario")).expect("it is ours");
    write(folder, "lib/echo.scenario", "other");
    let (status, told, error) = arpanet(folder, &["export", "lib", "--force"]);
    assert_eq!((status, told.contains("files are written into lib")), (Some(0), true), "{told}{error}");
    let mut strange = command(folder, &["export"]);
    let (status, told, _) = ends(strange.arg(OsStr::from_bytes(b"\xff\xfe")).output().expect("it runs"));
    assert_eq!(
        (status, told.contains(r"scenario $'./\377\376/rfc438-append.scenario'")),
        (Some(0), true),
        "{told}"
    );
}

#[test]
#[cfg(unix)]
fn laying_out_changes_white_space_and_neither_names_nor_marks() {
    let folder = folder();
    let folder = folder.path();
    write(
        folder,
        "a.scenario",
        "\u{feff}title   T\nnet  three-imps\nhost  SITE1 runs ftp\nSITE1   types HELP\n",
    );
    fs::hard_link(folder.join("a.scenario"), folder.join("b.scenario")).expect("there are second names");
    let (status, _, error) = arpanet(folder, &["fmt", "a.scenario"]);
    assert_eq!(status, Some(0), "{error}");
    let text = read(folder, "b.scenario");
    assert!(
        text.starts_with("\u{feff}title   T\nnet     three-imps"),
        "both names have the new text: {text}"
    );
    assert_eq!(arpanet(folder, &["fmt", "--check", "a.scenario"]).0, Some(0), "and it is laid out now");
}

#[test]
#[cfg(target_os = "linux")]
fn what_cannot_be_printed_is_told_of_help_too() {
    let folder = folder();
    for arguments in [&["help"][..], &["scenario", "--help"], &["--version"], &["show"]] {
        let full = fs::File::options().write(true).open("/dev/full").expect("it is there");
        let mut full = command(folder.path(), arguments).stdout(Stdio::from(full)).output().expect("it runs");
        full.stdout.clear();
        let (status, _, error) = ends(full);
        assert_eq!((status, error.contains("cannot print")), (Some(2), true), "{arguments:?} {error}");
    }
}

#[test]
#[cfg(feature = "full")]
fn a_folder_for_manual_pages_is_made() {
    let folder = folder();
    let (status, _, error) = arpanet(folder.path(), &["man", "share/man1"]);
    assert_eq!((status, folder.path().join("share/man1/arpanet.1").exists()), (Some(0), true), "{error}");
}

const FROM_FOLDER: &str = "title Files from a folder\nnet three-imps\n\
    host SITE1 serves ftp account SMITH password BLUE\n  folder disk\n\
    host SITE2 system multics\n  folder multics\n\
    host SITE3 runs ftp\n\
    SITE3 types CONNECT SITE1\nSITE3 types LOGIN SMITH BLUE\n\
    SITE3 types GET NOTES.TXT;1 OLD.TXT\nSITE3 types GET NOTES.TXT NEW.TXT\nSITE3 types SEND OLD.TXT NOTES.TXT\n\
    SITE3 sees BYTES SENT\n";

#[test]
fn a_host_has_its_files_from_a_folder_beside_the_scenario_and_they_are_written_where_nothing_is() {
    let folder = folder();
    let folder = folder.path();
    write(folder, "from.scenario", FROM_FOLDER);
    write(folder, "disk/smith/notes.txt", "second\n");
    write(folder, "disk/smith/notes.txt.~1~", "first\n");
    write(folder, "disk/smith/.hidden", "it is no file of a host");
    write(folder, "multics/udd/Cnet/Smith/notes", "deep\n");
    let run = |more: &[&str]| {
        let (status, _, error) = arpanet(folder, &[&["scenario", "from.scenario"], more].concat());
        (status, error)
    };
    assert_eq!(run(&["--files-out", "out"]), (Some(0), String::new()));
    for (path, content) in [
        ("SITE1/SMITH/NOTES.TXT", "first\n"),
        ("SITE1/SMITH/NOTES.TXT.~1~", "first\n"),
        ("SITE1/SMITH/NOTES.TXT.~2~", "second\n"),
        ("SITE2/udd/Cnet/Smith/notes", "deep\n"),
        ("SITE3/SMITH/NEW.TXT", "second\n"),
        ("SITE3/SMITH/OLD.TXT", "first\n"),
    ] {
        assert_eq!(read(folder, &format!("out/{path}")), content, "{path}");
    }
    let (status, told) = run(&["--files-out", "out"]);
    assert_eq!((status, told.contains("there is something in it")), (Some(2), true), "{told}");
    write(folder, "file", "");
    assert_eq!(run(&["--files-out", "file"]).0, Some(2), "that is no folder");
    write(folder, "disk/README", "it lies in no directory");
    let (status, told) = run(&[]);
    assert_eq!(status, Some(2), "{told}");
    assert!(told.contains("`README` is no file of a host with this system"), "{told}");
    fs::remove_dir_all(folder.join("disk")).expect("it is there");
    assert!(run(&[]).1.contains("there is no folder `disk`"), "{}", run(&[]).1);
}
