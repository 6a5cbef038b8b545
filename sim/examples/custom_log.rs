//! A log of one's own: it sees every record of a world, and here only counts the control commands that cross.
//!
//! `cargo run -p sim --example custom_log`

use std::collections::BTreeMap;

use sim::imp::Watch;
use sim::scenario::{self, library};
use sim::trace::{Follower, Lens, Names, Record, What};
use sim::{Instant, Log, Span, World, hosts};

/// How often each command was sent.
#[derive(Default)]
struct CommandCounts {
    follower: Follower,
    commands: BTreeMap<String, u32>,
}

impl Log for CommandCounts {
    fn take(&mut self, _number: u64, record: Record) {
        if let What::Sent { host, signal } = &record.what {
            let decoded = self.follower.sent(*host, signal).into_iter();
            for command in decoded.filter(|decoded| decoded.lens == Lens::Ncp) {
                // Commands are told by their names in capitals; other lines say on which link something is.
                let name = command.what.split_whitespace().next().unwrap_or_default().to_owned();
                if name.chars().all(|letter| letter.is_ascii_uppercase()) {
                    *self.commands.entry(name).or_default() += 1;
                }
            }
        }
    }
}

fn main() -> sim::Result {
    let text = library::scenario("rfc354-retr").expect("it is built in");
    let scenario = scenario::parse("rfc354-retr.scenario", text, &library::BuiltIn)?;
    let names = Names::of(&scenario.net);
    let hosts = hosts(&scenario, scenario.seed, names.hosts());
    let mut world = World::new(&scenario.net, hosts, Watch::Nothing, scenario.seed, CommandCounts::default());
    for plan in &scenario.hosts {
        world.act(plan.address, |host, now| host.boot(now));
    }
    let user = scenario.net.host("SITE3")?.address;
    for line in ["CONNECT SITE1", "LOGIN SMITH BLUE"] {
        world.act(user, |host, now| host.type_line(now, line));
        world.run_until(world.now() + Span::from_secs(10));
    }
    println!("after {} of virtual time:", world.now().since(Instant::START));
    for (command, count) in &world.log().commands {
        println!("{count:>4}  {command}");
    }
    assert!(world.log().commands.contains_key("RTS"), "a connection was asked for");
    Ok(())
}
