//! A server, or its user's host, dies at each moment of a dialogue at which something passes: nothing is left behind at either,
//! and each file is as it was before or whole.

use machine::Instant;
use sim::{Options, Outcome, Prepared, Span};
use trace::What;

/// What is in the file before.
const OLD: &str = "THIS WAS HERE BEFORE.\r\n";

/// Of how many bytes the file at the user's host is.
const BYTES: usize = 12_000;

/// What is in two files, if they are there.
type Files = [Option<Vec<u8>>; 2];

/// What is done, and to which file of which host.
struct Deed {
    what: &'static str,
    edition: &'static str,
    /// What is typed at SITE3.
    typed: &'static [&'static str],
    /// Whose files change, and what may be in them in the end: one of these together.
    files: [(&'static str, &'static str); 2],
    ends: fn(&[u8]) -> [Files; 2],
}

const LOGIN: [&str; 2] = ["CONNECT SITE1", "LOGIN SMITH BLUE"];

const A: (&str, &str) = ("SITE1", "<SMITH>A.TXT");
const B: (&str, &str) = ("SITE1", "<SMITH>B.TXT");

fn old() -> Option<Vec<u8>> {
    Some(OLD.as_bytes().to_vec())
}

/// The commands of a server that do something with a file. The first of the two endings is that nothing was done.
const DEEDS: [Deed; 8] = [
    Deed {
        what: "RETR",
        edition: "rfc438",
        typed: &["GET A.TXT NEW.TXT"],
        files: [A, ("SITE3", "<SMITH>NEW.TXT")],
        ends: |_| [[old(), None], [old(), old()]],
    },
    Deed {
        what: "STOR",
        edition: "rfc354",
        typed: &["SEND MADE.TXT A.TXT", "YES"],
        files: [A, B],
        ends: |made| [[old(), None], [Some(made.to_vec()), None]],
    },
    Deed {
        what: "APPE",
        edition: "rfc454",
        typed: &["APPEND MADE.TXT A.TXT"],
        files: [A, B],
        ends: |made| [[old(), None], [Some([OLD.as_bytes(), made].concat()), None]],
    },
    Deed {
        what: "RNFR and RNTO",
        edition: "rfc438",
        typed: &["RENAME A.TXT B.TXT"],
        files: [A, B],
        ends: |_| [[old(), None], [None, old()]],
    },
    Deed {
        what: "DELE",
        edition: "rfc438",
        typed: &["DELETE A.TXT", "YES"],
        files: [A, B],
        ends: |_| [[old(), None], [None, None]],
    },
    Deed {
        what: "LIST",
        edition: "rfc542",
        typed: &["DIRECTORY"],
        files: [A, B],
        ends: |_| [[old(), None], [old(), None]],
    },
    // Nobody comes.
    Deed {
        what: "PASV",
        edition: "rfc542",
        typed: &["QUOTE PASV", "QUOTE STOR A.TXT"],
        files: [A, B],
        ends: |_| [[old(), None], [old(), None]],
    },
    Deed {
        what: "LSTN",
        edition: "rfc438",
        typed: &["QUOTE LSTN R", "QUOTE APPE A.TXT"],
        files: [A, B],
        ends: |_| [[old(), None], [old(), None]],
    },
];

impl Deed {
    /// What happens if this host dies at that time, and comes up again after so long.
    fn done(&self, dies: Option<(&str, Instant, Span)>) -> Outcome {
        let edition = self.edition;
        let meanwhile = dies.map(|(host, at, after)| {
            let at = at.since(Instant::START);
            let (dies, lives) = (at.as_micros(), (at + after).as_micros());
            format!("meanwhile\n  at {dies}us {host} crashes\n  at {lives}us {host} restarts\n")
        });
        let steps = LOGIN.iter().chain(self.typed).map(|line| format!("SITE3 types {line}\n"));
        let steps: String = steps.collect();
        let text = format!(
            "title  A host dies\nnet    three-imps\n\
             host SITE1  serves ftp edition {edition}  account SMITH password BLUE\n\
             \x20 file <SMITH>A.TXT\n    | {}\n\
             host SITE3  runs ftp\n  file <SMITH>MADE.TXT of {BYTES} bytes\n\
             {}{steps}\
             +5min SITE3 netstat\n\
             at the end nothing is left behind\n",
            OLD.trim_end(),
            meanwhile.unwrap_or_default(),
        );
        let prepared = Prepared::parse(&text).unwrap_or_else(|errors| panic!("{errors}\n{text}"));
        prepared.replay(if dies.is_none() { Options::RECORDS } else { Options::DIGEST })
    }

    /// What is in the files in the end.
    fn found(&self, outcome: &Outcome) -> Files {
        self.files.map(|(host, path)| {
            let file = outcome.file(host, path).expect("it is declared");
            file.map(|content| content.to_vec())
        })
    }

    /// What is wrong with the run, if anything is.
    fn complaint(&self, outcome: &Outcome) -> Option<String> {
        let made = outcome.file("SITE3", "<SMITH>MADE.TXT").expect("it is declared").expect("it stays");
        let found = self.found(outcome);
        if !(self.ends)(&made).contains(&found) {
            let lengths = found.map(|content| content.map(|content| content.len()));
            return Some(format!("the files are neither as before nor whole, but of {lengths:?} bytes"));
        }
        // Nobody types at a host that is down.
        let failures = outcome.verdict.as_ref().err().into_iter().flat_map(|failures| failures.iter());
        failures.map(|failure| failure.found.to_string()).find(|found| found != "SITE3 is down")
    }
}

/// When something passes on the cable of a host.
fn moments(outcome: &Outcome) -> Vec<Instant> {
    let of_cables = outcome.records.iter().filter(|record| {
        matches!(record.what, What::Sent { .. } | What::Received { .. }) && record.at < LAST
    });
    let mut moments: Vec<Instant> = of_cables.map(|record| record.at).collect();
    moments.dedup();
    moments
}

/// All is done by then, where nothing breaks: also a transfer for which nobody comes is given up.
const LAST: Instant = Instant::from_micros(200_000_000);

#[test]
fn whenever_a_server_or_its_user_dies_nothing_is_left_behind_and_each_file_is_as_before_or_whole() {
    let mut complaints = Vec::new();
    for deed in &DEEDS {
        let whole = deed.done(None);
        let made = whole.file("SITE3", "<SMITH>MADE.TXT").expect("it is declared").expect("it is there");
        assert_eq!(deed.found(&whole), (deed.ends)(&made)[1], "{}: {:?}", deed.what, whole.printed("SITE3"));
        assert_eq!(deed.complaint(&whole), None, "{}", deed.what);
        let moments = moments(&whole);
        assert!(moments.len() > 30, "{}: {} moments", deed.what, moments.len());
        for (number, at) in moments.iter().enumerate() {
            // Sometimes it is up again before anybody notices.
            let after = if number % 2 == 0 { Span::from_millis(300) } else { Span::from_secs(100) };
            for host in ["SITE1", "SITE3"] {
                if let Some(complaint) = deed.complaint(&deed.done(Some((host, *at, after)))) {
                    complaints.push(format!("{} when {host} dies at {at}: {complaint}", deed.what));
                }
            }
        }
    }
    assert!(complaints.is_empty(), "{} runs:\n{}", complaints.len(), complaints.join("\n"));
}
