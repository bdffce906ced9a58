//! Reading the layers of an image, the last first.

use std::{
    collections::{BTreeMap, HashMap},
    io::{self, Cursor, Read},
    sync::Arc,
};

use bartizan_core::{ArtifactPath, Diagnostic, DiagnosticKind};

use super::{
    blobs::Blobs,
    view::{Sight, View, plain, target},
};
use crate::{
    Image, InImage,
    archive::{HEAD_BYTES, Kind, Next, Opening, Source, compressed::decoder, fill_kept, recognize, tar},
};

/// Files that say what system this is are often links, sometimes to a name that nobody looks for.
const LINKS: [&[u8]; 2] = [b"etc/os-release", b"usr/lib/os-release"];

/// How many links lead to one another.
const MAX_LINKS: usize = 8;

/// The most names of files that are kept because their content is elsewhere in the image.
const MAX_NAMES: usize = 10_000;

/// Reads layers.
pub(super) struct Layers<'l, 'o, 'a> {
    pub(super) opening: Opening<'o, 'a>,
    pub(super) image: Arc<Image>,
    /// The image's own path.
    pub(super) path: &'l ArtifactPath,
    pub(super) view: View,
}

/// Names whose content is that of another file.
#[derive(Default)]
struct Names {
    /// By layer and the path of the content: the names.
    hard: BTreeMap<usize, HashMap<Vec<u8>, Vec<Vec<u8>>>>,
    /// Where links lead that matter.
    symbolic: BTreeMap<Vec<u8>, Vec<u8>>,
}

