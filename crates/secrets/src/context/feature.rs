//! What is seen of an assigned value: yes-or-no features that the score adds up and explains.

use super::{Name, bits_per_character, name::words, placeholder, shannon_entropy};
use crate::{
    assignment::{Form, Joint},
    syntax::Syntax,
};

macro_rules! features {
    ($($variant:ident = $text:literal,)*) => {
        /// Something that is or is not so about an assigned value.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) enum Feature { $($variant,)* }

        impl Feature {
            pub(crate) const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// What it says, for explanations.
            pub(crate) const fn as_str(self) -> &'static str { match self { $(Self::$variant => $text,)* } }

            /// Its name in the table of weights.
            pub(crate) const fn name(self) -> &'static str { match self { $(Self::$variant => stringify!($variant),)* } }
        }
    };
}

features! {
    NameEndsInCore = "the name ends in the word that means a secret",
    NameIsCore = "the name is nothing else",
    NameDenies = "the name describes a secret rather than holding one",
    NameIsConstant = "the name is written as a constant",
    NameIsLong = "the name has many words",
    NameIsDotted = "the name is a path of names",
    LengthUpTo4 = "the value is very short",
    Length5To7 = "the value is short",
    Length8To11 = "the value has the length of a password",
    Length12To15 = "the value has the length of a good password",
    Length16To23 = "the value has the length of a key",
    Length24To31 = "the value has the length of a token",
    Length32Or40Or64 = "the value has the length of a digest",
    Length33To63 = "the value is long",
    Length65AndMore = "the value is very long",
    DigitsOnly = "the value is a number",
    LowerOnly = "the value is lower-case letters alone",
    UpperOnly = "the value is upper-case letters alone",
    MixedCaseOnly = "the value is letters alone",
    LettersAndDigits = "the value mixes letters and digits",
    AllClasses = "the value mixes upper case, lower case and digits",
    HasSpecial = "the value holds special characters",
    HasManySpecials = "the value holds many special characters",
    HexDigits = "the value is hexadecimal",
    Base64Digits = "the value looks like base 64",
    EndsInPadding = "the value ends in base 64's padding",
    HasSpaces = "the value holds spaces",
    HasNonAscii = "the value holds letters beyond ASCII",
    IsUuid = "the value is a UUID",
    IsPath = "the value is a path",
    IsUrl = "the value is a URL",
    IsEmail = "the value is an e-mail address",
    IsDottedName = "the value is a path of names",
    IsSnakeName = "the value is a name in snake case",
    IsKebabName = "the value is a name in kebab case",
    IsCamelName = "the value is a name in camel case",
    IsConstantName = "the value is the name of a constant",
    IsWord = "the value is a word",
    IsTemplate = "the value is a template",
    IsPlaceholder = "the value stands for a value",
    IsRepetition = "the value repeats itself",
    IsSequence = "the value is a sequence",
    IsKeyword = "the value is a keyword such as null",
    RepeatsName = "the value repeats the name",
    HoldsSecretWord = "the value holds the word for a secret",
    HoldsTestWord = "the value says that it is for tests",
    HoldsCallOrIndex = "the value holds brackets",
    HoldsEscape = "the value holds escapes",
    LooksLikeRegex = "the value is a pattern",
    LooksLikeMarkup = "the value holds markup",
    LooksLikeDate = "the value is a date or a version",
    LooksLikeFile = "the value is a file's name",
    StartsWithDollar = "the value starts with a dollar sign",
    IsWellKnownPassword = "the value is a well-known password",
    BitsBelow3 = "the value reads like a word",
    Bits3To4 = "the value reads like an unusual word",
    Bits4To5 = "the value reads like no word",
    Bits5To6 = "the value is surprising",
    Bits6To7 = "the value is very surprising",
    Bits7AndMore = "the value is as surprising as random text",
    EntropyBelow2 = "the value has little entropy",
    Entropy2To3 = "the value has some entropy",
    Entropy3To35 = "the value has fair entropy",
    Entropy35To4 = "the value has much entropy",
    Entropy4To45 = "the value has high entropy",
    Entropy45AndMore = "the value has very high entropy",
    Quoted = "the value is a literal in quotes",
    Wrapped = "the value is the argument of a call",
    Bare = "the value stands without quotes",
    BareInCode = "a word without quotes in code is a name",
    Element = "the value stands between tags",
    Equals = "it is assigned",
    Colon = "it stands after a colon",
    Comparison = "it is compared",
    Comma = "it is an argument after its name",
    NextLine = "it stands on the line below its name",
    Space = "it stands after a space",
    Call = "it is the argument of a function of that name",
    InCode = "it stands in code",
    InSettings = "it stands in a settings file",
    InYaml = "it stands in YAML",
    InJson = "it stands in JSON",
    InMarkup = "it stands in markup",
    InShell = "it stands in a script",
    InProse = "it stands in text for people",
    InComment = "it stands in a comment",
    InTestPath = "the file belongs to tests",
    InExamplePath = "the file is an example",
    InDocumentationPath = "the file is documentation",
    InVendoredPath = "the file comes from elsewhere",
    InLongLine = "the line is very long",
    LineSaysExample = "the line speaks of an example",
    LineSaysHash = "the line speaks of a hash or digest",
}

