//! Traffic generators in whole runs: traffic begins, ends and is summed up, what others do comes to rest all the same, and
//! what is measured is what the bits say.

use machine::{Instant, Span};
use sim::{FailureKind, Options, Outcome, replay};
use trace::figures::{Figures, RoundTripRow, Tally};
use trace::{Keep, Lens, View, What};

const NET: &str = include_str!("../../scenarios/nets/1973-01.net");

const OPTIONS: Options = Options { keep: Keep::Records, watch: imp::Watch::Nothing };

/// Traffic that keeps the lines of the net busy.
const BUSY: &str = "traffic 2 messages/s from every host to every host sizes 80% 100 bits, 20% 8000 bits";

#[track_caller]
fn run(text: &str) -> Outcome {
    let text = format!("title T\nnet 1973-01\n{text}\n");
    let scenario = scenario::parse("test.scenario", &text, &|_: &str| Some(NET.to_owned()));
    replay(&scenario.unwrap_or_else(|errors| panic!("{}", errors.render(false, 100))), OPTIONS)
}

#[track_caller]
fn holds(text: &str) -> Outcome {
    let outcome = run(text);
    if let Err(failure) = &outcome.verdict {
        panic!("{failure:?}");
    }
    outcome
}

/// The numbers in the only row of the table that sums up traffic.
#[track_caller]
fn summary(outcome: &Outcome) -> Vec<u64> {
    let mut totals = outcome.records.iter().filter_map(|record| match &record.what {
        What::Measured(Figures::Traffic(total)) => Some(total),
        _ => None,
    });
    let tally = totals.next().expect("there was traffic").tally;
    assert_eq!(totals.next(), None, "it is summed up once");
    let Tally { offered, held_back, sent, rfnms, dead, incomplete, .. } = tally;
    vec![offered, held_back, sent, rfnms, dead, incomplete, tally.unanswered()]
}

fn second(second: u64) -> Instant {
    Instant::START + Span::from_secs(second)
}

fn shown(outcome: &Outcome, lenses: &[Lens]) -> String {
    let view = View::new(&outcome.names, lenses);
    view.transcript(&outcome.records)
}

/// When messages on a link for measurement were put on cables.
fn sent(outcome: &Outcome) -> Vec<Instant> {
    let view = View::new(&outcome.names, &[Lens::Traffic]);
    let lines = view.lines(&outcome.records).into_iter();
    lines.filter(|line| line.what.starts_with("link ")).map(|line| line.at).collect()
}

#[test]
fn traffic_begins_and_ends_when_it_should_and_every_message_is_answered() {
    let outcome = holds(&format!("at 20s {BUSY}\nat 30s traffic stops\nat 60s measure lines"));
    let sent = sent(&outcome);
    let (first, last) = (sent.first().expect("some were sent"), sent.last().expect("some were sent"));
    assert!(*first > second(20) && *last <= second(31), "{first} to {last}");
    let [offered, held_back, put, rfnms, dead, incomplete, unanswered] = summary(&outcome)[..] else {
        panic!("{:?}", summary(&outcome));
    };
    assert!(offered.abs_diff(1_000) < 100, "50 hosts offer 2 messages in each of 10 seconds: {offered}");
    assert_eq!(offered, put + held_back);
    assert_eq!((put as usize, put), (sent.len(), rfnms + dead + incomplete + unanswered));
    assert!(rfnms > 900, "most arrive: {rfnms}");
}

#[test]
fn traffic_ends_with_the_last_step() {
    let outcome = holds(&format!("{BUSY}\nat 5s measure lines"));
    assert!(sent(&outcome).last() <= Some(&second(5)), "nothing is sent after it");
    assert!(outcome.end < second(60), "not at the limit, but when the last RFNM is there: {}", outcome.end);
    assert_eq!(summary(&outcome).last(), Some(&0), "all is answered");
}

#[test]
fn what_the_others_do_comes_to_rest_although_traffic_runs() {
    let hosts = "host SRI-ARC\nhost MIT-DMCG";
    let steps = "MIT-DMCG listens 400\nSRI-ARC inits 301 to MIT-DMCG 400\nSRI-ARC sends 301 HELLO\n\
                 MIT-DMCG receives 400 HELLO\nSRI-ARC closes 301\nexpect MIT-DMCG has no connections";
    let quiet = holds(&format!("{hosts}\n{steps}"));
    let busy = holds(&format!("{hosts}\n{BUSY}\n{steps}"));
    assert!(quiet.end < second(2), "{}", quiet.end);
    assert!(busy.end < second(30), "{}", busy.end);
    assert!(summary(&busy)[2] > 100, "there was traffic all the while");
    let view = [Lens::Ncp, Lens::Data, Lens::Trouble];
    let without_times = |outcome| -> Vec<String> {
        shown(outcome, &view).lines().map(|line| line[11..].to_owned()).collect()
    };
    assert_eq!(without_times(&quiet), without_times(&busy), "no generated message is taken for theirs");
}

#[test]
fn rest_is_not_before_the_last_message_of_the_others() {
    // One ECO after the other goes over the satellite: all of them take longer than rest does.
    let echoes = "SRI-ARC echoes ALOHA-TIP 1\n".repeat(15);
    let hosts = "host SRI-ARC\nhost ALOHA-TIP";
    let last = "SRI-ARC echoes ALOHA-TIP 2\nexpect SRI-ARC saw ECHO 2 FROM ALOHA-TIP";
    let outcome = holds(&format!("{hosts}\n{BUSY}\n{echoes}{last}"));
    assert!(outcome.end > second(10), "{}", outcome.end);
}

