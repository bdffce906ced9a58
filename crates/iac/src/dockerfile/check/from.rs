//! Images that stages begin with, and what stages are called.

use std::collections::HashMap;

use super::Sink;
use crate::dockerfile::{
    file::{Base, Dockerfile, Stage},
    instruction::Instruction,
    variable::Expanded,
};

/// An image by its parts.
struct Reference<'r> {
    name: &'r str,
    tag: Option<&'r str>,
    has_digest: bool,
}

pub(super) fn check(file: &Dockerfile<'_>, sink: &mut Sink<'_, '_>) {
    frontend(file, sink);
    let mut names: HashMap<&str, usize> = HashMap::new();
    for (number, stage) in file.stages.iter().enumerate() {
        let Some(from) = file.instructions.get(stage.from) else { continue };
        image(stage, from, sink);
        if let Some((name, range)) = &stage.name
            && names.insert(name, number).is_some()
        {
            sink.report("stage-name-duplicated", from, *range, format!("two stages are called `{name}`: the later one hides the earlier"));
        }
        if let Some(platform) = from.flag("platform").filter(|flag| !flag.value.contains('$')) {
            let message = format!("the image is built for `{}`, whatever it is asked for", platform.value);
            sink.report("image-platform-fixed", from, platform.range, message);
        }
    }
    for instruction in &file.instructions {
        copied_from(file, instruction, sink);
    }
}

/// `# syntax=` names the image that drives the build.
fn frontend(file: &Dockerfile<'_>, sink: &mut Sink<'_, '_>) {
    let (Some(directive), Some(first)) = (file.directives.iter().find(|it| it.name == "syntax"), file.instructions.first()) else { return };
    let name = directive.value.trim_start_matches("docker.io/");
    let is_known = ["docker/dockerfile", "docker/dockerfile-upstream"].contains(&reference(name).name);
    if !is_known && !reference(name).has_digest {
        let message = format!("`{}` reads this file and decides what is built", directive.value);
        sink.report("build-frontend-foreign", first, directive.range, message);
    }
}

fn image(stage: &Stage, from: &Instruction<'_>, sink: &mut Sink<'_, '_>) {
    let (Base::Image(expanded), Some(word)) = (&stage.base, from.words.first()) else { return };
    tag(expanded, from, word.range, sink);
}

/// `COPY --from=image` and `--mount=from=image` take images, too.
fn copied_from(file: &Dockerfile<'_>, instruction: &Instruction<'_>, sink: &mut Sink<'_, '_>) {
    let own = instruction.stage.and_then(|number| file.stages.get(number)).and_then(|stage| stage.name.as_ref());
    for flag in &instruction.flags {
        let source = match (instruction.keyword, flag.name.as_str()) {
            ("COPY" | "ADD", "from") => flag.value.as_str(),
            ("RUN", "mount") => match flag.value.split(',').find_map(|option| option.strip_prefix("from=")) {
                Some(source) => source,
                None => continue,
            },
            _ => continue,
        };
        if instruction.keyword == "COPY" && own.is_some_and(|(name, _)| name.eq_ignore_ascii_case(source)) {
            sink.report("copy-from-own-stage", instruction, flag.range, format!("`{source}` is the stage that this is in"));
            continue;
        }
        let is_number = !source.is_empty() && source.bytes().all(|byte| byte.is_ascii_digit());
        if is_number {
            sink.report("stage-named-by-number", instruction, flag.range, format!("stage {source} is another one as soon as one is added"));
        }
        if !is_number && !source.contains('$') && file.stage_named(source).is_none() {
            tag(&Expanded::Known(source.to_owned()), instruction, flag.range, sink);
        }
    }
}

fn tag(image: &Expanded, instruction: &Instruction<'_>, range: bartizan_core::ByteRange, sink: &mut Sink<'_, '_>) {
    // What is not known of an image is what comes last: the tag. Of one whose name is not known, nothing can be said.
    let Some(text) = image.known().filter(|text| !text.is_empty() && *text != "scratch") else { return };
    let reference = reference(text);
    if reference.has_digest {
        return;
    }
    match reference.tag {
        None => {
            sink.report("image-tag-missing", instruction, range, format!("`{text}` names no version: it is what `latest` is at the build"));
        }
        Some("latest") => {
            sink.report("image-tag-latest", instruction, range, format!("`{text}` is another image after each release"));
        }
        Some(_) => {}
    }
    let message = format!("`{}` is named by a tag, which its owner can move to another image", reference.name);
    sink.report("image-digest-missing", instruction, range, message);
}

fn reference(text: &str) -> Reference<'_> {
    let (rest, digest) = text.split_once('@').map_or((text, None), |(rest, digest)| (rest, Some(digest)));
    let last = rest.rfind('/').map_or(0, |slash| slash + 1);
    let colon = rest.get(last..).and_then(|name| name.find(':')).map(|colon| last + colon);
    let (name, tag) = match colon {
        Some(at) => (rest.get(..at).unwrap_or(rest), rest.get(at + 1..)),
        None => (rest, None),
    };
    Reference { name, tag: tag.filter(|tag| !tag.is_empty()), has_digest: digest.is_some_and(|digest| digest.contains(':')) }
}
