//! What only all files together say: where an input of a caller ends up, which secrets a called workflow needs, which commit a
//! version is.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use bartizan_core::{Edit, Fix, FixSafety, RelatedLocation};

use super::{
    audit::triggers,
    comment,
    config::{Config, Policy},
    facts::{Facts, Given, Inherited, LocalCall, Sink, SinkKind, Span, Used},
    taint::{self, Power},
    uses::{Uses, UsesKind, is_commit, version},
};
use crate::{Place, format::Document, project::Project, report::Draft};

const REACHES: &str = "tainted-input-reaches-script";
const CHECKOUT: &str = triggers::CHECKOUT;
const WRITE: &str = "untrusted-environment-file-write";
const INHERITED: &str = "secrets-inherited";
const UNPINNED: &str = "action-unpinned";
const FORBIDDEN: &str = "forbidden-action";
const CONTRADICTION: &str = "pinned-version-contradicted";
const NO_COMMENT: &str = "pinned-version-not-named";

/// How many ways of an input are followed.
const MAX_WAYS: usize = 10_000;

/// Says what only all files together say.
pub(super) fn conclude(project: &Project<'_>) -> Vec<Draft> {
    let all = All::new(project);
    let mut drafts = Vec::new();
    all.follow_inputs(&mut drafts);
    all.look_at_privileged_calls(&mut drafts);
    all.look_at_secrets(&mut drafts);
    all.look_at_uses(&mut drafts);
    drafts
}

/// The facts of all files.
struct All<'a, 'p> {
    project: &'a Project<'p>,
    /// By the number of the file.
    files: BTreeMap<u32, &'a Facts>,
    by_path: BTreeMap<String, u32>,
}

/// An input of a file, and how something got there.
#[derive(Clone)]
struct Way {
    file: u32,
    input: String,
    /// The places of the calls, the first one first.
    calls: Vec<Place>,
}

impl<'a, 'p> All<'a, 'p> {
    fn new(project: &'a Project<'p>) -> Self {
        let (mut files, mut by_path) = (BTreeMap::new(), BTreeMap::new());
        for (number, file) in project.numbered() {
            for document in &file.documents {
                if let Document::Workflow(facts) = document {
                    files.insert(number, &**facts);
                    by_path.insert(file.path.to_string(), number);
                }
            }
        }
        Self { project, files, by_path }
    }

    /// The file that a path names: from the root of the repository, which is above `.github`, or else above the file.
    fn resolve(&self, from: u32, target: &str) -> Option<u32> {
        let path = self.project.files.get(from as usize)?.path.to_string();
        let rest = target.strip_prefix("./").or(target.strip_prefix("$/"))?.trim_end_matches('/');
        let mut root = match path.split_once(".github/") {
            Some((root, _)) => root.trim_end_matches('/').to_owned(),
            None => path.rsplit_once('/').map_or_else(String::new, |(folder, _)| folder.to_owned()),
        };
        loop {
            let prefix = if root.is_empty() { String::new() } else { format!("{root}/") };
            let base = if rest.is_empty() { root.clone() } else { format!("{prefix}{rest}") };
            let inside = |name: &str| if base.is_empty() { name.to_owned() } else { format!("{base}/{name}") };
            let candidates = [base.clone(), inside("action.yml"), inside("action.yaml")];
            if let Some(number) = candidates.iter().find_map(|candidate| self.by_path.get(candidate)) {
                return Some(*number);
            }
            if root.is_empty() {
                return None;
            }
            root = root.rsplit_once('/').map_or_else(String::new, |(above, _)| above.to_owned());
        }
    }

    /// Follows what strangers choose from the caller's `with` into what is called, as far as it goes.
    fn follow_inputs(&self, drafts: &mut Vec<Draft>) {
        for (number, facts) in &self.files {
            for call in &facts.calls {
                for given in &call.inputs {
                    if given.contexts.iter().any(|(path, _)| taint::of_github(path).is_some()) {
                        self.follow_input(*number, facts, call, given, drafts);
                    }
                }
            }
        }
    }

