//! What the options of a live server of files mean.

use ftp::{Edition, Reach};
use ftp_server::Policy;
use host::{Files, Program};
use miette::Diagnostic;
use scenario::read_right;

use crate::server_args::ServerArgs;

/// Why an option of a server cannot be used.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub(crate) enum ServingError {
    #[error("--rights {text}: {why}")]
    #[diagnostic(help("write '<SMITH>NOTES.TXT read by JONES', or '<SMITH> listed by nobody'"))]
    Right { text: String, why: String },
    #[error("{option}: this host serves no files")]
    #[diagnostic(help("serve them with --serve-ftp, or leave it out"))]
    ServesNothing { option: &'static str },
}

impl ServerArgs {
    /// The server, as the options have it.
    pub(crate) fn server(&self) -> Program {
        let usual = Policy::default();
        let policy = Policy {
            reach: if self.connects_anywhere { Reach::Anything } else { usual.reach },
            hides_passwords: self.hides_passwords,
            most_data_sockets: self.data_sockets.unwrap_or(usual.most_data_sockets),
        };
        // The arguments have no other editions.
        let edition = self.edition.as_ref().and_then(|name| name.parse::<Edition>().ok()).unwrap_or_default();
        sim::programs::ftp_server(edition, policy)
    }

    /// Gives rights to files. What is wrong with the options is added to `errors`.
    pub(crate) fn grant<E: From<ServingError>>(&self, files: &mut Files, errors: &mut Vec<E>) {
        for text in &self.rights {
            match read_right(text, files.naming()) {
                Ok((target, right, who)) => files.grant(&target, right, who),
                Err(why) => errors.push(ServingError::Right { text: text.clone(), why }.into()),
            }
        }
    }

    /// The first option that has no effect at a host that serves no files, if one is given.
    pub(crate) fn unused_option(&self) -> Option<ServingError> {
        let options = [
            ("--edition", self.edition.is_some()),
            ("--rights", !self.rights.is_empty()),
            ("--data-sockets", self.data_sockets.is_some()),
            ("--connects-anywhere", self.connects_anywhere),
            ("--hides-passwords", self.hides_passwords),
        ];
        let given = options.into_iter().find(|(_, is_given)| *is_given);
        given.map(|(option, _)| ServingError::ServesNothing { option })
    }
}

#[cfg(test)]
mod tests {
    use clap::{Args, Command};

    use super::*;

    #[test]
    fn every_edition_can_be_asked_for() {
        let command = ServerArgs::augment_args(Command::new("host"));
        let edition =
            command.get_arguments().find(|option| option.get_id() == "edition").expect("it is there");
        let known = edition.get_possible_values();
        let known: Vec<&str> = known.iter().map(|value| value.get_name()).collect();
        assert_eq!(known, Edition::NAMES);
    }
}
