//! Sweeps as users see them: one table whatever the number of cores, parts that make the whole, and what is wrong as a small
//! scenario.

#[expect(dead_code, reason = "others start hosts with it")]
mod processes;

use std::fs;
use std::path::Path;
use std::process::Command;

use processes::Arpanet;
use serde_json::Value;
use tempfile::TempDir;

/// A scenario in which something happens that it forbids, and never happens what it demands.
const PLANTED: &str = "\
title  A file that nobody may get
net    three-imps

host SITE1  serves ftp  account SMITH password BLUE
  file <SMITH>NOTES.TXT
    | FIRST LINE
host SITE2  serves ftp
host SITE3  runs ftp

SITE3 types  CONNECT SITE1
SITE3 types  LOGIN SMITH BLUE
SITE3 types  GET NOTES.TXT COPY.TXT
SITE3 sees   BYTES RECEIVED

never        SITE3 sees BYTES RECEIVED
sometimes    SITE3 sees CONNECTED
sometimes    SITE3 sees A MIRACLE
";

fn folder() -> TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("there is room for tests")
}

/// Runs a line in a folder: its exit status, and what it says on standard output and standard error.
fn arpanet(folder: &Path, line: &str) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_arpanet"));
    command.current_dir(folder).args(line.split(' '));
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS"] {
        command.env_remove(name);
    }
    let output = command.output().expect("the command is there");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it is text");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

/// The objects of lines of JSON.
fn objects(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).expect("each line is an object")).collect()
}

#[test]
fn the_table_is_the_same_whatever_the_number_of_threads_and_nothing_else_is_printed() {
    let folder = folder();
    let (status, table, error) =
        arpanet(folder.path(), "sweep rfc438-append --seeds 0..150 --jobs 1 --no-shrink");
    assert!(status == Some(0) || status == Some(1), "{error}");
    assert_eq!(error, "", "a pipe gets no progress");
    assert!(table.contains("seeds 0..150") && table.contains("done, and users were told so"), "{table}");
    for jobs in ["2", "5"] {
        let line = format!("sweep rfc438-append --seeds 0..150 --jobs {jobs} --no-shrink");
        assert_eq!(arpanet(folder.path(), &line).1, table, "{jobs} threads");
    }
}

#[test]
fn the_parts_of_a_sweep_make_the_same_table_as_the_whole() {
    let folder = folder();
    fs::write(folder.path().join("planted.scenario"), PLANTED).expect("there is room");
    let names = "sweep echo ./planted.scenario --seeds 7..307";
    let (whole_status, whole, _) = arpanet(folder.path(), names);
    for part in ["2/3", "1/3", "3/3"] {
        let file = part.replace('/', "-of-");
        let (status, told, error) = arpanet(folder.path(), &format!("{names} --shard {part} -o {file}"));
        assert_eq!((status, error.as_str()), (Some(0), ""), "a part that is whole is no failure: {told}");
    }
    let (status, merged, error) = arpanet(folder.path(), "sweep merge 3-of-3 1-of-3 2-of-3");
    assert_eq!((status, merged), (whole_status, whole), "{error}");
    // The same of one file that has all.
    arpanet(folder.path(), &format!("{names} -o all"));
    let (_, merged, _) = arpanet(folder.path(), "sweep merge all");
    assert_eq!(merged, arpanet(folder.path(), names).1);
}

#[test]
fn a_part_that_was_killed_goes_on_where_it_was_and_ends_with_the_same_bytes() {
    let folder = folder();
    let line = "sweep echo --seeds 0..400 -o part";
    let (status, told, _) = arpanet(folder.path(), line);
    assert_eq!((status, told.contains("is whole")), (Some(0), true), "{told}");
    let file = folder.path().join("part");
    let whole = fs::read(&file).expect("it was written");
    let lines: Vec<usize> =
        whole.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at).collect();
    assert!(lines.len() > 4, "a line for each chunk");
    // Whoever is killed leaves any number of whole lines, and perhaps a piece of one.
    for length in [0, 10, lines[0] + 1, lines[1] + 1, lines[2] + 30, lines[lines.len() - 2] + 5, whole.len()]
    {
        fs::write(&file, &whole[..length]).expect("there is room");
        let (merge, _, error) = arpanet(folder.path(), "sweep merge part");
        assert_eq!(
            merge == Some(0),
            length > lines[lines.len() - 2],
            "{length} of {} bytes: {error}",
            whole.len()
        );
        let (status, _, error) = arpanet(folder.path(), line);
        assert_eq!(status, Some(0), "{length} bytes: {error}");
        assert!(fs::read(&file).expect("it is there") == whole, "{length} of {} bytes", whole.len());
    }
}

