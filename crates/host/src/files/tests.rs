//! Files in memory, drafts, and the room that they take.

use super::*;

#[test]
fn all_room_that_is_taken_is_that_of_a_file_or_a_draft() {
    let mut files = Files::new(Naming::Tenex, 1000);
    let path = |text| Naming::Tenex.parse(text, None).expect("a path name");
    files.put(path("<A>B"), vec![0; 10]);
    let mut draft = files.draft(path("<A>B"), WriteMode::Append).expect("it may be written");
    draft.write(&[0; 5]).expect("there is room");
    assert_eq!(files.lost_room(), 0, "a draft takes some");
    files.file(draft).expect("it can be filed");
    files.draft(path("<A>C"), WriteMode::Replace).and_then(|mut draft| draft.write(&[0; 7])).expect("room");
    assert_eq!(files.lost_room(), 0, "one was filed, and one dropped");
    files.quota.take(3).expect("there is room");
    assert_eq!(files.lost_room(), 3);
}

fn name(text: &str) -> PathName {
    Naming::Tenex.parse(text, Some("SMITH")).expect("a path name")
}

/// The bytes that a file holds, and those that it has held before.
fn counts(filed: Result<Written, FileError>) -> (usize, usize) {
    let filed = filed.expect("it is filed");
    (filed.bytes, filed.kept)
}

#[test]
fn a_draft_that_is_dropped_leaves_the_file_and_the_disk_as_they_were() {
    let mut files = Files::new(Naming::Tenex, 10);
    files.put(name("A.B"), b"old".to_vec());
    let mut draft = files.draft(name("A.B"), WriteMode::Replace).expect("it can be written");
    draft.write(b"newest").expect("nine bytes fit");
    assert_eq!(draft.write(b"!!"), Err(FileError::Full), "the draft takes room, too");
    drop(draft);
    assert_eq!(files.read(&name("A.B")).expect("it is there").as_slice(), b"old");
    let mut draft = files.draft(name("C.D"), WriteMode::Replace).expect("it can be written");
    assert_eq!(draft.write(b"seven b"), Ok(()), "the dropped draft gave its room back");
    assert_eq!(counts(files.file(draft)), (7, 0));
}

#[test]
fn a_disk_that_has_room_for_so_much_takes_that_beside_its_files_and_no_more() {
    let mut files = Files::default();
    files.put(name("A.B"), vec![0; 100]);
    let files = files.with_room(3);
    let mut draft = files.draft(name("A.B"), WriteMode::Append).expect("it can be written");
    assert_eq!((draft.write(b"one"), draft.write(b"!")), (Ok(()), Err(FileError::Full)));
    drop(draft);
    assert_eq!(files.lost_room(), 0);
}

#[test]
fn two_appends_at_once_lose_nothing() {
    let mut files = Files::default();
    let append = || files.draft(name("A.B"), WriteMode::Append).expect("it can be written");
    let (mut one, mut two) = (append(), append());
    one.write(b"one").expect("there is room");
    two.write(b"two").expect("there is room");
    assert_eq!(counts(files.file(one)), (3, 0));
    assert_eq!(counts(files.file(two)), (6, 3));
    assert_eq!(files.read(&name("A.B")).expect("it is there").as_slice(), b"onetwo");
}

#[test]
fn a_user_writes_in_his_own_directory_only() {
    let files = Files::default();
    assert_eq!(files.may_write("smith", &name("A.B")), Ok(()));
    assert_eq!(files.may_write("smith", &name("<THOMAS>A.B")), Err(FileError::Denied));
}

#[test]
fn a_list_has_the_files_of_one_directory_in_order() {
    let mut files = Files::default();
    for path in ["B", "A.C", "A.B", "<JONES>X", "<SMITHSON>A.A"] {
        files.put(name(path), path.as_bytes().to_vec());
    }
    let list = |files: &Files, text| {
        let wanted = Naming::Tenex.parse_target(text, Some("SMITH")).expect("it can be asked for");
        let listed = files.list(&wanted)?;
        Ok(listed.iter().map(|file| format!("{} {}", file.path, file.bytes)).collect::<Vec<_>>().join(" "))
    };
    assert_eq!(list(&files, "").as_deref(), Ok("<SMITH>A.B 3 <SMITH>A.C 3 <SMITH>B. 1"));
    assert_eq!(list(&files, "a.b").as_deref(), Ok("<SMITH>A.B 3"));
    assert_eq!(list(&files, "a.b;1").as_deref(), Ok("<SMITH>A.B 3"));
    for nothing in ["a.b;2", "none", "<THOMAS>", "<JONES>A.B"] {
        assert_eq!(list(&files, nothing), Err(FileError::NotFound), "{nothing}");
    }
    for number in 0..MAX_LISTED {
        files.put(name(&format!("<THOMAS>{number}")), Vec::new());
    }
    assert!(list(&files, "<THOMAS>").is_ok());
    files.put(name("<THOMAS>ONE.MORE"), Vec::new());
    assert_eq!(list(&files, "<THOMAS>"), Err(FileError::TooMany), "all of them, or none");
}

#[test]
fn what_is_deleted_is_gone_and_takes_no_room() {
    let mut files = Files::new(Naming::Tenex, 10);
    files.put(name("A.B"), b"old".to_vec());
    let reading = files.read(&name("A.B")).expect("it is there");
    let mut append = files.draft(name("A.B"), WriteMode::Append).expect("it can be written");
    append.write(b"new").expect("there is room");
    assert_eq!(files.delete(&name("A.B;2")), Err(FileError::NotFound));
    assert_eq!(
        files.delete(&name("A.B")).map(|deleted| deleted.path.to_string()).as_deref(),
        Ok("<SMITH>A.B")
    );
    assert_eq!(files.read(&name("A.B")), Err(FileError::NotFound));
    assert_eq!(files.delete(&name("A.B")), Err(FileError::NotFound));
    assert_eq!(*reading, b"old", "who reads it goes on");
    assert_eq!(counts(files.file(append)), (3, 0), "all that was sent, and nothing of what was deleted");
    let mut draft = files.draft(name("C.D"), WriteMode::Replace).expect("it can be written");
    assert_eq!(draft.write(b"seven b"), Ok(()), "the file that was deleted takes no room");
}