    fn follow_input(&self, number: u32, facts: &Facts, call: &LocalCall, given: &Given, drafts: &mut Vec<Draft>) {
        let Some(callee) = self.resolve(number, &call.target) else { return };
        let mut ways = VecDeque::from([Way { file: callee, input: given.name.clone(), calls: Vec::new() }]);
        let mut seen = BTreeSet::new();
        while let Some(way) = ways.pop_front() {
            if MAX_WAYS < seen.len() || !seen.insert((way.file, way.input.clone())) {
                continue;
            }
            let Some(there) = self.files.get(&way.file) else { continue };
            for sink in there.sinks.iter().filter(|sink| sink.input == way.input) {
                drafts.extend(self.reached(number, facts, call, given, &way, sink));
            }
            for next in &there.calls {
                let passed =
                    next.inputs.iter().filter(|given| given.contexts.iter().any(|(path, _)| *path == format!("inputs.{}", way.input)));
                for passed in passed {
                    let Some(file) = self.resolve(way.file, &next.target) else { continue };
                    let calls = way.calls.iter().copied().chain([self.place(way.file, passed.place)]).collect();
                    ways.push_back(Way { file, input: passed.name.clone(), calls });
                }
            }
        }
    }

    fn reached(&self, number: u32, facts: &Facts, call: &LocalCall, given: &Given, way: &Way, sink: &Sink) -> Option<Draft> {
        let sink_place = self.place(way.file, sink.place);
        let (rule, message) = match sink.kind {
            SinkKind::Program => {
                let (path, text) =
                    given.contexts.iter().find(|(path, _)| taint::of_github(path).is_some_and(|power| power != Power::None))?;
                let who = if taint::is_of_strangers(path) { "whoever causes the event" } else { "whoever chooses it" };
                (REACHES, format!("`{text}` becomes part of a script in `{}`: {who} can run commands there", call.target))
            }
            SinkKind::Checkout => {
                let trigger = facts.privileged_trigger.as_deref()?;
                given.contexts.iter().find(|(path, _)| triggers::is_strangers_code(path))?;
                (CHECKOUT, format!("`{trigger}` gives this run secrets, and `{}` checks out a stranger's code", call.target))
            }
        };
        let mut draft = self.draft(rule, message, number, given.place)?;
        draft.span = self.project.location(self.place(number, call.span));
        draft.identity = call.identity.iter().cloned().chain([given.name.clone(), sink.input.clone()]).collect();
        let calls = way.calls.iter().map(|place| (*place, "it is passed on here"));
        for (place, message) in calls.chain([(sink_place, "it becomes part of this")]) {
            draft.related.extend(self.project.location(place).map(|location| RelatedLocation { location, message: message.to_owned() }));
        }
        Some(draft)
    }

    /// Calls from workflows that strangers start, of what is dangerous only there.
    fn look_at_privileged_calls(&self, drafts: &mut Vec<Draft>) {
        for (number, facts) in &self.files {
            let Some(trigger) = &facts.privileged_trigger else { continue };
            for call in &facts.calls {
                let Some(callee) = self.resolve(*number, &call.target) else { continue };
                let Some(there) = self.files.get(&callee) else { continue };
                let checkout = format!("`{trigger}` gives this run secrets, and `{}` checks out a stranger's code", call.target);
                let write = format!("`{trigger}` lets strangers start this, and `{}` decides what later steps run", call.target);
                // An action is judged as if it was used anywhere.
                let is_workflow = !self.path(callee).ends_with("action.yml") && !self.path(callee).ends_with("action.yaml");
                let of_writes = there.writes.iter().filter(|_| is_workflow).map(|at| (WRITE, &write, at));
                for (rule, message, at) in there.checkouts.iter().map(|at| (CHECKOUT, &checkout, at)).chain(of_writes) {
                    let Some(mut draft) = self.draft(rule, message.clone(), *number, call.place) else { continue };
                    draft.span = self.project.location(self.place(*number, call.span));
                    draft.identity = call.identity.iter().cloned().chain([call.target.clone()]).collect();
                    let location = self.project.location(self.place(callee, *at));
                    draft.related.extend(location.map(|location| RelatedLocation { location, message: "here".to_owned() }));
                    drafts.push(draft);
                    break;
                }
            }
        }
    }

