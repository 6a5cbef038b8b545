//! What is told of a bridge on standard error.

use std::net::SocketAddr;
use std::path::PathBuf;

use bridge::{Failure, Name, News, Role};
use machine::{Instant, Span};

use super::rate_limiter::RateLimiter;
use super::tunnel::{Then, TunnelReport};
use crate::system::words;
use crate::terminal::Terminal;

/// Tells what happens to one end of a bridge.
pub(crate) struct BridgeReports {
    role: Role,
    /// The file of the key.
    key: PathBuf,
    terminal: Terminal,
    was_connected: bool,
    is_hopeless: bool,
    /// Why it is not connected, as it was told last: the same is not told at each call.
    told: Option<String>,
    strangers: RateLimiter,
}

impl BridgeReports {
    pub(crate) fn new(role: Role, key: PathBuf, terminal: Terminal) -> Self {
        let strangers = RateLimiter::default();
        BridgeReports { role, key, terminal, was_connected: false, is_hopeless: false, told: None, strangers }
    }

    /// Whether the two ends have been connected.
    pub(crate) fn was_connected(&self) -> bool {
        self.was_connected
    }

    /// Whether the other end is there, and can never be connected with this one.
    pub(crate) fn is_hopeless(&self) -> bool {
        self.is_hopeless
    }

    /// Tells it, and says whether there is any use in going on.
    pub(crate) fn show(&mut self, now: Instant, report: TunnelReport) -> Then {
        match report {
            TunnelReport::Unreached(to, error) => {
                self.once(format!("{to} is not reached: {}; it is called until it is there", words(&error)));
                Then::GoesOn
            }
            TunnelReport::News(News::Failed(_, failure), from) => self.failed(now, &failure, from),
            TunnelReport::News(news, from) => {
                if let News::Connected { .. } = news {
                    self.was_connected = true;
                    self.told = None;
                }
                if let Some(line) = line(&news, from) {
                    self.terminal.tell(&format!("{line}\n"));
                }
                Then::GoesOn
            }
        }
    }

    fn failed(&mut self, now: Instant, failure: &Failure, from: Option<SocketAddr>) -> Then {
        let who = from.map_or("the other end".to_owned(), |from| from.to_string());
        // Nobody vouches for it: who is on the way could say so, too, and would end a bridge for good.
        let again = if self.role == Role::Calls { "; it is called until that is so no more" } else { "" };
        let why = match failure {
            // Why it was not even reached has been told.
            Failure::Closed if self.role == Role::Calls && from.is_none() => return Then::GoesOn,
            // A call that comes to nothing is followed by the next.
            Failure::Closed | Failure::Replaced | Failure::TakenDown if self.role == Role::Calls => {
                format!("{who} closes the connection; it is called until it answers")
            }
            Failure::Silent if self.role == Role::Calls => {
                format!("{who} does not answer; it is called until it does")
            }
            // Whoever looks whether the port is open.
            Failure::Closed | Failure::Replaced | Failure::TakenDown | Failure::Silent => {
                return Then::GoesOn;
            }
            Failure::OtherKey => {
                let key = self.key.display();
                format!("{who} has another key than {key}: both ends need the same file{again}")
            }
            Failure::NoBridge => format!("{who} speaks something else than a bridge does{again}"),
            Failure::Garbled => format!("what {who} says is changed on its way, or makes no sense"),
            Failure::OtherVersion(version) => {
                format!("{who} has another version of the bridge, {version}: both need the same")
            }
            Failure::Busy if self.role == Role::Calls => {
                format!("{who} is connected to somebody else with this key; it is called until it is free")
            }
            Failure::Busy => format!("{who} has the key, too, and is told that this end is busy"),
            Failure::OtherCables { only_here, only_there } => {
                format!(
                    "{who} has other cables: {}; both ends must name the same",
                    other(only_here, only_there)
                )
            }
        };
        if self.role == Role::Listens {
            // At an open door there are many, and each may come again and again.
            if self.strangers.allows(now) {
                self.terminal.tell(&format!("{why}\n"));
            }
            return Then::GoesOn;
        }
        self.once(why);
        // That was said by somebody who has the key.
        let is_wrong = matches!(failure, Failure::OtherCables { .. } | Failure::OtherVersion(_));
        if is_wrong && !self.was_connected {
            self.is_hopeless = true;
            return Then::IsTakenDown;
        }
        Then::GoesOn
    }

    fn once(&mut self, line: String) {
        if self.told.as_ref() != Some(&line) {
            self.terminal.tell(&format!("{line}\n"));
            self.told = Some(line);
        }
    }
}

