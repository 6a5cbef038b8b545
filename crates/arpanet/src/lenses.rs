//! Lenses by name, as the options `--show` take them.

use imp::Watch;
use trace::{Lens, NoSuchLens};

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
