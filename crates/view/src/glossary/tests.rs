//! What can be looked up, and what an entry must say.

use std::collections::BTreeSet;

use super::*;

fn called(term: &str) -> Vec<&'static str> {
    find(term).into_iter().map(|entry| entry.name.as_ref()).collect()
}

#[test]
fn each_entry_says_what_it_is_in_a_few_sentences_and_where_that_is_written() {
    let mut names = BTreeSet::new();
    for entry in entries() {
        let Entry { name, says, source, .. } = entry;
        assert!(names.insert(name.as_ref()), "{name} is there twice");
        assert!(says.ends_with('.') && !says.contains("  "), "{name}: {says:?}");
        let sentences = says.matches(". ").count() + 1;
        assert!(
            sentences <= 7 && says.len() <= 700,
            "{name}: {sentences} sentences of {} letters",
            says.len()
        );
        assert!(!says.starts_with("The same"), "{name}: what is the same is not beside it");
        assert!(!source.is_empty(), "{name} has no source");
        assert!(
            !entry.looks.contains('\n') && entry.looks.trim() == entry.looks,
            "{name}: {:?}",
            entry.looks
        );
        assert!(
            entry.shown.is_none() || !entry.looks.is_empty(),
            "{name}: nobody sees what the scenario shows"
        );
    }
}

#[test]
fn what_an_entry_names_beside_itself_is_there() {
    for entry in entries() {
        for related in entry.related {
            let found = find(related);
            assert!(!found.is_empty(), "{} names {related}, which nothing is called", entry.name);
            let is_itself = found.iter().all(|other| other.name == entry.name);
            assert!(!is_itself, "{} names itself as {related}", entry.name);
        }
    }
}

#[test]
fn an_entry_is_found_by_each_of_its_names_in_capitals_or_not() {
    for entry in entries() {
        let names = std::iter::once(entry.name.as_ref()).chain(entry.signs());
        for name in names.flat_map(|name| [name.to_lowercase(), name.to_uppercase()]) {
            let found = find(&name);
            assert!(found.iter().any(|other| other.name == entry.name), "{name}: {:?}", called(&name));
        }
    }
}

#[test]
fn what_means_several_things_is_told_with_all_of_them() {
    assert_eq!(called("ALL"), ["ALL"]);
    assert_eq!(called("NOP"), ["NOP", "NOP of an NCP"]);
    assert_eq!(called("rfc"), ["RFC"]);
    assert_eq!(called("list"), ["LIST", "LIST at a teletype"]);
    assert_eq!(called(" `Ready   line` "), ["ready line"]);
    assert_eq!(called("allocations"), ["allocation"], "there may be several");
    assert_eq!(called("301"), ["301", "TROUBLE REPORT"], "a reply, and a report's code in octal");
    assert_eq!(called("not done"), ["NOT DONE", "NOT DONE: *"]);
    assert_eq!(called("nothing of the kind"), [""; 0]);
    assert_eq!(called(""), [""; 0]);
    assert_eq!(called("*"), [""; 0], "a hole alone is no name");
}

#[test]
fn a_line_that_is_pasted_is_found_by_what_it_is() {
    assert_eq!(
        called("NOBODY KNOWS WHETHER IT IS DONE: LOOK AT [SITE2]C.D"),
        ["NOBODY KNOWS WHETHER IT IS DONE: LOOK AT *"]
    );
    assert_eq!(called("17 bytes received"), ["# BYTES RECEIVED"]);
    assert_eq!(
        called("SOCKET 301: OPEN TO SITE2 SOCKET 400 SIZE 8"),
        ["SOCKET #: OPEN TO * SOCKET # SIZE #"]
    );
    let said = called("SITE3 -> SITE1  RTS 15272 from 3 link 2");
    assert!(said.contains(&"RTS") && said.contains(&"link"), "{said:?}");
}

#[test]
fn in_a_line_of_a_transcript_words_mean_what_its_lens_shows() {
    let met = |lens, who: &str, what: &str| {
        met_in(lens, who, what).into_iter().map(|entry| entry.name.as_ref()).collect::<Vec<_>>()
    };
    assert_eq!(met(Lens::Ncp, "A -> B", "ALL link 2 messages 1 bits 32"), ["ALL", "link", "message"]);
    assert_eq!(met(Lens::Packets, "IMP 2 > 1", "2>1 ALL(8), IMP 2 to 1, 168 bits"), ["IMP", "ALL(8)"]);
    assert_eq!(met(Lens::Ftp, "A -> B", "LIST"), ["LIST"]);
    assert_eq!(met(Lens::Teletype, "A types", "LIST"), ["types", "LIST at a teletype"]);
    assert!(met(Lens::Teletype, "A types", "QUOTE LSTN R").contains(&"LSTN"));
    assert!(met(Lens::Teletype, "A sees", "[B] 252 done").contains(&"252"));
    assert!(!met(Lens::Ftp, "A -> B", "150 of 252 pages").contains(&"252"), "a code begins its line");
    assert!(!met(Lens::Imp, "IMP -> A", "NOP").contains(&"NOP of an NCP"));
}

