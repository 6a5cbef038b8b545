//! Policies of an NCP by name: for partners that have quirks of their own.

use imp::nearest::nearest;
use imp1822::h316::{HostSettings, WORD_BITS};
use machine::Span;
use miette::Diagnostic;
use ncp::{Inquiry, Policy, QueuePolicy};

/// The names, for suggestions.
pub(crate) const NAMES: [&str; 9] =
    ["tenex", "plain", "refuse", "patient", "hasty", "links=", "long", "small", "quiet"];

/// The longest text of a message for partners that take no datagrams over 200 bytes.
const PLAIN_TEXT_BITS: usize = 179 * 8;

/// Why a name stands for no policy.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub(crate) enum PolicyError {
    #[error("--policy: {part:?} are no links")]
    #[diagnostic(help("write links=42,45-47; links for text are 2 to 71"))]
    NoLinks { part: String },
    #[error("--policy: there is no policy {name:?}")]
    Unknown {
        name: String,
        #[help]
        help: String,
    },
}

/// The policy that these names add up to, one after the other.
pub(crate) fn policy<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<Policy, PolicyError> {
    let mut policy = tenex();
    for name in names {
        match name {
            "tenex" => policy = tenex(),
            "long" => policy.message_limit_bits = None,
            "plain" => {
                policy.plain = true;
                policy.largest_text_bits = PLAIN_TEXT_BITS;
            }
            "refuse" => policy.queue = QueuePolicy::Refuse,
            "patient" => wait(&mut policy, Span::from_secs(600)),
            "hasty" => wait(&mut policy, Span::from_secs(3)),
            "small" => policy.allocation = ncp::Allocation { messages: 1, bits: 1000 },
            "quiet" => policy.inquiry = None,
            other => match other.strip_prefix("links=") {
                Some(links) => assign_only(&mut policy, &parse_links(links)?),
                None => return Err(unknown(other)),
            },
        }
    }
    Ok(policy)
}

/// A TENEX that neither sends nor invites more in a message than emulated IMPs take, and asks hosts that keep a user waiting:
/// processes of today are killed, and cables cut, without an IMP that notices.
fn tenex() -> Policy {
    let limit = HostSettings::default().text_limit.map(|words| words * WORD_BITS);
    Policy { message_limit_bits: limit, inquiry: Some(Inquiry::default()), ..Policy::default() }
}

/// Keeps requests and closings for this long.
fn wait(policy: &mut Policy, span: Span) {
    policy.close_patience = span;
    if let QueuePolicy::Queue { patience, .. } = &mut policy.queue {
        *patience = span;
    }
}

/// Reads `42,45-47`. Returns one link at least.
fn parse_links(text: &str) -> Result<Vec<u8>, PolicyError> {
    let link = |text: &str| {
        let number = imp::number(text.trim()).ok()?;
        u8::try_from(number).ok().filter(|link| (2..=71).contains(link))
    };
    let mut links = Vec::new();
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        match link(first).zip(link(last)) {
            Some((first, last)) if first <= last => links.extend(first..=last),
            Some(_) | None => return Err(PolicyError::NoLinks { part: part.to_owned() }),
        }
    }
    Ok(links)
}

/// Lets the policy assign no links but these.
fn assign_only(policy: &mut Policy, links: &[u8]) {
    let (low, high) =
        links.iter().fold((u8::MAX, u8::MIN), |(low, high), &link| (low.min(link), high.max(link)));
    policy.links = low..=high;
    policy.avoided_links = (low..=high).filter(|link| !links.contains(link)).collect();
}

fn unknown(name: &str) -> PolicyError {
    let help = match nearest(name, NAMES) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there are: {}", NAMES.join(", ")),
    };
    PolicyError::Unknown { name: name.to_owned(), help }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policies_add_up() {
        let policy = policy(["plain", "refuse", "links=42,0o55-47,0x31"]).expect("they are known");
        assert!(policy.plain);
        assert_eq!((policy.largest_text_bits, &policy.queue), (1432, &QueuePolicy::Refuse));
        assert_eq!((policy.links, policy.avoided_links), (42..=49, vec![43, 44, 48]));
    }

    #[test]
    fn emulated_imps_take_what_is_sent_and_invited_unless_somebody_asks_for_more() {
        let limit = |names: &[&str]| policy(names.iter().copied()).expect("known").message_limit_bits;
        assert_eq!(limit(&[]), Some(441 * 16));
        assert_eq!(limit(&["long"]), None);
        assert_eq!(limit(&["plain", "small", "refuse", "patient", "links=42"]), Some(441 * 16));
        assert_eq!(limit(&["long", "tenex"]), Some(441 * 16), "the last word counts");
    }

    #[test]
    fn a_host_that_keeps_a_user_waiting_is_asked_unless_somebody_wants_it_quiet() {
        let inquiry = |names: &[&str]| policy(names.iter().copied()).expect("they are known").inquiry;
        assert_eq!(inquiry(&["plain", "hasty"]), Some(Inquiry::default()));
        assert_eq!(inquiry(&["plain", "quiet"]), None);
    }

    #[test]
    fn a_policy_that_is_none_is_told_with_what_was_meant() {
        let error = |name| policy([name]).expect_err("it is none");
        let help = |name| error(name).help().map(|help| help.to_string());
        assert_eq!(help("plian").as_deref(), Some("did you mean `plain`?"));
        assert_eq!(help("links").as_deref(), Some("did you mean `links=`?"));
        for links in ["links=", "links=1", "links=72", "links=9-3", "links=a"] {
            assert!(error(links).to_string().contains("are no links"), "{links}");
        }
    }

    #[test]
    fn every_policy_is_explained() {
        use crate::commands::host_args::POLICIES;

        for name in NAMES {
            assert!(POLICIES.lines().any(|line| line.trim_start().starts_with(name)), "{name}");
        }
    }
}
