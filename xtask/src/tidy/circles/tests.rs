//! Small made-up crates, with circles and without.

use super::check;

/// What is said of a crate that has these files, each below `src`.
fn problems(files: &[(&str, &str)]) -> Vec<String> {
    let text = |path: &str| files.iter().find(|(name, _)| path == *name).map(|(_, text)| (*text).to_owned());
    let mut problems = Vec::new();
    check("lib.rs", &text, &mut problems);
    problems
}

/// What is said, where there is one circle.
fn circle(files: &[(&str, &str)]) -> Vec<String> {
    let problems = problems(files);
    assert_eq!(problems.len(), 1, "{problems:?}");
    problems[0].lines().skip(1).map(|line| line.trim().to_owned()).collect()
}

#[test]
fn a_parent_that_declares_and_hands_on_is_no_part_of_a_circle() {
    let found = problems(&[
        ("lib.rs", "mod a; mod b; pub use a::A; pub use b::B;"),
        ("a.rs", "use crate::B; pub struct A(B);"),
        ("b.rs", "use std::fmt; pub struct B { a: u8 } impl fmt::Debug for B {}"),
    ]);
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn a_child_may_need_its_parent_if_the_parent_does_not_need_it() {
    let child = "use super::A; pub struct B(A);";
    let found =
        problems(&[("lib.rs", "mod a;"), ("a.rs", "mod b; pub use b::B; pub struct A;"), ("a/b.rs", child)]);
    assert_eq!(found, Vec::<String>::new());
    let parent = "mod b; pub use b::B; pub struct A; fn f() -> Option<B> { None }";
    let found = circle(&[("lib.rs", "mod a;"), ("a.rs", parent), ("a/b.rs", child)]);
    assert_eq!(found, ["a.rs has B from a/b.rs", "a/b.rs has A from a.rs"], "it uses what it hands on");
}

#[test]
fn a_circle_through_super_is_seen() {
    let found = circle(&[
        ("lib.rs", "mod a;"),
        ("a/mod.rs", "mod b; const LIMIT: usize = 3; fn f() { b::g() }"),
        ("a/b.rs", "pub(super) fn g() { h(super::LIMIT) }"),
    ]);
    assert_eq!(found, ["a/b.rs has LIMIT from a/mod.rs", "a/mod.rs has g from a/b.rs"]);
}

#[test]
fn a_circle_through_a_re_export_is_seen() {
    let found = circle(&[
        ("lib.rs", "mod a; mod b; pub use a::{A, Other as Another}; pub use b::*;"),
        ("a.rs", "use crate::B; pub struct A(B); pub struct Other;"),
        ("b.rs", "use crate::Another; pub struct B(Another);"),
    ]);
    assert_eq!(found, ["a.rs has B from b.rs", "b.rs has Other from a.rs"]);
}

#[test]
fn a_circle_through_groups_of_imports_is_seen() {
    let found = circle(&[
        ("lib.rs", "mod a; mod d;"),
        ("a.rs", "use crate::{d, d::{self as other, D}}; pub fn f(_: D) { other::g(); d::h() }"),
        ("d.rs", "pub struct D; pub fn g() {} pub fn h() { crate::a::f(D) }"),
    ]);
    assert_eq!(found, ["a.rs has D, g, h from d.rs", "d.rs has f from a.rs"]);
}

#[test]
fn a_circle_of_three_through_a_type_s_methods_is_seen() {
    let found = circle(&[
        ("lib.rs", "mod a; mod b; mod c;"),
        ("a.rs", "pub struct A { n: u8 } impl A { pub fn run(&mut self) { self.begin() } }"),
        ("b.rs", "use crate::a::A; impl A { pub fn begin(&mut self) { Self::end() } }"),
        ("c.rs", "use crate::a::A; impl<'a> A where { pub fn end() {} }"),
    ]);
    assert_eq!(
        found,
        [
            "a.rs has A::begin from b.rs",
            "b.rs has A from a.rs",
            "b.rs has A::end from c.rs",
            "c.rs has A from a.rs"
        ]
    );
}

#[test]
fn what_only_tests_need_does_not_count() {
    let found = problems(&[
        ("lib.rs", "mod a; mod b;"),
        (
            "a.rs",
            "pub struct A; #[cfg(test)] use crate::b::{B, C}; #[cfg(test)] mod tests { use super::*; use crate::b::B; }",
        ),
        (
            "b.rs",
            "/// Not [`crate::b`].\nuse crate::a::A; pub struct B(A); // crate::c::C\nconst S: &str = \"crate::a\";",
        ),
    ]);
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn a_macro_counts_by_what_its_words_name() {
    let found = circle(&[
        ("lib.rs", "#[macro_use] mod a; mod b;"),
        ("a.rs", "macro_rules! make { ($name:ident) => { pub struct $name($crate::b::B); } } make!(A);"),
        ("b.rs", "pub struct B; fn f() { println!(\"{:?}\", crate::a::A) }"),
    ]);
    assert_eq!(found, ["a.rs has B from b.rs", "b.rs has A from a.rs"]);
}
