//! SARIF 2.1.0, and what is known of 2.2: <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>.
//!
//! A log is read twice, piece by piece: what a run says of itself, which may stand behind its results, and then the results.
//! Property files beside the log are not read, which is a problem of the report.

mod location;
mod message;
mod run;
mod stream;

use self::{
    location::Places,
    run::Run,
    stream::{Event, Pass},
};
use super::{
    Component, Confidence, Fingerprint, ImportError, Importer, Input, Mark, Node, Observation, Place, Reading, Score, Sink, Step, Verdict,
    cwes, cwes_in, ids, ids_in, paragraphs, severity, text,
};

pub(super) static IMPORTER: Importer = Importer {
    id: "sarif",
    title: "SARIF",
    aliases: &["github_code_scanning"],
    marks: &[
        Mark::Json(&["$schema~sarif", "runs"]),
        Mark::Json(&["runs.tool.driver", "version~2."]),
        Mark::Json(&["runs.tool.driver.name"]),
        Mark::Json(&["runs.results.message", "version~2."]),
    ],
    names_tools: true,
    read: Reading::Stream(read),
    ..Importer::BASE
};

fn read(input: &dyn Input, out: &mut Sink<'_>) -> Result<(), ImportError> {
    let mut runs = vec![Run::default()];
    stream::walk(text::reader(input)?, Pass::Runs, &mut |event| match event {
        Event::Member(name, node) => {
            if let Some(run) = runs.last_mut() {
                run.take(&name, node);
            }
        }
        Event::RunEnd => runs.push(Run::default()),
        Event::Result(_) => {}
    })?;
    runs.pop();
    runs.iter_mut().for_each(|run| run.finish(out));
    let mut index = 0;
    stream::walk(text::reader(input)?, Pass::Results, &mut |event| match event {
        Event::Member(..) => {}
        Event::RunEnd => index += 1,
        Event::Result(result) => {
            if let Some(observation) = runs.get(index).and_then(|run| observation(&result, run, out)) {
                out.push(observation);
            }
        }
    })
}

fn observation(result: &Node, run: &Run, out: &Sink<'_>) -> Option<Observation> {
    // What was looked at and is right is no finding. Section 3.27.9.
    if ["pass", "notApplicable", "informational"].contains(&result.str("kind")) {
        return None;
    }
    let rule = run.rule(result);
    let message = run.message(result.at("message"), rule);
    let places = Places::of(result, run);
    let (severity, score) = severity_of(result, rule, run, out);
    let short = run.message(rule.at("shortDescription"), rule);
    let id = result.first(&["ruleId", "rule.id"]);
    let id = if id.is_empty() { rule.str("id") } else { id };
    let tags: Vec<String> = rule.texts("properties.tags").into_iter().chain(result.texts("properties.tags")).collect();
    let title = [short.as_str(), rule.str("name"), message.as_str(), id].into_iter().find(|text| !text.is_empty()).unwrap_or_default();
    let mut names = ids(id);
    names.extend(ids_in(&result.each("properties.cve")).into_iter().chain(tags.iter().flat_map(|tag| ids(tag))));
    names.dedup();
    Some(Observation {
        tool: IMPORTER.family(run.tool()),
        rule: id.to_owned(),
        title: super::line(title).chars().take(200).collect(),
        message: paragraphs(&[&message, &run.message(rule.at("fullDescription"), rule)]),
        severity,
        severity_word: result.text("level"),
        confidence: confidence(result, rule),
        cwe: weaknesses(result, rule, &tags),
        ids: names,
        snippet: places.snippet,
        occurrences: result.line("occurrenceCount").or_else(|| u32::try_from(places.also.len() + 1).ok()),
        place: places.place,
        also: places.also,
        component: Component::of(result.first(&["properties.packageName", "properties.package"]), result.str("properties.packageVersion")),
        fingerprints: fingerprints(result),
        flow: flow(result, run),
        fix: fix(result, rule, run),
        references: std::iter::once(rule.text("helpUri")).filter(|uri| !uri.is_empty()).collect(),
        scores: Score::list("", score),
        verdict: verdict(result),
        first_seen: result.text("provenance.firstDetectionTimeUtc"),
        tags,
    })
}

