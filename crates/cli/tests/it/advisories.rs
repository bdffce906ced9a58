//! `bartizan advisories`: mirrors, sources side by side, and what is shown of a flaw.

use std::fs;

use serde_json::{Value, json};

use crate::{
    mirror::{Reply, Server, zip},
    project::{Project, Run},
};

/// A record of PyPI about a package, fixed in a version.
fn record(id: &str, modified: &str, name: &str, fixed: &str) -> String {
    json!({
        "id": id, "modified": format!("{modified}T00:00:00Z"), "aliases": [id.replace("PYSEC-", "CVE-")], "summary": format!("Flaw of {name}."),
        "details": "At length.", "references": [{"type": "WEB", "url": "https://example.com/flaw"}],
        "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:H/PR:L/UI:R/S:U/C:L/I:N/A:N"}],
        "affected": [{"package": {"ecosystem": "PyPI", "name": name}, "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": fixed}]}]}],
    })
    .to_string()
}

fn project() -> Project {
    Project::with(&[("requirements.txt", "one==1.0\ntwo==1.0\n")])
}

fn archive(records: &[String]) -> Vec<u8> {
    let names: Vec<String> = (0..records.len()).map(|number| format!("R-{number}.json")).collect();
    let entries: Vec<(&str, &str)> = names.iter().map(String::as_str).zip(records.iter().map(String::as_str)).collect();
    zip(&entries)
}

fn update(project: &Project, server: &Server, more: &[&str]) -> Run {
    project.run(["advisories", "update", "--from", &server.base].iter().chain(more))
}

