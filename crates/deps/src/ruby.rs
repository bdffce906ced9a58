//! Lines of Ruby as far as they are literal: `gem "rails", "~> 7.0", group: :test`.
//!
//! No program is run, and nothing in it is evaluated.

/// An argument of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Argument<'t> {
    /// A text without anything to evaluate in it.
    Text(&'t str),
    /// `:name`
    Symbol(&'t str),
    /// What follows has this name: `group:` or `:group =>`.
    Name(&'t str),
    /// Anything else.
    Other,
}

/// The arguments of a call, brackets left out: what stands in a list is an argument of its own.
pub(crate) fn arguments(text: &str) -> Vec<Argument<'_>> {
    let mut arguments = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let is_of_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '?' | '!');
        let word = |from: &str| from.find(|c| !is_of_name(c)).unwrap_or(from.len());
        let length = match first {
            '#' => break,
            '"' | '\'' => {
                let inner = rest.get(1..).unwrap_or_default();
                let Some(end) = inner.find(first) else {
                    arguments.push(Argument::Other);
                    break;
                };
                let text = inner.get(..end).unwrap_or_default();
                let is_computed = text.contains('\\') || first == '"' && text.contains("#{");
                arguments.push(if is_computed { Argument::Other } else { Argument::Text(text) });
                end + 2
            }
            ':' if rest.get(1..).is_some_and(|name| name.starts_with(is_of_name)) => {
                let name = rest.get(1..).unwrap_or_default();
                let length = word(name);
                let name = name.get(..length).unwrap_or_default();
                let is_name = rest.get(1 + length..).is_some_and(|rest| rest.trim_start().starts_with("=>"));
                arguments.push(if is_name { Argument::Name(name) } else { Argument::Symbol(name) });
                1 + length
            }
            c if is_of_name(c) => {
                // `A::B` is one name.
                let plain = word(rest);
                let is_path = rest.get(plain..).is_some_and(|rest| rest.starts_with("::"));
                let path = || rest.find(|c| !is_of_name(c) && c != ':').unwrap_or(rest.len());
                let length = if is_path { path() } else { plain };
                let name = rest.get(..length).unwrap_or_default();
                let is_name = rest.get(length..).is_some_and(|rest| rest.starts_with(':') && !rest.starts_with("::"));
                match name {
                    // What follows is a block, or decides whether the call is made at all.
                    "do" | "if" | "unless" => break,
                    name if is_name => arguments.push(Argument::Name(name)),
                    _ => arguments.push(Argument::Other),
                }
                length + usize::from(is_name)
            }
            // `%w[a b]` and what is computed: `">= #{VERSION}"`, `A::B`, `x + y`.
            '%' | '+' | '*' | '<' => {
                arguments.push(Argument::Other);
                first.len_utf8()
            }
            c => c.len_utf8(),
        };
        rest = rest.get(length..).unwrap_or_default().trim_start();
    }
    arguments
}

/// The literal texts at the beginning: a name, and what is required of it. `None` among what is required stands for what has to be
/// evaluated.
pub(crate) fn name_and_requirements<'t>(arguments: &[Argument<'t>]) -> Option<(&'t str, Option<String>)> {
    let Some((Argument::Text(name), rest)) = arguments.split_first() else { return None };
    let positional = rest.iter().take_while(|argument| !matches!(argument, Argument::Name(_)));
    let requirements: Option<Vec<&str>> = positional
        .map(|argument| match argument {
            Argument::Text(text) => Some(*text),
            Argument::Symbol(_) | Argument::Name(_) | Argument::Other => None,
        })
        .collect();
    Some((name, requirements.map(|requirements| requirements.join(", "))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literal_arguments_are_told_from_others() {
        use Argument::{Name, Other, Symbol, Text};
        assert_eq!(
            arguments(r#"("a", ["~> 1", '>= 1.2'], group: [:test, :x], :git => "u", require: false) if y # z"#),
            [
                Text("a"),
                Text("~> 1"),
                Text(">= 1.2"),
                Name("group"),
                Symbol("test"),
                Symbol("x"),
                Name("git"),
                Text("u"),
                Name("require"),
                Other
            ]
        );
        assert_eq!(arguments(r#""a", "= #{V}", A::B"#), [Text("a"), Other, Other]);
        assert_eq!(arguments("\"a"), [Other]);
        assert_eq!(name_and_requirements(&arguments("'a', '~> 1', '< 2', group: :x")), Some(("a", Some("~> 1, < 2".to_owned()))));
        assert_eq!(name_and_requirements(&arguments("'a', V")), Some(("a", None)));
    }
}
