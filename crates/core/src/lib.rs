//! The vocabulary of Bartizan: findings, rules, locations, components, diagnostics.
//!
//! Everything here is a value. This crate knows no files, no network, no clock, no database, and it builds in seconds.
//! Engines produce these types, formats translate them, and nothing here knows either of them.
//!
//! The `serde` derives exist for Bartizan's own cache and are no published format: what others read is written by
//! `bartizan-formats`, from wire types of its own.

mod artifact;
mod component;
mod diagnostic;
mod entry;
mod evidence;
mod finding;
mod fingerprint;
mod fix;
mod location;
mod owner;
mod reachability;
mod report;
mod rule;
mod secret;
mod severity;
mod standard;
mod suppression;

pub use artifact::ArtifactPath;
pub use component::{Component, ComponentKind, Dependency, Hash, HashAlgorithm, Layer, Scope};
pub use diagnostic::{Diagnostic, DiagnosticKind, Level, Limit};
pub use entry::without_entry;
pub use evidence::{Evidence, Strength};
pub use finding::{BaselineState, ComponentSubject, Finding, FlowStep, RelatedLocation, Subject};
pub use fingerprint::{Fingerprint, IdentityKey};
pub use fix::{Edit, Fix, FixSafety};
pub use location::{ByteRange, Excerpt, ExcerptLine, LineIndex, Location, Position, Region};
pub use owner::Owner;
pub use reachability::Reachability;
pub use report::{Coverage, Report, SkipReason, Tool};
pub use rule::{EngineId, InvalidRuleId, Rule, RuleId, RuleOrigin};
pub use secret::{SecretId, SecretSummary, SecretText};
pub use severity::{Confidence, Severity, UnknownName};
pub use standard::{Cwe, InvalidStandardId, StandardId};
pub use suppression::{Suppression, SuppressionKind};
