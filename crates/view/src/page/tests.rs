//! That a page knows what was recorded, shows no password, and stays whole whatever is said.

use std::sync::LazyLock;

use imp1822::Signal;
use serde_json::Value;
use sim::scenario::library;
use sim::{Options, Outcome, Prepared};
use trace::{Keep, What};

use super::*;
use crate::fields::{Field, of_record};
use crate::sheet::Sheet;

/// A replayed scenario of the library.
struct Replayed {
    name: &'static str,
    prepared: Prepared,
    outcome: Outcome,
    packets: Packets,
}

impl Replayed {
    fn new(name: &'static str) -> Self {
        let text = library::scenario(name).unwrap_or_else(|| panic!("there is no scenario {name}"));
        let prepared = Prepared::parse(text).unwrap_or_else(|errors| panic!("{}", errors.render(false, 100)));
        let options = Options { keep: Keep::Records, watch: imp::Watch::NoRouting };
        let mut outcome = prepared.replay_with_tables(prepared.scenario().seed, options);
        let packets = Packets::apart(&mut outcome);
        Replayed { name, prepared, outcome, packets }
    }

    fn sheet(&self) -> Sheet<'_> {
        Sheet::new(self.prepared.scenario(), &self.outcome)
    }

    fn page(&self) -> String {
        let sheet = self.sheet();
        let text = library::scenario(self.name).unwrap_or_default();
        html(&[PageRun { label: self.name, sheet: &sheet, text, packets: &self.packets }])
    }
}

/// What a page knows.
fn data(page: &str) -> Value {
    let (_, rest) = page.split_once("id=\"data\">").expect("there is an element with the data");
    let (data, _) = rest.split_once("</script>").expect("it ends");
    serde_json::from_str(data).expect("the data are JSON")
}

/// The text of this number.
fn text<'a>(run: &'a Value, number: &Value) -> &'a str {
    let number = number.as_u64().expect("texts are numbers") as usize;
    run["strings"][number].as_str().expect("there is such a text")
}

static EXAMPLE: LazyLock<String> = LazyLock::new(|| Replayed::new("rfc438-append").page());

#[test]
fn at_each_record_a_page_has_the_tables_that_netstat_lists() {
    let replayed = Replayed::new("rfc438-append");
    let sheet = replayed.sheet();
    let run = &data(&EXAMPLE)["runs"][0];
    let (mut compared, directory) = (0, sheet.names().hosts());
    for (place, host) in sheet.hosts().into_iter().enumerate() {
        assert_eq!(run["hosts"][place][0], sheet.names().host(host));
        for record in 0..sheet.moments.len() as u64 {
            let changes = run["tables"].as_array().expect("there are tables").iter();
            let mut of_host =
                changes.filter(|change| change[1] == place && change[0].as_u64() <= Some(record));
            let found = of_host.next_back();
            let Some(table) = sheet.table(host, record) else {
                assert!(found.is_none(), "nothing was noted yet");
                continue;
            };
            let found = found.expect("something was noted");
            let lines = found[3].as_array().expect("there are lines").iter().map(|line| text(run, line));
            assert_eq!(lines.collect::<Vec<_>>(), table.listing(directory), "record {record}");
            let programs: Vec<&str> = found[4]
                .as_array()
                .expect("there are programs")
                .iter()
                .flat_map(|shown| {
                    shown.as_array().expect("each has texts").iter().map(|number| text(run, number))
                })
                .collect();
            let shown: Vec<&str> = table
                .programs
                .iter()
                .flat_map(|shown| {
                    let rows = shown.rows.iter().flat_map(|(name, value)| [*name, value.as_str()]);
                    std::iter::once(shown.title.as_str()).chain(rows)
                })
                .collect();
            assert_eq!(programs, shown, "record {record}");
            compared += 1;
        }
    }
    assert!(compared > 300, "{compared} tables were compared");
}

