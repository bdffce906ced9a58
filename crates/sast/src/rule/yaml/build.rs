//! From the parser's events to the tree.

use std::ops::Range;

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, Span as Place};
use rustc_hash::FxHashMap;

use super::{Content, File, MAX_RULE_FILE_BYTES, MAX_YAML_DEPTH, MAX_YAML_VALUES, Node, NodeId, Span, Style, YamlProblem};
use crate::rule::span::Layout;

/// Reads a file. What was complete before an error is there all the same.
pub(in crate::rule) fn parse(text: &str) -> File<'_> {
    let mut builder = Builder { text, file: File::default(), open: Vec::new(), anchors: FxHashMap::default() };
    if MAX_RULE_FILE_BYTES < text.len() {
        let message = format!("the file is larger than {MAX_RULE_FILE_BYTES} bytes (max-rule-file-bytes)");
        builder.problem(Span { start: 0, end: 0, line: 1, column: 1 }, message, "split it");
        builder.file.is_cut = true;
        return builder.file;
    }
    if builder.read().is_none() {
        builder.cut();
    }
    builder.file
}

struct Builder<'t> {
    text: &'t str,
    file: File<'t>,
    open: Vec<Open>,
    anchors: FxHashMap<usize, NodeId>,
}

/// A list or map that isn't complete yet.
struct Open {
    span: Span,
    anchor: usize,
    items: Items,
}

enum Items {
    List(Vec<NodeId>),
    Map { entries: Vec<(NodeId, NodeId)>, key: Option<NodeId> },
}

impl<'t> Builder<'t> {
    /// Reads to the end; nothing if there was an error.
    fn read(&mut self) -> Option<()> {
        let options = granit_parser::options! {
            // As libyaml and PyYAML read it, which the rules of the world are written for.
            block_scalar_eof_without_line_feed: true,
            emit_comments: false,
        };
        for event in Parser::new_from_str_with_options(self.text, options) {
            if MAX_YAML_VALUES < u64::try_from(self.file.nodes.len()).unwrap_or(u64::MAX) {
                let last = self.file.nodes.last().map(|node| node.span).unwrap_or_default();
                self.problem(last, format!("the file has more than {MAX_YAML_VALUES} values (max-yaml-values)"), "split it");
                return None;
            }
            let (event, place) = match event {
                Ok(event) => event,
                Err(error) => {
                    let at = self.point(error.marker());
                    if matches!(error.kind(), ErrorKind::RecursionLimitExceeded) {
                        self.too_deep(at);
                        return None;
                    }
                    self.problem(at, format!("this is no YAML: {}", error.info()), "");
                    return None;
                }
            };
            self.event(event, &place)?;
        }
        Some(())
    }

