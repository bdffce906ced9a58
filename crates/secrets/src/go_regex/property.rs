//! Unicode categories and scripts, and case folding, as of Unicode 15.0: the version that Go has used since 1.21.
//!
//! The tables of `regex-syntax` are newer; what came later is taken out again.

use std::sync::OnceLock;

use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, HirKind};

/// The code points that have a category or belong to a script; nothing if Go knows no such name.
///
/// Case, `_`, `-` and spaces don't count in names.
pub(super) fn property(name: &str) -> Option<ClassUnicode> {
    let name: String = name.chars().filter(|c| !matches!(c, '_' | '-' | ' ')).map(|c| c.to_ascii_lowercase()).collect();
    match name.as_str() {
        "any" => return Some(all()),
        "ascii" => return Some(range('\0', '\x7f')),
        "assigned" => return Some(negated(unassigned())),
        "cn" | "unassigned" => return Some(unassigned()),
        "cs" | "surrogate" => return Some(ClassUnicode::empty()),
        "c" | "other" => return Some(united(known("gc=C")?, &unassigned())),
        _ => {}
    }
    let query = match CATEGORIES.iter().find(|category| category.split(' ').any(|known| known == name)) {
        Some(category) => format!("gc={}", category.split(' ').next()?),
        None if SCRIPTS.split_ascii_whitespace().any(|script| script == name) => format!("sc={name}"),
        None => return None,
    };
    let mut class = known(&query)?;
    class.intersect(unicode_15());
    match query.as_str() {
        "gc=mc" => class.difference(&range(SPACING_SINCE_16, SPACING_SINCE_16)),
        "gc=mn" => class.union(&range(SPACING_SINCE_16, SPACING_SINCE_16)),
        _ => {}
    }
    Some(class)
}

/// AHOM CONSONANT SIGN MEDIAL RA: the one code point that changed its category.
const SPACING_SINCE_16: char = '\u{1171e}';

/// The class with everything that differs from it in case alone.
pub(super) fn folded(class: &ClassUnicode) -> ClassUnicode {
    let mut newer = ClassUnicode::new(FOLDED_LATER.iter().map(|&(start, end)| ClassUnicodeRange::new(start, end)));
    let mut folded = class.clone();
    if class.is_ascii() {
        folded.case_fold_simple();
        return folded;
    }
    folded.difference(&newer);
    folded.case_fold_simple();
    newer.difference(class);
    folded.difference(&newer);
    folded.union(class);
    folded
}

pub(super) fn all() -> ClassUnicode {
    range('\0', char::MAX)
}

pub(super) fn range(start: char, end: char) -> ClassUnicode {
    ClassUnicode::new([ClassUnicodeRange::new(start, end)])
}

pub(super) fn negated(mut class: ClassUnicode) -> ClassUnicode {
    class.negate();
    class
}

fn united(mut class: ClassUnicode, other: &ClassUnicode) -> ClassUnicode {
    class.union(other);
    class
}

fn unassigned() -> ClassUnicode {
    united(known("gc=Cn").unwrap_or_else(ClassUnicode::empty), &negated(unicode_15().clone()))
}

fn unicode_15() -> &'static ClassUnicode {
    static AGE: OnceLock<ClassUnicode> = OnceLock::new();
    AGE.get_or_init(|| known("age=15.0").unwrap_or_else(all))
}

/// A property as `regex-syntax` knows it.
fn known(query: &str) -> Option<ClassUnicode> {
    match regex_syntax::parse(&format!("\\p{{{query}}}")).ok()?.into_kind() {
        HirKind::Class(Class::Unicode(class)) => Some(class),
        // A class of one code point.
        HirKind::Literal(literal) => std::str::from_utf8(&literal.0).ok()?.chars().next().map(|c| range(c, c)),
        _ => None,
    }
}

/// Code points that have had a partner in case since Unicode 15.1 or 16.
const FOLDED_LATER: [(char, char); 10] = [
    ('\u{390}', '\u{390}'),
    ('\u{3b0}', '\u{3b0}'),
    ('\u{1fd3}', '\u{1fd3}'),
    ('\u{1fe3}', '\u{1fe3}'),
    ('\u{fb05}', '\u{fb06}'),
    ('\u{1c89}', '\u{1c8a}'),
    ('\u{a7cb}', '\u{a7cd}'),
    ('\u{a7da}', '\u{a7dc}'),
    ('\u{10d50}', '\u{10d65}'),
    ('\u{10d70}', '\u{10d85}'),
];

/// General categories: abbreviation, then the long names that Go accepts.
const CATEGORIES: [&str; 35] = [
    "cc control cntrl",
    "cf format",
    "co privateuse",
    "l letter",
    "lc casedletter",
    "ll lowercaseletter",
    "lm modifierletter",
    "lo otherletter",
    "lt titlecaseletter",
    "lu uppercaseletter",
    "m mark combiningmark",
    "mc spacingmark",
    "me enclosingmark",
    "mn nonspacingmark",
    "n number",
    "nd decimalnumber digit",
    "nl letternumber",
    "no othernumber",
    "p punctuation punct",
    "pc connectorpunctuation",
    "pd dashpunctuation",
    "pe closepunctuation",
    "pf finalpunctuation",
    "pi initialpunctuation",
    "po otherpunctuation",
    "ps openpunctuation",
    "s symbol",
    "sc currencysymbol",
    "sk modifiersymbol",
    "sm mathsymbol",
    "so othersymbol",
    "z separator",
    "zl lineseparator",
    "zp paragraphseparator",
    "zs spaceseparator",
];

/// Scripts of Unicode 15.0.
const SCRIPTS: &str = "adlam ahom anatolianhieroglyphs arabic armenian avestan balinese bamum bassavah batak bengali bhaiksuki \
bopomofo brahmi braille buginese buhid canadianaboriginal carian caucasianalbanian chakma cham cherokee chorasmian common coptic \
cuneiform cypriot cyprominoan cyrillic deseret devanagari divesakuru dogra duployan egyptianhieroglyphs elbasan elymaic ethiopic \
georgian glagolitic gothic grantha greek gujarati gunjalagondi gurmukhi han hangul hanifirohingya hanunoo hatran hebrew hiragana \
imperialaramaic inherited inscriptionalpahlavi inscriptionalparthian javanese kaithi kannada katakana kawi kayahli kharoshthi \
khitansmallscript khmer khojki khudawadi lao latin lepcha limbu lineara linearb lisu lycian lydian mahajani makasar malayalam \
mandaic manichaean marchen masaramgondi medefaidrin meeteimayek mendekikakui meroiticcursive meroitichieroglyphs miao modi \
mongolian mro multani myanmar nabataean nagmundari nandinagari newtailue newa nko nushu nyiakengpuachuehmong ogham olchiki \
oldhungarian olditalic oldnortharabian oldpermic oldpersian oldsogdian oldsoutharabian oldturkic olduyghur oriya osage osmanya \
pahawhhmong palmyrene paucinhau phagspa phoenician psalterpahlavi rejang runic samaritan saurashtra sharada shavian siddham \
signwriting sinhala sogdian sorasompeng soyombo sundanese sylotinagri syriac tagalog tagbanwa taile taitham taiviet takri tamil \
tangsa tangut telugu thaana thai tibetan tifinagh tirhuta toto ugaritic vai vithkuqi wancho warangciti yezidi yi zanabazarsquare";
