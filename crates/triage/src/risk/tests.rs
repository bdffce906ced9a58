//! Tests of risk: what comes first, and that worse facts are never worth less.

use super::*;
use crate::time::DAY;

const V4: &str = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N";
const V31: &str = "CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N";
const NOW: Time = Time(400 * DAY);

fn plain() -> Inputs {
    Inputs {
        severity: Severity::Medium,
        cvss: Vec::new(),
        epss: None,
        kev: None,
        public_exploit: None,
        reachability: None,
        exposure: None,
        data_class: None,
        first_seen: NOW,
    }
}

/// A flaw that the world knows of.
fn listed() -> Inputs {
    Inputs { epss: Some(Dated { value: 100, feed: NOW }), ..plain() }
}

fn worst() -> Inputs {
    Inputs {
        severity: Severity::Critical,
        cvss: vec![V4.to_owned()],
        epss: Some(Dated { value: 99_900, feed: Time(399 * DAY) }),
        kev: Some(Dated { value: true, feed: Time(398 * DAY) }),
        public_exploit: Some(true),
        reachability: Some(Reachability::Called),
        exposure: Some(Exposure::Public),
        data_class: Some(DataClass::Restricted),
        first_seen: Time(0),
    }
}

fn risk(inputs: &Inputs) -> Risk {
    assess(inputs, &Table::built_in(), &Policy::default(), NOW)
}

#[test]
fn the_worst_is_at_the_top_and_says_why() {
    let risk = risk(&worst());
    assert_eq!((risk.score, risk.priority), (750 + 93 + 49 + 30 + 30 + 15 + 15 + 9, Priority::P1));
    let epss = risk.reasons.iter().find(|reason| reason.factor == Factor::Epss).unwrap();
    assert_eq!((epss.value.as_str(), epss.feed), ("percentile 99.900 %", Some(Time(399 * DAY))));
    let decided: Vec<&str> =
        risk.reasons.iter().filter(|reason| reason.factor == Factor::DecisionPoint).map(|reason| reason.value.as_str()).collect();
    let expected = ["Exploitation: active", "System Exposure: open", "Automatable: yes", "Human Impact: very high"];
    assert_eq!(decided, expected);
}

#[test]
fn the_outcome_comes_first_whatever_the_rest_says() {
    let severe_but_idle = Inputs {
        exposure: Some(Exposure::Internal),
        kev: None,
        public_exploit: Some(false),
        data_class: Some(DataClass::Public),
        ..worst()
    };
    let mild_but_attacked =
        Inputs { severity: Severity::Low, cvss: vec![V31.to_owned()], epss: None, first_seen: NOW, reachability: None, ..worst() };
    let (idle, attacked) = (risk(&severe_but_idle), risk(&mild_but_attacked));
    assert!(idle.score < attacked.score, "{} {}", idle.score, attacked.score);
}

#[test]
fn versions_of_cvss_are_never_averaged() {
    let score = |vectors: &[&str]| {
        let inputs = Inputs { cvss: vectors.iter().map(|&text| text.to_owned()).collect(), ..plain() };
        risk(&inputs).reasons.into_iter().find(|reason| reason.factor == Factor::Severity).unwrap().value
    };
    assert_eq!(score(&[V31, V4]), "9.3 (CVSS 4.0)");
    assert_eq!(score(&[V31]), "1.8 (CVSS 3.1)");
    assert_eq!(score(&["nonsense"]), "medium (no CVSS vector)");
}

#[test]
fn what_is_not_known_is_assumed_and_marked() {
    let risk = risk(&listed());
    assert_eq!(risk.decision.as_ref().map(|decision| decision.outcome.as_str()), Some("defer"));
    assert!(risk.reasons.iter().filter(|reason| reason.factor == Factor::DecisionPoint).all(|reason| reason.is_assumed));
    let bold = Policy { assume: std::collections::BTreeMap::new(), ..Policy::default() };
    let undecided = assess(&listed(), &Table::built_in(), &bold, NOW);
    assert_eq!((undecided.decision, undecided.priority), (None, Priority::P3));
}

#[test]
fn of_a_weakness_in_ones_own_code_the_severity_chooses_the_band() {
    let of = |severity| risk(&Inputs { severity, ..plain() });
    let priorities = [Severity::Critical, Severity::High, Severity::Medium, Severity::Low].map(|severity| of(severity).priority);
    assert_eq!(priorities, [Priority::P1, Priority::P2, Priority::P3, Priority::P4]);
    assert!(of(Severity::High).decision.is_none());
}

#[test]
fn worse_facts_are_never_worth_less() {
    let better_worse: [(Inputs, Inputs); 6] = [
        (Inputs { exposure: Some(Exposure::Internal), ..plain() }, Inputs { exposure: Some(Exposure::Public), ..plain() }),
        (Inputs { data_class: Some(DataClass::Public), ..plain() }, Inputs { data_class: Some(DataClass::Restricted), ..plain() }),
        (Inputs { public_exploit: Some(false), ..plain() }, Inputs { public_exploit: Some(true), ..plain() }),
        (plain(), Inputs { kev: Some(Dated { value: true, feed: NOW }), ..plain() }),
        (plain(), Inputs { first_seen: Time(0), ..plain() }),
        (
            Inputs { reachability: Some(Reachability::NotImported), ..plain() },
            Inputs { reachability: Some(Reachability::Called), ..plain() },
        ),
    ];
    for (better, worse) in better_worse {
        assert!(risk(&better).score < risk(&worse).score, "{better:?} {worse:?}");
    }
}

#[test]
fn a_policy_that_lets_points_beat_the_outcome_is_refused() {
    let good = Policy::default();
    assert_eq!(good.check(), Ok(()));
    let heavy = Policy { weights: Weights { severity: 200, ..good.weights.clone() }, ..good.clone() };
    assert_eq!(heavy.check(), Err(PolicyError::Reach { reach: 349, width: 250 }));
    assert!(assess(&worst(), &Table::built_in(), &heavy, NOW).score < 1_000);
    let mut twice = good.clone();
    twice.bands[1].outcomes.push("act".to_owned());
    assert_eq!(twice.check(), Err(PolicyError::TwoBands { outcome: "act".to_owned() }));
    let mut upside_down = good.clone();
    upside_down.bands[0].priority = Priority::P4;
    assert_eq!(upside_down.check(), Err(PolicyError::Order));
    assert_eq!(Policy { bands: Vec::new(), ..good.clone() }.check(), Err(PolicyError::NoBand));
    let stored: Policy = serde_json::from_str(&serde_json::to_string(&good).unwrap()).unwrap();
    assert_eq!(stored, good);
}

#[test]
fn a_dry_run_says_who_moves() {
    let (table, old) = (Table::built_in(), Policy::default());
    let mut new = old.clone();
    new.assume.insert("system exposure".to_owned(), "open".to_owned());
    let findings = [("a".to_owned(), listed()), ("b".to_owned(), worst()), ("c".to_owned(), listed())];
    let moves = dry_run((&table, &old), (&table, &new), &findings, NOW);
    let moved: Vec<&str> = moves.iter().map(|step| step.id.as_str()).collect();
    assert_eq!(moved, ["a", "c"]);
    assert_eq!((moves[0].before.priority, moves[0].after.priority), (Priority::P4, Priority::P3));
}
