//! Lenses by name, as the options `--show` take them.

use imp::Watch;
use imp::nearest::nearest;
use trace::{Lens, NoSuchLens};

/// What is shown of a host that serves if nothing else is asked for: who comes, logs in and asks for what, with the
/// answers; files that change; what goes wrong. A log of years must fit a small disk: what carries it, and the data
/// themselves, are a hundred times as much.
#[cfg(feature = "full")]
pub(crate) const OF_SERVERS: [Lens; 4] = [Lens::Teletype, Lens::Host, Lens::Ftp, Lens::Trouble];

/// The lenses of these names, among which may be `usual` and `all`. No name: the usual ones.
///
/// # Errors
/// The first name that is no lens.
pub(crate) fn lenses(names: &[String]) -> Result<Vec<Lens>, NoSuchLens> {
    if names.is_empty() {
        return Ok(Lens::USUAL.to_vec());
    }
    let mut lenses = Vec::new();
    for name in names {
        match name.as_str() {
            "all" => lenses.extend(Lens::ALL),
            "usual" => lenses.extend(Lens::USUAL),
            name => lenses.push(name.parse()?),
        }
    }
    Ok(lenses)
}

/// The names that an option `--show` takes.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    Lens::ALL.iter().map(|lens| lens.name()).chain(["usual", "all"])
}

/// What may have been meant by a name that no lens has.
pub(crate) fn meant(no_lens: &NoSuchLens) -> String {
    match nearest(&no_lens.0, names()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there are: {}", names().collect::<Vec<_>>().join(", ")),
    }
}

/// Which frames between IMPs have to be recorded for these lenses to show them.
pub(crate) fn watch(lenses: &[Lens]) -> Watch {
    if lenses.contains(&Lens::Lines) {
        Watch::Frames
    } else if lenses.contains(&Lens::Packets) {
        Watch::NoRouting
    } else {
        Watch::Nothing
    }
}
