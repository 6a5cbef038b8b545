//! Replays scenarios of the library and captures what crosses their cables.

use std::path::Path;

use sim::library::Library;
use sim::{Options, Outcome, replay};
use trace::capture::{EPOCH_MICROS, Wiretap};
use trace::{Keep, Sight, What};

/// The scenarios of this repository.
pub(crate) fn library() -> Library {
    Library::Folder(Path::new(env!("CARGO_MANIFEST_DIR")).join("../scenarios"))
}

/// What came of a scenario of the library.
pub(crate) fn outcome(name: &str) -> Outcome {
    let library = library();
    let source = library.scenario(name).unwrap_or_else(|error| panic!("{name}: {error}"));
    let scenario = scenario::parse(&source.name, &source.text, &library.nets(&source));
    let scenario = scenario.unwrap_or_else(|errors| panic!("{}", errors.render(false, 100)));
    replay(&scenario, Options { keep: Keep::Records, watch: imp::Watch::Nothing })
}

/// What a wiretap writes of it.
pub(crate) fn capture(outcome: &Outcome) -> Vec<u8> {
    let hosts = outcome.records.iter().filter_map(|record| match record.what {
        What::Sent { host, .. } | What::Received { host, .. } => Some((host, Sight::Whole)),
        _ => None,
    });
    let mut wiretap =
        Wiretap::new(Vec::new(), EPOCH_MICROS, hosts, outcome.names.hosts()).expect("a vector has room");
    outcome.records.iter().for_each(|record| wiretap.take(record).expect("a vector has room"));
    wiretap.finish()
}
