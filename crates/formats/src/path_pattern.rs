//! Path patterns as code-owners files and our configuration write them, and a set of them that is asked all at once.
//!
//! The dialect is that of `.gitignore` with GitHub's exceptions for code owners: square brackets are ordinary characters,
//! nothing is negated, and a last segment that is a lone `*` means the files of that folder and not what lies deeper.
//! [`PathPattern::parse_fnmatch`] reads GitLab's dialect, where a pattern matches whole paths.
//! Paths and patterns are bytes; `?` takes one UTF-8 character.

mod glob;

use std::collections::HashMap;

use glob::Glob;

/// A pattern, understood.
///
/// ```
/// use bartizan_formats::path_pattern::{PathPattern, PatternSet};
/// let set = PatternSet::of(&PathPattern::parse(b"/docs/*.md")?);
/// assert!(set.is_match(b"docs/a.md"));
/// assert!(!set.is_match(b"docs/en/a.md"));
/// # Ok::<(), bartizan_formats::path_pattern::InvalidPattern>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathPattern {
    // Never two `AnyDepth` in a row.
    segments: Vec<Segment>,
    reach: Reach,
}

/// What stands between two slashes.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Segment {
    /// `**`: any number of folders, none included.
    AnyDepth,
    /// A name.
    Literal(Vec<u8>),
    /// A name with wildcards.
    Glob(Glob),
}

/// Which paths a pattern means, once its segments have matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// The path that ends here alone: `docs/*`.
    Here,
    /// The path that ends here, and everything below: `docs`.
    Subtree,
    /// Everything below, and not the path that ends here: `docs/`, `docs/**`.
    Below,
}

/// Why a text is no pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPattern {
    /// Nothing is left of it.
    #[error("the pattern is empty")]
    Empty,
    /// It begins with `!`.
    #[error("a pattern can't negate with `!` here")]
    Negated,
    /// It has `***`.
    #[error("a pattern can't have three `*` in a row")]
    ThreeStars,
    /// It has `//`.
    #[error("a pattern can't have two `/` in a row")]
    EmptySegment,
    /// Its last backslash escapes nothing.
    #[error("a pattern can't end in `\\`")]
    TrailingEscape,
    /// A `[` has no `]`, or a backslash escapes nothing.
    #[error("a `[` without its `]`, or a `\\` that escapes nothing")]
    OpenClass,
}

impl PathPattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// When the text is no pattern.
    pub fn parse(text: &[u8]) -> Result<Self, InvalidPattern> {
        if text.starts_with(b"!") {
            return Err(InvalidPattern::Negated);
        }
        if text.windows(3).any(|bytes| bytes == b"***") {
            return Err(InvalidPattern::ThreeStars);
        }
        let (is_rooted, rest) = text.strip_prefix(b"/").map_or((false, text), |rest| (true, rest));
        let (is_folder, rest) = rest.strip_suffix(b"/").map_or((false, rest), |rest| (true, rest));
        if rest.is_empty() {
            return Err(InvalidPattern::Empty);
        }
        let texts: Vec<&[u8]> = rest.split(|&byte| byte == b'/').collect();
        let mut segments = Vec::with_capacity(texts.len() + 1);
        // A name alone means that name at any depth.
        if !is_rooted && texts.len() == 1 && rest != b"**" {
            segments.push(Segment::AnyDepth);
        }
        for text in &texts {
            let segment = segment(text)?;
            if segment != Segment::AnyDepth || segments.last() != Some(&Segment::AnyDepth) {
                segments.push(segment);
            }
        }
        let reach = match segments.last() {
            Some(Segment::AnyDepth) => Reach::Below,
            _ if is_folder => Reach::Below,
            _ if texts.last() == Some(&&b"*"[..]) && (is_rooted || 1 < texts.len()) => Reach::Here,
            _ => Reach::Subtree,
        };
        Ok(Self { segments, reach })
    }

    /// Reads a pattern as GitLab does, which asks Ruby's `File.fnmatch` with `FNM_PATHNAME | FNM_DOTMATCH`.
    ///
    /// A pattern without a leading slash matches in any folder, one that ends in a slash means everything below it, and any
    /// other one means the paths that it describes to the end. `**` takes folders where a slash follows, and is `*` elsewhere.
    ///
    /// # Errors
    /// When the text is no such pattern.
    pub fn parse_fnmatch(text: &[u8]) -> Result<Self, InvalidPattern> {
        let (is_rooted, rest) = text.strip_prefix(b"/").map_or((false, text), |rest| (true, rest));
        let (is_folder, rest) = rest.strip_suffix(b"/").map_or((false, rest), |rest| (true, rest));
        if rest.is_empty() {
            return Err(InvalidPattern::Empty);
        }
        let mut segments = Vec::new();
        if !is_rooted {
            segments.push(Segment::AnyDepth);
        }
        let mut texts = rest.split(|&byte| byte == b'/').peekable();
        while let Some(text) = texts.next() {
            let is_any_depth = text == b"**" && (is_folder || texts.peek().is_some());
            if !is_any_depth {
                segments.push(fnmatch_segment(text)?);
            } else if segments.last() != Some(&Segment::AnyDepth) {
                segments.push(Segment::AnyDepth);
            }
        }
        Ok(Self { segments, reach: if is_folder { Reach::Below } else { Reach::Here } })
    }

    /// The same pattern, in a dialect where a lone `*` at the end means folders with all below as well as files.
    #[must_use]
    pub fn reaching_below(mut self) -> Self {
        if self.reach == Reach::Here {
            self.reach = Reach::Subtree;
        }
        self
    }
}

