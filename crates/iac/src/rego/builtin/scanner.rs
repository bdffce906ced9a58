//! What Trivy adds to the language for its checks.

use regorus::Value;

use super::{collection::object, text, texts};
use crate::{secrecy, shell};

/// The name below which a part of an input says where it is written.
const METADATA: &str = "__defsec_metadata";

/// What a result says of its cause, and what it says where the cause says nothing.
fn defaults() -> [(&'static str, Value); 9] {
    let (zero, empty) = (|| Value::from(0), || Value::from(""));
    [
        ("startline", zero()),
        ("endline", zero()),
        ("sourceprefix", empty()),
        ("filepath", empty()),
        ("explicit", Value::from(false)),
        ("managed", Value::from(true)),
        ("fskey", empty()),
        ("resource", empty()),
        ("parent", Value::Null),
    ]
}

/// Whether whoever wrote the input is in charge of a thing, which holds unless it says otherwise.
pub(super) fn is_managed(arguments: &[Value]) -> Option<Value> {
    let thing = arguments.first()?;
    let metadata = member(thing, METADATA).unwrap_or(thing);
    Some(member(metadata, "managed").cloned().unwrap_or(Value::Bool(true)))
}

/// A result: a message, and where its cause is written.
pub(super) fn result(arguments: &[Value]) -> Option<Value> {
    let (message, cause) = (arguments.first()?, arguments.get(1)?);
    let metadata = member(cause, METADATA).unwrap_or(cause);
    // Commands of Dockerfiles write `StartLine`, other inputs `startline`.
    let named = |name: &str| match metadata {
        Value::Object(members) => members.iter_sorted().find(|(key, _)| is_called(key, name)).map(|(_, value)| value.clone()),
        _ => None,
    };
    let path = || named("path").filter(|path| matches!(path, Value::String(_)));
    let members = defaults().map(|(name, default)| {
        let said = named(name).or_else(|| (name == "filepath").then(path).flatten());
        (name, said.unwrap_or(default))
    });
    Some(object(members.into_iter().chain([("msg", message.clone())])))
}

fn is_called(key: &Value, name: &str) -> bool {
    matches!(key, Value::String(key) if key.eq_ignore_ascii_case(name))
}

fn member<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    match value {
        Value::Object(members) => members.get(&Value::from(name)),
        _ => None,
    }
}

/// The commands of a script, each as its words.
pub(super) fn shell_commands(arguments: &[Value]) -> Option<Value> {
    let commands = shell::written_words(text(arguments, 0)?);
    Some(Value::from(commands.into_iter().map(|words| texts(words.into_iter())).collect::<Vec<_>>()))
}

/// Whether a text holds a secret. This crate knows names that promise one and the shapes of some; the engine that knows
/// hundreds of providers looks at the same files by itself.
pub(super) fn secrets(arguments: &[Value]) -> Option<Value> {
    let found = secrecy::credential_in(text(arguments, 0)?);
    Some(object([("transgressionFound", Value::from(found.is_some())), ("description", Value::from(found.unwrap_or_default()))]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_words_as_they_are_written() {
        let commands = shell_commands(&[Value::from("sudo apt-get install -y 'a b' && echo $(id -u) | sh -c \"x y\"")]);
        let commands = commands.map(|commands| commands.to_string());
        let expected = r#"[["sudo","apt-get","install","-y","'a b'"],["id","-u"],["echo","$(id -u)"],["sh","-c","\"x y\""]]"#;
        assert_eq!(commands.as_deref(), Some(expected));
    }

    #[test]
    fn a_result_says_where_its_cause_is() {
        let cause = Value::from_json_str(r#"{"StartLine": 3, "EndLine": 4, "Path": "Dockerfile"}"#).unwrap();
        let result = result(&[Value::from("bad"), cause]).unwrap();
        assert_eq!(member(&result, "startline"), Some(&Value::from(3)));
        assert_eq!(member(&result, "endline"), Some(&Value::from(4)));
        assert_eq!(member(&result, "filepath"), Some(&Value::from("Dockerfile")));
        assert_eq!(member(&result, "msg"), Some(&Value::from("bad")));
        let cause = Value::from_json_str(r#"{"__defsec_metadata": {"startline": 7, "managed": false}}"#).unwrap();
        assert_eq!(is_managed(&[cause]), Some(Value::from(false)));
    }
}
