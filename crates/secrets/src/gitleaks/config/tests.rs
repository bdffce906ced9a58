use super::*;

fn read_with(text: &str, files: &[(&str, &str)]) -> Parsed<Config> {
    let read_file =
        |name: &str| files.iter().find(|(known, _)| *known == name).map(|(_, text)| (*text).to_owned()).ok_or("no such file".to_owned());
    read("rules.toml", text, &Options { read_file: &read_file, default_config: None })
}

/// Checks all problems of a file: `line:column level message`.
#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let problems = read_with(text, &[]).problems;
    let shown: Vec<String> = problems
        .iter()
        .map(|problem| {
            let level = if problem.level == Level::Error { "error" } else { "warning" };
            let rule = problem.rule.as_ref().map(|rule| format!("[{rule}] ")).unwrap_or_default();
            format!("{}:{} {level} {rule}{}", problem.place.line, problem.place.column, problem.message)
        })
        .collect();
    assert_eq!(shown, expected, "{text}");
}

const RULE: &str = "[[rules]]\nid = \"r\"\nregex = '''a(b)'''\n";

#[test]
fn every_problem_is_reported_with_its_place() {
    let text = r#"titel = "x"
[extend]
useDefault = true
[[rules]]
id = "one"
regex = '''tok[a-'''
path = 'a**'
entropy = "high"
[[rules]]
id = "two"
description = "nothing to search"
[[rules.allowlists]]
condition = "XOR"
regexes = ["(?=x)", 'ok', "\t*"]
[[rules.required]]
id = "three"
[[allowlists]]
targetRules = ["four"]
stopwords = ["x"]
"#;
    check(
        text,
        &[
            "1:1 warning unknown key `titel` in the file: gitleaks ignores it",
            "3:1 error `useDefault` asks for gitleaks' own rules, which Bartizan doesn't contain",
            "6:15 error [one] the expression can't be used, at `[a-`: the class has no closing `]`",
            "7:10 error [one] the expression can't be used, at `**`: a repetition can't follow a repetition; Go has no possessive ones",
            "8:11 error [one] expected a number, found a string",
            "10:1 error [two] a rule needs a `regex` or a `path`",
            "13:13 error [two] unknown condition `XOR`",
            "14:13 error [two] the expression can't be used, at `(?=`: Go's groups start with `(`, `(?:`, `(?P<name>`, `(?<name>` or the flags i, m, s, U: no look-around, no `x`",
            "16:6 error [two] required rule `three` does not exist in this file",
            "18:16 error target rule `four` does not exist",
        ],
    );
}

#[test]
fn each_refusal_of_gitleaks_is_an_error() {
    let rule = |more: &str| format!("{RULE}{more}");
    check("[[rules]]\nregex = 'a'\n", &["1:1 error a rule needs an `id`"]);
    check("[[rules]]\nid = 'r'\n", &["2:1 error [r] a rule needs a `regex` or a `path`"]);
    check(&rule("secretGroup = 2\n"), &["2:1 error [r] `secretGroup` is 2, the expression has 1 groups"]);
    check(
        &rule("[[rules.allowlists]]\ndescription = 'd'\n"),
        &["5:1 error [r] an allowlist needs at least one of `commits`, `paths`, `regexes`, `stopwords`"],
    );
    check(&rule("[[rules.allowlists]]\npaths = ['p']\nregexTarget = 'Line'\n"), &["6:15 error [r] unknown target `Line`"]);
    check(
        &rule("[[rules.allowlists]]\npaths = ['\\Qa', 'b']\n"),
        &["5:10 error [r] the expressions can't be joined with `|`, as gitleaks does: the group has no closing `)`"],
    );
    check(
        &rule("[rules.allowlist]\npaths = ['p']\n[[rules.allowlists]]\npaths = ['p']\n"),
        &["4:8 error [r] [rules.allowlist] can't be used together with [[rules.allowlists]]"],
    );
    check(
        "[allowlist]\npaths = ['p']\n[[allowlists]]\npaths = ['p']\n",
        &["1:2 error [allowlist] can't be used together with [[allowlists]]"],
    );
    check("[extend]\npath = 'x'\nuseDefault = true\n", &["3:1 error `path` and `useDefault` can't be used together"]);
    check("[extend]\npath = 'x'\n", &["2:1 error `x` can't be read: no such file"]);
    check("minVersion = 'new'\n", &["1:14 error `new` is no version"]);
    check(&rule("[[rules.required]]\nwithinLines = 1\n"), &["4:1 error [r] [[rules.required]] needs an `id`"]);
}

