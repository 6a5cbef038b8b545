//! The passwords of a scenario and of its run, which no view shows.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use ftp::Password;
use host::Note;
use host::typed::{first_word, without_leading_noise};
use imp1822::HostAddress;
use scenario::ast::{
    Action, Data, Expectation, HostAction, Incoming, NcpAction, Number, Outgoing, Piece, Program, Scenario,
    Text,
};
use trace::{Record, What};

/// The passwords that a scenario gives to hosts and users, and those, right or wrong, with which somebody tries to log in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Passwords(BTreeSet<String>);

impl Passwords {
    /// Those of a run.
    pub fn of(scenario: &Scenario, records: &[Record]) -> Self {
        let mut passwords = Passwords::written(scenario);
        passwords.add_typed(scenario, records);
        passwords
    }

    /// Those that the text of a scenario tells.
    pub fn written(scenario: &Scenario) -> Self {
        let mut passwords = Passwords::default();
        for plan in &scenario.hosts {
            plan.accounts.iter().for_each(|account| passwords.add(&account.password));
            plan.knows.iter().for_each(|profile| passwords.add(&profile.password));
        }
        for step in &scenario.steps {
            if let Some((host, text)) = text_of(&step.action) {
                passwords.add_from(scenario, host, &written(text));
            }
        }
        passwords.add_sent(scenario);
        passwords
    }

    /// The text with a mask in the place of each password, whatever that means there. A longer word that has one in it is
    /// another word; marks are no part of a word.
    pub fn hide<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let found = self.0.iter().flat_map(|password| {
            text.match_indices(password.as_str())
                .filter(|(at, _)| is_apart(text, *at, password))
                .map(|(at, _)| (at, at + password.len()))
        });
        let mut found: Vec<(usize, usize)> = found.collect();
        if found.is_empty() {
            return Cow::Borrowed(text);
        }
        found.sort_unstable();
        let (mut hidden, mut end) = (String::with_capacity(text.len()), 0);
        for (from, to) in found {
            if from >= end {
                hidden.push_str(&text[end..from]);
                hidden.push_str(Password::MASK);
            }
            end = end.max(to);
        }
        hidden.push_str(&text[end..]);
        Cow::Owned(hidden)
    }

    fn add(&mut self, password: &str) {
        let password = password.trim();
        if !password.is_empty() {
            self.0.insert(password.to_owned());
        }
    }

    /// Those with which somebody logs in by these lines, at a host or to one.
    fn add_from(&mut self, scenario: &Scenario, host: HostAddress, lines: &str) {
        let plan = scenario.hosts.iter().find(|plan| plan.address == host);
        let program = plan.and_then(|plan| plan.program);
        lines.split(char::is_control).for_each(|line| self.add(secret(line, program)));
    }

    /// Those that are sent in pieces, or as numbers.
    fn add_sent(&mut self, scenario: &Scenario) {
        // The line that each socket has begun.
        let mut begun: BTreeMap<(HostAddress, String), String> = BTreeMap::new();
        for step in &scenario.steps {
            let Action::Host(host, HostAction::Ncp(action)) = &step.action else { continue };
            let (local, text, is_text) = match action {
                NcpAction::Says { local, line } => (local, written(line) + "\n", true),
                NcpAction::Sends { local, data: Outgoing::Data(Data::Text(text)) } => {
                    (local, written(text), true)
                }
                NcpAction::Sends { local, data: Outgoing::Data(Data::Bytes(bytes)) } => {
                    let letter = |byte: &Number<u64>| match byte {
                        Number::Known(byte) => u8::try_from(*byte).map_or('\0', char::from),
                        Number::Named(_) => '\0',
                    };
                    (local, bytes.iter().map(letter).collect(), false)
                }
                _ => continue,
            };
            let line = begun.entry((*host, local.to_string())).or_default();
            for piece in text.split_inclusive('\n') {
                line.push_str(piece);
                let (length, secret) = (line.trim_end().len(), secret(line, None).len());
                // As much of it as stands in this piece.
                let in_piece = (length + piece.len()).saturating_sub(line.len()).min(secret);
                if in_piece > 0 {
                    match step.source.split_once(" bytes ") {
                        Some((_, numbers)) if !is_text => self.add(numbers),
                        _ => self.add(&line[length - in_piece..length]),
                    }
                }
                if piece.ends_with('\n') {
                    line.clear();
                }
            }
        }
    }

    /// Those that were typed: as arguments, or where a program had asked for a line that is not shown. That one is in the
    /// scenario only, in the last step that typed at this host.
    fn add_typed(&mut self, scenario: &Scenario, records: &[Record]) {
        let mut last = None;
        for record in records {
            match &record.what {
                What::Step { line, .. } => {
                    let step = scenario.steps.iter().find(|step| step.line == *line);
                    if let Some(Action::Host(host, HostAction::Types(text))) = step.map(|step| &step.action) {
                        last = Some((*host, text));
                    }
                }
                What::Note { host, note: Note::Typed { line: Some(line), .. } } => {
                    self.add_from(scenario, *host, line);
                }
                What::Note { host, note: Note::Typed { line: None, .. } } => {
                    if let Some((_, text)) = last.filter(|(typing, _)| typing == host) {
                        self.add(&written(text));
                    }
                }
                _ => {}
            }
        }
    }
}

