//! Reports of MobSF's web API, of `mobsfscan`, and of apk_exploit in the same shape.

use super::{Importer, Mark, Merged, Node, Observation, Place, Reading, Severity, Sink, cwes, plain};

pub(super) static IMPORTER: Importer = Importer {
    id: "mobsf",
    title: "MobSF",
    aliases: &["mobsfscan"],
    marks: &[
        Mark::Json(&["mobsfscan_version", "results"]),
        Mark::Json(&["results.*.metadata.masvs"]),
        Mark::Json(&["code_analysis", "permissions", "md5"]),
        Mark::Json(&["binary_analysis", "permissions", "md5"]),
        Mark::Json(&["manifest_analysis", "permissions"]),
        Mark::JsonList(&["category", "name", "severity", "apk_exploit_dict"]),
    ],
    scale: &[
        ("error", Severity::High),
        ("warning", Severity::Medium),
        ("info", Severity::Low),
        ("good", Severity::Info),
        ("secure", Severity::Info),
        ("vulnerability", Severity::Medium),
        ("dangerous", Severity::High),
        ("normal", Severity::Info),
        ("hotspot", Severity::Info),
    ],
    read: Reading::Tree(read),
    ..Importer::BASE
};

fn read(root: &Node, out: &mut Sink<'_>) {
    if root.has("results") {
        out.tool("mobsfscan", root.str("mobsfscan_version"));
        for (rule, result) in root.members("results") {
            let metadata = result.at("metadata");
            let places: Vec<Place> =
                result.each("files").into_iter().map(|file| Place::file(file.str("file_path"), file.line("match_lines"))).collect();
            for place in if places.is_empty() { vec![Place::Unknown] } else { places } {
                out.push(Observation { place, ..pattern(rule, metadata, out) });
            }
        }
        return out.errors(root, "errors");
    }
    out.tool("MobSF", root.str("version"));
    out.target(root.first(&["file_name", "app_name", "package_name"]));
    let mut merged = Merged::default();
    let mut push = |observation: Observation| {
        merged.push(
            format!(
                "{:?} {} {} {:?} {:?}",
                observation.severity, observation.title, observation.message, observation.tags, observation.place
            ),
            observation,
        );
    };
    sections(root, out, &mut push);
    code(root, out, &mut push);
    merged.finish(out);
}

fn pattern(rule: &str, metadata: &Node, out: &Sink<'_>) -> Observation {
    Observation {
        rule: rule.to_owned(),
        title: rule.to_owned(),
        message: metadata.text("description"),
        severity: out.severity(metadata.str("severity")),
        severity_word: metadata.text("severity"),
        cwe: cwes(metadata.str("cwe")),
        references: [metadata.texts("reference"), metadata.texts("ref")].concat(),
        tags: [metadata.texts("masvs"), metadata.texts("owasp-mobile")].concat(),
        ..Observation::default()
    }
}

/// An observation of a section: its title, how bad it is in the section's words, and what is said.
fn told(section: &str, title: &str, word: &str, message: &str, out: &Sink<'_>) -> Observation {
    // Of the API, a warning is a hint.
    let severity = if word.eq_ignore_ascii_case("warning") {
        Some(Severity::Low)
    } else if word.eq_ignore_ascii_case("info") {
        Some(Severity::Info)
    } else {
        out.severity(word)
    };
    Observation {
        rule: title.to_owned(),
        title: plain(title),
        message: plain(message),
        severity: severity.or(Some(Severity::Info).filter(|_| section == "permissions")),
        severity_word: word.to_owned(),
        cwe: vec![919],
        tags: vec![section.to_owned()],
        ..Observation::default()
    }
}

