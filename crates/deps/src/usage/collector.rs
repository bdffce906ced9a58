//! Gathers what a file uses, each once.

use std::collections::{HashMap, HashSet};

use bartizan_core::ByteRange;
use bartizan_source::FileView;
use bartizan_syntax::tree_sitter::Node;

use super::{Family, Import, Obstacle, Place, Usage, Used, text};

/// So many different things of one kind are noted of a file.
const MAX_PER_FILE: usize = 20_000;

/// What was found in a file so far.
pub(super) struct Collector<'f> {
    pub(super) text: &'f str,
    file: &'f FileView<'f>,
    usage: Usage,
    /// The last name that was imported: it is no mention of anything else.
    last_import: ByteRange,
    imports: HashMap<String, usize>,
    calls: HashSet<&'f str>,
    /// Members of what a file knows by a name of its own, in Go: the name, the member, where first.
    members: Vec<(&'f str, &'f str, ByteRange)>,
    member_keys: HashSet<(&'f str, &'f str)>,
}

impl<'f> Collector<'f> {
    pub(super) fn new(file: &'f FileView<'f>, text: &'f str, family: Family) -> Self {
        Self {
            text,
            file,
            usage: Usage { family: Some(family), ..Usage::default() },
            last_import: ByteRange::default(),
            imports: HashMap::new(),
            calls: HashSet::new(),
            members: Vec::new(),
            member_keys: HashSet::new(),
        }
    }

    /// The text of a node.
    pub(super) fn of(&self, node: Node<'_>) -> &'f str {
        self.text.get(node.byte_range()).unwrap_or_default()
    }

    /// The text of a field of a node.
    pub(super) fn field(&self, node: Node<'_>, name: &str) -> Option<&'f str> {
        node.child_by_field_name(name).map(|field| self.of(field))
    }

    fn place(&self, range: ByteRange) -> Place {
        Place { range, region: self.file.location(range).region() }
    }

    /// Notes that something is imported; gives its number.
    pub(super) fn import(&mut self, name: &str, at: ByteRange) -> Option<usize> {
        self.last_import = at;
        if name.is_empty() {
            return None;
        }
        if let Some(known) = self.imports.get(name) {
            return Some(*known);
        }
        if MAX_PER_FILE <= self.imports.len() {
            self.obstacle(Obstacle::Unparsed, at);
            return None;
        }
        let number = self.usage.imports.len();
        self.usage.imports.push(Import { name: name.to_owned(), place: self.place(at), members: Vec::new() });
        self.imports.insert(name.to_owned(), number);
        Some(number)
    }

    /// Notes that a function is called by a name.
    pub(super) fn call(&mut self, name: &'f str, at: ByteRange) {
        if !name.is_empty() && self.calls.len() < MAX_PER_FILE && self.calls.insert(name) {
            self.usage.calls.push(Used { name: name.to_owned(), place: self.place(at) });
        }
    }

    /// Notes that a member of something that is known by a name is used.
    pub(super) fn member(&mut self, of: &'f str, name: &'f str, at: ByteRange) {
        if self.members.len() < MAX_PER_FILE && self.member_keys.insert((of, name)) {
            self.members.push((of, name, at));
        }
    }

    /// Gives an import the members of the name that it is known by.
    pub(super) fn known_as(&mut self, import: usize, name: &str) {
        let members: Vec<Used> = self
            .members
            .iter()
            .filter(|(of, _, _)| *of == name)
            .map(|(_, member, at)| Used { name: (*member).to_owned(), place: self.place(*at) })
            .collect();
        if let Some(import) = self.usage.imports.get_mut(import) {
            import.members.extend(members);
        }
    }

    /// Notes what may be names of packages in a text of the code, unless it is what was imported just before.
    pub(super) fn mention_at(&mut self, node: Node<'_>) {
        if !self.last_import.contains(node.byte_range().into()) {
            let text = self.of(node);
            self.mention(text);
        }
    }

    /// The same of any text.
    pub(super) fn mention(&mut self, text: &str) {
        if self.usage.mentions.len() < MAX_PER_FILE {
            text::note_words(text, &mut self.usage.mentions);
        }
    }

    /// Notes why there may be more.
    pub(super) fn obstacle(&mut self, obstacle: Obstacle, at: ByteRange) {
        if self.usage.obstacles.iter().all(|(known, _)| *known != obstacle) {
            let place = self.place(at);
            self.usage.obstacles.push((obstacle, place));
        }
    }

    pub(super) fn finish(mut self) -> Usage {
        self.usage.mentions.sort_unstable();
        self.usage.mentions.dedup();
        self.usage.obstacles.sort_by_key(|(obstacle, _)| *obstacle);
        self.usage
    }
}
