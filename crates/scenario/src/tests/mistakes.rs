//! What readers are told when a file means nothing.

use super::super::parse_net;
use super::{WHOLE, read, sound, with_hosts, with_steps, wrong};

#[test]
fn all_mistakes_are_told_at_once_each_with_its_line() {
    let text = "\
title  Five mistakes
net    1973-01

host CASE-1O    serves ftp
host BBN-TENEX  serves ftp  account BOBT password MASS
host USC-ISI    runs rsexec

USC-ISI tpyes   APPEND A B
at 30 USC-ISI types  DIRECTORY
BBN-TENEX inits 1024 to USC-ISI 2048 size 8
expect BBN-TENEX file <BOBT>DATA.OLD
    | caf\u{e9}
";
    insta::assert_snapshot!(read(text).expect_err("five mistakes").render(false, 100));
}

#[test]
fn a_net_tells_all_its_mistakes_too() {
    let text = "\
net small A small net
imp 5 BBN
imp 64 FAR
imp 9 bbn
line BBN to MTI 50kb/s 10km
line BBN to BBN 50kb/s 10km
line BBN to MIT 50 10km
imp 6 MIT
host BBN-TENEX 69 TENEX aka BBN
host HARV-10 9 PDP-10
host BBN 133 TENEX
gateway 7
";
    insta::assert_snapshot!(parse_net("small.net", text).expect_err("seven mistakes").render(false, 100));
}

#[test]
fn mistakes_in_a_net_are_shown_in_the_net() {
    let nets = |name: &str| (name == "mine.net").then(|| "net mine Mine\nimp 64 NOBODY\n".to_owned());
    let errors = super::parse("a.scenario", "title T\nnet mine.net\nhost ANY\nANY types X\n", &nets);
    let errors = errors.expect_err("IMPs have six bits");
    assert_eq!(errors.count(), 1, "names cannot be wrong while there is no net: {errors:?}");
    assert!(errors.render(false, 80).contains("mine.net:2:5"), "{}", errors.render(false, 80));
}

#[test]
fn a_mistyped_statement_is_one_mistake_and_not_many() {
    let text = "tilte T\nnte 1973-01\nhots USC-ISI runs rsexec\nUSC-ISI types X\n";
    let errors = super::parse("a.scenario", text, &super::Beside).expect_err("three mistyped statements");
    assert_eq!(
        errors.messages().collect::<Vec<_>>(),
        ["unknown statement `tilte`", "unknown statement `nte`", "unknown statement `hots`"],
        "nothing is said to be missing that was only mistyped"
    );
}

#[test]
fn a_mistyped_verb_is_not_taken_for_a_mistyped_statement() {
    let text = "title T\nnet 1973-01\nhost USC-ISI runs rsexec\nUSC-ISI type X\nUSC-ISI crahses\n";
    let errors = super::parse("a.scenario", text, &super::Beside).expect_err("two mistyped verbs");
    assert_eq!(errors.messages().collect::<Vec<_>>(), ["unknown verb `type`", "unknown verb `crahses`"]);
}

#[test]
fn a_file_has_a_name_that_its_host_can_keep() {
    let text = "title T\nnet 1973-01\nhost USC-ISI\n  file <BOBT\nhost MIT-DMCG\n  file DATA\n";
    let errors = super::parse("a.scenario", text, &super::Beside).expect_err("neither has a directory");
    let messages: Vec<&str> = errors.messages().collect();
    assert_eq!(messages, ["`<BOBT` is no path name there", "`DATA` is no path name there"]);
}

#[test]
fn a_line_without_end_does_not_flood_the_terminal() {
    let errors = with_steps(&"X".repeat(100_000)).expect_err("no such statement");
    assert!(errors.render(false, 80).len() < 4_000);
}

#[test]
fn one_error_is_not_errors() {
    let errors = with_steps("USC types \u{3b1}").expect_err("not ASCII");
    assert_eq!(errors.to_string(), "1 error");
    assert!(errors.render(false, 80).ends_with("\n1 error\n"));
}

#[test]
fn color_is_only_there_if_asked_for() {
    let errors = with_steps("USC flies").expect_err("no verb");
    assert!(errors.render(true, 80).contains('\u{1b}'));
    assert!(!errors.render(false, 80).contains('\u{1b}'));
}

#[test]
fn what_is_missing_is_marked_where_it_belongs() {
    let shown = with_steps("USC sees   ").expect_err("no text").render(false, 80);
    assert!(shown.contains("[scenarios/test.scenario:6:9]"), "behind `sees`: {shown}");
}

