use super::*;
use crate::rule::{
    Condition, ConditionKind, Entry, Focus, FormulaKind, GenericEngine, Metavariable, ModelReference, Requires, SinkRequires, Verdict,
};

mod ast_grep;
mod corpus;
mod mutation;

fn joined<T>(items: &[T], with: &str, show: impl Fn(&T) -> String) -> String {
    items.iter().map(show).collect::<Vec<_>>().join(with)
}

fn show_focus(focus: &Focus) -> String {
    joined(&focus.metavariables, ",", Metavariable::to_string)
}

fn show_condition(condition: &Condition) -> String {
    let in_language = |language: &Option<LanguageName>| language.map_or(String::new(), |language| format!(" in {language}"));
    match &condition.kind {
        ConditionKind::Regex { metavariable, regex, constant_propagation } => {
            format!("{metavariable}~{}{}", regex.as_str(), if *constant_propagation { " constant" } else { "" })
        }
        ConditionKind::Pattern { metavariable, language, formula } => {
            format!("{metavariable}={}{}", show(formula), in_language(language))
        }
        ConditionKind::Comparison { metavariable, comparison, base, strip } => {
            let metavariable = metavariable.as_ref().map_or(String::new(), |name| format!("{name}: "));
            let base = base.map_or(String::new(), |base| format!(" base {base}"));
            format!("{metavariable}{}{base}{}", comparison.as_str(), if *strip { " strip" } else { "" })
        }
        ConditionKind::Analysis { metavariable, analyzer } => format!("{metavariable} {analyzer:?}"),
        ConditionKind::Type { metavariable, language, types } => {
            format!("{metavariable}: {}{}", joined(types, "|", |text| text.as_str().to_owned()), in_language(language))
        }
        ConditionKind::Name { metavariable, kind, modules } => {
            format!(
                "{metavariable} of {}{}",
                joined(modules, "|", |text| text.as_str().to_owned()),
                if kind.is_some() { " kind" } else { "" }
            )
        }
    }
}

fn show(formula: &Formula) -> String {
    let children = || joined(formula.children(), " ", show);
    let mut shown = match &formula.kind {
        FormulaKind::Pattern(text) => format!("`{}`", text.as_str().trim_end().replace('\n', "⏎")),
        FormulaKind::Regex(text) => format!("/{}/", text.as_str()),
        FormulaKind::All(_) => format!("(all {})", children()),
        FormulaKind::Any(_) => format!("(any {})", children()),
        FormulaKind::Not(_) => format!("(not {})", children()),
        FormulaKind::Inside(_) => format!("(inside {})", children()),
        FormulaKind::Anywhere(_) => format!("(anywhere {})", children()),
    };
    if !formula.conditions.is_empty() {
        shown.push_str(&format!(" where [{}]", joined(&formula.conditions, "; ", show_condition)));
    }
    if !formula.focus.is_empty() {
        shown.push_str(&format!(" focus [{}]", joined(&formula.focus, "; ", show_focus)));
    }
    if let Some(name) = &formula.binds {
        shown.push_str(&format!(" as {name}"));
    }
    if let Some(fix) = &formula.fix {
        shown.push_str(&format!(" fix `{}`", fix.as_str()));
    }
    shown
}

/// A rule with these keys, which start on line 7.
fn with_keys(keys: &str) -> String {
    let keys: String = keys.trim_matches('\n').lines().map(|line| format!("  {line}\n")).collect();
    format!("rules:\n- id: r\n  languages:\n  - python\n  message: m\n  severity: HIGH\n{keys}")
}

fn shown_problems(problems: &[Problem]) -> Vec<String> {
    let level = |problem: &Problem| match problem.level {
        ProblemLevel::Error => "",
        ProblemLevel::Warning => "warning ",
        ProblemLevel::Note => "note ",
    };
    let help = |problem: &Problem| if problem.help.is_empty() { String::new() } else { format!("; {}", problem.help) };
    problems.iter().map(|p| format!("{}:{} {}{}{}", p.span.line, p.span.column, level(p), p.message, help(p))).collect()
}

/// Reads a rule that must be without problems.
#[track_caller]
fn sound(text: &str) -> SastRule {
    let mut parsed = read(text);
    assert_eq!(shown_problems(&parsed.problems), [""; 0], "{text}");
    assert_eq!(parsed.rules.len(), 1, "{text}");
    parsed.rules.swap_remove(0)
}

/// Checks what a rule with these keys looks for.
#[track_caller]
fn check(keys: &str, expected: &str) {
    match sound(&with_keys(keys)).mode {
        Mode::Search(formula) => assert_eq!(show(&formula), expected, "{keys}"),
        mode => panic!("{mode:?}"),
    }
}

/// Checks everything that is wrong with a rule with these keys, which start on line 7; with an error it isn't there.
#[track_caller]
fn check_problems(keys: &str, expected: &[&str]) {
    let parsed = read(&with_keys(keys));
    assert_eq!(shown_problems(&parsed.problems), expected, "{keys}");
    assert_eq!(parsed.rules.is_empty(), parsed.problems.iter().any(Problem::is_error), "{keys}");
    for problem in parsed.problems.iter().filter(|problem| problem.is_error()) {
        assert!(problem.rule.as_deref().is_none_or(|rule| rule == "r"), "{problem}");
    }
}

