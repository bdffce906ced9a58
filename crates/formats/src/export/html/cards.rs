//! The findings.

mod excerpt;

use std::io::{self, Write};

use bartizan_core::{Finding, FlowStep, Location, RelatedLocation, Report, Rule, Severity, Subject, SuppressionKind};

use super::{counted, line, name, number, text};
use crate::{by_severity_and_file, markdown::is_web_address, place, summary::n_places};

/// The findings that are written with excerpt and explanation; the others are written in short.
const MAX_FULL_CARDS: usize = 1000;

/// The places of a finding that are listed, and the steps of a flow.
const MAX_PLACES: usize = 100;

/// The findings in the order of the page: open ones by severity and file, then suppressed ones.
pub(super) fn in_order(report: &Report) -> Vec<&Finding> {
    let groups = by_severity_and_file(report);
    let open = groups.into_iter().flat_map(|group| group.files).flat_map(|file| file.findings);
    open.chain(report.findings.iter().filter(|finding| finding.suppression.is_some())).collect()
}

/// Writes the findings, and closes their section.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let findings = in_order(report);
    if let n_short @ 1.. = findings.len().saturating_sub(MAX_FULL_CARDS) {
        let (n_full, n_short) = (number(MAX_FULL_CARDS), counted(n_short, "finding"));
        writeln!(
            out,
            "<p class=\"quiet\">The first {n_full} are shown in full, the other {n_short} in short. The JSON and SARIF reports have all of everything.</p>"
        )?;
    }
    let mut written = 0;
    for group in findings.chunk_by(|one, other| key(one) == key(other)) {
        let Some(first) = group.first() else { continue };
        let (id, title) = match key(first) {
            Some(severity) => (severity.as_str(), name(severity)),
            None => ("suppressed", "Suppressed"),
        };
        writeln!(
            out,
            "<section class=\"group\" data-group=\"{id}\" aria-labelledby=\"group-{id}\"><h3 id=\"group-{id}\"><span class=\"dot {id}\"></span>{title} <span class=\"quiet\">{}</span></h3>",
            number(group.len())
        )?;
        for finding in group {
            let card = Card { finding, rule: report.rule_of(finding) };
            if written < MAX_FULL_CARDS {
                card.write(out)?;
            } else {
                card.write_short(out)?;
            }
            written += 1;
        }
        writeln!(out, "</section>")?;
    }
    writeln!(out, "</section>")
}

/// The group of a finding: its severity, or nothing if it is suppressed.
fn key(finding: &Finding) -> Option<Severity> {
    finding.suppression.is_none().then_some(finding.severity)
}

struct Card<'a> {
    finding: &'a Finding,
    rule: Option<&'a Rule>,
}

