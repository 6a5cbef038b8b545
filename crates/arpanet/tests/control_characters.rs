//! Nothing that a file, an argument or a teletype holds reaches the terminal as a control character, which it would obey.

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

/// Begins to paint in red, clears the screen, rings, sets the title of the window, and ends with what some take for ESC [.
const BAD: &str = "\u{1b}[31m\u{1b}[2J\u{7}\u{1b}]0;evil\u{7}\u{8}\u{7f}\u{9b}5mBAD";

fn folder() -> TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("there is room for tests")
}

/// All that the command says, on standard output and standard error.
fn says(folder: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_arpanet"));
    command.current_dir(folder).args(arguments);
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS"] {
        command.env_remove(name);
    }
    let output = command.output().expect("the command is there");
    let text = |bytes| String::from_utf8(bytes).expect("it is text");
    format!("{}{}", text(output.stdout), text(output.stderr))
}

/// Fails if anything is raw, or if what was bad is not there at all.
#[track_caller]
fn is_seen(folder: &Path, arguments: &[&str], least: usize) {
    let said = says(folder, arguments);
    let raw: Vec<char> = said.chars().filter(|one| one.is_control() && *one != '\n').collect();
    assert!(raw.is_empty(), "{arguments:?}: {raw:?} is raw in {said:?}");
    let seen = said.to_uppercase().matches("BAD").count();
    assert!(seen >= least, "{arguments:?}: {seen} of {least} are seen in {said}");
}

fn write(folder: &Path, name: &str, text: &str) {
    fs::write(folder.join(name), text).expect("there is room");
}

#[test]
fn what_a_scenario_says_of_itself_is_seen() {
    let folder = folder();
    let folder = folder.path();
    let text = format!(
        "# A comment {BAD}\ntitle Title {BAD}\ncites RFC 354 {BAD}\nnet three-imps\nhost SITE1 runs ftp\n\
         # Another {BAD}\nSITE1 types HELP\nexpect SITE1 saw HELP\n"
    );
    write(folder, "a.scenario", &text);
    write(folder, "b.scenario", &text);
    is_seen(folder, &["scenario", "a.scenario", "--comments"], 1);
    is_seen(folder, &["scenario", "a.scenario", "--explain", "bits", "--show", "all"], 1);
    is_seen(folder, &["scenario", "a.scenario", "b.scenario"], 1);
    is_seen(folder, &["scenario", "a.scenario", "--check"], 0);
}

#[test]
fn what_a_step_types_or_says_is_seen_where_it_is_told_that_it_failed() {
    let folder = folder();
    let folder = folder.path();
    let typed = format!(
        "title T\nnet three-imps\nhost SITE1 runs ftp\nSITE1 types FOO{BAD}\nexpect SITE1 saw {BAD}\n"
    );
    write(folder, "typed.scenario", &typed);
    is_seen(folder, &["scenario", "typed.scenario"], 1);
    let said = "title T\nnet three-imps\nhost SITE1\nhost SITE3\nSITE1 answers a call at 3, and goes on at 640\n\
                SITE3 calls SITE1 at 3, from 400\nSITE1 says 641  {ESC}[31mBAD{BEL}{155}\nSITE3 hears 402  BAD\n\
                SITE3 hears 402  {ESC}]0;BAD{BEL}\n";
    write(folder, "said.scenario", said);
    is_seen(folder, &["scenario", "said.scenario"], 1);
    let filed = format!(
        "title T\nnet three-imps\nhost SITE1 runs ftp\n  file <A>B.C\n    | {BAD}\nexpect SITE1 file <A>B.C\n  | x{BAD}\n"
    );
    write(folder, "filed.scenario", &filed);
    is_seen(folder, &["scenario", "filed.scenario"], 1);
}

#[test]
fn mistakes_that_quote_them_show_them() {
    let folder = folder();
    let folder = folder.path();
    for (number, mistake) in [
        format!("title T\nnet three-imps\nhost SITE1 runs ftp\nfoo {BAD}\n"),
        format!("title T\nnet three-imps\nhost SITE1 runs ftp\n{BAD} foo\n"),
        format!("title T\nnet {BAD}\nhost SITE1 runs ftp\n"),
        format!("title T\nnet three-imps\nhost SITE{BAD} runs ftp\n"),
        format!("title T\nnet three-imps\nhost SITE1 runs {BAD}\nSITE1 types \"X{BAD}\n"),
        format!("title T {BAD}\rnet three-imps\rhost SITE1 BAD\r"),
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("{number}.scenario");
        write(folder, &name, &mistake);
        is_seen(folder, &["scenario", &name], 1);
        is_seen(folder, &["fmt", &name], 1);
    }
    let net = format!("net n N{BAD}\n{BAD} {BAD}\nimp 1 A{BAD}\nhost S{BAD} 1 TENEX\n");
    write(folder, "n.net", &net);
    is_seen(folder, &["net", "n.net"], 1);
    let net = format!("# {BAD}\nnet m Title {BAD}\nimp 1 A\nhost SITE1 1 TENEX\n");
    write(folder, "m.net", &net);
    is_seen(folder, &["net", "m.net"], 1);
}

#[test]
fn arguments_are_seen_in_what_is_said_of_them() {
    let folder = folder();
    let folder = folder.path();
    let file = format!("x{BAD}.scenario");
    for arguments in [
        &["scenario", BAD][..],
        &["scenario", &file],
        &["scenario", "echo", "--show", BAD],
        &["scenario", "echo", "--pcapng", &format!("no{BAD}/x")],
        &["show", BAD],
        &["fmt", BAD],
        &["fmt", &file],
        &["new", BAD],
        &["net", BAD],
        &["net", "ring", "--from", BAD],
        &["read", BAD],
        &["export", BAD],
        #[cfg(feature = "full")]
        &["man", BAD],
        #[cfg(feature = "full")]
        &["completions", BAD],
        #[cfg(feature = "full")]
        &["net", "ring", "--live", "--external", BAD],
    ] {
        is_seen(folder, arguments, 1);
    }
    // And of files that are there.
    let path = folder.join(&file);
    if fs::write(&path, "title T\nnet three-imps\nhost SITE1 runs ftp\nSITE1 types HELP\n").is_ok() {
        is_seen(folder, &["scenario", &format!("./{file}")], 0);
        is_seen(folder, &["scenario", &file, "echo"], 1);
        is_seen(folder, &["fmt", "--check", &file], 1);
        is_seen(folder, &["fmt", &file], 1);
        is_seen(folder, &["net", "ring", "--svg", &format!("{BAD}.svg")], 1);
    }
}
