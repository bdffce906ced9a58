//! Messages with placeholders. SARIF 2.1.0, section 3.11.

use super::Node;

/// The text of a message: its own, or that of a rule with its arguments. `strings` is a rule, or the strings themselves.
pub(super) fn text(message: &Node, strings: &Node) -> String {
    let own = message.str("text");
    let own = if own.is_empty() { message.str("markdown") } else { own };
    let id = message.str("id");
    let template = if own.is_empty() && !id.is_empty() {
        let mut lists = [strings.at("messageStrings"), strings].into_iter();
        lists.find_map(|list| Some(list.at(id).str("text")).filter(|text| !text.is_empty())).unwrap_or_default()
    } else {
        own
    };
    let arguments = message.each("arguments");
    if arguments.is_empty() { template.to_owned() } else { replaced(template, &arguments) }
}

/// A template with its arguments: `{0}` is the first one, `{{` and `}}` are braces.
fn replaced(template: &str, arguments: &[&Node]) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some(index) = rest.find(['{', '}']) {
        let (before, from) = rest.split_at_checked(index).unwrap_or((rest, ""));
        out.push_str(before);
        let brace = from.get(..1).unwrap_or_default();
        rest = from.get(1..).unwrap_or_default();
        if let Some(after) = rest.strip_prefix(brace) {
            out.push_str(brace);
            rest = after;
            continue;
        }
        let argument = rest.split_once('}').filter(|_| brace == "{");
        match argument.and_then(|(number, after)| Some((arguments.get(number.parse::<usize>().ok()?)?, after))) {
            Some((argument, after)) => {
                out.push_str(argument.as_str());
                rest = after;
            }
            None => out.push_str(brace),
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_replaced() {
        let arguments = [Node::Text("a".into()), Node::Text("{1}".into())];
        let arguments: Vec<&Node> = arguments.iter().collect();
        assert_eq!(replaced("{0} {{x}} {1} {7} {y", &arguments), "a {x} {1} {7} {y");
    }
}
