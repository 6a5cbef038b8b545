//! `compare`: runs are laid beside each other, live ones and records, and it is told where they part. And `scenario
//! --against`: whether a transcript still reads as it was kept.

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

fn folder() -> TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("there is room for tests")
}

/// What a command ends with, and what it says on standard output and standard error.
fn arpanet(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_arpanet")).current_dir(folder).args(arguments).output();
    let output = output.expect("the command is there");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it is text");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

/// Compares, and expects an exit status.
#[track_caller]
fn compared(folder: &Path, runs: &[&str], status: i32) -> String {
    let arguments: Vec<&str> = ["compare"].iter().chain(runs).copied().collect();
    let (ended, told, error) = arpanet(folder, &arguments);
    assert_eq!((ended, error.as_str()), (Some(status), ""), "{runs:?}: {told}");
    told
}

/// Writes what a command prints into a file.
fn keep(folder: &Path, name: &str, arguments: &[&str]) {
    let (status, text, error) = arpanet(folder, arguments);
    assert_eq!(status, Some(0), "{arguments:?}: {error}");
    fs::write(folder.join(name), text).expect("there is room");
}

/// The cells of a row of the table.
#[track_caller]
fn row<'t>(told: &'t str, label: &str) -> Vec<&'t str> {
    let row = told.lines().find_map(|line| line.trim_start().strip_prefix(label));
    row.unwrap_or_else(|| panic!("there is no row {label}: {told}")).split_whitespace().collect()
}

#[test]
fn two_seeds_of_a_scenario_are_alike_where_only_what_is_drawn_is_another() {
    let folder = folder();
    for name in ["rfc354-retr", "rfc438-append", "append-100-kilobytes", "third-party-by-hand"] {
        let told = compared(folder.path(), &[name, "@7", "@8"], 0);
        assert!(told.contains("alike: "), "{name}: {told}");
        let data = row(&told, "bits of data");
        assert!(data[0] == data[1] && data[1] == data[2], "{name}: {told}");
    }
}

#[test]
fn the_errand_by_way_of_the_user_and_straight_shows_what_rfc_438_is_for() {
    let told = compared(folder().path(), &["rfc354-by-way-of-user", "rfc438-straight"], 1);
    assert_eq!(row(&told, "through whose host data went"), ["SITE3", "nobody's"], "{told}");
    assert_eq!(row(&told, "bits of data"), ["320000", "160000"], "the file crosses the net twice, or once");
    assert_eq!(row(&told, "SITE1 -> SITE2"), ["-", "160000"], "{told}");
    assert_eq!(row(&told, "SITE3 -> SITE2"), ["160000", "-"], "{told}");
    let cables: Vec<u64> = row(&told, "bits on hosts' cables").iter().flat_map(|cell| cell.parse()).collect();
    assert!(cables[0] > cables[1] * 3 / 2, "{told}");
    let seconds: Vec<f64> = row(&told, "seconds").iter().flat_map(|cell| cell.parse()).collect();
    assert!(seconds[0] > seconds[1] * 1.5, "{told}");
}

#[test]
fn rfc_438_and_rfc_478_side_by_side_show_who_listens_before_the_request_comes() {
    let told = compared(folder().path(), &["request-too-early", "rfc478-no-race"], 1);
    let says = |run: &str, text: &str| {
        let found = told.lines().any(|line| line.starts_with(run) && line.contains(text));
        assert!(found, "{run} does not say {text}: {told}");
    };
    says("A ", "LSTN R");
    says("B ", "PASV");
    says("B ", "200 listening on both data sockets");
    assert_eq!(row(&told, "through whose host data went"), ["nobody's", "nobody's"], "{told}");
    let seconds: Vec<f64> = row(&told, "until the first data").iter().flat_map(|cell| cell.parse()).collect();
    assert!(seconds[1] + 1.0 < seconds[0], "nothing has to be asked for twice: {told}");
}

