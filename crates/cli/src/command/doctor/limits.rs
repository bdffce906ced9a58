//! Every limit by name. Everything that an attacker sizes has one.

use bartizan_formats::vex;
use bartizan_scan::{Baseline, CacheSettings, MAX_CONFIG_BYTES, MAX_SUPPRESSIONS};
use bartizan_source::{Limits, Reporter};
use serde::Serialize;

use crate::{rule_files, text::to_u64};

/// A limit and its usual value.
#[derive(Debug, Serialize)]
pub(super) struct LimitState {
    pub(super) name: &'static str,
    pub(super) value: u64,
}

/// All limits.
pub(super) fn all() -> Vec<LimitState> {
    let policies = bartizan_iac::rego::Limits::default();
    [
        ("max-file-bytes", Limits::MAX_FILE_BYTES),
        ("max-files", to_u64(Limits::MAX_FILES)),
        ("max-depth", to_u64(Limits::MAX_DEPTH)),
        ("max-archive-depth", to_u64(Limits::MAX_ARCHIVE_DEPTH)),
        ("max-archive-entries", to_u64(Limits::MAX_ARCHIVE_ENTRIES)),
        ("max-archive-ratio", Limits::MAX_ARCHIVE_RATIO),
        ("max-archive-bytes", Limits::MAX_ARCHIVE_BYTES),
        ("max-decoder-bytes", Limits::MAX_DECODER_BYTES),
        ("max-image-entries", to_u64(Limits::MAX_IMAGE_ENTRIES)),
        ("max-image-bytes", Limits::MAX_IMAGE_BYTES),
        ("max-image-layers", to_u64(Limits::MAX_IMAGE_LAYERS)),
        ("max-image-document-bytes", Limits::MAX_IMAGE_DOCUMENT_BYTES),
        ("max-image-indexes", to_u64(Limits::MAX_IMAGE_INDEXES)),
        ("max-config-bytes", to_u64(MAX_CONFIG_BYTES)),
        ("max-suppressions", to_u64(MAX_SUPPRESSIONS)),
        ("max-baseline-bytes", to_u64(Baseline::MAX_BYTES)),
        ("max-cache-bytes", CacheSettings::MAX_BYTES),
        ("max-findings-of-project", to_u64(Reporter::MAX_FINDINGS_OF_PROJECT)),
        ("max-findings-per-file", to_u64(Reporter::MAX_FINDINGS_PER_FILE)),
        ("max-code-bytes", to_u64(bartizan_sast::MAX_FILE_BYTES)),
        ("max-vex-bytes", vex::MAX_DOCUMENT_BYTES),
        ("max-vex-statements", to_u64(vex::MAX_STATEMENTS)),
        ("max-rule-file-bytes", rule_files::MAX_RULE_FILE_BYTES),
        ("max-rule-files", to_u64(rule_files::MAX_RULE_FILES)),
        ("max-rule-folder-depth", to_u64(rule_files::MAX_RULE_FOLDER_DEPTH)),
        ("max-policy-ms", u64::try_from(policies.time.as_millis()).unwrap_or(u64::MAX)),
        ("max-policy-results", to_u64(policies.n_results)),
        ("max-policy-modules", to_u64(policies.n_modules)),
    ]
    .into_iter()
    .map(|(name, value)| LimitState { name, value })
    .collect()
}
