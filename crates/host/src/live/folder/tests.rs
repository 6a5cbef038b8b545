//! A folder, and all that people could try with it.

mod listing;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::num::NonZeroU32;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::rc::Rc;

use cap_std::ambient_authority;
use cap_std::fs::Dir;
use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::{Files, Naming};

/// A folder inside another one, in which there are things that must not be touched.
struct Disk {
    outside: TempDir,
    files: Files,
    told: Rc<RefCell<Vec<String>>>,
}

const ROOM: usize = 100 * ENTRY;

fn all_versions() -> Access {
    Access::Write { versions: None, room: ROOM }
}

impl Disk {
    fn new(naming: Naming, access: Access) -> Self {
        let outside = tempfile::tempdir().expect("there is room for tests");
        fs::create_dir(outside.path().join("inside")).expect("the folder is new");
        fs::write(outside.path().join("secret"), "secret").expect("there is room for tests");
        let told = Rc::new(RefCell::new(Vec::new()));
        let told_here = told.clone();
        let tell = Box::new(move |line: &str| told_here.borrow_mut().push(line.to_owned()));
        let folder =
            Folder::open(&outside.path().join("inside"), naming, access, tell).expect("the folder is there");
        Disk { outside, files: folder.files(), told }
    }

    fn tenex() -> Self {
        Disk::new(Naming::Tenex, all_versions())
    }

    fn at(&self, place: &str) -> PathBuf {
        self.outside.path().join("inside").join(place)
    }

    /// Puts a file there, as the owner of the folder does.
    fn put(&self, place: &str, content: &str) {
        let place = self.at(place);
        fs::create_dir_all(place.parent().expect("it is in a folder")).expect("it can be made");
        fs::write(place, content).expect("it can be written");
    }

    /// What is there, for the owner of the folder.
    fn shows(&self, place: &str) -> Option<String> {
        fs::read_to_string(self.at(place)).ok()
    }

