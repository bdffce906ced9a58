//! Reads the manifest of an archive of Java: <https://docs.oracle.com/en/java/javase/21/docs/specs/jar/jar.html#jar-manifest>.

use std::collections::HashMap;

use crate::{Claim, JavaArchive, Parsed, Read, Reader, Role, SourceText};

/// `META-INF/MANIFEST.MF` of an archive.
pub(crate) static READER: Reader =
    Reader { name: "manifest of an archive of Java", claims: &[Claim::Like(is_for)], read: Read::Text(read) };

/// What may be the group, the worthiest first.
const GROUPS: [&str; 5] =
    ["Bundle-SymbolicName", "Implementation-Vendor-Id", "Automatic-Module-Name", "Extension-Name", "Implementation-Title"];

/// What may be the name, the worthiest first.
const NAMES: [&str; 5] = ["Implementation-Title", "Bundle-SymbolicName", "Automatic-Module-Name", "Extension-Name", "Short-Name"];

/// What may be the version, the worthiest first.
const VERSIONS: [&str; 4] = ["Implementation-Version", "Plugin-Version", "Bundle-Version", "Specification-Version"];

fn is_for(path: &str) -> bool {
    path.ends_with("!/META-INF/MANIFEST.MF")
}

fn read(source: &SourceText<'_>) -> Parsed {
    // Upper and lower case make no difference in names.
    let mut fields: HashMap<String, String> = HashMap::new();
    let mut last: Option<String> = None;
    for line in source.text.lines() {
        // The main section ends with an empty line; a line that begins with a blank goes on with the one before.
        if line.is_empty() {
            break;
        }
        if let Some(more) = line.strip_prefix(' ') {
            if let Some(value) = last.as_ref().and_then(|name| fields.get_mut(name)) {
                value.push_str(more);
            }
            continue;
        }
        let Some((name, value)) = line.split_once(':') else { continue };
        let name = name.to_ascii_lowercase();
        fields.insert(name.clone(), value.trim().to_owned());
        last = Some(name);
    }
    // What was to be filled in when it was built, and was not, says nothing.
    let of =
        |name: &&str| fields.get(&name.to_ascii_lowercase()).map(|value| value.split(';').next().unwrap_or_default().trim().to_owned());
    // Ivy writes `GROUP#NAME`.
    let group_of = |value: String| value.split('#').next().unwrap_or_default().to_owned();
    let name_of = |value: String| value.rsplit('#').next().unwrap_or_default().to_owned();
    let is_said = |value: &String| !value.is_empty() && !value.contains(['$', '%', ' ']);
    let mut parsed = Parsed::default();
    parsed.inventory.role = Role::Embedded;
    parsed.inventory.archive = Some(Box::new(JavaArchive::Manifest {
        groups: GROUPS.iter().filter_map(of).filter(is_said).map(group_of).filter(|group| group.contains('.')).collect(),
        names: NAMES.iter().filter_map(of).filter(is_said).map(name_of).collect(),
        version: VERSIONS.iter().filter_map(of).find(is_said),
    }));
    parsed
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::{JavaArchive, SourceText};

    #[test]
    fn attributes_that_name_the_archive_are_taken_in_order() {
        let text = "Manifest-Version: 1.0\r\nbundle-symbolicname: org.apache.axis;singleton:\r\n =true\r\nImplementation-Title: Apache \
                    Axis\r\nImplementation-Version: 1.4\r\nBundle-Version: 9\r\n\r\nName: x\r\nImplementation-Version: 2\r\n";
        let parsed = READER.read_text(&SourceText { path: "a.jar!/META-INF/MANIFEST.MF", text }).unwrap();
        let expected = JavaArchive::Manifest {
            groups: vec!["org.apache.axis".to_owned()],
            names: vec!["org.apache.axis".to_owned()],
            version: Some("1.4".to_owned()),
        };
        assert_eq!(parsed.inventory.archive.as_deref(), Some(&expected));
    }
}
