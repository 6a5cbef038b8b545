//! Which host is where in a capture, as an option says it.

use imp::Net;
use miette::Diagnostic;
use trace::capture::{Hint, NoPlace};

/// Why an option about a capture cannot be used.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub(crate) enum HintError {
    #[error("--host {text}: a place, =, and a host")]
    NoHint { text: String },
    #[error("--host {text}: {error}")]
    HintPlace { text: String, error: NoPlace },
    #[error("--host {text}: {host:?} is neither a number up to 255 nor, with --net, a name")]
    HintHost { text: String, host: String },
}

/// Which host is at a place of a capture, `PLACE=HOST`, from `--host`. Without a net, hosts have numbers only.
pub(crate) fn hint(text: &str, net: &Net) -> Result<Hint, HintError> {
    let no_hint = || HintError::NoHint { text: text.to_owned() };
    let (place, host) = text.split_once('=').ok_or_else(no_hint)?;
    let place = place.parse().map_err(|error| HintError::HintPlace { text: text.to_owned(), error })?;
    let address = net
        .address(host)
        .map_err(|_| HintError::HintHost { text: text.to_owned(), host: host.to_owned() })?;
    Ok(Hint::Host(place, address))
}

#[cfg(test)]
mod tests {
    use imp1822::HostAddress;
    use trace::capture::Place;

    use super::*;

    fn net() -> Net {
        let text =
            "net n  Two\nimp 1 A\nimp 2 B\nline A to B 50kb/s 1km\nhost A-TEN 1 TENEX\nhost B-TEN 66 TENEX\n";
        scenario::parse_net("n.net", text).unwrap_or_else(|errors| panic!("{}", errors.render(false, 100)))
    }

    #[test]
    fn hosts_are_said_by_number_or_name() {
        let said = |text: &str| hint(text, &net());
        let place: Place = "127.0.0.1:20001".parse().expect("a place");
        for host in ["66", "0o102", "0x42", "B-TEN", "b-ten"] {
            let found = said(&format!("127.0.0.1:20001={host}")).expect("it is whole");
            assert_eq!(found, Hint::Host(place, HostAddress::from(66)), "{host}");
        }
        let unnamed =
            hint("127.0.0.1:20001=0o105", &Net::default()).expect("without a net, numbers are known");
        assert_eq!(unnamed, Hint::Host(place, HostAddress::from(69)));
        let wrong = |text: &str| said(text).expect_err("it is wrong").to_string();
        assert!(wrong("127.0.0.1").contains("a place, =, and a host"));
        assert!(wrong("somewhere=1").contains("no IP address"));
        assert!(wrong("[::1]=NOWHERE").contains("NOWHERE"));
    }
}
