//! What keeps a run from being told in words.

use imp::nearest::nearest;
use miette::Diagnostic;
use view::sheet::PHASE_WORDS;
use view::story::{LEVELS, NoSuchLevel, NoSuchPhase, NotSaid};

/// Why a run cannot be told as it was asked for.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub(crate) enum TellingError {
    #[error("--explain: {0}")]
    #[diagnostic(help("{}", meant_level(.0)))]
    Level(#[from] NoSuchLevel),
    #[error("--fold: {0}")]
    #[diagnostic(help("{}", meant_phase(.0)))]
    Phase(#[from] NoSuchPhase),
    #[error("--from: {0}")]
    #[diagnostic(help("without --from all is told; --show says of which steps, as in a transcript"))]
    NotSaid(#[from] NotSaid),
}

fn meant_level(no_level: &NoSuchLevel) -> String {
    meant(&no_level.0, &LEVELS.map(|(name, _)| name))
}

fn meant_phase(no_phase: &NoSuchPhase) -> String {
    meant(&no_phase.0, &PHASE_WORDS)
}

/// What may have been meant by a name.
fn meant(name: &str, known: &[&str]) -> String {
    match nearest(name, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there are: {}", known.join(", ")),
    }
}