#[test]
fn a_file_is_renamed_to_what_no_file_is_called_and_to_nothing_else() {
    let mut files = Files::new(Naming::Tenex, 10);
    files.put(name("A.B"), b"old".to_vec());
    files.put(name("C.D"), b"other".to_vec());
    let reading = files.read(&name("A.B")).expect("it is there");
    let both = |renamed: Result<Renamed, FileError>| {
        renamed.map(|renamed| [renamed.from.to_string(), renamed.to.to_string()])
    };
    for (from, to, why) in [
        ("NONE", "X.Y", FileError::NotFound),
        ("A.B;2", "X.Y", FileError::NotFound),
        ("A.B", "C.D", FileError::Taken),
        ("A.B", "A.B", FileError::Taken),
        ("A.B", "X.Y;2", FileError::Version),
    ] {
        assert_eq!(both(files.rename(&name(from), &name(to))), Err(why), "{from} to {to}");
    }
    assert_eq!(files.all().len(), 2, "what is refused changes nothing");
    let new = ["<SMITH>A.B".to_owned(), "<JONES>X.Y".to_owned()];
    assert_eq!(both(files.rename(&name("A.B;1"), &name("<JONES>X.Y"))), Ok(new));
    assert_eq!(files.read(&name("A.B")), Err(FileError::NotFound));
    assert!(files.read(&name("<JONES>X.Y")).is_ok_and(|content| *content == b"old"));
    assert_eq!((&**reading, files.lost_room()), (&b"old"[..], 0), "who reads it goes on");
}

#[test]
fn memory_keeps_a_file_in_one_version() {
    let mut files = Files::default();
    files.put(name("A.B"), b"one".to_vec());
    assert!(files.read(&name("A.B;1")).is_ok_and(|content| *content == b"one"));
    assert_eq!(files.read(&name("A.B;2")), Err(FileError::NotFound));
    assert_eq!(files.draft(name("A.B;2"), WriteMode::Replace).err(), Some(FileError::Version));
    let mut draft = files.draft(name("A.B;1"), WriteMode::Replace).expect("it can be written");
    draft.write(b"new").expect("there is room");
    assert_eq!(files.file(draft).map(|filed| filed.path.to_string()).as_deref(), Ok("<SMITH>A.B"));
    assert!(files.read(&name("A.B")).is_ok_and(|content| *content == b"new"));
}

#[test]
fn others_have_the_rights_that_are_usual_or_that_are_given() {
    let mut files = Files::default();
    for path in ["<SMITH>OPEN.TXT", "<SMITH>SECRET.TXT", "<JONES>DIARY.TXT"] {
        files.put(name(path), b"X".to_vec());
    }
    let target = |text: &str| Naming::Tenex.parse_target(text, None).expect("it has a directory");
    let may = |files: &Files, user: &str, path: &str| {
        let all = [Right::Read, Right::List, Right::Write];
        all.map(|right| files.may(user, right, &name(path)).is_ok())
    };
    assert_eq!(may(&files, "jones", "<SMITH>OPEN.TXT"), [true, true, false], "what is usual at a TENEX");
    assert_eq!(may(&files, "smith", "<SMITH>OPEN.TXT"), [true; 3]);

    files.grant(&target("<JONES>"), Right::Read, Who::Nobody);
    files.grant(&target("<SMITH>SECRET.TXT"), Right::Read, Who::User("Jones".to_owned()));
    files.grant(&target("<SMITH>SECRET.TXT"), Right::List, Who::User("Jones".to_owned()));
    files.grant(&target("<SMITH>SECRET.TXT"), Right::List, Who::User("Brown".to_owned()));
    files.grant(&target("<SMITH>"), Right::Write, Who::All);
    assert_eq!(may(&files, "SMITH", "<JONES>DIARY.TXT"), [false, true, false]);
    assert_eq!(may(&files, "JONES", "<JONES>DIARY.TXT"), [true; 3], "nobody takes them from the owner");
    assert_eq!(may(&files, "jones", "<SMITH>SECRET.TXT"), [true; 3]);
    assert_eq!(
        may(&files, "brown", "<SMITH>SECRET.TXT"),
        [false, true, true],
        "those who are named, and no others"
    );
    assert_eq!(may(&files, "brown", "<SMITH>OPEN.TXT"), [true; 3], "of the directory");
    assert_eq!(
        files.read_as("brown", &name("<JONES>NONE.TXT"), Form::Text),
        Err(FileError::Denied),
        "nor if it is there"
    );

    let listed =
        |files: &Files, user: &str, text: &str| files.list_as(user, &target(text)).map(|listed| listed.len());
    assert_eq!((listed(&files, "JONES", "<SMITH>"), listed(&files, "GUEST", "<SMITH>")), (Ok(2), Ok(1)));
    assert_eq!(listed(&files, "GUEST", "<SMITH>SECRET.TXT"), Err(FileError::Denied));
    files.grant(&target("<JONES>"), Right::List, Who::Nobody);
    assert_eq!(listed(&files, "GUEST", "<JONES>"), Err(FileError::Denied), "not that there is none");
    assert_eq!(listed(&files.clone(), "JONES", "<JONES>"), Ok(1));
}
