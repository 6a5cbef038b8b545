//! What users are told, against files as they are.

use std::collections::BTreeMap;

use imp::Mishap;
use machine::Span;
use scenario::library::BuiltIn;
use trace::Names;

use super::*;
use crate::setup;

/// A run that is told by hand: what is typed and printed at SITE3, or at SITE1, and what is in `<JONES>B` of SITE2. `<SMITH>A` of SITE1
/// holds `NEW`.
struct Told {
    testimony: Testimony,
    now: Instant,
}

const SOURCE: u8 = 1;
const DESTINATION: u8 = 2;
const USER: u8 = 3;

impl Told {
    /// SITE3 runs this program; `<JONES>B` holds this line.
    fn at(program: &str, old: &str) -> Self {
        let (scenario, directory, hosts) = world(program, "NEW", old);
        let mut told = Told { testimony: Testimony::new(&scenario, &directory), now: Instant::START };
        for (address, host) in &hosts {
            told.testimony.look(told.now, *address, &Note::Booted, host);
        }
        told
    }

    fn note(&mut self, host: u8, note: &Note, content: &str) -> &mut Self {
        self.note_where(host, note, "NEW", content)
    }

    fn note_where(&mut self, host: u8, note: &Note, source: &str, content: &str) -> &mut Self {
        let host = HostAddress::from(host);
        self.now += Span::from_secs(1);
        let (_, _, hosts) = world("rsexec", source, content);
        self.testimony.look(self.now, host, note, &hosts[&host]);
        self
    }

    fn types(&mut self, line: &str) -> &mut Self {
        self.types_at(USER, line)
    }

    fn types_at(&mut self, host: u8, line: &str) -> &mut Self {
        let prompt = "_".to_owned();
        self.note(host, &Note::Typed { prompt, line: Some(line.to_owned()) }, "")
    }

    fn prints(&mut self, line: &str) -> &mut Self {
        self.prints_at(USER, line)
    }

    fn prints_at(&mut self, host: u8, line: &str) -> &mut Self {
        self.note(host, &Note::Printed(line.to_owned()), "")
    }

    /// `<JONES>B` holds these lines from now on.
    fn files(&mut self, content: &str) -> &mut Self {
        self.note(DESTINATION, &filed("<JONES>B", content), content)
    }

    /// `<SMITH>A` of SITE1 holds this line from now on.
    fn files_source(&mut self, content: &str) -> &mut Self {
        self.note_where(SOURCE, &filed("<SMITH>A", content), content, "")
    }

    /// `<JONES>B` gets all these contents in one moment, and holds the last of them when somebody looks. With each stands whether
    /// it is what was there with more at its end.
    fn files_at_once(&mut self, contents: &[(&str, bool)]) -> &mut Self {
        let (last, _) = contents.last().expect("one at least");
        self.now += Span::from_secs(1);
        let (_, _, hosts) = world("rsexec", "NEW", last);
        let host = HostAddress::from(DESTINATION);
        for (content, is_appended) in contents {
            let mut note = filed("<JONES>B", content);
            if let (Note::Filed { kept, .. }, true) = (&mut note, is_appended) {
                *kept = 1;
            }
            self.testimony.look(self.now, host, &note, &hosts[&host]);
        }
        self
    }

    fn crashes(&mut self) -> &mut Self {
        self.note(USER, &Note::Crashed, "")
    }

    /// The cable of this host loses a message to SITE2.
    fn struck(&mut self, host: u8) -> &mut Self {
        self.meets(host, Mishap::Lost)
    }

    /// This happens to a message from this host to SITE2.
    fn meets(&mut self, host: u8, mishap: Mishap) -> &mut Self {
        self.meets_on(imp1822::Link::from(2), host, mishap)
    }

    /// The cable of this host loses a message of its NCP to that of SITE2.
    fn strikes_ncp(&mut self, host: u8) -> &mut Self {
        self.meets_on(Link::CONTROL, host, Mishap::Lost)
    }

    /// The cable of this host brings the answer of the IMP for a message to SITE2 twice.
    fn strikes_answer(&mut self, host: u8) -> &mut Self {
        let answer = FromImp::Rfnm { to: HostAddress::from(DESTINATION), link: Link::from(2) }.bits();
        self.testimony.struck(self.now, HostAddress::from(host), Mishap::Twice, &answer);
        self
    }

