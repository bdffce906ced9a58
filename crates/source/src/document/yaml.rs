//! YAML 1.2 with YAML 1.1's merge keys, by the crate `granit-parser`.
//!
//! A value with a tag of an application, `!Ref name`, is a map with the tag as its only name.
//!
//! An alias becomes a copy of what it names: whoever reads a document need not know of aliases. The copies have a budget, so that
//! a bomb of aliases costs no more than that.

use std::{borrow::Cow, collections::HashMap};

use bartizan_core::ByteRange;
use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, Span as Place, Tag};

use super::{
    Document, DocumentProblem, MAX_DEPTH, MAX_VALUES, Member, Node, Value,
    node::{first_doubled, shortened},
};

/// How many values aliases may repeat in one stream.
pub const MAX_ALIASED_VALUES: usize = 1_000_000;

/// The documents of a stream, and what was wrong.
#[derive(Debug, Clone, PartialEq)]
pub struct Stream<'t> {
    /// The value of each document that is not empty.
    pub roots: Vec<Node<'t>>,
    /// What is wrong, in order of place. The first that cuts the stream is the last.
    pub problems: Vec<DocumentProblem>,
}

/// Reads the one document of a text. Where there are several, the first is read, and the others are said to be lost.
///
/// ```
/// use bartizan_source::document::parse_yaml;
///
/// let document = parse_yaml("name: left-pad\nversion: 1.10\n");
/// assert_eq!(document.root.unwrap().get("version").unwrap().scalar(), Some("1.10"));
/// ```
#[must_use]
pub fn parse(text: &str) -> Document<'_> {
    let Stream { roots, mut problems } = parse_stream(text);
    let mut roots = roots.into_iter();
    let root = roots.next();
    if let Some(second) = roots.next() {
        let message = "a second document begins here, where one is expected".to_owned();
        problems.push(DocumentProblem { range: second.range, message, is_cut: true });
    }
    Document { root, problems }
}

/// Reads all documents of a text.
#[must_use]
pub fn parse_stream(text: &str) -> Stream<'_> {
    let mut builder = Builder { text, ..Builder::default() };
    if builder.read().is_none() {
        builder.close_all();
    }
    Stream { roots: builder.roots, problems: builder.problems }
}

#[derive(Default)]
struct Builder<'t> {
    text: &'t str,
    roots: Vec<Node<'t>>,
    problems: Vec<DocumentProblem>,
    /// The lists and maps that are not complete yet.
    open: Vec<Open<'t>>,
    /// What anchors name, with the number of values in it and how deeply they are nested.
    anchors: HashMap<usize, (Node<'t>, Size)>,
    n_values: usize,
    n_aliased: usize,
}

/// A list or map that is not complete.
struct Open<'t> {
    range: ByteRange,
    anchor: usize,
    size: Size,
    items: Items<'t>,
    tag: Option<String>,
}

enum Items<'t> {
    List(Vec<Node<'t>>),
    Map { members: Vec<Member<'t>>, merged: Vec<Node<'t>>, key: Option<Key<'t>> },
}

enum Key<'t> {
    /// A name, and where it stands.
    Name(Cow<'t, str>, ByteRange),
    /// `<<`.
    Merge,
    /// A list or a map: its value is lost.
    Other,
}

/// How much there is in a value, itself included.
#[derive(Clone, Copy)]
struct Size {
    n_values: usize,
    height: usize,
}

const ONE: Size = Size { n_values: 1, height: 1 };

/// Whether a scalar is written as `<<`, without quotes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum IsMerge {
    Yes,
    No,
}

impl<'t> Builder<'t> {
    /// Reads to the end; nothing if the stream was cut.
    fn read(&mut self) -> Option<()> {
        let options = granit_parser::options! { block_scalar_eof_without_line_feed: true, emit_comments: false };
        for event in Parser::new_from_str_with_options(self.text, options) {
            let (event, place) = match event {
                Ok(event) => event,
                Err(error) => {
                    let at = error.marker().byte_offset().unwrap_or(0).min(self.text.len());
                    if matches!(error.kind(), ErrorKind::RecursionLimitExceeded) {
                        return self.too_deep(at);
                    }
                    return self.cut(at, format!("this is no YAML: {}", error.info()));
                }
            };
            self.event(event, &place)?;
        }
        Some(())
    }