fn sections(root: &Node, out: &Sink<'_>, push: &mut dyn FnMut(Observation)) {
    if let Node::List(_) = root.at("permissions") {
        for it in root.each("permissions") {
            push(told("permissions", it.str("name"), it.str("status"), it.str("description"), out));
        }
    }
    for (name, it) in root.members("permissions") {
        push(told("permissions", name, it.str("status"), it.first(&["info", "description"]), out));
    }
    for urls in root.texts("insecure_connections") {
        push(told("insecure_connections", "Insecure Connections", "low", &urls, out));
    }
    if let Node::List(findings) = root.at("certificate_analysis.certificate_findings") {
        for finding in findings {
            // A row: how bad it is, what it means, its name if there is one.
            let row = finding.each("");
            let field = |index: usize| row.get(index).map_or("", |node| node.as_str());
            let title = if row.len() == 3 { field(2) } else { field(1) };
            if 2 <= row.len() {
                push(told("certificate_analysis", title, field(0), field(1), out));
            }
        }
    }
    for it in root.each("manifest_analysis.manifest_findings") {
        push(told(
            "manifest_analysis",
            it.str("title"),
            it.str("severity"),
            &format!("{}\n\n{}", it.str("description"), it.str("name")),
            out,
        ));
    }
    if let Node::List(findings) = root.at("manifest_analysis") {
        for it in findings {
            push(told("manifest_analysis", it.str("title"), it.str("stat"), &format!("{}\n\n{}", it.str("desc"), it.str("name")), out));
        }
    }
    for it in root.each("manifest") {
        push(told("manifest", it.str("title"), it.str("stat"), it.str("desc"), out));
    }
    for (title, it) in root.members("findings") {
        let mut places = it.texts("path").into_iter().map(|path| Place::file(&path, None));
        push(Observation {
            place: places.next().unwrap_or_default(),
            also: places.collect(),
            ..told("findings", title, it.str("level"), title, out)
        });
    }
    for it in root.each("").into_iter().filter(|it| it.has("category") && it.has("name")) {
        let place = Place::file(it.str("file_object"), None);
        push(Observation { place, ..told(it.str("category"), it.str("name"), it.str("severity"), it.str("description"), out) });
    }
}

fn code(root: &Node, out: &Sink<'_>, push: &mut dyn FnMut(Observation)) {
    let patterns = if root.members("code_analysis.findings").is_empty() {
        root.members("code_analysis")
    } else {
        root.members("code_analysis.findings")
    };
    for (rule, it) in patterns.iter().filter(|(_, it)| it.has("metadata")) {
        let metadata = it.at("metadata");
        let mut places = it
            .members("files")
            .iter()
            .map(|(path, lines)| Place::file(path, lines.as_str().split(',').next().and_then(|line| line.trim().parse().ok())));
        let base = told("code_analysis", rule, metadata.str("severity"), metadata.str("description"), out);
        push(Observation { place: places.next().unwrap_or_default(), also: places.collect(), cwe: cwes(metadata.str("cwe")), ..base });
    }
    for (api, it) in root.members("android_api") {
        let base = told("android_api", api, it.str("metadata.severity"), &format!("{}\n\n{api}", it.str("metadata.description")), out);
        push(Observation { title: it.text("metadata.description"), ..base });
    }
    let binaries = match root.at("binary_analysis") {
        Node::List(libraries) => {
            libraries.iter().flat_map(|library| library.members("").iter().map(move |(name, it)| (library.str("name"), name, it))).collect()
        }
        node if node.has("findings") => node.members("findings").iter().map(|(name, it)| ("", name, it)).collect(),
        node => node.members("").iter().map(|(name, it)| ("", name, it)).collect::<Vec<_>>(),
    };
    for (library, name, it) in binaries.into_iter().filter(|(_, _, it)| it.has("severity")) {
        let message = it.first(&["description", "detailed_desc"]);
        let base = told("binary_analysis", name, it.str("severity"), &format!("{library}\n\n{message}"), out);
        push(Observation {
            place: Place::file(library, None),
            title: plain(message.split('.').next().unwrap_or_default()),
            cwe: cwes(it.str("cwe")),
            ..base
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn both_programs_are_read() {
        check(
            "mobsf",
            r#"{"mobsfscan_version": "0.2", "errors": [], "results": {"r": {"files": [{"file_path": "A.kt", "match_lines": [3, 3]}], "metadata": {"cwe": "cwe-295", "severity": "ERROR"}}}}"#,
            &["high r A.kt:3"],
        );
        check(
            "mobsf",
            r#"{"md5": "x", "permissions": {"android.permission.CAMERA": {"status": "dangerous"}}, "code_analysis": {"findings": {"c": {"files": {"b/C.java": "7,9"}, "metadata": {"severity": "warning"}}}}}"#,
            &["high android.permission.CAMERA", "low c b/C.java:7"],
        );
    }
}
