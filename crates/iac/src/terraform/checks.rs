//! Checks of Terraform itself that data can't say: what runs on the machine that applies the code.

use crate::{
    Kind, Resource, Value, Verdict,
    check::{Check, Context, Look},
    exposure::each,
};

/// The checks of Terraform itself.
pub(crate) static CHECKS: &[Check] = &[Check { name: "terraform-interpolated-command", look: Look::Resource(interpolated_command) }];

/// Fails where a provisioner runs a command that is put together from what resources and data sources say.
///
/// A command is a line for a shell: what is put into it may end it and start another.
fn interpolated_command(resource: &Resource, _: &Context<'_>) -> Verdict {
    let Some(provisioners) = resource.get("provisioner") else { return Verdict::NotApplicable };
    let of_command = |command: &Value| match &command.kind {
        Kind::Text(_) | Kind::Unknown(_) | Kind::OneOf(_) if is_of_resources(command, resource) => {
            Verdict::fail_at(command.place, "provisioner.command")
        }
        _ => Verdict::Pass,
    };
    each(provisioners, &|provisioner| provisioner.get("command").map_or(Verdict::Pass, of_command))
}

fn is_of_resources(command: &Value, resource: &Resource) -> bool {
    command.references.iter().flat_map(|references| references.iter()).any(|other| *other != resource.id)
}
