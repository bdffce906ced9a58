//! Package managers: what each calls the same things.

use crate::shell::{Command, Word};

/// A package manager.
pub(super) struct Manager {
    /// What rules and messages call it.
    pub(super) name: &'static str,
    programs: &'static [&'static str],
    install: &'static [&'static str],
    /// Fetches what packages there are.
    refresh: &'static [&'static str],
    /// Brings all packages to their newest version.
    upgrade: &'static [&'static str],
    /// Moves to the next release of the distribution.
    pub(super) leap: &'static [&'static str],
    /// Options that take the next word.
    valued: &'static [&'static str],
    /// Options that read what is to be installed from a file.
    lists: &'static [&'static str],
    /// Options by which it asks nothing; none where it never asks.
    yes: &'static [&'static str],
    /// How a version is given.
    pub(super) pin: Pin,
    pub(super) rules: Rules,
    /// What an install leaves behind, and how it goes away.
    pub(super) cache: Cache,
}

/// How a version is given.
pub(super) enum Pin {
    /// By one of these in the name of the package.
    Mark(&'static [&'static str]),
    /// By a hyphen and a digit or a variable.
    Hyphen,
    /// By an `@` behind the name, which may begin with one.
    At,
}

/// The rules about it, where there are some.
pub(super) struct Rules {
    pub(super) asks: Option<&'static str>,
    pub(super) unpinned: Option<&'static str>,
    pub(super) cache: Option<&'static str>,
}

/// What an install leaves behind, and how it goes away.
pub(super) struct Cache {
    /// Options by which nothing is left.
    pub(super) options: &'static [&'static str],
    /// Subcommands that remove it.
    pub(super) clean: &'static [&'static str],
    /// Folders that it is in.
    pub(super) folders: &'static [&'static str],
    /// Variables by which nothing is left.
    pub(super) variables: &'static [&'static str],
}

/// What a command does with packages.
pub(super) struct Use<'c> {
    pub(super) manager: &'static Manager,
    pub(super) kind: UseKind,
    /// The subcommand.
    pub(super) verb: &'c Word,
    pub(super) packages: Vec<&'c Word>,
    /// Whether packages are read from a file.
    pub(super) has_list: bool,
}

/// What is done.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum UseKind {
    Install,
    Refresh,
    Upgrade,
    Leap,
    Other,
}

const RPM_VALUED: &[&str] = &[
    "-c",
    "-x",
    "-d",
    "-e",
    "--installroot",
    "--enablerepo",
    "--disablerepo",
    "--repo",
    "--releasever",
    "--setopt",
    "--exclude",
    "--nodocs=",
];

