//! What no compiler checks: that arrows between crates point down and files of a crate form no circle, that the
//! library is pure, and that files and documents keep to the house's ways.

mod circles;
mod documents;
mod files;
mod house;
mod purity;

use std::path::Path;

/// Everything that is not as it should be, each with its place.
pub(crate) fn problems(root: &Path) -> Vec<String> {
    let mut problems = Vec::new();
    house::check_arrows(root, &mut problems);
    purity::check_purity(root, &mut problems);
    for name in house::HOUSE {
        circles::check_crate(root, &house::folder(name), &mut problems);
    }
    files::check_files(root, &mut problems);
    documents::check_documents(root, &mut problems);
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_house_is_tidy() {
        let problems = problems(&Path::new(env!("CARGO_MANIFEST_DIR")).join(".."));
        assert!(problems.is_empty(), "{}", problems.join("\n"));
    }
}