#[test]
fn an_empty_file_lacks_title_and_net() {
    let lacks = ["the scenario has no title", "the scenario has no net"];
    assert_eq!(wrong(read("")), lacks);
    assert_eq!(wrong(read("# nothing\n\n  \n")), lacks);
    assert!(read("").expect_err("nothing").render(false, 80).ends_with("2 errors\n"));
}

#[test]
fn a_heading_is_said_once_and_in_full() {
    let heading = |line: &str| wrong(with_hosts(line));
    assert_eq!(heading("title U"), ["a second `title`"]);
    assert_eq!(heading("net 1973-01"), ["a second `net`"]);
    assert_eq!(heading("seed 1\nseed 2"), ["a second `seed`"]);
    assert_eq!(heading("seed"), ["expected the seed, but the line ends"]);
    assert_eq!(heading("seed x"), ["`x` is not a number"]);
    assert_eq!(heading("seed 18446744073709551616"), ["the seed cannot be 18446744073709551616"]);
    assert_eq!(heading("seed 1 2"), ["unexpected `2`"]);
    assert_eq!(heading("limit 1h"), ["unknown unit `h`"]);
    assert_eq!(heading("limit 1000000min"), ["a duration cannot be 1000000min"]);
    assert_eq!(heading("fails # why?"), ["expected a part of the error, but the line ends"]);
    assert_eq!(heading("cites RFC 1\n  RFC 2"), ["unexpected indented line"]);
    assert_eq!(wrong(read("title T\nnet 1971-01")), ["there is no net `1971-01`"]);
}

#[test]
fn a_host_is_declared_once_and_soundly() {
    let host = |text: &str| wrong(with_hosts(text));
    assert_eq!(host("host CASE-10\nhost case"), ["host `CASE-10` is declared twice"]);
    assert_eq!(host("host"), ["expected the name of the host, but the line ends"]);
    assert_eq!(host("host NOWHERE-AT-ALL"), ["unknown host `NOWHERE-AT-ALL`"]);
    assert_eq!(host("host CASE-10 servs ftp"), ["unknown clause `servs`"]);
    assert_eq!(host("host CASE-10 serves telnet"), ["expected `ftp`, found `telnet`"]);
    assert_eq!(host("host CASE-10 serves ftp edition rfc765"), ["unknown edition `rfc765`"]);
    assert_eq!(host("host CASE-10 runs rsexec runs ftp"), ["`runs` a second time"]);
    assert_eq!(host("host CASE-10 runs tenex"), ["unknown program `tenex`"]);
    assert_eq!(host("host CASE-10 account A password B\n account a password C"), ["a second account `a`"]);
    assert_eq!(host("host CASE-10 account A password B\n bars C from files"), ["nobody logs in as `C`"]);
    let twice = "host CASE-10 account A password B\n charges A 1 at login\n bars a from files";
    assert_eq!(host(twice), ["a second word about `a`"]);
    let soon = host("host CASE-10 account A password B\n charges A 1 soon");
    assert_eq!(soon, ["unknown time `soon`"]);
    assert_eq!(host("host CASE-10 file <A>A\n file <A>A"), ["a second file `<A>A`"]);
    assert_eq!(host("host CASE-10 file <A>A of 9"), ["expected `bytes`, but the line ends"]);
    assert_eq!(host("host CASE-10 file <A>A of 9 bytes\n  | X"), ["a made-up file with a line"]);
    assert_eq!(host("host CASE-10\n  | X"), ["this line belongs to no file"]);
    assert_eq!(host("host CASE-10 file <A>A is down\n  | X"), ["this line belongs to no file"]);
    assert_eq!(host("host CASE-10 file <A>A of B bytes\n  | X"), ["`B` is not a number"]);
    assert_eq!(host("host CASE-10 file <A>A\n| X"), ["this line of a file is not indented"]);
    assert_eq!(host("host CASE-10 queues requests for 30"), ["a duration without a unit"]);
    assert_eq!(host("host USC knows CASE as T password P"), ["host `CASE` is known, but not declared"]);
}

#[test]
fn a_line_below_nothing_belongs_to_nothing() {
    let below_nothing = |line: &str| wrong(read(&format!("{line}\ntitle T\nnet 1973-01\n")));
    assert_eq!(below_nothing("  | X"), ["this line belongs to no statement"]);
    assert_eq!(below_nothing("| X"), ["this line belongs to no statement"]);
    assert_eq!(below_nothing("  host X"), ["this line belongs to no statement"]);
}

