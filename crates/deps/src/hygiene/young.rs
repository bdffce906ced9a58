//! Versions that were published a short while ago.

use bartizan_core::{Confidence, Location, Severity};

use super::{About, Draft, Project, listed, packages};
use crate::Remark;

pub(super) static ABOUT: About = About {
    id: "component-too-young",
    title: "Version that was published a short while ago",
    severity: Severity::Medium,
    confidence: Confidence::High,
    why: "Most versions that were published to do harm are found and taken down within days. Who waits for so long gets none of them.",
    how_to_fix: "Stay with the version before until `deps.cool-down-days` are over, and tell the tool that proposes updates to wait as long: `minimumReleaseAge` in pnpm and renovate, `exclude-newer` in uv, `cooldown` in Dependabot. If the version closes a flaw, suppress the finding with that reason.",
    cwe: 1357,
    references: &[],
};

pub(super) fn look(project: &Project<'_>, drafts: &mut Vec<Draft>) {
    let Some((cool_down, today)) = project.settings.cool_down_days.zip(project.settings.today) else { return };
    for (path, file) in project.files {
        let mut young: Vec<(&str, Location)> = Vec::new();
        for (index, package) in file.inventory().packages.iter().enumerate() {
            let published = package.remarks.iter().find_map(|remark| match remark {
                Remark::Published(time) => days(time),
                _ => None,
            });
            // What is published tomorrow tells of a clock that is wrong, or of another kind of attack: it is young, too.
            if published.is_some_and(|published| today - published < i64::from(cool_down)) {
                young.push((&package.name, file.location(path, index)));
            }
        }
        if young.is_empty() {
            continue;
        }
        let names = listed(young.iter().map(|(name, _)| *name));
        let days = if cool_down == 1 { "day" } else { "days" };
        let are = if young.len() == 1 { "was" } else { "were" };
        let message = format!("{} {are} published less than {cool_down} {days} ago: {names}", packages(young.len()));
        let places = young.into_iter().map(|(_, place)| place).collect();
        drafts.push(Draft::new(&ABOUT, message, places).because("the lock file has the time").known_by([super::folder_of(path)]));
    }
}

/// Days from 1970-01-01 to the day that a time begins with, `2024-05-20T…`; the Gregorian calendar.
fn days(time: &str) -> Option<i64> {
    let mut parts = time.get(..10)?.splitn(3, '-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // Years begin in March, so that the leap day is the last of one: <https://howardhinnant.github.io/date_algorithms.html>.
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    Some(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
}

#[cfg(test)]
mod tests {
    use super::days;

    #[test]
    fn days_are_those_of_the_calendar() {
        assert_eq!(days("1970-01-01"), Some(0));
        assert_eq!(days("2000-03-01T00:00:00Z"), Some(11_017));
        assert_eq!(days("2024-02-29T12:00:00.123Z"), Some(19_782));
        assert_eq!(days("1969-12-31"), Some(-1));
        for wrong in ["", "2024", "2024-13-01", "2024-1-1x", "x024-01-01"] {
            assert_eq!(days(wrong), None, "{wrong}");
        }
    }
}
