//! An OAuth app, as it is stored and as responses show it.

use serde_json::{Value, json};
use wix_oauth_apps::app::{FIELDS, Field, Kind};

use crate::host::date;
use crate::http::json::{self, Object};
use crate::store::order::SortKey;

/// An OAuth app.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct App {
    site_id: String,
    /// The app as responses show it, with its fields in the order of the API reference.
    entity: Object,
    /// The entity as JSON. Apps are read far more often than they change.
    json: String,
    sort_key: SortKey,
    secret: Option<StoredSecret>,
}

/// A client secret, of which only the digest is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredSecret {
    /// The SHA-256 of the secret.
    pub(crate) sha256: String,
    /// True if the secret was generated on request, false if the create returned it. Only the former prevents another
    /// generation.
    pub(crate) generated: bool,
}

impl App {
    /// Returns an app with these fields. Missing fields get their defaults.
    pub(crate) fn new(site_id: &str, mut fields: Object, secret: Option<StoredSecret>) -> Self {
        let generated = secret.as_ref().is_some_and(|secret| secret.generated);
        let mut entity = Object::new();
        for field in FIELDS.iter().filter(|field| field.name != "secret") {
            let default = || match field.name {
                "allowSecretGeneration" => Some(json!(!generated)),
                _ => default_of(field),
            };
            if let Some(value) = fields.remove(field.name).or_else(default) {
                entity.insert(field.name.to_owned(), value);
            }
        }
        let text = |name: &str| entity.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let sort_key = SortKey { id: text("id"), created_date: text("createdDate"), name: text("name") };
        Self { site_id: site_id.to_owned(), json: json::write(&entity), entity, sort_key, secret }
    }

    pub(crate) fn site_id(&self) -> &str {
        &self.site_id
    }

    pub(crate) fn id(&self) -> &str {
        &self.sort_key.id
    }

    /// Returns the app as responses show it.
    pub(crate) fn entity(&self) -> &Object {
        &self.entity
    }

    /// Returns the entity as JSON.
    pub(crate) fn json(&self) -> &str {
        &self.json
    }

    pub(crate) fn secret(&self) -> Option<&StoredSecret> {
        self.secret.as_ref()
    }

    /// Returns a text field, unless it is absent or empty.
    pub(crate) fn text(&self, field: &str) -> Option<&str> {
        self.entity.get(field).and_then(Value::as_str).filter(|text| !text.is_empty())
    }

    pub(crate) fn sort_key(&self) -> &SortKey {
        &self.sort_key
    }

    /// Returns the milliseconds since the creation. Returns `None` if the clock was set back to an earlier time.
    pub(crate) fn age(&self, now: u64) -> Option<u64> {
        now.checked_sub(date::parse(&self.sort_key.created_date)?)
    }

    /// Checks whether a secret may be generated now.
    pub(crate) fn allows_secret(&self) -> bool {
        self.entity.get("allowSecretGeneration").and_then(Value::as_bool).unwrap_or_default()
    }
}

/// Returns the value of a field that was never set or was cleared. Returns `None` for a field that is then absent.
fn default_of(field: &Field) -> Option<Value> {
    match field.kind {
        Kind::RedirectUris | Kind::RedirectDomains | Kind::LegacyDomains | Kind::DomainMappings => Some(json!([])),
        Kind::OneOf(values) => values.first().map(|value| json!(value)),
        Kind::WebUrl => Some(json!("")),
        _ => None,
    }
}

/// Returns the key of an app's record.
pub(crate) fn record_key(site_id: &str, id: &str) -> String {
    format!("app/{site_id}/{id}")
}
