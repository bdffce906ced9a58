//! Which dependencies are in use: conditions, tags, aliases, and the values that a chart takes over from them.

use bartizan_core::ByteRange;

use super::{
    Work,
    load::{Chart, Requirement},
    values::{self, Nulls},
};
use crate::helm::{
    failure::Eval,
    function::{Version, copied, satisfies},
    value::{Kind, Map, MapId},
};

/// Leaves out dependencies that are switched off, and takes over values of the others.
pub(super) fn process(work: &mut Work, chart: &mut Chart, given: MapId) -> Eval<()> {
    enable(work, chart, given, "")?;
    import(work, chart)
}

fn is_compatible(constraint: &str, version: &str) -> bool {
    Version::parse(version).is_some_and(|version| satisfies(constraint, &version).unwrap_or(false))
}

fn enable(work: &mut Work, chart: &mut Chart, given: MapId, path: &str) -> Eval<()> {
    if chart.requirements.is_empty() {
        return Ok(());
    }
    let is_asked_for = |dependency: &Chart, requirement: &Requirement| {
        dependency.name == requirement.chart && is_compatible(&requirement.version, &dependency.version)
    };
    let mut dependencies: Vec<Chart> = chart
        .dependencies
        .iter()
        .filter(|dependency| !chart.requirements.iter().any(|requirement| is_asked_for(dependency, requirement)))
        .cloned()
        .collect();
    for requirement in &chart.requirements {
        if let Some(found) = chart.dependencies.iter().find(|dependency| is_asked_for(dependency, requirement)) {
            dependencies.push(Chart { name: requirement.name.clone(), ..found.clone() });
        }
    }
    chart.dependencies = dependencies;
    let values = values::coalesced(&mut work.machine, chart, given)?;
    for requirement in &mut chart.requirements {
        requirement.is_enabled = is_enabled(work, requirement, values, path);
    }
    chart.requirements.retain(|requirement| {
        let is_off = !requirement.is_enabled;
        if is_off {
            chart.dependencies.retain(|dependency| dependency.name != requirement.name);
        }
        !is_off
    });
    note_missing(work, chart);
    for dependency in &mut chart.dependencies {
        let path = format!("{path}{}.", dependency.name);
        enable(work, dependency, values, &path)?;
    }
    Ok(())
}

fn note_missing(work: &mut Work, chart: &Chart) {
    for requirement in &chart.requirements {
        if !chart.dependencies.iter().any(|dependency| dependency.name == requirement.name || dependency.name == requirement.chart) {
            let message = format!("the dependency `{}` is not in `charts/`; what it would add is missing", requirement.chart);
            work.problem_at(chart.metadata_file.0 as usize, ByteRange::new(0, 0), message);
        }
    }
}

/// Tags first, then the first condition that says yes or no.
fn is_enabled(work: &Work, requirement: &Requirement, values: MapId, path: &str) -> bool {
    let truth = |path: &str| match values::at_path(&work.machine, values, path).map(|val| val.kind) {
        Some(Kind::Bool(is)) => Some(is),
        _ => None,
    };
    let condition = requirement.condition.trim().split(',').map(str::trim).filter(|condition| !condition.is_empty());
    if let Some(is) = condition.filter_map(|condition| truth(&format!("{path}{condition}"))).next() {
        return is;
    }
    let tags: Vec<bool> = requirement.tags.iter().filter_map(|tag| truth(&format!("tags.{tag}"))).collect();
    tags.is_empty() || tags.contains(&true)
}

/// Takes over values of dependencies, those of the innermost first.
fn import(work: &mut Work, chart: &mut Chart) -> Eval<()> {
    for dependency in &mut chart.dependencies {
        import(work, dependency)?;
    }
    if chart.requirements.iter().all(|requirement| requirement.imports.is_empty()) {
        return Ok(());
    }
    let nothing = work.machine.heap.add_map(Map::new());
    let all = values::with_nulls(&mut work.machine, chart, nothing, Nulls::Keep)?;
    let imported = work.machine.heap.add_map(Map::new());
    for requirement in &chart.requirements {
        for import in &requirement.imports {
            let path = format!("{}.{}", requirement.name, import.child);
            let Some(found) = values::at_path(&work.machine, all, &path).filter(|val| val.as_map().is_some()) else {
                let message = format!("`import-values` names `{path}`, which is no map");
                work.problem_at(chart.metadata_file.0 as usize, ByteRange::new(0, 0), message);
                continue;
            };
            let Some(found) = copied(&mut work.machine, &found, 0)?.as_map() else { continue };
            let found = values::wrapped(&mut work.machine, &import.parent, found);
            values::coalesce_tables(&mut work.machine, imported, found, Nulls::Keep, 0)?;
        }
    }
    values::coalesce_tables(&mut work.machine, all, imported, Nulls::Keep, 0)?;
    chart.values = crate::helm::value::Val::new(Kind::Map(all));
    Ok(())
}
