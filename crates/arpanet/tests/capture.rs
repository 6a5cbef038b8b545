//! What the command says of captures. That a captured run reads as it did is a promise in `views`.

mod captured;

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use captured::{capture, outcome};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use view::json::FIELDS;

#[test]
fn the_same_run_gives_the_same_bytes() {
    let [one, again] = [(); 2].map(|()| capture(&outcome("rfc354-retr")));
    assert!(one == again);
}

fn temporary(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name)
}

fn arpanet(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_arpanet")).args(arguments).output().expect("the command runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn the_command_writes_captures_and_reads_them() {
    let path = temporary("retr.pcapng").display().to_string();
    let run = arpanet(&["scenario", "rfc354-retr", "--pcapng", &path]);
    assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
    assert!(fs::read(&path).expect("it was written") == capture(&outcome("rfc354-retr")));
    let read = arpanet(&["read", &path]);
    assert_eq!(read.status.code(), Some(0), "{}", text(&read.stderr));
    let (run, read) = (text(&run.stdout), text(&read.stdout));
    assert!(read.contains("times count from 1973-01-24 00:00:00.000000 UTC"), "{read}");
    let replies = |text: &str| {
        text.lines().filter(|line| line.contains("SITE1 -> SITE3  230 ")).map(str::to_owned).collect()
    };
    let (told, again): (Vec<String>, Vec<String>) = (replies(&run), replies(&read));
    assert!(!told.is_empty() && told == again, "{told:?} {again:?}");
}

#[test]
fn a_broken_capture_is_shown_up_to_where_it_breaks() {
    let path = temporary("broken.pcapng");
    let mut file = capture(&outcome("rfc354-retr"));
    file.truncate(file.len() / 2 / 4 * 4 + 4);
    fs::write(&path, &file).expect("there is room");
    let read = arpanet(&["read", &path.display().to_string()]);
    assert_eq!(read.status.code(), Some(1));
    assert!(text(&read.stdout).contains("  USER SMITH"), "{}", text(&read.stdout));
    assert!(text(&read.stderr).contains(": byte "), "{}", text(&read.stderr));
}

#[test]
fn what_cannot_be_read_is_said() {
    let path = temporary("text.pcapng");
    fs::write(&path, "a text").expect("there is room");
    let path = path.display().to_string();
    for (arguments, expected) in [
        (&["read", "/nowhere.pcap"][..], "/nowhere.pcap: "),
        (&["read", &path], "this is no capture: it begins with \"a te\""),
        (&["read", &path, "--net", "1937-01"], "there is no net 1937-01\n  help: did you mean `1973-01`?"),
        (&["read", &path, "--host", "here=69"], "no IP address"),
        (&["read", &path, "--imp", "here"], "no IP address"),
        (&["read", &path, "--show", "sound"], "there is no lens"),
        (&["scenario", "--pcapng", "x.pcapng"], "--pcapng captures what one scenario does"),
    ] {
        let output = arpanet(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(text(&output.stderr).contains(expected), "{arguments:?}: {}", text(&output.stderr));
    }
}

/// What the command makes of this at standard input, which is a pipe.
fn piped(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_arpanet"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command runs");
    let mut pipe = child.stdin.take().expect("it has one");
    std::thread::scope(|scope| {
        // A command that has seen enough closes the pipe.
        scope.spawn(move || drop(pipe.write_all(input)));
        child.wait_with_output().expect("it ends")
    })
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("a vector has room");
    encoder.finish().expect("a vector has room")
}

/// A transcript without what stands above and below it.
fn transcript(output: &Output) -> Vec<String> {
    let is_told = |line: &&str| {
        line.trim_start().starts_with(|sign: char| sign.is_ascii_digit()) && line.contains(" -> ")
    };
    text(&output.stdout).lines().filter(is_told).map(str::to_owned).collect()
}

#[test]
fn the_same_is_read_of_a_file_of_a_pipe_and_of_what_is_packed() {
    let file = capture(&outcome("rfc354-retr"));
    let (plain, zipped) = (temporary("same.pcapng"), temporary("same.pcapng.gz"));
    fs::write(&plain, &file).expect("there is room");
    // Recognised by what is in it, whatever it is called.
    fs::write(&zipped, packed(&file)).expect("there is room");
    let expected = arpanet(&["read", &plain.display().to_string()]);
    assert_eq!(expected.status.code(), Some(0), "{}", text(&expected.stderr));
    let told = transcript(&expected);
    assert!(told.len() > 20, "{told:?}");
    let others = [
        arpanet(&["read", &zipped.display().to_string()]),
        piped(&["read", "-"], &file),
        piped(&["read", "-"], &packed(&file)),
    ];
    for other in others {
        assert_eq!(other.status.code(), Some(0), "{}", text(&other.stderr));
        assert_eq!(transcript(&other), told);
    }
}

#[test]
fn what_is_packed_and_cut_off_is_shown_up_to_there() {
    let zipped = packed(&capture(&outcome("rfc354-retr")));
    let output = piped(&["read", "-"], &zipped[..zipped.len() * 2 / 3]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    assert!(!transcript(&output).is_empty());
    assert!(
        text(&output.stderr).contains("what is packed with gzip ends too early"),
        "{}",
        text(&output.stderr)
    );
    let other = piped(&["read", "-"], &[0x28, 0xb5, 0x2f, 0xfd, 0, 0]);
    assert!(
        text(&other.stderr).contains("it is packed with zstd: unpack it first"),
        "{}",
        text(&other.stderr)
    );
}

#[test]
fn what_unpacks_to_much_is_no_block_and_takes_no_memory() {
    // A block that says to be long, and zeros without an end: a hundred megabytes in a hundred kilobytes.
    let mut bomb = [0x0a0d_0d0a_u32, 0xffff_fff0, 0x1a2b_3c4d].map(u32::to_be_bytes).concat();
    bomb.resize(100_000_000, 0);
    let output = piped(&["read", "-"], &packed(&bomb));
    assert_eq!(output.status.code(), Some(2));
    assert!(
        text(&output.stderr).contains("a block cannot have a length of 4294967280"),
        "{}",
        text(&output.stderr)
    );
}

/// Whether a value of an object fits what a field is said to be.
fn fits(value: &Value, said: &str) -> bool {
    let said = said.trim_end_matches('?');
    match said.strip_suffix(" or null") {
        Some(_) if value.is_null() => true,
        Some(said) => fits(value, said),
        None => match said {
            "number" => value.is_u64(),
            "text" => value.is_string(),
            "yes/no" => value.is_boolean(),
            "object" => value.is_object(),
            "list" => value.is_array(),
            other => panic!("there is no value {other}"),
        },
    }
}

#[track_caller]
fn is_as_described(object: &Value) {
    let is = object["is"].as_str().unwrap_or_else(|| panic!("it does not say what it is: {object}"));
    let fields: Vec<_> = FIELDS.iter().filter(|field| field.of == is).collect();
    assert!(!fields.is_empty(), "nothing is called {is}");
    for field in &fields {
        match object.get(field.name) {
            Some(value) => {
                assert!(fits(value, field.value), "{is}.{} is no {}: {value}", field.name, field.value);
            }
            None => assert!(field.value.ends_with('?'), "{is} has no {}: {object}", field.name),
        }
    }
    for (name, value) in object.as_object().expect("it is one") {
        let is_known = name == "is" || fields.iter().any(|field| field.name == name);
        assert!(is_known, "{is}.{name} is described nowhere");
        if matches!(name.as_str(), "cables" | "violations") {
            value.as_array().into_iter().flatten().for_each(is_as_described);
        }
    }
}

#[test]
fn each_line_of_json_is_as_the_help_describes_it() {
    let path = temporary("json.pcapng");
    fs::write(&path, capture(&outcome("rfc354-retr"))).expect("there is room");
    let path = path.display().to_string();
    let output = arpanet(&["read", &path, "--json"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let lines: Vec<Value> =
        text(&output.stdout).lines().map(|line| serde_json::from_str(line).expect("it is JSON")).collect();
    lines.iter().for_each(is_as_described);
    let of = |is: &str| lines.iter().filter(|line| line["is"] == is).count() as u64;
    assert_eq!((&lines[0]["is"], &lines[lines.len() - 1]["is"]), (&"capture".into(), &"end".into()));
    assert_eq!(lines[lines.len() - 1]["records"], of("sent") + of("received") + of("trouble"));
    let rts = lines.iter().find(|line| line["commands"][0]["name"] == "RTS").expect("there is one");
    assert!(
        rts["commands"][0]["link"].is_u64()
            && rts["says"][0]["what"].as_str().is_some_and(|what| what.starts_with("RTS "))
    );
    let shown = text(&output.stdout);
    assert!(shown.contains("PASS XXXX") && !shown.contains("424c5545"), "a password stands in no line");
    let help = text(&arpanet(&["read", "--help"]).stdout);
    for field in FIELDS {
        assert!(help.contains(field.name), "the help does not have {}.{}", field.of, field.name);
    }
}

#[test]
fn each_line_of_a_run_in_json_is_as_the_help_describes_it_and_holds_what_no_cable_shows() {
    for name in ["rfc354-retr", "line-fails", "message-lost-on-cable", "intruder", "measure-round-trip"] {
        let output = arpanet(&["scenario", name, "--json"]);
        assert_eq!(output.status.code(), Some(0), "{name}: {}", text(&output.stderr));
        let shown = text(&output.stdout);
        let lines: Vec<Value> =
            shown.lines().map(|line| serde_json::from_str(line).expect("it is JSON")).collect();
        lines.iter().for_each(is_as_described);
        let last = &lines[lines.len() - 1];
        assert_eq!((&lines[0]["is"], &last["is"]), (&"run".into(), &"outcome".into()), "{name}");
        assert_eq!(last["records"], lines.len() as u64 - 2, "{name}: all are counted");
        let numbers = lines.iter().filter_map(|line| line["number"].as_u64());
        assert!(numbers.eq(0..lines.len() as u64 - 2), "{name}: each has its number");
        let typed = lines.iter().filter(|line| line["says"][0]["lens"] == "teletype").count();
        assert!(typed > 0 || name.starts_with("me"), "{name}: what is typed is there");
        let troubled =
            lines.iter().any(|line| line["is"] == "happening" && line["says"][0]["lens"] == "trouble");
        assert!(
            troubled || !["line-fails", "message-lost-on-cable"].contains(&name),
            "{name}: what breaks is there"
        );
        assert!(
            !shown.contains("PASS BLUE") && !shown.contains("424c5545"),
            "{name}: a password stands in no line"
        );
    }
}

#[test]
fn a_capture_is_played_to_a_fresh_host_and_where_it_answers_otherwise_is_shown() {
    let path = temporary("play.pcapng");
    fs::write(&path, capture(&outcome("rfc354-retr"))).expect("there is room");
    let path = path.display().to_string();
    let notes = temporary("play.txt");
    fs::write(&notes, "THE NETWORK WAS DOWN ON TUESDAY.\n").expect("there is room");
    let notes = format!("<SMITH>NOTES.TXT={}", notes.display());
    let same = arpanet(&["read", &path, "--play", "SITE1", "--account", "SMITH:BLUE", "--file", &notes]);
    let shown = text(&same.stdout);
    assert_eq!(same.status.code(), Some(0), "{shown}{}", text(&same.stderr));
    assert!(shown.contains(" answers are the same\n"), "{shown}");
    // The file is not there.
    let without = arpanet(&["read", &path, "--play", "SITE1", "--account", "SMITH:BLUE"]);
    assert_eq!(without.status.code(), Some(3), "{}", text(&without.stdout));
    assert!(text(&without.stdout).contains("    -  255 SOCK "), "{}", text(&without.stdout));
    let other = arpanet(&["read", &path, "--play", "SITE1", "--account", "SMITH:GREEN"]);
    assert_eq!(other.status.code(), Some(3));
    assert!(text(&other.stdout).contains("    -  230 "), "{}", text(&other.stdout));
    let user = arpanet(&["read", &path, "--play", "SITE3"]);
    assert_eq!(user.status.code(), Some(2), "{}", text(&user.stdout));
    assert!(
        text(&user.stderr).contains("only what others ask of it can be played"),
        "{}",
        text(&user.stderr)
    );
    let nobody = arpanet(&["read", &path, "--play", "NOBODY"]);
    assert!(text(&nobody.stderr).contains("it has those of SITE"), "{}", text(&nobody.stderr));
}
