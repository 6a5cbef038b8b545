//! Reads what [`json`](crate::json) tells: a run or a capture that was kept, to be compared with others.
//!
//! Everything that is not needed, or not known, is passed over. Whatever stands in the file, it is read in bounded memory.

use std::collections::BTreeSet;
use std::io::{self, BufRead, Read};

use imp1822::HostAddress;
use machine::Instant;
use serde_json::Value;
use sim::lab::compare::{Happening, Run, Sort};
use trace::Lens;

use crate::json::SCHEMA;

/// The longest line, in bytes. What a cable carries in one message needs some 3 kB.
const LONGEST: usize = 4_000_000;

/// The most bytes of a record.
const MOST: usize = 1_000_000_000;

/// Why a record cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum JsonError {
    /// The file cannot be read.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// A line is no JSON, or lacks what it must have.
    #[error("line {line}: {why}")]
    Line {
        /// The line, the first being 1.
        line: usize,
        /// What is wrong with it.
        why: String,
    },
    /// It has nothing in it.
    #[error("it is empty")]
    Empty,
    /// It is longer than anything that is read.
    #[error("it is longer than {MOST} bytes")]
    TooLong,
}

/// A run that was kept.
#[derive(Debug)]
pub struct Kept {
    /// The run.
    pub run: Run,
    /// What did not hold in it.
    pub failures: Vec<String>,
    /// Whether its end is there. A record that breaks off is compared as far as it goes.
    pub is_whole: bool,
}

/// Reads a record, as `scenario --json` and `read --json` print it.
///
/// # Errors
/// It is none.
pub fn read(mut lines: impl BufRead) -> Result<Kept, JsonError> {
    let mut kept = Kept { run: Run::default(), failures: Vec::new(), is_whole: false };
    let mut text = Vec::new();
    let mut all = 0;
    for line in 1.. {
        text.clear();
        let length = (&mut lines).take(LONGEST as u64 + 1).read_until(b'\n', &mut text)?;
        let wrong = |why: &str| JsonError::Line { line, why: why.to_owned() };
        match length {
            0 if line == 1 => return Err(JsonError::Empty),
            0 => return Ok(kept),
            _ if length > LONGEST => return Err(wrong("it is too long for a record")),
            _ => all += length,
        }
        if all > MOST {
            return Err(JsonError::TooLong);
        }
        let value: Value = serde_json::from_slice(&text).map_err(|error| match error.is_eof() {
            _ if line == 1 => wrong("it is no JSON"),
            true => wrong("it breaks off"),
            false => wrong(&format!("no JSON at column {}", error.column())),
        })?;
        let is = value["is"].as_str().ok_or_else(|| wrong("it does not say what it is: no text `is`"))?;
        if line == 1 {
            if !["run", "capture"].contains(&is) {
                return Err(wrong(&format!("it begins with `{is}`, and not with `run` or `capture`")));
            }
            if value["schema"] != SCHEMA {
                return Err(wrong(&format!("schema {} is not known here, only {SCHEMA}", value["schema"])));
            }
        }
        take(&mut kept, is, &value).ok_or_else(|| wrong(&format!("this is no `{is}` of schema {SCHEMA}")))?;
    }
    Ok(kept)
}

/// Takes a line. `None` if it lacks what it must have.
fn take(kept: &mut Kept, is: &str, value: &Value) -> Option<()> {
    let Kept { run, failures, is_whole } = kept;
    match is {
        "run" => run.seed = value["seed"].as_u64(),
        "capture" => {
            let cables = value["cables"].as_array()?;
            let hosts = cables.iter().map(|cable| host(run, &cable["host"]));
            run.cables = Some(hosts.collect::<Option<BTreeSet<String>>>()?);
        }
        "cable" => {
            let name = host(run, &value["host"])?;
            run.cables.get_or_insert_default().insert(name);
        }
        "sent" | "received" => {
            let at = value["at_us"].as_u64().map(Instant::from_micros);
            host(run, &value["host"])?;
            let says = value["says"].as_array()?;
            if let Some(bits) = value["bits"].as_u64() {
                run.figures.cross(at, usize::try_from(bits).ok()?);
            }
            let mut first = None;
            for part in says {
                let happening = happening(at, None, part)?;
                let sort = Sort::of(happening.lens, &happening.what);
                first = first.or(Some((sort, happening.who.clone())));
                run.happened.push(happening);
            }
            if let ("sent", Some((Some(sort), who))) = (is, first)
                && let Some(parties) = who.split_once(" -> ")
            {
                let header = &value["header"];
                let text = header["size"].as_u64().zip(header["count"].as_u64());
                run.figures.send(
                    at,
                    sort,
                    parties,
                    text.map_or(0, |(size, count)| size.saturating_mul(count)),
                );
            }
        }
        "trouble" => {
            let name = host(run, &value["host"])?;
            let who = match value["from"].as_str()? {
                "host" => format!("{name} -> IMP"),
                _ => format!("IMP -> {name}"),
            };
            let what = value["what"].as_str()?.to_owned();
            let at = value["at_us"].as_u64().map(Instant::from_micros);
            run.happened.push(Happening { at, lens: Lens::Trouble, who, what });
        }
        "happening" => {
            let at = value["at_us"].as_u64().map(Instant::from_micros);
            for part in value["says"].as_array()? {
                run.happened.push(happening(at, value["who"].as_str(), part)?);
            }
        }
        "outcome" => {
            let told = value["failures"].as_array()?.iter();
            failures.extend(told.filter_map(Value::as_str).map(str::to_owned));
            *is_whole = true;
        }
        "end" => *is_whole = value["broken"].is_null(),
        // The first line has told it, or it is of no use here.
        _ => {}
    }
    Some(())
}

/// The name of a host, which is one of the run from now on.
fn host(run: &mut Run, value: &Value) -> Option<String> {
    let number = u8::try_from(value["number"].as_u64()?).ok()?;
    let name = value["name"].as_str()?;
    Some(run.hosts.entry(HostAddress::from(number)).or_insert_with(|| name.to_owned()).clone())
}

/// A line of the transcript: who, if that stands beside it, else sender and receiver.
fn happening(at: Option<Instant>, who: Option<&str>, part: &Value) -> Option<Happening> {
    let who = match who {
        Some(who) => who.to_owned(),
        None => format!("{} -> {}", part["from"].as_str()?, part["to"].as_str()?),
    };
    let lens = part["lens"].as_str()?.parse().ok()?;
    Some(Happening { at, lens, who, what: part["what"].as_str()?.to_owned() })
}