#[test]
fn a_step_names_declared_hosts_and_known_verbs() {
    let step = |text: &str| wrong(with_steps(text));
    assert_eq!(step("HARV-10 crashes"), ["host `HARV-10` is not declared"]);
    assert_eq!(step("HARV crashes"), ["host `HARV` is not declared"], "HARV is an alias");
    assert_eq!(step("LINC crashes"), ["unknown host `LINC`"], "LINC is an IMP");
    assert_eq!(step("USC flies"), ["unknown verb `flies`"]);
    assert_eq!(step("USC"), ["expected what USC-ISI does, but the line ends"]);
    assert_eq!(step("expct BBN no file A"), ["unknown statement `expct`"]);
    assert_eq!(step("BBN types HELLO"), ["host `BBN` runs no program"]);
    assert_eq!(step("expect BBN -> HARVEY X"), ["unknown host `HARVEY`"]);
    assert_eq!(step("expect BBN fiel A"), ["unknown expectation `fiel`"]);
    assert_eq!(step("USC sees"), ["expected what is to be seen, but the line ends"]);
    assert_eq!(step("expect BBN no file <A>A\n  | X"), ["this line does not belong here"]);
    assert_eq!(step("expect BBN file <A>A\n  USC types X"), ["this line does not belong here"]);
    assert_eq!(step("within 1s BBN crashes"), ["this step does not wait"]);
    assert_eq!(step("wait BBN -> CASE"), ["expected `for`, found `BBN`"]);
    assert_eq!(step("at 61min BBN crashes"), ["this step is after the limit of 60min"]);
    assert_eq!(step("+ BBN crashes"), ["nothing stands behind the `+`"]);
    assert_eq!(step("at 1s title T"), ["`title` begins no step"]);
    assert_eq!(step("within 1s monitor off"), ["`monitor` begins no step"]);
}

#[test]
fn lines_and_imps_are_those_of_the_net() {
    let step = |text: &str| wrong(with_steps(text));
    assert_eq!(step("line BBN to UCLA fails"), ["no line joins `BBN` and `UCLA`"]);
    assert_eq!(step("line BBN to HAVR fails"), ["unknown IMP `HAVR`"]);
    assert_eq!(step("imp 34 crashes"), ["unknown IMP `34`"]);
    assert_eq!(step("imp 64 crashes"), ["the number of an IMP cannot be 64"]);
    assert_eq!(step("imp BBN heals"), ["unknown verb `heals`"]);
}

#[test]
fn sockets_fit_each_other_and_their_fields() {
    let step = |text: &str| wrong(with_steps(text));
    assert_eq!(step("BBN inits 2 to CASE 4"), ["sockets 2 and 4 cannot be connected"]);
    assert_eq!(step("BBN listens 3 for CASE 5"), ["sockets 3 and 5 cannot be connected"]);
    assert_eq!(step("BBN inits 4294967296 to CASE 3"), ["the number of a socket cannot be 4294967296"]);
    assert_eq!(step("BBN inits 2 to CASE 3 size 256"), ["a byte size cannot be 256"]);
    assert_eq!(step("BBN inits 0o8 to CASE 3"), ["`0o8` is not a number"]);
}

#[test]
fn what_an_ncp_is_told_is_whole_and_fits_its_fields() {
    let step = |text: &str| wrong(with_steps(text));
    assert_eq!(step("BBN sends 3"), ["expected the text, or `bytes` and numbers, but the line ends"]);
    assert_eq!(step("BBN sends 4 HELLO"), ["socket 4 is a receive socket"]);
    assert_eq!(step("BBN receives 3 HELLO"), ["socket 3 is a send socket"]);
    assert_eq!(step("BBN takes back 3 64/128"), ["socket 3 is a send socket"], "it gives");
    assert_eq!(step("BBN sends 3 bytes"), ["expected a byte, but the line ends"]);
    assert_eq!(step("BBN sends 3 bytes 1 two"), ["`two` is not a number"]);
    assert_eq!(step("BBN sends 3 bytes 0x10000000000000000"), ["a byte cannot be 0x10000000000000000"]);
    assert_eq!(step("BBN receives HELLO"), ["`HELLO` is not a number"], "a socket belongs there");
    assert_eq!(step("BBN sends 3 \u{e9}"), ["`\u{e9}` is not ASCII"]);
    assert_eq!(step("BBN takes 2 64/128"), ["expected `back`, found `2`"]);
    assert_eq!(step("BBN takes back 2 1/2"), ["`1/2` is not a number of 128ths"]);
    assert_eq!(step("BBN takes back 2 256/128"), ["the number of 128ths cannot be 256"]);
    assert_eq!(step("BBN takes back 2 1/128 2/128"), ["unexpected `2/128`"]);
    assert_eq!(step("BBN takes back 2 1/128 messages 2/128"), ["expected `bits`, but the line ends"]);
    assert_eq!(step("BBN echoes CASE 256"), ["what is to be sent back cannot be 256"]);
    assert_eq!(step("BBN resets NOBODY-AT-ALL"), ["unknown host `NOBODY-AT-ALL`"]);
    assert_eq!(step("BBN aborts"), ["expected a socket, but the line ends"]);
    assert_eq!(step("within 1s BBN aborts 2"), ["this step does not wait"]);
    assert_eq!(step("BBN netstat all"), ["unexpected `all`"]);
    assert_eq!(step("BBN intterupts 2"), ["unknown verb `intterupts`"]);
    assert_eq!(step("expect BBN socket 2 shut"), ["unknown state `shut`"]);
    assert_eq!(step("expect BBN socket 2"), ["expected the state of the connection, but the line ends"]);
}

