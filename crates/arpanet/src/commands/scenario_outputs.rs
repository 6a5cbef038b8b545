//! The files into which a run is written, beside its transcript: a plot, a capture, a ladder.

use std::path::{Path, PathBuf};

use imp::visible::visible;
use scenario::Scenario;
use scenario::ast::Action;
use sim::Outcome;
use trace::Lens;
use trace::capture::write_run;
use view::ladder::{self, LadderOptions};
use view::plot;
use view::sheet::Sheet;

use super::scenario::ScenarioArgs;
use crate::error::CommandError;
use crate::output_file::{OutputError, OutputFile, is_apart, is_one_file, is_pipe, is_standard_output};
use crate::terminal::Terminal;

/// The options that name a file, with what goes into it.
fn named(args: &ScenarioArgs) -> [(&'static str, &'static str, Option<&PathBuf>); 3] {
    [
        ("--plot", "the plot", args.plot.as_ref()),
        ("--pcapng", "the capture", args.pcapng.as_ref()),
        ("--ladder", "the ladder", args.ladder.as_ref()),
    ]
}

/// Files that can be written, for what was asked for.
pub(super) struct Outputs {
    plot: Option<OutputFile>,
    capture: Option<OutputFile>,
    ladder: Option<(OutputFile, LadderForm)>,
    /// Whether one of them is standard output.
    pub(super) take_standard_output: bool,
}

/// In what form a ladder is written.
#[derive(Clone, Copy)]
enum LadderForm {
    Svg,
    Mermaid,
}

impl Outputs {
    /// Makes sure that all files can be written, and that each is another one, and none that is read.
    pub(super) fn prepare(
        args: &ScenarioArgs,
        scenario: &Scenario,
        read: &[PathBuf],
        terminal: Terminal,
    ) -> Result<Self, CommandError> {
        let outputs = named(args).into_iter().filter_map(|(option, what, path)| Some((option, what, path?)));
        let outputs: Vec<_> = outputs.collect();
        for (number, (option, _, path)) in outputs.iter().enumerate() {
            is_apart(option, path, read)?;
            if is_pipe(path) {
                let path = path.display().to_string();
                terminal
                    .tell(&format!("{option} {} is a named pipe: it waits for a reader\n", visible(&path)));
            }
            let is_it = |other: &Path| is_one_file(path, other);
            let earlier = outputs[..number].iter().filter(|(.., path)| !is_standard_output(path));
            if let Some((_, what, _)) = earlier.into_iter().find(|(.., other)| is_it(other)) {
                return Err(OutputError::IsWritten { option, path: (*path).clone(), other: what }.into());
            }
            if let Some(kept) = args.against.as_ref().filter(|kept| is_it(kept)) {
                let (option, path, other) = ("--against", kept.clone(), "something else");
                return Err(OutputError::IsWritten { option, path, other }.into());
            }
        }
        let is_measured = |step: &scenario::ast::Step| matches!(step.action, Action::Measure(_));
        if args.plot.is_some() && !scenario.steps.iter().any(is_measured) {
            return Err(CommandError::NothingToPlot);
        }
        let form = args.ladder.as_deref().map(form).transpose()?;
        let file = |option, path: &Option<PathBuf>| {
            path.as_ref().map(|path| OutputFile::prepare(option, path)).transpose()
        };
        let prepared = Outputs {
            plot: file("--plot", &args.plot)?,
            capture: file("--pcapng", &args.pcapng)?,
            ladder: file("--ladder", &args.ladder)?.zip(form),
            take_standard_output: outputs.iter().any(|(.., path)| is_standard_output(path)),
        };
        let to_standard_output = outputs.iter().filter(|(.., path)| is_standard_output(path)).count();
        if to_standard_output + usize::from(args.json) > 1 {
            return Err(CommandError::StandardOutputTwice);
        }
        Ok(prepared)
    }

    /// Writes all of them. One that cannot be written does not keep the others from it; the first is told.
    pub(super) fn write(
        self,
        args: &ScenarioArgs,
        scenario: &Scenario,
        outcome: &Outcome,
        lenses: &[Lens],
    ) -> Result<(), CommandError> {
        let plotted = self.plot.map_or(Ok(()), |file| {
            let svg = plot::svg(&scenario.title, &outcome.measured, &outcome.names);
            text(file, &svg.ok_or(CommandError::NothingToPlot)?)
        });
        let captured = self.capture.map_or(Ok(()), |file| {
            let written =
                file.write(|file| write_run(file, &outcome.records, outcome.names.hosts()).map(|_| ()));
            written.map_err(CommandError::from)
        });
        let drawn = self.ladder.map_or(Ok(()), |(file, form)| {
            let sheet = Sheet::new(scenario, outcome);
            let options = LadderOptions { lenses, scale: args.scale.into(), theme: args.theme.into() };
            match form {
                LadderForm::Svg => text(file, &ladder::svg(&sheet, &options)),
                LadderForm::Mermaid => text(file, &ladder::mermaid(&sheet, &options)),
            }
        });
        plotted.and(captured).and(drawn)
    }
}

fn text(file: OutputFile, text: &str) -> Result<(), CommandError> {
    file.write(|file| file.write_all(text.as_bytes()))?;
    Ok(())
}

/// In what form a ladder is written into a file: its name says so.
fn form(path: &Path) -> Result<LadderForm, CommandError> {
    if is_standard_output(path) {
        return Ok(LadderForm::Svg);
    }
    match path.extension().map(|extension| extension.to_ascii_lowercase()) {
        Some(extension) if extension == "svg" => Ok(LadderForm::Svg),
        Some(extension) if extension == "mmd" => Ok(LadderForm::Mermaid),
        _ => Err(CommandError::LadderForm(path.to_owned())),
    }
}
