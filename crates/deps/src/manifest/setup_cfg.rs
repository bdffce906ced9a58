//! Reads `setup.cfg` of setuptools: <https://setuptools.pypa.io/en/latest/userguide/declarative_config.html>.
//!
//! It is written in the format of Python's `configparser`: a value goes on where lines are indented.

use bartizan_core::{ByteRange, Scope};

use crate::{
    Claim, Ecosystem, Origin, Package, Parsed, Read, Reader, SourceText,
    python::{requirement, scope_of_extra},
};

/// `setup.cfg`.
pub(crate) static READER: Reader = Reader { name: "setup.cfg", claims: &[Claim::Name("setup.cfg")], read: Read::Text(read) };

/// One line of a value.
struct Item<'t> {
    section: &'t str,
    key: &'t str,
    text: &'t str,
    range: ByteRange,
}

fn read(source: &SourceText<'_>) -> Parsed {
    let mut parsed = Parsed::default();
    let items = items(source.text, &mut parsed);
    let first = |key: &str| items.iter().find(|item| item.section == "metadata" && item.key == key && !item.text.is_empty());
    let scope_of = |item: &Item<'_>| match (item.section, item.key) {
        ("options", "install_requires") => Some(Scope::Runtime),
        ("options", "tests_require") => Some(Scope::Test),
        ("options", "setup_requires") => Some(Scope::Build),
        ("options.extras_require", extra) => Some(scope_of_extra(extra)),
        _ => None,
    };
    let is_project = first("name").is_some() || items.iter().any(|item| scope_of(item).is_some());
    if !is_project {
        return parsed;
    }
    let range = first("name").map_or(ByteRange::new(0, 0), |item| item.range);
    // `attr: MODULE.NAME` and `file: PATH` are computed.
    let literal = |key: &str| first(key).map(|item| item.text).filter(|text| !text.starts_with("attr:") && !text.starts_with("file:"));
    let project = Package::root(Ecosystem::PyPi, literal("name").unwrap_or_default(), literal("version"), range);
    let licences = literal("license").map(str::to_owned).into_iter().collect();
    let project = parsed.inventory.add(Package { origin: Origin::Path(String::new()), licences, ..project });
    for item in &items {
        let Some(scope) = scope_of(item) else { continue };
        for text in item.text.split(", ").filter(|text| !text.is_empty()) {
            match requirement(text) {
                Some(found) => {
                    let asked = found.url.unwrap_or(found.specifier);
                    parsed.inventory.requires_at(project, found.name, found.scope(scope), asked, item.range);
                }
                None if text.starts_with("file:") => {
                    parsed.unresolved(item.range, "the dependencies are read from a file when the project is built");
                }
                None => parsed.unreadable(item.range, "this is no requirement of a package"),
            }
        }
    }
    parsed
}

fn items<'t>(text: &'t str, parsed: &mut Parsed) -> Vec<Item<'t>> {
    let mut items = Vec::new();
    let (mut section, mut key) = ("", "");
    let mut start = 0;
    for raw in text.split_inclusive('\n') {
        let at = start;
        start += raw.len();
        let trimmed = raw.trim();
        let begin = at + (raw.len() - raw.trim_start().len());
        let range = ByteRange::new(begin.min(at + raw.len()), (begin + trimmed.len()).min(at + raw.len()));
        if trimmed.is_empty() || trimmed.starts_with(['#', ';']) {
            continue;
        }
        let is_indented = raw.starts_with([' ', '\t']);
        if is_indented && !key.is_empty() {
            let text = trimmed.split(" #").next().unwrap_or(trimmed).trim();
            items.push(Item { section, key, text, range });
        } else if let Some(name) = trimmed.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            (section, key) = (name.trim(), "");
        } else if let Some(at) = trimmed.find(['=', ':']) {
            let (name, value) = trimmed.split_at_checked(at).unwrap_or((trimmed, ""));
            key = name.trim();
            items.push(Item { section, key, text: value.get(1..).unwrap_or_default().trim(), range });
        } else {
            parsed.unreadable(range, "this line is no section and no value");
        }
    }
    items
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::fixture::check;

    #[test]
    fn values_go_on_where_lines_are_indented() {
        check(
            &READER,
            "setup.cfg",
            "[metadata]\nname = app\nversion = attr: app.__version__\nlicense = MIT\n[options]\ninstall_requires =\n    a>=1 # why\n    # b\n    c==2; python_version < '3'\ntests_require = t\n[options.extras_require]\ns3 = boto3\n[flake8]\nignore = E501\n",
            "
root pypi app ? @2 (MIT)
  -> a runtime >=1
  -> c runtime ==2
  -> t test
  -> boto3 optional
",
        );
        check(&READER, "setup.cfg", "[flake8]\nignore = E501\n", "");
    }

    #[test]
    fn what_is_broken_is_said_and_the_rest_is_read() {
        check(
            &READER,
            "setup.cfg",
            "what\n[options]\ninstall_requires =\n    a\n    ???\n    file: x.txt\n",
            "
root pypi  ? @1
  -> a runtime
1: unreadable: this line is no section and no value
5: unreadable: this is no requirement of a package
6: unresolved: the dependencies are read from a file when the project is built
",
        );
    }
}
