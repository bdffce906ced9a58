//! Reads `mix.lock` of Elixir, also used by Erlang and Gleam: a map of Elixir, one entry a package.
//!
//! The format: `Hex.Mix.to_lock/1` and `Mix.SCM.Git` as published with Elixir and Hex:
//! `"app": {:hex, :package, "version", "inner checksum", [managers], [dependencies], "repository", "outer checksum"}` and
//! `"app": {:git, "url", "commit", [options]}`.

mod term;

use std::collections::HashMap;

use bartizan_core::{ByteRange, Hash, HashAlgorithm, Scope};

use self::term::{Kind, Term};
use crate::{Claim, Ecosystem, Edge, Origin, Package, PackageIndex, Parsed, Read, Reader, SourceText, Target};

/// `mix.lock`.
pub(crate) static READER: Reader = Reader { name: "mix.lock", claims: &[Claim::Name("mix.lock")], read: Read::Text(read) };

/// A dependency on an app: its name, what is asked for, whether it may be left out, and its place.
struct Wanted {
    app: String,
    requirement: String,
    is_optional: bool,
    range: ByteRange,
}

fn read(source: &SourceText<'_>) -> Parsed {
    let mut parsed = Parsed::default();
    let mut by_app: HashMap<String, PackageIndex> = HashMap::new();
    let mut wanted: Vec<(PackageIndex, Wanted)> = Vec::new();
    let (mut at, text) = (0, source.text);
    let mut is_map = false;
    for whole in text.split_inclusive('\n') {
        let (start, line) = (at.max(at + whole.len() - whole.trim_start().len()), whole.trim());
        let begin = at;
        at += whole.len();
        is_map = is_map || line.starts_with("%{");
        let line_start = start + if line.starts_with("%{") { 2 } else { 0 };
        let line = line.strip_prefix("%{").unwrap_or(line);
        if line.is_empty() || line == "}" || line.starts_with('#') {
            continue;
        }
        let range = ByteRange::new(line_start.max(begin), line_start.max(begin) + line.len());
        let Some((app, offset)) = term::key(line) else {
            parsed.unreadable(range, "an entry is `\"name\": {…}`");
            continue;
        };
        let package = term::read(text, line_start + offset).and_then(|(entry, _)| package(app, &entry));
        match package {
            Ok((package, dependencies)) => {
                let index = parsed.inventory.add(package);
                by_app.insert(app.to_owned(), index);
                wanted.extend(dependencies.into_iter().map(|dependency| (index, dependency)));
            }
            Err(reason) => parsed.unreadable(range, format!("the package `{app}`: {reason}")),
        }
    }
    if !is_map {
        parsed.unreadable(ByteRange::new(0, text.len().min(1)), "a lock file of mix is a map: `%{ … }`");
    }
    for (dependent, wanted) in wanted {
        let scope = if wanted.is_optional { Scope::Optional } else { Scope::Runtime };
        match by_app.get(&wanted.app) {
            Some(&index) => {
                let target = Target::Package(index);
                parsed.inventory.edges.push(Edge { dependent, target, scope, requirement: wanted.requirement, range: None });
            }
            None if wanted.is_optional => {}
            None => parsed.unresolved(wanted.range, format!("`{}` is not in this lock file", wanted.app)),
        }
    }
    parsed
}

