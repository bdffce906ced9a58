//! What a name says about the value that it is given.

/// What kind of secret a name promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Meaning {
    /// A password or passphrase: often chosen by people.
    Password,
    /// A secret, token, API key or credential: made by machines.
    Secret,
    /// A word that may mean a secret: `key`, `auth`, `salt`, `hash`.
    Weak,
}

impl Meaning {
    /// The meaning in a few words, for explanations.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Password => "the name means a password",
            Self::Secret => "the name means a secret",
            Self::Weak => "the name may mean a secret",
        }
    }
}

/// A name, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name {
    /// Its words in lower case: `dbPassword_2` gives `db`, `password`, `2`.
    pub(crate) words: Vec<String>,
    /// What it promises.
    pub(crate) meaning: Meaning,
    /// The word that says so.
    pub(crate) core: usize,
    /// A word that says that the value is about a secret rather than one: `id`, `field`, `url` …
    pub(crate) denial: bool,
}

const PASSWORD: [&str; 16] = [
    "password",
    "passwd",
    "passwrd",
    "passphrase",
    "passcode",
    "pass",
    "pwd",
    "pw",
    "psw",
    "pswd",
    "passw",
    "senha",
    "kennwort",
    "passwort",
    "motdepasse",
    "passwords",
];
const SECRET: [&str; 26] = [
    "secret",
    "secrets",
    "token",
    "tokens",
    "apikey",
    "apikeys",
    "authkey",
    "accesskey",
    "secretkey",
    "privatekey",
    "authtoken",
    "accesstoken",
    "appkey",
    "appsecret",
    "clientsecret",
    "credential",
    "credentials",
    "creds",
    "cred",
    "bearer",
    "jwt",
    "webhook",
    "otp",
    "encryptionkey",
    "signingkey",
    "ticket",
];
const WEAK: [&str; 16] = [
    "key",
    "keys",
    "auth",
    "authorization",
    "salt",
    "nonce",
    "cookie",
    "session",
    "signature",
    "hmac",
    "hash",
    "seed",
    "sas",
    "oauth",
    "authentication",
    "sig",
];
/// Words before `key` that make it a secret one.
const KEY_KINDS: [&str; 20] = [
    "api",
    "access",
    "secret",
    "private",
    "encryption",
    "encrypt",
    "auth",
    "signing",
    "sign",
    "master",
    "account",
    "storage",
    "shared",
    "service",
    "app",
    "license",
    "consumer",
    "subscription",
    "hmac",
    "crypto",
];
/// Words that say that the value only describes a secret.
const DENIALS: [&str; 78] = [
    "id",
    "ids",
    "name",
    "names",
    "type",
    "types",
    "field",
    "fields",
    "label",
    "path",
    "paths",
    "file",
    "files",
    "filename",
    "url",
    "uri",
    "urls",
    "endpoint",
    "length",
    "len",
    "size",
    "count",
    "min",
    "max",
    "regex",
    "regexp",
    "pattern",
    "format",
    "prefix",
    "suffix",
    "hint",
    "placeholder",
    "policy",
    "error",
    "errors",
    "message",
    "msg",
    "title",
    "text",
    "class",
    "selector",
    "expires",
    "expiry",
    "expiration",
    "expire",
    "ttl",
    "timeout",
    "date",
    "time",
    "public",
    "pub",
    "enabled",
    "enable",
    "required",
    "column",
    "table",
    "header",
    "headers",
    "param",
    "parameter",
    "method",
    "provider",
    "scheme",
    "algorithm",
    "alg",
    "store",
    "manager",
    "service",
    "reset",
    "change",
    "forgot",
    "invalid",
    "index",
    "validator",
    "encoder",
    "input",
    "button",
    "ring",
];

impl Name {
    /// Takes a name apart; nothing if no word of it means a secret.
    pub(crate) fn of(text: &str) -> Option<Self> {
        let words = words(text);
        let (core, meaning) = core(&words)?;
        let is_denial = |word: &String| DENIALS.contains(&word.as_str());
        let denial = words.iter().enumerate().any(|(index, word)| core < index && is_denial(word))
            || words.iter().take(core).any(|word| {
                matches!(word.as_str(), "public" | "pub" | "reset" | "forgot" | "change" | "invalid" | "foreign" | "primary" | "cache")
            });
        Some(Self { words, meaning, core, denial })
    }

