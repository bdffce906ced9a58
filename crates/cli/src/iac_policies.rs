//! Policies of Checkov, as the command line names them.

use bartizan_core::{ArtifactPath, Rule};
use bartizan_iac::{
    PolicyText,
    policy::checkov::{self, InvalidPolicy, Policy},
    rule::IacRule,
};

use crate::{
    failure::{Failure, Outcome, Place},
    rule_files::RuleText,
    text,
};

/// What the engine is given of a file. One that was named itself stops the scan if it is wrong; the engine tells what is wrong with
/// those of a folder, and runs the others.
pub(crate) fn text_of(text: RuleText) -> Outcome<PolicyText> {
    if text.is_named {
        parse(&text)?;
    }
    Ok(PolicyText { origin: origin(&text), text: text.text })
}

/// What is known of the rule that a file holds.
pub(crate) fn describe(text: &RuleText) -> Outcome<Rule> {
    Ok(IacRule::of_policy(parse(text)?).describe())
}

fn parse(text: &RuleText) -> Outcome<Policy> {
    Ok(checkov::parse(&text.text, &origin(text)).map_err(|error| failure(&error, text))?)
}

fn failure(error: &InvalidPolicy, text: &RuleText) -> Failure {
    let start = error.location.region().map_or((1, 1), |region| (region.start.line, region.start.column));
    let place = Place::in_text(&text::path(&text.path), &text.text, start.0, start.1, 1);
    Failure::bad_input("rule", text::harmless(&error.message)).at(place).with_help("docs/iac-policies.md explains every key")
}

fn origin(text: &RuleText) -> ArtifactPath {
    ArtifactPath::from_bytes(text.path.as_os_str().as_encoded_bytes())
}