/// The same for a whole file.
#[track_caller]
fn check_file(text: &str, ids: &[&str], expected: &[&str]) {
    let parsed = read(text);
    assert_eq!(parsed.rules.iter().map(|rule| rule.id.as_str()).collect::<Vec<_>>(), ids, "{text}");
    assert_eq!(shown_problems(&parsed.problems), expected, "{text}");
}

#[test]
fn the_older_spelling_is_read() {
    check("pattern: f(...)", "`f(...)`");
    check("pattern: 1", "`1`");
    check("pattern: |\n  f($X)\n  g($X)\n", "`f($X)⏎g($X)`");
    check("pattern-regex: a+b", "/a+b/");
    check("pattern-either:\n- pattern: a\n- pattern-regex: b\n- patterns:\n  - pattern: c\n", "(any `a` /b/ (all `c`))");
    check(
        "patterns:\n- pattern: a\n- pattern-not: b\n- pattern-inside: c\n- pattern-not-inside: d\n- pattern-not-regex: e\n",
        "(all `a` (not `b`) (inside `c`) (not (inside `d`)) (not /e/))",
    );
    check(
        "patterns:\n- pattern-inside:\n    pattern-either:\n    - pattern: a\n    - pattern: b\n- pattern-not:\n    patterns:\n    - pattern: c\n",
        "(all (inside (any `a` `b`)) (not (all `c`)))",
    );
    check("patterns:\n- pattern: a\n- semgrep-internal-pattern-anywhere: b\n", "(all `a` (anywhere `b`))");
}

#[test]
fn conditions_of_the_older_spelling_are_read() {
    check(
        "
patterns:
- pattern: f($X, $Y)
- metavariable-regex:
    metavariable: $X
    regex: a.*
- metavariable-regex: {metavariable: $X, regex: b, constant-propagation: true}
- metavariable-comparison: {comparison: $X > 1}
- metavariable-comparison: {metavariable: $X, comparison: $X > 0o7, base: 8, strip: yes}
- metavariable-analysis: {metavariable: $X, analyzer: entropy}
- metavariable-analysis: {metavariable: $X, analyzer: {kind: entropy_v2, mode: strict}}
- metavariable-analysis: {metavariable: $X, analyzer: {kind: redos}}
- metavariable-type: {metavariable: $X, type: str}
- metavariable-type: {metavariable: $X, types: [A, B], language: java}
- metavariable-name: {metavariable: $X, module: a.b}
- semgrep-internal-metavariable-name: {metavariable: $X, kind: django-view, modules: [a, b]}
- focus-metavariable: $X
- focus-metavariable: [$X, $Y]
",
        "(all `f($X, $Y)`) where [$X~a.*; $X~b constant; $X > 1; $X: $X > 0o7 base 8 strip; $X Entropy; $X EntropyV2(Strict); $X Redos; \
         $X: str; $X: A|B in java; $X of a.b; $X of a|b kind] focus [$X; $X,$Y]",
    );
}

#[test]
fn formulas_about_metavariables_have_a_language_of_their_own() {
    check(
        "
patterns:
- pattern: f($X)
- metavariable-pattern: {metavariable: $X, pattern: g()}
- metavariable-pattern:
    metavariable: $X
    language: regex
    patterns:
    - pattern: a|b
    - pattern-not: c
- metavariable-pattern:
    metavariable: $X
    patterns:
    - pattern-not: g()
    - metavariable-regex: {metavariable: $Y, regex: z}
",
        "(all `f($X)`) where [$X=`g()`; $X=(all /a|b/ (not /c/)) in regex; $X=(all (not `g()`)) where [$Y~z]]",
    );
}

#[test]
fn the_newer_spelling_is_read() {
    check("match: f(...)", "`f(...)`");
    check("match: {pattern: f(...), fix: g(), as: $ALL}", "`f(...)` as $ALL fix `g()`");
    check(
        "
match:
  all:
  - f($X)
  - any: [g(), {regex: h+}]
  - not: i()
  - not: {inside: j()}
  - inside: |
      def $F(...): ...
  - anywhere: k()
  where:
  - focus: $X
  - focus: [$X, $F]
  - comparison: $X > 1
  - metavariable: $X
    regex: a
  - metavariable: $X
    regex: b
    constant-propagation: false
  - metavariable: $X
    analyzer: redos
  - metavariable: $X
    type: int
  - metavariable: $X
    module: n
  - metavariable: $X
    language: php
    all:
    - not: echo ...;
  - metavariable: $X
    not: l()
  - metavariable: $X
    pattern: m($Y)
    where:
    - metavariable: $Y
      types: [A, B]
",
        "(all `f($X)` (any `g()` /h+/) (not `i()`) (not (inside `j()`)) (inside `def $F(...): ...`) (anywhere `k()`)) \
         where [$X > 1; $X~a constant; $X~b; $X Redos; $X: int; $X of n; $X=(all (not `echo ...;`)) in php; $X=(all (not `l()`)); \
         $X=`m($Y)` where [$Y: A|B]] focus [$X; $X,$F]",
    );
}