impl Card<'_> {
    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let finding = self.finding;
        self.write_head(out)?;
        writeln!(out, "<p class=\"message\">{}</p>", text(&finding.message))?;
        if let Some(suppression) = &finding.suppression {
            let by = match &suppression.kind {
                SuppressionKind::Inline(mark) => format!("by <code>{}</code> in the code", line(mark)),
                SuppressionKind::Configuration => "by configuration".to_owned(),
                SuppressionKind::Baseline => "by the baseline".to_owned(),
                SuppressionKind::Vex => "by a VEX document".to_owned(),
            };
            let reason = if suppression.reason.is_empty() { "without a reason".to_owned() } else { text(&suppression.reason) };
            writeln!(out, "<p class=\"suppression\"><strong>Suppressed</strong> {by}: {reason}</p>")?;
        }
        excerpt::write(finding, out)?;
        self.write_facts(out)?;
        self.write_advice(out)?;
        self.write_details(out)?;
        writeln!(out, "</article>")
    }

    fn write_short(&self, out: &mut dyn Write) -> io::Result<()> {
        self.write_head(out)?;
        self.write_facts(out)?;
        writeln!(out, "</article>")
    }

    fn write_head(&self, out: &mut dyn Write) -> io::Result<()> {
        let finding = self.finding;
        let title = self.rule.map_or(finding.rule.as_str(), |rule| rule.title.as_str());
        writeln!(
            out,
            "<article class=\"card\" id=\"finding-{}\"><h4><span class=\"badge {severity}\">{}</span> {}</h4>",
            finding.fingerprint,
            name(finding.severity),
            line(title),
            severity = finding.severity,
        )?;
        let others = match n_places(finding) - 1 {
            0 => String::new(),
            n_others => format!(" <span class=\"quiet\">and {}</span>", counted(n_others, "other place")),
        };
        writeln!(out, "<p><code class=\"place\">{}</code>{others}</p>", line(&place::exact(&finding.location)))
    }

    fn write_facts(&self, out: &mut dyn Write) -> io::Result<()> {
        let finding = self.finding;
        writeln!(out, "<dl class=\"facts\">")?;
        let owners: Vec<String> = finding.owners.iter().map(|owner| format!("<b>{}</b>", line(&owner.0))).collect();
        write_fact("Owner", &if owners.is_empty() { "<em>nobody</em>".to_owned() } else { owners.join(", ") }, out)?;
        match &finding.subject {
            Some(Subject::Secret(secret)) => write_fact("Secret", &format!("<code>{}</code>", line(&secret.mask)), out)?,
            Some(Subject::Component(component)) => {
                write_fact("Component", &format!("<code>{}</code>", line(&component.purl)), out)?;
                if let Some(reachability) = component.reachability {
                    write_fact("Reachability", reachability.as_str(), out)?;
                }
            }
            None => {}
        }
        write_fact("Confidence", finding.confidence.as_str(), out)?;
        match finding.baseline {
            Some(bartizan_core::BaselineState::New) => write_fact("Compared", "new", out)?,
            Some(bartizan_core::BaselineState::Unchanged) => write_fact("Compared", "was there before", out)?,
            None => {}
        }
        write_fact("Rule", &format!("<code>{}</code>", line(finding.rule.as_str())), out)?;
        writeln!(out, "</dl>")
    }

    fn write_advice(&self, out: &mut dyn Write) -> io::Result<()> {
        let Some(rule) = self.rule else { return Ok(()) };
        let fixes = &self.finding.fixes;
        if rule.why.is_empty() && rule.how_to_fix.is_empty() && fixes.is_empty() {
            return Ok(());
        }
        writeln!(out, "<details><summary>Why it matters, and how to fix it</summary><div class=\"advice\">")?;
        if !rule.why.is_empty() {
            writeln!(out, "<div><h5>Why it matters</h5><p>{}</p></div>", text(&rule.why))?;
        }
        writeln!(out, "<div><h5>How to fix it</h5>")?;
        if !rule.how_to_fix.is_empty() {
            writeln!(out, "<p>{}</p>", text(&rule.how_to_fix))?;
        }
        for fix in fixes {
            let safety = match fix.safety {
                bartizan_core::FixSafety::Safe => "can be applied as it is",
                bartizan_core::FixSafety::NeedsReview => "needs a review",
            };
            writeln!(out, "<p>Prepared change: {} <span class=\"quiet\">({safety})</span></p>", text(&fix.description))?;
        }
        writeln!(out, "</div>")?;
        let pages: Vec<String> = rule.references.iter().filter(|page| is_web_address(page)).map(|page| link(page, page)).collect();
        if !pages.is_empty() {
            writeln!(out, "<div class=\"wide\"><h5>Read on</h5><ul><li>{}</li></ul></div>", pages.join("</li><li>"))?;
        }
        writeln!(out, "</div></details>")
    }

    fn write_details(&self, out: &mut dyn Write) -> io::Result<()> {
        let finding = self.finding;
        writeln!(out, "<details><summary>Evidence and details</summary><div class=\"advice\">")?;
        let evidence = finding.evidence.iter().map(|evidence| {
            let weight = evidence.weight.map(|weight| format!(" <span class=\"quiet\">({weight:+.1})</span>")).unwrap_or_default();
            format!("<span class=\"strength {strength}\">{strength}</span> {}{weight}", text(&evidence.text), strength = evidence.strength)
        });
        write_list("Why it is believed", evidence, out)?;
        write_list("How data flows", finding.flow.iter().map(|FlowStep { location, message }| remark(location, message)), out)?;
        let related = finding.related.iter().map(|RelatedLocation { location, message }| remark(location, message));
        write_list("See also", related, out)?;
        if 1 < finding.occurrences.len() {
            write_list("All places", finding.occurrences.iter().map(|place| remark(place, "")), out)?;
        }
        let weaknesses =
            finding.cwe.iter().map(|cwe| link(&format!("https://cwe.mitre.org/data/definitions/{}.html", cwe.0), &cwe.to_string()));
        let standards = finding.standards.iter().map(|standard| line(standard.as_str()));
        write_list("Standards", weaknesses.chain(standards), out)?;
        let mut identity = vec![format!("finding <code>{}</code>", finding.fingerprint)];
        if let Some(Subject::Secret(secret)) = &finding.subject {
            identity.push(format!("secret <code>{}</code>", secret.id));
        }
        write_list("Identity", identity.into_iter(), out)?;
        writeln!(out, "</div></details>")
    }
}

fn write_fact(name: &str, markup: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<div><dt>{name}</dt><dd>{markup}</dd></div>")
}

/// A list under a heading; nothing if there are no items.
fn write_list(heading: &str, items: impl Iterator<Item = String>, out: &mut dyn Write) -> io::Result<()> {
    let items: Vec<String> = items.collect();
    if items.is_empty() {
        return Ok(());
    }
    writeln!(out, "<div><h5>{heading}</h5><ul>")?;
    for item in items.iter().take(MAX_PLACES) {
        writeln!(out, "<li>{item}</li>")?;
    }
    if let n_more @ 1.. = items.len().saturating_sub(MAX_PLACES) {
        writeln!(out, "<li class=\"quiet\">and {} more</li>", number(n_more))?;
    }
    writeln!(out, "</ul></div>")
}

fn remark(location: &Location, message: &str) -> String {
    let message = if message.is_empty() { String::new() } else { format!(" {}", text(message)) };
    format!("<code class=\"place\">{}</code>{message}", line(&place::exact(location)))
}

/// A link to a page that was checked to be one.
fn link(page: &str, shown: &str) -> String {
    format!("<a href=\"{}\" rel=\"noopener noreferrer\">{}</a>", line(page), line(shown))
}
