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
    files.room.take("A", 3).expect("there is room");
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

/// Stores a content under a name. Returns the name that it has.
fn stores(files: &mut Files, path: PathName, content: &str, mode: WriteMode) -> Result<String, FileError> {
    let mut draft = files.draft(path, mode)?;
    draft.write(content.as_bytes())?;
    files.file(draft).map(|filed| filed.path.to_string())
}

/// The names of all files.
fn names(files: &Files) -> Vec<String> {
    files.all().iter().map(|file| file.path.to_string()).collect()
}

#[test]
fn what_is_stored_at_a_tenex_is_a_new_version_and_the_old_one_stays() {
    let mut files = Files::default();
    files.put(name("A.B"), b"one".to_vec());
    assert_eq!(names(&files), ["<SMITH>A.B"], "there is nothing to tell it apart from");
    assert_eq!(stores(&mut files, name("A.B"), "two", WriteMode::Replace).as_deref(), Ok("<SMITH>A.B;2"));
    assert_eq!(names(&files), ["<SMITH>A.B;1", "<SMITH>A.B;2"]);
    assert!(!files.would_replace(&name("A.B")) && files.would_replace(&name("A.B;1")));
    for (path, content) in [("A.B", "two"), ("A.B;1", "one"), ("A.B;2", "two")] {
        assert_eq!(files.read(&name(path)).expect("it is there").as_slice(), content.as_bytes(), "{path}");
    }
    assert_eq!(files.read(&name("A.B;3")), Err(FileError::NotFound));
    assert_eq!(stores(&mut files, name("A.B"), "!", WriteMode::Append).as_deref(), Ok("<SMITH>A.B;2"));
    assert_eq!(stores(&mut files, name("A.B;1"), "new", WriteMode::Replace).as_deref(), Ok("<SMITH>A.B;1"));
    assert_eq!(stores(&mut files, name("A.B;4"), "", WriteMode::Replace), Err(FileError::Version));
    assert_eq!(stores(&mut files, name("A.B;3"), "", WriteMode::Replace).as_deref(), Ok("<SMITH>A.B;3"));
    let deleted = |files: &mut Files, path| files.delete(&name(path)).map(|deleted| deleted.path.to_string());
    assert_eq!(deleted(&mut files, "A.B").as_deref(), Ok("<SMITH>A.B;3"), "the highest");
    assert_eq!(deleted(&mut files, "A.B;1").as_deref(), Ok("<SMITH>A.B;1"));
    assert_eq!(names(&files), ["<SMITH>A.B;2"], "its number tells that there was another");
    assert_eq!(files.read(&name("A.B")).expect("it is there").as_slice(), b"two!");
    assert_eq!(files.lost_room(), 0);
}

#[test]
fn a_system_without_versions_replaces() {
    for (naming, path) in
        [(Naming::Multics, "a.b"), (Naming::Its, "A B"), (Naming::Os360, "A.B"), (Naming::Plain, "a b")]
    {
        let mut files = Files::new(naming, 100);
        let path = files.path(path, Some("SMITH")).expect("a path name");
        for content in ["one", "another"] {
            let stored = stores(&mut files, path.clone(), content, WriteMode::Replace);
            assert_eq!(stored, Ok(path.to_string()));
        }
        assert!(files.would_replace(&path));
        assert_eq!(files.read(&path).expect("it is there").as_slice(), b"another");
        assert_eq!((files.all().len(), files.lost_room()), (1, 0));
    }
}

#[test]
fn an_its_file_whose_second_name_is_a_number_has_versions() {
    let mut files = Files::new(Naming::Its, 100);
    let path = |text| Naming::Its.parse(text, Some("SMITH")).expect("a path name");
    assert_eq!(stores(&mut files, path("NOTES"), "", WriteMode::Replace).as_deref(), Ok("SMITH; NOTES 1"));
    assert_eq!(stores(&mut files, path("NOTES >"), "", WriteMode::Replace).as_deref(), Ok("SMITH; NOTES 2"));
    assert_eq!(
        stores(&mut files, path("NOTES TXT"), "", WriteMode::Replace).as_deref(),
        Ok("SMITH; NOTES TXT")
    );
    assert_eq!(names(&files), ["SMITH; NOTES 1", "SMITH; NOTES 2", "SMITH; NOTES TXT"]);
    assert_eq!(stores(&mut files, path("NOTES 1"), "x", WriteMode::Append).as_deref(), Ok("SMITH; NOTES 1"));
}

