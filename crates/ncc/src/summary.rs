//! The state of the network in one letter each.

use imp1822::HostAddress;

use crate::{Center, HOSTS};

/// How many things stand in a line.
const IN_LINE: usize = 8;

impl Center {
    /// The summary: lines of at most 72 characters, for a teletype.
    pub fn summary(&self) -> String {
        let imps = self.imps().map(|imp| format!("{:>2} {}", imp.number, imp.state.letter()));
        let lines = self.lines().map(|line| format!("{} {}", line.id, line.state.letter()));
        let hosts = self.imps().flat_map(|imp| {
            let up = imp.trouble.map(|report| report.anomalies);
            // What an IMP said of its hosts before it fell silent is not known any more.
            let letter = move |host: usize| match (imp.state, up) {
                (crate::ImpState::Up, Some(up)) => up.host_is_up(host).then_some('U'),
                (_, Some(up)) => up.host_is_up(host).then_some('N'),
                (_, None) => None,
            };
            (0..HOSTS).zip(0_u8..).filter_map(move |(host, number)| {
                let address = HostAddress::new(number, imp.number)?;
                Some(format!("{}/{} {}", address.host(), address.imp(), letter(host)?))
            })
        });
        let mut text = String::new();
        for (title, parts) in
            [("IMPS", imps.collect::<Vec<_>>()), ("LINES", lines.collect()), ("HOSTS UP", hosts.collect())]
        {
            text += &table(title, &parts);
        }
        text += "U UP  D DOWN  O DOWN IN ONE DIRECTION  L LOOPED  N NOT KNOWN\n";
        text += "M REPORTS MISSING  C DOWN OR CUT OFF\n";
        text
    }
}

/// A title, and what stands below it, several in a line.
fn table(title: &str, parts: &[String]) -> String {
    let mut text = format!("{title}\n");
    if parts.is_empty() {
        text += "  NONE\n";
    }
    for row in parts.chunks(IN_LINE) {
        let row: String = row.iter().map(|part| format!(" {part:<7}")).collect();
        text += &format!(" {}\n", row.trim_end());
    }
    text
}
