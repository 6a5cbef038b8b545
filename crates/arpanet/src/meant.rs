//! What may have been meant, as a help below an error.

use imp::Meant;

/// The suggestion of what may have been meant.
pub(crate) fn suggestion(meant: &Meant) -> String {
    match meant {
        Meant::Near(name) => format!("did you mean {name}?"),
        Meant::HostsOfImp(_) | Meant::HostsOfNearImp(..) | Meant::ImpOfHost(_) | Meant::OneOf(_) => {
            meant.to_string()
        }
    }
}