    fn event(&mut self, event: Event<'t>, place: &Place) -> Option<()> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let is_text = style != ScalarStyle::Plain || tag.as_ref().is_some_and(|tag| tag.core_suffix() == Some("str"));
                let layout = self.layout(&text, style, place);
                let style = if is_text { Style::Text } else { Style::Plain };
                let span = self.span(place);
                let id = self.push(Content::Scalar { text, style, layout }, span, 1, 0);
                self.add(id, anchor)
            }
            Event::SequenceStart(_, anchor, _) => self.open(place, anchor, Items::List(Vec::new())),
            Event::MappingStart(_, anchor, _) => self.open(place, anchor, Items::Map { entries: Vec::new(), key: None }),
            Event::SequenceEnd | Event::MappingEnd => self.close(),
            Event::Alias(anchor) => {
                let Some(&id) = self.anchors.get(&anchor) else {
                    let span = self.span(place);
                    self.problem(span, "this alias stands within what it names", "write the value out");
                    return None;
                };
                self.add(id, 0)
            }
            // Anchors are per document.
            Event::DocumentEnd => {
                self.anchors.clear();
                Some(())
            }
            _ => Some(()),
        }
    }

    fn open(&mut self, place: &Place, anchor: usize, items: Items) -> Option<()> {
        let span = self.span(place);
        self.open.push(Open { span, anchor, items });
        if MAX_YAML_DEPTH < u32::try_from(self.open.len()).unwrap_or(u32::MAX) {
            self.too_deep(span);
            return None;
        }
        Some(())
    }

    /// Completes the innermost list or map.
    fn close(&mut self) -> Option<()> {
        let Some(Open { mut span, anchor, items }) = self.open.pop() else { return Some(()) };
        let (mut n_values, mut height, mut end) = (1_u64, 0, span.end);
        let mut count = |id: NodeId, file: &File<'_>| {
            let node = file.node(id);
            n_values = n_values.saturating_add(node.n_values);
            height = height.max(node.height + 1);
            // What an alias names stands before it, and doesn't end this.
            end = end.max(node.span.end);
        };
        let content = match items {
            Items::List(items) => {
                items.iter().for_each(|&id| count(id, &self.file));
                Content::Sequence(items)
            }
            Items::Map { mut entries, .. } => {
                for &(key, value) in &entries {
                    count(key, &self.file);
                    count(value, &self.file);
                }
                self.merge(&mut entries);
                self.check_keys(&entries);
                Content::Mapping(entries)
            }
        };
        span.end = end;
        let id = self.push(content, span, n_values, height);
        if MAX_YAML_VALUES < n_values && self.file.is_cut {
            return None;
        }
        if MAX_YAML_VALUES < n_values {
            let message = format!("aliases make more than {MAX_YAML_VALUES} values of this (max-yaml-values)");
            self.problem(span, message, "write fewer aliases of aliases");
            return None;
        }
        if MAX_YAML_DEPTH < height {
            self.too_deep(span);
            return None;
        }
        self.add(id, anchor)
    }

    /// Puts a complete value where it belongs.
    fn add(&mut self, id: NodeId, anchor: usize) -> Option<()> {
        if anchor != 0 {
            self.anchors.insert(anchor, id);
        }
        match self.open.last_mut().map(|open| &mut open.items) {
            None => self.file.roots.push(id),
            Some(Items::List(items)) => items.push(id),
            Some(Items::Map { entries, key }) => match key.take() {
                None => *key = Some(id),
                Some(key) => entries.push((key, id)),
            },
        }
        Some(())
    }

    fn push(&mut self, content: Content<'t>, span: Span, n_values: u64, height: u32) -> NodeId {
        let id = NodeId(u32::try_from(self.file.nodes.len()).unwrap_or(u32::MAX));
        self.file.nodes.push(Node { content, span, n_values, height });
        id
    }

    /// Puts the entries of what `<<` names behind those of the map itself.
    fn merge(&self, entries: &mut Vec<(NodeId, NodeId)>) {
        let is_merge =
            |id: NodeId| matches!(&self.file.node(id).content, Content::Scalar { text, style: Style::Plain, .. } if text == "<<");
        let mut merged = Vec::new();
        entries.retain(|&(key, value)| {
            let is_merge = is_merge(key);
            if is_merge {
                merged.push(value);
            }
            !is_merge
        });
        let lists = merged.into_iter().flat_map(|id| match &self.file.node(id).content {
            Content::Sequence(items) => items.clone(),
            Content::Scalar { .. } | Content::Mapping(_) => vec![id],
        });
        for id in lists {
            if let Content::Mapping(others) = &self.file.node(id).content {
                for &(key, value) in others {
                    if self.find(entries, self.key(key)).is_none() {
                        entries.push((key, value));
                    }
                }
            }
        }
    }

    fn key(&self, id: NodeId) -> Option<&str> {
        match &self.file.node(id).content {
            Content::Scalar { text, .. } => Some(text),
            Content::Sequence(_) | Content::Mapping(_) => None,
        }
    }

    fn find(&self, entries: &[(NodeId, NodeId)], name: Option<&str>) -> Option<NodeId> {
        entries.iter().map(|&(key, _)| key).find(|&key| self.key(key) == name)
    }

    /// Every key is a single value, and stands once.
    fn check_keys(&mut self, entries: &[(NodeId, NodeId)]) {
        /// Up to here comparing all with all is faster.
        const FEW: usize = 16;
        let mut found = Vec::new();
        let mut seen: FxHashMap<&str, NodeId> = FxHashMap::default();
        for (index, &(key, _)) in entries.iter().enumerate() {
            let Some(name) = self.key(key) else {
                found.push((key, "a key must be a single value".to_owned(), "put quotes around what looks like a list or a map"));
                continue;
            };
            let earlier = if entries.len() <= FEW {
                self.find(entries.get(..index).unwrap_or_default(), Some(name))
            } else {
                let earlier = seen.get(name).copied();
                seen.entry(name).or_insert(key);
                earlier
            };
            if let Some(earlier) = earlier {
                let line = self.file.node(earlier).span.line;
                found.push((
                    key,
                    format!("`{}` is given twice, first on line {line}", super::super::problem::shortened(name)),
                    "remove one",
                ));
            }
        }
        for (key, message, help) in found {
            let span = self.file.node(key).span;
            self.problem(span, message, help);
        }
    }

    /// Keeps what was complete in the list that the file consists of, and drops the rest.
    fn cut(&mut self) {
        /// The map of the file, and the list of rules in it.
        const KEPT: usize = 2;
        self.file.is_cut = true;
        self.open.truncate(KEPT);
        while !self.open.is_empty() {
            if self.close().is_none() {
                self.open.clear();
            }
        }
    }

    fn too_deep(&mut self, span: Span) {
        let message = format!("values are nested more than {MAX_YAML_DEPTH} deep (max-yaml-depth)");
        self.problem(span, message, "");
    }

    fn problem(&mut self, span: Span, message: impl Into<String>, help: &str) {
        self.file.problems.push(YamlProblem { span, message: message.into(), help: help.to_owned() });
    }

    fn span(&self, place: &Place) -> Span {
        let bytes = place.byte_range().unwrap_or(0..0);
        Span { end: narrow(bytes.end.min(self.text.len())), ..self.point(&place.start) }
    }

    fn point(&self, mark: &granit_parser::Marker) -> Span {
        let start = narrow(mark.byte_offset().unwrap_or(0).min(self.text.len()));
        Span { start, end: start, line: narrow(mark.line()), column: narrow(mark.col() + 1) }
    }

    /// How the text of a scalar lies in the file.
    fn layout(&self, text: &str, style: ScalarStyle, place: &Place) -> Layout {
        let (line, column) = (narrow(place.start.line()), narrow(place.start.col() + 1));
        let source = |range: Option<Range<usize>>| range.and_then(|range| self.text.get(range)).unwrap_or_default();
        match style {
            // The place is that of the first line that is not blank.
            ScalarStyle::Literal => {
                let n_blank = narrow(text.bytes().take_while(|&byte| byte == b'\n').count());
                Layout::Lines { first_line: line.saturating_sub(n_blank), first_column: column, next_column: column }
            }
            ScalarStyle::Plain if source(place.byte_range()) == text => {
                Layout::Lines { first_line: line, first_column: column, next_column: column }
            }
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted
                if source(place.byte_range().map(|range| range.start + 1..range.end.saturating_sub(1))) == text =>
            {
                Layout::Lines { first_line: line, first_column: column + 1, next_column: 1 }
            }
            ScalarStyle::Plain | ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted | ScalarStyle::Folded => Layout::Rewritten,
        }
    }
}

fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::yaml::Yaml;

    fn show(value: Yaml<'_>, to: &mut String) {
        if let Some(items) = value.items() {
            to.push('[');
            items.for_each(|item| {
                show(item, to);
                to.push(' ');
            });
            to.push(']');
        } else if let Some(entries) = value.entries() {
            to.push('{');
            entries.for_each(|(key, value)| {
                show(key, to);
                to.push(':');
                show(value, to);
                to.push(' ');
            });
            to.push('}');
        } else {
            to.push_str(value.text().unwrap_or("~"));
        }
    }

    #[track_caller]
    fn check(text: &str, expected: &str, problems: &[&str]) {
        let file = parse(text);
        let shown: Vec<String> = file
            .roots
            .iter()
            .map(|&root| {
                let mut shown = String::new();
                show(file.value(root), &mut shown);
                shown.replace(" ]", "]").replace(" }", "}")
            })
            .collect();
        assert_eq!(shown.join("\n"), expected, "{text}");
        let found: Vec<_> = file.problems.iter().map(|p| format!("{}:{} {}", p.span.line, p.span.column, p.message)).collect();
        assert_eq!(found, problems, "{text}");
    }

    #[test]
    fn values_are_read_as_libyaml_reads_them() {
        check("", "", &[]);
        check("# nothing\n", "", &[]);
        check("\u{feff}a: 1", "{a:1}", &[]);
        check("a: |\n  x\n   y\n\n  z\nb: yes\nc: [1, 'two', \"th\\tree\"]\nd:\n", "{a:x\n y\n\nz\n b:yes c:[1 two th\tree] d:~}", &[]);
        check("a: |\n  x", "{a:x}", &[]);
        check("a: b\n---\nc: d\n", "{a:b}\n{c:d}", &[]);
        check("a: ~\nb: 'null'\nc: null\n", "{a:~ b:null c:~}", &[]);
    }

    #[test]
    fn aliases_are_followed_and_merged() {
        check("a: &x [1]\nb: *x\n", "{a:[1] b:[1]}", &[]);
        check("a: &x {k: 1, l: 2}\nb: {<<: *x, k: 3}\n", "{a:{k:1 l:2} b:{k:3 l:2}}", &[]);
        check("- &x {k: 1}\n- &y {l: 2}\n- <<: [*x, *y]\n  m: 3\n", "[{k:1} {l:2} {m:3 k:1 l:2}]", &[]);
        check("a: *x\n", "{}", &["1:4 this is no YAML: while parsing node, found unknown anchor"]);
        check("a: &x [*x]\n", "{a:[]}", &["1:8 this alias stands within what it names"]);
    }

    #[test]
    fn a_bomb_of_aliases_is_refused() {
        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..=9 {
            let before = format!("*a{}", level - 1);
            bomb.push_str(&format!("a{level}: &a{level} [{}]\n", [before.as_str(); 10].join(", ")));
        }
        let file = parse(&bomb);
        assert_eq!(file.problems.len(), 1);
        assert!(file.problems[0].message.contains("max-yaml-values"), "{}", file.problems[0].message);
        assert!(file.nodes.len() < 100);
    }

    #[test]
    fn values_are_counted() {
        let problems = parse(&format!("[{}]", "1,".repeat(500_001))).problems;
        assert_eq!(problems.len(), 1);
        assert!(problems[0].message.contains("max-yaml-values"), "{}", problems[0].message);
    }

    #[test]
    fn nesting_is_limited() {
        let deep = "[".repeat(100_000);
        assert!(parse(&deep).problems[0].message.contains("max-yaml-depth"));
        let deep = "- ".repeat(100_000);
        assert!(parse(&deep).problems[0].message.contains("max-yaml-depth"));
        // Each alias adds a level below the one that it names.
        let mut chain = "a0: &a0 [x]\n".to_owned();
        for level in 1..200 {
            chain.push_str(&format!("a{level}: &a{level} [*a{}]\n", level - 1));
        }
        assert!(parse(&chain).problems[0].message.contains("max-yaml-depth"));
    }

    #[test]
    fn a_key_stands_once() {
        check("a: 1\nb: 2\na: 3\n", "{a:1 b:2 a:3}", &["3:1 `a` is given twice, first on line 1"]);
        let many: String = (0..40).map(|index| format!("k{index}: 1\n")).collect();
        let file = parse(&many);
        assert!(file.problems.is_empty());
        let file_text = format!("{many}k7: 2\n");
        let problems = parse(&file_text).problems;
        assert_eq!((problems.len(), problems[0].span.line), (1, 41));
        check("? [a]\n: 1\n", "{[a]:1}", &["1:3 a key must be a single value"]);
    }

    #[test]
    fn what_was_complete_before_an_error_is_kept() {
        let problems = ["4:4 this is no YAML: while parsing a block collection, did not find expected '-' indicator"];
        check("rules:\n  - id: a\n    x: 1\n   y: bad\n  - id: b\n", "{rules:[{id:a x:1}]}", &problems);
        check("a: [1, 2\n", "{a:[1]}", &["1:4 this is no YAML: unclosed bracket '['"]);
    }

    #[test]
    fn texts_know_their_places() {
        #[track_caller]
        fn place(text: &str, offset: usize, expected: (u32, u32)) {
            let file = parse(text);
            let value = file.value(file.roots[0]).entries().unwrap().next().unwrap().1;
            assert_eq!(value.rule_text().unwrap().place(offset), expected, "{text:?}");
        }
        place("a: |\n  one\n  two\n", 0, (2, 3));
        place("a: |\n  one\n  two\n", 5, (3, 4));
        place("a: |\n\n\n    one\n    two\n", 0, (2, 5));
        place("a: |\n\n\n    one\n    two\n", 3, (4, 6));
        place("a: |2-\n    one\n", 2, (2, 5));
        place("a: one two\n", 4, (1, 8));
        place("a: 'one'\n", 1, (1, 6));
        place("a: \"é€x\"\n", 5, (1, 7));
        // Where the text was rewritten, the start has to do.
        place("a: \"o\\tne\"\n", 2, (1, 4));
        place("a: >\n  one\n  two\n", 5, (2, 3));
        place("a: one\n  two\n", 5, (1, 4));
    }
}
