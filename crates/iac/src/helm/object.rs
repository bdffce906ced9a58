//! Values that have methods: a chart's files, what the cluster can do, versions and dates.

use std::{collections::BTreeMap, rc::Rc};

use super::{
    data::yaml,
    failure::{Eval, fail},
    function::{Args, Version},
    machine::Machine,
    pattern::Glob,
    text::Text,
    value::{Kind, Map, Val},
};

/// A value that has methods.
#[derive(Debug)]
pub(super) enum Object {
    /// `.Files`: the files of a chart that are no templates, by path.
    Files(BTreeMap<Rc<str>, Text>),
    /// `.Capabilities.KubeVersion`.
    KubeVersion(Version),
    /// `.Capabilities.APIVersions`.
    ApiVersions(Vec<Rc<str>>),
    /// What `semver` gives.
    Version(Version),
    /// Seconds since 1970.
    Time(i64),
}

impl Object {
    pub(super) const fn type_name(&self) -> &'static str {
        match self {
            Self::Files(_) => "engine.files",
            Self::KubeVersion(_) => "common.KubeVersion",
            Self::ApiVersions(_) => "common.VersionSet",
            Self::Version(_) => "*semver.Version",
            Self::Time(_) => "time.Time",
        }
    }

    pub(super) const fn kind_name(&self) -> &'static str {
        match self {
            Self::Files(_) => "map",
            Self::ApiVersions(_) => "slice",
            Self::Version(_) => "ptr",
            Self::KubeVersion(_) | Self::Time(_) => "struct",
        }
    }

    pub(super) fn is_true(&self) -> bool {
        match self {
            Self::Files(files) => !files.is_empty(),
            Self::ApiVersions(versions) => !versions.is_empty(),
            Self::KubeVersion(_) | Self::Version(_) | Self::Time(_) => true,
        }
    }

    pub(super) fn print(&self) -> String {
        match self {
            Self::Files(files) => format!("map[{}]", files.keys().map(|name| format!("{name}:[]")).collect::<Vec<_>>().join(" ")),
            Self::ApiVersions(versions) => format!("[{}]", versions.join(" ")),
            Self::KubeVersion(version) => version.original.clone(),
            Self::Version(version) => version.print(),
            Self::Time(seconds) => super::function::time_layout("2006-01-02 15:04:05 -0700 MST", *seconds),
        }
    }

    /// What `range` goes over, if it goes over this.
    pub(super) fn items(&self) -> Option<Vec<(Val, Val)>> {
        match self {
            Self::Files(files) => {
                Some(files.iter().map(|(name, text)| (Val::text(Rc::clone(name)), Val::new(Kind::Bytes(text.clone())))).collect())
            }
            Self::ApiVersions(versions) => {
                Some(versions.iter().zip(0..).map(|(version, index)| (Val::int(index), Val::text(Rc::clone(version)))).collect())
            }
            Self::KubeVersion(_) | Self::Version(_) | Self::Time(_) => None,
        }
    }

    /// What `index` gives.
    pub(super) fn index(&self, index: &Val) -> Option<Val> {
        match (self, &index.kind) {
            (Self::Files(files), Kind::Str(name)) => {
                Some(Val::new(Kind::Bytes(files.get(name.as_str()).cloned().unwrap_or_else(|| Text::from("")))))
            }
            (Self::ApiVersions(versions), Kind::Int(at) | Kind::Int64(at)) => {
                usize::try_from(*at).ok().and_then(|at| versions.get(at)).map(|version| Val::text(Rc::clone(version)))
            }
            _ => None,
        }
    }

    pub(super) const fn seconds(&self) -> Option<i64> {
        match self {
            Self::Time(seconds) => Some(*seconds),
            Self::Files(_) | Self::KubeVersion(_) | Self::ApiVersions(_) | Self::Version(_) => None,
        }
    }

    /// A field, or what a method gives.
    pub(super) fn field(&self, machine: &mut Machine, name: &str, args: &Args<'_>) -> Eval<Val> {
        match self {
            Self::Files(files) => files_field(files, machine, name, args),
            Self::KubeVersion(version) => match name {
                "Version" | "GitVersion" | "String" => Ok(Val::text(version.original.as_str())),
                "Major" => Ok(Val::text(version.numbers[0].to_string())),
                "Minor" => Ok(Val::text(version.numbers[1].to_string())),
                _ => self.unknown(name),
            },
            Self::ApiVersions(versions) => match name {
                "Has" => {
                    let wanted = args.str(0)?;
                    Ok(Val::bool(versions.iter().any(|version| **version == *wanted)))
                }
                _ => self.unknown(name),
            },
            Self::Version(version) => self.version_field(version, name, args),
            Self::Time(seconds) => self.time_field(*seconds, name, args),
        }
    }

    fn unknown(&self, name: &str) -> Eval<Val> {
        fail(format!("can't evaluate field {name} in type {}", self.type_name()))
    }

    fn version_field(&self, version: &Version, name: &str, args: &Args<'_>) -> Eval<Val> {
        let [major, minor, patch] = version.numbers;
        let number = |number: u64| Ok(Val::int(i64::try_from(number).unwrap_or(i64::MAX)));
        let other = || match args.values.first().map(|val| &val.kind) {
            Some(Kind::Object(object)) => match object.as_ref() {
                Self::Version(other) => Ok(version.compare(other)),
                Self::Files(_) | Self::KubeVersion(_) | Self::ApiVersions(_) | Self::Time(_) => fail("expected a version"),
            },
            _ => fail("expected a version"),
        };
        let next = |numbers: [u64; 3]| {
            let mut next = Version { numbers, prerelease: String::new(), metadata: String::new(), original: String::new() };
            next.original = next.print();
            Ok(Val::new(Kind::Object(Rc::new(Self::Version(next)))))
        };
        match name {
            "Major" => number(major),
            "Minor" => number(minor),
            "Patch" => number(patch),
            "Prerelease" => Ok(Val::text(version.prerelease.as_str())),
            "Metadata" => Ok(Val::text(version.metadata.as_str())),
            "Original" => Ok(Val::text(version.original.as_str())),
            "String" => Ok(Val::text(version.print())),
            "Compare" => other().map(|order| Val::int(order as i64)),
            "Equal" => other().map(|order| Val::bool(order.is_eq())),
            "LessThan" => other().map(|order| Val::bool(order.is_lt())),
            "GreaterThan" => other().map(|order| Val::bool(order.is_gt())),
            "LessThanEqual" => other().map(|order| Val::bool(order.is_le())),
            "GreaterThanEqual" => other().map(|order| Val::bool(order.is_ge())),
            "IncMajor" => next([major.saturating_add(1), 0, 0]),
            "IncMinor" => next([major, minor.saturating_add(1), 0]),
            "IncPatch" => next([major, minor, patch.saturating_add(1)]),
            _ => self.unknown(name),
        }
    }

    fn time_field(&self, seconds: i64, name: &str, args: &Args<'_>) -> Eval<Val> {
        let [year, month, day, hour, minute, second] = super::function::time_parts(seconds);
        match name {
            "Unix" => Ok(Val::new(Kind::Int64(seconds))),
            "UnixMilli" => Ok(Val::new(Kind::Int64(seconds.saturating_mul(1000)))),
            "UnixNano" => Ok(Val::new(Kind::Int64(seconds.saturating_mul(1_000_000_000)))),
            "Format" => Ok(Val::text(super::function::time_layout(args.str(0)?, seconds))),
            "String" => Ok(Val::text(self.print())),
            "Year" => Ok(Val::int(year)),
            "Month" => Ok(Val::int(month)),
            "Day" => Ok(Val::int(day)),
            "Hour" => Ok(Val::int(hour)),
            "Minute" => Ok(Val::int(minute)),
            "Second" => Ok(Val::int(second)),
            "UTC" | "Local" => Ok(Val::new(Kind::Object(Rc::new(Self::Time(seconds))))),
            _ => self.unknown(name),
        }
    }
}

