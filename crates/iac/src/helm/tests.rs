//! Charts of ours: what they print, where it comes from, and what hostile ones are told.

use super::*;
use crate::rendered::Document;

fn chart(files: &[(&str, &str)]) -> Rendered {
    let main = File { path: "Chart.yaml", text: "apiVersion: v2\nname: web\nversion: 1.0.0\n" };
    let has_main = files.iter().any(|(path, _)| *path == "Chart.yaml");
    let files: Vec<File<'_>> =
        (!has_main).then_some(main).into_iter().chain(files.iter().map(|(path, text)| File { path, text })).collect();
    render(&files, &[], &Options::default())
}

fn problems(rendered: &Rendered) -> Vec<String> {
    rendered.problems.iter().map(|problem| format!("{}:{}: {}", problem.path, problem.range.start(), problem.message)).collect()
}

/// What is in a document, and where that comes from, as `path:first..end key`.
fn origin(document: &Document, what: &str) -> String {
    let origin = document.map.origin(document.text.find(what).unwrap()).unwrap();
    let cause = origin.cause.map(|cause| format!(" {} at {}:{}", cause.name, cause.path, cause.range.start())).unwrap_or_default();
    format!("{}:{}..{}{cause}", origin.path, origin.range.start(), origin.range.end())
}

#[track_caller]
fn check(template: &str, expected: &str) {
    let values = "image: {repository: nginx, tag: '1.2'}\nlist: [a, b]\nsecurity:\n  runAsUser: 0\n  caps: [X]\n";
    let rendered = chart(&[("values.yaml", values), ("templates/a.yaml", template)]);
    let texts: Vec<&str> = rendered.documents.iter().map(|document| document.text.as_str()).collect();
    assert_eq!(texts.join("---\n") + &problems(&rendered).join("\n"), expected, "{template}");
}

#[test]
fn a_place_leads_to_the_template_and_the_key() {
    let helpers = "{{- define \"labels\" -}}\napp: {{ .Chart.Name }}\nuser: {{ .Values.user }}\n{{- end }}\n";
    let template = "kind: Pod\nmetadata:\n  labels:\n    {{- include \"labels\" . | nindent 4 }}\nspec:\n  {{- toYaml .Values.spec | nindent 2 }}\n  tag: {{ .Values.image.tag | quote }}\n";
    let values = "user: me\nimage:\n  tag: '1'\nspec:\n  privileged: true\n  ports: [80, 81]\n";
    let rendered = chart(&[("values.yaml", values), ("templates/pod.yaml", template), ("templates/_helpers.tpl", helpers)]);
    assert_eq!(problems(&rendered), Vec::<String>::new());
    let document = rendered.documents.first().unwrap();
    let at = |text: &str, part: &str| text.find(part).unwrap();
    let place = |path: &str, text: &str, part: &str| format!("{path}:{}..{}", at(text, part), at(text, part) + part.len());
    assert!(origin(document, "kind").starts_with("templates/pod.yaml:0.."));
    assert!(origin(document, "app:").starts_with(&format!("templates/_helpers.tpl:{}..", at(helpers, "app:"))));
    assert_eq!(origin(document, "web"), place("templates/_helpers.tpl", helpers, "{{ .Chart.Name }}"));
    assert_eq!(origin(document, "me\n"), place("templates/_helpers.tpl", helpers, "{{ .Values.user }}") + " user at values.yaml:0");
    let printed = place("templates/pod.yaml", template, "{{- toYaml .Values.spec | nindent 2 }}");
    assert_eq!(origin(document, "privileged"), format!("{printed} spec.privileged at values.yaml:{}", at(values, "privileged")));
    assert_eq!(origin(document, "81"), format!("{printed} spec.ports[1] at values.yaml:{}", at(values, "81")));
    let tag = place("templates/pod.yaml", template, "{{ .Values.image.tag | quote }}");
    assert_eq!(origin(document, "1\""), format!("{tag} image.tag at values.yaml:{}", at(values, "tag")));
}

