//! Reads archives of Java: `*.jar` and its relatives, by what is in them.
//!
//! An archive says what it is in `META-INF/maven/…/pom.properties`, where Maven built it: one for itself, and one for each package
//! that was merged into it. Else its manifest may say so, and as a last resort its name. Each of them is a file of its own to the
//! pass; [`settle`](super::settle) puts them together. An archive in an archive is an archive like any other.

pub(crate) mod archive;
pub(crate) mod group;
pub(crate) mod manifest;
pub(crate) mod pom;

/// The endings of archives.
pub(crate) const ENDINGS: [&str; 9] = [".jar", ".war", ".ear", ".jpi", ".hpi", ".par", ".sar", ".nar", ".rar"];

/// What `NAME-VERSION` means: the version begins with the first part that begins with a digit.
pub(crate) fn name_and_version(stem: &str) -> (&str, Option<&str>) {
    let mut from = 0;
    while let Some(dash) = stem.get(from..).and_then(|rest| rest.find('-')).map(|dash| from + dash) {
        let after = stem.get(dash + 1..).unwrap_or_default();
        if after.starts_with(|c: char| c.is_ascii_digit()) {
            return (stem.get(..dash).unwrap_or(stem), Some(after));
        }
        from = dash + 1;
    }
    (stem, None)
}

#[cfg(test)]
mod tests {
    use super::name_and_version;

    #[test]
    fn a_version_begins_with_a_digit() {
        for (stem, expected) in [
            ("guava-31.1-jre", ("guava", Some("31.1-jre"))),
            ("log4j-over-slf4j-1.7.36", ("log4j-over-slf4j", Some("1.7.36"))),
            ("app", ("app", None)),
            ("a-", ("a-", None)),
            ("", ("", None)),
        ] {
            assert_eq!(name_and_version(stem), expected);
        }
    }
}
