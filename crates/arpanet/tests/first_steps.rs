//! What somebody tries first: to look around, to begin a scenario, to pass it in a pipe, to be told what is wrong.

use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

fn folder() -> TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("there is room for tests")
}

/// The command in a folder, without what this machine says of colours.
fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_arpanet"));
    command.current_dir(folder).args(arguments);
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS"] {
        command.env_remove(name);
    }
    command
}

/// What it ends with, and what it says on standard output and standard error.
fn ends(output: Output) -> (Option<i32>, String, String) {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it is text");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn arpanet(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    ends(command(folder, arguments).output().expect("the command is there"))
}

/// The same, with a text on standard input.
fn piped(folder: &Path, arguments: &[&str], text: &[u8]) -> (Option<i32>, String, String) {
    let mut command = command(folder, arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the command is there");
    let mut stdin = child.stdin.take().expect("it is piped");
    stdin.write_all(text).expect("it reads");
    drop(stdin);
    ends(child.wait_with_output().expect("it ends"))
}

#[test]
fn a_scenario_is_begun_and_replayed_as_it_was_told_and_never_overwritten() {
    let folder = folder();
    let (status, told, _) = arpanet(folder.path(), &["new", "mine"]);
    assert_eq!((status, told.contains("arpanet scenario ./mine.scenario")), (Some(0), true), "{told}");
    let (status, _, error) = arpanet(folder.path(), &["scenario", "mine"]);
    assert_eq!((status, error.contains("scenario ./mine.scenario")), (Some(2), true), "{error}");
    let (status, transcript, _) = arpanet(folder.path(), &["scenario", "./mine.scenario"]);
    assert_eq!((status, transcript.contains("expectations hold")), (Some(0), true), "{transcript}");
    fs::write(folder.path().join("mine.scenario"), "mine").expect("there is room");
    let (status, _, error) = arpanet(folder.path(), &["new", "mine.scenario"]);
    assert_eq!((status, error.contains("is there already")), (Some(2), true), "{error}");
    assert_eq!(fs::read_to_string(folder.path().join("mine.scenario")).expect("it is there"), "mine");
    let (status, _, error) = arpanet(folder.path(), &["new", "no/such/mine"]);
    assert_eq!((status, error.contains("no/such/mine.scenario")), (Some(2), true), "{error}");
}

#[test]
fn everything_that_is_listed_is_shown_and_what_is_not_there_is_guessed() {
    let folder = folder();
    let (_, list, _) = arpanet(folder.path(), &["show"]);
    let names: Vec<&str> =
        list.lines().filter_map(|line| line.strip_prefix("  ")?.split(' ').next()).collect();
    assert!(
        names.len() > 70
            && names.contains(&"h316.lua")
            && names.contains(&"arpanet-host.service")
            && names.contains(&"1973-01"),
        "{list}"
    );
    for name in [
        "rfc438-append",
        "1973-01",
        "h316.lua",
        "arpanet-host.service",
        "rfc438-append.transcript",
        "ring.net",
    ] {
        let (status, text, error) = arpanet(folder.path(), &["show", name]);
        assert_eq!((status, error.as_str()), (Some(0), ""), "{name}");
        assert!(text.lines().count() > 10, "{name}: {text}");
    }
    let (_, scenario, other) = arpanet(folder.path(), &["show", "slow-host"]);
    assert!(scenario.contains("title"), "a scenario goes before a net: {scenario}");
    assert!(other.contains("show slow-host.net"), "and the net is not hidden: {other}");
    let (status, _, error) = arpanet(folder.path(), &["show", "rfc438-apend"]);
    assert_eq!((status, error.contains("did you mean `rfc438-append`?")), (Some(2), true), "{error}");
}

#[test]
fn what_is_exported_works_from_there_and_what_somebody_changed_stays() {
    let folder = folder();
    let (status, told, _) = arpanet(folder.path(), &["export", "lib"]);
    assert_eq!((status, told.contains("scenario ./lib/rfc438-append.scenario")), (Some(0), true), "{told}");
    // The net that lies there counts, and not the one of the same name that is built in.
    let net = folder.path().join("lib/nets/three-imps.net");
    let longer = fs::read_to_string(&net).expect("it is there").replace("50kb/s", "9600b/s");
    fs::write(&net, longer).expect("there is room");
    let replay = |name: &str| arpanet(folder.path(), &["scenario", name]);
    let (there, built_in) = (replay("lib/rfc438-append.scenario"), replay("rfc438-append"));
    assert_eq!((there.0, built_in.0), (Some(0), Some(0)), "{}", there.2);
    assert_ne!(there.1, built_in.1, "the lines are slower there");
    let (status, _, error) = arpanet(folder.path(), &["export", "lib"]);
    assert_eq!((status, error.contains("nets/three-imps.net")), (Some(2), true), "{error}");
    assert!(fs::read_to_string(&net).expect("it is there").contains("9600b/s"), "nothing is overwritten");
    assert_eq!(arpanet(folder.path(), &["export", "lib", "--force"]).0, Some(0));
    assert!(!fs::read_to_string(&net).expect("it is there").contains("9600b/s"), "unless that is asked for");
}

#[test]
fn a_scenario_comes_from_standard_input_with_the_nets_that_lie_here() {
    let folder = folder();
    let here = "title T\nnet mine.net\nhost A\nhost B\nA echoes B 42\nA sees  ECHO 42 FROM B\n";
    let (status, _, error) = piped(folder.path(), &["scenario", "-"], here.as_bytes());
    assert_eq!((status, error.contains("standard input:2:5")), (Some(2), true), "{error}");
    let net = "net mine Mine\nimp 1 A\nimp 2 B\nline A to B 50kb/s 1km\nhost A 1 TENEX\nhost B 2 TENEX\n";
    fs::write(folder.path().join("mine.net"), net).expect("there is room");
    let (status, transcript, error) = piped(folder.path(), &["scenario", "-"], here.as_bytes());
    assert_eq!((status, transcript.contains("ECO 42")), (Some(0), true), "{transcript}{error}");
    let (status, _, error) = piped(folder.path(), &["scenario", "-", "-"], here.as_bytes());
    assert_eq!((status, error.contains("write `-` once")), (Some(2), true), "{error}");
}

#[test]
fn a_capture_goes_through_a_pipe_and_nothing_else_with_it() {
    let folder = folder();
    let output = command(folder.path(), &["scenario", "echo", "--pcapng", "-"]).output().expect("it runs");
    assert!(output.stdout.starts_with(&[0x0a, 0x0d, 0x0d, 0x0a]), "it begins as a capture does");
    let (status, transcript, error) = piped(folder.path(), &["read", "-"], &output.stdout);
    assert_eq!((status, transcript.contains("ECO 42")), (Some(0), true), "{transcript}{error}");
    let (status, _, error) =
        arpanet(folder.path(), &["scenario", "measure-round-trip", "--pcapng", "-", "--plot", "-"]);
    assert_eq!((status, error.contains("standard output can take one")), (Some(2), true), "{error}");
}

#[test]
fn what_cannot_be_written_is_told_before_the_run_and_changes_nothing() {
    let folder = folder();
    fs::write(folder.path().join("old"), "old").expect("there is room");
    for (arguments, expected) in [
        (&["scenario", "echo", "--pcapng", "no/such.pcapng"][..], "there is no folder no"),
        (&["scenario", "measure-round-trip", "--plot", "."], "that is a folder"),
        (&["net", "ring", "--svg", "no/such.svg"], "there is no folder no"),
        (&["net", "ring", "--svg", "old/such.svg"], "old/such.svg"),
        (&["scenario", "echo", "--plot", "old"], "nothing to plot"),
    ] {
        let (status, told, error) = arpanet(folder.path(), arguments);
        assert_eq!((status, told.as_str()), (Some(2), ""), "nothing was done: {arguments:?}");
        assert!(error.contains(expected), "{arguments:?}: {error}");
    }
    assert_eq!(fs::read_to_string(folder.path().join("old")).expect("it is there"), "old");
    assert_eq!(fs::read_dir(folder.path()).expect("it is there").count(), 1, "nothing is left behind");
}

#[test]
fn the_beginning_of_a_name_lists_those_that_begin_so_and_all_that_were_named_are_counted() {
    let folder = folder();
    let (status, _, error) = arpanet(folder.path(), &["scenario", "rfc438"]);
    assert_eq!(status, Some(2));
    let words = error.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("these begin so") && words.contains("rfc438-append Append a file"), "{error}");
    let (status, told, _) = arpanet(folder.path(), &["scenario", "echo", "nowhere"]);
    assert_eq!(status, Some(2));
    assert!(told.trim_end().ends_with("\n1 of 2 scenarios hold, 1 cannot be read"), "{told}");
    let (_, told, _) = arpanet(folder.path(), &["scenario", "--check", "echo", "nowhere"]);
    assert_eq!(told, "1 scenario has no errors, 1 cannot be read\n");
}

