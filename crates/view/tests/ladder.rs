//! What a ladder shows of a run: what its records say, and nothing else.

use imp1822::{FromImp, Signal, ToImp};
use machine::Bits;
use sim::scenario::library;
use sim::{Options, Outcome, Prepared};
use trace::{Lens, What};
use view::ladder::{LadderOptions, Scale, mermaid, svg};
use view::palette::{Look, Theme};
use view::sheet::Sheet;

fn with_sheet<T>(name: &str, options: Options, look: impl FnOnce(&Sheet<'_>) -> T) -> T {
    let prepared = Prepared::parse(library::scenario(name).expect("it is built in")).expect("it can be read");
    let outcome: Outcome = prepared.replay(options);
    look(&Sheet::new(prepared.scenario(), &outcome))
}

fn usual(scale: Scale) -> LadderOptions<'static> {
    LadderOptions { lenses: &Lens::USUAL, scale, theme: Theme::Light }
}

/// The numbers behind each occurrence of an attribute.
fn numbers(svg: &str, attribute: &str) -> Vec<i32> {
    svg.split(&format!(" {attribute}=\""))
        .skip(1)
        .filter_map(|rest| rest.split('"').next()?.parse().ok())
        .collect()
}

fn is_to_host(bits: &Bits) -> bool {
    matches!(ToImp::parse(bits), Ok(ToImp::Regular { .. }))
}

fn is_from_host(bits: &Bits) -> bool {
    matches!(FromImp::parse(bits), Ok(FromImp::Regular { .. }))
}

#[test]
fn each_message_between_hosts_has_an_arrow_with_its_words_and_only_one_that_was_lost_has_no_head() {
    for name in ["rfc438-append", "message-lost-on-cable", "list-and-delete", "append-same-site"] {
        with_sheet(name, Options::RECORDS, |sheet| {
            let picture = svg(sheet, &usual(Scale::Order));
            let heads = picture.matches("<polygon").count();
            let loops = picture.matches("<path class=\"arrow").count();
            let crosses = (picture.matches("<line class=\"arrow").count() + loops - heads) / 3;
            let own = sheet.journeys.iter().filter(|journey| journey.from == journey.to).count();
            assert_eq!(loops, own, "{name}: what a host sends to itself leaves its lane and comes back");
            // By the bits on the cables, not by what the sheet makes of them.
            let (mut sent, mut received) = (0, 0);
            for (number, record) in sheet.records().iter().enumerate() {
                match &record.what {
                    What::Sent { signal: Signal::Message(bits), .. } if is_to_host(bits) => {
                        sent += 1;
                        let id = format!("id=\"r{number}\"");
                        assert!(picture.contains(&id), "{name}: record {number} has an arrow");
                    }
                    What::Received { signal: Signal::Message(bits), .. } if is_from_host(bits) => {
                        received += 1;
                    }
                    _ => {}
                }
            }
            assert_eq!(heads, received, "{name}: what has arrived has a head");
            assert_eq!(crosses, sent - received, "{name}: only what has not arrived has none");
            assert!(
                !picture.contains(['␍', '␊']),
                "{name}: not every font has pictures of control characters"
            );
        });
    }
}

