//! Rules of ast-grep, as far as they can be said in ours.
//!
//! What depends on a grammar's own names of nodes (`kind`, `field`, `selector`), on neighbours in its tree (`follows`,
//! `precedes`, `nthChild`, `inside` without `stopBy: end`) or on rewriting (`transform`) is refused by name.

use super::{Formula, LanguageName, Level, Mode, Options, Paths, RuleText, SastRule, check_regex, id, language};
use crate::rule::{
    Condition, ConditionKind, FormulaKind, Metadata, Metavariable, Span,
    problem::{Notes, did_you_mean, shortened},
    span::Layout,
    yaml::{Field, Keys, Shape, Yaml},
};

/// Keys of a rule object that have no equal here.
const REFUSED: [(&str, &str); 6] = [
    ("kind", "kinds of nodes are those of a grammar"),
    ("has", "write `<... PATTERN ...>` in the pattern"),
    ("follows", "patterns of several statements are joined by `...`"),
    ("precedes", "patterns of several statements are joined by `...`"),
    ("nthChild", ""),
    ("range", ""),
];

/// A rule that refers to itself by way of `utils` is refused at this depth.
const MAX_REFERENCE_DEPTH: usize = 16;
/// A rule may refer to `utils` so often, references of what it refers to included.
const MAX_REFERENCES: usize = 1000;

