//! Reads JSON from users: options, faults and stored records.

use std::fmt;

use serde::de::DeserializeOwned;
use serde_json::Value;

/// A value from outside that cannot be used: an option, a fault, a snapshot or a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputError {
    /// The place of the value, such as `options.members[0].email`.
    path: String,
    /// The fault of the value, and the values that are allowed.
    reason: String,
}

impl InputError {
    pub(crate) fn new(path: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { path: path.into(), reason: reason.into() }
    }
}

impl fmt::Display for InputError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.path, self.reason)
    }
}

impl std::error::Error for InputError {}

/// Reads an object of settings. A member that is `null` counts as absent, and so does the whole object. The error names the
/// member, such as `fault.status`.
pub(crate) fn read<T: DeserializeOwned>(value: Value, root: &str) -> Result<T, InputError> {
    let members = match value {
        Value::Null => serde_json::Map::new(),
        Value::Object(members) => members.into_iter().filter(|(_, value)| !value.is_null()).collect(),
        _ => return Err(InputError::new(root, "must be an object")),
    };
    read_value(Value::Object(members), root)
}

/// Reads a value of any shape. The error names the place within it, such as `records[0]`.
pub(crate) fn read_value<T: DeserializeOwned>(value: Value, root: &str) -> Result<T, InputError> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = match error.path().to_string() {
            path if path == "." => root.to_owned(),
            path if path.starts_with('[') => format!("{root}{path}"),
            path => format!("{root}.{path}"),
        };
        InputError::new(path, error.into_inner().to_string())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;
    use serde_json::json;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Settings {
        #[serde(default)]
        list: Vec<Entry>,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Entry {
        number: u8,
    }

    #[test]
    fn null_counts_as_absent() {
        for value in [json!(null), json!({}), json!({ "list": null })] {
            assert_eq!(read::<Settings>(value, "settings"), Ok(Settings { list: Vec::new() }));
        }
    }

    #[test]
    fn an_error_names_the_place_of_the_fault() {
        for (value, message) in [
            (json!(5), "settings: must be an object"),
            (json!({ "list": 5 }), "settings.list: invalid type: integer `5`, expected a sequence"),
            (json!({ "list": [{ "number": 1 }, {}] }), "settings.list[1]: missing field `number`"),
            (
                json!({ "list": [{ "number": "1" }] }),
                "settings.list[0].number: invalid type: string \"1\", expected u8",
            ),
            (json!({ "more": 1 }), "settings.more: unknown field `more`, expected `list`"),
        ] {
            assert_eq!(read::<Settings>(value, "settings").unwrap_err().to_string(), message);
        }
        let error = read_value::<Vec<Entry>>(json!([{}]), "records").unwrap_err();
        assert_eq!(error.to_string(), "records[0]: missing field `number`");
    }
}