    /// Jobs that give all secrets, and those that are needed.
    fn look_at_secrets(&self, drafts: &mut Vec<Draft>) {
        for (number, facts) in &self.files {
            for inherited in &facts.inherits {
                let needed = self.resolve(*number, &inherited.target).and_then(|callee| self.secrets_of(callee));
                let message = match needed.as_deref() {
                    None => format!("`{}` gets every secret there is", inherited.target),
                    Some([]) => format!("`{}` gets every secret there is, and needs none", inherited.target),
                    Some(names) => format!("`{}` gets every secret there is, and needs `{}`", inherited.target, names.join("`, `")),
                };
                let Some(mut draft) = self.draft(INHERITED, message, *number, inherited.place) else { continue };
                draft.span = self.project.location(self.place(*number, inherited.span));
                draft.identity = vec![inherited.job.clone()];
                draft.fixes.extend(needed.and_then(|names| self.only_needed(*number, inherited, &names)));
                drafts.push(draft);
            }
        }
    }

    /// The secrets that a workflow and all that it gives its own to need; nothing where that is not known.
    fn secrets_of(&self, callee: u32) -> Option<Vec<String>> {
        let (mut names, mut seen, mut open) = (BTreeSet::new(), BTreeSet::new(), vec![callee]);
        while let Some(number) = open.pop() {
            if !seen.insert(number) {
                continue;
            }
            let facts = self.files.get(&number)?;
            names.extend(facts.secrets.iter().cloned());
            for inherited in &facts.inherits {
                open.push(self.resolve(number, &inherited.target)?);
            }
        }
        (!names.contains("*")).then(|| names.into_iter().collect())
    }

    fn only_needed(&self, number: u32, inherited: &Inherited, names: &[String]) -> Option<Fix> {
        if names.is_empty() {
            return None;
        }
        let indent = " ".repeat(inherited.n_indent as usize);
        let lines: Vec<String> = names.iter().map(|name| format!("\n{indent}  {name}: ${{{{ secrets.{name} }}}}")).collect();
        let artifact = self.project.files.get(number as usize)?.path.clone();
        let edits = vec![Edit { artifact, range: inherited.value.range(), replacement: lines.concat() }];
        Some(Fix { description: "Give only the secrets that are needed.".to_owned(), safety: FixSafety::NeedsReview, edits })
    }

    fn look_at_uses(&self, drafts: &mut Vec<Draft>) {
        let default = Config::default();
        let config = self.files.values().find_map(|facts| facts.config.as_ref());
        let mut pins = Pins::default();
        let all = || self.files.iter().flat_map(|(number, facts)| facts.uses.iter().map(move |used| (*number, used)));
        all().for_each(|(number, used)| pins.note(number, used));
        for (number, used) in all() {
            let uses = used.uses();
            let found = |rule, message: String| {
                let mut draft = self.draft(rule, message, number, used.place)?;
                draft.span = self.project.location(self.place(number, used.span));
                draft.identity = used.identity.iter().cloned().chain([uses.without_reference()]).collect();
                Some(draft)
            };
            if config.is_some_and(|config| config.forbids(&uses)) {
                drafts.extend(found(FORBIDDEN, format!("`{}` is not among the actions that may be used", uses.text)));
            }
            let policy = config.unwrap_or(&default).policy(&uses);
            if policy == Policy::Commit && !uses.is_pinned() {
                let reference = uses.reference().unwrap_or_default();
                let message = format!("`{reference}` of `{}` may be another code tomorrow: a commit can't be", uses.without_reference());
                let fix = pins.commit_of(&uses).and_then(|pin| self.pinned(number, used, &uses, pin));
                drafts.extend(found(UNPINNED, message).map(|draft| Draft { fixes: fix.into_iter().collect(), ..draft }));
            }
            if uses.is_pinned() && used.comment.as_deref().and_then(comment::version).is_none() {
                drafts.extend(found(NO_COMMENT, format!("nothing says which version of `{}` this commit is", uses.without_reference())));
            }
            if let Some((other_number, other)) = pins.contradiction(used, &uses) {
                let named = used.comment.clone().unwrap_or_default();
                let location = self.project.location(self.place(other_number, other.place));
                let related = location.map(|location| RelatedLocation { location, message: "here it is otherwise".to_owned() });
                let draft = found(CONTRADICTION, format!("this commit is called `{named}`, and elsewhere that is not so"));
                drafts.extend(draft.map(|draft| Draft { related: related.into_iter().collect(), ..draft }));
            }
        }
    }

