//! What happens inside a host that no wire shows.

/// Something that a person at the host could have seen, and that no cable carries.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Note {
    /// The host came up.
    Booted,
    /// The host stopped: its programs and its NCP's tables are gone, its files are not.
    Crashed,
    /// A program asks for a line to be typed: it has printed this, and the line will stand behind it.
    Asked(Prompt),
    /// A person typed a line at the teletype.
    Typed {
        /// What the program had printed to ask for it.
        prompt: String,
        /// The line, or `None` where the program asked for it to be hidden.
        line: Option<String>,
    },
    /// A program printed a line on the teletype.
    Printed(String),
    /// A file has a new content.
    Filed {
        /// Its path name.
        path: String,
        /// How many bytes it holds now.
        bytes: usize,
        /// How many of them were there before and are still.
        kept: usize,
    },
    /// A file has another name.
    Renamed {
        /// The path name that it had.
        from: String,
        /// The path name that it has.
        to: String,
    },
    /// A file was deleted.
    Deleted {
        /// Its path name.
        path: String,
    },
}

/// What a program asks the person at the teletype for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Prompt {
    /// What it has printed to ask.
    pub text: String,
    /// Whether what is typed is not to be seen: a password.
    pub hidden: bool,
}

impl Prompt {
    /// Whether it only says that the program is ready for the next command, by a sign: it has neither letters nor digits.
    pub fn is_ready_sign(&self) -> bool {
        !self.text.contains(char::is_alphanumeric)
    }
}
