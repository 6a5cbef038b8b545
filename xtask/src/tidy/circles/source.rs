//! Reads one file of Rust by its tokens: what it defines, imports, names and calls. Tests are left out.
//!
//! Not a parser: it knows `mod`, `use`, `impl`, the words that begin an item, and paths. What a macro makes is seen as far
//! as its tokens name something.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// The words after which an item's name follows.
const ITEMS: [&str; 9] = ["struct", "enum", "fn", "const", "static", "type", "trait", "union", "macro_rules"];

/// A path as it is written, by its names: `crate::a::B`, or `B` alone.
pub(super) type Path = Vec<String>;

/// A module as it is written, in a file of its own or in braces.
#[derive(Debug, Default)]
pub(super) struct Source {
    /// The modules whose text is in other files.
    pub(super) declared: Vec<String>,
    /// The modules whose text is in this one.
    pub(super) inline: Vec<(String, Source)>,
    /// The names of its items.
    pub(super) defined: Vec<String>,
    pub(super) imports: Vec<Import>,
    /// The paths that stand in it anywhere else.
    pub(super) paths: Vec<Path>,
    pub(super) impls: Vec<Impl>,
}

/// One name that a `use` brings in.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Import {
    /// The name by which it is known here; `*` for all names of a module.
    pub(super) name: String,
    pub(super) path: Path,
    /// Whether it is handed on, by `pub use` of any reach.
    pub(super) handed_on: bool,
}

/// A block `impl Type` or `impl Trait for Type`.
#[derive(Debug)]
pub(super) struct Impl {
    /// Whose methods these are.
    pub(super) of: Path,
    /// The functions of the type itself; of a trait's none.
    pub(super) methods: Vec<String>,
    /// The functions that are called as `self.f` or `Self::f`.
    pub(super) calls: Vec<String>,
}

impl Source {
    /// Reads the text of a file.
    pub(super) fn read(text: &str) -> Result<Source, String> {
        let tokens: TokenStream = text.parse().map_err(|error| format!("{error}"))?;
        let mut source = Source::default();
        source.items(&tokens.into_iter().collect::<Vec<_>>());
        Ok(source)
    }

    /// Reads the items of a module.
    fn items(&mut self, tokens: &[TokenTree]) {
        let mut at = 0;
        while at < tokens.len() {
            let rest = &tokens[at..];
            at += match (word(rest, 0).as_deref(), word(rest, 1)) {
                (Some("mod"), Some(name)) => self.module(name, rest.get(2)),
                (Some("impl"), _) => self.block(rest),
                (Some(kind), Some(name)) if ITEMS.contains(&kind) && name != "fn" => {
                    self.defined.push(name);
                    2
                }
                (Some("macro_rules"), None) => {
                    self.defined.extend(word(rest, 2));
                    3
                }
                _ => self.other(tokens, at),
            };
        }
    }

    /// Reads what may stand anywhere, and returns how many tokens it has.
    fn other(&mut self, tokens: &[TokenTree], at: usize) -> usize {
        let rest = &tokens[at..];
        match &rest[0] {
            TokenTree::Punct(mark) if mark.as_char() == '#' => attribute(rest),
            // A lifetime.
            TokenTree::Punct(mark) if mark.as_char() == '\'' => 2,
            TokenTree::Group(group) => {
                self.inside(group);
                1
            }
            TokenTree::Ident(name) if name == "use" => self.import(rest, handed_on(&tokens[..at])),
            TokenTree::Ident(_) => {
                let path = path(rest);
                let length = 3 * path.len() - 2;
                let after_path = at >= 2 && is_colons(&tokens[at - 2..]);
                if !(after_path || is_member(&tokens[..at])) {
                    self.paths.push(path);
                }
                length
            }
            TokenTree::Punct(_) | TokenTree::Literal(_) => 1,
        }
    }

    fn inside(&mut self, group: &Group) {
        let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
        let mut at = 0;
        while at < tokens.len() {
            at += self.other(&tokens, at);
        }
    }

    /// Reads `mod name;` or `mod name { .. }`.
    fn module(&mut self, name: String, body: Option<&TokenTree>) -> usize {
        match body {
            Some(TokenTree::Group(group)) => {
                let mut source = Source::default();
                source.items(&group.stream().into_iter().collect::<Vec<_>>());
                self.inline.push((name, source));
            }
            _ => self.declared.push(name),
        }
        3
    }

    /// Reads `impl .. { .. }`.
    fn block(&mut self, tokens: &[TokenTree]) -> usize {
        let Some(end) = tokens.iter().position(is_braces) else { return 1 };
        let header = &tokens[1..end];
        let mut at = 0;
        while at < header.len() {
            at += self.other(header, at);
        }
        let TokenTree::Group(body) = &tokens[end] else { return end + 1 };
        self.inside(body);
        let of_trait = (0..header.len()).find(|at| word(header, *at).as_deref() == Some("for"));
        let of = &header[of_trait.map_or_else(|| generics(header), |at| at + 1)..];
        let inner: Vec<TokenTree> = body.stream().into_iter().collect();
        let functions = (0..inner.len()).filter(|at| word(&inner, *at).as_deref() == Some("fn"));
        let methods = match of_trait {
            Some(_) => Vec::new(),
            None => functions.filter_map(|at| word(&inner, at + 1)).collect(),
        };
        let mut calls = Vec::new();
        calls_in(&inner, &mut calls);
        if word(of, 0).is_some() {
            self.impls.push(Impl { of: path(of), methods, calls });
        }
        end + 1
    }

