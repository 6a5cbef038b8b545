//! However much is wrong, the report has an end, and says what it leaves out.

use super::super::parse_net;
use super::{read, with_hosts, with_steps};

/// Many lines, each wrong in its own way.
fn lines(begin: &str) -> String {
    (0..2_000).map(|number| format!("{begin}{number} is wrong\n")).collect()
}

#[test]
fn of_many_mistakes_the_first_are_shown_and_all_are_counted() {
    let reports = [
        with_steps(&lines("X")).map(drop),
        with_hosts(&lines("host X")).map(drop),
        with_hosts(&format!("host CASE-10\n{}", lines("  x"))).map(drop),
        with_steps(&lines("+x")).map(drop),
        read(&lines("x")).map(drop),
        parse_net("n.net", &lines("x")).map(drop),
        parse_net("n.net", &format!("net n N\n{}", lines("imp x"))).map(drop),
    ];
    for report in reports {
        let errors = report.expect_err("nothing of it is right");
        let shown = errors.render(false, 100);
        assert!(errors.count() >= 2_000, "all are counted: {}", errors.count());
        assert!(shown.len() < 60_000, "{} bytes", shown.len());
        let more = errors.count() - errors.messages().count();
        assert!(shown.contains(&format!("... and {more} more, which are not shown")), "{shown}");
    }
}

#[test]
fn the_same_in_many_places_is_one_mistake_with_its_first_lines() {
    let steps = "BBM crashes\n".repeat(10_000);
    let errors = with_steps(&steps).expect_err("there is no BBM");
    assert_eq!(errors.count(), 1);
    let shown = errors.render(false, 100);
    assert!(shown.contains("the same in lines 7, 8, 9, 10, 11 and 9994 more"), "{shown}");
}

#[test]
fn a_mistake_is_shown_where_it_stands_first_whatever_is_read_first() {
    // Hosts that misbehave are looked up when all else has been read.
    let errors =
        read("title T\nnet 1973-01\nmisbehaves BBM\nhost BBN\nBBM crashes\n").expect_err("there is no BBM");
    let shown = errors.render(false, 100);
    assert!(shown.contains("test.scenario:3:12") && shown.contains("the same in line 5"), "{shown}");
}

#[test]
fn a_line_of_ten_megabytes_is_one_mistake() {
    for line in
        ["X".repeat(10_000_000), "X ".repeat(5_000_000), format!("title {}", "\u{e9}".repeat(5_000_000))]
    {
        let errors = with_steps(&line).expect_err("no line is so long");
        assert!(errors.messages().any(|message| message == "this line is too long"), "{errors:?}");
        assert!(errors.render(false, 100).len() < 5_000);
        let errors = parse_net("n.net", &format!("net n N\nimp 1 A\n{line}")).expect_err("nor here");
        assert!(errors.render(false, 100).len() < 5_000);
    }
}

#[test]
fn the_place_behind_the_last_word_can_be_seen() {
    for text in ["USC sees", "USC sees   ", "USC sees # what?", "USC sees\r\n", "USC sees\nUSC types X"] {
        let shown = with_steps(text).expect_err("nothing is to be seen").render(false, 100);
        let at = |sign: &str| shown.lines().find_map(|line| Some(line.split_once(sign)?.0.chars().count()));
        let end = at("sees").expect("the line is shown") + "sees".len();
        assert_eq!(at("\u{25b2}"), Some(end), "{text:?}: {shown}");
    }
}
