//! The names of files at each system.

use super::*;

fn path(text: &str) -> Result<String, PathError> {
    Naming::Tenex.parse(text, Some("smith")).map(|path| path.to_string())
}

#[test]
fn tenex_names_are_completed_and_shouted() {
    assert_eq!(path("prog1.pl1").as_deref(), Ok("<SMITH>PROG1.PL1"));
    assert_eq!(path("<Thomas>DATA.NEW").as_deref(), Ok("<THOMAS>DATA.NEW"));
    assert_eq!(path("DSK:<THOMAS>DATA").as_deref(), Ok("<THOMAS>DATA."));
}

#[test]
fn a_tenex_name_may_end_in_a_version() {
    assert_eq!(path("a.b;3").as_deref(), Ok("<SMITH>A.B;3"));
    assert_eq!(path("a;131071").as_deref(), Ok("<SMITH>A.;131071"));
    assert_eq!(path("a.b;007").as_deref(), Ok("<SMITH>A.B;7"));
}

#[test]
fn what_is_no_path_name_is_told_why() {
    assert_eq!(path(""), Err(PathError::NoName));
    assert_eq!(path("<THOMAS"), Err(PathError::BadDirectory));
    assert_eq!(path("<>A.B"), Err(PathError::BadDirectory));
    assert_eq!(path("LPT:A.B"), Err(PathError::NoDevice("LPT".to_owned())));
    for version in ["", "0", "+1", "-1", "131072", "P777752", "1;2"] {
        assert_eq!(path(&format!("A.B;{version}")), Err(PathError::Version));
    }
    assert_eq!(path("A*.B"), Err(PathError::Character('*')));
    assert_eq!(path("A.B.C"), Err(PathError::Character('.')));
    assert_eq!(path(&"A".repeat(40)), Err(PathError::TooLong(39)));
    assert_eq!(Naming::Tenex.parse("A.B", None), Err(PathError::NoDirectory));
}

#[test]
fn a_list_is_asked_of_a_directory_or_of_a_file() {
    let wanted = |naming: Naming, text| naming.parse_target(text, Some("smith"));
    for naming in [Naming::Tenex, Naming::Plain] {
        for (text, directory) in [("", "SMITH"), ("  ", "SMITH"), ("<Jones>", "JONES"), (" <a> ", "A")] {
            assert_eq!(wanted(naming, text), Ok(ListTarget::Directory(directory.to_owned())), "{text:?}");
        }
        for text in ["a.b", "<jones>a.b"] {
            assert_eq!(
                wanted(naming, text),
                naming.parse(text, Some("smith")).map(ListTarget::File),
                "{text}"
            );
        }
        assert_eq!(wanted(naming, "<>"), Err(PathError::BadDirectory));
        assert_eq!(wanted(naming, "<jones"), Err(PathError::BadDirectory));
        assert_eq!(wanted(naming, "<a\tb>"), Err(PathError::Character('\t')));
        assert_eq!(naming.parse_target("", None), Err(PathError::NoDirectory));
    }
    assert_eq!(wanted(Naming::Tenex, "DSK:<JONES>"), Ok(ListTarget::Directory("JONES".to_owned())));
    assert_eq!(wanted(Naming::Tenex, "dsk:"), Ok(ListTarget::Directory("SMITH".to_owned())));
    assert_eq!(wanted(Naming::Tenex, "LPT:"), Err(PathError::NoDevice("LPT".to_owned())));
    assert_eq!(wanted(Naming::Tenex, "<A B>"), Err(PathError::Character(' ')));
}

#[test]
fn a_star_stands_for_any_name_at_a_tenex() {
    let fits = |pattern: &str, path: &str| {
        let read = Naming::Tenex.parse_pattern(pattern, Some("smith"));
        let pattern = read.expect("it can be read").expect("there is a star in it");
        pattern.fits(&Naming::Tenex.parse(path, Some("smith")).expect("a path name"))
    };
    for (pattern, path, expected) in [
        ("*.txt", "NOTES.TXT", true),
        ("*.txt", "NOTES.TX", false),
        ("*.*", "NOTES.TXT;3", true),
        ("*.*;2", "NOTES.TXT;3", false),
        ("notes.*;*", "NOTES.TXT;3", true),
        ("*", "DATA", true),
        ("*", "NOTES.TXT", false),
        ("n*s.t*", "NOTES.TXT", true),
        ("n*s*t.t*", "NOTES.TXT", false),
        ("*ab*ab.*", "ABABAB.X", true),
        ("*ab*ac.*", "ABABAB.X", false),
        ("<jones>*.*", "NOTES.TXT", false),
        ("dsk:<jones>*.*", "<JONES>A.B", true),
    ] {
        assert_eq!(fits(pattern, path), expected, "{pattern} {path}");
    }
    let read = |naming: Naming, text| naming.parse_pattern(text, Some("smith"));
    assert_eq!(read(Naming::Tenex, "NOTES.TXT"), Ok(None));
    assert_eq!(read(Naming::Plain, "*.TXT"), Ok(None), "there a star is a character like others");
    assert_eq!(read(Naming::Tenex, "<A*>B"), Err(PathError::Character('*')));
    assert_eq!(read(Naming::Tenex, "A.*;X"), Err(PathError::Version));
}

