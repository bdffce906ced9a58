//! Reads the name of an archive of Java: the last resort.

use super::ENDINGS;
use crate::{Claim, JavaArchive, Parsed, Read, Reader, Role};

/// `*.jar`.
pub(crate) static READER: Reader = Reader { name: "archive of Java", claims: &[Claim::Like(is_for)], read: Read::Path(read) };

/// Sources and documentation of a package are not the package.
fn is_for(path: &str) -> bool {
    let stem = ENDINGS.iter().find_map(|ending| path.strip_suffix(*ending)).filter(|stem| !stem.is_empty());
    stem.is_some_and(|stem| !stem.ends_with("-sources") && !stem.ends_with("-javadoc"))
}

fn read(path: &str) -> Parsed {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let mut parsed = Parsed::default();
    parsed.inventory.role = Role::Embedded;
    parsed.inventory.archive = Some(Box::new(JavaArchive::Name(stem.to_owned())));
    parsed
}