#[test]
fn patterns_of_rules_for_text_are_expressions() {
    let text = |keys: &str| with_keys(keys).replace("- python", "- regex");
    let Mode::Search(formula) = sound(&text("patterns:\n- pattern: a+\n- pattern-not: b\n")).mode else { panic!() };
    assert_eq!(show(&formula), "(all /a+/ (not /b/))");
    let parsed = read(&text("pattern: 'a('"));
    assert_eq!(shown_problems(&parsed.problems), ["7:14 `a(` is no regular expression: this group isn't closed"]);
}

fn show_requires(requires: &Option<Requires>) -> String {
    requires.as_ref().map_or(String::new(), |requires| format!(" requires {requires:?}"))
}

fn show_model(model: &ModelReference) -> String {
    format!("model {} {:?}{}", model.name, model.label.as_ref().map(crate::rule::Label::as_str), show_requires(&model.requires))
}

/// Checks the four lists of a taint rule, an entry a line.
#[track_caller]
fn check_taint(keys: &str, expected: &str) {
    let Mode::Taint(spec) = sound(&with_keys(keys)).mode else { panic!("no taint rule: {keys}") };
    let mut lines = Vec::new();
    for entry in &spec.sources {
        lines.push(match entry {
            Entry::Model(model) => format!("source {}", show_model(model)),
            Entry::Own(own) => format!(
                "source {} exact={} side={:?} control={} label={}{}",
                show(&own.formula),
                own.is_exact,
                own.by_side_effect,
                own.is_control,
                own.label,
                show_requires(&own.requires)
            ),
        });
    }
    for entry in &spec.sinks {
        lines.push(match entry {
            Entry::Model(model) => format!("sink {}", show_model(model)),
            Entry::Own(own) => {
                let requires = match &own.requires {
                    SinkRequires::Default => String::new(),
                    SinkRequires::Whole(requires) => format!(" requires {requires:?}"),
                    SinkRequires::Each(each) => {
                        format!(" requires {}", joined(each, ", ", |(name, requires)| format!("{name}: {requires:?}")))
                    }
                };
                format!("sink {} exact={} exit={}{requires}", show(&own.formula), own.is_exact, own.at_exit)
            }
        });
    }
    for entry in &spec.sanitizers {
        lines.push(match entry {
            Entry::Model(model) => format!("sanitizer {}", show_model(model)),
            Entry::Own(own) => {
                let (side, conflict) = (own.by_side_effect, own.not_conflicting);
                format!("sanitizer {} exact={} side={side:?} not_conflicting={conflict}", show(&own.formula), own.is_exact)
            }
        });
    }
    for entry in &spec.propagators {
        lines.push(match entry {
            Entry::Model(model) => format!("propagator {}", show_model(model)),
            Entry::Own(own) => format!(
                "propagator {} {}->{} side={} label={:?} replace={:?}{}",
                show(&own.formula),
                own.from,
                own.to,
                own.by_side_effect,
                own.label.as_ref().map(crate::rule::Label::as_str),
                own.replace_labels.as_ref().map(|labels| joined(labels, ",", ToString::to_string)),
                show_requires(&own.requires)
            ),
        });
    }
    let expected: Vec<&str> = expected.trim().lines().map(str::trim).collect();
    assert_eq!(lines, expected, "{keys}");
}

#[test]
fn taint_of_the_older_spelling_is_read() {
    check_taint(
        "
mode: taint
pattern-sources:
- pattern: a()
- {pattern: b(), exact: true, by-side-effect: only, control: true, label: L, requires: M and not N}
- patterns:
  - pattern: c($X)
  - focus-metavariable: $X
  by-side-effect: true
pattern-sinks:
- pattern: d(...)
- {pattern: e(), exact: false, at-exit: true, requires: L}
- pattern: f($X, $Y)
  requires:
  - $X: L
  - $Y: L or M
pattern-sanitizers:
- pattern: g()
- {pattern: h(), exact: true, not_conflicting: true, by-side-effect: true}
pattern-propagators:
- {pattern: i($X), from: $X, to: $Y}
- {pattern: j($X), from: $X, to: $Y, by-side-effect: false, label: L, requires: M, replace-labels: [M, N]}
",
        r#"
source `a()` exact=false side=No control=false label=__SOURCE__
source `b()` exact=true side=Only control=true label=L requires And([Label(Label("M")), Not(Label(Label("N")))])
source (all `c($X)`) focus [$X] exact=false side=Yes control=false label=__SOURCE__
sink `d(...)` exact=true exit=false
sink `e()` exact=false exit=true requires Label(Label("L"))
sink `f($X, $Y)` exact=true exit=false requires $X: Label(Label("L")), $Y: Or([Label(Label("L")), Label(Label("M"))])
sanitizer `g()` exact=false side=No not_conflicting=false
sanitizer `h()` exact=true side=Yes not_conflicting=true
propagator `i($X)` $X->$Y side=true label=None replace=None
propagator `j($X)` $X->$Y side=false label=Some("L") replace=Some("M,N") requires Label(Label("M"))
"#,
    );
}