/// Whether one segment of a pattern, which is not `**`, matches the name of a folder.
#[must_use]
pub fn segment_matches(segment: &str, name: &[u8]) -> bool {
    Glob::parse(segment.as_bytes()).is_some_and(|glob| glob.is_match(name))
}

fn segment(text: &[u8]) -> Result<Segment, InvalidPattern> {
    if text.is_empty() {
        return Err(InvalidPattern::EmptySegment);
    }
    if text == b"**" {
        return Ok(Segment::AnyDepth);
    }
    let glob = Glob::parse(text).ok_or(InvalidPattern::TrailingEscape)?;
    Ok(from_glob(glob))
}

fn fnmatch_segment(text: &[u8]) -> Result<Segment, InvalidPattern> {
    if text.is_empty() {
        return Err(InvalidPattern::EmptySegment);
    }
    Glob::parse_fnmatch(text).map(from_glob).ok_or(InvalidPattern::OpenClass)
}

fn from_glob(glob: Glob) -> Segment {
    match glob.literal() {
        Some(literal) => Segment::Literal(literal),
        None => Segment::Glob(glob),
    }
}

/// Patterns in one tree: those that start alike share the start, and a path is walked down once for all of them.
///
/// Each has a group and a number. A pattern that is added again to the same group replaces the number of the first.
#[derive(Debug, Clone)]
pub struct PatternSet {
    nodes: Vec<Node>,
    names: Edges,
    /// Wildcards of the form `*.extension`, which are many in real files.
    extensions: Edges,
    /// The targets of other wildcards, for adding; matching goes through the list of the node.
    globs: HashMap<(u32, Glob), u32>,
}

#[derive(Debug, Clone, Default)]
struct Node {
    /// Whether it stays active whatever comes: it stands behind a `**`.
    is_any_depth: bool,
    any_depth: Option<u32>,
    globs: Vec<(Glob, u32)>,
    accepts: Vec<Accept>,
}

#[derive(Debug, Clone, Copy)]
struct Accept {
    reach: Reach,
    group: u32,
    number: u32,
}

/// From node to node by name: names are numbered, so that a name of a path is hashed once.
#[derive(Debug, Clone, Default)]
struct Edges {
    ids: HashMap<Box<[u8]>, u32>,
    targets: HashMap<(u32, u32), u32>,
}

impl Default for PatternSet {
    fn default() -> Self {
        Self { nodes: vec![Node::default()], names: Edges::default(), extensions: Edges::default(), globs: HashMap::new() }
    }
}

impl PatternSet {
    const ROOT: u32 = 0;

    /// A set of one pattern, with group and number 0.
    #[must_use]
    pub fn of(pattern: &PathPattern) -> Self {
        let mut set = Self::default();
        set.add(pattern, 0, 0);
        set
    }

    /// Adds a pattern.
    pub fn add(&mut self, pattern: &PathPattern, group: u32, number: u32) {
        let end = pattern.segments.iter().fold(Self::ROOT, |node, segment| self.child(node, segment));
        let Some(node) = self.node_mut(end) else { return };
        let reach = pattern.reach;
        match node.accepts.iter_mut().rev().find(|accept| accept.group == group && accept.reach == reach) {
            Some(accept) => accept.number = number,
            None => node.accepts.push(Accept { reach, group, number }),
        }
    }

    /// Whether any pattern matches.
    #[must_use]
    pub fn is_match(&self, path: &[u8]) -> bool {
        let mut is_match = false;
        self.each_match(path, &mut |_, _| is_match = true);
        is_match
    }

