//! What is known, as values of SSVC's decision points.

use bartizan_formats::cvss::{Cvss, CvssVersion};

use super::{Inputs, Policy};
use crate::{
    asset::{DataClass, Exposure},
    ssvc::{Facts, Table},
};

/// The vector that counts: of version 4, or else of the newest version there is; of several of one version the worst.
pub(super) fn leading(vectors: &[String]) -> Option<(&str, Cvss)> {
    let parsed = vectors.iter().filter_map(|text| Some((text.as_str(), Cvss::parse(text).ok()?)));
    parsed.max_by(|(_, a), (_, b)| (a.version(), tenths(a)).cmp(&(b.version(), tenths(b))))
}

/// The score in tenths, 0 to 100.
pub(super) fn tenths(cvss: &Cvss) -> u32 {
    // Scores have one decimal; half of the last place makes up for how it is stored.
    (0..=100).rev().find(|&tenths| f64::from(tenths) <= cvss.score() * 10.0 + 0.5).unwrap_or_default()
}

pub(super) const fn version(cvss: CvssVersion) -> &'static str {
    match cvss {
        CvssVersion::V2 => "2.0",
        CvssVersion::V30 => "3.0",
        CvssVersion::V31 => "3.1",
        CvssVersion::V4 => "4.0",
    }
}

/// Values for the decision points that the inputs speak of.
pub(super) fn of(inputs: &Inputs) -> Facts {
    let mut known: Vec<(&str, &str)> = Vec::new();
    let in_kev = inputs.kev.map(|kev| kev.value);
    match (in_kev, inputs.public_exploit) {
        (Some(true), _) => known.push(("Exploitation", "active")),
        (_, Some(true)) => known.push(("Exploitation", "public poc")),
        (_, Some(false)) => known.push(("Exploitation", "none")),
        (_, None) => {}
    }
    known.extend(in_kev.map(|is_in| ("In KEV", yes_or_no(is_in))));
    if let Some(exposure) = inputs.exposure {
        known.push(("System Exposure", system_exposure(exposure)));
        known.push(("Publicly Exposed", yes_or_no(exposure == Exposure::Public)));
    }
    if let Some(class) = inputs.data_class {
        let (human, mission) = impact(class);
        known.push(("Human Impact", human));
        known.push(("Mission and Well-Being Impact", mission));
    }
    if let Some((vector, _)) = leading(&inputs.cvss) {
        known.push(("Automatable", yes_or_no(is_automatable(vector))));
        known.push(("Technical Impact", if is_total(vector) { "total" } else { "partial" }));
    }
    known.into_iter().fold(Facts::default(), |facts, (name, value)| facts.with(name, value))
}

/// With what a policy assumes for decision points that nobody knows of.
pub(super) fn with_assumptions(facts: &Facts, table: &Table, policy: &Policy) -> Facts {
    let unknown = table.inputs().iter().filter(|input| facts.get(&input.name).is_none());
    unknown.fold(facts.clone(), |facts, input| match policy.assumption(&input.name) {
        Some(value) => facts.with(&input.name, value),
        None => facts,
    })
}

const fn yes_or_no(is_so: bool) -> &'static str {
    if is_so { "yes" } else { "no" }
}

const fn system_exposure(exposure: Exposure) -> &'static str {
    match exposure {
        Exposure::Internal => "small",
        Exposure::Partner => "controlled",
        Exposure::Public => "open",
    }
}

const fn impact(class: DataClass) -> (&'static str, &'static str) {
    match class {
        DataClass::Public => ("low", "low"),
        DataClass::Internal => ("medium", "medium"),
        DataClass::Confidential => ("high", "high"),
        DataClass::Restricted => ("very high", "high"),
    }
}

/// What CVSS 4 says itself (`AU`), or that an attack over the network needs neither luck, rights nor people.
fn is_automatable(vector: &str) -> bool {
    match metric(vector, "AU") {
        Some("Y") => return true,
        Some("N") => return false,
        Some(_) | None => {}
    }
    let needs = [("AV", "N"), ("AC", "L"), ("UI", "N")];
    let is_easy = needs.iter().all(|&(name, value)| metric(vector, name).is_none_or(|found| found == value));
    // `PR` of versions 3 and 4, `Au` of version 2; `AT` of version 4 alone.
    let rights = metric(vector, "PR").or_else(|| metric(vector, "Au"));
    is_easy && rights == Some("N") && metric(vector, "AT").is_none_or(|found| found == "N")
}

/// Whether an attacker reads and changes everything: `VC`, `VI` of version 4, `C`, `I` of the others.
fn is_total(vector: &str) -> bool {
    let is_full =
        |new: &str, old: &str| metric(vector, new).or_else(|| metric(vector, old)).is_some_and(|found| matches!(found, "H" | "C"));
    is_full("VC", "C") && is_full("VI", "I")
}

fn metric<'a>(vector: &'a str, name: &str) -> Option<&'a str> {
    vector.trim().split('/').find_map(|part| part.split_once(':').filter(|(key, _)| *key == name).map(|(_, value)| value))
}
