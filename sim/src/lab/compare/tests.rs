//! Runs that are told line by line, laid beside each other.

use imp1822::HostAddress;
use machine::{Instant, Span};

use super::*;

/// A run of what is said, a line each: `A > B NCP RTS 400 from 3 link 2`. Lines come so many milliseconds apart.
fn run(millis: u64, lines: &[&str]) -> Run {
    let mut run = Run::default();
    for (number, name) in [(1, "A"), (2, "B"), (3, "C")] {
        run.hosts.insert(HostAddress::from(number), name.to_owned());
    }
    for (number, line) in (0..).zip(lines) {
        let mut parts = line.splitn(3, ' ');
        let mut part = || parts.next().unwrap_or_default();
        let (who, lens, what) = (part(), part(), part().to_owned());
        let who = who.replace('>', " -> ").replace('_', " ");
        let at = Some(Instant::START + Span::from_millis(millis * number));
        let lens: Lens = lens.parse().expect("it is a lens");
        let parties = who.split_once(" -> ");
        if let (Some(sort), Some(parties)) = (Sort::of(lens, &what), parties) {
            run.figures.cross(at, 100);
            run.figures.send(at, sort, parties, 64);
        }
        run.happened.push(Happening { at, lens, who: who.clone(), what });
    }
    run
}

fn parts(runs: &[&Run]) -> Option<Parting> {
    compare(runs, &LENSES).parting
}

/// An exchange in which hosts choose these sockets: the user his U, the server its S and the socket of its data.
fn exchange(u: u32, s: u32, data: u32, link: u8) -> Vec<String> {
    vec![
        "C_types teletype GET X".to_owned(),
        format!("C>A ncp RTS {u} from 3 link {link}"),
        format!("A>C ncp STR 3 to {u} size 32"),
        format!("C>A ncp ALL link {link} messages 1 bits 32"),
        format!("A>C ncp link {link} socket number {s}"),
        format!("C>A ncp CLS {u} 3"),
        format!("A>C ncp STR {data} to {} size 8", u + 4),
        format!("C>A ncp RTS {} from {data} link {}", u + 4, link + 1),
        format!("A>C ftp 255 SOCK {data}"),
        format!("A>C data link {} data 3 x 8 bits \"ABC\"", link + 1),
        format!("C>B ftp SOCK 1,{data}"),
        format!("C>A ncp ERR 5 no such socket 02{data:08x}{:08x}08", u + 4),
    ]
}

fn told(lines: &[String]) -> Run {
    run(1, &lines.iter().map(String::as_str).collect::<Vec<_>>())
}

#[test]
fn sockets_that_are_drawn_links_that_are_chosen_and_times_are_no_difference() {
    let one = told(&exchange(15_272, 8_184, 8_193, 2));
    let mut other = told(&exchange(400, 57_144, 9_001, 45));
    other.happened.iter_mut().for_each(|happening| happening.at = None);
    let comparison = compare(&[&one, &other], &LENSES);
    assert_eq!((comparison.alike, comparison.parting), (12, None));
}

#[test]
fn a_socket_that_lies_elsewhere_among_those_of_its_program_is_one() {
    let one = exchange(15_272, 8_184, 8_193, 2);
    for (line, from, to) in [
        (7, "RTS 15276", "RTS 15278"),
        (8, "SOCK 8193", "SOCK 8195"),
        (10, "SOCK 1,8193", "SOCK 2,8193"),
        (10, "SOCK 1,8193", "SOCK 1,8184"),
        (11, "3bac", "3bad"),
    ] {
        let mut other = one.clone();
        other[line] = other[line].replace(from, to);
        assert_ne!(one[line], other[line], "the line is changed");
        let comparison = compare(&[&told(&one), &told(&other)], &LENSES);
        let way = comparison.parting.map(|parting| parting.way);
        assert_eq!((comparison.alike, way), (line, Some(Way::Otherwise)), "{from} and {to}");
    }
}