#[test]
fn another_edition_of_one_server_is_seen_where_it_is_spoken() {
    let told = compared(folder().path(), &["rfc438-append", "@SITE2=rfc354"], 1);
    let at = |text: &str| told.find(text).unwrap_or_else(|| panic!("there is no {text}: {told}"));
    assert!(told.contains("they part behind "), "{told}");
    assert!(
        at("LSTN R") < at("A     ") && at("255 SOCK {") < at("506 LSTN"),
        "what is before stands before: {told}"
    );
    assert_eq!(row(&told, "what did not hold"), ["-", "1"], "{told}");
    let lines: Vec<&str> =
        told.lines().filter(|line| line.starts_with("B  ") && line.contains("506 LSTN")).collect();
    assert!(lines[0].contains("SITE2 -> SITE3"), "the first that B says is the refusal: {told}");
    // One that does not say LSTN is not touched by it.
    assert!(compared(folder().path(), &["rfc354-retr", "@rfc354"], 0).contains("alike: "));
    let refused = compared(folder().path(), &["request-queued", "@refuses", "--show", "ncp"], 1);
    assert!(refused.contains("B  "), "{refused}");
}

#[test]
fn a_record_is_like_its_run_and_one_of_a_capture_like_what_crossed_its_cables() {
    let folder = folder();
    let folder = folder.path();
    keep(folder, "run.json", &["scenario", "rfc354-retr", "--json"]);
    keep(folder, "other.json", &["scenario", "rfc354-retr", "--json", "--seed", "9"]);
    keep(folder, "none", &["scenario", "rfc354-retr", "--pcapng", "run.pcapng"]);
    keep(folder, "capture.json", &["read", "run.pcapng", "--json"]);
    for runs in [
        &["run.json", "rfc354-retr"][..],
        &["run.json", "other.json"],
        &["capture.json", "rfc354-retr@5", "run.json"],
        &["rfc354-retr", "./capture.json", "--show", "ftp,ncp,data,imp"],
    ] {
        let told = compared(folder, runs, 0);
        let messages = row(&told, "messages between hosts");
        assert!(messages.iter().all(|cell| *cell == messages[0]), "{runs:?}: {told}");
        let only = told.contains("only what crossed cables is compared: those of SITE1, SITE3");
        assert_eq!(only, runs.iter().any(|run| run.contains("capture")), "{runs:?}: {told}");
    }
    let told = compared(folder, &["run.json", "rfc354-stor"], 1);
    assert!(told.contains("RETR NOTES.TXT") || told.contains("GET NOTES.TXT"), "{told}");
    // A record that breaks off is compared as far as it goes.
    let whole = fs::read_to_string(folder.join("run.json")).expect("it is there");
    let half: String = whole.lines().take(60).flat_map(|line| [line, "\n"]).collect();
    fs::write(folder.join("half.json"), half).expect("there is room");
    let told = compared(folder, &["half.json", "run.json"], 1);
    assert!(told.contains("it breaks off") && told.contains("A ends behind "), "{told}");
}

#[test]
fn wherever_it_is_printed_no_line_is_wider_and_where_there_is_room_they_stand_beside_each_other() {
    let folder = folder();
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let endless = compared(folder.path(), &["rfc438-append", "@SITE2=rfc354"], 1);
    for width in ["80", "60", "40"] {
        let told = compared(folder.path(), &["rfc438-append", "@SITE2=rfc354", "--width", width], 1);
        let most: usize = width.parse().expect("it is a number");
        let wide = |line: &&str| line.chars().count() > most && line.split_whitespace().count() > 1;
        assert_eq!(told.lines().find(wide), None, "at {width} columns");
        assert_eq!(words(&told), words(&endless), "at {width} columns");
    }
    let wide = compared(folder.path(), &["rfc438-append", "@SITE2=rfc354", "--width", "200"], 1);
    let beside =
        |line: &&str| line.contains("255 SOCK {e}") && line.contains(" | ") && line.contains("506 LSTN");
    assert!(wide.lines().any(|line| beside(&line)), "{wide}");
}

