//! A report as a real scan gives it, for tests and for looking at.

use bartizan_core::{
    ArtifactPath, BaselineState, ByteRange, Confidence, Coverage, Cwe, Diagnostic, DiagnosticKind, Edit, EngineId, Evidence, Excerpt,
    ExcerptLine, Finding, Fingerprint, Fix, FixSafety, FlowStep, Limit, LineIndex, Location, Owner, RelatedLocation, Report, Rule,
    RuleOrigin, SecretId, SecretSummary, Severity, SkipReason, StandardId, Strength, Subject, Suppression, SuppressionKind, Tool,
};

/// The scan of a small shop: fourteen findings, two of them suppressed, and a few problems.
pub(crate) fn shop() -> Report {
    let mut findings = vec![
        aws_key(),
        private_key(),
        database_url(),
        github_token(),
        slack_webhook(),
        unpinned_jwt(),
        generic("services/search/settings.py", 41, "    ELASTIC_PASSWORD = \"", "****", &["@acme/search"]),
        generic("services/search/settings.py", 44, "    REDIS_PASSWORD = \"", "****", &["@acme/search"]),
        generic("tools/migrate/config.toml", 7, "admin_token = \"", "****Qx7e", &[]),
        generic("web/.env.production", 3, "SENTRY_AUTH_TOKEN=", "sntrys_****9fJk", &["@acme/web", "lena@acme.example"]),
        no_tls(),
        expired_token(),
        suppressed_inline(),
        suppressed_by_configuration(),
    ];
    findings.sort_by(|one, other| (other.severity, &one.rule, &one.location).cmp(&(one.severity, &other.rule, &other.location)));
    Report {
        tool: Tool { name: "Bartizan".to_owned(), version: "0.1.0".to_owned() },
        target: "/home/ada/src/acme-shop".to_owned(),
        findings,
        rules: rules(),
        diagnostics: vec![
            Diagnostic::new(DiagnosticKind::FileTooLarge, "the file is larger than the limit and was not read")
                .at(Location::whole("data/export/orders-2025.sql".into()))
                .because_of(Limit { name: "max-file-bytes".to_owned(), value: 104_857_600 })
                .with_help("raise the limit with --max-file-size, or exclude the file"),
            Diagnostic::new(DiagnosticKind::ArchiveUnreadable, "the archive is encrypted")
                .at(Location::whole(ArtifactPath::from("vendor/legacy.zip").entry(b"keys/store.p12"))),
            Diagnostic::new(DiagnosticKind::Suppression, "the suppression is expired since 2026-09-30")
                .at(place(".bartizan/config.yaml", 12, 5, 30))
                .with_help("fix the finding, or give the entry a new date and reason"),
        ],
        components: Vec::new(),
        dependencies: Vec::new(),
        coverage: Coverage {
            n_files: 1_284,
            n_bytes: 18_734_112,
            skipped: vec![(SkipReason::Binary, 212), (SkipReason::Empty, 9), (SkipReason::Problem, 2)],
        },
    }
}

/// As many findings as asked for.
pub(crate) fn large(n_findings: usize) -> Report {
    let mut report = shop();
    let kinds = report.findings.clone();
    report.findings = (0..n_findings)
        .map(|index| {
            let mut finding = kinds[index % kinds.len()].clone();
            let path = format!("module-{:03}/{:05}/{}", index % 997, index, finding.location.artifact);
            finding.location.artifact = path.as_str().into();
            finding.occurrences = vec![finding.location.clone()];
            finding.fingerprint = fingerprint(u32::try_from(index).unwrap() + 1_000);
            finding
        })
        .collect();
    report.findings.sort_by_key(|finding| (std::cmp::Reverse(finding.severity), finding.rule.clone(), finding.location.clone()));
    report
}

/// A location on one line, with columns from 1; the bytes are made up.
pub(crate) fn place(path: &str, line: usize, start: usize, end: usize) -> Location {
    let text = format!("{}{}\n", "\n".repeat(line - 1), "x".repeat(end));
    let range = ByteRange::new(line - 1 + start - 1, line - 1 + end - 1);
    Location::within(path.into(), range, &text, &LineIndex::new(&text))
}

