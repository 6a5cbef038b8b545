//! The files into which a run is written, beside its transcript: a plot, a capture, a ladder, a map, the files of its hosts.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use host::disk::{DiskFile, onto_disk};
use imp::Watch;
use imp::visible::visible;
use machine::Instant;
use scenario::Scenario;
use scenario::ast::Action;
use sim::{Options, Outcome, replay};
use trace::capture::write_run;
use trace::{Keep, Lens};
use view::ladder::{self, LadderOptions, Scale};
use view::map::{self, MapMoment};
use view::palette::Theme;
use view::plot;
use view::sheet::Sheet;

use crate::error::CommandError;
use crate::folder_files::NewFolder;
use crate::numbers;
use crate::output_file::{OutputError, OutputFile, is_apart, is_one_file, is_pipe, is_standard_output};
use crate::terminal::Terminal;

/// What a run is written into beside its transcript.
#[derive(Debug, Args)]
pub(super) struct OutputArgs {
    /// Write a plot of what the scenario measures, as SVG; `-` is standard output, where nothing else is then.
    #[arg(long, value_name = "FILE")]
    pub(super) plot: Option<PathBuf>,

    /// Draw the ladder of the run, a lane for each host and an arrow for each message, into a FILE that ends in .svg, or in
    /// .mmd for mermaid; `-` is standard output, as SVG. With --show imp,packets it has lanes for the IMPs, too. It has 20,000 steps at most.
    #[arg(long, value_name = "FILE", conflicts_with = "check")]
    pub(super) ladder: Option<PathBuf>,

    /// How time runs down the ladder.
    #[arg(long, value_enum, default_value_t, requires = "ladder")]
    scale: ScaleArg,

    /// On what ground the ladder is drawn.
    #[arg(long, value_enum, default_value_t, requires = "ladder")]
    theme: ThemeArg,

    /// Draw the map of the net as it is at the time of --at, into a FILE as SVG: dead lines and IMPs, packets where they are,
    /// how many wait, and their ways; `-` is standard output.
    #[arg(long, value_name = "FILE", requires = "at", conflicts_with = "check")]
    pub(super) map: Option<PathBuf>,

    /// When the net is as the map shows it, in seconds of the run, like 0.62.
    #[arg(long, value_name = "SECONDS", value_parser = numbers::time, requires = "map", allow_negative_numbers = true)]
    at: Option<Instant>,

    /// Write the files that the hosts have at the end into a FOLDER that is new or empty, in a folder for each host: <SMITH>A.B
    /// of SITE1 as SITE1/SMITH/A.B, and the older version 1 of it as A.B.~1~. Lines end there as they do on this machine's
    /// disk. A host of a scenario can have its files from there: see `folder` in the language.
    #[arg(long, value_name = "FOLDER", conflicts_with = "check")]
    pub(super) files_out: Option<PathBuf>,

    /// Write what crosses the hosts' cables into a capture for Wireshark, as the UDP datagrams of emulated
    /// IMPs, and passwords with it; `-` is standard output. `read` shows it again, and `read --help` says more.
    #[arg(long, value_name = "FILE")]
    pub(super) pcapng: Option<PathBuf>,
}

/// How time runs down a ladder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum ScaleArg {
    /// One thing below the other; long gaps are said.
    #[default]
    Order,
    /// To scale; long gaps are cut short.
    Time,
}

impl From<ScaleArg> for Scale {
    fn from(scale: ScaleArg) -> Self {
        match scale {
            ScaleArg::Order => Scale::Order,
            ScaleArg::Time => Scale::Time,
        }
    }
}

/// On what ground a picture is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum ThemeArg {
    /// Dark on light; prints well.
    #[default]
    Light,
    /// Light on dark.
    Dark,
}

impl From<ThemeArg> for Theme {
    fn from(theme: ThemeArg) -> Self {
        match theme {
            ThemeArg::Light => Theme::Light,
            ThemeArg::Dark => Theme::Dark,
        }
    }
}

