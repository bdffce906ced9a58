//! Which licences a project lets in.

use bartizan_core::{Component, Scope};
use bartizan_formats::purl::PackageUrl;
use spdx::{
    Expression, LicenseReq,
    expression::{ExprNode, Operator},
};

use super::normalize;
use crate::Ecosystem;

/// Which licences components may have, by what they are needed for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Policy {
    /// What holds for all.
    pub lists: Lists,
    /// What holds for a scope instead; what is not said there is as for all.
    pub scopes: Vec<(Scope, Lists)>,
    /// Components that may be used whatever their licence is.
    pub exceptions: Vec<Exception>,
}

/// Which licences components may have: identifiers, or beginnings of them that end in `*`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lists {
    /// Those that may be used; with this list, others may not.
    pub allow: Option<Vec<String>>,
    /// Those that may not be used.
    pub deny: Option<Vec<String>>,
    /// Those that somebody decides about each time.
    pub ask: Option<Vec<String>>,
    /// What holds where none is known.
    pub unknown: Option<Unknown>,
}

/// What holds for components whose licence is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unknown {
    /// They may be used.
    Allow,
    /// Somebody decides.
    Ask,
    /// They may not be used.
    Deny,
}

/// A component that may be used whatever its licence is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exception {
    /// Its package URL, with a version or without.
    pub package: String,
    /// Why.
    pub reason: String,
}

/// What a policy says about a component, from good to bad.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// It may be used.
    Allowed,
    /// Somebody decides: the licence that is to be decided about.
    Ask(String),
    /// Its licence is not known: what is declared, which may be nothing.
    Unknown(String),
    /// It may not be used: the licence that is to blame.
    Denied(String),
}

impl Policy {
    /// What the policy says about a component.
    #[must_use]
    pub fn judge(&self, component: &Component) -> Verdict {
        let purl: Option<PackageUrl> = component.purl.parse().ok();
        let without_version = purl.as_ref().map(|purl| purl.without_version().to_string()).unwrap_or_default();
        if self.exceptions.iter().any(|exception| exception.package == component.purl || exception.package == without_version) {
            return Verdict::Allowed;
        }
        let lists = self.lists_of(component.scope);
        let declared: Vec<&str> = component.licences.iter().map(|licence| licence.trim()).filter(|licence| !licence.is_empty()).collect();
        if declared.is_empty() {
            return Verdict::Unknown(String::new());
        }
        // Of a list Composer, npm and RubyGems let users choose; of several sources all hold.
        let ecosystem = purl.and_then(|purl| Ecosystem::of_purl_type(purl.package_type()));
        let is_choice = matches!(ecosystem, Some(Ecosystem::Composer | Ecosystem::Npm | Ecosystem::Gem));
        let verdicts = declared.into_iter().map(|declared| lists.judge(declared));
        let verdict = if is_choice { verdicts.min() } else { verdicts.max() };
        verdict.unwrap_or(Verdict::Unknown(String::new()))
    }

    /// What holds where a licence is unknown that is needed for this.
    #[must_use]
    pub fn unknown(&self, scope: Scope) -> Unknown {
        self.lists_of(scope).unknown.unwrap_or(Unknown::Ask)
    }

    fn lists_of(&self, scope: Scope) -> Lists {
        let of_scope = self.scopes.iter().find(|(known, _)| *known == scope).map(|(_, lists)| lists.clone()).unwrap_or_default();
        Lists {
            allow: of_scope.allow.or_else(|| self.lists.allow.clone()),
            deny: of_scope.deny.or_else(|| self.lists.deny.clone()),
            ask: of_scope.ask.or_else(|| self.lists.ask.clone()),
            unknown: of_scope.unknown.or(self.lists.unknown),
        }
    }
}

