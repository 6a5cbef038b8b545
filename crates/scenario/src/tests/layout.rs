//! Laying out changes columns and nothing else.

use proptest::prelude::*;

use crate::library::{self, BuiltIn};
use crate::{laid_out, means_the_same, parse, parse_net};

/// Every scenario of the library, and one that has what those do not have.
fn scenarios() -> Vec<String> {
    let library = library::scenarios().filter_map(library::scenario).map(str::to_owned);
    library.chain([super::WHOLE_RUNS.replace(", the-same-again", "")]).collect()
}

/// Whether what can be read before is read as the same afterwards, on the same lines, and stays as it is then.
fn keeps_its_meaning(text: &str) -> Result<(), String> {
    let after = laid_out("a.scenario", text);
    if laid_out("a.scenario", &after) != after {
        return Err(format!("laid out twice it differs: {text:?}"));
    }
    let Ok(before) = parse("a.scenario", text, &BuiltIn) else { return Ok(()) };
    let read = parse("a.scenario", &after, &BuiltIn).map_err(|errors| errors.render(false, 100))?;
    if means_the_same(&before, &read) {
        Ok(())
    } else {
        Err(format!("{text:?} means something else than {after:?}"))
    }
}

#[test]
fn the_library_is_laid_out() {
    for name in library::scenarios() {
        let text = library::scenario(name).expect("it is listed");
        assert_eq!(laid_out("a.scenario", text), text, "{name}");
        keeps_its_meaning(text).unwrap_or_else(|why| panic!("{name}: {why}"));
    }
    for name in library::nets() {
        let text = library::net(name).expect("it is listed");
        assert_eq!(laid_out("a.net", text), text, "{name}");
    }
}

#[test]
fn columns_are_those_of_the_house() {
    let before = "title Two people\nnet three-imps\nhost SITE1 serves ftp\n\tfile <A>B\n\t\t|  kept  \n\n\
                  SITE1 types A  B  # C\n+1s SITE2 types X\nOTHER   sees D\n# why\nexpect no SITE1 -> SITE2 250 x  gloss\n\n\n";
    let after = "title   Two people\nnet     three-imps\nhost SITE1 serves ftp\n  file <A>B\n    |  kept  \n\n\
                 SITE1 types  A  B  # C\n+1s SITE2 types X\nOTHER sees   D\n# why\n\
                 expect no SITE1 -> SITE2  250 x  gloss\n";
    assert_eq!(laid_out("a.scenario", before), after);
    assert_eq!(
        laid_out("a.net", "net a A net\nimp 1 A\nimp      2  B"),
        "net     a A net\nimp     1 A\nimp      2  B\n"
    );
}

#[test]
fn what_is_said_of_sweeps_and_whole_runs_stands_in_columns() {
    let before = "sweep\n faults 0 to 2 of: any imp crashes, # why\n# at the margin\n  any host hangs\n\n\tBETWEEN   0s and 1s\n\
                  # a comment\nmeanwhile # so\n\tat 1.5s A crashes\n  at 2s   line B to C  fails\n  # below\n  at  30ms A restarts # again\n\n\
                  always no A -> B RTS\nat   the end  A file <A>B\n| X\n  | Y\nsometimes A sees  X\nat 5s A crashes\n";
    let after = "sweep\n  faults   0 to 2 of: any imp crashes, # why\n# at the margin\n           any host hangs\n\n  BETWEEN  0s and 1s\n\
                 # a comment\nmeanwhile # so\n  at 1.5s  A crashes\n  at 2s    line B to C  fails\n  # below\n  at 30ms  A restarts # again\n\n\
                 always      no A -> B  RTS\nat the end  A file <A>B\n| X\n    | Y\nsometimes   A sees  X\nat 5s A crashes\n";
    assert_eq!(laid_out("a.scenario", before), after);
    let runs = super::WHOLE_RUNS;
    assert_eq!(laid_out("a.scenario", runs), runs, "as the house writes it");
}

#[test]
fn nets_keep_their_meaning() {
    for text in library::nets().filter_map(library::net) {
        let squeezed = text.replace("     ", " ");
        let read = |text: &str| parse_net("a.net", text).map(|net| format!("{net:?}")).ok();
        assert_eq!(read(&squeezed), read(&laid_out("a.net", &squeezed)), "{squeezed}");
    }
}

proptest! {
    #[test]
    fn whatever_somebody_wrote_keeps_its_meaning(
        which in any::<prop::sample::Index>(),
        blanks in prop::collection::vec((
            any::<prop::sample::Index>(),
            prop::sample::select(vec!["", " ", "\t"]),
            prop::sample::select(vec!["", "  ", "\t", "\r", "\u{a0}", " #", " # why"]),
        ), 0..40),
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0usize..3, prop::sample::select(vec![
            " ", "  ", "\t", "\n", "\n\n", "\n  ", "\n    | ", "\r\n", "#", " # ", "|", "+1s ", "\u{a0}", "  -> ", "expect ", "types ",
        ])), 0..6),
    ) {
        let scenarios = scenarios();
        let mut text = which.get(&scenarios).to_string();
        // Where white space may say something: at the ends of lines. Then anywhere.
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        for (at, before, after) in blanks {
            let line: &mut String = at.get_mut(&mut lines);
            *line = format!("{}{line}{after}", if line.starts_with(' ') { before } else { "" });
        }
        text = lines.join("\n");
        for (at, gone, new) in edits {
            let characters: Vec<char> = text.chars().collect();
            let at = at.index(characters.len() + 1);
            let behind = characters[at..].iter().skip(gone);
            text = characters[..at].iter().copied().chain(new.chars()).chain(behind.copied()).collect();
        }
        prop_assert_eq!(keeps_its_meaning(&text), Ok(()));
    }
}
