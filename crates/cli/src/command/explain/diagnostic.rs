//! What each kind of diagnostic means, and what to do about it.

use bartizan_core::DiagnosticKind;

/// What a kind of diagnostic means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Explanation {
    /// What happened, and what that means for the result.
    pub(crate) why: &'static str,
    /// What to do about it.
    pub(crate) what_to_do: &'static str,
}

/// Explains a kind.
pub(crate) fn explanation(kind: DiagnosticKind) -> Explanation {
    let (why, what_to_do) = match kind {
        DiagnosticKind::Unreadable => (
            "A file or a folder exists, but could not be opened or read, so nothing in it was checked.",
            "Let the user that runs the scan read it, or exclude it in .bartizanignore if it need not be checked.",
        ),
        DiagnosticKind::FileTooLarge => (
            "A file is larger than the limit, so nothing in it was checked. The limit keeps one file from taking the memory and the time of a whole scan.",
            "Raise the limit with --max-file-size, or exclude the file in .bartizanignore if it need not be checked.",
        ),
        DiagnosticKind::TooDeep => (
            "Folders are nested more deeply than the limit; what lies deeper was not checked. Real trees stay far below the limit.",
            "Scan the deep folder by itself, or find out what made it.",
        ),
        DiagnosticKind::TooManyEntries => (
            "There are more files than the limit; those beyond it were not checked.",
            "Scan parts of the tree by themselves, or exclude generated folders in .bartizanignore.",
        ),
        DiagnosticKind::LinkNotFollowed => (
            "A symbolic link leads out of the scanned folder, to itself, or to nothing. It is not followed: a repository must not choose which files of the machine are read.",
            "Nothing, usually. Scan the link's target by itself if it belongs to the project.",
        ),
        DiagnosticKind::SpecialFile => (
            "A device, a socket or a pipe lies in the tree. Reading it could block or never end, so it is not opened.",
            "Nothing, usually.",
        ),
        DiagnosticKind::Decoding => (
            "A text is not valid in its encoding. It was read with stand-ins for what could not be decoded; a credential across such a place may be missed.",
            "Save the file as UTF-8.",
        ),
        DiagnosticKind::ArchiveUnreadable => (
            "An archive is damaged, encrypted, or of a kind that can't be read, so some or all of its entries were not checked.",
            "Repair the archive, unpack it and scan the folder, or exclude it in .bartizanignore.",
        ),
        DiagnosticKind::ArchiveLimit => (
            "An archive has more entries, more bytes, a higher ratio of compression or more levels of archives in archives than the limits. What came before the limit was checked, the rest was not.",
            "Find out what the archive is: small archives that grow without end are an attack. Unpack it elsewhere and scan the folder if it is honest.",
        ),
        DiagnosticKind::PartlyParsed => (
            "Parts of a file could not be parsed as its language: it has an error of syntax, a feature newer than the grammar, or is a template. Rules for code saw the rest of the file; a weakness in these parts, or one whose data flows through them, may be missed.",
            "Mend the syntax if it is wrong. If the code is right, report it: the grammar is behind the language.",
        ),
        DiagnosticKind::ManifestUnreadable => (
            "A manifest or a lock file, or an entry of it, could not be read, so components are missing from the inventory, and advisories about them are not found. The rest of the file was read.",
            "Mend the file at the place that is named: solve the merge conflict, fetch it from git-lfs, or let the package manager write it anew.",
        ),
        DiagnosticKind::DependencyUnresolved => (
            "A component is known, but something about it is not: which version it gets, or what it depends on. It is listed with what is known.",
            "Commit the lock file of the package manager, so that everybody gets the same versions, and they are known.",
        ),
        DiagnosticKind::InfrastructureUnresolved => (
            "Infrastructure code calls code that is not in the project, such as a module of a registry. What that creates was not checked, and what depends on it is not known.",
            "Bring the code into the project, for example with `terraform init` before the scan, or scan the plan.",
        ),
        DiagnosticKind::AdvisoriesMissing => (
            "Components were found, but there is nothing to compare them with: which versions are vulnerable is published as advisories, and none are on this machine, or they are damaged. No component was checked for known vulnerabilities.",
            "Build them from records in a folder or an archive with `bartizan advisories build --from PATH`.",
        ),
        DiagnosticKind::EngineLimit => (
            "An engine stopped in a file at a limit of its own, such as a number of findings. What it had found until then is reported.",
            "Exclude the file if it is generated, or turn the noisy rule off.",
        ),
        DiagnosticKind::PolicyTimeout => (
            "A policy in Rego thought longer about one document than policies may (max-policy-ms) and was stopped. What the other policies say is reported.",
            "Look for rules that go through a list within a list; the message names the policy and the document.",
        ),
        DiagnosticKind::EnginePanic => (
            "An engine failed on a file. This is a bug of Bartizan; the rest of the scan went on without that engine and file.",
            "Report the bug, with the file if you may share it. Exclude the file in .bartizanignore until it is mended.",
        ),
        DiagnosticKind::Configuration => (
            "Configuration, a baseline, an ignore file or a code-owners file has an error. The part with the error was not applied.",
            "Mend the file at the place that the message names. `bartizan config explain` shows what is in force.",
        ),
        DiagnosticKind::Rule => (
            "A rule has an error and did not run.",
            "Mend the rule at the place that the message names. `bartizan rules lint` checks rule files without a scan.",
        ),
        DiagnosticKind::Suppression => (
            "A suppression is expired, gives no reason although it must, names a rule that does not exist, or suppresses nothing.",
            "Remove the suppression, or renew it with a reason and a date.",
        ),
        DiagnosticKind::Policy => (
            "Configuration inside the scanned repository asks for more than the caller's policy allows, so that part of it was not applied. A repository can only narrow a policy.",
            "Change the policy, if the repository is right; else remove the setting from the repository.",
        ),
        DiagnosticKind::Cache => (
            "The result cache could not be read or written. The result is the same, but took longer.",
            "Choose another folder with --cache-dir, or turn the cache off with --no-cache.",
        ),
        DiagnosticKind::VersionControl => (
            "Git could not answer: the folder is no repository, the revision is unknown, or the repository is damaged. What depends on it was not checked.",
            "Check the revision with `git rev-parse`, and fetch it if the clone is shallow.",
        ),
        DiagnosticKind::Internal => (
            "Something happened that should be impossible. This is a bug of Bartizan; a part of the tree may not have been checked.",
            "Report the bug with the message.",
        ),
        // Kinds are added in `core`; a test finds those without an explanation.
        _ => ("", ""),
    };
    Explanation { why, what_to_do }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_explained() {
        for kind in DiagnosticKind::ALL {
            let Explanation { why, what_to_do } = explanation(*kind);
            assert!(why.ends_with('.') && what_to_do.ends_with('.'), "{kind}");
        }
    }
}
