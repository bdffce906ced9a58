//! Configuration as it stands in its file. The comments here are the documentation in the published schemas.

use std::{collections::BTreeMap, fmt};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{
    Deserialize, Deserializer,
    de::{self, SeqAccess, Visitor},
};
use serde_saphyr::Spanned;

use super::deps::DepsFile;

/// Which findings a scan looks for, shows and counts.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(super) struct ConfigFile {
    /// The version of this format: 1.
    #[schemars(with = "Option<u32>", extend("enum" = [1, null]))]
    pub(super) version: Option<Spanned<u32>>,
    /// Engines by name: `false` turns one off; `true`, in a policy, keeps repositories from turning it off.
    #[schemars(with = "BTreeMap<String, bool>")]
    pub(super) engines: BTreeMap<String, Spanned<bool>>,
    /// Rules whose findings are left out, by id.
    #[schemars(with = "Vec<String>")]
    pub(super) disable_rules: Vec<Spanned<String>>,
    /// Files that are left out: patterns in the syntax of `.gitignore`, relative to the repository's root.
    #[schemars(with = "Vec<String>")]
    pub(super) exclude: Vec<Spanned<String>>,
    /// Findings of a lower severity are left out.
    #[schemars(with = "Option<SeverityName>")]
    pub(super) min_severity: Option<Spanned<String>>,
    /// Findings that are less sure are left out.
    #[schemars(with = "Option<ConfidenceName>")]
    pub(super) min_confidence: Option<Spanned<String>>,
    /// An open finding of this severity or a higher one fails the scan. Of several such settings the strictest holds.
    #[schemars(with = "Option<SeverityName>")]
    pub(super) fail_on: Option<Spanned<String>>,
    /// How much is read at most; of several such settings the smallest holds.
    pub(super) limits: LimitsFile,
    /// Which marks in comments are honored.
    pub(super) trust: TrustFile,
    /// What the project says about its supply chain.
    pub(super) deps: DepsFile,
    /// Findings that somebody decided not to act on. They stay in reports that programs read.
    #[schemars(with = "Vec<SuppressionFile>")]
    pub(super) suppressions: Vec<Spanned<SuppressionFile>>,
    /// In a policy: where advisories come from.
    #[schemars(with = "Option<AdvisoriesFile>")]
    pub(super) advisories: Option<Spanned<AdvisoriesFile>>,
    /// In a policy: what the configuration inside of a scanned repository may do.
    #[schemars(with = "Option<AllowFile>")]
    pub(super) allow: Option<Spanned<AllowFile>>,
}

/// How much is read at most.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(super) struct LimitsFile {
    /// The largest file that is read, in bytes.
    #[schemars(with = "Option<u64>")]
    pub(super) max_file_bytes: Option<Spanned<u64>>,
    /// How deeply folders are nested.
    #[schemars(with = "Option<u64>")]
    pub(super) max_depth: Option<Spanned<u64>>,
    /// How many files are looked at.
    #[schemars(with = "Option<u64>")]
    pub(super) max_files: Option<Spanned<u64>>,
    /// How deeply archives are nested in archives; 0 looks into none.
    #[schemars(with = "Option<u64>")]
    pub(super) max_archive_depth: Option<Spanned<u64>>,
    /// How many entries are looked at in one archive.
    #[schemars(with = "Option<u64>")]
    pub(super) max_archive_entries: Option<Spanned<u64>>,
    /// How many bytes are unpacked from one archive.
    #[schemars(with = "Option<u64>")]
    pub(super) max_archive_bytes: Option<Spanned<u64>>,
}

/// Which marks in comments are honored; all are unless the policy or the repository says `false`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(super) struct TrustFile {
    /// `bartizan:ignore[rule] reason`.
    #[schemars(with = "Option<bool>")]
    pub(super) inline_suppressions: Option<Spanned<bool>>,
    /// The same without a reason.
    #[schemars(with = "Option<bool>")]
    pub(super) inline_without_reason: Option<Spanned<bool>>,
    /// The marks of other tools, such as `nosemgrep` and `gitleaks:allow`, and the VEX documents in `.vex/`.
    #[schemars(with = "Option<bool>")]
    pub(super) foreign_marks: Option<Spanned<bool>>,
}

