//! The scripts of a page. They are modules, so that each says what it needs; in the page they are one.

/// The modules, each behind those that it imports.
const MODULES: [(&str, &str); 12] = [
    ("run.js", include_str!("run.js")),
    ("rows.js", include_str!("rows.js")),
    ("look.js", include_str!("look.js")),
    ("ladder.js", include_str!("ladder.js")),
    ("map.js", include_str!("map.js")),
    ("tables.js", include_str!("tables.js")),
    ("bits.js", include_str!("bits.js")),
    ("words.js", include_str!("words.js")),
    ("script.js", include_str!("script.js")),
    ("clock.js", include_str!("clock.js")),
    ("keys.js", include_str!("keys.js")),
    ("page.js", include_str!("page.js")),
];

/// All modules as one: what one exports, the others have.
pub(super) fn bundled() -> String {
    let mut bundle = String::new();
    for (_, text) in MODULES {
        for line in text.lines().filter(|line| !line.starts_with("import ")) {
            bundle.push_str(line.strip_prefix("export ").unwrap_or(line));
            bundle.push('\n');
        }
    }
    bundle
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// The names that a line declares at the top of a module.
    fn declared(line: &str) -> Option<&str> {
        let line = line.strip_prefix("export ").unwrap_or(line);
        let rest =
            ["function ", "class ", "const ", "let "].into_iter().find_map(|word| line.strip_prefix(word))?;
        rest.split(|letter: char| !letter.is_alphanumeric() && letter != '_').next()
    }

    #[test]
    fn each_module_imports_only_what_one_before_it_exports_and_no_two_have_the_same_name() {
        let mut owners: BTreeMap<&str, &str> = BTreeMap::new();
        let mut exported: BTreeMap<(&str, &str), ()> = BTreeMap::new();
        for (name, text) in MODULES {
            for line in text.lines() {
                if let Some(import) = line.strip_prefix("import { ") {
                    let (names, from) =
                        import.split_once(" } from \"./").expect("an import stands in one line");
                    let from = from.trim_end_matches("\";");
                    for item in names.split(", ") {
                        assert!(
                            exported.contains_key(&(from, item)),
                            "{name} imports {item}, which {from} does not export before it"
                        );
                    }
                } else {
                    assert!(
                        !line.trim_start().starts_with("import"),
                        "{name}: {line}: the names stand in braces"
                    );
                }
                if let Some(item) = declared(line) {
                    let other = owners.insert(item, name);
                    assert_eq!(other, None, "{name} declares {item} once more");
                    if line.starts_with("export ") {
                        exported.insert((name, item), ());
                    }
                }
            }
        }
    }

    #[test]
    fn no_script_ends_its_element_or_fetches_anything() {
        let bundle = bundled();
        for word in ["</script", "<!--", "fetch(", "XMLHttpRequest", "import(", "http://", "https://"] {
            let allowed = bundle.matches("http://www.w3.org/2000/svg").count();
            let found = bundle.matches(word).count();
            assert_eq!(found, if word == "http://" { allowed } else { 0 }, "{word} in a script");
        }
    }
}