/// Reads one rule of ast-grep.
pub(super) fn rule(mut keys: Keys<'_>, notes: &mut Notes) -> Option<SastRule> {
    let span = keys.span;
    let id = id(&mut keys, notes);
    let language = keys.need("language", "the rule", notes).and_then(|field| language_of(field, notes));
    let message = keys.take("message").and_then(|field| field.rule_text(notes));
    let severity = keys.take("severity").map_or(Some(Level::Info), |field| level(field, notes));
    let mut files = |name| keys.take(name).map(|field: Field<'_>| globs(field, notes)).unwrap_or_default();
    let paths = Paths { include: files("files"), exclude: files("ignores") };
    let fix = keys.take("fix").and_then(|field| fix(field, notes));
    let metadata = Metadata {
        remediation: keys.take("note").and_then(|field| field.text(notes)).map(str::to_owned),
        references: keys.take("url").and_then(|field| field.text(notes)).map(str::to_owned).into_iter().collect(),
        raw: keys.take("metadata").map(|field| field.value.to_entries()).unwrap_or_default(),
        ..Metadata::default()
    };
    keys.take("labels");
    for name in ["transform", "rewriters"] {
        if let Some(field) = keys.take(name) {
            notes.error(field.key, format!("`{name}` is not supported"), "write the replacement in `fix`");
        }
    }
    let utils = keys.take("utils").map(|field| field.value);
    let constraints = keys.take("constraints");
    let rule = keys.need("rule", "the rule", notes);
    keys.finish("a rule", notes);

    let language = language?;
    let mut reader = Reader { notes, utils, depth: 0, n_references: 0, n_bound: 0 };
    let formula = rule.and_then(|field| reader.object(field.value, field.key));
    let conditions = constraints.map_or(Some(Vec::new()), |field| reader.constraints(field));
    let mut formula = formula.filter(|formula| super::is_positive(formula, reader.notes))?;
    formula.conditions.extend(conditions?);
    let id = id?;
    let message = message.unwrap_or_else(|| RuleText::detached(id.as_str()));
    Some(SastRule {
        id,
        languages: vec![language],
        message,
        severity: severity?,
        mode: Mode::Search(formula),
        paths,
        options: Options::default(),
        fix,
        fix_regex: None,
        metadata,
        min_version: None,
        max_version: None,
        span,
    })
}

fn language_of(field: Field<'_>, notes: &mut Notes) -> Option<LanguageName> {
    let text = field.rule_text(notes)?;
    match text.as_str().to_ascii_lowercase().as_str() {
        "tsx" => Some(LanguageName::Typescript),
        "jsx" => Some(LanguageName::Javascript),
        "cs" => Some(LanguageName::Csharp),
        "cc" | "cxx" => Some(LanguageName::Cpp),
        "rb" => Some(LanguageName::Ruby),
        "rs" => Some(LanguageName::Rust),
        "yml" => Some(LanguageName::Yaml),
        _ => language(&text, notes),
    }
}

/// The severity; nothing if the rule is turned off.
fn level(field: Field<'_>, notes: &mut Notes) -> Option<Level> {
    let text = field.text(notes)?;
    match text {
        "error" => Some(Level::Error),
        "warning" => Some(Level::Warning),
        "info" => Some(Level::Info),
        "hint" => Some(Level::Inventory),
        "off" => {
            notes.note(field.value.span(), "the rule is left out: it is turned off", "");
            None
        }
        _ => {
            let names = ["error", "warning", "info", "hint", "off"];
            let help = did_you_mean(text, &names).unwrap_or_else(|| format!("expected one of {}", names.join(", ")));
            notes.error(field.value.span(), format!("unknown severity `{}`", shortened(text)), help);
            None
        }
    }
}

/// Globs as texts, or as `{glob: …}`.
fn globs(field: Field<'_>, notes: &mut Notes) -> Vec<RuleText> {
    let mut globs = Vec::new();
    for item in field.items(notes).into_iter().flatten() {
        match item.rule_text() {
            Some(text) => globs.push(text),
            None => {
                let Some(mut keys) = Keys::of(item, "a glob", notes) else { continue };
                globs.extend(keys.need("glob", "a glob", notes).and_then(|field| field.rule_text(notes)));
                keys.take("caseInsensitive");
                keys.finish("a glob", notes);
            }
        }
    }
    globs
}

/// The replacement, as a text or as `{template: …}`.
fn fix(field: Field<'_>, notes: &mut Notes) -> Option<RuleText> {
    let text = match field.value.shape() {
        Shape::Map => {
            let mut keys = Keys::of(field.value, "`fix`", notes)?;
            let template = keys.need("template", "`fix`", notes);
            for name in ["expandStart", "expandEnd"] {
                if let Some(field) = keys.take(name) {
                    notes.error(field.key, format!("`{name}` is not supported"), "let the pattern match what is replaced");
                }
            }
            keys.finish("`fix`", notes);
            template?.rule_text(notes)?
        }
        Shape::Nothing | Shape::Scalar | Shape::List => field.rule_text(notes)?,
    };
    metavariables(&text, notes).map(RuleText::trimmed)
}

struct Reader<'n, 'f> {
    notes: &'n mut Notes,
    utils: Option<Yaml<'f>>,
    /// How many references have led here.
    depth: usize,
    /// How many there were.
    n_references: usize,
    /// How many matches were given a name so that a condition can be about them.
    n_bound: usize,
}

impl<'f> Reader<'_, 'f> {
    /// Reads a rule object: all of its keys must hold.
    fn object(&mut self, value: Yaml<'f>, key: Span) -> Option<Formula> {
        let mut keys = Keys::of(value, "a rule object", self.notes)?;
        let formula = self.keys(&mut keys, key);
        keys.finish("a rule object", self.notes);
        formula
    }

    fn keys(&mut self, keys: &mut Keys<'f>, key: Span) -> Option<Formula> {
        let mut is_refused = false;
        for (name, help) in REFUSED {
            if let Some(field) = keys.take(name) {
                is_refused = true;
                self.notes.error(field.key, format!("`{name}` of ast-grep is not supported"), help);
            }
        }
        let mut parts: Vec<Option<Formula>> = Vec::new();
        if let Some(field) = keys.take("pattern") {
            parts.push(self.pattern(field));
        }
        if let Some(field) = keys.take("inside") {
            parts.push(self.inside(field));
        }
        if let Some(field) = keys.take("all") {
            parts.push(self.list(field).map(|all| Formula::new(FormulaKind::All(all), field.key)));
        }
        if let Some(field) = keys.take("any") {
            parts.push(self.list(field).map(|any| Formula::new(FormulaKind::Any(any), field.key)));
        }
        if let Some(field) = keys.take("not") {
            let inner = self.object(field.value, field.key);
            parts.push(inner.map(|inner| Formula::new(FormulaKind::Not(Box::new(inner)), field.key)));
        }
        if let Some(field) = keys.take("matches") {
            parts.push(self.reference(field));
        }
        let regex = keys.take("regex").map(|field| search(field, self.notes));
        let mut parts: Vec<Formula> = parts.into_iter().collect::<Option<_>>()?;
        if is_refused {
            return None;
        }
        let formula = match parts.len() {
            1 => parts.swap_remove(0),
            0 if regex.is_some() => {
                self.notes.error(key, "`regex` alone would be tried on every node", "add a `pattern`: `$X`");
                return None;
            }
            0 => {
                self.notes.error(key, "the rule object is empty", "add a `pattern`");
                return None;
            }
            _ => Formula::new(FormulaKind::All(parts), key),
        };
        match regex {
            None => Some(formula),
            Some(regex) => Some(self.restricted(formula, regex?)),
        }
    }

    /// A formula whose match, as a text, holds what the expression matches.
    fn restricted(&mut self, mut formula: Formula, regex: RuleText) -> Formula {
        self.n_bound += 1;
        let metavariable = Metavariable::new(&format!("$AST_GREP_MATCH_{}", self.n_bound));
        let span = formula.span;
        formula.binds = Some(metavariable.clone());
        let kind = ConditionKind::Regex { metavariable, regex, constant_propagation: false };
        let mut all = Formula::new(FormulaKind::All(vec![formula]), span);
        all.conditions.push(Condition { kind, span });
        all
    }

    fn pattern(&mut self, field: Field<'f>) -> Option<Formula> {
        let text = match field.value.shape() {
            Shape::Map => {
                let mut keys = Keys::of(field.value, "`pattern`", self.notes)?;
                let context = keys.need("context", "`pattern`", self.notes);
                keys.take("strictness");
                if let Some(field) = keys.take("selector") {
                    let help = "write the pattern alone, without its context";
                    self.notes.error(field.key, "`selector` of ast-grep is not supported: kinds of nodes are those of a grammar", help);
                }
                keys.finish("`pattern`", self.notes);
                context?.rule_text(self.notes)?
            }
            Shape::Nothing | Shape::Scalar | Shape::List => field.rule_text(self.notes)?,
        };
        let text = metavariables(&text, self.notes)?;
        let span = text.span;
        Some(Formula::new(FormulaKind::Pattern(text), span))
    }

    fn inside(&mut self, field: Field<'f>) -> Option<Formula> {
        let mut keys = Keys::of(field.value, "`inside`", self.notes)?;
        let reach = keys.take("stopBy");
        if reach.and_then(|reach| reach.value.text()) != Some("end") {
            let span = reach.map_or(field.key, |reach| reach.key);
            let message = "`inside` that means the parent alone is not supported: parents are those of a grammar";
            self.notes.error(span, message, "add `stopBy: end`, if any distance will do");
        }
        if let Some(field) = keys.take("field") {
            self.notes.error(field.key, "`field` of ast-grep is not supported: fields are those of a grammar", "");
        }
        let formula = self.keys(&mut keys, field.key);
        keys.finish("`inside`", self.notes);
        Some(Formula::new(FormulaKind::Inside(Box::new(formula?)), field.key))
    }

    fn list(&mut self, field: Field<'f>) -> Option<Vec<Formula>> {
        let items: Vec<Yaml<'f>> = field.items(self.notes)?.collect();
        if items.is_empty() {
            self.notes.error(field.key, format!("`{}` is empty", field.name), "");
            return None;
        }
        let read: Vec<Option<Formula>> = items.into_iter().map(|item| self.object(item, field.key)).collect();
        read.into_iter().collect()
    }

    /// What `utils` has under a name.
    fn reference(&mut self, field: Field<'f>) -> Option<Formula> {
        let name = field.text(self.notes)?;
        let mut entries = self.utils.and_then(Yaml::entries).into_iter().flatten();
        let Some((_, value)) = entries.find(|(key, _)| key.text() == Some(name)) else {
            self.notes.error(field.value.span(), format!("`utils` has no `{}`", shortened(name)), "rules of other files can't be used");
            return None;
        };
        if MAX_REFERENCE_DEPTH <= self.depth {
            self.notes.error(field.value.span(), format!("`{}` refers to itself", shortened(name)), "");
            return None;
        }
        self.n_references += 1;
        if MAX_REFERENCES < self.n_references {
            let message = format!("the rule refers to `utils` more than {MAX_REFERENCES} times (max-rule-references)");
            self.notes.error(field.value.span(), message, "");
            self.utils = None;
            return None;
        }
        self.depth += 1;
        let formula = self.object(value, field.key);
        self.depth -= 1;
        formula
    }

    /// Reads `constraints`: a rule object for each of some metavariables.
    fn constraints(&mut self, field: Field<'f>) -> Option<Vec<Condition>> {
        let keys = Keys::of(field.value, "`constraints`", self.notes)?;
        let fields: Vec<Field<'f>> = keys.rest().collect();
        let read: Vec<Option<Condition>> = fields.into_iter().map(|field| self.constraint(field)).collect();
        read.into_iter().collect()
    }

    fn constraint(&mut self, field: Field<'f>) -> Option<Condition> {
        let metavariable = Metavariable::new(&format!("${}", field.name));
        let is_regex =
            field.value.entries().is_some_and(|mut entries| entries.len() == 1 && entries.all(|(key, _)| key.text() == Some("regex")));
        let kind = if is_regex {
            let mut keys = Keys::of(field.value, "a constraint", self.notes)?;
            let regex = search(keys.take("regex")?, self.notes)?;
            ConditionKind::Regex { metavariable, regex, constant_propagation: false }
        } else {
            super::condition::pattern(metavariable, None, self.object(field.value, field.key)?)
        };
        Some(Condition { kind, span: field.key })
    }
}

