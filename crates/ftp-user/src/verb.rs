//! What a person can tell the program to do: one row for each verb.

use std::fmt::Write;

/// One row: the verb, what stands behind it with the noise words that a person may leave out, and what it does.
struct Row {
    name: &'static str,
    takes: &'static str,
    does: &'static str,
}

/// Makes the verbs of rows.
macro_rules! verbs {
    ($($verb:ident $name:literal $takes:literal $does:literal;)+) => {
        /// The first word of a line.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Verb {
            $(#[doc = concat!("`", $name, "`: ", $does, ".")] $verb,)+
        }

        impl Verb {
            /// Every verb, in the order in which help names them.
            pub(crate) const ALL: &[Verb] = &[$(Verb::$verb),+];

            const fn row(self) -> &'static Row {
                match self {
                    $(Verb::$verb => &Row { name: $name, takes: $takes, does: $does },)+
                }
            }
        }
    };
}

verbs! {
    Connect "CONNECT" "(TO) SITE" "BEGIN A DIALOGUE WITH THE SERVER AT A SITE";
    Login "LOGIN" "(USER) NAME" "SAY WHO YOU ARE THERE; THE PASSWORD IS ASKED FOR";
    Account "ACCOUNT" "(IS) ACCOUNT" "SAY WHO PAYS, WHERE A SERVER WANTS TO KNOW";
    Get "GET" "(FILE) THEIRS (TO FILE) MINE" "BRING A FILE FROM THERE";
    Send "SEND" "(FILE) MINE (TO FILE) THEIRS" "SEND A FILE THERE";
    Append "APPEND" "(FILE) MINE (TO FILE) THEIRS" "SEND IT TO THE END OF A FILE THERE";
    Multiple "MULTIPLE" "GET, SEND OR DELETE FILES" "MANY FILES AT ONCE: MULTIPLE GET *.TXT";
    Rename "RENAME" "(FILE) THEIRS (TO BE) NAME" "GIVE A FILE THERE ANOTHER NAME";
    Delete "DELETE" "(FILE) THEIRS" "DELETE A FILE THERE";
    List "LIST" "(FILES) [THEIRS]" "WHAT FILES THERE ARE: YOURS, A <NAME>'S, OR ONE";
    Directory "DIRECTORY" "(OF) [THEIRS]" "THE SAME, BUT THEIR NAMES ONLY";
    Cwd "CWD" "(TO) DIRECTORY" "GO TO ANOTHER DIRECTORY THERE, IF THE SERVER CAN";
    Files "FILES" "(HERE) [MINE]" "WHAT FILES THERE ARE AT YOUR OWN HOST";
    Type "TYPE" "(IS) ASCII OR IMAGE" "ASCII IS FOR TEXT, IMAGE FOR ANYTHING ELSE";
    Byte "BYTE" "(SIZE) 8" "THE BYTE SIZE OF DATA CONNECTIONS";
    Mode "MODE" "(IS) STREAM" "HOW DATA ARE CUT UP ON THE WAY";
    Structure "STRUCTURE" "(IS) FILE" "WHETHER FILES HAVE RECORDS";
    Status "STATUS" "(OF) [THEIRS]" "HOW THINGS STAND, ALSO WHILE A TRANSFER RUNS";
    Abort "ABORT" "" "STOP THE TRANSFER THAT RUNS";
    Quote "QUOTE" "(TEXT) TEXT" "SEND A COMMAND OF THE PROTOCOL AS IT IS";
    Help "HELP" "(WITH) [A COMMAND]" "THIS LIST, OR ONE LINE OF IT; ? DOES THE SAME";
    Bye "BYE" "" "LOG OUT, AND END THE DIALOGUE";
    Quit "QUIT" "" "THE SAME";
}

/// What is to be known beside the rows.
const BESIDE: &str = "\
BEGIN WITH CONNECT, THEN LOGIN; THEN LIST, GET AND SEND. A COMMAND MAY BE SHORTENED
AS LONG AS NO OTHER BEGINS SO; WORDS IN PARENTHESES MAY BE LEFT OUT. A ? IN THE PLACE
OF A WORD, OR AN ESC AT THE END, SAYS WHAT MAY STAND THERE. WHO WOULD REPLACE A FILE IS
ASKED BEFORE; OF A FILE THERE ONLY A PERSON IS, NO SCRIPT.";

/// What can be typed while a transfer runs.
pub(crate) const MEANWHILE: &str =
    "STATUS SAYS HOW FAR IT IS, ABORT STOPS IT; ANYTHING ELSE WAITS UNTIL IT IS OVER";

/// How wide the forms are that help shows in front of what they do.
const WIDTH: usize = 38;

impl Verb {
    /// The word itself.
    pub(crate) const fn name(self) -> &'static str {
        self.row().name
    }

    /// The verb that is meant by a word of either case: itself, or the only one that begins so. An error has all that do.
    pub(crate) fn meant(word: &str) -> Result<Verb, Vec<Verb>> {
        let begins = |verb: &&Verb| {
            verb.name().get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
        };
        let all: Vec<Verb> = Verb::ALL.iter().filter(begins).copied().collect();
        let itself = all.iter().find(|verb| verb.name().len() == word.len());
        match (itself, all.as_slice()) {
            (Some(verb), _) | (None, [verb]) => Ok(*verb),
            (None, _) => Err(all),
        }
    }

    /// The verb with what stands behind it.
    pub(crate) fn form(self) -> String {
        let Row { name, takes, .. } = self.row();
        [*name, *takes].join(" ").trim_end().to_owned()
    }

    /// The verb with the first of two names, up to where the second is to stand.
    pub(crate) fn with_one(self, first: &str) -> String {
        let Row { name, takes, .. } = self.row();
        let noise = takes.rsplit_once('(').and_then(|(_, rest)| rest.split_once(')'));
        noise.map_or_else(|| format!("{name} {first}"), |(noise, _)| format!("{name} {first} ({noise})"))
    }

    /// One line of help: the form, and what it does.
    pub(crate) fn help(self) -> String {
        format!("{:WIDTH$} {}", self.form(), self.row().does)
    }
}

/// One line of help for each of these verbs.
pub(crate) fn help_with(verbs: &[Verb]) -> String {
    verbs.iter().fold(String::new(), |mut text, verb| {
        let _ = writeln!(text, "{}", verb.help());
        text
    })
}

/// All the help there is.
pub(crate) fn help() -> String {
    help_with(Verb::ALL) + BESIDE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_means_the_only_verb_that_begins_so_and_a_whole_verb_itself() {
        assert_eq!(Verb::meant("g"), Ok(Verb::Get));
        assert_eq!(Verb::meant("List"), Ok(Verb::List));
        assert_eq!(Verb::meant("L"), Err(vec![Verb::Login, Verb::List]));
        assert_eq!(Verb::meant("GETS"), Err(vec![]));
        assert_eq!(Verb::meant("\u{e9}"), Err(vec![]));
        for verb in Verb::ALL {
            assert_eq!(Verb::meant(verb.name()), Ok(*verb));
        }
    }

    #[test]
    fn all_help_fits_on_the_paper_and_shouts() {
        for line in help().lines().chain([MEANWHILE]) {
            assert!(line.len() <= 88 && line.is_ascii(), "{line:?} is too wide");
            assert!(!line.contains(char::is_lowercase), "{line:?}");
        }
        for verb in Verb::ALL {
            assert!(verb.form().len() <= WIDTH, "{} stands apart from what it does", verb.form());
        }
    }
}