#[test]
fn a_number_is_told_as_all_that_it_may_be() {
    let read = |term: &str| {
        let readings = number(term).map(readings).unwrap_or_default();
        readings.into_iter().map(|one| format!("{}: {}", one.what, one.says)).collect::<Vec<_>>()
    };
    assert_eq!(
        read("255"),
        [
            "reply of FTP: my data socket",
            "socket: odd, so it sends",
            "link: for private experiments only",
            "host: host 3 on IMP 63",
            "byte size: bytes of 255 bits, as an STR says it",
            "opcode: of a private experiment",
        ]
    );
    assert!(read("3").contains(&"opcode: the control command CLS".to_owned()), "{:?}", read("3"));
    assert!(read("0o105").contains(&"host: host 1 on IMP 5".to_owned()), "{:?}", read("0o105"));
    assert_eq!(read("2,57144"), ["host: host 0 on IMP 2", "socket: even, so it receives"]);
    assert_eq!(read("57144"), ["socket: even, so it receives"]);
    for none in ["", "RFNM", "-3", "4294967296", "256,3", "2,", ",3", "1,2,3", "3x"] {
        assert_eq!(read(none), [""; 0], "{none:?}");
    }
    for number in 0..=255 {
        for reading in readings(Number::Alone(number)) {
            assert!(!find(reading.more).is_empty(), "{number}: nothing is called {}", reading.more);
        }
    }
}

#[test]
fn what_is_numbered_on_a_wire_has_an_entry_by_each_of_its_numbers() {
    let has = |term: String, kind: Kind| find(&term).iter().any(|entry| entry.kind == kind);
    for opcode in 0..=13 {
        assert!(has(format!("opcode {opcode}"), Kind::Ncp), "opcode {opcode}");
    }
    for code in 0..=5 {
        assert!(has(format!("ERR {code}"), Kind::Ncp), "ERR {code}");
    }
    for of_host in [1, 2, 4, 8] {
        assert!(has(format!("type {of_host}"), Kind::ToImp), "type {of_host} of a host");
    }
    for of_imp in [1, 2, 5, 7, 8, 9, 10] {
        assert!(has(format!("type {of_imp}"), Kind::FromImp), "type {of_imp} of an IMP");
    }
    for row in rsexec::ENDINGS.iter().chain(ftp_user::ENDINGS) {
        let line = row.with(&[&17, &18, &"[SITE2]A.B"]);
        assert!(has(line.clone(), Kind::Printed), "{line}");
    }
    let silent = "The last words of the FTP user's program. It claims";
    let unsaid: Vec<_> = entries().iter().filter(|entry| entry.says.starts_with(silent)).collect();
    assert!(unsaid.is_empty(), "when they are printed is not said: {unsaid:?}");
}

#[test]
fn whatever_the_programs_say_that_can_be_typed_has_an_entry() {
    let Ok(ftp_user::Line::Help(help)) = ftp_user::Line::parse("HELP") else { panic!("it is a command") };
    let verbs = help.lines().filter_map(|line| line.split(' ').next());
    let verbs: Vec<&str> = verbs.filter(|word| ftp_user::is_verb(word)).collect();
    assert!(verbs.len() > 15, "{verbs:?}");
    for verb in verbs {
        assert!(
            find(verb).iter().any(|entry| entry.kind == Kind::Typed),
            "{verb} is typed, and nothing says what it is"
        );
    }
    for line in
        ["NO ACCOUNT IS NAMED", "STOPPED: 1 OF 3 FILES ARE DONE", "THERE NOW: <SMITH>A.B  5 BYTES ON DISK"]
    {
        assert!(find(line).iter().any(|entry| entry.kind == Kind::Printed), "{line}");
    }
}

#[test]
fn each_kind_has_entries_and_a_word_of_its_own() {
    for one in Kind::ALL.iter().copied() {
        assert!(of_kind(one).count() > 1, "{one}");
        assert_eq!(kind(&one.all().to_uppercase()), Some(one));
    }
    assert_eq!(kind("ALL"), None);
}

#[test]
fn whatever_is_asked_for_nothing_panics_and_an_answer_comes_soon() {
    let long = "SITE1 -> SITE2  ".to_owned() + &"SOCKET 1: RTS * # ".repeat(200);
    for term in ["#", "*", "\"", "\"\"", "␍␊", "é", "0x", "[", "[]", "QUOTE ", "  ", "\u{301}a  b", &long]
    {
        let _ = (find(term), number(term), kind(term));
    }
}
