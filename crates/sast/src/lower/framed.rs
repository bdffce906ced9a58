//! Tests that the frames of a language take the shapes that patterns have.
//!
//! A plain stand-in for the compiler of patterns: what stands for a hole is chosen by what is left of errors.

use super::{Cst, FrameKind, Language, lower};
use crate::ir::{Interner, Kind, NodeId};

/// A piece of a pattern.
enum Piece {
    Text(String),
    /// Any of these.
    Hole {
        all: Vec<String>,
        starts_line: bool,
    },
}

/// Checks that each pattern parses in some frame.
pub(super) fn check(language: &Language, patterns: &[&str]) {
    for pattern in patterns {
        assert!(framed(language, pattern).is_some(), "{pattern}");
    }
}

/// The kind of frame that takes a pattern, and the tree of the framed text.
pub(super) fn framed(language: &Language, pattern: &str) -> Option<(FrameKind, String)> {
    let pieces = pieces(language, pattern);
    let syntax = &language.patterns;
    syntax.frames.iter().find_map(|frame| {
        let text = |chosen: &[usize]| {
            let middle = pieces.iter().zip(chosen).map(|(piece, at)| match piece {
                Piece::Text(text) => text.as_str(),
                Piece::Hole { all, .. } => all[*at].as_str(),
            });
            [frame.before].into_iter().chain(middle).chain([frame.after]).collect::<String>()
        };
        // Dots that start a line are of one sort, more often than not.
        let starts_line = pieces.iter().any(|piece| matches!(piece, Piece::Hole { starts_line: true, .. }));
        let n_alternatives = if starts_line { syntax.ellipsis.len() } else { 1 };
        let (mut least, mut chosen) = (u32::MAX, Vec::new());
        for start in 0..n_alternatives {
            let mut next: Vec<usize> =
                pieces.iter().map(|piece| if matches!(piece, Piece::Hole { starts_line: true, .. }) { start } else { 0 }).collect();
            let n = improve(language, &pieces, &text, &mut next);
            if n < least {
                (least, chosen) = (n, next);
            }
            if least == 0 {
                break;
            }
        }
        if least != 0 {
            chosen = any(language, &pieces, &text)?;
            least = 0;
        }
        (least == 0).then(|| {
            let mut symbols = Interner::default();
            let tree = lower(language, &text(&chosen), &mut symbols, true).unwrap();
            assert!(tree.nodes().iter().all(|node| node.kind != Kind::Opaque), "{pattern}");
            let all: Vec<String> = tree.children(NodeId::ROOT).map(|id| tree.sexp(id, &symbols)).collect();
            (frame.what, all.join(" "))
        })
    })
}

/// Chooses for each hole what leaves the fewest errors.
fn improve(language: &Language, pieces: &[Piece], text: &dyn Fn(&[usize]) -> String, chosen: &mut [usize]) -> u32 {
    let mut least = n_errors(language, &text(chosen));
    for (at, piece) in pieces.iter().enumerate() {
        let Piece::Hole { all, .. } = piece else { continue };
        for alternative in 0..all.len() {
            if least == 0 {
                return 0;
            }
            let before = std::mem::replace(&mut chosen[at], alternative);
            let n = n_errors(language, &text(chosen));
            if n < least {
                least = n;
            } else {
                chosen[at] = before;
            }
        }
    }
    least
}

/// Tries all choices, if there are not too many.
fn any(language: &Language, pieces: &[Piece], text: &dyn Fn(&[usize]) -> String) -> Option<Vec<usize>> {
    let sizes: Vec<usize> = pieces.iter().map(|piece| if let Piece::Hole { all, .. } = piece { all.len() } else { 1 }).collect();
    let n = sizes.iter().try_fold(1, |n: usize, size| n.checked_mul(*size)).filter(|n| *n <= 150)?;
    let choices = (0..n).map(|number| {
        let mut rest = number;
        sizes.iter().map(|size| (rest % size, rest /= size).0).collect::<Vec<usize>>()
    });
    choices.into_iter().find(|chosen| n_errors(language, &text(chosen)) == 0)
}