#[test]
fn time_runs_down_and_to_scale_equal_times_have_equal_heights() {
    for (name, scale) in
        [("rfc438-append", Scale::Order), ("rfc438-append", Scale::Time), ("cable-pulled", Scale::Time)]
    {
        with_sheet(name, Options::RECORDS, |sheet| {
            let picture = svg(sheet, &usual(scale));
            // The begin and end of each arrow, with the times of both.
            let mut ends = Vec::new();
            for journey in &sheet.journeys {
                let Some(arrived) = journey.arrived else { continue };
                let (_, arrow) =
                    picture.split_once(&format!("id=\"r{}\"", journey.sent)).expect("it has an arrow");
                let (begin, end) = (numbers(arrow, "y1")[0], numbers(arrow, "y2")[0]);
                let times = [journey.sent, arrived].map(|record| sheet.moments[record as usize].at);
                assert!(begin < end, "{name}: it arrives later than it was sent");
                ends.push((times, [begin, end]));
            }
            let mut places: Vec<_> = ends.iter().flat_map(|(times, ends)| times.iter().zip(ends)).collect();
            places.sort();
            for two in places.windows(2) {
                assert!(
                    two[0].0 == two[1].0 || scale == Scale::Order || two[0].1 <= two[1].1,
                    "{name}: later is below"
                );
            }
            if (name, scale) == ("rfc438-append", Scale::Time) {
                let height = |(times, ends): &([sim::Instant; 2], [i32; 2])| {
                    (f64::from(ends[1] - ends[0]), times[1].since(times[0]).as_micros() as f64)
                };
                let (all, span) = (
                    f64::from(ends.last().expect("one").1[0] - ends[0].1[0]),
                    ends.last().expect("one").0[0].since(ends[0].0[0]).as_micros() as f64,
                );
                for one in &ends {
                    let (height, micros) = height(one);
                    assert!(
                        (height - micros * all / span).abs() <= 60.0,
                        "{height} for {micros} where {all} is for {span}"
                    );
                }
            }
        });
    }
}

#[test]
fn the_first_thing_below_each_heading_has_its_time_and_a_phase_that_goes_on_says_so() {
    for (name, scale) in
        [("rfc438-append", Scale::Order), ("rfc438-append", Scale::Time), ("host-restarts", Scale::Order)]
    {
        with_sheet(name, Options::RECORDS, |sheet| {
            let picture = svg(sheet, &usual(scale));
            let lines: Vec<&str> = picture.lines().filter(|line| line.contains("<text class=")).collect();
            let headings = (0..).zip(&lines).filter(|(_, line)| line.contains("class=\"phase said\""));
            let mut seen = Vec::new();
            for (place, heading) in headings {
                assert!(
                    lines[place + 1].contains("class=\"time\""),
                    "{name}: {heading}: {}",
                    lines[place + 1]
                );
                let (_, heading) = heading.split_once('>').expect("it says something");
                let goes_on = heading.contains(", continued<");
                assert!(goes_on || !seen.contains(&heading), "{name}: {heading} begins once");
                seen.push(heading);
            }
        });
    }
}

#[test]
fn of_users_who_take_turns_each_has_its_headings_once_and_not_at_each_message() {
    with_sheet("two-users-at-once", Options::RECORDS, |sheet| {
        let picture = svg(sheet, &usual(Scale::Order));
        let headings = picture.matches("class=\"phase said\"").count();
        let messages = picture.matches("<polygon").count();
        assert!(headings * 4 < messages, "{headings} headings for {messages} messages");
        assert!(picture.contains(", beside "), "what goes on beside it is said");
    });
}

#[test]
fn a_table_that_a_host_prints_keeps_its_columns() {
    with_sheet("allocation-step-by-step", Options::RECORDS, |sheet| {
        let picture = svg(sheet, &usual(Scale::Order));
        let printed = sheet.moments.iter().flat_map(|moment| &moment.said);
        let mut rows = printed.filter(|said| said.what.contains("  ")).peekable();
        assert!(rows.peek().is_some(), "there is a table");
        for row in rows {
            let text = format!("xml:space=\"preserve\">{}", row.what);
            assert!(
                picture.contains(text.trim_end()),
                "{}: it is there with its blanks, and not cut",
                row.what
            );
        }
    });
}

#[test]
fn what_was_measured_has_a_row_for_each_of_its_lines() {
    let text = "title T\nnet three-imps\n\
        measure round trip  from SITE1 to one host at each distance  sizes 16 bits  2 messages each\n";
    let prepared = Prepared::parse(text).unwrap_or_else(|errors| panic!("{}", errors.render(false, 100)));
    let outcome = prepared.replay(Options::RECORDS);
    let sheet = Sheet::new(prepared.scenario(), &outcome);
    let picture = svg(&sheet, &usual(Scale::Order));
    let mut measured = sheet.moments.iter().flat_map(|moment| &moment.said);
    let measured = measured.find(|said| said.lens == Lens::Measured).expect("it was measured");
    assert!(measured.what.lines().count() > 2, "it is a table");
    for line in measured.what.lines() {
        assert!(picture.contains(line.trim()), "{line}");
    }
}