/// Which cables only one end has.
fn other(here: &[Name], there: &[Name]) -> String {
    let list = |names: &[Name]| names.iter().map(Name::to_string).collect::<Vec<_>>().join(", ");
    match (here, there) {
        (here, []) => format!("{} only here", list(here)),
        ([], there) => format!("{} only there", list(there)),
        (here, there) => format!("{} only here, {} only there", list(here), list(there)),
    }
}

/// A span as people say it.
fn seconds(span: Span) -> String {
    let tenths = span.as_micros() / 100_000;
    format!("{}.{} s", tenths / 10, tenths % 10)
}

/// What is told of it, if anything.
fn line(news: &News, from: Option<SocketAddr>) -> Option<String> {
    let line = match news {
        News::Connected { cut_for, waiting, dropped, uncertain, .. } => {
            let with = from.map_or("the other end".to_owned(), |from| from.to_string());
            let again = cut_for.map_or(String::new(), |cut| format!(" again, after {}", seconds(cut)));
            let mut line = format!("connected with {with}{again}");
            let lost = match (dropped, uncertain) {
                (0, 0) => "nothing is lost".to_owned(),
                (0, uncertain) => format!("{uncertain} may be lost, because an end has begun anew"),
                (dropped, 0) => format!("{dropped} are lost"),
                (dropped, uncertain) => format!("{dropped} are lost, and perhaps {uncertain} more"),
            };
            if cut_for.is_some() {
                line.push_str(&format!("; {waiting} datagrams waited here, {lost}"));
            }
            line
        }
        News::Cut(failure) => {
            let why = match failure {
                // The connection that follows is told.
                Failure::Replaced => return None,
                Failure::Silent => "nothing has come for 4 s",
                Failure::TakenDown => "the other end was taken down",
                Failure::Garbled => "what came made no sense",
                _ => "the connection broke",
            };
            format!("cut: {why}; what arrives waits here for 2 minutes")
        }
        News::Full => "there is no room for more that waits: what arrives is lost".to_owned(),
        News::Unplugged(waited) => {
            format!("cut for too long: {waited} datagrams that waited are dropped, and so is what arrives")
        }
        News::Failed(..) => return None,
    };
    Some(line)
}

#[cfg(test)]
mod tests {
    use bridge::Id;

    use super::*;

    fn reports(role: Role) -> BridgeReports {
        BridgeReports::new(role, "bridge.key".into(), Terminal::new(clap::ColorChoice::Never))
    }

    #[test]
    fn what_was_lost_in_a_cut_is_told_in_words() {
        let said = |dropped, uncertain| {
            let cut_for = Some(Span::from_millis(20_340));
            line(&News::Connected { id: Id(1), cut_for, waiting: 7, dropped, uncertain }, None)
        };
        let begin = "connected with the other end again, after 20.3 s; 7 datagrams waited here, ";
        for ((dropped, uncertain), end) in [
            ((0, 0), "nothing is lost"),
            ((3, 0), "3 are lost"),
            ((0, 2), "2 may be lost, because an end has begun anew"),
            ((3, 2), "3 are lost, and perhaps 2 more"),
        ] {
            assert_eq!(said(dropped, uncertain), Some(format!("{begin}{end}")));
        }
        let first = News::Connected { id: Id(1), cut_for: None, waiting: 0, dropped: 9, uncertain: 0 };
        assert_eq!(line(&first, None).as_deref(), Some("connected with the other end"));
    }

    #[test]
    fn an_end_that_calls_gives_up_on_other_cables_unless_it_has_been_connected() {
        let wrong = || TunnelReport::News(News::Failed(Id(1), Failure::OtherVersion(2)), None);
        let mut caller = reports(Role::Calls);
        assert_eq!(caller.show(Instant::START, wrong()), Then::IsTakenDown);
        let mut caller = reports(Role::Calls);
        let connected = News::Connected { id: Id(1), cut_for: None, waiting: 0, dropped: 0, uncertain: 0 };
        caller.show(Instant::START, TunnelReport::News(connected, None));
        assert_eq!(caller.show(Instant::START, wrong()), Then::GoesOn);
        for unproven in [Failure::OtherKey, Failure::NoBridge, Failure::Garbled, Failure::Closed] {
            let report = TunnelReport::News(News::Failed(Id(1), unproven.clone()), None);
            assert_eq!(reports(Role::Calls).show(Instant::START, report), Then::GoesOn, "{unproven:?}");
        }
        let mut listener = reports(Role::Listens);
        assert_eq!(listener.show(Instant::START, wrong()), Then::GoesOn, "a stranger takes nobody down");
    }
}
