//! The hosts of a scenario, built from their plans.

use std::sync::Arc;

use host::{Accounts, Directory, Files, Host, PathName, Program, Settings, stream};
use imp1822::HostAddress;
use machine::Span;
use ncp::{Inquiry, Policy, QueuePolicy};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::{programs, socket_driver};
use scenario::ast::{
    self, Content, FilePlan, HostPlan, PolicyPlan, QuotaPlan, Requests, RightPlan, Scenario, bytes_of,
};

/// The size of a host's disk in bytes: more than any file a scenario may ask for.
pub(crate) const DISK: usize = 1_000_000_000;

/// The program that tells what happens to a host's NCP while steps drive it.
pub(crate) const NCP_WATCH: &str = "operator";

/// The hosts of a scenario, switched off, without the remote ones. They draw from `seed`.
pub fn hosts<'a>(
    scenario: &'a Scenario,
    seed: u64,
    directory: &'a Arc<Directory>,
) -> impl Iterator<Item = (HostAddress, Host)> + 'a {
    let here = scenario.hosts.iter().filter(|plan| plan.external.is_none());
    here.map(move |plan| (plan.address, Host::new(settings(plan, scenario, seed, directory, DISK))))
}

/// What a host of a scenario is made of, with a disk of this many bytes.
pub(crate) fn settings(
    plan: &HostPlan,
    scenario: &Scenario,
    seed: u64,
    directory: &Arc<Directory>,
    disk: usize,
) -> Settings {
    let mut files = Files::new(scenario.naming(plan.address), disk);
    for (path, content) in plan.folder.iter().flat_map(|folder| folder.files.iter()) {
        files.put(path.clone(), content.clone());
    }
    for file in &plan.files {
        // The language has read the path names; none is wrong.
        if let Ok(path) = files.naming().parse(&file.path, None) {
            let content = content(file, &plan.name, &path, seed);
            files.put(path, content);
        }
    }
    let mut files = match plan.room.and_then(|room| usize::try_from(room).ok()) {
        Some(room) => files.with_room(room),
        None => files,
    };
    for RightPlan { target, right, who } in &plan.rights {
        if let Ok(target) = files.target(target, None) {
            files.grant(&target, *right, who.clone());
        }
    }
    for QuotaPlan { directory, bytes } in &plan.quotas {
        if let Ok(directory) = files.naming().parse_directory(directory) {
            files.allow(&directory, *bytes as usize);
        }
    }
    let mut accounts = Accounts::default();
    for account in &plan.accounts {
        accounts.add(&account.name, &account.password);
        accounts.set_terms(&account.name, account.terms.clone());
    }
    Settings {
        name: plan.name.clone(),
        address: plan.address,
        directory: directory.clone(),
        policy: policy(&plan.policy),
        seed,
        files,
        accounts,
        programs: programs_of(plan, scenario),
    }
}

/// TENEX's policy, but for what the scenario says.
fn policy(plan: &PolicyPlan) -> Policy {
    let mut policy = Policy::default();
    match (plan.requests, &mut policy.queue) {
        (None, _) | (Some(Requests::Queue(..)), QueuePolicy::Refuse) => {}
        (Some(Requests::Refuse), queue) => *queue = QueuePolicy::Refuse,
        (Some(Requests::Queue(span, room)), QueuePolicy::Queue { patience, most, for_each_partner }) => {
            *patience = span;
            *most = room.unwrap_or(*most);
            *for_each_partner = room.unwrap_or(*for_each_partner);
        }
    }
    policy.allocation = plan.allocation.unwrap_or(policy.allocation);
    policy.close_patience = plan.close_patience.unwrap_or(policy.close_patience);
    policy.plain = plan.plain;
    policy.largest_text_bits = plan.largest_text_bits.unwrap_or(policy.largest_text_bits);
    policy.links = plan.links.clone().unwrap_or(policy.links);
    policy.inquiry = plan.inquiry.map(|silence| Inquiry { silence, ..Inquiry::default() });
    policy
}

