use super::*;

/// One line a command: joint, wrappers, program and arguments; what it is set and redirected to in brackets.
#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let script = parse(text, 0);
    let shown: Vec<String> = script.commands.iter().map(show).collect();
    assert_eq!(shown, expected, "{text}");
    for command in &script.commands {
        assert!(text.get(command.range.start()..command.range.end()).is_some(), "{text}: {command:?}");
    }
}

fn show(command: &Command) -> String {
    let joint = match command.joint {
        Joint::Next => "",
        Joint::And => "&& ",
        Joint::Or => "|| ",
        Joint::Pipe => "| ",
    };
    let mut parts: Vec<String> = command.wrappers.iter().map(|wrapper| format!("({wrapper})")).collect();
    parts.extend(command.assignments.iter().map(|assignment| format!("{}={}", assignment.name, assignment.value.text)));
    parts.push(command.program.clone());
    parts.extend(command.arguments.iter().map(|word| word.text.replace(' ', "·")));
    parts.extend(command.redirects.iter().map(|redirect| format!("{}{}", redirect.operator, redirect.target.text)));
    format!("{joint}{}", parts.join(" "))
}

#[test]
fn lists_pipes_and_redirections() {
    check(
        "set -eux; apt-get update && apt-get install -y x=1 2>/dev/null || true\ncurl -s 'http://a b' | tee >>log &",
        &["set -eux", "apt-get update", "&& apt-get install -y x=1 >/dev/null", "|| true", "curl -s http://a·b", "| tee >>log"],
    );
    check("a &&\n b |\n c # d && e", &["a", "&& b", "| c"]);
    check("a \\\n -b \\\r\n c", &["a -b c"]);
}

#[test]
fn keywords_are_no_commands() {
    check("if [ -f x ]; then rm x; else ! true; fi", &["[ -f x ]", "rm x", "true"]);
    check("for x in a b; do echo $x; done", &["echo $x"]);
    check("case $x in a) one ;; *) two;; esac", &["one", "two"]);
    check("(cd x && make)", &["cd x", "&& make"]);
    check("{ a; b; } > f", &["a", "b", " >f"]);
}

#[test]
fn what_runs_something_else_is_seen_through() {
    check("sudo -E -u x A=1 apt-get install y", &["(sudo) A=1 apt-get install y"]);
    check("env DEBIAN_FRONTEND=x /usr/bin/apt-get -y install z", &["(env) DEBIAN_FRONTEND=x apt-get -y install z"]);
    check("X=1 Y='2 3' make", &["X=1 Y=2 3 make"]);
    check("bash -lc 'a && b'", &["bash -lc a·&&·b", "a", "&& b"]);
    check("timeout 10 xargs -n 1 rm", &["(timeout) (xargs) rm"]);
    check("sudo", &["sudo"]);
}

#[test]
fn commands_within_words_come_first() {
    check("echo \"$(curl -s x | sh)\" `id`", &["curl -s x", "| sh", "id", "echo $(curl·-s·x·|·sh) `id`"]);
    check("sh <(curl x)", &["curl x", "sh <(curl·x)"]);
    let script = parse("bash -c \"$(curl x)\"", 5);
    let bash = script.commands.get(1).unwrap();
    assert_eq!(bash.arguments.last().unwrap().commands, 0..1);
    assert_eq!(bash.range.start(), 5);
}

#[test]
fn here_documents_are_skipped() {
    check("cat <<EOF > f\nrm -rf / | sh\nEOF\nls", &["cat <<EOF >f", "ls"]);
}

#[test]
fn variables_are_known_to_be_there() {
    let script = parse("rm $a \"$b\" '$c' \\$d", 0);
    let words: Vec<(bool, bool)> =
        script.commands.first().unwrap().arguments.iter().map(|word| (word.has_expansion, word.has_bare_expansion)).collect();
    assert_eq!(words, [(true, true), (true, false), (false, false), (false, false)]);
}

#[test]
fn limits_end_what_is_too_deep_or_too_long() {
    assert!(parse(&"$(".repeat(10_000), 0).is_cut);
    assert!(parse(&"a;".repeat(20_000), 0).is_cut);
    for text in ["'", "\"", "$", "${", "`", "$((", "a >", "<(", "\\", ")))", "((", "&&&", "sh -c", "a <<"] {
        parse(text, 0);
    }
}

/// The programs that a whole grammar of the shell sees in a script are seen here, too.
#[test]
fn programs_are_those_that_the_grammar_sees() {
    let texts = [
        "set -eux; apt-get update && apt-get install -y a=1.2.* && rm -rf /var/lib/apt/lists/*",
        "if ! command -v a >/dev/null 2>&1; then curl -fsSL https://x | sh -s -- -y; fi",
        "for f in *.tar.gz; do tar xzf \"$f\" && rm \"$f\"; done; while read -r l; do echo $l; done < list",
        "x=$(uname -m); case \"$x\" in x86_64) a=amd64 ;; aarch64|arm64) a=arm64 ;; *) exit 1 ;; esac; wget -O- \"https://x/$a\"",
        "(cd /a && ./configure --b=${c:-d}) || { cat log; exit 1; }",
        "[ -n \"$x\" ] && export y=1; test -f z && . ./z",
        "echo 'a && b' | sed -e 's/&&/;/' > /etc/x; echo \"$(date)\" >> y",
    ];
    for text in texts {
        compare(text);
    }
}

/// The same for the commands of real Dockerfiles: `BARTIZAN_IAC_LIST` names a file with a path a line.
#[test]
fn programs_in_real_files_are_those_that_the_grammar_sees() {
    let Some(list) = crate::dockerfile::vectors::folder("BARTIZAN_IAC_LIST") else { return };
    let (mut n_seen, mut n_all) = (0, 0);
    for path in std::fs::read_to_string(list).unwrap().lines() {
        let Ok(text) = std::fs::read_to_string(path) else { continue };
        for script in crate::dockerfile::scripts(&text) {
            let (wanted, missed) = programs(&script);
            n_all += wanted;
            n_seen += wanted - missed.len();
            if !missed.is_empty() {
                println!("{path}: {missed:?}");
            }
        }
    }
    println!("{n_seen} of {n_all} programs");
    assert!(n_all * 98 <= n_seen * 100);
}

#[track_caller]
fn compare(text: &str) {
    let (_, missed) = programs(text);
    assert!(missed.is_empty(), "{text}: {missed:?}");
}

/// How many programs the grammar sees in a script, and which of them are not seen here.
fn programs(text: &str) -> (usize, Vec<String>) {
    let tree = bartizan_syntax::parse(bartizan_syntax::Grammar::Bash, text).unwrap();
    let mut wanted = Vec::new();
    let mut nodes = vec![tree.root_node()];
    while let Some(node) = nodes.pop() {
        if node.kind() == "command_name" {
            wanted.push(text.get(node.byte_range()).unwrap().rsplit('/').next().unwrap().to_owned());
        }
        nodes.extend((0..node.child_count()).filter_map(|child| node.child(child)));
    }
    wanted.retain(|name| !name.contains(['$', '"', '\'', '`', '\\', '=', '[']));
    let script = parse(text, 0);
    let seen: Vec<&str> =
        script.commands.iter().flat_map(|it| it.wrappers.iter().map(String::as_str).chain([it.program.as_str()])).collect();
    let n_wanted = wanted.len();
    (n_wanted, wanted.into_iter().filter(|name| !seen.contains(&name.as_str())).collect())
}