pub(super) static MANAGERS: &[Manager] = &[
    Manager {
        name: "apt-get",
        programs: &["apt-get", "apt", "aptitude"],
        install: &["install", "reinstall"],
        refresh: &["update"],
        upgrade: &["upgrade"],
        leap: &["dist-upgrade", "full-upgrade"],
        valued: &["-t", "-o", "-c", "-a", "--option", "--target-release", "--default-release", "--config-file"],
        lists: &[],
        yes: &["-y", "--yes", "--assume-yes", "-qq", "-q=2", "--force-yes"],
        pin: Pin::Mark(&["="]),
        rules: Rules { asks: Some("apt-may-ask"), unpinned: Some("apt-package-unpinned"), cache: None },
        cache: Cache { options: &[], clean: &["distclean", "dist-clean"], folders: &["/var/lib/apt"], variables: &[] },
    },
    Manager {
        name: "apk",
        programs: &["apk"],
        install: &["add"],
        refresh: &["update"],
        upgrade: &["upgrade"],
        leap: &[],
        valued: &[
            "-t",
            "--virtual",
            "-X",
            "--repository",
            "-p",
            "--root",
            "--repositories-file",
            "--keys-dir",
            "--cache-dir",
            "--arch",
            "--dir",
            "--wait",
        ],
        lists: &[],
        yes: &[],
        pin: Pin::Mark(&["=", "~", "<", ">"]),
        rules: Rules { asks: None, unpinned: Some("apk-package-unpinned"), cache: Some("apk-cache-kept") },
        cache: Cache { options: &["--no-cache"], clean: &["cache"], folders: &["/var/cache/apk", "/etc/apk/cache"], variables: &[] },
    },
    Manager {
        name: "yum",
        programs: &["yum"],
        install: &["install", "localinstall", "groupinstall", "reinstall"],
        refresh: &["makecache", "check-update"],
        upgrade: &["update", "upgrade"],
        leap: &["distro-sync"],
        valued: RPM_VALUED,
        lists: &[],
        yes: &["-y", "--assumeyes"],
        pin: Pin::Hyphen,
        rules: Rules { asks: Some("yum-may-ask"), unpinned: Some("yum-package-unpinned"), cache: Some("yum-cache-kept") },
        cache: Cache { options: &[], clean: &["clean"], folders: &["/var/cache/yum", "/var/cache/dnf", "/var/cache"], variables: &[] },
    },
    Manager {
        name: "dnf",
        programs: &["dnf", "dnf5", "microdnf", "tdnf"],
        install: &["install", "in", "localinstall", "groupinstall", "reinstall"],
        refresh: &["makecache", "check-update"],
        upgrade: &["update", "upgrade"],
        leap: &["distro-sync", "system-upgrade"],
        valued: RPM_VALUED,
        lists: &[],
        yes: &["-y", "--assumeyes"],
        pin: Pin::Hyphen,
        rules: Rules { asks: Some("dnf-may-ask"), unpinned: Some("dnf-package-unpinned"), cache: Some("dnf-cache-kept") },
        cache: Cache {
            options: &[],
            clean: &["clean"],
            folders: &["/var/cache/dnf", "/var/cache/yum", "/var/cache/libdnf5", "/var/cache"],
            variables: &[],
        },
    },
    Manager {
        name: "zypper",
        programs: &["zypper"],
        install: &["install", "in", "install-new-recommends", "source-install", "si"],
        refresh: &["refresh", "ref"],
        upgrade: &["update", "up", "patch"],
        leap: &["dist-upgrade", "dup"],
        valued: &["-t", "--type", "-r", "--repo", "--from", "--root", "-R", "--config", "--plus-repo", "-p"],
        lists: &[],
        yes: &["-y", "--no-confirm", "-n", "--non-interactive"],
        pin: Pin::Mark(&["=", "<", ">"]),
        rules: Rules { asks: Some("zypper-may-ask"), unpinned: Some("zypper-package-unpinned"), cache: Some("zypper-cache-kept") },
        cache: Cache { options: &[], clean: &["clean", "cc"], folders: &["/var/cache/zypp", "/var/cache"], variables: &[] },
    },
    Manager {
        name: "pip",
        programs: &["pip", "pip2", "pip3"],
        install: &["install"],
        refresh: &[],
        upgrade: &[],
        leap: &[],
        valued: &[
            "-i",
            "-f",
            "-t",
            "-b",
            "-d",
            "-e",
            "--index-url",
            "--extra-index-url",
            "--find-links",
            "--target",
            "--prefix",
            "--root",
            "--platform",
            "--python-version",
            "--implementation",
            "--abi",
            "--trusted-host",
            "--proxy",
            "--timeout",
            "--retries",
            "--cert",
            "--cache-dir",
            "--editable",
            "--src",
            "--progress-bar",
            "--global-option",
            "--install-option",
            "--config-settings",
            "--no-binary",
            "--only-binary",
            "--upgrade-strategy",
            "--python",
            "--group",
            "--default-timeout",
            "--log",
            "--exists-action",
            "--root-user-action",
        ],
        lists: &["-r", "-c", "--requirement", "--constraint", "-e", "--editable", "--group"],
        yes: &[],
        pin: Pin::Mark(&["=", "~", "<", ">", "@"]),
        rules: Rules { asks: None, unpinned: Some("pip-package-unpinned"), cache: Some("pip-cache-kept") },
        cache: Cache {
            options: &["--no-cache-dir", "--no-cache"],
            clean: &["cache"],
            folders: &["/root/.cache", "~/.cache", "$HOME/.cache", "/.cache"],
            variables: &["PIP_NO_CACHE_DIR", "PIP_CACHE_DIR"],
        },
    },
    Manager {
        name: "npm",
        programs: &["npm", "pnpm", "cnpm"],
        install: &["install", "i", "add", "isntall", "in"],
        refresh: &[],
        upgrade: &[],
        leap: &[],
        valued: &[
            "--registry",
            "--prefix",
            "--cache",
            "--omit",
            "--include",
            "--loglevel",
            "--fetch-retries",
            "--tag",
            "-C",
            "--dir",
            "--filter",
            "--workspace",
            "-w",
        ],
        lists: &[],
        yes: &[],
        pin: Pin::At,
        rules: Rules { asks: None, unpinned: Some("npm-package-unpinned"), cache: None },
        cache: Cache { options: &[], clean: &[], folders: &[], variables: &[] },
    },
    Manager {
        name: "yarn",
        programs: &["yarn", "yarnpkg"],
        install: &["add", "install"],
        refresh: &[],
        upgrade: &[],
        leap: &[],
        valued: &["--registry", "--cwd", "--cache-folder", "--network-timeout", "--modules-folder"],
        lists: &[],
        yes: &[],
        pin: Pin::At,
        rules: Rules { asks: None, unpinned: Some("npm-package-unpinned"), cache: Some("yarn-cache-kept") },
        cache: Cache {
            options: &[],
            clean: &["cache"],
            folders: &["/usr/local/share/.cache", "/root/.cache", "~/.cache", "/tmp"],
            variables: &["YARN_CACHE_FOLDER"],
        },
    },
    Manager {
        name: "gem",
        programs: &["gem"],
        install: &["install", "i"],
        refresh: &[],
        upgrade: &[],
        leap: &[],
        valued: &["-s", "--source", "-i", "--install-dir", "-n", "--bindir", "-P", "--trust-policy", "--platform", "-v", "--version"],
        lists: &["-g", "--file"],
        yes: &[],
        pin: Pin::Mark(&[":"]),
        rules: Rules { asks: None, unpinned: Some("gem-package-unpinned"), cache: None },
        cache: Cache { options: &[], clean: &[], folders: &[], variables: &[] },
    },
    Manager {
        name: "go",
        programs: &["go"],
        install: &["install"],
        refresh: &[],
        upgrade: &[],
        leap: &[],
        valued: &["-ldflags", "-tags", "-gcflags", "-asmflags", "-mod", "-o", "-p", "-C", "-buildmode", "-toolexec"],
        lists: &[],
        yes: &[],
        pin: Pin::At,
        rules: Rules { asks: None, unpinned: Some("go-package-unpinned"), cache: None },
        cache: Cache { options: &[], clean: &[], folders: &[], variables: &[] },
    },
    Manager {
        name: "pacman",
        programs: &["pacman"],
        install: &["-S"],
        refresh: &["-Sy", "-Syy"],
        upgrade: &["-Syu", "-Syyu", "-Su"],
        leap: &[],
        valued: &["--config", "--root", "--cachedir", "--dbpath"],
        lists: &[],
        yes: &[],
        pin: Pin::Mark(&["=", "<", ">"]),
        rules: Rules { asks: None, unpinned: None, cache: None },
        cache: Cache { options: &[], clean: &["-Scc", "-Sc"], folders: &["/var/cache/pacman"], variables: &[] },
    },
];

