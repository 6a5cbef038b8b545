//! How a file is represented on the data connection: type, byte size, mode and structure.

use std::fmt;

use ncp::ByteSize;

/// Makes an enum whose values are written as one letter in a command, in either case.
macro_rules! letters {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $letter:literal = $variant:ident: $text:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
        pub enum $name {
            $($(#[$doc])* $variant,)+
        }

        impl $name {
            /// All values, in the order of the documents.
            pub const ALL: &[$name] = &[$($name::$variant),+];

            /// The letter that a command carries.
            pub const fn letter(self) -> char {
                match self { $($name::$variant => $letter,)+ }
            }

            /// The value with the given letter, of either case (RFC 385, 10).
            pub fn from_letter(letter: char) -> Option<Self> {
                match letter.to_ascii_uppercase() { $($letter => Some($name::$variant),)+ _ => None }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self { $($name::$variant => $text,)+ })
            }
        }
    };
}

letters! {
    /// The representation type (RFC 354, III.B; the letters E, P and F as RFC 385, 3 has them).
    Type {
        /// Network ASCII in 8-bit bytes.
        #[default]
        'A' = Ascii: "ASCII",
        /// Contiguous bits, cut into bytes of the given size.
        'I' = Image: "image",
        /// Bytes of the given size, stored as the site finds best.
        'L' = Local: "local byte",
        /// EBCDIC in 8-bit bytes.
        'E' = Ebcdic: "EBCDIC",
        /// ASCII with ASA vertical format control.
        'P' = PrintAscii: "ASCII print file",
        /// EBCDIC with ASA vertical format control.
        'F' = PrintEbcdic: "EBCDIC print file",
    }
}

letters! {
    /// The transfer mode (RFC 354, III.C).
    Mode {
        /// A stream of bytes; the end of the connection is the end of the file.
        #[default]
        'S' = Stream: "stream",
        /// Blocks with a header of descriptor and count.
        'B' = Block: "block",
        /// ASCII with codes for the ends of records and of the file.
        'T' = Text: "text",
        /// Compressed as HASP does; never defined.
        'H' = Hasp: "HASP",
    }
}

letters! {
    /// The structure of the file (RFC 354, III.C).
    Structure {
        /// No records.
        #[default]
        'F' = File: "file",
        /// Records.
        'R' = Record: "record",
    }
}

letters! {
    /// The format of text, which RFC 454, IV.A.2 tells from its type.
    Format {
        /// As it is.
        #[default]
        'U' = Unformatted: "unformatted",
        /// With ASA vertical format control.
        'P' = PrintFile: "print file",
    }
}

/// The parameters of a transfer. They stay as last specified (RFC 354, IV.A.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parameters {
    /// The representation type.
    pub representation: Type,
    /// The byte size of the data connection.
    pub byte: ByteSize,
    /// The transfer mode.
    pub mode: Mode,
    /// The file's structure.
    pub structure: Structure,
}

impl Default for Parameters {
    /// ASCII, 8 bits, stream, file: what every server has (RFC 354, IV.A.2; RFC 385, 2).
    fn default() -> Self {
        Parameters {
            representation: Type::default(),
            byte: ByteSize::EIGHT,
            mode: Mode::default(),
            structure: Structure::default(),
        }
    }
}

/// Parameters that do not go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IllegalCombination {
    /// The type has a byte size of its own.
    #[error("type {0} goes with 8-bit bytes only")]
    ByteSize(Type),
    /// The mode cannot carry the type.
    #[error("mode {1} does not go with type {0}")]
    Mode(Type, Mode),
    /// The mode has no way to tell the type's records apart.
    #[error("mode {1} has no records for type {0}")]
    Records(Type, Mode),
}

impl Parameters {
    /// Sets the type. It takes precedence over an earlier BYTE, so the byte size becomes 8 again (RFC 385, 9).
    pub fn set_type(&mut self, representation: Type) {
        self.representation = representation;
        self.byte = ByteSize::EIGHT;
    }

    /// Whether the parameters go together: the matrix of RFC 454, III.C, with its TYPE and FORM as the types
    /// that they were before. HASP is legal in no combination, having never been defined.
    pub fn check(&self) -> Result<(), IllegalCombination> {
        let Parameters { representation, byte, mode, structure } = *self;
        let ascii = matches!(representation, Type::Ascii | Type::PrintAscii);
        let any_size = matches!(representation, Type::Image | Type::Local);
        if !any_size && byte != ByteSize::EIGHT {
            return Err(IllegalCombination::ByteSize(representation));
        }
        match (mode, structure) {
            (Mode::Block, _) | (Mode::Stream, Structure::File) => Ok(()),
            (Mode::Stream, Structure::Record) if any_size => {
                Err(IllegalCombination::Records(representation, mode))
            }
            (Mode::Stream, Structure::Record) => Ok(()),
            (Mode::Text, _) if ascii => Ok(()),
            (Mode::Text | Mode::Hasp, _) => Err(IllegalCombination::Mode(representation, mode)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(bits: u8) -> ByteSize {
        ByteSize::new(bits).expect("not zero")
    }

    #[test]
    fn letters_of_either_case_are_read_and_capitals_written() {
        for kind in Type::ALL {
            assert_eq!(Type::from_letter(kind.letter().to_ascii_lowercase()), Some(*kind));
        }
        assert_eq!(Mode::from_letter('h'), Some(Mode::Hasp));
        assert_eq!(Structure::from_letter('S'), None);
    }

    #[test]
    fn a_type_supersedes_an_earlier_byte_size() {
        let mut parameters = Parameters::default();
        parameters.set_type(Type::Image);
        parameters.byte = size(36);
        assert_eq!(parameters.check(), Ok(()));
        parameters.set_type(Type::Ascii);
        assert_eq!(parameters, Parameters::default());
    }

    /// RFC 454's matrix, a row for each type: the legal modes for structure F, then R, and whether any
    /// byte size will do.
    const MATRIX: [(Type, &str, &str, bool); 6] = [
        (Type::Ascii, "STB", "STB", false),
        (Type::PrintAscii, "STB", "STB", false),
        (Type::Ebcdic, "SB", "SB", false),
        (Type::PrintEbcdic, "SB", "SB", false),
        (Type::Image, "SB", "B", true),
        (Type::Local, "SB", "B", true),
    ];

    #[test]
    fn legal_combinations_are_those_of_the_matrix() {
        for (representation, file, record, any_size) in MATRIX {
            for mode in Mode::ALL.iter().copied() {
                for (structure, modes) in [(Structure::File, file), (Structure::Record, record)] {
                    for byte in [size(8), size(36)] {
                        let parameters = Parameters { representation, byte, mode, structure };
                        let legal = modes.contains(mode.letter()) && (any_size || byte == size(8));
                        assert_eq!(parameters.check().is_ok(), legal, "{parameters:?}");
                    }
                }
            }
        }
    }
}