#[test]
fn a_host_that_is_no_tenex_keeps_names_as_they_are_each_in_its_users_directory() {
    let plain = |text| Naming::Plain.parse(text, Some("smith")).map(|path| path.to_string());
    assert_eq!(plain("my data").as_deref(), Ok("<SMITH>my data"));
    assert_eq!(plain("<jones>x/y").as_deref(), Ok("<JONES>x/y"));
    assert_eq!(plain("tab\there"), Err(PathError::Character('\t')));
    assert_eq!(plain("<a\tb>c"), Err(PathError::Character('\t')));
    assert_eq!(plain("a;3").as_deref(), Ok("<SMITH>a;3"), "there are no versions");
}

/// The full name that a text means to the user SMITH, or why it is none.
fn at(naming: Naming, text: &str) -> Result<String, PathError> {
    naming.parse(text, Some(&naming.home("SMITH"))).map(|path| path.to_string())
}

/// Sees to it that each text means this name.
#[track_caller]
fn means(naming: Naming, rows: &[(&str, &str)]) {
    for (text, name) in rows {
        assert_eq!(at(naming, text).as_deref(), Ok(*name), "{text}");
    }
}

/// Sees to it that each text is refused, and why.
#[track_caller]
fn is_refused(naming: Naming, rows: &[(&str, PathError)]) {
    for (text, why) in rows {
        assert_eq!(at(naming, text), Err(why.clone()), "{text:?}");
    }
}

#[test]
fn a_multics_path_begins_at_the_root_or_in_the_users_directory() {
    means(
        Naming::Multics,
        &[
            (">udd>cn>fd", ">udd>cn>fd"),
            ("test.pl1", ">udd>SMITH>test.pl1"),
            ("sub>Test.pl1", ">udd>SMITH>sub>Test.pl1"),
            ("<Jones>mail", ">udd>Jones>mail"),
            ("<<system_library>x", ">system_library>x"),
            (">fd", ">fd"),
        ],
    );
    is_refused(
        Naming::Multics,
        &[
            ("", PathError::NoName),
            (">", PathError::NoName),
            ("<", PathError::NoName),
            ("<<<x", PathError::AboveRoot),
            (">>x", PathError::Gap('>')),
            (">udd>", PathError::NoName),
            (">udd>>", PathError::Gap('>')),
            ("a>>b", PathError::Gap('>')),
            (">udd<x", PathError::Character('<')),
            ("two words", PathError::Character(' ')),
            ("*.pl1", PathError::Character('*')),
            ("tab\there", PathError::Character('\t')),
            ("caf\u{e9}", PathError::Character('\u{e9}')),
        ],
    );
    assert_eq!(at(Naming::Multics, &"x".repeat(33)), Err(PathError::TooLong(32)));
    assert_eq!(at(Naming::Multics, &"<x>".repeat(60)), Err(PathError::TooLong(168)));
    let deep = ["x"; 80].join(">");
    assert_eq!(at(Naming::Multics, &deep), Err(PathError::TooLong(168)), "with the directory");
    assert_eq!(Naming::Multics.home("Smith.Cnet"), ">udd>Cnet>Smith");
    for (directory, user, expected) in [
        (">udd>Cnet>Smith", "Smith.Cnet", true),
        (">udd>Cnet>Smith>sub", "Smith.Cnet", true),
        (">udd>Cnet>Smithson", "Smith.Cnet", false),
        (">udd>Cnet>smith", "Smith.Cnet", false),
        (">udd>Cnet", "Smith.Cnet", false),
    ] {
        assert_eq!(Naming::Multics.is_of(directory, user), expected, "{directory} {user}");
    }
}

#[test]
fn stars_of_multics_stand_within_a_component_or_for_any_number_of_them() {
    let fits = |pattern: &str, name: &str| {
        let home = Naming::Multics.home("SMITH");
        let read = Naming::Multics.parse_pattern(pattern, Some(&home));
        let pattern = read.expect("it can be read").expect("there is a star in it");
        pattern.fits(&Naming::Multics.parse(name, Some(&home)).expect("a path name"))
    };
    for (pattern, name, expected) in [
        ("*.pl1", "test.pl1", true),
        ("*.pl1", "test.old.pl1", false),
        ("**.pl1", "test.old.pl1", true),
        ("**.pl1", "pl1", true),
        ("**", "any.thing.at.all", true),
        ("*", "test", true),
        ("*", "test.pl1", false),
        ("t?st.*", "test.pl1", true),
        ("t?st.*", "tst.pl1", false),
        ("*.PL1", "test.pl1", false),
        ("a.**.z.**", "a.b.z.z", true),
        ("a.**.z.**", "a.b.c", false),
        (">udd>Jones>*.pl1", "test.pl1", false),
        (">udd>Jones>*.pl1", "<Jones>test.pl1", true),
    ] {
        assert_eq!(fits(pattern, name), expected, "{pattern} {name}");
    }
}

