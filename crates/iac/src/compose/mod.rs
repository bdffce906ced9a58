//! Compose files: each service is a resource of the type `compose_service`, with what it extends taken in.
//!
//! A variable of a file that has no default is unknown. Files that are merged on the command line are each judged alone.

mod checks;
mod port;

use std::sync::Arc;

use crate::{
    Cause, Format, Graph, Kind, Map, Member, Place, Resource, ResourceId, ResourceKind, ScopeId, Value,
    data::DataKind,
    format::{Document, FormatReader},
    project::Project,
};
pub(crate) use checks::CHECKS;

pub(crate) const READER: FormatReader = FormatReader { name: "compose", example: "compose.yaml", files: None, assemble: Some(assemble) };

/// The type of a service.
const SERVICE: &str = "compose_service";

/// Services extend others so many times in a row at most.
const MAX_EXTENDS: usize = 16;

/// Scopes of compose files count down from here: those of modules count up from zero.
const FIRST_SCOPE: u32 = u32::MAX - 1;

/// A compose file: its number, and what it says.
struct File<'p> {
    number: u32,
    path: &'p str,
    root: Value,
}

fn assemble(project: &Project<'_>, graph: &mut Graph) {
    let mut files = Vec::new();
    for (number, file) in project.numbered() {
        for document in &file.documents {
            if let Document::Data(DataKind::Compose, root) = document {
                files.push(File { number, path: file.path.as_str().unwrap_or_default(), root: root.in_file(number) });
            }
        }
    }
    for file in &files {
        let services = file.root.get("services").and_then(Value::map);
        for (name, member) in services.into_iter().flat_map(|map| &map.0) {
            let body = interpolated(&with_devices(&extended(file, &member.value, &files, MAX_EXTENDS), &file.root));
            let end = member.name.end.max(if member.value.place.file == file.number { member.value.place.end } else { 0 });
            graph.add(Resource {
                id: ResourceId(0),
                format: Format::Compose,
                kind: ResourceKind::Managed,
                native_type: "service".into(),
                canonical_type: SERVICE.into(),
                name: Arc::clone(name),
                address: format!("service.{name}").into(),
                block_address: format!("service.{name}").into(),
                scope: ScopeId(FIRST_SCOPE.saturating_sub(file.number)),
                header: member.name,
                block: Place { end, ..member.name },
                body,
                calls: Vec::new(),
            });
        }
    }
}

/// A service with what it extends, of the same file or of another.
fn extended(file: &File<'_>, service: &Value, files: &[File<'_>], depth: usize) -> Value {
    let Some(extends) = service.get("extends").filter(|_| 0 < depth) else { return service.clone() };
    let name = extends.text().or_else(|| extends.get("service").and_then(Value::text)).unwrap_or_default();
    let other = match extends.get("file").and_then(Value::text) {
        None => Some(file),
        Some(path) => {
            let path = beside(file.path, path);
            files.iter().find(|file| file.path == path)
        }
    };
    match other.and_then(|other| Some((other, other.root.at(&["services", name])?))) {
        Some((other, base)) => merged(&extended(other, base, files, depth - 1), service),
        None => service.clone(),
    }
}

/// A service with the folders of the machine that named volumes stand for, as mounts of their own.
fn with_devices(service: &Value, root: &Value) -> Value {
    let Some(map) = service.map() else { return service.clone() };
    let mounts = service.get("volumes").map(Value::items).unwrap_or_default();
    let device = |item: &Value| {
        let name = item.text().map(|text| text.split(':').next().unwrap_or_default()).or(item.get("source").and_then(Value::text))?;
        let device = root.at(&["volumes", name, "driver_opts", "device"])?;
        let source = Member { name: device.place, value: device.clone() };
        Some(Value::new(Kind::Map(Arc::new(Map([("source".into(), source)].into()))), device.place))
    };
    let devices: Vec<Value> = mounts.iter().filter_map(device).collect();
    let Some(member) = map.0.get("volumes").filter(|_| !devices.is_empty()) else { return service.clone() };
    let items = mounts.iter().cloned().chain(devices).collect();
    let mut map = map.clone();
    map.0.insert("volumes".into(), Member { name: member.name, value: Value::new(Kind::List(items), member.value.place) });
    Value { kind: Kind::Map(Arc::new(map)), ..service.clone() }
}