impl Lists {
    fn judge(&self, declared: &str) -> Verdict {
        // npm's word for software that nobody else may use.
        if declared.eq_ignore_ascii_case("UNLICENSED") {
            return self.judge_name(declared);
        }
        let unknown = || Verdict::Unknown(declared.to_owned());
        let Some(expression) = normalize(declared).and_then(|text| Expression::parse(&text).ok()) else { return unknown() };
        // In postfix order: of two the better holds for `OR`, the worse for `AND`.
        let mut stack: Vec<Verdict> = Vec::new();
        for node in expression.iter() {
            match node {
                ExprNode::Req(requirement) => stack.push(self.judge_one(&requirement.req)),
                ExprNode::Op(operator) => {
                    let (Some(right), Some(left)) = (stack.pop(), stack.pop()) else { return unknown() };
                    stack.push(match operator {
                        Operator::And => left.max(right),
                        Operator::Or => left.min(right),
                    });
                }
            }
        }
        stack.pop().unwrap_or_else(unknown)
    }

    fn judge_one(&self, requirement: &LicenseReq) -> Verdict {
        let whole = requirement.to_string();
        // An exception only takes demands away: what is said of the licence alone holds, unless something is said of both.
        let is_said = |list: &Option<Vec<String>>| list.as_ref().is_some_and(|list| list.iter().any(|entry| is_meant(entry, &whole)));
        if requirement.addition.is_some() && (is_said(&self.allow) || is_said(&self.deny) || is_said(&self.ask)) {
            return self.judge_name(&whole);
        }
        self.judge_name(&requirement.license.to_string())
    }

    fn judge_name(&self, name: &str) -> Verdict {
        let is_in = |list: &Option<Vec<String>>| list.as_ref().is_some_and(|list| list.iter().any(|entry| is_meant(entry, name)));
        // Of `GPL-2.0-or-later` a user may choose a later one that is allowed.
        let is_allowed = is_in(&self.allow) || self.allow.as_ref().is_some_and(|list| list.iter().any(|entry| is_later(entry, name)));
        match () {
            () if is_in(&self.deny) => Verdict::Denied(name.to_owned()),
            () if is_in(&self.ask) => Verdict::Ask(name.to_owned()),
            () if is_allowed || self.allow.is_none() => Verdict::Allowed,
            () => Verdict::Denied(name.to_owned()),
        }
    }
}

/// Whether an entry of a list means a licence: `MIT`, `BSD-*`, or an older name of the same, such as `GPL-3.0`.
fn is_meant(entry: &str, name: &str) -> bool {
    if let Some(start) = entry.strip_suffix('*') {
        return name.get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start));
    }
    entry.eq_ignore_ascii_case(name) || normalize(entry).is_some_and(|entry| entry == name)
}

/// Whether an entry is a later version of what a licence lets choose: `GPL-3.0-only` for `GPL-2.0-or-later`.
fn is_later(entry: &str, name: &str) -> bool {
    let version = |id: &str| -> Option<(String, Vec<u32>)> {
        let id = id.trim_end_matches('+').trim_end_matches("-only").trim_end_matches("-or-later");
        let (family, number) = id.rsplit_once('-')?;
        Some((family.to_ascii_lowercase(), number.split('.').map(|part| part.parse().ok()).collect::<Option<_>>()?))
    };
    let is_open = name.ends_with("-or-later") || name.ends_with('+');
    let pair = version(entry).zip(version(name)).filter(|_| is_open);
    pair.is_some_and(|((family, number), (of_name, lowest))| family == of_name && lowest <= number)
}

#[cfg(test)]
mod tests {
    use bartizan_core::ComponentKind;

    use super::*;

    fn list(names: &[&str]) -> Option<Vec<String>> {
        Some(names.iter().map(|&name| name.to_owned()).collect())
    }

    fn component(purl: &str, scope: Scope, licences: &[&str]) -> Component {
        Component {
            purl: purl.to_owned(),
            name: String::new(),
            version: None,
            kind: ComponentKind::Library,
            scope,
            licences: licences.iter().map(|&licence| licence.to_owned()).collect(),
            hashes: Vec::new(),
            locations: Vec::new(),
            layer: None,
        }
    }

    #[track_caller]
    fn check(lists: &Lists, licences: &[&str], expected: &str) {
        let policy = Policy { lists: lists.clone(), ..Policy::default() };
        let verdict = match policy.judge(&component("pkg:pypi/a@1", Scope::Runtime, licences)) {
            Verdict::Allowed => "allowed".to_owned(),
            Verdict::Ask(name) => format!("ask {name}"),
            Verdict::Unknown(declared) => format!("unknown {declared}"),
            Verdict::Denied(name) => format!("denied {name}"),
        };
        assert_eq!(verdict.trim(), expected, "{licences:?}");
    }

