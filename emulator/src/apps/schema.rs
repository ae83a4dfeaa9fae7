//! The fields of an OAuth app, checked against the schema that the client shares.

use serde_json::{Map, Value, json};
use wix_oauth_apps::app::{
    FIELDS, Field, Kind, MAPPING_FIELDS, MAX_MAPPING_CHARACTERS, MAX_MAPPINGS, MAX_REDIRECTS, is_guid,
};

use crate::host::date::is_date;
use crate::http::error::{Bound, FieldViolation, Result};
use crate::http::json::{self, Object};
use crate::http::uri;
use crate::options::{Duplicates, Options};

/// The name of the app in requests and responses. The paths of violations begin with it.
pub(crate) const ROOT: &str = "oAuthApp";

/// The fields of an app as they will be stored, and their violations.
pub(crate) struct CheckedApp {
    pub(crate) fields: Object,
    pub(crate) violations: Vec<FieldViolation>,
}

/// Checks the fields that a caller can write. Read-only fields and unknown names are skipped without a check, so that an app
/// that was read and changed can be sent back as it is.
pub(crate) fn writable(app: &Object, options: &Options) -> Result<CheckedApp> {
    check(app, FIELDS.iter().filter(|field| !field.read_only), options)
}

/// Checks the fields of a stored app: every field but the secret. The limits of the options do not apply, because the app
/// may have been stored by an emulator with other options.
pub(crate) fn stored(app: &Object) -> Result<CheckedApp> {
    let lenient = Options { max_allowed_domains: u32::MAX, max_origin_length: u32::MAX, ..Options::default() };
    check(app, FIELDS.iter().filter(|field| field.name != "secret"), &lenient)
}

fn check<'a>(app: &Object, schema: impl Iterator<Item = &'a Field>, options: &Options) -> Result<CheckedApp> {
    let mut checker = Checker { options, violations: Vec::new() };
    let mut fields = Map::new();
    for field in schema {
        if let Some(value) = json::member(app, field.name) {
            let value = checker.value(field, value, &format!("{ROOT}.{}", field.name))?;
            fields.insert(field.name.to_owned(), value);
        }
    }
    Ok(CheckedApp { fields, violations: checker.violations })
}

/// Checks values and collects violations. Only a value of the wrong type ends the check.
struct Checker<'a> {
    options: &'a Options,
    violations: Vec<FieldViolation>,
}

impl Checker<'_> {
    /// Checks the value of a field, and returns it as it will be stored.
    fn value(&mut self, field: &Field, value: &Value, path: &str) -> Result<Value> {
        match field.kind {
            Kind::Guid => self.formatted(value, path, "GUID", is_guid),
            Kind::DateTime => self.formatted(value, path, "DATE_TIME", is_date),
            // The empty string clears a URL. Responses contain it, and they may be sent back.
            Kind::WebUrl => self.formatted(value, path, "WEB_URL", |text| text.is_empty() || uri::is_web_url(text)),
            Kind::Text(_, _) if field.name == "origin" => {
                self.text(value, path, 0, size(self.options.max_origin_length))
            }
            Kind::Text(min, max) => self.text(value, path, min, max),
            Kind::BaseUrl(max) => self.text(value, path, 0, max),
            Kind::Flag => json::boolean(value, path).map(Value::Bool),
            Kind::OneOf(values) => self.one_of(value, path, values),
            Kind::RedirectUris => {
                let is_uri = if self.options.custom_schemes { uri::is_uri } else { uri::is_web_url };
                self.redirects(value, path, MAX_REDIRECTS, Some(is_uri), uri::normalize)
            }
            Kind::RedirectDomains => self.redirects(value, path, MAX_REDIRECTS, None, str::to_ascii_lowercase),
            Kind::LegacyDomains => {
                let max = size(self.options.max_allowed_domains);
                self.redirects(value, path, max, None, str::to_owned)
            }
            Kind::DomainMappings => self.mappings(value, path),
        }
    }

    fn formatted(&mut self, value: &Value, path: &str, format: &str, is_valid: fn(&str) -> bool) -> Result<Value> {
        let text = json::text(value, path)?;
        if !is_valid(text) {
            self.violations.push(FieldViolation::format(path, format));
        }
        Ok(json!(text))
    }

    fn text(&mut self, value: &Value, path: &str, min: usize, max: usize) -> Result<Value> {
        let text = json::text(value, path)?;
        let length = text.chars().count();
        if min > 0 && length == 0 {
            self.violations.push(FieldViolation::required(path));
        } else if length < min {
            self.violations.push(FieldViolation::bound(path, Bound::MinLength, min));
        } else if length > max {
            self.violations.push(FieldViolation::bound(path, Bound::MaxLength, max));
        }
        Ok(json!(text))
    }

    fn one_of(&mut self, value: &Value, path: &str, values: &[&str]) -> Result<Value> {
        let text = json::text(value, path)?;
        if !values.contains(&text) {
            self.violations.push(FieldViolation::enum_value(path, values));
        }
        Ok(json!(text))
    }

    fn redirects(
        &mut self,
        value: &Value,
        path: &str,
        max: usize,
        format: Option<fn(&str) -> bool>,
        normal_form: fn(&str) -> String,
    ) -> Result<Value> {
        let entries = json::list(value, path)?;
        self.at_most(max, entries.len(), path);
        let mut kept: Vec<Value> = Vec::with_capacity(entries.len());
        for (at, entry) in entries.iter().enumerate() {
            let path = format!("{path}[{at}]");
            let entry = json::text(entry, &path)?;
            if format.is_some_and(|is_valid| !is_valid(entry)) {
                self.violations.push(FieldViolation::format(&path, "URI"));
            }
            let entry = json!(if self.options.normalize_redirects { normal_form(entry) } else { entry.to_owned() });
            match (self.options.duplicate_redirects, kept.contains(&entry)) {
                (Duplicates::Keep, _) | (_, false) => kept.push(entry),
                (Duplicates::Drop, true) => {}
                (Duplicates::Refuse, true) => {
                    let description = "must not repeat another entry";
                    self.violations.push(FieldViolation::other(path, "DUPLICATE_ENTRY", description));
                }
            }
        }
        Ok(Value::Array(kept))
    }

    fn mappings(&mut self, value: &Value, path: &str) -> Result<Value> {
        let mappings = json::list(value, path)?;
        self.at_most(MAX_MAPPINGS, mappings.len(), path);
        let mut kept = Vec::with_capacity(mappings.len());
        for (at, mapping) in mappings.iter().enumerate() {
            let path = format!("{path}[{at}]");
            let mapping = json::object(mapping, &path)?;
            let mut stored = Map::new();
            for name in MAPPING_FIELDS {
                let value = match json::member(mapping, name) {
                    Some(value) => self.text(value, &format!("{path}.{name}"), 0, MAX_MAPPING_CHARACTERS)?,
                    None => json!(""),
                };
                stored.insert(name.to_owned(), value);
            }
            kept.push(Value::Object(stored));
        }
        Ok(Value::Array(kept))
    }

    /// Adds a violation for a list with too many entries.
    fn at_most(&mut self, max: usize, actual: usize, path: &str) {
        if actual > max {
            self.violations.push(FieldViolation::bound(path, Bound::MaxSize, max));
        }
    }
}

fn size(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
