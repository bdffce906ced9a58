//! JSON as a stream: each component is looked at when it comes, and none is kept as it was written.
//!
//! Members of a document come in any order, so that the first that tells the format may come last. Each member has one meaning
//! in the formats that have it.

use std::{fmt, io::Read};

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::{cyclonedx, draft::Draft, spdx, spdx3};

/// Reads a document.
pub(super) fn read(input: &mut dyn super::BufRead, draft: &mut Draft) {
    // The parser asks for bytes one by one; a buffer of its own spares it the call through a table.
    let mut input = std::io::BufReader::with_capacity(1 << 16, input as &mut dyn Read);
    let mut deserializer = serde_json::Deserializer::from_reader(&mut input);
    let end = Document(draft).deserialize(&mut deserializer).and_then(|()| deserializer.end());
    if let Err(error) = end {
        draft.loss(format!("the document can't be read further: {error}"));
    }
}

/// The document as a whole, or the bill within a statement.
struct Document<'d>(&'d mut Draft);

impl<'de> DeserializeSeed<'de> for Document<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Document<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let draft = self.0;
        while let Some(name) = members.next_key::<String>()? {
            let take: Take = match name.as_str() {
                "predicate" | "sbom" => {
                    members.next_value_seed(Document(&mut *draft))?;
                    continue;
                }
                "bomFormat" | "spdxVersion" => |draft, _| draft.is_bill = true,
                "components" => cyclonedx::component,
                "dependencies" => cyclonedx::dependency,
                "metadata" => cyclonedx::metadata,
                "packages" => spdx::package,
                "files" => |draft, _| draft.n_files += 1,
                "relationships" => spdx::relationship,
                "hasExtractedLicensingInfos" => spdx::licence,
                "annotations" => spdx::annotation,
                "creationInfo" => spdx::creation,
                "documentDescribes" => spdx::described,
                "@graph" => spdx3::element,
                _ => {
                    members.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            members.next_value_seed(Each { draft: &mut *draft, take })?;
        }
        Ok(())
    }
}

/// What is done with a value.
type Take = fn(&mut Draft, &Value);

/// Each item of a list; one value counts as a list of one.
struct Each<'d> {
    draft: &'d mut Draft,
    take: Take,
}

impl<'de> DeserializeSeed<'de> for Each<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Each<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while let Some(item) = items.next_element::<Value>()? {
            (self.take)(self.draft, &item);
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<(), A::Error> {
        let value = <Value as serde::Deserialize>::deserialize(serde::de::value::MapAccessDeserializer::new(members))?;
        (self.take)(self.draft, &value);
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        (self.take)(self.draft, &Value::String(text.to_owned()));
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }
}
