//! Words that people write where the language has others, and what to write instead.

use super::words::Word;

/// Where a word stands that the language does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// At the beginning of a statement.
    Statement,
    /// Behind the name of a host.
    Verb,
    /// Behind `host NAME`.
    Clause,
    /// Behind `expect HOST`.
    Expectation,
    /// Behind `line IMP to IMP`.
    OfLine,
    /// Behind `imp IMP`.
    OfImp,
    /// Behind `cable of HOST`.
    OfCable,
    /// Behind `measure`.
    Measurement,
    /// Among what is said of a measurement.
    OfMeasurement,
    /// Behind `always`, `never`, `sometimes` or `at the end`.
    Condition,
    /// Below `sweep`.
    OfSweep,
    /// Among what `varies`.
    Variation,
    /// Behind `any host`, or the name of one, below `sweep`.
    DrawnOfHost,
    /// Behind `any line`.
    DrawnOfLine,
    /// Behind `any imp`.
    DrawnOfImp,
    /// Behind `any cable`.
    DrawnOfCable,
}

impl Place {
    /// What should stand there.
    fn name(self) -> &'static str {
        match self {
            Place::Statement => "statement",
            Place::Verb | Place::OfLine | Place::OfImp | Place::OfCable => "verb",
            Place::Clause | Place::OfMeasurement | Place::OfSweep => "clause",
            Place::Expectation => "expectation",
            Place::Measurement => "measurement",
            Place::Condition => "condition",
            Place::Variation => "variation",
            Place::DrawnOfHost | Place::DrawnOfLine | Place::DrawnOfImp | Place::DrawnOfCable => "fault",
        }
    }
}

/// Words that mean the same, and what to write instead. Forms of the language are quoted as the forms have them.
type Slip = (Place, &'static [&'static str], &'static str);

