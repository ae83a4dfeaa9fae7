//! An update's mask: which fields it sets. It comes as `{"paths":["name","loginUrl"]}`, as the REST documentation has it,
//! or as `"name,loginUrl"`, as the vendor's SDK sends it.

use serde_json::{Value, json};
use wix_oauth_apps::app::{self, Field};

use crate::error::{FieldViolation, Result, rule};
use crate::json::{self, Object};

/// The fields that the request names, and what is wrong with those it should not. No mask names none.
pub(crate) fn read(request: &Object) -> Result<(Vec<&'static Field>, Vec<FieldViolation>)> {
    let mut fields = Vec::new();
    let mut violations = Vec::new();
    for (at, name) in paths(request)?.into_iter().enumerate() {
        match app::field(name) {
            Some(field) if !field.read_only => fields.push(field),
            Some(_) => violations.push(refused(at, name, "is read-only")),
            None => violations.push(refused(at, name, "is not a field of OAuthApp")),
        }
    }
    Ok((fields, violations))
}

fn paths(request: &Object) -> Result<Vec<&str>> {
    match json::member(request, "mask") {
        None => Ok(Vec::new()),
        Some(Value::String(joined)) if joined.is_empty() => Ok(Vec::new()),
        Some(Value::String(joined)) => Ok(joined.split(',').collect()),
        Some(Value::Object(mask)) => match json::member(mask, "paths") {
            None => Ok(Vec::new()),
            Some(paths) => json::list(paths, "mask.paths")?
                .iter()
                .enumerate()
                .map(|(at, path)| json::text(path, &format!("mask.paths[{at}]")))
                .collect(),
        },
        Some(_) => Err(json::wrong_type("mask", "a string or an object")),
    }
}

fn refused(at: usize, name: &str, fault: &str) -> FieldViolation {
    let field = format!("mask.paths[{at}]");
    FieldViolation::new(field, rule::INVALID_ARGUMENT, format!("'{name}' {fault}"), json!({ "path": name }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Problem;

    /// The masked names and the fields of the violations; the message where it cannot be read at all.
    fn read_names(request: &Value) -> std::result::Result<(Vec<&'static str>, Vec<Value>), Value> {
        let (fields, violations) = read(request.as_object().unwrap()).map_err(Problem::body)?;
        let faults = violations.iter().map(|violation| json!(violation)["field"].clone()).collect();
        Ok((fields.iter().map(|field| field.name).collect(), faults))
    }

    #[test]
    fn both_forms() {
        for mask in [json!("name,allowedRedirectUris"), json!({ "paths": ["name", "allowedRedirectUris"] })] {
            assert_eq!(read_names(&json!({ "mask": mask })), Ok((vec!["name", "allowedRedirectUris"], vec![])));
        }
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
            (json!({ "paths": [null] }), "mask.paths[0]: Expected a string"),
        ] {
            assert_eq!(read_names(&json!({ "mask": mask })), Err(json!({ "message": message })));
        }
    }
}