#[test]
fn what_is_injected_is_whole_bytes_and_no_longer_than_a_message() {
    let step = |text: &str| wrong(with_steps(text));
    assert_eq!(step("BBN injects CASE 00"), ["unknown way to inject `CASE`"]);
    assert_eq!(step("BBN injects to CASE 00"), ["expected `link`, found `00`"]);
    assert_eq!(step("BBN injects to CASE link 256 00"), ["a link cannot be 256"]);
    assert_eq!(step("BBN injects to CASE link 0 123"), ["`123` is not in hexadecimal"]);
    assert_eq!(step("BBN injects to CASE link 0 0g"), ["`0g` is not in hexadecimal"]);
    assert_eq!(step("BBN injects raw"), ["expected the message, but the line ends"]);
    let longest = "00".repeat(1002);
    sound(with_steps(&format!("BBN injects to CASE link 2 {longest}")));
    assert_eq!(step(&format!("BBN injects to CASE link 2 {longest} 00")), ["this message is too long"]);
}

#[test]
fn who_does_something_himself_has_something_to_see_and_nothing_to_type_to() {
    sound(with_steps("BBN listens 2\nBBN sees SOCKET 2\nexpect BBN saw SOCKET 2"));
    sound(with_steps("BBN sees RESET\n+1s BBN echoes CASE 1"));
    assert_eq!(wrong(with_steps("BBN listens 2\nBBN types HELLO")), ["host `BBN` runs no program"]);
    let nothing = ["host `BBN` runs no program", "host `CASE` runs no program"];
    assert_eq!(wrong(with_steps("BBN sees X\nUSC inits 2 to BBN 3\nexpect CASE saw X")), nothing);
}

#[test]
fn what_is_said_of_an_ncp_fits_its_counters() {
    let host = |text: &str| wrong(with_hosts(text));
    assert_eq!(host("host CASE allocates 65536 messages"), ["the number of messages cannot be 65536"]);
    assert_eq!(host("host CASE allocates 1 messages 0 bits"), ["the number of bits cannot be 0"]);
    assert_eq!(
        host("host CASE allocates 1 messages 4294967296 bits"),
        ["the number of bits cannot be 4294967296"]
    );
    assert_eq!(host("host CASE allocates 80 bits"), ["expected `messages`, found `bits`"]);
    assert_eq!(host("host CASE texts of at most 8024 bits"), ["the length of a text cannot be 8024"]);
    assert_eq!(host("host CASE assigns links 1 to 9"), ["a link for text cannot be 1"]);
    assert_eq!(host("host CASE assigns links 9 to 2"), ["no links are from 9 to 2"]);
    assert_eq!(host("host CASE queues requests for 1s most 0"), ["the number of requests cannot be 0"]);
    assert_eq!(host("host CASE closes after 1s closes after 2s"), ["`closes` a second time"]);
    assert_eq!(host("host CASE sends plain messages"), ["expected `control`, found `messages`"]);
    assert_eq!(
        host("host CASE refuses unmatched requests queues requests for 1s"),
        ["`queues` a second time"]
    );
}

#[test]
fn a_step_before_any_host_has_nobody_to_do_it() {
    let told = |text: &str| wrong(read(&format!("title T\nnet 1973-01\n{text}\n")));
    assert_eq!(told("BBN crashes\nCASE crashes"), ["no host is declared above this step"], "told once");
    let below = ["host `BBN` is declared below a step"];
    assert_eq!(told("BBN crashes\nhost BBN"), below);
    assert_eq!(
        told("host USC\nUSC crashes\nhost BBN\nhost CASE\nBBN crashes"),
        below,
        "it does not come up there"
    );
}

