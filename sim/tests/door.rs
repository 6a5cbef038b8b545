//! The front door of a server: whoever stands in it, others come in.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use sim::{Options, Prepared};

fn replayed(text: &str) -> sim::Result {
    Prepared::parse(text)?.replay(Options::DIGEST).verdict?;
    Ok(())
}

#[test]
fn two_users_who_come_at_once_are_served_by_a_host_that_refuses_what_nobody_waits_for() -> sim::Result {
    replayed(
        "title  Two users come at once\n\
         net    three-imps\n\
         host SITE1 serves ftp account SMITH password BLUE\n  refuses unmatched requests\n\
         host SITE2 runs ftp\n\
         host SITE3 runs ftp\n\
         SITE3 types CONNECT SITE1\n\
         at 20ms SITE2 types CONNECT SITE1\n\
         SITE3 sees CONNECTED\n\
         SITE2 sees CONNECTED\n",
    )
}

/// A transfer is of the user who asked for it, whoever has logged in meanwhile.
#[test]
fn whom_the_operator_logs_out_loses_his_transfer_and_the_next_user_of_his_line_stays() -> sim::Result {
    replayed(
        "title  The operator logs out one whose line is another's\n\
         net    three-imps\n\
         host SITE1 serves ftp edition rfc354 account SMITH password BLUE account JONES password GREEN\n\
         \x20 file <SMITH>A.TXT\n    | ALPHA\n\
         host SITE3\n\
         SITE3 calls SITE1 at 3, from 400\n\
         SITE3 hears 402 300\n\
         SITE3 says 403 USER SMITH\n\
         SITE3 hears 402 330\n\
         SITE3 says 403 PASS BLUE\n\
         SITE3 hears 402 230\n\
         SITE3 listens 405 for SITE1 size 8\n\
         SITE3 says 403 STOR A.TXT\n\
         SITE3 hears 402 250\n\
         SITE3 sends 405 HALF\n\
         SITE3 says 403 USER JONES\n\
         SITE3 hears 402 330\n\
         SITE3 says 403 PASS GREEN\n\
         SITE3 hears 402 230\n\
         SITE1 logs out SMITH\n\
         SITE3 hears 402 452 the operator has logged out the user\n\
         SITE3 says 403 NOOP\n\
         SITE3 hears 402 200\n\
         SITE1 logs out JONES\n\
         SITE3 hears 402 434\n\
         expect SITE1 file <SMITH>A.TXT\n    | ALPHA\n",
    )
}

#[test]
fn whoever_asks_for_the_server_and_takes_no_answer_keeps_another_waiting_for_seconds_only() -> sim::Result {
    replayed(
        "title  Somebody asks four times and takes no answer\n\
         net    three-imps\n\
         monitor off\n\
         host SITE1 serves ftp\n\
         host INTRUDER\n\
         host SITE2 runs ftp\n\
         INTRUDER injects to SITE1 link 0 01 00000200 00000003 14\n\
         INTRUDER injects to SITE1 link 0 01 00000208 00000003 15\n\
         INTRUDER injects to SITE1 link 0 01 00000210 00000003 16\n\
         INTRUDER injects to SITE1 link 0 01 00000218 00000003 17\n\
         +1s SITE2 types CONNECT SITE1\n\
         within 10s SITE2 sees CONNECTED TO SITE1\n",
    )
}

#[test]
fn a_server_whose_host_takes_twenty_seconds_for_each_message_can_be_called_by_one_that_does_too()
-> sim::Result {
    // From 0 to 20 seconds for each message, as it is drawn: some of these runs take nearly as long as there can be.
    for seed in 0..8 {
        replayed(&format!(
            "title  Two slow hosts\n\
             net    three-imps\n\
             seed   {seed}\n\
             limit  60min\n\
             host SITE1 serves ftp account SMITH password BLUE\n  answers within 20s\n  file <SMITH>A.TXT\n    | TEXT\n\
             host SITE2 runs ftp\n  answers within 20s\n\
             SITE2 types CONNECT SITE1\n\
             SITE2 sees CONNECTED TO SITE1\n"
        ))?;
    }
    Ok(())
}

