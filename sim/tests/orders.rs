//! Every order in which the messages of a small exchange can arrive.

use sim::lab::orders::{Bounds, Ending, Found, Order, Search, Variant, written};
use sim::{Options, Prepared};

const RFC438: &str = include_str!("../../scenarios/rfc438-all-orders.scenario");

/// Two hosts ask a third for an echo, each at once.
const TWO_ECHOES: &str = "title T\nnet three-imps\nhost SITE1\nhost SITE2\nhost SITE3\n\
                          all orders from here\nSITE1 echoes SITE3 1\nSITE2 echoes SITE3 2\n";

/// The same, and the third asks one of them, too.
const THREE_ECHOES: &str = "title T\nnet three-imps\nhost SITE1\nhost SITE2\nhost SITE3\nall orders from here\n\
                            SITE1 echoes SITE3 1\nSITE2 echoes SITE3 2\nSITE3 echoes SITE1 3\n";

/// A request for connection that may come before there is somebody who listens.
const EARLY: &str = "title T\nnet three-imps\nhost SITE1\nhost SITE2\nhost SITE3 runs ftp\n\
                     all orders from here\nSITE1 inits 301 to SITE2 400\nSITE3 types HELP\n\
                     SITE1 echoes SITE3 1\nSITE3 echoes SITE2 2\n";

fn search(text: &str) -> Search {
    search_for(Prepared::parse(text).unwrap_or_else(|errors| panic!("{}", errors.render(false, 100))))
}

fn search_for(prepared: Prepared) -> Search {
    let seed = prepared.scenario().seed;
    Search::new(prepared, seed, Bounds::default()).expect("it says from where on")
}

fn counts(found: &Found) -> Vec<(Ending, u128)> {
    found.counts.iter().map(|(ending, count)| (*ending, *count)).collect()
}

/// Goes through all orders, and returns the search, too.
fn searched(mut search: Search) -> (Search, Found) {
    loop {
        let jobs = search.jobs();
        if jobs.is_empty() {
            let found = search.found();
            return (search, found);
        }
        let ran: Vec<_> = jobs.into_iter().map(|job| search.run(job)).collect();
        search.take(ran);
    }
}

fn refusing(text: &str) -> (Variant, Prepared) {
    let own = Prepared::parse(text).unwrap_or_else(|errors| panic!("{}", errors.render(false, 100)));
    let all = Variant::all(own.scenario());
    let variant = all.into_iter().find(|variant| {
        !variant.queues
            && variant.editions.iter().all(|(_, edition)| *edition == sim::ftp::Edition::default())
    });
    let variant = variant.expect("hosts may refuse");
    let scenario = variant.applied(own.scenario());
    (variant, Prepared::new(scenario))
}

#[test]
fn two_questions_and_their_answers_can_arrive_in_six_orders() {
    // Each answer comes behind its question, and nothing else is said: 4! / (2! 2!).
    let found = search(TWO_ECHOES).finish();
    assert_eq!(counts(&found), [(Ending::Works, 6)]);
    assert!(found.complete);
    // One more pair, between hosts that have ways of their own: 6! / (2! 2! 2!), but that from SITE1 to SITE3 go both a
    // question and an answer, and from SITE3 to SITE1 as well, and what is sent first arrives first.
    let found = search(THREE_ECHOES).finish();
    let uncut = search(THREE_ECHOES).without_cuts().finish();
    assert_eq!((counts(&found), found.complete), (counts(&uncut), true));
}

#[test]
fn what_is_cut_away_loses_no_order_and_no_ending() {
    for text in [TWO_ECHOES, EARLY] {
        let (cut, uncut) = (search(text).finish(), search(text).without_cuts().finish());
        assert_eq!(counts(&cut), counts(&uncut), "{text}");
        assert_eq!(uncut.replays as u128, uncut.orders(), "each order was replayed");
        assert!(cut.replays <= uncut.replays, "{} {}", cut.replays, uncut.replays);
    }
    let (_, refused) = refusing(RFC438);
    let (cut, uncut) = (search_for(refused.clone()).finish(), search_for(refused).without_cuts().finish());
    assert_eq!(counts(&cut), counts(&uncut), "of the race of RFC 438");
    assert!(3 * cut.replays < uncut.replays, "{} replays stand for {}", cut.replays, uncut.replays);
}

#[test]
fn where_requests_are_refused_the_one_that_comes_before_the_transfer_command_is_refused() {
    let queued = search(RFC438).finish();
    assert!(queued.complete, "all orders were tried");
    assert_eq!(
        queued.counts.keys().copied().collect::<Vec<_>>(),
        [Ending::Works],
        "a queue mends every order"
    );
    let (variant, prepared) = refusing(RFC438);
    let scenario = prepared.scenario().clone();
    let (search, refused) = searched(search_for(prepared));
    assert_eq!(refused.counts.keys().copied().collect::<Vec<_>>(), [Ending::Works, Ending::Refused]);
    let order = &search.examples()[&Ending::Refused];
    let one = search.one(order).expect("it was found");
    let said: Vec<[&str; 2]> =
        one.waitings.iter().map(|said| said.what.each_ref().map(String::as_str)).collect();
    assert!(
        matches!(&said[..], [[command, request]] if command.contains("APPE PROG2.PL1") && request.contains("STR")),
        "the transfer command waits for the request, and nothing else matters: {said:?}"
    );
    let _ = (variant, scenario);
}

