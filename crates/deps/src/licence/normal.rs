//! From what authors write to expressions of SPDX: `Apache 2`, `GPLv2+`, `MIT/X11`, classifiers of PyPI.

use spdx::{Expression, ParseMode};

/// Expressions as SPDX writes them, with identifiers that it no longer recommends.
const MODE: ParseMode = ParseMode {
    allow_slash_as_or_operator: false,
    allow_imprecise_license_names: false,
    allow_postfix_plus_on_gpl: true,
    allow_deprecated: true,
    allow_unknown: false,
};

/// A declared text longer than this is a licence itself, or prose, in bytes.
const MAX_BYTES: usize = 400;

/// What people call licences, in letters and digits alone, and what SPDX calls them.
const NAMES: &[(&str, &str)] = &[
    ("0bsd", "0BSD"),
    ("2clausebsd", "BSD-2-Clause"),
    ("3clausebsd", "BSD-3-Clause"),
    ("academicfreelicense30", "AFL-3.0"),
    ("apache", "Apache-2.0"),
    ("apache2", "Apache-2.0"),
    ("apache20", "Apache-2.0"),
    ("apachelicense", "Apache-2.0"),
    ("apachelicense2", "Apache-2.0"),
    ("apachelicense20", "Apache-2.0"),
    ("apachelicenseversion20", "Apache-2.0"),
    ("apachesoftware", "Apache-2.0"),
    ("apachesoftwarelicense", "Apache-2.0"),
    ("apachesoftwarelicense20", "Apache-2.0"),
    ("apachesoftwarelicenseversion20", "Apache-2.0"),
    ("apachev2", "Apache-2.0"),
    ("apachev20", "Apache-2.0"),
    ("artistic", "Artistic-1.0-Perl"),
    ("artistic2", "Artistic-2.0"),
    ("artistic20", "Artistic-2.0"),
    ("artisticlicense20", "Artistic-2.0"),
    ("asl2", "Apache-2.0"),
    ("asl20", "Apache-2.0"),
    ("blueoak100", "BlueOak-1.0.0"),
    ("boost10", "BSL-1.0"),
    ("boostsoftwarelicense", "BSL-1.0"),
    ("boostsoftwarelicense10", "BSL-1.0"),
    ("boostsoftwarelicenseversion10", "BSL-1.0"),
    ("boostsoftwarelicense10bsl10", "BSL-1.0"),
    ("bsd0", "0BSD"),
    ("bsd2", "BSD-2-Clause"),
    ("bsd2clause", "BSD-2-Clause"),
    ("bsd2clauselicense", "BSD-2-Clause"),
    ("bsd3", "BSD-3-Clause"),
    ("bsd3clause", "BSD-3-Clause"),
    ("bsd3clauselicense", "BSD-3-Clause"),
    ("bsd4clause", "BSD-4-Clause"),
    ("cc0", "CC0-1.0"),
    ("cc01", "CC0-1.0"),
    ("cc010", "CC0-1.0"),
    ("cc010universal", "CC0-1.0"),
    ("cc010universalcc010publicdomaindedication", "CC0-1.0"),
    ("ccby30", "CC-BY-3.0"),
    ("ccby40", "CC-BY-4.0"),
    ("cddl10", "CDDL-1.0"),
    ("cddl11", "CDDL-1.1"),
    ("commondevelopmentanddistributionlicense10", "CDDL-1.0"),
    ("eclipsedistributionlicense10", "BSD-3-Clause"),
    ("eclipsedistributionlicensev10", "BSD-3-Clause"),
    ("eclipsepubliclicense10", "EPL-1.0"),
    ("eclipsepubliclicense10epl10", "EPL-1.0"),
    ("eclipsepubliclicense20", "EPL-2.0"),
    ("eclipsepubliclicense20epl20", "EPL-2.0"),
    ("eclipsepubliclicensev10", "EPL-1.0"),
    ("eclipsepubliclicensev20", "EPL-2.0"),
    ("edl10", "BSD-3-Clause"),
    ("epl10", "EPL-1.0"),
    ("epl20", "EPL-2.0"),
    ("europeanunionpubliclicence12eupl12", "EUPL-1.2"),
    ("expat", "MIT"),
    ("freebsd", "BSD-2-Clause"),
    ("historicalpermissionnoticeanddisclaimerhpnd", "HPND"),
    ("isc", "ISC"),
    ("isclicense", "ISC"),
    ("isclicenseiscl", "ISC"),
    ("iscl", "ISC"),
    ("mit", "MIT"),
    ("mitlicence", "MIT"),
    ("mitlicense", "MIT"),
    ("mitlicensed", "MIT"),
    ("mitx11", "MIT"),
    ("mit0", "MIT-0"),
    ("mitnoattribution", "MIT-0"),
    ("mitnoattributionlicensemit0", "MIT-0"),
    ("modifiedbsd", "BSD-3-Clause"),
    ("modifiedbsdlicense", "BSD-3-Clause"),
    ("mozillapubliclicense10mpl", "MPL-1.0"),
    ("mozillapubliclicense11mpl11", "MPL-1.1"),
    ("mozillapubliclicense20", "MPL-2.0"),
    ("mozillapubliclicense20mpl20", "MPL-2.0"),
    ("mozillapubliclicenseversion20", "MPL-2.0"),
    ("mpl", "MPL-2.0"),
    ("mpl11", "MPL-1.1"),
    ("mpl2", "MPL-2.0"),
    ("mpl20", "MPL-2.0"),
    ("newbsd", "BSD-3-Clause"),
    ("newbsdlicense", "BSD-3-Clause"),
    ("psf", "PSF-2.0"),
    ("psf2", "PSF-2.0"),
    ("psf20", "PSF-2.0"),
    ("psflicense", "PSF-2.0"),
    ("pythonsoftwarefoundation", "PSF-2.0"),
    ("pythonsoftwarefoundationlicense", "PSF-2.0"),
    ("revisedbsd", "BSD-3-Clause"),
    ("revisedbsdlicense", "BSD-3-Clause"),
    ("ruby", "Ruby"),
    ("rubylicense", "Ruby"),
    ("rubys", "Ruby"),
    ("simplifiedbsd", "BSD-2-Clause"),
    ("simplifiedbsdlicense", "BSD-2-Clause"),
    ("theapachelicenseversion20", "Apache-2.0"),
    ("theapachesoftwarelicenseversion20", "Apache-2.0"),
    ("thebsd2clauselicense", "BSD-2-Clause"),
    ("thebsd3clauselicense", "BSD-3-Clause"),
    ("themitlicense", "MIT"),
    ("themitlicensemit", "MIT"),
    ("mitlicensemit", "MIT"),
    ("theunlicense", "Unlicense"),
    ("theunlicenseunlicense", "Unlicense"),
    ("universalpermissivelicenseupl", "UPL-1.0"),
    ("unlicense", "Unlicense"),
    ("w3clicense", "W3C"),
    ("wtfpl", "WTFPL"),
    ("wtfpl2", "WTFPL"),
    ("x11", "MIT"),
    ("zlib", "Zlib"),
    ("zliblibpng", "Zlib"),
    ("zliblibpnglicense", "Zlib"),
    ("zopepubliclicense", "ZPL-2.1"),
    ("zpl21", "ZPL-2.1"),
];