    fn event(&mut self, event: Event<'t>, place: &Place) -> Option<()> {
        let range = self.range(place);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.count(range)?;
                let is_text = style != ScalarStyle::Plain || tag.as_ref().is_some_and(|tag| tag.core_suffix() == Some("str"));
                let is_merge = if !is_text && text == "<<" { IsMerge::Yes } else { IsMerge::No };
                // As a key every scalar is a name: it is kept as it is written.
                if self.is_at_key() {
                    self.anchor(anchor, &Node { range, value: Value::Text(text.clone()) }, ONE)?;
                    self.key(text, range, is_merge);
                    return Some(());
                }
                let value = if is_text { Value::Text(text) } else { plain(text) };
                self.add(tagged(Node { range, value }, local(tag.as_deref())), anchor, ONE)
            }
            Event::SequenceStart(_, anchor, tag) => self.begin(range, anchor, Items::List(Vec::new()), local(tag.as_deref())),
            Event::MappingStart(_, anchor, tag) => {
                self.begin(range, anchor, Items::Map { members: Vec::new(), merged: Vec::new(), key: None }, local(tag.as_deref()))
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(range.end()),
            Event::Alias(anchor) => self.alias(anchor, range),
            // Anchors are per document.
            Event::DocumentEnd => {
                self.anchors.clear();
                Some(())
            }
            _ => Some(()),
        }
    }

    fn alias(&mut self, anchor: usize, range: ByteRange) -> Option<()> {
        let Some(size) = self.anchors.get(&anchor).map(|(_, size)| *size) else {
            return self.cut(range.start(), "this alias stands within what it names");
        };
        self.repeat(size, range)?;
        let (node, size) = self.anchors.get(&anchor).cloned()?;
        if self.is_at_key() {
            match node.value {
                Value::Text(text) | Value::Number(text) => self.key(text, range, IsMerge::No),
                Value::Null | Value::Boolean(_) | Value::List(_) | Value::Map(_) => self.odd_key(range),
            }
            return Some(());
        }
        self.add(node, 0, size)
    }

    /// Takes values from the budget of what aliases repeat.
    fn repeat(&mut self, size: Size, range: ByteRange) -> Option<()> {
        self.n_aliased = self.n_aliased.saturating_add(size.n_values);
        if MAX_ALIASED_VALUES < self.n_aliased {
            return self.cut(range.start(), format!("aliases repeat more than {MAX_ALIASED_VALUES} values (max-aliased-values)"));
        }
        if MAX_DEPTH < self.open.len() + size.height {
            return self.too_deep(range.start());
        }
        Some(())
    }

    fn begin(&mut self, range: ByteRange, anchor: usize, items: Items<'t>, tag: Option<String>) -> Option<()> {
        self.count(range)?;
        if MAX_DEPTH <= self.open.len() {
            return self.too_deep(range.start());
        }
        self.open.push(Open { range, anchor, size: ONE, items, tag });
        Some(())
    }

    /// Closes the innermost list or map.
    fn end(&mut self, end: usize) -> Option<()> {
        let Some(Open { range, anchor, size, items, tag }) = self.open.pop() else { return Some(()) };
        let (value, last) = match items {
            Items::List(items) => {
                let last = items.last().map(|item| item.range.end());
                (Value::List(items), last)
            }
            Items::Map { mut members, merged, .. } => {
                if let Some((range, name)) = first_doubled(&members) {
                    let message = format!("`{}` is given twice; the last one counts", shortened(&name));
                    self.problems.push(DocumentProblem { range, message, is_cut: false });
                }
                let last = members.last().map(|member| member.node.range.end().max(member.name_range.end()));
                merge(&mut members, merged);
                (Value::Map(members), last)
            }
        };
        // A block ends with the last thing in it, a flow with its bracket.
        let is_flow = matches!(self.text.as_bytes().get(range.start()), Some(b'[' | b'{'));
        let end = if is_flow { end } else { last.unwrap_or(range.end()) };
        let node = Node { range: ByteRange::new(range.start(), end.max(range.end())), value };
        if self.is_at_key() {
            self.odd_key(node.range);
            return self.anchor(anchor, &node, size);
        }
        let size = Size { height: size.height + usize::from(tag.is_some()), ..size };
        self.add(tagged(node, tag), anchor, size)
    }

    /// Puts a complete value where it belongs.
    fn add(&mut self, node: Node<'t>, anchor: usize, size: Size) -> Option<()> {
        self.anchor(anchor, &node, size)?;
        let Some(open) = self.open.last_mut() else {
            self.roots.push(node);
            return Some(());
        };
        open.size.n_values = open.size.n_values.saturating_add(size.n_values);
        open.size.height = open.size.height.max(size.height + 1);
        match &mut open.items {
            Items::List(items) => items.push(node),
            Items::Map { members, merged, key } => match key.take() {
                Some(Key::Name(name, name_range)) => members.push(Member { name, name_range, node }),
                Some(Key::Merge) => merged.push(node),
                Some(Key::Other) | None => {}
            },
        }
        Some(())
    }

    fn anchor(&mut self, anchor: usize, node: &Node<'t>, size: Size) -> Option<()> {
        if anchor != 0 {
            // It is kept as a copy, too.
            self.repeat(size, node.range)?;
            self.anchors.insert(anchor, (node.clone(), size));
        }
        Some(())
    }

    /// Whether the next value is the key of a map.
    fn is_at_key(&self) -> bool {
        matches!(self.open.last(), Some(Open { items: Items::Map { key: None, .. }, .. }))
    }

    fn key(&mut self, name: Cow<'t, str>, range: ByteRange, is_merge: IsMerge) {
        if let Some(Open { items: Items::Map { key, .. }, .. }) = self.open.last_mut() {
            *key = Some(if is_merge == IsMerge::Yes { Key::Merge } else { Key::Name(name, range) });
        }
    }

    fn odd_key(&mut self, range: ByteRange) {
        let message = "a key must be a single value; this one and its value are left out".to_owned();
        self.problems.push(DocumentProblem { range, message, is_cut: false });
        if let Some(Open { items: Items::Map { key, .. }, .. }) = self.open.last_mut() {
            *key = Some(Key::Other);
        }
    }

    /// What was complete when the stream broke off.
    fn close_all(&mut self) {
        while !self.open.is_empty() {
            // Keeping a copy of it may be over a budget: nobody will ask for that copy.
            self.open.iter_mut().for_each(|open| open.anchor = 0);
            if self.end(0).is_none() {
                return;
            }
        }
    }

    fn count(&mut self, range: ByteRange) -> Option<()> {
        self.n_values += 1;
        if MAX_VALUES < self.n_values {
            return self.cut(range.start(), format!("the document has more than {MAX_VALUES} values (max-document-values)"));
        }
        Some(())
    }

    fn too_deep(&mut self, at: usize) -> Option<()> {
        self.cut(at, format!("values are nested more than {MAX_DEPTH} deep (max-document-depth)"))
    }

    fn cut(&mut self, at: usize, message: impl Into<String>) -> Option<()> {
        self.problems.push(DocumentProblem::cut(at, message));
        None
    }

    fn range(&self, place: &Place) -> ByteRange {
        let range = place.byte_range().unwrap_or(0..0);
        let start = range.start.min(self.text.len());
        ByteRange::new(start, range.end.min(self.text.len()).max(start))
    }
}