#[test]
fn taint_of_the_newer_spelling_is_read() {
    check_taint(
        "
taint:
  sources:
  - a()
  - {pattern: 'b($X)', where: [{focus: $X}], label: L}
  sinks:
  - c(...)
  - {any: [d(), e()], requires: L}
  sanitizers:
  - f()
  - {pattern: g(), not-conflicting: true}
  propagators:
  - {pattern: $A.h($B), from: $B, to: $A}
",
        r#"
source `a()` exact=false side=No control=false label=__SOURCE__
source `b($X)` focus [$X] exact=false side=No control=false label=L
sink `c(...)` exact=true exit=false
sink (any `d()` `e()`) exact=true exit=false requires Label(Label("L"))
sanitizer `f()` exact=false side=No not_conflicting=false
sanitizer `g()` exact=false side=No not_conflicting=true
propagator `$A.h($B)` $B->$A side=true label=None replace=None
"#,
    );
}

#[test]
fn models_are_named_in_every_list() {
    check_taint(
        "
mode: taint
pattern-sources: [{model: http-input, label: INPUT}]
pattern-sinks: [{model: sql, requires: INPUT}, {pattern: a()}]
pattern-sanitizers: [{model: sql}]
pattern-propagators: [{model: strings}]
",
        r#"
source model http-input Some("INPUT")
sink model sql None requires Label(Label("INPUT"))
sink `a()` exact=true exit=false
sanitizer model sql None
propagator model strings None
"#,
    );
    check_problems(
        "taint:\n  sources: [{model: HTTP input}]\n  sinks: [{model: sql, patern: x}]\n",
        &[
            "8:23 `HTTP input` can't be the name of a model; names are lower-case words joined by hyphens",
            "9:26 unknown key `patern` in a sink",
        ],
    );
}

#[test]
fn everything_else_of_a_rule_is_read() {
    let rule = sound(
        "
rules:
- id: a.b_c-D
  language: js
  message: |
    Uses $X.
  severity: INVENTORY
  pattern: f($X)
  min-version: 1.0.0
  max-version: 2.0.0
  paths: {include: ['*.js', src], exclude: [test]}
  fix: |
    g($X)
  fix-regex: {regex: 'f(\\w)', replacement: '\\1', count: 2}
  options: {symbolic_propagation: true, ac_matching: false, generic_ellipsis_max_span: 0, taint_focus_on: source}
  metadata:
    examples:
    - bad: f(x)
      fixed: g(x)
    - good: g(x)
      path: a.ts
      language: ts
    list: [1, 2.5, yes, ~]
",
    );
    assert_eq!((rule.id.as_str(), rule.severity.as_str(), rule.message.as_str()), ("a.b_c-D", "INVENTORY", "Uses $X.\n"));
    assert_eq!(rule.languages, [LanguageName::Javascript]);
    assert_eq!(rule.min_version.unwrap().to_string(), "1.0.0");
    assert_eq!(joined(&rule.paths.include, " ", |glob| glob.as_str().to_owned()), "*.js src");
    assert_eq!(joined(&rule.paths.exclude, " ", |glob| glob.as_str().to_owned()), "test");
    assert_eq!(rule.fix.unwrap().as_str(), "g($X)");
    let fix = rule.fix_regex.unwrap();
    assert_eq!((fix.regex.as_str(), fix.replacement.as_str(), fix.count), ("f(\\w)", "\\1", Some(2)));
    let defaults = Options::default();
    assert_eq!(
        rule.options,
        Options {
            symbolic_propagation: true,
            ac_matching: false,
            generic_ellipsis_max_span: 0,
            taint_focus_on: crate::rule::TaintFocus::Source,
            ..defaults
        }
    );
    let [bad, good] = rule.metadata.examples.as_slice() else { panic!("{:?}", rule.metadata.examples) };
    assert_eq!((bad.verdict, bad.code.as_str(), bad.fixed.as_ref().unwrap().as_str()), (Verdict::Bad, "f(x)", "g(x)"));
    assert_eq!((good.verdict, good.path.as_deref(), good.language), (Verdict::Good, Some("a.ts"), Some(LanguageName::Typescript)));
    let json = crate::rule::map_to_json(&rule.metadata.raw);
    assert_eq!(json["list"], serde_json::json!([1, 2.5, "yes", null]));
}

#[test]
fn languages_are_known_by_all_their_names() {
    let languages =
        |list: &str| sound(&with_keys("pattern: x").replace("  languages:\n  - python\n", &format!("  languages: {list}\n"))).languages;
    assert_eq!(languages("[py, C#, KT, hcl]"), [LanguageName::Python, LanguageName::Csharp, LanguageName::Kotlin, LanguageName::Terraform]);
    assert_eq!(languages("[js, javascript]"), [LanguageName::Javascript]);
    assert_eq!(languages("[none]"), [LanguageName::Regex]);
    assert_eq!(languages("generic"), [LanguageName::Generic]);
    for language in LanguageName::ALL {
        assert_eq!(LanguageName::from_name(language.as_str()), Some(*language));
    }
}

