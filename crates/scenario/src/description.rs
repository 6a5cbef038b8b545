//! The description of the language, for its readers.

use super::choice::Choice;
use super::drawn_faults::{OF_ANY_CABLE, OF_ANY_HOST, OF_ANY_IMP, OF_ANY_LINE};
use super::expectations;
use super::faults;
use super::hosts::CLAUSES;
use super::keywords::Keyword;
use super::measurements::MEASUREMENTS;
use super::sweep;
use super::verbs::VERBS;
use super::whole_run::{AT_THE_END, LAWS};

/// The language as it is taught: every statement, and what it means. No line has more than 100 characters.
pub const LANGUAGE: &str = include_str!("language.txt");

/// The form of net files as it is taught.
pub const NET_LANGUAGE: &str = include_str!("net.txt");

/// How every statement of a scenario and every clause of a host is written, as [`LANGUAGE`] has them: words of the
/// language in small letters, what is put in in capitals, what may be missing in brackets.
pub fn forms() -> impl Iterator<Item = &'static str> {
    fn of<R>(table: &'static [Choice<R>]) -> impl Iterator<Item = &'static str> {
        table.iter().flat_map(|choice| choice.forms).copied()
    }
    let statements = Keyword::all().flat_map(|word| word.forms()).copied();
    let verbs = VERBS.iter().flat_map(|verb| verb.forms).copied();
    let faults = of(faults::OF_LINES).chain(of(faults::OF_IMPS)).chain(of(faults::OF_CABLES));
    let others = of(MEASUREMENTS).chain(of(expectations::OF_HOSTS)).chain(of(CLAUSES));
    let drawn = of(OF_ANY_HOST).chain(of(OF_ANY_LINE)).chain(of(OF_ANY_IMP)).chain(of(OF_ANY_CABLE));
    let sweep = of(sweep::CLAUSES).chain(of(sweep::VARIATIONS)).chain(drawn);
    let conditions = std::iter::once(AT_THE_END).chain(LAWS.iter().map(|(form, _)| *form));
    statements.chain(verbs).chain(faults).chain(others).chain(sweep).chain(conditions)
}
