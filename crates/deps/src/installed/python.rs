//! Reads what is installed with a package of Python: `*.dist-info/METADATA`, `*.egg-info/PKG-INFO` and `*.egg-info`.
//!
//! The format: <https://packaging.python.org/en/latest/specifications/core-metadata/>. What a package needs for an extra is
//! optional.

use bartizan_core::{ByteRange, Scope};

use crate::{Claim, Ecosystem, Package, Parsed, Read, Reader, Role, SourceText, python};

/// `*.dist-info/METADATA`.
pub(crate) static READER: Reader = Reader { name: "installed package of Python", claims: &[Claim::Like(is_for)], read: Read::Text(read) };

pub(crate) fn is_for(path: &str) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    match name {
        "METADATA" => folder.ends_with(".dist-info"),
        "PKG-INFO" => folder.ends_with(".egg-info") || folder == "EGG-INFO" || folder.ends_with("/EGG-INFO"),
        name => name.len() > ".egg-info".len() && name.ends_with(".egg-info"),
    }
}

/// The fields of interest; old tools don't write them as they should.
const FIELDS: [&str; 6] = ["Name", "Version", "License-Expression", "License", "Classifier", "Requires-Dist"];

fn read(source: &SourceText<'_>) -> Parsed {
    let mut parsed = Parsed::default();
    parsed.inventory.role = Role::Installed;
    let (mut name, mut version, mut range) = (None, None, ByteRange::new(0, 0));
    let (mut licences, mut classified, mut wanted) = (Vec::new(), Vec::new(), Vec::new());
    let mut start = 0;
    for raw in source.text.split_inclusive('\n') {
        let line = raw.trim_end();
        let place = ByteRange::new(start, start + line.len());
        start += raw.len();
        // The description follows an empty line.
        if line.is_empty() {
            break;
        }
        let Some((field, value)) = line.split_once(':').filter(|_| !raw.starts_with([' ', '\t'])) else { continue };
        let value = value.trim();
        let is_known = |known: &&&str| known.eq_ignore_ascii_case(field);
        match FIELDS.iter().find(is_known).copied().unwrap_or_default() {
            "Name" if name.is_none() => (name, range) = (Some(value), place),
            "Version" if version.is_none() => version = Some(value),
            "License-Expression" => licences.push(value.to_owned()),
            "License" if !value.is_empty() && value != "UNKNOWN" => licences.push(value.to_owned()),
            "Classifier" => classified.extend(value.strip_prefix("License ::").and_then(|licence| licence.rsplit("::").next())),
            "Requires-Dist" => wanted.push((value, place)),
            _ => {}
        }
    }
    let Some(name) = name.filter(|name| !name.is_empty()) else {
        parsed.unreadable(range, "the metadata of a package have no name");
        return parsed;
    };
    let Some(version) = version.filter(|version| !version.is_empty()) else {
        parsed.unreadable(range, format!("the package `{name}` has no version"));
        return parsed;
    };
    if licences.is_empty() {
        licences.extend(classified.first().map(|licence| licence.trim().to_owned()));
    }
    licences.truncate(1);
    let package = parsed.inventory.add(Package { licences, ..Package::dependency(Ecosystem::PyPi, name, Some(version), range) });
    for (text, place) in wanted {
        match python::requirement(text) {
            Some(found) => parsed.inventory.requires(package, found.name, found.scope(Scope::Runtime), found.specifier),
            None => parsed.unresolved(place, "what is required can't be understood"),
        }
    }
    parsed
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::fixture::check;

    #[test]
    fn a_package_has_a_licence_and_needs_others() {
        check(
            &READER,
            "lib/python3.11/site-packages/requests-2.31.0.dist-info/METADATA",
            "Metadata-Version: 2.1
Name: requests
Version: 2.31.0
License: Apache 2.0
Classifier: License :: OSI Approved :: Apache Software License
Requires-Dist: charset-normalizer (<4,>=2)
Requires-Dist: PySocks (!=1.5.7,>=1.5.6) ; extra == 'socks'

Name: not this
",
            "
pypi requests 2.31.0 @2 (Apache 2.0)
  -> charset-normalizer runtime <4,>=2
  -> PySocks optional !=1.5.7,>=1.5.6
",
        );
        check(
            &READER,
            "a.egg!/EGG-INFO/PKG-INFO",
            "Name: a\nversion: 1\nLicense: UNKNOWN\nClassifier: License :: OSI Approved :: MIT License\n",
            "pypi a 1 @1 (MIT License)",
        );
    }

    #[test]
    fn what_lacks_something_is_said() {
        check(&READER, "x.egg-info/PKG-INFO", "Version: 1\n", "1: unreadable: the metadata of a package have no name");
        check(&READER, "x-1.egg-info", "Name: x\n", "1: unreadable: the package `x` has no version");
    }
}
