//! Properties in texts: `${project.version}` of Maven and Docker, `$(Version)` of MSBuild.

use std::fmt;

/// So many properties are replaced in one text: one that names itself ends here.
const MAX_REPLACED: usize = 200;

/// So long may a text become, in bytes.
const MAX_BYTES: usize = 8 * 1024;

/// Between what a property is named.
pub(crate) type Marks = (&'static str, &'static str);

/// Maven's.
pub(crate) const BRACES: Marks = ("${", "}");

/// MSBuild's.
pub(crate) const PARENTHESES: Marks = ("$(", ")");

/// Replaces the properties of a text by their values, and those within the values; fails with the name of one that is not known.
pub(crate) fn replace(text: &str, marks: Marks, value_of: &dyn Fn(&str) -> Option<String>) -> Result<String, NotReplaced> {
    let mut done = String::new();
    let mut rest = text.trim().to_owned();
    for _ in 0..MAX_REPLACED {
        let Some((before, name, behind)) = first(&rest, marks) else {
            done.push_str(&rest);
            return Ok(done);
        };
        done.push_str(before);
        let Some(value) = value_of(name) else { return Err(NotReplaced::Unknown([marks.0, name, marks.1].concat())) };
        let value = value.trim();
        if MAX_BYTES < done.len() + value.len() + behind.len() {
            break;
        }
        // What the value names is replaced next.
        rest = [value, behind].concat();
    }
    Err(NotReplaced::Endless(text.trim().to_owned()))
}

/// Why a text could not be completed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum NotReplaced {
    /// Nobody gives this property.
    Unknown(String),
    /// The properties of this text lead to each other.
    Endless(String),
}

impl fmt::Display for NotReplaced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(property) => write!(f, "`{property}` is not given"),
            Self::Endless(text) => write!(f, "the properties of `{text}` lead to each other"),
        }
    }
}

/// The first property of a text, and what stands around it.
fn first(text: &str, marks: Marks) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once(marks.0)?;
    let (name, behind) = rest.split_once(marks.1)?;
    Some((before, name, behind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Result<&str, &str>) {
        let value_of = |name: &str| {
            let values = [("a", "1"), ("b", "${a}.2"), ("loop", "${loop}"), ("bomb", "${bomb}${bomb}"), ("open", "${a")];
            values.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        assert_eq!(
            replace(text, BRACES, &value_of).map_err(|reason| reason.to_string()),
            expected.map(str::to_owned).map_err(str::to_owned),
            "{text:?}"
        );
    }

    #[test]
    fn properties_are_replaced_and_those_in_them() {
        check("x", Ok("x"));
        check(" ${b}-${a} ", Ok("1.2-1"));
        check("${open}", Ok("${a"));
    }

    #[test]
    fn what_is_unknown_or_endless_is_said() {
        check("${c}", Err("`${c}` is not given"));
        check("${loop}", Err("the properties of `${loop}` lead to each other"));
        check("${bomb}", Err("the properties of `${bomb}` lead to each other"));
    }
}