/// A set of features.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Features(u128);

impl Features {
    fn set(&mut self, feature: Feature, is_so: bool) {
        if is_so {
            self.0 |= 1 << (feature as u8);
        }
    }

    pub(crate) const fn has(self, feature: Feature) -> bool {
        self.0 >> (feature as u8) & 1 == 1
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = Feature> {
        Feature::ALL.iter().copied().filter(move |feature| self.has(*feature))
    }
}

/// Where an assignment stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) syntax: Syntax,
    pub(crate) joint: Joint,
    pub(crate) form: Form,
    /// The line, or the part of a long line around the assignment.
    pub(crate) line: &'a str,
    /// The part of the line before the name.
    pub(crate) before: &'a str,
    pub(crate) path: PathKind,
}

/// What the path says about a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct PathKind {
    is_test: bool,
    is_example: bool,
    is_documentation: bool,
    is_vendored: bool,
}

impl PathKind {
    pub(crate) fn of(path: &[u8]) -> Self {
        let path = String::from_utf8_lossy(path).to_ascii_lowercase();
        let mut kind = Self::default();
        let words = path.split(|character: char| !character.is_ascii_alphanumeric());
        for word in words {
            kind.is_test |= matches!(
                word,
                "test"
                    | "tests"
                    | "testing"
                    | "testdata"
                    | "spec"
                    | "specs"
                    | "fixture"
                    | "fixtures"
                    | "mock"
                    | "mocks"
                    | "e2e"
                    | "stub"
                    | "stubs"
            ) || word.ends_with("test") && 5 < word.len();
            kind.is_example |= matches!(
                word,
                "example" | "examples" | "sample" | "samples" | "demo" | "demos" | "tutorial" | "quickstart" | "template" | "dist"
            );
            kind.is_documentation |= matches!(word, "doc" | "docs" | "documentation" | "readme" | "md" | "rst" | "adoc" | "changelog");
            kind.is_vendored |= matches!(word, "vendor" | "vendored" | "third" | "thirdparty" | "node_modules" | "external");
        }
        kind
    }
}

const WELL_KNOWN: [&str; 40] = [
    "123456",
    "password",
    "12345678",
    "qwerty",
    "123456789",
    "12345",
    "1234",
    "111111",
    "1234567",
    "dragon",
    "123123",
    "abc123",
    "football",
    "monkey",
    "letmein",
    "696969",
    "shadow",
    "master",
    "666666",
    "qwertyuiop",
    "123321",
    "mustang",
    "1234567890",
    "superman",
    "batman",
    "trustno1",
    "admin",
    "root",
    "toor",
    "secret",
    "guest",
    "passw0rd",
    "p@ssw0rd",
    "p@ssword",
    "password1",
    "password123",
    "admin123",
    "root123",
    "welcome",
    "iloveyou",
];
const KEYWORDS: [&str; 33] = [
    "null",
    "nil",
    "none",
    "true",
    "false",
    "undefined",
    "void",
    "self",
    "this",
    "string",
    "str",
    "int",
    "bool",
    "boolean",
    "object",
    "any",
    "array",
    "number",
    "bytes",
    "byte",
    "char",
    "text",
    "yes",
    "no",
    "on",
    "off",
    "required",
    "optional",
    "default",
    "empty",
    "function",
    "var",
    "let",
];