#[test]
fn one_template_that_fails_does_not_lose_the_others() {
    let rendered = chart(&[
        ("templates/a.yaml", "a: {{ fail \"stop\" }}\n"),
        ("templates/b.yaml", "b: 1\n"),
        ("templates/c.yaml", "c: {{ nosuch }}\n"),
        ("templates/d.yaml", "d: {{ if }}\n"),
        ("templates/e.yaml", "x\n{{ include \"e\" . }}{{ define \"e\" }}\n{{ .Values.a.b }}{{ end }}"),
    ]);
    let texts: Vec<&str> = rendered.documents.iter().map(|document| document.text.as_str()).collect();
    assert_eq!(texts, ["b: 1\n"]);
    assert_eq!(
        problems(&rendered),
        [
            "templates/d.yaml:9: missing value for command",
            "templates/c.yaml:6: function \"nosuch\" not defined",
            "templates/e.yaml:41: nil pointer evaluating interface {}.b",
            "templates/a.yaml:6: error calling fail: stop",
        ]
    );
}

#[test]
fn dependencies_get_their_values() {
    let main = "apiVersion: v2\nname: web\nversion: 1.0.0\ndependencies:\n- {name: db, version: 1.x, condition: db.enabled}\n- {name: db, version: 1.x, alias: cache, tags: [fast]}\n- {name: idle, version: '*', condition: idle.enabled}\n- {name: gone, version: 1.0.0}\n- {name: lib, version: 1.0.0, import-values: [data, {child: inner, parent: taken}]}\n";
    let sub = |name: &str| format!("apiVersion: v2\nname: {name}\nversion: 1.2.3\n");
    let (db, off) = (sub("db"), sub("idle"));
    let rendered = chart(&[
        ("Chart.yaml", main),
        ("values.yaml", "db: {size: 2, nothing: null}\nglobal: {zone: z}\nidle: {enabled: false}\ntags: {fast: true}\n"),
        ("templates/a.yaml", "imported: {{ .Values.color }} {{ .Values.taken.deep }}\nsub: {{ .Subcharts.db.Values.size }}\n"),
        ("charts/db/Chart.yaml", &db),
        ("charts/db/values.yaml", "size: 1\nnothing: x\nother: o\n"),
        (
            "charts/db/templates/b.yaml",
            "{{ .Chart.Name }}: {{ .Values.size }} {{ .Values.global.zone }} {{ .Values.nothing }}{{ .Values.other }}\n",
        ),
        ("charts/idle-1.0.0.tgz/idle/Chart.yaml", &off),
        ("charts/idle-1.0.0.tgz/idle/templates/c.yaml", "c: 1\n"),
        ("charts/lib/Chart.yaml", "apiVersion: v2\nname: lib\nversion: 1.0.0\ntype: library\n"),
        ("charts/lib/values.yaml", "exports: {data: {color: red}}\ninner: {deep: water}\n"),
        ("charts/lib/templates/no.yaml", "no: 1\n"),
    ]);
    let mut texts: Vec<&str> = rendered.documents.iter().map(|document| document.text.as_str()).collect();
    texts.sort_unstable();
    assert_eq!(texts, ["cache: 1 z xo\n", "db: 2 z xo\n", "imported: red water\nsub: 2\n"]);
    assert_eq!(problems(&rendered), ["Chart.yaml:0: the dependency `gone` is not in `charts/`; what it would add is missing"]);
}

#[test]
fn files_that_are_ignored_are_no_part_of_the_chart() {
    let rendered = chart(&[
        (".helmignore", "*.bak\nold/\n"),
        ("templates/a.yaml", "a: {{ .Files.Get \"x.bak\" }}{{ .Files.Get \"x.txt\" }}\n"),
        ("templates/b.yaml.bak", "b: 1\n"),
        ("templates/old/c.yaml", "c: 1\n"),
        ("templates/NOTES.txt", "n: 1\n"),
        ("crds/d.yaml", "d: 1\n"),
        ("x.bak", "no"),
        ("x.txt", "yes"),
    ]);
    let found: Vec<(&str, &str)> = rendered.documents.iter().map(|document| (&*document.path, document.text.as_str())).collect();
    assert_eq!(found, [("crds/d.yaml", "d: 1\n"), ("templates/a.yaml", "a: yes\n")]);
}

#[test]
fn what_is_random_is_always_the_same() {
    let template = "a: {{ randAlphaNum 8 }}-{{ randAlphaNum 8 }}\nb: {{ now | date \"2006\" }}\nc: {{ (genCA \"x\" 1).Cert | len }}\nd: {{ uuidv4 }}\n";
    let first = chart(&[("templates/a.yaml", template)]);
    assert_eq!(first, chart(&[("templates/a.yaml", template)]));
    let text = &first.documents.first().unwrap().text;
    let (left, right) = text.lines().next().unwrap().trim_start_matches("a: ").split_once('-').unwrap();
    assert_ne!(left, right);
    assert!(text.contains("b: 1970\n"));
}

