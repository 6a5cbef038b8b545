//! What each message means, and the fields of its bits.

use serde_json::{Value, json};

use super::strings::Strings;
use crate::sheet::Sheet;

/// For each record, what was said, why now, what holds afterwards, and the documents that say so.
pub(super) fn explanations(_sheet: &Sheet<'_>, _strings: &mut Strings) -> Value {
    json!([])
}

/// For each record, the fields of its message: depth, name, first bit, width, value, meaning and source in turn.
pub(super) fn fields(_sheet: &Sheet<'_>, _strings: &mut Strings) -> Value {
    json!([])
}