/// The tag as it is written, if it is one of an application.
fn local(tag: Option<&Tag>) -> Option<String> {
    let (handle, suffix) = tag?.original_parts();
    (handle == "!" && !suffix.is_empty()).then(|| format!("!{suffix}"))
}

/// The value under its tag.
fn tagged(node: Node<'_>, tag: Option<String>) -> Node<'_> {
    let Some(tag) = tag else { return node };
    let (range, start) = (node.range, node.range.start());
    let member = Member { name: Cow::Owned(tag), name_range: ByteRange::new(start, start), node };
    Node { range, value: Value::Map(vec![member]) }
}

/// Puts the members of what `<<` names beside those that a map has itself: YAML 1.1, "Merge Key".
fn merge<'t>(members: &mut Vec<Member<'t>>, merged: Vec<Node<'t>>) {
    let maps = merged.into_iter().flat_map(|node| match node.value {
        Value::List(items) => items,
        Value::Map(members) => vec![Node { range: node.range, value: Value::Map(members) }],
        Value::Null | Value::Boolean(_) | Value::Number(_) | Value::Text(_) => Vec::new(),
    });
    for map in maps {
        let Value::Map(others) = map.value else { continue };
        let known: std::collections::HashSet<String> = members.iter().map(|member| member.name.to_string()).collect();
        members.extend(others.into_iter().filter(|other| !known.contains(other.name.as_ref())));
    }
}