#[test]
fn files_that_are_nobody_elses_are_read_by_nobody_else_and_a_user_program_writes_over_nobodys() -> sim::Result
{
    replayed(
        "title  What others may not do\n\
         net    three-imps\n\
         host SITE1 serves ftp account SMITH password BLUE account JONES password GREEN\n\
         \x20 rights <JONES> read by nobody   rights <JONES>NEWS.TXT read by all   rights <JONES>BOX.TXT written by SMITH\n\
         \x20 file <JONES>SECRET.TXT\n    | PRIVATE\n\
         \x20 file <JONES>NEWS.TXT\n    | PUBLIC\n\
         \x20 file <JONES>BOX.TXT\n    | BOX\n\
         \x20 file <SMITH>MINE.TXT\n    | MINE\n\
         host SITE3 runs ftp\n\
         \x20 rights <CHIEF> read by nobody\n\
         \x20 file <BOSS>PAY.TXT\n    | 1000\n\
         \x20 file <CHIEF>PLAN.TXT\n    | PLAN\n\
         SITE3 types CONNECT SITE1\n\
         SITE3 types LOGIN SMITH BLUE\n\
         SITE3 types GET <JONES>SECRET.TXT COPY.TXT\n\
         SITE3 sees 451\n\
         SITE3 types GET <JONES>NEWS.TXT NEWS.TXT\n\
         SITE3 sees BYTES RECEIVED\n\
         SITE3 types APPEND NEWS.TXT <JONES>BOX.TXT\n\
         SITE3 sees BYTES SENT\n\
         SITE3 types GET MINE.TXT <BOSS>PAY.TXT\n\
         SITE3 sees access denied\n\
         SITE3 types SEND <CHIEF>PLAN.TXT PLAN.TXT\n\
         SITE3 sees access denied\n\
         expect SITE3 file <BOSS>PAY.TXT\n    | 1000\n\
         expect SITE3 no file <SMITH>COPY.TXT\n\
         expect SITE1 no file <SMITH>PLAN.TXT\n\
         expect SITE1 file <JONES>BOX.TXT\n    | BOX\n    | PUBLIC\n",
    )
}

/// Control commands of somebody who knows the protocol, and keeps to nothing: what he asks of the contact socket, allocates
/// to it, closes there, asks of sockets that he guesses, and what means nothing.
fn hostile(random: &mut ChaCha8Rng) -> String {
    let own = 512 + 8 * random.random_range(0..40u32);
    let link = random.random_range(2..=71u8);
    let guess = random.random_range(256..20_000u32);
    match random.random_range(0..100u8) {
        0..45 => format!("01 {own:08x} 00000003 {link:02x}"),
        45..70 => format!("04 {link:02x} 0001 00000020"),
        70..80 => format!("03 {own:08x} 00000003"),
        80..86 => format!("01 {:08x} {:08x} {link:02x}", own + 2, guess | 1),
        86..92 => format!("02 {:08x} {:08x} 08", own + 3, guess & !1),
        92..94 => "0c".to_owned(),
        94..96 => "0b".to_owned(),
        _ => format!("{:02x} {guess:08x}", random.random_range(0..=255u8)),
    }
}

/// Two hosts that do what they like, and one that comes again and again, be it queued or refused what nobody waits for.
fn among_hostile_neighbours(seed: u64) -> String {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let policy = if random.random() { "  refuses unmatched requests\n" } else { "" };
    let mut text = format!(
        "title  Hostile neighbours\n\
         net    three-imps\n\
         seed   {seed}\n\
         limit  60min\n\
         misbehaves INTRUDER SITE2\n\
         host SITE1 serves ftp account SMITH password BLUE\n{policy}  file <SMITH>A.TXT\n    | TEXT\n\
         host INTRUDER\n\
         host SITE2\n\
         host SITE3 runs ftp\n"
    );
    let mut at = 0;
    for turn in 0..4 {
        let until = at + 30_000;
        while at < until {
            let who = if random.random_range(0..3u8) == 0 { "SITE2" } else { "INTRUDER" };
            text.push_str(&format!("at {at}ms {who} injects to SITE1 link 0 {}\n", hostile(&mut random)));
            // In bursts, and with pauses.
            at += if random.random_range(0..10u8) == 0 { random.random_range(0..15_000) } else { 50 };
        }
        at += 100;
        text.push_str(&format!(
            "at {at}ms SITE3 types CONNECT SITE1\n\
             within 35s SITE3 sees CONNECTED TO SITE1\n\
             SITE3 types LOGIN SMITH BLUE\n\
             SITE3 types GET A.TXT A{turn}.TXT\n\
             within 10s SITE3 sees 6 BYTES RECEIVED\n\
             SITE3 types BYE\n\
             within 5s SITE3 sees CLOSED\n"
        ));
        at += 60_000;
    }
    text
}

#[test]
fn hosts_that_do_what_they_like_keep_no_other_from_being_served() -> sim::Result {
    for seed in 0..40 {
        let text = among_hostile_neighbours(seed);
        let outcome = Prepared::parse(&text)?.replay(Options::DIGEST);
        assert!(outcome.verdict.is_ok(), "seed {seed}: {:?}", outcome.verdict.err());
    }
    Ok(())
}
