//! What a tool reported, in the form in which it is compared and kept.

use bartizan_core::Severity;
use bartizan_formats::import::{Component, Endpoint, FilePlace, Host, Observation, Place as Reported, Verdict};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};

use crate::identity::{Place, Sighting, Subject, Tokens, ToolFingerprint};

/// The longest title that is kept, in characters.
const MAX_TITLE: usize = 300;

/// The longest text beside it that is kept, in characters: a message, a snippet.
const MAX_TEXT: usize = 20_000;

/// One observation of a tool.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Seen {
    /// What the tool calls the rule.
    pub rule: String,
    /// What is wrong, in a line.
    pub title: String,
    /// How bad it is, if the tool says it.
    pub severity: Option<Severity>,
    /// The file, or what stands for one: a route, a machine, a resource, an image.
    pub path: Option<String>,
    /// Lines from 1, both included.
    pub lines: Option<(u32, u32)>,
    /// What the tool knows of decisions about it.
    pub verdict: Verdict,
    /// Rules of other tools that are known to say the same, as `tool/rule`.
    pub also_called: Vec<String>,
    /// Numbers of the Common Weakness Enumeration.
    pub cwe: Vec<u32>,
    /// Vectors of CVSS.
    pub cvss: Vec<String>,
    /// The code, as the tool shows it; may be empty.
    pub snippet: String,
    /// By what it is known again.
    pub sighting: Sighting,
    /// What is kept beyond that: an object, as JSON.
    pub detail: String,
}

impl Seen {
    /// What a tool says of one weakness. Nothing but the report is asked: if there is the text of the file, its part of the
    /// sighting can be added later.
    #[must_use]
    pub fn of(tool: &str, observation: &Observation) -> Self {
        let mut place = Located::of(&observation.place);
        if let Some(component) = &observation.component {
            place.subject = Some(subject_of_component(component, &observation.ids));
        }
        let path = place.path.or_else(|| observation.component.as_ref().map(|component| component.name.clone()));
        let rule = if observation.rule.is_empty() { observation.title.as_str() } else { observation.rule.as_str() };
        let mut sighting = Sighting::new(&format!("{tool}/{rule}"), path.as_deref().unwrap_or_default());
        sighting.place = place.place;
        sighting.snippet = Some(Tokens::of(&observation.snippet)).filter(|tokens| !tokens.is_empty());
        if sighting.snippet.is_none() {
            let message = if observation.message.is_empty() { &observation.title } else { &observation.message };
            sighting.message = Some(Tokens::of(message)).filter(|tokens| !tokens.is_empty());
        }
        sighting.subject = place.subject;
        let fingerprints = observation.fingerprints.iter();
        sighting.fingerprints =
            fingerprints.map(|fingerprint| ToolFingerprint::new(tool, &fingerprint.algorithm, &fingerprint.value)).collect();
        Self {
            rule: rule.to_owned(),
            title: start(&observation.title, MAX_TITLE),
            severity: observation.severity,
            path,
            lines: place.place.map(|place| (place.start_line, place.end_line)),
            verdict: observation.verdict,
            also_called: Vec::new(),
            cwe: observation.cwe.clone(),
            cvss: observation.scores.iter().map(|score| score.vector.clone()).filter(|vector| !vector.is_empty()).collect(),
            snippet: start(&observation.snippet, MAX_TEXT),
            sighting,
            detail: detail(observation).to_string(),
        }
    }
}

/// Where something is, as the matcher takes it.
#[derive(Default)]
struct Located {
    path: Option<String>,
    place: Option<Place>,
    subject: Option<Subject>,
}

impl Located {
    fn of(place: &Reported) -> Self {
        match place {
            Reported::Unknown => Self::default(),
            Reported::File(file) => Self { path: Some(file.path.clone()), place: place_in(file), subject: None },
            Reported::Endpoint(Endpoint { url, method, parameter }) => {
                Self { path: Some(url.clone()), subject: Some(Subject::web_entry(method, route_template(url), parameter)), place: None }
            }
            Reported::Host(Host { name, port, protocol }) => {
                let port = port.map(|port| format!(":{port}")).unwrap_or_default();
                let protocol = if protocol.is_empty() { String::new() } else { format!("/{protocol}") };
                let address = format!("{name}{port}{protocol}");
                Self { subject: Some(Subject::resource(&address)), path: Some(address), place: None }
            }
            Reported::Resource(resource) => {
                let address = [&resource.within, &resource.kind, &resource.id].map(String::as_str).join("/");
                Self { path: Some(resource.id.clone()), subject: Some(Subject::resource(&address)), place: None }
            }
            Reported::Image(name) => Self { path: Some(name.clone()), ..Self::default() },
        }
    }
}

fn place_in(file: &FilePlace) -> Option<Place> {
    let start_line = file.line?;
    let end_line = file.end_line.unwrap_or(start_line).max(start_line);
    Some(Place { start_line, end_line, column: file.column.unwrap_or_default() })
}

/// The route of a URL: what comes before the query.
fn route_template(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or(url)
}

fn subject_of_component(component: &Component, ids: &[String]) -> Subject {
    let name = if component.purl.is_empty() { &component.name } else { &component.purl };
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    Subject::component(name, &ids)
}

fn detail(observation: &Observation) -> Json {
    let mut detail = Map::new();
    let mut put = |name: &str, value: Json| {
        let is_empty = match &value {
            Json::Null => true,
            Json::String(text) => text.is_empty(),
            Json::Array(items) => items.is_empty(),
            Json::Object(_) | Json::Bool(_) | Json::Number(_) => false,
        };
        if !is_empty {
            detail.insert(name.to_owned(), value);
        }
    };
    put("message", json!(start(&observation.message, MAX_TEXT)));
    put("ids", json!(observation.ids));
    put("cwe", json!(observation.cwe));
    put("snippet", json!(start(&observation.snippet, MAX_TEXT)));
    put("fix", json!(start(&observation.fix, MAX_TEXT)));
    put("references", json!(observation.references));
    put("tags", json!(observation.tags));
    put("occurrences", json!(observation.occurrences));
    let scores = observation.scores.iter().map(|score| json!({ "vector": score.vector, "score": score.score }));
    put("scores", Json::Array(scores.collect()));
    let component = observation.component.as_ref().map(|component| {
        json!({ "name": component.name, "version": component.version, "purl": component.purl, "fixed_version": component.fixed_version })
    });
    put("component", component.unwrap_or_default());
    let flow = observation.flow.iter().map(|step| json!({ "path": step.place.path, "line": step.place.line, "message": step.message }));
    put("flow", Json::Array(flow.collect()));
    Json::Object(detail)
}

/// The first characters of a text.
fn start(text: &str, n_characters: usize) -> String {
    match text.char_indices().nth(n_characters) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
