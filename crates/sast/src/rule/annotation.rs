//! Comments that say what a rule must report in a file of code: Semgrep's tests of rules.
//!
//! An annotation stands alone on its line, and is about the line below it: `# ruleid: no-eval`. What it says of engines
//! that follow data across functions and files (`deepruleid:`, `proruleid:`) is kept, so that a caller can decide.

/// One comment, for one rule or several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annotation<'t> {
    /// The line of the comment, from 1; findings are expected on the line behind it.
    pub line: u32,
    /// What must happen.
    pub kind: AnnotationKind,
    /// The engine that it is about.
    pub engine: AnnotationEngine,
    /// What it says besides, of other engines: `ruleid: deepok: no-eval`.
    pub others: Vec<(AnnotationKind, AnnotationEngine)>,
    /// The rules that it is about; a part behind the last dot of a longer id will do.
    pub rules: Vec<&'t str>,
}

/// What must happen on the line behind an annotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AnnotationKind {
    /// `ruleid`: the rule reports.
    Reports,
    /// `ok`: the rule doesn't report.
    Silent,
    /// `todoruleid`: the rule should report, and doesn't yet.
    ShouldReport,
    /// `todook`: the rule shouldn't report, and does as yet.
    ShouldBeSilent,
}

/// The engine that an annotation is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AnnotationEngine {
    /// Every engine, unless it has an annotation of its own.
    Any,
    /// `pro…`: one that follows data across functions.
    AcrossFunctions,
    /// `deep…`: one that follows data across files.
    AcrossFiles,
}

/// How comments start, and end where they must: the longer before what starts the same.
const COMMENTS: [(&str, Option<&str>); 10] = [
    ("{/*", Some("*/}")),
    ("#", None),
    ("//", None),
    ("<!--", Some("-->")),
    ("(*", Some("*)")),
    ("/*", Some("*/")),
    (";;", None),
    ("'", None),
    ("--", None),
    ("%", None),
];

/// Finds all annotations of a file, in order.
///
/// ```
/// use bartizan_sast::rule::{AnnotationKind, annotations};
/// let found = annotations("# ruleid: no-eval, no-exec\neval(x)\n");
/// assert_eq!((found[0].line, found[0].kind), (1, AnnotationKind::Reports));
/// assert_eq!(found[0].rules, ["no-eval", "no-exec"]);
/// ```
#[must_use]
pub fn annotations(text: &str) -> Vec<Annotation<'_>> {
    let numbered = (1..).zip(text.split('\n'));
    numbered.filter_map(|(number, line)| annotation(line, number)).collect()
}

fn annotation(line: &str, number: u32) -> Option<Annotation<'_>> {
    // Most lines are none.
    if !["ruleid:", "ok:", "todook:"].iter().any(|sign| line.contains(sign)) {
        return None;
    }
    let line = line.trim();
    let (comment, end) = COMMENTS.into_iter().find_map(|(start, end)| Some((line.strip_prefix(start)?, end)))?;
    let comment = end.and_then(|end| comment.strip_suffix(end)).unwrap_or(comment);
    let (kind, engine, mut rest) = head(comment.trim())?;
    let mut others = Vec::new();
    while let Some((kind, engine, behind)) = head(rest) {
        others.push((kind, engine));
        rest = behind;
    }
    let rules: Vec<&str> = rest.split(',').map(str::trim).filter(|id| !id.is_empty()).collect();
    (!rules.is_empty()).then_some(Annotation { line: number, kind, engine, others, rules })
}

/// Reads `ruleid:`, `deepok:` …, and returns what stands behind it.
fn head(text: &str) -> Option<(AnnotationKind, AnnotationEngine, &str)> {
    let (engine, text) = if let Some(text) = text.strip_prefix("pro") {
        (AnnotationEngine::AcrossFunctions, text)
    } else if let Some(text) = text.strip_prefix("deep") {
        (AnnotationEngine::AcrossFiles, text)
    } else {
        (AnnotationEngine::Any, text)
    };
    let (word, rest) = text.split_once(':')?;
    let kind = match word {
        "ruleid" => AnnotationKind::Reports,
        "ok" => AnnotationKind::Silent,
        "todoruleid" => AnnotationKind::ShouldReport,
        "todook" => AnnotationKind::ShouldBeSilent,
        _ => return None,
    };
    Some((kind, engine, rest.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks one line: `kind engine [others] rules`; empty if it is no annotation.
    #[track_caller]
    fn check(line: &str, expected: &str) {
        let shown: Vec<String> = annotations(line)
            .iter()
            .map(|found| {
                let others: Vec<String> = found.others.iter().map(|(kind, engine)| format!("+{kind:?} {engine:?}")).collect();
                format!("{:?} {:?} {}{}", found.kind, found.engine, others.join(""), found.rules.join(" "))
            })
            .collect();
        assert_eq!(shown.join("\n"), expected, "{line}");
    }

    #[test]
    fn comments_of_every_language_are_known() {
        for line in [
            "# ruleid: a",
            "#ruleid:a",
            "  // ruleid: a",
            "<!-- ruleid: a -->",
            "(* ruleid: a *)",
            "/* ruleid: a */",
            "{/* ruleid: a */}",
            "' ruleid: a",
            ";; ruleid: a",
            "-- ruleid: a",
            "% ruleid: a",
            "/* ruleid: a",
            "\t# ruleid: a\r",
        ] {
            check(line, "Reports Any a");
        }
    }

    #[test]
    fn every_kind_is_known() {
        check("# ok: a", "Silent Any a");
        check("# todoruleid: a", "ShouldReport Any a");
        check("# todook: a", "ShouldBeSilent Any a");
        check("# deepruleid: a", "Reports AcrossFiles a");
        check("# proruleid: a", "Reports AcrossFunctions a");
        check("# prook: a", "Silent AcrossFunctions a");
        check("# ruleid: deepok: a", "Reports Any +Silent AcrossFilesa");
        check("# ruleid: a.b.c-d , e_f", "Reports Any a.b.c-d e_f");
    }

    #[test]
    fn everything_else_is_code() {
        for line in [
            "return res.send({ok: true})",
            "x = 1 # ruleid: a",
            "ruleid: a",
            "# ruleid a",
            "# ruleid:",
            "# see ruleid: a",
            "# notruleid: a",
            "",
        ] {
            check(line, "");
        }
    }

    #[test]
    fn lines_are_counted() {
        let found = annotations("a\r\n# ok: x\nb\n# ruleid: y\nc");
        assert_eq!(found.iter().map(|found| found.line).collect::<Vec<_>>(), [2, 4]);
    }
}
