//! The parts of a log, one after the other.

use std::{
    fmt,
    io::{BufReader, Read},
};

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::{ImportError, Node};

/// The members of a run that are kept whole; others are skipped.
const MEMBERS: &[&str] = &[
    "tool",
    "taxonomies",
    "invocations",
    "originalUriBaseIds",
    "versionControlProvenance",
    "artifacts",
    "files",
    "threadFlowLocations",
    "externalPropertyFileReferences",
    "automationDetails",
];

/// What is wanted of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pass {
    /// What runs say of themselves.
    Runs,
    /// Their results.
    Results,
}

/// A part of a log.
pub(super) enum Event {
    /// A member of a run.
    Member(String, Node),
    /// A result of a run.
    Result(Node),
    /// A run ends.
    RunEnd,
}

/// Walks over a log.
pub(super) fn walk(reader: impl Read, pass: Pass, take: &mut dyn FnMut(Event)) -> Result<(), ImportError> {
    let mut deserializer = serde_json::Deserializer::from_reader(BufReader::with_capacity(1 << 16, reader));
    let part = Part { pass, level: Level::Log, take };
    part.deserialize(&mut deserializer).and_then(|()| deserializer.end()).map_err(|error| ImportError::json(&error))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    Log,
    Runs,
    Run,
    Results,
}

struct Part<'t> {
    pass: Pass,
    level: Level,
    take: &'t mut dyn FnMut(Event),
}

impl<'de> DeserializeSeed<'de> for Part<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Part<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.level {
            Level::Log | Level::Run => "an object of SARIF",
            Level::Runs | Level::Results => "a list of SARIF",
        })
    }

    // Lists may be null. Section 3.14.15.
    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        match self.level {
            Level::Results => {
                while let Some(result) = items.next_element()? {
                    (self.take)(Event::Result(result));
                }
            }
            // Several logs in a list.
            Level::Log => while items.next_element_seed(Part { pass: self.pass, level: Level::Log, take: &mut *self.take })?.is_some() {},
            Level::Runs | Level::Run => {
                while items.next_element_seed(Part { pass: self.pass, level: Level::Run, take: &mut *self.take })?.is_some() {}
            }
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while let Some(name) = members.next_key::<String>()? {
            let next = match (self.level, name.as_str(), self.pass) {
                (Level::Log, "runs", _) => Some(Level::Runs),
                (Level::Run, "results", Pass::Results) => Some(Level::Results),
                _ => None,
            };
            if let Some(level) = next {
                members.next_value_seed(Part { pass: self.pass, level, take: &mut *self.take })?;
            } else if self.level == Level::Run && self.pass == Pass::Runs && MEMBERS.contains(&name.as_str()) {
                let node = members.next_value()?;
                (self.take)(Event::Member(name, node));
            } else {
                members.next_value::<IgnoredAny>()?;
            }
        }
        if self.level == Level::Run {
            (self.take)(Event::RunEnd);
        }
        Ok(())
    }
}