#[test]
fn data_on_another_connection_are_a_difference_and_a_link_that_is_used_again_is_none() {
    let asked = ["C>A ncp RTS 400 from 3 link 2", "C>A ncp RTS 500 from 701 link 3"];
    let one = run(1, &[asked[0], asked[1], "A>C data link 2 data 1 x 8 bits \"X\""]);
    let other = run(1, &[asked[0], asked[1], "A>C data link 3 data 1 x 8 bits \"X\""]);
    assert!(parts(&[&one, &other]).is_some(), "they go over another connection");
    let again =
        run(1, &[asked[0], "C>A ncp RTS 500 from 701 link 2", "A>C data link 2 data 1 x 8 bits \"X\""]);
    assert!(parts(&[&other, &again]).is_none(), "it is the same connection, on another link");
}

#[test]
fn where_runs_part_stands_with_what_is_before_and_behind_it_and_the_lines_that_come_again() {
    let mut one: Vec<String> = (0..20).map(|number| format!("A>B ftp LINE {number}")).collect();
    let mut other = one.clone();
    one[10] = "A>B ftp YES".to_owned();
    other[10] = "A>B ftp NO".to_owned();
    other.insert(11, "A>B ftp MORE".to_owned());
    let comparison = compare(&[&told(&one), &told(&other)], &LENSES);
    let parting = comparison.parting.expect("they part");
    assert_eq!((comparison.alike, parting.way, &parting.only[..]), (10, Way::Otherwise, &[1, 2][..]));
    let shown: Vec<(bool, [&str; 2])> = parting
        .rows
        .iter()
        .map(|row| {
            let of = |number: usize| row.cells[number].as_ref().map_or("", |cell| cell.what.as_str());
            (row.is_alike, [of(0), of(1)])
        })
        .collect();
    let same = |line| (true, [line, line]);
    let expected = [
        same("LINE 6"),
        same("LINE 7"),
        same("LINE 8"),
        same("LINE 9"),
        (false, ["YES", "NO"]),
        (false, ["", "MORE"]),
        same("LINE 11"),
        same("LINE 12"),
        same("LINE 13"),
        same("LINE 14"),
    ];
    assert_eq!(shown[..expected.len()], expected, "{shown:?}");
}

#[test]
fn another_order_an_early_end_and_something_else_are_told_apart() {
    let way =
        |one: &[&str], other: &[&str]| parts(&[&run(1, one), &run(1, other)]).map(|parting| parting.way);
    let (a, b, c) = ("A>B ftp ONE", "B>A ftp TWO", "C>A ftp THREE");
    assert_eq!(way(&[a, b, c], &[a, b, c]), None);
    assert_eq!(way(&[a, b, c], &[a, c, b]), Some(Way::Order));
    assert_eq!(way(&[a, b, c], &[a, c, b, b]), Some(Way::OrderFirst));
    assert_eq!(way(&[a, b, c], &[a, b]), Some(Way::Ends));
    assert_eq!(way(&[], &[a]), Some(Way::Ends));
    assert_eq!(way(&[a, b, c], &[a, a, c]), Some(Way::Otherwise));
    assert_eq!(way(&[a], &["A>C ftp ONE"]), Some(Way::Otherwise), "to whom, is a difference");
}

#[test]
fn of_three_runs_the_lines_of_two_that_agree_stand_in_one_row() {
    let (a, b) = ("A>B ftp ONE", "B>A ftp TWO");
    let runs = [run(1, &[a, b]), run(1, &[a, "B>A ftp ELSE"]), run(1, &[a, b])];
    let runs: Vec<&Run> = runs.iter().collect();
    let parting = parts(&runs).expect("the second is not like the others");
    assert_eq!(parting.only, [1, 1, 1], "what not all have");
    let agree = parting.rows.iter().any(|row| {
        let what = |number: usize| row.cells[number].as_ref().map(|cell| cell.what.as_str());
        (what(0), what(2)) == (Some("TWO"), Some("TWO"))
    });
    assert!(agree, "{:?}", parting.rows);
}

