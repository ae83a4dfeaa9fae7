//! The mask of an update, which names the fields to set. Clients send it in four forms: `{"paths":["name","loginUrl"]}`, the
//! comma-joined string `"name,loginUrl"`, `{"path":"name"}`, and an object with both members.

use serde_json::Value;
use wix_oauth_apps::app::{self, Field};

use crate::http::error::{FieldViolation, Result};
use crate::http::json::{self, Object};
use crate::options::MaskPath;

/// Reads the fields that a request masks, and the violations of its mask. A request without a mask masks no field.
pub(crate) fn read(message: &Object, path: MaskPath) -> Result<(Vec<&'static Field>, Vec<FieldViolation>)> {
    let mut fields: Vec<&'static Field> = Vec::new();
    let mut violations = Vec::new();
    for MaskEntry { path, name } in entries(message, path)? {
        match app::field(name) {
            Some(field) if field.read_only => {
                violations.push(FieldViolation::not_allowed(path, format!("'{name}' is read-only")));
            }
            Some(field) if fields.contains(&field) => {}
            Some(field) => fields.push(field),
            None => {
                let description = format!("'{name}' is not a field of OAuthApp");
                violations.push(FieldViolation::other(path, "UNKNOWN_FIELD", description));
            }
        }
    }
    Ok((fields, violations))
}

/// A field name in a mask, and its path in the request.
struct MaskEntry<'a> {
    path: String,
    name: &'a str,
}

fn entries(message: &Object, path: MaskPath) -> Result<Vec<MaskEntry<'_>>> {
    match json::member(message, "mask") {
        None => Ok(Vec::new()),
        Some(Value::String(joined)) => Ok(split(joined)),
        Some(Value::Object(mask)) => {
            let mut entries = paths_member(mask)?;
            if path == MaskPath::Apply {
                entries.extend(path_member(mask)?);
            }
            Ok(entries)
        }
        Some(_) => Err(json::wrong_type("mask", "a string or an object")),
    }
}

/// Reads a comma-joined mask. An empty string names no field.
fn split(joined: &str) -> Vec<MaskEntry<'_>> {
    let names = joined.split(',').enumerate().filter(|_| !joined.is_empty());
    names.map(|(at, name)| MaskEntry { path: format!("mask.paths[{at}]"), name }).collect()
}

/// Reads the list in the member `paths`.
fn paths_member(mask: &Object) -> Result<Vec<MaskEntry<'_>>> {
    let Some(names) = json::member(mask, "paths") else { return Ok(Vec::new()) };
    let names = json::list(names, "mask.paths")?.iter().enumerate();
    let entries = names.map(|(at, name)| {
        let path = format!("mask.paths[{at}]");
        Ok(MaskEntry { name: json::text(name, &path)?, path })
    });
    entries.collect()
}

/// Reads the field name, or the comma-joined field names, in the member `path`.
fn path_member(mask: &Object) -> Result<Vec<MaskEntry<'_>>> {
    let Some(joined) = json::text_member(mask, "path", "mask.path")? else { return Ok(Vec::new()) };
    let names = joined.split(',').filter(|_| !joined.is_empty());
    Ok(names.map(|name| MaskEntry { path: "mask.path".to_owned(), name }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::error::ApiError;
    use serde_json::json;

    /// Returns the masked names and the fields of the violations, or the body of the error.
    fn read_names(request: &Value) -> std::result::Result<(Vec<&'static str>, Vec<Value>), Value> {
        let (fields, violations) = read(request.as_object().unwrap(), MaskPath::Apply).map_err(ApiError::body)?;
        let faults = violations.iter().map(|violation| json!(violation)["field"].clone()).collect();
        Ok((fields.iter().map(|field| field.name).collect(), faults))
    }

    #[test]
    fn a_mask_has_one_of_four_forms() {
        for mask in [
            json!("name,allowedRedirectUris"),
            json!({ "paths": ["name", "allowedRedirectUris"] }),
            json!({ "path": "name,allowedRedirectUris" }),
            json!({ "paths": ["name", "allowedRedirectUris"], "path": "name,allowedRedirectUris" }),
            json!({ "paths": ["name"], "path": "allowedRedirectUris" }),
        ] {
            assert_eq!(read_names(&json!({ "mask": mask })), Ok((vec!["name", "allowedRedirectUris"], vec![])));
        }
    }

    #[test]
    fn an_option_ignores_the_member_path() {
        let names = |mask: Value| {
            let request = json!({ "mask": mask });
            let (fields, violations) = read(request.as_object().unwrap(), MaskPath::Ignore).unwrap();
            (fields.iter().map(|field| field.name).collect::<Vec<_>>(), violations.len())
        };
        assert_eq!(names(json!({ "path": "name" })), (vec![], 0));
        assert_eq!(names(json!({ "path": "nope", "paths": ["origin"] })), (vec!["origin"], 0));
    }

    #[test]
    fn an_empty_mask_names_no_field() {
        for request in [
            json!({}),
            json!({ "mask": null }),
            json!({ "mask": "" }),
            json!({ "mask": {} }),
            json!({ "mask": { "paths": null } }),
            json!({ "mask": { "paths": [] } }),
            json!({ "mask": { "path": "" } }),
            json!({ "mask": { "path": null } }),
        ] {
            assert_eq!(read_names(&request), Ok((vec![], vec![])));
        }
    }

    #[test]
    fn read_only_and_unknown_fields_are_violations() {
        let paths = ["name", "nope", "id", "createdDate", "secret", "", " name", "oAuthApp.name", "Name"];
        let faults: Vec<Value> = (1..paths.len()).map(|at| json!(format!("mask.paths[{at}]"))).collect();
        assert_eq!(read_names(&json!({ "mask": { "paths": paths } })), Ok((vec!["name"], faults.clone())));
        assert_eq!(read_names(&json!({ "mask": paths.join(",") })), Ok((vec!["name"], faults)));
    }

    #[test]
    fn a_mask_of_the_wrong_type_is_refused() {
        for (mask, message) in [
            (json!(["name"]), "mask: Expected a string or an object"),
            (json!(5), "mask: Expected a string or an object"),
            (json!({ "paths": "name" }), "mask.paths: Expected a list"),
            (json!({ "path": ["name"] }), "mask.path: Expected a string"),
            (json!({ "paths": [null] }), "mask.paths[0]: Expected a string"),
        ] {
            assert_eq!(read_names(&json!({ "mask": mask })), Err(json!({ "message": message })));
        }
    }
}