#[test]
fn a_mistyped_declaration_is_one_mistake() {
    assert_eq!(wrong(with_hosts("host CASE-1O\nCASE-10 crashes\nCASE crashes")), ["unknown host `CASE-1O`"]);
}

#[test]
fn text_has_an_end() {
    let long = "X".repeat(5000);
    for line in
        [format!("USC types {long}"), format!("expect BBN file <A>A\n  | {long}"), format!("title {long}")]
    {
        let told = wrong(with_steps(&line));
        assert!(told.contains(&"this text is too long".to_owned()), "{told:?}");
    }
}

#[test]
fn the_whole_language_has_no_mistake() {
    sound(read(WHOLE));
}

#[test]
fn who_misbehaves_must_be_a_host_of_the_net_and_be_named_once() {
    let heading = "misbehaves USC-ISI USC-ISl USC-ISI\nmonitor on\nmisbehaves";
    let expected = [
        "unknown host `USC-ISl`",
        "`USC-ISI` is named twice",
        "expected `off`, found `on`",
        "expected the name of a host, but the line ends",
    ];
    assert_eq!(wrong(with_hosts(heading)), expected);
    assert_eq!(wrong(with_hosts("misbehaves USC-ISI\nmonitor off")), ["`monitor off` beside `misbehaves`"]);
}

#[test]
fn of_a_host_elsewhere_only_its_cable_is_said() {
    let text = "\
title  Mistakes about hosts elsewhere
net    1973-01

host CASE-10    external port 0 to 127.0.0.1:22002
host BBN-TENEX  external port 22001 to localhost:22002
host USC-ISI    external port 22001 to 127.0.0.1:22002
  serves ftp
host UTAH-10    external port 22003 to 127.0.0.1:22004

UTAH-10 crashes
wait for UTAH-10 -> USC-ISI RTS
expect UTAH-10 has no connections
";
    insta::assert_snapshot!(read(text).expect_err("five mistakes").render(false, 100));
}

#[test]
fn in_colours_nothing_is_faint_or_bright() {
    let errors = with_steps("BBN crahes\nexpect no\n+5 BBN crashes").expect_err("three mistakes");
    let text = errors.render(true, 100);
    for code in text.split("\x1b[").skip(1).filter_map(|part| part.split('m').next()) {
        assert!(code.split(';').all(|code| code != "2" && !code.starts_with('9')), "{code:?}");
    }
    assert!(text.contains("\x1b["), "there are colours");
}

#[test]
fn what_is_wrong_with_systems_folders_and_quotas_is_told_with_what_to_write() {
    for (clauses, message, help) in [
        ("system vms", "unknown system `vms`", "`tenex`, `multics`, `its`, `os/360`, `plain`"),
        ("file <A>B\n  system its", "the system is said behind files that it names", "above the first file"),
        ("system its   system its", "`system` a second time", ""),
        ("system multics   file <A>B", "`<A>B` is no path name there", "write `>udd>Smith>notes.txt`"),
        ("system its   file NOTES", "`NOTES` is no path name there", "write \"SMITH; NOTES TXT\""),
        ("system os/360   file NOTES", "`NOTES` is no path name there", "write `'SMITH.NOTES.TEXT'`"),
        ("quota <A>B of 5 bytes", "`<A>B` is no directory there", "write `<SMITH>`"),
        ("quota <A> of 5", "", "quota DIRECTORY of N bytes"),
        ("folder nowhere", "there is no folder `nowhere`", "from the folder in which the scenario is"),
        ("folder locked", "the folder `locked` cannot be read", "Permission denied"),
        (
            "folder deep",
            "the folder `deep` cannot be read",
            "`udd/Cnet/Smith/notes` is no file of a host with this system",
        ),
        ("folder disk   folder disk", "`folder` a second time", ""),
    ] {
        let told = with_hosts(&format!("host USC-ISI\n  {clauses}")).expect_err(clauses).render(false, 200);
        assert!(told.contains(message) && told.contains(help), "{clauses}: {told}");
    }
    let deep = super::sound(with_hosts("host USC-ISI   system multics   folder deep"));
    let files = deep.hosts[0].folder.as_ref().map(|folder| folder.files[0].0.to_string());
    assert_eq!(files.as_deref(), Some(">udd>Cnet>Smith>notes"));
}
