//! What is typed at the center's teletype.

use imp1822::HostAddress;
use machine::Span;
use ncc::{Center, HOSTS, Traffic};

use crate::clock::time_of_day;

const HELP: &str = "\
SUMMARY  EVERY IMP, LINE AND HOST, ONE LETTER EACH
TRAFFIC  WHAT WAS CARRIED, FROM REPORT TO REPORT
ACK      THE NEXT ALARM: IT HAS BEEN SEEN
WHAT CHANGES IS PRINTED AS IT COMES.";

/// What is printed when a line was typed.
pub(crate) fn obey(line: &str, center: &mut Center, began: Span) -> String {
    match line.trim().to_ascii_uppercase().as_str() {
        "" => String::new(),
        "SUMMARY" | "STATUS" => center.summary(),
        "TRAFFIC" => traffic(center),
        "ACK" => match center.acknowledge() {
            Some(entry) => {
                let more = center.alarms();
                format!("ACKNOWLEDGED: {}  {}\n{more} MORE", time_of_day(entry.at, began), entry.change)
            }
            None => "NO ALARM".to_owned(),
        },
        "HELP" | "?" => HELP.to_owned(),
        _ => "NOT A COMMAND: SUMMARY, TRAFFIC, ACK, HELP".to_owned(),
    }
}

/// What lines and hosts have carried.
fn traffic(center: &Center) -> String {
    let mut text = String::new();
    for line in center.lines() {
        let ways =
            [(line.id.minus, line.id.plus, line.to_plus), (line.id.plus, line.id.minus, line.to_minus)];
        for (from, to, carried) in ways {
            if let Some(carried) = carried {
                text += &format!("LINE {from:>2} TO {to:>2}  {}\n", rate(carried, "PACKETS"));
            }
        }
    }
    for imp in center.imps() {
        for address in (0..HOSTS as u8).filter_map(|host| HostAddress::new(host, imp.number)) {
            let sent = center.sent_by(address);
            let received = center.received_by(address).unwrap_or(0);
            if let Some(sent) = sent.filter(|sent| sent.packets > 0 || received > 0) {
                let who = format!("HOST {} AT IMP {}", address.host(), address.imp());
                text += &format!("{who}  SENT {}, RECEIVED {received}\n", rate(sent, "MESSAGES"));
            }
        }
    }
    if text.is_empty() { "NOTHING IS KNOWN YET: IT TAKES TWO REPORTS OF AN IMP".to_owned() } else { text }
}

fn rate(Traffic { bits_per_second, packets, at_least }: Traffic, what: &str) -> String {
    let more = if at_least { "OVER " } else { "" };
    format!("{more}{bits_per_second} BITS/S, {packets} {what}")
}