/// A finding of a rule with nothing but the necessary.
pub(crate) fn finding(rule: &str, severity: Severity, number: u32, location: Location) -> Finding {
    Finding {
        rule: rule.parse().unwrap(),
        message: String::new(),
        severity,
        confidence: Confidence::High,
        occurrences: vec![location.clone()],
        location,
        excerpt: Excerpt::default(),
        evidence: Vec::new(),
        fingerprint: fingerprint(number),
        related: Vec::new(),
        flow: Vec::new(),
        fixes: Vec::new(),
        cwe: vec![Cwe(798)],
        standards: Vec::new(),
        subject: None,
        owners: Vec::new(),
        suppression: None,
        baseline: None,
    }
}

/// A rule with nothing but the necessary.
pub(crate) fn rule(id: &str, engine: &'static str, title: &str) -> Rule {
    Rule {
        id: id.parse().unwrap(),
        engine: EngineId(engine),
        title: title.to_owned(),
        severity: Severity::High,
        confidence: Confidence::High,
        why: String::new(),
        how_to_fix: String::new(),
        cwe: vec![Cwe(798)],
        standards: Vec::new(),
        tags: Vec::new(),
        references: Vec::new(),
        origin: RuleOrigin::BuiltIn,
        aliases: Vec::new(),
        topic: None,
    }
}

/// A secret of which nothing but the mask is known.
pub(crate) fn masked(number: u32, mask: &str) -> Option<Subject> {
    Some(Subject::Secret(SecretSummary { id: SecretId(fingerprint(number ^ 0xffff)), mask: mask.to_owned(), value: None }))
}

fn fingerprint(number: u32) -> Fingerprint {
    let number = u128::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
    Fingerprint(number.to_be_bytes())
}

/// Lines of code from a number on; of one of them the part between `«` and `»` is highlighted.
pub(crate) fn excerpt(first: u32, lines: &[&str]) -> Excerpt {
    let line = |(index, text): (usize, &&str)| {
        let position = |mark| text.chars().filter(|character| *character != '»' || mark == '»').position(|character| character == mark);
        let highlight = position('«').map(|start| {
            let end = text.chars().filter(|character| *character != '«').position(|character| character == '»').unwrap();
            (u32::try_from(start).unwrap(), u32::try_from(end).unwrap())
        });
        ExcerptLine { number: first + u32::try_from(index).unwrap(), text: text.replace(['«', '»'], ""), highlight }
    };
    Excerpt { lines: lines.iter().enumerate().map(line).collect() }
}

fn evidence(strength: Strength, text: &str, weight: Option<f32>) -> Evidence {
    Evidence { strength, text: text.to_owned(), weight }
}

fn owners(names: &[&str]) -> Vec<Owner> {
    names.iter().map(|name| Owner((*name).to_owned())).collect()
}

fn standards(ids: &[&str]) -> Vec<StandardId> {
    ids.iter().map(|id| id.parse().unwrap()).collect()
}

fn aws_key() -> Finding {
    let location = place("services/payments/config.py", 18, 25, 45);
    Finding {
        message: "An AWS access key with its secret is part of the code. It belongs to account 123456789012.".to_owned(),
        occurrences: vec![
            location.clone(),
            place("deploy/terraform/backend.tf", 9, 17, 37),
            place("dist/payments-1.4.2.whl!/payments/config.py", 18, 25, 45),
            place("docs/runbook.md", 203, 22, 42),
        ],
        excerpt: excerpt(
            16,
            &[
                "class Settings(BaseSettings):",
                "    region: str = \"eu-central-1\"",
                "    aws_access_key_id = \"«AKIA****»\"",
                "    aws_secret_access_key = \"****\"",
                "    bucket: str = \"acme-invoices\"",
            ],
        ),
        evidence: vec![
            evidence(Strength::Proven, "the account number inside the key decodes to 123456789012", None),
            evidence(Strength::Structural, "20 characters of Base32 after AKIA", None),
            evidence(Strength::Contextual, "a 40-character secret stands on the next line", Some(2.3)),
        ],
        related: vec![RelatedLocation {
            location: place("services/payments/config.py", 19, 29, 33),
            message: "the secret part".to_owned(),
        }],
        standards: standards(&["OWASP-TOP10-2025-A07", "ASVS-5.0.0-13.3.1"]),
        subject: masked(1, "AKIA****"),
        owners: owners(&["@acme/payments"]),
        baseline: Some(BaselineState::New),
        ..finding("aws-access-key", Severity::Critical, 1, location)
    }
}

