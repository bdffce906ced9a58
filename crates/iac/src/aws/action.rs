//! What actions of IAM do, judged by their names: `service:VerbNoun`.

/// What an action does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    Read,
    Write,
    /// It decides who may do what.
    Permissions,
}

/// Verbs that read.
static READING: &[&str] = &[
    "Get",
    "List",
    "Describe",
    "View",
    "Lookup",
    "Search",
    "Query",
    "Scan",
    "Select",
    "Check",
    "Head",
    "BatchGet",
    "BatchCheck",
    "Read",
    "Receive",
    "Download",
    "Preview",
    "Estimate",
    "Simulate",
    "Filter",
    "Test",
    "Verify",
    "Validate",
    "Decrypt",
    "Discover",
    "Detect",
    "Generate",
];

/// Verbs that read and can't be limited to a resource.
static LISTING: &[&str] = &["List", "Describe", "Lookup", "Search", "View", "Simulate", "Estimate"];

/// Words in names of actions that change who may do what.
static PERMISSIONS: &[&str] =
    &["Policy", "Policies", "Permission", "Acl", "Grant", "PublicAccessBlock", "ResourceShare", "SetDefaultPolicyVersion", "AssumeRole"];

/// Actions that can't be limited to a resource, whatever their verb says.
static ANY_RESOURCE_ONLY: &[&str] = &[
    "cloudwatch:putmetricdata",
    "ecr:getauthorizationtoken",
    "ecr-public:getauthorizationtoken",
    "sts:getcalleridentity",
    "sts:getsessiontoken",
    "sts:getservicebearertoken",
    "sts:decodeauthorizationmessage",
    "xray:puttracesegments",
    "xray:puttelemetryrecords",
    "xray:getsamplingrules",
    "xray:getsamplingtargets",
    "xray:getsamplingstatisticsummaries",
    "s3:listallmybuckets",
    "s3:getaccountpublicaccessblock",
    "s3:putaccountpublicaccessblock",
    "kms:createkey",
    "kms:generaterandom",
    "iam:getaccountsummary",
    "iam:getaccountpasswordpolicy",
    "iam:getaccountauthorizationdetails",
    "ssm:createassociationbatch",
    "ec2:createvpc",
    "ec2:createkeypair",
    "tag:getresources",
    "tag:gettagkeys",
    "tag:gettagvalues",
    "cloudwatch:getmetricdata",
    "cloudwatch:getmetricstatistics",
];

/// Services none of whose actions can be limited to a resource.
static ANY_RESOURCE_SERVICES: &[&str] = &["ssmmessages", "ec2messages", "ce", "pricing", "aws-portal", "support", "trustedadvisor"];

/// Actions that return credentials.
pub(super) static CREDENTIALS: &[&str] = &[
    "chime:CreateApiKey",
    "codepipeline:PollForJobs",
    "cognito-identity:GetOpenIdToken",
    "cognito-identity:GetOpenIdTokenForDeveloperIdentity",
    "cognito-identity:GetCredentialsForIdentity",
    "connect:GetFederationToken",
    "connect:GetFederationTokens",
    "ec2:GetPasswordData",
    "gamelift:RequestUploadCredentials",
    "iam:CreateAccessKey",
    "iam:CreateLoginProfile",
    "iam:CreateServiceSpecificCredential",
    "iam:ResetServiceSpecificCredential",
    "iam:UpdateAccessKey",
    "lightsail:GetInstanceAccessDetails",
    "lightsail:GetRelationalDatabaseMasterUserPassword",
    "mediapackage:RotateChannelCredentials",
    "mediapackage:RotateIngestEndpointCredentials",
    "rds-db:connect",
    "redshift:GetClusterCredentials",
    "sso:GetRoleCredentials",
    "sts:AssumeRole",
    "sts:AssumeRoleWithSAML",
    "sts:AssumeRoleWithWebIdentity",
    "sts:GetFederationToken",
    "sts:GetSessionToken",
];

/// Actions that return what is kept.
pub(super) static DATA: &[&str] =
    &["s3:GetObject", "ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath", "secretsmanager:GetSecretValue"];