/// What a text without quotes is: YAML 1.2.2, section 10.3.2 ("core schema").
fn plain(text: Cow<'_, str>) -> Value<'_> {
    match text.as_ref() {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Boolean(true),
        "false" | "False" | "FALSE" => Value::Boolean(false),
        _ if is_number(&text) => Value::Number(text),
        _ => Value::Text(text),
    }
}

fn is_number(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).map_or((unsigned, None), |(mantissa, exponent)| (mantissa, Some(exponent)));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let has_digit = !whole.is_empty() || !fraction.is_empty();
    let exponent = exponent.map(|exponent| exponent.strip_prefix(['+', '-']).unwrap_or(exponent));
    has_digit && is_digits(whole) && is_digits(fraction) && exponent.is_none_or(|exponent| !exponent.is_empty() && is_digits(exponent))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let stream = parse_stream(text);
        let roots: Vec<String> = stream.roots.iter().map(show).collect();
        let problems: Vec<String> =
            stream.problems.iter().map(|problem| format!("{}: {}", problem.range.start(), problem.message)).collect();
        assert_eq!(format!("{} | {}", roots.join(" "), problems.join("; ")), expected, "{text}");
    }

    fn show(node: &Node<'_>) -> String {
        match &node.value {
            Value::Null => "~".to_owned(),
            Value::Boolean(is) => is.to_string(),
            Value::Number(number) => format!("#{number}"),
            Value::Text(text) => text.to_string(),
            Value::List(items) => format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(",")),
            Value::Map(members) => {
                let members: Vec<String> = members.iter().map(|member| format!("{}:{}", member.name, show(&member.node))).collect();
                format!("{{{}}}", members.join(","))
            }
        }
    }

    #[test]
    fn values_are_those_of_the_core_schema() {
        check("a: 1.10\nb: true\nc:\nd: 'true'\ne: 1.2.3\nf: 1e3\ng: yes\n", "{a:#1.10,b:true,c:~,d:true,e:1.2.3,f:#1e3,g:yes} | ");
        check("1: a\ntrue: b\nnull: c\n", "{1:a,true:b,null:c} | ");
        check("- |\n  x\n  y\n- >\n  x\n  y\n", "[x\ny\n,x y\n] | ");
        check("a: 1\n---\nb: 2\n", "{a:#1} {b:#2} | ");
        check("", " | ");
    }

    #[test]
    fn tags_of_applications_are_names() {
        let document = parse("a: !Ref b\nc: !Sub [x, {d: !GetAtt e.f}]\ng: !!str 1\nh: !<tag:x,2:y> z\n");
        let root = document.root.unwrap();
        assert_eq!(root.at(&["a", "!Ref"]).and_then(Node::text), Some("b"));
        let sub = root.at(&["c", "!Sub"]).unwrap().items();
        assert_eq!(sub[1].at(&["d", "!GetAtt"]).and_then(Node::text), Some("e.f"));
        assert_eq!(root.text_of("g"), Some("1"));
        assert_eq!(root.text_of("h"), Some("z"));
    }

    #[test]
    fn aliases_and_merge_keys_are_followed() {
        check("a: &x [1]\nb: *x\n", "{a:[#1],b:[#1]} | ");
        check("a: &x {k: 1, l: 2}\nb: {<<: *x, k: 3}\n", "{a:{k:#1,l:#2},b:{k:#3,l:#2}} | ");
        check("- &x {k: 1}\n- &y {l: 2}\n- <<: [*x, *y]\n  m: 3\n", "[{k:#1},{l:#2},{m:#3,k:#1,l:#2}] | ");
        check("a: &x [*x]\n", "{a:[]} | 7: this alias stands within what it names");
        check("&k a: 1\nb: *k\n", "{a:#1,b:a} | ");
    }

    #[test]
    fn a_bomb_of_aliases_is_refused() {
        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..=9 {
            let before = format!("*a{}", level - 1);
            bomb.push_str(&format!("a{level}: &a{level} [{}]\n", [before.as_str(); 10].join(", ")));
        }
        let problems = parse(&bomb).problems;
        assert_eq!(problems.len(), 1);
        assert!(problems.first().is_some_and(|problem| problem.message.contains("max-aliased-values") && problem.is_cut));
    }

    #[test]
    fn nesting_is_limited() {
        let is_too_deep = |text: &str| parse(text).problems.iter().any(|problem| problem.message.contains("max-document-depth"));
        assert!(is_too_deep(&"[".repeat(100_000)));
        assert!(is_too_deep(&"- ".repeat(100_000)));
        let mut chain = "a0: &a0 [x]\n".to_owned();
        for level in 1..400 {
            chain.push_str(&format!("a{level}: &a{level} [*a{}]\n", level - 1));
        }
        assert!(is_too_deep(&chain));
    }

    #[test]
    fn what_is_odd_is_said() {
        check("a: 1\nb: 2\na: 3\n", "{a:#1,b:#2,a:#3} | 10: `a` is given twice; the last one counts");
        check("? [a]\n: 1\nb: 2\n", "{b:#2} | 2: a key must be a single value; this one and its value are left out");
        check("a: 1\nb: [1, 2\n", "{a:#1,b:[#1]} | 8: this is no YAML: unclosed bracket '['");
        let document = parse("a: 1\n---\nb: 2\n");
        assert_eq!(document.problems.first().map(|problem| problem.range.start()), Some(9));
    }

    #[test]
    fn places_are_those_of_the_text() {
        let text = "a:\n  b: 'x'\n  c: [1, 2]\nd: y\n";
        let root = parse(text).root.unwrap();
        let place = |way: &[&str]| root.at(way).unwrap().range.of(text.as_bytes());
        assert_eq!(place(&["a", "b"]), b"'x'");
        assert_eq!(place(&["a", "c"]), b"[1, 2]");
        assert_eq!(place(&["a"]), b"b: 'x'\n  c: [1, 2]");
        assert_eq!(root.members().first().unwrap().name_range.of(text.as_bytes()), b"a");
    }
}
