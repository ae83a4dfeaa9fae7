//! Settings as JavaScript gives them: an object whose members may each be left out.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// The settings that a JSON value holds. A member that is `null` counts as left out, and so does the whole. The error
/// names the member, such as `fault.status`.
pub(crate) fn read<T: DeserializeOwned>(value: Value, what: &str) -> Result<T, String> {
    let members = match value {
        Value::Null => Map::new(),
        Value::Object(members) => members,
        _ => return Err(format!("{what}: must be an object")),
    };
    let given: Map<_, _> = members.into_iter().filter(|(_, value)| !value.is_null()).collect();
    // One by one first: a fault found in the whole would not say where it is.
    for (name, value) in &given {
        let alone = Map::from_iter([(name.clone(), value.clone())]);
        T::deserialize(Value::Object(alone)).map_err(|error| format!("{what}.{name}: {error}"))?;
    }
    T::deserialize(Value::Object(given)).map_err(|error| format!("{what}: {error}"))
}
