//! What `arpanet orders` finds and keeps, as its users see it.

use std::fs;
use std::path::Path;
use std::process::Command;

fn arpanet(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_arpanet"));
    let made = command.current_dir(folder).args(arguments).output().expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    (made.status.code(), text(made.stdout), text(made.stderr))
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("there is room for tests")
}

#[test]
fn what_rfc_478_mends_in_rfc_438_stands_in_a_table() {
    let folder = folder();
    let (status, told, error) = arpanet(folder.path(), &["orders", "rfc438-all-orders"]);
    assert_eq!((status, error.as_str()), (Some(0), ""));
    let row = |requests: &str| {
        let row = told.lines().find(|line| line.starts_with(requests)).expect("there is a row");
        row.split_whitespace().skip(3).map(str::to_owned).collect::<Vec<_>>()
    };
    let (queued, refused) = (row("queued"), row("refused"));
    assert_eq!(queued[0], queued[1], "where requests are queued every order works: {told}");
    assert_ne!(refused[3], "-", "where they are refused, the one that comes first is: {told}");
    assert!([&queued, &refused].iter().all(|row| row[4..] == ["-", "-"]), "nobody is lied to: {told}");
    insta::assert_snapshot!(told);
}

#[test]
fn with_pasv_every_order_works_whether_requests_are_kept_or_refused() {
    let (status, told, error) = arpanet(folder().path(), &["orders", "rfc478-all-orders"]);
    assert_eq!((status, error.as_str()), (Some(0), ""));
    for requests in ["queued", "refused"] {
        let row = told.lines().find(|line| line.starts_with(requests)).expect("there is a row");
        let cells: Vec<&str> = row.split_whitespace().collect();
        assert_eq!(cells[1..3], ["rfc478", "rfc478"], "{told}");
        assert_eq!(cells[3], cells[4], "where they are {requests}, every order works: {told}");
        assert_eq!(cells[5..], ["-"; 4], "{told}");
    }
}

#[test]
fn one_order_of_each_ending_is_kept_as_a_scenario_that_holds() {
    let folder = folder();
    let kept = ["orders", "rfc438-all-orders", "--requests", "refused", "--keep", "."];
    assert_eq!(arpanet(folder.path(), &kept).0, Some(0));
    assert_eq!(arpanet(folder.path(), &kept).0, Some(0), "the same again is no other file");
    for ending in ["works", "refused"] {
        let name = format!("rfc438-all-orders-refused-{ending}.scenario");
        let text = fs::read_to_string(folder.path().join(&name)).expect("it is kept");
        let (status, told, error) = arpanet(folder.path(), &["scenario", &name]);
        assert_eq!(status, Some(0), "{name}: {error}");
        assert_eq!(told.contains("454"), ending == "refused", "{told}");
        let begin = text.find("--order ").expect("it says how it was found") + "--order ".len();
        let order = text[begin..].split('`').next().expect("it ends");
        let again = ["orders", "rfc438-all-orders", "--requests", "refused", "--order", order];
        let (status, printed, error) = arpanet(folder.path(), &again);
        assert_eq!((status, error.as_str()), (Some(0), ""));
        assert_eq!(printed, text, "what is printed is what is kept");
    }
    insta::assert_snapshot!(
        fs::read_to_string(folder.path().join("rfc438-all-orders-refused-refused.scenario"))
            .expect("it is kept")
    );
    fs::write(folder.path().join("rfc438-all-orders-refused-works.scenario"), "mine").expect("there is room");
    let (status, _, error) = arpanet(folder.path(), &kept);
    assert_eq!(status, Some(2), "{error}");
    assert!(error.contains("is there already"), "{error}");
}

#[test]
fn what_is_wrong_is_told_with_what_to_do() {
    let folder = folder();
    for (arguments, says) in [
        (&["orders", "echo"][..], ["does not say from where on", "write `all orders from here`"]),
        (&["orders", "rfc438-all-orders", "--order", "6.1"], ["`6.1` is no order", "usual"]),
        (&["orders", "rfc438-all-orders", "--order", "900.2"], ["no order of this scenario", "--requests"]),
        (&["orders", "rfc438-all-orders", "--keep", "nowhere"], ["nowhere", "folder"]),
        (&["orders", "rfc438-all-orders", "--most", "0"], ["--most", "1 at least"]),
    ] {
        let (status, _, error) = arpanet(folder.path(), arguments);
        assert_eq!(status, Some(2), "{arguments:?}: {error}");
        let plain = error.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(says.iter().all(|says| plain.contains(says)), "{arguments:?}: {error}");
    }
}
