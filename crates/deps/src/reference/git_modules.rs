//! Reads `.gitmodules`: repositories within the repository.
//!
//! The format: <https://git-scm.com/docs/gitmodules>. At which commit each stands is in git's tree, and not in this file.

use bartizan_core::ByteRange;

use crate::{Claim, Ecosystem, Origin, Package, Parsed, Read, Reader, SourceText, line};

/// `.gitmodules`.
pub(crate) static READER: Reader = Reader { name: ".gitmodules", claims: &[Claim::Name(".gitmodules")], read: Read::Text(read) };

/// A section of the file.
struct Module<'t> {
    name: &'t str,
    range: ByteRange,
    url: Option<(&'t str, ByteRange)>,
}

fn read(source: &SourceText<'_>) -> Parsed {
    let mut parsed = Parsed::default();
    let mut module: Option<Module<'_>> = None;
    for (range, text) in line::of(source.text) {
        if text.is_empty() || text.starts_with(['#', ';']) {
            continue;
        }
        if text.starts_with('[') {
            add(module.take(), &mut parsed);
            let name = text.trim_matches(['[', ']']).strip_prefix("submodule").map(|name| name.trim().trim_matches('"'));
            match name.filter(|_| text.ends_with(']')) {
                Some(name) => module = Some(Module { name, range, url: None }),
                None => parsed.unreadable(range, "a section is `[submodule \"name\"]`"),
            }
            continue;
        }
        match (text.split_once('='), module.as_mut()) {
            (Some((key, value)), Some(module)) if key.trim().eq_ignore_ascii_case("url") => {
                module.url = Some((value.trim().trim_matches('"'), range));
            }
            (Some(_), _) => {}
            (None, _) => parsed.unreadable(range, "a line is `name = value`"),
        }
    }
    add(module, &mut parsed);
    parsed
}

fn add(module: Option<Module<'_>>, parsed: &mut Parsed) {
    let Some(module) = module else { return };
    let Some((url, range)) = module.url.filter(|(url, _)| !url.is_empty()) else {
        parsed.unreadable(module.range, format!("the submodule `{}` has no address", module.name));
        return;
    };
    let origin = Origin::Git { url: url.to_owned(), commit: None };
    let package = match on_github(url) {
        Some(name) => Package::dependency(Ecosystem::GitHub, name, None, range),
        None => {
            let name = url.trim_end_matches('/').trim_end_matches(".git").rsplit(['/', ':']).next().unwrap_or(module.name);
            Package::dependency(Ecosystem::Generic, name, None, range)
        }
    };
    parsed.inventory.add(Package { origin, ..package });
    parsed.unresolved(range, format!("the commit of the submodule `{}` is in git's tree, not in this file", module.name));
}

/// `owner/repository`, if that is where it is.
fn on_github(url: &str) -> Option<&str> {
    let rest = ["https://github.com/", "http://github.com/", "git://github.com/", "ssh://git@github.com/", "git@github.com:"]
        .iter()
        .find_map(|prefix| url.strip_prefix(prefix))?;
    let name = rest.trim_end_matches('/').trim_end_matches(".git");
    (name.split('/').filter(|part| !part.is_empty()).count() == 2).then_some(name)
}

#[cfg(test)]
mod tests {
    use crate::fixture::check;

    #[test]
    fn submodules_are_repositories() {
        check(
            &super::READER,
            ".gitmodules",
            "[submodule \"third_party/zlib\"]
\tpath = third_party/zlib
\turl = https://github.com/madler/zlib.git
[submodule \"own\"]
\turl = ../own.git
\tbranch = main
[submodule \"none\"]
[core
oops
",
            "
github madler/zlib ? @3 git https://github.com/madler/zlib.git ?
generic own ? @5 git ../own.git ?
3: unresolved: the commit of the submodule `third_party/zlib` is in git's tree, not in this file
5: unresolved: the commit of the submodule `own` is in git's tree, not in this file
7: unreadable: the submodule `none` has no address
8: unreadable: a section is `[submodule \"name\"]`
9: unreadable: a line is `name = value`
",
        );
    }
}
