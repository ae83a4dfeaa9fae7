//! The mask of an update: the fields that it sets. Callers send it in four forms: `{"paths":["name","loginUrl"]}`, the
//! comma-joined string `"name,loginUrl"`, `{"path":"name"}`, and an object with both members.

use serde_json::Value;
use wix_oauth_apps::app::{self, Field};

use crate::http::error::{FieldViolation, Result};
use crate::http::json::{self, Object};
use crate::options::MaskPath;

/// The fields that the request masks, and the violations of the mask. A request without a mask masks none.
pub(crate) fn read(request: &Object, path: MaskPath) -> Result<(Vec<&'static Field>, Vec<FieldViolation>)> {
    let mut fields: Vec<&'static Field> = Vec::new();
    let mut violations = Vec::new();
    for Masked { place, name } in masked(request, path)? {
        match app::field(name) {
            Some(field) if field.read_only => {
                violations.push(FieldViolation::not_allowed(place, format!("'{name}' is read-only")));
            }
            Some(field) if fields.contains(&field) => {}
            Some(field) => fields.push(field),
            None => {
                let description = format!("'{name}' is not a field of OAuthApp");
                violations.push(FieldViolation::other(place, "UNKNOWN_FIELD", description));
            }
        }
    }
    Ok((fields, violations))
}

/// One path of a mask, and its place in the request.
struct Masked<'a> {
    place: String,
    name: &'a str,
}

fn masked(request: &Object, path: MaskPath) -> Result<Vec<Masked<'_>>> {
    match json::member(request, "mask") {
        None => Ok(Vec::new()),
        Some(Value::String(joined)) => Ok(split(joined)),
        Some(Value::Object(mask)) => {
            let mut masked = paths(mask)?;
            if path == MaskPath::Apply {
                masked.extend(single(mask)?);
            }
            Ok(masked)
        }
        Some(_) => Err(json::wrong_type("mask", "a string or an object")),
    }
}

/// The paths of the comma-joined form; an empty string holds none.
fn split(joined: &str) -> Vec<Masked<'_>> {
    let names = joined.split(',').enumerate().filter(|_| !joined.is_empty());
    names.map(|(at, name)| Masked { place: format!("mask.paths[{at}]"), name }).collect()
}

/// The list in the member `paths`.
fn paths(mask: &Object) -> Result<Vec<Masked<'_>>> {
    let Some(paths) = json::member(mask, "paths") else { return Ok(Vec::new()) };
    let paths = json::list(paths, "mask.paths")?.iter().enumerate();
    let masked = paths.map(|(at, path)| {
        let place = format!("mask.paths[{at}]");
        Ok(Masked { name: json::text(path, &place)?, place })
    });
    masked.collect()
}

/// The path, or the comma-joined paths, in the member `path`.
fn single(mask: &Object) -> Result<Vec<Masked<'_>>> {
    let Some(path) = json::member(mask, "path") else { return Ok(Vec::new()) };
    let text = json::text(path, "mask.path")?;
    let names = text.split(',').filter(|_| !text.is_empty());
    Ok(names.map(|name| Masked { place: "mask.path".to_owned(), name }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::error::ApiError;
    use serde_json::json;

    /// The masked names and the fields of the violations; the message where it cannot be read at all.
    fn read_names(request: &Value) -> std::result::Result<(Vec<&'static str>, Vec<Value>), Value> {
        let (fields, violations) = read(request.as_object().unwrap(), MaskPath::Apply).map_err(ApiError::body)?;
        let faults = violations.iter().map(|violation| json!(violation)["field"].clone()).collect();
        Ok((fields.iter().map(|field| field.name).collect(), faults))
    }

    #[test]
    fn every_form() {
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
    fn a_path_that_is_ignored() {
        let names = |mask: Value| {
            let request = json!({ "mask": mask });
            let (fields, violations) = read(request.as_object().unwrap(), MaskPath::Ignore).unwrap();
            (fields.iter().map(|field| field.name).collect::<Vec<_>>(), violations.len())
        };
        assert_eq!(names(json!({ "path": "name" })), (vec![], 0));
        assert_eq!(names(json!({ "path": "nope", "paths": ["origin"] })), (vec!["origin"], 0));
    }

    #[test]
    fn every_empty_form_names_nothing() {
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
    fn what_cannot_be_masked() {
        let paths = ["name", "nope", "id", "createdDate", "secret", "", " name", "oAuthApp.name", "Name"];
        let faults: Vec<Value> = (1..paths.len()).map(|at| json!(format!("mask.paths[{at}]"))).collect();
        assert_eq!(read_names(&json!({ "mask": { "paths": paths } })), Ok((vec!["name"], faults.clone())));
        assert_eq!(read_names(&json!({ "mask": paths.join(",") })), Ok((vec!["name"], faults)));
    }

    #[test]
    fn what_is_no_mask() {
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