    #[test]
    fn of_alternatives_one_is_enough_and_of_a_sum_all_are_needed() {
        let lists = Lists { allow: list(&["MIT", "BSD-*"]), ask: list(&["MPL-2.0"]), ..Lists::default() };
        check(&lists, &["MIT"], "allowed");
        check(&lists, &["MIT OR GPL-3.0-only"], "allowed");
        check(&lists, &["MIT AND GPL-3.0-only"], "denied GPL-3.0-only");
        check(&lists, &["MIT AND (GPL-3.0-only OR BSD-3-Clause)"], "allowed");
        check(&lists, &["(GPL-3.0-only OR MPL-2.0) AND MIT"], "ask MPL-2.0");
        check(&lists, &["MIT", "GPL-3.0-only"], "denied GPL-3.0-only");
        check(&lists, &["Apache 2"], "denied Apache-2.0");
        check(&lists, &["something of my own"], "unknown something of my own");
        check(&lists, &[], "unknown");
        check(&lists, &["UNLICENSED"], "denied UNLICENSED");
    }

    #[test]
    fn without_a_list_of_what_is_allowed_the_rest_is() {
        let lists = Lists { deny: list(&["AGPL-*", "GPL-3.0"]), ..Lists::default() };
        check(&lists, &["Apache-2.0"], "allowed");
        check(&lists, &["AGPL-3.0-or-later"], "denied AGPL-3.0-or-later");
        check(&lists, &["GPLv3"], "denied GPL-3.0-only");
        check(&lists, &["MIT OR AGPL-3.0-only"], "allowed");
    }

    #[test]
    fn exceptions_of_licences_are_named_or_take_demands_away() {
        let denied = Lists { deny: list(&["GPL-2.0-only"]), ..Lists::default() };
        check(&denied, &["GPL-2.0-only WITH Classpath-exception-2.0"], "denied GPL-2.0-only");
        let named = Lists { allow: list(&["GPL-2.0-only WITH Classpath-exception-2.0"]), ..Lists::default() };
        check(&named, &["GPL-2.0-only WITH Classpath-exception-2.0"], "allowed");
        check(&named, &["GPL-2.0-only"], "denied GPL-2.0-only");
        let bare = Lists { allow: list(&["Apache-2.0"]), ..Lists::default() };
        check(&bare, &["Apache-2.0 WITH LLVM-exception"], "allowed");
    }

    #[test]
    fn a_later_version_may_be_chosen_where_the_licence_lets() {
        let lists = Lists { allow: list(&["GPL-3.0-only"]), ..Lists::default() };
        check(&lists, &["GPL-2.0-or-later"], "allowed");
        check(&lists, &["GPL-2.0-only"], "denied GPL-2.0-only");
        check(&lists, &["LGPL-2.1-or-later"], "denied LGPL-2.1-or-later");
    }

    #[test]
    fn scopes_and_exceptions_have_the_last_word() {
        let policy = Policy {
            lists: Lists { allow: list(&["MIT"]), ..Lists::default() },
            scopes: vec![(Scope::Development, Lists { allow: list(&["MIT", "GPL-*"]), ..Lists::default() })],
            exceptions: vec![Exception { package: "pkg:npm/a".into(), reason: "x".into() }],
        };
        let judge = |purl: &str, scope| policy.judge(&component(purl, scope, &["GPL-3.0-only"]));
        assert_eq!(judge("pkg:npm/b@1", Scope::Development), Verdict::Allowed);
        assert_eq!(judge("pkg:npm/b@1", Scope::Runtime), Verdict::Denied("GPL-3.0-only".into()));
        assert_eq!(judge("pkg:npm/a@1", Scope::Runtime), Verdict::Allowed);
        assert_eq!(policy.unknown(Scope::Runtime), Unknown::Ask);
        // Of a list Composer lets users choose.
        assert_eq!(policy.judge(&component("pkg:composer/a/b@1", Scope::Runtime, &["GPL-3.0-only", "MIT"])), Verdict::Allowed);
    }
}
