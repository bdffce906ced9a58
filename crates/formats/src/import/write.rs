//! Observations as JSON, one object a line within one document.

use std::io::{self, Write};

use serde::Serialize;

use super::{
    observation::{FilePlace, Observation, Place, Score},
    sink::Summary,
};

/// What a document starts with.
pub const OPEN: &str = "{\"findings\": [";

/// Writes an observation; `is_first` says whether it is the first one of the document.
///
/// # Errors
/// Those of `out`.
pub fn write_observation(observation: &Observation, is_first: bool, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(if is_first { b"\n" } else { b",\n" })?;
    serde_json::to_writer(&mut *out, &Finding::from(observation))?;
    Ok(())
}

/// Writes what follows the last observation: what each report says of itself, under its name.
///
/// # Errors
/// Those of `out`.
pub fn write_end(reports: &[(String, Summary)], out: &mut dyn Write) -> io::Result<()> {
    let reports: Vec<Report<'_>> = reports.iter().map(|(name, summary)| Report::from((name.as_str(), summary))).collect();
    out.write_all(b"\n], \"reports\": ")?;
    serde_json::to_writer(&mut *out, &reports)?;
    out.write_all(b"}\n")
}

#[derive(Serialize)]
struct Finding<'a> {
    tool: &'a str,
    rule: &'a str,
    title: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    message: &'a str,
    severity: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    severity_word: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    confidence: Option<&'static str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    cwe: &'a [u32],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    ids: &'a [String],
    #[serde(flatten)]
    place: PlaceText<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    also: Vec<PlaceText<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    component: Option<Component<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fingerprints: Vec<Fingerprint<'a>>,
    #[serde(skip_serializing_if = "str::is_empty")]
    snippet: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    flow: Vec<Step<'a>>,
    #[serde(skip_serializing_if = "str::is_empty")]
    fix: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    references: &'a [String],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    cvss: Vec<Cvss<'a>>,
    occurrences: u32,
    verdict: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    first_seen: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    tags: &'a [String],
}

/// A place: what it has of these.
#[derive(Default, Serialize)]
struct PlaceText<'a> {
    #[serde(skip_serializing_if = "str::is_empty")]
    file: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_column: Option<u32>,
    #[serde(skip_serializing_if = "str::is_empty")]
    url: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    method: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    parameter: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    host: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    port: Option<u32>,
    #[serde(skip_serializing_if = "str::is_empty")]
    protocol: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    resource: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    resource_kind: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    within: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    image: &'a str,
}

#[derive(Serialize)]
struct Component<'a> {
    name: &'a str,
    version: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    purl: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    fixed_version: &'a str,
}

#[derive(Serialize)]
struct Fingerprint<'a> {
    algorithm: &'a str,
    value: &'a str,
}

#[derive(Serialize)]
struct Step<'a> {
    #[serde(flatten)]
    place: PlaceText<'a>,
    #[serde(skip_serializing_if = "str::is_empty")]
    message: &'a str,
}

#[derive(Serialize)]
struct Cvss<'a> {
    #[serde(skip_serializing_if = "str::is_empty")]
    vector: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<f64>,
}

#[derive(Serialize)]
struct Report<'a> {
    file: &'a str,
    importer: &'a str,
    tools: Vec<Tool<'a>>,
    completion: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    time: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    commit: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    target: &'a str,
    n_findings: u64,
    problems: &'a [String],
}

#[derive(Serialize)]
struct Tool<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    version: &'a str,
}

impl<'a> From<&'a Observation> for Finding<'a> {
    fn from(observation: &'a Observation) -> Self {
        let component = observation.component.as_ref().map(|component| Component {
            name: &component.name,
            version: &component.version,
            purl: &component.purl,
            fixed_version: &component.fixed_version,
        });
        let fingerprints = observation.fingerprints.iter().map(|it| Fingerprint { algorithm: &it.algorithm, value: &it.value });
        Self {
            tool: &observation.tool,
            rule: &observation.rule,
            title: &observation.title,
            message: &observation.message,
            severity: observation.severity.map_or("unknown", bartizan_core::Severity::as_str),
            severity_word: if observation.severity.is_none() { &observation.severity_word } else { "" },
            confidence: observation.confidence.map(bartizan_core::Confidence::as_str),
            cwe: &observation.cwe,
            ids: &observation.ids,
            place: (&observation.place).into(),
            also: observation.also.iter().map(PlaceText::from).collect(),
            component,
            fingerprints: fingerprints.collect(),
            snippet: &observation.snippet,
            flow: observation.flow.iter().map(|step| Step { place: (&step.place).into(), message: &step.message }).collect(),
            fix: &observation.fix,
            references: &observation.references,
            cvss: observation.scores.iter().map(|Score { vector, score }| Cvss { vector, score: *score }).collect(),
            occurrences: observation.occurrences.unwrap_or(1),
            verdict: observation.verdict.as_str(),
            first_seen: &observation.first_seen,
            tags: &observation.tags,
        }
    }
}

impl<'a> From<&'a Place> for PlaceText<'a> {
    fn from(place: &'a Place) -> Self {
        match place {
            Place::Unknown => Self::default(),
            Place::File(file) => file.into(),
            Place::Endpoint(it) => Self { url: &it.url, method: &it.method, parameter: &it.parameter, ..Self::default() },
            Place::Host(host) => Self { host: &host.name, port: host.port, protocol: &host.protocol, ..Self::default() },
            Place::Resource(it) => Self { resource: &it.id, resource_kind: &it.kind, within: &it.within, ..Self::default() },
            Place::Image(name) => Self { image: name, ..Self::default() },
        }
    }
}

impl<'a> From<&'a FilePlace> for PlaceText<'a> {
    fn from(file: &'a FilePlace) -> Self {
        Self {
            file: &file.path,
            line: file.line,
            column: file.column,
            end_line: file.end_line,
            end_column: file.end_column,
            ..Self::default()
        }
    }
}

impl<'a> From<(&'a str, &'a Summary)> for Report<'a> {
    fn from((file, summary): (&'a str, &'a Summary)) -> Self {
        Self {
            file,
            importer: summary.importer,
            tools: summary.tools.iter().map(|tool| Tool { name: &tool.name, version: &tool.version }).collect(),
            completion: summary.completion.as_str(),
            time: &summary.time,
            commit: &summary.commit,
            target: &summary.target,
            n_findings: summary.n_observations,
            problems: &summary.problems,
        }
    }
}