/// The bytes that the parser could not make sense of.
fn n_errors(language: &Language, text: &str) -> u32 {
    let tree = bartizan_syntax::parse(language.grammar, text).unwrap();
    let cst = Cst::new(text, &tree, language.grammar);
    let mut todo = vec![cst.root()];
    let mut n = u32::from(tree.root_node().has_error());
    while let Some(node) = todo.pop() {
        if node.is_error() || node.is_missing() {
            n += 1 + node.end() - node.start();
        }
        todo.extend(node.all_children());
    }
    n
}

fn pieces(language: &Language, pattern: &str) -> Vec<Piece> {
    let syntax = &language.patterns;
    // Where a statement may start, one is tried first: a name alone would be the type of what follows it. Elsewhere it is tried last.
    let with = |templates: &[&str], name: &str, starts_line: bool| {
        let mut all: Vec<String> = templates.iter().map(|template| template.replace("{}", name)).collect();
        all.sort_by_key(|template| template.ends_with(';') != starts_line);
        Piece::Hole { all, starts_line }
    };
    // The parameter of a function or of `catch` looks the same.
    let typed = |written: &str, type_: &str, name: &str| {
        let typed = syntax.typed.replace("{type}", &type_.replace('$', "MV__")).replace("{var}", &format!("MV__{name}"));
        Piece::Hole { all: vec![typed, written.replace('$', "MV__")], starts_line: false }
    };
    let holes = regex::Regex::new(concat!(
        r#"(?s)(?P<string>"(?:\\.|[^"\\])*"|`[^`]*`)|(?P<deep><\.\.\.)|(?P<end>\.\.\.>)|\$\.\.\.(?P<many>[A-Z_0-9]+)|(?P<member>\.\s*\.\.\.)"#,
        r"|\((?P<type>\$?[A-Za-z_][\w.:]*(?:<[^()]*>)?[\[\]*& ]*[ *&])\$(?P<var>[A-Z_0-9]+)\)|\(\$(?P<var2>[A-Z_0-9]+) *: *(?P<type2>[^()$]+)\)",
        r"|(?P<dots>\.\.\.)|\$(?P<name>[A-Z_][A-Z_0-9]*)"
    ))
    .unwrap();
    let part = |start: usize, end: usize| pattern.get(start..end).unwrap();
    let mut all = Vec::new();
    let mut end = 0;
    for hole in holes.captures_iter(pattern) {
        let whole = hole.get(0).unwrap();
        all.push(Piece::Text(part(end, whole.start()).to_owned()));
        end = whole.end();
        let group = |name: &str| hole.name(name).map(|found| found.as_str());
        all.push(if group("deep").is_some() {
            Piece::Text("DEEP__(".to_owned())
        } else if group("end").is_some() {
            Piece::Text(")".to_owned())
        } else if let Some(name) = group("many") {
            with(syntax.metavariable, &format!("MANY__{name}"), false)
        } else if group("member").is_some() {
            Piece::Text(".DOTS__".to_owned())
        } else if let (Some(type_), Some(name)) = (group("type").or(group("type2")), group("var").or(group("var2"))) {
            typed(whole.as_str(), type_.trim(), name)
        } else if group("dots").is_some() {
            let before = part(0, whole.start()).trim_end_matches(' ');
            let after = part(end, pattern.len()).trim_start_matches(' ');
            let starts_line = before.ends_with(['\n', '{', '}', ';']) && !after.starts_with([',', ')', '}']);
            with(syntax.ellipsis, "", starts_line)
        } else if let Some(name) = group("name") {
            with(syntax.metavariable, &format!("MV__{name}"), false)
        } else {
            Piece::Text(whole.as_str().to_owned())
        });
    }
    all.push(Piece::Text(part(end, pattern.len()).to_owned()));
    all
}