fn files_field(files: &BTreeMap<Rc<str>, Text>, machine: &mut Machine, name: &str, args: &Args<'_>) -> Eval<Val> {
    let get = |name: &str| files.get(name).cloned().unwrap_or_else(|| Text::from(""));
    match name {
        "Get" => Ok(Val::new(Kind::Str(get(args.str(0)?)))),
        "GetBytes" => Ok(Val::new(Kind::Bytes(get(args.str(0)?)))),
        "Lines" => {
            let text = get(args.str(0)?);
            let lines: Vec<Val> = match text.as_str() {
                "" => Vec::new(),
                text => text.strip_suffix('\n').unwrap_or(text).split('\n').map(Val::text).collect(),
            };
            machine.charge(lines.len())?;
            Ok(machine.heap.new_list(lines))
        }
        "Glob" => {
            let pattern = Glob::new(args.str(0)?);
            machine.charge(files.len() + 100)?;
            let found = files.iter().filter(|(name, _)| pattern.matches(name)).map(|(name, text)| (Rc::clone(name), text.clone()));
            Ok(Val::new(Kind::Object(Rc::new(Object::Files(found.collect())))))
        }
        "AsConfig" | "AsSecrets" => {
            use base64::Engine as _;
            let mut map = Map::new();
            for (path, text) in files {
                machine.charge_bytes(text.as_str().len())?;
                let value = if name == "AsConfig" {
                    Val::new(Kind::Str(text.clone()))
                } else {
                    Val::text(base64::engine::general_purpose::STANDARD.encode(text.as_str()))
                };
                map.insert(super::function::base_name(path).into(), value);
            }
            let map = machine.heap.new_map(map);
            Ok(Val::new(Kind::Str(yaml::write(&machine.heap, &map, yaml::Style::Compact)?)))
        }
        name => match files.get(name) {
            Some(text) => Ok(Val::new(Kind::Bytes(text.clone()))),
            None => Ok(Val::NIL),
        },
    }
}
