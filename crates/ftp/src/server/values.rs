//! Which values of the parameters of transfers are here, and which commands are not.

use ncp::ByteSize;

use super::codes;
use crate::{Command, Edition, Format, Mode, Parameters, Reply, ReplyCode, Structure, Type};

/// Takes a command that sets a parameter, or one that is not implemented here, and answers it. Parameters that every server has are
/// accepted also by name (RFC 414, 6); others change nothing.
pub(super) fn take(command: &Command, parameters: &mut Parameters, edition: Edition) -> Reply {
    let (is_here, what) = match command {
        Command::Type(kind) => {
            let is_here = matches!(kind, Type::Ascii | Type::Image);
            if is_here {
                parameters.set_type(*kind);
            }
            (is_here, format!("type {kind}"))
        }
        Command::Byte(size) => (*size == ByteSize::EIGHT, format!("byte size {size}")),
        Command::Mode(mode) => (*mode == Mode::Stream, format!("mode {mode}")),
        Command::Stru(stru) => (*stru == Structure::File, format!("structure {stru}")),
        Command::Form(form) => (*form == Format::Unformatted, format!("format {form}")),
        other => (false, other.name().to_string()),
    };
    if is_here {
        Reply::new(ReplyCode::OK, what)
    } else {
        let code = codes::of_what_is_not_here(edition, command.name());
        Reply::new(code, format!("{what} is not implemented here"))
    }
}
