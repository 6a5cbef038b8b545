//! What the operator types at the server's host, and what becomes of it.

use sim::{Sim, Span};

use crate::user::{SERVER, User, net};

/// What is printed at the server to a line of its operator.
fn types(sim: &mut Sim, line: &str) -> sim::Result<Vec<String>> {
    let seen = sim.now().printed("SITE2").len();
    sim.types("SITE2", line)?;
    Ok(sim.now().printed("SITE2")[seen..].iter().map(|line| (*line).to_owned()).collect())
}

#[test]
fn what_the_operator_types_is_read_by_those_who_are_served_and_done() -> sim::Result {
    let mut sim = net()?;
    sim.host("SITE2")?.runs("operator", ftp_server::operate);
    sim.host("SITE1")?.runs("user", async |host| {
        host.sleep(Span::from_secs(10)).await;
        let mut user = User::enters(&host).await;
        user.hears(0).await;
        user.hears(434).await;
        user.hears_the_end().await;
        let mut user = User::enters(&host).await;
        user.hears(30).await;
        user.hears(436).await;
        user.hears_the_end().await;
        host.teletype().print("DONE");
    });
    sim.host("SITE3")?.runs("late", async |host| {
        host.sleep(Span::from_secs(60)).await;
        let mut user = User::calls(&host).await;
        user.hears(401).await;
        host.teletype().print("REFUSED");
    });
    sim.run_for(Span::from_secs(1));
    assert_eq!(types(&mut sim, "ANNOUNCE HELLO")?, ["NOBODY IS SERVED AT PRESENT"]);
    assert_eq!(types(&mut sim, "WHO")?, ["NOBODY IS LOGGED IN"]);
    sim.run_for(Span::from_secs(20));
    assert_eq!(types(&mut sim, "who")?, ["SMITH FROM SITE1, FOR 0 MINUTES"]);
    assert_eq!(types(&mut sim, "A THE DRUM IS FULL")?, ["TOLD TO 1 USER"]);
    assert_eq!(types(&mut sim, "LOGOUT JONES")?, ["JONES IS NOT LOGGED IN"]);
    assert_eq!(types(&mut sim, "LOGOUT smith")?, ["SMITH IS LOGGED OUT"]);
    sim.run_for(Span::from_secs(20));
    let stops = ["THE SERVER STOPS IN 1 MINUTE, AND NOBODY NEW IS LET IN", "TOLD TO 1 USER"];
    assert_eq!(types(&mut sim, "SHUT 1")?, stops);
    sim.run_for(Span::from_secs(70));
    assert_eq!(sim.now().printed("SITE1"), ["DONE"]);
    assert_eq!(sim.now().printed("SITE3"), ["REFUSED"]);
    sim.finish()?;
    Ok(())
}

#[test]
fn what_an_operator_types_that_cannot_be_done_is_told_and_said_to_nobody() -> sim::Result {
    let mut sim = net()?;
    sim.host("SITE2")?.runs("operator", ftp_server::operate);
    sim.host("SITE1")?.runs("user", async |host| {
        let mut user = User::enters(&host).await;
        host.sleep(Span::from_secs(60)).await;
        user.asks("NOOP", 200).await;
    });
    sim.run_for(Span::from_secs(20));
    let long = format!("ANNOUNCE {}", "X".repeat(73));
    for (line, told) in [
        ("DANCE", "DANCE? TYPE HELP"),
        ("ANNOUNCE", "ANNOUNCE WHAT? TYPE HELP"),
        ("ANNOUNCE \u{e9}", "USERS READ 72 CHARACTERS OF ASCII AT MOST; NOTHING IS SAID"),
        (&long, "USERS READ 72 CHARACTERS OF ASCII AT MOST; NOTHING IS SAID"),
        ("LOGOUT", "LOGOUT WHOM? WHO TELLS WHO THERE IS"),
        ("SHUTDOWN SOON", "SHUTDOWN IN HOW MANY MINUTES? 1440 AT MOST"),
        ("SHUTDOWN 1441", "SHUTDOWN IN HOW MANY MINUTES? 1440 AT MOST"),
        ("SHUTDOWN -1", "SHUTDOWN IN HOW MANY MINUTES? 1440 AT MOST"),
    ] {
        assert_eq!(types(&mut sim, line)?, [told], "{line}");
    }
    for line in ["?", "HELP", "h"] {
        assert_eq!(types(&mut sim, line)?.len(), 6, "{line}");
    }
    assert_eq!(types(&mut sim, "")?, [""; 0]);
    sim.run_for(Span::from_secs(60));
    assert!(sim.now().messages("SITE2", "SITE1").iter().all(|said| !said.starts_with("000")));
    assert_eq!(sim.address("SITE2")?, SERVER);
    sim.finish()?;
    Ok(())
}