/// The path of a file that is named from beside another.
fn beside(file: &str, path: &str) -> String {
    let mut parts: Vec<&str> = file.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// One service over another: maps are merged, lists joined, anything else replaced.
fn merged(base: &Value, over: &Value) -> Value {
    match (&base.kind, &over.kind) {
        (Kind::Map(base), Kind::Map(members)) => {
            let mut map = Map::clone(base);
            for (name, member) in &members.0 {
                let mut member = member.clone();
                if let Some(before) = map.0.get(name) {
                    member.value = merged(&before.value, &member.value);
                }
                map.0.insert(Arc::clone(name), member);
            }
            Value { kind: Kind::Map(Arc::new(map)), ..over.clone() }
        }
        (Kind::List(base), Kind::List(items)) => {
            Value { kind: Kind::List(base.iter().chain(items.iter()).cloned().collect()), ..over.clone() }
        }
        _ => over.clone(),
    }
}

/// The same with variables replaced by their defaults; what has a variable without one is unknown.
fn interpolated(value: &Value) -> Value {
    let kind = match &value.kind {
        Kind::Text(text) if text.contains('$') => match with_defaults(text) {
            Ok(text) => Kind::Text(text.into()),
            Err(variable) => return Value { references: None, ..Value::unknown(Cause::Variable(variable.into()), value.place) },
        },
        Kind::List(items) => Kind::List(items.iter().map(interpolated).collect()),
        Kind::Map(map) => {
            let member =
                |(name, member): (&Arc<str>, &Member)| (Arc::clone(name), Member { name: member.name, value: interpolated(&member.value) });
            Kind::Map(Arc::new(Map(map.0.iter().map(member).collect())))
        }
        other => other.clone(),
    };
    Value { kind, ..value.clone() }
}

/// A text with each `${NAME:-default}` replaced, or the name of the first variable that has no default.
fn with_defaults(text: &str) -> Result<String, String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        if let Some(literal) = after.strip_prefix('$') {
            out.push('$');
            rest = literal;
            continue;
        }
        let Some((inside, after)) = after.strip_prefix('{').and_then(|after| after.split_once('}')) else {
            let name: String = after.chars().take_while(|&character| character.is_alphanumeric() || character == '_').collect();
            if name.is_empty() {
                out.push('$');
                rest = after;
                continue;
            }
            return Err(name);
        };
        let Some((_, default)) = inside.split_once(":-").or_else(|| inside.split_once('-')) else {
            return Err(inside.split([':', '?', '+']).next().unwrap_or_default().to_owned());
        };
        out.push_str(default);
        rest = after;
    }
    out.push_str(rest);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::check;

    #[test]
    fn variables_have_defaults_or_are_unknown() {
        assert_eq!(with_defaults("${TAG:-1.2}-$$x").as_deref(), Ok("1.2-$x"));
        assert_eq!(with_defaults("a:${TAG}"), Err("TAG".to_owned()));
        assert_eq!(with_defaults("$HOME/x"), Err("HOME".to_owned()));
    }

    #[test]
    fn what_is_extended_is_found_where_it_is_written() {
        let base = "services:\n  base:\n    image: a:1\n    privileged: true\n";
        let app =
            "services:\n  web:\n    extends:\n      file: ../base.yaml\n      service: base\n  old:\n    extends: none\n    image: b:1\n";
        check(
            &[("base.yaml", base), ("app/compose.yaml", app)],
            &["compose-service-privileged"],
            &["base.yaml:4 compose-service-privileged", "base.yaml:4 compose-service-privileged"],
        );
    }
}
