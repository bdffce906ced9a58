//! The folder of advisories on this machine, and how they get there.
//!
//! ```text
//! pypi.index, pypi.texts   what a scan asks, an ecosystem each
//! kev.table, epss.table    what is known of attacks
//! sources/KEY/             the records of one source, from which the index is built
//! ```

mod client;
mod gather;
mod mirror;
mod shelf;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use bartizan_deps::{
    advisory::{Advisory, Segment, Store, Texts},
    exploited::{Exploited, ListKind, Table},
};

pub(crate) use self::{
    client::{Client, Url},
    gather::{Gathered, gather},
    mirror::{Mirror, News, Progress as DownloadProgress},
    shelf::{About, Delivery, Part, Shelf, Stored},
};
use crate::{
    failure::{Failure, Outcome},
    places,
};

/// How the two files of a segment end.
const INDEX: &str = "index";
const TEXTS: &str = "texts";

/// How the file of what is known of attacks ends.
const TABLE: &str = "table";

/// The largest index that is read, in bytes.
const MAX_INDEX_BYTES: u64 = 1 << 30;

/// Where advisories are, unless the caller says otherwise.
pub(crate) fn default_folder() -> Option<PathBuf> {
    places::data_dir().map(|folder| folder.join("advisories"))
}

/// The segments of a folder, sorted; none if there is no such folder.
fn segments(folder: &Path) -> io::Result<Vec<String>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut names = Vec::new();
    for entry in entries {
        let name = entry?.file_name();
        names.extend(name.to_str().and_then(|name| name.strip_suffix(INDEX)?.strip_suffix('.')).map(str::to_owned));
    }
    names.sort();
    Ok(names)
}

/// The advisories of a folder.
pub(crate) fn open(folder: &Path) -> Outcome<Store> {
    let names = segments(folder).map_err(|error| Failure::unreadable(folder, &error))?;
    let owned = folder.to_owned();
    let load = move |name: &str| read(&owned, name, INDEX);
    let owned = folder.to_owned();
    let load_table = move |name: &str| read(&owned, name, TABLE).ok();
    Ok(Store::new(names, Box::new(load)).with_exploited(Box::new(move || Exploited::load(&load_table))))
}

fn read(folder: &Path, name: &str, kind: &str) -> io::Result<Vec<u8>> {
    let path = folder.join(format!("{name}.{kind}"));
    let size_bytes = fs::metadata(&path)?.len();
    if MAX_INDEX_BYTES < size_bytes {
        return Err(io::Error::other(format!("it is larger than {MAX_INDEX_BYTES} bytes")));
    }
    fs::read(&path)
}

/// What there is in a folder, segment by segment.
pub(crate) fn opened(folder: &Path) -> Outcome<Vec<(String, Result<Segment, String>)>> {
    let names = segments(folder).map_err(|error| Failure::unreadable(folder, &error))?;
    let open = |name: &String| {
        let bytes = read(folder, name, INDEX).map_err(|error| error.to_string())?;
        Segment::open(bytes).map_err(|error| error.to_string())
    };
    Ok(names.iter().map(|name| (name.clone(), open(name))).collect())
}

/// What is known of attacks, list by list; those that are not there are left out.
pub(crate) fn tables(folder: &Path) -> Vec<(ListKind, Result<Table, String>)> {
    let table = |kind: ListKind| {
        let bytes = match read(folder, kind.as_str(), TABLE) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
            read => read.map_err(|error| error.to_string()),
        };
        let open = |bytes| Table::open(kind, bytes).ok_or_else(|| "this is no table, or one of another version".to_owned());
        Some((kind, bytes.and_then(open)))
    };
    ListKind::ALL.into_iter().filter_map(table).collect()
}

/// Whether a segment is what was built.
pub(crate) fn verify(folder: &Path, name: &str, segment: &Segment) -> Result<(), String> {
    let texts = read(folder, name, TEXTS).map_err(|error| error.to_string())?;
    segment.verify(&texts).map_err(|error| error.to_string())
}

/// The texts of an advisory; none if they can't be read.
pub(crate) fn texts(folder: &Path, name: &str, segment: &Segment, advisory: &Advisory<'_>) -> Texts {
    use std::io::{Read as _, Seek as _, SeekFrom};
    let mut block = |start: u64, len: u32| {
        let mut file = fs::File::open(folder.join(format!("{name}.{TEXTS}"))).ok()?;
        file.seek(SeekFrom::Start(start)).ok()?;
        let mut bytes = Vec::new();
        file.take(u64::from(len)).read_to_end(&mut bytes).ok()?;
        Some(bytes)
    };
    segment.texts(advisory, &mut block)
}