#[rustfmt::skip]
const SLIPS: &[Slip] = &[
    (Place::Statement, &["after", "later"], "write in front of a step how much later it is taken: `+SPAN`, such as `+2s`"),
    (Place::Statement, &["sleep", "pause", "delay", "waits"], "no step only waits: write `+SPAN` in front of the next one, such as `+5s`"),
    (Place::Statement, &["then", "and", "next", "now"], "steps follow one another without such a word: leave it out"),
    (Place::Statement, &["-", "*", "--", ">", "\u{2022}"], "statements have no signs in front of them"),
    (Place::Statement, &["assert", "check", "ensure", "verify", "require", "must", "should"], "what must hold stands behind `expect`, such as `expect HOST saw TEXT`"),
    (Place::Statement, &["user", "users", "login", "password", "accounts"], "accounts are said of a host, indented below it: `account NAME password WORD`"),
    (Place::Statement, &["name", "description", "about", "scenario"], "what the scenario shows is its title: `title TEXT`"),
    (Place::Statement, &["network", "topology", "on"], "say on which net it plays: `net NAME`"),
    (Place::Statement, &["timeout"], "`limit SPAN` is for the whole run; `within SPAN` in front of a step is for that step"),
    (Place::Statement, &["link", "wire"], "between two IMPs is a line: `line IMP to IMP fails`"),
    (Place::Statement, &["server", "site", "machine", "node", "computer"], "who takes part is declared so: `host NAME CLAUSE ...`"),
    (Place::Statement, &["print", "say", "echo", "send", "get", "connect", "append", "copy", "run"], "what is typed at a teletype: `HOST types TEXT`"),
    (Place::Statement, &["faults", "fault", "breaks", "between", "nets", "varies", "vary", "fuzz", "random"], "what a sweep breaks and varies stands indented below `sweep`"),
    (Place::Statement, &["order", "orders", "interleave", "reorder"], "every order of messages is tried behind `all orders from here`, one is taken behind `this order from here`"),
    (Place::Statement, &["while", "meantime", "during", "simultaneously", "concurrently"], "what breaks whatever the steps wait for stands indented below `meanwhile`"),
    (Place::Statement, &["end", "finally", "eventually", "lastly", "afterwards", "ultimately"], "what must hold when the run is over: `at the end STATE`"),
    (Place::Statement, &["invariant", "globally", "throughout", "whenever", "forever"], "what must hold at each moment: `always STATE`"),
    (Place::Statement, &["possibly", "maybe", "perhaps", "occasionally", "ever"], "what some run of a sweep must reach: `sometimes EVENT`"),
    (Place::Verb, &["fails", "dies", "stops", "breaks", "down", "fail"], "`HOST crashes`, or its cable is cut off: `cable of HOST is pulled`"),
    (Place::Verb, &["starts", "boots", "reboots", "recovers", "heals", "up"], "a host that is down comes up: `HOST restarts`"),
    (Place::Verb, &["writes", "enters", "inputs", "connects", "logs", "gets", "asks", "runs"], "what a user does is typed: `HOST types TEXT`"),
    (Place::Verb, &["prints", "shows", "reads", "displays"], "what the teletype prints is waited for: `HOST sees TEXT`"),
    (Place::Verb, &["saw"], "`HOST sees TEXT` waits for it; `expect HOST saw TEXT` asks whether it was there"),
    (Place::Verb, &["waits"], "`HOST sees TEXT` waits for what is printed; `+SPAN` in front of a step lets time pass"),
    (Place::Verb, &["has", "file", "no"], "what must hold stands behind `expect`: `expect HOST file PATH`"),
    (Place::Clause, &["server", "servers", "program"], "`serves ftp`, or `runs rsexec|ftp`, says all of it: leave this word out"),
    (Place::Clause, &["ftp", "rsexec"], "`serves ftp` for the server, `runs rsexec|ftp` for the program at its teletype"),
    (Place::Clause, &["user", "login", "users"], "who may log in: `account NAME password WORD`"),
    (Place::Clause, &["password"], "the name stands in front of it: `account NAME password WORD`"),
    (Place::Clause, &["has", "with", "and", "contains", "at"], "what is said of a host follows without such a word, such as `file PATH`"),
    (Place::Clause, &["up"], "a host is up, unless it `is down`"),
    (Place::Clause, &["down"], "write `is down`"),
    (Place::Expectation, &["sees", "prints", "printed", "shows", "says", "see", "seen"], "what was printed: `expect HOST saw TEXT`"),
    (Place::Expectation, &["contains", "exists", "stores", "holds"], "name the file: `expect HOST file PATH`"),
    (Place::Expectation, &["receives", "received", "gets", "got", "sends", "sent"], "name both: `expect [no] HOST -> HOST [TEXT]`"),
    (Place::Expectation, &["to"], "`expect HOST saw TEXT` is about what was printed, `expect [no] HOST -> HOST [TEXT]` about a message"),
    (Place::Expectation, &["=>", "-->", "--", "-", ">"], "an arrow is written `->`: `expect [no] HOST -> HOST [TEXT]`"),
    (Place::Expectation, &["<-", "<--", "<=", "from"], "the host that sends comes first: `expect [no] HOST -> HOST [TEXT]`"),
    (Place::Expectation, &["not"], "it is written `expect HOST no file PATH`, or `expect [no] HOST -> HOST [TEXT]`"),
    (Place::Expectation, &["is", "connected", "connections"], "of connections: `expect HOST has no connections`, or `expect HOST socket SOCKET listening|requested|open|flushing|answering|closing|closed`"),
    (Place::OfLine, &["crashes", "breaks", "dies", "fail", "goes", "is", "stops"], "it is written `line IMP to IMP fails`"),
    (Place::OfLine, &["restarts", "recovers", "heal", "comes"], "it is written `line IMP to IMP heals`"),
    (Place::OfImp, &["fails", "breaks", "dies", "fail", "stops", "is"], "it is written `imp IMP crashes`, or if it tells its hosts before, `imp IMP goes down`"),
    (Place::OfImp, &["recovers", "heals", "heal", "comes", "starts"], "it is written `imp IMP restarts`"),
    (Place::OfCable, &["fails", "breaks", "pulled", "crashes"], "it is written `cable of HOST is pulled`"),
    (Place::OfCable, &["heals", "plugged", "restarts"], "it is written `cable of HOST is plugged in`"),
    (Place::OfCable, &["drops"], "it is written `cable of HOST loses the next message to|from the imp`"),
    (Place::Condition, &["user", "users", "users'", "everyone", "everybody", "nobody", "nobody's"], "what users were told: `at the end every user was told the truth`"),
    (Place::Condition, &["connections", "leaks", "everything", "none", "anything", "leftovers"], "what nobody owns: `at the end nothing is left behind`"),
    (Place::Condition, &["programs", "program", "all"], "programs that end, or wait for their users: `at the end every program is done`"),
    (Place::OfSweep, &["any", "host", "line", "imp", "cable"], "behind the last kind of fault in the line above a comma is missing"),
    (Place::OfSweep, &["hosts", "limit", "seed", "seeds", "title", "cites", "monitor"], "a statement of its own begins at the margin"),
    (Place::OfSweep, &["at", "when", "from", "during"], "when something breaks: `between SPAN and SPAN`"),
    (Place::OfSweep, &["breaks", "breakage", "failures", "failure", "errors"], "what may break: `faults N to N of: FAULT, FAULT ...`"),
    (Place::OfSweep, &["vary", "varying", "variations", "changes", "differs", "random", "file", "files", "sizes", "allocations", "queue", "editions", "timing"], "what differs from seed to seed: `varies VARIATION, VARIATION ...`"),
    (Place::Variation, &["sizes", "size", "files"], "how large files are: `file sizes N to N bytes`"),
    (Place::Variation, &["queues", "policies", "requests"], "what hosts do with unmatched requests: `queue policies`"),
    (Place::Variation, &["allocation"], "write `allocations`"),
    (Place::Variation, &["edition", "servers"], "write `editions`"),
    (Place::Variation, &["timings", "answers", "delays", "answer", "times", "speed"], "how long hosts take: `timing up to SPAN`"),
    (Place::Variation, &["disks", "disk", "space"], "how much fits on disks: `room on disks`"),
    (Place::DrawnOfHost, &["fails", "dies", "breaks", "stops", "is", "goes"], "a host `crashes` or `hangs`, or crashes and comes up again: `any host restarts after SPAN [to SPAN]`"),
    (Place::DrawnOfLine, &["crashes", "breaks", "dies", "is", "goes"], "it is written `any line fails [for SPAN [to SPAN]]`"),
    (Place::DrawnOfLine, &["heals", "restarts", "recovers"], "how long it is down: `any line fails [for SPAN [to SPAN]]`"),
    (Place::DrawnOfImp, &["fails", "breaks", "dies", "is", "goes"], "it is written `any imp crashes [for SPAN [to SPAN]]`"),
    (Place::DrawnOfImp, &["restarts", "recovers", "heals"], "how long it is down: `any imp crashes [for SPAN [to SPAN]]`"),
    (Place::DrawnOfCable, &["drops", "lose", "eats"], "it is written `any cable loses|repeats|delays|garbles one message`"),
    (Place::DrawnOfCable, &["fails", "breaks", "crashes", "pulled"], "it is written `any cable is pulled [for SPAN [to SPAN]]`"),
];

