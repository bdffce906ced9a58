//! The detectors that are written in code; rules call them by name.

/// A detector that is written in code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Detector {
    /// Values of names that mean a password, scored by their context.
    AssignedPassword,
    /// Values of names that mean a key, token or secret, scored by their context.
    AssignedSecret,
    /// `scheme://user:password@host`.
    UrlCredentials,
    /// `Authorization: Basic …` and `Bearer …`.
    AuthorizationHeader,
    /// `curl -u user:password`, `sshpass -p …` and their like.
    CommandLineCredentials,
}

/// All detectors.
pub(crate) static DETECTORS: &[Detector] = &[
    Detector::AssignedPassword,
    Detector::AssignedSecret,
    Detector::UrlCredentials,
    Detector::AuthorizationHeader,
    Detector::CommandLineCredentials,
];

impl Detector {
    /// The name that rules call it by.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::AssignedPassword => "assigned-password",
            Self::AssignedSecret => "assigned-secret",
            Self::UrlCredentials => "url-credentials",
            Self::AuthorizationHeader => "authorization-header",
            Self::CommandLineCredentials => "command-line-credentials",
        }
    }

    /// The words that wake it up, in lower case.
    pub(crate) const fn keywords(self) -> &'static [&'static str] {
        match self {
            Self::AssignedPassword => &["pass", "pwd", "psw", "senha", "kennwort", "motdepasse"],
            Self::AssignedSecret => {
                &["secret", "token", "key", "auth", "cred", "salt", "nonce", "cookie", "signature", "webhook", "otp", "hmac", "ticket"]
            }
            Self::UrlCredentials => &["://"],
            Self::AuthorizationHeader => &["basic ", "bearer "],
            Self::CommandLineCredentials => &["curl", "sshpass", "mysql", "wget", "docker login"],
        }
    }
}

/// The detector of a name.
pub(crate) fn by_name(name: &str) -> Option<Detector> {
    DETECTORS.iter().copied().find(|detector| detector.name() == name)
}

/// All names, for messages.
pub(crate) fn names() -> String {
    DETECTORS.iter().map(|detector| detector.name()).collect::<Vec<_>>().join(", ")
}