#[test]
fn what_gitleaks_ignores_is_a_warning() {
    check("minVersion = 'v9.0.0'\n", &["1:14 warning asks for gitleaks v9.0.0; followed are the semantics of 8.30.1"]);
    check("[extend]\nurl = 'https://example.com'\n", &["2:1 warning gitleaks ignores `url`"]);
    check(&format!("{RULE}{RULE}"), &["4:1 warning [r] replaces the rule of the same id in line 2"]);
    check(&format!("{RULE}secret_group = 1\n"), &["4:1 warning [r] unknown key `secret_group` in a rule: gitleaks ignores it"]);
    let problems = read_with(&format!("{RULE}secret_group = 1\n"), &[]).problems;
    assert_eq!(
        problems[0].to_string(),
        "rules.toml:4:1: rule `r`: unknown key `secret_group` in a rule: gitleaks ignores it; did you mean `secretGroup`?"
    );
}

#[test]
fn a_syntax_error_does_not_hide_what_follows() {
    let parsed = read_with(&format!("title = \n{RULE}[[rules]]\nid = 'two'\nregex = '['\n"), &[]);
    let places: Vec<_> = parsed.problems.iter().map(|problem| (problem.place.line, problem.level)).collect();
    assert_eq!(places, [(1, Level::Error), (7, Level::Error)]);
    assert_eq!(parsed.value.rules.keys().map(|id| &**id).collect::<Vec<_>>(), ["r"]);
}

#[test]
fn keys_and_types_are_taken_leniently() {
    let text = "RULES = [{ID = 5, Regex = 'a', KEYWORDS = 'Aa,B', secretgroup = '0', entropy = 3, stopwords = [], skipReport = 'true'}]\n";
    let config = read_with(text, &[]).value;
    let rule = &config.rules["5"];
    assert_eq!((rule.keywords.join(" "), rule.entropy, rule.is_silent), ("aa b".to_owned(), 3.0, true));
}

#[test]
fn flags_of_an_allowed_expression_reach_into_the_next() {
    let config = read_with("[allowlist]\nregexes = ['(?i)a', 'b']\n", &[]).value;
    assert_eq!(config.allowlists[0].regexes.as_ref().unwrap().as_str(), "(?:(?i)a|b)");
}

#[test]
fn a_rule_over_one_of_the_same_id_keeps_what_it_does_not_say() {
    let base = "[[rules]]\nid = 'r'\ndescription = 'base'\nregex = '(a)(b)'\nsecretGroup = 1\nentropy = 2.5\nkeywords = ['k']\nskipReport = true\n\
        [[rules.required]]\nid = 'other'\n[[rules]]\nid = 'other'\nregex = 'o'\n[[allowlists]]\npaths = ['base']\n\
        [[allowlists]]\ntargetRules = ['r']\npaths = ['lost']\n";
    let text = "[extend]\npath = 'base.toml'\ndisabledRules = ['gone']\n[[rules]]\nid = 'r'\nsecretGroup = 2\nkeywords = ['own']\nskipReport = false\n\
        [[allowlists]]\npaths = ['own']\n[[allowlists]]\ntargetRules = ['r']\nstopwords = ['S']\n";
    let parsed = read_with(text, &[("base.toml", base)]);
    let messages: Vec<_> = parsed.problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        messages,
        [
            "base.toml:17:16: gitleaks ignores allowlists with `targetRules` in a file that is extended; move it to the first file",
            "rules.toml:3:18: disabled rule `gone` doesn't exist in what is extended"
        ]
    );
    let rule = &parsed.value.rules["r"];
    assert_eq!((&*rule.description, rule.secret_group, rule.entropy, rule.is_silent), ("base", 2, 2.5, true));
    assert_eq!(
        (rule.keywords.join(" "), &*rule.required[0].id, rule.allowlists[0].stopwords.join(" ")),
        ("k own".to_owned(), "other", "s".to_owned())
    );
    let paths: Vec<_> = parsed.value.allowlists.iter().map(|list| list.paths.as_ref().unwrap().as_str()).collect();
    assert_eq!(paths, ["(?:own)", "(?:base)"]);
}

#[test]
fn extending_ends_after_two_files() {
    let step = |next: &str| format!("[extend]\npath = '{next}'\n[[rules]]\nid = 'before-{next}'\nregex = 'a'\n");
    let parsed = read_with(&step("b"), &[("b", &step("c")), ("c", &step("d")), ("d", &step("e"))]);
    assert_eq!(parsed.value.rules.len(), 3);
    assert_eq!(parsed.problems.len(), 1);
    assert_eq!(parsed.problems[0].to_string(), "c:2:1: gitleaks follows [extend] 2 files deep and ignores this one");
}

#[test]
fn the_default_configuration_is_what_the_caller_says() {
    let read_file = |_: &str| Err(String::new());
    let options = Options { read_file: &read_file, default_config: Some(RULE) };
    let parsed = read("rules.toml", "[extend]\nuseDefault = true\n", &options);
    assert!(parsed.value.rules.contains_key("r") && parsed.problems.is_empty());
}

#[test]
fn a_file_over_the_limit_is_refused() {
    let text = " ".repeat(MAX_CONFIG_BYTES + 1);
    assert!(read_with(&text, &[]).has_errors());
}
