//! Lists of what is in a folder, and files that are deleted from it.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use super::*;

impl Disk {
    /// What a user of the host is told of these files: names and lengths.
    fn listed(&self, text: &str) -> Result<Vec<(String, usize)>, FileError> {
        let wanted = self.files.naming().parse_target(text, Some("SMITH")).expect("it can be asked for");
        let listed = self.files.list(&wanted)?;
        Ok(listed.into_iter().map(|file| (file.path.to_string(), file.bytes)).collect())
    }

    fn names(&self, text: &str) -> Vec<String> {
        let listed = self.listed(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        listed.into_iter().map(|(name, _)| name).collect()
    }

    /// A user of the host deletes a file; the answer is the name of what is gone.
    fn deletes(&mut self, text: &str) -> Result<String, FileError> {
        self.files.delete(&self.path(text)).map(|deleted| deleted.path.to_string())
    }
}

#[test]
fn a_list_has_the_names_as_the_host_prints_them_and_the_bytes_on_the_disk() {
    let mut disk = Disk::tenex();
    disk.put("smith/notes.txt", "one\ntwo\n");
    disk.put("smith/DATA", "");
    disk.put("smith/a%2Fb.c", "x");
    for content in ["1", "22", "333"] {
        disk.stores("LETTER.TXT", content).expect("it is stored");
    }
    let list = [
        ("<SMITH>A/B.C;1", 1),
        ("<SMITH>DATA.;1", 0),
        ("<SMITH>LETTER.TXT;1", 1),
        ("<SMITH>LETTER.TXT;2", 2),
        ("<SMITH>LETTER.TXT;3", 3),
        ("<SMITH>NOTES.TXT;1", 8),
    ];
    let list: Vec<(String, usize)> = list.map(|(name, bytes)| (name.to_owned(), bytes)).into();
    assert_eq!(disk.listed("<smith>"), Ok(list.clone()));
    assert_eq!(disk.listed(""), Ok(list.clone()));
    assert_eq!(disk.listed("letter.txt"), Ok(vec![list[4].clone()]), "the highest is meant");
    assert_eq!(disk.listed("LETTER.TXT;1"), Ok(vec![list[2].clone()]));
    for nothing in ["LETTER.TXT;4", "LETTER", "<JONES>", "<JONES>LETTER.TXT", "<SMITH/UP>"] {
        assert_eq!(disk.listed(nothing), Err(FileError::NotFound), "{nothing}");
    }
    fs::create_dir(disk.at("JONES")).expect("it is new");
    assert_eq!(disk.listed("<JONES>"), Ok(Vec::new()), "a directory may be empty");
}

#[test]
fn where_there_is_one_version_only_a_list_does_not_number_it() {
    let disk = Disk::new(Naming::Tenex, Access::Read);
    disk.put("SMITH/A.B", "new");
    assert_eq!(disk.names(""), ["<SMITH>A.B"]);
    disk.put("SMITH/A.B.~4~", "old");
    assert_eq!(disk.names(""), ["<SMITH>A.B;4", "<SMITH>A.B;5"]);
    let disk = Disk::new(Naming::Plain, all_versions());
    disk.put("smith/my notes", "");
    disk.put("smith/A.B.%7E1%7E", "");
    assert_eq!(disk.names(""), ["<SMITH>A.B.~1~", "<SMITH>my notes"]);
}

#[test]
fn what_no_path_name_means_is_not_listed() {
    use rustix::fs::{CWD, FileType, Mode, mknodat};
    let mut disk = Disk::tenex();
    disk.put("SMITH/REAL", "real");
    let far = format!("SMITH/{}", "A".repeat(40));
    for name in ["SMITH/.profile", "SMITH/A%2", "SMITH/A%41", "SMITH/A B", "SMITH/A.B.C", "SMITH/DATA.", &far]
    {
        disk.put(name, "invisible");
    }
    fs::write(disk.at("SMITH").join(OsStr::from_bytes(b"CAF\xE9")), "not UTF-8").expect("it can be written");
    fs::create_dir(disk.at("SMITH/FOLDER")).expect("it is new");
    symlink("REAL", disk.at("SMITH/NEAR")).expect("links can be made");
    symlink(disk.outside.path().join("secret"), disk.at("SMITH/REAL.~1~")).expect("links can be made");
    symlink("SMITH", disk.at("JONES")).expect("links can be made");
    mknodat(CWD, disk.at("SMITH/PIPE"), FileType::Fifo, Mode::RWXU, 0).expect("pipes can be made");
    assert_eq!(disk.names(""), ["<SMITH>REAL.;1"]);
    assert_eq!(disk.listed("<JONES>"), Err(FileError::NotFound), "a link leads nowhere");
    for path in ["NEAR", "FOLDER", "PIPE", "<JONES>REAL"] {
        assert_eq!(disk.listed(path), Err(FileError::NotFound), "{path}");
        assert_eq!(disk.deletes(path), Err(FileError::NotFound), "{path}");
    }
    assert_eq!(disk.deletes("REAL"), Err(FileError::Denied), "it is not to be told from the link");
    assert_eq!(disk.shows("SMITH/REAL").as_deref(), Some("real"));
}

#[test]
fn files_whose_names_differ_in_case_only_are_all_listed_and_each_can_be_had() {
    let mut disk = Disk::tenex();
    for (name, content) in
        [("SMITH/A.B", "great"), ("SMITH/a.b", "small"), ("SMITH/A.B.~7~", "old"), ("SMITH/c.d", "")]
    {
        disk.put(name, content);
    }
    let names = ["<SMITH>A.B;7", "<SMITH>A.B;8", "<SMITH>C.D;1", "<SMITH>a.b;1"];
    assert_eq!(disk.names(""), names, "what is listed is what is to be typed");
    for (name, content) in [("A.B", "great"), ("A.B;7", "old"), ("a.b", "small"), ("<SMITH>a.b;1", "small")] {
        assert_eq!(disk.reads(name).as_deref(), Ok(content), "{name}");
    }
    assert_eq!(disk.reads("A.b"), Err(FileError::Doubtful), "either could be meant");
    assert!(disk.told.borrow()[0].contains("could be A.B or a.b"), "{:?}", disk.told);
    assert_eq!(disk.listed("a.b"), Ok(vec![("<SMITH>a.b;1".to_owned(), 5)]));
    assert_eq!(disk.stores("a.b", "new").as_deref(), Ok("<SMITH>a.b;2"), "its own next version");
    assert_eq!(
        (disk.shows("SMITH/a.b").as_deref(), disk.shows("SMITH/A.B").as_deref()),
        (Some("new"), Some("great"))
    );
    assert_eq!(disk.deletes("a.b").as_deref(), Ok("<SMITH>a.b;2"));
    assert_eq!(disk.deletes("a.b").as_deref(), Ok("<SMITH>a.b;1"));
    assert_eq!(disk.names(""), names[..3], "the other is as it was");
    assert_eq!(disk.reads("a.b").as_deref(), Ok("great"), "now the case makes no difference");
}

#[test]
fn a_host_that_keeps_names_as_they_are_has_each_file_by_its_own_letters() {
    let mut disk = Disk::new(Naming::Plain, all_versions());
    disk.put("SMITH/Notes", "one");
    disk.put("SMITH/notes", "two");
    assert_eq!(disk.names(""), ["<SMITH>Notes", "<SMITH>notes"]);
    assert_eq!(disk.reads("notes").as_deref(), Ok("two"));
    assert_eq!(disk.stores("Notes", "three").as_deref(), Ok("<SMITH>Notes"));
    assert_eq!((disk.reads("Notes").as_deref(), disk.reads("notes").as_deref()), (Ok("three"), Ok("two")));
}

#[test]
fn of_more_files_than_fit_there_is_no_list() {
    let disk = Disk::tenex();
    disk.put("SMITH/.hidden", "it does not count");
    (0..crate::MAX_LISTED).for_each(|number| disk.put(&format!("SMITH/A.{number}"), ""));
    assert_eq!(disk.names("").len(), crate::MAX_LISTED);
    disk.put("SMITH/ONE.MORE", "");
    assert_eq!(disk.listed(""), Err(FileError::TooMany));
    assert_eq!(disk.names("ONE.MORE"), ["<SMITH>ONE.MORE;1"], "each of them can be asked for");
}

#[test]
fn without_a_version_the_highest_is_deleted_and_the_one_before_is_the_highest() {
    let mut disk = Disk::tenex();
    for content in ["one", "two", "three"] {
        disk.stores("A.B", content).expect("it is stored");
    }
    assert_eq!(disk.deletes("a.b").as_deref(), Ok("<SMITH>A.B;3"));
    assert_eq!(disk.reads("A.B").as_deref(), Ok("two"));
    assert_eq!(disk.names(""), ["<SMITH>A.B;1", "<SMITH>A.B;2"]);
    assert_eq!(disk.stores("A.B", "another three").as_deref(), Ok("<SMITH>A.B;3"));
    for version in [3, 2, 1] {
        assert_eq!(disk.deletes("A.B"), Ok(format!("<SMITH>A.B;{version}")));
    }
    assert_eq!(disk.deletes("A.B"), Err(FileError::NotFound));
    assert_eq!(disk.lists("SMITH"), Vec::<String>::new());
}

#[test]
fn a_version_that_is_deleted_does_not_change_the_numbers_of_the_others() {
    let mut disk = Disk::tenex();
    for content in ["one", "two", "three"] {
        disk.stores("A.B", content).expect("it is stored");
    }
    assert_eq!(disk.deletes("A.B;2").as_deref(), Ok("<SMITH>A.B;2"));
    assert_eq!(disk.deletes("A.B;2"), Err(FileError::NotFound), "who deletes twice loses nothing else");
    assert_eq!(disk.reads("A.B;3").as_deref(), Ok("three"));
    assert_eq!(disk.reads("A.B").as_deref(), Ok("three"));
    assert_eq!(disk.lists("SMITH"), ["A.B.~1~", "A.B.~3~"]);
    assert_eq!(disk.stores("A.B", "four").as_deref(), Ok("<SMITH>A.B;4"));
    assert_eq!(disk.lists("SMITH"), ["A.B", "A.B.~1~", "A.B.~3~"]);
}

#[test]
fn from_a_folder_that_is_only_read_nothing_is_deleted() {
    let mut disk = Disk::new(Naming::Tenex, Access::Read);
    disk.put("SMITH/A.B", "old");
    for path in ["A.B", "A.B;1", "NONE", "<JONES>NONE"] {
        assert_eq!(disk.deletes(path), Err(FileError::Denied), "{path}");
    }
    assert_eq!(disk.shows("SMITH/A.B").as_deref(), Some("old"));
}

#[test]
fn a_second_name_of_a_file_outside_is_deleted_and_the_file_is_not() {
    let mut disk = Disk::tenex();
    let secret = disk.outside.path().join("secret");
    fs::create_dir(disk.at("SMITH")).expect("it is new");
    fs::hard_link(&secret, disk.at("SMITH/A")).expect("it can be linked");
    assert_eq!(disk.deletes("A").as_deref(), Ok("<SMITH>A.;1"));
    assert_eq!(fs::read_to_string(&secret).expect("it is there"), "secret");
}

#[test]
fn what_is_deleted_gives_back_all_the_room_that_it_took() {
    let mut disk = Disk::tenex();
    let text = "\r\n".repeat(ROOM / 4);
    for _ in 0..10 {
        disk.stores("A.B", &text).expect("there is room");
        disk.appends("A.B", &text).expect("there is room");
        assert_eq!(disk.deletes("A.B").as_deref(), Ok("<SMITH>A.B;1"));
    }
    assert_eq!(
        disk.stores("A.B", &"x".repeat(ROOM - ENTRY)).as_deref(),
        Ok("<SMITH>A.B;1"),
        "all of it is there"
    );
    assert_eq!(disk.appends("A.B", "x"), Err(FileError::Full), "and no more");
}

#[test]
fn who_reads_a_file_goes_on_reading_it_when_it_is_deleted() {
    let mut disk = Disk::tenex();
    disk.stores("A.B", "old").expect("it is stored");
    let reading = disk.files.read(&disk.path("A.B")).expect("it is there");
    disk.deletes("A.B").expect("it is there");
    disk.stores("A.B", "new").expect("it is stored");
    assert_eq!(*reading, b"old");
    assert_eq!(disk.reads("A.B").as_deref(), Ok("new"));
}

#[test]
fn what_is_appended_to_a_file_that_is_deleted_meanwhile_goes_to_what_is_there_then() {
    let mut disk = Disk::tenex();
    disk.stores("A.B", "old").expect("it is stored");
    let draft = |disk: &Disk, text: &str| {
        let mut draft = disk.files.draft(disk.path(text), WriteMode::Append).expect("it can be written");
        draft.write(b"new").expect("there is room");
        draft
    };
    let file = |disk: &mut Disk, draft| disk.files.file(draft).map(|filed| filed.path.to_string());
    let appended = draft(&disk, "A.B");
    disk.deletes("A.B").expect("it is there");
    assert_eq!(file(&mut disk, appended).as_deref(), Ok("<SMITH>A.B;1"));
    assert_eq!(disk.reads("A.B").as_deref(), Ok("new"), "all that was sent, and nothing of what was deleted");

    disk.stores("A.B", "second").expect("it is stored");
    let (appended, to_a_version) = (draft(&disk, "A.B"), draft(&disk, "A.B;1"));
    disk.stores("A.B", "third").expect("it is stored");
    disk.deletes("A.B;1").expect("it is there");
    disk.deletes("A.B").expect("it is there");
    assert_eq!(file(&mut disk, appended).as_deref(), Ok("<SMITH>A.B;2"));
    assert_eq!(disk.reads("A.B").as_deref(), Ok("secondnew"));
    assert_eq!(
        file(&mut disk, to_a_version),
        Err(FileError::Version),
        "there is no such version to append to"
    );
    assert_eq!(disk.names(""), ["<SMITH>A.B;2"]);
}

#[test]
fn a_version_that_has_lost_the_plain_name_is_still_the_last_to_go() {
    let mut disk = Disk::new(Naming::Tenex, Access::Write { versions: NonZeroU32::new(1), room: ROOM });
    disk.put("SMITH/A.B.~1~", "one");
    disk.put("SMITH/A.B.~2~", "two");
    assert_eq!(disk.stores("A.B", "new").as_deref(), Ok("<SMITH>A.B"));
    assert_eq!(disk.reads("A.B").as_deref(), Ok("new"));
    assert_eq!(disk.names(""), ["<SMITH>A.B;2"]);
}

/// What users do with two files, of which there may be versions.
#[derive(Debug, Clone)]
struct Deed {
    kind: Kind,
    file: &'static str,
    version: Option<u32>,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Store,
    Append,
    Delete,
}

fn deed() -> impl Strategy<Value = Deed> {
    let kind = prop_oneof![3 => Just(Kind::Store), 1 => Just(Kind::Append), 3 => Just(Kind::Delete)];
    let version = prop_oneof![1 => Just(None), 1 => (1_u32..6).prop_map(Some)];
    (kind, prop::sample::select(vec!["A.B", "A."]), version).prop_map(|(kind, file, version)| Deed {
        kind,
        file,
        version,
    })
}

/// Names as entries of a folder could have them, most of them of files that can be asked for.
fn entry_name() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[A-Ca-c]{1,2}(\\.[a-b]){0,2}(\\.~[0-3]~){0,2}",
        2 => "[ -.0-~]{1,8}",
        1 => "[AB%245eF .~]{1,6}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_name_that_is_listed_leads_to_its_file(names in prop::collection::btree_set(entry_name(), 0..12), plain: bool) {
        let naming = if plain { Naming::Plain } else { Naming::Tenex };
        let mut disk = Disk::new(naming, all_versions());
        for (length, name) in names.iter().enumerate().filter(|(_, name)| !matches!(name.as_str(), "." | "..")) {
            disk.put(&format!("SMITH/{name}"), &"x".repeat(length));
        }
        let listed = disk.listed("").unwrap_or_default();
        for (name, bytes) in &listed {
            // Lengths tell the files apart.
            prop_assert_eq!(disk.reads(name).map(|content| content.len()), Ok(*bytes), "{}", name);
            prop_assert_eq!(disk.listed(name), Ok(vec![(name.clone(), *bytes)]));
        }
        for (name, _) in listed.into_iter().rev() {
            // One that no other is like any more is called in capitals again.
            let deleted = disk.deletes(&name);
            prop_assert!(deleted.as_ref().is_ok_and(|deleted| deleted.eq_ignore_ascii_case(&name)), "{:?}", deleted);
        }
        prop_assert_eq!(disk.listed("").unwrap_or_default(), Vec::new());
    }

    #[test]
    fn whatever_is_stored_and_deleted_each_version_keeps_its_number_and_its_content(deeds in prop::collection::vec(deed(), 1..30)) {
        let mut disk = Disk::new(Naming::Tenex, all_versions());
        let mut expected: BTreeMap<&str, BTreeMap<u32, String>> = BTreeMap::new();
        for (number, Deed { kind, file, version }) in deeds.into_iter().enumerate() {
            let versions = expected.entry(file).or_default();
            let highest = versions.last_key_value().map(|(version, _)| *version);
            let next = highest.unwrap_or(0) + 1;
            let there = version.or(highest).filter(|version| versions.contains_key(version));
            let text = version.map_or(file.to_owned(), |version| format!("{file};{version}"));
            let content = number.to_string();
            let (result, outcome) = match kind {
                Kind::Delete => (disk.deletes(&text), there.ok_or(FileError::NotFound)),
                Kind::Append => (disk.appends(&text, &content), there.or(Some(next)).ok_or(FileError::Version)),
                Kind::Store => (disk.stores(&text, &content), version.or(Some(next)).ok_or(FileError::Version)),
            };
            // A version that there is not can only be the next.
            let outcome = match (kind, version) {
                (Kind::Store | Kind::Append, Some(version)) if there.is_none() && version != next => Err(FileError::Version),
                _ => outcome,
            };
            prop_assert_eq!(&result, &outcome.map(|version| format!("<SMITH>{file};{version}")), "{:?} {}", kind, text);
            if let Ok(version) = outcome {
                match kind {
                    Kind::Delete => drop(versions.remove(&version)),
                    Kind::Store => drop(versions.insert(version, content)),
                    Kind::Append => versions.entry(version).or_default().push_str(&content),
                }
            }
            let names: Vec<String> = expected.iter().flat_map(|(file, versions)| versions.keys().map(move |version| format!("<SMITH>{file};{version}"))).collect();
            prop_assert_eq!(disk.listed("").map_or(Vec::new(), |listed| listed.into_iter().map(|(name, _)| name).collect()), names);
            for (file, versions) in &expected {
                for (version, content) in versions {
                    let text = format!("{file};{version}");
                    prop_assert_eq!(disk.reads(&text), Ok(content.clone()), "{}", text);
                }
            }
        }
    }
}

