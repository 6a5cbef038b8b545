//! `arpanet read`: shows captures of hosts' cables.

use trace::{Names, View};

use super::capture_out::{Out, Shown, print_json, print_transcript};
use super::full;
use super::read_args::{ReadArgs, introduce};
use crate::error::CommandError;
use crate::exit::Exit;
use crate::lenses::lenses;
use crate::library::Library;
use crate::terminal::Terminal;

/// Shows a capture.
pub(crate) fn run(args: &ReadArgs, library: &Library, terminal: Terminal) -> Result<Exit, CommandError> {
    if let Some(site) = &args.play {
        return full::play(args, site, library, terminal);
    }
    let lenses = lenses(&args.show)?;
    let path = &args.capture;
    let (introduced, bytes, comes_slowly) = introduce(args, library)?;
    let mut out = Out::new(comes_slowly);
    let shown = if args.json {
        print_json(introduced, bytes, &mut out)
    } else {
        let names = Names::from(introduced.directory().clone());
        let paper = terminal.paper(args.width);
        let view = View { bits: args.bits, paper, ..View::new(&names, &lenses) };
        print_transcript(path, introduced, bytes, &view, &mut out)
    };
    let Shown { broken, is_any_certain } =
        shown.map_err(|error| CommandError::Capture { path: path.clone(), error })?;
    out.end()?;
    match broken {
        Some(error) => Err(CommandError::BrokenCapture { path: path.clone(), error }),
        None if args.strict && is_any_certain => Ok(Exit::RuleBroken),
        None => Ok(Exit::Held),
    }
}