#[test]
fn files_are_laid_out_unless_they_have_mistakes() {
    let folder = folder();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("there is room");
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).expect("it is there");
    let (crooked, straight) = ("title T\nnet ring\nhost SITE1\n", "title   T\nnet     ring\nhost SITE1\n");
    write("a.scenario", crooked);
    write("b.scenario", "titel T\n");
    let (status, told, _) = arpanet(folder.path(), &["fmt", "--check", "a.scenario"]);
    assert_eq!(
        (status, told.as_str(), read("a.scenario").as_str()),
        (Some(1), "a.scenario would change\n", crooked)
    );
    let (status, _, error) = arpanet(folder.path(), &["fmt", "b.scenario", "a.scenario"]);
    assert_eq!((status, error.contains("b.scenario:1:1")), (Some(2), true), "{error}");
    assert_eq!((read("a.scenario").as_str(), read("b.scenario").as_str()), (straight, "titel T\n"));
    assert_eq!(arpanet(folder.path(), &["fmt", "--check", "a.scenario"]).0, Some(0), "it is laid out now");
    assert_eq!(piped(folder.path(), &["fmt", "-"], crooked.as_bytes()).1, straight);
    let (status, _, error) = arpanet(folder.path(), &["fmt", "rfc438-append"]);
    assert_eq!((status, error.contains("ends in .scenario or .net")), (Some(2), true), "{error}");
}