#[test]
fn generic_rules_choose_their_engine() {
    let text = with_keys(
        "pattern: x\noptions:\n  generic_engine: aliengrep\n  generic_braces: [['<', '>']]\n  generic_extra_word_characters: ['-']",
    );
    let rule = sound(&text.replace("- python", "- generic"));
    assert_eq!(rule.languages, [LanguageName::Aliengrep]);
    assert_eq!(rule.options.generic_engine, GenericEngine::Aliengrep);
    assert_eq!(rule.options.generic_braces, Some(vec![("<".to_owned(), ">".to_owned())]));
    assert_eq!(rule.options.generic_extra_word_characters, ['-']);
}

#[test]
fn modes_that_are_not_run_are_known_by_name() {
    let mode = |text: &str| sound(text).mode;
    assert_eq!(mode("rules: [{id: r, mode: join, message: m, severity: INFO, join: {refs: [], on: []}}]"), Mode::Join);
    assert_eq!(mode("rules: [{id: r, mode: extract, languages: [html], pattern: x, extract: $X, dest-language: js}]"), Mode::Extract);
    assert_eq!(mode("rules: [{id: r, mode: step, message: m, severity: INFO, languages: [js], steps: []}]"), Mode::Steps);
    assert_eq!(mode("rules: [{id: r, match: x, message: m, severity: INFO, language: js, steps: []}]"), Mode::Steps);
    let supply_chain = with_keys("pattern: x\nr2c-internal-project-depends-on: {namespace: npm, package: a, version: '1'}");
    assert_eq!(mode(&supply_chain), Mode::SupplyChain);
    for (mode, name) in
        [(Mode::Join, "join"), (Mode::Extract, "extract"), (Mode::Steps, "steps"), (Mode::SupplyChain, "project-depends-on")]
    {
        assert!(mode.refusal().unwrap().contains(name));
    }
}

#[test]
fn a_file_may_be_the_list_or_have_several_documents() {
    let rule = |id: &str| format!("{{id: {id}, languages: [go], message: m, severity: LOW, pattern: x}}");
    check_file(&format!("[{}, {}]", rule("a"), rule("b")), &["a", "b"], &[]);
    check_file(&format!("rules: [{}]\n---\nrules: [{}]\n", rule("a"), rule("b")), &["a", "b"], &[]);
    check_file("", &[], &[]);
    check_file("rules:\n", &[], &[]);
    check_file("{\"rules\": []}", &[], &[]);
    check_file(&format!("x: &r {}\nrules: [*r]\n", rule("a")), &["a"], &["1:1 unknown key `x` in a rule file"]);
    assert!(!read("a: 1").is_rule_file && !read("- hosts: all\n").is_rule_file && !read("just text").is_rule_file);
    assert!(read("rules: []").is_rule_file && read("").is_rule_file);
}

#[test]
fn one_bad_rule_does_not_lose_the_others() {
    let text = "
rules:
- {id: a, languages: [go], message: m, severity: LOW, pattern: x}
- {id: b, languages: [gogo], message: m, severity: LOWER, patern: x}
- {id: c, languages: [go], message: m, severity: LOW, pattern: x, pattern: y}
- nothing
- {id: d, languages: [go], message: m, severity: LOW, pattern: x}
";
    check_file(
        text,
        &["a", "d"],
        &[
            "4:23 unknown language `gogo`",
            "4:52 unknown severity `LOWER`; did you mean `LOW`?",
            "4:59 unknown key `patern` in a rule; did you mean `pattern`?",
            "5:67 `pattern` is given twice, first on line 5; remove one",
            "6:3 a rule must have keys, but is a single value",
        ],
    );
}

#[test]
fn rules_before_an_error_of_yaml_are_read() {
    let text = "rules:\n- {id: a, languages: [go], message: m, severity: LOW, pattern: x}\n- id: b\n  languages: [go\n  message: m\n";
    let parsed = read(text);
    assert_eq!(parsed.rules.iter().map(|rule| rule.id.as_str()).collect::<Vec<_>>(), ["a"]);
    assert_eq!(parsed.problems.len(), 1, "{:?}", parsed.problems);
    assert!(parsed.problems[0].message.starts_with("this is no YAML: "), "{}", parsed.problems[0]);
    let parsed = read("rules:\n- id: a\n  pattern: x\n message: m\n");
    assert_eq!((parsed.rules.len(), parsed.problems.len()), (0, 1), "{:?}", parsed.problems);
}

#[test]
fn versions_decide_whether_a_rule_is_read() {
    for (keys, note) in [
        ("min-version: 9.0.0\nfuture: x", "9.0.0 or newer"),
        ("min-version: 1.182.1\npattern: x", "1.182.1 or newer"),
        ("max-version: 1.181.9\npattern: x", "1.181.9 or older"),
    ] {
        let expected = format!("2:3 note the rule is left out: it asks for Semgrep {note}; Bartizan reads rules as Semgrep 1.182.0 does");
        check_file(&with_keys(keys), &[], &[&expected]);
    }
    check("min-version: 1.182.0\nmax-version: 1.182.0\npattern: x", "`x`");
}

