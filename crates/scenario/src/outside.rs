//! Hosts outside of the simulation.

use super::ast::{HostPlan, PolicyPlan, ServicePlan};
use super::errors::Diagnostic;
use super::words::Word;

/// Of a host that is outside of the simulation nothing else can be said.
pub(super) fn nothing_inside(plan: &HostPlan, name: Word<'_>, has_folder: bool) -> Result<(), Diagnostic> {
    let HostPlan {
        up,
        server,
        service,
        program,
        accounts,
        knows,
        naming,
        quotas,
        files,
        rights,
        policy,
        answers_within,
        room,
        external,
        ..
    } = plan;
    let is_bare = *up
        && server.is_none()
        && *service == ServicePlan::default()
        && program.is_none()
        && accounts.is_empty()
        && knows.is_empty()
        && naming.is_none()
        && quotas.is_empty()
        && !has_folder
        && files.is_empty()
        && rights.is_empty()
        && *policy == PolicyPlan::default()
        && answers_within.is_none()
        && room.is_none();
    if external.is_none() || is_bare {
        return Ok(());
    }
    let message = format!("host `{}` is external, and more than that", name.text);
    Err(Diagnostic::new(name.at(), message, "what it does is decided outside")
        .help("leave out what stands beside `external port N to ADDRESS:PORT`"))
}