#[test]
fn at_a_multics_a_directory_is_written_as_a_file_is() {
    let mut files = Files::new(Naming::Multics, 100);
    for path in [">udd>Cnet>Smith>a", ">udd>Cnet>Smith>sub>b"] {
        files.put(Naming::Multics.parse(path, None).expect("it is whole"), Vec::new());
    }
    let listed = |text: &str| {
        let target = files.target(text, Some("Smith.Cnet")).expect("it can be read");
        files.list(&target).map(|listed| listed.iter().map(|file| file.path.to_string()).collect::<Vec<_>>())
    };
    assert_eq!(listed(""), Ok(vec![">udd>Cnet>Smith>a".to_owned()]));
    assert_eq!(listed("sub"), Ok(vec![">udd>Cnet>Smith>sub>b".to_owned()]));
    assert_eq!(listed(">udd>Cnet>Smith>sub>b"), Ok(vec![">udd>Cnet>Smith>sub>b".to_owned()]));
    assert_eq!(listed(">udd>Cnet>Smith>none"), Err(FileError::NotFound));
    let path = |text| Naming::Multics.parse(text, None).expect("it is whole");
    assert_eq!(files.may_write("Smith.Cnet", &path(">udd>Cnet>Smith>sub>b")), Ok(()));
    assert_eq!(files.may_write("Smith.Cnet", &path(">udd>Cnet>Jones>b")), Err(FileError::Denied));
}

#[test]
fn a_directory_takes_no_more_than_it_is_allowed() {
    let mut files = Files::new(Naming::Tenex, 1000);
    files.put(name("OLD"), vec![0; 10]);
    files.allow("SMITH", 25);
    assert_eq!((files.room_in("SMITH"), files.room_in("JONES")), (15, 990));
    let mut draft = files.draft(name("NEW"), WriteMode::Replace).expect("it may be written");
    draft.write(&[0; 12]).expect("there is room");
    assert_eq!(draft.write(&[0; 4]), Err(FileError::Full));
    assert_eq!(files.room_in("SMITH"), 3, "the draft counts");
    drop(draft);
    let promised = files.draft(name("NEW"), WriteMode::Replace).and_then(|draft| draft.with_room_for(15));
    let mut promised = promised.expect("it is kept for it");
    let other = files.draft(name("OTHER"), WriteMode::Replace).and_then(|mut draft| draft.write(b"x"));
    assert_eq!(other, Err(FileError::Full), "what is promised to one is not another's");
    promised.write(&[0; 15]).expect("it was kept");
    assert_eq!(promised.write(b"x"), Err(FileError::Full));
    assert_eq!(counts(files.file(promised)), (15, 0));
    assert_eq!((files.room_in("SMITH"), files.lost_room()), (0, 0));
    let mut copy = files.clone();
    assert_eq!((copy.room_in("SMITH"), copy.room_in("JONES")), (0, 975));
    copy.delete(&name("OLD")).expect("it is there");
    assert_eq!((copy.room_in("SMITH"), files.room_in("SMITH")), (10, 0));
    files.put(name("<JONES>BIG"), vec![0; 11]);
    assert_eq!(
        copy.rename(&name("NEW"), &name("<JONES>NEW")).map(|renamed| renamed.to.directory().to_owned()),
        Ok("JONES".to_owned())
    );
    assert_eq!(copy.room_in("SMITH"), 25, "what moves away takes nothing any more");
    let moved = files.rename(&name("<JONES>BIG"), &name("<SMITH>BIG"));
    assert_eq!(moved.map(|_| ()), Err(FileError::Full), "and what moves here needs room");
}

#[test]
fn who_reads_has_the_file_as_it_was_and_of_two_who_write_the_last_to_end_is_the_highest_version() {
    let mut files = Files::default();
    files.put(name("A.B"), b"as it was".to_vec());
    let reading = files.read(&name("A.B")).expect("it is there");
    let draft = |files: &Files| files.draft(name("A.B"), WriteMode::Replace).expect("it can be written");
    let (mut begun_first, mut begun_last) = (draft(&files), draft(&files));
    begun_first.write(b"begun first").expect("there is room");
    begun_last.write(b"begun last").expect("there is room");
    let ended = |files: &mut Files, draft| files.file(draft).map(|filed| filed.path.to_string());
    assert_eq!(ended(&mut files, begun_last).as_deref(), Ok("<SMITH>A.B;2"));
    assert_eq!(ended(&mut files, begun_first).as_deref(), Ok("<SMITH>A.B;3"));
    assert_eq!(*reading, b"as it was");
    assert_eq!(files.read(&name("A.B")).expect("it is there").as_slice(), b"begun first");
    assert_eq!(files.read(&name("A.B;2")).expect("it is there").as_slice(), b"begun last", "nothing is lost");
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
