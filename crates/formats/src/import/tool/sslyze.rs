//! SSLyze's JSON of all versions, and its XML of version 1: what of a service's TLS is weak.

use super::{Importer, Mark, Node, Observation, Place, Reading, Severity, Sink};

pub(super) static IMPORTER: Importer = Importer {
    id: "sslyze",
    title: "SSLyze",
    marks: &[Mark::Json(&["server_scan_results"]), Mark::Xml(&["document.@SSLyzeVersion"])],
    read: Reading::Tree(read),
    ..Importer::BASE
};

/// Members of protocols that nobody should speak any more. RFC 8996, RFC 7568, RFC 6176.
const OLD: &[(&str, &str)] = &[
    ("ssl_2_0_cipher_suites", "SSL 2.0"),
    ("ssl_3_0_cipher_suites", "SSL 3.0"),
    ("tls_1_0_cipher_suites", "TLS 1.0"),
    ("tls_1_1_cipher_suites", "TLS 1.1"),
];

fn read(root: &Node, out: &mut Sink<'_>) {
    out.tool("SSLyze", root.first(&["sslyze_version", "document.@SSLyzeVersion"]));
    out.time(root.str("date_scans_completed"));
    for server in root.each("server_scan_results") {
        let location = if server.has("server_location") { server.at("server_location") } else { server.at("server_info.server_location") };
        let place = Place::host(location.first(&["hostname", "ip_address"]), location.number("port"), "tcp");
        let results = if server.has("scan_result") { server.at("scan_result") } else { server.at("scan_commands_results") };
        let result = |name: &str| if results.at(name).has("result") { results.at(name).at("result") } else { results.at(name) };
        let mut push = |rule: &str, title: String, message: String, ids: &[&str]| {
            out.push(Observation {
                rule: rule.to_owned(),
                title,
                message,
                severity: Some(Severity::Medium),
                ids: ids.iter().map(|id| (*id).to_owned()).collect(),
                place: place.clone(),
                ..Observation::default()
            });
        };
        if result("heartbleed").flag("is_vulnerable_to_heartbleed") {
            push("heartbleed", "Heartbleed".to_owned(), String::new(), &["CVE-2014-0160"]);
        }
        if result("openssl_ccs_injection").flag("is_vulnerable_to_ccs_injection") {
            push("openssl_ccs_injection", "CCS injection".to_owned(), String::new(), &["CVE-2014-0224"]);
        }
        let renegotiation = result("session_renegotiation");
        if renegotiation.flag("accepts_client_renegotiation")
            || renegotiation.flag("is_vulnerable_to_client_renegotiation_dos")
            || renegotiation.str("supports_secure_renegotiation") == "false"
        {
            push("session_renegotiation", "insecure session renegotiation".to_owned(), String::new(), &["CVE-2009-3555"]);
        }
        for (member, name) in OLD {
            if !result(member).each("accepted_cipher_suites").is_empty() {
                push(member, format!("{name} is accepted"), String::new(), &[]);
            }
        }
        for (member, name) in [("tls_1_2_cipher_suites", "TLS 1.2"), ("tls_1_3_cipher_suites", "TLS 1.3")] {
            let weak: Vec<String> =
                result(member).texts("accepted_cipher_suites.cipher_suite.name").into_iter().filter(|suite| is_weak(suite)).collect();
            if !weak.is_empty() {
                push(member, format!("weak cipher suites of {name} are accepted"), weak.join("\n"), &[]);
            }
        }
        for deployment in result("certificate_info").each("certificate_deployments") {
            let mut problems = deployment.texts("path_validation_results.openssl_error_string");
            problems.extend(deployment.texts("path_validation_results.validation_error"));
            if deployment.str("leaf_certificate_subject_matches_hostname") == "false" {
                problems.insert(0, "the certificate is for another host".to_owned());
            }
            if !problems.is_empty() {
                push("certificate_info", "the certificate can't be trusted".to_owned(), problems.join("\n"), &[]);
            }
        }
    }
    root.each("document.results.target").into_iter().for_each(|target| of_target(target, out));
}

/// Version 1: protocols with the suites that were accepted.
fn of_target(target: &Node, out: &mut Sink<'_>) {
    for (member, name) in [("sslv2", "SSL 2.0"), ("sslv3", "SSL 3.0"), ("tlsv1", "TLS 1.0"), ("tlsv1_1", "TLS 1.1"), ("tlsv1_2", "TLS 1.2")]
    {
        let suites = target.at(member).texts("acceptedCipherSuites.cipherSuite.@name");
        let weak: Vec<String> = suites.into_iter().filter(|suite| is_weak(suite)).collect();
        if !weak.is_empty() {
            out.push(Observation {
                rule: member.to_owned(),
                title: format!("weak cipher suites of {name} are accepted"),
                message: weak.join("\n"),
                severity: Some(Severity::Info),
                place: Place::host(target.first(&["@host", "@ip"]), target.number("@port"), "tcp"),
                ..Observation::default()
            });
        }
    }
    if target.flag("heartbleed.openSslHeartbleed.@isVulnerable") {
        out.push(Observation {
            rule: "heartbleed".to_owned(),
            title: "Heartbleed".to_owned(),
            severity: Some(Severity::Critical),
            ids: vec!["CVE-2014-0160".to_owned()],
            place: Place::host(target.first(&["@host", "@ip"]), target.number("@port"), "tcp"),
            ..Observation::default()
        });
    }
}

/// Whether a suite keeps no secrets from who gets the key later, or uses what is broken. RFC 9325, section 4.
fn is_weak(suite: &str) -> bool {
    let is_of_1_3 = !suite.contains("_WITH_");
    let is_forward_secret = suite.starts_with("TLS_ECDHE_") || suite.starts_with("TLS_DHE_");
    let is_broken = ["NULL", "EXPORT", "anon", "RC4", "RC2", "DES", "IDEA", "SEED", "MD5"].iter().any(|part| suite.contains(part));
    !is_of_1_3 && (!is_forward_secret || is_broken || suite.ends_with("_SHA"))
}

#[cfg(test)]
mod tests {
    use super::is_weak;
    use crate::import::tool::test::check;

    #[test]
    fn what_is_weak_is_told() {
        check(
            "sslyze",
            r#"{"server_scan_results": [{"server_location": {"hostname": "x", "port": 443}, "scan_result": {"tls_1_0_cipher_suites": {"status": "COMPLETED", "result": {"accepted_cipher_suites": [{}]}},
            "heartbleed": {"result": {"is_vulnerable_to_heartbleed": true}}}}]}"#,
            &["medium heartbleed x:443", "medium tls_1_0_cipher_suites x:443"],
        );
        assert!(is_weak("TLS_RSA_WITH_AES_128_GCM_SHA256") && is_weak("TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"));
        assert!(!is_weak("TLS_AES_128_GCM_SHA256") && !is_weak("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"));
    }
}
