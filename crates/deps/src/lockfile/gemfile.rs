//! Reads `Gemfile.lock` and `gems.locked`.
//!
//! The format: `bundler/lib/bundler/lockfile_parser.rb` as published. Sections begin at the margin; sources list their gems four
//! blanks deep, and what each depends on six deep; `DEPENDENCIES` is what the project asks for.

use std::collections::{HashMap, HashSet};

use bartizan_core::{ByteRange, Hash, Scope};

use crate::{
    Claim, Ecosystem, Edge, Origin, Package, PackageIndex, Parsed, Read, Reader, Remark, SourceText, Target,
    python::hash,
    remark::{is_plain_http, without_secrets},
};

/// `Gemfile.lock`.
pub(crate) static READER: Reader = Reader {
    name: "Gemfile.lock",
    claims: &[Claim::Name("Gemfile.lock"), Claim::Name("gems.locked"), Claim::Suffix(".gemfile.lock")],
    read: Read::Text(read),
};

/// The sections that there are; of others the lines are not looked at.
const SOURCES: [&str; 4] = ["GEM", "GIT", "PATH", "PLUGIN SOURCE"];

#[derive(Default)]
struct Locked<'t> {
    parsed: Parsed,
    by_name: HashMap<&'t str, PackageIndex>,
    by_version: HashMap<(&'t str, &'t str), PackageIndex>,
    wanted: Vec<Wanted<'t>>,
    /// The fields of the source whose gems are read: `remote`, `revision`.
    remote: Option<&'t str>,
    revision: Option<&'t str>,
    /// The gem that the next deeper lines are about.
    gem: Option<PackageIndex>,
    project: Option<PackageIndex>,
}

struct Wanted<'t> {
    dependent: PackageIndex,
    name: &'t str,
    requirement: &'t str,
    range: ByteRange,
}

fn read(source: &SourceText<'_>) -> Parsed {
    let mut locked = Locked::default();
    let mut section = "";
    let mut start = 0;
    for raw in source.text.split_inclusive('\n') {
        let line = raw.trim_end();
        let content = line.trim_start();
        let depth = line.len() - content.len();
        let range = ByteRange::new(start + depth, start + line.len());
        start += raw.len();
        match (depth, section) {
            _ if content.is_empty() => {}
            (0, _) => locked.begin(content, range, &mut section),
            (2, section) if SOURCES.contains(&section) => locked.field(content),
            (4, section) if SOURCES.contains(&section) => locked.gem(section, content, range),
            (6, section) if SOURCES.contains(&section) => locked.dependency(content, range),
            (2, "DEPENDENCIES") => {
                locked.gem = locked.project;
                locked.dependency(content.trim_end_matches('!'), range);
            }
            (2, "CHECKSUMS") => locked.checksum(content),
            (_, section) if SOURCES.contains(&section) => locked.parsed.unreadable(range, "this line is no gem of a lock file"),
            _ => {}
        }
    }
    locked.finish()
}

impl<'t> Locked<'t> {
    fn begin(&mut self, content: &'t str, range: ByteRange, section: &mut &'t str) {
        (self.remote, self.revision, self.gem) = (None, None, None);
        *section = content;
        if content == "DEPENDENCIES" && self.project.is_none() {
            let project = Package::root(Ecosystem::Gem, "", None, range);
            self.project = Some(self.parsed.inventory.add(Package { origin: Origin::Path(String::new()), ..project }));
        }
        let is_heading = content.chars().all(|c| c.is_ascii_uppercase() || c == ' ');
        if !is_heading {
            self.parsed.unreadable(range, "this line is no section of a lock file");
        }
    }

    fn field(&mut self, content: &'t str) {
        let (name, value) = content.split_once(':').unwrap_or((content, ""));
        match name {
            // Several remotes of one source are mirrors, or say nothing about which gem is whose.
            "remote" => self.remote = self.remote.or(Some(value.trim())),
            "revision" => self.revision = Some(value.trim()),
            _ => {}
        }
    }

    fn gem(&mut self, section: &str, content: &'t str, range: ByteRange) {
        self.gem = None;
        let Some((name, version)) = name_and_rest(content).filter(|(_, version)| !version.is_empty()) else {
            self.parsed.unreadable(range, "this gem has no version");
            return;
        };
        // `1.13.0-x86_64-linux` is for one platform; a version itself has no hyphen.
        let version = version.split('-').next().unwrap_or(version);
        if let Some(&known) = self.by_version.get(&(name, version)) {
            self.gem = Some(known);
            return;
        }
        let remote = self.remote.unwrap_or_default();
        let origin = match section {
            "GIT" => Origin::Git { url: remote.to_owned(), commit: self.revision.map(str::to_owned) },
            "PATH" => Origin::Path(remote.to_owned()),
            _ => {
                Origin::Registry((!remote.is_empty() && remote.trim_end_matches('/') != "https://rubygems.org").then(|| remote.to_owned()))
            }
        };
        // The gem that the folder itself is made into is the project.
        let package = match (section, remote) {
            ("PATH", "." | "./") => Package::root(Ecosystem::Gem, name, Some(version), range),
            _ => Package::dependency(Ecosystem::Gem, name, Some(version), range),
        };
        let remarks = is_plain_http(remote).then(|| Remark::PlainHttp(without_secrets(remote))).into_iter().collect();
        let index = self.parsed.inventory.add(Package { origin, remarks, ..package });
        self.gem = Some(index);
        self.by_name.entry(name).or_insert(index);
        self.by_version.insert((name, version), index);
    }