#[test]
fn who_waits_in_vain_under_traffic_is_told_so_soon() {
    let outcome = run(&format!("host SRI-ARC\n{BUSY}\nSRI-ARC listens 400\nSRI-ARC sees OPEN"));
    let failures = outcome.verdict.expect_err("nobody calls");
    let failure = failures.first();
    assert_eq!((failure.kind, failure.label.as_str()), (FailureKind::Idle, "nothing more will happen"));
    assert!(failure.at < second(150), "{}", failure.at);
}

#[test]
fn messages_of_bare_hosts_are_seen_through_a_lens_of_their_own() {
    let outcome = holds("measure round trip from UCLA-NMC to UCLA-CCN sizes 100 bits 1 messages each");
    let lines = |lenses: &[Lens]| shown(&outcome, lenses).lines().count();
    assert_eq!(lines(&Lens::USUAL), 3, "a title, a heading and a row: {}", shown(&outcome, &Lens::USUAL));
    assert_eq!(lines(&[Lens::Traffic]), 3, "sent, arrived, answered: {}", shown(&outcome, &[Lens::Traffic]));
    assert_eq!(sent(&outcome).len(), 1);
    holds(
        "host SRI-ARC\nmeasure round trip from UCLA-NMC to UCLA-CCN sizes 100 bits 1 messages each\n\
           expect UCLA-NMC -> UCLA-CCN link 159, 100 bits\nexpect no UCLA-CCN -> UCLA-NMC",
    );
}

#[test]
fn a_round_trip_is_from_the_first_bit_of_a_message_to_the_last_of_its_rfnm() {
    let outcome = holds("measure round trip from UCLA-NMC to SRI-ARC sizes 1000 bits 3 messages each");
    let [Figures::RoundTrip(figures)] = outcome.measured.as_slice() else { panic!("one was asked for") };
    let [RoundTripRow { hops: 4, bits: 1000, spread: Some(spread), lost: 0, .. }] = figures.rows.as_slice()
    else {
        panic!("{figures:?}");
    };
    let seen = View::new(&outcome.names, &[Lens::Traffic]);
    let lines = seen.lines(&outcome.records);
    let at =
        |what: &'static str| lines.iter().filter(move |line| line.what.starts_with(what)).map(|line| line.at);
    let times: Vec<Span> = at("link").zip(at("RFNM")).map(|(sent, answered)| answered.since(sent)).collect();
    assert_eq!((times.len(), times.iter().min()), (3, Some(&spread.least)));
    assert_eq!(times.iter().max(), Some(&spread.greatest));
}

#[test]
fn messages_to_a_host_that_is_cut_off_are_counted_as_lost() {
    let outcome = holds(
        "imp SRI crashes\nmeasure round trip from UCLA-NMC to SRI-ARC sizes 16 bits 2 messages each\n\
         traffic 10 messages/s from UCLA-CCN to SRI-ARC sizes 16 bits\n+10s traffic stops",
    );
    let [Figures::RoundTrip(figures)] = outcome.measured.as_slice() else { panic!("one was asked for") };
    assert_eq!((figures.rows[0].spread, figures.rows[0].lost), (None, 2));
    let [_, _, sent, rfnms, dead, incomplete, unanswered] = summary(&outcome)[..] else { panic!("seven") };
    assert_eq!((rfnms, dead + incomplete + unanswered), (0, sent), "the way to a dead IMP is none");
    assert!(sent > 0);
}

#[test]
fn more_links_carry_more_until_the_line_is_full() {
    let outcome = holds(
        "measure throughput from UCLA-NMC to SDC-ADEPT links 1, 2 sizes 1000 bits for 5s each\n\
         measure round trip from UCLA-NMC to SDC-ADEPT sizes 1000 bits 1 messages each",
    );
    let [Figures::Throughput(figures), Figures::RoundTrip(after)] = outcome.measured.as_slice() else {
        panic!("two were asked for");
    };
    assert_eq!(after.rows[0].lost, 0, "what was sent before does not count");
    let rates: Vec<u64> = figures.rows.iter().map(|row| figures.rate(row)).collect();
    assert!(rates[0] * 3 / 2 < rates[1] && rates[1] < 50_000, "{rates:?}");
}

#[test]
fn lines_are_measured_for_a_time_or_from_the_start() {
    let outcome = holds(&format!("{BUSY}\nat 10s measure lines for 10s\nmeasure lines"));
    let [Figures::Lines(later), Figures::Lines(all)] = outcome.measured.as_slice() else { panic!("two") };
    assert_eq!((later.span, all.span), (Span::from_secs(10), Span::from_secs(20)));
    let busy = |lines: &trace::figures::Lines| lines.rows.iter().map(|row| row.packets).sum::<u64>();
    assert!(busy(later) > 0 && busy(later) < busy(all), "{} of {}", busy(later), busy(all));
    assert!(all.rows.windows(2).all(|pair| pair[0].busy >= pair[1].busy), "the busiest first");
    assert!(all.rows.iter().all(|row| row.busy <= Span::from_secs(21)), "no line is busier than always");
}

#[test]
fn another_seed_makes_other_traffic_and_the_same_seed_the_same() {
    let digest = |seed: u64| holds(&format!("seed {seed}\n{BUSY}\nat 5s traffic stops")).digest;
    assert_eq!(digest(1), digest(1));
    assert_ne!(digest(1), digest(2));
}

#[test]
fn a_measurement_ends_at_the_limit() {
    let text =
        "limit 10s\nmeasure round trip from UCLA-NMC to SRI-ARC sizes 16 bits 1000 messages each pauses 10ms";
    let failures = run(text).verdict.expect_err("too many");
    let failure = failures.first();
    assert_eq!((failure.kind, failure.found.as_str()), (FailureKind::Limit, "the run has reached its limit"));
    assert_eq!(failure.label, "the limit of 10s, in line 3");
}
