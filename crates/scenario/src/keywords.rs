//! The words of the scenario language that stand where the name of a host may. A host of such a name could not be told
//! from them, so that no host and no IMP of a net has one.

/// Makes an enum of words, each with how the statements that begin with it are written.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($variant:ident: $word:literal, $forms:expr;)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum $name {
            $($variant,)+
        }

        impl $name {
            /// All of them, in the order in which suggestions list them.
            pub(super) const ALL: &[$name] = &[$($name::$variant),+];

            /// The word as it is written.
            pub(super) fn word(self) -> &'static str {
                match self { $($name::$variant => $word,)+ }
            }

            /// How the statements that begin with it are written, but for those that a table of their own lists.
            pub(super) fn forms(self) -> &'static [&'static str] {
                match self { $($name::$variant => &$forms,)+ }
            }
        }
    };
}

words! {
    /// Begins a statement that says something of the whole scenario.
    HeadingWord {
        Title: "title", ["title TEXT"];
        Cites: "cites", ["cites TEXT"];
        Net: "net", ["net NAME"];
        Seed: "seed", ["seed N"];
        Limit: "limit", ["limit SPAN"];
        Fails: "fails", ["fails TEXT"];
        Misbehaves: "misbehaves", ["misbehaves HOST ..."];
        Monitor: "monitor", ["monitor off"];
        Sweep: "sweep", ["sweep"];
    }
}

words! {
    /// Begins what is said of the whole run, below the hosts.
    RunWord {
        Meanwhile: "meanwhile", ["meanwhile"];
        Always: "always", ["always STATE"];
        Never: "never", ["never EVENT"];
        Sometimes: "sometimes", ["sometimes EVENT"];
    }
}

words! {
    /// Begins a step that no host takes.
    StepWord {
        Wait: "wait", ["wait for HOST -> HOST [TEXT]"];
        Line: "line", [];
        Imp: "imp", [];
        Cable: "cable", [];
        Traffic: "traffic", ["traffic N messages/s|messages/min from HOSTS to HOSTS sizes SIZES", "traffic stops"];
        Measure: "measure", [];
        All: "all", ["all orders from here"];
        This: "this", ["this order from here"];
        Expect: "expect", ["expect [no] HOST -> HOST [TEXT]", "expect no file data through HOST"];
    }
}

words! {
    /// Stands within a statement where the name of a host may.
    InsteadOfHost {
        No: "no", [];
        File: "file", [];
        Every: "every", [];
        One: "one", [];
        Any: "any", [];
        Nothing: "nothing", [];
    }
}

/// Whether a step may have to wait for something that does not come, so that `within` may stand in front of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Patience {
    /// It does not.
    NoWait,
    /// It may.
    MayWait,
}

/// The words of the language with which a form begins, behind the name of a host: `takes back`, `wait for`.
pub(super) fn phrase(form: &'static str) -> &'static str {
    let form = form.strip_prefix("HOST ").unwrap_or(form);
    let end = form.find(|letter: char| letter != ' ' && !letter.is_ascii_lowercase());
    form[..end.unwrap_or(form.len())].trim_end()
}

impl StepWord {
    /// The one with which a step begins that begins with this word.
    pub(super) fn of(first: &str) -> Option<StepWord> {
        match Keyword::of(first)? {
            Keyword::Step(word) => Some(word),
            Keyword::Heading(_)
            | Keyword::Host
            | Keyword::Run(_)
            | Keyword::At
            | Keyword::Within
            | Keyword::Instead(_) => None,
        }
    }

    /// Whether `within` may stand in front of it.
    pub(super) fn patience(self) -> Patience {
        match self {
            StepWord::Wait => Patience::MayWait,
            StepWord::Line
            | StepWord::Imp
            | StepWord::Cable
            | StepWord::Traffic
            | StepWord::Measure
            | StepWord::All
            | StepWord::This
            | StepWord::Expect => Patience::NoWait,
        }
    }

    /// Whether the step can be taken where no host is declared.
    pub(super) fn needs_no_host(self) -> bool {
        match self {
            StepWord::Line | StepWord::Imp | StepWord::Traffic | StepWord::Measure => true,
            StepWord::Wait | StepWord::Cable | StepWord::Expect => false,
            StepWord::All | StepWord::This => false,
        }
    }
}

/// A word of the language that stands where the name of a host may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keyword {
    /// Begins a statement that says something of the whole scenario.
    Heading(HeadingWord),
    /// Begins the declaration of a host.
    Host,
    /// Says something of the whole run.
    Run(RunWord),
    /// Says when a step begins.
    At,
    /// Says how long a step may wait.
    Within,
    /// Begins a step that no host takes.
    Step(StepWord),
    /// Stands within a statement.
    Instead(InsteadOfHost),
}

impl Keyword {
    /// All of them, in the order in which suggestions list them.
    pub(super) fn all() -> impl Iterator<Item = Keyword> {
        let headings = HeadingWord::ALL.iter().copied().map(Keyword::Heading);
        let steps = StepWord::ALL.iter().copied().map(Keyword::Step);
        let instead = InsteadOfHost::ALL.iter().copied().map(Keyword::Instead);
        let run = RunWord::ALL.iter().copied().map(Keyword::Run);
        let timing = [Keyword::At, Keyword::Within];
        headings.chain([Keyword::Host]).chain(run).chain(timing).chain(steps).chain(instead)
    }

    /// The one that is written like this, in capitals or not.
    pub(super) fn of(text: &str) -> Option<Keyword> {
        Keyword::all().find(|known| known.word().eq_ignore_ascii_case(text))
    }

    /// The word as it is written.
    pub(super) fn word(self) -> &'static str {
        match self {
            Keyword::Heading(word) => word.word(),
            Keyword::Host => "host",
            Keyword::Run(word) => word.word(),
            Keyword::At => "at",
            Keyword::Within => "within",
            Keyword::Step(word) => word.word(),
            Keyword::Instead(word) => word.word(),
        }
    }

    /// How the statements that begin with it are written, but for those that a table of their own lists.
    pub(super) fn forms(self) -> &'static [&'static str] {
        match self {
            Keyword::Heading(word) => word.forms(),
            Keyword::Host => &["host NAME CLAUSE ..."],
            Keyword::Run(word) => word.forms(),
            Keyword::At | Keyword::Within => &[],
            Keyword::Step(word) => word.forms(),
            Keyword::Instead(word) => word.forms(),
        }
    }

    /// Whether it begins a statement that is no step.
    pub(super) fn begins_no_step(self) -> bool {
        match self {
            Keyword::Heading(_) | Keyword::Host | Keyword::Run(_) => true,
            Keyword::At | Keyword::Within | Keyword::Step(_) | Keyword::Instead(_) => false,
        }
    }

    /// Whether a statement may begin with it.
    pub(super) fn begins_a_statement(self) -> bool {
        match self {
            Keyword::Heading(_)
            | Keyword::Host
            | Keyword::Run(_)
            | Keyword::At
            | Keyword::Within
            | Keyword::Step(_) => true,
            Keyword::Instead(_) => false,
        }
    }
}