#[test]
fn hostile_templates_reach_limits() {
    crate::fixture::on_the_stack_of_a_scan(check_hostile_templates);
}

fn check_hostile_templates() {
    for template in [
        "{{ define \"a\" }}{{ include \"a\" . }}{{ end }}{{ include \"a\" . }}",
        "{{ define \"a\" }}{{ template \"a\" . }}{{ end }}{{ template \"a\" . }}",
        "{{ $x := \"{{ tpl .x . }}\" }}{{ tpl $x (dict \"x\" $x) }}",
        "{{ range until 1000000 }}{{ range until 1000000 }}{{ end }}{{ end }}",
        "{{ range 9000000000000000000 }}{{ end }}",
        "{{ until 2000000000 }}",
        "{{ repeat 2000000000 \"x\" }}",
        "{{ $x := \"xxxxxxxxxx\" }}{{ range until 1000000 }}{{ $x = print $x $x }}{{ end }}",
        "{{ $x := list 1 }}{{ range until 100 }}{{ $x = list $x $x }}{{ end }}{{ toYaml $x }}",
        "{{ $x := list 1 }}{{ range until 100 }}{{ $x = list $x $x }}{{ end }}{{ print $x }}",
        "{{ $x := list 1 }}{{ range until 60 }}{{ $x = list $x $x }}{{ end }}{{ deepCopy $x }}",
        "{{ $x := list 1 }}{{ range until 60 }}{{ $x = list $x $x }}{{ end }}{{ deepEqual $x (deepCopy (list 1)) }}{{ fail \"no\" }}",
        "{{ $d := dict }}{{ $_ := set $d \"d\" $d }}{{ mustToJson $d }}",
        "{{ $d := dict }}{{ $_ := set $d \"d\" $d }}{{ print $d }}",
        "{{ $d := dict }}{{ $_ := set $d \"d\" $d }}{{ mergeOverwrite $d (dict \"d\" (dict \"d\" $d)) }}{{ mustToJson $d }}",
        "{{ indent 16000000 \"a\\nb\\nc\" }}",
        "{{ printf \"%99999999999d\" 1 }}{{ fail \"no\" }}",
        "{{ regexReplaceAll \"a*\" (repeat 100000 \"b\") (repeat 100000 \"c\") }}",
        "{{ regexMatch \"((a{1000}){1000}){1000}\" \"a\" | fail }}",
        "{{ substr 3 1 \"abc\" }}",
    ] {
        let rendered = chart(&[("templates/a.yaml", template)]);
        assert_eq!(rendered.problems.len(), 1, "{template}");
    }
    let nested = "{{ if 1 }}".repeat(100_000);
    let parens = format!("{{{{ {}1{} }}}}", "(".repeat(100_000), ")".repeat(100_000));
    let elses = format!("{{{{ if 0 }}}}{}{{{{ end }}}}", "{{ else if 0 }}".repeat(20_000));
    for template in [nested.as_str(), &parens] {
        assert_eq!(chart(&[("templates/a.yaml", template)]).problems.len(), 1);
    }
    assert_eq!(chart(&[("templates/a.yaml", &elses)]).problems.len(), 0);
}

#[test]
fn broken_templates_are_said_and_never_panic() {
    let whole = "{{- define \"x\" -}}a{{ .b }}{{ end -}}{{ range $i, $v := .Values.l }}{{ printf \"%5.2f\" 1.5 | quote }}{{ 'a' }}{{ `r` }}{{ end }}é{{/* c */}}";
    for (head, tail) in (0..whole.len()).filter_map(|end| whole.split_at_checked(end)) {
        let _ = chart(&[("templates/a.yaml", head)]);
        let _ = chart(&[("templates/a.yaml", tail)]);
        let _ = chart(&[("values.yaml", head), ("Chart.yaml", "name: [x\n")]);
    }
    assert_eq!(problems(&render(&[], &[], &Options::default()).clone()), ["Chart.yaml:0: there is no `Chart.yaml`"]);
}

#[test]
fn text_around_actions_is_kept_or_trimmed() {
    check("a:  {{- 1 }}\nb: {{ 2 -}}\n\nc", "a:1\nb: 2c");
    check("a: {{ tpl \"{{ .Values.image.tag }}\" . }}\n---\n# nothing\n---\nb: {{ .Values.list | join \",\" }}\n", "a: 1.2\n---\nb: a,b\n");
    check("{{ with .Values.security }}{{ toYaml . }}{{ end }}", "caps:\n- X\nrunAsUser: 0");
}
