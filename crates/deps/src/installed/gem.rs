//! Reads what is installed with a gem: `specifications/NAME-VERSION.gemspec`.
//!
//! RubyGems writes it, always in one way: name, version and platform stand in its first lines as a comment, and each call is on a
//! line of its own (`rubygems/lib/rubygems/specification.rb`, `to_ruby`).

use bartizan_core::{ByteRange, Scope};

use crate::{Claim, Ecosystem, Package, Parsed, Read, Reader, Role, SourceText, line};

/// `specifications/*.gemspec`.
pub(crate) static READER: Reader = Reader { name: "installed gem", claims: &[Claim::Like(is_for)], read: Read::Text(read) };

pub(crate) fn is_for(path: &str) -> bool {
    let Some((folder, name)) = path.rsplit_once('/') else { return false };
    let folder = folder.strip_suffix("/default").unwrap_or(folder);
    name.ends_with(".gemspec") && (folder == "specifications" || folder.ends_with("/specifications"))
}

fn read(source: &SourceText<'_>) -> Parsed {
    let mut parsed = Parsed::default();
    parsed.inventory.role = Role::Installed;
    let (mut name, mut version, mut platform, mut range) = (None, None, None, ByteRange::new(0, 0));
    let (mut licences, mut wanted) = (Vec::new(), Vec::new());
    for (place, line) in line::of(source.text) {
        if let Some(stub) = line.strip_prefix("# stub: ") {
            let mut words = stub.split(' ');
            (name, version, platform) = (words.next(), words.next(), words.next());
            range = place;
            continue;
        }
        let Some((_, call)) = line.split_once('.') else { continue };
        let first = || literals(call).into_iter().next();
        if call.starts_with("name =") && name.is_none() {
            (name, range) = (first(), place);
        } else if call.starts_with("version =") && version.is_none() {
            version = first();
        } else if call.starts_with("license = ") || call.starts_with("licenses = ") {
            licences.extend(literals(call).into_iter().map(str::to_owned));
        } else if call.starts_with("add_runtime_dependency(") || call.starts_with("add_dependency(") {
            wanted.push(literals(call));
        }
    }
    let Some(name) = name.filter(|name| !name.is_empty()) else {
        parsed.unreadable(range, "the specification of a gem has no name");
        return parsed;
    };
    let Some(version) = version.filter(|version| !version.is_empty()) else {
        parsed.unreadable(range, format!("the gem `{name}` has no version"));
        return parsed;
    };
    let platform = platform.filter(|platform| *platform != "ruby" && !platform.is_empty());
    let qualifiers = platform.map(|platform| ("platform".to_owned(), platform.to_owned())).into_iter().collect();
    let gem = Package { licences, qualifiers, ..Package::dependency(Ecosystem::Gem, name, Some(version), range) };
    let gem = parsed.inventory.add(gem);
    for wanted in wanted {
        let Some((name, requirements)) = wanted.split_first() else { continue };
        parsed.inventory.requires(gem, *name, Scope::Runtime, requirements.join(", "));
    }
    parsed
}

/// The texts in a line: `"…"`, `'…'`, `%q<…>`.
fn literals(line: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = line;
    while let Some(at) = rest.find(['"', '\'', '%']) {
        let Some(from) = rest.get(at..) else { break };
        let (opening, closing) = match from.chars().next() {
            Some('%') if from.starts_with("%q<") => ("%q<", '>'),
            Some('"') => ("\"", '"'),
            Some('\'') => ("'", '\''),
            _ => {
                rest = from.get(1..).unwrap_or_default();
                continue;
            }
        };
        let Some((text, after)) = from.strip_prefix(opening).and_then(|inner| inner.split_once(closing)) else { break };
        found.push(text);
        rest = after;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::fixture::check;

    #[test]
    fn a_gem_has_a_licence_and_needs_others() {
        check(
            &READER,
            "usr/lib/ruby/gems/3.1.0/specifications/nokogiri-1.15.0-x86_64-linux.gemspec",
            r#"# -*- encoding: utf-8 -*-
# stub: nokogiri 1.15.0 x86_64-linux lib

Gem::Specification.new do |s|
  s.name = "nokogiri".freeze
  s.version = "1.15.0"
  s.licenses = ["MIT".freeze]
  s.add_runtime_dependency(%q<racc>.freeze, ["~> 1.4".freeze])
  s.add_development_dependency(%q<rake>.freeze, [">= 0"])
end
"#,
            "
gem nokogiri 1.15.0 @2 platform=x86_64-linux (MIT)
  -> racc runtime ~> 1.4
",
        );
    }

    #[test]
    fn old_ones_have_no_comment_and_broken_ones_are_said() {
        let path = "specifications/default/rss-0.2.9.gemspec";
        check(&READER, path, "  s.name = %q{a}\n  s.version = '0.2.9'", "1: unreadable: the specification of a gem has no name");
        check(&READER, path, "  s.name = 'rss'\n  s.version = '0.2.9'", "gem rss 0.2.9 @1");
        check(&READER, path, "  s.name = 'rss'\n  s.version = RSS::VERSION", "1: unreadable: the gem `rss` has no version");
    }
}