#[test]
fn a_file_of_the_folder_is_renamed_and_all_other_versions_keep_their_numbers() {
    let mut disk = Disk::tenex();
    for content in ["one", "two", "three"] {
        disk.stores("A.B", content).expect("it is stored");
    }
    disk.put("JONES/taken.txt", "not yours");
    let renames = |disk: &mut Disk, from: &str, to: &str| {
        let (from, to) = (disk.path(from), disk.path(to));
        disk.files.rename(&from, &to).map(|renamed| format!("{} {}", renamed.from, renamed.to))
    };
    assert_eq!(renames(&mut disk, "A.B", "<JONES>TAKEN.TXT"), Err(FileError::Taken));
    assert_eq!(renames(&mut disk, "A.B;4", "C.D"), Err(FileError::NotFound));
    assert_eq!(renames(&mut disk, "A.B;3", "C.D;2"), Err(FileError::Version), "there is no first");
    assert_eq!(renames(&mut disk, "A.B;2", "<JONES>C.D").as_deref(), Ok("<SMITH>A.B;2 <JONES>C.D;1"));
    assert_eq!(disk.shows("JONES/C.D").as_deref(), Some("two"));
    assert_eq!(disk.reads("A.B;3").as_deref(), Ok("three"), "it keeps its number");
    assert_eq!(renames(&mut disk, "A.B", "<NEW>DATA").as_deref(), Ok("<SMITH>A.B;3 <NEW>DATA.;1"));
    assert_eq!(disk.shows("NEW/DATA").as_deref(), Some("three"));
    assert_eq!(disk.reads("A.B").as_deref(), Ok("one"), "the highest that is left");

    let mut disk = Disk::new(Naming::Tenex, Access::Read);
    disk.put("SMITH/A.B", "text");
    assert_eq!(renames(&mut disk, "A.B", "C.D"), Err(FileError::Denied), "the folder is only read");
}
