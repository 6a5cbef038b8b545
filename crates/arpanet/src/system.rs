//! What the system says went wrong, in words.

use std::io;

/// Why something could not be read, written or opened. The number that the system has for it says nothing to people.
pub(crate) fn words(error: &io::Error) -> String {
    if error.get_ref().is_some() {
        return error.to_string();
    }
    let known = match error.kind() {
        io::ErrorKind::NotFound => "it is not there",
        io::ErrorKind::PermissionDenied => "permission denied",
        io::ErrorKind::IsADirectory => "that is a folder",
        io::ErrorKind::NotADirectory => "what stands before the last / is no folder",
        io::ErrorKind::AlreadyExists => "it is there already",
        io::ErrorKind::StorageFull => "there is no room left",
        io::ErrorKind::ReadOnlyFilesystem => "nothing can be written there",
        io::ErrorKind::BrokenPipe => "nobody reads it any more",
        io::ErrorKind::AddrInUse => "another program is there",
        io::ErrorKind::AddrNotAvailable => "this machine has no such address",
        _ => {
            let text = error.to_string();
            return text.split(" (os error ").next().unwrap_or_default().to_owned();
        }
    };
    known.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_number_of_the_system_is_told() {
        for number in 1..140 {
            let told = words(&io::Error::from_raw_os_error(number));
            assert!(!told.is_empty() && !told.contains("os error"), "{number}: {told}");
        }
        assert_eq!(words(&io::Error::from(io::ErrorKind::NotFound)), "it is not there");
        assert_eq!(words(&io::Error::other("another run writes this")), "another run writes this");
    }
}