/// Whether a host has less patience with its partners than is usual: what takes longer may be too long for it.
pub(crate) fn is_impatient(plan: &PolicyPlan) -> bool {
    let closes = plan.close_patience.is_some_and(|patience| patience < Policy::default().close_patience);
    let asks = plan.inquiry.is_some_and(|silence| silence < Inquiry::default().silence);
    closes || asks
}

fn programs_of(plan: &HostPlan, scenario: &Scenario) -> Vec<Program> {
    let mut programs = Vec::new();
    if scenario.steps.iter().any(|step| step.action.drives_ncp_of() == Some(plan.address)) {
        programs.push(Program::new(NCP_WATCH, socket_driver::watch));
    }
    if let Some(edition) = plan.server {
        let service = plan.service;
        let usual = ftp_server::Policy::default();
        let policy = ftp_server::Policy {
            reach: if service.connects_anywhere { ftp::Reach::Anything } else { usual.reach },
            hides_passwords: service.hides_passwords,
            most_data_sockets: service.most_sockets.unwrap_or(usual.most_data_sockets),
        };
        programs.push(programs::ftp_server(edition, policy));
    }
    programs.extend(plan.program.map(|program| match program {
        ast::Program::Rsexec => {
            let knows = plan.knows.iter();
            let accounts = knows.map(|at| (at.site.clone(), at.name.clone(), at.password.clone()));
            programs::rsexec(accounts.collect())
        }
        ast::Program::Ncc => {
            let lines = scenario.net.lines.iter().map(|line| line.between).collect();
            programs::control_center(lines, Span::ZERO)
        }
        ast::Program::FtpUser => programs::ftp_user(ftp_user::Typist::Script),
    }));
    programs
}

/// The bytes of a planned file. What is made up has a stream of its own for each host and path, so that no two files of a
/// run are taken for each other: a path begins with a bracket, which stands in no name of a host.
fn content(file: &FilePlan, host: &str, path: &PathName, seed: u64) -> Vec<u8> {
    match &file.content {
        Content::Lines(lines) => bytes_of(lines),
        Content::Generated(bytes) => {
            let mut random = ChaCha8Rng::seed_from_u64(seed);
            random.set_stream(stream(&format!("{host}{path}")));
            generated(*bytes as usize, &mut random)
        }
    }
}

/// Lines of 62 letters, so that a person who looks at the data sees text; the last one is cut to fit.
fn generated(bytes: usize, random: &mut ChaCha8Rng) -> Vec<u8> {
    let mut text = vec![0; bytes];
    random.fill_bytes(&mut text);
    for byte in &mut text {
        *byte = b'A' + (u16::from(*byte) * 26 / 256) as u8;
    }
    for line in text.chunks_mut(64) {
        if let Some(end) = line.get_mut(62..) {
            end.copy_from_slice(&b"\r\n"[..end.len()]);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use host::Naming;

    use super::*;

    #[test]
    fn no_two_made_up_files_of_a_run_are_taken_for_each_other() {
        let made_up = |host: &str, path: &str, seed| {
            let file = FilePlan { path: path.to_owned(), content: Content::Generated(5000) };
            let path = Naming::Tenex.parse(path, None).expect("it has a directory");
            content(&file, host, &path, seed)
        };
        let one = made_up("SITE1", "<SMITH>ALPHA.TXT", 0);
        assert_eq!(made_up("SITE1", "<smith>alpha.txt", 0), one, "the same file, written in another way");
        assert_ne!(made_up("SITE1", "<JONES>OMEGA.TXT", 0), one, "another file of the host");
        assert_ne!(made_up("SITE2", "<SMITH>ALPHA.TXT", 0), one, "the file of another host");
        let path = Naming::Plain.parse("a>b", Some("x")).expect("it is a name").to_string();
        assert!(
            path.starts_with('<'),
            "where the name of the host ends, and that of the file begins: {path}"
        );
        assert_ne!(made_up("SITE1", "<SMITH>ALPHA.TXT", 1), one, "another seed");
    }
}
