//! The fields of messages: they leave no bit out, say what the bits say, and no password.

use imp1822::Signal;
use machine::Bits;
use sim::scenario::library;
use sim::{Options, Prepared};
use trace::{Record, What};
use view::fields::{Field, of_record};
use view::sheet::Sheet;

fn with_sheet<T>(name: &str, look: impl FnOnce(&Sheet<'_>) -> T) -> T {
    let prepared = Prepared::parse(library::scenario(name).expect("it is built in")).expect("it can be read");
    let outcome = prepared.replay_with_tables(prepared.scenario().seed, Options::RECORDS);
    look(&Sheet::new(prepared.scenario(), &outcome))
}

/// The message of a record.
fn bits(record: &Record) -> Option<&Bits> {
    match &record.what {
        What::Sent { signal: Signal::Message(bits), .. }
        | What::Received { signal: Signal::Message(bits), .. } => Some(bits),
        What::Struck { message, .. } => Some(message),
        _ => None,
    }
}

/// Whether fields lie one behind the other from this bit on; returns the bit behind them.
fn tile(fields: &[Field], mut at: usize, path: &str) -> usize {
    for field in fields {
        let path = format!("{path}/{}", field.name);
        assert_eq!(field.first, at, "{path}: no bit is left out, and none is told twice");
        assert!(field.width > 0, "{path}: a field has bits");
        at += field.width;
        if !field.parts.is_empty() {
            assert_eq!(tile(&field.parts, field.first, &path), at, "{path}: its parts are all of it");
        }
    }
    at
}

/// All fields with those that they consist of.
fn all(fields: &[Field]) -> Vec<&Field> {
    fields.iter().flat_map(|field| std::iter::once(field).chain(all(&field.parts))).collect()
}

/// What a field of the first message holds of which a transcript says this: values and meanings, by the names of the fields.
fn of(sheet: &Sheet<'_>, what: &str, names: &[&str]) -> Vec<(String, String)> {
    let moment = sheet.moments.iter().find(|moment| moment.said.iter().any(|said| said.what.contains(what)));
    let fields = of_record(sheet, moment.expect(what).record);
    let fields = all(&fields);
    let named = names.iter().map(|name| {
        let field = fields.iter().find(|field| field.name == *name);
        let field = field.unwrap_or_else(|| panic!("{what} has a field {name}: {fields:#?}"));
        (field.value.clone(), field.meaning.clone())
    });
    named.collect()
}

#[test]
fn the_fields_of_every_message_of_the_library_leave_no_bit_out_and_each_has_its_source() {
    for name in library::scenarios() {
        if name == "append-100-kilobytes" || name.starts_with("measure") {
            continue;
        }
        with_sheet(name, |sheet| {
            for (number, record) in (0..).zip(sheet.records()) {
                let fields = of_record(sheet, number);
                let Some(bits) = bits(record) else {
                    assert!(fields.is_empty(), "{name}: record {number} has no bits");
                    continue;
                };
                assert_eq!(tile(&fields, 1, name), bits.len() + 1, "{name}: record {number} to its last bit");
                for field in all(&fields) {
                    let is_part = field.name.starts_with("line") || field.name.ends_with(" more");
                    assert!(is_part || !field.source.is_empty(), "{name}: record {number}: {field:?}");
                }
            }
            assert!(of_record(sheet, u64::MAX).is_empty(), "there is no such record");
        });
    }
}

#[test]
fn what_a_field_says_is_what_the_documents_say_of_it() {
    let text = |value: &str, meaning: &str| (value.to_owned(), meaning.to_owned());
    with_sheet("rfc438-append", |sheet| {
        let names = ["type", "address", "link", "S", "opcode", "receive socket", "size"];
        let fields = of(sheet, "STR 8193 to 57144 size 8", &names);
        assert_eq!(fields[0], text("0", "regular message: text for another host follows"));
        assert_eq!(fields[1], text("2", "to SITE2, host 0 of IMP 2"));
        assert_eq!(fields[2], text("0", "the control link: commands of the NCPs"));
        assert_eq!(fields[3], text("8", "byte size: control messages are in bytes of 8 bits"));
        assert_eq!(fields[4], text("2", "STR: request for connection, sender to receiver"));
        assert_eq!(
            fields[5],
            text("57144", "the receiver of this command is to receive there; even: a receive socket")
        );
        assert_eq!(fields[6], text("8", "all messages of the connection are in bytes of 8 bits"));

        let fields = of(sheet, "SOCK 2,57144", &["line", "C"]);
        let meaning =
            "your partner's data socket: 2 is the number of SITE2, and 57144 is even, so a receive socket";
        assert_eq!(fields[0], text("SOCK 2,57144␍␊", meaning));
        assert_eq!(fields[1], text("14", "byte count: 14 bytes of text follow, 112 bits"));

        let fields = of(sheet, "255 SOCK 8193", &["line"]);
        let meaning = "255: my data socket; 2xx says that it worked; 8193 is odd, so a send socket";
        assert_eq!(fields[0], text("255 SOCK 8193␍␊", meaning));

        let fields = of(sheet, "RFNM host 1 link 2", &["type", "address", "link"]);
        assert!(fields[0].1.starts_with("RFNM"), "{fields:?}");
        assert_eq!(fields[1], text("1", "the message was for SITE1, host 0 of IMP 1"));
        assert_eq!(fields[2].0, "2");

        let fields = of(sheet, "socket number 8184", &["socket number S"]);
        assert!(fields[0].1.contains("receives at 8184 and sends from 8185"), "{fields:?}");
    });
    with_sheet("leader-garbled-on-cable", |sheet| {
        let fields = of(sheet, "ERROR IN LEADER", &["type", "link"]);
        assert_eq!(fields[1].1, "of no meaning in this type", "nobody knows of which message: {fields:?}");
    });
    with_sheet("imp-goes-down", |sheet| {
        let fields = of(sheet, "IMP GOING DOWN", &["type", "reason", "how soon", "how long"]);
        assert_eq!(fields[0].0, "2");
        assert!(fields[2].1.starts_with("in "), "{fields:?}");
    });
    with_sheet("thirty-six-bit-bytes", |sheet| {
        let fields = of(sheet, " x 36 bits", &["S", "byte 1"]);
        assert_eq!(fields[0].0, "36");
        assert!(fields[1].0.starts_with("0o"), "a word of 36 bits in octal: {fields:?}");
    });
}

#[test]
fn no_field_says_a_password() {
    for (name, passwords) in [
        ("rfc438-append", &["BLUE", "GREEN"][..]),
        ("password-asked", &["BLUE"]),
        ("append-wrong-password", &["BLUE", "GREEN", "RED"]),
    ] {
        with_sheet(name, |sheet| {
            let masked = sheet.moments.iter().filter(|moment| moment.is_masked).count();
            assert!(masked > 0, "{name}: somebody logs in");
            for moment in &sheet.moments {
                let fields = of_record(sheet, moment.record);
                for field in all(&fields) {
                    let shown = format!("{} {} {}", field.name, field.value, field.meaning);
                    let hidden = passwords.iter().find(|password| shown.contains(*password));
                    assert_eq!(hidden, None, "{name}: record {}: {shown}", moment.record);
                }
            }
        });
    }
}

#[test]
fn messages_that_are_cut_short_or_garbled_have_fields_as_far_as_they_go() {
    for name in ["random-bytes", "leader-garbled-on-cable", "unknown-opcode", "noisy-line"] {
        with_sheet(name, |sheet| {
            let read =
                sheet.moments.iter().filter(|moment| !of_record(sheet, moment.record).is_empty()).count();
            assert!(read > 0, "{name}");
        });
    }
}

#[test]
fn what_crosses_a_line_between_imps_has_fields_that_tell_all_its_bits() {
    let prepared =
        Prepared::parse(library::scenario("rfc438-append").expect("it is built in")).expect("it can be read");
    let outcome = prepared.replay(Options::EVERYTHING);
    let sheet = Sheet::new(prepared.scenario(), &outcome);
    let mut packets = 0;
    for (number, record) in (0..).zip(sheet.records()) {
        let What::Packet(crossing) = &record.what else { continue };
        packets += 1;
        let fields = of_record(&sheet, number);
        let bits: usize = fields.iter().map(|field| field.width).sum();
        assert_eq!(bits, crossing.bits, "{crossing}");
    }
    assert!(packets > 200, "{packets} were looked at");
}
