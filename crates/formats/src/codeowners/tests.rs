//! Tests of the four dialects.

use std::{collections::BTreeMap, path::PathBuf};

use serde::Deserialize;

use bartizan_core::{Level, Location, Position};

use super::{problem::MAX_NAMED_LINES, *};

fn parse(text: &str, dialect: Dialect) -> (CodeOwners, Vec<Diagnostic>) {
    CodeOwners::parse(text.as_bytes(), &"CODEOWNERS".into(), dialect)
}

fn check(text: &str, dialect: Dialect, expected: &[(&str, &[&str])]) {
    let (owners, problems) = parse(text, dialect);
    assert_eq!(problems, []);
    for (path, expected) in expected {
        let found: Vec<String> = owners.owners_of(path.as_bytes()).into_iter().map(|owner| owner.0).collect();
        assert_eq!(&found, expected, "{path}");
    }
}

#[test]
fn the_last_match_wins() {
    let text =
        "\u{feff}# everybody\n* @a @b\n\n*.js\t@js   # inline comment\r\n/build/logs/ @doctocat\napps/ octo@example.com\n/apps/github\n";
    check(
        text,
        Dialect::GitHub,
        &[
            ("x", &["@a", "@b"]),
            ("lib/x.js", &["@js"]),
            ("build/logs/x.js", &["@doctocat"]),
            ("y/apps/z", &["octo@example.com"]),
            ("apps/github/x", &[]),
        ],
    );
}

#[test]
fn spaces_can_be_escaped_and_a_hash_inside_of_a_word_is_no_comment() {
    check("a\\ b/ @x\nc#d @y #z\n\\#e @w\n", Dialect::GitHub, &[("a b/c", &["@x"]), ("c#d", &["@y"]), ("#e", &["@w"])]);
}

#[test]
fn entries_of_an_archive_have_its_owners() {
    check("*.war @java\n*.xml @xml\n", Dialect::GitHub, &[("lib/app.war!/WEB-INF/web.xml", &["@java"])]);
}

#[test]
fn sections_have_a_last_match_each_and_owners_of_their_own() {
    let text = "* @all\n[Docs] @docs\n*.md\nREADME.md @ann\n^[Security Team][2] @@maintainer @sec/ops/blue.team\n*.rs\n";
    assert_eq!(Dialect::of("CODEOWNERS", text.as_bytes()), Dialect::GitLab);
    check(
        text,
        Dialect::GitLab,
        &[("a.md", &["@all", "@docs"]), ("README.md", &["@all", "@ann"]), ("a.rs", &["@all", "@@maintainer", "@sec/ops/blue.team"])],
    );
}

#[test]
fn brackets_are_a_path_unless_the_whole_line_is_a_headline() {
    assert_eq!(Dialect::of("CODEOWNERS", b"[param]/page.ts @web\n/app/[id]/ @web\n"), Dialect::GitHub);
    assert_eq!(Dialect::of(".gitlab/CODEOWNERS", b"* @a\n"), Dialect::GitLab);
}

#[test]
fn a_line_that_cannot_be_used_is_skipped_and_named() {
    for (line, reason) in [
        ("!docs @a", "negate"),
        ("docs @a nobody", "`nobody`"),
        ("docs @", "`@`"),
        ("docs @a/b/c", "`@a/b/c`"),
        ("docs a@b@c.d", "`a@b@c.d`"),
        ("a***b @a", "three"),
        ("a\\", "end in"),
    ] {
        let (owners, problems) = parse(&format!("* @all\n  {line}  \n"), Dialect::GitHub);
        let [problem] = &problems[..] else { panic!("{line}: {problems:?}") };
        assert!(problem.reason.contains(reason), "{line}: {}", problem.reason);
        let region = problem.location.as_ref().and_then(Location::region).unwrap();
        assert_eq!(region.start, Position { line: 2, column: 1 });
        assert_eq!((problem.level, problem.location.as_ref().unwrap().range().unwrap().start()), (Level::Note, 7));
        assert_eq!(owners.owners_of(b"docs/x"), [Owner("@all".to_owned())]);
    }
}

#[test]
fn limits_are_diagnostics() {
    let (owners, problems) = parse(&"#".repeat(MAX_BYTES + 1), Dialect::GitHub);
    assert!(owners.owners_of(b"a").is_empty());
    assert_eq!(problems[0].limit.as_ref().unwrap().name, "max-code-owners-bytes");

    let (_, problems) = parse(&"a @a\n".repeat(MAX_RULES + 1), Dialect::GitHub);
    assert_eq!(problems[0].limit.as_ref().unwrap().name, "max-code-owners-rules");

    let (_, problems) = parse(&"[s]\n* @a\n".repeat(MAX_SECTIONS + 1), Dialect::GitLab);
    assert_eq!(problems[0].limit.as_ref().unwrap().name, "max-code-owners-sections");

    let (_, problems) = parse(&"a nobody\n".repeat(100), Dialect::GitHub);
    assert_eq!(problems.len(), MAX_NAMED_LINES + 1);
    assert_eq!(problems[MAX_NAMED_LINES].reason, "80 more lines that can't be used");
}