    /// Reads `use ..;`.
    fn import(&mut self, tokens: &[TokenTree], handed_on: bool) -> usize {
        let end = tokens.iter().position(|token| is_mark(Some(token), ';')).unwrap_or(tokens.len());
        self.tree(&tokens[1..end], &[], handed_on);
        end
    }

    /// Reads what `use` brings in: a path, a path with another name, or a path with more of them in braces.
    fn tree(&mut self, tokens: &[TokenTree], before: &[String], handed_on: bool) {
        let mut path = before.to_vec();
        let mut name = None;
        let mut at = 0;
        while at < tokens.len() {
            match &tokens[at] {
                TokenTree::Ident(word) if word == "as" => {
                    name = self::word(tokens, at + 1);
                    at += 1;
                }
                TokenTree::Ident(word) if word == "self" && !path.is_empty() => {}
                TokenTree::Ident(word) => path.push(word.to_string()),
                TokenTree::Group(group) => {
                    let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                    for tree in inner.split(|token| is_mark(Some(token), ',')) {
                        self.tree(tree, &path, handed_on);
                    }
                    return;
                }
                TokenTree::Punct(mark) if mark.as_char() == '*' => name = Some("*".to_owned()),
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
            at += 1;
        }
        if let Some(name) = name.or_else(|| path.last().cloned()).filter(|_| !tokens.is_empty()) {
            self.imports.push(Import { name, path, handed_on });
        }
    }
}

/// How many tokens an attribute has, with the item after it if that is for tests only.
fn attribute(tokens: &[TokenTree]) -> usize {
    let length = if is_mark(tokens.get(1), '!') { 3 } else { 2 };
    let Some(TokenTree::Group(group)) = tokens.get(length - 1) else { return 1 };
    let text = group.stream().to_string().replace(' ', "");
    let for_tests = text.starts_with("cfg(test") || text.starts_with("cfg(all(test");
    if !for_tests || length == 3 {
        return length;
    }
    let mut end = length;
    let is_import = |at: usize| (length..=at).any(|at| word(tokens, at).as_deref() == Some("use"));
    while end < tokens.len() {
        let over = is_mark(tokens.get(end), ';') || is_braces(&tokens[end]) && !is_import(end);
        end += 1;
        if over {
            break;
        }
    }
    end
}

/// The path that begins here.
fn path(tokens: &[TokenTree]) -> Path {
    let mut path: Path = word(tokens, 0).into_iter().collect();
    while is_colons(&tokens[(3 * path.len() - 2).min(tokens.len())..])
        && let Some(next) = word(tokens, 3 * path.len())
    {
        path.push(next);
    }
    path
}

/// How many tokens the generics after `impl` have.
fn generics(header: &[TokenTree]) -> usize {
    let mut open = 0_usize;
    for (at, token) in header.iter().enumerate() {
        let arrow = at > 0 && is_mark(header.get(at - 1), '-');
        if is_mark(Some(token), '<') {
            open += 1;
        } else if is_mark(Some(token), '>') && !arrow {
            open -= 1;
        }
        if open == 0 {
            return if at == 0 { 0 } else { at + 1 };
        }
    }
    0
}

/// The functions called as `self.f` and `Self::f`.
fn calls_in(tokens: &[TokenTree], calls: &mut Vec<String>) {
    for (at, token) in tokens.iter().enumerate() {
        let name = match (word(tokens, at).as_deref(), tokens.get(at + 1)) {
            (Some("self"), dot) if is_mark(dot, '.') => word(tokens, at + 2),
            (Some("Self"), Some(_)) if is_colons(&tokens[at + 1..]) => word(tokens, at + 3),
            _ => None,
        };
        calls.extend(name);
        if let TokenTree::Group(group) = token {
            calls_in(&group.stream().into_iter().collect::<Vec<_>>(), calls);
        }
    }
}

/// The word at this place, if one is there.
fn word(tokens: &[TokenTree], at: usize) -> Option<String> {
    match tokens.get(at)? {
        TokenTree::Ident(word) => Some(word.to_string()),
        TokenTree::Group(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => None,
    }
}

fn is_mark(token: Option<&TokenTree>, wanted: char) -> bool {
    matches!(token, Some(TokenTree::Punct(mark)) if mark.as_char() == wanted)
}

fn is_colons(tokens: &[TokenTree]) -> bool {
    is_mark(tokens.first(), ':') && is_mark(tokens.get(1), ':')
}

fn is_braces(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
}

/// Whether what follows is the name of a field or a method: it comes after one dot, not after the two of a range.
fn is_member(before: &[TokenTree]) -> bool {
    let dot = |back: usize| before.len().checked_sub(back).is_some_and(|at| is_mark(before.get(at), '.'));
    dot(1) && !dot(2)
}

/// Whether `pub` or `pub(..)` stands before.
fn handed_on(before: &[TokenTree]) -> bool {
    let last = before.len().wrapping_sub(1);
    let reach = matches!(before.get(last), Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis);
    word(before, if reach { last.wrapping_sub(1) } else { last }).as_deref() == Some("pub")
}
