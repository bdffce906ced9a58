//! Times, and what is different each time.

use super::{Call, Function, lenient};
use crate::{Cause, Value};

pub(super) static FUNCTIONS: &[Function] = &[
    lenient("timestamp", |call| different(call, "timestamp")),
    lenient("plantimestamp", |call| different(call, "plantimestamp")),
    lenient("timeadd", |call| different(call, "timeadd")),
    lenient("timecmp", |call| different(call, "timecmp")),
    lenient("formatdate", |call| different(call, "formatdate")),
    lenient("uuid", |call| different(call, "uuid")),
    lenient("uuidv5", |call| different(call, "uuidv5")),
    lenient("bcrypt", |call| different(call, "bcrypt")),
    lenient("rsadecrypt", |call| different(call, "rsadecrypt")),
];

fn different(call: &Call<'_, '_>, name: &str) -> Value {
    Value::unknown(Cause::Function(name.into()), call.at)
}