#[test]
fn what_is_no_record_is_refused_and_never_makes_it_panic() {
    let folder = folder();
    let folder = folder.path();
    let begin = "{\"is\":\"run\",\"schema\":1,\"seed\":0}\n";
    let huge = u64::MAX;
    let rows = [
        (String::new(), "it is empty"),
        ("RETR X\n".to_owned(), "line 1: it is no JSON"),
        ("{}\n".to_owned(), "it does not say what it is"),
        ("{\"is\":\"sent\"}\n".to_owned(), "it begins with `sent`"),
        ("{\"is\":\"run\",\"schema\":2}\n".to_owned(), "schema 2 is not known here"),
        (format!("{begin}{{\"is\":\"sent\""), "line 2: it breaks off"),
        (format!("{begin}{{\"is\":\"sent\"}}\n"), "line 2: this is no `sent`"),
        (format!("{begin}{{\"is\":\"happening\",\"says\":[{{\"lens\":\"x\"}}]}}\n"), "no `happening`"),
        (format!("{begin}{}", "[".repeat(100_000)), "line 2: no JSON"),
        (format!("{begin}{{\"is\":\"x\",\"y\":\"{}\"}}\n", "A".repeat(5_000_000)), "too long for a record"),
    ];
    for (text, why) in &rows {
        fs::write(folder.join("bad.json"), text).expect("there is room");
        let (status, told, error) = arpanet(folder, &["compare", "bad.json", "echo"]);
        assert_eq!((status, told.as_str()), (Some(2), ""), "{why}: {error}");
        assert!(error.contains("  × bad.json: ") && error.contains(why), "{why}: {error}");
    }
    // What it does not know it passes over; numbers may be as large as they are, and nothing reaches the terminal as it is.
    let host = "\"host\":{\"number\":1,\"name\":\"A\"}";
    let says = "\"says\":[{\"what\":\"RTS 99999999999 from x link \\u001b[31m\",\"lens\":\"ncp\",\"from\":\"A\",\"to\":\"B\"}]";
    let line = format!(
        "{{\"is\":\"sent\",\"at_us\":{huge},{host},\"bits\":{huge},\"header\":{{\"size\":{huge},\"count\":{huge}}},{says}}}\n"
    );
    fs::write(folder.join("odd.json"), format!("{begin}{{\"is\":\"later\"}}\n{line}{line}"))
        .expect("there is room");
    let told = compared(folder, &["odd.json", "echo"], 1);
    assert!(told.contains("RTS 99999999999") && !told.contains('\x1b'), "{told}");
}

#[test]
fn what_cannot_be_compared_is_told_in_the_look_of_all_errors() {
    let folder = folder();
    let folder = folder.path();
    keep(folder, "run.json", &["scenario", "echo", "--json"]);
    for (runs, message, help) in [
        (&["echo"][..], "two or three runs can be compared, and not 1", "compare rfc438-append @7"),
        (&["a", "b", "c", "d"], "and not 4", "name them"),
        (&["echo", "echo"], "echo is there twice", "@7 is the first one with seed 7"),
        (&["echo@7", "echo", "@7"], "echo@7 is there twice", ""),
        (&["@7", "echo"], "@7 changes the first one", "compare rfc438-append @7"),
        (&["echo", "@rfc999"], "there is no change @rfc999", "a seed, or rfc354"),
        (&["echo", "@SITE1=refused"], "there is no change @SITE1=refused", "did you mean `refuses`?"),
        (&["echo", "@SITE9=rfc354"], "no host SITE9", "there are: SITE1"),
        (&["echo", "@rfc354"], "serves files", "`serves ftp`"),
        (&["run.json", "@7"], "what has happened cannot be changed", "name its scenario"),
        (&["echo", "nosuch.json"], "nosuch.json: it is not there", ""),
        (&["ecko", "@7"], "there is no scenario ecko", "did you mean `echo`?"),
        (&["echo", "@7", "--show", "ncq"], "there is no lens `ncq`", "did you mean `ncp`?"),
        (&["-", "-"], "write `-` once", ""),
    ] {
        let arguments: Vec<&str> = ["compare"].iter().chain(runs).copied().collect();
        let (status, told, error) = arpanet(folder, &arguments);
        let line = error.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!((status, told.as_str()), (Some(2), ""), "{runs:?}: {error}");
        assert!(
            error.starts_with("  × ") && line.contains(message) && line.contains(help),
            "{runs:?}: {error}"
        );
        assert_eq!(error.matches('×').count(), 1, "it is told once: {error}");
    }
}