    fn meets_on(&mut self, link: Link, host: u8, mishap: Mishap) -> &mut Self {
        let to = HostAddress::from(DESTINATION);
        let message = ToImp::Regular { to, link, priority: false }.bits();
        self.testimony.struck(self.now, HostAddress::from(host), mishap, &message);
        self
    }

    fn matters(&self) -> Vec<(Matter, bool)> {
        self.testimony.findings().0.iter().map(|untruth| (untruth.matter, untruth.unseen)).collect()
    }
}

/// A file gets these lines, each with its CR LF.
fn filed(path: &str, lines: &str) -> Note {
    let bytes = lines.lines().map(|line| line.len() + 2).sum();
    Note::Filed { path: path.to_owned(), bytes, kept: 0 }
}

/// The hosts of a scenario in which `<SMITH>A` of SITE1 holds one line, and `<JONES>B` of SITE2 these.
fn world(
    program: &str,
    source: &str,
    lines: &str,
) -> (Scenario, Arc<Directory>, BTreeMap<HostAddress, Host>) {
    let lines: String = lines.lines().map(|line| format!("    | {line}\n")).collect();
    let text = format!(
        "title T\nnet three-imps\nhost SITE1 serves ftp runs rsexec\n  file <SMITH>A\n    | {source}\nhost SITE2 serves ftp\n  \
         file <JONES>B\n{lines}host SITE3 runs {program}\n  file <SMITH>A\n    | NEW\n"
    );
    let scenario = scenario::parse("t", &text, &BuiltIn).expect("a scenario");
    let names = Names::of(&scenario.net);
    let hosts = setup::hosts(&scenario, 0, names.hosts()).collect();
    (scenario, names.hosts().clone(), hosts)
}

const APPEND: &str = "APPEND (FILE) [SITE1]A (TO FILE) [SITE2]B";
const COPY: &str = "copy [site1]<smith>a [site2]b";

#[test]
fn who_is_told_what_is_so_is_told_the_truth() {
    let tell = |program, say: fn(&mut Told) -> &mut Told| {
        let mut told = Told::at(program, "OLD");
        say(&mut told);
        assert_eq!(told.matters(), []);
    };
    tell("rsexec", |told| told.types(APPEND).files("OLD\nNEW").prints("APPENDED"));
    tell("rsexec", |told| told.types(COPY).files("NEW").prints("COPIED"));
    tell("rsexec", |told| told.types(APPEND).prints("NOT DONE: TRY AGAIN LATER"));
    tell("rsexec", |told| told.types(APPEND).prints("NOBODY KNOWS WHETHER IT IS DONE: LOOK AT [SITE2]B"));
    let late = "NOBODY KNOWS WHETHER IT IS DONE: LOOK AT [SITE2]B";
    assert_eq!(Told::at("rsexec", "OLD").types(APPEND).prints(late).files("OLD\nNEW").matters(), []);
    tell("rsexec", |told| {
        told.types(APPEND).files("OLD\nN").prints("PERHAPS NOT ALL OF IT HAS ARRIVED: LOOK AT [SITE2]B")
    });
    // Nothing was appended by a server that was done before its user knew.
    tell("rsexec", |told| told.types(APPEND).files("OLD").prints("NOT DONE"));
    // Whose user is gone is told nothing; nor is one whose command has not ended.
    tell("rsexec", |told| told.types(APPEND).crashes().files("OLD\nNEW"));
    tell("rsexec", |told| told.types(APPEND).files("OLD\nN"));
    // What has failed and is done again changes the file once.
    tell("rsexec", |told| {
        told.types(APPEND).prints("NOT DONE").types(APPEND).files("OLD\nNEW").prints("APPENDED")
    });
    tell("ftp", |told| {
        told.types("CONNECT SITE2").types("APPEND A B").files("OLD\nNEW").prints("5 BYTES SENT")
    });
    tell("ftp", |told| {
        told.types("CONNECT SITE2").types("SEND A B").prints("452 the data connection was closed")
    });
}