/// What a command does with packages; nothing if its program is no package manager.
pub(super) fn use_of(command: &Command) -> Option<Use<'_>> {
    let (program, skipped) = program_of(command)?;
    let manager = MANAGERS.iter().find(|manager| manager.programs.contains(&program))?;
    let mut use_of = Use { manager, kind: UseKind::Other, verb: command.arguments.get(skipped)?, packages: Vec::new(), has_list: false };
    let mut has_verb = false;
    let mut words = command.arguments.iter().skip(skipped);
    while let Some(word) = words.next() {
        let text = word.text.as_str();
        if text == "--" {
            continue;
        }
        if text.starts_with('-') && !manager.is_verb(text) {
            use_of.has_list |=
                manager.lists.iter().any(|list| text == *list || text.starts_with(&format!("{list}=")) || is_joined(text, list));
            if manager.valued.contains(&text) || manager.lists.contains(&text) {
                words.next();
            }
        } else if has_verb {
            use_of.packages.push(word);
        } else {
            has_verb = true;
            use_of.verb = word;
            use_of.kind = manager.kind(text);
        }
    }
    Some(use_of)
}

/// `-rrequirements.txt`: a short option and its value in one word.
fn is_joined(text: &str, option: &str) -> bool {
    option.len() == 2 && 2 < text.len() && text.starts_with(option) && !text.starts_with("--")
}

/// The package manager's name, and how many words come before its own: `python -m pip`, `uv pip`.
fn program_of(command: &Command) -> Option<(&str, usize)> {
    let program = command.program.as_str();
    let mut texts = command.texts();
    if program.starts_with("python") || program.starts_with("pypy") {
        let module = command.arguments.iter().position(|word| word.text == "-m")?;
        let name = command.arguments.get(module + 1)?.text.as_str();
        return (name == "pip").then_some(("pip", module + 2));
    }
    if program == "uv" && texts.next() == Some("pip") {
        return Some(("pip", 1));
    }
    // `pip3.11`
    if let Some(version) = program.strip_prefix("pip")
        && version.starts_with(['2', '3'])
    {
        return Some(("pip", 0));
    }
    Some((program, 0))
}

impl Manager {
    fn kind(&self, verb: &str) -> UseKind {
        let kinds = [
            (self.install, UseKind::Install),
            (self.refresh, UseKind::Refresh),
            (self.upgrade, UseKind::Upgrade),
            (self.leap, UseKind::Leap),
        ];
        kinds.into_iter().find(|(verbs, _)| verbs.contains(&verb)).map_or(UseKind::Other, |(_, kind)| kind)
    }

    fn is_verb(&self, text: &str) -> bool {
        self.kind(text) != UseKind::Other
    }

    /// Whether it may ask before it does something.
    pub(super) fn may_ask(&self, command: &Command) -> bool {
        let n_quiet = command.texts().filter(|text| matches!(*text, "-q" | "--quiet")).count();
        let is_yes = |text: &str| self.yes.contains(&text);
        let is_apt = self.name == "apt-get";
        let is_quiet = is_apt && (2 <= n_quiet || command.texts().any(|text| text.starts_with("-qq") || text.starts_with("-yq")));
        let has_letter = self
            .yes
            .iter()
            .filter(|yes| yes.len() == 2)
            .any(|yes| yes.chars().nth(1).is_some_and(|letter| command.short(letter).is_some()));
        let is_set =
            is_apt && command.texts().any(|text| text.starts_with("APT::Get::Assume-Yes=") || text.starts_with("-oAPT::Get::Assume-Yes"));
        !self.yes.is_empty() && !command.texts().any(is_yes) && !is_quiet && !has_letter && !is_set
    }
}
