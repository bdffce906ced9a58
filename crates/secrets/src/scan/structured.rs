//! Files whose structure says where their secrets stand.

use bartizan_core::ByteRange;
use base64::{Engine, engine::general_purpose::STANDARD};

use super::{FileScan, Layer};
use crate::{context::placeholder, syntax::Syntax};

impl FileScan<'_> {
    /// PostgreSQL's password file: `host:port:database:user:password`, with `\:` for a colon in a field.
    pub(super) fn password_file(&mut self, layer: &Layer<'_>) {
        const N_FIELDS_BEFORE: usize = 4;
        let Some(rule) = self.password_rule else { return };
        let mut start = 0;
        for line in layer.text.split_inclusive('\n') {
            let content = line.trim_end_matches(['\n', '\r']);
            let mut is_escaped = false;
            let mut colons = content.char_indices().filter(|&(_, character)| {
                let is_separator = character == ':' && !is_escaped;
                is_escaped = character == '\\' && !is_escaped;
                is_separator
            });
            let password = colons.nth(N_FIELDS_BEFORE - 1).map(|(offset, _)| ByteRange::new(start + offset + 1, start + content.len()));
            start += line.len();
            let Some(password) = password.filter(|_| !content.starts_with('#')) else { continue };
            let value = layer.text.get(password.start()..password.end()).unwrap_or_default();
            if !value.is_empty() && value != "*" && placeholder::kind(value).is_none() {
                self.structural(layer, password, rule, "stands where a password file holds its password", "");
            }
        }
    }
}

/// Whether a text is a manifest of Kubernetes secrets, whose `data` is in base 64.
pub(super) fn is_kubernetes_secret(syntax: Syntax, text: &str) -> bool {
    match syntax {
        Syntax::Yaml => text.contains("kind: Secret") && text.contains("data:"),
        Syntax::Json => text.contains("\"kind\": \"Secret\"") && text.contains("\"data\""),
        Syntax::Code | Syntax::TypedCode | Syntax::Shell | Syntax::Settings | Syntax::Markup | Syntax::SpaceSeparated | Syntax::Prose => {
            false
        }
    }
}

/// The text that a value of such a manifest encodes.
pub(super) fn decoded(value: &str) -> Option<String> {
    let text = String::from_utf8(STANDARD.decode(value).ok()?).ok()?;
    let text = text.trim_end_matches('\n');
    (!text.is_empty() && !text.contains(char::is_control)).then(|| text.to_owned())
}
