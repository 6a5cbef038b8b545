//! `arpanet sweep -o FILE`: sweeps a part of the seeds into a file, and goes on where it was.

use std::fs::{File, TryLockError};
use std::io::{self, Write};
use std::ops::Range;
use std::path::Path;

use super::lines::line;
use super::shard_file::{End, Head, Part, read};
use super::to_sweep::ToSweep;
use super::work::Work;
use crate::commands::sweep_args::Shard;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::output_file::OutputError;
use crate::sweep_error::SweepError;
use crate::terminal::Terminal;

/// Sweeps what the file does not have yet.
pub(super) fn run(
    to_sweep: &[ToSweep],
    (all, shard, is_twice): (&Range<u64>, Shard, bool),
    path: &Path,
    work: &Work,
    terminal: Terminal,
) -> Result<Exit, CommandError> {
    let failed = |error| CommandError::from(OutputError::Io { option: "-o", path: path.to_owned(), error });
    let head = Head::new(to_sweep, all, shard, is_twice);
    let seeds = head.seeds();
    let mut file = open(path)?;
    let found = read(path)?;
    let mut next = vec![seeds.start; to_sweep.len()];
    let mut is_whole = false;
    match found {
        Some(found) => {
            let is_other_part = found.head.shard != head.shard;
            let what = is_other_part.then(|| format!("part {} of {}", found.head.shard, found.head.of));
            if let Some(what) = found.head.differs(&head).or(what) {
                return Err(SweepError::OtherSweep { path: path.to_owned(), what }.into());
            }
            file.set_len(found.length).map_err(failed)?;
            (next, is_whole) = (found.next, found.is_whole);
        }
        None => {
            file.set_len(0).map_err(failed)?;
            append(&mut file, &line(&head)).map_err(failed)?;
        }
    }
    if next.iter().any(|next| *next > seeds.start) && !is_whole {
        terminal.tell(&format!("{} goes on where it was\n", path.display()));
    }
    for ((number, one), next) in to_sweep.iter().enumerate().zip(&mut next) {
        if work.is_stopped() {
            break;
        }
        *next = work.play(&one.lab, &one.name, *next..seeds.end, |seeds, trials| {
            if trials.is_empty() {
                return Ok(());
            }
            let mut count = one.count();
            trials.iter().for_each(|trial| count.add(trial));
            append(&mut file, &line(&Part::new(number, seeds, &count))).map_err(failed)
        })?;
    }
    let is_done = next.iter().all(|next| *next == seeds.end);
    if is_done && !is_whole {
        append(&mut file, &line(&End::HERE)).map_err(failed)?;
    }
    let Shard { number, of } = shard;
    let state = if is_done { "whole" } else { "not finished: start it again, and it goes on" };
    terminal.say(&format!(
        "{}: part {number} of {of}, seeds {}..{}, is {state}\n",
        path.display(),
        seeds.start,
        seeds.end
    ))?;
    Ok(if is_done { Exit::Held } else { Exit::Failed })
}

/// Opens the file, of which nobody else may be writing.
fn open(path: &Path) -> Result<File, CommandError> {
    let failed = |error| CommandError::from(OutputError::Io { option: "-o", path: path.to_owned(), error });
    if path.is_dir() {
        return Err(OutputError::IsFolder { option: "-o", path: path.to_owned() }.into());
    }
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    if folder.is_some_and(|folder| !folder.exists()) {
        return Err(OutputError::no_folder("-o", path).into());
    }
    let file = File::options().append(true).read(true).create(true).open(path).map_err(failed)?;
    match file.try_lock() {
        // Not every file system of a cluster knows locks.
        Ok(()) | Err(TryLockError::Error(_)) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(SweepError::InUse(path.to_owned()).into()),
    }
}

/// Appends a line. It is on the disk before the next seeds are played.
fn append(file: &mut File, line: &str) -> io::Result<()> {
    file.write_all(line.as_bytes())?;
    file.flush()
}