/// Actions that together make their holder an administrator.
pub(super) static ESCALATIONS: &[&[&str]] = &[
    &["iam:CreatePolicyVersion"],
    &["iam:SetDefaultPolicyVersion"],
    &["iam:CreateAccessKey"],
    &["iam:CreateLoginProfile"],
    &["iam:UpdateLoginProfile"],
    &["iam:AttachUserPolicy"],
    &["iam:AttachGroupPolicy"],
    &["iam:AttachRolePolicy"],
    &["iam:PutUserPolicy"],
    &["iam:PutGroupPolicy"],
    &["iam:PutRolePolicy"],
    &["iam:AddUserToGroup"],
    &["iam:UpdateAssumeRolePolicy", "sts:AssumeRole"],
    &["iam:PassRole", "ec2:RunInstances"],
    &["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"],
    &["iam:PassRole", "lambda:CreateFunction", "lambda:CreateEventSourceMapping"],
    &["lambda:UpdateFunctionCode"],
    &["iam:PassRole", "glue:CreateDevEndpoint"],
    &["glue:UpdateDevEndpoint"],
    &["iam:PassRole", "cloudformation:CreateStack"],
    &["iam:PassRole", "datapipeline:CreatePipeline", "datapipeline:PutPipelineDefinition"],
    &["iam:PassRole", "codestar:CreateProject"],
    &["iam:PassRole", "sagemaker:CreateNotebookInstance"],
    &["iam:PassRole", "ecs:RunTask"],
    &["iam:PassRole", "codebuild:CreateProject"],
];

/// Whether a pattern of a policy (`s3:Get*`) means an action. Letters count the same in both cases.
pub(super) fn matches(pattern: &str, action: &str) -> bool {
    fn inner(pattern: &[u8], text: &[u8]) -> bool {
        // The last star, and how far the text was when it was met: the usual walk without recursion.
        let (mut at, mut with, mut star) = (0, 0, None);
        while at < text.len() {
            match (pattern.get(with), text.get(at)) {
                (Some(b'*'), _) => {
                    star = Some((with, at));
                    with += 1;
                }
                (Some(b'?'), _) => {
                    at += 1;
                    with += 1;
                }
                (Some(one), Some(other)) if one.eq_ignore_ascii_case(other) => {
                    at += 1;
                    with += 1;
                }
                _ => match star {
                    Some((star_at, text_at)) => {
                        star = Some((star_at, text_at + 1));
                        with = star_at + 1;
                        at = text_at + 1;
                    }
                    None => return false,
                },
            }
        }
        pattern.get(with..).unwrap_or_default().iter().all(|byte| *byte == b'*')
    }
    inner(pattern.as_bytes(), action.as_bytes())
}

/// What a pattern of actions may do at most, and whether it could be limited to single resources.
pub(super) fn does(pattern: &str, level: Level) -> bool {
    let Some((service, verbs)) = pattern.split_once(':') else { return pattern == "*" };
    if ANY_RESOURCE_SERVICES.contains(&service.to_ascii_lowercase().as_str())
        || ANY_RESOURCE_ONLY.contains(&pattern.to_ascii_lowercase().as_str())
    {
        return false;
    }
    let starts =
        |verbs_of: &[&str]| verbs_of.iter().any(|verb| verbs.get(..verb.len()).is_some_and(|start| start.eq_ignore_ascii_case(verb)));
    let is_open = verbs.starts_with('*');
    match level {
        _ if is_open => true,
        Level::Read => !starts(LISTING),
        Level::Write => !starts(READING) && !is_about_permissions(service, verbs),
        Level::Permissions => !starts(READING) && is_about_permissions(service, verbs),
    }
}

fn is_about_permissions(service: &str, verbs: &str) -> bool {
    let has = |word: &&str| verbs.to_ascii_lowercase().contains(&word.to_ascii_lowercase());
    service.eq_ignore_ascii_case("iam") && !verbs.eq_ignore_ascii_case("PassRole") || PERMISSIONS.iter().any(has)
}

#[cfg(test)]
mod tests {
    use super::{Level, does, matches};

    #[test]
    fn patterns_mean_actions() {
        for (pattern, action, expected) in [
            ("*", "iam:PassRole", true),
            ("iam:*", "iam:PassRole", true),
            ("iam:pass*", "iam:PassRole", true),
            ("iam:*Role", "iam:PassRole", true),
            ("iam:Get*", "iam:PassRole", false),
            ("iam:PassRol?", "iam:PassRole", true),
            ("iam:PassRole", "iam:PassRole", true),
            ("iam:PassRole", "iam:PassRoles", false),
            ("s3:*", "iam:PassRole", false),
            ("*a*b*a", "ababa", true),
        ] {
            assert_eq!(matches(pattern, action), expected, "{pattern} {action}");
        }
    }

    #[test]
    fn names_say_what_actions_do() {
        for (action, level, expected) in [
            ("s3:PutObject", Level::Write, true),
            ("s3:GetObject", Level::Write, false),
            ("s3:*", Level::Write, true),
            ("s3:GetObject", Level::Read, true),
            ("ec2:DescribeInstances", Level::Read, false),
            ("s3:PutBucketPolicy", Level::Permissions, true),
            ("s3:PutBucketPolicy", Level::Write, false),
            ("iam:CreateUser", Level::Permissions, true),
            ("cloudwatch:PutMetricData", Level::Write, false),
        ] {
            assert_eq!(does(action, level), expected, "{action} {level:?}");
        }
    }
}
