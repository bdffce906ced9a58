//! Reads what RPM knows of installed packages, in each of its three databases: SQLite (since 2020), NDB (SUSE) and Berkeley DB.
//!
//! A database is a container of headers, one for each package; [`header`] reads them, and a file each knows a container. All of them
//! read only, from bytes, and follow no more pages than there are.

mod berkeley;
mod header;
mod ndb;
mod sqlite;

use std::collections::HashMap;

use bartizan_core::{ByteRange, Scope};

use self::header::Header;
use super::own;
use crate::{Claim, Ecosystem, Package, PackageIndex, Parsed, Read, Reader, Role, System};

/// `var/lib/rpm/rpmdb.sqlite`, `Packages.db` and `Packages`.
pub(crate) static READER: Reader = Reader {
    name: "database of RPM",
    claims: &[
        Claim::Root("var/lib/rpm/rpmdb.sqlite"),
        Claim::Root("var/lib/rpm/Packages.db"),
        Claim::Root("var/lib/rpm/Packages"),
        Claim::Root("usr/lib/sysimage/rpm/rpmdb.sqlite"),
        Claim::Root("usr/lib/sysimage/rpm/Packages.db"),
        Claim::Root("usr/lib/sysimage/rpm/Packages"),
        Claim::Root("usr/share/rpm/rpmdb.sqlite"),
        Claim::Root("usr/share/rpm/Packages.db"),
        Claim::Root("usr/share/rpm/Packages"),
    ],
    read: Read::Bytes(read),
};

/// The largest header of a package, in bytes: what RPM itself allows.
const MAX_HEADER_BYTES: usize = 256 << 20;

/// The most packages of one database.
const MAX_PACKAGES: usize = 1_000_000;

/// Headers, and what is wrong with the container.
#[derive(Default)]
struct Headers {
    blobs: Vec<Vec<u8>>,
    problems: Vec<String>,
}

fn read(_path: &str, bytes: &[u8]) -> Parsed {
    let mut parsed = Parsed::default();
    parsed.inventory.role = Role::Installed;
    let place = ByteRange::new(0, 0);
    let Some(headers) = sqlite::read(bytes).or_else(|| ndb::read(bytes)).or_else(|| berkeley::read(bytes)) else {
        parsed.unreadable(place, "the file is no database that RPM has: neither SQLite, NDB nor a hash of Berkeley DB");
        return parsed;
    };
    for problem in headers.problems {
        parsed.unreadable(place, problem);
    }
    let mut system = System::default();
    let mut providers: HashMap<String, PackageIndex> = HashMap::new();
    let mut wanted: Vec<(PackageIndex, Vec<String>)> = Vec::new();
    let mut n_broken = 0_usize;
    for blob in headers.blobs {
        let Some(header) = Header::parse(&blob) else {
            n_broken += 1;
            continue;
        };
        header.files().for_each(|path| own(&mut system.owned, &path));
        // Keys are kept among packages.
        let Some((name, version)) = header.name().zip(header.version()).filter(|(name, _)| *name != "gpg-pubkey") else { continue };
        let package = Package {
            qualifiers: qualifiers(&header),
            licences: header.licence().map(str::to_owned).into_iter().collect(),
            ..Package::dependency(Ecosystem::Rpm, name, Some(&version), place)
        };
        let index = parsed.inventory.add(package);
        providers.insert(name.to_owned(), index);
        for provided in header.provides() {
            providers.entry(provided.to_owned()).or_insert(index);
        }
        wanted.push((index, header.requires().map(str::to_owned).collect()));
    }
    for (dependent, names) in wanted {
        let mut targets: Vec<PackageIndex> = names.iter().filter_map(|name| providers.get(name).copied()).collect();
        targets.sort_unstable();
        targets.dedup();
        for target in targets.into_iter().filter(|target| *target != dependent) {
            parsed.inventory.depends(dependent, target, Scope::Runtime);
        }
    }
    if 0 < n_broken {
        parsed.unreadable(place, format!("{n_broken} packages of the database can't be read"));
    }
    parsed.inventory.system = (!system.owned.is_empty()).then(|| Box::new(system));
    parsed
}

fn qualifiers(header: &Header<'_>) -> Vec<(String, String)> {
    let values = [
        ("arch", header.architecture().map(str::to_owned)),
        ("epoch", header.epoch().map(|epoch| epoch.to_string())),
        ("upstream", header.source().map(str::to_owned)),
        ("rpmmod", header.modularity().map(str::to_owned)),
    ];
    values.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{fixture::show, installed::rpm::header::tests::package};

    /// A database of NDB with two packages, as `rpm` writes it.
    fn database() -> Vec<u8> {
        ndb::tests::database(&[
            package("bash", "5.1", "2", Some(1), &["/usr/bin/sh"], &["libc.so"]),
            package("glibc", "2.34", "1", None, &["libc.so"], &[]),
        ])
    }

    #[test]
    fn packages_are_known_by_epoch_version_and_release() {
        let parsed = READER.read_bytes("var/lib/rpm/Packages.db", &database()).unwrap();
        assert_eq!(
            show(&parsed, "").trim(),
            "
rpm bash 1:5.1-2 @1 arch=x86_64 epoch=1 upstream=bash-5.1-2.src.rpm (MIT)
  -> glibc 2.34-1 runtime
rpm glibc 2.34-1 @1 arch=x86_64 upstream=glibc-2.34-1.src.rpm (MIT)"
                .trim()
        );
        assert_eq!(
            parsed.inventory.system.unwrap().owned,
            ["lib/python3/site-packages/x-1.egg-info", "lib/python3/site-packages/x-1.egg-info"]
        );
    }

    #[test]
    fn what_is_cut_or_no_database_is_said() {
        let database = database();
        for end in 0..database.len() {
            let parsed = READER.read_bytes("", &database[..end]).unwrap();
            assert!(parsed.inventory.packages.len() < 2 && !parsed.problems.is_empty() || end + 16 > database.len(), "{end}");
        }
        for (index, _) in database.iter().enumerate() {
            let mut altered = database.clone();
            altered[index] ^= 0xff;
            let _ = READER.read_bytes("", &altered);
        }
    }
}
