//! The same exchange between hosts that are set up otherwise.

use ftp::Edition;
use imp1822::HostAddress;
use scenario::ast::{Requests, Scenario};

/// How hosts are set up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variant {
    /// Whether the hosts that serve keep requests for connection that nobody waits for; otherwise they refuse them at once.
    pub queues: bool,
    /// The edition of FTP of each server.
    pub editions: Vec<(HostAddress, Edition)>,
}

impl Variant {
    /// Every way to set up the hosts of a scenario: requests are queued or refused, and each server has each edition.
    pub fn all(scenario: &Scenario) -> Vec<Variant> {
        let servers = scenario.hosts.iter().filter(|plan| plan.server.is_some());
        let mut editions = vec![Vec::new()];
        for server in servers {
            editions = editions
                .iter()
                .flat_map(|others: &Vec<_>| {
                    Edition::ALL.map(|edition| {
                        let mut all = others.clone();
                        all.push((server.address, edition));
                        all
                    })
                })
                .collect();
        }
        let both =
            |editions: Vec<_>| [true, false].map(|queues| Variant { queues, editions: editions.clone() });
        editions.into_iter().flat_map(both).collect()
    }

    /// Whether the scenario is set up so by itself.
    pub fn is_own(&self, scenario: &Scenario) -> bool {
        self.applied(scenario) == *scenario
    }

    /// The scenario with hosts that are set up so.
    #[must_use]
    pub fn applied(&self, scenario: &Scenario) -> Scenario {
        let mut scenario = scenario.clone();
        for host in self.concerned(&scenario) {
            let Some(plan) = scenario.hosts.iter_mut().find(|plan| plan.address == host) else { continue };
            let requests = &mut plan.policy.requests;
            *requests = match (self.queues, requests.take()) {
                (true, Some(Requests::Refuse) | None) => None,
                (true, queue) => queue,
                (false, _) => Some(Requests::Refuse),
            };
        }
        for (host, edition) in &self.editions {
            if let Some(plan) = scenario.hosts.iter_mut().find(|plan| plan.address == *host) {
                plan.server = Some(*edition);
            }
        }
        scenario
    }

    /// The hosts whose requests it is about: those that serve, or if none does, all.
    pub(super) fn concerned(&self, scenario: &Scenario) -> Vec<HostAddress> {
        let serving = scenario.hosts.iter().filter(|plan| plan.server.is_some());
        let mut hosts: Vec<HostAddress> = serving.map(|plan| plan.address).collect();
        if hosts.is_empty() {
            hosts.extend(scenario.hosts.iter().map(|plan| plan.address));
        }
        hosts
    }
}