/// Whether the transcript of a scenario is coloured, with an option and the environment.
fn is_colored(option: &[&str], environment: &[(&str, &str)]) -> bool {
    let folder = folder();
    let mut command = command(folder.path(), &["scenario", "echo"]);
    command.args(option).envs(environment.iter().copied());
    String::from_utf8_lossy(&command.output().expect("it runs").stdout).contains('\x1b')
}

#[test]
fn colours_are_where_they_are_wanted() {
    assert!(!is_colored(&[], &[]), "a pipe is no terminal");
    assert!(is_colored(&["--color", "always"], &[]));
    assert!(is_colored(&["--color=always"], &[("NO_COLOR", "1")]), "the option goes before the environment");
    assert!(is_colored(&[], &[("CLICOLOR_FORCE", "1")]));
    assert!(!is_colored(&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]), "who wants none gets none");
    assert!(is_colored(&[], &[("CLICOLOR_FORCE", "1"), ("TERM", "dumb")]));
    assert!(!is_colored(&["--color", "never"], &[("CLICOLOR_FORCE", "1")]));
    let folder = folder();
    let help =
        |color: &str| arpanet(folder.path(), &["scenario", "--color", color, "--help"]).1.contains('\x1b');
    assert_eq!((help("always"), help("never"), help("auto")), (true, false, false), "of help, too");
    let error = |color: &str| arpanet(folder.path(), &["--color", color, "scenary"]).2.contains('\x1b');
    assert_eq!((error("always"), error("never")), (true, false), "and of errors in the arguments");
}