    fn dependency(&mut self, content: &'t str, range: ByteRange) {
        let Some(dependent) = self.gem else { return };
        match name_and_rest(content) {
            Some((name, requirement)) => self.wanted.push(Wanted { dependent, name, requirement, range }),
            None => self.parsed.unresolved(range, "this is no name of a gem"),
        }
    }

    /// `NAME (VERSION) sha256=HEX`.
    fn checksum(&mut self, content: &'t str) {
        let Some((gem, sums)) = content.split_once(") ") else { return };
        let Some((name, version)) = gem.split_once(" (") else { return };
        let version = version.split('-').next().unwrap_or(version);
        let hashes: Vec<Hash> = sums.split(',').filter_map(hash).collect();
        let known = self.by_version.get(&(name, version)).and_then(|index| usize::try_from(index.0).ok());
        if let Some(package) = known.and_then(|index| self.parsed.inventory.packages.get_mut(index)) {
            package.hashes.extend(hashes);
        }
    }

    fn finish(mut self) -> Parsed {
        let mut told: HashSet<(PackageIndex, PackageIndex, &str)> = HashSet::new();
        for wanted in self.wanted {
            let Some(&target) = self.by_name.get(wanted.name) else {
                // Bundler doesn't lock itself.
                if wanted.name != "bundler" {
                    self.parsed.unresolved(wanted.range, format!("`{}` is not in this lock file", wanted.name));
                }
                continue;
            };
            // A gem for several platforms says everything again for each of them.
            if target != wanted.dependent && told.insert((wanted.dependent, target, wanted.requirement)) {
                self.parsed.inventory.edges.push(Edge {
                    dependent: wanted.dependent,
                    target: Target::Package(target),
                    scope: Scope::Runtime,
                    requirement: wanted.requirement.to_owned(),
                    range: None,
                });
            }
        }
        self.parsed
    }
}

/// `NAME` or `NAME (REST)`.
fn name_and_rest(content: &str) -> Option<(&str, &str)> {
    let (name, rest) = content.split_once(' ').unwrap_or((content, ""));
    let rest = rest.trim();
    let inner = if rest.is_empty() { Some("") } else { rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) };
    inner.filter(|_| !name.is_empty()).map(|inner| (name, inner.trim()))
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::fixture::check;

    #[test]
    fn sources_have_gems_and_gems_have_dependencies() {
        check(
            &READER,
            "Gemfile.lock",
            "GIT
  remote: https://github.com/o/utils.git
  revision: 5904
  branch: main
  specs:
    utils (2.0.0.alpha1)
      rack (~> 2.0)

PATH
  remote: .
  specs:
    app (0.1.0)
      missing

GEM
  remote: https://rubygems.org/
  specs:
    nokogiri (1.13.0-x86_64-linux)
      racc (~> 1.4)
    nokogiri (1.13.0-arm64-darwin)
      racc (~> 1.4)
    racc (1.6.0)
    rack (2.2.3)

PLATFORMS
  x86_64-linux

DEPENDENCIES
  app!
  bundler
  nokogiri (>= 1.0)

CHECKSUMS
  rack (2.2.3) sha256=0a

BUNDLED WITH
   2.5.0
",
            "
gem utils 2.0.0.alpha1 @6 git https://github.com/o/utils.git 5904
  -> rack 2.2.3 runtime ~> 2.0
root gem app 0.1.0 @12 path .
gem nokogiri 1.13.0 @18
  -> racc 1.6.0 runtime ~> 1.4
gem racc 1.6.0 @22
gem rack 2.2.3 @23 sha256:0a
root gem  ? @28
  -> app 0.1.0 runtime
  -> nokogiri 1.13.0 runtime >= 1.0
13: unresolved: `missing` is not in this lock file
",
        );
    }

    #[test]
    fn what_is_broken_is_said_and_the_rest_is_read() {
        check(
            &READER,
            "gems.locked",
            "what is this\nGEM\n  specs:\n    a\n    b (1.0)\n     odd\n",
            "
gem b 1.0 @5
1: unreadable: this line is no section of a lock file
4: unreadable: this gem has no version
6: unreadable: this line is no gem of a lock file
",
        );
    }
}