    /// Calls `found` with group and number of every pattern that matches, in no order, of one pattern maybe more than once.
    pub fn each_match(&self, path: &[u8], found: &mut dyn FnMut(u32, u32)) {
        let mut active = Vec::new();
        self.enter(Self::ROOT, &mut active);
        let mut next = Vec::new();
        let mut segments = path.split(|&byte| byte == b'/').filter(|segment| !segment.is_empty()).peekable();
        while let Some(name) = segments.next() {
            let is_last = segments.peek().is_none();
            let name_id = self.names.ids.get(name).copied();
            let extension_id = extension(name).and_then(|extension| self.extensions.ids.get(extension).copied());
            next.clear();
            for &id in &active {
                let Some(node) = self.node(id) else { continue };
                report(node, Reach::Below, found);
                if node.is_any_depth {
                    next.push(id);
                }
                let by_name = name_id.and_then(|name| self.names.targets.get(&(id, name)));
                let by_extension = extension_id.and_then(|extension| self.extensions.targets.get(&(id, extension)));
                let by_glob = node.globs.iter().filter(|(glob, _)| glob.is_match(name)).map(|(_, target)| target);
                for &target in by_name.into_iter().chain(by_extension).chain(by_glob) {
                    self.enter(target, &mut next);
                }
            }
            next.sort_unstable();
            next.dedup();
            for node in next.iter().filter_map(|&id| self.node(id)).filter(|node| !node.is_any_depth) {
                report(node, Reach::Subtree, found);
                if is_last {
                    report(node, Reach::Here, found);
                }
            }
            std::mem::swap(&mut active, &mut next);
        }
    }

    fn enter(&self, id: u32, active: &mut Vec<u32>) {
        active.push(id);
        active.extend(self.node(id).and_then(|node| node.any_depth));
    }

    fn child(&mut self, parent: u32, segment: &Segment) -> u32 {
        let fresh = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        let target = match segment {
            Segment::Literal(name) => self.names.target(parent, name, fresh),
            Segment::Glob(glob) => match glob.extension() {
                Some(extension) => self.extensions.target(parent, &extension, fresh),
                None => {
                    let target = *self.globs.entry((parent, glob.clone())).or_insert(fresh);
                    if let Some(node) = self.node_mut(parent).filter(|_| target == fresh) {
                        node.globs.push((glob.clone(), fresh));
                    }
                    target
                }
            },
            Segment::AnyDepth => match self.node_mut(parent) {
                Some(node) => *node.any_depth.get_or_insert(fresh),
                None => parent,
            },
        };
        if target == fresh {
            self.nodes.push(Node { is_any_depth: *segment == Segment::AnyDepth, ..Node::default() });
        }
        target
    }

    fn node(&self, id: u32) -> Option<&Node> {
        self.nodes.get(usize::try_from(id).ok()?)
    }

    fn node_mut(&mut self, id: u32) -> Option<&mut Node> {
        self.nodes.get_mut(usize::try_from(id).ok()?)
    }
}

impl Edges {
    fn target(&mut self, parent: u32, name: &[u8], fresh: u32) -> u32 {
        let n_names = u32::try_from(self.ids.len()).unwrap_or(u32::MAX);
        let id = match self.ids.get(name) {
            Some(&id) => id,
            None => *self.ids.entry(name.into()).or_insert(n_names),
        };
        *self.targets.entry((parent, id)).or_insert(fresh)
    }
}

fn report(node: &Node, reach: Reach, found: &mut dyn FnMut(u32, u32)) {
    for accept in node.accepts.iter().filter(|accept| accept.reach == reach) {
        found(accept.group, accept.number);
    }
}

