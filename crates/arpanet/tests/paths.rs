//! Paths that are not in UTF-8, wherever a path is taken.
#![cfg(target_os = "linux")]

use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A name in Latin-1.
const STRANGE: &[u8] = b"caf\xe9";

/// A folder with a strange name, which goes away with what is around it.
fn folder() -> (tempfile::TempDir, PathBuf) {
    let around = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("there is room for tests");
    let folder = around.path().join(OsStr::from_bytes(STRANGE));
    fs::create_dir(&folder).expect("there is room for tests");
    (around, folder)
}

/// The arguments of a line, in which an é stands for the strange byte.
fn arguments(line: &str) -> Vec<OsString> {
    let strange = |word: &str| {
        let bytes = word.bytes().filter(|byte| *byte != 0xc3);
        OsString::from_vec(bytes.map(|byte| if byte == 0xa9 { 0xe9 } else { byte }).collect())
    };
    line.split(' ').map(strange).collect()
}

/// Runs a line in a folder; returns its exit status, and all that it says.
fn runs(folder: &Path, line: &str) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_arpanet"));
    command.current_dir(folder).args(arguments(line)).stdin(Stdio::null());
    let ended = command.output().expect("the command is there");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (ended.status.code(), text(&ended.stdout) + &text(&ended.stderr))
}

#[test]
fn every_argument_that_is_a_path_takes_one_that_is_not_in_utf8() {
    let (around, folder) = folder();
    let at = |name: &str| folder.join(OsStr::from_bytes(STRANGE)).with_extension(name);
    let (_, net) = runs(around.path(), "show three-imps.net");
    fs::write(at("net"), net).expect("there is room");
    let scenario =
        "title T\nnet caf.net\nmeasure round trip from SITE1 to SITE2 sizes 8 bits 1 messages each\n";
    fs::write(folder.join("caf.net"), fs::read(at("net")).expect("it is there")).expect("there is room");
    fs::write(at("scenario"), scenario).expect("there is room");
    for line in [
        "scenario café/café.scenario",
        "scenario café/café.scenario --check",
        "scenario café/café.scenario --plot café/café.svg --pcapng café/café.pcapng",
        "scenario café/café.scenario ./café/café.scenario",
        "read café/café.pcapng --net café/café.net",
        "fmt café/café.scenario café/café.net",
        "net café/café.net",
        "net café/café.net --from 1",
        "net café/café.net --svg café/net.svg",
        "new café/mine",
        "export café/café",
        "man café/man1",
    ] {
        let (status, said) = runs(around.path(), line);
        assert_eq!(status, Some(0), "{line}: {said}");
    }
    for made in
        ["café.svg", "café.pcapng", "net.svg", "mine.scenario", "café/echo.scenario", "man1/arpanet.1"]
    {
        let path = folder.join(arguments(made).remove(0));
        assert!(path.exists(), "{made}");
    }
}

#[test]
#[cfg(feature = "full")]
fn every_path_of_an_account_and_of_a_host_may_be_strange() {
    let (around, folder) = folder();
    fs::create_dir(folder.join("disk")).expect("there is room");
    fs::write(folder.join(OsStr::from_bytes(b"\xe9.txt")), "TEXT").expect("there is room");
    fs::write(folder.join("accounts"), "# all\n").expect("there is room");
    let (_, net) = runs(around.path(), "show three-imps.net");
    fs::write(folder.join("n.net"), net).expect("there is room");
    let (status, said) = runs(around.path(), "account smith --file café/accounts --remove");
    assert_eq!((status, said.contains("no account SMITH")), (Some(2), true), "{said}");
    // Standard input is at its end, so that a host with a program goes down at once.
    let host = "host --imp 127.0.0.1:9 --listen 0 --address SITE1 --run ftp --net café/n.net";
    for options in
        ["--folder café/disk --accounts café/accounts", "--file <SMITH>A.B=café/é.txt --pcapng café/é.pcapng"]
    {
        let (status, said) = runs(around.path(), &format!("{host} {options}"));
        assert!(said.contains("SITE1 is down"), "{options}: {said}");
        assert_eq!(status, Some(1), "its IMP was never heard: {said}");
    }
    assert!(folder.join(OsStr::from_bytes(b"\xe9.pcapng")).exists());
    // A live net that cannot have its cable has been read.
    let live = "net café/n.net --live --external SITE1=9:127.0.0.1:9 --pcapng café/é.pcapng";
    let (status, said) = runs(around.path(), live);
    assert_eq!((status, said.contains("cable at")), (Some(2), true), "{said}");
}

#[test]
fn what_is_told_to_be_typed_is_what_a_shell_takes_for_the_path() {
    let (around, folder) = folder();
    let (status, said) = runs(around.path(), "new café/mine");
    assert_eq!(
        (status, said.contains(r"arpanet scenario $'./caf\351/mine.scenario'")),
        (Some(0), true),
        "{said}"
    );
    assert!(folder.join("mine.scenario").exists());
}