impl Features {
    /// Looks at a value, its name and its place.
    pub(crate) fn of(name_text: &str, name: &Name, value: &str, place: &Place<'_>) -> Self {
        let mut features = Self::default();
        features.see_name(name_text, name);
        features.see_length(value);
        features.see_characters(value);
        features.see_shape(value);
        features.see_words(name, value);
        features.see_rarity(value);
        features.see_place(place);
        features
    }

    fn see_name(&mut self, text: &str, name: &Name) {
        self.set(Feature::NameEndsInCore, name.ends_in_core());
        self.set(Feature::NameIsCore, name.words.len() == 1);
        self.set(Feature::NameDenies, name.denial);
        self.set(Feature::NameIsConstant, text.bytes().any(|byte| byte == b'_') && !text.bytes().any(|byte| byte.is_ascii_lowercase()));
        self.set(Feature::NameIsLong, 4 <= name.words.len());
        self.set(Feature::NameIsDotted, text.contains('.'));
    }

    fn see_length(&mut self, value: &str) {
        let length = value.chars().count();
        let bucket = match length {
            0..=4 => Feature::LengthUpTo4,
            5..=7 => Feature::Length5To7,
            8..=11 => Feature::Length8To11,
            12..=15 => Feature::Length12To15,
            16..=23 => Feature::Length16To23,
            24..=31 => Feature::Length24To31,
            32 | 40 | 64 => Feature::Length32Or40Or64,
            33..=63 => Feature::Length33To63,
            65.. => Feature::Length65AndMore,
        };
        self.set(bucket, true);
    }

    fn see_characters(&mut self, value: &str) {
        let bytes = value.as_bytes();
        let all = |is_member: fn(&u8) -> bool| bytes.iter().all(is_member);
        let any = |is_member: fn(&u8) -> bool| bytes.iter().any(is_member);
        let has_letter = any(u8::is_ascii_alphabetic);
        let has_digit = any(u8::is_ascii_digit);
        let has_both_cases = any(u8::is_ascii_lowercase) && any(u8::is_ascii_uppercase);
        let is_alphabetic = all(u8::is_ascii_alphabetic);
        let n_special = bytes.iter().filter(|byte| byte.is_ascii_punctuation() && !matches!(byte, b'_' | b'-' | b'.' | b'/')).count();
        self.set(Feature::DigitsOnly, all(u8::is_ascii_digit));
        self.set(Feature::LowerOnly, all(u8::is_ascii_lowercase));
        self.set(Feature::UpperOnly, all(u8::is_ascii_uppercase));
        self.set(Feature::MixedCaseOnly, is_alphabetic && has_both_cases);
        self.set(Feature::LettersAndDigits, has_letter && has_digit);
        self.set(Feature::AllClasses, has_both_cases && has_digit);
        self.set(Feature::HasSpecial, 0 < n_special);
        self.set(Feature::HasManySpecials, 3 <= n_special);
        self.set(Feature::HexDigits, 8 <= bytes.len() && all(u8::is_ascii_hexdigit) && has_digit);
        let is_base64 = all(|byte| byte.is_ascii_alphanumeric() || b"+/=_-".contains(byte));
        self.set(Feature::Base64Digits, 16 <= bytes.len() && is_base64 && has_both_cases && has_digit);
        self.set(Feature::EndsInPadding, 8 <= bytes.len() && is_base64 && value.ends_with('='));
        self.set(Feature::HasSpaces, value.contains(' '));
        self.set(Feature::HasNonAscii, !value.is_ascii());
    }

