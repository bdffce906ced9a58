//! Names of flaws and weaknesses, wherever they stand in a text.

use super::node::Node;

/// How names of flaws start, as their databases write it.
const PREFIXES: &[&str] = &[
    "CVE-",
    "GHSA-",
    "PYSEC-",
    "RUSTSEC-",
    "GO-",
    "OSV-",
    "DSA-",
    "DLA-",
    "USN-",
    "RHSA-",
    "RHBA-",
    "ALAS-",
    "ALAS2-",
    "ELSA-",
    "SNYK-",
    "GMS-",
    "XRAY-",
    "SONATYPE-",
    "BIT-",
    "MAL-",
    "TEMP-",
    "SUSE-SU-",
    "OPENSUSE-SU-",
    "ALPINE-",
    "NSWG-ECO-",
    "CAN-",
];

/// The names of flaws in a text, each once, as they are written.
pub(super) fn ids(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let is_part = |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | ':' | '.');
    for word in text.split(|character| !is_part(character)).filter(|word| 6 < word.len()) {
        let word = word.trim_matches(['.', ':', '-', '_']);
        let is_prefix = |prefix: &&&str| word.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
        let Some(prefix) = PREFIXES.iter().find(is_prefix) else { continue };
        let rest = word.get(prefix.len()..).unwrap_or_default();
        if *prefix != "GHSA-" && !rest.bytes().any(|byte| byte.is_ascii_digit()) {
            continue;
        }
        // What follows a name of fixed form is none of it.
        let name = match *prefix {
            "CVE-" | "CAN-" => cve(rest).map(|rest| format!("{prefix}{rest}")),
            "GHSA-" => Some(format!("GHSA-{}", rest.to_ascii_lowercase())).filter(|name| name.len() == 19),
            "GO-" | "OSV-" | "USN-" | "DSA-" | "DLA-" | "PYSEC-" | "RUSTSEC-" | "MAL-" => {
                rest.starts_with(|first: char| first.is_ascii_digit()).then(|| format!("{prefix}{rest}"))
            }
            _ => Some(word.to_owned()),
        };
        add(&mut found, name);
    }
    found
}

/// A year and a number: what is behind `CVE-`, without what follows it.
fn cve(rest: &str) -> Option<String> {
    let (year, number) = rest.split_once('-')?;
    let digits: String = number.chars().take_while(char::is_ascii_digit).collect();
    (year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit()) && !digits.is_empty()).then(|| format!("{year}-{digits}"))
}

/// The names of flaws in several values, each once.
pub(super) fn ids_in(nodes: &[&Node]) -> Vec<String> {
    let mut found = Vec::new();
    for node in nodes {
        ids(node.as_str()).into_iter().for_each(|id| add(&mut found, Some(id)));
    }
    found
}

/// One name as the tool has it, first, and others that are in a text.
pub(super) fn id_and(name: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    add(&mut found, Some(name.trim().to_owned()).filter(|name| !name.is_empty()));
    ids(text).into_iter().for_each(|id| add(&mut found, Some(id)));
    found
}

fn add(found: &mut Vec<String>, id: Option<String>) {
    if let Some(id) = id
        && !found.iter().any(|known| known.eq_ignore_ascii_case(&id))
    {
        found.push(id);
    }
}

/// The numbers of weaknesses in a text: `CWE-79`, `cwe_79`, `CWE: 79`, a URL of CWE's, or nothing but numbers.
pub(super) fn cwes(text: &str) -> Vec<u32> {
    let mut found = Vec::new();
    let mut add = |number: Option<u32>| {
        if let Some(number) = number.filter(|number| 0 < *number && *number < 10_000 && !found.contains(number)) {
            found.push(number);
        }
    };
    if text.split([',', ' ', ';', '|', '[', ']']).all(|part| part.bytes().all(|byte| byte.is_ascii_digit())) {
        text.split([',', ' ', ';', '|', '[', ']']).for_each(|part| add(part.parse().ok()));
        return found;
    }
    let lower = text.to_ascii_lowercase();
    for mark in ["cwe", "definitions/"] {
        for (index, _) in lower.match_indices(mark) {
            let rest = lower.get(index + mark.len()..).unwrap_or_default();
            let rest = rest.trim_start_matches("id").trim_start_matches(['-', '_', ':', ' ', '/', '=', '"', '.', '#', '(', '[']);
            let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
            add(digits.parse().ok());
        }
    }
    found
}