/// An expression that ast-grep searches for anywhere, where ours are anchored at the left.
fn search(field: Field<'_>, notes: &mut Notes) -> Option<RuleText> {
    let text = field.rule_text(notes)?;
    if !check_regex(&text, notes) {
        return None;
    }
    Some(RuleText { text: format!("(?s:.)*?(?:{})", text.as_str()).into(), span: text.span, layout: Layout::Rewritten })
}

/// A pattern or a replacement with metavariables as Semgrep writes them.
fn metavariables(text: &RuleText, notes: &mut Notes) -> Option<RuleText> {
    let mut out = String::with_capacity(text.as_str().len());
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        let name = after.trim_start_matches('$');
        let n_dollars = 1 + after.len() - name.len();
        let n_bytes = name.bytes().take_while(|byte| *byte == b'_' || byte.is_ascii_uppercase() || byte.is_ascii_digit()).count();
        let (name, behind) = name.split_at_checked(n_bytes).unwrap_or(("", name));
        let is_name = name.starts_with(|first: char| first == '_' || first.is_ascii_uppercase());
        match (n_dollars, is_name) {
            // Names that start so don't bind.
            (1, true) if name.starts_with('_') => out.push_str("$_"),
            (1, true) => out.extend(["$", name]),
            (3, true) if !name.starts_with('_') => out.extend(["$...", name]),
            (3, _) => out.push_str("..."),
            (2, true) => {
                let (line, column) = text.place(text.as_str().len() - rest.len() + before.len());
                let span = Span { line, column, ..text.span };
                notes.error(span, format!("`$${name}` of ast-grep is not supported: only grammars have nodes without a name"), "");
                return None;
            }
            _ => {
                out.extend(std::iter::repeat_n("$", n_dollars));
                out.push_str(name);
            }
        }
        rest = behind;
    }
    out.push_str(rest);
    if out == text.as_str() {
        return Some(text.clone());
    }
    Some(RuleText { text: out.into(), span: text.span, layout: Layout::Rewritten })
}