#[test]
fn what_is_wrong_with_the_arguments_is_told_in_the_look_of_all_errors_with_a_next_step() {
    let folder = folder();
    fs::write(folder.path().join("mine.scenario"), "title T\n").expect("there is room");
    let rows: &[(&[&str], &str, &[&str])] = &[
        (&["scenary"], "there is no command `scenary`", &["did you mean `scenario`?", "called so: arpanet "]),
        (
            &["rfc438-append"],
            "there is no command `rfc438-append`",
            &["did you mean `scenario rfc438-append`?"],
        ),
        (&["1973-01"], "there is no command `1973-01`", &["did you mean `net 1973-01`?"]),
        (
            &["scenario", "--chek"],
            "there is no option `--chek`",
            &["did you mean `--check`?", "`arpanet scenario --help`"],
        ),
        (&["fmt"], "missing: <FILE>...", &["called so: arpanet fmt"]),
        (&["show", "a", "b"], "`b` is a word too many", &["called so: arpanet show [OPTIONS] [NAME]"]),
        (&["explain", "RFMN"], "the glossary has nothing called RFMN", &["did you mean `RFNM`?"]),
        (
            &["explain", "link", "rfc438-append"],
            "nothing called rfc438-append",
            &["`scenario rfc438-append`"],
        ),
        (&["explain", "UTAH-10"], "nothing called UTAH-10", &["a host of the net 1973-01", "`net 1973-01`"]),
        (&["explain", "q"], "the glossary has nothing called q", &["`explain` without a term lists"]),
        (&["explain", "link", "--width", "9"], "--width 9: it is 20 at least", &[]),
        (&["scenario", "echo", "--width", "19.5"], "--width 19.5: not a number: write it in decimal", &[]),
        (&["scenario", "echo", "--width", "0x1"], "--width 0x1: it is 20 at least", &[]),
        (&["scenario", "echo", "--seed", "-1"], "--seed -1: a number has no sign", &[]),
        (&["scenario", "echo", "--seed"], "--seed needs a value: --seed <N>", &[]),
        (&["scenario", "echo", "--seed", "1", "--seed", "2"], "--seed is there twice", &[]),
        (&["--color", "purple", "show"], "--color purple: that is none of auto, always, never", &[]),
        (&["net", "ring", "--from", "ALPHA", "--svg", "-"], "--from does not go together with --svg", &[]),
        (&["net", "--from", "ALPHA"], "missing: <NAME>", &[]),
        (
            &["scenario", "rfc438-append.scenario"],
            "there is no file rfc438-append.scenario",
            &["`scenario rfc438-append`"],
        ),
        (&["scenario", "three-imps"], "there is no scenario three-imps", &["`net three-imps`"]),
        (&["net", "rfc438-append"], "there is no net rfc438-append", &["`scenario rfc438-append`"]),
        (&["scenario", "./mine"], "there is no file ./mine", &["scenario ./mine.scenario"]),
        (&["scenario", "no/such.scenario"], "there is no file no/such.scenario", &[]),
        (&["new", "nodir/x"], "there is no folder nodir", &["mkdir -p nodir"]),
        (&["read", "nothing.pcap"], "nothing.pcap: it is not there", &[]),
        (&["read", "."], ".: that is a folder", &[]),
        (&["read", "mine.scenario"], "it begins with \"titl\"", &["did you mean `scenario mine.scenario`?"]),
        (
            &["scenario", "echo", "--show", "ncp", "packets"],
            "there is no scenario packets",
            &["lens", "with a comma"],
        ),
        (&["scenario", "echo", "--show", "ncp,dat"], "there is no lens `dat`", &["did you mean `data`?"]),
        (
            &["scenario", "echo", "--show", "nothing"],
            "there is no lens `nothing`",
            &["there are: teletype, "],
        ),
        (
            &["scenario", "echo", "--explain", "bitz"],
            "nothing can be explained as `bitz`",
            &["did you mean `bits`?"],
        ),
        (
            &["scenario", "echo", "--explain", "story", "--fold", "icp,logins"],
            "there are no phases called `logins`",
            &["did you mean `login`?"],
        ),
        (
            &["scenario", "echo", "--explain", "story", "--from", "PASV"],
            "no step of what is shown says `PASV`",
            &["without --from all is told"],
        ),
        (
            &["scenario", "echo", "append-one-byte", "--explain", "story"],
            "--explain is about one scenario: name it",
            &[],
        ),
        (&["scenario", "echo", "--explain", "story", "--json"], "does not go together with", &[]),
        (&["scenario", "echo", "--from", "ECO"], "--explain", &[]),
    ];
    for (arguments, message, helps) in rows {
        let (status, told, error) = arpanet(folder.path(), arguments);
        let error_on_one_line = error.split_whitespace().collect::<Vec<_>>().join(" ");
        let is_one_look = !["error:", "os error", "help: \n"].iter().any(|other| error.contains(other));
        assert!(error.contains("  × ") && is_one_look, "{arguments:?}: in the look of all: {error}");
        assert!(error_on_one_line.contains(message), "{arguments:?} says `{message}`: {error}");
        for help in *helps {
            assert!(error_on_one_line.contains(help), "{arguments:?} helps with {help}: {error}");
        }
        assert_eq!(status, Some(2), "{arguments:?}: {told}{error}");
    }
}