/// Two who append the same cannot be told apart by what the file becomes, but by when they are told.
#[test]
fn of_two_who_append_the_same_each_has_done_what_was_done_before_he_was_told() {
    for (first, last) in [(SOURCE, USER), (USER, SOURCE)] {
        for (one, other) in [(first, last), (last, first)] {
            let mut told = Told::at("rsexec", "OLD");
            told.types_at(first, APPEND).types_at(last, APPEND);
            told.files("OLD\nNEW").prints_at(one, "APPENDED");
            assert_eq!(told.matters(), [], "{one} has done it, and {other} is still at it");
            told.files("OLD\nNEW\nNEW").prints_at(other, "APPENDED");
            assert_eq!(told.matters(), [], "{one} and then {other}");
            let mut told = Told::at("rsexec", "OLD");
            told.types_at(first, APPEND).types_at(last, APPEND).files("OLD\nNEW");
            told.prints_at(one, "APPENDED").prints_at(other, "APPENDED");
            assert_eq!(told.matters(), [(Matter::Unchanged, false)], "only one of them has");
            // Where both replace the file by the same, it changes once.
            let mut told = Told::at("rsexec", "OLD");
            told.types_at(first, COPY).types_at(last, COPY).files("NEW");
            told.prints_at(one, "COPIED").prints_at(other, "COPIED");
            assert_eq!(told.matters(), [], "{one} and then {other}");
        }
    }
}

/// A host that is slow looks at all that has arrived at once, and files what ended with it.
#[test]
fn of_two_files_that_are_written_in_one_moment_each_is_somebodys_work() {
    let both = |command: &str, program, contents: &[(&str, bool)]| {
        let mut told = Told::at(program, "OLD");
        told.types_at(SOURCE, command).types_at(USER, command).files_at_once(contents);
        let word = if command == APPEND { "APPENDED" } else { "COPIED" };
        told.prints_at(SOURCE, word).prints_at(USER, word);
        told.matters()
    };
    let appended = [("OLD\nNEW", true), ("OLD\nNEW\nNEW", true)];
    assert_eq!(both(APPEND, "rsexec", &appended), [], "each has appended it");
    assert_eq!(both(APPEND, "rsexec", &appended[..1]), [(Matter::Unchanged, false)], "one of them has");
    let mut told = Told::at("rsexec", "OLD");
    told.types_at(SOURCE, COPY).types_at(USER, "COPY [SITE3]A [SITE2]B");
    told.files_at_once(&[("NEW", false), ("LONGER", false)]).prints_at(SOURCE, "COPIED");
    assert_eq!(told.matters(), [], "it was there, though in the same moment another took its place");
    let mut told = Told::at("rsexec", "OLD");
    told.types_at(SOURCE, COPY).files_at_once(&[("N", false), ("LONGER", false)]).prints_at(SOURCE, "COPIED");
    assert!(!told.matters().is_empty(), "neither is as long as it should be");
}

#[test]
fn a_success_of_a_file_that_is_as_it_was_is_none() {
    let mut told = Told::at("rsexec", "OLD");
    assert_eq!(told.types(APPEND).prints("APPENDED").matters(), [(Matter::Unchanged, false)]);
    // It comes too late for the word.
    assert_eq!(told.files("OLD\nNEW").matters(), [(Matter::Unchanged, false)]);
    let mut told = Told::at("ftp", "OLD");
    told.types("CONNECT SITE2").types("SEND A B").prints("5 BYTES SENT");
    assert_eq!(told.matters(), [(Matter::Unchanged, false)]);
}

#[test]
fn a_success_of_a_part_is_none() {
    let mut told = Told::at("rsexec", "OLD");
    told.types(APPEND).files("OLD\nN").prints("APPENDED");
    assert_eq!(told.matters(), [(Matter::Broken { has: 8, of: 10 }, false)]);
    let mut told = Told::at("rsexec", "OLD");
    told.types(APPEND).files("OLD\nNEW\nNEW").prints("APPENDED");
    assert_eq!(told.matters(), [(Matter::Broken { has: 15, of: 10 }, false)]);
    // The old file is gone.
    let mut told = Told::at("rsexec", "OLD");
    told.types(APPEND).files("NEW").prints("APPENDED");
    assert_eq!(told.matters(), [(Matter::Broken { has: 5, of: 10 }, false)]);
}

