//! A host that can be put on its cable: everything that the arguments say of it.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::sync::Arc;

use host::live::Clock;
use host::{Directory, Naming, Settings};
use imp1822::HostAddress;
use trace::{Lens, Monitor, Names, Paper, TapPoint};

use super::host_args::HostArgs;
use crate::addresses;
use crate::concerns::Concern;
use crate::error::CommandError;
use crate::lenses::{OF_SERVERS, lenses};
use crate::library::Library;
use crate::live::output::LiveOutput;
use crate::live::transcript::LiveTranscript;
use crate::live::violations::LiveViolations;
use crate::policies::policy;
use crate::programs::{Center, ProgramError, TeletypeProgram, profile, programs, services};
use crate::terminal::{StandardError, Terminal};
use crate::wall_clock::time_of_day;

/// A host that can be put on its cable.
pub(super) struct HostPlan {
    pub(super) settings: Settings,
    pub(super) listen: SocketAddr,
    pub(super) imp: SocketAddr,
    pub(super) output: LiveOutput,
    pub(super) clock: Clock,
    pub(super) runs_program: bool,
    /// The hosts to which an RST is sent when the host starts.
    pub(super) reset: Vec<HostAddress>,
    pub(super) naming: Naming,
    /// What is to be told of a server before its first user comes.
    pub(super) concerns: Vec<Concern>,
}

impl HostPlan {
    /// All that the arguments say, or all that is wrong with them.
    pub(super) fn new(args: &HostArgs, library: &Library, terminal: Terminal) -> Result<Self, CommandError> {
        let mut errors: Vec<CommandError> = Vec::new();
        let net = library.read_net_or_usual(args.net.as_deref())?;
        let names = Arc::clone(Names::of(&net).hosts());
        // A net that was not asked for need not have the host.
        let may_be_unknown = args.net.is_none() || args.name.is_some();
        let address = kept(addresses::own_host(&args.address, &net, may_be_unknown), &mut errors);
        let address = address.unwrap_or(HostAddress::from(0));
        let site = net.host_at(address);
        let name = args.name.clone().or_else(|| site.map(|site| site.name.clone()));
        let name = name.unwrap_or_else(|| format!("HOST-{address}"));
        let imp = kept(addresses::imp(&args.imp), &mut errors);
        let listen = imp.and_then(|imp| kept(addresses::listening(&args.listen, imp.ip()), &mut errors));
        let policy = kept(policy(args.policy.iter().map(String::as_str)), &mut errors).unwrap_or_default();
        let naming = site.map_or_else(Naming::default, |site| Naming::of_system(&site.system));
        let clock = Clock::start();
        if !args.serve_ftp && args.run.is_none() {
            errors.extend(args.storage.unused_option().map(CommandError::from));
        }
        if !args.serve_ftp {
            errors.extend(args.server.unused_option().map(CommandError::from));
        }
        let mut files = args.storage.files(naming, clock, terminal, &mut errors);
        args.server.grant(&mut files, &mut errors);
        let accounts = args.storage.accounts(&mut errors);
        let concerns = if args.serve_ftp { args.storage.concerns(&accounts) } else { Vec::new() };
        let profile = profile(&args.knows, &names, &mut errors);
        let at_teletype =
            args.run.as_deref().and_then(|name| kept(TeletypeProgram::named(name), &mut errors));
        let is_operated = at_teletype == Some(TeletypeProgram::Operator);
        if is_operated && !args.serve_ftp {
            errors.push(ProgramError::NothingServed.into());
        }
        let services = kept(services(&args.services), &mut errors).unwrap_or_default();
        // Without --net nobody has said which net it is.
        let map =
            if args.net.is_some() { net.lines.iter().map(|line| line.between).collect() } else { Vec::new() };
        let center = Center { map, began: time_of_day() };
        let server = args.serve_ftp.then(|| args.server.server());
        let programs = programs(server, services, at_teletype, profile, center);
        let lenses = match (&args.run, args.show.as_slice()) {
            (Some(_), []) if !is_operated => Vec::new(),
            // The operator has his own words before him.
            (Some(_), []) => OF_SERVERS.into_iter().filter(|lens| *lens != Lens::Teletype).collect(),
            (None, []) if args.serves() => OF_SERVERS.to_vec(),
            (_, show) => kept(lenses(show), &mut errors).unwrap_or_default(),
        };
        let (Some(imp), Some(listen), true) = (imp, listen, errors.is_empty()) else {
            return Err(CommandError::all(errors));
        };
        let (out, paper): (Box<dyn Write>, Paper) = match args.run {
            // Standard output is the teletype of the program.
            Some(_) => (Box::new(StandardError), terminal.error_paper()),
            None => (Box::new(io::stdout()), terminal.paper(None)),
        };
        let directory = with_own_name(names, &name, address);
        let monitor = Monitor::new(TapPoint::Absent, [(address, TapPoint::AtHost)]);
        let transcript = LiveTranscript::new(out, Names::from(Arc::clone(&directory)), lenses, paper);
        let output = LiveOutput::new(transcript, terminal);
        let output = output.with_violations(LiveViolations::new(monitor, Vec::new()));
        let seed = args.seed.unwrap_or_else(random_seed);
        let settings = Settings { name, address, directory, policy, seed, files, accounts, programs };
        // A host that only asks speaks first, and sends an RST before that; one that serves may be asked first.
        let others = net.hosts.iter().map(|site| site.address);
        let reset = others.filter(|other| args.serves() && *other != address).collect();
        let runs_program = args.run.is_some();
        Ok(HostPlan { settings, listen, imp, output, clock, runs_program, reset, naming, concerns })
    }
}

/// The value, or `None` after its error was added to `errors`.
fn kept<T, E: Into<CommandError>>(result: Result<T, E>, errors: &mut Vec<CommandError>) -> Option<T> {
    result.map_err(|error| errors.push(error.into())).ok()
}

/// The names of the net, but this host has the name that it gives itself.
fn with_own_name(names: Arc<Directory>, name: &str, address: HostAddress) -> Arc<Directory> {
    if names.address(name) == Some(address) {
        return names;
    }
    let mut own = Directory::default();
    own.add(name, address);
    Arc::new(own.with(&names))
}

/// A number that is another one each time: the keys of hash tables are drawn by the system.
fn random_seed() -> u64 {
    use std::hash::{BuildHasher, RandomState};
    RandomState::new().hash_one(0u8)
}
