//! Reads `Gemfile` and `gems.rb`: <https://bundler.io/man/gemfile.5.html>.
//!
//! A Gemfile is a program in Ruby; it is not run. Its lines are read as far as they are literal, and the groups of blocks are kept.

use bartizan_core::{ByteRange, Scope};

use crate::{
    Claim, Ecosystem, Origin, Package, PackageIndex, Parsed, Read, Reader, Serves, SourceText,
    ruby::{Argument, arguments, name_and_requirements},
};

/// `Gemfile`.
pub(crate) static READER: Reader = Reader {
    name: "Gemfile",
    claims: &[Claim::Name("Gemfile"), Claim::Name("gems.rb"), Claim::Suffix(".gemfile")],
    read: Read::Text(read),
};

/// A block that is open.
enum Block<'t> {
    Groups(Vec<&'t str>),
    /// What comes from a folder has a manifest of its own.
    Path,
    Other,
}

fn read(source: &SourceText<'_>) -> Parsed {
    let mut parsed = Parsed::default();
    let root = Package { origin: Origin::Path(String::new()), ..Package::root(Ecosystem::Gem, "", None, ByteRange::new(0, 0)) };
    let project = parsed.inventory.add(root);
    let mut blocks: Vec<Block<'_>> = Vec::new();
    let mut start = 0;
    for raw in source.text.split_inclusive('\n') {
        let line = raw.trim();
        let begin = start + (raw.len() - raw.trim_start().len());
        let range = ByteRange::new(begin.min(start + raw.len()), (begin + line.len()).min(start + raw.len()));
        start += raw.len();
        let (word, rest) = line.split_at_checked(line.find([' ', '(']).unwrap_or(line.len())).unwrap_or((line, ""));
        match word {
            "" => {}
            "end" => drop(blocks.pop()),
            "gem" => gem(rest, range, &blocks, project, &mut parsed),
            "source" => {
                let url = match arguments(rest).first() {
                    Some(Argument::Text(url)) => url,
                    Some(_) | None => "",
                };
                parsed.inventory.asks(Ecosystem::Gem, url, if opens(line) { Serves::Named } else { Serves::All }, range);
                if opens(line) {
                    blocks.push(Block::Other);
                }
            }
            "eval_gemfile" => parsed.unresolved(range, "another Gemfile is read when this one runs"),
            "group" | "path" if opens(line) => blocks.push(match word {
                "group" => Block::Groups(groups(&arguments(rest))),
                _ => Block::Path,
            }),
            "if" | "unless" | "case" | "begin" | "def" | "while" | "until" => blocks.push(Block::Other),
            _ if opens(line) => blocks.push(Block::Other),
            _ => {}
        }
    }
    parsed
}

/// Whether a block begins at the end of a line.
fn opens(line: &str) -> bool {
    let code = line.split(" #").next().unwrap_or(line).trim_end();
    code.ends_with(" do") || code.ends_with('|') && code.contains(" do |")
}

fn groups<'t>(arguments: &[Argument<'t>]) -> Vec<&'t str> {
    arguments
        .iter()
        .filter_map(|argument| match argument {
            Argument::Text(name) | Argument::Symbol(name) => Some(*name),
            Argument::Name(_) | Argument::Other => None,
        })
        .collect()
}

fn gem(rest: &str, range: ByteRange, blocks: &[Block<'_>], project: PackageIndex, parsed: &mut Parsed) {
    let arguments = arguments(rest);
    let Some((name, requirement)) = name_and_requirements(&arguments) else {
        parsed.unresolved(range, "the name of this gem is put together when the program runs");
        return;
    };
    let value_of = |option: &str| {
        let at = arguments.iter().position(|argument| *argument == Argument::Name(option))?;
        let values = arguments.get(at + 1..)?;
        Some(values.split(|argument| matches!(argument, Argument::Name(_))).next().unwrap_or_default())
    };
    let mut named: Vec<&str> = ["group", "groups"].iter().filter_map(|option| value_of(option)).flat_map(groups).collect();
    named.extend(blocks.iter().flat_map(|block| match block {
        Block::Groups(groups) => groups.clone(),
        Block::Path | Block::Other => Vec::new(),
    }));
    let scope = named.into_iter().map(scope_of_group).min().unwrap_or(Scope::Runtime);
    let is_of_folder = value_of("path").is_some() || blocks.iter().any(|block| matches!(block, Block::Path));
    let requirement = requirement.unwrap_or_default();
    match is_of_folder {
        true => parsed.inventory.requires(project, name, scope, requirement),
        false => parsed.inventory.requires_at(project, name, scope, requirement, range),
    }
}

/// What a group is for. Groups are free to choose, and loaded when a program says so: only the usual names say that it doesn't.
fn scope_of_group(group: &str) -> Scope {
    match group {
        "test" | "tests" | "spec" | "cucumber" => Scope::Test,
        "development" | "dev" | "doc" | "docs" | "lint" | "rubocop" | "debug" => Scope::Development,
        _ => Scope::Runtime,
    }
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::fixture::check;

    #[test]
    fn groups_give_scopes() {
        check(
            &READER,
            "Gemfile",
            r#"source "https://rubygems.org"
gemspec
gem "rails", "~> 7.0", ">= 7.0.4" # web
gem 'g', git: "https://host/g.git", group: [:test, :development]
gem "local", path: "../local"
group :development, optional: true do
  gem "dev"
  if ENV["X"]
    gem "x", :group => :test
  end
end
path "engines" do
  gem "engine"
end
gem name
gem "v", VERSION
eval_gemfile "other"
"#,
            "
root gem  ? @1
  -> rails runtime ~> 7.0, >= 7.0.4
  -> g test
  -> local runtime
  -> dev development
  -> x test
  -> engine runtime
  -> v runtime
15: unresolved: the name of this gem is put together when the program runs
17: unresolved: another Gemfile is read when this one runs
",
        );
    }
}