/// The expression of SPDX that a declared licence is; nothing where that can't be told.
///
/// ```
/// use bartizan_deps::licence::normalize;
/// assert_eq!(normalize("mit/Apache 2").as_deref(), Some("MIT OR Apache-2.0"));
/// assert_eq!(normalize("GPLv2+").as_deref(), Some("GPL-2.0-or-later"));
/// assert_eq!(normalize("License :: OSI Approved :: MIT License").as_deref(), Some("MIT"));
/// assert_eq!(normalize("SEE LICENSE IN terms.txt"), None);
/// ```
#[must_use]
pub fn normalize(declared: &str) -> Option<String> {
    let text = declared.trim();
    if text.is_empty() || MAX_BYTES < text.len() {
        return None;
    }
    // `License :: OSI Approved :: MIT License`
    let text = text.rsplit("::").next().unwrap_or(text).trim();
    expression(text).or_else(|| single(text)).or_else(|| alternatives(text)).or_else(|| joined(text))
}

/// An expression as it stands, with identifiers in any case, and with those of today.
fn expression(text: &str) -> Option<String> {
    let spelled = spelled(text);
    Expression::parse_mode(&spelled, MODE).ok()?;
    Some(spelled)
}

/// Words of an expression as SPDX's list spells them.
fn spelled(text: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    let text = text.replace('(', " ( ").replace(')', " ) ");
    for word in text.split_whitespace() {
        words.push(match word {
            "(" | ")" => word.to_owned(),
            _ if matches!(word.to_ascii_lowercase().as_str(), "and" | "or" | "with") => word.to_ascii_uppercase(),
            _ => current(word),
        });
    }
    words.join(" ").replace("( ", "(").replace(" )", ")")
}

