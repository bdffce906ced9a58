//! `options`: switches of the matcher.

use crate::rule::{
    CommentStyle, CppDeclaration, GenericEngine, Options, TaintFocus,
    problem::{Notes, did_you_mean, shortened},
    yaml::{Field, Keys, Yaml},
};

/// Options that are no switches.
const OTHERS: [&str; 10] = [
    "generic_engine",
    "cpp_parsing_pref",
    "taint_focus_on",
    "taint_match_on",
    "generic_braces",
    "generic_extra_braces",
    "generic_extra_word_characters",
    "generic_ellipsis_max_span",
    "generic_comment_style",
    "max_match_per_file",
];

/// Options of Opengrep that are about its time-outs.
const WITHOUT_EFFECT: [&str; 5] =
    ["taint_fixpoint_timeout", "timeout", "dynamic_timeout", "dynamic_timeout_unit_kb", "dynamic_timeout_max_multiplier"];

/// Reads the options; an unknown one is only a warning, since newer versions of Semgrep add some.
pub(super) fn read(field: Field<'_>, notes: &mut Notes) -> Option<Options> {
    let mut options = Options::default();
    let keys = Keys::of(field.value, "`options`", notes)?;
    for field in keys.rest() {
        one(field, &mut options, notes);
    }
    Some(options)
}

fn one(field: Field<'_>, options: &mut Options, notes: &mut Notes) {
    if let Some(switch) = options.switch(field.name) {
        *switch = field.boolean(notes).unwrap_or(*switch);
        return;
    }
    match field.name {
        "generic_engine" => {
            let engines = [("spacegrep", GenericEngine::Spacegrep), ("aliengrep", GenericEngine::Aliengrep)];
            set(&mut options.generic_engine, choice(field, &engines, notes));
        }
        "cpp_parsing_pref" => {
            let ways = [("as_fundef", CppDeclaration::Function), ("as_vardef_with_ctor", CppDeclaration::VariableWithConstructor)];
            set(&mut options.cpp_parsing_pref, choice(field, &ways, notes));
        }
        "taint_focus_on" | "taint_match_on" => {
            set(&mut options.taint_focus_on, choice(field, &[("source", TaintFocus::Source), ("sink", TaintFocus::Sink)], notes));
        }
        "generic_comment_style" => {
            let styles = [("c", CommentStyle::C), ("cpp", CommentStyle::Cpp), ("shell", CommentStyle::Shell)];
            options.generic_comment_style = choice(field, &styles, notes);
        }
        "generic_ellipsis_max_span" => set(&mut options.generic_ellipsis_max_span, field.count(notes)),
        "max_match_per_file" => options.max_match_per_file = field.count(notes),
        "generic_braces" => options.generic_braces = braces(field, notes),
        "generic_extra_braces" => set(&mut options.generic_extra_braces, braces(field, notes)),
        "generic_extra_word_characters" => set(&mut options.generic_extra_word_characters, word_characters(field, notes)),
        name if WITHOUT_EFFECT.contains(&name) => {
            let help = "Bartizan's limits count steps, so that every machine finds the same";
            notes.warning(field.key, format!("the option `{name}` has no effect"), help);
        }
        name => {
            let known: Vec<&str> = Options::SWITCHES.iter().copied().chain(OTHERS).collect();
            let help = did_you_mean(name, &known).unwrap_or_default();
            notes.warning(field.key, format!("unknown option `{}` has no effect", shortened(name)), help);
        }
    }
}

fn set<T>(to: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *to = value;
    }
}

fn choice<T: Copy>(field: Field<'_>, choices: &[(&str, T)], notes: &mut Notes) -> Option<T> {
    let text = field.text(notes)?;
    let found = choices.iter().find(|(name, _)| *name == text).map(|&(_, choice)| choice);
    if found.is_none() {
        let names: Vec<&str> = choices.iter().map(|&(name, _)| name).collect();
        let message = format!("`{}` of `{}` is none of {}", shortened(text), field.name, names.join(", "));
        notes.error(field.value.span(), message, did_you_mean(text, &names).unwrap_or_default());
    }
    found
}

/// Reads pairs: `[["(", ")"], ["<", ">"]]`.
fn braces(field: Field<'_>, notes: &mut Notes) -> Option<Vec<(String, String)>> {
    let mut pairs = Vec::new();
    for item in field.items(notes)? {
        let texts: Vec<&str> = item.items().into_iter().flatten().filter_map(Yaml::text).collect();
        match texts.as_slice() {
            [open, close] if is_single_byte(open) && is_single_byte(close) => pairs.push(((*open).to_owned(), (*close).to_owned())),
            _ => {
                let message = format!("every item of `{}` must be a pair of single ASCII characters", field.name);
                notes.error(item.span(), message, "write `[\"<\", \">\"]`");
                return None;
            }
        }
    }
    Some(pairs)
}

fn is_single_byte(text: &str) -> bool {
    text.len() == 1
}

fn word_characters(field: Field<'_>, notes: &mut Notes) -> Option<Vec<char>> {
    let mut characters = Vec::new();
    for text in field.texts(notes)? {
        let Some(character) = text.as_str().chars().next().filter(|_| is_single_byte(text.as_str())) else {
            let message = format!("every item of `{}` must be a single ASCII character", field.name);
            notes.error(text.span, message, "");
            return None;
        };
        characters.push(character);
    }
    Some(characters)
}