/// The numbers of weaknesses in several values, each once.
pub(super) fn cwes_in(nodes: &[&Node]) -> Vec<u32> {
    let mut found = Vec::new();
    for number in nodes.iter().flat_map(|node| cwes(node.as_str())) {
        if !found.contains(&number) {
            found.push(number);
        }
    }
    found
}

/// The links in a text: what starts with `http`, up to a blank.
pub(super) fn links(text: &str) -> Vec<String> {
    let words = text
        .split(|character: char| character.is_whitespace() || matches!(character, '<' | '>' | '"' | '\'' | '(' | ')' | '[' | ']' | ','));
    let mut found: Vec<String> = Vec::new();
    for word in words.filter(|word| word.starts_with("http://") || word.starts_with("https://")) {
        let word = word.trim_end_matches(['.', ';']);
        if !found.iter().any(|known| known == word) {
            found.push(word.to_owned());
        }
    }
    found
}

/// Text without the elements of HTML.
pub(super) fn plain(html: &str) -> String {
    if !html.contains('<') {
        return html.trim().to_owned();
    }
    let mut text = String::new();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        let is_element = after.starts_with(|first: char| first.is_ascii_alphabetic() || matches!(first, '/' | '!'));
        let Some((name, behind)) = after.split_once('>').filter(|_| is_element) else {
            text.push('<');
            rest = after;
            continue;
        };
        let name = name.trim_start_matches('/').to_ascii_lowercase();
        if ["br", "p", "li", "div", "tr", "h1", "h2", "h3", "pre", "ul"].iter().any(|block| name.split([' ', '/']).next() == Some(block)) {
            text.push('\n');
        }
        rest = behind;
    }
    text.push_str(rest);
    let text = text
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&nbsp;", " ")
        .replace("&amp;", "&");
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let mut joined = String::new();
    for line in lines {
        if !line.is_empty() || !(joined.is_empty() || joined.ends_with("\n\n")) {
            joined.push_str(line);
            joined.push('\n');
        }
    }
    joined.trim().to_owned()
}

/// Paragraphs, without those that are empty.
pub(super) fn paragraphs(parts: &[&str]) -> String {
    let parts: Vec<&str> = parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty()).collect();
    parts.join("\n\n")
}

/// The first line of a text.
pub(super) fn line(text: &str) -> &str {
    text.trim().lines().next().unwrap_or_default().trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_flaws_are_found_in_texts() {
        let text = "see CVE-2021-44228, cve-2021-44228; GHSA-JFH8-c2jp-5v3q (RUSTSEC-2020-0001) http://x/CVE-2020-1.html GO-2022-0001 go-away CVE-x";
        assert_eq!(ids(text), ["CVE-2021-44228", "GHSA-jfh8-c2jp-5v3q", "RUSTSEC-2020-0001", "CVE-2020-1", "GO-2022-0001"]);
    }

    #[test]
    fn weaknesses_have_many_spellings() {
        for text in [
            "CWE-79",
            "79",
            "[79]",
            "cwe_79",
            "CWE: 79",
            "https://cwe.mitre.org/data/definitions/79.html",
            "CWE-79: XSS",
            "cweid=79",
            "external/cwe/cwe-079",
        ] {
            assert_eq!(cwes(text), [79], "{text}");
        }
        assert_eq!(cwes("CWE-79, CWE-80 CWE-79"), [79, 80]);
        assert_eq!(cwes("none in 2024"), Vec::<u32>::new());
    }

    #[test]
    fn elements_are_taken_out_of_texts() {
        assert_eq!(plain("<p>a &lt; b</p><p>c<br/>d</p>"), "a < b\n\nc\nd");
        assert_eq!(plain("1 < 2"), "1 < 2");
    }
}
