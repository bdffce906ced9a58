//! Reads `setup.py` as far as it is literal: `install_requires=["a>=1"]` in a call, or a dictionary of the like.
//!
//! The program is not run, and nothing in it is evaluated. What is put together when it runs is said to be unresolved.

mod token;

use bartizan_core::{ByteRange, Scope};

use self::token::{Kind, Token, tokens};
use crate::{
    Claim, Ecosystem, Origin, Package, PackageIndex, Parsed, Read, Reader, SourceText,
    python::{requirement, scope_of_extra},
};

/// `setup.py`.
pub(crate) static READER: Reader = Reader { name: "setup.py", claims: &[Claim::Name("setup.py")], read: Read::Text(read) };

fn read(source: &SourceText<'_>) -> Parsed {
    let mut parsed = Parsed::default();
    let tokens = tokens(source.text);
    // Somebody may keep a file of this name for other purposes.
    if !tokens.iter().any(|token| token.kind == Kind::Name && token.text == "setup") {
        return parsed;
    }
    let literal = |argument: &str| {
        let at = value_of(&tokens, argument)?;
        let value = tokens.get(at).filter(|token| token.kind == Kind::Text)?;
        // What follows ends the argument, so that this is all of it.
        matches!(tokens.get(at + 1).map(|token| token.text), Some("," | ")")).then_some(value)
    };
    let range = literal("name").map_or(ByteRange::new(0, 0), |name| name.range);
    let (name, version) = (literal("name").map_or("", |name| name.text), literal("version").map(|version| version.text));
    let project = Package { origin: Origin::Path(String::new()), ..Package::root(Ecosystem::PyPi, name, version, range) };
    let project = parsed.inventory.add(project);
    for (argument, scope) in [("install_requires", Scope::Runtime), ("tests_require", Scope::Test), ("setup_requires", Scope::Build)] {
        if let Some(at) = value_of(&tokens, argument) {
            add_list(&tokens, at, project, scope, argument, &mut parsed);
        }
    }
    add_extras(&tokens, project, &mut parsed);
    parsed
}

/// Where the value of an argument begins: behind `NAME=`, or behind `"NAME":` in a dictionary.
fn value_of(tokens: &[Token<'_>], argument: &str) -> Option<usize> {
    let is_named = |pair: &[Token<'_>]| match pair {
        [name, sign] => {
            name.text == argument
                && (name.kind == Kind::Name && sign.text == "=" || name.kind == Kind::Text && sign.kind == Kind::Sign && sign.text == ":")
        }
        _ => false,
    };
    tokens.windows(2).position(is_named).map(|at| at + 2)
}

/// Adds the literal requirements of a list; gives the place behind it.
fn add_list(tokens: &[Token<'_>], at: usize, project: PackageIndex, scope: Scope, argument: &str, parsed: &mut Parsed) -> usize {
    let begin = tokens.get(at).map_or(ByteRange::new(0, 0), |token| token.range);
    // `[` and `(` make a list; a text alone is one, too.
    let is_list = matches!(tokens.get(at), Some(token) if token.kind == Kind::Sign && matches!(token.text, "[" | "("));
    let is_text = matches!(tokens.get(at), Some(token) if token.kind == Kind::Text);
    if !is_list && !is_text {
        parsed.unresolved(begin, format!("`{argument}` is put together when the program runs"));
        return at + 1;
    }
    let mut at = if is_list { at + 1 } else { at };
    loop {
        // One element: everything up to the comma or the end.
        let from = at;
        let mut depth = 0_usize;
        while let Some(token) = tokens.get(at) {
            match (token.kind, token.text) {
                (Kind::Sign, "," | "]" | ")" | "}") if depth == 0 => break,
                (Kind::Sign, "(" | "[" | "{") => depth += 1,
                (Kind::Sign, ")" | "]" | "}") => depth -= 1,
                _ => {}
            }
            at += 1;
        }
        let element = tokens.get(from..at).unwrap_or_default();
        match element {
            [] => {}
            [Token { kind: Kind::Text, text, range }] => match requirement(text) {
                Some(found) => {
                    let asked = found.url.unwrap_or(found.specifier);
                    parsed.inventory.requires_at(project, found.name, found.scope(scope), asked, *range);
                }
                None => parsed.unresolved(*range, format!("`{text}` is no requirement as it stands")),
            },
            [first, ..] => parsed.unresolved(first.range, format!("`{argument}` is put together when the program runs")),
        }
        match tokens.get(at) {
            Some(token) if token.text == "," && is_list => at += 1,
            Some(_) => break,
            None => {
                parsed.unreadable(begin, format!("`{argument}` has no end"));
                break;
            }
        }
    }
    // `[…] + more`
    if let Some(sign) = tokens.get(at + 1).filter(|sign| is_list && sign.kind == Kind::Sign && matches!(sign.text, "+" | ".")) {
        parsed.unresolved(sign.range, format!("`{argument}` is put together when the program runs"));
    }
    at + 1
}

/// Adds `extras_require={"extra": […]}`.
fn add_extras(tokens: &[Token<'_>], project: PackageIndex, parsed: &mut Parsed) {
    let Some(mut at) = value_of(tokens, "extras_require") else { return };
    let Some(begin) = tokens.get(at) else { return };
    if begin.text != "{" || begin.kind != Kind::Sign {
        parsed.unresolved(begin.range, "`extras_require` is put together when the program runs");
        return;
    }
    at += 1;
    while let Some([key, colon]) = tokens.get(at..at + 2) {
        if key.kind != Kind::Text || colon.text != ":" {
            if key.text != "}" {
                parsed.unresolved(key.range, "`extras_require` is put together when the program runs");
            }
            return;
        }
        at = add_list(tokens, at + 2, project, scope_of_extra(key.text), "extras_require", parsed);
        if tokens.get(at).is_some_and(|token| token.text == ",") {
            at += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::fixture::check;

    #[test]
    fn literal_requirements_are_read() {
        check(
            &READER,
            "setup.py",
            r#"
from setuptools import setup
setup(
    name='app', version="1.0",
    install_requires=[
        'a==1.0',  # 'hidden>=1',
        " b >= 2,<3 ; python_version < '3'",
        '%s==1' % x,
        'c=={}'.format(v),
        """d""",
    ],
    extras_require={'s3': ['boto3'], "test": ("pytest",)},
    tests_require=get_tests(),
)
"#,
            "
root pypi app 1.0 @4
  -> a runtime ==1.0
  -> b runtime >= 2,<3
  -> d runtime
  -> boto3 optional
  -> pytest test
8: unresolved: `install_requires` is put together when the program runs
9: unresolved: `install_requires` is put together when the program runs
13: unresolved: `tests_require` is put together when the program runs
",
        );
    }

    #[test]
    fn what_is_computed_is_said() {
        check(
            &READER,
            "setup.py",
            "setup(name=NAME, install_requires=['a'] + more, extras_require=EXTRAS)\n",
            "
root pypi  ? @1
  -> a runtime
1: unresolved: `install_requires` is put together when the program runs
1: unresolved: `extras_require` is put together when the program runs
",
        );
        check(&READER, "setup.py", "print('not this one')\n", "");
        check(
            &READER,
            "setup.py",
            "setup(install_requires=['a', 'b",
            "
root pypi  ? @1
  -> a runtime
1: unreadable: `install_requires` has no end
",
        );
    }
}