#[test]
fn what_is_wrong_with_a_rule_is_said_with_its_place() {
    for (keys, expected) in [
        ("", &["2:3 the rule doesn't say what it looks for; add one of `pattern`, `patterns`, `pattern-either`, `pattern-regex`"][..]),
        (
            "pattern: x\npatterns: [{pattern: y}]",
            &["8:3 `pattern` and `patterns` can't be used together; put both below `patterns`, or below `pattern-either`"],
        ),
        (
            "pattern-not: x",
            &[
                "7:3 `pattern-not` can't stand alone in the rule; put it below `patterns`, beside a `pattern`",
                "7:3 unknown key `pattern-not` in a rule",
            ],
        ),
        ("pattern:", &["7:3 `pattern` must be a text, but is nothing"]),
        ("pattern: ' '", &["7:12 the pattern is empty"]),
        ("pattern: [x]", &["7:12 `pattern` must be a text, but is a list"]),
        ("pattern: x\nmessage: y", &["8:3 `message` is given twice, first on line 5; remove one"]),
        ("pattern: x\nunknown: y", &["8:3 unknown key `unknown` in a rule"]),
        ("pattern: x\nmetdata: {}", &["8:3 unknown key `metdata` in a rule; did you mean `metadata`?"]),
        ("pattern: x\nmode: serach", &["8:9 unknown mode `serach`; did you mean `search`?"]),
        ("patterns: x", &["7:13 `patterns` must be a list, but is `x`"]),
        ("patterns: []", &["7:3 `patterns` is empty"]),
        ("patterns: [x]", &["7:14 `patterns` lists bare text; write `- pattern: x`"]),
        ("patterns: [[x]]", &["7:14 every item here must have keys, but is a list"]),
        ("patterns: [{}]", &["7:14 this item is empty"]),
        (
            "patterns: [{pattern: x, pattern-not: y}]",
            &["7:27 `pattern` and `pattern-not` stand in one item; did you forget a hyphen before it?"],
        ),
        ("patterns: [{paterns: x}]", &["7:15 unknown key `paterns` among patterns; did you mean `patterns`?"]),
        (
            "patterns: [{metavariable-regexp: x}]",
            &["7:15 unknown key `metavariable-regexp` among patterns; did you mean `metavariable-regex`?"],
        ),
        (
            "patterns: [{pattern-not: x}, {metavariable-regex: {metavariable: $X, regex: y}}]",
            &["7:3 nothing in `patterns` says what is looked for: all of it takes away or restricts; \
               add a `pattern`, `pattern-either`, `pattern-regex` or `pattern-inside`"],
        ),
        (
            "pattern-either: [{pattern-not: x}]",
            &["7:21 a negation here takes away from nothing; put it beside a pattern: below `patterns`, or `all`"],
        ),
        (
            "pattern-either: [{focus-metavariable: $X}]",
            &["7:21 `focus-metavariable` must stand directly below `patterns`; add a `patterns` around it and the pattern"],
        ),
        (
            "patterns: [{pattern: x}, {pattern-where-python: y}]",
            &[
                "7:29 `pattern-where-python` ran code of the rule on the machine of the scan, and is not supported; use `metavariable-comparison`",
            ],
        ),
        (
            "patterns: [{pattern: x}, {pattern-not: {pattern-not: y}}]",
            &["7:43 a negation here takes away from nothing; put it beside a pattern: below `patterns`, or `all`"],
        ),
        ("pattern-regex: a(b", &["7:19 `a(b` is no regular expression: this group isn't closed"]),
        ("pattern-regex: |\n  ok\n  [z-a]", &["9:6 `ok [z-a] ` is no regular expression: the range is out of order"]),
        (
            "patterns: [{pattern: x}, {metavariable-regex: {metavariable: $X}}]",
            &["7:49 `metavariable-regex` has no `regex`; add `regex: …`"],
        ),
        (
            "patterns: [{pattern: x}, {metavariable-regex: {metavarable: $X, regex: y}}]",
            &["7:50 unknown key `metavarable` in `metavariable-regex`; did you mean `metavariable`?"],
        ),
        (
            "patterns: [{pattern: x}, {metavariable-regex: {metavariable: X, regex: y}}]",
            &["7:64 warning `X` is no metavariable, so that nothing is ever bound to it; metavariables look like `$X`, `$...ARGS` or `$1`"],
        ),
        (
            "patterns: [{pattern: x}, {metavariable-pattern: {metavariable: $X, language: pyton, pattern: y}}]",
            &["7:80 unknown language `pyton`; did you mean `python`?"],
        ),
        (
            "patterns: [{pattern: x}, {metavariable-pattern: {metavariable: $X}}]",
            &[
                "7:51 `metavariable-pattern` doesn't say what it looks for; add one of `pattern`, `patterns`, `pattern-either`, `pattern-regex`",
            ],
        ),
        (
            "patterns: [{pattern: x}, {metavariable-comparison: {comparison: 1, strip: true}}]",
            &["7:70 `strip` needs to know which metavariable it is about; add `metavariable: $X`"],
        ),
        (
            "patterns: [{pattern: x}, {metavariable-comparison: {comparison: 1, base: ten}}]",
            &["7:76 `base` must be a whole number, but is `ten`"],
        ),
        (
            "patterns: [{pattern: x}, {metavariable-analysis: {metavariable: $X, analyzer: entropi}}]",
            &["7:81 unknown analyzer `entropi`; did you mean `entropy`?"],
        ),
        (
            "patterns: [{pattern: x}, {metavariable-analysis: {metavariable: $X, analyzer: {kind: entropy_v2, mode: x}}}]",
            &["7:106 unknown mode of `entropy_v2` `x`; expected one of lax, default, strict"],
        ),
        (
            "patterns: [{pattern: x}, {metavariable-analysis: {metavariable: $X, analyzer: {kind: redos, mode: lax}}}]",
            &["7:95 unknown key `mode` in `analyzer`"],
        ),
        (
            "patterns: [{pattern: x}, {metavariable-type: {metavariable: $X}}]",
            &["7:48 `metavariable-type` names no type; add `type: …` or `types: […]`"],
        ),
        (
            "patterns: [{pattern: x}, {metavariable-type: {metavariable: $X, type: T, language: generic}}]",
            &["7:48 there are no types in `generic`; add `language: …`"],
        ),
        (
            "patterns: [{pattern: x}, {metavariable-name: {metavariable: $X}}]",
            &["7:48 `metavariable-name` names no module; add `module: …` or `modules: […]`"],
        ),
        ("patterns: [{pattern: x}, {focus-metavariable: []}]", &["7:29 `focus-metavariable` names nothing; name a metavariable: `$X`"]),
        (
            "patterns: [{pattern: x}, {focus-metavariable: {a: b}}]",
            &["7:49 `focus-metavariable` must be a text or a list of texts, but is keys with values"],
        ),
        ("pattern: x\npaths: {includes: [a]}", &["8:11 unknown key `includes` in `paths`; did you mean `include`?"]),
        ("pattern: x\npaths: {include: a}", &["8:20 `include` must be a list, but is `a`"]),
        ("pattern: x\npaths: {include: [[a]]}", &["8:21 every item of `include` must be a text, but this is a list"]),
        ("pattern: x\nfix-regex: {regex: a}", &["8:14 `fix-regex` has no `replacement`; add `replacement: …`"]),
        ("pattern: x\nmin-version: 1.2", &["8:16 `min-version`: a version is three numbers joined by dots; write it as `1.100.0`"]),
        (
            "pattern: x\noptions: {constant_propagaton: true}",
            &["8:13 warning unknown option `constant_propagaton` has no effect; did you mean `constant_propagation`?"],
        ),
        (
            "pattern: x\noptions: {timeout: 3}",
            &["8:13 warning the option `timeout` has no effect; Bartizan's limits count steps, so that every machine finds the same"],
        ),
        ("pattern: x\noptions: {ac_matching: maybe}", &["8:26 `ac_matching` must be true or false, but is `maybe`"]),
        (
            "pattern: x\noptions: {generic_engine: spacegrp}",
            &["8:29 `spacegrp` of `generic_engine` is none of spacegrep, aliengrep; did you mean `spacegrep`?"],
        ),
        (
            "pattern: x\noptions: {generic_braces: [['<<', '>>']]}",
            &["8:30 every item of `generic_braces` must be a pair of single ASCII characters; write `[\"<\", \">\"]`"],
        ),
        (
            "pattern: x\noptions: {generic_extra_word_characters: [ab]}",
            &["8:45 every item of `generic_extra_word_characters` must be a single ASCII character"],
        ),
        (
            "pattern: x\nvalidators: []",
            &["8:3 warning `validators` has no effect; Bartizan sends nothing to anybody to validate a finding"],
        ),
        ("pattern: x\nmetadata: [a]", &["8:13 `metadata` must have keys, but is a list"]),
        ("pattern: x\nmetadata: {cwe: [CWE-x]}", &["8:20 warning `CWE-x` is no weakness; write it as `CWE-89`"]),
        ("pattern: x\nmetadata: {confidence: SURE}", &["8:26 warning `SURE` is no confidence; expected one of HIGH, MEDIUM, LOW"]),
        (
            "pattern: x\nmetadata: {examples: [{bad: a, good: b}]}",
            &["8:34 warning an example is either `bad` or `good`; an example has `bad` or `good` with code"],
        ),
        ("pattern: x\nmetadata: {examples: [text, 1]}", &[]),
        (
            "pattern: x\nmetadata: {examples: [{bda: a}]}",
            &["8:26 warning unknown key `bda` in an example; an example has `bad` or `good` with code"],
        ),
        (
            "pattern: x\nmetadata: {examples: [{good: a, fixed: b}]}",
            &["8:25 warning a good example has nothing to fix; an example has `bad` or `good` with code"],
        ),
    ] {
        check_problems(keys, expected);
    }
}

