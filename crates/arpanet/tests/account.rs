//! `arpanet account`: passwords that are typed, mistyped and interrupted.

use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

fn account(name: &str, file: &Path, stdin: Stdio) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_arpanet"));
    command.args(["account", name, "--file"]).arg(file);
    let child = command.stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    child.expect("the command is there")
}

/// Types the password, and waits for what is made of it.
fn types(mut child: Child, password: &str) -> Output {
    let mut stdin = child.stdin.take().expect("it is piped");
    stdin.write_all(password.as_bytes()).expect("it reads");
    drop(stdin);
    child.wait_with_output().expect("it ends")
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("there is room for tests")
}

#[test]
fn whoever_takes_his_time_to_type_a_password_undoes_nothing() {
    let folder = folder();
    let file = folder.path().join("accounts");
    for name in ["adams", "baker"] {
        assert_eq!(types(account(name, &file, Stdio::piped()), "X\n").status.code(), Some(0));
    }
    let slow = account("smith", &file, Stdio::piped());
    let quick = types(account("jones", &file, Stdio::piped()), "GREEN\n");
    assert!(String::from_utf8_lossy(&quick.stdout).starts_with("JONES can log in now"), "{quick:?}");
    let slow = types(slow, "BLUE\n");
    assert!(String::from_utf8_lossy(&slow.stdout).starts_with("SMITH can log in now"), "{slow:?}");
    let text = std::fs::read_to_string(&file).expect("it is there");
    let names: Vec<_> = text.lines().skip(1).filter_map(|line| line.split(':').next()).collect();
    assert_eq!(names, ["ADAMS", "BAKER", "JONES", "SMITH"], "{text}");
}

#[test]
fn what_is_wrong_with_the_file_or_the_password_is_told_and_changes_nothing() {
    let folder = folder();
    let file = folder.path().join("accounts");
    std::fs::write(&file, "SMITH:BLUE\n").expect("it is new");
    let broken = account("jones", &file, Stdio::null()).wait_with_output().expect("it ends");
    assert!(String::from_utf8_lossy(&broken.stderr).contains("accounts:1: no hash"), "{broken:?}");
    assert_eq!(broken.status.code(), Some(2));
    let other = folder.path().join("other");
    let empty = types(account("jones", &other, Stdio::piped()), "\n");
    assert!(String::from_utf8_lossy(&empty.stderr).contains("some printing characters"), "{empty:?}");
    assert_eq!((empty.status.code(), other.exists()), (Some(2), false));
}

#[test]
#[cfg(unix)]
fn what_is_no_ordinary_file_is_refused_before_a_password_is_typed() {
    let folder = folder();
    let pipe = folder.path().join("pipe");
    let made = Command::new("mkfifo").arg(&pipe).status();
    assert!(made.is_ok_and(|made| made.success()), "there are pipes");
    for (place, why) in [
        (pipe.as_path(), "no ordinary file"),
        (Path::new("/dev/null"), "no ordinary file"),
        (Path::new("/dev/zero"), "no ordinary file"),
        (folder.path(), "that is a folder"),
    ] {
        // Nobody types, and the keyboard is not at its end.
        let mut child = account("smith", place, Stdio::piped());
        let keyboard = child.stdin.take();
        let refused = child.wait_with_output().expect("it ends");
        drop(keyboard);
        let error = String::from_utf8_lossy(&refused.stderr);
        assert_eq!((refused.status.code(), error.contains(why)), (Some(2), true), "{place:?}: {error}");
    }
}

#[test]
fn a_password_has_room_in_a_command() {
    let folder = folder();
    let file = folder.path().join("accounts");
    let longest = types(account("smith", &file, Stdio::piped()), &format!("{}\r\n", "X".repeat(100)));
    assert_eq!(longest.status.code(), Some(0), "{longest:?}");
    for long in [101, 102, 103, 10_000] {
        let long = types(account("jones", &file, Stdio::piped()), &format!("{}\n", "X".repeat(long)));
        assert_eq!(long.status.code(), Some(2), "{long:?}");
    }
    let text = std::fs::read_to_string(&file).expect("it is there");
    assert!(text.contains("SMITH:") && !text.contains("JONES:"), "{text}");
}

#[test]
fn the_help_says_what_scripts_get() {
    let help = Command::new(env!("CARGO_BIN_EXE_arpanet")).args(["account", "--help"]).output();
    let help = help.expect("the command is there").stdout;
    let help = String::from_utf8(help).expect("it is text");
    assert!(
        help.contains(
            "EXIT STATUS\n  0  the file is changed    2  nothing is changed, or that could not be printed"
        ),
        "{help}"
    );
}

#[test]
#[cfg(unix)]
fn ctrl_c_at_the_password_changes_nothing_and_the_terminal_shows_again_what_is_typed() {
    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
    use rustix::termios::{LocalModes, tcgetattr};
    use std::io::Read;

    let folder = folder();
    let file = folder.path().join("accounts");
    let keyboard = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("there are terminals");
    grantpt(&keyboard).and_then(|()| unlockpt(&keyboard)).expect("it is ours");
    let name = ptsname(&keyboard, Vec::new()).expect("it has a name").into_string().expect("which is text");
    let terminal = std::fs::File::options().read(true).write(true).open(name).expect("it is there");
    let modes = || tcgetattr(&terminal).expect("it is a terminal").local_modes;
    let before = modes();
    assert!(before.contains(LocalModes::ECHO));

    for typed in ["\x03\n", "BLUE\x03\n", "BLUE\nBLU\x03\n"] {
        let mut child = account("smith", &file, terminal.try_clone().expect("it can be cloned").into());
        let mut errors = child.stderr.take().expect("it is piped");
        let mut said = Vec::new();
        while !said.ends_with(b"password of SMITH: ") {
            let mut byte = [0];
            errors.read_exact(&mut byte).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&said)));
            said.extend(byte);
        }
        assert!(!modes().contains(LocalModes::ECHO), "what is typed now is hidden");
        rustix::io::write(&keyboard, typed.as_bytes()).expect("it takes them");
        let status = child.wait().expect("it ends");
        errors.read_to_end(&mut said).expect("it is text");
        let said = String::from_utf8_lossy(&said);
        assert!(said.ends_with("\n  × stopped; nothing is changed\n"), "{said}");
        assert_eq!(status.code(), Some(2));
        assert_eq!(modes(), before);
        assert!(!file.exists());
        rustix::termios::tcflush(&terminal, rustix::termios::QueueSelector::IFlush)
            .expect("it is a terminal");
    }
}
