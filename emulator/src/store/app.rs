//! What the service keeps: the OAuth apps of each site. It changes in two ways only, [`Store::put`] and
//! [`Store::remove`], each of one app and as a whole.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use wix_oauth_apps::app::FIELDS;

use crate::apps::schema::default_of;
use crate::host::date;
use crate::host::port::hex;
use crate::http::json::{self, Object};
use crate::snapshot::app_key;
use crate::store::journal::Journal;
use crate::store::sorted_apps::Apps;

/// The place of an app in any order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Key {
    pub(crate) id: String,
    pub(crate) created_date: String,
    pub(crate) name: String,
}

/// One OAuth app.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct App {
    /// The app as every answer shows it, its fields in the order of the API reference.
    entity: Object,
    /// The same, written: it is read far more often than it changes.
    json: String,
    /// What apps are found and sorted by, out of the entity.
    key: Key,
    /// What is kept of its secret, where it has one.
    secret: Option<StoredSecret>,
}

/// What is kept of a client secret. The secret itself is kept nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredSecret {
    /// The SHA-256 of the secret.
    pub(crate) sha256: String,
    /// Whether it was generated on demand. The secret of a create does not count: one can still be generated.
    pub(crate) generated: bool,
}

impl App {
    /// The app with these fields; those that are missing hold their defaults.
    pub(crate) fn new(mut fields: Object, secret: Option<StoredSecret>) -> Self {
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
        let key = Key { id: text("id"), created_date: text("createdDate"), name: text("name") };
        Self { json: json::write(&entity), entity, key, secret }
    }

    /// The app as every answer shows it.
    pub(crate) fn entity(&self) -> &Object {
        &self.entity
    }

    /// The entity as JSON.
    pub(crate) fn json(&self) -> &str {
        &self.json
    }

    pub(crate) fn secret(&self) -> Option<&StoredSecret> {
        self.secret.as_ref()
    }

    /// A text field; `None` where it is absent or empty.
    pub(crate) fn text(&self, field: &str) -> Option<&str> {
        self.entity.get(field).and_then(Value::as_str).filter(|text| !text.is_empty())
    }

    pub(crate) fn id(&self) -> &str {
        &self.key.id
    }

    pub(crate) fn key(&self) -> &Key {
        &self.key
    }

    /// How many milliseconds ago it was created; nothing where the clock was set back to before that.
    pub(crate) fn age(&self, now: u64) -> Option<u64> {
        now.checked_sub(date::parse(&self.key.created_date)?)
    }

    /// Whether a secret may be generated now.
    pub(crate) fn allows_secret(&self) -> bool {
        self.entity.get("allowSecretGeneration").and_then(Value::as_bool).unwrap_or_default()
    }
}

/// What is kept of a secret. It is long and random, so that a plain hash cannot be turned back.
pub(crate) fn sha256(secret: &str) -> String {
    hex(&Sha256::digest(secret))
}

/// Every app of every site.
#[derive(Debug, Clone, Default)]
pub(crate) struct Store {
    sites: BTreeMap<String, Apps>,
    /// The records that were written.
    pub(crate) journal: Journal,
}

impl Store {
    /// The app of this ID, if it is the site's.
    pub(crate) fn app(&self, site_id: &str, id: &str) -> Option<&App> {
        Some(self.sites.get(site_id)?.get(id)?)
    }

    /// The apps of a site.
    pub(crate) fn apps(&mut self, site_id: &str) -> &mut Apps {
        self.sites.entry(site_id.to_owned()).or_default()
    }

    /// Every app, with its site.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&str, &App)> {
        self.sites.iter().flat_map(|(site_id, apps)| apps.iter().map(|app| (site_id.as_str(), app)))
    }

    /// Whether any site has an app of this ID; an ID is a client ID, and those are unique everywhere.
    pub(crate) fn knows(&self, id: &str) -> bool {
        self.find(id).is_some()
    }

    /// The app of this client ID, with its site.
    pub(crate) fn find(&self, client_id: &str) -> Option<(&str, &App)> {
        self.sites.iter().find_map(|(site_id, apps)| apps.get(client_id).map(|app| (site_id.as_str(), &**app)))
    }

    /// Adds an app, or replaces the one of its ID.
    pub(crate) fn put(&mut self, site_id: &str, app: App) {
        self.journal.touch(|| app_key(site_id, app.id()));
        self.apps(site_id).put(app);
    }

    /// Removes an app; false where there was none.
    pub(crate) fn remove(&mut self, site_id: &str, id: &str) -> bool {
        let removed = self.apps(site_id).remove(id);
        if removed {
            self.journal.touch(|| app_key(site_id, id));
        }
        removed
    }
}
