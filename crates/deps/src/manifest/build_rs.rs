//! Claims `build.rs`: it names no components, but it runs when a crate is built, and hygiene looks at what it does.

use crate::{Claim, Parsed, Read, Reader};

/// `build.rs`.
pub(crate) static READER: Reader = Reader { name: "build.rs", claims: &[Claim::Name("build.rs")], read: Read::Text(|_| Parsed::default()) };