fn private_key() -> Finding {
    let location = place("deploy/ssh/id_ed25519", 1, 1, 36);
    Finding {
        message: "A private key without a passphrase. Whoever reads the repository can sign in with it.".to_owned(),
        excerpt: excerpt(1, &["«-----BEGIN OPENSSH PRIVATE KEY-----»", "****", "-----END OPENSSH PRIVATE KEY-----"]),
        evidence: vec![evidence(Strength::Proven, "it parses as an Ed25519 key for root@build-3, not encrypted", None)],
        cwe: vec![Cwe(321), Cwe(798)],
        subject: masked(2, "-----BEGIN OPENSSH PRIVATE KEY-----****"),
        ..finding("private-key", Severity::Critical, 2, location)
    }
}

fn database_url() -> Finding {
    let location = place("services/orders/src/main/resources/application-prod.yml", 22, 41, 59);
    Finding {
        message: "The password of the user orders_rw on db.acme.internal.".to_owned(),
        excerpt: excerpt(
            20,
            &[
                "spring:",
                "  datasource:",
                "    url: jdbc:postgresql://orders_rw:«****»@db.acme.internal:5432/orders?sslmode=verify-full&connectTimeout=10&socketTimeout=30&applicationName=orders",
            ],
        ),
        evidence: vec![evidence(Strength::Structural, "a connection string with a password", None)],
        subject: masked(3, "****"),
        owners: owners(&["@acme/orders", "@acme/platform"]),
        baseline: Some(BaselineState::Unchanged),
        ..finding("database-connection-string", Severity::High, 3, location)
    }
}

fn github_token() -> Finding {
    let location = place(".github/workflows/release.yml", 31, 20, 60);
    Finding {
        message: "A personal access token of GitHub.".to_owned(),
        excerpt: excerpt(30, &["        env:", "          GH_TOKEN: «ghp_****tQ2x»", "        run: ./scripts/release.sh"]),
        evidence: vec![evidence(Strength::Proven, "its checksum is right", None)],
        subject: masked(4, "ghp_****tQ2x"),
        owners: owners(&["@acme/platform"]),
        baseline: Some(BaselineState::New),
        ..finding("github-token", Severity::High, 4, location)
    }
}

fn slack_webhook() -> Finding {
    let location = place("web/src/notify.ts", 5, 19, 97);
    Finding {
        message: "An incoming webhook of Slack. Whoever has its address can write to the channel.".to_owned(),
        confidence: Confidence::Medium,
        excerpt: excerpt(
            4,
            &[
                "// Tell the team about failed payments.",
                "const HOOK_URL = \"«https://hooks.slack.com/services/T0****»\";",
                "",
                "export async function notify(text: string) {",
            ],
        ),
        evidence: vec![evidence(Strength::Structural, "an address with the three parts of a webhook", None)],
        subject: masked(5, "https://hooks.slack.com/services/T0****"),
        owners: owners(&["@acme/web"]),
        ..finding("slack-webhook", Severity::Medium, 5, location)
    }
}

