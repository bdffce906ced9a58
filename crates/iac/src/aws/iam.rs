//! What policies of IAM allow that they should not. One check; rules say what it looks for by `find`, one of [`FINDS`].

use serde_json::Value as Json;

use super::{
    action::{self, Level},
    document::{Condition, Document, Statement},
};
use crate::{
    Cause, Failure, Kind, Place, Resource, Verdict,
    check::{Check, Context, Look},
};

/// Fails where a policy says what the rule looks for. Told: `find`; `attributes` that hold policies; `services`.
pub(super) const POLICY: Check = Check { name: "iam-policy", look: Look::Resource(policy) };

/// How a statement is judged: the place that is to blame, or nothing.
type Find = fn(&Statement, &[String]) -> Option<Place>;

/// What can be looked for in single statements.
static FINDS: &[(&str, Find)] = &[
    ("administrator", |statement, _| allowed_action(statement, is_any).filter(|_| statement.resources.has(|word| word == "*"))),
    ("any-action", any_action),
    ("service-wildcard", service_wildcard),
    ("any-wildcard", any_wildcard),
    ("inverted", inverted),
    ("credentials", |statement, _| one_of(statement, action::CREDENTIALS)),
    ("exfiltration", |statement, _| one_of(statement, action::DATA)),
    ("permissions", |statement, _| unlimited(statement, Level::Permissions)),
    ("write", |statement, _| unlimited(statement, Level::Write)),
    ("any-resource", |statement, _| {
        let many = allowed_action(statement, |action| action.contains('*')).filter(|_| statement.is_about_everything());
        many.or_else(|| unlimited(statement, Level::Read))
            .or_else(|| unlimited(statement, Level::Write))
            .or_else(|| unlimited(statement, Level::Permissions))
    }),
    ("anyone", |statement, _| anyone(statement).filter(|_| !is_narrowed(statement))),
    ("trust-anyone", |statement, _| trust_anyone(statement)),
    ("trust-account", |statement, _| trust_account(statement)),
    ("oidc", |statement, _| oidc(statement)),
    ("confused-deputy", |statement, _| confused_deputy(statement)),
    ("lockout", |statement, _| lockout(statement)),
    ("full-iam", |statement, _| {
        allowed_action(statement, |action| is_any(action) || action == "iam:*").filter(|_| statement.resources.has(|word| word == "*"))
    }),
    ("named-account", |statement, _| named_account(statement)),
];

/// Attributes that hold policies where a rule names none.
const ATTRIBUTES: [&str; 2] = ["policy", "inline_policy"];
const TRUST: [&str; 1] = ["assume_role_policy"];

fn policy(resource: &Resource, context: &Context<'_>) -> Verdict {
    let find = context.with.get("find").and_then(Json::as_str).unwrap_or_default();
    let texts = |name: &str| -> Vec<String> {
        let items = context.with.get(name).and_then(Json::as_array).into_iter().flatten();
        items.filter_map(Json::as_str).map(str::to_owned).collect()
    };
    let services = texts("services");
    let documents = documents(resource, find, &texts("attributes"));
    if documents.is_empty() {
        return Verdict::NotApplicable;
    }
    documents.iter().fold(Verdict::Pass, |verdict, (part, document)| verdict.and(|| judge(document, part, find, &services)))
}

/// The policies that a resource holds, by attribute.
fn documents(resource: &Resource, find: &str, named: &[String]) -> Vec<(String, Document)> {
    if &*resource.canonical_type == "data.aws_iam_policy_document" {
        return vec![("statement".to_owned(), Document::of_blocks(&resource.body))];
    }
    let is_trust = matches!(find, "trust-anyone" | "trust-account" | "oidc" | "confused-deputy");
    let usual: &[&str] = if is_trust { &TRUST } else { &ATTRIBUTES };
    let names: Vec<&str> = if named.is_empty() { usual.to_vec() } else { named.iter().map(String::as_str).collect() };
    let mut documents = Vec::new();
    for (name, value) in names.iter().filter_map(|name| Some((*name, resource.get(name)?))) {
        // Blocks of a role hold policies in turn.
        match &value.kind {
            Kind::List(blocks) => {
                let inner = blocks.iter().filter_map(|block| block.get("policy"));
                documents.extend(inner.map(|policy| (name.to_owned(), Document::read(policy))));
            }
            _ => documents.push((name.to_owned(), Document::read(value))),
        }
    }
    documents
}

