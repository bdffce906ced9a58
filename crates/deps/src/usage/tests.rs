use bartizan_source::FileInfo;

use super::*;

/// What a file uses, as text: imports and their members, calls, obstacles.
fn show(path: &str, text: &str) -> String {
    let info = FileInfo::new(path.into(), 1);
    let usage = read(&FileView::new(&info, text.as_bytes(), Some(text)), None).unwrap();
    let names = |all: &[Used]| all.iter().map(|used| used.name.as_str()).collect::<Vec<_>>().join(",");
    let mut parts: Vec<String> = usage
        .imports
        .iter()
        .map(|import| match import.members.as_slice() {
            [] => import.name.clone(),
            members => format!("{}({})", import.name, names(members)),
        })
        .collect();
    if !usage.calls.is_empty() {
        parts.push(format!("calls {}", names(&usage.calls)));
    }
    parts.extend(usage.obstacles.iter().map(|(obstacle, place)| format!("{obstacle:?}@{}", place.region.unwrap().start.line)));
    parts.join(" ")
}

#[track_caller]
fn check(path: &str, text: &str, expected: &str) {
    assert_eq!(show(path, text), expected, "{text}");
    // However much of it is there, nothing panics.
    for (end, _) in text.char_indices() {
        let _ = show(path, text.get(..end).unwrap());
    }
}

#[test]
fn javascript_imports_by_statement_and_by_call() {
    check(
        "a.js",
        "import a, {b} from 'x/y';\nimport './own';\nexport * from \"z\";\nconst c = require(`q`);\nimport('@s/n/sub');",
        "x/y z q @s/n/sub",
    );
    check("a.ts", "import type { T } from 'types';\nimport old = require('old');\nrequire.resolve('r');", "types old r");
    check("a.js", "require(path.join(__dirname, x)); require(`./${x}`); require('../' + x);", "");
    check("a.js", "a;\nrequire(name);", "Dynamic@2");
    check("a.js", "require(['f', 's'].join('')); const p = path.resolve('x');\nrequire(p);", "");
    check("a.tsx", "let a = <b>require it</b>; import 'c';", "c");
    check("a.vue", "<script setup>\nimport a from 'a'\nconst b = await import('b')\n</script>", "a b");
}

#[test]
fn python_imports_modules_and_what_may_be_modules() {
    check("a.py", "import a.b as c, d\nfrom e.f import g, H, i as j\nfrom . import own\nfrom .k import l\n", "a.b d e.f e.f.g e.f.i");
    check("a.py", "import importlib\nimportlib.import_module('m.n')\n__import__(name)\n", "importlib m.n Dynamic@3");
    check("a.ipynb", "{\"source\": [\n \"import numpy as np\\n\",\n \"from PIL import Image\\n\"]}", "numpy PIL");
}

#[test]
fn go_imports_paths_and_uses_their_members() {
    check(
        "a.go",
        "package a\nimport (\n \"net/http\"\n y \"gopkg.in/yaml.v3\"\n _ \"c.d/e\"\n)\nfunc f() { y.Unmarshal(x); var c http.Client; c.Do(r) }\n",
        "net/http(Client) gopkg.in/yaml.v3(Unmarshal) c.d/e calls Unmarshal,Client,Do",
    );
    check("a.go", "package a\nimport \"plugin\"\nfunc f() { plugin.Open(x) }", "plugin(Open) calls Open Dynamic@3");
}

#[test]
fn rust_uses_crates_by_their_names() {
    check(
        "a.rs",
        "use a::{b, c::d};\nuse {e, f::g};\nextern crate h;\nfn x() { i::j(); k.l::<M>(); n!(o::p(), q(1)); let r: ::s::T; }\nuse crate::own; use std::fmt;",
        "a e f h i o s calls j,l,p,q",
    );
}

#[test]
fn other_languages_import_by_namespaces() {
    check("A.java", "import static a.b.C.d;\nimport e.f.*;\nclass A { g.h.I x; }", "a.b.C.d e.f g.h.I");
    check("A.java", "class A { void f() { Class.forName(n); Class.forName(\"a.B\"); } }", "Dynamic@1");
    check("a.kt", "import a.b.C\nimport d.e.*\n", "a.b.C d.e");
    check("a.rb", "require 'a/b'\nrequire_relative 'own'\nBundler.require(:default)\nrequire name\n", "a/b Dynamic@4 LoadsAll@3");
    check("a.php", "<?php\nuse A\\B;\nuse C\\D as E;\n$x = new \\F\\G();", "A\\B C\\D F\\G");
    check("a.cs", "using A.B;\nusing static C.D;\nclass X { void F() { E.F.G.H(); } }", "A.B C.D E.F.G.H");
}

#[test]
fn what_can_not_be_parsed_is_said() {
    check("a.go", "package a\n)(\n", "Unparsed@2");
    check("a.js", "import 'a';\nlet = = = {{{", "a Unparsed@2");
}

#[test]
fn packages_are_mentioned_in_texts_of_code_and_in_words_of_others() {
    let mentions = |path: &str, text: &str, manifest_of| {
        let info = FileInfo::new(path.into(), 1);
        read(&FileView::new(&info, text.as_bytes(), Some(text)), manifest_of).map(|usage| usage.mentions).unwrap_or_default()
    };
    let check = |path: &str, text: &str, manifest_of, name: &str, expected: bool| {
        assert_eq!(mentions(path, text, manifest_of).contains(&hash(name)), expected, "{name} in {text}");
    };
    check("a.js", "x({ plugins: ['some-plugin'] })", None, "some-plugin", true);
    check("a.js", "// some-plugin\nsome_plugin", None, "some-plugin", false);
    check("a.py", "APPS = ['rest_framework.authtoken']", None, "rest_framework", true);
    check("Procfile", "web: ./node_modules/.bin/pm2 start", None, "pm2", true);
    check("a.md", "use pm2", None, "pm2", false);
    let manifest = r#"{"name": "app", "dependencies": {"left": "1"}, "scripts": {"build": "run --c"}, "jest": {"preset": "some/set"}}"#;
    for (name, expected) in [("left", false), ("app", false), ("run", true), ("some", true), ("some/set", true)] {
        check("package.json", manifest, Some(Ecosystem::Npm), name, expected);
    }
}