#[derive(Deserialize)]
struct Vector {
    name: String,
    pattern: String,
    paths: BTreeMap<String, bool>,
}

#[test]
fn github_s_pattern_forms_match_as_recorded() {
    let usual = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vectors");
    let folder = std::env::var_os("BARTIZAN_VECTORS").map_or(usual, PathBuf::from);
    let Ok(text) = std::fs::read(folder.join("codeowners/patterns.json")) else {
        eprintln!("skipped: no codeowners/patterns.json in {}; set BARTIZAN_VECTORS", folder.display());
        return;
    };
    let vectors: Vec<Vector> = serde_json::from_slice(&text).unwrap();
    let mut failures = Vec::new();
    for vector in &vectors {
        let (owners, problems) = parse(&format!("{} @x\n", vector.pattern), Dialect::GitHub);
        assert_eq!(problems, [], "{}", vector.name);
        for (path, expected) in &vector.paths {
            if owners.owners_of(path.as_bytes()).is_empty() == *expected {
                failures.push(format!("{}: `{}` and `{path}`", vector.name, vector.pattern));
            }
        }
    }
    assert!(!vectors.is_empty());
    assert_eq!(failures, [""; 0]);
}

/// Not a timed test: it would run for minutes if every path were compared with every line.
#[test]
fn many_rules_and_many_paths_are_no_problem() {
    let mut text = String::new();
    for number in 0..5_000 {
        let line = match number % 5 {
            0 => format!("/services/team-{number}/ @team-{number}\n"),
            1 => format!("*.ext{number} @team-{number}\n"),
            2 => format!("package-{number} @team-{number}\n"),
            3 => format!("/services/**/config-{number}/*.yaml @team-{number}\n"),
            _ => format!("/lib/{number}/*/src/** @team-{number}\n"),
        };
        text.push_str(&line);
    }
    let (owners, problems) = parse(&text, Dialect::GitHub);
    assert_eq!(problems, []);
    let mut n_owned = 0;
    for number in 0..100_000 {
        let path = format!("services/team-{}/src/module-{}/file-{number}.ext{}", number % 6_000, number % 77, number % 10_000);
        n_owned += owners.owners_of(path.as_bytes()).len();
    }
    assert!(10_000 < n_owned);
}

#[test]
fn gitlab_matches_whole_paths() {
    check(
        "docs @file\n/lib/ @lib\n/lib/* @root-of-lib\nconfig/x.yml @any-config\n/x[0-9].rb @digit\n",
        Dialect::GitLab,
        &[
            ("a/docs", &["@file"]),
            ("docs/a", &[]),
            ("lib/a/b", &["@lib"]),
            ("lib/a", &["@root-of-lib"]),
            ("deep/config/x.yml", &["@any-config"]),
            ("x1.rb", &["@digit"]),
        ],
    );
}

#[test]
fn an_exclusion_holds_in_its_section_whatever_the_order() {
    check(
        "* @all\n!*.lock\n[Ruby]\n!/config/**/*.rb\n*.rb @ruby\n",
        Dialect::GitLab,
        &[("a.lock", &[]), ("config/a.rb", &["@all"]), ("lib/a.rb", &["@all", "@ruby"])],
    );
}

#[test]
fn sections_of_one_name_are_one_and_keep_their_own_defaults() {
    check(
        "[Docs] @first\n*.md\n[docs] @second\n*.txt\nREADME.md @ann\n",
        Dialect::GitLab,
        &[("a.md", &["@first"]), ("a.txt", &["@second"]), ("README.md", &["@ann"])],
    );
}

#[test]
fn a_claim_says_why() {
    let (owners, _) = parse("^[Security Team][2] @@maintainer\n\n/auth/\n", Dialect::GitLab);
    let claims = owners.claims_on(b"auth/login.rs");
    let [claim] = &claims[..] else { panic!("{claims:?}") };
    assert_eq!((claim.line, claim.pattern, claim.section), (3, "/auth/", Some("Security Team")));
    assert_eq!((claim.is_optional, claim.n_approvals), (true, 2));
}

