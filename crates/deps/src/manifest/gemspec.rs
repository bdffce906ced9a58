//! Reads `*.gemspec`: <https://guides.rubygems.org/specification-reference/>.
//!
//! It is a program in Ruby; it is not run. Assignments and calls are read where they are literal.

use bartizan_core::{ByteRange, Scope};

use crate::{
    Claim, Ecosystem, Origin, Package, Parsed, Read, Reader, SourceText,
    ruby::{Argument, arguments, name_and_requirements},
};

/// `*.gemspec`.
pub(crate) static READER: Reader = Reader { name: "gemspec", claims: &[Claim::Suffix(".gemspec")], read: Read::Text(read) };

/// The calls that ask for a gem, and what for.
const CALLS: [(&str, Scope); 3] =
    [("add_dependency", Scope::Runtime), ("add_runtime_dependency", Scope::Runtime), ("add_development_dependency", Scope::Development)];

fn read(source: &SourceText<'_>) -> Parsed {
    let mut parsed = Parsed::default();
    let by_file = source.path.rsplit('/').next().and_then(|name| name.strip_suffix(".gemspec")).unwrap_or_default();
    let mut root = Package { origin: Origin::Path(String::new()), ..Package::root(Ecosystem::Gem, by_file, None, ByteRange::new(0, 0)) };
    let mut wanted = Vec::new();
    let mut start = 0;
    for raw in source.text.split_inclusive('\n') {
        let line = raw.trim();
        let begin = start + (raw.len() - raw.trim_start().len());
        let range = ByteRange::new(begin.min(start + raw.len()), (begin + line.len()).min(start + raw.len()));
        start += raw.len();
        // `spec.name = "x"`, `s.add_dependency("y")`
        let Some((_, member)) = line.split_once('.').filter(|(object, _)| object.chars().all(|c| c.is_alphanumeric() || c == '_')) else {
            continue;
        };
        let (word, rest) = member.split_at_checked(member.find([' ', '(', '=']).unwrap_or(member.len())).unwrap_or((member, ""));
        let literal = || match arguments(rest.trim_start().strip_prefix('=')?).as_slice() {
            [Argument::Text(text), ..] => Some((*text).to_owned()),
            _ => None,
        };
        match word {
            "name" => {
                if let Some(name) = literal() {
                    let range = Package::root(Ecosystem::Gem, "", None, range).range;
                    root = Package { name, range, ..root };
                }
            }
            "version" => root.version = root.version.or_else(literal),
            "license" => root.licences.extend(literal()),
            _ => {
                if let Some((_, scope)) = CALLS.iter().find(|(call, _)| *call == word) {
                    wanted.push((arguments(rest), *scope, range));
                }
            }
        }
    }
    let project = parsed.inventory.add(root);
    for (arguments, scope, range) in wanted {
        match name_and_requirements(&arguments) {
            Some((name, requirement)) => {
                parsed.inventory.requires_at(project, name, scope, requirement.unwrap_or_default(), range);
            }
            None => parsed.unresolved(range, "the name of this gem is put together when the program runs"),
        }
    }
    parsed
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::fixture::check;

    #[test]
    fn literal_calls_are_read() {
        check(
            &READER,
            "lib/app.gemspec",
            r#"require "x"
Gem::Specification.new do |spec|
  spec.name = "application"
  spec.version = App::VERSION
  spec.license = "MIT"
  spec.add_dependency "rack", "~> 2.0", ">= 2.0.1"
  spec.add_runtime_dependency(%q<rake>, "1")
  spec.add_development_dependency 'rspec'
end
"#,
            "
root gem application ? @3 (MIT)
  -> rack runtime ~> 2.0, >= 2.0.1
  -> rspec development
7: unresolved: the name of this gem is put together when the program runs
",
        );
        check(&READER, "lib/app.gemspec", "", "root gem app ? @1");
    }
}