/// What to write instead of this word.
pub(super) fn instead(place: Place, word: Word<'_>) -> Option<&'static str> {
    let found = SLIPS.iter().find(|(at, words, _)| *at == place && words.iter().any(|slip| word.is(slip)));
    found.map(|(.., help)| *help)
}

impl Word<'_> {
    /// The complaint that this is none of the words that may stand at a place.
    pub(super) fn does_not_stand(&self, place: Place, known: &[&str]) -> super::errors::Diagnostic {
        let diagnostic = self.is_none_of(place.name(), known);
        match instead(place, *self) {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::forms;
    use super::*;

    #[test]
    fn what_is_suggested_can_be_written() {
        for (_, words, help) in SLIPS {
            for quoted in help.split('`').skip(1).step_by(2).filter(|quoted| quoted.contains(' ')) {
                let timing = ["limit SPAN", "within SPAN"].contains(&quoted);
                let says =
                    |form: &str| form.starts_with(quoted) || form.replace(['[', ']'], "").starts_with(quoted);
                assert!(timing || forms().any(says), "{words:?}: {quoted}");
            }
        }
    }

    #[test]
    fn no_word_is_listed_twice_at_a_place() {
        for (index, (place, words, _)) in SLIPS.iter().enumerate() {
            for word in *words {
                let listed = |(other, words, _): &Slip| other == place && words.contains(word);
                assert!(!SLIPS[..index].iter().any(listed), "{word} at {place:?}");
            }
        }
    }
}