/// How bad it is: what GitHub calls `security-severity` says more than the level. Sections 3.27.10, 3.50.3, 3.51.
fn severity_of(result: &Node, rule: &Node, run: &Run, out: &Sink<'_>) -> (Option<bartizan_core::Severity>, Option<f64>) {
    let word =
        [result, rule].into_iter().map(|node| node.str("properties.security-severity")).find(|word| !word.is_empty()).unwrap_or_default();
    let score = word.parse::<f64>().ok();
    if let Some(severity) = score.and_then(severity::of_score).or_else(|| out.severity(word).filter(|_| !word.is_empty())) {
        return (Some(severity), score);
    }
    let overridden = run.level_of(rule.str("id"));
    let level = [result.str("level"), overridden, rule.str("defaultConfiguration.level"), "warning"];
    (level.into_iter().find(|level| !level.is_empty()).and_then(|level| out.severity(level)), None)
}

fn confidence(result: &Node, rule: &Node) -> Option<Confidence> {
    match [result.str("properties.precision"), rule.str("properties.precision")].into_iter().find(|word| !word.is_empty())? {
        "very-high" | "high" => Some(Confidence::High),
        "medium" => Some(Confidence::Medium),
        "low" => Some(Confidence::Low),
        _ => None,
    }
}

fn weaknesses(result: &Node, rule: &Node, tags: &[String]) -> Vec<u32> {
    let is_cwe = |taxon: &&Node| taxon.first(&["toolComponent.name", "target.toolComponent.name"]).eq_ignore_ascii_case("cwe");
    let numbers = |taxa: Vec<&Node>| -> Vec<u32> {
        let numbers = taxa.into_iter().filter(is_cwe).flat_map(|taxon| cwes(taxon.first(&["id", "target.id"])));
        numbers.collect()
    };
    let mut found = numbers(rule.each("relationships"));
    found.extend(cwes_in(
        &rule.each("relationships.target.id").into_iter().filter(|id| id.as_str().to_ascii_lowercase().contains("cwe")).collect::<Vec<_>>(),
    ));
    found.extend(numbers(result.each("taxa")));
    for node in [rule, result] {
        found.extend(cwes_in(&node.each("properties.cwe")));
        found.extend(cwes_in(&node.each("properties.CWE")));
    }
    found.extend(tags.iter().filter(|tag| tag.to_ascii_lowercase().contains("cwe")).flat_map(|tag| cwes(tag)));
    let mut once = Vec::new();
    found.into_iter().for_each(|number| {
        if !once.contains(&number) {
            once.push(number);
        }
    });
    once
}

fn fingerprints(result: &Node) -> Vec<Fingerprint> {
    let mut found: Vec<_> = ["fingerprints", "partialFingerprints"]
        .into_iter()
        .flat_map(|member| result.members(member))
        .flat_map(|(algorithm, value)| {
            Fingerprint::list(algorithm, [value.as_str(), value.str("value")].into_iter().find(|text| !text.is_empty()).unwrap_or_default())
        })
        .collect();
    found.extend(Fingerprint::list("correlationGuid", result.str("correlationGuid")));
    found
}

/// The first way of the first flow. Sections 3.36 to 3.38.
fn flow(result: &Node, run: &Run) -> Vec<Step> {
    let Some(thread) = result.each("codeFlows").first().and_then(|flow| flow.each("threadFlows").first().copied()) else {
        return Vec::new();
    };
    let steps = thread.each("locations").into_iter().map(|step| {
        let location = run.shared_step(step).at("location");
        let message = run.message(location.at("message"), &Node::Null);
        match location::place(location, run) {
            Place::File(place) => Step { place, message },
            Place::Unknown | Place::Endpoint(_) | Place::Host(_) | Place::Resource(_) | Place::Image(_) => {
                Step { message, ..Step::default() }
            }
        }
    });
    steps.collect()
}

/// What the fixes say, or else what the rule's help says. Sections 3.49.12, 3.55.
fn fix(result: &Node, rule: &Node, run: &Run) -> String {
    let described: Vec<String> = result.each("fixes").into_iter().map(|fix| run.message(fix.at("description"), rule)).collect();
    let inserted = result.texts("fixes.artifactChanges.replacements.insertedContent.text");
    let text = paragraphs(&described.iter().chain(&inserted).map(String::as_str).collect::<Vec<_>>());
    if text.is_empty() { run.message(rule.at("help"), rule) } else { text }
}

