//! Filter patterns of CloudWatch's metrics, `{ ($.errorCode = "x") && … }`, as a tree that queries walk.
//!
//! A pattern becomes the text of `{"_kics_filter_expr": …}`; a condition is `{"_selector", "_op", "_value"}`, and what joins two is
//! `{"_op", "_left", "_right"}`. What is no such pattern stays as it is.

use serde_json::{Value as Json, json};

/// How deeply parentheses may be nested.
const MAX_DEPTH: usize = 64;

/// The text that a query expects for a pattern.
pub(super) fn read(text: &str) -> Json {
    let mut reader = Reader { rest: text.trim() };
    match reader.pattern() {
        Some(tree) => Json::from(json!({ "_kics_filter_expr": tree }).to_string()),
        None => Json::from(text),
    }
}

struct Reader<'t> {
    rest: &'t str,
}

impl<'t> Reader<'t> {
    fn pattern(&mut self) -> Option<Json> {
        self.take("{")?;
        let tree = self.any(0)?;
        self.take("}")?;
        self.rest.is_empty().then_some(tree)
    }

    fn any(&mut self, depth: usize) -> Option<Json> {
        self.joined("||", depth, |reader| reader.joined("&&", depth, |reader| reader.one(depth)))
    }

    /// Parts that an operator joins, from the left.
    fn joined(&mut self, operator: &str, depth: usize, part: impl Fn(&mut Self) -> Option<Json>) -> Option<Json> {
        if MAX_DEPTH < depth {
            return None;
        }
        let mut left = part(self)?;
        let mut n_joined = 0;
        while self.take(operator).is_some() {
            n_joined += 1;
            if MAX_DEPTH < n_joined {
                return None;
            }
            let right = part(self)?;
            left = json!({ "_op": operator, "_left": left, "_right": right });
        }
        Some(left)
    }

    fn one(&mut self, depth: usize) -> Option<Json> {
        if self.take("(").is_some() {
            let inner = self.any(depth + 1)?;
            self.take(")")?;
            return Some(inner);
        }
        let selector = self.word(|c| c.is_ascii_alphanumeric() || "$.[]".contains(c)).filter(|word| word.starts_with("$."))?;
        let operator = ["!=", ">=", "<=", "=", ">", "<", "IS", "NOT"].into_iter().find(|operator| self.take(operator).is_some())?;
        let value = if self.rest.starts_with('"') { self.quoted() } else { self.word(|c| !c.is_whitespace() && !"(){}&|\"".contains(c)) }?;
        Some(json!({ "_selector": selector, "_op": operator, "_value": value }))
    }

    fn take(&mut self, token: &str) -> Option<()> {
        self.rest = self.rest.strip_prefix(token)?.trim_start();
        Some(())
    }

    fn word(&mut self, is_in: impl Fn(char) -> bool) -> Option<&'t str> {
        let end = self.rest.find(|c| !is_in(c)).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest.trim_start();
        (!word.is_empty()).then_some(word)
    }

    /// A text with its quotes.
    fn quoted(&mut self) -> Option<&'t str> {
        let mut is_escaped = false;
        let inner = self.rest.get(1..)?;
        let end = inner.find(|c| {
            let ends = c == '"' && !is_escaped;
            is_escaped = c == '\\' && !is_escaped;
            ends
        })?;
        let (word, rest) = self.rest.split_at_checked(end + 2)?;
        self.rest = rest.trim_start();
        Some(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_become_trees() {
        let text = read(r#"{ ($.errorCode = "*Denied*") || (($.a.b != x) && ($.c NOT EXISTS)) }"#);
        let tree: Json = serde_json::from_str(text.as_str().unwrap()).unwrap();
        let left = json!({"_selector": "$.errorCode", "_op": "=", "_value": "\"*Denied*\""});
        assert_eq!(tree["_kics_filter_expr"]["_op"], "||");
        assert_eq!(tree["_kics_filter_expr"]["_left"], left);
        assert_eq!(tree["_kics_filter_expr"]["_right"]["_right"]["_op"], "NOT");
    }

    #[test]
    fn what_is_no_pattern_stays() {
        for text in ["ERROR", "{ $.a = }", "{ x = 1 }", ""] {
            assert_eq!(read(text), Json::from(text));
        }
    }
}
