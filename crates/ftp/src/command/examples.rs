//! Lines with which each command can be sent.

use super::{CommandName, Form};
use crate::{Format, Mode, Structure, Type};

/// Lines with every command of every edition, each as it is written back, and at least one for each command.
pub(crate) fn lines() -> impl Iterator<Item = String> {
    CommandName::ALL.iter().flat_map(|name| lines_with(*name))
}

/// Lines with this command, as it is written back.
pub(crate) fn lines_with(name: CommandName) -> Vec<String> {
    let line =
        |argument: &String| if argument.is_empty() { name.to_string() } else { format!("{name} {argument}") };
    arguments(name.form()).iter().map(line).collect()
}

fn arguments(form: Form) -> Vec<String> {
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    match form {
        Form::Nothing => texts(&[""]),
        Form::Text => texts(&["A"]),
        Form::OptionalText => texts(&["", "<THOMAS>"]),
        Form::Password => texts(&["", "MASS"]),
        Form::Marker => texts(&["A1"]),
        Form::Number => texts(&["100"]),
        Form::ByteSize => texts(&["8", "36"]),
        Form::Socket => texts(&["", "4", "5", "13,2049"]),
        Form::Gender => texts(&["R", "S"]),
        Form::Type => Type::ALL.iter().map(|kind| kind.letter().to_string()).collect(),
        Form::Structure => Structure::ALL.iter().map(|structure| structure.letter().to_string()).collect(),
        Form::Format => Format::ALL.iter().map(|format| format.letter().to_string()).collect(),
        Form::Mode => Mode::ALL.iter().map(|mode| mode.letter().to_string()).collect(),
    }
}
