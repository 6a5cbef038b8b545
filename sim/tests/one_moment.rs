//! What happens at one moment happens in the order in which it was planned; and what is drawn depends on the seed.

use sim::host::{Handle, Note};
use sim::trace::What;
use sim::{Instant, Options, Sim, Span};

fn second(number: u64) -> Instant {
    Instant::START + Span::from_secs(number)
}

/// Sleeps until a second, prints, and sleeps until second 20, with all others.
async fn sleeper(host: Handle, first: u64) {
    for at in [first, 20] {
        host.sleep(second(at).since(host.now())).await;
        host.teletype().print(&format!("SECOND {at}"));
    }
}

/// The hosts that print, in the order in which that was recorded, with the seconds.
fn printed(firsts: [(&str, u64); 5]) -> sim::Result<Vec<(u8, u64)>> {
    let mut sim = Sim::on("ring")?;
    for (name, first) in firsts {
        sim.host(name)?.runs("sleeper", move |host| sleeper(host, first));
    }
    sim.run_for(Span::from_secs(30));
    let outcome = sim.finish()?;
    let printed = outcome.records.iter().filter_map(|record| match &record.what {
        What::Note { host, note: Note::Printed(_) } => {
            Some((host.number(), record.at.as_micros() / 1_000_000))
        }
        _ => None,
    });
    Ok(printed.collect())
}

#[test]
fn hosts_whose_deadlines_are_of_one_moment_are_called_in_the_order_in_which_these_were_set() -> sim::Result {
    let firsts = [("SITE4", 3), ("SITE1", 5), ("SITE5", 2), ("SITE2", 4), ("SITE3", 1)];
    let order = printed(firsts)?;
    assert_eq!(order[..5], [(3, 1), (5, 2), (4, 3), (2, 4), (1, 5)], "each at its own second");
    assert_eq!(
        order[5..],
        [(3, 20), (5, 20), (4, 20), (2, 20), (1, 20)],
        "and all in this order at second 20"
    );
    let together = printed(firsts.map(|(name, _)| (name, 7)))?;
    let declared = [4, 1, 5, 2, 3];
    assert_eq!(together[..5], declared.map(|host| (host, 7)), "as they were declared");
    assert_eq!(together[5..], declared.map(|host| (host, 20)), "again");
    Ok(())
}

/// When packets between two IMPs left, and which of them were sent again, while SITE1 has SITE2 echo numbers and nothing but
/// the errors of a line is drawn from the seed.
fn crossed(line: Option<&str>, seed: u64) -> sim::Result<Vec<(Instant, bool)>> {
    let mut sim = Sim::on("three-imps")?.with_seed(seed).with_options(Options::EVERYTHING);
    sim.host("SITE1")?.runs("echoes", async |host| {
        let other = host.host_named("SITE2").expect("it is in the host table");
        for number in 0..=255 {
            host.echo(other, number);
            host.sleep(Span::from_millis(50)).await;
        }
    });
    sim.host("SITE2")?;
    if let Some(line) = line {
        sim.play(line)?;
    }
    sim.run_for(Span::from_secs(60));
    let packets = sim.finish()?.records.into_iter().filter_map(|record| match record.what {
        What::Packet(crossing) if !crossing.what.is_of_the_line() => Some((record.at, crossing.again)),
        _ => None,
    });
    Ok(packets.collect())
}

#[test]
fn which_packets_a_noisy_line_spoils_depends_on_the_seed_and_on_nothing_else() -> sim::Result {
    let noisy = Some("line SITE1 to SITE2 flips one bit in 3000");
    let mut runs: Vec<Vec<(Instant, bool)>> = Vec::new();
    for seed in 0..4 {
        let run = crossed(noisy, seed)?;
        assert!(run.iter().any(|(_, again)| *again), "seed {seed}: nothing is spoilt");
        assert!(!runs.contains(&run), "seed {seed}: the errors are those of another seed");
        assert!(crossed(noisy, seed)? == run, "seed {seed}: other errors in the second run");
        runs.push(run);
    }
    assert!(crossed(None, 0)? == crossed(None, 1)?, "without errors all goes as it does with any seed");
    Ok(())
}
