//! `arpanet read --play`: plays what others said to a host to one of ours, and shows what the two answer.

use std::fmt::Write;
use std::sync::Arc;

use host::live::Clock;
use host::{Host, Naming, Settings};
use imp::Net;
use imp1822::HostAddress;
use sim::{Comparison, Mark, Play, PlayedLine};
use trace::Names;
use trace::capture::{Introduced, Told};

use super::read_args::{ReadArgs, introduce};
use crate::error::CommandError;
use crate::exit::Exit;
use crate::library::Library;
use crate::terminal::Terminal;

/// So many equal answers in a row are not counted, but shown.
const SHOWN: usize = 3;

/// Plays a capture.
pub(crate) fn run(
    args: &ReadArgs,
    site: &str,
    library: &Library,
    terminal: Terminal,
) -> Result<Exit, CommandError> {
    let (introduced, bytes, _) = introduce(args, library)?;
    let names = Names::from(introduced.directory().clone());
    let address = find(site, &introduced)?;
    let net = args.net.as_ref().map(|name| library.read_net(name)).transpose()?.unwrap_or_else(Net::default);
    let naming = net.host_at(address).map_or_else(Naming::default, |site| Naming::of_system(&site.system));
    let mut errors: Vec<CommandError> = Vec::new();
    let mut files = args.storage.files(naming, Clock::start(), terminal, &mut errors);
    args.server.grant(&mut files, &mut errors);
    let settings = Settings {
        name: names.host(address),
        address,
        directory: Arc::clone(names.hosts()),
        files,
        accounts: args.storage.accounts(&mut errors),
        programs: vec![args.server.server()],
        ..Settings::default()
    };
    if !errors.is_empty() {
        return Err(CommandError::all(errors));
    }
    let mut play = Play::new(address, Host::new(settings));
    let path = args.capture.clone();
    let telling = introduced.tell(bytes);
    let mut telling = telling.map_err(|error| CommandError::Capture { path: path.clone(), error })?;
    for told in &mut telling {
        if let Told::Happened { record, .. } = told {
            play.take(&record);
        }
    }
    let broken = telling.error().cloned();
    let comparison = play.finish();
    let is_empty = comparison.lines.iter().all(|line| line.mark == Mark::Heard);
    if is_empty {
        let why = match comparison.asked {
            0 => "it was sent no request and no command that wants an answer",
            _ => "it asked others itself, as a user: only what others ask of it can be played",
        };
        return Err(CommandError::NothingToPlay { site: site.to_owned(), why });
    }
    let text = show(&comparison, &names, address);
    terminal.print(&terminal.paper(args.width).fill(&text, 2))?;
    match broken {
        Some(error) => Err(CommandError::BrokenCapture { path, error }),
        None if comparison.is_the_same() => Ok(Exit::Held),
        None => Ok(Exit::RuleBroken),
    }
}

/// The host of that name or number whose cable is in the capture.
fn find(site: &str, capture: &Introduced) -> Result<HostAddress, CommandError> {
    let directory = capture.directory();
    let by_number = site.parse::<u8>().ok().map(HostAddress::from);
    let address = by_number.or_else(|| directory.address(site));
    let cables: Vec<HostAddress> = capture.cables().map(|cable| cable.address).collect();
    address.filter(|address| cables.contains(address)).ok_or_else(|| {
        let known: Vec<String> = cables.iter().map(|address| directory.name(*address)).collect();
        CommandError::NoSite { site: site.to_owned(), known: known.join(", ") }
    })
}

/// What was said and answered, and what it comes to.
fn show(comparison: &Comparison, names: &Names, site: HostAddress) -> String {
    let mut text = String::new();
    let lines = &comparison.lines;
    let mut begin = 0;
    while begin < lines.len() {
        let folds = |line: &PlayedLine| matches!(line.mark, Mark::Heard | Mark::Same);
        let length = lines[begin..].iter().take_while(|line| folds(line)).count();
        let row = &lines[begin..begin + length];
        let same = row.iter().filter(|line| line.mark == Mark::Same).count();
        if same > SHOWN {
            // What a partner said last is what the next answer is to.
            let asked = row.iter().rposition(|line| line.mark == Mark::Heard);
            let asked = asked.filter(|_| begin + length < lines.len());
            let kept = asked.map_or(0, |asked| row.len() - asked);
            let folded = &row[..row.len() - kept];
            let same = folded.iter().filter(|line| line.mark == Mark::Same).count();
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{:>11}  = {same} answers are the same", folded[0].at);
            row[row.len() - kept..].iter().for_each(|line| push(line, names, site, &mut text));
        } else {
            row.iter().for_each(|line| push(line, names, site, &mut text));
        }
        begin += length;
        if let Some(line) = lines.get(begin) {
            push(line, names, site, &mut text);
            begin += 1;
        }
    }
    let count = |mark| comparison.count(mark);
    let _ = writeln!(
        text,
        "\n{} messages to {}: {} answers the same, {} in other words, {} in the capture only, {} of ours only",
        comparison.heard,
        names.host(site),
        count(Mark::Same),
        count(Mark::OtherWords),
        count(Mark::OnlyCaptured),
        count(Mark::OnlyOurs),
    );
    if comparison.asked > 0 {
        let _ = writeln!(
            text,
            "{} asked others itself, {} x: that is left out, as only what others ask can be played",
            names.host(site),
            comparison.asked
        );
    }
    if comparison.unsaid > 0 {
        let _ = writeln!(text, "ours never allocated for {} messages of others", comparison.unsaid);
    }
    text
}

fn push(line: &PlayedLine, names: &Names, site: HostAddress, text: &mut String) {
    let PlayedLine { at, partner, mark, text: said, ours } = line;
    let (site, partner) = (names.host(site), names.host(*partner));
    let said = imp::visible::visible(said);
    // Writing to a String cannot fail.
    let _ = match mark {
        Mark::Heard => writeln!(text, "{at:>11}  {partner} -> {site}  {said}"),
        Mark::Same => writeln!(text, "{at:>11}    =  {said}"),
        Mark::OtherWords => {
            let ours = imp::visible::visible(ours.as_deref().unwrap_or_default()).into_owned();
            writeln!(text, "{at:>11}    ~  {said}\n{:>11}       {ours}", "ours:")
        }
        Mark::OnlyCaptured => writeln!(text, "{at:>11}    -  {said}"),
        Mark::OnlyOurs => writeln!(text, "{at:>11}    +  {said}"),
    };
}