impl Layers<'_, '_, '_> {
    /// Shows the files of all layers, each as the container sees it.
    pub(super) fn read(mut self, blobs: &Blobs, layers: &[String]) {
        let mut names = Names::default();
        for (index, name) in layers.iter().enumerate().rev() {
            let next = self.each(blobs, index, name, &mut |layers, entry, data| layers.entry(index, entry, data, &mut names));
            if next == Next::Stop {
                return;
            }
            self.view.end_layer();
        }
        self.read_names(blobs, layers, &names);
    }

    /// Shows what has a name that differs from that of its content.
    fn read_names(&mut self, blobs: &Blobs, layers: &[String], names: &Names) {
        for (index, by_content) in &names.hard {
            let Some(name) = layers.get(*index) else { continue };
            let next = self.each(blobs, *index, name, &mut |layers, entry, data| {
                let Some(others) = by_content.get(&plain(&entry.name)) else { return Next::Continue };
                layers.show_as(*index, others, entry, data)
            });
            if next == Next::Stop {
                return;
            }
        }
        let mut ends: HashMap<Vec<u8>, Vec<Vec<u8>>> = HashMap::new();
        for link in names.symbolic.keys() {
            let mut end = link;
            for _ in 0..MAX_LINKS {
                let Some(next) = names.symbolic.get(end) else { break };
                end = next;
            }
            // What is looked for by its own name was shown.
            if !LINKS.contains(&end.as_slice()) {
                ends.entry(end.clone()).or_default().push(link.clone());
            }
        }
        for (index, name) in layers.iter().enumerate().rev().filter(|_| !names.symbolic.is_empty()) {
            if ends.is_empty() {
                return;
            }
            let next = self.each(blobs, index, name, &mut |layers, entry, data| match ends.remove(&plain(&entry.name)) {
                Some(others) if entry.kind == tar::EntryKind::File => layers.show_as(index, &others, entry, data),
                Some(_) | None => Next::Continue,
            });
            if next == Next::Stop {
                return;
            }
        }
    }

    /// Gives every entry of a layer.
    fn each(
        &mut self,
        blobs: &Blobs,
        index: usize,
        name: &str,
        give: &mut dyn FnMut(&mut Self, &tar::Entry, &mut dyn Read) -> Next,
    ) -> Next {
        let blob = match blobs.blob(name) {
            Ok(Some(blob)) => blob,
            Ok(None) => return self.unreadable(index, "it is missing"),
            Err(error) => return self.unreadable(index, &error.to_string()),
        };
        let budget = self.opening.budget;
        let mut blob: Box<dyn Read> = blob;
        let (mut head, mut n_read) = (Vec::new(), 0);
        if let Err(error) = fill_kept(&mut blob, &mut head, &mut n_read, HEAD_BYTES) {
            return self.unreadable(index, &error.to_string());
        }
        head.truncate(n_read);
        let kind = recognize(&head);
        let is_empty = head.iter().all(|&byte| byte == 0);
        let whole = io::BufReader::new(Cursor::new(head).chain(blob));
        let content: Box<dyn Read> = match kind {
            Some(Kind::Tar) => Box::new(whole),
            Some(Kind::Compressed(compression)) => decoder(compression, whole, self.opening.reading.limits.max_decoder_bytes),
            None if is_empty => return Next::Continue,
            Some(Kind::Zip | Kind::Unsupported(_)) | None => {
                return self.unreadable(index, "it is no archive of files, or it is encrypted");
            }
        };
        let mut content = budget.metered(io::BufReader::with_capacity(1 << 16, content));
        let mut source = Source::Stream(&mut content);
        let mut blocks = tar::Blocks { source: &mut source, last_name: Vec::new() };
        loop {
            match self.next(&mut blocks, give) {
                Ok(Some(Next::Continue)) => {}
                Ok(None) => return Next::Continue,
                Ok(Some(Next::Stop)) => return Next::Stop,
                Err(error) if budget.is_exhausted() => return self.opening.broken(self.path, self.path, &error),
                Err(error) => return self.unreadable(index, &error.to_string()),
            }
        }
    }

    /// Gives the next entry of a layer; nothing at the end.
    fn next(
        &mut self,
        blocks: &mut tar::Blocks<'_, '_>,
        give: &mut dyn FnMut(&mut Self, &tar::Entry, &mut dyn Read) -> Next,
    ) -> io::Result<Option<Next>> {
        let Some(entry) = blocks.next_entry()? else { return Ok(None) };
        if self.opening.count_entry(self.path) == Next::Stop {
            return Ok(Some(Next::Stop));
        }
        let mut data = tar::Data { inner: blocks.source, left: entry.size_bytes };
        let next = give(self, &entry, &mut data);
        if next == Next::Continue {
            data.skip()?;
            blocks.skip_padding(entry.size_bytes)?;
        }
        Ok(Some(next))
    }

    /// Meets an entry for the first time.
    fn entry(&mut self, layer: usize, entry: &tar::Entry, data: &mut dyn Read, names: &mut Names) -> Next {
        let path = plain(&entry.name);
        let sight = self.view.meet(&path, entry.kind == tar::EntryKind::Folder);
        match (&entry.kind, sight) {
            (_, Sight::Mark) => Next::Continue,
            (tar::EntryKind::File, Sight::Seen | Sight::Covered) => {
                self.opening.in_image = Some(self.place(layer, sight == Sight::Covered));
                self.opening.entry(self.path, &path, entry.size_bytes, data, 1)
            }
            (tar::EntryKind::SymbolicLink(to), Sight::Seen) => {
                if LINKS.contains(&path.as_slice()) || names.symbolic.values().any(|end| *end == path) {
                    names.symbolic.insert(path.clone(), target(&path, to));
                }
                Next::Continue
            }
            (tar::EntryKind::HardLink(to), Sight::Seen) => {
                let by_content = names.hard.entry(layer).or_default();
                let content = plain(to);
                // A file that is seen under its first name is not shown again.
                if by_content.len() < MAX_NAMES && !self.view.is_seen(&content) {
                    by_content.entry(content).or_default().push(path);
                }
                if by_content.is_empty() {
                    names.hard.remove(&layer);
                }
                Next::Continue
            }
            _ => Next::Continue,
        }
    }

    /// Shows a file under other names than its own.
    fn show_as(&mut self, layer: usize, others: &[Vec<u8>], entry: &tar::Entry, data: &mut dyn Read) -> Next {
        let mut bytes = Vec::new();
        let max_bytes = self.opening.reading.limits.max_file_bytes;
        if max_bytes < entry.size_bytes {
            return Next::Continue;
        }
        if let Err(error) = data.take(max_bytes).read_to_end(&mut bytes) {
            return self.opening.broken(self.path, self.path, &error);
        }
        self.opening.in_image = Some(self.place(layer, false));
        for other in others {
            if self.opening.entry(self.path, other, entry.size_bytes, &mut bytes.as_slice(), 1) == Next::Stop {
                return Next::Stop;
            }
        }
        Next::Continue
    }

    fn place(&self, layer: usize, is_covered: bool) -> InImage {
        InImage { image: Arc::clone(&self.image), layer: Some(layer), is_covered }
    }

    /// Says that a layer can't be read, or not to its end; the others are.
    fn unreadable(&mut self, index: usize, reason: &str) -> Next {
        let digest = self.image.layers.get(index).map_or("", |layer| layer.digest.as_str());
        let reason: String = reason.chars().map(|character| if character.is_control() { ' ' } else { character }).collect();
        let diagnostic = Diagnostic::new(DiagnosticKind::ArchiveUnreadable, format!("layer {digest} of the image can't be read: {reason}"));
        self.opening.reading.report(self.path, diagnostic);
        Next::Continue
    }
}
