//! What is wrong with the arguments of the command, in the look of all errors.

use std::error::Error as _;

use clap::Error;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use miette::Diagnostic;

use crate::library::Library;

/// The arguments cannot be understood.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("{message}")]
pub(crate) struct UsageError {
    message: String,
    #[help]
    help: Option<String>,
}

impl UsageError {
    /// What clap says against the arguments, if it does: a help or a version that was asked for is no error.
    pub(crate) fn new(error: &Error, library: &Library) -> Option<Self> {
        match error.kind() {
            ErrorKind::DisplayHelp
            | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
            | ErrorKind::DisplayVersion => None,
            _ => Some(UsageError { message: message(error), help: help(error, library) }),
        }
    }
}

/// What is wrong.
fn message(error: &Error) -> String {
    let argument = text(error, ContextKind::InvalidArg);
    // `--width <N>` is what stands in the usage: the option is meant.
    let option = argument.split(' ').next().unwrap_or_default();
    let value = text(error, ContextKind::InvalidValue);
    let among = texts(error, ContextKind::ValidValue).join(", ");
    let before = texts(error, ContextKind::PriorArg);
    match error.kind() {
        ErrorKind::UnknownArgument if argument.starts_with('-') => format!("there is no option `{argument}`"),
        ErrorKind::UnknownArgument => format!("`{argument}` is a word too many"),
        ErrorKind::InvalidSubcommand => {
            format!("there is no command `{}`", text(error, ContextKind::InvalidSubcommand))
        }
        ErrorKind::MissingRequiredArgument => {
            format!("missing: {}", texts(error, ContextKind::InvalidArg).join(", "))
        }
        ErrorKind::ArgumentConflict if before.iter().all(|other| *other == argument) => {
            format!("{option} is there twice")
        }
        ErrorKind::ArgumentConflict => format!("{option} does not go together with {}", before.join(", ")),
        ErrorKind::InvalidValue if value.is_empty() => format!("{option} needs a value: {argument}"),
        ErrorKind::InvalidValue => format!("{option} {value}: that is none of {among}"),
        ErrorKind::ValueValidation => {
            let why = error.source().map_or_else(|| "it cannot be that".to_owned(), ToString::to_string);
            format!("{option} {value}: {why}")
        }
        // What clap has to say of the others stands in its first line.
        _ => {
            let text = error.to_string();
            let first = text.lines().next().unwrap_or_default();
            first.strip_prefix("error: ").unwrap_or(first).to_owned()
        }
    }
}

/// What to do: what may have been meant, how the command is called, and who says more.
fn help(error: &Error, library: &Library) -> Option<String> {
    let near = [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue];
    let near = near.iter().flat_map(|kind| texts(error, *kind)).next();
    let named = match error.kind() {
        ErrorKind::InvalidSubcommand => library.command_for(&text(error, ContextKind::InvalidSubcommand)),
        _ => None,
    };
    let mut lines: Vec<String> =
        named.or(near).map(|meant| format!("did you mean `{meant}`?")).into_iter().collect();
    let usage = text(error, ContextKind::Usage);
    if let Some(form) = usage.strip_prefix("Usage: ") {
        let form = form.lines().next().unwrap_or_default();
        lines.push(format!("it is called so: {form}"));
        let words: Vec<&str> = form
            .split(' ')
            .take_while(|word| word.starts_with(|first: char| first.is_ascii_lowercase()))
            .collect();
        lines.push(format!("`{} --help` says more", words.join(" ")));
    }
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// A part of what clap has to say.
fn text(error: &Error, kind: ContextKind) -> String {
    error.get(kind).map(ToString::to_string).unwrap_or_default()
}

/// A part of what clap has to say, which may have several.
fn texts(error: &Error, kind: ContextKind) -> Vec<String> {
    match error.get(kind) {
        Some(ContextValue::Strings(texts)) => texts.clone(),
        Some(ContextValue::StyledStrs(texts)) => texts.iter().map(ToString::to_string).collect(),
        Some(other) => vec![other.to_string()],
        None => Vec::new(),
    }
}
