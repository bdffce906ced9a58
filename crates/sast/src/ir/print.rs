//! The tree as people read it: `bartizan debug ir`, and tests.

use std::fmt::Write as _;

use super::{Interner, Kind, NodeId, Op, Symbol, Tree};

impl Tree {
    /// One line a subtree, in parentheses: `(call (name print) (args (number 1)))`.
    #[must_use]
    pub fn sexp(&self, id: NodeId, symbols: &Interner) -> String {
        let mut out = String::new();
        self.write_sexp(id, symbols, &mut out);
        out
    }

    fn write_sexp(&self, id: NodeId, symbols: &Interner, out: &mut String) {
        let node = self.node(id);
        if node.kind == Kind::None {
            out.push('_');
            return;
        }
        let _ = write!(out, "({}", node.kind.as_str());
        if node.op != Op::None {
            let _ = write!(out, ":{}", node.op.as_str());
        }
        if node.symbol != Symbol::EMPTY {
            let text = symbols.text(node.symbol);
            let is_plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_$.-".contains(&byte));
            let _ = if is_plain { write!(out, " {text}") } else { write!(out, " {text:?}") };
        }
        for child in self.children(id) {
            out.push(' ');
            self.write_sexp(child, symbols, out);
        }
        out.push(')');
    }
}