#[test]
fn a_ladder_of_the_rfcs_example_is_one_page_with_text_that_a_projector_shows() {
    with_sheet("rfc438-append", Options::RECORDS, |sheet| {
        let picture = svg(sheet, &usual(Scale::Order));
        let [width, height] = [numbers(&picture, "width")[0], numbers(&picture, "height")[0]];
        assert_eq!(width, 1280);
        assert!(height * 100 <= width * 145, "{height}: it fits a sheet of paper");
        assert!(picture.contains("font: 16px"), "no text is smaller");
        let sizes = picture
            .split("font-size: ")
            .skip(1)
            .filter_map(|rest| rest.split("px").next()?.parse::<u32>().ok());
        assert!(sizes.into_iter().all(|size| size >= 16));
        for step in 1..=4 {
            assert!(picture.contains(&format!("RFC 438, step {step}")), "the steps are headings");
        }
        assert!(!picture.contains("BLUE") && !picture.contains("GREEN"), "no password is drawn");
    });
}

#[test]
fn with_the_lenses_of_the_subnet_imps_have_lanes_and_packets_arrows() {
    with_sheet("rfc438-append", Options::EVERYTHING, |sheet| {
        let options = LadderOptions { lenses: &[Lens::Ftp, Lens::Imp, Lens::Packets], ..usual(Scale::Order) };
        let picture = svg(sheet, &options);
        for imp in 1..=3 {
            assert!(picture.contains(&format!(">IMP {imp}<")), "IMP {imp} has a lane");
        }
        let packets = sheet.records().iter().zip(0..).filter(|(record, _)| match &record.what {
            What::Packet(crossing) => !crossing.what.is_of_the_line(),
            _ => false,
        });
        for (_, number) in packets {
            assert!(picture.contains(&format!("id=\"r{number}\"")), "packet {number} has an arrow");
        }
    });
}

#[test]
fn hosts_differ_without_colour_and_themes_in_their_grounds() {
    for one in 0..8 {
        for other in 0..one {
            let (one, other) = (Look::of(one), Look::of(other));
            assert!(one.mark != other.mark && one.dashes != other.dashes, "{one:?} {other:?}");
        }
    }
    with_sheet("rfc438-append", Options::RECORDS, |sheet| {
        let dark = LadderOptions { theme: Theme::Dark, ..usual(Scale::Order) };
        assert_ne!(svg(sheet, &dark), svg(sheet, &usual(Scale::Order)));
        assert_eq!(svg(sheet, &dark), svg(sheet, &dark), "the same bytes");
    });
}

#[test]
fn mermaid_has_each_lane_each_phase_and_each_message_in_order() {
    with_sheet("rfc438-append", Options::RECORDS, |sheet| {
        let text = mermaid(sheet, &usual(Scale::Order));
        assert!(text.contains("sequenceDiagram\n    participant H1 as SITE1\n"));
        let arrows: Vec<&str> = text.lines().filter(|line| line.contains("->>")).collect();
        assert_eq!(arrows.len(), sheet.journeys.len());
        assert_eq!(arrows[0], "    H3->>H1: RTS 15272 from 3 link 2");
        let after = |what: &str| text.find(what).unwrap_or_else(|| panic!("{what}"));
        assert!(after("H3->>H2: LSTN R") < after("H3->>H1: SOCK 2,57144"));
        assert!(after("H3->>H1: SOCK 2,57144") < after("H1->>H2: STR 8193"));
    });
    with_sheet("message-lost-on-cable", Options::RECORDS, |sheet| {
        assert!(
            mermaid(sheet, &usual(Scale::Order)).contains("H1-xH2: link 2 data"),
            "what is lost does not arrive"
        );
    });
}