#[test]
fn gitlab_leaves_wrong_words_out_and_keeps_the_line() {
    let (owners, problems) = parse("* @all\n/a nobody @ann\n/b nobody\n", Dialect::GitLab);
    assert_eq!(problems.len(), 2);
    assert_eq!(owners.owners_of(b"a"), [Owner("@ann".to_owned())]);
    assert_eq!(owners.owners_of(b"b"), []);
}

#[test]
fn bitbucket_has_groups_and_selections() {
    let text = "CODEOWNERS.toplevel.assignment_routing random 2\n\
        @@@Writers @\"Ann Author\" bob@example.com\n\
        * @lead\n\
        *.md @@Writers\n\
        *.go @backend\\\\ engineers:random(2) @acme/web:least_busy @x:all\n\
        design\\ assets/ @@\"Dev Ops\"\n\
        /gen/* @gen\n\
        !/gen/skip\n\
        Check(@@Writers >= 1)\n";
    assert_eq!(Dialect::of("CODEOWNERS", text.as_bytes()), Dialect::Bitbucket);
    check(
        text,
        Dialect::Bitbucket,
        &[
            ("a", &["@lead"]),
            ("a.md", &["@@Writers"]),
            ("x/a.go", &["@backend engineers", "@acme/web", "@x"]),
            ("design assets/a", &["@@Dev Ops"]),
            ("gen/deep/a", &["@gen"]),
            ("gen/skip/a", &[]),
        ],
    );
    let (owners, _) = parse(text, Dialect::Bitbucket);
    let members = owners.members_of(&Owner("@@Writers".to_owned())).unwrap();
    assert_eq!(members, [Owner("@Ann Author".to_owned()), Owner("bob@example.com".to_owned())]);
    let selections: Vec<Selection> = owners.claims_on(b"a.go")[0].owners.iter().map(|owner| owner.selection).collect();
    assert_eq!(selections, [Selection::Random(2), Selection::LeastBusy(1), Selection::All]);
}

#[test]
fn bitbucket_refuses_selections_that_select_nobody() {
    let (owners, problems) = parse("* @team:random(0) @ann\n", Dialect::Bitbucket);
    assert_eq!((problems.len(), owners.owners_of(b"a")), (1, vec![Owner("@ann".to_owned())]));
}

#[test]
fn gitea_takes_every_expression_that_matches_the_whole_path() {
    let text = ".*\\\\.go @user1 @user2 # comment\n\
        frontend/src/.*\\\\.js @org1/team1\n\
        !frontend/.* @org1/rest\n\
        docs/(aws|azure)/[^/]*\\\\.(md|txt) @docs\n\
        path\\ with\\ space @space\n\
        dir/with\\#hashtag @hash\n";
    assert_eq!(Dialect::of("CODEOWNERS", text.as_bytes()), Dialect::Gitea);
    check(
        text,
        Dialect::Gitea,
        &[
            ("frontend/src/a.go", &["@user1", "@user2"]),
            ("frontend/src/x/a.js", &["@org1/team1"]),
            ("main.go", &["@user1", "@user2", "@org1/rest"]),
            ("docs/aws/a.md", &["@org1/rest", "@docs"]),
            ("docs/aws/x/a.md", &["@org1/rest"]),
            ("path with space", &["@org1/rest", "@space"]),
            ("dir/with#hashtag", &["@org1/rest", "@hash"]),
        ],
    );
}

#[test]
fn gitea_names_what_is_no_expression() {
    for (line, reason) in [("a(b @x", "regular expression"), ("a.*", "at least one owner"), ("(a{500}){500} @x", "too large")] {
        let (_, problems) = parse(line, Dialect::Gitea);
        assert!(problems[0].reason.contains(reason), "{line}: {problems:?}");
    }
    let (owners, problems) = parse(&"a @a\n".repeat(MAX_EXPRESSIONS + 1), Dialect::Gitea);
    assert_eq!(problems[0].limit.as_ref().unwrap().name, "max-code-owners-expressions");
    assert_eq!(owners.owners_of(b"a").len(), 1);
}

#[test]
fn folders_of_code_hosts_say_the_dialect() {
    let cases = [
        (".gitlab/CODEOWNERS", Dialect::GitLab),
        (".bitbucket/CODEOWNERS", Dialect::Bitbucket),
        (".gitea/CODEOWNERS", Dialect::Gitea),
        (".forgejo/CODEOWNERS", Dialect::Gitea),
        (".github/CODEOWNERS", Dialect::GitHub),
        ("docs/CODEOWNERS", Dialect::GitHub),
    ];
    for (place, expected) in cases {
        assert_eq!(Dialect::of(place, b"docs/.* @a\n/.*.yml @b\n"), expected, "{place}");
    }
}
