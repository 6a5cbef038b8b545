//! The verbs of the language: what can stand behind the name of a host at the beginning of a step.
//!
//! A new one is a row of [`VERBS`], its form in `language.txt`, and what it means: a variant of [`HostAction`] or
//! [`NcpAction`]. Suggestions, the words that may follow `within`, and the tests know it from its row.

use imp::nearest::nearest;
use imp::{Fault, HostSite};
use imp1822::HostAddress;

use super::ast::{Action, HostAction, NcpAction};
use super::context::Context;
use super::errors::{Diagnostic, Help};
use super::host_steps as read;
use super::keywords::{Keyword, Patience};
use super::slips::{Place, instead};
use super::timing::misplaced;
use super::words::{Word, Words};

/// A verb that stands behind the name of a host.
pub(super) struct Verb {
    /// The word.
    pub(super) word: &'static str,
    /// Whether `within` may stand in front of it.
    pub(super) patience: Patience,
    /// Whether text stands behind it.
    pub(super) behind: Behind,
    /// Who does it, and what is read behind the word.
    read: Reader,
    /// How the statements with it are written: words of the language in small letters, what is put in in capitals,
    /// what may be missing in brackets.
    pub(super) forms: &'static [&'static str],
}

/// Whether text stands behind a verb, up to the end of the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Behind {
    /// Nothing but text.
    Text,
    /// Text, behind a socket.
    SocketAndText,
    /// None.
    NoText,
}

