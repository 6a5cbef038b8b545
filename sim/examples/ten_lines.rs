//! A test in ten lines: RSEXEC has one site send a file to another, and the line between them dies on the way.
//!
//! `cargo run -p sim --example ten_lines`; in a test, `main` would be the test.

use sim::Sim;

fn main() -> sim::Result {
    let mut sim = Sim::on("three-imps")?;
    sim.host("SITE1")?.serves_ftp().account("SMITH", "BLUE").file("<SMITH>REPORT", [b'A'; 20_000])?;
    sim.host("SITE2")?.serves_ftp().account("JONES", "GREEN").file("<JONES>ALL", "FIRST LINE\r\n")?;
    sim.host("SITE3")?.runs_rsexec().knows("SITE1", "SMITH", "BLUE").knows("SITE2", "JONES", "GREEN");
    sim.play("SITE3 types APPEND [SITE1]REPORT [SITE2]ALL\n+2s line SITE1 to SITE2 fails")?;
    sim.play("within 5min SITE3 sees APPENDED")?;
    let outcome = sim.finish()?;
    assert_eq!(outcome.file("SITE2", "<JONES>ALL")?.map(|file| file.len()), Some(20_012));
    println!("appended all the same, by another way, at {} s; digest {}", outcome.end, outcome.digest);
    Ok(())
}