#[test]
fn a_reader_who_goes_away_ends_it_quietly() {
    let folder = folder();
    for arguments in [
        &["scenario", "append-100-kilobytes", "--show", "all", "--bits"][..],
        &["show", "1973-01"],
        &["scenario", "--help"],
        &["net", "1973-01", "--svg", "-"],
        &["scenario", "echo", "append-one-byte"],
    ] {
        let mut command = command(folder.path(), arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
        let mut out = child.stdout.take().expect("it is piped");
        out.read_exact(&mut [0; 4]).expect("it says something");
        drop(out);
        let (status, _, error) = ends(child.wait_with_output().expect("it ends"));
        assert_eq!((status, error.as_str()), (Some(0), ""), "{arguments:?}");
    }
}

#[test]
fn no_help_is_wider_than_the_terminal() {
    let folder = folder();
    let (_, help, _) = arpanet(folder.path(), &["--help"]);
    let verbs =
        help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let verbs: Vec<&str> = verbs.filter_map(|line| line.strip_prefix("  ")?.split(' ').next()).collect();
    let verbs: Vec<&str> = verbs.into_iter().filter(|verb| !verb.is_empty()).collect();
    assert!(verbs.len() > 7, "{verbs:?}");
    for verb in verbs {
        let mut command = command(folder.path(), &["help", verb]);
        let help = ends(command.env("COLUMNS", "80").output().expect("it runs")).1;
        // How a command is called stands on one line.
        let wide = help.lines().filter(|line| line.chars().count() > 80 && !line.starts_with("Usage: "));
        assert_eq!(wide.collect::<Vec<_>>(), Vec::<&str>::new(), "{verb}");
    }
}

#[test]
#[cfg(not(feature = "full"))]
fn a_lean_build_says_what_it_cannot_do_and_who_can() {
    let folder = folder();
    let host = ["host", "--imp", "127.0.0.1:1", "--listen", "2", "--address", "1"];
    let rows: &[(&[&str], &str)] = &[
        (&host, "host"),
        (&["bridge", "--new-key", "a"], "bridge"),
        (&["account", "SMITH", "--file", "a"], "account"),
        (&["completions", "bash"], "completions"),
        (&["man"], "man"),
        (&["net", "ring", "--live"], "net --live"),
        (&["scenario", "echo", "--verbose"], "scenario --verbose"),
    ];
    for (arguments, what) in rows {
        let (status, told, error) = arpanet(folder.path(), arguments);
        assert_eq!((status, told.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(error.contains(&format!("`{what}` is not in this build")), "{arguments:?}: {error}");
        assert!(error.contains(&format!("`cargo xtask {what}`")), "{arguments:?} says who can: {error}");
    }
}

#[test]
fn what_can_be_explained_is_even_if_something_else_cannot() {
    let folder = folder();
    let (status, told, error) = arpanet(folder.path(), &["explain", "rfnm", "nosuch", "ready", "line"]);
    assert_eq!(status, Some(2), "{error}");
    assert!(
        told.contains("RFNM  (message of an IMP to its host)") && told.contains("ready line  (term)"),
        "{told}"
    );
    assert!(error.contains("nothing called nosuch") && !told.contains("nosuch"), "{error}");
    let (status, told, error) = arpanet(folder.path(), &["explain", "255", "--width", "50"]);
    assert_eq!((status, error.as_str()), (Some(0), ""));
    for part in [
        "  socket        odd, so it sends",
        "  link          for private",
        "255  (FTP reply)",
        "scenario rfc438-append",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    assert!(told.lines().all(|line| line.chars().count() <= 50), "{told}");
    let (_, told, _) = arpanet(folder.path(), &["explain", "SITE3 -> SITE1  RTS 15272 from 3 link 2"]);
    assert!(told.starts_with("RTS  (control command of an NCP)") && told.contains("link  (term)"), "{told}");
}

#[test]
#[cfg(feature = "full")]
fn shells_and_man_are_told_of_every_command() {
    let folder = folder();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let (status, script, _) = arpanet(folder.path(), &["completions", shell]);
        assert_eq!((status, script.contains("pcapng")), (Some(0), true), "{shell}");
        // As its help says.
        let names = match shell {
            "bash" | "zsh" => &["rfc438-append", "1973-01", "teletype", "RFNM", "protocol", "arrange"][..],
            "fish" => &["1973-01", "teletype"],
            _ => &[],
        };
        for name in names {
            assert!(script.contains(name), "{shell} completes {name}");
        }
    }
    let (status, _, error) = arpanet(folder.path(), &["completions", "dash"]);
    assert_eq!((status, error.contains("there are: bash")), (Some(2), true), "{error}");
    let (_, page, _) = arpanet(folder.path(), &["man"]);
    assert!(page.contains(".TH arpanet 1") && page.contains("scenario"), "{page}");
    let (_, told, _) = arpanet(folder.path(), &["man", "."]);
    let page = fs::read_to_string(folder.path().join("arpanet-net.1")).expect("it is written");
    assert!(told.contains("arpanet-net.1") && page.contains("STATEMENTS"), "{told}{page}");
}
