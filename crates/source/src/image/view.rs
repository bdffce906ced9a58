//! Which files of a layer a container sees.
//!
//! Layers are met from the last to the first. A file hides the files of its path in earlier layers, and so does a mark that it was
//! removed: `.wh.NAME` removes a path and all below it, `.wh..wh..opq` all that earlier layers have in a folder.
//! <https://github.com/opencontainers/image-spec/blob/main/layer.md#whiteouts>

use std::collections::HashSet;

/// Marks begin so.
const MARK: &[u8] = b".wh.";
/// Names of the store's own begin so.
const OWN: &[u8] = b".wh..wh.";
/// The mark that hides what is in its folder.
const OPAQUE: &[u8] = b".wh..wh..opq";

/// What later layers hide.
#[derive(Debug, Default)]
pub(super) struct View {
    /// Paths of files, links and removed things: they hide themselves and all below them.
    gone: HashSet<Box<[u8]>>,
    /// Folders whose content is hidden.
    opaque: HashSet<Box<[u8]>>,
    /// What the layer that is being read will hide from those before it.
    next_gone: Vec<Box<[u8]>>,
    next_opaque: Vec<Box<[u8]>>,
}

/// What an entry of a layer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sight {
    /// A container sees it.
    Seen,
    /// A later layer replaced or removed it.
    Covered,
    /// It marks that something was removed.
    Mark,
}

impl View {
    /// Meets an entry of the layer, by its plain path.
    pub(super) fn meet(&mut self, path: &[u8], is_folder: bool) -> Sight {
        let (folder, name) = split(path);
        if name == OPAQUE {
            self.next_opaque.push(folder.into());
            return Sight::Mark;
        }
        // Whatever else is named so is the store's own.
        if path.split(|&byte| byte == b'/').any(|part| part.starts_with(OWN)) {
            return Sight::Mark;
        }
        if let Some(removed) = name.strip_prefix(MARK) {
            if !removed.is_empty() {
                let removed = if folder.is_empty() { removed.to_vec() } else { [folder, b"/", removed].concat() };
                self.next_gone.push(removed.into());
            }
            return Sight::Mark;
        }
        let is_covered = self.is_covered(path);
        if !is_folder && !is_covered {
            self.next_gone.push(path.into());
        }
        if is_covered { Sight::Covered } else { Sight::Seen }
    }

    /// Whether no later layer hides a path.
    pub(super) fn is_seen(&self, path: &[u8]) -> bool {
        !self.is_covered(path)
    }

    /// Ends the layer: what it has hides what earlier ones have.
    pub(super) fn end_layer(&mut self) {
        self.gone.extend(self.next_gone.drain(..));
        self.opaque.extend(self.next_opaque.drain(..));
    }

    fn is_covered(&self, path: &[u8]) -> bool {
        if self.gone.contains(path) {
            return true;
        }
        let mut below = path;
        while !below.is_empty() {
            let (folder, _) = split(below);
            if self.opaque.contains(folder) || !folder.is_empty() && self.gone.contains(folder) {
                return true;
            }
            below = folder;
        }
        false
    }
}

/// The folder and the name.
fn split(path: &[u8]) -> (&[u8], &[u8]) {
    match path.iter().rposition(|&byte| byte == b'/') {
        Some(slash) => (path.get(..slash).unwrap_or_default(), path.get(slash + 1..).unwrap_or_default()),
        None => (b"", path),
    }
}

/// A path from the root of the container, without `.`, `..` and doubled slashes; it can't lead out of the root.
pub(super) fn plain(path: &[u8]) -> Vec<u8> {
    let mut parts: Vec<&[u8]> = Vec::new();
    for part in path.split(|&byte| byte == b'/') {
        match part {
            b"" | b"." => {}
            b".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join(&b'/')
}

/// Where a link leads, from the folder that it is in.
pub(super) fn target(link: &[u8], target: &[u8]) -> Vec<u8> {
    let folder = if target.starts_with(b"/") { b"".as_slice() } else { split(link).0 };
    plain(&[folder, b"/", target].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Layers, the last first, each with its entries; a folder ends in `/`. Gives the paths that are seen.
    #[track_caller]
    fn check(layers: &[&[&str]], expected: &[&str]) {
        let mut view = View::default();
        let mut seen = Vec::new();
        for layer in layers {
            for entry in *layer {
                if view.meet(&plain(entry.as_bytes()), entry.ends_with('/')) == Sight::Seen && !entry.ends_with('/') {
                    seen.push(*entry);
                }
            }
            view.end_layer();
        }
        assert_eq!(seen, expected);
    }

    #[test]
    fn later_files_replace_earlier_ones() {
        check(&[&["a/b"], &["a/b", "a/c"]], &["a/b", "a/c"]);
        // A file in the place of a folder hides all of it; a folder in the place of a file is one.
        check(&[&["a"], &["a/", "a/b"]], &["a"]);
        check(&[&["a/", "a/b"], &["a"]], &["a/b", "a"]);
    }

    #[test]
    fn removed_files_and_folders_are_gone() {
        check(&[&["a/.wh.b"], &["a/b/c", "a/b", "a/bc", "x"]], &["a/bc", "x"]);
        check(&[&[".wh.a"], &["a"]], &[]);
        check(&[&["a/.wh..wh..opq", "a/new"], &["a/old", "a/d/old", "ab"]], &["a/new", "ab"]);
        check(&[&[".wh..wh..opq"], &["a"]], &[]);
        // A mark is about earlier layers: the same layer may bring the path again.
        check(&[&["a/.wh.b", "a/b"], &["a/b"]], &["a/b"]);
        check(&[&["x"], &["a/.wh.b"], &["a/b"]], &["x"]);
        check(&[&[".wh..wh.plnk/1", ".wh.", "b"], &["a"]], &["b", "a"]);
    }

    #[test]
    fn paths_stay_in_the_root() {
        assert_eq!(plain(b"./a//b/../c/"), b"a/c");
        assert_eq!(plain(b"/../../etc"), b"etc");
        assert_eq!(target(b"etc/os-release", b"../usr/lib/os-release"), b"usr/lib/os-release");
        assert_eq!(target(b"etc/os-release", b"/usr/lib/os-release"), b"usr/lib/os-release");
    }
}