/// Section 3.35: a suppression that is under review or was rejected is none.
fn verdict(result: &Node) -> Verdict {
    if result.str("baselineState") == "absent" {
        return Verdict::Fixed;
    }
    let holds = |suppression: &&Node| !["underReview", "rejected"].contains(&suppression.first(&["status", "state"]));
    if result.each("suppressions").iter().any(holds) { Verdict::Suppressed } else { Verdict::Open }
}

#[cfg(test)]
mod tests {
    use crate::import::{Completion, Observation, Place, Summary, Verdict, import};
    use bartizan_core::Severity;

    fn read(text: &str) -> (Summary, Vec<Observation>) {
        let mut found = Vec::new();
        let summary = import(&text.as_bytes(), None, &mut |observation| found.push(observation)).unwrap();
        (summary, found)
    }

    const LOG: &str = r#"{"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [{
        "results": [
            {"ruleId": "X1", "level": "error", "message": {"id": "m", "arguments": ["q"]}, "locations": [{"physicalLocation":
                {"artifactLocation": {"uri": "a%20b.c", "uriBaseId": "SRC"}, "region": {"startLine": 3, "endLine": 4, "snippet": {"text": "x()"}}}}],
             "partialFingerprints": {"primaryLocationLineHash": "abc:1"}, "suppressions": [{"kind": "inSource"}],
             "codeFlows": [{"threadFlows": [{"locations": [{"location": {"physicalLocation": {"artifactLocation": {"index": 0}, "region": {"startLine": 1}}, "message": {"text": "in"}}}]}]}]},
            {"ruleIndex": 1, "message": {"text": "two"}, "baselineState": "absent"},
            {"ruleId": "X1", "kind": "pass", "message": {"text": "fine"}}],
        "artifacts": [{"location": {"uri": "file:///w/lib/c.c"}}],
        "originalUriBaseIds": {"ROOT": {"uri": "file:///w/"}, "SRC": {"uri": "src/", "uriBaseId": "ROOT"}},
        "invocations": [{"executionSuccessful": false, "endTimeUtc": "2026-01-01T00:00:00Z"}],
        "versionControlProvenance": [{"repositoryUri": "https://x", "revisionId": "c0ffee"}],
        "tool": {"driver": {"name": "Tool", "semanticVersion": "1.2.3", "rules": [
            {"id": "X1", "shortDescription": {"text": "Bad"}, "messageStrings": {"m": {"text": "found {0}"}},
             "relationships": [{"target": {"id": "79", "toolComponent": {"name": "CWE"}}}]},
            {"id": "X2", "defaultConfiguration": {"level": "note"}, "properties": {"security-severity": "9.1", "tags": ["external/cwe/cwe-089"]}}]}}}]}"#;

    #[test]
    fn what_a_run_says_behind_its_results_is_known() {
        let (summary, found) = read(LOG);
        assert_eq!(
            (summary.tools[0].name.as_str(), summary.tools[0].version.as_str(), summary.commit.as_str()),
            ("Tool", "1.2.3", "c0ffee")
        );
        assert_eq!((summary.completion, summary.time.as_str(), found.len()), (Completion::Failed, "2026-01-01T00:00:00Z", 2));
        let first = &found[0];
        assert_eq!((first.title.as_str(), first.message.as_str(), first.severity), ("Bad", "found q", Some(Severity::High)));
        assert!(matches!(&first.place, Place::File(file) if file.path == "src/a b.c" && file.line == Some(3) && file.end_line == Some(4)));
        assert_eq!((first.cwe.as_slice(), first.verdict, first.snippet.as_str()), (&[79][..], Verdict::Suppressed, "x()"));
        assert_eq!((first.flow[0].place.path.as_str(), first.flow[0].message.as_str()), ("lib/c.c", "in"));
        assert_eq!(first.fingerprints[0].algorithm, "primaryLocationLineHash");
        let second = &found[1];
        assert_eq!((second.rule.as_str(), second.severity, second.cwe.as_slice()), ("X2", Some(Severity::Critical), &[89][..]));
        assert_eq!(second.verdict, Verdict::Fixed);
    }

    #[test]
    fn a_cut_log_is_refused_before_anything_is_said() {
        let mut n = 0;
        let cut = &LOG.as_bytes()[..LOG.len() / 2];
        assert!(import(&cut, None, &mut |_| n += 1).is_err());
        assert_eq!(n, 0);
    }
}