/// Where `bartizan advisories update` gets advisories from.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(super) struct AdvisoriesFile {
    /// Addresses below which an ecosystem's `all.zip` and `modified_id.csv` are, as OSV has them; and those of single documents,
    /// such as CISA's catalogue of exploited flaws. Every one is asked.
    #[schemars(with = "Vec<String>")]
    pub(super) mirrors: Vec<Spanned<String>>,
}

/// Findings that somebody decided not to act on: those that every given key fits.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(extend("anyOf" = [{ "required": ["rule"] }, { "required": ["fingerprint"] }]))]
pub(super) struct SuppressionFile {
    /// The rule's id.
    #[schemars(with = "Option<String>")]
    pub(super) rule: Option<Spanned<String>>,
    /// Files, as a pattern of the syntax of `.gitignore`, relative to the repository's root.
    #[schemars(with = "Option<String>")]
    pub(super) path: Option<Spanned<String>>,
    /// One finding, by the fingerprint that reports show.
    #[schemars(with = "Option<String>", extend("pattern" = "^[0-9a-f]{32}$"))]
    pub(super) fingerprint: Option<Spanned<String>>,
    /// Why no action is needed, for those who read it later.
    #[schemars(with = "String", extend("minLength" = 1))]
    pub(super) reason: Spanned<String>,
    /// The last day on which it holds.
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    pub(super) expires: Option<Spanned<String>>,
}

/// What the configuration inside of a scanned repository may do. What is not named is allowed.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(super) struct AllowFile {
    /// Leave out files.
    pub(super) exclude: Option<bool>,
    /// Turn off engines.
    pub(super) disable_engines: Option<Choice>,
    /// Leave out the findings of rules.
    pub(super) disable_rules: Option<Choice>,
    /// Suppress findings of rules, in the repository's file or by a mark in a comment.
    pub(super) suppress: Option<Choice>,
    /// A suppression in the repository's file ends at most so many days from today.
    pub(super) max_suppression_days: Option<u32>,
    /// The highest `min-severity` that a repository may set.
    #[schemars(with = "Option<SeverityName>")]
    pub(super) min_severity: Option<Spanned<String>>,
    /// The highest `min-confidence` that a repository may set.
    #[schemars(with = "Option<ConfidenceName>")]
    pub(super) min_confidence: Option<Spanned<String>>,
    /// Lower limits, so that less is read.
    pub(super) limits: Option<bool>,
    /// Add registries that packages may come from.
    pub(super) registries: Option<bool>,
}

/// All, none, or these.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) enum Choice {
    /// Any.
    #[default]
    All,
    /// None at all.
    None,
    /// Those that are named.
    These(Vec<String>),
}

impl Choice {
    /// Whether a name is among them.
    pub(crate) fn contains(&self, name: &str) -> bool {
        match self {
            Self::All => true,
            Self::None => false,
            Self::These(names) => names.iter().any(|known| known == name),
        }
    }
}

impl<'de> Deserialize<'de> for Choice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ChoiceVisitor;

        impl<'de> Visitor<'de> for ChoiceVisitor {
            type Value = Choice;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("`true`, `false` or a list of names")
            }

            fn visit_bool<E: de::Error>(self, is_all: bool) -> Result<Choice, E> {
                Ok(if is_all { Choice::All } else { Choice::None })
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut names: A) -> Result<Choice, A::Error> {
                let mut these = Vec::new();
                while let Some(name) = names.next_element()? {
                    these.push(name);
                }
                Ok(Choice::These(these))
            }
        }

        deserializer.deserialize_any(ChoiceVisitor)
    }
}

impl JsonSchema for Choice {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Choice".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "`true` for all, `false` for none, or a list of names.",
            "anyOf": [{ "type": "boolean" }, { "type": "array", "items": { "type": "string" } }]
        })
    }
}

/// The names of severities.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
#[expect(dead_code, reason = "it exists for the schema; the names are read by `Severity`")]
enum SeverityName {
    Critical,
    High,
    Medium,
    Low,
    Info,
}

/// The names of confidences.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
#[expect(dead_code, reason = "it exists for the schema; the names are read by `Confidence`")]
enum ConfidenceName {
    High,
    Medium,
    Low,
}
