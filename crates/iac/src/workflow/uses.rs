//! What `uses` names: an action of a repository, one of the same repository, or an image.

/// What `uses` names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Uses<'d> {
    /// As it is written.
    pub(crate) text: &'d str,
    /// What it is.
    pub(crate) kind: UsesKind<'d>,
}

/// What `uses` names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum UsesKind<'d> {
    /// `owner/name/folder@reference`.
    Repository {
        /// Who owns it.
        owner: &'d str,
        /// Its name.
        name: &'d str,
        /// Where in it the action is; nothing at its root.
        folder: Option<&'d str>,
        /// The commit, tag or branch; empty if none is given.
        reference: &'d str,
    },
    /// A folder or file of the same repository: `./…` or `$/…`.
    Local(&'d str),
    /// `docker://…`.
    Image(Image<'d>),
    /// None of these.
    Other,
}

/// An image, by its parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Image<'d> {
    /// Registry and name.
    pub(crate) name: &'d str,
    /// The tag.
    pub(crate) tag: Option<&'d str>,
    /// The digest.
    pub(crate) digest: Option<&'d str>,
}

impl<'d> Uses<'d> {
    /// Takes a text apart.
    pub(crate) fn parse(text: &'d str) -> Self {
        let kind = match text.trim() {
            local if local.starts_with("./") || local.starts_with("../") || local.starts_with("$/") => UsesKind::Local(local),
            remote => match remote.strip_prefix("docker://") {
                Some(image) => UsesKind::Image(Image::parse(image)),
                None => repository(remote).unwrap_or(UsesKind::Other),
            },
        };
        Self { text, kind }
    }

    /// `owner/name`, if it is of a repository.
    pub(crate) fn slug(&self) -> Option<String> {
        match self.kind {
            UsesKind::Repository { owner, name, .. } => Some(format!("{owner}/{name}")),
            UsesKind::Local(_) | UsesKind::Image(_) | UsesKind::Other => None,
        }
    }

    /// Whether it is this action, in whatever version: `owner/name` or `owner/name/folder`.
    pub(crate) fn is(&self, slug: &str) -> bool {
        let UsesKind::Repository { owner, name, folder, .. } = self.kind else { return false };
        let folder = folder.map(|folder| folder.trim_matches('/')).filter(|folder| !folder.is_empty());
        let mut parts = slug.splitn(3, '/');
        let is_next = |wanted: Option<&str>, part: &str| wanted.is_some_and(|wanted| wanted.eq_ignore_ascii_case(part));
        is_next(parts.next(), owner) && is_next(parts.next(), name) && parts.next() == folder
    }

    /// The commit, tag or branch, if it is of a repository.
    pub(crate) fn reference(&self) -> Option<&'d str> {
        match self.kind {
            UsesKind::Repository { reference, .. } => Some(reference),
            UsesKind::Local(_) | UsesKind::Image(_) | UsesKind::Other => None,
        }
    }

    /// Whether it is held at a commit.
    pub(crate) fn is_pinned(&self) -> bool {
        self.reference().is_some_and(is_commit)
    }

    /// What it names, in whatever version.
    pub(crate) fn without_reference(&self) -> String {
        match self.kind {
            UsesKind::Repository { .. } => self.text.trim().split('@').next().unwrap_or_default().to_owned(),
            UsesKind::Image(image) => image.name.to_owned(),
            UsesKind::Local(_) | UsesKind::Other => self.text.trim().to_owned(),
        }
    }
}

impl<'d> Image<'d> {
    /// Takes the name of an image apart.
    pub(crate) fn parse(text: &'d str) -> Self {
        let (rest, digest) = text.split_once('@').map_or((text, None), |(rest, digest)| (rest, Some(digest)));
        // A colon before the last slash is that of a port.
        let at = rest.rfind(':').filter(|at| rest.get(*at..).is_some_and(|tag| !tag.contains('/')));
        let (name, tag) = at.and_then(|at| rest.split_at_checked(at)).map_or((rest, None), |(name, tag)| (name, tag.get(1..)));
        Self { name, tag: tag.filter(|tag| !tag.is_empty()), digest: digest.filter(|digest| !digest.is_empty()) }
    }
}

/// Whether a reference is a commit: 40 hexadecimal digits, or 64 of SHA-256.
pub(crate) fn is_commit(reference: &str) -> bool {
    matches!(reference.len(), 40 | 64) && reference.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// A version of an action: `v1`, `1.2`, `v1.2.3`.
pub(crate) fn version(text: &str) -> Option<[u64; 3]> {
    let mut parts = text.strip_prefix('v').unwrap_or(text).split('.');
    let mut version = [0; 3];
    for (index, number) in version.iter_mut().enumerate() {
        match parts.next() {
            Some(part) if !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()) => *number = part.parse().ok()?,
            None if 0 < index => {}
            _ => return None,
        }
    }
    parts.next().is_none().then_some(version)
}

fn repository(text: &str) -> Option<UsesKind<'_>> {
    let (path, reference) = text.split_once('@').unwrap_or((text, ""));
    let mut parts = path.splitn(3, '/');
    let (owner, name) = (parts.next()?, parts.next()?);
    let is_word = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
    (is_word(owner) && is_word(name)).then(|| UsesKind::Repository { owner, name, folder: parts.next(), reference })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uses_is_taken_apart() {
        let uses = Uses::parse("github/codeql-action/init@v3");
        assert_eq!(uses.kind, UsesKind::Repository { owner: "github", name: "codeql-action", folder: Some("init"), reference: "v3" });
        assert!(uses.is("GitHub/CodeQL-Action/init") && !uses.is("github/codeql-action"));
        assert!(!uses.is_pinned());
        assert!(Uses::parse("a/b@0123456789abcdef0123456789abcdef01234567").is_pinned());
        assert_eq!(Uses::parse("./.github/actions/x").kind, UsesKind::Local("./.github/actions/x"));
        assert_eq!(Uses::parse("nothing").kind, UsesKind::Other);
        let image = |text| Image::parse(text);
        assert_eq!(image("localhost:5000/a"), Image { name: "localhost:5000/a", tag: None, digest: None });
        assert_eq!(image("a:1@sha256:00"), Image { name: "a", tag: Some("1"), digest: Some("sha256:00") });
    }

    #[test]
    fn versions_are_compared_by_number() {
        assert_eq!(version("v10"), Some([10, 0, 0]));
        assert_eq!(version("1.2.3"), Some([1, 2, 3]));
        assert!(version("v9.9") < version("v10"));
        assert_eq!((version("main"), version("v1.x"), version("v")), (None, None, None));
    }
}