#[test]
fn what_is_missing_there_twice_or_of_something_else_is_told() {
    let folder = folder();
    let sweep = |line: &str| arpanet(folder.path(), &format!("sweep {line}"));
    for number in 1..=4 {
        assert_eq!(sweep(&format!("echo --seeds 0..8 --shard {number}/4 -o part{number}")).0, Some(0));
    }
    let tells = |line: &str, text: &str| {
        let (status, out, error) = sweep(line);
        assert_eq!((status, out.as_str()), (Some(2), ""), "{line}: {error}");
        let words: Vec<&str> = error.split_whitespace().collect();
        assert!(words.join(" ").contains(text), "{line}: {error}");
    };
    tells("merge part1 part4", "missing: parts 2-3 of 4");
    tells("merge part1 part2 part3", "missing: part 4 of 4");
    tells("merge part1 part2 part3 part4 part2", "are both part 2 of 4");
    sweep("echo --seeds 0..9 --shard 2/4 -o other");
    tells("merge part1 other part3 part4", "not parts of one sweep: seeds 0..9, not 0..8");
    sweep("append-one-byte --seeds 0..8 --shard 2/4 -o another");
    tells("merge part1 another part3 part4", "of append-one-byte, not echo");
    let text = fs::read_to_string(folder.path().join("part2")).expect("it is there");
    fs::write(folder.path().join("old"), text.replace(env!("CARGO_PKG_VERSION"), "0.0.1"))
        .expect("there is room");
    tells("merge part1 old part3 part4", "version 0.0.1, not");
    let fingerprint = text.find("fingerprint\":\"").expect("it has one") + 14;
    let changed = format!("{}{}{}", &text[..fingerprint], "0000000000000000", &text[fingerprint + 16..]);
    fs::write(folder.path().join("changed"), changed).expect("there is room");
    tells("merge part1 changed part3 part4", "the text of echo, or its net, is another");
    fs::write(folder.path().join("damaged"), text.replacen("\"seeds\":", "\"seeds\":1", 1))
        .expect("there is room");
    tells("merge part1 damaged part3 part4", "damaged: its figures do not agree");
    // Nothing is written over what is of another sweep, or no part at all.
    tells("echo --seeds 0..9 --shard 1/4 -o part1", "a part of another sweep");
    tells("echo --seeds 0..8 --shard 2/4 -o part1", "a part of another sweep: part 1 of 4");
    fs::write(folder.path().join("mine"), "my notes\n").expect("there is room");
    tells("echo --seeds 0..8 -o mine", "no part of a sweep");
    assert_eq!(fs::read_to_string(folder.path().join("mine")).expect("it is there"), "my notes\n");
}

#[test]
fn what_is_wrong_is_shrunk_to_a_scenario_that_fails_when_it_is_replayed() {
    let folder = folder();
    fs::write(folder.path().join("planted.scenario"), PLANTED).expect("there is room");
    let (status, table, error) =
        arpanet(folder.path(), "sweep ./planted.scenario --seeds 0..40 --junit junit.xml");
    assert_eq!((status, error.as_str()), (Some(1), ""), "{table}");
    assert!(table.contains("never        SITE3 sees BYTES RECEIVED") && table.contains("WRONG"), "{table}");
    assert!(table.contains("NEVER  sometimes    SITE3 sees A MIRACLE"), "{table}");
    let replay =
        table.lines().find_map(|line| line.split_once("replays: arpanet ")).expect("it was shrunk").1;
    let (status, _, error) = arpanet(folder.path(), replay);
    assert_eq!((status, error.contains("SITE3 sees BYTES RECEIVED")), (Some(1), true), "{replay}: {error}");
    let file = replay.split_once(' ').expect("a command and a file").1;
    let text = fs::read_to_string(folder.path().join(file)).expect("it is there");
    assert!(text.starts_with("# Found by `arpanet sweep ./planted.scenario --seed "), "{text}");
    assert!(
        !text.contains("SITE2") && !text.contains("meanwhile"),
        "nothing in it that is not needed:\n{text}"
    );
    let junit = fs::read_to_string(folder.path().join("junit.xml")).expect("it was written");
    assert!(junit.contains("<failure") && junit.contains("A MIRACLE"), "{junit}");
    // A file of somebody else is left alone.
    fs::write(folder.path().join(file), "mine").expect("there is room");
    let (_, table, _) = arpanet(folder.path(), "sweep ./planted.scenario --seeds 0..40");
    assert!(table.contains("a file of yours has its name"), "{table}");
    assert_eq!(fs::read_to_string(folder.path().join(file)).expect("it is there"), "mine");
}

#[test]
fn a_seed_is_a_scenario_of_its_own_that_says_what_came_of_it() {
    let folder = folder();
    fs::write(folder.path().join("planted.scenario"), PLANTED).expect("there is room");
    let (_, lines, _) = arpanet(folder.path(), "sweep ./planted.scenario --seeds 0..20 --json --no-shrink");
    let lines = objects(&lines);
    // Where the file was not got, it is only said that the scenario fails as it is.
    let is_got = |line: &&Value| line["ending"].as_str().is_some_and(|ending| ending.starts_with("never "));
    let wrong = lines.iter().find(is_got).expect("one is wrong")["seed"].clone();
    let (status, case, _) = arpanet(folder.path(), &format!("sweep ./planted.scenario --seed {wrong}"));
    assert_eq!((status, case.contains("# WRONG: never")), (Some(1), true), "{case}");
    let written = format!("sweep ./planted.scenario --seed {wrong} -o case.scenario");
    assert_eq!(arpanet(folder.path(), &written).0, Some(1));
    assert_eq!(fs::read_to_string(folder.path().join("case.scenario")).expect("it is there"), case);
    assert_eq!(arpanet(folder.path(), "scenario ./case.scenario --check").0, Some(0), "it is a scenario");
}