#[test]
fn an_its_file_has_two_names_of_which_the_second_may_be_a_version() {
    means(
        Naming::Its,
        &[
            ("notes", "SMITH; NOTES >"),
            ("notes >", "SMITH; NOTES >"),
            ("notes 12", "SMITH; NOTES 12"),
            ("notes txt", "SMITH; NOTES TXT"),
            ("jones;mail", "JONES; MAIL >"),
            ("DSK: jones; mail 3", "JONES; MAIL 3"),
            ("mail 3 jones; dsk:", "JONES; MAIL 3"),
            ("_@#$ .,[]", "SMITH; _@#$ .,[]"),
        ],
    );
    is_refused(
        Naming::Its,
        &[
            ("", PathError::NoName),
            ("jones;", PathError::NoName),
            (";notes", PathError::Gap(';')),
            ("notes 0", PathError::Version),
            ("notes <", PathError::Version),
            ("a b c", PathError::ThirdName),
            ("seventh", PathError::TooLong(6)),
            ("LPT:notes", PathError::NoDevice("LPT".to_owned())),
            ("a>b", PathError::Character('>')),
            ("~", PathError::Character('~')),
            ("a\u{7}", PathError::Character('\u{7}')),
        ],
    );
    let [versioned, other] = ["notes", "notes txt"].map(|text| Naming::Its.parse(text, Some("S")));
    assert!(versioned.is_ok_and(|path| path.has_versions()) && other.is_ok_and(|path| !path.has_versions()));
}

#[test]
fn a_data_set_of_os_360_has_its_users_index_before_it_unless_it_is_quoted() {
    means(
        Naming::Os360,
        &[
            ("notes.text", "'SMITH.NOTES.TEXT'"),
            ("'jones.mail'", "'JONES.MAIL'"),
            ("lib(member)", "'SMITH.LIB(MEMBER)'"),
            ("@a.#b.$c-1", "'SMITH.@A.#B.$C-1'"),
        ],
    );
    is_refused(
        Naming::Os360,
        &[
            ("", PathError::NoName),
            ("'JONES'", PathError::NoName),
            ("'JONES.MAIL", PathError::Quote),
            ("a..b", PathError::Gap('.')),
            (".a", PathError::Gap('.')),
            ("a.", PathError::Gap('.')),
            ("a()", PathError::Gap('.')),
            ("a(b", PathError::Character('(')),
            ("1a", PathError::Character('1')),
            ("ninechars", PathError::TooLong(8)),
            ("a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.s.t.u", PathError::TooLong(44)),
            ("a_b", PathError::Character('_')),
        ],
    );
    assert_eq!(
        Naming::Os360.parse_target("'JONES'", None),
        Ok(ListTarget::Directory("JONES".to_owned())),
        "all data sets with this index"
    );
}

#[test]
fn each_system_is_found_by_the_name_that_nets_give_it() {
    for (system, naming) in [
        ("TENEX", Naming::Tenex),
        ("tenex", Naming::Tenex),
        ("MULTICS", Naming::Multics),
        ("ITS", Naming::Its),
        ("360/91", Naming::Os360),
        ("360/67", Naming::Plain),
        ("PDP-10", Naming::Plain),
    ] {
        assert_eq!(Naming::of_system(system), naming, "{system}");
    }
    for naming in Naming::ALL {
        let [directory, file] = naming.examples();
        let target = |text| naming.parse_target(text, None);
        assert!(matches!(target(file), Ok(ListTarget::File(_))), "{file}");
        assert!(target(directory).is_ok(), "{directory}");
        assert_eq!(naming.parse(file, None).map(|path| path.to_string()).as_deref(), Ok(file));
    }
}

proptest::proptest! {
    #[test]
    fn a_name_that_is_printed_is_read_as_the_same(
        text in "[ -~\u{e9}\n]{0,12}|[A-Za-z<>.;:'() 0-9*?]{0,12}",
        naming in proptest::sample::select(Naming::ALL.to_vec()),
    ) {
        if let Ok(path) = naming.parse(&text, Some(&naming.home("SMITH"))) {
            let printed = path.to_string();
            proptest::prop_assert!(printed.is_ascii() && !printed.contains(|c: char| c.is_ascii_control()));
            for reader in [None, Some(naming.home("JONES"))] {
                let again = naming.parse(&printed, reader.as_deref());
                proptest::prop_assert_eq!(again, Ok(path.clone()), "{} as {}", text, printed);
            }
        }
    }
}
