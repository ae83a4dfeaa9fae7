//! Snapshots of the stored data: a record for each item, with digests instead of secrets.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::apps::schema::{self, CheckedApp};
use crate::http::error::ApiError;
use crate::http::json::{self, Object};
use crate::options::Options;
use crate::settings::{self, InputError};
use crate::store::app::{App, StoredSecret, record_key};
use crate::store::app_store::AppStore;
use crate::store::grants::Grants;
use crate::store::journal::Record;
use crate::webhooks::outbox::Outbox;

/// The version of the format. No other version is read.
const VERSION: u32 = 1;
/// The key of the record with the position of the seeded generator.
pub(crate) const SEED: &str = "seed";

const UNKNOWN_KIND: &str = "is of no kind that the emulator stores";

/// A snapshot: the stored data as records by key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Snapshot {
    version: u32,
    records: Object,
}

/// The record of an app.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct AppRecord {
    o_auth_app: Object,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    secret_sha256: Option<String>,
    /// True if the create returned the secret, false if it was generated later.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    secret_from_create: bool,
}

/// The record of the seeded generator.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SeedRecord {
    /// The number of blocks that were generated.
    drawn: u64,
}

/// The stored data.
#[derive(Default)]
pub(crate) struct Contents {
    pub(crate) apps: AppStore,
    pub(crate) grants: Grants,
    pub(crate) outbox: Outbox,
}

impl Contents {
    /// Returns the keys of the records that were written or removed since the last call.
    pub(crate) fn take_changed_keys(&mut self) -> impl Iterator<Item = String> {
        let of_apps = self.apps.take_changed_keys();
        of_apps.chain(self.grants.take_changed_keys()).chain(self.outbox.take_changed_keys())
    }

    /// Returns the keys of every record.
    pub(crate) fn keys(&self) -> impl Iterator<Item = String> {
        let of_apps = self.apps.iter().map(|app| record_key(app.site_id(), app.id()));
        of_apps.chain(self.grants.keys()).chain(self.outbox.keys())
    }

    /// Returns the record of a key, if there is one.
    pub(crate) fn record(&self, key: &str) -> Option<Value> {
        match key.split('/').collect::<Vec<_>>().as_slice() {
            ["app", site_id, id] => self.apps.app(site_id, id).map(|app| app_record(app)),
            [kind, id] => self.grants.record(kind, id).or_else(|| self.outbox.record(kind, id)),
            _ => None,
        }
    }

    /// Adds the item of a record. The error says what is wrong with the record.
    fn load(&mut self, key: &str, record: &Value, options: &Options) -> Result<(), String> {
        match key.split('/').collect::<Vec<_>>().as_slice() {
            ["app", site_id, id] => self.load_app(site_id, id, record, options),
            [kind, id] => {
                let loaded = self.grants.load(kind, id, record).or_else(|| self.outbox.load(kind, id, record));
                loaded.unwrap_or_else(|| Err(UNKNOWN_KIND.to_owned()))
            }
            _ => Err(UNKNOWN_KIND.to_owned()),
        }
    }

    fn load_app(&mut self, site_id: &str, id: &str, record: &Value, options: &Options) -> Result<(), String> {
        if !options.site_ids.iter().any(|known| known == site_id) {
            return Err(format!("belongs to site {site_id}, which is not one of the emulator's sites"));
        }
        let app = AppRecord::deserialize(record).map_err(|error| error.to_string())?.into_app(site_id)?;
        if app.id() != id {
            return Err("oAuthApp.id is not the key's".to_owned());
        }
        if self.apps.find(id).is_some() {
            return Err("oAuthApp.id is another site's too".to_owned());
        }
        self.apps.put(app);
        Ok(())
    }
}

impl Snapshot {
    /// Reads a snapshot from JSON.
    pub fn from_json(value: Value) -> Result<Self, InputError> {
        settings::read_value(value, "state")
    }

    /// Returns the snapshot that consists of these records.
    pub(crate) fn from_records(records: &[Record]) -> Result<Self, InputError> {
        let mut parsed = Object::new();
        for Record { key, value } in records {
            let fault = |reason: String| InputError::new(format!("record {key}"), reason);
            let value = serde_json::from_str(value).map_err(|error| fault(format!("is not JSON: {error}")))?;
            if parsed.insert(key.clone(), value).is_some() {
                return Err(fault("occurs twice".to_owned()));
            }
        }
        Ok(Self { version: VERSION, records: parsed })
    }

    /// Takes a snapshot. `drawn` is the position of the seeded generator, if there is one.
    pub(crate) fn new(contents: &Contents, drawn: Option<u64>) -> Self {
        let apps = contents.apps.iter().map(|app| (record_key(app.site_id(), app.id()), app_record(app)));
        let seed = drawn.map(|drawn| (SEED.to_owned(), seed_record(drawn)));
        let records = apps.chain(contents.grants.records()).chain(contents.outbox.records()).chain(seed);
        Self { version: VERSION, records: records.collect() }
    }

    /// Returns the records.
    pub(crate) fn into_records(self) -> impl Iterator<Item = (String, Value)> {
        self.records.into_iter()
    }

    /// Reads the stored data and the position of the seeded generator.
    pub(crate) fn read(&self, options: &Options) -> Result<(Contents, Option<u64>), InputError> {
        if self.version != VERSION {
            return Err(InputError::new("state", format!("version {} is not {VERSION}", self.version)));
        }
        let (mut contents, mut drawn) = (Contents::default(), None);
        for (key, record) in &self.records {
            let loaded = if key == SEED {
                let seed = SeedRecord::deserialize(record).map_err(|error| error.to_string());
                seed.map(|seed| drawn = Some(seed.drawn))
            } else {
                contents.load(key, record, options)
            };
            loaded.map_err(|reason| InputError::new(format!("record {key}"), reason))?;
        }
        Ok((contents, drawn))
    }
}

impl AppRecord {
    fn into_app(self, site_id: &str) -> Result<App, String> {
        let CheckedApp { fields, violations } = schema::stored(&self.o_auth_app).map_err(ApiError::into_message)?;
        if !violations.is_empty() {
            return Err(ApiError::violations(&violations).into_message());
        }
        if let Some(name) = self.o_auth_app.keys().find(|name| !fields.contains_key(*name)) {
            return Err(format!("oAuthApp.{name} is not a field that the emulator stores"));
        }
        if let Some(name) = ["id", "createdDate", "name"].iter().find(|name| json::member(&fields, name).is_none()) {
            return Err(format!("oAuthApp.{name} is missing"));
        }
        let is_sha256 = |text: &String| text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !self.secret_sha256.iter().all(is_sha256) {
            return Err("secretSha256 is not a SHA-256 in hexadecimal".to_owned());
        }
        let generated = !self.secret_from_create;
        let secret = self.secret_sha256.map(|sha256| StoredSecret { sha256, generated });
        Ok(App::new(site_id, fields, secret))
    }
}

/// Returns the record of the seeded generator.
pub(crate) fn seed_record(drawn: u64) -> Value {
    serde_json::json!(SeedRecord { drawn })
}

fn app_record(app: &App) -> Value {
    let secret = app.secret();
    serde_json::json!(AppRecord {
        o_auth_app: app.entity().clone(),
        secret_sha256: secret.map(|secret| secret.sha256.clone()),
        secret_from_create: secret.is_some_and(|secret| !secret.generated),
    })
}
