//! What every lowering is written with.

use super::Syntax;
use crate::ir::{Builder, Interner, Kind, NodeId, Op, Symbol, Tree};

/// The deepest nesting that is lowered; what is nested more deeply is opaque.
pub(crate) const MAX_DEPTH: usize = 400;

/// Names that stand for what only patterns have.
pub(crate) mod reserved {
    pub(crate) const METAVAR: &str = "MV__";
    pub(crate) const MANY: &str = "MANY__";
    /// A metavariable as the name of an element of HTML, where a colon is a line below.
    pub(crate) const TAG: &str = "MV-";
    pub(crate) const DOTS: &str = "DOTS__";
    pub(crate) const DEEP: &str = "DEEP__";
    pub(crate) const TYPED: &str = "TYPED__";
    pub(crate) const REGEX: &str = "SRX__";
}

/// Builds the tree of a file or a pattern.
#[derive(Debug)]
pub(crate) struct Cx<'a> {
    builder: Builder<'a>,
    is_pattern: bool,
    /// How many calls of [`Cx::deeper`] are under way.
    n_deeper: usize,
    /// How many bytes were lowered more than once.
    n_repeated: usize,
}

/// How many bytes of a file may be lowered more than once.
const MAX_REPEATED_BYTES: usize = 1 << 20;

impl<'a> Cx<'a> {
    pub(crate) fn new(symbols: &'a mut Interner, is_pattern: bool) -> Self {
        Self { builder: Builder::new(symbols), is_pattern, n_deeper: 0, n_repeated: 0 }
    }

    pub(crate) fn finish(self) -> Tree {
        self.builder.finish()
    }

    /// Whether a pattern is lowered.
    pub(crate) fn is_pattern(&self) -> bool {
        self.is_pattern
    }

    /// Whether a node is the `...` of a pattern, or a metavariable for many, where the grammar wants more than a name.
    pub(crate) fn is_ellipsis(&self, node: Option<Syntax<'_>>) -> bool {
        self.is_pattern && node.is_some_and(|node| node.text().trim_end() == reserved::DOTS || node.text().starts_with(reserved::MANY))
    }

    /// Builds a node and what `children` builds below it.
    pub(crate) fn node(&mut self, kind: Kind, span: (u32, u32), children: impl FnOnce(&mut Self)) -> NodeId {
        self.node_with(kind, Op::None, "", span, children)
    }

    /// Builds a node with an operator or variant.
    pub(crate) fn node_op(&mut self, kind: Kind, op: Op, span: (u32, u32), children: impl FnOnce(&mut Self)) -> NodeId {
        self.node_with(kind, op, "", span, children)
    }

    /// Builds a node with all that a node can have.
    pub(crate) fn node_with(&mut self, kind: Kind, op: Op, text: &str, span: (u32, u32), children: impl FnOnce(&mut Self)) -> NodeId {
        if MAX_DEPTH < self.builder.depth() {
            let id = NodeId(u32::MAX);
            self.builder.opaque(span);
            return id;
        }
        let symbol = match text {
            "" => Symbol::EMPTY,
            text if self.is_pattern => self.builder.symbols.intern(&written(text)),
            text => self.builder.symbols.intern(text),
        };
        let id = self.builder.open(kind, op, symbol, span);
        children(self);
        self.builder.close();
        id
    }

    /// Lowers what may recur without building a node, such as parentheses; what lies too deep is opaque.
    pub(crate) fn deeper(&mut self, span: (u32, u32), lower: impl FnOnce(&mut Self)) {
        if MAX_DEPTH < self.n_deeper {
            return self.builder.opaque(span);
        }
        self.n_deeper += 1;
        lower(self);
        self.n_deeper -= 1;
    }

    /// Whether what spans this may be lowered once more: it may stand within others of its sort, each of which is lowered twice.
    pub(crate) fn may_repeat(&mut self, span: (u32, u32)) -> bool {
        self.n_repeated = self.n_repeated.saturating_add(span.1.saturating_sub(span.0) as usize);
        self.n_repeated <= MAX_REPEATED_BYTES
    }

