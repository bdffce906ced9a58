//! Reads what is built into programs and libraries, of Linux, macOS and Windows alike: Go's list of modules, and the list of packages
//! that `cargo auditable` leaves.

mod elf;
mod go;
mod macho;
mod object;
mod pe;
mod rust;

use crate::{Claim, Parsed, Read, Reader, Role};

/// Programs and libraries, by their content.
pub(crate) static READER: Reader = Reader { name: "program", claims: &[Claim::Program], read: Read::Bytes(read) };

fn read(_path: &str, bytes: &[u8]) -> Parsed {
    let mut parsed = Parsed::default();
    parsed.inventory.role = Role::Embedded;
    for object in object::objects(bytes) {
        go::read(&object, &mut parsed);
        rust::read(&object, &mut parsed);
    }
    parsed
}
