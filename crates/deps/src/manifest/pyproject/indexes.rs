//! The indexes that `pyproject.toml` names for uv, poetry and pdm.
//!
//! <https://docs.astral.sh/uv/concepts/indexes/>, <https://python-poetry.org/docs/repositories/>,
//! <https://pdm-project.org/latest/usage/config/>.

use bartizan_source::document::Node;

use crate::{Ecosystem, Parsed, Serves};

pub(super) fn read(root: &Node<'_>, parsed: &mut Parsed) {
    if let Some(uv) = root.at(&["tool", "uv"]) {
        add_of_uv(uv, parsed);
    }
    for source in root.at(&["tool", "poetry", "source"]).map(Node::items).unwrap_or_default() {
        let priority = source.text_of("priority").unwrap_or("primary").to_ascii_lowercase();
        let serves = match priority.as_str() {
            "explicit" => Serves::Named,
            "default" => Serves::All,
            // The names of old: what is secondary or supplemental is asked for everything that the others don't have.
            "secondary" | "supplemental" => Serves::Also,
            _ if source.is_true("secondary") => Serves::Also,
            _ => Serves::All,
        };
        add(source.get("url"), serves, parsed);
    }
    for source in root.at(&["tool", "pdm", "source"]).map(Node::items).unwrap_or_default() {
        // What takes the place of the usual index is called by its name.
        let is_usual = source.text_of("name") == Some("pypi");
        let is_bound = source.get("include_packages").is_some();
        let serves = match (is_usual, is_bound) {
            (true, _) => Serves::All,
            (false, true) => Serves::Named,
            (false, false) => Serves::Also,
        };
        add(source.get("url"), serves, parsed);
    }
}

/// uv takes a package from the first index that has it at all, unless it is told to look for the best version anywhere.
fn add_of_uv(uv: &Node<'_>, parsed: &mut Parsed) {
    let strategy = uv.text_of("index-strategy").or_else(|| uv.at(&["pip", "index-strategy"])?.text()).unwrap_or_default();
    let is_best_of_all = strategy.starts_with("unsafe-");
    let extra = if is_best_of_all { Serves::Also } else { Serves::Named };
    for index in uv.get("index").map(Node::items).unwrap_or_default() {
        let serves = if index.is_true("default") { Serves::All } else { extra.clone() };
        add(index.get("url"), if index.is_true("explicit") { Serves::Named } else { serves }, parsed);
    }
    for table in [Some(uv), uv.get("pip")].into_iter().flatten() {
        add(table.get("index-url"), Serves::All, parsed);
        for url in table.get("extra-index-url").map(Node::items).unwrap_or_default() {
            add(Some(url), extra.clone(), parsed);
        }
    }
}

fn add(url: Option<&Node<'_>>, serves: Serves, parsed: &mut Parsed) {
    if let Some((text, range)) = url.and_then(|url| Some((url.text()?, url.range))) {
        parsed.inventory.asks(Ecosystem::PyPi, text, serves, range);
    }
}
