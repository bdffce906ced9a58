//! CycloneDX as XML: <https://cyclonedx.org/docs/1.6/xml/>. Its schema wants elements in its order, which the code below keeps.

use std::io::{self, Write};

use super::{
    Bom, Component, CycloneDxVersion,
    cyclonedx::{algorithm, dependencies, is_incomplete, properties, scope_name, type_of},
    identity, licence,
    xml::Elements,
};

/// Writes a bill.
pub(super) fn write(bom: &Bom, version: CycloneDxVersion, out: &mut dyn Write) -> io::Result<()> {
    let namespace = format!("http://cyclonedx.org/schema/bom/{}", version.as_str());
    let serial = format!("urn:uuid:{}", identity::uuid(bom));
    let attributes = [("xmlns", namespace.as_str()), ("serialNumber", &serial), ("version", "1")];
    Elements::new(out)?.nested("bom", &attributes, |xml| {
        xml.nested("metadata", &[], |xml| write_metadata(bom, xml))?;
        xml.nested("components", &[], |xml| bom.components.iter().try_for_each(|component| write_component(component, xml)))?;
        xml.nested("dependencies", &[], |xml| write_dependencies(bom, xml))?;
        match &bom.metadata.subject {
            Some(subject) if is_incomplete(bom) => xml.nested("compositions", &[], |xml| write_composition(&subject.id, xml)),
            Some(_) | None => Ok(()),
        }
    })
}

fn write_metadata(bom: &Bom, xml: &mut Elements<'_>) -> io::Result<()> {
    let metadata = &bom.metadata;
    xml.optional("timestamp", metadata.timestamp.map(|timestamp| timestamp.to_string()).as_deref())?;
    let tools: Vec<_> = metadata.tools.iter().filter(|tool| !tool.name.is_empty()).collect();
    if !tools.is_empty() {
        xml.nested("tools", &[], |xml| {
            xml.nested("components", &[], |xml| {
                tools.iter().try_for_each(|tool| {
                    xml.nested("component", &[("type", "application")], |xml| {
                        xml.text("name", &[], &tool.name)?;
                        xml.optional("version", Some(tool.version.as_str()).filter(|version| !version.is_empty()))
                    })
                })
            })
        })?;
    }
    metadata.subject.iter().try_for_each(|subject| write_component(subject, xml))?;
    if metadata.gaps.is_empty() {
        return Ok(());
    }
    xml.nested("properties", &[], |xml| {
        metadata.gaps.iter().try_for_each(|gap| xml.text("property", &[("name", gap.kind.property())], &gap.text))
    })
}

fn write_component(component: &Component, xml: &mut Elements<'_>) -> io::Result<()> {
    let scope = component.scope.filter(|_| !component.kind.is_root());
    let attributes = [("type", type_of(component.kind)), ("bom-ref", component.id.as_str())];
    xml.nested("component", &attributes, |xml| {
        xml.optional("group", component.group.as_deref())?;
        xml.text("name", &[], &component.name)?;
        xml.optional("version", component.version.as_deref())?;
        xml.optional("scope", scope.map(scope_name))?;
        if !component.hashes.is_empty() {
            xml.nested("hashes", &[], |xml| {
                component.hashes.iter().try_for_each(|hash| xml.text("hash", &[("alg", algorithm(hash.algorithm))], &hash.value))
            })?;
        }
        if !component.licences.is_empty() {
            xml.nested("licenses", &[], |xml| write_licences(&component.licences, xml))?;
        }
        xml.optional("purl", component.purl.as_deref())?;
        let mut properties = properties(component).peekable();
        if properties.peek().is_some() {
            xml.nested("properties", &[], |xml| properties.try_for_each(|(name, value)| xml.text("property", &[("name", name)], value)))?;
        }
        if component.places.is_empty() {
            return Ok(());
        }
        xml.nested("evidence", &[], |xml| xml.nested("occurrences", &[], |xml| write_places(component, xml)))
    })
}

fn write_licences(declared: &[String], xml: &mut Elements<'_>) -> io::Result<()> {
    match declared {
        [one] if licence::known(one).is_none() && licence::is_expression(one) => xml.text("expression", &[], one),
        several => several.iter().try_for_each(|text| {
            xml.nested("license", &[], |xml| match licence::known(text) {
                Some(id) => xml.text("id", &[], id),
                None => xml.text("name", &[], text),
            })
        }),
    }
}

fn write_places(component: &Component, xml: &mut Elements<'_>) -> io::Result<()> {
    component.places.iter().try_for_each(|place| {
        xml.nested("occurrence", &[], |xml| {
            xml.text("location", &[], &place.path)?;
            xml.optional("line", place.line.map(|line| line.to_string()).as_deref())
        })
    })
}

fn write_dependencies(bom: &Bom, xml: &mut Elements<'_>) -> io::Result<()> {
    dependencies(bom).into_iter().try_for_each(|(dependent, on)| {
        if on.is_empty() {
            return xml.empty("dependency", &[("ref", dependent)]);
        }
        xml.nested("dependency", &[("ref", dependent)], |xml| {
            on.iter().try_for_each(|dependency| xml.empty("dependency", &[("ref", dependency)]))
        })
    })
}

fn write_composition(subject: &str, xml: &mut Elements<'_>) -> io::Result<()> {
    xml.nested("composition", &[], |xml| {
        xml.text("aggregate", &[], "incomplete")?;
        xml.nested("assemblies", &[], |xml| xml.empty("assembly", &[("ref", subject)]))?;
        xml.nested("dependencies", &[], |xml| xml.empty("dependency", &[("ref", subject)]))
    })
}