/// What a scan finds: the flaw's name, in order.
fn found(project: &Project) -> Vec<String> {
    let run = project.run(["scan", "--only", "deps", "--format", "json"]).exits_with(0);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    let mut names: Vec<String> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| finding["message"].as_str().unwrap().split(' ').nth(5).unwrap().to_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn a_mirror_is_asked_for_everything_once_and_then_for_changes() {
    let (project, server) = (project(), Server::start());
    let first = record("PYSEC-2024-1", "2024-01-01", "one", "2.0");
    server.has_document("PyPI/all.zip", archive(std::slice::from_ref(&first)), "a1");
    update(&project, &server, &[]).exits_with(0).prints(&["PyPI", "1 record, 1 new or changed", "built 1 advisory"]);
    assert_eq!(server.take_asked(), ["200 PyPI/all.zip"]);
    assert_eq!(found(&project), ["CVE-2024-1"]);

    // Without a list of changes the archive is asked for, and is the same.
    update(&project, &server, &[]).exits_with(0).prints(&["as before", "nothing to build"]);
    assert_eq!(server.take_asked(), ["404 PyPI/modified_id.csv", "304 PyPI/all.zip"]);

    // One record is new, another was changed.
    server.has_document(
        "PyPI/modified_id.csv",
        "2024-03-02T00:00:00Z,PYSEC-2024-2\n2024-03-01T00:00:00.5Z,PYSEC-2024-1\n2024-01-01T00:00:00Z,PYSEC-2024-0\n",
        "c1",
    );
    server.has_document("PyPI/PYSEC-2024-1.json", record("PYSEC-2024-1", "2024-03-01", "one", "1.0"), "r1");
    server.has_document("PyPI/PYSEC-2024-2.json", record("PYSEC-2024-2", "2024-03-02", "two", "2.0"), "r2");
    update(&project, &server, &[]).exits_with(0).prints(&["2 records, 2 new or changed"]);
    assert_eq!(server.take_asked(), ["200 PyPI/modified_id.csv", "200 PyPI/PYSEC-2024-2.json", "200 PyPI/PYSEC-2024-1.json"]);
    assert_eq!(found(&project), ["CVE-2024-2"]);

    update(&project, &server, &[]).exits_with(0).prints(&["as before"]);
    assert_eq!(server.take_asked(), ["304 PyPI/modified_id.csv"]);
    project.run(["advisories", "verify"]).exits_with(0).prints(&["pypi", "as it was built"]);
}

/// Whatever goes wrong: it is said, and what was there is there.
#[test]
fn what_can_not_be_had_leaves_what_was_there() {
    let (project, server) = (project(), Server::start());
    server.has_document("PyPI/all.zip", archive(&[record("PYSEC-2024-1", "2024-01-01", "one", "2.0")]), "a1");
    update(&project, &server, &[]).exits_with(0);
    let index = project.home().join(".local/share/bartizan/advisories/pypi.index");
    let before = fs::read(&index).unwrap();
    let good = archive(&[record("PYSEC-2024-1", "2024-01-01", "one", "3.0"), record("PYSEC-2024-2", "2024-01-01", "two", "3.0")]);
    let cases: [(Reply, &[&str], &str); 6] = [
        (Reply::CutOff(good.clone()), &[], "broke off"),
        (Reply::Document { bytes: b"<html>please sign in</html>".to_vec(), etag: "x" }, &[], "no record of an advisory"),
        (Reply::Document { bytes: good[..good.len() / 2].to_vec(), etag: "x" }, &["--max-download", "100"], "larger than"),
        (Reply::Redirect("http://osv.example/PyPI/all.zip".to_owned()), &[], "not encrypted"),
        (Reply::Redirect(format!("{}/PyPI/all.zip", server.base)), &[], "redirects"),
        (Reply::Redirect("file:///etc/passwd".to_owned()), &[], "no address"),
    ];
    for (reply, more, problem) in cases {
        server.has("PyPI/all.zip", reply);
        update(&project, &server, more).exits_with(2).unwrapped().complains(&["error[mirror]", problem, "what was there is kept"]);
        assert_eq!(fs::read(&index).unwrap(), before, "{problem}");
        assert_eq!(found(&project), ["CVE-2024-1"], "{problem}");
    }
    // What one mirror does not have, and another one has.
    server.has_document("PyPI/all.zip", good, "a2");
    let run = update(&project, &server, &["--ecosystem", "PyPI,NoSuch"]).exits_with(3).unwrapped();
    run.prints(&["NoSuch", "kept as it was", "there is no such ecosystem", "2 records"]);
    assert_eq!(found(&project), ["CVE-2024-1", "CVE-2024-2"]);
    assert!(!project.home().join(".local/share/bartizan/advisories/download").exists());
}

#[test]
fn whoever_is_stopped_halfway_leaves_a_whole_index() {
    let (project, server) = (project(), Server::start());
    server.has_document("PyPI/all.zip", archive(&[record("PYSEC-2024-1", "2024-01-01", "one", "2.0")]), "a1");
    update(&project, &server, &[]).exits_with(0);
    // The connection stays open, and nothing comes any more.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let silent = format!("http://{}/osv", listener.local_addr().unwrap());
    let mut child = project.command().args(["advisories", "update", "--ecosystem", "PyPI", "--from", &silent]).spawn().unwrap();
    let (mut stream, _) = listener.accept().unwrap();
    std::io::Write::write_all(&mut stream, b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nPK").unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(found(&project), ["CVE-2024-1"]);
    project.run(["advisories", "verify"]).exits_with(0);
    update(&project, &server, &[]).exits_with(0).prints(&["as before"]);
}

#[test]
fn addresses_without_encryption_and_passwords_are_refused_before_anything_is_asked() {
    let project = project();
    for (url, problem) in
        [("http://osv.example/", "not encrypted"), ("https://u:p@osv.example/", "password"), ("osv.example", "no address")]
    {
        project.run(["advisories", "update", "--from", url]).exits_with(2).complains(&["error[mirror]", problem]);
    }
    // No mirror is asked for a project that depends on nothing.
    let empty = Project::new();
    empty.run(["advisories", "update", "--from", "http://127.0.0.1:1/"]).exits_with(2).complains(&["--ecosystem"]);
}

#[test]
fn mirrors_of_the_policy_are_asked_and_those_of_a_repository_are_not() {
    let (project, server) = (project(), Server::start());
    server.has_document("PyPI/all.zip", archive(&[record("PYSEC-2024-1", "2024-01-01", "one", "2.0")]), "a1");
    let policy = format!("advisories:\n  mirrors: [{}]\n", server.base);
    fs::write(project.beside("policy.yaml"), &policy).unwrap();
    let path = project.beside("policy.yaml");
    project.run(["advisories", "update", "--policy", path.to_str().unwrap()]).exits_with(0).prints(&["1 record"]);
    project.write(".bartizan/config.yaml", &policy);
    project.run(["scan", "--only", "deps", "--strict"]).exits_with(3).prints(&["a repository can't say where advisories come from"]);
}

#[test]
fn sources_stay_side_by_side() {
    let project = project();
    let folder = |name: &str, records: &[String]| {
        let folder = project.beside(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        for (number, record) in records.iter().enumerate() {
            fs::write(folder.join(format!("{number}.json")), record).unwrap();
        }
        folder.to_str().unwrap().to_owned()
    };
    let build = |from: &str| project.run(["advisories", "build", "--from", from]).exits_with(0);
    let first = folder("first", &[record("PYSEC-2024-1", "2024-01-01", "one", "2.0")]);
    let second =
        folder("second", &[record("PYSEC-2024-2", "2024-01-01", "two", "2.0"), record("PYSEC-2024-1", "2023-01-01", "one", "0.1")]);
    build(&first);
    build(&second);
    // The later one does not take away what the first one has, and of two records the newer one counts.
    assert_eq!(found(&project), ["CVE-2024-1", "CVE-2024-2"]);
    let index = fs::read(project.home().join(".local/share/bartizan/advisories/pypi.index")).unwrap();
    project.run(["advisories", "build", "--from", &second, "--from", &first]).exits_with(0);
    assert_eq!(fs::read(project.home().join(".local/share/bartizan/advisories/pypi.index")).unwrap(), index, "the order does not count");
    // What a source has no longer is gone, unless another one has it.
    folder("second", &[record("PYSEC-2024-3", "2024-01-01", "two", "2.0")]);
    build(&second);
    assert_eq!(found(&project), ["CVE-2024-1", "CVE-2024-3"]);
    project.run(["advisories", "status"]).exits_with(0).prints(&["Sources", "first", "second", "2 advisories"]);
    project.run(["advisories", "forget", &first]).exits_with(0).prints(&["1 advisory"]);
    assert_eq!(found(&project), ["CVE-2024-3"]);
    project.run(["advisories", "forget", &first]).exits_with(2).complains(&["error[unknown-source]"]);
    project.run(["advisories", "forget", &second]).exits_with(0);
    project.run(["advisories", "status"]).exits_with(2);
}

#[test]
fn a_flaw_is_shown_by_any_of_its_names() {
    let project = project();
    project.write("../records/a.json", record("PYSEC-2024-1", "2024-01-01", "one", "2.0"));
    project.run(["advisories", "build", "--from", "../records"]).exits_with(0);
    for name in ["PYSEC-2024-1", "cve-2024-1"] {
        let run = project.run(["advisories", "show", name]).exits_with(0);
        run.prints(&[
            "PYSEC-2024-1",
            "CVE-2024-1",
            "Flaw of one.",
            "At length.",
            "PyPI one",
            "before 2.0",
            "https://example.com/flaw",
            "CVSS:3.1",
        ]);
    }
    let run = project.run(["advisories", "show", "CVE-2024-1", "--format", "json"]).exits_with(0);
    let json: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(json[0]["affected"][0]["ranges"][0]["events"][1]["fixed"], "2.0");
    project.run(["explain", "CVE-2024-1"]).exits_with(0).prints(&["Flaw of one."]);
    project.run(["advisories", "show", "CVE-2024-9"]).exits_with(2).complains(&["error[unknown-advisory]"]);
}

#[test]
fn what_is_exploited_is_high_and_says_so_in_every_report() {
    let (project, server) = (project(), Server::start());
    let kev = r#"{"catalogVersion": "2025.01.31", "dateReleased": "2025-01-31T10:00:00.000Z", "count": 1, "vulnerabilities": [{"cveID": "CVE-2024-1", "dateAdded": "2024-02-03", "knownRansomwareCampaignUse": "Known"}]}"#;
    project.write("../records/a.json", record("PYSEC-2024-1", "2024-01-01", "one", "2.0"));
    project.run(["advisories", "build", "--from", "../records"]).exits_with(0);
    project.run(["scan", "--only", "deps", "--fail-on", "high"]).exits_with(0);
    server.has_document("known_exploited_vulnerabilities.json", kev, "k1");
    let from = format!("{}/known_exploited_vulnerabilities.json", server.base);
    project.run(["advisories", "update", "--from", &from]).exits_with(0).prints(&["1 exploited flaw of 2025-01-31"]);
    project.run(["advisories", "update", "--from", &from]).exits_with(0).prints(&["as before"]);
    let mut epss = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    std::io::Write::write_all(
        &mut epss,
        b"#model_version:v2023.03.01,score_date:2025-01-31T00:00:00+0000\ncve,epss,percentile\nCVE-2024-1,0.94210,0.99870\n",
    )
    .unwrap();
    project.write("../epss_scores-current.csv.gz", epss.finish().unwrap());
    project.run(["advisories", "build", "--from", "../epss_scores-current.csv.gz"]).exits_with(0).prints(&["epss", "1 flaw of 2025-01-31"]);
    project.run(["scan", "--only", "deps", "--fail-on", "high"]).exits_with(1);
    for format in ["table", "json", "jsonl", "sarif", "html", "csv", "markdown", "gitlab", "junit"] {
        let run = project.run(["scan", "--only", "deps", "--format", format]).exits_with(0).unwrapped();
        run.prints(&["exploited since 2024-02-03", "(KEV)", "EPSS 0.94 (99th percentile) of 2025-01-31"]);
    }
    project.run(["advisories", "show", "CVE-2024-1"]).exits_with(0).prints(&["since 2024-02-03, by ransomware, too (KEV)", "0.9421"]);
    project.run(["advisories", "verify"]).exits_with(0).prints(&["kev", "epss"]);
    project.run(["advisories", "forget", &from]).exits_with(0);
    project.run(["scan", "--only", "deps", "--fail-on", "high"]).exits_with(0);
}

#[test]
fn stored_bills_are_matched_again_and_what_is_new_is_said_once() {
    let project = project();
    project.run(["sbom", "-o", "../bills/shop.cdx.json"]).exits_with(4);
    fs::create_dir_all(project.beside("bills/more")).unwrap();
    project.run(["sbom", "-o", "../bills/shop.cdx.json"]).exits_with(0);
    project.run(["sbom", "--format", "spdx", "-o", "../bills/more/shop.spdx.json"]).exits_with(0);
    project.write("../records/1.json", record("PYSEC-2024-1", "2024-01-01", "one", "2.0"));
    project.run(["advisories", "watch", "--sboms", "../bills"]).exits_with(2).complains(&["there are no advisories"]);
    project.run(["advisories", "build", "--from", "../records"]).exits_with(0);
    let watch = |more: &[&str]| project.run(["advisories", "watch", "--sboms", "../bills"].iter().chain(more));
    watch(&[]).exits_with(0).unwrapped().prints(&[
        "CVE-2024-1",
        "pkg:pypi/one@1.0",
        "fixed in 2.0",
        "in more/shop.spdx.json, shop.cdx.json",
        "1 flaw new in 2 bills",
    ]);
    watch(&["--fail-on", "info"]).exits_with(0).prints(&["0 flaws new"]);
    project.write("../records/2.json", record("PYSEC-2024-2", "2024-02-01", "two", "2.0"));
    project.run(["advisories", "build", "--from", "../records"]).exits_with(0);
    let run = watch(&["--fail-on", "low", "--format", "json"]).exits_with(1);
    let json: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(json["news"].as_array().unwrap().len(), 1);
    assert_eq!(json["news"][0]["flaws"], json!(["CVE-2024-2", "PYSEC-2024-2"]));
    watch(&["--since", "2024-01-15"]).exits_with(0).prints(&["CVE-2024-2", "1 flaw new"]);
    watch(&["--since", "yesterday"]).exits_with(2).complains(&["error[date]"]);
    project.write("../bills/broken.json", "{}");
    watch(&[]).exits_with(3).prints(&["0 flaws new"]).complains(&["broken.json"]);
}