#[test]
fn what_is_not_done_is_not_done_later_either() {
    let mut told = Told::at("rsexec", "OLD");
    told.types(APPEND).files("OLD\nNEW").prints("NOT DONE");
    assert_eq!(told.matters(), [(Matter::Whole, false)]);
    let mut told = Told::at("rsexec", "OLD");
    told.types(APPEND).prints("NOT DONE").files("OLD\nNEW");
    assert_eq!(told.matters(), [(Matter::Whole, false)]);
    let mut told = Told::at("rsexec", "OLD");
    told.types(APPEND).prints("NOT DONE: TRY AGAIN LATER").files("OLD\nN");
    assert_eq!(told.matters(), [(Matter::Part, false)]);
    // Who obeys appends twice.
    let mut told = Told::at("rsexec", "OLD");
    told.types(APPEND)
        .prints("NOT DONE")
        .types(APPEND)
        .files("OLD\nNEW")
        .files("OLD\nNEW\nNEW")
        .prints("APPENDED");
    assert_eq!(told.matters(), [(Matter::Whole, false)]);
}

#[test]
fn only_what_has_the_right_size_and_was_struck_could_nobody_see() {
    let broken = |content, host| {
        let mut told = Told::at("rsexec", "OLD");
        told.types(COPY).struck(host).files(content).prints("COPIED");
        told.matters()
    };
    assert_eq!(broken("WEN", SOURCE), [(Matter::Broken { has: 5, of: 5 }, true)]);
    assert_eq!(
        broken("WEN", USER),
        [(Matter::Broken { has: 5, of: 5 }, false)],
        "no message of the file was struck"
    );
    assert_eq!(
        broken("WE", SOURCE),
        [(Matter::Broken { has: 4, of: 5 }, false)],
        "somebody could have counted"
    );
    let answered = |host| {
        let mut told = Told::at("rsexec", "OLD");
        told.types(COPY).strikes_answer(host).files("WEN").prints("COPIED");
        told.matters()
    };
    assert_eq!(
        answered(SOURCE),
        [(Matter::Broken { has: 5, of: 5 }, true)],
        "it did not know what had arrived"
    );
    assert_eq!(answered(USER), [(Matter::Broken { has: 5, of: 5 }, false)], "it was of another message");
    let mut told = Told::at("rsexec", "OLD");
    told.struck(SOURCE).types(COPY).files("WEN").prints("COPIED");
    assert_eq!(told.matters(), [(Matter::Broken { has: 5, of: 5 }, false)], "it was struck before");
}

#[test]
fn a_command_of_which_a_piece_was_lost_or_doubled_speaks_of_what_nobody_can_see() {
    let mut told = Told::at("rsexec", "OLD");
    told.types(APPEND).meets(USER, Mishap::Twice).prints("APPENDED");
    assert_eq!(told.matters(), [(Matter::Unchanged, true)], "it was another file's name");
    let mut told = Told::at("rsexec", "OLD");
    told.types(APPEND).meets(USER, Mishap::Twice).files("OLD\nNEW").prints("NOT DONE");
    assert_eq!(told.matters(), [(Matter::Whole, true)], "it was obeyed twice, and refused once");
    // A word that is missed can be asked for.
    let mut told = Told::at("rsexec", "OLD");
    told.types(APPEND).meets(USER, Mishap::Lost).files("OLD\nNEW").prints("NOT DONE");
    assert_eq!(told.matters(), [(Matter::Whole, false)]);
}

#[test]
fn a_part_is_not_filed_as_the_whole_unless_a_cable_explains_it() {
    let parts = |say: fn(&mut Told) -> &mut Told| {
        let mut told = Told::at("rsexec", "OLD");
        say(&mut told);
        told.testimony.findings().1.iter().map(|part| (part.has, part.of)).collect::<Vec<_>>()
    };
    // Whatever its user is told.
    assert_eq!(parts(|told| told.types(APPEND).files("OLD\nN").prints("NOT DONE")), [(8, 10)]);
    assert_eq!(parts(|told| told.types(COPY).files("N").crashes()), [(3, 5)]);
    // A message of the file was lost, or one in which its sender interrupts.
    assert_eq!(parts(|told| told.types(COPY).struck(SOURCE).files("N")), []);
    assert_eq!(parts(|told| told.types(COPY).strikes_ncp(SOURCE).files("N")), []);
    assert_eq!(parts(|told| told.types(COPY).strikes_answer(SOURCE).files("N")), []);
    assert_eq!(parts(|told| told.types(COPY).strikes_answer(USER).files("N")), [(3, 5)]);
    assert_eq!(parts(|told| told.types(COPY).strikes_ncp(USER).files("N")), [(3, 5)], "it has no part in it");
    // All of it, or nothing.
    assert_eq!(parts(|told| told.types(APPEND).files("OLD\nNEW")), []);
    assert_eq!(parts(|told| told.types(APPEND).files("OLD")), []);
}