    /// Builds a node without children, for a slot that is empty rather than absent.
    pub(crate) fn empty(&mut self, kind: Kind, at: u32) {
        self.node(kind, (at, at), |_| {});
    }

    /// Fills a slot with nothing.
    pub(crate) fn none(&mut self, at: u32) {
        self.builder.none(at);
    }

    /// Builds a slot: a node if there is one, else nothing.
    pub(crate) fn slot(&mut self, node: Option<Syntax<'_>>, at: u32, lower: impl FnOnce(&mut Self, Syntax<'_>)) {
        match node {
            Some(node) => lower(self, node),
            None => self.none(at),
        }
    }

    /// Builds a row as pairs that are nested to the left: `a.b.c` is `(a.b).c`. An empty row is an empty slot.
    pub(crate) fn row(&mut self, kind: Kind, op: Op, parts: &[Syntax<'_>], at: u32, lower: impl FnMut(&mut Self, Syntax<'_>)) {
        self.row_of(|_, _| (kind, op), parts, at, lower);
    }

    /// Builds a row of pairs that differ; `pair` says what the one is that ends with a part, which has this index in the row.
    pub(crate) fn row_of(
        &mut self,
        pair: impl Fn(usize, Syntax<'_>) -> (Kind, Op),
        parts: &[Syntax<'_>],
        at: u32,
        mut lower: impl FnMut(&mut Self, Syntax<'_>),
    ) {
        let Some((first, mut inner)) = parts.split_first() else { return self.none(at) };
        while let Some((last, before)) = inner.split_last() {
            let span = (first.start(), last.end());
            if MAX_DEPTH < self.builder.depth() {
                self.builder.opaque(span);
                break;
            }
            let (kind, op) = pair(inner.len(), *last);
            self.builder.open(kind, op, Symbol::EMPTY, span);
            inner = before;
        }
        if inner.is_empty() {
            lower(self, *first);
        }
        for part in parts.iter().skip(1 + inner.len()) {
            lower(self, *part);
            self.builder.close();
        }
    }

    /// Builds a leaf with a text; in a pattern the text is what was written there.
    pub(crate) fn word(&mut self, kind: Kind, op: Op, text: &str, span: (u32, u32)) {
        if self.is_pattern {
            let written = written(text);
            self.builder.word(kind, op, &written, span);
        } else {
            self.builder.word(kind, op, text, span);
        }
    }

    /// Builds a leaf without a text.
    pub(crate) fn leaf(&mut self, kind: Kind, op: Op, span: (u32, u32)) {
        self.builder.leaf(kind, op, Symbol::EMPTY, span);
    }

    /// Builds a name; in a pattern a metavariable or an ellipsis if it is one.
    pub(crate) fn name(&mut self, text: &str, span: (u32, u32)) {
        if self.is_pattern {
            let bare = text.trim_start_matches(['$', '@', ':']);
            if bare == reserved::DOTS {
                self.leaf(Kind::Ellipsis, Op::None, span);
                return;
            }
            if let Some(name) = bare.strip_prefix(reserved::METAVAR) {
                self.builder.word(Kind::Metavar, Op::None, &format!("${name}"), span);
                return;
            }
            if let Some(name) = bare.strip_prefix(reserved::MANY) {
                self.builder.word(Kind::MetavarMany, Op::None, &format!("$...{name}"), span);
                return;
            }
        }
        self.word(Kind::Name, Op::None, text, span);
    }

    /// Builds a name of a node's text.
    pub(crate) fn name_of(&mut self, node: Syntax<'_>) {
        self.name(node.text(), node.span());
    }

    /// Builds a name, where holes of patterns are written in lower case: `_MV__X`.
    pub(crate) fn name_in_lower_case(&mut self, text: &str, span: (u32, u32)) {
        let is_hole = |text: &&str| {
            [reserved::METAVAR, reserved::DOTS, reserved::TYPED, reserved::DEEP, reserved::MANY]
                .iter()
                .any(|prefix| text.starts_with(prefix))
        };
        let bare = text.strip_prefix('_').filter(|_| self.is_pattern).filter(is_hole);
        self.name(bare.unwrap_or(text), span);
    }

    /// Builds a string, where holes of patterns are written in lower case.
    pub(crate) fn string_in_lower_case(&mut self, content: &str, span: (u32, u32)) {
        if !self.is_pattern {
            return self.string(content, span);
        }
        let holes = [reserved::METAVAR, reserved::DOTS];
        let content = holes.iter().fold(content.to_owned(), |text, hole| text.replace(&format!("_{hole}"), hole));
        self.string(&content, span);
    }

    /// Builds a string without interpolation, of what stands between its quotes; in a pattern `"..."`, `"=~/…/"` and
    /// `"$X"` are what they mean.
    pub(crate) fn string(&mut self, content: &str, span: (u32, u32)) {
        if self.is_pattern {
            let written = written(content);
            if written == "..." {
                self.leaf(Kind::AnyStr, Op::None, span);
                return;
            }
            if let Some(regex) = written.strip_prefix("=~/").and_then(|rest| rest.strip_suffix('/')) {
                self.builder.word(Kind::StrRegex, Op::None, regex, span);
                return;
            }
            // Where variables have a dollar, a metavariable has two.
            let name = written.strip_prefix('$').filter(|name| is_metavariable(name)).unwrap_or(&written);
            if is_metavariable(name) {
                self.builder.word(Kind::StrMetavar, Op::None, name, span);
                return;
            }
        }
        self.word(Kind::Str, Op::None, content, span);
    }

    /// Builds what stands between the interpolated parts of a string; in a pattern `$...X` is any number of parts.
    pub(crate) fn string_part(&mut self, content: &str, span: (u32, u32)) {
        if self.is_pattern
            && let Some(name) = written(content).strip_prefix("$...").filter(|name| is_metavariable(&format!("${name}")))
        {
            self.builder.word(Kind::MetavarMany, Op::None, &format!("$...{name}"), span);
            return;
        }
        self.string(content, span);
    }

    /// Builds what no kind stands for: the grammar's name for it, and all that is below it.
    pub(crate) fn other(&mut self, name: &str, node: Syntax<'_>, mut lower: impl FnMut(&mut Self, Syntax<'_>)) {
        self.node_with(Kind::Other, Op::None, name, node.span(), |cx| {
            for child in node.all_children() {
                if child.is_named() {
                    lower(cx, child);
                } else if child.text().bytes().all(|byte| byte.is_ascii_alphabetic()) {
                    cx.word(Kind::Modifier, Op::None, child.text(), child.span());
                }
            }
        });
    }

    /// Builds a range that could not be parsed.
    pub(crate) fn opaque(&mut self, node: Syntax<'_>) {
        self.builder.opaque(node.span());
    }

    /// The node that is built next.
    pub(crate) fn next_id(&self) -> NodeId {
        self.builder.next_id()
    }

    /// Builds a range that was not parsed.
    pub(crate) fn unread(&mut self, span: (u32, u32)) {
        self.builder.opaque(span);
    }

    /// Widens a node.
    pub(crate) fn cover(&mut self, id: NodeId, span: (u32, u32)) {
        self.builder.cover(id, span);
    }
}

/// Whether a text is the name of a metavariable: `$X`, `$_`, `$1`.
pub(crate) fn is_metavariable(text: &str) -> bool {
    text.strip_prefix('$')
        .is_some_and(|name| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_'))
}

/// The text of a pattern as it was written, before it was made into text that the grammar understands.
fn written(text: &str) -> String {
    if !text.contains("__") {
        return text.to_owned();
    }
    text.replace(reserved::MANY, "$...").replace(reserved::METAVAR, "$").replace(reserved::DOTS, "...")
}
