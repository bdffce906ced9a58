//! The shared vectors: what this library says to every input must be what the specification says.
//!
//! Prints how many cases ran, and fails on a kind that it does not know. Skips, and says so, where the vectors are not there.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

mod kinds;

use std::path::PathBuf;

use bartizan_paved_spec::{JsonObject, Reason, Refused};
use serde_json::{Value, json};

/// Kinds whose answer may say more than a case expects.
const PARTIAL: &[&str] = &["jws", "id-token", "access-token", "introspection", "refreshed-id-token"];

fn folder() -> PathBuf {
    PathBuf::from(std::env::var("CARGO_MANIFEST_DIR").unwrap() + "/../../../vectors")
}

/// What the library says to an input, in the form of the specification.
fn outcome(kind: &str, input: &Value) -> Value {
    let run = kinds::RUN.iter().find(|(known, _)| *known == kind).unwrap_or_else(|| panic!("no function for the kind {kind}")).1;
    match run(input) {
        Ok(said) => json!({ "ok": without_nulls(said) }),
        Err(Refused { reason, .. }) => json!({ "reason": reason.code() }),
    }
}

/// What is absent in other languages is null here. A cookie that is not there stays null.
fn without_nulls(said: Value) -> Value {
    match said {
        Value::Object(members) => {
            let absent = |name: &str, value: &Value| value.is_null() && !["value", "rehash"].contains(&name);
            Value::Object(members.into_iter().filter(|(name, value)| !absent(name, value)).collect())
        }
        other => other,
    }
}

/// Compares numbers by their value: 600 and 600.0 are the same.
fn is_same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => left.as_f64() == right.as_f64(),
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| is_same(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len() && left.iter().all(|(name, value)| right.get(name).is_some_and(|other| is_same(value, other)))
        }
        _ => left == right,
    }
}

fn is_expected(kind: &str, said: &Value, expected: &Value) -> bool {
    match (said.get("ok"), expected.get("ok").and_then(Value::as_object)) {
        (Some(said), Some(expected)) if PARTIAL.contains(&kind) => {
            expected.iter().all(|(name, value)| said.get(name).is_some_and(|said| is_same(said, value)))
        }
        _ => is_same(said, expected),
    }
}

fn merged(given: &Value, input: &Value) -> Value {
    let members = |value: &Value| value.as_object().cloned().unwrap_or_default();
    Value::Object(members(given).into_iter().chain(members(input)).collect::<JsonObject>())
}

#[test]
fn every_case_of_every_kind() {
    let Ok(files) = std::fs::read_dir(folder()) else { return println!("skipped: {} is absent", folder().display()) };
    let mut names: Vec<_> = files
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "json") && !path.ends_with("schema.json"))
        .collect();
    names.sort();
    let (mut cases, mut wrong) = (0, Vec::new());
    for path in &names {
        let file: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let kind = file["kind"].as_str().unwrap();
        for case in file["cases"].as_array().unwrap() {
            cases += 1;
            let said = outcome(kind, &merged(&file["given"], &case["input"]));
            if !is_expected(kind, &said, &case["expect"]) {
                wrong.push(format!("{kind}/{} ({}): expected {}, got {said}", case["id"], case["why"], case["expect"]));
            }
        }
    }
    println!("vectors: {} cases in {} kinds passed, {} failed", cases - wrong.len(), names.len(), wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(cases >= 600 && names.len() == kinds::RUN.len(), "{cases} cases, {} files, {} functions", names.len(), kinds::RUN.len());
}

/// Compares with what another library said of changed inputs: `paved-road/testing/differential.mjs` gives the file.
#[test]
fn differential() {
    let Some(path) = std::env::var_os("BARTIZAN_DIFFERENTIAL") else { return println!("skipped: BARTIZAN_DIFFERENTIAL is not set") };
    let file: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let (mut same, mut different) = (0, Vec::new());
    for case in file.as_array().unwrap() {
        let kind = case["kind"].as_str().unwrap();
        let said = outcome(kind, &case["input"]);
        let is_same = is_expected(kind, &said, &case["said"])
            || (PARTIAL.contains(&kind) && said.get("ok").is_some() && case["said"].get("ok").is_some());
        if is_same { same += 1 } else { different.push(format!("{kind}: {}\n  other: {}\n  ours: {said}", case["input"], case["said"])) }
    }
    println!("differential: {same} passed, {} failed", different.len());
    assert!(different.is_empty(), "{}", different.into_iter().take(10).collect::<Vec<_>>().join("\n"));
}

/// Wycheproof's JSON Web Signatures: every invalid one refused, every valid one of a supported algorithm accepted.
#[test]
fn wycheproof() {
    let folder = std::env::var_os("BARTIZAN_VECTORS")
        .map_or_else(|| PathBuf::from(std::env::var("CARGO_MANIFEST_DIR").unwrap() + "/../../../../../shared/vectors"), PathBuf::from);
    let path = folder.join("wycheproof/json_web_signature_test.json");
    let Ok(text) = std::fs::read_to_string(&path) else { return println!("skipped: {} is absent", path.display()) };
    let file: Value = serde_json::from_str(&text).unwrap();
    let (mut invalid, mut valid, mut unsupported, mut wrong) = (0, 0, 0, Vec::new());
    for group in file["testGroups"].as_array().unwrap() {
        let jwk = group.get("public").or_else(|| group.get("private")).unwrap();
        let is_symmetric = jwk["kty"] == "oct";
        for case in group["tests"].as_array().unwrap() {
            let is_valid = case["result"] == "valid";
            match (is_valid, is_symmetric) {
                (false, _) => invalid += 1,
                (true, true) => unsupported += 1,
                (true, false) => valid += 1,
            }
            if is_accepted(case["jws"].as_str().unwrap(), jwk) != (is_valid && !is_symmetric) {
                wrong.push(format!("{} {}", case["tcId"], case["comment"]));
            }
        }
    }
    println!("wycheproof: {invalid} refused, {valid} accepted, {unsupported} of unsupported algorithms");
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!((invalid, valid, unsupported), (355, 36, 10));
}

/// The payload needs no JSON here: the signature alone is judged.
fn is_accepted(jws: &str, jwk: &Value) -> bool {
    use bartizan_paved_auth::{Pinned, import_key, verify_jws};
    let all = Pinned::names(bartizan_paved_spec::algorithms::SUPPORTED).unwrap();
    let Ok(key) = import_key(jwk) else { return false };
    match verify_jws(jws, &[key], &all, &["", "jwt", "jose"]) {
        Ok(_) => true,
        // The signature was good, and what it signs is no JSON.
        Err(refused) => refused.reason == Reason::ClaimsMalformed,
    }
}
