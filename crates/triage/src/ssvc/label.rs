//! What stands above a column: `In KEV v1.0.0 (cisa)`.

/// The parts of a label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Label {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) namespace: Option<String>,
}

impl Label {
    pub(super) fn parse(text: &str) -> Self {
        let text = text.trim();
        let in_brackets = || {
            let (before, namespace) = text.strip_suffix(')')?.rsplit_once(" (")?;
            versioned(before).map(|(name, version)| (name, version, Some(namespace.to_owned())))
        };
        // Brackets without a version before them are part of the name.
        let (name, version, namespace) =
            in_brackets().or_else(|| versioned(text).map(|(name, version)| (name, version, None))).unwrap_or((text, "", None));
        Self { name: name.to_owned(), version: version.to_owned(), namespace }
    }
}

fn versioned(text: &str) -> Option<(&str, &str)> {
    let (name, version) = text.rsplit_once(" v")?;
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    version.split('.').all(is_number).then_some((name, version))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_versions_and_namespaces_are_told_apart() {
        let cases = [
            ("Exploitation v1.1.0", ("Exploitation", "1.1.0", None)),
            ("In KEV v1.0.0 (cisa)", ("In KEV", "1.0.0", Some("cisa"))),
            ("Impact (without Not Defined) v1.0.1 (cvss)", ("Impact (without Not Defined)", "1.0.1", Some("cvss"))),
            ("Publish, Do Not Publish v1.0.0", ("Publish, Do Not Publish", "1.0.0", None)),
            ("Priority", ("Priority", "", None)),
            ("Impact (of ours)", ("Impact (of ours)", "", None)),
            ("Area vaulted", ("Area vaulted", "", None)),
        ];
        for (text, (name, version, namespace)) in cases {
            let expected = Label { name: name.to_owned(), version: version.to_owned(), namespace: namespace.map(str::to_owned) };
            assert_eq!(Label::parse(text), expected, "{text}");
        }
    }
}
