//! The programs of a live host, and what RSEXEC knows of other hosts.

use std::collections::BTreeSet;

use ftp_user::Typist;
use host::{Directory, Program};
use imp::nearest::nearest;
use machine::Span;
use miette::Diagnostic;
use services::{Service, Wall};
use sim::programs;

use crate::live::console::Console;
use crate::wall_clock::since_1970;

/// Why an option for programs cannot be used.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub(crate) enum ProgramError {
    #[error("--run {name}: there is no such program")]
    Unknown {
        name: String,
        #[help]
        help: String,
    },
    #[error("--services {name}: there is no such service")]
    NoService {
        name: String,
        #[help]
        help: String,
    },
    #[error("--run operator: this host serves no files")]
    #[diagnostic(help("serve them with --serve-ftp"))]
    NothingServed,
    #[error("--knows {text}: no account at a host")]
    #[diagnostic(help("write HARV-10=SMITH:BLUE"))]
    NoAccount { text: String },
    #[error("--knows {text}: there is no host {host}")]
    #[diagnostic(help("`net` shows who there is"))]
    NoHost { text: String, host: String },
}

/// A program at the teletype.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TeletypeProgram {
    /// The user's side of the file transfer protocol.
    Ftp,
    /// RSEXEC.
    Rsexec,
    /// The Network Control Center.
    Ncc,
    /// The operator of the server of files.
    Operator,
}

/// What they are called.
const NAMES: [&str; 4] = ["ftp", "rsexec", "ncc", "operator"];

impl TeletypeProgram {
    /// The program of that name.
    pub(crate) fn named(name: &str) -> Result<Self, ProgramError> {
        match name {
            "ftp" => Ok(TeletypeProgram::Ftp),
            "rsexec" => Ok(TeletypeProgram::Rsexec),
            "ncc" => Ok(TeletypeProgram::Ncc),
            "operator" => Ok(TeletypeProgram::Operator),
            other => {
                let help = match nearest(other, NAMES) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "there are ftp, rsexec, ncc and operator".to_owned(),
                };
                Err(ProgramError::Unknown { name: other.to_owned(), help })
            }
        }
    }
}

/// What a control center is told beforehand.
#[derive(Debug, Clone)]
pub(crate) struct Center {
    /// The lines of the net, each as the numbers of two IMPs.
    pub(crate) map: Vec<[u8; 2]>,
    /// The time of day at which the clock was started.
    pub(crate) began: Span,
}

/// The services of these names.
///
/// # Errors
/// The first name that is no service.
pub(crate) fn services(names: &[String]) -> Result<BTreeSet<Service>, ProgramError> {
    let service = |name: &String| {
        Service::named(name).ok_or_else(|| {
            let all: Vec<&str> = Service::ALL.iter().map(|service| service.name()).collect();
            let help = match nearest(name, all.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("there are: {}", all.join(", ")),
            };
            ProgramError::NoService { name: name.clone(), help }
        })
    };
    names.iter().map(service).collect()
}

/// The time of day of this machine, as far as it goes with the seconds since 1900.
fn wall() -> Wall {
    /// Seconds from 1900 to 1970: 70 years, 17 of them with a day more (RFC 868 has the same number).
    const FROM_1900_TO_1970: u64 = (70 * 365 + 17) * 24 * 60 * 60;
    Wall::new(|| Some(since_1970()?.as_secs() + FROM_1900_TO_1970))
}

/// The programs of a host: the server of files if it serves, other services, and one at its teletype.
pub(crate) fn programs(
    server: Option<Program>,
    services: BTreeSet<Service>,
    at_teletype: Option<TeletypeProgram>,
    profile: rsexec::Profile,
    center: Center,
) -> Vec<Program> {
    let at_teletype = at_teletype.map(|program| match program {
        TeletypeProgram::Ftp if Console::is_typed_to_by_script() => programs::ftp_user(Typist::Script),
        TeletypeProgram::Ftp => programs::ftp_user(Typist::Person),
        TeletypeProgram::Rsexec => programs::rsexec(profile),
        TeletypeProgram::Ncc => programs::control_center(center.map, center.began),
        TeletypeProgram::Operator => Program::new("FTP operator", ftp_server::operate),
    });
    let services = services.into_iter().map(|service| {
        let wall = wall();
        Program::new(service.name(), move |host| service.run(host, wall.clone()))
    });
    server.into_iter().chain(services).chain(at_teletype).collect()
}

/// The accounts of the user at other hosts, each as `HOST=NAME:PASSWORD`. What is wrong with one is added to `errors`.
pub(crate) fn profile<E: From<ProgramError>>(
    texts: &[String],
    names: &Directory,
    errors: &mut Vec<E>,
) -> rsexec::Profile {
    let mut profile = rsexec::Profile::default();
    for text in texts {
        let parts = text.split_once('=').and_then(|(host, account)| Some((host, account.split_once(':')?)));
        let Some((host, (name, password))) = parts else {
            errors.push(ProgramError::NoAccount { text: text.clone() }.into());
            continue;
        };
        match names.meant(host) {
            Some(address) => profile.add(&names.name(address), name, password),
            None => errors.push(ProgramError::NoHost { text: text.clone(), host: host.to_owned() }.into()),
        }
    }
    profile
}