/// The options that name a file, with what goes into it.
fn named(args: &OutputArgs) -> [(&'static str, &'static str, Option<&PathBuf>); 4] {
    [
        ("--plot", "the plot", args.plot.as_ref()),
        ("--pcapng", "the capture", args.pcapng.as_ref()),
        ("--ladder", "the ladder", args.ladder.as_ref()),
        ("--map", "the map", args.map.as_ref()),
    ]
}

/// Files that can be written, for what was asked for.
pub(super) struct Outputs {
    plot: Option<OutputFile>,
    capture: Option<OutputFile>,
    ladder: Option<(OutputFile, LadderForm)>,
    map: Option<OutputFile>,
    files: Option<NewFolder>,
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
        args: &OutputArgs,
        kept: Option<&Path>,
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
            if let Some(kept) = kept.filter(|kept| is_it(kept)) {
                let (option, path, other) = ("--against", kept.to_owned(), "something else");
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
            map: file("--map", &args.map)?,
            files: args
                .files_out
                .as_deref()
                .map(|path| NewFolder::prepare("--files-out", path))
                .transpose()?,
            take_standard_output: outputs.iter().any(|(.., path)| is_standard_output(path)),
        };
        let to_standard_output = outputs.iter().filter(|(.., path)| is_standard_output(path)).count();
        if to_standard_output > 1 {
            return Err(CommandError::StandardOutputTwice);
        }
        Ok(prepared)
    }

    /// Writes all of them. One that cannot be written does not keep the others from it; the first is told.
    pub(super) fn write(
        self,
        args: &OutputArgs,
        scenario: &Scenario,
        outcome: &Outcome,
        lenses: &[Lens],
    ) -> Result<(), CommandError> {
        let plotted = self.plot.map_or(Ok(()), |file| {
            let svg = plot::svg(&view::report::title(scenario), &outcome.measured, &outcome.names);
            text(file, &svg.ok_or(CommandError::NothingToPlot)?)
        });
        let captured = self.capture.map_or(Ok(()), |file| {
            let written =
                file.write(|file| write_run(file, &outcome.records, outcome.names.hosts()).map(|_| ()));
            written.map_err(CommandError::from)
        });
        let drawn = self.ladder.map_or(Ok(()), |(file, form)| {
            let sheet = Sheet::new(scenario, outcome);
            let steps = ladder::steps(&sheet, lenses);
            if steps > ladder::MOST_STEPS {
                return Err(CommandError::LadderTooLong(steps));
            }
            let options = LadderOptions { lenses, scale: args.scale.into(), theme: args.theme.into() };
            match form {
                LadderForm::Svg => text(file, &ladder::svg(&sheet, &options)),
                LadderForm::Mermaid => text(file, &ladder::mermaid(&sheet, &options)),
            }
        });
        let mapped = self.map.map_or(Ok(()), |file| {
            // By itself, so that the records of all else have the numbers that they have without a map.
            let outcome = replay(scenario, Options { keep: Keep::Records, watch: Watch::NoRouting });
            let moment = MapMoment::of(&outcome.records, &scenario.net, args.at.unwrap_or_default());
            text(file, &map::svg_at(&scenario.net, &moment))
        });
        let filed =
            self.files.map_or(Ok(()), |folder| folder.write(files(outcome)).map_err(CommandError::from));
        plotted.and(captured).and(drawn).and(mapped).and(filed)
    }
}

/// The files that the hosts have at the end, in a folder for each host.
fn files(outcome: &Outcome) -> impl Iterator<Item = DiskFile> {
    outcome.files().flat_map(|(host, files)| {
        onto_disk(files).into_iter().map(move |file| {
            let directory = std::iter::once(host.clone()).chain(file.directory).collect();
            DiskFile { directory, ..file }
        })
    })
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