#[test]
fn a_transcript_is_kept_and_it_is_told_where_a_later_one_begins_to_read_otherwise() {
    let folder = folder();
    let folder = folder.path();
    let against = |more: &[&str]| {
        let arguments =
            ["scenario", "rfc354-retr", "--show", "ftp", "--without-times", "--against", "kept.txt"];
        let arguments: Vec<&str> = arguments.iter().chain(more).copied().collect();
        arpanet(folder, &arguments)
    };
    let (status, _, error) = against(&[]);
    assert_eq!((status, error.contains("--bless keeps")), (Some(2), true), "nothing is kept yet: {error}");
    let (status, told, _) = against(&["--bless"]);
    assert_eq!((status, told.as_str()), (Some(0), "rfc354-retr: kept in kept.txt\n"));
    let kept = fs::read_to_string(folder.join("kept.txt")).expect("it is there");
    assert!(kept.contains("\nSITE3 -> SITE1  RETR NOTES.TXT") && !kept.contains("digest"), "{kept}");
    assert!(!kept.contains(" 0.") && !kept.contains("RTS"), "no times, and no other lens: {kept}");
    let (status, told, _) = against(&[]);
    assert_eq!((status, told.contains("reads as kept.txt has it")), (Some(0), true), "{told}");
    fs::write(folder.join("kept.txt"), kept.replace("330 password", "331 password")).expect("there is room");
    let (status, told, error) = against(&[]);
    assert_eq!((status, told.as_str()), (Some(1), ""));
    assert!(error.contains("rfc354-retr reads otherwise than kept.txt has it, from line 6 on"), "{error}");
    let is_there = |line: &str| error.lines().any(|shown| shown.trim() == line);
    assert!(is_there("- SITE1 -> SITE3  331 password, please"), "{error}");
    assert!(is_there("+ SITE1 -> SITE3  330 password, please"), "{error}");
    assert!(error.contains("SITE3 -> SITE1  USER SMITH") && error.contains("--bless"), "{error}");
    let (status, _, error) =
        arpanet(folder, &["scenario", "rfc354-retr", "--show", "ftp", "--against", "kept.txt"]);
    assert_eq!((status, error.contains("say --without-times")), (Some(1), true), "{error}");
}

#[test]
fn a_run_that_fails_is_never_kept_and_nothing_else_is_overwritten() {
    let folder = folder();
    let folder = folder.path();
    let fails = "title T\nnet three-imps\nhost SITE1 runs ftp\nexpect SITE1 saw X\n";
    fs::write(folder.join("fails.scenario"), fails).expect("there is room");
    fs::write(folder.join("kept.txt"), "old").expect("there is room");
    let bless =
        |scenario: &str, file: &str| arpanet(folder, &["scenario", scenario, "--against", file, "--bless"]);
    let (status, _, error) = bless("./fails.scenario", "kept.txt");
    assert_eq!((status, error.contains("has not printed")), (Some(1), true), "{error}");
    assert_eq!(fs::read_to_string(folder.join("kept.txt")).expect("it is there"), "old");
    let (status, _, error) = bless("./fails.scenario", "fails.scenario");
    assert_eq!((status, error.contains("that is the file that is read")), (Some(2), true), "{error}");
    let (status, _, error) = bless("echo", "no/such.txt");
    assert_eq!((status, error.contains("there is no folder no")), (Some(2), true), "{error}");
    let (status, _, error) = bless("echo", "-");
    assert_eq!((status, error.contains("name a file")), (Some(2), true), "{error}");
    assert_eq!(fs::read_to_string(folder.join("fails.scenario")).expect("it is there"), fails);
    assert_eq!(fs::read_dir(folder).expect("it is there").count(), 2, "nothing is left behind");
    for arguments in [&["scenario", "--against", "kept.txt"][..], &["scenario", "echo", "copy", "--json"]] {
        let (status, _, error) = arpanet(folder, arguments);
        assert_eq!((status, error.contains("is about one scenario: name it")), (Some(2), true), "{error}");
    }
}

#[test]
fn what_the_library_keeps_and_what_is_printed_are_transcripts_that_can_be_compared_with() {
    let folder = folder();
    let folder = folder.path();
    keep(folder, "printed.txt", &["scenario", "echo"]);
    keep(folder, "shown.txt", &["show", "echo.transcript"]);
    for kept in ["printed.txt", "shown.txt"] {
        let (status, told, error) = arpanet(folder, &["scenario", "echo", "--against", kept]);
        assert_eq!((status, told.contains("reads as")), (Some(0), true), "{kept}: {told}{error}");
        // On any terminal, in any colours.
        let colored = ["--color", "always", "scenario", "echo", "--against", kept];
        assert_eq!(arpanet(folder, &colored).0, Some(0), "{kept}");
    }
}
