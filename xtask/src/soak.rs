//! `cargo xtask soak`: sweeps a scenario of each family, a fixed range of seeds, or for a time, from where the last one ended.

use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Duration;

use clap::{Arg, ArgAction, ArgMatches};

/// A scenario of each family: a third party and two servers; a user and a server; NCPs worked by hand; lists; users of a server
/// side by side. Then others of them, which take longer.
const FAMILIES: [&str; 14] = [
    "rfc438-append",
    "rfc354-stor",
    "requests-cross",
    "list-and-delete",
    "two-users-at-once",
    "third-party-by-hand",
    "abort-by-hand",
    "ring-is-cut",
    "rfc354-retr",
    "rfc354-appe",
    "rename-by-hand",
    "both-ways-at-once",
    "abort-with-synch",
    "hostile-neighbours",
];

/// So many of the families are in the gate, which takes two minutes of two cores.
const OF_GATE: usize = 5;

/// The seeds of the gate.
const GATE: u64 = 2000;

/// Where it is noted how far the last one came: the first seed that it did not play.
const NEXT: &str = "target/soak/next-seed";

/// Where the smallest scenarios are written.
const KEEP: &str = "target/soak";

/// The first turn of a soak, which shows how long a seed takes.
const FIRST_TURN: u64 = 200;

/// The arguments.
pub(crate) fn command() -> clap::Command {
    let span =
        Arg::new("for").long("for").value_name("SPAN").value_parser(span).required_unless_present("gate");
    let span = span.help("Sweep for this time (90s, 10min, 8h), from where the last one ended");
    let gate = Arg::new("gate").long("gate").action(ArgAction::SetTrue).conflicts_with("for");
    let gate = gate.help("Sweep what the gate does, seeds 0..2000, without optimising the program first");
    clap::Command::new("soak")
        .about("Sweep a scenario of each family, longer than the gate does")
        .args([span, gate])
}

/// Sweeps.
pub(crate) fn run(matches: &ArgMatches, root: &Path) -> ExitCode {
    let ended = match matches.get_one::<Duration>("for") {
        Some(span) => soak(root, *span),
        None => sweep(root, &[], &FAMILIES[..OF_GATE], 0..GATE),
    };
    match ended {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

/// Sweeps for a time. Returns whether everything held.
fn soak(root: &Path, span: Duration) -> Result<bool, String> {
    let noted = root.join(NEXT);
    let mut next = fs::read_to_string(&noted).ok().and_then(|text| text.trim().parse().ok()).unwrap_or(GATE);
    let failed = |error: std::io::Error| format!("{}: {error}", noted.display());
    fs::create_dir_all(root.join(KEEP)).map_err(failed)?;
    let release = ["--release"];
    // What is built first is no part of the time.
    cargo(root, &["build", "--package", "arpanet", "--release"])?;
    let mut turn = FIRST_TURN;
    let mut holds = true;
    let mut left = span;
    loop {
        #[expect(clippy::disallowed_types, reason = "how long a person lets it run is real time")]
        let began = std::time::Instant::now();
        holds &= sweep(root, &release, &FAMILIES, next..next + turn)?;
        let took = began.elapsed();
        next += turn;
        fs::write(&noted, format!("{next}\n")).map_err(failed)?;
        left = left.saturating_sub(took);
        let per_seed = took.max(Duration::from_millis(1)).as_secs_f64() / turn as f64;
        // Turns grow, so that there are few tables; the last one fits.
        let fits = (left.as_secs_f64() / per_seed) as u64;
        turn = fits.min(turn.saturating_mul(10));
        if turn < FIRST_TURN / 10 {
            println!("\nthe next one begins at seed {next}");
            return Ok(holds);
        }
    }
}

/// Sweeps seeds of families. Returns whether everything held.
fn sweep(
    root: &Path,
    build: &[&str],
    families: &[&str],
    seeds: std::ops::Range<u64>,
) -> Result<bool, String> {
    let seeds = format!("{}..{}", seeds.start, seeds.end);
    let mut arguments = vec!["run", "--quiet", "--package", "arpanet"];
    arguments.extend(build);
    arguments.extend(["--", "sweep"]);
    arguments.extend(families);
    arguments.extend(["--seeds", &seeds, "--keep", KEEP]);
    cargo(root, &arguments)
}

/// Whether cargo ends with 0, or with 1.
fn cargo(root: &Path, arguments: &[&str]) -> Result<bool, String> {
    let status = Command::new(env!("CARGO")).current_dir(root).args(arguments).status();
    let status = status.map_err(|error| format!("{}: {error}", env!("CARGO")))?;
    match status.code() {
        Some(0) => Ok(true),
        Some(1) => Ok(false),
        _ => Err(format!("`cargo {}` ended with {status}", arguments.join(" "))),
    }
}

/// A time with its unit.
fn span(text: &str) -> Result<Duration, String> {
    let digits = text.len() - text.trim_start_matches(|letter: char| letter.is_ascii_digit()).len();
    let number: u64 = text[..digits].parse().map_err(|_| format!("{text}: a number belongs here"))?;
    let seconds = match &text[digits..] {
        "s" => 1,
        "min" => 60,
        "h" => 3600,
        _ => return Err(format!("{text}: a time has a unit, as 90s, 10min or 8h")),
    };
    Ok(Duration::from_secs(number.saturating_mul(seconds)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_family_has_its_scenario() {
        let scenarios = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scenarios");
        for name in FAMILIES {
            assert!(scenarios.join(format!("{name}.scenario")).is_file(), "{name}");
        }
    }

    #[test]
    fn times_have_units() {
        assert_eq!(span("10min"), Ok(Duration::from_secs(600)));
        assert_eq!(span("90s"), Ok(Duration::from_secs(90)));
        for wrong in ["10", "min", "10m", "-1s"] {
            assert!(span(wrong).is_err(), "{wrong}");
        }
    }
}