/// Fails where all policies of a user, a group or a role together make it an administrator.
pub(super) const PRINCIPAL: Check = Check { name: "iam-principal-escalates", look: Look::Resource(principal) };
/// Fails where no policy of a group asks for MFA.
pub(super) const GROUP_MFA: Check = Check { name: "iam-group-mfa", look: Look::Resource(group_mfa) };

/// All policies that a user, a group or a role has, as far as they are in the code.
fn policies_of(resource: &Resource, context: &Context<'_>) -> Vec<Document> {
    let mut found: Vec<Document> = documents(resource, "", &[]).into_iter().map(|(_, document)| document).collect();
    for other in context.graph.referring_to(resource.id) {
        let is_of = |names: &[&str]| names.contains(&&*other.canonical_type);
        if is_of(&["aws_iam_user_policy", "aws_iam_group_policy", "aws_iam_role_policy"]) {
            found.extend(other.get("policy").map(Document::read));
        }
        if is_of(&[
            "aws_iam_user_policy_attachment",
            "aws_iam_group_policy_attachment",
            "aws_iam_role_policy_attachment",
            "aws_iam_policy_attachment",
        ]) {
            let attached = context.graph.referred_by(other).into_iter().filter(|policy| &*policy.canonical_type == "aws_iam_policy");
            found.extend(attached.filter_map(|policy| policy.get("policy")).map(Document::read));
        }
    }
    found
}

fn principal(resource: &Resource, context: &Context<'_>) -> Verdict {
    let mut all = Document::default();
    for document in policies_of(resource, context) {
        all.statements.extend(document.statements);
        all.unknown = all.unknown.or(document.unknown);
    }
    match escalation(&all) {
        Some(place) => {
            let related = vec![(place, "this action is one of them".to_owned())];
            Verdict::Fail(Failure { related, ..Failure::default() })
        }
        None => all.unknown.map_or(Verdict::Pass, |(cause, place)| Verdict::Unknown(cause, place)),
    }
}

fn group_mfa(resource: &Resource, context: &Context<'_>) -> Verdict {
    let policies = policies_of(resource, context);
    let asks = |statement: &Statement| statement.conditions.iter().any(|condition| condition.key == "aws:multifactorauthpresent");
    if policies.iter().flat_map(|document| &document.statements).any(asks) {
        return Verdict::Pass;
    }
    match policies.into_iter().find_map(|document| document.unknown) {
        Some((cause, place)) => Verdict::Unknown(cause, place),
        None => Verdict::missing(""),
    }
}

fn judge(document: &Document, part: &str, find: &str, services: &[String]) -> Verdict {
    let failing: Vec<Place> = match find {
        "escalation" => escalation(document).into_iter().collect(),
        "plain-text-allowed" => plain_text_allowed(document).into_iter().collect(),
        _ => match FINDS.iter().find(|(name, _)| *name == find) {
            Some((_, look)) => document.statements.iter().filter_map(|statement| look(statement, services)).collect(),
            None => return Verdict::NotApplicable,
        },
    };
    if let Some(place) = failing.first() {
        let related = failing.iter().skip(1).filter(|other| *other != place).map(|other| (*other, "and here".to_owned())).collect();
        let place = Some(*place).filter(|place| place.is_somewhere());
        return Verdict::Fail(Failure { place, part: part.to_owned(), related, ..Failure::default() });
    }
    match document.unknown.clone().or_else(|| document.statements.iter().find_map(|statement| unknown_of(statement, find))) {
        Some((cause, place)) => Verdict::Unknown(cause, place),
        None => Verdict::Pass,
    }
}

/// Why a statement may yet be what is looked for.
fn unknown_of(statement: &Statement, find: &str) -> Option<(Cause, Place)> {
    if statement.is_allow == matches!(find, "lockout" | "plain-text-allowed") {
        return None;
    }
    statement.unknown()
}

fn is_any(action: &str) -> bool {
    matches!(action, "*" | "*:*")
}