    fn path(&self, text: &str) -> PathName {
        self.files.naming().parse(text, Some("SMITH")).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    /// What a user of the host reads.
    fn reads(&self, text: &str) -> Result<String, FileError> {
        self.files.read(&self.path(text)).map(|content| String::from_utf8_lossy(&content).into_owned())
    }

    /// A user of the host writes. Returns the name of the file that was written.
    fn writes(&mut self, text: &str, content: &str, mode: WriteMode) -> Result<String, FileError> {
        let mut draft = self.files.draft(self.path(text), mode)?;
        draft.write(content.as_bytes())?;
        self.files.file(draft).map(|filed| filed.path.to_string())
    }

    fn stores(&mut self, text: &str, content: &str) -> Result<String, FileError> {
        self.writes(text, content, WriteMode::Replace)
    }

    fn appends(&mut self, text: &str, content: &str) -> Result<String, FileError> {
        self.writes(text, content, WriteMode::Append)
    }

    /// What is in a directory, in order.
    fn lists(&self, place: &str) -> Vec<String> {
        let entries = fs::read_dir(self.at(place)).expect("it is a directory");
        let mut names: Vec<String> = entries
            .map(|entry| entry.expect("it can be read").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }
}

#[test]
fn a_user_reads_what_the_owner_puts_there_whatever_case_he_likes() {
    let disk = Disk::tenex();
    disk.put("smith/notes.txt", "one\ntwo\n");
    disk.put("Smith/elsewhere", "not in smith");
    assert_eq!(disk.reads("NOTES.TXT"), Err(FileError::Trouble), "two directories could be meant");
    assert!(disk.told.borrow()[0].contains("rename one of them"), "{:?}", disk.told);
    fs::remove_dir_all(disk.at("Smith")).expect("it is there");
    assert_eq!(disk.reads("NOTES.TXT").as_deref(), Ok("one\r\ntwo\r\n"));
    assert_eq!(disk.reads("OTHER.TXT"), Err(FileError::NotFound));
    assert_eq!(disk.reads("<JONES>NOTES.TXT"), Err(FileError::NotFound));
}

#[test]
fn what_is_stored_is_text_of_this_machine_in_the_directory_of_its_path_name() {
    let mut disk = Disk::tenex();
    assert_eq!(disk.stores("letter.txt", "Dear\r\nJones\r\n").as_deref(), Ok("<SMITH>LETTER.TXT;1"));
    assert_eq!(disk.shows("SMITH/LETTER.TXT").as_deref(), Some("Dear\nJones\n"));
    assert_eq!(disk.stores("DATA", "x").as_deref(), Ok("<SMITH>DATA.;1"));
    assert_eq!(disk.lists("SMITH"), ["DATA", "LETTER.TXT"]);
    assert_eq!(disk.reads("LETTER.TXT").as_deref(), Ok("Dear\r\nJones\r\n"));
}

#[test]
fn the_highest_version_has_the_plain_name_and_those_before_their_numbers() {
    let mut disk = Disk::tenex();
    disk.put("smith/notes.txt", "first");
    assert_eq!(disk.stores("NOTES.TXT", "second").as_deref(), Ok("<SMITH>NOTES.TXT;2"));
    assert_eq!(disk.stores("NOTES.TXT", "third").as_deref(), Ok("<SMITH>NOTES.TXT;3"));
    assert_eq!(disk.lists("smith"), ["notes.txt", "notes.txt.~1~", "notes.txt.~2~"]);
    let reads =
        |disk: &Disk| ["NOTES.TXT", "NOTES.TXT;1", "NOTES.TXT;2", "NOTES.TXT;3"].map(|path| disk.reads(path));
    assert_eq!(reads(&disk), ["third", "first", "second", "third"].map(|text| Ok(text.to_owned())));
    assert_eq!(disk.reads("NOTES.TXT;4"), Err(FileError::NotFound));
    assert_eq!(disk.appends("NOTES.TXT", "!").as_deref(), Ok("<SMITH>NOTES.TXT;3"), "the highest grows");
    assert_eq!(disk.appends("NOTES.TXT;1", "?").as_deref(), Ok("<SMITH>NOTES.TXT;1"));
    assert_eq!(disk.stores("NOTES.TXT;2", "changed").as_deref(), Ok("<SMITH>NOTES.TXT;2"));
    assert_eq!(reads(&disk), ["third!", "first?", "changed", "third!"].map(|text| Ok(text.to_owned())));
    assert_eq!(disk.stores("NOTES.TXT;9", "far ahead"), Err(FileError::Version));
    assert_eq!(disk.stores("NOTES.TXT;4", "next").as_deref(), Ok("<SMITH>NOTES.TXT;4"));
}

#[test]
fn a_version_that_the_owner_has_deleted_is_not_made_up_for() {
    let mut disk = Disk::tenex();
    for content in ["one", "two", "three"] {
        disk.stores("A.B", content).expect("it is stored");
    }
    fs::remove_file(disk.at("SMITH/A.B")).expect("it is there");
    assert_eq!(disk.reads("A.B").as_deref(), Ok("two"));
    assert_eq!(disk.stores("A.B", "another three").as_deref(), Ok("<SMITH>A.B;3"));
    fs::remove_file(disk.at("SMITH/A.B.~1~")).expect("it is there");
    assert_eq!(disk.reads("A.B;1"), Err(FileError::NotFound));
    assert_eq!(disk.stores("A.B", "four").as_deref(), Ok("<SMITH>A.B;4"));
}

#[test]
fn only_as_many_versions_are_kept_as_are_wanted() {
    let versions = NonZeroU32::new(2);
    let mut disk = Disk::new(Naming::Tenex, Access::Write { versions, room: 9 + 3 * ENTRY });
    for (content, path) in [("one", "1"), ("two", "2"), ("six", "3"), ("ten", "4")] {
        assert_eq!(
            disk.stores("A.B", content),
            Ok(format!("<SMITH>A.B;{path}")),
            "there is room for nine bytes: two versions and a draft"
        );
    }
    assert_eq!(disk.lists("SMITH"), ["A.B", "A.B.~3~"]);
    let mut disk =
        Disk::new(Naming::Tenex, Access::Write { versions: NonZeroU32::new(1), room: 6 + 2 * ENTRY });
    for content in ["one", "two", "six"] {
        assert_eq!(
            disk.stores("A.B", content).as_deref(),
            Ok("<SMITH>A.B"),
            "no others are left to tell it from"
        );
    }
    assert_eq!(disk.lists("SMITH"), ["A.B"]);
}

#[test]
fn the_last_version_there_can_be_is_not_followed_by_another() {
    let mut disk = Disk::tenex();
    disk.put("SMITH/A.B.~131071~", "the last");
    assert_eq!(disk.stores("A.B", "one more"), Err(FileError::Full));
    assert_eq!(disk.reads("A.B;131071").as_deref(), Ok("the last"));
}

#[test]
fn a_host_that_is_no_tenex_has_a_file_once_whatever_case_its_name_is_in() {
    let mut disk = Disk::new(Naming::Plain, all_versions());
    for content in ["one", "two"] {
        assert_eq!(disk.stores("my notes", content).as_deref(), Ok("<SMITH>my notes"));
    }
    assert_eq!(disk.reads("MY NOTES").as_deref(), Ok("two"));
    assert_eq!(disk.stores("My Notes", "three").as_deref(), Ok("<SMITH>My Notes"));
    assert_eq!(disk.lists("SMITH"), ["my notes"]);
    assert_eq!(disk.stores("my notes.~1~", "a name like any other").as_deref(), Ok("<SMITH>my notes.~1~"));
    assert_eq!(disk.reads("my notes").as_deref(), Ok("three"));
}

#[test]
fn a_folder_that_is_only_read_stays_as_it_is() {
    let mut disk = Disk::new(Naming::Tenex, Access::Read);
    disk.put("SMITH/A.B", "old");
    assert_eq!(disk.reads("A.B").as_deref(), Ok("old"));
    for path in ["A.B", "A.B;1", "A.B;2", "NEW", "<JONES>NEW"] {
        assert_eq!(disk.stores(path, "new"), Err(FileError::Denied), "{path}");
        assert_eq!(disk.appends(path, "new"), Err(FileError::Denied), "{path}");
    }
    assert_eq!((disk.lists(""), disk.lists("SMITH")), (vec!["SMITH".to_owned()], vec!["A.B".to_owned()]));
}

#[test]
fn no_more_is_added_than_there_is_room_for() {
    let mut disk = Disk::tenex();
    disk.put("SMITH/BIG", &"x".repeat(5 * ROOM));
    assert_eq!(
        disk.stores("A.B", &"x".repeat(ROOM - 2 * ENTRY)).as_deref(),
        Ok("<SMITH>A.B;1"),
        "what was there costs nothing"
    );
    assert_eq!(disk.appends("A.B", "x"), Err(FileError::Full));
    assert_eq!(disk.reads("A.B").map(|content| content.len()), Ok(ROOM - 2 * ENTRY), "the file is as it was");
    assert_eq!(disk.stores("A.B;1", ""), Ok("<SMITH>A.B;1".to_owned()));
    assert_eq!(disk.appends("A.B", "x").as_deref(), Ok("<SMITH>A.B;1"), "there is room again");
}

#[test]
fn links_lead_nowhere() {
    let mut disk = Disk::tenex();
    let outside = disk.outside.path().to_owned();
    fs::create_dir(outside.join("home")).expect("it is new");
    fs::write(outside.join("home/KEY"), "private").expect("there is room");
    disk.put("SMITH/REAL", "real");
    symlink(outside.join("secret"), disk.at("SMITH/LINK")).expect("links can be made");
    symlink("../../secret", disk.at("SMITH/UP")).expect("links can be made");
    symlink("REAL", disk.at("SMITH/NEAR")).expect("links can be made");
    symlink("nowhere", disk.at("SMITH/DANGLING")).expect("links can be made");
    symlink(outside.join("home"), disk.at("JONES")).expect("links can be made");
    symlink("..", disk.at("UP")).expect("links can be made");
    for path in ["LINK", "UP", "NEAR", "DANGLING", "<JONES>KEY", "<UP>SECRET"] {
        assert_eq!(disk.reads(path), Err(FileError::NotFound), "{path}");
        assert!(disk.stores(path, "overwritten").is_err(), "{path}");
        assert!(disk.appends(path, "overwritten").is_err(), "{path}");
    }
    assert_eq!(fs::read_to_string(outside.join("secret")).expect("it is there"), "secret");
    assert_eq!(fs::read_to_string(outside.join("home/KEY")).expect("it is there"), "private");
    assert_eq!(disk.lists("SMITH"), ["DANGLING", "LINK", "NEAR", "REAL", "UP"]);
    assert!(disk.at("SMITH/LINK").is_symlink(), "the owner's links are not replaced");
}

#[test]
fn a_second_name_of_a_file_outside_is_left_to_what_it_was() {
    let mut disk = Disk::new(Naming::Tenex, Access::Write { versions: NonZeroU32::new(1), room: ROOM });
    let secret = disk.outside.path().join("secret");
    fs::create_dir(disk.at("SMITH")).expect("it is new");
    for (name, write) in [("A", Disk::stores as fn(&mut Disk, &str, &str) -> _), ("B", Disk::appends)] {
        fs::hard_link(&secret, disk.at(&format!("SMITH/{name}"))).expect("it can be linked");
        write(&mut disk, name, "new").unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    assert_eq!(fs::read_to_string(&secret).expect("it is there"), "secret");
    assert_eq!(disk.reads("B").as_deref(), Ok("secretnew"));
}

#[test]
fn what_is_no_ordinary_file_is_not_there_and_nobody_waits_for_it() {
    use rustix::fs::{CWD, FileType, Mode, mknodat};
    let mut disk = Disk::tenex();
    fs::create_dir_all(disk.at("SMITH/FOLDER")).expect("it is new");
    mknodat(CWD, disk.at("SMITH/PIPE"), FileType::Fifo, Mode::RWXU, 0).expect("pipes can be made");
    for path in ["FOLDER", "PIPE"] {
        assert_eq!(disk.reads(path), Err(FileError::NotFound), "{path}");
        assert_eq!(disk.stores(path, "x"), Err(FileError::Denied), "{path}");
    }
    // Even if another process makes it one between two looks.
    let directory = Dir::open_ambient_dir(disk.at("SMITH"), ambient_authority()).expect("it is there");
    let opened = reading::open_entry(&directory, "PIPE");
    assert!(opened.is_err_and(|error| error.kind() == io::ErrorKind::NotFound));
}

#[test]
fn who_reads_a_file_goes_on_reading_it_while_it_is_written() {
    let mut disk = Disk::tenex();
    disk.stores("A.B", "old").expect("it is stored");
    let old = disk.files.read(&disk.path("A.B")).expect("it is there");
    let same = disk.files.read(&disk.path("A.B;1")).expect("it is there");
    assert!(Arc::ptr_eq(&old, &same), "two readers share what they read");
    disk.appends("A.B", "er").expect("it is stored");
    assert_eq!(*old, b"old");
    assert_eq!(disk.reads("A.B").as_deref(), Ok("older"));
}

#[test]
fn what_the_disk_does_not_do_leaves_the_file_as_it_was_and_is_told() {
    let mut disk = Disk::tenex();
    disk.put("SMITH", "a file where a directory should be");
    assert_eq!(disk.stores("A.B", "new"), Err(FileError::Denied));
    assert!(disk.told.borrow().iter().any(|line| line.contains("SMITH is no directory")), "{:?}", disk.told);
    assert_eq!(disk.shows("SMITH").as_deref(), Some("a file where a directory should be"));
}

#[test]
fn a_file_keeps_who_may_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let mut disk = Disk::tenex();
    disk.put("SMITH/A.B", "old");
    fs::set_permissions(disk.at("SMITH/A.B"), fs::Permissions::from_mode(0o600)).expect("it is ours");
    disk.stores("A.B", "new").expect("it is stored");
    disk.appends("A.B", "er").expect("it is stored");
    for name in ["A.B", "A.B.~1~"] {
        let mode = fs::metadata(disk.at("SMITH").join(name)).expect("it is there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

/// Path names as a hostile user would type them.
fn hostile() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        "[ -~]{0,12}",
        Just("..".to_owned()),
        Just("../..".to_owned()),
        Just("/".to_owned()),
        Just("../../secret".to_owned()),
        Just("..%2F..".to_owned()),
        Just("SECRET".to_owned()),
        Just("A.B.~1~".to_owned()),
        Just("\\..\\secret".to_owned()),
    ];
    (part.clone(), part.clone(), part).prop_map(|(one, two, three)| format!("<{one}>{two}{three}"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_name_leads_out_of_the_folder_or_to_another_file(texts in prop::collection::vec(hostile(), 1..5), plain: bool) {
        let naming = if plain { Naming::Plain } else { Naming::Tenex };
        let mut disk = Disk::new(naming, Access::Write { versions: NonZeroU32::new(1), room: ROOM });
        let mut written = BTreeMap::new();
        for (number, text) in texts.iter().enumerate() {
            let Ok(path) = naming.parse(text, Some("SMITH")) else { continue };
            if disk.stores(text, &number.to_string()).is_ok() {
                written.insert(path.to_string().to_ascii_uppercase(), (path.of_version(None), number.to_string()));
            }
        }
        for (path, content) in written.values() {
            let read = disk.files.read(path).map(|content| String::from_utf8_lossy(&content).into_owned());
            prop_assert_eq!(read.as_deref(), Ok(content.as_str()), "{}", path);
        }
        // Each is one file, in a directory that is in the folder; and nothing else is there.
        let files: usize = disk.lists("").iter().map(|directory| disk.lists(directory).len()).sum();
        prop_assert_eq!(files, written.len());
        let mut outside: Vec<_> = fs::read_dir(disk.outside.path()).expect("it is there").flatten().map(|e| e.file_name()).collect();
        outside.sort();
        prop_assert_eq!(outside, ["inside", "secret"]);
    }
}

#[test]
fn what_has_just_been_written_is_never_forgotten() {
    let mut disk = Disk::new(Naming::Tenex, Access::Write { versions: NonZeroU32::new(1), room: ROOM });
    // The owner has deleted the highest version.
    disk.put("SMITH/A.B.~3~", "old");
    assert!(disk.appends("A.B", "er").is_ok());
    assert_eq!(disk.reads("A.B").as_deref(), Ok("older"));
    assert!(disk.stores("A.B", "new").is_ok());
    assert_eq!(disk.reads("A.B").as_deref(), Ok("new"));
    disk.put("SMITH/C.D.~1~", "one");
    disk.put("SMITH/C.D", "two");
    assert!(disk.appends("C.D;1", "!").is_ok());
    assert_eq!(disk.reads("C.D;1").as_deref(), Ok("one!"), "even if it is one too many");
}

#[test]
fn a_version_less_is_forgotten_only_if_there_is_one_too_many() {
    let mut disk = Disk::new(Naming::Tenex, Access::Write { versions: NonZeroU32::new(2), room: ROOM });
    disk.put("SMITH/A.B.~1~", "one");
    disk.put("SMITH/A.B.~2~", "two");
    assert!(disk.appends("A.B", "!").is_ok());
    assert_eq!(disk.lists("SMITH"), ["A.B.~1~", "A.B.~2~"]);
}

#[test]
fn to_replace_a_text_again_and_again_uses_up_no_room() {
    let mut disk =
        Disk::new(Naming::Tenex, Access::Write { versions: NonZeroU32::new(1), room: 2 * ENTRY + 60 });
    for _ in 0..20 {
        assert!(disk.stores("A.B", &"a\r\n".repeat(10)).is_ok());
    }
}

#[test]
fn nobody_fills_the_folder_with_empty_files_or_a_draft_longer_than_a_file() {
    let mut disk = Disk::new(Naming::Tenex, Access::Write { versions: None, room: 10 * ENTRY });
    let stored = (0..100).filter(|number| disk.stores(&format!("A{number}"), "").is_ok()).count();
    assert_eq!(stored, 10);
    let disk = Disk::new(Naming::Tenex, Access::Write { versions: None, room: usize::MAX });
    let mut draft = disk.files.draft(disk.path("A.B"), WriteMode::Replace).expect("it can be written");
    draft.write(&vec![b'x'; LONGEST]).expect("so long it may be");
    assert_eq!(draft.write(b"x"), Err(FileError::Full));
}

#[test]
fn a_file_that_is_longer_than_can_be_is_told_of_and_not_read() {
    let disk = Disk::tenex();
    disk.put("SMITH/A.B", "");
    let file = fs::File::options().write(true).open(disk.at("SMITH/A.B")).expect("it is there");
    file.set_len(1 << 40).expect("it takes no room");
    assert_eq!(disk.reads("A.B"), Err(FileError::TooLong));
    assert!(disk.told.borrow()[0].contains("longer than"), "{:?}", disk.told);
}

#[test]
fn a_file_that_was_changed_is_read_anew_even_if_it_looks_as_old() {
    let mut disk = Disk::tenex();
    disk.put("SMITH/A.B", "old");
    let held = disk.files.read(&disk.path("A.B")).expect("it is there");
    let written = fs::metadata(disk.at("SMITH/A.B")).expect("it is there").modified().expect("a time");
    disk.put("SMITH/A.B", "new");
    let file = fs::File::options().write(true).open(disk.at("SMITH/A.B")).expect("it is there");
    file.set_modified(written).expect("it is ours");
    assert_eq!(disk.reads("A.B").as_deref(), Ok("new"));
    disk.appends("A.B", "er").expect("it is stored");
    assert_eq!(disk.reads("A.B").as_deref(), Ok("newer"));
    assert_eq!(*held, b"old");
}

#[test]
fn a_folder_that_is_gone_is_told_of() {
    let mut disk = Disk::tenex();
    fs::remove_dir_all(disk.at("")).expect("it is there");
    assert_eq!(disk.stores("A.B", "x"), Err(FileError::Trouble));
    assert!(!disk.told.borrow().is_empty());
}

#[test]
fn a_file_that_is_replaced_is_executed_as_nobody_else() {
    use std::os::unix::fs::PermissionsExt;
    let mut disk = Disk::new(Naming::Tenex, Access::Write { versions: NonZeroU32::new(1), room: ROOM });
    disk.put("SMITH/A.B", "old");
    fs::set_permissions(disk.at("SMITH/A.B"), fs::Permissions::from_mode(0o6755)).expect("it is ours");
    disk.stores("A.B", "new").expect("it is stored");
    assert_eq!(fs::metadata(disk.at("SMITH/A.B")).expect("there").permissions().mode() & 0o7777, 0o755);
}

#[test]
fn two_hosts_do_not_write_into_one_folder() {
    let disk = Disk::tenex();
    let open = |access| Folder::open(&disk.at(""), Naming::Tenex, access, Box::new(|_: &str| {}));
    let refused = open(all_versions()).expect_err("there is one already");
    assert!(refused.to_string().contains("another host writes into this folder"), "{refused}");
    open(Access::Read).expect("others may read");
}

#[test]
fn what_somebody_calls_like_an_older_version_meanwhile_is_not_lost() {
    let mut disk = Disk::tenex();
    disk.stores("A.B", "one").expect("it is stored");
    let directory = Dir::open_ambient_dir(disk.at("SMITH"), ambient_authority()).expect("it is there");
    disk.put("SMITH/A.B.~1~", "the owner's");
    let kept = super::writing::keep(&directory, "A.B", "A.B.~1~");
    assert!(kept.is_err_and(|error| error.kind() == io::ErrorKind::AlreadyExists));
    assert_eq!(disk.shows("SMITH/A.B.~1~").as_deref(), Some("the owner's"));
}

#[test]
fn an_image_is_the_file_byte_for_byte_and_a_text_has_the_lines_of_the_network() {
    let mut site = Disk::tenex();
    let bytes = b"a\nb\r\nc\r\0\n\n";
    let mut draft = site
        .files
        .draft(site.path("IMAGE.BIN"), WriteMode::Replace)
        .expect("it can be written")
        .of(Form::Image);
    draft.write(bytes).expect("there is room");
    site.files.file(draft).expect("it is filed");
    assert_eq!(site.shows("SMITH/IMAGE.BIN").as_deref().map(str::as_bytes), Some(&bytes[..]));
    let read = |site: &Disk, form| site.files.read_in(&site.path("IMAGE.BIN"), form).expect("it is there");
    assert_eq!(read(&site, Form::Image).as_slice(), bytes);
    site.put("SMITH/TEXT.TXT", "one\ntwo\n");
    let text = |form| site.files.read_in(&site.path("TEXT.TXT"), form).expect("it is there");
    let (text, image) = (text(Form::Text), text(Form::Image));
    assert_eq!(
        (text.as_slice(), image.as_slice()),
        (&b"one\r\ntwo\r\n"[..], &b"one\ntwo\n"[..]),
        "at the same time"
    );
    let mut more = site
        .files
        .draft(site.path("IMAGE.BIN"), WriteMode::Append)
        .expect("it can be written")
        .of(Form::Image);
    more.write(b"\n\r").expect("there is room");
    site.files.file(more).expect("it is filed");
    assert_eq!(read(&site, Form::Image).as_slice(), [&bytes[..], b"\n\r"].concat());
}
