//! The last words of a command that moves a file: which there are, and what each claims of the file at the destination.

use ftp_user::{Claim, Saying};

/// `APPEND`: both servers are content, and neither has counted other bytes than the other.
pub(crate) const APPENDED: Saying = Saying::new("appended", "APPENDED", Claim::Whole);
/// The same of `COPY`.
pub(crate) const COPIED: Saying = Saying::new("copied", "COPIED", Claim::Whole);
/// Both servers are content, and have counted different numbers of bytes.
pub(crate) const OTHER_COUNT: Saying =
    Saying::new("other-count", "# BYTES WERE SENT AND # ARRIVED: LOOK AT *", Claim::NotWhole);
/// The destination has stored what it took for the whole file.
pub(crate) const PERHAPS_NOT_ALL: Saying =
    Saying::new("perhaps-not-all", "PERHAPS NOT ALL OF IT HAS ARRIVED: LOOK AT *", Claim::Unknown);
/// Nothing has been done.
pub(crate) const NOT_DONE: Saying = Saying::new("not-done", "NOT DONE", Claim::Untouched);
/// The same, with what the user can do about it.
pub(crate) const NOT_DONE_ADVICE: Saying = Saying::new("not-done-advice", "NOT DONE: *", Claim::Untouched);
/// What the user can do about a server that has not even been reached: the contact socket was refused, or did not answer.
pub const NOBODY_SERVES: &str = "PERHAPS NOBODY SERVES FILES THERE";
/// The destination fell silent before it told.
pub(crate) const NOBODY_KNOWS: Saying =
    Saying::new("nobody-knows", "NOBODY KNOWS WHETHER IT IS DONE: LOOK AT *", Claim::Unknown);
/// No site has that name.
pub(crate) const NO_HOST: Saying = Saying::new("no-host", "THERE IS NO HOST *", Claim::Untouched);

/// All last words of `APPEND` and `COPY`. Of each command one is printed, as a line of its own.
pub const ENDINGS: [Saying; 8] =
    [APPENDED, COPIED, OTHER_COUNT, PERHAPS_NOT_ALL, NOT_DONE, NOT_DONE_ADVICE, NOBODY_KNOWS, NO_HOST];

/// The row whose words a line is in, if it is the last word of a command that moves a file.
pub fn ending_of(line: &str) -> Option<&'static Saying> {
    ENDINGS.iter().find(|ending| ending.says(line))
}

/// What a line claims of the file at the destination, if it is the last word of a command that moves a file.
pub fn claim_of(line: &str) -> Option<Claim> {
    ending_of(line).map(Saying::claim)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_one_ending_at_most_and_what_servers_say_has_none() {
        for (line, claim) in [
            ("APPENDED", Some(Claim::Whole)),
            ("COPIED", Some(Claim::Whole)),
            ("5000 BYTES WERE SENT AND 3998 ARRIVED: LOOK AT [SITE2]C.D", Some(Claim::NotWhole)),
            ("PERHAPS NOT ALL OF IT HAS ARRIVED: LOOK AT [SITE2]C.D", Some(Claim::Unknown)),
            ("NOT DONE", Some(Claim::Untouched)),
            ("NOT DONE: TRY AGAIN LATER", Some(Claim::Untouched)),
            ("NOBODY KNOWS WHETHER IT IS DONE: LOOK AT [SITE2]C.D", Some(Claim::Unknown)),
            ("THERE IS NO HOST SITE9", Some(Claim::Untouched)),
            ("[SITE2] 252 transfer complete, 5000 bytes over the data connection", None),
            ("[SITE2] APPE A.B: 451 NOT DONE", None),
            ("   APPENDED", None),
            ("LOGIN WHAT? TYPE HELP", None),
            ("", None),
        ] {
            assert_eq!(claim_of(line), claim, "{line:?}");
            assert!(ENDINGS.iter().filter(|ending| ending.says(line)).count() <= 1, "{line:?}");
        }
    }
}