/// The place of an allowed action that is like this.
fn allowed_action(statement: &Statement, is_wanted: impl Fn(&str) -> bool) -> Option<Place> {
    statement.actions.place_of(is_wanted).filter(|_| statement.is_allow)
}

fn any_action(statement: &Statement, services: &[String]) -> Option<Place> {
    let is_wanted = |action: &str| is_any(action) || is_whole_service(action, services);
    allowed_action(statement, is_wanted)
}

/// Whether an action is all those of one of these services.
fn is_whole_service(action: &str, services: &[String]) -> bool {
    action.split_once(':').is_some_and(|(service, verbs)| verbs == "*" && services.iter().any(|known| known.eq_ignore_ascii_case(service)))
}

fn service_wildcard(statement: &Statement, services: &[String]) -> Option<Place> {
    allowed_action(statement, |action| is_whole_service(action, services)).filter(|_| statement.resources.has(|word| word == "*"))
}

fn any_wildcard(statement: &Statement, _: &[String]) -> Option<Place> {
    let has_star = |word: &str| word.contains('*');
    let in_resources = || {
        let limited = statement.actions.has(|pattern| action::does(pattern, Level::Read) || action::does(pattern, Level::Write));
        statement.resources.place_of(has_star).filter(|_| statement.is_allow && limited)
    };
    allowed_action(statement, has_star).or_else(in_resources)
}

fn inverted(statement: &Statement, _: &[String]) -> Option<Place> {
    let words = [&statement.not_actions, &statement.not_resources].into_iter().find(|words| words.is_written)?;
    let place = words.known.first().map_or(statement.place, |(_, place)| *place);
    (statement.is_allow && statement.principals.is_empty()).then_some(place)
}

/// The place of an action that means one of these, where nothing limits it.
fn one_of(statement: &Statement, wanted: &[&str]) -> Option<Place> {
    if !statement.is_about_everything() {
        return None;
    }
    allowed_action(statement, |pattern| wanted.iter().any(|action| action::matches(pattern, action)))
}

fn unlimited(statement: &Statement, level: Level) -> Option<Place> {
    if !statement.is_about_everything() {
        return None;
    }
    allowed_action(statement, |pattern| action::does(pattern, level))
}

/// The place of an action by which the holder of a policy becomes administrator.
fn escalation(document: &Document) -> Option<Place> {
    let allowed: Vec<&(String, Place)> = document
        .statements
        .iter()
        .filter(|statement| statement.is_allow && statement.is_about_everything())
        .flat_map(|statement| statement.actions.known.iter())
        .collect();
    let place_of = |action: &str| allowed.iter().find(|(pattern, _)| action::matches(pattern, action)).map(|(_, place)| *place);
    action::ESCALATIONS.iter().find_map(|together| {
        let places: Option<Vec<Place>> = together.iter().map(|action| place_of(action)).collect();
        places?.first().copied()
    })
}

/// The place of a principal that means everybody.
fn anyone(statement: &Statement) -> Option<Place> {
    if !statement.is_allow {
        return None;
    }
    let is_everybody = |kind: &str, name: &str| matches!(kind, "AWS" | "*") && (name == "*" || name.starts_with("arn:aws:iam::*:"));
    let named = statement.principals().find(|(kind, (name, _))| is_everybody(kind, name)).map(|(_, (_, place))| *place);
    named.or_else(|| statement.has_not_principal.then_some(statement.place))
}

/// Keys of conditions that do not say who asks.
static WEAK_KEYS: &[&str] = &[
    "aws:securetransport",
    "aws:useragent",
    "aws:referer",
    "aws:currenttime",
    "aws:epochtime",
    "aws:requestedregion",
    "s3:x-amz-acl",
    "s3:x-amz-server-side-encryption",
    "s3:prefix",
    "s3:max-keys",
];

/// Whether a condition says who asks.
fn is_narrowed(statement: &Statement) -> bool {
    let narrows = |condition: &Condition| {
        let says_nothing = condition
            .values
            .has(|value| matches!(value, "*" | "0.0.0.0/0" | "::/0" | "arn:*" | "arn:aws:*") || value.starts_with("arn:aws:iam::*"));
        !WEAK_KEYS.contains(&condition.key.as_str())
            && !says_nothing
            && !condition.test.contains("Not")
            && !condition.test.starts_with("ForAllValues")
    };
    statement.conditions.iter().any(narrows)
}