fn package(app: &str, entry: &Term<'_>) -> Result<(Package, Vec<Wanted>), String> {
    let items = entry.items();
    let text = |index: usize| items.get(index).and_then(Term::text);
    let named = |range: Option<ByteRange>| range.unwrap_or(entry.range);
    match items.first().and_then(Term::atom) {
        Some("hex") => {
            let name = items.get(1).and_then(Term::atom).ok_or("it has no name")?;
            let version = text(2).ok_or("it has no version")?;
            // Of the two checksums the outer one is that of the archive; the oldest files have only the inner one.
            let hashes = text(7).map(|value| Hash { algorithm: HashAlgorithm::Sha256, value: value.to_lowercase() });
            let repository = text(6).filter(|repository| *repository != "hexpm").map(str::to_owned);
            let range = named(items.get(1).map(|name| name.range));
            let package = Package::dependency(Ecosystem::Hex, name, Some(version), range);
            let origin = Origin::Registry(repository);
            let dependencies = items.get(5).map(Term::items).unwrap_or_default().iter().filter_map(wanted).collect();
            Ok((Package { origin, hashes: hashes.into_iter().collect(), ..package }, dependencies))
        }
        Some("git") => {
            let url = text(1).ok_or("it has no address")?;
            let commit = text(2).map(str::to_owned);
            let package = Package::dependency(Ecosystem::Hex, app, None, named(items.get(1).map(|url| url.range)));
            Ok((Package { origin: Origin::Git { url: url.to_owned(), commit }, ..package }, Vec::new()))
        }
        Some(kind) => Err(format!("`:{kind}` is neither `:hex` nor `:git`")),
        None => Err("it is no tuple that begins with `:hex` or `:git`".to_owned()),
    }
}

/// `{:app, "requirement", [hex: :package, repo: "hexpm", optional: false]}`.
fn wanted(term: &Term<'_>) -> Option<Wanted> {
    let items = term.items();
    let app = items.first()?.atom()?.to_owned();
    let requirement = items.get(1).and_then(Term::text).unwrap_or_default().to_owned();
    let options = items.get(2).map(Term::items).unwrap_or_default();
    let is_true = |option: &Term<'_>| matches!(&option.kind, Kind::Pair("optional", value) if value.atom() == Some("true"));
    Some(Wanted { app, requirement, is_optional: options.iter().any(is_true), range: term.range })
}

#[cfg(test)]
mod tests {
    use crate::fixture::check;

    #[test]
    fn packages_of_hex_and_git() {
        check(
            &super::READER,
            "mix.lock",
            r#"%{
  "decimal": {:hex, :decimal, "2.1.1", "5611", [:mix], [], "hexpm", "53CF"},
  "ecto": {:hex, :ecto, "3.11.1", "4b4972", [:mix], [{:decimal, "~> 2.0", [hex: :decimal, repo: "hexpm", optional: false]}, {:jason, "~> 1.0", [hex: :jason, repo: "hexpm", optional: true]}, {:gone, "~> 1.0", [hex: :gone, repo: "hexpm", optional: false]}], "hexpm", "ebd3"},
  "own": {:hex, :own_package, "0.1.0", "00", [:mix], [], "acme", "01"},
  "foo": {:git, "https://github.com/my-org/foo.git", "fc94", [branch: "feat/my-improvement"]},
}
"#,
            "
hex decimal 2.1.1 @2 sha256:53cf
hex ecto 3.11.1 @3 sha256:ebd3
  -> decimal 2.1.1 runtime ~> 2.0
hex own_package 0.1.0 @4 sha256:01 registry acme
hex foo ? @5 git https://github.com/my-org/foo.git fc94
3: unresolved: `gone` is not in this lock file
",
        );
    }

    #[test]
    fn one_bad_entry_hides_no_other() {
        check(
            &super::READER,
            "mix.lock",
            "%{\n  \"a\": {:hex, },\n  \"b\": {:hex, :b, \"1.0\", \"00\"},\n  nonsense\n  \"c\": {:hg, 1},\n  \"d\": {:hex, :d, \"1",
            "
hex b 1.0 @3
2: unreadable: the package `a`: it has no name
4: unreadable: an entry is `\"name\": {…}`
5: unreadable: the package `c`: `:hg` is neither `:hex` nor `:git`
6: unreadable: the package `d`: a text has no end
",
        );
        check(&super::READER, "mix.lock", "%{\n}\n", "");
        check(&super::READER, "mix.lock", "", "1: unreadable: a lock file of mix is a map: `%{ … }`");
    }
}