#[test]
fn one_order_of_each_ending_is_a_scenario_that_ends_so_again() {
    let (variant, prepared) = refusing(RFC438);
    let own = Prepared::parse(RFC438).expect("it is right").scenario().clone();
    let (search, found) = searched(search_for(prepared));
    for (ending, order) in search.examples() {
        let one = search.one(&order).expect("it was found");
        assert_eq!(one.ending, ending, "said in other words it ends in the same way");
        let text = written(&own, &variant, &one, "arpanet orders");
        let again =
            Prepared::parse(&text).unwrap_or_else(|errors| panic!("{text}{}", errors.render(false, 100)));
        let outcome = again.replay(Options::DIGEST);
        assert!(outcome.verdict.is_ok(), "what fails is announced: {text}\n{:?}", outcome.verdict);
        let says_refused =
            outcome.printed("SITE3").expect("it is there").iter().any(|line| line.starts_with("454"));
        assert_eq!(says_refused, ending == Ending::Refused, "{text}");
    }
    assert_eq!(search.examples().len(), found.counts.len());
    let elsewhere: Order = "1.9".parse().expect("it is written like one");
    assert!(search.one(&elsewhere).is_err(), "so many messages cannot arrive there");
}

#[test]
fn whoever_does_the_replays_and_however_many_at_a_time_the_same_is_found() {
    let (_, prepared) = refusing(RFC438);
    let (one, found) = searched(search_for(prepared.clone()));
    let (other, again) = searched(search_for(prepared));
    assert_eq!((found, one.examples()), (again, other.examples()));
}

#[test]
fn a_bound_ends_the_search_and_is_told() {
    let prepared = Prepared::parse(RFC438).expect("it is right");
    let search = Search::new(prepared, 0, Bounds { replays: 5 }).expect("it says from where on");
    let found = search.finish();
    assert_eq!((found.replays, found.complete), (5, false));
    assert!(found.orders() >= 1);
}

#[test]
fn a_message_that_waits_arrives_when_the_other_has_and_one_that_never_comes_is_told() {
    let with = |lines: &str| {
        let text = TWO_ECHOES.replace("all orders from here\n", &format!("this order from here\n{lines}"));
        Prepared::parse(&text)
            .unwrap_or_else(|errors| panic!("{}", errors.render(false, 100)))
            .replay(Options::RECORDS)
    };
    let order = |lines: &str| {
        let outcome = with(lines);
        let arrived = outcome.records.iter().filter_map(|record| match &record.what {
            sim::trace::What::Received { host, signal: sim::imp1822::Signal::Message(message) } => {
                match sim::imp1822::FromImp::parse(message) {
                    Ok(sim::imp1822::FromImp::Regular { from, .. }) => Some((from.number(), host.number())),
                    _ => None,
                }
            }
            _ => None,
        });
        (arrived.collect::<Vec<_>>(), outcome.verdict.is_ok())
    };
    assert_eq!(order(""), (vec![(2, 3), (1, 3), (3, 2), (3, 1)], true), "as they come");
    assert_eq!(
        order("  SITE2 -> SITE3 message 1 waits for SITE3 -> SITE1 message 1\n"),
        (vec![(1, 3), (3, 1), (2, 3), (3, 2)], true)
    );
    let failures = with("  SITE1 -> SITE3 message 1 waits for SITE1 -> SITE2 message 1\n").verdict;
    let failures = failures.expect_err("SITE1 says nothing to SITE2").to_string();
    assert!(failures.contains("SITE1 -> SITE2 message 1 has not arrived"), "{failures}");
    assert!(failures.contains("SITE1 -> SITE3 message 1 waits for it"), "{failures}");
    let failures = with("  SITE1 -> SITE3 message 7 waits for SITE3 -> SITE2 message 1\n").verdict;
    assert!(failures.is_err_and(|failures| failures.to_string().contains("no such message")));
}

#[test]
fn a_scenario_that_does_not_say_from_where_on_has_no_orders() {
    let prepared = Prepared::parse(&TWO_ECHOES.replace("all orders from here\n", "")).expect("it is right");
    assert!(Search::new(prepared, 0, Bounds::default()).is_none());
}

#[test]
fn a_plain_replay_does_not_notice_the_mark() {
    let with = Prepared::parse(TWO_ECHOES).expect("it is right").replay(Options::RECORDS);
    let without = TWO_ECHOES.replace("all orders from here\n", "");
    let without = Prepared::parse(&without).expect("it is right").replay(Options::RECORDS);
    assert_eq!((with.end, with.counts), (without.end, without.counts));
}
