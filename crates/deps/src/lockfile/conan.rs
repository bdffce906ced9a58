//! Reads `conan.lock` of Conan 1 (a graph) and 2 (lists).
//!
//! The format: <https://docs.conan.io/2/reference/commands/lock.html> and `conans/model/graph_lock.py` of Conan 1.
//! A reference is `name/version@user/channel#revision:package#revision%time`.

mod graph;

use bartizan_core::{ByteRange, Scope};
use bartizan_source::document::{JsonDialect, Node, parse_json};

use crate::{Claim, Ecosystem, Package, Parsed, Read, Reader, Scopes, SourceText};

/// `conan.lock`.
pub(crate) static READER: Reader = Reader { name: "conan.lock", claims: &[Claim::Name("conan.lock")], read: Read::Text(read) };

/// The lists of Conan 2, and what each is for.
const LISTS: [(&str, Scope); 4] =
    [("requires", Scope::Runtime), ("build_requires", Scope::Build), ("python_requires", Scope::Build), ("config_requires", Scope::Build)];

fn read(source: &SourceText<'_>) -> Parsed {
    let mut parsed = Parsed::default();
    let Some(root) = parsed.root(parse_json(source.text, JsonDialect::Strict)) else { return parsed };
    if !root.is_map() {
        parsed.unreadable(root.range, "a lock file of Conan is a map");
    } else if let Some(nodes) = root.at(&["graph_lock", "nodes"]) {
        graph::read(nodes, &mut parsed);
    } else {
        read_lists(&root, &mut parsed);
    }
    parsed
}

fn read_lists(root: &Node<'_>, parsed: &mut Parsed) {
    if LISTS.iter().all(|(list, _)| root.get(list).is_none()) {
        parsed.unreadable(root.range, "a lock file of Conan has `requires` or `graph_lock`");
    }
    for (list, scope) in LISTS {
        for node in root.get(list).map(Node::items).unwrap_or_default() {
            // A reference may stand in a list of its own, with its packages.
            let text = node.text().or_else(|| node.items().first().and_then(Node::text));
            match text.and_then(|text| package(text, node.range)) {
                Some(package) => {
                    parsed.inventory.add(Package { scopes: Scopes::of(scope), ..package });
                }
                None => parsed.unreadable(node.range, "a reference is `name/version`"),
            }
        }
    }
}

/// The package of a reference.
fn package(reference: &str, range: ByteRange) -> Option<Package> {
    let recipe = reference.split(['#', '%']).next().unwrap_or(reference);
    let (recipe, owner) = recipe.split_once('@').unwrap_or((recipe, ""));
    let (name, version) = recipe.split_once('/')?;
    let version = version.split(':').next().unwrap_or(version);
    if name.is_empty() || version.is_empty() {
        return None;
    }
    let (user, channel) = owner.split_once('/').unwrap_or((owner, ""));
    let channel = channel.split(':').next().unwrap_or(channel);
    // `_/_` is how Conan 1 wrote that there is neither.
    let given = [("channel", channel), ("user", user)].into_iter().filter(|(_, value)| !matches!(*value, "" | "_"));
    let qualifiers = given.map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
    Some(Package { qualifiers, ..Package::dependency(Ecosystem::Conan, name, Some(version), range) })
}

#[cfg(test)]
mod tests {
    use crate::fixture::check;

    #[test]
    fn the_lists_of_conan_two() {
        check(
            &super::READER,
            "conan.lock",
            r#"{
  "version": "0.5",
  "requires": [
    "zlib/1.2.11#ffa77daf83a57094149707928bdce823%1667396813.987",
    "own/1.0@acme/stable#00",
    "1.2.3#00"
  ],
  "build_requires": ["ninja/1.11.1#77587f8c8318662ac8e5a7867eb4be21%1684431244.21"],
  "python_requires": []
}"#,
            "
conan zlib 1.2.11 @4 [runtime]
conan own 1.0 @5 [runtime] channel=stable user=acme
conan ninja 1.11.1 @8 [build]
6: unreadable: a reference is `name/version`
",
        );
    }

    #[test]
    fn the_graph_of_conan_one() {
        check(
            &super::READER,
            "conan.lock",
            r#"{ "graph_lock": { "nodes": {
  "0": { "ref": "app/1.0", "path": "conanfile.py", "requires": ["1", "4"], "build_requires": ["3"] },
  "1": { "ref": "libpng/1.6.39#79", "requires": ["2"] },
  "2": { "pref": "zlib/1.2.13@_/_#13:19729b#0" },
  "3": { "ref": "ninja/1.11.1", "context": "build" },
  "5": { "ref": "1.2.3" }
} }, "version": "0.4" }"#,
            "
root conan app 1.0 @2
  -> libpng 1.6.39 runtime
  -> ninja 1.11.1 build
conan libpng 1.6.39 @3
  -> zlib 1.2.13 runtime
conan zlib 1.2.13 @4
conan ninja 1.11.1 @5
2: unresolved: `4` is no node of this lock file
6: unreadable: the node `5` has no reference `name/version`
",
        );
    }

    #[test]
    fn older_graphs_name_what_they_require() {
        check(
            &super::READER,
            "conan.lock",
            r#"{ "graph_lock": { "nodes": {
  "a": { "pref": null, "requires": { "zlib/1.2.11@acme/testing#5f": "b" } },
  "b": { "pref": "zlib/1.2.11@acme/testing#5f:19#58" }
} } }"#,
            "
root conan  ? @2
  -> zlib 1.2.11 runtime
conan zlib 1.2.11 @3 channel=testing user=acme
",
        );
    }

    #[test]
    fn what_is_something_else_is_said() {
        check(&super::READER, "conan.lock", "null", "1: unreadable: a lock file of Conan is a map");
        check(&super::READER, "conan.lock", "{}", "1: unreadable: a lock file of Conan has `requires` or `graph_lock`");
    }
}