#[test]
fn the_bits_of_each_message_are_those_that_were_recorded() {
    let replayed = Replayed::new("rfc438-append");
    let sheet = replayed.sheet();
    let run = &data(&EXAMPLE)["runs"][0];
    let mut looked = 0;
    for (number, record) in sheet.records().iter().enumerate() {
        let (What::Sent { signal, .. } | What::Received { signal, .. }) = &record.what else { continue };
        let Signal::Message(bits) = signal else { continue };
        let row = &run["bits"][number];
        if sheet.moments[number].is_masked {
            assert!(row.is_null(), "a password is in record {number}");
            continue;
        }
        let part = |place: usize| row[place].as_str().unwrap_or_default();
        let mut hex = part(1).to_owned();
        if row[2].is_string() {
            let sent = sheet.journey_at(number as u64).expect("it was sent").sent;
            hex.push_str(&run["bits"][sent as usize][1].as_str().expect("it has bits")[8..]);
            hex.push_str(part(2));
        }
        let recorded: String = bits.bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!((row[0].as_u64(), hex), (Some(bits.len() as u64), recorded), "record {number}");
        looked += 1;
    }
    assert!(looked > 100, "{looked} messages were looked at");
}

/// The fields of a record as the script of a page puts them together: depth, name, first bit, width, value, meaning and source.
fn fields_of(run: &Value, sheet: &Sheet<'_>, record: u64) -> Vec<(u64, String, u64, u64, [String; 3])> {
    let own = |record: u64| -> Vec<_> {
        let place = run["fields"][record as usize].as_u64();
        let Some(row) = place.and_then(|place| run["field_rows"][place as usize].as_array()) else {
            return Vec::new();
        };
        let fields = row.chunks(7).map(|field| {
            let number = |place: usize| field[place].as_u64().expect("it is a number");
            let words = |place: usize| text(run, &field[place]).to_owned();
            (number(0), words(1), number(2), number(3), [4, 5, 6].map(words))
        });
        fields.collect()
    };
    if !run["bits"][record as usize][2].is_string() {
        return own(record);
    }
    let sent = sheet.journey_at(record).expect("it was sent").sent;
    let (mut leader, behind): (Vec<_>, Vec<_>) = own(record).into_iter().partition(|field| field.2 <= 32);
    leader.extend(own(sent).into_iter().filter(|field| field.2 > 32));
    leader.extend(behind);
    leader
}

#[test]
fn the_fields_of_each_message_are_those_of_its_bits() {
    fn flat(fields: &[Field], depth: u64, all: &mut Vec<(u64, String, u64, u64, [String; 3])>) {
        for field in fields {
            let words = [field.value.clone(), field.meaning.clone(), field.source.to_owned()];
            all.push((depth, field.name.clone(), field.first as u64, field.width as u64, words));
            flat(&field.parts, depth + 1, all);
        }
    }
    let replayed = Replayed::new("rfc438-append");
    let sheet = replayed.sheet();
    let run = &data(&EXAMPLE)["runs"][0];
    let mut looked = 0;
    for record in 0..sheet.moments.len() as u64 {
        let mut expected = Vec::new();
        flat(&of_record(&sheet, record), 0, &mut expected);
        assert_eq!(fields_of(run, &sheet, record), expected, "record {record}");
        looked += expected.len();
    }
    assert!(looked > 2_000, "{looked} fields were looked at");
}

#[test]
fn a_page_shows_no_password_wherever_it_stands() {
    for name in
        ["rfc438-append", "rfc354-retr", "third-party-by-hand", "case-to-bbn-from-usc", "typed-by-hand"]
    {
        let replayed = Replayed::new(name);
        let page = replayed.page();
        let data = data(&page).to_string();
        let hosts = &replayed.prepared.scenario().hosts;
        let given = hosts.iter().flat_map(|host| {
            let of_accounts = host.accounts.iter().map(|account| &account.password);
            of_accounts.chain(host.knows.iter().map(|profile| &profile.password))
        });
        let mut looked = 0;
        for password in given {
            let hex: String = password.bytes().map(|byte| format!("{byte:02x}")).collect();
            for form in [password, &hex] {
                let words = data.split(|letter: char| !letter.is_alphanumeric());
                let stands = if form == password {
                    words.into_iter().any(|word| word == form)
                } else {
                    data.contains(form.as_str())
                };
                assert!(!stands, "{name} shows {form}");
            }
            looked += 1;
        }
        assert!(looked > 0, "{name} has passwords");
    }
}