/// Reads what stands behind a verb.
enum Reader {
    /// The host does it, or it is done at the host's teletype. The reader is given the name of the host.
    Host(fn(&Context<'_>, Word<'_>, &mut Words<'_>) -> Result<HostAction, Diagnostic>),
    /// It drives the host's NCP directly. All that happens there is printed on the teletype then, and no
    /// program need run.
    Ncp(fn(&Context<'_>, &mut Words<'_>) -> Result<NcpAction, Diagnostic>),
    /// It happens to the interface between the host and its IMP.
    Interface(fn(HostAddress, &mut Words<'_>) -> Result<Fault, Diagnostic>),
}

/// Makes the table of verbs.
macro_rules! verbs {
    ($($word:literal: $patience:ident, $behind:ident, $who:ident($read:expr), [$($form:literal),+];)+) => {
        /// Every verb, in the order in which suggestions list them.
        pub(super) const VERBS: &[Verb] = &[$(Verb {
            word: $word,
            patience: Patience::$patience,
            behind: Behind::$behind,
            read: Reader::$who($read),
            forms: &[$($form),+],
        }),+];
    };
}

// The word; whether it waits for something that may not come; whether text stands behind it; who does it, and what reads the rest of the line; how the
// statements with it are written.
verbs! {
    "types": NoWait, Text, Host(read::types), ["HOST types [TEXT]"];
    "sees": MayWait, Text, Host(read::sees), ["HOST sees TEXT"];
    "announces": NoWait, Text, Host(read::announces), ["HOST announces TEXT"];
    "shuts": NoWait, NoText, Host(read::shuts_down), ["HOST shuts down ftp in SPAN"];
    "crashes": NoWait, NoText, Host(|_, _, _| Ok(HostAction::Crashes)), ["HOST crashes"];
    "restarts": NoWait, NoText, Host(|_, _, _| Ok(HostAction::Restarts)), ["HOST restarts"];
    "hangs": NoWait, NoText, Interface(|host, _| Ok(Fault::HostHangs { host })), ["HOST hangs"];
    "goes": NoWait, NoText, Interface(read::goes_on), ["HOST goes on"];

    "inits": NoWait, NoText, Ncp(read::inits), ["HOST inits SOCKET to HOST SOCKET [size N]"];
    "listens": NoWait, NoText, Ncp(read::listens), ["HOST listens SOCKET [for HOST [SOCKET]] [size N]"];
    "answers": NoWait, NoText, Ncp(read::answers), ["HOST answers a call at SOCKET, and goes on at SOCKET"];
    "calls": NoWait, NoText, Ncp(read::calls), ["HOST calls HOST at SOCKET, from SOCKET"];
    "closes": NoWait, NoText, Ncp(read::closes), ["HOST closes SOCKET"];
    "aborts": NoWait, NoText, Ncp(read::aborts), ["HOST aborts SOCKET"];
    "sends": MayWait, SocketAndText, Ncp(read::sends), ["HOST sends SOCKET DATA", "HOST sends SOCKET N random bytes"];
    "receives": MayWait, SocketAndText, Ncp(read::receives), [
        "HOST receives SOCKET DATA",
        "HOST receives SOCKET any N bytes",
        "HOST receives SOCKET what HOST sent from SOCKET"
    ];
    "says": MayWait, SocketAndText, Ncp(read::says), ["HOST says SOCKET [TEXT]"];
    "hears": MayWait, SocketAndText, Ncp(read::hears), ["HOST hears SOCKET TEXT"];
    "interrupts": MayWait, NoText, Ncp(read::interrupts), ["HOST interrupts SOCKET"];
    "takes": MayWait, NoText, Ncp(read::takes_back), ["HOST takes back SOCKET N/128 [messages N/128 bits]"];
    "echoes": NoWait, NoText, Ncp(read::echoes), ["HOST echoes HOST N"];
    "resets": NoWait, NoText, Ncp(read::resets), ["HOST resets HOST"];
    "injects": NoWait, NoText, Ncp(read::injects), ["HOST injects to HOST link N HEX", "HOST injects raw HEX"];
    "netstat": NoWait, NoText, Ncp(|_, _| Ok(NcpAction::Netstat)), ["HOST netstat"];
}

impl Verb {
    /// The verb that is written like this.
    pub(super) fn of(word: Word<'_>) -> Option<&'static Verb> {
        VERBS.iter().find(|verb| word.is(verb.word))
    }

    /// Whether text may stand behind it, at the end of its line.
    pub(super) fn takes_text(&self) -> bool {
        match self.behind {
            Behind::Text | Behind::SocketAndText => true,
            Behind::NoText => false,
        }
    }

    /// Whether it drives the host's NCP directly.
    pub(super) fn drives_the_ncp(&self) -> bool {
        match self.read {
            Reader::Ncp(_) => true,
            Reader::Host(_) | Reader::Interface(_) => false,
        }
    }
}

/// Reads a step that begins with the name of a host, and says whether it may wait.
pub(super) fn host_step(
    context: &Context<'_>,
    name: Word<'_>,
    words: &mut Words<'_>,
) -> Result<(Action, Patience), Diagnostic> {
    if Keyword::of(name.text).is_some_and(Keyword::begins_no_step) {
        let label = "stands alone at the beginning of a line";
        return Err(Diagnostic::new(name.at(), format!("`{}` begins no step", name.text), label));
    }
    let word = words.next();
    let Some(verb) = word.and_then(Verb::of) else { return Err(no_step(context, name, word, words)) };
    let host = context.declared(name)?;
    let mut read = || {
        let action = match verb.read {
            Reader::Host(read) => Action::Host(host, read(context, name, words)?),
            Reader::Ncp(read) => Action::Host(host, HostAction::Ncp(read(context, words)?)),
            Reader::Interface(read) => Action::Fault(read(host, words)?),
        };
        words.end()?;
        Ok((action, verb.patience))
    };
    read().map_err(|mistake: Diagnostic| mistake.form(verb.forms))
}

/// The complaint that a line is no step, because behind its first word no verb stands.
fn no_step(context: &Context<'_>, name: Word<'_>, word: Option<Word<'_>>, words: &Words<'_>) -> Diagnostic {
    if let Err(in_one_word) = name.without_arrow() {
        return in_one_word;
    }
    let is_shouted = |word: Word<'_>| !word.text.contains(|letter: char| letter.is_ascii_lowercase());
    let site = match context.names.site(name) {
        Ok(None) if !is_shouted(name) && word.is_none_or(|word| !word.is("->")) => {
            return name.does_not_stand(Place::Statement, &beginnings());
        }
        Ok(site) => site,
        Err(unknown) => return no_statement(context, name, word, unknown),
    };
    let host = site.map_or(name.text, |site| &site.name);
    let Some(word) = word else { return words.wanting(&format!("what {host} does")) };
    if let Some(misplaced) = misplaced(word) {
        return misplaced;
    }
    let known: Vec<&str> = VERBS.iter().map(|verb| verb.word).collect();
    let unknown = word.does_not_stand(Place::Verb, &known);
    let rest = || format!("{} {}", word.text, word.behind.trim()).trim_end().to_owned();
    if word.is("->") {
        if let Some(help) = act_toward(name, words) {
            return unknown.help(help);
        }
        let step = format!("{} {}", name.text, rest());
        return unknown.help(format!("write `expect {step}`, or to wait for it, `wait for {step}`"));
    }
    let types = || format!("`{} types {}`", name.text, rest());
    if !context.runs_a_program(name) || !is_shouted(word) && instead(Place::Verb, word).is_some() {
        return unknown;
    }
    let typed = format!("what is typed at its teletype stands behind `types`: {}", types());
    match nearest(word.text, known) {
        Some(near) if !is_shouted(word) => {
            let drives = VERBS.iter().any(|verb| verb.word == near && verb.drives_the_ncp());
            if drives { unknown.help(format!("did you mean `{near}`? {typed}")) } else { unknown }
        }
        Some(_) | None => unknown.help(typed),
    }
}

/// What to write instead of `HOST -> HOST` in front of a verb; `words` stand behind the arrow.
fn act_toward(name: Word<'_>, words: &Words<'_>) -> Option<String> {
    let mut words = words.clone();
    let (to, verb) = (words.next()?, words.next().filter(|verb| Verb::of(*verb).is_some())?);
    let leave_out = format!("leave `-> {}` out: `{} {} ...`", to.text, name.text, verb.text);
    Some(if verb.is("types") {
        let types = format!("`{} types CONNECT {}`", name.text, to.text);
        format!("{leave_out}; whom a program is to call is typed, too: {types}")
    } else {
        format!("{leave_out}; behind `->` stands what a message says, after `expect` or `wait for`")
    })
}

/// The complaint that a line begins with neither a host nor a word of the language.
fn no_statement(
    context: &Context<'_>,
    first: Word<'_>,
    second: Option<Word<'_>>,
    unknown_host: Diagnostic,
) -> Diagnostic {
    let no_such = first.does_not_stand(Place::Statement, &beginnings());
    if let Some(second) = second
        && context.names.knows(second)
        && let Some(verb) = nearest(&format!("{}s", first.text), VERBS.iter().map(|verb| verb.word))
    {
        let swapped = format!("the host comes first: `{} {verb}`", second.text);
        return Diagnostic { help: Help::Said(swapped), ..no_such };
    }
    if first.begins_with_digit() {
        let bare = first.text.trim_end_matches(['.', ')', ':']);
        return no_such.help(if bare == first.text {
            "a time stands behind `at`, or right behind a plus sign: `+5s`"
        } else {
            "steps have no numbers in front of them"
        });
    }
    let known = context.names.net().into_iter().flat_map(|net| {
        net.hosts.iter().flat_map(HostSite::names).chain(net.imps.iter().map(|imp| imp.name.as_str()))
    });
    let beginnings = beginnings();
    let is_slip = instead(Place::Statement, first).is_some();
    match nearest(first.text, beginnings.iter().copied().chain(known)) {
        Some(near) if !is_slip && !beginnings.contains(&near) => unknown_host,
        None if !is_slip && second.is_some_and(|word| word.is("->")) => unknown_host,
        Some(_) | None => no_such,
    }
}

/// With what a statement may begin, other than the name of a host.
fn beginnings() -> Vec<&'static str> {
    Keyword::all().filter(|word| word.begins_a_statement()).map(Keyword::word).collect()
}
