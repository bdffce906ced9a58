//! Texts of programs that run at installation, and what in them fetches code.
//!
//! Texts are looked at, not understood: of what only may fetch something nothing is said.

use bartizan_core::ByteRange;
use bartizan_source::document::{JsonDialect, parse_json};

/// Something that a program does.
pub(super) struct Risk {
    pub(super) range: ByteRange,
    /// Whose it is: `the script `postinstall``.
    pub(super) what: String,
    /// What it does.
    pub(super) does: &'static str,
}

/// The scripts of npm that run when the package, or a project that depends on it, is installed:
/// <https://docs.npmjs.com/cli/v11/using-npm/scripts#npm-install>.
const HOOKS: [&str; 3] = ["preinstall", "install", "postinstall"];

/// What is risky in a file, by the name of its reader.
pub(super) fn risks(kind: &str, text: &str) -> Vec<Risk> {
    match kind {
        "package.json" => of_manifest(text),
        "setup.py" => of_lines(text, '#', &PYTHON, "`setup.py`"),
        "build.rs" => of_lines(text, '/', &RUST, "`build.rs`"),
        _ => Vec::new(),
    }
}

fn of_manifest(text: &str) -> Vec<Risk> {
    // Few manifests have such scripts, and every manifest is asked.
    if !HOOKS.iter().any(|hook| text.contains(hook)) {
        return Vec::new();
    }
    let document = parse_json(text, JsonDialect::Strict);
    let scripts = document.root.as_ref().and_then(|root| root.get("scripts"));
    let hooks = HOOKS.iter().filter_map(|hook| Some((hook, scripts?.get(hook)?)));
    let risks = hooks.filter_map(|(hook, node)| {
        let does = of_command(node.text()?)?;
        Some(Risk { range: node.range, what: format!("the script `{hook}`"), does })
    });
    risks.collect()
}

/// What a command line of a shell does.
fn of_command(command: &str) -> Option<&'static str> {
    let lower = command.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    let fetches = has(&["curl ", "wget ", "invoke-webrequest", "iwr ", "downloadstring"]);
    let pipes = lower.split('|').skip(1).any(|part| {
        let program = part.trim_start().split([' ', ';', '&']).next().unwrap_or_default();
        matches!(program, "sh" | "bash" | "zsh" | "node" | "python" | "python3" | "iex" | "perl")
    });
    let runs_inline = has(&["node -e", "node --eval", "python -c", "python3 -c", "perl -e"]);
    match () {
        () if fetches && (pipes || has(&["iex", "chmod +x", "bash -c", "sh -c \"$(", "$(curl", "$(wget"])) => {
            Some("fetches code and runs it")
        }
        () if runs_inline
            && has(&["http://", "https://", "require('http", "require(\"http", "require(\\\"http", "fetch(", "net.connect"]) =>
        {
            Some("runs code that opens the network")
        }
        () if has(&["base64 -d", "base64 --decode", "from('", "atob("]) && (pipes || has(&["eval"])) => Some("runs code that is encoded"),
        () if has(&["powershell"]) && has(&[" -enc", "-encodedcommand", "frombase64string"]) => Some("runs code that is encoded"),
        () => None,
    }
}

/// A sign in a line, and what it is a sign of.
type Sign = (&'static [&'static str], &'static str);

/// Each of the words must be in the line.
const PYTHON: [Sign; 7] = [
    (&["exec(", "b64decode"], "runs code that is encoded"),
    (&["eval(", "b64decode"], "runs code that is encoded"),
    (&["exec(", "urlopen"], "fetches code and runs it"),
    (&["exec(", "requests.get"], "fetches code and runs it"),
    (&["os.system(", "curl "], "fetches something while it is installed"),
    (&["urlretrieve("], "fetches something while it is installed"),
    (&["socket.socket("], "opens the network while it is installed"),
];

const RUST: [Sign; 7] = [
    (&["Command::new(\"curl\")"], "fetches something while it is built"),
    (&["Command::new(\"wget\")"], "fetches something while it is built"),
    (&["reqwest::"], "fetches something while it is built"),
    (&["ureq::"], "fetches something while it is built"),
    (&["attohttpc::"], "fetches something while it is built"),
    (&["TcpStream::connect"], "opens the network while it is built"),
    (&["curl::easy"], "fetches something while it is built"),
];

/// The first line that shows each sign; comments are left out.
fn of_lines(text: &str, comment: char, signs: &[Sign], what: &str) -> Vec<Risk> {
    let mut risks: Vec<Risk> = Vec::new();
    for (range, line) in crate::line::of(text) {
        if line.starts_with(comment) {
            continue;
        }
        for (words, does) in signs {
            let is_new = risks.iter().all(|risk| risk.does != *does);
            if is_new && words.iter().all(|word| line.contains(word)) {
                risks.push(Risk { range, what: what.to_owned(), does });
            }
        }
    }
    risks
}

#[cfg(test)]
mod tests {
    use super::{of_command, risks};

    #[test]
    fn commands_that_fetch_and_run_are_risky() {
        for (command, expected) in [
            ("curl -s https://example.com/x.sh | bash", Some("fetches code and runs it")),
            ("bash -c \"$(curl -fsSL https://example.com/x)\"", Some("fetches code and runs it")),
            ("wget -O x https://example.com/x && chmod +x x && ./x", Some("fetches code and runs it")),
            ("node -e \"require('https').get('https://example.com')\"", Some("runs code that opens the network")),
            ("powershell -enc AAAA", Some("runs code that is encoded")),
            ("node scripts/postinstall.js", None),
            ("husky install", None),
            ("node -e \"try{require('./postinstall')}catch(e){}\"", None),
            ("prebuild-install || node-gyp rebuild", None),
            ("patch-package | cat", None),
        ] {
            assert_eq!(of_command(command), expected, "{command}");
        }
    }

    #[test]
    fn files_are_looked_at_by_their_kind() {
        let n = |kind: &str, text: &str| risks(kind, text).len();
        assert_eq!(n("package.json", r#"{"scripts": {"postinstall": "curl https://x | sh", "build": "curl https://x | sh"}}"#), 1);
        assert_eq!(n("setup.py", "# exec(b64decode(x))\nexec(base64.b64decode(x))\n"), 1);
        assert_eq!(n("setup.py", "subprocess.check_output(['git', 'describe'])\n"), 0);
        assert_eq!(n("build.rs", "// reqwest::get\nlet s = TcpStream::connect(a);\nreqwest::blocking::get(b)\n"), 2);
        assert_eq!(n("build.rs", "println!(\"cargo:rerun-if-changed=build.rs\");"), 0);
    }
}
