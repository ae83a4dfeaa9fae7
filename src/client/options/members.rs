//! Members of an object of options.

use crate::concat::join;
use crate::names::nearest_name;
use crate::value::{UNDEFINED, Value};
use crate::violation::{Violations, rule};

/// Checks whether a value is given: an optional member that is `undefined` is not.
pub(super) fn is_given(value: &Value) -> bool {
    *value != Value::Foreign(UNDEFINED)
}

/// Returns the member of that name if it is given.
pub(super) fn member<'a>(object: &'a Value, name: &str) -> Option<&'a Value> {
    object.get(name).filter(|value| is_given(value))
}

/// Reports a name that is no option, with the known one that is nearest.
pub(super) fn unknown_option(path: &str, names: &[&str], faults: &mut Violations) {
    let meant = nearest_name(path, &mut names.iter().copied());
    match meant {
        Some(name) => {
            let message = ["is no option; did you mean `", name, "`?"];
            faults.error_suggesting(path, rule::UNKNOWN_FIELD, &message, meant);
        }
        None => faults.error(path, rule::UNKNOWN_FIELD, &["is no option; known are ", &join(names, ", ")]),
    }
}