#[test]
fn all_that_is_told_to_programs_is_in_the_schema_and_the_schema_has_nothing_that_is_not_told() {
    let folder = folder();
    fs::write(folder.path().join("planted.scenario"), PLANTED).expect("there is room");
    let schema: Value =
        serde_json::from_str(&arpanet(folder.path(), "show sweep.schema.json").1).expect("it is JSON");
    let schema_of_lines = jsonschema::validator_for(&schema).expect("it is a schema");
    let mut text = arpanet(folder.path(), "sweep ./planted.scenario echo --seeds 0..30 --json --reached").1;
    arpanet(folder.path(), "sweep ./planted.scenario echo --seeds 0..30 -o part");
    text.push_str(&fs::read_to_string(folder.path().join("part")).expect("it was written"));
    let mut kinds = Vec::new();
    for object in objects(&text) {
        let errors: Vec<String> =
            schema_of_lines.iter_errors(&object).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{object}: {errors:?}");
        kinds.push(object["is"].as_str().expect("it says what it is").to_owned());
    }
    for kind in ["seed", "total", "shrunk", "shard", "part", "end"] {
        assert!(kinds.iter().any(|other| other == kind), "no line is {kind}");
        assert!(schema["$defs"][kind]["description"].is_string(), "{kind} is described");
    }
    let mut wrong = objects(&text)[0].clone();
    wrong["surprise"] = Value::Bool(true);
    assert!(!schema_of_lines.is_valid(&wrong), "a field that is not described would be seen");
}

#[test]
fn an_interrupt_ends_with_what_is_known_so_far() {
    let (mut sweep, _) = Arpanet::typed_to(&["sweep", "echo", "--seeds", "0..100000000", "--json"]);
    sweep.says("\"is\":\"seed\"");
    sweep.interrupt();
    assert_eq!(sweep.ends(), Some(1), "not all was done");
    let last: Value = serde_json::from_str(sweep.seen.last().expect("it says something")).expect("JSON");
    let seeds = last["seeds"].as_u64().expect("it says how many");
    assert_eq!((last["is"].as_str(), seeds > 0 && seeds < 100_000_000), (Some("total"), true), "{last}");
}

#[test]
fn what_was_found_does_not_come_back() {
    let folder = folder();
    let (status, table, error) = arpanet(folder.path(), "sweep --regress --junit found.xml");
    assert_eq!(status, Some(0), "{table}{error}");
    let junit = fs::read_to_string(folder.path().join("found.xml")).expect("it was written");
    assert!(junit.contains("<testcase") && !junit.contains("<failure"), "{junit}");
    let rows = table.lines().filter(|line| line.starts_with("ok")).count();
    assert_eq!(junit.matches("<testcase").count(), rows, "each has its case: {junit}");
}

/// An option of which nothing would come is refused, and not passed over.
#[test]
fn what_makes_no_sense_together_is_refused_with_a_sentence() {
    let folder = folder();
    for line in [
        "sweep echo --seed 3 --junit it.xml",
        "sweep echo --seed 3 --reached",
        "sweep echo --seeds 0..2 -o part --junit it.xml",
        "sweep echo --seeds 0..2 -o part --keep here",
        "sweep --regress --reached",
        "sweep --regress --keep here",
    ] {
        let (status, table, error) = arpanet(folder.path(), line);
        assert_eq!((status, table.as_str()), (Some(2), ""), "{line}");
        assert!(error.contains("cannot be used with") || error.contains("--"), "{line}: {error}");
        assert_eq!(fs::read_dir(folder.path()).expect("it is there").count(), 0, "{line} writes nothing");
    }
}

#[test]
fn a_sweep_that_tries_nothing_says_so() {
    let folder = folder();
    let (_, lines, _) = arpanet(folder.path(), "sweep requests-cross --seeds 0..40 --json");
    let lines = objects(&lines);
    let calm = lines.iter().find(|line| line["faults"] == 0).expect("in one nothing breaks");
    let calm = calm["seed"].as_u64().expect("it is a number");
    let line = format!("sweep requests-cross --seeds {calm}..{}", calm + 1);
    let (status, table, error) = arpanet(folder.path(), &line);
    assert_eq!((status, table.contains("In no seed did anything break")), (Some(0), true), "{table}{error}");
    let (_, table, _) = arpanet(folder.path(), "sweep requests-cross --seeds 0..40");
    assert!(!table.contains("In no seed"), "what was tried is not called untried: {table}");
}