    fn see_shape(&mut self, value: &str) {
        let bytes = value.as_bytes();
        let is_name = |allowed: fn(&u8) -> bool| bytes.first().is_some_and(u8::is_ascii_alphabetic) && bytes.iter().all(allowed);
        let n_digits = bytes.iter().filter(|byte| byte.is_ascii_digit()).count();
        let has_few_digits = n_digits <= 2;
        let parts: Vec<&str> = value.split('-').collect();
        self.set(
            Feature::IsUuid,
            value.len() == 36 && parts.len() == 5 && parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_hexdigit())),
        );
        let is_path = value.starts_with('/') && value.len() < 200
            || value.starts_with("./")
            || value.starts_with("../")
            || value.starts_with("~/")
            || value.contains(":\\");
        self.set(Feature::IsPath, is_path || (2 <= value.matches('/').count() && bits_per_character(value) < 4.5));
        self.set(Feature::IsUrl, value.contains("://") || value.starts_with("www."));
        self.set(
            Feature::IsEmail,
            value.split_once('@').is_some_and(|(user, host)| !user.is_empty() && host.contains('.') && !host.contains('@')),
        );
        self.set(
            Feature::IsDottedName,
            has_few_digits && value.contains('.') && is_name(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'$')),
        );
        self.set(
            Feature::IsSnakeName,
            has_few_digits && value.contains('_') && is_name(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'_'),
        );
        self.set(
            Feature::IsKebabName,
            has_few_digits && value.contains('-') && is_name(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-'),
        );
        self.set(
            Feature::IsConstantName,
            has_few_digits && value.contains('_') && is_name(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_'),
        );
        let is_letters = is_name(u8::is_ascii_alphabetic);
        let n_humps = words(value).len();
        self.set(Feature::IsCamelName, is_letters && 2 <= n_humps && value.len() / n_humps >= 3 && bits_per_character(value) < 4.5);
        self.set(Feature::IsWord, is_letters && n_humps == 1 && bits_per_character(value) < 3.6);
        let n_brackets = value.matches(['(', ')', '[', ']', '{', '}']).count();
        self.set(Feature::HoldsCallOrIndex, 0 < n_brackets);
        self.set(Feature::HoldsEscape, value.contains('\\'));
        self.set(
            Feature::LooksLikeRegex,
            ["\\d", "\\w", "\\s", "[a-z", "[A-Z", "[0-9", ".*", ".+", "(?:", "^["].iter().any(|mark| value.contains(mark)),
        );
        self.set(
            Feature::LooksLikeMarkup,
            value.contains("</") || value.contains("/>") || value.contains("<br") || (value.contains('<') && value.contains('>')),
        );
        let has_separators = value.matches(['-', '.', ':', '/']).count();
        self.set(Feature::LooksLikeDate, 2 <= has_separators && n_digits + has_separators == value.len() && value.len() <= 24);
        const FILES: [&str; 22] = [
            ".pem", ".key", ".crt", ".json", ".yml", ".yaml", ".txt", ".xml", ".js", ".py", ".html", ".php", ".rb", ".go", ".java",
            ".conf", ".p12", ".jks", ".env", ".png", ".css", ".pub",
        ];
        self.set(Feature::LooksLikeFile, FILES.iter().any(|ending| value.ends_with(ending)));
        self.set(
            Feature::StartsWithDollar,
            value.starts_with('$') && !value.starts_with("$2") && !value.starts_with("$1$") && !value.starts_with("$6$"),
        );
    }

    fn see_words(&mut self, name: &Name, value: &str) {
        use placeholder::Placeholder;
        let lower = value.to_ascii_lowercase();
        let kind = placeholder::kind(value);
        self.set(Feature::IsTemplate, kind == Some(Placeholder::Template));
        self.set(Feature::IsPlaceholder, kind == Some(Placeholder::Words));
        self.set(Feature::IsRepetition, kind == Some(Placeholder::Repetition));
        self.set(Feature::IsSequence, kind == Some(Placeholder::Sequence));
        self.set(Feature::IsKeyword, KEYWORDS.contains(&lower.as_str()));
        let letters = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
        let (own, core) = (name.words.concat(), name.words.get(name.core).map_or("", String::as_str));
        let value_letters = letters(&lower);
        self.set(
            Feature::RepeatsName,
            value_letters == own || value_letters == core || (6 <= value_letters.len() && own.contains(&value_letters)),
        );
        const SECRET_WORDS: [&str; 12] =
            ["password", "passwd", "pwd", "secret", "token", "apikey", "api_key", "api-key", "credential", "private", "_key", "-key"];
        self.set(Feature::HoldsSecretWord, SECRET_WORDS.iter().any(|word| lower.contains(word)));
        const TEST_WORDS: [&str; 8] = ["test", "demo", "foo", "bar", "mock", "invalid", "wrong", "bad"];
        self.set(Feature::HoldsTestWord, TEST_WORDS.iter().any(|word| lower.contains(word)));
        self.set(Feature::IsWellKnownPassword, WELL_KNOWN.contains(&lower.as_str()));
    }

    fn see_rarity(&mut self, value: &str) {
        let bits = bits_per_character(value);
        let bucket = match bits {
            _ if bits < 3.0 => Feature::BitsBelow3,
            _ if bits < 4.0 => Feature::Bits3To4,
            _ if bits < 5.0 => Feature::Bits4To5,
            _ if bits < 6.0 => Feature::Bits5To6,
            _ if bits < 7.0 => Feature::Bits6To7,
            _ => Feature::Bits7AndMore,
        };
        self.set(bucket, true);
        let entropy = shannon_entropy(value.as_bytes());
        let bucket = match entropy {
            _ if entropy < 2.0 => Feature::EntropyBelow2,
            _ if entropy < 3.0 => Feature::Entropy2To3,
            _ if entropy < 3.5 => Feature::Entropy3To35,
            _ if entropy < 4.0 => Feature::Entropy35To4,
            _ if entropy < 4.5 => Feature::Entropy4To45,
            _ => Feature::Entropy45AndMore,
        };
        self.set(bucket, true);
    }

    fn see_place(&mut self, place: &Place<'_>) {
        let form = match place.form {
            Form::Quoted => Feature::Quoted,
            Form::Wrapped => Feature::Wrapped,
            Form::Bare => Feature::Bare,
            Form::Element => Feature::Element,
        };
        self.set(form, true);
        let joint = match place.joint {
            Joint::Equals => Feature::Equals,
            Joint::Colon => Feature::Colon,
            Joint::Comparison => Feature::Comparison,
            Joint::Comma => Feature::Comma,
            Joint::NextLine => Feature::NextLine,
            Joint::Space => Feature::Space,
            Joint::Call => Feature::Call,
            Joint::Markup => Feature::Element,
        };
        self.set(joint, true);
        let syntax = match place.syntax {
            Syntax::Code | Syntax::TypedCode => Feature::InCode,
            Syntax::Settings | Syntax::SpaceSeparated => Feature::InSettings,
            Syntax::Yaml => Feature::InYaml,
            Syntax::Json => Feature::InJson,
            Syntax::Markup => Feature::InMarkup,
            Syntax::Shell => Feature::InShell,
            Syntax::Prose => Feature::InProse,
        };
        self.set(syntax, true);
        self.set(Feature::BareInCode, place.form == Form::Bare && place.syntax.is_code());
        let before = place.before.trim_start();
        self.set(
            Feature::InComment,
            ["//", "#", "*", "/*", "--", ";", "<!--"].iter().any(|mark| before.starts_with(mark))
                || before.contains(" // ")
                || before.contains(" # "),
        );
        self.set(Feature::InTestPath, place.path.is_test);
        self.set(Feature::InExamplePath, place.path.is_example);
        self.set(Feature::InDocumentationPath, place.path.is_documentation);
        self.set(Feature::InVendoredPath, place.path.is_vendored);
        const LONG_LINE_BYTES: usize = 400;
        self.set(Feature::InLongLine, LONG_LINE_BYTES <= place.line.len());
        let line = place.line.to_ascii_lowercase();
        self.set(
            Feature::LineSaysExample,
            ["example", "e.g.", "dummy", "sample", "placeholder", "fake"].iter().any(|word| line.contains(word)),
        );
        self.set(
            Feature::LineSaysHash,
            ["sha1", "sha256", "sha512", "md5", "checksum", "digest", "integrity", "fingerprint"].iter().any(|word| line.contains(word)),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_fit_their_set() {
        assert!(Feature::ALL.len() <= 128);
        let mut features = Features::default();
        features.set(Feature::LineSaysHash, true);
        assert_eq!(features.iter().collect::<Vec<_>>(), [Feature::LineSaysHash]);
    }
}