#[test]
fn nothing_that_a_scenario_says_ends_the_data_or_becomes_markup() {
    let text = "title </script><b>&amp;\nnet three-imps\nhost SITE1\n# <!-- <script> -->\n";
    let prepared = Prepared::parse(text).unwrap_or_else(|errors| panic!("{}", errors.render(false, 100)));
    let outcome = prepared.replay_with_tables(0, Options::RECORDS);
    let sheet = Sheet::new(prepared.scenario(), &outcome);
    let packets = Packets::default();
    let page = html(&[PageRun { label: "</script>", sheet: &sheet, text, packets: &packets }]);
    let run = &data(&page)["runs"][0];
    assert_eq!(run["title"], "</script><b>&amp;");
    assert_eq!(page.matches("</script>").count(), 2, "the data and the script end, and nothing else");
    assert!(page.contains("<title>&lt;/script&gt;&lt;b&gt;&amp;amp;</title>"));
}

#[test]
fn the_same_run_makes_the_same_page_and_a_small_one() {
    assert!(*EXAMPLE == Replayed::new("rfc438-append").page(), "the same run, the same bytes");
    assert!(EXAMPLE.len() <= 600_000, "{} bytes", EXAMPLE.len());
    for mark in ["<!--title-->", "/*style*/", "/*data*/", "/*scripts*/"] {
        assert!(!EXAMPLE.contains(mark), "{mark} was not filled in");
    }
}

#[test]
fn records_have_the_numbers_that_they_have_where_nobody_looks_at_the_lines() {
    for name in ["rfc438-append", "line-fails"] {
        let replayed = Replayed::new(name);
        let plain = replayed.prepared.replay_with_tables(replayed.prepared.scenario().seed, Options::RECORDS);
        assert!(replayed.outcome.records == plain.records, "{name}: with the same causes");
        assert!(replayed.outcome.tables == plain.tables, "{name}: and the tables change at the same");
        assert!(!replayed.packets.shown.is_empty());
    }
}

#[test]
fn each_packet_of_a_message_is_lit_between_its_sender_and_its_receiver() {
    let replayed = Replayed::new("append-100-kilobytes");
    let sheet = replayed.sheet();
    let run = &data(&replayed.page())["runs"][0];
    let (mut at, mut found) = (0, vec![0; sheet.journeys.len()]);
    for (row, packet) in
        run["packets"].as_array().expect("there are packets").iter().zip(&replayed.packets.shown)
    {
        at += row[0].as_u64().expect("a time");
        assert_eq!(at, packet.at.as_micros());
        let Ok(journey) = usize::try_from(row[5].as_i64().expect("a journey or none")) else { continue };
        let way = &sheet.journeys[journey];
        let arrived = way.arrived.expect("no fault touches it") as usize;
        let during = sheet.moments[way.sent as usize].at..=sheet.moments[arrived].at;
        assert!(during.contains(&packet.at), "{packet:?} belongs to {way:?}");
        found[journey] += 1;
    }
    for (way, packets) in sheet.journeys.iter().zip(found) {
        let bits = match &sheet.records()[way.sent as usize].what {
            What::Sent { signal: Signal::Message(bits), .. } => bits.len() - imp1822::LEADER_BITS,
            _ => 0,
        };
        // The hosts are neighbours: each packet crosses one line, or two if it goes the long way round.
        let least = bits.div_ceil(1008).max(1);
        assert!(packets >= least, "{way:?} has {bits} bits in {packets} packets");
    }
}