/// A user of SITE3 copies its own file, and one of SITE1 another, to the same place.
const COPY_OF_USER: &str = "COPY (FILE) [SITE3]A (TO FILE) [SITE2]B";

#[test]
fn of_two_who_write_one_file_any_may_have_filed_a_part_of_it() {
    let parts = |theirs: &str, is_struck: bool| {
        let mut told = Told::at("rsexec", "OLD");
        told.types(theirs).types_at(SOURCE, COPY);
        if is_struck {
            told.struck(USER);
        }
        told.files("N");
        told.testimony.findings().1.iter().map(|part| (part.has, part.of)).collect::<Vec<_>>()
    };
    assert_eq!(parts(COPY_OF_USER, false), [(3, 5)], "no cable explains it");
    assert_eq!(parts(COPY_OF_USER, true), [], "a message of the first was lost, and the part may be his");
    let of_another = COPY_OF_USER.replace("[SITE2]B", "[SITE2]C");
    assert_eq!(parts(&of_another, true), [(3, 5)], "a message of another file was lost");
}

#[test]
fn what_is_not_whole_is_rather_of_who_says_that_it_is_done_than_of_who_says_that_nothing_is() {
    for (first, last) in [(SOURCE, USER), (USER, SOURCE)] {
        let command = |user| if user == USER { COPY_OF_USER } else { COPY };
        let mut told = Told::at("rsexec", "OLD");
        told.types_at(first, command(first)).types_at(last, command(last)).struck(USER).files("WEN");
        told.prints_at(USER, "COPIED").prints_at(SOURCE, "NOT DONE");
        let unseen = (Matter::Broken { has: 5, of: 5 }, true);
        assert_eq!(told.matters(), [unseen], "{first} begins: who says that nothing is done tells the truth");
        let mut told = Told::at("rsexec", "OLD");
        told.types_at(first, command(first)).types_at(last, command(last)).files("NE");
        told.prints_at(USER, "NOBODY KNOWS WHETHER IT IS DONE: LOOK AT [SITE2]B");
        assert_eq!(told.prints_at(SOURCE, "NOT DONE").matters(), [], "{first} begins: nobody lies");
    }
    // What comes after the words, when all was done, is another's.
    let mut told = Told::at("rsexec", "OLD");
    told.types(COPY_OF_USER).types_at(SOURCE, COPY).files("NEW").prints("COPIED");
    told.files("N").prints_at(SOURCE, "NOT DONE");
    assert_eq!(told.matters(), [(Matter::Part, false)], "the first was done before");
}

#[test]
fn as_many_bytes_as_any_version_of_the_source_has_could_nobody_miss() {
    let broken = |content| {
        let mut told = Told::at("rsexec", "OLD");
        told.types(COPY).files_source("NEWER").struck(SOURCE).files(content).prints("COPIED");
        told.matters()
    };
    assert_eq!(broken("WEN"), [(Matter::Broken { has: 5, of: 7 }, true)], "the first version has as many");
    assert_eq!(broken("REWEN"), [(Matter::Broken { has: 7, of: 7 }, true)], "the last one has");
    assert_eq!(broken("REWN"), [(Matter::Broken { has: 6, of: 7 }, false)], "somebody could have counted");
}

#[test]
fn who_is_told_to_look_at_a_file_is_told_of_the_host_where_it_was_to_be() {
    let look = |site: &str| format!("NOBODY KNOWS WHETHER IT IS DONE: LOOK AT [{site}]B");
    assert_eq!(Told::at("rsexec", "OLD").types(APPEND).prints(&look("SITE2")).matters(), []);
    let elsewhere = Told::at("rsexec", "OLD").types(APPEND).prints(&look("SITE1")).matters();
    assert_eq!(elsewhere, [(Matter::Elsewhere, false)]);
}