/// The identifier that SPDX recommends today: `GPL-2.0` is `GPL-2.0-only`, `GPL-2.0+` is `GPL-2.0-or-later`.
fn current(id: &str) -> String {
    let known =
        |id: &str| spdx::identifiers::LICENSES.iter().find(|licence| licence.name.eq_ignore_ascii_case(id)).map(|licence| licence.name);
    let (base, is_or_later) = id.strip_suffix('+').map_or((id, false), |base| (base, true));
    let Some(name) = known(base) else {
        return spdx::identifiers::EXCEPTIONS
            .iter()
            .find(|exception| exception.name.eq_ignore_ascii_case(id))
            .map_or_else(|| id.to_owned(), |exception| exception.name.to_owned());
    };
    let suffix = if is_or_later { "-or-later" } else { "-only" };
    match known(&format!("{name}{suffix}")) {
        Some(recommended) => recommended.to_owned(),
        None if is_or_later => format!("{name}+"),
        None => name.to_owned(),
    }
}

/// One licence by a name that people give it.
fn single(text: &str) -> Option<String> {
    let key: String = text.to_ascii_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
    let by_name = NAMES.iter().find(|(name, _)| *name == key).map(|(_, id)| (*id).to_owned());
    by_name.or_else(|| gnu(text))
}

/// The licences of GNU: `GPLv3`, `GNU Lesser General Public License v2.1 or later (LGPLv2.1+)`. Without a number it is not known which.
fn gnu(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    let family = match () {
        () if has(&["agpl", "affero"]) => "AGPL",
        () if has(&["lgpl", "lesser", "library general"]) => "LGPL",
        () if has(&["gpl", "general public license"]) => "GPL",
        () => return None,
    };
    // Of several licences in one text this is not the one to tell.
    if has(&[" and ", "/", ",", ";", "|", "mit", "bsd", "apache", "mpl", "exception"]) {
        return None;
    }
    let digits = lower.find(|c: char| c.is_ascii_digit()).and_then(|at| lower.get(at..))?;
    let number: String = digits.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
    let number = number.trim_end_matches('.');
    let number = if number.contains('.') { number.to_owned() } else { format!("{number}.0") };
    let kind = if has(&["+", "later", "newer", "above"]) { "or-later" } else { "only" };
    let id = format!("{family}-{number}-{kind}");
    spdx::license_id(&id).map(|_| id)
}

/// `MIT/Apache-2.0`, `MIT | ISC`, `MIT or GPLv2`: whoever uses it chooses.
fn alternatives(text: &str) -> Option<String> {
    let text = text.replace(" OR ", "|").replace(" or ", "|").replace(['/', ';'], "|");
    parts(&text, '|', " OR ")
}

/// `MIT and BSD-3-Clause`, `MIT & ISC`: all of them hold.
fn joined(text: &str) -> Option<String> {
    let text = text.replace(" AND ", "&").replace(" and ", "&");
    parts(&text, '&', " AND ")
}

