//! Dockerfiles, read without a grammar.
//!
//! An instruction is a call of its name in capitals. Its first argument are the flags, as attributes: a pattern need not name
//! them all. What of an image or a user is optional (tag, digest, alias, group) is there, too. Commands are read as shell
//! scripts; one is a statement, so that a pattern finds it deep within a longer script. `ENV`, `ARG` and `LABEL` with several
//! pairs are as many instructions.

mod instruction;
mod lines;
mod word;

use bartizan_syntax::Grammar;

use self::lines::Logical;
use super::{Cst, Cx, Frame, FrameKind, Language, Lowering, NameRules, PatternSyntax, Scope, bash, context::reserved};
use crate::ir::Kind;

pub(super) static LANGUAGE: Language = Language {
    name: "dockerfile",
    aliases: &["docker"],
    grammar: Grammar::Bash,
    lower: Lowering::Text(file),
    patterns: PatternSyntax {
        frames: &[Frame { before: "", after: "\n", what: FrameKind::Statements }],
        metavariable: &["{}"],
        ellipsis: &["DOTS__"],
        usual: &[],
        typed: "",
        dollar_is_name: true,
    },
    names: NameRules { scope: Scope::Function, assignment_declares: true },
    features: &[],
};

fn file(cx: &mut Cx<'_>, text: &str) {
    let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
    let lines: Vec<Logical<'_>> = lines::logical(text).collect();
    cx.node(Kind::Root, (0, end), |cx| {
        // A pattern without any instruction is a command, or a word of one.
        let is_script = cx.is_pattern() && lines.iter().all(|line| !instruction::is_keyword(line.keyword()) && !is_hole(line));
        if is_script {
            script(cx, text);
        } else {
            lines.iter().for_each(|line| self::line(cx, line));
        }
    });
}

/// Whether a line is `...` or a metavariable that stands for an instruction.
fn is_hole(line: &Logical<'_>) -> bool {
    let text = line.text.trim();
    text == reserved::DOTS || text.starts_with(reserved::METAVAR) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn line(cx: &mut Cx<'_>, line: &Logical<'_>) {
    let span = line.span();
    if instruction::is_keyword(line.keyword()) {
        instruction::instruction(cx, line);
    } else if cx.is_pattern() && is_hole(line) {
        cx.node(Kind::ExprStmt, span, |cx| cx.name(line.text.trim(), span));
    } else {
        cx.unread(span);
    }
}

fn script(cx: &mut Cx<'_>, text: &str) {
    let word = text.trim();
    let is_word = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-./:".contains(&byte));
    if is_word {
        let start = u32::try_from(text.len() - text.trim_start().len()).unwrap_or(0);
        return word::word(cx, word, start);
    }
    parsed(cx, text, 0, bash::statements);
}

/// Lowers a shell script that begins at an offset.
fn parsed(cx: &mut Cx<'_>, text: &str, base: u32, lower: fn(&mut Cx<'_>, super::Syntax<'_>)) {
    match bash::parse(text) {
        Ok(tree) => {
            let cst = Cst::embedded(text, &tree, Grammar::Bash, base);
            lower(cx, cst.root());
        }
        Err(_) => cx.unread((base, base.saturating_add(u32::try_from(text.len()).unwrap_or(u32::MAX)))),
    }
}

#[cfg(test)]
mod tests;
