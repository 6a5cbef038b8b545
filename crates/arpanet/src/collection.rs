//! All that comes with the command: scenarios, nets, transcripts, the dissector, the monitor's rules, the unit for systemd, the
//! schema of what a sweep tells programs.
//! Each is a file, where `export` writes it.

use std::path::{Path, PathBuf};

use scenario::library::{NET, NETS, SCENARIO};
use trace::Rule;

use crate::error::CommandError;
use crate::library::{Library, statement};

/// The ending of a transcript.
const TRANSCRIPT: &str = "transcript";

/// The folder of the transcripts in a library, and where they are exported.
const TRANSCRIPTS: &str = "transcripts";

/// The dissector for Wireshark.
const DISSECTOR: &str = include_str!("../wireshark/h316.lua");

/// Its file.
const DISSECTOR_FILE: &str = "h316.lua";

/// How a host is a service of systemd.
const UNIT: &str = include_str!("../systemd/arpanet-host.service");

/// Its file.
const UNIT_FILE: &str = "arpanet-host.service";

/// What a sweep tells programs, as a JSON Schema.
const SCHEMA: &str = include_str!("../schema/sweep.schema.json");

/// Its file.
const SCHEMA_FILE: &str = "sweep.schema.json";

/// What kind of thing it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Scenario,
    Net,
    Transcript,
    Dissector,
    /// The rules that the monitor knows.
    Rules,
    Unit,
    /// The form of what a sweep tells programs.
    Schema,
}

/// Something that comes with the command.
#[derive(Debug)]
pub(crate) struct Item {
    pub(crate) kind: Kind,
    /// What it is called, without an ending.
    pub(crate) stem: String,
    pub(crate) text: String,
}

impl Item {
    /// The name of its file.
    pub(crate) fn file(&self) -> String {
        match self.kind {
            Kind::Scenario => format!("{}.{SCENARIO}", self.stem),
            Kind::Net => format!("{}.{NET}", self.stem),
            Kind::Transcript => format!("{}.{TRANSCRIPT}", self.stem),
            Kind::Dissector => DISSECTOR_FILE.to_owned(),
            Kind::Rules => format!("{}.txt", self.stem),
            Kind::Unit => UNIT_FILE.to_owned(),
            Kind::Schema => SCHEMA_FILE.to_owned(),
        }
    }

    /// Where it is exported: a scenario finds its net from there.
    pub(crate) fn path(&self) -> PathBuf {
        match self.kind {
            Kind::Scenario | Kind::Dissector | Kind::Rules => PathBuf::from(self.file()),
            Kind::Unit | Kind::Schema => PathBuf::from(self.file()),
            Kind::Net => Path::new(NETS).join(self.file()),
            Kind::Transcript => Path::new(TRANSCRIPTS).join(self.file()),
        }
    }

    /// What it is about, in a line.
    pub(crate) fn title(&self) -> String {
        match self.kind {
            Kind::Scenario => statement(&self.text, "title"),
            Kind::Net => {
                let net = statement(&self.text, "net");
                net.split_once(char::is_whitespace).map_or("", |(_, title)| title.trim_start()).to_owned()
            }
            Kind::Transcript => format!("what a replay of {} prints", self.stem),
            Kind::Dissector => "takes captures apart in Wireshark and tshark".to_owned(),
            Kind::Rules => "what the monitor judges by: rules and advice, each with its source".to_owned(),
            Kind::Unit => "lets systemd run a host that serves".to_owned(),
            Kind::Schema => "what a sweep tells programs, line by line".to_owned(),
        }
    }
}

/// All there is, in the order in which it is listed.
pub(crate) fn items(library: &Library) -> Result<Vec<Item>, CommandError> {
    let list = |what| move |error| CommandError::List { what, error };
    let mut items = Vec::new();
    let mut transcripts = Vec::new();
    for stem in library.names().map_err(list("scenarios"))? {
        let text = library.scenario(&stem).map_err(list("scenarios"))?.text;
        // A scenario that is new has none yet.
        if let Ok(snapshot) = library.read(&Path::new(TRANSCRIPTS).join(format!("{stem}.snap"))) {
            let text = printed(&snapshot).to_owned();
            transcripts.push(Item { kind: Kind::Transcript, stem: stem.clone(), text });
        }
        items.push(Item { kind: Kind::Scenario, stem, text });
    }
    for stem in library.net_names().map_err(list("nets"))? {
        let text = library.net(&stem).map_err(list("nets"))?.text;
        items.push(Item { kind: Kind::Net, stem, text });
    }
    items.extend(transcripts);
    items.push(Item { kind: Kind::Dissector, stem: "h316".to_owned(), text: DISSECTOR.to_owned() });
    items.push(Item { kind: Kind::Rules, stem: "rules".to_owned(), text: Rule::table() });
    items.push(Item { kind: Kind::Unit, stem: "arpanet-host".to_owned(), text: UNIT.to_owned() });
    items.push(Item { kind: Kind::Schema, stem: "sweep".to_owned(), text: SCHEMA.to_owned() });
    Ok(items)
}

/// The transcript that a snapshot holds, without what the test of it keeps above.
fn printed(snapshot: &str) -> &str {
    let above = snapshot.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n"));
    above.map_or(snapshot, |(_, transcript)| transcript)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_has_a_title_and_a_file_of_its_own() {
        let items = items(&Library::BuiltIn).expect("they are built in");
        for item in &items {
            assert!(!item.title().is_empty() && !item.text.is_empty(), "{}", item.file());
            let same = items.iter().filter(|other| other.path() == item.path()).count();
            assert_eq!(same, 1, "{}", item.file());
        }
        let kinds = [Kind::Scenario, Kind::Net, Kind::Transcript, Kind::Dissector, Kind::Rules];
        let kinds = kinds.into_iter().chain([Kind::Unit, Kind::Schema]);
        for kind in kinds {
            assert!(items.iter().any(|item| item.kind == kind), "{kind:?}");
        }
    }

    #[test]
    fn a_transcript_is_what_is_printed_and_nothing_else() {
        assert_eq!(printed("---\nsource: a.rs\n---\nSITE1 sees  ---\n---\nX\n"), "SITE1 sees  ---\n---\nX\n");
        assert_eq!(printed("nothing above\n"), "nothing above\n");
    }
}