/// Puts a mask in the place of each password in what was typed and printed at the teletypes of a run: also where it was typed at
/// the wrong prompt, and the program says that it knows no such command.
pub fn hide_typed(scenario: &Scenario, records: &mut [Record]) {
    let passwords = Passwords::of(scenario, records);
    for record in records {
        let What::Note { note: Note::Typed { line: Some(text), .. } | Note::Printed(text), .. } =
            &mut record.what
        else {
            continue;
        };
        if let Cow::Owned(hidden) = passwords.hide(text) {
            *text = hidden;
        }
    }
}

/// A text as the scenario has it, but for control characters, which stand for themselves.
fn written(text: &Text) -> String {
    let mut written = String::new();
    for piece in &text.0 {
        match piece {
            Piece::Literal(literal) => written.push_str(literal),
            Piece::New(name) => written.push_str(&format!("{{{name}}}")),
            Piece::Term(term) => written.push_str(&term.to_string()),
        }
    }
    written
}

/// What a step has somebody type or say, or waits for or expects to be said, and the host that does.
fn text_of(action: &Action) -> Option<(HostAddress, &Text)> {
    match action {
        Action::Host(
            host,
            HostAction::Types(text)
            | HostAction::Ncp(
                NcpAction::Says { line: text, .. }
                | NcpAction::Hears { text, .. }
                | NcpAction::Sends { data: Outgoing::Data(Data::Text(text)), .. }
                | NcpAction::Receives { data: Incoming::Data(Data::Text(text)), .. },
            ),
        ) => Some((*host, text)),
        Action::WaitFor { from, text, .. }
        | Action::Expect(
            Expectation::Crossed { from, text, .. } | Expectation::NotCrossed { from, text, .. },
        ) => Some((*from, text)),
        _ => None,
    }
}

/// What may be a password in a line: all behind PASS, and behind the name that LOGIN names. RSEXEC wants to know a site before
/// the name, and lets noise words stand in parentheses.
fn secret(line: &str, program: Option<Program>) -> &str {
    let (verb, rest) = first_word(line.trim_start());
    let is_pass = |verb: &str| verb.eq_ignore_ascii_case("PASS");
    match verb.to_ascii_uppercase().as_str() {
        "LOGIN" if program == Some(Program::Rsexec) => behind(behind(rest)),
        // The user's FTP lets a verb be shortened, and noise words stand before a password, too.
        verb if verb.len() > 1 && "LOGIN".starts_with(verb) => without_leading_noise(behind(rest)),
        verb if verb.len() > 1 && "QUOTE".starts_with(verb) => {
            match first_word(without_leading_noise(rest)) {
                (verb, rest) if is_pass(verb) => rest,
                _ => "",
            }
        }
        _ if is_pass(verb) => rest,
        _ => "",
    }
    .trim()
}

/// What stands behind the first word that is no noise.
fn behind(line: &str) -> &str {
    first_word(without_leading_noise(line)).1
}

/// Whether what stands at this place is no part of a longer word.
fn is_apart(text: &str, at: usize, word: &str) -> bool {
    let is_letter = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
    let joins_before = is_letter(text[..at].chars().next_back()) && is_letter(word.chars().next());
    let joins_behind =
        is_letter(text[at + word.len()..].chars().next()) && is_letter(word.chars().next_back());
    !joins_before && !joins_behind
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_hidden_whatever_marks_stand_beside_it_and_a_longer_word_is_another_one() {
        let passwords = Passwords(["RED", "BLUE", "BLUE SKY", "A-B"].map(str::to_owned).into());
        for (text, shown) in [
            ("SMITH's password is not RED.", "SMITH's password is not XXXX."),
            ("PASS BLUE{CR}{LF}", "PASS XXXX{CR}{LF}"),
            ("(BLUE), \"BLUE\" or BLUE_RED", "(XXXX), \"XXXX\" or XXXX_XXXX"),
            ("PASS BLUE SKY", "PASS XXXX"),
            ("password A-B", "password XXXX"),
            ("REDUCED, INFRARED and 4BLUE", "REDUCED, INFRARED and 4BLUE"),
            ("caf\u{e9} BLUE", "caf\u{e9} XXXX"),
            ("", ""),
        ] {
            assert_eq!(passwords.hide(text), shown);
        }
    }

    #[test]
    fn behind_pass_and_behind_the_name_of_a_login_a_password_stands_and_nowhere_else() {
        for (line, hidden) in [
            ("PASS BLUE", "BLUE"),
            ("quote  pass\tblue sky ", "blue sky"),
            ("LOGIN SMITH BLUE", "BLUE"),
            (" login  smith  blue", "blue"),
            ("LOG (USER) SMITH (PASSWORD) BLUE", "BLUE"),
            ("QU (TEXT) PASS BLUE", "BLUE"),
            ("LOGIN SMITH", ""),
            ("QUOTE RETR PASS X", ""),
            ("GET PASS.TXT COPY", ""),
            ("PASS", ""),
            ("", ""),
        ] {
            assert_eq!(secret(line, Some(Program::FtpUser)), hidden, "{line}");
        }
        for (line, hidden) in [
            ("LOGIN SITE1 SMITH BLUE", "BLUE"),
            ("LOGIN (AT) SITE1 (USER) SMITH BLUE", "BLUE"),
            ("LOGIN(AT)SITE1(USER)SMITH BLUE", "BLUE"),
            ("LOGIN SITE1 SMITH", ""),
        ] {
            assert_eq!(secret(line, Some(Program::Rsexec)), hidden, "{line}");
        }
    }
}