/// What follows the last dot.
fn extension(name: &[u8]) -> Option<&[u8]> {
    let dot = memchr::memrchr(b'.', name)?;
    name.get(dot + 1..)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, matching: &[&str], others: &[&str]) {
        let set = PatternSet::of(&PathPattern::parse(pattern.as_bytes()).unwrap());
        for path in matching {
            assert!(set.is_match(path.as_bytes()), "`{pattern}` should match `{path}`");
        }
        for path in others {
            assert!(!set.is_match(path.as_bytes()), "`{pattern}` should not match `{path}`");
        }
    }

    #[test]
    fn a_name_alone_matches_at_any_depth_with_all_below() {
        check("docs", &["docs", "docs/a", "a/docs/b"], &["docs2", "a/mydocs"]);
        check("*.rs", &["a.rs", "a/b.rs", "a.rs/b", ".rs", "a.b.rs"], &["rs", "a.rss"]);
        check("*.tar.gz", &["a.tar.gz", "x/.tar.gz"], &["a.gz"]);
    }

    #[test]
    fn a_slash_at_the_start_or_inside_binds_to_the_root() {
        check("/docs", &["docs", "docs/a"], &["a/docs"]);
        check("a/docs", &["a/docs", "a/docs/b"], &["x/a/docs"]);
    }

    #[test]
    fn a_slash_at_the_end_leaves_the_folder_itself_out() {
        check("docs/", &["docs/a", "a/docs/b"], &["docs"]);
    }

    #[test]
    fn a_lone_star_at_the_end_stays_in_its_folder() {
        check("docs/*", &["docs/a"], &["docs", "docs/a/b", "x/docs/a"]);
        check("/*", &["a"], &["a/b"]);
        check("*", &["a", "a/b"], &[]);
        check("**/*", &["a", "a/b/c"], &[]);
    }

    #[test]
    fn two_stars_take_any_number_of_folders() {
        check("**", &["a", "a/b"], &[""]);
        check("a/**/z", &["a/z", "a/b/z", "a/b/c/z/x"], &["z", "b/a/z"]);
        check("a/**/**/z", &["a/z", "a/b/z"], &["a"]);
        check("**/a/**/b/**", &["a/b/c", "x/a/y/b/z"], &["a/b", "b/a/c"]);
        check("a**z", &["az", "abz", "x/abz"], &["a/z"]);
    }

    #[test]
    fn escapes_and_brackets_are_literal() {
        check(r"a\ b\*", &["a b*"], &["a bc", r"a\ b*"]);
        check("[ab].ts", &["[ab].ts", "x/[ab].ts"], &["a.ts"]);
        check(r"\*.rs", &["*.rs"], &["a.rs"]);
    }

    #[test]
    fn unusable_patterns_say_why() {
        use InvalidPattern::{Empty, EmptySegment, Negated, ThreeStars, TrailingEscape};
        let cases = [
            ("", Empty),
            ("/", Empty),
            ("//", Empty),
            ("!a", Negated),
            ("a***", ThreeStars),
            ("a//b", EmptySegment),
            ("a\\", TrailingEscape),
        ];
        for (pattern, expected) in cases {
            assert_eq!(PathPattern::parse(pattern.as_bytes()), Err(expected), "{pattern}");
        }
    }

    #[test]
    fn gitlab_s_patterns_match_whole_paths() {
        fn check(pattern: &str, matching: &[&str], others: &[&str]) {
            let set = PatternSet::of(&PathPattern::parse_fnmatch(pattern.as_bytes()).unwrap());
            for path in matching {
                assert!(set.is_match(path.as_bytes()), "`{pattern}` should match `{path}`");
            }
            for path in others {
                assert!(!set.is_match(path.as_bytes()), "`{pattern}` should not match `{path}`");
            }
        }
        check("*", &["a", "a/b", ".x/.y"], &[]);
        check("/*", &["a", ".a"], &["a/b"]);
        check("docs", &["docs", "a/docs"], &["docs/a", "a/docs/b"]);
        check("docs/", &["docs/a", "docs/a/b", "x/docs/a"], &["docs"]);
        check("/docs/", &["docs/a", "docs/.a/b"], &["x/docs/a"]);
        check("/docs/*", &["docs/a"], &["docs/a/b"]);
        check("/docs/**/*.md", &["docs/a.md", "docs/b/c/a.md"], &["docs/a.rs", "x/docs/a.md"]);
        check("/docs/**", &["docs/a"], &["docs/a/b"]);
        check("/docs/**/", &["docs/a", "docs/a/b"], &["docs"]);
        check("a/b", &["a/b", "x/a/b"], &["a/b/c"]);
        check("/x[0-9].rb", &["x1.rb"], &["xa.rb"]);
    }

    #[test]
    fn a_set_reports_every_pattern_and_the_last_of_equal_ones() {
        let mut set = PatternSet::default();
        for (number, pattern) in ["*", "a/", "a/b.rs", "*.rs", "c", "a/"].into_iter().enumerate() {
            set.add(&PathPattern::parse(pattern.as_bytes()).unwrap(), 0, u32::try_from(number).unwrap());
        }
        let mut found = Vec::new();
        set.each_match(b"a/b.rs", &mut |_, number| found.push(number));
        found.sort_unstable();
        found.dedup();
        assert_eq!(found, [0, 2, 3, 5]);
    }

    #[test]
    fn hostile_patterns_take_no_exponential_time() {
        let pattern = "**/a*".repeat(40) + "b";
        let pattern = pattern.replace("***", "**");
        let set = PatternSet::of(&PathPattern::parse(pattern.as_bytes()).unwrap());
        assert!(!set.is_match("a/".repeat(500).as_bytes()));
        let glob = PatternSet::of(&PathPattern::parse(("*a".repeat(100) + "b").as_bytes()).unwrap());
        assert!(!glob.is_match("a".repeat(5_000).as_bytes()));
    }
}
