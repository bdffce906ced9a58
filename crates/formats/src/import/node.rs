//! One tree for JSON, XML and tables, and lenient ways to ask it.
//!
//! Whether a value is a number or a text, one thing or a list of one, missing, null or empty, differs from version to version of
//! a tool. So every scalar is text here, and a path goes through lists as if they were not there. In XML, attributes are members
//! named `@name`, and the text of an element is its member `#text`.

/// A value.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) enum Node {
    /// Nothing.
    #[default]
    Null,
    /// A scalar, as it is written.
    Text(Box<str>),
    /// Several values.
    List(Vec<Node>),
    /// Members in the order of the document; a name may be there twice.
    Map(Vec<(Box<str>, Node)>),
}

static NULL: Node = Node::Null;

impl Node {
    /// What is at a path, first; `Null` if there is nothing. A name with dots in it is tried before a path.
    pub(super) fn at(&self, path: &str) -> &Self {
        self.find(path).unwrap_or(&NULL)
    }

    fn find(&self, path: &str) -> Option<&Self> {
        match self {
            Self::Map(members) => {
                let exact = members.iter().find(|(name, _)| **name == *path).map(|(_, member)| member);
                exact.or_else(|| {
                    let mut ways = path.match_indices('.').filter_map(|(index, _)| Some((path.get(..index)?, path.get(index + 1..)?)));
                    ways.find_map(|(head, rest)| {
                        members.iter().filter(|(name, _)| **name == *head).find_map(|(_, member)| member.find(rest))
                    })
                })
            }
            Self::List(items) => items.iter().find_map(|item| item.find(path)),
            Self::Null | Self::Text(_) => None,
        }
    }

    /// Everything at a path, lists taken apart, nulls left out; `*` is any name, and the empty path is the value itself.
    pub(super) fn each(&self, path: &str) -> Vec<&Self> {
        let mut found = Vec::new();
        self.collect(path, &mut found);
        found
    }

    fn collect<'n>(&'n self, path: &str, found: &mut Vec<&'n Self>) {
        match self {
            Self::Null => {}
            Self::List(items) => items.iter().for_each(|item| item.collect(path, found)),
            Self::Text(_) | Self::Map(_) if path.is_empty() => found.push(self),
            Self::Text(_) => {}
            Self::Map(members) => {
                let exact: Vec<_> = members.iter().filter(|(name, _)| **name == *path || path == "*").collect();
                if !exact.is_empty() {
                    return exact.iter().for_each(|(_, member)| member.collect("", found));
                }
                for (index, _) in path.match_indices('.') {
                    let (Some(head), Some(rest)) = (path.get(..index), path.get(index + 1..)) else { continue };
                    members.iter().filter(|(name, _)| **name == *head || head == "*").for_each(|(_, member)| member.collect(rest, found));
                }
            }
        }
    }

    /// A value as text, trimmed; that of an element is what stands in it, that of a list its first.
    pub(super) fn as_str(&self) -> &str {
        match self {
            Self::Null => "",
            Self::Text(text) => text.trim(),
            Self::List(items) => items.first().map_or("", Self::as_str),
            Self::Map(members) => members.iter().find(|(name, _)| **name == *"#text").map_or("", |(_, text)| text.as_str()),
        }
    }

    /// The text at a path; empty if there is none.
    pub(super) fn str(&self, path: &str) -> &str {
        self.at(path).as_str()
    }

    /// The same, owned.
    pub(super) fn text(&self, path: &str) -> String {
        self.str(path).to_owned()
    }

    /// The first text that is not empty.
    pub(super) fn first(&self, paths: &[&str]) -> &str {
        paths.iter().map(|path| self.str(path)).find(|text| !text.is_empty()).unwrap_or_default()
    }

    /// Every text at a path that is not empty.
    pub(super) fn texts(&self, path: &str) -> Vec<String> {
        self.each(path).into_iter().map(Self::as_str).filter(|text| !text.is_empty()).map(str::to_owned).collect()
    }

    /// A whole number from 0.
    pub(super) fn number(&self, path: &str) -> Option<u32> {
        let text = self.str(path);
        let whole = text.split_once('.').map_or(text, |(whole, _)| whole);
        whole.parse().ok()
    }

    /// A line or a column: a number from 1.
    pub(super) fn line(&self, path: &str) -> Option<u32> {
        self.number(path).filter(|number| *number != 0)
    }

    /// A number with a fraction.
    pub(super) fn decimal(&self, path: &str) -> Option<f64> {
        self.str(path).replace(',', ".").parse().ok().filter(|number: &f64| number.is_finite())
    }

    /// Whether the value at a path says yes.
    pub(super) fn flag(&self, path: &str) -> bool {
        let text = self.str(path);
        ["true", "yes", "1", "y"].iter().any(|yes| yes.eq_ignore_ascii_case(text))
    }

    /// Whether there is something at a path.
    pub(super) fn has(&self, path: &str) -> bool {
        self.find(path).is_some_and(|node| *node != Self::Null)
    }

    /// The members of what is at a path.
    pub(super) fn members(&self, path: &str) -> &[(Box<str>, Self)] {
        match if path.is_empty() { self } else { self.at(path) } {
            Self::Map(members) => members,
            Self::Null | Self::Text(_) | Self::List(_) => &[],
        }
    }

    /// The members of every map at a path.
    pub(super) fn entries(&self, path: &str) -> Vec<(&str, &Self)> {
        let maps = self.each(path);
        maps.into_iter().flat_map(|map| map.members("")).map(|(name, member)| (name.as_ref(), member)).collect()
    }

    /// Whether it says nothing at all.
    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Text(text) => text.trim().is_empty(),
            Self::List(items) => items.is_empty(),
            Self::Map(members) => members.is_empty(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::json;

    #[test]
    fn paths_go_through_lists_and_names_with_dots() {
        let node = json::parse(r#"{"a": [{"b": null}, {"b": [{"c": 1}, {"c": "2"}]}], "x.y": {"z": true}, "n": []}"#).unwrap();
        assert_eq!((node.str("a.b.c"), node.number("a.b.c"), node.str("x.y.z")), ("1", Some(1), "true"));
        assert_eq!(node.texts("a.b.c"), ["1", "2"]);
        assert_eq!((node.each("n").len(), node.each("a.b").len(), node.each("*.z").len(), node.has("a.q")), (0, 2, 1, false));
        assert!(node.flag("x.y.z"));
    }
}
