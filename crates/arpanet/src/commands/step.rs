//! `arpanet step`: a run at the terminal, step by step.

use std::io::{self, IsTerminal};

use imp::Watch;
use ratatui::DefaultTerminal;
use ratatui::crossterm::event::{self, Event, KeyEventKind};
use sim::{Options, Prepared};
use trace::Keep;
use view::sheet::Sheet;

use super::scenario::{read, replay_with_tables};
use super::step_args::StepArgs;
use crate::error::{CommandError, FailedRun};
use crate::exit::Exit;
use crate::library::Library;
use crate::stepper::{Goes, Stepper};
use crate::terminal::Terminal;

/// The terminal while the stepper has it. It is given back when this is dropped, and if the program panics.
struct Screen(DefaultTerminal);

impl Drop for Screen {
    fn drop(&mut self) {
        ratatui::restore();
    }
}

/// Replays a scenario and shows it until a key ends that.
pub(crate) fn run(args: &StepArgs, library: &Library, terminal: Terminal) -> Result<Exit, CommandError> {
    let (source, mut scenario) = read(library, &args.name)?;
    let other_seed = args.seed.filter(|seed| *seed != scenario.seed);
    scenario.seed = other_seed.unwrap_or(scenario.seed);
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        return Err(CommandError::NoTerminalToStep);
    }
    let prepared = Prepared::new(scenario);
    let scenario = prepared.scenario();
    let options = Options { keep: Keep::Records, watch: Watch::NoRouting };
    let outcome = replay_with_tables(&prepared, options, terminal);
    let sheet = Sheet::new(scenario, &outcome);
    let mut stepper = Stepper::new(&sheet, &source.text, terminal.color);
    if let Some(text) = &args.from
        && !stepper.find(text)
    {
        return Err(CommandError::NothingSays(text.clone()));
    }
    show(&mut stepper).map_err(CommandError::Steps)?;
    match outcome.verdict {
        Ok(()) => Ok(Exit::Held),
        Err(failures) => Err(CommandError::Failed(FailedRun { file: source.name, failures, other_seed })),
    }
}

fn show(stepper: &mut Stepper<'_>) -> io::Result<()> {
    let mut screen = Screen(ratatui::try_init()?);
    loop {
        screen.0.draw(|frame| stepper.draw(frame))?;
        let goes = match event::read()? {
            Event::Key(key) if key.kind != KeyEventKind::Release => stepper.key(key),
            _ => Goes::On,
        };
        if goes == Goes::Ends {
            return Ok(());
        }
    }
}