#[test]
fn what_is_wrong_with_the_newer_spelling_is_said_with_its_place() {
    for (keys, expected) in [
        ("match:", &["7:3 expected a pattern or keys such as `all`, found nothing; put a list below `all` or `any`"][..]),
        ("match: [a]", &["7:10 expected a pattern or keys such as `all`, found a list; put a list below `all` or `any`"]),
        (
            "match: {al: [a]}",
            &[
                "7:10 this doesn't say what is looked for; add one of `pattern`, `all`, `any`, `regex`, `not`, `inside`, `anywhere`",
                "7:11 unknown key `al` in a formula; did you mean `all`?",
            ],
        ),
        ("match: {all: [a], any: [b]}", &["7:21 `all` and `any` can't be used together; put both below `all`, or below `any`"]),
        ("match: {all: []}", &["7:11 `all` is empty"]),
        (
            "match: {all: [{not: a}]}",
            &["7:11 nothing in `all` says what is looked for: all of it takes away; add a pattern, `any`, `regex` or `inside`"],
        ),
        ("match: {not: a}", &["7:11 a negation here takes away from nothing; put it beside a pattern: below `patterns`, or `all`"]),
        (
            "match: {any: [a, {not: b}]}",
            &["7:21 a negation here takes away from nothing; put it beside a pattern: below `patterns`, or `all`"],
        ),
        ("match: {pattern: a, where: {focus: $X}}", &["7:30 `where` must be a list, but is keys with values"]),
        (
            "match: {pattern: a, where: [{focs: $X}]}",
            &["7:32 a condition has `metavariable`, `comparison` or `focus`, but this has `focs`"],
        ),
        ("match: {pattern: a, where: [{focus: $X, regex: b}]}", &["7:43 unknown key `regex` in a condition"]),
        ("match: {pattern: a, where: [{metavariable: $X, regex: '('}]}", &["7:58 `(` is no regular expression: this group isn't closed"]),
        (
            "match: {pattern: a, where: [{metavariable: $X, comparision: b}]}",
            &[
                "7:31 this doesn't say what is looked for; add one of `pattern`, `all`, `any`, `regex`, `not`, `inside`, `anywhere`",
                "7:50 unknown key `comparision` in a condition",
            ],
        ),
        ("taint: {sources: [a]}", &["7:10 `taint` has no `sinks`; add `sinks: …`"]),
        ("taint: {sources: [], sinks: [a]}", &["7:11 `sources` is empty"]),
        (
            "taint: {sources: [a], sinks: [{pattern: b, requires: A B}]}",
            &[
                "7:58 `A B` is no expression over labels: expected `and`, `or` or the end, found `B`; join labels with `and`, `or`, `not` and parentheses",
            ],
        ),
        (
            "taint: {sources: [a], sinks: [{pattern: b, requires: [{$X: A, $Y: B}]}]}",
            &["7:65 an item of `requires` has one metavariable; did you forget a hyphen before it?"],
        ),
        ("taint: {sources: [{pattern: a, by-side-effect: maybe}], sinks: [b]}", &["7:50 `by-side-effect` must be true, false or `only`"]),
        (
            "taint: {sources: [{pattern: a, at-exit: true}], sinks: [b]}",
            &["7:34 warning `at-exit` has no effect in a source; it belongs to another list"],
        ),
        (
            "taint: {sources: [{not: a}], sinks: [b]}",
            &["7:22 a negation here takes away from nothing; put it beside a pattern: below `patterns`, or `all`"],
        ),
        ("taint: {sources: [a], sinks: [b], propagators: [{pattern: c, from: $X}]}", &["7:51 a propagator has no `to`; add `to: …`"]),
        ("mode: taint\npattern-sources: [{pattern: a}]", &["2:3 a taint rule has no `pattern-sinks`; add `pattern-sinks: …`"]),
        ("mode: taint\npattern-sources: [a]\npattern-sinks: [{pattern: b}]", &["8:21 a source must have keys, but is a single value"]),
        (
            "mode: taint\npattern-sources: [{pattern: a}]\npattern-sinks: [{pattern: b, focus-metavariable: $X}]",
            &["9:32 warning `focus-metavariable` has no effect in a sink; put it below `patterns`, beside the pattern"],
        ),
    ] {
        check_problems(keys, expected);
    }
}

