//! Tests of workflows as a whole; and zizmor's own integration tests, where a checkout of it is at hand.

use std::{collections::BTreeMap, fs, path::Path};

use regex::Regex;

use crate::{
    fixture::{Scanned, check, scan},
    rule,
};

const WORKFLOW: &str = ".github/workflows/ci.yml";

/// A finding of zizmor's: the rule and the line.
type Expected = (String, u32);

/// One of zizmor's tests.
struct Vector {
    name: String,
    input: String,
    config: Option<String>,
    expected: Vec<Expected>,
}

#[test]
fn findings_are_those_of_zizmor() {
    let Ok(root) = std::env::var("BARTIZAN_ZIZMOR") else {
        eprintln!("skipped: BARTIZAN_ZIZMOR names no checkout of zizmor");
        return;
    };
    let base = Path::new(&root).join("crates/zizmor/tests/integration");
    let vectors = vectors(&base);
    let (mut n_expected, mut n_found, mut missing) = (0, 0, Vec::new());
    for vector in &vectors {
        let found = found_in(&base.join("test-data"), vector);
        let mut left = found.clone();
        for expected in &vector.expected {
            n_expected += 1;
            match left.iter().position(|found| found == expected) {
                Some(index) => {
                    left.remove(index);
                    n_found += 1;
                }
                None => missing.push(format!("{} {}:{} {}", vector.name, vector.input, expected.1, expected.0)),
            }
        }
        for (rule, line) in found {
            println!("OURS\t{}\t{line}\t{rule}", vector.input);
        }
    }
    println!("{n_found} of {n_expected} findings of {} tests\n{}", vectors.len(), missing.join("\n"));
    assert!(300 < n_expected && 95 * n_expected <= 100 * n_found);
}