fn is_trust(statement: &Statement) -> bool {
    statement.is_allow && statement.actions.has(|action| action == "*" || action.starts_with("sts:"))
}

fn trust_anyone(statement: &Statement) -> Option<Place> {
    let everybody = statement.principals().find(|(kind, (name, _))| *kind != "Federated" && name == "*");
    everybody.map(|(_, (_, place))| *place).filter(|_| is_trust(statement) && !is_narrowed(statement))
}

/// The place of a principal in an account that is named, where no condition says more.
fn named_account(statement: &Statement) -> Option<Place> {
    let named = statement.principals().find(|(kind, (name, _))| *kind == "AWS" && name.bytes().filter(u8::is_ascii_digit).count() >= 12);
    named.map(|(_, (_, place))| *place).filter(|_| statement.is_allow && !is_narrowed(statement))
}

fn trust_account(statement: &Statement) -> Option<Place> {
    let is_account = |name: &str| {
        let is_number = |text: &str| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
        is_number(name) || name.strip_prefix("arn:aws:iam::").and_then(|rest| rest.strip_suffix(":root")).is_some_and(is_number)
    };
    let account = statement.principals().find(|(kind, (name, _))| *kind == "AWS" && is_account(name));
    account.map(|(_, (_, place))| *place).filter(|_| is_trust(statement) && statement.conditions.is_empty())
}

/// Providers of identities that sign tokens for everybody: where they are, and how a subject starts that names nobody.
static OPEN_PROVIDERS: &[&str] = &["token.actions.githubusercontent.com", "gitlab.com", "app.terraform.io", "agent.buildkite.com"];

fn oidc(statement: &Statement) -> Option<Place> {
    let provider = |name: &str| OPEN_PROVIDERS.iter().any(|provider| name.ends_with(provider) || name == *provider);
    let (_, (_, place)) = statement.principals().find(|(kind, (name, _))| *kind == "Federated" && provider(name))?;
    if !statement.is_allow {
        return None;
    }
    let subjects: Vec<&Condition> = statement.conditions.iter().filter(|condition| condition.key.ends_with(":sub")).collect();
    // Tokens of GitLab and others name a project in claims of their own.
    let names_other_claim = statement.conditions.iter().any(|condition| {
        [":repository", ":repository_id", ":repository_owner_id", ":job_workflow_ref", ":project_path", ":project_id"]
            .iter()
            .any(|claim| condition.key.ends_with(claim))
    });
    if subjects.is_empty() {
        return (!names_other_claim).then_some(*place);
    }
    // Other claims before the repository are chosen by whoever starts a workflow.
    let starts =
        ["repo:", "repository:", "repository_id:", "repository_owner:", "repository_owner_id:", "job_workflow_ref:", "enterprise:"];
    let is_github = |subject: &str| place_is_github(statement) && !starts.iter().any(|start| subject.starts_with(start));
    let is_loose = |subject: &str| {
        if is_github(subject) {
            return true;
        }
        let rest = subject.strip_prefix("repo:").or_else(|| subject.strip_prefix("project_path:")).unwrap_or(subject);
        let owner = rest.split(':').next().unwrap_or_default();
        match owner.split_once('/') {
            Some((organization, repository)) => organization.contains('*') || repository.starts_with('*') || repository.is_empty(),
            None => subject.contains('*') || !subject.contains(':'),
        }
    };
    let loose = subjects.iter().find_map(|condition| condition.values.place_of(is_loose));
    loose.map(|loose| loose.or(*place))
}

fn place_is_github(statement: &Statement) -> bool {
    statement.principals().any(|(_, (name, _))| name.ends_with("token.actions.githubusercontent.com"))
}

