//! Policies of Checkov and in Rego, as the command line names them.

use bartizan_core::{ArtifactPath, Rule};
use bartizan_iac::{
    PolicyText,
    policy::checkov::{self, InvalidPolicy, Policy},
    rego,
    rule::IacRule,
};

use crate::{
    failure::{Failure, Outcome, Place},
    rule_files::{DataText, RuleText},
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

/// The same, of a module of Rego.
pub(crate) fn module_of(text: RuleText) -> Outcome<PolicyText> {
    if text.is_named {
        check_module(&text)?;
    }
    Ok(module(text))
}

/// Whether a module can be read.
pub(crate) fn check_module(text: &RuleText) -> Result<(), Failure> {
    rego::check(&PolicyText { origin: origin(text), text: text.text.clone() }).map_err(|problem| {
        let place = Place::in_text(&text::path(&text.path), &text.text, problem.line, problem.column, 1);
        let failure = Failure::bad_input("rule", text::harmless(&problem.message)).at(place);
        failure.with_help("docs/iac-policies.md says which policies in Rego are run")
    })
}

/// The module in a file, whatever it holds.
pub(crate) fn module(text: RuleText) -> PolicyText {
    PolicyText { origin: origin(&text), text: text.text }
}

/// What policies in Rego see of a file of data.
pub(crate) fn data_of(text: DataText) -> rego::DataFile {
    let origin = ArtifactPath::from_bytes(text.path.as_os_str().as_encoded_bytes());
    rego::DataFile { file: PolicyText { origin, text: text.text }, below: text.below }
}

/// What is known of the rules that a module of Rego holds; of a library there are none.
pub(crate) fn describe_module(text: &RuleText) -> Vec<Rule> {
    let module = PolicyText { origin: origin(text), text: text.text.clone() };
    rego::Policies::new(&rego::Files { modules: vec![module], data: Vec::new() }, None).rules().collect()
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
