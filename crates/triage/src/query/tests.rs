//! Tests of filters: what they mean, what is wrong with them, and that they are typed as they are read.

use bartizan_core::{Owner, Severity};

use super::*;
use crate::{
    asset::Exposure,
    risk::Priority,
    state::StateKind,
    time::{DAY, Time},
};

const NOW: Time = Time(100 * DAY);

fn check(text: &str, expected: bool) {
    let owners = [Owner("@acme/web".to_owned())];
    let finding = Finding {
        severity: Severity::High,
        priority: Priority::P2,
        score: 612,
        state: StateKind::Open,
        owners: &owners,
        repository: "acme/shop",
        rules: &["sql-injection", "python.lang.sqli"],
        tools: &["semgrep", "bartizan"],
        path: Some("src/db/Users.py"),
        component: None,
        cwes: &[89],
        exposure: Some(Exposure::Public),
        data_class: None,
        tier: Some(2),
        epss: Some(91_234),
        is_exploited: false,
        n_reopened: 1,
        first_seen: Time(60 * DAY),
        due: Some(Time(95 * DAY)),
        overdue: Some(Time(105 * DAY)),
        title: "SQL injection, with \"quotes\"",
        message: "The name goes into the statement",
    };
    let query = Query::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    assert_eq!(query.is_match(&finding, NOW), expected, "{text}");
    assert_eq!(Query::parse(&query.to_string()), Ok(query), "{text}");
}

#[test]
fn terms_mean_what_they_say() {
    for text in [
        "",
        "  ",
        "severity:high,critical state:open owner:@acme/web repo:acme/shop rule:sql-injection age:>30d due:<7d statement",
        "SEVERITY:High",
        "-severity:low",
        "priority:p1,p2",
        "owner:@acme/*",
        "owner:none,@ACME/WEB",
        "-owner:none",
        "repo:*shop",
        "repo:a*e/s*p",
        "rule:python.*",
        "tool:semgrep",
        "path:src/*.py",
        "-component:*",
        "cwe:CWE-89,79",
        "exposure:public",
        "-data:restricted",
        "tier:<=2",
        "tier:2",
        "score:>600 score:<700",
        "epss:>=91",
        "age:40d",
        "age:>=5w",
        "due:<0d",
        "-due:none",
        "is:active,exploited is:owned is:regression -is:overdue -is:unowned",
        "\"sql injection\"",
        "\"with \"\"quotes\"\"\"",
        "-\"no such words\"",
        "users.py",
        "statement - injection",
    ] {
        check(text, true);
    }
    for text in [
        "severity:low",
        "severity:high state:new",
        "-state:open",
        "owner:none",
        "repo:shop",
        "repo:acme/shop*x",
        "data:restricted",
        "component:pkg:npm/*",
        "age:>40d",
        "due:>0h",
        "due:none",
        "is:overdue",
        "tier:>2",
        "epss:92",
        "nowhere",
        "\"injection sql\"",
    ] {
        check(text, false);
    }
}

#[test]
fn errors_point_at_the_place_and_say_what_to_do() {
    let cases = [
        ("state:open severty:high", "unknown key `severty`; did you mean `severity`?", "severty"),
        ("colour:red", "unknown key `colour`", "colour"),
        ("severity:hihg", "`hihg` is no value of `severity`; did you mean `high`?; expected critical, high, medium, low or info", "hihg"),
        ("severity:high,", "`` is no value of `severity`; expected critical, high, medium, low or info", ""),
        ("state:", "`state:` needs a value, such as `state:open`", "state:"),
        ("age:>30", "`>30` is no value of `age`; expected a comparison of a time in h, d or w, such as >30d", ">30"),
        ("age:>1d,2d", "`2d` is no value of `age`; expected a comparison of a time in h, d or w, such as >30d", "2d"),
        (
            "age:>99999999999999999d",
            "`>99999999999999999d` is no value of `age`; expected a comparison of a time in h, d or w, such as >30d",
            ">99999999999999999d",
        ),
        ("score:1000", "`1000` is no value of `score`; expected a number from 0 to 999, or a comparison such as >=500", "1000"),
        ("cwe:x", "`x` is no value of `cwe`; expected a number", "x"),
        ("a \"b c", "a quote is not closed", "\"b c"),
    ];
    for (text, expected, place) in cases {
        let error = Query::parse(text).unwrap_err();
        assert_eq!((error.to_string().as_str(), text.get(error.at).unwrap()), (expected, place), "{text}");
    }
    assert_eq!(Query::parse(&"x".repeat(MAX_BYTES + 1)).unwrap_err().kind, QueryErrorKind::TooLong);
    assert_eq!(Query::parse(&"x ".repeat(MAX_TERMS + 1)).unwrap_err().kind, QueryErrorKind::ManyTerms);
    assert_eq!(Query::parse(&format!("cwe:{}", "1,".repeat(MAX_VALUES + 1))).unwrap_err().kind, QueryErrorKind::ManyValues);
}

#[test]
fn every_key_takes_its_example() {
    for key in KEYS {
        let text = format!("{}:{}", key.name, key.example);
        assert_eq!(Query::parse(&text).map(|query| query.to_string()), Ok(text));
    }
}

#[test]
fn any_text_is_read_or_refused_and_reads_the_same_again() {
    let pieces =
        ["severity:", "high", ",", " ", "\"", "-", ":", "age:>1d", "é", "owner:none", "x*y", "is:active", "due:", "none", "\"a b\""];
    let mut seed = 1_u64;
    for _ in 0..20_000 {
        let mut text = String::new();
        for _ in 0..8 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            text.push_str(pieces[usize::try_from(seed >> 33).unwrap() % pieces.len()]);
        }
        if let Ok(query) = Query::parse(&text) {
            assert_eq!(Query::parse(&query.to_string()), Ok(query), "{text}");
        }
    }
}