    /// Whether the word that means a secret is the last one.
    pub(crate) fn ends_in_core(&self) -> bool {
        let after = self.words.get(self.core + 1..).unwrap_or_default();
        after.iter().all(|word| word.bytes().all(|byte| byte.is_ascii_digit()))
    }
}

/// The word that means most, and what it means; later words win among equals.
fn core(words: &[String]) -> Option<(usize, Meaning)> {
    let mut best: Option<(usize, Meaning)> = None;
    for (index, word) in words.iter().enumerate() {
        let previous = index.checked_sub(1).and_then(|index| words.get(index)).map(String::as_str);
        let Some(mut meaning) = meaning_of(word) else { continue };
        if meaning == Meaning::Weak && word.starts_with("key") && previous.is_some_and(|previous| KEY_KINDS.contains(&previous)) {
            meaning = Meaning::Secret;
        }
        if best.is_none_or(|(_, known)| meaning <= known) {
            best = Some((index, meaning));
        }
    }
    best
}

fn meaning_of(word: &str) -> Option<Meaning> {
    if PASSWORD.contains(&word) {
        return Some(Meaning::Password);
    }
    if SECRET.contains(&word) {
        return Some(Meaning::Secret);
    }
    if WEAK.contains(&word) {
        return Some(Meaning::Weak);
    }
    // Words that were written together: `dbpassword`, `mysecret`, `userpass`.
    let ends_in = |list: &[&str]| {
        list.iter().any(|term| 4 <= term.len() && word.len() <= 24 && word.ends_with(term) && word != "bypass" && word != "compass")
    };
    if ends_in(&PASSWORD) || ["passwd", "password"].iter().any(|term| word.starts_with(term)) {
        return Some(Meaning::Password);
    }
    if ends_in(&SECRET) {
        return Some(Meaning::Secret);
    }
    let key = word.strip_suffix("key").or_else(|| word.strip_suffix("keys"))?;
    if KEY_KINDS.iter().any(|kind| key.ends_with(kind)) { Some(Meaning::Secret) } else { None }
}

/// The words of a name in lower case, split at `_`, `-`, `.`, `$` and at changes of case.
pub(crate) fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut previous = ' ';
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if !character.is_alphanumeric() {
            words.extend((!word.is_empty()).then(|| std::mem::take(&mut word)));
            previous = ' ';
            continue;
        }
        let next_is_lower = characters.peek().is_some_and(|next| next.is_lowercase());
        let starts_hump = character.is_uppercase()
            && (previous.is_lowercase() || previous.is_ascii_digit() || (previous.is_uppercase() && next_is_lower));
        let starts_number = character.is_ascii_digit() && previous.is_alphabetic();
        if (starts_hump || starts_number) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        word.extend(character.to_lowercase());
        previous = character;
    }
    words.extend((!word.is_empty()).then_some(word));
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_split_into_words() {
        for (name, expected) in [
            ("dbPassword", "db password"),
            ("DB_PASSWORD", "db password"),
            ("AWSSecretKey2", "aws secret key 2"),
            ("spring.datasource.password", "spring datasource password"),
            ("$this-x", "this x"),
            ("", ""),
        ] {
            assert_eq!(words(name).join(" "), expected, "{name}");
        }
    }

    #[test]
    fn the_core_word_says_what_a_name_means() {
        for (name, meaning) in [
            ("dbpassword", Some(Meaning::Password)),
            ("userPass", Some(Meaning::Password)),
            ("api_key", Some(Meaning::Secret)),
            ("storageaccountkey", Some(Meaning::Secret)),
            ("sortKey", Some(Meaning::Weak)),
            ("monkey", None),
            ("bypass", None),
            ("author", None),
            ("secret_password", Some(Meaning::Password)),
        ] {
            assert_eq!(Name::of(name).map(|name| name.meaning), meaning, "{name}");
        }
    }

    #[test]
    fn names_that_describe_a_secret_deny_it() {
        for (name, denial) in
            [("password_field", true), ("tokenType", true), ("publicKey", true), ("id_token", false), ("password2", false)]
        {
            assert_eq!(Name::of(name).unwrap().denial, denial, "{name}");
        }
    }
}
