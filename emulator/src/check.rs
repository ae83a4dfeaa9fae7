//! An OAuth app as a request gives it, against what its fields may hold.

use serde_json::{Map, Value, json};
use wix_oauth_apps::app::{
    FIELDS, Field, Kind, MAPPING_FIELDS, MAX_MAPPING_CHARACTERS, MAX_MAPPINGS, MAX_REDIRECTS, is_guid,
};

use crate::date::is_date;
use crate::error::{FieldViolation, Result, rule};
use crate::json::{self, Object};
use crate::options::{Duplicates, Options};
use crate::uri;

/// The app's member in requests and answers; the paths of violations begin with it.
pub(crate) const ROOT: &str = "oAuthApp";

/// The given fields of an app as they will be stored, and what is wrong with them.
pub(crate) struct Checked {
    pub(crate) fields: Object,
    pub(crate) violations: Vec<FieldViolation>,
}

/// The fields that a caller writes. Read-only ones are skipped whatever they hold, and so are names that no field has: an
/// app that was read, changed and sent back is taken as it is.
pub(crate) fn writable(given: &Object, options: &Options) -> Result<Checked> {
    check(given, FIELDS.iter().filter(|field| !field.read_only), options)
}

/// Every field but the secret, which is never stored. What was stored once is taken as it is, whatever the options.
pub(crate) fn stored(given: &Object) -> Result<Checked> {
    check(given, FIELDS.iter().filter(|field| field.name != "secret"), &Options::default())
}

/// What a field holds that was never set, or was cleared; nothing where it is then absent. (`allowSecretGeneration` has
/// a default too, but one that depends on the app's past.)
pub(crate) fn default_of(field: &Field) -> Option<Value> {
    match field.kind {
        Kind::RedirectUris | Kind::RedirectDomains | Kind::LegacyDomains | Kind::DomainMappings => Some(json!([])),
        Kind::OneOf(values) => values.first().map(|value| json!(value)),
        _ => None,
    }
}

fn check<'a>(given: &Object, schema: impl Iterator<Item = &'a Field>, options: &Options) -> Result<Checked> {
    let mut checker = Checker { options, violations: Vec::new() };
    let mut fields = Map::new();
    for field in schema {
        if let Some(value) = json::member(given, field.name) {
            let value = checker.value(field.kind, value, &format!("{ROOT}.{}", field.name))?;
            fields.insert(field.name.to_owned(), value);
        }
    }
    Ok(Checked { fields, violations: checker.violations })
}

/// Gathers violations on the way; only a value of another type ends it.
struct Checker<'a> {
    options: &'a Options,
    violations: Vec<FieldViolation>,
}

impl Checker<'_> {
    /// The value as it will be stored.
    fn value(&mut self, kind: Kind, value: &Value, path: &str) -> Result<Value> {
        match kind {
            Kind::Guid => self.formatted(value, path, "GUID", is_guid),
            Kind::DateTime => self.formatted(value, path, "DATE_TIME", is_date),
            Kind::WebUrl => self.formatted(value, path, "WEB_URL", uri::is_web_url),
            Kind::Text(min, max) => self.text(value, path, min, max),
            Kind::BaseUrl(max) => self.text(value, path, 0, max),
            Kind::Flag => json::flag(value, path).map(Value::Bool),
            Kind::OneOf(values) => self.one_of(value, path, values),
            Kind::RedirectUris => self.redirects(value, path, Some(uri::is_uri), uri::normalize),
            Kind::RedirectDomains => self.redirects(value, path, None, str::to_ascii_lowercase),
            Kind::LegacyDomains => self.redirects(value, path, None, str::to_owned),
            Kind::DomainMappings => self.mappings(value, path),
        }
    }

    fn formatted(&mut self, value: &Value, path: &str, format: &str, is: fn(&str) -> bool) -> Result<Value> {
        let text = json::text(value, path)?;
        if !is(text) {
            self.violations.push(FieldViolation::format(path, format));
        }
        Ok(json!(text))
    }

    fn text(&mut self, value: &Value, path: &str, min: usize, max: usize) -> Result<Value> {
        let text = json::text(value, path)?;
        self.within(text.chars().count(), min, max, "characters", path);
        Ok(json!(text))
    }

    fn one_of(&mut self, value: &Value, path: &str, values: &[&str]) -> Result<Value> {
        let text = json::text(value, path)?;
        if !values.contains(&text) {
            let description = format!("must be one of {}", values.join(", "));
            let data = json!({ "values": values });
            self.violations.push(FieldViolation::new(path, rule::INVALID_ARGUMENT, description, data));
        }
        Ok(json!(text))
    }

    fn redirects(
        &mut self,
        value: &Value,
        path: &str,
        format: Option<fn(&str) -> bool>,
        normal_form: fn(&str) -> String,
    ) -> Result<Value> {
        let entries = json::list(value, path)?;
        self.within(entries.len(), 0, MAX_REDIRECTS, "entries", path);
        let mut kept: Vec<Value> = Vec::with_capacity(entries.len());
        for (at, entry) in entries.iter().enumerate() {
            let path = format!("{path}[{at}]");
            let entry = json::text(entry, &path)?;
            if format.is_some_and(|is| !is(entry)) {
                self.violations.push(FieldViolation::format(&path, "URI"));
            }
            let entry = json!(if self.options.normalize_redirects { normal_form(entry) } else { entry.to_owned() });
            match (self.options.duplicate_redirects, kept.contains(&entry)) {
                (Duplicates::Keep, _) | (_, false) => kept.push(entry),
                (Duplicates::Drop, true) => {}
                (Duplicates::Refuse, true) => {
                    let description = "must not repeat another entry";
                    self.violations.push(FieldViolation::new(path, rule::INVALID_ARGUMENT, description, json!({})));
                }
            }
        }
        Ok(Value::Array(kept))
    }

    fn mappings(&mut self, value: &Value, path: &str) -> Result<Value> {
        let mappings = json::list(value, path)?;
        self.within(mappings.len(), 0, MAX_MAPPINGS, "entries", path);
        let mut kept = Vec::with_capacity(mappings.len());
        for (at, mapping) in mappings.iter().enumerate() {
            let path = format!("{path}[{at}]");
            let given = json::object(mapping, &path)?;
            let mut mapping = Map::new();
            for name in MAPPING_FIELDS {
                let value = match json::member(given, name) {
                    Some(value) => self.text(value, &format!("{path}.{name}"), 0, MAX_MAPPING_CHARACTERS)?,
                    None => json!(""),
                };
                mapping.insert(name.to_owned(), value);
            }
            kept.push(Value::Object(mapping));
        }
        Ok(Value::Array(kept))
    }

    /// Notes a violation where a count is outside the range.
    fn within(&mut self, actual: usize, min: usize, max: usize, of: &str, path: &str) {
        if (min..=max).contains(&actual) {
            return;
        }
        let description = match min {
            0 => format!("must have at most {max} {of}"),
            _ => format!("must have {min} to {max} {of}"),
        };
        let data = json!({ "min": min, "max": max, "actual": actual });
        self.violations.push(FieldViolation::new(path, rule::OUT_OF_RANGE, description, data));
    }
}