#[test]
fn what_is_missing_is_said() {
    check_file(
        "rules: [{}]",
        &[],
        &[
            "1:9 the rule doesn't say what it looks for; add one of `pattern`, `patterns`, `pattern-either`, `pattern-regex`",
            "1:9 the rule has no `id`; add `id: …`",
            "1:9 the rule has no `languages`; add `languages: …`",
            "1:9 the rule has no `message`; add `message: …`",
            "1:9 the rule has no `severity`; add `severity: …`",
        ],
    );
}

#[test]
fn texts_that_are_too_large_or_too_deep_are_refused() {
    let large = format!("rules: []\n# {}", "x".repeat(crate::rule::MAX_RULE_FILE_BYTES));
    assert!(read(&large).problems[0].message.contains("max-rule-file-bytes"));
    let mut deep = "pattern: x".to_owned();
    for _ in 0..200 {
        deep = format!("patterns: [{{{deep}}}]");
    }
    assert!(read(&with_keys(&deep)).problems[0].message.contains("max-yaml-depth"));
}

#[test]
fn a_rule_can_be_kept_in_a_cache() {
    let rule =
        sound(&with_keys("patterns:\n- pattern: f($X)\n- metavariable-regex: {metavariable: $X, regex: a}\nmetadata: {a: [1, {b: 2.5}]}"));
    let bytes = postcard::to_stdvec(&rule).unwrap();
    assert_eq!(postcard::from_bytes::<SastRule>(&bytes).unwrap(), rule);
}
