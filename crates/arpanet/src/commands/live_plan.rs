//! What is to live: a net, the hosts simulated in it, the cables of hosts elsewhere.

use std::ffi::OsStr;
use std::path::PathBuf;

use imp::Net;
use imp1822::HostAddress;
use scenario::Scenario;
use scenario::ast::HostPlan;
use scenario::library::{SCENARIO, has_ending};
use trace::TapPoint;

use super::live_args::LiveArgs;
use crate::addresses::{cable_of, external};
use crate::error::CommandError;
use crate::library::Library;
use crate::live::udp::CableAddress;

/// A net that is to live, and what a scenario says of it, if there is one.
pub(super) struct LivePlan {
    pub(super) net: Net,
    /// The scenario, and its file. It is not watched: a broken rule is shown, and ends nothing.
    pub(super) play: Option<(String, Scenario)>,
    /// Whether the rules of the protocols are checked.
    pub(super) is_checked: bool,
    /// The hosts that may break rules.
    pub(super) misbehave: Vec<HostAddress>,
    /// The files from which all this was read.
    pub(super) read: Vec<PathBuf>,
}

impl LivePlan {
    /// Reads the net or the scenario of that name or path.
    pub(super) fn read(name: &OsStr, library: &Library) -> Result<Self, CommandError> {
        let is_scenario = Library::is_path(name) && !Library::is_net_path(name)
            || has_ending(&name.to_string_lossy(), SCENARIO)
            || !Library::is_net_path(name) && library.net(name).is_err() && library.scenario(name).is_ok();
        if !is_scenario {
            let net = library.read_net(name)?;
            let read = library.file_of_net(name).into_iter().collect();
            return Ok(LivePlan { net, play: None, is_checked: true, misbehave: Vec::new(), read });
        }
        let (source, scenario) = library.read_scenario(name)?;
        let read = library.files_of_scenario(name, &source);
        let is_checked = scenario.monitored;
        let misbehave = scenario.misbehave.iter().map(|one| one.host).collect();
        let scenario = Scenario { monitored: false, misbehave: Vec::new(), ..scenario };
        let net = scenario.net.clone();
        Ok(LivePlan { net, play: Some((source.name, scenario)), is_checked, misbehave, read })
    }

    /// The hosts that the scenario declares.
    fn declared(&self) -> impl Iterator<Item = &HostPlan> {
        self.play.iter().flat_map(|(_, scenario)| &scenario.hosts)
    }

    /// The cables of the hosts elsewhere: those of the scenario, and those of the options.
    pub(super) fn cables_elsewhere(&self, args: &LiveArgs) -> Result<Vec<CableAddress>, CommandError> {
        let mut cables: Vec<CableAddress> = self
            .declared()
            .filter_map(|plan| plan.external.map(|external| cable_of(plan.address, external)))
            .collect();
        let mut errors = Vec::new();
        for text in &args.external {
            match self.cable_elsewhere(text) {
                Ok(cable) => cables.push(cable),
                Err(error) => errors.push(error),
            }
        }
        for (index, cable) in cables.iter().enumerate() {
            if cables[..index].iter().any(|above| above.host == cable.host) {
                errors.push(CommandError::TwoCables(cable.host));
            }
        }
        if errors.is_empty() { Ok(cables) } else { Err(CommandError::all(errors)) }
    }

    /// The cable that an option describes, of a host that is not simulated.
    fn cable_elsewhere(&self, text: &str) -> Result<CableAddress, CommandError> {
        let cable = external(text, &self.net)?;
        let mut inside = self.declared().filter(|plan| plan.external.is_none());
        match inside.find(|plan| plan.address == cable.host) {
            None => Ok(cable),
            Some(plan) => Err(CommandError::ExternalIsSimulated {
                text: text.to_owned(),
                host: plan.name.clone(),
                line: plan.line,
            }),
        }
    }

    /// All hosts that there are, and where their cables are tapped. What is simulated here loses nothing.
    pub(super) fn taps(&self, elsewhere: &[CableAddress]) -> Vec<(HostAddress, TapPoint)> {
        let simulated = self.declared().map(|plan| (plan.address, TapPoint::Lossless));
        simulated.chain(elsewhere.iter().map(|cable| (cable.host, TapPoint::AtImp))).collect()
    }
}
