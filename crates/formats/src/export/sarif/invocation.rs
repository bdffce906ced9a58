//! How the scan went: every diagnostic as a notification.

use std::collections::BTreeSet;

use bartizan_core::{Diagnostic, DiagnosticKind, Level, Report};

use super::{
    log::{Configuration, DescriptorReference, Invocation, Notification, NotificationDescriptor, NotificationProperties},
    message,
    places::Artifacts,
};
use crate::Context;

/// How the scan went.
///
/// It counts as successful unless something failed that the caller asked for. A file that could not be read makes it
/// incomplete, which is a warning, not a failure: the results that are there are right.
pub(super) fn of(report: &Report, context: &Context, artifacts: &Artifacts<'_>) -> Invocation {
    let kinds = kinds(report);
    Invocation {
        execution_successful: report.diagnostics.iter().all(|diagnostic| diagnostic.level < Level::Error),
        start_time_utc: context.started.map(|moment| moment.to_string()),
        end_time_utc: context.finished.map(|moment| moment.to_string()),
        tool_execution_notifications: report.diagnostics.iter().map(|diagnostic| notification(diagnostic, &kinds, artifacts)).collect(),
    }
}

/// The kinds of diagnostic that a report holds, in order.
pub(super) fn kinds(report: &Report) -> Vec<DiagnosticKind> {
    let kinds: BTreeSet<DiagnosticKind> = report.diagnostics.iter().map(|diagnostic| diagnostic.kind).collect();
    kinds.into_iter().collect()
}

/// What is known about a kind.
pub(super) fn descriptor(kind: DiagnosticKind) -> NotificationDescriptor {
    NotificationDescriptor { id: kind.as_str(), default_configuration: Configuration { level: level(kind.usual_level()) } }
}

fn notification(diagnostic: &Diagnostic, kinds: &[DiagnosticKind], artifacts: &Artifacts<'_>) -> Notification {
    let mut text = message::Writer::default();
    text.say(&diagnostic.reason);
    if !diagnostic.help.is_empty() {
        text.say(&format!("; {}", diagnostic.help));
    }
    Notification {
        descriptor: DescriptorReference { id: diagnostic.kind.as_str(), index: kinds.binary_search(&diagnostic.kind).unwrap_or_default() },
        level: level(diagnostic.level),
        message: text.finish(),
        locations: diagnostic.location.iter().map(|place| artifacts.location(place)).collect(),
        properties: diagnostic.limit.as_ref().map(|limit| NotificationProperties { limit: limit.name.clone(), value: limit.value }),
    }
}

const fn level(level: Level) -> &'static str {
    match level {
        Level::Note => "note",
        Level::Incomplete => "warning",
        Level::Error => "error",
    }
}