/// Services that work with what their caller names, in accounts of others.
static DEPUTIES: &[&str] = &[
    "apigateway.amazonaws.com",
    "backup.amazonaws.com",
    "bedrock.amazonaws.com",
    "cloudformation.amazonaws.com",
    "cloudtrail.amazonaws.com",
    "config.amazonaws.com",
    "delivery.logs.amazonaws.com",
    "events.amazonaws.com",
    "firehose.amazonaws.com",
    "guardduty.amazonaws.com",
    "logs.amazonaws.com",
    "pipes.amazonaws.com",
    "s3.amazonaws.com",
    "scheduler.amazonaws.com",
    "sns.amazonaws.com",
    "vpc-flow-logs.amazonaws.com",
];

fn confused_deputy(statement: &Statement) -> Option<Place> {
    let (_, (_, place)) = statement.principals().find(|(kind, (name, _))| *kind == "Service" && DEPUTIES.contains(&name.as_str()))?;
    let is_checked = |condition: &Condition| {
        ["aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths"].contains(&condition.key.as_str())
    };
    (is_trust(statement) && !statement.conditions.iter().any(is_checked)).then_some(*place)
}

/// Actions without which a policy of a bucket can't be repaired.
fn lockout(statement: &Statement) -> Option<Place> {
    let is_everybody = statement.principals().any(|(kind, (name, _))| matches!(kind, "AWS" | "*") && name == "*");
    let locks = |pattern: &str| action::matches(pattern, "s3:PutBucketPolicy");
    let place = statement.actions.place_of(locks)?;
    (!statement.is_allow && is_everybody && statement.conditions.is_empty()).then_some(place)
}

/// The place of a policy that does not refuse requests without TLS.
fn plain_text_allowed(document: &Document) -> Option<Place> {
    let speaks_of_tls = |statement: &Statement, wanted: &str| {
        statement.conditions.iter().any(|condition| {
            (condition.key == "aws:securetransport" && condition.values.has(|value| value.eq_ignore_ascii_case(wanted)))
                || condition.key == "s3:tlsversion"
        })
    };
    let refuses = |statement: &Statement| !statement.is_allow && speaks_of_tls(statement, "false");
    let mut allows = document.statements.iter().filter(|statement| statement.is_allow).peekable();
    let requires = allows.peek().is_some() && allows.all(|statement| speaks_of_tls(statement, "true"));
    let is_safe = document.statements.iter().any(refuses) || requires;
    let first = document.statements.first()?;
    (!is_safe && document.unknown.is_none()).then_some(first.place)
}

#[cfg(test)]
mod tests {
    use super::{Document, judge};
    use crate::{Place, Value, Verdict};

    fn find_in(text: &str, find: &str) -> bool {
        let document = Document::read(&Value::of_text(text, Place::NONE));
        matches!(judge(&document, "", find, &["s3".to_owned()]), Verdict::Fail(_))
    }

    #[test]
    fn statements_are_judged() {
        let statement = |inner: &str| format!(r#"{{"Statement": [{{{inner}}}]}}"#);
        for (inner, find, expected) in [
            (r#""Effect":"Allow","Action":"*","Resource":"*""#, "administrator", true),
            (r#""Effect":"Deny","Action":"*","Resource":"*""#, "administrator", false),
            (r#""Effect":"Allow","Action":"s3:*","Resource":"*""#, "service-wildcard", true),
            (r#""Effect":"Allow","Action":["iam:PassRole","ec2:RunInstances"],"Resource":"*""#, "escalation", true),
            (r#""Effect":"Allow","Action":["iam:PassRole"],"Resource":"*""#, "escalation", false),
            (r#""Effect":"Allow","Action":"s3:GetObject","Principal":"*","Resource":"*""#, "anyone", true),
            (
                r#""Effect":"Allow","Action":"s3:GetObject","Principal":"*","Resource":"*","Condition":{"StringEquals":{"aws:SourceVpce":"v"}}"#,
                "anyone",
                false,
            ),
            (
                r#""Effect":"Allow","Action":"s3:GetObject","Principal":"*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"true"}}"#,
                "anyone",
                true,
            ),
            (r#""Effect":"Deny","Action":"s3:*","Principal":"*","Resource":"*""#, "lockout", true),
            (r#""Effect":"Allow","NotAction":"iam:*","Resource":"*""#, "inverted", true),
        ] {
            assert_eq!(find_in(&statement(inner), find), expected, "{inner} {find}");
        }
    }
}
