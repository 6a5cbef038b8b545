//! The dissector for Wireshark: takes captures of ours apart as we do, and lives with broken ones.
//!
//! It needs tshark. Without it these tests count as ignored.

mod captured;

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use captured::{capture, outcome};
use host::Directory;
use imp1822::{HostAddress, Signal, ToImp};
use libtest_mimic::{Arguments, Failed, Trial};
use machine::{Bits, Instant};
use trace::capture::{CaptureWriter, EPOCH_MICROS};
use trace::{Follower, Lens, Record, TapPoint, What};

fn main() {
    let arguments = Arguments::from_args();
    let version =
        Command::new("tshark").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    let is_missing = !version.is_ok_and(|status| status.success());
    if is_missing {
        eprintln!("there is no tshark: crates/arpanet/wireshark/h316.lua is not tested");
    }
    let trials = [
        ("a transfer as a table of fields", table as fn() -> Result<(), Failed>),
        ("both decoders say the same", same_words),
        ("the troubles of a cable are told", troubles),
        ("nothing in a capture breaks it", never_breaks),
    ];
    let trials = trials.map(|(name, test)| Trial::test(name, test).with_ignored_flag(is_missing));
    libtest_mimic::run(&arguments, trials.into()).exit();
}

/// What tshark prints of a capture.
fn tshark(name: &str, file: &[u8], arguments: &[&str]) -> Result<String, Failed> {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let capture = folder.join(format!("{name}.pcapng"));
    fs::write(&capture, file)?;
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("wireshark/h316.lua");
    let output = Command::new("tshark")
        // Without the settings of the user who runs the test.
        .env("HOME", &folder)
        .env("XDG_CONFIG_HOME", &folder)
        .arg("-X")
        .arg(format!("lua_script:{}", script.display()))
        .arg("-n")
        .arg("-r")
        .arg(&capture)
        .args(arguments)
        .output()?;
    let (told, complaints) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    if !output.status.success() || complaints.contains("Lua") || told.contains("Lua Error") {
        let error = told.lines().find(|line| line.contains("Lua Error")).unwrap_or_default();
        return Err(format!("{name}: {complaints}{error}").into());
    }
    Ok(told.into_owned())
}

/// The fields of those packets that a filter lets through, a line for each.
fn fields(name: &str, file: &[u8], filter: &str, fields: &[&str]) -> Result<String, Failed> {
    let mut arguments = vec!["-Y", filter, "-T", "fields"];
    arguments.extend(fields.iter().flat_map(|field| ["-e", field]));
    tshark(name, file, &arguments)
}

/// What hosts say to each other in the example of RFC 438.
const SENT: &str = "imp.type == 0 && h316.from_imp == 0";

fn table() -> Result<(), Failed> {
    let names = [
        "ip.src",
        "h316.seq",
        "h316.flags.ready",
        "imp.host",
        "imp.link",
        "arpancp.size",
        "arpancp.op",
        "arpancp.socket.my",
        "arpancp.socket.your",
        "arpancp.icp.socket",
        "arpancp.line",
    ];
    let file = capture(&outcome("rfc438-append"));
    let table = fields("table", &file, SENT, &names)?;
    // The flag is 1 in older versions and True in newer ones.
    let table = table.replace("\tTrue\t", "\t1\t");
    let text = format!("{}\n{}", names.join("|"), table.replace('\t', "|"));
    let mut settings = insta::Settings::new();
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("rfc438-append", text));
    let complaints = fields("table", &file, "_ws.expert", &["frame.number"])?;
    if complaints.is_empty() { Ok(()) } else { Err(format!("complaints about packets {complaints}").into()) }
}

fn same_words() -> Result<(), Failed> {
    let names =
        ["rfc438-append", "case-to-bbn-from-usc", "an-interrupt", "give-back", "echo", "unknown-opcode"];
    for name in names {
        let outcome = outcome(name);
        let mut follower = Follower::default();
        let mut expected = Vec::new();
        for record in &outcome.records {
            let What::Sent { host, signal } = &record.what else { continue };
            let sayings = follower.sent(*host, signal);
            let told = sayings.iter().all(|saying| matches!(saying.lens, Lens::Ncp | Lens::Ftp));
            if sayings.first().is_some_and(|saying| matches!(saying.to, trace::Party::Host(_))) {
                let words: Vec<&str> =
                    sayings.iter().map(|saying| saying.what.trim_end_matches('…')).collect();
                expected.push(told.then(|| words.join("; ")));
            }
        }
        let found = fields(name, &capture(&outcome), SENT, &["h316.says"])?;
        let found: Vec<&str> =
            found.lines().map(|line| line.split_once(": ").map_or(line, |(_, said)| said)).collect();
        if found.len() != expected.len() {
            return Err(format!("{name}: {} messages, not {}", found.len(), expected.len()).into());
        }
        let compared =
            expected.iter().zip(found).filter_map(|(expected, found)| Some((expected.as_ref()?, found)));
        for (expected, found) in compared {
            // Views of a run hide passwords; a dissector is a view of bits.
            let is_same =
                if expected == "PASS XXXX" { found.starts_with("PASS ") } else { expected == found };
            if !is_same {
                return Err(format!("{name}: {found:?}, not {expected:?}").into());
            }
        }
    }
    Ok(())
}