#[test]
fn only_what_the_lenses_show_counts_and_beside_a_capture_only_what_crossed_its_cables() {
    let one = run(1, &["C_types teletype X", "A>B ftp ONE", "B>C ftp TWO"]);
    let mut capture = run(1, &["A>B ftp ONE"]);
    capture.cables = Some(["A".to_owned()].into());
    assert_eq!(parts(&[&one, &capture]), None, "the cable of A is all that is known");
    let other = run(1, &["C_types teletype Y", "A>B ftp ONE", "B>C ftp TWO"]);
    assert!(parts(&[&one, &other]).is_some());
    assert_eq!(compare(&[&one, &other], &[Lens::Ftp]).parting, None);
}

#[test]
fn text_that_two_seeds_have_made_up_counts_by_its_size_and_that_of_one_seed_as_it_is() {
    let with = |seed, text: &str| {
        let line = format!("A>B data link 2 data 3 x 8 bits \"{text}\"");
        Run { seed: Some(seed), ..run(1, &[&line]) }
    };
    assert_eq!(parts(&[&with(1, "ABC"), &with(2, "XYZ")]), None);
    assert!(parts(&[&with(1, "ABC"), &with(1, "XYZ")]).is_some());
    let longer = Run { seed: Some(2), ..run(1, &["A>B data link 2 data 4 x 8 bits \"WXYZ\""]) };
    assert!(parts(&[&with(1, "ABC"), &longer]).is_some());
}

#[test]
fn how_many_bits_are_allocated_counts_only_where_the_numbers_in_the_text_before_are_as_long() {
    let with = |seed, bits: &str| {
        let line = format!("A>B ncp ALL link 2 messages 8 {bits}");
        Run { seed, ..run(1, &[&line]) }
    };
    assert_eq!(parts(&[&with(Some(1), "bits 1680"), &with(Some(2), "bits 1688")]), None);
    assert_eq!(
        parts(&[&with(None, "bits 1680"), &with(Some(2), "bits 1688")]),
        None,
        "a capture has no seed"
    );
    assert!(parts(&[&with(Some(1), "bits 1680"), &with(Some(1), "bits 1688")]).is_some());
}

#[test]
fn what_a_host_is_sent_and_sends_on_goes_through_it() {
    let data = |way: &str| format!("{way} data link 2 data 8 x 8 bits");
    let figures = |ways: &[&str]| {
        let lines: Vec<String> = ways.iter().map(|way| data(way)).collect();
        told(&lines).figures
    };
    let straight = figures(&["A>B", "A>B"]);
    assert!(straight.through().is_empty());
    assert_eq!((straight.data_bits(), straight.messages(Sort::Data), straight.cable_bits), (128, 2, 200));
    let by_way = figures(&["A>C", "C>B"]);
    assert_eq!(by_way.through().into_iter().collect::<Vec<_>>(), ["C"]);
    assert_eq!(by_way.time(), Some(Span::from_millis(1)));
    let [before, between, behind] = by_way.times().expect("there are times");
    assert_eq!([before, between, behind], [Span::ZERO, Span::from_millis(1), Span::ZERO]);
    assert_eq!(figures(&[]).times(), None, "nothing has been sent");
}

#[test]
fn however_long_and_different_they_are_a_page_is_shown() {
    let many = |word: &str| {
        let lines: Vec<String> = (0..20_000).map(|number| format!("A>B ftp {word} {number}")).collect();
        told(&lines)
    };
    let parting = parts(&[&many("ONE"), &many("TWO"), &many("THREE")]).expect("nothing is the same");
    assert_eq!(parting.only, [20_000; 3]);
    assert!(parting.rows.len() <= 24, "{}", parting.rows.len());
}
