//! Hosts as they are declared.

use host::{Right, Terms, Who};

use super::super::ast::{
    Account, Content, FilePlan, HostPlan, PolicyPlan, Program, QuotaPlan, Requests, RightPlan,
};
use super::names::lasting;

/// The declaration of a host: its name in so many columns, what it does, and its clauses below it.
pub(super) fn host(plan: &HostPlan, columns: usize) -> Vec<String> {
    let HostPlan {
        name,
        up,
        server,
        service,
        program,
        accounts,
        knows,
        naming,
        quotas,
        folder,
        files,
        rights,
        policy,
        answers_within,
        room,
        external,
        ..
    } = plan;
    let mut first = Vec::new();
    if let Some(edition) = server {
        let is_usual = *edition == ftp::Edition::default();
        first.push(if is_usual { "serves ftp".to_owned() } else { format!("serves ftp edition {edition}") });
    }
    first.extend(program.map(|program| {
        let program = match program {
            Program::Rsexec => "rsexec",
            Program::FtpUser => "ftp",
            Program::Ncc => "ncc",
        };
        format!("runs {program}")
    }));
    let terms: Vec<String> = accounts.iter().filter_map(terms).collect();
    let accounts: Vec<String> = accounts
        .iter()
        .map(|account| format!("account {} password {}", account.name, account.password))
        .collect();
    let mut below = Vec::new();
    first.extend(naming.map(|naming| format!("system {}", naming.name())));
    match accounts.as_slice() {
        [account] => first.push(account.clone()),
        _ => below.extend(accounts),
    }
    below.extend(terms);
    if !up {
        first.push("is down".to_owned());
    }
    first.extend(external.map(|external| format!("external port {} to {}", external.port, external.peer)));
    for known in knows {
        below.push(format!("knows {} as {} password {}", known.site, known.name, known.password));
    }
    below.extend(service.most_sockets.map(|most| format!("sets aside at most {most} data sockets")));
    below.extend(service.connects_anywhere.then(|| "connects to any socket".to_owned()));
    below.extend(service.hides_passwords.then(|| "hides passwords".to_owned()));
    below.extend(self::policy(policy));
    below.extend(answers_within.map(|most| format!("answers within {}", lasting(most))));
    below.extend(
        quotas
            .iter()
            .map(|QuotaPlan { directory, bytes }| format!("quota {} of {bytes} bytes", quoted(directory))),
    );
    below.extend(room.map(|bytes| format!("has room for {bytes} bytes")));
    below.extend(rights.iter().map(right));
    below.extend(folder.as_ref().map(|folder| format!("folder {}", quoted(&folder.name))));
    let mut lines = vec![if first.is_empty() {
        format!("host {name}")
    } else {
        format!("host {name:columns$}  {}", first.join("  "))
    }];
    lines.extend(below.into_iter().map(|clause| format!("  {clause}")));
    lines.extend(files.iter().flat_map(file));
    lines
}

/// On what terms somebody has files transferred.
fn terms(account: &Account) -> Option<String> {
    let name = &account.name;
    match &account.terms {
        Terms::Free => None,
        Terms::AtLogin(account) => Some(format!("charges {name} {account} at login")),
        Terms::ForFiles(account) => Some(format!("charges {name} {account} for files")),
        Terms::NotForFiles => Some(format!("bars {name} from files")),
    }
}

/// What others may do with a file, or with those of a directory.
fn right(plan: &RightPlan) -> String {
    let RightPlan { target, right, who } = plan;
    let right = match right {
        Right::Read => "read",
        Right::List => "listed",
        Right::Write => "written",
    };
    let who = match who {
        Who::All => "all",
        Who::Nobody => "nobody",
        Who::User(name) => name,
    };
    format!("rights {} {right} by {who}", quoted(target))
}

/// What is said of the host's NCP.
fn policy(policy: &PolicyPlan) -> Vec<String> {
    let PolicyPlan { requests, allocation, close_patience, plain, largest_text_bits, links, inquiry } =
        policy;
    let mut clauses = Vec::new();
    clauses.extend(requests.map(|requests| match requests {
        Requests::Refuse => "refuses unmatched requests".to_owned(),
        Requests::Queue(patience, None) => format!("queues requests for {patience}"),
        Requests::Queue(patience, Some(most)) => format!("queues requests for {patience} most {most}"),
    }));
    clauses.extend(
        allocation.map(|allows| format!("allocates {} messages {} bits", allows.messages, allows.bits)),
    );
    clauses.extend(close_patience.map(|patience| format!("closes after {patience}")));
    clauses.extend(plain.then(|| "sends plain control messages".to_owned()));
    clauses.extend(largest_text_bits.map(|bits| format!("texts of at most {bits} bits")));
    clauses.extend(links.as_ref().map(|links| format!("assigns links {} to {}", links.start(), links.end())));
    clauses.extend(inquiry.map(|silence| format!("asks silent hosts after {silence}")));
    clauses
}

/// A file, and its lines below it.
fn file(file: &FilePlan) -> Vec<String> {
    let FilePlan { path, content } = file;
    let path = quoted(path);
    match content {
        Content::Generated(bytes) => vec![format!("  file {path} of {bytes} bytes")],
        Content::Lines(lines) => {
            let lines = lines.iter().map(|line| content_line(line));
            std::iter::once(format!("  file {path}")).chain(lines).collect()
        }
    }
}

/// A path, between quotation marks if it has blanks in it.
pub(super) fn quoted(path: &str) -> String {
    if path.contains(' ') { format!("\"{path}\"") } else { path.to_owned() }
}

/// A line of a file, behind its bar.
pub(super) fn content_line(line: &str) -> String {
    if line.is_empty() { "    |".to_owned() } else { format!("    | {line}") }
}