/// Where the packets of a capture of ours stand in its file.
fn packets(file: &[u8]) -> Vec<std::ops::Range<usize>> {
    let mut blocks = Vec::new();
    let mut at = 0;
    while let Some(length) = file.get(at + 4..at + 8) {
        let end = at + u32::from_be_bytes(length.try_into().expect("they are four")) as usize;
        if file[at..at + 4] == [0, 0, 0, 6] {
            blocks.push(at..end);
        }
        at = end;
    }
    blocks
}

/// A host raises its line and sends twelve NOPs. Two are lost, one comes twice, and one claims another length.
fn troubles() -> Result<(), Failed> {
    let host = HostAddress::from(1);
    let nop = || Signal::Message(ToImp::Nop.bits());
    let signals = std::iter::once(Signal::Ready(true)).chain((0..12).map(|_| nop()));
    let mut writer =
        CaptureWriter::new(Vec::new(), EPOCH_MICROS, [(host, TapPoint::Lossless)], &Directory::default())?;
    for signal in signals {
        writer.take(&Record { at: Instant::START, cause: None, what: What::Sent { host, signal } })?;
    }
    let file = writer.finish();
    let blocks = packets(&file);
    let mut broken = file[..blocks[0].start].to_vec();
    for (number, block) in blocks.iter().enumerate() {
        let mut bytes = file[block.clone()].to_vec();
        match number {
            3 | 4 => continue,
            6 => broken.extend_from_slice(&bytes),
            9 => bytes[28 + 28 + 9] += 1,
            _ => {}
        }
        broken.extend(bytes);
    }
    let filter = "h316.lost || h316.old || h316.malformed";
    let told = fields("troubles", &broken, filter, &["frame.number", "h316.says"])?;
    let expected = "4\tNOP\n6\ttwice or too late\n9\t\n10\tNOP\n";
    if told == expected { Ok(()) } else { Err(format!("{told:?}, not {expected:?}").into()) }
}

fn never_breaks() -> Result<(), Failed> {
    let mut state = 1973_u64;
    let mut below = |end: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % end
    };
    let file = capture(&outcome("rfc438-append"));
    let blocks = packets(&file);
    let mut broken = file[..blocks[0].start].to_vec();
    for round in 0..20 {
        for block in &blocks {
            let mut bytes = file[block.clone()].to_vec();
            // The magic stays, in every other round also the framing, so that messages come through; the rest may be
            // anything.
            let datagram = 28 + 28;
            let (start, end) = (datagram + if round % 2 == 0 { 4 } else { 10 }, bytes.len() - 16);
            for _ in 0..below(4) {
                bytes[start + below(end - start)] = below(256) as u8;
            }
            broken.extend(bytes);
        }
    }
    tshark("broken", &broken, &["-V"])?;
    // Messages of every type and of every length.
    let rts = [0, 1, 0, 0, 0, 8, 0, 10, 0, 1, 0, 0, 4, 0, 0, 0, 0, 3, 2];
    let cut = (1..rts.len()).map(|bytes| Bits::from_bytes(&rts[..bytes]));
    let types = (0..=255).map(|kind| Bits::from_bytes(&[kind, 1, 2, kind]));
    let host = HostAddress::from(1);
    let mut writer =
        CaptureWriter::new(Vec::new(), EPOCH_MICROS, [(host, TapPoint::Lossless)], &Directory::default())?;
    let messages = cut.chain(types).map(Signal::Message);
    for signal in std::iter::once(Signal::Ready(true)).chain(messages) {
        for what in [What::Sent { host, signal: signal.clone() }, What::Received { host, signal }] {
            writer.take(&Record { at: Instant::START, cause: None, what })?;
        }
    }
    tshark("short", &writer.finish(), &["-V"])?;
    // What no NCP would send, unharmed on its way.
    tshark("unknown-opcode", &capture(&outcome("unknown-opcode")), &["-V"])?;
    // And once more as a window does that comes back to packets.
    tshark("broken", &broken, &["-2", "-V"])?;
    Ok(())
}
