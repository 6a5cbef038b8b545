//! The steps in which something breaks or heals.

use host::Host;
use imp::{Fault, MeetsNothing};
use imp1822::HostAddress;
use scenario::ast::{Action, HostAction, Meanwhile, Scenario};
use trace::Names;

use super::step_error::{Problem, StepError};
use crate::run_observer::RunObserver;
use crate::world::World;

/// The world in which it happens.
type Broken = World<RunObserver>;

/// Lets a fault happen.
///
/// # Errors
/// It meets nothing. Whoever breaks the wrong part would else believe in what comes of it.
pub(super) fn break_or_heal(world: &mut Broken, names: &Names, fault: Fault) -> Result<(), StepError> {
    world.inject(fault).map_err(|nothing| meets_nothing(names, nothing))
}

/// Stops a host.
pub(super) fn crash(world: &mut Broken, names: &Names, host: HostAddress) -> Result<(), StepError> {
    if !is_up(world, host) {
        return Err(in_vain(format!("{} is down already", names.host(host)), "nothing crashes"));
    }
    world.act(host, |host, now| host.crash(now));
    Ok(())
}

/// Switches a host on.
pub(super) fn restart(world: &mut Broken, names: &Names, host: HostAddress) -> Result<(), StepError> {
    if is_up(world, host) {
        return Err(in_vain(format!("{} is up already", names.host(host)), "nothing restarts"));
    }
    world.act(host, |host, now| host.boot(now));
    Ok(())
}

/// The host that an action stops.
pub(super) fn stopped_by(action: &Action) -> Option<HostAddress> {
    if let Action::Host(host, HostAction::Crashes) = action { Some(*host) } else { None }
}

/// The mishaps for which no message came, so that nothing became of them: of those that are alike, the last. `in_vain` has met
/// nothing already, and `struck` are those that came about. Of one that is also a step nothing is said.
pub(super) fn unstruck(scenario: &Scenario, in_vain: &[Meanwhile], struck: &[Fault]) -> Vec<Meanwhile> {
    let is_mishap = |action: &Action| matches!(action, Action::Fault(Fault::Mishap { .. }));
    let is_step = |action: &Action| scenario.steps.iter().any(|step| step.action == *action);
    let mut struck: Vec<&Fault> = struck.iter().collect();
    let mut mishaps: Vec<&Meanwhile> =
        scenario.meanwhile.iter().filter(|one| is_mishap(&one.action)).collect();
    mishaps.retain(|one| !in_vain.contains(one) && !is_step(&one.action));
    mishaps.sort_by_key(|one| one.at);
    mishaps.retain(|one| {
        let place = struck.iter().position(|fault| one.action == Action::Fault(**fault));
        place.map(|place| struck.remove(place)).is_none()
    });
    mishaps.into_iter().cloned().collect()
}

fn is_up(world: &Broken, host: HostAddress) -> bool {
    world.host(host).is_some_and(Host::is_up)
}

fn in_vain(found: String, label: &str) -> StepError {
    Problem::new(found, label).into()
}

fn meets_nothing(names: &Names, nothing: MeetsNothing) -> StepError {
    let line = |[a, b]: [u8; 2]| format!("line {} to {}", names.imp(a), names.imp(b));
    let (found, label) = match nothing {
        MeetsNothing::NoLine(between) => (format!("there is no {}", line(between)), "it meets nothing"),
        MeetsNothing::LineDown(between) => (format!("{} has failed already", line(between)), "nothing fails"),
        MeetsNothing::LineUp(between) => (format!("{} is up already", line(between)), "nothing heals"),
        MeetsNothing::LineErrs(between) => {
            (format!("{} flips as many bits already", line(between)), "nothing changes")
        }
        MeetsNothing::ImpDown(imp) => {
            (format!("imp {} is down already", names.imp(imp)), "nothing goes down")
        }
        MeetsNothing::ImpUp(imp) => (format!("imp {} is up already", names.imp(imp)), "nothing restarts"),
        MeetsNothing::NoHost(host) => (format!("there is no host {}", names.host(host)), "it meets nothing"),
        MeetsNothing::CablePulled(host) => {
            (format!("the cable of {} is pulled already", names.host(host)), "nothing is pulled")
        }
        MeetsNothing::CablePlugged(host) => {
            (format!("the cable of {} is plugged in already", names.host(host)), "nothing is plugged in")
        }
        MeetsNothing::HostHangs(host) => (format!("{} hangs already", names.host(host)), "nothing stops"),
        MeetsNothing::HostGoesOn(host) => (format!("{} does not hang", names.host(host)), "nothing goes on"),
    };
    in_vain(found, label)
}