/// What is found in the files of a test, under zizmor's names.
fn found_in(data: &Path, vector: &Vector) -> Vec<Expected> {
    let mut files = Vec::new();
    collect(&data.join(&vector.input), data, &mut files);
    if let Some(config) = &vector.config {
        files.push(("zizmor.yml".to_owned(), fs::read_to_string(data.join(config)).unwrap()));
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let scanned = scan(&files);
    let mut found = Vec::new();
    for finding in &scanned.findings {
        let line = finding.location.region().map_or(0, |region| region.start.line);
        let aliases = &rule::find(finding.rule.as_str()).unwrap().aliases;
        found.extend(
            aliases
                .iter()
                .filter(|alias| alias.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'))
                .map(|alias| (alias.clone(), line)),
        );
    }
    found
}

fn collect(path: &Path, data: &Path, into: &mut Vec<(String, String)>) {
    if path.is_dir() {
        let mut entries: Vec<_> = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
        entries.sort();
        entries.iter().for_each(|entry| collect(entry, data, into));
    } else if let Ok(text) = fs::read_to_string(path) {
        into.push((path.strip_prefix(data).unwrap().to_string_lossy().into_owned(), text));
    }
}

/// The snapshots of the tests that need no network, with one input each.
fn vectors(base: &Path) -> Vec<Vector> {
    let function = Regex::new(r"(?s)((?:#\[[^\n]*\n)*)(?:async )?fn (\w+)\(\)[^{]*\{(.*?)\n\}").unwrap();
    let input = Regex::new(r#"\.input\(input_under_test\(\s*"([^"]+)""#).unwrap();
    let config = Regex::new(r#"\.config\(input_under_test\(\s*"([^"]+)""#).unwrap();
    let finding = Regex::new(r"(?m)^\s*(?:help|warning|error|info|note)\[([\w-]+)\]:.*\n\s*-->\s*[^\n]*?:(\d+):\d+").unwrap();
    let mut files = Vec::new();
    collect(&base.join("audit"), base, &mut files);
    collect(&base.join("e2e.rs"), base, &mut files);
    collect(&base.join("config.rs"), base, &mut files);
    let mut vectors = Vec::new();
    for (_, text) in &files {
        for captures in function.captures_iter(text) {
            let (attributes, name, body) = (&captures[1], &captures[2], &captures[3]);
            if attributes.contains("gh-token-tests")
                || body.contains("AssertOnline")
                || body.contains("no-ignores")
                || body.contains("min-")
            {
                continue;
            }
            for call in body.split("assert_snapshot!(").skip(1) {
                let Some((call, snapshot)) = call.split_once('@') else { continue };
                let Some(input) = input.captures(call) else { continue };
                let expected = finding.captures_iter(snapshot).map(|captures| (captures[1].to_owned(), captures[2].parse().unwrap()));
                let config = config.captures(call).map(|captures| captures[1].to_owned());
                vectors.push(Vector { name: name.to_owned(), input: input[1].to_owned(), config, expected: expected.collect() });
            }
        }
    }
    vectors
}

fn workflow(on: &str, steps: &str) -> String {
    format!("name: a\non: {on}\npermissions: {{}}\njobs:\n  b:\n    runs-on: ubuntu-latest\n    steps:\n{steps}")
}

/// The rules of findings that are shown to all, in a workflow with one script.
#[track_caller]
fn check_script(on: &str, script: &str, is_found: bool) {
    let text = workflow(on, &format!("      - run: {script}\n"));
    let scanned = scan(&[(WORKFLOW, &text)]);
    let found = scanned
        .findings
        .iter()
        .any(|finding| finding.rule.as_str() == "workflow-expression-injection" && finding.severity > bartizan_core::Severity::Low);
    assert_eq!(found, is_found, "{script}");
}

#[test]
fn numbers_hashes_and_names_of_users_are_harmless() {
    // zizmor#1638 and zizmor#1166.
    for context in
        ["github.triggering_actor", "github.run_number", "github.event.pull_request.head.sha", "github.event.pull_request.base.sha"]
    {
        check_script("pull_request", &format!("echo ${{{{ {context} }}}}"), false);
    }
    check_script("pull_request", "echo ${{ github.head_ref }}", true);
}

#[test]
fn a_choice_between_constants_is_harmless() {
    // zizmor#624.
    check_script("push", "make ${{ matrix.target == 'x' && '-Dy' || '' }}", false);
    check_script("push", "make ${{ github.head_ref && '-Dy' || '' }}", false);
    check_script("push", "make ${{ true && github.head_ref || '' }}", true);
}

#[test]
fn what_a_job_ended_with_is_harmless() {
    check_script("push", "test ${{ needs.a.result }} = success", false);
    check_script("push", "test ${{ steps.a.outcome }} = success", false);
}

#[test]
fn an_input_is_followed_through_two_actions() {
    let ci = workflow("issues", "      - uses: ./one\n        with:\n          a: ${{ github.event.issue.title }}\n");
    let one = "name: one\ninputs:\n  a:\n    description: a\nruns:\n  using: composite\n  steps:\n    - uses: ./two\n      with:\n        b: x ${{ inputs.a }}\n";
    let two = "name: two\ninputs:\n  b:\n    description: b\nruns:\n  using: composite\n  steps:\n    - run: echo ${{ env.B }}\n      shell: bash\n      env:\n        B: ${{ inputs.b }}\n";
    let files = [(WORKFLOW, ci.as_str()), ("one/action.yml", one), ("two/action.yaml", two)];
    check(&files, &["tainted-input-reaches-script"], &[".github/workflows/ci.yml:10 tainted-input-reaches-script"]);
    let scanned = scan(&files);
    let finding = scanned.findings.iter().find(|finding| finding.rule.as_str() == "tainted-input-reaches-script").unwrap();
    let related: Vec<String> = finding.related.iter().map(|related| related.location.artifact.to_string()).collect();
    assert_eq!(related, ["one/action.yml", "two/action.yaml"]);
}

#[test]
fn actions_that_use_each_other_end() {
    let one = "name: one\ninputs:\n  a:\n    description: a\nruns:\n  using: composite\n  steps:\n    - uses: ./one\n      with:\n        a: ${{ inputs.a }}\n";
    let ci = workflow("issues", "      - uses: ./one\n        with:\n          a: ${{ github.event.issue.title }}\n");
    check(&[(WORKFLOW, ci.as_str()), ("one/action.yml", one)], &["tainted-input-reaches-script"], &[]);
}

#[test]
fn a_checkout_in_a_called_action_counts() {
    let ci = workflow(
        "pull_request_target",
        "      - uses: ./get\n        with:\n          ref: ${{ github.event.pull_request.head.sha }}\n      - uses: ./get\n        with:\n          ref: ${{ github.sha }}\n",
    );
    let get = "name: get\ninputs:\n  ref:\n    description: a\nruns:\n  using: composite\n  steps:\n    - uses: actions/checkout@v4\n      with:\n        ref: ${{ inputs.ref }}\n";
    check(
        &[(WORKFLOW, ci.as_str()), ("get/action.yml", get)],
        &["untrusted-code-in-privileged-workflow"],
        &[".github/workflows/ci.yml:10 untrusted-code-in-privileged-workflow"],
    );
}

#[test]
fn inherited_secrets_are_replaced_by_those_that_are_needed() {
    let ci = "name: a\non: push\njobs:\n  b:\n    uses: ./.github/workflows/c.yml\n    secrets: inherit\n";
    let called = "name: c\non: workflow_call\njobs:\n  d:\n    runs-on: ubuntu-latest\n    steps:\n      - run: x\n        env:\n          A: ${{ secrets.DEPLOY }} ${{ secrets.GITHUB_TOKEN }}\n";
    let scanned = scan(&[(WORKFLOW, ci), (".github/workflows/c.yml", called)]);
    assert_eq!(
        fixed(ci, &scanned, "secrets-inherited"),
        "name: a\non: push\njobs:\n  b:\n    uses: ./.github/workflows/c.yml\n    secrets: \n      DEPLOY: ${{ secrets.DEPLOY }}\n"
    );
}

/// A text after the fixes of a rule.
fn fixed(text: &str, scanned: &Scanned, rule: &str) -> String {
    let mut edits = BTreeMap::new();
    for finding in scanned.findings.iter().filter(|finding| finding.rule.as_str() == rule) {
        for edit in finding.fixes.iter().flat_map(|fix| &fix.edits) {
            edits.insert((edit.range.start(), edit.range.end()), edit.replacement.clone());
        }
    }
    let mut text = text.to_owned();
    for ((start, end), replacement) in edits.into_iter().rev() {
        text.replace_range(start..end, &replacement);
    }
    text
}

/// Compares what a rule's fixes make of steps, and that the rule is silent afterwards.
#[track_caller]
fn check_fix(rule: &str, on: &str, before: &str, after: &str) {
    let text = workflow(on, before);
    let found = fixed(&text, &scan(&[(WORKFLOW, &text)]), rule);
    assert_eq!(found, workflow(on, after));
    let left = scan(&[(WORKFLOW, &found)]).findings.into_iter().filter(|finding| finding.rule.as_str() == rule);
    assert_eq!(left.count(), 0, "{found}");
}

#[test]
fn expressions_become_variables() {
    check_fix(
        "workflow-expression-injection",
        "issues",
        "      - run: |\n          echo \"${{ github.event.issue.title }}\"\n",
        "      - env:\n          GITHUB_EVENT_ISSUE_TITLE: ${{ github.event.issue.title }}\n        run: |\n          echo \"${GITHUB_EVENT_ISSUE_TITLE}\"\n",
    );
    check_fix(
        "workflow-expression-injection",
        "issues",
        "      - name: x\n        env:\n          A: b # c\n        run: echo ${{ github.event.issue.body }} ${{ github.ref_name }}\n",
        "      - name: x\n        env:\n          GITHUB_EVENT_ISSUE_BODY: ${{ github.event.issue.body }}\n          A: b # c\n        run: echo ${GITHUB_EVENT_ISSUE_BODY} ${GITHUB_REF_NAME}\n",
    );
}

#[test]
fn credentials_are_not_kept() {
    check_fix(
        "checkout-credentials-persisted",
        "push",
        "      - uses: actions/checkout@v4 # why\n      - uses: actions/checkout@v4\n        with:\n          ref: x\n",
        "      - uses: actions/checkout@v4 # why\n        with:\n          persist-credentials: false\n      - uses: actions/checkout@v4\n        with:\n          persist-credentials: false\n          ref: x\n",
    );
}

#[test]
fn a_pin_that_is_known_is_taken() {
    const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";
    let steps = format!("      - uses: a/b@v1.2\n      - uses: a/b@{COMMIT} # v1.2.3\n      - uses: a/c@v1\n");
    let text = workflow("push", &steps);
    let pinned = steps.replace("a/b@v1.2\n", &format!("a/b@{COMMIT} # v1.2.3\n"));
    assert_eq!(fixed(&text, &scan(&[(WORKFLOW, &text)]), "action-unpinned"), workflow("push", &pinned));
}

#[test]
fn permissions_are_added() {
    let text = "name: a\non: push\njobs:\n  b:\n    runs-on: x\n    steps: []\n";
    let expected = "name: a\non: push\npermissions:\n  contents: read\n\njobs:\n  b:\n    runs-on: x\n    steps: []\n";
    assert_eq!(fixed(text, &scan(&[(WORKFLOW, text)]), "workflow-permissions-too-broad"), expected);
}

#[test]
fn odd_documents_are_read_as_far_as_they_make_sense() {
    for text in [
        "on: push\njobs:\n  a:\n    steps: x\n    runs-on: [1, {}]\n",
        "on: [push, {a: b}]\njobs:\n  a: {uses: 1}\n  b: {steps: [1, [2], {run: [3]}, {uses: }]}\n",
        "on:\njobs: {a: {steps: [{run: \"${{ ((( }}\"}]}}\n",
        "on: push\njobs: &a {b: {steps: [{env: *a, run: x}]}}\n",
    ] {
        scan(&[(WORKFLOW, text)]);
    }
    let scanned = scan(&[(WORKFLOW, &workflow("push", "      - run: echo ${{ a b }}\n"))]);
    assert!(scanned.diagnostics.iter().any(|diagnostic| diagnostic.reason.contains("can't be read")));
}

#[test]
fn who_is_asked_for_first_lowers_confidence() {
    let steps = "      - uses: actions/checkout@v4\n        with:\n          ref: ${{ github.head_ref }}\n";
    let open = workflow("pull_request_target", steps);
    let guarded = open.replace("    steps:", "    if: github.event.pull_request.user.login == 'x'\n    steps:");
    for (text, expected) in [(&open, bartizan_core::Severity::Critical), (&guarded, bartizan_core::Severity::High)] {
        let scanned = scan(&[(WORKFLOW, text)]);
        let found = scanned.findings.iter().find(|finding| finding.rule.as_str() == "untrusted-code-in-privileged-workflow").unwrap();
        assert_eq!(found.severity, expected);
    }
}

#[test]
fn scripts_of_brackets_end() {
    for script in ["echo $(".repeat(20_000), "echo x > \"$(".repeat(5_000), "{ ".repeat(20_000) + ">> $GITHUB_ENV", "((".repeat(30_000)] {
        let text = workflow("pull_request_target", &format!("      - run: |\n          npm install {script} $GITHUB_ENV\n"));
        scan(&[(WORKFLOW, &text)]);
    }
}

#[test]
fn what_a_script_hands_on_stays_what_it_was() {
    let writes = "      - id: get\n        run: |\n          echo \"title=$TITLE\" >> $GITHUB_OUTPUT\n          echo \"sha=$SHA\" >> $GITHUB_OUTPUT\n        env:\n          TITLE: ${{ github.event.issue.title }}\n          SHA: ${{ github.sha }}\n";
    let reads = |name: &str| format!("      - run: echo ${{{{ steps.get.outputs.{name} }}}}\n");
    let high = |text: &str| {
        let scanned = scan(&[(WORKFLOW, text)]);
        scanned
            .findings
            .iter()
            .filter(|finding| finding.rule.as_str() == "workflow-expression-injection" && finding.severity == bartizan_core::Severity::High)
            .count()
    };
    assert_eq!(high(&workflow("issues", &format!("{writes}{}", reads("title")))), 1);
    assert_eq!(high(&workflow("issues", &format!("{writes}{}", reads("sha")))), 0);
    let other = "    outputs:\n      t: ${{ steps.get.outputs.title }}\n  c:\n    needs: b\n    runs-on: x\n    steps:\n      - run: echo ${{ needs.b.outputs.t }}\n";
    assert_eq!(high(&workflow("issues", &format!("{writes}{other}"))), 1);
    let around = "    outputs:\n      t: ${{ needs.b.outputs.t }}\n  c:\n    needs: b\n    runs-on: x\n    steps:\n      - run: echo ${{ needs.b.outputs.t }}\n";
    assert_eq!(high(&workflow("issues", &format!("{writes}{around}"))), 0);
}