fn unpinned_jwt() -> Finding {
    let location = place("services/auth/tokens.py", 57, 12, 47);
    Finding {
        message: "The token's own header chooses the algorithm that its signature is checked with.".to_owned(),
        confidence: Confidence::Medium,
        excerpt: excerpt(56, &["def claims_of(request: Request) -> Claims:", "    return «jwt.decode(token, key, options=OPTIONS)»"]),
        flow: vec![
            FlowStep { location: place("services/auth/routes.py", 12, 13, 44), message: "the header comes from the request".to_owned() },
            FlowStep { location: place("services/auth/tokens.py", 50, 5, 30), message: "the token is taken from it".to_owned() },
            FlowStep { location: place("services/auth/tokens.py", 57, 12, 47), message: "and is decoded".to_owned() },
        ],
        fixes: vec![
            Fix {
                description: "Name the algorithm that the issuer uses.".to_owned(),
                safety: FixSafety::NeedsReview,
                edits: vec![Edit {
                    artifact: "services/auth/tokens.py".into(),
                    range: location.range().unwrap(),
                    replacement: "jwt.decode(token, key, algorithms=[\"ES256\"], options=OPTIONS)".to_owned(),
                }],
            },
            Fix {
                description: "Set the algorithm for all calls.".to_owned(),
                safety: FixSafety::NeedsReview,
                edits: vec![Edit {
                    artifact: "services/auth/options.py".into(),
                    range: ByteRange::new(0, 0),
                    replacement: "OPTIONS = {\"algorithms\": [\"ES256\"]}\n".to_owned(),
                }],
            },
        ],
        cwe: vec![Cwe(347)],
        standards: standards(&["ASVS-5.0.0-9.1.2"]),
        owners: owners(&["@acme/identity"]),
        ..finding("jwt-algorithm-not-pinned", Severity::High, 6, location)
    }
}

fn generic(path: &str, line: usize, before: &str, mask: &str, owner_names: &[&str]) -> Finding {
    let location = place(path, line, before.len() + 1, before.len() + 20);
    let quote = if before.ends_with('"') { "\"" } else { "" };
    let number = u32::try_from(line).unwrap() + 100;
    Finding {
        message: "A value that looks like a credential is assigned to a name that says it is one.".to_owned(),
        confidence: Confidence::Medium,
        excerpt: excerpt(u32::try_from(line).unwrap(), &[&format!("{before}«{mask}»{quote}")]),
        evidence: vec![
            evidence(Strength::Contextual, "the name ends in a word for a credential", Some(1.8)),
            evidence(Strength::Contextual, "the value is no word and no placeholder", Some(2.1)),
            evidence(Strength::Contextual, "the file is a configuration of production", Some(0.6)),
        ],
        subject: masked(number, mask),
        owners: owners(owner_names),
        ..finding("generic-credential", Severity::Medium, number, location)
    }
}

fn no_tls() -> Finding {
    let location = place("tools/health.sh", 14, 6, 8);
    Finding {
        message: "The check accepts any certificate.".to_owned(),
        excerpt: excerpt(13, &["for host in $HOSTS; do", "\tcurl «-k» -fsS \"https://$host/health\" || failed+=(\"$host\")", "done"]),
        cwe: vec![Cwe(295)],
        owners: owners(&["@acme/platform"]),
        ..finding("tls-verification-disabled", Severity::Low, 7, location)
    }
}

fn expired_token() -> Finding {
    let location = place("docs/api/example.http", 8, 23, 90);
    Finding {
        message: "A JSON Web Token that expired on 2023-05-01.".to_owned(),
        confidence: Confidence::High,
        excerpt: excerpt(8, &["Authorization: Bearer «eyJhbGciOi****»"]),
        evidence: vec![evidence(Strength::Proven, "its header and claims parse; it is expired", None)],
        subject: masked(8, "eyJhbGciOi****"),
        owners: owners(&["@acme/docs"]),
        ..finding("json-web-token", Severity::Info, 8, location)
    }
}

fn suppressed_inline() -> Finding {
    let location = place("services/payments/tests/fixtures.py", 4, 15, 41);
    Finding {
        message: "A secret key of Stripe for live payments.".to_owned(),
        excerpt: excerpt(4, &["LIVE_KEY = \"«sk_live_****»\"  # bartizan:ignore[stripe-secret-key] made up"]),
        subject: masked(9, "sk_live_****"),
        owners: owners(&["@acme/payments"]),
        suppression: Some(Suppression {
            kind: SuppressionKind::Inline("bartizan:ignore[stripe-secret-key]".to_owned()),
            reason: "made up".to_owned(),
            location: Some(place("services/payments/tests/fixtures.py", 4, 45, 80)),
            is_added_by_change: true,
        }),
        ..finding("stripe-secret-key", Severity::Critical, 9, location)
    }
}

