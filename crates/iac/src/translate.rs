//! From the notation of other tools to the canonical one: types and attributes, by tables that are data.
//!
//! ```text
//! AWS::S3::Bucket = aws_s3_bucket           # a type and its canonical type
//!   BucketName = bucket                     # a property that is called otherwise; by default words are joined by underscores
//!   AccessControl = acl kebab               # and whose value is written otherwise
//!   A.B = /c                                # a property of a block that is an attribute of the resource
//!   Tags -                                  # left out
//!   PublicAccessBlockConfiguration > aws_s3_bucket_public_access_block.bucket   # a resource of its own, which refers to this one
//!   RepositoryPolicyText > aws_ecr_repository_policy.repository as policy       # of which it is this attribute
//! ```
//!
//! A list of keys and values names the key in brackets: `LoadBalancerAttributes[deletion_protection.enabled] = /enable_deletion_protection`.
//!
//! What may be done to a value: `list` makes a list of it, `kebab` writes words with hyphens, `lower`, `not` turns a truth value,
//! `switch` makes one of `Enabled` and `Disabled`, `behind` takes what is behind an underscore.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use crate::{Kind, Map, Member, Place, Value};

/// How deeply values are translated.
const MAX_DEPTH: usize = 64;

/// Types of one notation.
#[derive(Debug, Default)]
pub(crate) struct Table(HashMap<&'static str, Translation>);

/// A type and how its properties are called.
#[derive(Debug)]
pub(crate) struct Translation {
    pub(crate) canonical_type: &'static str,
    properties: HashMap<&'static str, Property>,
    /// Properties that are resources of their own.
    companions: Vec<Companion>,
}

/// A property that is a resource of its own, or a list of them.
#[derive(Debug)]
struct Companion {
    property: &'static str,
    of_type: &'static str,
    /// The attribute that refers to the resource that has it.
    by: &'static str,
    /// The attribute that it is as a whole; its members are attributes where none is named.
    whole: Option<&'static str>,
}

#[derive(Debug)]
struct Property {
    /// Its name, or a way from the resource's root, which starts with `/`; nothing where it is left out.
    name: Option<&'static str>,
    changes: Vec<Change>,
}

#[derive(Debug, Clone, Copy)]
enum Change {
    List,
    Kebab,
    Lower,
    Not,
    Switch,
    Behind,
}

/// A resource in the canonical notation.
#[derive(Debug)]
pub(crate) struct Translated {
    pub(crate) canonical_type: Arc<str>,
    pub(crate) body: Value,
    /// Resources that it has with it: their type, the attribute that refers to it, and their attributes.
    pub(crate) companions: Vec<(&'static str, &'static str, Value)>,
}

impl Table {
    /// Reads a table; a line that makes no sense is left out, which tests of tables notice.
    pub(crate) fn parse(text: &'static str) -> Self {
        let mut table = Self::default();
        let mut current: Option<&'static str> = None;
        for line in text.lines() {
            let line = line.split('#').next().unwrap_or_default();
            let words: Vec<&'static str> = line.split_whitespace().collect();
            match (line.starts_with(' '), words.as_slice()) {
                (_, []) => {}
                (false, [native, "=", canonical]) => {
                    let translation = Translation { canonical_type: canonical, properties: HashMap::new(), companions: Vec::new() };
                    table.0.insert(native, translation);
                    current = Some(native);
                }
                (true, [path, rest @ ..]) => {
                    let Some(translation) = current.and_then(|current| table.0.get_mut(current)) else { continue };
                    match rest {
                        ["-"] => drop(translation.properties.insert(path, Property { name: None, changes: Vec::new() })),
                        [">", target, rest @ ..] => {
                            let whole = match rest {
                                ["as", name] => Some(*name),
                                _ => None,
                            };
                            if let Some((of_type, by)) = target.split_once('.') {
                                translation.companions.push(Companion { property: path, of_type, by, whole });
                            }
                        }
                        ["=", name, changes @ ..] => {
                            let changes = changes.iter().filter_map(|change| Change::parse(change)).collect();
                            translation.properties.insert(path, Property { name: Some(name), changes });
                        }
                        _ => {}
                    }
                }
                _ => {}
            }
        }
        table
    }

    /// The types that it knows.
    #[cfg(test)]
    pub(crate) fn n_types(&self) -> usize {
        self.0.len()
    }

    /// A resource in the canonical notation; one of a type that the table does not know keeps its type.
    pub(crate) fn translate(&self, native_type: &str, properties: &Value) -> Translated {
        // Azure compares types without case.
        let alike = || {
            let is_alike = |known: &&&str| native_type.contains('/') && known.eq_ignore_ascii_case(native_type);
            self.0.get(*self.0.keys().filter(is_alike).min()?)
        };
        let Some(translation) = self.0.get(native_type).or_else(alike) else {
            return Translated { canonical_type: native_type.into(), body: properties.clone(), companions: Vec::new() };
        };
        let companions = translation.companions.iter().flat_map(|companion| self.made(native_type, translation, companion, properties));
        Translated {
            canonical_type: translation.canonical_type.into(),
            companions: companions.collect(),
            body: translation.body(properties),
        }
    }

    /// The resources that a property is.
    fn made(
        &self,
        native_type: &str,
        translation: &Translation,
        companion: &Companion,
        properties: &Value,
    ) -> Vec<(&'static str, &'static str, Value)> {
        let Some(value) = properties.get(companion.property) else { return Vec::new() };
        // What may stand by itself, too, has names of its own; in a list there are several.
        let own = self.0.get(format!("{native_type}/{}", companion.property).as_str());
        let bodies = match (companion.whole, own, &value.kind) {
            (Some(name), ..) => vec![Value::of_members([(name, value.clone())], value.place)],
            (None, Some(own), Kind::List(items)) => items.iter().map(|item| own.body(item)).collect(),
            (None, Some(own), _) => vec![own.body(value)],
            (None, None, Kind::List(items)) => {
                items.iter().map(|item| translation.members(item, companion.property, &mut Vec::new(), 0)).collect()
            }
            (None, None, _) => {
                let plain = Translation { canonical_type: companion.of_type, properties: HashMap::new(), companions: Vec::new() };
                vec![plain.body(value)]
            }
        };
        bodies.into_iter().map(|body| (companion.of_type, companion.by, body)).collect()
    }
}

impl Translation {
    /// The attributes of a resource.
    fn body(&self, properties: &Value) -> Value {
        let mut moved = Vec::new();
        let mut body = self.members(properties, "", &mut moved, 0);
        for (way, member) in moved {
            put(&mut body, way, member);
        }
        body
    }

    /// The attribute that an element of a list of keys and values is.
    fn keyed(&self, item: &Value, path: &str) -> Option<(&'static str, Member)> {
        let (key, value) = (item.get("Key").and_then(Value::text)?, item.member("Value")?);
        let property = self.properties.get(format!("{path}[{key}]").as_str())?;
        Some((property.name?.strip_prefix('/')?, value.clone()))
    }

    fn members(&self, value: &Value, path: &str, moved: &mut Vec<(&'static str, Member)>, depth: usize) -> Value {
        if MAX_DEPTH < depth {
            return value.clone();
        }
        let kind = match &value.kind {
            Kind::List(items) => {
                moved.extend(items.iter().filter_map(|item| self.keyed(item, path)));
                Kind::List(items.iter().map(|item| self.members(item, path, moved, depth + 1)).collect())
            }
            Kind::OneOf(values) => Kind::OneOf(values.iter().map(|value| self.members(value, path, moved, depth + 1)).collect()),
            Kind::Map(map) if !is_of_users(path, map) => {
                let mut members = BTreeMap::new();
                for (name, member) in &map.0 {
                    let inner_path = if path.is_empty() { name.to_string() } else { format!("{path}.{name}") };
                    let property = self.properties.get(inner_path.as_str());
                    let mut inner = self.members(&member.value, &inner_path, moved, depth + 1);
                    for change in property.map(|property| property.changes.as_slice()).unwrap_or_default() {
                        inner = change.apply(inner);
                    }
                    let translated = Member { name: member.name, value: inner };
                    match property.map(|property| property.name) {
                        None => drop(members.insert(snake(name), translated)),
                        Some(None) => {}
                        Some(Some(way)) => match way.strip_prefix('/') {
                            Some(way) => moved.push((way, translated)),
                            None => drop(members.insert(way.into(), translated)),
                        },
                    }
                }
                Kind::Map(Arc::new(Map(members)))
            }
            other => other.clone(),
        };
        Value { kind, ..value.clone() }
    }
}

impl Change {
    fn parse(word: &str) -> Option<Self> {
        match word {
            "list" => Some(Self::List),
            "kebab" => Some(Self::Kebab),
            "lower" => Some(Self::Lower),
            "not" => Some(Self::Not),
            "switch" => Some(Self::Switch),
            "behind" => Some(Self::Behind),
            _ => None,
        }
    }

    fn apply(self, value: Value) -> Value {
        // Of what may be several things, each is changed.
        if let (Kind::OneOf(values), false) = (&value.kind, matches!(self, Self::List)) {
            let values = values.iter().map(|value| self.apply(value.clone())).collect();
            return Value { kind: Kind::OneOf(values), ..value };
        }
        let kind = match (self, &value.kind) {
            (Self::List, Kind::List(_)) => return value,
            (Self::List, _) => Kind::List([value.clone()].into()),
            (Self::Kebab, Kind::Text(text)) => Kind::Text(snake(text).replace('_', "-").into()),
            (Self::Lower, Kind::Text(text)) => Kind::Text(text.to_lowercase().into()),
            (Self::Not, _) => match value.boolean() {
                Some(is) => Kind::Boolean(!is),
                None => return value,
            },
            (Self::Switch, Kind::Text(text)) if text.eq_ignore_ascii_case("enabled") => Kind::Boolean(true),
            (Self::Switch, Kind::Text(text)) if text.eq_ignore_ascii_case("disabled") => Kind::Boolean(false),
            (Self::Behind, Kind::Text(text)) => match text.rsplit_once('_') {
                Some((_, behind)) => Kind::Text(behind.into()),
                None => return value,
            },
            (Self::Kebab | Self::Lower | Self::Switch | Self::Behind, _) => return value,
        };
        Value { kind, ..value }
    }
}

/// Whether the names in a map are its author's, and no properties.
fn is_of_users(path: &str, map: &Map) -> bool {
    let last = path.rsplit('.').next().unwrap_or_default();
    map.0.contains_key("Statement")
        || matches!(
            last.to_ascii_lowercase().as_str(),
            "tags" | "variables" | "metadata" | "labels" | "appsettings" | "securityconfiguration"
        )
}

/// Puts a member at the end of a way of names below a map.
fn put(body: &mut Value, way: &str, member: Member) {
    let Kind::Map(map) = &mut body.kind else { return };
    let map = Arc::make_mut(map);
    match way.split_once('.') {
        None => drop(map.0.insert(way.into(), member)),
        Some((name, rest)) => {
            let empty = || Member { name: member.name, value: Value::new(Kind::Map(Arc::default()), Place { ..member.value.place }) };
            let outer = map.0.entry(name.into()).or_insert_with(empty);
            put(&mut outer.value, rest, member);
        }
    }
}

/// `KMSMasterKeyID` as `kms_master_key_id`.
pub(crate) fn snake(name: &str) -> Arc<str> {
    let characters: Vec<char> = name.chars().collect();
    let mut snake = String::with_capacity(name.len() + 8);
    for (at, character) in characters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| characters.get(before));
        let after = characters.get(at + 1);
        let starts_word = character.is_uppercase()
            && before.is_some_and(|before| {
                before.is_lowercase()
                    || before.is_ascii_digit()
                    || (before.is_uppercase() && after.is_some_and(|after| after.is_lowercase()))
            });
        if starts_word {
            snake.push('_');
        }
        snake.extend(character.to_lowercase());
    }
    snake.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_names() {
        for (name, expected) in [
            ("KMSMasterKeyID", "kms_master_key_id"),
            ("SSEAlgorithm", "sse_algorithm"),
            ("Ipv6CidrBlock", "ipv6_cidr_block"),
            ("acl", "acl"),
            ("enableHTTPS", "enable_https"),
        ] {
            assert_eq!(&*snake(name), expected);
        }
    }
}
