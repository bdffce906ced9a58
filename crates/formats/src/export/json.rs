//! One JSON document, with everything in it. Its schema is [`json_schema`](crate::json_schema).

use std::io::{self, Write};

use super::{Exporter, FormatId, write_json};
use crate::{Context, document};

/// One JSON document.
pub(super) struct Json;

impl Exporter for Json {
    fn id(&self) -> FormatId {
        FormatId("json")
    }

    fn purpose(&self) -> &'static str {
        "everything, as one document with a published schema"
    }

    fn extension(&self) -> &'static str {
        "json"
    }

    fn media_type(&self) -> &'static str {
        "application/json"
    }

    fn carries_values(&self) -> bool {
        true
    }

    fn write(&self, report: &bartizan_core::Report, context: &Context, out: &mut dyn Write) -> io::Result<()> {
        write_json(&document::Report::new(report, context), out)
    }
}
