//! Reads `conda-meta/*.json`, one file for each package that conda installed.
//!
//! The format: <https://docs.conda.io/projects/conda/en/stable/dev-guide/specs/conda-meta.html>.

use bartizan_core::{Hash, HashAlgorithm, Scope};
use bartizan_source::document::{JsonDialect, Node, parse_json};

use crate::{Claim, Ecosystem, Package, Parsed, Read, Reader, Role, SourceText};

/// `conda-meta/*.json`.
pub(crate) static READER: Reader = Reader { name: "conda", claims: &[Claim::Like(is_for)], read: Read::Text(read) };

fn is_for(path: &str) -> bool {
    let Some((folder, name)) = path.rsplit_once('/') else { return false };
    name.ends_with(".json") && (folder == "conda-meta" || folder.ends_with("/conda-meta"))
}

fn read(source: &SourceText<'_>) -> Parsed {
    let mut parsed = Parsed::default();
    parsed.inventory.role = Role::Installed;
    let Some(root) = parsed.root(parse_json(source.text, JsonDialect::Strict)) else { return parsed };
    let text = |name: &str| root.text_of(name).filter(|text| !text.is_empty());
    let Some(name) = text("name") else {
        parsed.unreadable(root.range, "a package without a name");
        return parsed;
    };
    let Some(version) = text("version") else {
        parsed.unreadable(root.range, format!("the package `{name}` has no version"));
        return parsed;
    };
    let channel = text("channel").map(|channel| channel.trim_end_matches('/'));
    // `https://repo.anaconda.com/pkgs/main/linux-64`: the last part says for which machines.
    let channel = channel.map(|channel| text("subdir").and_then(|subdir| channel.strip_suffix(subdir)).unwrap_or(channel));
    let qualifiers =
        [("build", text("build")), ("channel", channel.map(|channel| channel.trim_end_matches('/'))), ("subdir", text("subdir"))];
    let qualifiers = qualifiers.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?.to_owned()))).collect();
    let hashes = [("sha256", HashAlgorithm::Sha256), ("md5", HashAlgorithm::Md5)];
    let hashes = hashes.into_iter().filter_map(|(name, algorithm)| Some(Hash { algorithm, value: text(name)?.to_lowercase() })).collect();
    let licences = text("license").map(str::to_owned).into_iter().collect();
    let range = root.get("name").map_or(root.range, |name| name.range);
    let package = Package { qualifiers, hashes, licences, ..Package::dependency(Ecosystem::Conda, name, Some(version), range) };
    let package = parsed.inventory.add(package);
    for wanted in root.get("depends").map(Node::items).unwrap_or_default().iter().filter_map(Node::text) {
        let (name, requirement) = wanted.split_once(' ').unwrap_or((wanted, ""));
        // `__glibc` is what the machine has, not a package.
        if !name.starts_with("__") {
            parsed.inventory.requires(package, name, Scope::Runtime, requirement);
        }
    }
    parsed
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::fixture::check;

    #[test]
    fn a_package_of_conda_is_known_by_its_build() {
        check(
            &READER,
            "opt/conda/conda-meta/zlib-1.2.13-h5eee18b_0.json",
            r#"{"name": "zlib", "version": "1.2.13", "build": "h5eee18b_0", "subdir": "linux-64", "license": "Zlib",
"channel": "https://repo.anaconda.com/pkgs/main/linux-64", "depends": ["libgcc-ng >=11.2.0", "__glibc >=2.17"]}"#,
            "
conda zlib 1.2.13 @1 build=h5eee18b_0 channel=https://repo.anaconda.com/pkgs/main subdir=linux-64 (Zlib)
  -> libgcc-ng runtime >=11.2.0
",
        );
        check(&READER, "conda-meta/x.json", r#"{"version": "1"}"#, "1: unreadable: a package without a name");
        check(&READER, "conda-meta/x.json", r#"{"name": "x"}"#, "1: unreadable: the package `x` has no version");
    }
}