fn parts(text: &str, separator: char, operator: &str) -> Option<String> {
    let parts: Vec<&str> = text.split(separator).map(|part| part.trim().trim_matches(['(', ')'])).collect();
    if parts.len() < 2 {
        return None;
    }
    let understood: Option<Vec<String>> = parts.iter().map(|part| expression(part).or_else(|| single(part))).collect();
    Some(understood?.join(operator))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(declared: &str, expected: &str) {
        assert_eq!(normalize(declared).as_deref().unwrap_or("?"), expected, "{declared}");
    }

    #[test]
    fn expressions_stay_what_they_are_with_the_identifiers_of_today() {
        check("MIT", "MIT");
        check("(MIT OR apache-2.0)", "(MIT OR Apache-2.0)");
        check("MIT or Apache-2.0", "MIT OR Apache-2.0");
        check("GPL-2.0", "GPL-2.0-only");
        check("GPL-2.0+", "GPL-2.0-or-later");
        check("LGPL-2.1+ WITH Classpath-exception-2.0", "LGPL-2.1-or-later WITH Classpath-exception-2.0");
        check("Apache-2.0 WITH LLVM-exception", "Apache-2.0 WITH LLVM-exception");
        check("MIT AND (BSD-3-Clause OR ISC)", "MIT AND (BSD-3-Clause OR ISC)");
        check("LicenseRef-own", "LicenseRef-own");
    }

    #[test]
    fn names_that_people_give_are_understood() {
        for (declared, expected) in [
            ("Apache 2", "Apache-2.0"),
            ("Apache License, Version 2.0", "Apache-2.0"),
            ("The Apache Software License, Version 2.0", "Apache-2.0"),
            ("BSD-3", "BSD-3-Clause"),
            ("BSD 3-Clause License", "BSD-3-Clause"),
            ("MIT License", "MIT"),
            ("The MIT License (MIT)", "MIT"),
            ("ISC License (ISCL)", "ISC"),
            ("Mozilla Public License 2.0 (MPL 2.0)", "MPL-2.0"),
            ("GPLv2+", "GPL-2.0-or-later"),
            ("GNU General Public License v3 or later (GPLv3+)", "GPL-3.0-or-later"),
            ("GNU Lesser General Public License v2.1", "LGPL-2.1-only"),
            ("AGPL v3", "AGPL-3.0-only"),
            ("License :: OSI Approved :: Apache Software License", "Apache-2.0"),
            ("License :: OSI Approved :: Python Software Foundation License", "PSF-2.0"),
            ("MIT/Apache-2.0", "MIT OR Apache-2.0"),
            ("MIT OR Apache 2", "MIT OR Apache-2.0"),
            ("BSD-3 and MIT License", "BSD-3-Clause AND MIT"),
            ("Zlib/libpng License", "Zlib"),
        ] {
            check(declared, expected);
        }
    }

    #[test]
    fn what_could_be_several_is_unknown() {
        for declared in [
            "",
            "BSD",
            "BSD License",
            "GPL",
            "LGPL",
            "SEE LICENSE IN LICENSE.txt",
            "UNLICENSED",
            "Proprietary",
            "MIT, see below",
            "Dual License",
        ] {
            check(declared, "?");
        }
        check(&"MIT ".repeat(1_000), "?");
    }

    #[test]
    fn no_text_makes_it_panic() {
        let pieces = [
            "(",
            ")",
            "+",
            "MIT",
            " OR ",
            " and ",
            "/",
            "::",
            "WITH",
            "LicenseRef-",
            "DocumentRef-:",
            "é",
            "\0",
            "GPL-2.0",
            " ",
            "\u{2028}",
            "gplv9",
        ];
        let mut number: u64 = 11;
        for length in 0..2_000 {
            let mut text = String::new();
            for _ in 0..length % 12 {
                // Knuth's linear congruential generator.
                number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let index = usize::try_from(number >> 33).unwrap() % pieces.len();
                text.push_str(pieces[index]);
            }
            let _ = normalize(&text);
            let _ = crate::licence::detect(&text);
        }
        let _ = normalize(&"(".repeat(MAX_BYTES));
    }

    #[test]
    fn names_lead_to_licences_of_the_list() {
        for (name, id) in NAMES {
            assert!(spdx::license_id(id).is_some(), "{id}");
            assert!(name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()), "{name}");
        }
    }
}