fn suppressed_by_configuration() -> Finding {
    let location = place("examples/quickstart/.env.example", 2, 9, 30);
    Finding {
        message: "A value that looks like a credential is assigned to a name that says it is one.".to_owned(),
        confidence: Confidence::Low,
        subject: masked(10, "****"),
        suppression: Some(Suppression {
            kind: SuppressionKind::Configuration,
            reason: "examples hold no real credentials; agreed with the security team on 2026-06-02".to_owned(),
            location: Some(place(".bartizan/config.yaml", 3, 3, 20)),
            is_added_by_change: false,
        }),
        ..finding("generic-credential", Severity::Medium, 10, location)
    }
}

fn rules() -> Vec<Rule> {
    let mut rules = vec![
        Rule {
            severity: Severity::Critical,
            why: "Whoever reads the repository can act as this user of AWS: read and delete data, and start machines at your cost. Keys in public repositories are tried within minutes.".to_owned(),
            how_to_fix: "Deactivate the key in IAM first, then delete it. Let the service assume a role instead of holding a key. Look through CloudTrail for uses of the key that you can't explain.".to_owned(),
            standards: standards(&["OWASP-TOP10-2025-A07", "ASVS-5.0.0-13.3.1"]),
            tags: vec!["cloud".to_owned(), "aws".to_owned()],
            references: vec!["https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html".to_owned()],
            ..rule("aws-access-key", "secrets", "AWS access key")
        },
        Rule {
            severity: Severity::High,
            why: "The password opens the database to everybody who has the code, and stays in the history after it is removed.".to_owned(),
            how_to_fix: "Change the password, and read it from the secret store when the service starts.".to_owned(),
            ..rule("database-connection-string", "secrets", "Connection string with a password")
        },
        Rule {
            severity: Severity::Medium,
            confidence: Confidence::Medium,
            why: "A credential in the code is known to everybody who has ever had the code.".to_owned(),
            how_to_fix: "If the value is real, replace it where it is valid, and read the new one from the environment or a secret store. If it is not, say so with a comment: bartizan:ignore[generic-credential] and a reason.".to_owned(),
            ..rule("generic-credential", "secrets", "Credential in an assignment")
        },
        Rule {
            why: "The token acts with the rights of the person who made it, in all repositories that this person can reach.".to_owned(),
            how_to_fix: "Revoke the token in the settings of its owner. In workflows use the token of the job, with the permissions that the job needs.".to_owned(),
            references: vec!["https://docs.github.com/en/actions/security-for-github-actions".to_owned()],
            ..rule("github-token", "secrets", "GitHub personal access token")
        },
        Rule {
            severity: Severity::Info,
            why: "An expired token opens nothing, but tells who issued it and for whom.".to_owned(),
            how_to_fix: "Replace it by a made-up one.".to_owned(),
            ..rule("json-web-token", "secrets", "JSON Web Token")
        },
        Rule {
            why: "Whoever chooses the algorithm chooses whether the signature is checked.".to_owned(),
            how_to_fix: "Name the one algorithm that the issuer uses.".to_owned(),
            cwe: vec![Cwe(347)],
            ..rule("jwt-algorithm-not-pinned", "sast", "JWT accepted with any algorithm")
        },
        Rule {
            severity: Severity::Critical,
            why: "The key opens every machine that trusts it.".to_owned(),
            how_to_fix: "Remove the public key from authorized_keys wherever it is, and make a new pair with a passphrase.".to_owned(),
            cwe: vec![Cwe(321), Cwe(798)],
            ..rule("private-key", "secrets", "Private key")
        },
        Rule { severity: Severity::Medium, ..rule("slack-webhook", "secrets", "Slack webhook") },
        Rule { severity: Severity::Critical, ..rule("stripe-secret-key", "secrets", "Stripe secret key") },
        Rule {
            severity: Severity::Low,
            why: "Anybody on the way can read and change what is sent.".to_owned(),
            how_to_fix: "Leave the option out, and trust the authority that issued the certificate.".to_owned(),
            cwe: vec![Cwe(295)],
            ..rule("tls-verification-disabled", "sast", "TLS certificates are not verified")
        },
    ];
    rules.sort_by(|one, other| one.id.cmp(&other.id));
    rules
}
