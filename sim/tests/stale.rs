//! What was asked for and given up while nothing could leave the host is not said minutes later.

use sim::{Options, Prepared};

const HOSTS: &str = "\
title  Nothing leaves
net    three-imps
host SITE1  serves ftp  account SMITH password BLUE
  file <SMITH>A.TXT of 100 bytes
host SITE2  serves ftp  account JONES password GREEN
host SITE3  runs rsexec
  knows SITE1 as SMITH password BLUE
  knows SITE2 as JONES password GREEN
";

/// Each way in which nothing leaves SITE3, and what ends it.
const STANDSTILLS: [[&str; 2]; 3] = [
    ["SITE3 hangs", "SITE3 goes on"],
    ["cable of SITE3 is pulled", "cable of SITE3 is plugged in"],
    ["imp SITE3 crashes", "imp SITE3 restarts"],
];

#[test]
fn what_a_user_was_told_is_not_done_is_not_asked_for_when_the_way_is_free_again() -> sim::Result {
    for [breaks, heals] in STANDSTILLS {
        let steps = format!(
            "at 1s {breaks}\nat 6s SITE3 types COPY [SITE1]A.TXT [SITE2]B.TXT\nat 600s {heals}\n\
             at 900s expect SITE3 has no connections\n"
        );
        let outcome = Prepared::parse(&format!("{HOSTS}{steps}"))?.replay(Options::RECORDS);
        outcome.verdict.clone()?;
        let printed = outcome.printed("SITE3")?;
        assert!(printed.iter().any(|line| line.starts_with("NOT DONE")), "{breaks}: {printed:?}");
        let said = outcome.messages("SITE3", "SITE1")?;
        assert!(
            !said.iter().any(|said| said.starts_with("RTS") || said.starts_with("CLS")),
            "{breaks}: {said:?}"
        );
    }
    Ok(())
}

#[test]
fn what_a_user_still_waits_for_is_asked_for_when_the_way_is_free_again() -> sim::Result {
    // An IMP that has come up anew says so, which ends all that waits.
    for [breaks, heals] in &STANDSTILLS[..2] {
        let steps = format!(
            "at 1s {breaks}\nat 6s SITE3 types COPY [SITE1]A.TXT [SITE2]B.TXT\nat 20s {heals}\n\
             SITE3 sees COPIED\nexpect SITE2 file <JONES>B.TXT same as SITE1 <SMITH>A.TXT\n"
        );
        Prepared::parse(&format!("{HOSTS}{steps}"))?.replay(Options::DIGEST).verdict?;
    }
    Ok(())
}
