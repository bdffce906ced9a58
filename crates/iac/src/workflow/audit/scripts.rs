//! Scripts that do what scripts of pipelines don't do.

use super::Audited;
use crate::workflow::{pipeline, remark::Remark};

pub(super) fn look(audited: &Audited<'_, '_>, remarks: &mut Vec<Remark>) {
    for site in audited.definition.sites() {
        let Some((run, _)) = site.script() else { continue };
        let shell = site.shell().map_or("bash", |shell| shell.name);
        let found = pipeline::look_at_script(&run.node, audited.definition.text, shell);
        remarks.extend(found.into_iter().map(|remark| remark.in_step(site)));
    }
}