    fn pinned(&self, number: u32, used: &Used, uses: &Uses<'_>, pin: &Used) -> Option<Fix> {
        let artifact = self.project.files.get(number as usize)?.path.clone();
        let commit = pin.uses().reference().map(str::to_owned)?;
        let version = pin.comment.as_deref()?;
        let pinned =
            Edit { artifact: artifact.clone(), range: used.place.range(), replacement: format!("{}@{commit}", uses.without_reference()) };
        let end = used.end_of_line as usize;
        let text = self.project.files.get(number as usize)?.text;
        let behind = text.get(used.place.range().end()..end)?;
        // What stands behind it stays, but for a comment that names a version.
        let at = match &used.comment {
            Some(comment) if comment::version(comment).and_then(self::version).is_some() => used.place.range().end(),
            Some(_) => return None,
            None if behind.trim().is_empty() => used.place.range().end(),
            None => return None,
        };
        let named = Edit { artifact, range: bartizan_core::ByteRange::new(at, end), replacement: format!(" # {version}") };
        let description = format!("Pin it to the commit that is `{version}` elsewhere in this project.");
        Some(Fix { description, safety: FixSafety::NeedsReview, edits: vec![pinned, named] })
    }

    fn draft(&self, rule: &'static str, message: String, number: u32, at: Span) -> Option<Draft> {
        Some(Draft::new(rule, message, self.project.location(self.place(number, at))?))
    }

    fn place(&self, number: u32, at: Span) -> Place {
        Place::new(number, at.range())
    }

    fn path(&self, number: u32) -> String {
        self.project.files.get(number as usize).map(|file| file.path.to_string()).unwrap_or_default()
    }
}

/// Commits of actions, and what they are called.
#[derive(Default)]
struct Pins<'a> {
    by_repository: BTreeMap<String, Vec<(u32, &'a Used)>>,
}

impl<'a> Pins<'a> {
    fn note(&mut self, number: u32, used: &'a Used) {
        let uses = used.uses();
        let is_named = used.comment.as_deref().and_then(comment::version).and_then(version).is_some();
        if let (true, true, Some(slug)) = (uses.is_pinned(), is_named, uses.slug()) {
            self.by_repository.entry(slug.to_ascii_lowercase()).or_default().push((number, used));
        }
    }

    fn of(&self, uses: &Uses<'_>) -> &[(u32, &'a Used)] {
        uses.slug().and_then(|slug| self.by_repository.get(&slug.to_ascii_lowercase())).map_or(&[], Vec::as_slice)
    }

    /// The commit that a version is elsewhere in the project.
    fn commit_of(&self, uses: &Uses<'_>) -> Option<&'a Used> {
        let UsesKind::Repository { reference, .. } = uses.kind else { return None };
        version(reference)?;
        self.of(uses).iter().map(|(_, pin)| *pin).find(|pin| {
            pin.comment
                .as_deref()
                .and_then(comment::version)
                .is_some_and(|named| named == reference || named.strip_prefix(reference).is_some_and(|rest| rest.starts_with('.')))
        })
    }

    /// Another place where the same full version is another commit, or the same commit another version.
    fn contradiction(&self, used: &Used, uses: &Uses<'_>) -> Option<(u32, &'a Used)> {
        let commit = uses.reference().filter(|reference| is_commit(reference))?;
        let named = used.comment.as_deref().and_then(comment::version)?;
        version(named)?;
        self.of(uses).iter().copied().find(|(_, other)| {
            let other_uses = other.uses();
            let Some(other_named) = other.comment.as_deref().and_then(comment::version) else { return false };
            let is_same_commit = other_uses.reference().is_some_and(|other| other.eq_ignore_ascii_case(commit));
            let is_full = named.matches('.').count() == 2;
            if is_same_commit { !is_compatible(named, other_named) } else { is_full && named == other_named }
        })
    }
}

/// Whether two versions may name the same: `v4` and `v4.2.2`.
fn is_compatible(a: &str, b: &str) -> bool {
    let (a, b) = (a.trim_start_matches('v'), b.trim_start_matches('v'));
    let is_start = |short: &str, long: &str| long.strip_prefix(short).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    is_start(a, b) || is_start(b, a)
}
